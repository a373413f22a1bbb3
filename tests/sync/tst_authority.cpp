#include "model/authority.h"
#include "model/wire/codec.h"
#include "tests/support/testmain.h"
#include "tests/support/sync/memorylog.h"

#include <QRegularExpression>

using namespace patchboard;

/// Who may take the place of whom.
class TestAuthority : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }
    void onlyTheSameProfileContinuesAConnection();
};

namespace {

/// An authority and what it told whom.
struct AuthorityRig
{
    Topology topology;
    MemoryLog log;
    Authority authority{topology, log.state(), log};
    QHash<Authority::SessionId, wire::Welcome> welcomes;
    QSet<Authority::SessionId> closed;

    Authority::SessionId greet(const wire::Hello &hello)
    {
        const Authority::SessionId id = authority.openSession();
        authority.receive(id, wire::encode(hello), 1);
        const CommitBatch batch = authority.takeBatch();
        if (!batch.isEmpty()) {
            if (const QString wrong = log.store(batch); !wrong.isEmpty())
                qFatal("%s", qUtf8Printable(wrong));
            authority.committed();
        }
        for (const Authority::Outgoing &out : authority.takeOutgoing()) {
            for (const Authority::SessionId to : out.to) {
                if (out.close)
                    closed.insert(to);
                const auto message = wire::decode(out.frame);
                if (!out.frame.isEmpty() && message) {
                    if (const auto *welcome = std::get_if<wire::Welcome>(&*message))
                        welcomes.insert(to, *welcome);
                }
            }
        }
        return id;
    }
};

} // namespace

/// Everybody on a board knows everybody's session number; it opens nobody's seat to a stranger.
void TestAuthority::onlyTheSameProfileContinuesAConnection()
{
    AuthorityRig rig;
    wire::Hello ana;
    ana.profile = QStringLiteral("profile of Ana");
    const auto first = rig.greet(ana);
    QVERIFY(rig.welcomes.contains(first));
    const quint64 number = rig.welcomes.value(first).session;

    wire::Hello stranger;
    stranger.profile = QStringLiteral("profile of somebody else");
    stranger.resume = number;
    const auto second = rig.greet(stranger);
    QVERIFY(rig.welcomes.contains(second));
    QVERIFY(!rig.closed.contains(first));
    QCOMPARE(rig.authority.sessions().size(), 2);

    ana.site = rig.welcomes.value(first).site;
    ana.resume = number;
    const auto third = rig.greet(ana);
    QVERIFY(rig.closed.contains(first));
    QVERIFY(!rig.closed.contains(second));
    QCOMPARE(rig.welcomes.value(third).site, ana.site);
}

PATCHBOARD_TEST(TestAuthority)
#include "tst_authority.moc"
