#pragma once

#include "model/core/topology.h"

#include <functional>

/// A small, fast source of random numbers, the same everywhere for a seed (splitmix64).
class Rng
{
public:
    explicit Rng(quint64 seed)
        : m_state(seed)
    {
    }
    quint64 next()
    {
        quint64 z = (m_state += 0x9e3779b97f4a7c15ULL);
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
        z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
        return z ^ (z >> 31);
    }
    /// 0 .. bound - 1.
    int below(int bound) { return bound <= 0 ? 0 : int(next() % quint64(bound)); }
    bool chance(int percent) { return below(100) < percent; }

private:
    quint64 m_state;
};

/// What a user might do to a board next: creates, renames (few names, so that they clash), moves,
/// reparents, links, removals, restores. Never empty.
QList<patchboard::Edit> randomEdits(Rng &rng, const patchboard::Topology &topology,
                                    const std::function<patchboard::EntityId()> &newId);

/// Nothing dangles, no name twice, no cycle: a copy of the board loads.
bool isSound(const patchboard::Topology &topology);
