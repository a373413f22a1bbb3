#pragma once

#include "server/http/board.h"

namespace patchboard::http {

/// A named snapshot by what a request says of it: its id, else its name. nullptr: there is none.
/// It is valid until the next change of them.
const wire::NamedSnapshot *snapshotBy(Board &board, const QString &idOrName);

} // namespace patchboard::http
