#pragma once

#include "model/core/topology.h"
#include "model/wire/messages.h"

#include <QHash>

#include <deque>
#include <functional>
#include <memory>

namespace patchboard {

/// How a change ended, as it is kept for ever: what is sent again gets this answer.
struct StoredOutcome
{
    SiteId site = 0;
    quint64 cseq = 0;
    quint64 bodyHash = 0; ///< wire::hashBytes() of the change as it was sent; 0 of site 0
    quint64 revision = 0; ///< 0 = no effect
    std::optional<Error> refusal;
    QList<Notice> notices;
    bool operator==(const StoredOutcome &) const = default;
};

/// Who may number changes and entities as a site, and how far the numbers of its changes got.
struct SiteLease
{
    SiteId site = 0;
    QString profile; ///< uuid of the journal that holds it
    quint64 lastCseq = 0;
    bool operator==(const SiteLease &) const = default;
};

/// By what right a change was made, and from where. For the store alone: copies are not told.
struct Origin
{
    QString token;   ///< its name; empty: none was asked for
    QString address; ///< empty: this process
    bool operator==(const Origin &) const = default;
};

/// Something done about a board that is no change of it, for those who ask who did what.
struct Act
{
    quint64 revision = 0; ///< that the board was at
    qint64 time = 0;      ///< ms since 1970 UTC
    QString author;
    Origin origin;
    QString label; ///< what, in words
    bool operator==(const Act &) const = default;
};

/// The author of what probes observe: changes of the host's own that are in nobody's undo. A status
/// that replaces an observed one is no conflict, so its author is not told.
inline constexpr QLatin1String kProbeAuthor("probe");

/// Entries of the log, each as wire::encodeCommit() makes it, one behind the other: a turn makes
/// one piece of memory, not one for each of its changes.
class LogRun
{
public:
    [[nodiscard]] qsizetype size() const { return m_ends.size(); }
    /// One of them; as long as the run is not changed.
    [[nodiscard]] QByteArrayView at(qsizetype index) const
    {
        const qsizetype start = index == 0 ? 0 : m_ends.at(index - 1);
        return QByteArrayView(m_bytes).sliced(start, m_ends.at(index) - start);
    }
    [[nodiscard]] qint64 bytes() const { return m_bytes.size(); } ///< of all of them
    void append(const Commit &commit);
    void removeLast();
    /// No more are to come: gives back the room for them.
    void close();

private:
    QByteArray m_bytes;
    QList<qsizetype> m_ends;
};

/// What one turn of an authority wants to be durable, in one transaction. The board's entities are
/// in the Topology already; a store that keeps rows finds the touched ids in `commits`.
struct CommitBatch
{
    QList<Commit> commits;         ///< revisions without gaps
    LogRun encoded;                ///< each of them, for the log
    QList<quint64> logHashes;      ///< the hash of the log after each
    QList<Origin> origins;         ///< of each
    QList<StoredOutcome> outcomes; ///< of every change that was decided
    QList<SiteLease> leases; ///< new ones, and those that got further; the last of a site counts
    std::optional<QList<wire::NamedSnapshot>> snapshots; ///< all of them, if they have changed
    QList<Act> acts;                                     ///< with what is stored here
    quint64 revision = 0;                                ///< after it
    quint64 logHash = 0;                                 ///< after it

    [[nodiscard]] bool isEmpty() const
    {
        return commits.isEmpty() && outcomes.isEmpty() && leases.isEmpty() && !snapshots;
    }
};

/// What a store loads beside the board itself.
struct AuthorityState
{
    QString epoch; ///< uuid; another after a restore from a backup
    quint64 revision = 0;
    quint64 logHash = 0;
    QHash<SiteId, SiteLease> sites;
    QList<wire::NamedSnapshot> snapshots{}; ///< ascending by id
};

/// The durable past, as far as an authority does not remember it.
class LogSource
{
public:
    virtual ~LogSource() = default;
    /// The log's entries from <= revision <= to, in order and without gaps, as encoded for it; an
    /// error if some were pruned or cannot be read.
    virtual Result<QList<QByteArray>> commits(quint64 from, quint64 to) = 0;
    /// The hash of the log after a revision; nullopt if that was pruned.
    virtual Result<std::optional<quint64>> logHashAt(quint64 revision) = 0;
    /// How a change ended; nullopt if it is not known.
    virtual Result<std::optional<StoredOutcome>> outcome(SiteId site, quint64 cseq) = 0;
    /// The first revision from which on every board can still be made; NotFound: none can.
    virtual Result<quint64> oldestBoard() { return quint64(0); }
};

/// Puts the changes of all sessions in one order. A plain state machine: bytes, edits and times go
/// in; what is to be stored and what is to be sent comes out. One thread owns it and its topology.
///
/// A turn of its owner: receive() and submitLocal() whatever arrived; takeBatch(), and if that is
/// not empty store it, then committed() or failed(); now and then tickPresence(); at last send
/// takeOutgoing(). Nothing that is not durable is ever sent. A batch may be stored by another
/// thread meanwhile: what arrives until then is part of the next one.
class Authority
{
public:
    using SessionId = quint64; ///< names a connection here; never 0

    struct Options
    {
        QString serverName;
        qint64 tailCommits = 5000;            ///< longer tails become snapshots
        qint64 tailBytes = 4 * 1024 * 1024;   ///< likewise
        int differencePercent = 50;           ///< of the board; who lacks more gets a snapshot
        qint64 memoryBytes = 4 * 1024 * 1024; ///< of the newest commits kept at hand
        qint64 pumpBytes = 1024 * 1024;       ///< catching up sends at most this at a time
        qsizetype chunkBytes = wire::kMaxPartBytes; ///< of a snapshot that is sent in pieces
        qsizetype outcomesPerSite = 1024;           ///< newest outcomes kept at hand
        quint64 digestEvery = 1000;                 ///< changes between two digests
        qint64 stagedBytes = 192 * 1024 * 1024; ///< of messages in parts, of all sessions together
        qint64 partTimeout = 15 * 1000;         ///< ms between two parts of one message
        qint64 stageTimeout = 5 * 60 * 1000;    ///< ms from the first part to the last
        qsizetype maxPerTurn = 4096;            ///< changes of one session in a batch
        std::function<quint64()> random;        ///< for session numbers; default QRandomGenerator
    };

    /// What a session may do.
    struct Admission
    {
        bool readOnly = false;
        Origin origin; ///< kept with its changes
    };
    using AdmissionCheck = std::function<Result<Admission>(SessionId, const wire::Hello &)>;

    /// The topology holds the board at state.revision. All references must outlive the authority.
    Authority(Topology &topology, AuthorityState state, LogSource &log, Options options);
    Authority(Topology &topology, AuthorityState state, LogSource &log);
    ~Authority();
    Authority(const Authority &) = delete;
    Authority &operator=(const Authority &) = delete;

    /// Decides over every Hello (tokens, limits); without it everybody may edit. A refusal with
    /// Errc::Unavailable asks to come again in a moment, any other to stay away.
    void setAdmissionCheck(AdmissionCheck check) { m_admission = std::move(check); }

    [[nodiscard]] const Topology &topology() const { return m_topology; }
    [[nodiscard]] quint64 revision() const { return m_revision; } ///< durable
    [[nodiscard]] quint64 logHash() const { return m_logHash; }   ///< of the durable log
    [[nodiscard]] const QString &epoch() const { return m_epoch; }
    [[nodiscard]] qsizetype sessionCount() const { return m_sessions.size(); }

    // Sessions

    /// A new connection; it must say Hello first.
    SessionId openSession();
    /// One frame. Anything is survived; who breaks the protocol is told and closed.
    void receive(SessionId session, QByteArrayView frame, qint64 now);
    /// Ends a session that was let in and may not stay: it is told why, and stays away.
    void expel(SessionId session, const Error &error);
    /// The connection is gone. Also after a closing Outgoing.
    void closeSession(SessionId session);
    /// Ends a session that asks too much; it may come again after @a retryAfter ms.
    void turnAway(SessionId session, const Error &error, qint64 retryAfter);
    /// Ends sessions that began a message in parts and let it lie. Call it every few seconds.
    void expireStaged(qint64 now);
    /// What all sessions together hold of messages that are not complete.
    [[nodiscard]] qint64 stagedBytes() const { return m_staged; }

    // Changes made here, as of REST: site 0

    struct LocalOutcome
    {
        quint64 cseq = 0;
        quint64 revision = 0; ///< that it will have; 0 = no effect
        QList<Notice> notices;
        QList<Edit> edits; ///< what it really did
    };
    /// Checks and applies at once. The answer counts when its batch is durable: on failed() it is
    /// void, and the caller has to say so to whom it asked for.
    Result<LocalOutcome> submitLocal(const QList<Edit> &edits, const QString &author,
                                     const QString &label, qint64 now, const Origin &origin = {});
    /// A fresh id of site 0.
    [[nodiscard]] EntityId newLocalId();
    /// newLocalId() goes on with @a first: it and those after it were used for nothing.
    void takeBackLocalIds(EntityId first) { m_nextLocalCounter = counterOf(first); }

    // History

    /// What a session asks of the past: a HistoryAsk or a BoardAsk. Whoever owns the authority
    /// finds the answer, in its own time, and gives it to answer().
    struct Ask
    {
        SessionId session = 0;
        wire::Message message;
    };
    [[nodiscard]] QList<Ask> takeAsks() { return std::exchange(m_asks, {}); }
    /// Sends an answer, if the session is still there.
    void answer(SessionId session, const wire::Message &message);
    [[nodiscard]] const QList<wire::NamedSnapshot> &namedSnapshots() const { return m_snapshots; }
    /// What windows ask for by the same message, asked for here: the snapshot as it is then, or as
    /// it was. Like submitLocal(), it counts when its batch is durable. NotFound (the snapshot, or
    /// the board of that revision), Conflict (the name), BadValue (none), TooLarge (too many).
    Result<wire::NamedSnapshot> editSnapshots(const wire::SnapshotEdit &edit, const QString &author,
                                              qint64 now, const Origin &origin = {});

    // Durability

    /// All that was decided is durable, or was taken back.
    [[nodiscard]] bool isQuiet() const;
    /// What must be stored now; only one batch at a time is out. Empty: nothing to do, and neither
    /// committed() nor failed() is called.
    [[nodiscard]] CommitBatch takeBatch();
    /// The batch taken last is durable.
    void committed();
    /// It is not, and never will be: it and what came after it is taken back. Who had a part in it
    /// is told (Errc::Storage, come again in a second) and closed, and keeps what is pending.
    void failed(const Error &error);

    // Sending

    enum class Lane : quint8 { Control, Changes, Presence };
    struct Outgoing
    {
        QList<SessionId> to;
        QByteArray frame; ///< encoded once for all of them
        Lane lane = Lane::Control;
        bool close = false; ///< end these connections when it is sent (frame may be empty)
    };
    /// In the order of sending.
    [[nodiscard]] QList<Outgoing> takeOutgoing();

    /// Presence of everybody since the last tick, as one frame for all. Call it up to 60 times a
    /// second.
    void tickPresence();
    [[nodiscard]] bool hasPresence() const { return !m_dirty.isEmpty() || !m_left.isEmpty(); }

    /// Sends no more changes to a session whose connection is full; the log is its queue.
    void pause(SessionId session);
    /// Its connection has room again: sends the next Options::pumpBytes of what it lacks. To be
    /// called again, when that is gone, as long as isBehind().
    void pump(SessionId session);
    /// It is paused, or still catching up.
    [[nodiscard]] bool isBehind(SessionId session) const;
    [[nodiscard]] QList<SessionId> behind() const;

    struct SessionInfo
    {
        SessionId id = 0;
        quint64 number = 0; ///< Person::id
        SiteId site = 0;
        QString author;
        quint32 colour = 0;
        bool readOnly = false;
        quint64 sentRevision = 0;
    };
    [[nodiscard]] QList<SessionInfo> sessions() const;

private:
    struct EncodedSnapshot;
    struct LongCommit;
    struct SessionState;
    struct Batch;
    using SessionPtr = std::shared_ptr<SessionState>;

    void receiveHello(const SessionPtr &session, const wire::Hello &hello);
    void receiveSubmit(SessionState &session, const wire::Submit &submit, qint64 now);
    void receivePresence(SessionState &session, const wire::Presence &presence);
    void receiveAsk(SessionState &session, const wire::Message &message);
    void receiveSnapshotEdit(SessionState &session, const wire::SnapshotEdit &edit, qint64 now);
    [[nodiscard]] QList<wire::NamedSnapshot> durableSnapshots() const;
    void decide(SessionState &session, const Change &change, quint64 bodyHash, qint64 now);
    void refuse(SessionState &session, const Change &change);
    void answerDecided(SessionState &session, SiteId site, quint64 cseq, quint64 bodyHash);
    [[nodiscard]] qint64 timeOfNext(qint64 now) const;
    /// The outcome of a change; `edits` only if it was committed.
    StoredOutcome carryOut(const Change &change, quint64 bodyHash, const Origin &origin, qint64 now,
                           QList<Edit> *edits);
    StoredOutcome keepOutcome(StoredOutcome stored);
    void nameOthers(QList<Notice> &notices);
    Result<void> checkIsKept(quint64 revision);
    [[nodiscard]] std::optional<Commit> commitAt(quint64 revision);
    void leaseSite(SessionState &session);
    [[nodiscard]] SiteId freeSite() const;
    void keepLease(const SiteLease &lease);
    Batch &openBatch();
    void welcome(SessionState &session);
    [[nodiscard]] bool fitsTail(quint64 revision);
    void planCatchUp(SessionState &session);
    void shareSnapshot(SessionState &session);
    bool shareDifference(SessionState &session);
    [[nodiscard]] bool isFresh(const EncodedSnapshot &snapshot);
    void catchUp(SessionState &session);
    bool sendTail(SessionState &session, qint64 &budget);
    void sendPart(SessionState &session, qint64 &budget);
    void noteStaged(SessionState &session, qint64 now);
    void goLive(SessionState &session);
    void leaveLive(SessionState &session);
    void tell(const Batch &batch);
    void takeBack(Batch &batch, const Error &error);
    void fail(SessionState &session, Error error, qint64 retryAfter = 0, bool fatal = false);
    void send(SessionState &session, const wire::Message &message, Lane lane = Lane::Control);
    void emitMessage(const QList<SessionId> &to, const QByteArray &message, Lane lane);
    void emitPeople(const QList<SessionId> &to, const wire::People &people);
    void forgetSession(SessionState &session);
    Result<QList<QByteArray>> logEntries(quint64 from, quint64 to);
    std::optional<quint64> hashAt(quint64 revision);
    [[nodiscard]] SessionPtr find(SessionId id) const { return m_sessions.value(id); }

    Topology &m_topology;
    LogSource &m_log;
    Options m_options;
    AdmissionCheck m_admission;

    QString m_epoch;
    quint64 m_revision = 0; ///< durable
    quint64 m_logHash = 0;  ///< durable
    quint64 m_head = 0;     ///< applied to the topology
    quint64 m_headHash = 0;
    QHash<SiteId, SiteLease> m_sites; ///< with what is not yet durable

    /// What a turn committed.
    struct Recent
    {
        quint64 first; ///< revision
        LogRun entries;
        QList<quint64> logHashes;                 ///< after each
        [[nodiscard]] qint64 memoryBytes() const; ///< about
    };
    /// Where a revision is that the newest ones hold; nullptr: it is older.
    [[nodiscard]] const Recent *recent(quint64 revision) const;
    std::deque<Recent> m_recent; ///< the newest durable commits
    qint64 m_recentBytes = 0;
    QHash<SiteId, std::deque<StoredOutcome>> m_outcomes; ///< the newest durable ones

    std::unique_ptr<Batch> m_open;     ///< in the making
    std::unique_ptr<Batch> m_inFlight; ///< being stored

    SessionId m_nextSession = 1;
    quint64 m_nextPart = 0;
    QHash<SessionId, SessionPtr> m_sessions;
    QHash<SiteId, SessionId> m_bySite;
    QList<SessionId> m_live;   ///< caught up: they get what is committed
    QList<SessionId> m_people; ///< welcomed: they get presence
    QList<SessionId> m_dirty;  ///< have presence to be told
    QList<quint64> m_left;     ///< numbers of those who left since the last tick
    std::shared_ptr<const EncodedSnapshot> m_snapshot;
    QList<std::shared_ptr<const EncodedSnapshot>> m_differences; ///< the newest last
    std::weak_ptr<const LongCommit> m_longCommit; ///< for as long as somebody is being sent it
    QList<wire::NamedSnapshot> m_snapshots;       ///< with what is not yet durable
    QList<Ask> m_asks;
    qint64 m_staged = 0;
    QList<Outgoing> m_outgoing;
    quint32 m_nextLocalCounter = 0; ///< 0 = not known yet
    qint64 m_lastTime = 0;          ///< of the newest change since the start
};

} // namespace patchboard
