#include "server/access/tokenfile.h"
#include "server/host.h"
#include "server/network.h"
#include "server/store/sqlitestore.h"
#include "tests/server/httpclient.h"
#include "tests/server/syncpeer.h"
#include "tests/support/hostprocess.h"
#include "tests/support/testmain.h"

#include <QDateTime>
#include <QRegularExpression>
#include <QTemporaryDir>

using namespace patchboard;
using access::Role;

namespace {

/// What everything needs. A route, event or message that is not here, or here and nowhere else,
/// fails the test: whoever adds one says who may use it.
struct Need
{
    const char *what;
    Role role;
};

// clang-format off
constexpr Need kRoutes[] = {
    {"GET /health", Role::Anybody},
    {"GET /metrics", Role::Viewer},
    {"GET /sync", Role::Anybody},    // asks for the token in Hello, below
    {"* /socket.io", Role::Anybody}, // asks for it in the auth payload, below
    {"GET /api/devices", Role::Viewer},
    {"GET /api/devices/{device_id}", Role::Viewer},
    {"GET /api/devices/{device_id}/interfaces", Role::Viewer},
    {"GET /api/interfaces", Role::Viewer},
    {"GET /api/interfaces/{interface_id}", Role::Viewer},
    {"GET /api/links", Role::Viewer},
    {"GET /api/links/{link_id}", Role::Viewer},
    {"GET /api/board", Role::Viewer},
    {"GET /api/changes", Role::Viewer},
    {"GET /api/export", Role::Viewer},
    {"GET /api/probes", Role::Viewer},
    {"GET /api/problems", Role::Viewer},
    {"GET /api/snapshots", Role::Viewer},
    {"PATCH /api/board", Role::Editor},
    {"POST /api/batch", Role::Editor},
    {"POST /api/import", Role::Editor},
    {"POST /api/restore", Role::Editor},
    {"POST /api/snapshots", Role::Editor},
    {"PATCH /api/snapshots/{snapshot_id}", Role::Editor},
    {"DELETE /api/snapshots/{snapshot_id}", Role::Editor},
    {"POST /api/devices", Role::Editor},
    {"PATCH /api/devices/{device_id}", Role::Editor},
    {"DELETE /api/devices/{device_id}", Role::Editor},
    {"POST /api/devices/provision", Role::Editor},
    {"PATCH /api/devices/{device_id}/override", Role::Editor},
    {"DELETE /api/devices/{device_id}/override", Role::Editor},
    {"POST /api/devices/{device_id}/override-status", Role::Editor},
    {"DELETE /api/devices/{device_id}/override-status", Role::Editor},
    {"POST /api/interfaces", Role::Editor},
    {"PATCH /api/interfaces/{interface_id}/override", Role::Editor},
    {"DELETE /api/interfaces/{interface_id}/override", Role::Editor},
    {"POST /api/interfaces/{interface_id}/override-status", Role::Editor},
    {"DELETE /api/interfaces/{interface_id}/override-status", Role::Editor},
    {"PATCH /api/interfaces/{interface_id}", Role::Editor},
    {"DELETE /api/interfaces/{interface_id}", Role::Editor},
    {"POST /api/links", Role::Editor},
    {"PATCH /api/links/{link_id}/override", Role::Editor},
    {"DELETE /api/links/{link_id}/override", Role::Editor},
    {"POST /api/links/{link_id}/override-status", Role::Editor},
    {"DELETE /api/links/{link_id}/override-status", Role::Editor},
    {"PATCH /api/links/{link_id}", Role::Editor},
    {"DELETE /api/links/{link_id}", Role::Editor},
    {"POST /api/links/create-simple", Role::Editor},
    {"POST /api/seed", Role::Admin},
    {"GET /api/audit", Role::Admin},
    {"GET /docs", Role::Anybody},
    {"GET /openapi.json", Role::Anybody},
};

/// Of Socket.IO, to everybody who was let in.
constexpr Need kEvents[] = {
    {"device:created", Role::Viewer},    {"device:updated", Role::Viewer},
    {"device:moved", Role::Viewer},      {"device:deleted", Role::Viewer},
    {"device_created", Role::Viewer},    {"interface:created", Role::Viewer},
    {"interface:updated", Role::Viewer}, {"interface:deleted", Role::Viewer},
    {"link:created", Role::Viewer},      {"link:updated", Role::Viewer},
    {"link:deleted", Role::Viewer},      {"board:updated", Role::Viewer},
    {"board:computed", Role::Viewer},    {"device:computed", Role::Viewer},
};

/// Of the protocol of windows, by the number of the message. Those of the host are for nobody to
/// send: Nobody is more than any role.
constexpr Role kNobody = Role(quint8(Role::Admin) + 1);
constexpr Need kMessages[] = {
    {"Hello", Role::Viewer},    {"Welcome", kNobody},      {"SnapshotChunk", kNobody},
    {"Commits", kNobody},       {"Submit", Role::Editor},  {"Outcomes", kNobody},
    {"Want", kNobody},          {"Presence", Role::Viewer}, {"People", kNobody},
    {"Ping", Role::Anybody},    {"Pong", Role::Anybody},   {"Failure", kNobody},
    {"Bye", Role::Anybody},     {"Part", Role::Editor}, // of a Submit
    {"HistoryAsk", Role::Viewer}, {"HistoryPage", kNobody}, {"BoardAsk", Role::Viewer},
    {"BoardPiece", kNobody},
    // Whoever may only look is answered with a refusal: TestAuthority.
    {"SnapshotEdit", Role::Viewer}, {"NamedSnapshots", kNobody},
};
static_assert(std::size(kMessages) == std::variant_size_v<wire::Message>);
// clang-format on

struct CallerKind
{
    const char *name;
    Role role;        ///< Anybody: refused where a token is needed
    QByteArray token; ///< empty: none
};

QByteArray roleName(Role role)
{
    return access::roleKey(role).toLatin1();
}

wire::Message messageOf(size_t number, const SyncPeer &peer, bool staged)
{
    Change change;
    change.site = peer.site == 0 ? SiteId(99) : SiteId(peer.site);
    change.cseq = 1;
    change.label = QStringLiteral("by a peer");
    change.edits = {CreateEntity{
        EntityKind::Device,
        makeId(change.site, 1),
        {{Field::Name, QStringLiteral("made")}, {Field::DeviceType, QStringLiteral("OLT")}}}};
    const QByteArray body = wire::encodeChange(change);
    switch (number) {
    case 0:
        return peer.hello;
    case 1:
        return wire::Welcome{};
    case 2: {
        wire::SnapshotChunk chunk;
        chunk.count = 1;
        return chunk;
    }
    case 3:
        return wire::Commits{};
    case 4:
        return wire::Submit{body};
    case 5:
        return wire::Outcomes{};
    case 6:
        return wire::Want{1};
    case 7: {
        wire::Presence presence;
        presence.selection = QList<EntityId>{makeId(0, 7)};
        return presence;
    }
    case 8:
        return wire::People{};
    case 9:
        return wire::Ping{1};
    case 10:
        return wire::Pong{1};
    case 11:
        return wire::Failure{{Errc::Conflict, QStringLiteral("x")}, 0, false};
    case 12:
        return wire::Bye{};
    case 14:
        return wire::HistoryAsk{1, 0, 10, {}};
    case 15:
        return wire::HistoryPage{};
    case 16:
        return wire::BoardAsk{1, 0, 0};
    case 17:
        return wire::BoardPiece{1, 1, 1, 0, 1, QByteArray("x"), {}};
    case 18:
        return wire::SnapshotEdit{1, 77, {}, 0};
    case 19:
        return wire::NamedSnapshots{};
    default: {
        const QByteArray message = wire::encode(wire::Submit{body});
        const qsizetype half = message.size() / 2;
        return staged ? wire::Part{1, 0, 2, message.first(half)}
                      : wire::Part{1, 1, 2, message.sliced(half)};
    }
    }
}

} // namespace

/// Who may do what: every route, event and message, by every kind of caller.
class TestRoles : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        m_board = m_folder.filePath(QStringLiteral("a.board"));
        const auto file = access::TokenFile::open(access::TokenFile::pathFor(m_board));
        QVERIFY(file.ok());
        const qint64 now = QDateTime::currentMSecsSinceEpoch();
        m_callers = {{"no token", Role::Anybody, {}}};
        for (const Role role : access::kRoles) {
            const auto added = (*file)->add({}, role, {}, now);
            QVERIFY(added.ok());
            m_callers.append({role == Role::Viewer   ? "viewer"
                              : role == Role::Editor ? "editor"
                                                     : "admin",
                              role, added->text});
        }
        const auto expired = (*file)->add(QStringLiteral("old"), Role::Admin, now - 1, now - 10);
        QVERIFY(expired.ok());
        m_callers.append({"expired", Role::Anybody, expired->text});
        QVERIFY2(m_server.start(m_board, {QStringLiteral("--demo"), QStringLiteral("--durability"),
                                          QStringLiteral("normal")}),
                 m_server.log().constData());
    }
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }
    void cleanupTestCase()
    {
        QVERIFY(m_server.isRunning());
        QCOMPARE(m_server.terminate(), 0);
    }

    void routes()
    {
        // The table of the program itself.
        QTemporaryDir folder;
        auto store = server::SqliteStore::open(folder.filePath(QStringLiteral("b.board")), {});
        QVERIFY(store.ok());
        server::Log log(nullptr, server::LogLevel::Error, false);
        auto host = server::Host::open(std::move(*store), {}, log);
        QVERIFY(host.ok());
        const server::NetworkServer network(**host, {});
        QMap<QByteArray, Role> table;
        for (const http::Route &route : network.router().routes())
            table.insert(route.method + ' ' + route.path.toLatin1(), route.role);

        QSet<QByteArray> listed;
        for (const Need &need : kRoutes) {
            listed.insert(need.what);
            QVERIFY2(table.contains(need.what),
                     QByteArray(need.what) + " is listed here and is no route");
            QVERIFY2(table.value(need.what) == need.role,
                     QByteArray(need.what) + " is for " + roleName(table.value(need.what)));
        }
        for (auto it = table.cbegin(); it != table.cend(); ++it) {
            // The page itself tells nothing of the board, and asks for the token.
            if (it.key() == "GET /" || it.key().startsWith("GET /page/"))
                QVERIFY2(it.value() == Role::Anybody, it.key());
            else
                QVERIFY2(listed.contains(it.key()), it.key() + " is a route and not listed here");
        }

        static const QRegularExpression parameter(QStringLiteral("\\{[^}]*\\}"));
        HttpClient http(m_server.port());
        for (const Need &need : kRoutes) {
            for (const CallerKind &caller : std::as_const(m_callers)) {
                const QList<QByteArray> words = QByteArray(need.what).split(' ');
                const QByteArray method = words[0] == "*" ? QByteArray("GET") : words[0];
                // Nothing of this number: who is let in does no harm.
                const QByteArray path = QString::fromLatin1(words[1])
                                            .replace(parameter, QStringLiteral("999999"))
                                            .toLatin1();
                QList<QByteArray> headers{"Content-Type: application/json"};
                if (!caller.token.isEmpty())
                    headers.append("Authorization: Bearer " + caller.token);
                const Reply reply =
                    http.request(method, path, method == "GET" ? QByteArray() : "{}", headers);
                const QByteArray context = QByteArray(need.what) + ", " + caller.name + ": " +
                                           QByteArray::number(reply.status);
                QVERIFY2(reply.status != 0 && reply.status < 500, context);
                if (need.role == Role::Anybody || caller.role >= need.role)
                    QVERIFY2(reply.status != 401 && reply.status != 403, context);
                else
                    QVERIFY2(reply.status == (caller.role == Role::Anybody ? 401 : 403), context);
                if (method == "GET" && words[0] != "*" && path != "/sync") {
                    // HEAD tells no more than GET.
                    QVERIFY2(http.request("HEAD", path, {}, headers).status == reply.status,
                             "HEAD, " + context);
                }
            }
        }
    }

    void events()
    {
        HttpClient http(m_server.port());
        HttpClient editor(m_server.port());
        const QByteArray base = "/socket.io/?EIO=4&transport=polling";
        // The token in the auth payload, or with the request that opens the session.
        for (const bool byHeader : {false, true}) {
            QList<std::pair<const CallerKind *, QByteArray>> sessions;
            for (const CallerKind &caller : std::as_const(m_callers)) {
                QList<QByteArray> headers;
                QByteArray connect = "40";
                if (byHeader && !caller.token.isEmpty())
                    headers.append("Authorization: Bearer " + caller.token);
                else if (!caller.token.isEmpty())
                    connect += "{\"token\":\"" + caller.token + "\"}";
                const Reply opened = http.request("GET", base, {}, headers);
                QCOMPARE(opened.status, 200);
                const QByteArray path = base + "&sid=" +
                                        QJsonDocument::fromJson(opened.body.mid(1))
                                            .object()
                                            .value(u"sid")
                                            .toString()
                                            .toLatin1();
                QCOMPARE(http.request("POST", path, connect).status, 200);
                const QByteArray answer = http.get(path).body;
                if (caller.role >= Role::Viewer)
                    QVERIFY2(answer.startsWith("40{\"sid\""), caller.name + answer);
                else
                    QVERIFY2(answer == "44{\"message\":\"Not authenticated\"}",
                             caller.name + answer);
                sessions.append({&caller, path});
            }
            raiseAllEvents(editor);
            for (const auto &[caller, path] : std::as_const(sessions)) {
                QSet<QByteArray> heard;
                if (caller->role < Role::Viewer) {
                    // Not let in: nothing waits for it, so nothing may be asked for without end.
                    http.request("POST", path, "1");
                    const QByteArray last = http.get(path).body;
                    QVERIFY2(!last.contains("\"device"), caller->name + last);
                } else {
                    static const QRegularExpression name(QStringLiteral("42\\[\"([a-z_:]+)\""));
                    const QString body = QString::fromUtf8(http.get(path).body);
                    for (auto it = name.globalMatch(body); it.hasNext();)
                        heard.insert(it.next().captured(1).toLatin1());
                }
                for (const Need &need : kEvents)
                    QVERIFY2(heard.remove(need.what) == (caller->role >= need.role),
                             QByteArray(need.what) + ", " + caller->name);
                QVERIFY2(heard.isEmpty(),
                         "not listed here: " + QByteArrayList(heard.values()).join(' '));
            }
        }
        // What clients say changes nothing, whoever they are.
        const Reply before = editor.request("GET", "/api/devices", {}, as(Role::Admin));
        for (const CallerKind &caller : std::as_const(m_callers)) {
            const Reply opened = http.get(base);
            const QByteArray path = base + "&sid=" +
                                    QJsonDocument::fromJson(opened.body.mid(1))
                                        .object()
                                        .value(u"sid")
                                        .toString()
                                        .toLatin1();
            http.request("POST", path, "40{\"token\":\"" + caller.token + "\"}");
            http.request("POST", path, "42[\"device:deleted\",{\"id\":1}]");
        }
        QCOMPARE(editor.request("GET", "/api/devices", {}, as(Role::Admin)).body, before.body);
    }

    /// Every message, before Hello and after it.
    void messages()
    {
        for (size_t number = 0; number < std::size(kMessages); ++number) {
            const Need &need = kMessages[number];
            const bool isHello = QByteArrayView(need.what) == "Hello";
            const bool isPart = QByteArrayView(need.what) == "Part";
            for (const CallerKind &caller : std::as_const(m_callers)) {
                const QByteArray context = QByteArray(need.what) + ", " + caller.name;
                if (!isHello) {
                    // Before it everybody is a stranger.
                    SyncPeer early(m_server.port(), caller.token, false);
                    QTRY_VERIFY2(early.open, context);
                    early.send(messageOf(number, early, isPart));
                    early.send(wire::Ping{2});
                    if (need.role == Role::Anybody && QByteArrayView(need.what) != "Bye")
                        QTRY_VERIFY2(early.pongs > 0, context);
                    else
                        QTRY_VERIFY2(early.closed, context);
                    QVERIFY2(!early.welcomed && early.committed == 0 && early.persons.isEmpty(),
                             context);
                }
                SyncPeer peer(m_server.port(), caller.token);
                if (caller.role == Role::Viewer)
                    peer.hello.site = 99; // from when it was more than that
                if (caller.role < Role::Viewer) {
                    QTRY_VERIFY2(peer.closed, context);
                    QVERIFY2(!peer.welcomed && peer.persons.isEmpty() && peer.committed == 0,
                             context);
                    QVERIFY2(peer.failure && peer.failure->fatal &&
                                 peer.failure->error.code == Errc::Unauthorized,
                             context);
                    continue;
                }
                QTRY_VERIFY2(peer.welcomed, context);
                QCOMPARE(peer.readOnly, caller.role < Role::Editor);
                if (isHello)
                    continue; // a second one is no message of anybody
                if (isPart)
                    peer.send(messageOf(number, peer, true));
                peer.send(messageOf(number, peer, false));
                peer.send(wire::Ping{2});
                if (need.role == kNobody) {
                    QTRY_VERIFY2(peer.closed, context);
                    QVERIFY2(peer.failure && peer.failure->error.code == Errc::Protocol, context);
                } else if (QByteArrayView(need.what) == "Bye") {
                    QTRY_VERIFY2(peer.closed, context);
                    QVERIFY2(!peer.failure, context);
                } else if (caller.role >= need.role) {
                    QTRY_VERIFY2(peer.pongs > 0, context);
                    if (need.role == Role::Editor)
                        QTRY_VERIFY2(peer.sites.contains(peer.site) || !peer.outcomes.isEmpty(),
                                     context);
                    for (const wire::Outcome &outcome : std::as_const(peer.outcomes))
                        QVERIFY2(!outcome.refusal, context);
                    QVERIFY2(!peer.failure, context);
                } else {
                    QTRY_VERIFY2(!peer.outcomes.isEmpty(), context);
                    QVERIFY2(peer.outcomes.first().refusal &&
                                 peer.outcomes.first().refusal->code == Errc::Forbidden,
                             context);
                    QVERIFY2(!peer.failure && !peer.closed && !peer.sites.contains(99), context);
                }
            }
        }
    }

private:
    QList<QByteArray> as(Role role) const
    {
        for (const CallerKind &caller : m_callers) {
            if (caller.role == role)
                return {"Authorization: Bearer " + caller.token, "Content-Type: application/json"};
        }
        return {};
    }

    void raiseAllEvents(HttpClient &http)
    {
        const auto send = [&](const char *method, const QByteArray &path, const QByteArray &body) {
            const Reply reply = http.request(method, path, body, as(Role::Editor));
            if (reply.status < 200 || reply.status > 299)
                qFatal("%s %s: %d %s", method, path.constData(), reply.status,
                       reply.body.constData());
            return reply.object();
        };
        const auto id = [](const QJsonObject &object) {
            return QByteArray::number(object.value(u"id").toInteger());
        };
        send("PATCH", "/api/board", R"({"computed_status":true})");
        const QByteArray device =
            id(send("POST", "/api/devices/provision",
                    R"({"name":"E1","device_type":"CORE_ROUTER","validate_upstream":false})")
                   .value(u"device")
                   .toObject());
        const QByteArray second =
            id(send("POST", "/api/devices", R"({"name":"E2","device_type":"CORE_ROUTER"})"));
        send("PATCH", "/api/devices/" + device, R"({"x":1,"y":2})");
        send("PATCH", "/api/devices/" + device, R"({"notes":"n"})");
        const QJsonObject linked = send("POST", "/api/links/create-simple",
                                        R"({"link_type":"fiber","device_a_id":)" + device +
                                            R"(,"device_b_id":)" + second + "}");
        const QByteArray link = id(linked.value(u"link").toObject());
        const QByteArray port = id(linked.value(u"interface_a").toObject());
        send("PATCH", "/api/links/" + link, R"({"length_km":2})");
        send("PATCH", "/api/interfaces/" + port, R"({"name":"p"})");
        send("DELETE", "/api/devices/" + device, {});
        send("DELETE", "/api/devices/" + second, {});
        const QByteArray pop =
            id(send("POST", "/api/devices", R"({"name":"E3","device_type":"POP"})"));
        send("DELETE", "/api/devices/" + pop, {});
        send("PATCH", "/api/board", R"({"computed_status":false})");
    }

    QTemporaryDir m_folder;
    QString m_board;
    QList<CallerKind> m_callers;
    HostProcess m_server;
};

PATCHBOARD_TEST(TestRoles)
#include "tst_roles.moc"
