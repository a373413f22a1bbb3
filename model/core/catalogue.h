#pragma once

#include "model/core/value.h"

#include <QList>
#include <QString>
#include <QStringList>

#include <optional>
#include <span>

namespace patchboard {

enum class DeviceClass : quint8 { Active, Passive, Container, General };

/// An interface that provisioning makes.
struct DefaultInterface
{
    QString name;
    InterfaceType type = InterfaceType::Ethernet;
    Status status = Status::Down;
    bool operator==(const DefaultInterface &) const = default;
};

/// A device type: built in, or one of the board's own.
struct DeviceTypeInfo
{
    QString key;   ///< as CORE_ROUTER
    QString label; ///< for people, translated for built-in types
    QString icon;  ///< resource name below :/icons/devices/, as core_router
    DeviceClass deviceClass = DeviceClass::General;
    QList<DefaultInterface> interfaces; ///< in the order in which provisioning makes them
    QStringList
        upstream; ///< provisioning needs at least one device of one of these types; empty = none
    std::optional<double> txPowerDbm;
    std::optional<double> sensitivityMinDbm;
    std::optional<double> insertionLossDb;
    QString namePrefix; ///< for new devices' names, as "core-router-"

    /// A container of the catalogue or of the board: devices can lie in it.
    bool isContainer = false;
};

/// The built-in types: the fourteen of access networks, then the general ones.
const QList<DeviceTypeInfo> &builtinTypes();
/// nullptr if it is not built in. Keys are upper case.
const DeviceTypeInfo *builtinType(const QString &key);
/// True for the fourteen types that the link rules know.
bool hasLinkRules(const QString &type);

/// Name of the first rule (L1_BACKBONE_CORE ... L9_PEER_TO_PEER) that allows a link between two
/// types; empty if none does. A type without rules (general, or the board's own) links freely:
/// "FREE".
QString linkRule(const QString &typeA, const QString &typeB);

/// Parses the `interfaces` text of a board's own type: one "name TYPE STATUS" a line, TYPE and
/// STATUS optional. nullopt and @a badLine (1-based) if a line is malformed.
std::optional<QList<DefaultInterface>> parseDefaultInterfaces(const QString &text, int *badLine);

} // namespace patchboard
