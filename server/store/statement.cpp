#include "server/store/statement.h"

#include "server/store/sqliteconnection.h"

#include <sqlite3.h>

#include <utility>

namespace patchboard::server {

namespace {

Error errorOf(const SqliteConnection &connection, sqlite3 *handle)
{
    return connection.error(QSqlError(QString(), QString::fromUtf8(sqlite3_errmsg(handle)),
                                      QSqlError::StatementError,
                                      QString::number(sqlite3_extended_errcode(handle))));
}

} // namespace

void Statement::Finalize::operator()(sqlite3_stmt *statement) const
{
    sqlite3_finalize(statement);
}

Statement::Statement(const SqliteConnection &connection, sqlite3 *handle, sqlite3_stmt *statement)
    : m_connection(&connection)
    , m_handle(handle)
    , m_statement(statement)
{
}

Result<Statement> Statement::prepare(const SqliteConnection &connection, QByteArrayView sql)
{
    sqlite3 *handle = connection.handle();
    if (!handle)
        return Error{Errc::Storage, QStringLiteral("%1: no handle").arg(connection.path())};
    sqlite3_stmt *statement = nullptr;
    if (sqlite3_prepare_v3(handle, sql.data(), int(sql.size()), SQLITE_PREPARE_PERSISTENT,
                           &statement, nullptr) != SQLITE_OK)
        return errorOf(connection, handle);
    return Statement(connection, handle, statement);
}

Statement &Statement::bound(int code)
{
    if (m_binding == SQLITE_OK)
        m_binding = code;
    return *this;
}

Statement &Statement::add(qint64 number)
{
    return bound(sqlite3_bind_int64(m_statement.get(), ++m_added, number));
}

Statement &Statement::add(QStringView text)
{
    // A null pointer would be NULL.
    const QStringView whole = text.isNull() ? QStringView(u"") : text;
    return bound(sqlite3_bind_text16(m_statement.get(), ++m_added, whole.utf16(),
                                     int(whole.size() * qsizetype(sizeof(char16_t))),
                                     SQLITE_STATIC));
}

Statement &Statement::add(QByteArrayView bytes)
{
    return bound(sqlite3_bind_blob64(m_statement.get(), ++m_added,
                                     bytes.isNull() ? "" : bytes.data(),
                                     sqlite3_uint64(bytes.size()), SQLITE_STATIC));
}

Statement &Statement::addNull()
{
    return bound(sqlite3_bind_null(m_statement.get(), ++m_added));
}

Result<void> Statement::run()
{
    Q_ASSERT(m_added == sqlite3_bind_parameter_count(m_statement.get()));
    m_added = 0;
    // Out of memory, or too long for SQLite.
    const bool done = std::exchange(m_binding, SQLITE_OK) == SQLITE_OK &&
                      sqlite3_step(m_statement.get()) == SQLITE_DONE;
    const Result<void> result =
        done ? Result<void>() : Result<void>(errorOf(*m_connection, m_handle));
    sqlite3_reset(m_statement.get());
    return result;
}

} // namespace patchboard::server
