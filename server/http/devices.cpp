#include "server/http/listing.h"
#include "server/http/preconditions.h"
#include "server/http/resources.h"

namespace patchboard::http {

namespace {

Response createDevice(Board &board, const Call &call)
{
    const auto kind = EntityKind::Device;
    Body body = call.body;
    checkDeviceRefs(board.topology(), body);
    if (!body.problems.isEmpty())
        return invalid(body.problems);
    const QString name = body.text(u"name");
    if (board.topology().deviceByName(name) != 0)
        return problem(409, QStringLiteral("Device with name '%1' already exists").arg(name));
    const EntityId id = board.newId();
    const auto done = board.commit({CreateEntity{kind, id, givenFields(body, creationShape(kind))}},
                                   authorOf(call.request), QStringLiteral("Create %1").arg(name));
    if (!done)
        return refused(done.error());
    return createdResponse(board, id);
}

/// "500" and "20.25": as those who knew whole places only have always been answered.
QByteArray placeText(double number)
{
    const QByteArray text = realText(number);
    return text.endsWith(".0") ? text.chopped(2) : text;
}

/// x and y alone, both: the older form, with an answer of its own.
Response moveOrEdit(Board &board, const Call &call)
{
    const auto kind = EntityKind::Device;
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
    message += placeText(call.body.real(u"x", 0)) + ", ";
    message += placeText(call.body.real(u"y", 0)) + ")\"}";
    return json(200, message);
}

Response interfacesOf(Board &board, const Call &call)
{
    if (!board.topology().device(call.id))
        return problem(404, notFoundText(EntityKind::Device));
    QByteArray out("[");
    for (const EntityId id : board.topology().interfacesOf(call.id)) {
        if (out.size() > 1)
            out += ',';
        appendEntity(out, *board.topology().interface(id), responseShape(EntityKind::Interface));
    }
    return json(200, out + ']');
}

} // namespace

void addDevices(Router &router, Board &board, Listing &listing)
{
    const auto kind = EntityKind::Device;
    const QString list = QStringLiteral("/api/devices");
    const QString one = QStringLiteral("/api/devices/{device_id}");

    addReading(router, board, listing, kind, list, one);
    router
        .add(
            {"POST", list, Role::Editor, creationShape(kind),
             changingBoard(board, [&board](const Call &call) { return createDevice(board, call); }),
             QStringLiteral("Makes a device without interfaces")})
        .answers(201, "DeviceResponse", {409, 412});
    router
        .add({"PATCH", one, Role::Editor, editShape(kind),
              ofEntity(board, kind, [&board](const Call &call) { return moveOrEdit(board, call); }),
              QStringLiteral("Moves a device (x and y alone), or changes any of its fields")})
        .answers(200, "MessageOrDevice", {404, 409, 412});
    router
        .add({"DELETE", one, Role::Editor, std::nullopt,
              ofEntity(board, kind,
                       [&board](const Call &call) { return removeEntity(board, kind, call); }),
              QStringLiteral("Deletes a device with its interfaces and their links")})
        .answers(204, {}, {404, 412});
    router
        .add({"GET", one + QStringLiteral("/interfaces"), Role::Viewer, std::nullopt,
              ofBoard(board, [&board](const Call &call) { return interfacesOf(board, call); }),
              QStringLiteral("The interfaces of a device, by id")})
        .answers(200, "[InterfaceResponse]", {404});
}

} // namespace patchboard::http
