#include "model/core/catalogue.h"
#include "model/core/edits.h"
#include "model/core/fields.h"
#include "tests/model/builders.h"
#include "tests/support/testmain.h"

#include <QFile>
#include <QRegularExpression>
#include <QTest>

#include <cmath>
#include <limits>
#include <map>

using namespace patchboard;

namespace {

constexpr EntityKind kKinds[] = {EntityKind::Board, EntityKind::Device, EntityKind::Interface,
                                 EntityKind::Link, EntityKind::DeviceType};

/// Two values that a field takes, and that differ.
std::pair<Value, Value> samples(const FieldInfo &info)
{
    switch (info.type) {
    case ValueType::Text:
        return {QStringLiteral("one"), QStringLiteral("zwei \u00e4\u20ac")};
    case ValueType::Flag:
        return {true, false};
    case ValueType::Integer:
        return {qint64(info.minimum), qint64(info.maximum)};
    case ValueType::Real:
        return {info.minimum, 17.25};
    case ValueType::Place:
        return {QPointF(-12.5, 1e6), QPointF(0.25, -1e9)};
    case ValueType::Enumeration:
        return {info.entries.front().value, info.entries.back().value};
    case ValueType::Reference:
        return {qint64(1), qint64(kMaxEntityId)};
    case ValueType::Time:
        return {qint64(1), qint64(1700000000000)};
    }
    return {};
}

void addFieldRows()
{
    QTest::addColumn<int>("row");
    int row = 0;
    for (const FieldInfo &info : fieldRegistry())
        QTest::addRow("%d %s", int(info.kind), info.key) << row++;
}

EntityId counter = 0;
EntityId nextId()
{
    return makeId(1, quint32(++counter));
}

} // namespace

/// The registry of fields, the catalogue of types, and the builders of edits.
class TestCore : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        QTest::failOnWarning(QRegularExpression(QStringLiteral(".*")));
        counter = 0;
    }
    void registryIsSound();
    void numbersAreStored();
    void fieldsGoRound_data() { addFieldRows(); }
    void fieldsGoRound();
    void valuesAreChecked_data() { addFieldRows(); }
    void valuesAreChecked();
    void propertiesAreFree();
    void valuesAreShown();
    void docsNameEveryField();
    void catalogueIsAsAgreed_data();
    void catalogueIsAsAgreed();
    void generalTypesHavePorts();
    void linkRules();
    void devicesAreBuilt();
    void namesGoOn_data();
    void namesGoOn();
    void portsAreChosen();
    void linksAreExplained();
    void overridesAreBuilt();
    void demoBoardIsAsAgreed();
    void touchedIdsNameReferences();
};

void TestCore::registryIsSound()
{
    QSet<std::pair<int, int>> fields;
    QSet<std::pair<int, QString>> keys;
    for (const FieldInfo &info : fieldRegistry()) {
        QVERIFY2(!fields.contains({int(info.kind), int(info.field)}), info.key);
        fields.insert({int(info.kind), int(info.field)});
        const QString key = QString::fromLatin1(info.key);
        QVERIFY2(!keys.contains({int(info.kind), key}), info.key);
        keys.insert({int(info.kind), key});
        QVERIFY2(QRegularExpression(QStringLiteral("^[a-z][a-z_]*$")).match(key).hasMatch(),
                 info.key);
        QCOMPARE(fieldInfo(info.kind, info.field), &info);
        QCOMPARE(fieldInfo(info.kind, key), &info);
        QVERIFY(!info.translatedLabel().isEmpty());
        QVERIFY(info.labelWithUnit().contains(QString::fromLatin1(info.unit)));
        QVERIFY(info.sinceVersion >= 1);
        QCOMPARE(info.type == ValueType::Enumeration, !info.entries.empty());
        QVERIFY(!(info.required && info.nullable));
        for (const EnumEntry &entry : info.entries)
            QCOMPARE(enumKey(info, entry.value), QString::fromLatin1(entry.key));
    }
    for (const EntityKind kind : kKinds) {
        QVERIFY(!fieldsOf(kind).empty());
        for (const FieldInfo &info : fieldsOf(kind))
            QCOMPARE(info.kind, kind);
        QVERIFY(!fieldInfo(kind, Field::Property)); // not one field
        QVERIFY(!fieldInfo(kind, QStringLiteral("nonsense")));
    }
    QVERIFY(!fieldInfo(EntityKind::Device, static_cast<Field>(999)));
    QVERIFY(!fieldInfo(static_cast<EntityKind>(9), Field::Name));
    for (const EnumEntry &entry : statusEntries()) {
        const QString key = QString::fromLatin1(entry.key);
        QCOMPARE(statusKey(Status(entry.value)), key);
        QCOMPARE(statusFromKey(key), std::optional(Status(entry.value)));
        QVERIFY(!statusLabel(Status(entry.value)).isEmpty());
    }
    QVERIFY(!statusFromKey(u"up"));
    QCOMPARE(interfaceTypeFromKey(u"OPTICAL"), std::optional(InterfaceType::Optical));
    QVERIFY(!interfaceTypeFromKey(u"WOODEN"));
}

/// What is on disks and on the wire never changes its number.
void TestCore::numbersAreStored()
{
    const QList<std::pair<Field, int>> fields{{Field::Name, 1},
                                              {Field::DeviceType, 2},
                                              {Field::Status, 3},
                                              {Field::StatusOverride, 4},
                                              {Field::OverrideReason, 5},
                                              {Field::OverrideBy, 6},
                                              {Field::OverrideAt, 7},
                                              {Field::Position, 8},
                                              {Field::Address, 9},
                                              {Field::TxPower, 10},
                                              {Field::Sensitivity, 11},
                                              {Field::InsertionLoss, 12},
                                              {Field::Container, 13},
                                              {Field::Locked, 14},
                                              {Field::Notes, 15},
                                              {Field::Property, 16},
                                              {Field::InterfaceType, 17},
                                              {Field::Device, 18},
                                              {Field::Label, 19},
                                              {Field::Length, 20},
                                              {Field::Medium, 21},
                                              {Field::Loss, 22},
                                              {Field::AInterface, 23},
                                              {Field::BInterface, 24},
                                              {Field::Title, 25},
                                              {Field::LinkPolicy, 26},
                                              {Field::TypeKey, 27},
                                              {Field::TypeIcon, 28},
                                              {Field::TypeContainer, 29},
                                              {Field::TypeInterfaces, 30},
                                              {Field::ComputedStatus, 31},
                                              {Field::Overload, 32}};
    for (const auto &[field, number] : fields)
        QCOMPARE(int(field), number);
    QCOMPARE(int(Status::Down), 0);
    QCOMPARE(int(Status::Up), 1);
    QCOMPARE(int(Status::Degraded), 2);
    QCOMPARE(int(InterfaceType::Ethernet), 0);
    QCOMPARE(int(InterfaceType::Optical), 1);
    QCOMPARE(int(InterfaceType::Loopback), 2);
    QCOMPARE(int(LinkPolicy::Advise), 0);
    QCOMPARE(int(LinkPolicy::Enforce), 1);
    QCOMPARE(int(EntityKind::Board), 0);
    QCOMPARE(int(EntityKind::Device), 1);
    QCOMPARE(int(EntityKind::Interface), 2);
    QCOMPARE(int(EntityKind::Link), 3);
    QCOMPARE(int(EntityKind::DeviceType), 4);
    QCOMPARE(siteOf(makeId(kMaxSite, 7)), kMaxSite);
    QCOMPARE(counterOf(makeId(kMaxSite, 7)), quint32(7));
    QCOMPARE(makeId(kMaxSite, 0xffffffffU), kMaxEntityId);
}

void TestCore::fieldsGoRound()
{
    QFETCH(int, row);
    const FieldInfo &info = fieldRegistry()[size_t(row)];
    Entity entity = makeEntity(info.kind, tid(1));
    const auto [one, two] = samples(info);
    for (const Value &value : {one, two, one}) {
        QVERIFY(checkValue(info, value).ok());
        setField(entity, info.field, value);
        QVERIFY(fieldOf(entity, info.field) == value);
        // And it alone: a new entity with what fieldsOf() tells is the same one.
        Entity copy = makeEntity(info.kind, tid(1));
        for (const FieldValue &field : fieldsOf(entity))
            setField(copy, field.key, field.value);
        QVERIFY(copy == entity);
    }
    if (info.nullable) {
        setField(entity, info.field, Value());
        QVERIFY(isNull(fieldOf(entity, info.field)));
        QVERIFY(entity == makeEntity(info.kind, tid(1)));
    }
}

void TestCore::valuesAreChecked()
{
    QFETCH(int, row);
    const FieldInfo &info = fieldRegistry()[size_t(row)];
    const auto good = [&](const Value &value) { return checkValue(info, value).ok(); };
    const auto bad = [&](const Value &value) {
        const auto result = checkValue(info, value);
        return !result.ok() && result.error().code == Errc::BadValue &&
               result.error().text.startsWith(QString::fromLatin1(info.key) + u':');
    };
    QCOMPARE(good(Value()), info.nullable);
    const double inf = std::numeric_limits<double>::infinity();
    const double nan = std::numeric_limits<double>::quiet_NaN();
    // Of each other type, nothing is taken.
    const QList<Value> every{true, qint64(1), 1.0, QPointF(1, 1), QStringLiteral("UP")};
    for (const Value &value : every) {
        if (value.index() != samples(info).first.index())
            QVERIFY(bad(value));
    }
    switch (info.type) {
    case ValueType::Text: {
        const auto longest = qsizetype(info.maximum);
        QVERIFY(good(QString(longest, u'x')));
        QVERIFY(bad(QString(longest + 1, u'x')));
        QCOMPARE(good(QString()), info.minimum == 0);
        QVERIFY(bad(QString(QChar(u'\0'))));
        QVERIFY(bad(QString(QChar(0xdc00))));
        break;
    }
    case ValueType::Real:
        QVERIFY(good(info.minimum));
        QVERIFY(good(info.maximum));
        QVERIFY(bad(std::nextafter(info.minimum, -inf)));
        QVERIFY(bad(std::nextafter(info.maximum, inf)));
        QVERIFY(bad(nan));
        QVERIFY(bad(inf));
        break;
    case ValueType::Integer:
        QVERIFY(bad(qint64(info.maximum) + 1));
        break;
    case ValueType::Place:
        QVERIFY(good(QPointF(info.maximum, -info.maximum)));
        QVERIFY(bad(QPointF(info.maximum * 1.001, 0)));
        QVERIFY(bad(QPointF(0, nan)));
        QVERIFY(bad(QPointF(-inf, 0)));
        break;
    case ValueType::Enumeration:
        for (const EnumEntry &entry : info.entries)
            QVERIFY(good(entry.value));
        QVERIFY(bad(qint64(-1)));
        QVERIFY(bad(qint64(info.entries.size())));
        break;
    case ValueType::Reference:
        QVERIFY(bad(qint64(0)));
        QVERIFY(bad(qint64(-5)));
        QVERIFY(bad(qint64(kMaxEntityId) + 1));
        break;
    case ValueType::Time:
        QVERIFY(bad(qint64(0)));
        QVERIFY(bad(qint64(-1)));
        break;
    case ValueType::Flag:
        break;
    }
}

void TestCore::propertiesAreFree()
{
    const QString longText(16384, u'x');
    QVERIFY(checkProperty(QStringLiteral("rack"), QStringLiteral("B 12")).ok());
    QVERIFY(checkProperty(QStringLiteral("rack"), Value()).ok());
    QVERIFY(checkProperty(QString(255, u'k'), longText).ok());
    QVERIFY(!checkProperty(QString(256, u'k'), longText).ok());
    QVERIFY(!checkProperty(QStringLiteral("k"), QString(longText + u'x')).ok());
    QVERIFY(!checkProperty(QString(), QStringLiteral("v")).ok());
    QVERIFY(!checkProperty(QStringLiteral("k"), qint64(1)).ok());
    QVERIFY(!checkProperty(QString(QChar(0xd800)), QStringLiteral("v")).ok());
    for (const EntityKind kind : kKinds) {
        Entity entity = makeEntity(kind, tid(1));
        const FieldKey key(Field::Property, QStringLiteral("k"));
        QVERIFY(isNull(fieldOf(entity, key)));
        setField(entity, key, QStringLiteral("v"));
        QVERIFY(fieldOf(entity, key) == Value(QStringLiteral("v")));
        QVERIFY(fieldsOf(entity).contains(FieldValue{key, QStringLiteral("v")}));
        setField(entity, key, Value());
        QVERIFY(entity == makeEntity(kind, tid(1)));
    }
}

void TestCore::valuesAreShown()
{
    const auto shown = [](Field field, const Value &value) {
        return displayText(*fieldInfo(EntityKind::Device, field), value);
    };
    QCOMPARE(shown(Field::Status, qint64(Status::Degraded)), QStringLiteral("Degraded"));
    QCOMPARE(shown(Field::Locked, true), QStringLiteral("Yes"));
    QCOMPARE(shown(Field::TxPower, -3.5), QStringLiteral("-3.5"));
    QCOMPARE(shown(Field::TxPower, Value()), QString());
    QCOMPARE(shown(Field::Name, QStringLiteral("R1")), QStringLiteral("R1"));
    QCOMPARE(shown(Field::Position, QPointF(1.25, -2)), QStringLiteral("1.3; -2.0"));
    QCOMPARE(shown(Field::Container, qint64(12)), QStringLiteral("12"));
    QVERIFY(!shown(Field::OverrideAt, qint64(1700000000000)).isEmpty());
    QCOMPARE(fieldInfo(EntityKind::Device, Field::TxPower)->labelWithUnit(),
             QStringLiteral("Transmit power (dBm)"));
}

void TestCore::docsNameEveryField()
{
    QFile file(QStringLiteral(PATCHBOARD_TEST_DATA "/../../docs/model.md"));
    QVERIFY2(file.open(QIODevice::ReadOnly), qPrintable(file.fileName()));
    const QString text = QString::fromUtf8(file.readAll());
    const std::map<EntityKind, QString> headings{
        {EntityKind::Board, QStringLiteral("### Board")},
        {EntityKind::Device, QStringLiteral("### Device")},
        {EntityKind::Interface, QStringLiteral("### Interface")},
        {EntityKind::Link, QStringLiteral("### Link")},
        {EntityKind::DeviceType, QStringLiteral("### Device type")}};
    for (const EntityKind kind : kKinds) {
        const qsizetype start = text.indexOf(headings.at(kind) + u'\n');
        QVERIFY2(start >= 0, qPrintable(headings.at(kind)));
        const QString chapter = text.mid(start, text.indexOf(QStringLiteral("\n#"), start) - start);
        for (const FieldInfo &info : fieldsOf(kind)) {
            const QString cell = QStringLiteral("| `%1` |").arg(QString::fromLatin1(info.key));
            QVERIFY2(chapter.contains(cell), info.key);
        }
    }
}

void TestCore::catalogueIsAsAgreed_data()
{
    QTest::addColumn<QString>("key");
    QTest::addColumn<int>("deviceClass");
    QTest::addColumn<QStringList>("ports");
    QTest::addColumn<QStringList>("upstream");
    QTest::addColumn<double>("tx");
    QTest::addColumn<double>("sensitivity");
    QTest::addColumn<double>("loss");
    const double none = -1000;
    const auto range = [](const char *prefix, int first, int last, const char *rest) {
        QStringList out;
        for (int i = first; i <= last; ++i)
            out.append(QStringLiteral("%1%2 %3")
                           .arg(QLatin1String(prefix))
                           .arg(i)
                           .arg(QLatin1String(rest)));
        return out;
    };
    const auto row = [&](const char *key, DeviceClass deviceClass, const QStringList &ports,
                         const QStringList &upstream, double tx, double sensitivity, double loss) {
        QTest::newRow(key) << QString::fromLatin1(key) << int(deviceClass) << ports << upstream
                           << tx << sensitivity << loss;
    };
    const QStringList managed{QStringLiteral("mgmt0 ETHERNET DOWN"),
                              QStringLiteral("lo0 LOOPBACK UP")};
    const QStringList toEdge{QStringLiteral("EDGE_ROUTER")};
    const QStringList toOlt{QStringLiteral("OLT")};
    using enum DeviceClass;
    row("BACKBONE_GATEWAY", Active, managed, {}, none, none, none);
    row("CORE_ROUTER", Active, managed, {}, none, none, none);
    row("EDGE_ROUTER", Active, managed,
        {QStringLiteral("CORE_ROUTER"), QStringLiteral("BACKBONE_GATEWAY")}, none, none, none);
    row("OLT", Active, managed + range("pon", 0, 7, "OPTICAL DOWN"), toEdge, 5.0, none, none);
    row("AON_SWITCH", Active, managed + range("eth", 0, 23, "ETHERNET DOWN"), toEdge, none, none,
        none);
    row("ONT", Active, range("eth", 0, 0, "ETHERNET DOWN"), toOlt, none, -30.0, none);
    row("BUSINESS_ONT", Active, range("eth", 0, 3, "ETHERNET DOWN"), toOlt, none, -30.0, none);
    row("AON_CPE", Active,
        QStringList{QStringLiteral("wan0 ETHERNET DOWN")} + range("lan", 0, 3, "ETHERNET DOWN"),
        {QStringLiteral("AON_SWITCH")}, none, none, none);
    row("POP", Container, {}, {}, none, none, none);
    row("CORE_SITE", Container, {}, {}, none, none, none);
    row("ODF", Passive, range("port", 1, 48, "OPTICAL UP"), {}, none, none, 0.5);
    row("NVT", Passive, range("port", 1, 12, "OPTICAL UP"), {}, none, none, 0.1);
    row("SPLITTER", Passive,
        QStringList{QStringLiteral("in0 OPTICAL UP")} + range("out", 0, 31, "OPTICAL UP"), {}, none,
        none, 3.5);
    row("HOP", Passive, range("port", 1, 8, "OPTICAL UP"), {}, none, none, 0.5);
}

void TestCore::catalogueIsAsAgreed()
{
    QFETCH(QString, key);
    QFETCH(int, deviceClass);
    QFETCH(QStringList, ports);
    QFETCH(QStringList, upstream);
    QFETCH(double, tx);
    QFETCH(double, sensitivity);
    QFETCH(double, loss);
    const DeviceTypeInfo *type = builtinType(key);
    QVERIFY(type);
    QCOMPARE(int(type->deviceClass), deviceClass);
    QCOMPARE(type->isContainer, type->deviceClass == DeviceClass::Container);
    QStringList found;
    for (const DefaultInterface &port : type->interfaces)
        found.append(QStringLiteral("%1 %2 %3")
                         .arg(port.name, interfaceTypeKey(port.type), statusKey(port.status)));
    QCOMPARE(found, ports);
    QCOMPARE(type->upstream, upstream);
    QCOMPARE(type->txPowerDbm.value_or(-1000), tx);
    QCOMPARE(type->sensitivityMinDbm.value_or(-1000), sensitivity);
    QCOMPARE(type->insertionLossDb.value_or(-1000), loss);
    QVERIFY(hasLinkRules(key));
    QVERIFY(!type->label.isEmpty());
    QCOMPARE(type->icon, key.toLower());
}

void TestCore::generalTypesHavePorts()
{
    int general = 0;
    QSet<QString> keys;
    for (const DeviceTypeInfo &type : builtinTypes()) {
        QVERIFY(!keys.contains(type.key));
        keys.insert(type.key);
        QCOMPARE(builtinType(type.key), &type);
        if (type.deviceClass != DeviceClass::General)
            continue;
        ++general;
        QVERIFY(!hasLinkRules(type.key));
        QCOMPARE(type.interfaces.isEmpty(), type.isContainer);
    }
    QCOMPARE(builtinTypes().size() - general, 14);
    for (const char *key :
         {"ROUTER", "SWITCH", "FIREWALL", "HOST", "SERVER", "ACCESS_POINT", "CLOUD", "GENERIC"})
        QVERIFY2(keys.contains(QLatin1String(key)), key);
    QVERIFY(!builtinType(QStringLiteral("router")));
    QVERIFY(!hasLinkRules(QStringLiteral("TOASTER")));
}

/// All 105 unordered pairs of the fourteen, against the rules as they are written down.
void TestCore::linkRules()
{
    const QStringList active{QStringLiteral("BACKBONE_GATEWAY"), QStringLiteral("CORE_ROUTER"),
                             QStringLiteral("EDGE_ROUTER"),      QStringLiteral("OLT"),
                             QStringLiteral("AON_SWITCH"),       QStringLiteral("ONT"),
                             QStringLiteral("BUSINESS_ONT"),     QStringLiteral("AON_CPE")};
    const QStringList passive{QStringLiteral("ODF"), QStringLiteral("NVT"),
                              QStringLiteral("SPLITTER"), QStringLiteral("HOP")};
    const QStringList containers{QStringLiteral("POP"), QStringLiteral("CORE_SITE")};
    QHash<std::pair<QString, QString>, QString> expected;
    const auto rule = [&expected](const QString &a, const QString &b, const char *name) {
        expected.insert({a, b}, QLatin1String(name));
        expected.insert({b, a}, QLatin1String(name));
    };
    rule(active.at(0), active.at(1), "L1_BACKBONE_CORE");
    rule(active.at(1), active.at(2), "L2_CORE_EDGE");
    rule(active.at(2), active.at(3), "L3_EDGE_OLT");
    rule(active.at(2), active.at(4), "L4_EDGE_AON");
    rule(active.at(3), active.at(5), "L5_OLT_ONT");
    rule(active.at(3), active.at(6), "L6_OLT_BUSINESS_ONT");
    rule(active.at(4), active.at(7), "L7_AON_CPE");
    for (const QString &p : passive) {
        for (const QString &other : active + passive)
            rule(p, other, "L8_INLINE_PASSIVE");
    }
    for (int i = 0; i < 3; ++i)
        rule(active.at(i), active.at(i), "L9_PEER_TO_PEER");
    const QStringList all = active + passive + containers;
    int pairs = 0;
    int allowed = 0;
    for (qsizetype i = 0; i < all.size(); ++i) {
        for (qsizetype k = i; k < all.size(); ++k) {
            ++pairs;
            const QString name = linkRule(all.at(i), all.at(k));
            QCOMPARE(name, expected.value({all.at(i), all.at(k)}));
            QCOMPARE(linkRule(all.at(k), all.at(i)), name);
            allowed += name.isEmpty() ? 0 : 1;
        }
    }
    QCOMPARE(pairs, 105);
    QCOMPARE(allowed, 52);
    QCOMPARE(linkRule(QStringLiteral("HOST"), QStringLiteral("POP")), QStringLiteral("FREE"));
    QCOMPARE(linkRule(QStringLiteral("OLT"), QStringLiteral("OWN")), QStringLiteral("FREE"));
}

void TestCore::devicesAreBuilt()
{
    Topology topology;
    EntityId id = 0;
    submitOk(topology,
             edits::createDevice(
                 topology, {QStringLiteral("olt"), QStringLiteral("OLT"), QPointF(3, 4), 0, true},
                 nextId, &id));
    const Device *device = topology.device(id);
    QVERIFY(device);
    QCOMPARE(device->position, QPointF(3, 4));
    QCOMPARE(device->optics->txPowerDbm, std::optional(5.0));
    QCOMPARE(device->state.status, Status::Down);
    QStringList ports;
    for (const EntityId port : topology.interfacesOf(id))
        ports.append(topology.interface(port)->name);
    QCOMPARE(ports.size(), 10);
    QCOMPARE(ports.first(), QStringLiteral("mgmt0"));
    QCOMPARE(ports.last(), QStringLiteral("pon7"));
    EntityId group = 0;
    submitOk(topology, edits::createDevice(
                           topology, {QStringLiteral("site"), QStringLiteral("POP"), {}, 0, true},
                           nextId, &group));
    EntityId bare = 0;
    submitOk(topology,
             edits::createDevice(topology,
                                 {QStringLiteral("r"), QStringLiteral("ROUTER"), {}, group, false},
                                 nextId, &bare));
    QCOMPARE(topology.device(bare)->container, group);
    QVERIFY(topology.interfacesOf(bare).empty());

    const QList<Edit> moves = edits::moveDevices({{id, QPointF(1, 1)}, {bare, QPointF(2, 2)}});
    QCOMPARE(moves.size(), 2);
    submitOk(topology, moves);
    QCOMPARE(topology.device(bare)->position, QPointF(2, 2));
}

void TestCore::namesGoOn_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("next");
    const auto row = [](const char *name, const char *next) {
        QTest::newRow(name) << QString::fromLatin1(name) << QString::fromLatin1(next);
    };
    row("edge-07", "edge-08");
    row("edge-09", "edge-10");
    row("edge-99", "edge-100");
    row("R1", "R2");
    row("core", "core-2");
    row("taken1", "taken4");
    row("7", "8");
    row("x-00000000000000000000", "x-00000000000000000001");
}

void TestCore::namesGoOn()
{
    QFETCH(QString, name);
    QFETCH(QString, next);
    Topology topology;
    submitOk(topology, {newDevice(nextId(), QStringLiteral("taken2"))});
    QCOMPARE(edits::nextName(topology, name, {QStringLiteral("taken3")}), next);
    // New devices of a type.
    const DeviceTypeInfo &type = *builtinType(QStringLiteral("CORE_ROUTER"));
    QCOMPARE(edits::newDeviceName(topology, type), QStringLiteral("core-router-1"));
    submitOk(topology, {newDevice(nextId(), QStringLiteral("core-router-1"), 0, type.key)});
    QCOMPARE(edits::newDeviceName(topology, type), QStringLiteral("core-router-2"));
    QCOMPARE(edits::newDeviceName(topology, type, {QStringLiteral("core-router-2")}),
             QStringLiteral("core-router-3"));
}

void TestCore::portsAreChosen()
{
    Topology topology;
    const auto port = [](EntityId id, EntityId device, const char *name, InterfaceType type) {
        CreateEntity create = newPort(id, device, QString::fromLatin1(name));
        create.fields.append({Field::InterfaceType, qint64(type)});
        return create;
    };
    submitOk(topology,
             {newDevice(tid(1), QStringLiteral("a")), newDevice(tid(2), QStringLiteral("b")),
              newDevice(tid(3), QStringLiteral("c")),
              port(tid(11), tid(1), "mgmt0", InterfaceType::Ethernet),
              port(tid(12), tid(1), "lo0", InterfaceType::Loopback),
              port(tid(13), tid(1), "eth0", InterfaceType::Ethernet),
              port(tid(14), tid(1), "pon0/3", InterfaceType::Optical),
              port(tid(21), tid(2), "eth0", InterfaceType::Ethernet),
              port(tid(22), tid(2), "pon0", InterfaceType::Optical)});
    counter = 100;
    QCOMPARE(edits::freeInterface(topology, tid(1)), tid(13));
    QCOMPARE(edits::freeInterface(topology, tid(1), InterfaceType::Optical), tid(14));
    QCOMPARE(edits::freeInterface(topology, tid(3)), EntityId(0));
    QCOMPARE(edits::newInterfaceName(topology, tid(1)), QStringLiteral("pon0/4"));
    QCOMPARE(edits::newInterfaceName(topology, tid(3)), QStringLiteral("eth0"));

    const auto link = [&](EntityId a, EntityId b, EntityId portA = 0, EntityId portB = 0) {
        EntityId id = 0;
        submitOk(topology, edits::linkDevices(topology, a, b, nextId, portA, portB, &id));
        const Link *made = topology.link(id);
        return made ? std::pair(made->a, made->b) : std::pair<EntityId, EntityId>();
    };
    // Optical to optical first, then Ethernet, then new ports by the pattern of the last.
    QCOMPARE(link(tid(1), tid(2)), std::pair(tid(14), tid(22)));
    QCOMPARE(link(tid(1), tid(2)), std::pair(tid(13), tid(21)));
    const auto [portA, portB] = link(tid(1), tid(2));
    QCOMPARE(topology.interface(portA)->name, QStringLiteral("pon0/4"));
    QCOMPARE(topology.interface(portB)->name, QStringLiteral("pon1"));
    // Chosen ports are taken, in use or not; the other end is of the same kind.
    QCOMPARE(link(tid(1), tid(2), tid(11), tid(21)), std::pair(tid(11), tid(21)));
    const auto [toNew, fresh] = link(tid(1), tid(3), tid(14));
    QCOMPARE(toNew, tid(14));
    QCOMPARE(topology.interface(fresh)->device, tid(3));
}

void TestCore::linksAreExplained()
{
    Topology topology;
    submitOk(topology, {newDevice(tid(1), QStringLiteral("olt"), 0, QStringLiteral("OLT")),
                        newDevice(tid(2), QStringLiteral("ont"), 0, QStringLiteral("ONT")),
                        newDevice(tid(3), QStringLiteral("core"), 0, QStringLiteral("CORE_ROUTER")),
                        newGroup(tid(4), QStringLiteral("site"))});
    QString advice;
    QCOMPARE(edits::linkRefusal(topology, tid(1), tid(2), &advice), QString());
    QCOMPARE(advice, QString());
    QCOMPARE(edits::linkRefusal(topology, tid(1), tid(1)),
             QStringLiteral("Cannot link device to itself"));
    QCOMPARE(edits::linkRefusal(topology, tid(1), tid(9)), QStringLiteral("Device not found"));
    QVERIFY(edits::linkRefusal(topology, tid(1), tid(4)).contains(QStringLiteral("site")));
    const QString text = QStringLiteral("No valid link rule between OLT and CORE_ROUTER");
    QCOMPARE(edits::linkRefusal(topology, tid(1), tid(3), &advice), QString());
    QCOMPARE(advice, text);
    submitOk(topology, {edits::setField(kBoardId, Field::LinkPolicy, qint64(LinkPolicy::Enforce))});
    QCOMPARE(edits::linkRefusal(topology, tid(1), tid(3)), text);
}

void TestCore::overridesAreBuilt()
{
    Topology topology;
    submitOk(topology,
             {newDevice(tid(1), QStringLiteral("a")), newPort(tid(2), tid(1), QStringLiteral("p")),
              newLink(tid(3), tid(2), tid(2))});
    const QList<EntityId> ids{tid(1), tid(2), tid(3)};
    submitOk(topology, edits::overrideStatus(ids, Status::Degraded, QStringLiteral("works"),
                                             QStringLiteral("ann"), 77));
    for (const EntityId id : ids) {
        QCOMPARE(topology.effectiveStatus(id), Status::Degraded);
        QVERIFY(topology.value(id, Field::OverrideReason) == Value(QStringLiteral("works")));
        QVERIFY(topology.value(id, Field::OverrideBy) == Value(QStringLiteral("ann")));
        QVERIFY(topology.value(id, Field::OverrideAt) == Value(qint64(77)));
    }
    submitOk(topology, edits::overrideStatus(ids, std::nullopt, QStringLiteral("works"),
                                             QStringLiteral("ann"), 78));
    for (const EntityId id : ids) {
        QCOMPARE(topology.effectiveStatus(id), Status::Down);
        for (const Field field :
             {Field::StatusOverride, Field::OverrideReason, Field::OverrideBy, Field::OverrideAt})
            QVERIFY(isNull(topology.value(id, field)));
    }
}

void TestCore::demoBoardIsAsAgreed()
{
    Topology topology;
    submitOk(topology, edits::demoBoard(nextId));
    QCOMPARE(topology.devices().size(), 10);
    QCOMPARE(topology.interfaces().size(), 24);
    QCOMPARE(topology.links().size(), 8);
    for (quint32 i = 1; i <= 10; ++i)
        QVERIFY(topology.device(tid(i))); // devices have the first ids
    const auto device = [&](const char *name) {
        return topology.device(topology.deviceByName(QString::fromLatin1(name)));
    };
    QCOMPARE(device("BackboneGW1")->position, QPointF(200, 50));
    QCOMPARE(device("BackboneGW1")->type, QStringLiteral("BACKBONE_GATEWAY"));
    QCOMPARE(device("EdgeRouter2")->position, QPointF(300, 200));
    QCOMPARE(device("OLT1")->optics->txPowerDbm, std::optional(5.0));
    QCOMPARE(device("ONT1")->optics->sensitivityMinDbm, std::optional(-28.0));
    QVERIFY(!device("ONT2")->optics->sensitivityMinDbm);
    QCOMPARE(device("ONT4")->state.status, Status::Degraded);
    QCOMPARE(device("ONT3")->state.status, Status::Up);
    QStringList links;
    for (const EntityId id : topology.links().ids()) {
        const Link &link = *topology.link(id);
        const auto end = [&](EntityId port) {
            const Interface &interface = *topology.interface(port);
            return topology.device(interface.device)->name + u'.' + interface.name;
        };
        links.append(
            QStringLiteral("%1-%2 %3").arg(end(link.a), end(link.b), statusKey(link.state.status)));
    }
    const QStringList expected{QStringLiteral("BackboneGW1.eth0-CoreRouter1.eth0 UP"),
                               QStringLiteral("CoreRouter1.eth0-EdgeRouter1.eth0 UP"),
                               QStringLiteral("CoreRouter2.eth0-EdgeRouter2.eth0 UP"),
                               QStringLiteral("EdgeRouter1.eth0-OLT1.eth0 UP"),
                               QStringLiteral("OLT1.pon0/0-ONT1.pon0 UP"),
                               QStringLiteral("OLT1.pon0/1-ONT2.pon0 UP"),
                               QStringLiteral("OLT1.pon0/2-ONT3.pon0 UP"),
                               QStringLiteral("OLT1.pon0/3-ONT4.pon0 DEGRADED")};
    QCOMPARE(links, expected);
    int down = 0;
    int degraded = 0;
    for (const EntityId id : topology.interfaces().ids()) {
        down += topology.effectiveStatus(id) == Status::Down ? 1 : 0;
        degraded += topology.effectiveStatus(id) == Status::Degraded ? 1 : 0;
    }
    QCOMPARE(down, 0);
    QCOMPARE(degraded, 1);
}

void TestCore::touchedIdsNameReferences()
{
    const QList<Edit> edits{newDevice(tid(1), QStringLiteral("a"), tid(2)),
                            newPort(tid(3), tid(4), QStringLiteral("p")),
                            newLink(tid(5), tid(6), tid(7)),
                            edits::setField(tid(8), Field::Container, qint64(tid(9))),
                            edits::setField(tid(10), Field::OverrideAt, qint64(tid(99))),
                            RemoveEntities{{tid(11)}, false},
                            RestoreEntities{{tid(12)}}};
    QSet<EntityId> expected;
    for (quint32 i = 1; i <= 12; ++i)
        expected.insert(tid(i));
    QCOMPARE(touchedIds(edits), expected);
}

PATCHBOARD_TEST(TestCore)
#include "tst_core.moc"
