#include "ui/mainwindow/startpage.h"

#include "ui/actions/theme.h"
#include "ui/panels/tilelist.h"

#include <QCommandLinkButton>
#include <QDir>
#include <QFileInfo>
#include <QFrame>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QKeySequence>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QScrollArea>
#include <QVBoxLayout>

namespace patchboard::ui {

namespace {

QLabel *heading(const QString &text, QWidget *parent)
{
    auto *label = new QLabel(text, parent);
    QFont font = label->font();
    font.setPointSizeF(font.pointSizeF() * 1.15);
    font.setBold(true);
    label->setFont(font);
    return label;
}

} // namespace

StartPage::StartPage(HostList::Browse browse, QWidget *parent)
    : QWidget(parent)
    , m_recent(new TileList(this))
    , m_noRecent(new QLabel(tr("Boards that you open appear here."), this))
    , m_address(new QLineEdit(this))
{
    setObjectName(QStringLiteral("startPage"));
    auto *icon = new QLabel(this);
    icon->setPixmap(QIcon(QStringLiteral(":/icons/patchboard.svg")).pixmap(56, 56));
    auto *title = new QLabel(QStringLiteral("Patchboard"), this);
    QFont large = title->font();
    large.setPointSizeF(large.pointSizeF() * 2.0);
    large.setBold(true);
    title->setFont(large);
    auto *subtitle = new QLabel(tr("Draw, watch and change a network together, live."), this);
    subtitle->setForegroundRole(QPalette::PlaceholderText);
    auto *words = new QVBoxLayout;
    words->setSpacing(2);
    words->addWidget(title);
    words->addWidget(subtitle);
    auto *top = new QHBoxLayout;
    top->setSpacing(16);
    top->addWidget(icon);
    top->addLayout(words, 1);

    const auto command = [this](const QString &text, const QString &hint, const QString &iconName,
                                void (StartPage::*signal)()) {
        auto *button = new QCommandLinkButton(text, hint, this);
        button->setIcon(actionIcon(iconName));
        button->setIconSize({28, 28});
        button->setAccessibleDescription(hint);
        connect(button, &QCommandLinkButton::clicked, this, signal);
        return button;
    };
    auto *create = command(tr("New board"), tr("An empty board; it saves by itself."),
                           QStringLiteral("new"), &StartPage::newRequested);
    create->setObjectName(QStringLiteral("startNew"));
    auto *open = command(tr("Open a board…"), tr("Or drop a .board file anywhere here."),
                         QStringLiteral("open"), &StartPage::openRequested);
    open->setObjectName(QStringLiteral("startOpen"));
    auto *import = command(tr("Import a network…"), tr("GraphML and containerlab files."),
                           QStringLiteral("import"), &StartPage::importRequested);
    import->setObjectName(QStringLiteral("startImport"));
    auto *demo = command(tr("Open the sample"), tr("A small fibre access network to play with."),
                         QStringLiteral("layout"), &StartPage::demoRequested);
    demo->setObjectName(QStringLiteral("startDemo"));

    m_address->setPlaceholderText(QStringLiteral("ws://host:5001"));
    m_address->setAccessibleName(tr("Address of a server"));
    m_address->setObjectName(QStringLiteral("startAddress"));
    auto *connectButton = new QPushButton(tr("Connect"), this);
    connectButton->setObjectName(QStringLiteral("startConnect"));
    connectButton->setEnabled(false);
    connect(m_address, &QLineEdit::textChanged, this, [connectButton](const QString &text) {
        connectButton->setEnabled(!text.trimmed().isEmpty());
    });
    const auto join = [this] {
        if (!m_address->text().trimmed().isEmpty())
            Q_EMIT connectRequested(m_address->text().trimmed());
    };
    connect(m_address, &QLineEdit::returnPressed, this, join);
    connect(connectButton, &QPushButton::clicked, this, join);
    auto *address = new QHBoxLayout;
    address->addWidget(m_address, 1);
    address->addWidget(connectButton);

    auto *left = new QVBoxLayout;
    left->setSpacing(4);
    left->addWidget(heading(tr("Start"), this));
    left->addWidget(create);
    left->addWidget(open);
    left->addWidget(import);
    left->addWidget(demo);
    left->addSpacing(16);
    left->addWidget(heading(tr("Join a board on a server"), this));
    left->addSpacing(4);
    left->addLayout(address);
    auto *hosts = new HostList(std::move(browse), this);
    connect(hosts, &HostList::chosen, this, &StartPage::connectRequested);
    left->addSpacing(4);
    left->addWidget(hosts);
    left->addStretch(1);

    m_recent->setObjectName(QStringLiteral("recentList"));
    m_recent->setAccessibleName(tr("Recent boards"));
    m_recent->setIconSize({28, 28});
    const auto choose = [this](const QListWidgetItem *item) {
        Q_EMIT recentChosen(item->data(Qt::UserRole).toString());
    };
    connect(m_recent, &QListWidget::itemClicked, this, choose);
    connect(m_recent, &QListWidget::itemActivated, this, choose);
    m_noRecent->setForegroundRole(QPalette::PlaceholderText);
    m_noRecent->setWordWrap(true);

    auto *hints = new QLabel(this);
    hints->setForegroundRole(QPalette::PlaceholderText);
    hints->setWordWrap(true);
    const auto keys = [](const char *portable) {
        return QKeySequence(QString::fromLatin1(portable)).toString(QKeySequence::NativeText);
    };
    hints->setText(tr("%1 finds any command by name · %2 finds a device · drag from the edge of a "
                      "device to link it · undo takes back only what you did")
                       .arg(keys("Ctrl+K"), keys("Ctrl+F")));

    auto *right = new QVBoxLayout;
    right->setSpacing(6);
    right->addWidget(heading(tr("Recent boards"), this));
    right->addWidget(m_noRecent);
    right->addWidget(m_recent, 1);
    right->addStretch(0);

    auto *columns = new QHBoxLayout;
    columns->setSpacing(48);
    columns->addLayout(left, 1);
    columns->addLayout(right, 1);
    setFocusProxy(create);

    auto *page = new QWidget(this);
    page->setMaximumWidth(900);
    auto *inner = new QVBoxLayout(page);
    inner->setSpacing(28);
    inner->addLayout(top);
    inner->addLayout(columns, 1);
    inner->addWidget(hints);
    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(32, 48, 32, 24);
    layout->addStretch(1);
    layout->addWidget(page, 8);
    layout->addStretch(1);
    setRecent({});
}

void StartPage::setRecent(const QStringList &locations)
{
    m_recent->clear();
    for (const QString &location : locations) {
        const bool isUrl = location.contains(QLatin1String("://"));
        QString name = location;
        QString where = tr("Server");
        if (!isUrl) {
            const QFileInfo info(location);
            name = info.completeBaseName();
            where = QDir::toNativeSeparators(info.absolutePath());
            if (const QString home = QDir::homePath(); where.startsWith(home + u'/'))
                where.replace(0, home.size(), QStringLiteral("~"));
        }
        auto *item = new QListWidgetItem(isUrl ? actionIcon(QStringLiteral("connect"))
                                               : QIcon(QStringLiteral(":/icons/patchboard.svg")),
                                         name + u'\n' + where, m_recent);
        item->setData(Qt::UserRole, location);
        item->setToolTip(location);
        item->setSizeHint({0, 2 * fontMetrics().lineSpacing() + 12});
    }
    m_recent->setVisible(!locations.isEmpty());
    m_noRecent->setVisible(locations.isEmpty());
}

} // namespace patchboard::ui
