#include "model/core/idlist.h"
#include "model/core/seldom.h"
#include "model/core/slotindex.h"
#include "tests/support/sync/randomedits.h"
#include "tests/support/testmain.h"

#include <QRegularExpression>
#include <QSet>
#include <QString>

using namespace patchboard;

/// The small containers below a topology, each against a plain one.
class TestIndices : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }
    void slotIndexIsASet();
    void idListIsASortedSet();
    void seldomSetIsShared();
};

void TestIndices::slotIndexIsASet()
{
    const quint64 seed = 17;
    qInfo("seed %llu", seed);
    Rng rng(seed);
    SlotIndex index;
    // Few hashes, some near the end of the table, so that most of them meet and wrap around.
    std::vector<quint64> hashes;
    for (int i = 0; i < 40; ++i)
        hashes.push_back((i % 4 == 0 ? 0xffffffffULL - quint64(i) : quint64(rng.next())) << 32);
    QSet<std::pair<quint64, quint32>> plain;
    for (int step = 0; step < 60000; ++step) {
        const quint64 hash = hashes[size_t(rng.below(int(hashes.size())))];
        const auto slot = quint32(rng.below(12));
        const std::pair pair(hash, slot);
        if (plain.contains(pair)) {
            index.remove(hash, slot);
            plain.remove(pair);
        } else if (plain.size() < 300) {
            index.insert(hash, slot);
            plain.insert(pair);
        }
        QCOMPARE(index.size(), plain.size());
        const quint64 asked = hashes[size_t(rng.below(int(hashes.size())))];
        const auto wanted = quint32(rng.below(12));
        const quint32 found = index.find(asked, [&](quint32 each) { return each == wanted; });
        QCOMPARE(found, plain.contains({asked, wanted}) ? wanted : SlotIndex::kNone);
        index.remove(asked, 100); // not there: changes nothing
    }
    index.reserve(10000);
    for (const auto &[hash, slot] : std::as_const(plain)) {
        const quint32 wanted = slot;
        QCOMPARE(index.find(hash, [&](quint32 each) { return each == wanted; }), wanted);
    }
}

void TestIndices::idListIsASortedSet()
{
    const quint64 seed = 18;
    qInfo("seed %llu", seed);
    Rng rng(seed);
    std::vector<IdList<2>> lists(3);
    std::vector<std::vector<EntityId>> plain(3);
    for (int step = 0; step < 30000; ++step) {
        const auto which = size_t(rng.below(3));
        const auto id = EntityId(1 + rng.below(9));
        std::vector<EntityId> &ids = plain[which];
        const auto at = std::lower_bound(ids.begin(), ids.end(), id);
        if (at != ids.end() && *at == id) {
            ids.erase(at);
            lists[which].remove(id);
        } else {
            ids.insert(at, id);
            lists[which].insert(id);
        }
        lists[which].remove(100);
        if (step % 50 == 0) { // moved about, as in a growing array
            std::vector<IdList<2>> moved(std::make_move_iterator(lists.begin()),
                                         std::make_move_iterator(lists.end()));
            lists = std::move(moved);
        }
        for (size_t i = 0; i < 3; ++i) {
            const auto held = lists[i].ids();
            QVERIFY(std::equal(held.begin(), held.end(), plain[i].begin(), plain[i].end()));
        }
    }
    IdList<1> loaded;
    for (const EntityId id : std::initializer_list<EntityId>{5, 3, 9, 1})
        loaded.append(id);
    loaded.sort();
    const std::vector<EntityId> sorted{1, 3, 5, 9};
    QVERIFY(std::equal(sorted.begin(), sorted.end(), loaded.ids().begin(), loaded.ids().end()));
}

void TestIndices::seldomSetIsShared()
{
    struct Pair
    {
        QString a;
        int b = 0;
        bool operator==(const Pair &) const = default;
    };
    static_assert(sizeof(Seldom<Pair>) == sizeof(void *));
    Seldom<Pair> one;
    QCOMPARE(one->b, 0);
    one.set(&Pair::b, 4);
    Seldom<Pair> two = one;
    QVERIFY(one == two);
    two.set(&Pair::a, QStringLiteral("x"));
    QCOMPARE(one->a, QString());
    QCOMPARE(two->b, 4);
    QVERIFY(!(one == two));
    two.edit([](Pair &pair) { pair = {}; });
    QVERIFY(two == Seldom<Pair>());
    Seldom<QString> text = QStringLiteral("eth0");
    QCOMPARE(text->size(), 4);
    text = QString();
    QVERIFY(text->isEmpty());
}

PATCHBOARD_TEST(TestIndices)
#include "tst_indices.moc"
