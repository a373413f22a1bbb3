#include "model/sync/websockettransport.h"

#include "model/wire/messages.h"

#include <QTcpSocket>

namespace patchboard {

WebSocketTransport::WebSocketTransport(const QUrl &url, QObject *parent)
    : Transport(parent)
    , m_url(url)
{
    if (m_url.path().isEmpty() || m_url.path() == QLatin1String("/"))
        m_url.setPath(QStringLiteral("/sync"));
    // The default is 2 GB.
    m_socket.setMaxAllowedIncomingFrameSize(quint64(wire::kMaxFrameBytes));
    m_socket.setMaxAllowedIncomingMessageSize(quint64(wire::kMaxFrameBytes));
    connect(&m_socket, &QWebSocket::connected, this, [this] {
        if (auto *socket = m_socket.findChild<QTcpSocket *>())
            socket->setSocketOption(QAbstractSocket::LowDelayOption, 1);
        Q_EMIT opened();
    });
    connect(&m_socket, &QWebSocket::binaryMessageReceived, this, &Transport::received);
    connect(&m_socket, &QWebSocket::bytesWritten, this, &Transport::drained);
    const auto end = [this] {
        if (m_ended)
            return;
        m_ended = true;
        const bool normal = m_socket.error() == QAbstractSocket::RemoteHostClosedError ||
                            m_socket.error() == QAbstractSocket::UnknownSocketError;
        Q_EMIT closed(normal ? tr("The host has closed the connection") : m_socket.errorString());
    };
    connect(&m_socket, &QWebSocket::disconnected, this, end);
    connect(&m_socket, QOverload<QAbstractSocket::SocketError>::of(&QWebSocket::error), this, end);
}

void WebSocketTransport::open()
{
    m_socket.open(m_url);
}

void WebSocketTransport::send(const QByteArray &frame)
{
    if (!m_ended && m_socket.isValid())
        m_socket.sendBinaryMessage(frame);
}

void WebSocketTransport::abort()
{
    m_ended = true;
    m_socket.abort();
}

void WebSocketTransport::finish()
{
    m_ended = true;
    m_socket.flush();
    m_socket.close();
}

qint64 WebSocketTransport::bytesToWrite() const
{
    return m_socket.bytesToWrite();
}

TransportFactory WebSocketTransport::factory(const QUrl &url)
{
    return [url] { return std::make_unique<WebSocketTransport>(url); };
}

} // namespace patchboard
