#include "server/probes/prober.h"

#include <QDateTime>

namespace patchboard::server {

Prober::Prober(std::shared_ptr<ProbeMail> mail, qsizetype atOnce, Networks networks)
    : m_mail(std::move(mail))
    , m_schedule({atOnce, {}})
    , m_runner(std::move(networks))
    , m_timer(this)
{
    m_runner.setParent(this); // moves with it to its thread
    m_clock.start();
    m_timer.setSingleShot(true);
    connect(&m_timer, &QTimer::timeout, this, &Prober::go);
    connect(&m_runner, &ProbeRunner::finished, this,
            [this](quint64 run, ProbeOutcome outcome, const QString &error, double seconds) {
                const auto verdict = m_schedule.finished(run, outcome, m_clock.elapsed());
                if (verdict) {
                    const QMutexLocker lock(&m_mail->mutex);
                    if (m_mail->news.isEmpty())
                        Q_EMIT mailCame();
                    m_mail->news.append(
                        {*verdict, outcome, error, QDateTime::currentMSecsSinceEpoch(), seconds});
                }
                m_timer.start(0); // not from here: this may be amid asking
            });
}

void Prober::set(const QList<ProbeSchedule::Target> &targets)
{
    m_schedule.set(targets, m_clock.elapsed());
    const QList<quint64> cancelled = m_schedule.takeCancelled();
    for (const quint64 run : cancelled)
        m_runner.cancel(run);
    go();
}

void Prober::go()
{
    const qint64 now = m_clock.elapsed();
    const auto questions = m_schedule.takeDue(now);
    for (const ProbeSchedule::Question &question : questions)
        m_runner.ask(question);
    {
        const QMutexLocker lock(&m_mail->mutex);
        m_mail->open = m_schedule.openCount();
        m_mail->late = m_schedule.lateCount(now);
    }
    if (const auto next = m_schedule.nextAt())
        m_timer.start(int(std::clamp<qint64>(*next - m_clock.elapsed(), 0, kMostIntervalMs)));
    else if (m_schedule.openCount() > 0)
        m_timer.stop(); // the next answer wakes it
}

} // namespace patchboard::server
