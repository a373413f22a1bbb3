#include "tests/server/httpclient.h"
#include "tests/support/hostprocess.h"
#include "tests/support/testmain.h"

#include <QFile>
#include <QProcess>
#include <QRegularExpression>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QWebSocket>
#include <QtTest/QSignalSpy>

namespace {

/// How patient an echo program is. A test that has to answer pings gets time for it, and one that
/// is not about them gets none: what it may take on a machine that is busy proves nothing.
const QStringList kAsSuitesWant;
const QStringList kPatient{QStringLiteral("--ping-timeout"), QStringLiteral("60000")};
const QStringList kWithoutPings{QStringLiteral("--ping-interval"), QStringLiteral("600000")};
const QStringList kWithoutDeadlines =
    kWithoutPings + QStringList{QStringLiteral("--connect-timeout"), QStringLiteral("600000")};

/// One of the echo programs, on a free port.
class EchoProcess
{
public:
    explicit EchoProcess(const QString &name, const QStringList &patience = kWithoutPings)
    {
        m_process.setProcessChannelMode(QProcess::ForwardedErrorChannel);
        m_process.start(QStringLiteral(PATCHBOARD_BIN_DIR "/") + name,
                        QStringList{QStringLiteral("--port"), QStringLiteral("0")} + patience);
        while (!m_process.canReadLine() && m_process.waitForReadyRead(30'000)) {
        }
        const QString line = QString::fromLatin1(m_process.readLine());
        m_port = QRegularExpression(QStringLiteral(":(\\d+)/")).match(line).captured(1).toUShort();
    }
    ~EchoProcess()
    {
        m_process.kill();
        m_process.waitForFinished();
    }
    [[nodiscard]] quint16 port() const { return m_port; }

private:
    QProcess m_process;
    quint16 m_port = 0;
};

/// A WebSocket that keeps what came, pings aside.
class Listener
{
public:
    Listener(quint16 port, const QString &path, bool answerPings = true)
    {
        QObject::connect(&m_socket, &QWebSocket::textMessageReceived, &m_socket,
                         [this, answerPings](const QString &message) {
                             if (message != QLatin1String("2"))
                                 texts.append(message);
                             else if (++pings > 0 && answerPings)
                                 send(QStringLiteral("3"));
                         });
        QObject::connect(&m_socket, &QWebSocket::binaryMessageReceived, &m_socket,
                         [this](const QByteArray &message) { bytes.append(message); });
        QObject::connect(&m_socket, &QWebSocket::disconnected, &m_socket,
                         [this] { closed = true; });
        m_socket.open(QUrl(QStringLiteral("ws://127.0.0.1:%1%2").arg(port).arg(path)));
    }
    void send(const QString &text) { m_socket.sendTextMessage(text); }
    void send(const QByteArray &data) { m_socket.sendBinaryMessage(data); }
    /// A text in frames of so many bytes.
    void sendInFrames(const QString &text, quint64 size)
    {
        m_socket.setOutgoingFrameSize(size);
        m_socket.sendTextMessage(text);
    }
    /// Until it has left this process.
    void flush() { m_socket.flush(); }
    [[nodiscard]] bool isOpen() const { return m_socket.isValid(); }

    QStringList texts;
    QList<QByteArray> bytes;
    int pings = 0;
    bool closed = false;

private:
    QWebSocket m_socket;
};

const QString kEngineSocket = QStringLiteral("/engine.io/?EIO=4&transport=websocket");
const QString kSocketIo = QStringLiteral("/socket.io/?EIO=4&transport=websocket");

QByteArray sessionPath(HttpClient &http, const QByteArray &path = "/engine.io/")
{
    const QByteArray base = path + "?EIO=4&transport=polling";
    const Reply reply = http.get(base);
    return base + "&sid=" +
           QJsonDocument::fromJson(reply.body.mid(1)).object().value(u"sid").toString().toLatin1();
}

/// Each of these ends the connection that it comes by, whoever has joined or not.
void endedBy(const EchoProcess &echo, bool joined, const std::vector<const char *> &packets)
{
    std::vector<std::unique_ptr<Listener>> listeners;
    for (size_t i = 0; i < packets.size(); ++i)
        listeners.push_back(std::make_unique<Listener>(echo.port(), kSocketIo));
    const qsizetype greeting = joined ? 3 : 1;
    for (const auto &listener : listeners) {
        QTRY_COMPARE(listener->texts.size(), 1);
        if (joined)
            listener->send(QStringLiteral("40"));
    }
    for (size_t i = 0; i < packets.size(); ++i) {
        QTRY_COMPARE(listeners[i]->texts.size(), greeting);
        listeners[i]->send(QString::fromLatin1(packets[i]));
    }
    for (size_t i = 0; i < packets.size(); ++i) {
        QTRY_VERIFY2(listeners[i]->closed, packets[i]);
        QCOMPARE(listeners[i]->texts.size(), greeting);
    }
}

QByteArray getRequest(const QByteArray &path)
{
    return "GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
}

QString eventName(const QString &packet)
{
    return QJsonDocument::fromJson(packet.mid(2).toUtf8()).array().at(0).toString();
}

QJsonObject eventBody(const QString &packet)
{
    return QJsonDocument::fromJson(packet.mid(2).toUtf8()).array().at(1).toObject();
}

} // namespace

class TestSocketIo : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void handshake()
    {
        EchoProcess echo(QStringLiteral("engineio-echo"), kAsSuitesWant);
        HttpClient http(echo.port());
        const Reply reply = http.get("/engine.io/?EIO=4&transport=polling");
        QCOMPARE(reply.status, 200);
        QVERIFY(reply.headers.value("content-type").startsWith("text/plain"));
        QVERIFY(reply.body.startsWith('0'));
        const QJsonObject open = QJsonDocument::fromJson(reply.body.mid(1)).object();
        QCOMPARE(open.value(u"sid").toString().size(), 20);
        QCOMPARE(open.value(u"upgrades").toArray(), QJsonArray{QStringLiteral("websocket")});
        QCOMPARE(open.value(u"pingInterval").toInt(), 300);
        QCOMPARE(open.value(u"pingTimeout").toInt(), 200);
        QCOMPARE(open.value(u"maxPayload").toInt(), 1'000'000);
        QCOMPARE(open.size(), 5);

        Listener listener(echo.port(), kEngineSocket);
        QTRY_COMPARE(listener.texts.size(), 1);
        QVERIFY(listener.texts[0].startsWith(QLatin1String("0{\"sid\":")));
        QVERIFY(listener.texts[0].contains(QLatin1String("\"upgrades\":[],")));
    }

    void refusals_data()
    {
        QTest::addColumn<QByteArray>("method");
        QTest::addColumn<QByteArray>("query");
        QTest::addColumn<QByteArray>("body");
        QTest::newRow("no transport") << QByteArray("GET") << QByteArray("EIO=4")
                                      << QByteArray(R"({"code":0,"message":"Transport unknown"})");
        QTest::newRow("another transport")
            << QByteArray("GET") << QByteArray("EIO=4&transport=pigeon")
            << QByteArray(R"({"code":0,"message":"Transport unknown"})");
        QTest::newRow("no version")
            << QByteArray("GET") << QByteArray("transport=polling")
            << QByteArray(R"({"code":5,"message":"Unsupported protocol version"})");
        QTest::newRow("another version")
            << QByteArray("GET") << QByteArray("EIO=3&transport=polling")
            << QByteArray(R"({"code":5,"message":"Unsupported protocol version"})");
        QTest::newRow("the same number, written otherwise")
            << QByteArray("GET") << QByteArray("EIO=04&transport=polling")
            << QByteArray(R"({"code":5,"message":"Unsupported protocol version"})");
        QTest::newRow("an empty session")
            << QByteArray("GET") << QByteArray("EIO=4&transport=polling&sid=")
            << QByteArray(R"({"code":1,"message":"Session ID unknown"})");
        QTest::newRow("a head first")
            << QByteArray("HEAD") << QByteArray("EIO=4&transport=polling") << QByteArray();
        QTest::newRow("a post first")
            << QByteArray("POST") << QByteArray("EIO=4&transport=polling")
            << QByteArray(R"({"code":2,"message":"Bad handshake method"})");
        QTest::newRow("a put") << QByteArray("PUT") << QByteArray("EIO=4&transport=polling")
                               << QByteArray(R"({"code":2,"message":"Bad handshake method"})");
        QTest::newRow("a session that is not")
            << QByteArray("GET") << QByteArray("EIO=4&transport=polling&sid=nobody")
            << QByteArray(R"({"code":1,"message":"Session ID unknown"})");
        QTest::newRow("websocket without one")
            << QByteArray("GET") << QByteArray("EIO=4&transport=websocket")
            << QByteArray(R"({"code":3,"message":"Bad request"})");
    }
    void refusals()
    {
        QFETCH(QByteArray, method);
        QFETCH(QByteArray, query);
        QFETCH(QByteArray, body);
        EchoProcess echo(QStringLiteral("engineio-echo"));
        HttpClient http(echo.port());
        const Reply reply =
            http.request(method, "/engine.io/?" + query, {}, {"Origin: http://anywhere"});
        QCOMPARE(reply.status, 400);
        QCOMPARE(reply.body, body);
        QCOMPARE(reply.headers.value("access-control-allow-origin"), QByteArray("*"));
        // As an upgrade it is refused before the handshake, or there is nothing wrong with it.
        if (method == "GET" && !body.contains("code\":3")) {
            HttpClient upgrade(echo.port());
            const Reply refusal = upgrade.request("GET", "/engine.io/?" + query, {},
                                                  {"Connection: Upgrade", "Upgrade: websocket",
                                                   "Sec-WebSocket-Version: 13",
                                                   "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="});
            QCOMPARE(refusal.status, 400);
        }
    }

    void pollingEchoes()
    {
        EchoProcess echo(QStringLiteral("engineio-echo"));
        HttpClient http(echo.port());
        const QByteArray path = sessionPath(http);
        const QByteArray payload = "4one\x1e"
                                   "4zw\xc3\xb6lf\x1e"
                                   "bAAEC/w==";
        const Reply posted = http.request("POST", path, payload);
        QCOMPARE(posted.status, 200);
        QCOMPARE(posted.body, QByteArray("ok"));
        QCOMPARE(http.get(path).body, payload);

        // A poll that waits is answered by what comes.
        HttpClient poll(echo.port());
        QVERIFY(poll.connectNow());
        poll.write(getRequest(path));
        QCOMPARE(http.request("POST", path, "4late").status, 200);
        QCOMPARE(poll.readReply().body, QByteArray("4late"));
    }

    void pollingKeepsTheOrderOfAPipeline()
    {
        EchoProcess echo(QStringLiteral("engineio-echo"));
        HttpClient http(echo.port());
        const QByteArray path = sessionPath(http);
        HttpClient pipeline(echo.port());
        QVERIFY(pipeline.connectNow());
        pipeline.write(getRequest(path) + getRequest("/engine.io/?EIO=4"));
        QCOMPARE(http.request("POST", path, "4first").status, 200);
        QCOMPARE(pipeline.readReply().body, QByteArray("4first"));
        QCOMPARE(pipeline.readReply().status, 400);
    }

    void malformedPayloads_data()
    {
        QTest::addColumn<QByteArray>("payload");
        QTest::newRow("no type") << QByteArray("hello");
        QTest::newRow("a type too great") << QByteArray("7x");
        QTest::newRow("empty packet") << QByteArray("4a\x1e\x1e"
                                                    "4b");
        QTest::newRow("a separator at the end") << QByteArray("4a\x1e");
        QTest::newRow("a separator first") << QByteArray("\x1e"
                                                         "4a");
        QTest::newRow("nothing") << QByteArray();
        QTest::newRow("no base64") << QByteArray("b*");
        QTest::newRow("no UTF-8") << QByteArray("4\xff\xfe");
        QTest::newRow("a ping of a client") << QByteArray("2");
    }
    void malformedPayloads()
    {
        QFETCH(QByteArray, payload);
        EchoProcess echo(QStringLiteral("engineio-echo"));
        HttpClient http(echo.port());
        const QByteArray path = sessionPath(http);
        const int status = http.request("POST", path, payload).status;
        QCOMPARE(status, payload == "2" ? 200 : 400);
        QCOMPARE(http.get(path).status, 400); // the session is gone
    }

    void whatASessionDoesNotKnow()
    {
        EchoProcess echo(QStringLiteral("engineio-echo"));
        HttpClient http(echo.port());
        const QByteArray path = sessionPath(http);
        for (const char *method : {"PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"})
            QCOMPARE(http.request(method, path).status, 400);
        QCOMPARE(http.get(QByteArray(path).replace("EIO=4&", "")).status, 400);
        QCOMPARE(http.get(QByteArray(path).replace("EIO=4", "EIO=3")).status, 400);
        // None of that ends it; bytes that are not in base64 do.
        QCOMPARE(http.request("POST", path, "4x").status, 200);
        QCOMPARE(http.get(path).body, QByteArray("4x"));
        QCOMPARE(
            http.request("POST", path, "4x", {"Content-Type: application/octet-stream"}).status,
            400);
        QCOMPARE(http.get(path).status, 400);
    }

    void limits()
    {
        EchoProcess echo(QStringLiteral("engineio-echo"));
        HttpClient http(echo.port());
        const QByteArray path = sessionPath(http);
        QCOMPARE(http.request("POST", path, '4' + QByteArray(1'000'000, 'x')).status, 413);
        const QByteArray most = '4' + QByteArray(999'999, 'x');
        QCOMPARE(http.request("POST", path, most).status, 200);
        QCOMPARE(http.get(path).body, most);
        Listener listener(echo.port(), kEngineSocket);
        QTRY_COMPARE(listener.texts.size(), 1);
        listener.sendInFrames(QString::fromLatin1(most), 1000);
        QTRY_COMPARE(listener.texts.value(1), QString::fromLatin1(most));
        listener.send(QByteArray(1'000'001, 'x'));
        QTRY_VERIFY(listener.closed);
    }

    void twoPollsEndTheSession()
    {
        EchoProcess echo(QStringLiteral("engineio-echo"));
        HttpClient http(echo.port());
        const QByteArray path = sessionPath(http);
        QVERIFY(http.connectNow());
        http.write(getRequest(path));
        HttpClient other(echo.port());
        // The first may not have arrived: then the second is the one that waits.
        QVERIFY(other.connectNow());
        other.write(getRequest(path));
        const Reply a = http.readReply();
        const Reply b = other.readReply();
        QCOMPARE(std::min(a.status, b.status), 200);
        QCOMPARE(std::max(a.status, b.status), 400);
        QCOMPARE(a.status == 200 ? a.body : b.body, QByteArray("1"));
        QCOMPARE(http.get(path).status, 400);
    }

    /// As the reference has it: a POST begins with its head.
    void twoPostsEndTheSession()
    {
        EchoProcess echo(QStringLiteral("engineio-echo"));
        HttpClient http(echo.port());
        HttpClient slow(echo.port());
        const auto begin = [&slow](const QByteArray &path) {
            slow.close();
            QVERIFY(slow.connectNow());
            slow.write("POST " + path +
                       " HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\n"
                       "Content-Length: 2\r\n\r\n");
            QTRY_COMPARE(slow.socket().bytesAvailable(), 25);
            QCOMPARE(slow.socket().readAll(), QByteArray("HTTP/1.1 100 Continue\r\n\r\n"));
        };
        // One after the other, however slowly.
        QByteArray path = sessionPath(http);
        begin(path);
        slow.write("4a");
        QCOMPARE(slow.readReply().status, 200);
        QCOMPARE(http.request("POST", path, "4b").status, 200);
        QCOMPARE(http.get(path).body, QByteArray("4a\x1e"
                                                 "4b"));

        begin(path);
        const Reply second = http.request("POST", path, "4b");
        QCOMPARE(second.status, 400);
        QCOMPARE(second.object().value(u"message").toString(), QStringLiteral("Bad request"));
        QCOMPARE(http.get(path).status, 400);
        slow.write("4a");
        QCOMPARE(slow.readReply().status, 400);

        // Neither has its body yet.
        path = sessionPath(http);
        begin(path);
        HttpClient other(echo.port());
        QVERIFY(other.connectNow());
        other.write("POST " + path + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n4");
        QTRY_COMPARE(http.get(path).status, 400);
        other.write("b");
        QCOMPARE(other.readReply().status, 400);
        slow.write("4a");
        QCOMPARE(slow.readReply().status, 400);

        // Who leaves it has left; the bodies of others count for nothing.
        path = sessionPath(http);
        HttpClient poll(echo.port());
        QVERIFY(poll.connectNow());
        begin(path);
        poll.write(getRequest(path));
        slow.close();
        QCOMPARE(poll.readReply().body, QByteArray("1"));
        QCOMPARE(http.request("POST", path, "4b").status, 400);
    }

    void pollingHeartbeat()
    {
        EchoProcess echo(QStringLiteral("engineio-echo"),
                         {QStringLiteral("--ping-timeout"), QStringLiteral("3000")});
        HttpClient http(echo.port());
        const QByteArray path = sessionPath(http);
        for (int i = 0; i < 3; ++i) {
            QCOMPARE(http.get(path).body, QByteArray("2"));
            QCOMPARE(http.request("POST", path, "3").status, 200);
        }
        QCOMPARE(http.get(path).body, QByteArray("2"));
        QCOMPARE(http.get(path).body, QByteArray("1")); // no pong
        QCOMPARE(http.get(path).status, 400);
    }

    void closedByTheClient()
    {
        EchoProcess echo(QStringLiteral("engineio-echo"));
        HttpClient http(echo.port());
        const QByteArray path = sessionPath(http);
        HttpClient poll(echo.port());
        QVERIFY(poll.connectNow());
        poll.write(getRequest(path));
        QCOMPARE(http.request("POST", path, "1").status, 200);
        QCOMPARE(poll.readReply().body, QByteArray("6"));
        QCOMPARE(http.get(path).status, 400);

        // The poll may be on its way when the last word is said.
        const QByteArray late = sessionPath(http);
        QCOMPARE(http.request("POST", late, "1").status, 200);
        QCOMPARE(http.get(late).body, QByteArray("6"));
        QCOMPARE(http.get(late).status, 400);

        Listener listener(echo.port(), kEngineSocket);
        QTRY_COMPARE(listener.texts.size(), 1);
        listener.send(QStringLiteral("1"));
        QTRY_VERIFY(listener.closed);
    }

    void aClientThatLeavesItsPoll()
    {
        EchoProcess echo(QStringLiteral("engineio-echo"), kAsSuitesWant);
        HttpClient http(echo.port());
        const QByteArray path = sessionPath(http);
        {
            HttpClient poll(echo.port());
            QVERIFY(poll.connectNow());
            poll.write(getRequest(path));
        }
        QTRY_COMPARE(http.request("POST", path, "4x").status, 400);
        QCOMPARE(http.get("/engine.io/?EIO=4&transport=polling").status, 200);
    }

    void webSocketEchoes()
    {
        EchoProcess echo(QStringLiteral("engineio-echo"), kPatient);
        Listener listener(echo.port(), kEngineSocket);
        QTRY_COMPARE(listener.texts.size(), 1);
        listener.send(QStringLiteral("4hällo"));
        listener.send(QByteArray("\0\1\2", 3));
        QTRY_COMPARE(listener.texts.value(1), QStringLiteral("4hällo"));
        QTRY_COMPARE(listener.bytes, QList<QByteArray>{QByteArray("\0\1\2", 3)});
        QTRY_VERIFY(listener.pings >= 3);
        QVERIFY(!listener.closed);
        // Bytes as a client sends them that was told to send text alone; nothing at all, twice;
        // what has no meaning here; and a pong that nobody asked for.
        for (const char *text : {"bAAEC", "b", "4", "0", "5", "6", "3"})
            listener.send(QString::fromLatin1(text));
        listener.send(QStringLiteral("4end"));
        QTRY_COMPARE(listener.texts.mid(2),
                     (QStringList{QStringLiteral("4"), QStringLiteral("4end")}));
        QTRY_COMPARE(listener.bytes.mid(1), (QList<QByteArray>{QByteArray("\0\1\2", 3), ""}));

        EchoProcess strict(QStringLiteral("engineio-echo"), kAsSuitesWant);
        Listener silent(strict.port(), kEngineSocket, false);
        QTRY_VERIFY(silent.closed);
        QCOMPARE(silent.pings, 1);

        for (const char *text : {"x", "", "7", "b*", "2"}) {
            Listener malformed(echo.port(), kEngineSocket);
            QTRY_COMPARE(malformed.texts.size(), 1);
            malformed.send(QString::fromLatin1(text));
            QTRY_VERIFY(malformed.closed);
        }

        // Its session is its own.
        Listener own(echo.port(), kEngineSocket);
        QTRY_COMPARE(own.texts.size(), 1);
        const QString sid =
            QJsonDocument::fromJson(own.texts[0].mid(1).toUtf8()).object().value(u"sid").toString();
        HttpClient http(echo.port());
        const QByteArray polled = "/engine.io/?EIO=4&transport=polling&sid=" + sid.toLatin1();
        QCOMPARE(http.get(polled).status, 400);
        QCOMPARE(http.request("POST", polled, "4x").status, 400);
        Listener second(echo.port(), kEngineSocket + QStringLiteral("&sid=") + sid);
        QTRY_VERIFY(second.closed);
        own.send(QStringLiteral("4mine"));
        QTRY_COMPARE(own.texts.value(1), QStringLiteral("4mine"));
    }

    void upgrade()
    {
        EchoProcess echo(QStringLiteral("engineio-echo"));
        HttpClient http(echo.port());
        const QByteArray path = sessionPath(http);
        HttpClient poll(echo.port());
        QVERIFY(poll.connectNow());
        poll.write(getRequest(path));
        const QString address =
            kEngineSocket + QString::fromLatin1(path.mid(path.indexOf("&sid=")));
        Listener listener(echo.port(), address);
        QTRY_VERIFY(listener.isOpen());
        listener.send(QStringLiteral("2probe"));
        QTRY_COMPARE(listener.texts, QStringList{QStringLiteral("3probe")});
        QCOMPARE(poll.readReply().body, QByteArray("6")); // makes room
        QCOMPARE(http.get(path).body, QByteArray("6"));   // so does every other until the upgrade
        QCOMPARE(http.request("POST", path, "4before").status, 200);
        listener.send(QStringLiteral("5"));
        listener.send(QStringLiteral("4after"));
        QTRY_COMPARE(listener.texts,
                     (QStringList{QStringLiteral("3probe"), QStringLiteral("4before"),
                                  QStringLiteral("4after")}));
        QCOMPARE(http.get(path).status, 400);
        Listener second(echo.port(), address);
        QTRY_VERIFY(second.closed);
        listener.send(QStringLiteral("4still"));
        QTRY_COMPARE(listener.texts.value(3), QStringLiteral("4still"));

        // A socket that says anything else is let go; the session stays where it is.
        const QByteArray other = sessionPath(http);
        const QString otherAddress =
            kEngineSocket + QString::fromLatin1(other.mid(other.indexOf("&sid=")));
        for (const char *text : {"4no", "2", "2prob", "3probe", "1", "", "x"}) {
            Listener rude(echo.port(), otherAddress);
            QTRY_VERIFY(rude.isOpen());
            rude.send(QString::fromLatin1(text));
            QTRY_VERIFY(rude.closed);
            QCOMPARE(http.request("POST", other, "4x").status, 200);
            QCOMPARE(http.get(other).body, QByteArray("4x"));
        }
        // So it does when the socket goes away in the middle; and only one at a time may try.
        {
            Listener gone(echo.port(), otherAddress);
            QTRY_VERIFY(gone.isOpen());
            gone.send(QStringLiteral("2probe"));
            QTRY_COMPARE(gone.texts.size(), 1);
            Listener beside(echo.port(), otherAddress);
            QTRY_VERIFY(beside.closed);
        }
        const auto probes = [&] {
            Listener again(echo.port(), otherAddress);
            return QTest::qWaitFor([&] { return again.isOpen(); }) &&
                   (again.send(QStringLiteral("2probe")),
                    QTest::qWaitFor([&] { return again.closed || !again.texts.isEmpty(); })) &&
                   again.texts == QStringList{QStringLiteral("3probe")};
        };
        QTRY_VERIFY(probes());
    }

    /// A client in a hurry: all of it is said before the first answer.
    void hurriedUpgrade()
    {
        EchoProcess echo(QStringLiteral("engineio-echo"));
        HttpClient http(echo.port());
        for (const char *method : {"GET", "POST"}) {
            const QByteArray path = sessionPath(http);
            QCOMPARE(http.request("POST", path,
                                  "4a\x1e"
                                  "bAAE=\x1e"
                                  "4b")
                         .status,
                     200);
            Listener listener(echo.port(),
                              kEngineSocket + QString::fromLatin1(path.mid(path.indexOf("&sid="))));
            QTRY_VERIFY(listener.isOpen());
            for (const char *text : {"2probe", "5", "4c"})
                listener.send(QString::fromLatin1(text));
            listener.flush();
            QCOMPARE(http.request(method, path).status, 400);
            QTRY_COMPARE(listener.texts,
                         (QStringList{QStringLiteral("3probe"), QStringLiteral("4a"),
                                      QStringLiteral("4b"), QStringLiteral("4c")}));
            QCOMPARE(listener.bytes, QList<QByteArray>{QByteArray("\0\1", 2)});
        }
        // Without a probe at all.
        const QByteArray path = sessionPath(http);
        Listener listener(echo.port(),
                          kEngineSocket + QString::fromLatin1(path.mid(path.indexOf("&sid="))));
        QTRY_VERIFY(listener.isOpen());
        listener.send(QStringLiteral("5"));
        listener.send(QStringLiteral("4x"));
        QTRY_COMPARE(listener.texts, QStringList{QStringLiteral("4x")});
    }

    void namespaces()
    {
        EchoProcess echo(QStringLiteral("socketio-echo"), kPatient);
        Listener listener(echo.port(), kSocketIo);
        QTRY_COMPARE(listener.texts.size(), 1);
        listener.send(QStringLiteral("40{\"token\":\"t\"}"));
        QTRY_COMPARE(listener.texts.size(), 3);
        QVERIFY(listener.texts[1].startsWith(QLatin1String("40{\"sid\":\"")));
        QCOMPARE(listener.texts[2], QStringLiteral("42[\"auth\",{\"token\":\"t\"}]"));
        listener.send(QStringLiteral("40/custom,"));
        QTRY_COMPARE(listener.texts.size(), 5);
        QVERIFY(listener.texts[3].startsWith(QLatin1String("40/custom,{\"sid\":\"")));
        QCOMPARE(listener.texts[4], QStringLiteral("42/custom,[\"auth\",{}]"));
        listener.send(QStringLiteral("40/nowhere"));
        QTRY_COMPARE(listener.texts.value(5),
                     QStringLiteral("44/nowhere,{\"message\":\"Invalid namespace\"}"));
        // Leaving one does not end the others, nor the connection.
        listener.send(QStringLiteral("41/custom,"));
        listener.send(QStringLiteral("42[\"message\",1]"));
        QTRY_COMPARE(listener.texts.value(6), QStringLiteral("42[\"message-back\",1]"));
        listener.send(QStringLiteral("41"));
        const int pings = listener.pings;
        QTRY_VERIFY(listener.pings > pings);
        QVERIFY(!listener.closed);
        // It may come back, and is another one then.
        listener.send(QStringLiteral("40/,{\"again\":true}"));
        QTRY_COMPARE(listener.texts.size(), 9);
        QVERIFY(listener.texts[7].startsWith(QLatin1String("40{\"sid\":\"")));
        QVERIFY(listener.texts[7] != listener.texts[1]);
        QCOMPARE(listener.texts[8], QStringLiteral("42[\"auth\",{\"again\":true}]"));
        // Who speaks where it is not, is not understood.
        listener.send(QStringLiteral("42/custom,[\"message\",1]"));
        QTRY_VERIFY(listener.closed);
    }

    void whoDoesNotJoinFirst()
    {
        EchoProcess echo(QStringLiteral("socketio-echo"), kWithoutDeadlines);
        endedBy(echo, false,
                {"42[\"message\"]", "41", "43[]", "44{}", "451-[\"message\"]", "40[]", "40\"text\"",
                 "40null", "40/custom,[]", "4x", "4"});
    }

    void eventsAndAcknowledgements()
    {
        EchoProcess echo(QStringLiteral("socketio-echo"));
        Listener listener(echo.port(), kSocketIo);
        QTRY_COMPARE(listener.texts.size(), 1);
        listener.send(QStringLiteral("40"));
        QTRY_COMPARE(listener.texts.size(), 3);
        listener.send(QStringLiteral("42[\"message\",1,\"2\",{\"3\":[true,null]}]"));
        QTRY_COMPARE(listener.texts.value(3),
                     QStringLiteral("42[\"message-back\",1,\"2\",{\"3\":[true,null]}]"));
        listener.send(QStringLiteral("4217[\"message-with-ack\",\"a\",[2.5]]"));
        QTRY_COMPARE(listener.texts.value(4), QStringLiteral("4317[\"a\",[2.5]]"));
        const QString holes = QStringLiteral("{\"_placeholder\":true,\"num\":0},"
                                             "{\"_placeholder\":true,\"num\":1}]");
        listener.send(QStringLiteral("452-[\"message\",") + holes);
        listener.send(QByteArray("one"));
        listener.send(QByteArray("two"));
        QTRY_COMPARE(listener.bytes.size(), 2);
        QCOMPARE(listener.texts.value(5), QStringLiteral("452-[\"message-back\",") + holes);
        listener.send(QStringLiteral("452-9[\"message-with-ack\",") + holes);
        listener.send(QByteArray("one"));
        listener.send(QByteArray("two"));
        QTRY_COMPARE(listener.bytes.size(), 4);
        QCOMPARE(listener.texts.value(6), QStringLiteral("462-9[") + holes);
        QCOMPARE(listener.bytes.mid(2), (QList<QByteArray>{"one", "two"}));

        // Whatever may stand there, and comes back as it is.
        const auto hole = [](int n) {
            return QStringLiteral("{\"_placeholder\":true,\"num\":%1}").arg(n);
        };
        const QList<std::pair<QString, QString>> pairs{
            {QStringLiteral("42/,[\"message\"]"), QStringLiteral("42[\"message-back\"]")},
            {QStringLiteral("42[\"message\",null,\"\",[],{},-1.5,1e+21,\"é€😀/x,\"]"),
             QStringLiteral("42[\"message-back\",null,\"\",[],{},-1.5,1e+21,\"é€😀/x,\"]")},
            {QStringLiteral("420[\"message-with-ack\"]"), QStringLiteral("430[]")},
            {QStringLiteral("42999999999999999[\"message-with-ack\",1]"),
             QStringLiteral("43999999999999999[1]")},
            {QStringLiteral("450-[\"message\",1]"), QStringLiteral("42[\"message-back\",1]")},
            // An acknowledgement that nobody asked for is no answer to anything.
            {QStringLiteral("4312[1]"), QString()},
            // In another order, deep inside, and twice.
            {QStringLiteral("452-[\"message\",{\"a\":[%2]},%1,%1]").arg(hole(0), hole(1)),
             QStringLiteral("452-[\"message-back\",{\"a\":[%2]},%1,%1]").arg(hole(0), hole(1))},
        };
        for (const auto &[sent, back] : pairs) {
            listener.texts.clear();
            listener.bytes.clear();
            listener.send(sent);
            if (sent.startsWith(QLatin1String("452"))) {
                listener.send(QByteArray("x"));
                listener.send(QByteArray());
            }
            if (!back.isEmpty())
                QTRY_COMPARE(listener.texts, QStringList{back});
        }
        QTRY_COMPARE(listener.bytes, (QList<QByteArray>{"x", ""}));
    }

    void byLongPolling()
    {
        EchoProcess echo(QStringLiteral("socketio-echo"));
        HttpClient http(echo.port());
        const QByteArray path = sessionPath(http, "/socket.io/");
        QCOMPARE(http.request("POST", path, "40{\"a\":1}").status, 200);
        QByteArray came;
        while (!came.contains("42[\"auth\",{\"a\":1}]")) {
            const Reply reply = http.get(path);
            QCOMPARE(reply.status, 200);
            came += reply.body;
        }
        QVERIFY(came.startsWith("40{\"sid\":\""));
        const QByteArray hole = "{\"_placeholder\":true,\"num\":0}";
        // In one payload, then in two.
        QCOMPARE(http.request("POST", path,
                              "451-[\"message\"," + hole +
                                  "]\x1e"
                                  "bAQID\x1e"
                                  "42[\"message\",1]")
                     .status,
                 200);
        QCOMPARE(http.get(path).body, "451-[\"message-back\"," + hole +
                                          "]\x1e"
                                          "bAQID\x1e"
                                          "42[\"message-back\",1]");
        QCOMPARE(http.request("POST", path, "451-5[\"message-with-ack\"," + hole + ']').status,
                 200);
        QCOMPARE(http.request("POST", path, "bAQID").status, 200);
        QCOMPARE(http.get(path).body, "461-5[" + hole +
                                          "]\x1e"
                                          "bAQID");
        // What cannot be understood ends it.
        QCOMPARE(http.request("POST", path, "42{}").status, 200);
        QCOMPARE(http.get(path).body, QByteArray("1"));
        QCOMPARE(http.get(path).status, 400);
    }

    void malformedPackets()
    {
        EchoProcess echo(QStringLiteral("socketio-echo"), kWithoutDeadlines);
        endedBy(echo, true,
                {"4",
                 "4x",
                 "47",
                 "42",
                 "42{}",
                 "42[]",
                 "42[null]",
                 "42[\"connect\"]",
                 "42x[\"a\"]",
                 "40",
                 "40[]",
                 "41{}",
                 "43{}",
                 "45[\"a\"]",
                 "45x-[\"a\"]",
                 "4599-[\"a\"]",
                 "42/other,[\"a\"]",
                 "42[\"a\"",
                 "421234567890123456[\"a\"]",
                 "42[{}]",
                 "42[true]",
                 "42[\"a\"],[\"b\"]",
                 "42[\"a\"]x",
                 "42[\"disconnect\"]",
                 "42[\"connect_error\"]",
                 "42[\"disconnecting\"]",
                 "42[\"newListener\"]",
                 "43",
                 "43x",
                 "44{}",
                 "46[]",
                 "451[\"a\"]",
                 "45-1-[\"a\"]",
                 "4-1",
                 "41[]"});
    }

    void attachmentsOutOfPlace()
    {
        EchoProcess echo(QStringLiteral("socketio-echo"));
        // Announced by nobody; another packet where they should come; placeholders of none.
        const QList<std::pair<QString, std::variant<QString, QByteArray>>> rows{
            {QString(), QByteArray("x")},
            {QStringLiteral("451-[\"a\",{\"_placeholder\":true,\"num\":0}]"),
             QStringLiteral("42[\"a\"]")},
            {QStringLiteral("451-[\"a\",{\"_placeholder\":true,\"num\":1}]"), QByteArray("x")},
            {QStringLiteral("451-[\"a\",{\"_placeholder\":true,\"num\":-1}]"), QByteArray("x")},
            {QStringLiteral("451-[\"a\",{\"_placeholder\":true,\"num\":0.5}]"), QByteArray("x")},
            {QStringLiteral("451-[\"a\",{\"_placeholder\":true,\"num\":\"0\"}]"), QByteArray("x")},
            {QStringLiteral("451-[\"a\",{\"_placeholder\":true}]"), QByteArray("x")},
        };
        for (const auto &[announced, next] : rows) {
            Listener listener(echo.port(), kSocketIo);
            QTRY_COMPARE(listener.texts.size(), 1);
            listener.send(QStringLiteral("40"));
            QTRY_COMPARE(listener.texts.size(), 3);
            if (!announced.isEmpty())
                listener.send(announced);
            std::visit([&listener = listener](const auto &what) { listener.send(what); }, next);
            QTRY_VERIFY(listener.closed);
        }
    }

    void whoJoinsNothingIsClosed()
    {
        EchoProcess echo(
            QStringLiteral("socketio-echo"),
            kPatient + QStringList{QStringLiteral("--connect-timeout"), QStringLiteral("3000")});
        Listener listener(echo.port(), kSocketIo);
        QTRY_VERIFY(listener.closed);
        QVERIFY(listener.pings >= 2); // not for want of a sign of life
    }

    /// A payload of a million bytes asked for 160,000 joins.
    void whoJoinsAllTheTimeIsClosed()
    {
        EchoProcess echo(QStringLiteral("socketio-echo"), kWithoutDeadlines);
        HttpClient http(echo.port());
        for (const char *packet : {"40\x1e"
                                   "41\x1e",
                                   "40/none,\x1e"}) {
            const QByteArray path = sessionPath(http, "/socket.io/");
            QCOMPARE(
                http.request("POST", path, QByteArray(packet).repeated(20) + "42[\"x\"]").status,
                200);
            const QByteArray answers = http.get(path).body;
            QCOMPARE(answers.count(packet[2] == '/' ? "Invalid namespace" : "\"sid\""), 20);
        }
        const QByteArray path = sessionPath(http, "/socket.io/");
        QCOMPARE(http.request("POST", path,
                              QByteArray("40\x1e"
                                         "41\x1e")
                                      .repeated(21) +
                                  "40")
                     .status,
                 200);
        const QByteArray answers = http.get(path).body;
        QCOMPARE(answers.count("\"sid\""), 20);
        QVERIFY(answers.endsWith("\x1e"
                                 "1"));
        QCOMPARE(http.get(path).status, 400);
    }

    void boardEvents()
    {
        QTemporaryDir folder;
        HostProcess server;
        QVERIFY(server.start(folder.filePath(QStringLiteral("a.board"))));
        HttpClient http(server.port());
        Listener listener(server.port(), kSocketIo);
        QTRY_COMPARE(listener.texts.size(), 1);
        listener.send(QStringLiteral("40"));
        QTRY_COMPARE(listener.texts.size(), 2);
        listener.texts.clear();
        const auto names = [&listener] {
            QStringList out;
            for (const QString &text : std::as_const(listener.texts))
                out.append(eventName(text));
            return out;
        };
        const auto post = [&http](const char *path, const char *body) {
            return http.request("POST", path, body, {"Content-Type: application/json"});
        };

        // Provisioning: the device, its interfaces, and a word more.
        QCOMPARE(
            post("/api/devices/provision", R"({"name":"P","device_type":"CORE_ROUTER"})").status,
            201);
        QTRY_COMPARE(listener.texts.size(), 4);
        QCOMPARE(
            names(),
            (QStringList{QStringLiteral("device:created"), QStringLiteral("interface:created"),
                         QStringLiteral("interface:created"), QStringLiteral("device_created")}));
        const QJsonObject device = eventBody(listener.texts[0]);
        QCOMPARE(device.value(u"name").toString(), QStringLiteral("P"));
        QVERIFY(device.contains(u"created_at"));
        QCOMPARE(eventBody(listener.texts[3]),
                 (QJsonObject{{QStringLiteral("device_id"), device.value(u"id")},
                              {QStringLiteral("name"), QStringLiteral("P")},
                              {QStringLiteral("device_type"), QStringLiteral("CORE_ROUTER")},
                              {QStringLiteral("interface_count"), 2}}));

        listener.texts.clear();
        QCOMPARE(post("/api/devices", R"({"name":"Q","device_type":"OLT"})").status, 201);
        QTRY_COMPARE(names(), QStringList{QStringLiteral("device:created")});
        const qint64 q = eventBody(listener.texts[0]).value(u"id").toInteger();
        const QByteArray path = "/api/devices/" + QByteArray::number(q);

        // A position travels under a name that the old page does not know.
        listener.texts.clear();
        QCOMPARE(http.send("PATCH", path,
                           QJsonObject{{QStringLiteral("x"), 1.5}, {QStringLiteral("y"), -2}})
                     .status,
                 200);
        QTRY_COMPARE(names(), QStringList{QStringLiteral("device:moved")});
        QCOMPARE(listener.texts[0], QStringLiteral("42[\"device:moved\",{\"id\":%1,\"x\":1.5,"
                                                   "\"y\":-2.0}]")
                                        .arg(q));

        listener.texts.clear();
        QCOMPARE(post((path + "/override-status").constData(), R"({"status":"DEGRADED"})").status,
                 200);
        QTRY_COMPARE(names(), QStringList{QStringLiteral("device:updated")});
        QCOMPARE(eventBody(listener.texts[0]).value(u"status_override").toString(),
                 QStringLiteral("DEGRADED"));

        // A link of two devices: an interface on each, then the link.
        listener.texts.clear();
        const QByteArray simple =
            "{\"device_a_id\":" + QByteArray::number(q) +
            ",\"device_b_id\":" + QByteArray::number(device.value(u"id").toInteger()) +
            ",\"link_type\":\"fiber\"}";
        QCOMPARE(post("/api/links/create-simple", simple.constData()).status, 200);
        QTRY_COMPARE(names(), (QStringList{QStringLiteral("interface:created"),
                                           QStringLiteral("interface:created"),
                                           QStringLiteral("link:created")}));
        const QByteArray link =
            "/api/links/" +
            QByteArray::number(eventBody(listener.texts[2]).value(u"id").toInteger());
        listener.texts.clear();
        QCOMPARE(http.send("PATCH", link, QJsonObject{{QStringLiteral("length_km"), 3}}).status,
                 200);
        QTRY_COMPARE(names(), QStringList{QStringLiteral("link:updated")});

        // A device takes its interface and the link with it, in the order of their loss.
        listener.texts.clear();
        QCOMPARE(http.request("DELETE", path).status, 204);
        QTRY_COMPARE(names(), (QStringList{QStringLiteral("link:deleted"),
                                           QStringLiteral("interface:deleted"),
                                           QStringLiteral("device:deleted")}));
        QCOMPARE(eventBody(listener.texts[2]), (QJsonObject{{QStringLiteral("id"), q}}));

        listener.texts.clear();
        QCOMPARE(http.request("POST", "/api/seed").status, 201);
        QTRY_COMPARE(names().count(QStringLiteral("link:created")), 8);
        QCOMPARE(names().count(QStringLiteral("device:created")), 10);
        QCOMPARE(names().count(QStringLiteral("interface:created")), 24);

        // A poll hears of it before the request is answered.
        HttpClient poll(server.port());
        const QByteArray session = sessionPath(poll, "/socket.io/");
        QCOMPARE(poll.request("POST", session, "40").status, 200);
        QVERIFY(poll.get(session).body.startsWith("40{"));
        QCOMPARE(post("/api/devices", R"({"name":"R","device_type":"POP"})").status, 201);
        QVERIFY(poll.get(session).body.startsWith("42[\"device:created\",{"));

        // Pages of strangers may not listen.
        HttpClient stranger(server.port());
        QCOMPARE(stranger
                     .request("GET", kSocketIo.toLatin1(), {},
                              {"Connection: Upgrade", "Upgrade: websocket",
                               "Sec-WebSocket-Version: 13", "Origin: http://elsewhere",
                               "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="})
                     .status,
                 403);

        QCOMPARE(server.terminate(), 0);
        QTRY_VERIFY(listener.closed);
        QVERIFY2(!server.log().contains("WARN"), server.log().constData());
    }
};

PATCHBOARD_TEST(TestSocketIo)
#include "tst_socketio.moc"
