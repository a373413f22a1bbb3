#pragma once

#include <QPointer>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTimer>
#include <QUrl>

#include <algorithm>

#include <optional>

/// A cable between clients and a host that a test can cut, pull, clog and slow down, and leave
/// half-open. Lives in the test's thread and needs its event loop.
class TcpProxy
{
public:
    explicit TcpProxy(quint16 target)
        : m_target(target)
    {
        m_server.listen(QHostAddress::LocalHost);
        QObject::connect(&m_server, &QTcpServer::newConnection, &m_server, [this] {
            while (QTcpSocket *client = m_server.nextPendingConnection())
                take(client);
        });
    }
    TcpProxy(const TcpProxy &) = delete;
    TcpProxy &operator=(const TcpProxy &) = delete;

    [[nodiscard]] QUrl url() const
    {
        return QUrl(QStringLiteral("ws://127.0.0.1:%1").arg(m_server.serverPort()));
    }
    /// Nothing passes any more, either way, and nobody is told: the cable is pulled.
    void stall(bool on)
    {
        m_stalled = on;
        passAll();
    }
    /// Nothing is taken from the host any more: a client that does not read.
    void clog(bool on)
    {
        m_clogged = on;
        passAll();
    }
    /// At most so many bytes a second get to the host.
    void slow(qint64 bytesPerSecond)
    {
        m_rate = bytesPerSecond;
        m_allowed = 0;
        QObject::connect(&m_tick, &QTimer::timeout, &m_server, [this] {
            m_allowed = std::min(m_allowed + m_rate * kTickMs / 1000, m_rate / 10);
            passAll();
        });
        m_tick.start(kTickMs);
    }
    /// The host's ends are gone, and the clients are not told.
    void halfOpen()
    {
        for (const Line &line : std::as_const(m_lines)) {
            line.host->disconnect();
            line.host->abort();
        }
    }
    /// Ends every connection, with what is under way.
    void cut()
    {
        m_cutAfter.reset();
        for (const Line &line : std::exchange(m_lines, {}))
            end(line);
    }
    /// Ends a connection when this many more bytes have passed, in the middle of whatever it is.
    void cutAfter(qint64 bytes) { m_cutAfter = bytes; }
    [[nodiscard]] int cuts() const { return m_cuts; }

private:
    struct Line
    {
        QPointer<QTcpSocket> client;
        QPointer<QTcpSocket> host;
    };

    void take(QTcpSocket *client)
    {
        auto *host = new QTcpSocket(client);
        // What is not read stays with whoever sends it.
        client->setReadBufferSize(kBuffer);
        host->setReadBufferSize(kBuffer);
        const Line line{client, host};
        m_lines.append(line);
        const auto passed = [this, line] { pass(line); };
        for (QTcpSocket *socket : {client, host}) {
            QObject::connect(socket, &QTcpSocket::readyRead, client, passed);
            QObject::connect(socket, &QTcpSocket::bytesWritten, client, passed);
            QObject::connect(socket, &QTcpSocket::disconnected, client, [this, line] {
                if (!m_stalled)
                    end(line);
            });
        }
        QObject::connect(host, &QTcpSocket::connected, client, passed);
        QObject::connect(host, &QTcpSocket::errorOccurred, client, [this, line] { end(line); });
        host->connectToHost(QHostAddress::LocalHost, m_target);
    }
    void passAll()
    {
        for (const Line &line : QList<Line>(m_lines))
            pass(line);
    }
    void pass(const Line &line)
    {
        if (!line.client || !line.host || m_stalled ||
            line.host->state() != QAbstractSocket::ConnectedState)
            return;
        forward(line, line.client, line.host, m_rate > 0 ? &m_allowed : nullptr);
        if (line.client && line.host && !m_clogged)
            forward(line, line.host, line.client);
    }
    /// @a allowed: no more than that, which is used up; nullptr: as fast as it goes.
    void forward(const Line &line, QTcpSocket *from, QTcpSocket *to, qint64 *allowed = nullptr)
    {
        while (from->isOpen() && to->isOpen() && to->bytesToWrite() < kBuffer) {
            QByteArray bytes = from->read(allowed ? std::min(*allowed, kBuffer) : kBuffer);
            if (bytes.isEmpty())
                return;
            if (allowed)
                *allowed -= bytes.size();
            if (m_cutAfter && bytes.size() >= *m_cutAfter) {
                bytes.truncate(*m_cutAfter);
                m_cutAfter.reset();
                ++m_cuts;
                from->disconnect();
                to->disconnect();
                to->write(bytes);
                to->flush();
                end(line);
                return;
            }
            if (m_cutAfter)
                *m_cutAfter -= bytes.size();
            to->write(bytes);
        }
    }
    void end(const Line &line)
    {
        m_lines.removeIf([&line](const Line &other) { return other.client == line.client; });
        if (line.host) {
            line.host->disconnect();
            line.host->abort();
        }
        if (line.client) {
            line.client->disconnect();
            line.client->abort();
            line.client->deleteLater();
        }
    }

    static constexpr qint64 kBuffer = 64 * 1024;
    static constexpr int kTickMs = 20;

    quint16 m_target;
    bool m_stalled = false;
    bool m_clogged = false;
    std::optional<qint64> m_cutAfter;
    int m_cuts = 0;
    qint64 m_rate = 0;    ///< bytes a second; 0: as fast as it goes
    qint64 m_allowed = 0; ///< bytes, at the moment
    QTimer m_tick;
    QList<Line> m_lines;
    QTcpServer m_server; ///< owns the sockets: it goes first
};
