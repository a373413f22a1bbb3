#include "server/socketio/connection.h"

namespace patchboard::socketio {

namespace {

// Joining costs more than it takes to ask for, and is told in the log.
constexpr int kMostJoins = 20;
constexpr qint64 kJoinsMs = 10'000;

} // namespace

Connection::Connection(Gateway &gateway, Session *session)
    : m_gateway(gateway)
    , m_session(*session)
{
    setParent(session);
    connect(session, &Session::text, this,
            [this](const QByteArray &message) { read(m_reader.addText(message)); });
    connect(session, &Session::binary, this,
            [this](const QByteArray &message) { read(m_reader.addBinary(message)); });
    connect(session, &Session::closed, this, &Connection::end);
    m_deadline.setSingleShot(true);
    m_deadline.setTimerType(Qt::PreciseTimer);
    connect(&m_deadline, &QTimer::timeout, this,
            [this] { m_session.close(QStringLiteral("no namespace")); });
    m_deadline.start(gateway.m_options.connectTimeoutMs);
    gateway.m_connections.insert(this);
}

Connection::~Connection()
{
    m_gateway.m_connections.erase(this);
}

void Connection::read(PacketReader::State state)
{
    if (state == PacketReader::State::Malformed)
        m_session.close(QStringLiteral("parse error"));
    else if (state == PacketReader::State::Complete)
        received(m_reader.take());
    else if (m_stays.isEmpty())
        m_session.close(QStringLiteral("packet out of place")); // none that joins has attachments
}

void Connection::received(const Packet &packet)
{
    Socket *socket = m_stays.value(packet.nsp);
    if (packet.type == Packet::Type::Connect && !socket) {
        if (!m_sinceJoins.isValid() || m_sinceJoins.elapsed() >= kJoinsMs) {
            m_sinceJoins.start();
            m_joins = 0;
        }
        if (++m_joins > kMostJoins)
            m_session.close(QStringLiteral("joins too often"));
        else
            join(packet);
        return;
    }
    if (!socket || packet.type == Packet::Type::Connect ||
        packet.type == Packet::Type::ConnectError) {
        m_session.close(QStringLiteral("packet out of place"));
        return;
    }
    switch (packet.type) {
    case Packet::Type::Event:
    case Packet::Type::BinaryEvent: {
        const Namespace &handlers = m_gateway.m_namespaces[packet.nsp];
        if (!handlers.event)
            break;
        Event event{packet.data.toArray().first(), packet.data.toArray(), packet.attachments,
                    packet.id};
        event.args.removeFirst();
        handlers.event(*socket, event);
        break;
    }
    case Packet::Type::Disconnect:
        leave(packet.nsp, QStringLiteral("client namespace disconnect"));
        break;
    default:
        break; // nothing that was sent asks for an acknowledgement
    }
}

void Connection::join(const Packet &packet)
{
    const QJsonObject auth = packet.data.toObject();
    Packet answer;
    answer.nsp = packet.nsp;
    const auto refuse = [&](const QString &message) {
        answer.type = Packet::Type::ConnectError;
        answer.data = QJsonObject{{QStringLiteral("message"), message}};
        send(answer);
    };
    const auto handlers = m_gateway.m_namespaces.constFind(packet.nsp);
    if (handlers == m_gateway.m_namespaces.cend()) {
        refuse(QStringLiteral("Invalid namespace"));
        return;
    }
    if (handlers->admit) {
        if (const auto refusal = handlers->admit(auth, handshake())) {
            refuse(*refusal);
            return;
        }
    }
    m_deadline.stop();
    auto *socket = new Socket(*this, packet.nsp, auth);
    m_stays.insert(packet.nsp, socket);
    ++m_gateway.m_sockets;
    answer.type = Packet::Type::Connect;
    answer.data = QJsonObject{{QStringLiteral("sid"), socket->id()}};
    send(answer);
    if (handlers->connected)
        handlers->connected(*socket);
}

void Connection::send(const Packet &packet)
{
    for (const EnginePacketPtr &part : encode(packet))
        m_session.send(part);
}

void Connection::leave(const QString &nsp, const QString &reason)
{
    Socket *socket = m_stays.take(nsp);
    if (!socket)
        return;
    --m_gateway.m_sockets;
    if (const auto &left = m_gateway.m_namespaces[nsp].disconnected)
        left(*socket, reason);
    socket->deleteLater();
}

void Connection::end(const QString &reason)
{
    m_deadline.stop();
    const QStringList all = m_stays.keys();
    for (const QString &nsp : all)
        leave(nsp, reason);
}

} // namespace patchboard::socketio
