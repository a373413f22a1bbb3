#pragma once

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QProcess>
#include <QStandardPaths>
#include <QTemporaryDir>

#include <csignal>
#include <memory>

#include <sys/prctl.h>

/// A real avahi-daemon on a D-Bus of its own, which know the loopback interface only: nothing of it
/// leaves this machine, and no other bus or daemon is touched.
///
/// libdbus reads the address of the system bus once in a process, so there is one of these for a
/// process, made before anything asks for that bus.
class PrivateAvahi
{
public:
    PrivateAvahi()
    {
        qputenv("DBUS_SYSTEM_BUS_ADDRESS", busAddress());
        write(QStringLiteral("bus.conf"),
              "<!DOCTYPE busconfig PUBLIC \"-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN\"\n"
              " \"http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd\">\n"
              "<busconfig><listen>" +
                  busAddress() +
                  "</listen><auth>EXTERNAL</auth><auth>ANONYMOUS</auth><allow_anonymous/>\n"
                  "<policy context=\"default\"><allow user=\"*\"/><allow own=\"*\"/>"
                  "<allow send_destination=\"*\"/><allow receive_sender=\"*\"/></policy>"
                  "</busconfig>\n");
        write(QStringLiteral("passwd"), "root:x:0:0::/:/bin/sh\navahi:x:0:0::/:/bin/sh\n");
        write(QStringLiteral("group"), "root:x:0:\navahi:x:0:\n");
        write(QStringLiteral("avahi.conf"),
              "[server]\nhost-name=patchboard-test-" +
                  QByteArray::number(QCoreApplication::applicationPid()) +
                  "\nuse-ipv4=yes\nuse-ipv6=no\nallow-interfaces=lo\nenable-dbus=yes\n"
                  "[wide-area]\nenable-wide-area=no\n"
                  "[publish]\npublish-hinfo=no\npublish-workstation=no\n");
    }
    ~PrivateAvahi()
    {
        stopDaemon();
        stopBus();
    }
    PrivateAvahi(const PrivateAvahi &) = delete;
    PrivateAvahi &operator=(const PrivateAvahi &) = delete;

    [[nodiscard]] QByteArray busAddress() const
    {
        return "unix:path=" + QFile::encodeName(m_folder.filePath(QStringLiteral("bus")));
    }

    bool startBus()
    {
        m_bus = std::make_unique<QProcess>();
        m_bus->setProcessChannelMode(QProcess::MergedChannels);
        endWithThis(*m_bus);
        QFile::remove(m_folder.filePath(QStringLiteral("bus")));
        m_bus->start(
            QStringLiteral("dbus-daemon"),
            {QStringLiteral("--nofork"), QStringLiteral("--print-address"),
             QStringLiteral("--config-file=") + m_folder.filePath(QStringLiteral("bus.conf"))});
        return waitFor(*m_bus, "unix:path=");
    }
    void stopBus() { end(m_bus); }

    /// Empty, or why it cannot run here.
    QString startDaemon()
    {
        const QString daemon = QStandardPaths::findExecutable(
            QStringLiteral("avahi-daemon"),
            {QStringLiteral("/usr/sbin"), QStringLiteral("/usr/local/sbin")});
        if (daemon.isEmpty())
            return QStringLiteral("avahi-daemon is not installed");
        const QStringList arguments{QStringLiteral("-f"),
                                    m_folder.filePath(QStringLiteral("avahi.conf")),
                                    QStringLiteral("--no-drop-root"),
                                    QStringLiteral("--no-chroot"),
                                    QStringLiteral("--no-rlimits"),
                                    QStringLiteral("--no-proc-title"),
                                    QStringLiteral("--debug")};
        // It wants /run/avahi-daemon for itself, and to give it to the user avahi: in a namespace
        // of its own, where root is that user too; where those are forbidden, as it is.
        const QStringList apart =
            QStringList{QStringLiteral("-rm"),
                        QStringLiteral("sh"),
                        QStringLiteral("-c"),
                        QStringLiteral("mount --bind \"$1/passwd\" /etc/passwd && "
                                       "mount --bind \"$1/group\" /etc/group && "
                                       "mount -t tmpfs none /run && mkdir /run/avahi-daemon && "
                                       "shift && exec \"$@\""),
                        QStringLiteral("sh"),
                        m_folder.path(),
                        daemon} +
            arguments;
        QByteArray said;
        for (const auto &[program, options] :
             {std::pair(QStringLiteral("unshare"), apart), std::pair(daemon, arguments)}) {
            m_daemon = std::make_unique<QProcess>();
            m_daemon->setProcessChannelMode(QProcess::MergedChannels);
            endWithThis(*m_daemon);
            m_daemon->start(program, options);
            if (waitFor(*m_daemon, "Server startup complete", &said))
                return {};
            end(m_daemon);
        }
        return QStringLiteral("avahi-daemon does not run here: ") + QString::fromUtf8(said);
    }
    void stopDaemon() { end(m_daemon); }

private:
    void write(const QString &name, const QByteArray &text) const
    {
        QFile file(m_folder.filePath(name));
        if (!file.open(QIODevice::WriteOnly) || file.write(text) != text.size())
            qFatal("%s cannot be written", qUtf8Printable(file.fileName()));
    }
    /// Without its bus the daemon ends, too.
    static void endWithThis(QProcess &process)
    {
        process.setChildProcessModifier([] { ::prctl(PR_SET_PDEATHSIG, SIGKILL); });
    }
    static bool waitFor(QProcess &process, const QByteArray &text, QByteArray *said = nullptr)
    {
        QByteArray all;
        while (!all.contains(text)) {
            if (!process.waitForReadyRead(kPatience)) {
                if (said)
                    *said += all;
                return false;
            }
            all += process.readAll();
        }
        return true;
    }
    static void end(std::unique_ptr<QProcess> &process)
    {
        if (!process)
            return;
        process->terminate();
        if (!process->waitForFinished(kPatience))
            process->kill();
        process->waitForFinished(kPatience);
        process.reset();
    }

    static constexpr int kPatience = 15'000; ///< ms
    QTemporaryDir m_folder;
    std::unique_ptr<QProcess> m_bus;
    std::unique_ptr<QProcess> m_daemon;
};
