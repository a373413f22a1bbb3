#include "model/core/topology.h"
#include "model/formats/containerlab.h"
#include "model/formats/hints.h"
#include "model/formats/import.h"
#include "model/formats/registry.h"
#include "tests/support/testmain.h"

#include <QDir>
#include <QElapsedTimer>
#include <QTemporaryDir>

#include <cmath>

using namespace patchboard;
using namespace patchboard::formats;

namespace {

struct ImportIds
{
    quint32 last = 0;
    edits::IdSource source()
    {
        return [this] { return makeId(0, ++last); };
    }
};

Document sampleDocument(const char *name)
{
    const ReadResult result =
        Registry().readFile(QStringLiteral(PATCHBOARD_TEST_DATA "/formats/") + QLatin1String(name));
    return result ? result.document() : Document();
}

/// All of it in one change, as a window would.
Result<void> submitImport(Topology &topology, const Import &import)
{
    Change change;
    change.cseq = 1;
    change.edits = import.edits;
    const auto outcome = topology.submit(change, {{0, 1}, 1, 1});
    if (!outcome)
        return outcome.error();
    // Nothing may be decided behind the back of the import.
    if (!outcome->expansion.notices.isEmpty())
        return Error{Errc::Conflict,
                     QStringLiteral("notices: ") + outcome->expansion.notices.first().text};
    return {};
}

const DocumentNode *nodeOf(const Document &document, const char *key)
{
    for (const DocumentNode &node : document.nodes) {
        if (node.key == QLatin1String(key))
            return &node;
    }
    return nullptr;
}

QStringList interfacesOf(const DocumentNode &node)
{
    QStringList names;
    for (const DocumentInterface &interface : node.interfaces)
        names.append(interface.name);
    names.sort();
    return names;
}

} // namespace

class ImportTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void yedFile();
    void geographicFile();
    void containerlabFile();
    void annotationsBesideTheFile();
    void variables_data();
    void variables();
    void boardOfFile();
    void secondImportBesideTheFirst();
    void everyTypeIsInTheCatalogue();
    void unicodeNamesSurvive();
    void longNames();
    void formatOverride();
    void unknownFiles();
    void cancelling();
    void largeFile();
    void everyFile_data();
    void everyFile();
};

void ImportTest::init()
{
    QTest::failOnWarning(QRegularExpression(QStringLiteral(".*")));
}

void ImportTest::yedFile()
{
    const Document document = sampleDocument("campus.graphml");
    QCOMPARE(document.format, QStringLiteral("graphml"));
    QCOMPARE(document.title, QStringLiteral("Campus"));
    QCOMPARE(document.nodes.size(), 5); // the segment of the hyperedge too
    QCOMPARE(document.links.size(), 6);
    const DocumentNode *site = nodeOf(document, "site");
    QVERIFY(site && site->container);
    QCOMPARE(site->type, QStringLiteral("GROUP"));
    QCOMPARE(site->name, QStringLiteral("North"));
    QCOMPARE(*site->size, QSizeF(800, 400));
    const DocumentNode *core = nodeOf(document, "r1");
    QCOMPARE(core->name, QStringLiteral("core-1"));
    QCOMPARE(core->type, QStringLiteral("CORE_ROUTER"));
    QCOMPARE(core->parentKey, QStringLiteral("site"));
    QCOMPARE(*core->position, QPointF(130, 120)); // the middle, not the corner
    QCOMPARE(core->managementAddress, QStringLiteral("10.0.0.1"));
    QCOMPARE(core->properties.value(QStringLiteral("model")), QStringLiteral("MX204"));
    QCOMPARE(core->notes, QStringLiteral("first floor"));
    QCOMPARE(interfacesOf(*core), QStringList{QStringLiteral("xe-1")});
    QCOMPARE(core->interfaces.first().properties.value(QStringLiteral("label")),
             QStringLiteral("up"));
    const DocumentNode *access = nodeOf(document, "s1");
    QCOMPARE(access->type, QStringLiteral("SWITCH")); // by the default of the key
    QCOMPARE(interfacesOf(*access), (QStringList{QStringLiteral("ge-0"), QStringLiteral("ge-0/0"),
                                                 QStringLiteral("ge-1")}));
    const DocumentLink &first = document.links.at(0);
    QCOMPARE(first.aInterface, QStringLiteral("xe-1"));
    QCOMPARE(first.bInterface, QStringLiteral("ge-0/0"));
    QCOMPARE(first.label, QStringLiteral("fibre"));
    QCOMPARE(*first.lengthKm, 1.5);
    QCOMPARE(document.links.at(1).aInterface, QStringLiteral("ge-0"));
    QCOMPARE(document.links.at(1).bInterface, QStringLiteral("eth0"));
    QCOMPARE(nodeOf(document, "lan")->type, QStringLiteral("SWITCH"));
}

void ImportTest::geographicFile()
{
    Document document = sampleDocument("earth.graphml");
    QCOMPARE(document.title, QStringLiteral("Four towns"));
    QCOMPARE(document.links.first().label, QStringLiteral("10 Gbit/s"));
    QCOMPARE(nodeOf(document, "4")->name, QStringLiteral("4"));
    QVERIFY(!nodeOf(document, "4")->position);
    QVERIFY(placeDocument(document));
    const QPointF oslo = *nodeOf(document, "0")->position;
    const QPointF rome = *nodeOf(document, "1")->position;
    const QPointF lisbon = *nodeOf(document, "2")->position;
    const QPointF kyiv = *nodeOf(document, "3")->position;
    QVERIFY(oslo.y() < kyiv.y()); // north is up
    QVERIFY(kyiv.y() < rome.y());
    QVERIFY(lisbon.x() < oslo.x()); // west is left
    QVERIFY(rome.x() < kyiv.x());
    QVERIFY(nodeOf(document, "4")->position.has_value());
}

void ImportTest::containerlabFile()
{
    const Document document = sampleDocument("pod.clab.yml");
    QCOMPARE(document.format, QStringLiteral("containerlab"));
    QCOMPARE(document.title, QStringLiteral("pod"));
    QCOMPARE(document.properties.value(QStringLiteral("mgmt.network")), QStringLiteral("pod-mgmt"));
    QCOMPARE(document.nodes.size(), 8);
    const auto property = [&](const char *node, const char *key) {
        return nodeOf(document, node)->properties.value(QLatin1String(key));
    };
    // defaults < kinds < groups < node
    QCOMPARE(property("spine1", "type"), QStringLiteral("ixrd2"));
    QCOMPARE(property("leaf1", "type"), QStringLiteral("ixrd3"));
    QCOMPARE(property("leaf2", "type"), QStringLiteral("ixrd1"));
    QCOMPARE(property("leaf1", "image"), QStringLiteral("registry.example/srlinux:1"));
    QCOMPARE(property("leaf1", "env.TIER"), QStringLiteral("leaf"));
    QCOMPARE(property("leaf1", "env.SITE"), QStringLiteral("lab"));
    QCOMPARE(property("spine1", "env.TIER"), QStringLiteral("none"));
    QCOMPARE(property("bare", "kind"), QStringLiteral("nokia_srlinux"));
    QCOMPARE(property("leaf2", "labels.answer"), QStringLiteral("no")); // text stays text
    QCOMPARE(property("client", "exec"),
             QStringLiteral("ip link set eth1 up\nip addr add 10.0.0.2/24 dev eth1"));
    QCOMPARE(nodeOf(document, "spine1")->managementAddress, QStringLiteral("172.30.0.11"));
    QCOMPARE(nodeOf(document, "spine1")->type, QStringLiteral("SWITCH"));
    QCOMPARE(nodeOf(document, "fw")->type, QStringLiteral("FIREWALL"));
    QCOMPARE(nodeOf(document, "router")->type, QStringLiteral("ROUTER"));
    QCOMPARE(nodeOf(document, "client")->type, QStringLiteral("HOST"));
    QCOMPARE(nodeOf(document, "lan")->type, QStringLiteral("SWITCH"));
    QVERIFY(nodeOf(document, "spine1")->tier < nodeOf(document, "leaf1")->tier);

    QCOMPARE(document.links.size(), 6);
    QCOMPARE(document.links.at(0).properties.value(QStringLiteral("mtu")), QStringLiteral("9000"));
    QCOMPARE(document.links.at(5).a, document.links.at(5).b); // legal here
    QCOMPARE(interfacesOf(*nodeOf(document, "client")),
             (QStringList{QStringLiteral("eth1"), QStringLiteral("eth2")}));
    QCOMPARE(interfacesOf(*nodeOf(document, "router")),
             (QStringList{QStringLiteral("eth1"), QStringLiteral("eth9")}));
    QCOMPARE(nodeOf(document, "spine1")->interfaces.at(1).address, QStringLiteral("10.1.0.0/31"));
    // What leaves the lab, or leads nowhere, is said with its line.
    QList<qint64> lines;
    for (const Warning &warning : document.warnings)
        lines.append(warning.line);
    std::sort(lines.begin(), lines.end());
    QCOMPARE(lines, (QList<qint64>{54, 55, 57}));
}

void ImportTest::annotationsBesideTheFile()
{
    QTemporaryDir folder;
    const QString path = folder.filePath(QStringLiteral("two.clab.yml"));
    const auto write = [](const QString &to, const char *text) {
        QFile file(to);
        return file.open(QIODevice::WriteOnly) && file.write(text) > 0;
    };
    QVERIFY(write(path,
                  "name: two\ntopology:\n  nodes:\n    a: {kind: linux}\n    b: {kind: linux}\n"));
    QVERIFY(write(path + QStringLiteral(".annotations.json"),
                  R"({"nodeAnnotations":[{"id":"a","icon":"router","position":{"x":10,"y":-20}},)"
                  R"({"id":"nobody","position":{"x":1,"y":1}}]})"));
    const ReadResult result = Registry().readFile(path);
    QVERIFY(result);
    QCOMPARE(*nodeOf(result.document(), "a")->position, QPointF(10, -20));
    QCOMPARE(nodeOf(result.document(), "a")->type, QStringLiteral("ROUTER"));
    QVERIFY(!nodeOf(result.document(), "b")->position);
    QVERIFY(write(path + QStringLiteral(".annotations.json"), "{broken"));
    const ReadResult broken = Registry().readFile(path);
    QVERIFY(broken);
    QCOMPARE(broken.document().warnings.size(), 1);
}

void ImportTest::variables_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("expected");
    const auto row = [](const char *text, const char *expected) {
        QTest::newRow(text) << QString::fromLatin1(text) << QString::fromLatin1(expected);
    };
    row("image: ${A:=alpine:3}", "image: alpine:3");
    row("image: ${A:-alpine}", "image: alpine");
    row("${A=x}${B-y}", "xy");
    row("image: ${A}", "image: ${A}");
    row("image: ${A:=x${B}y}", "image: x${B}y");
    row("image: ${A:=x${B:=z}y}/t", "image: xzy/t");
    row("image: ${A:=open", "image: ${A:=open");
    row("a: ${A:=open\nb: }", "a: ${A:=open\nb: }");
    row("a: $A $ {B} }", "a: $A $ {B} }");
    row("${}${:=x}", "${}${:=x}");
}

void ImportTest::variables()
{
    QFETCH(QString, text);
    QFETCH(QString, expected);
    QCOMPARE(ContainerlabFormat::withDefaults(text), expected);
}

void ImportTest::boardOfFile()
{
    Document document = sampleDocument("campus.graphml");
    QVERIFY(placeDocument(document));
    Topology topology;
    ImportIds ids;
    const Import import = importEdits(document, topology, ids.source());
    const Result<void> done = submitImport(topology, import);
    QVERIFY2(done, qPrintable(done ? QString() : done.error().text));
    QCOMPARE(topology.board().title, QStringLiteral("Campus"));
    QCOMPARE(topology.devices().size(), 5);
    QCOMPARE(topology.links().size(), 6);
    const EntityId core = topology.deviceByName(QStringLiteral("core-1"));
    const Device *device = topology.device(core);
    QVERIFY(device);
    QCOMPARE(topology.device(device->container)->name, QStringLiteral("North"));
    QCOMPARE(device->state.status, Status::Up);
    QCOMPARE(device->address, QStringLiteral("10.0.0.1"));
    // The second of a name has a number, and that is said.
    QVERIFY(topology.deviceByName(QStringLiteral("access-1")) != 0);
    QVERIFY(topology.deviceByName(QStringLiteral("access-1-2")) != 0);
    const QString text = import.summary.warnings.last().text;
    QVERIFY2(text.contains(QLatin1String("access-1-2")), qPrintable(text));
    // An edge without names got an interface of its own, beside those that the file names.
    const EntityId server = topology.deviceByName(QStringLiteral("access-1-2"));
    QVERIFY(topology.interfaceByName(server, QStringLiteral("eth0")) != 0);
    QVERIFY(topology.interfaceByName(server, QStringLiteral("eth1")) != 0);
    QCOMPARE(import.summary.containers, 1);
    QCOMPARE(import.summary.devices, 5);
}

void ImportTest::secondImportBesideTheFirst()
{
    Document document = sampleDocument("earth.graphml");
    QVERIFY(placeDocument(document));
    Topology topology;
    ImportIds ids;
    QVERIFY(submitImport(topology, importEdits(document, topology, ids.source())));
    double right = -1e9;
    for (const EntityId id : topology.devices().ids())
        right = std::max(right, topology.device(id)->position.x());
    const Import second = importEdits(document, topology, ids.source());
    QVERIFY(submitImport(topology, second));
    QCOMPARE(topology.devices().size(), 10);
    for (const EntityId id : second.devices)
        QVERIFY(topology.device(id)->position.x() > right + 100);
    ImportOptions options;
    options.centre = QPointF(5000, -3000);
    const Import third = importEdits(document, topology, ids.source(), options);
    QVERIFY(submitImport(topology, third));
    QPointF low = topology.device(third.devices.first())->position, high = low;
    for (const EntityId id : third.devices) {
        const QPointF at = topology.device(id)->position;
        low = QPointF(std::min(low.x(), at.x()), std::min(low.y(), at.y()));
        high = QPointF(std::max(high.x(), at.x()), std::max(high.y(), at.y()));
    }
    QVERIFY(((low + high) / 2 - QPointF(5000, -3000)).manhattanLength() < 1.0);
}

void ImportTest::everyTypeIsInTheCatalogue()
{
    for (const DeviceTypeInfo &type : builtinTypes())
        QCOMPARE(deviceTypeFromText(type.key),
                 type.key == QLatin1String("GROUP") ? QString() : type.key);
    for (const char *text :
         {"Core Router", "L3-switch", "leaf01", "fw", "Web server", "PC", "internet", "wlan ap"}) {
        const QString type = deviceTypeFromText(QString::fromLatin1(text));
        QVERIFY2(builtinType(type), text);
    }
    QCOMPARE(deviceTypeFromText(u"paper"), QString()); // no "ap", no "pe" inside a word
}

void ImportTest::unicodeNamesSurvive()
{
    Document document = [&] {
        const ReadResult result = Registry().readFile(
            QStringLiteral(PATCHBOARD_TEST_DATA "/hostile/graphml/unicode_names.graphml"));
        return result ? result.document() : Document();
    }();
    QCOMPARE(document.nodes.size(), 18);
    QFile file(QStringLiteral(PATCHBOARD_TEST_DATA "/hostile/graphml/unicode_names.graphml"));
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QString all = QString::fromUtf8(file.readAll());
    QVERIFY(placeDocument(document));
    Topology topology;
    ImportIds ids;
    QVERIFY(submitImport(topology, importEdits(document, topology, ids.source())));
    for (const EntityId id : topology.devices().ids()) {
        const QString name = topology.device(id)->name;
        QVERIFY(all.contains(QStringLiteral(">%1<").arg(name)));
    }
    QVERIFY(topology.deviceByName(QStringLiteral("  padded  ")) != 0);
    QVERIFY(topology.deviceByName(QStringLiteral("\u00e9")) != 0);
    QVERIFY(topology.deviceByName(QStringLiteral("e\u0301")) != 0);
}

void ImportTest::longNames()
{
    Document document;
    for (const char *key : {"a", "b"}) {
        DocumentNode node;
        node.key = QLatin1String(key);
        node.name = QString(40000, QLatin1Char('x'));
        node.type = QStringLiteral("GENERIC");
        node.notes = QString(40000, QLatin1Char('n'));
        node.properties.insert(QString(300, QLatin1Char('k')), QStringLiteral("v"));
        document.nodes.append(node);
    }
    QVERIFY(placeDocument(document));
    Topology topology;
    ImportIds ids;
    const Import import = importEdits(document, topology, ids.source());
    QVERIFY(submitImport(topology, import));
    QCOMPARE(topology.devices().size(), 2);
    QCOMPARE(import.summary.warnings.size(), 7); // two cut, one numbered, two notes, two properties
}

void ImportTest::formatOverride()
{
    const Registry registry;
    QVERIFY(registry.byId(QStringLiteral("graphml")));
    QVERIFY(!registry.byId(QStringLiteral("none")));
    const QString path = QStringLiteral(PATCHBOARD_TEST_DATA "/formats/campus.graphml");
    QVERIFY(!registry.readFile(path, {}, QStringLiteral("containerlab")));
    QVERIFY(!registry.readFile(path, {}, QStringLiteral("nonsense")));
    QVERIFY(registry.nameFilters().first().contains(QLatin1String("*.graphml")));
}

void ImportTest::unknownFiles()
{
    const Registry registry;
    const auto refused = [&](const QByteArray &data, const char *name) {
        ReadContext context;
        context.fileName = QLatin1String(name);
        const ReadResult result = registry.read(data, context);
        return !result && !result.error().text.isEmpty();
    };
    QVERIFY(refused("", "x.graphml"));
    QVERIFY(refused("hello", "hello.txt"));
    QVERIFY(refused("version: '3'\nservices: {}\n", "docker-compose.yml"));
    QVERIFY(refused("<svg xmlns='http://www.w3.org/2000/svg'/>", "picture.svg"));
    QVERIFY(!registry.readFile(QStringLiteral("/nowhere/file.graphml")));
    QVERIFY(!registry.readFile(QStringLiteral(PATCHBOARD_TEST_DATA)));
    // Content before name.
    QFile file(QStringLiteral(PATCHBOARD_TEST_DATA "/formats/campus.graphml"));
    QVERIFY(file.open(QIODevice::ReadOnly));
    ReadContext context;
    context.fileName = QStringLiteral("campus.yml");
    const ReadResult result = registry.read(file.readAll(), context);
    QVERIFY(result);
    QCOMPARE(result.document().format, QStringLiteral("graphml"));
}

void ImportTest::cancelling()
{
    QByteArray large = "<graphml><graph>";
    QByteArray lab = "topology:\n  nodes:\n";
    for (int i = 0; i < 20000; ++i) {
        large += "<node id='n" + QByteArray::number(i) + "'/>";
        lab += "    n" + QByteArray::number(i) + ": {kind: linux}\n";
    }
    large += "</graph></graphml>";
    for (const QByteArray &data : {large, lab}) {
        int asked = 0;
        ReadContext context;
        context.control.cancelled = [&asked] { return ++asked > 2; };
        const ReadResult result = Registry().read(data, context);
        QVERIFY(!result);
        QVERIFY(result.error().cancelled);
        QVERIFY(asked < 6);
    }
}

/// The figure that people wait for; printed, not judged.
void ImportTest::largeFile()
{
    QByteArray data = "<graphml><key id='d0' for='node' attr.name='label' attr.type='string'/>"
                      "<key id='d1' for='node' attr.name='rack' attr.type='int'/>"
                      "<key id='d2' for='edge' attr.name='speed' attr.type='string'/>"
                      "<graph edgedefault='undirected'>";
    const int n = 10000;
    for (int i = 0; i < n; ++i)
        data += "<node id='n" + QByteArray::number(i) + "'><data key='d0'>router-" +
                QByteArray::number(i) + "</data><data key='d1'>" + QByteArray::number(i / 40) +
                "</data></node>";
    for (int i = 1; i < 2 * n; ++i)
        data += "<edge source='n" + QByteArray::number(i % n) + "' target='n" +
                QByteArray::number(i * 7919 % (i % n + 1)) + "'><data key='d2'>10G</data></edge>";
    data += "</graph></graphml>";
    QElapsedTimer timer;
    timer.start();
    ReadContext context;
    context.fileName = QStringLiteral("large.graphml");
    ReadResult result = Registry().read(data, context);
    QVERIFY(result);
    const qint64 read = timer.restart();
    QVERIFY(placeDocument(result.document()));
    const qint64 placed = timer.restart();
    Topology topology;
    ImportIds ids;
    const Import import = importEdits(result.document(), topology, ids.source());
    const qint64 made = timer.restart();
    QVERIFY(submitImport(topology, import));
    qInfo("%d nodes, %lld links: read %lld, place %lld, edits %lld, submit %lld ms", n,
          qint64(topology.links().size()), read, placed, made, timer.elapsed());
    QCOMPARE(topology.devices().size(), n);
}

void ImportTest::everyFile_data()
{
    QTest::addColumn<QString>("file");
    QStringList folders{QStringLiteral(PATCHBOARD_TEST_DATA "/hostile/graphml"),
                        QStringLiteral(PATCHBOARD_TEST_DATA "/hostile/clab"),
                        QStringLiteral(PATCHBOARD_TEST_DATA "/formats")};
    const QString corpus = qEnvironmentVariable("PATCHBOARD_CORPUS");
    if (!corpus.isEmpty())
        folders +=
            {corpus + QStringLiteral("/corpus/graphml"), corpus + QStringLiteral("/corpus/clab")};
    for (const QString &folder : std::as_const(folders)) {
        const QStringList names = QDir(folder).entryList(QDir::Files, QDir::Name);
        for (const QString &name : names)
            QTest::newRow(
                qPrintable(folder.section(QLatin1Char('/'), -2) + QLatin1Char('/') + name))
                << folder + QLatin1Char('/') + name;
    }
}

/// Whatever a reader takes becomes a board: same counts, all placed, nobody upon another.
void ImportTest::everyFile()
{
    QFETCH(QString, file);
    ReadResult result = Registry().readFile(file);
    if (!result)
        return; // tst_reading judges that
    QVERIFY(placeDocument(result.document()));
    Topology topology;
    ImportIds ids;
    const Import import = importEdits(result.document(), topology, ids.source());
    const Result<void> done = submitImport(topology, import);
    QVERIFY2(done, qPrintable(done ? QString() : done.error().text));
    QCOMPARE(topology.devices().size(), import.summary.devices);
    QCOMPARE(topology.links().size(), import.summary.links);
    QVERIFY(topology.interfaces().size() >= import.summary.interfaces);
    QList<QPointF> places;
    for (const EntityId id : topology.devices().ids()) {
        const Device *device = topology.device(id);
        QVERIFY(std::isfinite(device->position.x()) && std::isfinite(device->position.y()));
        QVERIFY(std::abs(device->position.x()) < 1e8 && std::abs(device->position.y()) < 1e8);
        if (topology.isContainer(*device))
            continue;
        for (const QPointF &other : std::as_const(places)) {
            const QPointF d = other - device->position;
            QVERIFY2(std::abs(d.x()) >= 80 || std::abs(d.y()) >= 80, qPrintable(device->name));
        }
        places.append(device->position);
    }
}

PATCHBOARD_TEST(ImportTest)
#include "tst_import.moc"
