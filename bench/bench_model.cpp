// Costs of the item models and of the topology below them, at 100,000 devices, 200,000 interfaces
// and 100,000 links. Medians of CPU time, all of it on one thread, so that a busy machine shows
// less.

#include "model/core/edits.h"
#include "model/optics/computedstatus.h"
#include "model/searchindex.h"
#include "model/tablemodel.h"
#include "model/topologymodel.h"

#include <QCoreApplication>
#include <QFile>

#include <algorithm>
#include <cstdio>
#include <functional>
#include <optional>

#include <time.h>

using namespace patchboard;

namespace {

constexpr quint32 kDevices = 100000;

Topology::Contents benchBoard(quint32 count)
{
    Topology::Contents contents;
    contents.devices.reserve(count);
    contents.interfaces.reserve(size_t(count) * 2);
    contents.links.reserve(count);
    const QString types[] = {QStringLiteral("CORE_ROUTER"), QStringLiteral("EDGE_ROUTER"),
                             QStringLiteral("OLT"), QStringLiteral("ONT")};
    const QString ports[] = {QStringLiteral("eth0"), QStringLiteral("eth1")};
    for (quint32 i = 0; i < count; ++i) {
        Device device;
        device.id = makeId(0, i + 1);
        device.name = QStringLiteral("node-%1").arg((i * 7919ULL) % count);
        device.type = types[i % 4];
        device.address =
            QStringLiteral("10.%1.%2.%3").arg(i >> 16).arg((i >> 8) & 255).arg(i & 255);
        device.position = QPointF(i % 1000 * 80.0, i / 1000 * 80.0);
        contents.devices.push_back(std::move(device));
        for (quint32 port = 0; port < 2; ++port) {
            Interface interface;
            interface.id = makeId(0, count + i * 2 + port + 1);
            interface.device = makeId(0, i + 1);
            interface.name = ports[port];
            contents.interfaces.push_back(std::move(interface));
        }
        Link link;
        link.id = makeId(0, count * 3 + i + 1);
        link.a = makeId(0, count + i * 2 + 1);
        link.b = makeId(0, count + (i + 1) % count * 2 + 2);
        contents.links.push_back(std::move(link));
    }
    return contents;
}

class CpuTimer
{
public:
    void start() { m_start = now(); }
    [[nodiscard]] double ms() const { return double(now() - m_start) / 1e6; }

private:
    static qint64 now()
    {
        timespec time{};
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
        return qint64(time.tv_sec) * 1000000000 + time.tv_nsec;
    }
    qint64 m_start = now();
};

/// Median milliseconds of @a runs calls.
double medianMs(int runs, const std::function<void(int)> &work)
{
    std::vector<double> times;
    for (int run = 0; run < runs; ++run) {
        CpuTimer timer;
        timer.start();
        work(run);
        times.push_back(timer.ms());
    }
    std::nth_element(times.begin(), times.begin() + runs / 2, times.end());
    return times[size_t(runs / 2)];
}

double residentMb()
{
    QFile file(QStringLiteral("/proc/self/statm"));
    if (!file.open(QIODevice::ReadOnly))
        return 0;
    return file.readAll().split(' ').value(1).toDouble() * 4096 / 1e6;
}

void row(const char *what, double value, const char *unit, const char *budget = "")
{
    std::printf("%-58s %10.3f %-3s %s\n", what, value, unit, budget);
}

quint64 lastSequence = 0;

void submitEdits(Topology &topology, const QList<Edit> &edits)
{
    const Change change{1, ++lastSequence, lastSequence, 0, {}, {}, edits};
    const ApplyContext context{{1, lastSequence}, lastSequence, qint64(lastSequence)};
    if (const auto outcome = topology.submit(change, context); !outcome)
        qFatal("%s", qPrintable(outcome.error().text));
}

CreateEntity newRow(quint32 number, const char *prefix)
{
    return {EntityKind::Device,
            makeId(1, number),
            {{Field::Name, QLatin1String(prefix) + QString::number(number)},
             {Field::DeviceType, QStringLiteral("ROUTER")}}};
}

/// One move: check, apply, item model, its one signal.
double moveUs(quint32 count)
{
    Topology topology;
    if (!topology.load(benchBoard(count)).ok())
        qFatal("the board does not load");
    TopologyModel model(topology);
    int heard = 0;
    QObject::connect(&model, &QAbstractItemModel::dataChanged, [&heard] { ++heard; });
    // The same devices again and again: what is measured is the work, not the cache.
    const double ms = medianMs(21, [&](int run) {
        for (quint32 i = 0; i < 500; ++i)
            submitEdits(topology, {edits::setField(makeId(0, i + 1), Field::Position,
                                                   QPointF(run, double(i)))});
    });
    return heard == 21 * 500 ? ms * 1000 / 500 : 0;
}

/// A plant of passive optical networks: of 50 devices each one OLT, one ODF, 4 splitters and 44
/// ONTs, all in one site.
Topology::Contents passiveNetworks(quint32 count)
{
    Topology::Contents contents;
    contents.board.computedStatus = true;
    quint32 port = count;
    quint32 link = count * 4;
    const auto connect = [&](EntityId a, EntityId b, double km) {
        Link fibre;
        fibre.id = makeId(0, ++link);
        for (const EntityId device : {a, b}) {
            Interface interface;
            interface.id = makeId(0, ++port);
            interface.device = device;
            interface.name = QStringLiteral("p%1").arg(port);
            interface.type = InterfaceType::Optical;
            (device == a ? fibre.a : fibre.b) = interface.id;
            contents.interfaces.push_back(std::move(interface));
        }
        LinkDetails details;
        details.lengthKm = km;
        details.mediumId = QStringLiteral("G652D");
        fibre.details = details;
        contents.links.push_back(std::move(fibre));
    };
    for (quint32 i = 0; i < count; ++i) {
        const quint32 place = i % 50;
        const EntityId first = makeId(0, i - place + 1);
        Device device;
        device.id = makeId(0, i + 1);
        device.name = QStringLiteral("d%1").arg(i);
        device.state.status = Status::Up;
        if (place == 0)
            device.type = QStringLiteral("OLT");
        else if (place == 1)
            device.type = QStringLiteral("ODF");
        else
            device.type = place < 6 ? QStringLiteral("SPLITTER") : QStringLiteral("ONT");
        if (place == 0 && i == 0)
            device.type = QStringLiteral("POP");
        else
            device.container = makeId(0, 1);
        if (i > 0 && place == 1)
            connect(first, device.id, 0.1);
        else if (place > 1)
            connect(place < 6 ? first + 1 : first + 2 + place % 4, device.id, 1.0 + place * 0.1);
        contents.devices.push_back(std::move(device));
    }
    return contents;
}

/// What one edit costs where budgets, health and problems are kept: a fibre's length, a drop that
/// is cut and comes back, an ONT that goes down and up again.
double opticsUs(quint32 count, double *firstMs)
{
    Topology topology;
    if (!topology.load(passiveNetworks(count)).ok())
        qFatal("the plant does not load");
    const ComputedStatus computed(topology);
    CpuTimer timer;
    timer.start();
    qsizetype found = computed.problems().size();
    *firstMs = timer.ms();
    const auto feeder = [&](quint32 network) { // to the ODF of a network
        return topology.linksOf(topology.interfacesOf(makeId(0, network * 50 + 2)).front()).front();
    };
    const double ms = medianMs(21, [&](int run) {
        for (quint32 i = 0; i < 60; ++i) {
            const quint32 network = 1 + i % 15;
            const EntityId ont = makeId(0, network * 50 + 10 + i / 4);
            const EntityId drop = topology.linksOf(topology.interfacesOf(ont).front()).front();
            submitEdits(topology, {edits::setField(feeder(network), Field::Length, 0.1 + run)});
            submitEdits(topology, {RemoveEntities{{drop}}});
            submitEdits(topology, {RestoreEntities{{drop}}});
            submitEdits(topology, {edits::setField(ont, Field::Status, qint64(Status::Down))});
            submitEdits(topology, {edits::setField(ont, Field::Status, qint64(Status::Up))});
            found += computed.problems().size();
        }
    });
    return found > 0 ? ms * 1000 / 300 : 0;
}

} // namespace

int main(int argc, char *argv[])
{
    const QCoreApplication application(argc, argv);
    std::printf("model: %u devices, %u interfaces, %u links; CPU time\n", kDevices, kDevices * 2,
                kDevices);

    std::optional<Topology> topology(std::in_place);
    const double before = residentMb();
    {
        Topology::Contents contents = benchBoard(kDevices);
        CpuTimer timer;
        timer.start();
        if (!topology->load(std::move(contents)).ok())
            qFatal("the board does not load");
        row("topology: load", timer.ms(), "ms");
    }
    const double loaded = residentMb();
    row("topology: memory", loaded - before, "MB");
    CpuTimer timer;
    timer.start();
    TopologyModel model(*topology);
    row("tree: build", timer.ms(), "ms");
    row("tree: memory", residentMb() - loaded, "MB", "30");

    const QModelIndex section = model.indexOf(TopologyModel::Section::Devices);
    qint64 checksum = 0;
    const double indexMs = medianMs(9, [&](int) {
        for (int r = 0; r < int(kDevices); ++r) {
            const QModelIndex device = model.index(r, 0, section);
            const QModelIndex port = model.index(1, 0, device);
            checksum += port.parent().row();
        }
    });
    row("tree: index + index + parent", indexMs * 1e6 / kDevices, "ns", "15");
    const double idMs = medianMs(9, [&](int) {
        for (quint32 i = 1; i <= kDevices; ++i)
            checksum += model.indexOf(makeId(0, i)).row();
    });
    row("tree: id to index", idMs * 1e6 / kDevices, "ns");

    // Rows in front of all others: ids of site 0 that the board has left out would be needed, so
    // they are removed and brought back.
    const double oneMs = medianMs(101, [&](int) {
        submitEdits(*topology, {RestoreEntities{{makeId(0, 1)}}});
        submitEdits(*topology, {RemoveEntities{{makeId(0, 1)}, false}});
    });
    submitEdits(*topology, {RestoreEntities{{makeId(0, 1)}}});
    row("tree: first row removed and restored, with the topology", oneMs * 1000, "us");
    quint32 number = 0;
    const double insertMs =
        medianMs(501, [&](int) { submitEdits(*topology, {newRow(++number, "one-")}); });
    row("tree: one row inserted, with the topology", insertMs * 1000, "us");

    // The model's share alone: the same delta told to it, and nothing else.
    {
        Topology other;
        if (!other.load(benchBoard(kDevices)).ok())
            qFatal("the board does not load");
        QList<Edit> thousand;
        quint32 next = 0;
        const auto measure = [&](const char *what, bool withModel) {
            std::optional<TopologyModel> watcher;
            if (withModel)
                watcher.emplace(other);
            const double ms = medianMs(15, [&](int) {
                thousand.clear();
                for (int i = 0; i < 1000; ++i)
                    thousand.append(newRow(++next, "batch-"));
                submitEdits(other, thousand);
            });
            row(what, ms, "ms");
            return ms;
        };
        const double without = measure("topology: 1,000 devices in one change", false);
        const double with = measure("topology and tree: 1,000 devices in one change", true);
        row("tree: its share of that", std::max(0.0, with - without), "ms", "1");
    }

    SearchIndex index(*topology);
    timer.start();
    index.prepare(EntityKind::Device);
    row("search: text of all devices made", timer.ms(), "ms");
    for (const char *text : {"n", "no", "node-12", "10.1.2", "core node-77", "nowhere"}) {
        const double ms = medianMs(15, [&](int) {
            checksum += index.find(EntityKind::Device, QLatin1String(text)).size();
        });
        row(qPrintable(QStringLiteral("search: \"%1\"").arg(QLatin1String(text))), ms, "ms", "8");
    }

    timer.start();
    TableModel table(*topology, index, EntityKind::Device);
    row("table: build and sort by name", timer.ms(), "ms");
    // As somebody types it: each key is a filter of its own.
    for (const char *text : {"n", "no", "node-", "node-1", "node-12", "node-123", ""}) {
        std::vector<double> times;
        for (int run = 0; run < 9; ++run) {
            table.setFilter(QStringLiteral("nowhere"));
            timer.start();
            table.setFilter(QLatin1String(text));
            times.push_back(timer.ms());
        }
        std::nth_element(times.begin(), times.begin() + 4, times.end());
        row(qPrintable(QStringLiteral("table: filter \"%1\" (%2 rows)")
                           .arg(QLatin1String(text))
                           .arg(table.rowCount())),
            times[4], "ms", "4-8");
    }
    for (const Field field : {Field::Address, Field::DeviceType, Field::Status, Field::Name}) {
        const int column = table.columnOf(field);
        timer.start();
        table.sort(column, Qt::AscendingOrder);
        row(qPrintable(QStringLiteral("table: sort by %1")
                           .arg(table.headerData(column, Qt::Horizontal).toString())),
            timer.ms(), "ms", "100");
    }
    const double renameMs = medianMs(201, [&](int run) {
        submitEdits(*topology, {edits::setField(makeId(0, quint32(run) * 37 + 2), Field::Name,
                                                QStringLiteral("renamed-%1").arg(run))});
    });
    row("table and tree: one rename that moves a row", renameMs * 1000, "us");

    const double small = moveUs(1000);
    const double large = moveUs(kDevices);
    row("one move, topology and tree, 1,000 devices", small, "us");
    row("one move, topology and tree, 100,000 devices", large, "us");
    row("ratio", large / small, "x", "1.5");

    double firstMs = 0;
    const double smallPlant = opticsUs(1000, &firstMs);
    const double largePlant = opticsUs(kDevices, &firstMs);
    row("optics and health: first look, 100,000 devices", firstMs, "ms");
    row("optics and health: one edit, 1,000 devices", smallPlant, "us");
    row("optics and health: one edit, 100,000 devices", largePlant, "us");
    row("ratio", largePlant / smallPlant, "x", "1.5");
    return checksum == 42 ? 1 : 0;
}
