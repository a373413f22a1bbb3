#include "server/socketio/engine.h"

#include "server/http/websockets.h"

#include <QRandomGenerator>
#include <QUrlQuery>
#include <QWebSocketProtocol>

#include <array>
#include <numeric>

#include <poll.h>

namespace patchboard::socketio {

namespace {

using Type = EnginePacket::Type;

constexpr int kFinishMs = 2000;
constexpr int kLatePollMs = 250;

/// The refusals that clients of Engine.IO know.
enum class Refusal : quint8 {
    UnknownTransport = 0,
    UnknownSession = 1,
    BadMethod = 2,
    BadRequest = 3,
    UnsupportedVersion = 5
};

http::Response engineRefusal(Refusal refusal)
{
    static constexpr std::array texts{
        "Transport unknown", "Session ID unknown", "Bad handshake method",
        "Bad request",       "Forbidden",          "Unsupported protocol version"};
    http::Response response;
    response.status = 400;
    response.body = "{\"code\":" + QByteArray::number(int(refusal)) + ",\"message\":\"" +
                    texts[size_t(refusal)] + "\"}";
    return response;
}

http::Response plainText(int status, const QByteArray &body)
{
    http::Response response;
    response.status = status;
    response.contentType = "text/plain; charset=UTF-8";
    response.body = body;
    response.headers.emplaceBack("Cache-Control", "no-store");
    return response;
}

struct Query
{
    explicit Query(const http::Request &request)
    {
        const QUrlQuery query(QString::fromLatin1(request.query));
        const auto value = [&query](const QString &key) {
            return query.queryItemValue(key).toLatin1();
        };
        version = value(QStringLiteral("EIO"));
        transport = value(QStringLiteral("transport"));
        hasSid = query.hasQueryItem(QStringLiteral("sid"));
        sid = value(QStringLiteral("sid"));
    }
    QByteArray version;
    QByteArray transport;
    QByteArray sid;
    bool hasSid = false;
};

EnginePacketPtr control(Type type)
{
    return std::make_shared<EnginePacket>(type, QByteArray());
}

} // namespace

QByteArray randomId()
{
    std::array<quint32, 4> words;
    QRandomGenerator::system()->fillRange(words.data(), qsizetype(words.size()));
    return QByteArray(reinterpret_cast<const char *>(words.data()), 15)
        .toBase64(QByteArray::Base64UrlEncoding);
}

Channel::Channel(std::unique_ptr<QWebSocket> socket, QTcpSocket *tcp, qsizetype mostBytes)
    : m_socket(std::move(socket))
    , m_tcp(tcp)
{
    m_socket->setMaxAllowedIncomingFrameSize(quint64(mostBytes));
    m_socket->setMaxAllowedIncomingMessageSize(quint64(mostBytes));
    connect(m_socket.get(), &QWebSocket::textMessageReceived, this, [this](const QString &message) {
        if (!m_ended)
            Q_EMIT text(message.toUtf8());
    });
    connect(m_socket.get(), &QWebSocket::binaryMessageReceived, this,
            [this](const QByteArray &message) {
                if (!m_ended)
                    Q_EMIT binary(message);
            });
    connect(m_socket.get(), &QWebSocket::disconnected, this, [this] {
        if (!std::exchange(m_ended, true))
            Q_EMIT ended();
    });
}

Channel::~Channel()
{
    m_ended = true;
    m_socket->disconnect(this);
    // It may be in the middle of one of its signals.
    m_socket->abort();
    m_socket.release()->deleteLater();
}

void Channel::send(const EnginePacket &packet)
{
    if (m_tcp && !m_ended)
        http::writeAtOnce(*m_tcp, packet.frame());
}

void Channel::finish()
{
    disconnect(m_socket.get(), &QWebSocket::disconnected, this, nullptr);
    connect(m_socket.get(), &QWebSocket::disconnected, this, &QObject::deleteLater);
    if (std::exchange(m_ended, true) || m_socket->state() == QAbstractSocket::UnconnectedState) {
        deleteLater();
        return;
    }
    m_socket->close(QWebSocketProtocol::CloseCodeNormal);
    QTimer::singleShot(kFinishMs, this, [this] { m_socket->abort(); });
}

void Channel::finishSoon(std::unique_ptr<Channel> channel)
{
    QMetaObject::invokeMethod(channel.release(), &Channel::finish, Qt::QueuedConnection);
}

void Channel::readNow()
{
    if (!m_tcp || m_ended)
        return;
    pollfd readable{int(m_tcp->socketDescriptor()), POLLIN, 0};
    if (::poll(&readable, 1, 0) > 0)
        m_tcp->waitForReadyRead(0);
}

Session::Session(Engine &engine, const QByteArray &sid, const http::Request &handshake)
    : m_engine(engine)
    , m_sid(sid)
    , m_handshake(handshake)
{
    m_beat.setSingleShot(true);
    m_beat.setTimerType(Qt::PreciseTimer);
    connect(&m_beat, &QTimer::timeout, this, &Session::beat);
    m_upgradeDeadline.setSingleShot(true);
    m_upgradeDeadline.setInterval(engine.options().upgradeTimeoutMs);
    connect(&m_upgradeDeadline, &QTimer::timeout, this, &Session::dropCandidate);
    m_sincePing.start();
    m_beat.start(engine.options().pingIntervalMs);
}

void Session::startOn(std::unique_ptr<Channel> channel)
{
    adopt(std::move(channel));
    send(m_engine.openPacket(*this, false));
}

void Session::adopt(std::unique_ptr<Channel> channel)
{
    m_channel = std::move(channel);
    connect(m_channel.get(), &Channel::text, this, [this](const QByteArray &message) {
        if (const auto packet = readPacket(message))
            received(*packet);
        else
            end(QStringLiteral("parse error"), Type::Close);
    });
    connect(m_channel.get(), &Channel::binary, this, [this](const QByteArray &message) {
        received({std::nullopt, message});
    });
    connect(m_channel.get(), &Channel::ended, this,
            [this] { end(QStringLiteral("transport close"), Type::Close); });
}

void Session::beat()
{
    if (m_state != State::Open)
        return;
    const int left = m_engine.options().pingTimeoutMs;
    if (m_awaitsPong) {
        end(QStringLiteral("ping timeout"), Type::Close);
        return;
    }
    m_awaitsPong = true;
    m_beat.start(
        std::max(1, m_engine.options().pingIntervalMs + left - int(m_sincePing.elapsed())));
    send(control(Type::Ping));
}

bool Session::isOverdue() const
{
    return m_sincePing.elapsed() >=
           m_engine.options().pingIntervalMs + m_engine.options().pingTimeoutMs;
}

void Session::send(const EnginePacketPtr &packet)
{
    if (m_state != State::Open)
        return;
    if (m_channel) {
        if (m_channel->unsent() > m_engine.options().unsentBytes)
            end(QStringLiteral("the client takes nothing"), Type::Close);
        else
            m_channel->send(*packet);
        return;
    }
    m_queue.append(packet);
    m_queued += packet->size();
    if (const auto poll = std::exchange(m_poll, nullptr))
        poll->give(plainText(200, takePayload()));
    else if (m_queued > m_engine.options().unsentBytes)
        end(QStringLiteral("the client takes nothing"), Type::Close);
}

void Session::withdraw()
{
    m_queue.removeIf([](const EnginePacketPtr &packet) { return packet->isMessage(); });
    m_queued = std::accumulate(
        m_queue.cbegin(), m_queue.cend(), qsizetype(0),
        [](qsizetype sum, const EnginePacketPtr &packet) { return sum + packet->size(); });
}

QByteArray Session::takePayload()
{
    QByteArray body;
    for (const EnginePacketPtr &packet : std::as_const(m_queue)) {
        if (!body.isEmpty())
            body += '\x1e';
        body += packet->polling();
    }
    m_queue.clear();
    m_queued = 0;
    return body;
}

void Session::answerPoll(Type type)
{
    if (const auto poll = std::exchange(m_poll, nullptr))
        poll->give(plainText(200, QByteArray(1, char(type))));
}

http::Response Session::poll()
{
    if (m_poll) {
        end(QStringLiteral("two polls at once"), Type::Close);
        return engineRefusal(Refusal::BadRequest);
    }
    if (m_state == State::Closing)
        m_queue.append(control(m_lastWord));
    // A client that tries another transport waits for its polls to end.
    else if (m_queue.isEmpty() && m_candidate && m_probed)
        m_queue.append(control(Type::Noop));
    if (!m_queue.isEmpty()) {
        const http::Response response = plainText(200, takePayload());
        if (m_state == State::Closing) {
            m_state = State::Closed;
            m_engine.forget(this);
        }
        return response;
    }
    m_poll = std::make_shared<http::LaterAnswer>();
    m_poll->onLeft([this] {
        m_poll.reset();
        end(QStringLiteral("transport close"), Type::Close);
    });
    http::Response response;
    response.later = m_poll;
    return response;
}

/// The one POST of a session that may be under way; who leaves it has left the session.
class Session::Post final : public http::Upload
{
public:
    explicit Post(Session *session)
        : m_session(session)
    {
        session->m_posting = true;
    }
    ~Post() override
    {
        if (!m_session)
            return;
        m_session->m_posting = false;
        if (!m_arrived && !m_session->m_channel)
            m_session->end(QStringLiteral("transport close"), Type::Close);
    }
    void arrived() override { m_arrived = true; }

private:
    QPointer<Session> m_session;
    bool m_arrived = false;
};

std::unique_ptr<http::Upload> Session::awaitPost()
{
    if (!m_posting)
        return std::make_unique<Post>(this);
    end(QStringLiteral("two posts at once"), Type::Close);
    return nullptr;
}

http::Response Session::post(const http::Request &request)
{
    if (m_posting) {
        end(QStringLiteral("two posts at once"), Type::Close);
        return engineRefusal(Refusal::BadRequest);
    }
    if (request.body.size() > m_engine.options().maxPayload)
        return plainText(413, "Payload too large");
    if (m_state != State::Open)
        return engineRefusal(Refusal::UnknownSession);
    const bool bytes = request.header("content-type") == "application/octet-stream";
    const auto packets = bytes ? std::nullopt : readPayload(request.body);
    if (!packets) {
        end(QStringLiteral("parse error"), Type::Close);
        return engineRefusal(Refusal::BadRequest);
    }
    const QPointer<Session> self(this);
    for (const ReceivedPacket &packet : *packets) {
        received(packet);
        if (!self || m_state != State::Open)
            break;
    }
    return plainText(200, "ok");
}

void Session::received(const ReceivedPacket &packet)
{
    if (m_state != State::Open)
        return;
    if (!packet.type) {
        Q_EMIT binary(packet.data);
        return;
    }
    switch (*packet.type) {
    case Type::Message:
        Q_EMIT text(packet.data);
        break;
    case Type::Pong:
        m_awaitsPong = false;
        m_sincePing.start();
        m_beat.start(m_engine.options().pingIntervalMs);
        break;
    case Type::Close:
        // A poll of the same client may still be on its way.
        leave(QStringLiteral("transport close"), Type::Noop, kLatePollMs);
        break;
    case Type::Ping: // of the server alone, since version 4
        end(QStringLiteral("invalid heartbeat direction"), Type::Close);
        break;
    case Type::Open:
    case Type::Upgrade:
    case Type::Noop:
        break;
    }
}

void Session::probe(std::unique_ptr<Channel> channel)
{
    if (m_candidate || m_channel || m_state != State::Open) {
        Channel::finishSoon(std::move(channel));
        return;
    }
    m_candidate = std::move(channel);
    m_probed = false;
    m_upgradeDeadline.start();
    connect(m_candidate.get(), &Channel::text, this, [this](const QByteArray &message) {
        if (message == "2probe") {
            m_probed = true;
            m_candidate->send(EnginePacket(Type::Pong, "probe"));
            answerPoll(Type::Noop);
        } else if (message == "5") {
            upgrade();
        } else {
            dropCandidate();
        }
    });
    connect(m_candidate.get(), &Channel::binary, this, &Session::dropCandidate);
    connect(m_candidate.get(), &Channel::ended, this, &Session::dropCandidate);
}

void Session::upgrade()
{
    m_upgradeDeadline.stop();
    m_candidate->disconnect(this);
    answerPoll(Type::Noop);
    adopt(std::move(m_candidate));
    m_queued = 0;
    const QList<EnginePacketPtr> waiting = std::exchange(m_queue, {});
    for (const EnginePacketPtr &packet : waiting)
        m_channel->send(*packet);
}

void Session::dropCandidate()
{
    m_upgradeDeadline.stop();
    if (!m_candidate)
        return;
    m_candidate->disconnect(this);
    m_candidate.release()->finish();
}

void Session::close(const QString &reason)
{
    leave(reason, Type::Close, m_engine.options().closeTimeoutMs);
}

void Session::leave(const QString &reason, Type lastWord, int timeoutMs)
{
    if (m_state != State::Open)
        return;
    if (m_channel || m_poll) {
        end(reason, lastWord);
        return;
    }
    // The next poll takes what waits, and the last word.
    m_state = State::Closing;
    m_lastWord = lastWord;
    m_beat.stop();
    dropCandidate();
    QTimer::singleShot(timeoutMs, this, [this] { end(QString(), m_lastWord); });
    Q_EMIT closed(reason);
}

void Session::end(const QString &reason, std::optional<Type> lastWord)
{
    const State before = std::exchange(m_state, State::Closed);
    if (before == State::Closed)
        return;
    m_beat.stop();
    dropCandidate();
    if (lastWord)
        answerPoll(*lastWord);
    else
        m_poll.reset();
    m_queue.clear();
    if (m_channel) {
        m_channel->disconnect(this);
        m_channel.release()->finish();
    }
    m_engine.forget(this);
    if (before == State::Open)
        Q_EMIT closed(reason);
}

Engine::Engine(const Options &options)
    : m_options(options)
{
}

Engine::~Engine()
{
    close();
    qDeleteAll(m_sessions);
}

void Engine::close()
{
    m_closed = true;
    const auto sessions = m_sessions;
    for (Session *session : sessions)
        session->end(QStringLiteral("server shutting down"), std::nullopt);
}

Session *Engine::newSession(const http::Request &request)
{
    auto *session = new Session(*this, randomId(), request);
    m_sessions.insert(session->sid(), session);
    return session;
}

void Engine::forget(Session *session)
{
    m_sessions.remove(session->sid());
    session->deleteLater();
}

EnginePacketPtr Engine::openPacket(const Session &session, bool upgrades) const
{
    QByteArray text = "{\"sid\":\"" + session.sid() + "\",\"upgrades\":[";
    text += upgrades ? "\"websocket\"]" : "]";
    text += ",\"pingInterval\":" + QByteArray::number(m_options.pingIntervalMs);
    text += ",\"pingTimeout\":" + QByteArray::number(m_options.pingTimeoutMs);
    text += ",\"maxPayload\":" + QByteArray::number(m_options.maxPayload) + '}';
    return std::make_shared<EnginePacket>(Type::Open, text);
}

http::Response Engine::handle(const http::Request &request)
{
    const Query query(request);
    if (query.transport != "polling" && query.transport != "websocket")
        return engineRefusal(Refusal::UnknownTransport);
    if (!query.hasSid) {
        if (request.method != "GET")
            return engineRefusal(Refusal::BadMethod);
        if (query.version != "4")
            return engineRefusal(Refusal::UnsupportedVersion);
        if (query.transport != "polling") // without an upgrade
            return engineRefusal(Refusal::BadRequest);
        if (m_closed || m_sessions.size() >= m_options.sessions)
            return plainText(503, "Too many sessions");
        Session *session = newSession(request);
        const http::Response response = plainText(200, openPacket(*session, true)->polling());
        Q_EMIT opened(session);
        return response;
    }
    Session *session = m_sessions.value(query.sid);
    if (!session)
        return engineRefusal(Refusal::UnknownSession);
    // What the other transport has brought already goes before.
    if (session->m_candidate)
        session->m_candidate->readNow();
    if (session->m_state == Session::State::Open && session->isOverdue()) {
        session->end(QStringLiteral("ping timeout"), Type::Close);
        return engineRefusal(Refusal::UnknownSession);
    }
    if (session->m_state == Session::State::Closed)
        return engineRefusal(Refusal::UnknownSession);
    if (query.transport != "polling" || session->m_channel || query.version != "4")
        return engineRefusal(Refusal::BadRequest);
    if (request.method == "GET")
        return session->poll();
    if (request.method == "POST")
        return session->post(request);
    return engineRefusal(Refusal::BadMethod);
}

std::unique_ptr<http::Upload> Engine::await(const http::Request &request)
{
    if (request.method != "POST")
        return nullptr;
    Session *session = m_sessions.value(Query(request).sid);
    const bool takesPosts =
        session && session->m_state == Session::State::Open && !session->m_channel;
    return takesPosts ? session->awaitPost() : nullptr;
}

std::optional<http::Response> Engine::checkUpgrade(const http::Request &request) const
{
    const Query query(request);
    if (query.transport != "websocket")
        return engineRefusal(Refusal::UnknownTransport);
    if (query.version != "4")
        return engineRefusal(Refusal::UnsupportedVersion);
    if (query.hasSid ? !m_sessions.contains(query.sid) : false)
        return engineRefusal(Refusal::UnknownSession);
    if (!query.hasSid && (m_closed || m_sessions.size() >= m_options.sessions))
        return plainText(503, "Too many sessions");
    return http::WebSocketDoor::check(request);
}

void Engine::take(std::unique_ptr<QWebSocket> socket, QTcpSocket *tcp, const http::Request &request)
{
    auto channel = std::make_unique<Channel>(std::move(socket), tcp, m_options.maxPayload);
    const Query query(request);
    if (query.hasSid) {
        if (Session *session = m_sessions.value(query.sid))
            session->probe(std::move(channel));
        else
            Channel::finishSoon(std::move(channel));
        return;
    }
    Session *session = newSession(request);
    session->startOn(std::move(channel));
    Q_EMIT opened(session);
}

} // namespace patchboard::socketio
