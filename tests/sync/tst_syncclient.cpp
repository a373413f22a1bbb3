#include "model/core/edits.h"
#include "model/sync/journal.h"
#include "model/sync/syncclient.h"
#include "model/sync/websockettransport.h"
#include "model/topologymodel.h"
#include "model/wire/codec.h"
#include "tests/support/sync/randomedits.h"
#include "tests/support/testmain.h"
#include "tests/sync/testhost.h"

#include <QProcess>
#include <QRegularExpression>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QUrl>

using namespace patchboard;

namespace {

SyncClient::Options optionsFor(const TransportFactory &factory, const QString &author)
{
    SyncClient::Options options;
    options.transport = factory;
    options.server = QStringLiteral("this computer");
    options.author = author;
    options.backOffFirst = 10;
    options.backOffLongest = 50;
    options.presenceInterval = 5;
    return options;
}

bool isLive(const SyncClient &client)
{
    return client.status().state == ConnectionState::Live;
}

bool isSettled(const SyncClient &client, quint64 revision)
{
    return isLive(client) && client.status().pending == 0 && client.status().revision == revision;
}

EntityId addDevice(SyncClient &client, const QString &name)
{
    EntityId id = 0;
    const auto submitted =
        client.submit(edits::createDevice(
                          client.topology(), {name, QStringLiteral("ROUTER"), {10, 20}, 0, true},
                          [&] { return client.newId(); }, &id),
                      QStringLiteral("Add ") + name);
    return submitted ? id : 0;
}

int timesInLog(const MemoryLog &log, const QString &label)
{
    int times = 0;
    for (const QByteArray &bytes : log.entries)
        times += wire::decodeCommit(bytes)->label == label;
    return times;
}

} // namespace

/// The client with its threads, timers and disk, against a host in another thread.
class TestSyncClient : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void twoWindowsShareABoard();
    void presenceIsShown();
    void refusalsAndNoticesAreTold();
    void undoLeavesOthersAlone();
    void hundredSessionsEndEqual();
    void aClosedHostIsNoticedAtOnce();
    void silenceIsNoticed();
    void aBusyWindowStaysLive();
    void offlineEditsAreSentLater();
    void aKilledWindowLosesNothing();
    void workingOfflineIsAChoice();
    void webSocketsWork();
    void aLongMissedTailArrives();
};

void TestSyncClient::twoWindowsShareABoard()
{
    TestHost host;
    SyncClient a(optionsFor(host.factory(), QStringLiteral("Ann")));
    SyncClient b(optionsFor(host.factory(), QStringLiteral("Bob")));
    QTRY_VERIFY(isLive(a) && isLive(b));
    QVERIFY(a.site() != b.site());

    const EntityId id = addDevice(a, QStringLiteral("R1"));
    QVERIFY(id != 0);
    QVERIFY(a.topology().device(id)); // at once
    QTRY_VERIFY(b.topology().device(id));
    QCOMPARE(b.model()->indexOf(id).data().toString(), QStringLiteral("R1"));

    QVERIFY(b.submit(edits::moveDevices({{id, QPointF(7, 8)}}), QStringLiteral("Move")));
    QTRY_COMPARE(a.topology().device(id)->position, QPointF(7, 8));
    QVERIFY(a.submit({edits::setField(id, Field::Name, QStringLiteral("R2"))},
                     QStringLiteral("Rename")));
    QTRY_COMPARE(b.topology().device(id)->name, QStringLiteral("R2"));
    QVERIFY(b.submit({RemoveEntities{{id}, false}}, QStringLiteral("Delete")));
    QTRY_VERIFY(!a.topology().device(id));

    QTRY_VERIFY(isSettled(a, 4) && isSettled(b, 4));
    QVERIFY(a.topology() == b.topology());
    QCOMPARE(a.topology().digest(), host.digest());
}

void TestSyncClient::presenceIsShown()
{
    TestHost host;
    SyncClient a(optionsFor(host.factory(), QStringLiteral("Ann")));
    SyncClient b(optionsFor(host.factory(), QStringLiteral("Bob")));
    QTRY_VERIFY(isLive(a) && isLive(b));
    QTRY_COMPARE(a.people().size(), 2);
    QTRY_COMPARE(b.people().size(), 2);
    const auto ann = [&]() -> Person {
        for (const Person &person : b.people()) {
            if (!person.self)
                return person;
        }
        return {};
    };
    QCOMPARE(ann().name, QStringLiteral("Ann"));
    QVERIFY(b.people().at(0).colour != b.people().at(1).colour);
    const EntityId id = addDevice(a, QStringLiteral("R1"));
    a.setPointer(QPointF(1, 2));
    a.setPointer(QPointF(3, 4));
    a.setSelection({id});
    const quint64 gesture = a.newGesture();
    a.setDrag(gesture, {{id, QPointF(50, 60)}});
    QTRY_COMPARE(ann().gesture, gesture);
    QTRY_VERIFY(b.topology().device(id));
    QCOMPARE(ann().pointer, std::optional(QPointF(3, 4)));
    QCOMPARE(ann().selection, QList<EntityId>{id});
    QCOMPARE(ann().drag.size(), 1);
    QCOMPARE(b.topology().device(id)->position, QPointF(10, 20)); // only a ghost moves

    // The drop ends the ghost, in the same turn in which the device moves.
    bool together = true;
    connect(b.model(), &TopologyModel::changed, &b,
            [&] { QTimer::singleShot(0, &b, [&] { together = together && ann().gesture == 0; }); });
    QVERIFY(a.submit(edits::moveDevices({{id, QPointF(50, 60)}}), QStringLiteral("Move"), gesture));
    QTRY_COMPARE(b.topology().device(id)->position, QPointF(50, 60));
    QCOMPARE(ann().gesture, quint64(0));
    QVERIFY(together);

    a.setPointer(std::nullopt);
    QTRY_VERIFY(!ann().pointer);
    a.workOffline();
    QTRY_COMPARE(b.people().size(), 1);
    a.reconnectNow();
    QTRY_COMPARE(b.people().size(), 2);
    QTRY_COMPARE(ann().selection, QList<EntityId>{id}); // told again
}

void TestSyncClient::refusalsAndNoticesAreTold()
{
    TestHost host;
    SyncClient a(optionsFor(host.factory(), QStringLiteral("Ann")));
    SyncClient b(optionsFor(host.factory(), QStringLiteral("Bob")));
    QTRY_VERIFY(isLive(a) && isLive(b));
    const auto group = [](SyncClient &client, const QString &name) {
        const EntityId id = client.newId();
        const bool ok(client.submit(
            {CreateEntity{EntityKind::Device,
                          id,
                          {{Field::Name, name}, {Field::DeviceType, QStringLiteral("POP")}},
                          0}},
            QStringLiteral("Add")));
        return ok ? id : 0;
    };
    const EntityId x = group(a, QStringLiteral("X"));
    const EntityId y = group(a, QStringLiteral("Y"));
    QTRY_VERIFY(b.topology().device(x) && b.topology().device(y));
    QSignalSpy refused(&b, &Session::refused);
    QSignalSpy noticed(&b, &Session::noticed);
    // Both, unseen by each other: X into Y, Y into X. And both name something R.
    b.workOffline();
    QTRY_COMPARE(b.status().state, ConnectionState::Offline);
    QVERIFY(b.submit({edits::setField(y, Field::Container, qint64(x))}, QStringLiteral("Into X")));
    const EntityId mine = addDevice(b, QStringLiteral("R"));
    QVERIFY(mine != 0);
    QVERIFY(a.submit({edits::setField(x, Field::Container, qint64(y))}, QStringLiteral("Into Y")));
    QVERIFY(addDevice(a, QStringLiteral("R")) != 0);
    QTRY_COMPARE(a.status().pending, 0);
    QCOMPARE(b.topology().device(y)->container, x);
    b.reconnectNow();
    QTRY_COMPARE(b.status().pending, 0);
    QCOMPARE(refused.size(), 1);
    QCOMPARE(refused.at(0).at(1).toString(), QStringLiteral("Into X"));
    QCOMPARE(b.topology().device(y)->container, EntityId(0));
    QCOMPARE(b.topology().device(x)->container, y);
    QCOMPARE(noticed.size(), 1);
    const auto notices = noticed.at(0).at(2).value<QList<Notice>>();
    QCOMPARE(notices.size(), 1);
    QCOMPARE(notices.at(0).text, QStringLiteral("R-2"));
    QCOMPARE(b.topology().device(mine)->name, QStringLiteral("R-2"));
    QTRY_VERIFY(a.topology() == b.topology());
}

void TestSyncClient::undoLeavesOthersAlone()
{
    TestHost host;
    SyncClient a(optionsFor(host.factory(), QStringLiteral("Ann")));
    SyncClient b(optionsFor(host.factory(), QStringLiteral("Bob")));
    QTRY_VERIFY(isLive(a) && isLive(b));
    const EntityId id = addDevice(a, QStringLiteral("R1"));
    const auto changed = a.submit({edits::setField(id, Field::Notes, QStringLiteral("mine")),
                                   edits::setField(id, Field::Address, QStringLiteral("10.0.0.1"))},
                                  QStringLiteral("Edit"));
    QVERIFY(changed);
    QTRY_COMPARE(b.topology().device(id) ? b.topology().device(id)->remarks->notes : QString(),
                 QStringLiteral("mine"));
    QVERIFY(b.submit({edits::setField(id, Field::Notes, QStringLiteral("theirs"))},
                     QStringLiteral("Edit")));
    // Not seen by Ann yet, or seen: the outcome is the same.
    QVERIFY(a.submit(changed->undo, QStringLiteral("Undo")));
    QTRY_VERIFY(isSettled(a, 4) && isSettled(b, 4));
    QCOMPARE(a.topology().device(id)->remarks->notes, QStringLiteral("theirs"));
    QCOMPARE(a.topology().device(id)->address, QString());
    QVERIFY(a.topology() == b.topology());
}

void TestSyncClient::hundredSessionsEndEqual()
{
    const quint64 seed = 100;
    qInfo("seed %llu", seed);
    Rng rng(seed);
    TestHost host;
    std::vector<std::unique_ptr<SyncClient>> clients;
    for (int i = 0; i < 100; ++i)
        clients.push_back(
            std::make_unique<SyncClient>(optionsFor(host.factory(), QString::number(i))));
    QTRY_VERIFY_WITH_TIMEOUT(
        std::all_of(clients.begin(), clients.end(), [](const auto &c) { return isLive(*c); }),
        60000);
    int made = 0;
    for (int i = 0; i < 1500; ++i) {
        SyncClient &client = *clients[size_t(rng.below(int(clients.size())))];
        made += client
                    .submit(randomEdits(rng, client.topology(), [&] { return client.newId(); }),
                            QStringLiteral("c%1").arg(i))
                    .ok();
        if (rng.chance(20))
            QCoreApplication::processEvents();
        if (rng.chance(1))
            client.workOffline();
        else if (client.status().state == ConnectionState::Offline)
            client.reconnectNow();
    }
    QVERIFY(made > 700);
    for (const auto &client : clients)
        client->reconnectNow();
    QTRY_VERIFY_WITH_TIMEOUT(
        std::all_of(clients.begin(), clients.end(),
                    [&](const auto &c) { return isLive(*c) && c->status().pending == 0; }),
        60000);
    const quint64 revision = host.revision();
    QVERIFY(revision > 500);
    QTRY_VERIFY_WITH_TIMEOUT(
        std::all_of(clients.begin(), clients.end(),
                    [&](const auto &c) { return c->status().revision == revision; }),
        60000);
    for (const auto &client : clients) {
        QVERIFY(client->topology() == clients.front()->topology());
        QCOMPARE(client->topology().digest(), host.digest());
    }
    QVERIFY(isSound(clients.front()->topology()));
}

void TestSyncClient::aClosedHostIsNoticedAtOnce()
{
    const auto log = std::make_shared<MemoryLog>();
    auto host = std::make_unique<TestHost>(log);
    TransportFactory factory = host->factory();
    SyncClient client(optionsFor([&factory] { return factory(); }, QStringLiteral("Ann")));
    QTRY_VERIFY(isLive(client));
    QSignalSpy changes(&client, &Session::statusChanged);
    host.reset();
    QTRY_COMPARE(client.status().state, ConnectionState::Offline);
    QVERIFY(!client.status().detail.isEmpty());
    QTRY_VERIFY(client.status().retryInMs > 0); // it comes back by itself
    QVERIFY(addDevice(client, QStringLiteral("R1")) != 0);
    QCOMPARE(client.status().pending, 1);
    host = std::make_unique<TestHost>(log);
    factory = host->factory();
    QTRY_VERIFY(isSettled(client, 1));
    QVERIFY(client.status().detail.isEmpty());
}

void TestSyncClient::silenceIsNoticed()
{
    TestHost host;
    auto options = optionsFor(host.factory(), QStringLiteral("Ann"));
    options.pingAfter = 40;
    options.deadAfter = 120;
    SyncClient client(options);
    QTRY_VERIFY(isLive(client));
    host.stall(true);
    QTRY_COMPARE(client.status().state, ConnectionState::Offline);
    QVERIFY(addDevice(client, QStringLiteral("R1")) != 0);
    host.stall(false);
    QTRY_VERIFY(isSettled(client, 1));
}

void TestSyncClient::aBusyWindowStaysLive()
{
    TestHost host;
    auto options = optionsFor(host.factory(), QStringLiteral("Ann"));
    options.pingAfter = 30;
    options.deadAfter = 150;
    SyncClient client(options);
    QTRY_VERIFY(isLive(client));
    bool lost = false;
    connect(&client, &Session::statusChanged, &client, [&] { lost = lost || !isLive(client); });
    // A window that does nothing else for far longer than silence is borne.
    QElapsedTimer busy;
    busy.start();
    while (busy.elapsed() < 600) {
    }
    QCoreApplication::processEvents();
    QVERIFY(addDevice(client, QStringLiteral("R1")) != 0);
    QTRY_VERIFY(isSettled(client, 1));
    QVERIFY(!lost);
}

void TestSyncClient::offlineEditsAreSentLater()
{
    QTemporaryDir folder;
    const auto log = std::make_shared<MemoryLog>();
    auto host = std::make_unique<TestHost>(log);
    auto options = optionsFor(host->factory(), QStringLiteral("Ann"));
    options.journalFolder = folder.path();
    options.journalName = Journal::nameFor(QStringLiteral("ws://localhost:1"));
    EntityId first = 0;
    SiteId site = 0;
    {
        SyncClient client(options);
        QCOMPARE(client.journalError(), QString());
        QTRY_VERIFY(isLive(client));
        site = client.site();
        first = addDevice(client, QStringLiteral("R1"));
        QTRY_VERIFY(isSettled(client, 1));
        host.reset();
        QTRY_COMPARE(client.status().state, ConnectionState::Offline);
        QVERIFY(addDevice(client, QStringLiteral("R2")) != 0);
        QVERIFY(
            client.submit(edits::moveDevices({{first, QPointF(99, 98)}}), QStringLiteral("Move")));
    }
    EntityId third = 0;
    {
        // Begun again without a host: the board and what is pending are there.
        SyncClient client(options);
        QVERIFY(client.status().ready);
        QCOMPARE(client.site(), site);
        QCOMPARE(client.status().pending, 2);
        QCOMPARE(client.topology().device(first)->position, QPointF(99, 98));
        QVERIFY(client.topology().deviceByName(QStringLiteral("R2")) != 0);
        third = addDevice(client, QStringLiteral("R3"));
        QVERIFY(third != 0);
        QCOMPARE(client.status().pending, 3);
    }
    host = std::make_unique<TestHost>(log);
    options.transport = host->factory();
    {
        SyncClient client(options);
        QTRY_VERIFY(isSettled(client, 4));
        QCOMPARE(client.topology().digest(), host->digest());
    }
    for (const char *label : {"Add R1", "Add R2", "Move", "Add R3"})
        QCOMPARE(timesInLog(*log, QLatin1String(label)), 1);
    {
        // And nothing is pending in the journal any more; the copy is the newest.
        options.startOffline = true;
        SyncClient client(options);
        QCOMPARE(client.status().pending, 0);
        QCOMPARE(client.status().revision, quint64(4));
        QVERIFY(client.topology().device(third));
    }
}

void TestSyncClient::aKilledWindowLosesNothing()
{
    QTemporaryDir folder;
    const auto log = std::make_shared<MemoryLog>();
    TestHost host(log);
    auto options = optionsFor(host.factory(), QStringLiteral("Ann"));
    options.journalFolder = folder.path();
    options.journalName = QStringLiteral("board");
    {
        SyncClient client(options);
        QTRY_VERIFY(isLive(client));
    }
    int kept = 0;
    for (int round = 0; round < 3; ++round) {
        // It edits offline and says so after each submit(); then it is killed.
        QProcess window;
        window.start(QStringLiteral(PATCHBOARD_BIN_DIR "/test_sync_window"),
                     {folder.path(), options.journalName, QString::number(round)});
        QVERIFY(window.waitForStarted());
        QByteArray said;
        while (said.count('\n') < 40 + round * 25) {
            QVERIFY2(window.waitForReadyRead(30000), window.readAllStandardError().constData());
            said += window.readAllStandardOutput();
        }
        window.kill();
        QVERIFY(window.waitForFinished());
        said += window.readAllStandardOutput();
        kept += int(said.count('\n'));
    }
    SyncClient client(options);
    QVERIFY(client.status().pending >= kept);
    QTRY_VERIFY(isLive(client) && client.status().pending == 0);
    for (int round = 0, n = 0; n < kept; ++round) {
        for (int i = 0;; ++i) {
            const int times = timesInLog(*log, QStringLiteral("edit %1-%2").arg(round).arg(i));
            QVERIFY(times <= 1);
            if (times == 0)
                break;
            ++n;
        }
        QVERIFY(round < 3);
        if (round == 2)
            QVERIFY2(n >= kept, qPrintable(QStringLiteral("%1 of %2").arg(n).arg(kept)));
    }
    QCOMPARE(client.topology().digest(), host.digest());
}

void TestSyncClient::workingOfflineIsAChoice()
{
    TestHost host;
    SyncClient client(optionsFor(host.factory(), QStringLiteral("Ann")));
    QCOMPARE(client.status().state, ConnectionState::Reconnecting);
    QVERIFY(!client.submit({edits::setField(0, Field::Title, QStringLiteral("x"))}, {}));
    QTRY_VERIFY(isLive(client));
    client.workOffline();
    QCOMPARE(client.status().state, ConnectionState::Offline);
    QVERIFY(addDevice(client, QStringLiteral("R1")) != 0);
    for (int i = 0; i < 20; ++i)
        QCoreApplication::processEvents(QEventLoop::AllEvents, 10);
    QCOMPARE(client.status().state, ConnectionState::Offline);
    QCOMPARE(client.status().retryInMs, 0);
    QCOMPARE(host.revision(), quint64(0));
    client.reconnectNow();
    QTRY_VERIFY(isSettled(client, 1));
}

void TestSyncClient::webSocketsWork()
{
    const auto log = std::make_shared<MemoryLog>();
    auto host = std::make_unique<TestHost>(log, true);
    const quint16 port = host->port();
    const QUrl url(QStringLiteral("ws://127.0.0.1:%1").arg(port));
    SyncClient a(optionsFor(WebSocketTransport::factory(url), QStringLiteral("Ann")));
    SyncClient b(optionsFor(WebSocketTransport::factory(url), QStringLiteral("Bob")));
    QTRY_VERIFY(isLive(a) && isLive(b));
    const EntityId id = addDevice(a, QStringLiteral("R1"));
    QTRY_VERIFY(b.topology().device(id));
    // A change of more than one frame, both ways.
    QList<Edit> many;
    for (int i = 0; i < 12000; ++i) {
        many.append(CreateEntity{EntityKind::Device,
                                 b.newId(),
                                 {{Field::Name, QStringLiteral("N%1").arg(i)},
                                  {Field::DeviceType, QStringLiteral("ROUTER")},
                                  {Field::Notes, QString(90, u'x')}},
                                 0});
    }
    QVERIFY(b.submit(many, QStringLiteral("Import")));
    QTRY_VERIFY_WITH_TIMEOUT(isSettled(a, 2) && isSettled(b, 2), 30000);
    QVERIFY(a.topology() == b.topology());

    host.reset();
    QTRY_COMPARE(a.status().state, ConnectionState::Offline);
    QVERIFY(addDevice(a, QStringLiteral("R3")) != 0);
    host = std::make_unique<TestHost>(log, true, port);
    QTRY_VERIFY_WITH_TIMEOUT(isSettled(a, 3) && isSettled(b, 3), 30000);
    // A newcomer gets a snapshot of several chunks.
    SyncClient c(optionsFor(WebSocketTransport::factory(url), QStringLiteral("Cem")));
    QTRY_VERIFY_WITH_TIMEOUT(isSettled(c, 3), 30000);
    QVERIFY(a.topology() == c.topology());
}

void TestSyncClient::aLongMissedTailArrives()
{
    TestHost host;
    SyncClient a(optionsFor(host.factory(), QStringLiteral("Ann")));
    SyncClient b(optionsFor(host.factory(), QStringLiteral("Bob")));
    QTRY_VERIFY(isLive(a) && isLive(b));
    const EntityId id = addDevice(a, QStringLiteral("R1"));
    QTRY_VERIFY(b.topology().device(id));
    b.workOffline();
    for (int i = 0; i < 1200; ++i) {
        QVERIFY(a.submit(edits::moveDevices({{id, QPointF(i, 2 * i)}}), QStringLiteral("Move")));
        if (i % 50 == 0)
            QCoreApplication::processEvents();
    }
    QTRY_VERIFY_WITH_TIMEOUT(isSettled(a, 1201), 30000);
    int resets = 0;
    connect(b.model(), &TopologyModel::topologyWasReset, &b, [&] { ++resets; });
    b.reconnectNow();
    QTRY_VERIFY_WITH_TIMEOUT(isSettled(b, 1201), 30000);
    QVERIFY(a.topology() == b.topology());
    QCOMPARE(resets, 0);
}

PATCHBOARD_TEST(TestSyncClient)
#include "tst_syncclient.moc"
