#include "server/socketio/gateway.h"
#include "tests/socketio/echo/echoserver.h"

#include <QCoreApplication>
#include <QTimer>

using namespace patchboard::socketio;

namespace {

constexpr int kAuthDelayMs = 10;

} // namespace

/// Says what a client said of itself, sends its messages back, and acknowledges.
int main(int argc, char **argv)
{
    QCoreApplication app(argc, argv);
    Gateway::Options options;
    options.engine = EchoServer::settings().engine;
    options.connectTimeoutMs = EchoServer::settings().connectTimeoutMs;
    Gateway gateway(options);
    Namespace custom;
    custom.connected = [](Socket &socket) {
        // Clients that await one message at a time miss the second of two in one segment.
        QTimer::singleShot(kAuthDelayMs, &socket, [&socket] {
            socket.emitEvent(QStringLiteral("auth"), {socket.auth()});
        });
    };
    Namespace main = custom;
    main.event = [](Socket &socket, const Event &event) {
        if (event.name == QLatin1String("message"))
            socket.emitEvent(QStringLiteral("message-back"), event.args, event.attachments);
        else if (event.name == QLatin1String("message-with-ack") && event.ack)
            socket.acknowledge(*event.ack, event.args, event.attachments);
    };
    gateway.addNamespace(QStringLiteral("/"), main);
    gateway.addNamespace(QStringLiteral("/custom"), custom);
    EchoServer server(gateway.engine(), QStringLiteral("socket.io"));
    return server.run();
}
