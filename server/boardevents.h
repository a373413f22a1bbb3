#pragma once

#include "model/optics/computedstatus.h"
#include "server/access/access.h"
#include "server/socketio/gateway.h"

namespace patchboard::server {

class Host;

/// Tells the clients of a gateway's namespace "/" of every change of a board: when it is durable,
/// in order, before anybody is answered. What happened in one change is told in the order removed,
/// created, changed. After all of a turn comes what is computed otherwise because of it, while the
/// board wants anything computed: of each device once, and only if it is not what was told last.
class BoardEvents final : public QObject, private TopologyObserver, private ComputedObserver
{
    Q_OBJECT
public:
    /// Only for viewers and above: the token comes in the auth payload, or with the request that
    /// opens the session. All must outlive it.
    BoardEvents(Host &host, socketio::Gateway &gateway, access::Access &access);
    ~BoardEvents() override;

    /// Devices of a turn up to which each is told of; above, all are told to read again.
    static constexpr qsizetype kMostComputed = 1000;

private:
    void topologyChanged(const Topology &topology, const Delta &delta) override;
    void topologyReset(const Topology &topology) override;
    void computedChanged(const ComputedStatus &computed, const QSet<EntityId> &ids) override;
    void computedReset(const ComputedStatus &computed) override;
    void beginComputed();
    void endComputed();
    void rememberComputed();
    void addComputed();
    [[nodiscard]] Result<access::Caller> admit(const QJsonObject &auth,
                                               const http::Request &handshake);
    void reviewListeners();
    void broadcast(const QList<socketio::Gateway::Broadcast> &events);
    void add(const QByteArray &name, const QByteArray &json);

    Host &m_host;
    socketio::Gateway &m_gateway;
    access::Access &m_access;
    QHash<socketio::Socket *, access::Caller> m_listeners;
    QList<socketio::Gateway::Broadcast> m_pending; ///< of what is not durable yet
    // While somebody listens:
    QHash<EntityId, size_t> m_computed; ///< a digest of what was told last, of devices that have it
    QSet<EntityId> m_touched;           ///< of which it may be different by now
    bool m_anew = false;                ///< it may be of any
    bool m_wasOn = false;               ///< the board wanted it when it was told last
};

} // namespace patchboard::server
