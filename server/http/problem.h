#pragma once

#include "model/core/result.h"
#include "server/http/message.h"

#include <QJsonArray>
#include <QJsonValue>

namespace patchboard::http {

/// One entry of a 422: what is wrong where, in the words that clients of FastAPI know.
struct FieldProblem
{
    QString type;   ///< as "missing", "float_parsing"
    QJsonArray loc; ///< as ["body", "x"]
    QString msg;
    QJsonValue input;
};

/// {"detail": text}
Response problem(int status, const QString &text);
/// The only map from errors to HTTP.
Response problem(const Error &error);
/// 422 {"detail": [{type, loc, msg, input}]}
Response invalid(const QList<FieldProblem> &problems);

} // namespace patchboard::http
