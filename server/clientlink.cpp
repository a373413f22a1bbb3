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

std::optional<double> Allowance::take(double amount, qint64 now)
{
    // In ns: who asks every 100 us would never be given anything in ms.
    const double seconds = double(now - std::exchange(m_taken, now)) / 1e9;
    m_left = std::min(m_atOnce, m_left + seconds * m_perSecond) - amount;
    return m_left >= 0 ? std::nullopt : std::optional(-m_left / m_perSecond);
}

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
    , m_frames(kFramesBurst, kFramesPerSecond)
    , m_bytes(kBytesBurst, kBytesPerSecond)
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
    const qint64 now = m_clock.nsecsElapsed();
    const auto tooMany = m_frames.take(1, now);
    const auto tooMuch = m_bytes.take(double(bytes), now);
    if (!tooMany && !tooMuch)
        return true;
    m_flooded = true;
    const double wait = std::max(tooMany.value_or(0), tooMuch.value_or(0));
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
