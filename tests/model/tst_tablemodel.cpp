#include "model/entitytext.h"
#include "model/tablemodel.h"
#include "tests/model/builders.h"
#include "tests/model/randomedits.h"
#include "tests/support/testmain.h"

#include <QAbstractItemModelTester>
#include <QRegularExpression>
#include <QSignalSpy>
#include <QTest>

using namespace patchboard;

namespace {

constexpr auto kTesterMode = QAbstractItemModelTester::FailureReportingMode::Fatal;

QList<EntityId> idsOf(const Topology &topology, EntityKind kind)
{
    switch (kind) {
    case EntityKind::Device:
        return topology.devices().ids();
    case EntityKind::Interface:
        return topology.interfaces().ids();
    default:
        return topology.links().ids();
    }
}

QStringList column(const TableModel &model, int column)
{
    QStringList out;
    for (int row = 0; row < model.rowCount(); ++row)
        out.append(model.index(row, column).data().toString());
    return out;
}

/// All rows with nothing hidden, in the order of ids: what every cell has to say.
QHash<EntityId, QStringList> allCells(Topology &topology, EntityKind kind)
{
    SearchIndex index(topology);
    const TableModel fresh(topology, index, kind);
    QHash<EntityId, QStringList> out;
    for (int row = 0; row < fresh.rowCount(); ++row) {
        QStringList cells;
        for (int c = 0; c < fresh.columnCount(); ++c)
            cells.append(fresh.index(row, c).data().toString());
        out.insert(fresh.idAt(row), cells);
    }
    return out;
}

/// Keeps the rows by the signals alone.
class FlatMirror : public QObject
{
public:
    explicit FlatMirror(const TableModel &model)
        : m_model(model)
    {
        rebuild();
        connect(&model, &QAbstractItemModel::modelReset, this, [this] {
            rebuild();
            ++resets;
        });
        connect(&model, &QAbstractItemModel::layoutChanged, this, &FlatMirror::rebuild);
        connect(&model, &QAbstractItemModel::rowsInserted, this,
                [this](const QModelIndex &, int first, int last) {
                    for (int row = first; row <= last; ++row)
                        m_rows.insert(row, read(row));
                });
        connect(&model, &QAbstractItemModel::rowsRemoved, this,
                [this](const QModelIndex &, int first, int last) {
                    m_rows.remove(first, last - first + 1);
                });
        connect(&model, &QAbstractItemModel::rowsMoved, this,
                [this](const QModelIndex &, int first, int last, const QModelIndex &, int to) {
                    QCOMPARE(first, last);
                    m_rows.move(first, to > first ? to - 1 : to);
                });
        connect(&model, &QAbstractItemModel::dataChanged, this,
                [this](const QModelIndex &topLeft, const QModelIndex &bottomRight) {
                    for (int row = topLeft.row(); row <= bottomRight.row(); ++row)
                        m_rows[row] = read(row);
                });
    }
    void compare() const
    {
        QCOMPARE(m_rows.size(), m_model.rowCount());
        for (int row = 0; row < m_model.rowCount(); ++row)
            QCOMPARE(m_rows.at(row), read(row));
    }
    int resets = 0;

private:
    [[nodiscard]] QStringList read(int row) const
    {
        QStringList cells{QString::number(m_model.idAt(row))};
        for (int c = 0; c < m_model.columnCount(); ++c)
            cells.append(m_model.index(row, c).data().toString());
        return cells;
    }
    void rebuild()
    {
        m_rows.clear();
        for (int row = 0; row < m_model.rowCount(); ++row)
            m_rows.append(read(row));
    }
    const TableModel &m_model;
    QList<QStringList> m_rows;
};

} // namespace

/// Tables and text search over the same topology.
class TestTableModel : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }
    void hasTheFieldsOfTheRegistry();
    void sortsNaturally();
    void sortsByEveryColumn_data();
    void sortsByEveryColumn();
    void filters();
    void asksForEdits();
    void keepsSelectionsOverMoves();
    void findsByAnyField();
    void ranksTitlesFirst();
    void followsRandomEdits_data();
    void followsRandomEdits();
    void holdsAHundredThousand();
};

void TestTableModel::hasTheFieldsOfTheRegistry()
{
    Topology topology;
    SearchIndex index(topology);
    submitOk(topology,
             {newDevice(tid(1), QStringLiteral("a")), newDevice(tid(2), QStringLiteral("b")),
              newPort(tid(3), tid(1), QStringLiteral("p")),
              newPort(tid(4), tid(2), QStringLiteral("q")), newLink(tid(5), tid(3), tid(4)),
              edits::setField(tid(5), Field::StatusOverride, qint64(Status::Degraded))});
    for (const EntityKind kind : {EntityKind::Device, EntityKind::Interface, EntityKind::Link}) {
        const TableModel model(topology, index, kind);
        int visible = 0;
        for (const FieldInfo &info : fieldsOf(kind)) {
            QCOMPARE(model.columnOf(info.field) >= 0, info.userVisible);
            visible += info.userVisible ? 1 : 0;
        }
        QCOMPARE(model.columnCount(), visible + 1);
        QCOMPARE(model.headerData(0, Qt::Horizontal).toString(), model.fieldAt(0)->labelWithUnit());
    }
    const TableModel ports(topology, index, EntityKind::Interface);
    QCOMPARE(column(ports, ports.columnOf(Field::Device)),
             QStringList({QStringLiteral("a"), QStringLiteral("b")}));
    const TableModel links(topology, index, EntityKind::Link);
    QCOMPARE(links.index(0, links.columnOf(Field::AInterface)).data().toString(),
             QStringLiteral("a p"));
    QCOMPARE(links.index(0, links.columnOf(Field::BInterface)).data().toString(),
             QStringLiteral("b q"));
    const int effective = links.columnOf(Field::Status) - 1;
    QCOMPARE(links.headerData(effective, Qt::Horizontal).toString(),
             QStringLiteral("Effective status"));
    QCOMPARE(links.index(0, effective).data().toString(), QStringLiteral("Degraded"));
    QCOMPARE(links.index(0, effective + 1).data().toString(), QStringLiteral("Down"));
}

void TestTableModel::sortsNaturally()
{
    Topology topology;
    SearchIndex index(topology);
    const QStringList names{QStringLiteral("r10"),         QStringLiteral("R2"),
                            QStringLiteral("r1"),          QStringLiteral("r-1"),
                            QStringLiteral("Ära"),         QStringLiteral("azur"),
                            QStringLiteral("r02b"),        QStringLiteral("r1a"),
                            QStringLiteral("zoo"),         QStringLiteral("r123456789012345"),
                            QStringLiteral("r99999999999")};
    QList<Edit> edits;
    for (quint32 i = 0; i < quint32(names.size()); ++i)
        edits.append(newDevice(tid(i + 1), names.at(qsizetype(i))));
    submitOk(topology, edits);
    TableModel model(topology, index, EntityKind::Device);
    const QAbstractItemModelTester tester(&model, kTesterMode);
    const QStringList expected{QStringLiteral("Ära"),          QStringLiteral("azur"),
                               QStringLiteral("r-1"),          QStringLiteral("r1"),
                               QStringLiteral("r1a"),          QStringLiteral("R2"),
                               QStringLiteral("r02b"),         QStringLiteral("r10"),
                               QStringLiteral("r99999999999"), QStringLiteral("r123456789012345"),
                               QStringLiteral("zoo")};
    QCOMPARE(column(model, 0), expected);
    model.sort(0, Qt::DescendingOrder);
    QCOMPARE(column(model, 0), QStringList(expected.crbegin(), expected.crend()));

    // What is empty is last, in both directions.
    submitOk(topology, {edits::setField(tid(1), Field::TxPower, -3.0),
                        edits::setField(tid(2), Field::TxPower, 10.0),
                        edits::setField(tid(3), Field::TxPower, 2.5)});
    const int power = model.columnOf(Field::TxPower);
    model.sort(power, Qt::AscendingOrder);
    QCOMPARE(column(model, power).first(4),
             QStringList({QStringLiteral("-3"), QStringLiteral("2.5"), QStringLiteral("10"), {}}));
    model.sort(power, Qt::DescendingOrder);
    QCOMPARE(column(model, power).first(4),
             QStringList({QStringLiteral("10"), QStringLiteral("2.5"), QStringLiteral("-3"), {}}));
}

void TestTableModel::sortsByEveryColumn_data()
{
    QTest::addColumn<int>("kind");
    QTest::newRow("devices") << int(EntityKind::Device);
    QTest::newRow("interfaces") << int(EntityKind::Interface);
    QTest::newRow("links") << int(EntityKind::Link);
}

/// Descending is ascending backwards, but for what is empty and for equal cells; ids never get
/// lost.
void TestTableModel::sortsByEveryColumn()
{
    QFETCH(int, kind);
    Topology topology;
    SearchIndex index(topology);
    quint32 counter = 0;
    submitOk(topology, edits::demoBoard([&] { return tid(++counter); }));
    TableModel model(topology, index, EntityKind(kind));
    const QAbstractItemModelTester tester(&model, kTesterMode);
    for (int c = 0; c < model.columnCount(); ++c) {
        QStringList ascending;
        for (const Qt::SortOrder order : {Qt::AscendingOrder, Qt::DescendingOrder}) {
            model.sort(c, order);
            QCOMPARE(model.sortColumn(), c);
            QSet<EntityId> ids;
            for (int row = 0; row < model.rowCount(); ++row)
                ids.insert(model.idAt(row));
            QCOMPARE(ids.size(), idsOf(topology, EntityKind(kind)).size());
            QStringList cells = column(model, c);
            cells.removeAll(QString());
            if (order == Qt::AscendingOrder)
                ascending = cells;
            else
                QCOMPARE(QStringList(cells.crbegin(), cells.crend()), ascending);
        }
    }
}

void TestTableModel::filters()
{
    Topology topology;
    SearchIndex index(topology);
    quint32 counter = 0;
    submitOk(topology, edits::demoBoard([&] { return tid(++counter); }));
    TableModel model(topology, index, EntityKind::Device);
    const QAbstractItemModelTester tester(&model, kTesterMode);
    QSignalSpy resets(&model, &QAbstractItemModel::modelReset);
    model.setFilter(QStringLiteral("ROUTER"));
    QCOMPARE(column(model, 0),
             QStringList({QStringLiteral("CoreRouter1"), QStringLiteral("CoreRouter2"),
                          QStringLiteral("EdgeRouter1"), QStringLiteral("EdgeRouter2")}));
    QCOMPARE(model.totalCount(), 10);
    model.setFilter(QStringLiteral("router core 2"));
    QCOMPARE(column(model, 0), QStringList(QStringLiteral("CoreRouter2")));
    model.setFilter(QStringLiteral("degraded"));
    QCOMPARE(column(model, 0), QStringList(QStringLiteral("ONT4")));
    // A row comes when it begins to match, and goes when it no longer does.
    const EntityId ont = topology.deviceByName(QStringLiteral("ONT1"));
    submitOk(topology, {edits::setField(ont, Field::Status, qint64(Status::Degraded))});
    QCOMPARE(column(model, 0), QStringList({QStringLiteral("ONT1"), QStringLiteral("ONT4")}));
    QVERIFY(model.indexOf(ont).isValid());
    submitOk(topology, {edits::setField(ont, Field::Status, qint64(Status::Up))});
    QCOMPARE(model.rowCount(), 1);
    QVERIFY(!model.indexOf(ont).isValid());
    model.setFilter(QStringLiteral("nothing like this"));
    QCOMPARE(model.rowCount(), 0);
    model.setFilter(QStringLiteral("  "));
    QCOMPARE(model.rowCount(), 10);
    QCOMPARE(resets.size(), 0);
}

void TestTableModel::asksForEdits()
{
    Topology topology;
    SearchIndex index(topology);
    submitOk(topology, {newDevice(tid(1), QStringLiteral("a"))});
    TableModel model(topology, index, EntityKind::Device);
    QList<std::pair<FieldKey, Value>> asked;
    connect(&model, &TableModel::editRequested, &model,
            [&](EntityId, const FieldKey &key, const Value &value) {
                asked.append({key, value});
            });
    const auto at = [&](Field field) { return model.index(0, model.columnOf(field)); };
    QVERIFY(model.setData(at(Field::Name), QStringLiteral("b")));
    QVERIFY(!model.setData(at(Field::Name), QString()));
    QVERIFY(model.setData(at(Field::Status), int(Status::Up)));
    QVERIFY(model.setData(at(Field::Status), QStringLiteral("DEGRADED")));
    QVERIFY(!model.setData(at(Field::Status), QStringLiteral("SIDEWAYS")));
    QVERIFY(!model.setData(at(Field::Status), 17));
    QVERIFY(model.setData(at(Field::TxPower), QStringLiteral("2.5")));
    QVERIFY(!model.setData(at(Field::TxPower), QStringLiteral("much")));
    QVERIFY(!model.setData(at(Field::TxPower), 1e6));
    QVERIFY(model.setData(at(Field::TxPower), QString())); // null already
    QVERIFY(model.setData(at(Field::Locked), true));
    QVERIFY(!model.setData(at(Field::Position), QPointF(1, 1)));
    QVERIFY(!model.setData(at(Field::OverrideAt), 5));
    const QList<std::pair<FieldKey, Value>> expected{
        {Field::Name, QStringLiteral("b")},
        {Field::Status, qint64(Status::Up)},
        {Field::Status, qint64(Status::Degraded)},
        {Field::TxPower, 2.5},
        {Field::Locked, true},
    };
    QCOMPARE(asked, expected);
    QCOMPARE(model.index(0, 0).data().toString(), QStringLiteral("a"));
    model.setReadOnly(true);
    QVERIFY(!model.setData(at(Field::Name), QStringLiteral("c")));
    QVERIFY(!(at(Field::Name).flags() & Qt::ItemIsEditable));
}

void TestTableModel::keepsSelectionsOverMoves()
{
    Topology topology;
    SearchIndex index(topology);
    QList<Edit> edits;
    for (quint32 i = 1; i <= 300; ++i)
        edits.append(newDevice(tid(i), QStringLiteral("n%1").arg(i)));
    submitOk(topology, edits);
    TableModel model(topology, index, EntityKind::Device);
    const QAbstractItemModelTester tester(&model, kTesterMode);
    QSignalSpy resets(&model, &QAbstractItemModel::modelReset);
    QList<std::pair<QPersistentModelIndex, EntityId>> kept;
    for (const quint32 i : {1U, 5U, 150U, 300U})
        kept.append({model.indexOf(tid(i), 1), tid(i)});
    const auto check = [&] {
        for (const auto &[persistent, id] : std::as_const(kept)) {
            QCOMPARE(model.idAt(persistent), id);
            QCOMPARE(persistent.column(), 1);
        }
    };
    QSignalSpy moved(&model, &QAbstractItemModel::rowsMoved);
    submitOk(topology, {edits::setField(tid(5), Field::Name, QStringLiteral("zz"))});
    QCOMPARE(moved.size(), 1);
    QCOMPARE(model.idAt(299), tid(5));
    check();
    submitOk(topology, {edits::setField(tid(300), Field::Name, QStringLiteral("a"))});
    QCOMPARE(moved.size(), 2);
    QCOMPARE(model.idAt(0), tid(300));
    check();
    model.sort(0, Qt::DescendingOrder);
    check();
    edits.clear(); // all of them move at once
    for (quint32 i = 1; i <= 300; ++i)
        edits.append(edits::setField(tid(i), Field::Name, QStringLiteral("m%1").arg(301 - i)));
    submitOk(topology, edits);
    check();
    QCOMPARE(model.idAt(0), tid(1));
    QCOMPARE(resets.size(), 0);
}

void TestTableModel::findsByAnyField()
{
    Topology topology;
    SearchIndex index(topology);
    index.prepare(EntityKind::Device); // so that what comes now is read as changes
    submitOk(
        topology,
        {newGroup(tid(1), QStringLiteral("Hamburg")),
         newDevice(tid(2), QStringLiteral("Edge-07"), tid(1)),
         newDevice(tid(3), QStringLiteral("Würzburg"), 0, QStringLiteral("OLT")),
         newPort(tid(4), tid(2), QStringLiteral("xe-0/0/1")),
         newPort(tid(5), tid(3), QStringLiteral("pon3")), newLink(tid(6), tid(4), tid(5)),
         edits::setField(tid(2), Field::Address, QStringLiteral("192.0.2.17")),
         edits::setField(tid(3), {Field::Property, QStringLiteral("rack")}, QStringLiteral("B 12")),
         edits::setField(tid(3), Field::Notes, QStringLiteral("line one\nline two")),
         edits::setField(tid(6), Field::Medium, QStringLiteral("G652D"))});
    const auto found = [&](EntityKind kind, const QString &text) { return index.find(kind, text); };
    const auto device = EntityKind::Device;
    QCOMPARE(found(device, QStringLiteral("edge")), QList<EntityId>{tid(2)});
    QCOMPARE(found(device, QStringLiteral("EDGE-0")), QList<EntityId>{tid(2)});
    QCOMPARE(found(device, QStringLiteral("192.0.2")), QList<EntityId>{tid(2)});
    QCOMPARE(found(device, QStringLiteral("WÜRZ")), QList<EntityId>{tid(3)});
    QCOMPARE(found(device, QStringLiteral("olt")), QList<EntityId>{tid(3)});
    QCOMPARE(found(device, QStringLiteral("rack 12")), QList<EntityId>{tid(3)});
    QCOMPARE(found(device, QStringLiteral("two")), QList<EntityId>{tid(3)});
    QCOMPARE(found(device, QStringLiteral("hamburg")), QList<EntityId>({tid(1), tid(2)}));
    QCOMPARE(found(device, QStringLiteral("hamburg olt")), QList<EntityId>());
    QCOMPARE(found(device, QString()), QList<EntityId>());
    QCOMPARE(found(EntityKind::Link, QStringLiteral("edge pon3")), QList<EntityId>{tid(6)});
    QCOMPARE(found(EntityKind::Link, QStringLiteral("g652")), QList<EntityId>{tid(6)});
    QCOMPARE(found(EntityKind::Interface, QStringLiteral("edge xe")), QList<EntityId>{tid(4)});
    QCOMPARE(found(EntityKind::Board, QStringLiteral("edge")), QList<EntityId>());
    // Names of others reach what is called after them.
    submitOk(topology, {edits::setField(tid(2), Field::Name, QStringLiteral("Core")),
                        edits::setField(tid(1), Field::Name, QStringLiteral("Bremen"))});
    QCOMPARE(found(device, QStringLiteral("hamburg")), QList<EntityId>());
    QCOMPARE(found(device, QStringLiteral("core bremen")), QList<EntityId>{tid(2)});
    QCOMPARE(found(EntityKind::Link, QStringLiteral("edge")), QList<EntityId>());
    QCOMPARE(found(EntityKind::Link, QStringLiteral("core")), QList<EntityId>{tid(6)});
    submitOk(topology, {RemoveEntities{{tid(2)}, false}});
    QCOMPARE(found(device, QStringLiteral("core")), QList<EntityId>());
    QCOMPARE(found(EntityKind::Link, QStringLiteral("pon3")), QList<EntityId>());
}

void TestTableModel::ranksTitlesFirst()
{
    Topology topology;
    SearchIndex index(topology);
    submitOk(topology,
             {newDevice(tid(1), QStringLiteral("x")), newDevice(tid(2), QStringLiteral("my-core")),
              newDevice(tid(3), QStringLiteral("core-2")),
              newDevice(tid(4), QStringLiteral("core")),
              newDevice(tid(5), QStringLiteral("core-1")),
              edits::setField(tid(1), Field::Notes, QStringLiteral("near the core"))});
    QCOMPARE(index.find(EntityKind::Device, QStringLiteral(" Core ")),
             QList<EntityId>({tid(4), tid(3), tid(5), tid(2), tid(1)}));
}

void TestTableModel::followsRandomEdits_data()
{
    QTest::addColumn<int>("kind");
    QTest::newRow("devices") << int(EntityKind::Device);
    QTest::newRow("interfaces") << int(EntityKind::Interface);
    QTest::newRow("links") << int(EntityKind::Link);
}

void TestTableModel::followsRandomEdits()
{
    QFETCH(int, kind);
    const auto entityKind = EntityKind(kind);
    const quint32 seed = testSeed();
    qInfo("PATCHBOARD_SEED=%u", seed);
    Topology topology;
    SearchIndex index(topology);
    index.prepare(entityKind);
    TableModel model(topology, index, entityKind);
    const QAbstractItemModelTester tester(&model, kTesterMode);
    const FlatMirror mirror(model);
    RandomEdits random(seed);
    QList<std::pair<QPersistentModelIndex, EntityId>> kept;
    QList<Topology::Outcome> done;
    quint64 revision = 0;
    const auto step = [&] {
        const Change change = random.change(topology);
        auto outcome = topology.submit(change, {{change.site, change.cseq}, ++revision, 1000});
        if (outcome)
            done.append(std::move(*outcome));
    };
    // No table of at most so many rows can change in more runs than it signals (tablemodel.cpp).
    constexpr int kRowsWithoutReset = 64;
    int resets = 0;
    const QStringList filters{{},
                              QStringLiteral("1"),
                              QStringLiteral("p"),
                              QStringLiteral("up"),
                              QStringLiteral("d1 d"),
                              QStringLiteral("router"),
                              QStringLiteral("degraded 2")};
    for (int i = 0; i < 300; ++i) {
        if (random.chance(25)) {
            const Topology::DeltaBatch batch(topology);
            for (int n = 2 + random.below(4); n > 0; --n)
                step();
        } else if (random.chance(10)) {
            const Topology::DeltaBatch batch(topology);
            for (int n = 1 + random.below(4); n > 0 && !done.isEmpty(); --n)
                topology.rollback(done.takeLast().applied);
        } else {
            step();
        }
        QCOMPARE(mirror.resets, resets); // edits as small as these never need one
        if (random.chance(10)) {
            model.setFilter(filters.at(random.below(filters.size())));
            // A filter may have rows come and go in more runs than are worth signalling one by one.
            if (model.totalCount() > kRowsWithoutReset)
                resets = mirror.resets;
        }
        if (random.chance(10))
            model.sort(random.below(model.columnCount()),
                       random.chance(50) ? Qt::AscendingOrder : Qt::DescendingOrder);

        // The same from nothing: a new table, sorted and filtered alike.
        SearchIndex freshIndex(topology);
        TableModel fresh(topology, freshIndex, entityKind);
        fresh.sort(model.sortColumn(), model.sortOrder());
        fresh.setFilter(model.filter());
        QCOMPARE(model.rowCount(), fresh.rowCount());
        const auto cells = allCells(topology, entityKind);
        for (int row = 0; row < model.rowCount(); ++row) {
            const EntityId id = model.idAt(row);
            QCOMPARE(id, fresh.idAt(row));
            QCOMPARE(model.indexOf(id).row(), row);
            for (int c = 0; c < model.columnCount(); ++c)
                QCOMPARE(model.index(row, c).data().toString(), cells.value(id).at(c));
        }
        QCOMPARE(model.totalCount(), int(idsOf(topology, entityKind).size()));
        mirror.compare();
        QCOMPARE(mirror.resets, resets);
        for (const QString &text : filters)
            QCOMPARE(index.find(entityKind, text), freshIndex.find(entityKind, text));
        for (const auto &[persistent, id] : std::as_const(kept))
            QVERIFY(!persistent.isValid() || model.idAt(persistent) == id);
        if (model.rowCount() > 0 && i % 3 == 0) {
            const int row = random.below(model.rowCount());
            kept.append({model.index(row, 0), model.idAt(row)});
        }
        if (QTest::currentTestFailed()) {
            qCritical("step %d", i);
            return;
        }
    }
}

void TestTableModel::holdsAHundredThousand()
{
    constexpr quint32 count = 100000;
    Topology topology;
    Topology::Contents contents;
    for (quint32 i = 1; i <= count; ++i) {
        Device device;
        device.id = makeId(0, i);
        device.name = QStringLiteral("node-%1").arg((i * 7919) % count);
        device.type = QStringLiteral("ROUTER");
        contents.devices.push_back(device);
    }
    QVERIFY(topology.load(std::move(contents)).ok());
    SearchIndex index(topology);
    TableModel model(topology, index, EntityKind::Device);
    for (int row = 0; row < int(count); row += 997)
        QCOMPARE(model.index(row, 0).data().toString(), QStringLiteral("node-%1").arg(row));
    model.setFilter(QStringLiteral("999"));
    int expected = 0;
    for (quint32 i = 0; i < count; ++i)
        expected += QString::number(i).contains(QStringLiteral("999")) ? 1 : 0;
    QCOMPARE(model.rowCount(), expected);
    // A thousand that go, far apart.
    RemoveEntities remove;
    for (quint32 i = 1; i <= count; i += 100)
        remove.ids.append(makeId(0, i));
    submitOk(topology, {remove});
    QCOMPARE(model.totalCount(), int(count) - 1000);
    model.setFilter({});
    QCOMPARE(model.rowCount(), int(count) - 1000);
    submitOk(topology, {RestoreEntities{remove.ids}});
    QCOMPARE(model.rowCount(), int(count));
    for (int row = 0; row < int(count); row += 997)
        QCOMPARE(model.index(row, 0).data().toString(), QStringLiteral("node-%1").arg(row));
}

PATCHBOARD_TEST(TestTableModel)
#include "tst_tablemodel.moc"
