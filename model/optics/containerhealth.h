#pragma once

#include "model/core/topology.h"
#include "model/optics/budget.h"

#include <QHash>
#include <QSet>

namespace patchboard::optics {

/// The health of every container: of the effective statuses of the devices in it, a container in it
/// counting with its own health unless that is overridden. An empty one is Up.
///
/// Kept up to date by deltas in O(what they touch × depth). Not thread-safe.
class ContainerHealth
{
public:
    explicit ContainerHealth(const Topology &topology);

    /// Everything anew: O(devices).
    void rebuild();
    void clear();
    /// After a change of the topology. Containers whose health is different now.
    QSet<EntityId> update(const Delta &delta);

    /// Up of what is no container.
    [[nodiscard]] Status healthOf(EntityId container) const;
    /// How many things in it are Down and Degraded.
    [[nodiscard]] std::pair<qsizetype, qsizetype> countsOf(EntityId container) const;

private:
    struct Counts
    {
        qint32 down = 0;
        qint32 degraded = 0;
    };
    struct Share
    {
        EntityId container = 0;
        Status status = Status::Up;
    };
    [[nodiscard]] Share shareOf(EntityId device) const;
    void count(const Share &share, qint32 by, QSet<EntityId> &touched);
    void take(EntityId device, QSet<EntityId> &touched);
    void settle(QSet<EntityId> touched, QSet<EntityId> &changed);

    const Topology &m_topology;
    QHash<EntityId, Counts> m_counts; ///< of containers with something in them that is not Up
    QHash<EntityId, Share> m_shares;  ///< of devices in containers that are not Up
    QHash<EntityId, Status> m_health; ///< of containers that are not Up
};

} // namespace patchboard::optics
