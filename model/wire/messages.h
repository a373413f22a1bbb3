#pragma once

#include "model/core/change.h"
#include "model/core/result.h"

#include <QByteArray>
#include <QRectF>
#include <QStringList>

#include <optional>
#include <variant>

/// What a copy of a board and its authority say to each other. One frame of a transport is one
/// message in CBOR (codec.h); a message that is longer than kMaxPartBytes travels as Part frames.
namespace patchboard::wire {

inline constexpr quint32 kProtocolMin = 1; ///< oldest protocol that is spoken here
inline constexpr quint32 kProtocolMax = 1; ///< newest
inline constexpr quint32 kSchema = 1;      ///< newest version of the field registry known here

inline constexpr qsizetype kMaxFrameBytes = 1024 * 1024;        ///< of one frame, either way
inline constexpr qsizetype kMaxPartBytes = 256 * 1024;          ///< payload of a Part or a chunk
inline constexpr qsizetype kMaxMessageBytes = 64 * 1024 * 1024; ///< of a message put together
inline constexpr qsizetype kMaxStagedEdits = 1000000;    ///< of a change that needs several parts
inline constexpr qsizetype kMaxPresenceIds = 1000;       ///< ids in a selection or a drag
inline constexpr qsizetype kMaxFeatures = 64;            ///< names in Hello::features
inline constexpr quint32 kMaxPage = 1000;                ///< entries of a page of the history
inline constexpr qsizetype kMaxSnapshots = 500;          ///< named ones of a board
inline constexpr qsizetype kMaxShortText = 1024;         ///< UTF-8 bytes of names, tokens, reasons
inline constexpr qsizetype kMaxListed = kMaxStagedEdits; ///< entries of any other list

/// Of those who know the messages from HistoryAsk on; a feature of Hello and Welcome.
inline constexpr QLatin1String kHistoryFeature{"history"};
/// Who names it understands CatchUp::Difference.
inline constexpr QLatin1String kDifferenceFeature{"difference"};

/// First message of a client. Answered by Welcome, or by Failure and the end of the connection.
struct Hello
{
    quint32 protocolMin = kProtocolMin;
    quint32 protocolMax = kProtocolMax;
    quint32 schema = kSchema;
    QStringList features;
    QString token;
    QString profile;        ///< uuid of the journal; a site is leased to it
    SiteId site = 0;        ///< the leased site, or 0 to get one
    quint64 resume = 0;     ///< Welcome::session of the connection before; 0 = none
    quint64 lastAcked = 0;  ///< every cseq up to this has been answered
    quint64 lastIssued = 0; ///< the greatest cseq ever used on this site
    QString author;
    QString epoch;              ///< of the state at hand; empty = none
    quint64 revision = 0;       ///< of the state at hand
    quint64 logHash = 0;        ///< of the log up to it
    quint64 snapshotHash = 0;   ///< of a snapshot that was cut off; 0 = none
    quint32 snapshotChunks = 0; ///< how many chunks of it are at hand
    bool anew = false;          ///< another site is needed: two copies have used this one
    bool operator==(const Hello &) const = default;
};

enum class CatchUp : quint8 {
    None = 0,      ///< the state at hand is the newest
    Tail = 1,      ///< Commits follow
    Snapshot = 2,  ///< SnapshotChunks follow, then Commits
    Difference = 3 ///< likewise; put together, they are a difference (snapshot.h)
};

/// The session is open. `site` differs from that of Hello if it was taken: what was pending under
/// the old one and is newer than `oldLastCseq` is renumbered; the rest is asked for once more.
struct Welcome
{
    quint32 protocol = kProtocolMax;
    QString epoch;
    SiteId site = 0;
    quint64 lastCseq = 0;    ///< the last of `site` that has been decided
    quint64 oldLastCseq = 0; ///< the last of Hello::site that has been decided
    quint64 session = 0;     ///< random; unique on the board
    quint64 revision = 0;    ///< newest at this moment
    quint64 logHash = 0;
    QString server;
    QString title;
    CatchUp catchUp = CatchUp::None;
    bool readOnly = false;
    QStringList features; ///< none of the first hosts
    bool operator==(const Welcome &) const = default;
};

/// A piece of an encoded snapshot (snapshot.h); all pieces put together in order are one.
struct SnapshotChunk
{
    quint64 revision = 0;
    quint64 logHash = 0;
    quint64 hash = 0; ///< hashBytes() of the whole
    quint32 index = 0;
    quint32 count = 0;
    QByteArray bytes;
    bool operator==(const SnapshotChunk &) const = default;
};

/// What was committed, in order and without gaps: each entry is what encodeCommit() made.
struct Commits
{
    QList<QByteArray> commits;
    quint64 digestRevision = 0; ///< 0 = no digest
    quint64 digest = 0;         ///< Topology::digest() at that revision, one of these commits
    bool operator==(const Commits &) const = default;
};

/// A change, as encodeChange() made it. Sent again, it is the same bytes.
struct Submit
{
    QByteArray change;
    bool operator==(const Submit &) const = default;
};

/// How a change ended. One that was committed and has nothing to say is acknowledged by its commit
/// alone.
struct Outcome
{
    SiteId site = 0;
    quint64 cseq = 0;
    quint64 revision = 0;         ///< 0 = no effect, or refused
    std::optional<Error> refusal; ///< it was taken back, and its cseq is used up
    bool clash = false;           ///< another change has this site and cseq; renumber and resend
    QList<Notice> notices;
    bool operator==(const Outcome &) const = default;
};
struct Outcomes
{
    QList<Outcome> outcomes;
    bool operator==(const Outcomes &) const = default;
};

/// Send your changes from this one on (again).
struct Want
{
    quint64 cseq = 0;
    bool operator==(const Want &) const = default;
};

struct Drag
{
    quint64 gesture = 0; ///< 0 = no drag
    QList<std::pair<EntityId, QPointF>> devices;
    bool operator==(const Drag &) const = default;
};

/// What a client shows of its user; what is not set has not changed.
struct Presence
{
    std::optional<std::optional<QPointF>> pointer;
    std::optional<QList<EntityId>> selection;
    std::optional<Drag> drag;
    std::optional<QRectF> view;       ///< the part of the board that is seen; never empty
    std::optional<quint64> following; ///< the session whose view is followed; 0 = none
    bool operator==(const Presence &) const = default;
};

/// News of one connection. The first of a session carries its name.
struct PersonNews
{
    quint64 session = 0;
    bool left = false;
    std::optional<QString> name;
    quint32 colour = 0; ///< with name
    Presence presence;
    bool operator==(const PersonNews &) const = default;
};
/// What everybody did since the last one. `all`: whoever is not in it has left.
struct People
{
    bool all = false;
    QList<PersonNews> people;
    bool operator==(const People &) const = default;
};

struct Ping
{
    quint64 nonce = 0;
    bool operator==(const Ping &) const = default;
};
struct Pong
{
    quint64 nonce = 0;
    bool operator==(const Pong &) const = default;
};

/// Something failed. `retryAfter` > 0: close, and come again after so many ms.
struct Failure
{
    Error error;
    qint64 retryAfter = 0; ///< ms
    bool fatal = false;    ///< coming again by oneself is of no use (version, token)
    bool operator==(const Failure &) const = default;
};

/// The end, on purpose.
struct Bye
{
    QString reason;
    bool operator==(const Bye &) const = default;
};

/// A piece of a message that is too long for one frame. Pieces of one message follow each other;
/// other messages may come between them.
struct Part
{
    quint64 message = 0; ///< counts up per connection and direction
    quint32 index = 0;
    quint32 count = 0;
    QByteArray bytes;
    bool operator==(const Part &) const = default;
};

/// Asks for the changes before a revision, the newest first.
struct HistoryAsk
{
    quint64 request = 0; ///< comes back with the answer
    quint64 before = 0;  ///< 0 = from the newest on
    quint32 limit = 0;   ///< at most kMaxPage
    QString text;        ///< in the author or the label, in any case; empty = all
    bool operator==(const HistoryAsk &) const = default;
};

/// A change, without what it did.
struct HistoryEntry
{
    quint64 revision = 0;
    qint64 time = 0; ///< ms since 1970 UTC
    SiteId site = 0;
    QString author;
    QString label;
    bool operator==(const HistoryEntry &) const = default;
};
struct HistoryPage
{
    quint64 request = 0;
    QList<HistoryEntry> entries; ///< the newest first
    quint64 next = 0;            ///< `before` of the next page; 0 = there is none
    quint64 oldest = 0;          ///< the first revision whose board can be shown
    std::optional<Error> error;
    bool operator==(const HistoryPage &) const = default;
};

/// Asks for a piece of the board as it was after a revision.
struct BoardAsk
{
    quint64 request = 0;
    quint64 revision = 0;
    quint32 index = 0;
    bool operator==(const BoardAsk &) const = default;
};

/// All pieces of one hash, put together in order, are a snapshot (snapshot.h).
struct BoardPiece
{
    quint64 request = 0;
    quint64 revision = 0;
    quint64 hash = 0; ///< hashBytes() of the whole
    quint32 index = 0;
    quint32 count = 0;
    QByteArray bytes;
    std::optional<Error> error;
    bool operator==(const BoardPiece &) const = default;
};

/// A revision that somebody has given a name.
struct NamedSnapshot
{
    quint64 id = 0;
    QString name;
    quint64 revision = 0;
    qint64 time = 0; ///< of the naming, ms since 1970 UTC
    QString author;  ///< who named it
    bool operator==(const NamedSnapshot &) const = default;
};

/// Names a revision, gives a snapshot another name, or, without a name, forgets it.
struct SnapshotEdit
{
    quint64 request = 0;
    quint64 id = 0; ///< 0 = a new one
    QString name;
    quint64 revision = 0; ///< of a new one; 0 = the newest
    bool operator==(const SnapshotEdit &) const = default;
};

/// All named snapshots: after the welcome, and whenever they have changed. The answer to a
/// SnapshotEdit carries its request, and what went wrong if anything did.
struct NamedSnapshots
{
    quint64 request = 0; ///< 0 = news
    QList<NamedSnapshot> snapshots;
    std::optional<Error> error;
    bool operator==(const NamedSnapshots &) const = default;
};

using Message = std::variant<Hello, Welcome, SnapshotChunk, Commits, Submit, Outcomes, Want,
                             Presence, People, Ping, Pong, Failure, Bye, Part, HistoryAsk,
                             HistoryPage, BoardAsk, BoardPiece, SnapshotEdit, NamedSnapshots>;

} // namespace patchboard::wire
