#pragma once

#include "model/core/edits.h"

namespace patchboard::edits {

/// Edits that make things on @a now what they were on @a past: brought back where they are gone,
/// set where they differ. @a ids are of devices (with their interfaces, and the links whose other
/// ends are there or come back, too), interfaces and links; empty = the whole board, and what has
/// come since is removed. What is so long gone that nothing of it is left comes back with a new id.
/// Empty if nothing differs.
QList<Edit> restoreFrom(const Topology &past, const Topology &now, const QList<EntityId> &ids,
                        const IdSource &newId);

} // namespace patchboard::edits
