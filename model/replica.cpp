#include "model/replica.h"

#include "model/core/mutant.h"
#include "model/wire/codec.h"

#include <QCoreApplication>

namespace patchboard {

namespace {

Error doesNotFit(const QString &why)
{
    return {
        Errc::Protocol,
        QCoreApplication::translate("Replica", "This copy differs from the host's: %1").arg(why)};
}

EntityId editedId(const Edit &edit)
{
    if (const auto *create = std::get_if<CreateEntity>(&edit))
        return create->id;
    if (const auto *set = std::get_if<SetFields>(&edit))
        return set->id;
    return 0;
}

/// Gives ids and writers of one site's pending changes new numbers.
class Renumbering
{
public:
    Renumbering(SiteId from, SiteId to)
        : m_from(from)
        , m_to(to)
    {
    }
    void meet(const Change &change, quint64 newCseq)
    {
        m_cseqs.insert(change.cseq, newCseq);
        for (const Edit &edit : change.edits) {
            if (const auto *create = std::get_if<CreateEntity>(&edit))
                m_ids.insert(create->id, makeId(m_to, ++m_counter));
        }
    }
    void apply(Change &change) const
    {
        change.site = m_to;
        change.cseq = m_cseqs.value(change.cseq);
        for (Edit &edit : change.edits) {
            if (auto *create = std::get_if<CreateEntity>(&edit)) {
                create->id = id(create->id);
                for (FieldValue &field : create->fields)
                    reference(field.key, field.value);
            } else if (auto *set = std::get_if<SetFields>(&edit)) {
                set->id = id(set->id);
                for (FieldChange &field : set->fields) {
                    reference(field.key, field.value);
                    if (field.ifLast && field.ifLast->site == m_from &&
                        m_cseqs.contains(field.ifLast->cseq))
                        field.ifLast = Writer{m_to, m_cseqs.value(field.ifLast->cseq)};
                }
            } else if (auto *remove = std::get_if<RemoveEntities>(&edit)) {
                for (EntityId &each : remove->ids)
                    each = id(each);
            } else {
                for (EntityId &each : std::get<RestoreEntities>(edit).ids)
                    each = id(each);
            }
        }
    }

private:
    [[nodiscard]] EntityId id(EntityId old) const { return m_ids.value(old, old); }
    void reference(const FieldKey &key, Value &value) const
    {
        if (key.field != Field::Container && key.field != Field::Device &&
            key.field != Field::AInterface && key.field != Field::BInterface)
            return;
        if (qint64 *target = std::get_if<qint64>(&value))
            *target = qint64(id(EntityId(*target)));
    }

    SiteId m_from;
    SiteId m_to;
    quint32 m_counter = 0;
    QHash<EntityId, EntityId> m_ids;
    QHash<quint64, quint64> m_cseqs;
};

/// May be taken back although later changes stand on top: it frees or takes no name, container or
/// type that one of them could have relied on without naming an id.
bool isIsland(const Applied &applied)
{
    return std::all_of(applied.steps.cbegin(), applied.steps.cend(), [](const auto &step) {
        if (step.kind != Applied::Step::Kind::Set)
            return false;
        switch (step.before.key.field) {
        case Field::Name:
        case Field::Container:
        case Field::DeviceType:
        case Field::TypeKey:
        case Field::TypeContainer:
        case Field::LinkPolicy:
            return false;
        default:
            return true;
        }
    });
}

} // namespace

Replica::Replica(Topology &topology)
    : m_topology(topology)
{
}

void Replica::setSite(SiteId site, quint64 nextCseq)
{
    Q_ASSERT(m_pending.empty());
    m_site = site;
    m_nextCseq = nextCseq;
}

const Replica::Pending *Replica::findPending(quint64 cseq) const
{
    const qsizetype index = indexOf(cseq);
    return index < 0 ? nullptr : &m_pending[size_t(index)];
}

qsizetype Replica::indexOf(quint64 cseq) const
{
    const auto it =
        std::lower_bound(m_pending.cbegin(), m_pending.cend(), cseq,
                         [](const Pending &p, quint64 number) { return p.change.cseq < number; });
    return it == m_pending.cend() || it->change.cseq != cseq ? -1 : it - m_pending.cbegin();
}

// My own changes

Result<Replica::Mine> Replica::submit(const QList<Edit> &edits, const QString &author,
                                      const QString &label, quint64 gesture)
{
    Pending pending;
    pending.change = {m_site, m_nextCseq, m_revision, gesture, author, label, edits};
    auto outcome = m_topology.submit(pending.change, {{m_site, m_nextCseq}, 0, 0});
    if (!outcome)
        return outcome.error();
    Mine mine;
    pending.body = wire::encodeChange(pending.change);
    mine.change = pending.change;
    mine.body = pending.body;
    mine.undo = undoEdits(outcome->applied, {m_site, m_nextCseq});
    mine.expansion = outcome->expansion;
    pending.applied = std::move(outcome->applied);
    pending.edits = std::move(outcome->expansion.edits);
    pending.touched = touchedIds(edits).unite(touchedIds(pending.edits));
    pending.effective = true;
    noteTouched(pending, 1);
    m_pending.push_back(std::move(pending));
    m_applied = m_pending.size();
    ++m_nextCseq;
    return mine;
}

void Replica::withdraw(quint64 cseq)
{
    if (m_pending.empty() || m_pending.back().change.cseq != cseq)
        return;
    unapply(m_pending.back());
    removePending(m_pending.size() - 1);
    m_nextCseq = cseq;
}

void Replica::reinstate(const Change &change)
{
    Pending pending;
    pending.change = change;
    pending.body = wire::encodeChange(change);
    m_pending.push_back(std::move(pending));
    applyRest();
    m_nextCseq = change.cseq + 1;
}

void Replica::noteTouched(const Pending &pending, int by)
{
    for (const EntityId id : pending.touched) {
        const auto it = m_touchCount.find(id);
        if (it == m_touchCount.end())
            m_touchCount.insert(id, by);
        else if ((*it += by) <= 0)
            m_touchCount.erase(it);
    }
}

void Replica::removePending(size_t index)
{
    noteTouched(m_pending[index], -1);
    m_pending.erase(m_pending.begin() + qsizetype(index));
    if (index < m_applied)
        --m_applied;
    if (m_pending.empty()) {
        m_foreignAbove = false;
        m_dated.clear();
        m_confirmedRevisions.clear();
    }
}

void Replica::applyPending(Pending &pending)
{
    if (pending.decided)
        return;
    auto outcome =
        m_topology.submit(pending.change, {{pending.change.site, pending.change.cseq}, 0, 0});
    noteTouched(pending, -1);
    pending.touched = touchedIds(pending.change.edits);
    pending.edits.clear();
    if (outcome) {
        pending.applied = std::move(outcome->applied);
        pending.edits = std::move(outcome->expansion.edits);
        pending.touched.unite(touchedIds(pending.edits));
        pending.effective = true;
    }
    noteTouched(pending, 1);
}

void Replica::unapply(Pending &pending)
{
    if (!pending.effective)
        return;
    putRight(pending.applied);
    m_topology.rollback(pending.applied);
    pending.applied = {};
    pending.effective = false;
}

/// What a pending change remembers as "before" may have been confirmed meanwhile.
void Replica::putRight(Applied &applied) const
{
    if (m_dated.isEmpty())
        return;
    const auto putWriterRight = [this](FieldWriter &writer) {
        if (writer.revision == 0 && writer.writer.site == m_site)
            writer.revision = m_confirmedRevisions.value(writer.writer.cseq);
    };
    for (Applied::Step &step : applied.steps) {
        if (step.before.writer)
            putWriterRight(*step.before.writer);
        const auto dated = m_dated.constFind(step.before.id);
        if (dated == m_dated.cend() || !step.removed)
            continue;
        auto removed = std::make_shared<RemovedEntity>(*step.removed);
        EntityBase &base = baseOf(removed->entity);
        if (dated->revision > base.revision) {
            base.revision = dated->revision;
            base.updatedAt = dated->time;
        }
        if (dated->createdRevision > base.createdRevision) {
            base.createdRevision = dated->createdRevision;
            base.createdAt = dated->createdAt;
        }
        for (FieldWriter &writer : removed->writers)
            putWriterRight(writer);
        if (step.kind == Applied::Step::Kind::Created && removed->revision == 0)
            removed->revision = dated->removedRevision;
        step.removed = std::move(removed);
    }
}

/// Takes back pending changes, the newest first, until at most the first @a applied are. With a
/// commit on top of them that fits the confirmed state and what is shown, but perhaps not what lies
/// between (a container that a later change took out again), all have to go.
void Replica::rollBackTo(size_t applied)
{
    if (m_foreignAbove && applied < m_applied)
        applied = 0;
    while (m_applied > applied)
        unapply(m_pending[--m_applied]);
    if (m_applied == 0)
        m_foreignAbove = false;
}

void Replica::applyRest()
{
    while (m_applied < m_pending.size())
        applyPending(m_pending[m_applied++]);
}

/// Takes back one pending change from below the others, if none of them can have noticed it.
bool Replica::unapplyAlone(size_t index)
{
    Pending &pending = m_pending[index];
    if (!pending.effective || pending.edits.isEmpty())
        return true;
    if (index + 1 == m_applied && !m_foreignAbove) {
        unapply(pending);
        return true;
    }
    if (!isIsland(pending.applied))
        return false;
    const auto alone = [this](EntityId id) { return m_touchCount.value(id) == 1; };
    if (!std::all_of(pending.touched.cbegin(), pending.touched.cend(), alone))
        return false;
    unapply(pending);
    return true;
}

// What the authority says

size_t Replica::firstMeeting(const QSet<EntityId> &ids) const
{
    const auto known = [this](EntityId id) { return m_touchCount.contains(id); };
    if (m_touchCount.isEmpty() || std::none_of(ids.cbegin(), ids.cend(), known))
        return m_applied;
    for (size_t i = 0; i < m_applied; ++i) {
        if (m_pending[i].touched.intersects(ids))
            return i;
    }
    return m_applied;
}

void Replica::confirmInPlace(size_t index, const Commit &commit)
{
    m_topology.confirm(commit.edits, {{commit.site, commit.cseq}, commit.revision, commit.time});
    removePending(index);
    if (m_pending.empty())
        return;
    const auto date = [&](EntityId id) -> Dated * {
        if (!m_touchCount.contains(id))
            return nullptr;
        m_confirmedRevisions.insert(commit.cseq, commit.revision);
        Dated &dated = m_dated[id];
        dated.revision = commit.revision;
        dated.time = commit.time;
        return &dated;
    };
    for (const Edit &edit : commit.edits) {
        if (const auto *remove = std::get_if<RemoveEntities>(&edit)) {
            for (const EntityId id : remove->ids) {
                if (Dated *dated = date(id))
                    dated->removedRevision = commit.revision;
            }
        } else if (Dated *dated = date(editedId(edit))) {
            if (const auto *create = std::get_if<CreateEntity>(&edit)) {
                dated->createdRevision = commit.revision;
                dated->createdAt = create->createdAt != 0 ? create->createdAt : commit.time;
            }
        }
    }
}

/// Applies a commit under whatever is pending.
Result<void> Replica::applyForeign(const Commit &commit)
{
    if (!mutant(Mutant::PendingNotTakenBack))
        rollBackTo(firstMeeting(touchedIds(commit.edits)));
    noteLosses(commit);
    const ApplyContext context{{commit.site, commit.cseq}, commit.revision, commit.time};
    auto applied = m_topology.apply(commit.edits, context);
    if (!applied && m_applied > 0) {
        // It clashes with a pending change without naming what that touched: a name, a container.
        rollBackTo(0);
        applied = m_topology.apply(commit.edits, context);
    }
    if (!applied)
        return doesNotFit(applied.error().text);
    m_foreignAbove = m_applied > 0;
    return {};
}

bool Replica::setsPending(EntityId id, const FieldKey &key) const
{
    return std::any_of(m_pending.cbegin(), m_pending.cend(), [&](const Pending &pending) {
        return pending.touched.contains(id) &&
               std::any_of(pending.change.edits.cbegin(), pending.change.edits.cend(),
                           [&](const Edit &edit) {
                               const auto *set = std::get_if<SetFields>(&edit);
                               return set && set->id == id &&
                                      std::any_of(set->fields.cbegin(), set->fields.cend(),
                                                  [&](const FieldChange &field) {
                                                      return field.key == key;
                                                  });
                           });
    });
}

/// What of mine a commit is about to undo whose author had not seen it. The topology holds the
/// confirmed state of all that it touches.
void Replica::noteLosses(const Commit &commit)
{
    if (m_site == 0 || commit.site == m_site || commit.base + 1 >= commit.revision ||
        mutant(Mutant::SilentLoss))
        return;
    const auto unseen = [&](quint64 revision) { return revision > commit.base; };
    const auto lost = [&](Notice::Kind kind, EntityId id, const FieldKey &key, const Value &mine) {
        m_losses.append({kind, id, key, {}, mine, commit.revision, commit.author, commit.time});
    };
    QSet<EntityId> told;
    for (const Edit &edit : commit.edits) {
        if (const auto *set = std::get_if<SetFields>(&edit)) {
            for (const FieldChange &field : set->fields) {
                const auto writer = m_topology.writerOf(set->id, field.key);
                if (!writer || writer->writer.site != m_site || !unseen(writer->revision))
                    continue;
                const Value mine = m_topology.value(set->id, field.key);
                // What I have already set again is not lost: it comes after this.
                if (mine != field.value && !setsPending(set->id, field.key))
                    lost(Notice::Kind::Lost, set->id, field.key, mine);
            }
        } else if (const auto *remove = std::get_if<RemoveEntities>(&edit)) {
            // Devices come last; what hangs on one that is told of goes without saying.
            for (auto it = remove->ids.crbegin(); it != remove->ids.crend(); ++it) {
                const auto entity = m_topology.entity(*it);
                if (!entity)
                    continue;
                const QList<FieldWriter> writers = m_topology.writersOf(*it);
                const bool mine =
                    (siteOf(*it) == m_site && unseen(baseOf(*entity).createdRevision)) ||
                    std::any_of(writers.cbegin(), writers.cend(), [&](const FieldWriter &writer) {
                        return writer.writer.site == m_site && unseen(writer.revision);
                    });
                const auto [a, b] = m_topology.endsOf(*it);
                const auto *port = std::get_if<Interface>(&*entity);
                if (!mine || told.contains(a) || told.contains(b) ||
                    (port && told.contains(port->device)))
                    continue;
                told.insert(*it);
                lost(Notice::Kind::LostRemoved, *it, {}, {});
            }
        }
    }
}

Result<QList<quint64>> Replica::applyCommits(const QList<Commit> &commits)
{
    const Topology::DeltaBatch batch(m_topology);
    QList<quint64> mine;
    for (const Commit &commit : commits) {
        if (commit.revision <= m_revision)
            continue;
        if (commit.revision != m_revision + 1) {
            applyRest();
            return doesNotFit(
                QCoreApplication::translate("Replica", "revision %1 came after revision %2")
                    .arg(commit.revision)
                    .arg(m_revision));
        }
        bool done = false;
        if (commit.site == m_site && m_site != 0) {
            // Another hash: somebody uses a copy of this profile.
            if (const qsizetype at = indexOf(commit.cseq);
                at >= 0 && wire::hashBytes(m_pending[size_t(at)].body) == commit.bodyHash) {
                const size_t index = size_t(at);
                mine.append(commit.cseq);
                Pending &pending = m_pending[index];
                // With an older one still beneath it (its answer is late), it stands on values that
                // are not confirmed: then it is taken back and applied as what it is.
                if ((index == 0 || mutant(Mutant::ConfirmedOutOfOrder)) && m_applied > 0 &&
                    pending.effective && pending.edits == commit.edits) {
                    confirmInPlace(index, commit);
                    done = true;
                } else {
                    if (index < m_applied && !unapplyAlone(index))
                        rollBackTo(index);
                    removePending(index);
                }
            }
        }
        if (!done) {
            if (auto ok = applyForeign(commit); !ok) {
                applyRest();
                return ok.error();
            }
        }
        m_revision = commit.revision;
    }
    applyRest();
    return mine;
}

Replica::Decision Replica::decide(quint64 cseq, quint64 revision)
{
    const qsizetype at = indexOf(cseq);
    if (at < 0)
        return Decision::Unknown;
    if (revision > m_revision) {
        m_pending[size_t(at)].committedAt = revision;
        return Decision::Waiting;
    }
    const Topology::DeltaBatch batch(m_topology);
    if (!unapplyAlone(size_t(at)))
        rollBackTo(size_t(at));
    removePending(size_t(at));
    applyRest();
    return Decision::Dropped;
}

void Replica::forgetAnswers()
{
    for (Pending &pending : m_pending)
        pending.committedAt = 0;
}

Result<QList<quint64>> Replica::load(Topology::Contents contents, quint64 revision,
                                     quint64 decidedCseq)
{
    const Topology::DeltaBatch batch(m_topology);
    const auto loaded = m_topology.replace(std::move(contents));
    const QList<quint64> gone = settleOn(loaded ? revision : 0, decidedCseq);
    return loaded ? Result<QList<quint64>>(gone) : Result<QList<quint64>>(loaded.error());
}

Result<QList<quint64>> Replica::merge(const wire::Difference &difference, quint64 decidedCseq)
{
    if (difference.since != m_revision) {
        return doesNotFit(QCoreApplication::translate("Replica", "revision %1 is not revision %2")
                              .arg(m_revision)
                              .arg(difference.since));
    }
    const Topology::DeltaBatch batch(m_topology);
    rollBackTo(0);
    const auto merged = m_topology.merge(difference.news, difference.gone);
    const QList<quint64> gone = settleOn(merged ? difference.revision : 0, decidedCseq);
    return merged ? Result<QList<quint64>>(gone) : Result<QList<quint64>>(merged.error());
}

/// The topology holds another confirmed state, and nothing of what is pending: that goes on top.
/// Revision 0: it could not be had. Returns what is pending no longer.
QList<quint64> Replica::settleOn(quint64 revision, quint64 decidedCseq)
{
    m_dated.clear();
    m_confirmedRevisions.clear();
    m_revision = revision;
    QList<quint64> gone;
    m_applied = 0;
    m_foreignAbove = false;
    for (size_t i = 0; i < m_pending.size();) {
        Pending &pending = m_pending[i];
        pending.applied = {};
        pending.effective = false;
        pending.decided = pending.change.cseq <= decidedCseq;
        if (pending.committedAt != 0 && pending.committedAt <= revision) {
            gone.append(pending.change.cseq);
            removePending(i);
        } else {
            ++i;
        }
    }
    applyRest();
    return gone;
}

QList<Change> Replica::moveToSite(SiteId site)
{
    const Topology::DeltaBatch batch(m_topology);
    rollBackTo(0);
    Renumbering renumbering(m_site, site);
    quint64 cseq = 0;
    for (const Pending &pending : m_pending)
        renumbering.meet(pending.change, ++cseq);
    QList<Change> changes;
    for (Pending &pending : m_pending) {
        renumbering.apply(pending.change);
        pending.body = wire::encodeChange(pending.change);
        pending.decided = false;
        changes.append(pending.change);
    }
    m_site = site;
    m_nextCseq = cseq + 1;
    m_dated.clear();
    m_confirmedRevisions.clear();
    applyRest();
    return changes;
}

void Replica::withConfirmed(const std::function<void(const Topology &)> &look)
{
    const Topology::DeltaBatch batch(m_topology);
    rollBackTo(0);
    look(m_topology);
    applyRest();
}

} // namespace patchboard
