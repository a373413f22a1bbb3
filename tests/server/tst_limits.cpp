#include "model/core/edits.h"
#include "server/clientlink.h"
#include "tests/server/syncpeer.h"
#include "tests/support/hostprocess.h"
#include "tests/support/testmain.h"

#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

using namespace patchboard;

/// What /sync does with those who ask for too much or speak another language: an answer with a
/// code, and nobody else notices.
class TestLimits : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase()
    {
        QVERIFY2(m_server.start(m_folder.filePath(QStringLiteral("limits.board")),
                                {QStringLiteral("--durability"), QStringLiteral("normal")}),
                 m_server.log().constData());
    }
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }
    void cleanup()
    {
        // Whatever somebody sent, the host is there for the next one.
        QVERIFY(m_server.isRunning());
        SyncPeer next(m_server.port(), {});
        QTRY_VERIFY(next.welcomed);
    }
    void cleanupTestCase() { QCOMPARE(m_server.terminate(), 0); }

    void versionsAreAgreedUpon();
    void anotherVersionIsRefused();
    void whatIsNoMessageEndsTheConnection_data();
    void whatIsNoMessageEndsTheConnection();
    void framesHaveALimit();
    void changesHaveALimit();
    void messagesHaveARate();
    void whatMayComeGrowsAgain();

private:
    QTemporaryDir m_folder;
    HostProcess m_server;
};

void TestLimits::versionsAreAgreedUpon()
{
    SyncPeer newer(m_server.port(), {}, false);
    QTRY_VERIFY(newer.open);
    newer.hello.protocolMax = wire::kProtocolMax + 7;
    newer.send(newer.hello);
    QTRY_VERIFY(newer.welcomed);
    QCOMPARE(newer.protocol, wire::kProtocolMax);
}

void TestLimits::anotherVersionIsRefused()
{
    SyncPeer newer(m_server.port(), {}, false);
    QTRY_VERIFY(newer.open);
    newer.hello.protocolMin = wire::kProtocolMax + 1;
    newer.hello.protocolMax = wire::kProtocolMax + 7;
    newer.send(newer.hello);
    QTRY_VERIFY(newer.failure && newer.closed);
    QVERIFY(newer.failure->fatal); // coming again is of no use
    QCOMPARE(newer.failure->error.code, Errc::Protocol);
    QVERIFY(!newer.failure->error.text.isEmpty());
}

void TestLimits::whatIsNoMessageEndsTheConnection_data()
{
    QTest::addColumn<QByteArray>("frame");
    QTest::addColumn<bool>("greeted");
    QTest::newRow("nothing") << QByteArray("") << true;
    QTest::newRow("no CBOR") << QByteArray("\xff\xff\xff\xff") << true;
    QTest::newRow("no array") << QByteArray("\xa1\x01\x02") << true;
    QTest::newRow("no such message") << QByteArray("\x81\x18\x63") << true;
    QTest::newRow("half a message")
        << wire::encode(wire::Submit{QByteArray(100, 'x')}).chopped(20) << true;
    QTest::newRow("a host's message") << wire::encode(wire::Welcome()) << true;
    QTest::newRow("a change that is none") << wire::encode(wire::Submit{"nonsense"}) << true;
    QTest::newRow("a change before Hello") << wire::encode(wire::Submit{"nonsense"}) << false;
}

void TestLimits::whatIsNoMessageEndsTheConnection()
{
    QFETCH(QByteArray, frame);
    QFETCH(bool, greeted);
    SyncPeer peer(m_server.port(), {}, greeted);
    QTRY_VERIFY(greeted ? peer.welcomed : peer.open);
    peer.sendBytes(frame);
    QTRY_VERIFY(peer.closed);
    QVERIFY(peer.failure);
    QCOMPARE(peer.failure->error.code, Errc::Protocol);
    QVERIFY(peer.failure->fatal);
}

void TestLimits::framesHaveALimit()
{
    SyncPeer peer(m_server.port(), {});
    QTRY_VERIFY(peer.welcomed);
    peer.sendBytes(QByteArray(wire::kMaxFrameBytes + 1, 'x'));
    QTRY_VERIFY(peer.closed);
    QCOMPARE(peer.closeCode(), QWebSocketProtocol::CloseCodeTooMuchData); // 1009
}

void TestLimits::changesHaveALimit()
{
    SyncPeer peer(m_server.port(), {});
    QTRY_VERIFY(peer.welcomed);
    Change change;
    change.site = peer.site;
    change.cseq = 1;
    change.edits = {CreateEntity{EntityKind::Device,
                                 makeId(peer.site, 1),
                                 {{Field::Name, QStringLiteral("R1")},
                                  {Field::DeviceType, QStringLiteral("ROUTER")},
                                  {Field::Address, QString(60 * 1024, u'x')}},
                                 0}};
    peer.send(wire::Submit{wire::encodeChange(change)});
    QTRY_VERIFY(!peer.outcomes.isEmpty() || peer.closed);
    QVERIFY(!peer.closed);
    QVERIFY(peer.outcomes.first().refusal);
    QVERIFY(peer.outcomes.first().refusal->text.contains(QLatin1String("ddress")));
    // It has used its number up, and blocks nothing.
    change.cseq = 2;
    std::get<CreateEntity>(change.edits.first()).fields.removeLast();
    peer.send(wire::Submit{wire::encodeChange(change)});
    QTRY_COMPARE(peer.committed, 1);
}

/// Also for those who ask several times within a millisecond. By a clock that the test sets.
void TestLimits::whatMayComeGrowsAgain()
{
    constexpr qint64 kStep = 100'000; // ns
    server::Allowance allowance(20'000, 5000);
    QVERIFY(!allowance.take(20'000, 0));
    for (qint64 now = kStep; now <= 1'000'000'000; now += kStep)
        QVERIFY(!allowance.take(0.4, now)); // 0.5 of it came since the last time
    QVERIFY(!allowance.take(999, 1'000'000'000));
    QCOMPARE(qRound(allowance.take(2501, 1'000'000'000).value() * 1000), 500);
    QVERIFY(!allowance.take(20'000, 10'000'000'000)); // no more than at once
    QVERIFY(allowance.take(1, 10'000'000'000));
}

void TestLimits::messagesHaveARate()
{
    SyncPeer other(m_server.port(), {});
    SyncPeer peer(m_server.port(), {});
    QTRY_VERIFY(peer.welcomed && other.welcomed);
    for (int i = 0; i < 40000 && !peer.closed; ++i)
        peer.send(wire::Ping{quint64(i)});
    QTRY_VERIFY(peer.closed);
    QVERIFY(peer.failure);
    QCOMPARE(peer.failure->error.code, Errc::Unavailable);
    QVERIFY(peer.failure->retryAfter >= 1000);
    QVERIFY(!peer.failure->fatal);
    other.send(wire::Ping{1});
    QTRY_COMPARE(other.pongs, 1);
    QVERIFY(!other.closed);
}

PATCHBOARD_TEST(TestLimits)
#include "tst_limits.moc"
