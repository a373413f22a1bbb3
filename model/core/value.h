#pragma once

#include <QPointF>
#include <QString>

#include <variant>

namespace patchboard {

/// Whether a thing works. The numbers are stored and sent; they never change.
enum class Status : quint8 { Down = 0, Up = 1, Degraded = 2 };

/// The numbers are stored and sent; they never change.
enum class InterfaceType : quint8 { Ethernet = 0, Optical = 1, Loopback = 2 };

/// The numbers are stored and sent; they never change.
enum class LinkPolicy : quint8 { Advise = 0, Enforce = 1 };

/// An id: `site << 32 | counter`, at most 2^53 - 1, so exact as a JSON number. 0 is the board
/// itself.
using EntityId = quint64;

inline constexpr EntityId kBoardId = 0;
inline constexpr EntityId kMaxEntityId = (quint64(1) << 53) - 1;
inline constexpr quint32 kMaxSite = (1U << 21) - 1;

/// Site 0 is the authority that made the board; every replica leases another.
using SiteId = quint32;

constexpr EntityId makeId(SiteId site, quint32 counter)
{
    return (quint64(site) << 32) | counter;
}
constexpr SiteId siteOf(EntityId id)
{
    return SiteId(id >> 32);
}
constexpr quint32 counterOf(EntityId id)
{
    return quint32(id & 0xffffffffU);
}

/// The value of one field: null, a flag, an integer (also enumerations, times in ms since 1970 UTC
/// and ids), a real number, a place in scene units, or text. Which one a field takes says the
/// registry.
using Value = std::variant<std::monostate, bool, qint64, double, QPointF, QString>;

inline bool isNull(const Value &value)
{
    return value.index() == 0;
}

} // namespace patchboard
