#include "tests/live/warnings.h"
#include "tests/support/boardservice.h"
#include "tests/support/hostprocess.h"
#include "tests/support/testmain.h"

#include "ui/actions/theme.h"
#include "ui/dialogs/overridedialog.h"
#include "ui/mainwindow/mainwindow.h"
#include "ui/scene/canvasview.h"

#include <QApplication>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLineEdit>
#include <QTemporaryDir>
#include <QTimer>
#include <QTreeWidget>

using namespace patchboard;

namespace {

constexpr int kChromiumStartMs = 60'000;
constexpr int kReturnMs = 30'000;

/// watch.mjs: a page of another origin in Chromium, with socket.io-client, and what it hears.
class WatchedPage
{
public:
    struct Report
    {
        QString event;
        QJsonObject body;
        QStringList devices; ///< what stands in the page after it
        QStringList links;
    };

    ~WatchedPage()
    {
        m_process.closeWriteChannel(); // it takes Chromium with it
        if (m_process.state() != QProcess::NotRunning && !m_process.waitForFinished())
            m_process.kill();
    }
    /// The origin of the page; empty if there will be none.
    QString start()
    {
        QObject::connect(&m_process, &QProcess::readyReadStandardOutput, &m_process, [this] {
            while (m_process.canReadLine())
                take(QJsonDocument::fromJson(m_process.readLine()).object());
        });
        m_process.setProcessChannelMode(QProcess::ForwardedErrorChannel);
        m_process.start(QStringLiteral("node"),
                        {QStringLiteral(PATCHBOARD_TEST_DATA "/../clients/watch.mjs")});
        (void)QTest::qWaitFor([this] { return !m_origin.isEmpty(); }, kChromiumStartMs);
        return m_origin;
    }
    void open(const HostProcess &host)
    {
        m_process.write("http://127.0.0.1:" + QByteArray::number(host.port()) + '\n');
    }
    /// Ends it: its exit code.
    int end()
    {
        m_process.closeWriteChannel();
        return m_process.waitForFinished() && m_process.exitStatus() == QProcess::NormalExit
                   ? m_process.exitCode()
                   : -1;
    }

    QList<Report> heard; ///< since it was cleared
    QStringList errors;  ///< of the page, when it has ended

    [[nodiscard]] QStringList names() const
    {
        QStringList out;
        for (const Report &report : heard)
            out.append(report.event);
        return out;
    }

private:
    static QStringList texts(const QJsonValue &array)
    {
        QStringList out;
        for (const QJsonValue each : array.toArray())
            out.append(each.toString());
        return out;
    }
    void take(const QJsonObject &said)
    {
        if (said.contains(u"origin")) {
            m_origin = said.value(u"origin").toString();
        } else if (said.contains(u"errors")) {
            errors = texts(said.value(u"errors"));
        } else {
            heard.append({said.value(u"event").toString(), said.value(u"body").toObject(),
                          texts(said.value(u"devices")), texts(said.value(u"links"))});
        }
    }

    QProcess m_process;
    QString m_origin;
};

} // namespace

/// A person at a window, by mouse and keys; a real host; and a web page as there was before, which
/// hears of everything. One after the other on one board.
class TestPageAndWindow : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void init() { failOnWarnings(); }
    void whatIsMadeAppears();
    void aLinkAppears();
    void aDragIsHeardOnce();
    void aNameIsTyped();
    void overridesComeAndGo();
    void anInterfaceComesAndGoes();
    void whatIsDeletedGoes();
    void theHostDiesAndComesBack();
    void cleanupTestCase();

private:
    /// Waits until the page has heard these events, and no others before them.
    bool hears(const QStringList &events)
    {
        const bool all = QTest::qWaitFor([&] { return m_page.heard.size() >= events.size(); });
        if (all && m_page.names() == events)
            return true;
        qInfo("heard: %s", qPrintable(m_page.names().join(u' ')));
        return false;
    }
    [[nodiscard]] const WatchedPage::Report &last() const { return m_page.heard.last(); }
    [[nodiscard]] const Topology &board() const { return m_window->board()->session().topology(); }
    [[nodiscard]] QWidget *surface() const { return m_window->canvas()->viewport(); }
    [[nodiscard]] QPoint at(EntityId device) const
    {
        return m_window->canvas()->fromScene(board().device(device)->position).toPoint();
    }
    void click(EntityId device) const
    {
        QTest::mouseClick(surface(), Qt::LeftButton, {}, at(device));
    }
    void drag(QPoint from, QPoint to) const
    {
        QTest::mousePress(surface(), Qt::LeftButton, {}, from);
        for (int step = 1; step <= 4; ++step)
            QTest::mouseMove(surface(), from + (to - from) * step / 4);
        QTest::mouseRelease(surface(), Qt::LeftButton, {}, to);
    }
    void linkByDragging()
    {
        QTest::keyClick(m_window->canvas(), Qt::Key_L);
        drag(at(m_first), at(m_second));
        QTest::keyClick(m_window->canvas(), Qt::Key_Escape);
    }
    /// A command by its keys, and its dialog, whose reason is typed.
    void overrideByKeys(Qt::Key key, const QString &reason) const
    {
        QTimer::singleShot(0, m_window, [reason] {
            auto *dialog = qobject_cast<ui::OverrideDialog *>(QApplication::activeModalWidget());
            QVERIFY(dialog);
            QTest::keyClicks(dialog->findChild<QLineEdit *>(QStringLiteral("overrideReason")),
                             reason);
            QTest::keyClick(dialog, Qt::Key_Return);
        });
        QTest::keyClick(m_window, key, Qt::ControlModifier | Qt::AltModifier);
        // There is no window manager to give the keyboard back.
        m_window->activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(m_window));
    }

    QTemporaryDir m_dir;
    WatchedPage m_page;
    std::unique_ptr<HostProcess> m_host;
    QStringList m_options;
    std::unique_ptr<TestBoardService> m_service;
    std::unique_ptr<ui::Theme> m_theme;
    std::unique_ptr<ui::Windows> m_windows;
    QPointer<ui::MainWindow> m_window;
    EntityId m_first = 0;
    EntityId m_second = 0;
};

void TestPageAndWindow::initTestCase()
{
    const QString origin = m_page.start();
    QVERIFY(!origin.isEmpty());
    m_options = {QStringLiteral("--cors-origin"), origin};
    m_host = std::make_unique<HostProcess>(m_dir.filePath(QStringLiteral("a.board")));
    QVERIFY(m_host->start(m_options));
    m_page.open(*m_host);

    m_service = std::make_unique<TestBoardService>(QStringLiteral("Ana"),
                                                   m_dir.filePath(QStringLiteral("ana")));
    m_theme = std::make_unique<ui::Theme>();
    m_windows = std::make_unique<ui::Windows>(*m_service, *m_theme);
    m_window = m_windows->openWindow(nullptr);
    m_window->resize(1360, 860);
    m_window->show();
    m_window->activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(m_window));
    QVERIFY(m_window->openLocation(m_host->url().toString()));
    QTRY_COMPARE(m_window->board()->session().status().state, ConnectionState::Live);

    QTRY_COMPARE_WITH_TIMEOUT(m_page.names(), QStringList{QStringLiteral("connect")},
                              kChromiumStartMs);
    QCOMPARE(last().body.value(u"transport").toString(), QStringLiteral("websocket"));
}

void TestPageAndWindow::whatIsMadeAppears()
{
    // A click on a type and one on the canvas.
    m_page.heard.clear();
    auto *tree = m_window->findChild<QTreeWidget *>(QStringLiteral("typeTree"));
    const auto items = tree->findItems(QStringLiteral("Router"), Qt::MatchRecursive);
    QVERIFY(!items.isEmpty());
    tree->scrollToItem(items.first());
    QTest::mouseClick(tree->viewport(), Qt::LeftButton, {},
                      tree->visualItemRect(items.first()).center());
    QTest::mouseClick(surface(), Qt::LeftButton, {}, {200, 150});
    QCOMPARE(board().devices().size(), 1);
    m_first = board().devices().ids().first();
    const auto ports = [this](EntityId device) {
        return QStringList(qsizetype(board().interfacesOf(device).size()),
                           QStringLiteral("interface:created"));
    };
    QVERIFY(!ports(m_first).isEmpty());
    QVERIFY(hears(QStringList{QStringLiteral("device:created")} + ports(m_first)));
    const QJsonObject device = m_page.heard.first().body;
    const Device *made = board().device(m_first);
    QCOMPARE(device.value(u"id").toInteger(), qint64(m_first));
    QCOMPARE(device.value(u"name").toString(), made->name);
    QCOMPARE(device.value(u"device_type").toString(), QStringLiteral("ROUTER"));
    QCOMPARE(QPointF(device.value(u"x").toDouble(), device.value(u"y").toDouble()), made->position);
    QCOMPARE(last().body.value(u"device_id").toInteger(), qint64(m_first));
    QCOMPARE(last().devices, QStringList{made->name + QStringLiteral(" DOWN")});

    // And by keys, as far as they go.
    m_page.heard.clear();
    QTest::keyClick(m_window, Qt::Key_T, Qt::ControlModifier);
    auto *search = qobject_cast<QLineEdit *>(m_window->focusWidget());
    QVERIFY(search);
    QTest::keyClicks(search, QStringLiteral("firew"));
    QTest::keyClick(search, Qt::Key_Return);
    QTest::mouseClick(surface(), Qt::LeftButton, {}, {500, 350});
    QCOMPARE(board().devices().size(), 2);
    m_second = board().deviceByName(QStringLiteral("firewall-1"));
    QVERIFY(m_second != 0);
    QVERIFY(hears(QStringList{QStringLiteral("device:created")} + ports(m_second)));
    QCOMPARE(last().devices.value(1), QStringLiteral("firewall-1 DOWN"));
}

void TestPageAndWindow::aLinkAppears()
{
    m_page.heard.clear();
    linkByDragging();
    QCOMPARE(board().links().size(), 1);
    QVERIFY(hears({QStringLiteral("link:created")}));
    const EntityId id = board().links().ids().first();
    const Link *link = board().link(id);
    QCOMPARE(last().body.value(u"id").toInteger(), qint64(id));
    QCOMPARE(last().body.value(u"a_interface_id").toInteger(), qint64(link->a));
    QCOMPARE(last().body.value(u"b_interface_id").toInteger(), qint64(link->b));
    QCOMPARE(last().links,
             QStringList{QStringLiteral("%1.%2 – firewall-1.%3")
                             .arg(board().device(m_first)->name, board().interface(link->a)->name,
                                  board().interface(link->b)->name)});
}

/// Under a name that the old page does not know; and what is shown to others while it lasts is no
/// event.
void TestPageAndWindow::aDragIsHeardOnce()
{
    m_page.heard.clear();
    const QPointF before = board().device(m_first)->position;
    drag(at(m_first), at(m_first) + QPoint(90, 120));
    const QPointF now = board().device(m_first)->position;
    QVERIFY(now != before);
    QVERIFY(hears({QStringLiteral("device:moved")}));
    QCOMPARE(last().body, (QJsonObject{{QStringLiteral("id"), qint64(m_first)},
                                       {QStringLiteral("x"), now.x()},
                                       {QStringLiteral("y"), now.y()}}));
}

void TestPageAndWindow::aNameIsTyped()
{
    m_page.heard.clear();
    click(m_first);
    QTest::keyClick(m_window->canvas(), Qt::Key_F2);
    auto *editor = surface()->findChild<QLineEdit *>();
    QVERIFY(editor);
    QTest::keyClicks(editor, QStringLiteral("Lab <1>"));
    QTest::keyClick(editor, Qt::Key_Return);
    QCOMPARE(board().device(m_first)->name, QStringLiteral("Lab <1>"));
    QVERIFY(hears({QStringLiteral("device:updated")}));
    QCOMPARE(last().body.value(u"name").toString(), QStringLiteral("Lab <1>"));
    QCOMPARE(last().devices.value(0), QStringLiteral("Lab <1> DOWN"));
}

void TestPageAndWindow::overridesComeAndGo()
{
    m_page.heard.clear();
    click(m_first);
    overrideByKeys(Qt::Key_U, QStringLiteral("in the lab"));
    QVERIFY(hears({QStringLiteral("device:updated")}));
    QCOMPARE(last().body.value(u"status_override").toString(), QStringLiteral("UP"));
    QCOMPARE(last().body.value(u"override_reason").toString(), QStringLiteral("in the lab"));
    QCOMPARE(last().body.value(u"status").toString(), QStringLiteral("DOWN"));
    QCOMPARE(last().body.value(u"effective_status").toString(), QStringLiteral("UP"));
    QCOMPARE(last().devices.value(0), QStringLiteral("Lab <1> UP: in the lab"));

    m_page.heard.clear();
    QTest::keyClick(m_window, Qt::Key_C, Qt::ControlModifier | Qt::AltModifier);
    QVERIFY(hears({QStringLiteral("device:updated")}));
    QVERIFY(last().body.value(u"status_override").isNull());
    QCOMPARE(last().devices.value(0), QStringLiteral("Lab <1> DOWN"));

    // A link's.
    m_page.heard.clear();
    QTest::mouseClick(surface(), Qt::LeftButton, {}, (at(m_first) + at(m_second)) / 2);
    overrideByKeys(Qt::Key_D, QStringLiteral("cut"));
    QVERIFY(hears({QStringLiteral("link:updated")}));
    QCOMPARE(last().body.value(u"status_override").toString(), QStringLiteral("DOWN"));
}

void TestPageAndWindow::anInterfaceComesAndGoes()
{
    m_page.heard.clear();
    click(m_first);
    const size_t before = board().interfacesOf(m_first).size();
    QTest::keyClick(m_window, Qt::Key_I, Qt::ControlModifier | Qt::ShiftModifier);
    QCOMPARE(board().interfacesOf(m_first).size(), before + 1);
    QVERIFY(hears({QStringLiteral("interface:created")}));
    const QJsonValue id = last().body.value(u"id");
    QVERIFY(board().contains(EntityId(id.toInteger())));
    m_page.heard.clear();
    QTest::keyClick(m_window, Qt::Key_Z, Qt::ControlModifier);
    QVERIFY(hears({QStringLiteral("interface:deleted")}));
    QCOMPARE(last().body, (QJsonObject{{QStringLiteral("id"), id}}));
}

void TestPageAndWindow::whatIsDeletedGoes()
{
    m_page.heard.clear();
    const EntityId link = board().links().ids().first();
    QTest::mouseClick(surface(), Qt::LeftButton, {}, (at(m_first) + at(m_second)) / 2);
    QTest::keyClick(m_window, Qt::Key_Delete);
    QVERIFY(board().links().size() == 0);
    QVERIFY(hears({QStringLiteral("link:deleted")}));
    QCOMPARE(last().body, (QJsonObject{{QStringLiteral("id"), qint64(link)}}));
    QCOMPARE(last().links, QStringList());

    // A device takes what hangs on it along, and brings it back.
    linkByDragging();
    QCOMPARE(board().links().size(), 1);
    QVERIFY(hears({QStringLiteral("link:deleted"), QStringLiteral("link:created")}));
    const auto ports = qsizetype(board().interfacesOf(m_first).size());
    m_page.heard.clear();
    click(m_first);
    QTest::keyClick(m_window, Qt::Key_Delete);
    QVERIFY(!board().device(m_first));
    QVERIFY(hears(QStringList{QStringLiteral("link:deleted")} +
                  QStringList(ports, QStringLiteral("interface:deleted")) +
                  QStringList{QStringLiteral("device:deleted")}));
    QCOMPARE(last().body, (QJsonObject{{QStringLiteral("id"), qint64(m_first)}}));
    QCOMPARE(last().devices, QStringList{QStringLiteral("firewall-1 DOWN")});

    m_page.heard.clear();
    QTest::keyClick(m_window, Qt::Key_Z, Qt::ControlModifier);
    QVERIFY(board().device(m_first));
    QVERIFY(hears(QStringList{QStringLiteral("device:created")} +
                  QStringList(ports, QStringLiteral("interface:created")) +
                  QStringList{QStringLiteral("link:created")}));
    QCOMPARE(m_page.heard.first().body.value(u"name").toString(), QStringLiteral("Lab <1>"));
    QCOMPARE(last().links.size(), 1);
}

/// Nobody touches the page.
void TestPageAndWindow::theHostDiesAndComesBack()
{
    m_page.heard.clear();
    m_host->kill();
    QVERIFY(hears({QStringLiteral("disconnect")}));
    QTRY_VERIFY(m_window->board()->session().status().state != ConnectionState::Live);
    QVERIFY(m_host->start(m_options));
    QTRY_COMPARE_WITH_TIMEOUT(m_page.names().value(1), QStringLiteral("connect"), kReturnMs);
    QTRY_COMPARE_WITH_TIMEOUT(m_window->board()->session().status().state, ConnectionState::Live,
                              kReturnMs);
    m_page.heard.clear();
    click(m_second);
    overrideByKeys(Qt::Key_G, QStringLiteral("since the restart"));
    QVERIFY(hears({QStringLiteral("device:updated")}));
    QCOMPARE(last().devices.value(0), QStringLiteral("firewall-1 DEGRADED: since the restart"));
}

void TestPageAndWindow::cleanupTestCase()
{
    delete m_window;
    QCOMPARE(m_page.end(), 0);
    // While the host was away, it was not there; nothing else was wrong.
    for (const QString &error : std::as_const(m_page.errors))
        QVERIFY2(error.contains(QLatin1String("ERR_CONNECTION_REFUSED")), qPrintable(error));
    QCOMPARE(m_host->terminate(), 0);
}

PATCHBOARD_TEST(TestPageAndWindow)
#include "tst_pageandwindow.moc"
