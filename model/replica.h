#pragma once

#include "model/core/topology.h"
#include "model/wire/snapshot.h"

#include <QByteArray>

#include <QSet>
#include <deque>
#include <functional>

namespace patchboard {

/// A copy of a board that is edited here: the confirmed state of the authority and this user's
/// pending changes, both in one topology, the one that is shown. A plain state machine without
/// clock, socket or disk; one thread owns it and its topology.
///
/// What arrives costs O(what it touches) as long as it does not meet a pending change; else the
/// pending changes from there on are taken back, it is applied, and they are applied again, and
/// whoever watches the topology hears only of the net difference.
class Replica
{
public:
    explicit Replica(Topology &topology);
    Replica(const Replica &) = delete;
    Replica &operator=(const Replica &) = delete;

    [[nodiscard]] const Topology &topology() const { return m_topology; }
    [[nodiscard]] quint64 revision() const { return m_revision; } ///< of the confirmed state
    [[nodiscard]] SiteId site() const { return m_site; }
    [[nodiscard]] qsizetype pendingCount() const { return qsizetype(m_pending.size()); }
    [[nodiscard]] quint64 nextCseq() const { return m_nextCseq; }

    /// The site whose changes these are, and the first number that was never used on it. Only while
    /// nothing is pending.
    void setSite(SiteId site, quint64 nextCseq);

    struct Pending
    {
        Change change;
        QByteArray body;        ///< wire::encodeChange() of it
        Applied applied;        ///< what it did to the topology, if `effective`
        QList<Edit> edits;      ///< what it came to, expanded
        QSet<EntityId> touched; ///< ids in `change` and in `edits`
        bool effective =
            false; ///< applied; a change that does not fit (any more) waits without effect
        bool decided = false;    ///< it is in the confirmed state, or was refused: never applied
        quint64 committedAt = 0; ///< the authority said that it is this revision; 0 = not known
    };
    /// In the order of their numbers.
    [[nodiscard]] const std::deque<Pending> &pending() const { return m_pending; }
    [[nodiscard]] const Pending *findPending(quint64 cseq) const;

    struct Mine
    {
        Change change;   ///< to be kept and sent
        QByteArray body; ///< of it, encoded
        Expansion expansion;
        QList<Edit> undo; ///< guarded edits that take it back
    };
    /// Checks a change and applies it here. A refusal changes nothing.
    Result<Mine> submit(const QList<Edit> &edits, const QString &author, const QString &label,
                        quint64 gesture);
    /// Takes the newest change back, as if it had never been made (it could not be kept).
    void withdraw(quint64 cseq);
    /// Puts back a change from the journal, with its number; it may be without effect.
    void reinstate(const Change &change);

    /// Applies what the authority committed: revisions revision() + 1 and on, in order; older ones
    /// are skipped. Returns the numbers of my changes among them, which are no longer pending. An
    /// error: this copy does not fit the authority's and must be loaded anew.
    Result<QList<quint64>> applyCommits(const QList<Commit> &commits);

    /// What applyCommits() found since the last call: values of mine, confirmed before, that others
    /// replaced, and things of mine that they removed, without having seen what I had done. In
    /// order; `id` and `old` say which, and what was mine.
    [[nodiscard]] QList<Notice> takeLosses() { return std::exchange(m_losses, {}); }

    enum class Decision : quint8 {
        Unknown, ///< no such change is pending
        Waiting, ///< committed, but its commit has not come yet
        Dropped  ///< no longer pending
    };
    /// The authority's word on a change that did not come back as a commit, or has more to say.
    /// @a revision 0: refused or without effect.
    Decision decide(quint64 cseq, quint64 revision);

    /// A new connection, perhaps to a host that lost its memory: what was answered with a revision
    /// that has not come yet is asked again.
    void forgetAnswers();

    /// Replaces the confirmed state; what is pending is applied again on top of it, but for the
    /// changes up to @a decidedCseq: they are in it, or were refused. If that fails the topology is
    /// empty. Returns the numbers of my changes that are no longer pending.
    Result<QList<quint64>> load(Topology::Contents contents, quint64 revision, quint64 decidedCseq);

    /// Likewise, from the confirmed state that it is the difference to. Costs what differs and what
    /// is pending.
    Result<QList<quint64>> merge(const wire::Difference &difference, quint64 decidedCseq);

    /// Gives what is pending to another site: ids of things that were made here and changes get new
    /// numbers, the first of them 1. Returns the changes as they are now.
    QList<Change> moveToSite(SiteId site);

    /// Runs @a look while the topology holds the confirmed state alone. O(pending).
    void withConfirmed(const std::function<void(const Topology &)> &look);

private:
    QList<quint64> settleOn(quint64 revision, quint64 decidedCseq);
    void rollBackTo(size_t applied);
    void applyRest();
    void applyPending(Pending &pending);
    void unapply(Pending &pending);
    void noteTouched(const Pending &pending, int by);
    bool unapplyAlone(size_t index);
    void confirmInPlace(size_t index, const Commit &commit);
    void putRight(Applied &applied) const;
    Result<void> applyForeign(const Commit &commit);
    void noteLosses(const Commit &commit);
    [[nodiscard]] bool setsPending(EntityId id, const FieldKey &key) const;
    [[nodiscard]] size_t firstMeeting(const QSet<EntityId> &ids) const;
    [[nodiscard]] qsizetype indexOf(quint64 cseq) const;
    void removePending(size_t index);

    Topology &m_topology;
    quint64 m_revision = 0;
    SiteId m_site = 0;
    quint64 m_nextCseq = 1;
    std::deque<Pending> m_pending;
    size_t m_applied = 0; ///< so many of them are applied, as far as they fit; else all of them
    bool m_foreignAbove = false;       ///< a commit was applied on top of pending changes
    QHash<EntityId, int> m_touchCount; ///< how many pending changes touch an id

    // A change may be confirmed in place while later pending ones remember what was before them.
    // This is what they must put back instead, should they be taken back.
    struct Dated
    {
        quint64 revision = 0;
        qint64 time = 0;
        quint64 createdRevision = 0; ///< 0 = not created by it
        qint64 createdAt = 0;
        quint64 removedRevision = 0; ///< 0 = not removed by it
    };
    QHash<EntityId, Dated> m_dated;
    QHash<quint64, quint64> m_confirmedRevisions; ///< of my changes, cseq -> revision
    QList<Notice> m_losses;
};

} // namespace patchboard
