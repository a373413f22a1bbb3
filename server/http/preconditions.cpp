#include "server/http/preconditions.h"

namespace patchboard::http {

namespace {

/// True if a list of tags, or "*", names @a tag. Weak ones (W/…) count only where @a weak.
bool namesTag(const QByteArray &list, const QByteArray &tag, bool weak)
{
    for (QByteArray each : list.split(',')) {
        each = each.trimmed();
        if (each == "*")
            return true;
        if (weak && each.startsWith("W/"))
            each.remove(0, 2);
        if (each == tag)
            return true;
    }
    return false;
}

bool reads(const Request &request)
{
    return request.method == "GET" || request.method == "HEAD";
}

} // namespace

QByteArray revisionTag(const Board &board, quint64 revision)
{
    return '"' + board.epoch().left(8).toLatin1() + '-' + QByteArray::number(revision) + '"';
}

QByteArray entityTag(const Board &board, EntityId id)
{
    const Topology &topology = board.topology();
    const EntityBase *base = nullptr;
    if (id == kBoardId)
        base = &topology.board();
    else if (const Device *device = topology.device(id))
        base = device;
    else if (const Interface *interface = topology.interface(id))
        base = interface;
    else if (const Link *link = topology.link(id))
        base = link;
    return revisionTag(board, base ? base->revision : 0);
}

std::optional<Response> refusedByTag(const Request &request, const QByteArray &tag)
{
    const QByteArray wanted = request.header("if-match");
    if (wanted.isNull() || namesTag(wanted, tag, false))
        return std::nullopt;
    Response response = problem(412, QStringLiteral("It has been changed meanwhile; its ETag is %1")
                                         .arg(QString::fromLatin1(tag)));
    response.headers.emplaceBack("ETag", tag);
    return response;
}

std::optional<Response> notModified(const Request &request, const QByteArray &tag)
{
    const QByteArray had = request.header("if-none-match");
    if (had.isNull() || !namesTag(had, tag, true))
        return std::nullopt;
    Response response;
    response.status = 304;
    response.headers.emplaceBack("ETag", tag);
    return response;
}

Route::Handler ofEntity(Board &board, EntityKind kind, Route::Handler handler)
{
    return [&board, kind, handler = std::move(handler)](const Call &call) {
        const auto isThere = [&] {
            return call.id != kBoardId && board.topology().kindOf(call.id) == kind;
        };
        if (isThere()) {
            const QByteArray tag = entityTag(board, call.id);
            if (auto refusal = refusedByTag(call.request, tag))
                return *refusal;
            if (reads(call.request)) {
                if (auto same = notModified(call.request, tag))
                    return *same;
            }
        }
        Response response = handler(call);
        if (response.status < 300 && isThere())
            response.headers.emplaceBack("ETag", entityTag(board, call.id));
        return response;
    };
}

Route::Handler ofBoard(Board &board, Route::Handler handler)
{
    return [&board, handler = std::move(handler)](const Call &call) {
        const QByteArray tag = revisionTag(board, board.settledRevision());
        if (auto refusal = refusedByTag(call.request, tag))
            return *refusal;
        if (auto same = notModified(call.request, tag))
            return *same;
        Response response = handler(call);
        if (response.status < 300)
            response.headers.emplaceBack("ETag", tag);
        return response;
    };
}

Route::Handler changingBoard(Board &board, Route::Handler handler)
{
    return [&board, handler = std::move(handler)](const Call &call) {
        if (!call.request.header("if-match").isNull()) {
            const QByteArray tag = revisionTag(board, board.settledRevision());
            if (auto refusal = refusedByTag(call.request, tag))
                return *refusal;
        }
        return handler(call);
    };
}

} // namespace patchboard::http
