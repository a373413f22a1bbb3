#include "server/store/audit.h"

#include "server/store/boardreader.h"

#include <QSqlError>

namespace patchboard::server {

namespace {

constexpr int kOriginVersion = 3; ///< of the tables: the log says by what right and from where

} // namespace

Result<QList<AuditEntry>> readAudit(SqliteConnection &connection, quint64 since, qsizetype limit)
{
    const auto version = readVersion(connection, kSchemaVersion);
    if (!version)
        return version.error();
    QSqlQuery query(connection.database());
    query.setForwardOnly(true);
    query.prepare(QStringLiteral("SELECT \"revision\", \"time\", \"author\", %1, \"label\" "
                                 "FROM \"change_log\" WHERE \"revision\" > ? "
                                 "ORDER BY \"revision\" LIMIT ?")
                      .arg(*version < kOriginVersion ? QStringLiteral("'', ''")
                                                     : QStringLiteral("\"token\", \"address\"")));
    query.bindValue(0, qint64(since));
    query.bindValue(1, qint64(limit));
    if (!query.exec())
        return connection.error(query.lastError());
    QList<AuditEntry> out;
    while (query.next()) {
        out.append({quint64(query.value(0).toLongLong()), query.value(1).toLongLong(),
                    query.value(2).toString(), query.value(3).toString(), query.value(4).toString(),
                    query.value(5).toString()});
    }
    if (query.lastError().isValid())
        return connection.error(query.lastError());
    return out;
}

Result<QList<AuditEntry>> readAudit(const QString &path, quint64 since, qsizetype limit)
{
    if (auto ok = probeFile(path); !ok)
        return ok.error();
    auto connection = openForReading(path);
    if (!connection)
        return connection.error();
    return readAudit(**connection, since, limit);
}

} // namespace patchboard::server
