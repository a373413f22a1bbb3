// patchboard: the desktop program.

#include "app/commands/commands.h"
#include "app/desktop/boards.h"
#include "app/desktop/render.h"
#include "app/desktop/size.h"
#include "ui/actions/theme.h"
#include "ui/mainwindow/mainwindow.h"
#include "ui/mainwindow/windows.h"
#include "ui/scene/canvasview.h"

#include <QApplication>
#include <QCommandLineParser>
#include <QElapsedTimer>
#include <QEventLoop>
#include <QFile>
#include <QFileInfo>
#include <QLoggingCategory>
#include <QSettings>
#include <QSslCertificate>
#include <QTemporaryDir>
#include <QTimer>
#include <QUrl>
#include <QUrlQuery>

using namespace patchboard;

namespace {

/// `QT_LOGGING_RULES=patchboard.window.info=true` says when a window is there.
Q_LOGGING_CATEGORY(windowLog, "patchboard.window", QtWarningMsg)

/// Says when the window has first painted its board, or the start page.
class FirstPicture : public QObject
{
public:
    explicit FirstPicture(ui::MainWindow *window)
        : QObject(window)
        , m_window(window)
    {
        QCoreApplication::instance()->installEventFilter(this);
    }
    bool eventFilter(QObject *watched, QEvent *event) override
    {
        if (event->type() != QEvent::Paint)
            return false;
        const auto board = m_window->board();
        const ui::CanvasView *canvas = m_window->canvas();
        if (board && (!board->session().status().ready || !canvas || watched != canvas->viewport()))
            return false;
        // Once it is on the screen.
        QMetaObject::invokeMethod(
            this, [] { qCInfo(windowLog, "first picture"); }, Qt::QueuedConnection);
        QCoreApplication::instance()->removeEventFilter(this);
        return false;
    }

private:
    ui::MainWindow *m_window;
};

struct DesktopMainText
{
    Q_DECLARE_TR_FUNCTIONS(Desktop)
};

/// How long --screenshot waits for a board.
constexpr int kScreenshotMs = 15'000;
constexpr qint64 kLongestToken = 1024; ///< bytes

bool hasDisplay()
{
    return !qEnvironmentVariableIsEmpty("DISPLAY") ||
           !qEnvironmentVariableIsEmpty("WAYLAND_DISPLAY") ||
           !qEnvironmentVariableIsEmpty("QT_QPA_PLATFORM");
}

void nameApplication()
{
    QCoreApplication::setApplicationName(QStringLiteral("patchboard"));
    QCoreApplication::setOrganizationName(QStringLiteral("patchboard"));
    QCoreApplication::setApplicationVersion(QStringLiteral(PATCHBOARD_VERSION));
}

bool installTexts(QCoreApplication &application, const QStringList &arguments)
{
    const QString language = app::languageOf(arguments);
    if (app::installLanguage(application, language))
        return true;
    app::printError(DesktopMainText::tr("There are no texts in the language %1").arg(language));
    return false;
}

QString helpText()
{
    return DesktopMainText::
        tr("Usage: %1 [options] [FILE | ws://HOST:PORT]\n"
           "       %1 demo [options]\n"
           "       %1 COMMAND [options]\n\n"
           "Opens a window on a board: a file that saves by itself, made if it is not there, or "
           "a host's board.\nWithout an argument the start page opens.\n\n"
           "Options:\n"
           "  --theme light|dark|system  Colours of the window\n"
           "  --language CODE            Language of the texts: en or de\n"
           "  --token-file FILE          Holds the token for the host, in its first line\n"
           "  --tls-ca FILE              Trusts the hosts of this certificate (PEM)\n"
           "  --trust-fingerprint SHA256 Trusts the host's certificate if it is this one\n"
           "  --screenshot OUT.png       Saves a picture of the window and ends\n"
           "  --size WxH                 Size of the window in pixels, as 1440x900\n"
           "  -h, --help                 Says this\n"
           "  -v, --version              Prints the version\n\n"
           "Commands:\n"
           "  demo       Opens the demo board\n"
           "  export     Draws a board into a PNG, SVG or PDF, without a display\n"
           "%2\n"
           "  %1 COMMAND --help  says more of one")
            .arg(QCoreApplication::applicationName(), app::commandsHelp());
}

/// The window as a picture, when its board is there and painted.
int takeScreenshot(ui::MainWindow &window, const QString &out)
{
    const auto isReady = [&window] {
        return !window.board() || window.board()->session().status().ready;
    };
    QElapsedTimer clock;
    clock.start();
    while (!isReady() && clock.elapsed() < kScreenshotMs)
        QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents, 50);
    if (!isReady()) {
        app::printError(DesktopMainText::tr("%1 does not answer").arg(window.board()->location()));
        return app::Failed;
    }
    // Layouts, and what the panels put off until the event loop.
    QEventLoop loop;
    QTimer::singleShot(300, &loop, &QEventLoop::quit);
    loop.exec();
    if (!window.grab().save(out, "PNG")) {
        app::printError(DesktopMainText::tr("%1 cannot be written").arg(out));
        return app::Failed;
    }
    return app::Done;
}

int runWindow(QApplication &application)
{
    QCommandLineParser parser;
    const auto option = [&parser](const char *name, const char *value) {
        parser.addOption({QString::fromLatin1(name), QString(), QString::fromLatin1(value)});
    };
    option("theme", "light|dark|system");
    option("language", "code");
    option("token-file", "file");
    option("tls-ca", "file");
    option("trust-fingerprint", "sha256");
    option("screenshot", "file");
    option("size", "WxH");
    parser.addOption({{QStringLiteral("h"), QStringLiteral("help")}, QString()});
    parser.addOption({{QStringLiteral("v"), QStringLiteral("version")}, QString()});
    const bool parsed = parser.parse(QCoreApplication::arguments());
    if (parsed && parser.isSet(QStringLiteral("help"))) {
        app::printLine(helpText());
        return app::Done;
    }
    if (parsed && parser.isSet(QStringLiteral("version"))) {
        app::printLine(QStringLiteral("patchboard " PATCHBOARD_VERSION));
        return app::Done;
    }
    const auto wrong = [](const QString &text) {
        app::printError(DesktopMainText::tr("%1 (try --help)").arg(text));
        return int(app::Failed);
    };
    if (!parsed)
        return wrong(parser.errorText());
    if (parser.positionalArguments().size() > 1)
        return wrong(DesktopMainText::tr("one board at a time"));
    QString themeWord = parser.value(QStringLiteral("theme"));
    if (themeWord.isEmpty())
        themeWord = QSettings().value(QStringLiteral("theme"), QStringLiteral("system")).toString();
    const auto mode = ui::themeFromWord(themeWord);
    if (!mode)
        return wrong(DesktopMainText::tr("%1 is no theme").arg(themeWord));
    std::optional<QSize> size;
    if (parser.isSet(QStringLiteral("size"))) {
        size = app::sizeFrom(parser.value(QStringLiteral("size")));
        if (!size) {
            return wrong(DesktopMainText::tr("%1 is no size; one looks like 1440x900")
                             .arg(parser.value(QStringLiteral("size"))));
        }
    }

    QString token;
    if (parser.isSet(QStringLiteral("token-file"))) {
        QFile file(parser.value(QStringLiteral("token-file")));
        if (file.open(QIODevice::ReadOnly))
            token = QString::fromUtf8(file.readLine(kLongestToken).trimmed());
        if (token.isEmpty())
            return wrong(DesktopMainText::tr("There is no token in %1").arg(file.fileName()));
        if (!parser.positionalArguments().value(0).contains(QLatin1String("://")))
            return wrong(DesktopMainText::tr("A token is for a host: say ws://HOST:PORT"));
    }

    ui::Theme theme;
    theme.setMode(*mode);
    app::Boards boards;
    if (parser.isSet(QStringLiteral("tls-ca"))) {
        const QString path = parser.value(QStringLiteral("tls-ca"));
        const auto trusted = QSslCertificate::fromPath(path, QSsl::Pem);
        if (trusted.isEmpty())
            return wrong(DesktopMainText::tr("There is no certificate in %1").arg(path));
        boards.setTrusted(trusted);
    }
    ui::Windows windows(boards, theme);
    QString location = parser.positionalArguments().value(0);
    if (parser.isSet(QStringLiteral("trust-fingerprint"))) {
        const QString word = parser.value(QStringLiteral("trust-fingerprint"));
        const QByteArray fingerprint = HostTrust::fingerprintFrom(word);
        if (fingerprint.isEmpty())
            return wrong(DesktopMainText::tr("%1 is no SHA-256 fingerprint").arg(word));
        if (!location.startsWith(QLatin1String("wss://"), Qt::CaseInsensitive))
            return wrong(DesktopMainText::tr("A fingerprint is for a host: say wss://HOST:PORT"));
        boards.trust().trustOnce(HostTrust::addressOf(QUrl(location)), fingerprint);
    }
    if (!token.isEmpty()) {
        QUrl url(location);
        url.setQuery(QUrlQuery{{QStringLiteral("token"), token}});
        location = url.toString(QUrl::FullyEncoded);
    }
    QString toImport;
    if (location == QLatin1String("demo")) {
        const auto demo = boards.demoBoard();
        if (!demo) {
            app::printError(demo.error().text);
            return app::Refused;
        }
        location = *demo;
    } else if (!location.isEmpty() && !location.contains(QLatin1String("://")) &&
               QFileInfo(location).suffix().compare(QLatin1String("board"), Qt::CaseInsensitive) !=
                   0 &&
               QFileInfo::exists(location)) {
        toImport = std::exchange(location, QString());
    }
    const bool isShot = parser.isSet(QStringLiteral("screenshot"));
    // A picture of a file that is not a board leaves no board behind.
    QTemporaryDir forNow;
    std::shared_ptr<ui::Board> board;
    if (isShot && !toImport.isEmpty()) {
        auto opened = windows.openForNow(
            forNow.filePath(QFileInfo(toImport).completeBaseName() + QStringLiteral(".board")));
        if (!opened) {
            app::printError(opened.error().text);
            return app::Refused;
        }
        board = std::move(opened).value();
    } else if (!location.isEmpty()) {
        auto opened = windows.open(location);
        if (!opened) {
            const QString shown = location.contains(QLatin1String("://"))
                                      ? ui::splitToken(QUrl(location)).first.toString()
                                      : location;
            app::printError(QStringLiteral("%1: %2").arg(shown, opened.error().text));
            return app::Refused;
        }
        board = std::move(opened).value();
    }
    ui::MainWindow *window = windows.openWindow(std::move(board));
    if (windowLog().isInfoEnabled())
        new FirstPicture(window);
    if (size)
        window->resize(*size);
    window->show();
    if (!toImport.isEmpty() && !window->importPath(toImport, isShot) &&
        !window->messageText().isEmpty()) {
        app::printError(window->messageText());
        if (isShot)
            return app::Refused;
    }
    if (isShot)
        return takeScreenshot(*window, parser.value(QStringLiteral("screenshot")));
    return application.exec();
}

/// The offscreen platform warns, at every window whose least size changes, that it tells no window
/// manager of it. There is none: that line says nothing. All others go where they went.
void quietOffscreen()
{
    static QtMessageHandler next = nullptr;
    next = qInstallMessageHandler(
        [](QtMsgType type, const QMessageLogContext &context, const QString &text) {
            if (text != QLatin1String("This plugin does not support propagateSizeHints()"))
                next(type, context, text);
        });
}

/// Qt wants a folder for sockets and the like, and complains where no session has made one.
void provideRuntimeFolder(const QTemporaryDir &folder)
{
    if (folder.isValid())
        qputenv("XDG_RUNTIME_DIR", QFile::encodeName(folder.path()));
}

} // namespace

int main(int argc, char *argv[])
{
    nameApplication();
    QStringList arguments;
    for (int i = 0; i < argc; ++i)
        arguments.append(QString::fromLocal8Bit(argv[i]));
    if (app::isCommandLine(arguments)) {
        QCoreApplication application(argc, argv);
        if (!installTexts(application, arguments))
            return app::Failed;
        return app::runCommand(QCoreApplication::arguments()).value_or(int(app::Failed));
    }
    const bool isRender = arguments.value(1) == QLatin1String("export") ||
                          arguments.value(1) == QLatin1String("render"); // its first name
    const bool needsNoDisplay =
        isRender || arguments.contains(QLatin1String("--screenshot")) ||
        arguments.contains(QLatin1String("--help")) || arguments.contains(QLatin1String("-h")) ||
        arguments.contains(QLatin1String("--version")) || arguments.contains(QLatin1String("-v"));
    if (needsNoDisplay && !hasDisplay())
        qputenv("QT_QPA_PLATFORM", "offscreen");
    std::optional<QTemporaryDir> runtime;
    if (qgetenv("QT_QPA_PLATFORM") == "offscreen") {
        quietOffscreen();
        if (qEnvironmentVariableIsEmpty("XDG_RUNTIME_DIR")) {
            runtime.emplace();
            provideRuntimeFolder(*runtime);
        }
    }
    QApplication application(argc, argv);
    QGuiApplication::setDesktopFileName(QStringLiteral("org.patchboard.Patchboard"));
    QGuiApplication::setApplicationDisplayName(QStringLiteral("Patchboard"));
    if (!installTexts(application, arguments))
        return app::Failed;
    if (isRender) {
        QStringList rest = QCoreApplication::arguments().mid(2);
        rest.prepend(QStringLiteral("patchboard ") + arguments.value(1));
        return app::runRender(rest);
    }
    return runWindow(application);
}
