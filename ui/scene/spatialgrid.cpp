#include "ui/scene/spatialgrid.h"

#include <algorithm>
#include <limits>

namespace patchboard::ui {

void SpatialGrid::Layer::clear()
{
    m_cells.clear();
    m_table.clear();
    m_count = 0;
}

void SpatialGrid::Layer::rehash(size_t size)
{
    m_table.assign(size, kEmpty);
    const size_t mask = size - 1;
    for (size_t number = 0; number < m_cells.size(); ++number) {
        size_t at = hash(m_cells[number].x, m_cells[number].y) & mask;
        while (m_table[at] != kEmpty)
            at = (at + 1) & mask;
        m_table[at] = quint32(number);
    }
}

void SpatialGrid::Layer::insert(quint32 index, qint32 x, qint32 y)
{
    if ((m_cells.size() + 1) * 2 > m_table.size())
        rehash(std::max<size_t>(64, m_table.size() * 2));
    const size_t mask = m_table.size() - 1;
    size_t at = hash(x, y) & mask;
    for (;; at = (at + 1) & mask) {
        if (m_table[at] == kEmpty) {
            m_table[at] = quint32(m_cells.size());
            m_cells.push_back({x, y, {}});
            break;
        }
        const Cell &c = m_cells[m_table[at]];
        if (c.x == x && c.y == y)
            break;
    }
    m_cells[m_table[at]].entries.push_back(index);
    ++m_count;
}

void SpatialGrid::Layer::remove(quint32 index, qint32 x, qint32 y)
{
    const Cell *found = find(x, y);
    Q_ASSERT(found);
    if (!found)
        return;
    std::vector<quint32> &entries = m_cells[size_t(found - m_cells.data())].entries;
    const auto it = std::find(entries.begin(), entries.end(), index);
    Q_ASSERT(it != entries.end());
    if (it == entries.end())
        return;
    *it = entries.back();
    entries.pop_back();
    --m_count;
}

void SpatialGrid::clear()
{
    m_points.clear();
    for (Layer &layer : m_lines)
        layer.clear();
}

qsizetype SpatialGrid::cellCount() const
{
    return m_points.cells();
}

void SpatialGrid::insertPoint(quint32 index, QPointF at)
{
    m_points.insert(index, m_points.cell(at.x()), m_points.cell(at.y()));
}

void SpatialGrid::removePoint(quint32 index, QPointF at)
{
    m_points.remove(index, m_points.cell(at.x()), m_points.cell(at.y()));
}

/// Steps from cell to cell along the line (Amanatides and Woo, 1987) in the layer for its length.
template <typename Step>
void SpatialGrid::walk(std::span<const QPointF> line, Step step)
{
    if (line.empty())
        return;
    double length = 0;
    for (size_t i = 1; i < line.size(); ++i)
        length += std::abs(line[i].x() - line[i - 1].x()) + std::abs(line[i].y() - line[i - 1].y());
    size_t level = 0;
    while (level + 1 < m_lines.size() && length > kMostCells * m_lines[level].size())
        ++level;
    Layer &layer = m_lines[level];
    const double size = layer.size();

    qint32 lastX = layer.cell(line[0].x());
    qint32 lastY = layer.cell(line[0].y());
    step(layer, lastX, lastY);
    for (size_t i = 1; i < line.size(); ++i) {
        const QPointF from = line[i - 1];
        const QPointF to = line[i];
        qint32 x = layer.cell(from.x());
        qint32 y = layer.cell(from.y());
        const qint32 endX = layer.cell(to.x());
        const qint32 endY = layer.cell(to.y());
        const double dx = to.x() - from.x();
        const double dy = to.y() - from.y();
        const qint32 stepX = dx < 0 ? -1 : 1;
        const qint32 stepY = dy < 0 ? -1 : 1;
        constexpr double kNever = std::numeric_limits<double>::infinity();
        const double tDeltaX = dx == 0 ? kNever : size / std::abs(dx);
        const double tDeltaY = dy == 0 ? kNever : size / std::abs(dy);
        double tX = dx == 0 ? kNever : ((double(x) + (dx < 0 ? 0 : 1)) * size - from.x()) / dx;
        double tY = dy == 0 ? kNever : ((double(y) + (dy < 0 ? 0 : 1)) * size - from.y()) / dy;
        // Counted, so that rounding can never make it miss the end.
        qint64 steps = std::abs(qint64(endX) - x) + std::abs(qint64(endY) - y);
        while (steps-- > 0) {
            const bool alongX = y == endY || (x != endX && tX < tY);
            if (alongX) {
                x += stepX;
                tX += tDeltaX;
            } else {
                y += stepY;
                tY += tDeltaY;
            }
            if (x != lastX || y != lastY)
                step(layer, x, y);
            lastX = x;
            lastY = y;
        }
    }
}

void SpatialGrid::insertLine(quint32 index, std::span<const QPointF> line)
{
    walk(line, [index](Layer &layer, qint32 x, qint32 y) { layer.insert(index, x, y); });
}

void SpatialGrid::removeLine(quint32 index, std::span<const QPointF> line)
{
    walk(line, [index](Layer &layer, qint32 x, qint32 y) { layer.remove(index, x, y); });
}

} // namespace patchboard::ui
