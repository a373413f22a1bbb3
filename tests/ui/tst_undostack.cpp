#include "tests/support/memorysession.h"
#include "tests/support/testmain.h"
#include "ui/commands/boardcommands.h"
#include "ui/commands/undostack.h"

#include <QRegularExpression>
#include <QSignalSpy>
#include <QTest>

using namespace patchboard;
using namespace patchboard::ui;

class TestUndoStack : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init()
    {
        QTest::failOnWarning(QRegularExpression(QStringLiteral(".*")));
        m_session = std::make_unique<MemorySession>();
        m_session->loadDemo();
        m_undo = std::make_unique<UndoStack>(*m_session);
        m_olt = m_session->topology().deviceByName(QStringLiteral("OLT1"));
    }

    void undoesAndRedoesByName();
    void takesBackAChainOfEditsOfOneField();
    void leavesWhatSomebodyElseChanged();
    void forgetsWhatIsRefused();
    void refusedUndoCanBeTriedAgain();
    void keepsManySteps();
    void keepsWhatIsLargeWhole();
    void saysWhyNothingHappened();
    void joinsOneGesture();
    void joinedChangesMayBeRefused();

private:
    QString note() const { return m_session->topology().device(m_olt)->remarks->notes; }
    void setNote(const QString &text)
    {
        const auto command =
            commands::setField(m_session->topology(), {m_olt}, Field::Notes, Value(text));
        QVERIFY(m_undo->push(command.edits, command.label));
    }

    std::unique_ptr<MemorySession> m_session;
    std::unique_ptr<UndoStack> m_undo;
    EntityId m_olt = 0;
};

void TestUndoStack::undoesAndRedoesByName()
{
    const Topology &topology = m_session->topology();
    const quint64 before = topology.digest();
    QList<EntityId> ids = topology.devices().ids();
    QList<std::pair<EntityId, QPointF>> places;
    for (const EntityId id : std::as_const(ids))
        places.append({id, {double(id), 7}});
    QVERIFY(m_undo->push(edits::moveDevices(places), QStringLiteral("Move 10 devices")));
    const quint64 moved = topology.digest();
    const auto gone = commands::remove(topology, {m_olt});
    QCOMPARE(gone.label, QStringLiteral("Delete OLT1"));
    QVERIFY(m_undo->push(gone.edits, gone.label));
    QCOMPARE(topology.device(m_olt), nullptr);
    QCOMPARE(m_undo->undoLabel(), QStringLiteral("Delete OLT1"));

    m_undo->undo();
    QCOMPARE(topology.digest(), moved);
    QCOMPARE(m_undo->undoLabel(), QStringLiteral("Move 10 devices"));
    QCOMPARE(m_undo->redoLabel(), QStringLiteral("Delete OLT1"));
    QCOMPARE(m_session->submitted.constLast().label, QStringLiteral("Undo Delete OLT1"));
    m_undo->undo();
    QCOMPARE(topology.digest(), before);
    QVERIFY(!m_undo->canUndo());
    m_undo->redo();
    QCOMPARE(topology.digest(), moved);
    m_undo->redo();
    QCOMPARE(topology.device(m_olt), nullptr);
    m_undo->undo();
    m_undo->undo();
    QCOMPARE(topology.digest(), before);

    // A new edit ends what could be redone.
    setNote(QStringLiteral("new"));
    QVERIFY(!m_undo->canRedo());
}

/// The guard of a step names who wrote the value last; after the step above was taken back, that is
/// the taking back.
void TestUndoStack::takesBackAChainOfEditsOfOneField()
{
    for (const char *text : {"one", "two", "three", "four"})
        setNote(QString::fromLatin1(text));
    for (int round = 0; round < 3; ++round) {
        for (const char *text : {"three", "two", "one", ""}) {
            m_undo->undo();
            QCOMPARE(note(), QString::fromLatin1(text));
        }
        for (const char *text : {"one", "two", "three", "four"}) {
            m_undo->redo();
            QCOMPARE(note(), QString::fromLatin1(text));
        }
    }
}

void TestUndoStack::leavesWhatSomebodyElseChanged()
{
    QSignalSpy noticed(m_undo.get(), &UndoStack::noticed);
    setNote(QStringLiteral("mine"));
    QVERIFY(m_session->edit({edits::setField(m_olt, Field::Notes, QStringLiteral("theirs"))}));
    m_undo->undo();
    QCOMPARE(note(), QStringLiteral("theirs"));
    QCOMPARE(noticed.count(), 1);
    const auto notices = noticed.first().at(1).value<QList<Notice>>();
    QCOMPARE(notices.first().kind, Notice::Kind::Skipped);
    QVERIFY(commands::noticeText(m_session->topology(), notices.first())
                .startsWith(QStringLiteral("OLT1: Notes")));

    // Between two of my own edits, too: the first is not taken back over theirs.
    setNote(QStringLiteral("mine 1"));
    QVERIFY(m_session->edit({edits::setField(m_olt, Field::Notes, QStringLiteral("theirs 2"))}));
    setNote(QStringLiteral("mine 3"));
    m_undo->undo();
    QCOMPARE(note(), QStringLiteral("theirs 2"));
    m_undo->undo();
    QCOMPARE(note(), QStringLiteral("theirs 2"));
}

void TestUndoStack::forgetsWhatIsRefused()
{
    setNote(QStringLiteral("kept"));
    setNote(QStringLiteral("refused"));
    QSignalSpy changed(m_undo.get(), &UndoStack::changed);
    m_session->refuseLast({Errc::Forbidden, QStringLiteral("no")});
    QCOMPARE(changed.count(), 1);
    QCOMPARE(m_undo->undoCount(), 1);
    QCOMPARE(note(), QStringLiteral("kept"));
    m_undo->undo();
    QCOMPARE(note(), QString());
}

void TestUndoStack::refusedUndoCanBeTriedAgain()
{
    setNote(QStringLiteral("kept"));
    m_undo->undo();
    QCOMPARE(note(), QString());
    m_session->refuseLast({Errc::Unavailable, QStringLiteral("not now")});
    QCOMPARE(note(), QStringLiteral("kept"));
    QVERIFY(!m_undo->canRedo());
    QVERIFY(m_undo->canUndo());
    m_undo->undo();
    QCOMPARE(note(), QString());
}

void TestUndoStack::keepsManySteps()
{
    const quint64 before = m_session->topology().digest();
    for (int i = 0; i < 150; ++i)
        setNote(QString::number(i));
    QCOMPARE(m_undo->undoCount(), 150);
    while (m_undo->canUndo())
        m_undo->undo();
    QCOMPARE(m_session->topology().digest(), before);
    for (qsizetype i = 0; i < UndoStack::kLimit + 10; ++i)
        setNote(QString::number(i));
    QCOMPARE(m_undo->undoCount(), UndoStack::kLimit);
}

void TestUndoStack::keepsWhatIsLargeWhole()
{
    QList<Edit> edits;
    const auto newId = [this] { return m_session->newId(); };
    for (int i = 0; i < 4000; ++i) {
        edits::NewDevice device;
        device.name = QStringLiteral("host-%1").arg(i);
        device.type = QStringLiteral("HOST");
        edits += edits::createDevice(m_session->topology(), device, newId);
    }
    const qsizetype changes = m_session->submitted.size();
    const quint64 before = m_session->topology().digest();
    QVERIFY(m_undo->push(edits, QStringLiteral("Import")));
    const quint64 after = m_session->topology().digest();
    QCOMPARE(m_session->topology().devices().size(), 4010);
    QCOMPARE(m_session->submitted.size(), changes + 1);
    QCOMPARE(m_undo->undoCount(), 1);
    m_undo->undo();
    QCOMPARE(m_session->topology().digest(), before);
    m_undo->redo();
    QCOMPARE(m_session->topology().digest(), after);
    m_undo->undo();
    QCOMPARE(m_session->topology().digest(), before);
}

void TestUndoStack::saysWhyNothingHappened()
{
    QSignalSpy failed(m_undo.get(), &UndoStack::failed);
    QVERIFY(!m_undo->push({edits::setField(999999, Field::Name, QStringLiteral("x"))},
                          QStringLiteral("Rename")));
    QCOMPARE(failed.count(), 1);
    QCOMPARE(failed.first().at(0).toString(), QStringLiteral("Rename"));
    QVERIFY(!m_undo->canUndo());
    QVERIFY(m_undo->push({}, QStringLiteral("Nothing")));
    QVERIFY(!m_undo->canUndo());
}

void TestUndoStack::joinsOneGesture()
{
    const auto nudge = [this](double x, quint64 gesture) {
        QVERIFY(m_undo->push(edits::moveDevices({{m_olt, {x, 0}}}), QStringLiteral("Move OLT1"),
                             gesture));
    };
    const auto x = [this] { return m_session->topology().device(m_olt)->position.x(); };
    const double before = x();
    nudge(1, 5);
    nudge(2, 5);
    nudge(3, 5);
    QCOMPARE(m_undo->undoCount(), 1);
    nudge(4, 6);
    QCOMPARE(m_undo->undoCount(), 2);
    nudge(5, 6);
    // What is no move does not join, and neither does a move after it.
    setNote(QStringLiteral("a note"));
    nudge(6, 6);
    QCOMPARE(m_undo->undoCount(), 4);
    for (int round = 0; round < 3; ++round) {
        m_undo->undo();
        QCOMPARE(x(), 5.0);
        m_undo->undo();
        QVERIFY(note().isEmpty());
        m_undo->undo();
        QCOMPARE(x(), 3.0);
        m_undo->undo();
        QCOMPARE(x(), before);
        QVERIFY(!m_undo->canUndo());
        for (const double to : {3.0, 5.0, 5.0, 6.0}) {
            m_undo->redo();
            QCOMPARE(x(), to);
        }
        QVERIFY(!m_undo->canRedo());
    }
    // Somebody moved it in between: their place is not skipped.
    nudge(7, 9);
    QVERIFY(m_session->edit({edits::setField(m_olt, Field::Position, QPointF(100, 0))}));
    nudge(101, 9);
    m_undo->undo();
    QCOMPARE(x(), 100.0);
}

void TestUndoStack::joinedChangesMayBeRefused()
{
    const auto nudge = [this](double x) {
        QVERIFY(
            m_undo->push(edits::moveDevices({{m_olt, {x, 0}}}), QStringLiteral("Move OLT1"), 7));
    };
    const auto x = [this] { return m_session->topology().device(m_olt)->position.x(); };
    const double before = x();
    nudge(1);
    nudge(2);
    m_session->refuseLast({Errc::Forbidden, QStringLiteral("no")});
    QCOMPARE(x(), 1.0);
    QCOMPARE(m_undo->undoCount(), 1);
    m_undo->undo();
    QCOMPARE(x(), before);
}

PATCHBOARD_TEST(TestUndoStack)
#include "tst_undostack.moc"
