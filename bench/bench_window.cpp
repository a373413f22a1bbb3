// What the whole program costs: from its start to the first picture, of the start page, of a board
// file and of a host's board, with its memory; from an edit to the screens; and from a look at the
// past to its picture.
//
//   bench_window [--devices N] [--changes N] [NAME...]
//
// N devices (100,000), N changes in the history (100,000); NAME: start, edit, past (all of them).

#include "bench/benchhost.h"
#include "model/core/edits.h"
#include "model/sync/syncclient.h"
#include "model/sync/websockettransport.h"
#include "server/hostthread.h"
#include "tests/support/boardservice.h"
#include "tests/support/hostprocess.h"
#include "ui/actions/theme.h"
#include "ui/mainwindow/mainwindow.h"
#include "ui/panels/historypanel.h"
#include "ui/scene/canvasview.h"
#include "ui/scene/selection.h"

#include <QApplication>
#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QMouseEvent>
#include <QProcess>
#include <QPushButton>
#include <QRandomGenerator>
#include <QTemporaryDir>
#include <QTimer>
#include <QUrl>

#include <algorithm>
#include <cstdio>

using namespace patchboard;
using patchboard::bench::kPatienceMs;
using patchboard::bench::waitFor;

namespace {

constexpr int kStarts = 5;
constexpr int kEdits = 300;
constexpr int kLooks = 20;

double megabytes(qint64 process, const char *what)
{
    QFile file(QStringLiteral("/proc/%1/status").arg(process));
    if (!file.open(QIODevice::ReadOnly))
        return 0;
    for (const QByteArray &line : file.readAll().split('\n')) {
        if (line.startsWith(what))
            return line.mid(qsizetype(qstrlen(what))).simplified().split(' ').first().toDouble() /
                   1024;
    }
    return 0;
}

QString program(const char *name)
{
    return QCoreApplication::applicationDirPath() + u'/' + QLatin1String(name);
}

QProcessEnvironment environment(const QString &home)
{
    QProcessEnvironment env = QProcessEnvironment::systemEnvironment();
    env.insert(QStringLiteral("HOME"), home);
    env.insert(QStringLiteral("XDG_RUNTIME_DIR"), home);
    env.insert(QStringLiteral("XDG_DATA_HOME"), home + QStringLiteral("/data"));
    env.insert(QStringLiteral("XDG_CONFIG_HOME"), home + QStringLiteral("/config"));
    env.insert(QStringLiteral("QT_LOGGING_RULES"), QStringLiteral("patchboard.window.info=true"));
    return env;
}

struct Start
{
    double ms = 0;
    double memory = 0; ///< MB when it stands still
    double peak = 0;   ///< MB
};

Start startOnce(const QStringList &arguments, const QString &home)
{
    QProcess process;
    process.setProcessEnvironment(environment(home));
    QElapsedTimer timer;
    timer.start();
    process.start(program("patchboard"),
                  arguments + QStringList{QStringLiteral("--size"), QStringLiteral("1920x1080")});
    process.setReadChannel(QProcess::StandardError);
    QByteArray said;
    while (!said.contains("first picture")) {
        if (!process.waitForReadyRead(kPatienceMs) && process.state() != QProcess::Running)
            qFatal("the window does not come: %s", said.constData());
        said += process.readAllStandardError();
        if (timer.elapsed() > kPatienceMs)
            qFatal("no picture: %s", said.constData());
    }
    Start start;
    start.ms = double(timer.nsecsElapsed()) / 1e6;
    // It stands still when its memory has been the same for a while.
    int same = 0;
    while (same < 10) {
        const double now = megabytes(process.processId(), "VmRSS:");
        same = std::abs(now - start.memory) < 0.5 ? same + 1 : 0;
        start.memory = now;
        (void)process.waitForFinished(50);
    }
    start.peak = megabytes(process.processId(), "VmHWM:");
    process.terminate();
    if (!process.waitForFinished(kPatienceMs))
        process.kill();
    (void)process.waitForFinished();
    return start;
}

void rowOfStarts(const char *what, const char *budget, const QStringList &arguments,
                 const QString &home, bool fresh = false)
{
    std::vector<double> ms;
    Start last;
    for (int i = 0; i < kStarts; ++i) {
        if (fresh)
            QDir(home + QStringLiteral("/data")).removeRecursively();
        last = startOnce(arguments, home);
        ms.push_back(last.ms);
    }
    std::sort(ms.begin(), ms.end());
    std::printf("  %-42s %9.0f %9.0f %9.0f %9.0f   %s\n", what, ms[ms.size() / 2], ms.back(),
                last.memory, last.peak, budget);
    std::fflush(stdout);
}

/// A window's canvas on a session of its own.
struct Side
{
    explicit Side(const TransportFactory &transport)
    {
        SyncClient::Options options;
        options.transport = transport;
        options.author = QStringLiteral("bench");
        client = std::make_unique<SyncClient>(std::move(options));
        waitFor([this] { return client->status().state == ConnectionState::Live; });
        view = std::make_unique<ui::CanvasView>(
            client.get(), &selection,
            [this](const QList<Edit> &edits, const QString &label, quint64 gesture) {
                return client->submit(edits, label, gesture);
            });
        view->resize(1920, 1080);
        view->show();
        waitFor([this] { return view->isVisible(); });
        QCoreApplication::processEvents();
    }
    ui::Selection selection;
    std::unique_ptr<SyncClient> client;
    std::unique_ptr<ui::CanvasView> view;
};

/// Notes when a widget paints.
class PaintClock : public QObject
{
public:
    explicit PaintClock(QWidget *widget) { widget->installEventFilter(this); }
    bool eventFilter(QObject *, QEvent *event) override
    {
        painted = painted || event->type() == QEvent::Paint;
        return false;
    }
    bool painted = false;
};

void benchEdits(const QString &file, const char *what, bool overWebSocket)
{
    server::HostThread::Options options;
    options.file = file;
    server::HostThread host(options);
    auto opened = host.open();
    if (opened)
        opened = host.waitUntilRead();
    if (!opened)
        qFatal("%s", qPrintable(opened.error().text));
    TransportFactory transport = host.factory();
    if (overWebSocket) {
        const auto port = host.share(QHostAddress(QHostAddress::LocalHost), 0);
        if (!port)
            qFatal("%s", qPrintable(port.error().text));
        transport =
            WebSocketTransport::factory(QUrl(QStringLiteral("ws://127.0.0.1:%1/sync").arg(*port)));
    }
    Side mine(transport);
    Side other(transport);
    const EntityId device = makeId(0, 1);
    for (Side *side : {&mine, &other}) {
        side->view->setZoom(1.0);
        side->view->centreOnScene(side->client->topology().device(device)->position);
    }
    waitFor([&] { return mine.client->status().pending == 0; });
    PaintClock myPaint(mine.view->viewport());
    PaintClock otherPaint(other.view->viewport());
    std::vector<double> toMe;
    std::vector<double> toOther;
    for (int i = 0; i < kEdits; ++i) {
        for (int k = 0; k < 3; ++k)
            QCoreApplication::processEvents();
        const QPointF to =
            mine.client->topology().device(device)->position + QPointF(i % 2 == 0 ? 20 : -20, 0);
        myPaint.painted = false;
        otherPaint.painted = false;
        QElapsedTimer timer;
        timer.start();
        if (!mine.client->submit(edits::moveDevices({{device, to}}), QStringLiteral("Move")))
            qFatal("the edit is refused");
        double me = 0;
        waitFor([&] {
            if (me == 0 && myPaint.painted)
                me = double(timer.nsecsElapsed()) / 1e6;
            return me != 0 && otherPaint.painted &&
                   other.client->topology().device(device)->position == to;
        });
        toMe.push_back(me);
        toOther.push_back(double(timer.nsecsElapsed()) / 1e6);
        waitFor([&] { return mine.client->status().pending == 0; });
    }
    for (auto *values : {&toMe, &toOther})
        std::sort(values->begin(), values->end());
    const auto row = [what](const char *which, const char *budget, std::vector<double> &values) {
        std::printf(
            "  %-42s %9.2f %9.2f   %s\n",
            qPrintable(QStringLiteral("%1, %2").arg(QLatin1String(which), QLatin1String(what))),
            values[values.size() / 2], values[values.size() * 99 / 100], budget);
    };
    row("edit to my screen", "16", toMe);
    row("edit to another window", "25", toOther);
    std::fflush(stdout);
}

/// How long the event loop was kept from going round.
class Pulse : public QObject
{
public:
    Pulse()
    {
        m_clock.start();
        m_timer.setTimerType(Qt::PreciseTimer);
        connect(&m_timer, &QTimer::timeout, this, [this] {
            m_longest = std::max(m_longest, m_clock.nsecsElapsed());
            m_clock.start();
        });
        m_timer.start(1);
    }
    /// ms, since the last call.
    double takeLongest()
    {
        m_clock.start();
        return double(std::exchange(m_longest, 0)) / 1e6;
    }

private:
    QTimer m_timer;
    QElapsedTimer m_clock;
    qint64 m_longest = 0;
};

/// Moves of devices, one change each.
void makeChanges(const QString &path, int devices, int changes)
{
    server::SqliteStore::Options options;
    options.durability = server::Durability::Normal;
    auto store = server::SqliteStore::open(path, options);
    if (!store)
        qFatal("%s", qPrintable(store.error().text));
    server::Log log(nullptr, server::LogLevel::Error, false);
    auto host = server::Host::open(std::move(*store), {}, log);
    if (!host)
        qFatal("%s", qPrintable(host.error().text));
    QRandomGenerator random(7);
    for (int i = 0; i < changes; ++i) {
        const EntityId device = makeId(0, quint32(random.bounded(devices) + 1));
        const QPointF to =
            (*host)->topology().device(device)->position + QPointF(random.bounded(-40, 41), 20);
        if (!(*host)->commit(edits::moveDevices({{device, to}}), {}, QStringLiteral("Move")))
            qFatal("the edit is refused");
        if (i % 256 == 0)
            QCoreApplication::processEvents(); // what the host does between bursts
    }
    (*host)->finish();
}

/// A window of a host's board that looks at random revisions, from now and from the one before.
void benchPast(const QString &file, const QString &home, int changes)
{
    HostProcess host(file);
    if (!host.start())
        qFatal("the host does not come");
    TestBoardService service(QStringLiteral("bench"), home + QStringLiteral("/past"));
    ui::Theme theme;
    ui::Windows windows(service, theme);
    auto board = windows.open(host.url().toString());
    if (!board)
        qFatal("%s", qPrintable(board.error().text));
    ui::MainWindow *window = windows.openWindow(std::move(*board));
    window->resize(1920, 1080);
    window->show();
    const auto shown = [window](quint64 revision) {
        const ui::CanvasView *canvas = window->canvas();
        return canvas && canvas->session()->status().ready &&
               (revision == 0 || canvas->session()->status().revision == revision);
    };
    waitFor([&] { return shown(0) && window->canvas()->session()->status().revision > 1; });
    const quint64 newest = window->canvas()->session()->status().revision;
    auto *history = window->findChild<ui::HistoryPanel *>();
    auto *back = window->findChild<QPushButton *>(QStringLiteral("backToNow"));
    Pulse pulse;
    std::vector<double> ms[3];
    std::vector<double> blocked[3];
    const auto measure = [&](int which, quint64 revision, const auto &act) {
        QCoreApplication::processEvents();
        (void)pulse.takeLongest();
        QElapsedTimer timer;
        timer.start();
        act();
        waitFor([&] { return shown(revision); });
        PaintClock paint(window->canvas()->viewport());
        waitFor([&] { return paint.painted; });
        ms[which].push_back(double(timer.nsecsElapsed()) / 1e6);
        QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents, 5);
        blocked[which].push_back(pulse.takeLongest());
    };
    QRandomGenerator random(11);
    const auto look = [&](int which) {
        const quint64 revision = newest - quint64(random.bounded(changes));
        measure(which, revision, [&] { Q_EMIT history->revisionChosen(revision); });
    };
    for (int i = 0; i < kLooks; ++i) {
        look(0);
        look(1);
        measure(2, newest, [back] { back->click(); });
    }
    const char *const names[] = {"from now to a revision", "from there to another", "back to now"};
    for (int i = 0; i < 3; ++i) {
        std::sort(ms[i].begin(), ms[i].end());
        std::sort(blocked[i].begin(), blocked[i].end());
        std::printf("  %-42s %9.0f %9.0f %9.0f %9.0f\n", names[i], ms[i][ms[i].size() / 2],
                    ms[i].back(), blocked[i][blocked[i].size() / 2], blocked[i].back());
    }
    std::fflush(stdout);
    window->close();
}

} // namespace

int main(int argc, char *argv[])
{
    if (qEnvironmentVariableIsEmpty("QT_QPA_PLATFORM"))
        qputenv("QT_QPA_PLATFORM", "offscreen");
    QApplication application(argc, argv);
    bench::Arguments arguments(application.arguments().mid(1));
    const int devices = arguments.number("--devices", 100000);
    const int changes = arguments.number("--changes", 100000);
    QTemporaryDir folder;
    const QString file = folder.filePath(QStringLiteral("bench.board"));
    const QString empty = folder.filePath(QStringLiteral("empty.board"));
    bench::makeFile(file, devices);

    if (arguments.wanted("start")) {
        std::printf(
            "\nfrom the start of the program to the first picture; %d devices, %d links, %d "
            "interfaces\n",
            devices, devices, devices * 2);
        std::printf("  %-42s %9s %9s %9s %9s   %s\n", "", "ms p50", "worst", "RSS MB", "peak",
                    "budget: ms, MB");
        rowOfStarts("start page", "150", {}, folder.path());
        rowOfStarts("empty board", "150, 70", {empty}, folder.path());
        rowOfStarts("board file, never opened before", "1000", {file}, folder.path(), true);
        rowOfStarts("board file, again", "1000, 250", {file}, folder.path());

        HostProcess host(file);
        if (!host.start([&folder](QProcess &process) {
                process.setProcessEnvironment(environment(folder.path()));
            }))
            qFatal("the host does not come");
        const QString address = host.url().toString();
        rowOfStarts("from a host, never opened before", "1200", {address}, folder.path(), true);
        rowOfStarts("from a host, again", "1200, 250", {address}, folder.path());
        std::printf("  %-42s %9s %9s %9.0f %9.0f\n", "the host", "", "",
                    megabytes(host.processId(), "VmRSS:"), megabytes(host.processId(), "VmHWM:"));
        host.terminate();
    }
    if (arguments.wanted("edit")) {
        std::printf("\nfrom an edit to the picture, stored with FULL; ms\n");
        std::printf("  %-42s %9s %9s   %s\n", "", "p50", "p99", "budget, p99");
        benchEdits(file, "embedded host", false);
        benchEdits(file, "WebSocket", true);
    }
    if (arguments.wanted("past")) {
        makeChanges(file, devices, changes);
        std::printf("\nfrom a choice in the history to the picture; %d changes, %d devices; ms\n",
                    changes, devices);
        std::printf("  %-42s %9s %9s %9s %9s\n", "", "p50", "worst", "window", "worst");
        benchPast(file, folder.path(), changes);
    }
    return 0;
}
