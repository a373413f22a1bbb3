#pragma once

#include "discovery/foundhost.h"

#include <QObject>

#include <memory>

namespace patchboard::discovery {

/// The hosts of the local network, as they come and go, for as long as it lives.
class HostBrowser : public QObject
{
    Q_OBJECT
public:
    using QObject::QObject;

    enum class State : quint8 {
        Searching,  ///< nothing is known yet
        Watching,   ///< all that are there now have been named
        Unavailable ///< see reason()
    };
    [[nodiscard]] State state() const { return m_state; }
    /// Why nobody can be found, for people; empty if it is not Unavailable.
    [[nodiscard]] QString reason() const { return m_reason; }
    /// By name.
    [[nodiscard]] const QList<FoundHost> &hosts() const { return m_hosts; }

Q_SIGNALS:
    void changed();

protected:
    void report(State state, const QString &reason, QList<FoundHost> hosts);

private:
    State m_state = State::Searching;
    QString m_reason;
    QList<FoundHost> m_hosts;
};

/// One that asks Avahi. It comes back at once; without Avahi, or a system bus, it says so and goes
/// on waiting for it.
[[nodiscard]] std::unique_ptr<HostBrowser> browseWithAvahi();

} // namespace patchboard::discovery
