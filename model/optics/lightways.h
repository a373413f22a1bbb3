#pragma once

#include "model/optics/budget.h"

#include <QHash>
#include <QSet>

#include <queue>
#include <vector>

namespace patchboard::optics {

/// The best way of light from any source to every passive device and every sink of a topology.
///
/// It is kept up to date by deltas: what they touch loses its way together with all that is lit
/// through it, and finds one again from what is still lit. That costs O(what is lit through the
/// touched place), not O(board). Ways are computed from whole numbers and do not depend on the
/// order of the changes that led to a board. Not thread-safe.
class LightWays
{
public:
    explicit LightWays(const Topology &topology);

    /// Everything anew: O(board).
    void rebuild();
    void clear();
    /// After a change of the topology. Devices whose way, or what is at its source, is different
    /// now.
    QSet<EntityId> update(const Delta &delta);

    /// nullopt: no light comes here.
    [[nodiscard]] std::optional<Way> wayTo(EntityId device) const;
    /// From the device to the source, link by link; empty if no light comes here.
    [[nodiscard]] QList<Step> stepsFrom(EntityId device) const;

private:
    struct Lit
    {
        Way way;
        EntityId link = 0; ///< by which the light arrives
        EntityId from = 0; ///< the device before
    };
    struct Candidate
    {
        Way way;
        EntityId device = 0;
        bool operator>(const Candidate &other) const { return way > other.way; }
    };
    using Queue = std::priority_queue<Candidate, std::vector<Candidate>, std::greater<>>;

    [[nodiscard]] Part partAt(EntityId device) const;
    /// Calls @a visit(link, other device) for each fibre of a device.
    template <typename Visit>
    void forFibres(EntityId device, Visit visit) const;
    /// The way with which light leaves; nullopt if none does.
    [[nodiscard]] std::optional<Way> leaving(EntityId device) const;
    void put(EntityId device, const Lit &lit);
    void drop(EntityId device);
    /// Offers the light of one end of a fibre to the other.
    void offer(EntityId from, const Way &leaving, const Link &link, EntityId to, Queue &queue);
    void offerAcross(EntityId link, Queue &queue);
    void offerAll(EntityId from, Queue &queue);
    void spread(Queue &queue);

    const Topology &m_topology;
    QHash<EntityId, Lit> m_lit;          ///< passive devices and sinks
    QHash<EntityId, EntityId> m_litBy;   ///< by link: the device that it lights
    QSet<EntityId> *m_changed = nullptr; ///< while a delta is taken in
};

} // namespace patchboard::optics
