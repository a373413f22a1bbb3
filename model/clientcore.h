#pragma once

#include "model/clientstore.h"
#include "model/replica.h"
#include "model/wire/codec.h"

#include <QHash>

namespace patchboard {

/// Frames of a connection turned into what a ClientCore takes: parts and snapshots put together and
/// decoded. It has no part in the board, so it may run in the thread of the socket. One per client;
/// it keeps what came of a snapshot over a cut.
class ClientReceiver
{
public:
    struct Commits
    {
        QList<QByteArray> encoded;
        QList<Commit> commits;
        quint64 digestRevision = 0; ///< 0 = no digest
        quint64 digest = 0;
    };
    struct Snapshot
    {
        quint64 revision = 0;
        quint64 logHash = 0;
        QByteArray bytes;
        Topology::Contents contents;
    };
    struct Difference
    {
        QByteArray bytes;
        wire::Difference difference;
    };
    /// A board as it was; null while pieces are missing.
    struct Past
    {
        quint64 request = 0;
        quint64 revision = 0;
        quint32 have = 0; ///< pieces
        quint32 count = 0;
        std::shared_ptr<Topology> board;
    };
    using Incoming =
        std::variant<std::monostate, wire::Message, Commits, Snapshot, Difference, Past>;

    /// A connection begins.
    void reset()
    {
        m_assembler = wire::Assembler();
        m_piece = {};
        m_pieces = 0;
    }
    /// What the frame is or completes; monostate if something is still missing.
    Result<Incoming> feed(QByteArrayView frame);

    /// For the next Hello: the snapshot that was cut off, and how many chunks of it are here.
    struct Partial
    {
        quint64 hash = 0;
        quint32 chunks = 0;
    };
    [[nodiscard]] Partial partial() const { return {m_snapshotHash, m_chunks}; }

private:
    Result<Incoming> feedPiece(const wire::BoardPiece &piece);

    wire::Assembler m_assembler;
    quint64 m_snapshotHash = 0;
    quint32 m_chunks = 0;
    QByteArray m_bytes;
    wire::BoardPiece m_piece; ///< the newest; `bytes` are all so far
    quint32 m_pieces = 0;
};

/// The client's half of the protocol around a replica: greets, catches up, sends what is pending
/// and takes the answers. A plain state machine: times and messages go in, frames and events come
/// out. One thread.
class ClientCore
{
public:
    struct Options
    {
        QString author;
        QString token;
        qsizetype window = 256;     ///< changes under way and not answered
        qint64 ghostTimeout = 3000; ///< ms without news of a drag
    };

    /// Somebody on the board, as this client knows them.
    struct Peer
    {
        quint64 id = 0;
        QString name;
        quint32 colour = 0;
        wire::Presence presence;
        qint64 dragNews = 0; ///< when the drag was last heard of
    };

    // Events
    struct Refused
    {
        quint64 cseq;
        QString label;
        Error error;
    };
    struct Noticed
    {
        quint64 cseq; ///< 0: what others' changes did to mine (Notice::Kind::Lost, LostRemoved)
        QString label;
        QList<Notice> notices;
    };
    struct PeopleChanged
    {
    };
    struct StateChanged ///< pending, revision, phase or rights
    {
    };
    /// The connection must be ended now. @a retryAfter: ms to wait at least; -1 = stay away until
    /// asked (the host will say the same again).
    struct Hangup
    {
        Error error;
        qint64 retryAfter = 0;
    };
    struct HistoryArrived
    {
        wire::HistoryPage page;
    };
    struct BoardArrived
    {
        quint64 request;
        quint64 revision;
        std::shared_ptr<Topology> board;
    };
    /// A question about the past, or an edit of named snapshots, came to nothing.
    struct AskFailed
    {
        quint64 request;
        Error error;
    };
    struct SnapshotsChanged
    {
        quint64 request; ///< that has been done by it; 0 = none of mine
    };
    using Event = std::variant<Refused, Noticed, PeopleChanged, StateChanged, Hangup,
                               HistoryArrived, BoardArrived, AskFailed, SnapshotsChanged>;

    enum class Phase : quint8 {
        Apart,      ///< no connection
        Greeting,   ///< Hello is under way
        CatchingUp, ///< welcomed, what was missed is arriving
        Live
    };

    /// @a store may be null: nothing is kept. Both must outlive the core.
    ClientCore(Topology &topology, ClientStore *store, Options options);

    /// Takes up what the store holds. An error: the cached state or what is pending cannot be read,
    /// and it begins without.
    Result<void> start();

    [[nodiscard]] const Replica &replica() const { return m_replica; }
    [[nodiscard]] Phase phase() const { return m_phase; }
    /// There is a board to look at.
    [[nodiscard]] bool isReady() const { return m_ready; }
    [[nodiscard]] bool isReadOnly() const { return m_readOnly; }
    [[nodiscard]] const QString &epoch() const { return m_epoch; }
    [[nodiscard]] quint64 logHash() const { return m_logHash; }
    [[nodiscard]] quint64 session() const { return m_session; } ///< of this client; 0 = apart
    [[nodiscard]] const QString &serverName() const { return m_serverName; }
    [[nodiscard]] const QHash<quint64, Peer> &peers() const { return m_peers; }

    /// From the next greeting on.
    void setToken(const QString &token) { m_options.token = token; }

    [[nodiscard]] EntityId newId();
    Result<Replica::Mine> submit(const QList<Edit> &edits, const QString &label,
                                 quint64 gesture = 0);
    /// Replaces the stored copy and what came after it by one of the confirmed state now. O(board).
    Result<void> compact();
    /// Tells the others, if there is a connection.
    void sendPresence(const wire::Presence &presence);

    // History. Each call returns the number of the request, which its answer carries; 0: there is
    // no connection, or the host keeps no history for its clients.

    [[nodiscard]] bool hasHistory() const { return m_hostHasHistory && m_session != 0; }
    /// @a before 0 = from the newest on.
    quint64 askHistory(quint64 before, quint32 limit, const QString &text);
    /// One at a time: a new question ends the one before, which is not answered.
    quint64 askBoard(quint64 revision);
    quint64 editSnapshot(quint64 id, const QString &name, quint64 revision);
    [[nodiscard]] const QList<wire::NamedSnapshot> &namedSnapshots() const { return m_snapshots; }

    void connected(const ClientReceiver::Partial &partial);
    void receive(ClientReceiver::Incoming incoming, qint64 now);
    void disconnected();
    /// Ends drags that nothing was heard of.
    void expireGhosts(qint64 now);

    /// Messages to send, each a frame.
    [[nodiscard]] QList<QByteArray> takeFrames();
    [[nodiscard]] QList<Event> takeEvents();

private:
    void receiveWelcome(const wire::Welcome &welcome);
    void receiveCommits(const ClientReceiver::Commits &commits);
    void receiveSnapshot(ClientReceiver::Snapshot snapshot);
    void receiveDifference(const ClientReceiver::Difference &received);
    void boardArrived(const Result<QList<quint64>> &gone, quint64 logHash, Result<void> kept);
    void receiveOutcome(const wire::Outcome &outcome);
    void receivePeople(const wire::People &people, qint64 now);
    bool applyCommits(const ClientReceiver::Commits &commits, qsizetype from, qsizetype to);
    void diverged(const Error &error);
    void hangUp(const Error &error, qint64 retryAfter);
    void send(const wire::Message &message);
    void sendPending();
    void settleSite();
    void checkCaughtUp();
    [[nodiscard]] quint64 confirmedDigest();
    void changesGone();
    void receivePast(const ClientReceiver::Past &past);
    void receiveHistory(const wire::Message &message);
    void askPieces(quint32 count);
    [[nodiscard]] quint64 lastAcked() const;
    template <typename E>
    void raise(E event);

    Replica m_replica;
    Topology &m_topology;
    ClientStore *m_store;
    Options m_options;

    Phase m_phase = Phase::Apart;
    bool m_ready = false;
    bool m_readOnly = false;
    QString m_profile;
    QString m_epoch;
    QString m_serverName;
    quint64 m_logHash = 0;
    quint64 m_session = 0;
    quint64 m_lastSession = 0;
    quint32 m_counter = 0;

    quint64 m_newest = 0;  ///< revision at the welcome
    quint64 m_decided = 0; ///< changes up to this one were decided at the welcome
    bool m_awaitsSnapshot = false;
    QString m_snapshotEpoch;
    quint64 m_sentUpTo = 0; ///< cseq; on this connection
    bool m_needsNewSite = false;
    SiteId m_nextSite = 0; ///< got, but what is pending is not yet moved to it
    QSet<quint64> m_clashes;

    QHash<quint64, Peer> m_peers;
    bool m_hostHasHistory = false;
    QList<wire::NamedSnapshot> m_snapshots;
    quint64 m_lastRequest = 0;
    QSet<quint64> m_open; ///< requests without an answer
    struct BoardRequest
    {
        quint64 request = 0; ///< 0 = none
        quint64 revision = 0;
        quint32 asked = 0; ///< pieces
        quint32 have = 0;
    } m_board;
    quint64 m_partCounter = 0;
    QList<QByteArray> m_frames;
    QList<Event> m_events;
};

} // namespace patchboard
