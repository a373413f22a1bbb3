#include "tests/live/warnings.h"
#include "tests/support/boardservice.h"
#include "tests/support/hostprocess.h"
#include "tests/support/testmain.h"

#include "model/core/edits.h"
#include "ui/actions/actionset.h"
#include "ui/actions/theme.h"
#include "ui/commands/boardcommands.h"
#include "ui/commands/undostack.h"
#include "ui/mainwindow/followbanner.h"
#include "ui/mainwindow/mainwindow.h"
#include "ui/scene/boardmirror.h"
#include "ui/scene/canvasview.h"
#include "ui/scene/selection.h"

#include <QAction>
#include <QApplication>
#include <QDockWidget>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QMouseEvent>
#include <QPushButton>
#include <QTemporaryDir>
#include <QTranslator>
#include <QWheelEvent>

using namespace patchboard;

/// Ana and Ben, each at a window of their own on one host, with mouse and keys.
class TestTogether : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void init();
    void cleanup();
    void cleanupTestCase();
    void aClickFollowsAView();
    void followingEndsByHand();
    void followingEndsWhenTheyLeave();
    void textInTheFormOutlivesItsDevice();
    void textOnTheCanvasOutlivesItsDevice();
    void textOnTheCanvasOutlivesItsLink();
    void undoOutlivesTheHostNotTheWindow();

private:
    struct Person
    {
        std::unique_ptr<TestBoardService> service;
        std::unique_ptr<ui::Windows> windows;
        QPointer<ui::MainWindow> window;
        [[nodiscard]] ui::CanvasView &canvas() const { return *window->canvas(); }
        [[nodiscard]] Session &session() const { return window->board()->session(); }
        [[nodiscard]] const Topology &topology() const { return session().topology(); }
        template <typename W>
        W *find(const char *name) const
        {
            return window->findChild<W *>(QString::fromLatin1(name));
        }
        [[nodiscard]] QPoint at(EntityId device) const
        {
            const ui::BoardMirror &mirror = canvas().mirror();
            return canvas().fromScene(mirror.devices()[mirror.deviceSlot(device)].pos).toPoint();
        }
        void click(EntityId device) const
        {
            QTest::mouseClick(canvas().viewport(), Qt::LeftButton, {}, at(device));
        }
        /// By the command, for a click would take the keyboard from the other window: here both are
        /// of one process.
        void remove(EntityId id) const
        {
            window->selection()->set({id});
            window->actionSet()->action(QStringLiteral("edit.delete"))->trigger();
        }
        void middleDrag(QPoint by) const
        {
            QWidget *port = canvas().viewport();
            const QPoint from = port->rect().center();
            const auto send = [&](QEvent::Type type, QPoint to, Qt::MouseButton button) {
                QMouseEvent event(type, QPointF(to), QPointF(port->mapToGlobal(to)), button,
                                  type == QEvent::MouseButtonRelease ? Qt::NoButton
                                                                     : Qt::MiddleButton,
                                  Qt::NoModifier);
                QCoreApplication::sendEvent(port, &event);
            };
            send(QEvent::MouseButtonPress, from, Qt::MiddleButton);
            send(QEvent::MouseMove, from + by / 2, Qt::NoButton);
            send(QEvent::MouseMove, from + by, Qt::NoButton);
            send(QEvent::MouseButtonRelease, from + by, Qt::MiddleButton);
        }
        void wheel(int steps) const
        {
            QWidget *port = canvas().viewport();
            const QPointF at = port->rect().center();
            QWheelEvent event(at, port->mapToGlobal(at), {}, {0, steps * 120}, Qt::NoButton,
                              Qt::NoModifier, Qt::NoScrollPhase, false);
            QCoreApplication::sendEvent(port, &event);
        }
        /// Clicks the row of the list of people that begins with a name.
        bool clickPerson(const QString &name) const
        {
            auto *list = find<QListWidget>("peopleList");
            auto *dock = qobject_cast<QDockWidget *>(list->parentWidget()->parentWidget());
            dock->show();
            dock->raise();
            for (int row = 0; row < list->count(); ++row) {
                if (list->item(row)->text().startsWith(name)) {
                    QTest::mouseClick(list->viewport(), Qt::LeftButton, {},
                                      list->visualItemRect(list->item(row)).center());
                    return true;
                }
            }
            return false;
        }
        [[nodiscard]] QString message() const { return window->messageText(); }
        /// Clicks a button of the bar above the canvas.
        bool clickInBar(const QString &text) const
        {
            for (QPushButton *button : find<QFrame>("messageBar")->findChildren<QPushButton *>()) {
                if (button->text() == text && button->isVisible()) {
                    QTest::mouseClick(button, Qt::LeftButton);
                    return true;
                }
            }
            return false;
        }
    };
    Person join(const QString &name);
    void leave(Person &person);
    EntityId device(const QString &name);
    [[nodiscard]] bool bothHave(EntityId id) const
    {
        return m_ana.topology().contains(id) && m_ben.topology().contains(id);
    }
    [[nodiscard]] bool neitherHas(EntityId id) const
    {
        return !m_ana.topology().contains(id) && !m_ben.topology().contains(id);
    }
    /// Whether one sees at least what the other one sees, at most a few times as much.
    static bool seesAllOf(const Person &one, const Person &other)
    {
        const QRectF seen = one.canvas().visibleScene();
        const QRectF theirs = other.canvas().visibleScene();
        const double slack = 3 / one.canvas().zoom();
        return seen.adjusted(-slack, -slack, slack, slack).contains(theirs) &&
               seen.width() < 3 * theirs.width();
    }

    QTemporaryDir m_dir;
    QTranslator m_english;
    std::unique_ptr<HostProcess> m_host;
    std::unique_ptr<ui::Theme> m_theme;
    Person m_ana;
    Person m_ben;
    EntityId m_r1 = 0;
    EntityId m_r2 = 0;
    int m_count = 0;
};

TestTogether::Person TestTogether::join(const QString &name)
{
    Person person;
    person.service =
        std::make_unique<TestBoardService>(name, m_dir.filePath(name + QString::number(++m_count)));
    person.windows = std::make_unique<ui::Windows>(*person.service, *m_theme);
    person.window = person.windows->openWindow(nullptr);
    person.window->resize(1200, 800);
    person.window->show();
    if (!person.window->openLocation(m_host->url().toString()))
        qFatal("the board does not open");
    return person;
}

void TestTogether::leave(Person &person)
{
    delete person.window;
    person = {};
}

void TestTogether::initTestCase()
{
    // English has its plurals in a file.
    QVERIFY(m_english.load(QStringLiteral(":/i18n/patchboard_en.qm")));
    QCoreApplication::installTranslator(&m_english);
    m_host = std::make_unique<HostProcess>(m_dir.filePath(QStringLiteral("together.board")));
    QVERIFY(m_host->start());
    m_theme = std::make_unique<ui::Theme>();
}

void TestTogether::init()
{
    failOnWarnings();
    m_ana = join(QStringLiteral("Ana"));
    m_ben = join(QStringLiteral("Ben"));
    for (const Person *person : {&m_ana, &m_ben}) {
        QVERIFY(QTest::qWaitForWindowExposed(person->window));
        QTRY_COMPARE(person->session().status().state, ConnectionState::Live);
        QTRY_COMPARE(person->session().people().size(), 2);
    }
    m_r1 = device(QStringLiteral("R1-%1").arg(m_count));
    m_r2 = device(QStringLiteral("R2-%1").arg(m_count));
    QTRY_VERIFY(bothHave(m_r1) && bothHave(m_r2));
    for (const Person *person : {&m_ana, &m_ben}) {
        person->canvas().setZoom(1.0);
        person->canvas().centreOnScene((person->topology().device(m_r1)->position +
                                        person->topology().device(m_r2)->position) /
                                       2);
    }
}

void TestTogether::cleanup()
{
    leave(m_ana);
    leave(m_ben);
}

void TestTogether::cleanupTestCase()
{
    QCOMPARE(m_host->terminate(), 0);
    const auto checked = HostProcess::run({QStringLiteral("check"), m_host->file()});
    QVERIFY2(checked.code == 0, (checked.out + checked.err).constData());
}

/// Ben makes one, away from all others.
EntityId TestTogether::device(const QString &name)
{
    EntityId id = 0;
    const QPointF place(200.0 * double(m_ben.topology().devices().size()), 300.0 * m_count);
    Session &session = m_ben.session();
    (void)session.submit(edits::createDevice(
                             session.topology(), {name, QStringLiteral("ROUTER"), place, 0, true},
                             [&session] { return session.newId(); }, &id),
                         QStringLiteral("Create"));
    return id;
}

void TestTogether::aClickFollowsAView()
{
    QVERIFY(m_ana.clickPerson(QStringLiteral("Ben")));
    const auto *banner = m_ana.find<ui::FollowBanner>("followBanner");
    QVERIFY(banner->isVisible());
    QCOMPARE(banner->text(),
             QStringLiteral("You follow Ben: your view moves with theirs until you move it."));
    QVERIFY(m_ana.find<ui::FollowFrame>("followFrame")->isVisible());
    // Ben sees it, in words and in the list.
    const auto *followers = m_ben.find<QLabel>("statusFollowers");
    QTRY_VERIFY(followers->isVisible());
    QCOMPARE(followers->text(), QStringLiteral("Ana follows you"));
    QTRY_VERIFY(!m_ben.find<QListWidget>("peopleList")
                     ->findItems(QStringLiteral("Ana · follows you"), Qt::MatchStartsWith)
                     .isEmpty());

    // Pan and zoom by Ben's mouse; Ana's window goes along, and shows Ben's pointer.
    for (int round = 0; round < 4; ++round) {
        m_ben.middleDrag({round % 2 == 0 ? 260 : -140, 150 - 60 * round});
        m_ben.wheel(round % 2 == 0 ? -2 : 3);
        QTRY_VERIFY(seesAllOf(m_ana, m_ben));
    }
    // The mouse goes through the frame.
    QVERIFY(!m_ana.canvas().viewport()->childAt(1, 1));

    // Ben follows back: neither goes anywhere, and both are told.
    QVERIFY(m_ben.clickPerson(QStringLiteral("Ana")));
    QTRY_COMPARE(banner->text(),
                 QStringLiteral("You and Ben follow each other: neither view moves by itself."));
    QTRY_VERIFY(!m_ana.canvas().isCatchingUp() && !m_ben.canvas().isCatchingUp());
    QTest::mouseClick(m_ben.find<QPushButton>("followStop"), Qt::LeftButton);
    QVERIFY(!m_ben.find<ui::FollowBanner>("followBanner")->isVisible());
    QTRY_COMPARE(banner->text(),
                 QStringLiteral("You follow Ben: your view moves with theirs until you move it."));
    QTest::mouseClick(m_ana.find<QPushButton>("followStop"), Qt::LeftButton);
    QVERIFY(!banner->isVisible());
    QVERIFY(!m_ana.find<ui::FollowFrame>("followFrame"));
    QTRY_VERIFY(!followers->isVisible());
}

void TestTogether::followingEndsByHand()
{
    const auto *followers = m_ben.find<QLabel>("statusFollowers");
    const QList<std::function<void()>> hands{
        [this] { m_ana.wheel(1); },
        [this] {
            m_ana.middleDrag({40, 30});
        },
        [this] { QTest::keyClick(&m_ana.canvas(), Qt::Key_Escape); },
        [this] { m_ana.window->actionSet()->action(QStringLiteral("view.zoomFit"))->trigger(); },
        [this] {
            m_ana.window->actionSet()->action(QStringLiteral("view.stopFollowing"))->trigger();
        },
    };
    for (const auto &hand : hands) {
        QVERIFY(m_ana.clickPerson(QStringLiteral("Ben")));
        QTRY_VERIFY(followers->isVisible());
        QTRY_VERIFY(seesAllOf(m_ana, m_ben) && !m_ana.canvas().isCatchingUp());
        hand();
        QCOMPARE(m_ana.canvas().followedPerson(), quint64(0));
        QVERIFY(!m_ana.find<ui::FollowBanner>("followBanner")->isVisible());
        QTRY_VERIFY(!followers->isVisible());
        QVERIFY(m_ana.message().isEmpty());
    }
    // From then on Ben's view is Ben's alone.
    const QRectF seen = m_ana.canvas().visibleScene();
    m_ben.middleDrag({100, 100});
    const QRectF bens = m_ben.canvas().visibleScene();
    const auto anaKnows = [&] {
        const QList<patchboard::Person> people = m_ana.session().people();
        return std::any_of(people.cbegin(), people.cend(),
                           [&](const patchboard::Person &each) { return each.view == bens; });
    };
    QTRY_VERIFY(anaKnows());
    QCOMPARE(m_ana.canvas().visibleScene(), seen);
}

void TestTogether::followingEndsWhenTheyLeave()
{
    QVERIFY(m_ana.clickPerson(QStringLiteral("Ben")));
    QTRY_VERIFY(m_ben.find<QLabel>("statusFollowers")->isVisible());
    leave(m_ben);
    QTRY_COMPARE(m_ana.canvas().followedPerson(), quint64(0));
    QCOMPARE(m_ana.message(),
             QStringLiteral("Ben is no longer here; your view stays where it is."));
    QVERIFY(!m_ana.find<ui::FollowBanner>("followBanner")->isVisible());
    m_ben = join(QStringLiteral("Ben"));
    QTRY_COMPARE(m_ben.session().status().state, ConnectionState::Live);
}

/// Ana types a name in the form; Ben deletes the device before she is done.
void TestTogether::textInTheFormOutlivesItsDevice()
{
    m_ana.click(m_r1);
    QCOMPARE(m_ana.canvas().selection(), QList<EntityId>{m_r1});
    auto *name =
        m_ana.find<QWidget>("propertiesForm")->findChild<QLineEdit *>(QStringLiteral("name"));
    QVERIFY(name);
    m_ana.window->activateWindow();
    name->setFocus();
    name->selectAll();
    QTest::keyClicks(name, QStringLiteral("gateway of the lab"));

    m_ben.remove(m_r1);
    QTRY_VERIFY(neitherHas(m_r1));
    QTRY_VERIFY2(
        m_ana.message().endsWith(QStringLiteral("was deleted by somebody. You had typed, for Name: "
                                                "gateway of the lab")),
        qPrintable(m_ana.message()));

    QVERIFY(m_ana.clickInBar(QStringLiteral("Restore It")));
    QTRY_VERIFY(bothHave(m_r1));
    for (const Person *person : {&m_ana, &m_ben})
        QTRY_COMPARE(person->topology().device(m_r1)->name, QStringLiteral("gateway of the lab"));
    QCOMPARE(m_ana.canvas().selection(), QList<EntityId>{m_r1});
    QTRY_COMPARE(m_ana.session().status().pending, 0);
    QVERIFY(m_ana.message().isEmpty());
    // One step of undo, with a name.
    QCOMPARE(m_ana.window->board()->undoStack().undoLabel(), QStringLiteral("Restore 1 item"));
    m_ana.window->actionSet()->action(QStringLiteral("edit.undo"))->trigger();
    QTRY_VERIFY(neitherHas(m_r1));
}

/// The same with the editor on the canvas.
void TestTogether::textOnTheCanvasOutlivesItsDevice()
{
    m_ana.click(m_r1);
    m_ana.window->activateWindow();
    m_ana.window->actionSet()->action(QStringLiteral("edit.rename"))->trigger();
    auto *editor = m_ana.canvas().viewport()->findChild<QLineEdit *>();
    QVERIFY(editor);
    QTest::keyClicks(editor, QStringLiteral("half a na"));
    m_ben.remove(m_r1);
    QTRY_VERIFY(neitherHas(m_r1));
    QTRY_VERIFY2(m_ana.message().endsWith(QStringLiteral("for Name: half a na")),
                 qPrintable(m_ana.message()));
    QVERIFY(!m_ana.canvas().isRenaming());
    QVERIFY(m_ana.clickInBar(QStringLiteral("Restore It")));
    QTRY_VERIFY(bothHave(m_r1));
    for (const Person *person : {&m_ana, &m_ben})
        QTRY_COMPARE(person->topology().device(m_r1)->name, QStringLiteral("half a na"));
}

/// A link's label; its link went with one of its devices.
void TestTogether::textOnTheCanvasOutlivesItsLink()
{
    Session &session = m_ben.session();
    EntityId link = 0;
    const auto linked = session.submit(
        edits::linkDevices(
            session.topology(), m_r1, m_r2, [&session] { return session.newId(); }, 0, 0, &link),
        QStringLiteral("Link"));
    QVERIFY(linked);
    QTRY_VERIFY(bothHave(link));
    m_ana.window->activateWindow();
    const QPoint middle = (m_ana.at(m_r1) + m_ana.at(m_r2)) / 2;
    QTRY_COMPARE(m_ana.canvas().linkAt(middle), link);
    QTest::mouseClick(m_ana.canvas().viewport(), Qt::LeftButton, {}, middle);
    QCOMPARE(m_ana.canvas().selection(), QList<EntityId>{link});
    m_ana.window->actionSet()->action(QStringLiteral("edit.rename"))->trigger();
    auto *editor = m_ana.canvas().viewport()->findChild<QLineEdit *>();
    QVERIFY(editor);
    QTest::keyClicks(editor, QStringLiteral("dark fibre 7"));
    m_ben.remove(m_r2);
    QTRY_VERIFY(neitherHas(link) && neitherHas(m_r2));
    QTRY_VERIFY2(m_ana.message().endsWith(QStringLiteral("dark fibre 7")),
                 qPrintable(m_ana.message()));
    // The device was not what she was editing, but the link has no end without it.
    QVERIFY(m_ana.clickInBar(QStringLiteral("Restore It")));
    QTRY_VERIFY(bothHave(link) && bothHave(m_r2));
    for (const Person *person : {&m_ana, &m_ben})
        QTRY_COMPARE(person->topology().link(link)->details->label, QStringLiteral("dark fibre 7"));
}

/// More than a hundred steps of Ana's are undone after the host was killed, but for what Ben has
/// changed since; with her last window they are gone.
void TestTogether::undoOutlivesTheHostNotTheWindow()
{
    constexpr int kSteps = 110;
    const auto note = [](const Person &person, EntityId id) {
        return person.topology().device(id)->remarks->notes;
    };
    ui::UndoStack &undo = m_ana.window->board()->undoStack();
    for (int i = 1; i <= kSteps; ++i) {
        const EntityId id = i % 2 == 0 ? m_r1 : m_r2;
        const auto command = ui::commands::setField(m_ana.topology(), {id}, Field::Notes,
                                                    QStringLiteral("note %1").arg(i));
        QVERIFY(undo.push(command.edits, command.label));
    }
    QTRY_COMPARE(note(m_ben, m_r1), QStringLiteral("note %1").arg(kSteps));
    QTRY_COMPARE(m_ana.session().status().pending, 0);
    m_host->kill();
    QTRY_VERIFY(m_ana.session().status().state != ConnectionState::Live);
    QAction *action = m_ana.window->actionSet()->action(QStringLiteral("edit.undo"));
    for (int i = 0; i < 10; ++i)
        action->trigger(); // without a host
    QVERIFY(m_host->start());
    for (const Person *person : {&m_ana, &m_ben})
        QTRY_COMPARE_WITH_TIMEOUT(person->session().status().state, ConnectionState::Live, 20'000);
    QTRY_COMPARE(note(m_ben, m_r1), QStringLiteral("note %1").arg(kSteps - 10));
    QCOMPARE(undo.undoCount(), kSteps - 10);

    // Ben writes one of the two; it is left alone from there on, and Ana is told.
    QVERIFY(m_ben.session().submit({edits::setField(m_r2, Field::Notes, QStringLiteral("Ben's"))},
                                   QStringLiteral("Note")));
    QTRY_COMPARE(note(m_ana, m_r2), QStringLiteral("Ben's"));
    while (undo.canUndo())
        action->trigger();
    QCOMPARE(note(m_ana, m_r1), QString());
    QCOMPARE(note(m_ana, m_r2), QStringLiteral("Ben's"));
    QVERIFY2(m_ana.message().contains(QStringLiteral("Notes was changed by ")),
             qPrintable(m_ana.message()));
    QTRY_COMPARE(m_ana.session().status().pending, 0);
    QTRY_COMPARE(note(m_ben, m_r1), QString());
    QCOMPARE(note(m_ben, m_r2), QStringLiteral("Ben's"));

    leave(m_ana);
    m_ana = join(QStringLiteral("Ana"));
    QTRY_COMPARE(m_ana.session().status().state, ConnectionState::Live);
    QVERIFY(!m_ana.window->board()->undoStack().canUndo());
    QVERIFY(!m_ana.window->board()->undoStack().canRedo());
}

PATCHBOARD_TEST(TestTogether)
#include "tst_together.moc"
