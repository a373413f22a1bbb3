#include "tests/socketio/echo/echoserver.h"

#include <QCommandLineParser>
#include <QCoreApplication>

#include <cstdio>

using namespace patchboard;

EchoServer::Settings EchoServer::settings()
{
    QCommandLineParser parser;
    const auto number = [&parser](const char *name, int otherwise) {
        const QCommandLineOption option(QString::fromLatin1(name), QString(),
                                        QStringLiteral("number"), QString::number(otherwise));
        parser.addOption(option);
        return option;
    };
    const auto port = number("port", 3000);
    const auto interval = number("ping-interval", 300);
    const auto timeout = number("ping-timeout", 200);
    const auto join = number("connect-timeout", 1000);
    parser.process(*QCoreApplication::instance());
    Settings settings;
    settings.port = parser.value(port).toUShort();
    settings.connectTimeoutMs = parser.value(join).toInt();
    settings.engine.pingIntervalMs = parser.value(interval).toInt();
    settings.engine.pingTimeoutMs = parser.value(timeout).toInt();
    settings.engine.maxPayload = 1'000'000;
    return settings;
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
    m_http.setUploads([&engine](const http::Request &request) { return engine.await(request); });
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
    // Both families: "localhost" may be either.
    const auto opened = m_http.open(QHostAddress(QHostAddress::Any), settings().port);
    if (!opened) {
        std::fprintf(stderr, "%s\n", qPrintable(opened.error().text));
        return 1;
    }
    std::printf("http://localhost:%d/%s/\n", int(m_http.port()), qPrintable(m_name));
    std::fflush(stdout);
    return QCoreApplication::exec();
}
