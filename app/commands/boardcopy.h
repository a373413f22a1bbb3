#pragma once

#include "model/core/topology.h"

namespace patchboard::app {

/// Writes a board as it is into a new board file, which appears when it is complete; a file that is
/// there is replaced only with @a overwrite. The copy is a board of its own: its things have other
/// ids, and no history.
Result<void> writeBoardCopy(const Topology &topology, const QString &out, bool overwrite);

} // namespace patchboard::app
