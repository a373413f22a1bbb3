#pragma once

#include "model/core/entities.h"
#include "model/core/result.h"

#include <QHashFunctions>
#include <QList>
#include <QMetaType>

#include <span>

namespace patchboard {

/// Every field that a change can set. The numbers are stored and sent; they never change and are
/// never used again.
enum class Field : quint16 {
    Name = 1,
    DeviceType = 2,
    Status = 3,
    StatusOverride = 4,
    OverrideReason = 5,
    OverrideBy = 6,
    OverrideAt = 7,
    Position = 8,
    Address = 9,
    TxPower = 10,
    Sensitivity = 11,
    InsertionLoss = 12,
    Container = 13,
    Locked = 14,
    Notes = 15,
    Property = 16, ///< one free property; FieldKey::property names it; null removes it
    InterfaceType = 17,
    Device = 18,
    Label = 19,
    Length = 20,
    Medium = 21,
    Loss = 22,
    AInterface = 23,
    BInterface = 24,
    Title = 25,
    LinkPolicy = 26,
    TypeKey = 27,
    TypeIcon = 28,
    TypeContainer = 29,
    TypeInterfaces = 30,
    ComputedStatus = 31,
    Overload = 32,
};

enum class ValueType : quint8 { Text, Flag, Integer, Real, Place, Enumeration, Reference, Time };

/// One name of an enumeration: the value, the word of the protocol (UP), the word for people.
struct EnumEntry
{
    qint64 value;
    const char *key;
    const char *label; ///< English source text, context "Field"
};

/// A row of the registry: all that codecs, the SQL schema, REST, forms, tables and CSV need to know
/// of a field of one kind of entity.
struct FieldInfo
{
    EntityKind kind;
    Field field;
    const char *key; ///< name in JSON and SQL, as tx_power_dbm
    ValueType type;
    bool nullable;    ///< may be null
    bool required;    ///< must be given when an entity is created
    bool editable;    ///< may be set after creation
    bool userVisible; ///< has a row in forms and a column in tables
    double minimum;   ///< of Real and Integer; of Text the least length in characters
    double maximum;   ///< of Real and Integer; of Text the greatest length in characters
    std::span<const EnumEntry> entries; ///< of Enumeration
    EntityKind target;                  ///< of Reference
    int sinceVersion;                   ///< schema version that brought it
    const char *label;                  ///< English source text, context "Field"
    const char *unit;                   ///< "" or as "dBm"

    [[nodiscard]] QString translatedLabel() const;
    /// "Transmit power (dBm)".
    [[nodiscard]] QString labelWithUnit() const;
};

/// A field, and for Field::Property which property.
struct FieldKey
{
    Field field = Field::Name;
    QString property;

    FieldKey() = default;
    FieldKey(Field f)
        : field(f)
    {
    }
    FieldKey(Field f, QString p)
        : field(f)
        , property(std::move(p))
    {
    }
    bool operator==(const FieldKey &) const = default;
};
inline size_t qHash(const FieldKey &key, size_t seed = 0)
{
    return qHashMulti(seed, quint16(key.field), key.property);
}

struct FieldValue
{
    FieldKey key;
    Value value;
    bool operator==(const FieldValue &) const = default;
};

/// All rows, in the order of forms and columns.
std::span<const FieldInfo> fieldRegistry();
/// The rows of one kind, in order.
std::span<const FieldInfo> fieldsOf(EntityKind kind);
/// nullptr if that kind has no such field.
const FieldInfo *fieldInfo(EntityKind kind, Field field);
/// By JSON key; nullptr if there is none.
const FieldInfo *fieldInfo(EntityKind kind, QStringView key);

std::span<const EnumEntry> statusEntries();
std::span<const EnumEntry> interfaceTypeEntries();
/// "UP".
QString statusKey(Status status);
/// "Up", translated.
QString statusLabel(Status status);
std::optional<Status> statusFromKey(QStringView key);
QString interfaceTypeKey(InterfaceType type);
std::optional<InterfaceType> interfaceTypeFromKey(QStringView key);
/// The protocol's word for an enumeration's value; empty if it is none of the entries.
QString enumKey(const FieldInfo &info, qint64 value);

/// Type and bounds of @a value for a field; says nothing of uniqueness or of what it refers to.
/// Names the field in the error.
Result<void> checkValue(const FieldInfo &info, const Value &value);
Result<void> checkProperty(const QString &name, const Value &value);

/// Reads and writes one field of an entity. The field must belong to the entity's kind and the
/// value must have passed checkValue(); an absent property reads as null.
Value fieldOf(const Entity &entity, const FieldKey &key);
Value fieldOf(const BoardInfo &entity, const FieldKey &key);
Value fieldOf(const Device &entity, const FieldKey &key);
Value fieldOf(const Interface &entity, const FieldKey &key);
Value fieldOf(const Link &entity, const FieldKey &key);
Value fieldOf(const CustomType &entity, const FieldKey &key);
void setField(Entity &entity, const FieldKey &key, const Value &value);
void setField(BoardInfo &entity, const FieldKey &key, const Value &value);
void setField(Device &entity, const FieldKey &key, const Value &value);
void setField(Interface &entity, const FieldKey &key, const Value &value);
void setField(Link &entity, const FieldKey &key, const Value &value);
void setField(CustomType &entity, const FieldKey &key, const Value &value);

/// All fields of @a entity that differ from a new one's default, properties included, in registry
/// order: what a `create` carries.
QList<FieldValue> fieldsOf(const Entity &entity);

/// An empty entity of a kind.
Entity makeEntity(EntityKind kind, EntityId id);

/// A value as people read it (status words, numbers in the user's locale, properties as they are).
QString displayText(const FieldInfo &info, const Value &value);

} // namespace patchboard
Q_DECLARE_METATYPE(patchboard::FieldKey)
