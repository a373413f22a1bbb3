#pragma once

#include "model/core/result.h"

#include <QList>

namespace patchboard::server {

class SqliteConnection;

/// How far a reader of the entries is: all changes up to a revision, and all acts up to one.
struct AuditPlace
{
    quint64 revision = 0;
    quint64 act = 0;
};

/// Who did what, when and from where: a line of the log, without what the change did; or something
/// that is no change of the board (patchboard::Act).
struct AuditEntry
{
    quint64 revision = 0; ///< of the change; of an act that which the board was at
    qint64 time = 0;      ///< ms since 1970 UTC
    QString author;       ///< as they name themselves
    QString token;        ///< name of the token that let them in; empty: none was asked for
    QString address;      ///< empty: the program that hosted the board
    QString label;        ///< what, in words
    quint64 act = 0;      ///< its number, ascending with revisions; 0: it is a change
    bool operator==(const AuditEntry &) const = default;
};

/// What comes after @a after, oldest first, at most @a limit: changes after its revision, and acts
/// after its act that were done at its revision or later. Of changes from before the tables knew
/// them, token and address are empty.
Result<QList<AuditEntry>> readAudit(SqliteConnection &connection, const AuditPlace &after,
                                    qsizetype limit);
/// Likewise, of a board that may be live; changes nothing.
Result<QList<AuditEntry>> readAudit(const QString &path, const AuditPlace &after, qsizetype limit);

} // namespace patchboard::server
