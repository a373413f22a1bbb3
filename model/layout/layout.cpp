#include "model/layout/layout.h"

#include "model/layout/force.h"
#include "model/layout/geometry.h"
#include "model/layout/tiers.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace patchboard::layout {

namespace {

/// Between what a container holds and its edge; more on top, where its name stands.
constexpr double ContainerPadding = 90.0;
constexpr double ComponentGap = 120.0;
/// Steps of a grid of devices; they fit the grid of a canvas.
constexpr double GridX = 160.0;
constexpr double GridY = 140.0;
/// Room that a picture may take, as a multiple of what its devices need side by side.
constexpr double MostRoom = 8.0;
/// Room for each device in a picture of places that are kept, and the shape of a window.
constexpr double KeptRoom = 370.0 * 300.0;
constexpr double WindowShape = 1.58;
/// Least distances between kept places; drawn ones may stand in tight rows.
constexpr double KeptSpacingX = 0.8 * SpacingX;
constexpr double KeptSpacingY = 0.93 * SpacingY;
constexpr double DrawnSpacingY = 0.65 * SpacingY;

/// Number of the connected part of each node; numbers follow the first node of each.
std::vector<int> componentsOf(const Adjacency &graph, int *count)
{
    std::vector<int> component(size_t(graph.size()), -1);
    std::vector<int> queue;
    *count = 0;
    for (int start = 0; start < graph.size(); ++start) {
        if (component[size_t(start)] >= 0)
            continue;
        component[size_t(start)] = *count;
        queue.assign(1, start);
        for (size_t i = 0; i < queue.size(); ++i) {
            for (auto it = graph.begin(queue[i]); it != graph.end(queue[i]); ++it) {
                if (component[size_t(*it)] < 0) {
                    component[size_t(*it)] = *count;
                    queue.push_back(*it);
                }
            }
        }
        ++*count;
    }
    return component;
}

/// Turns the picture so that its longer axis lies flat, as screens do. What is as wide as high
/// stays.
void lieFlat(Points &points)
{
    QPointF mean;
    for (const QPointF &point : points)
        mean += point / double(points.size());
    double xx = 0, yy = 0, xy = 0;
    for (const QPointF &point : points) {
        const QPointF d = point - mean;
        xx += d.x() * d.x();
        yy += d.y() * d.y();
        xy += d.x() * d.y();
    }
    const double spread = std::hypot(xx - yy, 2 * xy);
    if (spread < 0.15 * (xx + yy))
        return;
    const double angle = 0.5 * std::atan2(2 * xy, xx - yy);
    const double c = std::cos(angle), s = std::sin(angle);
    for (QPointF &point : points) {
        const QPointF d = point - mean;
        point = QPointF(c * d.x() + s * d.y(), c * d.y() - s * d.x());
    }
}

/// From any unit to scene units: neighbours in the picture do not touch, edges are neither too
/// short nor too long for the eye.
void scaleToSpacing(Points &points, const Adjacency &graph)
{
    double length = 0;
    for (int v = 0; v < graph.size(); ++v) {
        for (auto it = graph.begin(v); it != graph.end(v); ++it) {
            const QPointF d = points[size_t(v)] - points[size_t(*it)];
            length += std::hypot(d.x(), d.y());
        }
    }
    length /= std::max<double>(1.0, double(graph.target.size()));
    const double nearest = nearestDistance(points, 0.2);
    double scale = nearest > 0 ? 1.05 * SpacingX / nearest : 0.0;
    // Not emptier than it must be.
    const QRectF bounds = boundsOf(points);
    const double area = bounds.width() * bounds.height();
    if (area > 0)
        scale = std::min(scale,
                         std::sqrt(MostRoom * double(points.size()) * SpacingX * SpacingY / area));
    if (length > 0)
        scale = std::max(scale, 1.2 * SpacingX / length);
    if (scale <= 0 || !std::isfinite(scale))
        scale = 1.0;
    for (QPointF &point : points)
        point *= scale;
}

/// Where the picture of a connected graph begins: on the row that is wished highest, else at the
/// node with the most neighbours.
int rootOf(const Adjacency &graph, const std::vector<int> &tiers)
{
    int root = 0;
    const auto rank = [&](int v) {
        const int tier = tiers[size_t(v)];
        return std::pair(tier >= 0 ? -tier : std::numeric_limits<int>::min(), graph.degree(v));
    };
    for (int v = 1; v < graph.size(); ++v) {
        if (rank(v) > rank(root))
            root = v;
    }
    return root;
}

/// Nodes in the order in which a walk from @a root meets them, each with the one it came from.
std::vector<std::pair<int, int>> breadthFirst(const Adjacency &graph, int root)
{
    std::vector<std::pair<int, int>> order{{root, -1}};
    std::vector<bool> seen(size_t(graph.size()), false);
    seen[size_t(root)] = true;
    for (size_t i = 0; i < order.size(); ++i) {
        const int v = order[i].first;
        for (auto it = graph.begin(v); it != graph.end(v); ++it) {
            if (!seen[size_t(*it)]) {
                seen[size_t(*it)] = true;
                order.push_back({*it, v});
            }
        }
    }
    return order;
}

/// Rows from the wishes of the nodes; where there are none, from the shape of the graph, and where
/// that has none, by the distance from the root.
Points hierarchicalLayout(const Adjacency &graph, const std::vector<int> &tiers)
{
    std::vector<int> rows(tiers);
    if (std::all_of(rows.begin(), rows.end(), [](int row) { return row < 0; }))
        rows = tiersOf(graph);
    if (!rows.empty()) {
        if (auto points = tierLayout(graph, rows, true))
            return *points;
    }
    rows.assign(size_t(graph.size()), 0);
    for (const auto &[v, from] : breadthFirst(graph, rootOf(graph, tiers)))
        rows[size_t(v)] = from < 0 ? 0 : rows[size_t(from)] + 1;
    return tierLayout(graph, rows, true).value_or(Points(size_t(graph.size())));
}

/// A tree of shortest ways from the root; other links are drawn over it.
Points spanningTreeLayout(const Adjacency &graph, const std::vector<int> &tiers)
{
    const bool wished = std::any_of(tiers.begin(), tiers.end(), [](int t) { return t >= 0; });
    if (!wished) {
        if (auto points = treeLayout(graph, -1, true))
            return *points;
    }
    const int root = rootOf(graph, tiers);
    std::vector<Edge> edges;
    for (const auto &[v, from] : breadthFirst(graph, root)) {
        if (from >= 0)
            edges.push_back({from, v});
    }
    return treeLayout(Adjacency(graph.size(), edges), root, true)
        .value_or(Points(size_t(graph.size())));
}

/// All nodes on one circle, neighbours next to each other where that can be.
Points circleLayout(const Adjacency &graph)
{
    const int n = graph.size();
    std::vector<int> order;
    std::vector<bool> seen(size_t(n), false);
    std::vector<int> stack;
    std::vector<int> starts(static_cast<size_t>(n));
    std::iota(starts.begin(), starts.end(), 0);
    // From the ends of chains inwards.
    std::stable_sort(starts.begin(), starts.end(),
                     [&](int a, int b) { return graph.degree(a) < graph.degree(b); });
    for (const int start : starts) {
        stack.assign(1, start);
        while (!stack.empty()) {
            const int v = stack.back();
            stack.pop_back();
            if (seen[size_t(v)])
                continue;
            seen[size_t(v)] = true;
            order.push_back(v);
            for (auto it = graph.end(v); it != graph.begin(v);) {
                --it;
                if (!seen[size_t(*it)])
                    stack.push_back(*it);
            }
        }
    }
    Points points(static_cast<size_t>(n));
    if (n < 2)
        return points;
    const double turn = 2 * M_PI / n;
    // Apart on the slanting parts of it too.
    constexpr double Chord = 1.15 * SpacingX;
    const double radius = std::max(SpacingX, Chord / (2 * std::sin(turn / 2)));
    for (int i = 0; i < n; ++i) {
        const double angle = turn * i - M_PI / 2;
        points[size_t(order[size_t(i)])] =
            QPointF(radius * std::cos(angle), radius * std::sin(angle));
    }
    return points;
}

/// In rows, in the order of the graph.
Points gridLayout(int n)
{
    const int columns = std::max(1, int(std::ceil(std::sqrt(1.4 * n))));
    Points points;
    points.reserve(size_t(n));
    for (int i = 0; i < n; ++i) {
        const int row = i / columns;
        points.push_back(QPointF(GridX * double(i % columns), GridY * double(row)));
    }
    return points;
}

Points connectedLayout(const Adjacency &graph, const std::vector<int> &tiers,
                       const Options &options, const Control &control)
{
    const int n = graph.size();
    if (n == 1)
        return {QPointF(0, 0)};
    if (options.style == Style::Hierarchical)
        return hierarchicalLayout(graph, tiers);
    if (options.style == Style::Tree)
        return spanningTreeLayout(graph, tiers);
    if (n == 2)
        return {QPointF(0, 0), QPointF(1.4 * SpacingX, 0)};
    // Rows that the file or its names wish for, if they are there for most.
    if (options.style != Style::Force) {
        const auto wished = std::count_if(tiers.begin(), tiers.end(), [](int t) { return t >= 0; });
        if (wished * 5 >= n * 4) {
            if (auto points = tierLayout(graph, tiers))
                return *points;
        }
        if (auto points = treeLayout(graph))
            return *points;
        const std::vector<int> found = tiersOf(graph);
        if (!found.empty()) {
            if (auto points = tierLayout(graph, found))
                return *points;
        }
    }
    std::optional<Points> points;
    if (options.engine && n >= Options::EngineLeast && n <= Options::EngineMost &&
        int(graph.target.size()) <= 2 * Options::EngineMostEdges && !control.isCancelled()) {
        points = options.engine(graph, control);
    }
    if (!points)
        points = forceLayout(graph, control);
    lieFlat(*points);
    scaleToSpacing(*points, graph);
    separate(*points, control);
    return *points;
}

/// All parts of a graph without containers, packed.
Points flatLayout(int n, const std::vector<Edge> &edges, const std::vector<int> &tiers,
                  const Options &options, const Control &control)
{
    const Adjacency graph(n, edges);
    if (options.style == Style::Circle)
        return circleLayout(graph);
    if (options.style == Style::Grid)
        return gridLayout(n);
    int count = 0;
    const std::vector<int> component = componentsOf(graph, &count);
    std::vector<std::vector<int>> members(static_cast<size_t>(count));
    for (int v = 0; v < n; ++v)
        members[size_t(component[size_t(v)])].push_back(v);
    std::vector<std::vector<Edge>> inner(static_cast<size_t>(count));
    std::vector<int> index(static_cast<size_t>(n));
    for (const auto &list : members) {
        for (size_t i = 0; i < list.size(); ++i)
            index[size_t(list[i])] = int(i);
    }
    for (const auto &[a, b] : edges)
        inner[size_t(component[size_t(a)])].push_back({index[size_t(a)], index[size_t(b)]});

    // Parts: each of several nodes, and one block of all that stand alone.
    std::vector<std::vector<int>> parts;
    std::vector<Points> places;
    std::vector<int> single;
    double done = 0;
    for (size_t c = 0; c < members.size(); ++c) {
        const auto &list = members[c];
        if (list.size() == 1) {
            single.push_back(list[0]);
            continue;
        }
        std::vector<int> rows;
        for (const int v : list)
            rows.push_back(tiers.empty() ? -1 : tiers[size_t(v)]);
        const double part = double(list.size()) / n;
        Control share = control;
        share.progress = [&control, done, part](double p) { control.report(done + part * p); };
        places.push_back(
            connectedLayout(Adjacency(int(list.size()), inner[c]), rows, options, share));
        parts.push_back(list);
        done += part;
        control.report(done);
    }
    if (!single.empty()) {
        const int columns = int(std::ceil(std::sqrt(1.8 * double(single.size()))));
        Points block;
        block.reserve(single.size());
        for (int i = 0; i < int(single.size()); ++i) {
            const int row = i / columns;
            block.push_back(QPointF(SpacingX * double(i % columns), SpacingY * double(row)));
        }
        parts.push_back(single);
        places.push_back(block);
    }
    std::vector<QSizeF> sizes;
    for (const Points &points : places)
        sizes.push_back(boundsOf(points).size() + QSizeF(SpacingX, SpacingY));
    const Points centres = pack(sizes, parts.size() > 1 ? ComponentGap : 0.0);
    Points result(static_cast<size_t>(n));
    for (size_t p = 0; p < parts.size(); ++p) {
        const QPointF shift = centres[p] - boundsOf(places[p]).center();
        for (size_t i = 0; i < parts[p].size(); ++i)
            result[size_t(parts[p][i])] = places[p][i] + shift;
    }
    return result;
}

/// Grows the picture until no box of a container covers a neighbour.
void makeRoom(Points &points, const std::vector<QSizeF> &sizes)
{
    std::vector<size_t> boxes;
    for (size_t i = 0; i < sizes.size(); ++i) {
        if (sizes[i].width() > SpacingX || sizes[i].height() > SpacingY)
            boxes.push_back(i);
    }
    double scale = 1.0;
    for (const size_t box : boxes) {
        for (size_t i = 0; i < points.size(); ++i) {
            if (i == box)
                continue;
            const double dx = std::abs(points[i].x() - points[box].x());
            const double dy = std::abs(points[i].y() - points[box].y());
            const double wantX = (sizes[i].width() + sizes[box].width()) / 2 + 30.0;
            const double wantY = (sizes[i].height() + sizes[box].height()) / 2 + 30.0;
            // separate() keeps one of the two at the spacing or more, so this stays finite.
            scale = std::max(scale, std::min(dx > 0 ? wantX / dx : 1e6, dy > 0 ? wantY / dy : 1e6));
        }
    }
    for (QPointF &point : points)
        point *= scale;
}

/// Pushes boxes of different sizes apart pair by pair; cheap for the few that a level usually has.
void pushBoxes(Points &points, const std::vector<QSizeF> &sizes)
{
    if (points.size() > 300)
        return;
    for (int round = 0; round < 200; ++round) {
        bool clean = true;
        for (size_t i = 0; i < points.size(); ++i) {
            for (size_t j = i + 1; j < points.size(); ++j) {
                const QPointF d = points[j] - points[i];
                const double overX =
                    (sizes[i].width() + sizes[j].width()) / 2 + 30.0 - std::abs(d.x());
                const double overY =
                    (sizes[i].height() + sizes[j].height()) / 2 + 30.0 - std::abs(d.y());
                if (overX <= 0 || overY <= 0)
                    continue;
                clean = false;
                const QPointF push = overX < overY ? QPointF(std::copysign(overX * 0.52, d.x()), 0)
                                                   : QPointF(0, std::copysign(overY * 0.52, d.y()));
                points[i] -= push;
                points[j] += push;
            }
        }
        if (clean)
            return;
    }
}

/// The largest scale at which a picture of this size fills the window that so many devices deserve,
/// without becoming denser than half of their room: long and narrow ones stand out of the window.
double windowScale(const QSizeF &size, size_t devices)
{
    const double area = KeptRoom * double(std::max<size_t>(devices, 10));
    const double height = std::sqrt(area / WindowShape);
    const double fitX = size.width() > 0 ? (height * WindowShape - SpacingX) / size.width() : 1e9;
    const double fitY = size.height() > 0 ? (height - SpacingY) / size.height() : 1e9;
    // (w s + SpacingX) (h s + SpacingY) = area / 2
    const double a = size.width() * size.height();
    const double b = size.width() * SpacingY + size.height() * SpacingX;
    const double c = SpacingX * SpacingY - area / 2;
    const double dense = b > 0 ? 2 * -c / (b + std::sqrt(b * b - 4 * a * c)) : 0.0;
    return std::max(std::min(fitX, fitY), dense);
}

/// Moves every value towards its rank, which widens what is crowded and narrows what is empty.
/// Keeps the order; the result goes from 0 to 1.
std::vector<double> towardsRanks(const std::vector<double> &values, double part)
{
    std::vector<double> sorted(values);
    std::sort(sorted.begin(), sorted.end());
    const double low = sorted.front(), range = sorted.back() - low;
    sorted.erase(std::unique(sorted.begin(), sorted.end()), sorted.end());
    std::vector<double> result(values.size(), 0.0);
    if (sorted.size() < 2)
        return result;
    for (size_t i = 0; i < values.size(); ++i) {
        const auto rank = std::lower_bound(sorted.begin(), sorted.end(), values[i]);
        result[i] = (1 - part) * (values[i] - low) / range +
                    part * double(rank - sorted.begin()) / double(sorted.size() - 1);
    }
    return result;
}

/// Places whose unit means nothing, such as those of a map, as a picture that can be looked at as a
/// whole: half of the neighbours well apart if there is room; where there is none, cities grow and
/// deserts shrink, but everyone stays north, south, east and west of whom it was.
Points mapPlaces(const Points &known, const Adjacency &links, double usual, size_t devices,
                 const Control &control)
{
    const QRectF bounds = boundsOf(known);
    QSizeF size = bounds.size();
    double scale = windowScale(size, devices);
    double part = 0;
    Points points(known);
    if (scale * usual >= 1.33 * SpacingX) {
        scale = 1.33 * SpacingX / usual;
        size *= scale;
        for (QPointF &point : points)
            point = (point - bounds.topLeft()) * scale;
    } else {
        // A little towards the shape of the window.
        constexpr double MostStretch = 1.35;
        if (size.width() > 0 && size.height() > 0) {
            const double wide = size.width() / size.height() / WindowShape;
            if (wide < 1)
                size.rwidth() *= std::min(MostStretch, 1 / wide);
            else
                size.rheight() *= std::min(MostStretch, wide);
        }
        size *= windowScale(size, devices);
        std::vector<double> x, y;
        for (const QPointF &point : known) {
            x.push_back(point.x());
            y.push_back(point.y());
        }
        do {
            part += 0.15;
            const std::vector<double> atX = towardsRanks(x, part), atY = towardsRanks(y, part);
            for (size_t i = 0; i < points.size(); ++i)
                points[i] = QPointF(atX[i] * size.width(), atY[i] * size.height());
        } while (part < 0.5 && nearestDistance(points, 0.5) < 0.9 * SpacingX);
    }
    // Spreading crowds makes the picture larger: with room to spare if that fits, else with the
    // least, from smaller and smaller beginnings.
    Points best;
    double bestExcess = 0;
    const Adjacency none(0, {});
    struct Attempt
    {
        double spacing;
        double shrink;
        bool lines;
    };
    for (const auto &[spacing, shrink, lines] : {Attempt{1.2, 0.95, true},
                                                 {1.0, 1.0, true},
                                                 {1.0, 0.85, true},
                                                 {1.2, 0.95, false},
                                                 {1.0, 1.0, false},
                                                 {1.0, 0.85, false},
                                                 {1.0, 0.65, false}}) {
        if (control.isCancelled())
            break;
        // A large crowd takes time; one attempt must do.
        if (points.size() > 2000 && (lines || spacing > 1))
            continue;
        Points spread(points);
        for (QPointF &point : spread)
            point *= shrink;
        spreadOut(spread, lines ? links : none, control, spacing * KeptSpacingX,
                  spacing * KeptSpacingY);
        const QRectF now = boundsOf(spread);
        const double excess = std::max((now.width() + SpacingX) / (size.width() + SpacingX),
                                       (now.height() + SpacingY) / (size.height() + SpacingY));
        if (best.empty() || excess < bestExcess) {
            best = std::move(spread);
            bestExcess = excess;
        }
        if (excess < 1.1 || points.size() > 2000)
            break;
    }
    return best.empty() ? points : best;
}

int depthOf(const Graph &graph, int node)
{
    int depth = 0;
    for (int v = graph.nodes[size_t(node)].parent; v >= 0; v = graph.nodes[size_t(v)].parent)
        ++depth;
    return depth;
}

/// Puts containers into the middle of what they hold, innermost first. @a devices: nodes that hold
/// nothing.
void centreContainers(const Graph &graph, const std::vector<int> &devices, Points &points)
{
    std::vector<bool> holds(graph.nodes.size(), false);
    for (const Node &node : graph.nodes) {
        if (node.parent >= 0)
            holds[size_t(node.parent)] = true;
    }
    std::vector<int> order;
    std::vector<int> depth(graph.nodes.size(), 0);
    for (size_t i = 0; i < graph.nodes.size(); ++i) {
        if (!holds[i])
            continue;
        depth[i] = depthOf(graph, int(i));
        order.push_back(int(i));
    }
    std::stable_sort(order.begin(), order.end(),
                     [&](int a, int b) { return depth[size_t(a)] > depth[size_t(b)]; });
    std::vector<Points> held(graph.nodes.size());
    for (const int v : devices) {
        if (graph.nodes[size_t(v)].parent >= 0)
            held[size_t(graph.nodes[size_t(v)].parent)].push_back(points[size_t(v)]);
    }
    for (const int v : order) {
        points[size_t(v)] = boundsOf(held[size_t(v)]).center();
        if (graph.nodes[size_t(v)].parent >= 0)
            held[size_t(graph.nodes[size_t(v)].parent)].push_back(points[size_t(v)]);
    }
}

} // namespace

std::optional<Points> place(const Graph &graph, const Options &options, const Control &control)
{
    const int n = int(graph.nodes.size());
    if (n == 0)
        return Points();
    // Children of each container; the last list is the top level.
    std::vector<std::vector<int>> children(size_t(n) + 1);
    bool nested = false;
    for (int v = 0; v < n; ++v) {
        const int parent = graph.nodes[size_t(v)].parent;
        nested = nested || parent >= 0;
        children[parent >= 0 ? size_t(parent) : size_t(n)].push_back(v);
    }
    Points result;
    std::vector<int> tiers;
    for (const Node &node : graph.nodes)
        tiers.push_back(node.tier);
    if (!nested) {
        result = flatLayout(n, graph.edges, tiers, options, control);
        return control.isCancelled() ? std::nullopt : std::optional(result);
    }

    // An edge counts on the level where the ways of its ends to the top meet.
    std::vector<int> depth(static_cast<size_t>(n));
    for (int v = 0; v < n; ++v)
        depth[size_t(v)] = depthOf(graph, v);
    std::vector<std::vector<Edge>> levelEdges(size_t(n) + 1);
    const auto parentOf = [&](int v) { return graph.nodes[size_t(v)].parent; };
    for (auto [a, b] : graph.edges) {
        while (depth[size_t(a)] > depth[size_t(b)])
            a = parentOf(a);
        while (depth[size_t(b)] > depth[size_t(a)])
            b = parentOf(b);
        while (a != b && parentOf(a) != parentOf(b)) {
            a = parentOf(a);
            b = parentOf(b);
        }
        if (a != b)
            levelEdges[parentOf(a) >= 0 ? size_t(parentOf(a)) : size_t(n)].push_back({a, b});
    }

    // From the innermost containers outwards: places within, then the size of the box.
    std::vector<int> order;
    for (int v = 0; v < n; ++v) {
        if (!children[size_t(v)].empty())
            order.push_back(v);
    }
    std::stable_sort(order.begin(), order.end(),
                     [&](int a, int b) { return depth[size_t(a)] > depth[size_t(b)]; });
    order.push_back(n);
    std::vector<QSizeF> size(size_t(n), QSizeF(SpacingX, SpacingY));
    Points local(static_cast<size_t>(n)); // relative to the centre of the container
    std::vector<int> index(static_cast<size_t>(n));
    for (const int level : order) {
        const auto &items = children[size_t(level)];
        std::vector<int> rows;
        std::vector<QSizeF> sizes;
        bool boxes = false;
        for (size_t i = 0; i < items.size(); ++i) {
            index[size_t(items[i])] = int(i);
            rows.push_back(tiers[size_t(items[i])]);
            sizes.push_back(size[size_t(items[i])]);
            boxes = boxes || sizes.back().width() > SpacingX || sizes.back().height() > SpacingY;
        }
        std::vector<Edge> edges;
        for (const auto &[a, b] : levelEdges[size_t(level)])
            edges.push_back({index[size_t(a)], index[size_t(b)]});
        Control share = control;
        share.progress = nullptr;
        Points points;
        if (boxes && edges.empty()) {
            points = pack(sizes, 60.0);
        } else {
            points =
                flatLayout(int(items.size()), edges, rows, options, level == n ? control : share);
            if (boxes) {
                pushBoxes(points, sizes);
                makeRoom(points, sizes);
            }
        }
        if (control.isCancelled())
            return std::nullopt;
        double left = 0, right = 0, top = 0, bottom = 0;
        for (size_t i = 0; i < items.size(); ++i) {
            const QPointF half(sizes[i].width() / 2, sizes[i].height() / 2);
            const QPointF low = points[i] - half, high = points[i] + half;
            left = i == 0 ? low.x() : std::min(left, low.x());
            top = i == 0 ? low.y() : std::min(top, low.y());
            right = i == 0 ? high.x() : std::max(right, high.x());
            bottom = i == 0 ? high.y() : std::max(bottom, high.y());
        }
        const QPointF centre((left + right) / 2, (top + bottom) / 2);
        for (size_t i = 0; i < items.size(); ++i)
            local[size_t(items[i])] = points[i] - centre;
        if (level < n)
            size[size_t(level)] =
                QSizeF(right - left + 2 * ContainerPadding, bottom - top + 2 * ContainerPadding);
    }
    // From the outermost inwards: absolute places.
    result = local;
    std::vector<int> outer(static_cast<size_t>(n));
    std::iota(outer.begin(), outer.end(), 0);
    std::stable_sort(outer.begin(), outer.end(),
                     [&](int a, int b) { return depth[size_t(a)] < depth[size_t(b)]; });
    for (const int v : outer) {
        if (parentOf(v) >= 0)
            result[size_t(v)] += result[size_t(parentOf(v))];
    }
    return result;
}

std::optional<Points> arrange(const Graph &graph, bool freeScale, const Options &options,
                              const Control &control)
{
    // Devices decide; a container is where its contents are.
    std::vector<int> devices;
    std::vector<bool> holds(graph.nodes.size(), false);
    for (const Node &node : graph.nodes) {
        if (node.parent >= 0)
            holds[size_t(node.parent)] = true;
    }
    Points known;
    for (size_t i = 0; i < graph.nodes.size(); ++i) {
        if (holds[i])
            continue;
        devices.push_back(int(i));
        if (graph.nodes[i].place)
            known.push_back(*graph.nodes[i].place);
    }
    Points distinct(known);
    std::sort(distinct.begin(), distinct.end(), [](const QPointF &a, const QPointF &b) {
        return a.x() != b.x() ? a.x() < b.x() : a.y() < b.y();
    });
    distinct.erase(std::unique(distinct.begin(), distinct.end()), distinct.end());
    const bool useful = !known.empty() && known.size() * 2 >= devices.size() &&
                        (known.size() == 1 || distinct.size() * 2 > known.size());
    if (!useful)
        return place(graph, options, control);

    std::vector<int> knownIndex(graph.nodes.size(), -1);
    int knownCount = 0;
    for (const int v : devices) {
        if (graph.nodes[size_t(v)].place)
            knownIndex[size_t(v)] = knownCount++;
    }
    std::vector<Edge> knownEdges;
    for (const auto &[a, b] : graph.edges) {
        if (knownIndex[size_t(a)] >= 0 && knownIndex[size_t(b)] >= 0)
            knownEdges.push_back({knownIndex[size_t(a)], knownIndex[size_t(b)]});
    }
    const Adjacency knownLinks(knownCount, knownEdges);
    if (distinct.size() > 1 && freeScale) {
        known =
            mapPlaces(known, knownLinks, nearestDistance(distinct, 0.5), devices.size(), control);
    } else if (distinct.size() > 1 && anyCloser(known, KeptSpacingX, DrawnSpacingY)) {
        // Drawn for smaller symbols: everything grows until half of the neighbours are apart, or
        // the picture is large enough; what is still too close is spread below.
        const double scale = std::min(SpacingX / nearestDistance(distinct, 0.5),
                                      windowScale(boundsOf(known).size(), devices.size()));
        for (QPointF &point : known)
            point *= std::max(scale, 1.0);
    }
    if (control.isCancelled())
        return std::nullopt;
    Points points(graph.nodes.size());
    std::vector<bool> placed(graph.nodes.size(), false);
    for (const int v : devices) {
        if (knownIndex[size_t(v)] >= 0) {
            points[size_t(v)] = known[size_t(knownIndex[size_t(v)])];
            placed[size_t(v)] = true;
        }
    }

    // Who has no place goes next to its neighbours, wave by wave.
    const Adjacency adjacency(int(graph.nodes.size()), graph.edges);
    std::vector<int> wave;
    for (const int v : devices) {
        if (placed[size_t(v)])
            wave.push_back(v);
    }
    int spread = 0;
    for (size_t i = 0; i < wave.size(); ++i) {
        for (auto it = adjacency.begin(wave[i]); it != adjacency.end(wave[i]); ++it) {
            const int v = *it;
            if (placed[size_t(v)] || holds[size_t(v)])
                continue;
            QPointF sum;
            int count = 0;
            for (auto near = adjacency.begin(v); near != adjacency.end(v); ++near) {
                if (placed[size_t(*near)]) {
                    sum += points[size_t(*near)];
                    ++count;
                }
            }
            const double angle = 2.399963229728653 * ++spread;
            points[size_t(v)] =
                sum / count + QPointF(std::cos(angle) * SpacingX, std::sin(angle) * SpacingY);
            placed[size_t(v)] = true;
            wave.push_back(v);
        }
    }
    // What is not joined to anything that has a place stands below all of it, laid out on its own.
    Graph rest;
    std::vector<int> restOf;
    std::vector<int> restIndex(graph.nodes.size(), -1);
    Points all;
    for (const int v : devices) {
        if (placed[size_t(v)]) {
            all.push_back(points[size_t(v)]);
        } else {
            restIndex[size_t(v)] = int(restOf.size());
            restOf.push_back(v);
            Node node;
            node.tier = graph.nodes[size_t(v)].tier;
            rest.nodes.push_back(node);
        }
    }
    if (!restOf.empty()) {
        for (const auto &[a, b] : graph.edges) {
            if (restIndex[size_t(a)] >= 0 && restIndex[size_t(b)] >= 0)
                rest.edges.push_back({restIndex[size_t(a)], restIndex[size_t(b)]});
        }
        const auto restPoints = place(rest, options, control);
        if (!restPoints)
            return std::nullopt;
        const QRectF bounds = boundsOf(all);
        const QRectF own = boundsOf(*restPoints);
        const QPointF shift = QPointF(bounds.center().x(), bounds.bottom() + 2 * SpacingY) -
                              QPointF(own.center().x(), own.top());
        for (size_t i = 0; i < restOf.size(); ++i)
            points[size_t(restOf[i])] = (*restPoints)[i] + shift;
    }
    // The places that were given first, so that they stay.
    std::stable_partition(devices.begin(), devices.end(),
                          [&](int v) { return graph.nodes[size_t(v)].place.has_value(); });
    Points crowd;
    for (const int v : devices)
        crowd.push_back(points[size_t(v)]);
    if (freeScale) {
        spreadOut(crowd, Adjacency(0, {}), control, KeptSpacingX, KeptSpacingY);
    } else {
        Points given(crowd.begin(), crowd.begin() + std::ptrdiff_t(known.size()));
        spreadOut(given, Adjacency(0, {}), control, KeptSpacingX, DrawnSpacingY);
        std::copy(given.begin(), given.end(), crowd.begin());
        settle(crowd, control, KeptSpacingX, DrawnSpacingY);
    }
    if (control.isCancelled())
        return std::nullopt;
    for (size_t i = 0; i < devices.size(); ++i)
        points[size_t(devices[i])] = crowd[i];

    centreContainers(graph, devices, points);
    return points;
}

std::optional<Points> rearrange(const Graph &graph, const Options &options, const Control &control)
{
    auto points = place(graph, options, control);
    if (!points || points->empty())
        return points;
    std::vector<bool> holds(graph.nodes.size(), false);
    for (const Node &node : graph.nodes) {
        if (node.parent >= 0)
            holds[size_t(node.parent)] = true;
    }
    // Those that stay first: the others make room for them.
    std::vector<int> devices;
    for (size_t i = 0; i < graph.nodes.size(); ++i) {
        if (!holds[i])
            devices.push_back(int(i));
    }
    const auto isFixed = [&graph](int v) { return graph.nodes[size_t(v)].fixed; };
    const auto firstFree = std::stable_partition(devices.begin(), devices.end(), isFixed);
    const auto fixedCount = size_t(firstFree - devices.begin());
    Points before, after;
    for (size_t i = 0; i < (fixedCount > 0 ? fixedCount : devices.size()); ++i) {
        before.push_back(graph.nodes[size_t(devices[i])].place.value_or(QPointF()));
        after.push_back((*points)[size_t(devices[i])]);
    }
    QPointF shift = boundsOf(before).center() - boundsOf(after).center();
    shift = QPointF(std::round(shift.x()), std::round(shift.y()));
    for (QPointF &point : *points)
        point = QPointF(std::round(point.x()), std::round(point.y())) + shift;
    if (fixedCount > 0) {
        Points crowd;
        for (size_t i = 0; i < devices.size(); ++i) {
            const auto v = size_t(devices[i]);
            crowd.push_back(i < fixedCount ? before[i] : (*points)[v]);
        }
        settle(crowd, control, KeptSpacingX, KeptSpacingY);
        // Two that stay may stand closer to each other than anybody would put them.
        for (size_t i = 0; i < devices.size(); ++i)
            (*points)[size_t(devices[i])] = i < fixedCount ? before[i] : crowd[i];
        centreContainers(graph, devices, *points);
    }
    if (control.isCancelled())
        return std::nullopt;
    return points;
}

} // namespace patchboard::layout
