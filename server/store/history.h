#pragma once

#include "model/core/topology.h"
#include "model/wire/messages.h"
#include "server/store/sqlitestore.h"

namespace patchboard::server {

/// Looks into the past of a board file, also while it is hosted, and changes nothing. Has a
/// connection of its own; used by the thread that made it.
class History
{
public:
    /// @a live: somebody in this process has the file open and writes it.
    static Result<std::unique_ptr<History>> open(const QString &path, bool live);

    /// The newest changes before a revision (0 = all), as wire::HistoryAsk asks for them.
    Result<wire::HistoryPage> page(const wire::HistoryAsk &ask);
    /// The board after a revision: the nearest board that is kept before it, and the log from
    /// there on. NotFound if it lies before all that is kept, or after the newest.
    Result<void> boardAt(quint64 revision, Topology &board);
    /// The first revision that boardAt() can show.
    Result<quint64> oldest();
    Result<QList<wire::NamedSnapshot>> namedSnapshots();
    /// The revision that a person means: its number, or the name of a snapshot. NotFound.
    Result<quint64> revisionOf(const QString &numberOrName);

private:
    explicit History(std::unique_ptr<SqliteConnection> connection);
    Result<quint64> newest();
    /// The kept boards at or before a revision: the nearest one's, 0 for the empty board, or
    /// nothing.
    Result<std::optional<quint64>> loadNearest(quint64 revision, Topology &board);

    std::unique_ptr<SqliteConnection> m_connection;
    int m_version = 0; ///< of the tables
};

/// The first revision from which on every board can be made. @a version: of the tables.
Result<quint64> oldestBoard(SqliteConnection &connection, int version);

/// A board of a file that need not be hosted, as it was: History::revisionOf() and boardAt(). The
/// revision that it is.
Result<quint64> readBoardAt(const QString &path, const QString &numberOrName, Topology &board);

} // namespace patchboard::server
