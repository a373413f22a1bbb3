#pragma once

#include "discovery/avahibus.h"
#include "discovery/hostbrowser.h"

#include <QMap>

#include <optional>
#include <tuple>

namespace patchboard::discovery {

/// Follows the services that Avahi sees, and has each of them resolved for as long as it is there.
class AvahiBrowser final : public HostBrowser
{
    Q_OBJECT
public:
    AvahiBrowser();

private Q_SLOTS:
    void onItemNew(const QDBusMessage &message);
    void onItemRemove(const QDBusMessage &message);
    void onAllForNow(const QDBusMessage &message);
    void onBrowserFailed(const QDBusMessage &message);
    void onFound(const QDBusMessage &message);
    void onResolverFailed(const QDBusMessage &message);

private:
    /// A service on one network by one protocol: the same one may come by several.
    struct Key
    {
        int interface = 0;
        int protocol = 0;
        QString name;
        QString domain;
        bool operator==(const Key &) const = default;
        bool operator<(const Key &other) const
        {
            return std::tie(interface, protocol, name, domain) <
                   std::tie(other.interface, other.protocol, other.name, other.domain);
        }
    };
    struct Item
    {
        QString resolver; ///< its object; empty until it is there
        bool settled = false;
        std::optional<FoundHost> host;
    };

    static std::optional<Key> keyOf(const QVariantList &arguments);
    void onRunning();
    void onStopped(const QString &reason);
    void tell();

    AvahiBus m_bus;
    QString m_browser; ///< its object; empty until it is there
    QMap<Key, Item> m_items;
    bool m_listening = false;
    bool m_allForNow = false;
};

} // namespace patchboard::discovery
