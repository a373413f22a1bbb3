#pragma once

#include "model/core/topology.h"
#include "model/wire/messages.h"

#include <QByteArrayView>

#include <optional>

/// A whole board as columns: one array per field (ids as differences, texts in tables) inside CBOR
/// byte strings, compressed with zstd. For clients, and for stores that keep a blob beside rows.
namespace patchboard::wire {

/// Graves (what was removed and can be restored) are of use only to a store.
enum class Graves : quint8 { Leave, Take };

/// O(board). Any thread that may read @a topology.
QByteArray encodeSnapshot(const Topology &topology, Graves graves = Graves::Leave);
/// Refuses (Errc::Protocol) what is damaged; Topology::load() checks that things fit together.
Result<Topology::Contents> decodeSnapshot(QByteArrayView bytes);

/// What makes a later state of a board of an earlier one: Topology::merge().
struct Difference
{
    quint64 since = 0;       ///< revision of the earlier state
    quint64 revision = 0;    ///< of the later one
    quint64 logHash = 0;     ///< of the log up to that
    Topology::Contents news; ///< the board's settings, and what has changed since
    QList<EntityId> gone;    ///< what has been removed since, ascending; perhaps never known
};

/// The state of @a topology, which is of @a revision, for copies of revision @a since. nullopt if a
/// snapshot serves them as well: more than @a percent of the board has changed, or what was removed
/// is forgotten. O(board) to look through, O(difference) to encode.
std::optional<QByteArray> encodeDifference(const Topology &topology, quint64 since,
                                           quint64 revision, quint64 logHash, int percent = 50);
/// Whether these are the bytes of a difference, not of a snapshot or a commit.
bool isDifference(QByteArrayView bytes);
/// Refuses (Errc::Protocol) what is damaged; Topology::merge() checks that things fit together.
Result<Difference> decodeDifference(QByteArrayView bytes);

/// The pieces of at most @a pieceBytes that are sent.
QList<QByteArray> snapshotChunks(const QByteArray &snapshot, qsizetype pieceBytes = kMaxPartBytes);

} // namespace patchboard::wire
