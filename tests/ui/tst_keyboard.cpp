#include "tests/support/testmain.h"
#include "tests/ui/windowfixture.h"

#include "model/tablemodel.h"
#include "ui/panels/tablespanel.h"

#include <QLineEdit>
#include <QTableView>
#include <QTreeView>
#include <QTreeWidget>

using namespace patchboard;
using namespace patchboard::ui;

/// A board that is drawn and gone through without a pointer.
class TestKeyboard : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { failOnWarnings(); }
    void entersDevices();
    void chooseTypesWithArrows();
    void escapeLeavesThePalette();
    void insertedDevicesDoNotLieOnEachOther();
    void linksTwoThatAreSelected();
    void saysWhyTwoCannotBeLinked();
    void walksOverTheBoard();
    void jumpsFromTables();
    void jumpsFromTheTree();
    void findsWhatIsADot();
};

void TestKeyboard::entersDevices()
{
    WindowFixture f;
    QTest::keyClick(f.window, Qt::Key_T, Qt::ControlModifier);
    auto *search = f.find<QLineEdit>("typeSearch");
    QVERIFY(search->hasFocus());
    QTest::keyClicks(search, QStringLiteral("firew"));
    for (int i = 0; i < 3; ++i)
        QTest::keyClick(search, Qt::Key_Return);
    QCOMPARE(f.topology().countOfType(QStringLiteral("FIREWALL")), 3);
    QCOMPARE(f.topology().interfacesOf(f.device("firewall-1")).size(), size_t(4));
    QCOMPARE(f.window->selection()->ids(), QList<EntityId>{f.device("firewall-3")});
    QCOMPARE(f.window->canvas()->tool(), CanvasView::ToolKind::Select);
    QTest::keyClick(f.window, Qt::Key_Z, Qt::ControlModifier);
    QCOMPARE(f.topology().countOfType(QStringLiteral("FIREWALL")), 2);
}

void TestKeyboard::chooseTypesWithArrows()
{
    WindowFixture f;
    auto *search = f.find<QLineEdit>("typeSearch");
    search->setFocus();
    QTest::keyClicks(search, QStringLiteral("router"));
    // Router; Core router lies below the title of its group.
    QTest::keyClick(search, Qt::Key_Down);
    QTest::keyClick(search, Qt::Key_Return);
    QCOMPARE(f.topology().countOfType(QStringLiteral("CORE_ROUTER")), 3);
    QTest::keyClick(search, Qt::Key_Up);
    QTest::keyClick(search, Qt::Key_Return);
    QCOMPARE(f.topology().countOfType(QStringLiteral("ROUTER")), 1);
    QTest::keyClicks(search, QStringLiteral("nothing like it"));
    QTest::keyClick(search, Qt::Key_Return);
    QCOMPARE(f.topology().devices().size(), 12);
}

void TestKeyboard::escapeLeavesThePalette()
{
    WindowFixture f;
    auto *tree = f.find<QTreeWidget>("typeTree");
    const QModelIndex type = tree->model()->index(0, 0, tree->model()->index(0, 0));
    QTest::mouseClick(tree->viewport(), Qt::LeftButton, {}, tree->visualRect(type).center());
    QCOMPARE(f.window->canvas()->tool(), CanvasView::ToolKind::Place);
    QTest::keyClick(tree, Qt::Key_Escape);
    QCOMPARE(f.window->canvas()->tool(), CanvasView::ToolKind::Select);
    QVERIFY(f.window->canvas()->hasFocus());
    QVERIFY(tree->selectedItems().isEmpty());
}

void TestKeyboard::insertedDevicesDoNotLieOnEachOther()
{
    WindowFixture f;
    auto *search = f.find<QLineEdit>("typeSearch");
    search->setFocus();
    QTest::keyClicks(search, QStringLiteral("switch"));
    for (int i = 0; i < 12; ++i)
        QTest::keyClick(search, Qt::Key_Return);
    QList<QPointF> places;
    const QRectF seen = f.window->canvas()->visibleScene();
    for (const Device &device : f.topology().devices().slots()) {
        if (device.id == 0)
            continue;
        QVERIFY2(seen.contains(device.position), qPrintable(device.name));
        for (const QPointF &other : std::as_const(places)) {
            const QPointF gap = other - device.position;
            QVERIFY2(std::hypot(gap.x(), gap.y()) > BoardMirror::kIcon, qPrintable(device.name));
        }
        places.append(device.position);
    }
    QCOMPARE(places.size(), 22);
}

void TestKeyboard::linksTwoThatAreSelected()
{
    WindowFixture f;
    CanvasView *canvas = f.window->canvas();
    canvas->setFocus();
    const EntityId a = f.device("CoreRouter2");
    const EntityId b = f.device("BackboneGW1");
    const auto click = [&](EntityId id, Qt::KeyboardModifiers modifiers) {
        QTest::mouseClick(canvas->viewport(), Qt::LeftButton, modifiers,
                          canvas->fromScene(f.topology().device(id)->position).toPoint());
    };
    click(a, {});
    click(b, Qt::ControlModifier);
    QTest::keyClick(canvas, Qt::Key_L);
    QCOMPARE(f.topology().links().size(), 9);
    QCOMPARE(canvas->tool(), CanvasView::ToolKind::Select);
    // The link is what is selected now, so that its values can be typed.
    QCOMPARE(f.window->selection()->size(), 1);
    const Link *link = f.topology().link(f.window->selection()->ids().first());
    QVERIFY(link);
    QCOMPARE(f.topology().interface(link->a)->device, a);
    QCOMPARE(f.topology().interface(link->b)->device, b);
    QTest::keyClick(f.window, Qt::Key_Z, Qt::ControlModifier);
    QCOMPARE(f.topology().links().size(), 8);

    // With one or three, the pointer says what is linked.
    click(a, {});
    QTest::keyClick(canvas, Qt::Key_L);
    QCOMPARE(canvas->tool(), CanvasView::ToolKind::Link);
    QCOMPARE(f.topology().links().size(), 8);
}

void TestKeyboard::saysWhyTwoCannotBeLinked()
{
    WindowFixture f;
    CanvasView *canvas = f.window->canvas();
    f.window->selection()->set({f.device("ONT1"), f.device("ONT2")});
    QTest::keyClick(f.window, Qt::Key_G, Qt::ControlModifier);
    const EntityId box = f.device("group-1");
    f.window->selection()->set({box, f.device("OLT1")});
    canvas->setFocus();
    QTest::keyClick(canvas, Qt::Key_L);
    QCOMPARE(f.topology().links().size(), 8);
    QVERIFY(!f.message().isEmpty());
}

void TestKeyboard::walksOverTheBoard()
{
    WindowFixture f;
    CanvasView *canvas = f.window->canvas();
    canvas->setFocus();
    const auto walk = [&](Qt::Key key, Qt::KeyboardModifiers more = {}) {
        QTest::keyClick(canvas, key, Qt::ControlModifier | more);
    };
    const auto isAt = [&](const char *name) {
        return f.window->selection()->ids() == QList<EntityId>{f.device(name)};
    };
    f.window->selection()->set({f.device("ONT1")});
    walk(Qt::Key_Right);
    QVERIFY(isAt("ONT2"));
    walk(Qt::Key_Up);
    QVERIFY(isAt("OLT1"));
    walk(Qt::Key_Up); // not over the heads of those to the left and to the right
    QVERIFY(isAt("EdgeRouter1") || isAt("EdgeRouter2"));
    f.window->selection()->set({f.device("OLT1")});
    walk(Qt::Key_Left);
    QVERIFY(isAt("EdgeRouter1") || isAt("ONT1"));
    f.window->selection()->set({f.device("ONT3")});
    walk(Qt::Key_Down); // there is nothing
    QVERIFY(isAt("ONT3"));
    walk(Qt::Key_Right, Qt::ShiftModifier);
    QCOMPARE(f.window->selection()->ids(), (QList<EntityId>{f.device("ONT3"), f.device("ONT4")}));
    QCOMPARE(f.topology().device(f.device("ONT4"))->position, QPointF(400, 400)); // stays
    // From nothing it begins in the middle of the view, and what is reached is in view.
    QTest::keyClick(canvas, Qt::Key_Escape);
    canvas->centreOnScene({4000, 4000});
    walk(Qt::Key_Left);
    QVERIFY(isAt("ONT4"));
    QVERIFY(canvas->visibleScene().contains(QPointF(400, 400)));
}

void TestKeyboard::jumpsFromTables()
{
    WindowFixture f;
    CanvasView *canvas = f.window->canvas();
    auto *view = f.find<TablesPanel>("tablesPanel")->table(EntityKind::Device);
    auto *model = qobject_cast<TableModel *>(view->model());
    view->setFocus();
    view->setCurrentIndex(model->indexOf(f.device("ONT4")));
    canvas->centreOnScene({5000, 5000});
    QTest::keyClick(view, Qt::Key_Return);
    QVERIFY(canvas->visibleScene().contains(QPointF(400, 400)));
}

void TestKeyboard::jumpsFromTheTree()
{
    WindowFixture f;
    CanvasView *canvas = f.window->canvas();
    QTest::keyClick(f.window, Qt::Key_F, Qt::ControlModifier | Qt::ShiftModifier);
    auto *tree = f.find<QTreeView>("boardTree");
    tree->setFocus();
    f.window->selection()->set({f.device("ONT4")});
    canvas->centreOnScene({5000, 5000});
    QTest::keyClick(tree, Qt::Key_Return);
    QVERIFY(canvas->visibleScene().contains(QPointF(400, 400)));
}

void TestKeyboard::findsWhatIsADot()
{
    WindowFixture f;
    CanvasView *canvas = f.window->canvas();
    canvas->setZoom(0.02);
    QVERIFY(!canvas->painter().showsNames());
    QTest::keyClick(f.window, Qt::Key_F, Qt::ControlModifier);
    auto *line = f.find<QLineEdit>("findLine");
    QTest::keyClicks(line, QStringLiteral("OLT1"));
    QTest::keyClick(line, Qt::Key_Return);
    QVERIFY(canvas->painter().showsNames());
    QVERIFY(canvas->visibleScene().contains(QPointF(200, 300)));
    // Where names are shown, the zoom stays.
    canvas->setZoom(0.8);
    QTest::keyClick(line, Qt::Key_Return);
    QCOMPARE(canvas->zoom(), 0.8);
}

PATCHBOARD_TEST(TestKeyboard)
#include "tst_keyboard.moc"
