#pragma once

#include "model/core/topology.h"

#include <QString>

/// What people call the things of a board, the same in trees, tables, tooltips and messages. All
/// functions give an empty text for an id that is gone.
namespace patchboard {

/// A device's or interface's name; a link's label, or else its ends; a type's label, or else its
/// key.
QString entityTitle(const Topology &topology, EntityId id);
/// "R1 eth0": an interface with its device.
QString interfaceTitle(const Topology &topology, EntityId interface);
/// "R1 eth0 – R2 eth1", whether the link has a label or not.
QString linkEnds(const Topology &topology, const Link &link);
/// "Core router": the type of a device, of an interface ("Optical"), the medium of a link.
QString typeTitle(const Topology &topology, EntityId id);
/// Lines of rich text (names escaped): what it is, its status and who forced it, and why.
QString entityToolTip(const Topology &topology, EntityId id);
/// Key of an icon: `devices/core_router`, `interfaces/optical`, `links/link`. The model knows no
/// pixels.
QString iconKey(const Topology &topology, EntityId id);

} // namespace patchboard
