#include "discovery/hostbrowser.h"

#include "discovery/avahibrowser.h"

namespace patchboard::discovery {

void HostBrowser::report(State state, const QString &reason, QList<FoundHost> hosts)
{
    std::sort(hosts.begin(), hosts.end(), [](const FoundHost &a, const FoundHost &b) {
        const int order = QString::localeAwareCompare(a.board, b.board);
        if (order != 0)
            return order < 0;
        return std::tie(a.machine, a.port) < std::tie(b.machine, b.port);
    });
    if (state == m_state && reason == m_reason && hosts == m_hosts)
        return;
    m_state = state;
    m_reason = reason;
    m_hosts = std::move(hosts);
    Q_EMIT changed();
}

std::unique_ptr<HostBrowser> browseWithAvahi()
{
    return std::make_unique<AvahiBrowser>();
}

} // namespace patchboard::discovery
