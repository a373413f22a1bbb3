#pragma once

#include "model/sync/session.h"
#include "ui/scene/boardmirror.h"
#include "ui/scene/canvastheme.h"
#include "ui/scene/selection.h"

#include <QBasicTimer>
#include <QElapsedTimer>
#include <QGraphicsView>
#include <QImage>
#include <QPointer>
#include <QRegion>

#include <array>

#include <functional>
#include <memory>

class QLineEdit;

namespace patchboard::ui {

class BoardPainter;
class PresenceLayer;
class Tool;
struct ToolEvent;
class LinkTool;
class PanTool;
class PlaceTool;
class SelectTool;

/// Where the canvas sends its edits: label for people, gesture of the live drag that it ends. The
/// window gives its undo stack's push().
using EditSink = std::function<Result<Submitted>(const QList<Edit> &edits, const QString &label,
                                                 quint64 gesture)>;

/// MIME type of a device type that is dragged from the palette; the data is its key, in UTF-8.
inline constexpr char kDeviceTypeMime[] = "application/x-patchboard-device-type";

/// One window's view of a board: paints it and turns gestures into edits.
///
/// It paints in bulk from arrays (BoardMirror, BoardPainter) and has graphics items only for what
/// is about to be: a link being drawn, guides, others' pointers and ghosts. Nothing that arrives
/// from elsewhere moves what is being dragged here, changes the selection (but for what is gone) or
/// scrolls the view.
class CanvasView : public QGraphicsView
{
    Q_OBJECT
public:
    /// @a session and @a selection must outlive the view.
    CanvasView(Session *session, Selection *selection, EditSink sink, QWidget *parent = nullptr);
    ~CanvasView() override;

    // View

    /// The scale: 1 is 100 %.
    [[nodiscard]] double zoom() const { return m_zoom; }
    /// Keeps the middle of the view where it is.
    void setZoom(double zoom);
    /// Keeps what is under @a anchor (viewport pixels) there.
    void zoomAt(double zoom, QPointF anchor);
    void zoomIn();
    void zoomOut();
    void fitAll();
    void zoomTo(const QList<EntityId> &ids);
    /// Scrolls only if it is not in view already.
    void centreOn(EntityId id);
    /// The same, and zooms in if names are not shown at this zoom: a dot among dots is not found.
    void reveal(EntityId id);
    /// Scene units that are in view.
    [[nodiscard]] QRectF visibleScene() const;
    void centreOnScene(QPointF scene);

    // Selection

    [[nodiscard]] QList<EntityId> selection() const { return m_selection->ids(); }
    void setSelection(const QList<EntityId> &ids) { m_selection->set(ids); }
    void selectAll();
    /// Adds the devices at the other ends of the selected devices' links.
    void selectNeighbours();
    [[nodiscard]] Selection *selectionObject() const { return m_selection; }

    // Tools

    enum class ToolKind { Select, Pan, Link, Place };
    void setTool(ToolKind kind);
    [[nodiscard]] ToolKind tool() const;
    /// The next click makes a device of this type; with Shift, more of them.
    void armPlacing(const QString &typeKey);
    /// Links two devices that are selected; else the next drag or two clicks draw a link.
    void armLinking();
    /// Ends what is going on as if it had not begun; an armed tool is put away.
    void cancel();
    /// True while a drag is going on.
    [[nodiscard]] bool isBusy() const;

    /// An editor on the canvas for a device's name or a link's label.
    void startRename(EntityId id);
    [[nodiscard]] bool isRenaming() const { return m_renamed != 0; }
    /// Devices and links that a search found; @a current stands out among them.
    void highlight(const QList<EntityId> &ids, EntityId current = 0);
    /// Moves the view with somebody's, so that all they see is seen here, until it is moved by hand
    /// or they leave; 0 = nobody's. While something is dragged or typed here it stays.
    void followPerson(quint64 personId);
    [[nodiscard]] quint64 followedPerson() const { return m_followed; }
    /// On the way to what the followed person sees, or held up on it.
    [[nodiscard]] bool isCatchingUp() const { return m_followTimer.isActive(); }
    /// Tells the others what is seen here.
    void showView();

    void setSnapToGrid(bool on);
    [[nodiscard]] bool snapsToGrid() const { return m_snap; }
    /// Scene units between two points of the grid.
    static constexpr double kGridStep = 20.0;

    void setTheme(const CanvasTheme &theme);
    [[nodiscard]] const CanvasTheme &theme() const;
    /// Without it nothing can be moved, made or renamed here.
    void setReadOnly(bool readOnly) { m_readOnly = readOnly; }
    [[nodiscard]] bool isReadOnly() const;

    /// Draws @a area (scene units; empty = the whole board) into @a target as vectors and text.
    void renderTo(QPainter *painter, const QRectF &target, const QRectF &area = {}) const;
    /// What the whole board covers, in scene units, labels not counted.
    [[nodiscard]] QRectF boardRect() const;

    // For tools, the minimap and tests

    [[nodiscard]] Session *session() const { return m_session; }
    [[nodiscard]] const Topology &topology() const { return m_session->topology(); }
    [[nodiscard]] BoardMirror &mirror() const { return *m_mirror; }
    [[nodiscard]] BoardPainter &painter() const { return *m_painter; }
    Result<Submitted> submit(const QList<Edit> &edits, const QString &label, quint64 gesture = 0);
    /// @a scene on the grid, if snapping is on and @a modifiers do not suspend it (Alt).
    [[nodiscard]] QPointF snapped(QPointF scene, Qt::KeyboardModifiers modifiers) const;
    [[nodiscard]] QPointF toScene(QPointF viewport) const;
    [[nodiscard]] QPointF fromScene(QPointF scene) const;
    /// The devices and links under a place of the viewport; 0 if there is none.
    [[nodiscard]] EntityId deviceAt(QPointF viewport) const;
    [[nodiscard]] EntityId linkAt(QPointF viewport) const;
    /// The innermost container whose box holds the place. Those of @a except do not count.
    [[nodiscard]] EntityId containerAt(QPointF viewport, const QSet<EntityId> &except = {}) const;
    /// What a click there would select.
    [[nodiscard]] EntityId thingAt(QPointF viewport) const;
    /// The device whose link handle is there; handles show on the device under the pointer.
    [[nodiscard]] EntityId linkHandleAt(QPointF viewport) const;
    void setHovered(EntityId id);
    [[nodiscard]] EntityId hovered() const { return m_hovered; }
    /// The container that a drop would put things into, shown as such; 0 = none.
    void setDropTarget(EntityId container);
    [[nodiscard]] EntityId dropTarget() const { return m_dropTarget; }
    /// Starts drawing a link from a device, as if its handle had been pressed.
    void beginLink(EntityId device, QPointF viewport);
    void linkEnded();
    /// Whether a container's box can be dragged there: at its bar and border, not inside. Other
    /// things can be everywhere.
    [[nodiscard]] bool isGrip(EntityId id, QPointF viewport) const;
    /// The devices among @a ids that can be moved, and what the containers among them hold.
    [[nodiscard]] QList<EntityId> movable(const QList<EntityId> &ids) const;
    /// The container that a drop would take things out of, shown as such; 0 = none.
    void setLeaving(EntityId container);
    [[nodiscard]] EntityId leaving() const { return m_leaving; }
    void scrollByHand(QPoint by);
    void updateCursor();
    /// What a drag altered; painted in the next frame.
    void repaintNow(const BoardMirror::Dirty &dirty);
    /// Has what arrived so far painted in the next frame, without waiting for others.
    void flushNow() { flushDirty(); }
    [[nodiscard]] LinkTool &linkTool() const { return *m_linkTool; }

Q_SIGNALS:
    void zoomChanged(double zoom);
    /// Scene units; nothing while the pointer is elsewhere.
    void pointerMoved(std::optional<QPointF> scene);
    void toolChanged();
    void selectionChanged();
    /// Something was refused or is worth knowing; for the bar above the canvas.
    void message(const QString &text);
    /// What is under the pointer (selected now), or nothing.
    void contextMenuRequested(const QList<patchboard::EntityId> &ids, QPoint globalPosition,
                              QPointF scenePosition);
    /// A double-click on empty canvas: which device is to be made there?
    void createRequested(QPointF scenePosition, QPoint globalPosition);
    /// A double-click on a device or link that is not on its label.
    void activated(patchboard::EntityId id);
    /// What was being renamed has been removed by somebody; @a text is what had been typed.
    void renameOrphaned(patchboard::EntityId id, const QString &text);
    /// followedPerson() is another one.
    void followingChanged();
    /// A drag has ended, or was cancelled.
    void gestureEnded();
    /// The part of the board that is in view is another now.
    void viewMoved();
    /// Something was painted anew that the minimap shows too; scene units, null = everything.
    void boardChanged(const QRectF &area);

protected:
    void drawBackground(QPainter *painter, const QRectF &rect) override;
    void drawForeground(QPainter *painter, const QRectF &rect) override;
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void scrollContentsBy(int dx, int dy) override;
    void wheelEvent(QWheelEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void mouseReleaseEvent(QMouseEvent *event) override;
    void mouseDoubleClickEvent(QMouseEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void keyReleaseEvent(QKeyEvent *event) override;
    void contextMenuEvent(QContextMenuEvent *event) override;
    void dragEnterEvent(QDragEnterEvent *event) override;
    void dragMoveEvent(QDragMoveEvent *event) override;
    void dragLeaveEvent(QDragLeaveEvent *event) override;
    void dropEvent(QDropEvent *event) override;
    void focusOutEvent(QFocusEvent *event) override;
    void timerEvent(QTimerEvent *event) override;
    bool viewportEvent(QEvent *event) override;
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    friend class SelectTool;
    friend class LinkTool;
    friend class PlaceTool;
    friend class PanTool;

    void onChanged(const Delta &delta);
    void onReset();
    void onSelectionChanged(const QList<EntityId> &added, const QList<EntityId> &removed);
    void onPeopleChanged();

    void applyView(double zoom, QPointF sceneAtOrigin);
    void growSceneRect(const QRectF &wanted = {});
    void keepPlace();
    void updateCamera();
    [[nodiscard]] double clampedZoom(double zoom) const;
    /// The view that would show what the followed person sees; null if nothing is to be moved.
    [[nodiscard]] QRectF followTarget(const QList<Person> &people) const;
    void followStep();
    void fitRect(const QRectF &scene, double mostZoom);
    /// What devices, containers and links cover; null if none of them is here.
    [[nodiscard]] QRectF areaOf(const QList<EntityId> &ids) const;
    /// Has it painted again.
    void touch(EntityId id);
    void update(const QRegion &devicePixels);
    void flushDirty();
    void setArmed(Tool *tool);
    [[nodiscard]] Tool *current() const { return m_borrowed ? m_borrowed : m_tool; }
    void nudge(QPointF by);
    void walk(QPointF way, bool keepsOthers);
    void finishRename(bool accept);
    void placeEditor();
    void movePointer(std::optional<QPointF> viewport);
    [[nodiscard]] ToolEvent toolEvent(const QMouseEvent *event) const;
    [[nodiscard]] std::array<QPointF, 3> handlesOf(const BoardMirror::DeviceShape &device) const;
    void paintHint(QPainter *painter) const;
    void scrollAtEdge();
    [[nodiscard]] QString describe(EntityId id) const;
    [[nodiscard]] QRect deviceViewport() const;

    Session *m_session;
    Selection *m_selection;
    EditSink m_sink;
    std::unique_ptr<QGraphicsScene> m_scene;
    std::unique_ptr<BoardMirror> m_mirror;
    std::unique_ptr<BoardPainter> m_painter;
    std::unique_ptr<PresenceLayer> m_presence;
    std::unique_ptr<SelectTool> m_selectTool;
    std::unique_ptr<PanTool> m_panTool;
    std::unique_ptr<LinkTool> m_linkTool;
    std::unique_ptr<PlaceTool> m_placeTool;
    Tool *m_tool = nullptr;     ///< the one that is armed
    Tool *m_borrowed = nullptr; ///< takes the mouse for one gesture (Space, middle button, handle)
    QRegion m_exposed;
    QRegion m_missing; ///< where labels are still to come; device pixels
    QImage m_canvas;   ///< what drawBackground() paints into, kept for the next time
    BoardMirror::Dirty m_dirty;
    QElapsedTimer m_sinceFlush;
    QBasicTimer m_flushTimer;
    QBasicTimer m_edgeTimer;
    QBasicTimer m_labelTimer;
    double m_zoom = 1.0;
    QPointF m_corner; ///< scaled scene pixels at the viewport's upper left
    QPoint m_place;   ///< of the viewport in the window
    EntityId m_hovered = 0;
    EntityId m_dropTarget = 0;
    EntityId m_leaving = 0;
    EntityId m_renamed = 0;
    quint64 m_followed = 0;
    QRectF m_followTarget;
    QPointF m_followCentre; ///< of the view on its way there, in fractions of a pixel too
    QElapsedTimer m_sinceFollow;
    QBasicTimer m_followTimer;
    bool m_snap = true;
    bool m_readOnly = false;
    bool m_movingView = false;
    bool m_fitted = false;
    bool m_exact = false; ///< m_exposed is what is due, no more
    bool m_spaceHeld = false;
    QPointer<QLineEdit> m_editor;
    QString m_renamedFrom;
    QList<EntityId> m_found;
    EntityId m_current = 0;
    QPointF m_lastPos;
    Qt::KeyboardModifiers m_lastModifiers;
    QString m_draggedType;      ///< of a palette drag over the canvas
    quint64 m_nudgeGesture = 0; ///< of arrow keys in quick succession
    QElapsedTimer m_sinceNudge;
};

} // namespace patchboard::ui
