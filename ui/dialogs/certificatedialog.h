#pragma once

#include "model/sync/hosttrust.h"

#include <QDialog>

class QPushButton;

namespace patchboard::ui {

/// Shows a host's certificate that nobody vouches for, and asks whether to trust it. A certificate
/// that took the place of a trusted one is warned of; it must be confirmed before it can be
/// trusted.
class CertificateDialog : public QDialog
{
    Q_OBJECT
public:
    enum class Answer : quint8 { No, Once, Always };

    explicit CertificateDialog(const Distrust &distrust, QWidget *parent = nullptr);

    /// What was clicked; No until then.
    [[nodiscard]] Answer answer() const { return m_answer; }

private:
    void give(Answer answer);
    Answer m_answer = Answer::No;
    QPushButton *m_once = nullptr;
    QPushButton *m_always = nullptr;
};

} // namespace patchboard::ui
