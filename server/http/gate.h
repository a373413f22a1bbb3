#pragma once

#include "server/access/access.h"
#include "server/http/router.h"

namespace patchboard::http {

/// What `Authorization: Bearer …` brings; empty if there is no such header. Anything else in that
/// header comes as it is, and is no token.
QString bearerToken(const Request &request);

/// 401 without a valid token where one is needed. @a access must outlive it.
Router::Gate gateOf(access::Access &access);
/// 401 if a token has ended since, by the tokens as they are now. @a access must outlive it.
Router::Review reviewOf(access::Access &access);

} // namespace patchboard::http
