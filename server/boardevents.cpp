#include "server/boardevents.h"

#include "server/host.h"
#include "server/http/computed.h"
#include "server/http/gate.h"
#include "server/http/json.h"

#include <algorithm>

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

/// The same for the same values; never 0.
size_t digestOf(const http::ComputedKeys &keys)
{
    size_t digest = keys.health ? size_t(*keys.health) + 1 : 0;
    if (keys.budget) {
        const optics::Budget &b = *keys.budget;
        digest =
            qHashMulti(digest, int(b.signal), b.overloaded, b.source, b.hops, b.lengthKm,
                       b.txPowerDbm, b.pathLossDb, b.receivedDbm, b.sensitivityDbm, b.marginDb);
    }
    return digest | (size_t(1) << 63);
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
        const auto caller = admit(socket.auth(), socket.handshake());
        if (!caller) { // its token ended just now
            socket.expelClient();
            return;
        }
        if (m_listeners.isEmpty())
            beginComputed();
        m_listeners.insert(&socket, *caller);
        host.log().info(QStringLiteral("Listener connected"),
                        {{"socket", socket.id()}, {"peer", socket.handshake().peer.toString()}});
    };
    main.disconnected = [this, &host](socketio::Socket &socket, const QString &reason) {
        m_listeners.remove(&socket);
        if (m_listeners.isEmpty())
            endComputed();
        host.log().info(QStringLiteral("Listener gone"),
                        {{"socket", socket.id()}, {"reason", reason}});
    };
    m_gateway.addNamespace(QStringLiteral("/"), main);
    connect(&m_access, &access::Access::changed, this, &BoardEvents::reviewListeners);
    m_host.topology().addObserver(this);
    connect(&host, &Host::committed, this, [this] {
        // Who lost their token a moment ago is told nothing: no listener, and then no window.
        m_access.refresh();
        addComputed();
        broadcast(std::exchange(m_pending, {}));
    });
    // What is computed is again what it was, and compared as ever when it is told.
    connect(&host, &Host::takenBack, this, [this] { m_pending.clear(); });
    connect(&host, &Host::announced, this, [this](const QByteArray &event, const QByteArray &json) {
        broadcast({{event, json}});
    });
}

BoardEvents::~BoardEvents()
{
    m_host.computed().removeObserver(this);
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
            it.key()->expelClient();
    }
}

void BoardEvents::broadcast(const QList<socketio::Gateway::Broadcast> &events)
{
    if (!events.isEmpty() && !m_listeners.isEmpty())
        m_gateway.broadcast(QStringLiteral("/"), events);
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

// What is computed

/// Somebody listens from now on, and reads the board after this.
void BoardEvents::beginComputed()
{
    m_host.computed().removeObserver(this);
    m_host.computed().addObserver(this);
    rememberComputed();
}

void BoardEvents::endComputed()
{
    m_host.computed().removeObserver(this);
    m_computed = {};
    m_touched = {};
}

void BoardEvents::rememberComputed()
{
    const ComputedStatus &computed = m_host.computed();
    const auto all = http::allComputedKeys(computed, EntityKind::Device);
    m_computed.clear();
    for (auto it = all.cbegin(); it != all.cend(); ++it)
        m_computed.insert(it.key(), digestOf(*it));
    m_wasOn = computed.isOn();
    m_anew = false;
}

void BoardEvents::computedChanged(const ComputedStatus &computed, const QSet<EntityId> &ids)
{
    if (computed.isOn())
        m_touched.unite(ids);
}

void BoardEvents::computedReset(const ComputedStatus &)
{
    m_anew = true;
}

void BoardEvents::addComputed()
{
    const ComputedStatus &computed = m_host.computed();
    const QSet<EntityId> touched = std::exchange(m_touched, {});
    const auto readAgain = [&] {
        add("board:computed", computed.isOn() ? QByteArray("{\"computed_status\":true}")
                                              : QByteArray("{\"computed_status\":false}"));
    };
    if (m_anew) {
        const bool wasOn = m_wasOn;
        rememberComputed();
        if (wasOn || m_wasOn)
            readAgain();
        return;
    }
    QList<EntityId> told;
    for (const EntityId id : touched) {
        const bool isThere = m_host.topology().device(id) != nullptr;
        const auto keys = isThere ? http::computedKeys(computed, id) : http::ComputedKeys();
        if (keys.isEmpty()) {
            if (m_computed.remove(id) && isThere)
                told.append(id);
            continue;
        }
        const size_t digest = digestOf(keys);
        if (std::exchange(m_computed[id], digest) != digest)
            told.append(id);
    }
    if (told.size() > kMostComputed) {
        readAgain();
        return;
    }
    std::sort(told.begin(), told.end());
    for (const EntityId id : std::as_const(told)) {
        QByteArray json = "{\"id\":" + QByteArray::number(id) + '}';
        http::appendComputed(json, http::computedKeys(computed, id));
        add("device:computed", json);
    }
}

} // namespace patchboard::server
