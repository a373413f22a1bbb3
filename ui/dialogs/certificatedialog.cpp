#include "ui/dialogs/certificatedialog.h"

#include <QCheckBox>
#include <QDialogButtonBox>
#include <QFontDatabase>
#include <QFormLayout>
#include <QLabel>
#include <QLocale>
#include <QPushButton>
#include <QStyle>
#include <QVBoxLayout>

namespace patchboard::ui {

namespace {

/// Two lines of sixteen bytes each.
QString twoLines(const QString &fingerprint)
{
    return fingerprint.left(47) + u'\n' + fingerprint.mid(48);
}

} // namespace

CertificateDialog::CertificateDialog(const Distrust &distrust, QWidget *parent)
    : QDialog(parent)
{
    setObjectName(QStringLiteral("certificateDialog"));
    setWindowTitle(distrust.isChanged() ? tr("The Certificate Has Changed")
                                        : tr("Unknown Certificate"));
    auto *layout = new QVBoxLayout(this);
    layout->setSpacing(12);
    const auto plainLabel = [this](const QString &text, const char *name) {
        auto *label = new QLabel(text, this);
        label->setObjectName(QLatin1String(name));
        label->setTextFormat(Qt::PlainText);
        label->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
        label->setWordWrap(true);
        return label;
    };
    auto *head = new QHBoxLayout;
    head->setSpacing(14);
    auto *icon = new QLabel(this);
    icon->setPixmap(style()
                        ->standardIcon(distrust.isChanged() ? QStyle::SP_MessageBoxCritical
                                                            : QStyle::SP_MessageBoxWarning)
                        .pixmap(40, 40));
    icon->setAlignment(Qt::AlignTop);
    head->addWidget(icon);
    QLabel *what = plainLabel(
        distrust.isChanged()
            ? tr("%1 shows another certificate than the one that you trust. Somebody may be "
                 "pretending to be this host, to read and change what you send. Go on only if you "
                 "know that its certificate was replaced.")
                  .arg(distrust.address)
            : tr("Nobody that this computer knows vouches for %1. Compare the fingerprint with "
                 "the one that whoever runs the host tells you; if it is the same, you are talking "
                 "to that host.")
                  .arg(distrust.address),
        "certificateText");
    if (distrust.isChanged()) {
        QFont bold = what->font();
        bold.setBold(true);
        what->setFont(bold);
    }
    head->addWidget(what, 1);
    layout->addLayout(head);

    auto *form = new QFormLayout;
    form->setLabelAlignment(Qt::AlignLeft | Qt::AlignTop);
    const QLocale locale;
    const auto fingerprint = [&](const QByteArray &bytes, const char *name) {
        QLabel *label = plainLabel(twoLines(HostTrust::fingerprintText(bytes)), name);
        label->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
        label->setWordWrap(false);
        return label;
    };
    form->addRow(tr("What is wrong:"),
                 plainLabel(distrust.reasons.join(u'\n'), "certificateReasons"));
    form->addRow(tr("Issued to:"), plainLabel(distrust.subject, "certificateSubject"));
    form->addRow(tr("Issued by:"),
                 plainLabel(distrust.selfSigned ? tr("%1 (by itself)").arg(distrust.issuer)
                                                : distrust.issuer,
                            "certificateIssuer"));
    if (!distrust.names.isEmpty()) {
        form->addRow(tr("For hosts:"),
                     plainLabel(distrust.names.join(QStringLiteral(", ")), "certificateNames"));
    }
    form->addRow(
        tr("Valid:"),
        plainLabel(
            tr("%1 to %2")
                .arg(locale.toString(distrust.validFrom.toLocalTime(), QLocale::ShortFormat),
                     locale.toString(distrust.validUntil.toLocalTime(), QLocale::ShortFormat)),
            "certificateValidity"));
    form->addRow(tr("SHA-256 fingerprint:"),
                 fingerprint(distrust.fingerprint, "certificateFingerprint"));
    if (distrust.isChanged()) {
        form->addRow(tr("The trusted one:"), fingerprint(distrust.expected, "certificateExpected"));
    }
    layout->addLayout(form);

    auto *buttons = new QDialogButtonBox(this);
    m_once = buttons->addButton(tr("Trust This &Once"), QDialogButtonBox::AcceptRole);
    m_once->setObjectName(QStringLiteral("trustOnce"));
    m_once->setToolTip(tr("Until Patchboard ends"));
    m_always = buttons->addButton(tr("&Always Trust"), QDialogButtonBox::AcceptRole);
    m_always->setObjectName(QStringLiteral("trustAlways"));
    m_always->setToolTip(tr("This certificate at this address; another one is asked for again"));
    QPushButton *no = buttons->addButton(tr("Do &Not Connect"), QDialogButtonBox::RejectRole);
    no->setObjectName(QStringLiteral("trustNot"));
    no->setDefault(true);
    no->setFocus();
    for (QPushButton *button : {m_once, m_always})
        button->setAutoDefault(false);
    if (distrust.isChanged()) {
        auto *sure = new QCheckBox(
            tr("I have &compared the new fingerprint with the one of the host"), this);
        sure->setObjectName(QStringLiteral("trustSure"));
        layout->addWidget(sure);
        for (QPushButton *button : {m_once, m_always}) {
            button->setEnabled(false);
            connect(sure, &QCheckBox::toggled, button, &QWidget::setEnabled);
        }
    }
    layout->addWidget(buttons);
    connect(m_once, &QPushButton::clicked, this, [this] { give(Answer::Once); });
    connect(m_always, &QPushButton::clicked, this, [this] { give(Answer::Always); });
    connect(no, &QPushButton::clicked, this, &QDialog::reject);
    setMinimumWidth(560);
}

void CertificateDialog::give(Answer answer)
{
    m_answer = answer;
    accept();
}

} // namespace patchboard::ui
