#pragma once

#include "model/formats/import.h"

#include <QDialog>

#include <atomic>
#include <memory>

class QDialogButtonBox;
class QLabel;
class QProgressBar;
class QThread;
class QTreeWidget;

namespace patchboard::ui {

/// Reads a file and lays it out in a thread, then shows what was understood and what could not be
/// taken, each with its line. Accepted: document() is to be put on a board. Nothing has happened
/// before.
class ImportDialog : public QDialog
{
    Q_OBJECT
public:
    explicit ImportDialog(const QString &path, QWidget *parent = nullptr);
    ~ImportDialog() override;

    [[nodiscard]] const formats::Document &document() const { return m_document; }

private:
    struct Work;
    void finished();

    std::shared_ptr<Work> m_work;
    QThread *m_thread = nullptr;
    formats::Document m_document;
    QString m_fileName;
    QLabel *m_headline;
    QLabel *m_details;
    QProgressBar *m_progress;
    QTreeWidget *m_warnings;
    QDialogButtonBox *m_buttons;
};

} // namespace patchboard::ui
