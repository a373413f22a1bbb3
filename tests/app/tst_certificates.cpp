#include "app/desktop/boards.h"
#include "app/desktop/kepttrust.h"
#include "model/sync/syncclient.h"
#include "model/sync/websockettransport.h"
#include "tests/support/hostprocess.h"
#include "tests/support/testmain.h"
#include "ui/actions/theme.h"
#include "ui/dialogs/certificatedialog.h"
#include "ui/mainwindow/mainwindow.h"
#include "ui/mainwindow/windows.h"

#include <QCheckBox>
#include <QLabel>
#include <QProcess>
#include <QPushButton>
#include <QRegularExpression>
#include <QSslCertificate>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>

using namespace patchboard;

namespace {

constexpr int kCertificatePatienceMs = 30'000;

bool makeCertificate(const QTemporaryDir &folder, const char *name, const char *subject)
{
    QProcess process;
    const auto file = [&](const char *suffix) {
        return folder.filePath(QLatin1String(name) + QLatin1String(suffix));
    };
    process.start(QStringLiteral("openssl"),
                  {QStringLiteral("req"), QStringLiteral("-x509"), QStringLiteral("-newkey"),
                   QStringLiteral("rsa:2048"), QStringLiteral("-nodes"), QStringLiteral("-days"),
                   QStringLiteral("2"), QStringLiteral("-subj"), QLatin1String(subject),
                   QStringLiteral("-addext"), QStringLiteral("subjectAltName=IP:127.0.0.1"),
                   QStringLiteral("-keyout"), file(".key"), QStringLiteral("-out"), file(".pem")});
    return process.waitForFinished(kCertificatePatienceMs) && process.exitCode() == 0;
}

} // namespace

/// Hosts whose certificates nobody vouches for: a window asks once, or for good.
class TestCertificates : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        QVERIFY(makeCertificate(m_folder, "first", "/CN=lab-host/O=Lab"));
        QVERIFY(makeCertificate(m_folder, "second", "/CN=lab-host/O=Lab"));
    }
    void init()
    {
        QTest::failOnWarning(QRegularExpression(QStringLiteral("^(?!This plugin does not)")));
        QFile::remove(app::keptTrustFile());
        QFile::remove(boardFile());
    }
    void cleanup() { QFile::remove(app::keptTrustFile()); }

    void fingerprintsAreRead_data();
    void fingerprintsAreRead();
    void transportsAreToldWhom();
    void windowAsks();
    void aChangedOneIsWarnedOf();
    void commandLine();

private:
    QString boardFile() const { return m_folder.filePath(QStringLiteral("a.board")); }
    bool startHost(HostProcess &host, const char *certificate) const
    {
        return host.start(boardFile(),
                          {QStringLiteral("--demo"), QStringLiteral("--tls-cert"),
                           m_folder.filePath(QLatin1String(certificate) + QLatin1String(".pem")),
                           QStringLiteral("--tls-key"),
                           m_folder.filePath(QLatin1String(certificate) + QLatin1String(".key"))});
    }
    QByteArray fingerprint(const char *certificate) const
    {
        return certificateOf(certificate).digest(QCryptographicHash::Sha256);
    }
    QSslCertificate certificateOf(const char *certificate) const
    {
        return QSslCertificate::fromPath(
                   m_folder.filePath(QLatin1String(certificate) + QLatin1String(".pem")), QSsl::Pem)
            .value(0);
    }
    static QUrl urlOf(const HostProcess &host)
    {
        return QUrl(QStringLiteral("wss://127.0.0.1:%1").arg(host.port()));
    }

    QTemporaryDir m_folder;
};

void TestCertificates::fingerprintsAreRead_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<bool>("good");
    const QString plain = QStringLiteral("0123456789abcdefABCDEF0123456789").repeated(2);
    QTest::newRow("plain") << plain << true;
    QString colons;
    for (qsizetype i = 0; i < plain.size(); i += 2)
        colons += (i > 0 ? QStringLiteral(":") : QString()) + plain.mid(i, 2);
    QTest::newRow("colons") << colons << true;
    QTest::newRow("prefix") << QStringLiteral(" SHA256:") + colons + u' ' << true;
    QTest::newRow("short") << plain.chopped(2) << false;
    QTest::newRow("long") << plain + QStringLiteral("00") << false;
    QTest::newRow("letters") << plain.chopped(1) + u'g' << false;
    QTest::newRow("empty") << QString() << false;
    QTest::newRow("beyond Latin") << plain.chopped(1) + QChar(0x0661) << false;
}

void TestCertificates::fingerprintsAreRead()
{
    QFETCH(QString, text);
    QFETCH(bool, good);
    const QByteArray bytes = HostTrust::fingerprintFrom(text);
    QCOMPARE(bytes.size(), good ? 32 : 0);
    if (good)
        QCOMPARE(HostTrust::fingerprintFrom(HostTrust::fingerprintText(bytes)), bytes);
    QCOMPARE(HostTrust::addressOf(QUrl(QStringLiteral("wss://Host.example"))),
             QStringLiteral("host.example:443"));
    QCOMPARE(HostTrust::addressOf(QUrl(QStringLiteral("wss://[::1]:5001/sync"))),
             QStringLiteral("[::1]:5001"));
}

/// One certificate at one address; whoever is pinned has to be that one, even if vouched for.
void TestCertificates::transportsAreToldWhom()
{
    HostProcess host;
    QVERIFY2(startHost(host, "first"), host.log().constData());
    const QUrl url = urlOf(host);
    const QString address = HostTrust::addressOf(url);
    QList<std::pair<QString, QByteArray>> kept;
    const auto trust = std::make_shared<HostTrust>(
        QHash<QString, QByteArray>(), [&kept](const QString &at, const QByteArray &what) {
            kept.append({at, what});
        });
    SyncClient::Options options;
    options.author = QStringLiteral("Ana");
    options.transport = WebSocketTransport::factory(url, {}, trust);
    SyncClient client(options);
    QTRY_VERIFY(trust->distrust(address));
    const Distrust distrust = *trust->distrust(address);
    QCOMPARE(distrust.fingerprint, fingerprint("first"));
    QCOMPARE(distrust.subject, QStringLiteral("lab-host"));
    QVERIFY(distrust.selfSigned && !distrust.isChanged() && !distrust.reasons.isEmpty());
    QVERIFY(distrust.validFrom <= QDateTime::currentDateTime() &&
            distrust.validUntil > QDateTime::currentDateTime());
    QCOMPARE(distrust.names, QStringList{QStringLiteral("127.0.0.1")});
    QVERIFY(!client.status().ready);
    // Another one at this address, or this one at another: that is no trust in this one here.
    trust->trustOnce(address, fingerprint("second"));
    trust->trustOnce(QStringLiteral("127.0.0.1:1"), fingerprint("first"));
    trust->report(distrust);
    client.reconnectNow();
    QTRY_VERIFY(client.status().state == ConnectionState::Offline);
    QVERIFY(!client.status().ready);
    trust->trustOnce(address, fingerprint("first"));
    client.reconnectNow();
    QTRY_COMPARE(client.status().state, ConnectionState::Live);
    QCOMPARE(client.topology().devices().size(), 10);
    QVERIFY(kept.isEmpty() && !trust->distrust(address));
    trust->trustAlways(address, fingerprint("first"));
    QCOMPARE(kept, (QList<std::pair<QString, QByteArray>>{{address, fingerprint("first")}}));

    // An authority vouches for it, but another one is pinned.
    const auto pinned =
        std::make_shared<HostTrust>(QHash<QString, QByteArray>{{address, fingerprint("second")}});
    options.transport = WebSocketTransport::factory(url, {certificateOf("first")}, pinned);
    SyncClient wary(options);
    QTRY_VERIFY(pinned->distrust(address));
    QVERIFY(pinned->distrust(address)->isChanged());
    QCOMPARE(pinned->distrust(address)->expected, fingerprint("second"));
    QVERIFY(!wary.status().ready);
    QCOMPARE(host.terminate(), 0);
}

void TestCertificates::windowAsks()
{
    HostProcess host;
    QVERIFY2(startHost(host, "first"), host.log().constData());
    ui::Theme theme;
    const auto labelOf = [](ui::CertificateDialog *dialog, const char *name) {
        return dialog->findChild<QLabel *>(QLatin1String(name))->text();
    };
    {
        app::Boards boards;
        ui::Windows windows(boards, theme);
        ui::MainWindow *window = windows.openWindow(windows.open(urlOf(host).toString()).value());
        window->show();
        QTRY_VERIFY(window->findChild<ui::CertificateDialog *>());
        auto *dialog = window->findChild<ui::CertificateDialog *>();
        QTRY_VERIFY(dialog->isVisible());
        QCOMPARE(labelOf(dialog, "certificateFingerprint").remove(u'\n').remove(u':'),
                 QString::fromLatin1(fingerprint("first").toHex().toUpper()));
        QCOMPARE(labelOf(dialog, "certificateSubject"), QStringLiteral("lab-host"));
        QVERIFY(labelOf(dialog, "certificateReasons").contains(QLatin1String("self-signed")));
        QVERIFY(labelOf(dialog, "certificateValidity")
                    .contains(QLocale().toString(QDate::currentDate(), QLocale::ShortFormat)));
        QVERIFY(dialog->findChild<QPushButton *>(QStringLiteral("trustNot"))->isDefault());
        QVERIFY(!dialog->findChild<QCheckBox *>(QStringLiteral("trustSure")));
        // Not now: nothing is trusted, and the bar offers to look again.
        QTest::keyClick(dialog, Qt::Key_Escape);
        QTRY_VERIFY(!window->findChild<ui::CertificateDialog *>());
        QVERIFY(!window->board()->session().status().ready);
        QVERIFY(window->messageText().contains(QLatin1String("is not trusted")));
        window->findChild<QAction *>(QStringLiteral("showCertificate"))->trigger();
        QTRY_VERIFY(window->findChild<ui::CertificateDialog *>());
        dialog = window->findChild<ui::CertificateDialog *>();
        dialog->findChild<QPushButton *>(QStringLiteral("trustOnce"))->click();
        QTRY_COMPARE(window->board()->session().status().state, ConnectionState::Live);
        QCOMPARE(window->board()->session().topology().devices().size(), 10);
        QTRY_VERIFY(window->messageText().isEmpty());
        QVERIFY(app::keptTrust().isEmpty());
        window->close();
    }
    {
        // Once was once; now for good.
        app::Boards boards;
        ui::Windows windows(boards, theme);
        ui::MainWindow *window = windows.openWindow(windows.open(urlOf(host).toString()).value());
        window->show();
        QTRY_VERIFY(window->findChild<ui::CertificateDialog *>());
        auto *dialog = window->findChild<ui::CertificateDialog *>();
        dialog->findChild<QPushButton *>(QStringLiteral("trustAlways"))->click();
        QTRY_COMPARE(window->board()->session().status().state, ConnectionState::Live);
        QCOMPARE(app::keptTrust().value(HostTrust::addressOf(urlOf(host))), fingerprint("first"));
        QCOMPARE(QFile::permissions(app::keptTrustFile()) &
                     (QFile::ReadGroup | QFile::WriteGroup | QFile::ReadOther | QFile::WriteOther),
                 QFile::Permissions());
        window->close();
    }
    {
        app::Boards boards;
        auto connection = boards.connectTo(urlOf(host));
        QTRY_COMPARE((*connection)->session().status().state, ConnectionState::Live);
        QVERIFY(!(*connection)->distrust());
    }
    QCOMPARE(host.terminate(), 0);
}

void TestCertificates::aChangedOneIsWarnedOf()
{
    HostProcess host;
    QVERIFY2(startHost(host, "second"), host.log().constData());
    app::keepTrust(HostTrust::addressOf(urlOf(host)), fingerprint("first"));
    ui::Theme theme;
    app::Boards boards;
    ui::Windows windows(boards, theme);
    ui::MainWindow *window = windows.openWindow(windows.open(urlOf(host).toString()).value());
    window->show();
    QTRY_VERIFY(window->findChild<ui::CertificateDialog *>());
    auto *dialog = window->findChild<ui::CertificateDialog *>();
    QCOMPARE(dialog->windowTitle(), QStringLiteral("The Certificate Has Changed"));
    QCOMPARE(
        dialog->findChild<QLabel *>(QStringLiteral("certificateExpected"))->text().remove(u'\n'),
        HostTrust::fingerprintText(fingerprint("first")).remove(47, 1));
    // Nothing can be trusted by a slip.
    auto *always = dialog->findChild<QPushButton *>(QStringLiteral("trustAlways"));
    auto *once = dialog->findChild<QPushButton *>(QStringLiteral("trustOnce"));
    QVERIFY(!always->isEnabled() && !once->isEnabled());
    QTest::keyClick(dialog, Qt::Key_Return);
    QTRY_VERIFY(!window->findChild<ui::CertificateDialog *>());
    QVERIFY(!window->board()->session().status().ready);
    QCOMPARE(app::keptTrust().value(HostTrust::addressOf(urlOf(host))), fingerprint("first"));
    window->findChild<QAction *>(QStringLiteral("showCertificate"))->trigger();
    QTRY_VERIFY(window->findChild<ui::CertificateDialog *>());
    dialog = window->findChild<ui::CertificateDialog *>();
    dialog->findChild<QCheckBox *>(QStringLiteral("trustSure"))->click();
    always = dialog->findChild<QPushButton *>(QStringLiteral("trustAlways"));
    QVERIFY(always->isEnabled());
    always->click();
    QTRY_COMPARE(window->board()->session().status().state, ConnectionState::Live);
    QCOMPARE(app::keptTrust().value(HostTrust::addressOf(urlOf(host))), fingerprint("second"));
    window->close();
    QCOMPARE(host.terminate(), 0);
}

/// For scripts: the fingerprint comes with the command.
void TestCertificates::commandLine()
{
    HostProcess host;
    QVERIFY2(startHost(host, "first"), host.log().constData());
    const QString picture = m_folder.filePath(QStringLiteral("a.png"));
    const auto run = [&](const QStringList &arguments) {
        QProcess process;
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.insert(QStringLiteral("QT_QPA_PLATFORM"), QStringLiteral("offscreen"));
        process.setProcessEnvironment(environment);
        process.start(QStringLiteral(PATCHBOARD_BIN_DIR "/patchboard"), arguments);
        if (!process.waitForFinished(60'000))
            return std::pair(-1, QByteArray());
        return std::pair(process.exitCode(), process.readAllStandardError());
    };
    const QString option = QStringLiteral("--trust-fingerprint");
    const QStringList shot{QStringLiteral("--screenshot"), picture};
    const QString right = HostTrust::fingerprintText(fingerprint("first"));
    auto [code, err] = run(QStringList{urlOf(host).toString(), option, right} + shot);
    QVERIFY2(code == 0 && QFile::exists(picture), err.constData());
    std::tie(code, err) =
        run(QStringList{urlOf(host).toString(), option, QStringLiteral("12:34")} + shot);
    QVERIFY(code == 1 && err.contains("no SHA-256 fingerprint"));
    std::tie(code, err) = run(QStringList{boardFile(), option, right} + shot);
    QVERIFY(code == 1 && err.contains("wss://"));
    QCOMPARE(host.terminate(), 0);
}

PATCHBOARD_TEST(TestCertificates)
#include "tst_certificates.moc"
