#include "model/core/deltabuilder.h"

namespace patchboard {

DeltaBuilder::State &DeltaBuilder::state(EntityKind kind, EntityId id, bool before, EntityId parent)
{
    auto it = m_states.find(id);
    if (it == m_states.end())
        it = m_states.insert(id, State{kind, before, before, parent, {}});
    return *it;
}

void DeltaBuilder::created(EntityKind kind, EntityId id)
{
    State &s = state(kind, id, false, 0);
    s.now = true;
    m_created.append(id);
    if (s.before) { // was removed in this batch: it is back, and anything may differ
        s.fields.clear();
        for (const FieldInfo &info : fieldsOf(kind))
            s.fields.append(info.field);
        s.fields.append(Field::Property);
        m_written.append(id);
    }
}

void DeltaBuilder::removed(EntityKind kind, EntityId id, EntityId parent)
{
    state(kind, id, true, parent).now = false;
    m_removed.append(id);
}

void DeltaBuilder::written(EntityKind kind, EntityId id, Field field, EntityId parent)
{
    State &s = state(kind, id, true, parent);
    if (!s.before)
        return;
    if (s.fields.isEmpty())
        m_written.append(id);
    if (!s.fields.contains(field))
        s.fields.append(field);
}

Delta DeltaBuilder::take()
{
    Delta delta;
    for (const EntityId id : std::as_const(m_removed)) {
        State &s = m_states[id];
        if (s.before && !s.now) {
            delta.removed.append({s.kind, id, s.oldParent});
            s.before = false; // listed once
        }
    }
    for (const EntityId id : std::as_const(m_written)) {
        State &s = m_states[id];
        if (s.before && s.now && !s.fields.isEmpty()) {
            delta.changed.append({s.kind, id, s.fields, s.oldParent});
            s.fields.clear();
        }
    }
    for (const EntityId id : std::as_const(m_created)) {
        State &s = m_states[id];
        if (!s.before && s.now) {
            delta.created.append({s.kind, id});
            s.now = false;
        }
    }
    m_states.clear();
    m_created.clear();
    m_removed.clear();
    m_written.clear();
    return delta;
}

} // namespace patchboard
