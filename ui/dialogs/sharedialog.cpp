#include "ui/dialogs/sharedialog.h"

#include "discovery/hostannouncer.h"
#include "ui/mainwindow/board.h"

#include <QCheckBox>
#include <QClipboard>
#include <QComboBox>
#include <QDialogButtonBox>
#include <QFormLayout>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QLabel>
#include <QListWidget>
#include <QPushButton>
#include <QSettings>
#include <QSpinBox>
#include <QVBoxLayout>

namespace patchboard::ui {

namespace {

constexpr int kUsualPort = 5001;
constexpr int kListHeight = 92; ///< pixels
const QLatin1String kAnnounceSetting("announce");

} // namespace

ShareDialog::ShareDialog(std::shared_ptr<Board> board, QWidget *parent)
    : QDialog(parent)
    , m_board(std::move(board))
    , m_where(new QComboBox(this))
    , m_right(new QComboBox(this))
    , m_port(new QSpinBox(this))
    , m_announce(new QCheckBox(tr("Show it to windows in that network"), this))
    , m_toggle(new QPushButton(this))
    , m_note(new QLabel(this))
    , m_hint(new QLabel(this))
    , m_announced(new QLabel(this))
    , m_addresses(new QListWidget(this))
    , m_copy(new QPushButton(tr("&Copy Address"), this))
    , m_people(new QListWidget(this))
{
    setObjectName(QStringLiteral("shareDialog"));
    setWindowTitle(tr("Share %1").arg(m_board->title()));
    setMinimumWidth(460);
    m_where->setObjectName(QStringLiteral("shareWhere"));
    for (const ShareAddress &at : m_board->connection().shareAddresses()) {
        const QString label = !at.outside ? tr("This computer only (%1)").arg(at.address)
                              : at.address == QLatin1String("0.0.0.0")
                                  ? tr("Every network of this computer")
                                  : tr("The network of %1").arg(at.address);
        m_where->addItem(label, QVariantList{at.address, at.outside});
    }
    m_right->setObjectName(QStringLiteral("shareRight"));
    m_right->addItem(tr("Look and change"), int(ShareRight::Edit));
    m_right->addItem(tr("Look only"), int(ShareRight::Look));
    m_port->setObjectName(QStringLiteral("sharePort"));
    m_port->setRange(1, 65535);
    m_port->setValue(kUsualPort);
    m_port->setGroupSeparatorShown(false);
    m_toggle->setObjectName(QStringLiteral("shareToggle"));
    m_note->setObjectName(QStringLiteral("shareNote"));
    m_note->setWordWrap(true);
    m_hint->setWordWrap(true);
    m_announce->setObjectName(QStringLiteral("shareAnnounce"));
    m_announce->setChecked(QSettings().value(kAnnounceSetting, true).toBool());
    m_announced->setObjectName(QStringLiteral("shareAnnounced"));
    m_announced->setTextFormat(Qt::PlainText);
    m_announced->setWordWrap(true);
    m_addresses->setObjectName(QStringLiteral("shareAddresses"));
    m_addresses->setAccessibleName(tr("Addresses"));
    m_addresses->setMaximumHeight(kListHeight);
    m_copy->setObjectName(QStringLiteral("shareCopy"));
    m_people->setObjectName(QStringLiteral("sharePeople"));
    m_people->setAccessibleName(tr("People on the board"));
    m_people->setMaximumHeight(kListHeight);
    m_people->setSelectionMode(QAbstractItemView::NoSelection);

    auto *form = new QFormLayout;
    form->addRow(tr("&Reachable from:"), m_where);
    form->addRow(tr("&Others may:"), m_right);
    form->addRow(tr("&Port:"), m_port);
    form->addRow(QString(), m_announce);
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Close, this);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    buttons->addButton(m_toggle, QDialogButtonBox::ActionRole);
    buttons->addButton(m_copy, QDialogButtonBox::ActionRole);
    auto *layout = new QVBoxLayout(this);
    layout->setSpacing(10);
    layout->addLayout(form);
    layout->addWidget(m_note);
    layout->addWidget(new QLabel(tr("Others connect to:"), this));
    layout->addWidget(m_addresses);
    layout->addWidget(m_hint);
    layout->addWidget(m_announced);
    layout->addWidget(new QLabel(tr("On the board now:"), this));
    layout->addWidget(m_people);
    layout->addWidget(buttons);

    connect(m_toggle, &QPushButton::clicked, this, &ShareDialog::toggle);
    connect(m_copy, &QPushButton::clicked, this, [this] {
        const QListWidgetItem *item =
            m_addresses->currentItem() ? m_addresses->currentItem() : m_addresses->item(0);
        if (!item)
            return;
        QGuiApplication::clipboard()->setText(item->text());
        say(tr("%1 is on the clipboard.").arg(item->text()), false);
    });
    connect(m_where, &QComboBox::currentIndexChanged, this, &ShareDialog::refresh);
    connect(m_board.get(), &Board::sharingChanged, this, &ShareDialog::refresh);
    connect(&m_board->session(), &Session::peopleChanged, this, &ShareDialog::refreshPeople);
    refresh();
    refreshPeople();
}

void ShareDialog::toggle()
{
    if (m_board->connection().sharing().isOn()) {
        m_board->unshare();
        return;
    }
    const QVariantList at = m_where->currentData().toList();
    QSettings().setValue(kAnnounceSetting, m_announce->isChecked());
    const auto shared = m_board->share({{at.value(0).toString(), at.value(1).toBool()},
                                        quint16(m_port->value()),
                                        ShareRight(m_right->currentData().toInt()),
                                        m_announce->isChecked()});
    if (!shared)
        say(shared.error().text, true);
}

void ShareDialog::refresh()
{
    const Sharing sharing = m_board->connection().sharing();
    m_where->setEnabled(!sharing.isOn());
    m_port->setEnabled(!sharing.isOn());
    // On this computer whoever comes may do everything, as with the file.
    const bool outside = m_where->currentData().toList().value(1).toBool();
    m_right->setEnabled(!sharing.isOn() && outside);
    m_announce->setEnabled(!sharing.isOn() && outside);
    m_copy->setEnabled(sharing.isOn());
    m_toggle->setText(sharing.isOn() ? tr("&Stop Sharing") : tr("&Start Sharing"));
    m_toggle->setDefault(!sharing.isOn());
    m_addresses->clear();
    m_addresses->addItems(sharing.addresses);
    m_addresses->setCurrentRow(0);
    m_hint->setText(sharing.isOn()
                        ? tr("In another window: File > Connect to a Server. For scripts the same "
                             "address begins with http://.") +
                              (sharing.token.isEmpty()
                                   ? QString()
                                   : u' ' + tr("The token lets in whoever has the address, until "
                                               "you stop sharing; scripts send it as "
                                               "Authorization: Bearer."))
                        : QString());
    m_hint->setVisible(sharing.isOn());
    if (sharing.isOn())
        say(tr("The board is shared while one of its windows is open."), false);
    else if (outside)
        say(tr("The address will hold a token; nobody comes in without it. What is sent can be "
               "read by others in the same network."),
            false);
    else
        say(tr("Other programs of this computer can connect; nobody else can."), false);
    if (const auto *announcer = m_board->connection().announcer()) {
        connect(announcer, &discovery::HostAnnouncer::stateChanged, this,
                &ShareDialog::refreshAnnouncement, Qt::UniqueConnection);
    }
    refreshAnnouncement();
}

void ShareDialog::refreshAnnouncement()
{
    using State = discovery::HostAnnouncer::State;
    const auto *announcer = m_board->connection().announcer();
    m_announced->setVisible(announcer != nullptr);
    if (!announcer)
        return;
    if (announcer->state() == State::Unavailable)
        m_announced->setText(tr("Windows in that network do not find it by themselves: %1.")
                                 .arg(announcer->reason()));
    else if (announcer->state() == State::Announced)
        m_announced->setText(tr("Windows in that network find it by themselves."));
    else
        m_announced->setText(tr("Telling the network…"));
}

void ShareDialog::refreshPeople()
{
    m_people->clear();
    for (const Person &person : m_board->session().people())
        m_people->addItem(person.self ? tr("%1 (you)").arg(person.name) : person.name);
}

void ShareDialog::say(const QString &text, bool wrong)
{
    m_note->setText(text);
    QFont font = m_note->font();
    font.setBold(wrong);
    m_note->setFont(font);
}

} // namespace patchboard::ui
