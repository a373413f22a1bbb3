#pragma once

#include "model/core/fields.h"

#include <QHash>
#include <QSet>

#include <memory>
#include <optional>
#include <variant>

namespace patchboard {

/// The change that wrote a value: whose, and its number there.
struct Writer
{
    SiteId site = 0;
    quint64 cseq = 0;
    bool operator==(const Writer &) const = default;
};

/// Makes an entity. Fields that are not given have their defaults.
struct CreateEntity
{
    EntityKind kind = EntityKind::Device;
    EntityId id = 0;
    QList<FieldValue> fields;
    qint64 createdAt = 0; ///< of an entity that is restored: when it was first made; else 0
    bool operator==(const CreateEntity &) const = default;
};

/// One field's new value. With `ifLast`, only if that change was the last to write it.
struct FieldChange
{
    FieldKey key;
    Value value;
    std::optional<Writer> ifLast;
    bool operator==(const FieldChange &) const = default;
};

struct SetFields
{
    EntityId id = 0;
    QList<FieldChange> fields;
    bool operator==(const SetFields &) const = default;
};

/// Removes entities; what hangs on them goes too (a device's interfaces, an interface's links). The
/// devices in a removed container move to its parent, unless `withContents`.
struct RemoveEntities
{
    QList<EntityId> ids;
    bool withContents = false;
    bool operator==(const RemoveEntities &) const = default;
};

/// Brings back what was removed, as it was. What is there already is left alone.
struct RestoreEntities
{
    QList<EntityId> ids;
    bool operator==(const RestoreEntities &) const = default;
};

using Edit = std::variant<CreateEntity, SetFields, RemoveEntities, RestoreEntities>;

/// A user's change: whole or not at all. Once it has been sent its bytes never change.
struct Change
{
    SiteId site = 0;
    quint64 cseq = 0;    ///< 1, 2, 3 ... per site without gaps
    quint64 base = 0;    ///< the revision that the author had seen
    quint64 gesture = 0; ///< id of the live drag that it ends; 0 = none
    QString author;
    QString label; ///< for people: "Move 12 devices"
    QList<Edit> edits;
    bool operator==(const Change &) const = default;
};

inline constexpr qsizetype kMaxTextBytes = 64 * 1024;

/// Something that the board decided for the author, or could not do; shown to people, listed in
/// outcomes.
struct Notice
{
    enum class Kind : quint8 {
        Renamed = 0,     ///< a name was taken: `text` is the new one
        Skipped = 1,     ///< a guarded set: somebody changed the value since
        Gone = 2,        ///< the entity was removed meanwhile; of a `set`, `old` is what it wanted
        NotRestored = 3, ///< a restore whose end, or whose own record, is missing
        Overwrote = 4,   ///< a set replaced a value its author had not seen: `old` holds that value
        Moved = 5,       ///< moved to the nearest living container
        // What a copy finds out by itself when it takes in somebody else's change; never sent.
        Lost = 6,       ///< a set by somebody who had not seen mine replaced my value, `old`
        LostRemoved = 7 ///< somebody who had not seen what I did with it removed it
    };
    Kind kind = Kind::Renamed;
    EntityId id = 0;
    FieldKey key;
    QString text;
    Value old;
    quint64 revision = 0; ///< the other change: that stood in the way, or that won; 0 = none
    QString by{};         ///< its author; null if that is not known
    qint64 at = 0;        ///< its time, ms since 1970 UTC; 0 = not known
    bool operator==(const Notice &) const = default;
};

/// What a change really does on a given board: cascades listed, names fixed up, guards decided.
/// Applying it asks no more questions. `edits` holds only CreateEntity, SetFields (without guards)
/// and RemoveEntities (all ids listed; links before interfaces before devices).
struct Expansion
{
    QList<Edit> edits;
    QList<Notice> notices;
    bool operator==(const Expansion &) const = default;
};

/// A change as the authority committed it: what every copy applies.
struct Commit
{
    quint64 revision = 0;
    qint64 time = 0; ///< ms since 1970 UTC
    SiteId site = 0;
    quint64 cseq = 0;
    quint64 gesture = 0;
    QString author;
    QString label;
    QList<Edit> edits;    ///< expanded
    quint64 bodyHash = 0; ///< wire::hashBytes() of the change as it was sent; 0 of site 0
    quint64 base = 0;     ///< the revision that its author had seen
    bool operator==(const Commit &) const = default;
};

/// What an applied change touched; for models, scenes and feeds. An id is in one list only: created
/// and removed again in one change is in none; removed and created again is in `changed`.
struct Delta
{
    struct Removed
    {
        EntityKind kind;
        EntityId id;
        EntityId parent; ///< container of a device, device of an interface, 0 of others
        bool operator==(const Removed &) const = default;
    };
    struct Changed
    {
        EntityKind kind;
        EntityId id;
        QList<Field> fields; ///< without repetition
        EntityId oldParent;  ///< parent before, when Container (or Device) is among the fields
    };
    struct Created
    {
        EntityKind kind;
        EntityId id;
    };
    QList<Removed> removed; ///< in the order of removal
    QList<Created> created; ///< in the order of creation
    QList<Changed> changed;

    [[nodiscard]] bool isEmpty() const
    {
        return removed.isEmpty() && created.isEmpty() && changed.isEmpty();
    }
};

/// Who last wrote a field of an entity, and at which revision (0 = not yet committed).
struct FieldWriter
{
    FieldKey key;
    Writer writer;
    quint64 revision = 0;
    bool operator==(const FieldWriter &) const = default;
};

/// An entity that was removed, kept so that it can be restored.
struct RemovedEntity
{
    Entity entity;
    QList<FieldWriter> writers;
    quint64 revision = 0; ///< that removed it; 0 while that is pending
    Writer remover;       ///< the change that removed it; of use while that is pending
};

/// What apply() did, enough to take it back exactly (rollback) or politely (undo).
struct Applied
{
    struct Before
    {
        EntityId id;
        FieldKey key;
        Value value;                       ///< before
        std::optional<FieldWriter> writer; ///< who had written it; none = never set since creation
        quint64 entityRevision = 0;
        qint64 updatedAt = 0;
    };
    struct Step
    {
        enum class Kind : quint8 { Created, Set, Removed };
        Kind kind;
        Before before; ///< of Set; only `before.id` of Created
        std::shared_ptr<const RemovedEntity>
            removed; ///< of Removed; of Created: the grave it came from
    };
    QList<Step> steps; ///< in the order in which they were applied
    bool confirmed =
        false; ///< it carried a revision, so entities' times and revisions moved with it
};

/// Ids that a change names or refers to (targets, parents, ends); used to see whether two changes
/// meet.
QSet<EntityId> touchedIds(const QList<Edit> &edits);

/// Edits that take back what @a applied did, as @a author's site would ask for it: sets guarded by
/// @a writer, creations removed, removals restored.
QList<Edit> undoEdits(const Applied &applied, const Writer &writer);

} // namespace patchboard
