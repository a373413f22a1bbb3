#pragma once

#include "ui/tools/tool.h"

namespace patchboard::ui {

class PlaceItem;

/// Makes a device of one type where the canvas is clicked; with Shift held, several.
class PlaceTool : public Tool
{
public:
    explicit PlaceTool(CanvasView *view);

    void setType(const QString &key);
    [[nodiscard]] const QString &type() const { return m_type; }

    void press(const ToolEvent &event) override;
    void move(const ToolEvent &event) override;
    void release(const ToolEvent &event) override;
    void cancel() override;
    [[nodiscard]] bool isBusy() const override { return false; }
    [[nodiscard]] QCursor cursor() const override { return Qt::CrossCursor; }
    void leave() override;

    /// Shows what would be made at a place, and into which container.
    void showGhost(const QString &type, const ToolEvent &event);
    void hideGhost();
    /// Makes it. 0 if it was refused.
    EntityId place(const QString &type, const ToolEvent &event);

private:
    QString m_type;
    PlaceItem *m_ghost; ///< in the scene, which owns it
};

} // namespace patchboard::ui
