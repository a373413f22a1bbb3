#include "tests/server/boards.h"
#include "tests/support/testmain.h"

#include "model/core/edits.h"
#include "model/wire/codec.h"

#include <QDir>
#include <QProcess>
#include <QRandomGenerator>
#include <QRegularExpression>
#include <QSqlDatabase>
#include <QSqlError>
#include <QSqlQuery>

using namespace patchboard;
using namespace patchboard::server;

namespace {

QString refusalOf(const QString &path, const SqliteStore::Options &options = {})
{
    const auto opened = SqliteStore::open(path, options);
    return opened ? QString() : opened.error().text;
}

void write(const QString &path, const QByteArray &bytes)
{
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(bytes);
}

/// Runs SQL on a file, as somebody with a tool would.
void sql(const QString &path, const QStringList &statements)
{
    const auto connection = SqliteConnection::open(path, SqliteConnection::Mode::ReadWrite);
    QVERIFY(connection.ok());
    for (const QString &statement : statements) {
        const auto ok = (*connection)->run(statement);
        QVERIFY2(ok.ok(), ok ? "" : qPrintable(ok.error().text));
    }
}

/// A random edit of a board: every kind of thing, made, set, removed, brought back.
QList<Edit> randomEdits(OpenBoard &board, QRandomGenerator &random, QList<EntityId> &removed)
{
    const Topology &topology = board.topology;
    const auto pick = [&random](const QList<EntityId> &ids) {
        return ids.isEmpty() ? EntityId(0) : ids[random.bounded(ids.size())];
    };
    const QList<EntityId> devices = topology.devices().ids();
    switch (random.bounded(9)) {
    case 0:
    case 1: {
        const bool container = random.bounded(4) == 0;
        edits::NewDevice device;
        device.type = container ? QStringLiteral("POP") : QStringLiteral("AON_CPE");
        device.name = QStringLiteral("d%1").arg(random.bounded(1'000'000));
        device.position = {double(random.bounded(1000)), random.generateDouble() * 100};
        return edits::createDevice(topology, device, [&board] { return board.newId(); });
    }
    case 2: {
        const EntityId a = pick(devices);
        const EntityId b = pick(devices);
        if (!edits::linkRefusal(topology, a, b).isEmpty())
            return {};
        return edits::linkDevices(topology, a, b, [&board] { return board.newId(); });
    }
    case 3: {
        const EntityId id = pick(devices);
        return id == 0 ? QList<Edit>()
                       : edits::moveDevices({{id, {random.generateDouble() * 1e6, -0.5}}});
    }
    case 4: {
        const EntityId id = pick(devices + topology.links().ids() + topology.interfaces().ids());
        if (id == 0)
            return {};
        return {SetFields{
            id,
            {{{Field::Property, QStringLiteral("key \"%1\"").arg(random.bounded(4))},
              random.bounded(3) == 0 ? Value() : Value(QStringLiteral("välue\n\u2603")),
              std::nullopt},
             {Field::Notes, QStringLiteral("note %1").arg(random.bounded(10)), std::nullopt}}}};
    }
    case 5: {
        const EntityId id = pick(devices);
        return id == 0 ? QList<Edit>()
                       : edits::overrideStatus({id}, Status::Degraded, QStringLiteral("because"),
                                               QStringLiteral("somebody"), 1'700'000'000'123);
    }
    case 6: {
        const EntityId id = pick(devices + topology.links().ids() + topology.interfaces().ids());
        if (id == 0)
            return {};
        removed.append(id);
        return {RemoveEntities{{id}, random.bounded(2) == 0}};
    }
    case 7: {
        const EntityId id = pick(removed);
        return id == 0 ? QList<Edit>() : QList<Edit>{RestoreEntities{{id}}};
    }
    default: {
        const EntityId container = pick(devices);
        const EntityId child = pick(devices);
        if (container == 0 || !topology.isContainer(*topology.device(container)) ||
            topology.liesIn(container, child))
            return {};
        return {edits::setField(child, Field::Container, qint64(container))};
    }
    }
}

} // namespace

class TestStore : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        QTest::failOnWarning(QRegularExpression(QStringLiteral(".*")));
        m_folder = std::make_unique<QTemporaryDir>();
        QVERIFY(m_folder->isValid());
    }

    void newBoard()
    {
        const QString file = path("a.board");
        {
            OpenBoard board(file);
            QVERIFY2(board.ok(), qPrintable(board.error.text));
            QCOMPARE(board.authority->revision(), quint64(0));
            QVERIFY(!board.authority->epoch().isEmpty());
            QVERIFY(board.commit(edits::demoBoard([&] { return board.newId(); })).ok());
            board.store->finish(board.topology);
        }
        QCOMPARE(QDir(m_folder->path()).entryList(QDir::Files | QDir::Hidden),
                 QStringList{QStringLiteral("a.board")});
        OpenBoard board(file);
        QVERIFY(board.ok());
        QCOMPARE(board.topology.devices().size(), 10);
        QCOMPARE(board.topology.interfaces().size(), 24);
        QCOMPARE(board.topology.links().size(), 8);
        QCOMPARE(board.authority->revision(), quint64(1));
        // 43 is the next number: 10 + 24 + 8 are taken.
        QCOMPARE(board.newId(), EntityId(43));
    }

    /// Whatever happens to a board, what is read back is the same, by the blob and the tail of the
    /// log and by the rows, and check() finds nothing.
    void randomEditsComeBack_data()
    {
        QTest::addColumn<bool>("finish");
        QTest::newRow("ended cleanly") << true;
        QTest::newRow("ended anyhow") << false;
    }
    void randomEditsComeBack()
    {
        QFETCH(const bool, finish);
        const quint32 seed = QRandomGenerator::global()->generate();
        qInfo("seed %u", seed);
        QRandomGenerator random(seed);
        const QString file = path("random.board");
        QList<EntityId> removed;
        for (int round = 0; round < 4; ++round) {
            OpenBoard board(file);
            QVERIFY2(board.ok(), qPrintable(board.error.text));
            for (int i = 0; i < 60; ++i) {
                // Some turns hold several changes.
                for (int n = random.bounded(3); n >= 0; --n) {
                    const QList<Edit> edits = randomEdits(board, random, removed);
                    if (!edits.isEmpty())
                        (void)board.authority->submitLocal(edits, QStringLiteral("tester"),
                                                           QStringLiteral("random"),
                                                           1'700'000'000'000 + i);
                }
                QVERIFY(board.flush().ok());
                if (random.bounded(6) == 0)
                    board.store->idle(board.topology); // the rows
                if (i == 30 && round == 1)
                    board.store->finish(board.topology); // a blob with a tail behind it
            }
            if (finish)
                board.store->finish(board.topology);
            const quint64 revision = board.authority->revision();
            Topology fast;
            const auto state = readBoard(file, fast);
            QVERIFY2(state.ok(), state ? "" : qPrintable(state.error().text));
            QCOMPARE(state->revision, revision);
            QCOMPARE(state->logHash, board.authority->logHash());
            QVERIFY(fast == board.topology);
            QCOMPARE(fast.removedEntities().size(), board.topology.removedEntities().size());
            for (const EntityId id : board.topology.devices().ids()) {
                const auto byField = [](QList<FieldWriter> writers) {
                    std::sort(writers.begin(), writers.end(), [](const auto &a, const auto &b) {
                        return std::pair(a.key.field, a.key.property) <
                               std::pair(b.key.field, b.key.property);
                    });
                    return writers;
                };
                QCOMPARE(byField(fast.writersOf(id)), byField(board.topology.writersOf(id)));
            }
            const auto report = checkBoard(file);
            QVERIFY(report.ok());
            QVERIFY2(report->problems.isEmpty(), qPrintable(report->problems.join(u'\n')));
        }
        // And once more without the blob.
        sql(file, {QStringLiteral("DELETE FROM snapshot")});
        OpenBoard board(file);
        QVERIFY2(board.ok(), qPrintable(board.error.text));
        Topology replayed;
        const auto log = board.store->commits(1, board.authority->revision());
        QVERIFY(log.ok());
        for (const QByteArray &bytes : *log) {
            const auto commit = wire::decodeCommit(bytes);
            QVERIFY(commit.ok());
            QVERIFY(replayed
                        .apply(commit->edits,
                               {{commit->site, commit->cseq}, commit->revision, commit->time})
                        .ok());
        }
        QVERIFY(replayed == board.topology);
    }

    void logAndOutcomes()
    {
        OpenBoard board(path("log.board"));
        QVERIFY(board.ok());
        for (int i = 0; i < 5; ++i) {
            QVERIFY(board
                        .commit({CreateEntity{EntityKind::Device,
                                              board.newId(),
                                              {{Field::Name, QStringLiteral("d%1").arg(i)},
                                               {Field::DeviceType, QStringLiteral("ROUTER")}}}})
                        .ok());
        }
        const auto entries = board.store->commits(2, 4);
        QVERIFY(entries.ok());
        QCOMPARE(entries->size(), 3);
        quint64 hash = *board.store->logHashAt(1).value();
        for (const QByteArray &entry : *entries)
            hash = wire::extendLogHash(hash, entry);
        QCOMPARE(hash, *board.store->logHashAt(4).value());
        QCOMPARE(board.store->logHashAt(0).value(), std::optional<quint64>(0));
        QVERIFY(!board.store->logHashAt(9).value());
        QVERIFY(!board.store->commits(4, 9).ok());

        // A renamed device's notice, and a refusal, come back as they were.
        CommitBatch batch;
        batch.revision = board.authority->revision();
        const StoredOutcome refused{
            7, 3, 0xfedcba9876543210ULL, 0, Error{Errc::Conflict, QStringLiteral("nö")}, {}};
        const StoredOutcome renamed{
            7,
            4,
            1,
            3,
            std::nullopt,
            {{Notice::Kind::Renamed, 5, Field::Name, QStringLiteral("d-2"), Value()}}};
        batch.outcomes = {refused, renamed};
        batch.leases = {{7, QStringLiteral("profile"), 4}};
        QVERIFY(board.store->write(batch).ok());
        QCOMPARE(board.store->outcome(7, 3).value(), std::optional(refused));
        QCOMPARE(board.store->outcome(7, 4).value(), std::optional(renamed));
        QVERIFY(!board.store->outcome(7, 5).value());
        // The same number again is refused by the database itself, and leaves nothing behind.
        batch.outcomes = {{8, 1, 1, 0, std::nullopt, {}}, renamed};
        QVERIFY(!board.store->write(batch).ok());
        QVERIFY(!board.store->outcome(8, 1).value());
        Topology other;
        QCOMPARE(readBoard(path("log.board"), other)->sites.value(7),
                 (SiteLease{7, QStringLiteral("profile"), 4}));
    }

    void onlyOneWriter()
    {
        const QString file = path("one.board");
        OpenBoard board(file);
        QVERIFY(board.ok());
        const QString refusal = refusalOf(file);
        QVERIFY2(refusal.contains(file), qPrintable(refusal));
        QVERIFY2(refusal.contains(QString::number(QCoreApplication::applicationPid())),
                 qPrintable(refusal));
        // Readers are welcome.
        Topology reader;
        QVERIFY(readBoard(file, reader).ok());
        QVERIFY(checkBoard(file).ok());
    }

    void refusedAndUnchanged_data()
    {
        QTest::addColumn<QString>("kind");
        QTest::addColumn<QString>("says");
        for (const auto &[kind, says] :
             std::initializer_list<std::pair<const char *, const char *>>{
                 {"png", "not a board"},
                 {"empty", "not a board"},
                 {"foreign", "another program"},
                 {"newer", "newer version"},
                 {"truncated", "damaged"},
                 {"garbage", "damaged"},
                 {"log", "damaged"},
                 {"folder", "folder"},
                 {"fifo", "not a file"},
                 {"nowhere", "does not exist"}}) {
            QTest::newRow(kind) << QString::fromLatin1(kind) << QString::fromLatin1(says);
        }
    }
    void refusedAndUnchanged()
    {
        QFETCH(const QString, kind);
        QFETCH(const QString, says);
        QString file = path("x.board");
        if (kind != QLatin1String("nowhere")) {
            OpenBoard board(file);
            QVERIFY(board.ok());
            QVERIFY(board.commit(edits::demoBoard([&] { return board.newId(); })).ok());
            board.store->finish(board.topology);
        }
        const QByteArray sound = contentOf(file);
        if (kind == QLatin1String("png")) {
            write(file, QByteArray::fromHex("89504e470d0a1a0a0000000d49484452").repeated(20));
        } else if (kind == QLatin1String("empty")) {
            write(file, {});
        } else if (kind == QLatin1String("foreign")) {
            QVERIFY(QFile::remove(file));
            sql(file, {QStringLiteral("CREATE TABLE bookmarks (id INTEGER)")});
        } else if (kind == QLatin1String("newer")) {
            sql(file, {QStringLiteral("PRAGMA user_version = %1").arg(kSchemaVersion + 1),
                       QStringLiteral("PRAGMA journal_mode = DELETE")});
        } else if (kind == QLatin1String("truncated")) {
            write(file, sound.first(sound.size() / 2));
        } else if (kind == QLatin1String("garbage")) {
            write(file, sound.first(100) + QByteArray(sound.size() - 100, 'x'));
        } else if (kind == QLatin1String("log")) {
            // The tables' roots live in the first page: everything after it is lost.
            write(file, sound.first(4096) + QByteArray(sound.size() - 4096, '\0'));
        } else if (kind == QLatin1String("folder")) {
            QVERIFY(QFile::remove(file));
            QVERIFY(QDir().mkdir(file));
        } else if (kind == QLatin1String("fifo")) {
            QVERIFY(QFile::remove(file));
            QCOMPARE(QProcess::execute(QStringLiteral("mkfifo"), {file}), 0);
        }
        const auto before = kind == QLatin1String("fifo") ? QMap<QString, QByteArray>()
                                                          : folderOf(m_folder->path());
        SqliteStore::Options options;
        options.create = false;
        const QString refusal = refusalOf(file, options);
        QVERIFY2(refusal.contains(says), qPrintable(refusal));
        QVERIFY2(refusal.contains(file), qPrintable(refusal));
        Topology topology;
        const auto read = readBoard(file, topology);
        QVERIFY(!read.ok());
        QVERIFY2(read.error().text.contains(says), qPrintable(read.error().text));
        const auto checked = checkBoard(file);
        QVERIFY(!checked || !checked->problems.isEmpty());
        QVERIFY(!backupBoard(file, path("copy.board"), false).ok());
        if (kind != QLatin1String("fifo"))
            QCOMPARE(folderOf(m_folder->path()), before);
    }

    void cannotBeMade()
    {
        QVERIFY(refusalOf(path("no/such/folder.board")).contains(QStringLiteral("does not exist")));
        const QString refusal = refusalOf(QStringLiteral("/proc/patchboard.board"));
        QVERIFY2(refusal.contains(QStringLiteral("/proc/patchboard.board")), qPrintable(refusal));
    }

    void lockedByATool()
    {
        const QString file = path("tool.board");
        {
            OpenBoard board(file);
            QVERIFY(board.ok());
        }
        const auto tool = SqliteConnection::open(file, SqliteConnection::Mode::ReadWrite);
        QVERIFY(tool.ok());
        QVERIFY((*tool)->run(QStringLiteral("PRAGMA locking_mode = EXCLUSIVE")).ok());
        QVERIFY((*tool)->run(QStringLiteral("BEGIN EXCLUSIVE")).ok());
        const QString refusal = refusalOf(file);
        QVERIFY2(refusal.contains(QStringLiteral("locked by another program")),
                 qPrintable(refusal));
    }

    /// Every change is kept with the token that allowed it and the address that it came from.
    void keepsOrigins()
    {
        const QString file = path("origins.board");
        QList<AuditEntry> expected;
        {
            OpenBoard board(file);
            QVERIFY(board.ok());
            for (int i = 1; i <= 3; ++i) {
                const Origin origin{i == 2 ? QString() : QStringLiteral("script-%1").arg(i),
                                    i == 2 ? QString() : QStringLiteral("192.0.2.%1").arg(i)};
                const auto outcome = board.authority->submitLocal(
                    edits::createDevice(board.topology,
                                        {QStringLiteral("d%1").arg(i), QStringLiteral("OLT"), {}},
                                        [&] { return board.newId(); }),
                    QStringLiteral("ann"), QStringLiteral("Make %1").arg(i), 1000 * i, origin);
                QVERIFY(outcome.ok());
                expected.append({quint64(i), 1000 * i, QStringLiteral("ann"), origin.token,
                                 origin.address, QStringLiteral("Make %1").arg(i)});
            }
            QVERIFY(board.flush().ok());
            QCOMPARE(board.store->audit({}, 100).value(), expected);
            QCOMPARE(board.store->audit({1}, 1).value(), expected.mid(1, 1));
            QCOMPARE(readAudit(file, {2}, 100).value(), expected.mid(2)); // while it is hosted
        }
        QCOMPARE(readAudit(file, {}, 100).value(), expected);
        QVERIFY(!readAudit(path("none.board"), {}, 100).ok());
        // Of a board from before there is what was written then.
        const auto old =
            readAudit(QStringLiteral(PATCHBOARD_TEST_DATA "/boards/version-1.board"), {}, 100);
        QVERIFY(old.ok() && !old->isEmpty());
        QVERIFY(!old->first().label.isEmpty() && old->first().address.isEmpty());
    }

    /// What is no change of the board is told beside its changes, page by page, and forgotten as
    /// they are.
    void keepsActs()
    {
        const QString file = path("acts.board");
        SqliteStore::Options options;
        qint64 now = 0;
        options.clock = [&now] { return now; };
        options.keepChanges = 4;
        options.keepTime = 1000;
        const Origin origin{QStringLiteral("script"), QStringLiteral("192.0.2.1")};
        QList<AuditEntry> all;
        const auto keep = [&](OpenBoard &board, const wire::SnapshotEdit &edit, const char *label) {
            now += 100;
            const auto done =
                board.authority->editSnapshots(edit, QStringLiteral("ann"), now, origin);
            QVERIFY(done.ok() && board.flush().ok());
            all.append({board.authority->revision(), now, QStringLiteral("ann"), origin.token,
                        origin.address, QString::fromLatin1(label), quint64(all.size() - 1)});
        };
        {
            OpenBoard board(file, options);
            QVERIFY(board.ok());
            for (int i = 1; i <= 2; ++i) {
                QVERIFY(board
                            .commit(edits::createDevice(
                                board.topology,
                                {QStringLiteral("d%1").arg(i), QStringLiteral("OLT"), {}},
                                [&] { return board.newId(); }))
                            .ok());
                all.append(board.store->audit({quint64(i - 1)}, 1).value());
            }
            QCOMPARE(all.size(), 2);
            keep(board, {0, 0, QStringLiteral("Before"), 1}, "Name revision 1 \"Before\"");
            keep(board, {0, 1, QStringLiteral("Then"), 0},
                 "Rename snapshot \"Before\" to \"Then\"");
            keep(board, {0, 1, {}, 0}, "Forget snapshot \"Then\" of revision 1");
            QCOMPARE(board.store->audit({}, 100).value(), all);
            QCOMPARE(readAudit(file, {1}, 100).value(), all.mid(1)); // while it is hosted
            QCOMPARE(readAudit(file, {2}, 100).value(), all.mid(2)); // also what is known already
            QCOMPARE(readAudit(file, {2, 2}, 100).value(), all.mid(4));
            QCOMPARE(readAudit(file, {2, 3}, 100).value(), QList<AuditEntry>());
            // What is refused is none, and what is not on the disk is nowhere.
            QVERIFY(!board.authority->editSnapshots({0, 7, {}, 0}, {}, now).ok());
            QVERIFY(board.authority->editSnapshots({0, 0, QStringLiteral("x"), 1}, {}, now).ok());
            board.authority->failed({Errc::Storage, {}});
            QVERIFY(board.flush().ok());
        }
        for (qsizetype atOnce = 1; atOnce <= 6; ++atOnce) {
            QList<AuditEntry> read;
            AuditPlace place;
            for (;;) {
                const auto page = readAudit(file, place, atOnce);
                QVERIFY(page.ok());
                if (page->isEmpty())
                    break;
                QVERIFY(page->size() <= atOnce);
                read += *page;
                place.revision = page->last().revision;
                for (const AuditEntry &entry : *page)
                    place.act = std::max(place.act, entry.act);
            }
            QCOMPARE(read, all);
        }
        OpenBoard board(file, options);
        QVERIFY(board.ok());
        keep(board, {0, 0, QStringLiteral("A"), 2}, "Name revision 2 \"A\"");
        keep(board, {0, 1, QStringLiteral("B"), 0}, "Rename snapshot \"A\" to \"B\"");
        QCOMPARE(readAudit(file, {}, 100).value(), all); // five of them, but none is old
        now += 1100;
        keep(board, {0, 1, QStringLiteral("C"), 0}, "Rename snapshot \"B\" to \"C\"");
        all.remove(2, 2);
        QCOMPARE(readAudit(file, {}, 100).value(), all);
    }

    /// The tables of an older version get what a newer one adds; a step that fails leaves the file
    /// as it was.
    void migrations()
    {
        const QString file = path("old.board");
        {
            OpenBoard board(file);
            QVERIFY(board.ok());
            QVERIFY(board.commit(edits::demoBoard([&] { return board.newId(); })).ok());
            board.store->finish(board.topology);
        }
        Schema next = currentSchema();
        next.version = kSchemaVersion + 2;
        next.migrations.append(
            {kSchemaVersion,
             {QStringLiteral("ALTER TABLE \"devices\" ADD COLUMN \"rack\" TEXT"),
              QStringLiteral("UPDATE \"devices\" SET \"rack\" = 'R' || \"id\"")}});
        next.migrations.append(
            {kSchemaVersion + 1, {QStringLiteral("CREATE TABLE \"racks\" (\"name\" TEXT)")}});

        Schema broken = next;
        broken.migrations.last().statements.append(
            QStringLiteral("INSERT INTO nowhere VALUES (1)"));
        SqliteStore::Options options;
        options.schema = &broken;
        QVERIFY(!refusalOf(file, options).isEmpty());
        {
            OpenBoard board(file); // still what it was
            QVERIFY2(board.ok(), qPrintable(board.error.text));
        }
        options.schema = &next;
        {
            OpenBoard board(file, options);
            QVERIFY2(board.ok(), qPrintable(board.error.text));
            QCOMPARE(board.topology.devices().size(), 10);
            QVERIFY(board
                        .commit(edits::moveDevices(
                            {{board.topology.devices().ids().first(), QPointF(1, 2)}}))
                        .ok());
        }
        const auto connection = SqliteConnection::open(file, SqliteConnection::Mode::ReadOnly);
        QCOMPARE((*connection)
                     ->single(QStringLiteral("SELECT rack FROM devices WHERE id = 2"))
                     ->toString(),
                 QStringLiteral("R2"));
        QVERIFY(refusalOf(file).contains(QStringLiteral("newer version")));
    }

    /// A board that version 1 of the tables wrote, as it lies in tests/data.
    void opensVersion1()
    {
        const QString file = path("v1.board");
        QVERIFY(QFile::copy(QStringLiteral(PATCHBOARD_TEST_DATA "/boards/version-1.board"), file));
        QVERIFY(QFile::setPermissions(file, QFile::ReadOwner | QFile::WriteOwner));
        {
            // Looked at, it stays as it is: what came later has its default.
            sql(file, {QStringLiteral("DELETE FROM snapshot")});
            Topology seen;
            const auto state = readBoard(file, seen);
            QVERIFY2(state.ok(), state.ok() ? "" : qPrintable(state.error().text));
            QCOMPARE(seen.devices().size(), 9);
            QVERIFY(!seen.board().computedStatus);
        }
        OpenBoard board(file);
        QVERIFY2(board.ok(), qPrintable(board.error.text));
        QCOMPARE(board.topology.devices().size(), 9);
        const Device *device =
            board.topology.device(board.topology.deviceByName(QStringLiteral("OLT1")));
        QVERIFY(device);
        QCOMPARE(device->remarks->properties.value(QStringLiteral("rack")), QStringLiteral("A 7"));
        QCOMPARE(device->state.override_, std::optional(Status::Degraded));
        QCOMPARE(board.topology.removedEntities().size(), 4);
        QVERIFY(board.commit({RestoreEntities{{7}}}).ok());
        QVERIFY(board.topology.device(7));
    }

    /// An answer is kept with its change, in one transaction; for a day, under its author.
    void keptAnswers()
    {
        const QString file = path("answers.board");
        KeptAnswer answer{
            QStringLiteral("API"), QStringLiteral("k 1"),  "digest", 201, "text/plain",
            "ETag: \"a\"\n",       QByteArray("b\0dy", 4), 1'000'000};
        {
            OpenBoard board(file);
            QVERIFY(board.ok());
            QVERIFY(board.authority
                        ->submitLocal(edits::demoBoard([&] { return board.newId(); }), {}, {}, 1)
                        .ok());
            const CommitBatch batch = board.authority->takeBatch();
            QVERIFY(board.store->write(batch, {answer}).ok());
            board.authority->committed();
            // One that tells of no change.
            answer.key = QStringLiteral("k 2");
            QVERIFY(board.store->write({}, {answer}).ok());
        }
        OpenBoard board(file);
        QVERIFY2(board.ok(), qPrintable(board.error.text));
        QCOMPARE(board.topology.devices().size(), 10);
        const auto kept = [&](const char *author, const char *key, qint64 now) {
            const auto found =
                board.store->answer(QString::fromLatin1(author), QString::fromLatin1(key), now);
            return found ? *found : std::nullopt;
        };
        QVERIFY(kept("API", "k 2", 1'000'001) == answer);
        QCOMPARE(kept("API", "k 1", 1'000'001)->body, answer.body);
        QVERIFY(!kept("API", "k 3", 1'000'001));
        QVERIFY(!kept("somebody", "k 1", 1'000'001));
        QVERIFY(kept("API", "k 1", answer.time + kAnswerKeptMs - 1));
        QVERIFY(!kept("API", "k 1", answer.time + kAnswerKeptMs));
        // What is too old goes with the next.
        answer.key = QStringLiteral("k 3");
        answer.time += kAnswerKeptMs;
        QVERIFY(board.store->write({}, {answer}).ok());
        const auto connection = SqliteConnection::open(file, SqliteConnection::Mode::ReadOnly);
        QCOMPARE((*connection)
                     ->single(QStringLiteral("SELECT group_concat(key) FROM kept_answers"))
                     ->toString(),
                 QStringLiteral("k 3"));
        QVERIFY(checkBoard(file)->problems.isEmpty());
    }

    void checkFindsWhatIsWrong_data()
    {
        QTest::addColumn<QString>("statement");
        QTest::addColumn<QString>("says");
        const auto row = [](const char *name, const char *statement, const char *says) {
            QTest::newRow(name) << QString::fromLatin1(statement) << QString::fromLatin1(says);
        };
        row("dangling interface", "UPDATE interfaces SET device_id = 999 WHERE id = 11",
            "Interface 11");
        row("dangling link", "UPDATE links SET a_interface_id = 999 WHERE id = 35", "Link 35");
        row("two of one name", "UPDATE devices SET name = 'OLT1' WHERE id = 1", "Device 6");
        row("container in itself",
            "UPDATE devices SET device_type = 'POP', parent_container_id = 1 WHERE id = 1",
            "container");
        row("changed value", "UPDATE devices SET x = 12 WHERE id = 1", "differ");
        row("value of no field", "UPDATE devices SET status = 'MAYBE' WHERE id = 1", "status");
        row("lost row", "DELETE FROM links WHERE id = 35", "differ");
        row("lost change", "DELETE FROM change_log WHERE revision = 2", "change 2 is missing");
        row("changed log", "UPDATE change_log SET body = zeroblob(20) WHERE revision = 2",
            "hash of change 2");
        row("site behind", "UPDATE sites SET last_cseq = 1", "Site 0");
        row("damaged blob", "UPDATE snapshot SET data = zeroblob(200)", "Snapshot");
        row("lost mark", "DELETE FROM site_marks", "no mark leads to change 1");
        row("mark too far away", "UPDATE site_marks SET revision = revision - 512",
            "no mark leads to change 1");
    }
    void checkFindsWhatIsWrong()
    {
        QFETCH(const QString, statement);
        QFETCH(const QString, says);
        const QString file = path("check.board");
        {
            OpenBoard board(file);
            QVERIFY(board.ok());
            QVERIFY(board.commit(edits::demoBoard([&] { return board.newId(); })).ok());
            for (int i = 0; i < 3; ++i)
                QVERIFY(board.commit(edits::moveDevices({{2, QPointF(i, i)}})).ok());
            board.store->finish(board.topology);
        }
        QVERIFY(checkBoard(file)->problems.isEmpty());
        sql(file, {statement});
        const auto report = checkBoard(file);
        QVERIFY(report.ok());
        const QString problems = report->problems.join(u'\n');
        QVERIFY2(problems.contains(says), qPrintable(problems));
    }

    /// A change is a line of the log; its rows come later, once for all that touched them, a part
    /// at a time, and a reader is never told of a board between two changes.
    void rowsFollowTheLog()
    {
        const QString file = path("rows.board");
        OpenBoard board(file);
        QVERIFY(board.ok());
        QList<Edit> edits;
        for (int i = 0; i < 2500; ++i) {
            edits.append(CreateEntity{EntityKind::Device,
                                      board.newId(),
                                      {{Field::Name, QStringLiteral("d%1").arg(i)},
                                       {Field::DeviceType, QStringLiteral("ROUTER")}}});
        }
        QVERIFY(board.commit(edits).ok());
        const auto reader = SqliteConnection::open(file, SqliteConnection::Mode::ReadOnly);
        const auto number = [&](const char *query) {
            return (*reader)->single(QString::fromLatin1(query))->toLongLong();
        };
        const auto sound = [&] {
            Topology read;
            const auto report = checkBoard(file);
            return readBoard(file, read).ok() && read == board.topology && report.ok() &&
                   report->problems.isEmpty() && report->devices == read.devices().size();
        };
        QCOMPARE(number("SELECT COUNT(*) FROM devices"), 0);
        QVERIFY(sound());

        QVERIFY(board.store->idle(board.topology)); // there is more
        QVERIFY(number("SELECT COUNT(*) FROM devices") > 0);
        QVERIFY(number("SELECT COUNT(*) FROM devices") < 2500);
        QCOMPARE(number("SELECT value FROM meta WHERE key = 'rows_revision'"), 0);
        QVERIFY(sound());
        // Meanwhile one that is written already and one that is not are changed, and one removed.
        const EntityId first = std::get<CreateEntity>(edits.first()).id;
        const EntityId last = std::get<CreateEntity>(edits.last()).id;
        QVERIFY(board.commit(edits::moveDevices({{first, {1, 2}}, {last, {3, 4}}})).ok());
        QVERIFY(board.commit({RemoveEntities{{first + 1}, false}}).ok());
        QVERIFY(sound());
        while (board.store->idle(board.topology))
            QVERIFY(sound());
        QCOMPARE(number("SELECT value FROM meta WHERE key = 'rows_revision'"), 3);
        QCOMPARE(number("SELECT COUNT(*) FROM devices"), 2499);
        QCOMPARE(number("SELECT COUNT(*) FROM removed"), 1);
        QCOMPARE((*reader)
                     ->single(QStringLiteral("SELECT x FROM devices WHERE id = %1").arg(last))
                     ->toDouble(),
                 3.0);
        QVERIFY(sound());
    }

    /// A host that ended anyhow, in the middle of its rows: another one goes on with them.
    void rowsOfAKilledHost()
    {
        const QString file = path("killed.board");
        EntityId moved = 0;
        {
            OpenBoard board(file);
            QVERIFY(board.ok());
            QVERIFY(board.commit(edits::demoBoard([&] { return board.newId(); })).ok());
            QVERIFY(!board.store->idle(board.topology));
            moved = board.topology.deviceByName(QStringLiteral("OLT1"));
            QVERIFY(board.commit(edits::moveDevices({{moved, {77, 88}}})).ok());
        }
        // What somebody changed in rows that are not about to be written is found all the same.
        const QString other = path("changed.board");
        QVERIFY(backupBoard(file, other, false).ok());
        sql(other, {QStringLiteral("UPDATE devices SET x = 12 WHERE id <> %1").arg(moved)});
        QVERIFY(checkBoard(other)->problems.join(u'\n').contains(QStringLiteral("differ")));
        QVERIFY(checkBoard(file)->problems.isEmpty());

        OpenBoard board(file);
        QVERIFY(board.ok());
        QCOMPARE(board.topology.device(moved)->position, QPointF(77, 88));
        QVERIFY(!board.store->idle(board.topology));
        const auto reader = SqliteConnection::open(file, SqliteConnection::Mode::ReadOnly);
        QCOMPARE((*reader)
                     ->single(QStringLiteral("SELECT x FROM devices WHERE id = %1").arg(moved))
                     ->toDouble(),
                 77.0);
    }

    /// Rows that are behind cannot stand in for a blob that is lost; boards of the past can.
    void damagedBlobAndRowsBehind_data()
    {
        QTest::addColumn<bool>("pruned");
        QTest::newRow("whole log") << false;
        QTest::newRow("log without its beginning") << true;
    }
    void damagedBlobAndRowsBehind()
    {
        QFETCH(const bool, pruned);
        const QString file = path("both.board");
        SqliteStore::Options options;
        options.checkpointEvery = 5;
        options.keepTime = 0;
        if (pruned)
            options.keepChanges = 10;
        quint64 digest = 0;
        {
            OpenBoard board(file, options);
            QVERIFY(board.commit(edits::demoBoard([&] { return board.newId(); })).ok());
            for (int i = 0; i < 40; ++i) {
                QVERIFY(board.commit(edits::moveDevices({{2, QPointF(i, i)}})).ok());
                while (auto chore = board.store->chore(server::Store::Chores::All)) {
                    chore->work();
                    chore->done();
                }
                if (i == 20)
                    board.store->finish(board.topology);
                if (i < 38)
                    board.store->idle(board.topology);
            }
            QCOMPARE(board.store->oldestRevision().value() > 1, pruned);
            digest = board.topology.digest();
        }
        sql(file, {QStringLiteral("UPDATE snapshot SET data = zeroblob(200)")});
        OpenBoard board(file);
        QVERIFY2(board.ok(), qPrintable(board.error.text));
        QCOMPARE(board.topology.digest(), digest);
        QCOMPARE(board.topology.device(2)->position, QPointF(39, 39));
    }

    /// How a change ended that took effect as it was sent stands in its line of the log, and in a
    /// row of its own when that line is forgotten.
    void outcomesOutliveTheLog()
    {
        const QString file = path("outcomes.board");
        SqliteStore::Options options;
        options.checkpointEvery = 5;
        options.keepTime = 0;
        options.keepChanges = 10;
        OpenBoard board(file, options);
        QVERIFY(board.commit(edits::demoBoard([&] { return board.newId(); })).ok());
        const auto outcomes = [&] {
            const auto reader = SqliteConnection::open(file, SqliteConnection::Mode::ReadOnly);
            return (*reader)->single(QStringLiteral("SELECT COUNT(*) FROM outcomes"))->toLongLong();
        };
        for (quint64 cseq = 1; cseq <= 40; ++cseq) {
            CommitBatch batch;
            Commit commit;
            commit.site = 9;
            commit.cseq = cseq;
            commit.revision = cseq + 1;
            commit.time = 1'700'000'000'000;
            commit.edits = edits::moveDevices({{2, QPointF(double(cseq), 0)}});
            QVERIFY(
                board.topology.apply(commit.edits, {{9, cseq}, commit.revision, commit.time}).ok());
            batch.commits = {commit};
            batch.encoded.append(commit);
            batch.logHashes = {cseq};
            batch.origins = {{}};
            batch.outcomes = {{9, cseq, 100 + cseq, commit.revision, std::nullopt, {}}};
            batch.revision = commit.revision;
            QVERIFY(board.store->write(batch).ok());
            while (auto chore = board.store->chore(server::Store::Chores::All)) {
                chore->work();
                chore->done();
            }
            if (cseq == 20) {
                QCOMPARE(outcomes(), 0);
            }
            if (cseq > 20)
                board.store->idle(board.topology);
            for (quint64 each = 1; each <= cseq; ++each) {
                QCOMPARE(
                    board.store->outcome(9, each).value(),
                    std::optional(StoredOutcome{9, each, 100 + each, each + 1, std::nullopt, {}}));
            }
        }
        QVERIFY(board.store->oldestRevision().value() > 10);
        QVERIFY(outcomes() > 5);
        QVERIFY(!board.store->outcome(9, 41).value());
    }

    /// The log has no index by site and number: it has marks. Every change is found by them, also
    /// in a log that was written with an index.
    void changesAreFoundByTheirNumbers()
    {
        const quint32 seed = QRandomGenerator::global()->generate();
        qInfo("seed %u", seed);
        QRandomGenerator random(seed);
        const QString file = path("marks.board");
        QHash<SiteId, quint64> last;
        QList<StoredOutcome> all;
        const auto findAll = [&](const OpenBoard &board) {
            for (const StoredOutcome &outcome : std::as_const(all)) {
                QCOMPARE(board.store->outcome(outcome.site, outcome.cseq).value(),
                         std::optional(outcome));
            }
            for (auto it = last.cbegin(); it != last.cend(); ++it)
                QVERIFY(!board.store->outcome(it.key(), it.value() + 1).value());
            QVERIFY(!board.store->outcome(99, 1).value());
        };
        quint64 hash = 0;
        {
            OpenBoard board(file);
            QVERIFY(board.ok());
            while (all.size() < 3000) {
                CommitBatch batch;
                for (qint64 i = random.bounded(1, 200); i > 0; --i) {
                    Commit commit;
                    // Some write all the time, others hardly ever.
                    commit.site = random.bounded(200) == 0 ? 8U : 1 + random.bounded(5U);
                    commit.cseq = ++last[commit.site];
                    commit.revision = quint64(all.size()) + 1;
                    commit.time = 1'700'000'000'000;
                    batch.commits.append(commit);
                    batch.encoded.append(commit);
                    hash = wire::extendLogHash(hash, batch.encoded.at(batch.encoded.size() - 1));
                    batch.logHashes.append(hash);
                    batch.origins.append(Origin());
                    all.append({commit.site,
                                commit.cseq,
                                random.generate64(),
                                commit.revision,
                                std::nullopt,
                                {}});
                    batch.outcomes.append(all.constLast());
                    batch.leases.append({commit.site, {}, commit.cseq});
                }
                batch.revision = quint64(all.size());
                batch.logHash = hash;
                QVERIFY(board.store->write(batch).ok());
            }
            findAll(board);
        }
        QCOMPARE(checkBoard(file)->problems, QStringList());
        // A few of each site for each piece of the log, no more.
        const auto marks = [&] {
            const auto reader = SqliteConnection::open(file, SqliteConnection::Mode::ReadOnly);
            return (*reader)
                ->single(QStringLiteral("SELECT COUNT(*) FROM site_marks"))
                ->toULongLong();
        };
        const quint64 most = quint64(last.size()) * (quint64(all.size()) / kRevisionsPerMark + 1);
        QVERIFY(marks() >= quint64(last.size()) && marks() <= most);
        sql(file, {QStringLiteral("DROP TABLE site_marks"),
                   QStringLiteral("ALTER TABLE change_log RENAME TO plain"),
                   QStringLiteral("CREATE TABLE change_log (revision INTEGER PRIMARY KEY, "
                                  "site INTEGER NOT NULL, cseq INTEGER NOT NULL, "
                                  "author TEXT NOT NULL, label TEXT NOT NULL, "
                                  "time INTEGER NOT NULL, gesture INTEGER NOT NULL, "
                                  "body BLOB NOT NULL, log_hash INTEGER NOT NULL, "
                                  "token TEXT NOT NULL DEFAULT '', "
                                  "address TEXT NOT NULL DEFAULT '', body_hash INTEGER, "
                                  "UNIQUE (site, cseq))"),
                   QStringLiteral("INSERT INTO change_log SELECT * FROM plain"),
                   QStringLiteral("DROP TABLE plain"),
                   QStringLiteral("PRAGMA user_version = %1").arg(kMarksVersion - 1)});
        QCOMPARE(checkBoard(file)->problems, QStringList());
        {
            OpenBoard board(file);
            QVERIFY2(board.ok(), qPrintable(board.error.text));
            findAll(board);
        }
        QVERIFY(marks() <= most);
        QCOMPARE(checkBoard(file)->problems, QStringList());
        // One that its site has used before.
        Commit again;
        again.site = all.constFirst().site;
        again.cseq = all.constFirst().cseq;
        again.revision = quint64(all.size()) + 1;
        const QByteArray body = wire::encodeCommit(again);
        sql(file,
            {QStringLiteral("INSERT INTO change_log (revision, site, cseq, author, label, time, "
                            "gesture, body, log_hash) VALUES (%1, %2, %3, '', '', 0, 0, x'%4', %5)")
                 .arg(again.revision)
                 .arg(again.site)
                 .arg(again.cseq)
                 .arg(QString::fromLatin1(body.toHex()))
                 .arg(qint64(wire::extendLogHash(hash, body)))});
        QVERIFY(checkBoard(file)->problems.join(u'\n').contains(QLatin1String("has used")));
    }

    /// The write-ahead log is brought into the file beside the store's thread, and begins anew.
    void checkpoints()
    {
        const QString file = path("checkpoints.board");
        const auto size = [&file](const char *suffix) {
            return QFileInfo(file + QLatin1String(suffix)).size();
        };
        OpenBoard board(file);
        QVERIFY(board.ok());
        QVERIFY(board.commit(edits::demoBoard([&] { return board.newId(); })).ok());
        constexpr qint64 kLength = 16'000;
        const auto note = [&board](int count, char16_t letter) {
            for (int i = 0; i < count; ++i) {
                const QString text(kLength, QChar(letter));
                if (!board.commit({SetFields{2, {{Field::Notes, text, std::nullopt}}}}))
                    return false;
            }
            return true;
        };
        constexpr int kChanges = 300; // more than 1,000 frames, fewer than 8,192
        QVERIFY(note(kChanges, u'a'));
        const qint64 wal = size("-wal");
        QVERIFY(wal > kChanges * kLength);
        QVERIFY(size("") < wal / 4);
        QVERIFY(!board.store->chore(server::Store::Chores::Pressing));
        const auto workOff = [&board](server::Store::Chores which) {
            while (auto chore = board.store->chore(which)) {
                const std::unique_ptr<QThread> thread(QThread::create(chore->work));
                thread->start();
                thread->wait();
                chore->done();
            }
        };
        workOff(server::Store::Chores::All);
        QVERIFY(size("") > kChanges * kLength);
        QVERIFY(note(kChanges / 2, u'b'));
        QVERIFY(size("-wal") < wal * 5 / 4); // what it was, and the board of the past
        // In a burst, when it has become long.
        QVERIFY(note(8 * kChanges, u'c'));
        const qint64 before = size("");
        workOff(server::Store::Chores::Pressing);
        QVERIFY(size("") > before + 8 * kChanges * kLength);
        QCOMPARE(checkBoard(file)->problems, QStringList());
    }

    void damagedBlobIsNoLoss()
    {
        const QString file = path("blob.board");
        {
            OpenBoard board(file);
            QVERIFY(board.commit(edits::demoBoard([&] { return board.newId(); })).ok());
            board.store->finish(board.topology);
        }
        sql(file, {QStringLiteral("UPDATE snapshot SET data = zeroblob(200)")});
        OpenBoard board(file);
        QVERIFY2(board.ok(), qPrintable(board.error.text));
        QCOMPARE(board.topology.devices().size(), 10);
    }

    void backupOfALiveBoard()
    {
        const QString file = path("live.board");
        const QString copy = path("copy.board");
        OpenBoard board(file);
        QVERIFY(board.commit(edits::demoBoard([&] { return board.newId(); })).ok());
        QVERIFY(board.commit(edits::moveDevices({{2, QPointF(5, 6)}})).ok());
        QVERIFY2(backupBoard(file, copy, false).ok(), "first");
        QVERIFY(board.commit(edits::moveDevices({{2, QPointF(7, 8)}})).ok());
        const auto again = backupBoard(file, copy, false);
        QVERIFY(!again && again.error().text.contains(QStringLiteral("--force")));
        QVERIFY(!backupBoard(file, file, true).ok());

        OpenBoard restored(copy);
        QVERIFY2(restored.ok(), qPrintable(restored.error.text));
        QCOMPARE(restored.topology.device(2)->position, QPointF(5, 6));
        QCOMPARE(restored.authority->revision(), quint64(2));
        QVERIFY(restored.authority->epoch() != board.authority->epoch());
        QVERIFY(checkBoard(copy)->problems.isEmpty());
        QVERIFY(backupBoard(file, path("third.board"), true).ok());
        QCOMPARE(
            QDir(m_folder->path()).entryList({QStringLiteral(".*")}, QDir::Files | QDir::Hidden),
            QStringList());
    }

private:
    QString path(const char *name) const { return m_folder->filePath(QString::fromLatin1(name)); }
    std::unique_ptr<QTemporaryDir> m_folder;
};

PATCHBOARD_TEST(TestStore)
#include "tst_store.moc"
