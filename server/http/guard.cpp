#include "server/http/guard.h"

#include "server/http/problem.h"
#include "server/http/tls.h"
#include "server/http/websockets.h"

#include <QSslSocket>

#include <sys/socket.h>

namespace patchboard::http {

namespace {

constexpr qint64 kReadPiece = 64 * 1024;
constexpr int kGuardSweepMs = 500;
constexpr int kLingerMs = 2000;
constexpr int kAcceptPauseMs = 200;
constexpr qsizetype kCopiedBody = 16 * 1024; ///< larger ones go to the socket as they are
constexpr qint64 kLingerBytes = 64 * 1024 * 1024;

/// CONNECT and TRACE are for proxies.
const QList<QByteArray> &knownMethods()
{
    static const QList<QByteArray> methods{"DELETE", "GET",  "HEAD", "OPTIONS",
                                           "PATCH",  "POST", "PUT"};
    return methods;
}

bool hasBody(const Response &response)
{
    return response.status != 204 && response.status != 304;
}

/// What a status is called (RFC 9110, RFC 6585, RFC 4918).
const char *reasonOf(int status)
{
    switch (status) {
    case 200:
        return "OK";
    case 201:
        return "Created";
    case 204:
        return "No Content";
    case 304:
        return "Not Modified";
    case 307:
        return "Temporary Redirect";
    case 400:
        return "Bad Request";
    case 401:
        return "Unauthorized";
    case 403:
        return "Forbidden";
    case 404:
        return "Not Found";
    case 405:
        return "Method Not Allowed";
    case 408:
        return "Request Timeout";
    case 409:
        return "Conflict";
    case 410:
        return "Gone";
    case 412:
        return "Precondition Failed";
    case 413:
        return "Content Too Large";
    case 414:
        return "URI Too Long";
    case 415:
        return "Unsupported Media Type";
    case 417:
        return "Expectation Failed";
    case 422:
        return "Unprocessable Content";
    case 426:
        return "Upgrade Required";
    case 429:
        return "Too Many Requests";
    case 431:
        return "Request Header Fields Too Large";
    case 500:
        return "Internal Server Error";
    case 503:
        return "Service Unavailable";
    case 507:
        return "Insufficient Storage";
    default:
        return status < 400 ? "OK" : "Refused";
    }
}

/// The head of an answer, with room for @a room bytes behind it.
QByteArray headOf(const Response &response, bool keepAlive, qsizetype room)
{
    QByteArray out;
    out.reserve(512 + room);
    out += "HTTP/1.1 ";
    out += QByteArray::number(response.status);
    out += ' ';
    out += reasonOf(response.status);
    out += "\r\n";
    for (const auto &[name, value] : response.headers) {
        out += name;
        out += ": ";
        out += value;
        out += "\r\n";
    }
    if (hasBody(response)) {
        out += "Content-Type: ";
        out += response.contentType;
        out += "\r\nContent-Length: ";
        out += QByteArray::number(response.body.size());
        out += "\r\n";
    }
    out += keepAlive ? "Connection: keep-alive\r\n\r\n" : "Connection: close\r\n\r\n";
    return out;
}

} // namespace

Connection::Connection(HttpServer &server, QTcpSocket *socket)
    : m_server(server)
    , m_socket(socket)
    , m_peer(socket->peerAddress())
    , m_parser(server.limits())
    , m_since(server.now())
    , m_lastBytes(m_since)
{
    socket->setParent(this);
    socket->setSocketOption(QAbstractSocket::LowDelayOption, 1);
    // The kernel holds back a client that sends faster than its requests are handled.
    socket->setReadBufferSize(2 * kReadPiece);
    connect(socket, &QTcpSocket::readyRead, this, &Connection::read);
    connect(socket, &QTcpSocket::bytesWritten, this, &Connection::written);
    if (auto *encrypted = qobject_cast<QSslSocket *>(socket))
        connect(encrypted, &QSslSocket::encryptedBytesWritten, this, &Connection::written);
    connect(socket, &QTcpSocket::disconnected, this, &QObject::deleteLater);
}

Connection::~Connection()
{
    m_server.forget(this);
    if (const auto later = m_awaited.lock()) {
        later->m_deliver = nullptr;
        if (later->m_left)
            std::exchange(later->m_left, nullptr)();
    }
}

bool Connection::isConnected() const
{
    return m_socket && m_socket->state() == QAbstractSocket::ConnectedState;
}

void Connection::read()
{
    if (!m_socket || m_busy || m_waiting)
        return;
    if (m_phase != Phase::Open) {
        drainAndDrop();
        return;
    }
    while (m_phase == Phase::Open && m_socket && !m_waiting && m_socket->bytesAvailable() > 0 &&
           unsentBytes(*m_socket) <= m_server.limits().unsentBytes) {
        const auto before = m_parser.state();
        m_lastBytes = m_server.now();
        m_parser.feed(m_socket->read(std::min(kReadPiece, m_socket->bytesAvailable())));
        if (m_parser.state() != before)
            m_since = m_lastBytes;
        handleRequests();
    }
}

void Connection::handleRequests()
{
    while (m_phase == Phase::Open && m_socket && !m_waiting &&
           unsentBytes(*m_socket) <= m_server.limits().unsentBytes) {
        const auto state = m_parser.state();
        if (state == RequestParser::State::Failed) {
            refuse(problem(m_parser.errorStatus(), QString::fromLatin1(m_parser.errorText())));
            return;
        }
        if (state == RequestParser::State::Body && m_parser.takeExpectsContinue()) {
            m_socket->write("HTTP/1.1 100 Continue\r\n\r\n");
            m_socket->flush();
        }
        if (state != RequestParser::State::Done)
            return;
        if (tryUpgrade())
            return;
        Request request = m_parser.take();
        request.peer = m_peer;
        m_since = m_server.now();
        if (!knownMethods().contains(request.method)) {
            Response response = problem(405, QStringLiteral("Method Not Allowed"));
            response.headers.emplaceBack("Allow", knownMethods().join(", "));
            refuse(response);
            return;
        }
        m_busy = true; // no reading from within a handler
        const Response response = m_server.ask(request);
        m_busy = false;
        if (!m_socket)
            return;
        if (response.later)
            await(response.later, request, response.headers);
        else
            answer(response, request.method == "HEAD", request.keepAlive);
    }
}

void Connection::await(const std::shared_ptr<LaterAnswer> &later, const Request &request,
                       const QList<std::pair<QByteArray, QByteArray>> &headers)
{
    m_awaited = later;
    m_waiting = true;
    later->m_deliver = [this, headers, head = request.method == "HEAD",
                        keepAlive = request.keepAlive](const Response *response) {
        m_awaited.reset();
        if (response) {
            Response whole = *response;
            whole.headers += headers;
            deliver(&whole, head, keepAlive);
        } else {
            deliver(nullptr, head, keepAlive);
        }
    };
}

void Connection::deliver(const Response *response, bool head, bool keepAlive)
{
    m_waiting = false;
    m_since = m_server.now();
    if (!isConnected())
        return;
    if (!response) {
        closeGently();
        return;
    }
    ++m_server.m_metrics.requests[response->status];
    answer(*response, head, keepAlive);
    // What has come since is handled when the caller of this is done.
    QMetaObject::invokeMethod(
        this,
        [this] {
            handleRequests();
            read();
        },
        Qt::QueuedConnection);
}

bool Connection::tryUpgrade()
{
    const Request &request = m_parser.request();
    if (!m_server.m_upgradeCheck || request.header("upgrade").isNull() || request.method != "GET" ||
        !request.body.isEmpty() || !request.headerHas("connection", "upgrade") ||
        !request.headerHas("upgrade", "websocket"))
        return false;
    Request copy = request;
    copy.peer = m_peer;
    if (const auto refusal = m_server.m_upgradeCheck(copy)) {
        refuse(*refusal);
        return true;
    }
    // The handshake is read by whom we hand the socket to: put its bytes back.
    QTcpSocket *socket = m_socket;
    const QByteArray bytes = m_parser.unparsed();
    disconnect(socket, nullptr, this, nullptr);
    for (qsizetype i = bytes.size() - 1; i >= 0; --i)
        socket->ungetChar(bytes[i]);
    socket->setReadBufferSize(0);
    socket->setParent(nullptr);
    m_socket.clear();
    m_server.forget(this);
    deleteLater();
    m_server.m_upgradeTaker(socket, copy);
    return true;
}

void Connection::answer(const Response &response, bool head, bool keepAlive)
{
    m_lastBytes = m_server.now();
    if (!isConnected())
        return; // it left while it was asked for; disconnected() deletes this
    const bool body = !head && hasBody(response) && !response.body.isEmpty();
    const bool copied = body && response.body.size() <= kCopiedBody;
    QByteArray bytes = headOf(response, keepAlive, copied ? response.body.size() : 0);
    if (copied)
        bytes += response.body;
    writeFrames(*m_socket, bytes);
    if (body && !copied)
        writeFrames(*m_socket, response.body); // shared, not copied
    m_socket->flush();
    if (!keepAlive)
        closeGently();
}

void Connection::refuse(const Response &response)
{
    ++m_server.m_metrics.requests[response.status];
    answer(response, false, false);
}

void Connection::written()
{
    m_lastBytes = m_server.now();
    if (!m_socket)
        return;
    if (m_phase == Phase::Closing && unsentBytes(*m_socket) == 0) {
        closeGently();
        return;
    }
    if (m_phase == Phase::Open && !m_busy && !m_waiting &&
        unsentBytes(*m_socket) <= m_server.limits().unsentBytes) {
        handleRequests();
        read();
    }
}

/// Sends the end of the stream after the answer, and reads on for a moment: closing with bytes
/// unread would reset the connection, and the client could lose the answer.
void Connection::closeGently()
{
    m_phase = Phase::Closing;
    m_since = m_server.now();
    if (!isConnected() || unsentBytes(*m_socket) > 0)
        return;
    m_phase = Phase::Lingering;
    if (!qobject_cast<QSslSocket *>(m_socket)) {
        ::shutdown(int(m_socket->socketDescriptor()), SHUT_WR);
    } else if (m_parser.state() == RequestParser::State::Idle && m_socket->bytesAvailable() == 0) {
        m_socket->disconnectFromHost(); // nothing is unread: it tells the other end, and goes
        return;
    }
    drainAndDrop();
}

void Connection::drainAndDrop()
{
    if (!isConnected())
        return;
    m_discarded += m_socket->skip(m_socket->bytesAvailable());
    if (m_discarded > kLingerBytes)
        m_socket->abort();
}

void Connection::finish()
{
    if (m_socket && m_phase == Phase::Open)
        closeGently();
}

void Connection::refuse(int status, const QString &text)
{
    refuse(problem(status, text));
}

void Connection::checkDeadlines(qint64 now)
{
    if (!m_socket)
        return;
    const Limits &limits = m_server.limits();
    const auto *encrypted = qobject_cast<QSslSocket *>(m_socket);
    if (encrypted && !encrypted->isEncrypted() && now - m_since > limits.headMs) {
        m_socket->abort(); // its handshake does not end
        return;
    }
    const bool unread = unsentBytes(*m_socket) > 0;
    if (unread ? now - m_lastBytes > limits.writeMs
               : m_phase != Phase::Open && now - m_since > kLingerMs) {
        m_socket->abort(); // deletes this later, through disconnected()
        return;
    }
    if (m_phase != Phase::Open || unread || m_waiting)
        return;
    switch (m_parser.state()) {
    case RequestParser::State::Idle:
        if (now - m_lastBytes > limits.idleMs)
            closeGently();
        break;
    case RequestParser::State::Head:
        if (now - m_since > limits.headMs)
            refuse(408, QStringLiteral("Request timeout"));
        break;
    case RequestParser::State::Body:
        if (now - m_lastBytes > limits.bodyMs || now - m_since > limits.bodyTotalMs)
            refuse(408, QStringLiteral("Request timeout"));
        break;
    case RequestParser::State::Done:
    case RequestParser::State::Failed:
        break;
    }
}

HttpServer::HttpServer(const Limits &limits, QObject *parent)
    : QObject(parent)
    , m_limits(limits)
    , m_listener(*this)
{
    m_clock.start();
    m_sweep.setInterval(kGuardSweepMs);
    connect(&m_sweep, &QTimer::timeout, this, [this] {
        const auto connections = m_connections;
        for (Connection *connection : connections)
            connection->checkDeadlines(now());
    });
    // Out of file descriptors: Qt stops accepting for good. Go on in a moment.
    connect(&m_listener, &QTcpServer::acceptError, this, [this] {
        QTimer::singleShot(kAcceptPauseMs, &m_listener, [this] { m_listener.resumeAccepting(); });
    });
}

HttpServer::~HttpServer()
{
    const auto connections = m_connections;
    qDeleteAll(connections);
}

Result<void> HttpServer::open(const QHostAddress &address, quint16 port)
{
    m_listener.setListenBacklogSize(512);
    if (!m_listener.listen(address, port))
        return Error{Errc::Unavailable, m_listener.errorString()};
    m_sweep.start();
    return {};
}

void HttpServer::close()
{
    m_listener.close();
    const auto connections = m_connections;
    for (Connection *connection : connections)
        connection->finish();
}

Response HttpServer::ask(const Request &request)
{
    Response response;
    QElapsedTimer time;
    time.start();
    try {
        response = m_handler(request);
    } catch (const std::bad_alloc &) {
        response = problem(503, QStringLiteral("Out of memory"));
    }
    m_metrics.answer.observe(double(time.nsecsElapsed()) / 1e9);
    if (!response.later)
        ++m_metrics.requests[response.status];
    return response;
}

void HttpServer::Listener::incomingConnection(qintptr descriptor)
{
    m_server.accepted(descriptor);
}

void HttpServer::accepted(qintptr descriptor)
{
    QTcpSocket *socket = m_tls ? new QSslSocket : new QTcpSocket;
    if (!socket->setSocketDescriptor(descriptor)) {
        delete socket;
        return;
    }
    auto *connection = new Connection(*this, socket);
    m_connections.insert(connection);
    if (m_connections.size() > 2 * m_limits.connections)
        socket->abort();
    else if (m_connections.size() > m_limits.connections)
        connection->refuse(503, QStringLiteral("Too many connections"));
    if (auto *encrypted = qobject_cast<QSslSocket *>(socket)) {
        encrypted->setSslConfiguration(*m_tls);
        encrypted->startServerEncryption();
    }
}

} // namespace patchboard::http
