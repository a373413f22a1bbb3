#include "model/core/edits.h"
#include "model/sync/syncclient.h"
#include "model/sync/websockettransport.h"
#include "server/host.h"
#include "server/http/guard.h"
#include "server/http/importing.h"
#include "server/http/past.h"
#include "server/http/resources.h"
#include "server/store/history.h"
#include "tests/server/hosttest.h"
#include "tests/support/testmain.h"

#include <QSignalSpy>

using namespace patchboard;

namespace {

const QList<QByteArray> kPastJson{"Content-Type: application/json"};

/// What a person sees of a board; its times and its revision move on.
QByteArray looksOf(HttpClient &http)
{
    return http.get("/api/devices").body + http.get("/api/interfaces").body +
           http.get("/api/links").body;
}

/// A board whose past is looked at when the test says so.
class HeldBoard final : public http::Board
{
public:
    explicit HeldBoard(server::Host &host)
        : m_host(host)
    {
    }
    struct Held
    {
        Look work;
        std::function<void()> done;
    };
    QList<Held> held;
    /// As the thread of the desk does it.
    void release(const std::function<void()> &beforeDone = [] {})
    {
        const Held first = held.takeFirst();
        first.work(server::History::open(m_host.name(), true));
        beforeDone();
        first.done();
    }

    [[nodiscard]] const Topology &topology() const override { return m_host.topology(); }
    [[nodiscard]] const ComputedStatus &computed() const override { return m_host.computed(); }
    [[nodiscard]] QString epoch() const override { return m_host.epoch(); }
    [[nodiscard]] quint64 settledRevision() override { return m_host.settledRevision(); }
    [[nodiscard]] EntityId newId() override { return m_host.newId(); }
    void takeBackIds(EntityId first) override { m_host.takeBackIds(first); }
    [[nodiscard]] qint64 now() const override { return m_host.now(); }
    Result<Done> commit(const QList<Edit> &edits, const http::Author &author,
                        const QString &label) override
    {
        return m_host.commit(edits, author, label);
    }
    Result<Expansion> check(const QList<Edit> &edits, const QString &author,
                            qsizetype *refused) override
    {
        return m_host.check(edits, author, refused);
    }
    bool gather(const std::function<void()> &handler) override { return m_host.gather(handler); }
    void whenSettled(std::function<void(const Result<void> &)> then) override
    {
        m_host.whenSettled(std::move(then));
    }
    Result<void>
    commitWith(const std::function<std::optional<server::KeptAnswer>()> &handler) override
    {
        return m_host.commitWith(handler);
    }
    Result<std::optional<server::KeptAnswer>> keptAnswer(const QString &author,
                                                         const QString &key) override
    {
        return m_host.keptAnswer(author, key);
    }
    Result<quint64> oldestChange() override { return m_host.oldestChange(); }
    Result<quint64> oldestBoard() override { return m_host.oldestBoard(); }
    Result<QList<QByteArray>> changes(quint64 from, quint64 to) override
    {
        return m_host.changes(from, to);
    }
    [[nodiscard]] const QList<wire::NamedSnapshot> &snapshots() const override
    {
        return m_host.snapshots();
    }
    Result<wire::NamedSnapshot> editSnapshot(const wire::SnapshotEdit &edit,
                                             const http::Author &author) override
    {
        return m_host.editSnapshot(edit, author);
    }
    bool lookBack(Look work, std::function<void()> done) override
    {
        held.append({std::move(work), std::move(done)});
        return true;
    }
    Result<QList<server::AuditEntry>> audit(const server::AuditPlace &after,
                                            qsizetype limit) override
    {
        return m_host.audit(after, limit);
    }
    void announce(const QByteArray &event, const QByteArray &json) override
    {
        m_host.announce(event, json);
    }

private:
    server::Host &m_host;
};

/// The routes of the past over real HTTP, at the pace of a test.
struct HeldServer
{
    server::Log log{nullptr, server::LogLevel::Error, false};
    std::unique_ptr<server::Host> host;
    std::unique_ptr<HeldBoard> board;
    http::Background background;
    std::unique_ptr<http::Listing> listing;
    std::unique_ptr<http::OnceOnly> onceOnly;
    std::unique_ptr<http::Past> past;
    std::unique_ptr<http::Importing> importing;
    bool lastsForOne = false; ///< the token of the next request ends when that has been let in
    bool ended = false;
    http::Router router;
    std::unique_ptr<http::HttpServer> server;

    bool open(const QString &path)
    {
        auto store = server::SqliteStore::open(path, {});
        if (!store)
            return false;
        auto opened = server::Host::open(std::move(*store), {}, log);
        if (!opened)
            return false;
        host = std::move(*opened);
        board = std::make_unique<HeldBoard>(*host);
        listing = std::make_unique<http::Listing>(*board, background);
        onceOnly = std::make_unique<http::OnceOnly>(*board);
        past = std::make_unique<http::Past>(*board, *listing, *onceOnly);
        importing = std::make_unique<http::Importing>(*board, background, *onceOnly);
        router.setGate([this](const http::Request &) {
            ended = std::exchange(lastsForOne, false);
            return access::Caller{access::Role::Admin, 0, {}};
        });
        const auto review = [this](const access::Caller &) {
            return ended ? std::optional(http::problem(401, QStringLiteral("Ended")))
                         : std::nullopt;
        };
        router.setReview(review);
        past->setReview(review);
        importing->setReview(review);
        http::addImporting(router, *importing);
        http::addWholeBoard(router, *board, *listing, *past);
        http::addRestoring(router, *past);
        server = std::make_unique<http::HttpServer>(http::Limits());
        server->setHandler([this](const http::Request &request) { return router.handle(request); });
        for (int i = 0; i < 6; ++i) {
            const edits::NewDevice device{
                QStringLiteral("R%1").arg(i), QStringLiteral("CORE_ROUTER"), {}, 0, false};
            if (!host->commit(
                    edits::createDevice(host->topology(), device, [this] { return host->newId(); }),
                    {}, QStringLiteral("x")))
                return false;
        }
        return server->open(QHostAddress::LocalHost, 0).ok();
    }
    [[nodiscard]] std::unique_ptr<QTcpSocket> ask(const QByteArray &request) const
    {
        auto socket = std::make_unique<QTcpSocket>();
        socket->connectToHost(QHostAddress::LocalHost, server->port());
        socket->write(request);
        return socket;
    }
    [[nodiscard]] std::unique_ptr<QTcpSocket> askBoard(int revision) const
    {
        return ask("GET /api/board?revision=" + QByteArray::number(revision) +
                   " HTTP/1.1\r\nHost: localhost\r\n\r\n");
    }
    [[nodiscard]] std::unique_ptr<QTcpSocket> askRestore(int revision, const QByteArray &more = {},
                                                         bool dry = false) const
    {
        const QByteArray body =
            "{\"revision\":" + QByteArray::number(revision) + (dry ? ",\"dry_run\":true}" : "}");
        return ask("POST /api/restore HTTP/1.1\r\nHost: localhost\r\nContent-Type: "
                   "application/json\r\n" +
                   more + "Content-Length: " + QByteArray::number(body.size()) + "\r\n\r\n" + body);
    }
};

int statusOf(QTcpSocket &socket)
{
    return socket.peek(12).mid(9, 3).toInt();
}

} // namespace

/// The past over HTTP: boards as they were, named snapshots, and what is restored from them.
class TestPast : public HostTest
{
    Q_OBJECT

private Q_SLOTS:
    void init() { begin({QStringLiteral("--demo")}); }
    void cleanup()
    {
        if (m_server->isRunning())
            end();
    }

    /// To the byte what it was then, with what was computed then.
    void boards()
    {
        QList<Reply> then{{}, m_http->get("/api/board")};
        const auto change = [&](const char *method, const char *path, const QByteArray &body) {
            const Reply reply = m_http->request(method, path, body, kPastJson);
            QVERIFY2(reply.status < 300, reply.body.constData());
            then.append(m_http->get("/api/board"));
        };
        change("PATCH", "/api/board", R"({"computed_status": true, "title": "Plant"})");
        change("POST", "/api/devices", R"({"name": "pop", "device_type": "POP"})");
        change("PATCH", "/api/devices/7", R"({"notes": "n", "properties": {"a": "ü"}})");
        change("PATCH", "/api/links/39", R"({"length_km": 3})");
        change("DELETE", "/api/devices/6", {});
        change("POST", "/api/seed", "{}");
        change("PATCH", "/api/board", R"({"computed_status": false})");
        const int newest = int(then.size()) - 1;
        QCOMPARE(then[newest].object().value(u"revision").toInteger(), newest);
        QVERIFY(then[3].body.contains("optical_budget") && !then[1].body.contains("optical_b"));
        for (int revision = newest; revision > 0; --revision) {
            const QByteArray path = "/api/board?revision=" + QByteArray::number(revision);
            const Reply reply = m_http->get(path);
            QCOMPARE(reply.status, 200);
            QCOMPARE(reply.body, then[revision].body);
            const QByteArray tag = reply.headers.value("etag");
            QCOMPARE(tag, then[revision].headers.value("etag"));
            QCOMPARE(m_http->request("GET", path, {}, {"If-None-Match: " + tag}).status, 304);
            QCOMPARE(m_http->request("GET", path, {}, {"If-None-Match: \"x\""}).status, 200);
            QCOMPARE(m_http->request("GET", path, {}, {"If-Match: \"x\""}).status, 412);
            const Reply packed = m_http->request("GET", path, {}, {"Accept-Encoding: gzip"});
            QCOMPARE(packed.headers.value("content-encoding"), QByteArray("gzip"));
            QCOMPARE(packed.headers.value("etag"), tag.chopped(1) + ";gzip\"");
            const Reply head = m_http->request("HEAD", path);
            QCOMPARE(head.status, 200);
            QCOMPARE(head.headers.value("content-length").toLongLong(), reply.body.size());
        }
        // Before everything.
        const QJsonObject empty = m_http->get("/api/board?revision=0").object();
        QCOMPARE(empty.value(u"revision").toInteger(-1), 0);
        QCOMPARE(empty.value(u"devices").toArray().size(), 0);
    }

    void refusals_data()
    {
        QTest::addColumn<QByteArray>("request");
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<int>("status");
        QTest::addColumn<QString>("said");
        const auto row = [](const char *request, const char *body, int status, const char *said) {
            QTest::newRow((QByteArray(request) + ' ' + body).constData())
                << QByteArray(request) << QByteArray(body) << status << QString::fromUtf8(said);
        };
        const char *future = "There is no revision 2; the board is at revision 1";
        row("GET /api/board?revision=2", "", 404, future);
        row("GET /api/board?revision=-1", "", 422, "greater_than_equal");
        row("GET /api/board?revision=x", "", 422, "int_parsing");
        row("GET /api/board?revision=", "", 422, "int_parsing");
        row("GET /api/board?revision=99999999999999999999", "", 422, "less_than_equal");
        row("GET /api/board?snapshot=x", "", 404, "Snapshot not found");
        row("GET /api/board?snapshot=", "", 404, "Snapshot not found");
        row("GET /api/board?snapshot=7", "", 404, "Snapshot not found");
        row("GET /api/board?snapshot=x&revision=1", "", 422, "value_error");
        row("POST /api/snapshots", "{}", 422, "missing");
        row("POST /api/snapshots", R"({"name": " "})", 422, "value_error");
        row("POST /api/snapshots", R"({"name": null})", 422, "string_type");
        row("POST /api/snapshots", R"({"name": "a", "revision": 2})", 404, future);
        row("POST /api/snapshots", R"({"name": "a", "revision": 0})", 422, "greater_than_equal");
        row("PATCH /api/snapshots/1", R"({"name": "a"})", 404, "Snapshot not found");
        row("PATCH /api/snapshots/0", R"({"name": "a"})", 404, "Snapshot not found");
        row("DELETE /api/snapshots/1", "", 404, "Snapshot not found");
        row("DELETE /api/snapshots/0", "", 404, "Snapshot not found");
        row("DELETE /api/snapshots/x", "", 422, "int_parsing");
        row("POST /api/restore", "{}", 422, "missing");
        row("POST /api/restore", "[]", 422, "model_attributes_type");
        row("POST /api/restore", R"({"revision": 1, "snapshot": "x"})", 422, "value_error");
        row("POST /api/restore", R"({"revision": 2})", 404, future);
        row("POST /api/restore", R"({"revision": "x"})", 422, "int_parsing");
        row("POST /api/restore", R"({"snapshot": "x"})", 404, "Snapshot not found");
        row("POST /api/restore", R"({"snapshot": 1})", 404, "Snapshot not found");
        row("POST /api/restore", R"({"snapshot": [1]})", 422, "string_type");
        row("POST /api/restore", R"({"snapshot": null})", 422, "string_type");
        row("POST /api/restore", R"({"revision": 1, "ids": []})", 422, "too_short");
        row("POST /api/restore", R"({"revision": 1, "ids": 1})", 422, "list_type");
        row("POST /api/restore", R"({"revision": 1, "ids": null})", 422, "list_type");
        row("POST /api/restore", R"({"revision": 1, "ids": ["x"]})", 422, "int_type");
        row("POST /api/restore", R"({"revision": 1, "ids": [0]})", 422, "int_type");
        row("POST /api/restore", R"({"revision": 1, "ids": [999]})", 404,
            "Nothing of the id 999 was on the board at revision 1");
        row("POST /api/restore", R"({"revision": 0, "ids": [1]})", 404,
            "Nothing of the id 1 was on the board at revision 0");
        row("POST /api/restore", R"({"revision": 1, "dry_run": "perhaps"})", 422, "bool_parsing");
    }
    void refusals()
    {
        QFETCH(const QByteArray, request);
        QFETCH(const QByteArray, body);
        QFETCH(const int, status);
        QFETCH(const QString, said);
        const QByteArray before = m_http->get("/api/board").body;
        const QList<QByteArray> words = request.split(' ');
        const Reply reply = m_http->request(words[0], words[1], body, kPastJson);
        QCOMPARE(reply.status, status);
        if (status == 422) {
            const QJsonObject problem = reply.object().value(u"detail").toArray().at(0).toObject();
            QCOMPARE(problem.value(u"type").toString(), said);
        } else {
            QCOMPARE(reply.detail(), said);
        }
        QVERIFY(!reply.headers.contains("etag"));
        QCOMPARE(m_http->get("/api/board").body, before);
        QCOMPARE(m_http->get("/api/snapshots").body, QByteArray("[]"));
    }

    void snapshots()
    {
        SyncClient::Options window;
        window.transport = WebSocketTransport::factory(m_server->url());
        window.author = QStringLiteral("Ann");
        const SyncClient ann(std::move(window));
        QTRY_VERIFY(ann.hasHistory());
        const QByteArray none = m_http->get("/api/snapshots").headers.value("etag");
        const QByteArray first = m_http->get("/api/board").body;
        const Reply made = m_http->request("POST", "/api/snapshots", R"({"name": " Before "})",
                                           kPastJson + QList<QByteArray>{"Idempotency-Key: k"});
        QCOMPARE(made.status, 201);
        QCOMPARE(made.object().value(u"name").toString(), QStringLiteral("Before"));
        QCOMPARE(made.object().value(u"revision").toInteger(), 1);
        QCOMPARE(made.object().value(u"author").toString(), QStringLiteral("API"));
        QVERIFY(made.object().value(u"time").toString().endsWith(u'Z'));
        QTRY_COMPARE(ann.namedSnapshots().size(), 1); // windows hear of it
        QCOMPARE(ann.namedSnapshots().constFirst().name, QStringLiteral("Before"));
        // Once, and a name is one board's.
        const Reply again = m_http->request("POST", "/api/snapshots", R"({"name": " Before "})",
                                            kPastJson + QList<QByteArray>{"Idempotency-Key: k"});
        QCOMPARE(again.status, 201);
        QCOMPARE(again.headers.value("idempotency-replayed"), QByteArray("true"));
        const Reply taken = m_http->send("POST", "/api/snapshots", name("Before"));
        QCOMPARE(taken.status, 409);
        QCOMPARE(taken.detail(), QStringLiteral("Snapshot with name 'Before' already exists"));

        QCOMPARE(m_http->request("DELETE", "/api/devices/6").status, 204);
        const QByteArray second = m_http->get("/api/board").body;
        QCOMPARE(m_http->send("POST", "/api/snapshots", name("1")).status, 201);
        QCOMPARE(
            m_http->request("POST", "/api/snapshots", R"({"name": "x", "revision": 1})", kPastJson)
                .status,
            201);
        QCOMPARE(m_http->request("DELETE", "/api/devices/1").status, 204);
        QCOMPARE(m_http->get("/api/board?snapshot=Before").body, first);
        QCOMPARE(m_http->get("/api/board?snapshot=2").body, second);
        QCOMPARE(m_http->get("/api/board?snapshot=1").body, first); // the id goes before the name
        QCOMPARE(m_http->get("/api/board?snapshot=3").body, first);

        const Reply listed = m_http->get("/api/snapshots");
        QCOMPARE(listed.array().size(), 3);
        QCOMPARE(listed.array()[1].toObject().value(u"revision").toInteger(), 2);
        const QByteArray tag = listed.headers.value("etag");
        QVERIFY(tag != none);
        QCOMPARE(m_http->request("GET", "/api/snapshots", {}, {"If-None-Match: " + tag}).status,
                 304);
        const Reply renamed = m_http->send("PATCH", "/api/snapshots/2", name("After"));
        QCOMPARE(renamed.status, 200);
        QCOMPARE(renamed.object().value(u"name").toString(), QStringLiteral("After"));
        QCOMPARE(m_http->send("PATCH", "/api/snapshots/2", name("Before")).status, 409);
        QCOMPARE(m_http->send("PATCH", "/api/snapshots/2", name("After")).status, 200);
        QCOMPARE(m_http->request("GET", "/api/snapshots", {}, {"If-None-Match: " + tag}).status,
                 200);
        // Whose idea of the names is old changes nothing.
        for (const auto &[method, path] :
             {std::pair("POST", "/api/snapshots"), std::pair("PATCH", "/api/snapshots/3"),
              std::pair("DELETE", "/api/snapshots/3")}) {
            QCOMPARE(m_http
                         ->request(method, path, R"({"name": "other"})",
                                   kPastJson + QList<QByteArray>{"If-Match: " + tag})
                         .status,
                     412);
        }
        const QByteArray current = m_http->get("/api/snapshots").headers.value("etag");
        QCOMPARE(m_http->request("DELETE", "/api/snapshots/3", {}, {"If-Match: " + current}).status,
                 204);
        QTRY_COMPARE(ann.namedSnapshots().size(), 2);
        QCOMPARE(ann.namedSnapshots().constLast().name, QStringLiteral("After"));
        // They are on the disk when they are answered.
        QCOMPARE(m_http->send("POST", "/api/snapshots", name("late")).status, 201);
        m_server->kill();
        start();
        QCOMPARE(m_http->get("/api/snapshots").array().size(), 3);
        QCOMPARE(m_http->get("/api/board?snapshot=After").body, second);
        QCOMPARE(m_http->get("/api/board").object().value(u"revision").toInteger(), 3);
    }

    void restore()
    {
        const QByteArray then = looksOf(*m_http);
        QCOMPARE(m_http->send("POST", "/api/snapshots", name("then")).status, 201);
        QCOMPARE(m_http->request("DELETE", "/api/devices/6").status, 204);
        QCOMPARE(m_http->request("PATCH", "/api/devices/7", R"({"name": "X", "x": 7})", kPastJson)
                     .status,
                 200);
        QCOMPARE(
            m_http
                ->send("POST", "/api/devices/provision",
                       QJsonObject{{QStringLiteral("name"), QStringLiteral("new")},
                                   {QStringLiteral("device_type"), QStringLiteral("CORE_ROUTER")},
                                   {QStringLiteral("x"), 0},
                                   {QStringLiteral("y"), 0}})
                .status,
            201);
        const QByteArray later = looksOf(*m_http);
        const auto tally = [](const Reply &reply) {
            const QJsonObject all = reply.object();
            return QList<qint64>{reply.status, all.value(u"revision").toInteger(),
                                 all.value(u"restored").toInteger(),
                                 all.value(u"updated").toInteger(),
                                 all.value(u"removed").toInteger()};
        };
        // What it would be: OLT1, its 6 interfaces and 5 links; ONT1; a router with its 2.
        for (const char *body :
             {R"({"revision": 1, "dry_run": true})", R"({"snapshot": "then", "dry_run": true})",
              R"({"snapshot": 1, "dry_run": true})"}) {
            const Reply dry = m_http->request("POST", "/api/restore", body, kPastJson);
            QCOMPARE(tally(dry), QList<qint64>({200, 4, 12, 1, 3}));
            QCOMPARE(dry.object().value(u"dry_run").toBool(), true);
            QCOMPARE(dry.object().value(u"from").toInteger(), 1);
        }
        QCOMPARE(tally(m_http->request("POST", "/api/restore?dry_run=true", R"({"revision": 1})",
                                       kPastJson)),
                 QList<qint64>({200, 4, 12, 1, 3}));
        QCOMPARE(looksOf(*m_http), later);
        // Only what was selected; a device brings what belongs to it.
        const Reply some = m_http->request("POST", "/api/restore",
                                           R"({"revision": 1, "ids": [6, 39]})", kPastJson);
        QCOMPARE(tally(some), QList<qint64>({200, 5, 12, 0, 0}));
        QCOMPARE(m_http->get("/api/devices/7").object().value(u"name").toString(),
                 QStringLiteral("X"));
        QCOMPARE(m_http->get("/api/devices/6").object().value(u"name").toString(),
                 QStringLiteral("OLT1"));
        // All of it, if the board is as its author saw it; once.
        const QByteArray body = R"({"snapshot": "then"})";
        const auto whole = [&](const QByteArray &key, const QByteArray &tag) {
            return m_http->request(
                "POST", "/api/restore", body,
                kPastJson + QList<QByteArray>{"Idempotency-Key: " + key, "If-Match: " + tag});
        };
        const QByteArray tag = m_http->get("/api/board").headers.value("etag");
        QCOMPARE(m_http
                     ->request("POST", "/api/restore?dry_run=true", body,
                               kPastJson + QList<QByteArray>{"Idempotency-Key: a"})
                     .status,
                 200);
        QCOMPARE(whole("a", "\"old\"").status, 412);
        QCOMPARE(looksOf(*m_http).contains("\"X\""), true);
        const Reply all = whole("a", tag);
        QCOMPARE(tally(all), QList<qint64>({200, 6, 0, 1, 3}));
        QCOMPARE(looksOf(*m_http), then);
        const Reply again = whole("a", tag);
        QCOMPARE(again.headers.value("idempotency-replayed"), QByteArray("true"));
        QCOMPARE(again.body, all.body);
        const Reply none = m_http->request("POST", "/api/restore", body, kPastJson);
        QCOMPARE(tally(none), QList<qint64>({200, 6, 0, 0, 0}));
        // One change, which says who made it, and can be taken back like any.
        const QJsonArray entries =
            m_http->get("/api/audit?since=4").object().value(u"entries").toArray();
        QCOMPARE(entries.size(), 2);
        QCOMPARE(entries[0].toObject().value(u"label").toString(),
                 QStringLiteral("Restore a selection of revision 1"));
        QCOMPARE(entries[1].toObject().value(u"label").toString(),
                 QStringLiteral("Restore the board of revision 1"));
        QCOMPARE(entries[1].toObject().value(u"author").toString(), QStringLiteral("API"));
        QCOMPARE(entries[1].toObject().value(u"address").toString(), QStringLiteral("127.0.0.1"));
        QCOMPARE(m_http->request("POST", "/api/restore", R"({"revision": 4})", kPastJson).status,
                 200);
        QCOMPARE(looksOf(*m_http), later);
    }

    /// What the log no longer reaches, unless it has a name.
    void theOldestIsForgotten()
    {
        QCOMPARE(m_http->request("DELETE", "/api/devices/6").status, 204);
        QCOMPARE(m_http->request("DELETE", "/api/devices/7").status, 204);
        QCOMPARE(m_http->request("DELETE", "/api/devices/8").status, 204);
        const QByteArray fourth = m_http->get("/api/board").body;
        QCOMPARE(m_server->terminate(), 0); // keeps the board of revision 4
        {
            const auto connection = server::SqliteConnection::open(
                boardFile(), server::SqliteConnection::Mode::ReadWrite);
            QVERIFY((*connection)
                        ->run(QStringLiteral("DELETE FROM change_log WHERE revision < 4"))
                        .ok());
        }
        start();
        QCOMPARE(m_http->request("DELETE", "/api/devices/9").status, 204);
        for (const char *request :
             {"GET /api/board?revision=2", "POST /api/snapshots", "POST /api/restore"}) {
            const QList<QByteArray> words = QByteArray(request).split(' ');
            const Reply reply = m_http->request(
                words[0], words[1],
                words[0] == "GET" ? QByteArray() : R"({"name": "n", "revision": 2})", kPastJson);
            QVERIFY2(reply.status == 410, request + reply.body.left(300));
            QCOMPARE(reply.detail(),
                     QStringLiteral("Revision 2 is no longer kept; revision 4 is the first that "
                                    "is"));
            QCOMPARE(reply.object().value(u"oldest").toInteger(), 4);
            QCOMPARE(reply.object().value(u"revision").toInteger(), 5);
            QVERIFY(!reply.headers.contains("etag"));
        }
        QCOMPARE(m_http->get("/api/board?revision=4").body, fourth);
        QCOMPARE(
            m_http->request("POST", "/api/snapshots", R"({"name": "n", "revision": 4})", kPastJson)
                .status,
            201);
    }

    /// Those who leave take nothing with them, and a host that ends waits for nobody.
    void manyLeave()
    {
        QByteArray edits;
        for (int i = 0; i < 4000; ++i) {
            edits += (i == 0 ? "" : ",") +
                     QByteArray("{\"op\":\"create\",\"kind\":\"device\",\"fields\":{\"name\":\"d") +
                     QByteArray::number(i) + "\",\"device_type\":\"ONT\"}}";
        }
        QCOMPARE(
            m_http->request("POST", "/api/batch", "{\"edits\":[" + edits + "]}", kPastJson).status,
            200);
        for (int i = 0; i < 10; ++i)
            m_http->request("PATCH", "/api/devices/1",
                            "{\"y\":0,\"x\":" + QByteArray::number(i) + '}', kPastJson);
        const qint64 before = m_http->get("/api/board").object().value(u"revision").toInteger();
        std::vector<std::unique_ptr<HttpClient>> waiting;
        for (int i = 0; i < 40; ++i) {
            waiting.push_back(std::make_unique<HttpClient>(m_server->port()));
            QVERIFY(waiting.back()->connectNow());
            const QByteArray revision = QByteArray::number(2 + i % 10);
            const QByteArray dry = "{\"revision\":2,\"dry_run\":true}";
            waiting.back()->write(i % 4 == 3
                                      ? "POST /api/restore HTTP/1.1\r\nHost: localhost\r\n"
                                        "Content-Type: application/json\r\nContent-Length: " +
                                            QByteArray::number(dry.size()) + "\r\n\r\n" + dry
                                      : "GET /api/board?revision=" + revision +
                                            " HTTP/1.1\r\nHost: localhost\r\n\r\n");
            if (i % 2 == 0)
                waiting.back()->close();
        }
        int answered = 0;
        for (size_t i = 1; i < waiting.size(); i += 2) {
            const Reply reply = waiting[i]->readReply();
            QVERIFY2(reply.status == 200 || reply.status == 503, reply.body.left(200).constData());
            if (reply.status == 503)
                QCOMPARE(reply.detail(), QStringLiteral("Too many boards of the past at once"));
            else if (i % 4 == 1)
                QCOMPARE(reply.object().value(u"revision").toInteger(), qint64(2 + i % 10));
            else
                QCOMPARE(reply.object().value(u"from").toInteger(), 2);
            answered += reply.status == 200 ? 1 : 0;
        }
        QVERIFY(answered > 0);
        QCOMPARE(m_http->get("/api/board").object().value(u"revision").toInteger(), before);
        // And now the host leaves first.
        for (int i = 0; i < 4; ++i) {
            waiting[size_t(i)]->close();
            QVERIFY(waiting[size_t(i)]->connectNow());
            waiting[size_t(i)]->write("GET /api/board?revision=" + QByteArray::number(3 + i) +
                                      " HTTP/1.1\r\nHost: localhost\r\n\r\n");
        }
    }

    // With a past that is looked at when the test says so

    void oneBoardForAllWhoWait()
    {
        HeldServer held;
        QVERIFY(held.open(heldFile()));
        const auto first = held.askBoard(2);
        const auto second = held.askBoard(2);
        QTRY_COMPARE(held.server->connectionCount(), 2);
        QTRY_COMPARE(held.board->held.size(), 1);
        first->abort();
        QTRY_COMPARE(held.server->connectionCount(), 1);
        QCOMPARE(second->bytesAvailable(), 0);
        held.board->release();
        QTRY_COMPARE(statusOf(*second), 200);
        // It is at hand for a while.
        const auto third = held.askBoard(2);
        QTRY_COMPARE(statusOf(*third), 200);
        QCOMPARE(held.board->held.size(), 0);
    }

    void aBoardThatNobodyWaitsFor()
    {
        HeldServer held;
        QVERIFY(held.open(heldFile()));
        const auto first = held.askBoard(2);
        QTRY_COMPARE(held.board->held.size(), 1);
        first->abort();
        QTRY_COMPARE(held.server->connectionCount(), 0);
        // Somebody else comes, meanwhile.
        const auto second = held.askBoard(2);
        QTRY_COMPARE(held.board->held.size(), 2);
        held.board->release();
        QCOMPARE(held.board->held.size(), 1);
        const auto third = held.askBoard(3);
        QTRY_COMPARE(held.board->held.size(), 2);
        QCOMPARE(second->bytesAvailable(), 0); // the first was not made
        held.board->release();
        QTRY_COMPARE(statusOf(*second), 200);
        held.board->release();
        QTRY_COMPARE(statusOf(*third), 200);
    }

    void notTooMany()
    {
        HeldServer held;
        QVERIFY(held.open(heldFile()));
        std::vector<std::unique_ptr<QTcpSocket>> sockets;
        for (int revision = 1; revision <= 4; ++revision)
            sockets.push_back(held.askBoard(revision));
        QTRY_COMPARE(held.board->held.size(), 4);
        const auto refused = held.askBoard(5);
        QTRY_COMPARE(statusOf(*refused), 503);
        const auto restore = held.askRestore(5);
        QTRY_COMPARE(statusOf(*restore), 503);
        held.board->release();
        const auto taken = held.askRestore(5);
        QTRY_COMPARE(held.board->held.size(), 4);
        while (!held.board->held.isEmpty())
            held.board->release();
        QTRY_COMPARE(statusOf(*taken), 200);
    }

    void whoLeavesRestoresNothing()
    {
        HeldServer held;
        QVERIFY(held.open(heldFile()));
        const auto socket = held.askRestore(2, "Idempotency-Key: k\r\n");
        QTRY_COMPARE(held.board->held.size(), 1);
        const auto twice = held.askRestore(2, "Idempotency-Key: k\r\n");
        QTRY_COMPARE(statusOf(*twice), 409);
        twice->abort();
        socket->abort();
        QTRY_COMPARE(held.server->connectionCount(), 0);
        held.board->release();
        QCOMPARE(held.host->topology().devices().size(), 6);
        // At the last moment, too.
        const auto late = held.askRestore(2);
        QTRY_COMPARE(held.board->held.size(), 1);
        held.board->release([&] {
            late->abort();
            QTRY_COMPARE(held.server->connectionCount(), 0);
        });
        QCOMPARE(held.host->topology().devices().size(), 6);
        // The key is free.
        const auto again = held.askRestore(2, "Idempotency-Key: k\r\n");
        QTRY_COMPARE(held.board->held.size(), 1);
        held.board->release();
        QTRY_COMPARE(statusOf(*again), 200);
        QCOMPARE(held.host->topology().devices().size(), 2);
    }

    /// Whose token ends before it is done changes nothing either, and is told so.
    void whoseTokenEndsRestoresNothing()
    {
        HeldServer held;
        QVERIFY(held.open(heldFile()));
        const quint64 before = held.host->authority().revision();
        // It is noticed when it would be done.
        held.lastsForOne = true;
        const auto last = held.askRestore(2, "Idempotency-Key: k\r\n");
        QTRY_COMPARE(held.board->held.size(), 1);
        held.board->release();
        QTRY_COMPARE(statusOf(*last), 401);
        const QByteArray file(
            R"(<graphml><graph edgedefault="undirected"><node id="a"/></graph></graphml>)");
        held.lastsForOne = true;
        const auto import =
            held.ask("POST /api/import?name=a.graphml HTTP/1.1\r\nHost: localhost\r\n"
                     "Idempotency-Key: k\r\nContent-Length: " +
                     QByteArray::number(file.size()) + "\r\n\r\n" + file);
        QTRY_COMPARE(statusOf(*import), 401);
        // Or before: then nobody waits for it any longer.
        const auto early = held.askRestore(2, "Idempotency-Key: k\r\n");
        QTRY_COMPARE(held.board->held.size(), 1);
        held.ended = true;
        held.router.reviewWaiting();
        QTRY_COMPARE(statusOf(*early), 401);
        held.ended = false;
        held.board->release();
        QCOMPARE(held.host->authority().revision(), before);
        QCOMPARE(held.host->topology().devices().size(), 6);
        // And the key is free.
        const auto again = held.askRestore(2, "Idempotency-Key: k\r\n");
        QTRY_COMPARE(held.board->held.size(), 1);
        held.board->release();
        QTRY_COMPARE(statusOf(*again), 200);
        QCOMPARE(held.host->topology().devices().size(), 2);
    }

    /// A host that ends while files are read waits for their readers, and says so to those who sent
    /// them.
    void endsWithoutImports()
    {
        QByteArray file("<graphml><graph edgedefault=\"undirected\">");
        constexpr int kNodes = 60'000; // without places, so that it takes a while
        for (int i = 0; i < kNodes; ++i)
            file += "<node id=\"n" + QByteArray::number(i) + "\"/>";
        for (int i = 0; i < kNodes; ++i) {
            file += "<edge source=\"n" + QByteArray::number(i) + "\" target=\"n" +
                    QByteArray::number((i * 7 + 1) % kNodes) + "\"/>";
        }
        file += "</graph></graphml>";
        HttpClient import(m_server->port());
        QVERIFY(import.connectNow());
        import.write("POST /api/import?name=a.graphml HTTP/1.1\r\nHost: localhost\r\n"
                     "Idempotency-Key: k\r\nContent-Length: " +
                     QByteArray::number(file.size()) + "\r\n\r\n" + file);
        // It has begun when its key is taken.
        QTRY_COMPARE(
            m_http->request("DELETE", "/api/devices/999", {}, {"Idempotency-Key: k"}).status, 409);
        QCOMPARE(m_server->terminate(), 0);
        QCOMPARE(import.readReply().status, 503);
    }

    /// What has to come with a new id has none until it comes.
    void tryingUsesNothingUp()
    {
        HeldServer held;
        QVERIFY(held.open(heldFile()));
        const EntityId type = held.host->newId();
        QVERIFY(held.host->commit({CreateEntity{EntityKind::DeviceType,
                                                type,
                                                {{Field::TypeKey, QStringLiteral("MUX")},
                                                 {Field::Label, QStringLiteral("Mux")}}}},
                                  {}, QStringLiteral("x")));
        QVERIFY(held.host->commit({edits::setField(type, Field::TypeKey, QStringLiteral("WDM"))},
                                  {}, QStringLiteral("x")));
        const EntityId next = held.host->newId();
        held.host->takeBackIds(next);
        const auto dry = held.askRestore(7, {}, true);
        QTRY_COMPARE(held.board->held.size(), 1);
        held.board->release();
        QTRY_COMPARE(statusOf(*dry), 200);
        QCOMPARE(held.host->authority().revision(), quint64(8));
        const auto done = held.askRestore(7);
        QTRY_COMPARE(held.board->held.size(), 1);
        held.board->release();
        QTRY_COMPARE(statusOf(*done), 200);
        QCOMPARE(held.host->topology().customTypes().ids(), QList<EntityId>{next});
    }

    /// What was changed while the past was looked at counts.
    void theBoardMovesOn()
    {
        HeldServer held;
        QVERIFY(held.open(heldFile()));
        const QByteArray tag = '"' + held.host->epoch().left(8).toLatin1() + "-6\"";
        const auto careful = held.askRestore(2, "If-Match: " + tag + "\r\n");
        const auto bold = held.askRestore(3);
        QTRY_COMPARE(held.board->held.size(), 2);
        const EntityId victim = held.host->topology().deviceByName(QStringLiteral("R0"));
        QVERIFY(held.host->commit({RemoveEntities{{victim}}}, {}, QStringLiteral("x")));
        held.board->release();
        held.board->release();
        QTRY_COMPARE(statusOf(*careful), 412);
        QTRY_COMPARE(statusOf(*bold), 200);
        QCOMPARE(held.host->topology().devices().size(), 3);
        QVERIFY(held.host->topology().device(victim));
    }

    void theHostEnds()
    {
        HeldServer held;
        QVERIFY(held.open(heldFile()));
        const auto board = held.askBoard(2);
        const auto restore = held.askRestore(2, "Idempotency-Key: k\r\n");
        QTRY_COMPARE(held.board->held.size(), 2);
        held.past->finish();
        held.server.reset();
        held.past.reset();
        QTRY_COMPARE(statusOf(*board), 503);
        QTRY_COMPARE(statusOf(*restore), 503);
        QTRY_COMPARE(board->state(), QAbstractSocket::UnconnectedState);
        while (!held.board->held.isEmpty())
            held.board->release();
        QCOMPARE(held.host->authority().revision(), quint64(6));
    }

private:
    static QJsonObject name(const char *text)
    {
        return {{QStringLiteral("name"), QString::fromLatin1(text)}};
    }
    [[nodiscard]] QString heldFile() const
    {
        return m_folder->filePath(QStringLiteral("held.board"));
    }
};

PATCHBOARD_TEST(TestPast)
#include "tst_past.moc"
