#pragma once

#include "server/probes/probeschedule.h"

#include <QHostAddress>
#include <QHostInfo>
#include <QObject>
#include <QSocketNotifier>
#include <QTcpSocket>
#include <QTimer>

#include <memory>
#include <unordered_map>

namespace patchboard::server {

/// Networks, as QHostAddress::parseSubnet() reads them.
using Networks = QList<std::pair<QHostAddress, int>>;

/// One question: finds the address, asks, and says what came of it, once.
class ProbeCheck final : public QObject
{
    Q_OBJECT
public:
    /// @a networks: those that may be asked; none: all.
    ProbeCheck(ProbeSpec spec, int timeoutMs, const Networks &networks);
    ~ProbeCheck() override;
    void begin();

Q_SIGNALS:
    /// @a error: for people; empty if it is up.
    void finished(patchboard::server::ProbeOutcome outcome, const QString &error);

private:
    void resolved(const QHostInfo &info);
    void takeAddresses(const QList<QHostAddress> &found);
    void askNext();
    void askTcp(const QHostAddress &address);
    void readHttp();
    void askIcmp(const QHostAddress &address);
    void readIcmp();
    void failed(const QString &error);
    void end(ProbeOutcome outcome, const QString &error);

    ProbeSpec m_spec;
    const Networks &m_networks;
    QTimer m_timeout;
    int m_lookup = -1;
    QList<QHostAddress> m_addresses; ///< not tried yet
    std::unique_ptr<QTcpSocket> m_socket;
    QByteArray m_answer;
    int m_icmp = -1; ///< descriptor
    std::unique_ptr<QSocketNotifier> m_echoes;
    QByteArray m_cookie; ///< what the echo has to bring back
    bool m_ended = false;
};

/// The sockets of all open questions. One thread with an event loop.
class ProbeRunner final : public QObject
{
    Q_OBJECT
public:
    explicit ProbeRunner(Networks networks);
    ~ProbeRunner() override;
    void ask(const ProbeSchedule::Question &question);
    void cancel(quint64 run);

    /// Whether this system lets programs without privileges send ICMP echoes; else why not.
    static QString whyNoIcmp();

Q_SIGNALS:
    /// @a seconds: from the question to its answer.
    void finished(quint64 run, patchboard::server::ProbeOutcome outcome, const QString &error,
                  double seconds);

private:
    Networks m_networks;
    std::unordered_map<quint64, std::unique_ptr<ProbeCheck>> m_open;
};

} // namespace patchboard::server
