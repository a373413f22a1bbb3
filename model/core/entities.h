#pragma once

#include "model/core/seldom.h"
#include "model/core/value.h"

#include <QMap>
#include <QString>

#include <optional>
#include <variant>

namespace patchboard {

/// The numbers are stored and sent; they never change.
enum class EntityKind : quint8 { Board = 0, Device = 1, Interface = 2, Link = 3, DeviceType = 4 };

using Properties = QMap<QString, QString>;

struct Remarks
{
    QString notes;
    Properties properties;

    bool operator==(const Remarks &) const = default;
};

/// What every entity has. Times are ms since 1970 UTC, set by the authority when it commits; 0
/// while an entity is only pending. `revision` is the revision that last touched it.
struct EntityBase
{
    EntityId id = 0;
    qint64 createdAt = 0;
    qint64 updatedAt = 0;
    quint64 revision = 0;
    quint64 createdRevision = 0; ///< the revision that made it; 0 while pending
    Seldom<Remarks> remarks;

    bool operator==(const EntityBase &) const = default;
};

/// Why, by whom and when a status was forced.
struct OverrideInfo
{
    QString reason; ///< at most 255 characters; null string = none
    QString by;
    qint64 at = 0; ///< ms since 1970 UTC; 0 = not known

    bool operator==(const OverrideInfo &) const = default;
};

/// A reported status and what somebody forced over it.
struct StatusFields
{
    Seldom<OverrideInfo> overrideInfo;
    Status status = Status::Down;
    std::optional<Status> override_;

    [[nodiscard]] Status effective() const { return override_.value_or(status); }
    bool operator==(const StatusFields &) const = default;
};

/// The board's own settings; there is exactly one, with id kBoardId.
struct BoardInfo : EntityBase
{
    QString title;
    LinkPolicy linkPolicy = LinkPolicy::Advise;
    bool computedStatus = false; ///< optical budgets and the health of containers are worked out

    bool operator==(const BoardInfo &) const = default;
};

/// Optical powers and losses; without a value where the device has none.
struct Optics
{
    std::optional<double> txPowerDbm;
    std::optional<double> sensitivityMinDbm;
    std::optional<double> insertionLossDb;
    std::optional<double> overloadDbm; ///< the most that its receiver takes

    bool operator==(const Optics &) const = default;
};

/// A device, or a container of devices (its type says which).
struct Device : EntityBase
{
    QString name;           ///< unique on the board, not empty
    QString type;           ///< key of the catalogue, as CORE_ROUTER
    QPointF position;       ///< centre, in scene units (1 unit = 1 pixel at 100 %)
    QString address;        ///< management address, free text
    EntityId container = 0; ///< the container it lies in; 0 = none
    Seldom<Optics> optics;
    [[no_unique_address]] StatusFields state; // and what follows lies in its padding
    bool locked = false;                      ///< layouts and drags leave it where it is

    bool operator==(const Device &) const = default;
};

struct Interface : EntityBase
{
    QString name; ///< unique on its device, not empty
    EntityId device = 0;
    Seldom<QString> address;
    [[no_unique_address]] StatusFields state; // and what follows lies in its padding
    InterfaceType type = InterfaceType::Ethernet;

    bool operator==(const Interface &) const = default;
};

struct LinkDetails
{
    QString label;
    std::optional<double> lengthKm;
    QString mediumId; ///< as G652D; null string = none
    std::optional<double> lossDb;

    bool operator==(const LinkDetails &) const = default;
};

struct Link : EntityBase
{
    EntityId a = 0; ///< interface at the a end
    EntityId b = 0; ///< interface at the b end; may be on the same device, even the same interface
    StatusFields state;
    Seldom<LinkDetails> details;

    bool operator==(const Link &) const = default;
};

/// A device type that the board adds to the built-in catalogue.
struct CustomType : EntityBase
{
    QString key; ///< unique, upper case, as LAMBDA_MUX; not a built-in key
    QString label;
    QString icon; ///< key of the built-in type whose icon it borrows
    bool container = false;
    QString interfaces; ///< default interfaces, one "name TYPE STATUS" a line

    bool operator==(const CustomType &) const = default;
};

using Entity = std::variant<BoardInfo, Device, Interface, Link, CustomType>;

inline EntityKind kindOf(const Entity &entity)
{
    constexpr EntityKind kinds[] = {EntityKind::Board, EntityKind::Device, EntityKind::Interface,
                                    EntityKind::Link, EntityKind::DeviceType};
    return kinds[entity.index()];
}
inline const EntityBase &baseOf(const Entity &entity)
{
    return std::visit([](const auto &e) -> const EntityBase & { return e; }, entity);
}
inline EntityBase &baseOf(Entity &entity)
{
    return std::visit([](auto &e) -> EntityBase & { return e; }, entity);
}

} // namespace patchboard
