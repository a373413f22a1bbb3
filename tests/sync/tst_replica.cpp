#include "model/replica.h"
#include "model/wire/codec.h"
#include "tests/support/testmain.h"

#include <QRegularExpression>

using namespace patchboard;

namespace {

Edit newContainer(EntityId id, const QString &name, EntityId in = 0)
{
    CreateEntity create{EntityKind::Device,
                        id,
                        {{Field::Name, name}, {Field::DeviceType, QStringLiteral("POP")}},
                        0};
    if (in != 0)
        create.fields.append({Field::Container, qint64(in)});
    return create;
}

Edit putInto(EntityId id, EntityId container)
{
    const Value value = container == 0 ? Value() : Value(qint64(container));
    return SetFields{id, {{Field::Container, value, std::nullopt}}};
}

Commit foreignCommit(quint64 revision, QList<Edit> edits)
{
    Commit commit;
    commit.revision = revision;
    commit.time = qint64(revision);
    commit.site = 9;
    commit.cseq = revision;
    commit.edits = std::move(edits);
    return commit;
}

} // namespace

class TestReplica : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }
    void statesBetweenAreNeverShown();
    void aLateAnswerStaysBelow();
};

/// I put A into B and out again; somebody puts what B lies in into what A holds. That fits what is
/// confirmed and what is shown, but not the state between my two changes.
void TestReplica::statesBetweenAreNeverShown()
{
    Topology topology;
    Replica replica(topology);
    replica.setSite(1, 1);
    const EntityId a = makeId(9, 1);
    const EntityId b = makeId(9, 2);
    const EntityId y = makeId(9, 3);
    const EntityId z = makeId(9, 4);
    QVERIFY(replica.applyCommits({foreignCommit(
        1, {newContainer(a, QStringLiteral("A")), newContainer(y, QStringLiteral("Y")),
            newContainer(b, QStringLiteral("B"), y), newContainer(z, QStringLiteral("Z"), a)})}));
    QVERIFY(replica.submit({putInto(a, b)}, {}, {}, 0));
    QVERIFY(replica.submit({putInto(a, 0)}, {}, {}, 0));
    QVERIFY(replica.applyCommits({foreignCommit(2, {putInto(y, z)})}));
    QCOMPARE(topology.device(y)->container, z);
    // The second is refused: the first alone would close a circle, and waits without effect.
    QCOMPARE(replica.decide(2, 0), Replica::Decision::Dropped);
    QCOMPARE(replica.pendingCount(), 1);
    QVERIFY(!replica.pending().front().effective);
    QCOMPARE(topology.device(a)->container, EntityId(0));
    QVERIFY(!topology.liesIn(a, b));
}

/// A change comes back while the answer to an older one of mine is still out.
void TestReplica::aLateAnswerStaysBelow()
{
    Topology topology;
    Replica replica(topology);
    replica.setSite(1, 1);
    const EntityId a = makeId(9, 1);
    QVERIFY(replica.applyCommits({foreignCommit(1, {newContainer(a, QStringLiteral("A"))})}));
    const auto write = [a](const QString &notes) -> Edit {
        return SetFields{a, {{Field::Notes, notes, std::nullopt}}};
    };
    QVERIFY(replica.submit({write(QStringLiteral("old"))}, {}, {}, 0));
    const auto second = replica.submit({write(QStringLiteral("new"))}, {}, {}, 0);
    QVERIFY(second);
    Commit mine = foreignCommit(2, {write(QStringLiteral("new"))});
    mine.site = 1;
    mine.cseq = 2;
    mine.bodyHash = wire::hashBytes(second->body);
    const auto confirmed = replica.applyCommits({mine});
    QVERIFY(confirmed);
    QCOMPARE(*confirmed, QList<quint64>{2});
    replica.withConfirmed([a](const Topology &state) {
        QCOMPARE(state.device(a)->remarks->notes, QStringLiteral("new"));
    });
    QCOMPARE(replica.decide(1, 0), Replica::Decision::Dropped);
    QCOMPARE(topology.device(a)->remarks->notes, QStringLiteral("new"));
}

PATCHBOARD_TEST(TestReplica)
#include "tst_replica.moc"
