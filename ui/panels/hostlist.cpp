#include "ui/panels/hostlist.h"

#include "ui/actions/theme.h"
#include "ui/panels/tilelist.h"

#include <QLabel>
#include <QVBoxLayout>

namespace patchboard::ui {

namespace {

constexpr int kAddressRole = Qt::UserRole;
constexpr int kRowsShown = 4; ///< more are scrolled to

} // namespace

HostList::HostList(Browse browse, QWidget *parent)
    : QWidget(parent)
    , m_browse(std::move(browse))
    , m_list(new TileList(this))
    , m_words(new QLabel(this))
{
    m_list->setObjectName(QStringLiteral("hostList"));
    m_list->setAccessibleName(tr("Hosts in this network"));
    m_list->setIconSize({28, 28});
    m_words->setObjectName(QStringLiteral("hostListWords"));
    m_words->setForegroundRole(QPalette::PlaceholderText);
    m_words->setTextFormat(Qt::PlainText);
    m_words->setWordWrap(true);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_words);
    layout->addWidget(m_list);
    const auto choose = [this](const QListWidgetItem *item) {
        Q_EMIT chosen(item->data(kAddressRole).toString());
    };
    connect(m_list, &QListWidget::itemClicked, this, choose);
    connect(m_list, &QListWidget::itemActivated, this, choose);
    connect(m_list, &QListWidget::itemDoubleClicked, this, &HostList::doubleClicked);
    refill();
}

HostList::~HostList() = default;

QString HostList::currentAddress() const
{
    const QListWidgetItem *item = m_list->currentItem();
    return item ? item->data(kAddressRole).toString() : QString();
}

/// A layout does not ask how high wrapped words get, and would cut them.
void HostList::fitWords()
{
    m_words->setMinimumHeight(m_words->heightForWidth(width()));
}

void HostList::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    fitWords();
}

void HostList::showEvent(QShowEvent *event)
{
    if (!m_browser && m_browse) {
        m_browser = m_browse();
        if (m_browser) {
            connect(m_browser.get(), &discovery::HostBrowser::changed, this, &HostList::refill);
        }
        refill();
    }
    QWidget::showEvent(event);
}

void HostList::hideEvent(QHideEvent *event)
{
    m_browser.reset();
    QWidget::hideEvent(event);
}

void HostList::refill()
{
    using State = discovery::HostBrowser::State;
    const auto hosts = m_browser ? m_browser->hosts() : QList<discovery::FoundHost>();
    // Rows stay where they are under a pointer or a keyboard: only what differs is written.
    const QString current = currentAddress();
    while (m_list->count() > hosts.size())
        delete m_list->takeItem(m_list->count() - 1);
    for (int row = 0; row < hosts.size(); ++row) {
        const discovery::FoundHost &host = hosts.at(row);
        QListWidgetItem *item = m_list->item(row);
        if (!item)
            item = new QListWidgetItem(m_list);
        QStringList where{host.machine, host.place()};
        where.removeAll(QString());
        if (host.needsToken)
            where.append(tr("needs a token"));
        if (host.encrypted)
            where.append(tr("encrypted"));
        item->setText(host.board + u'\n' + where.join(QStringLiteral(" · ")));
        item->setIcon(
            actionIcon(host.needsToken ? QStringLiteral("lock") : QStringLiteral("connect")));
        item->setData(kAddressRole, host.url().toString());
        item->setSizeHint({0, 2 * fontMetrics().lineSpacing() + 12});
    }
    for (int row = 0; row < m_list->count() && !current.isEmpty(); ++row) {
        if (m_list->item(row)->data(kAddressRole).toString() == current)
            m_list->setCurrentRow(row);
    }
    const int rows = std::min(kRowsShown, m_list->count());
    m_list->setVisible(rows > 0);
    m_list->setFixedHeight(rows * (2 * fontMetrics().lineSpacing() + 14) + 4);
    const State state = m_browser ? m_browser->state() : State::Searching;
    m_words->setVisible(rows == 0 && m_browser != nullptr);
    m_words->setText(state == State::Unavailable
                         ? tr("Hosts in this network cannot be found: %1.").arg(m_browser->reason())
                     : state == State::Watching
                         ? tr("There are no hosts in this network at the moment.")
                         : tr("Looking for hosts in this network…"));
    fitWords();
}

} // namespace patchboard::ui
