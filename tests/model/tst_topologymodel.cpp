#include "model/entitytext.h"
#include "model/topologymodel.h"
#include "tests/model/builders.h"
#include "tests/model/randomedits.h"
#include "tests/support/testmain.h"

#include <QAbstractItemModelTester>
#include <QItemSelectionModel>
#include <QRegularExpression>
#include <QSignalSpy>
#include <QSortFilterProxyModel>
#include <QTest>

using namespace patchboard;

namespace {

constexpr auto kFatal = QAbstractItemModelTester::FailureReportingMode::Fatal;

/// The tree that the topology says there should be, against the one that the model shows.
void compareRows(const TopologyModel &model, const QModelIndex &parent,
                 const QList<EntityId> &expected)
{
    QCOMPARE(model.rowCount(parent), int(expected.size()));
    const Topology &topology = model.topology();
    for (int row = 0; row < int(expected.size()); ++row) {
        const EntityId id = expected.at(row);
        const QModelIndex index = model.index(row, 0, parent);
        QCOMPARE(model.idAt(index), id);
        QCOMPARE(model.indexOf(id), index);
        QCOMPARE(model.indexOf(id, 2), index.siblingAtColumn(2));
        QCOMPARE(index.parent(), parent);
        QCOMPARE(index.data().toString(), entityTitle(topology, id));
        QList<EntityId> below;
        if (topology.device(id)) {
            const auto inside = topology.childrenOf(id);
            const auto ports = topology.interfacesOf(id);
            below = QList<EntityId>(inside.begin(), inside.end());
            below.append(QList<EntityId>(ports.begin(), ports.end()));
        }
        compareRows(model, index, below);
        if (QTest::currentTestFailed())
            return;
    }
}

void compareWhole(const TopologyModel &model)
{
    const Topology &topology = model.topology();
    QList<EntityId> top;
    for (const EntityId id : topology.devices().ids()) {
        if (topology.device(id)->container == 0)
            top.append(id);
    }
    compareRows(model, model.indexOf(TopologyModel::Section::Devices), top);
    if (!QTest::currentTestFailed())
        compareRows(model, model.indexOf(TopologyModel::Section::Links), topology.links().ids());
}

/// Hears only the signals, and keeps the tree by them alone: rows, and what each cell said.
class Mirror : public QObject
{
public:
    explicit Mirror(TopologyModel &model)
        : m_model(model)
    {
        rebuild();
        connect(&model, &QAbstractItemModel::modelReset, this, &Mirror::rebuild);
        connect(&model, &QAbstractItemModel::rowsInserted, this, &Mirror::insertRows);
        connect(&model, &QAbstractItemModel::rowsRemoved, this, &Mirror::removeRows);
        connect(&model, &QAbstractItemModel::rowsAboutToBeMoved, this,
                [this](const QModelIndex &from, int, int, const QModelIndex &to) {
                    m_from = pathOf(from);
                    m_to = pathOf(to);
                });
        connect(&model, &QAbstractItemModel::rowsMoved, this,
                [this](const QModelIndex &, int first, int last, const QModelIndex &,
                       int position) { moveRows(first, last, position); });
        connect(&model, &QAbstractItemModel::dataChanged, this, &Mirror::changeRows);
    }

    /// The mirror against the model itself.
    void compare() const
    {
        QVERIFY2(read({}) == m_root, "the signals tell another tree than the model has");
    }

    int positionReports = 0;

private:
    struct Row
    {
        EntityId id = 0;
        QVariantList cells;
        std::vector<Row> below;
        bool operator==(const Row &) const = default;
    };

    void insertRows(const QModelIndex &parent, int first, int last)
    {
        Row &above = rowAt(pathOf(parent));
        for (int row = first; row <= last; ++row)
            above.below.insert(above.below.begin() + row, read(m_model.index(row, 0, parent)));
    }
    void removeRows(const QModelIndex &parent, int first, int last)
    {
        auto &rows = rowAt(pathOf(parent)).below;
        rows.erase(rows.begin() + first, rows.begin() + last + 1);
    }
    void moveRows(int first, int last, int position)
    {
        if (m_from == m_to)
            QTest::qFail("moved within one parent", __FILE__, __LINE__);
        const Row &from = rowAt(m_from);
        const std::vector<Row> run(from.below.begin() + first, from.below.begin() + last + 1);
        Row &to = rowAt(m_to);
        to.below.insert(to.below.begin() + position, run.begin(), run.end());
        // A path that leads through where they came to stand has shifted.
        QList<int> path = m_from;
        if (path.size() > m_to.size() && path.first(m_to.size()) == m_to &&
            path.at(m_to.size()) >= position)
            path[m_to.size()] += last - first + 1;
        Row &source = rowAt(path);
        source.below.erase(source.below.begin() + first, source.below.begin() + last + 1);
    }
    void changeRows(const QModelIndex &topLeft, const QModelIndex &bottomRight,
                    const QList<int> &roles)
    {
        if (topLeft.parent() != bottomRight.parent())
            QTest::qFail("a range over two parents", __FILE__, __LINE__);
        if (roles == QList<int>{TopologyModel::PositionRole})
            ++positionReports;
        Row &above = rowAt(pathOf(topLeft.parent()));
        for (int row = topLeft.row(); row <= bottomRight.row(); ++row) {
            Row &entry = above.below.at(size_t(row));
            const QVariantList now = cells(m_model.index(row, 0, topLeft.parent()));
            if (!roles.isEmpty()) { // only what was named
                entry.cells[kPosition] = now.at(kPosition);
            } else {
                entry.cells = now;
            }
        }
    }

    static constexpr int kPosition = TopologyModel::ColumnCount;
    [[nodiscard]] QVariantList cells(const QModelIndex &index) const
    {
        QVariantList out;
        for (int column = 0; column < TopologyModel::ColumnCount; ++column)
            out.append(index.siblingAtColumn(column).data());
        for (const int role :
             {int(TopologyModel::PositionRole), int(TopologyModel::StatusRole),
              int(TopologyModel::EffectiveStatusRole), int(TopologyModel::TypeRole),
              int(TopologyModel::IconRole), int(TopologyModel::OverriddenRole),
              int(TopologyModel::ContainerRole), int(Qt::ToolTipRole)})
            out.append(index.data(role));
        return out;
    }
    [[nodiscard]] Row read(const QModelIndex &index) const
    {
        Row row{m_model.idAt(index), cells(index), {}};
        for (int i = 0; i < m_model.rowCount(index); ++i)
            row.below.push_back(read(m_model.index(i, 0, index)));
        return row;
    }
    static QList<int> pathOf(QModelIndex index)
    {
        QList<int> path;
        for (; index.isValid(); index = index.parent())
            path.prepend(index.row());
        return path;
    }
    Row &rowAt(const QList<int> &path)
    {
        Row *row = &m_root;
        for (const int step : path)
            row = &row->below.at(size_t(step));
        return *row;
    }
    void rebuild() { m_root = read({}); }

    TopologyModel &m_model;
    Row m_root;
    QList<int> m_from;
    QList<int> m_to;
};

/// Sorted and filtered, as views put it between. It keeps all containers: Qt's proxy (6.4) does not
/// follow moves between parents that it has filtered away, and with its recursive filtering not
/// even insertions.
class Proxy : public QSortFilterProxyModel
{
protected:
    bool filterAcceptsRow(int row, const QModelIndex &parent) const override
    {
        return !parent.isValid() ||
               sourceModel()->index(row, 0, parent).data(TopologyModel::ContainerRole).toBool() ||
               QSortFilterProxyModel::filterAcceptsRow(row, parent);
    }
};

} // namespace

/// The tree of a board follows the board by exact signals.
class TestTopologyModel : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }
    void showsTheDemoBoard();
    void runsAreOneSignal();
    void reparentingIsAMove();
    void removalTakesTheSubtree();
    void namesReachLinkRows();
    void anIdThatIsGoneHasNothing();
    void editsAreAskedFor();
    void followsRandomEdits_data();
    void followsRandomEdits();
    void anotherStateIsToldAsDifferences();
    void followsAHundredThousand();
};

void TestTopologyModel::showsTheDemoBoard()
{
    Topology topology;
    TopologyModel model(topology);
    const QAbstractItemModelTester tester(&model, kFatal);
    QSignalSpy changed(&model, &TopologyModel::changed);
    QSignalSpy inserted(&model, &QAbstractItemModel::rowsInserted);
    quint32 counter = 0;
    submitOk(topology, edits::demoBoard([&] { return makeId(1, ++counter); }));
    QCOMPARE(changed.size(), 1);
    QCOMPARE(inserted.size(), 2); // all devices, all links
    const QModelIndex devices = model.indexOf(TopologyModel::Section::Devices);
    QCOMPARE(devices.data().toString(), QStringLiteral("Devices"));
    QCOMPARE(model.rowCount(devices), 10);
    QCOMPARE(model.rowCount(model.indexOf(TopologyModel::Section::Links)), 8);
    const EntityId olt = topology.deviceByName(QStringLiteral("OLT1"));
    const QModelIndex index = model.indexOf(olt);
    QCOMPARE(model.rowCount(index), 6);
    QCOMPARE(index.data(TopologyModel::IconRole).toString(), QStringLiteral("devices/olt"));
    QCOMPARE(index.siblingAtColumn(TopologyModel::TypeColumn).data().toString(),
             QStringLiteral("OLT"));
    QCOMPARE(index.siblingAtColumn(TopologyModel::StatusColumn).data().toString(),
             QStringLiteral("Up"));
    QCOMPARE(index.data(TopologyModel::IdRole).value<EntityId>(), olt);
    const QModelIndex link = model.index(0, 0, model.indexOf(TopologyModel::Section::Links));
    QCOMPARE(link.data().toString(), QStringLiteral("BackboneGW1 eth0 \u2013 CoreRouter1 eth0"));
    compareWhole(model);
}

void TestTopologyModel::runsAreOneSignal()
{
    Topology topology;
    QList<Edit> edits;
    for (quint32 i = 1; i <= 100; ++i)
        edits.append(newDevice(tid(i), QStringLiteral("n%1").arg(i)));
    TopologyModel model(topology);
    const QAbstractItemModelTester tester(&model, kFatal);
    QSignalSpy inserted(&model, &QAbstractItemModel::rowsInserted);
    submitOk(topology, edits);
    QCOMPARE(inserted.size(), 1);

    QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
    QList<std::pair<EntityId, QPointF>> targets;
    for (quint32 i = 1; i <= 100; ++i) {
        if (i != 50)
            targets.append({tid(i), QPointF(i, i)});
    }
    submitOk(topology, edits::moveDevices(targets));
    QCOMPARE(changed.size(), 2); // up to 49, and from 51
    QCOMPARE(changed.at(0).at(2).value<QList<int>>(), QList<int>{TopologyModel::PositionRole});

    QSignalSpy removed(&model, &QAbstractItemModel::rowsRemoved);
    RemoveEntities remove;
    for (quint32 i = 20; i < 40; ++i)
        remove.ids.append(tid(i));
    remove.ids.append(tid(60));
    submitOk(topology, {remove});
    QCOMPARE(removed.size(), 2);
    compareWhole(model);

    inserted.clear();
    submitOk(topology, {RestoreEntities{remove.ids}});
    QCOMPARE(inserted.size(), 2);
    compareWhole(model);
}

void TestTopologyModel::reparentingIsAMove()
{
    Topology topology;
    submitOk(topology,
             {newGroup(tid(1), QStringLiteral("a")), newGroup(tid(2), QStringLiteral("b")),
              newDevice(tid(3), QStringLiteral("x"), tid(1)),
              newDevice(tid(4), QStringLiteral("y"), tid(1)),
              newPort(tid(5), tid(3), QStringLiteral("p"))});
    TopologyModel model(topology);
    const QAbstractItemModelTester tester(&model, kFatal);
    const QPersistentModelIndex port(model.indexOf(tid(5)));
    const QPersistentModelIndex device(model.indexOf(tid(3)));
    QSignalSpy moved(&model, &QAbstractItemModel::rowsMoved);
    QSignalSpy inserted(&model, &QAbstractItemModel::rowsInserted);
    QSignalSpy removed(&model, &QAbstractItemModel::rowsRemoved);
    submitOk(topology, {edits::setField(tid(3), Field::Container, qint64(tid(2))),
                        edits::setField(tid(4), Field::Container, qint64(tid(2)))});
    QCOMPARE(moved.size(), 1);
    QCOMPARE(device.parent(), model.indexOf(tid(2)));
    QCOMPARE(model.idAt(port), tid(5));
    QCOMPARE(port.parent(), QModelIndex(device));

    // Two that change places in one change: the inner becomes the outer.
    submitOk(topology, {edits::setField(tid(1), Field::Container, qint64(tid(2)))});
    submitOk(topology, {edits::setField(tid(1), Field::Container, Value()),
                        edits::setField(tid(2), Field::Container, qint64(tid(1)))});
    QCOMPARE(moved.size(), 4);
    QCOMPARE(model.indexOf(tid(2)).parent(), model.indexOf(tid(1)));

    // Into a group that the same change makes.
    submitOk(topology, {newGroup(tid(9), QStringLiteral("g")),
                        edits::setField(tid(3), Field::Container, qint64(tid(9)))});
    QCOMPARE(moved.size(), 5);
    QCOMPARE(inserted.size(), 1);
    QCOMPARE(removed.size(), 0);
    QCOMPARE(device.parent(), model.indexOf(tid(9)));

    // A container goes, its contents stay.
    submitOk(topology, {RemoveEntities{{tid(9)}, false}});
    QCOMPARE(removed.size(), 1);
    QVERIFY(device.isValid());
    QCOMPARE(device.parent(), model.indexOf(TopologyModel::Section::Devices));
    compareWhole(model);
}

void TestTopologyModel::removalTakesTheSubtree()
{
    Topology topology;
    submitOk(topology,
             {newGroup(tid(1), QStringLiteral("a")), newGroup(tid(2), QStringLiteral("b"), tid(1)),
              newDevice(tid(3), QStringLiteral("x"), tid(2)),
              newPort(tid(4), tid(3), QStringLiteral("p")),
              newPort(tid(5), tid(3), QStringLiteral("q")), newLink(tid(6), tid(4), tid(5))});
    TopologyModel model(topology);
    const QAbstractItemModelTester tester(&model, kFatal);
    const QPersistentModelIndex port(model.indexOf(tid(5)));
    QSignalSpy removed(&model, &QAbstractItemModel::rowsRemoved);
    submitOk(topology, {RemoveEntities{{tid(1)}, true}});
    QCOMPARE(removed.size(), 2); // the outermost row, and the link's
    QVERIFY(!port.isValid());
    compareWhole(model);
}

void TestTopologyModel::namesReachLinkRows()
{
    Topology topology;
    submitOk(topology,
             {newDevice(tid(1), QStringLiteral("a")), newDevice(tid(2), QStringLiteral("b")),
              newPort(tid(3), tid(1), QStringLiteral("p")),
              newPort(tid(4), tid(2), QStringLiteral("q")), newLink(tid(5), tid(3), tid(4))});
    TopologyModel model(topology);
    QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
    submitOk(topology, {edits::setField(tid(2), Field::Name, QStringLiteral("core"))});
    QCOMPARE(changed.size(), 2);
    QCOMPARE(model.indexOf(tid(5)).data().toString(), QStringLiteral("a p \u2013 core q"));
    submitOk(topology, {edits::setField(tid(3), Field::Name, QStringLiteral("eth0"))});
    QCOMPARE(changed.size(), 4);
    submitOk(topology, {edits::setField(tid(3), Field::Status, qint64(Status::Up))});
    QCOMPARE(changed.size(), 5);
}

void TestTopologyModel::anIdThatIsGoneHasNothing()
{
    Topology topology;
    submitOk(topology, {newDevice(tid(1), QStringLiteral("a")),
                        newPort(tid(2), tid(1), QStringLiteral("p"))});
    TopologyModel model(topology);
    const QModelIndex device = model.indexOf(tid(1));
    const QModelIndex port = model.indexOf(tid(2));
    int asked = 0;
    connect(&model, &QAbstractItemModel::rowsAboutToBeRemoved, &model,
            [&](const QModelIndex &parent, int first, int last) {
                for (int row = first; row <= last; ++row) {
                    const QModelIndex index = model.index(row, 0, parent);
                    QVERIFY(index.isValid());
                    for (int role = 0; role <= TopologyModel::ContainerRole; ++role)
                        QVERIFY2(!index.data(role).isValid(), qPrintable(QString::number(role)));
                    QCOMPARE(model.rowCount(index), 1);
                    ++asked;
                }
            });
    submitOk(topology, {RemoveEntities{{tid(1)}, false}});
    QCOMPARE(asked, 1);
    QVERIFY(!model.indexOf(tid(1)).isValid());
    QVERIFY(!model.indexOf(tid(2)).isValid());
    QVERIFY(!model.indexOf(EntityId(0)).isValid());
    for (const QModelIndex &stale : {device, port}) {
        QVERIFY(!model.data(stale).isValid());
        QCOMPARE(model.idAt(stale), EntityId(0));
        QCOMPARE(model.rowCount(stale), 0);
        QVERIFY(!model.setData(stale, QStringLiteral("x")));
    }
}

void TestTopologyModel::editsAreAskedFor()
{
    Topology topology;
    submitOk(topology,
             {newDevice(tid(1), QStringLiteral("a")), newPort(tid(2), tid(1), QStringLiteral("p")),
              newLink(tid(3), tid(2), tid(2))});
    TopologyModel model(topology);
    QList<std::tuple<EntityId, FieldKey, Value>> asked;
    connect(&model, &TopologyModel::editRequested, &model,
            [&](EntityId id, const FieldKey &key, const Value &value) {
                asked.append({id, key, value});
            });
    const QModelIndex device = model.indexOf(tid(1));
    QVERIFY(device.flags() & Qt::ItemIsEditable);
    QVERIFY(!(device.siblingAtColumn(TopologyModel::TypeColumn).flags() & Qt::ItemIsEditable));
    QVERIFY(model.setData(device, QStringLiteral("b")));
    QCOMPARE(device.data().toString(), QStringLiteral("a")); // it only asked
    QVERIFY(model.setData(device, QStringLiteral("a")));     // as it is: nothing to ask
    QVERIFY(model.setData(device.siblingAtColumn(TopologyModel::AddressColumn),
                          QStringLiteral("10.0.0.1")));
    QVERIFY(model.setData(model.indexOf(tid(3)), QStringLiteral("uplink")));
    QVERIFY(!model.setData(model.indexOf(TopologyModel::Section::Links), QStringLiteral("x")));
    QCOMPARE(asked.size(), 3);
    QCOMPARE(std::get<1>(asked.at(0)), FieldKey(Field::Name));
    QCOMPARE(std::get<2>(asked.at(0)), Value(QStringLiteral("b")));
    QCOMPARE(std::get<1>(asked.at(1)), FieldKey(Field::Address));
    QCOMPARE(std::get<1>(asked.at(2)), FieldKey(Field::Label));
    model.setReadOnly(true);
    QVERIFY(!(device.flags() & Qt::ItemIsEditable));
    QVERIFY(!model.setData(device, QStringLiteral("c")));
    QCOMPARE(asked.size(), 3);
}

void TestTopologyModel::followsRandomEdits_data()
{
    QTest::addColumn<int>("steps");
    QTest::addColumn<bool>("underTester");
    QTest::newRow("tester") << 200 << true;
    QTest::newRow("tester, again") << 200 << true;
    QTest::newRow("long") << 600 << false;
}

void TestTopologyModel::followsRandomEdits()
{
    QFETCH(int, steps);
    QFETCH(bool, underTester);
    const quint32 seed = testSeed();
    qInfo("PATCHBOARD_SEED=%u", seed);
    Topology topology;
    TopologyModel model(topology);
    std::unique_ptr<QAbstractItemModelTester> tester;
    if (underTester)
        tester = std::make_unique<QAbstractItemModelTester>(&model, kFatal);
    Proxy proxy;
    proxy.setSourceModel(&model);
    proxy.sort(0);
    QItemSelectionModel selection(&model);
    Mirror mirror(model);
    RandomEdits random(seed);
    QList<Topology::Outcome> done;
    QList<std::pair<QPersistentModelIndex, EntityId>> kept;
    quint64 revision = 0;
    int applied = 0;

    const auto step = [&] {
        const Change change = random.change(topology);
        auto outcome = topology.submit(change, {{change.site, change.cseq}, ++revision, 1000});
        if (!outcome)
            return;
        ++applied;
        random.setBase(revision);
        if (random.chance(10))
            topology.rollback(outcome->applied);
        else
            done.append(std::move(*outcome));
    };
    for (int i = 0; i < steps; ++i) {
        if (random.chance(10)) { // several in one delta
            const Topology::DeltaBatch batch(topology);
            for (int n = 2 + random.below(4); n > 0; --n)
                step();
        } else if (random.chance(8)) { // the latest, taken back together, and something new
            const Topology::DeltaBatch batch(topology);
            for (int n = 1 + random.below(5); n > 0 && !done.isEmpty(); --n)
                topology.rollback(done.takeLast().applied);
            step();
        } else {
            step();
        }
        compareWhole(model);
        mirror.compare();
        for (const auto &[index, id] : std::as_const(kept)) {
            // A removal and a restore in between make a persistent index invalid, never wrong.
            QVERIFY(!index.isValid() || model.idAt(index) == id);
        }
        if (const EntityId id = random.pick(topology.devices().ids()); id != 0 && i % 5 == 0) {
            kept.append({model.indexOf(id), id});
            selection.select(model.indexOf(id),
                             QItemSelectionModel::Select | QItemSelectionModel::Rows);
            if (kept.size() > 40)
                kept.removeFirst();
        }
        if (i % 40 == 0) {
            selection.clearSelection();
            proxy.setFilterFixedString(QString::number(random.below(10)));
        }
        for (const QModelIndex &index : selection.selectedIndexes())
            QVERIFY(model.idAt(index) != 0);
        if (i == steps / 2) { // the same board, loaded anew
            QSignalSpy reset(&model, &TopologyModel::topologyWasReset);
            QVERIFY(topology.load(contentsOf(topology)).ok());
            QCOMPARE(reset.size(), 1);
            done.clear();
        }
        if (QTest::currentTestFailed()) {
            qCritical("step %d", i);
            return;
        }
    }
    QVERIFY(applied > steps / 4);
    QVERIFY(mirror.positionReports > 0);
}

/// A snapshot that arrives for a board that is being looked at.
void TestTopologyModel::anotherStateIsToldAsDifferences()
{
    const quint32 seed = testSeed();
    qInfo("PATCHBOARD_SEED=%u", seed);
    // Two that were one, and go different ways.
    Topology shown;
    Topology elsewhere;
    RandomEdits here(seed, 1);
    RandomEdits there(seed + 1, 2);
    quint64 revision = 0;
    const auto walk = [&revision](Topology &topology, RandomEdits &random, int steps) {
        for (int i = 0; i < steps; ++i) {
            const Change change = random.change(topology);
            (void)topology.submit(change, {{change.site, change.cseq}, ++revision, 1000});
        }
    };
    walk(shown, here, 60);
    TopologyModel model(shown);
    const QAbstractItemModelTester tester(&model, kFatal);
    Mirror mirror(model);
    const QSignalSpy reset(&model, &QAbstractItemModel::modelReset);
    int survived = 0;
    for (int round = 0; round < 60; ++round) {
        if (round % 3 == 0)
            QVERIFY(elsewhere.replace(contentsOf(shown)));
        walk(elsewhere, there, there.below(40));
        walk(shown, here, here.below(40));
        if (round % 2 == 0)
            (void)shown.digest(); // kept up to date from now on
        const EntityId kept = here.pick(shown.devices().ids());
        const QPersistentModelIndex index(model.indexOf(kept));

        QVERIFY(shown.replace(contentsOf(elsewhere)));
        Topology fresh;
        QVERIFY(fresh.load(contentsOf(elsewhere)));
        QVERIFY(shown == fresh);
        QCOMPARE(shown.digest(), fresh.digest());
        QCOMPARE(shown.writers(), fresh.writers());
        QCOMPARE(shown.removedEntities().size(), fresh.removedEntities().size());
        QCOMPARE(shown.highestCounter(2), fresh.highestCounter(2));
        for (const Device &device : fresh.devices().slots()) {
            QCOMPARE(shown.deviceByName(device.name), device.id);
            QVERIFY(std::ranges::equal(shown.childrenOf(device.id), fresh.childrenOf(device.id)));
            QCOMPARE(shown.linksOfDevice(device.id), fresh.linksOfDevice(device.id));
        }
        compareWhole(model);
        mirror.compare();
        if (kept != 0 && shown.device(kept)) {
            QVERIFY(index.isValid());
            QCOMPARE(model.idAt(index), kept);
            ++survived;
        }
        if (QTest::currentTestFailed())
            return;
    }
    QVERIFY(survived > 20);
    QVERIFY(reset.isEmpty());

    // What was a device is an interface there: another board.
    Topology::Contents other;
    const EntityId id = shown.devices().ids().constLast();
    Device owner;
    owner.id = makeId(9, 1);
    owner.name = QStringLiteral("other");
    owner.type = QStringLiteral("HOST");
    Interface port;
    port.id = id;
    port.device = owner.id;
    port.name = QStringLiteral("eth0");
    other.devices.push_back(owner);
    other.interfaces.push_back(port);
    QVERIFY(shown.replace(other));
    QCOMPARE(reset.size(), 1);
    QVERIFY(shown.interface(id));
    compareWhole(model);

    other.interfaces.front().device = makeId(9, 2); // not there
    QVERIFY(!shown.replace(other));
    QCOMPARE(reset.size(), 2);
    QCOMPARE(shown.devices().size(), 0);
}

void TestTopologyModel::followsAHundredThousand()
{
    constexpr quint32 count = 100000;
    Topology topology;
    TopologyModel model(topology);
    Topology::Contents contents;
    for (quint32 i = 1; i <= count; ++i) {
        Device device;
        device.id = makeId(0, i * 4);
        device.name = QStringLiteral("n%1").arg(i);
        device.type = QStringLiteral("ROUTER");
        contents.devices.push_back(device);
        for (quint32 port = 0; port < 2; ++port) {
            Interface interface;
            interface.id = makeId(0, i * 4 + 1 + port);
            interface.device = device.id;
            interface.name = QStringLiteral("eth%1").arg(port);
            contents.interfaces.push_back(interface);
        }
        Link link;
        link.id = makeId(0, i * 4 + 3);
        link.a = makeId(0, i * 4 + 1);
        link.b = makeId(0, (i % count + 1) * 4 + 2);
        contents.links.push_back(link);
    }
    QVERIFY(topology.load(std::move(contents)).ok());
    QCOMPARE(model.rowCount(model.indexOf(TopologyModel::Section::Devices)), int(count));
    QCOMPARE(model.rowCount(model.indexOf(TopologyModel::Section::Links)), int(count));

    const quint32 seed = testSeed();
    qInfo("PATCHBOARD_SEED=%u", seed);
    RandomEdits random(seed);
    quint64 revision = 0;
    for (int i = 0; i < 60; ++i) {
        const Change change = random.change(topology);
        auto outcome = topology.submit(change, {{change.site, change.cseq}, ++revision, 1000});
        if (!outcome)
            continue;
        for (const Edit &edit : outcome->expansion.edits) {
            const auto *create = std::get_if<CreateEntity>(&edit);
            if (!create || create->kind == EntityKind::DeviceType)
                continue;
            QCOMPARE(model.idAt(model.indexOf(create->id)),
                     topology.contains(create->id) ? create->id : EntityId(0));
        }
    }
    // Remove and restore a thousand here and there.
    RemoveEntities remove;
    for (int i = 0; i < 1000; ++i)
        remove.ids.append(makeId(0, quint32(1 + random.below(count)) * 4));
    submitOk(topology, {remove}, ++revision);
    submitOk(topology, {RestoreEntities{remove.ids}}, ++revision);
    compareWhole(model);
}

PATCHBOARD_TEST(TestTopologyModel)
#include "tst_topologymodel.moc"
