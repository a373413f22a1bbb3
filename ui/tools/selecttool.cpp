#include "ui/tools/selecttool.h"

#include "model/core/edits.h"
#include "ui/scene/boardmirror.h"
#include "ui/scene/boardpainter.h"
#include "ui/scene/canvasview.h"
#include "ui/scene/overlayitems.h"

#include <QApplication>
#include <QGraphicsScene>

#include <algorithm>

namespace patchboard::ui {

namespace {

constexpr double kGuideReach = 6.0; ///< pixels within which an alignment catches
constexpr size_t kMostShared = 200; ///< devices of a drag that others see as ghosts

/// The place within @a reach of @a at that makes equal steps with the neighbours on a line: between
/// two, or as far from one as that one is from the next. @a steps: from where to where.
std::optional<double> equalStep(std::vector<double> others, double at, double reach,
                                QList<std::pair<double, double>> &steps)
{
    std::sort(others.begin(), others.end());
    others.erase(std::unique(others.begin(), others.end()), others.end());
    const auto next = std::lower_bound(others.begin(), others.end(), at);
    const auto after = size_t(next - others.begin());
    std::optional<double> best;
    const auto offer = [&](double to, std::pair<double, double> one,
                           std::pair<double, double> two) {
        if (std::abs(to - at) >= (best ? std::abs(*best - at) : reach))
            return;
        best = to;
        steps = {one, two};
    };
    const bool hasBefore = after > 0;
    const bool hasAfter = after < others.size();
    if (hasBefore && hasAfter) {
        const double to = (others[after - 1] + others[after]) / 2;
        offer(to, {others[after - 1], to}, {to, others[after]});
    }
    if (after > 1) {
        const double to = 2 * others[after - 1] - others[after - 2];
        offer(to, {others[after - 2], others[after - 1]}, {others[after - 1], to});
    }
    if (after + 1 < others.size()) {
        const double to = 2 * others[after] - others[after + 1];
        offer(to, {to, others[after]}, {others[after], others[after + 1]});
    }
    return best;
}

} // namespace

SelectTool::SelectTool(CanvasView *view)
    : Tool(view)
    , m_band(new BandItem)
    , m_guides(new GuideItem)
{
    view->scene()->addItem(m_band);
    view->scene()->addItem(m_guides);
    themeChanged();
}

SelectTool::~SelectTool() = default;

void SelectTool::themeChanged()
{
    m_band->setColour(m_view->theme().accent);
    m_guides->setColour(m_view->theme().accent);
}

void SelectTool::press(const ToolEvent &event)
{
    if (event.button != Qt::LeftButton)
        return;
    if (const EntityId device = m_view->linkHandleAt(event.pos)) {
        m_view->beginLink(device, event.pos);
        return;
    }
    m_pressPos = event.pos;
    m_lastPos = event.pos;
    m_pressScene = event.scene;
    m_pressed = m_view->thingAt(event.pos);
    Selection *selection = m_view->selectionObject();
    m_addToSelection = event.modifiers.testFlag(Qt::ControlModifier) ||
                       event.modifiers.testFlag(Qt::ShiftModifier);
    m_wasSelected = m_pressed != 0 && selection->contains(m_pressed);
    m_before = selection->ids();

    // Inside a box, away from its bar and border, a drag is a rubber band; a click selects the box.
    const bool inBox = m_pressed != 0 && !m_view->isGrip(m_pressed, event.pos);
    if (m_pressed == 0 || (inBox && !m_wasSelected)) {
        m_state = State::PressedEmpty;
        return;
    }
    m_state = State::Pressed;
    if (m_addToSelection) {
        if (!m_wasSelected)
            selection->add({m_pressed});
    } else if (!m_wasSelected) {
        selection->set({m_pressed});
    }
}

void SelectTool::move(const ToolEvent &event)
{
    m_lastPos = event.pos;
    const double far = (event.pos - m_pressPos).manhattanLength();
    if (m_state == State::Pressed && far >= QApplication::startDragDistance())
        startDrag(event);
    if (m_state == State::PressedEmpty && far >= QApplication::startDragDistance()) {
        m_state = State::Band;
        m_band->setVisible(true);
    }
    if (m_state == State::Dragging) {
        drag(event.scene, event.pos, event.modifiers);
    } else if (m_state == State::Band) {
        const QRectF band = QRectF(m_pressScene, event.scene).normalized();
        m_band->setBand(band);
        QList<EntityId> caught = m_view->mirror().inside(band);
        if (m_addToSelection)
            caught = m_before + caught;
        m_view->selectionObject()->set(caught);
    }
}

void SelectTool::release(const ToolEvent &event)
{
    if (event.button != Qt::LeftButton)
        return;
    const State state = std::exchange(m_state, State::Idle);
    switch (state) {
    case State::Idle:
        break;
    case State::Pressed:
        if (m_addToSelection) {
            if (m_wasSelected)
                m_view->selectionObject()->remove({m_pressed});
        } else if (m_wasSelected) {
            m_view->selectionObject()->set({m_pressed});
        }
        break;
    case State::PressedEmpty:
        if (m_pressed != 0) {
            if (m_addToSelection)
                m_view->selectionObject()->toggle(m_pressed);
            else
                m_view->selectionObject()->set({m_pressed});
        } else if (!m_addToSelection) {
            m_view->selectionObject()->clear();
        }
        break;
    case State::Band:
        endBand();
        break;
    case State::Dragging:
        m_state = State::Dragging;
        drag(event.scene, event.pos, event.modifiers);
        drop();
        break;
    }
}

void SelectTool::doubleClick(const ToolEvent &event)
{
    const EntityId thing = m_view->thingAt(event.pos);
    if (thing == 0 || (m_view->topology().device(thing) && !m_view->isGrip(thing, event.pos))) {
        Q_EMIT m_view->createRequested(m_view->snapped(event.scene, event.modifiers), event.global);
        return;
    }
    if (m_view->painter().labelRect(thing).contains(event.pos * m_view->devicePixelRatioF()) ||
        m_view->topology().link(thing))
        m_view->startRename(thing);
    else
        Q_EMIT m_view->activated(thing);
}

void SelectTool::startDrag(const ToolEvent &event)
{
    const Topology &topology = m_view->topology();
    if (m_view->isReadOnly()) {
        m_state = State::Idle;
        Q_EMIT m_view->message(CanvasView::tr("This board cannot be changed from here."));
        return;
    }
    const Device *pressed = topology.device(m_pressed);
    if (!pressed) { // links follow their devices
        m_state = State::Idle;
        return;
    }
    const QList<EntityId> ids = m_view->movable(m_view->selection());
    if (ids.isEmpty() || (pressed->locked && !ids.contains(m_pressed))) {
        m_state = State::Idle;
        Q_EMIT m_view->message(
            CanvasView::tr("%1 is locked. Unlock it to move it.").arg(pressed->name));
        return;
    }
    m_dragged = QSet<EntityId>(ids.cbegin(), ids.cend());
    m_home = pressed->container;
    m_state = State::Dragging;
    m_gesture = m_view->session()->newGesture();
    BoardMirror &mirror = m_view->mirror();
    m_grabbed = mirror.devices()[mirror.deviceSlot(m_pressed)].pos;
    mirror.lift(ids);
    m_view->setHovered(0);
    drag(event.scene, event.pos, event.modifiers);
}

QPointF SelectTool::aligned(QPointF to, Qt::KeyboardModifiers modifiers)
{
    m_guides->clear();
    if (modifiers.testFlag(Qt::AltModifier))
        return to;
    const QPointF onGrid = m_view->snapped(to, modifiers);
    const BoardMirror &mirror = m_view->mirror();
    if (mirror.devices()[mirror.deviceSlot(m_pressed)].box != BoardMirror::kNone)
        return onGrid;
    // Others that it would stand in line with: only in two narrow strips of what is in view.
    const double reach = kGuideReach / m_view->zoom();
    const QRectF view = m_view->visibleScene();
    double bestX = reach;
    double bestY = reach;
    QPointF withX;
    QPointF withY;
    QPointF out = onGrid;
    constexpr int kMostLooked = 4000;
    int looked = 0;
    const auto look = [&](const QRectF &strip, bool vertical) {
        mirror.visitDevices(strip, [&](quint32 slot) {
            const auto &d = mirror.devices()[slot];
            if (d.is(BoardMirror::Lifted) || d.box != BoardMirror::kNone || ++looked > kMostLooked)
                return;
            const double off = std::abs(vertical ? d.pos.x() - to.x() : d.pos.y() - to.y());
            double &best = vertical ? bestX : bestY;
            QPointF &with = vertical ? withX : withY;
            const auto gap = [&](QPointF p) {
                return vertical ? std::abs(p.y() - to.y()) : std::abs(p.x() - to.x());
            };
            if (off < best || (off == best && off < reach && gap(d.pos) < gap(with))) {
                best = off;
                with = d.pos;
            }
        });
    };
    look(QRectF(to.x() - reach, view.top(), 2 * reach, view.height()), true);
    look(QRectF(view.left(), to.y() - reach, view.width(), 2 * reach), false);
    if (bestX < reach)
        out.setX(withX.x());
    if (bestY < reach)
        out.setY(withY.y());
    // Equal steps with the neighbours in the same row or column, unless an alignment is nearer.
    for (const bool across : {true, false}) {
        constexpr double kSameLine = 0.5;
        const auto along = [across](QPointF p) { return across ? p.x() : p.y(); };
        std::vector<double> line;
        const QRectF strip =
            across ? QRectF(view.left(), out.y() - kSameLine, view.width(), 2 * kSameLine)
                   : QRectF(out.x() - kSameLine, view.top(), 2 * kSameLine, view.height());
        mirror.visitDevices(strip, [&](quint32 slot) {
            const auto &d = mirror.devices()[slot];
            if (!d.is(BoardMirror::Lifted) && d.box == BoardMirror::kNone &&
                line.size() < size_t(kMostLooked))
                line.push_back(along(d.pos));
        });
        double &best = across ? bestX : bestY;
        QList<std::pair<double, double>> steps;
        const auto place =
            equalStep(std::move(line), along(to), std::min(reach, best + 1e-6), steps);
        if (!place || (!m_guides->steps().isEmpty() && *place != along(out)))
            continue; // it must not leave the row that was just found
        if (*place != along(across ? withX : withY))
            best = reach; // no longer in line with that one
        across ? out.setX(*place) : out.setY(*place);
        QList<QLineF> lines;
        for (const auto &[from, till] : std::as_const(steps))
            lines.append(across ? QLineF(from, out.y(), till, out.y())
                                : QLineF(out.x(), from, out.x(), till));
        m_guides->addSteps(lines);
    }
    if (bestX < reach)
        m_guides->setVertical(out.x(), withX.y());
    if (bestY < reach)
        m_guides->setHorizontal(out.y(), withY.x());
    m_guides->setMoved(out);
    return out;
}

void SelectTool::drag(QPointF scene, QPointF pos, Qt::KeyboardModifiers modifiers)
{
    BoardMirror &mirror = m_view->mirror();
    if (mirror.deviceSlot(m_pressed) == BoardMirror::kNone)
        return;
    const QPointF to = aligned(m_grabbed + (scene - m_pressScene), modifiers);
    BoardMirror::Dirty dirty;
    mirror.shiftLifted(to - m_grabbed, dirty);
    m_view->repaintNow(dirty);

    // Ctrl keeps it where it belongs, however far it is dragged.
    const EntityId target =
        modifiers.testFlag(Qt::ControlModifier) ? m_home : m_view->containerAt(pos, m_dragged);
    m_view->setDropTarget(target == m_home ? 0 : target);
    m_view->setLeaving(target == 0 && m_home != 0 ? m_home : 0);

    QList<std::pair<EntityId, QPointF>> places;
    for (const quint32 slot : mirror.liftedDevices()) {
        if (size_t(places.size()) == kMostShared)
            break;
        places.append({mirror.devices()[slot].id, mirror.devices()[slot].pos});
    }
    m_view->session()->setDrag(m_gesture, places);
}

void SelectTool::drop()
{
    BoardMirror &mirror = m_view->mirror();
    const Topology &topology = m_view->topology();
    const EntityId target = m_view->dropTarget() != 0 ? m_view->dropTarget()
                            : m_view->leaving() != 0  ? 0
                                                      : m_home;
    QList<Edit> edits;
    QSet<EntityId> left;
    int moved = 0;
    for (const quint32 slot : mirror.liftedDevices()) {
        const auto &d = mirror.devices()[slot];
        const Device *device = topology.device(d.id);
        if (!device)
            continue;
        SetFields set{d.id, {}};
        if (device->position != d.pos)
            set.fields.append({Field::Position, d.pos, std::nullopt});
        if (target != m_home && device->container != target &&
            !m_dragged.contains(device->container)) {
            set.fields.append(
                {Field::Container, target == 0 ? Value() : Value(qint64(target)), std::nullopt});
            if (device->container != 0)
                left.insert(device->container);
        }
        if (!set.fields.isEmpty()) {
            edits.append(std::move(set));
            ++moved;
        }
    }
    // A box that is left empty stays where it was seen.
    for (const EntityId container : std::as_const(left)) {
        const auto children = topology.childrenOf(container);
        const bool empty = std::all_of(children.begin(), children.end(),
                                       [&](EntityId child) { return m_dragged.contains(child); });
        const quint32 slot = mirror.deviceSlot(container);
        if (empty && slot != BoardMirror::kNone && !m_dragged.contains(container))
            edits.append(
                edits::setField(container, Field::Position,
                                m_view->snapped(mirror.anchor(mirror.devices()[slot]), {})));
    }
    const quint64 gesture = m_gesture;
    m_state = State::Idle;
    hideGuides();
    m_view->setDropTarget(0);
    m_view->setLeaving(0);
    if (!edits.isEmpty()) {
        QString label = CanvasView::tr("Move %n device(s)", nullptr, moved);
        if (target != m_home) {
            const Device *container = topology.device(target == 0 ? m_home : target);
            const QString name = container ? container->name : QString();
            label = target == 0
                        ? CanvasView::tr("Take %n device(s) out of %1", nullptr, moved).arg(name)
                        : CanvasView::tr("Put %n device(s) into %1", nullptr, moved).arg(name);
        }
        // The change arrives while the devices are still held, so nothing jumps back and forth.
        (void)m_view->submit(edits, label, gesture);
    }
    BoardMirror::Dirty dirty;
    mirror.letGo(dirty);
    m_view->repaintNow(dirty);
    m_view->session()->endDrag();
    m_dragged.clear();
    m_gesture = 0;
}

void SelectTool::cancel()
{
    const State state = std::exchange(m_state, State::Idle);
    if (state == State::Band) {
        endBand();
        m_view->selectionObject()->set(m_before);
    } else if (state == State::Dragging) {
        hideGuides();
        m_view->setDropTarget(0);
        m_view->setLeaving(0);
        BoardMirror::Dirty dirty;
        m_view->mirror().letGo(dirty);
        m_view->repaintNow(dirty);
        m_view->session()->endDrag();
        m_dragged.clear();
        m_gesture = 0;
    }
}

void SelectTool::modifiersChanged(Qt::KeyboardModifiers modifiers)
{
    if (m_state == State::Dragging)
        drag(m_view->toScene(m_lastPos), m_lastPos, modifiers);
}

void SelectTool::boardChanged(const Delta &)
{
    if (m_state == State::Pressed || m_state == State::PressedEmpty) {
        if (m_pressed != 0 && !m_view->topology().contains(m_pressed))
            m_state = State::Idle;
    }
    // What I hold has been removed by somebody.
    if (m_state == State::Dragging && !m_view->topology().contains(m_pressed))
        cancel();
}

void SelectTool::endBand()
{
    m_band->setVisible(false);
}

void SelectTool::hideGuides()
{
    m_guides->clear();
}

} // namespace patchboard::ui
