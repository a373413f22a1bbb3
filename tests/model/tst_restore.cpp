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
            Topology past;
            copyOf(past, rig.now, true);
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
