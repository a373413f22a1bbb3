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
    /// Listens; the exit code of the program.
    int run();

    /// The command line: `--port`, and how patient it is, in ms. Without options it is as protocol
    /// suites want it.
    struct Settings
    {
        quint16 port = 3000;
        int connectTimeoutMs = 1000;
        patchboard::socketio::Engine::Options engine;
    };
    static Settings settings();

private:
    patchboard::http::Router m_router;
    patchboard::http::HttpServer m_http;
    patchboard::http::WebSocketDoor m_door;
    QString m_name;
};
