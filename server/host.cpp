#include "server/host.h"

#include "model/core/edits.h"
#include "server/failpoint.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QHostInfo>
#include <QScopedValueRollback>

namespace patchboard::server {

namespace {

/// The texts of this file; lupdate knows their context by it.
struct HostText
{
    Q_DECLARE_TR_FUNCTIONS(Host)
};

constexpr int kPresenceMs = 16;
constexpr int kSweepMs = 1000;
constexpr int kIdleMs = 500;
constexpr int kBetweenChoresMs = 10'000; ///< in a burst
constexpr int kBusyMs = 30'000; ///< a burst that goes on for longer is interrupted for housekeeping

} // namespace

Host::Host(std::unique_ptr<Store> store, const Options &options, Log &log)
    : m_options(options)
    , m_log(log)
    , m_store(std::move(store))
{
    m_clock.start();
    m_presence.setSingleShot(true);
    m_presence.setTimerType(Qt::PreciseTimer);
    m_presence.setInterval(kPresenceMs);
    connect(&m_presence, &QTimer::timeout, this, [this] {
        m_authority->tickPresence();
        sendOutgoing();
    });
    m_sweep.setInterval(kSweepMs);
    connect(&m_sweep, &QTimer::timeout, this, &Host::sweep);
    m_idle.setSingleShot(true);
    m_idle.setInterval(kIdleMs);
    connect(&m_idle, &QTimer::timeout, this, &Host::keepHouse);
    m_keepOn.setSingleShot(true);
    m_keepOn.setInterval(0);
    connect(&m_keepOn, &QTimer::timeout, this, &Host::keepHouse);
}

Result<std::unique_ptr<Host>> Host::open(std::unique_ptr<Store> store, const Options &options,
                                         Log &log)
{
    std::unique_ptr<Host> host(new Host(std::move(store), options, log));
    auto state = host->m_store->load(host->m_topology);
    if (!state)
        return state.error();
    Authority::Options authority;
    authority.serverName =
        options.serverName.isEmpty() ? QHostInfo::localHostName() : options.serverName;
    host->m_authority =
        std::make_unique<Authority>(host->m_topology, std::move(*state), *host->m_store, authority);
    Host *self = host.get();
    host->m_authority->setAdmissionCheck(
        [self](Id id, const wire::Hello &hello) { return self->admit(id, hello); });
    host->m_history = std::make_unique<HistoryDesk>(host->m_store->history());
    connect(host->m_history.get(), &HistoryDesk::answered, self,
            [self](quint64 session, const wire::Message &message) {
                self->m_authority->answer(session, message);
                self->sendOutgoing();
            });
    host->m_sweep.start();
    log.info(QStringLiteral("Board opened"),
             {{"file", host->name()},
              {"devices", qint64(host->m_topology.devices().size())},
              {"links", qint64(host->m_topology.links().size())},
              {"revision", qint64(host->m_authority->revision())}});
    return host;
}

Result<Authority::Admission> Host::admit(Id id, const wire::Hello &hello)
{
    Authority::Admission admission;
    const auto it = m_clients.find(id);
    if (it != m_clients.end() && it->second.entrance) {
        const Entrance &entrance = *it->second.entrance;
        if (!entrance.access)
            return Error{Errc::Unavailable, HostText::tr("The host is stopping")};
        auto caller = entrance.access->admit(hello.token.isEmpty() ? entrance.token : hello.token,
                                             entrance.address);
        if (!caller)
            return caller.error();
        admission.readOnly = caller->role < access::Role::Editor;
        admission.origin = {caller->token, access::addressText(entrance.address)};
        it->second.caller = *std::move(caller);
    }
    // The first to come are served first; the others come again.
    if (m_authority->behind().size() >= m_options.limits.catchingUp) {
        return Error{Errc::Unavailable,
                     HostText::tr("Too many are connecting at once; trying again")};
    }
    return admission;
}

Host::~Host()
{
    m_probes.reset();
    m_clients.clear();
}

qint64 Host::now() const
{
    return QDateTime::currentMSecsSinceEpoch();
}

bool Host::addClient(std::unique_ptr<ClientLink> link, std::optional<Entrance> entrance)
{
    if (m_finished || qsizetype(m_clients.size()) >= m_options.limits.sessions) {
        m_log.warning(QStringLiteral("Client turned away: too many"), {{"peer", link->peer()}});
        link.release()->deleteLater();
        return false;
    }
    const Id id = m_authority->openSession();
    ClientLink *raw = link.get();
    connect(raw, &ClientLink::received, this,
            [this, id](const QByteArray &frame) { received(id, frame); });
    connect(raw, &ClientLink::alive, this, [this, id] {
        if (const auto it = m_clients.find(id); it != m_clients.end())
            it->second.heard = m_clock.elapsed();
    });
    connect(raw, &ClientLink::drained, this, [this, id] {
        const auto it = m_clients.find(id);
        if (it == m_clients.end())
            return;
        it->second.moved = m_clock.elapsed();
        if (m_authority->isBehind(id) &&
            it->second.link->bytesToWrite() <= m_options.limits.resumeBytes)
            scheduleTurn();
    });
    connect(raw, &ClientLink::flooded, this, [this, id](qint64 retryAfter) {
        m_log.warning(QStringLiteral("Client sends too much"), {{"session", qint64(id)}});
        m_authority->turnAway(
            id, {Errc::Unavailable, HostText::tr("Too many messages; trying again")}, retryAfter);
        scheduleTurn();
    });
    connect(raw, &ClientLink::ended, this,
            [this, id](const QString &reason) { dropClient(id, reason); });
    Client client;
    client.link = std::move(link);
    client.entrance = std::move(entrance);
    client.heard = client.opened = client.moved = m_clock.elapsed();
    m_log.info(QStringLiteral("Client connected"),
               {{"session", qint64(id)}, {"peer", raw->peer()}});
    m_clients.emplace(id, std::move(client));
    ++m_metrics.clientsCome;
    Q_EMIT clientsChanged();
    return true;
}

bool Host::mayStay(const Client &client)
{
    return !client.caller || !client.entrance || !client.entrance->access ||
           client.entrance->access->mayStay(*client.caller);
}

void Host::reviewClients()
{
    for (auto &[id, client] : m_clients) {
        if (!client.barred && !mayStay(client))
            bar(id, client);
    }
}

void Host::bar(Id id, Client &client)
{
    m_log.info(QStringLiteral("Client expelled"),
               {{"session", qint64(id)}, {"token", client.caller->token}});
    client.barred = true;
    m_barred.append(id);
    scheduleTurn();
}

void Host::expelBarred()
{
    if (m_barred.isEmpty())
        return;
    sendOutgoing(); // nothing of it to them
    const QList<Id> barred = std::exchange(m_barred, {});
    for (const Id id : barred) {
        const auto it = m_clients.find(id);
        if (it == m_clients.end())
            continue;
        it->second.barred = false;
        m_authority->expel(id, {Errc::Unauthorized, HostText::tr("The token is no longer valid")});
    }
    sendOutgoing();
}

void Host::received(Id id, const QByteArray &frame)
{
    const auto it = m_clients.find(id);
    if (it == m_clients.end() || it->second.ending || it->second.barred || m_finished)
        return;
    if (!mayStay(it->second)) {
        bar(id, it->second);
        return;
    }
    it->second.heard = m_clock.elapsed();
    it->second.greeted = true;
    m_authority->receive(id, frame, now());
    scheduleTurn();
    if (m_authority->hasPresence() && !m_presence.isActive())
        m_presence.start();
}

void Host::dropClient(Id id, const QString &reason)
{
    const auto it = m_clients.find(id);
    if (it == m_clients.end())
        return;
    m_log.info(QStringLiteral("Client gone"), {{"session", qint64(id)}, {"reason", reason}});
    it->second.link->disconnect(this);
    it->second.link.release()->deleteLater(); // it may be signalling
    m_clients.erase(it);
    m_authority->closeSession(id);
    if (!m_finished) {
        scheduleTurn();
        if (m_authority->hasPresence() && !m_presence.isActive())
            m_presence.start();
    }
    Q_EMIT clientsChanged();
}

void Host::endClient(Id id)
{
    const auto it = m_clients.find(id);
    if (it == m_clients.end() || it->second.ending)
        return;
    it->second.ending = true;
    it->second.moved = m_clock.elapsed();
    it->second.link->finish();
}

void Host::scheduleTurn()
{
    if (std::exchange(m_turnScheduled, true))
        return;
    m_turn.start();
    // Behind everything that has arrived by now.
    QMetaObject::invokeMethod(this, &Host::turn, Qt::QueuedConnection);
}

void Host::turn()
{
    m_turnScheduled = false;
    if (m_finished)
        return;
    expelBarred();
    const quint64 before = m_metrics.changes;
    store();
    sendOutgoing();
    if (m_metrics.changes != before)
        m_metrics.delivery.observe(double(m_turn.nsecsElapsed()) / 1e9);
    for (const Authority::Ask &ask : m_authority->takeAsks())
        m_history->take(ask);
    const QList<Id> behind = m_authority->behind();
    for (const Id id : behind)
        pumpOne(id);
    if (!behind.isEmpty())
        sendOutgoing();
}

void Host::pumpOne(Id id)
{
    const auto it = m_clients.find(id);
    if (it == m_clients.end() || it->second.ending ||
        it->second.link->bytesToWrite() > m_options.limits.resumeBytes)
        return;
    it->second.paused = false;
    m_authority->pump(id);
    // What goes straight to the kernel signals nothing: look again.
    if (m_authority->isBehind(id))
        scheduleTurn();
}

bool Host::store()
{
    const bool stored = writeOpen();
    if (stored)
        tellAnnounced();
    else
        m_unannounced.clear();
    const Result<void> settled = stored ? Result<void>() : Result<void>(m_lastFailure);
    for (const auto &then : std::exchange(m_unsettled, {}))
        then(settled);
    return stored;
}

bool Host::writeOpen()
{
    const CommitBatch batch = m_authority->takeBatch();
    const QList<KeptAnswer> answers = std::exchange(m_answers, {});
    if (batch.isEmpty() && answers.isEmpty())
        return true;
    QElapsedTimer time;
    time.start();
    const auto stored = m_store->write(batch, answers);
    m_metrics.commit.observe(double(time.nsecsElapsed()) / 1e9);
    if (!stored) {
        m_lastFailure = stored.error();
        ++m_metrics.storeFailures;
        m_log.error(QStringLiteral("Changes could not be stored"),
                    {{"error", stored.error().text}});
        if (!batch.isEmpty()) {
            m_authority->failed(stored.error());
            Q_EMIT takenBack();
        }
        return false;
    }
    if (batch.isEmpty())
        return true;
    failPoint("after_commit_before_ack");
    m_metrics.changes += quint64(batch.commits.size());
    m_authority->committed();
    Q_EMIT committed();
    m_log.debug(QStringLiteral("Committed"),
                {{"revision", qint64(batch.revision)}, {"changes", qint64(batch.commits.size())}});
    if (!m_sinceIdle.isValid())
        m_sinceIdle.start();
    if (m_sinceIdle.elapsed() < kBusyMs || !m_idle.isActive())
        m_idle.start();
    const bool all = !m_sinceChore.isValid() || m_sinceChore.elapsed() >= kBetweenChoresMs;
    doChores(all ? Store::Chores::All : Store::Chores::Pressing);
    return true;
}

void Host::keepHouse()
{
    m_sinceIdle.invalidate();
    if (m_turnScheduled)
        turn(); // what has come is not stored yet, and the store is told of the board
    if (m_store->idle(m_topology))
        m_keepOn.start();
    else
        doChores(Store::Chores::All);
}

void Host::doChores(Store::Chores which)
{
    if (m_atChores || m_finished)
        return;
    auto chore = m_store->chore(which);
    if (!chore)
        return;
    m_atChores = m_chores.run(std::move(chore->work), [this, which, done = std::move(chore->done)] {
        m_atChores = false;
        if (which == Store::Chores::All)
            m_sinceChore.start();
        if (m_finished)
            return;
        done();
        if (!m_idle.isActive()) // the next one
            m_idle.start();
    });
}

void Host::sendOutgoing()
{
    const QList<Authority::Outgoing> all = m_authority->takeOutgoing();
    for (const Authority::Outgoing &outgoing : all) {
        SharedFrame frame(outgoing.frame);
        for (const Id id : outgoing.to) {
            const auto it = m_clients.find(id);
            if (it == m_clients.end() || it->second.ending || it->second.barred)
                continue;
            Client &client = it->second;
            if (!outgoing.frame.isEmpty()) {
                const qint64 queued = client.link->bytesToWrite();
                if (outgoing.lane == Authority::Lane::Presence &&
                    queued > m_options.limits.presenceBytes) {
                    ++m_metrics.presenceSkipped;
                    continue;
                }
                if (queued == 0)
                    client.moved = m_clock.elapsed();
                client.link->send(frame);
                failPoint("amid_telling");
                if (outgoing.lane == Authority::Lane::Changes && !client.paused &&
                    queued > m_options.limits.pauseBytes) {
                    client.paused = true;
                    m_authority->pause(id);
                }
            }
            if (outgoing.close)
                endClient(id);
        }
    }
}

Result<http::Board::Done> Host::commit(const QList<Edit> &edits, const http::Author &author,
                                       const QString &label)
{
    if (m_finished)
        return Error{Errc::Unavailable, HostText::tr("The host is stopping")};
    const bool atOnce = !m_holding && !m_gathering;
    if (atOnce)
        store(); // what came before goes before
    auto outcome = m_authority->submitLocal(edits, author.name, label, now(), author.origin);
    if (!outcome) {
        if (atOnce)
            sendOutgoing();
        return outcome.error();
    }
    if (atOnce) {
        if (auto settled = settle(); !settled)
            return settled.error();
    }
    return Done{outcome->revision, outcome->notices, outcome->edits};
}

Result<wire::NamedSnapshot> Host::editSnapshot(const wire::SnapshotEdit &edit,
                                               const http::Author &author)
{
    if (m_finished)
        return Error{Errc::Unavailable, HostText::tr("The host is stopping")};
    if (!m_holding)
        store(); // what came before goes before
    auto edited = m_authority->editSnapshots(edit, author.name, now(), author.origin);
    if (edited && !m_holding) {
        if (auto settled = settle(); !settled)
            return settled.error();
    }
    return edited;
}

Result<void> Host::settle()
{
    QElapsedTimer time;
    time.start();
    const quint64 before = m_metrics.changes;
    const bool durable = store();
    sendOutgoing();
    if (m_metrics.changes != before)
        m_metrics.delivery.observe(double(time.nsecsElapsed()) / 1e9);
    if (!m_authority->behind().isEmpty())
        scheduleTurn(); // a long change goes out bit by bit
    if (!durable)
        return m_lastFailure;
    return {};
}

bool Host::gather(const std::function<void()> &handler)
{
    {
        const QScopedValueRollback gathering(m_gathering, true);
        handler();
    }
    if (m_authority->isQuiet()) {
        tellAnnounced();
        return false;
    }
    scheduleTurn();
    return true;
}

void Host::whenSettled(std::function<void(const Result<void> &)> then)
{
    m_unsettled.push_back(std::move(then));
}

Result<void> Host::commitWith(const std::function<std::optional<KeptAnswer>()> &handler)
{
    if (m_finished)
        return Error{Errc::Unavailable, HostText::tr("The host is stopping")};
    store();
    m_holding = true;
    if (auto answer = handler())
        m_answers.append(std::move(*answer));
    m_holding = false;
    return settle();
}

void Host::announce(const QByteArray &event, const QByteArray &json)
{
    if (m_holding || m_gathering)
        m_unannounced.append({event, json});
    else
        Q_EMIT announced(event, json);
}

void Host::tellAnnounced()
{
    for (const auto &[event, json] : std::exchange(m_unannounced, {}))
        Q_EMIT announced(event, json);
}

quint64 Host::settledRevision()
{
    if (!m_finished && !m_holding)
        store();
    return m_authority->revision();
}

Result<Expansion> Host::check(const QList<Edit> &edits, const QString &author, qsizetype *refused)
{
    Change change;
    change.base = settledRevision();
    change.author = author;
    change.edits = edits;
    return m_topology.check(change, refused);
}

Result<void> Host::seedDemo()
{
    if (m_authority->revision() != 0 || m_topology.devices().size() != 0)
        return {};
    const auto done =
        commit(edits::demoBoard([this] { return newId(); }), {}, HostText::tr("Demo board"));
    if (!done)
        return done.error();
    return {};
}

void Host::startProbes(const Probes::Options &options)
{
    m_probes = std::make_unique<Probes>(*this, options);
}

quint64 Host::observe(const QHash<EntityId, Status> &statuses)
{
    if (m_finished)
        return 0;
    QList<EntityId> ids = statuses.keys();
    std::sort(ids.begin(), ids.end());
    QList<Edit> edits;
    for (const EntityId id : std::as_const(ids)) {
        const Device *device = m_topology.device(id);
        if (device && device->state.status != statuses.value(id))
            edits.append(edits::setField(id, Field::Status, qint64(statuses.value(id))));
    }
    if (edits.isEmpty())
        return 0;
    const auto done =
        m_authority->submitLocal(edits, kProbeAuthor, QStringLiteral("Observed status"), now());
    if (!done) {
        m_log.error(QStringLiteral("Observed status was refused"), {{"error", done.error().text}});
        return 0;
    }
    scheduleTurn();
    return quint64(edits.size());
}

Host::Queues Host::queues() const
{
    Queues all;
    for (const auto &[id, client] : m_clients) {
        const qint64 bytes = client.link->bytesToWrite();
        all.bytes += bytes;
        all.longest = std::max(all.longest, bytes);
        all.paused += client.paused ? 1 : 0;
    }
    return all;
}

void Host::sweep()
{
    m_authority->expireStaged(this->now());
    sendOutgoing();
    const qint64 now = m_clock.elapsed();
    const Limits &limits = m_options.limits;
    QList<std::pair<Id, QString>> dead;
    for (auto &[id, client] : m_clients) {
        if (client.link->bytesToWrite() > 0 && now - client.moved > limits.stuckMs)
            dead.append({id, QStringLiteral("it takes nothing")});
        else if (!client.greeted && now - client.opened > limits.helloMs)
            dead.append({id, QStringLiteral("it says nothing")});
        else if (now - client.heard > limits.deadAfterMs)
            dead.append({id, QStringLiteral("it is silent")});
        else if (now - client.heard > limits.pingAfterMs)
            client.link->ping();
    }
    m_metrics.clientsDead += quint64(dead.size());
    for (const auto &[id, reason] : std::as_const(dead)) {
        m_clients.at(id).link->abort();
        dropClient(id, reason);
    }
}

void Host::finish()
{
    if (m_finished)
        return;
    m_probes.reset();
    store();
    sendOutgoing();
    m_finished = true;
    for (auto &[id, client] : m_clients)
        client.link->finish();
    m_sweep.stop();
    m_presence.stop();
    m_idle.stop();
    m_keepOn.stop();
    m_store->finish(m_topology);
    m_log.info(QStringLiteral("Board closed"),
               {{"file", name()}, {"revision", qint64(m_authority->revision())}});
}

} // namespace patchboard::server
