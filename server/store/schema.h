#pragma once

#include "model/core/fields.h"

#include <QStringList>
#include <QVariant>

namespace patchboard::server {

/// "PBRD", in the header of every board file (SQLite's application_id).
inline constexpr qint32 kApplicationId = 0x50425244;
/// Version of the tables (SQLite's user_version).
inline constexpr int kSchemaVersion = 8;
/// The first with boards of the past.
inline constexpr int kHistoryVersion = 4;
/// The first whose rows may be behind the log.
inline constexpr int kRowsBehindVersion = 6;
/// The first that tells of what was done and is no change.
inline constexpr int kActsVersion = 7;
/// The first whose log has marks (below) in place of an index.
inline constexpr int kMarksVersion = 8;
/// `site_marks` say where in the log the changes of a site are: the first one in each piece of so
/// many revisions that has any. An index over the log would write a page for every site of every
/// turn.
inline constexpr quint64 kRevisionsPerMark = 512;

/// The SQL of an older version's step to the next one. Statements run in the one transaction that
/// also moves the version; if one fails, the file stays as it was.
struct Migration
{
    int from = 0;
    QStringList statements;
};

/// Tables and steps of a version of the program; tests make others.
struct Schema
{
    int version = kSchemaVersion;
    QStringList create;
    QList<Migration> migrations; ///< ascending, without gaps
};
/// That of this program, derived from the field registry.
const Schema &currentSchema();

/// A column of an entity's table: a field, or one half of a place.
struct SqlColumn
{
    enum class Part : quint8 { Whole, X, Y };
    QString name;
    const FieldInfo *info = nullptr;
    Part part = Part::Whole;
};

/// The table of one kind of entity: id, created_at, updated_at, revision, created_revision,
/// properties (JSON), then one column per field.
struct EntityTable
{
    EntityKind kind = EntityKind::Board;
    QString name;
    QList<SqlColumn> columns;

    /// "id", … then the fields' columns, quoted, in the order of bindings(); what tables of
    /// @a version do not have yet is its default.
    [[nodiscard]] QString columnList(int version) const;
    [[nodiscard]] QString createStatement(int version) const;
    [[nodiscard]] QString upsertStatement() const;
    /// Steps that bring what the registry's rows of @a version added.
    [[nodiscard]] QStringList addedColumns(int version) const;
    [[nodiscard]] QVariantList bindings(const Entity &entity) const;
    /// Of a row in the order of columnList(); the value at @a index by @a get.
    template <typename Get>
    [[nodiscard]] Result<Entity> read(Get get) const;
};
const EntityTable &entityTable(EntityKind kind);
std::span<const EntityTable> entityTables();

/// A value as its column holds it: enumerations as their words, the rest as it is.
QVariant toSql(const SqlColumn &column, const Value &value);
/// nullopt if the column cannot hold that.
std::optional<Value> fromSql(const FieldInfo &info, const QVariant &variant);
QString propertiesToSql(const Properties &properties);
std::optional<Properties> propertiesFromSql(const QString &text);

template <typename Get>
Result<Entity> EntityTable::read(Get get) const
{
    Entity entity = makeEntity(kind, EntityId(get(0).toLongLong()));
    EntityBase &base = baseOf(entity);
    base.createdAt = get(1).toLongLong();
    base.updatedAt = get(2).toLongLong();
    base.revision = quint64(get(3).toLongLong());
    base.createdRevision = quint64(get(4).toLongLong());
    const auto bad = [&](const QString &column) {
        return Error{Errc::Storage, QStringLiteral("%1 %2, %3").arg(name).arg(base.id).arg(column)};
    };
    const auto properties = propertiesFromSql(get(5).toString());
    if (!properties)
        return bad(QStringLiteral("properties"));
    base.remarks.set(&Remarks::properties, *properties);
    int index = 6;
    double x = 0;
    for (const SqlColumn &column : columns) {
        const QVariant variant = get(index++);
        if (column.part == SqlColumn::Part::X) {
            x = variant.toDouble();
            continue;
        }
        std::optional<Value> value;
        if (column.part == SqlColumn::Part::Y)
            value = QPointF(x, variant.toDouble());
        else
            value = fromSql(*column.info, variant);
        // A default may be what nobody could set: a board without a title.
        if (!value ||
            (!checkValue(*column.info, *value) && *value != fieldOf(entity, column.info->field)))
            return bad(column.name);
        setField(entity, column.info->field, *value);
    }
    return entity;
}

} // namespace patchboard::server
