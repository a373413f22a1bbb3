#include "model/formats/registry.h"
#include "tests/support/memorysession.h"
#include "tests/support/testmain.h"
#include "ui/commands/clipboard.h"
#include "ui/commands/undostack.h"

#include <QCborMap>
#include <QRegularExpression>
#include <QTest>

using namespace patchboard;
using namespace patchboard::ui;

class TestClipboard : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init()
    {
        QTest::failOnWarning(QRegularExpression(QStringLiteral(".*")));
        m_session = std::make_unique<MemorySession>();
        m_session->loadDemo();
    }

    void pastesWithLinksAndNewNames();
    void keepsNamesOnAnotherBoard();
    void keepsContainersAndContents();
    void bringsTheBoardsOwnTypes();
    void refusesWhatIsNoCopy();
    void writesContainerlab();

private:
    const Topology &topology() const { return m_session->topology(); }
    EntityId device(const char *name) const
    {
        return topology().deviceByName(QString::fromLatin1(name));
    }
    clipboard::Pasted paste(MemorySession &into, const QByteArray &bytes,
                            const clipboard::PasteOptions &options)
    {
        const auto pasted = clipboard::unpack(
            into.topology(), bytes, [&into] { return into.newId(); }, options);
        if (!pasted) {
            QTest::qFail(qPrintable(pasted.error().text), __FILE__, __LINE__);
            return {};
        }
        const auto done = into.submit(pasted->edits, QStringLiteral("Paste"));
        if (!done)
            QTest::qFail(qPrintable(done.error().text), __FILE__, __LINE__);
        return *pasted;
    }

    std::unique_ptr<MemorySession> m_session;
};

void TestClipboard::pastesWithLinksAndNewNames()
{
    const QByteArray bytes =
        clipboard::pack(topology(), {device("OLT1"), device("ONT1"), device("ONT2")});
    QVERIFY(!bytes.isEmpty());
    clipboard::PasteOptions options;
    options.centre = QPointF(1000, 1000);
    const auto pasted = paste(*m_session, bytes, options);
    QCOMPARE(pasted.deviceCount, 3);
    QCOMPARE(topology().devices().size(), 13);
    QCOMPARE(topology().links().size(), 10); // the two inside, not the one to EdgeRouter1
    const EntityId olt = device("OLT2");
    QVERIFY(olt != 0);
    QVERIFY(device("ONT5") != 0 && device("ONT6") != 0);
    QCOMPARE(topology().linksOfDevice(olt).size(), 2);
    QCOMPARE(topology().interfacesOf(olt).size(), 6);
    QCOMPARE(topology().device(olt)->optics->txPowerDbm, std::optional(5.0));
    QRectF bounds(topology().device(olt)->position, QSizeF(0, 0));
    QCOMPARE(topology().device(olt)->position.y(), 950.0); // 300..400 around 1000
    QVERIFY(pasted.devices.contains(olt));
}

void TestClipboard::keepsNamesOnAnotherBoard()
{
    MemorySession other;
    const QByteArray bytes =
        clipboard::pack(topology(), {device("CoreRouter1"), device("EdgeRouter1")});
    clipboard::PasteOptions options;
    options.offset = {10, 0};
    paste(other, bytes, options);
    const EntityId core = other.topology().deviceByName(QStringLiteral("CoreRouter1"));
    QVERIFY(core != 0);
    QCOMPARE(other.topology().device(core)->position, QPointF(110, 100));
    QCOMPARE(other.topology().links().size(), 1);
}

void TestClipboard::keepsContainersAndContents()
{
    const auto newId = [this] { return m_session->newId(); };
    EntityId pop = 0;
    QList<Edit> edits = edits::createDevice(
        topology(), {QStringLiteral("POP-1"), QStringLiteral("POP"), {200, 300}, 0, true}, newId,
        &pop);
    for (const char *name : {"OLT1", "ONT1"})
        edits.append(edits::setField(device(name), Field::Container, qint64(pop)));
    QVERIFY(m_session->submit(edits, QString()));

    // The container brings its contents; named before or after them makes no difference.
    for (const QList<EntityId> &ids :
         {QList<EntityId>{pop}, QList<EntityId>{device("OLT1"), pop}}) {
        MemorySession other;
        const auto pasted = paste(other, clipboard::pack(topology(), ids), {});
        QCOMPARE(pasted.devices.size(), 1);
        const EntityId copy = other.topology().deviceByName(QStringLiteral("POP-1"));
        QCOMPARE(other.topology().childrenOf(copy).size(), size_t(2));
        QCOMPARE(other.topology().links().size(), 1);
    }
    // One of its devices alone: out of it on another board, in it when duplicated here.
    MemorySession other;
    const QByteArray one = clipboard::pack(topology(), {device("ONT1")});
    paste(other, one, {});
    QCOMPARE(
        other.topology().device(other.topology().deviceByName(QStringLiteral("ONT1")))->container,
        EntityId(0));
    clipboard::PasteOptions here;
    here.sameBoard = true;
    paste(*m_session, one, here);
    QCOMPARE(topology().device(device("ONT5"))->container, pop);
}

void TestClipboard::bringsTheBoardsOwnTypes()
{
    const EntityId type = m_session->newId();
    QVERIFY(m_session->submit(
        {CreateEntity{EntityKind::DeviceType,
                      type,
                      {{Field::TypeKey, QStringLiteral("MUX")},
                       {Field::Label, QStringLiteral("Mux")},
                       {Field::TypeIcon, QStringLiteral("splitter")}}},
         edits::setField(device("ONT1"), Field::DeviceType, QStringLiteral("MUX"))},
        QString()));
    MemorySession other;
    paste(other, clipboard::pack(topology(), {device("ONT1")}), {});
    QVERIFY(other.topology().knowsType(QStringLiteral("MUX")));
    // A second time it is there already.
    paste(other, clipboard::pack(topology(), {device("ONT1")}), {});
    QCOMPARE(other.topology().customTypes().size(), 1);
}

void TestClipboard::refusesWhatIsNoCopy()
{
    const auto newId = [this] { return m_session->newId(); };
    const QByteArray good = clipboard::pack(topology(), {device("OLT1"), device("ONT1")});
    QVERIFY(clipboard::pack(topology(), {}).isEmpty());
    QVERIFY(!clipboard::unpack(topology(), {}, newId, {}));
    QVERIFY(!clipboard::unpack(topology(), "hello", newId, {}));
    for (qsizetype length = 0; length < good.size(); length += 7)
        QVERIFY(!clipboard::unpack(topology(), good.left(length), newId, {}));
    // Whatever single byte is wrong: an error, or edits that the board itself judges; no crash.
    for (qsizetype at = 0; at < good.size(); ++at) {
        QByteArray bad = good;
        bad[at] = char(bad[at] ^ 0x5a);
        if (const auto pasted = clipboard::unpack(topology(), bad, newId, {})) {
            Change change;
            change.site = 1;
            change.edits = pasted->edits;
            Topology scratch;
            (void)scratch.check(change);
        }
    }
}

void TestClipboard::writesContainerlab()
{
    const QString text =
        clipboard::containerlabText(topology(), {device("OLT1"), device("ONT1"), device("ONT2")});
    const auto read = formats::Registry().read(text.toUtf8(), {}, QStringLiteral("containerlab"));
    QVERIFY2(read, read ? "" : qPrintable(read.error().text));
    QCOMPARE(read.document().nodes.size(), 3);
    QCOMPARE(read.document().links.size(), 2);
    QVERIFY(read.document().nodes.first().position.has_value());
}

PATCHBOARD_TEST(TestClipboard)
#include "tst_clipboard.moc"
