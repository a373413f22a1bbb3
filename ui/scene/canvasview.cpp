#include "ui/scene/canvasview.h"

#include "model/core/edits.h"
#include "model/topologymodel.h"
#include "ui/scene/boardpainter.h"
#include "ui/scene/presencelayer.h"
#include "ui/tools/linktool.h"
#include "ui/tools/pantool.h"
#include "ui/tools/placetool.h"
#include "ui/tools/selecttool.h"

#include <QContextMenuEvent>
#include <QDateTime>
#include <QDropEvent>
#include <QGraphicsScene>
#include <QHelpEvent>
#include <QKeyEvent>
#include <QLineEdit>
#include <QLocale>
#include <QMimeData>
#include <QMouseEvent>
#include <QPaintEngine>
#include <QPainter>
#include <QPainterPath>
#include <QScrollBar>
#include <QToolTip>
#include <QWheelEvent>

#include <algorithm>
#include <cmath>
#include <limits>

namespace patchboard::ui {

namespace {

constexpr double kMostZoom = 8.0;
constexpr double kLeastZoom = 0.05;
constexpr double kZoomStep = 1.25;
constexpr double kSceneStep = 4096.0;
constexpr double kMostScrollPixels = 1.0e9; ///< scroll bars count in int
constexpr int kFrameMs = 12;
constexpr double kFollowMs = 90; ///< in which a view that follows goes two thirds of its way
constexpr int kEdge = 22;        ///< pixels from the border where a drag scrolls
constexpr double kDeviceReach = 7.0;
constexpr double kLinkReach = 5.0;
constexpr double kHandleOut = 11.0; ///< pixels from the icon to the middle of a link handle
constexpr double kHandleRadius = 5.0;
constexpr qsizetype kMostSharedSelection = 500;
constexpr qsizetype kMostPieces = 200; ///< beyond, the overview is painted anew as a whole
constexpr qint64 kNudgeMs = 1000;      ///< arrow keys within it are one step of undo

QString canvasEscape(const QString &text)
{
    return text.toHtmlEscaped();
}

} // namespace

CanvasView::CanvasView(Session *session, Selection *selection, EditSink sink, QWidget *parent)
    : QGraphicsView(parent)
    , m_session(session)
    , m_selection(selection)
    , m_sink(std::move(sink))
    , m_scene(std::make_unique<QGraphicsScene>())
    , m_mirror(std::make_unique<BoardMirror>(session->topology()))
    , m_painter(std::make_unique<BoardPainter>(*m_mirror))
{
    m_scene->setItemIndexMethod(QGraphicsScene::NoIndex);
    setScene(m_scene.get());
    m_presence = std::make_unique<PresenceLayer>(m_scene.get(), m_mirror.get());
    m_selectTool = std::make_unique<SelectTool>(this);
    m_panTool = std::make_unique<PanTool>(this);
    m_linkTool = std::make_unique<LinkTool>(this);
    m_placeTool = std::make_unique<PlaceTool>(this);
    m_tool = m_selectTool.get();

    setViewportUpdateMode(MinimalViewportUpdate);
    setTransformationAnchor(NoAnchor);
    setResizeAnchor(NoAnchor);
    setAlignment(Qt::AlignLeft | Qt::AlignTop);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setFrameShape(NoFrame);
    setOptimizationFlags(DontSavePainterState | DontAdjustForAntialiasing);
    setInteractive(false);
    setAcceptDrops(true);
    setFocusPolicy(Qt::StrongFocus);
    viewport()->setMouseTracking(true);
    viewport()->setAutoFillBackground(false);
    viewport()->setAttribute(Qt::WA_OpaquePaintEvent);
    setAccessibleName(tr("Canvas"));
    setAccessibleDescription(tr("The board as a picture. Arrow keys move what is selected; with "
                                "Ctrl they select the next device, with Ctrl+Shift one more."));

    TopologyModel *model = session->model();
    connect(model, &TopologyModel::changed, this, &CanvasView::onChanged);
    connect(model, &TopologyModel::topologyWasReset, this, &CanvasView::onReset);
    connect(session, &Session::peopleChanged, this, &CanvasView::onPeopleChanged);
    connect(session, &Session::statusChanged, viewport(), [this] {
        if (m_mirror->deviceCount() == 0)
            viewport()->update();
    });
    connect(selection, &Selection::changed, this, &CanvasView::onSelectionChanged);
    connect(this, &CanvasView::viewMoved, this, [this] {
        // Of several windows of one person, the one at hand counts.
        if (m_followed == 0 || isActiveWindow())
            showView();
    });

    m_mirror->load();
    for (const EntityId id : selection->ids())
        m_mirror->setFlag(id, BoardMirror::Selected, true);
    m_sinceFlush.start();
    growSceneRect();
    updateCamera();
    updateCursor();
}

CanvasView::~CanvasView()
{
    // The session outlives this view; nobody shall go on seeing a drag or pointer from here.
    disconnect(m_selection, nullptr, this, nullptr);
    cancel();
    if (m_followed != 0)
        m_session->setFollowing(0);
    delete m_editor;
}

// What arrives

void CanvasView::onChanged(const Delta &delta)
{
    m_mirror->apply(delta, m_dirty);
    QList<EntityId> gone;
    for (const Delta::Removed &removed : delta.removed) {
        if (m_selection->contains(removed.id))
            gone.append(removed.id);
        if (removed.id == m_hovered)
            m_hovered = 0;
    }
    m_painter->setHovered(m_hovered);
    for (const Delta::Changed &changed : delta.changed) {
        // Made anew: its picture knows nothing of the selection.
        if (m_selection->contains(changed.id))
            m_mirror->setFlag(changed.id, BoardMirror::Selected, true);
    }
    current()->boardChanged(delta);
    if (!gone.isEmpty())
        m_selection->remove(gone);
    if (m_renamed != 0 && !topology().contains(m_renamed)) {
        const EntityId id = std::exchange(m_renamed, 0);
        const QString text = m_editor ? m_editor->text() : QString();
        if (m_editor)
            m_editor->deleteLater();
        m_editor.clear();
        m_painter->setEdited(0);
        Q_EMIT renameOrphaned(id, text);
    }
    if (m_editor)
        placeEditor();
    growSceneRect();
    if (!m_flushTimer.isActive()) {
        const qint64 passed = m_sinceFlush.elapsed();
        m_flushTimer.start(passed >= kFrameMs ? 0 : int(kFrameMs - passed), Qt::PreciseTimer, this);
    }
}

void CanvasView::flushDirty()
{
    m_flushTimer.stop();
    m_sinceFlush.restart();
    if (m_dirty.isEmpty())
        return;
    const BoardMirror::Dirty dirty = std::exchange(m_dirty, {});
    repaintNow(dirty);
}

void CanvasView::repaintNow(const BoardMirror::Dirty &dirty)
{
    if (dirty.isEmpty())
        return;
    if (m_mirror->deviceCount() <= 1)
        viewport()->update(); // the hint of an empty board comes or goes
    update(m_painter->dirtyRegion(dirty, deviceViewport()));
    QRectF area;
    if (!dirty.everything) {
        for (const auto &[slot, pos] : dirty.devices)
            area |= QRectF(pos.x() - 30, pos.y() - 30, 60, 60);
        for (const auto &[slot, shape] : dirty.links)
            area |= shape.bounds().adjusted(-1, -1, 1, 1);
        for (const QRectF &rect : dirty.areas)
            area |= rect;
    }
    Q_EMIT boardChanged(area);
}

void CanvasView::onReset()
{
    cancel();
    if (m_renamed != 0)
        finishRename(false);
    const bool first = m_mirror->deviceCount() == 0;
    m_hovered = 0;
    m_painter->setHovered(0);
    m_dirty = {};
    m_mirror->load();
    m_painter->forgetLabels();
    QList<EntityId> left;
    for (const EntityId id : m_selection->ids()) {
        if (topology().contains(id)) {
            left.append(id);
            m_mirror->setFlag(id, BoardMirror::Selected, true);
        }
    }
    m_selection->set(left);
    growSceneRect();
    if (first)
        fitAll();
    viewport()->update();
    Q_EMIT boardChanged({});
}

void CanvasView::onSelectionChanged(const QList<EntityId> &added, const QList<EntityId> &removed)
{
    for (const EntityId id : added)
        m_mirror->setFlag(id, BoardMirror::Selected, true);
    for (const EntityId id : removed)
        m_mirror->setFlag(id, BoardMirror::Selected, false);
    m_nudgeGesture = 0;
    const QList<EntityId> touched = added + removed;
    update(m_painter->regionOf(touched, deviceViewport()));
    Q_EMIT boardChanged(touched.size() <= kMostPieces ? areaOf(touched) : QRectF());
    m_session->setSelection(m_selection->ids().mid(0, kMostSharedSelection));
    Q_EMIT selectionChanged();
}

void CanvasView::onPeopleChanged()
{
    const QList<Person> people = m_session->people();
    m_presence->show(people);
    if (m_presence->selected() != m_painter->others()) {
        const QList<EntityId> before = m_painter->others().keys();
        m_painter->setOthers(m_presence->selected());
        update(m_painter->regionOf(before + m_presence->selected().keys(), deviceViewport()));
    }
    if (m_followed == 0)
        return;
    if (std::none_of(people.cbegin(), people.cend(),
                     [this](const Person &person) { return person.id == m_followed; })) {
        followPerson(0);
        return;
    }
    const QRectF target = followTarget(people);
    if (target == m_followTarget)
        return;
    m_followTarget = target;
    if (target.isNull()) {
        m_followTimer.stop();
    } else if (!m_followTimer.isActive()) {
        m_followCentre = visibleScene().center();
        m_sinceFollow.start();
        m_followTimer.start(kFrameMs, Qt::PreciseTimer, this);
    }
}

QRectF CanvasView::followTarget(const QList<Person> &people) const
{
    const auto find = [&people](quint64 id) -> const Person * {
        for (const Person &person : people) {
            if (person.id == id)
                return &person;
        }
        return nullptr;
    };
    // Who follows in a ring would chase each other; they stay where they are.
    const Person *followed = find(m_followed);
    const Person *next = followed;
    for (qsizetype steps = 0; next && steps < people.size(); ++steps) {
        if (next->self)
            return {};
        next = next->following == 0 ? nullptr : find(next->following);
    }
    if (next || !followed)
        return {};
    if (followed->view)
        return *followed->view;
    // One who does not say what they see: their pointer stays in view.
    const QRectF view = visibleScene();
    const QRectF calm = view.adjusted(view.width() * 0.2, view.height() * 0.2, -view.width() * 0.2,
                                      -view.height() * 0.2);
    if (!followed->pointer || calm.contains(*followed->pointer))
        return {};
    return view.translated(*followed->pointer - view.center());
}

/// Part of the way, so that one sees where it goes.
void CanvasView::followStep()
{
    const double part = 1.0 - std::exp(-double(m_sinceFollow.restart()) / kFollowMs);
    if (isBusy() || m_editor)
        return;
    const QSizeF size(viewport()->size());
    const double zoom = clampedZoom(
        std::min(size.width() / m_followTarget.width(), size.height() / m_followTarget.height()));
    double nextZoom = m_zoom * std::pow(zoom / m_zoom, part);
    m_followCentre += (m_followTarget.center() - m_followCentre) * part;
    const QPointF left = (m_followTarget.center() - m_followCentre) * zoom;
    if (std::abs(std::log(zoom / nextZoom)) < 0.002 && std::hypot(left.x(), left.y()) < 0.5) {
        nextZoom = zoom;
        m_followCentre = m_followTarget.center();
        m_followTimer.stop();
    }
    const bool zooms = nextZoom != m_zoom;
    applyView(nextZoom, m_followCentre - QPointF(size.width(), size.height()) / (2 * nextZoom));
    if (zooms)
        Q_EMIT zoomChanged(m_zoom);
}

void CanvasView::showView()
{
    if (!visibleScene().isEmpty())
        m_session->setView(visibleScene());
}

// Painting

QRect CanvasView::deviceViewport() const
{
    const double ratio = devicePixelRatioF();
    return {0, 0, int(std::ceil(viewport()->width() * ratio)),
            int(std::ceil(viewport()->height() * ratio))};
}

void CanvasView::update(const QRegion &devicePixels)
{
    if (devicePixels.isEmpty())
        return;
    const double ratio = devicePixelRatioF();
    if (ratio == 1.0) {
        viewport()->update(devicePixels);
        return;
    }
    QRegion region;
    for (const QRect &rect : devicePixels)
        region +=
            QRectF(QPointF(rect.topLeft()) / ratio, QSizeF(rect.size()) / ratio).toAlignedRect();
    viewport()->update(region);
}

void CanvasView::touch(EntityId id)
{
    if (id != 0)
        update(m_painter->regionOf({id}, deviceViewport()));
}

void CanvasView::paintEvent(QPaintEvent *event)
{
    m_exposed = event->region();
    // One rectangle is cheaper than many that nearly fill it.
    const QRect bounds = m_exposed.boundingRect();
    qint64 covered = 0;
    for (const QRect &rect : m_exposed)
        covered += qint64(rect.width()) * rect.height();
    m_exact = devicePixelRatioF() == std::floor(devicePixelRatioF());
    if (m_exposed.rectCount() > 1 && covered * 10 > qint64(bounds.width()) * bounds.height() * 6) {
        m_exposed = bounds;
        m_exact = false;
    }
    updateCamera();
    m_painter->beginFrame();
    QGraphicsView::paintEvent(event);
    m_missing = m_painter->missing();
    if (!m_missing.isEmpty() && !m_labelTimer.isActive())
        m_labelTimer.start(0, this);
}

void CanvasView::drawBackground(QPainter *painter, const QRectF &)
{
    const double ratio = devicePixelRatioF();
    painter->save();
    painter->resetTransform();
    // The window's own pixels, where they can be had: that saves putting the picture there after
    // it is done. Only if what is painted is what is due: labels around it stay.
    QImage *window = nullptr;
    QPoint offset;
    if (m_exact && painter->paintEngine()->paintDevice()->devType() == QInternal::Image) {
        auto *image = static_cast<QImage *>(painter->paintEngine()->paintDevice());
        const QPointF at = painter->deviceTransform().map(QPointF(0, 0));
        offset = at.toPoint();
        if ((image->format() == QImage::Format_RGB32 ||
             image->format() == QImage::Format_ARGB32_Premultiplied) &&
            QPointF(offset) == at)
            window = image;
    }
    for (const QRect &rect : std::as_const(m_exposed)) {
        const QPoint corner(int(std::floor(rect.left() * ratio)),
                            int(std::floor(rect.top() * ratio)));
        const QSize size(int(std::ceil((rect.left() + rect.width()) * ratio)) - corner.x(),
                         int(std::ceil((rect.top() + rect.height()) * ratio)) - corner.y());
        const QRect there(corner + offset, size);
        if (window && window->rect().contains(there)) {
            QImage part(window->bits() + qptrdiff(there.top()) * window->bytesPerLine() +
                            qptrdiff(there.left()) * qptrdiff(sizeof(QRgb)),
                        size.width(), size.height(), window->bytesPerLine(), QImage::Format_RGB32);
            m_painter->paintPicture(part, corner);
            continue;
        }
        if (m_canvas.width() < size.width() || m_canvas.height() < size.height())
            m_canvas = QImage(size.expandedTo(m_canvas.size()), QImage::Format_RGB32);
        QImage part(m_canvas.bits(), size.width(), size.height(), m_canvas.bytesPerLine(),
                    QImage::Format_RGB32);
        m_painter->paintPicture(part, corner);
        part.setDevicePixelRatio(ratio);
        painter->drawImage(QPointF(corner) / ratio, part);
    }
    // Below the items: nobody's name or hint disappears behind the name of a device.
    if (ratio == 1.0) {
        m_painter->paintLabels(painter, m_exposed);
    } else {
        QRegion region;
        for (const QRect &rect : std::as_const(m_exposed))
            region += QRectF(QPointF(rect.topLeft()) * ratio, QSizeF(rect.size()) * ratio)
                          .toAlignedRect();
        painter->scale(1 / ratio, 1 / ratio);
        m_painter->paintLabels(painter, region);
    }
    painter->restore();
}

std::array<QPointF, 3> CanvasView::handlesOf(const BoardMirror::DeviceShape &device) const
{
    const QPointF at = fromScene(device.pos);
    const double out = std::max(m_painter->iconReach() / devicePixelRatioF(), 8.0) + kHandleOut;
    return {at + QPointF(out, 0), at - QPointF(out, 0), at - QPointF(0, out)};
}

void CanvasView::drawForeground(QPainter *painter, const QRectF &)
{
    const double ratio = devicePixelRatioF();
    painter->save();
    painter->resetTransform();
    const quint32 slot = m_mirror->deviceSlot(m_hovered);
    if (slot != BoardMirror::kNone && m_mirror->devices()[slot].box == BoardMirror::kNone &&
        current() == m_selectTool.get() && !m_selectTool->isBusy() && !isReadOnly() &&
        m_painter->showsIcons()) {
        painter->setRenderHint(QPainter::Antialiasing);
        for (const QPointF &at : handlesOf(m_mirror->devices()[slot])) {
            painter->setPen(QPen(theme().accent, 1.5));
            painter->setBrush(theme().background);
            painter->drawEllipse(at, kHandleRadius, kHandleRadius);
            painter->drawLine(at - QPointF(2.4, 0), at + QPointF(2.4, 0));
            painter->drawLine(at - QPointF(0, 2.4), at + QPointF(0, 2.4));
        }
    }
    if (m_leaving != 0) {
        const quint32 home = m_mirror->deviceSlot(m_leaving);
        if (home != BoardMirror::kNone) {
            const QRectF rect = m_painter->toPixels(m_mirror->rectOf(m_mirror->devices()[home]));
            painter->setBrush(Qt::NoBrush);
            painter->setPen(QPen(theme().advice, 2, Qt::DashLine));
            painter->drawRect(QRectF(rect.topLeft() / ratio, rect.size() / ratio));
        }
    }
    if (m_mirror->deviceCount() == 0)
        paintHint(painter);
    painter->restore();
}

void CanvasView::paintHint(QPainter *painter) const
{
    const bool ready = m_session->status().ready;
    const QString title = ready ? tr("This board is empty") : tr("Waiting for the board …");
    const QString text = !ready         ? m_session->status().detail
                         : isReadOnly() ? QString()
                                        : tr("Drag a device from the palette, double-click here,\n"
                                             "or import a network from the File menu.");
    const QRect room = viewport()->rect();
    const QPointF middle = QRectF(room).center();
    painter->setRenderHint(QPainter::Antialiasing);
    // Two devices and a link, as an outline.
    painter->setPen(QPen(theme().boxEdge, 2, Qt::DashLine));
    painter->setBrush(Qt::NoBrush);
    const QPointF icon = middle - QPointF(0, 70);
    painter->drawRoundedRect(QRectF(icon.x() - 78, icon.y() - 22, 44, 44), 10, 10);
    painter->drawRoundedRect(QRectF(icon.x() + 34, icon.y() - 22, 44, 44), 10, 10);
    painter->drawLine(icon - QPointF(34, 0), icon + QPointF(34, 0));
    QFont large = font();
    large.setPixelSize(20);
    large.setWeight(QFont::DemiBold);
    painter->setFont(large);
    painter->setPen(theme().text);
    painter->drawText(QRectF(0, middle.y() - 24, room.width(), 30), Qt::AlignCenter, title);
    QFont small = font();
    small.setPixelSize(14);
    painter->setFont(small);
    painter->setPen(theme().faint);
    constexpr double kSide = 24;
    painter->drawText(QRectF(kSide, middle.y() + 14, room.width() - 2 * kSide, room.height() / 2.0),
                      int(Qt::AlignHCenter) | int(Qt::AlignTop) | int(Qt::TextWordWrap), text);
}

void CanvasView::setTheme(const CanvasTheme &theme)
{
    m_painter->setTheme(theme);
    for (Tool *tool : std::initializer_list<Tool *>{m_selectTool.get(), m_panTool.get(),
                                                    m_linkTool.get(), m_placeTool.get()})
        tool->themeChanged();
    viewport()->update();
    Q_EMIT boardChanged({});
}

const CanvasTheme &CanvasView::theme() const
{
    return m_painter->theme();
}

void CanvasView::renderTo(QPainter *painter, const QRectF &target, const QRectF &area) const
{
    const QRectF source = area.isEmpty() ? boardRect().adjusted(-40, -40, 40, 40) : area;
    if (source.isEmpty() || target.isEmpty())
        return;
    const double scale =
        std::min(target.width() / source.width(), target.height() / source.height());
    painter->save();
    painter->setClipRect(target);
    painter->translate(target.center());
    painter->scale(scale, scale);
    painter->translate(-source.center());
    m_painter->paintVector(painter, source);
    painter->restore();
}

QRectF CanvasView::boardRect() const
{
    return m_mirror->bounds();
}

// View

QPointF CanvasView::toScene(QPointF viewportPixels) const
{
    return (viewportPixels + m_corner) / m_zoom;
}

QPointF CanvasView::fromScene(QPointF scene) const
{
    return scene * m_zoom - m_corner;
}

QRectF CanvasView::visibleScene() const
{
    return {toScene({0, 0}), QSizeF(viewport()->size()) / m_zoom};
}

void CanvasView::updateCamera()
{
    const QTransform transform = viewportTransform();
    const double ratio = devicePixelRatioF();
    m_corner = {-transform.dx(), -transform.dy()};
    m_painter->setCamera(m_zoom * ratio, m_corner * ratio, ratio);
}

void CanvasView::growSceneRect(const QRectF &wanted)
{
    // Room all around, so that anything can be put into the middle of the view. It grows in steps
    // and never shrinks, so it changes seldom.
    const double room = std::max(
        {kSceneStep / 2, viewport()->width() / m_zoom * 1.5, viewport()->height() / m_zoom * 1.5});
    const QRectF need = m_mirror->extent().adjusted(-room, -room, room, room) | wanted;
    const QRectF now = sceneRect();
    if (now.contains(need))
        return;
    const double step = std::max(kSceneStep, room / 2);
    const double left = std::floor(std::min(now.left(), need.left()) / step) * step;
    const double top = std::floor(std::min(now.top(), need.top()) / step) * step;
    const double right = std::ceil(std::max(now.right(), need.right()) / step) * step;
    const double bottom = std::ceil(std::max(now.bottom(), need.bottom()) / step) * step;
    setSceneRect(QRectF(QPointF(left, top), QPointF(right, bottom)));
}

void CanvasView::applyView(double zoom, QPointF corner)
{
    m_movingView = true;
    setViewportUpdateMode(FullViewportUpdate); // nothing to be gained by shifting pixels
    if (zoom != m_zoom) {
        m_zoom = zoom;
        setTransform(QTransform::fromScale(zoom, zoom));
    }
    growSceneRect(QRectF(corner, QSizeF(viewport()->size()) / zoom));
    horizontalScrollBar()->setValue(int(std::lround(corner.x() * zoom)));
    verticalScrollBar()->setValue(int(std::lround(corner.y() * zoom)));
    setViewportUpdateMode(MinimalViewportUpdate);
    m_movingView = false;
    updateCamera();
    if (m_editor)
        placeEditor();
    viewport()->update();
    Q_EMIT viewMoved();
}

void CanvasView::scrollContentsBy(int dx, int dy)
{
    QGraphicsView::scrollContentsBy(dx, dy);
    updateCamera();
    m_missing.translate(dx, dy);
    if (!m_movingView) {
        if (m_editor)
            placeEditor();
        Q_EMIT viewMoved();
    }
}

void CanvasView::scrollByHand(QPoint by)
{
    followPerson(0);
    m_movingView = true;
    growSceneRect();
    horizontalScrollBar()->setValue(horizontalScrollBar()->value() + by.x());
    verticalScrollBar()->setValue(verticalScrollBar()->value() + by.y());
    m_movingView = false;
    if (m_editor)
        placeEditor();
    Q_EMIT viewMoved();
}

void CanvasView::resizeEvent(QResizeEvent *event)
{
    QGraphicsView::resizeEvent(event);
    growSceneRect();
    updateCamera();
    keepPlace();
    if (!m_fitted && viewport()->width() > 50 && viewport()->height() > 50) {
        m_fitted = true;
        fitAll();
    }
    if (m_followed != 0) {
        m_followTarget = {};
        onPeopleChanged();
    }
    Q_EMIT viewMoved();
}

/// A bar above the canvas, or a dock beside it, comes and goes: what is on the board stays where it
/// is on the screen, under the pointer above all.
void CanvasView::keepPlace()
{
    const QPoint place = viewport()->mapTo(window(), QPoint());
    const QPoint by = place - std::exchange(m_place, place);
    if (!m_fitted || !isVisible() || by.isNull() || m_followed != 0)
        return;
    applyView(m_zoom, (m_corner + QPointF(by)) / m_zoom);
}

void CanvasView::setZoom(double zoom)
{
    zoomAt(zoom, QRectF(viewport()->rect()).center());
}

double CanvasView::clampedZoom(double zoom) const
{
    const QRectF &extent = m_mirror->extent();
    const double reach = std::max({std::abs(extent.left()), std::abs(extent.right()),
                                   std::abs(extent.top()), std::abs(extent.bottom()), 1.0});
    const double most = std::min(kMostZoom, kMostScrollPixels / reach);
    const double fit = std::min(viewport()->width() / std::max(extent.width(), 1.0),
                                viewport()->height() / std::max(extent.height(), 1.0));
    return std::clamp(zoom, std::min({kLeastZoom, fit * 0.5, most}), most);
}

void CanvasView::zoomAt(double zoom, QPointF anchor)
{
    zoom = clampedZoom(zoom);
    if (zoom == m_zoom)
        return;
    followPerson(0);
    applyView(zoom, toScene(anchor) - anchor / zoom);
    Q_EMIT zoomChanged(m_zoom);
}

void CanvasView::zoomIn()
{
    setZoom(m_zoom * kZoomStep);
}

void CanvasView::zoomOut()
{
    setZoom(m_zoom / kZoomStep);
}

void CanvasView::fitRect(const QRectF &scene, double mostZoom)
{
    constexpr double kMargin = 48;
    const double width = std::max(40.0, viewport()->width() - 2 * kMargin);
    const double height = std::max(40.0, viewport()->height() - 2 * kMargin);
    const double zoom = std::min(
        {mostZoom, width / std::max(scene.width(), 1.0), height / std::max(scene.height(), 1.0)});
    const QPointF half(viewport()->width() / 2.0, viewport()->height() / 2.0);
    const bool changed = zoom != m_zoom;
    followPerson(0);
    applyView(zoom, scene.center() - half / zoom);
    if (changed)
        Q_EMIT zoomChanged(m_zoom);
}

void CanvasView::fitAll()
{
    const QRectF all = boardRect();
    fitRect(all.isNull() ? QRectF(-1, -1, 2, 2) : all, all.isNull() ? 1.0 : 1.5);
}

QRectF CanvasView::areaOf(const QList<EntityId> &ids) const
{
    QRectF area;
    for (const EntityId id : ids) {
        QRectF rect;
        if (const quint32 slot = m_mirror->deviceSlot(id); slot != BoardMirror::kNone)
            rect = m_mirror->rectOf(m_mirror->devices()[slot]);
        else if (const quint32 link = m_mirror->linkSlot(id); link != BoardMirror::kNone)
            rect = m_mirror->shapeOf(m_mirror->links()[link]).bounds().adjusted(-24, -24, 24, 24);
        else
            continue;
        area = area.isNull() ? rect : area | rect;
    }
    return area;
}

void CanvasView::zoomTo(const QList<EntityId> &ids)
{
    const QRectF area = areaOf(ids);
    if (!area.isNull())
        fitRect(area, 1.5);
}

void CanvasView::centreOn(EntityId id)
{
    QRectF rect;
    if (const quint32 slot = m_mirror->deviceSlot(id); slot != BoardMirror::kNone)
        rect = m_mirror->rectOf(m_mirror->devices()[slot]);
    else if (const quint32 link = m_mirror->linkSlot(id); link != BoardMirror::kNone)
        rect = QRectF(m_mirror->shapeOf(m_mirror->links()[link]).bounds().center(), QSizeF(1, 1));
    else
        return;
    if (!visibleScene().contains(rect))
        centreOnScene(rect.center());
}

void CanvasView::reveal(EntityId id)
{
    if (m_painter->showsNames()) {
        centreOn(id);
        return;
    }
    const QRectF area = areaOf({id});
    if (!area.isNull())
        fitRect(area, 1.0);
}

void CanvasView::centreOnScene(QPointF scene)
{
    followPerson(0);
    const QPointF half(viewport()->width() / 2.0, viewport()->height() / 2.0);
    applyView(m_zoom, scene - half / m_zoom);
}

// Selection

void CanvasView::selectAll()
{
    m_selection->set(topology().devices().ids() + topology().links().ids());
}

void CanvasView::selectNeighbours()
{
    QList<EntityId> found;
    for (const EntityId id : m_selection->ids()) {
        const quint32 slot = m_mirror->deviceSlot(id);
        if (slot == BoardMirror::kNone)
            continue;
        m_mirror->visitEnds(slot, [&](quint32 link, int end) {
            found.append(m_mirror->devices()[m_mirror->links()[link].end[1 - end]].id);
        });
    }
    m_selection->add(found);
}

void CanvasView::highlight(const QList<EntityId> &ids, EntityId currentId)
{
    const QList<EntityId> before = m_found;
    for (const EntityId id : before)
        m_mirror->setFlag(id, BoardMirror::Found, false);
    m_found = ids;
    for (const EntityId id : ids)
        m_mirror->setFlag(id, BoardMirror::Found, true);
    touch(m_current);
    m_current = currentId;
    m_painter->setCurrent(currentId);
    update(m_painter->regionOf(before + ids, deviceViewport()));
    touch(m_current);
}

void CanvasView::followPerson(quint64 personId)
{
    if (personId == m_followed)
        return;
    m_followed = personId;
    m_followTarget = {};
    m_followTimer.stop();
    m_session->setFollowing(personId);
    onPeopleChanged();
    Q_EMIT followingChanged();
}

// What is where

EntityId CanvasView::deviceAt(QPointF pos) const
{
    const double reach = m_painter->showsIcons()
                             ? std::max(kDeviceReach, m_painter->iconReach() / devicePixelRatioF())
                             : kDeviceReach;
    const quint32 slot = m_mirror->deviceAt(toScene(pos), reach / m_zoom);
    return slot == BoardMirror::kNone ? 0 : m_mirror->devices()[slot].id;
}

EntityId CanvasView::linkAt(QPointF pos) const
{
    const quint32 slot = m_mirror->linkAt(toScene(pos), kLinkReach / m_zoom);
    return slot == BoardMirror::kNone ? 0 : m_mirror->links()[slot].id;
}

EntityId CanvasView::containerAt(QPointF pos, const QSet<EntityId> &except) const
{
    const quint32 box = m_mirror->boxAt(toScene(pos), except);
    return box == BoardMirror::kNone ? 0 : m_mirror->devices()[m_mirror->boxes()[box].device].id;
}

EntityId CanvasView::thingAt(QPointF pos) const
{
    if (const EntityId device = deviceAt(pos))
        return device;
    if (const EntityId link = linkAt(pos))
        return link;
    // A name belongs to its device.
    if (m_painter->showsNames()) {
        const QPointF above = pos - QPointF(0, m_painter->iconReach() / devicePixelRatioF() + 12);
        if (const EntityId device = deviceAt(above)) {
            const double ratio = devicePixelRatioF();
            if (m_painter->labelRect(device).contains(pos * ratio))
                return device;
        }
    }
    return containerAt(pos);
}

bool CanvasView::isGrip(EntityId id, QPointF pos) const
{
    const quint32 slot = m_mirror->deviceSlot(id);
    if (slot == BoardMirror::kNone || m_mirror->devices()[slot].box == BoardMirror::kNone)
        return true;
    const QRectF rect = m_mirror->rectOf(m_mirror->devices()[slot]);
    const QRectF box(fromScene(rect.topLeft()), rect.size() * m_zoom);
    if (box.width() < 40 || box.height() < 40)
        return true;
    const double title = std::max(BoardMirror::kTitle * m_zoom, 16.0);
    return !box.adjusted(5, title, -5, -5).contains(pos);
}

EntityId CanvasView::linkHandleAt(QPointF pos) const
{
    const quint32 slot = m_mirror->deviceSlot(m_hovered);
    if (slot == BoardMirror::kNone || m_mirror->devices()[slot].box != BoardMirror::kNone ||
        !m_painter->showsIcons() || isReadOnly())
        return 0;
    for (const QPointF &at : handlesOf(m_mirror->devices()[slot])) {
        const QPointF gap = pos - at;
        if (std::hypot(gap.x(), gap.y()) <= kHandleRadius + 3)
            return m_hovered;
    }
    return 0;
}

QList<EntityId> CanvasView::movable(const QList<EntityId> &ids) const
{
    QList<EntityId> out;
    QSet<EntityId> seen;
    QList<EntityId> open = ids;
    while (!open.isEmpty()) {
        const EntityId id = open.takeLast();
        const Device *device = topology().device(id);
        if (!device || seen.contains(id))
            continue;
        seen.insert(id);
        if (!device->locked)
            out.append(id);
        if (device->locked && topology().isContainer(*device))
            continue;
        for (const EntityId child : topology().childrenOf(id))
            open.append(child);
    }
    return out;
}

void CanvasView::setHovered(EntityId id)
{
    if (id == m_hovered)
        return;
    touch(m_hovered);
    m_hovered = id;
    m_painter->setHovered(id);
    touch(m_hovered);
}

void CanvasView::setDropTarget(EntityId container)
{
    if (container == m_dropTarget)
        return;
    touch(m_dropTarget);
    m_dropTarget = container;
    m_painter->setDropTarget(container);
    touch(m_dropTarget);
}

void CanvasView::setLeaving(EntityId container)
{
    if (container == m_leaving)
        return;
    touch(m_leaving);
    m_leaving = container;
    touch(m_leaving);
}

QPointF CanvasView::snapped(QPointF scene, Qt::KeyboardModifiers modifiers) const
{
    if (!m_snap || modifiers.testFlag(Qt::AltModifier))
        return {std::round(scene.x() * 100) / 100, std::round(scene.y() * 100) / 100};
    return {std::round(scene.x() / kGridStep) * kGridStep,
            std::round(scene.y() / kGridStep) * kGridStep};
}

void CanvasView::setSnapToGrid(bool on)
{
    m_snap = on;
}

bool CanvasView::isReadOnly() const
{
    return m_readOnly || m_session->status().readOnly;
}

Result<Submitted> CanvasView::submit(const QList<Edit> &edits, const QString &label,
                                     quint64 gesture)
{
    if (isReadOnly())
        return Error{Errc::Forbidden, tr("This board cannot be changed from here.")};
    return m_sink(edits, label, gesture);
}

// Tools

void CanvasView::setArmed(Tool *tool)
{
    m_borrowed = nullptr;
    if (m_tool != tool) {
        m_tool->leave();
        m_tool = tool;
        Q_EMIT toolChanged();
    }
    updateCursor();
    viewport()->update();
}

void CanvasView::setTool(ToolKind kind)
{
    switch (kind) {
    case ToolKind::Select:
        return setArmed(m_selectTool.get());
    case ToolKind::Pan:
        return setArmed(m_panTool.get());
    case ToolKind::Link:
        return armLinking();
    case ToolKind::Place:
        if (!m_placeTool->type().isEmpty())
            setArmed(m_placeTool.get());
        return;
    }
}

CanvasView::ToolKind CanvasView::tool() const
{
    if (m_tool == m_panTool.get())
        return ToolKind::Pan;
    if (m_tool == m_linkTool.get())
        return ToolKind::Link;
    if (m_tool == m_placeTool.get())
        return ToolKind::Place;
    return ToolKind::Select;
}

void CanvasView::armPlacing(const QString &typeKey)
{
    if (isReadOnly()) {
        Q_EMIT message(tr("This board cannot be changed from here."));
        return;
    }
    setArmed(m_placeTool.get());
    m_placeTool->setType(typeKey);
}

void CanvasView::armLinking()
{
    if (isReadOnly()) {
        Q_EMIT message(tr("This board cannot be changed from here."));
        return;
    }
    // Two that are selected are what is meant: no pointer is needed.
    const QList<EntityId> &ids = m_selection->ids();
    if (ids.size() == 2 && !isBusy() && topology().device(ids.at(0)) &&
        topology().device(ids.at(1))) {
        m_linkTool->connectPorts(ids.at(0), ids.at(1));
        return;
    }
    setArmed(m_linkTool.get());
}

void CanvasView::beginLink(EntityId device, QPointF pos)
{
    m_borrowed = m_linkTool.get();
    ToolEvent event;
    event.pos = pos;
    event.scene = toScene(pos);
    m_linkTool->begin(device, event);
    updateCursor();
    touch(m_hovered);
}

void CanvasView::linkEnded()
{
    if (m_borrowed == m_linkTool.get())
        m_borrowed = nullptr;
    if (m_tool == m_linkTool.get())
        setArmed(m_selectTool.get());
    updateCursor();
}

void CanvasView::cancel()
{
    if (m_editor) {
        finishRename(false);
        return;
    }
    m_edgeTimer.stop();
    if (current()->isBusy()) {
        current()->cancel();
        m_borrowed = nullptr;
        updateCursor();
        Q_EMIT gestureEnded();
        return;
    }
    m_borrowed = nullptr;
    setArmed(m_selectTool.get());
}

bool CanvasView::isBusy() const
{
    return current()->isBusy();
}

void CanvasView::updateCursor()
{
    viewport()->setCursor(current()->cursor());
}

ToolEvent CanvasView::toolEvent(const QMouseEvent *event) const
{
    ToolEvent out;
    out.pos = event->position();
    out.scene = toScene(out.pos);
    out.global = event->globalPosition().toPoint();
    out.button = event->button();
    out.buttons = event->buttons();
    out.modifiers = event->modifiers();
    return out;
}

void CanvasView::mousePressEvent(QMouseEvent *event)
{
    m_lastPos = event->position();
    m_lastModifiers = event->modifiers();
    event->accept();
    if (event->button() == Qt::MiddleButton ||
        (event->button() == Qt::LeftButton && m_spaceHeld && !current()->isBusy())) {
        if (current()->isBusy() && current() != m_panTool.get())
            return;
        m_borrowed = m_panTool.get();
        m_panTool->press(toolEvent(event));
        return;
    }
    if (event->button() == Qt::RightButton && current()->isBusy()) {
        cancel();
        return;
    }
    current()->press(toolEvent(event));
}

void CanvasView::mouseMoveEvent(QMouseEvent *event)
{
    m_lastPos = event->position();
    m_lastModifiers = event->modifiers();
    event->accept();
    current()->move(toolEvent(event));
    if (current() == m_selectTool.get() && !current()->isBusy()) {
        // The handles of a device are part of it while the pointer is on the way to them.
        if (linkHandleAt(event->position()) != 0) {
            viewport()->setCursor(Qt::CrossCursor);
        } else {
            EntityId thing = thingAt(event->position());
            if (thing != 0 && !isGrip(thing, event->position()))
                thing = 0;
            const quint32 slot = m_mirror->deviceSlot(m_hovered);
            const bool nearOld =
                thing == 0 && slot != BoardMirror::kNone &&
                m_mirror->devices()[slot].box == BoardMirror::kNone &&
                QRectF(fromScene(m_mirror->devices()[slot].pos), QSizeF())
                    .adjusted(-1, -1, 1, 1)
                    .marginsAdded(
                        QMarginsF(1, 1, 1, 1) *
                        (std::max(m_painter->iconReach() / devicePixelRatioF(), 8.0) + kHandleOut))
                    .contains(event->position());
            if (!nearOld)
                setHovered(thing);
            updateCursor();
        }
    }
    movePointer(event->position());
    scrollAtEdge();
}

void CanvasView::mouseReleaseEvent(QMouseEvent *event)
{
    m_lastPos = event->position();
    event->accept();
    m_edgeTimer.stop();
    if (m_borrowed == m_panTool.get()) {
        m_panTool->release(toolEvent(event));
        if (!m_spaceHeld)
            m_borrowed = nullptr;
        updateCursor();
        Q_EMIT gestureEnded();
        return;
    }
    current()->release(toolEvent(event));
    updateCursor();
    if (!isBusy())
        Q_EMIT gestureEnded();
}

void CanvasView::mouseDoubleClickEvent(QMouseEvent *event)
{
    event->accept();
    if (event->button() != Qt::LeftButton) {
        mousePressEvent(event);
        return;
    }
    current()->doubleClick(toolEvent(event));
}

void CanvasView::wheelEvent(QWheelEvent *event)
{
    event->accept();
    if (!event->pixelDelta().isNull() && !event->modifiers().testFlag(Qt::ControlModifier) &&
        event->phase() != Qt::NoScrollPhase) {
        scrollByHand(-event->pixelDelta()); // two fingers on a pad
        return;
    }
    if (event->modifiers().testFlag(Qt::ShiftModifier)) {
        const QPoint by = event->angleDelta();
        scrollByHand(QPoint(by.x() != 0 ? -by.x() : -by.y(), 0));
        return;
    }
    const double steps = event->angleDelta().y() / 120.0;
    if (steps != 0)
        zoomAt(m_zoom * std::pow(kZoomStep, steps), event->position());
}

void CanvasView::movePointer(std::optional<QPointF> pos)
{
    const std::optional<QPointF> scene = pos ? std::optional(toScene(*pos)) : std::nullopt;
    m_session->setPointer(scene);
    Q_EMIT pointerMoved(scene);
}

void CanvasView::scrollAtEdge()
{
    const bool scrolls = (m_selectTool->isBusy() && current() == m_selectTool.get()) ||
                         (current() == m_linkTool.get() && m_linkTool->isBusy());
    const QRectF calm = QRectF(viewport()->rect()).adjusted(kEdge, kEdge, -kEdge, -kEdge);
    if (scrolls && !calm.contains(m_lastPos)) {
        if (!m_edgeTimer.isActive())
            m_edgeTimer.start(16, this);
    } else {
        m_edgeTimer.stop();
    }
}

void CanvasView::timerEvent(QTimerEvent *event)
{
    if (event->timerId() == m_flushTimer.timerId()) {
        flushDirty();
    } else if (event->timerId() == m_labelTimer.timerId()) {
        m_labelTimer.stop();
        update(std::exchange(m_missing, {}));
    } else if (event->timerId() == m_followTimer.timerId()) {
        followStep();
    } else if (event->timerId() == m_edgeTimer.timerId()) {
        const QRectF calm = QRectF(viewport()->rect()).adjusted(kEdge, kEdge, -kEdge, -kEdge);
        const auto pull = [](double at, double low, double high) {
            const double out = at < low ? at - low : at > high ? at - high : 0;
            return int(std::clamp(out * 0.6, -40.0, 40.0));
        };
        const QPoint by(pull(m_lastPos.x(), calm.left(), calm.right()),
                        pull(m_lastPos.y(), calm.top(), calm.bottom()));
        if (by.isNull() || !current()->isBusy()) {
            m_edgeTimer.stop();
            return;
        }
        scrollByHand(by);
        ToolEvent moved;
        moved.pos = m_lastPos;
        moved.scene = toScene(m_lastPos);
        moved.modifiers = m_lastModifiers;
        moved.buttons = Qt::LeftButton;
        current()->move(moved);
    } else {
        QGraphicsView::timerEvent(event);
    }
}

// Keys

void CanvasView::nudge(QPointF by)
{
    const QList<EntityId> ids = movable(m_selection->ids());
    if (ids.isEmpty())
        return;
    QList<std::pair<EntityId, QPointF>> targets;
    for (const EntityId id : ids)
        targets.append({id, topology().device(id)->position + by});
    if (m_nudgeGesture == 0 || !m_sinceNudge.isValid() || m_sinceNudge.elapsed() > kNudgeMs)
        m_nudgeGesture = m_session->newGesture();
    m_sinceNudge.start();
    (void)submit(edits::moveDevices(targets), tr("Move %n device(s)", nullptr, int(targets.size())),
                 m_nudgeGesture);
}

/// From the device that was selected last to the next one that way: near, and rather straight
/// ahead.
void CanvasView::walk(QPointF way, bool keepsOthers)
{
    const QList<EntityId> &ids = m_selection->ids();
    const auto last = std::find_if(ids.crbegin(), ids.crend(),
                                   [this](EntityId id) { return topology().device(id); });
    const QPointF middle = visibleScene().center();
    const quint32 start = last == ids.crend() ? BoardMirror::kNone : m_mirror->deviceSlot(*last);
    const QPointF from =
        start == BoardMirror::kNone ? middle : m_mirror->anchor(m_mirror->devices()[start]);
    double best = std::numeric_limits<double>::max();
    EntityId next = 0;
    for (const BoardMirror::DeviceShape &device : m_mirror->devices()) {
        if (!device.is(BoardMirror::Alive) || device.box != BoardMirror::kNone ||
            m_selection->contains(device.id))
            continue;
        const QPointF off = device.pos - from;
        const double ahead = QPointF::dotProduct(off, way);
        const double aside = std::abs(off.x() * way.y() - off.y() * way.x());
        if (start != BoardMirror::kNone && (ahead < 1 || aside > 1.5 * ahead))
            continue;
        // One that is near counts more than one that is straight ahead, behind it.
        const double cost =
            std::hypot(off.x(), off.y()) + (start == BoardMirror::kNone ? 0 : aside / 2);
        if (cost < best) {
            best = cost;
            next = device.id;
        }
    }
    if (next == 0)
        return;
    if (keepsOthers)
        m_selection->add({next});
    else
        m_selection->set({next});
    centreOn(next);
}

void CanvasView::keyPressEvent(QKeyEvent *event)
{
    switch (event->key()) {
    case Qt::Key_Escape:
        if (m_editor || current()->isBusy() || m_tool != m_selectTool.get() || m_borrowed)
            cancel();
        else if (m_followed != 0)
            followPerson(0);
        else
            m_selection->clear();
        return;
    case Qt::Key_Space:
        if (!event->isAutoRepeat() && !current()->isBusy()) {
            m_spaceHeld = true;
            m_borrowed = m_panTool.get();
            updateCursor();
        }
        return;
    case Qt::Key_Left:
    case Qt::Key_Right:
    case Qt::Key_Up:
    case Qt::Key_Down: {
        if (current()->isBusy())
            break;
        const QPointF way(event->key() == Qt::Key_Left    ? -1
                          : event->key() == Qt::Key_Right ? 1
                                                          : 0,
                          event->key() == Qt::Key_Up     ? -1
                          : event->key() == Qt::Key_Down ? 1
                                                         : 0);
        if (event->modifiers().testFlag(Qt::ControlModifier))
            walk(way, event->modifiers().testFlag(Qt::ShiftModifier));
        else if (m_selection->isEmpty() || isReadOnly())
            scrollByHand((way * 60).toPoint());
        else
            nudge(way * (event->modifiers().testFlag(Qt::AltModifier) ||
                                 event->modifiers().testFlag(Qt::ShiftModifier)
                             ? 1.0
                             : kGridStep));
        return;
    }
    case Qt::Key_F2:
        if (m_selection->size() == 1)
            startRename(m_selection->ids().first());
        return;
    case Qt::Key_L:
        if (event->modifiers() == Qt::NoModifier) {
            armLinking();
            return;
        }
        break;
    case Qt::Key_Alt:
    case Qt::Key_Control:
        current()->modifiersChanged(
            event->modifiers() |
            (event->key() == Qt::Key_Alt ? Qt::AltModifier : Qt::ControlModifier));
        break;
    default:
        break;
    }
    if (event->matches(QKeySequence::SelectAll)) {
        selectAll();
        return;
    }
    event->ignore();
}

void CanvasView::keyReleaseEvent(QKeyEvent *event)
{
    if (event->key() == Qt::Key_Space && !event->isAutoRepeat()) {
        m_spaceHeld = false;
        if (m_borrowed == m_panTool.get() && !m_panTool->isBusy())
            m_borrowed = nullptr;
        updateCursor();
        return;
    }
    if (event->key() == Qt::Key_Alt || event->key() == Qt::Key_Control) {
        const Qt::KeyboardModifier mine =
            event->key() == Qt::Key_Alt ? Qt::AltModifier : Qt::ControlModifier;
        current()->modifiersChanged(event->modifiers() & ~Qt::KeyboardModifiers(mine));
    }
    event->ignore();
}

void CanvasView::focusOutEvent(QFocusEvent *event)
{
    m_spaceHeld = false;
    // Another window came to the front in the middle of a drag: its release may never come.
    if (event->reason() == Qt::ActiveWindowFocusReason && current()->isBusy())
        cancel();
    else if (m_borrowed == m_panTool.get() && !m_panTool->isBusy())
        m_borrowed = nullptr;
    QGraphicsView::focusOutEvent(event);
}

bool CanvasView::viewportEvent(QEvent *event)
{
    if (event->type() == QEvent::Leave) {
        movePointer(std::nullopt);
        if (!current()->isBusy())
            setHovered(0);
        if (m_tool == m_placeTool.get())
            m_placeTool->hideGhost();
    } else if (event->type() == QEvent::ToolTip) {
        auto *help = static_cast<QHelpEvent *>(event);
        const EntityId id = thingAt(help->pos());
        const QString text = isBusy() ? QString() : describe(id);
        if (text.isEmpty())
            QToolTip::hideText();
        else
            QToolTip::showText(help->globalPos(), text, viewport());
        return true;
    }
    return QGraphicsView::viewportEvent(event);
}

QString CanvasView::describe(EntityId id) const
{
    const StatusFields *state = nullptr;
    QString text;
    if (const Device *device = topology().device(id)) {
        state = &device->state;
        text = QStringLiteral("<b>%1</b><br>%2")
                   .arg(canvasEscape(device->name),
                        canvasEscape(topology().typeInfo(device->type).label));
        if (!device->address.isEmpty())
            text += QStringLiteral(" · %1").arg(canvasEscape(device->address));
        if (device->locked)
            text +=
                QStringLiteral("<br>%1").arg(tr("Locked: drags and layouts leave it where it is"));
    } else if (const Link *link = topology().link(id)) {
        state = &link->state;
        const auto end = [this](EntityId port) {
            const Interface *interface = topology().interface(port);
            const Device *owner = interface ? topology().device(interface->device) : nullptr;
            return owner ? canvasEscape(owner->name + QStringLiteral(" · ") + interface->name)
                         : QString();
        };
        text = QStringLiteral("<b>%1</b> — <b>%2</b>").arg(end(link->a), end(link->b));
        if (!link->details->label.isEmpty())
            text += QStringLiteral("<br>%1").arg(canvasEscape(link->details->label));
    } else {
        return {};
    }
    text += QStringLiteral("<br>%1").arg(statusLabel(state->effective()));
    if (state->override_) {
        text += QStringLiteral("<br>%1").arg(
            tr("Forced %1 by %2, %3 (reported: %4)")
                .arg(statusLabel(*state->override_), canvasEscape(state->overrideInfo->by),
                     QLocale().toString(QDateTime::fromMSecsSinceEpoch(state->overrideInfo->at),
                                        QLocale::ShortFormat),
                     statusLabel(state->status)));
        if (!state->overrideInfo->reason.isEmpty())
            text += QStringLiteral("<br><i>%1</i>").arg(canvasEscape(state->overrideInfo->reason));
    }
    return text;
}

void CanvasView::contextMenuEvent(QContextMenuEvent *event)
{
    event->accept();
    if (isBusy())
        return;
    QPointF pos = event->pos();
    EntityId id = 0;
    if (event->reason() == QContextMenuEvent::Keyboard) {
        if (!m_selection->isEmpty())
            id = m_selection->ids().first();
        pos = id != 0 ? m_painter->labelRect(id).center() / devicePixelRatioF()
                      : QRectF(viewport()->rect()).center();
    } else {
        id = thingAt(pos);
        if (id == 0)
            m_selection->clear();
        else if (!m_selection->contains(id))
            m_selection->set({id});
    }
    Q_EMIT contextMenuRequested(m_selection->ids(), viewport()->mapToGlobal(pos.toPoint()),
                                toScene(pos));
}

// From the palette

void CanvasView::dragEnterEvent(QDragEnterEvent *event)
{
    const QString mime = QString::fromLatin1(kDeviceTypeMime);
    if (!event->mimeData()->hasFormat(mime) || isReadOnly()) {
        event->ignore();
        return;
    }
    m_draggedType = QString::fromUtf8(event->mimeData()->data(mime));
    event->acceptProposedAction();
}

void CanvasView::dragMoveEvent(QDragMoveEvent *event)
{
    if (m_draggedType.isEmpty()) {
        event->ignore();
        return;
    }
    ToolEvent at;
    at.pos = event->position();
    at.scene = toScene(at.pos);
    at.modifiers = event->modifiers();
    m_placeTool->showGhost(m_draggedType, at);
    event->acceptProposedAction();
}

void CanvasView::dragLeaveEvent(QDragLeaveEvent *event)
{
    m_placeTool->hideGhost();
    m_draggedType.clear();
    event->accept();
}

void CanvasView::dropEvent(QDropEvent *event)
{
    if (m_draggedType.isEmpty()) {
        event->ignore();
        return;
    }
    ToolEvent at;
    at.pos = event->position();
    at.scene = toScene(at.pos);
    at.modifiers = event->modifiers();
    m_placeTool->place(std::exchange(m_draggedType, {}), at);
    event->acceptProposedAction();
    setFocus();
}

// Renaming

void CanvasView::startRename(EntityId id)
{
    const Device *device = topology().device(id);
    const Link *link = topology().link(id);
    if ((!device && !link) || isReadOnly() || isBusy())
        return;
    if (m_editor)
        finishRename(true);
    centreOn(id);
    m_renamed = id;
    m_renamedFrom = device ? device->name : link->details->label;
    m_editor = new QLineEdit(m_renamedFrom, viewport());
    m_editor->setAccessibleName(device ? tr("Name of the device") : tr("Label of the link"));
    m_editor->setAlignment(Qt::AlignCenter);
    m_editor->setMaxLength(255);
    m_editor->installEventFilter(this);
    connect(m_editor, &QLineEdit::returnPressed, this, [this] { finishRename(true); });
    connect(m_editor, &QLineEdit::textChanged, this, &CanvasView::placeEditor);
    m_painter->setEdited(id);
    placeEditor();
    m_editor->show();
    m_editor->selectAll();
    m_editor->setFocus();
    touch(id);
}

void CanvasView::placeEditor()
{
    const double ratio = devicePixelRatioF();
    const QRectF label = m_painter->labelRect(m_renamed);
    const QPointF middle = label.center() / ratio;
    const int text = m_editor->fontMetrics().horizontalAdvance(m_editor->text()) + 28;
    const int width = std::clamp(text, 120, 420);
    const int height = m_editor->sizeHint().height();
    m_editor->setGeometry(int(middle.x() - width / 2.0), int(middle.y() - height / 2.0), width,
                          height);
}

void CanvasView::finishRename(bool accept)
{
    if (!m_editor || m_renamed == 0)
        return;
    const EntityId id = m_renamed;
    const QString text = m_editor->text().trimmed();
    const bool device = topology().device(id) != nullptr;
    if (accept && text != m_renamedFrom) {
        if (device && text.isEmpty()) {
            Q_EMIT message(tr("A device needs a name."));
            return;
        }
        const auto done = submit({edits::setField(id, device ? Field::Name : Field::Label, text)},
                                 device ? tr("Rename %1 to %2").arg(m_renamedFrom, text)
                                        : tr("Label a link %1").arg(text));
        if (!done && m_editor)
            return; // the text stays; the reason is above the canvas
    }
    m_renamed = 0;
    m_painter->setEdited(0);
    if (m_editor) {
        m_editor->removeEventFilter(this);
        const bool hadFocus = m_editor->hasFocus();
        m_editor->hide();
        m_editor->deleteLater();
        m_editor.clear();
        if (hadFocus)
            setFocus();
    }
    touch(id);
}

bool CanvasView::eventFilter(QObject *watched, QEvent *event)
{
    if (m_editor && watched == m_editor) {
        if (event->type() == QEvent::KeyPress &&
            static_cast<QKeyEvent *>(event)->key() == Qt::Key_Escape) {
            finishRename(false);
            return true;
        }
        if (event->type() == QEvent::FocusOut &&
            static_cast<QFocusEvent *>(event)->reason() != Qt::PopupFocusReason &&
            static_cast<QFocusEvent *>(event)->reason() != Qt::ActiveWindowFocusReason) {
            if (m_editor->text().trimmed().isEmpty() && topology().device(m_renamed))
                finishRename(false);
            else
                finishRename(true);
        }
    }
    return QGraphicsView::eventFilter(watched, event);
}

} // namespace patchboard::ui
