#include "ui/scene/selection.h"

#include <algorithm>

namespace patchboard::ui {

void Selection::set(const QList<EntityId> &ids)
{
    QSet<EntityId> next;
    QList<EntityId> order;
    QList<EntityId> added;
    next.reserve(ids.size());
    order.reserve(ids.size());
    for (const EntityId id : ids) {
        const qsizetype before = next.size();
        next.insert(id);
        if (next.size() == before)
            continue;
        order.append(id);
        if (!m_set.contains(id))
            added.append(id);
    }
    QList<EntityId> removed;
    for (const EntityId id : std::as_const(m_ids)) {
        if (!next.contains(id))
            removed.append(id);
    }
    m_ids = std::move(order);
    m_set = std::move(next);
    if (!added.isEmpty() || !removed.isEmpty())
        Q_EMIT changed(added, removed);
}

void Selection::add(const QList<EntityId> &ids)
{
    set(m_ids + ids);
}

void Selection::remove(const QList<EntityId> &ids)
{
    const QSet<EntityId> gone(ids.cbegin(), ids.cend());
    QList<EntityId> rest;
    for (const EntityId id : std::as_const(m_ids)) {
        if (!gone.contains(id))
            rest.append(id);
    }
    set(rest);
}

void Selection::toggle(EntityId id)
{
    if (contains(id))
        remove({id});
    else
        add({id});
}

} // namespace patchboard::ui
