#pragma once

#include "model/formats/import.h"

#include <QDialog>

#include <atomic>
#include <memory>

class QDialogButtonBox;
class QLabel;
class QProgressBar;
class QPushButton;
class QThread;
class QTreeWidget;

namespace patchboard::ui {

/// Reads a file and lays it out in a thread, then shows what was understood and what could not be
/// taken, each with its line. Accepted: document() is to be put on a board. Nothing has happened
/// before. A file that is refused ends it, rejected, with errorText().
class ImportDialog : public QDialog
{
    Q_OBJECT
public:
    /// @a boardIsOpen: people choose between it and a new one.
    ImportDialog(const QString &path, bool boardIsOpen, QWidget *parent = nullptr);
    ~ImportDialog() override;

    /// Takes what there is without showing it.
    void setUnasked() { m_unasked = true; }

    [[nodiscard]] const formats::Document &document() const { return m_document; }
    /// Whether it shall come onto a board of its own.
    [[nodiscard]] bool wantsNewBoard() const { return m_wantsNewBoard; }
    /// With the line, without the file; empty unless the file was refused.
    [[nodiscard]] const QString &errorText() const { return m_errorText; }

private:
    struct Work;
    void finished();

    std::shared_ptr<Work> m_work;
    QThread *m_thread = nullptr;
    formats::Document m_document;
    QString m_fileName;
    QString m_errorText;
    bool m_unasked = false;
    bool m_wantsNewBoard;
    QPushButton *m_newBoard = nullptr;
    QLabel *m_headline;
    QLabel *m_details;
    QProgressBar *m_progress;
    QTreeWidget *m_warnings;
    QDialogButtonBox *m_buttons;
};

} // namespace patchboard::ui
