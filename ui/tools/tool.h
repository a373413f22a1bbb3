#pragma once

#include "model/core/change.h"

#include <QCursor>
#include <QPointF>

namespace patchboard::ui {

class CanvasView;

/// A mouse event as tools see it.
struct ToolEvent
{
    QPointF pos;   ///< viewport pixels
    QPointF scene; ///< scene units
    QPoint global;
    Qt::MouseButton button = Qt::NoButton;
    Qt::MouseButtons buttons;
    Qt::KeyboardModifiers modifiers;
};

/// What the mouse does on the canvas. One gesture makes at most one change, at its end; until then
/// cancel() leaves no trace.
class Tool
{
public:
    explicit Tool(CanvasView *view)
        : m_view(view)
    {
    }
    virtual ~Tool() = default;
    Tool(const Tool &) = delete;
    Tool &operator=(const Tool &) = delete;

    virtual void press(const ToolEvent &event) = 0;
    virtual void move(const ToolEvent &event) = 0;
    virtual void release(const ToolEvent &event) = 0;
    /// A double-click; its first click came as press and release.
    virtual void doubleClick(const ToolEvent &event) { press(event); }
    /// Modifier keys changed while a gesture goes on.
    virtual void modifiersChanged(Qt::KeyboardModifiers) {}
    /// Ends the gesture without a change.
    virtual void cancel() = 0;
    /// True between press and release of a gesture.
    [[nodiscard]] virtual bool isBusy() const = 0;
    [[nodiscard]] virtual QCursor cursor() const { return Qt::ArrowCursor; }
    /// It is put away.
    virtual void leave() { cancel(); }
    /// The board has changed (by anybody) during a gesture.
    virtual void boardChanged(const Delta &) {}
    virtual void themeChanged() {}

protected:
    CanvasView *m_view;
};

} // namespace patchboard::ui
