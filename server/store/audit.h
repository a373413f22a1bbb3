#pragma once

#include "model/core/result.h"

#include <QList>

namespace patchboard::server {

class SqliteConnection;

/// Who changed what, when and from where: a line of the log, without what the change did.
struct AuditEntry
{
    quint64 revision = 0;
    qint64 time = 0; ///< ms since 1970 UTC
    QString author;  ///< as they name themselves
    QString token;   ///< name of the token that let them in; empty: none was asked for
    QString address; ///< empty: the program that hosted the board
    QString label;   ///< what, in words
    bool operator==(const AuditEntry &) const = default;
};

/// The changes after revision @a since, oldest first, at most @a limit. Of changes from before the
/// tables knew them, token and address are empty.
Result<QList<AuditEntry>> readAudit(SqliteConnection &connection, quint64 since, qsizetype limit);
/// Likewise, of a board that may be live; changes nothing.
Result<QList<AuditEntry>> readAudit(const QString &path, quint64 since, qsizetype limit);

} // namespace patchboard::server
