#include "tests/server/hosttest.h"
#include "tests/support/testmain.h"

#include "model/formats/registry.h"
#include "server/store/sqlitestore.h"

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

/// An edit of a batch.
QByteArray createdDevice(int number, const QByteArray &more)
{
    return "{\"op\":\"create\",\"kind\":\"device\",\"fields\":{\"name\":\"d" +
           QByteArray::number(number) + "\",\"device_type\":\"ONT\"," + more + "}}";
}

const QList<QByteArray> kJson{"Content-Type: application/json"};

} // namespace

/// What the interface of HTTP has beyond what older clients know (TestContract).
class TestRest : public HostTest
{
    Q_OBJECT

private Q_SLOTS:
    void init() { begin({QStringLiteral("--demo")}); }
    void cleanup() { end(); }

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
            QCOMPARE(m_http->request("DELETE", path, {}, {"If-None-Match: " + next}).status, 412);
            QCOMPARE(m_http->request("DELETE", path, {}, {"If-None-Match: *"}).status, 412);
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
        const QList<QByteArray> stale = kJson + QList<QByteArray>{"If-Match: \"other\""};
        for (const auto &[path, body] :
             {std::pair("/api/devices", R"({"name": "n", "device_type": "ONT"})"),
              std::pair("/api/devices/provision", R"({"name": "n", "device_type": "ONT"})"),
              std::pair("/api/interfaces",
                        R"({"name": "n", "interface_type": "OPTICAL", "device_id": 1})"),
              std::pair("/api/links", R"({"a_interface_id": 11, "b_interface_id": 12})"),
              std::pair("/api/links/create-simple",
                        R"({"device_a_id": 1, "device_b_id": 2, "link_type": "fiber"})")})
            QCOMPARE(m_http->request("POST", path, body, stale).status, 412);
        QCOMPARE(m_http->get("/api/devices").headers.value("etag"), tag);
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

    /// Change and answer are on disk together: wherever the host dies, what is sent again is done
    /// once.
    void sentTwiceAcrossADeath_data()
    {
        QTest::addColumn<QByteArray>("place");
        QTest::addColumn<bool>("done");
        QTest::newRow("before") << QByteArray("before_transaction") << false;
        QTest::newRow("within") << QByteArray("in_transaction") << false;
        QTest::newRow("after") << QByteArray("after_commit_before_ack") << true;
    }
    void sentTwiceAcrossADeath()
    {
        QFETCH(const QByteArray, place);
        QFETCH(const bool, done);
        QCOMPARE(m_server->terminate(), 0);
        qputenv("PATCHBOARD_FAILPOINT", place + ":1");
        start();
        qunsetenv("PATCHBOARD_FAILPOINT");
        const QList<QByteArray> key = kJson + QList<QByteArray>{"Idempotency-Key: dies"};
        const QByteArray body = R"({"name": "once", "device_type": "CORE_ROUTER"})";
        QCOMPARE(m_http->request("POST", "/api/devices/provision", body, key).status, 0);
        m_server->kill();
        start();
        QCOMPARE(m_http->get("/api/devices?name=once").array().size(), done ? 1 : 0);
        const Reply again = m_http->request("POST", "/api/devices/provision", body, key);
        QCOMPARE(again.status, 201);
        QCOMPARE(again.headers.contains("idempotency-replayed"), done);
        QCOMPARE(again.object().value(u"interfaces").toArray().size(), 2);
        QCOMPARE(m_http->get("/api/devices?name=once").array().size(), 1);
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
                boardFile(), patchboard::server::SqliteConnection::Mode::ReadWrite);
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

    /// Many edits, one change; they may name what edits before them make.
    void batch()
    {
        const QByteArray body = R"({"edits": [
            {"op": "create", "kind": "device", "ref": "site",
             "fields": {"name": "Site", "device_type": "POP", "x": 7}},
            {"op": "create", "kind": "device", "ref": "r", "fields":
             {"name": "R", "device_type": "CORE_ROUTER", "parent_container_id": "site"}},
            {"op": "create", "kind": "interface", "ref": "i", "fields":
             {"name": "eth0", "interface_type": "OPTICAL", "device_id": "r"}},
            {"op": "create", "kind": "link", "fields":
             {"a_interface_id": "i", "b_interface_id": 12, "length_km": 2.5}},
            {"op": "update", "id": "r", "fields": {"y": 9, "status": "UP", "properties": {"k": "v"}}},
            {"op": "update", "id": "r", "fields": {"x": 8}},
            {"op": "update", "id": 2, "fields": {"name": "Renamed"}},
            {"op": "update", "id": 0, "fields": {"title": "T"}},
            {"op": "delete", "id": 10},
            {"op": "create", "kind": "device", "fields": {"name": "ONT4", "device_type": "ONT"}}
        ]})";
        const QByteArray before = m_http->get("/api/board").body;
        // What is tried takes no key either.
        Reply reply = m_http->request("POST", "/api/batch?dry_run=true", body,
                                      kJson + QList<QByteArray>{"Idempotency-Key: batch"});
        QCOMPARE(reply.status, 200);
        QCOMPARE(reply.object().value(u"dry_run").toBool(), true);
        QCOMPARE(reply.object().value(u"results").toArray().size(), 10);
        QCOMPARE(m_http->get("/api/board").body, before);
        const QJsonArray tried = reply.object().value(u"results").toArray();

        reply = m_http->request("POST", "/api/batch", body,
                                kJson + QList<QByteArray>{"Idempotency-Key: batch"});
        QVERIFY2(reply.status == 200, reply.body.constData());
        QCOMPARE(reply.object().value(u"revision").toInteger(), 2);
        const QJsonArray results = reply.object().value(u"results").toArray();
        QCOMPARE(results, tried); // trying it used nothing up
        const qint64 site = results[0].toObject().value(u"id").toInteger();
        const qint64 router = results[1].toObject().value(u"id").toInteger();
        QCOMPARE(results[3].toObject().value(u"kind").toString(), QStringLiteral("link"));
        const QJsonObject made = m_http->get("/api/devices/" + QByteArray::number(router)).object();
        QCOMPARE(made.value(u"parent_container_id").toInteger(), site);
        QCOMPARE(made.value(u"x").toDouble(), 8.0);
        QCOMPARE(made.value(u"y").toDouble(), 9.0);
        QCOMPARE(made.value(u"status").toString(), QStringLiteral("UP"));
        QCOMPARE(m_http->get("/api/devices?name=Renamed").array().size(), 1);
        QCOMPARE(m_http->get("/api/devices?name=ONT4").array().size(), 1);
        QCOMPARE(m_http->get("/api/devices/10").status, 404);
        QCOMPARE(m_http->get("/api/board").object().value(u"board").toObject().value(u"title"),
                 QJsonValue(QStringLiteral("T")));
        QCOMPARE(m_http
                     ->request("POST", "/api/batch", body,
                               kJson + QList<QByteArray>{"Idempotency-Key: batch"})
                     .body,
                 reply.body);
        QCOMPARE(m_http->request("POST", "/api/batch", R"({"edits": []})", kJson).status, 200);
        QCOMPARE(m_http
                     ->request("POST", "/api/batch", R"({"edits": []})",
                               kJson + QList<QByteArray>{"If-Match: \"x\""})
                     .status,
                 412);
    }

    void refusedBatches_data()
    {
        QTest::addColumn<QByteArray>("edit");
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("says");
        const auto row = [](const char *name, const char *edit, int status, const char *says) {
            QTest::newRow(name) << QByteArray(edit) << status << QByteArray(says);
        };
        row("no object", "5", 422, R"(["body","edits",1])");
        row("no op", R"({"kind": "device"})", 422, R"(["body","edits",1,"op"])");
        row("another op", R"({"op": "explode", "id": 1})", 422, R"(["body","edits",1,"op"])");
        row("no kind", R"({"op": "create", "fields": {}})", 422, R"(["body","edits",1,"kind"])");
        row("no id", R"({"op": "delete"})", 422, R"(["body","edits",1,"id"])");
        row("fields", R"({"op": "update", "id": 1, "fields": []})", 422,
            R"(["body","edits",1,"fields"])");
        row("missing field", R"({"op": "create", "kind": "device", "fields": {"name": "x"}})", 422,
            R"(["body","edits",1,"fields","device_type"])");
        row("bad field", R"({"op": "update", "id": 1, "fields": {"status": "BAD"}})", 422,
            R"(["body","edits",1,"fields","status"])");
        row("unknown id", R"({"op": "delete", "id": 999})", 404, "Edit 1: Device not found");
        row("other kind", R"({"op": "delete", "kind": "link", "id": 1})", 404,
            "Edit 1: Link not found");
        row("unknown end", R"({"op": "create", "kind": "link", "fields":
            {"a_interface_id": 12, "b_interface_id": 1}})",
            404, "Edit 1: Interface not found");
        row("unknown ref", R"({"op": "delete", "id": "nobody"})", 422,
            R"(["body","edits",1,"id"])");
        row("ref twice", R"({"op": "create", "kind": "device", "ref": "first", "fields":
            {"name": "x", "device_type": "ONT"}})",
            422, R"(["body","edits",1,"ref"])");
        row("name in use", R"({"op": "create", "kind": "device", "fields":
            {"name": "OLT1", "device_type": "ONT"}})",
            409, "Edit 1: Device with name 'OLT1' already exists");
        row("name in the batch", R"({"op": "create", "kind": "device", "fields":
            {"name": "first", "device_type": "ONT"}})",
            409, "Edit 1: Device with name 'first' already exists");
        row("rename", R"({"op": "update", "id": 1, "fields": {"name": "first"}})", 409,
            "Edit 1: Device with name 'first' already exists");
        row("unknown type", R"({"op": "create", "kind": "device", "fields":
            {"name": "x", "device_type": "TOASTER"}})",
            422, R"("loc":["body","edits",1],"msg":"Value error, Edit 1: Unknown device type)");
        row("no container", R"({"op": "update", "id": 1, "fields": {"parent_container_id": 2}})",
            422, R"("loc":["body","edits",1],"msg":"Value error, Edit 1: CoreRouter1 is not)");
        row("in itself", R"({"op": "update", "id": "first", "fields":
            {"parent_container_id": "first"}})",
            409, "Edit 1: ");
        row("deleted before", R"({"op": "update", "id": 3, "fields": {"x": 1}})", 404, "Edit 1: ");
    }
    /// Whole or not at all: the first edit would have been good.
    void refusedBatches()
    {
        QFETCH(const QByteArray, edit);
        QFETCH(const int, status);
        QFETCH(const QByteArray, says);
        const QByteArray before = m_http->get("/api/board").body;
        const QByteArray first = QTest::currentDataTag() == QByteArrayLiteral("deleted before")
                                     ? R"({"op": "delete", "id": 3})"
                                     : R"({"op": "create", "kind": "device", "ref": "first",
                                           "fields": {"name": "first", "device_type": "POP"}})";
        const Reply reply = m_http->request("POST", "/api/batch",
                                            "{\"edits\": [" + first + ',' + edit + "]}", kJson);
        QVERIFY2(reply.status == status, reply.body.constData());
        QVERIFY2(reply.body.contains(says), reply.body.constData());
        QCOMPARE(m_http->get("/api/board").body, before);
        const QByteArray many = "{\"op\":\"delete\",\"id\":1},";
        QCOMPARE(m_http
                     ->request("POST", "/api/batch",
                               "{\"edits\":[" + many.repeated(5000) + many.chopped(1) + "]}", kJson)
                     .status,
                 422);
    }

    /// Long lists come whole and in order, at one revision, while others are served.
    void longLists()
    {
        QByteArray edits;
        for (int i = 0; i < 5000; ++i) {
            edits += (edits.isEmpty() ? "" : ",") + createdDevice(i, "\"status\":\"UP\"");
        }
        const Reply made =
            m_http->request("POST", "/api/batch", "{\"edits\":[" + edits + "]}", kJson);
        QVERIFY2(made.status == 200, made.body.left(300).constData());
        QCOMPARE(made.object().value(u"revision").toInteger(), 2);
        QByteArray tag;
        for (const char *path : {"/api/devices", "/api/devices", "/api/devices?limit=4000&offset=1",
                                 "/api/devices?name=d*"}) {
            const Reply reply = m_http->get(path);
            QCOMPARE(reply.status, 200);
            const QJsonArray all = reply.array();
            qint64 last = 0;
            for (const QJsonValue &each : all) {
                QVERIFY(each.toObject().value(u"id").toInteger() > last);
                last = each.toObject().value(u"id").toInteger();
            }
            const bool part = QByteArray(path).contains("limit");
            const bool named = QByteArray(path).contains("name");
            QCOMPARE(all.size(), part ? 4000 : named ? 5000 : 5010);
            QCOMPARE(reply.headers.value("x-total-count").toInt(), named ? 5000 : 5010);
            tag = reply.headers.value("etag");
        }
        // Pipelined with others, head only, unchanged.
        QVERIFY(m_http->connectNow());
        m_http->write("GET /api/board HTTP/1.1\r\nHost: localhost\r\n\r\n"
                      "GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n");
        const Reply board = m_http->readReply();
        QCOMPARE(board.object().value(u"devices").toArray().size(), 5010);
        QCOMPARE(board.object().value(u"revision").toInteger(), 2);
        QCOMPARE(board.headers.value("etag"), tag);
        QCOMPARE(m_http->readReply().status, 200);
        const Reply head = m_http->request("HEAD", "/api/devices");
        QCOMPARE(head.status, 200);
        QVERIFY(head.headers.value("content-length").toLongLong() > 100'000);
        QCOMPARE(m_http->request("GET", "/api/board", {}, {"If-None-Match: " + tag}).status, 304);
        // What changed since is in the next.
        QCOMPARE(m_http->request("DELETE", "/api/devices/1").status, 204);
        QCOMPARE(m_http->get("/api/devices").array().size(), 5009);
        QCOMPARE(m_http->get("/api/board").object().value(u"devices").toArray().size(), 5009);
        // Those who leave before their answer take nothing with them.
        for (int i = 0; i < 20; ++i) {
            HttpClient leaving(m_server->port());
            QVERIFY(leaving.connectNow());
            leaving.write("GET /api/board HTTP/1.1\r\nHost: localhost\r\n\r\n");
            m_http->send("PATCH", "/api/devices/2",
                         QJsonObject{{QStringLiteral("x"), i}, {QStringLiteral("y"), 0}});
            leaving.close();
        }
        QCOMPARE(m_http->get("/health").status, 200);
    }

    void board()
    {
        const Reply reply = m_http->get("/api/board");
        const QJsonObject all = reply.object();
        QCOMPARE(all.keys(), QStringList({QStringLiteral("board"), QStringLiteral("device_types"),
                                          QStringLiteral("devices"), QStringLiteral("epoch"),
                                          QStringLiteral("interfaces"), QStringLiteral("links"),
                                          QStringLiteral("revision")}));
        QCOMPARE(all.value(u"devices").toArray().size(), 10);
        QCOMPARE(all.value(u"interfaces").toArray().size(), 24);
        QCOMPARE(all.value(u"links").toArray().size(), 8);
        QCOMPARE(all.value(u"revision").toInteger(), 1);
        const QByteArray tag = reply.headers.value("etag");
        QCOMPARE(m_http
                     ->request("PATCH", "/api/board", R"({"link_policy": "enforce"})",
                               kJson + QList<QByteArray>{"If-Match: \"other\""})
                     .status,
                 412);
        const Reply edited = m_http->request("PATCH", "/api/board", R"({"link_policy": "enforce"})",
                                             kJson + QList<QByteArray>{"If-Match: " + tag});
        QCOMPARE(edited.status, 200);
        QCOMPARE(edited.object().value(u"link_policy").toString(), QStringLiteral("enforce"));
        QCOMPARE(m_http->get("/api/board").headers.value("etag"), edited.headers.value("etag"));
        QVERIFY(edited.headers.value("etag") != tag);
        // The rules hold now.
        const Reply refused =
            m_http->send("POST", "/api/links/create-simple",
                         restJson(R"({"device_a_id": 1, "device_b_id": 7, "link_type": "fiber"})"));
        QCOMPARE(refused.status, 409);
        QCOMPARE(refused.detail(),
                 QStringLiteral("No valid link rule between BACKBONE_GATEWAY and ONT"));
        // Also by what a device becomes: 7 is an ONT, linked to the OLT 6.
        const Reply another = m_http->send(
            "PATCH", "/api/devices/7", restJson(R"({"device_type": "AON_CPE", "name": "CPE"})"));
        QCOMPARE(another.status, 409);
        QCOMPARE(another.detail(), QStringLiteral("No valid link rule between OLT and AON_CPE"));
        QCOMPARE(m_http->get("/api/devices/7").object().value(u"name"), QStringLiteral("ONT1"));
        const auto batch = [this](const char *edits) {
            return m_http->send("POST", "/api/batch", restJson(edits));
        };
        const Reply many = batch(R"({"edits": [
            {"op": "update", "id": 8, "fields": {"name": "n", "x": 5}},
            {"op": "update", "id": 7, "fields": {"device_type": "AON_CPE"}},
            {"op": "update", "id": 9, "fields": {"device_type": "BUSINESS_ONT"}}]})");
        QCOMPARE(many.status, 409);
        QCOMPARE(many.detail(),
                 QStringLiteral("Edit 1: No valid link rule between OLT and AON_CPE"));
        QCOMPARE(batch(R"({"dry_run": true, "edits": [
            {"op": "update", "id": 7, "fields": {"device_type": "AON_CPE"}},
            {"op": "update", "id": 7, "fields": {"device_type": "BUSINESS_ONT"}}]})")
                     .status,
                 200);
        QCOMPARE(
            m_http->send("PATCH", "/api/board", restJson(R"({"link_policy": "maybe"})")).status,
            422);

        const Reply file = m_http->get("/api/export?format=json");
        QCOMPARE(file.status, 200);
        QCOMPARE(file.body, m_http->get("/api/board").body);
        QVERIFY(file.headers.value("content-disposition").contains("board.json"));
        QCOMPARE(m_http->get("/api/export?format=fax").status, 422);

        // In the formats of other programs, by name or by Accept.
        const patchboard::formats::Registry registry;
        const QList<std::pair<QByteArray, QByteArray>> written{
            {"graphml", "application/graphml+xml"}, {"containerlab", "application/yaml"}};
        for (const auto &[name, type] : written) {
            const Reply named = m_http->get("/api/export?format=" + name);
            QCOMPARE(named.status, 200);
            QCOMPARE(named.headers.value("content-type"), type);
            QVERIFY(named.headers.value("content-disposition").contains("attachment"));
            const Reply accepted = m_http->request("GET", "/api/export", {},
                                                   {"Accept: text/html, " + type + ";q=0.9"});
            QCOMPARE(accepted.status, 200);
            QCOMPARE(accepted.body, named.body);
            const QByteArray exportTag = accepted.headers.value("etag");
            QVERIFY(exportTag != file.headers.value("etag"));
            QCOMPARE(m_http
                         ->request("GET", "/api/export", {},
                                   {"Accept: " + type, "If-None-Match: " + exportTag})
                         .status,
                     304);
            QCOMPARE(m_http
                         ->request("GET", "/api/export", {},
                                   {"Accept: application/json", "If-None-Match: " + exportTag})
                         .status,
                     200);
            const auto read = registry.read(named.body, {}, QString::fromLatin1(name));
            QVERIFY(read);
            QCOMPARE(read.document().nodes.size(), 10);
            QCOMPARE(read.document().links.size(), 8);
            QVERIFY(read.document().warnings.isEmpty());
        }
        QCOMPARE(m_http->request("GET", "/api/export", {}, {"Accept: */*"}).status, 422);
        QCOMPARE(m_http->get("/api/export").status, 422);
    }

    void changes()
    {
        QCOMPARE(m_http->get("/api/changes").status, 422);
        QCOMPARE(m_http->get("/api/changes?since=-1").status, 422);
        QCOMPARE(m_http->get("/api/changes?since=0&wait=61").status, 422);
        QCOMPARE(m_http
                     ->send("PATCH", "/api/devices/1",
                            restJson(R"({"x": 1.5, "y": 2, "properties": {"a": "b", "c": null},
                                           "status": "DEGRADED", "tx_power_dbm": null})"))
                     .status,
                 200);
        QCOMPARE(m_http->request("DELETE", "/api/links/42").status, 204);
        QCOMPARE(m_http
                     ->send("POST", "/api/interfaces",
                            restJson(R"({"name": "e", "interface_type": "OPTICAL",
                                           "device_id": 1})"))
                     .status,
                 201);
        Reply reply = m_http->get("/api/changes?since=1");
        QCOMPARE(reply.status, 200);
        QJsonObject all = reply.object();
        QCOMPARE(all.value(u"revision").toInteger(), 4);
        QCOMPARE(all.value(u"oldest").toInteger(), 1);
        QCOMPARE(all.value(u"next").toInteger(), 4);
        QCOMPARE(all.value(u"more").toBool(), false);
        QVERIFY(!all.value(u"epoch").toString().isEmpty());
        const QJsonArray list = all.value(u"changes").toArray();
        QCOMPARE(list.size(), 3);
        for (int i = 0; i < 3; ++i)
            QCOMPARE(list[i].toObject().value(u"revision").toInteger(), i + 2);
        QCOMPARE(list[0].toObject().value(u"author").toString(), QStringLiteral("API"));
        QVERIFY(list[0].toObject().value(u"time").toString().endsWith(u'Z'));
        const auto edits = [&list](int i) { return list[i].toObject().value(u"edits").toArray(); };
        const QJsonObject fields = edits(0)[0].toObject().value(u"fields").toObject();
        QCOMPARE(edits(0)[0].toObject().value(u"op").toString(), QStringLiteral("update"));
        QCOMPARE(fields.value(u"x").toDouble(), 1.5);
        QCOMPARE(fields.value(u"status").toString(), QStringLiteral("DEGRADED"));
        QVERIFY(fields.value(u"tx_power_dbm").isNull());
        QCOMPARE(fields.value(u"properties").toObject(), restJson(R"({"a": "b", "c": null})"));
        QCOMPARE(edits(1), QJsonArray{restJson(R"({"op": "delete", "id": 42})")});
        QCOMPARE(edits(2)[0].toObject().value(u"kind").toString(), QStringLiteral("interface"));
        QCOMPARE(edits(2)[0].toObject().value(u"fields").toObject().value(u"device_id").toInteger(),
                 1);

        all = m_http->get("/api/changes?since=0&limit=2").object();
        QCOMPARE(all.value(u"changes").toArray().size(), 2);
        QCOMPARE(all.value(u"next").toInteger(), 2);
        QCOMPARE(all.value(u"more").toBool(), true);
        all = m_http->get("/api/changes?since=4").object();
        QCOMPARE(all.value(u"changes").toArray().size(), 0);
        QCOMPARE(all.value(u"next").toInteger(), 4);
        reply = m_http->get("/api/changes?since=5");
        QCOMPARE(reply.status, 409);
        QCOMPARE(reply.object().value(u"revision").toInteger(), 4);
    }

    /// Who waits hears of a change when it is made, and of none after a while.
    void changesAreWaitedFor()
    {
        QList<std::shared_ptr<HttpClient>> waiting;
        for (int i = 0; i < 5; ++i) {
            waiting.append(std::make_shared<HttpClient>(m_server->port()));
            QVERIFY(waiting.last()->connectNow());
            waiting.last()->write(
                "GET /api/changes?since=1&wait=60 HTTP/1.1\r\nHost: localhost\r\n\r\n"
                "GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n");
        }
        waiting.first()->close(); // one does not stay
        // Nothing happens: an empty answer.
        const QJsonObject none = m_http->get("/api/changes?since=1&wait=1").object();
        QCOMPARE(none.value(u"next").toInteger(), 1);
        QCOMPARE(none.value(u"changes").toArray().size(), 0);
        QCOMPARE(m_http->request("DELETE", "/api/links/42").status, 204);
        for (qsizetype i = 1; i < waiting.size(); ++i) {
            const QJsonObject heard = waiting[i]->readReply().object();
            QCOMPARE(heard.value(u"next").toInteger(), 2);
            QCOMPARE(heard.value(u"changes").toArray().size(), 1);
            QCOMPARE(waiting[i]->readReply().status, 200);
        }
        // There is something already: nobody waits.
        QCOMPARE(
            m_http->get("/api/changes?since=1&wait=60").object().value(u"changes").toArray().size(),
            1);
        // A host that ends does not wait for those who wait.
        HttpClient last(m_server->port());
        QVERIFY(last.connectNow());
        last.write("GET /api/changes?since=2&wait=60 HTTP/1.1\r\nHost: localhost\r\n\r\n");
        QCOMPARE(m_http->get("/health").status, 200);
        QCOMPARE(m_server->terminate(), 0);
        QCOMPARE(last.readReply().object().value(u"next").toInteger(), 2);
        start();
    }

    /// What the log no longer tells is said so, with where it begins.
    void changesThatWerePruned()
    {
        for (int i = 0; i < 5; ++i) {
            QCOMPARE(m_http
                         ->send("PATCH", "/api/devices/1",
                                QJsonObject{{QStringLiteral("x"), i}, {QStringLiteral("y"), 0}})
                         .status,
                     200);
        }
        QCOMPARE(m_server->terminate(), 0);
        {
            const auto connection = patchboard::server::SqliteConnection::open(
                boardFile(), patchboard::server::SqliteConnection::Mode::ReadWrite);
            QVERIFY((*connection)
                        ->run(QStringLiteral("DELETE FROM change_log WHERE revision < 4"))
                        .ok());
        }
        start();
        for (const char *path : {"/api/changes?since=2", "/api/changes?since=0&wait=60"}) {
            const Reply reply = m_http->get(path);
            QCOMPARE(reply.status, 410);
            QCOMPARE(reply.object().value(u"oldest").toInteger(), 4);
            QVERIFY(reply.detail().contains(u'4'));
        }
        QCOMPARE(m_http->get("/api/changes?since=3").object().value(u"changes").toArray().size(),
                 3);
    }

    /// A change of many edits is written by another thread; one answer holds a few MiB.
    void longChanges()
    {
        const QByteArray notes(1000, 'n');
        for (int round = 0; round < 3; ++round) {
            QByteArray edits;
            for (int i = 0; i < 2500; ++i) {
                edits += (edits.isEmpty() ? "" : ",") +
                         createdDevice(round * 10'000 + i, "\"notes\":\"" + notes + '"');
            }
            const Reply made =
                m_http->request("POST", "/api/batch", "{\"edits\":[" + edits + "]}", kJson);
            QVERIFY2(made.status == 200, made.body.left(300).constData());
        }
        QJsonObject all = m_http->get("/api/changes?since=1").object();
        QCOMPARE(all.value(u"changes").toArray().size(), 2); // over 4 MiB with the second
        QCOMPARE(all.value(u"next").toInteger(), 3);
        QVERIFY(all.value(u"more").toBool());
        const QJsonArray edits =
            all.value(u"changes").toArray()[1].toObject().value(u"edits").toArray();
        QCOMPARE(edits.size(), 2500);
        all = m_http->get("/api/changes?since=3").object();
        QCOMPARE(all.value(u"changes").toArray().size(), 1);
        QVERIFY(!all.value(u"more").toBool());
        // Waited for, and then long.
        HttpClient waiting(m_server->port());
        QVERIFY(waiting.connectNow());
        waiting.write("GET /api/changes?since=4&wait=60 HTTP/1.1\r\nHost: localhost\r\n\r\n");
        QCOMPARE(m_http->request("POST", "/api/seed").status, 201);
        all = waiting.readReply().object();
        QCOMPARE(all.value(u"changes").toArray().size(), 1);
    }

    /// The description names what is there, and nothing else. (Its shapes: tests/clients.)
    void description()
    {
        const Reply reply = m_http->get("/openapi.json");
        QCOMPARE(reply.status, 200);
        QCOMPARE(reply.object().value(u"openapi").toString(), QStringLiteral("3.1.0"));
        const QJsonObject paths = reply.object().value(u"paths").toObject();
        QVERIFY(paths.size() > 15);
        for (const QString &path : paths.keys()) {
            QByteArray target = path.toLatin1();
            if (const qsizetype brace = target.indexOf('{'); brace >= 0)
                target.replace(brace, target.indexOf('}') + 1 - brace, "1");
            QStringList methods{QStringLiteral("OPTIONS")};
            for (const QString &method : paths.value(path).toObject().keys()) {
                methods.append(method.toUpper());
                if (method == QLatin1String("get"))
                    methods.append(QStringLiteral("HEAD"));
                const QJsonObject operation = paths.value(path).toObject().value(method).toObject();
                QVERIFY(!operation.value(u"summary").toString().isEmpty());
                QVERIFY(!operation.value(u"x-role").toString().isEmpty());
            }
            methods.sort();
            const Reply allowed = m_http->request("PUT", target);
            QCOMPARE(allowed.status, 405);
            const QString told = QString::fromLatin1(allowed.headers.value("allow"));
            // "provision" could also be an id, as far as a path tells.
            if (target.endsWith("/provision") || target.endsWith("/create-simple"))
                QVERIFY(told.contains(QStringLiteral("POST")));
            else
                QCOMPARE(told, methods.join(QStringLiteral(", ")));
        }
        // A page that asks nobody else.
        const Reply page = m_http->get("/docs");
        QCOMPARE(page.status, 200);
        QCOMPARE(page.headers.value("content-type"), QByteArray("text/html; charset=utf-8"));
        QVERIFY(page.headers.value("content-security-policy").startsWith("default-src 'none'"));
        QVERIFY(page.body.contains("/openapi.json"));
        QVERIFY(!page.body.contains("://") && !page.body.contains("src=\"//"));
    }

    void imports()
    {
        const QByteArray graph =
            "<graphml xmlns=\"http://graphml.graphdrawing.org/xmlns\"><graph id=\"g\" "
            "edgedefault=\"undirected\">\n<node id=\"a\"/>\n<node id=\"b\"/>\n<node "
            "id=\"OLT1\"/>\n<edge source=\"a\" target=\"b\"/>\n<edge source=\"a\" "
            "target=\"nobody\"/>\n</graph></graphml>";
        const QList<QByteArray> headers{"Content-Type: application/xml", "Idempotency-Key: file"};
        const Reply reply =
            m_http->request("POST", "/api/import?format=graphml&name=x.graphml", graph, headers);
        QVERIFY2(reply.status == 201, reply.body.constData());
        const QJsonObject told = reply.object();
        QCOMPARE(told.value(u"format").toString(), QStringLiteral("graphml"));
        QCOMPARE(told.value(u"devices").toInt(), 3);
        QCOMPARE(told.value(u"links").toInt(), 1);
        QCOMPARE(told.value(u"revision").toInteger(), 2);
        QCOMPARE(told.value(u"device_ids").toArray().size(), 3);
        const QJsonArray warnings = told.value(u"warnings").toArray();
        QVERIFY(std::any_of(warnings.begin(), warnings.end(), [](const QJsonValue &each) {
            return each.toObject().value(u"line").toInt() == 6;
        }));
        QCOMPARE(m_http->get("/api/devices").array().size(), 13);
        QCOMPARE(m_http->get("/api/devices?name=OLT1-2").array().size(), 1);
        // Sent again: the same answer, and nothing more.
        const Reply again =
            m_http->request("POST", "/api/import?format=graphml&name=x.graphml", graph, headers);
        QCOMPARE(again.body, reply.body);
        QCOMPARE(again.headers.value("idempotency-replayed"), QByteArray("true"));
        QCOMPARE(m_http->get("/api/devices").array().size(), 13);
        // The content decides.
        QCOMPARE(m_http->request("POST", "/api/import", graph).status, 201);
        QCOMPARE(m_http->get("/api/devices").array().size(), 16);

        const Reply refused = m_http->request("POST", "/api/import?format=graphml&name=bad.graphml",
                                              "<graphml>\n<graph>\n<node/>");
        QCOMPARE(refused.status, 422);
        QVERIFY(refused.detail().startsWith(QStringLiteral("bad.graphml:3")));
        QCOMPARE(refused.object().value(u"line").toInt(), 3);
        QCOMPARE(m_http->request("POST", "/api/import", "who knows").status, 422);
        QCOMPARE(m_http->request("POST", "/api/import?format=fax", graph).status, 422);
        QCOMPARE(m_http->request("POST", "/api/import").status, 422);
        QCOMPARE(m_http->request("POST", "/api/import", graph, {"If-Match: \"x\""}).status, 412);
        QCOMPARE(
            m_http->request("POST", "/api/import", graph, {"Origin: http://evil.example"}).status,
            403);
        QCOMPARE(m_http->get("/api/devices").array().size(), 16);
        // Who leaves meanwhile has imported all of it or nothing; the host goes on.
        HttpClient leaving(m_server->port());
        QVERIFY(leaving.connectNow());
        leaving.write("POST /api/import HTTP/1.1\r\nHost: localhost\r\nContent-Length: " +
                      QByteArray::number(graph.size()) + "\r\n\r\n" + graph);
        leaving.close();
        const auto count = m_http->get("/api/devices").array().size();
        QVERIFY(count == 16 || count == 19);
    }
};

PATCHBOARD_TEST(TestRest)
#include "tst_rest.moc"
