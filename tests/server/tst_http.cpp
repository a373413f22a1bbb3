#include "tests/server/hosttest.h"
#include "tests/support/testmain.h"

#include <QElapsedTimer>
#include <QRandomGenerator>
#include <QWebSocket>
#include <QtTest/QSignalSpy>

namespace {

QJsonObject json(const char *text)
{
    QJsonParseError error;
    const QJsonObject object = QJsonDocument::fromJson(text, &error).object();
    Q_ASSERT_X(error.error == QJsonParseError::NoError, "json", text);
    return object;
}

QStringList sorted(QStringList keys)
{
    keys.sort();
    return keys;
}

const QStringList kDeviceResponse =
    sorted({QStringLiteral("id"), QStringLiteral("name"), QStringLiteral("device_type"),
            QStringLiteral("status"), QStringLiteral("x"), QStringLiteral("y"),
            QStringLiteral("tx_power_dbm"), QStringLiteral("sensitivity_min_dbm"),
            QStringLiteral("insertion_loss_db"), QStringLiteral("parent_container_id"),
            QStringLiteral("status_override"), QStringLiteral("override_reason"),
            QStringLiteral("effective_status")});
const QStringList kInterfaceResponse =
    sorted({QStringLiteral("id"), QStringLiteral("name"), QStringLiteral("interface_type"),
            QStringLiteral("status"), QStringLiteral("device_id")});
const QStringList kLinkResponse =
    sorted({QStringLiteral("id"), QStringLiteral("status"), QStringLiteral("a_interface_id"),
            QStringLiteral("b_interface_id"), QStringLiteral("length_km"),
            QStringLiteral("physical_medium_id"), QStringLiteral("link_loss_db")});

bool hasAll(const QJsonObject &object, const QStringList &keys)
{
    return std::all_of(keys.cbegin(), keys.cend(),
                       [&object](const QString &key) { return object.contains(key); });
}

QByteArray path(const char *prefix, qint64 id, const char *suffix = "")
{
    return QByteArray(prefix) + QByteArray::number(id) + suffix;
}

} // namespace

class TestHttp : public HostTest
{
    Q_OBJECT

private Q_SLOTS:
    void init() { begin(); }
    void cleanup()
    {
        // Qt's WebSocket server comes to a handshake a moment later; its client may have left by
        // then.
        end("WARN  QIODevice::peek (QTcpSocket): device not open");
    }

    void health()
    {
        const Reply reply = m_http->get("/health");
        QCOMPARE(reply.status, 200);
        QCOMPARE(reply.headers.value("content-type"), QByteArray("application/json"));
        QCOMPARE(reply.object().value(u"status").toString(), QStringLiteral("healthy"));
        QVERIFY(hasAll(reply.object(), {QStringLiteral("service"), QStringLiteral("version")}));
    }

    void devices()
    {
        QCOMPARE(m_http->get("/api/devices").body, QByteArray("[]"));
        Reply reply = m_http->send(
            "POST", "/api/devices",
            json("{\"name\": \"OLT \\\"ä\\\"\", \"device_type\": \"OLT\", \"x\": 1.5, \"y\": "
                 "\"-2\", \"status\": \"UP\", \"tx_power_dbm\": 5, \"unknown\": [1]}"));
        QCOMPARE(reply.status, 201);
        const QJsonObject made = reply.object();
        QCOMPARE(sorted(made.keys()), kDeviceResponse);
        QCOMPARE(made.value(u"id").toInteger(), 1);
        QCOMPARE(made.value(u"name").toString(), QString::fromUtf8("OLT \"ä\""));
        QCOMPARE(made.value(u"status").toString(), QStringLiteral("DOWN"));
        QCOMPARE(made.value(u"x").toDouble(), 1.5);
        QCOMPARE(made.value(u"y").toDouble(), -2.0);
        QCOMPARE(made.value(u"tx_power_dbm").toDouble(), 5.0);
        QVERIFY(made.value(u"sensitivity_min_dbm").isNull());
        QVERIFY(made.value(u"parent_container_id").isNull());
        QVERIFY(reply.body.contains("\"tx_power_dbm\":5.0"));

        QCOMPARE(m_http->get("/api/devices/1").object(), made);
        QCOMPARE(m_http->get("/api/devices").array(), QJsonArray{made});
        QCOMPARE(m_http->get("/api/devices/1/interfaces").body, QByteArray("[]"));

        reply = m_http->send("POST", "/api/devices",
                             json("{\"name\": \"OLT \\\"ä\\\"\", \"device_type\": \"ONT\"}"));
        QCOMPARE(reply.status, 409);
        QCOMPARE(reply.detail(), QString::fromUtf8("Device with name 'OLT \"ä\"' already exists"));

        reply = m_http->send("PATCH", "/api/devices/1", json("{\"x\": 10, \"y\": 20.25}"));
        QCOMPARE(reply.status, 200);
        QCOMPARE(reply.object(), json("{\"message\": \"Device position updated to (10, 20.25)\"}"));
        reply = m_http->send(
            "PATCH", "/api/devices/1",
            json("{\"name\": \"R\", \"notes\": \"n\", \"properties\": {\"a\": \"b\"}}"));
        QCOMPARE(reply.status, 200);
        QCOMPARE(reply.object().value(u"x").toDouble(), 10.0);
        QCOMPARE(reply.object().value(u"properties").toObject(), json("{\"a\": \"b\"}"));
        QCOMPARE(m_http->send("PATCH", "/api/devices/1", json("{\"x\": 1}")).status, 422);
        QCOMPARE(m_http->send("PATCH", "/api/devices/9", json("{\"x\": 1, \"y\": 1}")).detail(),
                 QStringLiteral("Device not found"));

        for (const char *method : {"GET", "DELETE"}) {
            reply = m_http->request(method, "/api/devices/99999999999999999999");
            QCOMPARE(reply.status, 404);
            QCOMPARE(reply.detail(), QStringLiteral("Device not found"));
        }
        QCOMPARE(m_http->get("/api/devices/0").status, 404);
        reply = m_http->request("DELETE", "/api/devices/1");
        QCOMPARE(reply.status, 204);
        QVERIFY(reply.body.isEmpty());
        QCOMPARE(m_http->get("/api/devices/1").status, 404);
    }

    void validation_data()
    {
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<QByteArray>("detail");
        const auto row = [](const char *name, const char *body, const char *detail) {
            QTest::newRow(name) << QByteArray(body) << QByteArray(detail);
        };
        // What pydantic 2 answers to the same bodies.
        row("missing", "{\"device_type\": \"ONT\"}",
            "[{\"type\": \"missing\", \"loc\": [\"body\", \"name\"], \"msg\": \"Field required\", "
            "\"input\": {\"device_type\": \"ONT\"}}]");
        row("types", "{\"name\": 5, \"device_type\": \"ONT\", \"x\": \"left\", \"y\": null}",
            "[{\"type\": \"string_type\", \"loc\": [\"body\", \"name\"], \"msg\": \"Input should "
            "be a valid string\", \"input\": 5}, {\"type\": \"float_parsing\", \"loc\": [\"body\", "
            "\"x\"], \"msg\": \"Input should be a valid number, unable to parse string as a "
            "number\", \"input\": \"left\"}, {\"type\": \"float_type\", \"loc\": [\"body\", "
            "\"y\"], \"msg\": \"Input should be a valid number\", \"input\": null}]");
        row("parent", "{\"name\": \"a\", \"device_type\": \"ONT\", \"parent_container_id\": 1.5}",
            "[{\"type\": \"int_from_float\", \"loc\": [\"body\", \"parent_container_id\"], "
            "\"msg\": \"Input should be a valid integer, got a number with a fractional part\", "
            "\"input\": 1.5}]");
        row("empty name", "{\"name\": \"\", \"device_type\": \"ONT\"}",
            "[{\"type\": \"string_too_short\", \"loc\": [\"body\", \"name\"], \"msg\": \"String "
            "should have at least 1 character\", \"input\": \"\"}]");
        row("array", "[1]",
            "[{\"type\": \"model_attributes_type\", \"loc\": [\"body\"], \"msg\": \"Input should "
            "be a valid dictionary or object to extract fields from\", \"input\": [1]}]");
        row("no JSON", "{\"name\": ",
            "[{\"type\": \"json_invalid\", \"loc\": [\"body\", 9], \"msg\": \"JSON decode error\", "
            "\"input\": {}}]");
        row("none", "",
            "[{\"type\": \"missing\", \"loc\": [\"body\"], \"msg\": \"Field required\", \"input\": "
            "null}]");
    }
    void validation()
    {
        QFETCH(const QByteArray, body);
        QFETCH(const QByteArray, detail);
        const Reply reply =
            m_http->request("POST", "/api/devices", body, {"Content-Type: application/json"});
        QCOMPARE(reply.status, 422);
        QCOMPARE(reply.object().value(u"detail").toArray(),
                 QJsonDocument::fromJson(detail).array());
    }

    void refusedBodies_data()
    {
        QTest::addColumn<QByteArray>("body");
        for (const char *body :
             {"{\"name\": \"a\", \"device_type\": \"TOASTER\"}",
              "{\"name\": \"a\", \"device_type\": \"ONT\", \"parent_container_id\": 77}",
              "{\"name\": \"a\", \"device_type\": \"ONT\", \"parent_container_id\": 1}",
              "{\"name\": \"a\", \"device_type\": \"ONT\", \"x\": 1e300}",
              "{\"name\": \"a\", \"device_type\": \"ONT\", \"x\": \"nan\"}",
              "{\"name\": \"a\", \"device_type\": \"ONT\", \"insertion_loss_db\": -1}",
              "{\"name\": \"\\u0000\", \"device_type\": \"ONT\"}",
              "{\"name\": \"\\ud800\", \"device_type\": \"ONT\"}",
              "{\"name\": \"a\", \"device_type\": \"ONT\", \"properties\": {\"k\": 1}}",
              "{\"name\": \"a\", \"device_type\": \"ONT\", \"properties\": []}", "\"text\"", "5",
              "\xff\xfe", "[[[[[[[[[["}) {
            QTest::newRow(body) << QByteArray(body);
        }
    }
    void refusedBodies()
    {
        QFETCH(const QByteArray, body);
        QCOMPARE(m_http
                     ->send("POST", "/api/devices",
                            json("{\"name\": \"no container\", \"device_type\": \"ONT\"}"))
                     .status,
                 201);
        const Reply reply =
            m_http->request("POST", "/api/devices", body, {"Content-Type: application/json"});
        QCOMPARE(reply.status, 422);
        const QJsonObject first = reply.object().value(u"detail").toArray().first().toObject();
        QCOMPARE(sorted(first.keys()), sorted({QStringLiteral("type"), QStringLiteral("loc"),
                                               QStringLiteral("msg"), QStringLiteral("input")}));
        QCOMPARE(m_http->get("/api/devices").array().size(), 1);
    }

    /// What was wrong is said back, but not megabytes of it.
    void longInputIsCut()
    {
        const QString name(1'000'000, u'n');
        Reply reply = m_http->send(
            "POST", "/api/devices",
            QJsonObject{{QStringLiteral("name"), name}, {QStringLiteral("device_type"), name}});
        QCOMPARE(reply.status, 422);
        QVERIFY(reply.body.size() < 100'000);
        const QJsonArray problems = reply.object().value(u"detail").toArray();
        QVERIFY(name.startsWith(problems[0].toObject().value(u"input").toString()));
        QVERIFY(problems[0].toObject().value(u"input").toString().size() > 10'000);
        reply = m_http->send("POST", "/api/devices", QJsonObject{{QStringLiteral("more"), name}});
        QCOMPARE(reply.status, 422);
        QVERIFY(reply.body.size() < 1000);
        QVERIFY(reply.object().value(u"detail").toArray()[0].toObject().value(u"input").isNull());
    }

    void aFormIsNoJson()
    {
        const Reply reply =
            m_http->request("POST", "/api/devices", "{\"name\":\"a\",\"device_type\":\"ONT\"}",
                            {"Content-Type: application/x-www-form-urlencoded"});
        QCOMPARE(reply.status, 422);
    }

    void provisioning()
    {
        const auto provision = [this](const char *body) {
            return m_http->send("POST", "/api/devices/provision", json(body));
        };
        const std::pair<const char *, const char *> missing[] = {
            {"EDGE_ROUTER",
             "Cannot provision EDGE_ROUTER: No CORE_ROUTER or BACKBONE_GATEWAY exists"},
            {"OLT", "Cannot provision OLT: No EDGE_ROUTER exists for upstream connectivity"},
            {"AON_SWITCH",
             "Cannot provision AON_SWITCH: No EDGE_ROUTER exists for upstream connectivity"},
            {"ONT", "Cannot provision ONT: No OLT exists for PON connection"},
            {"BUSINESS_ONT", "Cannot provision BUSINESS_ONT: No OLT exists for PON connection"},
            {"AON_CPE",
             "Cannot provision AON_CPE: No AON_SWITCH exists for upstream connectivity"}};
        for (const auto &[type, text] : missing) {
            const Reply reply = m_http->send(
                "POST", "/api/devices/provision",
                QJsonObject{{QStringLiteral("name"), QStringLiteral("x")},
                            {QStringLiteral("device_type"), QString::fromLatin1(type)}});
            QCOMPARE(reply.status, 400);
            QCOMPARE(reply.detail(), QString::fromLatin1(text));
        }
        const std::pair<const char *, int> counts[] = {{"BACKBONE_GATEWAY", 2},
                                                       {"CORE_ROUTER", 2},
                                                       {"EDGE_ROUTER", 2},
                                                       {"OLT", 10},
                                                       {"AON_SWITCH", 26},
                                                       {"ONT", 1},
                                                       {"BUSINESS_ONT", 4},
                                                       {"AON_CPE", 5},
                                                       {"POP", 0},
                                                       {"CORE_SITE", 0},
                                                       {"ODF", 48},
                                                       {"NVT", 12},
                                                       {"SPLITTER", 33},
                                                       {"HOP", 8}};
        for (const auto &[type, count] : counts) {
            const QString name = QStringLiteral("a %1").arg(QLatin1String(type));
            const Reply reply = m_http->send(
                "POST", "/api/devices/provision",
                QJsonObject{{QStringLiteral("name"), name},
                            {QStringLiteral("device_type"), QString::fromLatin1(type)}});
            QCOMPARE(reply.status, 201);
            QCOMPARE(reply.object().value(u"interfaces").toArray().size(), count);
            QCOMPARE(reply.object().value(u"message").toString(),
                     QStringLiteral("Device '%1' provisioned successfully with %2 interfaces")
                         .arg(name)
                         .arg(count));
            const QJsonObject device = reply.object().value(u"device").toObject();
            QCOMPARE(sorted(device.keys()), kDeviceResponse);
            for (const QJsonValue &interface : reply.object().value(u"interfaces").toArray())
                QCOMPARE(sorted(interface.toObject().keys()), kInterfaceResponse);
        }
        QCOMPARE(provision("{\"name\": \"a OLT\", \"device_type\": \"ONT\"}").status, 400);
        QCOMPARE(provision("{\"name\": \"a OLT\", \"device_type\": \"ONT\"}").detail(),
                 QStringLiteral("Device with name 'a OLT' already exists"));
        QCOMPARE(m_http->request("DELETE", path("/api/devices/", 1)).status, 204);
        QCOMPARE(provision(
                     "{\"name\": \"free\", \"device_type\": \"ONT\", \"validate_upstream\": false}")
                     .status,
                 201);
    }

    void interfacesAndLinks()
    {
        seed();
        QCOMPARE(m_http->get("/api/devices").array().size(), 10);
        QCOMPARE(m_http->get("/api/interfaces").array().size(), 24);
        QCOMPARE(m_http->get("/api/links").array().size(), 8);
        QCOMPARE(m_http->get("/api/devices/6/interfaces").array().size(), 6);

        Reply reply = m_http->send(
            "POST", "/api/interfaces",
            json("{\"name\": \"eth7\", \"interface_type\": \"OPTICAL\", \"device_id\": 1}"));
        QCOMPARE(reply.status, 201);
        QCOMPARE(sorted(reply.object().keys()), kInterfaceResponse);
        QCOMPARE(reply.object().value(u"status").toString(), QStringLiteral("DOWN"));
        const qint64 a = reply.object().value(u"id").toInteger();
        QCOMPARE(m_http->get(path("/api/interfaces/", a)).object(), reply.object());
        reply = m_http->send(
            "POST", "/api/interfaces",
            json("{\"name\": \"eth7\", \"interface_type\": \"OPTICAL\", \"device_id\": 1}"));
        QCOMPARE(reply.status, 201);
        QCOMPARE(reply.object().value(u"name").toString(), QStringLiteral("eth7-2"));
        const qint64 b = reply.object().value(u"id").toInteger();
        QCOMPARE(
            m_http
                ->send(
                    "POST", "/api/interfaces",
                    json("{\"name\": \"e\", \"interface_type\": \"OPTICAL\", \"device_id\": 99}"))
                .detail(),
            QStringLiteral("Device not found"));
        QCOMPARE(
            m_http
                ->send("POST", "/api/interfaces",
                       json("{\"name\": \"e\", \"interface_type\": \"RADIO\", \"device_id\": 1}"))
                .status,
            422);
        QCOMPARE(
            m_http->send("PATCH", path("/api/interfaces/", b), json("{\"name\": \"eth7\"}")).status,
            409);
        QCOMPARE(m_http->send("PATCH", path("/api/interfaces/", b), json("{\"status\": \"UP\"}"))
                     .object()
                     .value(u"status")
                     .toString(),
                 QStringLiteral("UP"));

        reply = m_http->send(
            "POST", "/api/links",
            QJsonObject{{QStringLiteral("a_interface_id"), a},
                        {QStringLiteral("b_interface_id"), b},
                        {QStringLiteral("length_km"), 6},
                        {QStringLiteral("physical_medium_id"), QStringLiteral("G652D")}});
        QCOMPARE(reply.status, 201);
        QCOMPARE(sorted(reply.object().keys()), kLinkResponse);
        QCOMPARE(reply.object().value(u"status").toString(), QStringLiteral("DOWN"));
        const qint64 link = reply.object().value(u"id").toInteger();
        QCOMPARE(m_http->get(path("/api/links/", link)).object(), reply.object());
        QCOMPARE(
            m_http
                ->send("POST", "/api/links", json("{\"a_interface_id\": 1, \"b_interface_id\": 2}"))
                .detail(),
            QStringLiteral("Interface not found"));
        reply = m_http->send("PATCH", path("/api/links/", link),
                             json("{\"status\": \"DEGRADED\", \"a_interface_id\": 3}"));
        QCOMPARE(reply.object().value(u"status").toString(), QStringLiteral("DEGRADED"));
        QCOMPARE(reply.object().value(u"a_interface_id").toInteger(), a);
        QCOMPARE(m_http->request("DELETE", path("/api/links/", link)).status, 204);
        QCOMPARE(m_http->request("DELETE", path("/api/links/", link)).detail(),
                 QStringLiteral("Link not found"));
        QCOMPARE(m_http->get(path("/api/interfaces/", a)).status, 200);
        QCOMPARE(m_http->request("DELETE", path("/api/interfaces/", a)).status, 204);

        // A device takes its interfaces and links with it.
        QCOMPARE(m_http->request("DELETE", "/api/devices/6").status, 204);
        QCOMPARE(m_http->get("/api/links").array().size(), 3);
    }

    void createSimple()
    {
        seed();
        const auto link = [this](const char *body) {
            return m_http->send("POST", "/api/links/create-simple", json(body));
        };
        Reply reply = link("{\"device_a_id\": 1, \"device_b_id\": 7, \"link_type\": \"fiber\"}");
        QCOMPARE(reply.status, 200);
        const QJsonObject made = reply.object();
        QCOMPARE(made.value(u"message").toString(),
                 QStringLiteral("Link created: BackboneGW1 (port3) <-> ONT1 (port3)"));
        QCOMPARE(made.value(u"link").toObject().value(u"status").toString(), QStringLiteral("UP"));
        QVERIFY(hasAll(made.value(u"link").toObject(),
                       kLinkResponse + QStringList{QStringLiteral("created_at"),
                                                   QStringLiteral("updated_at")}));
        const QJsonObject port = made.value(u"interface_a").toObject();
        QVERIFY(hasAll(port, kInterfaceResponse + QStringList{QStringLiteral("created_at"),
                                                              QStringLiteral("updated_at")}));
        QCOMPARE(port.value(u"interface_type").toString(), QStringLiteral("OPTICAL"));
        QCOMPARE(port.value(u"status").toString(), QStringLiteral("UP"));
        reply = link("{\"device_a_id\": 1, \"device_b_id\": 7, \"link_type\": \"smoke\", "
                     "\"status\": \"DOWN\"}");
        QCOMPARE(reply.object().value(u"link").toObject().value(u"status").toString(),
                 QStringLiteral("DOWN"));
        QCOMPARE(reply.object().value(u"interface_b").toObject().value(u"name").toString(),
                 QStringLiteral("port4"));
        QCOMPARE(
            reply.object().value(u"interface_b").toObject().value(u"interface_type").toString(),
            QStringLiteral("ETHERNET"));
        QCOMPARE(link("{\"device_a_id\": 91, \"device_b_id\": 7, \"link_type\": \"x\"}").detail(),
                 QStringLiteral("Device A (id=91) not found"));
        QCOMPARE(link("{\"device_a_id\": 1, \"device_b_id\": -3, \"link_type\": \"x\"}").detail(),
                 QStringLiteral("Device B (id=-3) not found"));
        reply = link("{\"device_a_id\": 1, \"device_b_id\": 1, \"link_type\": \"x\"}");
        QCOMPARE(reply.status, 400);
        QCOMPARE(reply.detail(), QStringLiteral("Cannot link device to itself"));
        QCOMPARE(link("{\"device_a_id\": 1, \"device_b_id\": 2, \"link_type\": \"x\", \"status\": "
                      "\"BAD\"}")
                     .status,
                 422);
    }

    void overrides()
    {
        seed();
        const char *const older = "/override";
        const char *const newer = "/override-status";
        Reply reply =
            m_http->send("PATCH", path("/api/devices/", 1, older),
                         json("{\"status_override\": \"DOWN\", \"override_reason\": \"why\"}"));
        QCOMPARE(reply.status, 200);
        QCOMPARE(reply.object().value(u"message").toString(),
                 QStringLiteral("Status override set to DOWN"));
        const QJsonObject full = reply.object().value(u"device").toObject();
        QVERIFY(hasAll(full, kDeviceResponse + QStringList{QStringLiteral("created_at"),
                                                           QStringLiteral("updated_at")}));
        QCOMPARE(full.value(u"override_reason").toString(), QStringLiteral("why"));
        const QJsonObject seen = m_http->get("/api/devices/1").object();
        QCOMPARE(seen.value(u"status").toString(), QStringLiteral("UP"));
        QCOMPARE(seen.value(u"effective_status").toString(), QStringLiteral("DOWN"));
        for (const char *word : {"DEGRADED", "down", ""}) {
            reply = m_http->send(
                "PATCH", path("/api/devices/", 1, older),
                QJsonObject{{QStringLiteral("status_override"), QString::fromLatin1(word)}});
            QCOMPARE(reply.status, 400);
            QCOMPARE(reply.detail(), QStringLiteral("status_override must be 'UP' or 'DOWN'"));
        }
        QCOMPARE(m_http
                     ->send("PATCH", path("/api/devices/", 99, older),
                            json("{\"status_override\": \"BAD\"}"))
                     .status,
                 404);
        QCOMPARE(m_http->send("PATCH", path("/api/devices/", 1, older), json("{}")).status, 422);
        reply = m_http->send("PATCH", path("/api/devices/", 1, older),
                             QJsonObject{{QStringLiteral("status_override"), QStringLiteral("UP")},
                                         {QStringLiteral("override_reason"), QString(256, u'x')}});
        QCOMPARE(reply.status, 422);

        reply = m_http->send("POST", path("/api/devices/", 1, newer),
                             json("{\"status\": \"DEGRADED\", \"reason\": \"r\"}"));
        QCOMPARE(reply.status, 200);
        QCOMPARE(reply.object().value(u"message").toString(),
                 QStringLiteral("Status override set to DEGRADED"));
        reply = m_http->send("POST", path("/api/devices/", 1, newer),
                             json("{\"status\": \"SIDEWAYS\"}"));
        QCOMPARE(reply.status, 400);
        QCOMPARE(reply.detail(),
                 QStringLiteral("Invalid status. Must be one of: ['UP', 'DOWN', 'DEGRADED']"));
        for (const char *suffix : {older, newer, older}) {
            reply = m_http->request("DELETE", path("/api/devices/", 1, suffix));
            QCOMPARE(reply.status, 200);
            QCOMPARE(reply.object().value(u"message").toString(),
                     QStringLiteral("Status override cleared"));
            QVERIFY(reply.object().value(u"device").toObject().value(u"status_override").isNull());
        }
        QCOMPARE(m_http->request("DELETE", path("/api/devices/", 99, newer)).status, 404);
    }

    void seedReplacesEverything()
    {
        QCOMPARE(m_http
                     ->send("POST", "/api/devices",
                            json("{\"name\": \"old\", \"device_type\": \"ONT\"}"))
                     .status,
                 201);
        seed();
        seed();
        const QJsonArray devices = m_http->get("/api/devices").array();
        QCOMPARE(devices.size(), 10);
        QCOMPARE(devices.first().toObject().value(u"name").toString(),
                 QStringLiteral("BackboneGW1"));
        QCOMPARE(m_http->get("/api/interfaces").array().size(), 24);
        QCOMPARE(m_http->get("/api/links").array().size(), 8);
    }

    void paths_data()
    {
        QTest::addColumn<QByteArray>("request");
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("allow");
        const auto row = [](const char *request, int status, const char *allow = "") {
            QTest::newRow(request) << QByteArray(request) << status << QByteArray(allow);
        };
        row("GET /api", 404);
        row("GET /api/devices/x", 422);
        row("GET /api/devices/1.5", 422);
        row("GET /api/devices/provision", 422);
        row("GET /api/devices%2F1", 404);
        row("GET /api/%64evices", 200);
        row("GET /api/devices/%31", 404);
        row("GET /api/devices/1%00", 400);
        row("GET /api/devices/%ff", 400);
        row("GET /api/devices/%0A", 400);
        row("GET /api/devices/%zz", 400);
        row("GET //evil/api/devices", 400);
        row("GET /api/../api/devices", 404);
        row("GET /api/devices/", 307);
        row("GET /api/devices?x=1&x=%zz", 200);
        row("HEAD /api/devices", 200);
        row("PUT /api/devices", 405, "GET, HEAD, OPTIONS, POST");
        row("DELETE /api/devices", 405, "GET, HEAD, OPTIONS, POST");
        row("POST /api/devices/1", 405, "DELETE, GET, HEAD, OPTIONS, PATCH");
        row("OPTIONS /api/links", 204, "GET, HEAD, OPTIONS, POST");
        row("BREW /api/devices", 405, "GET, HEAD, OPTIONS, POST");
        row("BREW /api/nothing", 404);
        row("CONNECT localhost:80", 400);
        row("TRACE /api/devices/1", 405, "DELETE, GET, HEAD, OPTIONS, PATCH");
        row("GET http://localhost/health", 200);
        row("GET http://evil.example/health", 403);
        row("GET http://me@localhost/health", 400);
        row("GET http:///health", 400);
        row("GET /sync", 426);
    }
    void paths()
    {
        QFETCH(const QByteArray, request);
        QFETCH(const int, status);
        QFETCH(const QByteArray, allow);
        const qsizetype space = request.indexOf(' ');
        const Reply reply = m_http->request(request.first(space), request.mid(space + 1));
        QCOMPARE(reply.status, status);
        QCOMPARE(reply.headers.value("allow"), allow);
        QCOMPARE(m_http->get("/health").status, 200);
    }

    void crossOrigin()
    {
        Reply reply = m_http->request("OPTIONS", "/api/devices", {},
                                      {"Origin: http://localhost:5173",
                                       "Access-Control-Request-Method: PATCH",
                                       "Access-Control-Request-Headers: content-type"});
        QCOMPARE(reply.status, 200);
        QCOMPARE(reply.headers.value("access-control-allow-origin"),
                 QByteArray("http://localhost:5173"));
        QCOMPARE(reply.headers.value("access-control-allow-credentials"), QByteArray("true"));
        QVERIFY(reply.headers.value("access-control-allow-methods").contains("PATCH"));
        QCOMPARE(reply.headers.value("access-control-allow-headers"), QByteArray("content-type"));
        reply =
            m_http->request("OPTIONS", "/api/devices", {},
                            {"Origin: http://evil.example", "Access-Control-Request-Method: POST"});
        QCOMPARE(reply.status, 400);
        reply = m_http->request("GET", "/api/devices", {}, {"Origin: http://localhost:5174"});
        QCOMPARE(reply.headers.value("access-control-allow-origin"),
                 QByteArray("http://localhost:5174"));
        reply = m_http->request("GET", "/api/devices", {}, {"Origin: http://evil.example"});
        QVERIFY(!reply.headers.contains("access-control-allow-origin"));
        // Pages may read why they were refused, whoever refuses.
        reply = m_http->request("POST", "/api/devices", {},
                                {"Origin: http://localhost:5174", "Transfer-Encoding: gzip"});
        QCOMPARE(reply.status, 400);
        QCOMPARE(reply.headers.value("access-control-allow-origin"),
                 QByteArray("http://localhost:5174"));
        m_http->close();
        reply = m_http->request("BREW", "/api/devices", {}, {"Origin: http://localhost:5174"});
        QCOMPARE(reply.status, 405);
        QCOMPARE(reply.headers.value("access-control-allow-origin"),
                 QByteArray("http://localhost:5174"));
        m_http->close();
        // As browsers write an origin, however it was written for the host.
        HostProcess other;
        QVERIFY(
            other.start(m_folder->filePath(QStringLiteral("b.board")),
                        {QStringLiteral("--cors-origin"), QStringLiteral("HTTP://Lab.Example:80/"),
                         QStringLiteral("--cors-origin"), QStringLiteral("https://b:8443")}));
        HttpClient http(other.port());
        for (const QByteArray &origin :
             {QByteArray("http://lab.example"), QByteArray("https://b:8443")}) {
            reply = http.request("GET", "/health", {}, {"Origin: " + origin});
            QCOMPARE(reply.headers.value("access-control-allow-origin"), origin);
        }
        reply = http.request("GET", "/health", {}, {"Origin: http://localhost:5173"});
        QVERIFY(!reply.headers.contains("access-control-allow-origin"));
        QCOMPARE(other.terminate(), 0);
        // A stranger's page can send a form without asking; it does not get far.
        reply = m_http->request("POST", "/api/seed", {}, {"Origin: http://evil.example"});
        QCOMPARE(reply.status, 403);
        QCOMPARE(m_http->get("/api/devices").array().size(), 0);
    }

    void pipelinedAndChunked()
    {
        QVERIFY(m_http->connectNow());
        m_http->write(
            "GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n"
            "POST /api/devices HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            "Transfer-Encoding: chunked\r\n\r\n"
            "8;x=y\r\n{\"name\":\r\n19\r\n\"c\",\"device_type\":\"ONT\"} \r\n0\r\n"
            "Trailer: t\r\n\r\nGET /api/devices/1 HTTP/1.1\r\nHost: localhost\r\n\r\n");
        QCOMPARE(m_http->readReply().status, 200);
        QCOMPARE(m_http->readReply().status, 201);
        QCOMPARE(m_http->readReply().object().value(u"name").toString(), QStringLiteral("c"));
        // HTTP/1.0 ends with its answer.
        HttpClient old(m_server->port());
        QVERIFY(old.connectNow());
        old.write("GET /health HTTP/1.0\r\n\r\n");
        const QByteArray all = old.readToEnd();
        QVERIFY(all.contains("healthy") && all.contains("Connection: close"));
        // The body is asked for when it is announced.
        HttpClient expecting(m_server->port());
        QVERIFY(expecting.connectNow());
        expecting.write("POST /api/devices HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\n"
                        "Content-Length: 2\r\n\r\n");
        QCOMPARE(expecting.readReply().status, 100);
        expecting.write("{}");
        QCOMPARE(expecting.readReply().status, 422);
    }

    void malformed_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<int>("status");
        const auto row = [](const char *name, const QByteArray &bytes, int status) {
            QTest::newRow(name) << bytes << status;
        };
        const QByteArray get = "GET /health HTTP/1.1\r\nHost: localhost\r\n";
        const QByteArray post = "POST /api/devices HTTP/1.1\r\nHost: localhost\r\n";
        row("no version", "GET /health\r\n\r\n", 400);
        row("HTTP/9.9", "GET /health HTTP/9.9\r\nHost: localhost\r\n\r\n", 400);
        row("no host", "GET /health HTTP/1.1\r\n\r\n", 400);
        row("nothing but lines", QByteArray("\r\n").repeated(100), 400);
        row("two hosts", get + "Host: b\r\n\r\n", 400);
        row("bare LF", "GET /health HTTP/1.1\nHost: localhost\n\n", 400);
        row("folded", get + "X: a\r\n b\r\n\r\n", 400);
        row("no colon", get + "nonsense\r\n\r\n", 400);
        row("space before colon", get + "X : a\r\n\r\n", 400);
        row("control character", get + "X: a\x01\r\n\r\n", 400);
        row("NUL", get + QByteArray("X: \0\r\n\r\n", 8), 400);
        row("TLS", QByteArray::fromHex("16030100a5010000a1030354"), 400);
        row("length twice", post + "Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}", 400);
        row("length and chunks",
            post + "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400);
        row("negative length", post + "Content-Length: -1\r\n\r\n", 400);
        row("length with plus", post + "Content-Length: +2\r\n\r\n{}", 400);
        row("length list", post + "Content-Length: 2, 2\r\n\r\n{}", 400);
        row("huge length", post + "Content-Length: 99999999999999999999\r\n\r\n", 413);
        row("large length", post + "Content-Length: 16777217\r\n\r\n", 413);
        row("gzip", post + "Transfer-Encoding: gzip\r\n\r\n", 400);
        row("bad chunk", post + "Transfer-Encoding: chunked\r\n\r\nxyz\r\n", 400);
        row("huge chunk", post + "Transfer-Encoding: chunked\r\n\r\nFFFFFFFFF\r\n", 413);
        row("line in a chunk's extension",
            post + "Transfer-Encoding: chunked\r\n\r\n2;a\nb\r\n{}\r\n0\r\n\r\n", 400);
        row("trailer that is none",
            post + "Transfer-Encoding: chunked\r\n\r\n0\r\nnonsense\r\n\r\n", 400);
        row("chunk not ended", post + "Transfer-Encoding: chunked\r\n\r\n2\r\n{}{}\r\n", 400);
        row("long target",
            "GET /" + QByteArray(20'000, 'a') + " HTTP/1.1\r\nHost: localhost\r\n\r\n", 414);
        row("longer target",
            "GET /" + QByteArray(80'000, 'a') + " HTTP/1.1\r\nHost: localhost\r\n\r\n", 414);
        row("long header", get + "X: " + QByteArray(70'000, 'a') + "\r\n\r\n", 431);
        row("endless header", get + "X: " + QByteArray(70'000, 'a'), 431);
        row("many headers", get + QByteArray("X: a\r\n").repeated(300) + "\r\n", 431);
        row("expectation", post + "Expect: miracles\r\nContent-Length: 2\r\n\r\n{}", 417);
        row("upgrade elsewhere",
            "GET /api/devices HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: "
            "websocket\r\n"
            "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
            404);
        row("upgrade from a stranger",
            "GET /sync HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
            "Origin: http://evil.example\r\n"
            "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
            403);
        row("old WebSocket",
            "GET /sync HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
            "Sec-WebSocket-Version: 8\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
            426);
        row("WebSocket without a key",
            "GET /sync HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
            "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: x\r\n\r\n",
            400);
    }
    void malformed()
    {
        QFETCH(const QByteArray, bytes);
        QFETCH(const int, status);
        const Reply reply = m_http->raw(bytes);
        QCOMPARE(reply.status, status);
        QCOMPARE(reply.headers.value("connection"), QByteArray("close"));
        QVERIFY(!reply.detail().isEmpty());
        QVERIFY(!reply.headers.value("date").isEmpty());
        QCOMPARE(m_http->readToEnd(), QByteArray()); // said once
        QCOMPARE(m_http->socket().state(), QAbstractSocket::UnconnectedState);
        QCOMPARE(HttpClient(m_server->port()).get("/health").status, 200);
    }

    /// Requests with random damage: always an answer below 500 or a closed connection, never the
    /// end of the host.
    void fuzz()
    {
        const quint32 seed = QRandomGenerator::global()->generate();
        qInfo("seed %u", seed);
        QRandomGenerator random(seed);
        const QList<QByteArray> samples{
            "GET /api/devices HTTP/1.1\r\nHost: localhost\r\n\r\n",
            "POST /api/devices HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            "Content-Length: 32\r\n\r\n{\"name\":\"a\",\"device_type\":\"ONT\"}",
            "PATCH /api/devices/1 HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
            "d\r\n{\"x\":1,\"y\":2}\r\n0\r\n\r\n",
            "GET /sync HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
            "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
            "POST /api/links/create-simple HTTP/1.1\r\nHost: localhost\r\nContent-Length: "
            "51\r\n\r\n"
            "{\"device_a_id\":1,\"device_b_id\":2,\"link_type\":\"fiber\"}"};
        const QByteArray spice = QByteArray("\r\n\0 :%/{}[]\"\\,0f-\xff\x80\x01", 21);
        for (int i = 0; i < 400; ++i) {
            QByteArray bytes = samples[random.bounded(samples.size())];
            for (int n = random.bounded(4); n >= 0; --n) {
                const qsizetype at = random.bounded(bytes.size());
                const char c = spice[random.bounded(spice.size())];
                switch (random.bounded(4)) {
                case 0:
                    bytes[at] = c;
                    break;
                case 1:
                    bytes.insert(at, QByteArray(1 + random.bounded(3), c));
                    break;
                case 2:
                    bytes.remove(at, 1 + random.bounded(6));
                    break;
                default:
                    bytes.insert(at, samples[random.bounded(samples.size())].mid(
                                         random.bounded(20), random.bounded(40)));
                }
                if (bytes.isEmpty())
                    bytes = "x";
            }
            HttpClient client(m_server->port());
            QVERIFY(client.connectNow());
            // In two pieces, and then no more: what waits for more is cut off by this end.
            const qsizetype cut = random.bounded(bytes.size());
            client.write(bytes.first(cut));
            client.write(bytes.mid(cut));
            client.socket().disconnectFromHost();
            const QByteArray answer = client.readToEnd();
            QVERIFY2(!answer.startsWith("HTTP/1.1 5"), answer.constData());
        }
        QVERIFY(m_server->isRunning());
        const Reply reply = HttpClient(m_server->port()).get("/health");
        QVERIFY2(reply.status == 200, m_server->log().constData());
    }

    /// Somebody who asks for a lot and reads nothing costs a bounded amount.
    void aClientThatDoesNotRead()
    {
        seed();
        for (int i = 0; i < 40; ++i) {
            QCOMPARE(
                m_http
                    ->send("POST", "/api/devices",
                           QJsonObject{{QStringLiteral("name"),
                                        QString(16000, QChar(u'a' + i % 26)) + QString::number(i)},
                                       {QStringLiteral("device_type"), QStringLiteral("ONT")}})
                    .status,
                201);
        }
        const qint64 before = m_server->memory();
        std::vector<std::unique_ptr<HttpClient>> greedy;
        for (int c = 0; c < 10; ++c) {
            auto client = std::make_unique<HttpClient>(m_server->port());
            client->socket().setReadBufferSize(1024);
            QVERIFY(client->connectNow());
            client->socket().setSocketOption(QAbstractSocket::ReceiveBufferSizeSocketOption, 4096);
            client->write(
                QByteArray("GET /api/devices HTTP/1.1\r\nHost: localhost\r\n\r\n").repeated(200));
            greedy.push_back(std::move(client));
        }
        // Others are served meanwhile.
        for (int i = 0; i < 50; ++i)
            QCOMPARE(m_http->get("/api/devices/1").status, 200);
        const qint64 after = m_server->memory();
        QVERIFY2(after - before < 60 * 1024 * 1024, QByteArray::number(after - before));
    }

    void webSocketOnTheSamePort()
    {
        QWebSocket socket;
        QSignalSpy connected(&socket, &QWebSocket::connected);
        QSignalSpy closed(&socket, &QWebSocket::disconnected);
        QUrl url(QStringLiteral("ws://127.0.0.1/sync"));
        url.setPort(m_server->port());
        socket.open(url);
        QTRY_COMPARE(connected.count(), 1);
        // Nonsense is answered by the end.
        socket.sendBinaryMessage("nonsense");
        QTRY_COMPARE(closed.count(), 1);

        QWebSocket large;
        QSignalSpy largeConnected(&large, &QWebSocket::connected);
        large.open(url);
        QTRY_COMPARE(largeConnected.count(), 1);
        large.sendBinaryMessage(QByteArray(2 * 1024 * 1024, 'x'));
        QTRY_COMPARE(large.closeCode(), QWebSocketProtocol::CloseCodeTooMuchData);
        QVERIFY(m_server->isRunning());
    }

private:
    void seed()
    {
        const Reply reply = m_http->request("POST", "/api/seed");
        QCOMPARE(reply.status, 201);
        QCOMPARE(reply.object(), json("{\"message\": \"Database seeded successfully\"}"));
    }
};

PATCHBOARD_TEST(TestHttp)
#include "tst_http.moc"
