#pragma once

#include "server/http/message.h"

namespace patchboard::http {

/// Frames HTTP/1.0 and 1.1 requests (RFC 9112) in a stream of bytes, one after the other, for the
/// guard in front of QHttpServer, which has no limits and guesses where it should refuse.
///
/// Strict where leniency lets two programs read one request differently: lines end with CRLF, no
/// folded headers, no space before a colon, one Content-Length of digits, or chunks, not both. It
/// holds at most the limits' bytes. No sockets and no clock inside.
class RequestParser
{
public:
    enum class State : quint8 {
        Idle,  ///< nothing of the next request has come
        Head,  ///< in its first line or its headers
        Body,  ///< its head is complete, see request()
        Done,  ///< request() is complete; take() it
        Failed ///< see error(); the connection cannot go on
    };

    explicit RequestParser(const Limits &limits);

    /// Takes bytes; what follows the current request is kept for the next.
    State feed(QByteArrayView bytes);
    [[nodiscard]] State state() const { return m_state; }
    [[nodiscard]] const Request &request() const { return m_request; }
    /// The complete request; the parser goes on with the bytes that came after it.
    Request take();
    /// The client waits for "100 Continue" before it sends the body. Told once.
    bool takeExpectsContinue();
    /// The head's bytes as they came, and what has come after it: for whom the connection is handed
    /// to. Only while the state is Body or Done and no body was announced.
    [[nodiscard]] QByteArray unparsed() const { return m_head + m_input; }
    /// Status and text of a failure.
    [[nodiscard]] int errorStatus() const { return m_errorStatus; }
    [[nodiscard]] const char *errorText() const { return m_errorText; }

private:
    enum class Framing : quint8 { Length, ChunkSize, ChunkData, ChunkEnd, Trailer };
    State parse();
    bool parseHead(QByteArrayView head);
    bool parseTarget();
    bool parseFraming();
    bool parseBody();
    bool fail(int status, const char *text);

    const Limits &m_limits;
    State m_state = State::Idle;
    QByteArray m_input;
    qsizetype m_scanned = 0;
    int m_emptyLines = 0; ///< before the request
    QByteArray m_head;
    QByteArray m_authority; ///< of an absolute target
    Request m_request;
    Framing m_framing = Framing::Length;
    qsizetype m_remaining = 0;
    qsizetype m_trailerBytes = 0;
    bool m_expectsContinue = false;
    int m_errorStatus = 0;
    const char *m_errorText = "";
};

} // namespace patchboard::http
