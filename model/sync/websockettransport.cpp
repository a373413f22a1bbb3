#include "model/sync/websockettransport.h"

#include "model/wire/messages.h"

#include <QCryptographicHash>
#include <QSslConfiguration>
#include <QSslError>
#include <QTcpSocket>

namespace patchboard {

WebSocketTransport::WebSocketTransport(const QUrl &url, const QList<QSslCertificate> &trusted,
                                       QObject *parent)
    : Transport(parent)
    , m_url(url)
{
    if (!trusted.isEmpty()) {
        QSslConfiguration tls = m_socket.sslConfiguration();
        tls.addCaCertificates(trusted);
        m_socket.setSslConfiguration(tls);
    }
    connect(&m_socket, &QWebSocket::sslErrors, this, [this](const QList<QSslError> &errors) {
        if (errors.isEmpty())
            return;
        const QByteArray digest =
            errors.first().certificate().digest(QCryptographicHash::Sha256).toHex(':');
        m_distrust =
            tr("The certificate of %1 is not trusted: %2 (SHA-256 %3)")
                .arg(m_url.host(), errors.first().errorString(), QString::fromLatin1(digest));
    });
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
        if (!m_distrust.isEmpty()) {
            Q_EMIT closed(m_distrust);
            return;
        }
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

TransportFactory WebSocketTransport::factory(const QUrl &url, const QList<QSslCertificate> &trusted)
{
    return [url, trusted] { return std::make_unique<WebSocketTransport>(url, trusted); };
}

} // namespace patchboard
