#include "server/http/gate.h"

namespace patchboard::http {

namespace {

Response unauthorized(bool invalid)
{
    Response response = problem(401, invalid ? QStringLiteral("Invalid or expired token")
                                             : QStringLiteral("Not authenticated"));
    QByteArray challenge = "Bearer realm=\"patchboard\"";
    if (invalid)
        challenge += ", error=\"invalid_token\"";
    response.headers.emplaceBack("WWW-Authenticate", challenge);
    return response;
}

} // namespace

QString bearerToken(const Request &request)
{
    const QByteArray value = request.header("authorization");
    constexpr QByteArrayView scheme("bearer ");
    // Something that is no Bearer token is not nothing; and no token begins with a space.
    if (value.left(scheme.size()).compare(scheme, Qt::CaseInsensitive) != 0)
        return value.isEmpty() ? QString() : u' ' + QString::fromUtf8(value);
    return QString::fromUtf8(value.mid(scheme.size()).trimmed());
}

Router::Gate gateOf(access::Access &access)
{
    return [&access](const Request &request) -> std::variant<access::Caller, Response> {
        const QString token = bearerToken(request);
        auto caller = access.admit(token, request.peer);
        if (!caller)
            return unauthorized(!token.isEmpty());
        return *std::move(caller);
    };
}

Router::Review reviewOf(access::Access &access)
{
    return [&access](const access::Caller &caller) -> std::optional<Response> {
        access.refresh();
        if (access.mayStay(caller))
            return std::nullopt;
        return unauthorized(true);
    };
}

} // namespace patchboard::http
