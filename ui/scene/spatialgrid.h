#pragma once

#include <QPointF>
#include <QRectF>

#include <array>
#include <cmath>
#include <span>
#include <vector>

namespace patchboard::ui {

/// Where points and lines are: a uniform grid of 512 units, cells made as they are needed.
///
/// A line is entered in the cells that it crosses, not in those of its bounding box; one that would
/// cross many goes into a coarser grid (8 times coarser each), so entering costs at most a few
/// dozen steps and a long line costs no more memory than a short one. Indices are the caller's.
class SpatialGrid
{
public:
    static constexpr double kCell = 512.0;

    void clear();

    void insertPoint(quint32 index, QPointF at);
    /// @a at must be where it was inserted.
    void removePoint(quint32 index, QPointF at);
    void insertLine(quint32 index, std::span<const QPointF> line);
    /// @a line must be what was inserted.
    void removeLine(quint32 index, std::span<const QPointF> line);

    /// Calls visit(index) for the points of all cells that @a area touches; each once.
    template <typename Visit>
    void visitPoints(const QRectF &area, Visit visit) const
    {
        m_points.visit(area, visit);
    }
    /// Calls visit(index) for the lines of all cells that @a area touches; a line may come more
    /// than once.
    template <typename Visit>
    void visitLines(const QRectF &area, Visit visit) const
    {
        for (const Layer &layer : m_lines) {
            if (layer.count() > 0)
                layer.visit(area, visit);
        }
    }
    /// How many cells visitPoints() would look at, to choose between it and a plain scan.
    [[nodiscard]] double cellsIn(const QRectF &area) const
    {
        return (area.width() / kCell + 1) * (area.height() / kCell + 1);
    }
    [[nodiscard]] qsizetype cellCount() const;

private:
    /// One grid: a hash from cell to its entries. Cells stay when they become empty.
    class Layer
    {
    public:
        explicit Layer(double size = kCell)
            : m_size(size)
        {
        }
        void clear();
        void insert(quint32 index, qint32 x, qint32 y);
        void remove(quint32 index, qint32 x, qint32 y);
        [[nodiscard]] qint32 cell(double at) const { return qint32(std::floor(at / m_size)); }
        [[nodiscard]] double size() const { return m_size; }
        [[nodiscard]] qsizetype count() const { return m_count; }
        [[nodiscard]] qsizetype cells() const { return qsizetype(m_cells.size()); }

        template <typename Visit>
        void visit(const QRectF &area, Visit &visit) const
        {
            const qint32 left = cell(area.left());
            const qint32 right = cell(area.right());
            const qint32 top = cell(area.top());
            const qint32 bottom = cell(area.bottom());
            const double wanted = (double(right) - left + 1) * (double(bottom) - top + 1);
            if (wanted > double(m_cells.size())) {
                for (const Cell &c : m_cells) {
                    if (c.x >= left && c.x <= right && c.y >= top && c.y <= bottom) {
                        for (const quint32 index : c.entries)
                            visit(index);
                    }
                }
                return;
            }
            for (qint32 y = top; y <= bottom; ++y) {
                for (qint32 x = left; x <= right; ++x) {
                    if (const Cell *c = find(x, y)) {
                        for (const quint32 index : c->entries)
                            visit(index);
                    }
                }
            }
        }

    private:
        struct Cell
        {
            qint32 x;
            qint32 y;
            std::vector<quint32> entries;
        };
        static constexpr quint32 kEmpty = 0xffffffffU;

        static size_t hash(qint32 x, qint32 y)
        {
            // The high bits of a product depend on all bits of its factors, the low ones do not.
            const quint64 key = (quint64(quint32(x)) << 32) | quint32(y);
            const quint64 product = key * 0x9e3779b97f4a7c15ULL;
            return size_t((product >> 32) ^ (product >> 45));
        }
        [[nodiscard]] const Cell *find(qint32 x, qint32 y) const
        {
            if (m_table.empty())
                return nullptr;
            const size_t mask = m_table.size() - 1;
            for (size_t at = hash(x, y) & mask;; at = (at + 1) & mask) {
                const quint32 number = m_table[at];
                if (number == kEmpty)
                    return nullptr;
                const Cell &c = m_cells[number];
                if (c.x == x && c.y == y)
                    return &c;
            }
        }
        void rehash(size_t size);

        double m_size;
        qsizetype m_count = 0;
        std::vector<Cell> m_cells;
        std::vector<quint32> m_table; ///< open addressing; numbers of cells
    };

    template <typename Step>
    void walk(std::span<const QPointF> line, Step step);

    static constexpr double kLayerFactor = 8.0;
    static constexpr double kMostCells = 24.0;

    Layer m_points{kCell};
    std::array<Layer, 8> m_lines{Layer{kCell},          Layer{kCell * 8},      Layer{kCell * 64},
                                 Layer{kCell * 512},    Layer{kCell * 4096},   Layer{kCell * 32768},
                                 Layer{kCell * 262144}, Layer{kCell * 2097152}};
};

} // namespace patchboard::ui
