#include "server/store/boardreader.h"

#include "model/wire/codec.h"
#include "model/wire/snapshot.h"

#include <QCoreApplication>
#include <QFile>
#include <QFileInfo>
#include <QSqlError>
#include <QtEndian>

namespace patchboard::server {

namespace {

/// The texts of this file; lupdate knows their context by it.
struct ReaderText
{
    Q_DECLARE_TR_FUNCTIONS(Store)
};

constexpr qsizetype kHeaderBytes = 100; // of an SQLite file

Error damaged(const SqliteConnection &connection, const QString &what)
{
    return {Errc::Storage, ReaderText::tr("%1 is damaged: %2").arg(connection.path(), what)};
}

/// What the log says after @a revision, up to @a newest.
Result<void> replayTail(SqliteConnection &connection, quint64 revision, quint64 newest,
                        Topology &topology)
{
    QSqlQuery query = connection.query();
    if (auto ok = connection.prepare(
            query, QStringLiteral("SELECT \"revision\", \"body\" FROM \"change_log\" "
                                  "WHERE \"revision\" > ? ORDER BY \"revision\""));
        !ok)
        return ok;
    if (auto ok = connection.execute(query, {qint64(revision)}); !ok)
        return ok;
    while (query.next()) {
        const auto commit = wire::decodeCommit(query.value(1).toByteArray());
        if (!commit)
            return commit.error();
        if (commit->revision != revision + 1)
            return damaged(connection, ReaderText::tr("change %1 is missing").arg(revision + 1));
        revision = commit->revision;
        const auto applied = topology.apply(
            commit->edits, {{commit->site, commit->cseq}, commit->revision, commit->time});
        if (!applied)
            return applied.error();
    }
    if (query.lastError().isValid())
        return connection.error(query.lastError());
    if (revision != newest)
        return damaged(connection, ReaderText::tr("change %1 is missing").arg(revision + 1));
    return {};
}

/// From the newest board of the past that can be read, or the empty one, and the log. What was
/// removed before that board cannot be brought back any more.
Result<void> loadPast(SqliteConnection &connection, const AuthorityState &state, Topology &topology)
{
    QSqlQuery query = connection.query();
    if (auto ok = connection.prepare(
            query, QStringLiteral("SELECT \"revision\", \"data\" FROM \"checkpoints\" "
                                  "ORDER BY \"revision\" DESC"));
        !ok)
        return ok;
    if (auto ok = connection.execute(query, {}); !ok)
        return ok;
    while (query.next()) {
        auto contents = wire::decodeSnapshot(query.value(1).toByteArray());
        if (contents && topology.load(std::move(*contents)) &&
            replayTail(connection, quint64(query.value(0).toLongLong()), state.revision, topology))
            return {};
    }
    if (query.lastError().isValid())
        return connection.error(query.lastError());
    if (auto ok = topology.load({}); !ok)
        return ok;
    return replayTail(connection, 0, state.revision, topology);
}

} // namespace

Result<void> probeFile(const QString &path)
{
    const QFileInfo info(path);
    if (info.isDir())
        return Error{Errc::Protocol, ReaderText::tr("%1 is a folder, not a board").arg(path)};
    if (!info.exists())
        return Error{Errc::NotFound, ReaderText::tr("%1 does not exist").arg(path)};
    if (!info.isFile())
        return Error{Errc::Protocol, ReaderText::tr("%1 is not a file").arg(path)};
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly)) {
        return Error{Errc::Storage,
                     ReaderText::tr("%1 cannot be read: %2").arg(path, file.errorString())};
    }
    const QByteArray header = file.read(kHeaderBytes);
    if (header.size() < kHeaderBytes || !header.startsWith(QByteArrayView("SQLite format 3", 16)))
        return Error{Errc::Protocol, ReaderText::tr("%1 is not a board of Patchboard").arg(path)};
    if (qFromBigEndian<qint32>(header.constData() + 68) != kApplicationId) {
        return Error{Errc::Protocol, ReaderText::tr("%1 is a database of another program, not a "
                                                    "board of Patchboard")
                                         .arg(path)};
    }
    // The page count is valid when "version-valid-for" is the change counter; a board whose log
    // (-wal) is not merged yet may rightly be shorter.
    const quint16 rawPageSize = qFromBigEndian<quint16>(header.constData() + 16);
    const qint64 pageSize = rawPageSize == 1 ? 65536 : rawPageSize;
    const qint64 pages = qFromBigEndian<quint32>(header.constData() + 28);
    const bool valid = qFromBigEndian<quint32>(header.constData() + 24) ==
                       qFromBigEndian<quint32>(header.constData() + 92);
    if (valid && info.size() < pages * pageSize &&
        !QFileInfo::exists(path + QStringLiteral("-wal"))) {
        return Error{Errc::Storage, ReaderText::tr("%1 is damaged: it ends too early").arg(path)};
    }
    return {};
}

Result<std::unique_ptr<SqliteConnection>> openForReading(const QString &path)
{
    // While nobody writes it there is nothing beside it, and nothing needs to be.
    const bool written = QFileInfo::exists(path + QStringLiteral("-wal")) ||
                         QFileInfo::exists(path + QStringLiteral("-journal"));
    return SqliteConnection::open(path, written ? SqliteConnection::Mode::ReadOnly
                                                : SqliteConnection::Mode::Immutable);
}

Result<int> readVersion(SqliteConnection &connection, int known)
{
    const auto version = connection.single(QStringLiteral("PRAGMA user_version"));
    if (!version)
        return version.error();
    if (version->toInt() > known) {
        return Error{Errc::Protocol,
                     ReaderText::tr("%1 was written by a newer version of Patchboard (format %2, "
                                    "this program knows %3). Use that version to open it.")
                         .arg(connection.path())
                         .arg(version->toInt())
                         .arg(known)};
    }
    if (version->toInt() < 1)
        return damaged(connection, ReaderText::tr("it has no version"));
    return version->toInt();
}

Result<AuthorityState> readState(SqliteConnection &connection)
{
    AuthorityState state;
    const auto epoch =
        connection.single(QStringLiteral("SELECT \"value\" FROM \"meta\" WHERE \"key\" = 'epoch'"));
    if (!epoch)
        return epoch.error();
    state.epoch = epoch->toString();
    if (state.epoch.isEmpty())
        return damaged(connection, ReaderText::tr("it has no epoch"));

    QSqlQuery query(connection.database());
    query.setForwardOnly(true);
    if (!query.exec(QStringLiteral("SELECT \"revision\", \"log_hash\" FROM \"change_log\" "
                                   "ORDER BY \"revision\" DESC LIMIT 1")))
        return connection.error(query.lastError());
    if (query.next()) {
        state.revision = quint64(query.value(0).toLongLong());
        state.logHash = quint64(query.value(1).toLongLong());
    }
    if (!query.exec(QStringLiteral("SELECT \"site\", \"profile\", \"last_cseq\" FROM \"sites\"")))
        return connection.error(query.lastError());
    while (query.next()) {
        const SiteId site = SiteId(query.value(0).toLongLong());
        state.sites.insert(site,
                           {site, query.value(1).toString(), quint64(query.value(2).toLongLong())});
    }
    if (query.lastError().isValid())
        return connection.error(query.lastError());
    const auto version = connection.single(QStringLiteral("PRAGMA user_version"));
    if (!version)
        return version.error();
    if (version->toInt() >= kHistoryVersion) {
        auto snapshots = readNamedSnapshots(connection);
        if (!snapshots)
            return snapshots.error();
        state.snapshots = std::move(*snapshots);
    }
    return state;
}

Result<QList<wire::NamedSnapshot>> readNamedSnapshots(SqliteConnection &connection)
{
    QSqlQuery query(connection.database());
    query.setForwardOnly(true);
    if (!query.exec(QStringLiteral("SELECT \"id\", \"name\", \"revision\", \"time\", \"author\" "
                                   "FROM \"named_snapshots\" ORDER BY \"id\"")))
        return connection.error(query.lastError());
    QList<wire::NamedSnapshot> out;
    while (query.next()) {
        out.append({quint64(query.value(0).toLongLong()), query.value(1).toString(),
                    quint64(query.value(2).toLongLong()), query.value(3).toLongLong(),
                    query.value(4).toString()});
    }
    if (query.lastError().isValid())
        return connection.error(query.lastError());
    return out;
}

Result<void> loadFast(SqliteConnection &connection, const AuthorityState &state, Topology &topology,
                      quint64 *snapshotRevision)
{
    QSqlQuery query(connection.database());
    query.setForwardOnly(true);
    if (!query.exec(QStringLiteral("SELECT \"revision\", \"data\" FROM \"snapshot\"")))
        return connection.error(query.lastError());
    if (!query.next())
        return Error{Errc::NotFound, {}};
    quint64 revision = quint64(query.value(0).toLongLong());
    auto contents = wire::decodeSnapshot(query.value(1).toByteArray());
    query.finish();
    if (!contents)
        return contents.error();
    if (auto ok = topology.load(std::move(*contents)); !ok)
        return ok;
    *snapshotRevision = revision;
    return replayTail(connection, revision, state.revision, topology);
}

Result<Topology::Contents> readRows(SqliteConnection &connection)
{
    const auto version = connection.single(QStringLiteral("PRAGMA user_version"));
    if (!version)
        return version.error();
    Topology::Contents contents;
    QSqlQuery query(connection.database());
    query.setForwardOnly(true);
    for (const EntityTable &table : entityTables()) {
        if (!query.exec(QStringLiteral("SELECT %1 FROM \"%2\"")
                            .arg(table.columnList(version->toInt()), table.name)))
            return connection.error(query.lastError());
        while (query.next()) {
            auto entity = table.read([&query](int index) { return query.value(index); });
            if (!entity)
                return damaged(connection, entity.error().text);
            switch (table.kind) {
            case EntityKind::Board:
                contents.board = std::get<BoardInfo>(std::move(*entity));
                break;
            case EntityKind::Device:
                contents.devices.push_back(std::get<Device>(std::move(*entity)));
                break;
            case EntityKind::Interface:
                contents.interfaces.push_back(std::get<Interface>(std::move(*entity)));
                break;
            case EntityKind::Link:
                contents.links.push_back(std::get<Link>(std::move(*entity)));
                break;
            case EntityKind::DeviceType:
                contents.types.push_back(std::get<CustomType>(std::move(*entity)));
                break;
            }
        }
        if (query.lastError().isValid())
            return connection.error(query.lastError());
    }
    if (!query.exec(QStringLiteral("SELECT \"id\", \"field\", \"property\", \"site\", \"cseq\", "
                                   "\"revision\" FROM \"field_writers\"")))
        return connection.error(query.lastError());
    while (query.next()) {
        FieldWriter writer;
        writer.key = {Field(query.value(1).toInt()), query.value(2).toString()};
        writer.writer = {SiteId(query.value(3).toLongLong()), quint64(query.value(4).toLongLong())};
        writer.revision = quint64(query.value(5).toLongLong());
        contents.writers[EntityId(query.value(0).toLongLong())].append(writer);
    }
    if (query.lastError().isValid())
        return connection.error(query.lastError());
    if (!query.exec(QStringLiteral("SELECT \"revision\", \"entity\", \"writers\", \"id\" "
                                   "FROM \"removed\" ORDER BY \"revision\", \"id\"")))
        return connection.error(query.lastError());
    while (query.next()) {
        auto entity = wire::decodeEntity(query.value(1).toByteArray());
        auto writers = wire::decodeWriters(query.value(2).toByteArray());
        if (!entity || !writers)
            return damaged(connection,
                           QStringLiteral("removed %1").arg(query.value(3).toLongLong()));
        auto grave = std::make_shared<RemovedEntity>();
        grave->entity = std::move(*entity);
        grave->writers = std::move(*writers);
        grave->revision = quint64(query.value(0).toLongLong());
        contents.removed.push_back(std::move(grave));
    }
    if (query.lastError().isValid())
        return connection.error(query.lastError());
    return contents;
}

Result<void> loadRows(SqliteConnection &connection, Topology &topology)
{
    auto contents = readRows(connection);
    if (!contents)
        return contents.error();
    if (auto ok = topology.load(std::move(*contents)); !ok)
        return damaged(connection, ok.error().text);
    return {};
}

Result<void> loadBoard(SqliteConnection &connection, const AuthorityState &state,
                       Topology &topology, quint64 *snapshotRevision)
{
    if (loadFast(connection, state, topology, snapshotRevision))
        return {};
    *snapshotRevision = 0;
    const auto rows = readRowsRevision(connection, state.revision);
    if (!rows)
        return rows.error();
    return *rows == state.revision ? loadRows(connection, topology)
                                   : loadPast(connection, state, topology);
}

} // namespace patchboard::server
