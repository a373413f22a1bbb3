#include "model/core/edits.h"

#include <QCoreApplication>

namespace patchboard::edits {

namespace {

/// The texts of this file; lupdate knows their context by it.
struct EditsText
{
    Q_DECLARE_TR_FUNCTIONS(Edits)
};

Value referenceTo(EntityId id)
{
    return id == 0 ? Value() : Value(qint64(id));
}

/// "edge-07" -> ("edge-", 7, 2); without a number at the end the number is -1.
struct NumberedName
{
    QString stem;
    qint64 number = -1;
    int width = 0;
};

NumberedName splitNumber(const QString &name)
{
    qsizetype at = name.size();
    while (at > 0 && name.at(at - 1) >= u'0' && name.at(at - 1) <= u'9' && name.size() - at < 15)
        --at;
    if (at == name.size())
        return {name, -1, 0};
    return {name.left(at), name.mid(at).toLongLong(), int(name.size() - at)};
}

QString withNumber(const NumberedName &name, qint64 number)
{
    return name.stem + QString::number(number).rightJustified(name.width, u'0');
}

bool isManagement(const QString &interfaceName)
{
    return interfaceName.startsWith(QLatin1String("mgmt"));
}

Edit newInterface(EntityId id, EntityId device, const QString &name, InterfaceType type,
                  Status status)
{
    return CreateEntity{EntityKind::Interface,
                        id,
                        {{Field::Name, name},
                         {Field::InterfaceType, qint64(type)},
                         {Field::Device, qint64(device)},
                         {Field::Status, qint64(status)}}};
}

} // namespace

QList<Edit> createDevice(const Topology &topology, const NewDevice &device, const IdSource &newId,
                         EntityId *deviceId)
{
    const DeviceTypeInfo type = topology.typeInfo(device.type);
    const EntityId id = newId();
    if (deviceId)
        *deviceId = id;
    CreateEntity create{EntityKind::Device,
                        id,
                        {{Field::Name, device.name},
                         {Field::DeviceType, device.type},
                         {Field::Position, device.position}}};
    if (device.container != 0)
        create.fields.append({Field::Container, qint64(device.container)});
    const auto optic = [&create](Field field, const std::optional<double> &value) {
        if (value)
            create.fields.append({field, *value});
    };
    optic(Field::TxPower, type.txPowerDbm);
    optic(Field::Sensitivity, type.sensitivityMinDbm);
    optic(Field::InsertionLoss, type.insertionLossDb);

    QList<Edit> edits{std::move(create)};
    if (device.withInterfaces) {
        for (const DefaultInterface &port : type.interfaces)
            edits.append(newInterface(newId(), id, port.name, port.type, port.status));
    }
    return edits;
}

QString nextName(const Topology &topology, const QString &name, const QSet<QString> &taken)
{
    NumberedName split = splitNumber(name);
    if (split.number < 0)
        split = {name + u'-', 1, 1};
    qint64 number = split.number;
    QString candidate;
    do {
        candidate = withNumber(split, ++number);
    } while (taken.contains(candidate) || topology.deviceByName(candidate) != 0);
    return candidate;
}

QString newDeviceName(const Topology &topology, const DeviceTypeInfo &type,
                      const QSet<QString> &taken)
{
    // Start where the names probably end, so that the thousandth device needs no thousand look-ups.
    const qint64 guess = std::max<qint64>(0, topology.countOfType(type.key) - 1);
    return nextName(topology, type.namePrefix + QString::number(guess), taken);
}

Edit setField(EntityId id, FieldKey key, Value value)
{
    return SetFields{id, {{std::move(key), std::move(value), std::nullopt}}};
}

QList<Edit> moveDevices(const QList<std::pair<EntityId, QPointF>> &targets)
{
    QList<Edit> edits;
    edits.reserve(targets.size());
    for (const auto &[id, place] : targets)
        edits.append(setField(id, Field::Position, place));
    return edits;
}

QList<Edit> overrideStatus(const QList<EntityId> &ids, std::optional<Status> status,
                           const QString &reason, const QString &author, qint64 time)
{
    QList<Edit> edits;
    const auto text = [&](const QString &value) {
        return !status || value.isEmpty() ? Value() : Value(value);
    };
    for (const EntityId id : ids) {
        edits.append(SetFields{
            id,
            {{Field::StatusOverride, status ? Value(qint64(*status)) : Value(), std::nullopt},
             {Field::OverrideReason, text(reason), std::nullopt},
             {Field::OverrideBy, text(author), std::nullopt},
             {Field::OverrideAt, status ? Value(time) : Value(), std::nullopt}}});
    }
    return edits;
}

EntityId freeInterface(const Topology &topology, EntityId device, std::optional<InterfaceType> type)
{
    for (const EntityId id : topology.interfacesOf(device)) {
        const Interface *interface = topology.interface(id);
        if (interface->type == InterfaceType::Loopback || isManagement(interface->name) ||
            (type && interface->type != *type))
            continue;
        if (topology.linksOf(id).empty())
            return id;
    }
    return 0;
}

QString newInterfaceName(const Topology &topology, EntityId device)
{
    NumberedName pattern{QStringLiteral("eth"), -1, 1};
    const auto ports = topology.interfacesOf(device);
    for (auto it = ports.rbegin(); it != ports.rend(); ++it) {
        const Interface *port = topology.interface(*it);
        if (port->type == InterfaceType::Loopback || isManagement(port->name))
            continue;
        if (const NumberedName split = splitNumber(port->name); split.number >= 0) {
            pattern = split;
            break;
        }
    }
    for (qint64 number = pattern.number + 1;; ++number) {
        const QString name = withNumber(pattern, number);
        if (topology.interfaceByName(device, name) == 0)
            return name;
    }
}

QString linkRefusal(const Topology &topology, EntityId deviceA, EntityId deviceB, QString *advice)
{
    const Device *a = topology.device(deviceA);
    const Device *b = topology.device(deviceB);
    if (!a || !b)
        return EditsText::tr("Device not found");
    if (deviceA == deviceB)
        return EditsText::tr("Cannot link device to itself");
    for (const Device *device : {a, b}) {
        if (topology.isContainer(*device))
            return EditsText::tr("%1 is a container; link to a device in it").arg(device->name);
    }
    if (!linkRule(a->type, b->type).isEmpty())
        return {};
    const QString text =
        EditsText::tr("No valid link rule between %1 and %2").arg(a->type, b->type);
    if (topology.board().linkPolicy == LinkPolicy::Enforce)
        return text;
    if (advice)
        *advice = text;
    return {};
}

QList<Edit> linkDevices(const Topology &topology, EntityId deviceA, EntityId deviceB,
                        const IdSource &newId, EntityId interfaceA, EntityId interfaceB,
                        EntityId *linkId)
{
    QList<Edit> edits;
    // Optical ports meet optical ports where both devices have one free.
    std::optional<InterfaceType> type;
    if (interfaceA == 0 && interfaceB == 0 &&
        freeInterface(topology, deviceA, InterfaceType::Optical) != 0 &&
        freeInterface(topology, deviceB, InterfaceType::Optical) != 0)
        type = InterfaceType::Optical;
    const auto portOf = [&](EntityId device, EntityId chosen, EntityId other) {
        if (chosen != 0)
            return chosen;
        if (!type && other != 0) {
            const InterfaceType wanted = topology.interface(other)->type;
            if (const EntityId same = freeInterface(topology, device, wanted))
                return same;
        }
        if (const EntityId free = freeInterface(topology, device, type))
            return free;
        const EntityId id = newId();
        edits.append(newInterface(id, device, newInterfaceName(topology, device),
                                  type.value_or(InterfaceType::Ethernet), Status::Down));
        return id;
    };
    const EntityId a = portOf(deviceA, interfaceA, interfaceB);
    const EntityId b = portOf(deviceB, interfaceB, topology.interface(a) ? a : 0);
    const EntityId id = newId();
    if (linkId)
        *linkId = id;
    edits.append(
        CreateEntity{EntityKind::Link,
                     id,
                     {{Field::AInterface, referenceTo(a)}, {Field::BInterface, referenceTo(b)}}});
    return edits;
}

QList<Edit> demoBoard(const IdSource &newId)
{
    struct Port
    {
        const char *name;
        InterfaceType type;
        Status status = Status::Up;
    };
    struct Row
    {
        const char *name;
        const char *type;
        QPointF position;
        std::optional<double> tx;
        std::optional<double> sensitivity;
        Status status;
        QList<Port> ports;
    };
    using enum InterfaceType;
    const QList<Port> router{{"mgmt0", Ethernet}, {"eth0", Ethernet}};
    const QList<Port> ont{{"pon0", Optical}, {"eth0", Ethernet}};
    const QList<Row> rows{
        {"BackboneGW1", "BACKBONE_GATEWAY", {200, 50}, {}, {}, Status::Up, router},
        {"CoreRouter1", "CORE_ROUTER", {100, 100}, {}, {}, Status::Up, router},
        {"CoreRouter2", "CORE_ROUTER", {300, 100}, {}, {}, Status::Up, router},
        {"EdgeRouter1", "EDGE_ROUTER", {100, 200}, {}, {}, Status::Up, router},
        {"EdgeRouter2", "EDGE_ROUTER", {300, 200}, {}, {}, Status::Up, router},
        {"OLT1",
         "OLT",
         {200, 300},
         5.0,
         {},
         Status::Up,
         {{"mgmt0", Ethernet},
          {"eth0", Ethernet},
          {"pon0/0", Optical},
          {"pon0/1", Optical},
          {"pon0/2", Optical},
          {"pon0/3", Optical}}},
        {"ONT1", "ONT", {100, 400}, {}, -28.0, Status::Up, ont},
        {"ONT2", "ONT", {200, 400}, {}, {}, Status::Up, ont},
        {"ONT3", "ONT", {300, 400}, {}, -28.0, Status::Up, ont},
        {"ONT4",
         "ONT",
         {400, 400},
         {},
         -28.0,
         Status::Degraded,
         {{"pon0", Optical}, {"eth0", Ethernet, Status::Degraded}}},
    };
    struct Wire
    {
        const char *a;
        const char *portA;
        const char *b;
        const char *portB;
        Status status = Status::Up;
    };
    const QList<Wire> wires{
        {"BackboneGW1", "eth0", "CoreRouter1", "eth0"},
        {"CoreRouter1", "eth0", "EdgeRouter1", "eth0"},
        {"CoreRouter2", "eth0", "EdgeRouter2", "eth0"},
        {"EdgeRouter1", "eth0", "OLT1", "eth0"},
        {"OLT1", "pon0/0", "ONT1", "pon0"},
        {"OLT1", "pon0/1", "ONT2", "pon0"},
        {"OLT1", "pon0/2", "ONT3", "pon0"},
        {"OLT1", "pon0/3", "ONT4", "pon0", Status::Degraded},
    };

    QList<Edit> edits;
    QHash<std::pair<QString, QString>, EntityId> ports;
    QList<std::pair<EntityId, const Row *>> made;
    // Devices first, so that their ids are 1 to 10 on a fresh board.
    for (const Row &row : rows) {
        CreateEntity create{EntityKind::Device,
                            newId(),
                            {{Field::Name, QString::fromLatin1(row.name)},
                             {Field::DeviceType, QString::fromLatin1(row.type)},
                             {Field::Position, row.position},
                             {Field::Status, qint64(row.status)}}};
        if (row.tx)
            create.fields.append({Field::TxPower, *row.tx});
        if (row.sensitivity)
            create.fields.append({Field::Sensitivity, *row.sensitivity});
        made.append({create.id, &row});
        edits.append(std::move(create));
    }
    for (const auto &[device, row] : std::as_const(made)) {
        for (const Port &port : row->ports) {
            const EntityId id = newId();
            ports.insert({QString::fromLatin1(row->name), QString::fromLatin1(port.name)}, id);
            edits.append(
                newInterface(id, device, QString::fromLatin1(port.name), port.type, port.status));
        }
    }
    for (const Wire &wire : wires) {
        const EntityId a =
            ports.value({QString::fromLatin1(wire.a), QString::fromLatin1(wire.portA)});
        const EntityId b =
            ports.value({QString::fromLatin1(wire.b), QString::fromLatin1(wire.portB)});
        edits.append(CreateEntity{EntityKind::Link,
                                  newId(),
                                  {{Field::AInterface, referenceTo(a)},
                                   {Field::BInterface, referenceTo(b)},
                                   {Field::Status, qint64(wire.status)}}});
    }
    return edits;
}

} // namespace patchboard::edits
