#pragma once

#include "model/core/topology.h"
#include "server/metrics.h"
#include "server/probes/prober.h"

#include <QThread>

namespace patchboard::server {

class Host;

/// The probes of a host's board: reads them from the properties of its devices, follows every
/// change of these at once, and reports the status of the devices to the host. All its members are
/// for the host's thread; the asking itself is done in another.
class Probes final : public QObject, private TopologyObserver
{
    Q_OBJECT
public:
    struct Options
    {
        ProbeTiming timing;
        qsizetype atOnce = 64;  ///< questions open at a time
        Networks networks = {}; ///< those that may be probed; none: all
    };
    /// @a host must outlive it.
    Probes(Host &host, const Options &options);
    ~Probes() override;

    struct State
    {
        ProbeOutcome state = ProbeOutcome::Unknown;
        QString error;        ///< of the last answer
        qint64 checkedAt = 0; ///< ms since 1970 UTC; 0 = not yet
        qint64 since = 0;     ///< when it got this state; 0 = it had none yet
        double seconds = 0;   ///< that the last answer took
    };
    struct Probed
    {
        ProbePlan plan;
        quint64 generation = 0;
        QList<State> states; ///< of each of plan.specs
    };
    /// All devices that have probes, or something that should be one.
    [[nodiscard]] const QHash<EntityId, Probed> &devices() const { return m_devices; }

    /// Adds what Prometheus is told.
    void report(MetricsText &text) const;

private:
    void topologyChanged(const Topology &topology, const Delta &delta) override;
    void topologyReset(const Topology &topology) override;
    void readAll(const Topology &topology);
    void read(const Topology &topology, EntityId id);
    void forget(EntityId id);
    void send();
    void takeMail();

    Host &m_host;
    Options m_options;
    QThread m_thread;
    std::shared_ptr<ProbeMail> m_mail;
    Prober *m_prober; ///< lives in the thread
    QTimer m_collect;
    QHash<EntityId, Probed> m_devices;
    QList<ProbeSchedule::Target> m_toSend;
    quint64 m_nextGeneration = 1;
    bool m_saidNoIcmp = false;

    Histogram m_seconds;
    quint64 m_up = 0; ///< answers
    quint64 m_down = 0;
    quint64 m_unknown = 0;
    quint64 m_observed = 0; ///< statuses that were written
};

} // namespace patchboard::server
