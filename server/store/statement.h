#pragma once

#include "model/core/result.h"

#include <QByteArrayView>
#include <QStringView>

#include <memory>

struct sqlite3;
struct sqlite3_stmt;

namespace patchboard::server {

class SqliteConnection;

/// A statement that runs for every change: SQLite's own interface on the connection that Qt opened,
/// which spares it a QVariant, and a name that Qt makes up, for each value. To be gone before its
/// connection is. (https://www.sqlite.org/c3ref/bind_blob.html)
class Statement
{
public:
    static Result<Statement> prepare(const SqliteConnection &connection, QByteArrayView sql);

    /// The next value. What text and bytes refer to must be there until run().
    Statement &add(qint64 number);
    Statement &add(QStringView text); ///< null is empty
    Statement &add(QByteArrayView bytes);
    Statement &addNull();
    /// Runs it with the values that were added, all of them, and forgets them. It returns no rows.
    Result<void> run();

private:
    struct Finalize
    {
        void operator()(sqlite3_stmt *statement) const;
    };
    Statement(const SqliteConnection &connection, sqlite3 *handle, sqlite3_stmt *statement);
    Statement &bound(int code);
    const SqliteConnection *m_connection;
    sqlite3 *m_handle;
    std::unique_ptr<sqlite3_stmt, Finalize> m_statement;
    int m_added = 0;
    int m_binding = 0; ///< SQLite's code for the first value that it did not take; 0 = none
};

} // namespace patchboard::server
