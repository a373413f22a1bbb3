#pragma once

#include "model/core/edits.h"

namespace patchboard::app {

/// Writes a board that did not exist into @a out: what @a fill makes of an empty one, as one change
/// named @a label. Nothing is there unless all of it is; a file that is there is replaced only with
/// @a overwrite, and never while a program has it open.
Result<void>
writeNewBoard(const QString &out, bool overwrite, const QString &label,
              const std::function<QList<Edit>(const Topology &, const edits::IdSource &)> &fill);

} // namespace patchboard::app
