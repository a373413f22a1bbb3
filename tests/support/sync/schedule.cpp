#include "tests/support/sync/schedule.h"

#include <QStringList>

#include <numeric>

QString Schedule::toString() const
{
    QString text = QString::number(seed);
    if (clients == 0 && !steps)
        return text;
    text += u'/' + QString::number(clients);
    if (!steps)
        return text;
    QStringList ranges;
    for (qsizetype i = 0; i < steps->size();) {
        qsizetype last = i;
        while (last + 1 < steps->size() && steps->at(last + 1) == steps->at(last) + 1)
            ++last;
        ranges.append(last == i ? QString::number(steps->at(i))
                                : QStringLiteral("%1-%2").arg(steps->at(i)).arg(steps->at(last)));
        i = last + 1;
    }
    return text + u'/' + ranges.join(u',');
}

std::optional<Schedule> Schedule::fromString(const QString &text)
{
    const QStringList parts = text.split(u'/');
    Schedule schedule;
    bool ok = false;
    schedule.seed = parts.at(0).toULongLong(&ok);
    if (!ok || parts.size() > 3)
        return std::nullopt;
    if (parts.size() > 1) {
        schedule.clients = parts.at(1).toInt(&ok);
        if (!ok || schedule.clients < 0 || schedule.clients > 100)
            return std::nullopt;
    }
    if (parts.size() == 3) {
        schedule.steps.emplace();
        for (const QString &range : parts.at(2).split(u',', Qt::SkipEmptyParts)) {
            const QStringList ends = range.split(u'-');
            bool lastOk = false;
            const int first = ends.constFirst().toInt(&ok);
            const int last = ends.constLast().toInt(&lastOk);
            if (!ok || !lastOk || ends.size() > 2 || last - first > 1000000)
                return std::nullopt;
            for (int step = first; step <= last; ++step)
                schedule.steps->append(step);
        }
    }
    return schedule;
}

Schedule shrink(Schedule schedule, int allSteps, const std::function<bool(const Schedule &)> &fails,
                int runs)
{
    QList<int> steps(allSteps);
    std::iota(steps.begin(), steps.end(), 0);
    steps = schedule.steps.value_or(steps);
    const auto attempt = [&](int clients, const QList<int> &fewer) {
        if (--runs < 0 || !fails({schedule.seed, clients, fewer}))
            return false;
        schedule.clients = clients;
        steps = fewer;
        return true;
    };
    for (int clients = 1; clients < 6; ++clients) {
        if (attempt(clients, steps))
            break;
    }
    for (qsizetype stretch = std::max<qsizetype>(1, steps.size() / 2); runs > 0;) {
        bool smaller = false;
        // From the end: what came after the failure goes first.
        for (qsizetype at = steps.size() - stretch; runs > 0; at -= stretch) {
            at = std::max<qsizetype>(0, at);
            QList<int> fewer = steps;
            fewer.remove(at, std::min(stretch, fewer.size() - at));
            smaller = attempt(schedule.clients, fewer) || smaller;
            if (at == 0)
                break;
        }
        if (steps.isEmpty() || (stretch == 1 && !smaller))
            break;
        stretch = std::max<qsizetype>(1, std::min(stretch / 2, steps.size()));
    }
    schedule.steps = steps;
    return schedule;
}
