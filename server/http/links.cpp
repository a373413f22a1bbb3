#include "server/http/preconditions.h"
#include "server/http/resources.h"

namespace patchboard::http {

namespace {

Response createLink(Board &board, const Call &call)
{
    const auto kind = EntityKind::Link;
    const EntityId a = call.body.id(u"a_interface_id");
    const EntityId b = call.body.id(u"b_interface_id");
    if (!board.topology().interface(a) || !board.topology().interface(b))
        return problem(404, notFoundText(EntityKind::Interface));
    if (auto refusal = linkRuleRefusal(board.topology(), a, b))
        return *refusal;
    const EntityId id = board.newId();
    const auto done =
        board.commit({CreateEntity{kind, id, givenFields(call.body, creationShape(kind))}},
                     authorOf(call.request), QStringLiteral("Create link"));
    if (!done)
        return refused(done.error());
    return createdResponse(board, id);
}

/// An id as the request has it, also one that is larger than ids can be.
QString idAsGiven(const Body &body, QStringView key)
{
    const QJsonValue given = body.object().value(key);
    const qint64 known = std::get<qint64>(body.value(key));
    if (known != -1 || !given.isDouble())
        return QString::number(known);
    const qint64 whole = given.toInteger();
    return whole != 0 ? QString::number(whole) : QString::number(given.toDouble(), 'f', 0);
}

Response createSimple(Board &board, const Call &call)
{
    const Topology &topology = board.topology();
    const Device *ends[2] = {};
    const char *const names[2] = {"A", "B"};
    const QStringView keys[2] = {u"device_a_id", u"device_b_id"};
    for (size_t i = 0; i < 2; ++i) {
        ends[i] = topology.device(call.body.id(keys[i]));
        if (!ends[i]) {
            return problem(404, QStringLiteral("Device %1 (id=%2) not found")
                                    .arg(QLatin1String(names[i]), idAsGiven(call.body, keys[i])));
        }
    }
    if (ends[0] == ends[1])
        return problem(400, QStringLiteral("Cannot link device to itself"));
    if (auto refusal = linkRuleRefusal(topology, *ends[0], *ends[1]))
        return *refusal;
    const qint64 type =
        qint64(call.body.text(u"link_type") == QLatin1String("fiber") ? InterfaceType::Optical
                                                                      : InterfaceType::Ethernet);
    const Value given = call.body.value(u"status");
    const Value status = isNull(given) ? Value(qint64(Status::Up)) : given;
    EntityId ports[2] = {};
    QList<Edit> edits;
    for (size_t i = 0; i < 2; ++i) {
        ports[i] = board.newId();
        const QString name =
            QStringLiteral("port%1").arg(topology.interfacesOf(ends[i]->id).size() + 1);
        edits.append(CreateEntity{EntityKind::Interface,
                                  ports[i],
                                  {{Field::Name, name},
                                   {Field::InterfaceType, type},
                                   {Field::Device, qint64(ends[i]->id)},
                                   {Field::Status, qint64(Status::Up)}}});
    }
    const EntityId link = board.newId();
    edits.append(CreateEntity{EntityKind::Link,
                              link,
                              {{Field::AInterface, qint64(ports[0])},
                               {Field::BInterface, qint64(ports[1])},
                               {Field::Status, status}}});
    const QString deviceNames[2] = {ends[0]->name, ends[1]->name};
    const auto done =
        board.commit(edits, authorOf(call.request),
                     QStringLiteral("Link %1 and %2").arg(deviceNames[0], deviceNames[1]));
    if (!done)
        return refused(done.error());

    const auto portName = [&topology](EntityId id) {
        const Interface *port = topology.interface(id);
        return port ? port->name : QString();
    };
    QByteArray out = "{\"link\":" + entityJson(topology, link, fullShape(EntityKind::Link));
    out += ",\"interface_a\":" + entityJson(topology, ports[0], fullShape(EntityKind::Interface));
    out += ",\"interface_b\":" + entityJson(topology, ports[1], fullShape(EntityKind::Interface));
    out += ",\"message\":";
    appendText(out, QStringLiteral("Link created: ") + deviceNames[0] + QStringLiteral(" (") +
                        portName(ports[0]) + QStringLiteral(") <-> ") + deviceNames[1] +
                        QStringLiteral(" (") + portName(ports[1]) + u')');
    return json(200, out + '}');
}

} // namespace

void addLinks(Router &router, Board &board, Listing &listing)
{
    const auto kind = EntityKind::Link;
    const QString list = QStringLiteral("/api/links");
    const QString one = QStringLiteral("/api/links/{link_id}");

    addReading(router, board, listing, kind, list, one);
    router
        .add({"POST", list, Role::Editor, creationShape(kind),
              changingBoard(board, [&board](const Call &call) { return createLink(board, call); }),
              QStringLiteral("Makes a link between two interfaces")})
        .answers(201, "LinkResponse", {404, 409, 412});
    router
        .add(
            {"POST", list + QStringLiteral("/create-simple"), Role::Editor,
             BodyShape{idKey(QStringLiteral("device_a_id")), idKey(QStringLiteral("device_b_id")),
                       textKey(QStringLiteral("link_type"), true),
                       statusKeyOf(QStringLiteral("status"))},
             changingBoard(board, [&board](const Call &call) { return createSimple(board, call); }),
             QStringLiteral("Links two devices by a new interface on each")})
        .answers(200, "LinkCreated", {400, 404, 409, 412});
    router
        .add({"PATCH", one, Role::Editor, editShape(kind),
              ofEntity(board, kind,
                       [&board](const Call &call) { return editEntity(board, kind, call); }),
              QStringLiteral("Changes fields of a link")})
        .answers(200, "LinkFull", {404, 412});
    router
        .add({"DELETE", one, Role::Editor, std::nullopt,
              ofEntity(board, kind,
                       [&board](const Call &call) { return removeEntity(board, kind, call); }),
              QStringLiteral("Deletes a link; its interfaces stay")})
        .answers(204, {}, {404, 412});
}

} // namespace patchboard::http
