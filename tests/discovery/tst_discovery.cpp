#include "tests/support/avahi.h"
#include "tests/support/hostprocess.h"
#include "tests/support/testmain.h"

#include "app/desktop/boards.h"
#include "discovery/hostannouncer.h"
#include "discovery/hostbrowser.h"
#include "model/core/edits.h"
#include "model/sync/syncclient.h"
#include "model/sync/websockettransport.h"

#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusObjectPath>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>

using namespace patchboard;
using namespace patchboard::discovery;
using State = HostBrowser::State;

namespace {

constexpr int kPatience = 30'000; ///< ms: others build on this machine

/// A service that somebody else writes as they like, until it goes.
class RawService
{
public:
    RawService(const QString &name, quint16 port, const QByteArrayList &txt)
        : m_connection(QStringLiteral("raw-%1").arg(name))
        , m_bus(QDBusConnection::connectToBus(QDBusConnection::SystemBus, m_connection))
    {
        const auto group =
            call(QStringLiteral("/"), QStringLiteral("Server"), QStringLiteral("EntryGroupNew"), {})
                .arguments()
                .value(0)
                .value<QDBusObjectPath>()
                .path();
        for (const auto &[method, arguments] :
             {std::pair(QStringLiteral("AddService"),
                        QVariantList{-1, -1, uint(0), name, QString(kServiceType), QString(),
                                     QString(), QVariant::fromValue(port),
                                     QVariant::fromValue(txt)}),
              std::pair(QStringLiteral("Commit"), QVariantList())}) {
            const auto reply = call(group, QStringLiteral("EntryGroup"), method, arguments);
            if (reply.type() == QDBusMessage::ErrorMessage)
                qFatal("%s", qUtf8Printable(reply.errorMessage()));
        }
    }
    ~RawService()
    {
        m_bus = QDBusConnection(QString());
        QDBusConnection::disconnectFromBus(m_connection);
    }

private:
    QDBusMessage call(const QString &path, const QString &interface, const QString &method,
                      const QVariantList &arguments)
    {
        QDBusMessage message = QDBusMessage::createMethodCall(
            QStringLiteral("org.freedesktop.Avahi"), path,
            QStringLiteral("org.freedesktop.Avahi.") + interface, method);
        message.setArguments(arguments);
        return m_bus.call(message);
    }

    QString m_connection;
    QDBusConnection m_bus;
};

std::optional<FoundHost> named(const HostBrowser &browser, const QString &board)
{
    for (const FoundHost &host : browser.hosts()) {
        if (host.board == board)
            return host;
    }
    return std::nullopt;
}

QList<Edit> titled(const QString &title)
{
    return {edits::setField(kBoardId, Field::Title, title)};
}

} // namespace

/// Hosts and those who look for them, over a real avahi-daemon that knows this machine only.
class TestDiscovery : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void init();
    void withoutABus();
    void withoutADaemon();
    void aHostIsFoundUntilItGoes();
    void tokensAndEncryptionShow();
    void notAnnouncedWhereNotAsked();
    void theCommandNamesHosts();
    void hostileServicesAreTamed();
    void oneNameForTwo();
    void theDaemonStartsAnew();
    void aSharedBoardIsFoundWhileItIsShared();

private:
    QString board(const char *name) const
    {
        return m_folder.filePath(QString::fromLatin1(name) + QStringLiteral(".board"));
    }
    static QStringList everywhere(const QStringList &more = {})
    {
        return QStringList{QStringLiteral("--host"), QStringLiteral("0.0.0.0"),
                           QStringLiteral("--insecure-no-auth")} +
               more;
    }

    QTemporaryDir m_folder;
    PrivateAvahi m_avahi;
    QString m_cannotRun; ///< why there is no daemon
};

#define NEEDS_AVAHI                                                                                \
    if (!m_cannotRun.isEmpty())                                                                    \
    QSKIP(qPrintable(m_cannotRun))

void TestDiscovery::initTestCase()
{
    QVERIFY(m_folder.isValid());
}

void TestDiscovery::init()
{
    QTest::failOnWarning(QRegularExpression(QStringLiteral(".*")));
}

/// Runs first: nothing listens at the address of the bus.
void TestDiscovery::withoutABus()
{
    const auto browser = browseWithAvahi();
    QTRY_COMPARE(browser->state(), State::Unavailable);
    QVERIFY2(browser->reason().contains(QStringLiteral("D-Bus")), qPrintable(browser->reason()));
    HostAnnouncer announcer({QStringLiteral("Lab"), {}, QHostAddress::AnyIPv4, 5001});
    QTRY_COMPARE(announcer.state(), HostAnnouncer::State::Unavailable);

    const auto looked = HostProcess::run({QStringLiteral("hosts")});
    QCOMPARE(looked.code, 1);
    QVERIFY2(looked.err.contains("D-Bus"), looked.err.constData());
    QCOMPARE(looked.out, QByteArray());

    // A host serves as ever, and says so only to those who want to hear everything.
    HostProcess quiet(board("quiet"));
    QVERIFY(quiet.start(everywhere()));
    QCOMPARE(quiet.terminate(), 0);
    QVERIFY2(!quiet.log().contains("ocal network"), quiet.log().constData());
    HostProcess loud(board("loud"));
    QVERIFY(loud.start(everywhere({QStringLiteral("--log-level"), QStringLiteral("debug")})));
    QTRY_VERIFY(loud.log().contains("DEBUG Not announced in the local network"));
    QCOMPARE(loud.terminate(), 0);
}

/// A bus without the daemon; whoever waits hears when it comes.
void TestDiscovery::withoutADaemon()
{
    if (!m_avahi.startBus()) {
        m_cannotRun = QStringLiteral("dbus-daemon does not run here");
        QSKIP(qPrintable(m_cannotRun));
    }
    const auto browser = browseWithAvahi();
    QTRY_COMPARE(browser->state(), State::Unavailable);
    QVERIFY2(browser->reason().contains(QStringLiteral("Avahi")), qPrintable(browser->reason()));
    HostAnnouncer announcer({QStringLiteral("Waiting"), {}, QHostAddress::AnyIPv4, 5001});
    QTRY_COMPARE(announcer.state(), HostAnnouncer::State::Unavailable);

    m_cannotRun = m_avahi.startDaemon();
    NEEDS_AVAHI;
    QTRY_COMPARE_WITH_TIMEOUT(announcer.state(), HostAnnouncer::State::Announced, kPatience);
    QTRY_VERIFY_WITH_TIMEOUT(named(*browser, QStringLiteral("Waiting")), kPatience);
    QTRY_COMPARE_WITH_TIMEOUT(browser->state(), State::Watching, kPatience);
}

void TestDiscovery::aHostIsFoundUntilItGoes()
{
    NEEDS_AVAHI;
    const auto browser = browseWithAvahi();
    QTRY_COMPARE_WITH_TIMEOUT(browser->state(), State::Watching, kPatience);
    QVERIFY(!named(*browser, QStringLiteral("first")));

    HostProcess host(board("first"));
    QVERIFY(host.start(everywhere()));
    // Called like its file while it has no title.
    QTRY_VERIFY_WITH_TIMEOUT(named(*browser, QStringLiteral("first")), kPatience);
    const FoundHost found = *named(*browser, QStringLiteral("first"));
    QCOMPARE(found.port, host.port());
    QCOMPARE(found.address, QHostAddress(QHostAddress::LocalHost));
    QVERIFY(found.machine.startsWith(QStringLiteral("patchboard-test-")));
    QVERIFY(!found.needsToken && !found.encrypted);
    QVERIFY(!found.id.isEmpty());
    QCOMPARE(found.version, QStringLiteral(PATCHBOARD_VERSION));

    // Where it says, there it is; and a new title is seen at once.
    SyncClient::Options options;
    options.transport = WebSocketTransport::factory(found.url());
    options.author = QStringLiteral("Ana");
    options.journalFolder = m_folder.path();
    options.journalName = QStringLiteral("ana");
    SyncClient client(std::move(options));
    QTRY_COMPARE_WITH_TIMEOUT(client.status().state, ConnectionState::Live, kPatience);
    QVERIFY(client.submit(titled(QStringLiteral("Prüfstand")), QStringLiteral("Title")));
    QTRY_VERIFY_WITH_TIMEOUT(named(*browser, QStringLiteral("Prüfstand")), kPatience);
    QVERIFY(!named(*browser, QStringLiteral("first")));
    QCOMPARE(named(*browser, QStringLiteral("Prüfstand"))->id, found.id);

    // However it goes.
    host.kill();
    QTRY_VERIFY_WITH_TIMEOUT(!named(*browser, QStringLiteral("Prüfstand")), kPatience);
    QVERIFY(host.start(everywhere()));
    QTRY_VERIFY_WITH_TIMEOUT(named(*browser, QStringLiteral("Prüfstand")), kPatience);
    QCOMPARE(host.terminate(), 0);
    QTRY_VERIFY_WITH_TIMEOUT(!named(*browser, QStringLiteral("Prüfstand")), kPatience);
}

void TestDiscovery::tokensAndEncryptionShow()
{
    NEEDS_AVAHI;
    const auto browser = browseWithAvahi();
    const auto added =
        HostProcess::run({QStringLiteral("token"), QStringLiteral("add"), board("locked"),
                          QStringLiteral("--role"), QStringLiteral("viewer")});
    QVERIFY2(added.code == 0, added.err.constData());
    HostProcess host(board("locked"));
    QVERIFY(host.start(QStringList{QStringLiteral("--host"), QStringLiteral("0.0.0.0")}));
    QTRY_VERIFY_WITH_TIMEOUT(named(*browser, QStringLiteral("locked")), kPatience);
    QVERIFY(named(*browser, QStringLiteral("locked"))->needsToken);
    QVERIFY(!named(*browser, QStringLiteral("locked"))->encrypted);
    QCOMPARE(host.terminate(), 0);

    HostAnnouncer encrypted(
        {QStringLiteral("wss"), QStringLiteral("7"), QHostAddress::Any, 5001, true, false});
    QTRY_VERIFY_WITH_TIMEOUT(named(*browser, QStringLiteral("wss")), kPatience);
    QCOMPARE(named(*browser, QStringLiteral("wss"))->url().scheme(), QStringLiteral("wss"));
    QVERIFY(!named(*browser, QStringLiteral("wss"))->needsToken);
}

void TestDiscovery::notAnnouncedWhereNotAsked()
{
    NEEDS_AVAHI;
    const auto browser = browseWithAvahi();
    HostProcess silent(board("silent"));
    QVERIFY(silent.start(everywhere({QStringLiteral("--no-announce"), QStringLiteral("--log-level"),
                                     QStringLiteral("debug")})));
    HostProcess here(board("here"));
    QVERIFY(here.start(QStringList{QStringLiteral("--log-level"), QStringLiteral("debug")}));
    // One that was started later is here already.
    HostProcess later(board("later"));
    QVERIFY(later.start(everywhere()));
    QTRY_VERIFY_WITH_TIMEOUT(named(*browser, QStringLiteral("later")), kPatience);
    QTRY_COMPARE_WITH_TIMEOUT(browser->state(), State::Watching, kPatience);
    QVERIFY(!named(*browser, QStringLiteral("silent")));
    QVERIFY(!named(*browser, QStringLiteral("here")));
    QVERIFY(later.log().contains("Announced in the local network"));
    QVERIFY(!silent.log().contains("local network"));
    QVERIFY(!here.log().contains("local network"));
    for (HostProcess *host : {&silent, &here, &later})
        QCOMPARE(host->terminate(), 0);
}

void TestDiscovery::theCommandNamesHosts()
{
    NEEDS_AVAHI;
    const auto browser = browseWithAvahi();
    HostProcess host(board("listed"));
    QVERIFY(host.start(everywhere()));
    QTRY_VERIFY_WITH_TIMEOUT(named(*browser, QStringLiteral("listed")), kPatience);
    const QString seconds = QString::number(kPatience / 1000);
    auto listed = HostProcess::run(
        {QStringLiteral("hosts"), QStringLiteral("--json"), QStringLiteral("--wait"), seconds});
    QCOMPARE(listed.code, 0);
    QCOMPARE(listed.err, QByteArray());
    QJsonObject own;
    for (const QByteArray &line : listed.out.trimmed().split('\n')) {
        const QJsonObject each = QJsonDocument::fromJson(line).object();
        if (each.value(u"board").toString() == QLatin1String("listed"))
            own = each;
    }
    QVERIFY2(!own.isEmpty(), listed.out.constData());
    QCOMPARE(own.value(u"url").toString(), host.url().toString());
    QCOMPARE(own.value(u"port").toInt(), int(host.port()));
    QCOMPARE(own.value(u"token").toBool(true), false);
    QCOMPARE(own.value(u"tls").toBool(true), false);
    QCOMPARE(own.keys().size(), 9);

    listed = HostProcess::run({QStringLiteral("hosts"), QStringLiteral("--wait"), seconds});
    QVERIFY2(listed.out.contains(host.url().toString().toUtf8() + "\topen\tpatchboard-test-"),
             listed.out.constData());
    QCOMPARE(host.terminate(), 0);
    QTRY_VERIFY_WITH_TIMEOUT(!named(*browser, QStringLiteral("listed")), kPatience);
    listed = HostProcess::run({QStringLiteral("hosts"), QStringLiteral("--wait"), seconds});
    QCOMPARE(listed.code, 0);
    QVERIFY2(!listed.out.contains("listed"), listed.out.constData());
    QCOMPARE(HostProcess::run(
                 {QStringLiteral("hosts"), QStringLiteral("--wait"), QStringLiteral("soon")})
                 .code,
             1);
}

void TestDiscovery::hostileServicesAreTamed()
{
    NEEDS_AVAHI;
    const auto browser = browseWithAvahi();
    const RawService evil(QStringLiteral("<b>Name</b>\u202e"), 4000,
                          {QByteArray("board=") + QByteArray(240, 'A'), "tls=1; rm", "token=1",
                           "address=203.0.113.9", "url=wss://evil.example", "id=a b"});
    const RawService nameless(QStringLiteral("No texts"), 4001, {});
    const RawService noPort(QStringLiteral("No port"), 0, {"board=No port"});
    QTRY_VERIFY_WITH_TIMEOUT(named(*browser, QStringLiteral("No texts")), kPatience);
    QTRY_COMPARE_WITH_TIMEOUT(browser->state(), State::Watching, kPatience);
    const QString shown = QString(kMostNameLength - 1, u'A') + QChar(0x2026);
    QTRY_VERIFY_WITH_TIMEOUT(named(*browser, shown), kPatience);
    const auto found = named(*browser, shown);
    QCOMPARE(found->url(), QUrl(QStringLiteral("ws://127.0.0.1:4000")));
    QVERIFY(found->needsToken);
    QVERIFY(found->id.isEmpty());
    QVERIFY(!named(*browser, QStringLiteral("No port")));
}

/// Two boards of one title on one machine get two names, and both are found.
void TestDiscovery::oneNameForTwo()
{
    NEEDS_AVAHI;
    const auto browser = browseWithAvahi();
    HostAnnouncer one({QStringLiteral("Twin"), QStringLiteral("1"), QHostAddress::AnyIPv4, 6001});
    QTRY_COMPARE_WITH_TIMEOUT(one.state(), HostAnnouncer::State::Announced, kPatience);
    HostAnnouncer two({QStringLiteral("Twin"), QStringLiteral("2"), QHostAddress::AnyIPv4, 6002});
    QTRY_COMPARE_WITH_TIMEOUT(two.state(), HostAnnouncer::State::Announced, kPatience);
    QVERIFY(one.serviceName() != two.serviceName());
    const auto twins = [&] {
        QList<quint16> ports;
        for (const FoundHost &host : browser->hosts()) {
            if (host.board == QLatin1String("Twin"))
                ports.append(host.port);
        }
        return ports;
    };
    QTRY_COMPARE_WITH_TIMEOUT(twins(), (QList<quint16>{6001, 6002}), kPatience);
}

void TestDiscovery::theDaemonStartsAnew()
{
    NEEDS_AVAHI;
    const auto browser = browseWithAvahi();
    HostProcess host(board("lasting"));
    QVERIFY(host.start(everywhere()));
    QTRY_VERIFY_WITH_TIMEOUT(named(*browser, QStringLiteral("lasting")), kPatience);
    m_avahi.stopDaemon();
    QTRY_COMPARE_WITH_TIMEOUT(browser->state(), State::Unavailable, kPatience);
    QVERIFY(browser->hosts().isEmpty());
    QVERIFY(host.isRunning());
    QCOMPARE(m_avahi.startDaemon(), QString());
    QTRY_VERIFY_WITH_TIMEOUT(named(*browser, QStringLiteral("lasting")), kPatience);
    QCOMPARE(host.terminate(), 0);
}

void TestDiscovery::aSharedBoardIsFoundWhileItIsShared()
{
    NEEDS_AVAHI;
    app::Boards boards;
    const auto browser = boards.browseHosts();
    auto opened = boards.openFile(board("shared"));
    QVERIFY(opened);
    ui::BoardConnection &connection = **opened;
    QTRY_VERIFY_WITH_TIMEOUT(connection.session().status().ready, kPatience);
    const ui::ShareAddress everywhere{QStringLiteral("0.0.0.0"), true};
    QVERIFY(connection.share({everywhere, 0, ui::ShareRight::Look, true}));
    QTRY_VERIFY_WITH_TIMEOUT(named(*browser, QStringLiteral("shared")), kPatience);
    FoundHost found = *named(*browser, QStringLiteral("shared"));
    QCOMPARE(found.port, connection.sharing().port);
    QVERIFY(found.needsToken);
    QVERIFY(!found.id.isEmpty());
    QVERIFY(connection.session().submit(titled(QStringLiteral("Ours")), QStringLiteral("Title")));
    QTRY_VERIFY_WITH_TIMEOUT(named(*browser, QStringLiteral("Ours")), kPatience);
    connection.unshare();
    QVERIFY(!connection.announcer());
    QTRY_VERIFY_WITH_TIMEOUT(!named(*browser, QStringLiteral("Ours")), kPatience);

    // Neither is one that is not to be told of, nor one that only this computer reaches.
    QVERIFY(connection.share({everywhere, 0, ui::ShareRight::Look, false}));
    QVERIFY(!connection.announcer());
    QVERIFY(
        connection.share({{QStringLiteral("127.0.0.1"), false}, 0, ui::ShareRight::Edit, true}));
    QVERIFY(!connection.announcer());
}

PATCHBOARD_TEST(TestDiscovery)
#include "tst_discovery.moc"
