#include "tests/sync/simulation.h"

#include "tests/sync/memorylog.h"

#include "model/wire/codec.h"
#include "model/wire/snapshot.h"

using namespace patchboard;

namespace {

/// The disk of a client. What may be written later is lost when it dies.
class MemoryClientStore final : public ClientStore
{
public:
    Identity id;
    std::map<quint64, QByteArray> changes;
    std::optional<Cached> cache;
    quint64 forgotten = 0;
    QList<QByteArray> laterCommits;

    [[nodiscard]] Identity identity() const override { return id; }
    Result<std::optional<Cached>> cached() override { return cache; }
    Result<QList<Change>> pending() override
    {
        QList<Change> out;
        for (const auto &[cseq, bytes] : changes)
            out.append(*wire::decodeChange(bytes));
        return out;
    }
    Result<void> append(const Change &change, const QByteArray &encoded, quint32 counter) override
    {
        changes[change.cseq] = encoded;
        id.lastIssued = change.cseq;
        id.counter = counter;
        return {};
    }
    void forget(quint64 cseq) override { forgotten = cseq; }
    void confirmed(quint64, const QByteArray &commit) override { laterCommits.append(commit); }
    void flush()
    {
        changes.erase(changes.begin(), changes.upper_bound(forgotten));
        id.lastAcked = std::max(id.lastAcked, forgotten);
        if (cache)
            cache->commits += laterCommits;
        laterCommits.clear();
    }
    void lose()
    {
        forgotten = id.lastAcked;
        laterCommits.clear();
    }
    Result<void> setSnapshot(const QString &epoch, quint64 revision, quint64 logHash,
                             const QByteArray &snapshot) override
    {
        flush();
        cache = Cached{epoch, revision, logHash, snapshot, {}};
        return {};
    }
    Result<void> setSession(quint64 session) override
    {
        id.session = session;
        return {};
    }
    Result<void> moveToSite(SiteId site, quint64 session, const QList<Change> &list,
                            quint64 lastIssued, quint32 counter) override
    {
        changes.clear();
        for (const Change &change : list)
            changes[change.cseq] = wire::encodeChange(change);
        id.site = site;
        id.session = session;
        id.counter = counter;
        id.lastIssued = lastIssued;
        id.lastAcked = forgotten = list.isEmpty() ? lastIssued : 0;
        return {};
    }
};

} // namespace

struct Simulation::Host
{
    MemoryLog disk;
    std::unique_ptr<MemoryLog> backup;
    std::unique_ptr<Topology> topology;
    std::unique_ptr<Authority> authority;
};

struct Simulation::Client
{
    int number = 0;
    std::unique_ptr<MemoryClientStore> store = std::make_unique<MemoryClientStore>();
    std::unique_ptr<Topology> topology;
    std::unique_ptr<ClientCore> core;
    ClientReceiver receiver;
    bool linked = false;
    Authority::SessionId session = 0;
    std::deque<QByteArray> up;
    std::deque<QByteArray> down;
    bool hostClosed = false;
    QSet<SiteId> sites;
    int made = 0;
    QSet<QString> open;    ///< labels of changes that were submitted
    QSet<QString> refused; ///< and of those, refused
    QList<QList<Edit>> undo;
};

struct Simulation::Zombie
{
    Authority::SessionId session;
    std::deque<QByteArray> up;
};

Simulation::Simulation(quint64 seed, Options options)
    : m_rng(seed)
    , m_options(std::move(options))
    , m_host(std::make_unique<Host>())
{
    m_options.authority.random = [this] { return m_rng.next(); };
    crashHost(false);
    m_counters.crashes = 0;
    for (int i = 0; i < m_options.clients; ++i) {
        m_clients.push_back(std::make_unique<Client>());
        Client &client = *m_clients.back();
        client.number = i;
        client.store->id.profile = QStringLiteral("profile-%1").arg(i);
        crashClient(client);
    }
    m_counters.crashes = 0;
}

Simulation::~Simulation() = default;

void Simulation::wrong(const QString &what)
{
    if (m_wrong.isEmpty())
        m_wrong = what;
}

void Simulation::crashHost(bool restoreBackup)
{
    ++m_counters.crashes;
    for (const auto &client : m_clients) {
        if (client->linked)
            cut(*client);
    }
    m_zombies.clear();
    if (restoreBackup && m_host->backup)
        m_host->disk = *m_host->backup;
    m_host->authority.reset();
    m_host->topology = std::make_unique<Topology>();
    if (const QString error = m_host->disk.replay(*m_host->topology); !error.isEmpty())
        wrong(error);
    m_host->authority = std::make_unique<Authority>(*m_host->topology, m_host->disk.state(),
                                                    m_host->disk, m_options.authority);
}

void Simulation::crashClient(Client &client)
{
    ++m_counters.crashes;
    if (client.linked)
        cut(client);
    if (m_rng.chance(50))
        client.store->flush();
    else
        client.store->lose();
    client.core.reset();
    client.undo.clear();
    client.receiver = ClientReceiver();
    client.topology = std::make_unique<Topology>();
    client.core = std::make_unique<ClientCore>(
        *client.topology, client.store.get(),
        ClientCore::Options{
            QStringLiteral("user%1").arg(client.number), {}, 4 + m_rng.below(60), 3000});
    if (const auto started = client.core->start(); !started)
        wrong(QStringLiteral("a client cannot start: ") + started.error().text);
    if (client.store->id.site != 0)
        client.sites.insert(client.store->id.site);
}

void Simulation::cloneClient()
{
    const Client &from = *m_clients[size_t(m_rng.below(int(m_clients.size())))];
    // A copy of pending changes could be taken for both: that is no mistake of the engine.
    if (from.store->id.site == 0 || !from.store->changes.empty())
        return;
    m_clients.push_back(std::make_unique<Client>());
    Client &client = *m_clients.back();
    client.number = int(m_clients.size()) - 1;
    *client.store = *from.store;
    crashClient(client);
}

void Simulation::edit(Client &client)
{
    if (!client.core->isReady())
        return;
    const SiteId site = client.core->replica().site();
    const QString label = QStringLiteral("c%1-%2").arg(client.number).arg(++client.made);
    QList<Edit> edits;
    bool undoing = false;
    if (!client.undo.isEmpty() && m_rng.chance(15)) {
        edits = client.undo.takeLast();
        undoing = true;
    }
    if (edits.isEmpty()) {
        undoing = false;
        const int changes = m_rng.chance(10) ? 3 : 1;
        for (int i = 0; i < changes; ++i)
            edits += randomEdits(m_rng, *client.topology, [&] { return client.core->newId(); });
    }
    const quint64 before = client.topology->digest();
    auto mine = client.core->submit(edits, undoing ? label + QStringLiteral("-undo") : label);
    if (!mine) {
        if (client.topology->digest() != before)
            wrong(QStringLiteral("a refused change left something behind"));
        return;
    }
    client.sites.insert(site);
    client.open.insert(mine->change.label);
    if (!undoing)
        client.undo.append(mine->undo);
    else
        ++m_counters.undone;
    if (client.undo.size() > 20)
        client.undo.removeFirst();
    collectFrom(client);
}

void Simulation::collectFrom(Client &client)
{
    for (const QByteArray &frame : client.core->takeFrames()) {
        if (client.linked)
            client.up.push_back(frame);
    }
    for (const ClientCore::Event &event : client.core->takeEvents()) {
        if (const auto *refused = std::get_if<ClientCore::Refused>(&event)) {
            client.refused.insert(refused->label);
            ++m_counters.refusals;
        } else if (const auto *hangup = std::get_if<ClientCore::Hangup>(&event)) {
            if (hangup->retryAfter < 0)
                wrong(QStringLiteral("a client gave up: ") + hangup->error.text);
            if (!m_options.restores && !m_options.clones &&
                hangup->error.text.contains(QLatin1String("differ")))
                wrong(QStringLiteral("a client diverged: ") + hangup->error.text);
            if (client.linked)
                cut(client);
        }
    }
}

void Simulation::collect()
{
    for (const Authority::Outgoing &out : m_host->authority->takeOutgoing()) {
        for (const auto &client : m_clients) {
            if (!client->linked || !out.to.contains(client->session))
                continue;
            if (!out.frame.isEmpty())
                client->down.push_back(out.frame);
            if (out.close)
                client->hostClosed = true;
        }
    }
}

void Simulation::turn()
{
    Authority &authority = *m_host->authority;
    const CommitBatch batch = authority.takeBatch();
    if (!batch.isEmpty()) {
        const int fate = m_rng.below(100);
        if (m_options.diskFull && fate < 4) {
            authority.failed({Errc::Storage, QStringLiteral("disk full")});
        } else if (m_options.hostDies && fate < 6) {
            crashHost(false); // before the transaction, or inside it
            return;
        } else {
            if (m_rng.chance(20)) {
                // What arrives while it is being stored.
                for (const auto &client : m_clients)
                    deliverUp(*client, m_rng.below(3));
            }
            if (const QString error = m_host->disk.store(batch); !error.isEmpty())
                wrong(error);
            m_counters.commits += int(batch.commits.size());
            if (batch.revision == authority.topology().board().revision ||
                m_host->disk.digests.size() < m_host->disk.entries.size()) {
                Topology naive;
                if (const QString error = m_host->disk.replay(naive); !error.isEmpty())
                    wrong(error);
                m_host->disk.digests.insert(batch.revision, naive.digest());
            }
            if (m_options.hostDies && fate < 9) {
                crashHost(false); // after the transaction, before anybody hears of it
                return;
            }
            authority.committed();
        }
    }
    if (m_rng.chance(30))
        authority.tickPresence();
    for (const Authority::SessionId id : authority.behind())
        authority.pump(id);
    collect();
}

void Simulation::deliverUp(Client &client, int frames)
{
    for (; frames > 0 && client.linked && !client.up.empty(); --frames) {
        m_host->authority->receive(client.session, client.up.front(), m_now);
        client.up.pop_front();
    }
}

void Simulation::deliverDown(Client &client, int frames)
{
    for (; frames > 0 && client.linked && !client.down.empty(); --frames) {
        auto incoming = client.receiver.feed(client.down.front());
        client.down.pop_front();
        if (!incoming) {
            wrong(QStringLiteral("a client cannot read a frame: ") + incoming.error().text);
            return;
        }
        if (std::holds_alternative<ClientReceiver::Snapshot>(*incoming))
            ++m_counters.snapshots;
        const SiteId before = client.core->replica().site();
        client.core->receive(std::move(*incoming), m_now);
        const SiteId after = client.core->replica().site();
        if (before != after) {
            client.sites.insert(after);
            if (before != 0)
                ++m_counters.renumbered;
        }
        collectFrom(client);
    }
    if (client.linked && client.hostClosed && client.down.empty())
        cut(client);
}

/// The end of what is under way is lost, each way; the host may hear the rest later.
void Simulation::cut(Client &client)
{
    ++m_counters.cuts;
    const int arriving = m_rng.below(int(client.down.size()) + 1);
    client.hostClosed = false;
    Zombie zombie{client.session, std::move(client.up)};
    zombie.up.resize(size_t(m_rng.below(int(zombie.up.size()) + 1)));
    deliverDown(client, arriving);
    if (!client.linked)
        return; // that ended it already
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
    client.receiver.reset();
    client.core->connected(client.receiver.partial());
    collectFrom(client);
}

void Simulation::step()
{
    m_now += m_rng.below(50);
    Client &client = *m_clients[size_t(m_rng.below(int(m_clients.size())))];
    const int kind = m_rng.below(100);
    if (kind < m_options.edits) {
        edit(client);
    } else if (kind < 50) {
        deliverUp(client, 1 + m_rng.below(6));
    } else if (kind < 75) {
        deliverDown(client, 1 + m_rng.below(6));
    } else if (kind < 88) {
        turn();
    } else if (kind < 92) {
        if (!m_zombies.empty()) {
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
    } else if (kind < 93) {
        client.store->flush();
    } else if (kind < 94 && m_options.cuts) {
        if (client.linked)
            cut(client);
    } else if (kind < 95 && client.linked) {
        m_host->authority->pause(client.session);
    } else if (kind < 96 && m_options.hostDies) {
        if (m_rng.chance(25)) {
            const bool old = m_options.restores && m_rng.chance(40);
            crashHost(old);
        } else if (m_options.restores && m_rng.chance(40)) {
            m_host->backup = std::make_unique<MemoryLog>(m_host->disk);
        }
    } else if (kind < 97 && m_options.clientsDie) {
        if (m_rng.chance(40))
            crashClient(client);
    } else if (kind < 98 && m_options.clones) {
        if (m_clients.size() < 6 && m_rng.chance(20))
            cloneClient();
    } else if (kind < 99 && m_rng.chance(20)) {
        m_host->disk.pruned = quint64(m_rng.below(int(m_host->disk.entries.size()) + 1));
    }
    if (!client.linked && m_rng.chance(15))
        reconnect(client);
}

QString Simulation::checkClient(Client &client)
{
    if (!isSound(*client.topology))
        return QStringLiteral("client %1 shows something that does not fit together")
            .arg(client.number);
    if (m_options.restores || !client.core->isReady())
        return {};
    const quint64 revision = client.core->replica().revision();
    const auto digest = m_host->disk.digests.constFind(revision);
    if (digest == m_host->disk.digests.cend())
        return {};
    // Not const: it takes back what is pending for a moment.
    bool same = false;
    const quint64 shown = client.topology->digest();
    const_cast<Replica &>(client.core->replica()).withConfirmed([&](const Topology &confirmed) {
        same = confirmed.digest() == *digest;
    });
    if (!same)
        return QStringLiteral("client %1: its confirmed state is not that of revision %2")
            .arg(client.number)
            .arg(revision);
    (void)shown;
    return {};
}

/// The log as history: every change once, and no undo of what somebody else had done since.
QString Simulation::checkLog()
{
    QSet<QString> labels;
    Topology naive;
    for (const QByteArray &bytes : m_host->disk.entries) {
        const auto commit = wire::decodeCommit(bytes);
        if (labels.contains(commit->label))
            return QStringLiteral("%1 took effect twice").arg(commit->label);
        labels.insert(commit->label);
        if (commit->label.endsWith(QLatin1String("-undo"))) {
            const Client *owner = nullptr;
            for (const auto &client : m_clients) {
                if (client->open.contains(commit->label))
                    owner = client.get();
            }
            for (const Edit &edit : commit->edits) {
                const auto *set = std::get_if<SetFields>(&edit);
                if (!set || !owner)
                    continue;
                for (const FieldChange &field : set->fields) {
                    const auto writer = naive.writerOf(set->id, field.key);
                    // A container that goes away moves what it held, whoever put it there.
                    if (field.key.field != Field::Container && writer &&
                        !owner->sites.contains(writer->writer.site))
                        return QStringLiteral("%1 reverted what somebody else wrote")
                            .arg(commit->label);
                }
            }
        }
        (void)naive.apply(commit->edits,
                          {{commit->site, commit->cseq}, commit->revision, commit->time});
    }
    if (m_options.restores)
        return {};
    for (const auto &client : m_clients) {
        for (const QString &label : std::as_const(client->open)) {
            bool noEffect = client->refused.contains(label);
            if (labels.contains(label) == noEffect && noEffect)
                return QStringLiteral("%1 was refused and took effect").arg(label);
        }
    }
    return {};
}

QString Simulation::checkRest()
{
    const Topology &board = *m_host->topology;
    Topology naive;
    if (const QString error = m_host->disk.replay(naive); !error.isEmpty())
        return error;
    if (!(naive == board) || naive.digest() != board.digest())
        return QStringLiteral("the host's board is not what its log says");
    if (!isSound(board))
        return QStringLiteral("the host's board does not fit together");
    quint64 logHash = 0;
    for (const QByteArray &bytes : std::as_const(m_host->disk.entries))
        logHash = wire::extendLogHash(logHash, bytes);
    if (logHash != m_host->authority->logHash())
        return QStringLiteral("the hash of the log is wrong");
    QSet<SiteId> sites;
    QSet<QString> committed;
    for (const QByteArray &bytes : std::as_const(m_host->disk.entries))
        committed.insert(wire::decodeCommit(bytes)->label);
    QSet<QString> withoutEffect;
    for (const auto &client : m_clients) {
        const QString who = QStringLiteral("client %1: ").arg(client->number);
        const Replica &replica = client->core->replica();
        if (client->core->phase() != ClientCore::Phase::Live)
            return who + QStringLiteral("is not live");
        if (replica.pendingCount() != 0)
            return who + QStringLiteral("%1 changes are still pending").arg(replica.pendingCount());
        if (replica.revision() != m_host->authority->revision())
            return who + QStringLiteral("has another revision");
        if (!(*client->topology == board) || client->topology->digest() != board.digest())
            return who + QStringLiteral("has another board");
        if (client->core->logHash() != logHash)
            return who + QStringLiteral("has another log");
        if (sites.contains(replica.site()))
            return who + QStringLiteral("shares its site");
        sites.insert(replica.site());
    }
    if (const QString error = checkLog(); !error.isEmpty())
        return error;
    if (m_options.restores)
        return {};
    // Every change was decided, and what took effect is there.
    int decided = 0;
    for (const auto &[key, outcome] : m_host->disk.outcomes) {
        decided += key.first != 0;
        if (outcome.revision != 0) {
            const auto commit =
                wire::decodeCommit(m_host->disk.entries.at(qsizetype(outcome.revision) - 1));
            if (commit->site != key.first || commit->cseq != key.second)
                return QStringLiteral("an outcome names another change's revision");
        }
    }
    int submitted = 0;
    for (const auto &client : m_clients)
        submitted += int(client->open.size());
    if (decided != submitted)
        return QStringLiteral("%1 changes were made, %2 decided").arg(submitted).arg(decided);
    return {};
}

QString Simulation::run()
{
    for (int i = 0; i < m_options.steps && m_wrong.isEmpty(); ++i) {
        step();
        if (i % 16 == 0 && m_wrong.isEmpty())
            wrong(checkClient(*m_clients[size_t(m_rng.below(int(m_clients.size())))]));
    }
    // To rest: no more mishaps.
    m_options.cuts = m_options.hostDies = m_options.diskFull = m_options.clientsDie = false;
    for (int round = 0; round < 2000 && m_wrong.isEmpty(); ++round) {
        bool busy = false;
        for (Zombie &zombie : m_zombies)
            m_host->authority->closeSession(zombie.session);
        m_zombies.clear();
        for (const auto &client : m_clients) {
            if (!client->linked)
                reconnect(*client);
            busy = busy || !client->up.empty() || !client->down.empty();
            deliverUp(*client, 1000);
        }
        turn();
        for (const auto &client : m_clients) {
            busy = busy || !client->down.empty();
            deliverDown(*client, 1000);
            busy = busy || !client->linked || !client->up.empty() ||
                   m_host->authority->isBehind(client->session);
        }
        if (!busy && round > 3)
            break;
    }
    return m_wrong.isEmpty() ? checkRest() : m_wrong;
}
