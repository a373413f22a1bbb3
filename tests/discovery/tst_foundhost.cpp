#include "discovery/foundhost.h"

#include "tests/support/testmain.h"

#include <QRegularExpression>
#include <QTest>

using namespace patchboard::discovery;

/// What others in the network say of themselves, without a network.
class TestFoundHost : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }
    void namesAreShortPlainLines_data();
    void namesAreShortPlainLines();
    void anAnnouncementIsReadBack();
    void longTitlesFit();
    void nonsenseIsLeftOut();
};

void TestFoundHost::namesAreShortPlainLines_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("shown");
    const auto row = [](const char *name, const QString &text, const QString &shown) {
        QTest::newRow(name) << text << shown;
    };
    row("plain", QStringLiteral("Lab 7"), QStringLiteral("Lab 7"));
    row("lines", QStringLiteral("Lab\n 7\r\t8"), QStringLiteral("Lab 7 8"));
    row("controls", QStringLiteral("La\u0007b\u001b[31m"), QStringLiteral("Lab[31m"));
    row("directions", QStringLiteral("\u202egnp.exe\u2066"), QStringLiteral("gnp.exe"));
    row("markup stays text", QStringLiteral("<b>x</b>"), QStringLiteral("<b>x</b>"));
    row("invisible", QStringLiteral("\u200b\u200d\ufeff"), QString());
    row("lone surrogate", QStringLiteral("a") + QChar(0xd83d) + u'b', QStringLiteral("ab"));
    row("emoji", QStringLiteral("a\U0001F600b"), QStringLiteral("a\U0001F600b"));
    row("long", QString(5000, u'x'), QString(kMostNameLength - 1, u'x') + QChar(0x2026));
    row("umlauts", QStringLiteral("Prüfstand Süd"), QStringLiteral("Prüfstand Süd"));
}

void TestFoundHost::namesAreShortPlainLines()
{
    QFETCH(QString, text);
    QFETCH(QString, shown);
    QCOMPARE(shownName(text), shown);
}

void TestFoundHost::anAnnouncementIsReadBack()
{
    Announcement told{QStringLiteral("Prüfstand"),
                      QStringLiteral("0f3b-77"),
                      QHostAddress(QStringLiteral("192.0.2.4")),
                      5001,
                      true,
                      true};
    FoundHost host = hostFrom(QStringLiteral("service"), QStringLiteral("lab.local"), told.address,
                              told.port, txtOf(told));
    QCOMPARE(host.board, told.board);
    QCOMPARE(host.machine, QStringLiteral("lab"));
    QCOMPARE(host.id, told.id);
    QCOMPARE(host.version, QStringLiteral(PATCHBOARD_VERSION));
    QCOMPARE(host.url(), QUrl(QStringLiteral("wss://192.0.2.4:5001")));
    QVERIFY(host.encrypted && host.needsToken);

    told.encrypted = told.needsToken = false;
    host = hostFrom({}, {}, QHostAddress(QStringLiteral("2001:db8::7")), 7000, txtOf(told));
    QVERIFY(!host.encrypted && !host.needsToken);
    QCOMPARE(host.url(), QUrl(QStringLiteral("ws://[2001:db8::7]:7000")));
    QCOMPARE(host.place(), QStringLiteral("[2001:db8::7]:7000"));
}

void TestFoundHost::longTitlesFit()
{
    // RFC 6763: 255 bytes for a text, 63 for a name; no character is cut in two.
    for (const QString &letter : {QStringLiteral("x"), QStringLiteral("ü"), QStringLiteral("€"),
                                  QStringLiteral("\U0001F600")}) {
        Announcement told;
        told.board = letter.repeated(1000);
        for (const QByteArray &text : txtOf(told)) {
            QVERIFY(text.size() <= 255);
            QVERIFY(!QString::fromUtf8(text).contains(QChar::ReplacementCharacter));
        }
        const QByteArray name = serviceNameOf(told).toUtf8();
        QVERIFY2(name.size() <= 63, name.constData());
        QVERIFY(!QString::fromUtf8(name).contains(QChar::ReplacementCharacter));
        QVERIFY(name.contains(" @ "));
    }
}

void TestFoundHost::nonsenseIsLeftOut()
{
    const QByteArrayList txt{
        "board=\xff\xfe", "BOARD=second", "id=../../etc", "version=1.0 <b>",     "tls=yes",
        "token",          "=x",           QByteArray(),   "address=203.0.113.9", "port=1"};
    const FoundHost host =
        hostFrom(QStringLiteral("Service\n1"), QStringLiteral("evil\u202e.local"),
                 QHostAddress(QStringLiteral("192.0.2.4")), 5001, txt);
    QVERIFY(!host.board.contains(QStringLiteral("second")));
    QVERIFY(host.id.isEmpty());
    QVERIFY(host.version.isEmpty());
    QVERIFY(!host.encrypted && !host.needsToken);
    QCOMPARE(host.machine, QStringLiteral("evil"));
    QCOMPARE(host.url(), QUrl(QStringLiteral("ws://192.0.2.4:5001")));
    QCOMPARE(hostFrom(QStringLiteral("Service\n1"), {}, {}, 1, {}).board,
             QStringLiteral("Service 1"));
    // No more of them are looked at than a host has reason to send.
    QByteArrayList many(10000, QByteArrayLiteral("a=b"));
    many.append(QByteArrayLiteral("board=late"));
    QCOMPARE(hostFrom(QStringLiteral("s"), {}, {}, 1, many).board, QStringLiteral("s"));
}

PATCHBOARD_TEST(TestFoundHost)
#include "tst_foundhost.moc"
