#include "ui/dialogs/connectdialog.h"

#include "ui/actions/theme.h"

#include <QDialogButtonBox>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPushButton>
#include <QVBoxLayout>

namespace patchboard::ui {

namespace {

constexpr int kRecentRows = 4; ///< more are scrolled to

} // namespace

ConnectDialog::ConnectDialog(const QString &address, const QStringList &recent,
                             HostList::Browse browse, QWidget *parent)
    : QDialog(parent)
    , m_address(new QLineEdit(address, this))
{
    setObjectName(QStringLiteral("connectDialog"));
    setWindowTitle(tr("Connect to a Server"));
    setMinimumWidth(460);
    m_address->setObjectName(QStringLiteral("connectAddress"));
    m_address->setPlaceholderText(QStringLiteral("ws://host:5001"));
    m_address->selectAll();
    auto *label = new QLabel(tr("&Address of the server, as ws://host:5001:"), this);
    label->setBuddy(m_address);
    auto *hosts = new HostList(std::move(browse), this);
    auto *recentList = new QListWidget(this);
    recentList->setObjectName(QStringLiteral("connectRecent"));
    recentList->setAccessibleName(tr("Servers from before"));
    recentList->addItems(recent);
    const int row = fontMetrics().lineSpacing() + 6;
    recentList->setMaximumHeight(std::min(kRecentRows, int(recent.size())) * row + 8);
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Cancel, this);
    m_connect = buttons->addButton(tr("&Connect"), QDialogButtonBox::AcceptRole);
    m_connect->setObjectName(QStringLiteral("connectAccept"));
    m_connect->setDefault(true);
    connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);

    auto *layout = new QVBoxLayout(this);
    layout->setSpacing(8);
    layout->addWidget(label);
    layout->addWidget(m_address);
    layout->addSpacing(6);
    layout->addWidget(new QLabel(tr("In this network:"), this));
    layout->addWidget(hosts);
    if (!recent.isEmpty()) {
        layout->addSpacing(6);
        layout->addWidget(new QLabel(tr("From before:"), this));
        layout->addWidget(recentList);
    } else {
        recentList->hide();
    }
    layout->addStretch(1);
    layout->addWidget(buttons);

    const auto update = [this] { m_connect->setEnabled(!this->address().isEmpty()); };
    connect(m_address, &QLineEdit::textChanged, this, update);
    update();
    // A click fills in the address, so that one sees where it goes; a double-click goes there.
    connect(hosts, &HostList::chosen, m_address, &QLineEdit::setText);
    connect(hosts, &HostList::doubleClicked, this, &QDialog::accept);
    connect(recentList, &QListWidget::currentTextChanged, this, [this](const QString &text) {
        if (!text.isEmpty())
            m_address->setText(text);
    });
    connect(recentList, &QListWidget::itemClicked, this,
            [this](const QListWidgetItem *item) { m_address->setText(item->text()); });
    connect(recentList, &QListWidget::itemDoubleClicked, this, &QDialog::accept);
    m_address->setFocus();
}

QString ConnectDialog::address() const
{
    return m_address->text().trimmed();
}

} // namespace patchboard::ui
