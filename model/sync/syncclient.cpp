#include "model/sync/syncclient.h"

#include "model/clientcore.h"
#include "model/sync/journal.h"
#include "model/sync/synclink.h"
#include "model/topologymodel.h"

#include <QDateTime>
#include <QRandomGenerator>
#include <QThread>
#include <QTimer>

namespace patchboard {

namespace {

constexpr int kFlushMs = 500; ///< until gathered news of the journal is written
constexpr qint64 kFlushBytes = 256 * 1024;
constexpr qint64 kCompactAtStart = 2000; ///< commits after the cached snapshot
constexpr qint64 kCompactLater = 20000;
constexpr int kGhostCheckMs = 250;

} // namespace

class SyncClient::Private
{
public:
    Private(SyncClient *client, Options opts);
    ~Private();

    void takeNews();
    void handle(SyncLink::Up &up);
    void handle(SyncLink::Down &down);
    void handle(SyncLink::Arrived &arrived);
    /// Sends and tells whatever the core came up with.
    void settle();
    void flushJournal();
    void sendPresence();
    void presenceChanged();
    template <typename F>
    void onLink(F call)
    {
        QMetaObject::invokeMethod(link, call, Qt::QueuedConnection);
    }
    [[nodiscard]] static qint64 now() { return QDateTime::currentMSecsSinceEpoch(); }

    SyncClient *q;
    Options options;
    QString journalError;
    std::unique_ptr<Journal> journal;
    Topology topology;
    std::unique_ptr<ClientCore> core;
    std::unique_ptr<TopologyModel> model;

    QThread thread;
    SyncLink *link = nullptr; ///< lives in the thread
    quint64 connection = 0;   ///< the one that the core speaks through
    bool wanted = false;      ///< not working offline by choice
    bool up = false;
    bool trying = false; ///< asked to connect, and neither succeeded nor failed yet
    QString detail;
    qint64 retryAt = 0; ///< ms since 1970; 0 = none is planned
    bool asksForToken = false;
    bool wasReady = false;
    SessionStatus lastStatus;

    QTimer flushTimer;
    QTimer presenceTimer;
    QTimer ghostTimer;
    wire::Presence shown;  ///< all of mine
    wire::Presence unsent; ///< what of it is news
    qint64 presenceSentAt = 0;
};

SyncClient::Private::Private(SyncClient *client, Options opts)
    : q(client)
    , options(std::move(opts))
    , flushTimer(client)
    , presenceTimer(client)
    , ghostTimer(client)
{
    if (!options.journalFolder.isEmpty()) {
        auto opened = Journal::open(options.journalFolder, options.journalName);
        if (opened) {
            journal = std::move(*opened);
            if (!journal->setAside().isEmpty())
                journalError = tr("A damaged file was put aside as %1").arg(journal->setAside());
        } else {
            journalError = opened.error().text;
        }
    }
    ClientCore::Options coreOptions;
    coreOptions.author = options.author;
    coreOptions.token = options.token;
    coreOptions.window = options.window;
    coreOptions.ghostTimeout = options.ghostTimeout;
    core = std::make_unique<ClientCore>(topology, journal.get(), coreOptions);
    if (auto started = core->start(); !started)
        journalError = started.error().text;
    if (journal) {
        journal->setPowerSafe(true); // until a host keeps it too
        if (journal->cachedCommits() > kCompactAtStart)
            (void)core->compact();
    }
    model = std::make_unique<TopologyModel>(topology);
    wasReady = core->isReady();

    link = new SyncLink({options.transport, options.pingAfter, options.deadAfter,
                         options.backOffFirst, options.backOffLongest});
    link->moveToThread(&thread);
    QObject::connect(&thread, &QThread::finished, link, &QObject::deleteLater);
    QObject::connect(link, &SyncLink::newsArrived, q, [this] { takeNews(); });
    thread.setObjectName(QStringLiteral("sync"));
    thread.start();

    flushTimer.setSingleShot(true);
    QObject::connect(&flushTimer, &QTimer::timeout, q, [this] { flushJournal(); });
    presenceTimer.setSingleShot(true);
    QObject::connect(&presenceTimer, &QTimer::timeout, q, [this] { sendPresence(); });
    ghostTimer.setInterval(kGhostCheckMs);
    QObject::connect(&ghostTimer, &QTimer::timeout, q, [this] {
        core->expireGhosts(now());
        settle();
    });
}

SyncClient::Private::~Private()
{
    link->disconnect(q);
    const QByteArray bye = wire::encode(wire::Bye{});
    QMetaObject::invokeMethod(
        link, [l = link, bye] { l->close(bye); }, Qt::BlockingQueuedConnection);
    thread.quit();
    thread.wait();
    if (journal)
        (void)journal->flush();
}

void SyncClient::Private::takeNews()
{
    for (SyncLink::News &news : link->takeNews()) {
        std::visit([this](auto &each) { handle(each); }, news);
        settle();
    }
}

void SyncClient::Private::handle(SyncLink::Up &news)
{
    trying = false;
    if (!wanted)
        return; // it crossed with the wish to work offline
    connection = news.connection;
    up = true;
    retryAt = 0;
    core->connected(news.partial);
}

void SyncClient::Private::handle(SyncLink::Down &news)
{
    up = false;
    trying = false;
    if (!news.reason.isEmpty())
        detail = news.reason;
    retryAt = wanted && news.retryIn >= 0 ? now() + news.retryIn : 0;
    core->disconnected();
}

void SyncClient::Private::handle(SyncLink::Arrived &news)
{
    if (up && news.connection == connection)
        core->receive(std::move(news.incoming), now());
}

void SyncClient::Private::settle()
{
    if (const QList<QByteArray> frames = core->takeFrames(); !frames.isEmpty() && up) {
        onLink([l = link, c = connection, frames] { l->send(c, frames); });
    }
    bool people = false;
    for (ClientCore::Event &event : core->takeEvents()) {
        if (auto *refused = std::get_if<ClientCore::Refused>(&event)) {
            Q_EMIT q->refused(refused->cseq, refused->label, refused->error);
        } else if (auto *noticed = std::get_if<ClientCore::Noticed>(&event)) {
            Q_EMIT q->noticed(noticed->cseq, noticed->label, noticed->notices);
        } else if (std::holds_alternative<ClientCore::PeopleChanged>(event)) {
            people = true;
        } else if (auto *page = std::get_if<ClientCore::HistoryArrived>(&event)) {
            Q_EMIT q->historyArrived(page->page);
        } else if (auto *past = std::get_if<ClientCore::BoardArrived>(&event)) {
            Q_EMIT q->boardArrived(past->request, past->revision, past->board);
        } else if (auto *failed = std::get_if<ClientCore::AskFailed>(&event)) {
            Q_EMIT q->askFailed(failed->request, failed->error);
        } else if (auto *named = std::get_if<ClientCore::SnapshotsChanged>(&event)) {
            Q_EMIT q->namedSnapshotsChanged(named->request);
        } else if (auto *hangup = std::get_if<ClientCore::Hangup>(&event)) {
            up = false;
            detail = hangup->error.text;
            asksForToken = hangup->error.code == Errc::Unauthorized;
            onLink([l = link, c = connection, reason = hangup->error.text,
                    after = hangup->retryAfter] { l->hangUp(c, reason, after); });
        }
    }
    const bool live = core->phase() == ClientCore::Phase::Live;
    if (live) {
        detail.clear();
        asksForToken = false;
    }
    if (live && lastStatus.state != ConnectionState::Live) {
        // The others know nothing of what I show yet.
        unsent = shown;
        presenceChanged();
    }
    if (journal) {
        journal->setPowerSafe(!live);
        if (journal->gatheredBytes() > kFlushBytes)
            flushJournal();
        else if (journal->hasGathered() && !flushTimer.isActive())
            flushTimer.start(kFlushMs);
    }
    model->setReadOnly(core->isReadOnly());
    if (people) {
        bool drags = false;
        for (const ClientCore::Peer &peer : core->peers())
            drags = drags || (peer.presence.drag && peer.presence.drag->gesture != 0);
        if (drags && !ghostTimer.isActive())
            ghostTimer.start();
        else if (!drags)
            ghostTimer.stop();
        Q_EMIT q->peopleChanged();
    }
    const bool ready = core->isReady();
    if (ready != wasReady) {
        wasReady = ready;
        Q_EMIT q->readyChanged();
    }
    SessionStatus status = q->status();
    const qint64 retryIn = std::exchange(status.retryInMs, 0);
    const auto key = [](const SessionStatus &s) {
        return std::tie(s.state, s.detail, s.pending, s.revision, s.server, s.ready, s.readOnly,
                        s.asksForToken);
    };
    const bool planned = (retryIn > 0) != (lastStatus.retryInMs > 0);
    const bool changed = key(status) != key(lastStatus) || planned;
    status.retryInMs = retryIn;
    lastStatus = status;
    if (changed)
        Q_EMIT q->statusChanged();
}

void SyncClient::Private::flushJournal()
{
    flushTimer.stop();
    if (!journal)
        return;
    if (auto flushed = journal->flush(); !flushed)
        journalError = flushed.error().text;
    if (journal->cachedCommits() > kCompactLater)
        (void)core->compact();
}

void SyncClient::Private::presenceChanged()
{
    if (presenceTimer.isActive())
        return;
    const qint64 since = now() - presenceSentAt;
    presenceTimer.start(
        int(std::clamp<qint64>(options.presenceInterval - since, 0, options.presenceInterval)));
}

void SyncClient::Private::sendPresence()
{
    presenceSentAt = now();
    const wire::Presence news = std::exchange(unsent, {});
    if (news == wire::Presence() || core->phase() < ClientCore::Phase::CatchingUp)
        return;
    core->sendPresence(news);
    settle();
}

SyncClient::SyncClient(Options options, QObject *parent)
    : Session(parent)
    , d(std::make_unique<Private>(this, std::move(options)))
{
    if (!d->options.startOffline)
        reconnectNow();
}

SyncClient::~SyncClient() = default;

const Topology &SyncClient::topology() const
{
    return d->topology;
}

TopologyModel *SyncClient::model()
{
    return d->model.get();
}

SessionStatus SyncClient::status() const
{
    SessionStatus status;
    if (d->core->phase() == ClientCore::Phase::Live)
        status.state = ConnectionState::Live;
    else if (d->up || d->trying)
        status.state = ConnectionState::Reconnecting;
    status.detail = d->detail;
    if (status.state == ConnectionState::Offline && d->retryAt != 0)
        status.retryInMs = std::max<qint64>(1, d->retryAt - Private::now());
    status.pending = d->core->replica().pendingCount();
    status.revision = d->core->replica().revision();
    status.server = d->options.server;
    status.ready = d->core->isReady();
    status.readOnly = d->core->isReadOnly();
    status.asksForToken = d->asksForToken;
    return status;
}

QList<Person> SyncClient::people() const
{
    QList<Person> people;
    for (const ClientCore::Peer &peer : d->core->peers()) {
        Person person;
        person.id = peer.id;
        person.name = peer.name;
        person.colour = peer.colour;
        person.self = peer.id == d->core->session();
        person.pointer = peer.presence.pointer.value_or(std::nullopt);
        person.selection = peer.presence.selection.value_or(QList<EntityId>());
        if (peer.presence.drag) {
            person.gesture = peer.presence.drag->gesture;
            person.drag = peer.presence.drag->devices;
        }
        person.view = peer.presence.view;
        person.following = peer.presence.following.value_or(0);
        people.append(std::move(person));
    }
    std::sort(people.begin(), people.end(),
              [](const Person &a, const Person &b) { return a.id < b.id; });
    return people;
}

QString SyncClient::author() const
{
    return d->options.author;
}

EntityId SyncClient::newId()
{
    return d->core->newId();
}

Result<Submitted> SyncClient::submit(const QList<Edit> &edits, const QString &label,
                                     quint64 gesture)
{
    auto mine = d->core->submit(edits, label, gesture);
    if (!mine)
        return mine.error();
    Submitted submitted;
    submitted.writer = {mine->change.site, mine->change.cseq};
    submitted.undo = std::move(mine->undo);
    submitted.notices = mine->expansion.notices;
    submitted.expansion = std::move(mine->expansion);
    d->settle();
    return submitted;
}

bool SyncClient::hasHistory() const
{
    return d->core->hasHistory();
}

quint64 SyncClient::askHistory(quint64 before, quint32 limit, const QString &text)
{
    const quint64 request = d->core->askHistory(before, limit, text);
    d->settle();
    return request;
}

quint64 SyncClient::askBoard(quint64 revision)
{
    const quint64 request = d->core->askBoard(revision);
    d->settle();
    return request;
}

quint64 SyncClient::editSnapshot(quint64 id, const QString &name, quint64 revision)
{
    const quint64 request = d->core->editSnapshot(id, name, revision);
    d->settle();
    return request;
}

QList<wire::NamedSnapshot> SyncClient::namedSnapshots() const
{
    return d->core->namedSnapshots();
}

QByteArray SyncClient::kept(const QString &name) const
{
    return d->journal ? d->journal->kept(name) : QByteArray();
}

void SyncClient::keep(const QString &name, const QByteArray &bytes)
{
    if (!d->journal)
        return;
    d->journal->keep(name, bytes);
    if (!d->flushTimer.isActive())
        d->flushTimer.start(kFlushMs);
}

void SyncClient::reconnectNow()
{
    d->wanted = true;
    if (d->up)
        return;
    d->trying = true;
    d->onLink([l = d->link] { l->connectNow(); });
    d->settle();
}

void SyncClient::setToken(const QString &token)
{
    d->core->setToken(token);
    d->asksForToken = false;
    if (d->core->phase() == ClientCore::Phase::Apart)
        reconnectNow();
}

void SyncClient::workOffline()
{
    d->wanted = false;
    d->up = false;
    d->trying = false;
    d->retryAt = 0;
    d->detail = tr("You chose to work offline");
    d->core->disconnected();
    const QByteArray bye = wire::encode(wire::Bye{});
    d->onLink([l = d->link, bye] { l->close(bye); });
    d->settle();
}

void SyncClient::setPointer(std::optional<QPointF> scenePosition)
{
    d->shown.pointer = scenePosition;
    d->unsent.pointer = scenePosition;
    d->presenceChanged();
}

void SyncClient::setSelection(const QList<EntityId> &ids)
{
    d->shown.selection = ids.mid(0, wire::kMaxPresenceIds);
    d->unsent.selection = d->shown.selection;
    d->presenceChanged();
}

void SyncClient::setDrag(quint64 gesture, const QList<std::pair<EntityId, QPointF>> &devices)
{
    d->shown.drag = wire::Drag{gesture, devices.mid(0, wire::kMaxPresenceIds)};
    d->unsent.drag = d->shown.drag;
    d->presenceChanged();
}

void SyncClient::endDrag()
{
    setDrag(0, {});
}

void SyncClient::setView(const QRectF &scene)
{
    if (scene.isEmpty() || d->shown.view == scene)
        return;
    d->shown.view = scene;
    d->unsent.view = scene;
    d->presenceChanged();
}

void SyncClient::setFollowing(quint64 person)
{
    if (d->shown.following.value_or(0) == person)
        return;
    d->shown.following = person;
    d->unsent.following = person;
    d->presenceChanged();
}

quint64 SyncClient::newGesture()
{
    return (QRandomGenerator::global()->generate64() >> 11) | 1;
}

QString SyncClient::journalError() const
{
    return d->journalError;
}

const Journal *SyncClient::journal() const
{
    return d->journal.get();
}

SiteId SyncClient::site() const
{
    return d->core->replica().site();
}

QString SyncClient::epoch() const
{
    return d->core->epoch();
}

} // namespace patchboard
