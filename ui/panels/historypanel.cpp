#include "ui/panels/historypanel.h"

#include "ui/panels/rowheight.h"

#include <QDateTime>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QInputDialog>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QLocale>
#include <QPushButton>
#include <QSplitter>
#include <QTreeView>
#include <QVBoxLayout>

namespace patchboard::ui {

namespace {

constexpr int kChooseMs = 120;

QString timeText(qint64 time)
{
    const QLocale locale;
    const QDateTime at = QDateTime::fromMSecsSinceEpoch(time);
    return at.date() == QDate::currentDate()
               ? locale.toString(at.time(), QStringLiteral("HH:mm:ss"))
               : locale.toString(at, QLocale::ShortFormat);
}

} // namespace

// The list

void HistoryList::setSession(Session *session)
{
    if (m_session)
        m_session->disconnect(this);
    m_session = session;
    if (session) {
        connect(session, &Session::historyArrived, this, &HistoryList::take);
        connect(session, &Session::askFailed, this, [this](quint64 request, const Error &error) {
            if (request == m_newRequest || request == m_oldRequest) {
                (request == m_newRequest ? m_newRequest : m_oldRequest) = 0;
                m_error = error.text;
                Q_EMIT stateChanged();
            }
        });
    }
    startOver();
}

void HistoryList::setFilter(const QString &text)
{
    if (text == m_filter)
        return;
    m_filter = text;
    startOver();
    refresh();
}

void HistoryList::startOver()
{
    if (!m_rows.isEmpty()) {
        beginRemoveRows({}, 0, int(m_rows.size()) - 1);
        m_rows.clear();
        endRemoveRows();
    }
    m_next = 0;
    m_newRequest = 0;
    m_oldRequest = 0;
    m_again = false;
    m_error.clear();
    Q_EMIT stateChanged();
}

void HistoryList::refresh()
{
    if (!m_session)
        return;
    if (m_newRequest != 0) {
        m_again = true;
        return;
    }
    m_newRequest = m_session->askHistory(0, kPage, m_filter);
    Q_EMIT stateChanged();
}

void HistoryList::take(const wire::HistoryPage &page)
{
    if (page.request == m_newRequest && page.request != 0) {
        m_newRequest = 0;
        m_error.clear();
        const quint64 newest = m_rows.isEmpty() ? 0 : m_rows.constFirst().revision;
        qsizetype fresh = 0;
        while (fresh < page.entries.size() && page.entries.at(fresh).revision > newest)
            ++fresh;
        const bool joins = m_rows.isEmpty() || fresh < page.entries.size() || page.next == 0;
        if (!joins)
            startOver(); // more than a page has come: what is between is fetched when it is wanted
        if (fresh > 0) {
            if (m_rows.isEmpty())
                m_next = page.next;
            beginInsertRows({}, 0, int(fresh) - 1);
            m_rows = page.entries.first(fresh) + m_rows;
            endInsertRows();
        }
        if (std::exchange(m_again, false))
            refresh();
    } else if (page.request == m_oldRequest && page.request != 0) {
        m_oldRequest = 0;
        m_next = page.next;
        if (!page.entries.isEmpty()) {
            const int first = int(m_rows.size());
            beginInsertRows({}, first, first + int(page.entries.size()) - 1);
            m_rows += page.entries;
            endInsertRows();
        }
    } else {
        return;
    }
    Q_EMIT stateChanged();
}

bool HistoryList::canFetchMore(const QModelIndex &parent) const
{
    return !parent.isValid() && m_next != 0 && m_oldRequest == 0 && m_session;
}

void HistoryList::fetchMore(const QModelIndex &parent)
{
    if (canFetchMore(parent))
        m_oldRequest = m_session->askHistory(m_next, kPage, m_filter);
}

quint64 HistoryList::revisionAt(int row) const
{
    return m_rows.value(row).revision;
}

int HistoryList::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_rows.size());
}

int HistoryList::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(ColumnCount);
}

QVariant HistoryList::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const wire::HistoryEntry &entry = m_rows.at(index.row());
    if (role == Qt::DisplayRole) {
        switch (index.column()) {
        case When:
            return timeText(entry.time);
        case Who:
            return entry.author;
        case What:
            return entry.label;
        case Revision:
            return qulonglong(entry.revision);
        default:
            return {};
        }
    }
    if (role == Qt::ToolTipRole) {
        return QLocale().toString(QDateTime::fromMSecsSinceEpoch(entry.time), QLocale::LongFormat);
    }
    return {};
}

QVariant HistoryList::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
    case When:
        return tr("When");
    case Who:
        return tr("Who");
    case What:
        return tr("Change");
    case Revision:
        return tr("Revision");
    default:
        return {};
    }
}

// The panel

HistoryPanel::HistoryPanel(QWidget *parent)
    : QWidget(parent)
    , m_filter(new QLineEdit(this))
    , m_view(new QTreeView(this))
    , m_state(new QLabel(this))
    , m_snapshots(new QListWidget(this))
    , m_name(new QPushButton(tr("Name this State…"), this))
    , m_rename(new QPushButton(tr("Rename…"), this))
    , m_forget(new QPushButton(tr("Forget"), this))
{
    setObjectName(QStringLiteral("historyPanel"));
    m_filter->setObjectName(QStringLiteral("historyFilter"));
    m_filter->setPlaceholderText(tr("Filter by person or change"));
    m_filter->setAccessibleName(tr("Filter the history"));
    m_filter->setClearButtonEnabled(true);
    m_view->setObjectName(QStringLiteral("historyList"));
    m_view->setAccessibleName(tr("Changes of this board"));
    m_view->setRootIsDecorated(false);
    m_view->setUniformRowHeights(true);
    m_view->setAlternatingRowColors(true);
    m_view->setItemDelegate(new RowHeight(fontMetrics().height() * 3 / 2, m_view));
    m_view->setModel(&m_list);
    m_view->header()->setStretchLastSection(false);
    m_view->header()->setSectionResizeMode(HistoryList::What, QHeaderView::Stretch);
    m_view->setColumnWidth(HistoryList::When, fontMetrics().averageCharWidth() * 20);
    m_view->setColumnWidth(HistoryList::Who, fontMetrics().averageCharWidth() * 18);
    m_view->setColumnWidth(HistoryList::Revision, fontMetrics().averageCharWidth() * 12);
    m_state->setForegroundRole(QPalette::PlaceholderText);
    m_state->setObjectName(QStringLiteral("historyState"));
    // What it says from time to time does not make the window wider.
    m_state->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    m_snapshots->setObjectName(QStringLiteral("snapshotList"));
    m_snapshots->setAccessibleName(tr("Named snapshots"));
    m_snapshots->setItemDelegate(new RowHeight(fontMetrics().height() * 3 / 2, m_snapshots));
    m_name->setObjectName(QStringLiteral("nameSnapshot"));
    m_name->setToolTip(tr("Gives the state that is shown a name by which everybody finds it"));
    m_rename->setObjectName(QStringLiteral("renameSnapshot"));
    m_forget->setObjectName(QStringLiteral("forgetSnapshot"));
    m_forget->setToolTip(tr("Forgets the name; the history stays"));
    m_chooseTimer.setSingleShot(true);
    m_chooseTimer.setInterval(kChooseMs);

    connect(m_filter, &QLineEdit::textChanged, this,
            [this](const QString &text) { m_list.setFilter(text.trimmed()); });
    connect(&m_list, &HistoryList::stateChanged, this, &HistoryPanel::updateState);
    connect(m_view->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
            [this](const QModelIndex &now) {
                if (now.isValid() && m_view->hasFocus())
                    choose(m_list.revisionAt(now.row()));
            });
    connect(m_view, &QTreeView::clicked, this,
            [this](const QModelIndex &at) { choose(m_list.revisionAt(at.row())); });
    connect(m_snapshots, &QListWidget::currentRowChanged, this, &HistoryPanel::updateState);
    connect(m_snapshots, &QListWidget::itemClicked, this, [this] {
        if (const wire::NamedSnapshot *snapshot = currentSnapshot())
            choose(snapshot->revision);
    });
    connect(m_snapshots, &QListWidget::itemActivated, this, [this] {
        if (const wire::NamedSnapshot *snapshot = currentSnapshot())
            choose(snapshot->revision);
    });
    connect(&m_chooseTimer, &QTimer::timeout, this, [this] { Q_EMIT revisionChosen(m_wanted); });
    connect(m_name, &QPushButton::clicked, this, &HistoryPanel::nameSnapshot);
    connect(m_rename, &QPushButton::clicked, this, &HistoryPanel::renameSnapshot);
    connect(m_forget, &QPushButton::clicked, this, &HistoryPanel::forgetSnapshot);

    auto *left = new QWidget(this);
    auto *leftLayout = new QVBoxLayout(left);
    leftLayout->setContentsMargins(0, 0, 0, 0);
    auto *row = new QHBoxLayout;
    row->setContentsMargins(6, 4, 6, 0);
    row->addWidget(m_filter, 1);
    row->addWidget(m_state, 1);
    leftLayout->addLayout(row);
    leftLayout->addWidget(m_view);
    auto *right = new QWidget(this);
    auto *rightLayout = new QVBoxLayout(right);
    rightLayout->setContentsMargins(0, 0, 0, 0);
    auto *buttons = new QHBoxLayout;
    buttons->setContentsMargins(0, 4, 6, 0);
    buttons->addWidget(m_name);
    buttons->addWidget(m_rename);
    buttons->addWidget(m_forget);
    buttons->addStretch();
    rightLayout->addLayout(buttons);
    rightLayout->addWidget(m_snapshots);
    auto *splitter = new QSplitter(this);
    splitter->addWidget(left);
    splitter->addWidget(right);
    splitter->setStretchFactor(0, 3);
    splitter->setStretchFactor(1, 1);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(splitter);
}

void HistoryPanel::setSession(Session *session)
{
    if (m_session == session)
        return;
    if (m_session)
        m_session->disconnect(this);
    m_session = session;
    m_chooseTimer.stop();
    m_list.setSession(session);
    if (session) {
        connect(session, &Session::statusChanged, this, [this] {
            updateState();
            if (m_inFront && m_session->hasHistory() &&
                m_list.revisionAt(0) != m_session->status().revision)
                m_list.refresh();
        });
        connect(session, &Session::namedSnapshotsChanged, this, &HistoryPanel::refillSnapshots);
        if (m_inFront)
            m_list.refresh();
    }
    refillSnapshots();
}

void HistoryPanel::setShown(quint64 revision)
{
    m_shown = revision;
    if (revision == 0) {
        m_view->clearSelection();
        m_snapshots->clearSelection();
    }
}

void HistoryPanel::setInFront(bool inFront)
{
    m_inFront = inFront;
    if (inFront)
        m_list.refresh();
}

void HistoryPanel::choose(quint64 revision)
{
    if (revision == 0 || m_filling)
        return;
    m_wanted = revision;
    m_chooseTimer.start();
}

const wire::NamedSnapshot *HistoryPanel::currentSnapshot() const
{
    const int row = m_snapshots->currentRow();
    return row >= 0 && row < m_named.size() ? &m_named.at(row) : nullptr;
}

void HistoryPanel::refillSnapshots()
{
    m_filling = true;
    const wire::NamedSnapshot *current = currentSnapshot();
    const quint64 id = current ? current->id : 0;
    m_named = m_session ? m_session->namedSnapshots() : QList<wire::NamedSnapshot>();
    std::reverse(m_named.begin(), m_named.end()); // the newest first
    m_snapshots->clear();
    if (m_named.isEmpty())
        (new QListWidgetItem(tr("No state has a name yet"), m_snapshots))
            ->setFlags(Qt::NoItemFlags);
    for (const wire::NamedSnapshot &snapshot : std::as_const(m_named)) {
        auto *item = new QListWidgetItem(
            tr("%1 · revision %2").arg(snapshot.name).arg(snapshot.revision), m_snapshots);
        item->setToolTip(tr("%1, %2").arg(snapshot.author, timeText(snapshot.time)));
        if (snapshot.id == id)
            m_snapshots->setCurrentItem(item);
    }
    m_filling = false;
    updateState();
}

void HistoryPanel::updateState()
{
    const bool can = m_session && m_session->hasHistory();
    const bool may = can && !m_session->status().readOnly;
    QString text;
    if (m_session && !can)
        text = tr("The history is at the host: there is no connection");
    else if (!m_list.error().isEmpty())
        text = m_list.error();
    m_state->setText(text);
    m_filter->setEnabled(can);
    m_name->setEnabled(may);
    m_rename->setEnabled(may && currentSnapshot());
    m_forget->setEnabled(may && currentSnapshot());
}

void HistoryPanel::nameSnapshot()
{
    bool ok = false;
    const QString name =
        QInputDialog::getText(this, tr("Name this State"), tr("Name:"), QLineEdit::Normal, {}, &ok);
    if (ok && !name.trimmed().isEmpty() && m_session)
        (void)m_session->editSnapshot(0, name, m_shown);
}

void HistoryPanel::renameSnapshot()
{
    const wire::NamedSnapshot *current = currentSnapshot();
    if (!current)
        return;
    const quint64 id = current->id;
    bool ok = false;
    const QString name = QInputDialog::getText(this, tr("Rename the Snapshot"), tr("Name:"),
                                               QLineEdit::Normal, current->name, &ok);
    if (ok && !name.trimmed().isEmpty() && m_session)
        (void)m_session->editSnapshot(id, name);
}

void HistoryPanel::forgetSnapshot()
{
    if (const wire::NamedSnapshot *current = currentSnapshot(); current && m_session)
        (void)m_session->editSnapshot(current->id, {});
}

} // namespace patchboard::ui
