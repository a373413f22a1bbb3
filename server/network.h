#pragma once

#include "server/host.h"
#include "server/http/guard.h"
#include "server/http/router.h"

#include <QWebSocketServer>

namespace patchboard::server {

/// A host's door to the network: one port for HTTP and for the WebSockets of /sync. When it goes,
/// so do those who came through it.
class NetworkServer final : public QObject
{
    Q_OBJECT
public:
    struct Options
    {
        /// Whoever reaches the port may do everything, also from other machines.
        bool withoutAccessControl = false;
        QStringList origins{QStringLiteral("http://localhost:5173"),
                            QStringLiteral("http://localhost:5174")};
        http::Limits http;
    };
    /// @a host must outlive it.
    NetworkServer(Host &host, const Options &options);
    ~NetworkServer() override;

    /// Refuses an address beyond this machine while there is no access control.
    static Result<void> checkAddress(const QHostAddress &address, const Options &options);
    /// Checks the address, and listens there.
    Result<void> listen(const QHostAddress &address, quint16 port);
    [[nodiscard]] quint16 port() const { return m_http.port(); }
    [[nodiscard]] QHostAddress address() const { return m_http.address(); }
    [[nodiscard]] const http::Router &router() const { return m_router; }

private:
    void takeUpgrade(QTcpSocket *socket);
    void takeWebSockets();

    Host &m_host;
    Options m_options;
    http::Router m_router;
    http::HttpServer m_http;
    QWebSocketServer m_webSockets;
    QHash<std::pair<QHostAddress, quint16>, QPointer<QTcpSocket>> m_upgrading;
    QList<QPointer<ClientLink>> m_links;
};

} // namespace patchboard::server
