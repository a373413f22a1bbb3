#include "tests/support/testmain.h"
#include "tests/ui/localsession.h"
#include "ui/scene/boardmirror.h"
#include "ui/scene/boardpainter.h"
#include "ui/scene/canvasview.h"
#include "ui/scene/minimap.h"
#include "ui/scene/overlayitems.h"
#include "ui/scene/render.h"
#include "ui/tools/linktool.h"
#include "ui/tools/portpicker.h"

#include <QBuffer>
#include <QContextMenuEvent>
#include <QDragEnterEvent>
#include <QDropEvent>
#include <QGraphicsScene>
#include <QLineEdit>
#include <QListWidget>
#include <QMimeData>
#include <QPainter>
#include <QPdfWriter>
#include <QRandomGenerator>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QWheelEvent>
#include <QXmlStreamReader>

using namespace patchboard;
using namespace patchboard::ui;

/// CanvasView as a person uses it: mouse and keys on the offscreen platform.
class TestCanvasView : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();

    void clickSelects();
    void controlClickAddsAndRemoves();
    void rubberBandSelects();
    void escapeTakesBackARubberBand();
    void dragMovesAllThatIsSelected();
    void dragSnapsAndAltSuspends();
    void dragCatchesAlignment();
    void dragCatchesEqualSteps();
    void escapeCancelsADrag();
    void lockedDevicesStay();
    void readOnlyBoardsStay();
    void othersDoNotMoveWhatIsHeld();
    void nothingUnderThePointerMoves();
    void whatIsHeldMayBeRemoved();
    void dropIntoAndOutOfAContainer();
    void controlKeepsItInItsContainer();
    void containersTakeTheirContentsAlong();
    void insideABoxADragIsARubberBand();
    void arrowsNudge();
    void linkByDragging();
    void linkIsRefusedBeforeRelease();
    void linkByTwoClicks();
    void linkWithChosenPorts();
    void placeByClick();
    void placeByDrop();
    void doubleClickAsksWhatToMake();
    void renameInPlace();
    void renameOfWhatIsGoneKeepsTheText();
    void wheelKeepsWhatIsUnderThePointer();
    void spaceAndMiddleButtonPan();
    void fitShowsEverything();
    void selectionForgetsWhatIsGone();
    void contextMenuSelects();
    void presenceIsSent();
    void othersAreShown();
    void othersNamesAreBeforeThoseOfDevices();
    void namesStandBelowTheRing();
    void morePixelsAreTheSamePicture();
    void followsAPerson();
    void followingWaitsForTheHand();
    void paintsInLevels();
    void partialPaintingIsLikeWhole();
    void emptyBoardSaysWhatToDo();
    void themesDiffer();
    void rendersToFiles();
    void rendersToPdf();
    void printsOnPages();
    void rendersAPart();
    void minimapShowsAndMoves();
    void randomGesturesLeaveABoardThatIsPaintedRight();

private:
    [[nodiscard]] EntityId id(const char *name) const
    {
        return m_session->topology().deviceByName(QLatin1String(name));
    }
    [[nodiscard]] QPointF place(EntityId device) const
    {
        return m_session->topology().device(device)->position;
    }
    [[nodiscard]] QPoint at(EntityId device) const
    {
        return m_view->fromScene(place(device)).toPoint();
    }
    [[nodiscard]] QPoint at(const char *name) const { return at(id(name)); }
    EntityId make(const char *name, const char *type, QPointF where, EntityId container = 0);
    void press(QPoint pos, Qt::KeyboardModifiers modifiers = {});
    void moveTo(QPoint pos, Qt::KeyboardModifiers modifiers = {});
    void release(QPoint pos, Qt::KeyboardModifiers modifiers = {});
    void click(QPoint pos, Qt::KeyboardModifiers modifiers = {});
    void drag(QPoint from, QPoint to, Qt::KeyboardModifiers modifiers = {});
    void key(Qt::Key key, Qt::KeyboardModifiers modifiers = {});
    [[nodiscard]] QImage grab();
    /// How many pixels are visibly different.
    static int differing(const QImage &a, const QImage &b);
    void showAll();

    std::unique_ptr<LocalSession> m_session;
    std::unique_ptr<Selection> m_selection;
    std::unique_ptr<CanvasView> m_view;
};

void TestCanvasView::init()
{
    QTest::failOnWarning(QRegularExpression(QStringLiteral(".*")));
    m_session = std::make_unique<LocalSession>();
    QVERIFY(m_session->submit(edits::demoBoard([this] { return m_session->newId(); }), {}, 0).ok());
    m_session->changes.clear();
    m_selection = std::make_unique<Selection>();
    m_view = std::make_unique<CanvasView>(
        m_session.get(), m_selection.get(),
        [this](const QList<Edit> &edits, const QString &label, quint64 gesture) {
            return m_session->submit(edits, label, gesture);
        });
    m_view->resize(900, 700);
    m_view->show();
    QVERIFY(QTest::qWaitForWindowExposed(m_view.get()));
    m_view->setZoom(1.0);
    m_view->centreOnScene({250, 225});
}

void TestCanvasView::cleanup()
{
    m_view.reset();
    m_selection.reset();
    m_session.reset();
}

EntityId TestCanvasView::make(const char *name, const char *type, QPointF where, EntityId container)
{
    EntityId made = 0;
    edits::NewDevice device{QLatin1String(name), QLatin1String(type), where, container, true};
    const bool ok = m_session->arrive(edits::createDevice(
        m_session->topology(), device, [this] { return m_session->othersId(); }, &made));
    m_view->flushNow();
    return ok ? made : 0;
}

void TestCanvasView::press(QPoint pos, Qt::KeyboardModifiers modifiers)
{
    QTest::mousePress(m_view->viewport(), Qt::LeftButton, modifiers, pos);
}

void TestCanvasView::moveTo(QPoint pos, Qt::KeyboardModifiers modifiers)
{
    // QTest::mouseMove() knows no modifiers.
    QWidget *port = m_view->viewport();
    QMouseEvent event(QEvent::MouseMove, pos, port->mapToGlobal(QPointF(pos)), Qt::NoButton,
                      m_view->isBusy() ? Qt::LeftButton : Qt::NoButton, modifiers);
    QCoreApplication::sendEvent(port, &event);
}

void TestCanvasView::release(QPoint pos, Qt::KeyboardModifiers modifiers)
{
    QTest::mouseRelease(m_view->viewport(), Qt::LeftButton, modifiers, pos);
}

void TestCanvasView::click(QPoint pos, Qt::KeyboardModifiers modifiers)
{
    moveTo(pos);
    QTest::mouseClick(m_view->viewport(), Qt::LeftButton, modifiers, pos);
}

void TestCanvasView::drag(QPoint from, QPoint to, Qt::KeyboardModifiers modifiers)
{
    press(from, modifiers & Qt::ControlModifier ? Qt::NoModifier : modifiers);
    moveTo(from + (to - from) / 2, modifiers);
    moveTo(to, modifiers);
    release(to, modifiers);
}

void TestCanvasView::key(Qt::Key key, Qt::KeyboardModifiers modifiers)
{
    QTest::keyClick(m_view.get(), key, modifiers);
}

QImage TestCanvasView::grab()
{
    m_view->flushNow();
    for (int i = 0; i < 20; ++i) { // until all labels are laid out
        m_view->viewport()->grab();
        QCoreApplication::processEvents();
    }
    return m_view->viewport()->grab().toImage().convertToFormat(QImage::Format_RGB32);
}

int TestCanvasView::differing(const QImage &a, const QImage &b)
{
    int count = 0;
    for (int y = 0; y < a.height(); ++y) {
        for (int x = 0; x < a.width(); ++x) {
            const QRgb p = a.pixel(x, y);
            const QRgb q = b.pixel(x, y);
            count += std::max({std::abs(qRed(p) - qRed(q)), std::abs(qGreen(p) - qGreen(q)),
                               std::abs(qBlue(p) - qBlue(q))}) > 8
                         ? 1
                         : 0;
        }
    }
    return count;
}

void TestCanvasView::clickSelects()
{
    QSignalSpy changed(m_view.get(), &CanvasView::selectionChanged);
    click(at("OLT1"));
    QCOMPARE(m_view->selection(), QList<EntityId>{id("OLT1")});
    QCOMPARE(changed.count(), 1);
    click(at("ONT1"));
    QCOMPARE(m_view->selection(), QList<EntityId>{id("ONT1")});
    // A link, in its middle.
    click(m_view->fromScene({150, 350}).toPoint());
    QCOMPARE(m_view->selection().size(), 1);
    QVERIFY(m_session->topology().link(m_view->selection().first()));
    click({20, 20});
    QVERIFY(m_view->selection().isEmpty());
    QVERIFY(m_session->changes.isEmpty());
}

void TestCanvasView::controlClickAddsAndRemoves()
{
    click(at("ONT1"));
    click(at("ONT2"), Qt::ControlModifier);
    click(at("ONT3"), Qt::ControlModifier);
    QCOMPARE(m_view->selection(), QList<EntityId>({id("ONT1"), id("ONT2"), id("ONT3")}));
    click(at("ONT2"), Qt::ControlModifier);
    QCOMPARE(m_view->selection(), QList<EntityId>({id("ONT1"), id("ONT3")}));
    key(Qt::Key_A, Qt::ControlModifier);
    QCOMPARE(m_view->selection().size(), 18);
    key(Qt::Key_Escape);
    QVERIFY(m_view->selection().isEmpty());
}

void TestCanvasView::rubberBandSelects()
{
    click(at("OLT1"));
    drag(at("ONT1") - QPoint(50, 40), at("ONT3") + QPoint(40, 40));
    QCOMPARE(QSet<EntityId>(m_view->selection().cbegin(), m_view->selection().cend()),
             QSet<EntityId>({id("ONT1"), id("ONT2"), id("ONT3")}));
    drag(at("EdgeRouter1") - QPoint(50, 40), at("EdgeRouter1") + QPoint(40, 30), Qt::ShiftModifier);
    QCOMPARE(m_view->selection().size(), 4);
}

void TestCanvasView::escapeTakesBackARubberBand()
{
    click(at("OLT1"));
    press(at("ONT1") - QPoint(50, 40));
    moveTo(at("ONT1"));
    moveTo(at("ONT3") + QPoint(40, 40));
    QCOMPARE(m_view->selection().size(), 3);
    key(Qt::Key_Escape);
    QCOMPARE(m_view->selection(), QList<EntityId>{id("OLT1")});
    release(at("ONT3") + QPoint(40, 40));
    QCOMPARE(m_view->selection(), QList<EntityId>{id("OLT1")});
}

void TestCanvasView::dragMovesAllThatIsSelected()
{
    const QList<EntityId> devices{id("ONT1"), id("ONT2"), id("ONT3")};
    m_view->setSelection(devices);
    press(at("ONT2"));
    moveTo(at("ONT2") + QPoint(0, 30));
    moveTo(at("ONT2") + QPoint(40, 100));
    // Nothing is submitted before the release, and the picture has moved already.
    QVERIFY(m_session->changes.isEmpty());
    QCOMPARE(m_view->deviceAt(m_view->fromScene({140, 500})), id("ONT1"));
    QCOMPARE(m_session->drag.size(), 3);
    const quint64 gesture = m_session->dragGesture;
    QVERIFY(gesture != 0);
    release(at("ONT2") + QPoint(40, 100));
    QCOMPARE(m_session->changes.size(), 1);
    QCOMPARE(m_session->changes.first().edits.size(), 3);
    QCOMPARE(m_session->changes.first().gesture, gesture);
    QCOMPARE(m_session->dragGesture, quint64(0));
    QCOMPARE(place(devices.at(0)), QPointF(140, 500));
    QCOMPARE(place(devices.at(1)), QPointF(240, 500));
    QCOMPARE(place(devices.at(2)), QPointF(340, 500));
    QCOMPARE(m_view->selection(), devices);
}

void TestCanvasView::dragSnapsAndAltSuspends()
{
    const EntityId device = make("lonely", "ROUTER", {500, 60});
    drag(at(device), at(device) + QPoint(53, 47));
    QCOMPARE(place(device), QPointF(560, 100));
    drag(at(device), at(device) + QPoint(33, 27), Qt::AltModifier);
    QCOMPARE(place(device), QPointF(593, 127));
    m_view->setSnapToGrid(false);
    drag(at(device), at(device) + QPoint(-33, -41));
    QCOMPARE(place(device), QPointF(560, 86));
}

void TestCanvasView::dragCatchesAlignment()
{
    const EntityId still = make("still", "ROUTER", {507, 100});
    const EntityId device = make("moving", "ROUTER", {560, 300});
    // Four pixels beside the other's column: it goes into line, off the grid.
    drag(at(device), m_view->fromScene({511, 260}).toPoint());
    QCOMPARE(place(device), QPointF(507, 260));
    QCOMPARE(place(still), QPointF(507, 100));
}

void TestCanvasView::dragCatchesEqualSteps()
{
    const EntityId a = make("step-a", "ROUTER", {1000, 1000});
    const EntityId b = make("step-b", "ROUTER", {1157, 1000});
    const EntityId c = make("step-c", "ROUTER", {1310, 1190});
    m_view->centreOnScene({1150, 1100});
    const auto steps = [this] {
        QList<QLineF> lines;
        for (const QGraphicsItem *item : m_view->scene()->items()) {
            if (const auto *guides = dynamic_cast<const GuideItem *>(item))
                lines += guides->steps();
        }
        return lines;
    };
    // As far from b as b is from a, in their row.
    press(at(c));
    moveTo(m_view->fromScene({1311, 1100}).toPoint());
    QVERIFY(steps().isEmpty());
    moveTo(m_view->fromScene({1311, 1003}).toPoint());
    QCOMPARE(steps(), QList<QLineF>({{1000, 1000, 1157, 1000}, {1157, 1000, 1314, 1000}}));
    // Alt suspends it.
    moveTo(m_view->fromScene({1311, 1003}).toPoint(), Qt::AltModifier);
    QVERIFY(steps().isEmpty());
    moveTo(m_view->fromScene({1311, 1003}).toPoint());
    release(m_view->fromScene({1311, 1003}).toPoint());
    QCOMPARE(place(c), QPointF(1314, 1000));
    QVERIFY(steps().isEmpty());
    // Between two, in a column.
    const EntityId d = make("step-d", "ROUTER", {1000, 1231});
    QVERIFY(d != 0);
    press(at(b));
    moveTo(m_view->fromScene({1002, 1112}).toPoint());
    QCOMPARE(steps(), QList<QLineF>({{1000, 1000, 1000, 1115.5}, {1000, 1115.5, 1000, 1231}}));
    release(m_view->fromScene({1002, 1112}).toPoint());
    QCOMPARE(place(b), QPointF(1000, 1115.5));
    QCOMPARE(place(a), QPointF(1000, 1000));
}

void TestCanvasView::escapeCancelsADrag()
{
    const QPointF before = place(id("OLT1"));
    const QImage picture = grab();
    press(at("OLT1"));
    moveTo(at("OLT1") + QPoint(60, 60));
    moveTo(at("OLT1") + QPoint(120, 90));
    QVERIFY(m_view->isBusy());
    key(Qt::Key_Escape);
    QVERIFY(!m_view->isBusy());
    release(at("OLT1") + QPoint(120, 90));
    QVERIFY(m_session->changes.isEmpty());
    QCOMPARE(m_session->dragGesture, quint64(0));
    QCOMPARE(place(id("OLT1")), before);
    QCOMPARE(m_view->deviceAt(at("OLT1")), id("OLT1"));
    m_view->setSelection({});
    moveTo({5, 5});
    QCOMPARE(grab(), picture);
}

void TestCanvasView::lockedDevicesStay()
{
    QVERIFY(m_session->arrive({edits::setField(id("ONT2"), Field::Locked, true)}));
    QSignalSpy said(m_view.get(), &CanvasView::message);
    drag(at("ONT2"), at("ONT2") + QPoint(80, 0));
    QCOMPARE(place(id("ONT2")), QPointF(200, 400));
    QCOMPARE(said.count(), 1);
    QVERIFY(said.first().first().toString().contains(QStringLiteral("ONT2")));
    m_view->setSelection({id("ONT1"), id("ONT2")});
    drag(at("ONT1"), at("ONT1") + QPoint(0, 80));
    QCOMPARE(place(id("ONT2")), QPointF(200, 400));
    QCOMPARE(place(id("ONT1")), QPointF(100, 480));
}

void TestCanvasView::readOnlyBoardsStay()
{
    m_session->readOnly = true;
    QSignalSpy said(m_view.get(), &CanvasView::message);
    drag(at("ONT2"), at("ONT2") + QPoint(80, 0));
    QCOMPARE(said.count(), 1);
    m_view->startRename(id("ONT2"));
    QVERIFY(!m_view->isRenaming());
    key(Qt::Key_L);
    QCOMPARE(m_view->tool(), CanvasView::ToolKind::Select);
    QVERIFY(m_session->changes.isEmpty());
}

void TestCanvasView::othersDoNotMoveWhatIsHeld()
{
    const EntityId device = id("OLT1");
    press(at(device));
    moveTo(at(device) + QPoint(30, 0));
    moveTo(at(device) + QPoint(60, 60));
    const QPoint held = m_view->fromScene({260, 360}).toPoint();
    QCOMPARE(m_view->deviceAt(held), device);
    QVERIFY(m_session->arrive(edits::moveDevices({{device, {-300, -300}}, {id("ONT1"), {0, 0}}})));
    m_view->flushNow();
    QCOMPARE(m_view->deviceAt(held), device);
    QVERIFY(m_view->isBusy());
    release(held);
    QCOMPARE(place(device), QPointF(260, 360));
}

void TestCanvasView::nothingUnderThePointerMoves()
{
    // Others' commits scroll nothing, select nothing, and leave the zoom alone.
    click(at("OLT1"));
    const QPointF corner = m_view->toScene({0, 0});
    const double zoom = m_view->zoom();
    for (int i = 0; i < 40; ++i) {
        make(qPrintable(QStringLiteral("far-%1").arg(i)), "ROUTER", {i * 3000.0, -i * 2000.0});
        QVERIFY(m_session->arrive(edits::moveDevices({{id("ONT1"), {i * 10.0, 500}}})));
        m_view->flushNow();
        QCOMPARE(m_view->toScene({0, 0}), corner);
        QCOMPARE(m_view->deviceAt(at("OLT1")), id("OLT1"));
    }
    QCOMPARE(m_view->zoom(), zoom);
    QCOMPARE(m_view->selection(), QList<EntityId>{id("OLT1")});
}

void TestCanvasView::whatIsHeldMayBeRemoved()
{
    const EntityId device = id("OLT1");
    press(at(device));
    moveTo(at(device) + QPoint(30, 0));
    moveTo(at(device) + QPoint(60, 60));
    const QPoint held = m_view->fromScene({260, 360}).toPoint();
    QVERIFY(m_session->arrive({RemoveEntities{{device}, false}}));
    QVERIFY(!m_view->isBusy());
    QVERIFY(!m_view->mirror().isLifted());
    release(held);
    QVERIFY(m_session->changes.isEmpty());
    // One of several: the others go on.
    m_view->setSelection({id("ONT1"), id("ONT2")});
    press(at("ONT1"));
    moveTo(at("ONT1") + QPoint(30, 0));
    QVERIFY(m_session->arrive({RemoveEntities{{id("ONT2")}, false}}));
    QVERIFY(m_view->isBusy());
    release(at("ONT1") + QPoint(0, 60));
    QCOMPARE(place(id("ONT1")), QPointF(100, 460));
}

void TestCanvasView::dropIntoAndOutOfAContainer()
{
    const EntityId pop = make("pop", "POP", {520, 300});
    const EntityId device = id("EdgeRouter2");
    // At once the box says that it would take it in.
    press(at(device));
    moveTo(at(device) + QPoint(40, 0));
    moveTo(at(pop));
    QCOMPARE(m_view->dropTarget(), pop);
    release(at(pop));
    QCOMPARE(m_session->topology().device(device)->container, pop);
    QCOMPARE(m_session->changes.size(), 1);
    QVERIFY(m_session->changes.first().label.contains(QStringLiteral("pop")));
    QCOMPARE(m_view->dropTarget(), EntityId(0));
    // Inside it is only moved.
    drag(at(device), at(device) + QPoint(20, 0));
    QCOMPARE(m_session->topology().device(device)->container, pop);
    press(at(device));
    moveTo(at(device) - QPoint(40, 0));
    moveTo(QPoint(30, 640));
    QCOMPARE(m_view->leaving(), pop);
    release(QPoint(30, 640));
    QCOMPARE(m_session->topology().device(device)->container, EntityId(0));
    QCOMPARE(m_view->leaving(), EntityId(0));
    // The box that is empty now is where it was.
    const auto &mirror = m_view->mirror();
    const QRectF box = mirror.rectOf(mirror.devices()[mirror.deviceSlot(pop)]);
    QVERIFY(std::abs(box.center().x() - 540) <= 20 && std::abs(box.center().y() - 300) <= 40);
}

void TestCanvasView::controlKeepsItInItsContainer()
{
    const EntityId pop = make("pop", "POP", {520, 300});
    const EntityId device = make("inner", "ROUTER", {520, 300}, pop);
    press(at(device));
    moveTo(at(device) + QPoint(0, 40), Qt::ControlModifier);
    moveTo(at(device) + QPoint(0, 200), Qt::ControlModifier);
    QCOMPARE(m_view->leaving(), EntityId(0));
    release(at(device) + QPoint(0, 200), Qt::ControlModifier);
    QCOMPARE(m_session->topology().device(device)->container, pop);
    QCOMPARE(place(device), QPointF(520, 500));
}

void TestCanvasView::containersTakeTheirContentsAlong()
{
    const EntityId site = make("site", "CORE_SITE", {520, 300});
    const EntityId pop = make("pop", "POP", {520, 300}, site);
    const EntityId device = make("inner", "ROUTER", {520, 300}, pop);
    const auto &mirror = m_view->mirror();
    const QRectF box = mirror.rectOf(mirror.devices()[mirror.deviceSlot(site)]);
    const QPoint title = m_view->fromScene(box.topLeft() + QPointF(60, 10)).toPoint();
    drag(title, title + QPoint(0, 100));
    QCOMPARE(m_session->changes.size(), 1);
    QCOMPARE(place(device), QPointF(520, 400));
    QCOMPARE(place(pop), QPointF(520, 400));
    QCOMPARE(m_session->topology().device(pop)->container, site);
    const QRectF moved = mirror.rectOf(mirror.devices()[mirror.deviceSlot(site)]);
    QCOMPARE(moved, box.translated(0, 100));
}

void TestCanvasView::insideABoxADragIsARubberBand()
{
    const EntityId pop = make("pop", "POP", {520, 300});
    const EntityId a = make("in-a", "ROUTER", {480, 300}, pop);
    const EntityId b = make("in-b", "ROUTER", {640, 360}, pop);
    const QPoint from = m_view->fromScene({440, 262}).toPoint();
    QCOMPARE(m_view->containerAt(from), pop);
    drag(from, m_view->fromScene({520, 340}).toPoint());
    QCOMPARE(m_view->selection(), QList<EntityId>{a});
    QVERIFY(m_session->changes.isEmpty());
    // A click there selects the box.
    click(m_view->fromScene({560, 340}).toPoint());
    QCOMPARE(m_view->selection(), QList<EntityId>{pop});
    QVERIFY(b != 0);
}

void TestCanvasView::arrowsNudge()
{
    click(at("ONT1"));
    key(Qt::Key_Right);
    key(Qt::Key_Down);
    QCOMPARE(place(id("ONT1")), QPointF(120, 420));
    key(Qt::Key_Left, Qt::AltModifier);
    QCOMPARE(place(id("ONT1")), QPointF(119, 420));
    m_view->setSelection({});
    const QPointF corner = m_view->toScene({0, 0});
    key(Qt::Key_Right);
    QCOMPARE(m_view->toScene({0, 0}), corner + QPointF(60, 0));
    QCOMPARE(m_session->changes.size(), 3);
}

void TestCanvasView::linkByDragging()
{
    const EntityId from = id("CoreRouter2");
    const EntityId to = id("BackboneGW1");
    moveTo(at(from));
    QCOMPARE(m_view->hovered(), from);
    const QPoint handle = at(from) + QPoint(35, 0);
    QCOMPARE(m_view->linkHandleAt(handle), from);
    moveTo(handle);
    QCOMPARE(m_view->hovered(), from);
    press(handle);
    moveTo(at(to));
    QCOMPARE(m_view->linkTool().target(), to);
    QVERIFY(m_view->linkTool().refusal().isEmpty());
    QVERIFY2(m_view->linkTool().hint().contains(QStringLiteral("BackboneGW1")),
             qPrintable(m_view->linkTool().hint()));
    release(at(to));
    QCOMPARE(m_session->topology().links().size(), 9);
    QCOMPARE(m_session->changes.size(), 1);
    const EntityId link = m_view->selection().value(0);
    QCOMPARE(m_session->topology().endsOf(link), std::pair(from, to));
    QVERIFY(!m_view->isBusy());
    QCOMPARE(m_view->tool(), CanvasView::ToolKind::Select);
    // Released over nothing: nothing.
    moveTo(at(from));
    press(handle);
    moveTo({20, 20});
    release({20, 20});
    QCOMPARE(m_session->changes.size(), 1);
    QVERIFY(!m_view->isBusy());
}

void TestCanvasView::linkIsRefusedBeforeRelease()
{
    QVERIFY(m_session->arrive(
        {edits::setField(kBoardId, Field::LinkPolicy, qint64(LinkPolicy::Enforce))}));
    const EntityId from = id("ONT1");
    const EntityId to = id("BackboneGW1");
    const QString why = edits::linkRefusal(m_session->topology(), from, to);
    QVERIFY(!why.isEmpty());
    QSignalSpy said(m_view.get(), &CanvasView::message);
    moveTo(at(from));
    press(at(from) + QPoint(35, 0));
    moveTo(at(to));
    QCOMPARE(m_view->linkTool().refusal(), why);
    QCOMPARE(m_view->linkTool().hint(), why);
    QCOMPARE(said.count(), 0);
    release(at(to));
    QCOMPARE(said.count(), 1);
    QCOMPARE(said.first().first().toString(), why);
    QVERIFY(m_session->changes.isEmpty());
}

void TestCanvasView::linkByTwoClicks()
{
    key(Qt::Key_L);
    QCOMPARE(m_view->tool(), CanvasView::ToolKind::Link);
    click(at("CoreRouter1"));
    QVERIFY(m_view->isBusy());
    moveTo(at("CoreRouter2"));
    click(at("CoreRouter2"));
    QCOMPARE(m_session->changes.size(), 1);
    QCOMPARE(m_view->tool(), CanvasView::ToolKind::Select);
    key(Qt::Key_L);
    click(at("CoreRouter1"));
    key(Qt::Key_Escape);
    QVERIFY(!m_view->isBusy());
    click(at("CoreRouter2"));
    QCOMPARE(m_session->changes.size(), 1);
}

void TestCanvasView::linkWithChosenPorts()
{
    const EntityId from = make("sw-a", "SWITCH", {500, 100});
    const EntityId to = make("sw-b", "SWITCH", {500, 300});
    QVERIFY(m_session->arrive(edits::linkDevices(m_session->topology(), from, id("CoreRouter1"),
                                                 [this] { return m_session->othersId(); })));
    moveTo(at(from));
    press(at(from) + QPoint(35, 0));
    moveTo(at(to), Qt::AltModifier);
    // The offscreen platform says so of every pop-up.
    QTest::ignoreMessage(QtWarningMsg, "This plugin does not support raise()");
    QTest::ignoreMessage(QtWarningMsg, "This plugin does not support grabbing the keyboard");
    release(at(to), Qt::AltModifier);
    PortPicker *picker = m_view->linkTool().picker();
    QVERIFY(picker && picker->isVisible());
    QVERIFY(m_session->changes.isEmpty());
    QCOMPARE(picker->list(0)->count(), 9);
    QVERIFY(picker->list(0)->item(1)->text().contains(QStringLiteral("used")));
    QVERIFY(picker->list(0)->item(2)->text().contains(QStringLiteral("free")));
    picker->list(0)->setCurrentRow(4);
    picker->list(1)->setCurrentRow(8);
    picker->accept();
    QCOMPARE(m_session->changes.size(), 1);
    const Link *link = m_session->topology().link(m_view->selection().value(0));
    QVERIFY(link);
    QCOMPARE(m_session->topology().interface(link->a)->name, QStringLiteral("eth3"));
    QCOMPARE(m_session->topology().interface(link->b)->name, QStringLiteral("eth7"));
}

void TestCanvasView::placeByClick()
{
    m_view->armPlacing(QStringLiteral("SWITCH"));
    QCOMPARE(m_view->tool(), CanvasView::ToolKind::Place);
    const QPoint where = m_view->fromScene({503, 118}).toPoint();
    click(where, Qt::ShiftModifier);
    QCOMPARE(m_view->tool(), CanvasView::ToolKind::Place);
    click(where + QPoint(0, 200));
    QCOMPARE(m_view->tool(), CanvasView::ToolKind::Select);
    QCOMPARE(m_session->changes.size(), 2);
    const EntityId made = m_view->selection().value(0);
    QCOMPARE(place(made), QPointF(500, 320));
    QCOMPARE(m_session->topology().device(made)->type, QStringLiteral("SWITCH"));
    QCOMPARE(m_session->topology().interfacesOf(made).size(), size_t(8));
    m_view->armPlacing(QStringLiteral("SWITCH"));
    key(Qt::Key_Escape);
    QCOMPARE(m_view->tool(), CanvasView::ToolKind::Select);
}

void TestCanvasView::placeByDrop()
{
    const EntityId pop = make("pop", "POP", {520, 300});
    QMimeData mime;
    mime.setData(QString::fromLatin1(kDeviceTypeMime), "OLT");
    QDragEnterEvent enter(at(pop), Qt::CopyAction, &mime, Qt::LeftButton, Qt::NoModifier);
    QCoreApplication::sendEvent(m_view->viewport(), &enter);
    QVERIFY(enter.isAccepted());
    QDragMoveEvent over(at(pop), Qt::CopyAction, &mime, Qt::LeftButton, Qt::NoModifier);
    QCoreApplication::sendEvent(m_view->viewport(), &over);
    QCOMPARE(m_view->dropTarget(), pop);
    QDropEvent drop(at(pop), Qt::CopyAction, &mime, Qt::LeftButton, Qt::NoModifier);
    QCoreApplication::sendEvent(m_view->viewport(), &drop);
    QCOMPARE(m_session->changes.size(), 1);
    const EntityId made = m_view->selection().value(0);
    QCOMPARE(m_session->topology().device(made)->container, pop);
    QCOMPARE(m_view->dropTarget(), EntityId(0));
    QMimeData other;
    other.setText(QStringLiteral("OLT"));
    QDragEnterEvent foreign(at(pop), Qt::CopyAction, &other, Qt::LeftButton, Qt::NoModifier);
    QCoreApplication::sendEvent(m_view->viewport(), &foreign);
    QVERIFY(!foreign.isAccepted());
}

void TestCanvasView::doubleClickAsksWhatToMake()
{
    QSignalSpy asked(m_view.get(), &CanvasView::createRequested);
    QSignalSpy activated(m_view.get(), &CanvasView::activated);
    QTest::mouseDClick(m_view->viewport(), Qt::LeftButton, {},
                       m_view->fromScene({503, 118}).toPoint());
    QCOMPARE(asked.count(), 1);
    QCOMPARE(asked.first().first().toPointF(), QPointF(500, 120));
    QTest::mouseDClick(m_view->viewport(), Qt::LeftButton, {}, at("OLT1"));
    QCOMPARE(activated.count(), 1);
    QCOMPARE(asked.count(), 1);
}

void TestCanvasView::renameInPlace()
{
    click(at("OLT1"));
    key(Qt::Key_F2);
    QVERIFY(m_view->isRenaming());
    auto *editor = m_view->viewport()->findChild<QLineEdit *>();
    QVERIFY(editor && editor->isVisible());
    QCOMPARE(editor->text(), QStringLiteral("OLT1"));
    QTest::keyClicks(editor, QStringLiteral("olt-berlin"));
    QTest::keyClick(editor, Qt::Key_Return);
    QVERIFY(!m_view->isRenaming());
    QCOMPARE(m_session->changes.size(), 1);
    const EntityId device = id("olt-berlin");
    QVERIFY(device != 0);
    // By a double-click on the label; Esc leaves the name.
    QTest::mouseDClick(m_view->viewport(), Qt::LeftButton, {}, at(device) + QPoint(0, 35));
    QVERIFY(m_view->isRenaming());
    editor = m_view->viewport()->findChildren<QLineEdit *>().last();
    QTest::keyClicks(editor, QStringLiteral("nothing"));
    QTest::keyClick(editor, Qt::Key_Escape);
    QVERIFY(!m_view->isRenaming());
    QCOMPARE(m_session->changes.size(), 1);
    // No name: refused, and the editor stays.
    QSignalSpy said(m_view.get(), &CanvasView::message);
    m_view->startRename(device);
    editor = m_view->viewport()->findChildren<QLineEdit *>().last();
    editor->clear();
    QTest::keyClick(editor, Qt::Key_Return);
    QCOMPARE(said.count(), 1);
    QVERIFY(m_view->isRenaming());
    QTest::keyClick(editor, Qt::Key_Escape);
    // A link's label.
    const EntityId link = m_session->topology().links().ids().first();
    m_view->startRename(link);
    editor = m_view->viewport()->findChildren<QLineEdit *>().last();
    QTest::keyClicks(editor, QStringLiteral("uplink"));
    QTest::keyClick(editor, Qt::Key_Return);
    QCOMPARE(m_session->topology().link(link)->details->label, QStringLiteral("uplink"));
}

void TestCanvasView::renameOfWhatIsGoneKeepsTheText()
{
    QSignalSpy orphaned(m_view.get(), &CanvasView::renameOrphaned);
    const EntityId device = id("ONT4");
    m_view->startRename(device);
    auto *editor = m_view->viewport()->findChild<QLineEdit *>();
    QTest::keyClicks(editor, QStringLiteral("half a na"));
    QVERIFY(m_session->arrive({RemoveEntities{{device}, false}}));
    QCOMPARE(orphaned.count(), 1);
    QCOMPARE(orphaned.first().at(0).value<EntityId>(), device);
    QCOMPARE(orphaned.first().at(1).toString(), QStringLiteral("half a na"));
    QVERIFY(!m_view->isRenaming());
    QVERIFY(m_session->changes.isEmpty());
}

void TestCanvasView::wheelKeepsWhatIsUnderThePointer()
{
    QSignalSpy zoomed(m_view.get(), &CanvasView::zoomChanged);
    const QPointF pointer(333, 222);
    for (const int delta : {120, 240, -120, -600, 120, 360}) {
        const QPointF before = m_view->toScene(pointer);
        const double zoom = m_view->zoom();
        QWheelEvent event(pointer, m_view->viewport()->mapToGlobal(pointer), {}, {0, delta}, {}, {},
                          Qt::NoScrollPhase, false);
        QCoreApplication::sendEvent(m_view->viewport(), &event);
        QVERIFY(delta > 0 ? m_view->zoom() > zoom : m_view->zoom() < zoom);
        const QPointF off = (m_view->toScene(pointer) - before) * m_view->zoom();
        QVERIFY2(std::abs(off.x()) <= 1 && std::abs(off.y()) <= 1,
                 "it slipped from under the pointer");
    }
    QCOMPARE(zoomed.count(), 6);
}

void TestCanvasView::spaceAndMiddleButtonPan()
{
    const QPointF corner = m_view->toScene({0, 0});
    QTest::mousePress(m_view->viewport(), Qt::MiddleButton, {}, {400, 300});
    moveTo({350, 280});
    QTest::mouseRelease(m_view->viewport(), Qt::MiddleButton, {}, {350, 280});
    QCOMPARE(m_view->toScene({0, 0}), corner + QPointF(50, 20));
    QTest::keyPress(m_view.get(), Qt::Key_Space);
    press(at("OLT1"));
    moveTo(at("OLT1") + QPoint(50, 20));
    release(at("OLT1") + QPoint(50, 20));
    QTest::keyRelease(m_view.get(), Qt::Key_Space);
    QVERIFY(m_session->changes.isEmpty());
    QCOMPARE(m_view->tool(), CanvasView::ToolKind::Select);
    moveTo({5, 5});
    QVERIFY(m_view->selection().isEmpty());
    click(at("OLT1"));
    QCOMPARE(m_view->selection().size(), 1);
}

void TestCanvasView::fitShowsEverything()
{
    make("far", "ROUTER", {90000, -40000});
    m_view->fitAll();
    QVERIFY(m_view->visibleScene().contains(m_view->boardRect()));
    m_view->zoomTo({id("OLT1"), id("ONT1")});
    QVERIFY(m_view->zoom() > 0.9);
    QVERIFY(m_view->visibleScene().contains(QRectF(76, 276, 148, 148)));
    m_view->centreOn(id("far"));
    QVERIFY(m_view->visibleScene().contains(QPointF(90000, -40000)));
    const QPointF corner = m_view->toScene({0, 0});
    m_view->centreOn(id("far"));
    QCOMPARE(m_view->toScene({0, 0}), corner);
}

void TestCanvasView::selectionForgetsWhatIsGone()
{
    m_view->setSelection({id("ONT1"), id("ONT2")});
    QVERIFY(m_session->arrive({RemoveEntities{{id("ONT1")}, false}}));
    QCOMPARE(m_view->selection(), QList<EntityId>{id("ONT2")});
    QVERIFY(m_session->board().load({}).ok());
    QVERIFY(m_view->selection().isEmpty());
    QCOMPARE(m_view->mirror().deviceCount(), 0);
}

void TestCanvasView::contextMenuSelects()
{
    QSignalSpy asked(m_view.get(), &CanvasView::contextMenuRequested);
    const auto ask = [this](QPoint pos) {
        QContextMenuEvent event(QContextMenuEvent::Mouse, pos,
                                m_view->viewport()->mapToGlobal(pos));
        QCoreApplication::sendEvent(m_view->viewport(), &event);
    };
    ask(at("OLT1"));
    QCOMPARE(m_view->selection(), QList<EntityId>{id("OLT1")});
    QCOMPARE(asked.first().first().value<QList<EntityId>>(), QList<EntityId>{id("OLT1")});
    m_view->setSelection({id("OLT1"), id("ONT1")});
    ask(at("OLT1"));
    QCOMPARE(asked.last().first().value<QList<EntityId>>().size(), 2);
    ask({10, 10});
    QVERIFY(asked.last().first().value<QList<EntityId>>().isEmpty());
}

void TestCanvasView::presenceIsSent()
{
    moveTo(at("OLT1"));
    QCOMPARE(m_session->pointer, std::optional(QPointF(200, 300)));
    click(at("OLT1"));
    QCOMPARE(m_session->selection, QList<EntityId>{id("OLT1")});
    QEvent leave(QEvent::Leave);
    QCoreApplication::sendEvent(m_view->viewport(), &leave);
    QVERIFY(!m_session->pointer);
}

void TestCanvasView::othersAreShown()
{
    const QImage before = grab();
    Person other;
    other.id = 7;
    other.name = QStringLiteral("Ada");
    other.colour = 1;
    other.pointer = QPointF(430, 100);
    other.selection = {id("ONT1")};
    other.gesture = 3;
    other.drag = {{id("ONT4"), QPointF(480, 250)}};
    m_session->setPeople({other});
    const QImage with = grab();
    QVERIFY(with != before);
    const auto differsAt = [&](QPointF scene) {
        const QRect around(m_view->fromScene(scene).toPoint() - QPoint(30, 30), QSize(60, 60));
        return with.copy(around) != before.copy(around);
    };
    QVERIFY(differsAt({430, 100}));
    QVERIFY(differsAt({480, 250}));
    QVERIFY(differsAt(place(id("ONT1"))));
    QVERIFY(!differsAt(place(id("OLT1"))));
    // The device itself stays until the drop.
    QCOMPARE(m_view->deviceAt(at("ONT4")), id("ONT4"));
    QVERIFY(m_view->selection().isEmpty());
    other.self = true;
    m_session->setPeople({other});
    QCOMPARE(grab(), before);
}

void TestCanvasView::othersNamesAreBeforeThoseOfDevices()
{
    m_view->setZoom(1.0);
    Person other;
    other.id = 7;
    other.name = QStringLiteral("Ada");
    other.colour = 1;
    const QPointF name = m_view->painter().labelRect(id("OLT1")).center();
    other.pointer = m_view->toScene(name - QPointF(30, 26)); // their tag lies on the name
    m_session->setPeople({other});
    const QRgb colour = canvasPersonColour(1).rgb();
    const auto coloured = [this, colour] {
        const QImage picture = grab();
        int count = 0;
        for (int y = 0; y < picture.height(); ++y) {
            for (int x = 0; x < picture.width(); ++x)
                count += picture.pixel(x, y) == colour ? 1 : 0;
        }
        return count;
    };
    const int over = coloured();
    QVERIFY(m_session->arrive({edits::setField(id("OLT1"), Field::Position, QPointF(-900, -900))}));
    m_view->flushNow();
    QVERIFY(over > 100);
    QCOMPARE(over, coloured());
}

void TestCanvasView::namesStandBelowTheRing()
{
    for (const double zoom : {0.5, 1.0, 1.6, 3.0}) {
        m_view->setZoom(zoom);
        const QImage before = grab();
        m_selection->set({id("OLT1")});
        const QRect label = m_view->painter().labelRect(id("OLT1")).toAlignedRect();
        // No part of the ring is under the plate of the name: the lines above and of it differ not.
        const QRect plate(label.left(), label.top(), label.width(), 4);
        QCOMPARE(grab().copy(plate), before.copy(plate));
        m_selection->clear();
    }
}

void TestCanvasView::morePixelsAreTheSamePicture()
{
    RenderOptions options;
    const auto once = renderImage(m_session->topology(), options);
    options.scale = 4;
    const auto often = renderImage(m_session->topology(), options);
    QVERIFY(once && often);
    QCOMPARE(often->size(), once->size() * 4);
    QCOMPARE(*pictureSize(m_session->topology(), options), often->size());
    // Names grow too: there is as much ink below a device, for its size.
    const auto inkBelow = [this](const QImage &picture, int scale) {
        const QRectF all = m_view->boardRect();
        const QPointF at = place(id("OLT1")) - all.center();
        const QRect name(QPoint(picture.width() / 2, picture.height() / 2) +
                             (QPointF(at.x() - 30, at.y() + 28) * scale).toPoint(),
                         QSize(60, 16) * scale);
        qint64 dark = 0;
        for (int y = name.top(); y <= name.bottom(); ++y) {
            for (int x = name.left(); x <= name.right(); ++x)
                dark += 255 - qGray(picture.pixel(x, y));
        }
        return double(dark) / (double(name.width()) * name.height());
    };
    const double ink = inkBelow(*once, 1);
    QVERIFY(ink > 10);
    QVERIFY2(std::abs(inkBelow(*often, 4) - ink) < ink / 3,
             qPrintable(QStringLiteral("%1, %2").arg(ink).arg(inkBelow(*often, 4))));
}

void TestCanvasView::followsAPerson()
{
    Person self;
    self.id = 1;
    self.self = true;
    Person other;
    other.id = 7;
    other.view = QRectF(1000, 1000, 400, 300);
    m_session->setPeople({self, other});
    const QRectF before = m_view->visibleScene();
    m_view->followPerson(7);
    QCOMPARE(m_session->following, quint64(7));

    // It goes there, it does not jump.
    int steps = 0;
    double longest = 0;
    QPointF last = before.center();
    const double way = std::hypot(1200 - last.x(), 1150 - last.y());
    const auto counting = connect(m_view.get(), &CanvasView::viewMoved, this, [&] {
        const QPointF now = m_view->visibleScene().center();
        longest = std::max(longest, std::hypot(now.x() - last.x(), now.y() - last.y()));
        last = now;
        ++steps;
    });
    const auto shows = [this](const QRectF &rect) {
        return m_view->visibleScene().adjusted(-2, -2, 2, 2).contains(rect) &&
               m_view->visibleScene().width() < rect.width() * 4;
    };
    QTRY_VERIFY(shows(*other.view));
    disconnect(counting);
    QVERIFY(steps > 1);
    QVERIFY2(longest < way, qPrintable(QStringLiteral("%1 of %2").arg(longest).arg(way)));
    QTRY_COMPARE(m_view->visibleScene().center().toPoint(), QPoint(1200, 1150));

    // Another window size shows the same.
    m_view->resize(m_view->width() / 2, m_view->height());
    QTRY_VERIFY(shows(*other.view));
    QTRY_COMPARE(m_view->visibleScene().center().toPoint(), QPoint(1200, 1150));

    // Who follows me, by however many others, is not chased.
    Person third;
    third.id = 9;
    third.following = 1;
    other.following = 9;
    other.view = QRectF(0, 0, 400, 300);
    m_session->setPeople({self, other, third});
    QVERIFY(!m_view->isCatchingUp());
    other.following = 0;
    m_session->setPeople({self, other, third});
    QTRY_VERIFY(shows(*other.view));
    QCOMPARE(m_view->followedPerson(), quint64(7));

    // By hand it ends, and so it does when they leave.
    m_view->scrollByHand({10, 0});
    QCOMPARE(m_view->followedPerson(), quint64(0));
    QCOMPARE(m_session->following, quint64(0));
    m_view->followPerson(7);
    m_session->setPeople({self});
    QCOMPARE(m_view->followedPerson(), quint64(0));
}

void TestCanvasView::followingWaitsForTheHand()
{
    Person other;
    other.id = 7;
    other.view = m_view->visibleScene();
    m_session->setPeople({other});
    m_view->followPerson(7);
    QTRY_VERIFY(m_view->visibleScene().adjusted(-2, -2, 2, 2).contains(*other.view));
    const QPoint device = at("ONT4");
    QTest::mousePress(m_view->viewport(), Qt::LeftButton, {}, device);
    QTest::mouseMove(m_view->viewport(), device + QPoint(30, 20));
    QVERIFY(m_view->isBusy());
    const QRectF held = m_view->visibleScene();
    int moved = 0;
    const auto counting =
        connect(m_view.get(), &CanvasView::viewMoved, this, [&moved] { ++moved; });
    other.view = QRectF(5000, 5000, 400, 300);
    m_session->setPeople({other});
    QTest::mouseMove(m_view->viewport(), device + QPoint(40, 30));
    QCOMPARE(m_view->visibleScene(), held);
    QCOMPARE(moved, 0);
    disconnect(counting);
    QTest::mouseRelease(m_view->viewport(), Qt::LeftButton, {}, device + QPoint(40, 30));
    QTRY_VERIFY(m_view->visibleScene().adjusted(-2, -2, 2, 2).contains(*other.view));
    QCOMPARE(m_view->followedPerson(), quint64(7));
    QTest::keyClick(m_view.get(), Qt::Key_Escape);
    QCOMPARE(m_view->followedPerson(), quint64(0));
}

void TestCanvasView::paintsInLevels()
{
    // Colours in a picture say what was painted.
    const auto colours = [](const QImage &image) {
        QSet<QRgb> seen;
        for (int y = 0; y < image.height(); ++y) {
            for (int x = 0; x < image.width(); ++x)
                seen.insert(image.pixel(x, y));
        }
        return seen.size();
    };
    const CanvasTheme theme = CanvasTheme::light();
    m_view->setZoom(0.1);
    m_view->centreOnScene({250, 225});
    const QImage far = grab();
    QCOMPARE(far.pixel(at("OLT1")), theme.of(Status::Up).rgb());
    QCOMPARE(far.pixel(at("ONT4")), theme.of(Status::Degraded).rgb());
    QVERIFY(colours(far) < 12);
    m_view->setZoom(0.3);
    QVERIFY(colours(grab()) > 40);
    const auto below = [this](const QImage &image, const char *name) {
        const QRect label(at(name) + QPoint(-20, int(24 * m_view->zoom()) + 8), QSize(40, 8));
        int dark = 0;
        for (int y = label.top(); y <= label.bottom(); ++y) {
            for (int x = label.left(); x <= label.right(); ++x)
                dark += qGray(image.pixel(x, y)) < 110 ? 1 : 0;
        }
        return dark;
    };
    // Ten devices with room around them say their names farther out than many would.
    m_view->setZoom(0.12);
    QCOMPARE(below(grab(), "ONT1"), 0);
    m_view->setZoom(0.4);
    QVERIFY(below(grab(), "ONT1") > 10);
    m_view->setZoom(0.6);
    QVERIFY(below(grab(), "ONT1") > 10);
    m_view->setZoom(1);
    QVERIFY(below(grab(), "ONT1") > 10);
}

void TestCanvasView::partialPaintingIsLikeWhole()
{
    // Repainting a part gives the pixels of the whole picture, at every level.
    const quint32 seed = QRandomGenerator::global()->generate();
    qInfo("seed %u", seed);
    QRandomGenerator random(seed);
    make("site", "POP", {560, 100});
    make("in", "ROUTER", {560, 100}, id("site"));
    m_view->setSelection({id("OLT1"), m_session->topology().links().ids().first()});
    for (const double zoom : {0.08, 0.2, 0.6, 1.0, 1.7}) {
        m_view->setZoom(zoom);
        m_view->centreOnScene({280, 225});
        BoardPainter &painter = m_view->painter();
        QImage whole(m_view->viewport()->size(), QImage::Format_RGB32);
        painter.paintPicture(whole, {0, 0});
        for (int i = 0; i < 30; ++i) {
            const QRect part(random.bounded(600), random.bounded(500), random.bounded(1, 300),
                             random.bounded(1, 200));
            QImage image(part.size(), QImage::Format_RGB32);
            painter.paintPicture(image, part.topLeft());
            // Where lines cross, the later one is on top; nothing else may differ.
            const int off = differing(whole.copy(part), image);
            QVERIFY2(off <= part.width() * part.height() / 500 + 3,
                     qPrintable(QStringLiteral("%1 pixels at zoom %2").arg(off).arg(zoom)));
        }
    }
}

void TestCanvasView::emptyBoardSaysWhatToDo()
{
    const auto ink = [](const QImage &image) {
        int dark = 0;
        for (int y = 0; y < image.height(); ++y) {
            for (int x = 0; x < image.width(); ++x)
                dark += qGray(image.pixel(x, y)) < 140 ? 1 : 0;
        }
        return dark;
    };
    QVERIFY(m_session->board().load({}).ok());
    QVERIFY(ink(grab()) > 500);
    make("first", "ROUTER", {1000, 1000});
    QVERIFY(ink(grab()) < 200);
}

void TestCanvasView::themesDiffer()
{
    const QImage light = grab();
    m_view->setTheme(CanvasTheme::darkTheme());
    const QImage dark = grab();
    QCOMPARE(light.pixel(3, 3), CanvasTheme::light().background.rgb());
    QCOMPARE(dark.pixel(3, 3), CanvasTheme::darkTheme().background.rgb());
}

void TestCanvasView::rendersToFiles()
{
    QTemporaryDir folder;
    RenderOptions options;
    options.size = {640, 400};
    const QString png = folder.filePath(QStringLiteral("board.png"));
    QVERIFY(renderFile(m_session->topology(), options, png).ok());
    const QImage image(png);
    QCOMPARE(image.size(), options.size);
    QSet<QRgb> colours;
    for (int y = 0; y < image.height(); ++y) {
        for (int x = 0; x < image.width(); ++x)
            colours.insert(image.pixel(x, y));
    }
    QVERIFY(colours.size() > 100);

    const QString svg = folder.filePath(QStringLiteral("board.svg"));
    QVERIFY(renderFile(m_session->topology(), {}, svg).ok());
    QFile file(svg);
    QVERIFY(file.open(QIODevice::ReadOnly));
    QXmlStreamReader xml(&file);
    QStringList texts;
    while (!xml.atEnd()) {
        if (xml.readNext() == QXmlStreamReader::StartElement && xml.name() == QLatin1String("text"))
            texts.append(xml.readElementText(QXmlStreamReader::IncludeChildElements).trimmed());
    }
    QVERIFY2(!xml.hasError(), qPrintable(xml.errorString()));
    QVERIFY(texts.contains(QStringLiteral("OLT1")));
    QVERIFY(texts.contains(QStringLiteral("ONT4")));

    QCOMPARE(renderFile(m_session->topology(), {}, folder.filePath(QStringLiteral("board.xyz")))
                 .error()
                 .code,
             Errc::BadValue);
    QCOMPARE(
        renderFile(m_session->topology(), {}, QStringLiteral("/nowhere/board.png")).error().code,
        Errc::Storage);
    options.size = {100000, 10};
    QCOMPARE(renderImage(m_session->topology(), options).error().code, Errc::BadValue);
    const Topology nothing;
    QVERIFY(renderImage(nothing, {}).ok());

    QImage printed(500, 500, QImage::Format_RGB32);
    printed.fill(Qt::white);
    const QImage blank = printed;
    QPainter painter(&printed);
    m_view->renderTo(&painter, printed.rect());
    painter.end();
    QVERIFY(printed != blank);
}

/// One page as large as the board, with text as text.
void TestCanvasView::rendersToPdf()
{
    QTemporaryDir folder;
    const QString path = folder.filePath(QStringLiteral("board.pdf"));
    QVERIFY(renderFile(m_session->topology(), {}, path).ok());
    QFile file(path);
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QByteArray pdf = file.readAll();
    QVERIFY(pdf.startsWith("%PDF-"));
    QVERIFY(pdf.contains("/Font"));
    QCOMPARE(pdf.count("/Type /Page\n"), 1);
    // At 200 %, a picture is twice as large.
    RenderOptions twice;
    twice.scale = 2;
    const auto one = renderImage(m_session->topology(), {});
    const auto two = renderImage(m_session->topology(), twice);
    QVERIFY(one.ok() && two.ok());
    QVERIFY(std::abs(two->width() - 2 * one->width()) <= 2);
}

void TestCanvasView::printsOnPages()
{
    const auto pages = [this](bool fitOnePage) {
        QBuffer buffer;
        buffer.open(QIODevice::WriteOnly);
        QPdfWriter writer(&buffer);
        writer.setPageSize(QPageSize(QPageSize::A6));
        PrintOptions options;
        options.fitOnePage = fitOnePage;
        if (!printBoard(m_session->topology(), options, &writer))
            return -1;
        return int(buffer.data().count("/Type /Page\n"));
    };
    QCOMPARE(pages(true), 1);
    PrintOptions several;
    several.fitOnePage = false;
    const QSize wanted = pagesOf(m_session->topology(), several, {2, 2});
    QVERIFY(wanted.width() > 1 && wanted.height() > 1);
    QVERIFY(pages(false) > 1);
    // More pages than anybody wants are refused, not printed.
    make("far", "ROUTER", {90'000, 90'000});
    QCOMPARE(pages(false), -1);
    QCOMPARE(pages(true), 1);
}

void TestCanvasView::rendersAPart()
{
    const auto part = partOf(m_session->topology(), {id("OLT1"), id("ONT1"), id("ONT2")});
    QCOMPARE(part->devices().size(), 3);
    QCOMPARE(part->links().size(), 2);
    QCOMPARE(part->device(part->deviceByName(QStringLiteral("OLT1")))->position, place(id("OLT1")));
    QBuffer buffer;
    buffer.open(QIODevice::WriteOnly);
    QVERIFY(renderSvg(*part, {}, &buffer).ok());
    QVERIFY(buffer.data().contains("ONT2"));
    QVERIFY(!buffer.data().contains("ONT3"));
}

void TestCanvasView::minimapShowsAndMoves()
{
    Minimap map(m_view.get());
    map.resize(200, 150);
    map.show();
    QVERIFY(QTest::qWaitForWindowExposed(&map));
    const QImage before = map.grab().toImage();
    make("far", "ROUTER", {3000, 3000});
    QTRY_VERIFY(map.grab().toImage() != before);
    QTest::mouseClick(&map, Qt::LeftButton, {}, map.toMap({3000, 3000}).toPoint());
    QVERIFY(m_view->visibleScene().contains(QPointF(3000, 3000)));
}

void TestCanvasView::randomGesturesLeaveABoardThatIsPaintedRight()
{
    // After any gestures and arrivals the picture is the one that a new view would paint.
    const quint32 seed = QRandomGenerator::global()->generate();
    qInfo("seed %u", seed);
    QRandomGenerator random(seed);
    make("pop", "POP", {520, 300});
    const auto anywhere = [&] {
        return QPoint(random.bounded(880) + 10, random.bounded(680) + 10);
    };
    const auto any = [&] {
        const QList<EntityId> ids = m_session->topology().devices().ids();
        return ids.at(random.bounded(ids.size()));
    };
    for (int i = 0; i < 150; ++i) {
        const QPoint from = random.bounded(3) == 0 ? anywhere() : at(any());
        if (m_view->viewport()->rect().adjusted(10, 10, -10, -10).contains(from)) {
            moveTo(from);
            press(from);
            for (int k = random.bounded(4); k > 0; --k) {
                moveTo(anywhere());
                if (random.bounded(4) == 0)
                    QVERIFY(m_session->arrive(
                        edits::moveDevices({{any(), m_view->toScene(anywhere())}})));
            }
            if (random.bounded(5) == 0)
                key(Qt::Key_Escape);
            release(anywhere());
            if (m_view->isBusy())
                key(Qt::Key_Escape);
        }
        if (i % 30 == 0)
            m_view->setZoom(random.bounded(5) == 0 ? 0.1 : 0.4 + random.bounded(1.0));
        QCoreApplication::processEvents();
    }
    m_view->setSelection({});
    moveTo({2, 2});
    m_view->setZoom(1);
    m_view->centreOnScene({250, 225});
    const QImage mine = grab();
    Selection selection;
    CanvasView other(m_session.get(), &selection, {});
    other.resize(m_view->size());
    other.show();
    QVERIFY(QTest::qWaitForWindowExposed(&other));
    other.setZoom(1);
    other.centreOnScene({250, 225});
    QImage fresh(other.viewport()->size(), QImage::Format_RGB32);
    QImage kept(fresh.size(), QImage::Format_RGB32);
    other.painter().paintPicture(fresh, {0, 0});
    m_view->painter().paintPicture(kept, {0, 0});
    QVERIFY2(differing(kept, fresh) < 150,
             qPrintable(QStringLiteral("%1 pixels differ").arg(differing(kept, fresh))));
    QVERIFY(!mine.isNull());
}

PATCHBOARD_TEST(TestCanvasView)
#include "tst_canvasview.moc"
