#include "model/core/edits.h"
#include "tests/support/testmain.h"
#include "tests/ui/windowfixture.h"
#include "ui/commands/undostack.h"
#include "ui/panels/conflictlist.h"

#include <QDockWidget>
#include <QPushButton>
#include <QToolButton>
#include <QTreeView>

using namespace patchboard;
using namespace patchboard::ui;

namespace {

Notice lostName(const WindowFixture &f, EntityId id, const QString &mine)
{
    Q_UNUSED(f)
    return {Notice::Kind::Lost, id, Field::Name, {}, mine, 7, QStringLiteral("Bob"),
            1'700'000'000'000};
}

QPushButton *buttonAt(WindowFixture &f, int row)
{
    auto *view = f.find<QTreeView>("conflictList");
    return qobject_cast<QPushButton *>(
        view->indexWidget(view->model()->index(row, ConflictList::Action)));
}

QString textAt(WindowFixture &f, int row, int column)
{
    return f.find<QTreeView>("conflictList")->model()->index(row, column).data().toString();
}

/// The list comes to the front by a click on the status bar.
void openList(WindowFixture &f)
{
    auto *count = f.find<QToolButton>("statusConflicts");
    QVERIFY(count->isVisible());
    QTest::mouseClick(count, Qt::LeftButton);
    QTRY_VERIFY(!f.find<QTreeView>("conflictList")->visibleRegion().isEmpty());
}

} // namespace

/// What met somebody else's changes, as a person sees it and puts it right.
class TestConflictsPanel : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { failOnWarnings(); }
    void aLostValueIsTakenBack();
    void theirsIsTaken();
    void whatWasRemovedComesBackWithWhatWasTyped();
    void refusalsAndNamesAreListed();
    void manyOfOneChange();
    void theListIsKept();
    void theListGoesWithTheBoard();
};

void TestConflictsPanel::aLostValueIsTakenBack()
{
    WindowFixture f;
    const EntityId id = f.device("OLT1");
    QVERIFY(id != 0);
    QVERIFY(f.find<QToolButton>("statusConflicts")->isHidden());
    QVERIFY(f.session().edit({edits::setField(id, Field::Name, QStringLiteral("edge-9"))}));
    Q_EMIT f.session().noticed(0, {}, {lostName(f, id, QStringLiteral("OLT1"))});
    QCOMPARE(f.message(),
             QStringLiteral("edge-9: Bob set Name to “edge-9” without having seen your “OLT1”."));
    QCOMPARE(f.find<QToolButton>("statusConflicts")->text(), QStringLiteral("1 conflict"));
    openList(f);
    QVERIFY(f.find<QToolButton>("statusConflicts")->isHidden());
    QCOMPARE(textAt(f, 0, ConflictList::Who), QStringLiteral("Bob"));
    QVERIFY(!textAt(f, 0, ConflictList::When).isEmpty());
    QPushButton *button = buttonAt(f, 0);
    QVERIFY(button && button->isEnabled());
    QCOMPARE(button->text(), QStringLiteral("Take Mine"));
    QTest::mouseClick(button, Qt::LeftButton);
    QCOMPARE(f.topology().device(id)->name, QStringLiteral("OLT1"));
    QCOMPARE(f.session().submitted.size(), 1);
    QTRY_VERIFY(!buttonAt(f, 0)->isEnabled());
    // It is a change like any other.
    f.action("edit.undo")->trigger();
    QCOMPARE(f.topology().device(id)->name, QStringLiteral("edge-9"));
    QVERIFY(buttonAt(f, 0)->isEnabled());
}

void TestConflictsPanel::theirsIsTaken()
{
    WindowFixture f;
    const EntityId id = f.device("OLT1");
    QVERIFY(f.window->board()->undoStack().push(
        {edits::setField(id, Field::Notes, QStringLiteral("mine"))},
        QStringLiteral("Change Notes")));
    Q_EMIT f.session().noticed(1, QStringLiteral("Change Notes"),
                               {{Notice::Kind::Overwrote,
                                 id,
                                 Field::Notes,
                                 {},
                                 QStringLiteral("theirs"),
                                 3,
                                 QStringLiteral("Ann"),
                                 1}});
    openList(f);
    QVERIFY(textAt(f, 0, ConflictList::What).contains(QStringLiteral("“theirs”")));
    QCOMPARE(buttonAt(f, 0)->text(), QStringLiteral("Take Theirs"));
    QTest::mouseClick(buttonAt(f, 0), Qt::LeftButton);
    QCOMPARE(f.topology().value(id, Field::Notes), Value(QStringLiteral("theirs")));
    // Nobody who may only look has anything to click.
    f.action("edit.undo")->trigger();
    QVERIFY(buttonAt(f, 0)->isEnabled());
    f.session().setReadOnly(true);
    QVERIFY(!buttonAt(f, 0)->isEnabled());
}

void TestConflictsPanel::whatWasRemovedComesBackWithWhatWasTyped()
{
    WindowFixture f;
    const EntityId id = f.device("OLT1");
    QVERIFY(f.session().edit({RemoveEntities{{id}, false}}));
    Q_EMIT f.session().noticed(1, QStringLiteral("Change OLT1"),
                               {{Notice::Kind::Gone,
                                 id,
                                 Field::Notes,
                                 {},
                                 QStringLiteral("typed"),
                                 3,
                                 QStringLiteral("Ann"),
                                 1},
                                {Notice::Kind::Gone,
                                 id,
                                 Field::Address,
                                 {},
                                 QStringLiteral("10.9.9.9"),
                                 3,
                                 QStringLiteral("Ann"),
                                 1}});
    openList(f);
    QCOMPARE(f.window->board()->conflicts().rowCount(), 1);
    QCOMPARE(buttonAt(f, 0)->text(), QStringLiteral("Restore"));
    QTest::mouseClick(buttonAt(f, 0), Qt::LeftButton);
    QVERIFY(f.topology().device(id));
    QCOMPARE(f.topology().device(id)->address, QStringLiteral("10.9.9.9"));
    QCOMPARE(f.topology().value(id, Field::Notes), Value(QStringLiteral("typed")));
    QTRY_VERIFY(!buttonAt(f, 0)->isEnabled());
}

void TestConflictsPanel::refusalsAndNamesAreListed()
{
    WindowFixture f;
    const EntityId id = f.device("OLT1");
    QVERIFY(f.window->board()->undoStack().push(
        {edits::setField(id, Field::Notes, QStringLiteral("mine"))},
        QStringLiteral("Change Notes")));
    f.session().refuseLast({Errc::Conflict, QStringLiteral("it cannot be")});
    Q_EMIT f.session().noticed(
        2, QStringLiteral("Paste"),
        {{Notice::Kind::Renamed, id, Field::Name, QStringLiteral("OLT1-2"), {}}});
    openList(f);
    QCOMPARE(f.window->board()->conflicts().rowCount(), 2);
    QVERIFY(textAt(f, 0, ConflictList::What).contains(QStringLiteral("OLT1-2")));
    QVERIFY(textAt(f, 1, ConflictList::What).contains(QStringLiteral("it cannot be")));
    QVERIFY(!buttonAt(f, 0) && !buttonAt(f, 1));
    QTest::mouseClick(f.find<QPushButton>("clearConflicts"), Qt::LeftButton);
    QCOMPARE(f.window->board()->conflicts().rowCount(), 0);
    QVERIFY(f.find<QToolButton>("statusConflicts")->isHidden());
}

void TestConflictsPanel::manyOfOneChange()
{
    WindowFixture f;
    const EntityId id = f.device("OLT1");
    QList<Notice> notices;
    for (int i = 0; i < 200; ++i)
        notices.append({Notice::Kind::Renamed, id, Field::Name, QString::number(i), {}});
    Q_EMIT f.session().noticed(1, QStringLiteral("Import"), notices);
    ConflictList &list = f.window->board()->conflicts();
    QCOMPARE(list.rowCount(), 51);
    QCOMPARE(list.index(50, ConflictList::What).data().toString(),
             QStringLiteral("Import: … and 150 more"));
    for (int i = 0; i < 30; ++i)
        Q_EMIT f.session().noticed(1, QStringLiteral("Import"), notices);
    QCOMPARE(list.rowCount(), ConflictList::kMost);
    QCOMPARE(list.unseen(), ConflictList::kMost);
}

/// The other value is there, and one click away, also after the program was ended.
void TestConflictsPanel::theListIsKept()
{
    WindowFixture f;
    const EntityId id = f.device("OLT1");
    UndoStack &undo = f.window->board()->undoStack();
    QVERIFY(f.session().edit({edits::setField(id, Field::Name, QStringLiteral("edge-9"))}));
    Q_EMIT f.session().noticed(1, QStringLiteral("Import"),
                               {{Notice::Kind::Renamed, id, Field::Name, QStringLiteral("x"), {}}});
    Q_EMIT f.session().noticed(0, {}, {lostName(f, id, QStringLiteral("OLT1"))});
    const ConflictList &before = f.window->board()->conflicts();
    {
        ConflictList list(undo);
        QCOMPARE(list.rowCount(), 2);
        QCOMPARE(list.unseen(), 2);
        for (int row = 0; row < 2; ++row) {
            QCOMPARE(list.idAt(row), id);
            QCOMPARE(list.remedyAt(row), before.remedyAt(row));
            for (int column = 0; column < ConflictList::Action; ++column)
                QCOMPARE(list.index(row, column).data(), before.index(row, column).data());
        }
        QCOMPARE(list.remedyAt(0), ConflictList::Remedy::TakeMine);
        QVERIFY(list.remedy(0));
        QCOMPARE(f.topology().device(id)->name, QStringLiteral("OLT1"));
        list.markSeen();
        QCOMPARE(ConflictList(undo).unseen(), 0);
        QCOMPARE(ConflictList(undo).rowCount(), 2);
        list.clear();
    }
    QCOMPARE(ConflictList(undo).rowCount(), 0);
    // Bytes of whatever kind do no harm.
    for (const char *bytes : {"", "nonsense", "\x83\x01\x02\x03", "\x82\x18\xff\x80"}) {
        f.session().keep(QStringLiteral("conflicts"), QByteArray(bytes));
        QCOMPARE(ConflictList(undo).rowCount(), 0);
    }
}

void TestConflictsPanel::theListGoesWithTheBoard()
{
    WindowFixture f;
    const EntityId id = f.device("OLT1");
    Q_EMIT f.session().noticed(0, {}, {lostName(f, id, QStringLiteral("mine"))});
    QVERIFY(!f.find<QToolButton>("statusConflicts")->isHidden());
    const auto other = f.windows.open(QStringLiteral("/tmp/other.board")).value();
    f.window->setBoard(other);
    QVERIFY(f.find<QToolButton>("statusConflicts")->isHidden());
    QCOMPARE(f.find<QTreeView>("conflictList")->model()->rowCount(), 0);
}

PATCHBOARD_TEST(TestConflictsPanel)

#include "tst_conflictspanel.moc"
