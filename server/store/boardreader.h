#pragma once

#include "server/store/sqlitestore.h"

/// What opening, reading and checking a board have in common.
namespace patchboard::server {

/// Refuses what is missing, no file, or no board of this program's, by its first bytes only.
Result<void> probeFile(const QString &path);
/// A connection that reads and leaves no trace.
Result<std::unique_ptr<SqliteConnection>> openForReading(const QString &path);
/// Refuses what a newer version wrote. Returns the file's version.
Result<int> readVersion(SqliteConnection &connection, int known);

/// Epoch, sites, revision, hash of the log.
Result<AuthorityState> readState(SqliteConnection &connection);
/// Of a file whose tables are of kHistoryVersion or newer.
Result<QList<wire::NamedSnapshot>> readNamedSnapshots(SqliteConnection &connection);
/// From the blob and the log's tail. @a snapshotRevision: that of the blob.
Result<void> loadFast(SqliteConnection &connection, const AuthorityState &state, Topology &topology,
                      quint64 *snapshotRevision);
/// The rows, as they are.
Result<Topology::Contents> readRows(SqliteConnection &connection);
/// From the rows.
Result<void> loadRows(SqliteConnection &connection, Topology &topology);
/// Fast; if that fails from the rows, or, if they are behind, from a board of the past and the log.
Result<void> loadBoard(SqliteConnection &connection, const AuthorityState &state,
                       Topology &topology, quint64 *snapshotRevision);

} // namespace patchboard::server
