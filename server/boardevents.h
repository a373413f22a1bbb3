#pragma once

#include "model/core/topology.h"
#include "server/socketio/gateway.h"

namespace patchboard::server {

class Host;

/// Tells the clients of a gateway's namespace "/" of every change of a board: when it is durable,
/// in order, before anybody is answered. What happened in one change is told in the order removed,
/// created, changed.
class BoardEvents final : public QObject, private TopologyObserver
{
    Q_OBJECT
public:
    /// Both must outlive it.
    BoardEvents(Host &host, socketio::Gateway &gateway);
    ~BoardEvents() override;

private:
    void topologyChanged(const Topology &topology, const Delta &delta) override;
    void topologyReset(const Topology &topology) override;
    void add(const QByteArray &name, const QByteArray &json);

    Host &m_host;
    socketio::Gateway &m_gateway;
    QList<socketio::Gateway::Broadcast> m_pending; ///< of what is not durable yet
};

} // namespace patchboard::server
