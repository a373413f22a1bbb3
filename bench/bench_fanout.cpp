// Fan-out, side by side in one run: how many changes a second reach how many clients, each on disk
// before anybody hears of it. The host, Socket.IO on python with FastAPI (what is replaced),
// Socket.IO on node, and a bare epoll server with SQLite (the limit).
//
//   bench_fanout [--seconds N] [--rounds N] [--clients A,B,C] [--peers FOLDER] [--node FOLDER]
//                [--epoll PROGRAM]
//
// Sixteen of the clients write (ten of ten), changes of 200 bytes, 256 of them under way at a time;
// every client gets all. The latency is that of the client that came last, from the sending of a
// change to its arrival. It ends early when a client has sent as many as the host takes of one (it
// takes 20,000 frames at once, and 5,000 a second). Then one edit at a time to 50 clients, until
// all have it. All of them take turns, and of their rounds the median counts. FOLDER of peers:
// bench/peers; of node: where its packages are; PROGRAM: peers/fanout_epoll.cpp, built. What is not
// given is left out.

#include "bench/benchhost.h"
#include "model/wire/codec.h"

#include <QDir>
#include <QFile>
#include <QProcess>
#include <QProcessEnvironment>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QUuid>

#include <algorithm>
#include <csignal>
#include <cstdio>

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

using namespace patchboard;

namespace {

constexpr int kWindow = 256;
constexpr int kWriters = 16;
constexpr qint64 kMostOfOne = 22'000; ///< changes of one writer
constexpr int kDevices = 10'000;
constexpr int kAlone = 300; ///< edits that are measured one at a time
constexpr qsizetype kPrefix = 16;
const QByteArray kMark("@seq:"); ///< before the number of a change, eight digits

enum class Kind { Host, SocketIo, Epoll };

/// One connection. Until it is ready all is read whole; then frames are counted and skipped.
struct Client
{
    int fd = -1;
    bool ready = false;
    bool upgraded = false;
    QByteArray in;
    // Of counting:
    QByteArray prefix; ///< the frame's head and the first bytes of what it holds
    quint64 skip = 0;  ///< bytes of the frame that are of no interest
    qint64 seen = 0;   ///< changes
    // Of the host:
    wire::Assembler assembler;
    SiteId site = 0;
    quint64 cseq = 0;
    quint64 base = 0;
};

struct Figures
{
    double deliveries = 0; ///< a second
    double changes = 0;
    double p50 = 0; ///< ms
    double p99 = 0;
};

QByteArray frame(bool text, QByteArrayView payload)
{
    QByteArray out;
    out += char(text ? 0x81 : 0x82);
    if (payload.size() < 126) {
        out += char(0x80 | payload.size());
    } else {
        out += char(0x80 | 126);
        out += char(payload.size() >> 8);
        out += char(payload.size());
    }
    out += QByteArray(4, '\0'); // a mask of zeros
    out.append(payload.data(), payload.size());
    return out;
}

void sendAll(int fd, const QByteArray &bytes)
{
    qsizetype sent = 0;
    while (sent < bytes.size()) {
        const ssize_t n =
            ::send(fd, bytes.constData() + sent, size_t(bytes.size() - sent), MSG_NOSIGNAL);
        if (n < 0 && errno != EAGAIN)
            qFatal("A connection was closed");
        sent += std::max<ssize_t>(n, 0);
    }
}

/// A server and the clients of it.
class Crowd
{
public:
    Crowd(Kind kind, quint16 port, int count)
        : m_kind(kind)
        , m_poll(::epoll_create1(EPOLL_CLOEXEC))
        , m_clients(size_t(count))
    {
        m_clock.start();
        // A few at a time: the server has to greet each.
        for (size_t i = 0; i < m_clients.size(); ++i) {
            open(i, port);
            if (i % 64 == 63 || i + 1 == m_clients.size())
                turn([this, i] {
                    return std::all_of(m_clients.begin(), m_clients.begin() + qsizetype(i) + 1,
                                       [](const Client &client) { return client.ready; });
                });
        }
    }
    ~Crowd()
    {
        for (const Client &client : m_clients)
            ::close(client.fd);
        ::close(m_poll);
    }

    Figures measure(int seconds)
    {
        m_latencies.clear();
        const qint64 warm = m_clock.nsecsElapsed() + 300'000'000;
        writeUntil(warm);
        m_latencies.clear();
        const qint64 before = delivered();
        const qint64 from = m_clock.nsecsElapsed();
        writeUntil(from + seconds * 1'000'000'000LL);
        Figures figures;
        const double time = double(m_clock.nsecsElapsed() - from) / 1e9;
        figures.deliveries = double(delivered() - before) / time;
        figures.changes = figures.deliveries / double(m_clients.size());
        drain();
        percentiles(figures);
        return figures;
    }

    /// One change after the other; ms until all have it.
    Figures alone()
    {
        m_latencies.clear();
        for (int i = 0; i < kAlone; ++i) {
            const qint64 start = m_clock.nsecsElapsed();
            submit();
            drain();
            m_latencies.push_back(double(m_clock.nsecsElapsed() - start) / 1e6);
        }
        Figures figures;
        percentiles(figures);
        return figures;
    }

private:
    void open(size_t index, quint16 port)
    {
        Client &client = m_clients[index];
        client.fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_in address = {};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        if (::connect(client.fd, reinterpret_cast<sockaddr *>(&address), sizeof address) != 0)
            qFatal("Nobody listens on port %d", port);
        const int on = 1;
        ::setsockopt(client.fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        epoll_event event = {};
        event.events = EPOLLIN;
        event.data.u64 = index;
        ::epoll_ctl(m_poll, EPOLL_CTL_ADD, client.fd, &event);
        if (m_kind == Kind::Epoll) {
            client.upgraded = true;
            return;
        }
        const QByteArray path = m_kind == Kind::Host
                                    ? QByteArray("/sync")
                                    : QByteArray("/socket.io/?EIO=4&transport=websocket");
        sendAll(client.fd, "GET " + path +
                               " HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\n"
                               "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                               "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
    }

    void submit()
    {
        const size_t writer = size_t(m_sent) % std::min<size_t>(kWriters, m_clients.size());
        Client &client = m_clients[writer];
        const QByteArray number = QByteArray::number(m_sent % 100'000'000).rightJustified(8, '0');
        const QByteArray notes = kMark + number + QByteArray(110, 'n');
        // Each writes devices of its own.
        const auto device =
            EntityId(1 + (size_t(m_sent) / kWriters * kWriters + writer) % kDevices);
        switch (m_kind) {
        case Kind::Host: {
            Change change;
            change.site = client.site;
            change.cseq = ++client.cseq;
            change.base = client.base;
            change.author = QStringLiteral("bench");
            change.label = QStringLiteral("Edit");
            change.edits = {SetFields{device, {{Field::Notes, QString::fromLatin1(notes), {}}}}};
            sendAll(client.fd,
                    frame(false, wire::encode(wire::Submit{wire::encodeChange(change)})));
            break;
        }
        case Kind::SocketIo:
            sendAll(client.fd,
                    frame(true, "42[\"change\",{\"id\":" + QByteArray::number(device) +
                                    ",\"notes\":\"" + notes + QByteArray(40, 'n') + "\"}]"));
            break;
        case Kind::Epoll: {
            const auto id = int(device);
            QByteArray body(reinterpret_cast<const char *>(&id), sizeof id);
            body += notes;
            sendAll(client.fd, frame(false, body.leftJustified(200, 'n')));
            break;
        }
        }
        m_sentAt[size_t(m_sent) % m_sentAt.size()] = m_clock.nsecsElapsed();
        ++m_sent;
    }

    void writeUntil(qint64 end)
    {
        const Client &last = m_clients.back();
        const qint64 most = kMostOfOne * std::min<qint64>(kWriters, qint64(m_clients.size()));
        turn([&] {
            const qint64 now = m_clock.nsecsElapsed();
            while (now < end && m_sent < most && m_sent - last.seen < kWindow)
                submit();
            return now >= end || m_sent == most;
        });
    }
    /// Until everybody has all.
    void drain()
    {
        turn([this] {
            return std::all_of(m_clients.begin(), m_clients.end(),
                               [this](const Client &client) { return client.seen >= m_sent; });
        });
    }
    [[nodiscard]] qint64 delivered() const
    {
        qint64 all = 0;
        for (const Client &client : m_clients)
            all += client.seen;
        return all;
    }

    template <typename Condition>
    void turn(Condition done)
    {
        static std::vector<char> buffer(1 << 20);
        epoll_event events[256];
        while (!done()) {
            const int ready = ::epoll_wait(m_poll, events, 256, bench::kPatienceMs);
            if (ready == 0)
                qFatal("Nothing comes any more");
            for (int i = 0; i < ready; ++i) {
                Client &client = m_clients[events[i].data.u64];
                const ssize_t got = ::recv(client.fd, buffer.data(), buffer.size(), 0);
                if (got <= 0)
                    qFatal("A connection was closed");
                if (client.ready) {
                    if (&client == &m_clients.back())
                        time({buffer.data(), got});
                    count(client, {buffer.data(), got});
                } else {
                    client.in.append(buffer.data(), got);
                    greet(client);
                }
            }
        }
    }

    /// Notes which changes have come.
    void time(QByteArrayView bytes)
    {
        const qint64 now = m_clock.nsecsElapsed();
        for (qsizetype at = 0; (at = bytes.indexOf(kMark, at)) >= 0; at += kMark.size()) {
            if (bytes.size() - at < kMark.size() + 8)
                return;
            const qint64 number = bytes.sliced(at + kMark.size(), 8).toByteArray().toLongLong();
            m_latencies.push_back(double(now - m_sentAt[size_t(number) % m_sentAt.size()]) / 1e6);
        }
    }

    /// A frame's head and size; false: not all of its head is here.
    static bool readHead(QByteArrayView bytes, qsizetype *head, quint64 *size)
    {
        if (bytes.size() < 2)
            return false;
        const auto at = [&](qsizetype i) { return quint64(quint8(bytes[i])); };
        *size = at(1) & 0x7f;
        *head = *size == 126 ? 4 : *size == 127 ? 10 : 2;
        if (bytes.size() < *head)
            return false;
        if (*head > 2) {
            *size = 0;
            for (qsizetype i = 2; i < *head; ++i)
                *size = *size << 8 | at(i);
        }
        return true;
    }

    void count(Client &client, QByteArrayView bytes)
    {
        while (!bytes.isEmpty()) {
            if (client.skip > 0) {
                const qsizetype n =
                    qsizetype(std::min<quint64>(client.skip, quint64(bytes.size())));
                client.skip -= quint64(n);
                bytes = bytes.sliced(n);
                continue;
            }
            client.prefix += bytes.front();
            bytes = bytes.sliced(1);
            qsizetype head = 0;
            quint64 size = 0;
            if (!readHead(client.prefix, &head, &size))
                continue;
            const auto known = client.prefix.size() - head;
            if (known < kPrefix && quint64(known) < size)
                continue;
            client.skip = size - quint64(known);
            take(client, quint8(client.prefix[0]) & 0xf,
                 QByteArrayView(client.prefix).sliced(head));
            client.prefix.clear();
        }
    }

    void take(Client &client, int opcode, QByteArrayView payload)
    {
        if (opcode == 8)
            qFatal("A client was closed by the server");
        if (opcode == 9) {
            sendAll(client.fd, QByteArray::fromHex("8a8000000000"));
        } else if (m_kind == Kind::SocketIo) {
            if (payload.startsWith("42"))
                ++client.seen;
            else if (payload == QByteArrayView("2"))
                sendAll(client.fd, frame(true, "3"));
        } else if (payload.startsWith(QByteArrayView("\x84\x03"))) {
            const auto at = [&](qsizetype i) { return qint64(quint8(payload[i])); };
            const qint64 count = at(2);
            client.seen += count < 0x98    ? count - 0x80
                           : count == 0x98 ? at(3)
                           : count == 0x99 ? at(3) << 8 | at(4)
                                           : at(3) << 24 | at(4) << 16 | at(5) << 8 | at(6);
        } else if (quint8(payload[1]) == 0x13) {
            qFatal("A message came in parts: it cannot be counted");
        }
    }

    void greet(Client &client)
    {
        if (!client.upgraded) {
            const qsizetype end = client.in.indexOf("\r\n\r\n");
            if (end < 0)
                return;
            if (!client.in.startsWith("HTTP/1.1 101"))
                qFatal("%s", client.in.left(300).constData());
            client.in.remove(0, end + 4);
            client.upgraded = true;
            if (m_kind == Kind::Host) {
                wire::Hello hello;
                hello.author = QStringLiteral("bench");
                hello.profile = QUuid::createUuid().toString(QUuid::WithoutBraces);
                sendAll(client.fd, frame(false, wire::encode(hello)));
            }
        }
        qsizetype head = 0;
        quint64 size = 0;
        while (!client.ready && readHead(client.in, &head, &size) &&
               quint64(client.in.size() - head) >= size) {
            const QByteArray payload = client.in.mid(head, qsizetype(size));
            client.in.remove(0, head + qsizetype(size));
            if (m_kind == Kind::Epoll) {
                client.ready = true;
                continue;
            }
            if (m_kind == Kind::SocketIo) {
                if (payload.startsWith('0'))
                    sendAll(client.fd, frame(true, "40"));
                client.ready = payload.startsWith("40");
                continue;
            }
            const auto message = client.assembler.feed(payload);
            if (!message)
                qFatal("%s", qPrintable(message.error().text));
            if (!*message)
                continue;
            if (const auto *welcome = std::get_if<wire::Welcome>(&**message)) {
                client.site = welcome->site;
                client.base = welcome->revision;
                client.ready = welcome->catchUp == wire::CatchUp::None;
            } else if (const auto *chunk = std::get_if<wire::SnapshotChunk>(&**message)) {
                client.ready = chunk->index + 1 == chunk->count;
            } else if (const auto *failure = std::get_if<wire::Failure>(&**message)) {
                qFatal("%s", qPrintable(failure->error.text));
            }
        }
        if (client.ready)
            count(client, std::exchange(client.in, {}));
    }

    void percentiles(Figures &figures)
    {
        std::sort(m_latencies.begin(), m_latencies.end());
        if (m_latencies.empty())
            return;
        figures.p50 = m_latencies[m_latencies.size() / 2];
        figures.p99 = m_latencies[m_latencies.size() * 99 / 100];
    }

    Kind m_kind;
    int m_poll;
    std::vector<Client> m_clients;
    QElapsedTimer m_clock;
    qint64 m_sent = 0;
    std::vector<qint64> m_sentAt = std::vector<qint64>(1 << 16);
    std::vector<double> m_latencies;
};

/// A server's process; it says its port on its first line.
class Server
{
public:
    Server(const QString &program, const QStringList &arguments, const QString &packages)
    {
        m_process.setProcessChannelMode(QProcess::ForwardedErrorChannel);
        if (!packages.isEmpty()) {
            auto environment = QProcessEnvironment::systemEnvironment();
            environment.insert(QStringLiteral("NODE_PEERS"), packages);
            m_process.setProcessEnvironment(environment);
        }
        m_process.setChildProcessModifier([] { ::prctl(PR_SET_PDEATHSIG, SIGKILL); });
        m_process.start(program, arguments);
        while (!m_process.canReadLine() && m_process.waitForReadyRead(bench::kPatienceMs)) {
        }
        static const QRegularExpression number(QStringLiteral("(?:127\\.0\\.0\\.1:|^)(\\d+)"));
        m_port = number.match(QString::fromUtf8(m_process.readLine())).captured(1).toUShort();
        // It may say its port before it listens.
        for (int i = 0; m_port != 0 && i < 600; ++i) {
            const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
            sockaddr_in address = {};
            address.sin_family = AF_INET;
            address.sin_port = htons(m_port);
            address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
            const bool listens =
                ::connect(fd, reinterpret_cast<sockaddr *>(&address), sizeof address) == 0;
            ::close(fd);
            if (listens)
                return;
            ::usleep(100'000);
        }
    }
    ~Server()
    {
        m_process.kill();
        m_process.waitForFinished();
    }
    [[nodiscard]] quint16 port() const { return m_port; }
    /// MB.
    [[nodiscard]] double memory() const
    {
        QFile file(QStringLiteral("/proc/%1/statm").arg(m_process.processId()));
        if (!file.open(QIODevice::ReadOnly))
            return 0;
        return file.readAll().split(' ').value(1).toDouble() * double(::sysconf(_SC_PAGESIZE)) /
               1e6;
    }

private:
    QProcess m_process;
    quint16 m_port = 0;
};

struct Row
{
    QByteArray name;
    Kind kind;
    std::function<std::unique_ptr<Server>(const QString &durability)> start;
    QMap<QByteArray, Figures> figures{}; ///< by what was measured
    double memory = 0;
};

/// What a server did in one round.
struct Round
{
    Figures figures;
    double memory = 0; ///< MB
};

void judge(const char *what, double ratio, double budget)
{
    std::printf("  %-58s %9.2fx   budget %gx%s\n", what, ratio, budget,
                ratio >= budget ? "" : "   MISSED");
}

} // namespace

int main(int argc, char **argv)
{
    QCoreApplication app(argc, argv);
    rlimit files = {};
    ::getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &files);
    int seconds = 2;
    int rounds = 3;
    QString peers;
    QString node;
    QString epoll;
    QList<int> counts{10, 100, 1000};
    const QStringList arguments = app.arguments();
    for (qsizetype i = 1; i + 1 < arguments.size(); i += 2) {
        const QString &value = arguments[i + 1];
        if (arguments[i] == QLatin1String("--seconds")) {
            seconds = value.toInt();
        } else if (arguments[i] == QLatin1String("--rounds")) {
            rounds = std::max(1, value.toInt());
        } else if (arguments[i] == QLatin1String("--peers")) {
            peers = value;
        } else if (arguments[i] == QLatin1String("--node")) {
            node = QDir(value).absolutePath();
        } else if (arguments[i] == QLatin1String("--epoll")) {
            epoll = value;
        } else if (arguments[i] == QLatin1String("--clients")) {
            counts.clear();
            const QStringList words = value.split(u',');
            for (const QString &word : words)
                counts.append(word.toInt());
        }
    }
    QTemporaryDir folder;
    const QString board = folder.filePath(QStringLiteral("bench.board"));
    bench::makeFile(board, kDevices);
    int number = 0;
    const auto file = [&] { return folder.filePath(QStringLiteral("%1.db").arg(++number)); };
    std::vector<Row> rows;
    rows.push_back({"patchboard", Kind::Host, [&](const QString &durability) {
                        const QString copy = file();
                        QFile::copy(board, copy);
                        return std::make_unique<Server>(
                            QStringLiteral(PATCHBOARD_BIN_DIR "/patchboard-server"),
                            QStringList{QStringLiteral("serve"), copy, QStringLiteral("--port"),
                                        QStringLiteral("0"), QStringLiteral("--durability"),
                                        durability, QStringLiteral("--quiet")},
                            QString());
                    }});
    if (!peers.isEmpty()) {
        // Debian's own interpreter has Debian's modules.
        rows.push_back(
            {"python-socketio + FastAPI", Kind::SocketIo, [&](const QString &durability) {
                 return std::make_unique<Server>(
                     QStringLiteral("/usr/bin/python3"),
                     QStringList{peers + QStringLiteral("/fanout_fastapi.py"), file(), durability},
                     QString());
             }});
    }
    if (!peers.isEmpty() && !node.isEmpty()) {
        rows.push_back(
            {"Socket.IO on node", Kind::SocketIo, [&](const QString &durability) {
                 return std::make_unique<Server>(
                     QStringLiteral("node"),
                     QStringList{peers + QStringLiteral("/fanout_node.mjs"), file(), durability},
                     node);
             }});
    }
    if (!epoll.isEmpty()) {
        rows.push_back(
            {"bare epoll + SQLite", Kind::Epoll, [&](const QString &durability) {
                 return std::make_unique<Server>(epoll, QStringList{file(), durability}, QString());
             }});
    }

    const auto run = [&](const QByteArray &what, int clients, const char *durability,
                         const std::function<Figures(Crowd &)> &measure) {
        const bool rates = !what.startsWith("One edit");
        std::printf("\n%s\n  %-26s %14s %12s %9s %9s %8s %13s\n", what.constData(), "",
                    rates ? "deliveries/s" : "", rates ? "changes/s" : "", "p50 ms", "p99 ms", "MB",
                    rates ? "host / this" : "");
        QMap<QByteArray, QList<Round>> all;
        for (int round = 0; round < rounds; ++round) {
            for (const Row &row : rows) {
                const auto server = row.start(QString::fromLatin1(durability));
                if (server->port() == 0)
                    continue;
                Crowd crowd(row.kind, server->port(), clients);
                const Figures figures = measure(crowd);
                all[row.name].append({figures, server->memory()});
            }
        }
        for (Row &row : rows) {
            QList<Round> &measured = all[row.name];
            if (measured.size() != rounds) {
                std::printf("  %s does not start and is left out\n", row.name.constData());
                continue;
            }
            std::sort(measured.begin(), measured.end(), [rates](const Round &a, const Round &b) {
                return rates ? a.figures.deliveries < b.figures.deliveries
                             : a.figures.p99 < b.figures.p99;
            });
            const auto &[figures, memory] = measured.at(rounds / 2);
            row.figures.insert(what, figures);
            row.memory = memory;
            std::printf("  %-26s ", row.name.constData());
            if (rates)
                std::printf("%14.0f %12.0f ", figures.deliveries, figures.changes);
            else
                std::printf("%27s ", "");
            std::printf("%9.2f %9.2f %8.0f", figures.p50, figures.p99, row.memory);
            if (rates) {
                std::printf(" %12.2fx",
                            rows.front().figures.value(what).deliveries / figures.deliveries);
            }
            std::printf("\n");
            std::fflush(stdout);
        }
    };
    const auto fanOut = [seconds](Crowd &crowd) { return crowd.measure(seconds); };
    const auto title = [](int clients, const char *durability) {
        return QByteArray("Fan-out to ") + QByteArray::number(clients) + " clients, " + durability;
    };
    double memory = 0;
    for (const int clients : std::as_const(counts)) {
        run(title(clients, "normal"), clients, "normal", fanOut);
        memory = rows.front().memory;
    }
    if (counts.contains(100))
        run(title(100, "full"), 100, "full", fanOut);
    const QByteArray one("One edit at a time, 50 clients, full: ms until all have it");
    run(one, 50, "full", [](Crowd &crowd) { return crowd.alone(); });

    std::printf("\nAgainst the budgets\n");
    const auto ratio = [&](qsizetype peer, const QByteArray &what) {
        const auto of = [&](const Row &row) { return row.figures.value(what).deliveries; };
        return of(rows.front()) / of(rows[size_t(peer)]);
    };
    struct Budget
    {
        int clients;
        double python;
        double node;
    };
    for (size_t peer = 1; peer < rows.size(); ++peer) {
        for (const Budget &budget : {Budget{10, 60, 12}, {100, 250, 40}, {1000, 800, 80}}) {
            if (!counts.contains(budget.clients))
                continue;
            const QByteArray what = title(budget.clients, "normal");
            judge((what + " / " + rows[peer].name).constData(), ratio(qsizetype(peer), what),
                  rows[peer].kind == Kind::Epoll         ? 0.9
                  : rows[peer].name.startsWith("python") ? budget.python
                                                         : budget.node);
        }
        if (counts.contains(100) && rows[peer].name.startsWith("python"))
            judge((title(100, "full") + " / " + rows[peer].name).constData(),
                  ratio(qsizetype(peer), title(100, "full")), 300);
    }
    if (counts.contains(100)) {
        judge("Fan-out to 100 clients, full / normal",
              rows.front().figures.value(title(100, "full")).deliveries /
                  rows.front().figures.value(title(100, "normal")).deliveries,
              0.75);
    }
    const double p99 = rows.front().figures.value(one).p99;
    std::printf("  %-58s %7.2f ms   budget 10 ms%s\n", "One edit, 50 clients, p99 to all", p99,
                p99 <= 10 ? "" : "   MISSED");
    std::printf("  %-58s %7.0f MB   budget 100 MB%s\n",
                (QByteArray("Memory of the host, ") + QByteArray::number(counts.last()) +
                 " clients, 10,000 devices")
                    .constData(),
                memory, memory <= 100 ? "" : "   MISSED");
    return 0;
}
