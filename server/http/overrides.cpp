#include "model/core/edits.h"
#include "server/http/resources.h"

namespace patchboard::http {

namespace {

Response withDevice(const Topology &topology, EntityId id, const QString &message)
{
    QByteArray out = "{\"message\":";
    appendText(out, message);
    out += ",\"device\":" + entityJson(topology, id, fullShape(EntityKind::Device));
    return json(200, out + '}');
}

/// @a allowed: the words that this endpoint takes; @a refusal: its text for all others.
Response force(Board &board, const Call &call, QStringView statusName, QStringView reasonName,
               const QStringList &allowed, const QString &refusal)
{
    if (!board.topology().device(call.id))
        return problem(404, notFoundText(EntityKind::Device));
    const QString word = call.body.text(statusName);
    if (!allowed.contains(word))
        return problem(400, refusal);
    const auto done = board.commit(edits::overrideStatus({call.id}, statusFromKey(word),
                                                         call.body.text(reasonName),
                                                         authorOf(call.request).name, board.now()),
                                   authorOf(call.request), QStringLiteral("Override status"));
    if (!done)
        return refused(done.error());
    return withDevice(board.topology(), call.id, QStringLiteral("Status override set to ") + word);
}

Response clearOverride(Board &board, const Call &call)
{
    const Device *device = board.topology().device(call.id);
    if (!device)
        return problem(404, notFoundText(EntityKind::Device));
    if (device->state.override_) {
        const auto done =
            board.commit(edits::overrideStatus({call.id}, std::nullopt, {}, {}, board.now()),
                         authorOf(call.request), QStringLiteral("Clear status override"));
        if (!done)
            return refused(done.error());
    }
    return withDevice(board.topology(), call.id, QStringLiteral("Status override cleared"));
}

} // namespace

void addOverrides(Router &router, Board &board)
{
    const QString older = QStringLiteral("/api/devices/{device_id}/override");
    const QString newer = QStringLiteral("/api/devices/{device_id}/override-status");
    const auto clear = [&board](const Call &call) { return clearOverride(board, call); };

    router.add({"PATCH", older, Role::Editor,
                BodyShape{textKey(QStringLiteral("status_override"), true),
                          textKey(QStringLiteral("override_reason"), false, true)},
                [&board](const Call &call) {
                    return force(board, call, u"status_override", u"override_reason",
                                 {QStringLiteral("UP"), QStringLiteral("DOWN")},
                                 QStringLiteral("status_override must be 'UP' or 'DOWN'"));
                },
                QStringLiteral("Forces a device's status up or down")});
    router.add(
        {"POST", newer, Role::Editor,
         BodyShape{textKey(QStringLiteral("status"), true),
                   textKey(QStringLiteral("reason"), false, true)},
         [&board](const Call &call) {
             return force(
                 board, call, u"status", u"reason",
                 {QStringLiteral("UP"), QStringLiteral("DOWN"), QStringLiteral("DEGRADED")},
                 QStringLiteral("Invalid status. Must be one of: ['UP', 'DOWN', 'DEGRADED']"));
         },
         QStringLiteral("Forces a device's status")});
    for (const QString &path : {older, newer})
        router.add({"DELETE", path, Role::Editor, std::nullopt, clear,
                    QStringLiteral("Ends a device's status override")});
}

} // namespace patchboard::http
