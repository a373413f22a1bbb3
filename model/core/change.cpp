#include "model/core/change.h"

namespace patchboard {

namespace {

bool isReference(Field field)
{
    return field == Field::Container || field == Field::Device || field == Field::AInterface ||
           field == Field::BInterface;
}

void addReference(QSet<EntityId> &ids, const FieldKey &key, const Value &value)
{
    if (const qint64 *id = std::get_if<qint64>(&value); id && isReference(key.field))
        ids.insert(EntityId(*id));
}

} // namespace

QSet<EntityId> touchedIds(const QList<Edit> &edits)
{
    QSet<EntityId> ids;
    for (const Edit &edit : edits) {
        if (const auto *create = std::get_if<CreateEntity>(&edit)) {
            ids.insert(create->id);
            for (const FieldValue &field : create->fields)
                addReference(ids, field.key, field.value);
        } else if (const auto *set = std::get_if<SetFields>(&edit)) {
            ids.insert(set->id);
            for (const FieldChange &field : set->fields)
                addReference(ids, field.key, field.value);
        } else if (const auto *remove = std::get_if<RemoveEntities>(&edit)) {
            ids.unite(QSet<EntityId>(remove->ids.cbegin(), remove->ids.cend()));
        } else if (const auto *restore = std::get_if<RestoreEntities>(&edit)) {
            ids.unite(QSet<EntityId>(restore->ids.cbegin(), restore->ids.cend()));
        }
    }
    return ids;
}

QList<Edit> undoEdits(const Applied &applied, const Writer &writer)
{
    QList<Edit> edits;
    for (auto it = applied.steps.crbegin(); it != applied.steps.crend(); ++it) {
        const EntityId id = it->before.id;
        switch (it->kind) {
        case Applied::Step::Kind::Set: {
            FieldChange change{it->before.key, it->before.value, writer};
            SetFields *last = edits.isEmpty() ? nullptr : std::get_if<SetFields>(&edits.last());
            if (last && last->id == id)
                last->fields.append(std::move(change));
            else
                edits.append(SetFields{id, {std::move(change)}});
            break;
        }
        case Applied::Step::Kind::Created: {
            auto *last = edits.isEmpty() ? nullptr : std::get_if<RemoveEntities>(&edits.last());
            if (last)
                last->ids.append(id);
            else
                edits.append(RemoveEntities{{id}, false});
            break;
        }
        case Applied::Step::Kind::Removed: {
            auto *last = edits.isEmpty() ? nullptr : std::get_if<RestoreEntities>(&edits.last());
            if (last)
                last->ids.append(id);
            else
                edits.append(RestoreEntities{{id}});
            break;
        }
        }
    }
    return edits;
}

} // namespace patchboard
