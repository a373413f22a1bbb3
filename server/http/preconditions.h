#pragma once

#include "server/http/board.h"
#include "server/http/router.h"

/// ETag, If-Match, If-None-Match (RFC 9110): who edits says what he has seen, who asks again is not
/// sent what he has.
namespace patchboard::http {

/// The tag of the board at a revision.
QByteArray revisionTag(const Board &board, quint64 revision);
/// Of an entity that is there: of the revision that last touched it.
QByteArray entityTag(const Board &board, EntityId id);

/// 412 if the request wants another state than @a tag.
std::optional<Response> refusedByTag(const Request &request, const QByteArray &tag);
/// 304 if the request says that it has @a tag.
std::optional<Response> notModified(const Request &request, const QByteArray &tag);

/// A handler of one entity, named by the path: its conditions checked, its tag in the answer.
Route::Handler ofEntity(Board &board, EntityKind kind, Route::Handler handler);
/// A reading handler of more than that: tagged with the board's revision.
Route::Handler ofBoard(Board &board, Route::Handler handler);
/// A writing one.
Route::Handler changingBoard(Board &board, Route::Handler handler);

} // namespace patchboard::http
