#include "server/http/guard.h"

#include "server/http/problem.h"
#include "server/http/sockets.h"

#include <QDateTime>
#include <QHttpServerRequest>
#include <QLocale>
#include <QSslSocket>

#include <sys/socket.h>

namespace patchboard::http {

namespace {

constexpr qint64 kReadPiece = 64 * 1024;
constexpr int kGuardSweepMs = 500;
constexpr int kLingerMs = 2000;
constexpr int kAcceptPauseMs = 200;
constexpr qsizetype kCopiedBody = 64 * 1024; ///< goes with its head; larger ones as they are
constexpr qint64 kLingerBytes = 64 * 1024 * 1024;

/// Those that QHttpServer knows; CONNECT and TRACE are for proxies.
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

/// Of the statuses that this host answers with.
QByteArray reasonOf(int status)
{
    static const QHash<int, QByteArray> reasons{
        {200, "OK"},
        {201, "Created"},
        {204, "No Content"},
        {304, "Not Modified"},
        {307, "Temporary Redirect"},
        {400, "Bad Request"},
        {401, "Unauthorized"},
        {403, "Forbidden"},
        {404, "Not Found"},
        {405, "Method Not Allowed"},
        {408, "Request Timeout"},
        {409, "Conflict"},
        {410, "Gone"},
        {412, "Precondition Failed"},
        {413, "Content Too Large"},
        {414, "URI Too Long"},
        {417, "Expectation Failed"},
        {422, "Unprocessable Entity"},
        {426, "Upgrade Required"},
        {429, "Too Many Requests"},
        {431, "Request Header Fields Too Large"},
        {503, "Service Unavailable"},
        {507, "Insufficient Storage"},
    };
    return reasons.value(status, status < 400 ? "OK" : "Refused");
}

/// "Mon, 23 Nov 2026 19:30:00 GMT"; made anew once a second.
QByteArray dateOf(qint64 seconds)
{
    thread_local qint64 last = -1;
    thread_local QByteArray text;
    if (last != seconds) {
        last = seconds;
        text = QLocale::c()
                   .toString(QDateTime::fromSecsSinceEpoch(seconds, Qt::UTC),
                             QStringLiteral("ddd, dd MMM yyyy HH:mm:ss 'GMT'"))
                   .toLatin1();
    }
    return text;
}

QByteArray dateNow()
{
    return dateOf(QDateTime::currentSecsSinceEpoch());
}

/// A status line and headers.
QByteArray headOf(const Response &response, bool keepAlive)
{
    QByteArray out;
    out.reserve(512);
    out += "HTTP/1.1 " + QByteArray::number(response.status) + ' ' + reasonOf(response.status) +
           "\r\nDate: " + dateNow() + "\r\n";
    for (const auto &[name, value] : response.headers)
        out += name + ": " + value + "\r\n";
    if (hasBody(response)) {
        out += "Content-Type: " + response.contentType +
               "\r\nContent-Length: " + QByteArray::number(response.body.size()) + "\r\n";
    }
    out += keepAlive ? "Connection: keep-alive\r\n\r\n" : "Connection: close\r\n\r\n";
    return out;
}

} // namespace

Connection::Connection(HttpServer &server, QTcpSocket *socket)
    : m_server(server)
    , m_socket(socket)
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
    if (m_vetted)
        m_vetted->end();
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
        m_parser.feed(m_socket->read(kReadPiece));
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
            refuse(m_parser.errorStatus(), QString::fromLatin1(m_parser.errorText()));
            return;
        }
        if (state == RequestParser::State::Body && m_parser.takeExpectsContinue()) {
            m_socket->write("HTTP/1.1 100 Continue\r\n\r\n");
            m_socket->flush();
        }
        if (state == RequestParser::State::Body && m_server.m_uploadWatch &&
            !std::exchange(m_uploads, true))
            m_upload = m_server.m_uploadWatch(m_parser.request());
        if (state != RequestParser::State::Done)
            return;
        if (tryUpgrade())
            return;
        Request request = m_parser.take();
        m_uploads = false;
        if (const auto upload = std::move(m_upload))
            upload->arrived();
        request.peer = m_socket->peerAddress();
        m_since = m_server.now();
        if (!knownMethods().contains(request.method)) {
            // QHttpServer could not even name it.
            refuse(m_server.m_handler(request));
            return;
        }
        m_busy = true; // no reading from within a handler
        const std::optional<Response> response = ask(request);
        m_busy = false;
        if (!m_socket)
            return;
        if (!response)
            refuse(problem(400, QStringLiteral("Malformed request")));
        else if (response->later)
            await(response->later, request, response->headers);
        else
            answer(*response, request.method == "HEAD", request.keepAlive);
    }
}

/// One request through QHttpServer. It is shown the first line alone, so that it has nothing to
/// guess, and nothing is read twice: handleRequest() finds the request with the socket. nullopt: it
/// could make nothing of it.
std::optional<Response> Connection::ask(const Request &request)
{
    if (!m_vetted) {
        m_vetted = new VettedSocket(m_socket->peerAddress(), m_socket->peerPort());
        m_server.m_listener.present(m_vetted);
    }
    m_server.m_answer.reset();
    m_vetted->present(request);
    return std::exchange(m_server.m_answer, std::nullopt);
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
    copy.peer = m_socket->peerAddress();
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
    ++m_server.m_metrics.requests[response.status];
    m_lastBytes = m_server.now();
    if (!isConnected())
        return; // it left while it was asked for; disconnected() deletes this
    // Before anything is written: written() would go on with what is behind the last answer.
    if (!keepAlive)
        m_phase = Phase::Closing;
    QByteArray bytes = headOf(response, keepAlive);
    const bool withBody = !head && hasBody(response);
    if (withBody && response.body.size() <= kCopiedBody)
        bytes += response.body;
    writeAtOnce(*m_socket, bytes);
    if (withBody && response.body.size() > kCopiedBody)
        writeAtOnce(*m_socket, response.body);
    if (unsentBytes(*m_socket) > 0)
        m_socket->flush();
    if (!keepAlive)
        closeGently();
}

void Connection::refuse(const Response &response)
{
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
    if (m_phase == Phase::Lingering)
        return;
    m_phase = Phase::Closing;
    m_upload.reset();
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
    Response response = problem(status, text);
    if (m_server.m_finish)
        m_server.m_finish(m_parser.request(), response);
    refuse(response);
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

VettedSocket::VettedSocket(const QHostAddress &peer, quint16 port)
{
    setPeerAddress(peer);
    setPeerPort(port);
    setSocketState(QAbstractSocket::ConnectedState);
    setOpenMode(QIODevice::ReadWrite);
}

void VettedSocket::present(const Request &request)
{
    m_request = &request;
    m_in = request.method + ' ' + request.target + " HTTP/1.1\r\n\r\n";
    m_read = 0;
    Q_EMIT readyRead();
    m_in.clear();
    m_read = 0;
    m_request = nullptr;
}

qint64 VettedSocket::bytesAvailable() const
{
    return QIODevice::bytesAvailable() + (m_in.size() - m_read);
}

void VettedSocket::end()
{
    setSocketState(QAbstractSocket::UnconnectedState);
    Q_EMIT disconnected();
}

qint64 VettedSocket::readData(char *data, qint64 size)
{
    const qint64 n = std::min<qint64>(size, m_in.size() - m_read);
    std::copy_n(m_in.constData() + m_read, n, data);
    m_read += n;
    return n;
}

qint64 VettedSocket::writeData(const char *, qint64 size)
{
    return size; // what it says of what it cannot read, the guard says
}

HttpServer::HttpServer(const Limits &limits, QObject *parent)
    : QAbstractHttpServer(parent)
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
    bind(&m_listener);
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

bool HttpServer::handleRequest(const QHttpServerRequest &, QTcpSocket *socket)
{
    QElapsedTimer time;
    time.start();
    try {
        m_answer = m_handler(static_cast<VettedSocket *>(socket)->request());
    } catch (const std::bad_alloc &) {
        m_answer = problem(503, QStringLiteral("Out of memory"));
    }
    m_metrics.answer.observe(double(time.nsecsElapsed()) / 1e9);
    return true;
}

void HttpServer::missingHandler(const QHttpServerRequest &, QTcpSocket *)
{
    // Never asked: handleRequest() has an answer to everything.
}

void HttpServer::Listener::present(VettedSocket *socket)
{
    addPendingConnection(socket);
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
