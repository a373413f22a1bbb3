#pragma once

#include "model/clientcore.h"
#include "model/sync/transport.h"

#include <QElapsedTimer>
#include <QTimer>

#include <deque>
#include <mutex>

namespace patchboard {

/// The connection of a SyncClient, in a thread of its own: opens it again and again, decodes what
/// comes, answers pings and notices silence, however busy the window is.
class SyncLink final : public QObject
{
    Q_OBJECT
public:
    struct Options
    {
        TransportFactory transport;
        int pingAfter;      ///< ms of silence
        int deadAfter;      ///< ms of silence
        int backOffFirst;   ///< ms
        int backOffLongest; ///< ms
    };
    explicit SyncLink(Options options);
    ~SyncLink() override;

    // News for the owner, in order.
    struct Up ///< the transport is open: time to say Hello
    {
        quint64 connection;
        ClientReceiver::Partial partial;
    };
    struct Down
    {
        QString reason;
        qint64 retryIn; ///< ms until the next attempt; -1 = none is planned
    };
    struct Arrived
    {
        quint64 connection;
        ClientReceiver::Incoming incoming;
    };
    using News = std::variant<Up, Down, Arrived>;
    /// Everything since the last call. Any thread.
    [[nodiscard]] std::vector<News> takeNews();

    // From the owner's thread, by QMetaObject::invokeMethod.

    /// Opens at once, if it is not open; ends a wait.
    void connectNow();
    /// Closes and stays closed. @a last is sent before.
    void close(const QByteArray &last);
    /// Closes this connection and opens another after the wait of its turn, but not before
    /// @a retryAfter ms; -1 = stays closed.
    void hangUp(quint64 connection, const QString &reason, qint64 retryAfter);
    void send(quint64 connection, const QList<QByteArray> &frames);

Q_SIGNALS:
    /// There is news; sent once until it is taken.
    void newsArrived();

private:
    void attempt();
    void lost(const QString &reason, qint64 retryAfter = 0);
    void receive(const QByteArray &frame);
    void watch();
    void post(News news);
    void dropTransport();
    void pump();
    void pong(quint64 nonce);

    Options m_options;
    std::unique_ptr<Transport> m_transport;
    ClientReceiver m_receiver;
    quint64 m_connection = 0; ///< counts up
    // What is sent is acknowledged by pongs, and only so much of it is under way: else a ping would
    // stand behind all of a large change, and the host seem dead on a slow line.
    struct Mark
    {
        quint64 nonce;
        qint64 bytes; ///< sent between the mark before and this one
    };
    std::deque<QByteArray> m_waiting;
    std::deque<Mark> m_marks;
    qint64 m_underWay = 0;  ///< bytes
    qint64 m_sinceMark = 0; ///< of them, after the last mark
    quint64 m_nonce = 0;
    bool m_open = false;
    bool m_pinged = false;
    bool m_final = false; ///< the host has said that coming again is of no use
    int m_failures = 0;   ///< in a row
    QElapsedTimer m_silence;
    QTimer m_watch;
    QTimer m_retry;

    std::mutex m_mutex;
    std::vector<News> m_news;
};

} // namespace patchboard
