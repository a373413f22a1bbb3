#pragma once

#include "server/access/access.h"
#include "server/clientlink.h"
#include "server/historydesk.h"
#include "server/http/board.h"
#include "server/log/log.h"
#include "server/metrics.h"
#include "server/probes/probes.h"
#include "server/store/store.h"

#include <QElapsedTimer>
#include <QTimer>

#include <memory>
#include <unordered_map>

namespace patchboard::server {

/// A board, its authority and its store, around the turns of one event loop: what arrived in a turn
/// is applied, committed in one transaction, and only then told to everybody, in one frame that is
/// encoded once.
///
/// One thread, the one that opened it. Sockets and HTTP stand on it (NetworkServer); clients of
/// this process come by addClient().
class Host final : public QObject, public http::Board
{
    Q_OBJECT
public:
    struct Limits
    {
        qsizetype sessions = 4096;           ///< open at once
        qsizetype catchingUp = 64;           ///< served with what they missed, at once
        qint64 presenceBytes = 1024 * 1024;  ///< unsent: no presence any more
        qint64 pauseBytes = 4 * 1024 * 1024; ///< unsent: no changes, the log is the queue
        qint64 resumeBytes = 256 * 1024;     ///< unsent: again
        int stuckMs = 30'000;                ///< unsent and nothing taken: closed
        int helloMs = 10'000;                ///< without a first frame: closed
        int pingAfterMs = 5'000;             ///< of silence
        int deadAfterMs = 15'000;            ///< of silence: closed
    };
    struct Options
    {
        QString serverName; ///< what windows show; empty: the name of this machine
        Limits limits;
    };

    /// Loads the board. @a log must outlive the host.
    static Result<std::unique_ptr<Host>> open(std::unique_ptr<Store> store, const Options &options,
                                              Log &log);
    ~Host() override;

    [[nodiscard]] const Authority &authority() const { return *m_authority; }
    [[nodiscard]] Log &log() { return m_log; }
    [[nodiscard]] QString name() const { return m_store->name(); }
    [[nodiscard]] qsizetype clientCount() const { return qsizetype(m_clients.size()); }
    [[nodiscard]] const HostMetrics &metrics() const { return m_metrics; }
    /// What is written and not yet taken by the clients' connections.
    struct Queues
    {
        qint64 bytes = 0;
        qint64 longest = 0;
        int paused = 0; ///< connections so full that their changes wait in the log
    };
    [[nodiscard]] Queues queues() const;

    /// Where somebody comes from who is not of this process, and what decides over them.
    struct Entrance
    {
        QPointer<access::Access> access;
        QHostAddress address;
        QString token; ///< of the request that opened the connection; one in Hello goes before it
    };
    /// Takes a client; it goes when it ends. Without an entrance it is of this process, and may do
    /// everything. False (and it is told) if there are too many.
    bool addClient(std::unique_ptr<ClientLink> link, std::optional<Entrance> entrance = {});
    /// Ends those whom their entrance would not let stay, and from now on tells them nothing. Also
    /// in the middle of a turn.
    void reviewClients();
    /// Puts the demo board on a board that has never been changed.
    Result<void> seedDemo();
    /// From now on the probes of the board's devices are asked. Once.
    void startProbes(const Probes::Options &options);
    /// nullptr: there are none.
    [[nodiscard]] const Probes *probes() const { return m_probes.get(); }
    /// The lane of observed status: what probes say of devices, as one change that nobody undoes.
    /// What is so already is left alone, an override stands over it. Returns how many it changes.
    quint64 observe(const QHash<EntityId, Status> &statuses);
    /// Commits what has arrived, tells everybody, ends their connections, and makes the next start
    /// fast. Nothing is taken any more.
    void finish();

    // http::Board
    [[nodiscard]] const Topology &topology() const override { return m_topology; }
    [[nodiscard]] const ComputedStatus &computed() const override { return m_computed; }
    [[nodiscard]] QString epoch() const override { return m_authority->epoch(); }
    [[nodiscard]] quint64 settledRevision() override;
    [[nodiscard]] EntityId newId() override { return m_authority->newLocalId(); }
    void takeBackIds(EntityId first) override { m_authority->takeBackLocalIds(first); }
    [[nodiscard]] qint64 now() const override;
    Result<Done> commit(const QList<Edit> &edits, const http::Author &author,
                        const QString &label) override;
    Result<Expansion> check(const QList<Edit> &edits, const QString &author,
                            qsizetype *refused) override;
    bool gather(const std::function<void()> &handler) override;
    void whenSettled(std::function<void(const Result<void> &)> then) override;
    Result<void> commitWith(const std::function<std::optional<KeptAnswer>()> &handler) override;
    Result<std::optional<KeptAnswer>> keptAnswer(const QString &author, const QString &key) override
    {
        return m_store->answer(author, key, now());
    }
    Result<quint64> oldestChange() override { return m_store->oldestRevision(); }
    Result<quint64> oldestBoard() override { return m_store->oldestBoard(); }
    Result<QList<QByteArray>> changes(quint64 from, quint64 to) override
    {
        return m_store->commits(from, to);
    }
    Result<QList<AuditEntry>> audit(const AuditPlace &after, qsizetype limit) override
    {
        return m_store->audit(after, limit);
    }
    [[nodiscard]] const QList<wire::NamedSnapshot> &snapshots() const override
    {
        return m_authority->namedSnapshots();
    }
    Result<wire::NamedSnapshot> editSnapshot(const wire::SnapshotEdit &edit,
                                             const http::Author &author) override;
    bool lookBack(Look work, std::function<void()> done) override
    {
        return m_history->look(std::move(work), std::move(done));
    }
    void announce(const QByteArray &event, const QByteArray &json) override;

Q_SIGNALS:
    /// Somebody came or went.
    void clientsChanged();
    /// All that the topology's observers have heard of since the last time is durable now, and
    /// about to be told to windows.
    void committed();
    /// It could not be stored, and the topology has taken it back.
    void takenBack();
    void announced(const QByteArray &event, const QByteArray &json);

private:
    struct Client
    {
        std::unique_ptr<ClientLink> link;
        std::optional<Entrance> entrance;
        std::optional<access::Caller> caller; ///< once it was let in through the entrance
        qint64 heard = 0;                     ///< ms of m_clock: last sign of life
        qint64 opened = 0;                    ///< when it came
        qint64 moved = 0;                     ///< when it last took something
        bool greeted = false;                 ///< it has sent a frame
        bool paused = false;
        bool ending = false;
        bool barred = false; ///< it may not stay: neither told anything nor listened to
    };
    using Id = Authority::SessionId;

    Host(std::unique_ptr<Store> store, const Options &options, Log &log);
    Result<Authority::Admission> admit(Id id, const wire::Hello &hello);
    void received(Id id, const QByteArray &frame);
    void dropClient(Id id, const QString &reason);
    void endClient(Id id);
    [[nodiscard]] static bool mayStay(const Client &client);
    void bar(Id id, Client &client);
    void expelBarred();
    void scheduleTurn();
    void turn();
    /// Stores what is open. False: it could not be stored, and was taken back.
    bool store();
    bool writeOpen();
    void tellAnnounced();
    /// Stores it and tells everybody.
    Result<void> settle();
    void sendOutgoing();
    void pumpOne(Id id);
    void sweep();
    void keepHouse();
    void doChores(Store::Chores which);

    Options m_options;
    Log &m_log;
    Topology m_topology;
    ComputedStatus m_computed{m_topology};
    std::unique_ptr<Store> m_store;
    std::unique_ptr<Authority> m_authority;
    std::unique_ptr<HistoryDesk> m_history;
    std::unordered_map<Id, Client> m_clients;
    QList<Id> m_barred; ///< to be told so, and ended
    std::unique_ptr<Probes> m_probes;
    QElapsedTimer m_clock;
    QTimer m_presence;
    QTimer m_sweep;
    QTimer m_idle;
    QTimer m_keepOn;           ///< with what housekeeping there is, after what has come meanwhile
    QElapsedTimer m_sinceIdle; ///< since changes were stored first that it has not seen
    Error m_lastFailure;
    QList<KeptAnswer> m_answers;                            ///< to be stored with what is open
    QList<std::pair<QByteArray, QByteArray>> m_unannounced; ///< of what is open
    std::vector<std::function<void(const Result<void> &)>> m_unsettled; ///< wait for what is open
    bool m_holding = false;   ///< commitWith() is at it: what is open stays open
    bool m_gathering = false; ///< gather() is at it: the same, until the turn
    bool m_turnScheduled = false;
    QElapsedTimer m_turn; ///< since it was scheduled
    HostMetrics m_metrics;
    bool m_finished = false;
    bool m_atChores = false;
    QElapsedTimer m_sinceChore; ///< since the last one ended
    http::Background m_chores;  ///< goes first: its work looks at the rest
};

} // namespace patchboard::server
