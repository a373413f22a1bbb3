#include "server/http/computed.h"

#include "server/http/json.h"
#include "server/http/preconditions.h"
#include "server/http/resources.h"

#include <algorithm>

namespace patchboard::http {

namespace {

constexpr qint64 kUsualProblems = 1000;
constexpr qint64 kMostProblems = 100'000;

QByteArray sourceWord(optics::LinkLoss::Source source)
{
    using Source = optics::LinkLoss::Source;
    switch (source) {
    case Source::Given:
        return "given";
    case Source::Computed:
        return "computed";
    case Source::AssumedMedium:
        return "assumed_medium";
    case Source::NoLength:
        break;
    }
    return "no_length";
}

QByteArray millionthsText(optics::Millionths value)
{
    return realText(optics::fromMillionths(value));
}

QByteArray budgetJson(const optics::Budget &budget)
{
    const auto real = [&budget](double value) {
        return budget.hasWay() ? realText(value) : QByteArray("null");
    };
    QByteArray out = "{\"signal\":\"" + optics::signalKey(budget.signal).toLatin1() +
                     "\",\"overloaded\":" + (budget.overloaded ? "true" : "false");
    out +=
        ",\"olt_id\":" + (budget.hasWay() ? QByteArray::number(budget.source) : QByteArray("null"));
    out += ",\"hops\":" + (budget.hasWay() ? QByteArray::number(budget.hops) : QByteArray("null"));
    out += ",\"length_km\":" + real(budget.lengthKm);
    out += ",\"tx_power_dbm\":" + real(budget.txPowerDbm);
    out += ",\"path_loss_db\":" + real(budget.pathLossDb);
    out += ",\"received_dbm\":" + real(budget.receivedDbm);
    out += ",\"sensitivity_min_dbm\":" + real(budget.sensitivityDbm);
    return out + ",\"margin_db\":" + real(budget.marginDb) + '}';
}

QByteArray stepJson(const optics::Step &step)
{
    return "{\"link_id\":" + QByteArray::number(step.link) +
           ",\"link_loss_db\":" + millionthsText(step.linkLoss.loss) + ",\"link_loss\":\"" +
           sourceWord(step.linkLoss.source) +
           "\",\"length_km\":" + millionthsText(step.linkLoss.length) +
           ",\"device_id\":" + QByteArray::number(step.device) +
           ",\"insertion_loss_db\":" + millionthsText(step.insertionLoss) + '}';
}

void addKey(QByteArray &object, const char *key, const QByteArray &value)
{
    object.chop(1);
    if (!object.endsWith('{'))
        object += ',';
    object += '"' + QByteArray(key) + "\":" + value + '}';
}

} // namespace

ComputedKeys computedKeys(const ComputedStatus &computed, EntityId id)
{
    ComputedKeys keys;
    keys.budget = computed.budgetOf(id);
    if (!keys.budget)
        keys.health = computed.healthOf(id);
    if (const auto loss = computed.lossOf(id))
        keys.lossDb = optics::fromMillionths(loss->loss);
    return keys;
}

QHash<EntityId, ComputedKeys> allComputedKeys(const ComputedStatus &computed, EntityKind kind)
{
    QHash<EntityId, ComputedKeys> all;
    if (!computed.isOn())
        return all;
    const auto take = [&](const auto &table) {
        for (const auto &entity : table.slots()) {
            if (entity.id == 0)
                continue;
            if (ComputedKeys keys = computedKeys(computed, entity.id); !keys.isEmpty())
                all.insert(entity.id, std::move(keys));
        }
    };
    if (kind == EntityKind::Device)
        take(computed.topology().devices());
    else if (kind == EntityKind::Link)
        take(computed.topology().links());
    return all;
}

void appendComputed(QByteArray &object, const ComputedKeys &keys)
{
    if (keys.budget)
        addKey(object, "optical_budget", budgetJson(*keys.budget));
    if (keys.health)
        addKey(object, "health", '"' + statusKey(*keys.health).toLatin1() + '"');
    if (keys.lossDb)
        addKey(object, "optical_loss_db", realText(*keys.lossDb));
}

void appendComputed(QByteArray &object, const ComputedStatus &computed, EntityId id)
{
    const ComputedKeys keys = computedKeys(computed, id);
    appendComputed(object, keys);
    if (!keys.budget)
        return;
    QByteArray path("[");
    for (const optics::Step &step : computed.stepsFrom(id)) {
        if (path.size() > 1)
            path += ',';
        path += stepJson(step);
    }
    addKey(object, "optical_path", path + ']');
}

void addProblems(Router &router, Board &board)
{
    Route &route = router.add(
        {"GET", QStringLiteral("/api/problems"), Role::Viewer, std::nullopt,
         ofBoard(board,
                 [&board](const Call &call) {
                     const ComputedStatus &computed = board.computed();
                     const Topology &topology = board.topology();
                     QList<Problem> problems = computed.problems().values();
                     std::sort(problems.begin(), problems.end(),
                               [](const Problem &a, const Problem &b) {
                                   return std::pair(a.kind, a.id) < std::pair(b.kind, b.id);
                               });
                     const qsizetype total = problems.size();
                     const qint64 limit = call.query.number(u"limit", kUsualProblems);
                     QByteArray out("[");
                     for (const Problem &problem : problems.first(std::min(total, limit))) {
                         const auto kind = topology.kindOf(problem.id);
                         if (out.size() > 1)
                             out += ',';
                         out += "{\"problem\":\"" + problemKey(problem.kind).toLatin1() +
                                "\",\"severity\":\"" + (problem.isError() ? "error" : "warning") +
                                "\",\"kind\":\"" + kindWord(kind.value_or(EntityKind::Device)) +
                                "\",\"id\":" + QByteArray::number(problem.id) + ",\"text\":";
                         appendText(out, problemText(computed, problem));
                         out += '}';
                     }
                     Response response = json(200, out + ']');
                     response.headers.emplaceBack("X-Total-Count", QByteArray::number(total));
                     return response;
                 }),
         QStringLiteral("What somebody should look at: links that no rule allows and, where the "
                        "board computes them, optics and health; the worst first")});
    route.answers(200, "[BoardProblem]");
    route.query = {numberKey(QStringLiteral("limit"), 1, kMostProblems)};
}

} // namespace patchboard::http
