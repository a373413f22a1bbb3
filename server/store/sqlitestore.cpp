#include "server/store/sqlitestore.h"

#include "model/wire/codec.h"
#include "model/wire/snapshot.h"
#include "server/failpoint.h"
#include "server/store/boardreader.h"
#include "server/store/history.h"
#include "server/store/statement.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QSqlDatabase>
#include <QSqlError>
#include <QTemporaryFile>
#include <QUuid>

#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <malloc.h>
#include <sys/stat.h>
#include <unistd.h>

namespace patchboard::server {

namespace {

/// The texts of this file; lupdate knows their context by it.
struct StoreText
{
    Q_DECLARE_TR_FUNCTIONS(Store)
};

// Frames of the write-ahead log, of 4 KiB each, after which they are brought into the file.
constexpr int kCheckpointWhenIdle = 1000;
constexpr int kCheckpointInBurst = 8192;
constexpr int kCheckpointAtOnce = 65536; ///< whatever it delays: the other thread does not keep up
constexpr quint64 kPrunedAtOnce = 5000;  ///< changes
constexpr qsizetype kRowsAtOnce = 1000;  ///< entities; some ms

/// Brings into the file what the write-ahead log has, as far as nobody else is at it.
Result<void> checkpointNow(SqliteConnection &connection)
{
    return connection.run(QStringLiteral("PRAGMA wal_checkpoint(PASSIVE)"));
}

/// It took effect as it was sent, and there is nothing to say of it.
bool isPlain(const StoredOutcome &outcome)
{
    return !outcome.refusal && outcome.notices.isEmpty() && outcome.revision != 0;
}

/// A null string would be NULL.
QVariant textOf(const QString &text)
{
    return text.isNull() ? QVariant(QLatin1String("")) : QVariant(text);
}

QString sqlText(const QString &text)
{
    return u'\'' + QString(text).replace(u'\'', QLatin1String("''")) + u'\'';
}

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

// Store

struct SqliteStore::Statements
{
    Statements(Statement forLog, Statement forMarks, const QSqlDatabase &db)
        : log(std::move(forLog))
        , mark(std::move(forMarks))
        , outcome(db)
        , site(db)
        , readLog(db)
        , readHash(db)
        , readOutcome(db)
        , answer(db)
        , dropAnswers(db)
        , readAnswer(db)
        , readLogOutcome(db)
    {
    }
    Statement log;
    Statement mark;
    QSqlQuery outcome;
    QSqlQuery site;
    QSqlQuery readLog;
    QSqlQuery readHash;
    QSqlQuery readOutcome;
    QSqlQuery answer;
    QSqlQuery dropAnswers;
    QSqlQuery readAnswer;
    QSqlQuery readLogOutcome;
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
    m_rows.reset();
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
             QStringLiteral("PRAGMA journal_size_limit = 67108864"),
             QStringLiteral("PRAGMA cache_size = -4096"),
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
    auto log = Statement::prepare(
        *m_connection, "INSERT INTO \"change_log\" (\"revision\", \"site\", \"cseq\", "
                       "\"author\", \"label\", \"time\", \"gesture\", \"body\", \"log_hash\", "
                       "\"token\", \"address\", \"body_hash\") "
                       "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    if (!log)
        return log.error();
    auto mark = Statement::prepare(*m_connection,
                                   "INSERT OR IGNORE INTO \"site_marks\" (\"site\", \"cseq\", "
                                   "\"revision\") VALUES (?, ?, ?)");
    if (!mark)
        return mark.error();
    m_connection->watchWal([this](int frames) { m_walFrames = frames; });
    m_statements =
        std::make_unique<Statements>(*std::move(log), *std::move(mark), m_connection->database());
    Statements &s = *m_statements;
    const std::pair<QSqlQuery *, QString> fixed[] = {
        {&s.outcome, QStringLiteral("INSERT INTO \"outcomes\" (\"site\", \"cseq\", \"body_hash\", "
                                    "\"revision\", \"refusal_code\", \"refusal_text\", "
                                    "\"notices\") VALUES (?, ?, ?, ?, ?, ?, ?)")},
        {&s.site, QStringLiteral("INSERT OR REPLACE INTO \"sites\" (\"site\", \"profile\", "
                                 "\"last_cseq\") VALUES (?, ?, ?)")},
        {&s.readLog, QStringLiteral("SELECT \"revision\", \"body\" FROM \"change_log\" WHERE "
                                    "\"revision\" BETWEEN ? AND ? ORDER BY \"revision\"")},
        {&s.readHash,
         QStringLiteral("SELECT \"log_hash\" FROM \"change_log\" WHERE \"revision\" = ?")},
        {&s.readOutcome,
         QStringLiteral("SELECT \"body_hash\", \"revision\", \"refusal_code\", \"refusal_text\", "
                        "\"notices\" FROM \"outcomes\" WHERE \"site\" = ? AND \"cseq\" = ?")},
        {&s.readLogOutcome,
         QStringLiteral("SELECT l.\"body_hash\", l.\"revision\" FROM (SELECT \"revision\" FROM "
                        "\"site_marks\" WHERE \"site\" = ? AND \"cseq\" <= ? "
                        "ORDER BY \"cseq\" DESC LIMIT 1) m CROSS JOIN \"change_log\" l WHERE "
                        "l.\"revision\" >= m.\"revision\" AND "
                        "l.\"revision\" < m.\"revision\" + %1 AND l.\"site\" = ? AND "
                        "l.\"cseq\" = ? AND l.\"body_hash\" IS NOT NULL LIMIT 1")
             .arg(kRevisionsPerMark)},
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
        if (auto ok = m_connection->prepare(*query, sql); !ok)
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
    if (auto ok = findRowsBehind(); !ok)
        return ok.error();
    return state;
}

/// What a host that did not end cleanly left to be written into the rows.
Result<void> SqliteStore::findRowsBehind()
{
    const auto rows = readRowsRevision(*m_connection, m_revision);
    if (!rows)
        return rows.error();
    m_rows = std::make_unique<Rows>(*m_connection);
    if (auto ok = m_rows->prepare(*rows); !ok)
        return ok;
    QSqlQuery query = m_connection->query();
    if (auto ok = m_connection->prepare(
            query, QStringLiteral("SELECT \"body\" FROM \"change_log\" WHERE \"revision\" > ? "
                                  "ORDER BY \"revision\""));
        !ok)
        return ok;
    if (auto ok = m_connection->execute(query, {qint64(*rows)}); !ok)
        return ok;
    while (query.next()) {
        const auto commit = wire::decodeCommit(query.value(0).toByteArray());
        if (!commit)
            return commit.error();
        m_rows->touch(*commit);
    }
    if (query.lastError().isValid())
        return m_connection->error(query.lastError());
    return {};
}

Result<void> SqliteStore::write(const CommitBatch &batch, const QList<KeptAnswer> &answers)
{
    if (batch.isEmpty() && answers.isEmpty())
        return {};
    Transaction transaction(*m_connection);
    failPoint("before_transaction");
    if (auto ok = transaction.begin(); !ok)
        return ok;
    const auto written = [&]() -> Result<void> {
        if (auto ok = writeBatch(batch); !ok)
            return ok;
        if (auto ok = writeMarks(batch.commits); !ok)
            return ok;
        if (auto ok = writeAnswers(answers); !ok)
            return ok;
        failPoint("in_transaction");
        return transaction.commit();
    }();
    if (!written) {
        m_marked.clear(); // one too many does no harm
        return written;
    }
    if (!batch.isEmpty())
        m_revision = batch.revision;
    for (const Commit &commit : batch.commits)
        m_rows->touch(commit);
    m_logBytes += batch.encoded.bytes();
    if (m_walFrames - m_checkedFrames >= kCheckpointAtOnce) {
        (void)checkpointNow(*m_connection);
        m_checkedFrames = m_walFrames;
    }
    return {};
}

Result<void> SqliteStore::writeMarks(const QList<Commit> &commits)
{
    for (const Commit &commit : commits) {
        const quint64 piece = commit.revision / kRevisionsPerMark;
        if (std::exchange(m_markedPiece, piece) != piece)
            m_marked.clear();
        if (m_marked.contains(commit.site))
            continue;
        m_marked.insert(commit.site);
        Statement &mark = m_statements->mark;
        mark.add(qint64(commit.site)).add(qint64(commit.cseq)).add(qint64(commit.revision));
        if (auto ok = mark.run(); !ok)
            return ok;
    }
    return {};
}

Result<void> SqliteStore::writeBatch(const CommitBatch &batch)
{
    Statements &s = *m_statements;
    // A change that took effect as it was sent needs no row of outcomes: its line of the log says
    // so.
    std::vector<std::optional<quint64>> bodyHashes(size_t(batch.commits.size()));
    const auto bodyHashOf = [&](const StoredOutcome &outcome) -> std::optional<quint64> * {
        if (batch.commits.isEmpty() || !isPlain(outcome) ||
            outcome.revision < batch.commits.first().revision)
            return nullptr;
        return &bodyHashes.at(size_t(outcome.revision - batch.commits.first().revision));
    };
    for (const StoredOutcome &outcome : batch.outcomes) {
        if (auto *hash = bodyHashOf(outcome))
            *hash = outcome.bodyHash;
    }
    for (qsizetype i = 0; i < batch.commits.size(); ++i) {
        const Commit &commit = batch.commits[i];
        const Origin &origin = batch.origins[i];
        const std::optional<quint64> &bodyHash = bodyHashes[size_t(i)];
        s.log.add(qint64(commit.revision))
            .add(qint64(commit.site))
            .add(qint64(commit.cseq))
            .add(QStringView(commit.author))
            .add(QStringView(commit.label))
            .add(commit.time)
            .add(qint64(commit.gesture))
            .add(batch.encoded.at(i))
            .add(qint64(batch.logHashes[i]))
            .add(QStringView(origin.token))
            .add(QStringView(origin.address));
        if (bodyHash)
            s.log.add(qint64(*bodyHash));
        else
            s.log.addNull();
        if (auto ok = s.log.run(); !ok)
            return ok;
    }
    for (const StoredOutcome &outcome : batch.outcomes) {
        if (bodyHashOf(outcome))
            continue;
        const QVariant code = outcome.refusal ? QVariant(int(outcome.refusal->code)) : QVariant();
        const QVariant why = outcome.refusal ? QVariant(outcome.refusal->text) : QVariant();
        const QVariant notices =
            outcome.notices.isEmpty() ? QVariant() : QVariant(wire::encodeNotices(outcome.notices));
        if (auto ok = m_connection->execute(
                s.outcome, {qint64(outcome.site), qint64(outcome.cseq), qint64(outcome.bodyHash),
                            qint64(outcome.revision), code, why, notices});
            !ok)
            return ok;
    }
    if (batch.snapshots) {
        if (auto ok = writeNamedSnapshots(*batch.snapshots); !ok)
            return ok;
    }
    if (!batch.acts.isEmpty()) {
        if (auto ok = writeActs(batch.acts); !ok)
            return ok;
    }
    for (const SiteLease &lease : batch.leases) {
        if (auto ok = m_connection->execute(
                s.site, {qint64(lease.site), textOf(lease.profile), qint64(lease.lastCseq)});
            !ok)
            return ok;
    }
    return {};
}

Result<void> SqliteStore::writeAnswers(const QList<KeptAnswer> &answers)
{
    for (const KeptAnswer &answer : answers) {
        if (auto ok =
                m_connection->execute(m_statements->dropAnswers, {answer.time - kAnswerKeptMs});
            !ok)
            return ok;
        const auto bytes = [](const QByteArray &value) {
            return value.isNull() ? QVariant(QByteArray("")) : QVariant(value);
        };
        if (auto ok = m_connection->execute(m_statements->answer,
                                            {textOf(answer.author), textOf(answer.key),
                                             bytes(answer.request), answer.status,
                                             bytes(answer.contentType), bytes(answer.headers),
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
    if (auto ok = m_connection->execute(
            query, {qint64(m_revision), wire::encodeSnapshot(topology, wire::Graves::Take)});
        !ok)
        return ok;
    m_snapshotRevision = m_revision;
    return {};
}

std::function<Result<std::unique_ptr<History>>()> SqliteStore::history() const
{
    return [path = m_path] { return History::open(path, true); };
}

/// They are forgotten as changes are.
Result<void> SqliteStore::writeActs(const QList<Act> &acts)
{
    QSqlQuery query(m_connection->database());
    query.prepare(QStringLiteral(
        "INSERT INTO \"acts\" (\"revision\", \"time\", \"author\", \"token\", \"address\", "
        "\"label\") VALUES (?, ?, ?, ?, ?, ?)"));
    for (const Act &act : acts) {
        if (auto ok = m_connection->execute(query, {qint64(act.revision), act.time,
                                                    textOf(act.author), textOf(act.origin.token),
                                                    textOf(act.origin.address), textOf(act.label)});
            !ok)
            return ok;
    }
    return m_connection->run(
        QStringLiteral(
            "DELETE FROM \"acts\" WHERE \"act\" <= (SELECT MAX(\"act\") FROM \"acts\") - %1 "
            "AND \"time\" < %2")
            .arg(std::max<quint64>(m_options.keepChanges, 1))
            .arg(timeNow() - m_options.keepTime));
}

qint64 SqliteStore::timeNow() const
{
    return m_options.clock ? m_options.clock() : QDateTime::currentMSecsSinceEpoch();
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
        if (auto ok = m_connection->execute(query, {qint64(snapshot.id), snapshot.name,
                                                    qint64(snapshot.revision), snapshot.time,
                                                    textOf(snapshot.author)});
            !ok)
            return ok;
    }
    return {};
}

/// Forgets the oldest changes, a little at a time. What is left begins where a board is kept, so
/// that everything after it can be shown; boards with a name are kept for themselves.
Result<void> SqliteStore::prune()
{
    if (m_revision <= m_oldest + m_options.keepChanges || m_rows->isBehind())
        return {};
    const quint64 most = m_revision - std::max<quint64>(m_options.keepChanges, 1);
    const auto base = m_connection->single(
        QStringLiteral("SELECT MAX(c.\"revision\") FROM \"checkpoints\" c, \"change_log\" l "
                       "WHERE c.\"revision\" <= %1 AND l.\"revision\" = c.\"revision\" AND "
                       "l.\"time\" < %2")
            .arg(most)
            .arg(timeNow() - m_options.keepTime));
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
             QStringLiteral("INSERT OR IGNORE INTO \"outcomes\" (\"site\", \"cseq\", "
                            "\"body_hash\", \"revision\") SELECT \"site\", \"cseq\", "
                            "\"body_hash\", \"revision\" FROM \"change_log\" WHERE "
                            "\"revision\" <= %1 AND \"body_hash\" IS NOT NULL")
                 .arg(upTo),
             QStringLiteral("DELETE FROM \"change_log\" WHERE \"revision\" <= %1").arg(upTo),
             // Changes that are left may begin after an older one.
             QStringLiteral("DELETE FROM \"site_marks\" WHERE \"revision\" + %1 <= %2")
                 .arg(kRevisionsPerMark)
                 .arg(upTo),
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
                {
                    auto past = open();
                    Topology board;
                    const Result<void> found =
                        past ? (*past)->boardAt(revision, board) : Result<void>(past.error());
                    if (found)
                        *made = wire::encodeSnapshot(board);
                    else
                        *made = found.error();
                }
                ::malloc_trim(0); // that was a whole board
            },
            [this, made, keep = std::move(keep)] {
                if (!*made || !keep(**made))
                    m_nextChore = m_revision + m_options.checkpointEvery;
            }};
}

/// Brings the write-ahead log into the file. What is written meanwhile stays for the store's own
/// thread: a little, and then the log begins anew.
Store::Chore SqliteStore::checkpoint()
{
    const auto made = std::make_shared<bool>(false);
    return {[path = m_path, made] {
                const auto connection =
                    SqliteConnection::open(path, SqliteConnection::Mode::ReadWrite);
                *made = connection && checkpointNow(**connection);
            },
            [this, made] {
                if (*made)
                    (void)checkpointNow(*m_connection);
                m_checkedFrames = m_walFrames;
            }};
}

std::optional<Store::Chore> SqliteStore::chore(Chores which)
{
    if (m_walFrames < m_checkedFrames) // it has begun anew
        m_checkedFrames = 0;
    const int frames = m_walFrames - m_checkedFrames;
    if (frames >= kCheckpointInBurst)
        return checkpoint();
    if (which == Chores::Pressing)
        return std::nullopt;
    if (auto board = boardToKeep())
        return board;
    if (frames >= kCheckpointWhenIdle)
        return checkpoint();
    return std::nullopt;
}

std::optional<Store::Chore> SqliteStore::boardToKeep()
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
            if (auto ok = m_connection->execute(query, {qint64(revision), board}); !ok)
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
        return m_connection->execute(query, {board, id});
    });
}

bool SqliteStore::idle(const Topology &topology)
{
    // None of it can lose anything: what fails is done another time.
    if (m_rows->isBehind()) {
        const auto more = m_rows->write(topology, kRowsAtOnce);
        if (more && *more)
            return true;
    }
    (void)prune();
    if (m_revision - m_snapshotRevision >= m_options.snapshotEvery)
        (void)writeSnapshot(topology);
    return false;
}

void SqliteStore::finish(const Topology &topology)
{
    if (m_revision != m_snapshotRevision)
        (void)writeSnapshot(topology);
    for (;;) {
        const auto more = m_rows->write(topology, kRowsAtOnce);
        if (!more || !*more)
            break;
    }
}

Result<QList<QByteArray>> SqliteStore::commits(quint64 from, quint64 to)
{
    QList<QByteArray> out;
    QSqlQuery &query = m_statements->readLog;
    if (auto ok = m_connection->execute(query, {qint64(from), qint64(to)}); !ok)
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
    if (auto ok = m_connection->execute(query, {qint64(revision)}); !ok)
        return ok.error();
    std::optional<quint64> out;
    if (query.next())
        out = quint64(query.value(0).toLongLong());
    query.finish();
    return out;
}

Result<std::optional<StoredOutcome>> SqliteStore::outcome(SiteId site, quint64 cseq)
{
    StoredOutcome found;
    found.site = site;
    found.cseq = cseq;
    QSqlQuery &query = m_statements->readOutcome;
    if (auto ok = m_connection->execute(query, {qint64(site), qint64(cseq)}); !ok)
        return ok.error();
    if (query.next()) {
        found.bodyHash = quint64(query.value(0).toLongLong());
        found.revision = quint64(query.value(1).toLongLong());
        if (!query.value(2).isNull())
            found.refusal = Error{Errc(query.value(2).toInt()), query.value(3).toString()};
        const QByteArray notices = query.value(4).toByteArray();
        query.finish();
        if (!notices.isNull()) {
            auto decoded = wire::decodeNotices(notices);
            if (!decoded)
                return decoded.error();
            found.notices = *std::move(decoded);
        }
        return std::optional(std::move(found));
    }
    query.finish();
    QSqlQuery &log = m_statements->readLogOutcome;
    if (auto ok =
            m_connection->execute(log, {qint64(site), qint64(cseq), qint64(site), qint64(cseq)});
        !ok)
        return ok.error();
    const bool isThere = log.next();
    if (isThere) {
        found.bodyHash = quint64(log.value(0).toLongLong());
        found.revision = quint64(log.value(1).toLongLong());
    }
    log.finish();
    return isThere ? std::optional(std::move(found)) : std::nullopt;
}

Result<std::optional<KeptAnswer>> SqliteStore::answer(const QString &author, const QString &key,
                                                      qint64 now)
{
    QSqlQuery &query = m_statements->readAnswer;
    if (auto ok = m_connection->execute(query, {author, key, now - kAnswerKeptMs}); !ok)
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
