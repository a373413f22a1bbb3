#pragma once

#include <QList>
#include <QString>

#include <functional>
#include <optional>

/// A run of the simulation: everything that a seed brings about, or only some of its steps. Each
/// step draws its own random numbers from the seed and its place, so what is left out changes
/// nothing in the others' choices.
struct Schedule
{
    quint64 seed = 0;
    int clients = 0;                 ///< 0 = as many as the seed says
    std::optional<QList<int>> steps; ///< ascending; nullopt = all

    /// "17", or "17/3/0-4,9": the seed, how many clients, which steps.
    [[nodiscard]] QString toString() const;
    static std::optional<Schedule> fromString(const QString &text);
};

/// The smallest part of @a schedule that still fails, as far as @a runs runs can tell: leaves out
/// clients and stretches of steps, then ever shorter ones, as long as @a fails says true.
Schedule shrink(Schedule schedule, int allSteps, const std::function<bool(const Schedule &)> &fails,
                int runs = 600);
