#include "tests/server/hosttest.h"
#include "tests/support/testmain.h"

namespace {

const QList<QByteArray> kComputedJson{"Content-Type: application/json"};

/// A client of Socket.IO that asks now and then.
class Listener
{
public:
    explicit Listener(quint16 port)
        : m_http(port)
    {
        const Reply opened = m_http.get(m_path);
        m_path += "&sid=" + QJsonDocument::fromJson(opened.body.mid(1))
                                .object()
                                .value(u"sid")
                                .toString()
                                .toLatin1();
        m_http.request("POST", m_path, "40");
        m_http.get(m_path);
    }
    /// [name, what] of each event since the last time. There must be one.
    QList<std::pair<QString, QJsonObject>> heard()
    {
        QList<std::pair<QString, QJsonObject>> out;
        for (const QByteArray &packet : m_http.get(m_path).body.split('\x1e')) {
            const QJsonArray event = QJsonDocument::fromJson(packet.mid(2)).array();
            out.append({event[0].toString(), event[1].toObject()});
        }
        return out;
    }
    QStringList names()
    {
        QStringList out;
        for (const auto &[name, what] : heard())
            out.append(name);
        return out;
    }

private:
    HttpClient m_http;
    QByteArray m_path = "/socket.io/?EIO=4&transport=polling";
};

} // namespace

/// What a host computes of a board: optical budgets, health of containers, problems.
class TestComputed : public HostTest
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        begin();
        m_olt = made("devices", R"({"name": "olt", "device_type": "OLT", "tx_power_dbm": 5})");
        m_splitter = made("devices", R"({"name": "s", "device_type": "SPLITTER",
                                         "insertion_loss_db": 3.5})");
        m_pop = made("devices", R"({"name": "pop", "device_type": "POP"})");
        m_ont = made("devices", R"({"name": "ont", "device_type": "ONT",
                                    "sensitivity_min_dbm": -30, "parent_container_id": )" +
                                    QByteArray::number(m_pop) + '}');
        m_feeder = fibre(m_olt, m_splitter, 4);
        m_drop = fibre(m_splitter, m_ont, 2);
    }
    void cleanup() { end(); }

    /// Until the board wants it, answers are as they always were.
    void offByDefault()
    {
        QVERIFY(!one("devices", m_ont).contains(u"optical_budget"));
        QVERIFY(!one("devices", m_pop).contains(u"health"));
        QVERIFY(!one("links", m_drop).contains(u"optical_loss_db"));
        QCOMPARE(m_http->get("/api/problems").array().size(), 0);
        QVERIFY(!m_http->get("/api/board").body.contains("optical_budget"));
    }

    void workedExample()
    {
        turnOn();
        const QJsonObject ont = one("devices", m_ont);
        const QJsonObject budget = ont.value(u"optical_budget").toObject();
        QCOMPARE(QJsonDocument(budget).toJson(QJsonDocument::Compact),
                 QByteArray(R"({"hops":2,"length_km":6,"margin_db":29.4,"olt_id":)") +
                     QByteArray::number(m_olt) +
                     R"(,"overloaded":false,"path_loss_db":5.6,"received_dbm":-0.6,)"
                     R"("sensitivity_min_dbm":-30,"signal":"OK","tx_power_dbm":5})");
        const QJsonArray path = ont.value(u"optical_path").toArray();
        QCOMPARE(path.size(), 2);
        QCOMPARE(path[0].toObject().value(u"link_id").toInteger(), m_drop);
        QCOMPARE(path[0].toObject().value(u"link_loss_db").toDouble(), 0.7);
        QCOMPARE(path[0].toObject().value(u"link_loss").toString(), QStringLiteral("computed"));
        QCOMPARE(path[0].toObject().value(u"insertion_loss_db").toDouble(), 3.5);
        QCOMPARE(path[1].toObject().value(u"device_id").toInteger(), m_olt);
        QCOMPARE(path[1].toObject().value(u"link_loss_db").toDouble(), 1.4);
        QCOMPARE(one("links", m_feeder).value(u"optical_loss_db").toDouble(), 1.4);
        QCOMPARE(one("devices", m_pop).value(u"health").toString(), QStringLiteral("DOWN"));
        QVERIFY(!one("devices", m_olt).contains(u"optical_budget"));
        QVERIFY(!one("devices", m_olt).contains(u"health"));
        // In lists and the whole board too, without the parts of the sum.
        for (const char *list : {"/api/devices", "/api/devices?limit=10", "/api/board"}) {
            const QJsonDocument document = QJsonDocument::fromJson(m_http->get(list).body);
            const QJsonArray devices = document.isArray()
                                           ? document.array()
                                           : document.object().value(u"devices").toArray();
            QCOMPARE(devices.size(), 4);
            QCOMPARE(devices[3].toObject().value(u"optical_budget").toObject(), budget);
            QVERIFY(!devices[3].toObject().contains(u"optical_path"));
            QCOMPARE(devices[2].toObject().value(u"health").toString(), QStringLiteral("DOWN"));
        }
        const QJsonArray links = m_http->get("/api/links").array();
        QCOMPARE(links[1].toObject().value(u"optical_loss_db").toDouble(), 0.7);
    }

    /// The tag of a thing is about what is computed of it, too; who edits it need not mind.
    void tags()
    {
        turnOn();
        const QByteArray path = "/api/devices/" + QByteArray::number(m_ont);
        const QByteArray tag = m_http->get(path).headers.value("etag");
        QCOMPARE(m_http->request("GET", path, {}, {"If-None-Match: " + tag}).status, 304);
        patch("links", m_feeder, R"({"length_km": 5})");
        const Reply other = m_http->request("GET", path, {}, {"If-None-Match: " + tag});
        QCOMPARE(other.status, 200);
        QVERIFY(other.headers.value("etag") != tag);
        QCOMPARE(
            other.object().value(u"optical_budget").toObject().value(u"received_dbm").toDouble(),
            -0.95);
        // The ONT itself is as it was.
        const auto edit = [&] {
            return m_http->request("PATCH", path, R"({"notes": "n"})",
                                   kComputedJson + QList<QByteArray>{"If-Match: " + tag});
        };
        QCOMPARE(edit().status, 200);
        QCOMPARE(edit().status, 412); // now it is not
    }

    void problems()
    {
        turnOn();
        patch("links", m_feeder, R"({"link_loss_db": 28})");
        patch("devices", m_ont, R"({"overload_dbm": null, "status": "UP"})");
        QJsonArray list = m_http->get("/api/problems").array();
        QCOMPARE(list.size(), 1); // 5 - 28 - 3.5 - 0.7 = -27.2: 2.8 dB to spare
        QCOMPARE(list[0].toObject().value(u"problem").toString(),
                 QStringLiteral("CRITICAL_MARGIN"));
        QCOMPARE(list[0].toObject().value(u"id").toInteger(), m_ont);
        QCOMPARE(list[0].toObject().value(u"severity").toString(), QStringLiteral("error"));
        QCOMPARE(list[0].toObject().value(u"text").toString(),
                 QStringLiteral("Critical optical margin: 2.8 dB"));
        patch("devices", m_ont, R"({"status": "DEGRADED"})");
        const qint64 core = made("devices", R"({"name": "core", "device_type": "CORE_ROUTER"})");
        const qint64 odd = fibre(core, m_ont, 1);
        const Reply reply = m_http->get("/api/problems");
        list = reply.array();
        QCOMPARE(list.size(), 3); // the worst first
        QCOMPARE(list[1].toObject().value(u"problem").toString(),
                 QStringLiteral("CONTAINER_DEGRADED"));
        QCOMPARE(list[1].toObject().value(u"id").toInteger(), m_pop);
        QCOMPARE(list[2].toObject().value(u"problem").toString(), QStringLiteral("LINK_RULE"));
        QCOMPARE(list[2].toObject().value(u"id").toInteger(), odd);
        QCOMPARE(list[2].toObject().value(u"kind").toString(), QStringLiteral("link"));
        QCOMPARE(reply.headers.value("x-total-count"), QByteArray("3"));
        QCOMPARE(m_http->get("/api/problems?limit=1").array().size(), 1);
        QCOMPARE(m_http
                     ->request("GET", "/api/problems", {},
                               {"If-None-Match: " + reply.headers.value("etag")})
                     .status,
                 304);
    }

    /// Who listens hears what is computed otherwise, behind the change that made it so.
    void events()
    {
        Listener listener(m_server->port());
        const auto names = [](const char *text) {
            return QString::fromLatin1(text).split(u' ', Qt::SkipEmptyParts);
        };
        const auto budgetOf = [&](qint64 id) {
            return one("devices", id).value(u"optical_budget").toObject();
        };
        patch("links", m_feeder, R"({"length_km": 5})");
        QCOMPARE(listener.names(), names("link:updated")); // it is off
        turnOn();
        auto heard = listener.heard();
        QCOMPARE(heard.size(), 2);
        QCOMPARE(heard[0].first, QStringLiteral("board:updated"));
        QCOMPARE(heard[1].first, QStringLiteral("board:computed"));
        QCOMPARE(heard[1].second.value(u"computed_status").toBool(), true);

        patch("links", m_feeder, R"({"length_km": 6})");
        heard = listener.heard();
        QCOMPARE(heard.size(), 2);
        QCOMPARE(heard[0].first, QStringLiteral("link:updated"));
        QCOMPARE(heard[1].first, QStringLiteral("device:computed"));
        QCOMPARE(heard[1].second.keys(), names("id optical_budget"));
        QCOMPARE(heard[1].second.value(u"id").toInteger(), m_ont);
        QCOMPARE(heard[1].second.value(u"optical_budget").toObject(), budgetOf(m_ont));
        QCOMPARE(budgetOf(m_ont).value(u"length_km").toDouble(), 8.0);

        // The container of what is down; only if it is another health.
        patch("devices", m_ont, R"({"status": "DEGRADED"})");
        heard = listener.heard();
        QCOMPARE(heard.size(), 2);
        QCOMPARE(heard[1].second.keys(), names("health id"));
        QCOMPARE(heard[1].second.value(u"id").toInteger(), m_pop);
        QCOMPARE(heard[1].second.value(u"health").toString(), QStringLiteral("DEGRADED"));
        const qint64 second = made("devices", R"({"name": "o2", "device_type": "ONT",
                                                  "parent_container_id": )" +
                                                  QByteArray::number(m_pop) + '}');
        heard = listener.heard();
        QCOMPARE(heard.size(), 3); // it is down, and dark
        QCOMPARE(heard[0].first, QStringLiteral("device:created"));
        QCOMPARE(heard[1].second.value(u"health").toString(), QStringLiteral("DOWN"));
        QCOMPARE(heard[2].second.value(u"id").toInteger(), second);
        QCOMPARE(heard[2].second.value(u"optical_budget").toObject(), budgetOf(second));
        QCOMPARE(budgetOf(second).value(u"signal").toString(), QStringLiteral("NO_SIGNAL"));
        patch("devices", m_ont, R"({"status": "DOWN"})");
        QCOMPARE(listener.names(), names("device:updated"));

        // What changes nothing of it, and what does and is undone by the same change.
        patch("devices", m_ont, R"({"notes": "n"})");
        QCOMPARE(listener.names(), names("device:updated"));
        patch("devices", m_splitter, R"({"insertion_loss_db": 3.5, "notes": "same"})");
        QCOMPARE(listener.names(), names("device:updated"));
        const auto length = [&](int km) {
            return "{\"op\":\"update\",\"id\":" + QByteArray::number(m_feeder) +
                   ",\"fields\":{\"length_km\":" + QByteArray::number(km) + "}}";
        };
        QCOMPARE(m_http
                     ->request("POST", "/api/batch",
                               "{\"edits\":[" + length(9) + ',' + length(6) + "]}", kComputedJson)
                     .status,
                 200);
        QCOMPARE(listener.names(), names("link:updated"));
        // What is no fibre plant.
        patch("devices", m_ont, R"({"sensitivity_min_dbm": -20})");
        heard = listener.heard();
        QCOMPARE(heard.size(), 2);
        QCOMPARE(heard[1].second.value(u"optical_budget").toObject(), budgetOf(m_ont));
        // A receiver that is none any more, and things that go.
        patch("devices", second, R"({"device_type": "HOST"})");
        heard = listener.heard();
        QCOMPARE(heard.size(), 2);
        QCOMPARE(heard[1].first, QStringLiteral("device:computed"));
        QCOMPARE(heard[1].second.keys(), names("id"));
        QCOMPARE(heard[1].second.value(u"id").toInteger(), second);
        QCOMPARE(m_http->request("DELETE", "/api/links/" + QByteArray::number(m_drop)).status, 204);
        heard = listener.heard();
        QCOMPARE(heard.size(), 2);
        QCOMPARE(heard[1].second.value(u"optical_budget").toObject(), budgetOf(m_ont));
        QCOMPARE(m_http->request("DELETE", "/api/devices/" + QByteArray::number(m_ont)).status,
                 204);
        const QStringList last = listener.names();
        QVERIFY2(!last.contains(QStringLiteral("device:computed")), qPrintable(last.join(u' ')));
    }

    void manyEvents()
    {
        turnOn();
        Listener listener(m_server->port());
        const auto add = [&](int first, int count) {
            QByteArray edits;
            for (int i = first; i < first + count; ++i) {
                edits += (edits.isEmpty() ? "" : ",") +
                         QByteArray("{\"op\":\"create\",\"kind\":\"device\",\"fields\":{"
                                    "\"name\":\"r") +
                         QByteArray::number(i) + "\",\"device_type\":\"ONT\"}}";
            }
            QCOMPARE(
                m_http->request("POST", "/api/batch", "{\"edits\":[" + edits + "]}", kComputedJson)
                    .status,
                200);
        };
        add(0, 1000);
        QStringList names = listener.names();
        QCOMPARE(names.count(QStringLiteral("device:created")), 1000);
        QCOMPARE(names.count(QStringLiteral("device:computed")), 1000);
        QCOMPARE(names.size(), 2000);
        // So many that reading again is less.
        add(1000, 1001);
        names = listener.names();
        QCOMPARE(names.count(QStringLiteral("device:created")), 1001);
        QCOMPARE(names.mid(1001), QStringList{QStringLiteral("board:computed")});
        // Who comes later hears of what is new alone.
        Listener later(m_server->port());
        patch("links", m_feeder, R"({"length_km": 6})");
        for (Listener *each : {&listener, &later}) {
            QCOMPARE(each->names(), QStringList({QStringLiteral("link:updated"),
                                                 QStringLiteral("device:computed")}));
        }
        QCOMPARE(
            m_http->request("PATCH", "/api/board", R"({"computed_status": false})", kComputedJson)
                .status,
            200);
        const auto heard = later.heard();
        QCOMPARE(heard.size(), 2);
        QCOMPARE(heard[1].first, QStringLiteral("board:computed"));
        QCOMPARE(heard[1].second.value(u"computed_status").toBool(true), false);
        patch("links", m_feeder, R"({"length_km": 7})");
        QCOMPARE(later.names(), QStringList{QStringLiteral("link:updated")});
    }

    /// Long lists are written by another thread, from a copy of what is computed.
    void longLists()
    {
        turnOn();
        QByteArray edits;
        for (int i = 0; i < 2500; ++i) {
            edits += (i > 0 ? "," : "") +
                     QByteArray("{\"op\":\"create\",\"kind\":\"device\",\"fields\":{\"name\":\"d") +
                     QByteArray::number(i) + "\",\"device_type\":\"ONT\"}}";
        }
        QCOMPARE(m_http->request("POST", "/api/batch", "{\"edits\":[" + edits + "]}", kComputedJson)
                     .status,
                 200);
        for (const char *list : {"/api/devices", "/api/devices?name=*"}) {
            const QJsonArray devices = m_http->get(list).array();
            QCOMPARE(devices.size(), 2504);
            for (const QJsonValue &each : devices) {
                const QJsonObject device = each.toObject();
                const QString signal =
                    device.value(u"optical_budget").toObject().value(u"signal").toString();
                if (device.value(u"id").toInteger() == m_ont)
                    QCOMPARE(signal, QStringLiteral("OK"));
                else if (device.value(u"device_type").toString() == QLatin1String("ONT"))
                    QCOMPARE(signal, QStringLiteral("NO_SIGNAL"));
                else
                    QVERIFY(signal.isEmpty());
            }
        }
    }

private:
    qint64 made(const QByteArray &kind, const QByteArray &body)
    {
        const Reply reply = m_http->request("POST", "/api/" + kind, body, kComputedJson);
        if (reply.status != 201)
            QTest::qFail(reply.body.constData(), __FILE__, __LINE__);
        return reply.object().value(u"id").toInteger();
    }
    qint64 fibre(qint64 a, qint64 b, double km)
    {
        qint64 ports[2];
        for (int i = 0; i < 2; ++i) {
            ports[i] = made("interfaces", "{\"name\": \"p\", \"interface_type\": \"OPTICAL\", "
                                          "\"device_id\": " +
                                              QByteArray::number(i == 0 ? a : b) + '}');
        }
        return made("links", "{\"a_interface_id\": " + QByteArray::number(ports[0]) +
                                 ", \"b_interface_id\": " + QByteArray::number(ports[1]) +
                                 ", \"length_km\": " + QByteArray::number(km) +
                                 ", \"physical_medium_id\": \"G652D\"}");
    }
    QJsonObject one(const QByteArray &kind, qint64 id)
    {
        return m_http->get("/api/" + kind + '/' + QByteArray::number(id)).object();
    }
    void patch(const QByteArray &kind, qint64 id, const QByteArray &body)
    {
        const Reply reply = m_http->request("PATCH", "/api/" + kind + '/' + QByteArray::number(id),
                                            body, kComputedJson);
        QVERIFY2(reply.status == 200, reply.body.constData());
    }
    void turnOn()
    {
        const Reply reply =
            m_http->request("PATCH", "/api/board", R"({"computed_status": true})", kComputedJson);
        QVERIFY2(reply.status == 200, reply.body.constData());
    }

    qint64 m_olt = 0;
    qint64 m_splitter = 0;
    qint64 m_pop = 0;
    qint64 m_ont = 0;
    qint64 m_feeder = 0;
    qint64 m_drop = 0;
};

PATCHBOARD_TEST(TestComputed)
#include "tst_computed.moc"
