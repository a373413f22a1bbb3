// HTTP, side by side in one run: requests a second and latencies of the host, of FastAPI under
// uvicorn, of node, and of a bare epoll loop that sends the same bytes without looking (the limit).
//
//   bench_http [--devices N] [--seconds N] [--peers FOLDER] [--node FOLDER]
//
// N devices on the board (10,000), N seconds of each measurement (3), in three rounds that
// everybody takes part in; the median counts. FOLDER of peers holds their programs, that of node
// its packages; without them they are left out. 50 connections ask for one device each, again and
// again; 4 for the whole list; 20 move a device each, durably.

#include "bench/benchhost.h"
#include "tests/support/hostprocess.h"

#include <QDir>
#include <QFile>
#include <QProcess>
#include <QProcessEnvironment>
#include <QTemporaryDir>
#include <QThread>

#include <algorithm>
#include <cstdio>

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

using namespace patchboard;

namespace {

constexpr int kRounds = 3;

struct Figures
{
    double perSecond = 0;
    double p50 = 0; ///< ms
    double p99 = 0;
    qsizetype bytes = 0; ///< of one answer
};

int connectTo(quint16 port)
{
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address = {};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(fd, reinterpret_cast<sockaddr *>(&address), sizeof address) != 0)
        qFatal("Nobody listens on port %d", port);
    const int on = 1;
    ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return fd;
}

/// The bytes of one answer's head and body; -1: not all of it is there.
qsizetype answerSize(const QByteArray &bytes)
{
    const qsizetype end = bytes.indexOf("\r\n\r\n");
    if (end < 0)
        return -1;
    const qsizetype at = bytes.first(end).toLower().indexOf("content-length:");
    if (at < 0)
        qFatal("An answer without a length");
    const qsizetype line = bytes.indexOf('\r', at);
    return end + 4 + bytes.mid(at + 15, line - at - 15).trimmed().toLongLong();
}

/// Each connection has one request under way, all the time. @a request: by its number.
Figures measure(quint16 port, int connections, double seconds,
                const std::function<QByteArray(int)> &request)
{
    struct Client
    {
        int fd;
        QByteArray in;
        qsizetype size = -1;
        qint64 sent = 0;
    };
    const int poll = ::epoll_create1(EPOLL_CLOEXEC);
    std::vector<Client> clients;
    QElapsedTimer clock;
    clock.start();
    int number = 0;
    const auto send = [&](Client &client) {
        client.in.clear();
        client.size = -1;
        client.sent = clock.nsecsElapsed();
        const QByteArray bytes = request(number++);
        if (::write(client.fd, bytes.constData(), size_t(bytes.size())) != bytes.size())
            qFatal("A request was not taken");
    };
    for (int i = 0; i < connections; ++i)
        clients.push_back({connectTo(port), {}});
    for (size_t i = 0; i < clients.size(); ++i) {
        epoll_event event = {};
        event.events = EPOLLIN;
        event.data.u64 = i;
        ::epoll_ctl(poll, EPOLL_CTL_ADD, clients[i].fd, &event);
        send(clients[i]);
    }
    std::vector<double> latencies;
    std::vector<char> buffer(1 << 20);
    const qint64 warm = 300'000'000; // ns that do not count
    const qint64 end = warm + qint64(seconds * 1e9);
    Figures figures;
    while (clock.nsecsElapsed() < end) {
        epoll_event events[64];
        const int count = ::epoll_wait(poll, events, 64, bench::kPatienceMs);
        if (count == 0)
            qFatal("No answer");
        for (int i = 0; i < count; ++i) {
            Client &client = clients[events[i].data.u64];
            const ssize_t got = ::read(client.fd, buffer.data(), buffer.size());
            if (got <= 0)
                qFatal("A connection was closed");
            client.in.append(buffer.data(), qsizetype(got));
            if (client.size < 0)
                client.size = answerSize(client.in);
            if (client.size < 0 || client.in.size() < client.size)
                continue;
            if (!client.in.startsWith("HTTP/1.1 200"))
                qFatal("%s", client.in.left(300).constData());
            figures.bytes = client.size;
            const qint64 now = clock.nsecsElapsed();
            if (now > warm)
                latencies.push_back(double(now - client.sent) / 1e6);
            send(client);
        }
    }
    for (const Client &client : clients)
        ::close(client.fd);
    ::close(poll);
    std::sort(latencies.begin(), latencies.end());
    if (!latencies.empty()) {
        figures.perSecond = double(latencies.size()) / seconds;
        figures.p50 = latencies[latencies.size() / 2];
        figures.p99 = latencies[latencies.size() * 99 / 100];
    }
    return figures;
}

/// Answers whatever comes with the same bytes: what a machine can do without a board. In a process
/// of its own; the port.
quint16 startEpollServer(const QByteArray &answer, pid_t *child)
{
    const int listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address = {};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof address;
    if (::bind(listener, reinterpret_cast<sockaddr *>(&address), length) != 0 ||
        ::listen(listener, 128) != 0 ||
        ::getsockname(listener, reinterpret_cast<sockaddr *>(&address), &length) != 0)
        qFatal("The epoll server cannot listen");
    *child = ::fork();
    if (*child != 0) {
        ::close(listener);
        return ntohs(address.sin_port);
    }
    const int poll = ::epoll_create1(EPOLL_CLOEXEC);
    epoll_event event = {};
    event.events = EPOLLIN;
    event.data.fd = listener;
    ::epoll_ctl(poll, EPOLL_CTL_ADD, listener, &event);
    for (;;) {
        epoll_event events[64];
        const int count = ::epoll_wait(poll, events, 64, -1);
        for (int i = 0; i < count; ++i) {
            if (events[i].data.fd == listener) {
                event.data.fd = ::accept4(listener, nullptr, nullptr, SOCK_CLOEXEC);
                const int on = 1;
                ::setsockopt(event.data.fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
                ::epoll_ctl(poll, EPOLL_CTL_ADD, event.data.fd, &event);
                continue;
            }
            char buffer[4096];
            if (::read(events[i].data.fd, buffer, sizeof buffer) <= 0) {
                ::close(events[i].data.fd);
                continue;
            }
            for (qsizetype at = 0; at < answer.size();) {
                // Whoever has gone meanwhile must not end it.
                const ssize_t sent = ::send(events[i].data.fd, answer.constData() + at,
                                            size_t(answer.size() - at), MSG_NOSIGNAL);
                if (sent <= 0)
                    break;
                at += sent;
            }
        }
    }
}

QByteArray get(const QByteArray &path)
{
    return "GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
}

/// One answer, whole.
QByteArray fetch(quint16 port, const QByteArray &path)
{
    const int fd = connectTo(port);
    const QByteArray request = get(path);
    QByteArray in;
    std::vector<char> buffer(1 << 20);
    if (::write(fd, request.constData(), size_t(request.size())) != request.size())
        qFatal("A request was not taken");
    qsizetype size = -1;
    while (size < 0 || in.size() < size) {
        const ssize_t got = ::read(fd, buffer.data(), buffer.size());
        if (got <= 0)
            qFatal("No answer to %s", path.constData());
        in.append(buffer.data(), qsizetype(got));
        size = answerSize(in);
    }
    ::close(fd);
    return in;
}

struct Peer
{
    const char *name;
    quint16 port;
};

void table(const char *what, const std::vector<std::pair<const char *, Figures>> &rows)
{
    std::printf("\n%s\n  %-22s %12s %10s %10s %14s\n", what, "", "per second", "p50 ms", "p99 ms",
                "host / this");
    for (const auto &[name, figures] : rows) {
        std::printf("  %-22s %12.0f %10.2f %10.2f %13.2fx\n", name, figures.perSecond, figures.p50,
                    figures.p99, rows.front().second.perSecond / figures.perSecond);
    }
    std::fflush(stdout);
}

} // namespace

int main(int argc, char **argv)
{
    QCoreApplication app(argc, argv);
    int devices = 10'000;
    int seconds = 3;
    QString folder;
    QString packages;
    const QStringList arguments = app.arguments();
    for (qsizetype i = 1; i + 1 < arguments.size(); i += 2) {
        if (arguments[i] == QLatin1String("--devices"))
            devices = arguments[i + 1].toInt();
        else if (arguments[i] == QLatin1String("--seconds"))
            seconds = arguments[i + 1].toInt();
        else if (arguments[i] == QLatin1String("--peers"))
            folder = arguments[i + 1];
        else if (arguments[i] == QLatin1String("--node"))
            packages = QDir(arguments[i + 1]).absolutePath();
    }
    QTemporaryDir temporary;
    const QString file = temporary.filePath(QStringLiteral("bench.board"));
    bench::makeFile(file, devices);
    HostProcess host(file);
    if (!host.start())
        qFatal("The host does not start");

    const QByteArray one = fetch(host.port(), "/api/devices/1");
    const QByteArray all = fetch(host.port(), "/api/devices");
    const QString list = temporary.filePath(QStringLiteral("list.json"));
    QFile out(list);
    if (!out.open(QIODevice::WriteOnly))
        qFatal("%s", qPrintable(out.errorString()));
    out.write(all.mid(all.indexOf("\r\n\r\n") + 4));
    out.close();

    std::vector<Peer> peers{{"patchboard", host.port()}};
    QList<std::shared_ptr<QProcess>> processes;
    const auto start = [&](const char *name, const QString &program, const QString &script) {
        auto process = std::make_shared<QProcess>();
        process->setProcessChannelMode(QProcess::ForwardedErrorChannel);
        if (!packages.isEmpty()) {
            auto environment = QProcessEnvironment::systemEnvironment();
            environment.insert(QStringLiteral("NODE_PEERS"), packages);
            process->setProcessEnvironment(environment);
        }
        process->start(program, {folder + u'/' + script, list, temporary.filePath(script)});
        while (!process->canReadLine() && process->waitForReadyRead(bench::kPatienceMs)) {
        }
        const quint16 port = process->readLine().trimmed().toUShort();
        if (port == 0) {
            std::printf("%s does not start and is left out\n", name);
            return;
        }
        for (int i = 0; i < 600; ++i) {
            const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
            sockaddr_in address = {};
            address.sin_family = AF_INET;
            address.sin_port = htons(port);
            address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
            const bool listens =
                ::connect(fd, reinterpret_cast<sockaddr *>(&address), sizeof address) == 0;
            ::close(fd);
            if (listens)
                break;
            QThread::msleep(100);
        }
        peers.push_back({name, port});
        processes.append(process);
    };
    if (!folder.isEmpty()) {
        // Debian's own interpreter has Debian's modules.
        start("FastAPI + uvicorn", QStringLiteral("/usr/bin/python3"),
              QStringLiteral("http_fastapi.py"));
        start("node", QStringLiteral("node"), QStringLiteral("http_node.mjs"));
    }
    std::printf("%d devices, %d s each\n", devices, seconds);

    using Rows = std::vector<std::pair<const char *, Figures>>;
    const auto compare = [&](const char *what, int connections, const QByteArray &limit,
                             const std::function<QByteArray(int)> &request) {
        std::vector<Peer> measured = peers;
        pid_t child = 0;
        if (!limit.isEmpty())
            measured.push_back({"bare epoll", startEpollServer(limit, &child)});
        std::vector<std::vector<Figures>> rounds(measured.size());
        for (int round = 0; round < kRounds; ++round) {
            for (size_t i = 0; i < measured.size(); ++i)
                rounds[i].push_back(
                    measure(measured[i].port, connections, double(seconds) / kRounds, request));
        }
        if (child != 0)
            ::kill(child, SIGKILL);
        Rows rows;
        for (size_t i = 0; i < measured.size(); ++i) {
            std::sort(rounds[i].begin(), rounds[i].end(),
                      [](const Figures &x, const Figures &y) { return x.perSecond < y.perSecond; });
            rows.emplace_back(measured[i].name, rounds[i][kRounds / 2]);
        }
        table(what, rows);
        return rows;
    };
    const Rows ones = compare("GET of one device, 50 connections", 50, one, [devices](int number) {
        return get("/api/devices/" + QByteArray::number(1 + number % devices));
    });
    const Rows lists =
        compare("GET of the list, 4 connections", 4, all, [](int) { return get("/api/devices"); });
    const auto move = [devices](int number) {
        const QByteArray body = "{\"x\":" + QByteArray::number(number) + ",\"y\":1}";
        return "PATCH /api/devices/" + QByteArray::number(1 + number % devices) +
               " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
               "Content-Length: " +
               QByteArray::number(body.size()) + "\r\n\r\n" + body;
    };
    if (packages.isEmpty())
        std::erase_if(peers, [](const Peer &peer) { return QByteArray(peer.name) == "node"; });
    compare("PATCH of one device, 20 connections, each on disk before its answer", 20, {}, move);
    int edit = 0;
    table("The list, while one request in four changes the board",
          {{"patchboard", measure(host.port(), 4, seconds, [&](int number) {
                return number % 4 == 0 ? move(edit++) : get("/api/devices");
            })}});

    std::printf("\nAgainst the budgets\n");
    const auto judge = [](const char *what, const Rows &rows, const char *peer, double budget) {
        for (const auto &[name, figures] : rows) {
            if (QByteArray(name) != peer)
                continue;
            const double ratio = rows.front().second.perSecond / figures.perSecond;
            std::printf("  %-20s / %-22s %8.2fx   budget %gx%s\n", what, peer, ratio, budget,
                        ratio >= budget ? "" : "   MISSED");
        }
    };
    judge("GET of one device", ones, "FastAPI + uvicorn", 8);
    judge("GET of one device", ones, "node", 1.4);
    judge("GET of the list", lists, "FastAPI + uvicorn", 8);
    judge("GET of the list", lists, "node", 10);

    for (const auto &process : std::as_const(processes)) {
        process->kill();
        process->waitForFinished();
    }
    host.terminate();
    return 0;
}
