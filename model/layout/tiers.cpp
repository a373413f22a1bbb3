#include "model/layout/tiers.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace patchboard::layout {

namespace {

constexpr double WidestAspect = 8.0;
constexpr double RowGap = 230.0;

/// Columns of a block of leaves.
int columnsFor(int count)
{
    return count <= 4 ? count : int(std::ceil(std::sqrt(1.8 * count)));
}

bool tooWide(double width, double height)
{
    return (width > 3000.0 && width > WidestAspect * height) ||
           (height > 6000.0 && height > WidestAspect * width);
}

} // namespace

std::vector<int> tiersOf(const Adjacency &graph)
{
    const int n = graph.size();
    if (n < 4)
        return {};
    // Distance to the nearest leaf; every edge must join neighbouring rows.
    std::vector<int> row(size_t(n), -1);
    std::vector<int> queue;
    for (int v = 0; v < n; ++v) {
        if (graph.degree(v) == 1) {
            row[size_t(v)] = 0;
            queue.push_back(v);
        }
    }
    if (queue.size() >= 2) {
        int highest = 0;
        for (size_t i = 0; i < queue.size(); ++i) {
            const int v = queue[i];
            for (auto it = graph.begin(v); it != graph.end(v); ++it) {
                if (row[size_t(*it)] < 0) {
                    row[size_t(*it)] = row[size_t(v)] + 1;
                    highest = std::max(highest, row[size_t(*it)]);
                    queue.push_back(*it);
                }
            }
        }
        bool fits = highest >= 2 && highest <= 6;
        for (int v = 0; v < n && fits; ++v) {
            for (auto it = graph.begin(v); it != graph.end(v); ++it)
                fits = fits && std::abs(row[size_t(v)] - row[size_t(*it)]) == 1;
        }
        if (fits) {
            for (int &each : row)
                each = highest - each;
            return row;
        }
    }
    // Two sides that are joined nearly everywhere; the smaller one on top.
    std::vector<int> side(size_t(n), -1);
    queue.assign(1, 0);
    side[0] = 0;
    for (size_t i = 0; i < queue.size(); ++i) {
        const int v = queue[i];
        for (auto it = graph.begin(v); it != graph.end(v); ++it) {
            if (side[size_t(*it)] < 0) {
                side[size_t(*it)] = 1 - side[size_t(v)];
                queue.push_back(*it);
            } else if (side[size_t(*it)] == side[size_t(v)]) {
                return {};
            }
        }
    }
    const auto ones = std::count(side.begin(), side.end(), 1);
    const auto zeros = n - ones;
    if (ones < 2 || zeros < 2 ||
        double(graph.target.size()) / 2 < 0.7 * double(ones) * double(zeros)) {
        return {};
    }
    if (ones < zeros) {
        for (int &each : side)
            each = 1 - each;
    }
    return side;
}

std::optional<Points> tierLayout(const Adjacency &graph, const std::vector<int> &wished,
                                 bool anyShape)
{
    const int n = graph.size();
    std::vector<int> tier(wished);
    tier.resize(size_t(n), -1);
    // Who has no row stands below its neighbours.
    std::vector<int> queue;
    for (int v = 0; v < n; ++v) {
        if (tier[size_t(v)] >= 0)
            queue.push_back(v);
    }
    if (queue.empty())
        return std::nullopt;
    std::sort(queue.begin(), queue.end(), [&](int a, int b) {
        return tier[size_t(a)] > tier[size_t(b)] || (tier[size_t(a)] == tier[size_t(b)] && a < b);
    });
    for (size_t i = 0; i < queue.size(); ++i) {
        const int v = queue[i];
        for (auto it = graph.begin(v); it != graph.end(v); ++it) {
            if (tier[size_t(*it)] < 0) {
                tier[size_t(*it)] = tier[size_t(v)] + 1;
                queue.push_back(*it);
            }
        }
    }
    for (int &each : tier)
        each = std::max(each, 0);
    std::vector<int> used(tier);
    std::sort(used.begin(), used.end());
    used.erase(std::unique(used.begin(), used.end()), used.end());
    const int rows = int(used.size());
    if (rows < 2)
        return std::nullopt;
    for (int &each : tier)
        each = int(std::lower_bound(used.begin(), used.end(), each) - used.begin());

    // A leaf in the row below its only neighbour belongs to that one's block.
    std::vector<int> owner(size_t(n), -1);
    std::vector<std::vector<int>> leaves(static_cast<size_t>(n));
    for (int v = 0; v < n; ++v) {
        if (graph.degree(v) != 1)
            continue;
        const int up = *graph.begin(v);
        if (tier[size_t(up)] + 1 == tier[size_t(v)] && graph.degree(up) > 1) {
            owner[size_t(v)] = up;
            leaves[size_t(up)].push_back(v);
        }
    }
    std::vector<std::vector<int>> row(static_cast<size_t>(rows));
    for (int v = 0; v < n; ++v) {
        if (owner[size_t(v)] < 0)
            row[size_t(tier[size_t(v)])].push_back(v);
    }

    // Order by the mean place of the neighbours in the row above, then below, a few times.
    std::vector<double> place(size_t(n), 0.0);
    const auto number = [&](const std::vector<int> &list) {
        for (size_t i = 0; i < list.size(); ++i)
            place[size_t(list[i])] = (double(i) + 0.5) / double(list.size());
    };
    for (const auto &list : row)
        number(list);
    std::vector<double> mean(size_t(n), 0.0);
    const auto sweep = [&](int r, int towards) {
        auto &list = row[size_t(r)];
        for (const int v : list) {
            double sum = 0;
            int count = 0;
            for (auto it = graph.begin(v); it != graph.end(v); ++it) {
                const int other = tier[size_t(*it)];
                if (owner[size_t(*it)] < 0 && (towards < 0 ? other < r : other > r)) {
                    sum += place[size_t(*it)];
                    ++count;
                }
            }
            mean[size_t(v)] = count > 0 ? sum / count : place[size_t(v)];
        }
        std::stable_sort(list.begin(), list.end(),
                         [&](int a, int b) { return mean[size_t(a)] < mean[size_t(b)]; });
        number(list);
    };
    for (int round = 0; round < 4; ++round) {
        for (int r = 1; r < rows; ++r)
            sweep(r, -1);
        for (int r = rows - 1; r-- > 0;)
            sweep(r, 1);
    }

    // Widths: a node is as wide as its block.
    double widest = 0;
    std::vector<double> rowWidth(static_cast<size_t>(rows), 0.0);
    std::vector<int> blockRows(static_cast<size_t>(rows), 1); // lines that a row needs
    const auto widthOf = [&](int v) {
        const int count = int(leaves[size_t(v)].size());
        return SpacingX * std::max(1, columnsFor(count));
    };
    for (int r = 0; r < rows; ++r) {
        for (const int v : row[size_t(r)]) {
            rowWidth[size_t(r)] += widthOf(v);
            const int count = int(leaves[size_t(v)].size());
            if (count > 0 && r + 1 < rows) {
                const int columns = columnsFor(count);
                blockRows[size_t(r) + 1] =
                    std::max(blockRows[size_t(r) + 1], (count + columns - 1) / columns);
            }
        }
        widest = std::max(widest, rowWidth[size_t(r)]);
    }
    // Wide rows want more air between them, or all edges lie flat.
    const double gap = std::clamp(widest / (4.0 * rows), RowGap, 900.0);
    Points points(static_cast<size_t>(n));
    double y = 0;
    std::vector<double> top(static_cast<size_t>(rows), 0.0);
    for (int r = 0; r < rows; ++r) {
        top[size_t(r)] = y;
        // Blocks of leaves hang below the nodes of their own row.
        const bool own = !row[size_t(r)].empty();
        const double blockTop = own && blockRows[size_t(r)] > 1 ? SpacingY : 0.0;
        y += blockTop + (blockRows[size_t(r)] - 1) * SpacingY + gap;
    }
    if (!anyShape && tooWide(widest, y))
        return std::nullopt;
    for (int r = 0; r < rows; ++r) {
        const double stretch =
            row[size_t(r)].empty() ? 1.0 : std::max(1.0, 0.8 * widest / rowWidth[size_t(r)]);
        double x = -rowWidth[size_t(r)] * stretch / 2;
        for (const int v : row[size_t(r)]) {
            const double width = widthOf(v) * stretch;
            points[size_t(v)] = QPointF(x + width / 2, top[size_t(r)]);
            const int count = int(leaves[size_t(v)].size());
            if (count > 0) {
                const int columns = columnsFor(count);
                const bool below = !row[size_t(r) + 1].empty() && blockRows[size_t(r) + 1] > 1;
                const double blockTop = top[size_t(r) + 1] + (below ? SpacingY : 0.0);
                for (int i = 0; i < count; ++i) {
                    const int line = i / columns;
                    const int inLine = std::min(columns, count - line * columns);
                    points[size_t(leaves[size_t(v)][size_t(i)])] =
                        QPointF(x + width / 2 + SpacingX * (i % columns - (inLine - 1) / 2.0),
                                blockTop + line * SpacingY);
                }
            }
            x += width;
        }
    }
    return points;
}

std::optional<Points> treeLayout(const Adjacency &graph, int wishedRoot, bool anyShape)
{
    const int n = graph.size();
    if (int(graph.target.size()) != 2 * (n - 1) || n < 2)
        return std::nullopt;
    // The centre is what remains when the leaves are taken off again and again.
    std::vector<int> degree(static_cast<size_t>(n));
    std::vector<int> queue;
    for (int v = 0; v < n; ++v) {
        degree[size_t(v)] = graph.degree(v);
        if (degree[size_t(v)] <= 1)
            queue.push_back(v);
    }
    for (size_t i = 0; i < queue.size(); ++i) {
        for (auto it = graph.begin(queue[i]); it != graph.end(queue[i]); ++it) {
            if (--degree[size_t(*it)] == 1)
                queue.push_back(*it);
        }
    }
    if (int(queue.size()) != n)
        return std::nullopt; // not connected, so there was a cycle elsewhere
    const int root = wishedRoot >= 0 ? wishedRoot : queue.back();

    std::vector<int> parent(size_t(n), -1);
    std::vector<int> depth(size_t(n), 0);
    std::vector<int> order{root};
    for (size_t i = 0; i < order.size(); ++i) {
        const int v = order[i];
        for (auto it = graph.begin(v); it != graph.end(v); ++it) {
            if (*it != parent[size_t(v)]) {
                parent[size_t(*it)] = v;
                depth[size_t(*it)] = depth[size_t(v)] + 1;
                order.push_back(*it);
            }
        }
    }
    std::vector<double> width(size_t(n), 0.0);
    std::vector<int> leafCount(size_t(n), 0);
    const int deepest = depth[size_t(order.back())];
    std::vector<int> lines(size_t(deepest) + 2, 1);
    for (size_t i = order.size(); i-- > 0;) {
        const int v = order[i];
        if (leafCount[size_t(v)] > 0) {
            const int columns = columnsFor(leafCount[size_t(v)]);
            width[size_t(v)] += SpacingX * columns;
            int &needed = lines[size_t(depth[size_t(v)]) + 1];
            needed = std::max(needed, (leafCount[size_t(v)] + columns - 1) / columns);
        }
        width[size_t(v)] = std::max(width[size_t(v)], SpacingX);
        if (parent[size_t(v)] >= 0) {
            if (graph.degree(v) == 1)
                ++leafCount[size_t(parent[size_t(v)])];
            else
                width[size_t(parent[size_t(v)])] += width[size_t(v)];
        }
    }
    std::vector<double> top(size_t(deepest) + 2, 0.0);
    const double gap = std::clamp(width[size_t(root)] / (4.0 * (deepest + 1)), RowGap, 900.0);
    for (int d = 0; d <= deepest; ++d)
        top[size_t(d) + 1] = top[size_t(d)] + (lines[size_t(d)] - 1) * SpacingY + gap;
    if (!anyShape && tooWide(width[size_t(root)], top[size_t(deepest) + 1]))
        return std::nullopt;

    Points points(static_cast<size_t>(n));
    std::vector<double> left(size_t(n), 0.0); // of the span of a subtree
    for (const int v : order) {
        if (parent[size_t(v)] >= 0 && graph.degree(v) == 1)
            continue; // placed with its block
        points[size_t(v)] =
            QPointF(left[size_t(v)] + width[size_t(v)] / 2, top[size_t(depth[size_t(v)])]);
        double inner = 0;
        for (auto it = graph.begin(v); it != graph.end(v); ++it) {
            if (*it != parent[size_t(v)] && graph.degree(*it) > 1)
                inner += width[size_t(*it)];
        }
        const int columns = std::max(1, columnsFor(leafCount[size_t(v)]));
        const double block = leafCount[size_t(v)] > 0 ? SpacingX * columns : 0.0;
        double x = left[size_t(v)] + (width[size_t(v)] - inner - block) / 2;
        int leaf = 0;
        const double blockLeft = x;
        x += block;
        for (auto it = graph.begin(v); it != graph.end(v); ++it) {
            const int child = *it;
            if (child == parent[size_t(v)])
                continue;
            if (graph.degree(child) > 1) {
                left[size_t(child)] = x;
                x += width[size_t(child)];
                continue;
            }
            const int line = leaf / columns;
            const int inLine = std::min(columns, leafCount[size_t(v)] - line * columns);
            points[size_t(child)] =
                QPointF(blockLeft + block / 2 + SpacingX * (leaf % columns - (inLine - 1) / 2.0),
                        top[size_t(depth[size_t(child)])] + line * SpacingY);
            ++leaf;
        }
    }
    return points;
}

} // namespace patchboard::layout
