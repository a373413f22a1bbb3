#pragma once

#include "model/core/control.h"
#include "model/layout/graph.h"

namespace patchboard::layout {

/// Places the nodes of one connected graph by forces, coarsest picture first: multilevel after
/// Walshaw (2003), spring-electrical model after Fruchterman and Reingold (1991), far forces by a
/// quadtree after Barnes and Hut (1986). O(n log n) in nodes and edges, on the calling thread and
/// one more. The unit of the result is about one edge length; nodes may overlap. Ends early, with
/// what there is, when cancelled.
Points forceLayout(const Adjacency &graph, const Control &control);

} // namespace patchboard::layout
