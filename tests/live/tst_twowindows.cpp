#include "model/core/edits.h"
#include "tests/live/warnings.h"
#include "tests/support/boardservice.h"
#include "tests/support/hostprocess.h"
#include "tests/support/testmain.h"
#include "ui/actions/theme.h"
#include "ui/commands/undostack.h"
#include "ui/mainwindow/connectionstatus.h"
#include "ui/mainwindow/mainwindow.h"
#include "ui/scene/canvasview.h"

#include <QLineEdit>
#include <QRandomGenerator>
#include <QSettings>
#include <QSignalSpy>
#include <QTemporaryDir>

#include <algorithm>

using namespace patchboard;

namespace {

/// The GraphML file with the most nodes in the folder of test topologies, or one as large as the
/// largest of the Topology Zoo.
QString largestNetwork(const QString &folder)
{
    const QString corpus = qEnvironmentVariable("PATCHBOARD_CORPUS");
    QFile table(corpus + QStringLiteral("/corpus/expected.tsv"));
    QString best;
    int most = 0;
    if (!corpus.isEmpty() && table.open(QIODevice::ReadOnly)) {
        for (const QByteArray &line : table.readAll().split('\n')) {
            const QList<QByteArray> cells = line.split('\t');
            if (cells.size() > 1 && cells.first().startsWith("graphml/") &&
                cells.at(1).toInt() > most) {
                most = cells.at(1).toInt();
                best = corpus + QStringLiteral("/corpus/") + QString::fromUtf8(cells.first());
            }
        }
    }
    if (!best.isEmpty())
        return best;
    const QString path = folder + QStringLiteral("/network.graphml");
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly))
        return {};
    file.write("<graphml xmlns=\"http://graphml.graphdrawing.org/xmlns\"><graph>\n");
    QRandomGenerator random(754);
    for (int i = 0; i < 754; ++i)
        file.write("<node id=\"n" + QByteArray::number(i) + "\"/>\n");
    for (int i = 1; i < 900; ++i) {
        const int a = i < 754 ? i : random.bounded(754);
        file.write("<edge source=\"n" + QByteArray::number(a) + "\" target=\"n" +
                   QByteArray::number(random.bounded(i < 754 ? i : 754)) + "\"/>\n");
    }
    file.write("</graph></graphml>\n");
    return path;
}

} // namespace

/// The main job, with real processes: a real network on a headless host, a window driven by the
/// mouse, one more client; the host is killed again and again in bursts of edits.
class TestTwoWindows : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init() { failOnWarnings(); }
    void editsOfOneAppearInTheOther();
    void nothingIsLostWhenTheHostIsKilled();
    void aSilentHostIsNoticed();
    void cleanupTestCase();

private:
    [[nodiscard]] ui::CanvasView *canvas() const { return m_window->canvas(); }
    [[nodiscard]] Session &ana() const { return m_window->board()->session(); }
    [[nodiscard]] QWidget *surface() const { return canvas()->viewport(); }
    [[nodiscard]] QString shownState() const
    {
        return m_window->findChild<ui::ConnectionStatus *>()->text();
    }
    EntityId createByMouse(QPoint at);
    void dragByMouse(EntityId device, QPoint by);
    void renameByKeys(EntityId device, const QString &name);
    bool statesEqual();
    /// The window says so, and the other client knows it.
    bool bothApart()
    {
        return !shownState().contains(QLatin1String("Live")) && !shownState().isEmpty() &&
               m_ben->status().state != ConnectionState::Live;
    }

    QTemporaryDir m_dir;
    std::unique_ptr<HostProcess> m_host;
    std::unique_ptr<TestBoardService> m_service;
    std::unique_ptr<ui::Theme> m_theme;
    std::unique_ptr<ui::Windows> m_windows;
    QPointer<ui::MainWindow> m_window;
    std::unique_ptr<SyncClient> m_ben;
    QRandomGenerator m_random;
    QSet<QString> m_expected; ///< names of devices that must be there, each once
};

void TestTwoWindows::initTestCase()
{
    const quint32 seed = qEnvironmentVariableIsSet("PATCHBOARD_SEED")
                             ? qEnvironmentVariable("PATCHBOARD_SEED").toUInt()
                             : QRandomGenerator::global()->generate();
    qInfo("PATCHBOARD_SEED=%u", seed);
    m_random.seed(seed);
    QVERIFY(m_dir.isValid());

    const QString network = largestNetwork(m_dir.path());
    const QString board = m_dir.filePath(QStringLiteral("network.board"));
    const auto imported =
        HostProcess::run({QStringLiteral("import"), network, QStringLiteral("-o"), board});
    QCOMPARE(imported.code, 0);
    qInfo("%s: %s%s", qUtf8Printable(network), imported.out.constData(), imported.err.constData());

    m_host = std::make_unique<HostProcess>(board);
    QVERIFY(m_host->start());

    m_service = std::make_unique<TestBoardService>(QStringLiteral("Ana"),
                                                   m_dir.filePath(QStringLiteral("ana")));
    m_theme = std::make_unique<ui::Theme>();
    m_windows = std::make_unique<ui::Windows>(*m_service, *m_theme);
    m_window = m_windows->openWindow(nullptr);
    m_window->resize(1280, 800);
    m_window->show();
    QVERIFY(QTest::qWaitForWindowExposed(m_window));
    QVERIFY(m_window->openLocation(m_host->url().toString()));
    QTRY_COMPARE(ana().status().state, ConnectionState::Live);

    m_ben = TestBoardService::client(m_host->url(), QStringLiteral("Ben"),
                                     m_dir.filePath(QStringLiteral("ben")));
    QTRY_COMPARE(m_ben->status().state, ConnectionState::Live);
    QVERIFY(m_ben->topology().devices().size() > 100);
    QVERIFY(m_ben->topology() == ana().topology());
}

EntityId TestTwoWindows::createByMouse(QPoint at)
{
    const QList<EntityId> before = ana().topology().devices().ids();
    canvas()->armPlacing(QStringLiteral("ROUTER"));
    QTest::mouseClick(surface(), Qt::LeftButton, {}, at);
    for (const EntityId id : ana().topology().devices().ids()) {
        if (!before.contains(id))
            return id;
    }
    return 0;
}

void TestTwoWindows::dragByMouse(EntityId device, QPoint by)
{
    const QPoint from = canvas()->fromScene(ana().topology().device(device)->position).toPoint();
    QTest::mousePress(surface(), Qt::LeftButton, {}, from);
    QTest::mouseMove(surface(), from + by / 2);
    QTest::mouseMove(surface(), from + by);
    QTest::mouseRelease(surface(), Qt::LeftButton, {}, from + by);
}

void TestTwoWindows::renameByKeys(EntityId device, const QString &name)
{
    canvas()->startRename(device);
    auto *editor = qobject_cast<QLineEdit *>(m_window->focusWidget());
    QVERIFY(editor);
    editor->selectAll();
    QTest::keyClicks(editor, name);
    QTest::keyClick(editor, Qt::Key_Return);
    QCOMPARE(ana().topology().device(device)->name, name);
}

bool TestTwoWindows::statesEqual()
{
    return ana().status().pending == 0 && m_ben->status().pending == 0 &&
           ana().status().revision == m_ben->status().revision &&
           ana().topology() == m_ben->topology();
}

void TestTwoWindows::editsOfOneAppearInTheOther()
{
    const Topology &hers = ana().topology();
    const Topology &his = m_ben->topology();
    canvas()->setZoom(1.0);
    // Empty ground to work on, away from the network.
    canvas()->centreOnScene(canvas()->boardRect().bottomRight() + QPointF(2000, 2000));

    const EntityId first = createByMouse({200, 200});
    const EntityId second = createByMouse({500, 320});
    QVERIFY(first != 0 && second != 0);
    QTRY_VERIFY(his.device(first) && his.device(second));
    QCOMPARE(his.interfacesOf(first).size(), hers.interfacesOf(first).size());

    // Link by dragging from one to the other.
    canvas()->armLinking();
    const QPoint a = canvas()->fromScene(hers.device(first)->position).toPoint();
    const QPoint b = canvas()->fromScene(hers.device(second)->position).toPoint();
    QTest::mousePress(surface(), Qt::LeftButton, {}, a);
    QTest::mouseMove(surface(), (a + b) / 2);
    QTest::mouseMove(surface(), b);
    QTest::mouseRelease(surface(), Qt::LeftButton, {}, b);
    QTRY_COMPARE(his.linksOfDevice(first).size(), 1);
    QCOMPARE(his.linksOfDevice(second), his.linksOfDevice(first));
    canvas()->setTool(ui::CanvasView::ToolKind::Select);

    const QPointF before = hers.device(first)->position;
    dragByMouse(first, {120, 80});
    QVERIFY(hers.device(first)->position != before);
    QTRY_COMPARE(his.device(first)->position, hers.device(first)->position);

    renameByKeys(first, QStringLiteral("named by Ana"));
    QTRY_COMPARE(his.device(first)->name, QStringLiteral("named by Ana"));

    // The other way round.
    QVERIFY(m_ben->submit({edits::setField(second, Field::Name, QStringLiteral("named by Ben"))},
                          QStringLiteral("Rename")));
    QTRY_COMPARE(hers.device(second)->name, QStringLiteral("named by Ben"));

    canvas()->setSelection({first});
    QTest::keyClick(canvas(), Qt::Key_Delete);
    if (hers.device(first)) // the key belongs to an action of the window
        m_window->findChild<QAction *>(QStringLiteral("edit.delete"))->trigger();
    QVERIFY(!hers.device(first));
    QTRY_VERIFY(!his.device(first));
    QVERIFY(his.linksOfDevice(second).isEmpty());

    m_window->board()->undoStack().undo();
    QVERIFY(hers.device(first));
    QTRY_COMPARE(his.linksOfDevice(second).size(), 1);
    QTRY_VERIFY(statesEqual());
}

void TestTwoWindows::nothingIsLostWhenTheHostIsKilled()
{
    const int rounds = qEnvironmentVariableIntValue("PATCHBOARD_ROUNDS") > 0
                           ? qEnvironmentVariableIntValue("PATCHBOARD_ROUNDS")
                           : 20;
    // From SIGKILL to the word in the window and the state of the other client.
    QElapsedTimer sinceKill;
    qint64 slowest = 0;
    int unnoticed = 0;
    const QObject here; // the end of this test, however it comes, is the end of watching
    const auto watch = [&](Session &session) {
        connect(&session, &Session::statusChanged, &here, [&] {
            if (unnoticed > 0 && session.status().state != ConnectionState::Live) {
                slowest = std::max(slowest, sinceKill.elapsed());
                --unnoticed;
            }
        });
    };
    watch(ana());
    watch(*m_ben);
    for (int round = 0; round < rounds; ++round) {
        const auto make = [&](SyncClient &client, const QString &name) {
            EntityId id = 0;
            const auto done = client.submit(
                edits::createDevice(
                    client.topology(),
                    {name, QStringLiteral("HOST"), QPointF(round * 60, -500), 0, true},
                    [&client] { return client.newId(); }, &id),
                QStringLiteral("Create"));
            if (done)
                m_expected.insert(name);
            return done.ok();
        };
        // A burst of edits of both, and SIGKILL somewhere in it.
        const int burst = 60;
        const int killAt = m_random.bounded(burst);
        canvas()->centreOnScene(QPointF(0, 20000 + round * 500));
        EntityId moved = 0;
        for (int i = 0; i < burst; ++i) {
            QVERIFY(make(*m_ben, QStringLiteral("ben-%1-%2").arg(round).arg(i)));
            if (i % 10 == 0) {
                moved = createByMouse({100 + i * 10, 150});
                QVERIFY(moved != 0);
                const QString name = QStringLiteral("ana-%1-%2").arg(round).arg(i);
                renameByKeys(moved, name);
                m_expected.insert(name);
            }
            if (i == killAt) {
                unnoticed = 2;
                sinceKill.start();
                m_host->kill();
            }
            QCoreApplication::processEvents();
        }

        QTRY_VERIFY_WITH_TIMEOUT(bothApart(), 5500);

        // They go on without it.
        QVERIFY(make(*m_ben, QStringLiteral("ben-offline-%1").arg(round)));
        const EntityId alone = createByMouse({700, 300});
        QVERIFY(alone != 0);
        renameByKeys(alone, QStringLiteral("ana-offline-%1").arg(round));
        m_expected.insert(QStringLiteral("ana-offline-%1").arg(round));
        dragByMouse(alone, {60, 60});
        const QPointF there = ana().topology().device(alone)->position;
        QVERIFY(ana().status().pending > 0);

        QVERIFY(m_host->start());
        QTRY_VERIFY_WITH_TIMEOUT(ana().status().state == ConnectionState::Live &&
                                     m_ben->status().state == ConnectionState::Live,
                                 20000);
        QTRY_VERIFY_WITH_TIMEOUT(statesEqual(), 20000);
        QTRY_VERIFY_WITH_TIMEOUT(shownState().contains(QLatin1String("Live")), 5000);
        QCOMPARE(m_ben->topology().device(alone)->position, there);
    }
    qInfo("%d rounds, both knew at most %lld ms after SIGKILL", rounds, slowest);

    // The third state: what the host gives to somebody who has never been here.
    const auto fresh = TestBoardService::client(m_host->url(), QStringLiteral("Cleo"),
                                                m_dir.filePath(QStringLiteral("cleo")));
    QTRY_COMPARE(fresh->status().state, ConnectionState::Live);
    QVERIFY(fresh->topology() == ana().topology());
    QHash<QString, int> seen;
    for (const Device &device : fresh->topology().devices().slots()) {
        if (device.id != 0)
            ++seen[device.name];
    }
    for (const QString &name : std::as_const(m_expected)) {
        QVERIFY2(
            seen.value(name) == 1,
            qUtf8Printable(QStringLiteral("%1 is there %2 times").arg(name).arg(seen.value(name))));
        QVERIFY2(!seen.contains(name + QStringLiteral("-2")), qUtf8Printable(name));
    }
    qInfo("%lld devices made in bursts and offline, each there once", qint64(m_expected.size()));
}

void TestTwoWindows::aSilentHostIsNoticed()
{
    // Stopped, not ended: its connections stay open, as with a cable that was pulled.
    QElapsedTimer clock;
    clock.start();
    m_host->signal(SIGSTOP);
    QTRY_VERIFY_WITH_TIMEOUT(bothApart(), 30000);
    qInfo("both knew %lld ms after SIGSTOP", clock.elapsed());
    const EntityId alone = createByMouse({400, 500});
    QVERIFY(alone != 0);
    m_host->signal(SIGCONT);
    QTRY_VERIFY_WITH_TIMEOUT(statesEqual() && !bothApart(), 30000);
    QVERIFY(m_ben->topology().device(alone));
}

void TestTwoWindows::cleanupTestCase()
{
    delete m_window;
    m_ben.reset();
    m_windows.reset();
    QCOMPARE(m_host->terminate(), 0);
    const auto checked = HostProcess::run(
        {QStringLiteral("check"), m_dir.filePath(QStringLiteral("network.board"))});
    QVERIFY2(checked.code == 0, (checked.out + checked.err).constData());
}

PATCHBOARD_TEST(TestTwoWindows)
#include "tst_twowindows.moc"
