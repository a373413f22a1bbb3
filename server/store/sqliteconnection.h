#pragma once

#include "model/core/result.h"

#include <QSqlDatabase>
#include <QSqlError>
#include <QSqlQuery>
#include <QVariant>

#include <functional>
#include <memory>

struct sqlite3;

namespace patchboard::server {

/// A connection of its own to an SQLite file, closed when it goes. Used by the thread that made it.
class SqliteConnection
{
public:
    enum class Mode : quint8 {
        ReadWrite,
        ReadOnly,
        Immutable ///< no locks, no files beside it: for a file that nobody writes
    };
    static Result<std::unique_ptr<SqliteConnection>> open(const QString &path, Mode mode);
    ~SqliteConnection();
    SqliteConnection(const SqliteConnection &) = delete;
    SqliteConnection &operator=(const SqliteConnection &) = delete;

    [[nodiscard]] QSqlDatabase database() const;
    /// SQLite's own, of the connection that Qt opened; nullptr if it has none.
    [[nodiscard]] sqlite3 *handle() const;
    Result<void> run(const QString &sql);
    /// The first column of the first row; a null variant if there is none.
    Result<QVariant> single(const QString &sql);
    [[nodiscard]] QSqlQuery query() const { return QSqlQuery(database()); }
    /// A query of this connection, to be executed many times.
    Result<void> prepare(QSqlQuery &query, const QString &sql) const;
    Result<void> execute(QSqlQuery &query, const QVariantList &values) const;
    /// What went wrong, with the path, for people.
    [[nodiscard]] Error error(const QSqlError &error) const;
    [[nodiscard]] const QString &path() const { return m_path; }
    /// @a told hears after every commit how many frames the write-ahead log has; SQLite makes no
    /// checkpoints by itself from then on.
    void watchWal(std::function<void(int frames)> told);

private:
    SqliteConnection(QString name, QString path);
    QString m_name;
    QString m_path;
    std::function<void(int frames)> m_walTold;
};

/// A transaction that is rolled back unless it is committed.
class Transaction
{
public:
    explicit Transaction(SqliteConnection &connection)
        : m_connection(connection)
    {
    }
    ~Transaction();
    Transaction(const Transaction &) = delete;
    Transaction &operator=(const Transaction &) = delete;
    Result<void> begin();
    Result<void> commit();

private:
    SqliteConnection &m_connection;
    bool m_open = false;
};

} // namespace patchboard::server
