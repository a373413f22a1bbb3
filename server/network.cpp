#include "server/network.h"

#include "model/wire/messages.h"
#include "server/http/computed.h"
#include "server/http/gate.h"
#include "server/http/openapi.h"
#include "server/http/resources.h"

#include <QCoreApplication>

namespace patchboard::server {

namespace {

constexpr qsizetype kShownName = 100;
constexpr int kRequestsPerSecond = 200; ///< of one address beyond this machine

bool isEvents(const http::Request &request)
{
    return request.path == QStringList{QStringLiteral("socket.io")};
}

} // namespace

NetworkServer::NetworkServer(Host &host, const Options &options)
    : m_host(host)
    , m_options(options)
    , m_compression(m_background)
    , m_listing(host, m_background)
    , m_onceOnly(host)
    , m_changes(host, m_background)
    , m_importing(host, m_background, m_onceOnly)
    , m_past(host, m_listing, m_onceOnly)
    , m_access({host.name(), options.withoutAccessControl, options.requireToken, {}}, host.log())
    , m_gateway({})
    , m_events(host, m_gateway, m_access)
    , m_http(options.http)
    , m_door(
          [this](std::unique_ptr<QWebSocket> socket, QTcpSocket *tcp,
                 const http::Request &request) { takeWebSocket(std::move(socket), tcp, request); })
{
    m_router.setOrigins(options.origins);
    m_router.setOnceOnly(&m_onceOnly);
    m_router.setBoard(&host);
    m_router.setGate(http::gateOf(m_access));
    m_router.setReview(http::reviewOf(m_access));
    m_past.setReview(http::reviewOf(m_access));
    m_importing.setReview(http::reviewOf(m_access));
    connect(&m_access, &access::Access::changed, this, [this] { m_router.reviewWaiting(); });
    connect(&m_access, &access::Access::changed, &m_host, &Host::reviewClients);
    http::addHealth(m_router);
    m_router
        .add({"GET", QStringLiteral("/metrics"), http::Role::Viewer, std::nullopt,
              [this](const http::Call &) {
                  http::Response response;
                  response.body = metrics();
                  response.contentType = MetricsText::kContentType;
                  return response;
              },
              QStringLiteral("What the host counts and measures, for Prometheus")})
        .answer = {200, {}, MetricsText::kContentType};
    http::addDevices(m_router, host, m_listing);
    http::addProvisioning(m_router, host);
    http::addOverrides(m_router, host);
    http::addInterfaces(m_router, host, m_listing);
    http::addLinks(m_router, host, m_listing);
    http::addSeed(m_router, host);
    http::addAudit(m_router, host);
    http::addProblems(m_router, host);
    http::addBatch(m_router, host);
    http::addProbes(m_router, host);
    http::addWholeBoard(m_router, host, m_listing, m_past);
    http::addSnapshots(m_router, host);
    http::addRestoring(m_router, m_past);
    http::addChanges(m_router, m_changes);
    http::addImporting(m_router, m_importing);
    connect(&host, &Host::committed, &m_changes, &http::Changes::notify);
    http::addPage(m_router);
    // These two ask for the token behind the door: in Hello, and in the auth payload.
    m_router
        .add({"GET", QStringLiteral("/sync"), http::Role::Anybody, std::nullopt,
              [](const http::Call &) { return http::upgradeNeeded(); },
              QStringLiteral("The live connection of windows: a WebSocket")})
        .described = false;

    m_router
        .add({"*", QStringLiteral("/socket.io"), http::Role::Anybody, std::nullopt,
              [this](const http::Call &call) { return m_gateway.engine().handle(call.request); },
              QStringLiteral("Events of the board: Socket.IO 5, by long-polling or WebSocket")})
        .described = false;
    http::addDescription(m_router);

    m_clock.start();
    m_http.setHandler([this](const http::Request &request) {
        if (auto refused = refusal(request)) {
            m_router.addOrigin(request, *refused);
            return *std::move(refused);
        }
        http::Response response = m_router.handle(request);
        // Events go in many small packets, or are packed by nobody.
        return isEvents(request) ? response : m_compression.apply(request, std::move(response));
    });
    m_http.setUploads([this](const http::Request &request) -> std::unique_ptr<http::Upload> {
        return isEvents(request) ? m_gateway.engine().await(request) : nullptr;
    });
    m_http.setFinish([this](const http::Request &request, http::Response &response) {
        m_router.addOrigin(request, response);
    });
    m_http.setUpgrades(
        [this](const http::Request &request) -> std::optional<http::Response> {
            if (auto refused = refusal(request))
                return refused;
            const bool events = isEvents(request);
            if (!events &&
                (request.path != QStringList{QStringLiteral("sync")} || request.trailingSlash))
                return http::problem(404, QStringLiteral("Not Found"));
            if (!m_router.allowsOrigin(request))
                return http::problem(403, QStringLiteral("Origin not allowed"));
            return events ? m_gateway.engine().checkUpgrade(request)
                          : http::WebSocketDoor::check(request);
        },
        [this](QTcpSocket *socket, const http::Request &request) { m_door.take(socket, request); });
}

std::optional<http::Response> NetworkServer::refusal(const http::Request &request)
{
    const auto seconds = m_rate.take(request.peer, m_clock.elapsed());
    if (!seconds) {
        // Who has no name to call it by (HTTP/1.0) is no browser.
        const QByteArray host = request.header("host");
        if (!m_access.isOpen() || host.isNull() || m_hostNames.allows(host))
            return std::nullopt;
        return http::problem(403, QStringLiteral("Host not allowed: this host is not known as %1. "
                                                 "Whoever runs it can say --allowed-host.")
                                      .arg(QString::fromLatin1(host.left(kShownName))));
    }
    http::Response response = http::problem(429, QStringLiteral("Too many requests"));
    response.headers.emplaceBack("Retry-After", QByteArray::number(*seconds));
    return response;
}

NetworkServer::~NetworkServer()
{
    (void)m_host.settledRevision(); // who waits for what they changed is told
    m_gateway.close();
    m_changes.finish();
    m_past.finish();
    m_background.finish();
    m_importing.finish();
    m_http.close();
    for (const QPointer<ClientLink> &link : std::as_const(m_links)) {
        if (link)
            link->finish();
    }
}

Result<void> NetworkServer::checkAddress(const QHostAddress &address, const Options &options,
                                         const QString &board)
{
    if (address.isLoopback() || options.withoutAccessControl)
        return {};
    const auto tokens = access::Access::countValid(board);
    if (!tokens)
        return tokens.error();
    if (*tokens > 0)
        return {};
    return Error{Errc::Forbidden,
                 tr("%1 can be reached from other machines, and the board has no tokens to tell "
                    "who may come. Make one with `token add`, or say --insecure-no-auth if "
                    "whoever reaches it may change everything.")
                     .arg(address.toString())};
}

Result<void> NetworkServer::listen(const QHostAddress &address, quint16 port)
{
    if (auto allowed = checkAddress(address, m_options, m_host.name()); !allowed)
        return allowed;
    if (auto read = m_access.load(); !read)
        return read;
    if (!address.isLoopback())
        m_access.require();
    m_rate = access::RateLimit(
        m_options.requestsPerSecond.value_or(address.isLoopback() ? 0 : kRequestsPerSecond));
    m_hostNames = http::HostNames(address, m_options.hostNames);
    if (m_options.tls)
        m_http.setTls(*m_options.tls);
    auto opened = m_http.open(address, port);
    if (!opened) {
        return Error{opened.error().code, tr("%1 port %2 cannot be listened on: %3")
                                              .arg(address.toString())
                                              .arg(port)
                                              .arg(opened.error().text)};
    }
    return opened;
}

QByteArray NetworkServer::metrics() const
{
    MetricsText text;
    const Topology &board = m_host.topology();
    text.family("patchboard_build_info", "gauge", "The version of this host.");
    text.sample("patchboard_build_info", "version=\"" PATCHBOARD_VERSION "\"", 1);
    text.gauge("patchboard_board_revision", "Newest durable revision of the board.",
               double(m_host.authority().revision()));
    text.family("patchboard_board_entities", "gauge", "Things on the board.");
    text.sample("patchboard_board_entities", "kind=\"device\"", double(board.devices().size()));
    text.sample("patchboard_board_entities", "kind=\"interface\"",
                double(board.interfaces().size()));
    text.sample("patchboard_board_entities", "kind=\"link\"", double(board.links().size()));

    const HostMetrics &host = m_host.metrics();
    text.family("patchboard_connections", "gauge", "Open connections.");
    text.sample("patchboard_connections", "protocol=\"sync\"", double(m_host.clientCount()));
    text.sample("patchboard_connections", "protocol=\"socketio\"", double(m_gateway.socketCount()));
    text.sample("patchboard_connections", "protocol=\"http\"", double(m_http.connectionCount()));
    text.counter("patchboard_clients_total", "Clients of /sync that have come.",
                 double(host.clientsCome));
    text.counter("patchboard_clients_dead_total",
                 "Clients of /sync that were given up: silent, or taking nothing.",
                 double(host.clientsDead));
    text.counter("patchboard_changes_total", "Changes that were committed.", double(host.changes));
    text.counter("patchboard_store_failures_total", "Transactions that failed.",
                 double(host.storeFailures));
    text.histogram("patchboard_commit_seconds", "Transactions of the store.", host.commit);
    text.histogram("patchboard_delivery_seconds",
                   "From the start of a turn until what it changed was written to all clients.",
                   host.delivery);
    const Host::Queues queues = m_host.queues();
    text.gauge("patchboard_queue_bytes", "Written and not yet taken by clients of /sync.",
               double(queues.bytes));
    text.gauge("patchboard_queue_longest_bytes", "The same, of the client that has most.",
               double(queues.longest));
    text.gauge("patchboard_clients_paused", "Clients so full that their changes wait in the log.",
               queues.paused);
    text.counter("patchboard_presence_skipped_total",
                 "Frames of presence that a full connection did not get.",
                 double(host.presenceSkipped));

    if (const Probes *probes = m_host.probes())
        probes->report(text);

    const HttpMetrics &http = m_http.metrics();
    if (!http.requests.empty())
        text.family("patchboard_http_requests_total", "counter",
                    "Requests by the answer's status.");
    for (const auto &[status, count] : http.requests)
        text.sample("patchboard_http_requests_total", "code=\"" + QByteArray::number(status) + '"',
                    double(count));
    text.histogram("patchboard_http_answer_seconds",
                   "Handling of a request, until it was answered or its answer promised.",
                   http.answer);
    text.process();
    return text.text();
}

void NetworkServer::takeWebSocket(std::unique_ptr<QWebSocket> socket, QTcpSocket *tcp,
                                  const http::Request &request)
{
    if (isEvents(request)) {
        m_gateway.engine().take(std::move(socket), tcp, request);
        return;
    }
    auto link = std::make_unique<SocketLink>(std::move(socket), tcp);
    m_links.removeIf([](const QPointer<ClientLink> &old) { return !old; });
    m_links.append(link.get());
    m_host.addClient(std::move(link),
                     Host::Entrance{&m_access, request.peer, http::bearerToken(request)});
}

} // namespace patchboard::server
