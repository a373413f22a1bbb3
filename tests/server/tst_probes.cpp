#include "server/probes/probeschedule.h"
#include "tests/support/testmain.h"

#include <QRandomGenerator>
#include <QRegularExpression>

using namespace patchboard;
using namespace patchboard::server;

namespace {

Device deviceWith(const Properties &properties)
{
    Device device;
    device.id = 7;
    device.name = QStringLiteral("edge-07");
    device.address = QStringLiteral("192.0.2.7/24");
    device.remarks.set(&Remarks::properties, properties);
    return device;
}

Device deviceWith(const QString &probe)
{
    return deviceWith(Properties{{QStringLiteral("probe"), probe}});
}

ProbeSpec anySpec(int number = 0)
{
    ProbeSpec spec;
    spec.host = QStringLiteral("192.0.2.1");
    spec.port = quint16(1000 + number);
    spec.text = QString::number(number);
    return spec;
}

constexpr ProbeTiming kTiming{10'000, 1000, 2, 3};

/// A schedule whose "random" is in the middle: no jitter, new probes half way into their spread.
ProbeSchedule plainSchedule(qsizetype atOnce = 64)
{
    return ProbeSchedule({atOnce, [] { return 0.5; }});
}

} // namespace

/// What properties mean, and when which probe asks: without sockets, on a clock of its own.
class TestProbes : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void reads_data();
    void reads();
    void tellsWhatItCannotRead_data();
    void tellsWhatItCannotRead();
    void readsSeveralAndTimes();
    void durations();

    void takesSeveralInARow();
    void unknownIsNoFailure();
    void severalProbesOfADevice();
    void asksAgainSoonerInDoubt();
    void spreadsAndBounds();
    void editsAndRemovals();
    void anyOutcomes();
};

void TestProbes::reads_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<int>("kind");
    QTest::addColumn<QString>("host");
    QTest::addColumn<int>("port");
    QTest::addColumn<QByteArray>("target");
    const auto row = [](const char *text, ProbeSpec::Kind kind, const char *host, int port,
                        const char *target) {
        QTest::newRow(text) << QString::fromLatin1(text) << int(kind) << QString::fromLatin1(host)
                            << port << QByteArray(target);
    };
    using Kind = ProbeSpec::Kind;
    row("tcp://10.0.0.1:22", Kind::Tcp, "10.0.0.1", 22, "");
    row("tcp://r1.lab:22/", Kind::Tcp, "r1.lab", 22, "");
    row("TCP://R1.lab:65535", Kind::Tcp, "r1.lab", 65535, "");
    row("tcp://[2001:db8::1]:830", Kind::Tcp, "2001:db8::1", 830, "");
    row("http://r1.lab", Kind::Http, "r1.lab", 80, "/");
    row("http://r1.lab:8080/health?full=1", Kind::Http, "r1.lab", 8080, "/health?full=1");
    row("http://r1.lab/a%0D%0Ab", Kind::Http, "r1.lab", 80, "/a%0D%0Ab");
    row("https://r1.lab/x", Kind::Https, "r1.lab", 443, "/x");
    row("icmp://r1.lab", Kind::Icmp, "r1.lab", 0, "");
    row("icmp://[fe80::1]", Kind::Icmp, "fe80::1", 0, "");
    row("icmp://{address}", Kind::Icmp, "192.0.2.7", 0, "");
    row("tcp://{name}.lab:22", Kind::Tcp, "edge-07.lab", 22, "");
    row("http://{address}:80/{name}", Kind::Http, "192.0.2.7", 80, "/edge-07");
}

void TestProbes::reads()
{
    QFETCH(QString, text);
    const ProbePlan plan = readProbes(deviceWith(text), {});
    QCOMPARE(plan.problems, QStringList());
    QCOMPARE(plan.specs.size(), 1);
    QTEST(int(plan.specs.first().kind), "kind");
    QTEST(plan.specs.first().host, "host");
    QTEST(int(plan.specs.first().port), "port");
    QTEST(plan.specs.first().target, "target");
}

void TestProbes::tellsWhatItCannotRead_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("why");
    const auto row = [](const char *text, const char *why) {
        QTest::newRow(text) << QString::fromLatin1(text) << QString::fromLatin1(why);
    };
    const char *form = "not tcp://HOST:PORT, http://HOST, https://HOST or icmp://HOST";
    row("r1.lab:22", form);
    row("ftp://r1.lab", form);
    row("file:///etc/passwd", form);
    row("tcp://r1.lab", "the port is missing");
    row("tcp://r1.lab:0", "the port is missing");
    row("tcp://r1.lab:70000", form);
    row("tcp://:22", "the host is missing");
    row("tcp://r1.lab:22/x", "a path is for http and https");
    row("icmp://r1.lab:7", "icmp has no ports");
    row("http://admin:secret@r1.lab/", "names and passwords have no place in a probe");
    row("http://r1.lab/\\", form);
}

void TestProbes::tellsWhatItCannotRead()
{
    QFETCH(QString, text);
    QFETCH(QString, why);
    // What is beside it goes on.
    const ProbePlan plan = readProbes(deviceWith(text + QStringLiteral(" icmp://10.0.0.1")), {});
    QCOMPARE(plan.problems, QStringList{text + QStringLiteral(": ") + why});
    QCOMPARE(plan.specs.size(), 1);
}

void TestProbes::readsSeveralAndTimes()
{
    ProbePlan plan = readProbes(
        deviceWith({{QStringLiteral("probe"),
                     QStringLiteral(" tcp://a:1,tcp://b:2\n icmp://c, http://d/x,y tcp://a:1 ")},
                    {QStringLiteral("probe-interval"), QStringLiteral("5m")},
                    {QStringLiteral("probe-timeout"), QStringLiteral("250ms")},
                    {QStringLiteral("probe-rise"), QStringLiteral("1")},
                    {QStringLiteral("probe-fall"), QStringLiteral(" 5 ")}}),
        kTiming);
    QCOMPARE(plan.problems, QStringList());
    QCOMPARE(plan.specs.size(), 4); // the same one twice is one
    QCOMPARE(plan.specs.at(3).target, QByteArray("/x,y"));
    QVERIFY((plan.timing == ProbeTiming{300'000, 250, 1, 5}));

    plan = readProbes(deviceWith({{QStringLiteral("probe"), QStringLiteral("tcp://a:1")},
                                  {QStringLiteral("probe-interval"), QStringLiteral("100ms")},
                                  {QStringLiteral("probe-timeout"), QStringLiteral("soon")},
                                  {QStringLiteral("probe-rise"), QStringLiteral("0")},
                                  {QStringLiteral("probe-fall"), QStringLiteral("101")}}),
                      kTiming);
    QCOMPARE(plan.specs.size(), 1);
    QCOMPARE(plan.timing, kTiming);
    QCOMPARE(plan.problems,
             (QStringList{QStringLiteral("probe-interval = 100ms: not a time from 1s to 24h"),
                          QStringLiteral("probe-timeout = soon: not a time from 50ms to 60s"),
                          QStringLiteral("probe-rise = 0: not a number from 1 to 100"),
                          QStringLiteral("probe-fall = 101: not a number from 1 to 100")}));

    QString many;
    for (int i = 1; i <= 12; ++i)
        many += QStringLiteral("tcp://a:%1 ").arg(i);
    plan = readProbes(deviceWith(many), kTiming);
    QCOMPARE(plan.specs.size(), kMostProbes);
    QCOMPARE(plan.problems,
             QStringList{QStringLiteral("tcp://a:9: a device has at most 8 probes")});

    Device nowhere = deviceWith(QStringLiteral("icmp://{address}"));
    nowhere.address.clear();
    QCOMPARE(readProbes(nowhere, kTiming).problems,
             QStringList{QStringLiteral("icmp://{address}: the device has no address")});
    Device six = deviceWith(QStringLiteral("tcp://{address}:22"));
    six.address = QStringLiteral("2001:db8::7/64");
    QCOMPARE(readProbes(six, kTiming).specs.first().host, QStringLiteral("2001:db8::7"));
    // A name is filled in once; what it says is not looked at again.
    Device odd = deviceWith(QStringLiteral("http://{name}/"));
    odd.name = QStringLiteral("{address}");
    QCOMPARE(readProbes(odd, kTiming).specs.size(), 0);
    QVERIFY(readProbes(Device(), kTiming).specs.isEmpty());
}

void TestProbes::durations()
{
    QCOMPARE(durationMs(u"30", 0, 100'000), 30'000);
    QCOMPARE(durationMs(u" 30 s ", 0, 100'000), 30'000);
    QCOMPARE(durationMs(u"1h", 0, kMostIntervalMs), 3'600'000);
    QCOMPARE(durationMs(u"24h", 0, kMostIntervalMs), kMostIntervalMs);
    for (const auto *bad :
         {u"", u"s", u"-1s", u"1d", u"1.5s", u"99999999999s", u"25h", u"999999999h"})
        QVERIFY(!durationMs(QStringView(bad), 0, kMostIntervalMs));
}

void TestProbes::takesSeveralInARow()
{
    ProbeSchedule schedule = plainSchedule();
    schedule.set({{1, 5, {anySpec()}, kTiming}}, 0);
    qint64 now = 0;
    // Asks when it is time, and gives an answer.
    const auto answer = [&](ProbeOutcome outcome) {
        now = std::max(now, schedule.nextAt().value());
        const auto questions = schedule.takeDue(now);
        return schedule.finished(questions.value(0).run, outcome, now += 10).value();
    };
    using enum ProbeOutcome;
    auto verdict = answer(Up);
    QCOMPARE(verdict.device, EntityId(1));
    QCOMPARE(verdict.generation, 5);
    QCOMPARE(verdict.state, Unknown);
    QVERIFY(!verdict.status);
    verdict = answer(Up);
    QVERIFY(verdict.state == Up && verdict.changed && verdict.status == Status::Up);
    for (int i = 0; i < 2; ++i)
        QVERIFY(answer(Down).status == Status::Up);
    QVERIFY(answer(Up).status == Status::Up); // the failures were not in a row
    for (int i = 0; i < 2; ++i)
        QVERIFY(answer(Down).status == Status::Up);
    verdict = answer(Down);
    QVERIFY(verdict.changed && verdict.status == Status::Down);
    QVERIFY(!answer(Down).changed);
    QVERIFY(answer(Up).status == Status::Down);
    QVERIFY(answer(Down).status == Status::Down);
    QVERIFY(answer(Up).status == Status::Down);
    QVERIFY(answer(Up).status == Status::Up);
    QVERIFY(!schedule.finished(99999, Up, now)); // nobody asked that
}

void TestProbes::unknownIsNoFailure()
{
    ProbeSchedule schedule = plainSchedule();
    schedule.set({{1, 1, {anySpec()}, kTiming}}, 0);
    qint64 now = 0;
    const auto answer = [&](ProbeOutcome outcome) {
        now = std::max(now, schedule.nextAt().value_or(now));
        const auto questions = schedule.takeDue(now);
        return schedule.finished(questions.first().run, outcome, now).value();
    };
    using enum ProbeOutcome;
    answer(Up);
    QVERIFY(answer(Up).status == Status::Up);
    QVERIFY(answer(Unknown).status == Status::Up);
    QVERIFY(answer(Unknown).status == Status::Up);
    const auto verdict = answer(Unknown);
    QVERIFY(verdict.state == Unknown && verdict.changed);
    QVERIFY(!verdict.status); // what was known is left as it is, nobody says DOWN
    answer(Down);
    answer(Down);
    QVERIFY(answer(Down).status == Status::Down);
}

void TestProbes::severalProbesOfADevice()
{
    ProbeSchedule schedule = plainSchedule();
    schedule.set({{1, 1, {anySpec(0), anySpec(1), anySpec(2)}, {10'000, 1000, 1, 1}}}, 0);
    qint64 now = 0;
    // One round: an outcome for each, in their order.
    const auto round = [&](std::array<ProbeOutcome, 3> outcomes) {
        now += 20'000;
        const auto questions = schedule.takeDue(now);
        std::optional<Status> status;
        for (const auto &question : questions) {
            const auto outcome = outcomes[size_t(question.spec.port - 1000)];
            const auto verdict = schedule.finished(question.run, outcome, now).value();
            status = verdict.status;
        }
        return status;
    };
    using enum ProbeOutcome;
    QVERIFY(round({Up, Up, Up}) == Status::Up);
    QVERIFY(round({Up, Down, Up}) == Status::Degraded);
    QVERIFY(round({Down, Down, Down}) == Status::Down);
    QVERIFY(round({Unknown, Up, Up}) == Status::Up);
    QVERIFY(round({Unknown, Unknown, Down}) == Status::Down);
    QVERIFY(!round({Unknown, Unknown, Unknown}));

    // Before each has had a verdict there is none: no flicker at the start.
    ProbeSchedule fresh = plainSchedule();
    fresh.set({{1, 1, {anySpec(0), anySpec(1)}, {10'000, 1000, 1, 1}}}, 0);
    const auto questions = fresh.takeDue(20'000);
    QCOMPARE(questions.size(), 2);
    QVERIFY(!fresh.finished(questions.at(0).run, Up, 20'000)->status);
    QVERIFY(fresh.finished(questions.at(1).run, Down, 20'000)->status == Status::Degraded);
}

void TestProbes::asksAgainSoonerInDoubt()
{
    ProbeSchedule schedule = plainSchedule();
    schedule.set({{1, 1, {anySpec()}, {60'000, 1000, 1, 3}}}, 0);
    const auto answer = [&](ProbeOutcome outcome, qint64 at) {
        const auto questions = schedule.takeDue(at);
        schedule.finished(questions.value(0).run, outcome, at + 500);
        return schedule.nextAt().value();
    };
    using enum ProbeOutcome;
    QCOMPARE(answer(Up, 0), 60'000);        // from the question, not from its answer
    QCOMPARE(answer(Down, 60'000), 70'000); // is it really?
    QCOMPARE(answer(Down, 70'000), 80'000);
    QCOMPARE(answer(Down, 80'000), 140'000); // it is
    QCOMPARE(answer(Unknown, 140'000), 200'000);
    // The clock stood still, as of a machine that slept: one question, not all that were missed.
    QCOMPARE(answer(Down, 9'000'000), 9'060'000);
}

void TestProbes::spreadsAndBounds()
{
    const quint32 seed = QRandomGenerator::global()->generate();
    qInfo("Seed %u", seed);
    QRandomGenerator random(seed);
    constexpr int kDevices = 10'000;
    ProbeSchedule schedule({64, [&random] { return random.generateDouble(); }});
    QList<ProbeSchedule::Target> targets;
    for (int i = 1; i <= kDevices; ++i)
        targets.append({EntityId(i), 1, {anySpec()}, {30'000, 1000, 1, 1}});
    schedule.set(targets, 0);
    QCOMPARE(schedule.probeCount(), kDevices);

    // Each answer takes 50 ms. Steps of 10 ms: what is asked in a second, and how many at once.
    QList<std::pair<qint64, quint64>> open;
    QHash<int, int> perSecond;
    QHash<quint16, int> asked;
    int most = 0;
    for (qint64 now = 0; now < 90'000; now += 10) {
        while (!open.isEmpty() && open.first().first <= now) {
            QVERIFY(schedule.finished(open.takeFirst().second, ProbeOutcome::Up, now));
        }
        const auto questions = schedule.takeDue(now);
        for (const auto &question : questions)
            open.append({now + 50, question.run});
        perSecond[int(now / 1000)] += int(questions.size());
        most = std::max(most, int(open.size()));
        QCOMPARE(schedule.openCount(), open.size());
    }
    QVERIFY(most <= 64);
    int all = 0;
    for (int second = 0; second < 90; ++second) {
        all += perSecond.value(second);
        // 333 on the average; never in step.
        QVERIFY2(perSecond.value(second) < 800, qPrintable(QString::number(second)));
    }
    QVERIFY2(all > 2.8 * kDevices && all < 3.3 * kDevices, qPrintable(QString::number(all)));

    // One alone does not wait.
    ProbeSchedule alone({64, [] { return 0.999; }});
    alone.set({{1, 1, {anySpec()}, {30'000, 1000, 1, 1}}}, 500);
    QCOMPARE(alone.nextAt(), 500);

    // More than fit: the longest due first, and nothing is left out.
    ProbeSchedule narrow = plainSchedule(2);
    narrow.set({{1, 1, {anySpec()}, {1000, 1, 1, 1}}}, 0);
    narrow.set({{2, 1, {anySpec()}, {1000, 1, 1, 1}}}, 1);
    narrow.set({{3, 1, {anySpec()}, {1000, 1, 1, 1}}}, 2);
    auto first = narrow.takeDue(10);
    QCOMPARE(first.size(), 2);
    QVERIFY(!narrow.nextAt()); // full: an answer has to come first
    QCOMPARE(narrow.lateCount(10), 1);
    QCOMPARE(narrow.finished(first.first().run, ProbeOutcome::Up, 10)->device, EntityId(1));
    const auto rest = narrow.takeDue(10);
    QCOMPARE(rest.size(), 1);
    QCOMPARE(narrow.finished(rest.first().run, ProbeOutcome::Up, 10)->device, EntityId(3));
}

void TestProbes::editsAndRemovals()
{
    ProbeSchedule schedule = plainSchedule();
    schedule.set({{1, 1, {anySpec(0)}, {1000, 100, 1, 1}}, {2, 1, {anySpec(1)}, {1000, 100, 1, 1}}},
                 0);
    auto questions = schedule.takeDue(1000);
    QCOMPARE(questions.size(), 2);
    const quint64 run = questions.at(questions.at(0).spec.port == 1000 ? 0 : 1).run;
    // Edited while it asks: the open question is called back, its answer counts for nothing.
    schedule.set({{1, 2, {anySpec(5)}, {1000, 100, 1, 1}}}, 1000);
    QCOMPARE(schedule.takeCancelled(), QList<quint64>{run});
    QVERIFY(!schedule.finished(run, ProbeOutcome::Up, 1000));
    questions = schedule.takeDue(1000); // at once
    QCOMPARE(questions.size(), 1);
    QCOMPARE(questions.first().spec.port, quint16(1005));
    QCOMPARE(schedule.finished(questions.first().run, ProbeOutcome::Up, 1000)->generation, 2);
    // Removed, once while it waits and once while it asks.
    schedule.set({{1, 0, {}, {}}, {2, 0, {}, {}}, {77, 0, {}, {}}}, 1001);
    QCOMPARE(schedule.takeCancelled().size(), 1);
    QCOMPARE(schedule.probeCount(), 0);
    QCOMPARE(schedule.openCount(), 0);
    QVERIFY(!schedule.nextAt());
    QVERIFY(schedule.takeDue(1'000'000).isEmpty());
}

void TestProbes::anyOutcomes()
{
    const quint32 seed = QRandomGenerator::global()->generate();
    qInfo("Seed %u", seed);
    QRandomGenerator random(seed);
    for (int round = 0; round < 200; ++round) {
        const ProbeTiming timing{1000, 100, 1 + int(random.bounded(4)), 1 + int(random.bounded(4))};
        ProbeSchedule schedule({1, [&random] { return random.generateDouble(); }});
        schedule.set({{1, 1, {anySpec()}, timing}}, 0);
        QList<ProbeOutcome> history;
        ProbeOutcome state = ProbeOutcome::Unknown;
        qint64 now = 0;
        for (int i = 0; i < 60; ++i) {
            now = std::max(now, schedule.nextAt().value());
            const auto questions = schedule.takeDue(now);
            QCOMPARE(questions.size(), 1);
            const auto outcome =
                ProbeOutcome(random.bounded(4) < 3 && !history.isEmpty() ? int(history.last())
                                                                         : random.bounded(3));
            history.append(outcome);
            // The plain rule: the last so many are alike.
            const int needed = outcome == ProbeOutcome::Up ? timing.rise : timing.fall;
            if (history.size() >= needed &&
                std::all_of(history.cend() - needed, history.cend(),
                            [outcome](ProbeOutcome one) { return one == outcome; }))
                state = outcome;
            now += random.bounded(200);
            const auto verdict = schedule.finished(questions.first().run, outcome, now);
            QVERIFY(verdict);
            QCOMPARE(verdict->state, state);
            QCOMPARE(verdict->status, state == ProbeOutcome::Up     ? std::optional(Status::Up)
                                      : state == ProbeOutcome::Down ? std::optional(Status::Down)
                                                                    : std::nullopt);
        }
    }
}

PATCHBOARD_TEST(TestProbes)
#include "tst_probes.moc"
