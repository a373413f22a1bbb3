#pragma once

#include "server/http/message.h"

#include <QHash>
#include <QPointer>
#include <QTcpSocket>
#include <QWebSocket>
#include <QWebSocketServer>

#include <functional>
#include <memory>

namespace patchboard::http {

enum class FrameKind : quint8 { Text = 1, Binary = 2 }; // opcodes (RFC 6455, 5.2)

/// A whole message as one frame of a server. Frames go past QWebSocket, which would encode each of
/// them for each client: by writeAtOnce().
QByteArray webSocketFrame(FrameKind kind, QByteArrayView payload);

/// 426, for a plain request where only a WebSocket will do.
Response upgradeNeeded();

/// Turns sockets whose upgrade was accepted (HttpServer::setUpgrades) into WebSockets.
class WebSocketDoor final : public QObject
{
    Q_OBJECT
public:
    /// The WebSocket, the TCP socket that it stands on (and owns), and the request that asked.
    using Taker = std::function<void(std::unique_ptr<QWebSocket>, QTcpSocket *, const Request &)>;
    explicit WebSocketDoor(Taker taker);

    /// A refusal if the handshake of an upgrade cannot succeed.
    static std::optional<Response> check(const Request &request);
    void take(QTcpSocket *socket, const Request &request);

private:
    void accept();
    struct Upgrading
    {
        QPointer<QTcpSocket> socket;
        Request request;
    };

    QWebSocketServer m_server;
    Taker m_taker;
    QHash<std::pair<QHostAddress, quint16>, Upgrading> m_upgrading;
};

} // namespace patchboard::http
