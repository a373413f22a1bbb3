#include "server/access/access.h"
#include "server/access/ratelimit.h"
#include "server/store/audit.h"
#include "tests/server/httpclient.h"
#include "tests/server/syncpeer.h"
#include "tests/support/hostprocess.h"
#include "tests/support/testmain.h"

#include <QDateTime>
#include <QFileInfo>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QtTest/QSignalSpy>

using namespace patchboard;
using access::Role;

namespace {

const QHostAddress kSomewhere(QStringLiteral("192.0.2.7"));

QByteArray bearer(const QByteArray &token)
{
    return "Authorization: Bearer " + token;
}

} // namespace

class TestAccess : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        QTest::failOnWarning(QRegularExpression(QStringLiteral(".*")));
        m_folder = std::make_unique<QTemporaryDir>();
    }
    void cleanup() { m_folder.reset(); }

    void tokensAreRandomAndOnlyHashesAreKept()
    {
        const auto file = access::TokenFile::open(path("a.board-access"));
        QVERIFY2(file.ok(), file.ok() ? "" : qPrintable(file.error().text));
        QSet<QByteArray> texts;
        for (int i = 0; i < 50; ++i) {
            const auto added = (*file)->add({}, access::kRoles[size_t(i % 3)], {}, 1000);
            QVERIFY(added.ok());
            texts.insert(added->text);
            QVERIFY(added->text.startsWith("pbt_"));
            const QByteArray bits = QByteArray::fromBase64(
                added->text.mid(4),
                QByteArray::Base64UrlEncoding | QByteArray::AbortOnBase64DecodingErrors);
            QCOMPARE(bits.size(), 32); // 256 bits
        }
        QCOMPARE(texts.size(), 50);
        const auto all = (*file)->tokens();
        QVERIFY(all.ok());
        QCOMPARE(all->size(), 50);
        QCOMPARE(all->at(0).name, QStringLiteral("viewer-1"));
        QCOMPARE(all->at(4).name, QStringLiteral("editor-2"));
        // Nobody else reads the file, and what is in it opens nothing.
        const auto others =
            QFile::ReadGroup | QFile::WriteGroup | QFile::ReadOther | QFile::WriteOther;
        QVERIFY(!(QFile::permissions((*file)->path()) & others));
        QFile raw((*file)->path());
        QVERIFY(raw.open(QIODevice::ReadOnly));
        const QByteArray content = raw.readAll();
        QVERIFY(content.contains(all->at(0).hash));
        for (const QByteArray &text : std::as_const(texts)) {
            QVERIFY(!content.contains(text));
            QVERIFY(!content.contains(text.mid(4, 20)));
        }
    }

    void comparesInConstantTime()
    {
        QVERIFY(access::equalInConstantTime("abc", "abc"));
        QVERIFY(access::equalInConstantTime("", ""));
        for (const char *other : {"abd", "bbc", "ab", "abcd", ""})
            QVERIFY(!access::equalInConstantTime("abc", other));
    }

    void refusesNames()
    {
        const auto file = access::TokenFile::open(path("a.board-access"));
        QVERIFY(file.ok());
        QVERIFY((*file)->add(QStringLiteral("ci"), Role::Editor, {}, 1000).ok());
        const auto again = (*file)->add(QStringLiteral("ci"), Role::Viewer, {}, 1000);
        QVERIFY(!again.ok() && again.error().code == Errc::Conflict);
        for (const QString &name :
             {QStringLiteral(" a"), QStringLiteral("a\nb"), QString(65, u'x')}) {
            const auto added = (*file)->add(name, Role::Viewer, {}, 1000);
            QVERIFY(!added.ok() && added.error().code == Errc::BadValue);
        }
        QVERIFY(!(*file)->add({}, Role::Viewer, 1000, 1000).ok()); // has expired already
        QVERIFY(!(*file)->remove(QStringLiteral("none")).ok());
        QVERIFY((*file)->remove(QStringLiteral("ci")).ok());
        QVERIFY((*file)->tokens()->isEmpty());
    }

    void foreignFilesAreRefused()
    {
        QFile foreign(path("a.board-access"));
        QVERIFY(foreign.open(QIODevice::WriteOnly));
        foreign.write(QByteArray(4096, 'x'));
        foreign.close();
        QVERIFY(!access::TokenFile::openExisting(foreign.fileName()).ok());
        server::Log log(nullptr, server::LogLevel::Error, false);
        access::Access guard({path("a.board"), false, false, {}}, log);
        QVERIFY(!guard.load().ok());
    }

    /// Everything that admit() can say, and that it follows the file.
    void admits()
    {
        qint64 now = 1'000'000;
        server::Log log(nullptr, server::LogLevel::Error, false);
        access::Access guard({path("a.board"), false, false, [&now] { return now; }}, log);
        QVERIFY(guard.load().ok());
        QSignalSpy changed(&guard, &access::Access::changed);
        // No tokens: everybody is an admin.
        const auto anybody = guard.admit({}, kSomewhere);
        QVERIFY(anybody.ok() && anybody->role == Role::Admin);
        QVERIFY(guard.mayStay(*anybody));

        // Another program makes tokens.
        const auto file = access::TokenFile::open(path("a.board-access"));
        QVERIFY(file.ok());
        const auto viewer = (*file)->add(QStringLiteral("wall"), Role::Viewer, now + 5000, now);
        const auto admin = (*file)->add(QStringLiteral("boss"), Role::Admin, {}, now);
        QVERIFY(viewer.ok() && admin.ok());
        guard.refresh();
        QCOMPARE(changed.size(), 1);
        guard.refresh();
        QCOMPARE(changed.size(), 1);
        QVERIFY(!guard.isOpen());
        QVERIFY(!guard.mayStay(*anybody));
        const auto nobody = guard.admit({}, kSomewhere);
        QVERIFY(!nobody.ok() && nobody.error().code == Errc::Unauthorized);
        const auto wrong = guard.admit(QStringLiteral("pbt_wrong"), kSomewhere);
        QVERIFY(!wrong.ok() && wrong.error().code == Errc::Unauthorized);
        const auto wall = guard.admit(QString::fromLatin1(viewer->text), kSomewhere);
        QVERIFY(wall.ok());
        QCOMPARE(wall->role, Role::Viewer);
        QCOMPARE(wall->token, QStringLiteral("wall"));
        QVERIFY(guard.mayStay(*wall));
        // The hash is not the token.
        QVERIFY(!guard.admit(QString::fromLatin1(viewer->token.hash.toHex()), kSomewhere).ok());

        // It expires, to the millisecond; who is in has to go.
        now += 4999;
        QVERIFY(guard.mayStay(*wall));
        guard.refresh();
        QCOMPARE(changed.size(), 1);
        now += 1;
        QVERIFY(!guard.mayStay(*wall));
        QVERIFY(!guard.admit(QString::fromLatin1(viewer->text), kSomewhere).ok());
        guard.refresh();
        QCOMPARE(changed.size(), 2);

        const auto boss = guard.admit(QString::fromLatin1(admin->text), kSomewhere);
        QVERIFY(boss.ok() && boss->role == Role::Admin);
        QVERIFY((*file)->remove(QStringLiteral("boss")).ok());
        guard.refresh();
        QCOMPARE(changed.size(), 3);
        QVERIFY(!guard.mayStay(*boss));
        // With the last one gone it does not open.
        QVERIFY((*file)->remove(QStringLiteral("wall")).ok());
        guard.refresh();
        QVERIFY(!guard.admit({}, kSomewhere).ok());
        QVERIFY(QFile::remove(path("a.board-access")));
        guard.refresh();
        QVERIFY(!guard.admit({}, kSomewhere).ok());
    }

    void whatCannotBeReadLetsNobodyIn()
    {
        FILE *sink = std::fopen("/dev/null", "w");
        {
            server::Log log(sink, server::LogLevel::Error, false);
            access::Access guard({path("a.board"), false, false, {}}, log);
            QVERIFY(guard.load().ok());
            QVERIFY(guard.isOpen());
            QFile foreign(path("a.board-access"));
            QVERIFY(foreign.open(QIODevice::WriteOnly));
            foreign.write(QByteArray(4096, 'x'));
            foreign.close();
            guard.refresh();
            QVERIFY(!guard.isOpen());
            QVERIFY(!guard.admit({}, kSomewhere).ok());
        }
        std::fclose(sink);
    }

    void lastUseIsNoted()
    {
        qint64 now = 5'000'000;
        const auto file = access::TokenFile::open(path("a.board-access"));
        const auto added = (*file)->add({}, Role::Editor, {}, now);
        QVERIFY(added.ok());
        QVERIFY(!(*file)->tokens()->first().lastUsed);
        {
            server::Log log(nullptr, server::LogLevel::Error, false);
            access::Access guard({path("a.board"), false, false, [&now] { return now; }}, log);
            QVERIFY(guard.load().ok());
            now += 7;
            QVERIFY(guard.admit(QString::fromLatin1(added->text), kSomewhere).ok());
        }
        QCOMPARE((*file)->tokens()->first().lastUsed, std::optional<qint64>(now));
    }

    // The programs

    void commands()
    {
        const QString board = path("a.board");
        auto listed = HostProcess::run(
            {QStringLiteral("token"), QStringLiteral("list"), board, QStringLiteral("--json")});
        QCOMPARE(listed.code, 0);
        QCOMPARE(listed.out.trimmed(), QByteArray("[]"));
        const QByteArray token = add(board, "editor",
                                     {QStringLiteral("--name"), QStringLiteral("ci"),
                                      QStringLiteral("--expires"), QStringLiteral("30d")});
        QVERIFY(token.startsWith("pbt_"));
        QVERIFY(!QFileInfo::exists(board)); // made by its first host
        listed = HostProcess::run(
            {QStringLiteral("token"), QStringLiteral("list"), board, QStringLiteral("--json")});
        const QJsonObject one = QJsonDocument::fromJson(listed.out).array().at(0).toObject();
        QCOMPARE(one.value(u"name").toString(), QStringLiteral("ci"));
        QCOMPARE(one.value(u"role").toString(), QStringLiteral("editor"));
        QCOMPARE(one.value(u"expired").toBool(true), false);
        QVERIFY(one.value(u"last_used").isNull());
        const auto at = [&one](const char *key) {
            return QDateTime::fromString(one.value(QLatin1String(key)).toString(), Qt::ISODate);
        };
        QCOMPARE(at("created").daysTo(at("expires")), 30);
        QVERIFY(!listed.out.contains(token));
        listed = HostProcess::run({QStringLiteral("token"), QStringLiteral("list"), board});
        QVERIFY(listed.out.contains("ci") && listed.out.contains("editor") &&
                !listed.out.contains(token));

        const auto refused = [&](const QStringList &arguments, const char *says) {
            const auto finished =
                HostProcess::run(QStringList{QStringLiteral("token")} + arguments);
            QCOMPARE(finished.code, 1);
            QVERIFY2(finished.err.contains(says), finished.err.constData());
            QVERIFY(finished.out.isEmpty());
        };
        refused({}, "add, list or remove");
        refused({QStringLiteral("add"), board}, "--role is");
        refused({QStringLiteral("add"), board, QStringLiteral("--role"), QStringLiteral("god")},
                "--role is");
        refused({QStringLiteral("add"), board, QStringLiteral("--role"), QStringLiteral("admin"),
                 QStringLiteral("--name"), QStringLiteral("ci")},
                "There is a token named ci");
        for (const char *when : {"soon", "-1d", "0d", "2001-01-01"}) {
            refused({QStringLiteral("add"), board, QStringLiteral("--role"),
                     QStringLiteral("admin"),
                     QStringLiteral("--expires=") + QString::fromLatin1(when)},
                    "expire");
        }
        refused({QStringLiteral("remove"), QStringLiteral("other"), board}, "no token named other");
        QCOMPARE(HostProcess::run({QStringLiteral("token"), QStringLiteral("remove"),
                                   QStringLiteral("ci"), board})
                     .code,
                 0);
        const auto help = HostProcess::run({QStringLiteral("token"), QStringLiteral("--help")});
        QCOMPARE(help.code, 0);
        QVERIFY(help.out.contains("remove"));
    }

    void beyondThisMachineNeedsTokens()
    {
        const QString board = path("a.board");
        const QStringList everywhere{QStringLiteral("--host"), QStringLiteral("0.0.0.0")};
        auto refused = HostProcess::run(
            QStringList{QStringLiteral("serve"), board, QStringLiteral("--require-token")} +
            everywhere);
        QCOMPARE(refused.code, 1);
        QVERIFY2(refused.err.contains("token add"), refused.err.constData());
        QVERIFY(!QFileInfo::exists(board));

        const QByteArray token = add(board, "admin");
        HostProcess server;
        QVERIFY2(server.start(board, everywhere), server.log().constData());
        HttpClient http(server.port());
        QCOMPARE(http.get("/health").status, 200);
        // On this machine too: a proxy in front of the host would look like this.
        QCOMPARE(http.get("/api/devices").status, 401);
        QCOMPARE(http.request("GET", "/api/devices", {}, {bearer(token)}).status, 200);
        QCOMPARE(server.terminate(), 0);

        HostProcess open;
        QVERIFY2(open.start(board, everywhere + QStringList{QStringLiteral("--insecure-no-auth")}),
                 open.log().constData());
        QCOMPARE(HttpClient(open.port()).get("/api/devices").status, 200);
        QVERIFY(open.log().contains("WARN"));
        QCOMPARE(open.terminate(), 0);
    }

    void requireTokenHoldsOnThisMachine()
    {
        HostProcess server;
        QVERIFY(server.start(path("a.board"), {QStringLiteral("--require-token")}));
        HttpClient http(server.port());
        QCOMPARE(http.get("/api/devices").status, 401);
        const QByteArray token = add(path("a.board"), "viewer");
        QTRY_COMPARE(http.request("GET", "/api/devices", {}, {bearer(token)}).status, 200);
        QCOMPARE(server.terminate(), 0);
    }

    void answersOfHttp()
    {
        const QString board = path("a.board");
        const QByteArray editor =
            add(board, "editor", {QStringLiteral("--name"), QStringLiteral("ci")});
        HostProcess server;
        QVERIFY(server.start(board));
        HttpClient http(server.port());
        Reply reply = http.get("/api/devices");
        QCOMPARE(reply.status, 401);
        QCOMPARE(reply.headers.value("www-authenticate"),
                 QByteArray("Bearer realm=\"patchboard\""));
        QCOMPARE(reply.detail(), QStringLiteral("Not authenticated"));
        for (const QByteArray &header :
             {bearer("pbt_wrong"), bearer(editor + "x"),
              QByteArray("Authorization: " + editor + "x"), "Authorization: " + editor,
              QByteArray("Authorization: Basic YWRtaW46YWRtaW4=")}) {
            reply = http.request("GET", "/api/devices", {}, {header});
            QCOMPARE(reply.status, 401);
            QVERIFY(reply.headers.value("www-authenticate").contains("error=\"invalid_token\""));
        }
        // Two are none: whoever put the second one there is not who put the first.
        QCOMPARE(http.request("GET", "/api/devices", {}, {bearer(editor), bearer(editor)}).status,
                 401);
        QCOMPARE(
            http.request("GET", "/api/devices", {}, {"authorization:bearer  " + editor}).status,
            200);
        reply = http.request("POST", "/api/seed", {}, {bearer(editor)});
        QCOMPARE(reply.status, 403);
        QCOMPARE(reply.detail(), QStringLiteral("This needs a token of the role admin"));
        QVERIFY(reply.headers.value("www-authenticate").isEmpty());
        // Before anything is looked at: a bad body tells a stranger nothing.
        QCOMPARE(http.request("POST", "/api/devices", "{").status, 401);
        QCOMPARE(http.get("/api/none").status, 404);
        // A page may ask with a token; browsers ask for that without one.
        reply = http.request("OPTIONS", "/api/devices", {},
                             {"Origin: http://localhost:5173", "Access-Control-Request-Method: GET",
                              "Access-Control-Request-Headers: authorization"});
        QCOMPARE(reply.status, 200);
        QCOMPARE(reply.headers.value("access-control-allow-headers"), QByteArray("authorization"));
        reply = http.request("GET", "/api/devices", {}, {"Origin: http://localhost:5173"});
        QCOMPARE(reply.status, 401);
        QCOMPARE(reply.headers.value("access-control-allow-origin"),
                 QByteArray("http://localhost:5173"));
        // Whose change it was is in the log.
        reply = http.request("POST", "/api/devices", R"({"name":"A","device_type":"OLT"})",
                             {bearer(editor), "Content-Type: application/json"});
        QCOMPARE(reply.status, 201);
        const auto audit = server::readAudit(board, {}, 10);
        QVERIFY(audit.ok());
        QCOMPARE(audit->size(), 1);
        QCOMPARE(audit->first().token, QStringLiteral("ci"));
        QCOMPARE(audit->first().author, QStringLiteral("ci"));
        QCOMPARE(audit->first().address, QStringLiteral("127.0.0.1"));
        QVERIFY(!server.log().contains(editor));
        QCOMPARE(server.terminate(), 0);
    }

    void auditForAdmins()
    {
        const QString board = path("a.board");
        const QByteArray editor =
            add(board, "editor", {QStringLiteral("--name"), QStringLiteral("ci")});
        const QByteArray admin = add(board, "admin");
        HostProcess server;
        QVERIFY(server.start(board));
        HttpClient http(server.port());
        for (const char *name : {"A", "B", "C"}) {
            QCOMPARE(http.request("POST", "/api/devices",
                                  QByteArray(R"({"device_type":"OLT","name":")") + name + "\"}",
                                  {bearer(editor), "Content-Type: application/json"})
                         .status,
                     201);
        }
        QCOMPARE(http.request("GET", "/api/audit", {}, {bearer(editor)}).status, 403);
        Reply reply = http.request("GET", "/api/audit", {}, {bearer(admin)});
        QCOMPARE(reply.status, 200);
        QJsonArray entries = reply.object().value(u"entries").toArray();
        QCOMPARE(entries.size(), 3);
        const QJsonObject first = entries.first().toObject();
        QCOMPARE(first.value(u"revision").toInt(), 1);
        QCOMPARE(first.value(u"token").toString(), QStringLiteral("ci"));
        QCOMPARE(first.value(u"author").toString(), QStringLiteral("ci"));
        QCOMPARE(first.value(u"address").toString(), QStringLiteral("127.0.0.1"));
        QCOMPARE(first.value(u"label").toString(), QStringLiteral("Create A"));
        const QDateTime time =
            QDateTime::fromString(first.value(u"time").toString(), Qt::ISODateWithMs);
        QVERIFY(time.isValid());
        QCOMPARE(reply.object().value(u"more").toBool(true), false);
        reply = http.request("GET", "/api/audit?since=1&limit=1", {}, {bearer(admin)});
        entries = reply.object().value(u"entries").toArray();
        QCOMPARE(entries.size(), 1);
        QCOMPARE(entries.first().toObject().value(u"revision").toInt(), 2);
        QVERIFY(reply.object().value(u"more").toBool());
        QCOMPARE(http.request("GET", "/api/audit?limit=0", {}, {bearer(admin)}).status, 422);

        // What is no change of the board: names of revisions, given by a script and a window.
        const QByteArray snapshots("/api/snapshots");
        const auto nameIt = [&](const QByteArray &method, const QByteArray &target,
                                const QByteArray &body) {
            return http
                .request(method, target, body, {bearer(editor), "Content-Type: application/json"})
                .status;
        };
        QCOMPARE(nameIt("POST", snapshots, R"({"name": "Start", "revision": 1})"), 201);
        QCOMPARE(nameIt("POST", snapshots, R"({"name": "Start"})"), 409);
        QCOMPARE(nameIt("PATCH", snapshots + "/1", R"({"name": "First"})"), 200);
        SyncPeer window(server.port(), editor);
        QTRY_VERIFY(window.welcomed);
        window.send(wire::SnapshotEdit{1, 0, QStringLiteral("By hand"), 2});
        const auto acts = [&](const QByteArray &query) {
            return http.request("GET", "/api/audit" + query, {}, {bearer(admin)}).object();
        };
        QTRY_COMPARE(acts("?since=3").value(u"entries").toArray().size(), 3);
        QCOMPARE(nameIt("DELETE", snapshots + "/1", {}), 204);
        entries = acts("?since=2").value(u"entries").toArray();
        QCOMPARE(entries.size(), 5);
        const QList<const char *> labels{
            "Create C", "Name revision 1 \"Start\"", "Rename snapshot \"Start\" to \"First\"",
            "Name revision 2 \"By hand\"", "Forget snapshot \"First\" of revision 1"};
        for (qsizetype i = 0; i < labels.size(); ++i) {
            const QJsonObject entry = entries.at(i).toObject();
            QCOMPARE(entry.value(u"act"), i == 0 ? QJsonValue() : QJsonValue(i));
            QCOMPARE(entry.value(u"revision").toInt(), 3);
            QCOMPARE(entry.value(u"label").toString(), QString::fromLatin1(labels.at(i)));
            QCOMPARE(entry.value(u"token").toString(), QStringLiteral("ci"));
            QCOMPARE(entry.value(u"author").toString(),
                     i == 3 ? QStringLiteral("peer") : QStringLiteral("ci"));
            QCOMPARE(entry.value(u"address").toString(), QStringLiteral("127.0.0.1"));
        }
        const QJsonObject page = acts("?since=3&act=1&limit=2");
        QVERIFY(page.value(u"more").toBool());
        QCOMPARE(page.value(u"entries").toArray().first().toObject().value(u"act").toInt(), 2);
        QCOMPARE(acts("?since=3&act=4").value(u"entries").toArray().size(), 0);

        auto told = HostProcess::run({QStringLiteral("audit"), board, QStringLiteral("--json"),
                                      QStringLiteral("--since"), QStringLiteral("2")});
        QCOMPARE(told.code, 0);
        QCOMPARE(told.out.count('\n'), 5);
        const QJsonObject last =
            QJsonDocument::fromJson(told.out.split('\n').constFirst()).object();
        QCOMPARE(last.value(u"revision").toInt(), 3);
        QCOMPARE(last.value(u"token").toString(), QStringLiteral("ci"));
        QCOMPARE(server.terminate(), 0);
        told = HostProcess::run({QStringLiteral("audit"), board});
        QCOMPARE(told.code, 0);
        QCOMPARE(told.out.count('\n'), 7);
        QVERIFY(told.out.contains("\t127.0.0.1\tci\tci\tCreate A"));
        QCOMPARE(HostProcess::run({QStringLiteral("audit"), path("none.board")}).code, 1);
    }

    void limitsRequests()
    {
        access::RateLimit none(0);
        access::RateLimit ten(10);
        const QHostAddress other(QStringLiteral("192.0.2.8"));
        for (int i = 0; i < 1000; ++i)
            QVERIFY(!none.take(kSomewhere, 0));
        for (int i = 0; i < 20; ++i)
            QVERIFY(!ten.take(kSomewhere, 1000));
        QCOMPARE(ten.take(kSomewhere, 1000), std::optional(1));
        QVERIFY(!ten.take(other, 1000)); // each has its own
        QVERIFY(ten.take(kSomewhere, 1099));
        QVERIFY(!ten.take(kSomewhere, 1100)); // 0.1 s is one request
        QVERIFY(ten.take(kSomewhere, 1100));
        for (int i = 0; i < 20; ++i)
            QVERIFY(!ten.take(kSomewhere, 60'000));
        QVERIFY(ten.take(kSomewhere, 60'000)); // no more than a burst is saved up

        HostProcess server;
        QVERIFY(
            server.start(path("a.board"), {QStringLiteral("--rate-limit"), QStringLiteral("5")}));
        HttpClient http(server.port());
        Reply reply;
        for (int i = 0; i < 500 && reply.status != 429; ++i)
            reply = http.request("GET", "/health", {}, {"Origin: http://localhost:5173"});
        QCOMPARE(reply.status, 429);
        QCOMPARE(reply.headers.value("access-control-allow-origin"),
                 QByteArray("http://localhost:5173"));
        QCOMPARE(reply.headers.value("retry-after"), QByteArray("1"));
        QCOMPARE(reply.detail(), QStringLiteral("Too many requests"));
        bool again = false; // QTRY asks once more after it has what it wants
        QTRY_VERIFY(again = again || http.get("/health").status == 200);
        QCOMPARE(server.terminate(), 0);
        // Not on this machine, unless it is wished for.
        HostProcess open;
        QVERIFY(open.start(path("a.board")));
        HttpClient fast(open.port());
        for (int i = 0; i < 500; ++i)
            QCOMPARE(fast.get("/health").status, 200);
        QCOMPARE(open.terminate(), 0);
    }

    /// A token that is removed ends what it opened, while the host runs; others stay.
    void removedTokensEndConnections()
    {
        const QString board = path("a.board");
        const QByteArray gone =
            add(board, "editor", {QStringLiteral("--name"), QStringLiteral("gone")});
        const QByteArray kept = add(board, "editor");
        HostProcess server;
        QVERIFY(server.start(board));
        SyncPeer leaving(server.port(), gone);
        SyncPeer staying(server.port(), kept);
        SyncPeer stranger(server.port(), {});
        QTRY_VERIFY(leaving.welcomed && staying.welcomed && stranger.closed);
        QVERIFY(!stranger.welcomed);
        QVERIFY(stranger.failure && stranger.failure->fatal);
        QCOMPARE(stranger.failure->error.code, Errc::Unauthorized);
        HttpClient http(server.port());
        const QByteArray socket = socketIo(http, gone);
        const QByteArray other = socketIo(http, kept);
        QVERIFY(http.get(other).body.startsWith("40{\"sid\""));
        QVERIFY(http.get(socket).body.startsWith("40{\"sid\""));

        QCOMPARE(HostProcess::run({QStringLiteral("token"), QStringLiteral("remove"),
                                   QStringLiteral("gone"), board})
                     .code,
                 0);
        QTRY_VERIFY(leaving.closed);
        QVERIFY(leaving.failure && leaving.failure->fatal);
        QCOMPARE(leaving.failure->error.code, Errc::Unauthorized);
        QVERIFY(!staying.closed);
        QVERIFY(http.get(socket).body.startsWith("41"));
        QCOMPARE(http.request("GET", "/api/devices", {}, {bearer(gone)}).status, 401);
        QCOMPARE(http.request("GET", "/api/devices", {}, {bearer(kept)}).status, 200);
        QCOMPARE(server.terminate(), 0);
    }

    /// Who waits for something to happen is not told of it any more, nor of what was not fetched.
    void removedTokensAreToldNothing()
    {
        const QString board = path("a.board");
        const QByteArray gone =
            add(board, "viewer", {QStringLiteral("--name"), QStringLiteral("gone")});
        const QByteArray kept =
            add(board, "editor", {QStringLiteral("--name"), QStringLiteral("kept")});
        HostProcess server;
        QVERIFY(server.start(board));
        HttpClient http(server.port());
        const auto make = [&](const char *name) {
            const QByteArray body =
                QByteArrayLiteral("{\"device_type\":\"POP\",\"name\":\"") + name + "\"}";
            return http
                .request("POST", "/api/devices", body,
                         {bearer(kept), "Content-Type: application/json"})
                .status;
        };
        const auto get = [](const QByteArray &target, const QByteArray &token = {}) {
            return "GET " + target + " HTTP/1.1\r\nHost: localhost\r\n" +
                   (token.isEmpty() ? QByteArray() : bearer(token) + "\r\n") + "\r\n";
        };

        // One who fetches what happens, one who waits for it, and two who wait for changes.
        const QByteArray late = socketIo(http, gone);
        QVERIFY(http.get(late).body.startsWith("40{\"sid\""));
        const QByteArray waiting = socketIo(http, gone);
        QVERIFY(http.get(waiting).body.startsWith("40{\"sid\""));
        QCOMPARE(make("one"), 201);
        QVERIFY(http.get(waiting).body.contains("\"one\""));
        HttpClient event(server.port());
        HttpClient change(server.port());
        HttpClient other(server.port());
        for (HttpClient *each : {&event, &change, &other})
            QVERIFY(each->connectNow());
        event.write(get(waiting));
        change.write(get("/api/changes?since=1&wait=60", gone));
        other.write(get("/api/changes?since=1&wait=60", kept));
        // They wait: what was asked after them is answered, and they are not.
        QCOMPARE(http.get("/health").status, 200);

        QCOMPARE(HostProcess::run({QStringLiteral("token"), QStringLiteral("remove"),
                                   QStringLiteral("gone"), board})
                     .code,
                 0);
        const Reply ended = change.readReply();
        QCOMPARE(ended.status, 401);
        QCOMPARE(ended.detail(), QStringLiteral("Invalid or expired token"));
        QVERIFY(ended.headers.contains("www-authenticate"));
        QCOMPARE(event.readReply().body, QByteArray("41"));
        QCOMPARE(http.get(late).body, QByteArray("41"));
        QCOMPARE(make("two"), 201);
        const Reply told = other.readReply();
        QCOMPARE(told.status, 200);
        QVERIFY(told.body.contains("\"two\""));
        // The connection of the one that was refused is as good as any.
        change.write(get("/health"));
        QCOMPARE(change.readReply().status, 200);
        QCOMPARE(server.terminate(), 0);
    }

    /// Also if something happens before the host has looked at its tokens by itself.
    void removedTokensAreToldNothingAtOnce()
    {
        const QString board = path("a.board");
        const QByteArray kept = add(board, "editor");
        HostProcess server;
        QVERIFY(server.start(board));
        HttpClient http(server.port());
        for (int i = 1; i <= 3; ++i) {
            const QByteArray gone =
                add(board, "viewer", {QStringLiteral("--name"), QStringLiteral("gone")});
            QTRY_COMPARE(http.request("GET", "/api/devices", {}, {bearer(gone)}).status, 200);
            const QByteArray waiting = socketIo(http, gone);
            QVERIFY(http.get(waiting).body.startsWith("40{\"sid\""));
            SyncPeer window(server.port(), gone);
            QTRY_VERIFY(window.welcomed);
            HttpClient event(server.port());
            HttpClient change(server.port());
            QVERIFY(event.connectNow() && change.connectNow());
            event.write("GET " + waiting + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
            change.write("GET /api/changes?since=" + QByteArray::number(i - 1) +
                         "&wait=60 HTTP/1.1\r\nHost: localhost\r\n" + bearer(gone) + "\r\n\r\n");
            QCOMPARE(http.get("/health").status, 200);
            QCOMPARE(HostProcess::run({QStringLiteral("token"), QStringLiteral("remove"),
                                       QStringLiteral("gone"), board})
                         .code,
                     0);
            const QByteArray body =
                "{\"device_type\":\"POP\",\"name\":\"" + QByteArray::number(i) + "\"}";
            QCOMPARE(http.request("POST", "/api/devices", body,
                                  {bearer(kept), "Content-Type: application/json"})
                         .status,
                     201);
            QCOMPARE(event.readReply().body, QByteArray("41"));
            QCOMPARE(change.readReply().status, 401);
            QTRY_VERIFY(window.closed);
            QVERIFY(window.failure && window.failure->fatal);
            for (const Commit &heard : std::as_const(window.log))
                QVERIFY(heard.revision < quint64(i));
        }
        QCOMPARE(server.terminate(), 0);
    }

    /// To the millisecond, not when the host looks at its tokens the next time.
    void expiredTokensDoNothing()
    {
        const QString board = path("a.board");
        HostProcess server;
        QVERIFY(server.start(board, {QStringLiteral("--require-token")}));
        const auto file = access::TokenFile::open(path("a.board-access"));
        QVERIFY(file.ok());
        const auto boss = (*file)->add({}, Role::Admin, {}, QDateTime::currentMSecsSinceEpoch());
        QVERIFY(boss.ok());
        HttpClient http(server.port());
        const auto revision = [&] {
            return http.request("GET", "/api/board", {}, {bearer(boss->text)})
                .object()
                .value(u"revision")
                .toInt(-1);
        };
        QTRY_COMPARE(revision(), 0);
        for (int i = 0; i < 2; ++i) {
            const qint64 now = QDateTime::currentMSecsSinceEpoch();
            const auto brief = (*file)->add({}, Role::Editor, now + 1700, now);
            QVERIFY(brief.ok());
            // Noticed within a second.
            QTRY_COMPARE(http.request("GET", "/api/board", {}, {bearer(brief->text)}).status, 200);
            SyncPeer window(server.port(), brief->text);
            QTRY_VERIFY(window.welcomed);
            while (QDateTime::currentMSecsSinceEpoch() < now + 1700)
                QCoreApplication::processEvents(QEventLoop::AllEvents, 1);
            Change change;
            change.site = window.site;
            change.cseq = 1;
            change.edits = {CreateEntity{
                EntityKind::Device,
                makeId(window.site, 1),
                {{Field::Name, QString::number(i)}, {Field::DeviceType, QStringLiteral("POP")}}}};
            window.send(wire::Submit{wire::encodeChange(change)});
            QTRY_VERIFY(window.closed);
            QVERIFY(window.failure && window.failure->fatal);
            QCOMPARE(window.failure->error.code, Errc::Unauthorized);
            QCOMPARE(revision(), 0);
        }
        QCOMPARE(server.terminate(), 0);
    }

    /// The first token of a board that was open closes it, also for who is in.
    void firstTokenClosesTheBoard()
    {
        const QString board = path("a.board");
        HostProcess server;
        QVERIFY(server.start(board));
        SyncPeer early(server.port(), {});
        QTRY_VERIFY(early.welcomed);
        QVERIFY(!early.readOnly);
        add(board, "admin");
        QTRY_VERIFY(early.closed);
        QCOMPARE(HttpClient(server.port()).get("/api/devices").status, 401);
        QCOMPARE(server.terminate(), 0);
    }

private:
    QString path(const char *name) const { return m_folder->filePath(QString::fromLatin1(name)); }

    QByteArray add(const QString &board, const char *role, const QStringList &more = {})
    {
        const auto added =
            HostProcess::run(QStringList{QStringLiteral("token"), QStringLiteral("add"), board,
                                         QStringLiteral("--role"), QString::fromLatin1(role)} +
                             more);
        if (added.code != 0)
            qFatal("%s", added.err.constData());
        return added.out.trimmed();
    }

    /// A client of Socket.IO that polls; the path of its session.
    static QByteArray socketIo(HttpClient &http, const QByteArray &token)
    {
        const QByteArray base = "/socket.io/?EIO=4&transport=polling";
        const Reply opened = http.get(base);
        const QByteArray path = base + "&sid=" +
                                QJsonDocument::fromJson(opened.body.mid(1))
                                    .object()
                                    .value(u"sid")
                                    .toString()
                                    .toLatin1();
        http.request("POST", path, "40{\"token\":\"" + token + "\"}");
        return path;
    }

    std::unique_ptr<QTemporaryDir> m_folder;
};

PATCHBOARD_TEST(TestAccess)
#include "tst_access.moc"
