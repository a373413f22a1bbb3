#pragma once

#include <QString>
#include <QStringView>

#include <optional>

namespace patchboard::formats {

/// Keys of the device types that readers give to nodes; all are in the device catalogue.
namespace devicetype {
inline constexpr QLatin1String Router("ROUTER");
inline constexpr QLatin1String Switch("SWITCH");
inline constexpr QLatin1String Firewall("FIREWALL");
inline constexpr QLatin1String Host("HOST");
inline constexpr QLatin1String Server("SERVER");
inline constexpr QLatin1String AccessPoint("ACCESS_POINT");
inline constexpr QLatin1String Cloud("CLOUD");
inline constexpr QLatin1String Generic("GENERIC");
inline constexpr QLatin1String Group("GROUP");
} // namespace devicetype

/// Device type that a word of a file speaks of ("Core Router", "leaf", "L3-switch", or a key of the
/// catalogue itself), empty if none. Only whole words count.
QString deviceTypeFromText(QStringView text);

/// Row of a role in a tiered picture, 0 on top ("superspine" 1, "leaf" 3, "server" 5), or -1.
int tierFromText(QStringView text);

/// An IPv4 or IPv6 address, optionally with a prefix length.
bool isIpAddress(QStringView text);

/// Text without blank lines at its ends and the indentation that pretty printers add around it;
/// blanks inside a line belong to the value.
QString withoutIndentation(const QString &text);

/// A finite number with a dot, nothing else (no commas, no hex, no "inf").
std::optional<double> finiteNumber(QStringView text);

} // namespace patchboard::formats
