#include "server/http/router.h"

#include "server/http/board.h"
#include "server/http/onceonly.h"

#include <QUrl>

#include <algorithm>

namespace patchboard::http {

namespace {

/// What pages may read, beside what every page may.
const char *const kExposed = "ETag, Idempotency-Replayed, Location, Retry-After, X-Total-Count";
const char *const kMethods = "DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT";

bool isSafe(const QByteArray &method)
{
    return method == "GET" || method == "HEAD" || method == "OPTIONS";
}

bool hasJsonBody(const Request &request)
{
    const QByteArray type = request.header("content-type").split(';').first().trimmed().toLower();
    return type == "application/json" ||
           (type.startsWith("application/") && type.endsWith("+json"));
}

} // namespace

Route &Router::add(Route route)
{
    Entry entry;
    if (route.path != QLatin1String("/"))
        entry.segments = route.path.mid(1).split(u'/');
    for (qsizetype i = 0; i < entry.segments.size(); ++i) {
        if (entry.segments[i].startsWith(u'{')) {
            entry.parameter = i;
            entry.parameterName = entry.segments[i].mid(1).chopped(1);
        }
    }
    entry.route = m_routes.size();
    m_routes.append(std::move(route));
    // A name in the path goes before a number: /devices/provision before /devices/{id}.
    const auto at = std::find_if(m_entries.cbegin(), m_entries.cend(), [&](const Entry &other) {
        return entry.parameter < 0 && other.parameter >= 0;
    });
    m_entries.insert(at, std::move(entry));
    return m_routes.last();
}

bool Router::matches(const Entry &entry, const QStringList &path)
{
    if (entry.segments.size() != path.size())
        return false;
    for (qsizetype i = 0; i < path.size(); ++i) {
        if (i != entry.parameter && entry.segments[i] != path[i])
            return false;
    }
    return true;
}

std::optional<QString> Router::originOf(const QString &text)
{
    if (text == QLatin1String("*"))
        return text;
    const QUrl url(text, QUrl::StrictMode);
    const bool bare = url.isValid() && !url.scheme().isEmpty() && !url.host().isEmpty() &&
                      url.userInfo().isEmpty() && !url.hasQuery() && !url.hasFragment() &&
                      (url.path().isEmpty() || url.path() == QLatin1String("/"));
    if (!bare)
        return std::nullopt;
    const QString scheme = url.scheme().toLower();
    const int usual = scheme == QLatin1String("https")  ? 443
                      : scheme == QLatin1String("http") ? 80
                                                        : -1;
    const QString host = url.host(QUrl::FullyEncoded).toLower();
    QString origin =
        scheme + QStringLiteral("://") + (host.contains(u':') ? u'[' + host + u']' : host);
    if (url.port() != -1 && url.port() != usual)
        origin += u':' + QString::number(url.port());
    return origin;
}

bool Router::isListed(const QByteArray &origin) const
{
    return m_origins.contains(QString::fromLatin1(origin)) ||
           m_origins.contains(QLatin1String("*"));
}

bool Router::allowsOrigin(const Request &request) const
{
    const QByteArray origin = request.header("origin");
    if (origin.isNull() || isListed(origin))
        return true;
    const QByteArray host = request.header("host");
    return !host.isEmpty() && (origin == "http://" + host || origin == "https://" + host);
}

Response Router::handle(const Request &request)
{
    Response response = dispatch(request);
    addOrigin(request, response);
    return response;
}

void Router::addOrigin(const Request &request, Response &response) const
{
    const QByteArray origin = request.header("origin");
    if (origin.isNull())
        return;
    if (m_origins.contains(QLatin1String("*"))) {
        // Everybody's pages, but none with what its person is known by.
        response.headers.emplaceBack("Access-Control-Allow-Origin", "*");
        response.headers.emplaceBack("Access-Control-Expose-Headers", kExposed);
        return;
    }
    if (isListed(origin)) {
        response.headers.append({"Access-Control-Allow-Origin", origin});
        response.headers.emplaceBack("Access-Control-Allow-Credentials", "true");
        response.headers.emplaceBack("Access-Control-Expose-Headers", kExposed);
    }
    response.headers.emplaceBack("Vary", "Origin");
}

std::optional<Response> Router::refusal(Request &request, Role role) const
{
    if (role == Role::Anybody)
        return std::nullopt;
    if (!m_gate)
        return problem(403, QStringLiteral("Forbidden"));
    auto let = m_gate(request);
    if (auto *no = std::get_if<Response>(&let))
        return std::move(*no);
    request.caller = std::get<access::Caller>(std::move(let));
    if (request.caller.role >= role)
        return std::nullopt;
    return problem(403,
                   QStringLiteral("This needs a token of the role %1").arg(access::roleKey(role)));
}

Response Router::reviewed(Response response, const access::Caller &caller)
{
    if (!response.later || !m_review)
        return response;
    response.later = LaterAnswer::through(
        response.later,
        [this, caller](const Response &answer, const std::shared_ptr<LaterAnswer> &asked) {
            asked->give(m_review(caller).value_or(answer));
        });
    return response;
}

void Router::waits(const Response &promise, const access::Caller &caller)
{
    if (!promise.later || !m_review)
        return;
    m_waiting.removeIf([](const Waiting &waiting) { return waiting.answer.expired(); });
    m_waiting.append({promise.later, caller});
}

void Router::reviewWaiting()
{
    const QList<Waiting> all = m_waiting;
    for (const Waiting &waiting : all) {
        const auto answer = waiting.answer.lock();
        if (!answer)
            continue;
        if (const auto refusal = m_review(waiting.caller))
            answer->giveInstead(*refusal);
    }
}

Response Router::settled(const Route::Handler &handler, const Call &call)
{
    if (!m_board)
        return handler(call);
    Response response;
    const bool mustWait = m_board->gather([&] { response = handler(call); });
    if (!mustWait || response.later)
        return response;
    Response promise;
    promise.later = std::make_shared<LaterAnswer>();
    m_board->whenSettled(
        [response = std::move(response), later = promise.later](const Result<void> &stored) {
            later->give(stored ? response : problem(stored.error()));
        });
    return promise;
}

Response Router::preflight(const Request &request) const
{
    Response response;
    response.contentType = "text/plain; charset=utf-8";
    if (!isListed(request.header("origin"))) {
        response.status = 400;
        response.body = "Disallowed CORS origin";
        return response;
    }
    response.body = "OK";
    response.headers = {{"Access-Control-Allow-Methods", kMethods},
                        {"Access-Control-Max-Age", "600"}};
    const QByteArray headers = request.header("access-control-request-headers");
    if (!headers.isNull())
        response.headers.append({"Access-Control-Allow-Headers", headers});
    return response;
}

Response Router::dispatch(const Request &request)
{
    if (request.method == "OPTIONS" && !request.header("origin").isNull() &&
        !request.header("access-control-request-method").isNull())
        return preflight(request);

    const QByteArray method = request.method == "HEAD" ? QByteArray("GET") : request.method;
    QList<QByteArray> allowed;
    for (const Entry &entry : m_entries) {
        if (!matches(entry, request.path))
            continue;
        const Route &route = m_routes[entry.route];
        if (route.method != "*" && route.method != method) {
            allowed.append(route.method);
            continue;
        }
        if (request.trailingSlash && route.method != "*") {
            // As the clients of this interface have it: to the path without the slash.
            Response response;
            response.status = 307;
            const qsizetype mark = request.target.indexOf('?');
            QByteArray path = mark < 0 ? request.target : request.target.left(mark);
            while (path.endsWith('/'))
                path.chop(1);
            // From the root: "//host/…" would lead to somebody else.
            const qsizetype root = path.indexOf("/api");
            response.headers = {{"Location", (root < 0 ? path : path.mid(root)) +
                                                 (mark < 0 ? "" : request.target.mid(mark))}};
            return response;
        }
        // A page of a stranger can post a form without asking; a form carries no JSON.
        if (!isSafe(method) && !allowsOrigin(request) && !hasJsonBody(request))
            return problem(403, QStringLiteral("Origin not allowed"));
        Request known = request;
        if (auto refused = refusal(known, route.role))
            return *std::move(refused);
        Call call{known, 0, {}, {}};
        QList<FieldProblem> problems;
        if (entry.parameter >= 0) {
            const QString &text = request.path[entry.parameter];
            if (const auto number = readId(text))
                call.id = *number < 0 ? 0 : EntityId(*number);
            else
                problems.append(badId(text, entry.parameterName));
        }
        if (!route.query.isEmpty()) {
            call.query = readQuery(request, route.query);
            problems += call.query.problems;
        }
        if (route.body) {
            call.body = readBody(request, *route.body);
            problems += call.body.problems;
        }
        if (!problems.isEmpty())
            return invalid(problems);
        if (!isSafe(method) && m_onceOnly && !route.later &&
            !request.header("idempotency-key").isNull())
            return m_onceOnly->handle(known, [&] { return route.handler(call); });
        if (route.role == Role::Anybody)
            return route.handler(call);
        Response response = settled(route.handler, call);
        // What was changed is said to whoever did it.
        const bool asks = isSafe(method);
        if (asks)
            response = reviewed(std::move(response), known.caller);
        if (asks || route.later)
            waits(response, known.caller);
        return response;
    }
    if (allowed.isEmpty())
        return problem(404, QStringLiteral("Not Found"));
    if (allowed.contains("GET"))
        allowed.append("HEAD");
    allowed.append("OPTIONS");
    std::sort(allowed.begin(), allowed.end());
    allowed.erase(std::unique(allowed.begin(), allowed.end()), allowed.end());
    QByteArray list = allowed.takeFirst();
    for (const QByteArray &name : std::as_const(allowed))
        list += ", " + name;
    Response response;
    if (request.method == "OPTIONS")
        response.status = 204;
    else
        response = problem(405, QStringLiteral("Method Not Allowed"));
    response.headers.append({"Allow", list});
    return response;
}

} // namespace patchboard::http
