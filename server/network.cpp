#include "server/network.h"

#include "model/wire/messages.h"
#include "server/http/resources.h"

#include <QCoreApplication>

namespace patchboard::server {

namespace {

constexpr int kHandshakeMs = 5000;

http::Response upgradeNeeded()
{
    http::Response response = http::problem(426, QStringLiteral("Upgrade Required"));
    response.headers = {{"Upgrade", "websocket"}, {"Sec-WebSocket-Version", "13"}};
    return response;
}

} // namespace

NetworkServer::NetworkServer(Host &host, const Options &options)
    : m_host(host)
    , m_options(options)
    , m_http(options.http)
    , m_webSockets(QStringLiteral("Patchboard"), QWebSocketServer::NonSecureMode)
{
    m_router.setOrigins(options.origins);
    http::addHealth(m_router);
    http::addDevices(m_router, host);
    http::addProvisioning(m_router, host);
    http::addOverrides(m_router, host);
    http::addInterfaces(m_router, host);
    http::addLinks(m_router, host);
    http::addSeed(m_router, host);
    m_router.add({"GET", QStringLiteral("/sync"), http::Role::Viewer, std::nullopt,
                  [](const http::Call &) { return upgradeNeeded(); },
                  QStringLiteral("The live connection of windows: a WebSocket")});

    m_http.setHandler([this](const http::Request &request) { return m_router.handle(request); });
    m_http.setUpgrades(
        [this](const http::Request &request) -> std::optional<http::Response> {
            if (request.path != QStringList{QStringLiteral("sync")} || request.trailingSlash)
                return http::problem(404, QStringLiteral("Not Found"));
            if (!m_router.allowsOrigin(request))
                return http::problem(403, QStringLiteral("Origin not allowed"));
            if (request.header("sec-websocket-version") != "13")
                return upgradeNeeded();
            if (QByteArray::fromBase64(request.header("sec-websocket-key")).size() != 16)
                return http::problem(400, QStringLiteral("Malformed Sec-WebSocket-Key"));
            return std::nullopt;
        },
        [this](QTcpSocket *socket) { takeUpgrade(socket); });
    m_webSockets.setHandshakeTimeout(kHandshakeMs);
    connect(&m_webSockets, &QWebSocketServer::newConnection, this, &NetworkServer::takeWebSockets);
}

NetworkServer::~NetworkServer()
{
    m_http.close();
    for (const QPointer<ClientLink> &link : std::as_const(m_links)) {
        if (link)
            link->finish();
    }
}

Result<void> NetworkServer::checkAddress(const QHostAddress &address, const Options &options)
{
    if (address.isLoopback() || options.withoutAccessControl)
        return {};
    return Error{Errc::Forbidden,
                 tr("%1 can be reached from other machines, and whoever reaches it may change "
                    "everything. Say --insecure-no-auth if that is what you want.")
                     .arg(address.toString())};
}

Result<void> NetworkServer::listen(const QHostAddress &address, quint16 port)
{
    if (auto allowed = checkAddress(address, m_options); !allowed)
        return allowed;
    return m_http.open(address, port);
}

void NetworkServer::takeUpgrade(QTcpSocket *socket)
{
    m_upgrading.insert({socket->peerAddress(), socket->peerPort()}, socket);
    connect(socket, &QObject::destroyed, this,
            [this, key = std::pair(socket->peerAddress(), socket->peerPort())] {
                m_upgrading.remove(key);
            });
    m_webSockets.handleConnection(socket);
    Q_EMIT socket->readyRead(); // its handshake has come already
}

void NetworkServer::takeWebSockets()
{
    while (QWebSocket *socket = m_webSockets.nextPendingConnection()) {
        std::unique_ptr<QWebSocket> owned(socket);
        QTcpSocket *tcp = m_upgrading.take({socket->peerAddress(), socket->peerPort()});
        if (!tcp)
            continue;
        auto link = std::make_unique<SocketLink>(std::move(owned), tcp);
        m_links.removeIf([](const QPointer<ClientLink> &old) { return !old; });
        m_links.append(link.get());
        m_host.addClient(std::move(link));
    }
}

} // namespace patchboard::server
