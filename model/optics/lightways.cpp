#include "model/optics/lightways.h"

#include <algorithm>
#include <tuple>

namespace patchboard::optics {

LightWays::LightWays(const Topology &topology)
    : m_topology(topology)
{
}

void LightWays::clear()
{
    m_lit.clear();
    m_litBy.clear();
}

Part LightWays::partAt(EntityId device) const
{
    const Device *entity = m_topology.device(device);
    return entity ? partOf(m_topology, *entity) : Part::None;
}

template <typename Visit>
void LightWays::forFibres(EntityId device, Visit visit) const
{
    for (const EntityId port : m_topology.interfacesOf(device)) {
        for (const EntityId id : m_topology.linksOf(port)) {
            const Link &link = *m_topology.link(id);
            const Interface *other = m_topology.interface(link.a == port ? link.b : link.a);
            if (other->device != device && isFibre(m_topology, link))
                visit(link, other->device);
        }
    }
}

std::optional<Way> LightWays::leaving(EntityId device) const
{
    const Device *entity = m_topology.device(device);
    if (!entity)
        return std::nullopt;
    switch (partOf(m_topology, *entity)) {
    case Part::Source:
        return Way{0, 0, 0, device};
    case Part::Passive: {
        const auto lit = m_lit.constFind(device);
        if (lit == m_lit.cend())
            return std::nullopt;
        Way way = lit->way;
        way.loss += insertionLossOf(*entity);
        return way;
    }
    case Part::None:
    case Part::Sink:
        break;
    }
    return std::nullopt;
}

void LightWays::put(EntityId device, const Lit &lit)
{
    drop(device);
    m_lit.insert(device, lit);
    m_litBy.insert(lit.link, device);
    if (m_changed)
        m_changed->insert(device);
}

void LightWays::drop(EntityId device)
{
    const auto it = m_lit.constFind(device);
    if (it == m_lit.cend())
        return;
    m_litBy.remove(it->link);
    m_lit.erase(it);
    if (m_changed)
        m_changed->insert(device);
}

void LightWays::offer(EntityId from, const Way &leaving, const Link &link, EntityId to,
                      Queue &queue)
{
    const Part part = partAt(to);
    if (part != Part::Passive && part != Part::Sink)
        return;
    const LinkLoss loss = lossOf(link);
    Lit offered{leaving, link.id, from};
    offered.way.loss += loss.loss;
    offered.way.length += loss.length;
    ++offered.way.hops;
    const auto known = m_lit.constFind(to);
    if (known != m_lit.cend() &&
        std::tie(known->way, known->link) <= std::tie(offered.way, offered.link))
        return;
    const bool better = known == m_lit.cend() || offered.way < known->way;
    put(to, offered);
    // Another link with the same way makes no difference to what lies behind.
    if (better && part == Part::Passive)
        queue.push({offered.way, to});
}

void LightWays::offerAcross(EntityId id, Queue &queue)
{
    const Link *link = m_topology.link(id);
    if (!link || !isFibre(m_topology, *link))
        return;
    const auto [a, b] = m_topology.endsOf(id);
    if (a == b)
        return;
    if (const auto way = leaving(a))
        offer(a, *way, *link, b, queue);
    if (const auto way = leaving(b))
        offer(b, *way, *link, a, queue);
}

void LightWays::offerAll(EntityId from, Queue &queue)
{
    const std::optional<Way> way = leaving(from);
    if (!way)
        return;
    forFibres(from, [&](const Link &link, EntityId to) { offer(from, *way, link, to, queue); });
}

void LightWays::spread(Queue &queue)
{
    while (!queue.empty()) {
        const Candidate next = queue.top();
        queue.pop();
        const auto lit = m_lit.constFind(next.device);
        if (lit != m_lit.cend() && lit->way == next.way)
            offerAll(next.device, queue);
    }
}

void LightWays::rebuild()
{
    clear();
    Queue queue;
    for (const Device &device : m_topology.devices().slots()) {
        if (device.id != 0 && partOf(m_topology, device) == Part::Source)
            offerAll(device.id, queue);
    }
    spread(queue);
}

QSet<EntityId> LightWays::update(const Delta &delta)
{
    QSet<EntityId> changed;
    m_changed = &changed;
    std::vector<EntityId> dark;    // loses its way, and so does all that is lit through it
    std::vector<EntityId> retuned; // sources that transmit with another power
    std::vector<EntityId> links;   // new, or of another loss or kind
    std::vector<EntityId> lights;  // devices whose light may now be better, or be there at all
    const auto darken = [&](EntityId device) {
        if (device != 0 && m_lit.contains(device))
            dark.push_back(device);
    };
    const auto darkenBehind = [&](EntityId device) {
        forFibres(device, [&](const Link &, EntityId other) {
            const auto lit = m_lit.constFind(other);
            if (lit != m_lit.cend() && lit->from == device)
                dark.push_back(other);
        });
    };
    for (const Delta::Removed &removed : delta.removed) {
        if (removed.kind == EntityKind::Link)
            darken(m_litBy.value(removed.id));
        else if (removed.kind == EntityKind::Device)
            darken(removed.id);
    }
    for (const Delta::Created &created : delta.created) {
        if (created.kind == EntityKind::Link)
            links.push_back(created.id);
    }
    for (const Delta::Changed &change : delta.changed) {
        const auto has = [&change](std::initializer_list<Field> fields) {
            return std::any_of(fields.begin(), fields.end(),
                               [&change](Field field) { return change.fields.contains(field); });
        };
        if (change.kind == EntityKind::Device) {
            if (has({Field::DeviceType, Field::InsertionLoss})) {
                darken(change.id);
                darkenBehind(change.id);
                lights.push_back(change.id);
                changed.insert(change.id);
            }
            if (has({Field::TxPower}))
                retuned.push_back(change.id);
            if (has({Field::Sensitivity, Field::Overload}))
                changed.insert(change.id);
        } else if (change.kind == EntityKind::Interface && has({Field::InterfaceType})) {
            for (const EntityId link : m_topology.linksOf(change.id)) {
                darken(m_litBy.value(link));
                links.push_back(link);
            }
        } else if (change.kind == EntityKind::Link &&
                   has({Field::Length, Field::Medium, Field::Loss, Field::AInterface,
                        Field::BInterface})) {
            darken(m_litBy.value(change.id));
            links.push_back(change.id);
        }
    }

    std::vector<EntityId> gone;
    while (!dark.empty()) {
        const EntityId device = dark.back();
        dark.pop_back();
        if (!m_lit.contains(device))
            continue;
        if (partAt(device) != Part::Sink)
            darkenBehind(device);
        drop(device);
        gone.push_back(device);
    }
    // A sink that becomes one, or a passive device that does, was not lit before.
    gone.insert(gone.end(), lights.begin(), lights.end());

    Queue queue;
    for (const EntityId device : gone) {
        forFibres(device, [&](const Link &link, EntityId other) {
            if (const auto way = leaving(other))
                offer(other, *way, link, device, queue);
        });
    }
    for (const EntityId link : links)
        offerAcross(link, queue);
    for (const EntityId device : lights)
        offerAll(device, queue);
    spread(queue);

    // What a source lights hears of its power.
    while (!retuned.empty()) {
        const EntityId device = retuned.back();
        retuned.pop_back();
        forFibres(device, [&](const Link &link, EntityId other) {
            const auto lit = m_lit.constFind(other);
            if (lit == m_lit.cend() || lit->from != device || lit->link != link.id)
                return;
            changed.insert(other);
            retuned.push_back(other);
        });
    }
    m_changed = nullptr;
    return changed;
}

std::optional<Way> LightWays::wayTo(EntityId device) const
{
    const auto lit = m_lit.constFind(device);
    return lit == m_lit.cend() ? std::nullopt : std::optional(lit->way);
}

QList<Step> LightWays::stepsFrom(EntityId device) const
{
    QList<Step> steps;
    auto lit = m_lit.constFind(device);
    while (lit != m_lit.cend()) {
        const Link *link = m_topology.link(lit->link);
        const Device *before = m_topology.device(lit->from);
        if (!link || !before)
            return {}; // asked while a change is being told
        Step step{link->id, lossOf(*link), before->id, 0};
        if (partOf(m_topology, *before) != Part::Source)
            step.insertionLoss = insertionLossOf(*before);
        steps.append(step);
        lit = m_lit.constFind(before->id);
    }
    return steps;
}

} // namespace patchboard::optics
