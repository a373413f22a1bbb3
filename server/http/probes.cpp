#include "server/probes/probes.h"
#include "server/host.h"
#include "server/http/resources.h"

namespace patchboard::http {

namespace {

QByteArray stateWord(server::ProbeOutcome state)
{
    switch (state) {
    case server::ProbeOutcome::Up:
        return "\"up\"";
    case server::ProbeOutcome::Down:
        return "\"down\"";
    case server::ProbeOutcome::Unknown:
        break;
    }
    return "\"unknown\"";
}

QByteArray timeOrNull(qint64 time)
{
    return time == 0 ? QByteArray("null") : '"' + timeText(time) + '"';
}

QByteArray probesJson(const Topology &topology, const server::Probes *probes)
{
    QByteArray list = "[";
    QByteArray problems = "[";
    QList<EntityId> ids = probes ? probes->devices().keys() : QList<EntityId>();
    std::sort(ids.begin(), ids.end());
    for (const EntityId id : std::as_const(ids)) {
        const server::Probes::Probed &probed = *probes->devices().constFind(id);
        const Device *device = topology.device(id);
        if (!device)
            continue;
        const auto begin = [&](QByteArray &out) {
            if (out.size() > 1)
                out += ',';
            out += "{\"device_id\":" + QByteArray::number(id) + ",\"device\":";
            appendText(out, device->name);
        };
        for (qsizetype i = 0; i < probed.states.size(); ++i) {
            const server::Probes::State &state = probed.states[i];
            begin(list);
            list += ",\"probe\":";
            appendText(list, probed.plan.specs[i].text);
            list += ",\"state\":" + stateWord(state.state) +
                    ",\"since\":" + timeOrNull(state.since) +
                    ",\"checked_at\":" + timeOrNull(state.checkedAt) + ",\"seconds\":" +
                    (state.checkedAt == 0 ? QByteArray("null") : realText(state.seconds)) +
                    ",\"error\":";
            if (state.error.isEmpty())
                list += "null";
            else
                appendText(list, state.error);
            list += '}';
        }
        for (const QString &problem : probed.plan.problems) {
            begin(problems);
            problems += ",\"text\":";
            appendText(problems, problem);
            problems += '}';
        }
    }
    return QByteArray("{\"running\":") + (probes ? "true" : "false") + ",\"probes\":" + list +
           "],\"problems\":" + problems + "]}";
}

} // namespace

void addProbes(Router &router, const server::Host &host)
{
    router
        .add({"GET", QStringLiteral("/api/probes"), Role::Viewer, std::nullopt,
              [&host](const Call &) {
                  return json(200, probesJson(host.topology(), host.probes()));
              },
              QStringLiteral("What the host's probes found out, and which cannot be read")})
        .answers(200, "Probes");
}

} // namespace patchboard::http
