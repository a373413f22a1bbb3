#include "tests/support/testmain.h"
#include "tests/ui/windowfixture.h"

#include "ui/dialogs/connectdialog.h"
#include "ui/panels/hostlist.h"

#include <QLineEdit>
#include <QListWidget>
#include <QPushButton>
#include <QTimer>

using namespace patchboard;
using namespace patchboard::ui;
using discovery::FoundHost;
using State = discovery::HostBrowser::State;

namespace {

FoundHost foundHost(const char *board, quint16 port, bool needsToken)
{
    FoundHost host;
    host.board = QString::fromUtf8(board);
    host.machine = QStringLiteral("labhost");
    host.address = QHostAddress(QStringLiteral("192.0.2.4"));
    host.port = port;
    host.needsToken = needsToken;
    return host;
}

QStringList rowsOf(const QListWidget *list)
{
    QStringList out;
    for (int row = 0; row < list->count(); ++row)
        out.append(list->item(row)->text());
    return out;
}

} // namespace

/// Hosts of the network where people see them.
class TestHostList : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { failOnWarnings(); }
    void theStartPageListsThem();
    void itSaysWhyThereAreNone();
    void wordsAreNotCut();
    void textsAreNotMarkup();
    void nobodyLooksWhileNobodySees();
    void theDialogOffersThem();
};

void TestHostList::theStartPageListsThem()
{
    WindowFixture f{QString()};
    auto *list = f.find<QListWidget>("hostList");
    auto *words = f.find<QLabel>("hostListWords");
    QVERIFY(words->isVisible());
    f.boards.setFound({State::Watching, {}, {foundHost("Prüfstand", 5001, true)}});
    QVERIFY(list->isVisible());
    QVERIFY(!words->isVisible());
    QCOMPARE(rowsOf(list),
             QStringList{QStringLiteral("Prüfstand\nlabhost · 192.0.2.4:5001 · needs a token")});
    // Others come and go around it; what is chosen stays chosen.
    list->setCurrentRow(0);
    f.boards.setFound({State::Watching,
                       {},
                       {foundHost("Prüfstand", 5001, true), foundHost("Attic", 5002, false)}});
    QCOMPARE(rowsOf(list),
             (QStringList{QStringLiteral("Attic\nlabhost · 192.0.2.4:5002"),
                          QStringLiteral("Prüfstand\nlabhost · 192.0.2.4:5001 · needs a token")}));
    QCOMPARE(list->currentRow(), 1);
    f.boards.setFound({State::Watching, {}, {foundHost("Attic", 5002, false)}});
    QCOMPARE(list->count(), 1);
    QTest::mouseClick(list->viewport(), Qt::LeftButton, {},
                      list->visualItemRect(list->item(0)).center());
    QVERIFY(f.window->board());
    QCOMPARE(f.window->board()->location(), QStringLiteral("ws://192.0.2.4:5002"));
}

void TestHostList::itSaysWhyThereAreNone()
{
    WindowFixture f{QString()};
    auto *words = f.find<QLabel>("hostListWords");
    f.boards.setFound({State::Searching, {}, {}});
    QCOMPARE(words->text(), QStringLiteral("Looking for hosts in this network…"));
    f.boards.setFound({State::Watching, {}, {}});
    QCOMPARE(words->text(), QStringLiteral("There are no hosts in this network at the moment."));
    f.boards.setFound({State::Unavailable, QStringLiteral("The Avahi daemon has ended"), {}});
    QCOMPARE(words->text(), QStringLiteral("Hosts in this network cannot be found: "
                                           "The Avahi daemon has ended."));
    QVERIFY(words->isVisible());
}

void TestHostList::wordsAreNotCut()
{
    WindowFixture f;
    f.boards.setFound({State::Unavailable,
                       QStringLiteral("There is no system message bus (D-Bus) on this computer"),
                       {}});
    int height = 0;
    int wanted = 0;
    QTimer::singleShot(0, f.window, [&] {
        auto *dialog = f.find<ConnectDialog>("connectDialog");
        const auto *words = dialog->findChild<QLabel *>(QStringLiteral("hostListWords"));
        QCoreApplication::processEvents(); // the layout
        height = words->isVisible() ? words->height() : 0;
        wanted = words->heightForWidth(words->width());
        dialog->reject();
    });
    f.action("file.connect")->trigger();
    QVERIFY(wanted > 0);
    QVERIFY2(height >= wanted, qPrintable(QStringLiteral("%1 of %2").arg(height).arg(wanted)));
}

void TestHostList::textsAreNotMarkup()
{
    WindowFixture f{QString()};
    f.boards.setFound({State::Watching, {}, {foundHost("<b>Bold</b>", 5001, false)}});
    const auto *list = f.find<QListWidget>("hostList");
    QVERIFY(rowsOf(list).first().startsWith(QStringLiteral("<b>Bold</b>\n")));
    // Tooltips guess; there is none to guess about.
    QVERIFY(list->item(0)->toolTip().isEmpty());
}

void TestHostList::nobodyLooksWhileNobodySees()
{
    WindowFixture f{QString()};
    QCOMPARE(f.boards.browsers.size(), 1);
    QVERIFY(f.boards.browsers.first());
    f.window->openLocation(QStringLiteral("/tmp/demo.board"));
    QVERIFY(f.window->board());
    QVERIFY(!f.boards.browsers.first());
    WindowFixture g;
    QVERIFY(g.boards.browsers.isEmpty());
}

void TestHostList::theDialogOffersThem()
{
    WindowFixture f;
    f.boards.setFound({State::Watching, {}, {foundHost("Lab", 5001, false)}});
    (void)f.windows.open(QStringLiteral("ws://198.51.100.1:7000"));
    bool seen = false;
    QTimer::singleShot(0, f.window, [&] {
        auto *dialog = f.find<ConnectDialog>("connectDialog");
        auto *address = dialog->findChild<QLineEdit *>(QStringLiteral("connectAddress"));
        auto *accept = dialog->findChild<QPushButton *>(QStringLiteral("connectAccept"));
        auto *hosts = dialog->findChild<QListWidget *>(QStringLiteral("hostList"));
        auto *recent = dialog->findChild<QListWidget *>(QStringLiteral("connectRecent"));
        QCOMPARE(address->text(), QStringLiteral("ws://localhost:5001"));
        QCOMPARE(rowsOf(recent), QStringList{QStringLiteral("ws://198.51.100.1:7000")});
        QTest::mouseClick(recent->viewport(), Qt::LeftButton, {},
                          recent->visualItemRect(recent->item(0)).center());
        QCOMPARE(address->text(), QStringLiteral("ws://198.51.100.1:7000"));
        QTest::mouseClick(hosts->viewport(), Qt::LeftButton, {},
                          hosts->visualItemRect(hosts->item(0)).center());
        QCOMPARE(address->text(), QStringLiteral("ws://192.0.2.4:5001"));
        address->clear();
        QVERIFY(!accept->isEnabled());
        QTest::keyClicks(address, QStringLiteral("ws://192.0.2.9:5001"));
        seen = true;
        QTest::mouseClick(accept, Qt::LeftButton);
    });
    f.action("file.connect")->trigger();
    QVERIFY(seen);
    QCOMPARE(f.windows.windows().size(), 2);
    QCOMPARE(f.windows.windows().last()->board()->location(),
             QStringLiteral("ws://192.0.2.9:5001"));
    QCOMPARE(f.windows.recent().first(), QStringLiteral("ws://192.0.2.9:5001"));
}

PATCHBOARD_TEST(TestHostList)
#include "tst_hostlist.moc"
