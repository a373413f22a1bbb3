#include "tests/server/httpclient.h"
#include "tests/support/hostprocess.h"
#include "tests/support/testmain.h"

#include <QRandomGenerator>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

/// Ten thousand requests that nobody would send on purpose, over real sockets: each is answered,
/// none by a 500, and the host and its board are as sound afterwards as before. The seed is
/// printed; PATCHBOARD_SEED sets it.
namespace {

constexpr int kRequests = 10'000;

class Generator
{
public:
    explicit Generator(quint32 seed)
        : m_random(seed)
    {
    }
    int below(int n) { return m_random.bounded(n); }
    bool oneIn(int n) { return below(n) == 0; }

    struct Sample
    {
        QByteArray method;
        QByteArray path;
        QByteArray body;
    };
    /// One that could be meant: what it names is there, or nearly.
    Sample sensible()
    {
        static const QList<Sample> samples{
            {"GET", "/api/devices/#", ""},
            {"GET", "/api/devices?limit=#&status=UP", ""},
            {"GET", "/api/board", ""},
            {"GET", "/api/board?revision=#", ""},
            {"GET", "/api/board?snapshot=#", ""},
            {"GET", "/api/changes?since=#&limit=5", ""},
            {"POST", "/api/snapshots", R"({"name": @name, "revision": @id})"},
            {"PATCH", "/api/snapshots/#", R"({"name": @name})"},
            {"DELETE", "/api/snapshots/#", ""},
            {"POST", "/api/restore", R"({"revision": @id, "ids": [@id, @]})"},
            {"POST", "/api/restore", R"({"snapshot": @name, "dry_run": true})"},
            {"POST", "/api/devices",
             R"({"name": @name, "device_type": @type, "x": @, "parent_container_id": @id})"},
            {"POST", "/api/devices", R"({"name": @name, "device_type": "POP"})"},
            {"POST", "/api/devices/provision",
             R"({"name": @name, "device_type": @type, "validate_upstream": false})"},
            {"POST", "/api/interfaces",
             R"({"name": @name, "interface_type": "OPTICAL", "device_id": @id})"},
            {"POST", "/api/links", R"({"a_interface_id": @id, "b_interface_id": @id})"},
            {"POST", "/api/links/create-simple",
             R"({"device_a_id": @id, "device_b_id": @id, "link_type": "fiber", "status": @})"},
            {"PATCH", "/api/devices/#", R"({"x": @, "y": @})"},
            {"PATCH", "/api/devices/#",
             R"({"name": @name, "parent_container_id": @id, "status": @, "notes": @,
                 "properties": {"k": @}})"},
            {"PATCH", "/api/links/#", R"({"length_km": @, "label": @name, "notes": null})"},
            {"PATCH", "/api/interfaces/#", R"({"name": @name, "status": "UP"})"},
            {"PATCH", "/api/devices/#/override",
             R"({"status_override": "UP", "override_reason": @})"},
            {"POST", "/api/links/#/override-status", R"({"status": "DEGRADED", "reason": @})"},
            {"PATCH", "/api/board", R"({"title": @, "link_policy": @})"},
            {"DELETE", "/api/devices/#/override", ""},
            {"DELETE", "/api/devices/#", ""},
            {"DELETE", "/api/links/#", ""},
            {"DELETE", "/api/interfaces/#", ""},
            {"POST", "/api/batch",
             R"({"edits": [{"op": "create", "kind": "device", "ref": "a",
                            "fields": {"name": @name, "device_type": @type, "x": @}},
                           {"op": "create", "kind": "interface", "ref": @,
                            "fields": {"name": "e", "interface_type": "OPTICAL", "device_id": "a"}},
                           {"op": "update", "id": @id, "fields": {"notes": @}},
                           {"op": "delete", "id": @id}]})"},
            {"POST", "/api/import",
             R"(<graphml><graph><node id=@name/><node id="b"/><edge source="b" target="b"/>)"
             R"(</graph></graphml>)"},
            {"POST", "/api/import", "name: lab\ntopology:\n  nodes:\n    n1: {kind: linux}\n"}};
        Sample sample = pick(samples);
        sample.path.replace("#", idText());
        for (qsizetype at = 0; (at = sample.body.indexOf('@', at)) >= 0;) {
            QByteArray by = value();
            qsizetype length = 1;
            const auto is = [&](const char *word) {
                if (!sample.body.mid(at + 1).startsWith(word))
                    return false;
                length = 1 + qsizetype(qstrlen(word));
                return true;
            };
            const bool fit = !oneIn(6);
            if (is("name") && fit)
                by = "\"name " + QByteArray::number(below(5000)) + '"';
            else if (is("type") && fit)
                by = oneIn(3) ? "\"CORE_ROUTER\"" : "\"ONT\"";
            else if (is("id") && fit)
                by = QByteArray::number(1 + below(m_ids));
            else if (length == 1 && oneIn(2))
                by = QByteArray::number(below(100));
            sample.body.replace(at, length, by);
            at += by.size();
        }
        return sample;
    }
    /// Ids up to this one have been given.
    void setIds(int ids) { m_ids = ids; }

    QByteArray method()
    {
        static const QList<QByteArray> usual{"GET", "GET", "POST", "POST", "PATCH", "DELETE"};
        static const QList<QByteArray> odd{"HEAD", "OPTIONS", "PUT", "TRACE", "BREW", "get"};
        return oneIn(12) ? pick(odd) : pick(usual);
    }

    QByteArray path()
    {
        static const QList<QByteArray> templates{"/health",
                                                 "/openapi.json",
                                                 "/docs",
                                                 "/sync",
                                                 "/socket.io/",
                                                 "/api",
                                                 "/",
                                                 "/api/devices",
                                                 "/api/devices",
                                                 "/api/devices/provision",
                                                 "/api/devices/#",
                                                 "/api/devices/#",
                                                 "/api/devices/#/override",
                                                 "/api/devices/#/override-status",
                                                 "/api/devices/#/interfaces",
                                                 "/api/interfaces",
                                                 "/api/interfaces/#",
                                                 "/api/interfaces/#/override",
                                                 "/api/interfaces/#/override-status",
                                                 "/api/links",
                                                 "/api/links",
                                                 "/api/links/#",
                                                 "/api/links/#/override",
                                                 "/api/links/create-simple",
                                                 "/api/links/create-simple",
                                                 "/api/batch",
                                                 "/api/batch",
                                                 "/api/import",
                                                 "/api/export",
                                                 "/api/board",
                                                 "/api/snapshots",
                                                 "/api/snapshots/#",
                                                 "/api/restore",
                                                 "/api/changes"};
        QByteArray out = oneIn(200) ? QByteArray("/api/seed") : pick(templates);
        out.replace("#", idText());
        if (oneIn(15)) {
            static const QList<QByteArray> tails{
                "/",    "//",  "/..",    "/%2e%2e/x", "%00", "%ff", "%zz", "%", "/x",
                ";a=b", "%2F", "%0d%0a", "/%C3%A4",   "?",   "#x",  "\\",  "*"};
            out += pick(tails);
        }
        if (oneIn(60))
            out = QByteArray(below(3000), '/') + out;
        if (oneIn(3)) {
            out += out.contains('?') ? '&' : '?';
            for (int n = below(4); n >= 0; --n)
                out += query() + (n > 0 ? "&" : "");
        }
        return out.replace(' ', "%20");
    }

    QByteArray headers(bool withBody)
    {
        QByteArray out;
        if (withBody && !oneIn(10)) {
            static const QList<QByteArray> types{"application/json",
                                                 "application/json",
                                                 "application/json",
                                                 "application/json; charset=utf-8",
                                                 "application/merge-patch+json",
                                                 "text/plain",
                                                 "application/x-www-form-urlencoded",
                                                 "application/xml",
                                                 "/",
                                                 ""};
            out += "Content-Type: " + pick(types) + "\r\n";
        }
        static const QList<QByteArray> values{
            "*",        "\"a\"",    "W/\"b\"",       "\"",       "",        ",,,",
            "\"\xff\"", "\"a\", *", "http://x.test", "1",        "-1",      "null",
            "gzip",     "bytes=0-", "100-continue",  "\t",       "a b c",   "{}",
            "key",      "key",      "=?utf-8?q?x?=", "\x80\xfe", "/../../", "%00"};
        static const QList<QByteArray> names{"If-Match",        "If-None-Match",
                                             "Idempotency-Key", "Idempotency-Key",
                                             "Origin",          "Accept",
                                             "Authorization",   "Cookie",
                                             "Range",           "Referer",
                                             "X-Forwarded-For", "Access-Control-Request-Method",
                                             "Accept-Encoding", "X-HTTP-Method-Override"};
        for (int n = below(3); n > 0; --n) {
            QByteArray value = pick(values);
            if (oneIn(40))
                value = QByteArray(below(9000), 'v');
            out += pick(names) + ": " + value + "\r\n";
        }
        return out;
    }

    QByteArray body()
    {
        switch (below(12)) {
        case 0:
            return {};
        case 1:
            return garbage(below(200));
        case 2:
            return QByteArray(below(2000), oneIn(2) ? '[' : '{');
        case 3:
            return "<graphml><graph>" +
                   QByteArray("<node id=\"n").append(garbage(2)).append("\"/>").repeated(below(4)) +
                   "</graph></graphml>";
        case 4: {
            QByteArray edits;
            for (int n = below(6); n > 0; --n)
                edits += (edits.isEmpty() ? "" : ",") + edit();
            return "{\"edits\":[" + edits + "],\"dry_run\":" + value() + '}';
        }
        default: {
            QByteArray out = object(below(7));
            if (oneIn(10) && !out.isEmpty())
                out.truncate(below(int(out.size())));
            if (oneIn(15))
                out.insert(below(int(out.size()) + 1), garbage(1 + below(3)));
            return out;
        }
        }
    }

    /// Bytes of a request, damaged.
    QByteArray damaged(QByteArray bytes)
    {
        static const QByteArray spice("\r\n\0 :%/{}[]\"\\,0f-\xff\x80\x01", 21);
        for (int n = 1 + below(4); n > 0 && !bytes.isEmpty(); --n) {
            const int at = below(int(bytes.size()));
            switch (below(3)) {
            case 0:
                bytes[at] = spice[below(int(spice.size()))];
                break;
            case 1:
                bytes.insert(at, QByteArray(1 + below(3), spice[below(int(spice.size()))]));
                break;
            default:
                bytes.remove(at, 1 + below(6));
            }
        }
        return bytes;
    }

private:
    template <typename T>
    const T &pick(const QList<T> &list)
    {
        return list[below(int(list.size()))];
    }
    QByteArray garbage(int size)
    {
        QByteArray out(size, '\0');
        for (char &c : out)
            c = char(below(256));
        return out;
    }
    QByteArray idText()
    {
        static const QList<QByteArray> odd{"0",
                                           "-1",
                                           "999999",
                                           "9007199254740991",
                                           "9007199254740992",
                                           "99999999999999999999999",
                                           "1e3",
                                           "+1",
                                           "1_0",
                                           "%31",
                                           "%20",
                                           "abc",
                                           "",
                                           "%D9%A3",
                                           "0x1",
                                           "1.0",
                                           "4294967339",
                                           "null"};
        return oneIn(3) ? pick(odd) : QByteArray::number(1 + below(m_ids));
    }
    QByteArray query()
    {
        static const QList<QByteArray> keys{
            "limit",  "offset",           "name", "type", "status", "since", "dry_run",
            "format", "effective_status", "x"};
        static const QList<QByteArray> values{"1",
                                              "0",
                                              "-1",
                                              "5",
                                              "UP",
                                              "*",
                                              "a*b*c*",
                                              "json",
                                              "graphml",
                                              "containerlab",
                                              "",
                                              "%ff",
                                              "true",
                                              "maybe",
                                              "ONT",
                                              "1e9",
                                              "99999999999999999999",
                                              "%00",
                                              "+",
                                              "a=b=c",
                                              "%25%25"};
        return pick(keys) + (oneIn(10) ? "" : "=") + pick(values);
    }
    QByteArray value(int depth = 0)
    {
        static const QList<QByteArray> values{"null",        "true",
                                              "false",       "0",
                                              "-0",          "1",
                                              "2",           "6",
                                              "12",          "35",
                                              "1.5",         "-1e-9",
                                              "1e308",       "1e999",
                                              "-5",          "99999999999999999999",
                                              "\"\"",        "\"UP\"",
                                              "\"DOWN\"",    "\"DEGRADED\"",
                                              "\"ONT\"",     "\"OLT\"",
                                              "\"POP\"",     "\"fiber\"",
                                              "\"OPTICAL\"", "\"1\"",
                                              "\"x\"",       "\"\\u0000\"",
                                              "\"\\ud800\"", "\"\xf0\x9f\x98\x80\"",
                                              "\"OLT1\"",    "\"G652D\"",
                                              "NaN",         "\"enforce\"",
                                              "\"site\""};
        if (depth < 4 && oneIn(8))
            return oneIn(2) ? object(below(4), depth + 1)
                            : '[' + value(depth + 1) + ',' + value(depth + 1) + ']';
        if (oneIn(40))
            return '"' + QByteArray(below(20'000), 'n') + '"';
        if (oneIn(3))
            return "\"name " + QByteArray::number(below(400)) + '"';
        return pick(values);
    }
    QByteArray object(int keys, int depth = 0)
    {
        static const QList<QByteArray> names{"name",
                                             "name",
                                             "device_type",
                                             "x",
                                             "y",
                                             "status",
                                             "interface_type",
                                             "device_id",
                                             "a_interface_id",
                                             "b_interface_id",
                                             "device_a_id",
                                             "device_b_id",
                                             "link_type",
                                             "status_override",
                                             "override_reason",
                                             "reason",
                                             "properties",
                                             "notes",
                                             "label",
                                             "length_km",
                                             "tx_power_dbm",
                                             "locked",
                                             "validate_upstream",
                                             "parent_container_id",
                                             "title",
                                             "link_policy",
                                             "physical_medium_id",
                                             "id",
                                             "",
                                             "dry_run"};
        QByteArray out;
        for (int n = 0; n < keys; ++n)
            out += (out.isEmpty() ? "\"" : ",\"") + pick(names) + "\":" + value(depth);
        // Often what is needed to get further.
        if (depth == 0 && oneIn(2)) {
            out += (out.isEmpty() ? "" : ",") +
                   QByteArray("\"device_type\":\"ONT\",\"interface_type\":\"OPTICAL\","
                              "\"link_type\":\"fiber\"");
        }
        return '{' + out + '}';
    }
    QByteArray edit()
    {
        static const QList<QByteArray> ops{"create", "update", "delete", "explode"};
        static const QList<QByteArray> kinds{"device", "interface", "link", "board"};
        QByteArray out = "{\"op\":\"" + pick(ops) + '"';
        if (!oneIn(4))
            out += ",\"kind\":\"" + pick(kinds) + '"';
        if (!oneIn(3))
            out += ",\"id\":" + (oneIn(3) ? value() : QByteArray::number(below(60)));
        if (oneIn(2))
            out += ",\"ref\":" + value();
        if (!oneIn(5))
            out += ",\"fields\":" + (oneIn(8) ? value() : object(1 + below(5)));
        return out + '}';
    }

    QRandomGenerator m_random;
    int m_ids = 60;
};

} // namespace

class TestFuzz : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void requests()
    {
        bool given = false;
        quint32 seed = quint32(qEnvironmentVariableIntValue("PATCHBOARD_SEED", &given));
        if (!given)
            seed = QRandomGenerator::global()->generate();
        qInfo("seed %u", seed);
        Generator random(seed);
        QTemporaryDir folder;
        const QString file = folder.filePath(QStringLiteral("a.board"));
        HostProcess server;
        QVERIFY(server.start(file, {QStringLiteral("--durability"), QStringLiteral("normal"),
                                    QStringLiteral("--demo"), QStringLiteral("--quiet")}));
        auto client = std::make_unique<HttpClient>(server.port());
        QMap<int, int> answers;
        for (int i = 0; i < kRequests; ++i) {
            QByteArray method = random.method();
            QByteArray path = random.path();
            QByteArray body = method == "GET" && !random.oneIn(20) ? "" : random.body();
            const bool sensible = !random.oneIn(3);
            if (sensible) {
                const Generator::Sample sample = random.sensible();
                method = sample.method;
                path = sample.path;
                body = sample.body;
                if (random.oneIn(20))
                    body = random.damaged(body);
            }
            QByteArray bytes = method + ' ' + path + " HTTP/1.1\r\nHost: localhost\r\n" +
                               random.headers(!body.isEmpty());
            if (random.oneIn(8)) {
                // In chunks.
                bytes += "Transfer-Encoding: chunked\r\n\r\n";
                for (qsizetype at = 0; at < body.size();) {
                    const qsizetype size =
                        std::min<qsizetype>(1 + random.below(500), body.size() - at);
                    bytes += QByteArray::number(size, 16) + "\r\n" + body.mid(at, size) + "\r\n";
                    at += size;
                }
                bytes += "0\r\n\r\n";
            } else {
                bytes += "Content-Length: " + QByteArray::number(body.size()) + "\r\n\r\n" + body;
            }
            const auto fails = [&](const char *what) {
                return QByteArray("request ") + QByteArray::number(i) + ' ' + what + ": " +
                       bytes.left(2000) + "\n" + server.log().right(2000);
            };
            if (random.oneIn(10)) {
                // Damaged, and then no more: what waits for more is cut off by this end.
                HttpClient damaged(server.port());
                QVERIFY(damaged.connectNow());
                bytes = random.damaged(bytes);
                damaged.write(bytes);
                damaged.socket().disconnectFromHost();
                const QByteArray answer = damaged.readToEnd();
                QVERIFY2(!answer.startsWith("HTTP/1.1 5"), fails(answer.constData()).constData());
                continue;
            }
            QVERIFY2(client->connectNow(), fails("no connection").constData());
            client->write(bytes);
            Reply reply = client->readReply(method == "HEAD");
            while (reply.status == 100)
                reply = client->readReply(method == "HEAD");
            ++answers[reply.status];
            if (reply.status == 201) {
                const qint64 id = reply.object().value(u"id").toInteger();
                random.setIds(int(std::max<qint64>(60, std::min<qint64>(id, 100'000))));
            }
            QVERIFY2(reply.status >= 200 && reply.status < 500,
                     fails(QByteArray::number(reply.status).constData()).constData());
            if (reply.headers.value("connection") != "keep-alive")
                client->close();
        }
        for (auto it = answers.cbegin(); it != answers.cend(); ++it)
            qInfo("%d: %d", it.key(), it.value());
        // It did get somewhere.
        QVERIFY(answers.value(200) > 400 && answers.value(201) > 200 && answers.value(204) > 20);
        QVERIFY(answers.value(422) > 500 && answers.value(404) > 100);
        HttpClient sound(server.port());
        QCOMPARE(sound.get("/health").status, 200);
        QVERIFY(!sound.get("/api/board").object().isEmpty());
        sound.close();
        client.reset();
        QCOMPARE(server.terminate(), 0);
        QVERIFY2(!server.log().contains("ERROR"), server.log().constData());
        const auto checked = HostProcess::run({QStringLiteral("check"), file});
        QVERIFY2(checked.code == 0, checked.out + checked.err);
    }
};

PATCHBOARD_TEST(TestFuzz)
#include "tst_fuzz.moc"
