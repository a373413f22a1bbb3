#include "model/authority.h"
#include "model/wire/codec.h"
#include "tests/support/sync/memorylog.h"
#include "tests/support/testmain.h"

#include <QRegularExpression>

using namespace patchboard;

/// Who may take the place of whom.
class TestAuthority : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }
    void onlyTheSameProfileContinuesAConnection();
    void aLargeChangeIsOneChange();
    void whatIsStagedIsBounded();
    void snapshotsAreNamedWhenTheyAreDurable();
    void questionsAreBounded();
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

void TestAuthority::snapshotsAreNamedWhenTheyAreDurable()
{
    AuthorityRig rig;
    rig.authority.setAdmissionCheck(
        [](Authority::SessionId, const wire::Hello &hello) -> Result<Authority::Admission> {
            return Authority::Admission{hello.author.isEmpty(), {}};
        });
    wire::Hello ann;
    ann.profile = QStringLiteral("profile of Ann");
    ann.author = QStringLiteral("Ann");
    ann.features = {wire::kHistoryFeature};
    const auto first = rig.greet(ann);
    wire::Hello old; // knows nothing of history
    old.profile = QStringLiteral("old profile");
    const auto second = rig.greet(old);
    QCOMPARE(rig.welcomes.value(first).features, QStringList{wire::kHistoryFeature});
    const auto edit = [&](Authority::SessionId who, quint64 request, const char *name) {
        rig.authority.receive(
            who, wire::encode(wire::SnapshotEdit{request, 0, QString::fromLatin1(name), 0}), 5);
    };
    const auto told = [&] {
        QList<std::pair<Authority::SessionId, wire::NamedSnapshots>> out;
        for (const Authority::Outgoing &each : rig.authority.takeOutgoing()) {
            const auto message = wire::decode(each.frame);
            const auto *list = message ? std::get_if<wire::NamedSnapshots>(&*message) : nullptr;
            for (const Authority::SessionId to : each.to) {
                if (list)
                    out.append({to, *list});
            }
        }
        return out;
    };
    edit(first, 1, "one");
    QVERIFY(told().isEmpty());
    const CommitBatch batch = rig.authority.takeBatch();
    QVERIFY(batch.snapshots && batch.snapshots->size() == 1);
    QVERIFY(told().isEmpty());
    rig.authority.committed();
    const auto news = told();
    QCOMPARE(news.size(), 1); // and nothing to who would not understand it
    QCOMPARE(news.constFirst().first, first);
    QCOMPARE(news.constFirst().second.request, quint64(1));
    QCOMPARE(news.constFirst().second.snapshots.size(), 1);
    // Who may only look.
    edit(second, 2, "two");
    QVERIFY(rig.authority.takeBatch().isEmpty());
    const auto refused = told();
    QCOMPARE(refused.size(), 1);
    QCOMPARE(refused.constFirst().second.error->code, Errc::Forbidden);
    // What could not be stored never was.
    edit(first, 3, "three");
    QVERIFY(!rig.authority.takeBatch().isEmpty());
    rig.authority.failed({Errc::Storage, QStringLiteral("full")});
    QCOMPARE(rig.authority.namedSnapshots().size(), 1);
}

void TestAuthority::questionsAreBounded()
{
    AuthorityRig rig;
    wire::Hello ann;
    ann.profile = QStringLiteral("profile of Ann");
    const auto session = rig.greet(ann);
    for (quint64 i = 0; i < 32; ++i)
        rig.authority.receive(session, wire::encode(wire::BoardAsk{i, 0, 0}), 5);
    const auto asks = rig.authority.takeAsks();
    QCOMPARE(asks.size(), 32);
    // Once it is answered there is room for another.
    rig.authority.answer(session, wire::BoardPiece{});
    rig.authority.receive(session, wire::encode(wire::BoardAsk{50, 0, 0}), 5);
    QCOMPARE(rig.authority.takeAsks().size(), 1);
    QCOMPARE(rig.authority.sessions().size(), 1);
    rig.authority.receive(session, wire::encode(wire::BoardAsk{51, 0, 0}), 5);
    QVERIFY(rig.authority.takeAsks().isEmpty());
    QCOMPARE(rig.authority.sessions().size(), 0);
}

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

namespace {

/// A change with 20,000 devices, as the frames that bring it.
QList<QByteArray> largeChange(SiteId site, quint64 cseq, int devices = 20000)
{
    Change change;
    change.site = site;
    change.cseq = cseq;
    for (int i = 0; i < devices; ++i) {
        change.edits.append(CreateEntity{EntityKind::Device,
                                         makeId(site, quint32(i + 1)),
                                         {{Field::Name, QStringLiteral("router-%1").arg(i)},
                                          {Field::DeviceType, QStringLiteral("ROUTER")}}});
    }
    quint64 counter = 0;
    return wire::toFrames(wire::encode(wire::Submit{wire::encodeChange(change)}), counter);
}

} // namespace

/// In parts or not, it is whole or not there; and everybody else gets it bit by bit.
void TestAuthority::aLargeChangeIsOneChange()
{
    AuthorityRig rig;
    wire::Hello ana;
    ana.profile = QStringLiteral("profile of Ana");
    const auto first = rig.greet(ana);
    wire::Hello ben;
    ben.profile = QStringLiteral("profile of Ben");
    const auto second = rig.greet(ben);
    const SiteId site = rig.welcomes.value(first).site;

    const QList<QByteArray> frames = largeChange(site, 1);
    QVERIFY(frames.size() > 2);
    for (qsizetype i = 0; i < frames.size(); ++i) {
        QVERIFY(frames.at(i).size() <= wire::kMaxFrameBytes);
        QVERIFY(rig.authority.takeBatch().isEmpty());
        QCOMPARE(rig.authority.topology().devices().size(), 0);
        rig.authority.receive(first, frames.at(i), 2);
    }
    QCOMPARE(rig.authority.stagedBytes(), 0);
    const CommitBatch batch = rig.authority.takeBatch();
    QCOMPARE(batch.commits.size(), 1);
    QCOMPARE(rig.log.store(batch), QString());
    rig.authority.committed();
    QCOMPARE(rig.authority.revision(), 1);

    // No more at once than a turn may send, in whole frames that make one commit.
    wire::Assembler assembler;
    qsizetype commits = 0;
    for (int turns = 0; commits == 0; ++turns) {
        QVERIFY(turns < 100);
        qint64 bytes = 0;
        for (const Authority::Outgoing &out : rig.authority.takeOutgoing()) {
            if (!out.to.contains(second))
                continue;
            bytes += out.frame.size();
            QVERIFY(out.frame.size() <= wire::kMaxFrameBytes);
            const auto fed = assembler.feed(out.frame);
            QVERIFY(fed);
            if (*fed && std::holds_alternative<wire::Commits>(**fed))
                commits += std::get<wire::Commits>(**fed).commits.size();
        }
        QVERIFY(bytes < 2 * Authority::Options().pumpBytes);
        rig.authority.pump(second);
    }
    QCOMPARE(commits, 1);
    QVERIFY(!rig.authority.isBehind(second));
}

/// Who begins a change and never ends it costs bounded memory, for a bounded time.
void TestAuthority::whatIsStagedIsBounded()
{
    AuthorityRig rig;
    const QList<QByteArray> frames = largeChange(1, 1);
    wire::Hello hello;
    QList<Authority::SessionId> sessions;
    for (int i = 0; i < 40; ++i) {
        hello.profile = QStringLiteral("profile %1").arg(i);
        sessions.append(rig.greet(hello));
    }
    // Parts of messages that say to be long, one after the other, of all of them.
    wire::Part part;
    part.message = 1;
    part.count = 200;
    part.bytes = QByteArray(wire::kMaxPartBytes, 'x');
    const qint64 limit = Authority::Options().stagedBytes;
    for (; part.index < 60; ++part.index) {
        for (const Authority::SessionId session : std::as_const(sessions))
            rig.authority.receive(session, wire::encode(part), 10);
        QVERIFY(rig.authority.stagedBytes() <= limit);
    }
    QVERIFY(rig.authority.stagedBytes() > 0);
    int told = 0;
    for (const Authority::Outgoing &out : rig.authority.takeOutgoing())
        told += out.close ? 1 : 0;
    QVERIFY(told > 0 && told < 40);
    rig.authority.expireStaged(10 + Authority::Options().partTimeout);
    QVERIFY(rig.authority.stagedBytes() > 0);
    rig.authority.expireStaged(11 + Authority::Options().partTimeout);
    QCOMPARE(rig.authority.stagedBytes(), 0);

    // Nobody stages anything before he has been welcomed.
    const Authority::SessionId stranger = rig.authority.openSession();
    rig.authority.receive(stranger, frames.first(), 20);
    QCOMPARE(rig.authority.stagedBytes(), 0);
}

PATCHBOARD_TEST(TestAuthority)
#include "tst_authority.moc"
