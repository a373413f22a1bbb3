#include "server/http/preconditions.h"

#include "model/wire/codec.h"
#include "server/http/computed.h"

#include <algorithm>

namespace patchboard::http {

namespace {

/// A tag without what was added behind one of @a marks: "7-12+5a" with '+' is "7-12".
QByteArray plainTag(const QByteArray &tag, const char *marks)
{
    if (!tag.endsWith('"'))
        return tag;
    qsizetype end = tag.size() - 1;
    for (const char *mark = marks; *mark != '\0'; ++mark) {
        const qsizetype at = tag.indexOf(*mark);
        if (at > 0)
            end = std::min(end, at);
    }
    return tag.first(end) + '"';
}

/// The tag of a list that names @a tag, or "*"; null if none does. Weak ones (W/…) count only
/// where @a weak. ';' marks how an answer was packed, which no condition is about; more marks may
/// be left out of what is compared.
QByteArray namedTag(const QByteArray &list, const QByteArray &tag, bool weak, const char *marks)
{
    for (QByteArray each : list.split(',')) {
        each = each.trimmed();
        if (each == "*")
            return tag;
        const QByteArray whole = each;
        if (weak && each.startsWith("W/"))
            each.remove(0, 2);
        if (plainTag(each, marks) == plainTag(tag, marks))
            return whole;
    }
    return {};
}

bool reads(const Request &request)
{
    return request.method == "GET" || request.method == "HEAD";
}

/// Of what a reader is given: of the entity, and of what is computed of it, which changes with
/// other things.
QByteArray readTag(const Board &board, EntityId id)
{
    const QByteArray tag = entityTag(board, id);
    const ComputedKeys keys = computedKeys(board.computed(), id);
    if (keys.isEmpty())
        return tag;
    QByteArray computed("{}");
    appendComputed(computed, keys);
    return tag.chopped(1) + '+' + QByteArray::number(wire::hashBytes(computed), 16) + '"';
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
    // Who edits a thing need not have seen what is computed of it.
    if (wanted.isNull() || !namedTag(wanted, tag, false, ";+").isNull())
        return std::nullopt;
    Response response = problem(412, QStringLiteral("It has been changed meanwhile; its ETag is %1")
                                         .arg(QString::fromLatin1(tag)));
    response.headers.emplaceBack("ETag", tag);
    return response;
}

std::optional<Response> notModified(const Request &request, const QByteArray &tag)
{
    const QByteArray had = request.header("if-none-match");
    const QByteArray named = had.isNull() ? had : namedTag(had, tag, true, ";");
    if (named.isNull())
        return std::nullopt;
    Response response;
    response.status = 304;
    response.headers.emplaceBack("ETag", named); // of the form in which the client has it
    return response;
}

Route::Handler ofEntity(Board &board, EntityKind kind, Route::Handler handler)
{
    return [&board, kind, handler = std::move(handler)](const Call &call) {
        const auto isThere = [&] {
            return call.id != kBoardId && board.topology().kindOf(call.id) == kind;
        };
        QByteArray tag;
        if (isThere()) {
            tag = reads(call.request) ? readTag(board, call.id) : entityTag(board, call.id);
            if (auto refusal = refusedByTag(call.request, tag))
                return *refusal;
            if (auto same = notModified(call.request, tag)) {
                if (reads(call.request))
                    return *same;
                Response refusal =
                    problem(412, QStringLiteral("It is as If-None-Match says it must not be"));
                refusal.headers = same->headers;
                return refusal;
            }
        }
        Response response = handler(call);
        if (response.status < 300 && isThere()) // reading changes nothing
            response.headers.emplaceBack("ETag",
                                         reads(call.request) ? tag : entityTag(board, call.id));
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
