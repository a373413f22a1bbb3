#include "server/http/guard.h"
#include "server/http/problem.h"
#include "tests/support/testmain.h"

#include <QRegularExpression>
#include <QTcpSocket>

using namespace patchboard;

/// Clients that take their time end after the limits, in words where there is somebody to tell.
class TestSlowClients : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void areDropped_data()
    {
        QTest::addColumn<QByteArray>("sent");
        QTest::addColumn<QByteArray>("answer"); // "": the connection ends without one
        const auto row = [](const char *name, const QByteArray &sent, const QByteArray &answer) {
            QTest::newRow(name) << sent << answer;
        };
        row("nothing", {}, {});
        row("half a head", "GET / HTTP/1.1\r\nX: ", "HTTP/1.1 408");
        row("half a body", "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\nabc",
            "HTTP/1.1 408");
        row("half a chunk",
            "POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab",
            "HTTP/1.1 408");
        row("no second request", "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n", "HTTP/1.1 200");
    }
    void areDropped()
    {
        QFETCH(const QByteArray, sent);
        QFETCH(const QByteArray, answer);
        http::Limits limits;
        limits.headMs = limits.bodyMs = limits.idleMs = 50;
        http::HttpServer server(limits);
        server.setHandler([](const http::Request &) { return http::Response{}; });
        QVERIFY(server.open(QHostAddress::LocalHost, 0));
        QTcpSocket client;
        client.connectToHost(QHostAddress::LocalHost, server.port());
        client.write(sent);
        QTRY_COMPARE(client.state(), QAbstractSocket::UnconnectedState);
        const QByteArray got = client.readAll();
        QVERIFY2(answer.isEmpty() ? got.isEmpty() : got.startsWith(answer), got);
    }

    /// One byte now and then does not keep a body going for ever.
    void bodiesEnd()
    {
        http::Limits limits;
        limits.bodyTotalMs = 300;
        http::HttpServer server(limits);
        int handled = 0;
        server.setHandler([&handled](const http::Request &) {
            ++handled;
            return http::Response{};
        });
        QVERIFY(server.open(QHostAddress::LocalHost, 0));
        QTcpSocket client;
        QTimer drip;
        connect(&drip, &QTimer::timeout, &client, [&client] { client.write("x"); });
        client.connectToHost(QHostAddress::LocalHost, server.port());
        client.write("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n\r\n");
        drip.start(20);
        QByteArray got;
        connect(&client, &QTcpSocket::readyRead, this, [&] { got += client.readAll(); });
        QTRY_VERIFY(got.startsWith("HTTP/1.1 408"));
        drip.stop();
        QCOMPARE(handled, 0);
    }
};

PATCHBOARD_TEST(TestSlowClients)
#include "tst_slowclients.moc"
