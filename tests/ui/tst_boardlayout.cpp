#include "tests/support/testmain.h"
#include "tests/ui/windowfixture.h"

#include "model/layout/layoutjob.h"
#include "ui/commands/boardlayout.h"

#include <QProgressBar>
#include <QSignalSpy>
#include <QToolButton>

using namespace patchboard;
using namespace patchboard::ui;

namespace {

QHash<EntityId, QPointF> placesOf(const Topology &topology)
{
    QHash<EntityId, QPointF> out;
    for (const Device &device : topology.devices().slots()) {
        if (device.id != 0)
            out.insert(device.id, device.position);
    }
    return out;
}

QPointF middleOf(const QList<QPointF> &points)
{
    QRectF around;
    for (const QPointF &point : points)
        around |= QRectF(point - QPointF(1, 1), QSizeF(2, 2));
    return around.center();
}

/// A ring of devices with some chords, in one heap.
void fillWithRing(MemorySession &session, int count)
{
    QList<Edit> edits;
    quint32 ids = 1000;
    QList<EntityId> ports;
    for (int i = 0; i < count; ++i) {
        const EntityId device = makeId(2, ++ids);
        edits.append(CreateEntity{EntityKind::Device,
                                  device,
                                  {{Field::Name, QStringLiteral("n%1").arg(i)},
                                   {Field::DeviceType, QStringLiteral("GENERIC")},
                                   {Field::Position, QPointF(i % 7, i % 5)}}});
        for (int p = 0; p < 2; ++p) {
            ports.append(makeId(2, ++ids));
            edits.append(CreateEntity{
                EntityKind::Interface,
                ports.last(),
                {{Field::Name, QStringLiteral("e%1").arg(p)}, {Field::Device, qint64(device)}}});
        }
    }
    for (int i = 0; i < count; ++i) {
        edits.append(
            CreateEntity{EntityKind::Link,
                         makeId(2, ++ids),
                         {{Field::AInterface, qint64(ports.at(2 * i + 1))},
                          {Field::BInterface, qint64(ports.at((2 * i * 7 + 14) % ports.size()))}}});
    }
    QVERIFY(session.edit(edits));
}

} // namespace

class TestBoardLayout : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { failOnWarnings(); }

    void laysOutTheBoard_data();
    void laysOutTheBoard();
    void laysOutTheSelectionOnly();
    void leavesLockedDevices();
    void waitsForTheEndOfADrag();
    void leavesWhatChangedMeanwhile();
    void canBeCancelled();
    void rowsFollowRoles();
};

void TestBoardLayout::laysOutTheBoard_data()
{
    QTest::addColumn<int>("key");
    QTest::addColumn<QString>("name");
    QTest::newRow("automatic") << int(Qt::Key_A) << QStringLiteral("Automatic");
    QTest::newRow("hierarchical") << int(Qt::Key_H) << QStringLiteral("Hierarchical");
    QTest::newRow("force") << int(Qt::Key_F) << QStringLiteral("Force-directed");
    QTest::newRow("tree") << int(Qt::Key_T) << QStringLiteral("Tree");
    QTest::newRow("circle") << int(Qt::Key_C) << QStringLiteral("Circle");
    QTest::newRow("grid") << int(Qt::Key_G) << QStringLiteral("Grid");
}

void TestBoardLayout::laysOutTheBoard()
{
    QFETCH(int, key);
    QFETCH(QString, name);
    WindowFixture f;
    f.window->canvas()->setFocus();
    const auto before = placesOf(f.topology());
    QTest::keyClick(f.window, Qt::Key(key), Qt::AltModifier | Qt::ShiftModifier);
    QTRY_VERIFY(f.action("edit.undo")->isEnabled());
    const auto after = placesOf(f.topology());
    QVERIFY(before != after);
    QVERIFY2(f.action("edit.undo")->text().endsWith(name),
             qPrintable(f.action("edit.undo")->text()));
    const auto ids = after.keys();
    for (qsizetype i = 0; i < ids.size(); ++i) {
        for (qsizetype j = 0; j < i; ++j) {
            const QPointF d = after.value(ids.at(i)) - after.value(ids.at(j));
            QVERIFY(std::abs(d.x()) > 80 || std::abs(d.y()) > 80);
        }
    }
    QVERIFY((middleOf(before.values()) - middleOf(after.values())).manhattanLength() <= 4);
    QTest::keyClick(f.window, Qt::Key_Z, Qt::ControlModifier);
    QVERIFY(placesOf(f.topology()) == before);
    QVERIFY(!f.action("edit.undo")->isEnabled());
    QVERIFY(!f.action("layout.cancel")->isEnabled());
}

void TestBoardLayout::laysOutTheSelectionOnly()
{
    WindowFixture f;
    const QList<EntityId> ids{f.device("ONT1"), f.device("ONT2"), f.device("OLT1"),
                              f.device("EdgeRouter1")};
    const auto before = placesOf(f.topology());
    f.window->selection()->set(ids);
    f.action("layout.circle")->trigger();
    QTRY_VERIFY(f.action("edit.undo")->isEnabled());
    const auto after = placesOf(f.topology());
    QList<QPointF> old, now;
    for (const auto &[id, place] : after.asKeyValueRange()) {
        if (!ids.contains(id)) {
            QCOMPARE(place, before.value(id));
            continue;
        }
        old.append(before.value(id));
        now.append(place);
    }
    QVERIFY((middleOf(old) - middleOf(now)).manhattanLength() <= 4);
    // All on one circle.
    const QPointF middle = (now.at(0) + now.at(1) + now.at(2) + now.at(3)) / 4;
    const double radius = QLineF(middle, now.at(0)).length();
    QVERIFY(radius > 50);
    for (const QPointF &place : std::as_const(now))
        QVERIFY(std::abs(QLineF(middle, place).length() - radius) < 3);
    QCOMPARE(f.window->selection()->size(), 4);
}

void TestBoardLayout::leavesLockedDevices()
{
    WindowFixture f;
    const EntityId pinned = f.device("OLT1");
    QVERIFY(f.session().edit({edits::setField(pinned, Field::Locked, true)}));
    const auto before = placesOf(f.topology());
    f.action("layout.grid")->trigger();
    QTRY_VERIFY(f.action("edit.undo")->isEnabled());
    const auto after = placesOf(f.topology());
    QCOMPARE(after.value(pinned), before.value(pinned));
    QVERIFY(after.value(f.device("ONT1")) != before.value(f.device("ONT1")));
    for (const auto &[id, place] : after.asKeyValueRange()) {
        const QPointF d = place - after.value(pinned);
        QVERIFY(id == pinned || std::abs(d.x()) > 80 || std::abs(d.y()) > 80);
    }
}

void TestBoardLayout::waitsForTheEndOfADrag()
{
    WindowFixture f;
    CanvasView *canvas = f.window->canvas();
    const EntityId held = f.device("ONT2");
    const QPoint at = canvas->fromScene(f.topology().device(held)->position).toPoint();
    auto *job = f.window->findChild<layout::LayoutJob *>();
    QVERIFY(job);
    const QSignalSpy finished(job, &layout::LayoutJob::finished);
    const auto before = placesOf(f.topology());
    QTest::mousePress(canvas->viewport(), Qt::LeftButton, {}, at);
    QTest::mouseMove(canvas->viewport(), at + QPoint(0, 30));
    QVERIFY(canvas->isBusy());
    f.window->selection()->clear();
    f.action("layout.tree")->trigger();
    QTRY_COMPARE(finished.size(), 1);
    QVERIFY(placesOf(f.topology()) == before);
    QVERIFY(f.action("layout.cancel")->isEnabled());
    QTest::mouseMove(canvas->viewport(), at + QPoint(0, 60));
    QVERIFY(placesOf(f.topology()) == before);
    QTest::mouseRelease(canvas->viewport(), Qt::LeftButton, {}, at + QPoint(0, 60));
    // What was dropped stays where it was dropped; the others have moved, as a step of its own.
    const QPointF dropped = f.topology().device(held)->position;
    QVERIFY(dropped.y() > before.value(held).y());
    QVERIFY(f.topology().device(f.device("ONT1"))->position != before.value(f.device("ONT1")));
    QTest::keyClick(f.window, Qt::Key_Z, Qt::ControlModifier);
    QCOMPARE(f.topology().device(held)->position, dropped);
    QCOMPARE(f.topology().device(f.device("ONT1"))->position, before.value(f.device("ONT1")));
    QTest::keyClick(f.window, Qt::Key_Z, Qt::ControlModifier);
    QVERIFY(placesOf(f.topology()) == before);
}

void TestBoardLayout::leavesWhatChangedMeanwhile()
{
    WindowFixture f;
    f.action("layout.circle")->trigger();
    const EntityId moved = f.device("ONT3");
    QVERIFY(f.session().edit({edits::setField(moved, Field::Position, QPointF(7, 8)),
                              RemoveEntities{{f.device("ONT4")}, false}}));
    QTRY_VERIFY(f.action("edit.undo")->isEnabled());
    QCOMPARE(f.topology().device(moved)->position, QPointF(7, 8));
    QCOMPARE(f.device("ONT4"), EntityId(0));
    QVERIFY(f.message().isEmpty());
}

void TestBoardLayout::canBeCancelled()
{
    WindowFixture f(QStringLiteral("/tmp/empty.board"));
    fillWithRing(f.session(), 20'000);
    const auto before = placesOf(f.topology());
    f.action("layout.force")->trigger();
    auto *cancel = f.find<QToolButton>("taskCancel");
    auto *bar = f.find<QWidget>("taskStatus")->findChild<QProgressBar *>();
    // While its news is taken in, so that the end cannot come between.
    bool clicked = false;
    const auto *job = f.window->findChild<layout::LayoutJob *>();
    const auto click = [&] {
        if (!clicked && cancel->isVisible() && bar->value() > 0) {
            clicked = true;
            QTest::mouseClick(cancel, Qt::LeftButton);
        }
    };
    const QObject listener; // what is on its way to it goes with it
    connect(job, &layout::LayoutJob::progress, &listener, click);
    QTRY_VERIFY(clicked);
    QVERIFY(!cancel->isVisible());
    QVERIFY(!job->isRunning());
    QVERIFY(!f.action("layout.cancel")->isEnabled());
    QCoreApplication::processEvents();
    QVERIFY(placesOf(f.topology()) == before);
    // A closed window takes its layout with it.
    f.action("layout.force")->trigger();
    f.window->setBoard(nullptr);
    QVERIFY(!f.window->findChild<layout::LayoutJob *>()->isRunning());
}

void TestBoardLayout::rowsFollowRoles()
{
    Device device;
    device.type = QStringLiteral("CORE_ROUTER");
    const int core = layoutRowOf(device);
    device.type = QStringLiteral("ONT");
    QVERIFY(layoutRowOf(device) > core);
    device.type = QStringLiteral("SWITCH");
    device.name = QStringLiteral("spine2");
    const int spine = layoutRowOf(device);
    device.name = QStringLiteral("leaf-04");
    QVERIFY(layoutRowOf(device) > spine);
    device.name = QStringLiteral("x");
    QCOMPARE(layoutRowOf(device), -1);

    WindowFixture f;
    f.action("layout.hierarchical")->trigger();
    QTRY_VERIFY(f.action("edit.undo")->isEnabled());
    const auto y = [&f](const char *name) {
        return f.topology().device(f.device(name))->position.y();
    };
    QVERIFY(y("CoreRouter1") < y("EdgeRouter1"));
    QVERIFY(y("EdgeRouter1") < y("OLT1"));
    QVERIFY(y("OLT1") < y("ONT1"));
}

PATCHBOARD_TEST(TestBoardLayout)
#include "tst_boardlayout.moc"
