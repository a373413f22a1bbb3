#include "tests/support/testmain.h"
#include "tests/sync/simulation.h"

#include <QElapsedTimer>
#include <QRegularExpression>

using namespace patchboard;

/// Random schedules of a host and its clients. A failure names the seed: run it alone with
/// PATCHBOARD_SEED. PATCHBOARD_SOAK_SECONDS says how long to go on with new ones.
class TestSimulation : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }
    void schedules_data();
    void schedules();
};

void TestSimulation::schedules_data()
{
    QTest::addColumn<int>("kind");
    QTest::newRow("calm network") << 0;
    QTest::newRow("cuts and crashes") << 1;
    QTest::newRow("short memory") << 2;
    QTest::newRow("copied profiles") << 3;
    QTest::newRow("restored backups") << 4;
}

void TestSimulation::schedules()
{
    QFETCH(int, kind);
    const int soak = qEnvironmentVariableIntValue("PATCHBOARD_SOAK_SECONDS");
    bool alone = false;
    const quint64 only = qEnvironmentVariable("PATCHBOARD_SEED").toULongLong(&alone);
    const quint64 first = soak > 0 ? quint64(QDateTime::currentMSecsSinceEpoch()) : 1;
    QElapsedTimer timer;
    timer.start();
    Simulation::Counters sum;
    int runs = 0;
    const auto more = [&] {
        if (alone)
            return runs == 0;
        return soak > 0 ? timer.elapsed() < soak * 1000 / 5 : runs < 80;
    };
    for (; more(); ++runs) {
        const quint64 seed = alone ? only : first + quint64(runs);
        Rng rng(seed);
        Simulation::Options options;
        options.clients = 2 + rng.below(5);
        options.steps = 300 + rng.below(500);
        if (kind == 0)
            options.cuts = options.hostDies = options.diskFull = options.clientsDie = false;
        if (kind == 2) {
            options.authority.tailCommits = 5;
            options.authority.outcomesPerSite = 2;
            options.authority.memoryBytes = 300;
            options.authority.pumpBytes = 200;
        }
        options.authority.digestEvery = kind == 1 ? 7 : 50;
        options.clones = kind == 3;
        options.restores = kind == 4;
        Simulation simulation(seed, options);
        const QString wrong = simulation.run();
        if (!wrong.isEmpty()) {
            QFAIL(qPrintable(QStringLiteral("PATCHBOARD_SEED=%1, %2: %3")
                                 .arg(seed)
                                 .arg(QLatin1String(QTest::currentDataTag()))
                                 .arg(wrong)));
        }
        const Simulation::Counters &c = simulation.counters();
        sum.commits += c.commits;
        sum.refusals += c.refusals;
        sum.cuts += c.cuts;
        sum.crashes += c.crashes;
        sum.snapshots += c.snapshots;
        sum.renumbered += c.renumbered;
        sum.undone += c.undone;
    }
    qInfo("%d schedules from seed %llu in %lld ms: %d commits, %d refused, %d undone, %d cuts, "
          "%d crashes, %d snapshots, %d renumbered",
          runs, first, timer.elapsed(), sum.commits, sum.refusals, sum.undone, sum.cuts,
          sum.crashes, sum.snapshots, sum.renumbered);
}

PATCHBOARD_TEST(TestSimulation)
#include "tst_simulation.moc"
