#include "model/core/fields.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QLocale>

#include <array>
#include <cmath>
#include <limits>

namespace patchboard {

namespace {

constexpr EnumEntry kStatusEntries[] = {
    {qint64(Status::Down), "DOWN", QT_TRANSLATE_NOOP("Field", "Down")},
    {qint64(Status::Up), "UP", QT_TRANSLATE_NOOP("Field", "Up")},
    {qint64(Status::Degraded), "DEGRADED", QT_TRANSLATE_NOOP("Field", "Degraded")},
};
constexpr EnumEntry kInterfaceTypeEntries[] = {
    {qint64(InterfaceType::Ethernet), "ETHERNET", QT_TRANSLATE_NOOP("Field", "Ethernet")},
    {qint64(InterfaceType::Optical), "OPTICAL", QT_TRANSLATE_NOOP("Field", "Optical")},
    {qint64(InterfaceType::Loopback), "LOOPBACK", QT_TRANSLATE_NOOP("Field", "Loopback")},
};
constexpr EnumEntry kLinkPolicyEntries[] = {
    {qint64(LinkPolicy::Advise), "advise", QT_TRANSLATE_NOOP("Field", "Advise")},
    {qint64(LinkPolicy::Enforce), "enforce", QT_TRANSLATE_NOOP("Field", "Enforce")},
};

constexpr double kNameLength = 16384;
constexpr double kNotesLength = 16384;
constexpr double kBig = 1e9;

using K = EntityKind;
using F = Field;
using T = ValueType;

constexpr FieldInfo text(K kind, F field, const char *key, const char *label, bool nullable,
                         double longest)
{
    return {kind, field,   key, T::Text,  nullable, false, true, true,
            0,    longest, {},  K::Board, 1,        label, ""};
}
constexpr FieldInfo name(K kind, F field, const char *key, const char *label, double longest)
{
    return {kind, field,   key, T::Text,  false, true,  true, true,
            1,    longest, {},  K::Board, 1,     label, ""};
}
constexpr FieldInfo real(K kind, F field, const char *key, const char *label, const char *unit,
                         double least, double most)
{
    return {kind,  field, key, T::Real,  true, false, true, true,
            least, most,  {},  K::Board, 1,    label, unit};
}
constexpr FieldInfo enumeration(K kind, F field, const char *key, const char *label, bool nullable,
                                bool required, std::span<const EnumEntry> entries)
{
    return {kind, field, key,     T::Enumeration, nullable, required, true, true,
            0,    0,     entries, K::Board,       1,        label,    ""};
}
constexpr FieldInfo reference(K kind, F field, const char *key, const char *label, K target,
                              bool nullable, bool required, bool editable)
{
    return {kind, field, key, T::Reference, nullable, required, editable, true,
            0,    0,     {},  target,       1,        label,    ""};
}
constexpr FieldInfo hidden(FieldInfo info)
{
    info.userVisible = false;
    return info;
}
constexpr FieldInfo since(int version, FieldInfo info)
{
    info.sinceVersion = version;
    return info;
}
constexpr FieldInfo flag(K kind, F field, const char *key, const char *label)
{
    return {kind, field, key, T::Flag, false, false, true, true, 0, 1, {}, K::Board, 1, label, ""};
}
constexpr FieldInfo time(K kind, F field, const char *key, const char *label)
{
    return {kind, field, key, T::Time, true, false, true, false, 0, 0, {}, K::Board, 1, label, ""};
}
constexpr FieldInfo place(K kind, F field, const char *key, const char *label)
{
    return {kind,  field, key, T::Place, false, false, true, true,
            -kBig, kBig,  {},  K::Board, 1,     label, ""};
}

constexpr FieldInfo kRegistry[] = {
    text(K::Board, F::Title, "title", QT_TRANSLATE_NOOP("Field", "Title"), false, kNameLength),
    enumeration(K::Board, F::LinkPolicy, "link_policy", QT_TRANSLATE_NOOP("Field", "Link rules"),
                false, false, kLinkPolicyEntries),
    since(5, flag(K::Board, F::ComputedStatus, "computed_status",
                  QT_TRANSLATE_NOOP("Field", "Optics and health"))),
    text(K::Board, F::Notes, "notes", QT_TRANSLATE_NOOP("Field", "Notes"), true, kNotesLength),

    name(K::Device, F::Name, "name", QT_TRANSLATE_NOOP("Field", "Name"), kNameLength),
    name(K::Device, F::DeviceType, "device_type", QT_TRANSLATE_NOOP("Field", "Type"), 64),
    enumeration(K::Device, F::Status, "status", QT_TRANSLATE_NOOP("Field", "Status"), false, false,
                kStatusEntries),
    enumeration(K::Device, F::StatusOverride, "status_override",
                QT_TRANSLATE_NOOP("Field", "Status override"), true, false, kStatusEntries),
    text(K::Device, F::OverrideReason, "override_reason",
         QT_TRANSLATE_NOOP("Field", "Override reason"), true, 255),
    hidden(text(K::Device, F::OverrideBy, "override_by",
                QT_TRANSLATE_NOOP("Field", "Overridden by"), true, 255)),
    time(K::Device, F::OverrideAt, "override_at", QT_TRANSLATE_NOOP("Field", "Overridden at")),
    text(K::Device, F::Address, "address", QT_TRANSLATE_NOOP("Field", "Address"), true, 1024),
    reference(K::Device, F::Container, "parent_container_id",
              QT_TRANSLATE_NOOP("Field", "Container"), K::Device, true, false, true),
    place(K::Device, F::Position, "position", QT_TRANSLATE_NOOP("Field", "Position")),
    flag(K::Device, F::Locked, "locked", QT_TRANSLATE_NOOP("Field", "Locked")),
    real(K::Device, F::TxPower, "tx_power_dbm", QT_TRANSLATE_NOOP("Field", "Transmit power"), "dBm",
         -200, 200),
    real(K::Device, F::Sensitivity, "sensitivity_min_dbm",
         QT_TRANSLATE_NOOP("Field", "Receiver sensitivity"), "dBm", -200, 200),
    since(5, real(K::Device, F::Overload, "overload_dbm",
                  QT_TRANSLATE_NOOP("Field", "Receiver overload"), "dBm", -200, 200)),
    real(K::Device, F::InsertionLoss, "insertion_loss_db",
         QT_TRANSLATE_NOOP("Field", "Insertion loss"), "dB", 0, 200),
    text(K::Device, F::Notes, "notes", QT_TRANSLATE_NOOP("Field", "Notes"), true, kNotesLength),

    name(K::Interface, F::Name, "name", QT_TRANSLATE_NOOP("Field", "Name"), kNameLength),
    enumeration(K::Interface, F::InterfaceType, "interface_type",
                QT_TRANSLATE_NOOP("Field", "Type"), false, false, kInterfaceTypeEntries),
    reference(K::Interface, F::Device, "device_id", QT_TRANSLATE_NOOP("Field", "Device"), K::Device,
              false, true, false),
    enumeration(K::Interface, F::Status, "status", QT_TRANSLATE_NOOP("Field", "Status"), false,
                false, kStatusEntries),
    enumeration(K::Interface, F::StatusOverride, "status_override",
                QT_TRANSLATE_NOOP("Field", "Status override"), true, false, kStatusEntries),
    text(K::Interface, F::OverrideReason, "override_reason",
         QT_TRANSLATE_NOOP("Field", "Override reason"), true, 255),
    hidden(text(K::Interface, F::OverrideBy, "override_by",
                QT_TRANSLATE_NOOP("Field", "Overridden by"), true, 255)),
    time(K::Interface, F::OverrideAt, "override_at", QT_TRANSLATE_NOOP("Field", "Overridden at")),
    text(K::Interface, F::Address, "address", QT_TRANSLATE_NOOP("Field", "Address"), true, 1024),
    text(K::Interface, F::Notes, "notes", QT_TRANSLATE_NOOP("Field", "Notes"), true, kNotesLength),

    reference(K::Link, F::AInterface, "a_interface_id", QT_TRANSLATE_NOOP("Field", "End A"),
              K::Interface, false, true, false),
    reference(K::Link, F::BInterface, "b_interface_id", QT_TRANSLATE_NOOP("Field", "End B"),
              K::Interface, false, true, false),
    text(K::Link, F::Label, "label", QT_TRANSLATE_NOOP("Field", "Label"), true, kNameLength),
    enumeration(K::Link, F::Status, "status", QT_TRANSLATE_NOOP("Field", "Status"), false, false,
                kStatusEntries),
    enumeration(K::Link, F::StatusOverride, "status_override",
                QT_TRANSLATE_NOOP("Field", "Status override"), true, false, kStatusEntries),
    text(K::Link, F::OverrideReason, "override_reason",
         QT_TRANSLATE_NOOP("Field", "Override reason"), true, 255),
    hidden(text(K::Link, F::OverrideBy, "override_by", QT_TRANSLATE_NOOP("Field", "Overridden by"),
                true, 255)),
    time(K::Link, F::OverrideAt, "override_at", QT_TRANSLATE_NOOP("Field", "Overridden at")),
    real(K::Link, F::Length, "length_km", QT_TRANSLATE_NOOP("Field", "Length"), "km", 0, 1e6),
    text(K::Link, F::Medium, "physical_medium_id", QT_TRANSLATE_NOOP("Field", "Medium"), true, 255),
    real(K::Link, F::Loss, "link_loss_db", QT_TRANSLATE_NOOP("Field", "Loss"), "dB", 0, 1e4),
    text(K::Link, F::Notes, "notes", QT_TRANSLATE_NOOP("Field", "Notes"), true, kNotesLength),

    name(K::DeviceType, F::TypeKey, "key", QT_TRANSLATE_NOOP("Field", "Key"), 64),
    text(K::DeviceType, F::Label, "label", QT_TRANSLATE_NOOP("Field", "Label"), false, 255),
    text(K::DeviceType, F::TypeIcon, "icon", QT_TRANSLATE_NOOP("Field", "Icon"), false, 64),
    flag(K::DeviceType, F::TypeContainer, "container",
         QT_TRANSLATE_NOOP("Field", "Is a container")),
    text(K::DeviceType, F::TypeInterfaces, "interfaces",
         QT_TRANSLATE_NOOP("Field", "Default interfaces"), false, kNotesLength),
    text(K::DeviceType, F::Notes, "notes", QT_TRANSLATE_NOOP("Field", "Notes"), true, kNotesLength),
};

constexpr qsizetype kFieldCount = 33;

struct RegistryIndex
{
    std::array<std::array<const FieldInfo *, kFieldCount>, 5> byField{};
    std::array<std::span<const FieldInfo>, 5> byKind{};
    RegistryIndex()
    {
        const std::span<const FieldInfo> all(kRegistry);
        for (size_t first = 0; first < all.size();) {
            size_t last = first;
            while (last < all.size() && all[last].kind == all[first].kind)
                ++last;
            byKind[size_t(all[first].kind)] = all.subspan(first, last - first);
            first = last;
        }
        for (const FieldInfo &info : all)
            byField[size_t(info.kind)][size_t(info.field)] = &info;
    }
};

const RegistryIndex &registryIndex()
{
    static const RegistryIndex index;
    return index;
}

QString keyOf(std::span<const EnumEntry> entries, qint64 value)
{
    for (const EnumEntry &entry : entries) {
        if (entry.value == value)
            return QString::fromLatin1(entry.key);
    }
    return {};
}

template <typename E>
std::optional<E> fromKey(std::span<const EnumEntry> entries, QStringView key)
{
    for (const EnumEntry &entry : entries) {
        if (key == QLatin1String(entry.key))
            return E(entry.value);
    }
    return std::nullopt;
}

Error fieldError(const FieldInfo &info, const QString &what)
{
    return {Errc::BadValue, QStringLiteral("%1: %2").arg(QString::fromLatin1(info.key), what)};
}

QString trField(const char *sourceText)
{
    return QCoreApplication::translate("Field", sourceText);
}

// Reading and writing: one overload per C++ type of a member.
Value toValue(const QString &text)
{
    return text;
}
Value toNullable(const QString &text)
{
    return text.isEmpty() ? Value() : Value(text);
}
Value toValue(const std::optional<double> &number)
{
    return number ? Value(*number) : Value();
}
QString toText(const Value &value)
{
    const QString *text = std::get_if<QString>(&value);
    return text ? *text : QString();
}
std::optional<double> toReal(const Value &value)
{
    if (const double *number = std::get_if<double>(&value))
        return *number;
    return std::nullopt;
}
qint64 toInteger(const Value &value)
{
    const qint64 *number = std::get_if<qint64>(&value);
    return number ? *number : 0;
}
bool toFlag(const Value &value)
{
    const bool *flag = std::get_if<bool>(&value);
    return flag && *flag;
}
Value referenceValue(EntityId id)
{
    return id == 0 ? Value() : Value(qint64(id));
}

bool readBase(const EntityBase &entity, const FieldKey &key, Value &out)
{
    if (key.field == Field::Notes) {
        out = toNullable(entity.remarks->notes);
        return true;
    }
    if (key.field == Field::Property) {
        const Properties &properties = entity.remarks->properties;
        const auto it = properties.constFind(key.property);
        out = it == properties.cend() ? Value() : Value(*it);
        return true;
    }
    return false;
}

bool writeBase(EntityBase &entity, const FieldKey &key, const Value &value)
{
    if (key.field == Field::Notes) {
        entity.remarks.set(&Remarks::notes, toText(value));
        return true;
    }
    if (key.field == Field::Property) {
        entity.remarks.edit([&](Remarks &remarks) {
            if (isNull(value))
                remarks.properties.remove(key.property);
            else
                remarks.properties.insert(key.property, toText(value));
        });
        return true;
    }
    return false;
}

bool readState(const StatusFields &state, Field field, Value &out)
{
    switch (field) {
    case Field::Status:
        out = qint64(state.status);
        return true;
    case Field::StatusOverride:
        out = state.override_ ? Value(qint64(*state.override_)) : Value();
        return true;
    case Field::OverrideReason:
        out = toNullable(state.overrideInfo->reason);
        return true;
    case Field::OverrideBy:
        out = toNullable(state.overrideInfo->by);
        return true;
    case Field::OverrideAt:
        out = state.overrideInfo->at == 0 ? Value() : Value(state.overrideInfo->at);
        return true;
    default:
        return false;
    }
}

bool writeState(StatusFields &state, Field field, const Value &value)
{
    switch (field) {
    case Field::Status:
        state.status = Status(toInteger(value));
        return true;
    case Field::StatusOverride:
        state.override_.reset();
        if (!isNull(value))
            state.override_ = Status(toInteger(value));
        return true;
    case Field::OverrideReason:
        state.overrideInfo.set(&OverrideInfo::reason, toText(value));
        return true;
    case Field::OverrideBy:
        state.overrideInfo.set(&OverrideInfo::by, toText(value));
        return true;
    case Field::OverrideAt:
        state.overrideInfo.set(&OverrideInfo::at, toInteger(value));
        return true;
    default:
        return false;
    }
}

/// Exact, unlike QPointF's own comparison.
bool sameValue(const Value &a, const Value &b)
{
    const QPointF *placeA = std::get_if<QPointF>(&a);
    const QPointF *placeB = std::get_if<QPointF>(&b);
    if (placeA && placeB)
        return placeA->x() == placeB->x() && placeA->y() == placeB->y();
    return a == b;
}

/// Text that every codec and database takes as it is: whole characters, and none that is 0.
bool isSound(const QString &text)
{
    return text.isValidUtf16() && !text.contains(QChar(u'\0'));
}

template <typename E>
QList<FieldValue> nonDefaultFields(const E &entity, EntityKind kind)
{
    static const E fresh{};
    QList<FieldValue> out;
    for (const FieldInfo &info : fieldsOf(kind)) {
        Value value = fieldOf(entity, info.field);
        if (info.required || !sameValue(value, fieldOf(fresh, info.field)))
            out.append({info.field, std::move(value)});
    }
    const Properties &properties = entity.remarks->properties;
    for (auto it = properties.cbegin(); it != properties.cend(); ++it)
        out.append({{Field::Property, it.key()}, it.value()});
    return out;
}

} // namespace

QString FieldInfo::translatedLabel() const
{
    return trField(label);
}

QString FieldInfo::labelWithUnit() const
{
    if (*unit == '\0')
        return translatedLabel();
    return QStringLiteral("%1 (%2)").arg(translatedLabel(), QString::fromLatin1(unit));
}

std::span<const FieldInfo> fieldRegistry()
{
    return kRegistry;
}

std::span<const FieldInfo> fieldsOf(EntityKind kind)
{
    const auto &byKind = registryIndex().byKind;
    return size_t(kind) < byKind.size() ? byKind[size_t(kind)] : std::span<const FieldInfo>();
}

const FieldInfo *fieldInfo(EntityKind kind, Field field)
{
    if (size_t(kind) >= 5 || size_t(field) >= size_t(kFieldCount))
        return nullptr;
    return registryIndex().byField[size_t(kind)][size_t(field)];
}

const FieldInfo *fieldInfo(EntityKind kind, QStringView key)
{
    for (const FieldInfo &info : fieldsOf(kind)) {
        if (key == QLatin1String(info.key))
            return &info;
    }
    return nullptr;
}

std::span<const EnumEntry> statusEntries()
{
    return kStatusEntries;
}
std::span<const EnumEntry> interfaceTypeEntries()
{
    return kInterfaceTypeEntries;
}
QString statusKey(Status status)
{
    return keyOf(kStatusEntries, qint64(status));
}
QString statusLabel(Status status)
{
    for (const EnumEntry &entry : kStatusEntries) {
        if (entry.value == qint64(status))
            return trField(entry.label);
    }
    return {};
}
std::optional<Status> statusFromKey(QStringView key)
{
    return fromKey<Status>(kStatusEntries, key);
}
QString interfaceTypeKey(InterfaceType type)
{
    return keyOf(kInterfaceTypeEntries, qint64(type));
}
std::optional<InterfaceType> interfaceTypeFromKey(QStringView key)
{
    return fromKey<InterfaceType>(kInterfaceTypeEntries, key);
}
QString enumKey(const FieldInfo &info, qint64 value)
{
    return keyOf(info.entries, value);
}

Result<void> checkValue(const FieldInfo &info, const Value &value)
{
    if (isNull(value)) {
        if (info.nullable)
            return {};
        return fieldError(info, trField(QT_TRANSLATE_NOOP("Field", "a value is needed")));
    }
    const auto wrongType = [&](const char *expected) {
        return fieldError(info, trField(expected));
    };
    switch (info.type) {
    case ValueType::Text: {
        const QString *string = std::get_if<QString>(&value);
        if (!string)
            return wrongType(QT_TRANSLATE_NOOP("Field", "must be text"));
        if (!isSound(*string))
            return wrongType(QT_TRANSLATE_NOOP("Field", "holds characters that are no text"));
        if (double(string->size()) > info.maximum) {
            return fieldError(info, trField(QT_TRANSLATE_NOOP("Field", "at most %1 characters"))
                                        .arg(qint64(info.maximum)));
        }
        if (double(string->size()) < info.minimum)
            return fieldError(info, trField(QT_TRANSLATE_NOOP("Field", "must not be empty")));
        return {};
    }
    case ValueType::Flag:
        if (!std::holds_alternative<bool>(value))
            return wrongType(QT_TRANSLATE_NOOP("Field", "must be true or false"));
        return {};
    case ValueType::Integer:
        if (!std::holds_alternative<qint64>(value))
            return wrongType(QT_TRANSLATE_NOOP("Field", "must be a whole number"));
        break;
    case ValueType::Time:
        if (!std::holds_alternative<qint64>(value) || std::get<qint64>(value) <= 0)
            return wrongType(QT_TRANSLATE_NOOP("Field", "must be a time"));
        return {};
    case ValueType::Reference:
        if (!std::holds_alternative<qint64>(value) || std::get<qint64>(value) <= 0 ||
            quint64(std::get<qint64>(value)) > kMaxEntityId)
            return wrongType(QT_TRANSLATE_NOOP("Field", "must be an id"));
        return {};
    case ValueType::Enumeration:
        if (!std::holds_alternative<qint64>(value) ||
            enumKey(info, std::get<qint64>(value)).isEmpty())
            return wrongType(QT_TRANSLATE_NOOP("Field", "is none of the allowed values"));
        return {};
    case ValueType::Place: {
        const QPointF *place = std::get_if<QPointF>(&value);
        if (!place || !std::isfinite(place->x()) || !std::isfinite(place->y()) ||
            std::abs(place->x()) > info.maximum || std::abs(place->y()) > info.maximum)
            return wrongType(QT_TRANSLATE_NOOP("Field", "must be a finite place on the board"));
        return {};
    }
    case ValueType::Real:
        if (!std::holds_alternative<double>(value) || !std::isfinite(std::get<double>(value)))
            return wrongType(QT_TRANSLATE_NOOP("Field", "must be a finite number"));
        break;
    }
    const double number =
        info.type == ValueType::Real ? std::get<double>(value) : double(std::get<qint64>(value));
    if (number < info.minimum || number > info.maximum) {
        return fieldError(info, trField(QT_TRANSLATE_NOOP("Field", "must be between %1 and %2"))
                                    .arg(info.minimum)
                                    .arg(info.maximum));
    }
    return {};
}

Result<void> checkProperty(const QString &propertyName, const Value &value)
{
    if (propertyName.isEmpty() || propertyName.size() > 255 || !isSound(propertyName)) {
        return Error{
            Errc::BadValue,
            trField(QT_TRANSLATE_NOOP("Field", "The name of a property has 1 to 255 characters"))};
    }
    if (isNull(value))
        return {};
    const QString *string = std::get_if<QString>(&value);
    if (!string || string->size() > qsizetype(kNotesLength) || !isSound(*string)) {
        return Error{Errc::BadValue,
                     trField(QT_TRANSLATE_NOOP(
                                 "Field", "Property %1: must be text of at most %2 characters"))
                         .arg(propertyName)
                         .arg(qint64(kNotesLength))};
    }
    return {};
}

Value fieldOf(const BoardInfo &entity, const FieldKey &key)
{
    Value out;
    if (readBase(entity, key, out))
        return out;
    switch (key.field) {
    case Field::Title:
        return toValue(entity.title);
    case Field::LinkPolicy:
        return qint64(entity.linkPolicy);
    case Field::ComputedStatus:
        return entity.computedStatus;
    default:
        return {};
    }
}

void setField(BoardInfo &entity, const FieldKey &key, const Value &value)
{
    if (writeBase(entity, key, value))
        return;
    if (key.field == Field::Title)
        entity.title = toText(value);
    else if (key.field == Field::LinkPolicy)
        entity.linkPolicy = LinkPolicy(toInteger(value));
    else if (key.field == Field::ComputedStatus)
        entity.computedStatus = toFlag(value);
}

Value fieldOf(const Device &entity, const FieldKey &key)
{
    Value out;
    if (readBase(entity, key, out) || readState(entity.state, key.field, out))
        return out;
    switch (key.field) {
    case Field::Name:
        return toValue(entity.name);
    case Field::DeviceType:
        return toValue(entity.type);
    case Field::Position:
        return entity.position;
    case Field::Address:
        return toNullable(entity.address);
    case Field::TxPower:
        return toValue(entity.optics->txPowerDbm);
    case Field::Sensitivity:
        return toValue(entity.optics->sensitivityMinDbm);
    case Field::InsertionLoss:
        return toValue(entity.optics->insertionLossDb);
    case Field::Overload:
        return toValue(entity.optics->overloadDbm);
    case Field::Container:
        return referenceValue(entity.container);
    case Field::Locked:
        return entity.locked;
    default:
        return {};
    }
}

void setField(Device &entity, const FieldKey &key, const Value &value)
{
    if (writeBase(entity, key, value) || writeState(entity.state, key.field, value))
        return;
    switch (key.field) {
    case Field::Name:
        entity.name = toText(value);
        break;
    case Field::DeviceType:
        entity.type = toText(value);
        break;
    case Field::Position:
        if (const QPointF *place = std::get_if<QPointF>(&value))
            entity.position = *place;
        break;
    case Field::Address:
        entity.address = toText(value);
        break;
    case Field::TxPower:
        entity.optics.set(&Optics::txPowerDbm, toReal(value));
        break;
    case Field::Sensitivity:
        entity.optics.set(&Optics::sensitivityMinDbm, toReal(value));
        break;
    case Field::InsertionLoss:
        entity.optics.set(&Optics::insertionLossDb, toReal(value));
        break;
    case Field::Overload:
        entity.optics.set(&Optics::overloadDbm, toReal(value));
        break;
    case Field::Container:
        entity.container = EntityId(toInteger(value));
        break;
    case Field::Locked:
        entity.locked = toFlag(value);
        break;
    default:
        break;
    }
}

Value fieldOf(const Interface &entity, const FieldKey &key)
{
    Value out;
    if (readBase(entity, key, out) || readState(entity.state, key.field, out))
        return out;
    switch (key.field) {
    case Field::Name:
        return toValue(entity.name);
    case Field::InterfaceType:
        return qint64(entity.type);
    case Field::Device:
        return referenceValue(entity.device);
    case Field::Address:
        return toNullable(*entity.address);
    default:
        return {};
    }
}

void setField(Interface &entity, const FieldKey &key, const Value &value)
{
    if (writeBase(entity, key, value) || writeState(entity.state, key.field, value))
        return;
    switch (key.field) {
    case Field::Name:
        entity.name = toText(value);
        break;
    case Field::InterfaceType:
        entity.type = InterfaceType(toInteger(value));
        break;
    case Field::Device:
        entity.device = EntityId(toInteger(value));
        break;
    case Field::Address:
        entity.address = toText(value);
        break;
    default:
        break;
    }
}

Value fieldOf(const Link &entity, const FieldKey &key)
{
    Value out;
    if (readBase(entity, key, out) || readState(entity.state, key.field, out))
        return out;
    switch (key.field) {
    case Field::AInterface:
        return referenceValue(entity.a);
    case Field::BInterface:
        return referenceValue(entity.b);
    case Field::Label:
        return toNullable(entity.details->label);
    case Field::Length:
        return toValue(entity.details->lengthKm);
    case Field::Medium:
        return toNullable(entity.details->mediumId);
    case Field::Loss:
        return toValue(entity.details->lossDb);
    default:
        return {};
    }
}

void setField(Link &entity, const FieldKey &key, const Value &value)
{
    if (writeBase(entity, key, value) || writeState(entity.state, key.field, value))
        return;
    switch (key.field) {
    case Field::AInterface:
        entity.a = EntityId(toInteger(value));
        break;
    case Field::BInterface:
        entity.b = EntityId(toInteger(value));
        break;
    case Field::Label:
        entity.details.set(&LinkDetails::label, toText(value));
        break;
    case Field::Length:
        entity.details.set(&LinkDetails::lengthKm, toReal(value));
        break;
    case Field::Medium:
        entity.details.set(&LinkDetails::mediumId, toText(value));
        break;
    case Field::Loss:
        entity.details.set(&LinkDetails::lossDb, toReal(value));
        break;
    default:
        break;
    }
}

Value fieldOf(const CustomType &entity, const FieldKey &key)
{
    Value out;
    if (readBase(entity, key, out))
        return out;
    switch (key.field) {
    case Field::TypeKey:
        return toValue(entity.key);
    case Field::Label:
        return toValue(entity.label);
    case Field::TypeIcon:
        return toValue(entity.icon);
    case Field::TypeContainer:
        return entity.container;
    case Field::TypeInterfaces:
        return toValue(entity.interfaces);
    default:
        return {};
    }
}

void setField(CustomType &entity, const FieldKey &key, const Value &value)
{
    if (writeBase(entity, key, value))
        return;
    switch (key.field) {
    case Field::TypeKey:
        entity.key = toText(value);
        break;
    case Field::Label:
        entity.label = toText(value);
        break;
    case Field::TypeIcon:
        entity.icon = toText(value);
        break;
    case Field::TypeContainer:
        entity.container = toFlag(value);
        break;
    case Field::TypeInterfaces:
        entity.interfaces = toText(value);
        break;
    default:
        break;
    }
}

Value fieldOf(const Entity &entity, const FieldKey &key)
{
    return std::visit([&](const auto &e) { return fieldOf(e, key); }, entity);
}

void setField(Entity &entity, const FieldKey &key, const Value &value)
{
    std::visit([&](auto &e) { setField(e, key, value); }, entity);
}

QList<FieldValue> fieldsOf(const Entity &entity)
{
    const EntityKind kind = kindOf(entity);
    return std::visit([&](const auto &e) { return nonDefaultFields(e, kind); }, entity);
}

Entity makeEntity(EntityKind kind, EntityId id)
{
    Entity entity;
    switch (kind) {
    case EntityKind::Board:
        entity = BoardInfo();
        break;
    case EntityKind::Device:
        entity = Device();
        break;
    case EntityKind::Interface:
        entity = Interface();
        break;
    case EntityKind::Link:
        entity = Link();
        break;
    case EntityKind::DeviceType:
        entity = CustomType();
        break;
    }
    baseOf(entity).id = id;
    return entity;
}

QString displayText(const FieldInfo &info, const Value &value)
{
    if (isNull(value))
        return {};
    const QLocale locale;
    switch (info.type) {
    case ValueType::Text:
        return toText(value);
    case ValueType::Flag:
        return std::get<bool>(value) ? trField(QT_TRANSLATE_NOOP("Field", "Yes"))
                                     : trField(QT_TRANSLATE_NOOP("Field", "No"));
    case ValueType::Integer:
        return locale.toString(std::get<qint64>(value));
    case ValueType::Reference:
        return QString::number(std::get<qint64>(value));
    case ValueType::Real:
        return locale.toString(std::get<double>(value), 'g', QLocale::FloatingPointShortest);
    case ValueType::Place: {
        const QPointF place = std::get<QPointF>(value);
        return QStringLiteral("%1; %2").arg(locale.toString(place.x(), 'f', 1),
                                            locale.toString(place.y(), 'f', 1));
    }
    case ValueType::Time:
        return locale.toString(QDateTime::fromMSecsSinceEpoch(std::get<qint64>(value)),
                               QLocale::ShortFormat);
    case ValueType::Enumeration:
        for (const EnumEntry &entry : info.entries) {
            if (entry.value == std::get<qint64>(value))
                return trField(entry.label);
        }
        return {};
    }
    return {};
}

} // namespace patchboard
