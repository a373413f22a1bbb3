#pragma once

#include "server/http/guard.h"
#include "server/http/router.h"
#include "server/http/websockets.h"
#include "server/socketio/engine.h"

/// An engine on a port of its own, open to every page: what protocol suites are pointed at.
class EchoServer
{
public:
    EchoServer(patchboard::socketio::Engine &engine, const QString &name);
    /// Reads --port and listens; the exit code of the program.
    int run();
    static patchboard::socketio::Engine::Options options();

private:
    patchboard::http::Router m_router;
    patchboard::http::HttpServer m_http;
    patchboard::http::WebSocketDoor m_door;
    QString m_name;
};
