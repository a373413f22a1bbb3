#include "tests/sync/testhost.h"

#include <QWebSocket>
#include <QWebSocketServer>

#include <QDateTime>

using namespace patchboard;

namespace {

/// The host's end of a WebSocket.
class AcceptedSocket final : public Transport
{
public:
    explicit AcceptedSocket(QWebSocket *socket)
        : m_socket(socket)
    {
        socket->setParent(this);
        connect(socket, &QWebSocket::binaryMessageReceived, this, &Transport::received);
        connect(socket, &QWebSocket::bytesWritten, this, &Transport::drained);
        connect(socket, &QWebSocket::disconnected, this, [this] { Q_EMIT closed({}); });
    }
    void open() override { QTimer::singleShot(0, this, &Transport::opened); }
    void send(const QByteArray &frame) override { m_socket->sendBinaryMessage(frame); }
    void abort() override { m_socket->abort(); }
    void finish() override { m_socket->close(); }
    [[nodiscard]] qint64 bytesToWrite() const override { return m_socket->bytesToWrite(); }

private:
    QWebSocket *m_socket;
};

} // namespace

class TestHost::Worker : public QObject
{
public:
    explicit Worker(std::shared_ptr<MemoryLog> disk)
        : log(std::move(disk))
        , listener(this)
        , turnTimer(this)
        , presenceTimer(this)
    {
        if (const QString error = log->replay(topology); !error.isEmpty())
            qWarning("%s", qPrintable(error));
        authority = std::make_unique<Authority>(topology, log->state(), *log);
        connect(&listener, &LoopbackListener::incoming, this, &Worker::accept);
        turnTimer.setSingleShot(true);
        connect(&turnTimer, &QTimer::timeout, this, &Worker::turn);
        presenceTimer.setInterval(10);
        connect(&presenceTimer, &QTimer::timeout, this, [this] {
            if (authority->hasPresence()) {
                authority->tickPresence();
                turn();
            }
        });
    }
    ~Worker() override
    {
        for (Transport *transport : std::as_const(transports)) {
            transport->disconnect(this);
            transport->finish();
            delete transport;
        }
    }
    quint16 listen(quint16 port)
    {
        server =
            new QWebSocketServer(QStringLiteral("test"), QWebSocketServer::NonSecureMode, this);
        connect(server, &QWebSocketServer::newConnection, this,
                [this] { accept(new AcceptedSocket(server->nextPendingConnection())); });
        server->listen(QHostAddress::LocalHost, port);
        return server->serverPort();
    }
    void accept(Transport *transport)
    {
        const Authority::SessionId id = authority->openSession();
        transports.insert(id, transport);
        connect(transport, &Transport::received, this, [this, id](const QByteArray &frame) {
            if (stalled)
                return;
            authority->receive(id, frame, QDateTime::currentMSecsSinceEpoch());
            if (!turnTimer.isActive())
                turnTimer.start(0);
        });
        connect(transport, &Transport::drained, this, [this, id] {
            if (authority->isBehind(id) && transports.value(id)->bytesToWrite() < 256 * 1024) {
                authority->pump(id);
                turn();
            }
        });
        connect(transport, &Transport::closed, this, [this, id] { drop(id); });
        transport->open();
    }
    void drop(Authority::SessionId id)
    {
        authority->closeSession(id);
        if (Transport *transport = transports.take(id)) {
            transport->disconnect(this);
            transport->deleteLater();
        }
    }
    void turn()
    {
        const CommitBatch batch = authority->takeBatch();
        if (!batch.isEmpty()) {
            if (const QString error = log->store(batch); !error.isEmpty())
                qWarning("%s", qPrintable(error));
            authority->committed();
        }
        for (const Authority::Outgoing &out : authority->takeOutgoing()) {
            for (const Authority::SessionId id : out.to) {
                Transport *transport = transports.value(id);
                if (!transport || stalled)
                    continue;
                if (!out.frame.isEmpty())
                    transport->send(out.frame);
                if (out.close) {
                    transport->finish();
                    drop(id);
                } else if (out.lane == Authority::Lane::Changes &&
                           transport->bytesToWrite() > 4 * 1024 * 1024) {
                    authority->pause(id);
                }
            }
        }
    }

    std::shared_ptr<MemoryLog> log;
    Topology topology;
    std::unique_ptr<Authority> authority;
    LoopbackListener listener;
    QWebSocketServer *server = nullptr;
    QHash<Authority::SessionId, Transport *> transports;
    QTimer turnTimer;
    QTimer presenceTimer;
    bool stalled = false;
};

TestHost::TestHost(std::shared_ptr<MemoryLog> log, bool webSocket, quint16 port)
    : m_worker(new Worker(std::move(log)))
{
    m_factory = m_worker->listener.factory();
    m_worker->moveToThread(&m_thread);
    m_thread.start();
    run([&](Authority &) {
        m_worker->presenceTimer.start();
        if (webSocket)
            m_port = m_worker->listen(port);
    });
}

TestHost::~TestHost()
{
    QMetaObject::invokeMethod(
        m_worker, [worker = m_worker] { delete worker; }, Qt::BlockingQueuedConnection);
    m_thread.quit();
    m_thread.wait();
}

void TestHost::run(const std::function<void(Authority &)> &call)
{
    QMetaObject::invokeMethod(
        m_worker,
        [&] {
            call(*m_worker->authority);
            m_worker->turn();
        },
        Qt::BlockingQueuedConnection);
}

void TestHost::stall(bool on)
{
    run([&](Authority &) { m_worker->stalled = on; });
}

quint64 TestHost::revision()
{
    quint64 revision = 0;
    run([&](Authority &authority) { revision = authority.revision(); });
    return revision;
}

quint64 TestHost::digest()
{
    quint64 digest = 0;
    run([&](Authority &authority) { digest = authority.topology().digest(); });
    return digest;
}
