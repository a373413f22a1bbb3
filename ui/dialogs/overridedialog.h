#pragma once

#include "model/core/value.h"

#include <QDialog>

#include <optional>

class QComboBox;
class QLineEdit;

namespace patchboard::ui {

/// Which status to force, and why.
class OverrideDialog : public QDialog
{
    Q_OBJECT
public:
    /// @a what is for people ("3 devices").
    OverrideDialog(const QString &what, Status status, const QString &reason,
                   QWidget *parent = nullptr);

    [[nodiscard]] Status status() const;
    [[nodiscard]] QString reason() const;

private:
    QComboBox *m_status;
    QLineEdit *m_reason;
};

} // namespace patchboard::ui
