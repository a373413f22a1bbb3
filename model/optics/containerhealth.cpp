#include "model/optics/containerhealth.h"

namespace patchboard::optics {

ContainerHealth::ContainerHealth(const Topology &topology)
    : m_topology(topology)
{
}

void ContainerHealth::clear()
{
    m_counts.clear();
    m_shares.clear();
    m_health.clear();
}

/// What a device counts for, and where; Up counts for nothing.
ContainerHealth::Share ContainerHealth::shareOf(EntityId id) const
{
    const Device *device = m_topology.device(id);
    if (!device || device->container == 0)
        return {};
    Status status = device->state.effective();
    if (!device->state.override_ && m_topology.isContainer(*device))
        status = healthOf(id);
    return {device->container, status};
}

void ContainerHealth::count(const Share &share, qint32 by, QSet<EntityId> &touched)
{
    if (share.container == 0 || share.status == Status::Up)
        return;
    Counts &counts = m_counts[share.container];
    (share.status == Status::Down ? counts.down : counts.degraded) += by;
    if (counts.down == 0 && counts.degraded == 0)
        m_counts.remove(share.container);
    touched.insert(share.container);
}

/// Counts a device for what it is now, and no longer for what it was.
void ContainerHealth::take(EntityId device, QSet<EntityId> &touched)
{
    const Share now = shareOf(device);
    const Share before = m_shares.value(device);
    if (now.container == before.container && now.status == before.status)
        return;
    count(before, -1, touched);
    count(now, 1, touched);
    if (now.container == 0 || now.status == Status::Up)
        m_shares.remove(device);
    else
        m_shares.insert(device, now);
}

/// Works out the health of containers, and of those around them if it is different.
void ContainerHealth::settle(QSet<EntityId> touched, QSet<EntityId> &changed)
{
    while (!touched.isEmpty()) {
        QSet<EntityId> outer;
        for (const EntityId container : std::as_const(touched)) {
            const auto [down, degraded] = countsOf(container);
            const Status now =
                m_topology.device(container) ? optics::healthOf(down, degraded) : Status::Up;
            if (now == healthOf(container))
                continue;
            if (now == Status::Up)
                m_health.remove(container);
            else
                m_health.insert(container, now);
            changed.insert(container);
            take(container, outer);
        }
        touched = std::move(outer);
    }
}

void ContainerHealth::rebuild()
{
    clear();
    QSet<EntityId> touched;
    for (const Device &device : m_topology.devices().slots()) {
        if (device.id != 0 && device.container != 0)
            take(device.id, touched);
    }
    QSet<EntityId> changed;
    settle(std::move(touched), changed);
}

QSet<EntityId> ContainerHealth::update(const Delta &delta)
{
    QSet<EntityId> touched;
    for (const Delta::Removed &removed : delta.removed) {
        if (removed.kind != EntityKind::Device)
            continue;
        take(removed.id, touched);
        touched.insert(removed.id);
    }
    for (const Delta::Created &created : delta.created) {
        if (created.kind == EntityKind::Device)
            take(created.id, touched);
    }
    for (const Delta::Changed &changed : delta.changed) {
        if (changed.kind != EntityKind::Device)
            continue;
        for (const Field field :
             {Field::Status, Field::StatusOverride, Field::Container, Field::DeviceType}) {
            if (changed.fields.contains(field)) {
                take(changed.id, touched);
                break;
            }
        }
    }
    QSet<EntityId> changed;
    settle(std::move(touched), changed);
    return changed;
}

Status ContainerHealth::healthOf(EntityId container) const
{
    return m_health.value(container, Status::Up);
}

std::pair<qsizetype, qsizetype> ContainerHealth::countsOf(EntityId container) const
{
    const Counts counts = m_counts.value(container);
    return {counts.down, counts.degraded};
}

} // namespace patchboard::optics
