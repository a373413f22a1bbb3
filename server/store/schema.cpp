#include "server/store/schema.h"

#include <QJsonDocument>
#include <QJsonObject>

#include <array>

namespace patchboard::server {

namespace {

constexpr std::array<const char *, 5> kTableNames = {"board", "devices", "interfaces", "links",
                                                     "device_types"};
const char *const kBaseColumns =
    "\"id\", \"created_at\", \"updated_at\", \"revision\", \"created_revision\", \"properties\"";

QString quoted(const QString &name)
{
    return u'"' + name + u'"';
}

/// What a row has that was written before there was such a column.
QString defaultOf(const FieldInfo &info)
{
    if (info.nullable)
        return QStringLiteral("NULL");
    switch (info.type) {
    case ValueType::Text:
        return QStringLiteral("''");
    case ValueType::Enumeration:
        return QStringLiteral("'%1'").arg(QString::fromLatin1(info.entries.front().key));
    default:
        return QStringLiteral("0");
    }
}

QString definition(const SqlColumn &column)
{
    const FieldInfo &info = *column.info;
    const char *type = "INTEGER";
    if (info.type == ValueType::Text || info.type == ValueType::Enumeration)
        type = "TEXT";
    else if (info.type == ValueType::Real || info.type == ValueType::Place)
        type = "REAL";
    QString out = quoted(column.name) + u' ' + QLatin1String(type);
    if (!info.nullable)
        out += QStringLiteral(" NOT NULL DEFAULT ") + defaultOf(info);
    return out;
}

std::array<EntityTable, 5> makeTables()
{
    std::array<EntityTable, 5> tables;
    for (size_t i = 0; i < tables.size(); ++i) {
        EntityTable &table = tables[i];
        table.kind = EntityKind(i);
        table.name = QString::fromLatin1(kTableNames[i]);
        for (const FieldInfo &info : fieldsOf(table.kind)) {
            if (info.type == ValueType::Place) {
                table.columns.append({QStringLiteral("x"), &info, SqlColumn::Part::X});
                table.columns.append({QStringLiteral("y"), &info, SqlColumn::Part::Y});
            } else {
                table.columns.append({QString::fromLatin1(info.key), &info});
            }
        }
    }
    return tables;
}

/// What a version brought beside the columns of entities.
QStringList addedTables(int version)
{
    if (version == kMarksVersion) {
        return {QStringLiteral("CREATE TABLE \"site_marks\" (\"site\" INTEGER NOT NULL, "
                               "\"cseq\" INTEGER NOT NULL, \"revision\" INTEGER NOT NULL, "
                               "PRIMARY KEY (\"site\", \"cseq\")) WITHOUT ROWID")};
    }
    if (version == kActsVersion) {
        return {QStringLiteral("CREATE TABLE \"acts\" (\"act\" INTEGER PRIMARY KEY, "
                               "\"revision\" INTEGER NOT NULL, \"time\" INTEGER NOT NULL, "
                               "\"author\" TEXT NOT NULL, \"token\" TEXT NOT NULL, "
                               "\"address\" TEXT NOT NULL, \"label\" TEXT NOT NULL)")};
    }
    if (version == kRowsBehindVersion) {
        return {
            QStringLiteral("ALTER TABLE \"change_log\" ADD COLUMN \"body_hash\" INTEGER"),
            QStringLiteral("INSERT INTO \"meta\" SELECT 'rows_revision', "
                           "COALESCE(MAX(\"revision\"), 0) FROM \"change_log\""),
        };
    }
    if (version == kHistoryVersion) {
        return {
            QStringLiteral("CREATE TABLE \"checkpoints\" (\"revision\" INTEGER PRIMARY KEY, "
                           "\"data\" BLOB NOT NULL)"),
            QStringLiteral("CREATE TABLE \"named_snapshots\" (\"id\" INTEGER PRIMARY KEY, "
                           "\"name\" TEXT NOT NULL UNIQUE, \"revision\" INTEGER NOT NULL, "
                           "\"time\" INTEGER NOT NULL, \"author\" TEXT NOT NULL, \"data\" BLOB)"),
        };
    }
    if (version == 3) {
        const QString column =
            QStringLiteral("ALTER TABLE \"change_log\" ADD COLUMN \"%1\" TEXT NOT NULL DEFAULT ''");
        return {column.arg(QStringLiteral("token")), column.arg(QStringLiteral("address"))};
    }
    if (version == 2) {
        return {
            QStringLiteral("CREATE TABLE \"kept_answers\" (\"author\" TEXT NOT NULL, "
                           "\"key\" TEXT NOT NULL, \"request\" BLOB NOT NULL, "
                           "\"status\" INTEGER NOT NULL, \"content_type\" TEXT NOT NULL, "
                           "\"headers\" BLOB NOT NULL, \"body\" BLOB NOT NULL, "
                           "\"time\" INTEGER NOT NULL, PRIMARY KEY (\"author\", \"key\"))"),
            QStringLiteral("CREATE INDEX \"kept_answers_time\" ON \"kept_answers\" (\"time\")"),
        };
    }
    return {};
}

/// The log as it was made until then had an index, which only goes with the table.
QStringList logWithoutIndex()
{
    return {
        QStringLiteral("ALTER TABLE \"change_log\" RENAME TO \"indexed_log\""),
        QStringLiteral("CREATE TABLE \"change_log\" (\"revision\" INTEGER PRIMARY KEY, "
                       "\"site\" INTEGER NOT NULL, \"cseq\" INTEGER NOT NULL, "
                       "\"author\" TEXT NOT NULL, \"label\" TEXT NOT NULL, "
                       "\"time\" INTEGER NOT NULL, \"gesture\" INTEGER NOT NULL, "
                       "\"body\" BLOB NOT NULL, \"log_hash\" INTEGER NOT NULL, "
                       "\"token\" TEXT NOT NULL DEFAULT '', \"address\" TEXT NOT NULL DEFAULT '', "
                       "\"body_hash\" INTEGER)"),
        QStringLiteral("INSERT INTO \"change_log\" SELECT \"revision\", \"site\", \"cseq\", "
                       "\"author\", \"label\", \"time\", \"gesture\", \"body\", \"log_hash\", "
                       "\"token\", \"address\", \"body_hash\" FROM \"indexed_log\""),
        QStringLiteral("DROP TABLE \"indexed_log\""),
        QStringLiteral("INSERT INTO \"site_marks\" SELECT \"site\", MIN(\"cseq\"), "
                       "MIN(\"revision\") FROM \"change_log\" GROUP BY \"site\", "
                       "\"revision\" / %1")
            .arg(kRevisionsPerMark),
    };
}

Schema makeSchema()
{
    Schema schema;
    for (const EntityTable &table : entityTables())
        schema.create.append(table.createStatement(kSchemaVersion));
    schema.create += {
        QStringLiteral("CREATE TABLE \"meta\" (\"key\" TEXT PRIMARY KEY, \"value\" TEXT NOT NULL) "
                       "WITHOUT ROWID"),
        QStringLiteral("CREATE TABLE \"change_log\" (\"revision\" INTEGER PRIMARY KEY, "
                       "\"site\" INTEGER NOT NULL, \"cseq\" INTEGER NOT NULL, "
                       "\"author\" TEXT NOT NULL, \"label\" TEXT NOT NULL, "
                       "\"time\" INTEGER NOT NULL, \"gesture\" INTEGER NOT NULL, "
                       "\"body\" BLOB NOT NULL, \"log_hash\" INTEGER NOT NULL)"),
        QStringLiteral("CREATE TABLE \"outcomes\" (\"site\" INTEGER NOT NULL, "
                       "\"cseq\" INTEGER NOT NULL, \"body_hash\" INTEGER NOT NULL, "
                       "\"revision\" INTEGER NOT NULL, \"refusal_code\" INTEGER, "
                       "\"refusal_text\" TEXT, \"notices\" BLOB, "
                       "PRIMARY KEY (\"site\", \"cseq\")) WITHOUT ROWID"),
        QStringLiteral("CREATE TABLE \"sites\" (\"site\" INTEGER PRIMARY KEY, "
                       "\"profile\" TEXT NOT NULL, \"last_cseq\" INTEGER NOT NULL)"),
        QStringLiteral("CREATE TABLE \"removed\" (\"id\" INTEGER PRIMARY KEY, "
                       "\"kind\" INTEGER NOT NULL, \"revision\" INTEGER NOT NULL, "
                       "\"entity\" BLOB NOT NULL, \"writers\" BLOB NOT NULL)"),
        QStringLiteral("CREATE TABLE \"field_writers\" (\"id\" INTEGER NOT NULL, "
                       "\"field\" INTEGER NOT NULL, \"property\" TEXT NOT NULL, "
                       "\"site\" INTEGER NOT NULL, \"cseq\" INTEGER NOT NULL, "
                       "\"revision\" INTEGER NOT NULL, "
                       "PRIMARY KEY (\"id\", \"field\", \"property\")) WITHOUT ROWID"),
        QStringLiteral("CREATE TABLE \"snapshot\" (\"id\" INTEGER PRIMARY KEY CHECK (\"id\" = 1), "
                       "\"revision\" INTEGER NOT NULL, \"data\" BLOB NOT NULL)"),
    };
    for (int version = 2; version <= kSchemaVersion; ++version)
        schema.create += addedTables(version);
    for (int version = 1; version < kSchemaVersion; ++version) {
        Migration migration{version, {}};
        for (const EntityTable &table : entityTables())
            migration.statements += table.addedColumns(version + 1);
        migration.statements += addedTables(version + 1);
        if (version + 1 == kMarksVersion)
            migration.statements += logWithoutIndex();
        schema.migrations.append(migration);
    }
    return schema;
}

} // namespace

std::span<const EntityTable> entityTables()
{
    static const std::array<EntityTable, 5> tables = makeTables();
    return tables;
}

const EntityTable &entityTable(EntityKind kind)
{
    return entityTables()[size_t(kind)];
}

const Schema &currentSchema()
{
    static const Schema schema = makeSchema();
    return schema;
}

QString EntityTable::columnList(int version) const
{
    QString out = QString::fromLatin1(kBaseColumns);
    for (const SqlColumn &column : columns) {
        out +=
            QStringLiteral(", ") +
            (column.info->sinceVersion <= version ? quoted(column.name) : defaultOf(*column.info));
    }
    return out;
}

QString EntityTable::createStatement(int version) const
{
    QString out =
        QStringLiteral("CREATE TABLE \"%1\" (\"id\" INTEGER PRIMARY KEY, "
                       "\"created_at\" INTEGER NOT NULL, \"updated_at\" INTEGER NOT NULL, "
                       "\"revision\" INTEGER NOT NULL, \"created_revision\" INTEGER NOT NULL, "
                       "\"properties\" TEXT NOT NULL DEFAULT '{}'")
            .arg(name);
    for (const SqlColumn &column : columns) {
        if (column.info->sinceVersion <= version)
            out += QStringLiteral(", ") + definition(column);
    }
    return out + u')';
}

QString EntityTable::upsertStatement() const
{
    QString marks = QStringLiteral("?, ?, ?, ?, ?, ?");
    for (qsizetype i = 0; i < columns.size(); ++i)
        marks += QStringLiteral(", ?");
    return QStringLiteral("INSERT OR REPLACE INTO \"%1\" (%2) VALUES (%3)")
        .arg(name, columnList(kSchemaVersion), marks);
}

QStringList EntityTable::addedColumns(int version) const
{
    QStringList out;
    for (const SqlColumn &column : columns) {
        if (column.info->sinceVersion == version)
            out.append(
                QStringLiteral("ALTER TABLE \"%1\" ADD COLUMN %2").arg(name, definition(column)));
    }
    return out;
}

QVariantList EntityTable::bindings(const Entity &entity) const
{
    const EntityBase &base = baseOf(entity);
    QVariantList out{qint64(base.id),
                     base.createdAt,
                     base.updatedAt,
                     qint64(base.revision),
                     qint64(base.createdRevision),
                     propertiesToSql(base.remarks->properties)};
    out.reserve(6 + columns.size());
    for (const SqlColumn &column : columns)
        out.append(toSql(column, fieldOf(entity, column.info->field)));
    return out;
}

QVariant toSql(const SqlColumn &column, const Value &value)
{
    if (const QPointF *place = std::get_if<QPointF>(&value))
        return column.part == SqlColumn::Part::X ? place->x() : place->y();
    if (const QString *text = std::get_if<QString>(&value))
        return text->isNull() ? QVariant(QLatin1String("")) : QVariant(*text);
    if (const bool *flag = std::get_if<bool>(&value))
        return *flag ? 1 : 0;
    if (const double *real = std::get_if<double>(&value))
        return *real;
    if (const qint64 *number = std::get_if<qint64>(&value)) {
        if (column.info->type == ValueType::Enumeration)
            return enumKey(*column.info, *number);
        return *number;
    }
    return {};
}

std::optional<Value> fromSql(const FieldInfo &info, const QVariant &variant)
{
    if (variant.isNull())
        return Value();
    switch (info.type) {
    case ValueType::Text:
        return Value(variant.toString());
    case ValueType::Flag:
        return Value(variant.toLongLong() != 0);
    case ValueType::Integer:
    case ValueType::Reference:
    case ValueType::Time:
        return Value(variant.toLongLong());
    case ValueType::Real:
        return Value(variant.toDouble());
    case ValueType::Enumeration: {
        const QString word = variant.toString();
        for (const EnumEntry &entry : info.entries) {
            if (word == QLatin1String(entry.key))
                return Value(entry.value);
        }
        return std::nullopt;
    }
    case ValueType::Place:
        break;
    }
    return std::nullopt;
}

QString propertiesToSql(const Properties &properties)
{
    if (properties.isEmpty())
        return QStringLiteral("{}");
    QJsonObject object;
    for (auto it = properties.cbegin(); it != properties.cend(); ++it)
        object.insert(it.key(), it.value());
    return QString::fromUtf8(QJsonDocument(object).toJson(QJsonDocument::Compact));
}

std::optional<Properties> propertiesFromSql(const QString &text)
{
    Properties out;
    if (text == QLatin1String("{}"))
        return out;
    QJsonParseError error;
    const QJsonDocument document = QJsonDocument::fromJson(text.toUtf8(), &error);
    if (error.error != QJsonParseError::NoError || !document.isObject())
        return std::nullopt;
    const QJsonObject object = document.object();
    for (auto it = object.constBegin(); it != object.constEnd(); ++it) {
        if (!it->isString())
            return std::nullopt;
        out.insert(it.key(), it->toString());
    }
    return out;
}

} // namespace patchboard::server
