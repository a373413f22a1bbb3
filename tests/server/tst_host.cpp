#include "tests/server/httpclient.h"
#include "tests/support/hostprocess.h"
#include "tests/support/testmain.h"

#include <QFileInfo>
#include <QRandomGenerator>
#include <QRegularExpression>
#include <QTcpServer>
#include <QTemporaryDir>

#include <atomic>
#include <thread>

/// The program as its users know it: starting, ending, being killed.
class TestHost : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        QTest::failOnWarning(QRegularExpression(QStringLiteral(".*")));
        m_folder = std::make_unique<QTemporaryDir>();
    }

    /// Killed in a burst of writes, again and again: every acknowledged change is there once.
    void killedUnderLoad()
    {
        const quint32 seed = QRandomGenerator::global()->generate();
        qInfo("seed %u", seed);
        QRandomGenerator random(seed);
        const QString file = m_folder->filePath(QStringLiteral("killed.board"));
        QSet<QString> acknowledged;
        for (int round = 0; round < 5; ++round) {
            HostProcess server;
            QVERIFY2(server.start(file), server.log().constData());
            constexpr int kWriters = 3;
            QList<QSet<QString>> made(kWriters);
            std::atomic<int> total = 0;
            std::vector<std::thread> writers;
            for (int w = 0; w < kWriters; ++w) {
                writers.emplace_back([&, w] {
                    HttpClient client(server.port());
                    for (int i = 0;; ++i) {
                        const QString name = QStringLiteral("d-%1-%2-%3").arg(round).arg(w).arg(i);
                        const Reply reply = client.send(
                            "POST", "/api/devices",
                            QJsonObject{{QStringLiteral("name"), name},
                                        {QStringLiteral("device_type"), QStringLiteral("ONT")}});
                        if (reply.status != 201)
                            return; // killed
                        made[w].insert(name);
                        ++total;
                    }
                });
            }
            const int enough = 20 + int(random.bounded(200));
            while (total < enough)
                std::this_thread::yield();
            server.kill();
            for (std::thread &writer : writers)
                writer.join();
            for (const QSet<QString> &names : made)
                acknowledged += names;
        }
        const auto checked = HostProcess::run({QStringLiteral("check"), file});
        QVERIFY2(checked.code == 0, checked.err.constData());
        HostProcess server;
        QVERIFY2(server.start(file), server.log().constData());
        QHash<QString, int> seen;
        for (const QJsonValue &device : HttpClient(server.port()).get("/api/devices").array())
            ++seen[device.toObject().value(u"name").toString()];
        for (const QString &name : std::as_const(acknowledged))
            QCOMPARE(seen.value(name), 1);
        QCOMPARE(server.terminate(), 0);
    }

    void refusesToStart_data()
    {
        QTest::addColumn<QStringList>("options");
        QTest::addColumn<QByteArray>("says");
        const auto row = [](const char *options, const char *says) {
            QTest::newRow(options) << QString::fromLatin1(options).split(u' ') << QByteArray(says);
        };
        row("--port 70000", "not a port");
        row("--port x", "not a port");
        row("--host example", "not an IP address");
        row("--host 0.0.0.0", "--insecure-no-auth");
        row("--durability none", "neither full nor normal");
        row("--log-level loud", "not a level");
        row("--rate-limit -1", "not a number");
        row("--cors-origin lab.example", "not an origin");
        row("--cors-origin http://lab.example/page", "not an origin");
        row("--nonsense", "nonsense");
        row("second.board", "unexpected");
    }
    void refusesToStart()
    {
        QFETCH(QStringList, options);
        QFETCH(const QByteArray, says);
        const QString file = m_folder->filePath(QStringLiteral("a.board"));
        const auto finished =
            HostProcess::run(QStringList{QStringLiteral("serve"), file} + options);
        QCOMPARE(finished.code, 1);
        QCOMPARE(finished.err.count('\n'), 1);
        QVERIFY2(finished.err.contains(says), finished.err.constData());
        QVERIFY(!QFileInfo::exists(file));
    }

    void portOrFileInUse()
    {
        const QString file = m_folder->filePath(QStringLiteral("a.board"));
        HostProcess server;
        QVERIFY(server.start(file));
        auto second = HostProcess::run({QStringLiteral("serve"), file});
        QCOMPARE(second.code, 1);
        QVERIFY2(second.err.contains(QByteArray::number(server.processId())),
                 second.err.constData());
        second = HostProcess::run(
            {QStringLiteral("serve"), m_folder->filePath(QStringLiteral("b.board")),
             QStringLiteral("--quiet"), QStringLiteral("--port"), QString::number(server.port())});
        QCOMPARE(second.code, 1);
        QVERIFY2(second.err.contains(QByteArray::number(server.port())), second.err.constData());
        QCOMPARE(second.err.count('\n'), 1);
        QCOMPARE(server.terminate(), 0);
    }

    void jsonLines()
    {
        HostProcess server;
        QVERIFY(server.start(m_folder->filePath(QStringLiteral("a.board")),
                             {QStringLiteral("--json"), QStringLiteral("--demo")}));
        const QJsonObject first = QJsonDocument::fromJson(server.firstLine()).object();
        QCOMPARE(first.value(u"port").toInt(), int(server.port()));
        QCOMPARE(HttpClient(server.port()).get("/api/devices").array().size(), 10);
        QCOMPARE(server.terminate(), 0);
        for (const QByteArray &line : server.log().trimmed().split('\n')) {
            const QJsonObject entry = QJsonDocument::fromJson(line).object();
            QVERIFY2(entry.contains(u"time") && entry.contains(u"level") &&
                         entry.contains(u"message"),
                     line.constData());
        }
    }

private:
    std::unique_ptr<QTemporaryDir> m_folder;
};

PATCHBOARD_TEST(TestHost)
#include "tst_host.moc"
