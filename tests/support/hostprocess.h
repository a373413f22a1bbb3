#pragma once

#include <QDir>
#include <QFile>
#include <QProcess>
#include <QRegularExpression>
#include <QUrl>

#include <csignal>
#include <functional>

/// A real `patchboard-server serve` on a board file, started and ended by a test or benchmark.
class HostProcess
{
public:
    explicit HostProcess(QString file)
        : m_file(std::move(file))
    {
    }
    ~HostProcess() { kill(); }
    HostProcess(const HostProcess &) = delete;
    HostProcess &operator=(const HostProcess &) = delete;

    static QString program() { return QStringLiteral(PATCHBOARD_BIN_DIR "/patchboard-server"); }

    /// Starts it; the first time on any free port, later on the same. False if it says no address.
    /// @a prepare may give the process another environment or limits.
    bool start(const std::function<void(QProcess &)> &prepare = {})
    {
        m_process = std::make_unique<QProcess>();
        if (prepare)
            prepare(*m_process);
        m_process->setProcessChannelMode(QProcess::MergedChannels);
        m_output.clear();
        m_process->start(program(), {QStringLiteral("serve"), m_file, QStringLiteral("--port"),
                                     QString::number(m_port)});
        static const QRegularExpression address(QStringLiteral("127\\.0\\.0\\.1:(\\d+)"));
        while (m_process->state() != QProcess::NotRunning || m_process->bytesAvailable() > 0) {
            m_output += m_process->readAll();
            if (const auto match = address.match(QString::fromUtf8(m_output)); match.hasMatch()) {
                m_port = quint16(match.captured(1).toUInt());
                return true;
            }
            if (!m_process->waitForReadyRead(20000) && m_process->state() == QProcess::NotRunning)
                break;
        }
        qInfo("%s", m_output.constData());
        return false;
    }

    /// SIGKILL: no goodbye, nothing flushed.
    void kill()
    {
        if (m_process && m_process->state() != QProcess::NotRunning) {
            m_process->kill();
            m_process->waitForFinished();
        }
    }

    /// SIGTERM; the exit code, or -1 if it crashed or did not end.
    int terminate()
    {
        m_process->terminate();
        if (!m_process->waitForFinished(20000) || m_process->exitStatus() != QProcess::NormalExit)
            return -1;
        return m_process->exitCode();
    }

    /// SIGSTOP and SIGCONT: it looks connected, and is silent.
    void signal(int number) const { ::kill(pid_t(m_process->processId()), number); }

    [[nodiscard]] bool isRunning() const
    {
        return m_process && m_process->state() != QProcess::NotRunning;
    }
    /// Resident memory in bytes; -1 if it does not run.
    [[nodiscard]] qint64 memory() const
    {
        QFile status(QStringLiteral("/proc/%1/status").arg(m_process->processId()));
        if (!status.open(QIODevice::ReadOnly))
            return -1;
        static const QRegularExpression resident(QStringLiteral("VmRSS:\\s+(\\d+) kB"));
        const auto match = resident.match(QString::fromUtf8(status.readAll()));
        return match.hasMatch() ? match.captured(1).toLongLong() * 1024 : -1;
    }
    [[nodiscard]] qint64 processId() const { return m_process->processId(); }
    [[nodiscard]] const QString &file() const { return m_file; }
    [[nodiscard]] quint16 port() const { return m_port; }
    [[nodiscard]] QUrl url() const { return QUrl(QStringLiteral("ws://127.0.0.1:%1").arg(m_port)); }

    /// Runs the program to its end; its exit code and, by @a output, all that it said.
    static int run(const QStringList &arguments, QByteArray *output = nullptr)
    {
        QProcess process;
        process.setProcessChannelMode(QProcess::MergedChannels);
        process.start(program(), arguments);
        if (!process.waitForFinished(60000))
            return -1;
        if (output)
            *output = process.readAll();
        return process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -1;
    }

private:
    QString m_file;
    std::unique_ptr<QProcess> m_process;
    QByteArray m_output;
    quint16 m_port = 0;
};
