#include "model/core/catalogue.h"

#include "model/core/fields.h"

#include <QCoreApplication>
#include <QHash>

namespace patchboard {

namespace {

constexpr const char *kTypeLabels[] = {
    QT_TRANSLATE_NOOP("DeviceType", "Backbone gateway"),
    QT_TRANSLATE_NOOP("DeviceType", "Core router"),
    QT_TRANSLATE_NOOP("DeviceType", "Edge router"),
    QT_TRANSLATE_NOOP("DeviceType", "OLT"),
    QT_TRANSLATE_NOOP("DeviceType", "AON switch"),
    QT_TRANSLATE_NOOP("DeviceType", "ONT"),
    QT_TRANSLATE_NOOP("DeviceType", "Business ONT"),
    QT_TRANSLATE_NOOP("DeviceType", "AON CPE"),
    QT_TRANSLATE_NOOP("DeviceType", "POP"),
    QT_TRANSLATE_NOOP("DeviceType", "Core site"),
    QT_TRANSLATE_NOOP("DeviceType", "ODF"),
    QT_TRANSLATE_NOOP("DeviceType", "NVT"),
    QT_TRANSLATE_NOOP("DeviceType", "Splitter"),
    QT_TRANSLATE_NOOP("DeviceType", "HOP"),
    QT_TRANSLATE_NOOP("DeviceType", "Router"),
    QT_TRANSLATE_NOOP("DeviceType", "Switch"),
    QT_TRANSLATE_NOOP("DeviceType", "Firewall"),
    QT_TRANSLATE_NOOP("DeviceType", "Host"),
    QT_TRANSLATE_NOOP("DeviceType", "Server"),
    QT_TRANSLATE_NOOP("DeviceType", "Access point"),
    QT_TRANSLATE_NOOP("DeviceType", "Cloud"),
    QT_TRANSLATE_NOOP("DeviceType", "Generic"),
    QT_TRANSLATE_NOOP("DeviceType", "Group"),
};

void addPorts(QList<DefaultInterface> &out, const char *prefix, int first, int count,
              InterfaceType type, Status status)
{
    for (int i = 0; i < count; ++i)
        out.append({QLatin1String(prefix) + QString::number(first + i), type, status});
}

QList<DefaultInterface> managed()
{
    return {{QStringLiteral("mgmt0"), InterfaceType::Ethernet, Status::Down},
            {QStringLiteral("lo0"), InterfaceType::Loopback, Status::Up}};
}

DeviceTypeInfo makeType(const char *key, const char *label, DeviceClass deviceClass)
{
    DeviceTypeInfo type;
    type.key = QString::fromLatin1(key);
    type.label = QCoreApplication::translate("DeviceType", label);
    type.icon = type.key.toLower();
    type.deviceClass = deviceClass;
    type.namePrefix = type.key.toLower().replace(u'_', u'-') + u'-';
    type.isContainer = deviceClass == DeviceClass::Container;
    return type;
}

QList<DeviceTypeInfo> makeBuiltinTypes()
{
    using enum InterfaceType;
    const QString core = QStringLiteral("CORE_ROUTER");
    const QString backbone = QStringLiteral("BACKBONE_GATEWAY");
    const QString edge = QStringLiteral("EDGE_ROUTER");
    const QString olt = QStringLiteral("OLT");

    QList<DeviceTypeInfo> types;
    const auto add = [&](const char *key, DeviceClass deviceClass) -> DeviceTypeInfo & {
        types.append(makeType(key, kTypeLabels[types.size()], deviceClass));
        return types.last();
    };
    add("BACKBONE_GATEWAY", DeviceClass::Active).interfaces = managed();
    add("CORE_ROUTER", DeviceClass::Active).interfaces = managed();
    {
        DeviceTypeInfo &type = add("EDGE_ROUTER", DeviceClass::Active);
        type.interfaces = managed();
        type.upstream = {core, backbone};
    }
    {
        DeviceTypeInfo &type = add("OLT", DeviceClass::Active);
        type.interfaces = managed();
        addPorts(type.interfaces, "pon", 0, 8, Optical, Status::Down);
        type.upstream = {edge};
        type.txPowerDbm = 5.0;
    }
    {
        DeviceTypeInfo &type = add("AON_SWITCH", DeviceClass::Active);
        type.interfaces = managed();
        addPorts(type.interfaces, "eth", 0, 24, Ethernet, Status::Down);
        type.upstream = {edge};
    }
    {
        DeviceTypeInfo &type = add("ONT", DeviceClass::Active);
        addPorts(type.interfaces, "eth", 0, 1, Ethernet, Status::Down);
        type.upstream = {olt};
        type.sensitivityMinDbm = -30.0;
    }
    {
        DeviceTypeInfo &type = add("BUSINESS_ONT", DeviceClass::Active);
        addPorts(type.interfaces, "eth", 0, 4, Ethernet, Status::Down);
        type.upstream = {olt};
        type.sensitivityMinDbm = -30.0;
    }
    {
        DeviceTypeInfo &type = add("AON_CPE", DeviceClass::Active);
        type.interfaces.append({QStringLiteral("wan0"), Ethernet, Status::Down});
        addPorts(type.interfaces, "lan", 0, 4, Ethernet, Status::Down);
        type.upstream = {QStringLiteral("AON_SWITCH")};
    }
    add("POP", DeviceClass::Container);
    add("CORE_SITE", DeviceClass::Container);
    const auto passive = [&](const char *key, double lossDb) -> DeviceTypeInfo & {
        DeviceTypeInfo &type = add(key, DeviceClass::Passive);
        type.insertionLossDb = lossDb;
        return type;
    };
    addPorts(passive("ODF", 0.5).interfaces, "port", 1, 48, Optical, Status::Up);
    addPorts(passive("NVT", 0.1).interfaces, "port", 1, 12, Optical, Status::Up);
    {
        DeviceTypeInfo &type = passive("SPLITTER", 3.5);
        type.interfaces.append({QStringLiteral("in0"), Optical, Status::Up});
        addPorts(type.interfaces, "out", 0, 32, Optical, Status::Up);
    }
    addPorts(passive("HOP", 0.5).interfaces, "port", 1, 8, Optical, Status::Up);

    // General types: what a person draws first has ports enough to be linked at once.
    const auto general = [&](const char *key, int ports) {
        DeviceTypeInfo &type = add(key, DeviceClass::General);
        addPorts(type.interfaces, "eth", 0, ports, Ethernet, Status::Down);
    };
    general("ROUTER", 4);
    general("SWITCH", 8);
    general("FIREWALL", 4);
    general("HOST", 1);
    general("SERVER", 2);
    general("ACCESS_POINT", 1);
    general("CLOUD", 1);
    general("GENERIC", 1);
    {
        DeviceTypeInfo &type = add("GROUP", DeviceClass::General);
        type.isContainer = true;
    }
    return types;
}

struct LinkRule
{
    const char *name;
    const char *a;
    const char *b;
};
constexpr LinkRule kLinkRules[] = {
    {"L1_BACKBONE_CORE", "BACKBONE_GATEWAY", "CORE_ROUTER"},
    {"L2_CORE_EDGE", "CORE_ROUTER", "EDGE_ROUTER"},
    {"L3_EDGE_OLT", "EDGE_ROUTER", "OLT"},
    {"L4_EDGE_AON", "EDGE_ROUTER", "AON_SWITCH"},
    {"L5_OLT_ONT", "OLT", "ONT"},
    {"L6_OLT_BUSINESS_ONT", "OLT", "BUSINESS_ONT"},
    {"L7_AON_CPE", "AON_SWITCH", "AON_CPE"},
};

} // namespace

const QList<DeviceTypeInfo> &builtinTypes()
{
    static const QList<DeviceTypeInfo> types = makeBuiltinTypes();
    return types;
}

const DeviceTypeInfo *builtinType(const QString &key)
{
    static const QHash<QString, const DeviceTypeInfo *> byKey = [] {
        QHash<QString, const DeviceTypeInfo *> hash;
        for (const DeviceTypeInfo &type : builtinTypes())
            hash.insert(type.key, &type);
        return hash;
    }();
    return byKey.value(key, nullptr);
}

bool hasLinkRules(const QString &type)
{
    const DeviceTypeInfo *info = builtinType(type);
    return info && info->deviceClass != DeviceClass::General;
}

QString linkRule(const QString &typeA, const QString &typeB)
{
    const DeviceTypeInfo *a = builtinType(typeA);
    const DeviceTypeInfo *b = builtinType(typeB);
    if (!a || !b || a->deviceClass == DeviceClass::General ||
        b->deviceClass == DeviceClass::General)
        return QStringLiteral("FREE");
    if (a->deviceClass == DeviceClass::Container || b->deviceClass == DeviceClass::Container)
        return {};
    for (const LinkRule &rule : kLinkRules) {
        const QLatin1String ruleA(rule.a);
        const QLatin1String ruleB(rule.b);
        if ((typeA == ruleA && typeB == ruleB) || (typeA == ruleB && typeB == ruleA))
            return QString::fromLatin1(rule.name);
    }
    if (a->deviceClass == DeviceClass::Passive || b->deviceClass == DeviceClass::Passive)
        return QStringLiteral("L8_INLINE_PASSIVE");
    if (typeA == typeB &&
        (typeA == QLatin1String("BACKBONE_GATEWAY") || typeA == QLatin1String("CORE_ROUTER") ||
         typeA == QLatin1String("EDGE_ROUTER")))
        return QStringLiteral("L9_PEER_TO_PEER");
    return {};
}

std::optional<QList<DefaultInterface>> parseDefaultInterfaces(const QString &text, int *badLine)
{
    QList<DefaultInterface> out;
    QStringList seen;
    int number = 0;
    for (const QString &line : text.split(u'\n')) {
        ++number;
        const QStringList words = line.simplified().split(u' ', Qt::SkipEmptyParts);
        if (words.isEmpty())
            continue;
        const auto type = words.size() > 1 ? interfaceTypeFromKey(words.at(1))
                                           : std::optional(InterfaceType::Ethernet);
        const auto status =
            words.size() > 2 ? statusFromKey(words.at(2)) : std::optional(Status::Down);
        if (!type || !status || words.size() > 3 || seen.contains(words.first())) {
            if (badLine)
                *badLine = number;
            return std::nullopt;
        }
        seen.append(words.first());
        out.append({words.first(), *type, *status});
    }
    return out;
}

} // namespace patchboard
