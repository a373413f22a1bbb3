#include "server/http/onceonly.h"

#include "server/http/resources.h"

#include <QCryptographicHash>

namespace patchboard::http {

namespace {

constexpr qsizetype kLongestKey = 255;

/// What makes two requests the same.
QByteArray digestOf(const Request &request)
{
    QCryptographicHash hash(QCryptographicHash::Sha256);
    for (const QByteArray &part :
         {request.method, request.target, request.header("content-type"), request.body}) {
        hash.addData(QByteArray::number(part.size()) + ':');
        hash.addData(part);
    }
    return hash.result();
}

QByteArray headerLines(const Response &response)
{
    QByteArray out;
    for (const auto &[name, value] : response.headers)
        out += name + ": " + value + '\n';
    return out;
}

Response replayed(const server::KeptAnswer &kept)
{
    Response response;
    response.status = kept.status;
    response.contentType = kept.contentType;
    response.body = kept.body;
    for (const QByteArray &line : kept.headers.split('\n')) {
        if (const qsizetype colon = line.indexOf(": "); colon > 0)
            response.headers.append({line.first(colon), line.mid(colon + 2)});
    }
    response.headers.emplaceBack("Idempotency-Replayed", "true");
    return response;
}

} // namespace

OnceOnly::Key OnceOnly::keyOf(const Request &request)
{
    const Author author = authorOf(request);
    return {author.origin.token.isEmpty() ? author.name : author.origin.token,
            QString::fromLatin1(request.header("idempotency-key"))};
}

std::optional<Response> OnceOnly::known(const Request &request) const
{
    const auto [author, key] = keyOf(request);
    const QJsonArray where{QStringLiteral("header"), QStringLiteral("idempotency-key")};
    if (key.isEmpty() || key.size() > kLongestKey) {
        return invalid(
            {{QStringLiteral("value_error"), where,
              QStringLiteral("Value error, a key has 1 to %1 characters").arg(kLongestKey),
              key.left(kLongestKey)}});
    }
    if (m_underWay.contains({author, key}))
        return problem(409, QStringLiteral("A request with this Idempotency-Key is being handled"));
    const auto kept = m_board.keptAnswer(author, key);
    if (!kept)
        return problem(kept.error());
    if (!*kept)
        return std::nullopt;
    if ((*kept)->request != digestOf(request)) {
        return invalid(
            {{QStringLiteral("value_error"), where,
              QStringLiteral("Value error, another request had this Idempotency-Key"), key}});
    }
    return replayed(**kept);
}

Response OnceOnly::carryOut(const Request &request, const std::function<Response()> &handler)
{
    Response response;
    const auto done = m_board.commitWith([&]() -> std::optional<server::KeptAnswer> {
        response = handler();
        if (response.later || response.tried || response.status >= 300)
            return std::nullopt;
        const auto [author, key] = keyOf(request);
        return server::KeptAnswer{author,
                                  key,
                                  digestOf(request),
                                  response.status,
                                  response.contentType,
                                  headerLines(response),
                                  response.body,
                                  m_board.now()};
    });
    return done ? response : problem(done.error());
}

Response OnceOnly::handle(const Request &request, const std::function<Response()> &handler)
{
    if (auto answer = known(request))
        return *answer;
    return carryOut(request, handler);
}

void OnceOnly::begin(const Request &request)
{
    m_underWay.insert(keyOf(request));
}

void OnceOnly::end(const Request &request)
{
    m_underWay.remove(keyOf(request));
}

} // namespace patchboard::http
