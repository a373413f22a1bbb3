#pragma once

#include "model/authority.h"
#include "model/sync/loopback.h"
#include "tests/support/sync/memorylog.h"

#include <QThread>
#include <QTimer>

class QWebSocket;
class QWebSocketServer;

/// A host in a thread of its own: an authority whose disk is a MemoryLog, reached by loopback and,
/// if wanted, by WebSocket.
class TestHost
{
public:
    explicit TestHost(std::shared_ptr<MemoryLog> log = std::make_shared<MemoryLog>(),
                      bool webSocket = false, quint16 port = 0);
    ~TestHost(); ///< ends all connections

    /// Of loopback; works until the host is gone, and fails politely after.
    [[nodiscard]] patchboard::TransportFactory factory() const { return m_factory; }
    [[nodiscard]] quint16 port() const { return m_port; }
    /// In the host's thread.
    void run(const std::function<void(patchboard::Authority &)> &call);
    /// Takes no more frames in, and gives none out: a cable that was pulled.
    void stall(bool on);
    [[nodiscard]] quint64 revision();
    [[nodiscard]] quint64 digest();

private:
    class Worker;
    QThread m_thread;
    Worker *m_worker = nullptr;
    patchboard::TransportFactory m_factory;
    quint16 m_port = 0;
};
