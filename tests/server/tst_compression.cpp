#include "server/http/compression.h"
#include "tests/server/httpclient.h"
#include "tests/support/hostprocess.h"
#include "tests/support/testmain.h"

#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

#include <zlib.h>
#include <zstd.h>

using namespace patchboard;

namespace {

QByteArray gunzipped(const QByteArray &bytes)
{
    z_stream stream{};
    if (inflateInit2(&stream, 15 + 16) != Z_OK) // gzip and nothing else
        return {};
    QByteArray out;
    QByteArray piece(1 << 20, Qt::Uninitialized);
    QByteArray in = bytes;
    stream.next_in = reinterpret_cast<Bytef *>(in.data());
    stream.avail_in = uInt(in.size());
    int state = Z_OK;
    while (state == Z_OK) {
        stream.next_out = reinterpret_cast<Bytef *>(piece.data());
        stream.avail_out = uInt(piece.size());
        state = inflate(&stream, Z_NO_FLUSH);
        out.append(piece.constData(), piece.size() - qsizetype(stream.avail_out));
    }
    const bool whole = state == Z_STREAM_END && stream.avail_in == 0;
    inflateEnd(&stream);
    return whole ? out : QByteArray();
}

QByteArray unzstd(const QByteArray &bytes)
{
    const auto size = ZSTD_getFrameContentSize(bytes.constData(), size_t(bytes.size()));
    if (size == ZSTD_CONTENTSIZE_ERROR || size == ZSTD_CONTENTSIZE_UNKNOWN)
        return {};
    QByteArray out(qsizetype(size), Qt::Uninitialized);
    const size_t length =
        ZSTD_decompress(out.data(), size_t(out.size()), bytes.constData(), size_t(bytes.size()));
    return ZSTD_isError(length) ? QByteArray() : out.first(qsizetype(length));
}

} // namespace

/// Answers that go out packed.
class TestCompression : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void accepted_data()
    {
        using http::Coding;
        QTest::addColumn<QByteArray>("header");
        QTest::addColumn<Coding>("coding");
        const auto row = [](const char *header, Coding coding) {
            QTest::newRow(*header ? header : "nothing") << QByteArray(header) << coding;
        };
        row("", Coding::Identity);
        row("gzip", Coding::Gzip);
        row("GZip", Coding::Gzip);
        row("x-gzip", Coding::Gzip);
        row("zstd", Coding::Zstd);
        row("gzip, deflate, br", Coding::Gzip);
        row("gzip, deflate, br, zstd", Coding::Zstd);
        row("deflate, br", Coding::Identity);
        row("identity", Coding::Identity);
        row("*", Coding::Gzip);
        row("*;q=0", Coding::Identity);
        row("gzip;q=0", Coding::Identity);
        row("gzip;q=0, *", Coding::Identity); // who names it means it
        row("gzip;q=0.5, zstd;q=0.4", Coding::Gzip);
        row("gzip;q=0.5,zstd;q=0.5", Coding::Zstd);
        row("gzip; Q=0.8 , zstd ; q=0.9", Coding::Zstd);
        row("identity;q=0.8, gzip;q=0.5", Coding::Identity);
        row("identity;q=0.5, gzip;q=0.5", Coding::Gzip);
        row("identity;q=0, gzip;q=0.001", Coding::Gzip);
        row("gzip;q=2", Coding::Identity);
        row("gzip;q=-1", Coding::Identity);
        row("gzip;q=nan", Coding::Identity);
        row("gzip;q=, zstd;q=x", Coding::Identity);
        row(",,;;,gzip", Coding::Gzip);
    }
    void accepted()
    {
        QFETCH(QByteArray, header);
        QTEST(http::acceptedCoding(header), "coding");
    }

    void packing()
    {
        QByteArray text;
        for (int i = 0; text.size() < 3'000'000; ++i)
            text += "{\"id\":" + QByteArray::number(i * 7919 % 10007) + "},";
        for (const QByteArray &bytes : {QByteArray("x"), text.first(5000), text}) {
            QCOMPARE(gunzipped(http::packed(bytes, http::Coding::Gzip)), bytes);
            QCOMPARE(unzstd(http::packed(bytes, http::Coding::Zstd)), bytes);
        }
        QVERIFY(http::packed(text, http::Coding::Gzip).size() < text.size() / 2);
    }

    void answers()
    {
        QTemporaryDir folder;
        HostProcess server;
        QVERIFY(server.start(
            folder.filePath(QStringLiteral("a.board")),
            {QStringLiteral("--demo"), QStringLiteral("--durability"), QStringLiteral("normal")}));
        HttpClient http(server.port());
        const auto get = [&](const QByteArray &path, const QByteArray &coding,
                             const QList<QByteArray> &more = {}) {
            return http.request("GET", path, {}, more + QList{"Accept-Encoding: " + coding});
        };
        // At once (the demo board), and by another thread (5,000 devices).
        for (const bool large : {false, true}) {
            if (large) {
                QByteArray edits;
                for (int i = 0; i < 5000; ++i) {
                    edits += (i > 0 ? "," : "") +
                             QByteArray("{\"op\":\"create\",\"kind\":\"device\",\"fields\":{"
                                        "\"name\":\"d") +
                             QByteArray::number(i) + "\",\"device_type\":\"ONT\"}}";
                }
                QCOMPARE(http.request("POST", "/api/batch", "{\"edits\":[" + edits + "]}",
                                      {"Content-Type: application/json"})
                             .status,
                         200);
            }
            for (const char *path : {"/api/board", "/api/devices", "/openapi.json"}) {
                const Reply plain = http.get(path);
                QCOMPARE(plain.status, 200);
                QVERIFY(!plain.headers.contains("content-encoding"));
                QVERIFY(plain.headers.value("vary").contains("Accept-Encoding"));
                for (int twice = 0; twice < 2; ++twice) {
                    const Reply gzip = get(path, "gzip");
                    QCOMPARE(gzip.status, 200);
                    QCOMPARE(gzip.headers.value("content-encoding"), QByteArray("gzip"));
                    QCOMPARE(gzip.headers.value("content-type"),
                             plain.headers.value("content-type"));
                    QVERIFY(gzip.headers.value("vary").contains("Accept-Encoding"));
                    QVERIFY(gzip.body.size() < plain.body.size() / 3);
                    QCOMPARE(gunzipped(gzip.body), plain.body);
                    const Reply zstd = get(path, "zstd");
                    QCOMPARE(zstd.headers.value("content-encoding"), QByteArray("zstd"));
                    QCOMPARE(unzstd(zstd.body), plain.body);
                }
                QVERIFY(!get(path, "gzip;q=0").headers.contains("content-encoding"));
            }
        }
        // The tag tells the forms apart, and conditions hold for each.
        const Reply plain = http.get("/api/devices");
        const Reply gzip = get("/api/devices", "gzip");
        const QByteArray tag = plain.headers.value("etag");
        const QByteArray packedTag = gzip.headers.value("etag");
        QCOMPARE(packedTag, tag.chopped(1) + ";gzip\"");
        for (const QByteArray &each : {tag, packedTag, "W/" + packedTag}) {
            const Reply same = get("/api/devices", "gzip", {"If-None-Match: " + each});
            QCOMPARE(same.status, 304);
            QCOMPARE(same.headers.value("etag"), each);
            QVERIFY(same.body.isEmpty());
        }
        const QByteArray one = get("/api/devices/1", "gzip").headers.value("etag");
        QCOMPARE(http.request("PATCH", "/api/board", "{\"title\": \"t\"}",
                              {"Content-Type: application/json", "If-Match: " + packedTag})
                     .status,
                 200);
        QCOMPARE(http.request("PATCH", "/api/board", "{\"title\": \"u\"}",
                              {"Content-Type: application/json", "If-Match: " + packedTag})
                     .status,
                 412);
        // What is small stays as it is, and so do pictures and what has no body.
        QVERIFY(!get("/health", "gzip").headers.contains("content-encoding"));
        QVERIFY(!get("/api/devices/1", "gzip").headers.contains("content-encoding"));
        QVERIFY(!one.contains(';'));
        // A head is that of what would come.
        for (const char *coding : {"gzip", "zstd", "identity"}) {
            const Reply whole = get("/api/devices", coding);
            const Reply head = http.request("HEAD", "/api/devices", {},
                                            {"Accept-Encoding: " + QByteArray(coding)});
            QCOMPARE(head.status, 200);
            for (const char *name : {"content-encoding", "content-length", "etag", "vary"})
                QCOMPARE(head.headers.value(name), whole.headers.value(name));
        }
        // Long polls and many at once; those who leave take nothing with them.
        for (int i = 0; i < 20; ++i) {
            HttpClient leaving(server.port());
            QVERIFY(leaving.connectNow());
            leaving.write(
                "GET /api/board HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: gzip\r\n\r\n");
            QCOMPARE(http.send("PATCH", "/api/devices/2",
                               QJsonObject{{QStringLiteral("x"), i}, {QStringLiteral("y"), 0}})
                         .status,
                     200);
            leaving.close();
        }
        HttpClient waiting(server.port());
        QVERIFY(waiting.connectNow());
        const qint64 revision =
            http.get("/api/changes?since=0&limit=1").object().value(u"revision").toInteger();
        waiting.write("GET /api/changes?wait=30&since=" + QByteArray::number(revision) +
                      " HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: gzip\r\n\r\n");
        QCOMPARE(http.request("DELETE", "/api/devices/3").status, 204);
        const Reply change = waiting.readReply();
        QCOMPARE(change.status, 200);
        QCOMPARE(server.terminate(), 0);
    }
};

PATCHBOARD_TEST(TestCompression)
#include "tst_compression.moc"
