#include "server/probes/proberunner.h"
#include "tests/server/httpclient.h"
#include "tests/server/syncpeer.h"
#include "tests/support/hostprocess.h"
#include "tests/support/testmain.h"

#include <QHostInfo>
#include <QRegularExpression>
#include <QTcpServer>
#include <QTemporaryDir>
#include <QWebSocket>

using namespace patchboard;

namespace {

bool knowsLocalhost()
{
    return !QHostInfo::fromName(QStringLiteral("localhost")).addresses().isEmpty();
}

/// Somebody who listens, and answers every request with the same bytes.
class Target
{
public:
    explicit Target(QByteArray answer = {})
        : m_answer(std::move(answer))
    {
        QObject::connect(&m_server, &QTcpServer::newConnection, &m_server, [this] {
            while (QTcpSocket *socket = m_server.nextPendingConnection()) {
                ++visits;
                QObject::connect(socket, &QTcpSocket::disconnected, socket, &QObject::deleteLater);
                QObject::connect(socket, &QTcpSocket::readyRead, socket, [this, socket] {
                    request += socket->readAll();
                    if (request.endsWith("\r\n\r\n"))
                        socket->write(m_answer);
                });
            }
        });
        start();
    }
    void start()
    {
        m_server.setListenBacklogSize(1000);
        if (!m_server.listen(QHostAddress::LocalHost, m_port))
            qFatal("%s", qPrintable(m_server.errorString()));
        m_port = m_server.serverPort();
    }
    void stop() { m_server.close(); }
    void answerWith(const QByteArray &answer) { m_answer = answer; }
    [[nodiscard]] QString url(const char *scheme, const char *path = "") const
    {
        return QStringLiteral("%1://127.0.0.1:%2%3")
            .arg(QLatin1String(scheme))
            .arg(m_port)
            .arg(QLatin1String(path));
    }

    int visits = 0;
    QByteArray request;

private:
    QTcpServer m_server;
    quint16 m_port = 0;
    QByteArray m_answer;
};

/// A port that nobody listens on.
QString nobody()
{
    Target gone;
    gone.stop();
    return gone.url("tcp");
}

} // namespace

/// Probes of a real host: what they ask, and what becomes of it at everybody who looks.
class TestProbing : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init()
    {
        QTest::failOnWarning(QRegularExpression(QStringLiteral(".*")));
        m_folder = std::make_unique<QTemporaryDir>();
        m_server = std::make_unique<HostProcess>();
    }
    void cleanup()
    {
        if (m_server->isRunning())
            QCOMPARE(m_server->terminate(), 0);
        m_http.reset();
        m_server.reset();
        m_folder.reset();
    }

    void everybodySeesWhatListens();
    void http_data();
    void http();
    void icmp();
    void namesAreLookedUp();
    void overridesWin();
    void editsHoldAtOnce();
    void whatCannotBeReadIsTold();
    void beginsAnewWithTheHost();
    void nothingWithoutTheOption();
    void networks();
    void noConflictAndNobodysUndo();
    void thousandDevices();
    void options();

private:
    /// Fast: ten questions a second, two answers or failures in a row.
    void serve(const QStringList &more = {})
    {
        QVERIFY2(m_server->start(m_folder->filePath(QStringLiteral("a.board")),
                                 QStringList{QStringLiteral("--probe"),
                                             QStringLiteral("--probe-interval=100ms"),
                                             QStringLiteral("--probe-timeout=2s"),
                                             QStringLiteral("--probe-fall=2")} +
                                     more),
                 m_server->log().constData());
        m_http = std::make_unique<HttpClient>(m_server->port());
    }
    int add(const QString &name, const QString &probe)
    {
        const Reply reply =
            m_http->send("POST", "/api/devices",
                         QJsonObject{{QStringLiteral("name"), name},
                                     {QStringLiteral("device_type"), QStringLiteral("SERVER")}});
        const int id = reply.object().value(u"id").toInt();
        configure(id, probe);
        return id;
    }
    void configure(int id, const QString &probe)
    {
        const QJsonValue value = probe.isEmpty() ? QJsonValue() : QJsonValue(probe);
        patch(id, {{QStringLiteral("properties"), QJsonObject{{QStringLiteral("probe"), value}}}});
    }
    void patch(int id, const QJsonObject &fields)
    {
        QCOMPARE(m_http->send("PATCH", "/api/devices/" + QByteArray::number(id), fields).status,
                 200);
    }
    QString field(int id, const char *key)
    {
        return m_http->get("/api/devices/" + QByteArray::number(id))
            .object()
            .value(QLatin1String(key))
            .toString();
    }
    QString status(int id) { return field(id, "status"); }
    /// Of the first probe of a device.
    QJsonObject probe(int id)
    {
        const auto all = m_http->get("/api/probes").object().value(u"probes").toArray();
        for (const QJsonValue &one : all) {
            if (one.toObject().value(u"device_id").toInt() == id)
                return one.toObject();
        }
        return {};
    }
    QString state(int id) { return probe(id).value(u"state").toString(); }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<HostProcess> m_server;
    std::unique_ptr<HttpClient> m_http;
};

void TestProbing::everybodySeesWhatListens()
{
    serve();
    QStringList events;
    QWebSocket listener;
    connect(&listener, &QWebSocket::textMessageReceived, &listener,
            [&](const QString &text) { events.append(text); });
    connect(&listener, &QWebSocket::connected, &listener,
            [&listener] { listener.sendTextMessage(QStringLiteral("40")); });
    listener.open(QUrl(QStringLiteral("ws://127.0.0.1:%1/socket.io/?EIO=4&transport=websocket")
                           .arg(m_server->port())));
    QTRY_VERIFY(events.size() >= 2);
    SyncPeer peer(m_server->port(), {});
    QTRY_VERIFY(peer.welcomed);

    Target target;
    const int id = add(QStringLiteral("R1"), target.url("tcp"));
    const auto told = [&](const char *word) {
        const QString updated = QStringLiteral("42[\"device:updated\",{\"id\":%1,").arg(id);
        const bool event =
            !events.isEmpty() && events.last().startsWith(updated) &&
            events.last().contains(QStringLiteral("\"status\":\"%1\"").arg(QLatin1String(word)));
        bool committed = false;
        if (!peer.log.isEmpty() && !peer.log.last().edits.isEmpty()) {
            const Commit &last = peer.log.last();
            const auto *set = std::get_if<SetFields>(&last.edits.first());
            committed = last.author == QLatin1String("probe") && last.site == 0 && set &&
                        set->id == EntityId(id) && set->fields.size() == 1 &&
                        set->fields.first().key == FieldKey(Field::Status) &&
                        set->fields.first().value ==
                            Value(qint64(*statusFromKey(QString::fromLatin1(word))));
        }
        return event && committed;
    };
    QTRY_COMPARE(status(id), QStringLiteral("UP"));
    QTRY_VERIFY(told("UP"));
    target.stop();
    QTRY_COMPARE(status(id), QStringLiteral("DOWN"));
    QTRY_VERIFY(told("DOWN"));
    QCOMPARE(probe(id).value(u"error").toString(), QStringLiteral("Connection refused"));
    target.start();
    QTRY_COMPARE(status(id), QStringLiteral("UP"));
    QTRY_VERIFY(told("UP"));
    // What stays so is not written again.
    const qsizetype commits = peer.log.size();
    const int visits = target.visits;
    QTRY_VERIFY(target.visits > visits + 3);
    QCOMPARE(peer.log.size(), commits);
    const QByteArray metrics = m_http->get("/metrics").body;
    for (const char *line : {"patchboard_probes{state=\"up\"} 1\n", "patchboard_probe_problems 0\n",
                             "patchboard_probe_observed_total 3\n"})
        QVERIFY2(metrics.contains(line), line);
    // It is a device like any other: who says otherwise is set right by the next answer.
    patch(id, {{QStringLiteral("status"), QStringLiteral("DEGRADED")}});
    QTRY_COMPARE(status(id), QStringLiteral("UP"));
}

void TestProbing::http_data()
{
    QTest::addColumn<QByteArray>("answer");
    QTest::addColumn<QString>("status");
    QTest::addColumn<QString>("error");
    const QString up = QStringLiteral("UP");
    const QString down = QStringLiteral("DOWN");
    QTest::newRow("200") << QByteArray("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n") << up
                         << QString();
    QTest::newRow("204") << QByteArray("HTTP/1.0 204 No Content\r\n\r\n") << up << QString();
    QTest::newRow("302") << QByteArray("HTTP/1.1 302 Found\r\nLocation: %1\r\n\r\n") << up
                         << QString();
    QTest::newRow("404") << QByteArray("HTTP/1.1 404 Not Found\r\n\r\n") << down
                         << QStringLiteral("HTTP status 404");
    QTest::newRow("503") << QByteArray("HTTP/1.1 503 \r\n\r\n") << down
                         << QStringLiteral("HTTP status 503");
    QTest::newRow("no HTTP") << QByteArray("SSH-2.0-OpenSSH_9.2\r\n") << down
                             << QStringLiteral("what it answers is not HTTP");
    QTest::newRow("a line without end")
        << QByteArray(100'000, 'x') << down << QStringLiteral("what it answers is not HTTP");
    QTest::newRow("a large body") << "HTTP/1.1 200 OK\r\n\r\n" + QByteArray(5'000'000, 'x') << up
                                  << QString();
}

void TestProbing::http()
{
    QFETCH(QByteArray, answer);
    Target elsewhere;
    Target target(answer.replace("%1", elsewhere.url("http", "/").toLatin1()));
    serve();
    const int id = add(QStringLiteral("web"), target.url("http", "/health?a=1"));
    QFETCH(QString, status);
    QTRY_COMPARE(state(id), status.toLower());
    QTRY_COMPARE(this->status(id), status);
    QTEST(probe(id).value(u"error").toString(), "error");
    QVERIFY2(target.request.startsWith("GET /health?a=1 HTTP/1.1\r\nHost: 127.0.0.1:"),
             target.request.left(200).constData());
    QCOMPARE(elsewhere.visits, 0); // a redirection is an answer; where it leads is not asked
}

void TestProbing::icmp()
{
    serve();
    const int id = add(QStringLiteral("R1"), QStringLiteral("icmp://127.0.0.1"));
    const QString why = server::ProbeRunner::whyNoIcmp();
    if (!why.isEmpty()) {
        // Said once, and nothing is claimed of the device.
        QTRY_COMPARE(probe(id).value(u"error").toString(), why);
        QCOMPARE(state(id), QStringLiteral("unknown"));
        const int other = add(QStringLiteral("R2"), QStringLiteral("icmp://127.0.0.2"));
        QTRY_COMPARE(probe(other).value(u"error").toString(), why);
        QCOMPARE(m_server->log().count("ICMP probes stay unknown"), 1);
        QSKIP("This system permits no ICMP echoes without privileges "
              "(net.ipv4.ping_group_range); tried is what is said of it");
    }
    QTRY_COMPARE(status(id), QStringLiteral("UP"));
    const int nowhere = add(QStringLiteral("R2"), QStringLiteral("icmp://255.255.255.255"));
    QTRY_COMPARE(state(nowhere), QStringLiteral("down"));
    if (QTcpServer six; six.listen(QHostAddress::LocalHostIPv6)) {
        const int loopback = add(QStringLiteral("R3"), QStringLiteral("icmp://[::1]"));
        QTRY_COMPARE(status(loopback), QStringLiteral("UP"));
    }
}

void TestProbing::namesAreLookedUp()
{
    if (!knowsLocalhost())
        QSKIP("This system cannot look up localhost (a bare one has no /etc/hosts)");
    serve();
    Target target;
    const QString url =
        target.url("tcp").replace(QStringLiteral("127.0.0.1"), QStringLiteral("localhost"));
    const int id = add(QStringLiteral("R1"), url);
    const int lost = add(QStringLiteral("R2"), QStringLiteral("tcp://no-such-name.invalid:22"));
    patch(lost, {{QStringLiteral("status"), QStringLiteral("DEGRADED")}});
    QTRY_COMPARE(status(id), QStringLiteral("UP"));
    QTRY_VERIFY(probe(lost).value(u"error").toString().startsWith(QStringLiteral("its name ")));
    // A name server that is gone takes no device down.
    const QString asked = probe(lost).value(u"checked_at").toString();
    QTRY_VERIFY(probe(lost).value(u"checked_at").toString() != asked);
    QCOMPARE(status(lost), QStringLiteral("DEGRADED"));

    const int filled = add(QStringLiteral("R3"), QString());
    patch(filled, {{QStringLiteral("address"), QStringLiteral("127.0.0.1/8")},
                   {QStringLiteral("properties"),
                    QJsonObject{{QStringLiteral("probe"),
                                 target.url("tcp").replace(QStringLiteral("127.0.0.1"),
                                                           QStringLiteral("{address}"))}}}});
    QTRY_COMPARE(status(filled), QStringLiteral("UP"));
}

void TestProbing::overridesWin()
{
    serve();
    Target target;
    const int id = add(QStringLiteral("R1"), target.url("tcp"));
    QTRY_COMPARE(status(id), QStringLiteral("UP"));
    QCOMPARE(m_http
                 ->send("PATCH", "/api/devices/" + QByteArray::number(id) + "/override",
                        QJsonObject{{QStringLiteral("status_override"), QStringLiteral("DOWN")},
                                    {QStringLiteral("override_reason"), QStringLiteral("work")}})
                 .status,
             200);
    const int visits = target.visits;
    QTRY_VERIFY(target.visits > visits + 3);
    QCOMPARE(field(id, "effective_status"), QStringLiteral("DOWN"));
    QCOMPARE(field(id, "status_override"), QStringLiteral("DOWN"));
    QCOMPARE(status(id), QStringLiteral("UP"));
    // Beneath it the probe goes on.
    target.stop();
    QTRY_COMPARE(status(id), QStringLiteral("DOWN"));
    target.start();
    QTRY_COMPARE(status(id), QStringLiteral("UP"));
    QCOMPARE(
        m_http->request("DELETE", "/api/devices/" + QByteArray::number(id) + "/override").status,
        200);
    QCOMPARE(field(id, "effective_status"), QStringLiteral("UP"));
}

void TestProbing::editsHoldAtOnce()
{
    serve();
    Target first;
    Target second;
    const int id = add(QStringLiteral("R1"), first.url("tcp"));
    QTRY_COMPARE(status(id), QStringLiteral("UP"));
    configure(id, second.url("tcp"));
    QCOMPARE(probe(id).value(u"probe").toString(), second.url("tcp"));
    QCOMPARE(state(id), QStringLiteral("unknown")); // it begins anew
    QTRY_VERIFY(second.visits > 3);
    int visits = first.visits;
    QTRY_VERIFY(second.visits > 9);
    QVERIFY(first.visits <= visits + 1); // one may have been under way
    configure(id, {});
    QVERIFY(probe(id).isEmpty());
    QCOMPARE(status(id), QStringLiteral("UP")); // what was known last
    configure(id, first.url("tcp"));
    QTRY_COMPARE(state(id), QStringLiteral("up"));
    QCOMPARE(m_http->request("DELETE", "/api/devices/" + QByteArray::number(id)).status, 204);
    QCOMPARE(m_http->get("/api/probes").object().value(u"probes").toArray().size(), 0);
    const int other = add(QStringLiteral("R2"), second.url("tcp"));
    QTRY_COMPARE(status(other), QStringLiteral("UP"));
    visits = first.visits;
    const int seen = second.visits;
    QTRY_VERIFY(second.visits > seen + 5);
    QVERIFY(first.visits <= visits + 1);
}

void TestProbing::whatCannotBeReadIsTold()
{
    serve();
    Target target;
    const int id = add(QStringLiteral("R1"), QStringLiteral("telnet://r1 ") + target.url("tcp"));
    const int bad = add(QStringLiteral("R2"), QStringLiteral("r2"));
    QTRY_COMPARE(status(id), QStringLiteral("UP"));
    const QJsonArray problems = m_http->get("/api/probes").object().value(u"problems").toArray();
    QCOMPARE(problems.size(), 2);
    QCOMPARE(problems.at(1).toObject().value(u"device_id").toInt(), bad);
    QCOMPARE(problems.at(1).toObject().value(u"device").toString(), QStringLiteral("R2"));
    QCOMPARE(problems.at(1).toObject().value(u"text").toString(),
             QStringLiteral("r2: not tcp://HOST:PORT, http://HOST, https://HOST or icmp://HOST"));
    QVERIFY(m_http->get("/metrics").body.contains("patchboard_probe_problems 2\n"));
    QVERIFY(m_server->log().contains("Probe cannot be read device=R1"));
    QVERIFY(m_server->log().contains("Probe cannot be read device=R2"));
    configure(bad, target.url("tcp"));
    QTRY_COMPARE(status(bad), QStringLiteral("UP"));
}

void TestProbing::beginsAnewWithTheHost()
{
    serve();
    Target target;
    const int id = add(QStringLiteral("R1"), target.url("tcp"));
    QTRY_COMPARE(status(id), QStringLiteral("UP"));
    QCOMPARE(m_server->terminate(), 0);
    target.stop();
    m_http.reset();
    serve();
    QTRY_COMPARE(status(id), QStringLiteral("DOWN"));
}

void TestProbing::nothingWithoutTheOption()
{
    QVERIFY(m_server->start(m_folder->filePath(QStringLiteral("a.board"))));
    m_http = std::make_unique<HttpClient>(m_server->port());
    Target target;
    add(QStringLiteral("R1"), target.url("tcp"));
    const Reply reply = m_http->get("/api/probes");
    QCOMPARE(reply.body, QByteArray(R"({"running":false,"probes":[],"problems":[]})"));
    QVERIFY(!m_http->get("/metrics").body.contains("patchboard_probe"));
    QCOMPARE(target.visits, 0);
}

void TestProbing::networks()
{
    serve({QStringLiteral("--probe-net"), QStringLiteral("10.0.0.0/8"),
           QStringLiteral("--probe-net"), QStringLiteral("2001:db8::/32")});
    Target target;
    const int id = add(QStringLiteral("R1"), target.url("tcp"));
    QList<int> ids{id};
    if (knowsLocalhost()) {
        ids.append(
            add(QStringLiteral("R2"), target.url("tcp").replace(QStringLiteral("127.0.0.1"),
                                                                QStringLiteral("localhost"))));
    }
    for (const int one : std::as_const(ids)) {
        QTRY_COMPARE(probe(one).value(u"error").toString(),
                     QStringLiteral("its network is not one that may be probed"));
        QCOMPARE(state(one), QStringLiteral("unknown"));
    }
    QCOMPARE(target.visits, 0);
}

void TestProbing::noConflictAndNobodysUndo()
{
    serve();
    Target target;
    const int id = add(QStringLiteral("R1"), target.url("tcp"));
    const int plain = add(QStringLiteral("R2"), {});
    patch(plain, {{QStringLiteral("status"), QStringLiteral("UP")}});
    QTRY_COMPARE(status(id), QStringLiteral("UP"));
    // Somebody who has seen neither sets both.
    SyncPeer peer(m_server->port(), {});
    QTRY_VERIFY(peer.welcomed);
    Change change;
    change.site = SiteId(peer.site);
    change.cseq = 1;
    change.base = 3; // both devices are there
    change.edits = {SetFields{EntityId(id), {{Field::Status, qint64(Status::Degraded), {}}}},
                    SetFields{EntityId(plain), {{Field::Status, qint64(Status::Degraded), {}}}}};
    peer.send(wire::Submit{wire::encodeChange(change)});
    QTRY_COMPARE(peer.outcomes.size(), 1);
    QVERIFY(!peer.outcomes.first().refusal);
    // What a program reported is a value like any other; what a probe saw is no conflict.
    QCOMPARE(peer.outcomes.first().notices.size(), 1);
    QCOMPARE(peer.outcomes.first().notices.first().id, EntityId(plain));
    QCOMPARE(peer.outcomes.first().notices.first().kind, Notice::Kind::Overwrote);
}

void TestProbing::thousandDevices()
{
    Target target;
    // Answers that never come hold their places for as long as they may.
    serve({QStringLiteral("--probe-parallel=16")});
    QJsonArray edits;
    const QString closed = nobody();
    constexpr int kDevices = 1000;
    for (int i = 1; i <= kDevices; ++i) {
        const QString probe = i % 2 == 0 ? target.url("tcp") : closed;
        edits.append(
            QJsonObject{{QStringLiteral("op"), QStringLiteral("create")},
                        {QStringLiteral("kind"), QStringLiteral("device")},
                        {QStringLiteral("fields"),
                         QJsonObject{{QStringLiteral("name"), QStringLiteral("R%1").arg(i)},
                                     {QStringLiteral("device_type"), QStringLiteral("SERVER")},
                                     {QStringLiteral("status"), QStringLiteral("DEGRADED")},
                                     {QStringLiteral("properties"),
                                      QJsonObject{{QStringLiteral("probe"), probe}}}}}});
    }
    QCOMPARE(
        m_http->send("POST", "/api/batch", QJsonObject{{QStringLiteral("edits"), edits}}).status,
        200);
    // Meanwhile people work.
    const auto counted = [this](const char *word) {
        return m_http->request("GET", QByteArray("/api/devices?limit=1&status=") + word)
            .headers.value("x-total-count")
            .toInt();
    };
    int number = 0;
    const auto edit = [&] {
        patch(1 + number % kDevices, {{QStringLiteral("x"), number}, {QStringLiteral("y"), 1}});
        ++number;
    };
    QTRY_VERIFY_WITH_TIMEOUT((edit(), counted("UP") == kDevices / 2), 60'000);
    QTRY_VERIFY_WITH_TIMEOUT((edit(), counted("DOWN") == kDevices / 2), 60'000);
    QVERIFY(number > 0);
    // Many at once are one change.
    const auto changes = m_http->get("/api/changes?since=1&limit=1000").object();
    int observed = 0;
    const auto list = changes.value(u"changes").toArray();
    for (const QJsonValue &change : list)
        observed += change.toObject().value(u"author") == QLatin1String("probe") ? 1 : 0;
    QVERIFY2(observed > 0 && observed < kDevices / 2, qPrintable(QString::number(observed)));
}

void TestProbing::options()
{
    const auto refused = [](const QStringList &options, const QByteArray &text) {
        const auto run = HostProcess::run(QStringList{QStringLiteral("serve")} + options);
        QCOMPARE(run.code, 1);
        QVERIFY2(run.err.contains(text), run.err.constData());
    };
    const QString probe = QStringLiteral("--probe");
    refused({probe, QStringLiteral("--probe-interval=1ms")},
            "--probe-interval 1ms: not a time such as 500ms, 30s or 5m");
    refused({probe, QStringLiteral("--probe-timeout=2h")}, "--probe-timeout 2h: not a time");
    refused({probe, QStringLiteral("--probe-rise=0")},
            "--probe-rise 0: not a number from 1 to 100");
    refused({probe, QStringLiteral("--probe-fall=x")}, "--probe-fall x: not a number");
    refused({probe, QStringLiteral("--probe-parallel=1001")},
            "--probe-parallel 1001: not a number from 1 to 1000");
    refused({probe, QStringLiteral("--probe-net=lab")},
            "--probe-net lab: not a network such as 10.0.0.0/8");
    refused({QStringLiteral("--probe-interval=10s")}, "--probe-interval needs --probe");
}

PATCHBOARD_TEST(TestProbing)
#include "tst_probing.moc"
