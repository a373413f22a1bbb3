#include "model/optics/computedstatus.h"

#include <QCoreApplication>
#include <QLocale>

namespace patchboard {

namespace {

struct ProblemText
{
    Q_DECLARE_TR_FUNCTIONS(Problem)
};

QString decibels(double value)
{
    return QLocale().toString(value, 'f', 1);
}

} // namespace

ComputedStatus::ComputedStatus(const Topology &topology)
    : m_topology(topology)
    , m_light(topology)
    , m_health(topology)
{
    topology.addObserver(this);
}

ComputedStatus::~ComputedStatus()
{
    m_topology.removeObserver(this);
}

void ComputedStatus::compute() const
{
    if (m_computed)
        return;
    m_computed = true;
    m_light.rebuild();
    m_health.rebuild();
}

std::optional<optics::Budget> ComputedStatus::budgetOf(EntityId id) const
{
    const Device *device = isOn() ? m_topology.device(id) : nullptr;
    if (!device || optics::partOf(m_topology, *device) != optics::Part::Sink)
        return std::nullopt;
    compute();
    return optics::budgetOf(m_topology, *device, m_light.wayTo(id));
}

QList<optics::Step> ComputedStatus::stepsFrom(EntityId id) const
{
    if (!isOn())
        return {};
    compute();
    return m_light.stepsFrom(id);
}

std::optional<optics::LinkLoss> ComputedStatus::lossOf(EntityId id) const
{
    const Link *link = isOn() ? m_topology.link(id) : nullptr;
    if (!link || !optics::isFibre(m_topology, *link))
        return std::nullopt;
    return optics::lossOf(*link);
}

std::optional<Status> ComputedStatus::healthOf(EntityId id) const
{
    const Device *device = isOn() ? m_topology.device(id) : nullptr;
    if (!device || !m_topology.isContainer(*device))
        return std::nullopt;
    compute();
    return m_health.healthOf(id);
}

std::pair<qsizetype, qsizetype> ComputedStatus::countsOf(EntityId container) const
{
    if (!isOn())
        return {0, 0};
    compute();
    return m_health.countsOf(container);
}

std::optional<Problem> ComputedStatus::problemOf(EntityId id) const
{
    using Kind = Problem::Kind;
    if (m_topology.link(id)) {
        const auto [a, b] = m_topology.endsOf(id);
        const Device *deviceA = m_topology.device(a);
        const Device *deviceB = m_topology.device(b);
        if (!deviceA || !deviceB || !linkRule(deviceA->type, deviceB->type).isEmpty())
            return std::nullopt;
        return Problem{Kind::LinkRule, id};
    }
    if (const auto budget = budgetOf(id)) {
        if (budget->overloaded)
            return Problem{Kind::Overload, id};
        switch (budget->signal) {
        case optics::Signal::NoSignal:
            return Problem{Kind::NoSignal, id};
        case optics::Signal::Critical:
            return Problem{Kind::CriticalMargin, id};
        case optics::Signal::Warning:
            return Problem{Kind::LowMargin, id};
        case optics::Signal::Ok:
            return std::nullopt;
        }
    }
    if (const auto health = healthOf(id); health && *health != Status::Up) {
        return Problem{*health == Status::Down ? Kind::ContainerDown : Kind::ContainerDegraded, id};
    }
    return std::nullopt;
}

void ComputedStatus::computeProblems() const
{
    if (m_problemsKnown)
        return;
    m_problemsKnown = true;
    m_problems.clear();
    const auto note = [this](EntityId id) {
        if (const auto problem = problemOf(id))
            m_problems.insert(id, *problem);
    };
    if (isOn()) {
        for (const Device &device : m_topology.devices().slots()) {
            if (device.id != 0)
                note(device.id);
        }
    }
    for (const Link &link : m_topology.links().slots()) {
        if (link.id != 0)
            note(link.id);
    }
}

const QHash<EntityId, Problem> &ComputedStatus::problems() const
{
    computeProblems();
    return m_problems;
}

void ComputedStatus::addObserver(ComputedObserver *observer) const
{
    m_observers.push_back(observer);
}

void ComputedStatus::removeObserver(ComputedObserver *observer) const
{
    std::erase(m_observers, observer);
}

void ComputedStatus::reset()
{
    m_light.clear();
    m_health.clear();
    m_computed = false;
    m_problems.clear();
    m_problemsKnown = false;
    for (ComputedObserver *observer : std::vector(m_observers))
        observer->computedReset(*this);
}

void ComputedStatus::topologyReset(const Topology &)
{
    reset();
}

void ComputedStatus::topologyChanged(const Topology &, const Delta &delta)
{
    const auto isType = [](const auto &each) { return each.kind == EntityKind::DeviceType; };
    const bool typesChanged = std::any_of(delta.created.cbegin(), delta.created.cend(), isType) ||
                              std::any_of(delta.removed.cbegin(), delta.removed.cend(), isType) ||
                              std::any_of(delta.changed.cbegin(), delta.changed.cend(), isType);
    const bool switched =
        std::any_of(delta.changed.cbegin(), delta.changed.cend(), [](const auto &each) {
            return each.id == kBoardId && each.fields.contains(Field::ComputedStatus);
        });
    if (typesChanged || switched) { // rare, and may be about any device
        reset();
        return;
    }

    if (!m_computed && !m_problemsKnown && m_observers.empty())
        return; // nobody has asked
    QSet<EntityId> ids;
    if (isOn() && m_computed) {
        ids = m_light.update(delta);
        ids.unite(m_health.update(delta));
    }
    // Nobody has asked yet, or it is off: then this much is known without asking.
    for (const Delta::Removed &removed : delta.removed) {
        if (removed.kind == EntityKind::Device || removed.kind == EntityKind::Link)
            ids.insert(removed.id);
    }
    for (const Delta::Created &created : delta.created) {
        if (created.kind == EntityKind::Device || created.kind == EntityKind::Link)
            ids.insert(created.id);
    }
    for (const Delta::Changed &changed : delta.changed) {
        const auto has = [&changed](Field field) { return changed.fields.contains(field); };
        if (changed.kind == EntityKind::Device && has(Field::DeviceType)) {
            ids.insert(changed.id);
            for (const EntityId link : m_topology.linksOfDevice(changed.id))
                ids.insert(link);
        } else if (changed.kind == EntityKind::Interface && has(Field::InterfaceType)) {
            for (const EntityId link : m_topology.linksOf(changed.id))
                ids.insert(link);
        } else if (changed.kind == EntityKind::Link &&
                   (has(Field::Length) || has(Field::Medium) || has(Field::Loss))) {
            ids.insert(changed.id);
        }
    }
    if (ids.isEmpty())
        return;
    if (m_problemsKnown) {
        for (const EntityId id : std::as_const(ids)) {
            if (const auto problem = problemOf(id))
                m_problems.insert(id, *problem);
            else
                m_problems.remove(id);
        }
    }
    for (ComputedObserver *observer : std::vector(m_observers))
        observer->computedChanged(*this, ids);
}

QString problemText(const ComputedStatus &computed, const Problem &problem)
{
    using Kind = Problem::Kind;
    const auto budget = computed.budgetOf(problem.id).value_or(optics::Budget());
    switch (problem.kind) {
    case Kind::NoSignal:
        if (!budget.hasWay())
            return ProblemText::tr("No signal: no optical path leads to an OLT");
        return ProblemText::tr("No signal: %1 dBm arrive, %2 dB too little")
            .arg(decibels(budget.receivedDbm), decibels(-budget.marginDb));
    case Kind::Overload:
        return ProblemText::tr("Receiver overload: %1 dBm arrive, %2 dBm is the most")
            .arg(decibels(budget.receivedDbm),
                 decibels(computed.topology()
                              .device(problem.id)
                              ->optics->overloadDbm.value_or(budget.receivedDbm)));
    case Kind::CriticalMargin:
        return ProblemText::tr("Critical optical margin: %1 dB").arg(decibels(budget.marginDb));
    case Kind::LowMargin:
        return ProblemText::tr("Low optical margin: %1 dB").arg(decibels(budget.marginDb));
    case Kind::ContainerDown:
    case Kind::ContainerDegraded: {
        const auto [down, degraded] = computed.countsOf(problem.id);
        if (down > 0 && degraded > 0)
            return ProblemText::tr("Inside: %1 down, %2 degraded").arg(down).arg(degraded);
        return down > 0 ? ProblemText::tr("Inside: %1 down").arg(down)
                        : ProblemText::tr("Inside: %1 degraded").arg(degraded);
    }
    case Kind::LinkRule: {
        const Topology &topology = computed.topology();
        const auto [a, b] = topology.endsOf(problem.id);
        const auto typeOf = [&topology](EntityId id) {
            const Device *device = topology.device(id);
            return device ? topology.typeInfo(device->type).label : QString();
        };
        return ProblemText::tr("No link rule allows %1 – %2").arg(typeOf(a), typeOf(b));
    }
    }
    return {};
}

QString problemKey(Problem::Kind kind)
{
    using Kind = Problem::Kind;
    switch (kind) {
    case Kind::NoSignal:
        return QStringLiteral("NO_SIGNAL");
    case Kind::Overload:
        return QStringLiteral("OVERLOAD");
    case Kind::ContainerDown:
        return QStringLiteral("CONTAINER_DOWN");
    case Kind::CriticalMargin:
        return QStringLiteral("CRITICAL_MARGIN");
    case Kind::LowMargin:
        return QStringLiteral("LOW_MARGIN");
    case Kind::ContainerDegraded:
        return QStringLiteral("CONTAINER_DEGRADED");
    case Kind::LinkRule:
        break;
    }
    return QStringLiteral("LINK_RULE");
}

} // namespace patchboard
