#include "model/core/catalogue.h"
#include "tests/server/httpclient.h"
#include "tests/support/hostprocess.h"
#include "tests/support/testmain.h"

#include <QFile>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTranslator>

using namespace patchboard;

/// The live page as the host has it; what it does in a browser is tried by `./dev clients`.
class TestPage : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        QTest::failOnWarning(QRegularExpression(QStringLiteral(".*")));
        if (!QFile::exists(QStringLiteral(":/web/index.html")))
            QSKIP("built without the live page (PATCHBOARD_WEB=OFF)");
    }

    /// Its names of types, in both languages, its icons and containers are those of the catalogue.
    void types()
    {
        QFile file(QStringLiteral(":/web/types.js"));
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QString text = QString::fromUtf8(file.readAll());
        QTranslator german;
        QVERIFY(german.load(QStringLiteral(":/i18n/patchboard_de.qm")));
        QStringList containers;
        for (const DeviceTypeInfo &type : builtinTypes()) {
            const QByteArray label = type.label.toUtf8();
            const QString line =
                QStringLiteral("  %1: [\"%2\", \"%3\"],\n")
                    .arg(type.key, type.label, german.translate("DeviceType", label.constData()));
            QVERIFY2(text.contains(line), qPrintable(line));
            QCOMPARE(type.icon, type.key.toLower());
            QVERIFY(QFile::exists(QStringLiteral(":/web/icons/devices/%1.svg").arg(type.icon)));
            if (type.isContainer)
                containers.append(u'"' + type.key + u'"');
        }
        QCOMPARE(text.count(QStringLiteral(": [\"")), builtinTypes().size());
        const QString list =
            QStringLiteral("kContainers = [%1];").arg(containers.join(QStringLiteral(", ")));
        QVERIFY2(text.contains(list), qPrintable(list));
    }

    /// Whatever the page names is there, and as what it is.
    void files()
    {
        QTemporaryDir folder;
        HostProcess server;
        QVERIFY2(server.start(folder.filePath(QStringLiteral("a.board"))),
                 server.log().constData());
        HttpClient http(server.port());
        const Reply page = http.get("/");
        QCOMPARE(page.status, 200);
        QCOMPARE(page.headers.value("content-type"), QByteArray("text/html; charset=utf-8"));
        QList<QByteArray> open{"/"};
        QSet<QByteArray> seen;
        const QRegularExpression named(QStringLiteral(
            "(?:(?:href|src)=|from |import\\()?\"((?:/page/|\\./)[\\w./-]+\\.\\w+)\""));
        while (!open.isEmpty()) {
            const QByteArray path = open.takeFirst();
            if (seen.contains(path))
                continue;
            seen.insert(path);
            const Reply reply = http.get(path);
            QVERIFY2(reply.status == 200 && !reply.body.isEmpty(), path.constData());
            QVERIFY(
                reply.headers.value("content-security-policy").startsWith("default-src 'none'"));
            QCOMPARE(reply.headers.value("x-content-type-options"), QByteArray("nosniff"));
            QVERIFY(!reply.headers.value("etag").isEmpty());
            if (path.endsWith(".js"))
                QVERIFY(reply.headers.value("content-type").startsWith("text/javascript"));
            if (path.contains("/lib/") || path.endsWith(".svg") || path.endsWith(".txt"))
                continue;
            auto found = named.globalMatch(QString::fromUtf8(reply.body));
            while (found.hasNext()) {
                QByteArray next = found.next().captured(1).toUtf8();
                if (next.startsWith("./"))
                    next.replace(0, 2, "/page/");
                open.append(next);
            }
        }
        for (const char *file :
             {"/page/main.js", "/page/map.js", "/page/lib/cytoscape.js", "/page/lib/socket.io.js",
              "/page/page.css", "/page/icons/patchboard.svg", "/page/licences.txt"})
            QVERIFY2(seen.contains(file), file);
        QCOMPARE(server.terminate(), 0);
    }

    void badges()
    {
        for (const char *status : {"up", "degraded", "down", "override"}) {
            for (const char *theme : {"light", "dark"}) {
                const QString file = QStringLiteral(":/web/badges/%1-%2.svg")
                                         .arg(QLatin1String(status), QLatin1String(theme));
                QVERIFY2(QFile::exists(file), qPrintable(file));
            }
        }
    }
};

PATCHBOARD_TEST(TestPage)
#include "tst_page.moc"
