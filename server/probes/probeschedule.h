#pragma once

#include "model/core/value.h"
#include "server/probes/probespec.h"

#include <QHash>

#include <functional>
#include <set>

namespace patchboard::server {

/// What one question came to, and what a probe makes of several.
enum class ProbeOutcome : quint8 {
    Unknown, ///< it could not be asked: no such name, not permitted, no more files
    Up,
    Down
};

/// Decides when which probe asks, and what its answers mean. A plain state machine: times and
/// outcomes go in, questions and verdicts come out. Times are ms of any clock that only goes on.
///
/// At most so many questions are open at once; those whose time has come wait, the longest first.
/// New probes are spread over a part of their interval, and each next question is up to a tenth
/// early or late, so that no thousand ask in step. A probe whose last answer differs from its
/// verdict asks again sooner.
class ProbeSchedule
{
public:
    struct Options
    {
        qsizetype atOnce = 64;
        std::function<double()> random; ///< 0 <= x < 1; default: QRandomGenerator
    };
    explicit ProbeSchedule(Options options);

    /// All the probes of a device; none: it has none any more.
    struct Target
    {
        EntityId device = 0;
        quint64 generation = 0; ///< comes back in verdicts
        QList<ProbeSpec> specs;
        ProbeTiming timing;
    };
    /// What these devices have from now on; each begins anew.
    void set(const QList<Target> &targets, qint64 now);
    /// Questions whose answers nobody waits for any more.
    [[nodiscard]] QList<quint64> takeCancelled() { return std::exchange(m_cancelled, {}); }

    struct Question
    {
        quint64 run = 0; ///< names it; never 0
        ProbeSpec spec;
        int timeoutMs = 0;
    };
    /// What is to be asked now.
    [[nodiscard]] QList<Question> takeDue(qint64 now);
    /// When to ask for it again; nullopt: not before an answer or a set().
    [[nodiscard]] std::optional<qint64> nextAt() const;

    struct Verdict
    {
        EntityId device = 0;
        quint64 generation = 0;
        qsizetype probe = 0;                         ///< index in the target's specs
        ProbeOutcome state = ProbeOutcome::Unknown;  ///< of this probe, after so many in a row
        bool changed = false;                        ///< it was another before
        std::optional<Status> status = std::nullopt; ///< of the device, if its probes know it
    };
    /// nullopt: that question was cancelled.
    std::optional<Verdict> finished(quint64 run, ProbeOutcome outcome, qint64 now);

    [[nodiscard]] qsizetype probeCount() const { return m_probes.size(); }
    [[nodiscard]] qsizetype openCount() const { return m_runs.size(); }
    /// How many should have asked by now and wait for others to end.
    [[nodiscard]] qsizetype lateCount(qint64 now) const;

private:
    struct Probe
    {
        EntityId device = 0;
        qsizetype index = 0;
        ProbeSpec spec;
        quint64 run = 0;  ///< open question; 0 = none
        qint64 due = 0;   ///< in m_queue, while none is open
        qint64 asked = 0; ///< when the open question was asked
        ProbeOutcome state = ProbeOutcome::Unknown;
        ProbeOutcome last = ProbeOutcome::Unknown;
        int inARow = 0;       ///< of `last`
        bool decided = false; ///< it has had a verdict, if only that nothing can be known
    };
    struct Device
    {
        quint64 generation = 0;
        ProbeTiming timing;
        QList<quint64> probes;
    };
    void remove(EntityId device);
    [[nodiscard]] std::optional<Status> statusOf(const Device &device) const;

    Options m_options;
    QHash<EntityId, Device> m_devices;
    QHash<quint64, Probe> m_probes;
    QHash<quint64, quint64> m_runs;               ///< open question → probe
    std::set<std::pair<qint64, quint64>> m_queue; ///< (due, probe)
    QList<quint64> m_cancelled;
    quint64 m_nextProbe = 1;
    quint64 m_nextRun = 1;
};

} // namespace patchboard::server
