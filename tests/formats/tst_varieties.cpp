#include "model/formats/registry.h"
#include "tests/support/testmain.h"

#include <QRegularExpression>
#include <QStringEncoder>

using namespace patchboard::formats;

/// The dialects in which programs write these formats, each in a few lines.
class TestVarieties : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }
    void counts_data();
    void counts();
    void encodings();
    void portsInsidePortsGoByTheirOwnName();
    void variablesMayStandInLists();

private:
    Registry m_registry;
    ReadResult read(const QByteArray &bytes, const char *format)
    {
        return m_registry.read(bytes, {}, QLatin1String(format));
    }
};

void TestVarieties::counts_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("format");
    QTest::addColumn<int>("devices");
    QTest::addColumn<int>("links");
    QTest::addColumn<int>("interfaces");
    QTest::addColumn<int>("containers");
    const auto graph = [](const char *name, const char *inner, int devices, int links,
                          int interfaces = 0, int containers = 0) {
        QTest::newRow(name) << QByteArray("<graphml xmlns=\"http://graphml.graphdrawing.org/"
                                          "xmlns\">") +
                                   inner + "</graphml>"
                            << QByteArray("graphml") << devices << links << interfaces
                            << containers;
    };
    graph("keys after the graph, edges before nodes",
          "<graph edgedefault='undirected'><edge source='a' target='b'/><node id='a'/><node "
          "id='b'/></graph><key id='l' for='node' attr.name='label'/>",
          2, 1);
    graph("parallel edges with and without ids, a loop",
          "<graph edgedefault='undirected'><node id='a'/><node id='b'/><edge source='a' "
          "target='b'/><edge id='1' source='a' target='b'/><edge source='b' target='b'/></graph>",
          2, 3);
    graph("values that are no numbers",
          "<key id='x' for='node' attr.name='x' attr.type='float'/><key id='y' for='node' "
          "attr.name='y' attr.type='float'/><graph edgedefault='directed'><node id='1.0'><data "
          "key='x'>NaN</data><data key='y'>inf</data></node></graph>",
          1, 0);
    graph("hyperedges",
          "<graph edgedefault='undirected'><node id='a'/><node id='b'/><node id='c'/><hyperedge>"
          "<endpoint node='a'/><endpoint node='b'/><endpoint node='c' port='p'/></hyperedge>"
          "<hyperedge><endpoint node='a'/><endpoint node='c'/></hyperedge></graph>",
          4, 4, 1);
    graph("graphs in nodes",
          "<graph edgedefault='undirected'><node id='o'/><node id='g'><graph "
          "edgedefault='undirected'><node id='g::a'><graph edgedefault='undirected'><node "
          "id='g::a::b'/></graph></node><edge source='g::a::b' target='o'/></graph></node></graph>",
          4, 1, 0, 2);
    QTest::newRow("a prefix before every element")
        << QByteArray("<g:graphml xmlns:g='http://graphml.graphdrawing.org/xmlns'><g:graph "
                      "edgedefault='undirected'><g:node id='a'/><g:node id='b'/><g:edge "
                      "source='a' target='b'/></g:graph></g:graphml>")
        << QByteArray("graphml") << 2 << 1 << 0 << 0;
    const auto lab = [](const char *name, const char *links, int taken, int interfaces) {
        QTest::newRow(name) << QByteArray(
                                   "name: x\ntopology:\n  nodes: {a: {}, b: ~}\n  links:\n") +
                                   links
                            << QByteArray("containerlab") << 2 << taken << interfaces << 0;
    };
    lab("veth with maps",
        "    - type: veth\n      endpoints: [{node: a, interface: e1, mac: 02:00:00:00:00:01}, "
        "{node: b, interface: e1}]\n",
        1, 2);
    lab("links out of the lab",
        "    - {type: mgmt-net, endpoint: {node: a, interface: e1}, host-interface: h}\n"
        "    - {type: macvlan, endpoint: {node: a, interface: e2}, host-interface: h}\n"
        "    - {type: vxlan, endpoint: {node: a, interface: e3}, remote: 1.2.3.4, vni: 1}\n"
        "    - {type: dummy, endpoint: {node: a, interface: e4}}\n"
        "    - endpoints: ['a:e5', 'host:h5']\n"
        "    - endpoints: ['a:e6', 'macvlan:eth0']\n",
        0, 6);
    lab("one end, as a list", "    - {type: host, endpoints: ['a:e1']}\n", 0, 1);
    lab("one end, as a list of maps",
        "    - type: macvlan\n      endpoint:\n        - node: a\n          interface: e1\n", 0, 1);
    lab("an outside without a colon", "    - endpoints: ['a:e1', dummy]\n", 0, 1);
    lab("merged maps",
        "    - &first {endpoints: ['a:e1', 'b:e1'], mtu: 1500}\n    - <<: *first\n      "
        "endpoints: ['a:e2', 'b:e2']\n",
        2, 4);
    lab("names of ports with slashes and colons", "    - endpoints: ['a:1/1/c1', 'b:ge-0/0/0:1']\n",
        1, 2);
}

void TestVarieties::counts()
{
    QFETCH(const QByteArray, text);
    QFETCH(const QByteArray, format);
    const ReadResult result = read(text, format.constData());
    QVERIFY2(result, result ? "" : qPrintable(result.error().describe(QStringLiteral("file"))));
    const Summary summary = summaryOf(result.document());
    QTEST(int(summary.devices), "devices");
    QTEST(int(summary.links), "links");
    QTEST(int(summary.interfaces), "interfaces");
    QTEST(int(summary.containers), "containers");
}

void TestVarieties::encodings()
{
    const QString body =
        QStringLiteral("<graphml><graph><node id=\"M\u00fcnchen\"/></graph></graphml>");
    const auto declared = [&](const char *name) {
        return QStringLiteral("<?xml version=\"1.0\" encoding=\"%1\"?>\n")
                   .arg(QLatin1String(name)) +
               body;
    };
    const auto coded = [](QStringConverter::Encoding encoding, const QString &text) {
        QStringEncoder encoder(encoding, QStringConverter::Flag::WriteBom);
        return QByteArray(encoder(text));
    };
    const QList<QByteArray> files{body.toUtf8(),
                                  "\xef\xbb\xbf" + declared("UTF-8").toUtf8(),
                                  coded(QStringConverter::Utf16LE, declared("UTF-16")),
                                  coded(QStringConverter::Utf16BE, body),
                                  declared("ISO-8859-1").toLatin1(),
                                  declared("windows-1252").toLatin1()};
    for (const QByteArray &file : files) {
        const ReadResult result = read(file, "graphml");
        QVERIFY2(result, qPrintable(QString::fromLatin1(file.left(60).toHex())));
        QCOMPARE(result.document().nodes.first().name, QStringLiteral("M\u00fcnchen"));
    }
}

void TestVarieties::portsInsidePortsGoByTheirOwnName()
{
    const ReadResult result =
        read("<graphml><graph><node id='a'><port name='S'><port name='1'/></port></node><node "
             "id='b'/><edge source='a' target='b' sourceport='1' targetport='x'/></graph>"
             "</graphml>",
             "graphml");
    QVERIFY(result);
    QCOMPARE(result.document().nodes.first().interfaces.size(), 2);
    QCOMPARE(result.document().links.first().aInterface, QStringLiteral("S/1"));
}

void TestVarieties::variablesMayStandInLists()
{
    const ReadResult result =
        read("name: ${LAB:=demo}\ntopology:\n  nodes:\n    a: {kind: linux, image: ${IMG}}\n"
             "    ${N:=b}: {}\n  links:\n    - endpoints: [a:e1, b:e1]\n",
             "containerlab");
    QVERIFY2(result, result ? "" : qPrintable(result.error().text));
    QCOMPARE(result.document().title, QStringLiteral("demo"));
    QCOMPARE(result.document().nodes.at(1).name, QStringLiteral("b"));
    QCOMPARE(result.document().nodes.first().properties.value(QStringLiteral("image")),
             QStringLiteral("$IMG"));
    QCOMPARE(result.document().links.size(), 1);
}

PATCHBOARD_TEST(TestVarieties)
#include "tst_varieties.moc"
