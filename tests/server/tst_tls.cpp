#include "model/sync/syncclient.h"
#include "model/sync/websockettransport.h"
#include "tests/server/httpclient.h"
#include "tests/support/hostprocess.h"
#include "tests/support/testmain.h"

#include <QFile>
#include <QProcess>
#include <QRegularExpression>
#include <QSslCertificate>
#include <QSslSocket>
#include <QTemporaryDir>

using namespace patchboard;

namespace {

constexpr int kPatienceMs = 30'000;

bool runOpenssl(const QStringList &arguments)
{
    QProcess process;
    process.start(QStringLiteral("openssl"), arguments);
    return process.waitForFinished(kPatienceMs) && process.exitCode() == 0;
}

} // namespace

/// A host with a certificate: https and wss on its one port.
class TestTls : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        QTest::failOnWarning(QRegularExpression(QStringLiteral(".*")));
        m_folder = std::make_unique<QTemporaryDir>();
        QVERIFY2(
            runOpenssl({QStringLiteral("req"), QStringLiteral("-x509"), QStringLiteral("-newkey"),
                        QStringLiteral("rsa:2048"), QStringLiteral("-nodes"),
                        QStringLiteral("-days"), QStringLiteral("2"), QStringLiteral("-subj"),
                        QStringLiteral("/CN=localhost"), QStringLiteral("-addext"),
                        QStringLiteral("subjectAltName=DNS:localhost,IP:127.0.0.1"),
                        QStringLiteral("-keyout"), path("key.pem"), QStringLiteral("-out"),
                        path("cert.pem")}),
            "openssl made no certificate");
    }
    void cleanup() { m_folder.reset(); }

    void httpsAndLimits()
    {
        HostProcess server;
        QVERIFY2(startServer(server), server.log().constData());
        QVERIFY(server.firstLine().contains("https://") && server.firstLine().contains("wss://"));
        QByteArray answer = ask(server.port(), "GET /health HTTP/1.1\r\nHost: localhost\r\n"
                                               "Connection: close\r\n\r\n");
        QVERIFY2(answer.startsWith("HTTP/1.1 200") && answer.contains("healthy"), answer);
        // A large answer, and a body that arrives in pieces.
        answer = ask(server.port(), "GET /openapi.json HTTP/1.1\r\nHost: localhost\r\n"
                                    "Connection: close\r\n\r\n");
        QVERIFY2(answer.startsWith("HTTP/1.1 200") && answer.endsWith('}'), answer.left(200));
        const QByteArray body = R"({"name":"A","device_type":"OLT","x":0,"y":0})";
        answer = ask(server.port(),
                     "POST /api/devices HTTP/1.1\r\nHost: localhost\r\nContent-Length: " +
                         QByteArray::number(body.size()) + "\r\nConnection: close\r\n\r\n" + body);
        QVERIFY2(answer.startsWith("HTTP/1.1 201"), answer);
        // The guard stands behind it as it does without.
        answer = ask(server.port(), "POST /api/devices HTTP/1.1\r\nHost: localhost\r\n"
                                    "Content-Length: 99999999\r\n\r\n" +
                                        QByteArray(100'000, 'x'));
        QVERIFY2(answer.startsWith("HTTP/1.1 413"), answer);
        // Who does not speak TLS gets nothing of it.
        HttpClient plain(server.port());
        QCOMPARE(plain.get("/health").status, 0);
        QVERIFY(server.isRunning());
        QCOMPARE(server.terminate(), 0);
    }

    void windowsAreEncryptedToo()
    {
        HostProcess server;
        QVERIFY2(startServer(server), server.log().constData());
        const QUrl url(QStringLiteral("wss://127.0.0.1:%1").arg(server.port()));
        const auto certificates = QSslCertificate::fromPath(path("cert.pem"), QSsl::Pem);
        QCOMPARE(certificates.size(), 1);
        SyncClient::Options options;
        options.author = QStringLiteral("Ana");
        options.transport = WebSocketTransport::factory(url, certificates);
        SyncClient trusting(options);
        QTRY_COMPARE(trusting.status().state, ConnectionState::Live);
        const auto ids = trusting.topology().devices().ids();
        QCOMPARE(ids.size(), 10); // the demo
        // What others change comes through it.
        const QByteArray answer =
            ask(server.port(), "DELETE /api/devices/" + QByteArray::number(ids.last()) +
                                   " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        QVERIFY2(answer.startsWith("HTTP/1.1 204"), answer);
        QTRY_COMPARE(trusting.topology().devices().size(), 9);

        options.transport = WebSocketTransport::factory(url);
        SyncClient wary(options);
        QTRY_VERIFY(wary.status().detail.contains(QStringLiteral("is not trusted")));
        const QString digest =
            QString::fromLatin1(certificates.first().digest(QCryptographicHash::Sha256).toHex(':'));
        QVERIFY2(wary.status().detail.contains(digest), qPrintable(wary.status().detail));
        QVERIFY(!wary.status().ready);
        QCOMPARE(server.terminate(), 0);
    }

    void refusesBadFiles()
    {
        QFile empty(path("empty.pem"));
        QVERIFY(empty.open(QIODevice::WriteOnly));
        empty.close();
        const auto refused = [this](const QStringList &options, const char *says) {
            const auto finished =
                HostProcess::run(QStringList{QStringLiteral("serve"), path("a.board")} + options);
            QCOMPARE(finished.code, 1);
            QVERIFY2(finished.err.contains(says), finished.err.constData());
        };
        const QString cert = QStringLiteral("--tls-cert");
        const QString key = QStringLiteral("--tls-key");
        refused({cert, path("cert.pem")}, "belong together");
        refused({cert, path("none.pem"), key, path("key.pem")}, "cannot be read");
        refused({cert, path("empty.pem"), key, path("key.pem")}, "no certificate");
        refused({cert, path("cert.pem"), key, path("cert.pem")}, "no key");
    }

private:
    QString path(const char *name) const { return m_folder->filePath(QString::fromLatin1(name)); }
    bool startServer(HostProcess &server) const
    {
        return server.start(path("a.board"),
                            {QStringLiteral("--demo"), QStringLiteral("--tls-cert"),
                             path("cert.pem"), QStringLiteral("--tls-key"), path("key.pem")});
    }
    /// Everything that comes until the other end closes, or its answer is whole.
    QByteArray ask(quint16 port, const QByteArray &request) const
    {
        QSslSocket socket;
        QSslConfiguration tls = QSslConfiguration::defaultConfiguration();
        tls.addCaCertificates(QSslCertificate::fromPath(path("cert.pem"), QSsl::Pem));
        socket.setSslConfiguration(tls);
        socket.connectToHostEncrypted(QStringLiteral("127.0.0.1"), port);
        if (!socket.waitForEncrypted(kPatienceMs))
            return socket.errorString().toUtf8();
        socket.write(request);
        QByteArray answer;
        while (socket.state() == QAbstractSocket::ConnectedState &&
               socket.waitForReadyRead(kPatienceMs))
            answer += socket.readAll();
        return answer + socket.readAll();
    }

    std::unique_ptr<QTemporaryDir> m_folder;
};

PATCHBOARD_TEST(TestTls)
#include "tst_tls.moc"
