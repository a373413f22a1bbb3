#pragma once

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QMap>
#include <QTcpSocket>

struct Reply
{
    int status = 0; ///< 0 = the connection ended without an answer
    QMap<QByteArray, QByteArray> headers;
    QByteArray body;

    [[nodiscard]] QJsonObject object() const { return QJsonDocument::fromJson(body).object(); }
    [[nodiscard]] QJsonArray array() const { return QJsonDocument::fromJson(body).array(); }
    [[nodiscard]] QString detail() const { return object().value(u"detail").toString(); }
};

/// An HTTP client that speaks bytes and waits.
class HttpClient
{
public:
    explicit HttpClient(quint16 port)
        : m_port(port)
    {
    }
    Reply get(const QByteArray &path) { return request("GET", path); }
    Reply request(const QByteArray &method, const QByteArray &path, const QByteArray &body = {},
                  const QList<QByteArray> &headers = {});
    /// JSON.
    Reply send(const QByteArray &method, const QByteArray &path, const QJsonValue &body);
    /// Anything; reads one answer.
    Reply raw(const QByteArray &bytes, bool head = false);
    Reply readReply(bool head = false);
    /// Whatever comes until the other end closes.
    QByteArray readToEnd();
    void write(const QByteArray &bytes);
    bool connectNow();
    void close()
    {
        m_socket.abort();
        m_buffer.clear();
    }
    QTcpSocket &socket() { return m_socket; }

private:
    bool readMore();
    quint16 m_port;
    QTcpSocket m_socket;
    QByteArray m_buffer;
};
