#include "model/wire/codec.h"
#include "model/wire/snapshot.h"
#include "server/store/boardreader.h"

#include <QCoreApplication>
#include <QSqlError>

namespace patchboard::server {

namespace {

/// The texts of this file; lupdate knows their context by it.
struct CheckText
{
    Q_DECLARE_TR_FUNCTIONS(Store)
};

constexpr int kMaxProblems = 100;

Result<quint64> firstOfLog(SqliteConnection &connection)
{
    const auto first =
        connection.single(QStringLiteral("SELECT MIN(\"revision\") FROM \"change_log\""));
    if (!first)
        return first.error();
    return first->isNull() ? quint64(1) : quint64(first->toLongLong());
}

Result<void> loadCheckpoint(SqliteConnection &connection, quint64 revision, Topology &board)
{
    const auto version = connection.single(QStringLiteral("PRAGMA user_version"));
    if (!version)
        return version.error();
    if (version->toInt() < kHistoryVersion)
        return Error{Errc::NotFound, {}};
    const auto data = connection.single(
        QStringLiteral("SELECT \"data\" FROM \"checkpoints\" WHERE \"revision\" = %1")
            .arg(revision));
    if (!data)
        return data.error();
    auto contents = wire::decodeSnapshot(data->toByteArray());
    if (!contents)
        return contents.error();
    return board.load(std::move(*contents));
}

/// The log, replayed from its beginning: numbers, hashes, what it makes of an empty board, and what
/// it has touched after @a rowsRevision.
Result<void> replayLog(SqliteConnection &connection, quint64 rowsRevision, Topology &replayed,
                       QStringList &problems, QHash<SiteId, quint64> &lastCseq,
                       QSet<EntityId> &touched)
{
    QSqlQuery query(connection.database());
    query.setForwardOnly(true);
    if (!query.exec(QStringLiteral("SELECT \"revision\", \"site\", \"cseq\", \"body\", "
                                   "\"log_hash\" FROM \"change_log\" ORDER BY \"revision\"")))
        return connection.error(query.lastError());
    quint64 expected = 1;
    quint64 hash = 0;
    const auto oldest = firstOfLog(connection);
    if (!oldest)
        return oldest.error();
    if (*oldest > 1) {
        // Its beginning was forgotten; the board that it went on from is kept.
        if (auto ok = loadCheckpoint(connection, *oldest - 1, replayed); !ok) {
            problems.append(CheckText::tr("Log: change %1 is missing").arg(*oldest - 1));
            return {};
        }
        expected = *oldest;
    }
    while (query.next() && problems.size() < kMaxProblems) {
        const quint64 revision = quint64(query.value(0).toLongLong());
        if (revision != expected) {
            problems.append(CheckText::tr("Log: change %1 is missing").arg(expected));
            return {};
        }
        ++expected;
        const QByteArray body = query.value(3).toByteArray();
        // That of a log without its beginning cannot be told; from its first change on it can.
        hash = revision == *oldest && *oldest > 1 ? quint64(query.value(4).toLongLong())
                                                  : wire::extendLogHash(hash, body);
        if (hash != quint64(query.value(4).toLongLong())) {
            problems.append(CheckText::tr("Log: the hash of change %1 is wrong").arg(revision));
            return {};
        }
        const auto commit = wire::decodeCommit(body);
        if (!commit || commit->revision != revision ||
            commit->site != SiteId(query.value(1).toLongLong()) ||
            commit->cseq != quint64(query.value(2).toLongLong())) {
            problems.append(CheckText::tr("Log: change %1 cannot be read").arg(revision));
            return {};
        }
        quint64 &last = lastCseq[commit->site];
        if (commit->cseq <= last) {
            problems.append(
                CheckText::tr("Log: change %1 has a number that its site has used").arg(revision));
            return {};
        }
        last = commit->cseq;
        if (revision > rowsRevision)
            collectTouched(*commit, touched);
        const auto applied = replayed.apply(
            commit->edits, {{commit->site, commit->cseq}, commit->revision, commit->time});
        if (!applied) {
            problems.append(CheckText::tr("Log: change %1 does not fit: %2")
                                .arg(revision)
                                .arg(applied.error().text));
            return {};
        }
    }
    if (query.lastError().isValid())
        return connection.error(query.lastError());
    return {};
}

/// The first change of the log that would not be found by its site and number; 0 if there is none.
Result<quint64> unmarkedChange(SqliteConnection &connection)
{
    const auto version = connection.single(QStringLiteral("PRAGMA user_version"));
    if (!version || version->toInt() < kMarksVersion)
        return version ? Result<quint64>(0) : Result<quint64>(version.error());
    const auto first = connection.single(
        QStringLiteral("SELECT MIN(l.\"revision\") FROM \"change_log\" l WHERE "
                       "l.\"body_hash\" IS NOT NULL AND l.\"revision\" - COALESCE((SELECT "
                       "m.\"revision\" FROM \"site_marks\" m WHERE m.\"site\" = l.\"site\" AND "
                       "m.\"cseq\" <= l.\"cseq\" ORDER BY m.\"cseq\" DESC LIMIT 1), -%1) "
                       "NOT BETWEEN 0 AND %1 - 1")
            .arg(kRevisionsPerMark));
    if (!first)
        return first.error();
    return quint64(first->toLongLong());
}

/// Rows are as the log says, but for those that are still to be written.
bool agree(const Topology::Contents &rows, const Topology &board, const QSet<EntityId> &touched)
{
    qsizetype expected = 0;
    const auto matches = [&](const auto &entity) {
        if (touched.contains(entity.id))
            return true;
        --expected;
        return board.entity(entity.id) == Entity(entity);
    };
    for (const QList<EntityId> &ids : {board.devices().ids(), board.interfaces().ids(),
                                       board.links().ids(), board.customTypes().ids()}) {
        for (const EntityId id : ids)
            expected += touched.contains(id) ? 0 : 1;
    }
    return (touched.contains(board.board().id) || board.board() == rows.board) &&
           std::all_of(rows.devices.begin(), rows.devices.end(), matches) &&
           std::all_of(rows.interfaces.begin(), rows.interfaces.end(), matches) &&
           std::all_of(rows.links.begin(), rows.links.end(), matches) &&
           std::all_of(rows.types.begin(), rows.types.end(), matches) && expected == 0;
}

} // namespace

Result<CheckReport> checkBoard(const QString &path)
{
    if (auto ok = probeFile(path); !ok)
        return ok.error();
    auto opened = openForReading(path);
    if (!opened)
        return opened.error();
    SqliteConnection &connection = **opened;
    if (auto version = readVersion(connection, kSchemaVersion); !version)
        return version.error();
    if (auto ok = connection.run(QStringLiteral("BEGIN")); !ok)
        return ok.error();

    CheckReport report;
    {
        QSqlQuery query(connection.database());
        query.setForwardOnly(true);
        if (!query.exec(QStringLiteral("PRAGMA integrity_check(%1)").arg(kMaxProblems)))
            return connection.error(query.lastError());
        while (query.next()) {
            if (query.value(0).toString() != QLatin1String("ok"))
                report.problems.append(CheckText::tr("File: %1").arg(query.value(0).toString()));
        }
        if (query.lastError().isValid())
            return connection.error(query.lastError());
    }
    const auto state = readState(connection);
    if (!state) {
        report.problems.append(state.error().text);
        return report;
    }
    report.revision = state->revision;

    const auto rowsRevision = readRowsRevision(connection, state->revision);
    if (!rowsRevision)
        return rowsRevision.error();
    Topology replayed;
    QHash<SiteId, quint64> lastCseq;
    QSet<EntityId> touched;
    const qsizetype before = report.problems.size();
    if (auto ok =
            replayLog(connection, *rowsRevision, replayed, report.problems, lastCseq, touched);
        !ok)
        report.problems.append(ok.error().text);
    const bool replays = report.problems.size() == before;
    report.devices = replayed.devices().size();
    report.interfaces = replayed.interfaces().size();
    report.links = replayed.links().size();

    auto rows = readRows(connection);
    if (!rows)
        report.problems.append(rows.error().text);
    else if (replays && !agree(*rows, replayed, touched))
        report.problems.append(CheckText::tr("The tables differ from what the log says"));
    if (rows && *rowsRevision == state->revision) {
        // Topology::load() refuses what does not fit together: ends, names, containers.
        Topology board;
        if (const auto ok = board.load(std::move(*rows)); !ok)
            report.problems.append(ok.error().text);
    }
    const auto unmarked = unmarkedChange(connection);
    if (!unmarked)
        report.problems.append(unmarked.error().text);
    else if (*unmarked != 0)
        report.problems.append(CheckText::tr("Log: no mark leads to change %1").arg(*unmarked));
    for (auto it = lastCseq.cbegin(); it != lastCseq.cend(); ++it) {
        if (state->sites.value(it.key()).lastCseq < it.value()) {
            report.problems.append(
                CheckText::tr("Site %1 has changes beyond its last number").arg(it.key()));
        }
    }
    Topology fast;
    quint64 snapshotRevision = 0;
    const auto blob = loadFast(connection, *state, fast, &snapshotRevision);
    if (!blob && blob.error().code != Errc::NotFound)
        report.problems.append(CheckText::tr("Snapshot: %1").arg(blob.error().text));
    else if (blob && replays && !(replayed == fast))
        report.problems.append(CheckText::tr("Snapshot: it differs from the log"));
    return report;
}

} // namespace patchboard::server
