#include "model/layout/geometry.h"
#include "model/layout/helper.h"
#include "model/layout/layout.h"
#include "model/layout/layoutjob.h"
#include "model/layout/tiers.h"
#include "tests/support/testmain.h"

#include <QElapsedTimer>
#include <QFileInfo>
#include <QLineF>
#include <QSignalSpy>

#include <cmath>

using namespace patchboard;
using namespace patchboard::layout;

namespace {

Graph layoutGraph(int nodes, std::vector<Edge> edges)
{
    Graph graph;
    graph.nodes.resize(size_t(nodes));
    graph.edges = std::move(edges);
    return graph;
}

Graph layoutFatTree(int k, bool hosts)
{
    const int half = k / 2;
    std::vector<Edge> edges;
    int next = half * half; // the core
    for (int pod = 0; pod < k; ++pod) {
        const int aggregation = next;
        const int edge = next + half;
        next += k;
        for (int a = 0; a < half; ++a) {
            for (int c = 0; c < half; ++c)
                edges.push_back({a * half + c, aggregation + a});
            for (int e = 0; e < half; ++e)
                edges.push_back({aggregation + a, edge + e});
        }
        for (int e = 0; hosts && e < half; ++e) {
            for (int h = 0; h < half; ++h)
                edges.push_back({edge + e, next++});
        }
    }
    return layoutGraph(next, edges);
}

/// Everyone joins @a links earlier nodes, the well known ones more often.
Graph layoutScaleFree(int nodes, int links)
{
    std::vector<Edge> edges;
    for (int v = 1; v < nodes; ++v) {
        for (int l = 0; l < links && l < v; ++l) {
            const quint32 seed = quint32(v) * 31U + quint32(l);
            int to = int(unitHash(seed) * v);
            if (!edges.empty() && unitHash(seed ^ 0xabcdefU) < 0.5)
                to = edges[size_t(unitHash(seed * 7U) * double(edges.size()))].second;
            if (to < v)
                edges.push_back({v, to});
        }
    }
    return layoutGraph(nodes, edges);
}

Graph layoutGrid(int columns, int rows)
{
    std::vector<Edge> edges;
    for (int y = 0; y < rows; ++y) {
        for (int x = 0; x < columns; ++x) {
            if (x + 1 < columns)
                edges.push_back({y * columns + x, y * columns + x + 1});
            if (y + 1 < rows)
                edges.push_back({y * columns + x, (y + 1) * columns + x});
        }
    }
    return layoutGraph(columns * rows, edges);
}

/// Pairs that are too close, at most a few; devices only.
int layoutOverlaps(const Graph &graph, const Points &points)
{
    std::vector<std::pair<double, int>> sorted;
    for (size_t i = 0; i < points.size(); ++i) {
        if (!graph.nodes[i].container)
            sorted.push_back({points[i].x(), int(i)});
    }
    std::sort(sorted.begin(), sorted.end());
    int count = 0;
    for (size_t i = 0; i < sorted.size(); ++i) {
        for (size_t j = i + 1; j < sorted.size() && sorted[j].first - sorted[i].first < 119.9;
             ++j) {
            const QPointF d = points[size_t(sorted[i].second)] - points[size_t(sorted[j].second)];
            if (std::abs(d.x()) < 119.9 && std::abs(d.y()) < 119.9)
                ++count;
        }
    }
    return count;
}

} // namespace

class LayoutTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void shapes_data();
    void shapes();
    void containersHoldTheirOwn();
    void tiersFollowTheWish();
    void stylesAreKept_data();
    void stylesAreKept();
    void fixedNodesStay();
    void trees();
    void separating();
    void keptPlaces();
    void drawnPlacesStay();
    void mapsAreSeenAsAWhole();
    void pilesAreGivenUp();
    void helperPlaces();
    void helperFails_data();
    void helperFails();
    void cancelling();
    void job();
};

void LayoutTest::init()
{
    QTest::failOnWarning(QRegularExpression(QStringLiteral(".*")));
}

void LayoutTest::shapes_data()
{
    QTest::addColumn<Graph>("graph");
    const auto row = [](const char *name, const Graph &graph) { QTest::newRow(name) << graph; };
    row("nothing", {});
    row("one", layoutGraph(1, {}));
    row("two", layoutGraph(2, {{0, 1}}));
    row("loops and parallels", layoutGraph(3, {{0, 0}, {0, 1}, {1, 0}, {1, 2}, {2, 0}, {2, 0}}));
    row("no edges, 1000", layoutGraph(1000, {}));
    row("fat tree 4", layoutFatTree(4, true));
    row("fat tree 4 without hosts", layoutFatTree(4, false));
    row("fat tree 16", layoutFatTree(16, true));
    row("grid 30 x 20", layoutGrid(30, 20));
    row("scale-free 1000", layoutScaleFree(1000, 2));
    std::vector<Edge> star;
    for (int i = 1; i < 3000; ++i)
        star.push_back({0, i});
    row("star 3000", layoutGraph(3000, star));
    std::vector<Edge> chain;
    for (int i = 1; i < 2000; ++i)
        chain.push_back({i - 1, i});
    row("chain 2000", layoutGraph(2000, chain));
    std::vector<Edge> full;
    for (int i = 0; i < 60; ++i) {
        for (int j = 0; j < i; ++j)
            full.push_back({i, j});
    }
    row("complete 60", layoutGraph(60, full));
    std::vector<Edge> pairs;
    for (int i = 0; i < 3000; i += 3)
        pairs.insert(pairs.end(), {{i, i + 1}, {i + 1, i + 2}, {i, i + 2}});
    row("1000 triangles", layoutGraph(3000, pairs));
    row("scale-free 10000", layoutScaleFree(10000, 2));
    row("fat tree 48", layoutFatTree(48, true));
    row("scale-free 50000", layoutScaleFree(50000, 1));
}

/// Everyone has a place of its own, and the same one every time.
void LayoutTest::shapes()
{
    QFETCH(Graph, graph);
    QElapsedTimer timer;
    timer.start();
    const auto points = place(graph, {}, {});
    const qint64 ms = timer.elapsed();
    QVERIFY(points.has_value());
    QCOMPARE(points->size(), graph.nodes.size());
    for (const QPointF &point : *points)
        QVERIFY(std::isfinite(point.x()) && std::isfinite(point.y()));
    QCOMPARE(layoutOverlaps(graph, *points), 0);
    const QRectF bounds = boundsOf(*points);
    qInfo("%d nodes, %d edges: %lld ms, %.0f x %.0f", int(graph.nodes.size()),
          int(graph.edges.size()), ms, bounds.width(), bounds.height());
    if (graph.nodes.size() <= 5000)
        QCOMPARE(*place(graph, {}, {}), *points);
}

void LayoutTest::containersHoldTheirOwn()
{
    // Four sites of five routers each in two regions, joined in a ring; two devices outside.
    Graph graph;
    graph.nodes.resize(2);
    for (int region = 0; region < 2; ++region) {
        const int regionAt = int(graph.nodes.size());
        graph.nodes.push_back({-1, true, -1, {}});
        for (int site = 0; site < 2; ++site) {
            const int siteAt = int(graph.nodes.size());
            graph.nodes.push_back({regionAt, true, -1, {}});
            for (int r = 0; r < 5; ++r) {
                graph.nodes.push_back({siteAt, false, -1, {}});
                const int own = int(graph.nodes.size()) - 1;
                graph.edges.push_back({own, r == 0 ? 0 : own - 1});
                graph.edges.push_back({own, 1});
            }
        }
    }
    const auto points = place(graph, {}, {});
    QVERIFY(points.has_value());
    QCOMPARE(layoutOverlaps(graph, *points), 0);
    // The box of a container holds its own and nobody else.
    const auto liesIn = [&](int node, int container) {
        for (int v = node; v >= 0; v = graph.nodes[size_t(v)].parent) {
            if (v == container)
                return true;
        }
        return false;
    };
    for (int c = 0; c < int(graph.nodes.size()); ++c) {
        if (!graph.nodes[size_t(c)].container)
            continue;
        Points inside;
        for (int v = 0; v < int(graph.nodes.size()); ++v) {
            if (!graph.nodes[size_t(v)].container && liesIn(v, c))
                inside.push_back((*points)[size_t(v)]);
        }
        const QRectF box = boundsOf(inside).adjusted(-80, -80, 80, 80);
        QVERIFY(box.contains((*points)[size_t(c)]));
        for (int v = 0; v < int(graph.nodes.size()); ++v) {
            if (!graph.nodes[size_t(v)].container && !liesIn(v, c))
                QVERIFY(!box.contains((*points)[size_t(v)]));
        }
    }
}

void LayoutTest::tiersFollowTheWish()
{
    // Two spines (row 2), four leaves (row 3), eight servers (row 5).
    Graph graph = layoutGraph(14, {});
    for (int leaf = 2; leaf < 6; ++leaf) {
        graph.edges.push_back({leaf, 0});
        graph.edges.push_back({leaf, 1});
        graph.edges.push_back({leaf, leaf * 2 + 2});
        graph.edges.push_back({leaf, leaf * 2 + 3});
    }
    for (int v = 0; v < 14; ++v)
        graph.nodes[size_t(v)].tier = v < 2 ? 2 : v < 6 ? 3 : 5;
    const Points points = *place(graph, {}, {});
    QCOMPARE(points[0].y(), points[1].y());
    for (int v = 2; v < 6; ++v) {
        QVERIFY(points[size_t(v)].y() > points[0].y());
        QCOMPARE(points[size_t(v)].y(), points[2].y());
    }
    for (int v = 6; v < 14; ++v)
        QVERIFY(points[size_t(v)].y() > points[2].y());
    // The same rows without a wish: hosts below, from the shape alone.
    const std::vector<int> rows = tiersOf(Adjacency(14, graph.edges));
    QCOMPARE(rows, (std::vector<int>{0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2}));
}

void LayoutTest::trees()
{
    QVERIFY(!treeLayout(Adjacency(3, {{0, 1}, {1, 2}, {2, 0}})));
    const auto points = treeLayout(Adjacency(7, {{0, 1}, {0, 2}, {1, 3}, {1, 4}, {2, 5}, {2, 6}}));
    QVERIFY(points.has_value());
    QVERIFY((*points)[0].y() < (*points)[1].y());
    QCOMPARE((*points)[1].y(), (*points)[2].y());
    QVERIFY((*points)[1].y() < (*points)[3].y());
    QCOMPARE(layoutOverlaps(layoutGraph(7, {}), *points), 0);
}

void LayoutTest::separating()
{
    Points pile(3000, QPointF(7, 7));
    separate(pile);
    QCOMPARE(layoutOverlaps(layoutGraph(3000, {}), pile), 0);
    Points apart{{0, 0}, {150, 0}, {0, 130}};
    const Points before = apart;
    separate(apart);
    QCOMPARE(apart, before);
}

void LayoutTest::keptPlaces()
{
    // A drawn square: left as it is.
    Graph graph = layoutGraph(4, {{0, 1}, {1, 2}, {2, 3}});
    const Points square{{0, 0}, {400, 0}, {400, 400}, {0, 400}};
    for (size_t i = 0; i < 4; ++i)
        graph.nodes[i].place = square[i];
    QCOMPARE(*arrange(graph, false, {}, {}), square);
    // One more without a place stands by its neighbour; one without a neighbour stands below.
    graph.nodes.resize(6);
    graph.edges.push_back({1, 4});
    const Points more = *arrange(graph, false, {}, {});
    for (size_t i = 0; i < 4; ++i)
        QCOMPARE(more[i], square[i]);
    QVERIFY(QLineF(more[4], square[1]).length() < 300);
    QVERIFY(more[5].y() > 400);
    QVERIFY(QLineF(more[4], square[1]).length() > 80);
    // Degrees: any scale, but the same shape and nobody upon another.
    Graph tight = layoutGraph(4, {{0, 1}, {1, 2}, {2, 3}});
    for (size_t i = 0; i < 4; ++i)
        tight.nodes[i].place = square[i] / 1e4;
    const Points scaled = *arrange(tight, true, {}, {});
    QCOMPARE(layoutOverlaps(tight, scaled), 0);
    QCOMPARE(scaled[1].y(), scaled[0].y());
    QVERIFY(scaled[2].y() > scaled[1].y());
}

void LayoutTest::drawnPlacesStay()
{
    // Tight rows, but nobody covers anybody.
    Graph graph = layoutGrid(6, 5);
    Points drawn;
    for (int i = 0; i < 30; ++i) {
        drawn.push_back(QPointF(125.0 * (i % 6), 100.0 * (i / 6)));
        graph.nodes[size_t(i)].place = drawn.back();
    }
    QCOMPARE(*arrange(graph, false, {}, {}), drawn);
    // Drawn for smaller symbols: the same grid, larger.
    for (int i = 0; i < 30; ++i)
        graph.nodes[size_t(i)].place = drawn[size_t(i)] * 0.3;
    const Points grown = *arrange(graph, false, {}, {});
    QCOMPARE(layoutOverlaps(graph, grown), 0);
    const double scale = grown[29].x() / drawn[29].x();
    for (size_t i = 0; i < 30; ++i)
        QVERIFY(QLineF(grown[i], drawn[i] * scale).length() < 1e-6);
}

/// Ten towns with most of the devices, villages along the roads between them, one far away.
void LayoutTest::mapsAreSeenAsAWhole()
{
    Graph graph = layoutGraph(160, {});
    Points towns;
    for (quint32 t = 0; t < 10; ++t)
        towns.push_back({12.0 * unitHash(900 + t), 17.0 * unitHash(950 + t)});
    for (int i = 0; i < 160; ++i) {
        const quint32 seed = quint32(i) * 4U;
        const QPointF from = towns[size_t(i) % 10], to = towns[size_t(i + 3) % 10];
        const double way = i < 90 ? 0.0 : unitHash(seed + 1);
        graph.nodes[size_t(i)].place =
            from + way * (to - from) + 0.2 * QPointF(unitHash(seed + 2), unitHash(seed + 3));
        if (i >= 10)
            graph.edges.push_back({i, i - 10});
        else if (i > 0)
            graph.edges.push_back({i, i - 1});
    }
    graph.nodes[159].place = QPointF(30, -4);

    const Points points = *arrange(graph, true, {}, {});
    QCOMPARE(layoutOverlaps(graph, points), 0);
    QCOMPARE(*arrange(graph, true, {}, {}), points);
    const QRectF bounds = boundsOf(points);
    const double room = bounds.width() * bounds.height() / 160.0;
    qInfo("%.0f x %.0f, %.0f a device", bounds.width(), bounds.height(), room);
    QVERIFY(room < 370 * 300);
    QVERIFY(std::min(900.0 / bounds.width(), 570.0 / bounds.height()) > 0.15);

    Points given;
    for (const Node &node : graph.nodes)
        given.push_back(*node.place);
    const QRectF before = boundsOf(given);
    int far = 0, turned = 0;
    for (size_t i = 0; i < 160; ++i) {
        for (size_t j = 0; j < 160; ++j) {
            if (given[j].x() - given[i].x() > 0.3 * before.width()) {
                ++far;
                turned += points[j].x() <= points[i].x();
            }
            if (given[j].y() - given[i].y() > 0.3 * before.height()) {
                ++far;
                turned += points[j].y() <= points[i].y();
            }
        }
    }
    qInfo("%d of %d far pairs turned", turned, far);
    QVERIFY(far > 1000);
    QVERIFY(turned * 100 <= far);
}

void LayoutTest::pilesAreGivenUp()
{
    Graph graph = layoutGrid(5, 4);
    for (Node &node : graph.nodes)
        node.place = QPointF(200, 150);
    const Points points = *arrange(graph, false, {}, {});
    QCOMPARE(points, *place(graph, {}, {}));
    QCOMPARE(layoutOverlaps(graph, points), 0);
}

void LayoutTest::helperPlaces()
{
    const QString program = QStringLiteral(PATCHBOARD_BIN_DIR "/patchboard-layout");
    if (!QFileInfo::exists(program))
        QSKIP("patchboard-layout is not built");
    Helper helper(program);
    Options options;
    options.engine = helper.engine();
    for (const Graph &graph : {layoutGrid(8, 8), layoutScaleFree(700, 2)}) {
        QElapsedTimer timer;
        timer.start();
        const auto points = place(graph, options, {});
        qInfo("%d nodes by Graphviz: %lld ms", int(graph.nodes.size()), timer.elapsed());
        QCOMPARE(helper.message(), QString());
        QVERIFY(points.has_value());
        QCOMPARE(layoutOverlaps(graph, *points), 0);
        QVERIFY(*points != *place(graph, {}, {})); // it was asked
        Helper again(program);
        Options sameAgain;
        sameAgain.engine = again.engine();
        QCOMPARE(*place(graph, sameAgain, {}), *points);
    }
}

void LayoutTest::helperFails_data()
{
    QTest::addColumn<QString>("program");
    QTest::newRow("missing") << QStringLiteral("/nowhere/patchboard-layout");
    QTest::newRow("ends") << QStringLiteral("/bin/false");
    QTest::newRow("talks nonsense") << QStringLiteral("/bin/cat");
}

void LayoutTest::helperFails()
{
    QFETCH(QString, program);
    Helper helper(program);
    Options options;
    options.engine = helper.engine();
    const Graph graph = layoutGrid(6, 6);
    const auto points = place(graph, options, {});
    QVERIFY(points.has_value());
    QVERIFY(!helper.message().isEmpty());
    QCOMPARE(*points, *place(graph, {}, {})); // ours instead
}

void LayoutTest::stylesAreKept_data()
{
    QTest::addColumn<int>("style");
    QTest::addColumn<Graph>("graph");
    const std::pair<const char *, Style> styles[] = {{"hierarchical", Style::Hierarchical},
                                                     {"tree", Style::Tree},
                                                     {"force", Style::Force},
                                                     {"circle", Style::Circle},
                                                     {"grid", Style::Grid}};
    for (const auto &[name, style] : styles) {
        const auto row = [name = name, style = style](const char *shape, const Graph &graph) {
            QTest::addRow("%s, %s", name, shape) << int(style) << graph;
        };
        row("nothing", {});
        row("one", layoutGraph(1, {}));
        row("two", layoutGraph(2, {{0, 1}}));
        row("no edges", layoutGraph(50, {}));
        row("loops", layoutGraph(3, {{0, 0}, {0, 1}, {1, 0}, {1, 2}, {2, 0}}));
        row("grid", layoutGrid(12, 9));
        row("fat tree", layoutFatTree(8, true));
        row("scale-free 50000", layoutScaleFree(50000, 2));
        Graph nested = layoutGrid(6, 6);
        for (int i = 0; i < 36; ++i)
            nested.nodes[size_t(i)].parent = 36 + i / 12;
        Node box;
        box.container = true;
        nested.nodes.insert(nested.nodes.end(), 3, box);
        row("containers", nested);
    }
}

/// Whatever the shape: a place for everyone, the middle where it was, and cancelled it ends.
void LayoutTest::stylesAreKept()
{
    QFETCH(int, style);
    QFETCH(Graph, graph);
    Points before;
    for (size_t i = 0; i < graph.nodes.size(); ++i) {
        graph.nodes[i].place = QPointF(double(i % 13), 5000 + double(i % 7));
        if (!graph.nodes[i].container)
            before.push_back(*graph.nodes[i].place);
    }
    Options options;
    options.style = Style(style);
    QElapsedTimer timer;
    timer.start();
    const auto points = rearrange(graph, options, {});
    qInfo("%lld ms", timer.elapsed());
    QVERIFY(points.has_value());
    QCOMPARE(points->size(), graph.nodes.size());
    if (graph.nodes.size() <= 1000)
        QCOMPARE(layoutOverlaps(graph, *points), 0);
    Points after;
    for (size_t i = 0; i < points->size(); ++i) {
        if (!graph.nodes[i].container)
            after.push_back((*points)[i]);
    }
    const QPointF off = boundsOf(before).center() - boundsOf(after).center();
    QVERIFY(off.manhattanLength() <= 4);
    Control cancelled;
    cancelled.cancelled = [] { return true; };
    if (!graph.nodes.empty())
        QVERIFY(!rearrange(graph, options, cancelled));
}

void LayoutTest::fixedNodesStay()
{
    for (const Style style : {Style::Hierarchical, Style::Tree, Style::Force, Style::Circle,
                              Style::Grid, Style::Automatic}) {
        Graph graph = layoutGrid(8, 8);
        for (size_t i = 0; i < graph.nodes.size(); ++i) {
            graph.nodes[i].place = QPointF(3.0 * double(i), 100);
            graph.nodes[i].fixed = i % 20 == 0;
        }
        graph.nodes[20].place = QPointF(700, 800);
        graph.nodes[40].place = QPointF(-700, 300);
        graph.nodes[60].place = QPointF(600, 10);
        Options options;
        options.style = style;
        const auto points = rearrange(graph, options, {});
        QVERIFY(points.has_value());
        for (size_t i = 0; i < graph.nodes.size(); i += 20)
            QCOMPARE((*points)[i], *graph.nodes[i].place);
        QVERIFY((*points)[1] != *graph.nodes[1].place);
        QCOMPARE(layoutOverlaps(graph, *points), 0);
    }
}

void LayoutTest::cancelling()
{
    int asked = 0;
    Control control;
    control.cancelled = [&asked] { return ++asked > 5; };
    QVERIFY(!place(layoutScaleFree(20000, 2), {}, control));
    // A helper that never answers is ended.
    Helper helper(QStringLiteral("/usr/bin/yes"));
    Options options;
    options.engine = helper.engine();
    asked = 0;
    QVERIFY(!place(layoutGrid(6, 6), options, control));
}

void LayoutTest::job()
{
    LayoutJob job;
    QSignalSpy finished(&job, &LayoutJob::finished);
    QSignalSpy progress(&job, &LayoutJob::progress);
    job.start(layoutScaleFree(50000, 2), false);
    QTRY_VERIFY(!progress.isEmpty());
    QElapsedTimer timer;
    timer.start();
    job.cancel();
    qInfo("cancelled within %lld ms", timer.elapsed());
    QVERIFY(!job.isRunning());
    job.start(layoutGrid(5, 5), false);
    QTRY_COMPARE(finished.size(), 1);
    QCOMPARE(finished.at(0).at(0).value<Points>().size(), size_t(25));
    QVERIFY(!job.isRunning());
}

PATCHBOARD_TEST(LayoutTest)
#include "tst_layout.moc"
