#include "ui/tools/placetool.h"

#include "ui/commands/boardcommands.h"
#include "ui/scene/boardpainter.h"
#include "ui/scene/canvasview.h"
#include "ui/scene/overlayitems.h"

#include <QGraphicsScene>

namespace patchboard::ui {

PlaceTool::PlaceTool(CanvasView *view)
    : Tool(view)
    , m_ghost(new PlaceItem)
{
    view->scene()->addItem(m_ghost);
}

void PlaceTool::setType(const QString &key)
{
    m_type = key;
    hideGhost();
}

void PlaceTool::showGhost(const QString &type, const ToolEvent &event)
{
    m_ghost->setIcon(m_view->topology().typeInfo(type).icon);
    m_ghost->setPos(m_view->snapped(event.scene, event.modifiers));
    m_ghost->setVisible(true);
    m_view->setDropTarget(m_view->containerAt(event.pos));
}

void PlaceTool::hideGhost()
{
    m_ghost->setVisible(false);
    m_view->setDropTarget(0);
}

EntityId PlaceTool::place(const QString &typeKey, const ToolEvent &event)
{
    const commands::NewDevice made = commands::newDevice(
        m_view->topology(), typeKey, m_view->snapped(event.scene, event.modifiers),
        m_view->containerAt(event.pos), [this] { return m_view->session()->newId(); });
    hideGhost();
    if (!m_view->submit(made.edits, CanvasView::tr("Add %1").arg(made.name)))
        return 0;
    m_view->setSelection({made.id});
    return made.id;
}

void PlaceTool::press(const ToolEvent &event)
{
    if (event.button == Qt::LeftButton)
        showGhost(m_type, event);
}

void PlaceTool::move(const ToolEvent &event)
{
    showGhost(m_type, event);
}

void PlaceTool::release(const ToolEvent &event)
{
    if (event.button != Qt::LeftButton)
        return;
    place(m_type, event);
    if (!event.modifiers.testFlag(Qt::ShiftModifier))
        m_view->setTool(CanvasView::ToolKind::Select);
}

void PlaceTool::cancel()
{
    hideGhost();
}

void PlaceTool::leave()
{
    hideGhost();
    m_type.clear();
}

} // namespace patchboard::ui
