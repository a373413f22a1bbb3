#include "ui/commands/clipboard.h"

#include "model/formats/containerlab.h"

#include <QCborArray>
#include <QCborMap>
#include <QCborValue>
#include <QCoreApplication>
#include <QRectF>

namespace patchboard::ui::clipboard {

namespace {

constexpr qint64 kVersion = 1;

QString trClipboard(const char *text)
{
    return QCoreApplication::translate("patchboard::ui::Clipboard", text);
}

struct Items
{
    QList<EntityId> devices; // containers before what lies in them
    QList<EntityId> interfaces;
    QList<EntityId> links;
    QList<EntityId> types;
};

Items itemsOf(const Topology &topology, const QList<EntityId> &ids)
{
    Items items;
    QSet<EntityId> seen;
    QList<EntityId> open;
    for (const EntityId id : ids) {
        if (topology.device(id) && !seen.contains(id)) {
            seen.insert(id);
            open.append(id);
        }
    }
    for (qsizetype i = 0; i < open.size(); ++i) {
        for (const EntityId child : topology.childrenOf(open.at(i))) {
            if (!seen.contains(child)) {
                seen.insert(child);
                open.append(child);
            }
        }
    }
    // A container that was named after its contents comes before them all the same.
    QSet<EntityId> placed;
    const auto place = [&](auto &&self, EntityId id) -> void {
        if (placed.contains(id))
            return;
        placed.insert(id);
        const EntityId container = topology.device(id)->container;
        if (seen.contains(container))
            self(self, container);
        items.devices.append(id);
    };
    for (const EntityId id : std::as_const(open))
        place(place, id);

    QSet<EntityId> linked;
    QSet<QString> typeKeys;
    for (const EntityId id : std::as_const(items.devices)) {
        typeKeys.insert(topology.device(id)->type);
        for (const EntityId port : topology.interfacesOf(id)) {
            items.interfaces.append(port);
            for (const EntityId link : topology.linksOf(port)) {
                const auto [a, b] = topology.endsOf(link);
                if (seen.contains(a) && seen.contains(b) && !linked.contains(link)) {
                    linked.insert(link);
                    items.links.append(link);
                }
            }
        }
    }
    for (const EntityId id : topology.customTypes().ids()) {
        if (typeKeys.contains(topology.customType(id)->key))
            items.types.append(id);
    }
    return items;
}

QCborValue toCbor(const Value &value)
{
    if (const bool *flag = std::get_if<bool>(&value))
        return *flag;
    if (const qint64 *number = std::get_if<qint64>(&value))
        return *number;
    if (const double *real = std::get_if<double>(&value))
        return *real;
    if (const QPointF *place = std::get_if<QPointF>(&value))
        return QCborArray{place->x(), place->y()};
    if (const QString *text = std::get_if<QString>(&value))
        return *text;
    return QCborValue(QCborSimpleType::Null);
}

Value fromCbor(const FieldInfo &info, const QCborValue &value)
{
    switch (info.type) {
    case ValueType::Text:
        return value.isString() ? Value(value.toString()) : Value();
    case ValueType::Flag:
        return value.isBool() ? Value(value.toBool()) : Value();
    case ValueType::Real:
        return value.isDouble() || value.isInteger() ? Value(value.toDouble()) : Value();
    case ValueType::Place: {
        const QCborArray place = value.toArray();
        return place.size() == 2 ? Value(QPointF(place.at(0).toDouble(), place.at(1).toDouble()))
                                 : Value();
    }
    case ValueType::Integer:
    case ValueType::Enumeration:
    case ValueType::Reference:
    case ValueType::Time:
        return value.isInteger() ? Value(value.toInteger()) : Value();
    }
    return {};
}

template <typename E>
QCborMap entityToCbor(const E &entity, EntityKind kind)
{
    QCborMap fields;
    QCborMap properties;
    for (const FieldValue &field : fieldsOf(Entity(entity))) {
        if (field.key.field == Field::Property)
            properties.insert(field.key.property, toCbor(field.value));
        else if (const FieldInfo *info = fieldInfo(kind, field.key.field))
            fields.insert(QString::fromLatin1(info->key), toCbor(field.value));
    }
    QCborMap map{{QStringLiteral("id"), qint64(entity.id)}, {QStringLiteral("fields"), fields}};
    if (!properties.isEmpty())
        map.insert(QStringLiteral("properties"), properties);
    return map;
}

std::optional<QList<FieldValue>> fieldsFromCbor(EntityKind kind, const QCborMap &map)
{
    QList<FieldValue> out;
    const QCborMap fields = map.value(QStringLiteral("fields")).toMap();
    for (auto it = fields.cbegin(); it != fields.cend(); ++it) {
        const FieldInfo *info = fieldInfo(kind, it.key().toString());
        if (!info) // of a later version
            continue;
        Value value = fromCbor(*info, it.value());
        if (!checkValue(*info, value))
            return std::nullopt;
        out.append({info->field, std::move(value)});
    }
    for (const FieldInfo &info : fieldsOf(kind)) {
        const bool given = std::any_of(out.cbegin(), out.cend(), [&](const FieldValue &field) {
            return field.key.field == info.field;
        });
        if (info.required && !given)
            return std::nullopt;
    }
    const QCborMap properties = map.value(QStringLiteral("properties")).toMap();
    for (auto it = properties.cbegin(); it != properties.cend(); ++it) {
        const QString name = it.key().toString();
        const Value value = it.value().toString();
        if (!checkProperty(name, value))
            return std::nullopt;
        out.append({{Field::Property, name}, value});
    }
    return out;
}

Value *valueOf(QList<FieldValue> &fields, Field field)
{
    for (FieldValue &each : fields) {
        if (each.key.field == field)
            return &each.value;
    }
    return nullptr;
}

} // namespace

QByteArray pack(const Topology &topology, const QList<EntityId> &ids)
{
    const Items items = itemsOf(topology, ids);
    if (items.devices.isEmpty())
        return {};
    QCborArray devices;
    QCborArray interfaces;
    QCborArray links;
    QCborArray types;
    for (const EntityId id : items.devices)
        devices.append(entityToCbor(*topology.device(id), EntityKind::Device));
    for (const EntityId id : items.interfaces)
        interfaces.append(entityToCbor(*topology.interface(id), EntityKind::Interface));
    for (const EntityId id : items.links)
        links.append(entityToCbor(*topology.link(id), EntityKind::Link));
    for (const EntityId id : items.types)
        types.append(entityToCbor(*topology.customType(id), EntityKind::DeviceType));
    return QCborMap{{QStringLiteral("patchboard"), kVersion},
                    {QStringLiteral("devices"), devices},
                    {QStringLiteral("interfaces"), interfaces},
                    {QStringLiteral("links"), links},
                    {QStringLiteral("types"), types}}
        .toCborValue()
        .toCbor();
}

QString containerlabText(const Topology &topology, const QList<EntityId> &ids)
{
    const Items items = itemsOf(topology, ids);
    if (items.devices.isEmpty())
        return {};
    return formats::containerlabText(topology, items.devices, items.links);
}

Result<Pasted> unpack(const Topology &topology, const QByteArray &bytes,
                      const edits::IdSource &newId, const PasteOptions &options)
{
    const Error malformed{Errc::Protocol,
                          trClipboard(QT_TRANSLATE_NOOP("patchboard::ui::Clipboard",
                                                        "What was copied cannot be read here"))};
    QCborParserError parserError;
    const QCborMap map = QCborValue::fromCbor(bytes, &parserError).toMap();
    if (parserError.error != QCborError::NoError ||
        map.value(QStringLiteral("patchboard")).toInteger() != kVersion)
        return malformed;

    Pasted out;
    QHash<qint64, EntityId> idOf;
    QSet<QString> taken;
    QRectF bounds;

    for (const QCborValue &each : map.value(QStringLiteral("types")).toArray()) {
        auto fields = fieldsFromCbor(EntityKind::DeviceType, each.toMap());
        const Value *key = fields ? valueOf(*fields, Field::TypeKey) : nullptr;
        if (!key)
            return malformed;
        if (!topology.knowsType(std::get<QString>(*key)))
            out.edits.append(CreateEntity{EntityKind::DeviceType, newId(), *fields});
    }

    struct NewDeviceRow
    {
        EntityId id;
        QList<FieldValue> fields;
    };
    QList<NewDeviceRow> devices;
    for (const QCborValue &each : map.value(QStringLiteral("devices")).toArray()) {
        const QCborMap entity = each.toMap();
        auto fields = fieldsFromCbor(EntityKind::Device, entity);
        if (!fields)
            return malformed;
        const EntityId id = newId();
        idOf.insert(entity.value(QStringLiteral("id")).toInteger(), id);
        Value *name = valueOf(*fields, Field::Name);
        QString text = std::get<QString>(*name);
        if (topology.deviceByName(text) != 0 || taken.contains(text))
            text = edits::nextName(topology, text, taken);
        taken.insert(text);
        *name = text;
        bool inside = false;
        if (Value *container = valueOf(*fields, Field::Container)) {
            const qint64 old = isNull(*container) ? 0 : std::get<qint64>(*container);
            if (const auto it = idOf.constFind(old); it != idOf.cend()) {
                *container = qint64(*it);
                inside = true;
            } else if (!options.sameBoard || !topology.device(EntityId(old))) {
                *container = options.container == 0 ? Value() : Value(qint64(options.container));
            }
        } else if (options.container != 0) {
            fields->append({Field::Container, qint64(options.container)});
        }
        if (!inside)
            out.devices.append(id);
        Value *place = valueOf(*fields, Field::Position);
        if (!place) {
            fields->append({Field::Position, QPointF()});
            place = &fields->last().value;
        }
        const QPointF at = std::get<QPointF>(*place);
        bounds =
            devices.isEmpty()
                ? QRectF(at, QSizeF(0, 0))
                : QRectF(
                      QPointF(std::min(bounds.left(), at.x()), std::min(bounds.top(), at.y())),
                      QPointF(std::max(bounds.right(), at.x()), std::max(bounds.bottom(), at.y())));
        devices.append({id, *fields});
    }
    if (devices.isEmpty())
        return malformed;
    const QPointF shift = options.centre ? *options.centre - bounds.center() : options.offset;
    for (NewDeviceRow &row : devices) {
        Value *place = valueOf(row.fields, Field::Position);
        *place = std::get<QPointF>(*place) + shift;
        out.edits.append(CreateEntity{EntityKind::Device, row.id, row.fields});
    }
    out.deviceCount = devices.size();

    for (const QCborValue &each : map.value(QStringLiteral("interfaces")).toArray()) {
        const QCborMap entity = each.toMap();
        auto fields = fieldsFromCbor(EntityKind::Interface, entity);
        Value *device = fields ? valueOf(*fields, Field::Device) : nullptr;
        if (!device || !idOf.contains(std::get<qint64>(*device)))
            return malformed;
        *device = qint64(idOf.value(std::get<qint64>(*device)));
        const EntityId id = newId();
        idOf.insert(entity.value(QStringLiteral("id")).toInteger(), id);
        out.edits.append(CreateEntity{EntityKind::Interface, id, *fields});
    }
    for (const QCborValue &each : map.value(QStringLiteral("links")).toArray()) {
        auto fields = fieldsFromCbor(EntityKind::Link, each.toMap());
        if (!fields)
            return malformed;
        for (const Field end : {Field::AInterface, Field::BInterface}) {
            Value *port = valueOf(*fields, end);
            if (!port || !idOf.contains(std::get<qint64>(*port)))
                return malformed;
            *port = qint64(idOf.value(std::get<qint64>(*port)));
        }
        out.edits.append(CreateEntity{EntityKind::Link, newId(), *fields});
    }
    return out;
}

} // namespace patchboard::ui::clipboard
