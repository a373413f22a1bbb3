#pragma once

#include "model/core/topology.h"

#include <QHash>

namespace patchboard {

/// Adds up what steps did and what was taken back, and tells the net result.
class DeltaBuilder
{
public:
    void created(EntityKind kind, EntityId id);
    /// @a parent is the parent before this removal.
    void removed(EntityKind kind, EntityId id, EntityId parent);
    /// @a parent is the parent before this write.
    void written(EntityKind kind, EntityId id, Field field, EntityId parent);
    [[nodiscard]] Delta take();

private:
    struct State
    {
        EntityKind kind;
        bool before;
        bool now;
        EntityId oldParent;
        QList<Field> fields;
    };
    State &state(EntityKind kind, EntityId id, bool before, EntityId parent);

    QHash<EntityId, State> m_states;
    QList<EntityId> m_created;
    QList<EntityId> m_removed;
    QList<EntityId> m_written;
};

} // namespace patchboard
