#include "server/probes/probes.h"

#include "server/host.h"

namespace patchboard::server {

namespace {

/// Within this time what the probes find out becomes one change.
constexpr int kCollectMs = 100;

} // namespace

Probes::Probes(Host &host, const Options &options)
    : m_host(host)
    , m_options(options)
    , m_mail(std::make_shared<ProbeMail>())
    , m_prober(new Prober(m_mail, options.atOnce, options.networks))
{
    m_collect.setSingleShot(true);
    m_collect.setInterval(kCollectMs);
    connect(&m_collect, &QTimer::timeout, this, &Probes::takeMail);
    connect(m_prober, &Prober::mailCame, &m_collect, qOverload<>(&QTimer::start));
    m_thread.setObjectName(QStringLiteral("probes"));
    m_prober->moveToThread(&m_thread);
    connect(&m_thread, &QThread::finished, m_prober, &QObject::deleteLater);
    m_thread.start();
    m_host.topology().addObserver(this);
    readAll(m_host.topology());
}

Probes::~Probes()
{
    m_host.topology().removeObserver(this);
    m_thread.quit();
    m_thread.wait();
}

void Probes::topologyReset(const Topology &topology)
{
    readAll(topology);
}

void Probes::readAll(const Topology &topology)
{
    const QList<EntityId> known = m_devices.keys();
    for (const EntityId id : known) {
        if (!topology.device(id))
            forget(id);
    }
    const QList<EntityId> ids = topology.devices().ids();
    for (const EntityId id : ids)
        read(topology, id);
    send();
}

void Probes::topologyChanged(const Topology &topology, const Delta &delta)
{
    for (const Delta::Removed &removed : delta.removed)
        forget(removed.id);
    for (const Delta::Created &created : delta.created) {
        if (created.kind == EntityKind::Device)
            read(topology, created.id);
    }
    for (const Delta::Changed &changed : delta.changed) {
        if (changed.kind == EntityKind::Device &&
            (changed.fields.contains(Field::Property) || changed.fields.contains(Field::Address) ||
             changed.fields.contains(Field::Name)))
            read(topology, changed.id);
    }
    send();
}

void Probes::read(const Topology &topology, EntityId id)
{
    const Device &device = *topology.device(id);
    if (device.remarks->properties.isEmpty() && !m_devices.contains(id))
        return;
    ProbePlan plan = readProbes(device, m_options.timing);
    if (plan.specs.isEmpty() && plan.problems.isEmpty()) {
        forget(id);
        return;
    }
    Probed &probed = m_devices[id];
    if (probed.plan == plan)
        return;
    if (probed.plan.problems != plan.problems) {
        for (const QString &problem : std::as_const(plan.problems)) {
            m_host.log().warning(QStringLiteral("Probe cannot be read"),
                                 {{"device", device.name}, {"id", qint64(id)}, {"text", problem}});
        }
    }
    const auto isIcmp = [](const ProbeSpec &spec) { return spec.kind == ProbeSpec::Kind::Icmp; };
    if (!m_saidNoIcmp && std::any_of(plan.specs.cbegin(), plan.specs.cend(), isIcmp)) {
        if (const QString why = ProbeRunner::whyNoIcmp(); !why.isEmpty()) {
            m_saidNoIcmp = true;
            m_host.log().warning(QStringLiteral("ICMP probes stay unknown"), {{"error", why}});
        }
    }
    const bool same = probed.plan.specs == plan.specs && probed.plan.timing == plan.timing;
    probed.plan = std::move(plan);
    if (same)
        return;
    probed.generation = m_nextGeneration++;
    probed.states = QList<State>(probed.plan.specs.size());
    m_toSend.append({id, probed.generation, probed.plan.specs, probed.plan.timing});
}

void Probes::forget(EntityId id)
{
    if (m_devices.remove(id))
        m_toSend.append({id, 0, {}, {}});
}

void Probes::send()
{
    if (m_toSend.isEmpty())
        return;
    QMetaObject::invokeMethod(m_prober, [prober = m_prober, targets = std::exchange(m_toSend, {})] {
        prober->set(targets);
    });
}

void Probes::takeMail()
{
    QList<ProbeNews> all;
    {
        const QMutexLocker lock(&m_mail->mutex);
        all = std::exchange(m_mail->news, {});
    }
    QHash<EntityId, Status> observed; // the last of each
    for (const ProbeNews &news : std::as_const(all)) {
        switch (news.outcome) {
        case ProbeOutcome::Up:
            ++m_up;
            break;
        case ProbeOutcome::Down:
            ++m_down;
            break;
        case ProbeOutcome::Unknown:
            ++m_unknown;
            break;
        }
        m_seconds.observe(news.seconds);
        const auto it = m_devices.find(news.verdict.device);
        if (it == m_devices.end() || it->generation != news.verdict.generation)
            continue; // removed or edited meanwhile
        State &state = it->states[news.verdict.probe];
        state.state = news.verdict.state;
        state.error = news.error;
        state.checkedAt = news.at;
        state.seconds = news.seconds;
        if (news.verdict.changed)
            state.since = news.at;
        if (news.verdict.status)
            observed.insert(news.verdict.device, *news.verdict.status);
    }
    m_observed += m_host.observe(observed);
}

void Probes::report(MetricsText &text) const
{
    std::array<int, 3> states{};
    qsizetype problems = 0;
    for (const Probed &probed : m_devices) {
        problems += probed.plan.problems.size();
        for (const State &state : probed.states)
            ++states[size_t(state.state)];
    }
    qsizetype open = 0;
    qsizetype late = 0;
    {
        const QMutexLocker lock(&m_mail->mutex);
        open = m_mail->open;
        late = m_mail->late;
    }
    text.family("patchboard_probes", "gauge", "Probes by what they make of their answers.");
    text.sample("patchboard_probes", "state=\"up\"", states[size_t(ProbeOutcome::Up)]);
    text.sample("patchboard_probes", "state=\"down\"", states[size_t(ProbeOutcome::Down)]);
    text.sample("patchboard_probes", "state=\"unknown\"", states[size_t(ProbeOutcome::Unknown)]);
    text.gauge("patchboard_probe_problems", "Probes of devices that cannot be read.",
               double(problems));
    text.gauge("patchboard_probes_open", "Questions without an answer yet.", double(open));
    text.gauge("patchboard_probes_late", "Probes whose time has come and that wait for others.",
               double(late));
    text.family("patchboard_probe_answers_total", "counter", "Answers, by what they were.");
    text.sample("patchboard_probe_answers_total", "outcome=\"up\"", double(m_up));
    text.sample("patchboard_probe_answers_total", "outcome=\"down\"", double(m_down));
    text.sample("patchboard_probe_answers_total", "outcome=\"unknown\"", double(m_unknown));
    text.counter("patchboard_probe_observed_total", "Statuses of devices that probes changed.",
                 double(m_observed));
    text.histogram("patchboard_probe_seconds", "From a question to its answer, or its giving up.",
                   m_seconds);
}

} // namespace patchboard::server
