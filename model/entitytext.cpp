#include "model/entitytext.h"

#include <QCoreApplication>

namespace patchboard {

namespace {

QString enumLabel(EntityKind kind, Field field, qint64 value)
{
    const FieldInfo *info = fieldInfo(kind, field);
    return info ? displayText(*info, value) : QString();
}

const StatusFields *stateOf(const Topology &topology, EntityId id)
{
    if (const Device *device = topology.device(id))
        return &device->state;
    if (const Interface *interface = topology.interface(id))
        return &interface->state;
    if (const Link *link = topology.link(id))
        return &link->state;
    return nullptr;
}

} // namespace

QString interfaceTitle(const Topology &topology, EntityId interface)
{
    const Interface *port = topology.interface(interface);
    if (!port)
        return {};
    const Device *device = topology.device(port->device);
    return device ? device->name + u' ' + port->name : port->name;
}

QString linkEnds(const Topology &topology, const Link &link)
{
    return interfaceTitle(topology, link.a) + QStringLiteral(" \u2013 ") +
           interfaceTitle(topology, link.b);
}

QString entityTitle(const Topology &topology, EntityId id)
{
    if (const Device *device = topology.device(id))
        return device->name;
    if (const Interface *interface = topology.interface(id))
        return interface->name;
    if (const Link *link = topology.link(id))
        return link->details->label.isEmpty() ? linkEnds(topology, *link) : link->details->label;
    if (const CustomType *type = topology.customType(id))
        return type->label.isEmpty() ? type->key : type->label;
    return id == kBoardId ? topology.board().title : QString();
}

QString typeTitle(const Topology &topology, EntityId id)
{
    if (const Device *device = topology.device(id)) {
        const DeviceTypeInfo *info = builtinType(device->type);
        return info ? info->label : topology.typeInfo(device->type).label;
    }
    if (const Interface *interface = topology.interface(id))
        return enumLabel(EntityKind::Interface, Field::InterfaceType, qint64(interface->type));
    if (const Link *link = topology.link(id))
        return link->details->mediumId;
    return {};
}

QString entityToolTip(const Topology &topology, EntityId id)
{
    const StatusFields *state = stateOf(topology, id);
    if (!state)
        return {};
    QString text =
        QLatin1String("<b>") + entityTitle(topology, id).toHtmlEscaped() + QLatin1String("</b>");
    const auto line = [&text](const QString &words) {
        if (!words.isEmpty())
            text += QLatin1String("<br>") + words.toHtmlEscaped();
    };
    line(typeTitle(topology, id));
    if (const Link *link = topology.link(id); link && !link->details->label.isEmpty())
        line(linkEnds(topology, *link));
    if (const Device *device = topology.device(id))
        line(device->address);
    if (const Interface *interface = topology.interface(id))
        line(*interface->address);
    if (state->override_) {
        line(QCoreApplication::translate("EntityText", "%1, forced (reported: %2)")
                 .arg(statusLabel(*state->override_), statusLabel(state->status)));
        if (!state->overrideInfo->by.isEmpty() && state->overrideInfo->at != 0) {
            const FieldInfo *at = fieldInfo(EntityKind::Device, Field::OverrideAt);
            line(QCoreApplication::translate("EntityText", "by %1, %2")
                     .arg(state->overrideInfo->by, displayText(*at, state->overrideInfo->at)));
        }
        line(state->overrideInfo->reason);
    } else {
        line(statusLabel(state->status));
    }
    return text;
}

QString iconKey(const Topology &topology, EntityId id)
{
    if (const Device *device = topology.device(id)) {
        const DeviceTypeInfo *info = builtinType(device->type);
        return QLatin1String("devices/") +
               (info ? info->icon : topology.typeInfo(device->type).icon);
    }
    if (const Interface *interface = topology.interface(id))
        return QLatin1String("interfaces/") + interfaceTypeKey(interface->type).toLower();
    return topology.link(id) ? QStringLiteral("actions/link") : QString();
}

} // namespace patchboard
