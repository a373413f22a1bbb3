#include "model/core/edits.h"
#include "model/sync/syncclient.h"
#include "model/sync/websockettransport.h"
#include "server/hostthread.h"
#include "server/store/sqlitestore.h"
#include "tests/server/httpclient.h"
#include "tests/support/testmain.h"

#include <QHostAddress>
#include <QRegularExpression>
#include <QTcpServer>
#include <QTemporaryDir>
#include <QTest>
#include <QUrl>

using namespace patchboard;
using server::HostThread;

/// The host inside the desktop program: a board file in a thread, its own window over a loopback,
/// others over the network while it is shared.
class TestHostThread : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        QTest::failOnWarning(QRegularExpression(QStringLiteral(".*")));
        m_folder = std::make_unique<QTemporaryDir>();
    }

    void servesItsOwnAndOthers()
    {
        HostThread host(options(QStringLiteral("own.board")));
        QVERIFY(host.open());
        // Who connects while the board is still being read is served when it is there.
        const auto mine = client(host.factory());
        QVERIFY(host.waitUntilRead());
        QVERIFY(host.isOpen());
        QTRY_COMPARE(mine->status().state, ConnectionState::Live);
        QVERIFY(make(*mine, QStringLiteral("R1")));
        QTRY_COMPARE(mine->status().pending, qint64(0));

        QCOMPARE(host.port(), quint16(0));
        const auto port = host.share(QHostAddress(QHostAddress::LocalHost), 0);
        QVERIFY(port);
        QCOMPARE(host.port(), *port);
        const auto other = client(WebSocketTransport::factory(address(*port)));
        QTRY_COMPARE(other->status().state, ConnectionState::Live);
        QVERIFY(other->topology().deviceByName(QStringLiteral("R1")) != 0);
        QVERIFY(make(*other, QStringLiteral("R2")));
        QTRY_VERIFY(mine->topology().deviceByName(QStringLiteral("R2")) != 0);

        // No longer shared: the other knows at once, its own window notices nothing.
        host.unshare();
        QCOMPARE(host.port(), quint16(0));
        QTRY_VERIFY(other->status().state != ConnectionState::Live);
        QVERIFY(make(*other, QStringLiteral("R3")));
        QVERIFY(make(*mine, QStringLiteral("R4")));
        QTRY_COMPARE(mine->status().pending, qint64(0));
        QCOMPARE(mine->status().state, ConnectionState::Live);
        QVERIFY(mine->topology().deviceByName(QStringLiteral("R3")) == 0);

        // Shared again at the same port: what was made without it arrives.
        QVERIFY(host.share(QHostAddress(QHostAddress::LocalHost), *port));
        other->reconnectNow();
        QTRY_VERIFY(mine->topology().deviceByName(QStringLiteral("R3")) != 0);
        QTRY_VERIFY(other->topology().deviceByName(QStringLiteral("R4")) != 0);
    }

    void sharingIsRefused()
    {
        HostThread host(options(QStringLiteral("refused.board")));
        QVERIFY(!host.share(QHostAddress(QHostAddress::LocalHost), 0)); // not open yet
        QVERIFY(host.open());
        QVERIFY(host.waitUntilRead());
        QTcpServer taken;
        QVERIFY(taken.listen(QHostAddress::LocalHost));
        const auto inUse = host.share(QHostAddress(QHostAddress::LocalHost), taken.serverPort());
        QVERIFY(!inUse);
        QVERIFY2(inUse.error().text.contains(QString::number(taken.serverPort())),
                 qPrintable(inUse.error().text));
        QCOMPARE(host.port(), quint16(0));
        // An address that others reach has to be wished for.
        // Beyond this machine with a token, for as long as it is shared.
        const auto tokens = [&] {
            const auto kept =
                access::TokenFile::openExisting(access::TokenFile::pathFor(host.file()));
            return kept && *kept ? (*kept)->tokens().value() : QList<access::Token>();
        };
        QVERIFY(host.shareToken().isEmpty());
        const auto outside =
            host.share(QHostAddress(QHostAddress::AnyIPv4), 0, access::Role::Viewer);
        QVERIFY(outside);
        QVERIFY(host.shareToken().startsWith(QLatin1String("pbt_")));
        QCOMPARE(tokens().size(), 1);
        QCOMPARE(tokens().first().role, access::Role::Viewer);
        HttpClient http(*outside);
        QCOMPARE(http.get("/api/devices").status, 401);
        QCOMPARE(http.request("GET", "/api/devices", {},
                              {"Authorization: Bearer " + host.shareToken().toLatin1()})
                     .status,
                 200);
        host.unshare();
        QVERIFY(host.shareToken().isEmpty() && tokens().isEmpty());
        // A board that has tokens asks for one on this machine too.
        {
            const auto own = access::TokenFile::open(access::TokenFile::pathFor(host.file()));
            QVERIFY(own.ok() && (*own)->add({}, access::Role::Admin, {}, 1).ok());
        }
        QVERIFY(host.share(QHostAddress(QHostAddress::LocalHost), 0));
        QVERIFY(!host.shareToken().isEmpty());
        QCOMPARE(tokens().size(), 2);
        host.stop();
        QCOMPARE(tokens().size(), 1);
    }

    void filesThatAreNoBoards()
    {
        const QString foreign = m_folder->filePath(QStringLiteral("foreign.board"));
        QFile file(foreign);
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write("not a board at all") > 0);
        file.close();
        HostThread host(options(QStringLiteral("foreign.board")));
        const auto opened = host.open();
        QVERIFY(!opened);
        QVERIFY2(opened.error().text.size() > 10, qPrintable(opened.error().text));
        QVERIFY(!host.isOpen());

        // One host at a time.
        HostThread first(options(QStringLiteral("locked.board")));
        QVERIFY(first.open() && first.waitUntilRead());
        HostThread second(options(QStringLiteral("locked.board")));
        QVERIFY(!second.open());
    }

    /// A board whose rows are damaged is found when it is read: who connected hangs on nothing.
    void damageIsSaidWhenItIsRead()
    {
        const QString path = m_folder->filePath(QStringLiteral("damaged.board"));
        {
            HostThread host(options(QStringLiteral("damaged.board")));
            QVERIFY(host.open() && host.waitUntilRead());
            const auto mine = client(host.factory());
            QTRY_COMPARE(mine->status().state, ConnectionState::Live);
            for (int i = 0; i < 50; ++i)
                QVERIFY(make(*mine, QStringLiteral("D%1").arg(i)));
            QTRY_COMPARE(mine->status().pending, qint64(0));
        }
        QFile file(path);
        QVERIFY(file.open(QIODevice::ReadWrite) && file.size() > 3 * 4096);
        QVERIFY(file.seek(4096));
        const QByteArray noise(int(file.size()) - 4096, '\x5a');
        QCOMPARE(file.write(noise), qint64(noise.size()));
        file.close();
        HostThread host(options(QStringLiteral("damaged.board")));
        const auto opened = host.open();
        if (opened) {
            const auto mine = client(host.factory());
            QVERIFY(!host.waitUntilRead());
        }
        QVERIFY(!host.isOpen());
    }

private:
    [[nodiscard]] HostThread::Options options(const QString &name) const
    {
        HostThread::Options options;
        options.file = m_folder->filePath(name);
        return options;
    }
    static std::unique_ptr<SyncClient> client(const TransportFactory &transport)
    {
        SyncClient::Options options;
        options.transport = transport;
        options.author = QStringLiteral("test");
        return std::make_unique<SyncClient>(std::move(options));
    }
    static QUrl address(quint16 port)
    {
        return QUrl(QStringLiteral("ws://127.0.0.1:%1/sync").arg(port));
    }
    static bool make(SyncClient &client, const QString &name)
    {
        edits::NewDevice device;
        device.name = name;
        device.type = QStringLiteral("ROUTER");
        const auto done = client.submit(
            edits::createDevice(client.topology(), device, [&client] { return client.newId(); }),
            QStringLiteral("Create %1").arg(name));
        return bool(done);
    }

    std::unique_ptr<QTemporaryDir> m_folder;
};

PATCHBOARD_TEST(TestHostThread)
#include "tst_hostthread.moc"
