#pragma once

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QMap>
#include <QProcess>
#include <QTcpSocket>
#include <QTemporaryFile>

/// The real program, started as a process.
class ServerProcess
{
public:
    ~ServerProcess();
    /// Starts `patchboard-server serve FILE --port 0 …` and waits until it says where it listens.
    bool start(const QString &file, const QStringList &options = {});
    /// SIGTERM; returns the exit code, or -1 if it did not end by itself.
    int terminate();
    void kill();
    /// Runs a command to its end.
    struct Finished
    {
        int code = -1;
        QByteArray out;
        QByteArray err;
    };
    static Finished run(const QStringList &arguments, const QStringList &environment = {});

    [[nodiscard]] quint16 port() const { return m_port; }
    [[nodiscard]] qint64 pid() const { return m_process.processId(); }
    [[nodiscard]] bool isRunning() const { return m_process.state() == QProcess::Running; }
    /// What it logged, of all its starts.
    QByteArray log();
    [[nodiscard]] QByteArray firstLine() const { return m_firstLine; }
    /// Resident memory, in bytes.
    [[nodiscard]] qint64 residentBytes() const;

private:
    QProcess m_process;
    QTemporaryFile m_logFile;
    QByteArray m_firstLine;
    quint16 m_port = 0;
};

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
