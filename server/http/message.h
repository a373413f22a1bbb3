#pragma once

#include "server/access/caller.h"

#include <QByteArray>
#include <QHostAddress>
#include <QList>
#include <QString>
#include <QStringList>

#include <functional>
#include <memory>
#include <optional>
#include <utility>

namespace patchboard::http {

/// What a request may cost. Going over is answered (413, 414, 431, 408, 503), never a stall.
struct Limits
{
    qsizetype headBytes = 64 * 1024;        ///< request line and headers: 431
    qsizetype targetBytes = 16 * 1024;      ///< the request's path and query: 414
    qsizetype headerCount = 200;            ///< 431
    qsizetype bodyBytes = 16 * 1024 * 1024; ///< 413
    qsizetype connections = 2048;           ///< open at once: 503
    qsizetype unsentBytes = 1024 * 1024;    ///< above it a client gets no more until it reads
    int headMs = 10'000;                    ///< from the first byte of a head to its last: 408
    int bodyMs = 20'000;                    ///< between two pieces of a body: 408
    int bodyTotalMs = 120'000;              ///< for a whole body: 408
    int idleMs = 30'000;                    ///< between two requests: closed
    int writeMs = 30'000;                   ///< without the client reading anything: closed
};

/// A request, whole and checked.
struct Request
{
    QByteArray method; ///< as it came: "GET"
    QByteArray target; ///< path and query as they came
    QStringList path;  ///< decoded segments: /api/devices/1 = {api, devices, 1}
    bool trailingSlash = false;
    QByteArray query; ///< raw, without the question mark
    int minorVersion = 1;
    QList<std::pair<QByteArray, QByteArray>> headers; ///< names in lower case, values trimmed
    QByteArray body;
    QHostAddress peer;
    access::Caller caller; ///< who was let in, for handlers of what is not for anybody
    bool keepAlive = true;

    /// The value of a header (name in lower case); a null array if there is none. Several are
    /// joined by ", ".
    [[nodiscard]] QByteArray header(QByteArrayView name) const;
    /// True if a list-valued header contains a token, without regard to case.
    [[nodiscard]] bool headerHas(QByteArrayView name, QByteArrayView token) const;
};

class LaterAnswer;

struct Response
{
    int status = 200;
    QByteArray contentType = QByteArrayLiteral("application/json");
    QByteArray body;
    QList<std::pair<QByteArray, QByteArray>> headers;
    bool tried = false; ///< it says what would be, and nothing was done
    /// The answer comes later, by this; of the rest only the headers count, and are added to it.
    std::shared_ptr<LaterAnswer> later;
};

/// An answer that is not known yet. Whoever keeps it gives it once; nothing of the same connection
/// is handled before that. Letting go of it without an answer ends the connection.
class LaterAnswer
{
public:
    ~LaterAnswer();
    LaterAnswer() = default;
    LaterAnswer(const LaterAnswer &) = delete;
    LaterAnswer &operator=(const LaterAnswer &) = delete;

    /// Does nothing if the client has left or has been answered.
    void give(const Response &response);
    /// The same, by somebody else than who promised it; to them it is as if the client had left.
    void giveInstead(const Response &response);
    /// What will be given here goes to @a other.
    void passTo(const std::shared_ptr<LaterAnswer> &other);
    /// Another answer: what is given to @a inner goes through @a step, which gives what it makes of
    /// it to that one.
    using Step = std::function<void(Response, const std::shared_ptr<LaterAnswer> &)>;
    static std::shared_ptr<LaterAnswer> through(const std::shared_ptr<LaterAnswer> &inner,
                                                Step step);
    /// Called when the client leaves before its answer.
    void onLeft(std::function<void()> left) { m_left = std::move(left); }

private:
    friend class Connection;
    std::function<void(const Response *)> m_deliver; ///< nullptr: there will be none
    std::function<void()> m_left;
};

/// A request whose head is there, while its body is on its way. It goes when the body has arrived;
/// without that, its client has left or was refused.
class Upload
{
public:
    Upload() = default;
    virtual ~Upload() = default;
    Upload(const Upload &) = delete;
    Upload &operator=(const Upload &) = delete;
    virtual void arrived() = 0;
};

/// Decodes %XX. nullopt if malformed, not UTF-8, or with control characters.
std::optional<QString> percentDecoded(QByteArrayView text);

/// Splits a path ("/api/devices/1", still encoded) into request.path. False if it is malformed.
bool splitPath(QByteArrayView path, Request &request);

} // namespace patchboard::http
