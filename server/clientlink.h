#pragma once

#include "model/sync/transport.h"

#include <QElapsedTimer>
#include <QPointer>
#include <QTcpSocket>
#include <QWebSocket>

#include <memory>
#include <optional>

namespace patchboard::server {

/// A frame on its way to many: as it is for those in this process, and with the WebSocket's header
/// before it, made once, for those behind sockets.
class SharedFrame
{
public:
    explicit SharedFrame(QByteArray payload)
        : m_payload(std::move(payload))
    {
    }
    [[nodiscard]] const QByteArray &payload() const { return m_payload; }
    [[nodiscard]] const QByteArray &framed();

private:
    QByteArray m_payload;
    QByteArray m_framed;
};

/// The host's end of one client's connection.
class ClientLink : public QObject
{
    Q_OBJECT
public:
    using QObject::QObject;

    virtual void send(SharedFrame &frame) = 0;
    /// Ends it when what is queued has gone, or after a moment.
    virtual void finish() = 0;
    virtual void abort() = 0;
    [[nodiscard]] virtual qint64 bytesToWrite() const = 0;
    /// Asks for a sign of life, where the channel can lose one.
    virtual void ping() = 0;
    /// For the log: an address, or "this process".
    [[nodiscard]] virtual QString peer() const = 0;

Q_SIGNALS:
    void received(const QByteArray &frame);
    /// A sign of life that is no frame.
    void alive();
    void drained();
    /// It sends more than it may, and is listened to no more. @a retryAfter: ms until there would
    /// be room again.
    void flooded(qint64 retryAfter);
    void ended(const QString &reason);
};

/// A client in this process.
class TransportLink final : public ClientLink
{
    Q_OBJECT
public:
    explicit TransportLink(std::unique_ptr<Transport> transport);
    ~TransportLink() override;
    void send(SharedFrame &frame) override;
    void finish() override;
    void abort() override;
    [[nodiscard]] qint64 bytesToWrite() const override;
    void ping() override;
    [[nodiscard]] QString peer() const override;

private:
    std::unique_ptr<Transport> m_transport;
};

/// How much of something may come: so much at once, and so much a second.
class Allowance
{
public:
    Allowance(double atOnce, double perSecond)
        : m_atOnce(atOnce)
        , m_perSecond(perSecond)
        , m_left(atOnce)
    {
    }
    /// Takes it; @a now: ns of any clock. If that is too much: the seconds until it would not be.
    std::optional<double> take(double amount, qint64 now);

private:
    double m_atOnce;
    double m_perSecond;
    double m_left;
    qint64 m_taken = 0; ///< when that was so
};

/// A client behind a WebSocket. QWebSocket reads; frames are written to its TCP socket ready made,
/// because QWebSocket would encode each of them for each client.
class SocketLink final : public ClientLink
{
    Q_OBJECT
public:
    /// @a tcp is what @a socket was made from.
    SocketLink(std::unique_ptr<QWebSocket> socket, QTcpSocket *tcp);
    ~SocketLink() override;
    void send(SharedFrame &frame) override;
    void finish() override;
    void abort() override;
    [[nodiscard]] qint64 bytesToWrite() const override;
    void ping() override;
    [[nodiscard]] QString peer() const override;

private:
    bool admits(qsizetype bytes);

    std::unique_ptr<QWebSocket> m_socket;
    QPointer<QTcpSocket> m_tcp;
    QElapsedTimer m_clock;
    Allowance m_frames;
    Allowance m_bytes;
    bool m_flooded = false;
    bool m_ended = false;
};

} // namespace patchboard::server
