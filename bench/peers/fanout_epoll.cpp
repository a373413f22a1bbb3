// What a board is to its clients, as bare as it can be: no checks, no ids, no undo. One thread
// reads all that has come in a turn, commits it to SQLite in one transaction, makes one frame of it
// and writes that to every socket. The limit of a machine.
//
//   fanout_epoll FILE normal|full; prints its port
//
// Both directions speak frames of WebSocket (RFC 6455) without its handshake: a change is one
// binary frame of a client, masked with zeros; a turn is one binary frame, [0x84 0x03 n × change].

#include <sqlite3.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <unordered_map>
#include <vector>

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace {

struct Client
{
    std::string in;
    std::string out; // not taken yet
};

int poller = -1;
std::unordered_map<int, Client> clients;

void wait(int fd, bool full)
{
    epoll_event event = {};
    event.events = EPOLLIN | (full ? EPOLLOUT : 0U);
    event.data.fd = fd;
    epoll_ctl(poller, EPOLL_CTL_MOD, fd, &event);
}

void write(int fd, Client &client, const char *bytes, size_t size)
{
    ssize_t sent = 0;
    if (client.out.empty()) {
        sent = send(fd, bytes, size, MSG_NOSIGNAL);
        if (sent < 0)
            sent = 0;
        if (size_t(sent) == size)
            return;
        wait(fd, true);
    }
    client.out.append(bytes + sent, size - size_t(sent));
}

void check(int code)
{
    if (code != SQLITE_OK && code != SQLITE_DONE) {
        std::fprintf(stderr, "SQLite: %d\n", code);
        std::exit(1);
    }
}

} // namespace

int main(int, char **argv)
{
    sqlite3 *store = nullptr;
    check(sqlite3_open(argv[1], &store));
    const std::string setup = std::string("PRAGMA journal_mode=WAL; PRAGMA synchronous=") +
                              argv[2] +
                              "; CREATE TABLE device (id INTEGER PRIMARY KEY, notes BLOB);"
                              "CREATE TABLE log (revision INTEGER PRIMARY KEY, body BLOB)";
    check(sqlite3_exec(store, setup.c_str(), nullptr, nullptr, nullptr));
    sqlite3_stmt *log = nullptr;
    sqlite3_stmt *device = nullptr;
    check(sqlite3_prepare_v2(store, "INSERT INTO log (body) VALUES (?)", -1, &log, nullptr));
    check(sqlite3_prepare_v2(store, "INSERT OR REPLACE INTO device VALUES (?, ?)", -1, &device,
                             nullptr));

    const int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    sockaddr_in address = {};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof address;
    if (bind(listener, reinterpret_cast<sockaddr *>(&address), length) != 0 ||
        listen(listener, 2048) != 0 ||
        getsockname(listener, reinterpret_cast<sockaddr *>(&address), &length) != 0)
        return 1;
    std::printf("%d\n", ntohs(address.sin_port));
    std::fflush(stdout);
    poller = epoll_create1(EPOLL_CLOEXEC);
    epoll_event event = {};
    event.events = EPOLLIN;
    event.data.fd = listener;
    epoll_ctl(poller, EPOLL_CTL_ADD, listener, &event);

    std::vector<char> buffer(1 << 18);
    std::vector<epoll_event> events(2048);
    std::vector<std::string> changes;
    std::string frame;
    for (;;) {
        const int count = epoll_wait(poller, events.data(), int(events.size()), -1);
        changes.clear();
        for (int i = 0; i < count; ++i) {
            const int fd = events[size_t(i)].data.fd;
            if (fd == listener) {
                const int next = accept4(listener, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
                if (next < 0)
                    continue;
                const int on = 1;
                setsockopt(next, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
                event.events = EPOLLIN;
                event.data.fd = next;
                epoll_ctl(poller, EPOLL_CTL_ADD, next, &event);
                static const char welcome[] = {char(0x82), 0x01, 'w'}; // from here on it gets all
                write(next, clients[next], welcome, sizeof welcome);
                continue;
            }
            Client &client = clients[fd];
            if ((events[size_t(i)].events & EPOLLOUT) != 0) {
                const std::string rest = std::move(client.out);
                client.out.clear();
                wait(fd, false);
                write(fd, client, rest.data(), rest.size());
            }
            if ((events[size_t(i)].events & EPOLLIN) == 0)
                continue;
            const ssize_t got = read(fd, buffer.data(), buffer.size());
            if (got <= 0) {
                close(fd);
                clients.erase(fd);
                continue;
            }
            client.in.append(buffer.data(), size_t(got));
            size_t at = 0;
            while (client.in.size() - at >= 6) {
                const auto *head = reinterpret_cast<const unsigned char *>(client.in.data()) + at;
                size_t size = head[1] & 0x7fU;
                size_t start = 6;
                if (size == 126) {
                    if (client.in.size() - at < 8)
                        break;
                    size = size_t(head[2]) << 8 | head[3];
                    start = 8;
                }
                if (client.in.size() - at < start + size)
                    break;
                changes.emplace_back(client.in, at + start, size);
                at += start + size;
            }
            client.in.erase(0, at);
        }
        if (changes.empty())
            continue;
        check(sqlite3_exec(store, "BEGIN", nullptr, nullptr, nullptr));
        frame.clear();
        for (const std::string &change : changes) {
            sqlite3_bind_blob(log, 1, change.data(), int(change.size()), SQLITE_STATIC);
            check(sqlite3_step(log));
            sqlite3_reset(log);
            int id = 0;
            std::memcpy(&id, change.data(), sizeof id);
            sqlite3_bind_int(device, 1, id);
            sqlite3_bind_blob(device, 2, change.data(), int(change.size()), SQLITE_STATIC);
            check(sqlite3_step(device));
            sqlite3_reset(device);
            frame += change;
        }
        check(sqlite3_exec(store, "COMMIT", nullptr, nullptr, nullptr));
        const auto n = changes.size();
        const char inner[] = {char(0x84),    0x03,         char(0x9a), char(n >> 24),
                              char(n >> 16), char(n >> 8), char(n)};
        const size_t size = frame.size() + sizeof inner;
        std::string head(1, char(0x82));
        if (size < 126) {
            head += char(size);
        } else if (size < 65536) {
            head += {char(126), char(size >> 8), char(size)};
        } else {
            head += char(127);
            for (int shift = 56; shift >= 0; shift -= 8)
                head += char(size >> shift);
        }
        frame.insert(0, head + std::string(inner, sizeof inner));
        for (auto &[fd, client] : clients)
            write(fd, client, frame.data(), frame.size());
    }
}
