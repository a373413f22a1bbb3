#include "model/layout/geometry.h"

#include <QHash>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace patchboard::layout {

namespace {

/// Points by the cells of a grid, with chains in one array; open addressing, so that neither the
/// extent of the picture nor the number of rebuilds matters.
class PointGrid
{
public:
    PointGrid(size_t mostPoints, double cellX, double cellY)
        : m_cellX(cellX)
        , m_cellY(cellY)
        , m_next(mostPoints, -1)
    {
        size_t size = 64;
        while (size < 2 * mostPoints)
            size *= 2;
        m_slots.assign(size, {0, -1});
        m_mask = size - 1;
    }

    [[nodiscard]] qint32 cellX(double x) const { return cell(x / m_cellX); }
    [[nodiscard]] qint32 cellY(double y) const { return cell(y / m_cellY); }

    void clear() { std::fill(m_slots.begin(), m_slots.end(), Slot{0, -1}); }

    void insert(int point, const QPointF &at)
    {
        const quint64 key = packed(cellX(at.x()), cellY(at.y()));
        size_t slot = hash(key) & m_mask;
        while (m_slots[slot].head >= 0 && m_slots[slot].key != key)
            slot = (slot + 1) & m_mask;
        m_next[size_t(point)] = m_slots[slot].head;
        m_slots[slot] = {key, point};
    }

    /// First point of a cell, or -1; the others follow by next().
    [[nodiscard]] int first(qint32 x, qint32 y) const
    {
        const quint64 key = packed(x, y);
        size_t slot = hash(key) & m_mask;
        while (m_slots[slot].head >= 0) {
            if (m_slots[slot].key == key)
                return m_slots[slot].head;
            slot = (slot + 1) & m_mask;
        }
        return -1;
    }
    [[nodiscard]] int next(int point) const { return m_next[size_t(point)]; }

    static quint64 packed(qint32 x, qint32 y) { return (quint64(quint32(x)) << 32) | quint32(y); }

private:
    struct Slot
    {
        quint64 key;
        int head;
    };
    static qint32 cell(double value)
    {
        return qint32(std::floor(std::clamp(value, -1.0e9, 1.0e9)));
    }
    static size_t hash(quint64 key)
    {
        key *= 0x9e3779b97f4a7c15ULL;
        return size_t(key ^ (key >> 29));
    }

    double m_cellX;
    double m_cellY;
    std::vector<int> m_next;
    std::vector<Slot> m_slots;
    size_t m_mask = 0;
};

/// Pushes overlapping pairs apart along the shorter way; returns how many points had to move. With
/// @a order, each goes to the side of the other on which it stands there.
int pushApart(Points &points, PointGrid &grid, double spacingX, double spacingY,
              const Points *order = nullptr)
{
    grid.clear();
    for (size_t i = 0; i < points.size(); ++i)
        grid.insert(int(i), points[i]);
    Points shift(points.size());
    int moved = 0;
    for (size_t i = 0; i < points.size(); ++i) {
        const QPointF at = points[i];
        const qint32 x = grid.cellX(at.x());
        const qint32 y = grid.cellY(at.y());
        int looked = 0;
        int pushes = 0;
        QPointF sum;
        for (qint32 dx = -1; dx <= 1; ++dx) {
            for (qint32 dy = -1; dy <= 1; ++dy) {
                // A crowd in one cell is for settle(); here it would cost its square.
                for (int other = grid.first(x + dx, y + dy); other >= 0 && looked < 64;
                     other = grid.next(other), ++looked) {
                    if (size_t(other) == i)
                        continue;
                    QPointF d = at - points[size_t(other)];
                    if (d.isNull()) {
                        const double angle = 6.283185307179586 * unitHash(quint32(i) ^ 0x5bd1e995U);
                        d = QPointF(std::cos(angle), std::sin(angle)) * 1e-3;
                    }
                    double overX = spacingX - std::abs(d.x());
                    double overY = spacingY - std::abs(d.y());
                    if (overX <= 0 || overY <= 0)
                        continue;
                    QPointF side = d;
                    if (order) {
                        const QPointF wished = (*order)[i] - (*order)[size_t(other)];
                        if (wished.x() != 0)
                            side.setX(wished.x());
                        if (wished.y() != 0)
                            side.setY(wished.y());
                        overX = spacingX - std::copysign(1.0, side.x()) * d.x();
                        overY = spacingY - std::copysign(1.0, side.y()) * d.y();
                    }
                    ++pushes;
                    if (overX * spacingY < overY * spacingX)
                        sum += QPointF(std::copysign(overX * 0.51, side.x()), 0);
                    else
                        sum += QPointF(0, std::copysign(overY * 0.51, side.y()));
                }
            }
        }
        if (pushes > 0) {
            shift[i] = sum / std::max(1.0, 0.6 * pushes);
            ++moved;
        }
    }
    for (size_t i = 0; i < points.size(); ++i)
        points[i] += shift[i];
    return moved;
}

} // namespace

QRectF boundsOf(const Points &points)
{
    if (points.empty())
        return {};
    double left = points[0].x(), right = left, top = points[0].y(), bottom = top;
    for (const QPointF &point : points) {
        left = std::min(left, point.x());
        right = std::max(right, point.x());
        top = std::min(top, point.y());
        bottom = std::max(bottom, point.y());
    }
    return {left, top, right - left, bottom - top};
}

double nearestDistance(const Points &points, double part)
{
    if (points.size() < 2)
        return 0;
    // Sorted by x; a scan to both sides ends when x alone is farther than the best.
    std::vector<int> order(points.size());
    std::iota(order.begin(), order.end(), 0);
    std::sort(order.begin(), order.end(), [&](int a, int b) {
        const QPointF &p = points[size_t(a)], &q = points[size_t(b)];
        return p.x() != q.x() ? p.x() < q.x() : p.y() < q.y();
    });
    const size_t step = std::max<size_t>(1, points.size() / 2000); // a sample is enough
    std::vector<double> distances;
    for (size_t at = 0; at < order.size(); at += step) {
        const QPointF &point = points[size_t(order[at])];
        double best = std::numeric_limits<double>::max();
        const auto look = [&](size_t other) {
            const QPointF d = points[size_t(order[other])] - point;
            if (d.x() * d.x() >= best)
                return false;
            best = std::min(best, QPointF::dotProduct(d, d));
            return best > 0;
        };
        for (size_t other = at + 1; other < order.size() && look(other); ++other) {
        }
        for (size_t other = at; other > 0 && look(other - 1); --other) {
        }
        distances.push_back(std::sqrt(best));
    }
    const auto nth = distances.begin() + std::ptrdiff_t(part * double(distances.size() - 1));
    std::nth_element(distances.begin(), nth, distances.end());
    return *nth;
}

void settle(Points &points, const Control &control, double spacingX, double spacingY)
{
    PointGrid grid(points.size(), spacingX, spacingY);
    const auto fits = [&](const QPointF &at) {
        const qint32 x = grid.cellX(at.x());
        const qint32 y = grid.cellY(at.y());
        for (qint32 dx = -1; dx <= 1; ++dx) {
            for (qint32 dy = -1; dy <= 1; ++dy) {
                for (int other = grid.first(x + dx, y + dy); other >= 0; other = grid.next(other)) {
                    const QPointF d = at - points[size_t(other)];
                    if (std::abs(d.x()) < spacingX - 1e-6 && std::abs(d.y()) < spacingY - 1e-6)
                        return false;
                }
            }
        }
        return true;
    };
    std::vector<int> crowded;
    for (size_t i = 0; i < points.size(); ++i) {
        if (fits(points[i]))
            grid.insert(int(i), points[i]);
        else
            crowded.push_back(int(i));
    }
    // The ring of cells that the last search had reached, for a cell and for its block of 8 x 8:
    // what was full around one cell is full around its neighbours, but for the way between them.
    QHash<quint64, qint32> reached;
    int since = 0;
    for (const int i : crowded) {
        if (++since % 256 == 0 && control.isCancelled())
            return;
        QPointF &point = points[size_t(i)];
        const qint32 x = grid.cellX(point.x());
        const qint32 y = grid.cellY(point.y());
        const quint64 home = PointGrid::packed(x, y);
        const quint64 block = PointGrid::packed(x >> 3, y >> 3) ^ 0x8000000080000000ULL;
        qint32 ring = std::max({0, reached.value(home, 0), reached.value(block, 0) - 8});
        bool found = false;
        QPointF best;
        for (; !found; ++ring) {
            double bestDistance = 0;
            const auto consider = [&](qint32 cellX, qint32 cellY) {
                const QPointF at((cellX + 0.5) * spacingX, (cellY + 0.5) * spacingY);
                const QPointF d = at - point;
                const double distance = QPointF::dotProduct(d, d);
                if ((!found || distance < bestDistance) && fits(at)) {
                    found = true;
                    best = at;
                    bestDistance = distance;
                }
            };
            for (qint32 t = -ring; t <= ring; ++t) {
                consider(x + t, y - ring);
                if (ring > 0)
                    consider(x + t, y + ring);
                if (t > -ring && t < ring) {
                    consider(x - ring, y + t);
                    consider(x + ring, y + t);
                }
            }
        }
        reached.insert(home, ring - 1);
        qint32 &ofBlock = reached[block];
        ofBlock = std::max(ofBlock, ring - 1);
        point = best;
        grid.insert(i, best);
    }
}

void separate(Points &points, const Control &control, double spacingX, double spacingY)
{
    if (points.size() < 2)
        return;
    PointGrid grid(points.size(), spacingX, spacingY);
    const int rounds = points.size() > 20000 ? 15 : 60;
    for (int round = 0; round < rounds; ++round) {
        if (control.isCancelled() || pushApart(points, grid, spacingX, spacingY) == 0)
            return;
    }
    settle(points, control, spacingX, spacingY);
}

void spreadOut(Points &points, const Adjacency &links, const Control &control, double spacingX,
               double spacingY)
{
    if (points.size() < 2)
        return;
    const Points order(points);
    PointGrid grid(points.size(), spacingX, spacingY);
    const int rounds = int(std::clamp<size_t>(1000000 / points.size(), 15, 600));
    for (int round = 0; round < rounds; ++round) {
        // Who passed another in a crowd goes back while there is time.
        const bool early = round < rounds * 2 / 3;
        if (control.isCancelled() ||
            pushApart(points, grid, spacingX, spacingY, early ? &order : nullptr) == 0)
            return;
        if (!early)
            continue;
        // Who stands between two others on a line slides to where there is room on it; without
        // this, a crowded line becomes a zigzag. Everyone is drawn back home a little.
        const double pull = 0.2 * (1.0 - 1.5 * double(round) / double(rounds));
        for (int v = 0; v < links.size(); ++v) {
            QPointF &point = points[size_t(v)];
            point += 0.25 * pull * (order[size_t(v)] - point);
            if (links.degree(v) == 2) {
                const auto near = links.begin(v);
                const QPointF middle = (points[size_t(near[0])] + points[size_t(near[1])]) / 2;
                point += pull * (middle - point);
            }
        }
    }
    settle(points, control, spacingX, spacingY);
}

bool anyCloser(const Points &points, double spacingX, double spacingY)
{
    // A point that is too close to one before it shows within its cell and the eight around it, and
    // no cell can hold more than a few as long as nobody is.
    PointGrid grid(points.size(), spacingX, spacingY);
    for (size_t i = 0; i < points.size(); ++i) {
        const qint32 x = grid.cellX(points[i].x());
        const qint32 y = grid.cellY(points[i].y());
        for (qint32 dx = -1; dx <= 1; ++dx) {
            for (qint32 dy = -1; dy <= 1; ++dy) {
                for (int other = grid.first(x + dx, y + dy); other >= 0; other = grid.next(other)) {
                    const QPointF d = points[i] - points[size_t(other)];
                    if (std::abs(d.x()) < spacingX && std::abs(d.y()) < spacingY)
                        return true;
                }
            }
        }
        grid.insert(int(i), points[i]);
    }
    return false;
}

Points pack(const std::vector<QSizeF> &sizes, double gap)
{
    std::vector<int> order(sizes.size());
    std::iota(order.begin(), order.end(), 0);
    std::stable_sort(order.begin(), order.end(), [&](int a, int b) {
        return sizes[size_t(a)].height() > sizes[size_t(b)].height();
    });
    double area = 0;
    double widest = 0;
    for (const QSizeF &size : sizes) {
        area += (size.width() + gap) * (size.height() + gap);
        widest = std::max(widest, size.width());
    }
    const double width = std::max(widest, std::sqrt(area * 1.6));
    Points centres(sizes.size());
    double x = 0, y = 0, shelf = 0;
    for (const int i : order) {
        const QSizeF &size = sizes[size_t(i)];
        if (x > 0 && x + size.width() > width) {
            x = 0;
            y += shelf + gap;
            shelf = 0;
        }
        centres[size_t(i)] = QPointF(x + size.width() / 2, y + size.height() / 2);
        x += size.width() + gap;
        shelf = std::max(shelf, size.height());
    }
    return centres;
}

} // namespace patchboard::layout
