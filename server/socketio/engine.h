#pragma once

#include "server/http/message.h"
#include "server/http/sockets.h"
#include "server/socketio/packet.h"

#include <QElapsedTimer>
#include <QHash>
#include <QPointer>
#include <QTcpSocket>
#include <QTimer>
#include <QWebSocket>

#include <functional>
#include <memory>

namespace patchboard::socketio {

class Engine;

/// A WebSocket of a session, or of one that may become it.
class Channel final : public QObject
{
    Q_OBJECT
public:
    /// @a tcp is what @a socket stands on. @a mostBytes: of one message from the client.
    Channel(std::unique_ptr<QWebSocket> socket, QTcpSocket *tcp, qsizetype mostBytes);
    ~Channel() override;
    void send(const EnginePacket &packet);
    /// Ends it when what is queued has gone, or after a moment.
    void finish();
    /// The same, when whoever has just made the WebSocket is done with it.
    static void finishSoon(std::unique_ptr<Channel> channel);
    /// Takes in what has reached this machine already.
    void readNow();
    [[nodiscard]] qint64 unsent() const { return m_tcp ? http::unsentBytes(*m_tcp) : 0; }

Q_SIGNALS:
    void text(const QByteArray &message);
    void binary(const QByteArray &message);
    void ended();

private:
    std::unique_ptr<QWebSocket> m_socket;
    QPointer<QTcpSocket> m_tcp;
    bool m_ended = false;
};

/// A client of an Engine. Deleted by it, soon after closed().
class Session final : public QObject
{
    Q_OBJECT
public:
    [[nodiscard]] const QByteArray &sid() const { return m_sid; }
    [[nodiscard]] const http::Request &handshake() const { return m_handshake; }
    [[nodiscard]] bool isOpen() const { return m_state == State::Open; }
    /// In order. A client that takes nothing is closed when too much waits for it.
    void send(const EnginePacketPtr &packet);
    /// Takes back the messages that wait for a poll.
    void withdraw();
    /// Tells the client, then ends.
    void close(const QString &reason);

Q_SIGNALS:
    void text(const QByteArray &message);
    void binary(const QByteArray &message);
    void closed(const QString &reason);

private:
    friend class Engine;
    class Post;
    enum class State : quint8 { Open, Closing, Closed };

    Session(Engine &engine, const QByteArray &sid, const http::Request &handshake);
    void startOn(std::unique_ptr<Channel> channel);
    [[nodiscard]] http::Response poll();
    [[nodiscard]] http::Response post(const http::Request &request);
    /// A POST has begun; nullptr if it is one too many.
    [[nodiscard]] std::unique_ptr<http::Upload> awaitPost();
    void probe(std::unique_ptr<Channel> channel);
    void adopt(std::unique_ptr<Channel> channel);
    void upgrade();
    void dropCandidate();
    void received(const ReceivedPacket &packet);
    [[nodiscard]] QByteArray takePayload();
    void answerPoll(EnginePacket::Type type);
    void beat();
    [[nodiscard]] bool isOverdue() const;
    void leave(const QString &reason, EnginePacket::Type lastWord, int timeoutMs);
    /// @a lastWord: for the poll that waits. Without one its connection ends unanswered: then
    /// clients come back, where some take a farewell for good.
    void end(const QString &reason, std::optional<EnginePacket::Type> lastWord);

    Engine &m_engine;
    QByteArray m_sid;
    http::Request m_handshake;
    State m_state = State::Open;
    EnginePacket::Type m_lastWord = EnginePacket::Type::Close; ///< while Closing
    std::unique_ptr<Channel> m_channel;                        ///< none: long-polling
    std::unique_ptr<Channel> m_candidate;
    bool m_probed = false;                     ///< by the candidate
    std::shared_ptr<http::LaterAnswer> m_poll; ///< the one that waits
    bool m_posting = false;                    ///< one has begun
    QList<EnginePacketPtr> m_queue;            ///< for the next poll
    qsizetype m_queued = 0;                    ///< bytes of it
    QTimer m_beat;
    bool m_awaitsPong = false;
    QElapsedTimer m_sincePing; ///< or since the pong, or the start
    QTimer m_upgradeDeadline;
};

/// Engine.IO 4 over long-polling and WebSocket, behind any HTTP server: it is asked, it never
/// listens.
class Engine final : public QObject
{
    Q_OBJECT
public:
    struct Options
    {
        int pingIntervalMs = 25'000;
        int pingTimeoutMs = 20'000;
        int upgradeTimeoutMs = 10'000;
        int closeTimeoutMs = 5'000;              ///< for the last poll of a session that ends
        qsizetype maxPayload = 1'000'000;        ///< bytes of a message or payload from a client
        qsizetype unsentBytes = 4 * 1024 * 1024; ///< above it a client is closed
        qsizetype sessions = 4096;               ///< open at once
    };
    explicit Engine(const Options &options);
    ~Engine() override;

    /// Any request to the path that is no upgrade.
    [[nodiscard]] http::Response handle(const http::Request &request);
    /// A request to the path whose body is on its way; nullptr: nothing hangs on it.
    [[nodiscard]] std::unique_ptr<http::Upload> await(const http::Request &request);
    /// A refusal of an upgrade, before its handshake.
    [[nodiscard]] std::optional<http::Response> checkUpgrade(const http::Request &request) const;
    /// After an upgrade that was not refused.
    void take(std::unique_ptr<QWebSocket> socket, QTcpSocket *tcp, const http::Request &request);
    /// Ends all sessions, in a way after which clients try again; no more are opened.
    void close();

    [[nodiscard]] const Options &options() const { return m_options; }
    [[nodiscard]] qsizetype sessionCount() const { return m_sessions.size(); }

Q_SIGNALS:
    void opened(patchboard::socketio::Session *session);

private:
    friend class Session;
    [[nodiscard]] Session *newSession(const http::Request &request);
    [[nodiscard]] EnginePacketPtr openPacket(const Session &session, bool upgrades) const;
    void forget(Session *session);

    Options m_options;
    QHash<QByteArray, Session *> m_sessions;
    bool m_closed = false;
};

/// 20 characters that nobody can guess.
QByteArray randomId();

} // namespace patchboard::socketio
