#pragma once

#include "model/core/edits.h"

#include <QByteArray>
#include <QLatin1String>
#include <QList>
#include <QPointF>

/// Items as bytes and text, for the clipboard and for duplicating.
namespace patchboard::ui::clipboard {

/// CBOR of items: understood by every window of this version and later ones.
inline constexpr QLatin1String kMimeType("application/x-patchboard-items");

/// @a ids, the contents of containers among them, the interfaces of those devices, and the links
/// between them. Empty if there is no device among @a ids.
QByteArray pack(const Topology &topology, const QList<EntityId> &ids);
/// The same devices and links as a containerlab topology.
QString containerlabText(const Topology &topology, const QList<EntityId> &ids);

struct PasteOptions
{
    std::optional<QPointF> centre; ///< where the middle goes, scene units; else `offset` is added
    QPointF offset;
    EntityId container = 0; ///< for devices whose container is not pasted with them
    bool sameBoard = false; ///< such devices stay in their containers
};

struct Pasted
{
    QList<Edit> edits;
    QList<EntityId> devices; ///< new ids, without what lies in pasted containers
    qsizetype deviceCount = 0;
};

/// Edits that make the packed items anew, with ids from @a newId. A name that is taken is continued
/// by its pattern. Protocol if the bytes are not items.
Result<Pasted> unpack(const Topology &topology, const QByteArray &bytes,
                      const edits::IdSource &newId, const PasteOptions &options);

} // namespace patchboard::ui::clipboard
