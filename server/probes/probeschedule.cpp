#include "server/probes/probeschedule.h"

#include <QRandomGenerator>

#include <algorithm>

namespace patchboard::server {

namespace {

constexpr double kSpreadMs = 10; ///< between two new probes, at most
constexpr double kJitter = 0.1;  ///< of the interval, early or late
constexpr int kSooner = 6;       ///< a probe in doubt asks after this part of its interval
constexpr qint64 kLeastSoonerMs = 1000;

} // namespace

ProbeSchedule::ProbeSchedule(Options options)
    : m_options(std::move(options))
{
    if (!m_options.random)
        m_options.random = [] { return QRandomGenerator::global()->generateDouble(); };
}

void ProbeSchedule::remove(EntityId id)
{
    const auto it = m_devices.constFind(id);
    if (it == m_devices.cend())
        return;
    for (const quint64 key : it->probes) {
        const Probe probe = m_probes.take(key);
        if (probe.run != 0) {
            m_runs.remove(probe.run);
            m_cancelled.append(probe.run);
        } else {
            m_queue.erase({probe.due, key});
        }
    }
    m_devices.erase(it);
}

void ProbeSchedule::set(const QList<Target> &targets, qint64 now)
{
    double count = 0;
    for (const Target &target : targets)
        count += double(target.specs.size());
    for (const Target &target : targets) {
        remove(target.device);
        if (target.specs.isEmpty())
            continue;
        Device device{target.generation, target.timing, {}};
        const double spread = std::min(double(target.timing.intervalMs), (count - 1) * kSpreadMs);
        for (qsizetype i = 0; i < target.specs.size(); ++i) {
            Probe probe;
            probe.device = target.device;
            probe.index = i;
            probe.spec = target.specs[i];
            probe.due = now + qint64(m_options.random() * spread);
            const quint64 key = m_nextProbe++;
            m_queue.insert({probe.due, key});
            m_probes.insert(key, probe);
            device.probes.append(key);
        }
        m_devices.insert(target.device, device);
    }
}

QList<ProbeSchedule::Question> ProbeSchedule::takeDue(qint64 now)
{
    QList<Question> questions;
    while (!m_queue.empty() && m_queue.begin()->first <= now && openCount() < m_options.atOnce) {
        const quint64 key = m_queue.begin()->second;
        m_queue.erase(m_queue.begin());
        Probe &probe = m_probes[key];
        probe.run = m_nextRun++;
        probe.asked = now;
        m_runs.insert(probe.run, key);
        questions.append({probe.run, probe.spec, m_devices[probe.device].timing.timeoutMs});
    }
    return questions;
}

std::optional<qint64> ProbeSchedule::nextAt() const
{
    if (m_queue.empty() || openCount() >= m_options.atOnce)
        return std::nullopt;
    return m_queue.begin()->first;
}

qsizetype ProbeSchedule::lateCount(qint64 now) const
{
    return std::distance(m_queue.begin(), m_queue.lower_bound({now, 0}));
}

std::optional<ProbeSchedule::Verdict> ProbeSchedule::finished(quint64 run, ProbeOutcome outcome,
                                                              qint64 now)
{
    const auto open = m_runs.constFind(run);
    if (open == m_runs.cend())
        return std::nullopt;
    const quint64 key = *open;
    m_runs.erase(open);
    Probe &probe = m_probes[key];
    const Device &device = m_devices[probe.device];
    const ProbeTiming &timing = device.timing;
    probe.run = 0;
    probe.inARow = outcome == probe.last ? std::min(probe.inARow, kMostInARow) + 1 : 1;
    probe.last = outcome;
    const ProbeOutcome before = probe.state;
    if (probe.inARow >= (outcome == ProbeOutcome::Up ? timing.rise : timing.fall)) {
        probe.state = outcome;
        probe.decided = true;
    }
    // From when it was asked, so that slow answers do not stretch the interval.
    qint64 wait = timing.intervalMs;
    if (outcome != probe.state && outcome != ProbeOutcome::Unknown)
        wait = std::min(wait, std::max(kLeastSoonerMs, wait / kSooner));
    const double early = (m_options.random() * 2 - 1) * kJitter;
    probe.due = std::max(now, probe.asked + wait + qint64(double(wait) * early));
    m_queue.insert({probe.due, key});
    return Verdict{probe.device, device.generation,     probe.index,
                   probe.state,  probe.state != before, statusOf(device)};
}

/// All up: UP; all down: DOWN; some of each: DEGRADED. Nothing before each has had a verdict, and
/// nothing if none of them knows.
std::optional<Status> ProbeSchedule::statusOf(const Device &device) const
{
    bool up = false;
    bool down = false;
    for (const quint64 key : device.probes) {
        const Probe &probe = *m_probes.constFind(key);
        if (!probe.decided)
            return std::nullopt;
        up = up || probe.state == ProbeOutcome::Up;
        down = down || probe.state == ProbeOutcome::Down;
    }
    if (!up && !down)
        return std::nullopt;
    return !down ? Status::Up : !up ? Status::Down : Status::Degraded;
}

} // namespace patchboard::server
