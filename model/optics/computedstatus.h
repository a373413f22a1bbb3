#pragma once

#include "model/optics/containerhealth.h"
#include "model/optics/lightways.h"

namespace patchboard {

/// Something that a board's owner should look at.
struct Problem
{
    enum class Kind : quint8 {
        NoSignal,          ///< no light comes to a receiver, or less than it can hear
        Overload,          ///< more light than the receiver takes
        ContainerDown,     ///< something in the container is down
        CriticalMargin,    ///< less than 3 dB to spare
        LowMargin,         ///< less than 6 dB to spare
        ContainerDegraded, ///< something in the container is degraded
        LinkRule           ///< no link rule allows a link between these two types
    };
    Kind kind = Kind::NoSignal;
    EntityId id = 0;

    [[nodiscard]] bool isError() const { return kind <= Kind::CriticalMargin; }
    bool operator==(const Problem &) const = default;
};

class ComputedStatus;

/// Told of every change of what is computed, after it was made.
class ComputedObserver
{
public:
    /// Some of @a ids may be gone.
    virtual void computedChanged(const ComputedStatus &computed, const QSet<EntityId> &ids) = 0;
    /// Anything may differ: another board, or the board's setting was switched.
    virtual void computedReset(const ComputedStatus &computed) = 0;

protected:
    ~ComputedObserver() = default;
};

/// What follows from a board and is stored nowhere: the optical budget of each receiver, the health
/// of each container (both only while the board's `computed_status` is on), and problems.
///
/// Works from the first question on, which costs O(board); from then on each change costs what it
/// touches. Questions asked by other observers of the topology while a change is being told may be
/// answered as before it; computedChanged() follows. Not thread-safe.
class ComputedStatus final : public TopologyObserver
{
public:
    /// @a topology must outlive it.
    explicit ComputedStatus(const Topology &topology);
    ~ComputedStatus();
    ComputedStatus(const ComputedStatus &) = delete;
    ComputedStatus &operator=(const ComputedStatus &) = delete;

    [[nodiscard]] const Topology &topology() const { return m_topology; }
    /// The board wants budgets and health.
    [[nodiscard]] bool isOn() const { return m_topology.board().computedStatus; }

    /// nullopt: it is off, or that is no receiver.
    [[nodiscard]] std::optional<optics::Budget> budgetOf(EntityId device) const;
    /// The parts of the sum, from the receiver to the source.
    [[nodiscard]] QList<optics::Step> stepsFrom(EntityId device) const;
    /// nullopt: it is off, or that is no fibre.
    [[nodiscard]] std::optional<optics::LinkLoss> lossOf(EntityId link) const;
    /// nullopt: it is off, or that is no container.
    [[nodiscard]] std::optional<Status> healthOf(EntityId container) const;
    /// How many things in a container are Down and Degraded; 0 and 0 while it is off.
    [[nodiscard]] std::pair<qsizetype, qsizetype> countsOf(EntityId container) const;

    [[nodiscard]] const QHash<EntityId, Problem> &problems() const;

    void addObserver(ComputedObserver *observer) const;
    void removeObserver(ComputedObserver *observer) const;

    void topologyChanged(const Topology &topology, const Delta &delta) override;
    void topologyReset(const Topology &topology) override;

private:
    void compute() const;
    void computeProblems() const;
    [[nodiscard]] std::optional<Problem> problemOf(EntityId id) const;
    void reset();

    const Topology &m_topology;
    // Filled by the first question.
    mutable optics::LightWays m_light;
    mutable optics::ContainerHealth m_health;
    mutable bool m_computed = false;
    mutable QHash<EntityId, Problem> m_problems;
    mutable bool m_problemsKnown = false;
    mutable std::vector<ComputedObserver *> m_observers;
};

/// "No signal: 33.1 dB too weak", for people.
QString problemText(const ComputedStatus &computed, const Problem &problem);
/// "no-signal" and the like, for programs.
QString problemKey(Problem::Kind kind);

} // namespace patchboard
