#include "server/http/problem.h"

#include <QJsonDocument>
#include <QJsonObject>

namespace patchboard::http {

namespace {

int statusOf(Errc code)
{
    switch (code) {
    case Errc::NotFound:
        return 404;
    case Errc::Conflict:
        return 409;
    case Errc::BadValue:
    case Errc::Protocol:
        return 422;
    case Errc::Unauthorized:
        return 401;
    case Errc::Forbidden:
        return 403;
    case Errc::TooLarge:
        return 413;
    case Errc::Storage:
        return 507;
    case Errc::Cancelled:
    case Errc::Unavailable:
        return 503;
    }
    return 503;
}

Response withDetail(int status, const QJsonValue &detail)
{
    Response response;
    response.status = status;
    response.body = QJsonDocument(QJsonObject{{QStringLiteral("detail"), detail}})
                        .toJson(QJsonDocument::Compact);
    return response;
}

} // namespace

Response problem(int status, const QString &text)
{
    return withDetail(status, text);
}

Response problem(const Error &error)
{
    return problem(statusOf(error.code), error.text);
}

Response invalid(const QList<FieldProblem> &problems)
{
    QJsonArray detail;
    for (const FieldProblem &entry : problems) {
        detail.append(QJsonObject{{QStringLiteral("type"), entry.type},
                                  {QStringLiteral("loc"), entry.loc},
                                  {QStringLiteral("msg"), entry.msg},
                                  {QStringLiteral("input"), entry.input}});
    }
    return withDetail(422, detail);
}

} // namespace patchboard::http
