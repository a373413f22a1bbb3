#include "model/core/topology.h"
#include "tests/support/testmain.h"

#include <QRegularExpression>

using namespace patchboard;

namespace {

Change digestChange(quint64 cseq, QList<Edit> edits)
{
    return {1, cseq, cseq, 0, {}, {}, std::move(edits)};
}

Edit newType(quint32 digestCounter, SiteId site = 1)
{
    return CreateEntity{EntityKind::DeviceType,
                        makeId(site, digestCounter),
                        {{Field::TypeKey, QStringLiteral("T")}},
                        0};
}

/// The digest of a copy, worked out from nothing.
quint64 freshDigest(const Topology &topology)
{
    Topology::Contents contents;
    contents.board = topology.board();
    for (const EntityId id : topology.devices().ids())
        contents.devices.push_back(*topology.device(id));
    for (const EntityId id : topology.interfaces().ids())
        contents.interfaces.push_back(*topology.interface(id));
    for (const EntityId id : topology.links().ids())
        contents.links.push_back(*topology.link(id));
    for (const EntityId id : topology.customTypes().ids())
        contents.types.push_back(*topology.customType(id));
    Topology copy;
    return copy.load(std::move(contents)) ? copy.digest() : 0;
}

} // namespace

class TestDigest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }
    void followsEdits();
    void typesMayMeetInARollback();
};

void TestDigest::followsEdits()
{
    Topology topology;
    QVERIFY(topology.digest() == freshDigest(topology)); // from now on it is kept up to date
    const EntityId device = makeId(1, 1);
    const EntityId other = makeId(1, 2);
    const auto create = [](EntityKind kind, EntityId id, QList<FieldValue> fields) -> Edit {
        return CreateEntity{kind, id, std::move(fields), 0};
    };
    const auto set = [](EntityId id, FieldKey key, Value value) -> Edit {
        return SetFields{id, {{std::move(key), std::move(value), std::nullopt}}};
    };
    const FieldKey property(Field::Property, QStringLiteral("k"));
    const QList<QList<Edit>> changes{
        {create(EntityKind::Device, device,
                {{Field::Name, QStringLiteral("A")}, {Field::DeviceType, QStringLiteral("POP")}}),
         create(
             EntityKind::Device, other,
             {{Field::Name, QStringLiteral("B")}, {Field::DeviceType, QStringLiteral("ROUTER")}}),
         create(EntityKind::Interface, makeId(1, 3),
                {{Field::Name, QStringLiteral("e")}, {Field::Device, qint64(device)}}),
         create(EntityKind::Link, makeId(1, 4),
                {{Field::AInterface, qint64(makeId(1, 3))},
                 {Field::BInterface, qint64(makeId(1, 3))}})},
        {set(device, Field::Name, QStringLiteral("C"))},
        {set(device, Field::Position, QPointF(1, 2))},
        {set(device, Field::Position, QPointF(0, 0))},
        {set(other, Field::Container, qint64(device))},
        {set(other, property, QStringLiteral("v"))},
        {set(other, property, QStringLiteral("w"))},
        {set(other, property, Value())},
        {set(makeId(1, 4), Field::Length, 2.5)},
        {set(makeId(1, 3), Field::Status, qint64(1))},
        {set(kBoardId, Field::Title, QStringLiteral("Board"))},
        {newType(9)},
        {set(makeId(1, 9), Field::TypeContainer, true)},
        {RemoveEntities{{device}, false}},
        {RestoreEntities{{device}}},
    };
    QList<Applied> applied;
    QList<quint64> digests;
    for (qsizetype i = 0; i < changes.size(); ++i) {
        digests.append(topology.digest());
        auto outcome = topology.submit(digestChange(quint64(i) + 1, changes.at(i)),
                                       {{1, quint64(i) + 1}, quint64(i) + 1, 5});
        QVERIFY2(outcome, qPrintable(QString::number(i)));
        applied.append(outcome->applied);
        QCOMPARE(topology.digest(), freshDigest(topology));
        QVERIFY(topology.digest() != digests.last());
    }
    while (!applied.isEmpty()) {
        topology.rollback(applied.takeLast());
        QCOMPARE(topology.digest(), digests.takeLast());
    }
}

/// What came in while a removal was pending stays known when creation and removal are taken back.
void TestDigest::typesMayMeetInARollback()
{
    Topology topology;
    const auto mine = topology.submit(digestChange(1, {newType(1)}), {{1, 1}, 0, 0});
    QVERIFY(mine);
    const auto gone =
        topology.submit(digestChange(2, {RemoveEntities{{makeId(1, 1)}, false}}), {{1, 2}, 0, 0});
    QVERIFY(gone);
    QVERIFY(topology.apply({newType(1, 2)}, {{2, 1}, 1, 1}));
    topology.rollback(gone->applied);
    topology.rollback(mine->applied);
    QVERIFY(topology.knowsType(QStringLiteral("T")));
    QVERIFY(topology.apply({RemoveEntities{{makeId(2, 1)}, false}}, {{2, 2}, 2, 2}));
    QVERIFY(!topology.knowsType(QStringLiteral("T")));
}

PATCHBOARD_TEST(TestDigest)
#include "tst_digest.moc"
