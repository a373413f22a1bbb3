#include "ui/commands/boardcommands.h"

#include "model/core/edits.h"
#include "model/entitytext.h"

#include <QCoreApplication>
#include <QSet>

#include <algorithm>
#include <limits>

namespace patchboard::ui::commands {

namespace {

struct BoardCommands
{
    Q_DECLARE_TR_FUNCTIONS(patchboard::ui::BoardCommands)
};

} // namespace

QString nameOf(const Topology &topology, EntityId id)
{
    if (topology.interface(id))
        return interfaceTitle(topology, id);
    if (const QString title = entityTitle(topology, id); !title.isEmpty() && id != kBoardId)
        return title;
    if (id == kBoardId)
        return BoardCommands::tr("the board");
    if (const RemovedEntity *removed = topology.removedEntity(id)) {
        if (const auto *device = std::get_if<Device>(&removed->entity))
            return device->name;
        if (const auto *interface = std::get_if<Interface>(&removed->entity))
            return interface->name;
        if (const auto *link = std::get_if<Link>(&removed->entity);
            link && !link->details->label.isEmpty())
            return link->details->label;
    }
    return QString::number(id);
}

QString describe(const Topology &topology, const QList<EntityId> &ids)
{
    if (ids.size() == 1)
        return nameOf(topology, ids.first());
    int count[5] = {};
    for (const EntityId id : ids) {
        if (const auto kind = topology.kindOf(id))
            ++count[size_t(*kind)];
    }
    const int all = int(ids.size());
    if (count[size_t(EntityKind::Device)] == all)
        return BoardCommands::tr("%n device(s)", nullptr, all);
    if (count[size_t(EntityKind::Interface)] == all)
        return BoardCommands::tr("%n interface(s)", nullptr, all);
    if (count[size_t(EntityKind::Link)] == all)
        return BoardCommands::tr("%n link(s)", nullptr, all);
    return BoardCommands::tr("%n item(s)", nullptr, all);
}

NewDevice newDevice(const Topology &topology, const QString &typeKey, QPointF place,
                    EntityId container, const edits::IdSource &newId)
{
    const DeviceTypeInfo type = topology.typeInfo(typeKey);
    edits::NewDevice device;
    device.name = edits::newDeviceName(topology, type);
    device.type = type.key;
    device.position = place;
    device.container = container;
    NewDevice made;
    made.edits = edits::createDevice(topology, device, newId, &made.id);
    made.name = device.name;
    if (type.isContainer)
        made.edits.append(edits::setField(made.id, Field::Status, qint64(Status::Up)));
    return made;
}

Command remove(const Topology &topology, const QList<EntityId> &ids, bool withContents)
{
    QList<EntityId> there;
    for (const EntityId id : ids) {
        if (id != kBoardId && topology.contains(id))
            there.append(id);
    }
    if (there.isEmpty())
        return {};
    return {{RemoveEntities{there, withContents}},
            BoardCommands::tr("Delete %1").arg(describe(topology, there))};
}

Command rename(const Topology &topology, EntityId id, const QString &name)
{
    const auto kind = topology.kindOf(id);
    if (!kind)
        return {};
    const FieldKey key = *kind == EntityKind::Link         ? Field::Label
                         : *kind == EntityKind::Board      ? Field::Title
                         : *kind == EntityKind::DeviceType ? Field::Label
                                                           : Field::Name;
    if (topology.value(id, key) == Value(name))
        return {};
    return {
        {edits::setField(id, key, name.isEmpty() && *kind == EntityKind::Link ? Value() : name)},
        BoardCommands::tr("Rename %1").arg(nameOf(topology, id))};
}

Command setField(const Topology &topology, const QList<EntityId> &ids, const FieldKey &key,
                 const Value &value)
{
    Command command;
    QList<EntityId> touched;
    QString label;
    for (const EntityId id : ids) {
        const auto kind = topology.kindOf(id);
        if (!kind || topology.value(id, key) == value)
            continue;
        if (key.field != Field::Property) {
            const FieldInfo *info = fieldInfo(*kind, key.field);
            if (!info || !info->editable)
                continue;
            label = info->translatedLabel();
        } else {
            label = key.property;
        }
        command.edits.append(edits::setField(id, key, value));
        touched.append(id);
    }
    if (!touched.isEmpty())
        command.label = BoardCommands::tr("Set %1 of %2").arg(label, describe(topology, touched));
    return command;
}

Command setLocked(const Topology &topology, const QList<EntityId> &ids, bool locked)
{
    Command command =
        setField(topology, devicesAmong(topology, ids), FieldKey(Field::Locked), Value(locked));
    if (!command.edits.isEmpty()) {
        const QString what = describe(topology, devicesAmong(topology, ids));
        command.label = locked ? BoardCommands::tr("Lock %1").arg(what)
                               : BoardCommands::tr("Unlock %1").arg(what);
    }
    return command;
}

Command moveToContainer(const Topology &topology, const QList<EntityId> &ids, EntityId container)
{
    QList<EntityId> movable;
    for (const EntityId id : devicesAmong(topology, ids)) {
        if (container == 0 || !topology.liesIn(container, id))
            movable.append(id);
    }
    Command command = setField(topology, movable, FieldKey(Field::Container),
                               container == 0 ? Value() : Value(qint64(container)));
    if (!command.edits.isEmpty()) {
        const QString what = describe(topology, movable);
        command.label =
            container == 0
                ? BoardCommands::tr("Take %1 out of its container").arg(what)
                : BoardCommands::tr("Move %1 into %2").arg(what, nameOf(topology, container));
    }
    return command;
}

Command overrideStatus(const Topology &topology, const QList<EntityId> &ids,
                       std::optional<Status> status, const QString &reason, const QString &author,
                       qint64 time)
{
    QList<EntityId> targets;
    for (const EntityId id : withStatus(topology, ids)) {
        if (status || !isNull(topology.value(id, Field::StatusOverride)))
            targets.append(id);
    }
    if (targets.isEmpty())
        return {};
    const QString what = describe(topology, targets);
    return {edits::overrideStatus(targets, status, reason, author, time),
            status ? BoardCommands::tr("Force %1 %2").arg(what, statusLabel(*status))
                   : BoardCommands::tr("Clear the override of %1").arg(what)};
}

Command addInterface(const Topology &topology, EntityId device, EntityId newId)
{
    if (!topology.device(device))
        return {};
    const QString name = edits::newInterfaceName(topology, device);
    InterfaceType type = InterfaceType::Ethernet;
    if (const auto ports = topology.interfacesOf(device); !ports.empty()) {
        const InterfaceType last = topology.interface(ports.back())->type;
        if (last != InterfaceType::Loopback)
            type = last;
    }
    return {{CreateEntity{EntityKind::Interface,
                          newId,
                          {{Field::Name, name},
                           {Field::InterfaceType, qint64(type)},
                           {Field::Device, qint64(device)}}}},
            BoardCommands::tr("Add %1 to %2").arg(name, nameOf(topology, device))};
}

Command align(const Topology &topology, const QList<EntityId> &ids, Alignment how,
              const std::function<QRectF(EntityId)> &rectOf)
{
    // What lies in one of them goes along with that one.
    const QList<EntityId> devices = devicesAmong(topology, ids);
    const QSet<EntityId> chosen(devices.cbegin(), devices.cend());
    const auto goesAlong = [&](EntityId id) {
        EntityId around = topology.device(id)->container;
        while (around != 0 && !chosen.contains(around)) {
            const Device *container = topology.device(around);
            around = container ? container->container : 0;
        }
        return around != 0;
    };
    const bool across = how == Alignment::Left || how == Alignment::Centre ||
                        how == Alignment::Right || how == Alignment::SpreadAcross;
    struct Thing
    {
        double from;
        double till;
        EntityId id;
        [[nodiscard]] double middle() const { return (from + till) / 2; }
    };
    QList<Thing> order;
    double first = std::numeric_limits<double>::max();
    double last = std::numeric_limits<double>::lowest();
    double covered = 0;
    for (const EntityId id : devices) {
        if (goesAlong(id))
            continue;
        const QRectF rect = rectOf(id);
        const Thing thing =
            across ? Thing{rect.left(), rect.right(), id} : Thing{rect.top(), rect.bottom(), id};
        first = std::min(first, thing.from);
        last = std::max(last, thing.till);
        covered += thing.till - thing.from;
        order.append(thing);
    }
    if (order.size() < 2)
        return {};
    std::stable_sort(order.begin(), order.end(),
                     [](const Thing &a, const Thing &b) { return a.middle() < b.middle(); });
    const double gap = (last - first - covered) / double(order.size() - 1);
    double next = first;
    QList<std::pair<EntityId, QPointF>> targets;
    for (const Thing &thing : std::as_const(order)) {
        double by = 0;
        switch (how) {
        case Alignment::Left:
        case Alignment::Top:
            by = first - thing.from;
            break;
        case Alignment::Right:
        case Alignment::Bottom:
            by = last - thing.till;
            break;
        case Alignment::Centre:
        case Alignment::Middle:
            by = (first + last) / 2 - thing.middle();
            break;
        case Alignment::SpreadAcross:
        case Alignment::SpreadDown:
            by = next - thing.from;
            next += thing.till - thing.from + gap;
            break;
        }
        if (by != 0 && !topology.device(thing.id)->locked)
            targets += shifted(topology, thing.id, across ? QPointF(by, 0) : QPointF(0, by));
    }
    if (targets.isEmpty())
        return {};
    const bool spread = how == Alignment::SpreadAcross || how == Alignment::SpreadDown;
    const QString what = describe(topology, devices);
    return {edits::moveDevices(targets), spread ? BoardCommands::tr("Distribute %1").arg(what)
                                                : BoardCommands::tr("Align %1").arg(what)};
}

QList<std::pair<EntityId, QPointF>> shifted(const Topology &topology, EntityId id, QPointF by)
{
    QList<std::pair<EntityId, QPointF>> out;
    QList<EntityId> open{id};
    while (!open.isEmpty()) {
        const EntityId next = open.takeLast();
        const Device *device = topology.device(next);
        if (!device || (device->locked && next != id))
            continue;
        out.append({next, device->position + by});
        for (const EntityId child : topology.childrenOf(next))
            open.append(child);
    }
    return out;
}

QList<EntityId> withStatus(const Topology &topology, const QList<EntityId> &ids)
{
    QList<EntityId> out;
    for (const EntityId id : ids) {
        const auto kind = topology.kindOf(id);
        if (kind && *kind != EntityKind::Board && *kind != EntityKind::DeviceType)
            out.append(id);
    }
    return out;
}

QList<std::pair<QString, EntityId>> containers(const Topology &topology)
{
    QSet<QString> types;
    for (const DeviceTypeInfo &type : topology.allTypes()) {
        if (type.isContainer && topology.countOfType(type.key) > 0)
            types.insert(type.key);
    }
    QList<std::pair<QString, EntityId>> out;
    if (types.isEmpty())
        return out;
    for (const Device &device : topology.devices().slots()) {
        if (device.id != 0 && types.contains(device.type))
            out.append({device.name, device.id});
    }
    std::sort(out.begin(), out.end());
    return out;
}

QList<EntityId> devicesAmong(const Topology &topology, const QList<EntityId> &ids)
{
    QList<EntityId> out;
    for (const EntityId id : ids) {
        if (topology.device(id))
            out.append(id);
    }
    return out;
}

QString noticeText(const Topology &topology, const Notice &notice)
{
    const QString name = nameOf(topology, notice.id);
    const auto field = [&]() -> QString {
        if (notice.key.field == Field::Property)
            return notice.key.property;
        const auto kind = topology.kindOf(notice.id);
        const FieldInfo *info = kind ? fieldInfo(*kind, notice.key.field) : nullptr;
        return info ? info->translatedLabel() : QString();
    };
    const auto words = [&](const Value &value) -> QString {
        const auto kind = topology.kindOf(notice.id);
        const FieldInfo *info = kind ? fieldInfo(*kind, notice.key.field) : nullptr;
        const qint64 *reference = std::get_if<qint64>(&value);
        if (info && info->type == ValueType::Reference && reference)
            return nameOf(topology, EntityId(*reference));
        if (info)
            return displayText(*info, value);
        const QString *text = std::get_if<QString>(&value);
        return text ? *text : QString();
    };
    const QString who = notice.by.isEmpty() ? BoardCommands::tr("somebody") : notice.by;
    switch (notice.kind) {
    case Notice::Kind::Renamed:
        return BoardCommands::tr("That name was taken: it is called %1 now.").arg(notice.text);
    case Notice::Kind::Skipped:
        return BoardCommands::tr("%1: %2 was changed by %3 since and stays as it is.")
            .arg(name, field(), who);
    case Notice::Kind::Gone:
        return BoardCommands::tr("%1 was deleted by %2 meanwhile.").arg(name, who);
    case Notice::Kind::NotRestored:
        return BoardCommands::tr("%1 could not be brought back: what it hung on is gone.")
            .arg(name);
    case Notice::Kind::Overwrote:
        return BoardCommands::tr("%1: your %2 replaced “%3”, which %4 had just set.")
            .arg(name, field(), words(notice.old), who);
    case Notice::Kind::Lost:
        return BoardCommands::tr("%1: %2 set %3 to “%4” without having seen your “%5”.")
            .arg(name, who, field(), words(topology.value(notice.id, notice.key)),
                 words(notice.old));
    case Notice::Kind::LostRemoved:
        return BoardCommands::tr("%1 was deleted by %2, who had not seen what you did with it.")
            .arg(name, who);
    case Notice::Kind::Moved:
        return BoardCommands::tr("%1 lies elsewhere now: its container was deleted.").arg(name);
    }
    return {};
}

} // namespace patchboard::ui::commands
