#pragma once

#include "model/core/topology.h"

/// What light loses on its way, and what arrives: pure functions over a topology.
///
/// Powers are dBm, losses and margins dB, lengths km. Sums are made in whole millionths of a dB and
/// of a km, so that they do not depend on the order in which they are made, and 5 - 5.6 is -0.6.
/// The power budget of a worst-case design (ITU-T G.Sup39): received = transmitted - (losses of the
/// fibres + insertion losses), margin = received - sensitivity. Any thread that may read the
/// topology.
namespace patchboard::optics {

/// What a device is to light.
enum class Part : quint8 {
    None,
    Source, ///< an OLT: transmits
    Sink,   ///< an ONT, for homes or business: receives
    Passive ///< light goes through, and loses
};
Part partOf(const Topology &topology, const Device &device);

/// dB per km of a fibre by its name, as SMF_G652D, G652D, "G.652.D", MMF_OM3 (capitals and
/// punctuation do not matter), as it is planned with at 1310 nm, of multimode fibre at 850 nm.
/// nullopt if the name is none of a fibre that is known.
std::optional<double> attenuationDbPerKm(QStringView medium);

/// A link that carries light: an end of it is optical, or its medium is a fibre.
bool isFibre(const Topology &topology, const Link &link);

/// A whole number of millionths (of a dB, or of a km).
using Millionths = qint64;
Millionths toMillionths(double value);
inline double fromMillionths(Millionths value)
{
    return double(value) / 1e6;
}

/// What a link takes from the light.
struct LinkLoss
{
    enum class Source : quint8 {
        Given,         ///< its own loss, as measured
        Computed,      ///< length × attenuation
        AssumedMedium, ///< the same; no fibre is named, or none that is known: taken as G.652.D
        NoLength       ///< neither loss nor length: counted as 0
    };
    Millionths loss = 0;
    Millionths length = 0; ///< 0 if it is not known
    Source source = Source::Computed;
};
LinkLoss lossOf(const Link &link);

/// What a passive device takes: its own insertion loss, else the usual one of its type, else 0.
Millionths insertionLossOf(const Device &device);
/// Its own, else the usual one of its type; nullopt if neither is known.
std::optional<double> txPowerOf(const Device &device);
std::optional<double> sensitivityOf(const Device &device);

/// Where light that arrives somewhere came from. The smaller is the better way: less loss, then
/// shorter, then fewer links, then the source with the smaller id.
struct Way
{
    Millionths loss = 0;
    Millionths length = 0;
    qint32 hops = 0; ///< links
    EntityId source = 0;

    auto operator<=>(const Way &) const = default;
};

/// The numbers are not stored; keys are OK, WARNING, CRITICAL and NO_SIGNAL.
enum class Signal : quint8 { Ok, Warning, Critical, NoSignal };
QString signalKey(Signal signal);
QString signalLabel(Signal signal);

/// From these margins on it is Ok, Warning, Critical; below, and without a way, NoSignal.
inline constexpr double kOkMarginDb = 6;
inline constexpr double kWarningMarginDb = 3;
inline constexpr double kCriticalMarginDb = 0;
Signal signalOfMargin(double marginDb);

/// What arrives at a sink.
struct Budget
{
    Signal signal = Signal::NoSignal;
    bool overloaded = false; ///< more arrives than the receiver takes, where that is known
    // The rest only where there is a way.
    EntityId source = 0; ///< the OLT; 0: no way
    qint32 hops = 0;
    double lengthKm = 0;
    double txPowerDbm = 0;
    double pathLossDb = 0;
    double receivedDbm = 0;
    double sensitivityDbm = 0;
    double marginDb = 0;

    [[nodiscard]] bool hasWay() const { return source != 0; }
    bool operator==(const Budget &) const = default;
};
/// Of light that comes to @a sink by @a way; nullopt: none does.
Budget budgetOf(const Topology &topology, const Device &sink, const std::optional<Way> &way);

/// One part of the sum: a link, and the device behind it on the way to the source.
struct Step
{
    EntityId link = 0;
    LinkLoss linkLoss;
    EntityId device = 0;
    Millionths insertionLoss = 0; ///< 0 of the source
};

/// DOWN if any child is DOWN, else DEGRADED if any is, else UP.
inline Status healthOf(qsizetype down, qsizetype degraded)
{
    if (down > 0)
        return Status::Down;
    return degraded > 0 ? Status::Degraded : Status::Up;
}

} // namespace patchboard::optics
