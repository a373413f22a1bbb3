#include "tests/support/testmain.h"
#include "tests/ui/windowfixture.h"

#include "model/tablemodel.h"
#include "ui/actions/commandpalette.h"
#include "ui/dialogs/exportdialog.h"
#include "ui/dialogs/overridedialog.h"
#include "ui/dialogs/sharedialog.h"
#include "ui/mainwindow/connectionstatus.h"
#include "ui/mainwindow/startpage.h"
#include "ui/panels/propertiespanel.h"
#include "ui/panels/tablespanel.h"
#include "ui/scene/minimap.h"

#include <QAccessible>
#include <QCheckBox>
#include <QClipboard>
#include <QComboBox>
#include <QCommandLinkButton>
#include <QDir>
#include <QFileDialog>
#include <QInputDialog>
#include <QLineEdit>
#include <QListView>
#include <QListWidget>
#include <QMenu>
#include <QMimeData>
#include <QPushButton>
#include <QScrollBar>
#include <QSignalSpy>
#include <QSpinBox>
#include <QStatusBar>
#include <QTableView>
#include <QTableWidget>
#include <QTemporaryDir>
#include <QTimer>
#include <QToolButton>
#include <QTranslator>
#include <QTreeView>
#include <QTreeWidget>

using namespace patchboard;
using namespace patchboard::ui;

namespace {

/// Types over what a line holds, and presses Enter.
void typeInto(QLineEdit *line, const QString &text)
{
    line->setFocus();
    line->selectAll();
    QTest::keyClicks(line, text);
    QTest::keyClick(line, Qt::Key_Return);
}

/// A click in the middle of a cell.
void clickCell(QAbstractItemView *view, const QModelIndex &index,
               Qt::KeyboardModifiers modifiers = {})
{
    view->scrollTo(index);
    QTest::mouseClick(view->viewport(), Qt::LeftButton, modifiers,
                      view->visualRect(index).center());
}

} // namespace

class TestMainWindow : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { failOnWarnings(); }

    void showsWhatTheConnectionIs();
    void saysWhatUndoTakesBack();
    void showsRefusals();
    void editsManyAtOnce();
    void editsFreeProperties();
    void overridesWithAReason();
    void renamesInTheTree();
    void editsInTables();
    void jumpsFromTables();
    void filtersTreeAndTables();
    void copiesAndPastesWithLinks();
    void findsAndSteps();
    void opensASecondWindow();
    void startsFromTheStartPage();
    void sharesABoardThatIsOpen();
    void runsCommandsByName();
    void paletteArms();
    void countsWhatIsThere();
    void theOverviewShowsTheSelection();
    void barsLeaveTheViewWhereItIs();
    void longTitlesPushNothingAside();
    void chosenRowsKeepTheirColours();
    void tooltipsNameKeys();
    void keepsTheReadersHandsOffReadOnlyBoards();
    void saysWhatItWaitsFor();
    void exportsWithMorePixels();
    void copiesLieBesideEachOther();
    void keepsWhatIsBeingTyped();
    void offersWhatWasTypedForWhatIsGone_data();
    void offersWhatWasTypedForWhatIsGone();
    void nudgesAreOneStep();
    void dark();
    void germanFits();
    void everythingHasAName();
    void sharing();
    void tokens();
    void untitledBoards();
    void viewers();
};

void TestMainWindow::showsWhatTheConnectionIs()
{
    WindowFixture f;
    auto *state = f.find<QToolButton>("connectionStatus");
    QCOMPARE(state->text(), QStringLiteral("Live"));
    QVERIFY(!f.find<QLabel>("statusPending")->isVisible());
    QVERIFY(f.find<QLabel>("statusBoard")->text().contains(QStringLiteral("this computer")));

    f.session().setState(ConnectionState::Offline, 0, QStringLiteral("the host closed"));
    QCOMPARE(state->text(), QStringLiteral("Offline"));
    f.session().setState(ConnectionState::Reconnecting, 2500);
    QCOMPARE(state->text(), QStringLiteral("Reconnecting in 3 s"));
    QTRY_COMPARE(state->text(), QStringLiteral("Reconnecting in 2 s"));
    QVERIFY(!state->icon().isNull());
    f.session().setState(ConnectionState::Offline, 900);
    QCOMPARE(state->text(), QStringLiteral("Offline, reconnecting in 1 s"));
    // An attempt that is due is still one: a plain "Offline" is what somebody chose.
    QTRY_COMPARE(f.session().status().retryInMs, 1);
    QSignalSpy ticks(state->findChild<QTimer *>(), &QTimer::timeout);
    QTRY_VERIFY(ticks.size() > 1);
    QCOMPARE(state->text(), QStringLiteral("Offline, reconnecting in 1 s"));

    // What is edited now waits, and says so.
    f.window->selection()->set({f.device("OLT1")});
    QTest::keyClick(f.window, Qt::Key_Delete);
    QTRY_COMPARE(f.find<QLabel>("statusPending")->text(), QStringLiteral("1 not sent yet"));
    QVERIFY(f.find<QLabel>("statusPending")->isVisible());

    // A click explains it and offers to reconnect.
    QString explanation;
    QTimer::singleShot(0, state, [&] {
        auto *menu = qobject_cast<QMenu *>(QApplication::activePopupWidget());
        QVERIFY(menu);
        explanation = menu->findChild<QLabel *>(QStringLiteral("connectionExplanation"))->text();
        for (QAction *action : menu->actions()) {
            if (action->text() == QStringLiteral("Reconnect Now")) {
                QTest::mouseClick(menu, Qt::LeftButton, {}, menu->actionGeometry(action).center());
                return;
            }
        }
        menu->close();
    });
    QTest::mouseClick(state, Qt::LeftButton);
    QVERIFY2(explanation.contains(QStringLiteral("1 change not sent yet")),
             qPrintable(explanation));
    QCOMPARE(f.session().reconnects, 1);
    QCOMPARE(state->text(), QStringLiteral("Live"));
    QVERIFY(!f.find<QLabel>("statusPending")->isVisible());

    Person ana;
    ana.id = 7;
    ana.name = QStringLiteral("Ana Brandt");
    ana.colour = 3;
    QList<Person> people = f.session().people();
    people.append(ana);
    f.session().setPeople(people);
    QVERIFY(f.find<PeopleStrip>("peopleStrip")->accessibleName().contains(ana.name));
    QCOMPARE(f.find<QListWidget>("peopleList")->item(1)->text(), ana.name);
    QCOMPARE(PeopleStrip::initials(ana.name), QStringLiteral("AB"));
}

void TestMainWindow::saysWhatUndoTakesBack()
{
    WindowFixture f;
    QVERIFY(!f.action("edit.undo")->isEnabled());
    f.window->canvas()->setFocus();
    QTest::keyClick(f.window, Qt::Key_A, Qt::ControlModifier);
    QCOMPARE(f.window->selection()->size(), 10 + 8);
    QTest::keyClick(f.window, Qt::Key_Delete);
    QCOMPARE(f.topology().devices().size(), 0);
    QCOMPARE(f.action("edit.undo")->text(), QStringLiteral("&Undo Delete 18 items"));
    QTest::keyClick(f.window, Qt::Key_Z, Qt::ControlModifier);
    QCOMPARE(f.topology().devices().size(), 10);
    QCOMPARE(f.topology().links().size(), 8);
    QCOMPARE(f.action("edit.redo")->text(), QStringLiteral("&Redo Delete 18 items"));
    QVERIFY(!f.action("edit.undo")->isEnabled());
    QTest::keyClick(f.window, Qt::Key_Z, Qt::ControlModifier | Qt::ShiftModifier);
    QCOMPARE(f.topology().devices().size(), 0);

    // A drag of several is one step.
    QTest::keyClick(f.window, Qt::Key_Z, Qt::ControlModifier);
    CanvasView *canvas = f.window->canvas();
    f.window->selection()->set({f.device("ONT1"), f.device("ONT2"), f.device("ONT3")});
    const QPointF from = f.topology().device(f.device("ONT2"))->position;
    const QPoint at = canvas->fromScene(from).toPoint();
    QTest::mousePress(canvas->viewport(), Qt::LeftButton, {}, at);
    for (int step = 1; step <= 5; ++step)
        QTest::mouseMove(canvas->viewport(), at + QPoint(0, step * 8));
    QTest::mouseRelease(canvas->viewport(), Qt::LeftButton, {}, at + QPoint(0, 40));
    QVERIFY(f.topology().device(f.device("ONT2"))->position != from);
    QCOMPARE(f.action("edit.undo")->text(), QStringLiteral("&Undo Move 3 devices"));
    QTest::keyClick(f.window, Qt::Key_Z, Qt::ControlModifier);
    QCOMPARE(f.topology().device(f.device("ONT2"))->position, from);
}

void TestMainWindow::showsRefusals()
{
    WindowFixture f;
    f.window->selection()->set({f.device("ONT4")});
    QTest::keyClick(f.window, Qt::Key_Delete);
    QCOMPARE(f.device("ONT4"), EntityId(0));
    f.session().refuseLast({Errc::Forbidden, QStringLiteral("only admins delete")});
    QVERIFY(f.device("ONT4") != 0);
    QVERIFY2(f.message().contains(QStringLiteral("Delete ONT4")), qPrintable(f.message()));
    QVERIFY(f.message().contains(QStringLiteral("only admins delete")));
    QVERIFY(!f.action("edit.undo")->isEnabled());
    QVERIFY(!QApplication::activeModalWidget());
}

void TestMainWindow::editsManyAtOnce()
{
    WindowFixture f;
    const QList<EntityId> ids{f.device("ONT1"), f.device("ONT2"), f.device("ONT4")};
    f.window->selection()->set(ids);
    auto *panel = f.find<PropertiesPanel>("propertiesPanel");
    auto *name = qobject_cast<QLineEdit *>(panel->editor(Field::Name));
    QCOMPARE(name->text(), QString());
    QCOMPARE(name->placeholderText(), QStringLiteral("Mixed values"));
    auto *status = qobject_cast<QComboBox *>(panel->editor(Field::Status));
    QCOMPARE(status->currentIndex(), -1);
    auto *type = qobject_cast<QComboBox *>(panel->editor(Field::DeviceType));
    QCOMPARE(type->currentText(), QStringLiteral("ONT"));
    auto *sensitivity = qobject_cast<QLineEdit *>(panel->editor(Field::Sensitivity));
    QCOMPARE(sensitivity->placeholderText(), QStringLiteral("Mixed values"));

    typeInto(sensitivity, QStringLiteral("-27.5"));
    for (const EntityId id : ids)
        QCOMPARE(f.topology().device(id)->optics->sensitivityMinDbm, std::optional(-27.5));
    QCOMPARE(sensitivity->text(), QStringLiteral("-27.5"));
    QCOMPARE(f.action("edit.undo")->text(),
             QStringLiteral("&Undo Set Receiver sensitivity of 3 devices"));
    QTest::keyClick(f.window, Qt::Key_Z, Qt::ControlModifier);
    QCOMPARE(f.topology().device(ids.at(1))->optics->sensitivityMinDbm, std::optional<double>());

    // Out of bounds: said in the bar, nothing changes.
    typeInto(sensitivity, QStringLiteral("9999"));
    QVERIFY2(f.message().startsWith(QStringLiteral("Receiver sensitivity")),
             qPrintable(f.message()));
    QCOMPARE(f.topology().device(ids.at(0))->optics->sensitivityMinDbm, std::optional(-28.0));

    // One name for three continues its pattern.
    typeInto(name, QStringLiteral("home-07"));
    QVERIFY(f.device("home-07") != 0 && f.device("home-08") != 0 && f.device("home-09") != 0);

    auto *locked = qobject_cast<QCheckBox *>(panel->editor(Field::Locked));
    QVERIFY(f.session().edit({edits::setField(ids.at(0), Field::Locked, true)}));
    QTRY_COMPARE(locked->checkState(), Qt::PartiallyChecked);
    QTest::mouseClick(locked, Qt::LeftButton, {}, QPoint(8, locked->height() / 2));
    for (const EntityId id : ids)
        QVERIFY(f.topology().device(id)->locked);

    // With a link among them only what both kinds have is left.
    f.window->selection()->set({ids.at(0), f.topology().links().ids().first()});
    QVERIFY(!panel->editor(Field::Name));
    QVERIFY(panel->editor(Field::Status));
    QVERIFY(panel->editor(Field::Notes));
}

void TestMainWindow::editsFreeProperties()
{
    WindowFixture f;
    const EntityId a = f.device("ONT1");
    const EntityId b = f.device("ONT2");
    QVERIFY(f.session().edit(
        {edits::setField(a, {Field::Property, QStringLiteral("rack")}, QStringLiteral("A1")),
         edits::setField(b, {Field::Property, QStringLiteral("rack")}, QStringLiteral("B2"))}));
    f.window->selection()->set({a, b});
    auto *table = f.find<QTableWidget>("propertyTable");
    QCOMPARE(table->rowCount(), 2);
    QCOMPARE(table->item(0, 0)->text(), QStringLiteral("rack"));
    QCOMPARE(table->item(0, 1)->text(), QStringLiteral("Mixed values"));

    const auto typeCell = [&](int row, int column, const QString &text) {
        f.find<PropertiesPanel>("propertiesPanel");
        table->setFocus();
        table->setCurrentCell(row, column);
        table->editItem(table->item(row, column));
        auto *editor = table->findChild<QLineEdit *>();
        QVERIFY(editor);
        editor->selectAll();
        QTest::keyClicks(editor, text);
        QPointer<QLineEdit> gone = editor;
        QTest::keyClick(editor, Qt::Key_Return);
        QTRY_VERIFY(!gone);
    };
    typeCell(0, 1, QStringLiteral("C3"));
    QCOMPARE(f.topology().device(a)->remarks->properties.value(QStringLiteral("rack")),
             QStringLiteral("C3"));
    QCOMPARE(f.topology().device(b)->remarks->properties.value(QStringLiteral("rack")),
             QStringLiteral("C3"));
    QTRY_COMPARE(table->item(0, 1)->text(), QStringLiteral("C3"));
    typeCell(1, 0, QStringLiteral("owner"));
    typeCell(1, 1, QStringLiteral("Ana"));
    QCOMPARE(f.topology().device(b)->remarks->properties.value(QStringLiteral("owner")),
             QStringLiteral("Ana"));
    QTRY_COMPARE(table->rowCount(), 3);
    table->setFocus();
    table->setCurrentCell(1, 0);
    QTest::keyClick(table, Qt::Key_Delete);
    QVERIFY(!f.topology().device(a)->remarks->properties.contains(QStringLiteral("rack")));
    QVERIFY(f.topology().device(a)->remarks->properties.contains(QStringLiteral("owner")));
}

void TestMainWindow::overridesWithAReason()
{
    WindowFixture f;
    const QList<EntityId> ids{f.device("OLT1"), f.topology().links().ids().first()};
    f.window->selection()->set(ids);
    QTimer::singleShot(0, f.window, [&] {
        auto *dialog = qobject_cast<OverrideDialog *>(QApplication::activeModalWidget());
        QVERIFY(dialog);
        QTest::keyClicks(dialog->findChild<QLineEdit *>(QStringLiteral("overrideReason")),
                         QStringLiteral("maintenance"));
        QTest::keyClick(dialog, Qt::Key_Return);
    });
    f.action("override.down")->trigger();
    for (const EntityId id : ids) {
        QCOMPARE(f.topology().effectiveStatus(id), Status::Down);
        QCOMPARE(f.topology().value(id, Field::OverrideReason),
                 Value(QStringLiteral("maintenance")));
        QCOMPARE(f.topology().value(id, Field::OverrideBy), Value(QStringLiteral("Test Person")));
    }
    QCOMPARE(f.action("edit.undo")->text(), QStringLiteral("&Undo Force 2 items Down"));
    QVERIFY(f.action("override.clear")->isEnabled());
    f.action("override.clear")->trigger();
    QCOMPARE(f.topology().effectiveStatus(ids.first()), Status::Up);
    QVERIFY(isNull(f.topology().value(ids.first(), Field::OverrideReason)));

    // In the form: the reason may be typed before the status is chosen.
    f.window->selection()->set({ids.first()});
    auto *panel = f.find<PropertiesPanel>("propertiesPanel");
    auto *reason = qobject_cast<QLineEdit *>(panel->editor(Field::OverrideReason));
    typeInto(reason, QStringLiteral("fibre cut"));
    auto *combo = qobject_cast<QComboBox *>(panel->editor(Field::StatusOverride));
    combo->setFocus();
    QTest::keyClick(combo, Qt::Key_D);
    QCOMPARE(f.topology().effectiveStatus(ids.first()), Status::Down);
    QCOMPARE(f.topology().value(ids.first(), Field::OverrideReason),
             Value(QStringLiteral("fibre cut")));
    QVERIFY(f.find<QLabel>("overrideInfo")->text().contains(QStringLiteral("Test Person")));
}

void TestMainWindow::renamesInTheTree()
{
    WindowFixture f;
    f.action("view.filterTree")->trigger();
    auto *tree = f.find<QTreeView>("boardTree");
    const EntityId olt = f.device("OLT1");
    const QModelIndex index = f.session().model()->indexOf(olt);
    clickCell(tree, index);
    QCOMPARE(f.window->selection()->ids(), QList<EntityId>{olt});
    tree->setFocus();
    QTest::keyClick(f.window, Qt::Key_F2);
    auto *editor = tree->viewport()->findChild<QLineEdit *>();
    QVERIFY(editor);
    editor->selectAll();
    QTest::keyClicks(editor, QStringLiteral("ONT1")); // taken: the board gives a free one
    QTest::keyClick(editor, Qt::Key_Return);
    QTRY_COMPARE(f.topology().device(olt)->name, QStringLiteral("ONT1-2"));
    QVERIFY(f.message().contains(QStringLiteral("ONT1-2")));
    QCOMPARE(f.action("edit.undo")->text(), QStringLiteral("&Undo Rename OLT1"));
}

void TestMainWindow::editsInTables()
{
    WindowFixture f;
    auto *table = f.find<QTableView>("deviceTable");
    auto *model = qobject_cast<TableModel *>(table->model());
    const EntityId olt = f.device("OLT1");
    const auto typeCell = [&](Field field, const QString &text) {
        const QModelIndex cell = model->indexOf(olt, model->columnOf(field));
        table->setFocus();
        table->setCurrentIndex(cell);
        table->edit(cell);
        auto *editor = table->viewport()->findChild<QLineEdit *>();
        QVERIFY(editor);
        editor->selectAll();
        QTest::keyClicks(editor, text);
        QPointer<QLineEdit> gone = editor;
        QTest::keyClick(editor, Qt::Key_Return);
        QTRY_VERIFY(!gone);
    };
    typeCell(Field::Address, QStringLiteral("10.0.0.9"));
    QCOMPARE(f.topology().device(olt)->address, QStringLiteral("10.0.0.9"));
    QCOMPARE(f.action("edit.undo")->text(), QStringLiteral("&Undo Set Address of OLT1"));
    typeCell(Field::TxPower, QStringLiteral("4.5"));
    QCOMPARE(f.topology().device(olt)->optics->txPowerDbm, std::optional(4.5));
    typeCell(Field::Name, QStringLiteral("Head end"));
    QCOMPARE(f.topology().device(olt)->name, QStringLiteral("Head end"));
    QTest::keyClick(f.window, Qt::Key_Z, Qt::ControlModifier);
    QCOMPARE(f.topology().device(olt)->name, QStringLiteral("OLT1"));
    // The row that was renamed moved; the selection stayed with it.
    QCOMPARE(f.window->selection()->ids(), QList<EntityId>{olt});
}

void TestMainWindow::jumpsFromTables()
{
    WindowFixture f;
    CanvasView *canvas = f.window->canvas();
    const EntityId ont = f.device("ONT4");
    canvas->setZoom(4);
    canvas->centreOn(f.device("CoreRouter1"));
    QVERIFY(!canvas->visibleScene().contains(f.topology().device(ont)->position));
    auto *tables = f.find<TablesPanel>("tablesPanel");
    tables->showTable(EntityKind::Interface);
    auto *table = tables->table(EntityKind::Interface);
    auto *model = qobject_cast<TableModel *>(table->model());
    QVERIFY(model);
    const EntityId port = f.topology().interfaceByName(ont, QStringLiteral("pon0"));
    const QModelIndex cell = model->indexOf(port);
    table->scrollTo(cell);
    const QPoint at = table->visualRect(cell).center();
    QTest::mouseClick(table->viewport(), Qt::LeftButton, {}, at);
    QTest::mouseDClick(table->viewport(), Qt::LeftButton, {}, at);
    QVERIFY(canvas->visibleScene().contains(f.topology().device(ont)->position));
    QCOMPARE(f.window->selection()->ids(), QList<EntityId>{port});
}

void TestMainWindow::filtersTreeAndTables()
{
    WindowFixture f;
    QTest::keyClick(f.window, Qt::Key_F, Qt::ControlModifier | Qt::ShiftModifier);
    auto *line = f.find<QLineEdit>("treeFilter");
    QTRY_VERIFY(line->hasFocus());
    QTest::keyClicks(line, QStringLiteral("edge"));
    auto *list = f.find<QListView>("foundList");
    QTRY_VERIFY(list->isVisible());
    QVERIFY(list->model()->rowCount() >= 2);
    QCOMPARE(list->model()->index(0, 0).data().toString(), QStringLiteral("EdgeRouter1"));
    clickCell(list, list->model()->index(1, 0));
    QCOMPARE(f.window->selection()->ids(), QList<EntityId>{f.device("EdgeRouter2")});
    line->clear();
    QTRY_VERIFY(f.find<QTreeView>("boardTree")->isVisible());

    auto *filter = f.find<QLineEdit>("tableFilter");
    filter->setFocus();
    QTest::keyClicks(filter, QStringLiteral("core"));
    auto *table = f.find<QTableView>("deviceTable");
    QTRY_COMPARE(table->model()->rowCount(), 2);
    QCOMPARE(f.find<QLabel>("tableCount")->text(), QStringLiteral("2 of 10"));
}

void TestMainWindow::copiesAndPastesWithLinks()
{
    WindowFixture f;
    f.window->canvas()->setFocus();
    f.window->selection()->set({f.device("OLT1"), f.device("ONT1"), f.device("ONT2")});
    QTest::keyClick(f.window, Qt::Key_C, Qt::ControlModifier);
    const QMimeData *mime = QGuiApplication::clipboard()->mimeData();
    QVERIFY(mime->text().contains(QStringLiteral("endpoints")));
    QVERIFY(mime->data(QStringLiteral("image/svg+xml")).contains("OLT1"));
    QTest::keyClick(f.window, Qt::Key_V, Qt::ControlModifier);
    QCOMPARE(f.topology().devices().size(), 13);
    QCOMPARE(f.topology().links().size(), 10);
    QCOMPARE(f.action("edit.undo")->text(), QStringLiteral("&Undo Paste 3 devices"));
    QCOMPARE(f.window->selection()->size(), 3);
    QTest::keyClick(f.window, Qt::Key_D, Qt::ControlModifier);
    QCOMPARE(f.topology().devices().size(), 16);
    QTest::keyClick(f.window, Qt::Key_X, Qt::ControlModifier);
    QCOMPARE(f.topology().devices().size(), 13);
    // Into another board, in another window.
    auto other = f.windows.open(QStringLiteral("/tmp/other.board"));
    QVERIFY(other);
    MainWindow *second = f.windows.openWindow(*other);
    second->show();
    second->activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(second));
    QTest::keyClick(second, Qt::Key_V, Qt::ControlModifier);
    QCOMPARE((*other)->session().topology().devices().size(), 3);
    QCOMPARE((*other)->session().topology().links().size(), 2);
}

void TestMainWindow::findsAndSteps()
{
    WindowFixture f;
    f.window->canvas()->setFocus();
    QTest::keyClick(f.window, Qt::Key_F, Qt::ControlModifier);
    auto *line = f.find<QLineEdit>("findLine");
    QTRY_VERIFY(line->hasFocus());
    QTest::keyClicks(line, QStringLiteral("ont"));
    auto *list = f.find<QListView>("findList");
    QTRY_VERIFY(list->isVisible());
    auto *count = f.find<QLabel>("findCount");
    QVERIFY2(count->text().startsWith(QStringLiteral("1 of ")), qPrintable(count->text()));
    QCOMPARE(list->model()->index(0, 0).data().toString(), QStringLiteral("ONT1"));
    QTest::keyClick(line, Qt::Key_Return);
    QVERIFY2(count->text().startsWith(QStringLiteral("2 of ")), qPrintable(count->text()));
    QCOMPARE(f.window->selection()->ids(), QList<EntityId>{f.device("ONT2")});
    QTest::keyClick(line, Qt::Key_Return, Qt::ShiftModifier);
    QCOMPARE(f.window->selection()->ids(), QList<EntityId>{f.device("ONT1")});
    line->selectAll();
    QTest::keyClicks(line, QStringLiteral("nowhere"));
    QTRY_COMPARE(count->text(), QStringLiteral("Nothing found"));
    QTest::keyClick(line, Qt::Key_Escape);
    QVERIFY(!line->isVisible());
    QVERIFY(f.window->canvas()->hasFocus());
}

void TestMainWindow::opensASecondWindow()
{
    WindowFixture f;
    QTest::keyClick(f.window, Qt::Key_N, Qt::ControlModifier | Qt::ShiftModifier);
    QCOMPARE(f.windows.windows().size(), 2);
    MainWindow *second = f.windows.windows().at(1);
    QCOMPARE(second->board(), f.window->board());
    QVERIFY(second->canvas() != f.window->canvas());
    second->selection()->set({f.device("ONT1")});
    QVERIFY(f.window->selection()->isEmpty());
    second->canvas()->setZoom(0.5);
    QVERIFY(f.window->canvas()->zoom() != 0.5);
    // One undo stack.
    second->actionSet()->action(QStringLiteral("edit.delete"))->trigger();
    QCOMPARE(f.device("ONT1"), EntityId(0));
    QTRY_VERIFY(f.action("edit.undo")->isEnabled());
    f.action("edit.undo")->trigger();
    QVERIFY(f.device("ONT1") != 0);
    // One goes, the board stays.
    QPointer<MainWindow> gone = second;
    second->close();
    QTRY_VERIFY(!gone);
    f.window->selection()->set({f.device("ONT2")});
    f.action("edit.delete")->trigger();
    QCOMPARE(f.device("ONT2"), EntityId(0));
}

void TestMainWindow::startsFromTheStartPage()
{
    WindowFixture f{QString()};
    QVERIFY(f.find<StartPage>("startPage")->isVisible());
    QVERIFY(!f.action("edit.undo")->isEnabled());
    QVERIFY(!f.action("file.saveCopy")->isEnabled());
    // What is not there is said in the bar, and the page stays.
    QTest::keyClicks(f.find<QLineEdit>("startAddress"), QStringLiteral("nonsense"));
    QTest::mouseClick(f.find<QPushButton>("startConnect"), Qt::LeftButton);
    QVERIFY(!f.window->board() || f.window->board()->isFile());
    QVERIFY(!f.window->openLocation(QStringLiteral("/tmp/damaged.board")) || f.window->board());
    WindowFixture g{QString()};
    QTest::mouseClick(g.find<QCommandLinkButton>("startDemo"), Qt::LeftButton);
    QVERIFY(g.window->board());
    QVERIFY(!g.find<StartPage>("startPage")->isVisible());
    QTRY_VERIFY(g.window->canvas()->isVisible());
    QCOMPARE(g.topology().devices().size(), 10);
    QVERIFY(g.windows.recent().first().endsWith(QStringLiteral("demo.board")));

    WindowFixture h{QString()};
    QTest::keyClick(h.find<QCommandLinkButton>("startNew"), Qt::Key_Space);
    QVERIFY(h.window->board());
    QCOMPARE(h.topology().devices().size(), 0);

    WindowFixture i{QString()};
    QVERIFY(!i.window->openLocation(QStringLiteral("/tmp/damaged.board")));
    QVERIFY(i.message().contains(QStringLiteral("damaged")));
    QVERIFY(i.find<StartPage>("startPage")->isVisible());
    QVERIFY(!i.window->openLocation(QStringLiteral("http://host")));
    QVERIFY(i.message().contains(QStringLiteral("ws://host:5001")));
}

void TestMainWindow::sharesABoardThatIsOpen()
{
    WindowFixture f;
    const auto again = f.windows.open(QStringLiteral("/tmp/../tmp/demo.board"));
    QVERIFY(again);
    QCOMPARE(again->get(), f.window->board());
}

void TestMainWindow::runsCommandsByName()
{
    WindowFixture f;
    f.window->canvas()->setZoom(0.3);
    QTimer::singleShot(0, f.window, [&] {
        auto *palette = qobject_cast<CommandPalette *>(QApplication::activeModalWidget());
        QVERIFY(palette);
        auto *line = palette->findChild<QLineEdit *>(QStringLiteral("commandLine"));
        QTest::keyClicks(line, QStringLiteral("100"));
        QTest::keyClick(line, Qt::Key_Return);
    });
    QTest::keyClick(f.window, Qt::Key_K, Qt::ControlModifier);
    QCOMPARE(f.window->canvas()->zoom(), 1.0);
    QVERIFY(CommandPalette::score(QStringLiteral("Zoom In"), QStringLiteral("zi")) > 0);
    QVERIFY(CommandPalette::score(QStringLiteral("Zoom In"), QStringLiteral("zx")) < 0);
    QVERIFY(CommandPalette::score(QStringLiteral("Fit the Board"), QStringLiteral("fit")) >
            CommandPalette::score(QStringLiteral("Find Next Item"), QStringLiteral("fit")));
}

void TestMainWindow::paletteArms()
{
    WindowFixture f;
    auto *types = f.find<QTreeWidget>("typeTree");
    QTreeWidgetItem *type =
        types->findItems(QStringLiteral("Firewall"), Qt::MatchExactly | Qt::MatchRecursive).at(0);
    QTest::mouseClick(types->viewport(), Qt::LeftButton, {}, types->visualItemRect(type).center());
    QCOMPARE(f.window->canvas()->tool(), CanvasView::ToolKind::Place);
    const QPoint empty = f.window->canvas()->viewport()->rect().topRight() + QPoint(-60, 60);
    QTest::mouseMove(f.window->canvas()->viewport(), empty);
    QTest::mouseClick(f.window->canvas()->viewport(), Qt::LeftButton, {}, empty);
    QCOMPARE(f.topology().countOfType(QStringLiteral("FIREWALL")), 1);
    QCOMPARE(f.topology().interfacesOf(f.device("firewall-1")).size(), size_t(4));
    QCOMPARE(f.window->canvas()->tool(), CanvasView::ToolKind::Select);
}

void TestMainWindow::countsWhatIsThere()
{
    WindowFixture f;
    const auto *count = f.find<QLabel>("tableCount");
    QCOMPARE(count->text(), QStringLiteral("10"));
    f.window->selection()->set({f.device("ONT4")});
    QTest::keyClick(f.window, Qt::Key_Delete);
    QTRY_COMPARE(count->text(), QStringLiteral("9"));
    // Also of what the filter hides.
    QTest::keyClicks(f.find<QLineEdit>("tableFilter"), QStringLiteral("core"));
    QTRY_COMPARE(count->text(), QStringLiteral("2 of 9"));
    auto *types = f.find<QLineEdit>("typeSearch");
    QTest::keyClicks(types, QStringLiteral("firewall"));
    QTest::keyClick(types, Qt::Key_Return);
    QTRY_COMPARE(count->text(), QStringLiteral("2 of 10"));
}

void TestMainWindow::theOverviewShowsTheSelection()
{
    WindowFixture f;
    auto *overview = f.window->findChild<Minimap *>();
    const auto picture = [&] { return overview->grab().toImage(); };
    const QImage before = picture();
    f.window->canvas()->setFocus();
    QTest::keyClick(f.window, Qt::Key_A, Qt::ControlModifier);
    QTRY_VERIFY(picture() != before);
    QTest::keyClick(f.window->canvas(), Qt::Key_Escape);
    QTRY_COMPARE(picture(), before);
}

void TestMainWindow::barsLeaveTheViewWhereItIs()
{
    WindowFixture f;
    CanvasView *canvas = f.window->canvas();
    const auto place = [&] {
        return canvas->viewport()->mapToGlobal(canvas->fromScene({200, 300}).toPoint());
    };
    const QPoint before = place();
    const int height = canvas->height();
    QTest::keyClick(f.window, Qt::Key_F, Qt::ControlModifier);
    QTest::keyClicks(f.find<QLineEdit>("findLine"), QStringLiteral("ont"));
    QTRY_VERIFY(canvas->height() < height - 100); // the list of matches came too
    QCOMPARE(place(), before);
    QTest::keyClick(f.find<QLineEdit>("findLine"), Qt::Key_Escape);
    QTRY_COMPARE(canvas->height(), height);
    QCOMPARE(place(), before);
    // A message in the middle of a drag: what is held stays under the pointer.
    const QPoint at = canvas->fromScene({200, 300}).toPoint();
    QTest::mousePress(canvas->viewport(), Qt::LeftButton, {}, at);
    QTest::mouseMove(canvas->viewport(), at + QPoint(30, 30));
    Q_EMIT f.session().refused(99, QStringLiteral("Something"), {Errc::Forbidden, QString()});
    QTRY_VERIFY(canvas->height() < height);
    QCOMPARE(place(), before);
    QTest::keyClick(canvas, Qt::Key_Escape);
    QTest::mouseRelease(canvas->viewport(), Qt::LeftButton, {}, at);
}

void TestMainWindow::longTitlesPushNothingAside()
{
    WindowFixture f;
    const auto leastWidth = [&f] {
        QCoreApplication::processEvents(); // layouts
        return std::max(f.window->statusBar()->minimumSizeHint().width(),
                        f.window->minimumSizeHint().width());
    };
    const int least = leastWidth();
    const QString title = QStringLiteral("A board with a long title, ").repeated(9);
    QVERIFY(f.session().edit({edits::setField(kBoardId, Field::Title, title)}));
    QVERIFY(f.find<QLabel>("statusBoard")->text().startsWith(title));
    QCOMPARE(leastWidth(), least);
}

void TestMainWindow::chosenRowsKeepTheirColours()
{
    for (const ThemeMode mode : {ThemeMode::Light, ThemeMode::Dark}) {
        WindowFixture f;
        f.theme.setMode(mode);
        for (const Status status : {Status::Up, Status::Degraded, Status::Down}) {
            const QIcon icon = statusIcon(status);
            QCOMPARE(icon.pixmap(16, 16, QIcon::Selected).toImage(),
                     icon.pixmap(16, 16, QIcon::Normal).toImage());
        }
        // And words can be read on what marks them.
        const QPalette palette = f.find<QTableView>("deviceTable")->palette();
        const auto light = [](const QColor &colour) {
            const auto part = [](double c) {
                return c <= 0.04045 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4);
            };
            return 0.2126 * part(colour.redF()) + 0.7152 * part(colour.greenF()) +
                   0.0722 * part(colour.blueF());
        };
        const auto contrast = [&light](const QColor &a, const QColor &b) {
            const double one = light(a) + 0.05;
            const double two = light(b) + 0.05;
            return std::max(one, two) / std::min(one, two);
        };
        const QColor row = palette.color(QPalette::Highlight);
        QVERIFY(contrast(row, palette.color(QPalette::HighlightedText)) > 4.5);
        for (const Status status : {Status::Up, Status::Degraded, Status::Down})
            QVERIFY(contrast(row, statusColour(status)) > 2.0);
        QVERIFY(row != palette.color(QPalette::Base));
    }
}

void TestMainWindow::tooltipsNameKeys()
{
    WindowFixture f;
    QSet<QString> keys;
    for (const QAction *action : f.window->actionSet()->all()) {
        const QString shortcut = action->shortcut().toString(QKeySequence::NativeText);
        if (shortcut.isEmpty())
            continue;
        QVERIFY2(action->toolTip().contains(shortcut), qPrintable(action->objectName()));
        for (const QKeySequence &each : action->shortcuts()) {
            QVERIFY2(!keys.contains(each.toString()),
                     qPrintable(action->objectName() + u' ' + each.toString()));
            keys.insert(each.toString());
        }
    }
    // Other keys are remembered, for new windows too.
    f.window->actionSet()->setShortcuts(f.action("view.zoomFit"), {QKeySequence(Qt::Key_F9)});
    WindowFixture::keepSettings = true;
    WindowFixture g;
    WindowFixture::keepSettings = false;
    QCOMPARE(g.action("view.zoomFit")->shortcut(), QKeySequence(Qt::Key_F9));
}

void TestMainWindow::keepsTheReadersHandsOffReadOnlyBoards()
{
    WindowFixture f;
    f.session().setReadOnly(true);
    f.window->selection()->set({f.device("OLT1")});
    QTRY_VERIFY(!f.action("edit.delete")->isEnabled());
    QTest::keyClick(f.window, Qt::Key_Delete);
    QVERIFY(f.device("OLT1") != 0);
    QVERIFY(f.action("edit.copy")->isEnabled());
    QVERIFY(!f.action("edit.paste")->isEnabled());
    QVERIFY(!f.find<QWidget>("propertiesForm")->isEnabled());
    // Also what is selected while that changes, and what is not there yet.
    f.session().setReadOnly(false);
    QVERIFY(f.find<QWidget>("propertiesForm")->isEnabled());
    f.session().setReady(false);
    QVERIFY(!f.find<QWidget>("propertiesForm")->isEnabled());
}

void TestMainWindow::saysWhatItWaitsFor()
{
    WindowFixture f(QStringLiteral("/tmp/empty.board"));
    QCOMPARE(f.topology().devices().size(), 0);
    f.session().setReady(false);
    const auto sides = [&f](const QString &detail) {
        f.session().setState(ConnectionState::Offline, 0, detail);
        const QImage canvas = f.window->canvas()->grab().toImage();
        const int height = canvas.height();
        return std::pair(canvas.copy(0, 0, 20, height),
                         canvas.copy(canvas.width() - 20, 0, 20, height));
    };
    // However long it is, it is not cut at the sides.
    const auto clear = sides(QStringLiteral("no answer"));
    QString words;
    for (int i = 0; i < 40; ++i)
        words += QStringLiteral("many words ");
    QCOMPARE(sides(words), clear);
}

void TestMainWindow::exportsWithMorePixels()
{
    WindowFixture f;
    QTemporaryDir folder;
    QSettings().setValue(QStringLiteral("folder"), folder.path());
    QCoreApplication::setAttribute(Qt::AA_DontUseNativeDialogs);
    QStringList pixels;
    // The file dialog comes when the first one is done.
    QTimer files;
    connect(&files, &QTimer::timeout, this, [] {
        if (auto *dialog = qobject_cast<QFileDialog *>(QApplication::activeModalWidget())) {
            QTest::keyClick(dialog->findChild<QLineEdit *>(QStringLiteral("fileNameEdit")),
                            Qt::Key_Return);
        }
    });
    files.start(10);
    const auto exported = [&](const char *suffix, int percent) {
        QTimer::singleShot(0, f.window, [&] {
            auto *dialog = f.find<ExportDialog>("exportDialog");
            auto *kind = dialog->findChild<QComboBox *>(QStringLiteral("exportKind"));
            kind->setCurrentIndex(kind->findData(QString::fromLatin1(suffix)));
            auto *spin = dialog->findChild<QSpinBox *>(QStringLiteral("exportPercent"));
            if (spin->isEnabled()) {
                spin->setFocus();
                spin->selectAll();
                QTest::keyClicks(spin, QString::number(percent));
            }
            pixels.append(dialog->findChild<QLabel *>(QStringLiteral("exportPixels"))->text());
            QTest::mouseClick(dialog->findChild<QPushButton *>(QStringLiteral("exportAccept")),
                              Qt::LeftButton);
        });
        f.action("file.export")->trigger();
        return folder.filePath(f.window->board()->title() + u'.' + QLatin1String(suffix));
    };
    const QImage once(exported("png", 100));
    QVERIFY(!once.isNull());
    QVERIFY(QFile::remove(folder.filePath(f.window->board()->title() + QStringLiteral(".png"))));
    const QImage thrice(exported("png", 300));
    QCOMPARE(thrice.size(), once.size() * 3);
    QCOMPARE(pixels.at(0), QStringLiteral("%1 × %2 pixels").arg(once.width()).arg(once.height()));
    QVERIFY(QFile(exported("svg", 0)).size() > 1000);
    QVERIFY(f.message().contains(QStringLiteral(".svg")));
    // The next time begins with that.
    ExportDialog next({400, 300});
    QCOMPARE(next.suffix(), QStringLiteral("svg"));
    QCOMPARE(next.findChild<QSpinBox *>(QStringLiteral("exportPercent"))->value(), 300);
    // However large the board is, the picture is not larger than one can be.
    ExportDialog large({90'000, 10'000});
    const auto most = large.findChild<QSpinBox *>(QStringLiteral("exportPercent"))->maximum();
    QVERIFY(most >= 1 && most * 900 <= RenderOptions::kMostPixels);
}

void TestMainWindow::copiesLieBesideEachOther()
{
    WindowFixture f;
    f.window->canvas()->setFocus();
    f.window->selection()->set({f.device("OLT1")});
    QTest::keyClick(f.window, Qt::Key_C, Qt::ControlModifier);
    QList<QPointF> places{f.topology().device(f.device("OLT1"))->position};
    for (const Qt::Key key : {Qt::Key_V, Qt::Key_V, Qt::Key_V, Qt::Key_D}) {
        QTest::keyClick(f.window, key, Qt::ControlModifier);
        places.append(f.topology().device(f.window->selection()->ids().value(0))->position);
    }
    for (qsizetype i = 2; i < places.size(); ++i) {
        const QPointF gap = places.at(i) - places.at(i - 1);
        QVERIFY(std::max(std::abs(gap.x()), std::abs(gap.y())) > BoardMirror::kIcon);
    }
}

void TestMainWindow::keepsWhatIsBeingTyped()
{
    WindowFixture f;
    const EntityId olt = f.device("OLT1");
    f.window->selection()->set({olt});
    auto *panel = f.find<PropertiesPanel>("propertiesPanel");
    auto *address = qobject_cast<QLineEdit *>(panel->editor(Field::Address));
    address->setFocus();
    QTest::keyClicks(address, QStringLiteral("10.1"));
    // Somebody changes the same value, and another one.
    QVERIFY(f.session().edit({edits::setField(olt, Field::Address, QStringLiteral("1.2.3.4")),
                              edits::setField(olt, Field::TxPower, 3.0)}));
    auto *power = qobject_cast<QLineEdit *>(panel->editor(Field::TxPower));
    QTRY_COMPARE(power->text(), QStringLiteral("3"));
    QCOMPARE(address->text(), QStringLiteral("10.1"));
    // Selecting something else takes over what was typed, for the item it was typed for.
    f.window->selection()->set({f.device("ONT1")});
    QCOMPARE(f.topology().device(olt)->address, QStringLiteral("10.1"));
    QVERIFY(f.topology().device(f.device("ONT1"))->address.isEmpty());
}

void TestMainWindow::offersWhatWasTypedForWhatIsGone_data()
{
    QTest::addColumn<Field>("field");
    QTest::addColumn<QString>("text");
    QTest::newRow("address") << Field::Address << QStringLiteral("10.9.8.7");
    QTest::newRow("name") << Field::Name << QStringLiteral("head-end");
    QTest::newRow("power") << Field::TxPower << QStringLiteral("4.5");
    QTest::newRow("notes") << Field::Notes << QStringLiteral("second rack");
}

void TestMainWindow::offersWhatWasTypedForWhatIsGone()
{
    QFETCH(Field, field);
    QFETCH(QString, text);
    WindowFixture f;
    const EntityId olt = f.device("OLT1");
    const qsizetype links = f.topology().links().size();
    f.window->selection()->set({olt});
    QWidget *editor = f.find<PropertiesPanel>("propertiesPanel")->editor(field);
    editor->setFocus();
    QTest::keyClick(editor, Qt::Key_A, Qt::ControlModifier);
    QTest::keyClicks(editor, text);
    QVERIFY(f.session().edit({RemoveEntities{{olt}, false}}));
    QVERIFY(f.window->selection()->isEmpty());
    QVERIFY2(f.message().contains(text) && f.message().contains(QStringLiteral("OLT1")),
             qPrintable(f.message()));
    QVERIFY(!f.action("edit.undo")->isEnabled()); // nothing was done about it
    for (QPushButton *button : f.find<QWidget>("messageBar")->findChildren<QPushButton *>())
        QTest::mouseClick(button, Qt::LeftButton);
    QVERIFY(f.topology().device(olt));
    QCOMPARE(f.topology().links().size(), links);
    const Value value = f.topology().value(olt, field);
    if (field == Field::TxPower)
        QCOMPARE(value, Value(4.5));
    else
        QCOMPARE(value, Value(text));
    QCOMPARE(f.window->selection()->ids(), QList<EntityId>{olt});
    QVERIFY(f.message().isEmpty());
    QTest::keyClick(f.window, Qt::Key_Z, Qt::ControlModifier);
    QVERIFY(!f.topology().device(olt));

    // Of several, some went: what is typed goes on, for those that are left.
    const QList<EntityId> onts{f.device("ONT1"), f.device("ONT2"), f.device("ONT3")};
    f.window->selection()->set(onts);
    auto *line = qobject_cast<QLineEdit *>(
        f.find<PropertiesPanel>("propertiesPanel")->editor(Field::Address));
    line->setFocus();
    QTest::keyClicks(line, QStringLiteral("10.1"));
    QVERIFY(f.session().edit({RemoveEntities{{onts.at(1)}, false}}));
    QTest::keyClicks(line, QStringLiteral(".1.1"));
    QTest::keyClick(line, Qt::Key_Return);
    QCOMPARE(f.topology().device(onts.at(0))->address, QStringLiteral("10.1.1.1"));
    QCOMPARE(f.topology().device(onts.at(2))->address, QStringLiteral("10.1.1.1"));
    QVERIFY(f.message().isEmpty());
}

void TestMainWindow::nudgesAreOneStep()
{
    WindowFixture f;
    CanvasView *canvas = f.window->canvas();
    canvas->setFocus();
    const EntityId olt = f.device("OLT1");
    const EntityId ont = f.device("ONT1");
    const QPointF before = f.topology().device(olt)->position;
    const QPointF other = f.topology().device(ont)->position;
    f.window->selection()->set({olt});
    for (const Qt::Key key : {Qt::Key_Right, Qt::Key_Right, Qt::Key_Down, Qt::Key_Right})
        QTest::keyClick(canvas, key);
    QCOMPARE(f.topology().device(olt)->position, before + QPointF(60, 20));
    // Another selection, another step.
    f.window->selection()->set({ont});
    QTest::keyClick(canvas, Qt::Key_Up);
    QTest::keyClick(canvas, Qt::Key_Up);
    QTest::keyClick(f.window, Qt::Key_Z, Qt::ControlModifier);
    QCOMPARE(f.topology().device(ont)->position, other);
    QCOMPARE(f.topology().device(olt)->position, before + QPointF(60, 20));
    QTest::keyClick(f.window, Qt::Key_Z, Qt::ControlModifier);
    QCOMPARE(f.topology().device(olt)->position, before);
    QVERIFY(!f.action("edit.undo")->isEnabled());
}

void TestMainWindow::dark()
{
    WindowFixture f;
    const QColor light = QApplication::palette().color(QPalette::Window);
    f.theme.setMode(ThemeMode::Dark);
    QVERIFY(QApplication::palette().color(QPalette::Window).lightness() < light.lightness());
    QVERIFY(f.window->canvas()->theme().dark);
    const QImage image = f.window->grab().toImage();
    QVERIFY(image.pixelColor(image.width() / 2, image.height() - 5).lightness() < 100);
    f.theme.setMode(ThemeMode::Light);
    QVERIFY(!f.window->canvas()->theme().dark);
    QCOMPARE(QApplication::palette().color(QPalette::Window), light);
}

/// In German, words are longer: no button, label or tab may be narrower than its text.
void TestMainWindow::germanFits()
{
    QTranslator translator;
    QVERIFY(translator.load(QStringLiteral(":/i18n/patchboard_de.qm")));
    QCoreApplication::installTranslator(&translator);
    const auto clipped = [](QWidget *top) {
        QStringList found;
        for (const QWidget *widget : top->findChildren<QWidget *>()) {
            if (!widget->isVisible())
                continue;
            const auto *label = qobject_cast<const QLabel *>(widget);
            const auto *button = qobject_cast<const QAbstractButton *>(widget);
            const bool wraps = label && label->wordWrap();
            const bool elides =
                label && label->sizePolicy().horizontalPolicy() == QSizePolicy::Ignored;
            if (button && button->text().isEmpty())
                continue;
            if ((label || button) && !wraps && !elides &&
                widget->width() < widget->minimumSizeHint().width()) {
                found.append(label ? label->text() : button->text());
            }
            for (const QString &word : wraps ? label->text().split(u' ') : QStringList()) {
                if (label->fontMetrics().horizontalAdvance(word) > label->width())
                    found.append(word);
            }
            if (wraps && label->heightForWidth(label->width()) > label->height() + 2)
                found.append(label->text());
        }
        return found.join(QStringLiteral(" | "));
    };
    {
        WindowFixture f;
        f.window->selection()->set({f.device("OLT1")});
        QCoreApplication::processEvents();
        QCOMPARE(f.action("edit.undo")->text(), QStringLiteral("&Rückgängig"));
        QCOMPARE(clipped(f.window), QString());
        WindowFixture g{QString()};
        QCoreApplication::processEvents();
        QCOMPARE(clipped(g.window), QString());
    }
    QCoreApplication::removeTranslator(&translator);
}

/// Whatever can have the keyboard tells a screen reader what it is.
void TestMainWindow::everythingHasAName()
{
    WindowFixture f;
    f.window->selection()->set({f.device("OLT1")});
    QTest::keyClick(f.window, Qt::Key_F, Qt::ControlModifier);
    for (QWidget *widget : f.window->findChildren<QWidget *>()) {
        const bool isInput =
            qobject_cast<QLineEdit *>(widget) || qobject_cast<QAbstractItemView *>(widget) ||
            qobject_cast<QComboBox *>(widget) || qobject_cast<QToolButton *>(widget);
        if (!isInput || !widget->isVisible() || widget->focusPolicy() == Qt::NoFocus ||
            widget->objectName().startsWith(QLatin1String("qt_")))
            continue;
        QAccessibleInterface *interface = QAccessible::queryAccessibleInterface(widget);
        QVERIFY2(interface && !interface->text(QAccessible::Name).isEmpty(),
                 qPrintable(QStringLiteral("%1 %2 in %3")
                                .arg(QLatin1String(widget->metaObject()->className()),
                                     widget->objectName(), widget->parentWidget()->objectName())));
    }
}

void TestMainWindow::sharing()
{
    WindowFixture f;
    f.boards.last->takenPort = 5002;
    f.action("file.share")->trigger();
    auto *dialog = f.find<ShareDialog>("shareDialog");
    QVERIFY(dialog && dialog->isVisible() && !dialog->isModal());
    auto *where = f.find<QComboBox>("shareWhere");
    auto *port = f.find<QSpinBox>("sharePort");
    auto *toggle = f.find<QPushButton>("shareToggle");
    auto *addresses = f.find<QListWidget>("shareAddresses");
    auto *copy = f.find<QPushButton>("shareCopy");
    auto *note = f.find<QLabel>("shareNote");
    QCOMPARE(port->value(), 5001);
    QCOMPARE(addresses->count(), 0);
    QVERIFY(!copy->isEnabled());
    QCOMPARE(f.find<QListWidget>("sharePeople")->count(), f.session().people().size());

    // What an address beyond this computer means is said before.
    where->setCurrentIndex(1);
    QVERIFY(note->text().contains(QLatin1String("token")));
    auto *right = f.find<QComboBox>("shareRight");
    QVERIFY(right->isEnabled());
    right->setCurrentIndex(1);
    port->setValue(5002);
    QTest::mouseClick(toggle, Qt::LeftButton);
    QCOMPARE(note->text(), QStringLiteral("Port 5002 is in use"));
    QVERIFY(!f.boards.last->sharing().isOn());

    port->setValue(5003);
    QTest::mouseClick(toggle, Qt::LeftButton);
    QCOMPARE(f.boards.last->sharing().port, quint16(5003));
    QCOMPARE(addresses->count(), 1);
    QCOMPARE(f.boards.last->sharedFor, ShareRight::Look);
    // The token is in the dialog and on the clipboard, and nowhere where others look.
    const QString address = QStringLiteral("ws://192.0.2.7:5003?token=pbt_shared");
    QCOMPARE(addresses->item(0)->text(), address);
    QVERIFY(!f.find<QLabel>("statusBoard")->text().contains(QLatin1String("pbt_")));
    QVERIFY(!right->isEnabled());
    QVERIFY(!where->isEnabled() && !port->isEnabled());
    QVERIFY(f.find<QLabel>("statusBoard")->text().contains(QLatin1String("ws://192.0.2.7:5003")));
    QTest::mouseClick(copy, Qt::LeftButton);
    QCOMPARE(QApplication::clipboard()->text(), address);

    // Another window on the board sees it, and a closed dialog stops nothing.
    f.action("window.new")->trigger();
    dialog->close();
    QVERIFY(f.boards.last->sharing().isOn());
    f.action("file.share")->trigger();
    QTRY_VERIFY(f.find<ShareDialog>("shareDialog") &&
                f.find<ShareDialog>("shareDialog")->isVisible());
    QTest::mouseClick(f.find<QPushButton>("shareToggle"), Qt::LeftButton);
    QVERIFY(!f.boards.last->sharing().isOn());
    QVERIFY(!f.find<QLabel>("statusBoard")->text().contains(QLatin1String("ws://")));
}

/// A host that asks for a token: the bar says so, the answer goes to the connection, and what the
/// window remembers lets nobody in.
void TestMainWindow::tokens()
{
    WindowFixture f(QStringLiteral("ws://demo.example:5001?token=pbt_first"));
    QCOMPARE(f.window->board()->location(), QStringLiteral("ws://demo.example:5001"));
    QCOMPARE(f.windows.recent(), QStringList{QStringLiteral("ws://demo.example:5001")});
    f.session().setAsksForToken(true, QStringLiteral("The token has expired"));
    QVERIFY(f.message().contains(QLatin1String("The token has expired")));
    auto *enter = f.find<QAction>("enterToken");
    QVERIFY(enter);
    bool asked = false;
    QTimer::singleShot(0, f.window, [&] {
        auto *dialog = f.window->findChild<QInputDialog *>();
        asked = dialog && dialog->textEchoMode() == QLineEdit::Password;
        if (!dialog)
            return;
        dialog->setTextValue(QStringLiteral(" pbt_second "));
        dialog->accept();
    });
    enter->trigger();
    QVERIFY(asked);
    QCOMPARE(f.boards.last->tokens, QStringList{QStringLiteral("pbt_second")});
    f.session().setAsksForToken(false, {});
    QCOMPARE(f.message(), QString());
    // The same address with another token is the same board.
    QVERIFY(
        f.windows.open(QStringLiteral("ws://demo.example:5001?token=pbt_third")).value().get() ==
        f.window->board());
    QCOMPARE(f.boards.last->tokens.last(), QStringLiteral("pbt_third"));
}

/// A hosted board without a title is called after its host, once.
void TestMainWindow::untitledBoards()
{
    WindowFixture f(QStringLiteral("ws://test:5001"));
    const auto *label = f.find<QLabel>("statusBoard");
    const QString title = f.window->board()->title();
    f.session().setServer(title);
    QCOMPARE(label->text(), title);
    f.session().setReadOnly(true);
    QCOMPARE(label->text(), title + QStringLiteral(", to look at only"));
    f.session().setServer(QStringLiteral("elsewhere"));
    QCOMPARE(label->text(), title + QStringLiteral(" on elsewhere, to look at only"));
}

/// A viewer's window: it says so, and offers nothing that would be refused.
void TestMainWindow::viewers()
{
    WindowFixture f;
    QVERIFY(!f.find<QLabel>("statusBoard")->text().contains(QLatin1String("to look at only")));
    f.window->selection()->set({f.device("OLT1")});
    QTRY_VERIFY(f.action("edit.delete")->isEnabled());
    f.session().setReadOnly(true);
    QVERIFY(f.find<QLabel>("statusBoard")->text().contains(QLatin1String("to look at only")));
    for (const char *id :
         {"edit.delete", "edit.cut", "edit.duplicate", "edit.paste", "insert.link"})
        QTRY_VERIFY2(!f.action(id)->isEnabled(), id);
    for (const char *id : {"edit.copy", "edit.find", "file.export"})
        QVERIFY2(f.action(id)->isEnabled(), id);
    f.session().setReadOnly(false);
    QTRY_VERIFY(f.action("edit.delete")->isEnabled());
}

PATCHBOARD_TEST(TestMainWindow)
#include "tst_mainwindow.moc"
