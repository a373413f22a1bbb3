#include "model/wire/codec.h"
#include "model/wire/snapshot.h"
#include "tests/support/sync/randomedits.h"
#include "tests/support/testmain.h"

#include <QCborStreamWriter>
#include <QRegularExpression>

using namespace patchboard;

namespace {

Topology &randomBoard(Topology &topology, quint64 seed, int changes)
{
    Rng rng(seed);
    quint32 counter = 0;
    for (int i = 1; i <= changes; ++i) {
        Change change{1, quint64(i), quint64(i), 0, {}, {}, {}};
        change.edits = randomEdits(rng, topology, [&] { return makeId(1, ++counter); });
        (void)topology.submit(change, {{1, quint64(i)}, quint64(i), 1000 + i});
    }
    return topology;
}

QList<Edit> everyEdit()
{
    const QString nasty = QStringLiteral("Ä\u0000\u4e2d\U0001F600 \"'\n");
    return {CreateEntity{EntityKind::Device,
                         makeId(kMaxSite, 0xffffffffU),
                         {{Field::Name, nasty},
                          {Field::Position, QPointF(-0.1, 1e300)},
                          {Field::Locked, true},
                          {Field::TxPower, 0.1},
                          {FieldKey(Field::Property, nasty), QStringLiteral("")},
                          {FieldKey(Field::Property, QStringLiteral("")), nasty}},
                         -5},
            SetFields{7,
                      {{Field::Container, Value(), std::nullopt},
                       {Field::Status, qint64(2), Writer{3, std::numeric_limits<quint64>::max()}},
                       {Field::OverrideAt, std::numeric_limits<qint64>::min(), std::nullopt},
                       {Field::OverrideAt, std::numeric_limits<qint64>::max(), std::nullopt}}},
            RemoveEntities{{1, 2, 3}, true}, RemoveEntities{{}, false}, RestoreEntities{{9}}};
}

Change everyChange()
{
    return {4, 5, 6, 7, QStringLiteral("me"), QStringLiteral("Move"), everyEdit()};
}

QList<wire::Message> everyMessage()
{
    using namespace wire;
    Hello hello;
    hello.features = {QStringLiteral("a"), QStringLiteral("b")};
    hello.profile = QStringLiteral("p");
    hello.site = 5;
    hello.anew = true;
    Welcome welcome;
    welcome.catchUp = CatchUp::Snapshot;
    welcome.title = QStringLiteral("Title");
    welcome.session = 77;
    welcome.features = {QStringLiteral("history")};
    Outcome refused{1, 2, 0, Error{Errc::Conflict, QStringLiteral("no")}, false, {}};
    Outcome noticed{
        1,  3,    9,
        {}, true, {{Notice::Kind::Overwrote, 5, Field::Name, QStringLiteral("x"), Value(1.5)}}};
    Presence moved;
    moved.pointer = std::optional(QPointF(1, 2));
    Presence gone;
    gone.pointer = std::optional<QPointF>();
    gone.selection = QList<EntityId>{1, 2};
    gone.drag = Drag{8, {{1, QPointF(3, 4)}}};
    Presence looking;
    looking.view = QRectF(-10, 20, 640, 480);
    Presence following = moved;
    following.view = QRectF(1, 2, 3, 4);
    following.following = 77;
    return {
        looking,
        following,
        hello,
        welcome,
        SnapshotChunk{1, 2, 3, 0, 1, QByteArray("abc")},
        Commits{{encodeCommit({1, 2, 3, 4, 5, {}, {}, everyEdit()}), QByteArray("")}, 7, 8},
        Submit{encodeChange(everyChange())},
        Outcomes{{refused, noticed}},
        Want{12},
        Presence{},
        moved,
        gone,
        People{true, {{1, false, QStringLiteral("Ann"), 3, moved}, {2, true, std::nullopt, 0, {}}}},
        Ping{1},
        Pong{2},
        Failure{{Errc::Storage, QStringLiteral("full")}, 1000, true},
        Bye{QStringLiteral("bye")},
        Part{1, 0, 2, QByteArray("x")},
        HistoryAsk{1, 2, 3, QStringLiteral("Ann")},
        HistoryPage{1, {{5, 6, 7, QStringLiteral("Ann"), QStringLiteral("Move")}}, 4, 3, {}},
        HistoryPage{1, {}, 0, 0, Error{Errc::NotFound, QStringLiteral("gone")}},
        BoardAsk{1, 2, 3},
        BoardPiece{1, 2, 3, 0, 1, QByteArray("x"), {}},
        BoardPiece{1, 2, 0, 0, 0, QByteArray(""), Error{Errc::NotFound, QStringLiteral("gone")}},
        SnapshotEdit{1, 2, QStringLiteral("name"), 3},
        NamedSnapshots{1, {{2, QStringLiteral("n"), 3, 4, QStringLiteral("Ann")}}, {}}};
}

} // namespace

class TestCodec : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void messagesComeBack();
    void recordsComeBack();
    void valuesAreWrittenAsQtDoes();
    void olderRecordsAreRead();
    void entitiesComeBack();
    void unknownFieldsAreSkipped();
    void whatIsMissingIsRefused();
    void limitsHold();
    void longMessagesAreCutUp();
    void damageIsSurvived();
    void snapshotsComeBack();
    void snapshotsKeepEveryField();
    void damagedSnapshotsAreRefused();
    void hashesAreStable();
};

void TestCodec::messagesComeBack()
{
    for (const wire::Message &message : everyMessage()) {
        const QByteArray bytes = wire::encode(message);
        const auto back = wire::decode(bytes);
        QVERIFY2(back, qPrintable(QString::number(message.index())));
        QVERIFY2(*back == message, qPrintable(QString::number(message.index())));
        QCOMPARE(wire::encode(*back), bytes);
        QVERIFY(!wire::decode(bytes + '\0'));
        QVERIFY(!wire::decode(bytes.chopped(1)));
    }
}

void TestCodec::recordsComeBack()
{
    const Change change = everyChange();
    QVERIFY(*wire::decodeChange(wire::encodeChange(change)) == change);
    const Commit commit{9, 8, 7, 6, 5, QStringLiteral("a"), QStringLiteral("b"), everyEdit(), 4, 3};
    QVERIFY(*wire::decodeCommit(wire::encodeCommit(commit)) == commit);
    QVERIFY(*wire::decodeEdits(wire::encodeEdits(change.edits)) == change.edits);
    const QList<FieldWriter> writers{{FieldKey(Field::Property, QStringLiteral("k")), {1, 2}, 3},
                                     {Field::Name, {4, 5}, 6}};
    QVERIFY(*wire::decodeWriters(wire::encodeWriters(writers)) == writers);
    const QList<Notice> notices{{Notice::Kind::Renamed, 1, Field::Name, QStringLiteral("n"), {}}};
    QVERIFY(*wire::decodeNotices(wire::encodeNotices(notices)) == notices);
    const QList<Notice> named{{Notice::Kind::Overwrote,
                               1,
                               Field::Name,
                               {},
                               QStringLiteral("o"),
                               7,
                               QStringLiteral("Ann"),
                               99}};
    QVERIFY(*wire::decodeNotices(wire::encodeNotices(named)) == named);
    // What only a copy finds out is never sent.
    QVERIFY(!wire::decodeNotices(wire::encodeNotices({{Notice::Kind::Lost, 1, {}, {}, {}}})));
}

/// The log of a first version does not say what an author had seen, nor its notices whom they met.
void TestCodec::olderRecordsAreRead()
{
    // [9, 8, 7, 6, 5, "a", "b", [], 3]
    const auto commit = wire::decodeCommit(QByteArray::fromHex("890908070605616161628003"));
    QVERIFY(commit);
    QCOMPARE(commit->revision, quint64(9));
    QCOMPARE(commit->bodyHash, quint64(3));
    QCOMPARE(commit->base, quint64(8));
    // [[0, 1, 1, "n", null]]
    const auto notices = wire::decodeNotices(QByteArray::fromHex("8185000101616ef6"));
    QVERIFY(notices);
    QCOMPARE(notices->size(), 1);
    QCOMPARE(notices->constFirst().text, QStringLiteral("n"));
    QCOMPARE(notices->constFirst().revision, quint64(0));
    // A welcome of a first host: it has no features.
    wire::Welcome welcome;
    welcome.title = QStringLiteral("t");
    QByteArray bytes = wire::encode(welcome);
    QVERIFY(bytes.endsWith(char(0x80))); // the empty list
    QCOMPARE(bytes.at(0), char(0x8e));   // 14 entries
    bytes.chop(1);
    bytes[0] = char(0x8d);
    const auto first = wire::decode(bytes);
    QVERIFY(first);
    QVERIFY(std::get<wire::Welcome>(*first) == welcome);
}

void TestCodec::entitiesComeBack()
{
    Topology topology;
    randomBoard(topology, 3, 300);
    int seen = 0;
    const auto check = [&](const auto &table) {
        for (const EntityId id : table.ids()) {
            const Entity entity = *topology.entity(id);
            const auto back = wire::decodeEntity(wire::encodeEntity(entity));
            QVERIFY(back);
            QVERIFY(*back == entity);
            ++seen;
        }
    };
    check(topology.devices());
    check(topology.interfaces());
    check(topology.links());
    check(topology.customTypes());
    QVERIFY(seen > 20);
    const auto board = wire::decodeEntity(wire::encodeEntity(topology.board()));
    QVERIFY(board && std::get<BoardInfo>(*board) == topology.board());
}

void TestCodec::unknownFieldsAreSkipped()
{
    // [9, 77, {1: [2, "x"]}, null]: a ping of a later version.
    const QByteArray later = QByteArray::fromHex("84"
                                                 "0a"
                                                 "184d"
                                                 "a1018202"
                                                 "6178"
                                                 "f6");
    const auto message = wire::decode(later);
    QVERIFY(message);
    QVERIFY(std::get<wire::Pong>(*message) == wire::Pong{77});
}

void TestCodec::whatIsMissingIsRefused()
{
    QVERIFY(!wire::decode(QByteArray::fromHex("8109")));     // a ping without its number
    QVERIFY(!wire::decode(QByteArray::fromHex("8209f6")));   // null instead of it
    QVERIFY(!wire::decode(QByteArray::fromHex("820920")));   // -1
    QVERIFY(!wire::decode(QByteArray::fromHex("82186301"))); // no such message
    QVERIFY(!wire::decode(QByteArray::fromHex("9f0901ff"))); // a length that is not known
    QVERIFY(!wire::decode(QByteArray::fromHex("9b7fffffffffffffff09")));
    QVERIFY(!wire::decode({}));
    QVERIFY(!wire::decodeChange({}));
}

void TestCodec::limitsHold()
{
    QVERIFY(!wire::decode(wire::encode(wire::HistoryAsk{1, 0, wire::kMaxPage + 1, {}})));
    QVERIFY(!wire::decode(wire::encode(wire::HistoryAsk{1, 0, 0, {}})));
    QVERIFY(!wire::decode(wire::encode(wire::BoardPiece{1, 2, 3, 1, 1, QByteArray("x"), {}})));
    QVERIFY(!wire::decode(wire::encode(wire::SnapshotEdit{1, 0, QString(2000, u'x'), 0})));
    wire::Hello hello;
    hello.author = QString(2000, u'x');
    QVERIFY(!wire::decode(wire::encode(hello)));
    wire::Presence presence;
    presence.selection = QList<EntityId>(wire::kMaxPresenceIds + 1, 1);
    QVERIFY(!wire::decode(wire::encode(presence)));
    Change change;
    change.edits = {SetFields{1, {{Field::Notes, QString(kMaxTextBytes + 1, u'x'), {}}}}};
    QVERIFY(!wire::decodeChange(wire::encodeChange(change)));
    change.edits = {SetFields{1, {{Field::Position, QPointF(qQNaN(), 0), {}}}}};
    QVERIFY(!wire::decodeChange(wire::encodeChange(change)));
    // Nested far deeper than anything that is sent.
    QVERIFY(!wire::decode(QByteArray("\x83\x09\x01") + QByteArray(100000, '\x81') + '\x01'));
}

void TestCodec::longMessagesAreCutUp()
{
    Change change;
    change.label = QStringLiteral("Import");
    for (int i = 0; i < 300; ++i)
        change.edits.append(SetFields{1, {{Field::Notes, QString(5000, QChar(0x100 + i)), {}}}});
    const wire::Message message = wire::Submit{wire::encodeChange(change)};
    const QByteArray whole = wire::encode(message);
    quint64 counter = 0;
    const QList<QByteArray> frames = wire::toFrames(whole, counter);
    QVERIFY(frames.size() > 5);
    wire::Assembler assembler;
    for (qsizetype i = 0; i < frames.size(); ++i) {
        QVERIFY(frames.at(i).size() <= wire::kMaxFrameBytes);
        // Other messages may come between.
        QVERIFY(*assembler.feed(wire::encode(wire::Ping{1})));
        const auto fed = assembler.feed(frames.at(i));
        QVERIFY(fed);
        QCOMPARE(fed->has_value(), i + 1 == frames.size());
        if (*fed)
            QVERIFY(**fed == message);
    }
    wire::Assembler small(wire::kMaxPartBytes * 2);
    QVERIFY(small.feed(frames.at(0)));
    QVERIFY(small.feed(frames.at(1)));
    const auto tooMuch = small.feed(frames.at(2));
    QVERIFY(!tooMuch);
    QCOMPARE(tooMuch.error().code, Errc::TooLarge);
    wire::Assembler strict;
    QVERIFY(!strict.feed(frames.at(1)));
    wire::Assembler gap;
    QVERIFY(gap.feed(frames.at(0)));
    QVERIFY(!gap.feed(frames.at(2)));
}

void TestCodec::damageIsSurvived()
{
    const quint64 seed = 20240607;
    qInfo("seed %llu", seed);
    Rng rng(seed);
    QList<QByteArray> originals;
    for (const wire::Message &message : everyMessage())
        originals.append(wire::encode(message));
    originals.append(wire::encodeChange(everyChange()));
    originals.append(wire::encodeEdits(everyEdit()));
    int accepted = 0;
    for (int i = 0; i < 60000; ++i) {
        QByteArray bytes = originals.at(rng.below(int(originals.size())));
        if (rng.chance(10)) {
            bytes.resize(rng.below(64));
            for (char &c : bytes)
                c = char(rng.next());
        }
        for (int n = 1 + rng.below(4); n > 0 && !bytes.isEmpty(); --n) {
            const int at = rng.below(int(bytes.size()));
            switch (rng.below(5)) {
            case 0:
                bytes[at] = char(rng.next());
                break;
            case 1:
                bytes.truncate(at);
                break;
            case 2:
                bytes.insert(at, char(rng.next()));
                break;
            case 3:
                bytes.remove(at, 1 + rng.below(8));
                break;
            default:
                bytes[at] = char(bytes[at] ^ (1 << rng.below(8)));
            }
        }
        const auto message = wire::decode(bytes);
        if (message) {
            ++accepted;
            // What was accepted can be said again and means the same.
            const auto again = wire::decode(wire::encode(*message));
            QVERIFY(again);
            QVERIFY(*again == *message);
        }
        (void)wire::decodeChange(bytes);
        (void)wire::decodeCommit(bytes);
        (void)wire::decodeEdits(bytes);
        (void)wire::decodeEntity(bytes);
        (void)wire::decodeWriters(bytes);
        (void)wire::decodeNotices(bytes);
    }
    QVERIFY(accepted > 1000);
}

void TestCodec::snapshotsComeBack()
{
    for (quint64 seed = 1; seed <= 20; ++seed) {
        Topology topology;
        randomBoard(topology, seed, 200);
        for (const auto graves : {wire::Graves::Leave, wire::Graves::Take}) {
            const QByteArray bytes = wire::encodeSnapshot(topology, graves);
            auto contents = wire::decodeSnapshot(bytes);
            QVERIFY(contents);
            Topology copy;
            QVERIFY(copy.load(std::move(*contents)));
            QVERIFY(copy == topology);
            QCOMPARE(copy.digest(), topology.digest());
            for (const EntityId id : topology.devices().ids())
                QVERIFY(copy.writersOf(id) == topology.writersOf(id));
            QCOMPARE(copy.removedEntities().size(),
                     graves == wire::Graves::Take ? topology.removedEntities().size() : 0);
            QCOMPARE(wire::encodeSnapshot(copy, graves), bytes);
        }
    }
}

/// Every row of the field registry has a column.
void TestCodec::snapshotsKeepEveryField()
{
    Topology::Contents contents;
    contents.devices.resize(2);
    contents.devices[0].id = 1;
    contents.devices[0].name = QStringLiteral("holder");
    contents.devices[0].type = QStringLiteral("HOLDER");
    contents.devices[1].id = 2;
    contents.interfaces.resize(1);
    contents.interfaces[0].id = 3;
    contents.links.resize(1);
    contents.links[0].id = 4;
    contents.types.resize(1);
    contents.types[0].id = 5;
    const auto fill = [](auto &entity, EntityKind kind) {
        for (const FieldInfo &info : fieldsOf(kind)) {
            Value value;
            switch (info.type) {
            case ValueType::Text:
                value = QString(QLatin1String(info.key)).toUpper();
                break;
            case ValueType::Flag:
                value = true;
                break;
            case ValueType::Integer:
            case ValueType::Time:
                value = qint64(77);
                break;
            case ValueType::Real:
                value = 1.25;
                break;
            case ValueType::Place:
                value = QPointF(-3.5, 1e9);
                break;
            case ValueType::Enumeration:
                value = qint64(1);
                break;
            case ValueType::Reference:
                value = qint64(info.target == EntityKind::Interface ? 3
                               : info.field == Field::Container     ? 1
                                                                    : 2);
                break;
            }
            setField(entity, info.field, value);
        }
        setField(entity, FieldKey(Field::Property, QStringLiteral("a")), QStringLiteral("b"));
        entity.createdAt = 11;
        entity.updatedAt = 12;
        entity.revision = 13;
        entity.createdRevision = 14;
    };
    fill(contents.board, EntityKind::Board);
    fill(contents.devices[1], EntityKind::Device);
    fill(contents.interfaces[0], EntityKind::Interface);
    fill(contents.links[0], EntityKind::Link);
    fill(contents.types[0], EntityKind::DeviceType);
    contents.types[0].key = QStringLiteral("HOLDER");
    contents.types[0].interfaces = QStringLiteral("eth0 ETHERNET UP");
    Topology topology;
    const auto loaded = topology.load(std::move(contents));
    QVERIFY2(loaded, loaded ? "" : qPrintable(loaded.error().text));
    auto back = wire::decodeSnapshot(wire::encodeSnapshot(topology));
    QVERIFY(back);
    Topology copy;
    QVERIFY(copy.load(std::move(*back)));
    QVERIFY(copy == topology);
    QCOMPARE(copy.digest(), topology.digest());
}

void TestCodec::damagedSnapshotsAreRefused()
{
    Topology topology;
    randomBoard(topology, 5, 200);
    const QByteArray bytes = wire::encodeSnapshot(topology, wire::Graves::Take);
    const quint64 seed = 4711;
    qInfo("seed %llu", seed);
    Rng rng(seed);
    for (int i = 0; i < 3000; ++i) {
        QByteArray damaged = bytes;
        if (rng.chance(50))
            damaged.truncate(rng.below(int(bytes.size())));
        else
            damaged[rng.below(int(bytes.size()))] = char(rng.next());
        auto contents = wire::decodeSnapshot(damaged);
        if (contents) {
            Topology copy;
            (void)copy.load(std::move(*contents));
        }
    }
    QVERIFY(!wire::decodeSnapshot(bytes.chopped(1)));
    QVERIFY(!wire::decodeSnapshot({}));
}

/// The same change is the same bytes in every copy and release: the log's hash is of them.
void TestCodec::valuesAreWrittenAsQtDoes()
{
    QByteArray expected;
    QCborStreamWriter writer(&expected);
    QList<FieldChange> fields;
    writer.startArray(1);
    writer.startArray(3);
    writer.append(1); // SetFields
    writer.append(quint64(7));
    QList<std::function<void()>> rest;
    const auto add = [&](const Value &value, const std::function<void()> &write) {
        fields.append({Field::Notes, value, std::nullopt});
        rest.append(write);
    };
    for (const int bits : {0, 4, 5, 8, 16, 32, 62}) {
        for (const qint64 near : {-2, -1, 0, 1, 2}) {
            for (const qint64 sign : {1, -1}) {
                const qint64 number = sign * ((qint64(1) << bits) + near);
                add(number, [&writer, number] { writer.append(number); });
            }
        }
    }
    for (const qint64 number : {qint64(23), qint64(24), std::numeric_limits<qint64>::min(),
                                std::numeric_limits<qint64>::max()})
        add(number, [&writer, number] { writer.append(number); });
    for (const double real : {0.0, -0.0, 1.5, -1e300, 5e-324})
        add(real, [&writer, real] { writer.append(real); });
    for (const bool flag : {true, false})
        add(flag, [&writer, flag] { writer.append(flag); });
    add(Value(), [&writer] { writer.append(nullptr); });
    for (const qsizetype size : {0, 1, 23, 24, 255, 256, 65535, 65536}) {
        for (const char16_t unit : {u'a', u'\u00fc', u'\u4e2d'}) {
            const QString text(size, QChar(unit));
            add(text, [&writer, text] { writer.append(QStringView(text)); });
        }
    }
    writer.startArray(quint64(fields.size()));
    for (const auto &write : std::as_const(rest)) {
        writer.startArray(3);
        writer.append(quint64(Field::Notes));
        write();
        writer.append(nullptr);
        writer.endArray();
    }
    writer.endArray();
    writer.endArray();
    writer.endArray();
    QCOMPARE(wire::encodeEdits({SetFields{7, fields}}).toHex(), expected.toHex());
}

void TestCodec::hashesAreStable()
{
    // Stored and compared between machines: these numbers never change.
    QCOMPARE(wire::hashBytes({}), wire::hashBytes(QByteArrayView()));
    QVERIFY(wire::hashBytes("a") != wire::hashBytes("b"));
    QVERIFY(wire::hashBytes("a", 1) != wire::hashBytes("a", 2));
    QVERIFY(wire::hashBytes(QByteArray("a\0", 2)) != wire::hashBytes("a"));
    QCOMPARE(wire::hashBytes("patchboard", 7), Q_UINT64_C(15886581776809683265));
}

PATCHBOARD_TEST(TestCodec)
#include "tst_codec.moc"
