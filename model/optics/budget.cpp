#include "model/optics/budget.h"

#include <QCoreApplication>

#include <array>
#include <cmath>

namespace patchboard::optics {

namespace {

struct BudgetText
{
    Q_DECLARE_TR_FUNCTIONS(Optics)
};

struct FibreKind
{
    const char *name; ///< without SMF or MMF, capitals and digits only
    double dbPerKm;
};
/// Planning values: of cables of single-mode fibre (ITU-T G.652 and G.657 allow 0.4 at most) at
/// 1310 nm, of multimode fibre (ISO/IEC 11801, TIA-568.3) at 850 nm.
constexpr FibreKind kFibres[] = {
    {"G652D", 0.35}, {"G657A1", 0.35}, {"G657A2", 0.35}, {"OM3", 3.5}, {"OM4", 3.0},
};
constexpr double kAssumedDbPerKm = 0.35;

/// "SMF_G.652.D" becomes "G652D".
QString plainMedium(QStringView medium)
{
    QString plain;
    for (const QChar c : medium) {
        if (c.isLetterOrNumber())
            plain.append(c.toUpper());
    }
    for (const QLatin1String prefix : {QLatin1String("SMF"), QLatin1String("MMF")}) {
        if (plain.startsWith(prefix))
            return plain.mid(prefix.size());
    }
    return plain;
}

std::optional<double> ownOrUsual(const Device &device, const std::optional<double> &own,
                                 std::optional<double> DeviceTypeInfo::*usual)
{
    if (own)
        return own;
    const DeviceTypeInfo *type = builtinType(device.type);
    return type ? type->*usual : std::nullopt;
}

} // namespace

Part partOf(const Topology &topology, const Device &device)
{
    static const QString olt = QStringLiteral("OLT");
    static const QString ont = QStringLiteral("ONT");
    static const QString businessOnt = QStringLiteral("BUSINESS_ONT");
    if (device.type == olt)
        return Part::Source;
    if (device.type == ont || device.type == businessOnt)
        return Part::Sink;
    const DeviceTypeInfo *type = builtinType(device.type);
    if (type && type->deviceClass == DeviceClass::Passive)
        return Part::Passive;
    // A general type, or one of the board's own, that somebody gave a loss: an attenuator, a mux.
    const bool general = !type || type->deviceClass == DeviceClass::General;
    return general && device.optics->insertionLossDb && !topology.isContainer(device)
               ? Part::Passive
               : Part::None;
}

std::optional<double> attenuationDbPerKm(QStringView medium)
{
    const QString plain = plainMedium(medium);
    for (const FibreKind &kind : kFibres) {
        if (plain == QLatin1String(kind.name))
            return kind.dbPerKm;
    }
    return std::nullopt;
}

bool isFibre(const Topology &topology, const Link &link)
{
    for (const EntityId end : {link.a, link.b}) {
        const Interface *port = topology.interface(end);
        if (port && port->type == InterfaceType::Optical)
            return true;
    }
    return attenuationDbPerKm(link.details->mediumId).has_value();
}

Millionths toMillionths(double value)
{
    return Millionths(std::llround(value * 1e6));
}

LinkLoss lossOf(const Link &link)
{
    const LinkDetails &details = *link.details;
    LinkLoss out;
    if (details.lengthKm)
        out.length = toMillionths(*details.lengthKm);
    if (details.lossDb) {
        out.loss = toMillionths(*details.lossDb);
        out.source = LinkLoss::Source::Given;
    } else if (details.lengthKm) {
        const std::optional<double> attenuation = attenuationDbPerKm(details.mediumId);
        out.loss = toMillionths(*details.lengthKm * attenuation.value_or(kAssumedDbPerKm));
        out.source = attenuation ? LinkLoss::Source::Computed : LinkLoss::Source::AssumedMedium;
    } else {
        out.source = LinkLoss::Source::NoLength;
    }
    return out;
}

Millionths insertionLossOf(const Device &device)
{
    return toMillionths(
        ownOrUsual(device, device.optics->insertionLossDb, &DeviceTypeInfo::insertionLossDb)
            .value_or(0));
}

std::optional<double> txPowerOf(const Device &device)
{
    return ownOrUsual(device, device.optics->txPowerDbm, &DeviceTypeInfo::txPowerDbm);
}

std::optional<double> sensitivityOf(const Device &device)
{
    return ownOrUsual(device, device.optics->sensitivityMinDbm, &DeviceTypeInfo::sensitivityMinDbm);
}

QString signalKey(Signal signal)
{
    switch (signal) {
    case Signal::Ok:
        return QStringLiteral("OK");
    case Signal::Warning:
        return QStringLiteral("WARNING");
    case Signal::Critical:
        return QStringLiteral("CRITICAL");
    case Signal::NoSignal:
        break;
    }
    return QStringLiteral("NO_SIGNAL");
}

QString signalLabel(Signal signal)
{
    switch (signal) {
    case Signal::Ok:
        return BudgetText::tr("OK");
    case Signal::Warning:
        return BudgetText::tr("Warning");
    case Signal::Critical:
        return BudgetText::tr("Critical");
    case Signal::NoSignal:
        break;
    }
    return BudgetText::tr("No signal");
}

Signal signalOfMargin(double marginDb)
{
    if (marginDb >= kOkMarginDb)
        return Signal::Ok;
    if (marginDb >= kWarningMarginDb)
        return Signal::Warning;
    return marginDb >= kCriticalMarginDb ? Signal::Critical : Signal::NoSignal;
}

Budget budgetOf(const Topology &topology, const Device &sink, const std::optional<Way> &way)
{
    Budget budget;
    const Device *source = way ? topology.device(way->source) : nullptr;
    const auto txPower = source ? txPowerOf(*source) : std::nullopt;
    const auto sensitivity = sensitivityOf(sink);
    if (!txPower || !sensitivity)
        return budget;
    const Millionths received = toMillionths(*txPower) - way->loss;
    budget.source = way->source;
    budget.hops = way->hops;
    budget.lengthKm = fromMillionths(way->length);
    budget.txPowerDbm = *txPower;
    budget.pathLossDb = fromMillionths(way->loss);
    budget.receivedDbm = fromMillionths(received);
    budget.sensitivityDbm = *sensitivity;
    budget.marginDb = fromMillionths(received - toMillionths(*sensitivity));
    budget.signal = signalOfMargin(budget.marginDb);
    const std::optional<double> overload = sink.optics->overloadDbm;
    budget.overloaded = overload && received > toMillionths(*overload);
    return budget;
}

} // namespace patchboard::optics
