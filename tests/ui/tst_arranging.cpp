#include "tests/support/testmain.h"
#include "tests/ui/windowfixture.h"

#include "ui/panels/propertiespanel.h"

#include <QLineEdit>
#include <QListWidget>
#include <QTimer>

using namespace patchboard;
using namespace patchboard::ui;

namespace {

QRectF boxOf(const WindowFixture &f, EntityId id)
{
    const BoardMirror &mirror = f.window->canvas()->mirror();
    return mirror.rectOf(mirror.devices()[mirror.deviceSlot(id)]);
}

/// Ctrl+K, its name, Enter.
void runByName(WindowFixture &f, const QString &name)
{
    QTimer::singleShot(0, f.window, [&] {
        auto *line = f.find<QLineEdit>("commandLine");
        QTest::keyClicks(line, name);
        QTest::keyClick(line, Qt::Key_Return);
    });
    QTest::keyClick(f.window, Qt::Key_K, Qt::ControlModifier);
    f.window->activateWindow();
    (void)QTest::qWaitForWindowActive(f.window);
}

/// What is selected goes into a new group.
EntityId grouped(WindowFixture &f, std::initializer_list<const char *> names)
{
    QList<EntityId> ids;
    for (const char *name : names)
        ids.append(f.device(name));
    f.window->selection()->set(ids);
    QTest::keyClick(f.window, Qt::Key_G, Qt::ControlModifier);
    return f.window->selection()->ids().value(0);
}

} // namespace

/// Boxes among what is aligned, distributed and placed by numbers.
class TestArranging : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { failOnWarnings(); }
    void alignsBoxes();
    void contentsGoAlongOnce();
    void whatIsLockedStays();
    void gapsAreEqual();
    void placesBoxesByNumbers();
    void newBoxesRaiseNoAlarm();
};

void TestArranging::alignsBoxes()
{
    WindowFixture f;
    const EntityId ends = grouped(f, {"ONT1", "ONT2", "ONT3", "ONT4"});
    const EntityId cores = grouped(f, {"CoreRouter2", "EdgeRouter2"});
    const QRectF before = boxOf(f, cores);
    QVERIFY(boxOf(f, ends).left() < before.left());
    f.window->selection()->set({ends, cores});
    runByName(f, QStringLiteral("align left"));
    QCOMPARE(boxOf(f, cores).left(), boxOf(f, ends).left());
    QCOMPARE(boxOf(f, cores).top(), before.top());
    QCOMPARE(boxOf(f, cores).size(), before.size());
    QTest::keyClick(f.window, Qt::Key_Z, Qt::ControlModifier);
    QCOMPARE(boxOf(f, cores), before);
    // With a device: its picture and the box, edge to edge.
    f.window->selection()->set({f.device("BackboneGW1"), cores});
    runByName(f, QStringLiteral("align right"));
    QCOMPARE(boxOf(f, f.device("BackboneGW1")).right(), boxOf(f, cores).right());
    runByName(f, QStringLiteral("align middles"));
    QCOMPARE(boxOf(f, f.device("BackboneGW1")).center().y(), boxOf(f, cores).center().y());
}

void TestArranging::contentsGoAlongOnce()
{
    WindowFixture f;
    const EntityId box = grouped(f, {"ONT3", "ONT4"});
    const QPointF inside = f.topology().device(f.device("ONT4"))->position;
    // The box, a thing in it, and one elsewhere: the thing moves with its box only.
    f.window->selection()->set({box, f.device("ONT4"), f.device("CoreRouter1")});
    const double left = boxOf(f, box).left();
    runByName(f, QStringLiteral("align left"));
    const double by = boxOf(f, box).left() - left;
    QVERIFY(by < 0);
    QCOMPARE(f.topology().device(f.device("ONT4"))->position, inside + QPointF(by, 0));
}

void TestArranging::whatIsLockedStays()
{
    WindowFixture f;
    const EntityId box = grouped(f, {"ONT3", "ONT4"});
    f.window->selection()->set({f.device("ONT4")});
    QTest::keyClick(f.window, Qt::Key_L, Qt::ControlModifier);
    const QPointF locked = f.topology().device(f.device("ONT4"))->position;
    f.window->selection()->set({box, f.device("CoreRouter1")});
    runByName(f, QStringLiteral("align left"));
    QCOMPARE(f.topology().device(f.device("ONT4"))->position, locked);
    QVERIFY(f.topology().device(f.device("ONT3"))->position != QPointF(300, 400));
}

void TestArranging::gapsAreEqual()
{
    WindowFixture f;
    const EntityId box = grouped(f, {"ONT3", "ONT4"});
    const EntityId one = f.device("CoreRouter1");
    const EntityId two = f.device("BackboneGW1");
    QVERIFY(f.session().edit({edits::setField(one, Field::Position, QPointF(-300, 0)),
                              edits::setField(two, Field::Position, QPointF(-200, 0))}));
    f.window->selection()->set({box, one, two});
    runByName(f, QStringLiteral("distribute horizontally"));
    const double first = boxOf(f, two).left() - boxOf(f, one).right();
    QCOMPARE(boxOf(f, box).left() - boxOf(f, two).right(), first);
    QCOMPARE(f.topology().device(one)->position, QPointF(-300, 0));
}

void TestArranging::placesBoxesByNumbers()
{
    WindowFixture f;
    const EntityId box = grouped(f, {"ONT3", "ONT4"});
    const QRectF before = boxOf(f, box);
    const double x = f.topology().device(box)->position.x();
    auto *line = f.find<QLineEdit>("x");
    QVERIFY(line);
    line->setFocus();
    line->selectAll();
    QTest::keyClicks(line, QString::number(x + 500));
    QTest::keyClick(line, Qt::Key_Return);
    QCOMPARE(boxOf(f, box), before.translated(500, 0));
    QCOMPARE(f.topology().device(f.device("ONT4"))->position, QPointF(900, 400));
    QTest::keyClick(f.window, Qt::Key_Z, Qt::ControlModifier);
    QCOMPARE(boxOf(f, box), before);
}

void TestArranging::newBoxesRaiseNoAlarm()
{
    WindowFixture f;
    const EntityId box = grouped(f, {"ONT1", "ONT2"});
    QCOMPARE(f.topology().effectiveStatus(box), Status::Up);
    auto *search = f.find<QLineEdit>("typeSearch");
    search->setFocus();
    QTest::keyClicks(search, QStringLiteral("core site"));
    QTest::keyClick(search, Qt::Key_Return);
    const EntityId site = f.window->selection()->ids().value(0);
    QVERIFY(f.topology().isContainer(*f.topology().device(site)));
    QCOMPARE(f.topology().effectiveStatus(site), Status::Up);
    // A device is down until something says otherwise.
    QTest::keyClick(search, Qt::Key_A, Qt::ControlModifier);
    QTest::keyClicks(search, QStringLiteral("firewall"));
    QTest::keyClick(search, Qt::Key_Return);
    QCOMPARE(f.topology().effectiveStatus(f.device("firewall-1")), Status::Down);
}

PATCHBOARD_TEST(TestArranging)
#include "tst_arranging.moc"
