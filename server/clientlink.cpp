#include "server/clientlink.h"

#include "model/wire/messages.h"
#include "server/http/sockets.h"
#include "server/http/websockets.h"

#include <QSslSocket>
#include <QTimer>
#include <QWebSocketProtocol>

#include <algorithm>
#include <cmath>

namespace patchboard::server {

namespace {

// What one client may send: bursts of a whole offline day, but not without end.
constexpr double kFramesPerSecond = 5000;
constexpr double kFramesBurst = 20000;
constexpr double kBytesPerSecond = 8.0 * 1024 * 1024;
constexpr double kBytesBurst = 96.0 * 1024 * 1024;
constexpr int kFloodedMs = 1000; ///< at least so long it stays away
constexpr int kFinishMs = 2000;

} // namespace

const QByteArray &SharedFrame::framed()
{
    if (m_framed.isEmpty())
        m_framed = http::webSocketFrame(http::FrameKind::Binary, m_payload);
    return m_framed;
}

TransportLink::TransportLink(std::unique_ptr<Transport> transport)
    : m_transport(std::move(transport))
{
    m_transport->setParent(nullptr);
    connect(m_transport.get(), &Transport::received, this, &ClientLink::received);
    connect(m_transport.get(), &Transport::drained, this, &ClientLink::drained);
    connect(m_transport.get(), &Transport::closed, this, &ClientLink::ended);
    m_transport->open();
}

TransportLink::~TransportLink() = default;

void TransportLink::send(SharedFrame &frame)
{
    m_transport->send(frame.payload());
}

void TransportLink::finish()
{
    m_transport->finish();
}

void TransportLink::abort()
{
    m_transport->abort();
}

qint64 TransportLink::bytesToWrite() const
{
    return m_transport->bytesToWrite();
}

void TransportLink::ping()
{
    Q_EMIT alive(); // a thread of this process cannot be cut off
}

QString TransportLink::peer() const
{
    return QStringLiteral("this process");
}

SocketLink::SocketLink(std::unique_ptr<QWebSocket> socket, QTcpSocket *tcp)
    : m_socket(std::move(socket))
    , m_tcp(tcp)
    , m_frames(kFramesBurst)
    , m_bytes(kBytesBurst)
{
    m_clock.start();
    m_socket->setMaxAllowedIncomingFrameSize(wire::kMaxFrameBytes);
    m_socket->setMaxAllowedIncomingMessageSize(wire::kMaxFrameBytes);
    connect(m_socket.get(), &QWebSocket::binaryMessageReceived, this,
            [this](const QByteArray &frame) {
                if (!m_ended && !m_flooded && admits(frame.size()))
                    Q_EMIT received(frame);
            });
    connect(m_socket.get(), &QWebSocket::textMessageReceived, this, [this] {
        m_socket->close(QWebSocketProtocol::CloseCodeDatatypeNotSupported,
                        QStringLiteral("binary frames only"));
    });
    connect(m_socket.get(), &QWebSocket::pong, this, &ClientLink::alive);
    connect(tcp, &QTcpSocket::bytesWritten, this, &ClientLink::drained);
    if (auto *encrypted = qobject_cast<QSslSocket *>(tcp))
        connect(encrypted, &QSslSocket::encryptedBytesWritten, this, &ClientLink::drained);
    connect(m_socket.get(), &QWebSocket::disconnected, this, [this] {
        if (!std::exchange(m_ended, true))
            Q_EMIT ended(m_socket->closeReason());
    });
}

SocketLink::~SocketLink()
{
    m_ended = true;
    m_socket->disconnect(this);
    if (m_tcp)
        m_tcp->disconnect(this);
    // It may be in the middle of one of its signals.
    m_socket->abort();
    m_socket.release()->deleteLater();
}

bool SocketLink::admits(qsizetype bytes)
{
    const double seconds = double(m_clock.restart()) / 1000.0;
    m_frames = std::min(kFramesBurst, m_frames + seconds * kFramesPerSecond) - 1;
    m_bytes = std::min(kBytesBurst, m_bytes + seconds * kBytesPerSecond) - double(bytes);
    if (m_frames >= 0 && m_bytes >= 0)
        return true;
    m_flooded = true;
    const double wait = std::max(-m_frames / kFramesPerSecond, -m_bytes / kBytesPerSecond);
    Q_EMIT flooded(qint64(std::ceil(wait * 1000)) + kFloodedMs);
    return false;
}

void SocketLink::send(SharedFrame &frame)
{
    if (m_tcp && !m_ended)
        http::writeAtOnce(*m_tcp, frame.framed());
}

void SocketLink::finish()
{
    if (m_ended)
        return;
    // Closed with more of it on its way, the system would throw away what it was told: it is heard
    // out for the moment, and goes by itself.
    if (!m_flooded)
        m_socket->close(QWebSocketProtocol::CloseCodeGoingAway);
    QTimer::singleShot(kFinishMs, this, [this] { m_socket->abort(); });
}

void SocketLink::abort()
{
    m_socket->abort();
}

qint64 SocketLink::bytesToWrite() const
{
    return m_tcp ? http::unsentBytes(*m_tcp) : 0;
}

void SocketLink::ping()
{
    m_socket->ping();
}

QString SocketLink::peer() const
{
    return QStringLiteral("%1:%2")
        .arg(m_socket->peerAddress().toString())
        .arg(m_socket->peerPort());
}

} // namespace patchboard::server
