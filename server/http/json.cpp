#include "server/http/json.h"

#include <QDateTime>

#include <array>
#include <charconv>
#include <cmath>

namespace patchboard::http {

namespace {

ShapeKey shapeKey(ShapeKey::Source source, const FieldInfo *info, const QByteArray &key)
{
    return {source, info, key, '"' + key + "\":"};
}

ShapeKey keyNamed(EntityKind kind, const char *name)
{
    using Source = ShapeKey::Source;
    const QByteArray key(name);
    if (key == "id")
        return shapeKey(Source::Id, nullptr, key);
    if (key == "x")
        return shapeKey(Source::X, fieldInfo(kind, Field::Position), key);
    if (key == "y")
        return shapeKey(Source::Y, fieldInfo(kind, Field::Position), key);
    if (key == "effective_status")
        return shapeKey(Source::EffectiveStatus, fieldInfo(kind, Field::Status), key);
    return shapeKey(Source::Field, fieldInfo(kind, QString::fromLatin1(name)), key);
}

Shape shapeOf(EntityKind kind, std::initializer_list<const char *> names)
{
    Shape shape;
    for (const char *name : names)
        shape.append(keyNamed(kind, name));
    return shape;
}

Shape everything(EntityKind kind)
{
    using Source = ShapeKey::Source;
    Shape shape{shapeKey(Source::Id, nullptr, "id")};
    for (const FieldInfo &info : fieldsOf(kind)) {
        if (info.type == ValueType::Place) {
            shape.append(shapeKey(Source::X, &info, "x"));
            shape.append(shapeKey(Source::Y, &info, "y"));
        } else {
            shape.append(shapeKey(Source::Field, &info, info.key));
        }
        if (info.field == Field::OverrideReason)
            shape.append(shapeKey(Source::EffectiveStatus, fieldInfo(kind, Field::Status),
                                  "effective_status"));
    }
    shape.append(shapeKey(Source::Properties, nullptr, "properties"));
    shape.append(shapeKey(Source::CreatedAt, nullptr, "created_at"));
    shape.append(shapeKey(Source::UpdatedAt, nullptr, "updated_at"));
    return shape;
}

template <typename E>
Status effectiveOf(const E &entity)
{
    if constexpr (requires { entity.state; })
        return entity.state.effective();
    else
        return Status::Down;
}

template <typename E>
QPointF positionOf(const E &entity)
{
    if constexpr (std::is_same_v<E, Device>)
        return entity.position;
    else
        return {};
}

} // namespace

void appendValue(QByteArray &out, const FieldInfo &info, const Value &value)
{
    if (isNull(value)) {
        out += "null";
        return;
    }
    switch (info.type) {
    case ValueType::Text:
        appendText(out, std::get<QString>(value));
        break;
    case ValueType::Flag:
        out += std::get<bool>(value) ? "true" : "false";
        break;
    case ValueType::Integer:
    case ValueType::Reference:
        out += QByteArray::number(std::get<qint64>(value));
        break;
    case ValueType::Real:
        out += realText(std::get<double>(value));
        break;
    case ValueType::Enumeration:
        out += '"';
        for (const EnumEntry &entry : info.entries) {
            if (entry.value == std::get<qint64>(value))
                out += entry.key;
        }
        out += '"';
        break;
    case ValueType::Time:
        out += '"' + timeText(std::get<qint64>(value)) + '"';
        break;
    case ValueType::Place: // shapes have its x and y
        break;
    }
}

QByteArray realText(double number)
{
    std::array<char, 40> buffer;
    // repr() of Python: plain digits from 1e-4 up to 1e16, shortest that reads back the same.
    const double size = std::abs(number);
    const auto format = size != 0 && (size < 1e-4 || size >= 1e16) ? std::chars_format::scientific
                                                                   : std::chars_format::fixed;
    const auto end =
        std::to_chars(buffer.data(), buffer.data() + buffer.size(), number, format).ptr;
    QByteArray out(buffer.data(), end - buffer.data());
    if (format == std::chars_format::fixed && !out.contains('.'))
        out += ".0";
    return out;
}

QByteArray timeText(qint64 time)
{
    return QDateTime::fromMSecsSinceEpoch(time, Qt::UTC).toString(Qt::ISODateWithMs).toLatin1();
}

void appendText(QByteArray &out, QStringView text)
{
    out += '"';
    const QByteArray utf8 = text.toUtf8();
    qsizetype plain = 0;
    for (qsizetype i = 0; i < utf8.size(); ++i) {
        const char c = utf8[i];
        if (quint8(c) >= 0x20 && c != '"' && c != '\\')
            continue;
        out.append(utf8.constData() + plain, i - plain);
        plain = i + 1;
        switch (c) {
        case '"':
            out += "\\\"";
            break;
        case '\\':
            out += "\\\\";
            break;
        case '\n':
            out += "\\n";
            break;
        case '\r':
            out += "\\r";
            break;
        case '\t':
            out += "\\t";
            break;
        default:
            out += "\\u00" + QByteArray::number(c, 16).rightJustified(2, '0');
        }
    }
    out.append(utf8.constData() + plain, utf8.size() - plain);
    out += '"';
}

const Shape &responseShape(EntityKind kind)
{
    static const Shape device = shapeOf(
        EntityKind::Device, {"id", "name", "device_type", "status", "x", "y", "tx_power_dbm",
                             "sensitivity_min_dbm", "insertion_loss_db", "parent_container_id",
                             "status_override", "override_reason", "effective_status"});
    static const Shape interface =
        shapeOf(EntityKind::Interface, {"id", "name", "interface_type", "status", "device_id"});
    static const Shape link =
        shapeOf(EntityKind::Link, {"id", "status", "a_interface_id", "b_interface_id", "length_km",
                                   "physical_medium_id", "link_loss_db"});
    if (kind == EntityKind::Interface)
        return interface;
    return kind == EntityKind::Link ? link : device;
}

const Shape &fullShape(EntityKind kind)
{
    static const Shape device = everything(EntityKind::Device);
    static const Shape interface = everything(EntityKind::Interface);
    static const Shape link = everything(EntityKind::Link);
    static const Shape board = everything(EntityKind::Board);
    static const Shape type = everything(EntityKind::DeviceType);
    switch (kind) {
    case EntityKind::Board:
        return board;
    case EntityKind::Interface:
        return interface;
    case EntityKind::Link:
        return link;
    case EntityKind::DeviceType:
        return type;
    case EntityKind::Device:
        break;
    }
    return device;
}

template <typename E>
void appendEntity(QByteArray &out, const E &entity, const Shape &shape)
{
    using Source = ShapeKey::Source;
    char separator = '{';
    for (const ShapeKey &key : shape) {
        out += separator;
        separator = ',';
        out += key.prefix;
        switch (key.source) {
        case Source::Id:
            out += QByteArray::number(entity.id);
            break;
        case Source::Field:
            appendValue(out, *key.info, fieldOf(entity, key.info->field));
            break;
        case Source::X:
            out += realText(positionOf(entity).x());
            break;
        case Source::Y:
            out += realText(positionOf(entity).y());
            break;
        case Source::EffectiveStatus:
            appendValue(out, *key.info, qint64(effectiveOf(entity)));
            break;
        case Source::Properties: {
            char inner = '{';
            const Properties &properties = entity.remarks->properties;
            for (auto it = properties.cbegin(); it != properties.cend(); ++it) {
                out += inner;
                inner = ',';
                appendText(out, it.key());
                out += ':';
                appendText(out, it.value());
            }
            out += inner == '{' ? "{}" : "}";
            break;
        }
        case Source::CreatedAt:
            out += '"' + timeText(entity.createdAt) + '"';
            break;
        case Source::UpdatedAt:
            out += '"' + timeText(entity.updatedAt) + '"';
            break;
        }
    }
    out += '}';
}
template void appendEntity(QByteArray &, const BoardInfo &, const Shape &);
template void appendEntity(QByteArray &, const CustomType &, const Shape &);
template void appendEntity(QByteArray &, const Device &, const Shape &);
template void appendEntity(QByteArray &, const Interface &, const Shape &);
template void appendEntity(QByteArray &, const Link &, const Shape &);

QByteArray entityJson(const Topology &topology, EntityId id, const Shape &shape)
{
    QByteArray out;
    if (const Device *device = topology.device(id))
        appendEntity(out, *device, shape);
    else if (const Interface *interface = topology.interface(id))
        appendEntity(out, *interface, shape);
    else if (const Link *link = topology.link(id))
        appendEntity(out, *link, shape);
    else if (const CustomType *type = topology.customType(id))
        appendEntity(out, *type, shape);
    else if (id == kBoardId)
        appendEntity(out, topology.board(), shape);
    else
        out = "null";
    return out;
}

} // namespace patchboard::http
