#include "model/core/topology.h"
#include "tests/model/builders.h"
#include "tests/model/randomedits.h"
#include "tests/support/testmain.h"

#include <QRegularExpression>
#include <QTest>

#include <limits>
#include <map>

using namespace patchboard;

namespace {

/// All that a topology knows, in plain maps: to see whether anything differs.
struct Everything
{
    std::map<EntityId, Entity> entities;
    std::map<EntityId, QList<FieldWriter>> writers;
    struct Grave
    {
        Entity entity;
        QList<FieldWriter> writers;
        quint64 revision;
        bool operator==(const Grave &) const = default;
    };
    std::map<EntityId, Grave> graves;
    quint32 counter = 0;
    quint64 digest = 0;
    bool operator==(const Everything &) const = default;
};

QList<EntityId> allIds(const Topology &topology)
{
    return QList<EntityId>{kBoardId} + topology.devices().ids() + topology.interfaces().ids() +
           topology.links().ids() + topology.customTypes().ids();
}

Everything everythingOf(const Topology &topology)
{
    Everything out;
    for (const EntityId id : allIds(topology)) {
        out.entities.insert({id, *topology.entity(id)});
        if (const auto writers = topology.writersOf(id); !writers.isEmpty())
            out.writers.insert({id, writers});
    }
    for (const auto &grave : topology.removedEntities())
        out.graves.insert(
            {baseOf(grave->entity).id, {grave->entity, grave->writers, grave->revision}});
    out.counter = topology.highestCounter(1);
    out.digest = topology.digest();
    return out;
}

/// Fields only: not times, revisions, writers or graves.
std::map<EntityId, QList<FieldValue>> fieldsOfAll(const Topology &topology)
{
    std::map<EntityId, QList<FieldValue>> out;
    for (const EntityId id : allIds(topology))
        out.insert({id, fieldsOf(*topology.entity(id))});
    return out;
}

/// Applies expanded edits to plain maps, with no idea of rules.
void applyNaively(std::map<EntityId, Entity> &entities, const QList<Edit> &edits, quint64 revision,
                  qint64 time)
{
    for (const Edit &edit : edits) {
        if (const auto *create = std::get_if<CreateEntity>(&edit)) {
            Entity entity = makeEntity(create->kind, create->id);
            for (const FieldValue &field : create->fields)
                setField(entity, field.key, field.value);
            EntityBase &base = baseOf(entity);
            base.createdAt = create->createdAt != 0 ? create->createdAt : time;
            base.updatedAt = time;
            base.revision = revision;
            base.createdRevision = revision;
            entities.insert({create->id, entity});
        } else if (const auto *set = std::get_if<SetFields>(&edit)) {
            Entity &entity = entities.at(set->id);
            for (const FieldChange &field : set->fields)
                setField(entity, field.key, field.value);
            baseOf(entity).revision = revision;
            baseOf(entity).updatedAt = time;
        } else if (const auto *remove = std::get_if<RemoveEntities>(&edit)) {
            for (const EntityId id : remove->ids)
                entities.erase(id);
        }
    }
}

/// The rules and the indices, each by the slowest and plainest way.
void checkInvariants(const Topology &topology)
{
    QSet<QString> names;
    std::map<EntityId, QList<EntityId>> children;
    std::map<EntityId, QList<EntityId>> ports;
    std::map<EntityId, QList<EntityId>> links;
    QHash<QString, int> types;
    for (const EntityId id : topology.devices().ids()) {
        const Device &device = *topology.device(id);
        QCOMPARE(device.id, id);
        QCOMPARE(topology.kindOf(id), std::optional(EntityKind::Device));
        QVERIFY(!device.name.isEmpty());
        QVERIFY2(!names.contains(device.name), qPrintable(device.name));
        names.insert(device.name);
        QCOMPARE(topology.deviceByName(device.name), id);
        QVERIFY(topology.knowsType(device.type));
        ++types[device.type];
        if (device.container != 0) {
            const Device *container = topology.device(device.container);
            QVERIFY(container);
            QVERIFY(topology.isContainer(*container));
            children[device.container].append(id);
        }
        EntityId up = device.container;
        for (int steps = 0; up != 0; ++steps) {
            QVERIFY(up != id);
            QVERIFY(steps < 10000);
            up = topology.device(up)->container;
        }
        QVERIFY(!topology.removedEntity(id));
    }
    QSet<std::pair<EntityId, QString>> portNames;
    for (const EntityId id : topology.interfaces().ids()) {
        const Interface &interface = *topology.interface(id);
        QVERIFY(topology.device(interface.device));
        QVERIFY(!portNames.contains({interface.device, interface.name}));
        portNames.insert({interface.device, interface.name});
        QCOMPARE(topology.interfaceByName(interface.device, interface.name), id);
        ports[interface.device].append(id);
        QVERIFY(!topology.removedEntity(id));
    }
    std::map<EntityId, QList<EntityId>> byDevice;
    for (const EntityId id : topology.links().ids()) {
        const Link &link = *topology.link(id);
        const Interface *a = topology.interface(link.a);
        const Interface *b = topology.interface(link.b);
        QVERIFY(a && b);
        links[link.a].append(id);
        byDevice[a->device].append(id);
        if (link.b != link.a)
            links[link.b].append(id);
        if (b->device != a->device)
            byDevice[b->device].append(id);
        QCOMPARE(topology.endsOf(id), std::pair(a->device, b->device));
    }
    QSet<QString> keys;
    for (const EntityId id : topology.customTypes().ids()) {
        const QString &key = topology.customType(id)->key;
        QVERIFY(!builtinType(key));
        QVERIFY(!keys.contains(key));
        keys.insert(key);
    }
    const auto listed = [](std::span<const EntityId> ids) {
        return QList<EntityId>(ids.begin(), ids.end());
    };
    for (const EntityId id : topology.devices().ids()) {
        QCOMPARE(listed(topology.childrenOf(id)), children[id]);
        QCOMPARE(listed(topology.interfacesOf(id)), ports[id]);
        QCOMPARE(topology.linksOfDevice(id), byDevice[id]);
        QCOMPARE(topology.countOfType(topology.device(id)->type),
                 types.value(topology.device(id)->type));
    }
    for (const EntityId id : topology.interfaces().ids())
        QCOMPARE(listed(topology.linksOf(id)), links[id]);
}

/// Hears the deltas and says how often.
class Listener final : public TopologyObserver
{
public:
    explicit Listener(Topology &topology)
        : m_topology(topology)
    {
        topology.addObserver(this);
    }
    ~Listener() { m_topology.removeObserver(this); }
    Listener(const Listener &) = delete;
    Listener &operator=(const Listener &) = delete;
    void topologyChanged(const Topology &, const Delta &delta) override
    {
        ++deltas;
        last = delta;
    }
    void topologyReset(const Topology &) override { ++resets; }
    int deltas = 0;
    int resets = 0;
    Delta last;

private:
    Topology &m_topology;
};

/// The delta against what the ids were before and are now.
void checkDelta(const Delta &delta, const std::map<EntityId, Entity> &before,
                const Topology &topology)
{
    QSet<EntityId> seen;
    const auto once = [&seen](EntityId id) {
        const bool first = !seen.contains(id);
        seen.insert(id);
        return first;
    };
    for (const Delta::Removed &entry : delta.removed) {
        QVERIFY(once(entry.id));
        QVERIFY(before.contains(entry.id));
        QVERIFY(!topology.contains(entry.id));
        const Entity &old = before.at(entry.id);
        QCOMPARE(entry.kind, kindOf(old));
        EntityId parent = 0;
        if (const auto *device = std::get_if<Device>(&old))
            parent = device->container;
        else if (const auto *interface = std::get_if<Interface>(&old))
            parent = interface->device;
        QCOMPARE(entry.parent, parent);
    }
    for (const Delta::Created &entry : delta.created) {
        QVERIFY(once(entry.id));
        QVERIFY(!before.contains(entry.id));
        QCOMPARE(topology.kindOf(entry.id), std::optional(entry.kind));
    }
    for (const Delta::Changed &entry : delta.changed) {
        QVERIFY(once(entry.id));
        QVERIFY(before.contains(entry.id));
        QVERIFY(topology.contains(entry.id));
        QCOMPARE(QSet<Field>(entry.fields.cbegin(), entry.fields.cend()).size(),
                 entry.fields.size());
        if (const auto *device = std::get_if<Device>(&before.at(entry.id)))
            QCOMPARE(entry.oldParent, device->container);
    }
    // And nothing is left out.
    for (const auto &[id, entity] : before) {
        if (!topology.contains(id)) {
            QVERIFY(seen.contains(id));
        } else if (fieldsOf(entity) != fieldsOf(*topology.entity(id))) {
            QVERIFY(seen.contains(id));
        }
    }
    for (const EntityId id : allIds(topology))
        QVERIFY(before.contains(id) || seen.contains(id));
}

} // namespace

/// The rules of a board, and that what is undone is undone.
class TestTopology : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }
    void followsANaiveModel_data();
    void followsANaiveModel();
    void confirmingEqualsApplying();
    void refusedChangesLeaveNoTrace();
    void refusesWhatDoesNotFit_data();
    void refusesWhatDoesNotFit();
    void cascades();
    void containersThatGo();
    void removesOnlyWhatTheAuthorSaw();
    void namesAreUnique();
    void suffixesAreTheFirstFree();
    void containersNeverFormACycle();
    void guardsAndOverwrites();
    void whatIsGoneIsSaid();
    void restoresNested();
    void restoreStopsWhereItMust();
    void boardsHaveTypesOfTheirOwn();
    void enforcesLinkRules();
    void keepsLinksWithinTheRules();
    void manyOfOneName();
    void undoTakesBackEveryField();
    void undoLeavesWhatOthersChanged();
    void batchesTellTheNetResult();
    void loadTakesAnyOrder();
    void loadRefusesBadContents_data();
    void loadRefusesBadContents();
    void digestsAreOfFieldsOnly();
    void timesAndRevisionsMove();
};

void TestTopology::followsANaiveModel_data()
{
    QTest::addColumn<int>("steps");
    QTest::newRow("one") << 300;
    QTest::newRow("another") << 300;
}

void TestTopology::followsANaiveModel()
{
    QFETCH(int, steps);
    const quint32 seed = testSeed();
    qInfo("PATCHBOARD_SEED=%u", seed);
    RandomEdits random(seed);
    Topology topology;
    Topology copy; // gets only what was decided
    std::map<EntityId, Entity> naive{{kBoardId, BoardInfo()}};
    Listener listener(topology);
    quint64 revision = 0;
    int refused = 0;
    int undone = 0;
    for (int i = 0; i < steps; ++i) {
        const Change change = random.change(topology);
        const Everything before = everythingOf(topology);
        listener.deltas = 0;

        const auto checked = topology.check(change);
        QVERIFY(everythingOf(topology) == before);
        QCOMPARE(listener.deltas, 0);

        const ApplyContext context{{change.site, change.cseq}, revision + 1, 1000 + i};
        auto outcome = topology.submit(change, context);
        QCOMPARE(checked.ok(), outcome.ok());
        if (!outcome) {
            ++refused;
            QCOMPARE(checked.error(), outcome.error());
            QVERIFY(!outcome.error().text.isEmpty());
            QVERIFY(everythingOf(topology) == before);
            QCOMPARE(listener.deltas, 0);
            continue;
        }
        QVERIFY(*checked == outcome->expansion);
        // One delta; none if nothing was done, or was undone by the same change.
        QVERIFY(listener.deltas <= (outcome->expansion.edits.isEmpty() ? 0 : 1));
        checkDelta(listener.deltas == 1 ? listener.last : Delta(), before.entities, topology);

        // Taken back and made again it is the same; so is literal application elsewhere.
        const Everything after = everythingOf(topology);
        topology.rollback(outcome->applied);
        Everything back = everythingOf(topology);
        back.counter = before.counter; // ids are never given twice, so this one stays
        QVERIFY(back == before);
        auto again = topology.submit(change, context);
        QVERIFY(again.ok());
        QVERIFY(everythingOf(topology) == after);
        ++revision;
        const auto applied = copy.apply(again->expansion.edits, context);
        QVERIFY(applied.ok());
        QVERIFY(everythingOf(copy) == after);
        QVERIFY(copy == topology);
        applyNaively(naive, again->expansion.edits, context.revision, context.time);
        QVERIFY(naive == after.entities);
        checkInvariants(topology);

        // Undo by edits, as a change of its own, brings every field back that was there before;
        // what a cascade freed and somebody else took in between cannot occur here.
        if (i % 3 == 0 && !again->expansion.edits.isEmpty()) {
            std::map<EntityId, QList<FieldValue>> wanted;
            for (const auto &[id, entity] : before.entities)
                wanted.insert({id, fieldsOf(entity)});
            Change undo{1,
                        1000000U + quint64(i),
                        revision,
                        0,
                        {},
                        {},
                        undoEdits(again->applied, context.writer)};
            if (!undo.edits.isEmpty()) {
                auto taken = topology.submit(undo, {{1, undo.cseq}, revision + 1, 2000 + i});
                QVERIFY2(taken.ok(), qPrintable(taken ? QString() : taken.error().text));
                ++undone;
                if (fieldsOfAll(topology) != wanted) {
                    for (const auto &[id, fields] : wanted) {
                        if (!topology.contains(id))
                            qCritical("%llu is missing", static_cast<unsigned long long>(id));
                        else if (fieldsOf(*topology.entity(id)) != fields)
                            qCritical("%llu differs", static_cast<unsigned long long>(id));
                    }
                    qCritical("seed %u, step %d", seed, i);
                    QFAIL("undo left something");
                }
                ++revision;
                QVERIFY(
                    copy.apply(taken->expansion.edits, {{1, undo.cseq}, revision, 2000 + i}).ok());
                applyNaively(naive, taken->expansion.edits, revision, 2000 + i);
                checkInvariants(topology);
            }
        }
        random.setBase(revision);
        if (QTest::currentTestFailed()) {
            qCritical("step %d", i);
            return;
        }
    }
    QVERIFY(refused > 0);
    QVERIFY(refused < steps * 2 / 3);
    QVERIFY(undone > steps / 20);

    // All of it, loaded from a snapshot, is the same board again.
    Topology loaded;
    QVERIFY(loaded.load(contentsOf(topology)).ok());
    QVERIFY(loaded == topology);
    QVERIFY(everythingOf(loaded).graves == everythingOf(topology).graves);
    QVERIFY(everythingOf(loaded).writers == everythingOf(topology).writers);
    QCOMPARE(loaded.digest(), topology.digest());
    checkInvariants(loaded);
}

/// Pending first and confirmed later, in order, is the same as committed at once.
void TestTopology::confirmingEqualsApplying()
{
    const quint32 seed = testSeed();
    qInfo("PATCHBOARD_SEED=%u", seed);
    RandomEdits random(seed);
    Topology pending;
    Topology direct;
    struct Waiting
    {
        QList<Edit> edits;
        ApplyContext context;
    };
    QList<Waiting> queue;
    quint64 revision = 0;
    for (int i = 0; i < 600; ++i) {
        Change change = random.change(pending);
        auto outcome = pending.submit(change, {{change.site, change.cseq}, 0, 0});
        if (outcome && !outcome->expansion.edits.isEmpty()) {
            // A restore is dated by the authority; here both have the authority's word.
            QList<Edit> edits = outcome->expansion.edits;
            ++revision;
            const ApplyContext context{{change.site, change.cseq}, revision, 5000 + i};
            const auto applied = direct.apply(edits, context);
            QVERIFY2(applied.ok(), qPrintable(applied ? QString() : applied.error().text));
            queue.append({edits, context});
        }
        while (queue.size() > random.below(6)) {
            const Waiting next = queue.takeFirst();
            pending.confirm(next.edits, next.context);
        }
        if (queue.isEmpty()) {
            const Everything a = everythingOf(pending);
            const Everything b = everythingOf(direct);
            if (!(a == b)) {
                for (const auto &[id, entity] : a.entities) {
                    if (!b.entities.contains(id) || !(b.entities.at(id) == entity))
                        qCritical("entity %llu", static_cast<unsigned long long>(id));
                }
                for (const auto &[id, grave] : a.graves) {
                    if (!b.graves.contains(id) || !(b.graves.at(id) == grave))
                        qCritical("grave %llu", static_cast<unsigned long long>(id));
                }
                for (const auto &[id, writers] : a.writers) {
                    if (!b.writers.contains(id) || b.writers.at(id) != writers)
                        qCritical("writers of %llu", static_cast<unsigned long long>(id));
                }
                qCritical("step %d", i);
                QFAIL("confirmed and applied differ");
            }
        }
    }
}

/// A change whose last edit is wrong, after all that the others did.
void TestTopology::refusedChangesLeaveNoTrace()
{
    const quint32 seed = testSeed();
    qInfo("PATCHBOARD_SEED=%u", seed);
    RandomEdits random(seed);
    Topology topology;
    Listener listener(topology);
    int heavy = 0;
    for (int i = 0; i < 400; ++i) {
        Change change = random.change(topology);
        Change wrong = change;
        wrong.edits.append(edits::setField(tid(4000000000U), Field::Name, QStringLiteral("x")));
        const Everything before = everythingOf(topology);
        listener.deltas = 0;
        const auto refused = topology.submit(wrong, {{1, wrong.cseq}, quint64(i + 1), 7});
        QVERIFY(!refused.ok());
        QVERIFY(everythingOf(topology) == before);
        QCOMPARE(listener.deltas, 0);
        { // also in a batch with others
            const Topology::DeltaBatch batch(topology);
            QVERIFY(!topology.submit(wrong, {{1, wrong.cseq}, quint64(i + 1), 7}).ok());
        }
        QCOMPARE(listener.deltas, 0);
        const auto taken = topology.submit(change, {{1, change.cseq}, quint64(i + 1), 7});
        heavy += taken && taken->applied.steps.size() > 4 ? 1 : 0;

        // The same for literal application.
        const Everything now = everythingOf(topology);
        listener.deltas = 0;
        const QList<Edit> literal{newDevice(tid(4000000001U), QStringLiteral("fresh")),
                                  edits::setField(kBoardId, Field::Title, QStringLiteral("t")),
                                  RestoreEntities{{tid(1)}}};
        QVERIFY(!topology.apply(literal, {{1, 1}, quint64(i + 2), 7}).ok());
        QVERIFY(everythingOf(topology) == now);
        QCOMPARE(listener.deltas, 0);
    }
    QVERIFY(heavy > 10);
}

void TestTopology::refusesWhatDoesNotFit_data()
{
    QTest::addColumn<QList<Edit>>("edits");
    QTest::addColumn<int>("code");
    const auto row = [](const char *name, const QList<Edit> &edits, Errc code) {
        QTest::newRow(name) << edits << int(code);
    };
    const auto set = [](EntityId id, Field field, const Value &value) {
        return edits::setField(id, field, value);
    };
    CreateEntity twice = newDevice(tid(50), QStringLiteral("n"));
    twice.fields.append({Field::Name, QStringLiteral("m")});
    CreateEntity nameless{
        EntityKind::Device, tid(50), {{Field::DeviceType, QStringLiteral("HOST")}}};
    CreateEntity foreign{EntityKind::Device,
                         tid(50),
                         {{Field::Name, QStringLiteral("n")},
                          {Field::DeviceType, QStringLiteral("HOST")},
                          {Field::Loss, 1.0}}};
    row("id in use", {newDevice(tid(1), QStringLiteral("n"))}, Errc::Conflict);
    row("id of the board", {newDevice(0, QStringLiteral("n"))}, Errc::Forbidden);
    row("id of another site", {newDevice(makeId(2, 1), QStringLiteral("n"))}, Errc::Forbidden);
    row("id without a counter", {newDevice(makeId(1, 0), QStringLiteral("n"))}, Errc::BadValue);
    row("id used before", {newDevice(tid(9), QStringLiteral("n"))}, Errc::Conflict);
    row("field twice", {twice}, Errc::BadValue);
    row("field missing", {nameless}, Errc::BadValue);
    row("field of another kind", {foreign}, Errc::BadValue);
    row("board", {CreateEntity{EntityKind::Board, tid(50), {{Field::Title, QStringLiteral("n")}}}},
        Errc::BadValue);
    row("no such kind", {CreateEntity{static_cast<EntityKind>(9), tid(50), {}}}, Errc::BadValue);
    row("unknown type", {newDevice(tid(50), QStringLiteral("n"), 0, QStringLiteral("TOASTER"))},
        Errc::BadValue);
    row("container that never was", {newDevice(tid(50), QStringLiteral("n"), tid(77))},
        Errc::NotFound);
    row("container that is none", {newDevice(tid(50), QStringLiteral("n"), tid(1))},
        Errc::BadValue);
    row("interface on nothing", {newPort(tid(50), tid(77), QStringLiteral("p"))}, Errc::NotFound);
    row("interface on an interface", {newPort(tid(50), tid(4), QStringLiteral("p"))},
        Errc::NotFound);
    row("link to nothing", {newLink(tid(50), tid(4), tid(77))}, Errc::NotFound);
    row("link to a device", {newLink(tid(50), tid(4), tid(1))}, Errc::NotFound);
    row("set of nothing", {set(tid(77), Field::Name, QStringLiteral("n"))}, Errc::NotFound);
    row("set of a fixed field", {set(tid(4), Field::Device, qint64(tid(2)))}, Errc::BadValue);
    row("set of a foreign field", {set(tid(4), Field::Title, QStringLiteral("n"))}, Errc::BadValue);
    row("empty name", {set(tid(1), Field::Name, QString())}, Errc::BadValue);
    row("no name", {set(tid(1), Field::Name, Value())}, Errc::BadValue);
    row("wrong type of value", {set(tid(1), Field::Name, qint64(5))}, Errc::BadValue);
    row("place at infinity",
        {set(tid(1), Field::Position, QPointF(std::numeric_limits<double>::infinity(), 0))},
        Errc::BadValue);
    row("half a character", {set(tid(1), Field::Notes, QString(QChar(0xd800)))}, Errc::BadValue);
    row("character 0", {set(tid(1), Field::Notes, QString(QChar(u'\0')))}, Errc::BadValue);
    row("into itself", {set(tid(3), Field::Container, qint64(tid(3)))}, Errc::Conflict);
    row("into a device", {set(tid(1), Field::Container, qint64(tid(2)))}, Errc::BadValue);
    row("container with contents made a router",
        {set(tid(1), Field::Container, qint64(tid(3))),
         set(tid(3), Field::DeviceType, QStringLiteral("ROUTER"))},
        Errc::Conflict);
    row("remove of nothing", {RemoveEntities{{tid(77)}, false}}, Errc::NotFound);
    row("remove of the board", {RemoveEntities{{kBoardId}, false}}, Errc::BadValue);
    row("built-in type anew", {newType(tid(50), QStringLiteral("OLT"))}, Errc::Conflict);
    row("type twice",
        {newType(tid(50), QStringLiteral("MUX")), newType(tid(51), QStringLiteral("MUX"))},
        Errc::Conflict);
    row("type with bad interfaces",
        {newType(tid(50), QStringLiteral("MUX")),
         set(tid(50), Field::TypeInterfaces, QStringLiteral("a OPTICAL UP\nb WOODEN"))},
        Errc::BadValue);
    row("type in use removed",
        {newType(tid(50), QStringLiteral("MUX")),
         newDevice(tid(51), QStringLiteral("n"), 0, QStringLiteral("MUX")),
         RemoveEntities{{tid(50)}, false}},
        Errc::Conflict);
    row("type in use called otherwise",
        {newType(tid(50), QStringLiteral("MUX")),
         newDevice(tid(51), QStringLiteral("n"), 0, QStringLiteral("MUX")),
         set(tid(50), Field::TypeKey, QStringLiteral("DEMUX"))},
        Errc::Conflict);
    row("type no container while one holds devices",
        {newType(tid(50), QStringLiteral("ROOM"), true),
         newDevice(tid(51), QStringLiteral("n"), 0, QStringLiteral("ROOM")),
         newDevice(tid(52), QStringLiteral("m"), tid(51)),
         set(tid(50), Field::TypeContainer, false)},
        Errc::Conflict);
}

void TestTopology::refusesWhatDoesNotFit()
{
    QFETCH(QList<Edit>, edits);
    QFETCH(int, code);
    Topology topology;
    submitOk(topology,
             {newDevice(tid(1), QStringLiteral("a")), newDevice(tid(2), QStringLiteral("b")),
              newGroup(tid(3), QStringLiteral("g")), newPort(tid(4), tid(1), QStringLiteral("p")),
              newDevice(tid(9), QStringLiteral("gone"))});
    submitOk(topology, {RemoveEntities{{tid(9)}, false}});
    const Everything before = everythingOf(topology);
    const auto outcome = submitEdits(topology, edits);
    QVERIFY(!outcome.ok());
    QCOMPARE(int(outcome.error().code), code);
    QVERIFY(!outcome.error().text.isEmpty());
    QVERIFY(everythingOf(topology) == before);
}

void TestTopology::cascades()
{
    Topology topology;
    submitOk(topology,
             {newDevice(tid(1), QStringLiteral("a")), newDevice(tid(2), QStringLiteral("b")),
              newPort(tid(3), tid(1), QStringLiteral("p")),
              newPort(tid(4), tid(1), QStringLiteral("q")),
              newPort(tid(5), tid(2), QStringLiteral("p")), newLink(tid(6), tid(3), tid(5)),
              newLink(tid(7), tid(4), tid(4)), newLink(tid(8), tid(5), tid(5))});
    const auto outcome = submitOk(topology, {RemoveEntities{{tid(1)}, false}});
    // Links, then interfaces, then devices; each once.
    const QList<Edit> expected{RemoveEntities{{tid(6), tid(7), tid(3), tid(4), tid(1)}, false}};
    QCOMPARE(outcome.expansion.edits.size(), 1);
    QVERIFY(outcome.expansion.edits == expected);
    QCOMPARE(topology.links().ids(), QList<EntityId>{tid(8)});
    QCOMPARE(topology.interfaces().ids(), QList<EntityId>{tid(5)});
    submitOk(topology, {RemoveEntities{{tid(5), tid(2), tid(8)}, false}});
    QCOMPARE(topology.links().size(), 0);
    QCOMPARE(topology.devices().size(), 0);
    checkInvariants(topology);
}

void TestTopology::containersThatGo()
{
    Topology topology;
    const QList<Edit> nested{newGroup(tid(1), QStringLiteral("outer")),
                             newGroup(tid(2), QStringLiteral("inner"), tid(1)),
                             newGroup(tid(3), QStringLiteral("innermost"), tid(2)),
                             newDevice(tid(4), QStringLiteral("a"), tid(3)),
                             newDevice(tid(5), QStringLiteral("b"), tid(2))};
    submitOk(topology, nested);
    // The contents move to the nearest container that stays.
    submitOk(topology, {RemoveEntities{{tid(2), tid(3)}, false}});
    QCOMPARE(topology.device(tid(4))->container, tid(1));
    QCOMPARE(topology.device(tid(5))->container, tid(1));
    submitOk(topology, {RemoveEntities{{tid(1)}, false}});
    QCOMPARE(topology.device(tid(4))->container, EntityId(0));

    Topology whole;
    submitOk(whole, nested);
    const auto outcome = submitOk(whole, {RemoveEntities{{tid(1)}, true}});
    const auto *removed = std::get_if<RemoveEntities>(&outcome.expansion.edits.constFirst());
    QVERIFY(removed);
    QCOMPARE(removed->ids, QList<EntityId>({tid(4), tid(3), tid(5), tid(2), tid(1)}));
    QCOMPARE(whole.devices().size(), 0);
}

/// Only what the author of a removal had seen in a container goes with it.
void TestTopology::removesOnlyWhatTheAuthorSaw()
{
    Topology topology;
    submitOk(topology,
             {newGroup(tid(1), QStringLiteral("g")),
              newDevice(tid(2), QStringLiteral("seen"), tid(1)),
              newDevice(tid(3), QStringLiteral("outside"))},
             1);
    submitOk(topology, {newDevice(makeId(2, 1), QStringLiteral("unseen"), tid(1))}, 2, 1, 2);
    submitOk(topology, {edits::setField(tid(3), Field::Container, qint64(tid(1)))}, 3, 1, 2);
    const auto outcome = submitOk(topology, {RemoveEntities{{tid(1)}, true}}, 4, 1, 3);
    QVERIFY(!topology.device(tid(1)));
    QVERIFY(!topology.device(tid(2)));
    QCOMPARE(topology.device(makeId(2, 1))->container, EntityId(0));
    QCOMPARE(topology.device(tid(3))->container, EntityId(0));
    QCOMPARE(outcome.expansion.notices.size(), 2);
    for (const Notice &notice : outcome.expansion.notices)
        QCOMPARE(notice.kind, Notice::Kind::Moved);
}

void TestTopology::namesAreUnique()
{
    Topology topology;
    const auto made = submitOk(topology, {newDevice(tid(1), QStringLiteral("R1")),
                                          newDevice(tid(2), QStringLiteral("R1")),
                                          newDevice(tid(3), QStringLiteral("r1")),
                                          newPort(tid(4), tid(1), QStringLiteral("p")),
                                          newPort(tid(5), tid(1), QStringLiteral("p")),
                                          newPort(tid(6), tid(2), QStringLiteral("p"))});
    QCOMPARE(topology.device(tid(2))->name, QStringLiteral("R1-2"));
    QCOMPARE(topology.device(tid(3))->name, QStringLiteral("r1")); // another name
    QCOMPARE(topology.interface(tid(5))->name, QStringLiteral("p-2"));
    QCOMPARE(topology.interface(tid(6))->name, QStringLiteral("p")); // another device
    const QList<Notice> expected{
        {Notice::Kind::Renamed, tid(2), Field::Name, QStringLiteral("R1-2"), {}},
        {Notice::Kind::Renamed, tid(5), Field::Name, QStringLiteral("p-2"), {}}};
    QCOMPARE(made.expansion.notices, expected);
    // By renaming, too; to its own name it stays.
    submitOk(topology, {edits::setField(tid(3), Field::Name, QStringLiteral("R1")),
                        edits::setField(tid(1), Field::Name, QStringLiteral("R1"))});
    QCOMPARE(topology.device(tid(3))->name, QStringLiteral("R1-3"));
    QCOMPARE(topology.device(tid(1))->name, QStringLiteral("R1"));
    // Literally applied it is refused: the authority has decided already.
    QCOMPARE(topology.apply({edits::setField(tid(3), Field::Name, QStringLiteral("R1"))}, {})
                 .error()
                 .code,
             Errc::Conflict);
    QCOMPARE(topology.apply({newDevice(tid(7), QStringLiteral("R1"))}, {}).error().code,
             Errc::Conflict);
    QCOMPARE(topology.apply({newPort(tid(7), tid(1), QStringLiteral("p"))}, {}).error().code,
             Errc::Conflict);
}

void TestTopology::suffixesAreTheFirstFree()
{
    Topology topology;
    const auto add = [&](quint32 counter) {
        submitOk(topology, {newDevice(tid(counter), QStringLiteral("R"))});
        return topology.device(tid(counter))->name;
    };
    for (quint32 i = 1; i <= 6; ++i)
        add(i);
    QCOMPARE(topology.device(tid(6))->name, QStringLiteral("R-6"));
    submitOk(topology, {RemoveEntities{{tid(3)}, false}});
    QCOMPARE(add(10), QStringLiteral("R-3"));
    QCOMPARE(add(11), QStringLiteral("R-7"));
    submitOk(topology, {edits::setField(tid(4), Field::Name, QStringLiteral("else"))});
    QCOMPARE(add(12), QStringLiteral("R-4"));
    const auto outcome = submitOk(topology, {newDevice(tid(13), QStringLiteral("R"))});
    QCOMPARE(topology.device(tid(13))->name, QStringLiteral("R-8"));
    topology.rollback(outcome.applied);
    QCOMPARE(add(14), QStringLiteral("R-8"));
    submitOk(topology, {RemoveEntities{{tid(1)}, false}});
    QCOMPARE(add(15), QStringLiteral("R"));
}

void TestTopology::containersNeverFormACycle()
{
    Topology topology;
    submitOk(topology,
             {newGroup(tid(1), QStringLiteral("a")), newGroup(tid(2), QStringLiteral("b"), tid(1)),
              newGroup(tid(3), QStringLiteral("c"), tid(2))});
    const auto move = [&](EntityId id, EntityId into) {
        return submitEdits(topology, {edits::setField(id, Field::Container, qint64(into))});
    };
    QCOMPARE(move(tid(1), tid(3)).error().code, Errc::Conflict);
    QCOMPARE(move(tid(2), tid(3)).error().code, Errc::Conflict);
    QVERIFY(move(tid(3), tid(1)).ok());
    QVERIFY(move(tid(2), tid(3)).ok());
    QVERIFY(topology.liesIn(tid(2), tid(1)));
    QVERIFY(!topology.liesIn(tid(1), tid(2)));
    QVERIFY(topology.liesIn(tid(1), tid(1)));
    // Into a container that is gone: into the nearest that lives.
    submitOk(topology, {newDevice(tid(4), QStringLiteral("d")), RemoveEntities{{tid(3)}, false}});
    const auto outcome =
        submitOk(topology, {edits::setField(tid(4), Field::Container, qint64(tid(3)))});
    QCOMPARE(topology.device(tid(4))->container, tid(1));
    QCOMPARE(outcome.expansion.notices.size(), 1);
    QCOMPARE(outcome.expansion.notices.constFirst().kind, Notice::Kind::Moved);
}

void TestTopology::guardsAndOverwrites()
{
    Topology topology;
    submitOk(topology, {newDevice(tid(1), QStringLiteral("a"))}, 1);
    const Change mine{
        1, 900, 1, 0, {}, {}, {edits::setField(tid(1), Field::Address, QStringLiteral("mine"))}};
    QVERIFY(topology.submit(mine, {{1, 900}, 2, 0}).ok());
    QCOMPARE(topology.writerOf(tid(1), Field::Address)->writer, Writer({1, 900}));
    QCOMPARE(topology.writerOf(tid(1), Field::Address)->revision, quint64(2));

    // Another site that had not seen it overwrites it, and is told.
    const auto theirs = submitOk(
        topology, {edits::setField(tid(1), Field::Address, QStringLiteral("theirs"))}, 3, 1, 2);
    const QList<Notice> overwrote{
        {Notice::Kind::Overwrote, tid(1), Field::Address, {}, Value(QStringLiteral("mine")), 2}};
    QCOMPARE(theirs.expansion.notices, overwrote);
    // With the same value, having seen it, or over one's own: nothing to tell.
    QVERIFY(submitOk(topology, {edits::setField(tid(1), Field::Address, QStringLiteral("theirs"))},
                     4, 1, 3)
                .expansion.notices.isEmpty());
    QVERIFY(
        submitOk(topology, {edits::setField(tid(1), Field::Address, QStringLiteral("x"))}, 5, 4, 1)
            .expansion.notices.isEmpty());
    QVERIFY(
        submitOk(topology, {edits::setField(tid(1), Field::Address, QStringLiteral("y"))}, 6, 1, 1)
            .expansion.notices.isEmpty());

    // A guard that does not hold skips that field, and only that.
    const SetFields guarded{tid(1),
                            {{Field::Address, QStringLiteral("back"), Writer{1, 900}},
                             {Field::Notes, QStringLiteral("note"), std::nullopt}}};
    const auto skipped = submitOk(topology, {guarded}, 7, 6);
    QCOMPARE(topology.device(tid(1))->address, QStringLiteral("y"));
    QCOMPARE(topology.device(tid(1))->remarks->notes, QStringLiteral("note"));
    const QList<Notice> notices{
        {Notice::Kind::Skipped, tid(1), Field::Address, {}, Value(QStringLiteral("y")), 6}};
    QCOMPARE(skipped.expansion.notices, notices);
    const auto *set = std::get_if<SetFields>(&skipped.expansion.edits.constFirst());
    QVERIFY(set && set->fields.size() == 1 && !set->fields.constFirst().ifLast);
    // A field that nobody wrote since creation has no last writer.
    const SetFields never{tid(1), {{Field::Locked, true, Writer{1, 1}}}};
    QVERIFY(submitOk(topology, {never}).expansion.edits.isEmpty());
}

void TestTopology::whatIsGoneIsSaid()
{
    Topology topology;
    submitOk(topology,
             {newDevice(tid(1), QStringLiteral("a")), newDevice(tid(2), QStringLiteral("b")),
              newPort(tid(3), tid(1), QStringLiteral("p")),
              newPort(tid(4), tid(2), QStringLiteral("p"))});
    submitOk(topology, {RemoveEntities{{tid(1)}, false}});
    // A paste of which a part has lost its end: the rest goes in.
    const auto outcome = submitOk(
        topology, {edits::setField(tid(1), Field::Name, QStringLiteral("late")),
                   RemoveEntities{{tid(1)}, false}, newPort(tid(10), tid(1), QStringLiteral("q")),
                   edits::setField(tid(10), Field::Status, qint64(Status::Up)),
                   newLink(tid(11), tid(10), tid(4)), newLink(tid(12), tid(3), tid(4)),
                   newDevice(tid(13), QStringLiteral("c"))});
    QVERIFY(topology.device(tid(13)));
    QCOMPARE(topology.links().size(), 0);
    QCOMPARE(topology.interfaces().size(), 1);
    QCOMPARE(outcome.expansion.edits.size(), 1);
    QCOMPARE(outcome.expansion.notices.size(), 6);
    for (const Notice &notice : outcome.expansion.notices)
        QCOMPARE(notice.kind, Notice::Kind::Gone);
    // Nothing left of it: a refusal.
    QCOMPARE(submitEdits(topology, {newLink(tid(14), tid(3), tid(4))}).error().code,
             Errc::NotFound);
    // Removals that have happened already do nothing, and are no mistake.
    QVERIFY(
        submitOk(topology, {RemoveEntities{{tid(1), tid(3)}, false}}).expansion.edits.isEmpty());
}

void TestTopology::restoresNested()
{
    Topology topology;
    submitOk(topology,
             {newGroup(tid(1), QStringLiteral("outer")),
              newGroup(tid(2), QStringLiteral("inner"), tid(1)),
              newDevice(tid(3), QStringLiteral("a"), tid(2)),
              newDevice(tid(4), QStringLiteral("b")), newPort(tid(5), tid(3), QStringLiteral("p")),
              newPort(tid(6), tid(4), QStringLiteral("p")), newLink(tid(7), tid(5), tid(6)),
              edits::setField(tid(5), {Field::Property, QStringLiteral("k")}, QStringLiteral("v"))},
             1);
    const auto before = fieldsOfAll(topology);
    const auto writers = topology.writersOf(tid(5));
    const auto removal = submitOk(topology, {RemoveEntities{{tid(1)}, true}}, 2);
    QCOMPARE(topology.devices().size(), 1);
    QVERIFY(topology.removedEntity(tid(7)));
    // The device alone brings its interfaces and links, which went with it; not its containers.
    auto outcome = submitOk(topology, {RestoreEntities{{tid(3)}}}, 3);
    QCOMPARE(topology.device(tid(3))->container, EntityId(0));
    QVERIFY(topology.link(tid(7)));
    QCOMPARE(topology.interface(tid(5))->remarks->properties.value(QStringLiteral("k")),
             QStringLiteral("v"));
    QVERIFY(!topology.removedEntity(tid(5)));
    QCOMPARE(topology.writersOf(tid(5)), writers);
    QCOMPARE(topology.interface(tid(5))->createdAt, qint64(1000));
    QCOMPARE(outcome.expansion.notices.size(), 1);
    QCOMPARE(outcome.expansion.notices.constFirst().kind, Notice::Kind::Moved);
    topology.rollback(outcome.applied);
    // All of it, given in any order.
    outcome = submitOk(topology, undoEdits(removal.applied, {1, 0}), 4);
    QVERIFY(fieldsOfAll(topology) == before);
    QVERIFY(outcome.expansion.notices.isEmpty());
    // What is there already is left alone.
    QVERIFY(submitOk(topology, {RestoreEntities{{tid(1), tid(7)}}}).expansion.edits.isEmpty());
    checkInvariants(topology);
}

void TestTopology::restoreStopsWhereItMust()
{
    Topology topology;
    submitOk(topology,
             {newType(tid(20), QStringLiteral("MUX")), newDevice(tid(1), QStringLiteral("a")),
              newDevice(tid(2), QStringLiteral("b")),
              newDevice(tid(3), QStringLiteral("m"), 0, QStringLiteral("MUX")),
              newPort(tid(5), tid(1), QStringLiteral("p")),
              newPort(tid(6), tid(2), QStringLiteral("p")),
              newPort(tid(8), tid(3), QStringLiteral("p")), newLink(tid(7), tid(5), tid(6))},
             1);
    submitOk(topology, {RemoveEntities{{tid(1)}, false}}, 2);
    submitOk(topology, {RemoveEntities{{tid(2)}, false}}, 3);
    submitOk(topology, {newDevice(tid(9), QStringLiteral("a"))}, 4);
    // The link's other end is missing, and the name has been taken since.
    const auto restored = submitOk(topology, {RestoreEntities{{tid(1)}}}, 5);
    QCOMPARE(topology.device(tid(1))->name, QStringLiteral("a-2"));
    QVERIFY(topology.interface(tid(5)));
    QVERIFY(!topology.link(tid(7)));
    QList<Notice::Kind> kinds;
    for (const Notice &notice : restored.expansion.notices)
        kinds.append(notice.kind);
    QCOMPARE(kinds, QList<Notice::Kind>({Notice::Kind::Renamed, Notice::Kind::NotRestored}));
    // A device whose type has gone meanwhile stays where it is, and so do its ports.
    submitOk(topology, {RemoveEntities{{tid(3)}, false}}, 6);
    submitOk(topology, {RemoveEntities{{tid(20)}, false}}, 7);
    const auto typeless = submitOk(topology, {RestoreEntities{{tid(3), tid(2)}}}, 8);
    QVERIFY(topology.device(tid(2)));
    QVERIFY(!topology.device(tid(3)));
    QVERIFY(!topology.interface(tid(8)));
    QCOMPARE(typeless.expansion.notices.size(), 2);
    submitOk(topology, {RestoreEntities{{tid(3), tid(20)}}}, 9);
    QVERIFY(topology.interface(tid(8)));
    // What never was cannot come back.
    const auto nothing = submitOk(topology, {RestoreEntities{{tid(99)}}}, 10);
    QCOMPARE(nothing.expansion.notices.constFirst().kind, Notice::Kind::NotRestored);

    // Of two pending removals, taking back the later leaves the earlier.
    submitOk(topology, {RemoveEntities{{tid(8)}, false}}, 0);
    const auto later = submitOk(topology, {RemoveEntities{{tid(3)}, false}}, 0);
    submitOk(topology, undoEdits(later.applied, {1, 0}), 0);
    QVERIFY(topology.device(tid(3)));
    QVERIFY(!topology.interface(tid(8)));
}

void TestTopology::boardsHaveTypesOfTheirOwn()
{
    Topology topology;
    CreateEntity type = newType(tid(1), QStringLiteral("LAMBDA_MUX"));
    type.fields.append({Field::Label, QStringLiteral("Lambda mux")});
    type.fields.append({Field::TypeIcon, QStringLiteral("SPLITTER")});
    type.fields.append(
        {Field::TypeInterfaces, QStringLiteral("line0 OPTICAL UP\n\n tx ETHERNET \n")});
    submitOk(topology, {type});
    const DeviceTypeInfo info = topology.typeInfo(QStringLiteral("LAMBDA_MUX"));
    QCOMPARE(info.label, QStringLiteral("Lambda mux"));
    QCOMPARE(info.icon, QStringLiteral("splitter"));
    QCOMPARE(info.namePrefix, QStringLiteral("lambda-mux-"));
    QVERIFY(!info.isContainer);
    const QList<DefaultInterface> ports{
        {QStringLiteral("line0"), InterfaceType::Optical, Status::Up},
        {QStringLiteral("tx"), InterfaceType::Ethernet, Status::Down}};
    QCOMPARE(info.interfaces, ports);
    QCOMPARE(topology.allTypes().size(), builtinTypes().size() + 1);
    QVERIFY(topology.knowsType(QStringLiteral("LAMBDA_MUX")));
    submitOk(topology, {edits::setField(tid(1), Field::TypeKey, QStringLiteral("OTHER"))});
    QVERIFY(!topology.knowsType(QStringLiteral("LAMBDA_MUX")));
    QVERIFY(topology.knowsType(QStringLiteral("OTHER")));
    submitOk(topology, {edits::setField(tid(1), Field::TypeContainer, true),
                        newDevice(tid(2), QStringLiteral("room"), 0, QStringLiteral("OTHER")),
                        newDevice(tid(3), QStringLiteral("in it"), tid(2))});
    QVERIFY(topology.isContainer(*topology.device(tid(2))));
    // Unknown keys look like the generic type.
    QCOMPARE(topology.typeInfo(QStringLiteral("TOASTER")).icon, QStringLiteral("generic"));
    QCOMPARE(topology.typeInfo(QStringLiteral("TOASTER")).label, QStringLiteral("TOASTER"));
    int badLine = 0;
    QVERIFY(!parseDefaultInterfaces(QStringLiteral("a\nb\na"), &badLine));
    QCOMPARE(badLine, 3);
    QVERIFY(!parseDefaultInterfaces(QStringLiteral("a ETHERNET UP more"), &badLine));
    QCOMPARE(badLine, 1);
    QVERIFY(parseDefaultInterfaces(QString(), nullptr)->isEmpty());
}

void TestTopology::enforcesLinkRules()
{
    Topology topology;
    submitOk(topology, {newDevice(tid(1), QStringLiteral("olt"), 0, QStringLiteral("OLT")),
                        newDevice(tid(2), QStringLiteral("core"), 0, QStringLiteral("CORE_ROUTER")),
                        newDevice(tid(3), QStringLiteral("ont"), 0, QStringLiteral("ONT")),
                        newPort(tid(4), tid(1), QStringLiteral("p")),
                        newPort(tid(5), tid(2), QStringLiteral("p")),
                        newPort(tid(6), tid(3), QStringLiteral("p"))});
    QVERIFY(submitEdits(topology, {newLink(tid(10), tid(4), tid(5))}).ok()); // only advice
    submitOk(topology, {edits::setField(kBoardId, Field::LinkPolicy, qint64(LinkPolicy::Enforce))});
    const auto refused = submitEdits(topology, {newLink(tid(11), tid(4), tid(5))});
    QCOMPARE(refused.error().code, Errc::Conflict);
    QCOMPARE(refused.error().text,
             QStringLiteral("No valid link rule between OLT and CORE_ROUTER"));
    QVERIFY(submitEdits(topology, {newLink(tid(12), tid(4), tid(6))}).ok());
}

void TestTopology::keepsLinksWithinTheRules()
{
    const auto type = [](EntityId id, const char *key) {
        return edits::setField(id, Field::DeviceType, QLatin1String(key));
    };
    const auto policy = [](LinkPolicy to) {
        return edits::setField(kBoardId, Field::LinkPolicy, qint64(to));
    };
    Topology topology;
    submitOk(topology, {newDevice(tid(1), QStringLiteral("olt"), 0, QStringLiteral("OLT")),
                        newDevice(tid(2), QStringLiteral("ont"), 0, QStringLiteral("ONT")),
                        newDevice(tid(3), QStringLiteral("core"), 0, QStringLiteral("CORE_ROUTER")),
                        newPort(tid(4), tid(1), QStringLiteral("p")),
                        newPort(tid(5), tid(2), QStringLiteral("p")),
                        newPort(tid(6), tid(3), QStringLiteral("p")),
                        newPort(tid(7), tid(1), QStringLiteral("q")),
                        newLink(tid(10), tid(4), tid(5)), newLink(tid(11), tid(7), tid(6))});
    // Only advice: it may be anything.
    submitOk(topology, {type(tid(2), "CORE_ROUTER")});
    submitOk(topology, {type(tid(2), "ONT"), policy(LinkPolicy::Enforce)});

    const auto before = fieldsOfAll(topology);
    const auto refused =
        submitEdits(topology, {edits::setField(tid(1), Field::Notes, QStringLiteral("n")),
                               type(tid(2), "POP")});
    QCOMPARE(refused.error().code, Errc::Conflict);
    QCOMPARE(refused.error().text, QStringLiteral("No valid link rule between OLT and POP"));
    QVERIFY(fieldsOfAll(topology) == before); // whole or not at all
    // Which edit it is for: what comes before is put right by what comes after.
    qsizetype wrong = -1;
    QVERIFY(!topology.check({1,
                             900,
                             1,
                             0,
                             {},
                             {},
                             {type(tid(2), "OLT"), type(tid(1), "ONT"), type(tid(2), "CORE_ROUTER"),
                              policy(LinkPolicy::Advise)}},
                            &wrong));
    QCOMPARE(wrong, 2);
    QVERIFY(submitEdits(topology, {type(tid(2), "OLT"), type(tid(1), "ONT")}).ok());
    QVERIFY(submitEdits(topology, {type(tid(2), "ONT"), type(tid(1), "OLT")}).ok());
    // The policy counts that holds when it is said, as for a new link.
    QVERIFY(submitEdits(topology, {policy(LinkPolicy::Advise), type(tid(2), "POP"),
                                   policy(LinkPolicy::Enforce)})
                .ok());
    QVERIFY(submitEdits(topology, {type(tid(2), "ONT")}).ok());
    // What no rule allowed before is in nobody's way: OLT and core, then ONT and core; and types
    // without rules link freely.
    QVERIFY(submitEdits(topology, {type(tid(3), "BACKBONE_GATEWAY")}).ok());
    QVERIFY(submitEdits(topology, {type(tid(2), "ROUTER")}).ok());
    QVERIFY(submitEdits(topology, {type(tid(2), "BUSINESS_ONT")}).ok());
    // A link that goes in the same change, or was made in it.
    const auto gone =
        submitEdits(topology, {type(tid(2), "AON_CPE"), RemoveEntities{{tid(10)}, false}});
    QVERIFY(gone.ok());
    QVERIFY(!submitEdits(topology, {type(tid(2), "ONT"), newLink(tid(12), tid(4), tid(5)),
                                    type(tid(2), "AON_CPE")})
                 .ok());
    // Its undo: a link and the type that it had.
    QVERIFY(submitEdits(topology, undoEdits(gone->applied,
                                            topology.writerOf(tid(2), Field::DeviceType)->writer))
                .ok());
    QCOMPARE(topology.device(tid(2))->type, QStringLiteral("BUSINESS_ONT"));
    QVERIFY(topology.link(tid(10)));
    // A link of a device with itself.
    submitOk(topology,
             {newDevice(tid(20), QStringLiteral("edge"), 0, QStringLiteral("EDGE_ROUTER")),
              newPort(tid(21), tid(20), QStringLiteral("p")), newLink(tid(22), tid(21), tid(21))});
    QVERIFY(submitEdits(topology, {type(tid(20), "CORE_ROUTER")}).ok());
    QCOMPARE(submitEdits(topology, {type(tid(20), "ONT")}).error().text,
             QStringLiteral("No valid link rule between ONT and ONT"));
}

/// The cost is that of as many: with a look at every name for each this would take minutes.
void TestTopology::manyOfOneName()
{
    constexpr quint32 kMany = 60'000;
    Topology topology;
    QList<Edit> edits{newDevice(tid(1), QStringLiteral("a")),
                      newDevice(tid(2), QStringLiteral("b"))};
    for (quint32 i = 0; i < kMany; ++i)
        edits.append(newPort(tid(10 + i), tid(1), QStringLiteral("p")));
    submitOk(topology, edits);
    QCOMPARE(topology.interface(tid(9 + kMany))->name, QStringLiteral("p-%1").arg(kMany));
    // What is free again is given again, and each device has names of its own.
    const auto next = [&](quint32 id, quint32 device) {
        submitOk(topology, {newPort(tid(id), tid(device), QStringLiteral("p"))});
        return topology.interface(tid(id))->name;
    };
    QCOMPARE(next(100'000, 2), QStringLiteral("p"));
    QCOMPARE(next(100'001, 2), QStringLiteral("p-2"));
    submitOk(topology, {RemoveEntities{{tid(12)}, false},
                        edits::setField(tid(14), Field::Name, QStringLiteral("q"))});
    QCOMPARE(next(100'002, 1), QStringLiteral("p-3"));
    QCOMPARE(next(100'003, 1), QStringLiteral("p-5"));
    QCOMPARE(next(100'004, 1), QStringLiteral("p-%1").arg(kMany + 1));
    // Likewise what hangs on what was gone.
    submitOk(topology, {RemoveEntities{{tid(2)}, false}});
    edits.clear();
    for (quint32 i = 0; i < kMany; i += 2) {
        edits.append(newPort(tid(200'000 + i), tid(2), QStringLiteral("p")));
        edits.append(newLink(tid(200'001 + i), tid(200'000 + i), tid(10)));
    }
    edits.append(newDevice(tid(5), QStringLiteral("c")));
    QCOMPARE(submitOk(topology, edits).expansion.notices.size(), qsizetype(kMany));
}

void TestTopology::undoTakesBackEveryField()
{
    Topology topology;
    submitOk(topology,
             {newGroup(tid(1), QStringLiteral("g")), newDevice(tid(2), QStringLiteral("a"), tid(1)),
              newPort(tid(3), tid(2), QStringLiteral("p"))});
    const auto before = fieldsOfAll(topology);
    const auto writersBefore = topology.writersOf(tid(2));
    // The same field more than once, what is made and then set, and a removal, in one change.
    const Change change{
        1,
        500,
        1,
        0,
        {},
        {},
        {edits::setField(tid(2), Field::Name, QStringLiteral("b")),
         edits::setField(tid(2), Field::Name, QStringLiteral("c")),
         newDevice(tid(4), QStringLiteral("new")),
         edits::setField(tid(4), Field::Container, qint64(tid(1))),
         edits::setField(tid(2), {Field::Property, QStringLiteral("k")}, QStringLiteral("v")),
         RemoveEntities{{tid(3), tid(1)}, false}}};
    const auto outcome = topology.submit(change, {{1, 500}, 2, 5});
    QVERIFY(outcome.ok());
    const QList<Edit> undo = undoEdits(outcome->applied, {1, 500});
    const auto taken = submitOk(topology, undo, 3, 2);
    QVERIFY(fieldsOfAll(topology) == before);
    QVERIFY(taken.expansion.notices.isEmpty());
    QVERIFY(topology.writersOf(tid(2)) != writersBefore); // an edit of its own, not a rollback
    // And redo, built the same way.
    submitOk(topology, undoEdits(taken.applied, topology.writerOf(tid(2), Field::Name)->writer), 4,
             3);
    QVERIFY(!topology.device(tid(1)));
    QVERIFY(topology.device(tid(4)));
    QCOMPARE(topology.device(tid(2))->name, QStringLiteral("c"));
}

void TestTopology::undoLeavesWhatOthersChanged()
{
    Topology topology;
    submitOk(topology, {newDevice(tid(1), QStringLiteral("a"))}, 1);
    const Change mine{1,
                      500,
                      1,
                      0,
                      {},
                      {},
                      {SetFields{tid(1),
                                 {{Field::Address, QStringLiteral("mine"), std::nullopt},
                                  {Field::Notes, QStringLiteral("mine"), std::nullopt}}}}};
    const auto outcome = topology.submit(mine, {{1, 500}, 2, 5});
    QVERIFY(outcome.ok());
    submitOk(topology, {edits::setField(tid(1), Field::Notes, QStringLiteral("theirs"))}, 3, 2, 2);
    const auto undone = submitOk(topology, undoEdits(outcome->applied, {1, 500}), 4, 3);
    QCOMPARE(topology.device(tid(1))->address, QString());
    QCOMPARE(topology.device(tid(1))->remarks->notes, QStringLiteral("theirs"));
    QCOMPARE(undone.expansion.notices.size(), 1);
    QCOMPARE(undone.expansion.notices.constFirst().kind, Notice::Kind::Skipped);
    QCOMPARE(undone.expansion.notices.constFirst().key, FieldKey(Field::Notes));
}

void TestTopology::batchesTellTheNetResult()
{
    Topology topology;
    submitOk(topology,
             {newGroup(tid(1), QStringLiteral("g")), newDevice(tid(2), QStringLiteral("a"), tid(1)),
              newPort(tid(3), tid(2), QStringLiteral("p")),
              newDevice(tid(4), QStringLiteral("b"))});
    Listener listener(topology);
    { // made and removed again
        const Topology::DeltaBatch batch(topology);
        submitOk(topology, {newDevice(tid(10), QStringLiteral("x"))});
        submitOk(topology, {RemoveEntities{{tid(10)}, false}});
    }
    QCOMPARE(listener.deltas, 0);
    { // moved, then removed: the parent is the one before all of it
        const Topology::DeltaBatch batch(topology);
        submitOk(topology, {edits::setField(tid(2), Field::Container, Value())});
        submitOk(topology, {RemoveEntities{{tid(2)}, false}});
        {
            const Topology::DeltaBatch inner(topology);
            submitOk(topology, {edits::setField(tid(4), Field::Name, QStringLiteral("c"))});
        }
        submitOk(topology, {edits::setField(tid(4), Field::Name, QStringLiteral("d")),
                            edits::setField(tid(4), Field::Address, QStringLiteral("e"))});
        QCOMPARE(listener.deltas, 0);
    }
    QCOMPARE(listener.deltas, 1);
    const QList<Delta::Removed> removed{{EntityKind::Interface, tid(3), tid(2)},
                                        {EntityKind::Device, tid(2), tid(1)}};
    QCOMPARE(listener.last.removed, removed);
    QCOMPARE(listener.last.created.size(), 0);
    QCOMPARE(listener.last.changed.size(), 1);
    QCOMPARE(listener.last.changed.constFirst().fields,
             QList<Field>({Field::Name, Field::Address}));
    { // back and gone and back
        const Topology::DeltaBatch batch(topology);
        submitOk(topology, {RestoreEntities{{tid(2)}}});
        submitOk(topology, {RemoveEntities{{tid(2)}, false}});
        submitOk(topology, {RestoreEntities{{tid(2)}}});
    }
    QCOMPARE(listener.deltas, 2);
    QCOMPARE(listener.last.created.size(), 2);
    QCOMPARE(listener.last.removed.size(), 0);
    { // gone and back: changed in anything
        const Topology::DeltaBatch batch(topology);
        submitOk(topology, {RemoveEntities{{tid(2)}, false}});
        submitOk(topology, {RestoreEntities{{tid(2)}}});
    }
    QCOMPARE(listener.last.created.size(), 0);
    QCOMPARE(listener.last.changed.size(), 2);
    QVERIFY(listener.last.changed.constFirst().fields.contains(Field::Status));
    { // in its own slot, whatever came in between
        const qsizetype slot = topology.devices().slotOf(tid(2));
        const Topology::DeltaBatch batch(topology);
        submitOk(topology, {RemoveEntities{{tid(2)}, false}});
        submitOk(topology, {newDevice(tid(20), QStringLiteral("y"))});
        submitOk(topology, {RestoreEntities{{tid(2)}}});
        QCOMPARE(topology.devices().slotOf(tid(2)), slot);
        QVERIFY(topology.devices().slotOf(tid(20)) != slot);
    }
    QCOMPARE(listener.deltas, 4);
    { // a load in a batch is a reset and nothing else
        const Topology::DeltaBatch batch(topology);
        submitOk(topology, {edits::setField(tid(4), Field::Name, QStringLiteral("z"))});
        QVERIFY(topology.load({}).ok());
    }
    QCOMPARE(listener.deltas, 4);
    QCOMPARE(listener.resets, 1);
}

void TestTopology::loadTakesAnyOrder()
{
    Topology topology;
    submitOk(topology,
             {newType(tid(9), QStringLiteral("ROOM"), true),
              newDevice(tid(1), QStringLiteral("outer"), 0, QStringLiteral("ROOM")),
              newGroup(tid(2), QStringLiteral("inner"), tid(1)),
              newDevice(tid(3), QStringLiteral("a"), tid(2)),
              newPort(tid(4), tid(3), QStringLiteral("p")), newLink(tid(5), tid(4), tid(4))});
    Topology::Contents contents = contentsOf(topology);
    std::reverse(contents.devices.begin(), contents.devices.end());
    Topology loaded;
    Listener listener(loaded);
    QVERIFY(loaded.load(std::move(contents)).ok());
    QCOMPARE(listener.resets, 1);
    QVERIFY(loaded == topology);
    QCOMPARE(loaded.highestCounter(1), quint32(9));
    checkInvariants(loaded);
}

void TestTopology::loadRefusesBadContents_data()
{
    using Spoil = std::function<void(Topology::Contents &)>;
    QTest::addColumn<Spoil>("spoil");
    const auto row = [](const char *name, const Spoil &spoil) { QTest::newRow(name) << spoil; };
    row("id twice", [](auto &c) { c.devices.at(1).id = c.devices.at(0).id; });
    row("id of two kinds", [](auto &c) { c.interfaces.at(0).id = c.devices.at(0).id; });
    row("id 0", [](auto &c) { c.devices.at(0).id = 0; });
    row("id without a counter", [](auto &c) { c.devices.at(0).id = makeId(5, 0); });
    row("id too great", [](auto &c) { c.links.at(0).id = kMaxEntityId + 2; });
    row("name twice", [](auto &c) { c.devices.at(1).name = c.devices.at(0).name; });
    row("no name", [](auto &c) { c.devices.at(1).name.clear(); });
    row("no type", [](auto &c) { c.devices.at(1).type.clear(); });
    row("no place",
        [](auto &c) { c.devices.at(1).position.setX(std::numeric_limits<double>::quiet_NaN()); });
    row("no container", [](auto &c) { c.devices.at(2).container = tid(777); });
    row("no such container", [](auto &c) { c.devices.at(0).container = tid(3); });
    row("cycle of two", [](auto &c) {
        c.devices.at(0).container = tid(2);
        c.devices.at(1).container = tid(1);
    });
    row("cycle of one", [](auto &c) { c.devices.at(0).container = tid(1); });
    row("interface of none", [](auto &c) { c.interfaces.at(0).device = tid(777); });
    row("interface twice", [](auto &c) { c.interfaces.at(1).name = c.interfaces.at(0).name; });
    row("interface without name", [](auto &c) { c.interfaces.at(1).name.clear(); });
    row("link of none", [](auto &c) { c.links.at(0).b = tid(777); });
    row("type twice", [](auto &c) {
        c.types.push_back(c.types.at(0));
        c.types.back().id = tid(888);
    });
    row("built-in type", [](auto &c) { c.types.at(0).key = QStringLiteral("OLT"); });
    row("board with an id", [](auto &c) { c.board.id = tid(4); });
    row("grave of a living", [](auto &c) {
        c.removed.push_back(
            std::make_shared<RemovedEntity>(RemovedEntity{c.devices.at(0), {}, 1, {}}));
    });
    row("grave of nobody", [](auto &c) { c.removed.push_back(nullptr); });
}

void TestTopology::loadRefusesBadContents()
{
    using Spoil = std::function<void(Topology::Contents &)>;
    QFETCH(Spoil, spoil);
    Topology topology;
    submitOk(topology,
             {newGroup(tid(1), QStringLiteral("g")), newGroup(tid(2), QStringLiteral("h")),
              newDevice(tid(3), QStringLiteral("a")), newPort(tid(4), tid(3), QStringLiteral("p")),
              newPort(tid(5), tid(3), QStringLiteral("q")), newLink(tid(6), tid(4), tid(5)),
              newType(tid(7), QStringLiteral("MUX"))});
    Topology::Contents contents = contentsOf(topology);
    spoil(contents);
    Listener listener(topology);
    const auto loaded = topology.load(std::move(contents));
    QVERIFY(!loaded.ok());
    QCOMPARE(loaded.error().code, Errc::Protocol);
    QVERIFY(!loaded.error().text.isEmpty());
    QCOMPARE(listener.resets, 1);
    QVERIFY(topology == Topology());
    QVERIFY(everythingOf(topology) == everythingOf(Topology()));
}

void TestTopology::digestsAreOfFieldsOnly()
{
    Topology a;
    Topology b;
    const QList<Edit> edits{newDevice(tid(1), QStringLiteral("a")),
                            newDevice(tid(2), QStringLiteral("b")),
                            newPort(tid(3), tid(1), QStringLiteral("p"))};
    submitOk(a, edits, 1);
    submitOk(b, {edits.at(1), edits.at(0), edits.at(2)}, 8);
    QVERIFY(!(a == b)); // other revisions
    QCOMPARE(a.digest(), b.digest());
    QSet<quint64> digests{a.digest()};
    const auto differs = [&](const Edit &edit) {
        submitOk(a, {edit});
        const quint64 now = a.digest();
        const bool fresh = !digests.contains(now);
        digests.insert(now);
        return fresh;
    };
    QVERIFY(differs(edits::setField(tid(1), Field::Position, QPointF(1, 0))));
    QVERIFY(differs(edits::setField(tid(1), Field::Position, QPointF(0, 1))));
    QVERIFY(differs(edits::setField(tid(1), Field::Position, QPointF(0, 1e-13))));
    QVERIFY(differs(edits::setField(tid(1), Field::Locked, true)));
    QVERIFY(differs(edits::setField(tid(1), Field::TxPower, 0.0)));
    QVERIFY(differs(edits::setField(tid(1), Field::Sensitivity, 0.0)));
    QVERIFY(differs(
        edits::setField(tid(1), {Field::Property, QStringLiteral("a")}, QStringLiteral("b"))));
    QVERIFY(differs(
        edits::setField(tid(1), {Field::Property, QStringLiteral("b")}, QStringLiteral("a"))));
    QVERIFY(differs(edits::setField(tid(2), Field::Status, qint64(Status::Up))));
    QVERIFY(differs(edits::setField(kBoardId, Field::Title, QStringLiteral("t"))));
    QVERIFY(differs(RemoveEntities{{tid(3)}, false}));
    QVERIFY(!differs(edits::setField(tid(2), Field::Status, qint64(Status::Up))));
}

void TestTopology::timesAndRevisionsMove()
{
    Topology topology;
    const auto at = [&](const QList<Edit> &edits, quint64 revision, qint64 time) {
        static quint64 cseq = 7000;
        Change change{1, ++cseq, revision, 0, {}, {}, edits};
        return topology.submit(change, {{1, cseq}, revision, time});
    };
    QVERIFY(at({newDevice(tid(1), QStringLiteral("a"))}, 3, 30).ok());
    QVERIFY(at({edits::setField(tid(1), Field::Locked, true)}, 5, 50).ok());
    const Device *device = topology.device(tid(1));
    QCOMPARE(device->createdAt, qint64(30));
    QCOMPARE(device->createdRevision, quint64(3));
    QCOMPARE(device->updatedAt, qint64(50));
    QCOMPARE(device->revision, quint64(5));
    const auto pending =
        at({edits::setField(tid(1), Field::Locked, false), newDevice(tid(2), QStringLiteral("b"))},
           0, 99);
    QVERIFY(pending.ok());
    device = topology.device(tid(1));
    QCOMPARE(device->updatedAt, qint64(50));
    QCOMPARE(device->revision, quint64(5));
    QCOMPARE(topology.device(tid(2))->createdAt, qint64(0));
    topology.rollback(pending->applied);
    QCOMPARE(topology.device(tid(1))->revision, quint64(5));
    QVERIFY(topology.device(tid(1))->locked);
}

PATCHBOARD_TEST(TestTopology)
#include "tst_topology.moc"
