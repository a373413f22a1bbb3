#include "model/sync/syncclient.h"
#include "model/wire/snapshot.h"
#include "server/host.h"
#include "server/hostthread.h"
#include "server/store/history.h"
#include "tests/model/randomedits.h"
#include "tests/server/boards.h"
#include "tests/support/testmain.h"

#include <QElapsedTimer>
#include <QRegularExpression>
#include <QSignalSpy>

using namespace patchboard;
using namespace patchboard::server;

namespace {

/// A board that random changes were made to, and the digests that it had.
struct Past
{
    OpenBoard board;
    RandomEdits random{testSeed(), 0};
    QHash<quint64, quint64> digests{{0, Topology().digest()}};

    Past(const QString &path, const SqliteStore::Options &options)
        : board(path, options)
    {
    }
    void change(int times)
    {
        const quint64 until = board.authority->revision() + quint64(times);
        while (board.authority->revision() < until) {
            (void)board.commit(random.change(board.topology).edits);
            digests.insert(board.authority->revision(), board.topology.digest());
            while (auto chore = board.store->chore(server::Store::Chores::All)) {
                chore->work();
                chore->done();
            }
            board.store->idle(board.topology);
        }
    }
    [[nodiscard]] quint64 revision() const { return board.authority->revision(); }
};

qint64 countOf(const QString &path, const char *table)
{
    auto connection = SqliteConnection::open(path, SqliteConnection::Mode::ReadOnly);
    return connection.value()
        ->single(QStringLiteral("SELECT COUNT(*) FROM \"%1\"").arg(QLatin1String(table)))
        .value()
        .toLongLong();
}

} // namespace

/// The past of a board: its changes, its boards, what has a name, and what is forgotten.
class TestHistory : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        QTest::failOnWarning(QRegularExpression(QStringLiteral(".*")));
        m_folder = std::make_unique<QTemporaryDir>();
    }

    void everyRevisionComesBack_data()
    {
        QTest::addColumn<quint64>("checkpointEvery");
        QTest::newRow("from the beginning") << quint64(1'000'000);
        QTest::newRow("from kept boards") << quint64(7);
    }
    void everyRevisionComesBack()
    {
        QFETCH(const quint64, checkpointEvery);
        const QString path = m_folder->filePath(QStringLiteral("past.board"));
        SqliteStore::Options options;
        options.checkpointEvery = checkpointEvery;
        Past past(path, options);
        QVERIFY(past.board.ok());
        past.change(150);
        if (checkpointEvery == 7)
            QVERIFY(countOf(path, "checkpoints") > 3);
        auto history = History::open(path, true);
        QVERIFY(history);
        QCOMPARE((*history)->oldest().value(), quint64(0));
        for (auto it = past.digests.cbegin(); it != past.digests.cend(); ++it) {
            Topology board;
            const auto found = (*history)->boardAt(it.key(), board);
            QVERIFY2(found, qPrintable(QString::number(it.key())));
            QCOMPARE(board.digest(), *it);
        }
        Topology board;
        const auto later = (*history)->boardAt(past.revision() + 1, board);
        QVERIFY(!later);
        QCOMPARE(later.error().code, Errc::NotFound);
    }

    void theOldestIsForgotten()
    {
        const QString path = m_folder->filePath(QStringLiteral("pruned.board"));
        SqliteStore::Options options;
        options.checkpointEvery = 5;
        options.keepChanges = 40;
        options.keepTime = 1000;
        qint64 now = 1'700'000'000'000; // as its changes
        options.clock = [&now] { return now; };
        quint64 named = 0;
        QHash<quint64, quint64> digests;
        {
            Past past(path, options);
            past.change(120);
            QCOMPARE(past.board.store->oldestRevision().value(), quint64(1)); // not old enough
            CommitBatch batch;
            named = 17;
            batch.snapshots = {{1, QStringLiteral("before"), named, now, QStringLiteral("Ann")}};
            batch.revision = past.revision();
            QVERIFY(past.board.store->write(batch));
            now += 5000;
            past.change(20);
            digests = past.digests;
            const quint64 oldest = past.board.store->oldestRevision().value();
            QVERIFY(oldest > 50);
            QVERIFY(past.revision() - oldest + 1 >= 40);
        }
        auto history = History::open(path, false);
        QVERIFY(history);
        const quint64 oldest = (*history)->oldest().value();
        int shown = 0;
        int gone = 0;
        for (auto it = digests.cbegin(); it != digests.cend(); ++it) {
            Topology board;
            const auto found = (*history)->boardAt(it.key(), board);
            if (it.key() >= oldest || it.key() == named || it.key() == 0) {
                QVERIFY2(found, qPrintable(QString::number(it.key())));
                QCOMPARE(board.digest(), *it);
                ++shown;
            } else {
                QVERIFY(!found);
                QCOMPARE(found.error().code, Errc::NotFound);
                ++gone;
            }
        }
        QVERIFY(shown > 40 && gone > 20);
        wire::HistoryAsk ask;
        ask.limit = 1000;
        const auto page = (*history)->page(ask);
        QVERIFY(page);
        QCOMPARE(page->entries.constLast().revision, oldest + 1);
        QCOMPARE(page->oldest, oldest);
        // It is a sound board, and opens.
        const auto report = checkBoard(path);
        QVERIFY(report);
        QVERIFY2(report->problems.isEmpty(), qPrintable(report->problems.join(u'\n')));
        OpenBoard again(path);
        QVERIFY(again.ok());
        QCOMPARE(again.authority->namedSnapshots().size(), 1);
        QCOMPARE(again.topology.digest(), digests.value(again.authority->revision()));
        // Nobody can name what is gone.
        const auto canName = [&](quint64 revision) {
            const auto name = QString::number(revision);
            return again.authority->editSnapshots({0, 0, name, revision}, {}, now).ok();
        };
        QVERIFY(!canName(oldest - 1) && !canName(named + 1));
        QVERIFY(canName(oldest) && canName(named) && canName(again.authority->revision()));
    }

    /// Boards of the past are kept also by a host that never comes to rest.
    void aBusyHostKeepsBoards()
    {
        const QString path = m_folder->filePath(QStringLiteral("busy.board"));
        SqliteStore::Options options;
        options.checkpointEvery = 20;
        auto store = SqliteStore::open(path, options);
        QVERIFY(store);
        Log log(nullptr, LogLevel::Error, false);
        auto host = Host::open(std::move(*store), {}, log);
        QVERIFY(host);
        QHash<quint64, quint64> digests;
        RandomEdits random{testSeed(), 0};
        QElapsedTimer busy;
        busy.start();
        while (countOf(path, "checkpoints") < 2 && busy.elapsed() < 20000) {
            const auto done =
                (*host)->commit(random.change((*host)->topology()).edits, {}, QStringLiteral("x"));
            if (done)
                digests.insert((*host)->authority().revision(), (*host)->topology().digest());
            QCoreApplication::processEvents();
        }
        QVERIFY(countOf(path, "checkpoints") >= 2);
        auto history = History::open(path, true);
        QVERIFY(history);
        auto connection = SqliteConnection::open(path, SqliteConnection::Mode::ReadOnly);
        QSqlQuery kept((*connection)->database());
        QVERIFY(kept.exec(QStringLiteral("SELECT \"revision\", \"data\" FROM \"checkpoints\"")));
        while (kept.next()) {
            Topology board;
            auto contents = wire::decodeSnapshot(kept.value(1).toByteArray());
            QVERIFY(contents);
            QVERIFY(board.load(std::move(*contents)));
            QCOMPARE(board.digest(), digests.value(quint64(kept.value(0).toLongLong())));
        }
        (*host)->finish();
    }

    void names_data()
    {
        QTest::addColumn<QString>("asked");
        QTest::addColumn<int>("revision");
        QTest::newRow("number") << "12" << 12;
        QTest::newRow("name") << "before the move" << 7;
        QTest::newRow("no such name") << "before" << -1;
        QTest::newRow("nothing") << "" << -1;
    }
    void names()
    {
        QFETCH(const QString, asked);
        QFETCH(const int, revision);
        const QString path = m_folder->filePath(QStringLiteral("named.board"));
        {
            OpenBoard board(path);
            QVERIFY(board.ok());
            CommitBatch batch;
            batch.snapshots = {{1, QStringLiteral("before the move"), 7, 0, {}}};
            QVERIFY(board.store->write(batch));
        }
        auto history = History::open(path, false);
        QVERIFY(history);
        const auto found = (*history)->revisionOf(asked);
        QCOMPARE(found ? int(*found) : -1, revision);
    }

    void pagesAreTurned()
    {
        HostThread host(options());
        QVERIFY(host.open() && host.waitUntilRead());
        const auto ann = client(host, QStringLiteral("Ann"));
        const auto bob = client(host, QStringLiteral("Bob"));
        QTRY_VERIFY(ann->hasHistory() && bob->hasHistory());
        for (int i = 0; i < 25; ++i) {
            QVERIFY(make(*ann, QStringLiteral("A%1").arg(i)));
            QTRY_COMPARE(ann->status().pending, qint64(0));
        }
        QVERIFY(make(*bob, QStringLiteral("Grün")));
        QTRY_COMPARE(bob->status().pending, qint64(0));
        QSignalSpy pages(ann.get(), &Session::historyArrived);
        QList<quint64> revisions;
        quint64 before = 0;
        do {
            const quint64 request = ann->askHistory(before, 10, {});
            QVERIFY(request != 0);
            QTRY_COMPARE(pages.size(), 1);
            const auto page = pages.takeFirst().at(0).value<wire::HistoryPage>();
            QCOMPARE(page.request, request);
            QCOMPARE(page.oldest, quint64(0));
            for (const wire::HistoryEntry &entry : page.entries)
                revisions.append(entry.revision);
            before = page.next;
        } while (before != 0);
        QCOMPARE(revisions.size(), 26);
        for (qsizetype i = 0; i < revisions.size(); ++i)
            QCOMPARE(revisions.at(i), quint64(26 - i));
        // By who and what, whatever the case.
        for (const QString &text : {QStringLiteral("bob"), QStringLiteral("GRÜN")}) {
            QVERIFY(ann->askHistory(0, 10, text) != 0);
            QTRY_COMPARE(pages.size(), 1);
            const auto page = pages.takeFirst().at(0).value<wire::HistoryPage>();
            QCOMPARE(page.entries.size(), 1);
            QCOMPARE(page.next, quint64(0));
            QCOMPARE(page.entries.constFirst().author, QStringLiteral("Bob"));
            QCOMPARE(page.entries.constFirst().label, QStringLiteral("Create Grün"));
            QVERIFY(page.entries.constFirst().time > 0);
        }
    }

    void boardsAreFetched()
    {
        HostThread host(options());
        QVERIFY(host.open() && host.waitUntilRead());
        const auto ann = client(host, QStringLiteral("Ann"));
        QTRY_VERIFY(ann->hasHistory());
        QList<quint64> digests{ann->topology().digest()};
        for (int i = 0; i < 20; ++i) {
            QVERIFY(make(*ann, QStringLiteral("A%1").arg(i)));
            QTRY_COMPARE(ann->status().revision, quint64(i + 1));
            digests.append(ann->topology().digest());
        }
        QSignalSpy boards(ann.get(), &Session::boardArrived);
        QSignalSpy failures(ann.get(), &Session::askFailed);
        for (const quint64 revision : {0ULL, 7ULL, 20ULL, 7ULL}) {
            const quint64 request = ann->askBoard(revision);
            QTRY_COMPARE(boards.size(), 1);
            const auto arguments = boards.takeFirst();
            QCOMPARE(arguments.at(0).toULongLong(), request);
            QCOMPARE(arguments.at(1).toULongLong(), revision);
            const auto board = arguments.at(2).value<std::shared_ptr<Topology>>();
            QCOMPARE(board->digest(), digests.at(qsizetype(revision)));
        }
        // The newest question counts.
        (void)ann->askBoard(3);
        const quint64 wanted = ann->askBoard(5);
        QTRY_COMPARE(boards.size(), 1);
        QCOMPARE(boards.takeFirst().at(0).toULongLong(), wanted);
        const quint64 future = ann->askBoard(21);
        QTRY_COMPARE(failures.size(), 1);
        QCOMPARE(failures.takeFirst().at(0).toULongLong(), future);
        QCOMPARE(boards.size(), 0);
        // Nobody there to ask.
        const quint64 late = ann->askBoard(2);
        ann->workOffline();
        QTRY_COMPARE(failures.size(), 1);
        QCOMPARE(failures.takeFirst().at(0).toULongLong(), late);
        QCOMPARE(ann->askBoard(2), quint64(0));
        QVERIFY(!ann->hasHistory());
    }

    /// More than one piece, and more than are asked for at once.
    void aLargeBoardComesInPieces()
    {
        HostThread host(options());
        QVERIFY(host.open() && host.waitUntilRead());
        const auto ann = client(host, QStringLiteral("Ann"));
        QTRY_VERIFY(ann->hasHistory());
        QRandomGenerator random(testSeed());
        for (int change = 0; change < 7; ++change) {
            QList<Edit> edits;
            for (int i = 0; i < 20; ++i) {
                QString noise;
                for (int n = 0; n < 8000; ++n)
                    noise.append(QChar(0x4e00 + int(random.bounded(0x4000)))); // hard to compress
                edits.append(
                    CreateEntity{EntityKind::Device,
                                 ann->newId(),
                                 {{Field::Name, QStringLiteral("d%1-%2").arg(change).arg(i)},
                                  {Field::DeviceType, QStringLiteral("ROUTER")},
                                  {Field::Notes, noise}}});
            }
            QVERIFY(ann->submit(edits, QStringLiteral("Many")));
            QTRY_COMPARE_WITH_TIMEOUT(ann->status().pending, qint64(0), 20000);
        }
        QSignalSpy boards(ann.get(), &Session::boardArrived);
        QVERIFY(ann->askBoard(7) != 0);
        QTRY_COMPARE_WITH_TIMEOUT(boards.size(), 1, 20000);
        const auto board = boards.takeFirst().at(2).value<std::shared_ptr<Topology>>();
        QCOMPARE(board->digest(), ann->topology().digest());
        QCOMPARE(ann->status().state, ConnectionState::Live);
    }

    void snapshotsHaveNames()
    {
        const HostThread::Options where = options();
        {
            HostThread host(where);
            QVERIFY(host.open() && host.waitUntilRead());
            const auto ann = client(host, QStringLiteral("Ann"));
            const auto bob = client(host, QStringLiteral("Bob"));
            QTRY_VERIFY(ann->hasHistory() && bob->hasHistory());
            QVERIFY(make(*ann, QStringLiteral("R1")));
            QTRY_COMPARE(ann->status().revision, quint64(1));
            QSignalSpy told(ann.get(), &Session::namedSnapshotsChanged);
            QSignalSpy failures(ann.get(), &Session::askFailed);
            const quint64 request = ann->editSnapshot(0, QStringLiteral(" Before the move "));
            QTRY_COMPARE(told.size(), 1);
            QCOMPARE(told.takeFirst().at(0).toULongLong(), request);
            QTRY_COMPARE(bob->namedSnapshots().size(), 1);
            const wire::NamedSnapshot made = bob->namedSnapshots().constFirst();
            QCOMPARE(made.name, QStringLiteral("Before the move"));
            QCOMPARE(made.revision, quint64(1));
            QCOMPARE(made.author, QStringLiteral("Ann"));
            QVERIFY(made.time > 0);
            // What cannot be.
            (void)ann->editSnapshot(0, QStringLiteral("Before the move"));
            QTRY_COMPARE(failures.size(), 1);
            (void)ann->editSnapshot(0, QStringLiteral("Later"), 99);
            QTRY_COMPARE(failures.size(), 2);
            (void)ann->editSnapshot(0, QStringLiteral("  "));
            QTRY_COMPARE(failures.size(), 3);
            (void)ann->editSnapshot(77, QStringLiteral("x"));
            QTRY_COMPARE(failures.size(), 4);
            // An old revision, another name, and gone.
            (void)bob->editSnapshot(0, QStringLiteral("Empty"), 0);
            QTRY_COMPARE(ann->namedSnapshots().size(), 2);
            (void)bob->editSnapshot(made.id, QStringLiteral("Before"));
            QTRY_COMPARE(ann->namedSnapshots().constFirst().name, QStringLiteral("Before"));
            (void)bob->editSnapshot(ann->namedSnapshots().constLast().id, {});
            QTRY_COMPARE(ann->namedSnapshots().size(), 1);
        }
        // They are in the file.
        HostThread host(where);
        QVERIFY(host.open() && host.waitUntilRead());
        const auto carl = client(host, QStringLiteral("Carl"));
        QTRY_COMPARE(carl->namedSnapshots().size(), 1);
        QCOMPARE(carl->namedSnapshots().constFirst().name, QStringLiteral("Before"));
        auto history = History::open(where.file, true);
        QVERIFY(history);
        QCOMPARE((*history)->namedSnapshots().value(), carl->namedSnapshots());
    }

private:
    [[nodiscard]] HostThread::Options options() const
    {
        HostThread::Options options;
        options.file = m_folder->filePath(QStringLiteral("b.board"));
        return options;
    }
    static std::unique_ptr<SyncClient> client(const HostThread &host, const QString &author)
    {
        SyncClient::Options options;
        options.transport = host.factory();
        options.author = author;
        return std::make_unique<SyncClient>(std::move(options));
    }
    static bool make(SyncClient &client, const QString &name)
    {
        const edits::NewDevice device{name, QStringLiteral("ROUTER"), {}, 0, false};
        return client
            .submit(edits::createDevice(client.topology(), device,
                                        [&client] { return client.newId(); }),
                    QStringLiteral("Create %1").arg(name))
            .ok();
    }

    std::unique_ptr<QTemporaryDir> m_folder;
};

PATCHBOARD_TEST(TestHistory)
#include "tst_history.moc"
