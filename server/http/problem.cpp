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

constexpr qint64 kEchoed = 16 * 1024; ///< characters of what was sent, in one problem

/// Takes from @a left what a value takes to be written, roughly; stops when nothing is left.
void spend(const QJsonValue &value, qint64 &left)
{
    left -= 8;
    if (value.isString()) {
        left -= value.toString().size();
    } else if (value.isArray()) {
        const QJsonArray list = value.toArray();
        for (qsizetype i = 0; i < list.size() && left > 0; ++i)
            spend(list.at(i), left);
    } else if (value.isObject()) {
        const QJsonObject object = value.toObject();
        for (auto it = object.constBegin(); it != object.constEnd() && left > 0; ++it) {
            left -= it.key().size();
            spend(it.value(), left);
        }
    }
}

/// What was sent, so that an answer says what is meant; of what is very long the beginning, or
/// null.
QJsonValue echoed(const QJsonValue &input)
{
    if (input.isUndefined())
        return QJsonValue();
    qint64 left = kEchoed;
    spend(input, left);
    if (left > 0)
        return input;
    if (!input.isString())
        return QJsonValue();
    QString text = input.toString().left(kEchoed);
    if (text.back().isHighSurrogate())
        text.chop(1);
    return text;
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
    if (error.code != Errc::BadValue)
        return problem(statusOf(error.code), error.text);
    // As everything is said that is wrong with a body.
    return invalid({{QStringLiteral("value_error"),
                     {QStringLiteral("body")},
                     QStringLiteral("Value error, ") + error.text,
                     QJsonValue()}});
}

Response invalid(const QList<FieldProblem> &problems)
{
    QJsonArray detail;
    for (const FieldProblem &entry : problems) {
        detail.append(QJsonObject{{QStringLiteral("type"), entry.type},
                                  {QStringLiteral("loc"), entry.loc},
                                  {QStringLiteral("msg"), entry.msg},
                                  {QStringLiteral("input"), echoed(entry.input)}});
    }
    return withDetail(422, detail);
}

} // namespace patchboard::http
