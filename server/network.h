#pragma once

#include "server/access/access.h"
#include "server/access/ratelimit.h"
#include "server/boardevents.h"
#include "server/host.h"
#include "server/http/background.h"
#include "server/http/changes.h"
#include "server/http/compression.h"
#include "server/http/guard.h"
#include "server/http/hostnames.h"
#include "server/http/importing.h"
#include "server/http/listing.h"
#include "server/http/onceonly.h"
#include "server/http/past.h"
#include "server/http/router.h"
#include "server/http/websockets.h"
#include "server/socketio/gateway.h"

namespace patchboard::server {

/// A host's door to the network: one port for HTTP, the WebSockets of /sync, and Socket.IO. When
/// it goes, so do those who came through it.
class NetworkServer final : public QObject
{
    Q_OBJECT
public:
    struct Options
    {
        /// Whoever reaches the port may do everything, also from other machines.
        bool withoutAccessControl = false;
        /// Tokens are asked for, also on this machine and while there are none.
        bool requireToken = false;
        QStringList origins{QStringLiteral("http://localhost:5173"),
                            QStringLiteral("http://localhost:5174")};
        /// Names besides this machine's by which it may be called while no token is asked for, as
        /// "board.lab.example"; ".lab.example" stands for all below it too.
        QStringList hostNames = {};
        /// Requests of one address a second, upgrades too; 0: as many as come. Unset: none on this
        /// machine, 200 beyond it.
        std::optional<int> requestsPerSecond = std::nullopt;
        http::Limits http = {};
        /// http::readTls(); unset: nothing is encrypted.
        std::optional<QSslConfiguration> tls = std::nullopt;
    };
    /// @a host must outlive it.
    NetworkServer(Host &host, const Options &options);
    ~NetworkServer() override;

    /// Refuses an address beyond this machine while @a board has no token that is valid.
    static Result<void> checkAddress(const QHostAddress &address, const Options &options,
                                     const QString &board);
    /// Reads the tokens, checks the address, and listens there.
    Result<void> listen(const QHostAddress &address, quint16 port);
    [[nodiscard]] quint16 port() const { return m_http.port(); }
    [[nodiscard]] QHostAddress address() const { return m_http.address(); }
    [[nodiscard]] const http::Router &router() const { return m_router; }
    [[nodiscard]] const access::Access &access() const { return m_access; }

private:
    [[nodiscard]] QByteArray metrics() const;
    /// 429 for an address that asks too often; 403 for a name that is not this host's.
    std::optional<http::Response> refusal(const http::Request &request);
    void takeWebSocket(std::unique_ptr<QWebSocket> socket, QTcpSocket *tcp,
                       const http::Request &request);

    Host &m_host;
    Options m_options;
    http::Background m_background;
    http::Compression m_compression;
    http::Listing m_listing;
    http::OnceOnly m_onceOnly;
    http::Changes m_changes;
    http::Importing m_importing;
    http::Past m_past;
    access::Access m_access;
    access::RateLimit m_rate{0};
    http::HostNames m_hostNames;
    QElapsedTimer m_clock;
    http::Router m_router;
    socketio::Gateway m_gateway;
    BoardEvents m_events;
    http::HttpServer m_http;
    http::WebSocketDoor m_door;
    QList<QPointer<ClientLink>> m_links;
};

} // namespace patchboard::server
