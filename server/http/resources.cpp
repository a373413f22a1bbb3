#include "server/http/resources.h"

#include "model/core/catalogue.h"
#include "model/core/edits.h"
#include "server/http/computed.h"
#include "server/http/listing.h"
#include "server/http/preconditions.h"

#include <QJsonDocument>
#include <QJsonObject>

namespace patchboard::http {

namespace {

const char *noticeWord(Notice::Kind kind)
{
    switch (kind) {
    case Notice::Kind::Renamed:
        return "renamed";
    case Notice::Kind::Skipped:
        return "skipped";
    case Notice::Kind::Gone:
        return "gone";
    case Notice::Kind::NotRestored:
        return "not_restored";
    case Notice::Kind::Overwrote:
        return "overwrote";
    case Notice::Kind::Moved:
        return "moved";
    case Notice::Kind::Lost:
    case Notice::Kind::LostRemoved:
        break; // copies find these out; a host has none
    }
    return "";
}

} // namespace

Response json(int status, QByteArray body)
{
    Response response;
    response.status = status;
    response.body = std::move(body);
    return response;
}

Response entityResponse(int status, const Topology &topology, EntityId id, const Shape &shape)
{
    return json(status, entityJson(topology, id, shape));
}

Response createdResponse(const Board &board, EntityId id)
{
    const EntityKind kind = board.topology().kindOf(id).value_or(EntityKind::Device);
    Response response = entityResponse(201, board.topology(), id, responseShape(kind));
    response.headers.emplaceBack("ETag", entityTag(board, id));
    return response;
}

QByteArray kindWord(EntityKind kind)
{
    switch (kind) {
    case EntityKind::Board:
        return "board";
    case EntityKind::Device:
        return "device";
    case EntityKind::Interface:
        return "interface";
    case EntityKind::Link:
        return "link";
    case EntityKind::DeviceType:
        return "device_type";
    }
    return {};
}

void addReading(Router &router, Board &board, Listing &listing, EntityKind kind,
                const QString &list, const QString &one)
{
    const QByteArray word = kindWord(kind);
    const QString name = QString::fromLatin1(word);
    const QByteArray schema = word.left(1).toUpper() + word.mid(1) + "Response";
    Route &all = router.add(
        {"GET", list, Role::Viewer, std::nullopt,
         ofBoard(board, [&listing, kind](const Call &call) { return listing.list(kind, call); }),
         QStringLiteral("All %1s, or those that the query asks for, by id").arg(name)});
    all.answers(200, '[' + schema + ']');
    all.query = Listing::query();
    router
        .add({"GET", one, Role::Viewer, std::nullopt,
              ofEntity(board, kind,
                       [&board, kind](const Call &call) {
                           const Topology &topology = board.topology();
                           if (call.id == kBoardId || topology.kindOf(call.id) != kind)
                               return problem(404, notFoundText(kind));
                           Response response =
                               entityResponse(200, topology, call.id, responseShape(kind));
                           appendComputed(response.body, board.computed(), call.id);
                           return response;
                       }),
              QStringLiteral("One %1").arg(name)})
        .answers(200, schema, {404});
}

Author authorOf(const Request &request)
{
    const QString &token = request.caller.token;
    return {token.isEmpty() ? QStringLiteral("API") : token,
            {token, access::addressText(request.peer)}};
}

QString notFoundText(EntityKind kind)
{
    switch (kind) {
    case EntityKind::Device:
        return QStringLiteral("Device not found");
    case EntityKind::Interface:
        return QStringLiteral("Interface not found");
    case EntityKind::Link:
        return QStringLiteral("Link not found");
    default:
        return QStringLiteral("Not Found");
    }
}

void appendNotice(QByteArray &list, const Notice &notice)
{
    if (list.size() > 1)
        list += ',';
    list += QByteArray("{\"notice\":\"") + noticeWord(notice.kind) +
            "\",\"id\":" + QByteArray::number(notice.id) + ",\"text\":";
    appendText(list, notice.text);
    list += '}';
}

Response outOfLog(int status, const QString &text, quint64 oldest, quint64 revision)
{
    return json(status, QJsonDocument(QJsonObject{{QStringLiteral("detail"), text},
                                                  {QStringLiteral("oldest"), qint64(oldest)},
                                                  {QStringLiteral("revision"), qint64(revision)}})
                            .toJson(QJsonDocument::Compact));
}

Response refused(const Error &error)
{
    return problem(error);
}

void checkDeviceRefs(const Topology &topology, Body &body)
{
    if (body.has(u"device_type") && !topology.knowsType(body.text(u"device_type"))) {
        QStringList words;
        for (const DeviceTypeInfo &type : topology.allTypes())
            words.append(u'\'' + type.key + u'\'');
        body.refuse(
            QStringLiteral("device_type"), QStringLiteral("enum"),
            QStringLiteral("Input should be %1 or %2")
                .arg(words.mid(0, words.size() - 1).join(QStringLiteral(", ")), words.last()));
    }
    if (body.has(u"parent_container_id") && !isNull(body.value(u"parent_container_id"))) {
        const QString key = QStringLiteral("parent_container_id");
        const Device *container = topology.device(body.id(key));
        if (!container) {
            body.refuse(key, QStringLiteral("value_error"),
                        QStringLiteral("Value error, no such container"));
        } else if (!topology.isContainer(*container)) {
            body.refuse(key, QStringLiteral("value_error"),
                        QStringLiteral("Value error, the device is not a container"));
        }
    }
}

QList<FieldValue> givenFields(const Body &body, const BodyShape &shape)
{
    QList<FieldValue> fields = body.fields(shape);
    fields.removeIf([](const FieldValue &field) { return isNull(field.value); });
    return fields;
}

SetFields setFieldsOf(const Body &body, EntityKind kind, EntityId id, QPointF place,
                      const QString &author, qint64 now)
{
    SetFields set{id, {}};
    bool forced = false;
    bool cleared = false;
    for (const FieldValue &field : body.fields(editShape(kind), place)) {
        if (field.key.field == Field::StatusOverride) {
            forced = !isNull(field.value);
            cleared = !forced;
        }
        set.fields.append({field.key, field.value, std::nullopt});
    }
    // An override says who forced it and when; one that ends takes its reason with it.
    if (forced || cleared) {
        if (cleared)
            set.fields.removeIf(
                [](const FieldChange &f) { return f.key.field == Field::OverrideReason; });
        if (cleared)
            set.fields.append({Field::OverrideReason, Value(), std::nullopt});
        set.fields.append({Field::OverrideBy, forced ? Value(author) : Value(), std::nullopt});
        set.fields.append({Field::OverrideAt, forced ? Value(now) : Value(), std::nullopt});
    }
    return set;
}

Response editEntity(Board &board, EntityKind kind, const Call &call)
{
    const Topology &topology = board.topology();
    if (topology.kindOf(call.id) != kind || (call.id == kBoardId) != (kind == EntityKind::Board))
        return problem(404, notFoundText(kind));
    Body body = call.body;
    QPointF place;
    if (kind == EntityKind::Device) {
        checkDeviceRefs(topology, body);
        place = topology.device(call.id)->position;
        if (body.has(u"parent_container_id") && body.id(u"parent_container_id") != 0 &&
            topology.liesIn(body.id(u"parent_container_id"), call.id)) {
            body.refuse(QStringLiteral("parent_container_id"), QStringLiteral("value_error"),
                        QStringLiteral("Value error, a container cannot lie in itself"));
        }
    }
    if (!body.problems.isEmpty())
        return invalid(body.problems);
    if (body.has(u"name")) {
        const QString name = body.text(u"name");
        EntityId owner = 0;
        if (kind == EntityKind::Device)
            owner = topology.deviceByName(name);
        else if (const Interface *interface = topology.interface(call.id))
            owner = topology.interfaceByName(interface->device, name);
        if (owner != 0 && owner != call.id) {
            return problem(409, (kind == EntityKind::Device
                                     ? QStringLiteral("Device with name '%1' already exists")
                                     : QStringLiteral("Interface with name '%1' already exists on "
                                                      "this device"))
                                    .arg(name));
        }
    }
    const SetFields set =
        setFieldsOf(body, kind, call.id, place, authorOf(call.request).name, board.now());
    if (!set.fields.isEmpty()) {
        const auto done =
            board.commit({set}, authorOf(call.request), QStringLiteral("Edit by API"));
        if (!done)
            return refused(done.error());
    }
    return entityResponse(200, board.topology(), call.id, fullShape(kind));
}

Response removeEntity(Board &board, EntityKind kind, const Call &call)
{
    if (board.topology().kindOf(call.id) != kind || call.id == kBoardId)
        return problem(404, notFoundText(kind));
    const auto done = board.commit({RemoveEntities{{call.id}}}, authorOf(call.request),
                                   QStringLiteral("Delete by API"));
    if (!done)
        return refused(done.error());
    Response response;
    response.status = 204;
    return response;
}

std::optional<Response> linkRuleRefusal(const Topology &topology, const Device &a, const Device &b)
{
    if (topology.board().linkPolicy != LinkPolicy::Enforce || !linkRule(a.type, b.type).isEmpty())
        return std::nullopt;
    return problem(409, QStringLiteral("No valid link rule between %1 and %2").arg(a.type, b.type));
}

std::optional<Response> linkRuleRefusal(const Topology &topology, EntityId interfaceA,
                                        EntityId interfaceB)
{
    const Device *a = topology.device(topology.interface(interfaceA)->device);
    const Device *b = topology.device(topology.interface(interfaceB)->device);
    return linkRuleRefusal(topology, *a, *b);
}

} // namespace patchboard::http
