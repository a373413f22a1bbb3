#include "model/core/edits.h"
#include "model/sync/journal.h"
#include "model/sync/syncclient.h"
#include "model/sync/websockettransport.h"
#include "tests/support/hostprocess.h"
#include "tests/support/tcpproxy.h"
#include "tests/support/testmain.h"

#include <QElapsedTimer>
#include <QRandomGenerator>
#include <QTemporaryDir>

#include <csignal>

#include <sys/resource.h>

using namespace patchboard;

namespace {

constexpr int kPatience = 60000; ///< ms; nothing here takes so long on an idle machine

bool isSoak()
{
    return qEnvironmentVariableIntValue("PATCHBOARD_SOAK_SECONDS") > 0;
}

bool copyFolder(const QString &from, const QString &to)
{
    if (!QDir().mkpath(to))
        return false;
    const QStringList files = QDir(from).entryList(QDir::Files | QDir::Hidden);
    return std::all_of(files.begin(), files.end(), [&](const QString &file) {
        return QFile::copy(from + u'/' + file, to + u'/' + file);
    });
}

} // namespace

/// A real host in a process of its own and clients with their journals, through everything that
/// happens to processes, cables and disks. A soak makes a hundred kills of it, and a minute of the
/// slow reader.
class TestProcesses : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void cleanup();
    void hostsThatDieAtTheWorstMoment_data();
    void hostsThatDieAtTheWorstMoment();
    void hostsThatAreKilledInBursts();
    void aPulledCable();
    void aHalfOpenLine();
    void aSlowLine();
    void linesThatAreCutAnywhere();
    void aReaderThatDoesNotRead();
    void anOlderBackup();
    void aFullDisk();
    void aCopiedProfile();

private:
    SyncClient *add(const QUrl &url, const QString &journal, int deadAfter = 5000);
    /// A device with a name that nobody else uses; it must be there in the end, once.
    bool make(SyncClient &client, const QString &name);
    bool allLive() const;
    /// Live, nothing pending, and all the same.
    bool settled() const;
    void checkMade() const;

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<HostProcess> m_host;
    std::vector<std::unique_ptr<SyncClient>> m_clients;
    QStringList m_made;
};

void TestProcesses::init()
{
    QTest::failOnWarning(QRegularExpression(QStringLiteral(".*")));
    m_folder = std::make_unique<QTemporaryDir>();
    m_host = std::make_unique<HostProcess>(m_folder->filePath(QStringLiteral("net.board")));
}

void TestProcesses::cleanup()
{
    m_clients.clear();
    m_host.reset();
    m_made.clear();
    m_folder.reset();
}

SyncClient *TestProcesses::add(const QUrl &url, const QString &journal, int deadAfter)
{
    SyncClient::Options options;
    options.transport = WebSocketTransport::factory(url);
    options.author = journal;
    options.journalFolder = m_folder->filePath(journal);
    options.journalName = QStringLiteral("net");
    options.backOffLongest = 500; // the way back is part of the product, 15 s of it are not needed
    options.deadAfter = deadAfter;
    m_clients.push_back(std::make_unique<SyncClient>(std::move(options)));
    return m_clients.back().get();
}

bool TestProcesses::make(SyncClient &client, const QString &name)
{
    const auto done = client.submit(edits::createDevice(client.topology(),
                                                        {name, QStringLiteral("HOST"),
                                                         QPointF(qreal(m_made.size()), 0), 0, true},
                                                        [&client] { return client.newId(); }),
                                    QStringLiteral("Create"));
    if (done)
        m_made.append(name);
    return done.ok();
}

bool TestProcesses::allLive() const
{
    return std::all_of(m_clients.begin(), m_clients.end(), [](const auto &client) {
        return client->status().state == ConnectionState::Live;
    });
}

bool TestProcesses::settled() const
{
    const Topology &first = m_clients.front()->topology();
    return allLive() && std::all_of(m_clients.begin(), m_clients.end(), [&](const auto &client) {
               return client->status().pending == 0 &&
                      client->status().revision == m_clients.front()->status().revision &&
                      client->topology().digest() == first.digest();
           });
}

void TestProcesses::checkMade() const
{
    for (const auto &client : m_clients) {
        QVERIFY(client->topology() == m_clients.front()->topology());
        for (const QString &name : m_made) {
            QVERIFY2(client->topology().deviceByName(name) != 0, qPrintable(name));
            // Carried out twice, it would be there under the next name too.
            QVERIFY2(client->topology().deviceByName(name + QStringLiteral("-2")) == 0,
                     qPrintable(name));
        }
        QCOMPARE(client->topology().devices().size(), m_made.size());
    }
}

void TestProcesses::hostsThatDieAtTheWorstMoment_data()
{
    QTest::addColumn<QByteArray>("failPoint");
    for (const char *where :
         {"before_transaction:6", "in_transaction:5", "after_commit_before_ack:4",
          "after_commit_before_ack:7", "amid_telling:11", "amid_telling:24"})
        QTest::newRow(where) << QByteArray(where);
}

void TestProcesses::hostsThatDieAtTheWorstMoment()
{
    QFETCH(QByteArray, failPoint);
    QVERIFY(m_host->start([&failPoint](QProcess &process) {
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.insert(QStringLiteral("PATCHBOARD_FAILPOINT"), QString::fromUtf8(failPoint));
        process.setProcessEnvironment(environment);
    }));
    for (int i = 0; i < 3; ++i)
        add(m_host->url(), QStringLiteral("user%1").arg(i));
    // It dies by itself, wherever these have come by then.
    QElapsedTimer patience;
    patience.start();
    for (int i = 0; m_host->isRunning() && patience.elapsed() < kPatience; ++i) {
        const auto &client = m_clients[size_t(i % 3)];
        if (client->status().ready && client->status().pending < 5)
            QVERIFY(make(*client, QStringLiteral("%1-%2").arg(client->author()).arg(i)));
        QCoreApplication::processEvents(QEventLoop::AllEvents, 5);
    }
    QVERIFY2(!m_host->isRunning(), "the host has not come to its failure point");
    QVERIFY(m_host->start());
    QTRY_VERIFY_WITH_TIMEOUT(settled(), kPatience);
    checkMade();
}

void TestProcesses::hostsThatAreKilledInBursts()
{
    const quint32 seed = QRandomGenerator::global()->generate();
    qInfo("seed %u", seed);
    QRandomGenerator random(seed);
    QVERIFY(m_host->start());
    for (int i = 0; i < 5; ++i)
        add(m_host->url(), QStringLiteral("user%1").arg(i));
    QTRY_VERIFY_WITH_TIMEOUT(allLive(), kPatience);
    const int rounds = isSoak() ? 100 : 3;
    qint64 slowest = 0;
    for (int round = 0; round < rounds; ++round) {
        const int killAt = random.bounded(100);
        for (int i = 0; i < 100; ++i) {
            SyncClient &client = *m_clients[size_t(i % 5)];
            QVERIFY(
                make(client, QStringLiteral("%1-%2-%3").arg(client.author()).arg(round).arg(i)));
            if (i == killAt)
                m_host->kill();
            if (random.bounded(3) == 0)
                QCoreApplication::processEvents();
        }
        QElapsedTimer sinceStart;
        QVERIFY(m_host->start());
        sinceStart.start();
        QTRY_VERIFY_WITH_TIMEOUT(settled(), kPatience);
        slowest = std::max(slowest, sinceStart.elapsed());
    }
    checkMade();
    qInfo("%d kills, %lld changes of 5 clients, all equal at most %lld ms after the start", rounds,
          qint64(m_made.size()), slowest);
    QCOMPARE(m_host->terminate(), 0);
    const auto checked = HostProcess::run({QStringLiteral("check"), m_host->file()});
    QVERIFY2(checked.code == 0, (checked.out + checked.err).constData());
}

void TestProcesses::aPulledCable()
{
    QVERIFY(m_host->start());
    TcpProxy cable(m_host->port());
    SyncClient *ann = add(cable.url(), QStringLiteral("ann"));
    add(m_host->url(), QStringLiteral("bob"));
    QTRY_VERIFY_WITH_TIMEOUT(allLive(), kPatience);
    QElapsedTimer clock;
    clock.start();
    cable.stall(true);
    QVERIFY(make(*ann, QStringLiteral("on-the-way")));
    QTRY_COMPARE_WITH_TIMEOUT(ann->status().state, ConnectionState::Offline, kPatience);
    qInfo("known to be offline %lld ms after the cable was pulled", clock.elapsed());
    QVERIFY(make(*ann, QStringLiteral("offline")));
    QVERIFY(make(*m_clients[1], QStringLiteral("meanwhile")));
    cable.stall(false);
    QTRY_VERIFY_WITH_TIMEOUT(settled(), kPatience);
    checkMade();
    m_clients.clear();
}

/// The host is gone, and nobody has told the client: it finds out by itself.
void TestProcesses::aHalfOpenLine()
{
    QVERIFY(m_host->start());
    TcpProxy cable(m_host->port());
    SyncClient *ann = add(cable.url(), QStringLiteral("ann"), 1000);
    QTRY_VERIFY_WITH_TIMEOUT(allLive(), kPatience);
    bool wasOffline = false;
    connect(ann, &SyncClient::statusChanged, this, [&wasOffline, ann] {
        wasOffline = wasOffline || ann->status().state == ConnectionState::Offline;
    });
    cable.halfOpen();
    QVERIFY(make(*ann, QStringLiteral("into-nothing")));
    QTRY_VERIFY_WITH_TIMEOUT(wasOffline && settled(), kPatience);
    checkMade();
    m_clients.clear();
}

/// A change that takes longer to send than a host may be silent.
void TestProcesses::aSlowLine()
{
    constexpr int kDeadAfter = 1500;
    QVERIFY(m_host->start());
    TcpProxy cable(m_host->port());
    SyncClient *ann = add(cable.url(), QStringLiteral("ann"), kDeadAfter);
    QTRY_VERIFY_WITH_TIMEOUT(allLive(), kPatience);
    cable.slow(800 * 1024);
    int lost = 0;
    connect(ann, &SyncClient::statusChanged, this,
            [&lost, ann] { lost += ann->status().state != ConnectionState::Live; });
    QList<Edit> edits;
    for (int i = 0; i < 280; ++i) {
        edits.append(CreateEntity{EntityKind::Device,
                                  ann->newId(),
                                  {{Field::Name, QStringLiteral("large%1").arg(i)},
                                   {Field::DeviceType, QStringLiteral("HOST")},
                                   {Field::Notes, QString(15'000, QChar(u'a' + i % 26))}},
                                  0});
    }
    QElapsedTimer clock;
    clock.start();
    QVERIFY(ann->submit(edits, QStringLiteral("Import")));
    QTRY_COMPARE_WITH_TIMEOUT(ann->status().pending, qint64(0), kPatience);
    QVERIFY(clock.elapsed() > 2 * kDeadAfter); // else it says nothing
    QCOMPARE(lost, 0);
    m_clients.clear();
}

void TestProcesses::linesThatAreCutAnywhere()
{
    const quint32 seed = QRandomGenerator::global()->generate();
    qInfo("seed %u", seed);
    QRandomGenerator random(seed);
    QVERIFY(m_host->start());
    TcpProxy cable(m_host->port());
    for (int i = 0; i < 3; ++i)
        add(cable.url(), QStringLiteral("user%1").arg(i));
    QTRY_VERIFY_WITH_TIMEOUT(allLive(), kPatience);
    const int cuts = isSoak() ? 300 : 20;
    for (int i = 0; cable.cuts() < cuts; ++i) {
        SyncClient &client = *m_clients[size_t(random.bounded(3))];
        if (client.status().pending < 50)
            QVERIFY(make(client, QStringLiteral("%1-%2").arg(client.author()).arg(i)));
        if (random.bounded(8) == 0)
            cable.cutAfter(1 + random.bounded(3000));
        QCoreApplication::processEvents(QEventLoop::AllEvents, 10);
    }
    cable.cut();
    QTRY_VERIFY_WITH_TIMEOUT(settled(), kPatience);
    checkMade();
    qInfo("%d cuts, %lld changes", cable.cuts(), qint64(m_made.size()));
    m_clients.clear();
}

void TestProcesses::aReaderThatDoesNotRead()
{
    QVERIFY(m_host->start());
    TcpProxy cable(m_host->port());
    SyncClient *writer = add(m_host->url(), QStringLiteral("writer"));
    add(m_host->url(), QStringLiteral("other"));
    // It would notice that it hears nothing, and come again: this one has all the time.
    SyncClient *slow = add(cable.url(), QStringLiteral("slow"), 3600 * 1000);
    QTRY_VERIFY_WITH_TIMEOUT(allLive(), kPatience);
    QVERIFY(make(*writer, QStringLiteral("much-written")));
    const EntityId id = writer->topology().deviceByName(QStringLiteral("much-written"));
    const auto write = [&](int changes, int seconds) {
        QElapsedTimer clock;
        clock.start();
        for (int i = 0; i < changes || clock.elapsed() < seconds * 1000;) {
            if (writer->status().pending < 64) {
                const QString text(12000, QChar(u'a' + i++ % 26));
                if (!writer->submit({edits::setField(id, Field::Notes, text)},
                                    QStringLiteral("Write")))
                    return false;
            }
            QCoreApplication::processEvents(QEventLoop::AllEvents, 5);
        }
        return true;
    };
    const auto othersDone = [this, writer] {
        return writer->status().pending == 0 &&
               m_clients[1]->status().revision == writer->status().revision;
    };
    constexpr int kChanges = 1500; // 18 MB
    QVERIFY(write(kChanges, 0));
    QTRY_VERIFY_WITH_TIMEOUT(settled(), kPatience);
    const qint64 before = m_host->memory();
    cable.clog(true);
    QVERIFY(write(2 * kChanges, isSoak() ? 60 : 0));
    QTRY_VERIFY_WITH_TIMEOUT(othersDone(), kPatience);
    const qint64 with = m_host->memory();
    qInfo("memory of the host: %.1f MB, with a clogged reader %.1f MB", double(before) / 1e6,
          double(with) / 1e6);
    QVERIFY(slow->status().revision < writer->status().revision);
    QVERIFY(before > 0 && with - before < 12'000'000);
    cable.clog(false);
    QTRY_VERIFY_WITH_TIMEOUT(settled(), kPatience);
    checkMade();
    m_clients.clear();
}

void TestProcesses::anOlderBackup()
{
    QVERIFY(m_host->start());
    SyncClient *ann = add(m_host->url(), QStringLiteral("ann"));
    SyncClient *bob = add(m_host->url(), QStringLiteral("bob"));
    QTRY_VERIFY_WITH_TIMEOUT(allLive(), kPatience);
    QVERIFY(make(*ann, QStringLiteral("kept")));
    QTRY_VERIFY_WITH_TIMEOUT(settled(), kPatience);
    QCOMPARE(m_host->terminate(), 0);
    const QString backup = m_folder->filePath(QStringLiteral("backup"));
    QVERIFY(QFile::copy(m_host->file(), backup));

    QVERIFY(m_host->start());
    QTRY_VERIFY_WITH_TIMEOUT(allLive(), kPatience);
    const QStringList before = m_made;
    for (int i = 0; i < 20; ++i)
        QVERIFY(make(i % 2 ? *ann : *bob, QStringLiteral("lost-%1").arg(i)));
    QTRY_VERIFY_WITH_TIMEOUT(settled(), kPatience);
    m_host->kill();
    QTRY_VERIFY_WITH_TIMEOUT(ann->status().state != ConnectionState::Live &&
                                 bob->status().state != ConnectionState::Live,
                             kPatience);
    // What the host had and lost is lost; what it never had is not.
    m_made = before;
    QVERIFY(make(*ann, QStringLiteral("pending-of-ann")));
    QVERIFY(make(*bob, QStringLiteral("pending-of-bob")));
    for (const char *suffix : {"", "-wal", "-shm"})
        QFile::remove(m_host->file() + QLatin1String(suffix));
    QVERIFY(QFile::copy(backup, m_host->file()));
    QVERIFY(m_host->start());
    QTRY_VERIFY_WITH_TIMEOUT(settled(), kPatience);
    QVERIFY(make(*ann, QStringLiteral("afterwards")));
    QTRY_VERIFY_WITH_TIMEOUT(settled(), kPatience);
    checkMade();
}

void TestProcesses::aFullDisk()
{
    QVERIFY(m_host->start());
    SyncClient *ann = add(m_host->url(), QStringLiteral("ann"));
    QTRY_VERIFY_WITH_TIMEOUT(allLive(), kPatience);
    QVERIFY(make(*ann, QStringLiteral("R")));
    QTRY_VERIFY_WITH_TIMEOUT(settled(), kPatience);
    QCOMPARE(m_host->terminate(), 0);
    QVERIFY(m_host->start([](QProcess &process) {
        process.setChildProcessModifier([] {
            ::signal(SIGXFSZ, SIG_IGN); // an error, as of a full disk, and not the end
            const rlimit limit{1'000'000, 1'000'000};
            ::setrlimit(RLIMIT_FSIZE, &limit);
        });
    }));
    QTRY_VERIFY_WITH_TIMEOUT(allLive(), kPatience);
    bool refusedForNow = false;
    const auto watch = connect(ann, &Session::statusChanged, this, [&] {
        refusedForNow = refusedForNow ||
                        (ann->status().state != ConnectionState::Live && ann->status().pending > 0);
    });
    const EntityId id = ann->topology().deviceByName(QStringLiteral("R"));
    QString text;
    for (int i = 0; i < 1000 && !refusedForNow; ++i) {
        text = QString(10000, QChar(u'a' + i % 26)) + QString::number(i);
        QVERIFY(ann->submit({edits::setField(id, Field::Notes, text)}, QStringLiteral("Write")));
        QCoreApplication::processEvents(QEventLoop::AllEvents, 5);
    }
    QTRY_VERIFY_WITH_TIMEOUT(refusedForNow, kPatience);
    disconnect(watch);
    QVERIFY(make(*ann, QStringLiteral("made-while-it-was-full")));
    QVERIFY(ann->status().pending > 0);
    // Somebody makes room.
    m_host->kill();
    QVERIFY(m_host->start());
    QTRY_VERIFY_WITH_TIMEOUT(settled(), kPatience);
    QCOMPARE(ann->topology().value(id, Field::Notes), Value(text));
    add(m_host->url(), QStringLiteral("newcomer"));
    QTRY_VERIFY_WITH_TIMEOUT(settled(), kPatience);
    checkMade();
    QCOMPARE(m_host->terminate(), 0);
    const auto checked = HostProcess::run({QStringLiteral("check"), m_host->file()});
    QVERIFY2(checked.code == 0, (checked.out + checked.err).constData());
}

void TestProcesses::aCopiedProfile()
{
    QVERIFY(m_host->start());
    SyncClient *ann = add(m_host->url(), QStringLiteral("ann"));
    QTRY_VERIFY_WITH_TIMEOUT(allLive(), kPatience);
    QVERIFY(make(*ann, QStringLiteral("first")));
    QTRY_VERIFY_WITH_TIMEOUT(settled(), kPatience);
    m_clients.clear();
    QVERIFY(copyFolder(m_folder->filePath(QStringLiteral("ann")),
                       m_folder->filePath(QStringLiteral("copy"))));
    m_host->kill();
    // Both begin offline, with the same numbers.
    SyncClient *one = add(m_host->url(), QStringLiteral("ann"));
    SyncClient *two = add(m_host->url(), QStringLiteral("copy"));
    QCOMPARE(one->site(), two->site());
    for (int i = 0; i < 5; ++i) {
        QVERIFY(make(*one, QStringLiteral("one-%1").arg(i)));
        QVERIFY(make(*two, QStringLiteral("two-%1").arg(i)));
    }
    QVERIFY(m_host->start());
    QTRY_VERIFY_WITH_TIMEOUT(settled(), kPatience);
    QVERIFY(one->site() != two->site());
    QVERIFY(make(*one, QStringLiteral("one-later")));
    QVERIFY(make(*two, QStringLiteral("two-later")));
    QTRY_VERIFY_WITH_TIMEOUT(settled(), kPatience);
    checkMade();
}

PATCHBOARD_TEST(TestProcesses)
#include "tst_processes.moc"
