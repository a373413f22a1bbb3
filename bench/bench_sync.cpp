// What keeping copies in step costs: snapshots of a large board, one edit of one's own on a small
// and a large board, many edits from one to many copies, catching up, coming back after a restart
// of the host, an offline day on real disks, and presence.
//
//   bench_sync [--small]

#include "model/authority.h"
#include "model/clientcore.h"
#include "model/core/edits.h"
#include "model/sync/journal.h"
#include "model/topologymodel.h"
#include "model/wire/codec.h"
#include "model/wire/snapshot.h"
#include "server/store/sqlitestore.h"

#include <QCoreApplication>
#include <QElapsedTimer>
#include <QTemporaryDir>

#include <algorithm>
#include <cstdio>
#include <ctime>

using namespace patchboard;

namespace {

/// A log that nobody asks: what is needed is still at hand.
class NoLog final : public LogSource
{
public:
    Result<QList<QByteArray>> commits(quint64, quint64) override
    {
        return Error{Errc::NotFound, {}};
    }
    Result<std::optional<quint64>> logHashAt(quint64) override { return std::optional<quint64>(); }
    Result<std::optional<StoredOutcome>> outcome(SiteId, quint64) override
    {
        return std::optional<StoredOutcome>();
    }
};

/// N devices with two interfaces each, linked to their neighbours.
Topology::Contents benchBoard(int devices)
{
    Topology::Contents contents;
    contents.board.title = QStringLiteral("Bench");
    quint32 counter = 0;
    for (int i = 0; i < devices; ++i) {
        Device device;
        device.id = makeId(0, ++counter);
        device.name = QStringLiteral("site%1-rtr-%2").arg(i * 7919 % 1000).arg(i, 0, 36);
        device.type = QStringLiteral("ROUTER");
        // Places as people make them do not compress well.
        quint64 noise = quint64(i) * 0x9e3779b97f4a7c15ULL;
        noise ^= noise >> 29;
        device.position = QPointF(double(noise % 6000000) / 97, double(noise >> 40) / 31);
        device.address = QStringLiteral("10.%1.%2.%3").arg(i >> 16).arg(i >> 8 & 255).arg(i & 255);
        device.createdAt = device.updatedAt = 1700000000000 + i;
        device.revision = device.createdRevision = 1;
        contents.devices.push_back(device);
    }
    std::vector<EntityId> ports;
    for (int i = 0; i < devices * 2; ++i) {
        Interface interface;
        interface.id = makeId(0, ++counter);
        interface.name = i % 2 ? QStringLiteral("eth1") : QStringLiteral("eth0");
        interface.device = contents.devices[size_t(i / 2)].id;
        interface.state.status = Status::Up;
        interface.createdAt = interface.updatedAt = 1700000000000 + i;
        interface.revision = interface.createdRevision = 1;
        ports.push_back(interface.id);
        contents.interfaces.push_back(interface);
    }
    for (int i = 0; i < devices; ++i) {
        Link link;
        link.id = makeId(0, ++counter);
        link.a = ports[size_t(i * 2 + 1)];
        link.b = ports[size_t((i * 2 + 2) % (devices * 2))];
        link.details.set(&LinkDetails::lengthKm, i % 90 / 4.0);
        link.createdAt = link.updatedAt = 1700000000000 + i;
        link.revision = link.createdRevision = 1;
        contents.links.push_back(link);
    }
    return contents;
}

double msOf(const std::function<void()> &call, int rounds = 5)
{
    double best = 1e9;
    for (int i = 0; i < rounds; ++i) {
        QElapsedTimer timer;
        timer.start();
        call();
        best = std::min(best, double(timer.nsecsElapsed()) / 1e6);
    }
    return best;
}

/// An authority and its clients in this thread; frames go from hand to hand.
class Bench
{
public:
    explicit Bench(Topology::Contents contents)
    {
        (void)m_board.load(std::move(contents));
        AuthorityState state;
        state.epoch = QStringLiteral("bench");
        m_authority = std::make_unique<Authority>(m_board, state, m_log);
    }
    ClientCore &join()
    {
        m_clients.push_back(std::make_unique<Client>());
        rejoin(m_clients.size() - 1);
        return m_clients.back()->core;
    }
    void leave(size_t number)
    {
        Client &client = *m_clients[number];
        m_bySession.remove(client.session);
        m_authority->closeSession(client.session);
        client.core.disconnected();
    }
    void rejoin(size_t number)
    {
        Client &client = *m_clients[number];
        client.session = m_authority->openSession();
        m_bySession.insert(client.session, &client);
        client.core.connected({});
        while (client.core.phase() != ClientCore::Phase::Live)
            turn();
    }
    void turn()
    {
        for (const auto &client : m_clients) {
            for (const QByteArray &frame : client->core.takeFrames())
                m_authority->receive(client->session, frame, 1700000000000);
        }
        if (!m_authority->takeBatch().isEmpty())
            m_authority->committed();
        for (const Authority::SessionId id : m_authority->behind())
            m_authority->pump(id);
        deliver();
    }
    void deliver()
    {
        for (const Authority::Outgoing &out : m_authority->takeOutgoing()) {
            for (const Authority::SessionId id : out.to) {
                Client &client = *m_bySession.value(id);
                auto incoming = client.receiver.feed(out.frame);
                client.core.receive(std::move(*incoming), 0);
                ++delivered;
                (void)client.core.takeEvents();
            }
        }
    }
    qint64 delivered = 0;

private:
    struct Client
    {
        Topology topology;
        TopologyModel model{topology};
        ClientReceiver receiver;
        ClientCore core{topology, nullptr, {QStringLiteral("bench"), {}, 256, 3000}};
        Authority::SessionId session = 0;
    };
    NoLog m_log;
    Topology m_board;
    std::unique_ptr<Authority> m_authority;
    std::vector<std::unique_ptr<Client>> m_clients;
    QHash<Authority::SessionId, Client *> m_bySession;
};

void snapshots(int devices)
{
    Topology board;
    (void)board.load(benchBoard(devices));
    QByteArray bytes;
    const double encode = msOf([&] { bytes = wire::encodeSnapshot(board); });
    const double decode = msOf([&] { (void)wire::decodeSnapshot(bytes); });
    double load = 1e9;
    for (int i = 0; i < 3; ++i) {
        Topology copy;
        auto contents = wire::decodeSnapshot(bytes);
        load = std::min(load, msOf([&] { (void)copy.load(std::move(*contents)); }, 1));
    }
    std::printf("snapshot, %d devices, %d interfaces, %d links: %.1f MB, encode %.0f ms, decode "
                "%.0f ms, load %.0f ms\n",
                devices, devices * 2, devices, double(bytes.size()) / 1e6, encode, decode, load);
    std::printf("digest of that board, from nothing: %.0f ms\n",
                msOf([&] { (void)board.digest(); }, 1));
}

void ownEdit(int devices)
{
    Bench bench(benchBoard(devices));
    ClientCore &mine = bench.join();
    bench.join();
    std::vector<double> submit;
    std::vector<double> all;
    for (int i = 0; i < 3000; ++i) {
        const EntityId id = makeId(0, quint32(1 + (i * 7919) % devices));
        QElapsedTimer timer;
        timer.start();
        (void)mine.submit(edits::moveDevices({{id, QPointF(i, i)}}), QStringLiteral("Move"));
        submit.push_back(double(timer.nsecsElapsed()) / 1e3);
        bench.turn();
        all.push_back(double(timer.nsecsElapsed()) / 1e3);
    }
    const auto at = [](std::vector<double> &v, double q) {
        std::sort(v.begin(), v.end());
        return v[size_t(double(v.size() - 1) * q)];
    };
    std::printf("one move, %6d devices: here p50 %.1f us, p99 %.1f us; put in order, encoded and "
                "applied in both copies p50 %.1f us, p99 %.1f us\n",
                devices, at(submit, 0.5), at(submit, 0.99), at(all, 0.5), at(all, 0.99));
}

void fanOut(int clients)
{
    Bench bench(benchBoard(1000));
    std::vector<ClientCore *> cores;
    for (int i = 0; i < clients; ++i)
        cores.push_back(&bench.join());
    bench.delivered = 0;
    const int changes = clients >= 100 ? 2000 : 20000;
    QElapsedTimer timer;
    timer.start();
    for (int made = 0; made < changes;) {
        for (int i = 0; i < 256 && made < changes; ++i, ++made) {
            ClientCore &core = *cores[size_t(made % clients)];
            (void)core.submit(
                edits::moveDevices({{makeId(0, quint32(1 + made % 1000)), QPointF(made, i)}}),
                QStringLiteral("Move"));
        }
        bench.turn();
    }
    const double seconds = double(timer.nsecsElapsed()) / 1e9;
    std::printf("%4d copies, %d changes in turns of 256: %.0f changes a second, %.0f applied a "
                "second in all copies (one thread, clients included)\n",
                clients, changes, changes / seconds, double(changes) * clients / seconds);
}

void drain(int changes)
{
    Bench bench(benchBoard(1000));
    ClientCore &mine = bench.join();
    bench.join();
    bench.leave(0);
    QElapsedTimer timer;
    timer.start();
    for (int i = 0; i < changes; ++i) {
        (void)mine.submit(edits::moveDevices({{makeId(0, quint32(1 + i % 1000)), QPointF(i, -i)}}),
                          QStringLiteral("Move"));
    }
    const double made = double(timer.nsecsElapsed()) / 1e9;
    timer.restart();
    bench.rejoin(0);
    while (mine.replica().pendingCount() != 0)
        bench.turn();
    const double sent = double(timer.nsecsElapsed()) / 1e9;
    std::printf("%d changes made offline: %.0f a second; sent, put in order and applied by another "
                "copy: %.0f a second\n",
                changes, changes / made, changes / sent);
}

/// The same, with the journal of the one and the board of the host on a disk.
void drainOnDisk(int changes)
{
    const QTemporaryDir folder;
    auto store = server::SqliteStore::open(folder.filePath(QStringLiteral("bench.board")), {});
    auto journal = Journal::open(folder.filePath(QStringLiteral("journal")), QStringLiteral("b"));
    Topology board;
    auto state = store ? (*store)->load(board) : Result<AuthorityState>(store.error());
    if (!state || !journal) {
        std::printf("no disk to measure\n");
        return;
    }
    Authority authority(board, *state, **store);
    Topology topology;
    ClientReceiver receiver;
    ClientCore core(topology, journal->get(), {QStringLiteral("bench"), {}, 256, 3000});
    (void)core.start();
    Authority::SessionId session = authority.openSession();
    core.connected({});
    const auto turn = [&] {
        for (const QByteArray &frame : core.takeFrames())
            authority.receive(session, frame, 1700000000000);
        if (const CommitBatch batch = authority.takeBatch(); !batch.isEmpty()) {
            if ((*store)->write(batch))
                authority.committed();
            else
                authority.failed({Errc::Storage, {}});
        }
        for (const Authority::Outgoing &out : authority.takeOutgoing())
            core.receive(std::move(*receiver.feed(out.frame)), 0);
        (void)core.takeEvents();
        if ((*journal)->gatheredBytes() > 256 * 1024)
            (void)(*journal)->flush();
    };
    while (core.phase() != ClientCore::Phase::Live)
        turn();
    EntityId id = 0;
    (void)core.submit(edits::createDevice(
                          topology, {QStringLiteral("R1"), QStringLiteral("ROUTER"), {}, 0, true},
                          [&core] { return core.newId(); }, &id),
                      QStringLiteral("Create"));
    while (core.replica().pendingCount() != 0)
        turn();
    authority.closeSession(session);
    core.disconnected();
    QElapsedTimer timer;
    timer.start();
    for (int i = 0; i < changes; ++i)
        (void)core.submit(edits::moveDevices({{id, QPointF(i, -i)}}), QStringLiteral("Move"));
    const double made = double(timer.nsecsElapsed()) / 1e9;
    timer.restart();
    session = authority.openSession();
    core.connected({});
    while (core.replica().pendingCount() != 0)
        turn();
    const double sent = double(timer.nsecsElapsed()) / 1e9;
    std::printf("%d changes made offline, kept in the journal: %.0f a second; sent and stored by "
                "the host: %.0f a second\n",
                changes, changes / made, changes / sent);
}

void missed(int changes)
{
    Bench bench(benchBoard(1000));
    ClientCore &mine = bench.join();
    ClientCore &other = bench.join();
    bench.leave(0);
    for (int i = 0; i < changes; ++i) {
        (void)other.submit(edits::moveDevices({{makeId(0, quint32(1 + i % 1000)), QPointF(i, i)}}),
                           QStringLiteral("Move"));
        bench.turn();
    }
    QElapsedTimer timer;
    timer.start();
    bench.rejoin(0);
    while (mine.replica().revision() != other.replica().revision())
        bench.turn();
    std::printf("back after %d missed changes: %.1f ms\n", changes,
                double(timer.nsecsElapsed()) / 1e6);
}

/// Nobody has a copy: one snapshot for all of them.
void everybodyAtOnce(int clients, int devices)
{
    Bench bench(benchBoard(devices));
    bench.join();
    QElapsedTimer timer;
    timer.start();
    for (int i = 1; i < clients; ++i)
        bench.join();
    std::printf("%d newcomers get a board of %d devices, decoded and loaded by each: %.2f s "
                "(one thread for all)\n",
                clients - 1, devices, double(timer.nsecsElapsed()) / 1e9);
}

/// What the host has to do for people who drag: its own time, not that of the copies.
void presence(int people)
{
    NoLog log;
    Topology board;
    (void)board.load(benchBoard(1000));
    AuthorityState state;
    state.epoch = QStringLiteral("bench");
    Authority authority(board, state, log);
    QList<Authority::SessionId> sessions;
    for (int i = 0; i < people; ++i) {
        wire::Hello hello;
        hello.author = QStringLiteral("user%1").arg(i);
        hello.profile = hello.author;
        sessions.append(authority.openSession());
        authority.receive(sessions.constLast(), wire::encode(hello), 0);
        if (!authority.takeBatch().isEmpty())
            authority.committed();
    }
    (void)authority.takeOutgoing();
    constexpr int kSeconds = 5;
    constexpr int kTicks = 60;
    qint64 frames = 0;
    qint64 bytes = 0;
    const std::clock_t before = std::clock();
    for (int tick = 0; tick < kSeconds * kTicks; ++tick) {
        for (int i = tick % 2; i < people; i += 2) { // each at half the rate of the ticks
            wire::Presence news;
            news.pointer = QPointF(tick, i);
            news.drag = wire::Drag{quint64(i + 1),
                                   {{makeId(0, quint32(1 + i)), QPointF(tick, double(i) / 2)}}};
            authority.receive(sessions.at(i), wire::encode(news), tick);
        }
        authority.tickPresence();
        for (const Authority::Outgoing &out : authority.takeOutgoing()) {
            ++frames;
            bytes += out.frame.size() * out.to.size();
        }
    }
    const double seconds = double(std::clock() - before) / CLOCKS_PER_SEC;
    std::printf("%d people drag at 30 Hz: %.1f %% of a core to read and merge them (without "
                "sockets), %.0f frames a second for each, %.2f MB/s to each\n",
                people, 100 * seconds / kSeconds, double(frames) / kSeconds,
                double(bytes) / people / kSeconds / 1e6);
}

} // namespace

int main(int argc, char *argv[])
{
    const QCoreApplication application(argc, argv);
    const bool small = QCoreApplication::arguments().contains(QStringLiteral("--small"));
    const int large = small ? 10000 : 100000;
    snapshots(large);
    ownEdit(1000);
    ownEdit(large);
    for (const int clients : {2, 10, 100})
        fanOut(clients);
    drain(large);
    drainOnDisk(large);
    missed(1000);
    everybodyAtOnce(200, small ? 1000 : 10000);
    presence(200);
    return 0;
}
