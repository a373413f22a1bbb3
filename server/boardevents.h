#pragma once

#include "model/core/topology.h"
#include "server/access/access.h"
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
    /// Only for viewers and above: the token comes in the auth payload, or with the request that
    /// opens the session. All must outlive it.
    BoardEvents(Host &host, socketio::Gateway &gateway, access::Access &access);
    ~BoardEvents() override;

private:
    void topologyChanged(const Topology &topology, const Delta &delta) override;
    void topologyReset(const Topology &topology) override;
    [[nodiscard]] Result<access::Caller> admit(const QJsonObject &auth,
                                               const http::Request &handshake);
    void reviewListeners();
    void add(const QByteArray &name, const QByteArray &json);

    Host &m_host;
    socketio::Gateway &m_gateway;
    access::Access &m_access;
    QHash<socketio::Socket *, access::Caller> m_listeners;
    QList<socketio::Gateway::Broadcast> m_pending; ///< of what is not durable yet
};

} // namespace patchboard::server
