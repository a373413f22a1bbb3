#include "model/core/edits.h"
#include "server/http/preconditions.h"
#include "server/http/resources.h"

namespace patchboard::http {

namespace {

Response seed(Board &board, const Call &call)
{
    const Topology &topology = board.topology();
    const QList<EntityId> all = topology.links().ids() + topology.interfaces().ids() +
                                topology.devices().ids() + topology.customTypes().ids();
    QList<Edit> edits;
    if (!all.isEmpty())
        edits.append(RemoveEntities{all});
    edits += edits::demoBoard([&board] { return board.newId(); });
    const auto done =
        board.commit(edits, authorOf(call.request), QStringLiteral("Seed the demo board"));
    if (!done)
        return refused(done.error());
    return json(201, "{\"message\":\"Database seeded successfully\"}");
}

} // namespace

void addSeed(Router &router, Board &board)
{
    router
        .add({"POST", QStringLiteral("/api/seed"), Role::Admin, std::nullopt,
              changingBoard(board, [&board](const Call &call) { return seed(board, call); }),
              QStringLiteral("Replaces everything by the demo board")})
        .answers(201, "Message", {412});
}

} // namespace patchboard::http
