#include "server/http/resources.h"

namespace patchboard::http {

void addInterfaces(Router &router, Board &board)
{
    const auto kind = EntityKind::Interface;
    const QString list = QStringLiteral("/api/interfaces");
    const QString one = QStringLiteral("/api/interfaces/{interface_id}");

    router.add({"GET", list, Role::Viewer, std::nullopt,
                [&board, kind](const Call &) {
                    return json(200, listJson(board.topology().interfaces(), responseShape(kind)));
                },
                QStringLiteral("All interfaces, by id")});
    router.add({"GET", one, Role::Viewer, std::nullopt,
                [&board, kind](const Call &call) {
                    if (!board.topology().interface(call.id))
                        return problem(404, notFoundText(kind));
                    return entityResponse(200, board.topology(), call.id, responseShape(kind));
                },
                QStringLiteral("One interface")});
    router.add({"POST", list, Role::Editor, creationShape(kind),
                [&board, kind](const Call &call) {
                    const Device *device = board.topology().device(call.body.id(u"device_id"));
                    if (!device)
                        return problem(404, notFoundText(EntityKind::Device));
                    const EntityId id = board.newId();
                    const auto done = board.commit(
                        {CreateEntity{kind, id, givenFields(call.body, creationShape(kind))}},
                        authorOf(call.request),
                        QStringLiteral("Create interface of %1").arg(device->name));
                    if (!done)
                        return refused(done.error());
                    return entityResponse(201, board.topology(), id, responseShape(kind));
                },
                QStringLiteral("Makes an interface; a name that is taken gets a suffix")});
    router.add({"PATCH", one, Role::Editor, editShape(kind),
                [&board, kind](const Call &call) { return editEntity(board, kind, call); },
                QStringLiteral("Changes fields of an interface")});
    router.add({"DELETE", one, Role::Editor, std::nullopt,
                [&board, kind](const Call &call) { return removeEntity(board, kind, call); },
                QStringLiteral("Deletes an interface with its links")});
}

} // namespace patchboard::http
