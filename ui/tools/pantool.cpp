#include "ui/tools/pantool.h"

#include "ui/scene/canvasview.h"

#include <QScrollBar>

namespace patchboard::ui {

void PanTool::press(const ToolEvent &event)
{
    m_panning = true;
    m_last = event.pos;
    m_view->updateCursor();
}

void PanTool::move(const ToolEvent &event)
{
    if (!m_panning)
        return;
    const QPoint by = (event.pos - m_last).toPoint();
    if (by.isNull())
        return;
    m_last += by;
    m_view->scrollByHand(-by);
}

void PanTool::release(const ToolEvent &)
{
    m_panning = false;
    m_view->updateCursor();
}

QCursor PanTool::cursor() const
{
    return m_panning ? Qt::ClosedHandCursor : Qt::OpenHandCursor;
}

} // namespace patchboard::ui
