#include "model/core/edits.h"
#include "tests/support/testmain.h"
#include "tests/ui/localsession.h"
#include "ui/scene/boardmirror.h"

#include <QRandomGenerator>

using namespace patchboard;
using namespace patchboard::ui;

namespace {

/// The mirror follows the board through its deltas, as a canvas does.
struct Followed final : TopologyObserver
{
    explicit Followed(Topology &topology)
        : mirror(topology)
        , m_topology(topology)
    {
        mirror.load();
        topology.addObserver(this);
    }
    ~Followed() { m_topology.removeObserver(this); }
    void topologyChanged(const Topology &, const Delta &delta) override
    {
        BoardMirror::Dirty dirty;
        mirror.apply(delta, dirty);
    }
    void topologyReset(const Topology &) override { mirror.load(); }
    BoardMirror mirror;

private:
    Topology &m_topology;
};

} // namespace

/// BoardMirror: that its arrays and grid are what a look at everything would give.
class TestBoardMirror : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void gridFindsWhatAScanFinds();
    void followsRandomEdits();
    void parallelLinksLieSideBySide();
    void boxesHoldTheirContents();
    void whatIsLiftedIsNotMovedByOthers();
    void rubberBand();

private:
    static void compare(const BoardMirror &mirror, const Topology &topology);
    static void compareLooks(const BoardMirror &mirror, QRandomGenerator &random);
};

void TestBoardMirror::compare(const BoardMirror &mirror, const Topology &topology)
{
    BoardMirror fresh(topology);
    fresh.load();
    QCOMPARE(mirror.deviceCount(), topology.devices().size());
    QCOMPARE(mirror.linkCount(), topology.links().size());
    for (const EntityId id : topology.devices().ids()) {
        const auto &a = mirror.devices()[mirror.deviceSlot(id)];
        const auto &b = fresh.devices()[fresh.deviceSlot(id)];
        QCOMPARE(a.pos, b.pos);
        QCOMPARE(int(a.status), int(b.status));
        QCOMPARE(int(a.flags), int(b.flags));
        QCOMPARE(mirror.icons().at(a.icon), fresh.icons().at(b.icon));
        QCOMPARE(a.parent == BoardMirror::kNone ? 0 : mirror.devices()[a.parent].id,
                 b.parent == BoardMirror::kNone ? 0 : fresh.devices()[b.parent].id);
        QCOMPARE(a.box == BoardMirror::kNone, b.box == BoardMirror::kNone);
        QCOMPARE(mirror.rectOf(a), fresh.rectOf(b));
        if (a.box != BoardMirror::kNone) {
            const auto &boxA = mirror.boxes()[a.box];
            const auto &boxB = fresh.boxes()[b.box];
            QCOMPARE(boxA.depth, boxB.depth);
            for (int i = 0; i < 3; ++i)
                QCOMPARE(boxA.count[i], boxB.count[i]);
        }
    }
    for (const EntityId id : topology.links().ids()) {
        const auto &a = mirror.links()[mirror.linkSlot(id)];
        const auto &b = fresh.links()[fresh.linkSlot(id)];
        QCOMPARE(int(a.status), int(b.status));
        QCOMPARE(int(a.flags), int(b.flags));
        QCOMPARE(mirror.devices()[a.end[0]].id, fresh.devices()[b.end[0]].id);
        QCOMPARE(mirror.devices()[a.end[1]].id, fresh.devices()[b.end[1]].id);
        QCOMPARE(std::abs(a.lane), std::abs(b.lane));
    }
    QVERIFY(mirror.extent().contains(fresh.bounds()) || topology.devices().size() == 0);
    QCOMPARE(qsizetype(mirror.boxOrder().size()), qsizetype(fresh.boxOrder().size()));
}

void TestBoardMirror::compareLooks(const BoardMirror &mirror, QRandomGenerator &random)
{
    const auto place = [&] { return QPointF(random.bounded(4000), random.bounded(4000)); };
    BoardMirror::Marks marks;
    for (int i = 0; i < 20; ++i) {
        const QRectF area(place(), QSizeF(random.bounded(1500), random.bounded(1500)));
        QSet<quint32> found;
        mirror.visitDevices(area, [&](quint32 slot) {
            QVERIFY2(!found.contains(slot), "a device came twice");
            found.insert(slot);
        });
        QSet<quint32> links;
        mirror.visitLinks(area, marks, [&](quint32 slot) {
            QVERIFY2(!links.contains(slot), "a link came twice");
            links.insert(slot);
        });
        for (quint32 slot = 0; slot < mirror.devices().size(); ++slot) {
            const auto &d = mirror.devices()[slot];
            QCOMPARE(found.contains(slot), d.is(BoardMirror::Alive) && area.contains(d.pos));
        }
        // Every link that crosses the area is among those that were found.
        for (quint32 slot = 0; slot < mirror.links().size(); ++slot) {
            const auto &l = mirror.links()[slot];
            if (!l.is(BoardMirror::Alive))
                continue;
            const LinkShape shape = mirror.shapeOf(l);
            bool crosses = false;
            for (double at = 0; at <= shape.length() && !crosses; at += 7)
                crosses = area.contains(shape.at(at));
            if (crosses)
                QVERIFY(links.contains(slot));
        }
    }
    for (int i = 0; i < 60; ++i) {
        QPointF at = place();
        if (i % 2 == 0 && !mirror.devices().empty()) {
            const auto &d = mirror.devices()[size_t(random.bounded(int(mirror.devices().size())))];
            at = d.pos + QPointF(random.bounded(-30, 31), random.bounded(-30, 31));
        }
        quint32 best = BoardMirror::kNone;
        double nearest = 1e18;
        for (quint32 slot = 0; slot < mirror.devices().size(); ++slot) {
            const auto &d = mirror.devices()[slot];
            const QPointF gap = d.pos - at;
            if (!d.is(BoardMirror::Alive) || d.box != BoardMirror::kNone ||
                std::abs(gap.x()) > 30 || std::abs(gap.y()) > 30)
                continue;
            const double distance = std::hypot(gap.x(), gap.y());
            if (distance <= nearest) {
                nearest = distance;
                best = slot;
            }
        }
        QCOMPARE(mirror.deviceAt(at, 30), best);
        double nearestLink = 1e18;
        for (quint32 slot = 0; slot < mirror.links().size(); ++slot) {
            if (mirror.links()[slot].is(BoardMirror::Alive))
                nearestLink =
                    std::min(nearestLink, mirror.shapeOf(mirror.links()[slot]).distanceTo(at));
        }
        const quint32 link = mirror.linkAt(at, 12);
        QCOMPARE(link != BoardMirror::kNone, nearestLink <= 12);
        if (link != BoardMirror::kNone)
            QCOMPARE(mirror.shapeOf(mirror.links()[link]).distanceTo(at), nearestLink);
    }
}

void TestBoardMirror::gridFindsWhatAScanFinds()
{
    const quint32 seed = QRandomGenerator::global()->generate();
    qInfo("seed %u", seed);
    QRandomGenerator random(seed);
    SpatialGrid grid;
    struct Line
    {
        QPointF a, b;
        bool there = false;
    };
    std::vector<Line> lines(300);
    const auto place = [&]() -> QPointF {
        // From a street to a planet: lines of all layers.
        const double reach = std::pow(10.0, 2 + random.bounded(6.9));
        return {random.bounded(2 * reach) - reach, random.bounded(2 * reach) - reach};
    };
    for (int i = 0; i < 3000; ++i) {
        const auto index = quint32(random.bounded(int(lines.size())));
        Line &line = lines[index];
        if (line.there) {
            const QPointF points[] = {line.a, line.b};
            grid.removeLine(index, points);
        } else {
            line.a = place();
            line.b = random.bounded(3) == 0 ? line.a + QPointF(random.bounded(900), 200) : place();
            const QPointF points[] = {line.a, line.b};
            grid.insertLine(index, points);
        }
        line.there = !line.there;
        if (i % 50 != 0)
            continue;
        const QPointF corner = place();
        const QRectF area(corner, QSizeF(random.bounded(5000), random.bounded(5000)));
        QSet<quint32> found;
        grid.visitLines(area, [&](quint32 number) { found.insert(number); });
        for (quint32 k = 0; k < lines.size(); ++k) {
            QVERIFY(lines[k].there || !found.contains(k));
            if (!lines[k].there || found.contains(k))
                continue;
            for (int step = 0; step <= 400; ++step)
                QVERIFY(!area.contains(lines[k].a + (lines[k].b - lines[k].a) * (step / 400.0)));
        }
    }
    for (quint32 k = 0; k < lines.size(); ++k) {
        const QPointF points[] = {lines[k].a, lines[k].b};
        if (lines[k].there)
            grid.removeLine(k, points);
    }
    int left = 0;
    grid.visitLines(QRectF(-1e9, -1e9, 2e9, 2e9), [&left](quint32) { ++left; });
    QCOMPARE(left, 0);
}

void TestBoardMirror::followsRandomEdits()
{
    const quint32 seed = QRandomGenerator::global()->generate();
    qInfo("seed %u", seed);
    QRandomGenerator random(seed);
    LocalSession session;
    Followed followed(session.board());
    BoardMirror &mirror = followed.mirror;
    const QStringList types{QStringLiteral("ROUTER"), QStringLiteral("POP"),
                            QStringLiteral("GROUP"), QStringLiteral("SERVER"),
                            QStringLiteral("ONT")};
    const auto ids = [&] { return session.topology().devices().ids(); };
    const auto any = [&](const QList<EntityId> &list) {
        return list.isEmpty() ? EntityId(0) : list.at(random.bounded(list.size()));
    };
    const auto place = [&] { return QPointF(random.bounded(4000), random.bounded(4000)); };
    for (int i = 0; i < 1200; ++i) {
        QList<Edit> edits;
        const int what = random.bounded(12);
        if (what < 3 || session.topology().devices().size() < 5) {
            edits::NewDevice device;
            device.type = types.at(random.bounded(types.size()));
            device.name =
                edits::newDeviceName(session.topology(), session.topology().typeInfo(device.type));
            device.position = place();
            const EntityId box = any(ids());
            if (box != 0 && session.topology().isContainer(*session.topology().device(box)))
                device.container = box;
            edits =
                edits::createDevice(session.topology(), device, [&] { return session.newId(); });
        } else if (what < 6) {
            const EntityId a = any(ids());
            const EntityId b = random.bounded(4) == 0 ? any(ids()) : ids().first();
            if (!session.topology().isContainer(*session.topology().device(a)))
                edits =
                    edits::linkDevices(session.topology(), a, b, [&] { return session.newId(); });
        } else if (what < 9) {
            QList<std::pair<EntityId, QPointF>> moves;
            for (int k = random.bounded(1, 6); k > 0; --k)
                moves.append({any(ids()), place()});
            edits = edits::moveDevices(moves);
        } else if (what == 9) {
            edits = {edits::setField(any(ids()), Field::Container, [&]() -> Value {
                const EntityId box = any(ids());
                if (!session.topology().isContainer(*session.topology().device(box)))
                    return {};
                return qint64(box);
            }())};
        } else if (what == 10) {
            const EntityId id = any(ids() + session.topology().links().ids());
            edits =
                random.bounded(3) == 0
                    ? edits::overrideStatus({id}, Status(random.bounded(3)), {}, {}, 1)
                    : QList<Edit>{edits::setField(id, Field::Status, qint64(random.bounded(3)))};
        } else if (random.bounded(3) == 0) {
            edits = {RemoveEntities{{any(ids() + session.topology().links().ids())},
                                    random.bounded(2) == 0}};
        }
        if (edits.isEmpty())
            continue;
        // Half of it arrives while something is being dragged here.
        const bool drag = random.bounded(2) == 0;
        if (drag) {
            QList<EntityId> held;
            for (int k = 0; k < 3; ++k)
                held.append(any(ids()));
            mirror.lift(held);
            BoardMirror::Dirty dirty;
            mirror.shiftLifted(QPointF(random.bounded(300), random.bounded(300)), dirty);
        }
        (void)session.submit(edits, {}, 0); // some are refused, as they should be
        if (i % 10 == 0)
            compareLooks(mirror, random);
        if (drag) {
            BoardMirror::Dirty dirty;
            mirror.letGo(dirty);
        }
        if (i % 7 == 0)
            compare(mirror, session.topology());
        if (QTest::currentTestFailed())
            return;
    }
    compare(mirror, session.topology());
    QVERIFY(session.topology().links().size() > 20);
}

void TestBoardMirror::parallelLinksLieSideBySide()
{
    LocalSession session;
    Followed followed(session.board());
    const auto device = [&](QPointF at) {
        EntityId id = 0;
        edits::NewDevice wanted{QStringLiteral("r-%1").arg(at.x()), QStringLiteral("SWITCH"), at};
        (void)session.submit(edits::createDevice(
                                 session.topology(), wanted, [&] { return session.newId(); }, &id),
                             {}, 0);
        return id;
    };
    const EntityId a = device({0, 0});
    const EntityId b = device({400, 0});
    QList<EntityId> links;
    for (int i = 0; i < 30; ++i) {
        EntityId id = 0;
        // Every other one the other way round.
        (void)session.submit(edits::linkDevices(
                                 session.topology(), i % 2 == 0 ? a : b, i % 2 == 0 ? b : a,
                                 [&] { return session.newId(); }, 0, 0, &id),
                             {}, 0);
        links.append(id);
        QList<double> heights;
        for (const EntityId link : std::as_const(links)) {
            const LinkShape shape =
                followed.mirror.shapeOf(followed.mirror.links()[followed.mirror.linkSlot(link)]);
            heights.append(shape.at(shape.length() / 2).y());
        }
        std::sort(heights.begin(), heights.end());
        for (qsizetype k = 1; k < heights.size(); ++k)
            QVERIFY2(heights.at(k) - heights.at(k - 1) >= 3.9, "two links lie on each other");
        QVERIFY(std::abs(heights.first() + heights.last()) < 0.01);
    }
    QVERIFY(session.submit({RemoveEntities{links.mid(1), false}}, {}, 0).ok());
    QCOMPARE(followed.mirror.links()[followed.mirror.linkSlot(links.first())].lane, 0.0F);
}

void TestBoardMirror::boxesHoldTheirContents()
{
    LocalSession session;
    Followed followed(session.board());
    const auto device = [&](const char *name, const char *type, QPointF at, EntityId in) {
        EntityId id = 0;
        edits::NewDevice wanted{QLatin1String(name), QLatin1String(type), at, in, false};
        (void)session.submit(edits::createDevice(
                                 session.topology(), wanted, [&] { return session.newId(); }, &id),
                             {}, 0);
        return id;
    };
    const EntityId site = device("site", "CORE_SITE", {0, 0}, 0);
    const EntityId pop = device("pop", "POP", {0, 0}, site);
    const EntityId a = device("a", "ROUTER", {1000, 1000}, pop);
    const EntityId b = device("b", "ROUTER", {1400, 1300}, pop);
    const auto rect = [&](EntityId id) {
        return followed.mirror.rectOf(followed.mirror.devices()[followed.mirror.deviceSlot(id)]);
    };
    QVERIFY(rect(pop).contains(rect(a)) && rect(pop).contains(rect(b)));
    QVERIFY(rect(site).contains(rect(pop)));
    QVERIFY(rect(site).width() < 700);
    QVERIFY(session.submit(edits::moveDevices({{b, {5000, 1300}}}), {}, 0).ok());
    QVERIFY(rect(site).contains(rect(b)));
    const auto &box =
        followed.mirror.boxes()[followed.mirror.devices()[followed.mirror.deviceSlot(site)].box];
    QCOMPARE(box.count[int(Status::Down)], 2);
    QVERIFY(session.submit({edits::setField(a, Field::Status, qint64(Status::Up))}, {}, 0).ok());
    QCOMPARE(box.count[int(Status::Up)], 1);
    QVERIFY(session.submit({edits::setField(b, Field::Container, Value())}, {}, 0).ok());
    QVERIFY(!rect(site).contains(rect(b)));
    QCOMPARE(box.count[int(Status::Down)], 0);
    // Behind what it holds: the inner one later in the order of painting.
    QCOMPARE(followed.mirror.boxOrder().size(), size_t(2));
    QCOMPARE(
        followed.mirror.devices()[followed.mirror.boxes()[followed.mirror.boxOrder()[1]].device].id,
        pop);
    QCOMPARE(followed.mirror.boxAt(rect(a).center()), followed.mirror.boxOrder()[1]);
}

void TestBoardMirror::whatIsLiftedIsNotMovedByOthers()
{
    LocalSession session;
    QVERIFY(session.submit(edits::demoBoard([&] { return session.newId(); }), {}, 0).ok());
    Followed followed(session.board());
    BoardMirror &mirror = followed.mirror;
    const EntityId id = session.topology().deviceByName(QStringLiteral("OLT1"));
    const quint32 slot = mirror.deviceSlot(id);
    mirror.lift({id});
    BoardMirror::Dirty dirty;
    mirror.shiftLifted({30, 40}, dirty);
    QVERIFY(!dirty.isEmpty());
    const QPointF held = mirror.devices()[slot].pos;
    QVERIFY(session.arrive(edits::moveDevices({{id, {-900, -900}}})));
    QCOMPARE(mirror.devices()[slot].pos, held);
    mirror.letGo(dirty);
    QCOMPARE(mirror.devices()[slot].pos, QPointF(-900, -900));
    compare(mirror, session.topology());
}

void TestBoardMirror::rubberBand()
{
    LocalSession session;
    QVERIFY(session.submit(edits::demoBoard([&] { return session.newId(); }), {}, 0).ok());
    Followed followed(session.board());
    const auto named = [&](const char *name) {
        return session.topology().deviceByName(QLatin1String(name));
    };
    QList<EntityId> caught = followed.mirror.inside(QRectF(60, 360, 280, 80));
    std::sort(caught.begin(), caught.end());
    QCOMPARE(caught, QList<EntityId>({named("ONT1"), named("ONT2"), named("ONT3")}));
    // Between two devices: the link.
    caught = followed.mirror.inside(QRectF(290, 145, 20, 10));
    QCOMPARE(caught.size(), 1);
    QVERIFY(session.topology().link(caught.first()));
    QVERIFY(followed.mirror.inside(QRectF(2000, 2000, 10, 10)).isEmpty());
}

PATCHBOARD_TEST(TestBoardMirror)
#include "tst_boardmirror.moc"
