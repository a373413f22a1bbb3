#pragma once

#include "server/store/filelock.h"
#include "server/store/rows.h"
#include "server/store/sqliteconnection.h"
#include "server/store/store.h"

namespace patchboard::server {

/// A board in one SQLite file (*.board): the log of all changes, a blob of the whole board that
/// makes opening fast, and rows for everything, which follow the log.
class SqliteStore final : public Store
{
public:
    struct Options
    {
        bool create = true; ///< make the file if there is none
        Durability durability = Durability::Full;
        const Schema *schema = &currentSchema();
        quint64 snapshotEvery = 20000; ///< changes after which the blob is made anew
        /// A board of the past is kept when the log since the last one is as large as that board,
        /// so that all of them together are no larger than the log; and has so many changes, or is
        /// so large that its end is far away.
        quint64 checkpointEvery = 2000;
        qint64 checkpointBytes = 1024 * 1024;
        // A change is forgotten when it is older than both.
        quint64 keepChanges = 100'000;                ///< the newest; at least 1
        qint64 keepTime = 90LL * 24 * 60 * 60 * 1000; ///< ms
        std::function<qint64()> clock;                ///< ms since 1970 UTC; default: the system's
    };
    /// Takes the file's lock; brings an older schema up to date. On an error the file is as it was.
    static Result<std::unique_ptr<SqliteStore>> open(const QString &path, const Options &options);
    ~SqliteStore() override;

    Result<AuthorityState> load(Topology &topology) override;
    using Store::write;
    Result<void> write(const CommitBatch &batch, const QList<KeptAnswer> &answers) override;
    Result<std::optional<KeptAnswer>> answer(const QString &author, const QString &key,
                                             qint64 now) override;
    Result<QList<AuditEntry>> audit(const AuditPlace &after, qsizetype limit) override
    {
        return readAudit(*m_connection, after, limit);
    }
    [[nodiscard]] std::function<Result<std::unique_ptr<History>>()> history() const override;
    bool idle(const Topology &topology) override;
    std::optional<Chore> chore(Chores which) override;
    void finish(const Topology &topology) override;
    [[nodiscard]] QString name() const override { return m_path; }

    Result<QList<QByteArray>> commits(quint64 from, quint64 to) override;
    Result<quint64> oldestRevision() override;
    Result<std::optional<quint64>> logHashAt(quint64 revision) override;
    Result<std::optional<StoredOutcome>> outcome(SiteId site, quint64 cseq) override;
    Result<quint64> oldestBoard() override;

private:
    struct Statements;
    SqliteStore(QString path, const Options &options, std::unique_ptr<FileLock> lock,
                std::unique_ptr<SqliteConnection> connection);
    Result<void> prepare();
    Result<void> findRowsBehind();
    Result<void> writeBatch(const CommitBatch &batch);
    Result<void> writeMarks(const QList<Commit> &commits);
    Result<void> writeAnswers(const QList<KeptAnswer> &answers);
    Result<void> writeSnapshot(const Topology &topology);
    Result<void> prune();
    Result<bool> namedBoardsAreKept(quint64 before);
    Chore checkpoint();
    std::optional<Chore> boardToKeep();
    Chore keepBoard(quint64 revision, std::function<Result<void>(const QByteArray &board)> keep);
    Result<void> writeNamedSnapshots(const QList<wire::NamedSnapshot> &snapshots);
    Result<void> writeActs(const QList<Act> &acts);
    [[nodiscard]] qint64 timeNow() const;

    QString m_path;
    Options m_options;
    std::unique_ptr<FileLock> m_lock;
    std::unique_ptr<SqliteConnection> m_connection;
    std::unique_ptr<Statements> m_statements;
    std::unique_ptr<Rows> m_rows;
    quint64 m_revision = 0;
    quint64 m_snapshotRevision = 0;
    int m_walFrames = 0;     ///< of the write-ahead log
    int m_checkedFrames = 0; ///< of them, when they were last brought into the file
    // Sites that have a mark in the piece of the log that is being written.
    quint64 m_markedPiece = 0;
    QSet<SiteId> m_marked;
    quint64 m_checkpointRevision = 0; ///< of the newest board of the past
    qint64 m_checkpointBytes = 0;     ///< its size
    qint64 m_logBytes = 0;            ///< of the log since then
    /// A named snapshot whose board must be kept before its changes go: id and revision.
    std::optional<std::pair<qint64, quint64>> m_toKeep;
    quint64 m_nextChore = 0; ///< after one that failed: none before this revision
    quint64 m_oldest = 0;    ///< first change of the log, if there is one
};

/// True if the file begins like a board of ours, whatever its version.
bool looksLikeBoard(const QString &path);
/// Reads a board, live or not, and changes nothing.
Result<AuthorityState> readBoard(const QString &path, Topology &topology);

struct CheckReport
{
    QStringList problems;
    qint64 devices = 0;
    qint64 interfaces = 0;
    qint64 links = 0;
    quint64 revision = 0;
};
/// Verifies a board from end to end: pages, references, names, containers, the log against the rows
/// and its hash, the blob. Changes nothing. An error means that it cannot be read at all.
Result<CheckReport> checkBoard(const QString &path);
/// Copies a board, live or not, into a new file that appears when it is complete. The copy is a
/// board of its own (a new epoch), so that those who saw later changes notice.
Result<void> backupBoard(const QString &path, const QString &out, bool overwrite);

} // namespace patchboard::server
