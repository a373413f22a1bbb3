#include "tests/support/testmain.h"
#include "tests/ui/windowfixture.h"

#include "ui/commands/boardactions.h"
#include "ui/commands/boardcommands.h"

#include <QMenu>
#include <QSignalSpy>
#include <QToolBar>
#include <QToolButton>

using namespace patchboard;
using namespace patchboard::ui;

/// What undo says that it will take back, in menus and tooltips, for each kind of action.
class TestUndoNames : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { failOnWarnings(); }
    void cleanup() { QCoreApplication::removeTranslator(&m_german); }
    void everyActionHasItsName_data();
    void everyActionHasItsName();
    void manyStepsThereAndBack();
    void whatOthersChangedStaysAndIsTold();
    void severalAtOnce();

private:
    QTranslator m_german;
};

using Do = std::function<void(WindowFixture &)>;
Q_DECLARE_METATYPE(Do)

namespace {

void select(WindowFixture &f, const QStringList &names)
{
    QList<EntityId> ids;
    for (const QString &name : names)
        ids.append(f.topology().deviceByName(name));
    f.window->selection()->set(ids);
}

void push(WindowFixture &f, const commands::Command &command)
{
    QVERIFY(!command.edits.isEmpty());
    QVERIFY(f.window->board()->undoStack().push(command.edits, command.label));
}

} // namespace

void TestUndoNames::everyActionHasItsName_data()
{
    QTest::addColumn<Do>("act");
    QTest::addColumn<QString>("english");
    QTest::addColumn<QString>("german");
    const auto row = [](const char *name, const Do &act, const char *english, const char *german) {
        QTest::newRow(name) << act << QString::fromUtf8(english) << QString::fromUtf8(german);
    };
    const auto triggered = [](const QStringList &names, const char *action) -> Do {
        return [names, action](WindowFixture &f) {
            select(f, names);
            f.action(action)->trigger();
        };
    };
    const QStringList one{QStringLiteral("ONT1")};
    const QStringList three{QStringLiteral("ONT1"), QStringLiteral("ONT2"), QStringLiteral("ONT3")};
    row("delete one", triggered(one, "edit.delete"), "Delete ONT1", "ONT1 löschen");
    row("delete many", triggered(three, "edit.delete"), "Delete 3 devices", "3 Geräte löschen");
    row("cut", triggered(three, "edit.cut"), "Cut 3 devices", "3 Geräte ausschneiden");
    row("duplicate one", triggered(one, "edit.duplicate"), "Duplicate 1 device",
        "1 Gerät duplizieren");
    row("duplicate many", triggered(three, "edit.duplicate"), "Duplicate 3 devices",
        "3 Geräte duplizieren");
    row("lock", triggered(three, "arrange.lock"), "Lock 3 devices", "3 Geräte sperren");
    row("align", triggered(three, "arrange.left"), "Align 3 devices", "3 Geräte ausrichten");
    row("group", triggered(three, "arrange.group"), "Put 3 devices into group-1",
        "3 Geräte in group-1 legen");
    const auto nudged = [](const QStringList &names) -> Do {
        return [names](WindowFixture &f) {
            select(f, names);
            QTest::keyClick(f.window->canvas(), Qt::Key_Right);
        };
    };
    row("move one", nudged(one), "Move 1 device", "1 Gerät verschieben");
    row("move many", nudged(three), "Move 3 devices", "3 Geräte verschieben");
    const auto commanded = [](auto make) -> Do {
        return [make](WindowFixture &f) { push(f, make(f.topology(), f.device("ONT1"))); };
    };
    row("rename", commanded([](const Topology &t, EntityId id) {
            return commands::rename(t, id, QStringLiteral("house 7"));
        }),
        "Rename ONT1", "ONT1 umbenennen");
    row("field", commanded([](const Topology &t, EntityId id) {
            return commands::setField(t, {id}, Field::Notes, QStringLiteral("x"));
        }),
        "Set Notes of ONT1", "Notizen von ONT1 setzen");
    row("override", commanded([](const Topology &t, EntityId id) {
            return commands::overrideStatus(t, {id}, Status::Down, {}, {}, 1);
        }),
        "Force ONT1 Down", "ONT1 auf „Ausgefallen“ setzen");
    row(
        "interface",
        [](WindowFixture &f) {
            push(f, commands::addInterface(f.topology(), f.device("OLT1"), f.session().newId()));
        },
        "Add pon0/4 to OLT1", "pon0/4 zu OLT1 hinzufügen");
}

void TestUndoNames::everyActionHasItsName()
{
    QFETCH(Do, act);
    QFETCH(QString, english);
    QFETCH(QString, german);
    for (const bool inGerman : {false, true}) {
        if (inGerman) {
            QVERIFY(m_german.load(QStringLiteral(":/i18n/patchboard_de.qm")));
            QCoreApplication::installTranslator(&m_german);
        }
        WindowFixture f;
        act(f);
        const UndoStack &undo = f.window->board()->undoStack();
        QCOMPARE(undo.undoLabel(), inGerman ? german : english);
        QAction *action = f.action("edit.undo");
        QTRY_COMPARE(action->text(),
                     (inGerman ? QStringLiteral("&Rückgängig: %1") : QStringLiteral("&Undo %1"))
                         .arg(undo.undoLabel()));
        QVERIFY2(action->toolTip().startsWith(
                     (inGerman ? QStringLiteral("Rückgängig: %1 (") : QStringLiteral("Undo %1 ("))
                         .arg(undo.undoLabel())),
                 qPrintable(action->toolTip()));
        const quint64 after = f.topology().digest();
        action->trigger();
        QTRY_COMPARE(f.action("edit.redo")->text(),
                     (inGerman ? QStringLiteral("&Wiederholen: %1") : QStringLiteral("&Redo %1"))
                         .arg(undo.redoLabel()));
        f.action("edit.redo")->trigger();
        QCOMPARE(f.topology().digest(), after);
    }
}

/// More than a hundred steps of every kind, back to the beginning and forth to the end, each board
/// on the way as it was.
void TestUndoNames::manyStepsThereAndBack()
{
    WindowFixture f;
    UndoStack &undo = f.window->board()->undoStack();
    QList<quint64> digests{f.topology().digest()};
    QStringList labels;
    for (int i = 0; digests.size() <= 130; ++i) {
        const QList<EntityId> devices = f.topology().devices().ids();
        const EntityId id = devices.at(i * 7 % devices.size());
        select(f, {f.topology().device(id)->name});
        switch (i % 7) {
        case 0:
            push(f, commands::rename(f.topology(), id, QStringLiteral("name %1").arg(i)));
            break;
        case 1:
            f.action("edit.duplicate")->trigger();
            break;
        case 2:
            push(f, commands::setField(f.topology(), {id}, Field::Notes, QString::number(i)));
            break;
        case 3:
            QVERIFY(undo.push(edits::moveDevices({{id, QPointF(i, 2 * i)}}),
                              QStringLiteral("Move %1").arg(i)));
            break;
        case 4:
            push(f, commands::overrideStatus(f.topology(), {id}, Status::Down, QString::number(i),
                                             QStringLiteral("me"), i));
            break;
        case 5:
            f.action("edit.delete")->trigger();
            break;
        default:
            f.action("arrange.group")->trigger();
        }
        if (undo.undoCount() > labels.size()) {
            labels.append(undo.undoLabel());
            digests.append(f.topology().digest());
        }
    }
    QVERIFY(labels.size() >= 130);
    for (int round = 0; round < 2; ++round) {
        for (qsizetype i = labels.size(); i > 0; --i) {
            QCOMPARE(undo.undoLabel(), labels.at(i - 1));
            undo.undo();
            QCOMPARE(f.topology().digest(), digests.at(i - 1));
        }
        QVERIFY(!undo.canUndo());
        for (qsizetype i = 0; i < labels.size(); ++i) {
            QCOMPARE(undo.redoLabel(), labels.at(i));
            undo.redo();
            QCOMPARE(f.topology().digest(), digests.at(i + 1));
        }
        QVERIFY(!undo.canRedo());
    }
}

void TestUndoNames::whatOthersChangedStaysAndIsTold()
{
    WindowFixture f;
    const EntityId ont1 = f.device("ONT1");
    const EntityId ont2 = f.device("ONT2");
    select(f, {QStringLiteral("ONT1"), QStringLiteral("ONT2")});
    const QPointF before = f.topology().device(ont2)->position;
    QTest::keyClick(f.window->canvas(), Qt::Key_Right);
    QVERIFY(f.session().edit({edits::setField(ont1, Field::Position, QPointF(700, 70))}));
    f.action("edit.undo")->trigger();
    QCOMPARE(f.topology().device(ont1)->position, QPointF(700, 70));
    QCOMPARE(f.topology().device(ont2)->position, before);
    QVERIFY2(f.message().contains(QStringLiteral("ONT1: Position was changed by")) &&
                 f.message().endsWith(QStringLiteral("since and stays as it is.")),
             qPrintable(f.message()));
}

void TestUndoNames::severalAtOnce()
{
    WindowFixture f;
    UndoStack &undo = f.window->board()->undoStack();
    auto *menu = f.find<QMenu>("undoSteps");
    Q_EMIT menu->aboutToShow();
    QCOMPARE(menu->actions().size(), 1);
    QCOMPARE(menu->actions().first()->text(), QStringLiteral("Nothing to undo"));
    QVERIFY(!menu->actions().first()->isEnabled());

    QList<quint64> digests{f.topology().digest()};
    for (int i = 1; i <= 25; ++i) {
        push(f, commands::setField(f.topology(), {f.device("ONT1")}, Field::Notes,
                                   QString::number(i)));
        digests.append(f.topology().digest());
    }
    push(f, commands::rename(f.topology(), f.device("ONT1"), QStringLiteral("a & b")));
    push(f, commands::rename(f.topology(), f.device("a & b"), QStringLiteral("c")));
    Q_EMIT menu->aboutToShow();
    QCOMPARE(menu->actions().size(), 21);
    QCOMPARE(menu->actions().at(0)->text(), QStringLiteral("Rename a && b"));
    QCOMPARE(menu->actions().at(1)->text(), QStringLiteral("Rename ONT1"));
    QCOMPARE(menu->actions().at(20)->text(), QStringLiteral("… and 7 more"));
    menu->actions().at(4)->trigger(); // with the four above it
    QCOMPARE(f.topology().digest(), digests.at(22));
    QCOMPARE(undo.undoCount(), 22);
    QCOMPARE(undo.redoCount(), 5);

    auto *redone = f.find<QMenu>("redoSteps");
    Q_EMIT redone->aboutToShow();
    QCOMPARE(redone->actions().size(), 5);
    QCOMPARE(redone->actions().at(4)->text(), QStringLiteral("Rename a && b"));
    redone->actions().at(4)->trigger();
    QCOMPARE(undo.undoCount(), 27);
    QVERIFY(!undo.canRedo());

    // The same is at the button.
    const auto *bar = f.find<QToolBar>("mainToolBar");
    const auto *button = qobject_cast<QToolButton *>(bar->widgetForAction(f.action("edit.undo")));
    QVERIFY(button && button->menu());
    Q_EMIT button->menu()->aboutToShow();
    QCOMPARE(button->menu()->actions().size(), 21);
    f.session().setReadOnly(true);
    Q_EMIT menu->aboutToShow();
    QVERIFY(!menu->actions().first()->isEnabled());
}

PATCHBOARD_TEST(TestUndoNames)
#include "tst_undonames.moc"
