#pragma once

#include "model/core/result.h"
#include "server/http/requestparser.h"
#include "server/metrics.h"

#include <QAbstractHttpServer>
#include <QElapsedTimer>
#include <QPointer>
#include <QSet>
#include <QSslConfiguration>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTimer>

#include <functional>

namespace patchboard::http {

class HttpServer;
class VettedSocket;

/// One client of the guard: its requests, one at a time, and the answers in their order.
class Connection : public QObject
{
    Q_OBJECT
public:
    Connection(HttpServer &server, QTcpSocket *socket);
    ~Connection() override;
    /// Ends it if it has taken longer than the limits allow. @a now: ms of the server's clock.
    void checkDeadlines(qint64 now);
    /// Answers what is being handled, then ends.
    void finish();
    /// Refuses the connection with an answer.
    void refuse(int status, const QString &text);

private:
    void read();
    void handleRequests();
    bool tryUpgrade();
    [[nodiscard]] std::optional<Response> ask(const Request &request);
    void await(const std::shared_ptr<LaterAnswer> &later, const Request &request,
               const QList<std::pair<QByteArray, QByteArray>> &headers);
    void deliver(const Response *response, bool head, bool keepAlive);
    void answer(const Response &response, bool head, bool keepAlive);
    void refuse(const Response &response);
    void written();
    [[nodiscard]] bool isConnected() const;
    void closeGently();
    void drainAndDrop();

    enum class Phase : quint8 { Open, Closing, Lingering };
    HttpServer &m_server;
    QPointer<QTcpSocket> m_socket;
    std::unique_ptr<Upload> m_upload; ///< whose body is awaited
    bool m_uploads = false;           ///< it was asked for m_upload
    QPointer<VettedSocket> m_vetted;  ///< made for the first request; QHttpServer deletes it
    RequestParser m_parser;
    Phase m_phase = Phase::Open;
    bool m_busy = false;
    std::weak_ptr<LaterAnswer> m_awaited;
    bool m_waiting = false; ///< for m_awaited
    qint64 m_since = 0;     ///< when the current state of the parser began
    qint64 m_bodySince = 0; ///< when the current body began
    qint64 m_lastBytes = 0; ///< when bytes last came, or were last read by the client
    qint64 m_discarded = 0;
};

/// QHttpServer's side of a connection: it finds one whole, checked request here at a time.
class VettedSocket final : public QTcpSocket
{
public:
    VettedSocket(const QHostAddress &peer, quint16 port);
    /// Has QHttpServer find @a request here; it calls handleRequest() if it can read the first
    /// line.
    void present(const Request &request);
    /// The one that is being handled.
    [[nodiscard]] const Request &request() const { return *m_request; }
    [[nodiscard]] qint64 bytesAvailable() const override;
    /// The client is gone.
    void end();

protected:
    qint64 readData(char *data, qint64 size) override;
    qint64 writeData(const char *data, qint64 size) override;

private:
    QByteArray m_in;
    qsizetype m_read = 0;
    const Request *m_request = nullptr;
};

/// The host's port: QHttpServer behind a guard with limits, and the door for WebSockets.
///
/// The guard owns the sockets. It frames what comes, refuses what is malformed, too large or too
/// slow (400, 408, 413, 414, 417, 431, 503), and lets QHttpServer see one complete request of a
/// connection at a time, so that answers keep their order. Handlers answer at once, on this thread,
/// or promise an answer (Response::later). The guard writes them.
/// An upgrade is decided before its handshake; what is accepted leaves the guard as a socket with
/// its request still unread, for QWebSocketServer::handleConnection().
class HttpServer : public QAbstractHttpServer
{
    Q_OBJECT
public:
    using Handler = std::function<Response(const Request &)>;
    /// nullopt accepts the upgrade; a response refuses it.
    using UpgradeCheck = std::function<std::optional<Response>(const Request &)>;
    using UpgradeTaker = std::function<void(QTcpSocket *, const Request &)>;
    /// Who wants to know of a request before its body is there; nullptr: nobody.
    using UploadWatch = std::function<std::unique_ptr<Upload>(const Request &)>;

    explicit HttpServer(const Limits &limits, QObject *parent = nullptr);
    ~HttpServer() override;

    void setHandler(Handler handler) { m_handler = std::move(handler); }
    /// Adds headers to what the guard refuses of itself; of such a request is known what was read.
    void setFinish(std::function<void(const Request &, Response &)> finish)
    {
        m_finish = std::move(finish);
    }
    void setUpgrades(UpgradeCheck check, UpgradeTaker taker)
    {
        m_upgradeCheck = std::move(check);
        m_upgradeTaker = std::move(taker);
    }

    void setUploads(UploadWatch watch) { m_uploadWatch = std::move(watch); }

    /// From the next connection on all are encrypted.
    void setTls(const QSslConfiguration &tls) { m_tls = tls; }
    /// Port 0 takes any free one; port() tells which.
    Result<void> open(const QHostAddress &address, quint16 port);
    [[nodiscard]] quint16 port() const { return m_listener.serverPort(); }
    [[nodiscard]] QHostAddress address() const { return m_listener.serverAddress(); }
    /// Listens no more and ends every connection.
    void close();
    [[nodiscard]] const Limits &limits() const { return m_limits; }
    [[nodiscard]] const server::HttpMetrics &metrics() const { return m_metrics; }
    [[nodiscard]] qsizetype connectionCount() const { return m_connections.size(); }

protected:
    bool handleRequest(const QHttpServerRequest &request, QTcpSocket *socket) override;
    void missingHandler(const QHttpServerRequest &request, QTcpSocket *socket) override;

private:
    friend class Connection;
    class Listener : public QTcpServer
    {
    public:
        explicit Listener(HttpServer &server)
            : m_server(server)
        {
        }
        /// Hands a connection to QHttpServer.
        void present(VettedSocket *socket);

    protected:
        void incomingConnection(qintptr descriptor) override;

    private:
        HttpServer &m_server;
    };

    void accepted(qintptr descriptor);
    void forget(Connection *connection) { m_connections.remove(connection); }
    [[nodiscard]] qint64 now() const { return m_clock.elapsed(); }

    Limits m_limits;
    std::optional<QSslConfiguration> m_tls;
    Listener m_listener;
    Handler m_handler;
    std::function<void(const Request &, Response &)> m_finish;
    UpgradeCheck m_upgradeCheck;
    UpgradeTaker m_upgradeTaker;
    UploadWatch m_uploadWatch;
    std::optional<Response> m_answer; ///< of m_handler to the request that is being handled
    QSet<Connection *> m_connections;
    server::HttpMetrics m_metrics;
    QElapsedTimer m_clock;
    QTimer m_sweep;
};

} // namespace patchboard::http
