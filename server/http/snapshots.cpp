#include "server/http/snapshots.h"

#include "model/wire/codec.h"
#include "server/http/preconditions.h"
#include "server/http/resources.h"

#include <algorithm>

namespace patchboard::http {

namespace {

void appendSnapshot(QByteArray &out, const wire::NamedSnapshot &snapshot)
{
    out += "{\"id\":" + QByteArray::number(snapshot.id) + ",\"name\":";
    appendText(out, snapshot.name);
    out += ",\"revision\":" + QByteArray::number(snapshot.revision) + ",\"time\":\"" +
           timeText(snapshot.time) + "\",\"author\":";
    appendText(out, snapshot.author);
    out += '}';
}

Response snapshotResponse(int status, const wire::NamedSnapshot &snapshot)
{
    Response response = json(status, {});
    appendSnapshot(response.body, snapshot);
    return response;
}

QByteArray snapshotsText(Board &board)
{
    (void)board.settledRevision(); // what has come before this is told
    QByteArray out("[");
    for (const wire::NamedSnapshot &snapshot : board.snapshots()) {
        if (out.size() > 1)
            out += ',';
        appendSnapshot(out, snapshot);
    }
    return out + ']';
}

/// A name is no change of the board: its revision says nothing of these.
QByteArray snapshotsTag(const Board &board, const QByteArray &text)
{
    return '"' + board.epoch().left(8).toLatin1() + "-s" +
           QByteArray::number(wire::hashBytes(text), 16) + '"';
}

/// A handler that changes the list: conditions are about that.
Route::Handler changingSnapshots(Board &board, Route::Handler handler)
{
    return [&board, handler = std::move(handler)](const Call &call) {
        if (!call.request.header("if-match").isNull()) {
            if (auto refusal =
                    refusedByTag(call.request, snapshotsTag(board, snapshotsText(board))))
                return *refusal;
        }
        return handler(call);
    };
}

Response listSnapshots(Board &board, const Call &call)
{
    const QByteArray out = snapshotsText(board);
    const QByteArray tag = snapshotsTag(board, out);
    if (auto same = notModified(call.request, tag))
        return *same;
    Response response = json(200, out);
    response.headers.emplaceBack("ETag", tag);
    return response;
}

/// The name in a body; a refusal if it is blank or another snapshot's.
std::variant<QString, Response> nameOf(Board &board, const Call &call, EntityId ofWhich)
{
    const QString key = QStringLiteral("name");
    Body body = call.body;
    const QString name = body.text(key).trimmed();
    if (name.isEmpty()) {
        body.refuse(key, QStringLiteral("value_error"),
                    QStringLiteral("Value error, a snapshot needs a name"));
        return invalid(body.problems);
    }
    const auto &all = board.snapshots();
    if (std::any_of(all.cbegin(), all.cend(), [&](const wire::NamedSnapshot &each) {
            return each.id != ofWhich && each.name == name;
        }))
        return problem(409, QStringLiteral("Snapshot with name '%1' already exists").arg(name));
    return name;
}

bool hasSnapshot(Board &board, EntityId id)
{
    const auto &all = board.snapshots();
    return id != 0 && std::any_of(all.cbegin(), all.cend(),
                                  [id](const wire::NamedSnapshot &each) { return each.id == id; });
}

Response makeSnapshot(Board &board, const Call &call)
{
    const quint64 newest = board.settledRevision();
    const auto name = nameOf(board, call, 0);
    if (const auto *refusal = std::get_if<Response>(&name))
        return *refusal;
    const quint64 revision = quint64(call.body.number(u"revision", qint64(newest)));
    if (revision > newest) {
        return problem(404, QStringLiteral("There is no revision %1; the board is at revision %2")
                                .arg(revision)
                                .arg(newest));
    }
    const auto made =
        board.editSnapshot({0, 0, std::get<QString>(name), revision}, authorOf(call.request));
    if (!made) {
        // It is there, or was: its board cannot be made any more.
        if (made.error().code == Errc::NotFound) {
            const auto first = board.oldestBoard();
            const quint64 oldest = first ? *first : newest;
            return outOfLog(410,
                            QStringLiteral("Revision %1 is no longer kept; revision %2 is the "
                                           "first that is")
                                .arg(revision)
                                .arg(oldest),
                            oldest, newest);
        }
        return refused(made.error());
    }
    return snapshotResponse(201, *made);
}

Response renameSnapshot(Board &board, const Call &call)
{
    (void)board.settledRevision();
    if (!hasSnapshot(board, call.id))
        return problem(404, QStringLiteral("Snapshot not found"));
    const auto name = nameOf(board, call, call.id);
    if (const auto *refusal = std::get_if<Response>(&name))
        return *refusal;
    const auto renamed =
        board.editSnapshot({0, call.id, std::get<QString>(name), 0}, authorOf(call.request));
    return renamed ? snapshotResponse(200, *renamed) : refused(renamed.error());
}

Response forgetSnapshot(Board &board, const Call &call)
{
    (void)board.settledRevision();
    if (!hasSnapshot(board, call.id))
        return problem(404, QStringLiteral("Snapshot not found"));
    const auto forgotten = board.editSnapshot({0, call.id, {}, 0}, authorOf(call.request));
    if (!forgotten)
        return refused(forgotten.error());
    Response response;
    response.status = 204;
    return response;
}

} // namespace

const wire::NamedSnapshot *snapshotBy(Board &board, const QString &idOrName)
{
    (void)board.settledRevision();
    bool isNumber = false;
    const quint64 id = idOrName.toULongLong(&isNumber);
    const auto &all = board.snapshots();
    const wire::NamedSnapshot *byName = nullptr;
    for (const wire::NamedSnapshot &each : all) {
        if (isNumber && each.id == id)
            return &each;
        if (each.name == idOrName)
            byName = &each;
    }
    return byName;
}

void addSnapshots(Router &router, Board &board)
{
    const QString list = QStringLiteral("/api/snapshots");
    const QString one = QStringLiteral("/api/snapshots/{snapshot_id}");
    router
        .add({"GET", list, Role::Viewer, std::nullopt,
              [&board](const Call &call) { return listSnapshots(board, call); },
              QStringLiteral("Revisions that have a name, by id")})
        .answers(200, "[Snapshot]");
    router
        .add({"POST", list, Role::Editor,
              BodyShape{textKey(QStringLiteral("name"), true),
                        numberKey(QStringLiteral("revision"), 1, qint64(kMaxEntityId))},
              changingSnapshots(board,
                                [&board](const Call &call) { return makeSnapshot(board, call); }),
              QStringLiteral("Gives a revision a name, the newest if none is said; what has a name "
                             "is kept")})
        .answers(201, "Snapshot", {404, 409, 410, 412, 413});
    router
        .add({"PATCH", one, Role::Editor, BodyShape{textKey(QStringLiteral("name"), true)},
              changingSnapshots(board,
                                [&board](const Call &call) { return renameSnapshot(board, call); }),
              QStringLiteral("Gives a snapshot another name")})
        .answers(200, "Snapshot", {404, 409, 412});
    router
        .add({"DELETE", one, Role::Editor, std::nullopt,
              changingSnapshots(board,
                                [&board](const Call &call) { return forgetSnapshot(board, call); }),
              QStringLiteral("Forgets a name; the revision stays as long as any other")})
        .answers(204, {}, {404, 412});
}

} // namespace patchboard::http
