#include "model/core/deltabuilder.h"

namespace patchboard {

namespace {

constexpr size_t kKept = 1024; ///< events

} // namespace

void DeltaBuilder::created(EntityKind kind, EntityId id)
{
    m_events.push_back({What::Created, kind, Field::Name, id, 0});
}

void DeltaBuilder::removed(EntityKind kind, EntityId id, EntityId parent)
{
    m_events.push_back({What::Removed, kind, Field::Name, id, parent});
}

void DeltaBuilder::written(EntityKind kind, EntityId id, Field field, EntityId parent)
{
    m_events.push_back({What::Written, kind, field, id, parent});
}

Delta DeltaBuilder::take()
{
    if (m_events.size() == 1 && m_events.front().what == What::Written) {
        // Most of what comes.
        const Event event = m_events.front();
        m_events.clear();
        Delta delta;
        delta.changed.append({event.kind, event.id, {event.field}, event.parent});
        return delta;
    }
    struct State
    {
        EntityKind kind;
        bool before;
        bool now;
        EntityId oldParent;
        QList<Field> fields;
    };
    QHash<EntityId, State> states;
    for (const Event &event : m_events) {
        auto it = states.find(event.id);
        if (it == states.end()) {
            const bool before = event.what != What::Created;
            it = states.insert(event.id, {event.kind, before, before, event.parent, {}});
        }
        State &state = *it;
        switch (event.what) {
        case What::Created:
            state.now = true;
            if (state.before) { // it is back, and anything may differ
                state.fields.clear();
                for (const FieldInfo &info : fieldsOf(event.kind))
                    state.fields.append(info.field);
                state.fields.append(Field::Property);
            }
            break;
        case What::Removed:
            state.now = false;
            break;
        case What::Written:
            if (state.before && !state.fields.contains(event.field))
                state.fields.append(event.field);
            break;
        }
    }

    Delta delta;
    for (const Event &event : m_events) {
        State &state = states[event.id];
        if (state.before && !state.now) {
            if (event.what == What::Removed) {
                delta.removed.append({state.kind, event.id, state.oldParent});
                state.before = false; // listed once
            }
        } else if (state.before) {
            if (!state.fields.isEmpty())
                delta.changed.append({state.kind, event.id, state.fields, state.oldParent});
            state.fields.clear();
        } else if (state.now && event.what == What::Created) {
            delta.created.append({state.kind, event.id});
            state.now = false;
        }
    }
    // The room for a few is kept.
    if (m_events.capacity() > kKept)
        m_events = {};
    m_events.clear();
    return delta;
}

} // namespace patchboard
