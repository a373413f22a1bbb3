#include "tests/server/serverprocess.h"
#include "tests/support/testmain.h"

#include "server/store/sqlitestore.h"

#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

#include <thread>

namespace {

QJsonObject restJson(const QByteArray &text)
{
    QJsonParseError error;
    const QJsonObject object = QJsonDocument::fromJson(text, &error).object();
    Q_ASSERT_X(error.error == QJsonParseError::NoError, "restJson", text.constData());
    return object;
}

QByteArray problemType(const Reply &reply)
{
    return reply.object()
        .value(u"detail")
        .toArray()
        .at(0)
        .toObject()
        .value(u"type")
        .toString()
        .toLatin1();
}

QStringList namesOf(const QJsonArray &list)
{
    QStringList out;
    for (const QJsonValue &each : list)
        out.append(each.toObject().value(u"name").toString());
    return out;
}

const QList<QByteArray> kJson{"Content-Type: application/json"};

} // namespace

/// What the interface of HTTP has beyond what older clients know (TestContract).
class TestRest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        QTest::failOnWarning(QRegularExpression(QStringLiteral(".*")));
        m_folder = std::make_unique<QTemporaryDir>();
        m_server = std::make_unique<ServerProcess>();
        start({QStringLiteral("--demo")});
    }
    void cleanup()
    {
        m_http.reset();
        QCOMPARE(m_server->terminate(), 0);
        QVERIFY2(!m_server->log().contains("WARN") && !m_server->log().contains("ERROR"),
                 m_server->log().constData());
    }

    void listsAreCut_data()
    {
        QTest::addColumn<QByteArray>("path");
        QTest::addColumn<QString>("names");
        QTest::addColumn<int>("total");
        const auto row = [](const char *path, const char *names, int total) {
            QTest::newRow(path) << QByteArray(path) << QString::fromLatin1(names) << total;
        };
        row("/api/devices?limit=2", "BackboneGW1 CoreRouter1", 10);
        row("/api/devices?limit=2&offset=9", "ONT4", 10);
        row("/api/devices?offset=99", "", 10);
        row("/api/devices?offset=8", "ONT3 ONT4", 10);
        row("/api/devices?limit=1000000",
            "BackboneGW1 CoreRouter1 CoreRouter2 EdgeRouter1 "
            "EdgeRouter2 OLT1 ONT1 ONT2 ONT3 ONT4",
            10);
        row("/api/devices?name=OLT1", "OLT1", 1);
        row("/api/devices?name=olt1", "", 0);
        row("/api/devices?name=*1", "BackboneGW1 CoreRouter1 EdgeRouter1 OLT1 ONT1", 5);
        row("/api/devices?name=C*R*2", "CoreRouter2", 1);
        row("/api/devices?name=%2A%2aONT*", "ONT1 ONT2 ONT3 ONT4", 4);
        row("/api/devices?type=CORE_ROUTER", "CoreRouter1 CoreRouter2", 2);
        row("/api/devices?type=TOASTER", "", 0);
        row("/api/devices?status=DEGRADED", "ONT4", 1);
        row("/api/devices?type=ONT&status=UP&limit=1&offset=1", "ONT2", 3);
        row("/api/devices?limit=1&limit=2&x=%zz", "BackboneGW1 CoreRouter1", 10);
        row("/api/interfaces?name=pon0/%2A", "pon0/0 pon0/1 pon0/2 pon0/3", 4);
        row("/api/interfaces?type=OPTICAL&limit=1", "pon0/0", 8);
        row("/api/interfaces?status=DEGRADED", "eth0", 1);
    }
    void listsAreCut()
    {
        QFETCH(const QByteArray, path);
        QFETCH(const QString, names);
        QFETCH(const int, total);
        const Reply reply = m_http->get(path);
        QCOMPARE(reply.status, 200);
        QCOMPARE(namesOf(reply.array()).join(u' '), names);
        QCOMPARE(reply.headers.value("x-total-count").toInt(), total);
    }

    void linksAreFiltered()
    {
        QCOMPARE(m_http
                     ->send("PATCH", "/api/links/36",
                            restJson(R"({"label": "trunk", "physical_medium_id": "G652D"})"))
                     .status,
                 200);
        for (const char *query : {"?name=tr*k", "?type=G652D", "?status=UP&offset=1&limit=1"}) {
            const QJsonArray found = m_http->get(QByteArray("/api/links") + query).array();
            QCOMPARE(found.size(), 1);
            QCOMPARE(found[0].toObject().value(u"id").toInteger(), 36);
        }
        QCOMPARE(m_http->get("/api/links?status=DEGRADED").array().size(), 1);
        // What was forced counts where it is asked for.
        QCOMPARE(
            m_http->send("POST", "/api/links/36/override-status", restJson(R"({"status": "DOWN"})"))
                .status,
            200);
        QCOMPARE(m_http->get("/api/links?status=DOWN").array().size(), 0);
        QCOMPARE(m_http->get("/api/links?effective_status=DOWN").array().size(), 1);
    }

    void badQueries_data()
    {
        QTest::addColumn<QByteArray>("query");
        QTest::addColumn<QByteArray>("type");
        QTest::addColumn<QByteArray>("key");
        const auto row = [](const char *query, const char *type, const char *key) {
            QTest::newRow(query) << QByteArray(query) << QByteArray(type) << QByteArray(key);
        };
        row("limit=0", "greater_than_equal", "limit");
        row("limit=-1", "greater_than_equal", "limit");
        row("limit=1000001", "less_than_equal", "limit");
        row("limit=99999999999999999999", "less_than_equal", "limit");
        row("limit=ten", "int_parsing", "limit");
        row("limit=", "int_parsing", "limit");
        row("limit=1.5", "int_parsing", "limit");
        row("limit=%ff", "int_parsing", "limit");
        row("offset=-1", "greater_than_equal", "offset");
        row("status=up", "enum", "status");
        row("effective_status=", "enum", "effective_status");
        row("name=%ff", "string_unicode", "name");
    }
    void badQueries()
    {
        QFETCH(const QByteArray, query);
        QFETCH(const QByteArray, type);
        QFETCH(const QByteArray, key);
        const Reply reply = m_http->get("/api/devices?" + query);
        QCOMPARE(reply.status, 422);
        QCOMPARE(problemType(reply), type);
        QCOMPARE(reply.object().value(u"detail").toArray().at(0).toObject().value(u"loc").toArray(),
                 (QJsonArray{QStringLiteral("query"), QString::fromLatin1(key)}));
    }

    /// Who asks again is not sent what he has; who edits says what he has seen.
    void tagsOfEntities()
    {
        for (const char *path : {"/api/devices/10", "/api/interfaces/13", "/api/links/37"}) {
            const Reply first = m_http->get(path);
            const QByteArray tag = first.headers.value("etag");
            QVERIFY(tag.size() > 4 && tag.startsWith('"') && tag.endsWith('"'));
            Reply again = m_http->request("GET", path, {}, {"If-None-Match: " + tag});
            QCOMPARE(again.status, 304);
            QVERIFY(again.body.isEmpty() && !again.headers.contains("content-length"));
            QCOMPARE(again.headers.value("etag"), tag);
            again = m_http->request("GET", path, {}, {"If-None-Match: \"x\", W/" + tag});
            QCOMPARE(again.status, 304);
            QCOMPARE(m_http->request("HEAD", path, {}, {"If-None-Match: *"}).status, 304);
            QCOMPARE(m_http->request("GET", path, {}, {"If-None-Match: \"x\""}).status, 200);

            // Somebody else's edit is seen by the tag; one's own gives the next.
            const Reply edited = m_http->request("PATCH", path, R"({"status": "DOWN"})",
                                                 kJson + QList<QByteArray>{"If-Match: " + tag});
            QCOMPARE(edited.status, 200);
            const QByteArray next = edited.headers.value("etag");
            QVERIFY(next != tag);
            QCOMPARE(m_http->get(path).headers.value("etag"), next);
            for (const QByteArray &method : {QByteArray("PATCH"), QByteArray("DELETE")}) {
                const Reply refused =
                    m_http->request(method, path, method == "PATCH" ? R"({"status": "UP"})" : "",
                                    kJson + QList<QByteArray>{"If-Match: " + tag});
                QCOMPARE(refused.status, 412);
                QVERIFY(refused.detail().contains(QString::fromLatin1(next)));
                QCOMPARE(refused.headers.value("etag"), next);
            }
            // A weak one is never good enough for that.
            QCOMPARE(m_http->request("DELETE", path, {}, {"If-Match: W/" + next}).status, 412);
            QCOMPARE(m_http->get(path).object().value(u"status").toString(),
                     QStringLiteral("DOWN"));
            QCOMPARE(m_http
                         ->request("POST", QByteArray(path) + "/override-status",
                                   R"({"status": "UP"})",
                                   kJson + QList<QByteArray>{"If-Match: \"a\", " + next})
                         .status,
                     200);
            QCOMPARE(m_http->request("DELETE", path, {}, {"If-Match: *"}).status, 204);
            QCOMPARE(m_http->request("DELETE", path, {}, {"If-Match: *"}).status, 404);
        }
        const Reply made = m_http->send("POST", "/api/devices",
                                        restJson(R"({"name": "n", "device_type": "ONT"})"));
        const QByteArray path =
            "/api/devices/" + QByteArray::number(made.object().value(u"id").toInteger());
        QCOMPARE(m_http->get(path).headers.value("etag"), made.headers.value("etag"));
        // Nothing of it has changed: an edit of another device, its own interface.
        QCOMPARE(m_http->send("PATCH", "/api/devices/2", restJson(R"({"x": 1, "y": 1})")).status,
                 200);
        QCOMPARE(m_http->get(path).headers.value("etag"), made.headers.value("etag"));
    }

    void tagsOfLists()
    {
        const QByteArray tag = m_http->get("/api/devices").headers.value("etag");
        QVERIFY(!tag.isEmpty());
        for (const char *path : {"/api/devices", "/api/links?limit=1", "/api/devices/6/interfaces"})
            QCOMPARE(m_http->request("GET", path, {}, {"If-None-Match: " + tag}).status, 304);
        QCOMPARE(m_http->request("POST", "/api/seed", {}, {"If-Match: \"other\""}).status, 412);
        QCOMPARE(m_http->request("POST", "/api/seed", {}, {"If-Match: " + tag}).status, 201);
        QCOMPARE(m_http->request("GET", "/api/devices", {}, {"If-None-Match: " + tag}).status, 200);
    }

    /// A request that was sent twice did what it does once; also if the host ended between.
    void sentTwice()
    {
        const QList<QByteArray> key = kJson + QList<QByteArray>{"Idempotency-Key: a b/c"};
        const QByteArray body = R"({"name": "n", "device_type": "CORE_ROUTER"})";
        const Reply first = m_http->request("POST", "/api/devices/provision", body, key);
        QCOMPARE(first.status, 201);
        QVERIFY(!first.headers.contains("idempotency-replayed"));
        const auto again = [&] {
            const Reply reply = m_http->request("POST", "/api/devices/provision", body, key);
            QCOMPARE(reply.status, 201);
            QCOMPARE(reply.body, first.body);
            QCOMPARE(reply.headers.value("content-type"), QByteArray("application/json"));
            QCOMPARE(reply.headers.value("idempotency-replayed"), QByteArray("true"));
        };
        again();
        m_server->kill();
        start();
        again();
        QCOMPARE(m_http->get("/api/devices").array().size(), 11);

        // Another request under this key: nothing is done.
        for (const auto &[method, path, other] :
             {std::tuple{"POST", "/api/devices/provision",
                         R"({"name": "m", "device_type": "CORE_ROUTER"})"},
              {"POST", "/api/devices", R"({"name": "n", "device_type": "CORE_ROUTER"})"},
              {"DELETE", "/api/devices/1", ""}}) {
            const Reply reply = m_http->request(method, path, other, key);
            QCOMPARE(reply.status, 422);
            QVERIFY(reply.body.contains("another request had this Idempotency-Key"));
        }
        QCOMPARE(m_http->get("/api/devices").array().size(), 11);
        QCOMPARE(
            m_http->request("POST", "/api/seed", {}, {"Idempotency-Key: " + QByteArray(256, 'k')})
                .status,
            422);
        QCOMPARE(m_http->request("POST", "/api/seed", {}, {"Idempotency-Key:"}).status, 422);
        // It means nothing to who only reads.
        QCOMPARE(m_http->request("GET", "/api/devices", {}, key).array().size(), 11);

        // A deletion, which would be a 404 the second time; tags come again too.
        const QList<QByteArray> second{"Idempotency-Key: second"};
        QCOMPARE(m_http->request("DELETE", "/api/devices/1", {}, second).status, 204);
        QCOMPARE(m_http->request("DELETE", "/api/devices/1", {}, second).status, 204);
        QCOMPARE(m_http->request("DELETE", "/api/devices/1").status, 404);
        const QList<QByteArray> third = kJson + QList<QByteArray>{"Idempotency-Key: third"};
        const Reply moved =
            m_http->request("PATCH", "/api/devices/2", R"({"locked": true})", third);
        QCOMPARE(moved.status, 200);
        QCOMPARE(m_http->request("PATCH", "/api/devices/2", R"({"locked": true})", third)
                     .headers.value("etag"),
                 moved.headers.value("etag"));

        // What was refused changed nothing: it is tried anew.
        const QList<QByteArray> fourth = kJson + QList<QByteArray>{"Idempotency-Key: 4"};
        const QByteArray taken = R"({"name": "free", "device_type": "ONT"})";
        QCOMPARE(m_http->send("PATCH", "/api/devices/2", restJson(R"({"name": "free"})")).status,
                 200);
        QCOMPARE(m_http->request("POST", "/api/devices", taken, fourth).status, 409);
        QCOMPARE(m_http->request("DELETE", "/api/devices/2").status, 204);
        QCOMPARE(m_http->request("POST", "/api/devices", taken, fourth).status, 201);
        QCOMPARE(m_http->request("POST", "/api/devices", taken, fourth).status, 201);
    }

    /// Many at once with one key: one change, one answer.
    void sentTwiceAtOnce()
    {
        constexpr int kClients = 8;
        QList<QByteArray> bodies(kClients);
        std::vector<std::thread> threads;
        for (int i = 0; i < kClients; ++i) {
            threads.emplace_back([this, i, &bodies] {
                HttpClient client(m_server->port());
                bodies[i] = client
                                .request("POST", "/api/links/create-simple",
                                         R"({"device_a_id":1,"device_b_id":2,"link_type":"fiber"})",
                                         kJson + QList<QByteArray>{"Idempotency-Key: one"})
                                .body;
            });
        }
        for (std::thread &thread : threads)
            thread.join();
        for (const QByteArray &body : std::as_const(bodies))
            QCOMPARE(body, bodies[0]);
        QCOMPARE(m_http->get("/api/links").array().size(), 9);
    }

    /// Keys are forgotten after a day.
    void keysExpire()
    {
        const QList<QByteArray> key = kJson + QList<QByteArray>{"Idempotency-Key: old"};
        const QByteArray body = R"({"name": "eth", "interface_type": "OPTICAL", "device_id": 1})";
        QCOMPARE(m_http->request("POST", "/api/interfaces", body, key).status, 201);
        QCOMPARE(m_server->terminate(), 0);
        {
            const auto connection = patchboard::server::SqliteConnection::open(
                board(), patchboard::server::SqliteConnection::Mode::ReadWrite);
            QVERIFY((*connection)
                        ->run(QStringLiteral("UPDATE kept_answers SET time = time - %1")
                                  .arg(patchboard::server::kAnswerKeptMs))
                        .ok());
        }
        start();
        const Reply reply = m_http->request("POST", "/api/interfaces", body, key);
        QCOMPARE(reply.status, 201);
        QCOMPARE(reply.object().value(u"name").toString(), QStringLiteral("eth-2"));
    }

    void overridesOfInterfacesAndLinks()
    {
        for (const auto &[path, kind] :
             {std::pair{"/api/interfaces/12", "interface"}, {"/api/links/35", "link"}}) {
            const QByteArray base(path);
            Reply reply =
                m_http->send("PATCH", base + "/override", restJson(R"({"status_override": "DOWN",
                                                    "override_reason": "why"})"));
            QCOMPARE(reply.status, 200);
            QCOMPARE(reply.object().value(u"message").toString(),
                     QStringLiteral("Status override set to DOWN"));
            const QJsonObject entity = reply.object().value(QLatin1String(kind)).toObject();
            QCOMPARE(entity.value(u"effective_status").toString(), QStringLiteral("DOWN"));
            QCOMPARE(entity.value(u"status").toString(), QStringLiteral("UP"));
            QCOMPARE(entity.value(u"override_reason").toString(), QStringLiteral("why"));
            QCOMPARE(m_http
                         ->send("PATCH", base + "/override",
                                restJson(R"({"status_override": "DEGRADED"})"))
                         .status,
                     400);
            QCOMPARE(
                m_http
                    ->send("POST", base + "/override-status", restJson(R"({"status": "DEGRADED"})"))
                    .status,
                200);
            reply = m_http->request("DELETE", base + "/override");
            QCOMPARE(reply.status, 200);
            QVERIFY(reply.object()
                        .value(QLatin1String(kind))
                        .toObject()
                        .value(u"status_override")
                        .isNull());
        }
        QCOMPARE(m_http->request("DELETE", "/api/links/1/override").detail(),
                 QStringLiteral("Link not found"));
        QCOMPARE(
            m_http
                ->send("POST", "/api/interfaces/1/override-status", restJson(R"({"status": "UP"})"))
                .detail(),
            QStringLiteral("Interface not found"));
    }

private:
    [[nodiscard]] QString board() const { return m_folder->filePath(QStringLiteral("a.board")); }
    void start(const QStringList &options = {})
    {
        QVERIFY2(m_server->start(board(), QStringList{QStringLiteral("--durability"),
                                                      QStringLiteral("normal")} +
                                              options),
                 m_server->log().constData());
        m_http = std::make_unique<HttpClient>(m_server->port());
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<ServerProcess> m_server;
    std::unique_ptr<HttpClient> m_http;
};

PATCHBOARD_TEST(TestRest)
#include "tst_rest.moc"
