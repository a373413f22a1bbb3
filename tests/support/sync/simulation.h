#pragma once

#include "model/authority.h"
#include "model/clientcore.h"
#include "tests/support/sync/randomedits.h"
#include "tests/support/sync/schedule.h"
#include "tests/support/sync/truth.h"

#include <QStringList>

/// A host and several clients in one thread, with the real state machines; clock, network, disks
/// and what happens when come from a seed. Everything that can go wrong between processes does:
/// cuts that lose the end of what is under way, bytes of an old connection that come late, a host
/// that dies before, in or after its transaction, before or amid telling it, or amid a snapshot; a
/// disk that is full, clients that die, profiles that are copied, old backups that are put back.
///
/// What docs/sync.md promises is checked at every step, and at rest against a plain replay.
class Simulation
{
public:
    explicit Simulation(Schedule schedule, bool trace = false);
    ~Simulation();
    Simulation(const Simulation &) = delete;
    Simulation &operator=(const Simulation &) = delete;

    /// Runs the schedule and lets everything come to rest. Empty, or what is wrong.
    QString run();
    /// Steps of the whole schedule, whatever was left out.
    [[nodiscard]] int steps() const { return m_options.steps; }
    /// What happened, a line each, if asked for.
    [[nodiscard]] const QStringList &trace() const { return m_trace; }

    struct Counters
    {
        qint64 schedules = 0, steps = 0, commits = 0, refusals = 0, conflicts = 0, losses = 0,
               undone = 0, cuts = 0, hostDeaths = 0, amidSnapshot = 0, restores = 0, diskFull = 0,
               clientDeaths = 0, snapshots = 0, differences = 0, renumbered = 0, clones = 0,
               presence = 0;
        Counters &operator+=(const Counters &other);
        [[nodiscard]] QString toString() const;
    };
    [[nodiscard]] const Counters &counters() const { return m_counters; }

private:
    /// What a seed makes of a run.
    struct Options
    {
        int clients = 4;
        int steps = 300;
        bool cuts = true;     ///< connections end
        bool hostDies = true; ///< and comes back with what was durable
        bool diskFull = true; ///< batches fail
        bool clientsDie = true;
        bool clones = false;   ///< profiles are copied
        bool restores = false; ///< the host comes back with an old backup
        bool prunes = false;   ///< the host forgets the beginning of its log
        patchboard::Authority::Options authority;
    };
    struct Host;
    struct Client;
    struct Zombie;

    static Options optionsOf(quint64 seed);
    void step(int number);
    void edit(Client &client);
    void showPresence(Client &client);
    void turn();
    /// Stores a batch on the disk, and holds it to the rules.
    void store(const patchboard::CommitBatch &batch);
    void deliverUp(Client &client, int frames);
    void deliverDown(Client &client, int frames);
    void deliverLate();
    /// What the host wants to say goes on its way; only the first @a limit of it.
    void collect(qsizetype limit = -1);
    void collectFrom(Client &client);
    QList<patchboard::Notice> takeEvents(Client &client);
    void checkLosses(const Client &client, const QList<patchboard::Commit> &commits, quint64 before,
                     const QSet<std::pair<patchboard::EntityId, patchboard::FieldKey>> &pending,
                     const QList<patchboard::Notice> &notices);
    void cut(Client &client);
    void reconnect(Client &client);
    void startHost();
    void crashHost(const char *when);
    void restoreBackup();
    void crashClient(Client &client);
    void startClient(Client &client);
    void cloneClient();
    void rest();
    /// A frame on its way to a client says nothing that is not on the disk.
    void checkTold(const patchboard::ClientReceiver::Incoming &incoming);
    void checkHost();
    void checkClient(Client &client, bool thorough);
    void checkRest();
    void wrong(const QString &what);
    void note(const QString &line);

    Schedule m_schedule;
    Options m_options;
    bool m_tracing;
    Rng m_rng;
    qint64 m_now = 1000;
    bool m_resting = false;
    Counters m_counters;
    QString m_wrong;
    QStringList m_trace;
    QHash<QString, Asked> m_asked;
    QHash<int, QSet<patchboard::SiteId>> m_sites;
    QSet<QString> m_ambiguous;                           ///< labels that a copied profile has too
    QSet<std::pair<patchboard::SiteId, quint64>> m_lost; ///< decided after the backup
    std::unique_ptr<Host> m_host;
    std::vector<std::unique_ptr<Client>> m_clients;
    std::vector<Zombie> m_zombies;
};
