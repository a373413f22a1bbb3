#pragma once

#include <QByteArray>
#include <QMutex>
#include <QString>

#include <cstdio>
#include <initializer_list>
#include <optional>
#include <utility>
#include <variant>

namespace patchboard::server {

enum class LogLevel : quint8 { Debug, Info, Warning, Error };

/// "debug", "info", "warning", "error".
QLatin1String logLevelKey(LogLevel level);
std::optional<LogLevel> logLevelFromKey(QStringView key);

struct LogField
{
    const char *key; ///< ASCII, no spaces
    std::variant<QString, qint64, double, bool> value;
};
using LogFields = std::initializer_list<LogField>;

/// Structured log lines: a time (ISO 8601, UTC), a level, a text, fields.
///
/// As text:  2026-01-31T12:00:00.000Z INFO  Listening address=127.0.0.1 port=5001
/// As JSON:  {"time":"…","level":"info","message":"Listening","address":"127.0.0.1","port":5001}
///
/// One line is one write, so lines of several threads do not mix. Any thread may write.
class Log
{
public:
    /// @a out stays the caller's; nullptr logs nothing.
    Log(std::FILE *out, LogLevel least, bool json);
    Log(const Log &) = delete;
    Log &operator=(const Log &) = delete;

    void write(LogLevel level, const QString &message, LogFields fields = {});
    void debug(const QString &message, LogFields fields = {})
    {
        write(LogLevel::Debug, message, fields);
    }
    void info(const QString &message, LogFields fields = {})
    {
        write(LogLevel::Info, message, fields);
    }
    void warning(const QString &message, LogFields fields = {})
    {
        write(LogLevel::Warning, message, fields);
    }
    void error(const QString &message, LogFields fields = {})
    {
        write(LogLevel::Error, message, fields);
    }
    [[nodiscard]] bool wants(LogLevel level) const { return m_out && level >= m_least; }

    /// The line without its end, as write() writes it at @a time (ms since 1970 UTC).
    static QByteArray line(qint64 time, LogLevel level, const QString &message, LogFields fields,
                           bool json);

private:
    std::FILE *m_out;
    LogLevel m_least;
    bool m_json;
    QMutex m_mutex;
};

} // namespace patchboard::server
