#include "model/core/edits.h"
#include "tests/live/warnings.h"
#include "tests/support/boardservice.h"
#include "tests/support/hostprocess.h"
#include "tests/support/testmain.h"
#include "ui/actions/theme.h"
#include "ui/mainwindow/mainwindow.h"
#include "ui/scene/canvasview.h"

#include <QMouseEvent>
#include <QRandomGenerator>
#include <QTemporaryDir>

using namespace patchboard;

/// Two people with windows drag the same and different devices against each other, and a script
/// moves them too. What is under a pointer moves with the pointer and with nothing else.
class TestDragging : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init() { failOnWarnings(); }
    void nothingMovesUnderAPointer();
    void cleanupTestCase();

private:
    /// Somebody with a window and a mouse.
    struct Person
    {
        std::unique_ptr<TestBoardService> service;
        std::unique_ptr<ui::Windows> windows;
        QPointer<ui::MainWindow> window;
        EntityId held = 0;
        QPointF pointer; ///< pixels of the viewport
        QPointF grip;    ///< from the pointer to the device, scene units
        QPointF board;   ///< where the board had what is held, in the frame before

        [[nodiscard]] ui::CanvasView &canvas() const { return *window->canvas(); }
        [[nodiscard]] Session &session() const { return window->board()->session(); }
        void mouse(QEvent::Type type, Qt::MouseButton button, Qt::MouseButtons buttons) const
        {
            QWidget *surface = canvas().viewport();
            // Alt: no snapping, so that the device is where the pointer says.
            QMouseEvent event(type, pointer, surface->mapToGlobal(pointer), button, buttons,
                              Qt::AltModifier);
            QCoreApplication::sendEvent(surface, &event);
        }
        void press(EntityId device)
        {
            held = device;
            board = session().topology().device(device)->position;
            pointer = canvas().fromScene(shown(device)).toPoint();
            grip = shown(device) - canvas().toScene(pointer);
            mouse(QEvent::MouseMove, Qt::NoButton, Qt::NoButton);
            mouse(QEvent::MouseButtonPress, Qt::LeftButton, Qt::LeftButton);
        }
        void drag(QPointF to)
        {
            pointer = to;
            mouse(QEvent::MouseMove, Qt::NoButton, Qt::LeftButton);
        }
        void release()
        {
            mouse(QEvent::MouseButtonRelease, Qt::LeftButton, Qt::NoButton);
            held = 0;
        }
        /// Where its window paints a device.
        [[nodiscard]] QPointF shown(EntityId device) const
        {
            const ui::BoardMirror &mirror = canvas().mirror();
            return mirror.devices()[mirror.deviceSlot(device)].pos;
        }
    };
    Person join(const QString &name);

    QTemporaryDir m_dir;
    std::unique_ptr<HostProcess> m_host;
    std::unique_ptr<ui::Theme> m_theme;
    Person m_people[2];
    std::unique_ptr<SyncClient> m_script;
    QList<EntityId> m_devices;
    QRandomGenerator m_random;
};

TestDragging::Person TestDragging::join(const QString &name)
{
    Person person;
    person.service = std::make_unique<TestBoardService>(name, m_dir.filePath(name));
    person.windows = std::make_unique<ui::Windows>(*person.service, *m_theme);
    person.window = person.windows->openWindow(nullptr);
    person.window->resize(1280, 800);
    person.window->show();
    if (!person.window->openLocation(m_host->url().toString()))
        qFatal("the board does not open");
    return person;
}

void TestDragging::initTestCase()
{
    const quint32 seed = qEnvironmentVariableIsSet("PATCHBOARD_SEED")
                             ? qEnvironmentVariable("PATCHBOARD_SEED").toUInt()
                             : QRandomGenerator::global()->generate();
    qInfo("PATCHBOARD_SEED=%u", seed);
    m_random.seed(seed);
    m_host = std::make_unique<HostProcess>(m_dir.filePath(QStringLiteral("drag.board")));
    QVERIFY(m_host->start());
    m_script = TestBoardService::client(m_host->url(), QStringLiteral("script"),
                                        m_dir.filePath(QStringLiteral("script")));
    QTRY_COMPARE(m_script->status().state, ConnectionState::Live);
    for (int i = 0; i < 6; ++i) {
        EntityId id = 0;
        QVERIFY(m_script->submit(edits::createDevice(
                                     m_script->topology(),
                                     {QStringLiteral("R%1").arg(i), QStringLiteral("ROUTER"),
                                      QPointF(i % 3 * 200, i / 3 * 200), 0, true},
                                     [this] { return m_script->newId(); }, &id),
                                 QStringLiteral("Create")));
        m_devices.append(id);
    }
    QTRY_COMPARE(m_script->status().pending, 0);
    m_theme = std::make_unique<ui::Theme>();
    m_people[0] = join(QStringLiteral("Ana"));
    m_people[1] = join(QStringLiteral("Ben"));
    for (const Person &person : m_people) {
        QVERIFY(QTest::qWaitForWindowExposed(person.window));
        QTRY_COMPARE(person.session().status().state, ConnectionState::Live);
        QTRY_COMPARE(person.session().topology().devices().size(), m_devices.size());
        person.canvas().setZoom(1.0);
        person.canvas().centreOnScene({200, 100});
    }
}

void TestDragging::nothingMovesUnderAPointer()
{
    const int seconds = qEnvironmentVariableIntValue("PATCHBOARD_SOAK_SECONDS");
    QElapsedTimer clock;
    clock.start();
    int frames = 0;
    int together = 0;   // frames in which both held the same device
    int movedBelow = 0; // times that somebody else's move of what is held arrived
    int drags = 0;
    const auto place = [this](const Person &person) {
        const QSize size = person.canvas().viewport()->size();
        // Away from the borders, where the canvas scrolls by itself.
        return QPointF(m_random.bounded(120, size.width() - 120),
                       m_random.bounded(120, size.height() - 120));
    };
    while (seconds > 0 ? clock.elapsed() < seconds * 1000 : drags < 60) {
        for (Person &person : m_people) {
            const int what = m_random.bounded(12);
            if (person.held == 0) {
                if (what > 2)
                    continue;
                // Every other time what the other one holds.
                const EntityId others = m_people[&person == m_people ? 1 : 0].held;
                const EntityId device = others != 0 && what > 0
                                            ? others
                                            : m_devices.at(m_random.bounded(m_devices.size()));
                const QPointF at = person.canvas().fromScene(person.shown(device));
                if (!person.canvas()
                         .viewport()
                         ->rect()
                         .adjusted(60, 60, -60, -60)
                         .contains(at.toPoint()))
                    continue;
                person.press(device);
                for (int i = 1; i < 6; ++i) // past the threshold
                    person.drag(person.pointer + QPointF(3, 3));
                QVERIFY(person.canvas().isBusy());
                ++drags;
            } else if (what == 0) {
                person.release();
            } else if (what < 8) {
                const QPointF to = place(person);
                person.drag(person.pointer + (to - person.pointer) / 4);
            } // else the hand rests, and nothing may move
        }
        if (m_random.bounded(6) == 0 && m_script->status().pending < 20) {
            const EntityId device = m_devices.at(m_random.bounded(m_devices.size()));
            QVERIFY(m_script->submit(edits::moveDevices({{device, QPointF(m_random.bounded(500),
                                                                          m_random.bounded(300))}}),
                                     QStringLiteral("Move")));
        }
        QCoreApplication::processEvents(QEventLoop::AllEvents, 8);
        ++frames;
        for (Person &person : m_people) {
            person.canvas().flushNow();
            if (person.held == 0)
                continue;
            const QPointF expected = person.canvas().toScene(person.pointer) + person.grip;
            const QPointF off = person.shown(person.held) - expected;
            QVERIFY2(std::abs(off.x()) < 1 && std::abs(off.y()) < 1,
                     qPrintable(QStringLiteral("%1, %2 away from the pointer in frame %3")
                                    .arg(off.x())
                                    .arg(off.y())
                                    .arg(frames)));
            const QPointF board = person.session().topology().device(person.held)->position;
            movedBelow += board != std::exchange(person.board, board) ? 1 : 0;
        }
        together += m_people[0].held != 0 && m_people[0].held == m_people[1].held ? 1 : 0;
    }
    for (Person &person : m_people) {
        if (person.held != 0)
            person.release();
    }
    const auto equal = [this] {
        const Topology &script = m_script->topology();
        return m_script->status().pending == 0 &&
               std::all_of(std::begin(m_people), std::end(m_people), [&](const Person &person) {
                   return person.session().status().pending == 0 &&
                          person.session().status().revision == m_script->status().revision &&
                          person.session().topology() == script;
               });
    };
    QTRY_VERIFY_WITH_TIMEOUT(equal(), 20000);
    for (const Person &person : m_people) {
        person.canvas().flushNow();
        for (const EntityId device : std::as_const(m_devices))
            QCOMPARE(person.shown(device), m_script->topology().device(device)->position);
    }
    qInfo("%d drags, %d frames, in %d of them both held the same device, %d moves by others below "
          "a pointer",
          drags, frames, together, movedBelow);
    QVERIFY(together > 0);
    QVERIFY(movedBelow > 0);
}

void TestDragging::cleanupTestCase()
{
    for (Person &person : m_people) {
        delete person.window;
        person.windows.reset();
    }
    m_script.reset();
    QCOMPARE(m_host->terminate(), 0);
}

PATCHBOARD_TEST(TestDragging)
#include "tst_dragging.moc"
