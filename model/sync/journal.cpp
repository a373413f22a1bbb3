#include "model/sync/journal.h"

#include "model/wire/codec.h"

#include <QCoreApplication>
#include <QCryptographicHash>
#include <QDir>
#include <QFile>
#include <QLockFile>
#include <QSqlError>
#include <QUuid>
#include <QVariant>

namespace patchboard {

namespace {

struct JournalText
{
    Q_DECLARE_TR_FUNCTIONS(Journal)
};

constexpr int kApplicationId = 0x50424a4c; ///< "PBJL", in the header of the file
constexpr int kVersion = 1;
constexpr int kMostJournals = 64; ///< window processes on one board and profile

// SQLite's integers are signed: 64-bit numbers go in and out bit by bit.
QVariant asVariant(quint64 value)
{
    return QVariant(qint64(value));
}

quint64 asUnsigned(const QVariant &value)
{
    return quint64(value.toLongLong());
}

} // namespace

QString Journal::nameFor(const QString &address)
{
    QString name;
    for (const QChar c : address.section(u'/', -1).isEmpty() ? address : address.section(u'/', -1))
        name += c.isLetterOrNumber() || c == u'.' || c == u'-' ? c : QChar(u'_');
    // Two addresses that look alike are still two boards.
    const QByteArray hash =
        QCryptographicHash::hash(address.toUtf8(), QCryptographicHash::Sha256).toHex().left(12);
    return name.left(48) + u'-' + QLatin1String(hash);
}

Journal::Journal(QString path)
    : m_path(std::move(path))
    , m_connection(QStringLiteral("journal-") + QUuid::createUuid().toString(QUuid::WithoutBraces))
{
}

Journal::~Journal()
{
    if (m_database.isOpen())
        (void)flush();
    close();
}

void Journal::close()
{
    m_insertChange.reset();
    m_insertCommit.reset();
    m_database.close();
    m_database = QSqlDatabase();
    QSqlDatabase::removeDatabase(m_connection);
}

Result<std::unique_ptr<Journal>> Journal::open(const QString &folder, const QString &name)
{
    if (!QDir().mkpath(folder)) {
        return Error{
            Errc::Storage,
            JournalText::tr("The folder %1 cannot be made").arg(QDir::toNativeSeparators(folder))};
    }
    for (int number = 1; number <= kMostJournals; ++number) {
        const QString suffix = number == 1 ? QString() : QStringLiteral("-%1").arg(number);
        const QString path = QDir(folder).filePath(name + suffix + QStringLiteral(".journal"));
        auto lock = std::make_unique<QLockFile>(path + QStringLiteral(".lock"));
        lock->setStaleLockTime(0); // never by age; that of a process that is gone is taken over
        if (!lock->tryLock(0)) {
            if (lock->error() == QLockFile::LockFailedError)
                continue; // another window has it
            return Error{
                Errc::Storage,
                JournalText::tr("%1 cannot be written").arg(QDir::toNativeSeparators(path))};
        }
        std::unique_ptr<Journal> journal(new Journal(path));
        journal->m_lock = std::move(lock);
        auto opened = journal->openFile();
        if (!opened && opened.error().code == Errc::Protocol) {
            // Damaged: nothing that could be read is thrown away.
            journal->close();
            QString aside;
            for (int n = 1; aside.isEmpty() || QFile::exists(aside); ++n)
                aside = QStringLiteral("%1.damaged-%2").arg(path).arg(n);
            for (const auto *part : {"", "-wal", "-shm"})
                QFile::rename(path + QLatin1String(part), aside + QLatin1String(part));
            journal->m_setAside = aside;
            opened = journal->openFile();
        }
        if (!opened)
            return opened.error();
        return journal;
    }
    return Error{Errc::Unavailable, JournalText::tr("Too many windows have this board open")};
}

Error Journal::failure(const QSqlQuery &query) const
{
    return {Errc::Storage, JournalText::tr("%1: %2").arg(QDir::toNativeSeparators(m_path),
                                                         query.lastError().text())};
}

Result<void> Journal::run(const QString &sql)
{
    QSqlQuery query(m_database);
    if (!query.exec(sql))
        return failure(query);
    return {};
}

template <typename F>
Result<void> Journal::transaction(F body)
{
    if (auto begun = run(QStringLiteral("BEGIN IMMEDIATE")); !begun)
        return begun;
    Result<void> done = body();
    if (done)
        done = run(QStringLiteral("COMMIT"));
    if (!done)
        (void)run(QStringLiteral("ROLLBACK"));
    return done;
}

Result<void> Journal::openFile()
{
    m_database = QSqlDatabase::addDatabase(QStringLiteral("QSQLITE"), m_connection);
    m_database.setDatabaseName(m_path);
    const bool isNew = !QFile::exists(m_path) || QFile(m_path).size() == 0;
    const Error damaged{Errc::Protocol, JournalText::tr("%1 is damaged").arg(m_path)};
    if (!m_database.open())
        return Error{Errc::Storage, JournalText::tr("%1 cannot be opened").arg(m_path)};
    const auto number = [this](const QString &pragma) {
        QSqlQuery query(m_database);
        return query.exec(QStringLiteral("PRAGMA ") + pragma) && query.next()
                   ? query.value(0).toInt()
                   : -1;
    };
    if (!isNew) {
        if (number(QStringLiteral("application_id")) != kApplicationId)
            return damaged;
        if (number(QStringLiteral("user_version")) > kVersion) {
            return Error{Errc::Storage,
                         JournalText::tr("%1 was written by a newer version of this program")
                             .arg(QDir::toNativeSeparators(m_path))};
        }
    }
    if (!run(QStringLiteral("PRAGMA journal_mode=WAL")) ||
        !run(QStringLiteral("PRAGMA synchronous=NORMAL")))
        return damaged;
    if (isNew) {
        auto made = transaction([this]() -> Result<void> {
            for (const char *sql :
                 {"CREATE TABLE identity (profile TEXT NOT NULL, site INTEGER NOT NULL, last_acked "
                  "INTEGER NOT NULL, last_issued INTEGER NOT NULL, counter INTEGER NOT NULL, "
                  "session INTEGER NOT NULL)",
                  "CREATE TABLE pending (cseq INTEGER PRIMARY KEY, change BLOB NOT NULL)",
                  "CREATE TABLE snapshot (epoch TEXT NOT NULL, revision INTEGER NOT NULL, log_hash "
                  "INTEGER NOT NULL, board BLOB NOT NULL)",
                  "CREATE TABLE log (revision INTEGER PRIMARY KEY, change BLOB NOT NULL)"}) {
                if (auto ok = run(QLatin1String(sql)); !ok)
                    return ok;
            }
            QSqlQuery query(m_database);
            query.prepare(QStringLiteral("INSERT INTO identity VALUES (?, 0, 0, 0, 0, 0)"));
            query.addBindValue(QUuid::createUuid().toString(QUuid::WithoutBraces));
            if (!query.exec())
                return failure(query);
            if (auto ok = run(QStringLiteral("PRAGMA application_id=%1").arg(kApplicationId)); !ok)
                return ok;
            return run(QStringLiteral("PRAGMA user_version=%1").arg(kVersion));
        });
        if (!made)
            return made;
    }
    // Files of earlier versions have none.
    if (!run(QStringLiteral("CREATE TABLE IF NOT EXISTS kept (name TEXT PRIMARY KEY, value BLOB "
                            "NOT NULL)")) ||
        !readIdentity() || !readKept())
        return damaged;
    m_insertChange.emplace(m_database);
    m_insertCommit.emplace(m_database);
    if (!m_insertChange->prepare(QStringLiteral("INSERT INTO pending VALUES (?, ?)")) ||
        !m_insertCommit->prepare(QStringLiteral("INSERT OR REPLACE INTO log VALUES (?, ?)")))
        return damaged;
    return {};
}

Result<void> Journal::readIdentity()
{
    QSqlQuery query(m_database);
    if (!query.exec(
            QStringLiteral("SELECT profile, site, last_acked, last_issued, counter, session "
                           "FROM identity")) ||
        !query.next())
        return failure(query);
    m_identity.profile = query.value(0).toString();
    m_identity.site = SiteId(asUnsigned(query.value(1)));
    m_identity.lastAcked = asUnsigned(query.value(2));
    m_identity.lastIssued = asUnsigned(query.value(3));
    m_identity.counter = quint32(asUnsigned(query.value(4)));
    m_identity.session = asUnsigned(query.value(5));
    if (m_identity.profile.isEmpty() || m_identity.site > kMaxSite)
        return failure(query);
    // append() writes one row only: the numbers of what is pending count too.
    if (!query.exec(QStringLiteral("SELECT MAX(cseq), (SELECT COUNT(*) FROM log), "
                                   "(SELECT COUNT(*) FROM snapshot) FROM pending")) ||
        !query.next())
        return failure(query);
    m_identity.lastIssued = std::max(m_identity.lastIssued, asUnsigned(query.value(0)));
    m_cachedCommits = query.value(1).toLongLong();
    m_hasSnapshot = query.value(2).toInt() > 0;
    return {};
}

Result<void> Journal::readKept()
{
    QSqlQuery query(m_database);
    if (!query.exec(QStringLiteral("SELECT name, value FROM kept")))
        return failure(query);
    while (query.next())
        m_kept.insert(query.value(0).toString(), query.value(1).toByteArray());
    return {};
}

Result<std::optional<Journal::Cached>> Journal::cached()
{
    QSqlQuery query(m_database);
    query.setForwardOnly(true);
    if (!query.exec(QStringLiteral("SELECT epoch, revision, log_hash, board FROM snapshot")))
        return failure(query);
    if (!query.next())
        return std::optional<Cached>();
    Cached cached;
    cached.epoch = query.value(0).toString();
    cached.revision = asUnsigned(query.value(1));
    cached.logHash = asUnsigned(query.value(2));
    cached.snapshot = query.value(3).toByteArray();
    if (!query.exec(QStringLiteral("SELECT change FROM log ORDER BY revision")))
        return failure(query);
    while (query.next())
        cached.news.append(query.value(0).toByteArray());
    return std::optional(std::move(cached));
}

Result<QList<Change>> Journal::pending()
{
    QSqlQuery query(m_database);
    query.setForwardOnly(true);
    if (!query.exec(QStringLiteral("SELECT change FROM pending ORDER BY cseq")))
        return failure(query);
    QList<Change> changes;
    while (query.next()) {
        auto change = wire::decodeChange(query.value(0).toByteArray());
        if (!change)
            return change.error();
        changes.append(std::move(*change));
    }
    return changes;
}

Result<void> Journal::append(const Change &change, const QByteArray &encoded, quint32 counter)
{
    m_insertChange->bindValue(0, asVariant(change.cseq));
    m_insertChange->bindValue(1, encoded);
    if (!m_insertChange->exec())
        return failure(*m_insertChange);
    m_identity.lastIssued = change.cseq;
    m_identity.counter = std::max(m_identity.counter, counter);
    return {};
}

void Journal::forget(quint64 cseq)
{
    if (cseq > m_identity.lastAcked)
        m_forget = std::max(m_forget, cseq);
}

void Journal::confirmed(quint64 revision, const QByteArray &commit)
{
    if (!m_hasSnapshot)
        return;
    m_gathered.append({revision, commit});
    m_gatheredBytes += commit.size();
    ++m_cachedCommits;
}

void Journal::keep(const QString &name, const QByteArray &bytes)
{
    m_kept.insert(name, bytes);
    m_toKeep.insert(name);
}

Result<void> Journal::writeIdentity()
{
    QSqlQuery query(m_database);
    query.prepare(QStringLiteral("UPDATE identity SET site=?, last_acked=?, last_issued=?, "
                                 "counter=?, session=?"));
    query.addBindValue(m_identity.site);
    query.addBindValue(asVariant(m_identity.lastAcked));
    query.addBindValue(asVariant(m_identity.lastIssued));
    query.addBindValue(m_identity.counter);
    query.addBindValue(asVariant(m_identity.session));
    if (!query.exec())
        return failure(query);
    return {};
}

Result<void> Journal::writeGathered()
{
    for (const auto &[revision, commit] : std::as_const(m_gathered)) {
        m_insertCommit->bindValue(0, asVariant(revision));
        m_insertCommit->bindValue(1, commit);
        if (!m_insertCommit->exec())
            return failure(*m_insertCommit);
    }
    if (m_forget != 0) {
        QSqlQuery query(m_database);
        query.prepare(QStringLiteral("DELETE FROM pending WHERE cseq <= ?"));
        query.addBindValue(asVariant(m_forget));
        if (!query.exec())
            return failure(query);
        m_identity.lastAcked = std::max(m_identity.lastAcked, m_forget);
    }
    for (const QString &name : std::as_const(m_toKeep)) {
        QSqlQuery query(m_database);
        query.prepare(QStringLiteral("INSERT OR REPLACE INTO kept VALUES (?, ?)"));
        query.addBindValue(name);
        query.addBindValue(m_kept.value(name));
        if (!query.exec())
            return failure(query);
    }
    return writeIdentity();
}

Result<void> Journal::flush()
{
    if (!hasGathered())
        return {};
    auto written = transaction([this] { return writeGathered(); });
    if (written) {
        m_gathered.clear();
        m_gatheredBytes = 0;
        m_forget = 0;
        m_toKeep.clear();
    }
    return written;
}

Result<void> Journal::setSnapshot(const QString &epoch, quint64 revision, quint64 logHash,
                                  const QByteArray &snapshot)
{
    // The commits that were gathered are older than it.
    m_gathered.clear();
    m_gatheredBytes = 0;
    auto written = transaction([&]() -> Result<void> {
        if (auto ok = writeGathered(); !ok)
            return ok;
        if (auto ok = run(QStringLiteral("DELETE FROM log")); !ok)
            return ok;
        if (auto ok = run(QStringLiteral("DELETE FROM snapshot")); !ok)
            return ok;
        QSqlQuery query(m_database);
        query.prepare(QStringLiteral("INSERT INTO snapshot VALUES (?, ?, ?, ?)"));
        query.addBindValue(epoch);
        query.addBindValue(asVariant(revision));
        query.addBindValue(asVariant(logHash));
        query.addBindValue(snapshot);
        if (!query.exec())
            return failure(query);
        return {};
    });
    // If it failed, the old one stands, and nothing that would leave a gap may follow it.
    m_hasSnapshot = written.ok();
    if (written) {
        m_forget = 0;
        m_cachedCommits = 0;
        m_toKeep.clear();
    }
    return written;
}

Result<void> Journal::setSession(quint64 session)
{
    m_identity.session = session;
    return writeIdentity();
}

Result<void> Journal::moveToSite(SiteId site, quint64 session, const QList<Change> &changes,
                                 quint64 lastIssued, quint32 counter)
{
    const Identity before = m_identity;
    m_identity.site = site;
    m_identity.session = session;
    m_identity.counter = counter;
    m_identity.lastIssued = lastIssued;
    m_identity.lastAcked = changes.isEmpty() ? lastIssued : changes.constFirst().cseq - 1;
    m_forget = 0;
    auto written = transaction([&]() -> Result<void> {
        if (auto ok = run(QStringLiteral("DELETE FROM pending")); !ok)
            return ok;
        for (const Change &change : changes) {
            m_insertChange->bindValue(0, asVariant(change.cseq));
            m_insertChange->bindValue(1, wire::encodeChange(change));
            if (!m_insertChange->exec())
                return failure(*m_insertChange);
        }
        return writeIdentity();
    });
    if (!written)
        m_identity = before;
    return written;
}

void Journal::setPowerSafe(bool on)
{
    if (on == m_powerSafe)
        return;
    m_powerSafe = on;
    (void)run(on ? QStringLiteral("PRAGMA synchronous=FULL")
                 : QStringLiteral("PRAGMA synchronous=NORMAL"));
}

} // namespace patchboard
