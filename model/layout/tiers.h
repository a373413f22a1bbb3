#pragma once

#include "model/layout/graph.h"

#include <optional>
#include <vector>

namespace patchboard::layout {

/// Rows that the shape of a connected graph suggests, from its leaves upwards (a fat tree with its
/// hosts) or as two sides (leaf and spine); empty if it has no such shape. O(n + m).
std::vector<int> tiersOf(const Adjacency &graph);

/// A connected graph in rows, 0 on top, ordered so that few edges cross; the leaves of a node stand
/// below it as a block. @a tiers: row of each node, -1 = below its neighbours. Nothing if there is
/// but one row or (unless @a anyShape) the picture would be far too wide. No two nodes are closer
/// than the spacing. O(n + m) a sweep.
std::optional<Points> tierLayout(const Adjacency &graph, const std::vector<int> &tiers,
                                 bool anyShape = false);

/// A tree downwards from @a root, -1 = its centre. Nothing if the graph is no tree or (unless @a
/// anyShape) the picture would be far too wide. No two nodes are closer than the spacing. O(n).
std::optional<Points> treeLayout(const Adjacency &graph, int root = -1, bool anyShape = false);

} // namespace patchboard::layout
