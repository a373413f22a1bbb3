#pragma once

#include "server/socketio/engine.h"

#include <QJsonArray>
#include <QJsonObject>

#include <set>

namespace patchboard::socketio {

class Gateway;
class Connection;

/// A client's stay in one namespace. Alive from Namespace::connected until after
/// Namespace::disconnected.
class Socket final : public QObject
{
    Q_OBJECT
public:
    [[nodiscard]] const QString &id() const { return m_id; }
    [[nodiscard]] const QString &nsp() const { return m_nsp; }
    /// What the client said of itself when it connected; empty if nothing.
    [[nodiscard]] const QJsonObject &auth() const { return m_auth; }
    /// The request that opened its session.
    [[nodiscard]] const http::Request &handshake() const;

    /// @a args may hold placeholders for the attachments (see Packet).
    void emitEvent(const QString &name, const QJsonArray &args,
                   const QList<QByteArray> &attachments = {});
    void acknowledge(quint64 ack, const QJsonArray &args,
                     const QList<QByteArray> &attachments = {});
    /// Leaves the namespace; the client is told.
    void disconnectClient();
    /// The same, and what its session has not fetched yet is taken back.
    void expelClient();

private:
    friend class Connection;
    Socket(Connection &connection, const QString &nsp, const QJsonObject &auth);
    Connection &m_connection;
    QString m_id;
    QString m_nsp;
    QJsonObject m_auth;
};

/// An event from a client.
struct Event
{
    QJsonValue name; ///< a text, or a number
    QJsonArray args;
    QList<QByteArray> attachments;
    std::optional<quint64> ack; ///< to be given to Socket::acknowledge()
};

/// What happens in a namespace; every function may be missing.
struct Namespace
{
    /// A text refuses the client, who is told it.
    std::function<std::optional<QString>(const QJsonObject &auth, const http::Request &handshake)>
        admit;
    std::function<void(Socket &)> connected;
    std::function<void(Socket &, const Event &)> event;
    std::function<void(Socket &, const QString &reason)> disconnected;
};

/// Socket.IO 5 over an Engine.
class Gateway final : public QObject
{
    Q_OBJECT
public:
    struct Options
    {
        Engine::Options engine;
        int connectTimeoutMs = 45'000; ///< without a namespace: closed
    };
    explicit Gateway(const Options &options);
    ~Gateway() override;

    void addNamespace(const QString &name, Namespace handlers);
    [[nodiscard]] Engine &engine() { return m_engine; }
    /// An event with one argument, which is JSON already.
    struct Broadcast
    {
        QByteArray name;
        QByteArray json;
    };
    /// To every client in a namespace, in this order. Encoded once for all of them.
    void broadcast(const QString &nsp, const QList<Broadcast> &events);
    [[nodiscard]] qsizetype socketCount() const { return m_sockets; }
    /// Tells the clients and ends them.
    void close();

private:
    friend class Connection;
    Options m_options;
    QHash<QString, Namespace> m_namespaces;
    std::set<Connection *> m_connections;
    qsizetype m_sockets = 0;
    Engine m_engine; ///< goes first
};

} // namespace patchboard::socketio
