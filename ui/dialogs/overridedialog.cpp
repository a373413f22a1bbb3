#include "ui/dialogs/overridedialog.h"

#include "model/core/fields.h"
#include "ui/actions/theme.h"

#include <QComboBox>
#include <QDialogButtonBox>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

namespace patchboard::ui {

OverrideDialog::OverrideDialog(const QString &what, Status status, const QString &reason,
                               QWidget *parent)
    : QDialog(parent)
    , m_status(new QComboBox(this))
    , m_reason(new QLineEdit(reason, this))
{
    setObjectName(QStringLiteral("overrideDialog"));
    setWindowTitle(tr("Override Status"));
    auto *intro = new QLabel(
        tr("%1 will show this status to everybody, whatever is reported, until it is cleared.")
            .arg(what),
        this);
    intro->setTextFormat(Qt::PlainText);
    intro->setWordWrap(true);
    for (const EnumEntry &entry : statusEntries()) {
        m_status->addItem(statusIcon(Status(entry.value)), statusLabel(Status(entry.value)),
                          qlonglong(entry.value));
    }
    m_status->setCurrentIndex(m_status->findData(qlonglong(status)));
    m_status->setObjectName(QStringLiteral("overrideStatus"));
    m_reason->setObjectName(QStringLiteral("overrideReason"));
    m_reason->setMaxLength(255);
    m_reason->setPlaceholderText(tr("Why; for the others"));
    auto *form = new QFormLayout;
    form->addRow(tr("&Status:"), m_status);
    form->addRow(tr("&Reason:"), m_reason);
    auto *buttons =
        new QDialogButtonBox(QDialogButtonBox::Ok | QDialogButtonBox::Cancel, Qt::Horizontal, this);
    buttons->button(QDialogButtonBox::Ok)->setText(tr("Override"));
    connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    auto *layout = new QVBoxLayout(this);
    layout->setSpacing(12);
    layout->addWidget(intro);
    layout->addLayout(form);
    layout->addWidget(buttons);
    setMinimumWidth(380);
    m_reason->setFocus();
}

Status OverrideDialog::status() const
{
    return Status(m_status->currentData().toLongLong());
}

QString OverrideDialog::reason() const
{
    return m_reason->text().trimmed();
}

} // namespace patchboard::ui
