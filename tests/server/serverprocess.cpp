#include "tests/server/serverprocess.h"

#include <QFile>
#include <QRegularExpression>

#include <csignal>

#include <unistd.h>

namespace {

constexpr int kPatience = 30'000;

QString program()
{
    return QStringLiteral(PATCHBOARD_BIN_DIR "/patchboard-server");
}

} // namespace

ServerProcess::~ServerProcess()
{
    if (isRunning())
        kill();
}

bool ServerProcess::start(const QString &file, const QStringList &options)
{
    m_firstLine.clear();
    QStringList arguments{QStringLiteral("serve")};
    if (!file.isEmpty())
        arguments.append(file);
    arguments += options;
    if (!options.contains(QStringLiteral("--port")))
        arguments += {QStringLiteral("--port"), QStringLiteral("0")};
    // A file, because nobody reads a pipe while the test waits for something else.
    if (!m_logFile.isOpen() && !m_logFile.open())
        return false;
    m_process.setStandardErrorFile(m_logFile.fileName(), QIODevice::Append);
    m_process.start(program(), arguments);
    while (!m_firstLine.endsWith('\n')) {
        if (!m_process.waitForReadyRead(kPatience))
            return false;
        m_firstLine += m_process.readAllStandardOutput();
    }
    static const QRegularExpression address(QStringLiteral("https?://[^ \"]*:(\\d+)"));
    m_port = address.match(QString::fromUtf8(m_firstLine)).captured(1).toUShort();
    return m_port != 0;
}

QByteArray ServerProcess::log()
{
    QFile file(m_logFile.fileName());
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

int ServerProcess::terminate()
{
    m_process.terminate();
    if (!m_process.waitForFinished(kPatience) || m_process.exitStatus() != QProcess::NormalExit)
        return -1;
    return m_process.exitCode();
}

void ServerProcess::kill()
{
    m_process.kill();
    m_process.waitForFinished(kPatience);
}

ServerProcess::Finished ServerProcess::run(const QStringList &arguments,
                                           const QStringList &environment)
{
    QProcess process;
    if (!environment.isEmpty())
        process.setEnvironment(QProcess::systemEnvironment() + environment);
    process.start(program(), arguments);
    Finished out;
    if (!process.waitForFinished(kPatience)) {
        process.kill();
        process.waitForFinished(kPatience);
        return out;
    }
    out.code = process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -1;
    out.out = process.readAllStandardOutput();
    out.err = process.readAllStandardError();
    return out;
}

qint64 ServerProcess::residentBytes() const
{
    QFile file(QStringLiteral("/proc/%1/statm").arg(pid()));
    if (!file.open(QIODevice::ReadOnly))
        return 0;
    return file.readAll().split(' ').value(1).toLongLong() * ::sysconf(_SC_PAGESIZE);
}

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
