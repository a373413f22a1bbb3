#include "ui/commands/boardlayout.h"

#include "model/core/edits.h"
#include "model/formats/hints.h"
#include "ui/commands/boardcommands.h"
#include "ui/commands/undostack.h"
#include "ui/scene/canvasview.h"

#include <QHash>

namespace patchboard::ui {

int layoutRowOf(const Device &device)
{
    static const QHash<QString, int> rows = {
        {QStringLiteral("CLOUD"), 0},       {QStringLiteral("BACKBONE_GATEWAY"), 0},
        {QStringLiteral("CORE_ROUTER"), 1}, {QStringLiteral("EDGE_ROUTER"), 2},
        {QStringLiteral("OLT"), 3},         {QStringLiteral("AON_SWITCH"), 3},
        {QStringLiteral("ODF"), 4},         {QStringLiteral("SPLITTER"), 5},
        {QStringLiteral("HOP"), 6},         {QStringLiteral("NVT"), 7},
        {QStringLiteral("ONT"), 8},         {QStringLiteral("BUSINESS_ONT"), 8},
        {QStringLiteral("AON_CPE"), 8},     {QStringLiteral("HOST"), 5},
        {QStringLiteral("SERVER"), 5},      {QStringLiteral("ACCESS_POINT"), 5}};
    if (const auto row = rows.constFind(device.type); row != rows.cend())
        return *row;
    return formats::tierFromText(device.name);
}

BoardLayout::BoardLayout(QObject *parent)
    : QObject(parent)
{
    connect(&m_job, &layout::LayoutJob::progress, this, &BoardLayout::progress);
    connect(&m_job, &layout::LayoutJob::finished, this, &BoardLayout::finished);
}

QString BoardLayout::nameOf(layout::Style style)
{
    switch (style) {
    case layout::Style::Automatic:
        return tr("Automatic");
    case layout::Style::Hierarchical:
        return tr("Hierarchical");
    case layout::Style::Force:
        return tr("Force-directed");
    case layout::Style::Tree:
        return tr("Tree");
    case layout::Style::Circle:
        return tr("Circle");
    case layout::Style::Grid:
        return tr("Grid");
    }
    return {};
}

void BoardLayout::setBoard(Board *board, CanvasView *canvas)
{
    cancel();
    m_board = board;
    m_canvas = canvas;
    if (m_canvas)
        connect(m_canvas, &CanvasView::gestureEnded, this, &BoardLayout::apply);
}

void BoardLayout::start(layout::Style style, const QList<EntityId> &ids)
{
    cancel();
    if (!m_board || !m_canvas)
        return;
    const Topology &topology = m_board->session().topology();
    QList<EntityId> roots = commands::devicesAmong(topology, ids);
    Run run;
    run.style = style;
    run.wholeBoard = roots.size() < 2;
    if (roots.size() == 1 && topology.isContainer(*topology.device(roots.first())))
        run.wholeBoard = false;
    if (run.wholeBoard)
        roots = topology.devices().ids();
    // With all that lies in them, and parents before children.
    QHash<EntityId, int> index;
    for (QList<EntityId> open = roots; !open.isEmpty();) {
        const EntityId id = open.takeLast();
        if (index.contains(id))
            continue;
        index.insert(id, int(run.ids.size()));
        run.ids.append(id);
        for (const EntityId child : topology.childrenOf(id))
            open.append(child);
    }
    const QList<EntityId> movable = m_canvas->movable(run.ids);
    const QSet<EntityId> free(movable.cbegin(), movable.cend());
    if (run.ids.size() < 2 || free.isEmpty()) {
        Q_EMIT message(run.ids.size() < 2 ? tr("There is nothing to lay out yet.")
                                          : tr("Everything here is locked."));
        return;
    }
    run.graph.nodes.reserve(size_t(run.ids.size()));
    for (const EntityId id : std::as_const(run.ids)) {
        const Device *device = topology.device(id);
        layout::Node node;
        node.parent = index.value(device->container, -1);
        node.container = topology.isContainer(*device);
        if (style == layout::Style::Hierarchical && !node.container)
            node.tier = layoutRowOf(*device);
        node.place = device->position;
        node.fixed = !free.contains(id);
        run.graph.nodes.push_back(node);
    }
    for (const Link &link : topology.links().slots()) {
        const Interface *a = link.id != 0 ? topology.interface(link.a) : nullptr;
        const Interface *b = a ? topology.interface(link.b) : nullptr;
        if (!b)
            continue;
        const int from = index.value(a->device, -1);
        const int to = index.value(b->device, -1);
        if (from >= 0 && to >= 0)
            run.graph.edges.push_back({from, to});
    }
    const QString what =
        run.wholeBoard ? tr("the whole board") : tr("%n device(s)", nullptr, int(run.ids.size()));
    m_run = std::move(run);
    Q_EMIT started(tr("Laying out %1").arg(what));
    m_job.start(m_run->graph, style);
}

void BoardLayout::cancel()
{
    if (!m_run)
        return;
    m_run.reset();
    m_job.cancel();
    Q_EMIT ended();
}

void BoardLayout::finished(const layout::Points &points, const QString &text)
{
    if (!m_run)
        return;
    m_run->points = points;
    if (!text.isEmpty())
        Q_EMIT message(text);
    apply();
}

void BoardLayout::apply()
{
    // Nothing moves under a drag: its end comes here again.
    if (!m_run || !m_run->points || m_canvas->isBusy())
        return;
    const Run run = std::move(*m_run);
    m_run.reset();
    const Topology &topology = m_board->session().topology();
    QList<std::pair<EntityId, QPointF>> targets;
    QRectF area;
    for (qsizetype i = 0; i < run.ids.size(); ++i) {
        const Device *device = topology.device(run.ids.at(i));
        const layout::Node &node = run.graph.nodes[size_t(i)];
        if (!device || device->locked || node.fixed || device->position != *node.place)
            continue; // it is not what was laid out
        const QPointF to = (*run.points)[size_t(i)];
        area |= QRectF(to.x() - 40, to.y() - 40, 80, 80);
        if (to != device->position)
            targets.append({device->id, to});
    }
    Q_EMIT ended();
    if (targets.isEmpty())
        return;
    const QString label =
        tr("Lay out %n device(s): %1", nullptr, int(targets.size())).arg(nameOf(run.style));
    if (!m_board->undoStack().push(edits::moveDevices(targets), label))
        return;
    // Who asked for it wants to see it; if it is in view, the view stays.
    if (!m_canvas->visibleScene().contains(area)) {
        if (run.wholeBoard)
            m_canvas->fitAll();
        else
            m_canvas->zoomTo(run.ids);
    }
}

} // namespace patchboard::ui
