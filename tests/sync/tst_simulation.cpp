#include "tests/support/sync/simulation.h"
#include "tests/support/testmain.h"

#include <QElapsedTimer>
#include <QRegularExpression>

/// Random schedules of a host and its clients. A failure prints its seed and the smallest part of
/// the schedule that still fails: PATCHBOARD_SCHEDULE runs either again and says what happens.
/// PATCHBOARD_SEED says with which to begin, PATCHBOARD_SCHEDULES, how many to run, and
/// PATCHBOARD_SOAK_SECONDS, how long to go on.
class TestSimulation : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }
    void schedulesAreWrittenDown();
    void shrinkingFindsWhatMatters();
    void schedulesRepeat();
    void schedules();
};

void TestSimulation::schedulesAreWrittenDown()
{
    for (const char *text : {"17", "17/3", "17/3/0-4,9,11-12", "18446744073709551615/0/7"}) {
        const auto schedule = Schedule::fromString(QLatin1String(text));
        QVERIFY(schedule);
        QCOMPARE(schedule->toString(), QLatin1String(text));
    }
    QCOMPARE(Schedule::fromString(QStringLiteral("1/2/3-5"))->steps, (QList<int>{3, 4, 5}));
    for (const char *text : {"", "x", "1/x", "1/2/a-b", "1/2/3/4"})
        QVERIFY(!Schedule::fromString(QLatin1String(text)));
}

void TestSimulation::shrinkingFindsWhatMatters()
{
    int runs = 0;
    const auto needs = [&runs](const Schedule &schedule) {
        ++runs;
        return schedule.clients >= 3 && schedule.steps->contains(40) &&
               schedule.steps->contains(203) && schedule.steps->contains(204);
    };
    const Schedule small = shrink({5, 0, std::nullopt}, 300, needs);
    QCOMPARE(small.toString(), QStringLiteral("5/3/40,203-204"));
    QVERIFY(runs < 200);
}

/// A seed is a schedule: the same one, whenever it runs.
void TestSimulation::schedulesRepeat()
{
    Simulation first({4, 0, std::nullopt}, true);
    Simulation second({4, 0, std::nullopt}, true);
    QCOMPARE(first.run(), second.run());
    QVERIFY(first.trace().size() > first.steps());
    QCOMPARE(first.trace(), second.trace());
}

void TestSimulation::schedules()
{
    const QString only = qEnvironmentVariable("PATCHBOARD_SCHEDULE");
    if (!only.isEmpty()) {
        const auto schedule = Schedule::fromString(only);
        QVERIFY2(schedule, "PATCHBOARD_SCHEDULE is not a schedule");
        Simulation simulation(*schedule, true);
        const QString wrong = simulation.run();
        qInfo("%s", qUtf8Printable(simulation.trace().join(u'\n')));
        QVERIFY2(wrong.isEmpty(), qUtf8Printable(wrong));
        return;
    }
    const int soak = qEnvironmentVariableIntValue("PATCHBOARD_SOAK_SECONDS");
    const int asked = qEnvironmentVariableIntValue("PATCHBOARD_SCHEDULES");
    quint64 first = qEnvironmentVariable("PATCHBOARD_SEED").toULongLong();
    if (first == 0)
        first = soak > 0 ? quint64(QDateTime::currentMSecsSinceEpoch()) * 1000 : 1;
    const qint64 many = asked > 0 ? asked : 2000;
    QElapsedTimer timer;
    timer.start();
    Simulation::Counters sum;
    while (soak > 0 ? timer.elapsed() < qint64(soak) * 1000 : sum.schedules < many) {
        const Schedule schedule{first + quint64(sum.schedules), 0, std::nullopt};
        Simulation simulation(schedule);
        const QString wrong = simulation.run();
        if (!wrong.isEmpty()) {
            const Schedule small =
                shrink(schedule, simulation.steps(), [](const Schedule &smaller) {
                    return !Simulation(smaller).run().isEmpty();
                });
            Simulation again(small, true);
            const QString then = again.run();
            qInfo("%s", qUtf8Printable(again.trace().join(u'\n')));
            QFAIL(qPrintable(QStringLiteral("PATCHBOARD_SCHEDULE=%1: %2\n"
                                            "the smallest part that fails: "
                                            "PATCHBOARD_SCHEDULE=%3: %4")
                                 .arg(schedule.toString(), wrong, small.toString(), then)));
        }
        sum += simulation.counters();
    }
    qInfo("from seed %llu in %lld ms: %s", first, timer.elapsed(), qUtf8Printable(sum.toString()));
}

PATCHBOARD_TEST(TestSimulation)
#include "tst_simulation.moc"
