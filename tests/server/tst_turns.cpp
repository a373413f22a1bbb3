#include "server/log/log.h"
#include "server/network.h"
#include "server/store/history.h"
#include "server/store/sqlitestore.h"
#include "tests/support/testmain.h"

#include "model/core/edits.h"

#include <QCoreApplication>
#include <QDeadlineTimer>
#include <QRegularExpression>
#include <QSignalSpy>
#include <QTcpSocket>
#include <QTemporaryDir>
#include <QTest>

namespace {

using namespace patchboard;

/// A board on a disk that is full when the test says so.
class FullDisk final : public server::Store
{
public:
    FullDisk(std::unique_ptr<server::SqliteStore> store, const bool &full, int &writes)
        : m_store(std::move(store))
        , m_full(full)
        , m_writes(writes)
    {
    }
    Result<void> write(const CommitBatch &batch, const QList<server::KeptAnswer> &answers) override
    {
        if (m_full)
            return Error{Errc::Storage, QStringLiteral("there is no space left")};
        ++m_writes;
        return m_store->write(batch, answers);
    }
    Result<AuthorityState> load(Topology &topology) override { return m_store->load(topology); }
    Result<QList<QByteArray>> commits(quint64 from, quint64 to) override
    {
        return m_store->commits(from, to);
    }
    Result<std::optional<quint64>> logHashAt(quint64 revision) override
    {
        return m_store->logHashAt(revision);
    }
    Result<std::optional<StoredOutcome>> outcome(SiteId site, quint64 cseq) override
    {
        return m_store->outcome(site, cseq);
    }
    Result<quint64> oldestBoard() override { return m_store->oldestBoard(); }
    Result<std::optional<server::KeptAnswer>> answer(const QString &author, const QString &key,
                                                     qint64 now) override
    {
        return m_store->answer(author, key, now);
    }
    Result<QList<server::AuditEntry>> audit(const server::AuditPlace &after,
                                            qsizetype limit) override
    {
        return m_store->audit(after, limit);
    }
    Result<quint64> oldestRevision() override { return m_store->oldestRevision(); }
    [[nodiscard]] std::function<Result<std::unique_ptr<server::History>>()> history() const override
    {
        return m_store->history();
    }
    bool idle(const Topology &topology) override { return m_store->idle(topology); }
    std::optional<Chore> chore(Chores which) override { return m_store->chore(which); }
    void finish(const Topology &topology) override { m_store->finish(topology); }
    [[nodiscard]] QString name() const override { return m_store->name(); }

private:
    std::unique_ptr<server::SqliteStore> m_store;
    const bool &m_full;
    int &m_writes;
};

/// A client of the same thread: it sends at once, and reads in the turns of the event loop.
class Caller
{
public:
    explicit Caller(quint16 port)
    {
        m_socket.connectToHost(QHostAddress::LocalHost, port);
        QObject::connect(&m_socket, &QTcpSocket::readyRead, &m_socket,
                         [this] { m_answer += m_socket.readAll(); });
    }
    [[nodiscard]] bool isThere() const
    {
        return m_socket.state() == QAbstractSocket::ConnectedState;
    }
    void send(const QByteArray &method, const QByteArray &path, const QByteArray &body = {})
    {
        m_answer.clear();
        m_socket.write(method + ' ' + path +
                       " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                       "Content-Length: " +
                       QByteArray::number(body.size()) + "\r\n\r\n" + body);
        m_socket.flush();
    }
    /// 0: none yet.
    [[nodiscard]] int status() const
    {
        return m_answer.contains("\r\n\r\n") ? m_answer.mid(9, 3).toInt() : 0;
    }
    [[nodiscard]] QByteArray body() const { return m_answer.mid(m_answer.indexOf("\r\n\r\n") + 4); }

private:
    QTcpSocket m_socket;
    QByteArray m_answer;
};

} // namespace

/// What comes over HTTP in one turn of the host: one transaction for all of it, and no answer
/// before it.
class TestTurns : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        QTest::failOnWarning(QRegularExpression(QStringLiteral(".*")));
        m_full = false;
        m_folder = std::make_unique<QTemporaryDir>();
        server::SqliteStore::Options options;
        options.create = true;
        auto store =
            server::SqliteStore::open(m_folder->filePath(QStringLiteral("a.board")), options);
        QVERIFY(store);
        auto host = server::Host::open(
            std::make_unique<FullDisk>(*std::move(store), m_full, m_writes), {}, m_log);
        QVERIFY(host);
        m_host = *std::move(host);
        m_network =
            std::make_unique<server::NetworkServer>(*m_host, server::NetworkServer::Options());
        QVERIFY(m_network->listen(QHostAddress::LocalHost, 0));
        QList<Edit> edits;
        m_devices.clear();
        for (int i = 0; i < kCallers; ++i) {
            m_devices.append(m_host->newId());
            edits.append(CreateEntity{EntityKind::Device,
                                      m_devices.last(),
                                      {{Field::Name, QStringLiteral("d%1").arg(i)},
                                       {Field::DeviceType, QStringLiteral("ONT")}}});
        }
        QVERIFY(m_host->commit(edits, {}, {}));
        m_callers.clear();
        for (int i = 0; i < kCallers; ++i)
            m_callers.push_back(std::make_unique<Caller>(m_network->port()));
        for (const auto &caller : m_callers) {
            QTRY_VERIFY(caller->isThere());
            caller->send("GET", "/health"); // the host knows it from here on
            QTRY_COMPARE(caller->status(), 200);
        }
        m_writes = 0;
    }
    void cleanup()
    {
        m_callers.clear();
        m_network.reset();
        m_host->finish();
        m_host.reset();
    }

    void oneTransactionForAll()
    {
        const quint64 before = m_host->authority().revision();
        for (int i = 0; i < kCallers; ++i)
            m_callers[size_t(i)]->send("PATCH", path(i), "{\"notes\":\"n" + number(i) + "\"}");
        for (int i = 0; i < kCallers; ++i) {
            Caller &caller = *m_callers[size_t(i)];
            QTRY_COMPARE(caller.status(), 200);
            QVERIFY(caller.body().contains("\"notes\":\"n" + number(i) + '"'));
        }
        QCOMPARE(m_host->authority().revision(), before + kCallers);
        // The system may deliver them in two pieces.
        QVERIFY2(m_writes <= 2, qPrintable(QString::number(m_writes)));
    }

    /// Each sees what the others of its turn did before it.
    void oneNameForOne()
    {
        for (const auto &caller : m_callers)
            caller->send("POST", "/api/devices", "{\"name\":\"new\",\"device_type\":\"ONT\"}");
        QMap<int, int> statuses;
        for (const auto &caller : m_callers) {
            QTRY_VERIFY(caller->status() != 0);
            ++statuses[caller->status()];
        }
        QCOMPARE(statuses, (QMap<int, int>{{201, 1}, {409, kCallers - 1}}));
    }

    /// Nobody has been told what could not be stored, and nothing of it is left.
    void nothingStored()
    {
        QSignalSpy announced(m_host.get(), &server::Host::announced);
        m_full = true;
        for (int i = 0; i < kCallers; ++i) {
            Caller &caller = *m_callers[size_t(i)];
            if (i % 4 == 0)
                caller.send("PATCH", path(i), "{\"name\":\"lost" + number(i) + "\"}");
            else if (i % 4 == 1)
                caller.send("POST", "/api/devices/provision",
                            "{\"name\":\"p" + number(i) +
                                "\",\"device_type\":\"BACKBONE_GATEWAY\"}");
            else if (i % 4 == 2)
                caller.send("GET", path(i - 2)); // has seen what is lost
            else
                caller.send("DELETE", path(i));
        }
        int told = 0;
        for (const auto &caller : m_callers) {
            QTRY_VERIFY(caller->status() != 0);
            QVERIFY2(!caller->body().contains("lost"), caller->body().constData());
            if (caller->status() >= 500) {
                QVERIFY2(caller->body().contains("no space left"), caller->body().constData());
                ++told;
            } else {
                QCOMPARE(caller->status(), 200); // of a turn in which nothing was changed
            }
        }
        QVERIFY(told >= kCallers * 3 / 4);
        QCOMPARE(announced.count(), 0);
        QCOMPARE(m_writes, 0);
        QCOMPARE(m_host->topology().devices().size(), size_t(kCallers));

        // The next time there is room again.
        m_full = false;
        m_callers[0]->send("PATCH", path(0), R"({"notes":"kept"})");
        m_callers[1]->send("POST", "/api/devices/provision",
                           R"({"name":"p","device_type":"BACKBONE_GATEWAY"})");
        QTRY_COMPARE(m_callers[0]->status(), 200);
        QTRY_COMPARE(m_callers[1]->status(), 201);
        QCOMPARE(announced.count(), 1);
        QCOMPARE(announced.first().first().toByteArray(), QByteArray("device_created"));
    }

    /// A client that leaves takes nothing with it.
    void leavesBeforeItsAnswer()
    {
        m_callers[0]->send("PATCH", path(0), R"({"notes":"left"})");
        m_callers[1]->send("PATCH", path(1), R"({"notes":"stayed"})");
        m_callers[0].reset();
        QTRY_COMPARE(m_callers[1]->status(), 200);
        QTRY_COMPARE(m_host->topology().device(m_devices[0])->remarks->notes,
                     QStringLiteral("left"));
    }

    /// A port that is closed answers first what is open.
    void closesBehindItsAnswers()
    {
        m_callers[0]->send("PATCH", path(0), R"({"notes":"last"})");
        QDeadlineTimer patience(5000);
        while (m_host->authority().isQuiet() && !patience.hasExpired())
            QCoreApplication::processEvents();
        QVERIFY(!m_host->authority().isQuiet());
        QCOMPARE(m_writes, 0);
        m_network.reset();
        QTRY_COMPARE(m_callers[0]->status(), 200);
        QCOMPARE(m_writes, 1);
    }

    /// Two requests on one connection, one behind the other: the answers keep their order.
    void pipelined()
    {
        const QByteArray body = R"({"name":"first"})";
        QTcpSocket socket;
        QByteArray all;
        connect(&socket, &QTcpSocket::readyRead, this, [&] { all += socket.readAll(); });
        socket.connectToHost(QHostAddress::LocalHost, m_network->port());
        QTRY_COMPARE(socket.state(), QAbstractSocket::ConnectedState);
        socket.write("PATCH " + path(0) +
                     " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                     "Content-Length: " +
                     number(int(body.size())) + "\r\n\r\n" + body);
        socket.write("GET " + path(0) + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
        QTRY_COMPARE(all.count("HTTP/1.1 200 OK"), 2);
        QTRY_COMPARE(all.count("\"name\":\"first\""), 2);
    }

private:
    static constexpr int kCallers = 20;
    static QByteArray number(int i) { return QByteArray::number(i); }
    [[nodiscard]] QByteArray path(int i) const
    {
        return "/api/devices/" + QByteArray::number(m_devices[i]);
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    server::Log m_log{nullptr, server::LogLevel::Error, false};
    bool m_full = false;
    int m_writes = 0;
    std::unique_ptr<server::Host> m_host;
    std::unique_ptr<server::NetworkServer> m_network;
    QList<EntityId> m_devices;
    std::vector<std::unique_ptr<Caller>> m_callers;
};

PATCHBOARD_TEST(TestTurns)
#include "tst_turns.moc"
