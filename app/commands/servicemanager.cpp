#include "app/commands/servicemanager.h"

#include <systemd/sd-daemon.h>

#include <algorithm>
#include <climits>

namespace patchboard::app {

ServiceManager::ServiceManager()
{
    uint64_t microseconds = 0;
    if (::sd_watchdog_enabled(0, &microseconds) <= 0)
        return;
    // Twice in the time that is granted, as sd_watchdog_enabled(3) advises.
    m_watchdog.setInterval(
        int(std::min<uint64_t>(std::max<uint64_t>(microseconds / 2000, 1), INT_MAX)));
    QObject::connect(&m_watchdog, &QTimer::timeout, &m_watchdog,
                     [] { ::sd_notify(0, "WATCHDOG=1"); });
}

void ServiceManager::ready(const QString &status)
{
    ::sd_notify(0, ("READY=1\nSTATUS=" + status.toUtf8()).constData());
    if (m_watchdog.interval() > 0)
        m_watchdog.start();
}

void ServiceManager::stopping()
{
    ::sd_notify(0, "STOPPING=1");
}

} // namespace patchboard::app
