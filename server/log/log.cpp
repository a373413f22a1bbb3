#include "server/log/log.h"

#include <QDateTime>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTimeZone>

namespace patchboard::server {

namespace {

constexpr const char *kLevelKeys[] = {"debug", "info", "warning", "error"};
constexpr const char *kLevelWords[] = {"DEBUG", "INFO ", "WARN ", "ERROR"};

QByteArray fieldText(const LogField &field)
{
    if (const auto *text = std::get_if<QString>(&field.value)) {
        // Quoted when it could be taken for more than one word or line.
        bool plain = !text->isEmpty();
        for (const QChar c : *text)
            plain = plain && c > u' ' && c != u'"' && c != u'=' && c != QChar(0x7f);
        if (plain)
            return text->toUtf8();
        QByteArray out =
            QJsonDocument(QJsonObject{{QString(), *text}}).toJson(QJsonDocument::Compact);
        return out.mid(4, out.size() - 5); // {"":"…"} -> "…"
    }
    if (const auto *number = std::get_if<qint64>(&field.value))
        return QByteArray::number(*number);
    if (const auto *real = std::get_if<double>(&field.value))
        return QByteArray::number(*real);
    return std::get<bool>(field.value) ? QByteArrayLiteral("true") : QByteArrayLiteral("false");
}

} // namespace

QLatin1String logLevelKey(LogLevel level)
{
    return QLatin1String(kLevelKeys[size_t(level)]);
}

std::optional<LogLevel> logLevelFromKey(QStringView key)
{
    for (size_t i = 0; i < std::size(kLevelKeys); ++i) {
        if (key == QLatin1String(kLevelKeys[i]))
            return LogLevel(i);
    }
    return std::nullopt;
}

Log::Log(std::FILE *out, LogLevel least, bool json)
    : m_out(out)
    , m_least(least)
    , m_json(json)
{
}

QByteArray Log::line(qint64 time, LogLevel level, const QString &message, LogFields fields,
                     bool json)
{
    const QString when = QDateTime::fromMSecsSinceEpoch(time, Qt::UTC).toString(Qt::ISODateWithMs);
    if (json) {
        // By hand, so that time, level and message come first.
        const auto member = [](const QString &key, const QJsonValue &value) {
            const QByteArray object =
                QJsonDocument(QJsonObject{{key, value}}).toJson(QJsonDocument::Compact);
            return object.mid(1, object.size() - 2);
        };
        QByteArray out = "{" + member(QStringLiteral("time"), when) + "," +
                         member(QStringLiteral("level"), logLevelKey(level)) + "," +
                         member(QStringLiteral("message"), message);
        for (const LogField &field : fields) {
            const QJsonValue value =
                std::visit([](const auto &v) { return QJsonValue(v); }, field.value);
            out += "," + member(QString::fromLatin1(field.key), value);
        }
        return out + "}";
    }
    QByteArray out = when.toLatin1() + " " + kLevelWords[size_t(level)] + " ";
    // A line stays one line.
    out += QString(message).replace(u'\n', u' ').replace(u'\r', u' ').toUtf8();
    for (const LogField &field : fields)
        out += QByteArray(" ") + field.key + "=" + fieldText(field);
    return out;
}

void Log::write(LogLevel level, const QString &message, LogFields fields)
{
    if (!wants(level))
        return;
    const QByteArray bytes =
        line(QDateTime::currentMSecsSinceEpoch(), level, message, fields, m_json) + "\n";
    const QMutexLocker lock(&m_mutex);
    std::fwrite(bytes.constData(), 1, size_t(bytes.size()), m_out);
    std::fflush(m_out);
}

} // namespace patchboard::server
