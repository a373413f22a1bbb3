#include "app/commands/boardcopy.h"

#include "app/commands/newboard.h"

#include <QCoreApplication>

namespace patchboard::app {

namespace {

struct BoardCopyText
{
    Q_DECLARE_TR_FUNCTIONS(Commands)
};

/// All that makes the same board from an empty one.
QList<Edit> editsOf(const Topology &topology, const edits::IdSource &newId)
{
    QHash<EntityId, EntityId> ids;
    QList<Edit> edits;
    const auto fieldsOfEntity = [&](EntityId id, EntityKind kind) {
        QList<FieldValue> fields;
        for (const FieldInfo &info : fieldsOf(kind)) {
            Value value = topology.value(id, info.field);
            if (isNull(value))
                continue;
            if (info.type == ValueType::Reference)
                value = qint64(ids.value(EntityId(std::get<qint64>(value))));
            fields.append({info.field, value});
        }
        const auto entity = topology.entity(id);
        for (const auto &[key, text] : baseOf(*entity).remarks->properties.asKeyValueRange())
            fields.append({{Field::Property, key}, text});
        return fields;
    };
    const auto create = [&](EntityKind kind, EntityId id) {
        const EntityId own = newId();
        edits.append(CreateEntity{kind, own, fieldsOfEntity(id, kind)});
        ids.insert(id, own);
    };
    SetFields board{kBoardId, {}};
    for (const FieldValue &field : fieldsOfEntity(kBoardId, EntityKind::Board))
        board.fields.append({field.key, field.value, std::nullopt});
    edits.append(board);
    for (const EntityId id : topology.customTypes().ids())
        create(EntityKind::DeviceType, id);
    // Containers before what they hold.
    QList<EntityId> open;
    for (const Device &device : topology.devices().slots()) {
        if (device.id != 0 && device.container == 0)
            open.append(device.id);
    }
    for (qsizetype i = 0; i < open.size(); ++i) {
        create(EntityKind::Device, open.at(i));
        for (const EntityId child : topology.childrenOf(open.at(i)))
            open.append(child);
    }
    for (const EntityId id : topology.interfaces().ids())
        create(EntityKind::Interface, id);
    for (const EntityId id : topology.links().ids())
        create(EntityKind::Link, id);
    return edits;
}

} // namespace

Result<void> writeBoardCopy(const Topology &topology, const QString &out, bool overwrite)
{
    return writeNewBoard(out, overwrite, BoardCopyText::tr("Copy"),
                         [&topology](const Topology &, const edits::IdSource &newId) {
                             return editsOf(topology, newId);
                         });
}

} // namespace patchboard::app
