#include "server/store/history.h"

#include "model/wire/codec.h"
#include "model/wire/snapshot.h"
#include "server/store/boardreader.h"

#include <QCoreApplication>
#include <QSqlError>

namespace patchboard::server {

namespace {

/// The texts of this file; lupdate knows their context by it.
struct HistoryText
{
    Q_DECLARE_TR_FUNCTIONS(Store)
};

/// Tables that keep boards of the past: of which revision, and the board (snapshot.h).
QStringList keptBoards(int version)
{
    QStringList tables{QStringLiteral("snapshot")};
    if (version >= kHistoryVersion)
        tables += {QStringLiteral("checkpoints"), QStringLiteral("named_snapshots")};
    return tables;
}

} // namespace

History::History(std::unique_ptr<SqliteConnection> connection)
    : m_connection(std::move(connection))
{
}

Result<std::unique_ptr<History>> History::open(const QString &path, bool live)
{
    if (auto ok = probeFile(path); !ok)
        return ok.error();
    auto connection = live ? SqliteConnection::open(path, SqliteConnection::Mode::ReadOnly)
                           : openForReading(path);
    if (!connection)
        return connection.error();
    std::unique_ptr<History> history(new History(std::move(*connection)));
    auto version = readVersion(*history->m_connection, kSchemaVersion);
    if (!version)
        return version.error();
    history->m_version = *version;
    return history;
}

Result<quint64> History::newest()
{
    const auto most =
        m_connection->single(QStringLiteral("SELECT MAX(\"revision\") FROM \"change_log\""));
    if (!most)
        return most.error();
    return quint64(most->toLongLong());
}

Result<quint64> History::oldest()
{
    return oldestBoard(*m_connection, m_version);
}

Result<quint64> oldestBoard(SqliteConnection &connection, int version)
{
    const auto first =
        connection.single(QStringLiteral("SELECT MIN(\"revision\") FROM \"change_log\""));
    if (!first)
        return first.error();
    if (first->isNull() || first->toLongLong() <= 1)
        return quint64(0);
    // The log begins in the middle: from the first board on that the rest of it can go on from.
    std::optional<quint64> oldest;
    for (const QString &table : keptBoards(version)) {
        const auto least = connection.single(
            QStringLiteral("SELECT MIN(\"revision\") FROM \"%1\" WHERE \"data\" IS NOT NULL AND "
                           "\"revision\" >= %2")
                .arg(table)
                .arg(first->toLongLong() - 1));
        if (!least)
            return least.error();
        if (!least->isNull())
            oldest = std::min(oldest.value_or(~quint64(0)), quint64(least->toLongLong()));
    }
    if (oldest)
        return *oldest;
    return Error{Errc::NotFound, HistoryText::tr("This board keeps nothing of its past")};
}

Result<wire::HistoryPage> History::page(const wire::HistoryAsk &ask)
{
    wire::HistoryPage page;
    page.request = ask.request;
    const auto first = oldest();
    if (!first && first.error().code != Errc::NotFound)
        return first.error();
    auto last = newest();
    if (!last)
        return last.error();
    page.oldest = first ? *first : *last;
    QSqlQuery query(m_connection->database());
    query.setForwardOnly(true);
    query.prepare(QStringLiteral("SELECT \"revision\", \"time\", \"site\", \"author\", \"label\" "
                                 "FROM \"change_log\" WHERE \"revision\" < ? "
                                 "ORDER BY \"revision\" DESC"));
    query.bindValue(0, ask.before == 0 ? std::numeric_limits<qint64>::max() : qint64(ask.before));
    if (!query.exec())
        return m_connection->error(query.lastError());
    while (query.next()) {
        wire::HistoryEntry entry;
        entry.revision = quint64(query.value(0).toLongLong());
        entry.author = query.value(3).toString();
        entry.label = query.value(4).toString();
        if (!ask.text.isEmpty() && !entry.author.contains(ask.text, Qt::CaseInsensitive) &&
            !entry.label.contains(ask.text, Qt::CaseInsensitive))
            continue;
        if (page.entries.size() == qsizetype(ask.limit)) {
            page.next = page.entries.constLast().revision;
            break;
        }
        entry.time = query.value(1).toLongLong();
        entry.site = SiteId(query.value(2).toLongLong());
        page.entries.append(std::move(entry));
    }
    if (query.lastError().isValid())
        return m_connection->error(query.lastError());
    return page;
}

Result<std::optional<quint64>> History::loadNearest(quint64 revision, Topology &board)
{
    QString from;
    std::optional<quint64> best;
    for (const QString &table : keptBoards(m_version)) {
        const auto nearest = m_connection->single(
            QStringLiteral("SELECT MAX(\"revision\") FROM \"%1\" WHERE \"data\" IS NOT NULL AND "
                           "\"revision\" <= %2")
                .arg(table)
                .arg(revision));
        if (!nearest)
            return nearest.error();
        if (!nearest->isNull() && (!best || quint64(nearest->toLongLong()) > *best)) {
            best = quint64(nearest->toLongLong());
            from = table;
        }
    }
    if (!best)
        return std::optional<quint64>(0); // the empty board
    const auto data = m_connection->single(
        QStringLiteral("SELECT \"data\" FROM \"%1\" WHERE \"revision\" = %2 AND \"data\" IS NOT "
                       "NULL LIMIT 1")
            .arg(from)
            .arg(*best));
    if (!data)
        return data.error();
    auto contents = wire::decodeSnapshot(data->toByteArray());
    if (!contents)
        return contents.error();
    // Graves are of use to the newest board alone.
    contents->removed.clear();
    if (auto ok = board.load(std::move(*contents)); !ok)
        return ok.error();
    return best;
}

Result<void> History::boardAt(quint64 revision, Topology &board)
{
    const auto last = newest();
    if (!last)
        return last.error();
    if (revision > *last)
        return Error{Errc::NotFound, HistoryText::tr("There is no revision %1").arg(revision)};
    const auto nearest = loadNearest(revision, board);
    if (!nearest)
        return nearest.error();
    quint64 at = **nearest;
    QSqlQuery query(m_connection->database());
    query.setForwardOnly(true);
    query.prepare(QStringLiteral("SELECT \"body\" FROM \"change_log\" WHERE \"revision\" > ? AND "
                                 "\"revision\" <= ? ORDER BY \"revision\""));
    query.bindValue(0, qint64(at));
    query.bindValue(1, qint64(revision));
    if (!query.exec())
        return m_connection->error(query.lastError());
    const Topology::DeltaBatch batch(board);
    while (query.next()) {
        const auto commit = wire::decodeCommit(query.value(0).toByteArray());
        if (!commit)
            return commit.error();
        if (commit->revision != at + 1)
            break;
        at = commit->revision;
        const auto applied = board.apply(
            commit->edits, {{commit->site, commit->cseq}, commit->revision, commit->time});
        if (!applied)
            return applied.error();
    }
    if (query.lastError().isValid())
        return m_connection->error(query.lastError());
    if (at != revision) {
        return Error{Errc::NotFound,
                     HistoryText::tr("Revision %1 is no longer kept").arg(revision)};
    }
    return {};
}

Result<QList<wire::NamedSnapshot>> History::namedSnapshots()
{
    if (m_version < kHistoryVersion)
        return QList<wire::NamedSnapshot>();
    return readNamedSnapshots(*m_connection);
}

Result<quint64> History::revisionOf(const QString &numberOrName)
{
    bool isNumber = false;
    if (const quint64 revision = numberOrName.toULongLong(&isNumber); isNumber)
        return revision;
    const auto snapshots = namedSnapshots();
    if (!snapshots)
        return snapshots.error();
    for (const wire::NamedSnapshot &snapshot : *snapshots) {
        if (snapshot.name == numberOrName)
            return snapshot.revision;
    }
    return Error{Errc::NotFound,
                 HistoryText::tr("There is no revision and no snapshot %1").arg(numberOrName)};
}

Result<quint64> readBoardAt(const QString &path, const QString &numberOrName, Topology &board)
{
    auto history = History::open(path, false);
    if (!history)
        return history.error();
    auto revision = (*history)->revisionOf(numberOrName);
    if (!revision)
        return revision;
    if (const auto ok = (*history)->boardAt(*revision, board); !ok)
        return ok.error();
    return revision;
}

} // namespace patchboard::server
