#pragma once

#include "server/probes/proberunner.h"

#include <QElapsedTimer>
#include <QMutex>

namespace patchboard::server {

/// What came of one question.
struct ProbeNews
{
    ProbeSchedule::Verdict verdict;
    ProbeOutcome outcome = ProbeOutcome::Unknown;
    QString error; ///< of this question; empty if it is up
    qint64 at = 0; ///< ms since 1970 UTC
    double seconds = 0;
};

/// Where the thread of the probes leaves what it has found out.
struct ProbeMail
{
    QMutex mutex;
    QList<ProbeNews> news;
    qsizetype open = 0; ///< questions
    qsizetype late = 0; ///< probes whose time has come and that wait for others
};

/// Schedule and sockets of all probes. It lives in a thread of its own, so that nothing that it
/// waits for delays the host.
class Prober final : public QObject
{
    Q_OBJECT
public:
    Prober(std::shared_ptr<ProbeMail> mail, qsizetype atOnce, Networks networks);
    void set(const QList<ProbeSchedule::Target> &targets);

Q_SIGNALS:
    /// There is mail, and was none before.
    void mailCame();

private:
    void go();

    std::shared_ptr<ProbeMail> m_mail;
    ProbeSchedule m_schedule;
    ProbeRunner m_runner;
    QElapsedTimer m_clock;
    QTimer m_timer;
};

} // namespace patchboard::server
