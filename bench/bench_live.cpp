// A real host and its clients over sockets: coming back, many at once, one that does not read, two
// hundred who drag, and a window that was killed with a day of work in its journal.
//
//   bench_live [--devices N] [--seconds N] [NAME...]
//
// N devices on the large board (100,000), N seconds of each measurement that goes on for a while
// (10); NAME: missed, snapshot, restart, crowd, slow, import, drags, journal (all of them).

#include "bench/benchhost.h"
#include "model/core/edits.h"
#include "model/sync/syncclient.h"
#include "model/sync/websockettransport.h"
#include "model/wire/codec.h"
#include "tests/support/hostprocess.h"
#include "tests/support/tcpproxy.h"

#include <QProcess>
#include <QTemporaryDir>
#include <QTimer>
#include <QUuid>

#include <algorithm>
#include <cstdio>

#include <time.h>
#include <unistd.h>

using namespace patchboard;
using patchboard::bench::kPatienceMs;
using patchboard::bench::waitFor;

namespace {

double percentile(std::vector<double> values, double share)
{
    if (values.empty())
        return 0;
    std::sort(values.begin(), values.end());
    return values[std::min(values.size() - 1, size_t(double(values.size()) * share))];
}

void heading(const char *text)
{
    std::printf("\n%s\n", text);
    std::fflush(stdout);
}

void line(const char *what, double value, const char *unit, const char *budget = "")
{
    std::printf("  %-58s %10.1f %-10s %s\n", what, value, unit, budget);
    std::fflush(stdout);
}

std::unique_ptr<SyncClient> join(const QUrl &url, const QString &name,
                                 const QString &journalFolder = {}, bool offline = false)
{
    SyncClient::Options options;
    options.transport = WebSocketTransport::factory(url);
    options.author = name;
    options.journalFolder = journalFolder;
    options.journalName = QStringLiteral("bench");
    options.startOffline = offline;
    return std::make_unique<SyncClient>(std::move(options));
}

bool isLive(const std::unique_ptr<SyncClient> &client)
{
    return client->status().state == ConnectionState::Live;
}

void startHost(HostProcess &host)
{
    if (!host.start())
        qFatal("the host does not come");
}

/// CPU time of this thread.
double threadCpuMs()
{
    timespec time{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return double(time.tv_sec) * 1e3 + double(time.tv_nsec) / 1e6;
}

/// Seconds of CPU that a process has used.
double cpuSeconds(qint64 process)
{
    QFile file(QStringLiteral("/proc/%1/stat").arg(process));
    if (!file.open(QIODevice::ReadOnly))
        return 0;
    const QByteArray all = file.readAll();
    const QList<QByteArray> fields = all.mid(all.lastIndexOf(')') + 2).split(' ');
    return (fields.value(11).toDouble() + fields.value(12).toDouble()) /
           double(::sysconf(_SC_CLK_TCK));
}

void submit(SyncClient &client, const QList<Edit> &edits)
{
    if (const auto done = client.submit(edits, QStringLiteral("Bench")); !done)
        qFatal("an edit is refused: %s", qPrintable(done.error().text));
}

/// A client without a copy: says Hello with the revision at hand and counts what comes.
class BareClient : public QObject
{
public:
    BareClient(const QUrl &url, const QString &name)
        : m_transport(url)
    {
        m_hello.author = name;
        m_hello.profile = QUuid::createUuid().toString(QUuid::WithoutBraces);
        connect(&m_transport, &Transport::opened, this,
                [this] { m_transport.send(wire::encode(m_hello)); });
        connect(&m_transport, &Transport::received, this,
                [this](const QByteArray &frame) { take(frame); });
        m_transport.open();
    }
    [[nodiscard]] bool isWelcome() const { return m_welcome.session != 0; }
    /// Has all that there was when it came.
    [[nodiscard]] bool isReady() const { return isWelcome() && m_revision >= m_welcome.revision; }
    [[nodiscard]] quint64 session() const { return m_welcome.session; }
    [[nodiscard]] qint64 bytes() const { return m_bytes; }
    /// No longer looks into what comes.
    void onlyCount() { m_counting = true; }
    void send(const wire::Message &message) { m_transport.send(wire::encode(message)); }
    std::function<void(const wire::People &)> onPeople;

private:
    void take(const QByteArray &frame)
    {
        m_bytes += frame.size();
        if (m_counting)
            return;
        auto message = m_assembler.feed(frame);
        if (!message)
            qFatal("%s", qPrintable(message.error().text));
        if (!*message)
            return;
        if (const auto *welcome = std::get_if<wire::Welcome>(&**message))
            m_welcome = *welcome;
        else if (const auto *chunk = std::get_if<wire::SnapshotChunk>(&**message))
            m_revision = chunk->index + 1 == chunk->count ? chunk->revision : 0;
        else if (const auto *commits = std::get_if<wire::Commits>(&**message))
            m_revision += quint64(commits->commits.size());
        else if (const auto *ping = std::get_if<wire::Ping>(&**message))
            send(wire::Pong{ping->nonce});
        else if (const auto *people = std::get_if<wire::People>(&**message); people && onPeople)
            onPeople(*people);
        else if (const auto *failure = std::get_if<wire::Failure>(&**message))
            qFatal("%s", qPrintable(failure->error.text));
    }

    WebSocketTransport m_transport;
    wire::Assembler m_assembler;
    wire::Hello m_hello;
    wire::Welcome m_welcome;
    quint64 m_revision = 0;
    qint64 m_bytes = 0;
    bool m_counting = false;
};

/// Back after 1,000 changes of somebody else.
void missed(const QString &file, int changes, const char *budget)
{
    heading(qPrintable(QStringLiteral("back after %1 missed changes").arg(changes)));
    HostProcess host(file);
    startHost(host);
    const auto ann = join(host.url(), QStringLiteral("ann"));
    const auto bob = join(host.url(), QStringLiteral("bob"));
    waitFor([&] { return isLive(ann) && isLive(bob); });
    constexpr int kRounds = 7;
    std::vector<double> times;
    std::vector<double> blocked;
    for (int round = 0; round < kRounds; ++round) {
        bob->workOffline();
        waitFor([&] { return !isLive(bob); });
        for (int i = 0; i < changes; ++i)
            submit(*ann, edits::moveDevices(
                             {{makeId(0, quint32(1 + i % 200)), QPointF(i + round, round)}}));
        waitFor([&] { return ann->status().pending == 0; });
        QElapsedTimer timer;
        timer.start();
        bob->reconnectNow();
        double busy = 0;
        while (!isLive(bob) || bob->status().revision != ann->status().revision) {
            const double before = threadCpuMs();
            QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents, 20);
            busy = std::max(busy, threadCpuMs() - before);
        }
        blocked.push_back(busy);
        times.push_back(double(timer.nsecsElapsed()) / 1e6);
    }
    line("until it has all, p50", percentile(times, 0.5), "ms", budget);
    line("worst of 7", percentile(times, 1), "ms");
    line("the window's thread was busy for, p50", percentile(blocked, 0.5), "ms");
}

/// The whole board to one who has nothing of it.
void snapshot(const QString &file, int devices)
{
    heading(qPrintable(QStringLiteral("the whole board of %1 devices to a newcomer").arg(devices)));
    HostProcess host(file);
    startHost(host);
    for (const char *which : {"the first, until it is Live", "the second"}) {
        QElapsedTimer timer;
        timer.start();
        const auto client = join(host.url(), QStringLiteral("newcomer"));
        waitFor([&] { return isLive(client); });
        line(which, double(timer.nsecsElapsed()) / 1e6, "ms");
    }
}

/// Two hundred with a copy of a small board, when their host is killed and comes again.
void restart(const QString &file, int clients)
{
    heading(qPrintable(
        QStringLiteral("%1 clients with a copy, their host killed and started").arg(clients)));
    HostProcess host(file);
    startHost(host);
    std::vector<std::unique_ptr<SyncClient>> all;
    for (int i = 0; i < clients; ++i)
        all.push_back(join(host.url(), QStringLiteral("user%1").arg(i)));
    const auto live = [&] { return std::count_if(all.begin(), all.end(), isLive); };
    waitFor([&] { return live() == clients; });
    std::vector<double> times;
    for (int round = 0; round < 5; ++round) {
        host.kill();
        waitFor([&] { return live() == 0; });
        submit(*all.front(),
               edits::moveDevices({{makeId(0, 1), QPointF(round, round)}})); // made offline
        startHost(host);
        QElapsedTimer timer;
        timer.start();
        waitFor([&] {
            return live() == clients && all.front()->status().pending == 0 &&
                   std::all_of(all.begin(), all.end(), [&](const auto &client) {
                       return client->status().revision == all.front()->status().revision;
                   });
        });
        times.push_back(double(timer.nsecsElapsed()) / 1e6);
    }
    line("until all are Live and equal, p50", percentile(times, 0.5), "ms", "5000");
    line("worst of 5", percentile(times, 1), "ms", "5000");
}

/// Two hundred who all need the whole of a large board at once.
void crowd(const QString &file, int clients, int devices)
{
    heading(qPrintable(QStringLiteral("%1 newcomers at once to %2 devices, just after a start")
                           .arg(clients)
                           .arg(devices)));
    HostProcess host(file);
    startHost(host);
    const double cpu = cpuSeconds(host.processId());
    const qint64 memory = host.memory();
    QElapsedTimer timer;
    timer.start();
    std::vector<std::unique_ptr<BareClient>> all;
    for (int i = 0; i < clients; ++i)
        all.push_back(std::make_unique<BareClient>(host.url(), QStringLiteral("user%1").arg(i)));
    waitFor([&] {
        return std::all_of(all.begin(), all.end(), [](const auto &c) { return c->isReady(); });
    });
    line("until all have all", double(timer.nsecsElapsed()) / 1e6, "ms", "5000");
    line("one copy, encoded once for all", double(all.front()->bytes()) / 1e6, "MB");
    line("CPU of the host", (cpuSeconds(host.processId()) - cpu) * 1000, "ms");
    line("memory of the host, more than before", double(host.memory() - memory) / 1e6, "MB");
}

/// Somebody stops reading; the others must not notice.
void slow(const QString &file, int seconds)
{
    heading("one who stops reading");
    HostProcess host(file);
    startHost(host);
    TcpProxy cable(host.port());
    const auto writer = join(host.url(), QStringLiteral("writer"));
    const auto reader = join(host.url(), QStringLiteral("reader"));
    SyncClient::Options options; // it would notice that it hears nothing: this one has all the time
    options.transport = WebSocketTransport::factory(cable.url());
    options.deadAfter = 3600 * 1000;
    SyncClient stuck(options);
    waitFor([&] {
        return isLive(writer) && isLive(reader) && stuck.status().state == ConnectionState::Live;
    });
    const QString text(2000, u'x');
    int count = 0;
    const auto measure = [&](int forSeconds) {
        std::vector<double> times;
        QElapsedTimer clock;
        clock.start();
        while (clock.elapsed() < forSeconds * 1000) {
            QElapsedTimer timer;
            timer.start();
            submit(*writer,
                   {edits::setField(makeId(0, 1), Field::Notes, text + QString::number(++count))});
            const quint64 before = reader->status().revision;
            waitFor([&] { return reader->status().revision > before; });
            times.push_back(double(timer.nsecsElapsed()) / 1e6);
        }
        return times;
    };
    (void)measure(2); // warmth
    const auto without = measure(seconds);
    const qint64 before = host.memory();
    cable.clog(true);
    const auto with = measure(seconds);
    const qint64 after = host.memory();
    const auto again = measure(seconds);
    line("a change of 2 kB to the other one, all reading, p50", percentile(without, 0.5), "ms");
    line("p99", percentile(without, 0.99), "ms");
    line("the same while one reads nothing, p50", percentile(with, 0.5), "ms");
    line("p99", percentile(with, 0.99), "ms");
    line("p99, as long again", percentile(again, 0.99), "ms");
    line("changes that it did not take", double(with.size() + again.size()), "");
    line("memory of the host for it", double(after - before) / 1e6, "MB", "5");
    cable.clog(false);
    QElapsedTimer timer;
    timer.start();
    waitFor([&] {
        return stuck.status().state == ConnectionState::Live &&
               stuck.status().revision == writer->status().revision;
    });
    line("reading again, until it has all", double(timer.nsecsElapsed()) / 1e6, "ms");
}

/// Two hundred who drag at 30 Hz. What they show carries the time at which it was sent.
void drags(const QString &file, int people, int seconds)
{
    heading(qPrintable(QStringLiteral("%1 people dragging at 30 Hz").arg(people)));
    HostProcess host(file);
    startHost(host);
    std::vector<std::unique_ptr<BareClient>> all;
    for (int i = 0; i < people + 1; ++i)
        all.push_back(std::make_unique<BareClient>(host.url(), QStringLiteral("user%1").arg(i)));
    waitFor([&] {
        return std::all_of(all.begin(), all.end(), [](const auto &c) { return c->isReady(); });
    });
    QElapsedTimer clock;
    clock.start();
    BareClient &watcher = *all.back();
    std::vector<double> ages;
    bool counting = false;
    watcher.onPeople = [&](const wire::People &news) {
        const double now = double(clock.nsecsElapsed()) / 1e6;
        for (const wire::PersonNews &person : news.people) {
            if (counting && person.presence.drag && !person.presence.drag->devices.isEmpty())
                ages.push_back(now - person.presence.drag->devices.front().second.x());
        }
    };
    for (int i = 0; i < people; ++i)
        all[size_t(i)]->onlyCount();
    // Everybody in a turn of their own: they are different people.
    QTimer timer;
    timer.setTimerType(Qt::PreciseTimer);
    int turn = 0;
    QObject::connect(&timer, &QTimer::timeout, &timer, [&] {
        constexpr int kTurns = 8; // of 33 ms
        for (int i = turn++ % kTurns; i < people; i += kTurns) {
            wire::Presence presence;
            const QPointF at(double(clock.nsecsElapsed()) / 1e6, i);
            presence.pointer = at;
            presence.drag = wire::Drag{1, {{makeId(0, quint32(1 + i)), at}}};
            all[size_t(i)]->send(presence);
        }
    });
    timer.start(4);
    const auto wait = [&](int ms) {
        const qint64 until = clock.elapsed() + ms;
        while (clock.elapsed() < until)
            QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents, 20);
    };
    wait(1000);
    counting = true;
    const double cpu = cpuSeconds(host.processId());
    const qint64 from = clock.elapsed();
    wait(seconds * 1000);
    const double took = double(clock.elapsed() - from) / 1000;
    counting = false;
    line("ghosts seen by one", double(ages.size()) / took, "a second");
    line("their age, p50", percentile(ages, 0.5), "ms");
    line("p99", percentile(ages, 0.99), "ms", "100");
    line("CPU of the host", (cpuSeconds(host.processId()) - cpu) / took * 100, "% of a core",
         "100");
}

/// The window that is killed: makes changes without a host, and says when all are on disk.
void makeOffline(const QUrl &url, const QString &folder, int changes)
{
    const auto client = join(url, QStringLiteral("ann"), folder, true);
    if (!client->journalError().isEmpty() || !client->status().ready)
        qFatal("there is no copy to work on: %s", qPrintable(client->journalError()));
    for (int i = 0; i < changes; ++i)
        submit(*client, edits::moveDevices({{makeId(0, quint32(1 + i % 1000)), QPointF(i, 7)}}));
    std::printf("done\n");
    std::fflush(stdout);
    for (;;)
        ::pause();
}

void journal(const QString &file, const QString &folder, int changes)
{
    heading(
        qPrintable(QStringLiteral("a window killed with %1 changes in its journal").arg(changes)));
    HostProcess host(file);
    startHost(host);
    {
        const auto ann = join(host.url(), QStringLiteral("ann"), folder);
        waitFor([&] { return isLive(ann); });
    }
    const quint16 port = host.port();
    host.terminate();
    QProcess window;
    window.start(
        QCoreApplication::applicationFilePath(),
        {QStringLiteral("--offline"), QString::number(port), folder, QString::number(changes)});
    QElapsedTimer timer;
    timer.start();
    waitFor([&] { return window.bytesAvailable() > 0 || window.state() == QProcess::NotRunning; });
    if (!window.readAll().startsWith("done"))
        qFatal("the window made nothing: %s", window.readAllStandardError().constData());
    line("to make them, all on disk", double(timer.nsecsElapsed()) / 1e6, "ms");
    window.kill();
    window.waitForFinished();

    startHost(host);
    timer.start();
    const auto ann = join(host.url(), QStringLiteral("ann"), folder, true);
    line("to open the journal again", double(timer.nsecsElapsed()) / 1e6, "ms");
    if (ann->status().pending != changes)
        qFatal("%lld of %d are there", qint64(ann->status().pending), changes);
    const auto bob = join(host.url(), QStringLiteral("bob"));
    waitFor([&] { return isLive(bob); });
    const quint64 before = bob->status().revision;
    timer.start();
    ann->reconnectNow();
    waitFor([&] {
        return isLive(ann) && ann->status().pending == 0 &&
               bob->status().revision == ann->status().revision;
    });
    const double seconds = double(timer.nsecsElapsed()) / 1e9;
    if (bob->status().revision != before + quint64(changes) ||
        !(bob->topology() == ann->topology()))
        qFatal("they are not all there once");
    line("to send them, all durable and at another client", double(changes) / seconds, "a second",
         "2000");
}

} // namespace

/// In a process of its own: makes all of makeBoard() in one change, elsewhere on the board.
void makeImport(const QUrl &url, int devices)
{
    const auto client = join(url, QStringLiteral("importer"));
    waitFor([&] { return isLive(client); });
    QList<Edit> edits = bench::makeEdits(devices);
    QHash<EntityId, EntityId> ids;
    for (Edit &edit : edits) {
        auto &create = std::get<CreateEntity>(edit);
        create.id = ids[create.id] = client->newId();
        for (FieldValue &field : create.fields) {
            if (field.key.field == Field::Name && create.kind == EntityKind::Device)
                field.value = QStringLiteral("imported-%1").arg(create.id & 0xffffffff);
            const auto *other = std::get_if<qint64>(&field.value);
            const Field key = field.key.field;
            if (other && (key == Field::Device || key == Field::AInterface ||
                          key == Field::BInterface || key == Field::Container))
                field.value = qint64(ids.value(EntityId(*other)));
        }
    }
    submit(*client, edits);
    waitFor([&] { return client->status().pending == 0; });
}

/// A window that goes on editing while somebody else imports a large board in one change.
void import(const QString &file, int devices)
{
    heading(qPrintable(
        QStringLiteral("an edit while somebody imports %1 devices in one change").arg(devices)));
    HostProcess host(file);
    startHost(host);
    const auto ann = join(host.url(), QStringLiteral("ann"));
    waitFor([&] { return isLive(ann); });
    int offline = 0;
    QObject::connect(ann.get(), &SyncClient::statusChanged, ann.get(),
                     [&] { offline += ann->status().state == ConnectionState::Offline; });
    QProcess importer;
    importer.setProcessChannelMode(QProcess::ForwardedChannels);
    importer.start(
        QCoreApplication::applicationFilePath(),
        {QStringLiteral("--import"), QString::number(host.port()), QString::number(devices)});
    std::vector<double> times;
    QElapsedTimer all;
    all.start();
    while (importer.state() != QProcess::NotRunning) {
        QElapsedTimer timer;
        timer.start();
        submit(*ann, edits::moveDevices({{makeId(0, 1), QPointF(double(times.size()), 0)}}));
        waitFor([&] { return ann->status().pending == 0; });
        times.push_back(double(timer.nsecsElapsed()) / 1e6);
    }
    line("until the importer knows that it is durable", double(all.elapsed()), "ms");
    line("an edit until it is acknowledged, p50", percentile(times, 0.5), "ms");
    line("the longest", percentile(times, 1), "ms");
    line("times that the window said Offline", offline, "");
}

int main(int argc, char *argv[])
{
    QCoreApplication application(argc, argv);
    const QStringList words = application.arguments().mid(1);
    if (words.value(0) == QLatin1String("--offline")) {
        makeOffline(QUrl(QStringLiteral("ws://127.0.0.1:%1").arg(words.value(1))), words.value(2),
                    words.value(3).toInt());
        return 0;
    }
    if (words.value(0) == QLatin1String("--import")) {
        makeImport(QUrl(QStringLiteral("ws://127.0.0.1:%1").arg(words.value(1))),
                   words.value(2).toInt());
        return 0;
    }
    bench::Arguments arguments(words);
    const int devices = arguments.number("--devices", 100000);
    const int seconds = arguments.number("--seconds", 10);
    QTemporaryDir folder;
    const QString small = folder.filePath(QStringLiteral("small.board"));
    const QString large = folder.filePath(QStringLiteral("large.board"));
    bench::makeFile(small, 1000);
    if (arguments.wanted("missed") || arguments.wanted("snapshot") || arguments.wanted("crowd"))
        bench::makeFile(large, devices);
    if (arguments.wanted("missed")) {
        missed(large, 1000, "100");
        missed(large, 20000, "");
    }
    if (arguments.wanted("snapshot"))
        snapshot(large, devices);
    if (arguments.wanted("restart"))
        restart(small, 200);
    if (arguments.wanted("crowd"))
        crowd(large, 200, devices);
    if (arguments.wanted("slow"))
        slow(small, seconds);
    if (arguments.wanted("import"))
        import(small, devices);
    if (arguments.wanted("drags"))
        drags(small, 200, seconds);
    if (arguments.wanted("journal"))
        journal(small, folder.filePath(QStringLiteral("ann")), 100000);
    return 0;
}
