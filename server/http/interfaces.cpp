#include "server/http/preconditions.h"
#include "server/http/resources.h"

namespace patchboard::http {

namespace {

Response createInterface(Board &board, const Call &call)
{
    const auto kind = EntityKind::Interface;
    const Device *device = board.topology().device(call.body.id(u"device_id"));
    if (!device)
        return problem(404, notFoundText(EntityKind::Device));
    const EntityId id = board.newId();
    const auto done = board.commit(
        {CreateEntity{kind, id, givenFields(call.body, creationShape(kind))}},
        authorOf(call.request), QStringLiteral("Create interface of %1").arg(device->name));
    if (!done)
        return refused(done.error());
    return createdResponse(board, id);
}

} // namespace

void addInterfaces(Router &router, Board &board, Listing &listing)
{
    const auto kind = EntityKind::Interface;
    const QString list = QStringLiteral("/api/interfaces");
    const QString one = QStringLiteral("/api/interfaces/{interface_id}");

    addReading(router, board, listing, kind, list, one);
    router
        .add({"POST", list, Role::Editor, creationShape(kind),
              changingBoard(board,
                            [&board](const Call &call) { return createInterface(board, call); }),
              QStringLiteral("Makes an interface; a name that is taken gets a suffix")})
        .answers(201, "InterfaceResponse", {404, 412});
    router
        .add({"PATCH", one, Role::Editor, editShape(kind),
              ofEntity(board, kind,
                       [&board](const Call &call) { return editEntity(board, kind, call); }),
              QStringLiteral("Changes fields of an interface")})
        .answers(200, "InterfaceFull", {404, 409, 412});
    router
        .add({"DELETE", one, Role::Editor, std::nullopt,
              ofEntity(board, kind,
                       [&board](const Call &call) { return removeEntity(board, kind, call); }),
              QStringLiteral("Deletes an interface with its links")})
        .answers(204, {}, {404, 412});
}

} // namespace patchboard::http
