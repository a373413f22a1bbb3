#pragma once

#include "model/core/control.h"
#include "model/core/edits.h"
#include "model/formats/document.h"

#include <optional>

namespace patchboard::formats {

/// Gives every node of a document a place: keeps the places of the file where they make sense, lays
/// out the rest; nobody stands upon another. Works for a long time on large documents; any thread.
/// False only when cancelled. @a message: something that people should know, or empty.
bool placeDocument(Document &document, const Control &control = {}, QString *message = nullptr);

struct ImportOptions
{
    /// Where the middle of the import comes; none = as placed on an empty board, right of all
    /// devices on another.
    std::optional<QPointF> centre;
    /// What everything starts as. Files of these formats say nothing of it, and an alarm on
    /// everything would hide the true ones.
    Status status = Status::Up;
};

/// A document as edits of a board; applying all of them is the whole import.
struct Import
{
    /// Ordered so that each refers to what stands before it: the board's title (only if it holds no
    /// device), containers from the outside in, devices, interfaces, links.
    QList<Edit> edits;
    QList<EntityId> devices; ///< what was made, to be selected or shown
    Summary summary;         ///< warnings of the reader and of this step
};

/// Makes edits of a document that placeDocument() has placed. Names that are taken get a number;
/// links without interface names get new interfaces; values beyond the limits of a board are left
/// out with a warning. Changes nothing; call it in the thread of the topology.
Import importEdits(const Document &document, const Topology &topology, const edits::IdSource &newId,
                   const ImportOptions &options = {});

} // namespace patchboard::formats
