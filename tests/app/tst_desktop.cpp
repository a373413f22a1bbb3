#include "tests/support/testmain.h"

#include "app/commands/boardcopy.h"
#include "app/desktop/boards.h"
#include "app/desktop/kepttokens.h"
#include "model/core/edits.h"
#include "server/hostthread.h"
#include "server/store/sqlitestore.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QHostAddress>
#include <QImage>
#include <QProcess>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>
#include <QUrl>

using namespace patchboard;

namespace {

struct Ran
{
    int code = -1;
    QByteArray out;
    QByteArray err;
};

/// The real program, with a home of its own and no display.
Ran runDesktop(const QStringList &arguments, const QString &home)
{
    QProcess process;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    for (const char *name : {"DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM", "XDG_RUNTIME_DIR"})
        environment.remove(QString::fromLatin1(name));
    for (const char *name : {"XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"})
        environment.remove(QString::fromLatin1(name));
    environment.insert(QStringLiteral("HOME"), home);
    process.setProcessEnvironment(environment);
    process.start(QStringLiteral(PATCHBOARD_BIN_DIR "/patchboard"), arguments);
    Ran ran;
    if (!process.waitForFinished(60'000) || process.exitStatus() != QProcess::NormalExit)
        return ran;
    ran.code = process.exitCode();
    ran.out = process.readAllStandardOutput();
    ran.err = process.readAllStandardError();
    return ran;
}

bool writeFile(const QString &path, const QByteArray &text)
{
    QFile file(path);
    return file.open(QIODevice::WriteOnly) && file.write(text) == text.size();
}

} // namespace

class DesktopTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void copiesABoard();
    void copyFails();
    void picturesSayNothing();
    void tokensOfHosts();
};

/// All that a board has but history, under ids of its own.
void DesktopTest::copiesABoard()
{
    QTemporaryDir folder;
    Topology topology;
    quint32 counter = 0;
    const auto newId = [&counter] { return makeId(0, ++counter); };
    QList<Edit> edits = edits::demoBoard(newId);
    const EntityId site = newId();
    const EntityId room = newId();
    const EntityId type = newId();
    edits.append(edits::setField(kBoardId, Field::Title, QStringLiteral("The lab")));
    edits.append(CreateEntity{EntityKind::Device,
                              site,
                              {{Field::Name, QStringLiteral("site")},
                               {Field::DeviceType, QStringLiteral("GROUP")},
                               {Field::Locked, true}}});
    // Lower ids inside higher ones: the order of making is not the order of ids.
    edits.append(CreateEntity{EntityKind::Device,
                              room,
                              {{Field::Name, QStringLiteral("room")},
                               {Field::DeviceType, QStringLiteral("GROUP")},
                               {{Field::Property, QStringLiteral("rack")}, QStringLiteral("A1")}}});
    edits.append(edits::setField(site, Field::Container, qint64(room)));
    edits.append(CreateEntity{
        EntityKind::DeviceType,
        type,
        {{Field::TypeKey, QStringLiteral("PROBE")}, {Field::Label, QStringLiteral("Probe")}}});
    edits.append(CreateEntity{EntityKind::Device,
                              newId(),
                              {{Field::Name, QStringLiteral("probe-1")},
                               {Field::DeviceType, QStringLiteral("PROBE")},
                               {Field::Container, qint64(site)},
                               {Field::Position, QPointF(12.5, -3)},
                               {Field::Notes, QStringLiteral("two\nlines")}}});
    Change change;
    change.cseq = 1;
    change.edits = edits;
    const auto made = topology.submit(change, {{0, 1}, 1, 1});
    QVERIFY2(made.ok(), made ? "" : qPrintable(made.error().text));

    const QString path = folder.filePath(QStringLiteral("copy.board"));
    QVERIFY(writeFile(path, "something else")); // people were asked
    const auto copied = app::writeBoardCopy(topology, path, true);
    QVERIFY2(copied.ok(), copied ? "" : qPrintable(copied.error().text));
    QCOMPARE(QDir(folder.path())
                 .entryList(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot)
                 .filter(QStringLiteral("patchboard")),
             QStringList());
    const auto report = server::checkBoard(path);
    QVERIFY2(report.ok(), report ? "" : qPrintable(report.error().text));
    QCOMPARE(report->problems, QStringList());
    Topology copy;
    QVERIFY(server::readBoard(path, copy));
    QCOMPARE(copy.devices().size(), topology.devices().size());
    QCOMPARE(copy.interfaces().size(), topology.interfaces().size());
    QCOMPARE(copy.links().size(), topology.links().size());
    QCOMPARE(copy.board().title, QStringLiteral("The lab"));
    for (const Device &device : topology.devices().slots()) {
        if (device.id == 0)
            continue;
        const Device *same = copy.device(copy.deviceByName(device.name));
        QVERIFY2(same, qPrintable(device.name));
        QCOMPARE(same->type, device.type);
        QCOMPARE(same->position, device.position);
        QCOMPARE(same->locked, device.locked);
        QCOMPARE(same->remarks->notes, device.remarks->notes);
        QCOMPARE(same->remarks->properties, device.remarks->properties);
        QVERIFY(same->state == device.state);
        const Device *in = topology.device(device.container);
        const Device *sameIn = copy.device(same->container);
        QCOMPARE(sameIn ? sameIn->name : QString(), in ? in->name : QString());
        QCOMPARE(copy.interfacesOf(same->id).size(), topology.interfacesOf(device.id).size());
    }
}

void DesktopTest::copyFails()
{
    QTemporaryDir folder;
    const Topology topology;
    const auto refused = [&topology](const QString &path) {
        const auto done = app::writeBoardCopy(topology, path, true);
        return done ? QString() : done.error().text;
    };
    QVERIFY(refused(folder.path()).contains(QStringLiteral("folder")));
    QVERIFY(!refused(folder.filePath(QStringLiteral("no/such/copy.board"))).isEmpty());
    QVERIFY(!refused(QStringLiteral("/proc/copy.board")).isEmpty());
    QVERIFY(refused(folder.filePath(QStringLiteral("empty.board"))).isEmpty());
    QVERIFY(server::checkBoard(folder.filePath(QStringLiteral("empty.board")))->problems.isEmpty());
}

/// Without a display: a picture of the window or the board, and not a line on stderr; a file that
/// is refused is one line with its place.
void DesktopTest::picturesSayNothing()
{
    QTemporaryDir folder;
    const QString lab = folder.filePath(QStringLiteral("lab.clab.yml"));
    QVERIFY(writeFile(lab, "name: lab\ntopology:\n  nodes:\n    a: {kind: linux}\n"
                           "    b: {kind: linux}\n  links:\n"
                           "    - endpoints: [\"a:eth1\", \"b:eth1\"]\n"));
    const QString broken = folder.filePath(QStringLiteral("broken.clab.yml"));
    QVERIFY(writeFile(broken, "name: lab\ntopology:\n  nodes:\n  - : {{\n"));
    const QString picture = folder.filePath(QStringLiteral("out.png"));
    const auto shoot = [&](const QStringList &arguments) {
        QFile::remove(picture);
        return runDesktop(arguments, folder.path());
    };
    const QString shot = QStringLiteral("--screenshot");
    for (const QStringList &arguments :
         {QStringList{QStringLiteral("demo"), shot, picture}, QStringList{lab, shot, picture},
          QStringList{shot, picture},
          QStringList{QStringLiteral("render"), lab, QStringLiteral("-o"), picture}}) {
        const Ran ran = shoot(arguments);
        QCOMPARE(ran.err, QByteArray());
        QCOMPARE(ran.code, 0);
        QVERIFY(!QImage(picture).isNull());
    }
    const QString pdf = folder.filePath(QStringLiteral("out.pdf"));
    const Ran exported = runDesktop({QStringLiteral("export"), lab, QStringLiteral("--only"),
                                     QStringLiteral("a"), QStringLiteral("-o"), pdf},
                                    folder.path());
    QCOMPARE(exported.err, QByteArray());
    QCOMPARE(exported.code, 0);
    QVERIFY(QFileInfo(pdf).size() > 500);
    const Ran nobody = runDesktop({QStringLiteral("export"), lab, QStringLiteral("--only"),
                                   QStringLiteral("c"), QStringLiteral("-o"), pdf},
                                  folder.path());
    QCOMPARE(nobody.code, 1);
    // The picture of an import leaves no board in anybody's documents.
    QCOMPARE(QDir(folder.path()).entryList({QStringLiteral("*.board")}), QStringList());
    const Ran ran = shoot({broken, shot, picture});
    QCOMPARE(ran.code, 2);
    QVERIFY2(ran.err.contains("broken.clab.yml cannot be imported: Line 4"), ran.err.constData());
    QCOMPARE(ran.err.count('\n'), 1);
    QVERIFY(!QFileInfo::exists(picture));
}

/// A host that asks for a token, a session without one, with one, and with one that was kept.
void DesktopTest::tokensOfHosts()
{
    QTemporaryDir folder;
    server::HostThread::Options options;
    options.file = folder.filePath(QStringLiteral("a.board"));
    options.demo = true;
    server::HostThread host(options);
    QVERIFY(host.open() && host.waitUntilRead());
    const auto file = access::TokenFile::open(access::TokenFile::pathFor(options.file));
    QVERIFY(file.ok());
    const auto wall = (*file)->add(QStringLiteral("wall"), access::Role::Viewer, {}, 1);
    QVERIFY(wall.ok());
    const auto port = host.share(QHostAddress(QHostAddress::LocalHost), 0);
    QVERIFY(port);
    const QString address = QStringLiteral("127.0.0.1:%1").arg(*port);
    const QUrl url(QStringLiteral("ws://") + address);
    QUrl withToken = url;
    withToken.setQuery(QStringLiteral("token=") + host.shareToken());

    app::Boards boards;
    QVERIFY(app::keptToken(address).isEmpty());
    {
        auto stranger = boards.connectTo(url);
        QVERIFY(stranger.ok());
        Session &session = (*stranger)->session();
        QTRY_VERIFY(session.status().asksForToken);
        QCOMPARE(session.status().retryInMs, 0); // it does not try the same again and again
        QVERIFY(!session.status().ready && !session.status().detail.isEmpty());
        (*stranger)->setToken(QStringLiteral("pbt_wrong"));
        QVERIFY(!session.status().asksForToken);
        QTRY_VERIFY(session.status().asksForToken);
        (*stranger)->setToken(QString::fromLatin1(wall->text));
        QTRY_COMPARE(session.status().state, ConnectionState::Live);
        QVERIFY(session.status().readOnly && session.status().ready);
        const EntityId device = session.topology().devices().ids().first();
        const auto refused = session.submit(
            {edits::setField(device, Field::Notes, QStringLiteral("n"))}, QStringLiteral("Edit"));
        QVERIFY(!refused.ok() && refused.error().code == Errc::Forbidden);
        QVERIFY(!refused.error().text.isEmpty());
    }
    QCOMPARE(app::keptToken(address), QString::fromLatin1(wall->text));
    QCOMPARE(QFile::permissions(app::keptTokensFile()) &
                 (QFile::ReadGroup | QFile::WriteGroup | QFile::ReadOther | QFile::WriteOther),
             QFile::Permissions());
    {
        // What was kept is used again; it ends while the window is there.
        auto again = boards.connectTo(url);
        Session &session = (*again)->session();
        QTRY_COMPARE(session.status().state, ConnectionState::Live);
        QVERIFY((*file)->remove(QStringLiteral("wall")).ok());
        QTRY_VERIFY(session.status().asksForToken);
        QVERIFY(session.status().ready); // what has come stays to be looked at
    }
    {
        auto editor = boards.connectTo(withToken);
        Session &session = (*editor)->session();
        QTRY_COMPARE(session.status().state, ConnectionState::Live);
        QVERIFY(!session.status().readOnly);
    }
    app::keepToken(address, {});
    QVERIFY(app::keptToken(address).isEmpty());

    // The same from the command line.
    const QString home = folder.filePath(QStringLiteral("home"));
    QVERIFY(QDir().mkpath(home));
    const QString tokenFile = folder.filePath(QStringLiteral("token"));
    QVERIFY(writeFile(tokenFile, host.shareToken().toLatin1() + "\n"));
    const QString picture = folder.filePath(QStringLiteral("a.png"));
    const QString word = QStringLiteral("--token-file");
    Ran ran = runDesktop({url.toString(), word, tokenFile, QStringLiteral("--screenshot"), picture},
                         home);
    QVERIFY2(ran.code == 0 && QFileInfo::exists(picture), ran.err);
    QVERIFY(!ran.err.contains("pbt_") && !ran.out.contains("pbt_"));
    ran = runDesktop({url.toString(), word, folder.filePath(QStringLiteral("none")),
                      QStringLiteral("--screenshot"), picture},
                     home);
    QCOMPARE(ran.code, 1);
    QVERIFY(ran.err.contains("no token"));
    ran =
        runDesktop({options.file, word, tokenFile, QStringLiteral("--screenshot"), picture}, home);
    QCOMPARE(ran.code, 1);
    QVERIFY(ran.err.contains("for a host"));
}

PATCHBOARD_TEST(DesktopTest)
#include "tst_desktop.moc"
