#pragma once

#include "model/core/topology.h"

#include <vector>

namespace patchboard {

/// Notes what steps did and what was taken back, and tells the net result.
class DeltaBuilder
{
public:
    void created(EntityKind kind, EntityId id);
    /// @a parent is the parent before this removal.
    void removed(EntityKind kind, EntityId id, EntityId parent);
    /// @a parent is the parent before this write.
    void written(EntityKind kind, EntityId id, Field field, EntityId parent);

    /// How far it is now; what came later can be forgotten, when it was taken back exactly.
    [[nodiscard]] size_t mark() const { return m_events.size(); }
    void forgetSince(size_t mark) { m_events.resize(mark); }

    [[nodiscard]] Delta take();

private:
    enum class What : quint8 { Created, Removed, Written };
    struct Event
    {
        What what = What::Written;
        EntityKind kind = EntityKind::Board;
        Field field = Field::Name; ///< of Written
        EntityId id = 0;
        EntityId parent = 0;
    };
    std::vector<Event> m_events;
};

} // namespace patchboard
