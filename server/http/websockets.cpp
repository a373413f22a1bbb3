#include "server/http/websockets.h"

#include "server/http/problem.h"

#include <QPointer>
#include <QtEndian>

namespace patchboard::http {

namespace {

constexpr int kHandshakeMs = 5000;

} // namespace

QByteArray webSocketFrame(FrameKind kind, QByteArrayView payload)
{
    const qsizetype size = payload.size();
    QByteArray frame;
    frame.reserve(size + 10);
    frame += char(0x80 | quint8(kind)); // FIN
    if (size < 126) {
        frame += char(size);
    } else if (size < 65536) {
        frame += char(126);
        frame.resize(4);
        qToBigEndian(quint16(size), frame.data() + 2);
    } else {
        frame += char(127);
        frame.resize(10);
        qToBigEndian(quint64(size), frame.data() + 2);
    }
    frame.append(payload.data(), size);
    return frame;
}

Response upgradeNeeded()
{
    Response response = problem(426, QStringLiteral("Upgrade Required"));
    response.headers = {{"Upgrade", "websocket"}, {"Sec-WebSocket-Version", "13"}};
    return response;
}

WebSocketDoor::WebSocketDoor(Taker taker)
    : m_server(QStringLiteral("Patchboard"), QWebSocketServer::NonSecureMode)
    , m_taker(std::move(taker))
{
    m_server.setHandshakeTimeout(kHandshakeMs);
    connect(&m_server, &QWebSocketServer::newConnection, this, &WebSocketDoor::accept);
}

std::optional<Response> WebSocketDoor::check(const Request &request)
{
    if (request.header("sec-websocket-version") != "13")
        return upgradeNeeded();
    if (QByteArray::fromBase64(request.header("sec-websocket-key")).size() != 16)
        return problem(400, QStringLiteral("Malformed Sec-WebSocket-Key"));
    return std::nullopt;
}

void WebSocketDoor::take(QTcpSocket *socket, const Request &request)
{
    const auto key = std::pair(socket->peerAddress(), socket->peerPort());
    m_upgrading.insert(key, {socket, request});
    connect(socket, &QObject::destroyed, this, [this, key] { m_upgrading.remove(key); });
    m_server.handleConnection(socket);
    Q_EMIT socket->readyRead(); // its handshake has come already
}

void WebSocketDoor::accept()
{
    while (QWebSocket *socket = m_server.nextPendingConnection()) {
        std::unique_ptr<QWebSocket> owned(socket);
        const Upgrading upgrading = m_upgrading.take({socket->peerAddress(), socket->peerPort()});
        if (!upgrading.socket)
            continue;
        owned->setParent(nullptr);
        upgrading.socket->setSocketOption(QAbstractSocket::LowDelayOption, 1);
        m_taker(std::move(owned), upgrading.socket, upgrading.request);
    }
}

} // namespace patchboard::http
