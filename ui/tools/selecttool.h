#pragma once

#include "ui/tools/tool.h"

#include <QSet>

#include <memory>

namespace patchboard::ui {

class BandItem;
class GuideItem;

/// Selects, drags what is selected, draws rubber bands.
class SelectTool : public Tool
{
public:
    explicit SelectTool(CanvasView *view);
    ~SelectTool() override;

    void press(const ToolEvent &event) override;
    void move(const ToolEvent &event) override;
    void release(const ToolEvent &event) override;
    void doubleClick(const ToolEvent &event) override;
    void modifiersChanged(Qt::KeyboardModifiers modifiers) override;
    void cancel() override;
    [[nodiscard]] bool isBusy() const override { return m_state != State::Idle; }
    [[nodiscard]] bool isDragging() const { return m_state == State::Dragging; }
    void boardChanged(const Delta &delta) override;
    void themeChanged() override;

private:
    enum class State { Idle, Pressed, PressedEmpty, Dragging, Band };

    void startDrag(const ToolEvent &event);
    void drag(QPointF scene, QPointF pos, Qt::KeyboardModifiers modifiers);
    void drop();
    [[nodiscard]] QPointF aligned(QPointF to, Qt::KeyboardModifiers modifiers);
    void endBand();
    void hideGuides();

    State m_state = State::Idle;
    EntityId m_pressed = 0;     ///< what the press was on
    bool m_wasSelected = false; ///< before the press
    bool m_addToSelection = false;
    QPointF m_pressPos;
    QPointF m_pressScene;
    QPointF m_lastPos;
    QPointF m_grabbed; ///< where the pressed device was
    EntityId m_home = 0;
    QSet<EntityId> m_dragged;
    quint64 m_gesture = 0;
    QList<EntityId> m_before; ///< selection before a rubber band
    BandItem *m_band;         ///< in the scene, which owns them
    GuideItem *m_guides;
};

} // namespace patchboard::ui
