#pragma once

#include "model/core/control.h"
#include "model/layout/graph.h"

#include <QRectF>

#include <functional>
#include <optional>

namespace patchboard::layout {

/// Places a connected graph of moderate size; nothing if it could not. Unit and overlaps do not
/// matter.
using Engine = std::function<std::optional<Points>(const Adjacency &, const Control &)>;

/// The picture that is wished for. Automatic: rows or a tree where the shape of the network
/// suggests them, forces elsewhere.
enum class Style : quint8 { Automatic, Hierarchical, Force, Tree, Circle, Grid };

struct Options
{
    Style style = Style::Automatic;
    /// Asked for connected parts of EngineLeast to EngineMost nodes that are neither trees nor
    /// tiered; null = our own forces place them too.
    Engine engine;
    static constexpr int EngineLeast = 4;
    static constexpr int EngineMost = 2000;
    static constexpr int EngineMostEdges = 8000;
};

/// Centres of all nodes: devices at least SpacingX or SpacingY apart, parts that are not connected
/// side by side, what lies in a container together, the container's centre in the middle of it.
/// The same graph gives the same picture. Nothing only when cancelled. Any thread.
std::optional<Points> place(const Graph &graph, const Options &options, const Control &control);

/// The same for a graph whose nodes have places already, all or some of them. Places that say
/// nothing (most coincide, or fewer than half are known) are given up. Others stay exactly, unless
/// devices cover each other: then everything is scaled up and what is still too close is spread. If
/// @a freeScale, their unit means nothing: they become a picture of moderate size in which crowded
/// parts take more room than empty ones, and nearly everyone stays on the same side of everyone far
/// away. What has no place goes next to its neighbours.
std::optional<Points> arrange(const Graph &graph, bool freeScale, const Options &options,
                              const Control &control);

/// Places all nodes of a picture anew, in the way of Options::style. The middle of the picture
/// stays where it was, and so do nodes that are fixed; the others go around them. Every node has a
/// place. A container is in the middle of what it holds. Nothing only when cancelled.
std::optional<Points> rearrange(const Graph &graph, const Options &options, const Control &control);

} // namespace patchboard::layout
