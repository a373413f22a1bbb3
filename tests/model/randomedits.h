#pragma once

#include "model/core/edits.h"
#include "model/core/topology.h"

#include <QRandomGenerator>

namespace patchboard {

/// Random edits on a board, of every kind, sensible and not: some will be refused, some guarded
/// away. The same seed and the same boards give the same edits.
class RandomEdits
{
public:
    explicit RandomEdits(quint32 seed, SiteId site = 1)
        : m_random(seed)
        , m_site(site)
    {
    }

    EntityId newId() { return makeId(m_site, ++m_counter); }
    int below(qsizetype n) { return n <= 1 ? 0 : m_random.bounded(int(n)); }
    bool chance(int percent) { return m_random.bounded(100) < percent; }
    EntityId pick(const QList<EntityId> &ids)
    {
        return ids.isEmpty() ? 0 : ids.at(below(ids.size()));
    }
    void setBase(quint64 base) { m_base = base; }
    /// Makes no device types of the board's own.
    void leaveTypes() { m_makesTypes = false; }

    /// A change of one to four edits of different kinds.
    Change change(const Topology &topology)
    {
        collect(topology);
        Change out;
        out.site = m_site;
        out.cseq = ++m_cseq;
        out.base = m_base;
        out.author = QStringLiteral("somebody");
        const int count = 1 + (chance(50) ? below(4) : 0);
        for (int i = 0; i < count; ++i)
            add(topology, out.edits);
        return out;
    }

private:
    void collect(const Topology &topology)
    {
        m_devices = topology.devices().ids();
        m_interfaces = topology.interfaces().ids();
        m_links = topology.links().ids();
        m_types = topology.customTypes().ids();
        m_removed.clear();
        for (const auto &grave : topology.removedEntities())
            m_removed.append(baseOf(grave->entity).id);
        std::sort(m_removed.begin(), m_removed.end());
    }

    EntityId anything()
    {
        switch (below(6)) {
        case 0:
            return pick(m_interfaces);
        case 1:
            return pick(m_links);
        case 2:
            return pick(m_removed);
        case 3:
            return pick(m_types);
        default:
            return pick(m_devices);
        }
    }

    /// Mostly a container, sometimes what is gone, sometimes none.
    Value container(const Topology &topology)
    {
        if (chance(30))
            return {};
        if (chance(5))
            return qint64(std::max<EntityId>(1, pick(m_removed)));
        for (int i = 0; i < 20; ++i) {
            const Device *device = topology.device(pick(m_devices));
            if (device && topology.isContainer(*device))
                return qint64(device->id);
        }
        return {};
    }

    QString typeKey(const Topology &topology)
    {
        if (chance(10)) {
            if (const CustomType *type = topology.customType(pick(m_types)))
                return type->key;
        }
        if (chance(35))
            return chance(50) ? QStringLiteral("GROUP") : QStringLiteral("POP");
        return builtinTypes().at(below(builtinTypes().size())).key;
    }

    QString name() { return QStringLiteral("d%1").arg(below(60)); }
    QString portName() { return QStringLiteral("p%1").arg(below(6)); }

    void addDevice(const Topology &topology, QList<Edit> &edits, const Value &in)
    {
        CreateEntity create{EntityKind::Device,
                            newId(),
                            {{Field::Name, name()},
                             {Field::DeviceType, typeKey(topology)},
                             {Field::Position, QPointF(below(1000), below(1000))}}};
        if (!isNull(in))
            create.fields.append({Field::Container, in});
        m_devices.append(create.id);
        const EntityId device = create.id;
        edits.append(std::move(create));
        for (int i = below(4); i > 0; --i)
            addInterface(edits, device);
    }

    void addInterface(QList<Edit> &edits, EntityId device)
    {
        const EntityId id = newId();
        edits.append(CreateEntity{EntityKind::Interface,
                                  id,
                                  {{Field::Name, portName()},
                                   {Field::Device, qint64(device)},
                                   {Field::InterfaceType, qint64(below(3))}}});
        m_interfaces.append(id);
    }

    FieldChange setting(const Topology &topology, EntityId id)
    {
        const auto kind = topology.kindOf(id).value_or(EntityKind::Device);
        if (chance(15)) {
            return {{Field::Property, QStringLiteral("k%1").arg(below(3))},
                    chance(30) ? Value() : Value(name()),
                    std::nullopt};
        }
        const auto fields = fieldsOf(kind);
        const FieldInfo &info = fields[size_t(below(qsizetype(fields.size())))];
        return {info.field, valueFor(topology, info), std::nullopt};
    }

    Value valueFor(const Topology &topology, const FieldInfo &info)
    {
        if (info.nullable && chance(25))
            return {};
        switch (info.type) {
        case ValueType::Text:
            if (info.field == Field::DeviceType)
                return typeKey(topology);
            if (info.field == Field::TypeKey)
                return QStringLiteral("OWN_%1").arg(below(6));
            if (info.field == Field::TypeInterfaces)
                return chance(80) ? QStringLiteral("x0 OPTICAL UP\nx1") : QStringLiteral("x0 NO");
            return info.kind == EntityKind::Interface && info.field == Field::Name ? portName()
                                                                                   : name();
        case ValueType::Flag:
            return chance(50);
        case ValueType::Integer:
            return qint64(below(100));
        case ValueType::Real:
            return double(below(50));
        case ValueType::Place:
            return QPointF(below(1000), below(1000));
        case ValueType::Enumeration:
            return qint64(info.entries[size_t(below(qsizetype(info.entries.size())))].value);
        case ValueType::Reference:
            return container(topology);
        case ValueType::Time:
            return qint64(1 + below(1000));
        }
        return {};
    }

    void add(const Topology &topology, QList<Edit> &edits)
    {
        switch (below(13)) {
        case 0:
        case 1:
            addDevice(topology, edits, container(topology));
            break;
        case 2: { // a group and what goes into it, old and new
            const EntityId group = newId();
            edits.append(CreateEntity{EntityKind::Device,
                                      group,
                                      {{Field::Name, name()},
                                       {Field::DeviceType, QStringLiteral("GROUP")},
                                       {Field::Container, container(topology)}}});
            m_devices.append(group);
            addDevice(topology, edits, qint64(group));
            for (int i = below(4); i > 0; --i)
                edits.append(edits::setField(pick(m_devices), Field::Container, qint64(group)));
            break;
        }
        case 3:
            if (!m_devices.isEmpty())
                addInterface(edits, pick(m_devices));
            break;
        case 4:
        case 5:
            if (!m_interfaces.isEmpty()) {
                const EntityId id = newId();
                edits.append(CreateEntity{EntityKind::Link,
                                          id,
                                          {{Field::AInterface, qint64(pick(m_interfaces))},
                                           {Field::BInterface, qint64(pick(m_interfaces))}}});
                m_links.append(id);
            }
            break;
        case 6: // many places or states at once
            for (int i = below(12); i > 0; --i) {
                const EntityId device = pick(m_devices);
                const EntityId interface = pick(m_interfaces);
                if (device != 0 && chance(60))
                    edits.append(
                        edits::setField(device, Field::Position, QPointF(below(99), below(99))));
                else if (interface != 0)
                    edits.append(edits::setField(interface, Field::Status, qint64(below(3))));
            }
            break;
        case 7:
        case 8: // reparenting, one or several
            for (int i = 1 + below(4); i > 0; --i) {
                if (const EntityId id = pick(m_devices); id != 0)
                    edits.append(edits::setField(id, Field::Container, container(topology)));
            }
            break;
        case 9: {
            const EntityId id = chance(10) ? kBoardId : anything();
            SetFields set{id, {}};
            for (int i = 1 + below(3); i > 0; --i)
                set.fields.append(setting(topology, id));
            edits.append(std::move(set));
            break;
        }
        case 10: {
            RemoveEntities remove;
            for (int i = 1 + below(chance(20) ? 12 : 3); i > 0; --i) {
                if (const EntityId id = anything(); id != 0)
                    remove.ids.append(id);
            }
            remove.withContents = chance(50);
            edits.append(std::move(remove));
            break;
        }
        case 11: {
            RestoreEntities restore;
            for (int i = 1 + below(6); i > 0; --i) {
                if (const EntityId id = pick(m_removed); id != 0)
                    restore.ids.append(id);
            }
            edits.append(std::move(restore));
            break;
        }
        case 12:
            if (m_makesTypes && m_types.size() < 5) {
                const EntityId id = newId();
                edits.append(CreateEntity{EntityKind::DeviceType,
                                          id,
                                          {{Field::TypeKey, QStringLiteral("OWN_%1").arg(below(6))},
                                           {Field::Label, name()},
                                           {Field::TypeContainer, chance(50)}}});
                m_types.append(id);
            }
            break;
        }
    }

    QRandomGenerator m_random;
    SiteId m_site;
    quint32 m_counter = 0;
    quint64 m_cseq = 0;
    quint64 m_base = 0;
    bool m_makesTypes = true;
    QList<EntityId> m_devices;
    QList<EntityId> m_interfaces;
    QList<EntityId> m_links;
    QList<EntityId> m_types;
    QList<EntityId> m_removed;
};

/// The seed of a run: PATCHBOARD_SEED, or a fresh one; the test prints it.
inline quint32 testSeed()
{
    bool given = false;
    const uint seed = qEnvironmentVariable("PATCHBOARD_SEED").toUInt(&given);
    return given ? seed : QRandomGenerator::global()->generate();
}

/// All of a board, as load() takes it.
inline Topology::Contents contentsOf(const Topology &topology)
{
    Topology::Contents contents;
    contents.board = topology.board();
    const auto copy = [](const auto &table, auto &out, auto &writers, const Topology &from) {
        for (const auto &entity : table.slots()) {
            if (entity.id == 0)
                continue;
            out.push_back(entity);
            if (const auto list = from.writersOf(entity.id); !list.isEmpty())
                writers.insert(entity.id, list);
        }
    };
    copy(topology.devices(), contents.devices, contents.writers, topology);
    copy(topology.interfaces(), contents.interfaces, contents.writers, topology);
    copy(topology.links(), contents.links, contents.writers, topology);
    copy(topology.customTypes(), contents.types, contents.writers, topology);
    if (const auto list = topology.writersOf(kBoardId); !list.isEmpty())
        contents.writers.insert(kBoardId, list);
    for (const auto &grave : topology.removedEntities())
        contents.removed.push_back(grave);
    return contents;
}

} // namespace patchboard
