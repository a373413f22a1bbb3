#pragma once

#include "model/core/topology.h"

#include <QByteArray>
#include <QJsonObject>

#include <span>

/// Entities as JSON: the shapes of the HTTP interface, from the field registry.
namespace patchboard::http {

/// One key of a shape: a field of the registry, or one of the few that every entity has.
struct ShapeKey
{
    enum class Source : quint8 {
        Id,
        Field,
        X,
        Y,
        EffectiveStatus,
        Properties,
        CreatedAt,
        UpdatedAt
    };
    Source source = Source::Field;
    const FieldInfo *info = nullptr; ///< of Field, X and Y
    QByteArray key;                  ///< as "tx_power_dbm"
    QByteArray prefix;               ///< `"tx_power_dbm":`
};
using Shape = QList<ShapeKey>;

/// What lists and single resources give: DeviceResponse, InterfaceResponse, LinkResponse.
const Shape &responseShape(EntityKind kind);
/// Every key of an entity, of any kind.
const Shape &fullShape(EntityKind kind);

/// Appends a JSON object. @a entity: Device, Interface, Link, CustomType, BoardInfo.
template <typename E>
void appendEntity(QByteArray &out, const E &entity, const Shape &shape);
/// The object of an entity of the board; "null" if there is none.
QByteArray entityJson(const Topology &topology, EntityId id, const Shape &shape);

/// A field's value; a place has no text of its own, but its x and y.
void appendValue(QByteArray &out, const FieldInfo &info, const Value &value);
void appendText(QByteArray &out, QStringView text);
/// As Python writes it: 1 is 1.0, so that clients keep seeing a real number.
QByteArray realText(double number);
/// ISO 8601 in UTC, with milliseconds.
QByteArray timeText(qint64 time);

} // namespace patchboard::http
