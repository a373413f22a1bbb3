// patchboard-layout: places graphs with Graphviz. A program of its own, because Graphviz can
// neither run twice in one process nor be stopped, and because it is not linked into anything else.
//
// Standard input, again and again until it ends:  graph NODES EDGES  and EDGES lines  A B
// Standard output for each:                       places NODES       and NODES lines  X Y
// (points, y upwards), or one line  error TEXT.

#include <graphviz/gvc.h>

#include <sys/resource.h>

#include <cstdio>
#include <string>
#include <vector>

namespace {

constexpr int MostNodes = 100000;
constexpr int MostEdges = 1000000;

void limit(__rlimit_resource resource, rlim_t value)
{
    const rlimit both{value, value};
    setrlimit(resource, &both); // a limit that cannot be set is no reason to fail
}

bool answerOne(GVC_t *context)
{
    int nodes = 0;
    int edges = 0;
    if (std::scanf(" graph %d %d", &nodes, &edges) != 2)
        return false;
    if (nodes < 1 || nodes > MostNodes || edges < 0 || edges > MostEdges) {
        std::puts("error the graph is too large");
        return false;
    }
    std::string name = "g";
    Agraph_t *graph = agopen(name.data(), Agstrictundirected, nullptr);
    const auto attribute = [graph](int kind, std::string key, std::string value) {
        agattr(graph, kind, key.data(), value.data());
    };
    attribute(AGRAPH, "splines", ""); // only the places are wanted
    attribute(AGRAPH, "overlap", "true");
    attribute(AGRAPH, "start", "1"); // the same on every run
    attribute(AGNODE, "shape", "point");
    attribute(AGNODE, "label", "");
    std::vector<Agnode_t *> made;
    made.reserve(static_cast<std::size_t>(nodes));
    for (int i = 0; i < nodes; ++i) {
        std::string id = std::to_string(i);
        made.push_back(agnode(graph, id.data(), 1));
    }
    for (int i = 0; i < edges; ++i) {
        int a = 0;
        int b = 0;
        if (std::scanf(" %d %d", &a, &b) != 2 || a < 0 || b < 0 || a >= nodes || b >= nodes) {
            std::puts("error not an edge");
            agclose(graph);
            return false;
        }
        agedge(graph, made[static_cast<std::size_t>(a)], made[static_cast<std::size_t>(b)], nullptr,
               1);
    }
    // Stress majorisation draws small graphs best, but costs their square.
    const bool laidOut = gvLayout(context, graph, nodes <= 250 ? "neato" : "sfdp") == 0;
    if (laidOut) {
        std::printf("places %d\n", nodes);
        for (Agnode_t *node : made) {
            const pointf place = ND_coord(node);
            std::printf("%.3f %.3f\n", place.x, place.y);
        }
    } else {
        std::puts("error Graphviz cannot place this graph");
    }
    std::fflush(stdout);
    gvFreeLayout(context, graph);
    agclose(graph);
    return laidOut;
}

} // namespace

int main()
{
    limit(RLIMIT_CPU, 60);
#ifndef __SANITIZE_ADDRESS__ // which reserves far more than it uses
    limit(RLIMIT_AS, rlim_t(2) << 30);
#endif
    limit(RLIMIT_CORE, 0);
    GVC_t *context = gvContext();
    while (answerOne(context)) {
    }
    gvFreeContext(context);
    return 0;
}
