#include "model/core/edits.h"
#include "model/optics/computedstatus.h"
#include "model/tablemodel.h"
#include "tests/support/testmain.h"
#include "tests/ui/windowfixture.h"
#include "ui/panels/problemlist.h"
#include "ui/panels/propertiespanel.h"
#include "ui/panels/tablespanel.h"

#include <QHeaderView>
#include <QMenu>
#include <QScrollArea>
#include <QScrollBar>
#include <QTableView>
#include <QTimer>
#include <QToolButton>
#include <QTranslator>
#include <QTreeView>
#include <QTreeWidget>

using namespace patchboard;
using namespace patchboard::ui;

namespace {

void change(WindowFixture &f, const QList<Edit> &edits)
{
    QVERIFY(f.window->board()->undoStack().push(edits, QStringLiteral("Test")));
}

void turnOn(WindowFixture &f)
{
    change(f, {edits::setField(kBoardId, Field::ComputedStatus, true)});
}

/// The link of an ONT of the demo board.
EntityId dropOf(WindowFixture &f, const char *ont)
{
    return f.topology().linksOfDevice(f.device(ont)).first();
}

QString valueOf(WindowFixture &f, const char *name)
{
    const auto *label = f.find<QLabel>((QByteArray("computed.") + name).constData());
    return label && label->isVisible() ? label->text() : QString();
}

} // namespace

/// What a window shows of optical budgets, health and problems.
class TestComputedWindow : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { failOnWarnings(); }
    void formOfAReceiver();
    void formsOfLinksAndContainers();
    void formsFitTheirDock_data();
    void formsFitTheirDock();
    void columnsOfTables();
    void problemsAreListed();
};

void TestComputedWindow::formOfAReceiver()
{
    WindowFixture f;
    const EntityId ont = f.device("ONT1");
    f.window->selection()->set({ont});
    QTRY_VERIFY(f.find<QWidget>("computedBox"));
    QVERIFY(!f.find<QWidget>("computedBox")->isVisible()); // off until somebody wants it
    turnOn(f);
    QTRY_COMPARE(valueOf(f, "signal"), QStringLiteral("OK"));
    QCOMPARE(valueOf(f, "margin"), QStringLiteral("33.00")); // +5 against -28
    QVERIFY(valueOf(f, "health").isEmpty() && valueOf(f, "linkLoss").isEmpty());
    // A change elsewhere.
    change(f, {edits::setField(dropOf(f, "ONT1"), Field::Length, 10.0)});
    QTRY_COMPARE(valueOf(f, "received"), QStringLiteral("1.50"));
    QCOMPARE(valueOf(f, "margin"), QStringLiteral("29.50"));
    QCOMPARE(valueOf(f, "pathLoss"), QStringLiteral("3.50 over 10 km and 1 link"));
    auto *path = f.find<QTreeWidget>("opticalPath");
    QCOMPARE(path->topLevelItemCount(), 3);
    QCOMPARE(path->topLevelItem(0)->text(0), QStringLiteral("OLT1 transmits"));
    QCOMPARE(path->topLevelItem(0)->text(1), QStringLiteral("5.00 dBm"));
    QVERIFY(path->topLevelItem(1)->text(0).endsWith(QLatin1String("(taken as G.652.D)")));
    QCOMPARE(path->topLevelItem(1)->text(1), QStringLiteral("−3.50"));
    QCOMPARE(path->topLevelItem(2)->text(0), QStringLiteral("ONT1 receives"));
    QCOMPARE(path->topLevelItem(2)->text(1), QStringLiteral("1.50 dBm"));
    change(f, {edits::setField(ont, Field::Overload, -8.0)});
    QTRY_COMPARE(valueOf(f, "signal"), QStringLiteral("OK; the receiver is overloaded"));
    // Its only fibre goes.
    change(f, {RemoveEntities{{dropOf(f, "ONT1")}}});
    QTRY_COMPARE(valueOf(f, "signal"),
                 QStringLiteral("No signal: no optical path leads to an OLT"));
    QVERIFY(valueOf(f, "margin").isEmpty() && !path->isVisible());
    // A part of the sum leads to the thing.
    f.window->selection()->set({f.device("ONT2")});
    QTRY_VERIFY(f.find<QTreeWidget>("opticalPath")->isVisible());
    path = f.find<QTreeWidget>("opticalPath");
    Q_EMIT path->itemActivated(path->topLevelItem(0), 0);
    QCOMPARE(f.window->selection()->ids(), QList<EntityId>{f.device("OLT1")});
    QTRY_VERIFY(!f.find<QWidget>("computedBox")->isVisible());
}

void TestComputedWindow::formsOfLinksAndContainers()
{
    WindowFixture f;
    turnOn(f);
    const EntityId drop = dropOf(f, "ONT2");
    f.window->selection()->set({drop});
    QTRY_COMPARE(valueOf(f, "linkLoss"), QStringLiteral("0.00, as it has no length"));
    change(f, {edits::setField(drop, Field::Length, 6.0),
               edits::setField(drop, Field::Medium, QStringLiteral("G652D"))});
    QTRY_COMPARE(valueOf(f, "linkLoss"), QStringLiteral("2.10, from its length"));
    change(f, {edits::setField(drop, Field::Loss, 2.75)});
    QTRY_COMPARE(valueOf(f, "linkLoss"), QStringLiteral("2.75, as given"));
    // Two of them have no sum of their own.
    f.window->selection()->set({drop, dropOf(f, "ONT3")});
    QTRY_VERIFY(!f.find<QWidget>("computedBox"));

    const EntityId pop = f.window->board()->session().newId();
    CreateEntity container{
        EntityKind::Device,
        pop,
        {{Field::Name, QStringLiteral("POP1")}, {Field::DeviceType, QStringLiteral("POP")}}};
    change(f, {container, edits::setField(f.device("ONT3"), Field::Container, qint64(pop)),
               edits::setField(f.device("ONT4"), Field::Container, qint64(pop))});
    f.window->selection()->set({pop});
    QTRY_COMPARE(valueOf(f, "health"), QStringLiteral("Degraded, 1 thing degraded"));
    change(f, {edits::setField(f.device("ONT3"), Field::Status, qint64(Status::Down))});
    QTRY_COMPARE(valueOf(f, "health"), QStringLiteral("Down, 1 thing down, 1 thing degraded"));
}

void TestComputedWindow::formsFitTheirDock_data()
{
    QTest::addColumn<bool>("inGerman");
    QTest::newRow("English") << false;
    QTest::newRow("German") << true;
}

/// There is no scrolling sideways: what does not fit is cut.
void TestComputedWindow::formsFitTheirDock()
{
    QFETCH(const bool, inGerman);
    QTranslator german;
    if (inGerman) {
        QVERIFY(german.load(QStringLiteral(":/i18n/patchboard_de.qm")));
        QCoreApplication::installTranslator(&german);
    }
    WindowFixture f;
    turnOn(f);
    auto *panel = f.window->findChild<PropertiesPanel *>();
    const auto *scroll = panel->findChild<QScrollArea *>();
    const int room = panel->minimumWidth() - scroll->verticalScrollBar()->sizeHint().width();
    const EntityId ont = f.device("ONT1");
    const EntityId link = dropOf(f, "ONT1");
    for (const QList<EntityId> &ids : {QList<EntityId>{ont},
                                       {link},
                                       {f.topology().link(link)->a},
                                       {},
                                       {ont, f.device("ONT2")}}) {
        f.window->selection()->set(ids);
        QCoreApplication::processEvents();
        const int needed = scroll->widget()->minimumSizeHint().width();
        QVERIFY2(needed <= room, qPrintable(QStringLiteral("%1 of %2").arg(needed).arg(room)));
    }
}

void TestComputedWindow::columnsOfTables()
{
    WindowFixture f;
    auto *view = f.find<QTableView>("deviceTable");
    auto *model = qobject_cast<TableModel *>(view->model());
    const auto columnOf = [model](TableModel::Computed what) {
        for (int column = 0; column < model->columnCount(); ++column) {
            if (model->computedAt(column) == what)
                return column;
        }
        return -1;
    };
    const int margin = columnOf(TableModel::Computed::Margin);
    QVERIFY(margin > 0);
    QVERIFY(view->isColumnHidden(margin)); // they would crowd it
    QTimer::singleShot(0, [&] {
        auto *menu = qobject_cast<QMenu *>(QApplication::activePopupWidget());
        QVERIFY(menu);
        for (QAction *action : menu->actions()) {
            if (action->text() == QLatin1String("Margin (dB)"))
                action->trigger();
        }
        menu->close();
    });
    QTest::mouseClick(f.find<QToolButton>("tableColumns"), Qt::LeftButton);
    QVERIFY(!view->isColumnHidden(margin));
    const auto cell = [&](const char *name, int column) {
        return model->indexOf(f.device(name), column).data().toString();
    };
    QVERIFY(cell("ONT1", margin).isEmpty());
    turnOn(f);
    QTRY_COMPARE(cell("ONT1", margin), QStringLiteral("33.00"));
    QCOMPARE(cell("ONT2", margin), QStringLiteral("35.00")); // -30 is usual
    QCOMPARE(cell("ONT1", columnOf(TableModel::Computed::Signal)), QStringLiteral("OK"));
    QVERIFY(cell("OLT1", margin).isEmpty());
    // Sorted by it, rows follow what is computed.
    model->sort(margin, Qt::AscendingOrder);
    QCOMPARE(model->idAt(0), f.device("ONT1"));
    change(f, {edits::setField(dropOf(f, "ONT4"), Field::Loss, 10.0)});
    QTRY_COMPARE(model->idAt(0), f.device("ONT4"));
    QCOMPARE(cell("ONT4", margin), QStringLiteral("23.00"));
    change(f, {edits::setField(kBoardId, Field::ComputedStatus, false)});
    QTRY_VERIFY(cell("ONT4", margin).isEmpty());
    // What was chosen is remembered.
    WindowFixture::keepSettings = true;
    {
        WindowFixture again;
        QVERIFY(!again.find<QTableView>("deviceTable")->isColumnHidden(margin));
    }
    WindowFixture::keepSettings = false;
}

void TestComputedWindow::problemsAreListed()
{
    WindowFixture f;
    auto *view = f.find<QTreeView>("problemList");
    QVERIFY(!view->model()); // nobody has looked
    f.action("view.problems")->trigger();
    QTRY_VERIFY(f.find<QLabel>("noProblems")->isVisible());
    QVERIFY(f.find<QLabel>("noProblems")->text().contains(QLatin1String("Board Settings")));
    auto *list = qobject_cast<ProblemList *>(view->model());
    QVERIFY(list);
    QCOMPARE(list->rowCount(), 0);
    turnOn(f);
    QTRY_VERIFY(!f.find<QLabel>("noProblems")->text().contains(QLatin1String("Board Settings")));
    change(f, {edits::setField(dropOf(f, "ONT1"), Field::Loss, 28.0),
               RemoveEntities{{dropOf(f, "ONT2")}},
               edits::setField(f.device("ONT3"), Field::Overload, -8.0)});
    QTRY_COMPARE(list->rowCount(), 3);
    const auto text = [list](int row, int column) {
        return list->index(row, column).data().toString();
    };
    QCOMPARE(text(0, ProblemList::Item), QStringLiteral("ONT2"));
    QCOMPARE(text(0, ProblemList::What),
             QStringLiteral("No signal: no optical path leads to an OLT"));
    QCOMPARE(text(1, ProblemList::What),
             QStringLiteral("Receiver overload: 5.0 dBm arrive, -8.0 dBm is the most"));
    QCOMPARE(text(2, ProblemList::What), QStringLiteral("Low optical margin: 5.0 dB"));
    QTRY_COMPARE(f.find<QLabel>("problemCount")->text(), QStringLiteral("2 errors, 1 warning"));
    // A click shows the thing.
    QTRY_VERIFY(!view->visualRect(list->index(1, 0)).isEmpty());
    QTest::mouseClick(view->viewport(), Qt::LeftButton, {},
                      view->visualRect(list->index(1, 0)).center());
    QCOMPARE(f.window->selection()->ids(), QList<EntityId>{f.device("ONT3")});
    // Put right, it is gone; undone, it is back.
    change(f, {edits::setField(f.device("ONT3"), Field::Overload, Value())});
    QTRY_COMPARE(list->rowCount(), 2);
    f.action("edit.undo")->trigger();
    QTRY_COMPARE(list->rowCount(), 3);
    QCOMPARE(list->rowOf(f.device("ONT3")), 1);
    change(f, {edits::setField(f.device("ONT3"), Field::Name, QStringLiteral("Corner"))});
    QTRY_COMPARE(text(1, ProblemList::Item), QStringLiteral("Corner"));
    change(f, {edits::setField(kBoardId, Field::ComputedStatus, false)});
    QTRY_COMPARE(list->rowCount(), 0);
}

PATCHBOARD_TEST(TestComputedWindow)
#include "tst_computed.moc"
