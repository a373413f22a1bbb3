#include "model/optics/computedstatus.h"
#include "tests/model/builders.h"
#include "tests/support/sync/randomedits.h"
#include "tests/support/testmain.h"

#include <QRegularExpression>

#include <cmath>
#include <map>

using namespace patchboard;
using optics::Budget;
using optics::LinkLoss;
using optics::Signal;

namespace {

const QString kOlt = QStringLiteral("OLT");
const QString kOnt = QStringLiteral("ONT");
const QString kSplitter = QStringLiteral("SPLITTER");
const QString kG652D = QStringLiteral("G652D");

/// A board that is built by hand, with its computed status on.
struct Plant
{
    Topology topology;
    ComputedStatus computed{topology};
    quint32 last = 0;

    Plant() { set(kBoardId, Field::ComputedStatus, true); }
    EntityId next() { return tid(++last); }
    EntityId device(const QString &type, EntityId container = 0)
    {
        const EntityId id = next();
        submitOk(topology, {newDevice(id, QStringLiteral("d%1").arg(last), container, type)});
        return id;
    }
    EntityId device(const char *type, EntityId container = 0)
    {
        return device(QLatin1String(type), container);
    }
    EntityId port(EntityId of, InterfaceType type = InterfaceType::Optical)
    {
        CreateEntity create = newPort(next(), of, QStringLiteral("p%1").arg(last));
        create.fields.append({Field::InterfaceType, qint64(type)});
        submitOk(topology, {create});
        return create.id;
    }
    EntityId link(EntityId portA, EntityId portB)
    {
        const EntityId id = next();
        submitOk(topology, {newLink(id, portA, portB)});
        return id;
    }
    /// A fibre between two devices, on ports of its own.
    EntityId fibre(EntityId a, EntityId b, std::optional<double> km = {},
                   const QString &medium = kG652D)
    {
        const EntityId id = link(port(a), port(b));
        if (km)
            set(id, Field::Length, *km);
        if (!medium.isEmpty())
            set(id, Field::Medium, medium);
        return id;
    }
    void set(EntityId id, Field field, const Value &value)
    {
        submitOk(topology, {edits::setField(id, field, value)});
    }
    Budget budget(EntityId id)
    {
        const auto budget = computed.budgetOf(id);
        if (!budget)
            QTest::qFail("no budget", __FILE__, __LINE__);
        return budget.value_or(Budget());
    }
    Status health(EntityId id) { return computed.healthOf(id).value_or(Status(9)); }
};

/// Hears of changes and asks anew: what it holds must be what is.
struct ComputedListener final : ComputedObserver
{
    explicit ComputedListener(Plant &plant)
        : m_plant(plant)
    {
        plant.computed.addObserver(this);
    }
    ~ComputedListener() { m_plant.computed.removeObserver(this); }
    void computedChanged(const ComputedStatus &, const QSet<EntityId> &changed) override
    {
        ids.unite(changed);
    }
    void computedReset(const ComputedStatus &) override { ++resets; }
    QSet<EntityId> take() { return std::exchange(ids, {}); }
    Plant &m_plant;
    QSet<EntityId> ids;
    int resets = 0;
};

// What the same rules say, worked out in the plainest way: all paths, one by one.

struct Best
{
    qint64 loss = 0;
    qint64 length = 0;
    int hops = 0;
    EntityId olt = 0;
    auto operator<=>(const Best &) const = default;
};

void tryPaths(const Topology &topology, EntityId at, const Best &sofar, QSet<EntityId> &visited,
              std::optional<Best> &best)
{
    for (const EntityId port : topology.interfacesOf(at)) {
        for (const EntityId id : topology.linksOf(port)) {
            const Link &link = *topology.link(id);
            const bool optical = topology.interface(link.a)->type == InterfaceType::Optical ||
                                 topology.interface(link.b)->type == InterfaceType::Optical ||
                                 link.details->mediumId == kG652D;
            const EntityId to = topology.interface(link.a == port ? link.b : link.a)->device;
            if (!optical || visited.contains(to))
                continue;
            Best next = sofar;
            if (link.details->lossDb)
                next.loss += std::llround(*link.details->lossDb * 1e6);
            else
                next.loss += std::llround(link.details->lengthKm.value_or(0) * 0.35 * 1e6);
            next.length += std::llround(link.details->lengthKm.value_or(0) * 1e6);
            ++next.hops;
            const Device &device = *topology.device(to);
            if (device.type == kOlt) {
                next.olt = to;
                if (!best || next < *best)
                    best = next;
            } else if (device.type == kSplitter) {
                next.loss += std::llround(device.optics->insertionLossDb.value_or(3.5) * 1e6);
                visited.insert(to);
                tryPaths(topology, to, next, visited, best);
                visited.remove(to);
            }
        }
    }
}

std::optional<Best> bestPath(const Topology &topology, EntityId ont)
{
    std::optional<Best> best;
    QSet<EntityId> visited{ont};
    tryPaths(topology, ont, {}, visited, best);
    return best;
}

Status plainHealth(const Topology &topology, EntityId container)
{
    bool degraded = false;
    for (const EntityId id : topology.childrenOf(container)) {
        const Device &child = *topology.device(id);
        const Status status = child.state.override_         ? *child.state.override_
                              : topology.isContainer(child) ? plainHealth(topology, id)
                                                            : child.state.status;
        if (status == Status::Down)
            return Status::Down;
        degraded = degraded || status == Status::Degraded;
    }
    return degraded ? Status::Degraded : Status::Up;
}

} // namespace

class TestOptics : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }
    void attenuation_data();
    void attenuation();
    void workedExample();
    void linkLosses();
    void margins_data();
    void margins();
    void splittersInARow();
    void cheapestOfSeveralPaths();
    void ties();
    void loopsAndStrays();
    void onlyPassivesLetThrough();
    void whatIsAFibre();
    void valuesOfTheDeviceAndOfItsType();
    void noPath();
    void overload();
    void steps();
    void healthOfContainers();
    void nestedContainers();
    void switchedOnAndOff();
    void problems();
    void tellsWhatChanged();
    void followsRandomEdits();
};

void TestOptics::attenuation_data()
{
    QTest::addColumn<QString>("medium");
    QTest::addColumn<double>("dbPerKm"); // -1: none
    const auto row = [](const char *medium, double dbPerKm) {
        QTest::newRow(medium) << QString::fromLatin1(medium) << dbPerKm;
    };
    row("SMF_G652D", 0.35);
    row("SMF_G657A1", 0.35);
    row("SMF_G657A2", 0.35);
    row("MMF_OM3", 3.5);
    row("MMF_OM4", 3.0);
    row("G652D", 0.35);
    row("G.652.D", 0.35);
    row("smf g.657.a1", 0.35);
    row("om4", 3.0);
    row("", -1);
    row("CAT6", -1);
    row("G652", -1);
    row("OM", -1);
}

void TestOptics::attenuation()
{
    QFETCH(QString, medium);
    QFETCH(double, dbPerKm);
    QCOMPARE(optics::attenuationDbPerKm(medium).value_or(-1), dbPerKm);
}

/// Transmitted +5.0 dBm, 6 km of G.652.D (2.1 dB) and a splitter (3.5 dB).
void TestOptics::workedExample()
{
    Plant plant;
    const EntityId olt = plant.device(kOlt);
    const EntityId splitter = plant.device(kSplitter);
    const EntityId ont = plant.device(kOnt);
    plant.set(olt, Field::TxPower, 5.0);
    plant.set(splitter, Field::InsertionLoss, 3.5);
    plant.set(ont, Field::Sensitivity, -30.0);
    plant.fibre(olt, splitter, 4.0);
    plant.fibre(splitter, ont, 2.0);
    const Budget budget = plant.budget(ont);
    QCOMPARE(budget.source, olt);
    QCOMPARE(budget.pathLossDb, 5.6);
    QCOMPARE(budget.receivedDbm, -0.6);
    QCOMPARE(budget.marginDb, 29.4);
    QCOMPARE(budget.lengthKm, 6.0);
    QCOMPARE(budget.hops, 2);
    QCOMPARE(budget.txPowerDbm, 5.0);
    QCOMPARE(budget.sensitivityDbm, -30.0);
    QCOMPARE(budget.signal, Signal::Ok);
    QVERIFY(!budget.overloaded);
    // To the last bit, whatever the order of the sum.
    QVERIFY(budget.receivedDbm == -0.6 && budget.marginDb == 29.4);
}

void TestOptics::linkLosses()
{
    const auto loss = [](std::optional<double> km, const char *medium, std::optional<double> db) {
        Link link;
        LinkDetails details;
        details.lengthKm = km;
        details.mediumId = QLatin1String(medium);
        details.lossDb = db;
        link.details = details;
        return optics::lossOf(link);
    };
    using Source = LinkLoss::Source;
    const auto is = [](const LinkLoss &it, double db, double km, Source source) {
        return it.loss == std::llround(db * 1e6) && it.length == std::llround(km * 1e6) &&
               it.source == source;
    };
    QVERIFY(is(loss(6, "G652D", {}), 2.1, 6, Source::Computed));
    QVERIFY(is(loss(0.2, "MMF_OM3", {}), 0.7, 0.2, Source::Computed));
    QVERIFY(is(loss(0.2, "MMF_OM4", {}), 0.6, 0.2, Source::Computed));
    QVERIFY(is(loss(6, "G652D", 2.7), 2.7, 6, Source::Given)); // what was measured counts
    QVERIFY(is(loss({}, "G652D", 0.4), 0.4, 0, Source::Given));
    QVERIFY(is(loss(6, "G652D", 0.0), 0, 6, Source::Given));
    QVERIFY(is(loss(10, "", {}), 3.5, 10, Source::AssumedMedium));
    QVERIFY(is(loss(10, "string", {}), 3.5, 10, Source::AssumedMedium));
    QVERIFY(is(loss({}, "G652D", {}), 0, 0, Source::NoLength));
    QVERIFY(is(loss(0, "G652D", {}), 0, 0, Source::Computed));
}

void TestOptics::margins_data()
{
    QTest::addColumn<double>("loss"); // of tx 5 against -25: margin = 30 - loss
    QTest::addColumn<Signal>("signal");
    QTest::newRow("6 is OK") << 24.0 << Signal::Ok;
    QTest::newRow("below 6") << 24.000001 << Signal::Warning;
    QTest::newRow("3 is a warning") << 27.0 << Signal::Warning;
    QTest::newRow("below 3") << 27.000001 << Signal::Critical;
    QTest::newRow("0 is critical") << 30.0 << Signal::Critical;
    QTest::newRow("below 0") << 30.000001 << Signal::NoSignal;
    QTest::newRow("sums that doubles miss") << 23.999999999 << Signal::Ok;
}

void TestOptics::margins()
{
    QFETCH(double, loss);
    QFETCH(Signal, signal);
    Plant plant;
    const EntityId olt = plant.device(kOlt);
    const EntityId ont = plant.device(kOnt);
    plant.set(ont, Field::Sensitivity, -25.0);
    const EntityId link = plant.fibre(olt, ont);
    plant.set(link, Field::Loss, loss);
    QCOMPARE(plant.budget(ont).signal, signal);
    QVERIFY(plant.budget(ont).hasWay()); // too little arrives, but where from is known
}

void TestOptics::splittersInARow()
{
    Plant plant;
    const EntityId olt = plant.device(kOlt); // +5.0 usually
    const EntityId odf = plant.device("ODF");
    const EntityId first = plant.device(kSplitter);
    const EntityId nvt = plant.device("NVT");
    const EntityId second = plant.device(kSplitter);
    const EntityId hop = plant.device("HOP");
    const EntityId ont = plant.device("BUSINESS_ONT"); // -30.0 usually
    plant.set(second, Field::InsertionLoss, 10.5);     // 1:8
    plant.fibre(olt, odf, 0.1);                        // 0.035
    plant.fibre(odf, first, 8.0);                      // 2.8
    plant.fibre(first, nvt, 1.5);                      // 0.525
    plant.fibre(nvt, second, 0.4);                     // 0.14
    plant.fibre(second, hop, 0.2);                     // 0.07
    plant.fibre(hop, ont, 0.05);                       // 0.0175
    // Fibres 3.5875; ODF 0.5, splitter 3.5, NVT 0.1, splitter 10.5, HOP 0.5: 15.1.
    const Budget budget = plant.budget(ont);
    QCOMPARE(budget.pathLossDb, 18.6875);
    QCOMPARE(budget.receivedDbm, -13.6875);
    QCOMPARE(budget.marginDb, 16.3125);
    QCOMPARE(budget.lengthKm, 10.25);
    QCOMPARE(budget.hops, 6);
}

void TestOptics::cheapestOfSeveralPaths()
{
    Plant plant;
    const EntityId near = plant.device(kOlt);
    const EntityId far = plant.device(kOlt);
    const EntityId splitter = plant.device(kSplitter); // 3.5 dB
    const EntityId odf = plant.device("ODF");          // 0.5 dB
    const EntityId ont = plant.device(kOnt);
    plant.fibre(near, splitter, 1.0);                      // 0.35
    const EntityId drop = plant.fibre(splitter, ont, 1.0); // 0.35
    const EntityId longer = plant.fibre(far, odf, 5.0);    // 1.75
    plant.fibre(odf, ont, 5.0);                            // 1.75
    QCOMPARE(plant.budget(ont).source, far);               // 4.0 against 4.2
    QCOMPARE(plant.budget(ont).pathLossDb, 4.0);
    plant.set(longer, Field::Loss, 2.0); // 4.25
    QCOMPARE(plant.budget(ont).source, near);
    QCOMPARE(plant.budget(ont).pathLossDb, 4.2);
    // A second fibre beside the drop; then the first is cut.
    const EntityId better = plant.fibre(splitter, ont, 0.5);
    QCOMPARE(plant.budget(ont).pathLossDb, 4.025);
    submitOk(plant.topology, {RemoveEntities{{drop}}});
    QCOMPARE(plant.budget(ont).pathLossDb, 4.025);
    submitOk(plant.topology, {RemoveEntities{{better}}});
    QCOMPARE(plant.budget(ont).source, far);
    // A stronger transmitter does not make a path cheaper.
    plant.fibre(splitter, ont, 1.0);
    plant.set(far, Field::TxPower, 9.0);
    QCOMPARE(plant.budget(ont).source, near);
}

void TestOptics::ties()
{
    Plant plant;
    const EntityId first = plant.device(kOlt);
    const EntityId second = plant.device(kOlt);
    const EntityId third = plant.device(kOlt);
    const EntityId odf = plant.device("ODF");
    const EntityId ont = plant.device(kOnt);
    const auto connect = [&](EntityId olt, double db, double km) {
        const EntityId link = plant.fibre(olt, ont, km);
        plant.set(link, Field::Loss, db);
        return link;
    };
    connect(third, 2.0, 4.0);
    QCOMPARE(plant.budget(ont).source, third);
    const EntityId shorter = connect(second, 2.0, 3.0); // the same loss, shorter
    QCOMPARE(plant.budget(ont).source, second);
    submitOk(plant.topology, {RemoveEntities{{shorter}}});
    connect(second, 2.0, 4.0); // the same in all: the smaller id
    QCOMPARE(plant.budget(ont).source, second);
    // The same loss and length by more links: the fewer count, though the id is smaller.
    plant.set(odf, Field::InsertionLoss, 0.0);
    plant.set(plant.fibre(first, odf, 2.0), Field::Loss, 1.0);
    plant.set(plant.fibre(odf, ont, 2.0), Field::Loss, 1.0);
    QCOMPARE(plant.budget(ont).source, second);
    QCOMPARE(plant.budget(ont).hops, 1);
    connect(first, 2.0, 4.0);
    QCOMPARE(plant.budget(ont).source, first);
}

void TestOptics::loopsAndStrays()
{
    Plant plant;
    const EntityId olt = plant.device(kOlt);
    const EntityId a = plant.device("ODF");
    const EntityId b = plant.device("ODF");
    const EntityId c = plant.device("ODF");
    const EntityId ont = plant.device(kOnt);
    for (const EntityId odf : {a, b, c})
        plant.set(odf, Field::InsertionLoss, 0.0); // light could go round for nothing
    const EntityId feed = plant.fibre(olt, a, 0.0);
    plant.fibre(a, b, 0.0);
    plant.fibre(b, c, 0.0);
    plant.fibre(c, a, 0.0);
    plant.fibre(c, ont, 1.0);
    const EntityId self = plant.port(b);
    plant.link(self, self);
    plant.link(plant.port(b), plant.port(b));
    QCOMPARE(plant.budget(ont).pathLossDb, 0.35);
    QCOMPARE(plant.budget(ont).hops, 3); // not through b
    // Without its feed the loop does not light itself.
    submitOk(plant.topology, {RemoveEntities{{feed}}});
    QVERIFY(!plant.budget(ont).hasWay());
    QVERIFY(plant.computed.stepsFrom(ont).isEmpty());
    plant.fibre(olt, b, 1.0);
    QCOMPARE(plant.budget(ont).pathLossDb, 0.7);
}

void TestOptics::onlyPassivesLetThrough()
{
    Plant plant;
    const EntityId olt = plant.device(kOlt);
    const EntityId ont = plant.device(kOnt);
    const EntityId between = plant.device("ONT");
    plant.fibre(olt, between, 1.0);
    plant.fibre(between, ont, 1.0);
    QVERIFY(!plant.budget(ont).hasWay());
    QVERIFY(plant.budget(between).hasWay());
    for (const char *type : {"OLT", "CORE_ROUTER", "SWITCH", "GENERIC"}) {
        plant.set(between, Field::DeviceType, QString::fromLatin1(type));
        QCOMPARE(plant.budget(ont).source, qstrcmp(type, "OLT") == 0 ? between : EntityId(0));
    }
    // Somebody gave the generic thing a loss: an attenuator.
    plant.set(between, Field::InsertionLoss, 10.0);
    QCOMPARE(plant.budget(ont).pathLossDb, 10.7);
    plant.set(between, Field::DeviceType, QStringLiteral("HOP"));
    QCOMPARE(plant.budget(ont).pathLossDb, 10.7);
    plant.set(between, Field::InsertionLoss, {});
    QCOMPARE(plant.budget(ont).pathLossDb, 1.2);
    // A type of the board's own.
    const EntityId type = plant.next();
    submitOk(plant.topology, {newType(type, QStringLiteral("MUX"))});
    plant.set(between, Field::DeviceType, QStringLiteral("MUX"));
    QVERIFY(!plant.budget(ont).hasWay());
    plant.set(between, Field::InsertionLoss, 2.0);
    QCOMPARE(plant.budget(ont).pathLossDb, 2.7);
}

void TestOptics::whatIsAFibre()
{
    Plant plant;
    const EntityId olt = plant.device(kOlt);
    const EntityId ont = plant.device(kOnt);
    const EntityId oltPort = plant.port(olt, InterfaceType::Ethernet);
    const EntityId ontPort = plant.port(ont, InterfaceType::Ethernet);
    const EntityId link = plant.link(oltPort, ontPort);
    QVERIFY(!plant.budget(ont).hasWay());
    QVERIFY(!plant.computed.lossOf(link));
    plant.set(oltPort, Field::InterfaceType, qint64(InterfaceType::Optical));
    QVERIFY(plant.budget(ont).hasWay()); // one end says so
    QVERIFY(plant.computed.lossOf(link));
    plant.set(oltPort, Field::InterfaceType, qint64(InterfaceType::Ethernet));
    QVERIFY(!plant.budget(ont).hasWay());
    plant.set(link, Field::Medium, kG652D);
    QVERIFY(plant.budget(ont).hasWay()); // or the medium does
    plant.set(link, Field::Medium, QStringLiteral("CAT6"));
    QVERIFY(!plant.budget(ont).hasWay());
}

void TestOptics::valuesOfTheDeviceAndOfItsType()
{
    Plant plant;
    const EntityId olt = plant.device(kOlt);
    const EntityId splitter = plant.device(kSplitter);
    const EntityId ont = plant.device(kOnt);
    plant.fibre(olt, splitter, 4.0);
    plant.fibre(splitter, ont, 2.0);
    // Nothing is set: +5.0, 3.5 and -30.0 are usual.
    QCOMPARE(plant.budget(ont).receivedDbm, -0.6);
    QCOMPARE(plant.budget(ont).marginDb, 29.4);
    plant.set(olt, Field::TxPower, 2.0);
    QCOMPARE(plant.budget(ont).receivedDbm, -3.6);
    plant.set(splitter, Field::InsertionLoss, 17.5);
    QCOMPARE(plant.budget(ont).receivedDbm, -17.6);
    plant.set(ont, Field::Sensitivity, -28.0);
    QCOMPARE(plant.budget(ont).marginDb, 10.4);
    plant.set(olt, Field::TxPower, {});
    plant.set(splitter, Field::InsertionLoss, {});
    plant.set(ont, Field::Sensitivity, {});
    QCOMPARE(plant.budget(ont).marginDb, 29.4);
}

void TestOptics::noPath()
{
    Plant plant;
    const EntityId ont = plant.device(kOnt);
    const EntityId splitter = plant.device(kSplitter);
    plant.fibre(splitter, ont, 1.0);
    const Budget budget = plant.budget(ont);
    QCOMPARE(budget.signal, Signal::NoSignal);
    QVERIFY(!budget.hasWay());
    // Only receivers have a budget.
    QVERIFY(!plant.computed.budgetOf(splitter));
    QVERIFY(!plant.computed.budgetOf(plant.device(kOlt)));
    QVERIFY(!plant.computed.budgetOf(tid(9999)));
    // The only OLT goes, and comes back.
    const EntityId olt = plant.device(kOlt);
    plant.fibre(olt, splitter, 1.0);
    QCOMPARE(plant.budget(ont).pathLossDb, 4.2);
    submitOk(plant.topology, {RemoveEntities{{olt}}});
    QVERIFY(!plant.budget(ont).hasWay());
    submitOk(plant.topology, {RestoreEntities{{olt}}});
    QCOMPARE(plant.budget(ont).pathLossDb, 4.2);
}

void TestOptics::overload()
{
    Plant plant;
    const EntityId olt = plant.device(kOlt);
    const EntityId ont = plant.device(kOnt);
    const EntityId link = plant.fibre(olt, ont);
    plant.set(link, Field::Loss, 12.999);
    QVERIFY(!plant.budget(ont).overloaded); // nobody said what it takes
    plant.set(ont, Field::Overload, -8.0);  // a class B+ receiver
    QVERIFY(plant.budget(ont).overloaded);  // -7.999
    QCOMPARE(plant.budget(ont).signal, Signal::Ok);
    plant.set(link, Field::Loss, 13.0);
    QVERIFY(!plant.budget(ont).overloaded); // just as much as it takes
}

void TestOptics::steps()
{
    Plant plant;
    const EntityId olt = plant.device(kOlt);
    const EntityId odf = plant.device("ODF");
    const EntityId splitter = plant.device(kSplitter);
    const EntityId ont = plant.device(kOnt);
    const EntityId feeder = plant.fibre(olt, odf, 2.0);
    const EntityId trunk = plant.fibre(odf, splitter, 10.0, QStringLiteral("dark"));
    const EntityId drop = plant.fibre(splitter, ont);
    const QList<optics::Step> steps = plant.computed.stepsFrom(ont);
    QCOMPARE(steps.size(), 3);
    QCOMPARE(steps[0].link, drop);
    QCOMPARE(steps[0].linkLoss.source, LinkLoss::Source::NoLength);
    QCOMPARE(steps[0].device, splitter);
    QCOMPARE(steps[0].insertionLoss, 3'500'000);
    QCOMPARE(steps[1].link, trunk);
    QCOMPARE(steps[1].linkLoss.source, LinkLoss::Source::AssumedMedium);
    QCOMPARE(steps[1].device, odf);
    QCOMPARE(steps[1].insertionLoss, 500'000);
    QCOMPARE(steps[2].link, feeder);
    QCOMPARE(steps[2].device, olt);
    QCOMPARE(steps[2].insertionLoss, 0);
    qint64 sum = 0;
    for (const optics::Step &step : steps)
        sum += step.linkLoss.loss + step.insertionLoss;
    QCOMPARE(double(sum) / 1e6, plant.budget(ont).pathLossDb);
}

void TestOptics::healthOfContainers()
{
    Plant plant;
    const EntityId pop = plant.device("POP");
    QCOMPARE(plant.health(pop), Status::Up); // nothing in it is down
    plant.set(pop, Field::Status, qint64(Status::Down));
    QCOMPARE(plant.health(pop), Status::Up); // its own report is another matter
    QVERIFY(!plant.computed.healthOf(plant.device(kOlt)));
    QList<EntityId> children;
    for (int i = 0; i < 3; ++i) {
        children.append(plant.device(kOlt, pop));
        QCOMPARE(plant.health(pop), Status::Down);
        plant.set(children.last(), Field::Status, qint64(Status::Up));
        QCOMPARE(plant.health(pop), Status::Up);
    }
    plant.set(children[0], Field::Status, qint64(Status::Degraded));
    QCOMPARE(plant.health(pop), Status::Degraded);
    plant.set(children[1], Field::Status, qint64(Status::Down));
    QCOMPARE(plant.health(pop), Status::Down);
    QCOMPARE(plant.computed.countsOf(pop), (std::pair<qsizetype, qsizetype>(1, 1)));
    // What is forced counts, not what is reported.
    plant.set(children[1], Field::StatusOverride, qint64(Status::Up));
    QCOMPARE(plant.health(pop), Status::Degraded);
    plant.set(children[2], Field::StatusOverride, qint64(Status::Down));
    QCOMPARE(plant.health(pop), Status::Down);
    // All of them.
    for (const EntityId child : children)
        plant.set(child, Field::StatusOverride, qint64(Status::Down));
    QCOMPARE(plant.computed.countsOf(pop), (std::pair<qsizetype, qsizetype>(3, 0)));
    // Out of it, deleted, and back.
    plant.set(children[0], Field::Container, {});
    submitOk(plant.topology, {RemoveEntities{{children[1]}}});
    QCOMPARE(plant.computed.countsOf(pop), (std::pair<qsizetype, qsizetype>(1, 0)));
    submitOk(plant.topology, {RestoreEntities{{children[1]}}});
    QCOMPARE(plant.computed.countsOf(pop), (std::pair<qsizetype, qsizetype>(2, 0)));
    plant.set(children[1], Field::StatusOverride, {});
    plant.set(children[1], Field::Status, qint64(Status::Up));
    plant.set(children[2], Field::Container, {});
    QCOMPARE(plant.health(pop), Status::Up);
}

void TestOptics::nestedContainers()
{
    Plant plant;
    const EntityId site = plant.device("CORE_SITE");
    const EntityId pop = plant.device("POP", site);
    const EntityId room = plant.device("GROUP", pop);
    const EntityId olt = plant.device(kOlt, room);
    for (const EntityId container : {room, pop, site})
        QCOMPARE(plant.health(container), Status::Down);
    plant.set(olt, Field::Status, qint64(Status::Degraded));
    for (const EntityId container : {room, pop, site})
        QCOMPARE(plant.health(container), Status::Degraded);
    // Somebody forces the room: that is what counts further out, not what is in it.
    plant.set(room, Field::StatusOverride, qint64(Status::Up));
    QCOMPARE(plant.health(room), Status::Degraded);
    QCOMPARE(plant.health(pop), Status::Up);
    plant.set(room, Field::StatusOverride, qint64(Status::Down));
    QCOMPARE(plant.health(site), Status::Down);
    plant.set(room, Field::StatusOverride, {});
    QCOMPARE(plant.health(site), Status::Degraded);
    // Out of the middle: its contents go to the container around it.
    submitOk(plant.topology, {RemoveEntities{{pop}}});
    QCOMPARE(plant.health(site), Status::Degraded);
    QCOMPARE(plant.computed.countsOf(site), (std::pair<qsizetype, qsizetype>(0, 1)));
    QVERIFY(!plant.computed.healthOf(pop));
    plant.set(room, Field::Container, {});
    QCOMPARE(plant.health(site), Status::Up);
    QCOMPARE(plant.health(room), Status::Degraded);
}

void TestOptics::switchedOnAndOff()
{
    Plant plant;
    const EntityId olt = plant.device(kOlt);
    const EntityId pop = plant.device("POP");
    const EntityId ont = plant.device(kOnt, pop);
    const EntityId link = plant.fibre(olt, ont, 1.0);
    QVERIFY(plant.budget(ont).hasWay());
    ComputedListener listener(plant);
    plant.set(kBoardId, Field::ComputedStatus, false);
    QCOMPARE(listener.resets, 1);
    QVERIFY(!plant.computed.budgetOf(ont));
    QVERIFY(!plant.computed.healthOf(pop));
    QVERIFY(!plant.computed.lossOf(link));
    QVERIFY(plant.computed.stepsFrom(ont).isEmpty());
    QVERIFY(plant.computed.problems().isEmpty());
    plant.set(link, Field::Length, 2.0); // nobody looks
    plant.set(kBoardId, Field::ComputedStatus, true);
    QCOMPARE(listener.resets, 2);
    QCOMPARE(plant.budget(ont).pathLossDb, 0.7);
    QCOMPARE(plant.health(pop), Status::Down);
}

void TestOptics::problems()
{
    using Kind = Problem::Kind;
    Plant plant;
    const EntityId olt = plant.device(kOlt);
    const EntityId pop = plant.device("POP");
    const EntityId ont = plant.device(kOnt, pop);
    plant.set(ont, Field::Status, qint64(Status::Up));
    const auto kindOf = [&](EntityId id) -> std::optional<Kind> {
        const auto it = plant.computed.problems().constFind(id);
        return it == plant.computed.problems().cend() ? std::nullopt : std::optional(it->kind);
    };
    const auto text = [&](EntityId id) {
        return problemText(plant.computed, plant.computed.problems().value(id));
    };
    QCOMPARE(kindOf(ont), std::optional(Kind::NoSignal));
    QCOMPARE(text(ont), QStringLiteral("No signal: no optical path leads to an OLT"));
    const EntityId link = plant.fibre(olt, ont);
    QVERIFY(!kindOf(ont));
    plant.set(link, Field::Loss, 30.0);
    QCOMPARE(kindOf(ont), std::optional(Kind::LowMargin));
    QCOMPARE(text(ont), QStringLiteral("Low optical margin: 5.0 dB"));
    plant.set(link, Field::Loss, 34.0);
    QCOMPARE(kindOf(ont), std::optional(Kind::CriticalMargin));
    plant.set(link, Field::Loss, 40.0);
    QCOMPARE(kindOf(ont), std::optional(Kind::NoSignal));
    QCOMPARE(text(ont), QStringLiteral("No signal: -35.0 dBm arrive, 5.0 dB too little"));
    plant.set(link, Field::Loss, 1.0);
    plant.set(ont, Field::Overload, -8.0);
    QCOMPARE(kindOf(ont), std::optional(Kind::Overload));
    QCOMPARE(text(ont), QStringLiteral("Receiver overload: 4.0 dBm arrive, -8.0 dBm is the most"));
    QVERIFY(!kindOf(pop));
    plant.set(ont, Field::Status, qint64(Status::Degraded));
    QCOMPARE(kindOf(pop), std::optional(Kind::ContainerDegraded));
    plant.set(ont, Field::Status, qint64(Status::Down));
    QCOMPARE(kindOf(pop), std::optional(Kind::ContainerDown));
    QCOMPARE(text(pop), QStringLiteral("Inside: 1 down"));

    // Link rules are a matter of their own, whatever is switched on.
    const EntityId core = plant.device("CORE_ROUTER");
    const EntityId odd = plant.fibre(core, ont);
    QCOMPARE(kindOf(odd), std::optional(Kind::LinkRule));
    QCOMPARE(text(odd), QStringLiteral("No link rule allows Core router – ONT"));
    plant.set(kBoardId, Field::ComputedStatus, false);
    QCOMPARE(kindOf(odd), std::optional(Kind::LinkRule));
    QCOMPARE(plant.computed.problems().size(), 1);
    plant.set(core, Field::DeviceType, kOlt);
    QVERIFY(!kindOf(odd));
    plant.set(core, Field::DeviceType, QStringLiteral("AON_CPE"));
    QVERIFY(kindOf(odd));
    submitOk(plant.topology, {RemoveEntities{{core}}});
    QVERIFY(plant.computed.problems().isEmpty());
}

void TestOptics::tellsWhatChanged()
{
    Plant plant;
    const EntityId olt = plant.device(kOlt);
    const EntityId splitter = plant.device(kSplitter);
    const EntityId one = plant.device(kOnt);
    const EntityId two = plant.device(kOnt);
    const EntityId other = plant.device(kOlt);
    const EntityId elsewhere = plant.device(kOnt);
    const EntityId feeder = plant.fibre(olt, splitter, 1.0);
    const EntityId drop = plant.fibre(splitter, one, 1.0);
    plant.fibre(splitter, two, 1.0);
    plant.fibre(other, elsewhere, 1.0);
    QVERIFY(plant.budget(one).hasWay());
    ComputedListener listener(plant);
    plant.set(feeder, Field::Length, 2.0);
    QCOMPARE(listener.take(), (QSet<EntityId>{feeder, splitter, one, two}));
    plant.set(drop, Field::Length, 2.0);
    QCOMPARE(listener.take(), (QSet<EntityId>{drop, one}));
    plant.set(olt, Field::TxPower, 4.0);
    QCOMPARE(listener.take(), (QSet<EntityId>{splitter, one, two}));
    plant.set(two, Field::Sensitivity, -20.0);
    QCOMPARE(listener.take(), (QSet<EntityId>{two}));
    plant.set(one, Field::Name, QStringLiteral("renamed"));
    plant.set(one, Field::Position, QPointF(1, 2));
    QVERIFY(listener.take().isEmpty());
    submitOk(plant.topology, {RemoveEntities{{feeder}}});
    QCOMPARE(listener.take(), (QSet<EntityId>{feeder, splitter, one, two}));
    QCOMPARE(listener.resets, 0);
}

/// Seeded edits on a small plant: whatever was done before, the answers are those of a fresh look,
/// and whoever listened knows of all that differs.
void TestOptics::followsRandomEdits()
{
    for (quint64 seed = 1; seed <= 12; ++seed) {
        Rng rng(seed);
        Plant plant;
        QList<EntityId> links;
        const QString types[] = {kOlt,
                                 kOnt,
                                 kSplitter,
                                 kSplitter,
                                 kSplitter,
                                 kOnt,
                                 QStringLiteral("POP"),
                                 QStringLiteral("SWITCH")};
        const auto anyDevice = [&] {
            const QList<EntityId> living = plant.topology.devices().ids();
            return living.at(rng.below(int(living.size())));
        };
        const auto anyType = [&] { return types[rng.below(8)]; };
        const auto anyContainer = [&]() -> EntityId {
            const EntityId id = anyDevice();
            const Device *device = plant.topology.device(id);
            return device && plant.topology.isContainer(*device) ? id : EntityId(0);
        };
        for (int i = 0; i < 9; ++i)
            plant.device(i < 8 ? types[i] : kOlt);
        std::map<EntityId, Budget> budgets;
        std::map<EntityId, Status> healths;
        (void)plant.computed.problems();
        ComputedListener listener(plant);
        for (int step = 0; step < 260; ++step) {
            const EntityId device = anyDevice();
            QList<Edit> edits;
            const int count = 1 + (rng.chance(20) ? 2 : 0);
            for (int n = 0; n < count; ++n) {
                switch (rng.below(9)) {
                case 0:
                case 1: {
                    const EntityId other = anyDevice();
                    const auto a = plant.port(device, rng.chance(80) ? InterfaceType::Optical
                                                                     : InterfaceType::Ethernet);
                    const auto b = plant.port(other, rng.chance(50) ? InterfaceType::Optical
                                                                    : InterfaceType::Ethernet);
                    links.append(plant.next());
                    CreateEntity create = newLink(links.last(), a, b);
                    if (rng.chance(70))
                        create.fields.append({Field::Length, double(rng.below(4))});
                    edits.append(create);
                    break;
                }
                case 2:
                    if (!links.isEmpty()) {
                        const EntityId link = links.at(rng.below(int(links.size())));
                        edits.append(edits::setField(link, Field::Loss,
                                                     rng.chance(50) ? Value()
                                                                    : Value(double(rng.below(9)))));
                    }
                    break;
                case 3:
                    if (!links.isEmpty())
                        edits.append(RemoveEntities{{links.takeAt(rng.below(int(links.size())))}});
                    break;
                case 4:
                    edits.append(edits::setField(device, Field::DeviceType, anyType()));
                    break;
                case 5:
                    edits.append(
                        edits::setField(device, Field::InsertionLoss,
                                        rng.chance(50) ? Value() : Value(double(rng.below(5)))));
                    break;
                case 6:
                    edits.append(edits::setField(
                        device, rng.chance(50) ? Field::Status : Field::StatusOverride,
                        qint64(rng.below(3))));
                    break;
                case 7: {
                    const EntityId container = anyContainer();
                    edits.append(
                        edits::setField(device, Field::Container,
                                        container == 0 ? Value() : Value(qint64(container))));
                    break;
                }
                default:
                    edits.append(edits::setField(device, Field::TxPower, double(rng.below(6))));
                }
            }
            if (rng.chance(4) && plant.topology.devices().size() > 4)
                edits.append(RemoveEntities{{device}});
            else if (rng.chance(6) && !plant.topology.removedEntities().isEmpty()) {
                const auto graves = plant.topology.removedEntities();
                edits.append(
                    RestoreEntities{{baseOf(graves.at(rng.below(int(graves.size())))->entity).id}});
            }
            // A refusal (a cycle, something gone, a container that must stay one) changes nothing.
            const auto outcome = submitEdits(plant.topology, edits);
            // Now and then it is taken back exactly.
            if (outcome && rng.chance(20))
                plant.topology.rollback(outcome->applied);

            const QSet<EntityId> told = listener.take();
            for (const Device &each : plant.topology.devices().slots()) {
                if (each.id == 0)
                    continue;
                const auto context = [&] {
                    return QStringLiteral("seed %1, step %2, device %3")
                        .arg(seed)
                        .arg(step)
                        .arg(each.id);
                };
                if (const auto budget = plant.computed.budgetOf(each.id)) {
                    // Attenuators are tried above; here only splitters let through.
                    const auto best = bestPath(plant.topology, each.id);
                    bool attenuated = false;
                    for (const optics::Step &part : plant.computed.stepsFrom(each.id)) {
                        const QString type = plant.topology.device(part.device)->type;
                        attenuated = attenuated || (type != kSplitter && type != kOlt);
                    }
                    if (!attenuated) {
                        QVERIFY2(budget->source == (best ? best->olt : 0), qPrintable(context()));
                        if (best) {
                            QVERIFY2(std::llround(budget->pathLossDb * 1e6) == best->loss,
                                     qPrintable(context()));
                            QCOMPARE(std::llround(budget->lengthKm * 1e6), best->length);
                            QCOMPARE(budget->hops, best->hops);
                        }
                    }
                    const auto known = budgets.find(each.id);
                    if (known != budgets.end() && !(known->second == *budget))
                        QVERIFY2(told.contains(each.id), qPrintable(context()));
                    budgets[each.id] = *budget;
                } else {
                    budgets.erase(each.id);
                }
                if (const auto health = plant.computed.healthOf(each.id)) {
                    QVERIFY2(*health == plainHealth(plant.topology, each.id),
                             qPrintable(context()));
                    const auto known = healths.find(each.id);
                    if (known != healths.end() && known->second != *health)
                        QVERIFY2(told.contains(each.id), qPrintable(context()));
                    healths[each.id] = *health;
                } else {
                    healths.erase(each.id);
                }
            }
            // All of it, against a look from scratch.
            const ComputedStatus fresh(plant.topology);
            QVERIFY2(fresh.problems() == plant.computed.problems(),
                     qPrintable(QStringLiteral("seed %1, step %2").arg(seed).arg(step)));
            for (const EntityId id : plant.topology.devices().ids())
                QVERIFY(fresh.budgetOf(id) == plant.computed.budgetOf(id));
        }
    }
}

PATCHBOARD_TEST(TestOptics)
#include "tst_optics.moc"
