#include "server/http/resources.h"

namespace patchboard::http {

void addDevices(Router &router, Board &board)
{
    const auto kind = EntityKind::Device;
    const QString list = QStringLiteral("/api/devices");
    const QString one = QStringLiteral("/api/devices/{device_id}");

    router.add({"GET", list, Role::Viewer, std::nullopt,
                [&board, kind](const Call &) {
                    return json(200, listJson(board.topology().devices(), responseShape(kind)));
                },
                QStringLiteral("All devices, by id")});
    router.add({"GET", one, Role::Viewer, std::nullopt,
                [&board, kind](const Call &call) {
                    if (!board.topology().device(call.id))
                        return problem(404, notFoundText(kind));
                    return entityResponse(200, board.topology(), call.id, responseShape(kind));
                },
                QStringLiteral("One device")});
    router.add({"POST", list, Role::Editor, creationShape(kind),
                [&board, kind](const Call &call) {
                    Body body = call.body;
                    checkDeviceRefs(board.topology(), body);
                    if (!body.problems.isEmpty())
                        return invalid(body.problems);
                    const QString name = body.text(u"name");
                    if (board.topology().deviceByName(name) != 0) {
                        return problem(
                            409, QStringLiteral("Device with name '%1' already exists").arg(name));
                    }
                    const EntityId id = board.newId();
                    const auto done = board.commit(
                        {CreateEntity{kind, id, givenFields(body, creationShape(kind))}},
                        authorOf(call.request), QStringLiteral("Create %1").arg(name));
                    if (!done)
                        return refused(done.error());
                    return entityResponse(201, board.topology(), id, responseShape(kind));
                },
                QStringLiteral("Makes a device without interfaces")});
    router.add({"PATCH", one, Role::Editor, editShape(kind),
                [&board, kind](const Call &call) {
                    // x and y alone, both: the older form, with an answer of its own.
                    bool more = false;
                    for (const QString &key : call.body.keys())
                        more = more || (key != QLatin1String("x") && key != QLatin1String("y"));
                    if (more)
                        return editEntity(board, kind, call);
                    QList<FieldProblem> problems;
                    for (const QString &key : {QStringLiteral("x"), QStringLiteral("y")}) {
                        if (!call.body.has(key)) {
                            problems.append({QStringLiteral("missing"),
                                             {QStringLiteral("body"), key},
                                             QStringLiteral("Field required"),
                                             call.body.object()});
                        }
                    }
                    if (!problems.isEmpty())
                        return invalid(problems);
                    const Response response = editEntity(board, kind, call);
                    if (response.status != 200)
                        return response;
                    QByteArray message = "{\"message\":\"Device position updated to (";
                    message += realText(call.body.real(u"x", 0)) + ", ";
                    message += realText(call.body.real(u"y", 0)) + ")\"}";
                    return json(200, message);
                },
                QStringLiteral("Moves a device, or changes any of its fields")});
    router.add({"DELETE", one, Role::Editor, std::nullopt,
                [&board, kind](const Call &call) { return removeEntity(board, kind, call); },
                QStringLiteral("Deletes a device with its interfaces and their links")});
    router.add({"GET", one + QStringLiteral("/interfaces"), Role::Viewer, std::nullopt,
                [&board, kind](const Call &call) {
                    if (!board.topology().device(call.id))
                        return problem(404, notFoundText(kind));
                    QByteArray out("[");
                    for (const EntityId id : board.topology().interfacesOf(call.id)) {
                        if (out.size() > 1)
                            out += ',';
                        appendEntity(out, *board.topology().interface(id),
                                     responseShape(EntityKind::Interface));
                    }
                    return json(200, out + ']');
                },
                QStringLiteral("The interfaces of a device, by id")});
}

} // namespace patchboard::http
