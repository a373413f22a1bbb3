#include "model/core/edits.h"
#include "server/http/preconditions.h"
#include "server/http/resources.h"

namespace patchboard::http {

namespace {

/// "Cannot provision OLT: No EDGE_ROUTER exists for upstream connectivity"
QString missingUpstream(const DeviceTypeInfo &type)
{
    const QString what = type.upstream.join(QStringLiteral(" or "));
    QString purpose;
    if (type.upstream.contains(QStringLiteral("OLT")))
        purpose = QStringLiteral(" for PON connection");
    else if (type.upstream.size() == 1)
        purpose = QStringLiteral(" for upstream connectivity");
    return QStringLiteral("Cannot provision %1: No %2 exists%3").arg(type.key, what, purpose);
}

Response provision(Board &board, const Call &call, const BodyShape &shape)
{
    const Topology &topology = board.topology();
    Body body = call.body;
    checkDeviceRefs(topology, body);
    if (!body.problems.isEmpty())
        return invalid(body.problems);
    const QString name = body.text(u"name");
    if (topology.deviceByName(name) != 0)
        return problem(400, QStringLiteral("Device with name '%1' already exists").arg(name));
    const DeviceTypeInfo type = topology.typeInfo(body.text(u"device_type"));
    if (body.flag(u"validate_upstream", true) && !type.upstream.isEmpty()) {
        const bool found =
            std::any_of(type.upstream.cbegin(), type.upstream.cend(),
                        [&](const QString &needed) { return topology.countOfType(needed) > 0; });
        if (!found)
            return problem(400, missingUpstream(type));
    }
    edits::NewDevice device;
    device.name = name;
    device.type = type.key;
    EntityId id = 0;
    QList<Edit> edits = edits::createDevice(
        topology, device, [&board] { return board.newId(); }, &id);
    // The request says all there is to say of the device; only the interfaces are the type's.
    std::get<CreateEntity>(edits.first()).fields = givenFields(body, shape);
    const auto done =
        board.commit(edits, authorOf(call.request), QStringLiteral("Provision %1").arg(name));
    if (!done)
        return refused(done.error());

    QByteArray out = "{\"device\":";
    out += entityJson(topology, id, responseShape(EntityKind::Device));
    out += ",\"interfaces\":[";
    const auto interfaces = topology.interfacesOf(id);
    for (size_t i = 0; i < interfaces.size(); ++i) {
        if (i > 0)
            out += ',';
        out += entityJson(topology, interfaces[i], responseShape(EntityKind::Interface));
    }
    QByteArray event = "{\"device_id\":" + QByteArray::number(id) + ",\"name\":";
    appendText(event, name);
    event += ",\"device_type\":";
    appendText(event, type.key);
    event += ",\"interface_count\":" + QByteArray::number(qsizetype(interfaces.size())) + '}';
    board.announce("device_created", event);
    out += "],\"message\":";
    appendText(out, QStringLiteral("Device '%1' provisioned successfully with %2 interfaces")
                        .arg(name)
                        .arg(interfaces.size()));
    return json(201, out + '}');
}

} // namespace

void addProvisioning(Router &router, Board &board)
{
    const BodyShape device = creationShape(EntityKind::Device);
    BodyShape shape = device;
    shape.append(flagKey(QStringLiteral("validate_upstream")));
    router
        .add(
            {"POST", QStringLiteral("/api/devices/provision"), Role::Editor, shape,
             changingBoard(board, [&board, device](
                                      const Call &call) { return provision(board, call, device); }),
             QStringLiteral("Makes a device with the interfaces of its type")})
        .answers(201, "Provisioned", {400, 412});
}

} // namespace patchboard::http
