#pragma once

#include <QString>
#include <QTimer>

namespace patchboard::app {

/// Tells systemd how a service is (sd_notify(3)): ready, alive, stopping. Without a service manager
/// that asks for it, nothing. One thread with an event loop: the watchdog is fed from it, so that a
/// host whose loop hangs is started anew.
class ServiceManager
{
public:
    ServiceManager();
    /// It is there for others. @a status: one line for people.
    void ready(const QString &status);
    void stopping();

private:
    QTimer m_watchdog;
};

} // namespace patchboard::app
