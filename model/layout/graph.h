#pragma once

#include <QPointF>
#include <QSizeF>

#include <optional>
#include <utility>
#include <vector>

namespace patchboard::layout {

using Edge = std::pair<int, int>;
using Points = std::vector<QPointF>;

/// Least distance of the centres of two devices, in scene units: an icon of about 64 x 64 with its
/// label below fits without touching its neighbours.
inline constexpr double SpacingX = 150.0;
inline constexpr double SpacingY = 130.0;

/// A node to be placed. Containers are nodes too.
struct Node
{
    int parent = -1; ///< index of its container; -1 = top level; no cycles
    bool container = false;
    int tier = -1;                ///< row that is wished, 0 = top; -1 = none
    std::optional<QPointF> place; ///< a place that it has already
    bool fixed = false;           ///< rearrange() leaves it at its place
};

struct Graph
{
    std::vector<Node> nodes;
    std::vector<Edge> edges; ///< any order; parallel edges and self loops are harmless
};

/// Neighbours of every node as one array: those of v are target[first[v]] … target[first[v + 1] -
/// 1]. Without self loops and parallel edges.
struct Adjacency
{
    std::vector<int> first;
    std::vector<int> target;

    Adjacency(int nodeCount, const std::vector<Edge> &edges);
    [[nodiscard]] int size() const { return int(first.size()) - 1; }
    [[nodiscard]] int degree(int node) const
    {
        return first[size_t(node) + 1] - first[size_t(node)];
    }
    [[nodiscard]] auto begin(int node) const { return target.begin() + first[size_t(node)]; }
    [[nodiscard]] auto end(int node) const { return target.begin() + first[size_t(node) + 1]; }
};

/// A number in [0, 1) that depends on @a value only: layouts are the same on every run.
double unitHash(quint32 value);

} // namespace patchboard::layout
