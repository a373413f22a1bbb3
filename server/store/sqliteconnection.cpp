#include "server/store/sqliteconnection.h"

#include <QCoreApplication>
#include <QFileInfo>
#include <QSqlDriver>
#include <QUrl>

#include <sqlite3.h>

#include <atomic>

namespace patchboard::server {

namespace {

/// The texts of this file; lupdate knows their context by it.
struct ConnectionText
{
    Q_DECLARE_TR_FUNCTIONS(Store)
};

constexpr int kBusyMs = 2000;

} // namespace

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

sqlite3 *SqliteConnection::handle() const
{
    const QVariant opened = database().driver()->handle();
    return qstrcmp(opened.typeName(), "sqlite3*") == 0
               ? *static_cast<sqlite3 *const *>(opened.constData())
               : nullptr;
}

void SqliteConnection::watchWal(std::function<void(int frames)> told)
{
    m_walTold = std::move(told);
    const auto hook = [](void *connection, sqlite3 *, const char *, int frames) {
        static_cast<SqliteConnection *>(connection)->m_walTold(frames);
        return SQLITE_OK;
    };
    sqlite3_wal_hook(handle(), hook, this);
}

Result<std::unique_ptr<SqliteConnection>> SqliteConnection::open(const QString &path, Mode mode)
{
    static std::atomic<quint64> counter = 0;
    const QString name = QStringLiteral("patchboard-store-%1").arg(++counter);
    std::unique_ptr<SqliteConnection> out(new SqliteConnection(name, path));
    QSqlDatabase db = QSqlDatabase::addDatabase(QStringLiteral("QSQLITE"), name);
    if (!db.isValid()) {
        return Error{
            Errc::Storage,
            ConnectionText::tr("The SQLite driver of Qt is not installed (libqt6sql6-sqlite)")};
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
        return {Errc::Unavailable,
                ConnectionText::tr("%1 is locked by another program").arg(m_path)};
    case 8: // SQLITE_READONLY
        return {Errc::Storage, ConnectionText::tr("%1 cannot be written: %2").arg(m_path, what)};
    case 11: // SQLITE_CORRUPT
    case 26: // SQLITE_NOTADB
        return {Errc::Storage, ConnectionText::tr("%1 is damaged: %2").arg(m_path, what)};
    case 13: // SQLITE_FULL
        return {Errc::Storage, ConnectionText::tr("%1: there is no space left").arg(m_path)};
    case 14: // SQLITE_CANTOPEN
        return {Errc::Storage, ConnectionText::tr("%1 cannot be opened: %2").arg(m_path, what)};
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

Result<void> SqliteConnection::prepare(QSqlQuery &query, const QString &sql) const
{
    query.setForwardOnly(true);
    if (!query.prepare(sql))
        return error(query.lastError());
    return {};
}

Result<void> SqliteConnection::execute(QSqlQuery &query, const QVariantList &values) const
{
    for (qsizetype i = 0; i < values.size(); ++i)
        query.bindValue(int(i), values[i]);
    if (!query.exec())
        return error(query.lastError());
    return {};
}

Transaction::~Transaction()
{
    if (m_open)
        (void)m_connection.run(QStringLiteral("ROLLBACK"));
}

Result<void> Transaction::begin()
{
    auto ok = m_connection.run(QStringLiteral("BEGIN IMMEDIATE"));
    m_open = ok.ok();
    return ok;
}

Result<void> Transaction::commit()
{
    auto ok = m_connection.run(QStringLiteral("COMMIT"));
    if (ok)
        m_open = false;
    return ok;
}

} // namespace patchboard::server
