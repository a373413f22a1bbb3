#include "model/core/edits.h"
#include "model/formats/containerlab.h"
#include "model/formats/registry.h"
#include "tests/support/testmain.h"

#include <QRegularExpression>

#include <algorithm>

using namespace patchboard;
using namespace patchboard::formats;

namespace {

/// A board with what names and values may hold, containers in containers, links beside each other
/// and onto themselves.
Topology::Contents oddBoard()
{
    Topology::Contents contents;
    contents.board.title = QStringLiteral("Lab \"7\" <&>");
    const auto device = [&](EntityId id, const QString &name, const char *type, EntityId in = 0) {
        Device made;
        made.id = id;
        made.name = name;
        made.type = QLatin1String(type);
        made.container = in;
        made.position = QPointF(double(id) * 100, -double(id) * 50.5);
        contents.devices.push_back(made);
    };
    device(1, QStringLiteral("Site <A> & \"B\""), "CORE_SITE");
    device(2, QStringLiteral("inner"), "GROUP", 1);
    device(3, QStringLiteral("olt 1: é"), "OLT", 2);
    device(4, QStringLiteral("yes"), "ONT", 2);
    device(5, QStringLiteral("olt-1--"), "SPLITTER");
    contents.devices[2].address = QStringLiteral("10.0.0.1");
    contents.devices[3].remarks.set(&Remarks::notes, QStringLiteral("two\nlines"));
    contents.devices[3].remarks.set(
        &Remarks::properties, Properties{{QStringLiteral("rack <1>"), QStringLiteral("a&b")}});
    const auto port = [&](EntityId id, EntityId of, const char *name, InterfaceType type) {
        Interface made;
        made.id = id;
        made.device = of;
        made.name = QLatin1String(name);
        made.type = type;
        contents.interfaces.push_back(made);
    };
    port(10, 3, "pon0/0", InterfaceType::Optical);
    port(11, 5, "in0", InterfaceType::Optical);
    port(12, 5, "out0", InterfaceType::Optical);
    port(13, 4, "eth \"0\"", InterfaceType::Ethernet);
    const auto link = [&](EntityId id, EntityId a, EntityId b) {
        Link made;
        made.id = id;
        made.a = a;
        made.b = b;
        contents.links.push_back(made);
    };
    link(20, 10, 11);
    link(21, 12, 13);
    link(22, 12, 13);
    link(23, 12, 11);
    LinkDetails details;
    details.lengthKm = 1.25;
    details.label = QStringLiteral("feeder");
    details.mediumId = QStringLiteral("G652D");
    contents.links[0].details = details;
    return contents;
}

const DocumentNode *nodeNamed(const Document &document, const QString &name)
{
    const auto it = std::find_if(document.nodes.cbegin(), document.nodes.cend(),
                                 [&name](const DocumentNode &node) { return node.name == name; });
    return it == document.nodes.cend() ? nullptr : &*it;
}

} // namespace

/// What is written for other programs is read back.
class TestWriting : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void graphml()
    {
        Topology board;
        QVERIFY(board.load(oddBoard()));
        const QByteArray bytes =
            registry.byId(QStringLiteral("graphml"))->write(board).value_or(QByteArray());
        const Format *found = registry.detect(bytes, {});
        QVERIFY(found && found->id() == QLatin1String("graphml"));
        const ReadResult read = registry.read(bytes, {});
        QVERIFY2(read, read ? "" : qPrintable(read.error().text));
        const Document &document = read.document();
        // The link of a device with itself is legal, and said.
        QCOMPARE(document.warnings.size(), 1);
        QCOMPARE(document.nodes.size(), 5);
        QCOMPARE(document.links.size(), 4);
        for (const EntityId id : board.devices().ids()) {
            const Device &device = *board.device(id);
            const DocumentNode *node = nodeNamed(document, device.name);
            QVERIFY2(node, qPrintable(device.name));
            QCOMPARE(node->type, device.type);
            QVERIFY(node->position);
            QCOMPARE(*node->position, device.position);
            QCOMPARE(node->container, board.isContainer(device));
            const Device *container = board.device(device.container);
            QCOMPARE(node->parentKey,
                     container ? nodeNamed(document, container->name)->key : QString());
            const auto ports = board.interfacesOf(id);
            QCOMPARE(node->interfaces.size(), qsizetype(ports.size()));
            for (size_t i = 0; i < ports.size(); ++i) {
                const Interface &port = *board.interface(ports[i]);
                QCOMPARE(node->interfaces.at(qsizetype(i)).name, port.name);
                QCOMPARE(node->interfaces.at(qsizetype(i)).type, interfaceTypeKey(port.type));
            }
        }
        const DocumentNode *ont = nodeNamed(document, QStringLiteral("yes"));
        QCOMPARE(ont->notes, QStringLiteral("two\nlines"));
        QCOMPARE(ont->properties.value(QStringLiteral("rack <1>")), QStringLiteral("a&b"));
        QCOMPARE(nodeNamed(document, QStringLiteral("olt 1: é"))->managementAddress,
                 QStringLiteral("10.0.0.1"));
        const DocumentLink &feeder = document.links.first();
        QCOMPARE(feeder.label, QStringLiteral("feeder"));
        QCOMPARE(feeder.aInterface, QStringLiteral("pon0/0"));
        QCOMPARE(feeder.bInterface, QStringLiteral("in0"));
        QCOMPARE(feeder.lengthKm.value_or(0), 1.25);
        QCOMPARE(feeder.properties.value(QStringLiteral("physical_medium_id")),
                 QStringLiteral("G652D"));
    }

    void containerlab()
    {
        Topology board;
        QVERIFY(board.load(oddBoard()));
        const QByteArray bytes =
            registry.byId(QStringLiteral("containerlab"))->write(board).value_or(QByteArray());
        const ReadResult read = registry.read(bytes, {});
        QVERIFY2(read, read ? "" : qPrintable(read.error().text));
        const Document &document = read.document();
        QCOMPARE(document.format, QStringLiteral("containerlab"));
        QCOMPARE(document.title, QStringLiteral("Lab \"7\" <&>"));
        QCOMPARE(document.nodes.size(), 3); // containers are no nodes of a lab
        QCOMPARE(document.links.size(), 4);
        // Names that containerlab takes, distinct, and no other for those that it takes as they
        // are.
        static const QRegularExpression good(QStringLiteral("^[a-zA-Z0-9][a-zA-Z0-9\\-._|]*$"));
        QSet<QString> names;
        for (const DocumentNode &node : document.nodes) {
            QVERIFY2(good.match(node.name).hasMatch(), qPrintable(node.name));
            names.insert(node.name);
        }
        QCOMPARE(names, (QSet<QString>{QStringLiteral("olt-1---"), QStringLiteral("yes"),
                                       QStringLiteral("olt-1--")}));
        QCOMPARE(document.links.first().aInterface, QStringLiteral("pon0/0"));
        QCOMPARE(*nodeNamed(document, QStringLiteral("yes"))->position, QPointF(400, -202));
        QCOMPARE(nodeNamed(document, QStringLiteral("yes"))->type, QStringLiteral("ONT"));
    }

    void names()
    {
        Topology::Contents contents;
        for (const auto &[id, name] :
             {std::pair(EntityId(1), "a b"), std::pair(EntityId(2), "a-b"),
              std::pair(EntityId(3), "a/b"), std::pair(EntityId(4), ".x")}) {
            Device device;
            device.id = id;
            device.name = QLatin1String(name);
            device.type = QStringLiteral("HOST");
            contents.devices.push_back(device);
        }
        Topology board;
        QVERIFY(board.load(std::move(contents)));
        const QString text = containerlabText(board, {1, 2, 3, 4}, {});
        for (const char *name : {"\"a-b-2\":", "\"a-b\":", "\"a-b-3\":", "\"nx\":"})
            QVERIFY2(text.contains(QLatin1String(name)), qPrintable(text));
    }

    /// Deeper than readers go, and what XML cannot say.
    void extremes()
    {
        Topology::Contents contents;
        for (EntityId id = 1; id <= 1000; ++id) {
            Device device;
            device.id = id;
            device.name = QStringLiteral("g%1").arg(id) + (id == 7 ? QChar(1) : QChar(u'.'));
            device.type = QStringLiteral("GROUP");
            device.container = id - 1;
            contents.devices.push_back(device);
        }
        Topology board;
        QVERIFY(board.load(std::move(contents)));
        const QByteArray bytes =
            registry.byId(QStringLiteral("graphml"))->write(board).value_or(QByteArray());
        const ReadResult read = registry.read(bytes, {});
        QVERIFY2(read, read ? "" : qPrintable(read.error().text));
        QCOMPARE(read.document().nodes.size(), 1000);
        // An empty board is a file as well.
        Topology none;
        for (const auto &format : registry.formats())
            QVERIFY(!format->write(none).value_or(QByteArray()).isEmpty());
    }

private:
    Registry registry;
};

PATCHBOARD_TEST(TestWriting)
#include "tst_writing.moc"
