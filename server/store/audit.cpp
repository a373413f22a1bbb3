#include "server/store/audit.h"

#include "server/store/boardreader.h"

#include <QSqlError>

#include <algorithm>

namespace patchboard::server {

namespace {

constexpr int kOriginVersion = 3; ///< of the tables: the log says by what right and from where

Result<QList<AuditEntry>> readEntries(SqliteConnection &connection, const QString &columns,
                                      const QString &from, const QVariantList &values)
{
    QSqlQuery query(connection.database());
    query.setForwardOnly(true);
    query.prepare(QStringLiteral("SELECT \"revision\", \"time\", \"author\", \"label\", %1 FROM %2")
                      .arg(columns, from));
    if (auto ok = connection.execute(query, values); !ok)
        return ok.error();
    QList<AuditEntry> out;
    while (query.next()) {
        out.append({quint64(query.value(0).toLongLong()), query.value(1).toLongLong(),
                    query.value(2).toString(), query.value(4).toString(), query.value(5).toString(),
                    query.value(3).toString(), quint64(query.value(6).toLongLong())});
    }
    if (query.lastError().isValid())
        return connection.error(query.lastError());
    return out;
}

} // namespace

Result<QList<AuditEntry>> readAudit(SqliteConnection &connection, const AuditPlace &after,
                                    qsizetype limit)
{
    const auto version = readVersion(connection, kSchemaVersion);
    if (!version)
        return version.error();
    auto changes =
        readEntries(connection,
                    *version < kOriginVersion ? QStringLiteral("'', '', 0")
                                              : QStringLiteral("\"token\", \"address\", 0"),
                    QStringLiteral("\"change_log\" WHERE \"revision\" > ? "
                                   "ORDER BY \"revision\" LIMIT ?"),
                    {qint64(after.revision), qint64(limit)});
    if (!changes || *version < kActsVersion)
        return changes;
    const auto acts = readEntries(connection, QStringLiteral("\"token\", \"address\", \"act\""),
                                  QStringLiteral("\"acts\" WHERE \"act\" > ? AND "
                                                 "\"revision\" >= ? ORDER BY \"act\" LIMIT ?"),
                                  {qint64(after.act), qint64(after.revision), qint64(limit)});
    if (!acts)
        return acts;
    QList<AuditEntry> all;
    // An act comes behind the change that made the revision that it names.
    std::merge(changes->cbegin(), changes->cend(), acts->cbegin(), acts->cend(),
               std::back_inserter(all), [](const AuditEntry &one, const AuditEntry &other) {
                   return std::pair(one.revision, one.act) < std::pair(other.revision, other.act);
               });
    return all.first(std::min(limit, all.size()));
}

Result<QList<AuditEntry>> readAudit(const QString &path, const AuditPlace &after, qsizetype limit)
{
    if (auto ok = probeFile(path); !ok)
        return ok.error();
    auto connection = openForReading(path);
    if (!connection)
        return connection.error();
    return readAudit(**connection, after, limit);
}

} // namespace patchboard::server
