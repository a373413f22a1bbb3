#pragma once

#include "ui/tools/tool.h"

namespace patchboard::ui {

/// Drags the view: armed, or borrowed while Space or the middle button is held.
class PanTool : public Tool
{
public:
    using Tool::Tool;
    void press(const ToolEvent &event) override;
    void move(const ToolEvent &event) override;
    void release(const ToolEvent &event) override;
    void cancel() override { m_panning = false; }
    [[nodiscard]] bool isBusy() const override { return m_panning; }
    [[nodiscard]] QCursor cursor() const override;

private:
    bool m_panning = false;
    QPointF m_last;
};

} // namespace patchboard::ui
