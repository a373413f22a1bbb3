#pragma once

#include "model/authority.h"
#include "model/optics/computedstatus.h"
#include "server/store/audit.h"
#include "server/store/keptanswer.h"

#include <functional>

namespace patchboard::server {
class History;
}

namespace patchboard::http {

/// Who asks for a change: their name, for everybody, and by what right and from where, for the log.
struct Author
{
    QString name;
    Origin origin;
};

/// The board as handlers see it: to look at, and to change durably.
class Board
{
public:
    virtual ~Board() = default;
    [[nodiscard]] virtual const Topology &topology() const = 0;
    [[nodiscard]] virtual const ComputedStatus &computed() const = 0;
    /// Names the board's history; another one after a backup was put back.
    [[nodiscard]] virtual QString epoch() const = 0;
    /// The revision that the topology is at. What arrived before is made durable for it.
    [[nodiscard]] virtual quint64 settledRevision() = 0;
    [[nodiscard]] virtual EntityId newId() = 0;
    /// newId() goes on with @a first: it and those after it were for nothing.
    virtual void takeBackIds(EntityId first) = 0;
    /// ms since 1970 UTC.
    [[nodiscard]] virtual qint64 now() const = 0;

    struct Done
    {
        quint64 revision = 0;
        QList<Notice> notices;
        QList<Edit> edits; ///< what it really did
    };
    /// One change, whole or not at all. When it returns, the change is durable and on its way to
    /// everybody; within gather() that comes later.
    virtual Result<Done> commit(const QList<Edit> &edits, const Author &author,
                                const QString &label) = 0;
    /// What a commit would do, without doing it; @a refused as for Topology::check().
    virtual Result<Expansion> check(const QList<Edit> &edits, const QString &author,
                                    qsizetype *refused) = 0;

    /// Runs @a handler. What it commits becomes durable with all else that comes in this turn of
    /// the event loop, in one transaction. True: there is something that it made or may have seen
    /// and that is not durable yet, and nobody may be told before whenSettled().
    virtual bool gather(const std::function<void()> &handler) = 0;
    /// Calls @a then once all that is open is durable, or with why it was taken back.
    virtual void whenSettled(std::function<void(const Result<void> &)> then) = 0;

    /// Runs @a handler. What it commits, and the answer that it returns, become durable together;
    /// an error means that neither did. No answer: only what it commits.
    virtual Result<void>
    commitWith(const std::function<std::optional<server::KeptAnswer>()> &handler) = 0;
    virtual Result<std::optional<server::KeptAnswer>> keptAnswer(const QString &author,
                                                                 const QString &key) = 0;

    /// The first revision that the log still tells of; one more than the last if it tells of none.
    virtual Result<quint64> oldestChange() = 0;
    /// The first revision from which on every board can still be made; NotFound: none can.
    virtual Result<quint64> oldestBoard() = 0;
    /// The log from one revision to another, as wire::decodeCommit() reads it.
    virtual Result<QList<QByteArray>> changes(quint64 from, quint64 to) = 0;

    /// Revisions that have a name, ascending by id.
    [[nodiscard]] virtual const QList<wire::NamedSnapshot> &snapshots() const = 0;
    /// Authority::editSnapshots(), durable when it returns.
    virtual Result<wire::NamedSnapshot> editSnapshot(const wire::SnapshotEdit &edit,
                                                     const Author &author) = 0;
    /// Runs @a work with the past of the board in another thread, or with why there is none; then
    /// @a done in this one, if the host is still there. False if too much is waiting.
    using Look = std::function<void(const Result<std::unique_ptr<server::History>> &past)>;
    virtual bool lookBack(Look work, std::function<void()> done) = 0;

    /// Who did what after @a after, oldest first.
    virtual Result<QList<server::AuditEntry>> audit(const server::AuditPlace &after,
                                                    qsizetype limit) = 0;

    /// Tells listeners more about what was just committed: an event of Socket.IO with a JSON
    /// object.
    virtual void announce(const QByteArray &event, const QByteArray &json) = 0;
};

} // namespace patchboard::http
