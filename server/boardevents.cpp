#include "server/boardevents.h"

#include "server/host.h"
#include "server/http/gate.h"
#include "server/http/json.h"

namespace patchboard::server {

namespace {

/// "device:"
QByteArray eventPrefix(EntityKind kind)
{
    switch (kind) {
    case EntityKind::Device:
        return "device:";
    case EntityKind::Interface:
        return "interface:";
    case EntityKind::Link:
        return "link:";
    case EntityKind::Board:
        return "board:";
    case EntityKind::DeviceType:
        return "device_type:";
    }
    return {};
}

} // namespace

BoardEvents::BoardEvents(Host &host, socketio::Gateway &gateway, access::Access &access)
    : m_host(host)
    , m_gateway(gateway)
    , m_access(access)
{
    socketio::Namespace main;
    main.admit = [this](const QJsonObject &auth,
                        const http::Request &handshake) -> std::optional<QString> {
        const auto caller = admit(auth, handshake);
        if (caller && caller->role >= access::Role::Viewer)
            return std::nullopt;
        return caller ? QStringLiteral("Forbidden") : QStringLiteral("Not authenticated");
    };
    main.connected = [this, &host](socketio::Socket &socket) {
        if (const auto caller = admit(socket.auth(), socket.handshake()))
            m_listeners.insert(&socket, *caller);
        host.log().info(QStringLiteral("Listener connected"),
                        {{"socket", socket.id()}, {"peer", socket.handshake().peer.toString()}});
    };
    main.disconnected = [this, &host](socketio::Socket &socket, const QString &reason) {
        m_listeners.remove(&socket);
        host.log().info(QStringLiteral("Listener gone"),
                        {{"socket", socket.id()}, {"reason", reason}});
    };
    m_gateway.addNamespace(QStringLiteral("/"), main);
    connect(&m_access, &access::Access::changed, this, &BoardEvents::reviewListeners);
    m_host.topology().addObserver(this);
    connect(&host, &Host::committed, this,
            [this] { m_gateway.broadcast(QStringLiteral("/"), std::exchange(m_pending, {})); });
    connect(&host, &Host::takenBack, this, [this] { m_pending.clear(); });
    connect(&host, &Host::announced, this, [this](const QByteArray &event, const QByteArray &json) {
        m_gateway.broadcast(QStringLiteral("/"), {{event, json}});
    });
}

BoardEvents::~BoardEvents()
{
    m_host.topology().removeObserver(this);
}

Result<access::Caller> BoardEvents::admit(const QJsonObject &auth, const http::Request &handshake)
{
    const QString token = auth.value(QLatin1String("token")).toString();
    return m_access.admit(token.isEmpty() ? http::bearerToken(handshake) : token, handshake.peer);
}

void BoardEvents::reviewListeners()
{
    const auto listeners = m_listeners;
    for (auto it = listeners.cbegin(); it != listeners.cend(); ++it) {
        if (!m_access.mayStay(it.value()) && m_listeners.contains(it.key()))
            it.key()->disconnectClient();
    }
}

void BoardEvents::add(const QByteArray &name, const QByteArray &json)
{
    m_pending.append({name, json});
}

void BoardEvents::topologyChanged(const Topology &topology, const Delta &delta)
{
    if (m_gateway.socketCount() == 0)
        return;
    for (const Delta::Removed &removed : delta.removed) {
        add(eventPrefix(removed.kind) + "deleted",
            "{\"id\":" + QByteArray::number(removed.id) + '}');
    }
    for (const Delta::Created &created : delta.created) {
        add(eventPrefix(created.kind) + "created",
            http::entityJson(topology, created.id, http::fullShape(created.kind)));
    }
    for (const Delta::Changed &changed : delta.changed) {
        const bool moved = changed.fields.contains(Field::Position);
        if (moved) {
            const QPointF at = topology.device(changed.id)->position;
            add("device:moved", "{\"id\":" + QByteArray::number(changed.id) +
                                    ",\"x\":" + http::realText(at.x()) +
                                    ",\"y\":" + http::realText(at.y()) + '}');
        }
        if (changed.fields.size() > (moved ? 1 : 0)) {
            add(eventPrefix(changed.kind) + "updated",
                http::entityJson(topology, changed.id, http::fullShape(changed.kind)));
        }
    }
}

void BoardEvents::topologyReset(const Topology &)
{
    // Only a board that is being opened is reset, and then nobody listens yet.
}

} // namespace patchboard::server
