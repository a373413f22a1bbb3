#include "tests/support/sync/randomedits.h"

#include "model/wire/snapshot.h"

using namespace patchboard;

namespace {

template <typename E>
EntityId pick(Rng &rng, const Topology::Table<E> &table)
{
    const auto rows = table.slots();
    if (table.size() == 0)
        return 0;
    for (;;) {
        const E &entity = rows[size_t(rng.below(int(rows.size())))];
        if (entity.id != 0)
            return entity.id;
    }
}

QString deviceType(Rng &rng)
{
    static const QList<DeviceTypeInfo> types = builtinTypes();
    static const QList<DeviceTypeInfo> containers = [] {
        QList<DeviceTypeInfo> out;
        for (const DeviceTypeInfo &type : types) {
            if (type.isContainer)
                out.append(type);
        }
        return out;
    }();
    const auto &from = rng.chance(40) ? containers : types;
    return from.at(rng.below(int(from.size()))).key;
}

EntityId pickContainer(Rng &rng, const Topology &topology)
{
    for (int i = 0; i < 4; ++i) {
        const EntityId id = pick(rng, topology.devices());
        if (id != 0 && topology.isContainer(*topology.device(id)))
            return id;
    }
    return 0;
}

Edit set(EntityId id, FieldKey key, Value value)
{
    return SetFields{id, {{std::move(key), std::move(value), std::nullopt}}};
}

} // namespace

QList<Edit> randomEdits(Rng &rng, const Topology &topology, const std::function<EntityId()> &newId)
{
    QList<Edit> edits;
    const EntityId device = pick(rng, topology.devices());
    const EntityId interface = pick(rng, topology.interfaces());
    const EntityId link = pick(rng, topology.links());
    const auto deviceName = [&rng] { return QStringLiteral("R%1").arg(rng.below(6)); };
    const auto interfaceName = [&rng] { return QStringLiteral("eth%1").arg(rng.below(3)); };
    const int kind = rng.below(100);
    if (kind < 14 || device == 0) {
        const EntityId id = newId();
        CreateEntity create{EntityKind::Device, id, {}, 0};
        create.fields = {{Field::Name, deviceName()},
                         {Field::DeviceType, deviceType(rng)},
                         {Field::Position, QPointF(rng.below(1000), rng.below(1000) / 8.0)}};
        if (const EntityId container = pickContainer(rng, topology); container && rng.chance(40))
            create.fields.append({Field::Container, qint64(container)});
        edits.append(create);
        const int ports = rng.below(3);
        for (int i = 0; i < ports; ++i) {
            edits.append(CreateEntity{
                EntityKind::Interface,
                newId(),
                {{Field::Name, QStringLiteral("eth%1").arg(i)}, {Field::Device, qint64(id)}},
                0});
        }
    } else if (kind < 20) {
        edits.append(CreateEntity{EntityKind::Interface,
                                  newId(),
                                  {{Field::Name, interfaceName()}, {Field::Device, qint64(device)}},
                                  0});
    } else if (kind < 30 && interface != 0) {
        edits.append(CreateEntity{EntityKind::Link,
                                  newId(),
                                  {{Field::AInterface, qint64(interface)},
                                   {Field::BInterface, qint64(pick(rng, topology.interfaces()))}},
                                  0});
    } else if (kind < 40) {
        edits.append(set(device, Field::Name, deviceName()));
    } else if (kind < 44 && interface != 0) {
        edits.append(set(interface, Field::Name, interfaceName()));
    } else if (kind < 54) {
        const int count = 1 + rng.below(3);
        for (int i = 0; i < count; ++i) {
            edits.append(set(pick(rng, topology.devices()), Field::Position,
                             QPointF(rng.below(5000) / 16.0, -rng.below(5000))));
        }
    } else if (kind < 64) {
        const EntityId container = rng.chance(25) ? 0 : pickContainer(rng, topology);
        edits.append(
            set(device, Field::Container, container == 0 ? Value() : Value(qint64(container))));
    } else if (kind < 70) {
        edits.append(set(device, Field::Status, qint64(rng.below(3))));
    } else if (kind < 74) {
        const FieldKey key(Field::Property, QStringLiteral("k%1").arg(rng.below(2)));
        edits.append(
            set(device, key,
                rng.chance(30) ? Value() : Value(QStringLiteral("v%1").arg(rng.below(9)))));
    } else if (kind < 77) {
        edits.append(set(device, Field::DeviceType, deviceType(rng)));
    } else if (kind < 80 && link != 0) {
        edits.append(set(link, Field::Length, double(rng.below(100)) / 4));
    } else if (kind < 82) {
        edits.append(set(kBoardId, Field::Title, QStringLiteral("Board %1").arg(rng.below(9))));
    } else if (kind < 85) {
        const EntityId type = pick(rng, topology.customTypes());
        if (type != 0 && rng.chance(60))
            edits.append(set(device, Field::DeviceType, topology.customType(type)->key));
        else if (type != 0 && rng.chance(50))
            edits.append(RemoveEntities{{type}, false});
        else
            edits.append(CreateEntity{EntityKind::DeviceType,
                                      newId(),
                                      {{Field::TypeKey, QStringLiteral("T%1").arg(rng.below(3))},
                                       {Field::TypeContainer, rng.chance(50)}},
                                      0});
    } else if (kind < 92) {
        edits.append(RemoveEntities{{device}, rng.chance(50)});
    } else if (kind < 94 && interface != 0) {
        edits.append(RemoveEntities{{interface}, false});
    } else if (kind < 96 && link != 0) {
        edits.append(RemoveEntities{{link}, false});
    } else {
        const auto graves = topology.removedEntities();
        if (graves.isEmpty()) {
            edits.append(set(device, Field::Notes, QStringLiteral("n")));
        } else {
            // The order of graves is that of a hash: choose by id.
            QList<EntityId> ids;
            for (const auto &grave : graves)
                ids.append(baseOf(grave->entity).id);
            std::sort(ids.begin(), ids.end());
            edits.append(RestoreEntities{{ids.at(rng.below(int(ids.size())))}});
        }
    }
    return edits;
}

bool isSound(const Topology &topology)
{
    auto contents = wire::decodeSnapshot(wire::encodeSnapshot(topology));
    if (!contents)
        return false;
    Topology copy;
    return copy.load(std::move(*contents)) && copy == topology &&
           copy.digest() == topology.digest();
}
