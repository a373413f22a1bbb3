#include "server/store/sqlitestore.h"

#include "model/wire/codec.h"
#include "model/wire/snapshot.h"
#include "server/failpoint.h"
#include "server/store/boardreader.h"
#include "server/store/history.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QSqlDatabase>
#include <QSqlError>
#include <QTemporaryFile>
#include <QUrl>
#include <QUuid>

#include <atomic>
#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace patchboard::server {

namespace {

/// The texts of this file; lupdate knows their context by it.
struct StoreText
{
    Q_DECLARE_TR_FUNCTIONS(Store)
};

constexpr int kBusyMs = 2000;
constexpr quint64 kCheckpointAfter = 100; ///< batches
constexpr quint64 kPrunedAtOnce = 5000;   ///< changes

QString sqlText(const QString &text)
{
    return u'\'' + QString(text).replace(u'\'', QLatin1String("''")) + u'\'';
}

/// A transaction that is rolled back unless it is committed.
class Transaction
{
public:
    explicit Transaction(SqliteConnection &connection)
        : m_connection(connection)
    {
    }
    ~Transaction()
    {
        if (m_open)
            (void)m_connection.run(QStringLiteral("ROLLBACK"));
    }
    Transaction(const Transaction &) = delete;
    Transaction &operator=(const Transaction &) = delete;
    Result<void> begin()
    {
        auto ok = m_connection.run(QStringLiteral("BEGIN IMMEDIATE"));
        m_open = ok.ok();
        return ok;
    }
    Result<void> commit()
    {
        auto ok = m_connection.run(QStringLiteral("COMMIT"));
        if (ok)
            m_open = false;
        return ok;
    }

private:
    SqliteConnection &m_connection;
    bool m_open = false;
};

Result<void> createTables(SqliteConnection &connection, const Schema &schema)
{
    // Before the tables: whoever sees the file sees a board.
    Transaction transaction(connection);
    if (auto ok = transaction.begin(); !ok)
        return ok;
    QStringList statements{
        QStringLiteral("PRAGMA application_id = %1").arg(kApplicationId),
        QStringLiteral("PRAGMA user_version = %1").arg(schema.version),
    };
    statements += schema.create;
    statements += {
        QStringLiteral("INSERT INTO \"meta\" VALUES ('format', 'Patchboard board')"),
        QStringLiteral("INSERT INTO \"meta\" VALUES ('program', %1)")
            .arg(sqlText(QStringLiteral(PATCHBOARD_VERSION))),
        QStringLiteral("INSERT INTO \"meta\" VALUES ('created', %1)")
            .arg(sqlText(QDateTime::currentDateTimeUtc().toString(Qt::ISODate))),
        QStringLiteral("INSERT INTO \"meta\" VALUES ('epoch', %1)")
            .arg(sqlText(QUuid::createUuid().toString(QUuid::WithoutBraces))),
    };
    for (const QString &statement : std::as_const(statements)) {
        if (auto ok = connection.run(statement); !ok)
            return ok;
    }
    return transaction.commit();
}

Result<void> migrate(SqliteConnection &connection, const Schema &schema, int version)
{
    if (version == schema.version)
        return {};
    Transaction transaction(connection);
    if (auto ok = transaction.begin(); !ok)
        return ok;
    for (const Migration &migration : schema.migrations) {
        if (migration.from < version)
            continue;
        for (const QString &statement : migration.statements) {
            if (auto ok = connection.run(statement); !ok)
                return ok;
        }
    }
    // The blob is of the older fields.
    if (auto ok = connection.run(QStringLiteral("DELETE FROM \"snapshot\"")); !ok)
        return ok;
    if (auto ok = connection.run(QStringLiteral("PRAGMA user_version = %1").arg(schema.version));
        !ok)
        return ok;
    return transaction.commit();
}

/// Makes an empty board; the file appears whole or not at all.
Result<void> createFile(const QString &path, const Schema &schema)
{
    const auto failure = [&](const QString &why) {
        return Error{Errc::Storage, StoreText::tr("%1 cannot be made: %2").arg(path, why)};
    };
    const QFileInfo info(path);
    if (!info.absoluteDir().exists())
        return failure(StoreText::tr("the folder %1 does not exist").arg(info.absolutePath()));
    QTemporaryFile temporary(info.absolutePath() +
                             QStringLiteral("/.%1-XXXXXX").arg(info.fileName()));
    if (!temporary.open())
        return failure(temporary.errorString());
    const QString name = temporary.fileName();
    temporary.close();
    {
        auto connection = SqliteConnection::open(name, SqliteConnection::Mode::ReadWrite);
        if (!connection)
            return failure(connection.error().text);
        if (auto ok = createTables(**connection, schema); !ok)
            return failure(ok.error().text);
    }
    // rename() would replace a board that somebody made meanwhile; link() refuses.
    if (::link(QFile::encodeName(name).constData(), QFile::encodeName(path).constData()) != 0)
        return failure(QString::fromLocal8Bit(std::strerror(errno)));
    // A temporary file is its owner's alone; a board is for whom the umask says.
    const mode_t mask = ::umask(0);
    ::umask(mask);
    ::chmod(QFile::encodeName(path).constData(), 0666 & ~mask);
    return {};
}

} // namespace

// Connection

SqliteConnection::SqliteConnection(QString name, QString path)
    : m_name(std::move(name))
    , m_path(std::move(path))
{
}

SqliteConnection::~SqliteConnection()
{
    {
        QSqlDatabase db = database();
        db.close();
    }
    QSqlDatabase::removeDatabase(m_name);
}

QSqlDatabase SqliteConnection::database() const
{
    return QSqlDatabase::database(m_name, false);
}

Result<std::unique_ptr<SqliteConnection>> SqliteConnection::open(const QString &path, Mode mode)
{
    static std::atomic<quint64> counter = 0;
    const QString name = QStringLiteral("patchboard-store-%1").arg(++counter);
    std::unique_ptr<SqliteConnection> out(new SqliteConnection(name, path));
    QSqlDatabase db = QSqlDatabase::addDatabase(QStringLiteral("QSQLITE"), name);
    if (!db.isValid()) {
        return Error{Errc::Storage,
                     StoreText::tr("The SQLite driver of Qt is not installed (libqt6sql6-sqlite)")};
    }
    QString options = QStringLiteral("QSQLITE_BUSY_TIMEOUT=%1").arg(kBusyMs);
    if (mode == Mode::ReadWrite) {
        db.setDatabaseName(path);
    } else {
        QUrl url = QUrl::fromLocalFile(QFileInfo(path).absoluteFilePath());
        url.setQuery(mode == Mode::Immutable ? QStringLiteral("immutable=1")
                                             : QStringLiteral("mode=ro"));
        db.setDatabaseName(QString::fromLatin1(url.toEncoded()));
        options += QStringLiteral(";QSQLITE_OPEN_URI;QSQLITE_OPEN_READONLY");
    }
    db.setConnectOptions(options);
    if (!db.open())
        return out->error(db.lastError());
    return out;
}

Error SqliteConnection::error(const QSqlError &error) const
{
    const int code = error.nativeErrorCode().toInt() & 0xff;
    const QString what = error.databaseText();
    switch (code) {
    case 5: // SQLITE_BUSY
    case 6: // SQLITE_LOCKED
        return {Errc::Unavailable, StoreText::tr("%1 is locked by another program").arg(m_path)};
    case 8: // SQLITE_READONLY
        return {Errc::Storage, StoreText::tr("%1 cannot be written: %2").arg(m_path, what)};
    case 11: // SQLITE_CORRUPT
    case 26: // SQLITE_NOTADB
        return {Errc::Storage, StoreText::tr("%1 is damaged: %2").arg(m_path, what)};
    case 13: // SQLITE_FULL
        return {Errc::Storage, StoreText::tr("%1: there is no space left").arg(m_path)};
    case 14: // SQLITE_CANTOPEN
        return {Errc::Storage, StoreText::tr("%1 cannot be opened: %2").arg(m_path, what)};
    default:
        return {Errc::Storage, QStringLiteral("%1: %2").arg(m_path, what)};
    }
}

Result<void> SqliteConnection::run(const QString &sql)
{
    QSqlQuery query(database());
    if (!query.exec(sql))
        return error(query.lastError());
    return {};
}

Result<QVariant> SqliteConnection::single(const QString &sql)
{
    QSqlQuery query(database());
    query.setForwardOnly(true);
    if (!query.exec(sql))
        return error(query.lastError());
    if (!query.next()) {
        if (query.lastError().isValid())
            return error(query.lastError());
        return QVariant();
    }
    return query.value(0);
}

// Store

struct SqliteStore::Statements
{
    explicit Statements(const QSqlDatabase &db)
        : log(db)
        , outcome(db)
        , site(db)
        , writer(db)
        , dropWriters(db)
        , bury(db)
        , exhume(db)
        , readLog(db)
        , readHash(db)
        , readOutcome(db)
        , answer(db)
        , dropAnswers(db)
        , readAnswer(db)
        , upsert{QSqlQuery(db), QSqlQuery(db), QSqlQuery(db), QSqlQuery(db), QSqlQuery(db)}
        , drop{QSqlQuery(db), QSqlQuery(db), QSqlQuery(db), QSqlQuery(db), QSqlQuery(db)}
    {
    }
    QSqlQuery log;
    QSqlQuery outcome;
    QSqlQuery site;
    QSqlQuery writer;
    QSqlQuery dropWriters;
    QSqlQuery bury;
    QSqlQuery exhume;
    QSqlQuery readLog;
    QSqlQuery readHash;
    QSqlQuery readOutcome;
    QSqlQuery answer;
    QSqlQuery dropAnswers;
    QSqlQuery readAnswer;
    std::array<QSqlQuery, 5> upsert;
    std::array<QSqlQuery, 5> drop;
};

SqliteStore::SqliteStore(QString path, const Options &options, std::unique_ptr<FileLock> lock,
                         std::unique_ptr<SqliteConnection> connection)
    : m_path(std::move(path))
    , m_options(options)
    , m_lock(std::move(lock))
    , m_connection(std::move(connection))
{
}

SqliteStore::~SqliteStore()
{
    m_statements.reset();
    m_connection.reset();
}

Result<std::unique_ptr<SqliteStore>> SqliteStore::open(const QString &path, const Options &options)
{
    const QString file = QFileInfo(path).absoluteFilePath();
    const bool exists = QFileInfo::exists(file);
    if (!exists && !options.create)
        return Error{Errc::NotFound, StoreText::tr("%1 does not exist").arg(path)};
    if (exists) {
        if (auto ok = probeFile(file); !ok)
            return ok.error();
    } else if (!QFileInfo(file).absoluteDir().exists()) {
        return Error{Errc::Storage, StoreText::tr("%1 cannot be made: the folder %2 does not exist")
                                        .arg(path, QFileInfo(file).absolutePath())};
    }
    auto lock = FileLock::take(file);
    if (!lock)
        return lock.error();
    if (!QFileInfo::exists(file)) {
        if (auto ok = createFile(file, *options.schema); !ok)
            return ok.error();
    }
    if (::access(QFile::encodeName(file).constData(), W_OK) != 0) {
        return Error{Errc::Storage, StoreText::tr("%1 cannot be written: %2")
                                        .arg(path, QString::fromLocal8Bit(std::strerror(errno)))};
    }
    int version = 0;
    {
        // Looked at before it is opened for writing: what is refused here stays as it was.
        const auto reader = openForReading(file);
        if (!reader)
            return reader.error();
        const auto found = readVersion(**reader, options.schema->version);
        if (!found)
            return found.error();
        version = *found;
        if (const auto sane = readState(**reader); !sane)
            return sane.error();
    }
    auto connection = SqliteConnection::open(file, SqliteConnection::Mode::ReadWrite);
    if (!connection)
        return connection.error();
    const char *synchronous = options.durability == Durability::Full ? "FULL" : "NORMAL";
    for (const QString &pragma : {
             QStringLiteral("PRAGMA journal_mode = WAL"),
             QStringLiteral("PRAGMA synchronous = %1").arg(QLatin1String(synchronous)),
             // Checkpoints come between bursts, by idle(); this is the limit of one burst.
             QStringLiteral("PRAGMA wal_autocheckpoint = 16384"),
             QStringLiteral("PRAGMA journal_size_limit = 67108864"),
             QStringLiteral("PRAGMA cache_size = -16384"),
             QStringLiteral("PRAGMA temp_store = MEMORY"),
             QStringLiteral("PRAGMA foreign_keys = OFF"),
         }) {
        if (auto ok = (*connection)->run(pragma); !ok)
            return ok.error();
    }
    if (auto ok = migrate(**connection, *options.schema, version); !ok)
        return ok.error();
    std::unique_ptr<SqliteStore> store(
        new SqliteStore(file, options, std::move(*lock), std::move(*connection)));
    if (auto ok = store->prepare(); !ok)
        return ok.error();
    return store;
}

Result<void> SqliteStore::prepare()
{
    m_statements = std::make_unique<Statements>(m_connection->database());
    Statements &s = *m_statements;
    const auto with = [this](QSqlQuery &query, const QString &sql) -> Result<void> {
        query.setForwardOnly(true);
        if (!query.prepare(sql))
            return m_connection->error(query.lastError());
        return {};
    };
    const std::pair<QSqlQuery *, QString> fixed[] = {
        {&s.log, QStringLiteral("INSERT INTO \"change_log\" (\"revision\", \"site\", \"cseq\", "
                                "\"author\", \"label\", \"time\", \"gesture\", \"body\", "
                                "\"log_hash\", \"token\", \"address\") "
                                "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")},
        {&s.outcome, QStringLiteral("INSERT INTO \"outcomes\" (\"site\", \"cseq\", \"body_hash\", "
                                    "\"revision\", \"refusal_code\", \"refusal_text\", "
                                    "\"notices\") VALUES (?, ?, ?, ?, ?, ?, ?)")},
        {&s.site, QStringLiteral("INSERT OR REPLACE INTO \"sites\" (\"site\", \"profile\", "
                                 "\"last_cseq\") VALUES (?, ?, ?)")},
        {&s.writer, QStringLiteral("INSERT OR REPLACE INTO \"field_writers\" (\"id\", \"field\", "
                                   "\"property\", \"site\", \"cseq\", \"revision\") "
                                   "VALUES (?, ?, ?, ?, ?, ?)")},
        {&s.dropWriters, QStringLiteral("DELETE FROM \"field_writers\" WHERE \"id\" = ?")},
        {&s.bury, QStringLiteral("INSERT OR REPLACE INTO \"removed\" (\"id\", \"kind\", "
                                 "\"revision\", \"entity\", \"writers\") VALUES (?, ?, ?, ?, ?)")},
        {&s.exhume, QStringLiteral("DELETE FROM \"removed\" WHERE \"id\" = ?")},
        {&s.readLog, QStringLiteral("SELECT \"revision\", \"body\" FROM \"change_log\" WHERE "
                                    "\"revision\" BETWEEN ? AND ? ORDER BY \"revision\"")},
        {&s.readHash,
         QStringLiteral("SELECT \"log_hash\" FROM \"change_log\" WHERE \"revision\" = ?")},
        {&s.readOutcome,
         QStringLiteral("SELECT \"body_hash\", \"revision\", \"refusal_code\", \"refusal_text\", "
                        "\"notices\" FROM \"outcomes\" WHERE \"site\" = ? AND \"cseq\" = ?")},
        {&s.answer, QStringLiteral("INSERT OR REPLACE INTO \"kept_answers\" (\"author\", \"key\", "
                                   "\"request\", \"status\", \"content_type\", \"headers\", "
                                   "\"body\", \"time\") VALUES (?, ?, ?, ?, ?, ?, ?, ?)")},
        {&s.dropAnswers, QStringLiteral("DELETE FROM \"kept_answers\" WHERE \"time\" <= ?")},
        {&s.readAnswer,
         QStringLiteral("SELECT \"request\", \"status\", \"content_type\", \"headers\", "
                        "\"body\", \"time\" FROM \"kept_answers\" WHERE \"author\" = ? AND "
                        "\"key\" = ? AND \"time\" > ?")},
    };
    for (const auto &[query, sql] : fixed) {
        if (auto ok = with(*query, sql); !ok)
            return ok;
    }
    for (const EntityTable &table : entityTables()) {
        if (auto ok = with(s.upsert[size_t(table.kind)], table.upsertStatement()); !ok)
            return ok;
        if (auto ok = with(s.drop[size_t(table.kind)],
                           QStringLiteral("DELETE FROM \"%1\" WHERE \"id\" = ?").arg(table.name));
            !ok)
            return ok;
    }
    return {};
}

Result<AuthorityState> SqliteStore::load(Topology &topology)
{
    auto state = readState(*m_connection);
    if (!state)
        return state;
    if (auto ok = loadBoard(*m_connection, *state, topology, &m_snapshotRevision); !ok)
        return ok.error();
    m_revision = state->revision;
    QSqlQuery graves(m_connection->database());
    if (!graves.exec(QStringLiteral("SELECT EXISTS (SELECT 1 FROM \"removed\")")) || !graves.next())
        return m_connection->error(graves.lastError());
    m_hasGraves = graves.value(0).toBool();
    QSqlQuery kept(m_connection->database());
    if (!kept.exec(QStringLiteral("SELECT \"revision\", LENGTH(\"data\") FROM \"checkpoints\" "
                                  "ORDER BY \"revision\" DESC LIMIT 1")))
        return m_connection->error(kept.lastError());
    if (kept.next()) {
        m_checkpointRevision = quint64(kept.value(0).toLongLong());
        m_checkpointBytes = kept.value(1).toLongLong();
    }
    kept.finish();
    const auto bytes = m_connection->single(
        QStringLiteral("SELECT SUM(LENGTH(\"body\")) FROM \"change_log\" WHERE \"revision\" > %1")
            .arg(m_checkpointRevision));
    if (!bytes)
        return bytes.error();
    m_logBytes = bytes->toLongLong();
    auto oldest = oldestRevision();
    if (!oldest)
        return oldest.error();
    m_oldest = *oldest;
    return state;
}

Result<void> SqliteStore::execute(QSqlQuery &query, const QVariantList &values)
{
    for (qsizetype i = 0; i < values.size(); ++i)
        query.bindValue(int(i), values[i]);
    if (!query.exec())
        return m_connection->error(query.lastError());
    return {};
}

Result<void> SqliteStore::write(const CommitBatch &batch, const Topology &topology,
                                const QList<KeptAnswer> &answers)
{
    if (batch.isEmpty() && answers.isEmpty())
        return {};
    Transaction transaction(*m_connection);
    failPoint("before_transaction");
    if (auto ok = transaction.begin(); !ok)
        return ok;
    if (auto ok = writeBatch(batch, topology); !ok)
        return ok;
    if (auto ok = writeAnswers(answers); !ok)
        return ok;
    failPoint("in_transaction");
    if (auto ok = transaction.commit(); !ok)
        return ok;
    if (!batch.isEmpty())
        m_revision = batch.revision;
    for (const QByteArray &entry : batch.encoded)
        m_logBytes += entry.size();
    ++m_sinceCheckpoint;
    return {};
}

Result<void> SqliteStore::writeBatch(const CommitBatch &batch, const Topology &topology)
{
    Statements &s = *m_statements;
    for (qsizetype i = 0; i < batch.commits.size(); ++i) {
        const Commit &commit = batch.commits[i];
        const auto text = [](const QString &value) {
            return value.isNull() ? QVariant(QLatin1String("")) : QVariant(value);
        };
        const Origin &origin = batch.origins[i];
        if (auto ok = execute(s.log,
                              {qint64(commit.revision), qint64(commit.site), qint64(commit.cseq),
                               text(commit.author), text(commit.label), commit.time,
                               qint64(commit.gesture), batch.encoded[i], qint64(batch.logHashes[i]),
                               text(origin.token), text(origin.address)});
            !ok)
            return ok;
    }
    for (const StoredOutcome &outcome : batch.outcomes) {
        const QVariant code = outcome.refusal ? QVariant(int(outcome.refusal->code)) : QVariant();
        const QVariant why = outcome.refusal ? QVariant(outcome.refusal->text) : QVariant();
        const QVariant notices =
            outcome.notices.isEmpty() ? QVariant() : QVariant(wire::encodeNotices(outcome.notices));
        if (auto ok = execute(s.outcome,
                              {qint64(outcome.site), qint64(outcome.cseq), qint64(outcome.bodyHash),
                               qint64(outcome.revision), code, why, notices});
            !ok)
            return ok;
    }
    if (batch.snapshots) {
        if (auto ok = writeNamedSnapshots(*batch.snapshots); !ok)
            return ok;
    }
    for (const SiteLease &lease : batch.leases) {
        const QVariant profile =
            lease.profile.isNull() ? QVariant(QLatin1String("")) : QVariant(lease.profile);
        if (auto ok = execute(s.site, {qint64(lease.site), profile, qint64(lease.lastCseq)}); !ok)
            return ok;
    }
    return writeEntities(batch.commits, topology);
}

Result<void> SqliteStore::writeEntities(const QList<Commit> &commits, const Topology &topology)
{
    struct Touched
    {
        bool all = false; ///< it was created (or restored): every writer it has
        QSet<FieldKey> fields;
    };
    QHash<EntityId, Touched> touched;
    for (const Commit &commit : commits) {
        for (const Edit &edit : commit.edits) {
            if (const auto *create = std::get_if<CreateEntity>(&edit)) {
                touched[create->id].all = true;
            } else if (const auto *set = std::get_if<SetFields>(&edit)) {
                Touched &entry = touched[set->id];
                for (const FieldChange &field : set->fields)
                    entry.fields.insert(field.key);
            } else if (const auto *remove = std::get_if<RemoveEntities>(&edit)) {
                for (const EntityId id : remove->ids)
                    touched[id].all = true;
            }
        }
    }
    Statements &s = *m_statements;
    // In the order of the tables: rows are appended, not inserted all over them.
    QList<EntityId> ids = touched.keys();
    std::sort(ids.begin(), ids.end());
    for (const EntityId id : std::as_const(ids)) {
        const Touched &what = *touched.constFind(id);
        const auto entity = topology.entity(id);
        if (!entity) {
            const RemovedEntity *grave = topology.removedEntity(id);
            for (const EntityTable &table : entityTables()) {
                if (grave && table.kind != kindOf(grave->entity))
                    continue;
                if (auto ok = execute(s.drop[size_t(table.kind)], {qint64(id)}); !ok)
                    return ok;
            }
            if (auto ok = execute(s.dropWriters, {qint64(id)}); !ok)
                return ok;
            if (grave) {
                if (auto ok =
                        execute(s.bury, {qint64(id), int(kindOf(grave->entity)),
                                         qint64(grave->revision), wire::encodeEntity(grave->entity),
                                         wire::encodeWriters(grave->writers)});
                    !ok)
                    return ok;
                m_hasGraves = true;
            }
            continue;
        }
        const EntityKind kind = kindOf(*entity);
        if (auto ok = execute(s.upsert[size_t(kind)], entityTable(kind).bindings(*entity)); !ok)
            return ok;
        if (what.all && m_hasGraves) {
            if (auto ok = execute(s.exhume, {qint64(id)}); !ok)
                return ok;
        }
        for (const FieldWriter &writer : topology.writersOf(id)) {
            if (!what.all && !what.fields.contains(writer.key))
                continue;
            const QVariant property = writer.key.property.isNull() ? QVariant(QLatin1String(""))
                                                                   : QVariant(writer.key.property);
            if (auto ok = execute(s.writer, {qint64(id), int(writer.key.field), property,
                                             qint64(writer.writer.site), qint64(writer.writer.cseq),
                                             qint64(writer.revision)});
                !ok)
                return ok;
        }
    }
    return {};
}

Result<void> SqliteStore::writeAnswers(const QList<KeptAnswer> &answers)
{
    for (const KeptAnswer &answer : answers) {
        if (auto ok = execute(m_statements->dropAnswers, {answer.time - kAnswerKeptMs}); !ok)
            return ok;
        const auto text = [](const QString &value) {
            return value.isNull() ? QVariant(QLatin1String("")) : QVariant(value);
        };
        const auto bytes = [](const QByteArray &value) {
            return value.isNull() ? QVariant(QByteArray("")) : QVariant(value);
        };
        if (auto ok = execute(m_statements->answer,
                              {text(answer.author), text(answer.key), bytes(answer.request),
                               answer.status, bytes(answer.contentType), bytes(answer.headers),
                               bytes(answer.body), answer.time});
            !ok)
            return ok;
    }
    return {};
}

Result<void> SqliteStore::writeSnapshot(const Topology &topology)
{
    QSqlQuery query(m_connection->database());
    query.prepare(QStringLiteral(
        "INSERT OR REPLACE INTO \"snapshot\" (\"id\", \"revision\", \"data\") VALUES (1, ?, ?)"));
    if (auto ok = execute(query,
                          {qint64(m_revision), wire::encodeSnapshot(topology, wire::Graves::Take)});
        !ok)
        return ok;
    m_snapshotRevision = m_revision;
    return {};
}

std::function<Result<std::unique_ptr<History>>()> SqliteStore::history() const
{
    return [path = m_path] { return History::open(path, true); };
}

Result<void> SqliteStore::writeNamedSnapshots(const QList<wire::NamedSnapshot> &snapshots)
{
    QSqlQuery query(m_connection->database());
    // Names move: two may change theirs with each other.
    QStringList ids{QStringLiteral("0")};
    for (const wire::NamedSnapshot &snapshot : snapshots)
        ids.append(QString::number(snapshot.id));
    if (!query.exec(QStringLiteral("DELETE FROM \"named_snapshots\" WHERE \"id\" NOT IN (%1)")
                        .arg(ids.join(u','))))
        return m_connection->error(query.lastError());
    query.prepare(QStringLiteral(
        "INSERT INTO \"named_snapshots\" (\"id\", \"name\", \"revision\", \"time\", \"author\") "
        "VALUES (?, ?, ?, ?, ?) ON CONFLICT (\"id\") DO UPDATE SET \"name\" = excluded.\"name\""));
    for (const wire::NamedSnapshot &snapshot : snapshots) {
        const QVariant author =
            snapshot.author.isNull() ? QVariant(QLatin1String("")) : QVariant(snapshot.author);
        if (auto ok = execute(query, {qint64(snapshot.id), snapshot.name, qint64(snapshot.revision),
                                      snapshot.time, author});
            !ok)
            return ok;
    }
    return {};
}

/// Forgets the oldest changes, a little at a time. What is left begins where a board is kept, so
/// that everything after it can be shown; boards with a name are kept for themselves.
Result<void> SqliteStore::prune()
{
    if (m_revision <= m_oldest + m_options.keepChanges)
        return {};
    const qint64 now = m_options.clock ? m_options.clock() : QDateTime::currentMSecsSinceEpoch();
    const quint64 most = m_revision - std::max<quint64>(m_options.keepChanges, 1);
    const auto base = m_connection->single(
        QStringLiteral("SELECT MAX(c.\"revision\") FROM \"checkpoints\" c, \"change_log\" l "
                       "WHERE c.\"revision\" <= %1 AND l.\"revision\" = c.\"revision\" AND "
                       "l.\"time\" < %2")
            .arg(most)
            .arg(now - m_options.keepTime));
    if (!base || base->isNull())
        return base ? Result<void>() : Result<void>(base.error());
    const quint64 first = quint64(base->toLongLong());
    const auto ready = namedBoardsAreKept(first);
    if (!ready || !*ready)
        return ready ? Result<void>() : Result<void>(ready.error());
    Transaction transaction(*m_connection);
    if (auto ok = transaction.begin(); !ok)
        return ok;
    const quint64 upTo = std::min(first, m_oldest + kPrunedAtOnce);
    for (const QString &statement : {
             QStringLiteral("DELETE FROM \"change_log\" WHERE \"revision\" <= %1").arg(upTo),
             QStringLiteral("DELETE FROM \"checkpoints\" WHERE \"revision\" < %1").arg(upTo),
         }) {
        if (auto ok = m_connection->run(statement); !ok)
            return ok;
    }
    if (auto ok = transaction.commit(); !ok)
        return ok;
    m_oldest = upTo + 1;
    return {};
}

/// Those before a revision, whose changes are about to go. If not, chore() sees to one of them.
Result<bool> SqliteStore::namedBoardsAreKept(quint64 before)
{
    QSqlQuery query(m_connection->database());
    if (!query.exec(QStringLiteral("SELECT \"id\", \"revision\" FROM \"named_snapshots\" WHERE "
                                   "\"data\" IS NULL AND \"revision\" < %1 LIMIT 1")
                        .arg(before)))
        return m_connection->error(query.lastError());
    if (!query.next())
        return true;
    m_toKeep = {query.value(0).toLongLong(), quint64(query.value(1).toLongLong())};
    return false;
}

/// Makes the board of a revision from the log, and gives it to @a keep.
Store::Chore SqliteStore::keepBoard(quint64 revision,
                                    std::function<Result<void>(const QByteArray &board)> keep)
{
    const auto made = std::make_shared<Result<QByteArray>>(QByteArray());
    return {[open = history(), revision, made] {
                auto past = open();
                Topology board;
                const Result<void> found =
                    past ? (*past)->boardAt(revision, board) : Result<void>(past.error());
                if (found)
                    *made = wire::encodeSnapshot(board);
                else
                    *made = found.error();
            },
            [this, made, keep = std::move(keep)] {
                if (!*made || !keep(**made))
                    m_nextChore = m_revision + m_options.checkpointEvery;
            }};
}

std::optional<Store::Chore> SqliteStore::chore()
{
    if (m_revision < m_nextChore)
        return std::nullopt;
    if (m_logBytes >= m_checkpointBytes && m_revision != m_checkpointRevision &&
        (m_revision - m_checkpointRevision >= m_options.checkpointEvery ||
         m_logBytes >= m_options.checkpointBytes)) {
        return keepBoard(m_revision, [this, revision = m_revision,
                                      logBytes = m_logBytes](const QByteArray &board) {
            QSqlQuery query(m_connection->database());
            query.prepare(QStringLiteral("INSERT OR IGNORE INTO \"checkpoints\" (\"revision\", "
                                         "\"data\") VALUES (?, ?)"));
            if (auto ok = execute(query, {qint64(revision), board}); !ok)
                return ok;
            m_checkpointRevision = revision;
            m_checkpointBytes = board.size();
            m_logBytes -= logBytes;
            return Result<void>();
        });
    }
    if (!m_toKeep)
        return std::nullopt;
    const auto [id, revision] = *std::exchange(m_toKeep, std::nullopt);
    return keepBoard(revision, [this, id = id](const QByteArray &board) {
        QSqlQuery query(m_connection->database());
        query.prepare(
            QStringLiteral("UPDATE \"named_snapshots\" SET \"data\" = ? WHERE \"id\" = ?"));
        return execute(query, {board, id});
    });
}

void SqliteStore::idle(const Topology &topology)
{
    (void)prune();
    // It can lose nothing: a snapshot that fails is made another time.
    if (m_revision - m_snapshotRevision >= m_options.snapshotEvery)
        (void)writeSnapshot(topology);
    if (m_sinceCheckpoint >= kCheckpointAfter &&
        m_connection->run(QStringLiteral("PRAGMA wal_checkpoint(PASSIVE)")))
        m_sinceCheckpoint = 0;
}

void SqliteStore::finish(const Topology &topology)
{
    if (m_revision != m_snapshotRevision)
        (void)writeSnapshot(topology);
}

Result<QList<QByteArray>> SqliteStore::commits(quint64 from, quint64 to)
{
    QList<QByteArray> out;
    QSqlQuery &query = m_statements->readLog;
    if (auto ok = execute(query, {qint64(from), qint64(to)}); !ok)
        return ok.error();
    quint64 expected = from;
    while (query.next()) {
        if (quint64(query.value(0).toLongLong()) != expected++) {
            query.finish();
            return Error{
                Errc::Storage,
                StoreText::tr("%1 is damaged: change %2 is missing").arg(m_path).arg(expected - 1)};
        }
        out.append(query.value(1).toByteArray());
    }
    const QSqlError error = query.lastError();
    query.finish();
    if (error.isValid())
        return m_connection->error(error);
    if (expected != to + 1)
        return Error{Errc::NotFound, StoreText::tr("The log has no change %1").arg(expected)};
    return out;
}

Result<quint64> SqliteStore::oldestRevision()
{
    const auto least =
        m_connection->single(QStringLiteral("SELECT MIN(\"revision\") FROM \"change_log\""));
    if (!least)
        return least.error();
    return least->isNull() ? m_revision + 1 : quint64(least->toLongLong());
}

Result<quint64> SqliteStore::oldestBoard()
{
    return patchboard::server::oldestBoard(*m_connection, kSchemaVersion);
}

Result<std::optional<quint64>> SqliteStore::logHashAt(quint64 revision)
{
    if (revision == 0)
        return std::optional<quint64>(0);
    QSqlQuery &query = m_statements->readHash;
    if (auto ok = execute(query, {qint64(revision)}); !ok)
        return ok.error();
    std::optional<quint64> out;
    if (query.next())
        out = quint64(query.value(0).toLongLong());
    query.finish();
    return out;
}

Result<std::optional<StoredOutcome>> SqliteStore::outcome(SiteId site, quint64 cseq)
{
    QSqlQuery &query = m_statements->readOutcome;
    if (auto ok = execute(query, {qint64(site), qint64(cseq)}); !ok)
        return ok.error();
    std::optional<StoredOutcome> out;
    if (query.next()) {
        out.emplace();
        out->site = site;
        out->cseq = cseq;
        out->bodyHash = quint64(query.value(0).toLongLong());
        out->revision = quint64(query.value(1).toLongLong());
        if (!query.value(2).isNull())
            out->refusal = Error{Errc(query.value(2).toInt()), query.value(3).toString()};
        if (!query.value(4).isNull()) {
            auto notices = wire::decodeNotices(query.value(4).toByteArray());
            if (!notices) {
                query.finish();
                return notices.error();
            }
            out->notices = std::move(*notices);
        }
    }
    query.finish();
    return out;
}

Result<std::optional<KeptAnswer>> SqliteStore::answer(const QString &author, const QString &key,
                                                      qint64 now)
{
    QSqlQuery &query = m_statements->readAnswer;
    if (auto ok = execute(query, {author, key, now - kAnswerKeptMs}); !ok)
        return ok.error();
    std::optional<KeptAnswer> out;
    if (query.next()) {
        out = KeptAnswer{author,
                         key,
                         query.value(0).toByteArray(),
                         query.value(1).toInt(),
                         query.value(2).toByteArray(),
                         query.value(3).toByteArray(),
                         query.value(4).toByteArray(),
                         query.value(5).toLongLong()};
    }
    query.finish();
    return out;
}

// Reading and copying

bool looksLikeBoard(const QString &path)
{
    QFile file(path);
    return QFileInfo(path).isFile() && file.open(QIODevice::ReadOnly) &&
           file.read(16) == QByteArrayView("SQLite format 3", 16);
}

Result<AuthorityState> readBoard(const QString &path, Topology &topology)
{
    if (auto ok = probeFile(path); !ok)
        return ok.error();
    auto connection = openForReading(path);
    if (!connection)
        return connection.error();
    if (auto version = readVersion(**connection, kSchemaVersion); !version)
        return version.error();
    // One view of it all, also while somebody writes.
    if (auto ok = (*connection)->run(QStringLiteral("BEGIN")); !ok)
        return ok.error();
    auto state = readState(**connection);
    if (!state)
        return state;
    quint64 snapshotRevision = 0;
    if (auto ok = loadBoard(**connection, *state, topology, &snapshotRevision); !ok)
        return ok.error();
    return state;
}

Result<void> backupBoard(const QString &path, const QString &out, bool overwrite)
{
    if (auto ok = probeFile(path); !ok)
        return ok;
    const QFileInfo target(out);
    const auto failure = [&](const QString &why) {
        return Error{Errc::Storage, StoreText::tr("%1 cannot be written: %2").arg(out, why)};
    };
    if (target.isDir())
        return failure(StoreText::tr("it is a folder"));
    if (target.exists() && target.canonicalFilePath() == QFileInfo(path).canonicalFilePath())
        return failure(StoreText::tr("it is the board itself"));
    if (target.exists() && !overwrite)
        return Error{Errc::Conflict, StoreText::tr("%1 exists; --force replaces it").arg(out)};
    if (!target.absoluteDir().exists())
        return failure(StoreText::tr("the folder %1 does not exist").arg(target.absolutePath()));
    auto connection = openForReading(path);
    if (!connection)
        return connection.error();
    if (auto version = readVersion(**connection, kSchemaVersion); !version)
        return version.error();

    QTemporaryFile temporary(target.absolutePath() +
                             QStringLiteral("/.%1-XXXXXX").arg(target.fileName()));
    if (!temporary.open())
        return failure(temporary.errorString());
    const QString name = temporary.fileName();
    temporary.close(); // empty: VACUUM INTO writes into it
    if (auto ok = (*connection)->run(QStringLiteral("VACUUM INTO %1").arg(sqlText(name))); !ok)
        return ok;
    {
        auto copy = SqliteConnection::open(name, SqliteConnection::Mode::ReadWrite);
        if (!copy)
            return copy.error();
        if (auto ok = (*copy)->run(
                QStringLiteral("UPDATE \"meta\" SET \"value\" = %1 WHERE \"key\" = 'epoch'")
                    .arg(sqlText(QUuid::createUuid().toString(QUuid::WithoutBraces))));
            !ok)
            return ok;
        if (const auto ok = (*copy)->single(QStringLiteral("PRAGMA quick_check(1)"));
            !ok || ok->toString() != QLatin1String("ok"))
            return failure(ok ? ok->toString() : ok.error().text);
    }
    const int descriptor = ::open(QFile::encodeName(name).constData(), O_RDONLY | O_CLOEXEC);
    if (descriptor >= 0) {
        ::fsync(descriptor);
        ::close(descriptor);
    }
    ::chmod(QFile::encodeName(name).constData(), 0640);
    if (::rename(QFile::encodeName(name).constData(), QFile::encodeName(out).constData()) != 0)
        return failure(QString::fromLocal8Bit(std::strerror(errno)));
    temporary.setAutoRemove(false);
    return {};
}

} // namespace patchboard::server
