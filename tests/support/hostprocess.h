#pragma once

#include <QDir>
#include <QFile>
#include <QProcess>
#include <QRegularExpression>
#include <QTemporaryFile>
#include <QUrl>

#include <sys/prctl.h>

#include <csignal>
#include <functional>

/// A real `patchboard-server serve` on a board file, started and ended by a test or benchmark.
class HostProcess
{
public:
    explicit HostProcess(QString file = {})
        : m_file(std::move(file))
    {
    }
    ~HostProcess() { kill(); }
    HostProcess(const HostProcess &) = delete;
    HostProcess &operator=(const HostProcess &) = delete;

    static QString program() { return QStringLiteral(PATCHBOARD_BIN_DIR "/patchboard-server"); }

    using Prepare = std::function<void(QProcess &)>;
    /// Starts it and waits until it says where it listens: the first time at any free port, later
    /// at the same, unless @a options name one. False if it says no address; log() has what it
    /// said. @a prepare may give the process another environment or limits.
    bool start(const QStringList &options, const Prepare &prepare = {})
    {
        m_firstLine.clear();
        // A file, because nobody reads a pipe while the test waits for something else.
        if (!m_logFile.isOpen() && !m_logFile.open())
            return false;
        m_process = std::make_unique<QProcess>();
        // It does not outlive a test that is killed.
        m_process->setChildProcessModifier([] { ::prctl(PR_SET_PDEATHSIG, SIGKILL); });
        m_process->setStandardErrorFile(m_logFile.fileName(), QIODevice::Append);
        if (prepare)
            prepare(*m_process);
        QStringList arguments{QStringLiteral("serve")};
        if (!m_file.isEmpty())
            arguments.append(m_file);
        arguments += options;
        if (!options.contains(QStringLiteral("--port")))
            arguments += {QStringLiteral("--port"), QString::number(m_port)};
        m_process->start(program(), arguments);
        while (!m_firstLine.endsWith('\n')) {
            if (!m_process->waitForReadyRead(kPatience)) {
                qInfo("%s", log().constData());
                return false;
            }
            m_firstLine += m_process->readAllStandardOutput();
        }
        static const QRegularExpression address(QStringLiteral("https?://[^ \"]*:(\\d+)"));
        m_port = address.match(QString::fromUtf8(m_firstLine)).captured(1).toUShort();
        return m_port != 0;
    }
    bool start(const Prepare &prepare = {}) { return start(QStringList(), prepare); }
    bool start(const QString &file, const QStringList &options = {})
    {
        m_file = file;
        return start(options);
    }

    /// SIGKILL: no goodbye, nothing flushed.
    void kill()
    {
        if (isRunning()) {
            m_process->kill();
            m_process->waitForFinished(kPatience);
        }
    }

    /// SIGTERM; the exit code, or -1 if it crashed or did not end.
    int terminate()
    {
        m_process->terminate();
        if (!m_process->waitForFinished(kPatience) ||
            m_process->exitStatus() != QProcess::NormalExit)
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
    /// What it wrote to standard output when it was ready.
    [[nodiscard]] QByteArray firstLine() const { return m_firstLine; }
    /// What it logged, of all its starts.
    [[nodiscard]] QByteArray log() const
    {
        QFile file(m_logFile.fileName());
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }

    /// A command that came to its end; -1: it crashed, or did not end.
    struct Finished
    {
        int code = -1;
        QByteArray out;
        QByteArray err;
    };
    /// Runs the program to its end. @a environment: `NAME=VALUE` beside those of this process.
    static Finished run(const QStringList &arguments, const QStringList &environment = {})
    {
        QProcess process;
        if (!environment.isEmpty())
            process.setEnvironment(QProcess::systemEnvironment() + environment);
        process.start(program(), arguments);
        Finished finished;
        if (!process.waitForFinished(2 * kPatience)) {
            process.kill();
            process.waitForFinished(kPatience);
            return finished;
        }
        finished.code = process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -1;
        finished.out = process.readAllStandardOutput();
        finished.err = process.readAllStandardError();
        return finished;
    }

private:
    static constexpr int kPatience = 30'000; ///< ms

    QString m_file;
    std::unique_ptr<QProcess> m_process;
    QTemporaryFile m_logFile;
    QByteArray m_firstLine;
    quint16 m_port = 0;
};
