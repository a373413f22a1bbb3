#include "server/socketio/gateway.h"

#include "server/socketio/connection.h"

namespace patchboard::socketio {

Socket::Socket(Connection &connection, const QString &nsp, const QJsonObject &auth)
    : m_connection(connection)
    , m_id(QString::fromLatin1(randomId()))
    , m_nsp(nsp)
    , m_auth(auth)
{
    setParent(&connection);
}

const http::Request &Socket::handshake() const
{
    return m_connection.handshake();
}

void Socket::emitEvent(const QString &name, const QJsonArray &args,
                       const QList<QByteArray> &attachments)
{
    QJsonArray data = args;
    data.prepend(name);
    m_connection.send({attachments.isEmpty() ? Packet::Type::Event : Packet::Type::BinaryEvent,
                       m_nsp, std::nullopt, data, attachments});
}

void Socket::acknowledge(quint64 ack, const QJsonArray &args, const QList<QByteArray> &attachments)
{
    m_connection.send({attachments.isEmpty() ? Packet::Type::Ack : Packet::Type::BinaryAck, m_nsp,
                       ack, args, attachments});
}

void Socket::disconnectClient()
{
    Packet packet;
    packet.type = Packet::Type::Disconnect;
    packet.nsp = m_nsp;
    m_connection.send(packet);
    m_connection.leave(m_nsp, QStringLiteral("server namespace disconnect"));
}

void Socket::expelClient()
{
    m_connection.withdraw();
    disconnectClient();
}

Gateway::Gateway(const Options &options)
    : m_options(options)
    , m_engine(options.engine)
{
    connect(&m_engine, &Engine::opened, this,
            [this](Session *session) { new Connection(*this, session); });
}

Gateway::~Gateway() = default;

void Gateway::addNamespace(const QString &name, Namespace handlers)
{
    m_namespaces.insert(name, std::move(handlers));
}

void Gateway::broadcast(const QString &nsp, const QList<Broadcast> &events)
{
    if (m_sockets == 0 || events.isEmpty())
        return;
    const QByteArray where = nsp == QLatin1String("/") ? QByteArray() : nsp.toUtf8() + ',';
    QList<EnginePacketPtr> packets;
    packets.reserve(events.size());
    for (const Broadcast &event : events) {
        packets.append(std::make_shared<EnginePacket>(EnginePacket::Type::Message,
                                                      '2' + where + "[\"" + event.name + "\"," +
                                                          event.json + ']'));
    }
    const auto packet = packets.size() == 1
                            ? packets.first()
                            : std::make_shared<const EnginePacket>(EnginePacket::bundle(packets));
    // Who takes nothing ends here, and leaves the set.
    const auto connections = m_connections;
    for (Connection *connection : connections) {
        if (connection->isIn(nsp))
            connection->send(packet);
    }
}

void Gateway::close()
{
    m_engine.close();
}

} // namespace patchboard::socketio
