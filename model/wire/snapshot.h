#pragma once

#include "model/core/topology.h"
#include "model/wire/messages.h"

#include <QByteArrayView>

/// A whole board as columns: one array per field (ids as differences, texts in tables) inside CBOR
/// byte strings, compressed with zstd. For clients, and for stores that keep a blob beside rows.
namespace patchboard::wire {

/// Graves (what was removed and can be restored) are of use only to a store.
enum class Graves : quint8 { Leave, Take };

/// O(board). Any thread that may read @a topology.
QByteArray encodeSnapshot(const Topology &topology, Graves graves = Graves::Leave);
/// Refuses (Errc::Protocol) what is damaged; Topology::load() checks that things fit together.
Result<Topology::Contents> decodeSnapshot(QByteArrayView bytes);

/// The pieces of at most @a pieceBytes that are sent.
QList<QByteArray> snapshotChunks(const QByteArray &snapshot, qsizetype pieceBytes = kMaxPartBytes);

} // namespace patchboard::wire
