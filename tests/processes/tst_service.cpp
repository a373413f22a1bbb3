#include "model/core/edits.h"
#include "model/sync/syncclient.h"
#include "model/sync/websockettransport.h"
#include "tests/support/hostprocess.h"
#include "tests/support/testmain.h"

#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QTemporaryDir>

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

using namespace patchboard;

namespace {

constexpr int kServicePatience = 30000; ///< ms

/// The other end of sd_notify(3): a datagram socket in a folder.
class NotifySocket
{
public:
    explicit NotifySocket(const QString &path)
        : m_path(path.toUtf8())
        , m_socket(::socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0))
    {
        sockaddr_un address = {};
        address.sun_family = AF_UNIX;
        qstrncpy(address.sun_path, m_path.constData(), sizeof address.sun_path);
        if (::bind(m_socket, reinterpret_cast<const sockaddr *>(&address), sizeof address) != 0)
            qFatal("no socket at %s", m_path.constData());
    }
    ~NotifySocket() { ::close(m_socket); }
    NotifySocket(const NotifySocket &) = delete;
    NotifySocket &operator=(const NotifySocket &) = delete;

    [[nodiscard]] QString path() const { return QString::fromUtf8(m_path); }
    /// All that has been said.
    const QByteArrayList &said()
    {
        char buffer[4096];
        for (ssize_t n; (n = ::recv(m_socket, buffer, sizeof buffer, 0)) >= 0;)
            m_said.append(QByteArray(buffer, n));
        return m_said;
    }

private:
    QByteArray m_path;
    int m_socket;
    QByteArrayList m_said;
};

} // namespace

/// A host as those see it who run it: a service manager, and a collector of metrics.
class TestService : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init()
    {
        QTest::failOnWarning(QRegularExpression(QStringLiteral(".*")));
        m_folder = std::make_unique<QTemporaryDir>();
        m_host = std::make_unique<HostProcess>(m_folder->filePath(QStringLiteral("net.board")));
    }
    void cleanup()
    {
        m_host.reset();
        m_folder.reset();
    }
    void theServiceManagerIsTold();
    void metricsCountWhatHappens();
    void anEndIsQuickAndTold();

private:
    std::unique_ptr<SyncClient> join(const QString &name);
    QByteArray get(const QString &path, int *status = nullptr);
    /// The value of a sample; nullopt if there is none.
    std::optional<double> metric(const QByteArray &sample);

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<HostProcess> m_host;
    QNetworkAccessManager m_network;
};

std::unique_ptr<SyncClient> TestService::join(const QString &name)
{
    SyncClient::Options options;
    options.transport = WebSocketTransport::factory(m_host->url());
    options.author = name;
    return std::make_unique<SyncClient>(std::move(options));
}

QByteArray TestService::get(const QString &path, int *status)
{
    const std::unique_ptr<QNetworkReply> reply(m_network.get(QNetworkRequest(
        QUrl(QStringLiteral("http://127.0.0.1:%1%2").arg(m_host->port()).arg(path)))));
    if (!QTest::qWaitFor([&reply] { return reply->isFinished(); }, kServicePatience))
        return {};
    if (status)
        *status = reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
    return reply->readAll();
}

std::optional<double> TestService::metric(const QByteArray &sample)
{
    const QByteArrayList lines = get(QStringLiteral("/metrics")).split('\n');
    for (const QByteArray &line : lines) {
        if (line.startsWith(sample + ' '))
            return line.mid(sample.size() + 1).toDouble();
    }
    return std::nullopt;
}

void TestService::theServiceManagerIsTold()
{
    NotifySocket manager(m_folder->filePath(QStringLiteral("notify")));
    QVERIFY(m_host->start([&manager](QProcess &process) {
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.insert(QStringLiteral("NOTIFY_SOCKET"), manager.path());
        environment.insert(QStringLiteral("WATCHDOG_USEC"), QStringLiteral("200000"));
        process.setProcessEnvironment(environment);
    }));
    QTRY_VERIFY_WITH_TIMEOUT(!manager.said().isEmpty(), kServicePatience);
    QVERIFY2(manager.said().first().startsWith("READY=1\nSTATUS=Serving "),
             manager.said().first().constData());
    // It is alive, again and again.
    QTRY_VERIFY_WITH_TIMEOUT(manager.said().count("WATCHDOG=1") > 2, kServicePatience);
    QVERIFY(!manager.said().contains("STOPPING=1"));
    QCOMPARE(m_host->terminate(), 0);
    QVERIFY(manager.said().contains("STOPPING=1"));
}

void TestService::metricsCountWhatHappens()
{
    QVERIFY(m_host->start());
    int status = 0;
    const QByteArray text = get(QStringLiteral("/metrics"), &status);
    QCOMPARE(status, 200);
    // Each family is described before its samples, and has some.
    QByteArray family;
    int samples = 1;
    for (const QByteArray &line : text.split('\n')) {
        if (line.startsWith("# HELP ")) {
            QVERIFY2(samples > 0, family.constData());
            family = line.split(' ').at(2);
            samples = 0;
        } else if (line.startsWith("# TYPE ")) {
            QCOMPARE(line.split(' ').at(2), family);
        } else if (!line.isEmpty()) {
            static const QRegularExpression shape(
                QStringLiteral(R"re(^[a-z_]+(\{[a-z]+="[^"]*"\})? [-+0-9.eE]+$)re"));
            QVERIFY2(shape.match(QString::fromUtf8(line)).hasMatch(), line.constData());
            QVERIFY2(line.startsWith(family), line.constData());
            ++samples;
        }
    }
    QVERIFY(text.endsWith('\n'));
    QCOMPARE(metric("patchboard_changes_total"), 0.0);
    QCOMPARE(metric("patchboard_connections{protocol=\"sync\"}"), 0.0);

    const auto ann = join(QStringLiteral("ann"));
    QTRY_COMPARE_WITH_TIMEOUT(ann->status().state, ConnectionState::Live, kServicePatience);
    for (int i = 0; i < 3; ++i) {
        QVERIFY(ann->submit(edits::createDevice(ann->topology(),
                                                {QStringLiteral("R%1").arg(i),
                                                 QStringLiteral("ROUTER"), QPointF(i, 0), 0, true},
                                                [&ann] { return ann->newId(); }),
                            QStringLiteral("Create")));
    }
    QTRY_COMPARE_WITH_TIMEOUT(ann->status().pending, 0, kServicePatience);
    QCOMPARE(metric("patchboard_changes_total"), 3.0);
    QCOMPARE(metric("patchboard_board_revision"), 3.0);
    QCOMPARE(metric("patchboard_board_entities{kind=\"device\"}"), 3.0);
    QCOMPARE(metric("patchboard_connections{protocol=\"sync\"}"), 1.0);
    QCOMPARE(metric("patchboard_clients_total"), 1.0);
    const auto commits = metric("patchboard_commit_seconds_count");
    QVERIFY(commits && *commits >= 1 && *commits <= 4); // with the lease of the site
    QCOMPARE(metric("patchboard_commit_seconds_bucket{le=\"+Inf\"}"), commits);
    const auto deliveries = metric("patchboard_delivery_seconds_count");
    QVERIFY(deliveries && *deliveries >= 1 && *deliveries <= 3);
    QVERIFY(metric("process_resident_memory_bytes") > 1e6);
    QVERIFY(metric("process_open_fds") > 3);

    QVERIFY(!metric("patchboard_http_requests_total{code=\"404\"}"));
    (void)get(QStringLiteral("/api/nothing"), &status);
    QCOMPARE(status, 404);
    QCOMPARE(metric("patchboard_http_requests_total{code=\"404\"}"), 1.0);
    QCOMPARE(m_host->terminate(), 0);
}

void TestService::anEndIsQuickAndTold()
{
    QVERIFY(m_host->start());
    const auto ann = join(QStringLiteral("ann"));
    QTRY_COMPARE_WITH_TIMEOUT(ann->status().state, ConnectionState::Live, kServicePatience);
    QElapsedTimer clock;
    clock.start();
    QCOMPARE(m_host->terminate(), 0);
    qInfo("ended after %lld ms", clock.elapsed());
    QTRY_VERIFY_WITH_TIMEOUT(ann->status().state != ConnectionState::Live, kServicePatience);
    // It was told, and comes again by itself.
    QVERIFY(ann->status().retryInMs >= 0);
    QVERIFY(m_host->start());
    QTRY_COMPARE_WITH_TIMEOUT(ann->status().state, ConnectionState::Live, kServicePatience);
}

PATCHBOARD_TEST(TestService)
#include "tst_service.moc"
