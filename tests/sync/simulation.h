#pragma once

#include "model/authority.h"
#include "model/clientcore.h"
#include "tests/sync/randomedits.h"

#include <map>

/// A host and several clients in one thread: clock, network, disks and schedule come from one seed.
/// Everything that can go wrong between processes does: cuts that lose the end of what is under
/// way, bytes of an old connection that come late, a host that dies before, during or after its
/// transaction, a disk that is full, clients that die, a profile that is copied, an old backup that
/// is restored.
class Simulation
{
public:
    struct Options
    {
        int clients = 4;
        int steps = 400;
        int edits = 25;       ///< of 100 steps
        bool cuts = true;     ///< connections end
        bool hostDies = true; ///< and comes back with what was durable
        bool diskFull = true; ///< batches fail
        bool clientsDie = true;
        bool clones = false;   ///< two clients from one profile
        bool restores = false; ///< the host comes back with an old backup
        patchboard::Authority::Options authority;
    };
    Simulation(quint64 seed, Options options);
    ~Simulation();

    /// Runs the schedule and lets everything come to rest. Empty, or what is wrong.
    QString run();

    struct Counters
    {
        int commits = 0, refusals = 0, duplicates = 0, cuts = 0, crashes = 0, snapshots = 0,
            renumbered = 0, undone = 0;
    };
    [[nodiscard]] const Counters &counters() const { return m_counters; }

private:
    struct Host;
    struct Client;
    struct Zombie;

    void step();
    void edit(Client &client);
    void turn();
    void deliverUp(Client &client, int frames);
    void deliverDown(Client &client, int frames);
    void collect();
    void collectFrom(Client &client);
    void cut(Client &client);
    void reconnect(Client &client);
    void crashHost(bool restoreBackup);
    void crashClient(Client &client);
    void cloneClient();
    QString checkRest();
    QString checkLog();
    QString checkClient(Client &client);
    void wrong(const QString &what);

    Rng m_rng;
    Options m_options;
    qint64 m_now = 1000;
    Counters m_counters;
    QString m_wrong;
    std::unique_ptr<Host> m_host;
    std::vector<std::unique_ptr<Client>> m_clients;
    std::vector<Zombie> m_zombies;
};
