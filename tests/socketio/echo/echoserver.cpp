#include "tests/socketio/echo/echoserver.h"

#include <QCommandLineParser>
#include <QCoreApplication>

#include <cstdio>

using namespace patchboard;

socketio::Engine::Options EchoServer::options()
{
    socketio::Engine::Options options;
    options.pingIntervalMs = 300;
    options.pingTimeoutMs = 200;
    options.maxPayload = 1'000'000;
    return options;
}

EchoServer::EchoServer(socketio::Engine &engine, const QString &name)
    : m_http(http::Limits())
    , m_door(
          [&engine](std::unique_ptr<QWebSocket> socket, QTcpSocket *tcp,
                    const http::Request &request) { engine.take(std::move(socket), tcp, request); })
    , m_name(name)
{
    m_router.setOrigins({QStringLiteral("*")});
    m_router.add({"*", u'/' + name, http::Role::Anybody, std::nullopt,
                  [&engine](const http::Call &call) { return engine.handle(call.request); },
                  QString()});
    m_http.setHandler([this](const http::Request &request) { return m_router.handle(request); });
    m_http.setUpgrades(
        [this, &engine](const http::Request &request) -> std::optional<http::Response> {
            if (request.path != QStringList{m_name})
                return http::problem(404, QStringLiteral("Not Found"));
            return engine.checkUpgrade(request);
        },
        [this](QTcpSocket *socket, const http::Request &request) { m_door.take(socket, request); });
}

int EchoServer::run()
{
    QCommandLineParser parser;
    const QCommandLineOption port(QStringLiteral("port"), QStringLiteral("Port to listen on."),
                                  QStringLiteral("port"), QStringLiteral("3000"));
    parser.addOption(port);
    parser.process(*QCoreApplication::instance());
    // Both families: "localhost" may be either.
    const auto opened = m_http.open(QHostAddress(QHostAddress::Any), parser.value(port).toUShort());
    if (!opened) {
        std::fprintf(stderr, "%s\n", qPrintable(opened.error().text));
        return 1;
    }
    std::printf("http://localhost:%d/%s/\n", int(m_http.port()), qPrintable(m_name));
    std::fflush(stdout);
    return QCoreApplication::exec();
}
