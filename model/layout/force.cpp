#include "model/layout/force.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <thread>

namespace patchboard::layout {

namespace {

/// A level of the hierarchy; level 0 is the graph itself.
struct Level
{
    std::vector<int> first;
    std::vector<int> target;
    std::vector<float> weight; ///< of each target: how many edges it stands for
    std::vector<float> mass;   ///< how many nodes a node stands for
    std::vector<int> coarse;   ///< the node of the next level that it became part of
    [[nodiscard]] int size() const { return int(mass.size()); }
};

struct Vec
{
    float x = 0;
    float y = 0;
};

/// Every node that is not yet taken becomes a centre and takes its free neighbours with it, hubs
/// first: a star collapses into one node, a chain into a third.
bool coarsen(Level &level, Level &next)
{
    const int n = level.size();
    std::vector<int> order(static_cast<size_t>(n));
    std::iota(order.begin(), order.end(), 0);
    const auto degree = [&](int v) { return level.first[size_t(v) + 1] - level.first[size_t(v)]; };
    std::stable_sort(order.begin(), order.end(),
                     [&](int a, int b) { return degree(a) > degree(b); });
    level.coarse.assign(size_t(n), -1);
    int count = 0;
    for (const int v : order) {
        if (level.coarse[size_t(v)] >= 0)
            continue;
        level.coarse[size_t(v)] = count;
        for (int e = level.first[size_t(v)]; e < level.first[size_t(v) + 1]; ++e) {
            int &of = level.coarse[size_t(level.target[size_t(e)])];
            if (of < 0)
                of = count;
        }
        ++count;
    }
    if (count > n * 9 / 10)
        return false;
    next.mass.assign(size_t(count), 0);
    std::vector<std::vector<std::pair<int, float>>> edges(static_cast<size_t>(count));
    for (int v = 0; v < n; ++v) {
        const int from = level.coarse[size_t(v)];
        next.mass[size_t(from)] += level.mass[size_t(v)];
        for (int e = level.first[size_t(v)]; e < level.first[size_t(v) + 1]; ++e) {
            const int to = level.coarse[size_t(level.target[size_t(e)])];
            if (to != from)
                edges[size_t(from)].push_back({to, level.weight[size_t(e)]});
        }
    }
    next.first.push_back(0);
    for (auto &list : edges) {
        std::sort(list.begin(), list.end());
        for (size_t i = 0; i < list.size();) {
            float sum = 0;
            const int to = list[i].first;
            for (; i < list.size() && list[i].first == to; ++i)
                sum += list[i].second;
            next.target.push_back(to);
            next.weight.push_back(sum);
        }
        next.first.push_back(int(next.target.size()));
    }
    return true;
}

/// Quadtree over points, as one array in depth-first order; `next` skips what lies below.
class QuadTree
{
public:
    struct Cell
    {
        float x, y, mass;
        float width2; ///< width squared
        int first, count;
        int next;
        bool leaf;
    };

    void build(const std::vector<Vec> &at, const std::vector<float> &mass)
    {
        const size_t n = at.size();
        float left = at[0].x, right = left, top = at[0].y, bottom = top;
        for (const Vec &p : at) {
            left = std::min(left, p.x);
            right = std::max(right, p.x);
            top = std::min(top, p.y);
            bottom = std::max(bottom, p.y);
        }
        const float width = std::max({right - left, bottom - top, 1e-6F});
        m_keys.resize(n);
        const float scale = 65535.0F / width;
        for (size_t i = 0; i < n; ++i) {
            const auto kx = quint32((at[i].x - left) * scale);
            const auto ky = quint32((at[i].y - top) * scale);
            m_keys[i] = {spread(kx) | (spread(ky) << 1), int(i)};
        }
        std::sort(m_keys.begin(), m_keys.end());
        m_points.resize(n);
        m_masses.resize(n);
        for (size_t i = 0; i < n; ++i) {
            m_points[i] = at[size_t(m_keys[i].second)];
            m_masses[i] = mass[size_t(m_keys[i].second)];
        }
        m_cells.clear();
        divide(0, int(n), 30, width);
    }

    /// The point that is the @a i-th in the order of the tree: neighbours in space are neighbours.
    [[nodiscard]] int original(size_t i) const { return m_keys[i].second; }
    [[nodiscard]] Vec point(size_t i) const { return m_points[i]; }

    /// Sum over all others of mass * d / |d|², far cells as one body.
    [[nodiscard]] Vec repulsion(size_t self) const
    {
        constexpr float Theta2 = 1.2F * 1.2F;
        const Vec p = m_points[self];
        Vec force;
        const int cells = int(m_cells.size());
        for (int i = 0; i < cells;) {
            const Cell &cell = m_cells[size_t(i)];
            const float dx = p.x - cell.x;
            const float dy = p.y - cell.y;
            const float d2 = dx * dx + dy * dy;
            if (cell.width2 < Theta2 * d2) {
                const float f = cell.mass / d2;
                force.x += dx * f;
                force.y += dy * f;
                i = cell.next;
            } else if (cell.leaf) {
                const size_t end = size_t(cell.first) + size_t(cell.count);
                for (size_t j = size_t(cell.first); j < end; ++j) {
                    if (j == self)
                        continue;
                    float ex = p.x - m_points[j].x;
                    float ey = p.y - m_points[j].y;
                    float e2 = ex * ex + ey * ey;
                    if (e2 < 1e-6F) {
                        // The same place: apart, each the other way.
                        ex = self < j ? -1e-3F : 1e-3F;
                        ey = (self ^ j) & 1 ? 1e-3F : -1e-3F;
                        ey = self < j ? ey : -ey;
                        e2 = 2e-6F;
                    }
                    const float f = m_masses[j] / e2;
                    force.x += ex * f;
                    force.y += ey * f;
                }
                i = cell.next;
            } else {
                ++i;
            }
        }
        return force;
    }

private:
    static quint32 spread(quint32 v)
    {
        v &= 0xffffU;
        v = (v | (v << 8)) & 0x00ff00ffU;
        v = (v | (v << 4)) & 0x0f0f0f0fU;
        v = (v | (v << 2)) & 0x33333333U;
        v = (v | (v << 1)) & 0x55555555U;
        return v;
    }

    void divide(int begin, int end, int shift, float width)
    {
        const size_t at = m_cells.size();
        m_cells.push_back({});
        float x = 0, y = 0, mass = 0;
        if (end - begin <= 4 || shift < 0) {
            for (int i = begin; i < end; ++i) {
                const float m = m_masses[size_t(i)];
                x += m_points[size_t(i)].x * m;
                y += m_points[size_t(i)].y * m;
                mass += m;
            }
            m_cells[at].leaf = true;
        } else {
            int from = begin;
            for (quint32 quarter = 0; quarter < 4 && from < end; ++quarter) {
                int to = from;
                if (quarter == 3) {
                    to = end;
                } else {
                    while (to < end &&
                           ((m_keys[size_t(to)].first >> quint32(shift)) & 3U) <= quarter)
                        ++to;
                }
                if (to > from) {
                    const size_t child = m_cells.size();
                    divide(from, to, shift - 2, width / 2);
                    const Cell &below = m_cells[child];
                    x += below.x * below.mass;
                    y += below.y * below.mass;
                    mass += below.mass;
                }
                from = to;
            }
        }
        Cell &cell = m_cells[at];
        cell.mass = mass;
        cell.x = x / mass;
        cell.y = y / mass;
        cell.width2 = width * width;
        cell.first = begin;
        cell.count = end - begin;
        cell.next = int(m_cells.size());
    }

    std::vector<std::pair<quint32, int>> m_keys;
    std::vector<Vec> m_points;
    std::vector<float> m_masses;
    std::vector<Cell> m_cells;
};

/// One round of forces; the edge length is 1. Each thread computes its share of the shifts, so that
/// the result does not depend on their number.
void relax(const Level &level, std::vector<Vec> &at, QuadTree &tree, float temperature,
           bool threads)
{
    tree.build(at, level.mass);
    const size_t n = at.size();
    std::vector<Vec> shifted(n);
    const auto share = [&](size_t begin, size_t end) {
        for (size_t i = begin; i < end; ++i) {
            const int v = tree.original(i);
            const Vec p = tree.point(i);
            Vec force = tree.repulsion(i);
            for (int e = level.first[size_t(v)]; e < level.first[size_t(v) + 1]; ++e) {
                const Vec &q = at[size_t(level.target[size_t(e)])];
                const float dx = q.x - p.x;
                const float dy = q.y - p.y;
                // Attraction grows with the distance; a bundle of edges pulls by its root, or
                // coarse nodes would fall into each other.
                const float f = std::sqrt(dx * dx + dy * dy) * std::sqrt(level.weight[size_t(e)]);
                force.x += dx * f;
                force.y += dy * f;
            }
            const float length = std::sqrt(force.x * force.x + force.y * force.y);
            const float step = length > temperature ? temperature / length : 1.0F;
            shifted[size_t(v)] = {p.x + force.x * step, p.y + force.y * step};
        }
    };
    if (threads && n > 4000) {
        std::thread other(share, n / 2, n);
        share(0, n / 2);
        other.join();
    } else {
        share(0, n);
    }
    at.swap(shifted);
}

} // namespace

Points forceLayout(const Adjacency &graph, const Control &control)
{
    const int n = graph.size();
    if (n == 0)
        return {};
    std::vector<Level> levels(1);
    levels[0].first = graph.first;
    levels[0].target = graph.target;
    levels[0].weight.assign(graph.target.size(), 1.0F);
    levels[0].mass.assign(size_t(n), 1.0F);
    while (levels.back().size() > 12) {
        Level next;
        if (!coarsen(levels.back(), next))
            break;
        levels.push_back(std::move(next));
    }

    const bool threads = std::thread::hardware_concurrency() > 1;
    std::vector<Vec> at(static_cast<size_t>(levels.back().size()));
    for (size_t i = 0; i < at.size(); ++i) {
        const double angle = 2.399963229728653 * double(i); // golden angle: a sunflower
        const double radius = std::sqrt(double(i) + 0.5);
        at[i] = {float(radius * std::cos(angle)), float(radius * std::sin(angle))};
    }
    QuadTree tree;
    // Work that each level is expected to cost, for the progress.
    const auto roundsOf = [&](size_t level) {
        if (level + 1 == levels.size())
            return 300;
        const int size = levels[level].size();
        return size < 1000 ? 150 : size < 5000 ? 80 : size < 20000 ? 45 : 26;
    };
    double total = 0;
    for (size_t l = 0; l < levels.size(); ++l)
        total += double(levels[l].size()) * roundsOf(l);
    double done = 0;
    for (size_t l = levels.size(); l-- > 0;) {
        Level &level = levels[l];
        if (l + 1 < levels.size()) {
            const Level &coarse = levels[l + 1];
            // Room for the new nodes: the picture grows with the root of their number.
            const float grow = std::sqrt(float(level.size()) / float(coarse.size()));
            std::vector<Vec> finer(static_cast<size_t>(level.size()));
            std::vector<int> nth(static_cast<size_t>(coarse.size()), 0);
            for (size_t v = 0; v < finer.size(); ++v) {
                const auto centre = size_t(level.coarse[v]);
                const int i = nth[centre]++;
                const float radius = 0.5F * std::sqrt(float(i));
                const auto angle =
                    float(2.399963229728653 * i + 6.283185307 * unitHash(quint32(v)));
                finer[v] = {at[centre].x * grow + radius * std::cos(angle),
                            at[centre].y * grow + radius * std::sin(angle)};
            }
            at.swap(finer);
        }
        const int rounds = roundsOf(l);
        const float start = l + 1 == levels.size() ? 3.0F : 1.0F;
        const float end = 0.03F;
        const float cooling = std::pow(end / start, 1.0F / float(rounds));
        float temperature = start;
        // Masses repel like the nodes they stand for would, but on the scale of this level.
        Level unit;
        unit.first = level.first;
        unit.target = level.target;
        unit.weight = level.weight;
        unit.mass.resize(level.mass.size());
        const float mean = float(n) / float(level.size());
        for (size_t i = 0; i < level.mass.size(); ++i)
            unit.mass[i] = std::sqrt(level.mass[i] / mean);
        for (int round = 0; round < rounds; ++round) {
            if (control.isCancelled())
                break;
            relax(unit, at, tree, temperature, threads);
            temperature *= cooling;
            done += level.size();
            control.report(done / total);
        }
    }
    Points points(at.size());
    for (size_t i = 0; i < at.size(); ++i)
        points[i] = QPointF(double(at[i].x), double(at[i].y));
    return points;
}

} // namespace patchboard::layout
