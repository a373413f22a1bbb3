#include "model/layout/graph.h"

#include <algorithm>

namespace patchboard::layout {

Adjacency::Adjacency(int nodeCount, const std::vector<Edge> &edges)
    : first(size_t(nodeCount) + 1, 0)
{
    for (const auto &[a, b] : edges) {
        if (a != b) {
            ++first[size_t(a) + 1];
            ++first[size_t(b) + 1];
        }
    }
    for (size_t i = 1; i < first.size(); ++i)
        first[i] += first[i - 1];
    target.resize(size_t(first.back()));
    std::vector<int> next(first.begin(), first.end() - 1);
    for (const auto &[a, b] : edges) {
        if (a != b) {
            target[size_t(next[size_t(a)]++)] = b;
            target[size_t(next[size_t(b)]++)] = a;
        }
    }
    // Without repetition, in place.
    int write = 0;
    int from = 0;
    for (int v = 0; v < nodeCount; ++v) {
        const int to = first[size_t(v) + 1];
        std::sort(target.begin() + from, target.begin() + to);
        const auto last = std::unique(target.begin() + from, target.begin() + to);
        const int begin = write;
        for (auto it = target.begin() + from; it != last; ++it)
            target[size_t(write++)] = *it;
        first[size_t(v)] = begin;
        from = to;
    }
    first[size_t(nodeCount)] = write;
    target.resize(size_t(write));
}

double unitHash(quint32 value)
{
    // Finaliser of MurmurHash3.
    value ^= value >> 16;
    value *= 0x85ebca6bU;
    value ^= value >> 13;
    value *= 0xc2b2ae35U;
    value ^= value >> 16;
    return double(value) / 4294967296.0;
}

} // namespace patchboard::layout
