#pragma once

#include "model/core/entities.h"

#include <QByteArray>
#include <QHostAddress>
#include <QList>
#include <QStringList>

#include <optional>

namespace patchboard::server {

/// How often a probe asks, and how sure it has to be. Times in ms.
struct ProbeTiming
{
    int intervalMs = 30'000;
    int timeoutMs = 3'000;
    int rise = 2; ///< answers in a row that make it UP
    int fall = 3; ///< failures in a row that make it DOWN
    bool operator==(const ProbeTiming &) const = default;
};

/// What is asked.
struct ProbeSpec
{
    enum class Kind : quint8 { Tcp, Http, Https, Icmp };
    Kind kind = Kind::Tcp;
    QString host;      ///< a name in ASCII, or an IP address without brackets
    quint16 port = 0;  ///< 0 of ICMP
    QByteArray target; ///< of HTTP: path and query, encoded
    QString text;      ///< as people write it, with names and addresses filled in
    bool operator==(const ProbeSpec &) const = default;
};

/// What a device's properties say of its probes.
struct ProbePlan
{
    QList<ProbeSpec> specs; ///< those that could be read
    ProbeTiming timing;
    QStringList problems; ///< one text for each that could not
    bool operator==(const ProbePlan &) const = default;
};

/// Reads the properties `probe` (one or more, with spaces between them), `probe-interval`,
/// `probe-timeout`, `probe-rise` and `probe-fall`; what is not said is as in @a usual. In a probe,
/// {address} and {name} stand for the device's management address (without a /length) and its name.
ProbePlan readProbes(const Device &device, const ProbeTiming &usual);

/// "500ms", "30s", "5m", "1h"; a number alone means seconds. ms; nullopt if it is none of these or
/// outside of @a least … @a most.
std::optional<int> durationMs(QStringView text, int least, int most);

// What options and properties may say.
inline constexpr int kLeastIntervalMs = 100; ///< of the option; properties: 1 s
inline constexpr int kMostIntervalMs = 24 * 60 * 60 * 1000;
inline constexpr int kLeastTimeoutMs = 50;
inline constexpr int kMostTimeoutMs = 60'000;
inline constexpr int kMostInARow = 100;
inline constexpr qsizetype kMostProbes = 8; ///< of one device

} // namespace patchboard::server
