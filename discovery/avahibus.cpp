#include "discovery/avahibus.h"

#include <QByteArrayList>
#include <QDBusMetaType>
#include <QDBusPendingCallWatcher>
#include <QDBusServiceWatcher>

#include <atomic>

namespace patchboard::discovery {

namespace {

constexpr int kRetryMs = 30'000;  ///< where there is no bus
constexpr int kServerRunning = 2; ///< AVAHI_SERVER_RUNNING of avahi-common/defs.h

QString avahiName()
{
    return QStringLiteral("org.freedesktop.Avahi");
}

} // namespace

AvahiBus::AvahiBus(QObject *parent)
    : QObject(parent)
    , m_bus(QString())
{
    qDBusRegisterMetaType<QByteArrayList>(); // the texts of a service
    static std::atomic<int> number = 0;
    m_name = QStringLiteral("patchboard-discovery-%1").arg(++number);
    m_retry.setSingleShot(true);
    m_retry.setInterval(kRetryMs);
    connect(&m_retry, &QTimer::timeout, this, &AvahiBus::connectNow);
}

AvahiBus::~AvahiBus()
{
    delete m_watcher;
    QDBusConnection::disconnectFromBus(m_name);
}

QString AvahiBus::interfaceOf(QLatin1String object)
{
    return avahiName() + u'.' + object;
}

void AvahiBus::start()
{
    connectNow();
}

void AvahiBus::connectNow()
{
    m_bus = QDBusConnection::connectToBus(QDBusConnection::SystemBus, m_name);
    if (!m_bus.isConnected()) {
        m_bus = QDBusConnection(QString());
        QDBusConnection::disconnectFromBus(m_name);
        m_retry.start();
        stop(tr("There is no system message bus (D-Bus) on this computer"));
        return;
    }
    m_bus.connect(QString(), QStringLiteral("/org/freedesktop/DBus/Local"),
                  QStringLiteral("org.freedesktop.DBus.Local"), QStringLiteral("Disconnected"),
                  this, SLOT(onDisconnected()));
    m_watcher =
        new QDBusServiceWatcher(avahiName(), m_bus, QDBusServiceWatcher::WatchForOwnerChange, this);
    connect(m_watcher, &QDBusServiceWatcher::serviceRegistered, this, &AvahiBus::ask);
    connect(m_watcher, &QDBusServiceWatcher::serviceUnregistered, this,
            [this] { stop(tr("The Avahi daemon has ended")); });
    m_bus.connect(avahiName(), QStringLiteral("/"), interfaceOf(QLatin1String("Server")),
                  QStringLiteral("StateChanged"), this, SLOT(onServerState(QDBusMessage)));
    ask();
}

void AvahiBus::ask()
{
    callServer(QStringLiteral("GetState"), {}, this, [this](const QDBusMessage &reply) {
        if (reply.type() == QDBusMessage::ReplyMessage)
            setServerState(reply.arguments().value(0).toInt());
        else
            stop(tr("The Avahi daemon does not run on this computer"));
    });
}

void AvahiBus::onServerState(const QDBusMessage &message)
{
    setServerState(message.arguments().value(0).toInt());
}

void AvahiBus::setServerState(int state)
{
    if (state != kServerRunning) {
        // Its own name is taken or being tried; it says when it has one.
        stop(tr("The Avahi daemon is not ready"));
    } else if (!m_running) {
        m_running = true;
        Q_EMIT running();
    }
}

void AvahiBus::onDisconnected()
{
    delete std::exchange(m_watcher, nullptr);
    m_bus = QDBusConnection(QString());
    QDBusConnection::disconnectFromBus(m_name);
    m_retry.start();
    stop(tr("There is no system message bus (D-Bus) on this computer"));
}

void AvahiBus::stop(const QString &reason)
{
    m_running = false;
    Q_EMIT stopped(reason);
}

void AvahiBus::call(const QString &path, const QString &interface, const QString &method,
                    const QVariantList &arguments, QObject *context, const Answer &answer)
{
    QDBusMessage message = QDBusMessage::createMethodCall(avahiName(), path, interface, method);
    message.setArguments(arguments);
    auto *watcher = new QDBusPendingCallWatcher(m_bus.asyncCall(message), this);
    connect(watcher, &QDBusPendingCallWatcher::finished, context,
            [watcher, answer] { answer(watcher->reply()); });
    connect(watcher, &QDBusPendingCallWatcher::finished, watcher, &QObject::deleteLater);
}

void AvahiBus::callServer(const QString &method, const QVariantList &arguments, QObject *context,
                          const Answer &answer)
{
    call(QStringLiteral("/"), interfaceOf(QLatin1String("Server")), method, arguments, context,
         answer);
}

void AvahiBus::free(const QString &path, const QString &interface)
{
    if (!m_bus.isConnected())
        return;
    QDBusMessage message =
        QDBusMessage::createMethodCall(avahiName(), path, interface, QStringLiteral("Free"));
    message.setAutoStartService(false);
    m_bus.send(message);
}

void AvahiBus::listen(const QString &interface, const QString &name, QObject *receiver,
                      const char *slot)
{
    // Of any object: the first signals of one may overtake the answer that names it.
    m_bus.connect(avahiName(), QString(), interface, name, receiver, slot);
}

} // namespace patchboard::discovery
