#include "tests/socketio/echo/echoserver.h"

#include <QCoreApplication>

using namespace patchboard::socketio;

/// Sends each message back, text as text and bytes as bytes.
int main(int argc, char **argv)
{
    QCoreApplication app(argc, argv);
    Engine engine(EchoServer::settings().engine);
    QObject::connect(&engine, &Engine::opened, &engine, [](Session *session) {
        QObject::connect(session, &Session::text, session, [session](const QByteArray &message) {
            session->send(std::make_shared<EnginePacket>(EnginePacket::Type::Message, message));
        });
        QObject::connect(session, &Session::binary, session, [session](const QByteArray &message) {
            session->send(std::make_shared<EnginePacket>(EnginePacket::binary(message)));
        });
    });
    EchoServer server(engine, QStringLiteral("engine.io"));
    return server.run();
}
