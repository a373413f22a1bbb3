#pragma once

#include "model/core/edits.h"

#include <QList>
#include <QRectF>
#include <QString>

#include <functional>

/// What menus, panels and dialogs do to a board: edits and the words for them. Each looks at a
/// topology and changes nothing.
namespace patchboard::ui::commands {

struct Command
{
    QList<Edit> edits;
    QString label; ///< "Delete 12 devices"
};

/// "core-1", "core-1 eth0" for one; "12 devices", "3 links", "15 items" for more.
QString describe(const Topology &topology, const QList<EntityId> &ids);
/// The name of a device, device and name of an interface, both ends of a link.
QString nameOf(const Topology &topology, EntityId id);

struct NewDevice
{
    QList<Edit> edits;
    EntityId id = 0;
    QString name;
};
/// With a name by the pattern of its type. A container begins as Up: nothing reports of it, and a
/// new box around what is well would be an alarm of nothing.
NewDevice newDevice(const Topology &topology, const QString &typeKey, QPointF place,
                    EntityId container, const edits::IdSource &newId);

Command remove(const Topology &topology, const QList<EntityId> &ids, bool withContents = false);
Command rename(const Topology &topology, EntityId id, const QString &name);
Command setField(const Topology &topology, const QList<EntityId> &ids, const FieldKey &key,
                 const Value &value);
/// Devices only; others among @a ids are left out.
Command setLocked(const Topology &topology, const QList<EntityId> &ids, bool locked);
/// @a container 0 = out of all containers. Leaves out what would lie in itself.
Command moveToContainer(const Topology &topology, const QList<EntityId> &ids, EntityId container);
/// nullopt clears the override.
Command overrideStatus(const Topology &topology, const QList<EntityId> &ids,
                       std::optional<Status> status, const QString &reason, const QString &author,
                       qint64 time);
/// A new interface, named by the pattern of the device's others.
Command addInterface(const Topology &topology, EntityId device, EntityId newId);

enum class Alignment : quint8 {
    Left,
    Centre,
    Right,
    Top,
    Middle,
    Bottom,
    SpreadAcross, ///< equal steps between the outermost two
    SpreadDown
};
/// Locked devices stay and count as places to align with. @a rectOf says what a device or the box
/// of a container covers; a container takes along what lies in it.
Command align(const Topology &topology, const QList<EntityId> &ids, Alignment how,
              const std::function<QRectF(EntityId)> &rectOf);
/// Where @a id and all that lies in it would be; what is locked inside stays.
QList<std::pair<EntityId, QPointF>> shifted(const Topology &topology, EntityId id, QPointF by);

/// Those that can have a status forced: devices, interfaces and links.
QList<EntityId> withStatus(const Topology &topology, const QList<EntityId> &ids);
/// All containers by name, for menus and choices.
QList<std::pair<QString, EntityId>> containers(const Topology &topology);
QList<EntityId> devicesAmong(const Topology &topology, const QList<EntityId> &ids);

/// What a notice says to the person whose change it was about; empty for one that is not worth it.
QString noticeText(const Topology &topology, const Notice &notice);

} // namespace patchboard::ui::commands
