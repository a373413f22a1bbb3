#include "model/core/edits.h"
#include "server/http/preconditions.h"
#include "server/http/resources.h"

namespace patchboard::http {

namespace {

/// {"message": …, "device": …}
Response withEntity(const Topology &topology, EntityKind kind, EntityId id, const QString &message)
{
    QByteArray out = "{\"message\":";
    appendText(out, message);
    out += ",\"" + kindWord(kind) + "\":" + entityJson(topology, id, fullShape(kind));
    return json(200, out + '}');
}

bool isThere(const Topology &topology, EntityKind kind, EntityId id)
{
    return id != kBoardId && topology.kindOf(id) == kind;
}

/// @a allowed: the words that this endpoint takes; @a refusal: its text for all others.
Response force(Board &board, EntityKind kind, const Call &call, QStringView statusName,
               QStringView reasonName, const QStringList &allowed, const QString &refusal)
{
    if (!isThere(board.topology(), kind, call.id))
        return problem(404, notFoundText(kind));
    const QString word = call.body.text(statusName);
    if (!allowed.contains(word))
        return problem(400, refusal);
    const auto done = board.commit(edits::overrideStatus({call.id}, statusFromKey(word),
                                                         call.body.text(reasonName),
                                                         authorOf(call.request).name, board.now()),
                                   authorOf(call.request), QStringLiteral("Override status"));
    if (!done)
        return refused(done.error());
    return withEntity(board.topology(), kind, call.id,
                      QStringLiteral("Status override set to ") + word);
}

Response clearOverride(Board &board, EntityKind kind, const Call &call)
{
    const Topology &topology = board.topology();
    if (!isThere(topology, kind, call.id))
        return problem(404, notFoundText(kind));
    if (!isNull(topology.value(call.id, Field::StatusOverride))) {
        const auto done =
            board.commit(edits::overrideStatus({call.id}, std::nullopt, {}, {}, board.now()),
                         authorOf(call.request), QStringLiteral("Clear status override"));
        if (!done)
            return refused(done.error());
    } else {
        // Who clears an override hears of it, also where there was none.
        board.announce(kindWord(kind) + ":updated", entityJson(topology, call.id, fullShape(kind)));
    }
    return withEntity(topology, kind, call.id, QStringLiteral("Status override cleared"));
}

void addOverridesOf(Router &router, Board &board, EntityKind kind)
{
    const QString word = QString::fromLatin1(kindWord(kind));
    const QString one = QStringLiteral("/api/%1s/{%1_id}").arg(word);
    const QString older = one + QStringLiteral("/override");
    const QString newer = one + QStringLiteral("/override-status");
    const QByteArray schema = kindWord(kind) + "Override";

    router
        .add({"PATCH", older, Role::Editor,
              BodyShape{textKey(QStringLiteral("status_override"), true),
                        textKey(QStringLiteral("override_reason"), false, true)},
              ofEntity(board, kind,
                       [&board, kind](const Call &call) {
                           return force(board, kind, call, u"status_override", u"override_reason",
                                        {QStringLiteral("UP"), QStringLiteral("DOWN")},
                                        QStringLiteral("status_override must be 'UP' or 'DOWN'"));
                       }),
              QStringLiteral("Forces the status of one %1 up or down").arg(word)})
        .answers(200, schema, {400, 404, 412});
    router
        .add({"POST", newer, Role::Editor,
              BodyShape{textKey(QStringLiteral("status"), true),
                        textKey(QStringLiteral("reason"), false, true)},
              ofEntity(board, kind,
                       [&board, kind](const Call &call) {
                           return force(board, kind, call, u"status", u"reason",
                                        {QStringLiteral("UP"), QStringLiteral("DOWN"),
                                         QStringLiteral("DEGRADED")},
                                        QStringLiteral("Invalid status. Must be one of: "
                                                       "['UP', 'DOWN', 'DEGRADED']"));
                       }),
              QStringLiteral("Forces the status of one %1").arg(word)})
        .answers(200, schema, {400, 404, 412});
    for (const QString &path : {older, newer}) {
        router
            .add({"DELETE", path, Role::Editor, std::nullopt,
                  ofEntity(board, kind,
                           [&board, kind](const Call &call) {
                               return clearOverride(board, kind, call);
                           }),
                  QStringLiteral("Ends the status override of one %1").arg(word)})
            .answers(200, schema, {404, 412});
    }
}

} // namespace

void addOverrides(Router &router, Board &board)
{
    for (const EntityKind kind : {EntityKind::Device, EntityKind::Interface, EntityKind::Link})
        addOverridesOf(router, board, kind);
}

} // namespace patchboard::http
