#pragma once

#include "model/core/change.h"

#include <QDialog>

class QCheckBox;
class QComboBox;
class QLineEdit;
class QPlainTextEdit;

namespace patchboard::ui {

/// Title, link rules and notes of a board.
class BoardSettingsDialog : public QDialog
{
    Q_OBJECT
public:
    explicit BoardSettingsDialog(const BoardInfo &board, QWidget *parent = nullptr);

    /// What is to be changed of @a board; empty if nothing is.
    [[nodiscard]] QList<Edit> edits(const BoardInfo &board) const;

private:
    QLineEdit *m_title;
    QComboBox *m_policy;
    QCheckBox *m_computed;
    QPlainTextEdit *m_notes;
};

} // namespace patchboard::ui
