#include "discovery/hostannouncer.h"

#include "discovery/avahibus.h"

#include <QDBusObjectPath>
#include <QNetworkInterface>

namespace patchboard::discovery {

namespace {

constexpr int kMostNames = 20; ///< tried one after the other when others have them
// avahi-common/defs.h and address.h
constexpr int kGroupEstablished = 2;
constexpr int kGroupCollision = 3;
constexpr int kGroupFailure = 4;
constexpr int kEveryInterface = -1;
constexpr int kIPv4 = 0;
constexpr int kIPv6 = 1;
constexpr int kBothProtocols = -1;

QString groupInterface()
{
    return AvahiBus::interfaceOf(QLatin1String("EntryGroup"));
}

/// The network that an address is of; -1: it is of all, or of none that is known.
int interfaceIndexOf(const QHostAddress &address)
{
    for (const QNetworkInterface &interface : QNetworkInterface::allInterfaces()) {
        for (const QNetworkAddressEntry &entry : interface.addressEntries()) {
            if (entry.ip().isEqual(address, QHostAddress::TolerantConversion))
                return interface.index();
        }
    }
    return kEveryInterface;
}

} // namespace

HostAnnouncer::HostAnnouncer(Announcement announcement, QObject *parent)
    : QObject(parent)
    , m_announcement(std::move(announcement))
    , m_bus(std::make_unique<AvahiBus>())
    , m_serviceName(serviceNameOf(m_announcement))
{
    const QHostAddress &address = m_announcement.address;
    const bool isAny = address == QHostAddress(QHostAddress::Any) ||
                       address == QHostAddress(QHostAddress::AnyIPv4) ||
                       address == QHostAddress(QHostAddress::AnyIPv6);
    m_interface = isAny ? kEveryInterface : interfaceIndexOf(address);
    if (address.protocol() == QAbstractSocket::IPv4Protocol)
        m_protocol = kIPv4;
    else
        m_protocol = isAny ? kBothProtocols : kIPv6; // :: takes both
    connect(m_bus.get(), &AvahiBus::running, this, &HostAnnouncer::onRunning);
    connect(m_bus.get(), &AvahiBus::stopped, this, [this](const QString &reason) {
        if (!m_group.isEmpty())
            m_bus->free(std::exchange(m_group, {}), groupInterface());
        m_listening = m_listening && m_bus->isConnected();
        tell(State::Unavailable, reason);
    });
    QMetaObject::invokeMethod(
        this, [this] { m_bus->start(); }, Qt::QueuedConnection);
}

HostAnnouncer::~HostAnnouncer() = default;

void HostAnnouncer::onRunning()
{
    tell(State::Trying);
    if (!std::exchange(m_listening, true)) {
        m_bus->listen(groupInterface(), QStringLiteral("StateChanged"), this,
                      SLOT(onGroupState(QDBusMessage)));
    }
    m_otherNames = 0;
    m_bus->callServer(QStringLiteral("EntryGroupNew"), {}, this, [this](const QDBusMessage &reply) {
        m_group = reply.arguments().value(0).value<QDBusObjectPath>().path();
        if (reply.type() == QDBusMessage::ErrorMessage || m_group.isEmpty())
            tell(State::Unavailable, reply.errorMessage());
        else
            addService();
    });
}

void HostAnnouncer::addService()
{
    m_toldBoard = m_announcement.board;
    const QVariantList arguments{m_interface,
                                 m_protocol,
                                 uint(0),
                                 m_serviceName,
                                 QString(kServiceType),
                                 QString(),
                                 QString(),
                                 QVariant::fromValue(m_announcement.port),
                                 QVariant::fromValue(txtOf(m_announcement))};
    m_bus->call(m_group, groupInterface(), QStringLiteral("AddService"), arguments, this,
                [this](const QDBusMessage &reply) {
                    if (reply.errorName().endsWith(QLatin1String(".CollisionError")))
                        useOtherName();
                    else if (reply.type() == QDBusMessage::ErrorMessage)
                        tell(State::Unavailable, reply.errorMessage());
                    else
                        m_bus->call(
                            m_group, groupInterface(), QStringLiteral("Commit"), {}, this,
                            [](const QDBusMessage &) {}); // onGroupState() hears how it went
                });
}

void HostAnnouncer::useOtherName()
{
    if (++m_otherNames > kMostNames) {
        tell(State::Unavailable,
             tr("Others in the network have all names like %1").arg(m_serviceName));
        return;
    }
    m_bus->callServer(QStringLiteral("GetAlternativeServiceName"), {m_serviceName}, this,
                      [this](const QDBusMessage &reply) {
                          const QString other = reply.arguments().value(0).toString();
                          if (reply.type() == QDBusMessage::ErrorMessage || other.isEmpty()) {
                              tell(State::Unavailable, reply.errorMessage());
                              return;
                          }
                          m_serviceName = other;
                          addService();
                      });
}

void HostAnnouncer::onGroupState(const QDBusMessage &message)
{
    if (m_group.isEmpty())
        return;
    const int state = message.arguments().value(0).toInt();
    if (state == kGroupEstablished) {
        tell(State::Announced);
        setBoard(m_announcement.board);
    } else if (state == kGroupFailure) {
        tell(State::Unavailable, message.arguments().value(1).toString());
    } else if (state == kGroupCollision) {
        m_bus->call(m_group, groupInterface(), QStringLiteral("Reset"), {}, this,
                    [this](const QDBusMessage &) { useOtherName(); });
    }
}

void HostAnnouncer::setBoard(const QString &title)
{
    m_announcement.board = title;
    // Until then it is on its way by its former title.
    if (m_state != State::Announced || m_toldBoard == title)
        return;
    m_toldBoard = title;
    m_bus->call(m_group, groupInterface(), QStringLiteral("UpdateServiceTxt"),
                {m_interface, m_protocol, uint(0), m_serviceName, QString(kServiceType), QString(),
                 QVariant::fromValue(txtOf(m_announcement))},
                this, [](const QDBusMessage &) {});
}

void HostAnnouncer::tell(State state, const QString &reason)
{
    if (state == m_state && reason == m_reason)
        return;
    m_state = state;
    m_reason = reason;
    Q_EMIT stateChanged();
}

} // namespace patchboard::discovery
