#pragma once

#include "model/core/change.h"
#include "model/core/topology.h"
#include "server/store/schema.h"

#include <QSet>
#include <QSqlQuery>

#include <array>
#include <vector>

namespace patchboard::server {

class SqliteConnection;

/// The tables with one row per entity, brought up to date behind the log: a change costs a line of
/// the log when it is made, and its rows are written between bursts, once for all changes to an
/// entity. Up to which revision they hold everything stands beside them ("rows_revision" of meta);
/// rows of what changed later may be newer.
class Rows
{
public:
    explicit Rows(SqliteConnection &connection);
    /// @a revision: that of readRowsRevision().
    Result<void> prepare(quint64 revision);

    /// What this change touched is to be written. Once it is in the log.
    void touch(const Commit &commit);
    [[nodiscard]] bool isBehind() const { return !m_touched.isEmpty() || !m_order.empty(); }
    /// Writes at most @a most entities as they are in @a topology, which is the board after the
    /// last change of the log, in one transaction. True: there are more.
    Result<bool> write(const Topology &topology, qsizetype most);

private:
    static constexpr qsizetype kFieldsApart = 8;
    struct Touched
    {
        bool all = false;       ///< created, removed or restored, or many: every writer that it has
        QList<FieldKey> fields; ///< else those that were set, at most kFieldsApart
    };
    Result<void> writeOne(EntityId id, const Touched &what, const Topology &topology);
    Result<void> writeGrave(EntityId id, const RemovedEntity *grave);

    SqliteConnection &m_connection;
    std::array<QSqlQuery, 5> m_upsert;
    std::array<QSqlQuery, 5> m_drop;
    QSqlQuery m_writer;
    QSqlQuery m_dropWriters;
    QSqlQuery m_bury;
    QSqlQuery m_exhume;
    QSqlQuery m_mark;
    QHash<EntityId, Touched> m_touched; ///< since the round began
    /// The round that is being written: in the order of the tables, those at the end first.
    std::vector<std::pair<EntityId, Touched>> m_order;
    quint64 m_newest = 0;   ///< revision of the last change that touched something
    quint64 m_round = 0;    ///< what m_revision is after the round
    quint64 m_revision = 0; ///< they hold every change up to here
};

/// The revision up to which the rows of a board hold everything; that of its log for versions of
/// the tables that knew no other.
Result<quint64> readRowsRevision(SqliteConnection &connection, quint64 newest);
/// Adds the entities that a change makes, sets, removes or brings back.
void collectTouched(const Commit &commit, QSet<EntityId> &touched);

} // namespace patchboard::server
