#include "model/core/restore.h"
#include "tests/model/randomedits.h"
#include "tests/support/testmain.h"

#include <QRegularExpression>

using namespace patchboard;

namespace {

void copyOf(Topology &to, const Topology &from, bool withGraves)
{
    Topology::Contents contents = contentsOf(from);
    if (!withGraves)
        contents.removed.clear();
    if (!to.load(std::move(contents)))
        qFatal("a board cannot be copied");
}

/// What a board looks like when ids are of no interest: a line for each thing.
QStringList lookOf(const Topology &board)
{
    QStringList lines;
    const auto fields = [](const Entity &entity) {
        QStringList parts;
        for (const FieldValue &field : fieldsOf(entity)) {
            const FieldInfo *info = fieldInfo(kindOf(entity), field.key.field);
            if (!info || info->type != ValueType::Reference)
                parts.append(QStringLiteral("%1%2=%3")
                                 .arg(int(field.key.field))
                                 .arg(field.key.property, info ? displayText(*info, field.value)
                                                               : std::get<QString>(field.value)));
        }
        return parts.join(u' ');
    };
    const auto nameOf = [&board](EntityId id) {
        const Device *device = board.device(id);
        return device ? device->name : QString();
    };
    const auto portOf = [&](EntityId id) {
        const Interface *port = board.interface(id);
        return nameOf(port->device) + u'/' + port->name;
    };
    for (const EntityId id : board.devices().ids())
        lines.append(nameOf(board.device(id)->container) + u'>' + fields(*board.entity(id)));
    for (const EntityId id : board.interfaces().ids())
        lines.append(portOf(id) + fields(*board.entity(id)));
    for (const EntityId id : board.links().ids())
        lines.append(portOf(board.link(id)->a) + u'-' + portOf(board.link(id)->b) +
                     fields(*board.entity(id)));
    for (const EntityId id : board.customTypes().ids())
        lines.append(fields(*board.entity(id)));
    lines.append(fields(board.board()));
    lines.sort();
    return lines;
}

/// The lines that only one of them has.
QString differenceOf(const Topology &now, const Topology &past)
{
    const QStringList is = lookOf(now);
    const QStringList was = lookOf(past);
    QString text;
    for (const QString &line : is) {
        if (!was.contains(line))
            text += QStringLiteral("\n  is  ") + line;
    }
    for (const QString &line : was) {
        if (!is.contains(line))
            text += QStringLiteral("\n  was ") + line;
    }
    return text;
}

QMap<EntityId, QString> keysOf(const Topology &board)
{
    QMap<EntityId, QString> keys;
    for (const EntityId id : board.customTypes().ids())
        keys.insert(id, board.customType(id)->key);
    return keys;
}

struct RestoreRig
{
    Topology now;
    RandomEdits random;
    quint64 revision = 0;
    quint32 counter = 0;

    explicit RestoreRig(quint32 seed)
        : random(seed)
    {
    }
    void change(int times)
    {
        for (int i = 0; i < times; ++i) {
            random.setBase(revision);
            const Change change = random.change(now);
            ++revision;
            (void)now.submit(change, {{change.site, change.cseq}, revision, qint64(revision)});
        }
    }
    void enforce(bool on)
    {
        ++revision;
        const QList<Edit> edits{edits::setField(
            kBoardId, Field::LinkPolicy, qint64(on ? LinkPolicy::Enforce : LinkPolicy::Advise))};
        if (!now.apply(edits, {{3, revision}, revision, qint64(revision)}))
            qFatal("refused");
    }
    Result<Topology::Outcome> restore(const Topology &past, const QList<EntityId> &ids = {})
    {
        Change change;
        change.site = 2;
        change.cseq = ++revision;
        change.base = revision - 1;
        change.edits = edits::restoreFrom(past, now, ids, [this] { return makeId(2, ++counter); });
        return now.submit(change, {{2, change.cseq}, revision, qint64(revision)});
    }
};

} // namespace

/// Things put back as they were.
class TestRestore : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void theWholeBoard()
    {
        const quint32 seed = testSeed();
        qInfo("seed %u", seed);
        int same = 0;
        for (quint32 round = 0; round < 150; ++round) {
            RestoreRig rig(seed + round);
            if (round % 2 == 0)
                rig.random.leaveTypes();
            rig.change(60);
            if (round % 3 == 0)
                rig.enforce(round % 6 == 0);
            Topology past;
            copyOf(past, rig.now, true);
            if (round % 5 == 0)
                rig.enforce(round % 10 == 0);
            rig.change(10 + int(round) / 2);
            const bool typesMoved = keysOf(past) != keysOf(rig.now);
            const auto done = rig.restore(past);
            QVERIFY2(done, qPrintable(QStringLiteral("seed %1: %2")
                                          .arg(seed + round)
                                          .arg(done ? QString() : done.error().text)));
            // Keys that went from one type to another are put right as far as the rules let them.
            if (typesMoved)
                continue;
            ++same;
            QVERIFY2(lookOf(rig.now) == lookOf(past),
                     qPrintable(QString::number(seed + round) + differenceOf(rig.now, past)));
            QVERIFY2(rig.now.digest() == past.digest(), qPrintable(QString::number(seed + round)));
            // Then nothing is left to restore.
            QVERIFY(edits::restoreFrom(past, rig.now, {}, [] { return EntityId(0); }).isEmpty());
        }
        QVERIFY(same >= 75); // every board without types of its own, and those where they stayed
    }

    /// Of what was removed nothing is left (a copy that came by a snapshot): new ids, all else as
    /// it was.
    void withoutGraves()
    {
        const quint32 seed = testSeed();
        qInfo("seed %u", seed);
        for (quint32 round = 0; round < 150; ++round) {
            RestoreRig rig(seed + round);
            rig.change(60);
            Topology past;
            copyOf(past, rig.now, false);
            rig.change(10 + int(round) / 2);
            rig.enforce(round % 2 == 0);
            RestoreRig bare(seed);
            copyOf(bare.now, rig.now, false);
            bare.revision = rig.revision;
            const auto done = bare.restore(past);
            QVERIFY2(done, qPrintable(QStringLiteral("seed %1: %2")
                                          .arg(seed + round)
                                          .arg(done ? QString() : done.error().text)));
            QVERIFY2(lookOf(bare.now) == lookOf(past), qPrintable(QString::number(seed + round)));
        }
    }

    void someThings()
    {
        RestoreRig rig(1);
        const auto submit = [&rig](const QList<Edit> &edits) {
            Change change;
            change.site = 1;
            change.cseq = ++rig.revision;
            change.base = rig.revision;
            change.edits = edits;
            if (!rig.now.submit(change, {{1, change.cseq}, rig.revision, 1}))
                qFatal("refused");
        };
        quint32 counter = 0;
        const edits::IdSource newId = [&counter] { return makeId(1, ++counter); };
        EntityId a = 0;
        EntityId b = 0;
        EntityId c = 0;
        for (const auto &[name, id] : {std::pair("A", &a), std::pair("B", &b), std::pair("C", &c)})
            submit(edits::createDevice(
                rig.now,
                {QString::fromLatin1(name), QStringLiteral("ROUTER"), QPointF(1, 2), 0, true},
                newId, id));
        EntityId ab = 0;
        EntityId bc = 0;
        submit(edits::linkDevices(rig.now, a, b, newId, 0, 0, &ab));
        submit(edits::linkDevices(rig.now, b, c, newId, 0, 0, &bc));
        Topology past;
        copyOf(past, rig.now, true);
        submit({edits::setField(c, Field::Notes, QStringLiteral("new"))});
        submit({RemoveEntities{{c}, false}});
        submit({RemoveEntities{{b}, false}});
        submit({edits::setField(a, Field::Name, QStringLiteral("A2"))});
        // B and its link to A come back; that to C has no end, and A stays as it is.
        QVERIFY(rig.restore(past, {b}));
        QVERIFY(rig.now.device(b) && rig.now.link(ab));
        QVERIFY(!rig.now.link(bc) && !rig.now.device(c));
        QCOMPARE(rig.now.device(a)->name, QStringLiteral("A2"));
        // C as it was then, not as it was when it went.
        QVERIFY(rig.restore(past, {c}));
        QVERIFY(rig.now.device(c) && rig.now.link(bc));
        QCOMPARE(rig.now.device(c)->remarks->notes, QString());
        QVERIFY(rig.restore(past, {a}));
        QCOMPARE(rig.now.digest(), past.digest());
    }

    /// Link rules let through what was, and nothing that never was.
    void againstTheRules()
    {
        RestoreRig rig(1);
        quint32 made = 0;
        const auto submit = [&rig](const QList<Edit> &edits) {
            const quint64 number = ++rig.revision;
            return rig.now.submit({1, number, number, 0, {}, {}, edits}, {{1, number}, number, 1});
        };
        const auto device = [&](const char *type) {
            const EntityId id = makeId(1, ++made);
            const EntityId port = makeId(1, ++made);
            (void)submit(
                {CreateEntity{EntityKind::Device,
                              id,
                              {{Field::Name, QString::number(id)},
                               {Field::DeviceType, QLatin1String(type)}}},
                 CreateEntity{EntityKind::Interface,
                              port,
                              {{Field::Name, QStringLiteral("p")}, {Field::Device, qint64(id)}}}});
            return id;
        };
        const auto link = [&](EntityId a, EntityId b) {
            const EntityId id = makeId(1, ++made);
            return submit({CreateEntity{EntityKind::Link,
                                        id,
                                        {{Field::AInterface, qint64(a + 1)},
                                         {Field::BInterface, qint64(b + 1)}}}})
                .ok();
        };
        const auto setType = [&](EntityId id, const char *type) {
            return submit({edits::setField(id, Field::DeviceType, QLatin1String(type))}).ok();
        };
        const EntityId olt = device("OLT");
        const EntityId core = device("CORE_ROUTER");
        const EntityId box = device("OLT");
        const EntityId odf = device("ODF");
        QVERIFY(link(olt, core)); // only advice so far
        QVERIFY(link(box, odf));
        Topology past;
        copyOf(past, rig.now, true);
        rig.enforce(true);
        QVERIFY(setType(core, "EDGE_ROUTER"));
        QVERIFY(!setType(core, "CORE_ROUTER"));
        // It was so: also that one alone.
        Topology within;
        copyOf(within, rig.now, true);
        const auto one = rig.restore(past, {core});
        QVERIFY(one.ok());
        QCOMPARE(rig.now.device(core)->type, QStringLiteral("CORE_ROUTER"));
        QCOMPARE(rig.now.board().linkPolicy, LinkPolicy::Enforce);
        // And its undo, and that undone.
        const auto undone = submit(
            undoEdits(one->applied,
                      rig.now.writerOf(core, Field::DeviceType).value_or(FieldWriter()).writer));
        QVERIFY(undone.ok());
        QCOMPARE(rig.now.device(core)->type, QStringLiteral("EDGE_ROUTER"));
        QVERIFY(submit(
            undoEdits(undone->applied,
                      rig.now.writerOf(core, Field::DeviceType).value_or(FieldWriter()).writer)));
        QCOMPARE(rig.now.device(core)->type, QStringLiteral("CORE_ROUTER"));
        // A link that has come since, and an end that is another since: never was so.
        QVERIFY(setType(core, "EDGE_ROUTER"));
        QVERIFY(setType(box, "HOP"));
        QVERIFY(setType(odf, "ONT"));
        QVERIFY(setType(odf, "POP") == false);
        const EntityId gateway = device("BACKBONE_GATEWAY");
        QVERIFY(link(box, gateway));
        const auto since = rig.restore(past, {box});
        QCOMPARE(since.error().code, Errc::Conflict);
        QCOMPARE(since.error().text,
                 QStringLiteral("No valid link rule between OLT and BACKBONE_GATEWAY"));
        QCOMPARE(rig.now.device(box)->type, QStringLiteral("HOP"));
        // Of the whole board there is nothing that was not.
        QVERIFY(rig.restore(past));
        QCOMPARE(rig.now.digest(), past.digest());
        QCOMPARE(rig.now.board().linkPolicy, LinkPolicy::Advise);
        QVERIFY(rig.restore(within));
        QCOMPARE(rig.now.digest(), within.digest());
        QCOMPARE(rig.now.board().linkPolicy, LinkPolicy::Enforce);
    }

    void namesThatWereExchanged()
    {
        RestoreRig rig(1);
        Change change;
        change.site = 1;
        change.edits = {CreateEntity{EntityKind::Device,
                                     makeId(1, 1),
                                     {{Field::Name, QStringLiteral("A")},
                                      {Field::DeviceType, QStringLiteral("POP")}}},
                        CreateEntity{EntityKind::Device,
                                     makeId(1, 2),
                                     {{Field::Name, QStringLiteral("B")},
                                      {Field::DeviceType, QStringLiteral("POP")},
                                      {Field::Container, qint64(makeId(1, 1))}}}};
        QVERIFY(rig.now.submit(change, {{1, 1}, 1, 1}));
        Topology past;
        copyOf(past, rig.now, true);
        // Names exchanged, and the inner one is the outer one now.
        change.edits = {edits::setField(makeId(1, 1), Field::Name, QStringLiteral("x")),
                        edits::setField(makeId(1, 2), Field::Name, QStringLiteral("A")),
                        edits::setField(makeId(1, 1), Field::Name, QStringLiteral("B")),
                        edits::setField(makeId(1, 2), Field::Container, Value()),
                        edits::setField(makeId(1, 1), Field::Container, qint64(makeId(1, 2)))};
        QVERIFY(rig.now.submit(change, {{1, 2}, 2, 1}));
        rig.revision = 2;
        const auto done = rig.restore(past);
        QVERIFY(done);
        QVERIFY(done->expansion.notices.isEmpty());
        QCOMPARE(rig.now.digest(), past.digest());
    }
};

PATCHBOARD_TEST(TestRestore)
#include "tst_restore.moc"
