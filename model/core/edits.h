#pragma once

#include "model/core/topology.h"

#include <functional>

/// Builders of the edits that more than one place needs (window, REST, command line). Each looks at
/// a topology and changes nothing. Ids come from the caller's source; times are ms since 1970 UTC.
namespace patchboard::edits {

using IdSource = std::function<EntityId()>;

/// A device and, with @a withInterfaces, the default interfaces of its type.
struct NewDevice
{
    QString name;
    QString type;
    QPointF position;
    EntityId container = 0;
    bool withInterfaces = true;
};
QList<Edit> createDevice(const Topology &topology, const NewDevice &device, const IdSource &newId,
                         EntityId *deviceId = nullptr);

/// The next free name by the pattern of @a name: edge-07 -> edge-08, R1 -> R2, core -> core-2.
/// @a taken holds names that are about to be used.
QString nextName(const Topology &topology, const QString &name, const QSet<QString> &taken = {});
/// A name for a new device of a type: core-router-1, core-router-2 ...
QString newDeviceName(const Topology &topology, const DeviceTypeInfo &type,
                      const QSet<QString> &taken = {});

Edit setField(EntityId id, FieldKey key, Value value);
QList<Edit> moveDevices(const QList<std::pair<EntityId, QPointF>> &targets);

/// Forces a status on devices, interfaces or links; nullopt clears the override.
QList<Edit> overrideStatus(const QList<EntityId> &ids, std::optional<Status> status,
                           const QString &reason, const QString &author, qint64 time);

/// The first interface of a device that no link uses and that is fit for @a type (loopbacks and
/// mgmt ports never are); 0 if all are used.
EntityId freeInterface(const Topology &topology, EntityId device,
                       std::optional<InterfaceType> type = std::nullopt);
/// The name that a new port of a device would get: the pattern of its last port continued, else
/// eth0.
QString newInterfaceName(const Topology &topology, EntityId device);

/// Why two devices cannot be linked; empty if they can. `advice` is set if it may be done but no
/// rule of the board's types allows it.
QString linkRefusal(const Topology &topology, EntityId deviceA, EntityId deviceB,
                    QString *advice = nullptr);
/// A link between two devices: on the given interfaces, or (0) on the first free one, or on a new
/// one.
QList<Edit> linkDevices(const Topology &topology, EntityId deviceA, EntityId deviceB,
                        const IdSource &newId, EntityId interfaceA = 0, EntityId interfaceB = 0,
                        EntityId *linkId = nullptr);

/// The demo board: 10 devices, 24 interfaces, 8 links of a small access network.
QList<Edit> demoBoard(const IdSource &newId);

} // namespace patchboard::edits
