#include "ui/tools/linktool.h"

#include "model/core/edits.h"
#include "ui/scene/boardmirror.h"
#include "ui/scene/canvasview.h"
#include "ui/scene/overlayitems.h"
#include "ui/tools/portpicker.h"

#include <QApplication>
#include <QGraphicsScene>

namespace patchboard::ui {

namespace {

/// The names of the ports that a link would use; a new one is marked with a plus.
std::pair<QString, QString> portsOf(const Topology &topology, const QList<Edit> &plan)
{
    QHash<EntityId, QString> made;
    std::pair<EntityId, EntityId> ends{0, 0};
    for (const Edit &edit : plan) {
        const auto *create = std::get_if<CreateEntity>(&edit);
        if (!create)
            continue;
        for (const FieldValue &field : create->fields) {
            if (create->kind == EntityKind::Interface && field.key.field == Field::Name)
                made.insert(create->id, QStringLiteral("+") + std::get<QString>(field.value));
            else if (create->kind == EntityKind::Link && field.key.field == Field::AInterface)
                ends.first = EntityId(std::get<qint64>(field.value));
            else if (create->kind == EntityKind::Link && field.key.field == Field::BInterface)
                ends.second = EntityId(std::get<qint64>(field.value));
        }
    }
    const auto name = [&](EntityId id) {
        const Interface *interface = topology.interface(id);
        return interface ? interface->name : made.value(id);
    };
    return {name(ends.first), name(ends.second)};
}

} // namespace

LinkTool::LinkTool(CanvasView *view)
    : Tool(view)
    , m_draft(new LinkDraftItem)
{
    view->scene()->addItem(m_draft);
    themeChanged();
}

LinkTool::~LinkTool()
{
    delete m_picker;
}

PortPicker *LinkTool::picker() const
{
    return m_picker;
}

void LinkTool::themeChanged()
{
    m_draft->setTheme(m_view->theme());
}

void LinkTool::begin(EntityId device, const ToolEvent &event)
{
    m_from = device;
    m_to = 0;
    m_down = true;
    m_pressPos = event.pos;
    const BoardMirror &mirror = m_view->mirror();
    m_draft->start(mirror.anchor(mirror.devices()[mirror.deviceSlot(device)]));
    aim(event.pos, event.scene);
}

void LinkTool::press(const ToolEvent &event)
{
    if (event.button != Qt::LeftButton)
        return;
    if (m_from != 0) { // the second of two clicks
        m_down = true;
        aim(event.pos, event.scene);
        return;
    }
    const EntityId device = m_view->deviceAt(event.pos);
    if (device != 0)
        begin(device, event);
}

void LinkTool::move(const ToolEvent &event)
{
    if (m_from != 0)
        aim(event.pos, event.scene);
    else
        m_view->setHovered(m_view->deviceAt(event.pos));
}

void LinkTool::aim(QPointF pos, QPointF scene)
{
    const Topology &topology = m_view->topology();
    const BoardMirror &mirror = m_view->mirror();
    const Device *from = topology.device(m_from);
    if (!from)
        return;
    m_to = m_view->deviceAt(pos);
    if (m_to == 0) {
        // A container is no end, but it is worth saying why.
        const EntityId box = m_view->containerAt(pos);
        if (box != 0 && m_view->isGrip(box, pos))
            m_to = box;
    }
    if (m_to == m_from)
        m_to = 0;
    m_hint.clear();
    m_refusal.clear();
    auto mood = LinkDraftItem::Mood::Open;
    QRectF target;
    if (m_to != 0) {
        QString advice;
        m_refusal = edits::linkRefusal(topology, m_from, m_to, &advice);
        target = mirror.rectOf(mirror.devices()[mirror.deviceSlot(m_to)]);
        if (!m_refusal.isEmpty()) {
            mood = LinkDraftItem::Mood::Refused;
            m_hint = m_refusal;
        } else {
            quint64 next = kMaxEntityId;
            const auto plan =
                edits::linkDevices(topology, m_from, m_to, [&next] { return next--; });
            const auto [a, b] = portsOf(topology, plan);
            m_hint = QStringLiteral("%1 · %2 — %3 · %4")
                         .arg(from->name, a, topology.device(m_to)->name, b);
            mood = LinkDraftItem::Mood::Good;
            if (!advice.isEmpty()) {
                mood = LinkDraftItem::Mood::Advised;
                m_hint += u'\n' + advice;
            }
        }
    }
    m_draft->aim(scene, target, mood, m_hint);
}

void LinkTool::release(const ToolEvent &event)
{
    if (event.button != Qt::LeftButton || !m_down)
        return;
    m_down = false;
    // A click on the first device, not a drag: the second click ends it.
    if (m_to == 0 && (event.pos - m_pressPos).manhattanLength() < QApplication::startDragDistance())
        return;
    finish(event);
}

void LinkTool::finish(const ToolEvent &event)
{
    const EntityId from = m_from;
    const EntityId to = m_to;
    const QString refusal = m_refusal;
    cancel();
    m_view->linkEnded();
    if (to == 0)
        return;
    if (!refusal.isEmpty()) {
        Q_EMIT m_view->message(refusal);
        return;
    }
    if (!event.modifiers.testFlag(Qt::AltModifier)) {
        connectPorts(from, to);
        return;
    }
    delete m_picker;
    m_picker = new PortPicker(m_view->topology(), from, to, m_view);
    QObject::connect(m_picker, &PortPicker::chosen, m_view,
                     [this, from, to](EntityId portFrom, EntityId portTo) {
                         connectPorts(from, to, portFrom, portTo);
                     });
    m_picker->popUp(event.global);
}

void LinkTool::connectPorts(EntityId from, EntityId to, EntityId portFrom, EntityId portTo)
{
    const Topology &topology = m_view->topology();
    const Device *a = topology.device(from);
    const Device *b = topology.device(to);
    // Looked at again: the board may have changed while the list was open.
    const QString refusal = edits::linkRefusal(topology, from, to);
    if (!a || !b || !refusal.isEmpty()) {
        Q_EMIT m_view->message(refusal);
        return;
    }
    EntityId link = 0;
    const QString label = CanvasView::tr("Link %1 and %2").arg(a->name, b->name);
    const QList<Edit> made = edits::linkDevices(
        topology, from, to, [this] { return m_view->session()->newId(); }, portFrom, portTo, &link);
    if (m_view->submit(made, label))
        m_view->setSelection({link});
}

void LinkTool::cancel()
{
    m_from = 0;
    m_to = 0;
    m_down = false;
    m_hint.clear();
    m_refusal.clear();
    m_draft->stop();
}

void LinkTool::boardChanged(const Delta &)
{
    if (m_from != 0 && !m_view->topology().device(m_from)) {
        cancel();
        m_view->linkEnded();
        return;
    }
    if (m_from != 0) {
        const BoardMirror &mirror = m_view->mirror();
        m_draft->start(mirror.anchor(mirror.devices()[mirror.deviceSlot(m_from)]));
        if (m_to != 0 && !m_view->topology().device(m_to))
            m_to = 0;
    }
}

} // namespace patchboard::ui
