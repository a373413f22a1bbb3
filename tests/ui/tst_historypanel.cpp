#include "model/core/edits.h"
#include "tests/support/testmain.h"
#include "tests/ui/windowfixture.h"
#include "ui/panels/historypanel.h"

#include <QFrame>
#include <QLineEdit>
#include <QListWidget>
#include <QPushButton>
#include <QTreeView>

using namespace patchboard;
using namespace patchboard::ui;

namespace {

QTreeView *historyView(WindowFixture &f)
{
    return f.find<QTreeView>("historyList");
}

/// The board had a device less, and another place for OLT1; then it got them.
void makePast(WindowFixture &f)
{
    MemorySession &session = f.session();
    QVERIFY(session.edit({edits::setField(f.device("OLT1"), Field::Name, QStringLiteral("OLT1"))}));
    session.remember(QStringLiteral("Ann"), QStringLiteral("Before"));
    QVERIFY(session.edit({edits::setField(f.device("OLT1"), Field::Notes, QStringLiteral("x"))}));
    QVERIFY(session.edit({RemoveEntities{{f.device("ONT1")}, false}}));
    session.remember(QStringLiteral("Bob"), QStringLiteral("After"));
    f.action("view.history")->trigger();
    QTRY_COMPARE(historyView(f)->model()->rowCount(), 2);
}

void clickRow(WindowFixture &f, int row)
{
    QTreeView *view = historyView(f);
    const QRect at = view->visualRect(view->model()->index(row, HistoryList::What));
    QTest::mouseClick(view->viewport(), Qt::LeftButton, {}, at.center());
}

} // namespace

/// Looking back, and bringing things back, as a person does it.
class TestHistoryPanel : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { failOnWarnings(); }

    void looksBackAndReturns()
    {
        WindowFixture f;
        makePast(f);
        if (QTest::currentTestFailed())
            return;
        QTreeView *view = historyView(f);
        QCOMPARE(view->model()->index(0, HistoryList::Who).data().toString(),
                 QStringLiteral("Bob"));
        QCOMPARE(view->model()->index(1, HistoryList::What).data().toString(),
                 QStringLiteral("Before"));
        QVERIFY(f.device("ONT1") == 0);
        auto *banner = f.find<QFrame>("pastBanner");
        QVERIFY(banner->isHidden());
        f.window->canvas()->setZoom(0.5);
        f.window->canvas()->centreOnScene({40, 60});
        const auto place = [&f] {
            const CanvasView *canvas = f.window->canvas();
            return canvas->viewport()->mapToGlobal(canvas->fromScene({40, 60}).toPoint());
        };
        const QPoint before = place();
        clickRow(f, 1);
        QTRY_VERIFY(banner->isVisible());
        const Topology &past = f.window->board()->session().topology();
        QVERIFY(past.deviceByName(QStringLiteral("ONT1")) != 0);
        // The view has not moved, and nothing can be changed.
        QCOMPARE(f.window->canvas()->zoom(), 0.5);
        QVERIFY((place() - before).manhattanLength() <= 1);
        f.window->selection()->set({past.deviceByName(QStringLiteral("ONT1"))});
        QVERIFY(!f.action("edit.delete")->isEnabled());
        QVERIFY(!f.action("file.saveCopy")->isEnabled());
        QVERIFY(f.window->windowTitle().contains(QStringLiteral("revision")));
        // Another row, and back.
        clickRow(f, 0);
        QTRY_VERIFY(f.window->board()->session().topology().deviceByName(QStringLiteral("ONT1")) ==
                    0);
        QTest::mouseClick(f.find<QPushButton>("backToNow"), Qt::LeftButton);
        QVERIFY(banner->isHidden());
        QVERIFY((place() - before).manhattanLength() <= 2);
        QCOMPARE(&f.window->board()->session(), &f.session());
        QVERIFY(f.session().submitted.isEmpty());
    }

    void bringsBackWhatIsSelected()
    {
        WindowFixture f;
        makePast(f);
        if (QTest::currentTestFailed())
            return;
        clickRow(f, 1);
        QTRY_VERIFY(f.find<QFrame>("pastBanner")->isVisible());
        auto *button = f.find<QPushButton>("restoreItems");
        const EntityId id =
            f.window->board()->session().topology().deviceByName(QStringLiteral("ONT1"));
        f.window->selection()->set({id});
        QTRY_VERIFY(button->isEnabled());
        QTest::mouseClick(button, Qt::LeftButton);
        QVERIFY(f.find<QFrame>("pastBanner")->isHidden());
        QCOMPARE(f.device("ONT1"), id);
        QCOMPARE(f.topology().value(f.device("OLT1"), Field::Notes), Value(QStringLiteral("x")));
        QCOMPARE(f.session().submitted.size(), 1);
        // One change, that can be taken back.
        f.action("edit.undo")->trigger();
        QCOMPARE(f.device("ONT1"), EntityId(0));
    }

    void bringsBackTheWholeBoard()
    {
        WindowFixture f;
        makePast(f);
        if (QTest::currentTestFailed())
            return;
        clickRow(f, 1);
        QTRY_VERIFY(f.find<QFrame>("pastBanner")->isVisible());
        const quint64 digest = f.window->board()->session().topology().digest();
        QTest::mouseClick(f.find<QPushButton>("restoreBoard"), Qt::LeftButton);
        QCOMPARE(f.topology().digest(), digest);
        QCOMPARE(f.session().submitted.size(), 1);
        QVERIFY(f.message().contains(QStringLiteral("Restore the Board of Revision")));
    }

    void filtersAndNames()
    {
        WindowFixture f;
        makePast(f);
        if (QTest::currentTestFailed())
            return;
        QTest::keyClicks(f.find<QLineEdit>("historyFilter"), QStringLiteral("bob"));
        QTRY_COMPARE(historyView(f)->model()->rowCount(), 1);
        (void)f.session().editSnapshot(0, QStringLiteral("Good"), 0);
        auto *list = f.find<QListWidget>("snapshotList");
        QCOMPARE(list->count(), 1);
        QVERIFY(list->item(0)->text().contains(QStringLiteral("Good")));
        QTest::mouseClick(list->viewport(), Qt::LeftButton, {},
                          list->visualItemRect(list->item(0)).center());
        QTRY_VERIFY(f.find<QFrame>("pastBanner")->isVisible());
        QTest::mouseClick(f.find<QPushButton>("backToNow"), Qt::LeftButton);
        list->setCurrentRow(0);
        QTest::mouseClick(f.find<QPushButton>("forgetSnapshot"), Qt::LeftButton);
        QCOMPARE(list->count(), 1); // that there is none
        QCOMPARE(list->item(0)->flags(), Qt::NoItemFlags);
        // A revision that is no longer kept.
        f.session().editSnapshot(0, QStringLiteral("Gone"), 7777);
        QTest::mouseClick(list->viewport(), Qt::LeftButton, {},
                          list->visualItemRect(list->item(0)).center());
        QTRY_COMPARE(f.message(), QStringLiteral("That revision is gone"));
    }
};

PATCHBOARD_TEST(TestHistoryPanel)
#include "tst_historypanel.moc"
