#pragma once

#include "server/socketio/gateway.h"

namespace patchboard::socketio {

/// One session of the engine, and its stays in namespaces.
class Connection final : public QObject
{
    Q_OBJECT
public:
    Connection(Gateway &gateway, Session *session);
    ~Connection() override;

    [[nodiscard]] const http::Request &handshake() const { return m_session.handshake(); }
    [[nodiscard]] bool isIn(const QString &nsp) const { return m_stays.contains(nsp); }
    void send(const Packet &packet);
    void send(const EnginePacketPtr &packet) { m_session.send(packet); }
    void withdraw() { m_session.withdraw(); }
    void leave(const QString &nsp, const QString &reason);

private:
    void read(PacketReader::State state);
    void received(const Packet &packet);
    void join(const Packet &packet);
    void end(const QString &reason);

    Gateway &m_gateway;
    Session &m_session;
    PacketReader m_reader;
    QHash<QString, Socket *> m_stays; ///< children
    QTimer m_deadline;
    int m_joins = 0;
    QElapsedTimer m_sinceJoins; ///< that are counted
};

} // namespace patchboard::socketio
