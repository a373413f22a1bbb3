#include "discovery/avahibrowser.h"

#include <QDBusArgument>
#include <QDBusObjectPath>
#include <QNetworkInterface>

namespace patchboard::discovery {

namespace {

constexpr qsizetype kMostItems = 256; ///< services that are looked at; others are left out
constexpr int kAnyInterface = -1;     ///< AVAHI_IF_UNSPEC
constexpr int kAnyProtocol = -1;      ///< AVAHI_PROTO_UNSPEC
constexpr uint kFromThisMachine = 8;  ///< AVAHI_LOOKUP_RESULT_LOCAL

QString browserInterface()
{
    return AvahiBus::interfaceOf(QLatin1String("ServiceBrowser"));
}

QString resolverInterface()
{
    return AvahiBus::interfaceOf(QLatin1String("ServiceResolver"));
}

/// Lower is better; nothing: no address to go to.
std::optional<int> rankOf(const QHostAddress &address, bool fromThisMachine)
{
    if (address.isNull() || address.isMulticast() || address.isBroadcast() ||
        address == QHostAddress(QHostAddress::AnyIPv4) ||
        address == QHostAddress(QHostAddress::AnyIPv6))
        return std::nullopt;
    const bool isV4 = address.protocol() == QAbstractSocket::IPv4Protocol;
    // Others may not send people to what listens on this machine alone.
    if (address.isLoopback())
        return fromThisMachine ? std::optional(4) : std::nullopt;
    if (address.isLinkLocal())
        return isV4 ? std::optional(3) : std::nullopt; // needs a zone, which addresses here lack
    return isV4 ? 1 : 2;
}

} // namespace

AvahiBrowser::AvahiBrowser()
{
    connect(&m_bus, &AvahiBus::running, this, &AvahiBrowser::onRunning);
    connect(&m_bus, &AvahiBus::stopped, this, &AvahiBrowser::onStopped);
    // Whoever asked for it hears of what there is, too.
    QMetaObject::invokeMethod(
        this, [this] { m_bus.start(); }, Qt::QueuedConnection);
}

void AvahiBrowser::onRunning()
{
    if (!std::exchange(m_listening, true)) {
        const QString browser = browserInterface();
        const QString resolver = resolverInterface();
        m_bus.listen(browser, QStringLiteral("ItemNew"), this, SLOT(onItemNew(QDBusMessage)));
        m_bus.listen(browser, QStringLiteral("ItemRemove"), this, SLOT(onItemRemove(QDBusMessage)));
        m_bus.listen(browser, QStringLiteral("AllForNow"), this, SLOT(onAllForNow(QDBusMessage)));
        m_bus.listen(browser, QStringLiteral("Failure"), this, SLOT(onBrowserFailed(QDBusMessage)));
        m_bus.listen(resolver, QStringLiteral("Found"), this, SLOT(onFound(QDBusMessage)));
        m_bus.listen(resolver, QStringLiteral("Failure"), this,
                     SLOT(onResolverFailed(QDBusMessage)));
    }
    report(State::Searching, {}, {});
    m_bus.callServer(QStringLiteral("ServiceBrowserNew"),
                     {kAnyInterface, kAnyProtocol, QString(kServiceType), QString(), uint(0)}, this,
                     [this](const QDBusMessage &reply) {
                         if (reply.type() == QDBusMessage::ErrorMessage)
                             onStopped(tr("Avahi cannot look for hosts"));
                         else
                             m_browser = reply.arguments().value(0).value<QDBusObjectPath>().path();
                     });
}

void AvahiBrowser::onStopped(const QString &reason)
{
    for (const Item &item : std::as_const(m_items)) {
        if (!item.resolver.isEmpty())
            m_bus.free(item.resolver, resolverInterface());
    }
    m_items.clear();
    if (!m_browser.isEmpty())
        m_bus.free(std::exchange(m_browser, {}), browserInterface());
    m_allForNow = false;
    // With the bus went what was listened to.
    m_listening = m_listening && m_bus.isConnected();
    report(State::Unavailable, reason, {});
}

std::optional<AvahiBrowser::Key> AvahiBrowser::keyOf(const QVariantList &arguments)
{
    if (arguments.size() < 5 || arguments[3].toString() != kServiceType)
        return std::nullopt;
    return Key{arguments[0].toInt(), arguments[1].toInt(), arguments[2].toString(),
               arguments[4].toString()};
}

void AvahiBrowser::onItemNew(const QDBusMessage &message)
{
    const auto key = keyOf(message.arguments());
    if (!key || m_items.contains(*key) || m_items.size() >= kMostItems)
        return;
    m_items.insert(*key, {});
    const auto argument = [&](int index) { return message.arguments().at(index); };
    // Its address of the same protocol; it is told anew when the texts change.
    m_bus.callServer(
        QStringLiteral("ServiceResolverNew"),
        {argument(0), argument(1), argument(2), argument(3), argument(4), argument(1), uint(0)},
        this, [this, key = *key](const QDBusMessage &reply) {
            const auto path = reply.arguments().value(0).value<QDBusObjectPath>().path();
            const auto item = m_items.find(key);
            if (reply.type() == QDBusMessage::ErrorMessage) {
                if (item != m_items.end())
                    item->settled = true;
                tell();
            } else if (item != m_items.end() && item->resolver.isEmpty()) {
                item->resolver = path;
            } else {
                m_bus.free(path, resolverInterface()); // it left meanwhile
            }
        });
}

void AvahiBrowser::onItemRemove(const QDBusMessage &message)
{
    const auto key = keyOf(message.arguments());
    const auto item = key ? m_items.find(*key) : m_items.end();
    if (item == m_items.end())
        return;
    if (!item->resolver.isEmpty())
        m_bus.free(item->resolver, resolverInterface());
    m_items.erase(item);
    tell();
}

void AvahiBrowser::onAllForNow(const QDBusMessage &)
{
    m_allForNow = true;
    tell();
}

void AvahiBrowser::onBrowserFailed(const QDBusMessage &)
{
    onStopped(tr("Avahi cannot look for hosts"));
}

void AvahiBrowser::onFound(const QDBusMessage &message)
{
    // interface, protocol, name, type, domain, host, its protocol, address, port, texts, flags
    const QVariantList arguments = message.arguments();
    const auto key = keyOf(arguments);
    const auto item = key ? m_items.find(*key) : m_items.end();
    if (item == m_items.end() || arguments.size() < 11)
        return;
    const QHostAddress address(arguments[7].toString());
    const auto port = quint16(arguments[8].toUInt());
    const bool fromThisMachine = (arguments[10].toUInt() & kFromThisMachine) != 0;
    item->settled = true;
    item->host.reset();
    if (port != 0 && rankOf(address, fromThisMachine)) {
        item->host = hostFrom(key->name, arguments[5].toString(), address, port,
                              qdbus_cast<QByteArrayList>(arguments[9]));
    }
    tell();
}

void AvahiBrowser::onResolverFailed(const QDBusMessage &message)
{
    for (Item &item : m_items) {
        if (item.resolver == message.path()) {
            item.settled = true;
            item.host.reset();
        }
    }
    tell();
}

void AvahiBrowser::tell()
{
    // One host for a service, at the best of its addresses.
    QMap<std::pair<QString, QString>, FoundHost> best;
    bool settled = m_allForNow;
    for (auto item = m_items.cbegin(); item != m_items.cend(); ++item) {
        settled = settled && item->settled;
        if (!item->host)
            continue;
        const std::pair service(item.key().name, item.key().domain);
        const auto known = best.find(service);
        if (known == best.end())
            best.insert(service, *item->host);
        else if (rankOf(item->host->address, true) < rankOf(known->address, true))
            *known = *item->host;
    }
    report(settled ? State::Watching : state(), {}, best.values());
}

} // namespace patchboard::discovery
