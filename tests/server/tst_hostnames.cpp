#include "server/http/hostnames.h"
#include "tests/server/httpclient.h"
#include "tests/support/hostprocess.h"
#include "tests/support/testmain.h"

#include <QHostInfo>
#include <QRegularExpression>
#include <QTemporaryDir>

using namespace patchboard;

/// Pages whose own name leads to this machine (DNS rebinding) do not reach a host without tokens.
class TestHostNames : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }
    void names_data();
    void names();
    void optionNames();
    void strangersAreRefused();
    void tokensNeedNoNames();
};

void TestHostNames::names_data()
{
    QTest::addColumn<QString>("listened");
    QTest::addColumn<QByteArray>("header");
    QTest::addColumn<bool>("allowed");
    const QString loopback = QStringLiteral("127.0.0.1");
    const QString other = QStringLiteral("192.0.2.7");
    const auto row = [&](const QString &listened, const QByteArray &header, bool allowed) {
        QTest::newRow((listened.toLatin1() + " as " + header).constData())
            << listened << header << allowed;
    };
    for (const char *header :
         {"localhost", "localhost:5001", "LocalHost:5001", "localhost.:5001", "board.localhost",
          "127.0.0.1", "127.0.0.1:5001", "127.8.8.8:80", "[::1]:5001", "[::1]", "board.lab.example",
          "BOARD.lab.example:5001", "wide.example", "a.b.wide.example:1"})
        row(loopback, header, true);
    row(loopback, QHostInfo::localHostName().toLatin1() + ":5001", true);
    for (const char *header : {"evil.example",
                               "evil.example:5001",
                               "localhost.evil.example",
                               "127.0.0.1.evil.example",
                               "evil-localhost",
                               "192.0.2.7",
                               "[2001:db8::1]:5001",
                               "[::1",
                               "[::1]x",
                               "",
                               ":5001",
                               "localhost, evil.example",
                               "evil.example, localhost",
                               "x.board.lab.example",
                               "evilwide.example",
                               "127.1",
                               "2130706433",
                               "0x7f.0.0.1",
                               "999.0.0.1",
                               "[evil.example]"})
        row(loopback, header, false);
    row(other, "192.0.2.7:5001", true);
    row(other, "localhost", true);
    row(other, "192.0.2.8:5001", false);
    row(other, "evil.example", false);
    row(QStringLiteral("0.0.0.0"), "192.0.2.8:5001", true);
    row(QStringLiteral("::"), "[2001:db8::1]:5001", true);
    row(QStringLiteral("::"), "evil.example:5001", false);
}

void TestHostNames::names()
{
    QFETCH(QString, listened);
    QFETCH(QByteArray, header);
    QFETCH(bool, allowed);
    const http::HostNames names(QHostAddress(listened), {QStringLiteral("Board.lab.example"),
                                                         QStringLiteral(".wide.example")});
    QCOMPARE(names.allows(header), allowed);
}

void TestHostNames::optionNames()
{
    for (const char *good : {"board", "board.lab.example", ".lab.example", "192.0.2.7", "::1"})
        QVERIFY2(http::HostNames::isName(QLatin1String(good)), good);
    for (const char *bad : {"", ".", "a..b", "http://board", "board:5001", "*", "a b", "board."})
        QVERIFY2(!http::HostNames::isName(QLatin1String(bad)), bad);
}

void TestHostNames::strangersAreRefused()
{
    QTemporaryDir folder;
    HostProcess server;
    QVERIFY2(server.start(folder.filePath(QStringLiteral("a.board")),
                          {QStringLiteral("--demo"), QStringLiteral("--allowed-host"),
                           QStringLiteral("board.lab.example")}),
             server.log().constData());
    HttpClient http(server.port());
    const QByteArray upgrade =
        " HTTP/1.1\r\nHost: %1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
    const QList<QByteArray> requests{
        "GET /api/devices HTTP/1.1\r\nHost: %1\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: %1\r\n\r\n",
        "GET /health HTTP/1.1\r\nHost: %1\r\n\r\n",
        "GET /none HTTP/1.1\r\nHost: %1\r\n\r\n",
        "OPTIONS /api/devices HTTP/1.1\r\nHost: %1\r\nOrigin: http://localhost:5173\r\n"
        "Access-Control-Request-Method: GET\r\n\r\n",
        // Of one origin with the page: the Origin check alone would let it pass.
        "POST /api/seed HTTP/1.1\r\nHost: %1\r\nOrigin: http://%1\r\nContent-Length: 0\r\n\r\n",
        "GET /socket.io/?EIO=4&transport=polling HTTP/1.1\r\nHost: %1\r\n\r\n",
        "GET /socket.io/?EIO=4&transport=websocket" + upgrade,
        "GET /sync" + upgrade,
    };
    for (const QByteArray &request : requests) {
        http.close();
        Reply reply = http.raw(QByteArray(request).replace("%1", "evil.example:5001"));
        QCOMPARE(reply.status, 403);
        QVERIFY2(reply.detail().startsWith(QStringLiteral(
                     "Host not allowed: this host is not known as evil.example:5001.")),
                 reply.body.constData());
        for (const char *name : {"localhost:5001", "127.0.0.1", "board.lab.example"}) {
            http.close();
            reply = http.raw(QByteArray(request).replace("%1", name));
            QVERIFY2(reply.status != 403 && reply.status != 0, request.constData());
        }
    }
    http.close();
    QCOMPARE(http.raw("GET /health HTTP/1.0\r\n\r\n").status, 200); // no name, no browser
    QCOMPARE(server.terminate(), 0);

    const auto wrong = HostProcess::run({QStringLiteral("serve"), QStringLiteral("--allowed-host"),
                                         QStringLiteral("http://board")});
    QCOMPARE(wrong.code, 1);
    QVERIFY2(wrong.err.contains("--allowed-host http://board: not the name of a host"),
             wrong.err.constData());
}

void TestHostNames::tokensNeedNoNames()
{
    QTemporaryDir folder;
    const QString board = folder.filePath(QStringLiteral("a.board"));
    const auto added = HostProcess::run({QStringLiteral("token"), QStringLiteral("add"), board,
                                         QStringLiteral("--role"), QStringLiteral("viewer")});
    QCOMPARE(added.code, 0);
    HostProcess server;
    QVERIFY2(server.start(board), server.log().constData());
    HttpClient http(server.port());
    // What a page has to bring is more than its name.
    QCOMPARE(http.raw("GET /api/devices HTTP/1.1\r\nHost: evil.example\r\n\r\n").status, 401);
    QCOMPARE(http.raw("GET /api/devices HTTP/1.1\r\nHost: evil.example\r\nAuthorization: Bearer " +
                      added.out.trimmed() + "\r\n\r\n")
                 .status,
             200);
    QCOMPARE(server.terminate(), 0);
}

PATCHBOARD_TEST(TestHostNames)
#include "tst_hostnames.moc"
