#pragma once

#include "model/authority.h"
#include "server/store/audit.h"
#include "server/store/keptanswer.h"

#include <QString>

#include <functional>
#include <memory>

namespace patchboard::server {

enum class Durability : quint8 {
    Full,  ///< every acknowledged change survives a loss of power
    Normal ///< it survives the end of the process; the power may take the last ones
};

class History;

/// Where a board and its history are kept. One thread, the one that opened it.
class Store : public LogSource
{
public:
    /// Fills @a topology with the newest state.
    virtual Result<AuthorityState> load(Topology &topology) = 0;
    /// One transaction: all of @a batch and @a answers, or nothing (Errc::Storage).
    virtual Result<void> write(const CommitBatch &batch, const QList<KeptAnswer> &answers) = 0;
    Result<void> write(const CommitBatch &batch) { return write(batch, {}); }
    /// nullopt if there is none, or it was kept longer than kAnswerKeptMs. @a now: ms since 1970
    /// UTC.
    virtual Result<std::optional<KeptAnswer>> answer(const QString &author, const QString &key,
                                                     qint64 now) = 0;
    /// Who did what after @a after, oldest first.
    virtual Result<QList<AuditEntry>> audit(const AuditPlace &after, qsizetype limit) = 0;
    /// The first revision that the log still tells of; one more than the last if it tells of none.
    virtual Result<quint64> oldestRevision() = 0;
    /// Opens the past of this board, for another thread: to be called there.
    [[nodiscard]] virtual std::function<Result<std::unique_ptr<History>>()> history() const = 0;
    /// Housekeeping between two bursts of changes, a few ms of it; @a topology is the board after
    /// the last one that was written. True: there is more.
    virtual bool idle(const Topology &topology) = 0;
    /// Long housekeeping, of which nobody may have to wait: `work` is for another thread, and
    /// `done`, after it, for the store's. One at a time; nullopt if there is nothing to do.
    struct Chore
    {
        std::function<void()> work;
        std::function<void()> done;
    };
    enum class Chores : quint8 {
        All,
        Pressing ///< those that do not wait for the end of a burst
    };
    virtual std::optional<Chore> chore(Chores which) = 0;
    /// What makes the next load fast; at a clean end.
    virtual void finish(const Topology &topology) = 0;
    /// For people: the file's path.
    [[nodiscard]] virtual QString name() const = 0;
};

} // namespace patchboard::server
