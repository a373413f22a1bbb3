#include "model/core/topology.h"
#include "model/replica.h"
#include "model/topologymodel.h"
#include "model/wire/snapshot.h"
#include "tests/model/randomedits.h"
#include "tests/support/testmain.h"

#include <QAbstractItemModelTester>
#include <QRegularExpression>
#include <QSignalSpy>

using namespace patchboard;

namespace {

constexpr int kAlways = 100'000'000; ///< percent

/// A board with a site that holds two routers, which are linked, and a type of its own.
struct Small
{
    Topology board;
    EntityId site = makeId(1, 1);
    EntityId a = makeId(1, 2);
    EntityId b = makeId(1, 3);
    EntityId portA = makeId(1, 4);
    EntityId portB = makeId(1, 5);
    EntityId link = makeId(1, 6);
    EntityId type = makeId(1, 7);

    Small()
    {
        const auto text = [](const char *word) { return QString::fromLatin1(word); };
        const auto device = [&](EntityId id, const char *name, const char *kind, EntityId in) {
            CreateEntity create{EntityKind::Device,
                                id,
                                {{Field::Name, text(name)}, {Field::DeviceType, text(kind)}},
                                0};
            if (in != 0)
                create.fields.append({Field::Container, qint64(in)});
            return create;
        };
        const auto port = [&](EntityId id, EntityId owner) {
            return CreateEntity{EntityKind::Interface,
                                id,
                                {{Field::Name, text("eth0")}, {Field::Device, qint64(owner)}},
                                0};
        };
        const QList<Edit> edits{
            CreateEntity{EntityKind::DeviceType,
                         type,
                         {{Field::TypeKey, text("PROBE")}, {Field::Label, text("Probe")}},
                         0},
            device(site, "site", "POP", 0),
            device(a, "a", "PROBE", site),
            device(b, "b", "CORE_ROUTER", site),
            port(portA, a),
            port(portB, b),
            CreateEntity{EntityKind::Link,
                         link,
                         {{Field::AInterface, qint64(portA)}, {Field::BInterface, qint64(portB)}},
                         0}};
        Change change;
        change.site = 1;
        change.cseq = 1;
        change.edits = edits;
        const auto done = board.submit(change, {{1, 1}, 1, 1000});
        Q_ASSERT(done);
    }
    /// What says that nothing has changed.
    [[nodiscard]] Topology::Contents nothing() const
    {
        Topology::Contents news;
        news.board = board.board();
        return news;
    }
};

Topology::Contents loadable(const Topology &topology)
{
    auto contents = wire::decodeSnapshot(wire::encodeSnapshot(topology));
    Q_ASSERT(contents);
    return std::move(*contents);
}

} // namespace

/// What differs between two states of a board, told to a copy that is in the first.
class TestDifference : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }
    void makesTheLaterState();
    void misfitsAreRefused_data();
    void misfitsAreRefused();
    void damageIsRefused();
    void aSnapshotIsAsGood();
    void onlyItsOwnState();
};

void TestDifference::makesTheLaterState()
{
    const quint32 seed = testSeed();
    qInfo("PATCHBOARD_SEED=%u", seed);
    Topology host;
    RandomEdits random(seed, 1);
    quint64 revision = 0;
    const auto walk = [&](int steps) {
        for (const quint64 until = revision + quint64(steps); revision < until;) {
            const Change change = random.change(host);
            const auto done = host.submit(change, {{change.site, change.cseq}, revision + 1, 1000});
            revision += done && !done->expansion.edits.isEmpty() ? 1U : 0U;
        }
    };
    walk(80);
    int removals = 0;
    for (int round = 0; round < 80; ++round) {
        Topology copy;
        QVERIFY(copy.load(loadable(host)));
        TopologyModel model(copy);
        const QAbstractItemModelTester tester(
            &model, QAbstractItemModelTester::FailureReportingMode::Fatal);
        const QSignalSpy reset(&model, &QAbstractItemModel::modelReset);
        if (round % 2 == 0)
            (void)copy.digest(); // kept up to date from now on
        const quint64 since = revision;
        walk(1 + random.below(30));
        const auto bytes = wire::encodeDifference(host, since, revision, 7, kAlways);
        QVERIFY(bytes);
        QVERIFY(wire::isDifference(*bytes));
        QVERIFY(!wire::isDifference(wire::encodeSnapshot(host)));
        const auto difference = wire::decodeDifference(*bytes);
        QVERIFY(difference);
        QCOMPARE(difference->since, since);
        QCOMPARE(difference->revision, revision);
        QCOMPARE(difference->logHash, quint64(7));
        removals += int(difference->gone.size());
        const auto merged = copy.merge(difference->news, difference->gone);
        QVERIFY2(merged, merged ? "" : qPrintable(merged.error().text));

        Topology fresh;
        QVERIFY(fresh.load(loadable(host)));
        QVERIFY(copy == fresh);
        QCOMPARE(copy.digest(), fresh.digest());
        QCOMPARE(copy.writers(), fresh.writers());
        QVERIFY(reset.isEmpty());
        for (const Device &device : fresh.devices().slots()) {
            if (device.id == 0)
                continue;
            QCOMPARE(copy.deviceByName(device.name), device.id);
            QVERIFY(std::ranges::equal(copy.childrenOf(device.id), fresh.childrenOf(device.id)));
            QVERIFY(
                std::ranges::equal(copy.interfacesOf(device.id), fresh.interfacesOf(device.id)));
            QCOMPARE(copy.linksOfDevice(device.id), fresh.linksOfDevice(device.id));
            QVERIFY(model.indexOf(device.id).isValid());
        }
        if (QTest::currentTestFailed())
            return;
    }
    QVERIFY(removals > 20);
}

void TestDifference::misfitsAreRefused_data()
{
    using News = Topology::Contents;
    using Spoil = std::function<void(const Small &, News &, QList<EntityId> &)>;
    QTest::addColumn<Spoil>("spoil");
    QTest::addColumn<bool>("fits");
    const auto row = [](const char *name, bool fits, const Spoil &spoil) {
        QTest::newRow(name) << spoil << fits;
    };
    const auto router = [](EntityId id, const char *name, EntityId in = 0) {
        Device device;
        device.id = id;
        device.name = QString::fromLatin1(name);
        device.type = QStringLiteral("CORE_ROUTER");
        device.container = in;
        return device;
    };
    row("nothing", true, [](const Small &, News &, QList<EntityId> &) {});
    row("gone before", true,
        [](const Small &, News &, QList<EntityId> &gone) { gone = {makeId(1, 99)}; });
    row("all of a device goes", true, [](const Small &s, News &, QList<EntityId> &gone) {
        gone = {s.a, s.portA, s.link};
    });
    row("names change places", true, [](const Small &s, News &news, QList<EntityId> &) {
        news.devices = {*s.board.device(s.a), *s.board.device(s.b)};
        std::swap(news.devices[0].name, news.devices[1].name);
    });
    row("a name is left to another", true, [=](const Small &s, News &news, QList<EntityId> &gone) {
        gone = {s.a, s.portA, s.link};
        news.devices = {router(makeId(1, 9), "a")};
    });
    row("another board", false,
        [](const Small &s, News &news, QList<EntityId> &) { news.board.id = s.a; });
    row("its interfaces stay", false,
        [](const Small &s, News &, QList<EntityId> &gone) { gone = {s.a}; });
    row("its link stays", false, [](const Small &s, News &, QList<EntityId> &gone) {
        gone = {s.a, s.portA};
    });
    row("what it holds stays", false,
        [](const Small &s, News &, QList<EntityId> &gone) { gone = {s.site}; });
    row("its type goes", false,
        [](const Small &s, News &, QList<EntityId> &gone) { gone = {s.type}; });
    row("its type is called otherwise", false, [](const Small &s, News &news, QList<EntityId> &) {
        news.types = {*s.board.customType(s.type)};
        news.types[0].key = QStringLiteral("OTHER");
    });
    row("a type that is built in", false, [](const Small &, News &news, QList<EntityId> &) {
        CustomType type;
        type.id = makeId(1, 9);
        type.key = QStringLiteral("CORE_ROUTER");
        news.types = {type};
    });
    row("a type that nobody knows", false, [=](const Small &, News &news, QList<EntityId> &) {
        news.devices = {router(makeId(1, 9), "c")};
        news.devices[0].type = QStringLiteral("NOTHING");
    });
    row("a name twice, one new", false, [=](const Small &, News &news, QList<EntityId> &) {
        news.devices = {router(makeId(1, 9), "a")};
    });
    row("a name twice, both new", false, [=](const Small &, News &news, QList<EntityId> &) {
        news.devices = {router(makeId(1, 9), "c"), router(makeId(1, 10), "c")};
    });
    row("an id twice", false, [=](const Small &, News &news, QList<EntityId> &) {
        news.devices = {router(makeId(1, 9), "c"), router(makeId(1, 9), "d")};
    });
    row("an id of another kind", false, [=](const Small &s, News &news, QList<EntityId> &) {
        news.devices = {router(s.link, "c")};
    });
    row("comes and goes", false, [=](const Small &s, News &news, QList<EntityId> &gone) {
        gone = {s.a, s.portA, s.link};
        news.devices = {*s.board.device(s.a)};
    });
    row("no id", false,
        [=](const Small &, News &news, QList<EntityId> &) { news.devices = {router(0, "c")}; });
    row("no name", false, [=](const Small &, News &news, QList<EntityId> &) {
        news.devices = {router(makeId(1, 9), "")};
    });
    row("no place", false, [=](const Small &, News &news, QList<EntityId> &) {
        news.devices = {router(makeId(1, 9), "c")};
        news.devices[0].position.setX(std::numeric_limits<double>::quiet_NaN());
    });
    row("in what is no container", false, [=](const Small &s, News &news, QList<EntityId> &) {
        news.devices = {router(makeId(1, 9), "c", s.b)};
    });
    row("in what is not there", false, [=](const Small &, News &news, QList<EntityId> &) {
        news.devices = {router(makeId(1, 9), "c", makeId(1, 10))};
    });
    row("in each other", false, [=](const Small &s, News &news, QList<EntityId> &) {
        news.devices = {*s.board.device(s.site), router(makeId(1, 9), "c", s.site)};
        news.devices[1].type = QStringLiteral("POP");
        news.devices[0].container = news.devices[1].id;
    });
    row("an interface of nobody", false, [](const Small &, News &news, QList<EntityId> &) {
        Interface port;
        port.id = makeId(1, 9);
        port.name = QStringLiteral("eth1");
        port.device = makeId(1, 10);
        news.interfaces = {port};
    });
    row("an interface moves", false, [](const Small &s, News &news, QList<EntityId> &) {
        news.interfaces = {*s.board.interface(s.portA)};
        news.interfaces[0].device = s.b;
    });
    row("an interface's name twice", false, [](const Small &s, News &news, QList<EntityId> &) {
        news.interfaces = {*s.board.interface(s.portA)};
        news.interfaces[0].id = makeId(1, 9);
    });
    row("a link without an end", false, [](const Small &s, News &news, QList<EntityId> &) {
        Link link = *s.board.link(s.link);
        link.id = makeId(1, 9);
        link.b = makeId(1, 10);
        news.links = {link};
    });
    row("a link moves", false, [](const Small &s, News &news, QList<EntityId> &) {
        news.links = {*s.board.link(s.link)};
        news.links[0].b = s.portA;
    });
    row("writers of others", false,
        [](const Small &s, News &news, QList<EntityId> &) { news.writers.insert(s.a, {}); });
}

void TestDifference::misfitsAreRefused()
{
    QFETCH(const std::function<void(const Small &, Topology::Contents &, QList<EntityId> &)>,
           spoil);
    QFETCH(const bool, fits);
    Small small;
    Topology::Contents news = small.nothing();
    QList<EntityId> gone;
    spoil(small, news, gone);
    TopologyModel model(small.board);
    const QSignalSpy reset(&model, &QAbstractItemModel::modelReset);
    const auto merged = small.board.merge(news, gone);
    QCOMPARE(merged.ok(), fits);
    QCOMPARE(reset.size(), fits ? 0 : 1);
    if (fits) {
        Topology fresh;
        QVERIFY(fresh.load(loadable(small.board)));
        QVERIFY(small.board == fresh);
        QCOMPARE(small.board.digest(), fresh.digest());
        for (const Device &device : fresh.devices().slots())
            QCOMPARE(small.board.deviceByName(device.name), device.id);
    } else {
        QCOMPARE(merged.error().code, Errc::Protocol);
        QVERIFY(small.board == Topology());
    }
}

void TestDifference::damageIsRefused()
{
    const quint32 seed = testSeed();
    qInfo("PATCHBOARD_SEED=%u", seed);
    Small small;
    Change change;
    change.site = 1;
    change.cseq = 2;
    change.edits = {RemoveEntities{{small.link}, false},
                    SetFields{small.a, {{Field::Notes, QStringLiteral("new"), std::nullopt}}}};
    QVERIFY(small.board.submit(change, {{1, 2}, 2, 2000}));
    const QByteArray whole = wire::encodeDifference(small.board, 1, 2, 7, kAlways).value();
    QVERIFY(wire::decodeDifference(whole));
    for (qsizetype size = 0; size < whole.size(); ++size)
        QVERIFY(!wire::decodeDifference(whole.left(size)));
    QRandomGenerator random(seed);
    for (int i = 0; i < 2000; ++i) {
        QByteArray bytes = whole;
        bytes[random.bounded(int(bytes.size()))] = char(random.bounded(256));
        const auto difference = wire::decodeDifference(bytes);
        if (!difference)
            continue;
        Small copy;
        (void)copy.board.merge(difference->news, difference->gone);
    }
    QVERIFY(!wire::decodeDifference(wire::encodeSnapshot(small.board)));
    QVERIFY(!wire::decodeSnapshot(whole));
}

void TestDifference::aSnapshotIsAsGood()
{
    Small small;
    QVERIFY(!wire::encodeDifference(small.board, 0, 1, 7, 50)); // all of it is new
    QVERIFY(wire::encodeDifference(small.board, 1, 2, 7, 50));
    // What was removed long ago is forgotten.
    Topology::Contents contents = loadable(small.board);
    constexpr quint32 kMany = 200'001;
    for (quint32 i = 1; i <= kMany; ++i) {
        auto grave = std::make_shared<RemovedEntity>();
        Device device;
        device.id = makeId(2, i);
        grave->entity = device;
        grave->revision = i;
        contents.removed.push_back(std::move(grave));
    }
    Topology board;
    QVERIFY(board.load(std::move(contents)));
    QVERIFY(!wire::encodeDifference(board, 0, kMany + 1, 7, kAlways));
    QVERIFY(wire::encodeDifference(board, 1, kMany + 1, 7, kAlways));
}

void TestDifference::onlyItsOwnState()
{
    Small small;
    Topology topology;
    Replica replica(topology);
    QVERIFY(replica.load(loadable(small.board), 1, 0));
    wire::Difference difference;
    difference.since = 2;
    difference.revision = 3;
    difference.news = small.nothing();
    const auto refused = replica.merge(difference, 0);
    QVERIFY(!refused);
    QCOMPARE(refused.error().code, Errc::Protocol);
    QCOMPARE(replica.revision(), quint64(1));
    QVERIFY(topology == small.board);
    difference.since = 1;
    QVERIFY(replica.merge(difference, 0));
    QCOMPARE(replica.revision(), quint64(3));
}

PATCHBOARD_TEST(TestDifference)
#include "tst_difference.moc"
