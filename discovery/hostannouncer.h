#pragma once

#include "discovery/foundhost.h"

#include <QObject>

#include <memory>

class QDBusMessage;

namespace patchboard::discovery {

class AvahiBus;

/// Says in the local network that a host is here, by Avahi, for as long as it lives. Without Avahi,
/// or a system bus, it waits for it and nothing else happens.
class HostAnnouncer final : public QObject
{
    Q_OBJECT
public:
    explicit HostAnnouncer(Announcement announcement, QObject *parent = nullptr);
    ~HostAnnouncer() override;

    /// Whether others in the network could use a host at this address.
    static bool isWorthwhile(const QHostAddress &address) { return !address.isLoopback(); }

    /// The board has another title now.
    void setBoard(const QString &title);

    enum class State : quint8 { Trying, Announced, Unavailable };
    [[nodiscard]] State state() const { return m_state; }
    /// Why it is not announced, for people.
    [[nodiscard]] QString reason() const { return m_reason; }
    /// What the network calls it.
    [[nodiscard]] QString serviceName() const { return m_serviceName; }

Q_SIGNALS:
    void stateChanged();

private Q_SLOTS:
    void onGroupState(const QDBusMessage &message);

private:
    void onRunning();
    void addService();
    void useOtherName();
    void tell(State state, const QString &reason = {});

    Announcement m_announcement;
    std::unique_ptr<AvahiBus> m_bus;
    QString m_serviceName;
    QString m_group;     ///< Avahi's object; empty: none
    QString m_toldBoard; ///< what the network has been told last
    int m_interface = -1;
    int m_protocol = -1;
    int m_otherNames = 0;
    bool m_listening = false;
    State m_state = State::Trying;
    QString m_reason;
};

} // namespace patchboard::discovery
