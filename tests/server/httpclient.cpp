#include "tests/server/httpclient.h"

namespace {

constexpr int kPatience = 30'000;

} // namespace

bool HttpClient::connectNow()
{
    if (m_socket.state() == QAbstractSocket::ConnectedState)
        return true;
    m_buffer.clear();
    m_socket.abort();
    m_socket.connectToHost(QStringLiteral("127.0.0.1"), m_port);
    return m_socket.waitForConnected(kPatience);
}

void HttpClient::write(const QByteArray &bytes)
{
    m_socket.write(bytes);
    m_socket.flush();
}

bool HttpClient::readMore()
{
    if (m_socket.bytesAvailable() == 0 && !m_socket.waitForReadyRead(kPatience))
        return false;
    m_buffer += m_socket.readAll();
    return true;
}

Reply HttpClient::readReply(bool head)
{
    Reply reply;
    while (!m_buffer.contains("\r\n\r\n")) {
        if (!readMore())
            return reply;
    }
    const qsizetype end = m_buffer.indexOf("\r\n\r\n");
    const QList<QByteArray> lines = m_buffer.first(end).split('\n');
    m_buffer.remove(0, end + 4);
    for (const QByteArray &line : lines.mid(1)) {
        const qsizetype colon = line.indexOf(':');
        reply.headers.insert(line.first(colon).toLower(), line.mid(colon + 1).trimmed());
    }
    const int status = lines.first().split(' ').value(1).toInt();
    const qsizetype length = reply.headers.value("content-length").toLongLong();
    while (!head && m_buffer.size() < length) {
        if (!readMore())
            return reply;
    }
    if (!head) {
        reply.body = m_buffer.first(length);
        m_buffer.remove(0, length);
    }
    reply.status = status;
    return reply;
}

QByteArray HttpClient::readToEnd()
{
    while (readMore()) {
    }
    return std::exchange(m_buffer, {});
}

Reply HttpClient::raw(const QByteArray &bytes, bool head)
{
    if (!connectNow())
        return {};
    write(bytes);
    return readReply(head);
}

Reply HttpClient::request(const QByteArray &method, const QByteArray &path, const QByteArray &body,
                          const QList<QByteArray> &headers)
{
    QByteArray bytes = method + ' ' + path + " HTTP/1.1\r\nHost: localhost\r\n";
    for (const QByteArray &header : headers)
        bytes += header + "\r\n";
    if (!body.isEmpty())
        bytes += "Content-Length: " + QByteArray::number(body.size()) + "\r\n";
    const Reply reply = raw(bytes + "\r\n" + body, method == "HEAD");
    if (reply.headers.value("connection") == "close")
        close();
    return reply;
}

Reply HttpClient::send(const QByteArray &method, const QByteArray &path, const QJsonValue &body)
{
    const QByteArray json = body.isArray()
                                ? QJsonDocument(body.toArray()).toJson(QJsonDocument::Compact)
                                : QJsonDocument(body.toObject()).toJson(QJsonDocument::Compact);
    return request(method, path, json, {"Content-Type: application/json"});
}
