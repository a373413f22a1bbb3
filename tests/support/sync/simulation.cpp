#include "tests/support/sync/simulation.h"

#include "tests/support/sync/memoryclientstore.h"

#include "model/wire/codec.h"

#include <deque>

using namespace patchboard;

namespace {

constexpr int kMostClients = 6;

/// A name that is taken is never a reason to refuse: the later one gets a suffix.
bool isAboutAName(const Error &error)
{
    return error.text.contains(QLatin1String("with name"));
}

/// A stream of its own for every step of a seed.
quint64 streamOf(quint64 seed, quint64 stream)
{
    return Rng(seed ^ (stream + 1) * 0xd1b54a32d192ed03ULL).next();
}

} // namespace

struct Simulation::Host
{
    MemoryLog disk;
    std::unique_ptr<MemoryLog> backup;
    std::unique_ptr<Truth> truth;
    std::unique_ptr<Topology> topology;
    std::unique_ptr<Authority> authority;
    QSet<Authority::SessionId> paused;
};

struct Simulation::Client
{
    int number = 0;
    std::unique_ptr<MemoryClientStore> store = std::make_unique<MemoryClientStore>();
    std::unique_ptr<Topology> topology;
    std::unique_ptr<ClientCore> core;
    ClientReceiver receiver;
    bool linked = false;
    bool hostClosed = false;
    Authority::SessionId session = 0;
    std::deque<QByteArray> up;
    std::deque<QByteArray> down;
    int made = 0;
    QSet<QString> refused;
    QList<QList<Edit>> undo;
    QList<QList<Edit>> redo;
    wire::Presence shown; ///< in this connection
    struct Sent
    {
        SiteId site;
        quint64 cseq;
        quint64 bodyHash;
    };
    QHash<QString, Sent> pending; ///< by label, as of the last look
};

struct Simulation::Zombie
{
    Authority::SessionId session;
    std::deque<QByteArray> up;
};

Simulation::Counters &Simulation::Counters::operator+=(const Counters &other)
{
    schedules += other.schedules;
    steps += other.steps;
    commits += other.commits;
    refusals += other.refusals;
    conflicts += other.conflicts;
    losses += other.losses;
    undone += other.undone;
    cuts += other.cuts;
    hostDeaths += other.hostDeaths;
    amidSnapshot += other.amidSnapshot;
    restores += other.restores;
    diskFull += other.diskFull;
    clientDeaths += other.clientDeaths;
    snapshots += other.snapshots;
    differences += other.differences;
    renumbered += other.renumbered;
    clones += other.clones;
    presence += other.presence;
    return *this;
}

QString Simulation::Counters::toString() const
{
    const std::pair<const char *, qint64> all[] = {{"schedules", schedules},
                                                   {"steps", steps},
                                                   {"commits", commits},
                                                   {"refused", refusals},
                                                   {"conflicts", conflicts},
                                                   {"losses told", losses},
                                                   {"undone", undone},
                                                   {"cuts", cuts},
                                                   {"deaths of the host", hostDeaths},
                                                   {"amid a snapshot", amidSnapshot},
                                                   {"restored backups", restores},
                                                   {"full disks", diskFull},
                                                   {"deaths of clients", clientDeaths},
                                                   {"snapshots", snapshots},
                                                   {"differences", differences},
                                                   {"copied profiles", clones},
                                                   {"renumbered", renumbered},
                                                   {"presence", presence}};
    QStringList parts;
    for (const auto &[name, count] : all)
        parts.append(QStringLiteral("%1 %2").arg(count).arg(QLatin1String(name)));
    return parts.join(QStringLiteral(", "));
}

Simulation::Options Simulation::optionsOf(quint64 seed)
{
    Rng rng(streamOf(seed, 1'000'000'007));
    Options options;
    options.clients = 2 + rng.below(kMostClients - 1);
    options.steps = 120 + rng.below(280);
    if (rng.chance(8)) {
        options.cuts = options.hostDies = options.diskFull = options.clientsDie = false;
    } else {
        options.cuts = rng.chance(85);
        options.hostDies = rng.chance(80);
        options.diskFull = rng.chance(60);
        options.clientsDie = rng.chance(70);
        options.clones = rng.chance(25);
        options.restores = rng.chance(25);
        options.prunes = rng.chance(40);
    }
    Authority::Options &authority = options.authority;
    if (rng.chance(50)) {
        // So little at hand that every way of catching up is gone.
        authority.tailCommits = 1 + rng.below(12);
        authority.memoryBytes = 300;
        authority.outcomesPerSite = 2;
        authority.pumpBytes = 200;
    }
    if (rng.chance(70))
        authority.differencePercent = 1000; // always, if it can be told
    if (rng.chance(60))
        authority.chunkBytes = 64 + rng.below(400);
    const quint64 digests[] = {0, 1, 7, 50};
    authority.digestEvery = digests[rng.below(4)];
    return options;
}

Simulation::Simulation(Schedule schedule, bool trace)
    : m_schedule(std::move(schedule))
    , m_options(optionsOf(m_schedule.seed))
    , m_tracing(trace)
    , m_rng(streamOf(m_schedule.seed, 1'000'000'009))
    , m_host(std::make_unique<Host>())
{
    if (m_schedule.clients != 0)
        m_options.clients = m_schedule.clients;
    m_options.authority.random = [this] { return m_rng.next(); };
    startHost();
    for (int i = 0; i < m_options.clients; ++i) {
        m_clients.push_back(std::make_unique<Client>());
        Client &client = *m_clients.back();
        client.number = i;
        client.store->id.profile = QStringLiteral("profile-%1").arg(i);
        startClient(client);
    }
}

Simulation::~Simulation() = default;

void Simulation::wrong(const QString &what)
{
    if (!m_wrong.isEmpty())
        return;
    m_wrong = what;
    note(QStringLiteral("WRONG: ") + what);
}

void Simulation::note(const QString &line)
{
    if (m_tracing)
        m_trace.append(line);
}

// Lives and deaths

void Simulation::startHost()
{
    m_host->authority.reset();
    m_host->paused.clear();
    m_host->truth = std::make_unique<Truth>(m_asked, m_sites);
    for (const QString &label : std::as_const(m_ambiguous))
        m_host->truth->allowTwice(label);
    m_host->topology = std::make_unique<Topology>();
    if (const QString error = m_host->disk.replay(*m_host->topology); !error.isEmpty())
        wrong(error);
    if (const QString error = m_host->truth->addAll(m_host->disk); !error.isEmpty())
        wrong(error);
    m_host->authority = std::make_unique<Authority>(*m_host->topology, m_host->disk.state(),
                                                    m_host->disk, m_options.authority);
}

void Simulation::crashHost(const char *when)
{
    ++m_counters.hostDeaths;
    note(QStringLiteral("the host dies %1").arg(QLatin1String(when)));
    bool amidSnapshot = false;
    for (const auto &client : m_clients) {
        if (!client->linked)
            continue;
        cut(*client);
        amidSnapshot = amidSnapshot || client->receiver.partial().chunks > 0;
    }
    m_counters.amidSnapshot += amidSnapshot;
    m_zombies.clear();
    startHost();
}

/// As an administrator does it: with the copied file, or with one made by `backup`, which begins a
/// new epoch.
void Simulation::restoreBackup()
{
    if (!m_host->backup)
        return;
    ++m_counters.restores;
    for (const auto &client : m_clients) {
        if (client->linked)
            cut(*client);
    }
    m_zombies.clear();
    for (const auto &[key, outcome] : m_host->disk.outcomes) {
        if (!m_host->backup->outcomes.contains(key))
            m_lost.insert(key);
    }
    m_host->disk = *m_host->backup;
    if (m_rng.chance(50))
        m_host->disk.epoch += u'\'';
    note(QStringLiteral("the backup of revision %1 is put back").arg(m_host->disk.entries.size()));
    startHost();
}

void Simulation::crashClient(Client &client)
{
    ++m_counters.clientDeaths;
    if (client.linked)
        cut(client);
    if (m_rng.chance(50))
        client.store->flush();
    else
        client.store->lose();
    startClient(client);
}

void Simulation::startClient(Client &client)
{
    client.core.reset();
    client.undo.clear();
    client.redo.clear();
    client.receiver = ClientReceiver();
    client.topology = std::make_unique<Topology>();
    client.core = std::make_unique<ClientCore>(
        *client.topology, client.store.get(),
        ClientCore::Options{
            QStringLiteral("user%1").arg(client.number), {}, 4 + m_rng.below(60), 3000});
    if (const auto started = client.core->start(); !started)
        wrong(QStringLiteral("client %1 cannot start: %2")
                  .arg(client.number)
                  .arg(started.error().text));
    if (client.store->id.site != 0)
        m_sites[client.number].insert(client.store->id.site);
    QSet<QString> kept;
    for (const Replica::Pending &pending : client.core->replica().pending())
        kept.insert(pending.change.label);
    for (auto it = client.pending.cbegin(); it != client.pending.cend(); ++it) {
        if (!kept.contains(it.key()))
            wrong(
                QStringLiteral("client %1 lost %2 when it died").arg(client.number).arg(it.key()));
    }
    checkClient(client, true);
}

void Simulation::cloneClient()
{
    const Client &from = *m_clients[size_t(m_rng.below(int(m_clients.size())))];
    if (from.store->id.site == 0 || m_clients.size() >= kMostClients)
        return;
    ++m_counters.clones;
    m_clients.push_back(std::make_unique<Client>());
    Client &client = *m_clients.back();
    client.number = int(m_clients.size()) - 1;
    note(QStringLiteral("client %1 begins with a copy of the profile of client %2")
             .arg(client.number)
             .arg(from.number));
    *client.store = *from.store;
    client.store->lose();
    // What was pending in the one profile is pending in both now. Nobody can know that it is one
    // change, should they get different numbers.
    for (const auto &[cseq, bytes] : client.store->changes) {
        const QString label = wire::decodeChange(bytes)->label;
        m_ambiguous.insert(label);
        m_host->truth->allowTwice(label);
    }
    m_sites[client.number].unite(m_sites.value(from.number));
    startClient(client);
}

// What people do

void Simulation::edit(Client &client)
{
    if (!client.core->isReady())
        return;
    const QString label = QStringLiteral("c%1-%2").arg(client.number).arg(++client.made);
    QList<Edit> edits;
    QList<QList<Edit>> *taken = nullptr;
    if (m_rng.chance(18)) {
        taken = !client.redo.isEmpty() && m_rng.chance(30) ? &client.redo : &client.undo;
        if (!taken->isEmpty())
            edits = taken->takeLast();
    }
    const bool undoing = !edits.isEmpty();
    if (!undoing) {
        const int changes = m_rng.chance(10) ? 3 : 1;
        for (int i = 0; i < changes; ++i)
            edits += randomEdits(m_rng, *client.topology, [&] { return client.core->newId(); });
    }
    const quint64 before = client.topology->digest();
    const Replica &replica = client.core->replica();
    m_asked.insert(label, {client.number, replica.site(), replica.revision(), undoing, edits});
    m_sites[client.number].insert(replica.site());
    auto mine = client.core->submit(edits, label);
    if (!mine) {
        note(QStringLiteral("client %1 may not: %2").arg(client.number).arg(mine.error().text));
        if (isAboutAName(mine.error()))
            wrong(QStringLiteral("%1 is not made because of a name").arg(label));
        if (client.topology->digest() != before)
            wrong(QStringLiteral("a refused change left something behind"));
        return;
    }
    note(QStringLiteral("client %1 makes %2 (%3 edits%4)")
             .arg(client.number)
             .arg(label)
             .arg(edits.size())
             .arg(undoing ? QStringLiteral(", undo") : QString()));
    if (undoing) {
        ++m_counters.undone;
        (taken == &client.undo ? client.redo : client.undo).append(mine->undo);
    } else {
        client.undo.append(mine->undo);
        client.redo.clear();
    }
    if (client.undo.size() > 20)
        client.undo.removeFirst();
    collectFrom(client);
    checkClient(client, false);
}

void Simulation::showPresence(Client &client)
{
    if (client.core->phase() < ClientCore::Phase::CatchingUp)
        return;
    ++m_counters.presence;
    wire::Presence presence;
    if (m_rng.chance(60))
        presence.pointer = m_rng.chance(10) ? std::optional<QPointF>()
                                            : QPointF(m_rng.below(1000), m_rng.below(1000));
    const QList<EntityId> devices = client.topology->devices().ids();
    if (m_rng.chance(40) && !devices.isEmpty())
        presence.selection = QList<EntityId>{devices.at(m_rng.below(int(devices.size())))};
    if (m_rng.chance(60) && !devices.isEmpty())
        presence.drag = wire::Drag{1 + quint64(m_rng.below(100)),
                                   {{devices.at(m_rng.below(int(devices.size()))),
                                     QPointF(m_rng.below(1000), m_rng.below(1000))}}};
    if (m_rng.chance(30))
        presence.view = QRectF(m_rng.below(1000), m_rng.below(1000), 1 + m_rng.below(500), 100);
    if (presence.view)
        client.shown.view = presence.view;
    if (presence.pointer)
        client.shown.pointer = presence.pointer;
    if (presence.selection)
        client.shown.selection = presence.selection;
    client.core->sendPresence(presence);
    collectFrom(client);
}

// The host's turns

void Simulation::store(const CommitBatch &batch)
{
    MemoryLog &disk = m_host->disk;
    const qsizetype before = disk.entries.size();
    if (const QString error = disk.store(batch); !error.isEmpty()) {
        wrong(error);
        return;
    }
    QHash<quint64, const StoredOutcome *> outcomes;
    for (const StoredOutcome &outcome : batch.outcomes) {
        if (outcome.revision != 0)
            outcomes.insert(outcome.revision, &outcome);
        if (outcome.refusal && isAboutAName(*outcome.refusal))
            wrong(QStringLiteral("a change is refused because of a name"));
        for (const Notice &notice : outcome.notices)
            m_counters.conflicts += notice.kind == Notice::Kind::Overwrote;
    }
    for (qsizetype i = before; i < disk.entries.size() && m_wrong.isEmpty(); ++i) {
        ++m_counters.commits;
        if (const QString error = m_host->truth->add(disk.entries.at(i), disk.hashes.at(i),
                                                     outcomes.value(quint64(i) + 1));
            !error.isEmpty())
            wrong(error);
        note(QStringLiteral("  revision %1 is %2")
                 .arg(i + 1)
                 .arg(wire::decodeCommit(disk.entries.at(i))->label));
    }
}

void Simulation::turn()
{
    Authority &authority = *m_host->authority;
    const CommitBatch batch = authority.takeBatch();
    if (!batch.isEmpty()) {
        checkHost();
        const int fate = m_resting ? 100 : m_rng.below(100);
        if (m_options.hostDies && fate < 2) {
            crashHost("before its transaction");
            return;
        }
        if (m_rng.chance(20)) {
            // What arrives while it is being stored, and what is told of older things.
            for (const auto &client : m_clients)
                deliverUp(*client, m_rng.below(3));
            collect();
        }
        if (m_options.diskFull && fate >= 10 && fate < 14) {
            ++m_counters.diskFull;
            note(QStringLiteral("the host's disk is full"));
            authority.failed({Errc::Storage, QStringLiteral("disk full")});
            if (m_host->truth->board().digest() != m_host->topology->digest())
                wrong(QStringLiteral("what could not be stored stays on the host's board"));
        } else if (m_options.hostDies && fate < 4) {
            crashHost("in its transaction");
            return;
        } else {
            store(batch);
            if (m_options.hostDies && fate < 7) {
                crashHost("after its transaction, before anybody is told");
                return;
            }
            authority.committed();
            if (m_options.hostDies && fate < 10) {
                collect(m_rng.below(3));
                crashHost("amid telling what it has done");
                return;
            }
        }
    }
    if (m_rng.chance(30))
        authority.tickPresence();
    for (const Authority::SessionId id : authority.behind()) {
        m_host->paused.remove(id);
        authority.pump(id);
    }
    collect();
}

void Simulation::collect(qsizetype limit)
{
    for (const Authority::Outgoing &out : m_host->authority->takeOutgoing()) {
        if (limit == 0)
            return;
        --limit;
        for (const auto &client : m_clients) {
            if (!client->linked || !out.to.contains(client->session))
                continue;
            if (out.lane == Authority::Lane::Changes && m_host->paused.contains(client->session))
                wrong(QStringLiteral("client %1 is sent changes although its line is full")
                          .arg(client->number));
            if (!out.frame.isEmpty())
                client->down.push_back(out.frame);
            if (out.close)
                client->hostClosed = true;
        }
    }
}

void Simulation::collectFrom(Client &client)
{
    (void)takeEvents(client);
}

/// What the window heard of changes of its own.
QList<Notice> Simulation::takeEvents(Client &client)
{
    QList<Notice> notices;
    for (const QByteArray &frame : client.core->takeFrames()) {
        if (client.linked)
            client.up.push_back(frame);
    }
    for (const ClientCore::Event &event : client.core->takeEvents()) {
        if (const auto *refused = std::get_if<ClientCore::Refused>(&event)) {
            client.refused.insert(refused->label);
            ++m_counters.refusals;
            if (m_host->truth->has(refused->label) && !m_ambiguous.contains(refused->label) &&
                !m_options.restores)
                wrong(QStringLiteral("%1 was refused and took effect").arg(refused->label));
        } else if (const auto *noticed = std::get_if<ClientCore::Noticed>(&event)) {
            notices += noticed->notices;
        } else if (const auto *hangup = std::get_if<ClientCore::Hangup>(&event)) {
            note(QStringLiteral("client %1 hangs up: %2")
                     .arg(client.number)
                     .arg(hangup->error.text));
            if (hangup->retryAfter < 0)
                wrong(QStringLiteral("client %1 gave up: %2")
                          .arg(client.number)
                          .arg(hangup->error.text));
            if (!m_options.restores && hangup->error.text.contains(QLatin1String("differ")))
                wrong(QStringLiteral("client %1 diverged: %2")
                          .arg(client.number)
                          .arg(hangup->error.text));
            if (client.linked)
                cut(client);
        }
    }
    return notices;
}

/// Whose value is replaced by somebody who had not seen it hears of it with that change, unless
/// they have set it again themselves.
void Simulation::checkLosses(const Client &client, const QList<Commit> &commits, quint64 before,
                             const QSet<std::pair<EntityId, FieldKey>> &pending,
                             const QList<Notice> &notices)
{
    const Replica &replica = client.core->replica();
    for (const Commit &commit : commits) {
        if (commit.revision <= before || commit.revision > replica.revision())
            continue;
        for (const Truth::Loss &loss : m_host->truth->lossesAt(commit.revision)) {
            if (loss.site != replica.site() || pending.contains({loss.id, loss.key}))
                continue;
            ++m_counters.losses;
            const bool told =
                std::any_of(notices.cbegin(), notices.cend(), [&](const Notice &notice) {
                    return notice.kind == Notice::Kind::Lost && notice.id == loss.id &&
                           notice.key == loss.key && notice.old == loss.old &&
                           notice.revision == commit.revision;
                });
            if (!told)
                wrong(QStringLiteral("client %1 lost a value to %2 in silence")
                          .arg(client.number)
                          .arg(commit.label));
        }
    }
}

// The network

void Simulation::deliverUp(Client &client, int frames)
{
    for (; frames > 0 && client.linked && !client.up.empty(); --frames) {
        m_host->authority->receive(client.session, client.up.front(), m_now);
        client.up.pop_front();
    }
}

void Simulation::deliverDown(Client &client, int frames)
{
    bool some = false;
    for (; frames > 0 && client.linked && !client.down.empty() && m_wrong.isEmpty(); --frames) {
        auto incoming = client.receiver.feed(client.down.front());
        client.down.pop_front();
        if (!incoming) {
            wrong(QStringLiteral("client %1 cannot read a frame: %2")
                      .arg(client.number)
                      .arg(incoming.error().text));
            return;
        }
        checkTold(*incoming);
        if (const auto *snapshot = std::get_if<ClientReceiver::Snapshot>(&*incoming)) {
            ++m_counters.snapshots;
            note(QStringLiteral("client %1 gets a snapshot of revision %2")
                     .arg(client.number)
                     .arg(snapshot->revision));
        } else if (const auto *merged = std::get_if<ClientReceiver::Difference>(&*incoming)) {
            ++m_counters.differences;
            note(QStringLiteral("client %1 gets what differs between revisions %2 and %3")
                     .arg(client.number)
                     .arg(merged->difference.since)
                     .arg(merged->difference.revision));
        }
        const SiteId before = client.core->replica().site();
        const quint64 confirmed = client.core->replica().revision();
        QList<Commit> commits;
        QSet<std::pair<EntityId, FieldKey>> pending;
        if (const auto *arrived = std::get_if<ClientReceiver::Commits>(&*incoming)) {
            commits = arrived->commits;
            for (const Replica::Pending &mine : client.core->replica().pending()) {
                for (const Edit &edit : mine.change.edits) {
                    if (const auto *set = std::get_if<SetFields>(&edit)) {
                        for (const FieldChange &field : set->fields)
                            pending.insert({set->id, field.key});
                    }
                }
            }
        }
        client.core->receive(std::move(*incoming), m_now);
        const SiteId after = client.core->replica().site();
        if (before != after) {
            m_sites[client.number].insert(after);
            m_counters.renumbered += before != 0;
            note(QStringLiteral("client %1 is site %2 now").arg(client.number).arg(after));
        }
        some = true;
        const QList<Notice> notices = takeEvents(client);
        if (before == after && client.core->phase() != ClientCore::Phase::Apart)
            checkLosses(client, commits, confirmed, pending, notices);
    }
    if (some)
        checkClient(client, m_rng.chance(10));
    if (client.linked && client.hostClosed && client.down.empty())
        cut(client);
}

void Simulation::deliverLate()
{
    if (m_zombies.empty())
        return;
    const size_t at = size_t(m_rng.below(int(m_zombies.size())));
    Zombie &zombie = m_zombies[at];
    if (zombie.up.empty()) {
        m_host->authority->closeSession(zombie.session);
        m_zombies.erase(m_zombies.begin() + qsizetype(at));
    } else {
        m_host->authority->receive(zombie.session, zombie.up.front(), m_now);
        zombie.up.pop_front();
    }
}

/// The end of what is under way is lost, each way; the host may hear the rest later.
void Simulation::cut(Client &client)
{
    ++m_counters.cuts;
    const int arriving = m_rng.below(int(client.down.size()) + 1);
    client.hostClosed = false;
    Zombie zombie{client.session, std::move(client.up)};
    client.up.clear();
    zombie.up.resize(size_t(m_rng.below(int(zombie.up.size()) + 1)));
    deliverDown(client, arriving);
    if (!client.linked)
        return; // that ended it already
    note(QStringLiteral("client %1 is cut off").arg(client.number));
    client.linked = false;
    client.up.clear();
    client.down.clear();
    m_zombies.push_back(std::move(zombie));
    client.core->disconnected();
    collectFrom(client);
}

void Simulation::reconnect(Client &client)
{
    client.session = m_host->authority->openSession();
    client.linked = true;
    client.hostClosed = false;
    client.up.clear();
    client.down.clear();
    client.shown = {};
    client.receiver.reset();
    client.core->connected(client.receiver.partial());
    note(QStringLiteral("client %1 connects").arg(client.number));
    collectFrom(client);
}

// The schedule

void Simulation::step(int number)
{
    m_rng = Rng(streamOf(m_schedule.seed, quint64(number)));
    ++m_counters.steps;
    m_now += m_rng.below(50);
    Client &client = *m_clients[size_t(m_rng.below(int(m_clients.size())))];
    const int kind = m_rng.below(200);
    if (kind < 50) {
        edit(client);
    } else if (kind < 98) {
        deliverUp(client, 1 + m_rng.below(6));
    } else if (kind < 142) {
        deliverDown(client, 1 + m_rng.below(6));
    } else if (kind < 168) {
        turn();
    } else if (kind < 174) {
        deliverLate();
    } else if (kind < 176) {
        client.store->flush();
    } else if (kind < 179) {
        if (m_options.cuts && client.linked)
            cut(client);
    } else if (kind < 181) {
        if (client.linked && m_host->authority->isBehind(client.session) == false &&
            client.core->phase() == ClientCore::Phase::Live) {
            m_host->authority->pause(client.session);
            if (m_host->authority->isBehind(client.session))
                m_host->paused.insert(client.session);
        }
    } else if (kind < 182) {
        if (m_options.hostDies)
            crashHost("between two turns");
    } else if (kind < 185) {
        if (!m_options.restores)
            return;
        if (m_host->backup && m_rng.chance(40))
            restoreBackup();
        else if (m_rng.chance(50))
            m_host->backup = std::make_unique<MemoryLog>(m_host->disk);
    } else if (kind < 187) {
        if (m_options.clientsDie)
            crashClient(client);
    } else if (kind < 188) {
        if (m_options.clones)
            cloneClient();
    } else if (kind < 189) {
        if (m_options.prunes)
            m_host->disk.pruned = std::max(
                m_host->disk.pruned, quint64(m_rng.below(int(m_host->disk.entries.size()) + 1)));
    } else if (kind < 197) {
        showPresence(client);
    } else {
        m_host->authority->tickPresence();
        collect();
        client.core->expireGhosts(m_now);
        collectFrom(client);
    }
    if (!client.linked && m_rng.chance(30))
        reconnect(client);
}

/// No more mishaps, until nothing moves any more.
void Simulation::rest()
{
    m_rng = Rng(streamOf(m_schedule.seed, 1'000'000'021));
    m_resting = true;
    m_options.cuts = m_options.hostDies = m_options.diskFull = m_options.clientsDie = false;
    for (int round = 0; round < 2000 && m_wrong.isEmpty(); ++round) {
        bool busy = false;
        for (const Zombie &zombie : m_zombies)
            m_host->authority->closeSession(zombie.session);
        m_zombies.clear();
        for (const auto &client : m_clients) {
            if (!client->linked)
                reconnect(*client);
            busy = busy || !client->up.empty() || !client->down.empty();
            deliverUp(*client, 1000);
        }
        turn();
        m_host->authority->tickPresence();
        collect();
        for (const auto &client : m_clients) {
            busy = busy || !client->down.empty();
            deliverDown(*client, 1000);
            busy = busy || !client->linked || !client->up.empty() ||
                   m_host->authority->isBehind(client->session);
        }
        if (!busy && round > 3)
            return;
    }
    if (m_wrong.isEmpty())
        wrong(QStringLiteral("it does not come to rest"));
}

QString Simulation::run()
{
    ++m_counters.schedules;
    const auto carryOut = [this](int number) {
        if (m_tracing)
            m_trace.append(QStringLiteral("step %1").arg(number));
        step(number);
        return m_wrong.isEmpty();
    };
    if (m_schedule.steps) {
        for (const int number : std::as_const(*m_schedule.steps)) {
            if (!carryOut(number))
                return m_wrong;
        }
    } else {
        for (int number = 0; number < m_options.steps; ++number) {
            if (!carryOut(number))
                return m_wrong;
        }
    }
    note(QStringLiteral("to rest"));
    rest();
    if (m_wrong.isEmpty())
        checkRest();
    return m_wrong;
}

// What must hold

void Simulation::checkTold(const ClientReceiver::Incoming &incoming)
{
    const MemoryLog &disk = m_host->disk;
    if (const auto *commits = std::get_if<ClientReceiver::Commits>(&incoming)) {
        for (qsizetype i = 0; i < commits->commits.size(); ++i) {
            const quint64 revision = commits->commits.at(i).revision;
            if (revision == 0 || revision > quint64(disk.entries.size()) ||
                disk.entries.at(qsizetype(revision) - 1) != commits->encoded.at(i))
                wrong(QStringLiteral("revision %1 is shown and not durable").arg(revision));
        }
    } else if (const auto *snapshot = std::get_if<ClientReceiver::Snapshot>(&incoming)) {
        if (snapshot->revision > m_host->truth->revision() ||
            m_host->truth->hashAt(snapshot->revision) != snapshot->logHash)
            wrong(QStringLiteral("a snapshot shows what is not durable"));
    } else if (const auto *merged = std::get_if<ClientReceiver::Difference>(&incoming)) {
        if (merged->difference.revision > m_host->truth->revision() ||
            m_host->truth->hashAt(merged->difference.revision) != merged->difference.logHash)
            wrong(QStringLiteral("a difference shows what is not durable"));
    } else if (const auto *message = std::get_if<wire::Message>(&incoming)) {
        if (const auto *welcome = std::get_if<wire::Welcome>(message)) {
            if (welcome->site != 0 && !disk.sites.contains(welcome->site))
                wrong(QStringLiteral("site %1 is lent and not durable").arg(welcome->site));
        } else if (const auto *outcomes = std::get_if<wire::Outcomes>(message)) {
            for (const wire::Outcome &outcome : outcomes->outcomes) {
                if (outcome.clash)
                    continue;
                const auto stored = disk.outcomes.find({outcome.site, outcome.cseq});
                if (stored == disk.outcomes.end() || stored->second.revision != outcome.revision ||
                    stored->second.refusal != outcome.refusal)
                    wrong(QStringLiteral("change %1 of site %2 is answered, and the answer is not "
                                         "durable")
                              .arg(outcome.cseq)
                              .arg(outcome.site));
            }
        }
    }
}

void Simulation::checkHost()
{
    if (const QString broken = brokenReference(*m_host->topology); !broken.isEmpty())
        wrong(QStringLiteral("the host: ") + broken);
}

void Simulation::checkClient(Client &client, bool thorough)
{
    if (!m_wrong.isEmpty())
        return;
    const QString who = QStringLiteral("client %1: ").arg(client.number);
    if (const QString broken = brokenReference(*client.topology); !broken.isEmpty()) {
        wrong(who + broken);
        return;
    }
    Replica &replica = const_cast<Replica &>(client.core->replica());
    const Truth &truth = *m_host->truth;

    // What is no longer pending was decided, and that is on the disk.
    QHash<QString, Client::Sent> pending;
    for (const Replica::Pending &mine : replica.pending())
        pending.insert(mine.change.label,
                       {mine.change.site, mine.change.cseq, wire::hashBytes(mine.body)});
    for (auto it = client.pending.cbegin(); it != client.pending.cend(); ++it) {
        if (pending.contains(it.key()))
            continue;
        const std::pair number(it->site, it->cseq);
        const auto outcome = m_host->disk.outcomes.find(number);
        if (!m_lost.contains(number) &&
            (outcome == m_host->disk.outcomes.end() || outcome->second.bodyHash != it->bodyHash))
            wrong(
                who +
                QStringLiteral("%1 is no longer pending, and nobody has decided it").arg(it.key()));
    }
    client.pending = std::move(pending);

    // My newest word on a field is what I see.
    QHash<std::pair<EntityId, FieldKey>, bool> known; // newer ones have been looked at
    bool certain = true;
    for (auto it = replica.pending().crbegin(); it != replica.pending().crend() && certain; ++it) {
        certain = it->effective;
        for (auto edit = it->change.edits.crbegin(); edit != it->change.edits.crend() && certain;
             ++edit) {
            const auto *set = std::get_if<SetFields>(&*edit);
            certain = set != nullptr;
            if (!certain)
                break;
            if (!client.topology->contains(set->id))
                continue;
            for (auto field = set->fields.crbegin(); field != set->fields.crend(); ++field) {
                const std::pair place(set->id, field->key);
                if (std::exchange(known[place], true) || field->ifLast ||
                    (field->key.field != Field::Position && field->key.field != Field::Property &&
                     field->key.field != Field::Notes))
                    continue;
                if (client.topology->value(set->id, field->key) != field->value)
                    wrong(
                        who +
                        QStringLiteral("what %1 wrote is not what is shown").arg(it->change.label));
            }
        }
    }

    // The confirmed state is that of its revision.
    if (!client.core->isReady())
        return;
    const quint64 revision = replica.revision();
    const bool shared =
        revision <= truth.revision() && truth.hashAt(revision) == client.core->logHash();
    if (!shared) {
        if (!m_options.restores)
            wrong(who + QStringLiteral("it has a log of its own"));
        return;
    }
    if (replica.pendingCount() == 0) {
        if (client.topology->digest() != truth.digestAt(revision))
            wrong(who + QStringLiteral("its board is not that of revision %1").arg(revision));
    } else if (thorough) {
        replica.withConfirmed([&](const Topology &confirmed) {
            if (confirmed.digest() != truth.digestAt(revision))
                wrong(
                    who +
                    QStringLiteral("its confirmed state is not that of revision %1").arg(revision));
        });
    }
}

void Simulation::checkRest()
{
    const Host &host = *m_host;
    const Topology &board = *host.topology;
    checkHost();
    if (!(host.truth->board() == board) || host.truth->board().digest() != board.digest())
        return wrong(QStringLiteral("the host's board is not what its log says"));
    if (!isSound(board))
        return wrong(QStringLiteral("the host's board does not fit together"));
    if (host.truth->revision() != host.authority->revision() ||
        host.truth->hashAt(host.truth->revision()) != host.authority->logHash())
        return wrong(QStringLiteral("the host's log is not what is on its disk"));
    QSet<SiteId> sites;
    for (const auto &client : m_clients) {
        const QString who = QStringLiteral("client %1 ").arg(client->number);
        const Replica &replica = client->core->replica();
        if (client->core->phase() != ClientCore::Phase::Live)
            return wrong(who + QStringLiteral("is not live"));
        if (replica.pendingCount() != 0)
            return wrong(
                who + QStringLiteral("has %1 changes still pending").arg(replica.pendingCount()));
        if (replica.revision() != host.authority->revision())
            return wrong(who + QStringLiteral("has another revision"));
        if (!(*client->topology == board) || client->topology->digest() != board.digest())
            return wrong(who + QStringLiteral("has another board"));
        if (client->core->logHash() != host.authority->logHash())
            return wrong(who + QStringLiteral("has another log"));
        if (sites.contains(replica.site()))
            return wrong(who + QStringLiteral("shares its site"));
        sites.insert(replica.site());
        checkClient(*client, true);
        for (const QString &label : std::as_const(client->refused)) {
            if (!m_options.restores && !m_ambiguous.contains(label) && host.truth->has(label))
                return wrong(QStringLiteral("%1 was refused and took effect").arg(label));
        }
        // Everybody sees everybody, as they are now; and no ghost for ever.
        if (client->core->peers().size() != qsizetype(m_clients.size()))
            return wrong(who + QStringLiteral("does not see everybody"));
        client->core->expireGhosts(m_now + 60000);
        for (const auto &other : m_clients) {
            const auto peer = client->core->peers().constFind(other->core->session());
            if (peer == client->core->peers().cend())
                return wrong(who + QStringLiteral("does not know client %1").arg(other->number));
            if (peer->presence.pointer.value_or(std::nullopt) !=
                    other->shown.pointer.value_or(std::nullopt) ||
                peer->presence.selection.value_or(QList<EntityId>()) !=
                    other->shown.selection.value_or(QList<EntityId>()) ||
                peer->presence.view != other->shown.view)
                return wrong(who + QStringLiteral("sees client %1 as it was").arg(other->number));
            if (peer->presence.drag && peer->presence.drag->gesture != 0)
                return wrong(who + QStringLiteral("still sees a ghost"));
        }
    }
    // An outcome names its own change.
    for (const auto &[key, outcome] : host.disk.outcomes) {
        if (outcome.revision == 0)
            continue;
        const auto commit =
            wire::decodeCommit(host.disk.entries.at(qsizetype(outcome.revision) - 1));
        if (commit->site != key.first || commit->cseq != key.second)
            return wrong(QStringLiteral("an outcome names another change's revision"));
    }
}
