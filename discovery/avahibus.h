#pragma once

#include <QDBusConnection>
#include <QDBusMessage>
#include <QObject>
#include <QTimer>
#include <QVariantList>

#include <functional>

class QDBusServiceWatcher;

namespace patchboard::discovery {

/// A connection of its own to the system bus, and to the Avahi daemon on it. What is made there
/// ends with it, however this process ends.
class AvahiBus : public QObject
{
    Q_OBJECT
public:
    explicit AvahiBus(QObject *parent = nullptr);
    ~AvahiBus() override;

    /// Looks for the daemon, from now on; running() or stopped() follow, perhaps at once.
    void start();
    [[nodiscard]] bool isRunning() const { return m_running; }
    [[nodiscard]] bool isConnected() const { return m_bus.isConnected(); }

    using Answer = std::function<void(const QDBusMessage &)>;
    /// Asks an object of the daemon. @a answer gets a reply or an error, unless @a context or this
    /// is gone by then.
    void call(const QString &path, const QString &interface, const QString &method,
              const QVariantList &arguments, QObject *context, const Answer &answer);
    /// The same, of its server object.
    void callServer(const QString &method, const QVariantList &arguments, QObject *context,
                    const Answer &answer);
    /// Frees an object of the daemon.
    void free(const QString &path, const QString &interface);
    /// Signals of all objects with this interface that the daemon has made for this connection;
    /// @a slot takes a QDBusMessage. Once the connection is there: from running() on.
    void listen(const QString &interface, const QString &name, QObject *receiver, const char *slot);

    static QString interfaceOf(QLatin1String object);

Q_SIGNALS:
    /// The daemon is up: nothing of ours is there yet.
    void running();
    /// It is not, and all that was made there is gone. @a reason: for people.
    void stopped(const QString &reason);

private Q_SLOTS:
    void onServerState(const QDBusMessage &message);
    void onDisconnected();

private:
    void connectNow();
    void ask();
    void setServerState(int state);
    void stop(const QString &reason);

    QString m_name; ///< of the connection
    QDBusConnection m_bus;
    QDBusServiceWatcher *m_watcher = nullptr;
    QTimer m_retry;
    bool m_running = false;
};

} // namespace patchboard::discovery
