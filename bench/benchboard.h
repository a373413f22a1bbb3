#pragma once

#include "model/core/topology.h"

#include <QRandomGenerator>

#include <algorithm>
#include <cmath>
#include <vector>

namespace patchboard::bench {

/// Devices on a jittered grid, links mostly to neighbours, one in fifty across the board; device 1
/// in the middle has ten links.
inline Topology::Contents makeBoard(int count, bool sites = false, bool longLinks = true)
{
    QRandomGenerator random(42);
    static const char *const kTypes[] = {"CORE_ROUTER", "EDGE_ROUTER", "OLT",  "SWITCH",
                                         "ONT",         "SERVER",      "HOST", "FIREWALL"};
    Topology::Contents contents;
    const int columns = int(std::ceil(std::sqrt(double(count) * 16 / 9)));
    const auto device = [&](int i) {
        Device d;
        d.id = makeId(0, quint32(i + 1));
        d.type = QLatin1String(kTypes[random.bounded(8)]);
        d.name = QStringLiteral("%1-%2").arg(d.type.left(4).toLower()).arg(i + 1);
        d.state.status = random.bounded(100) < 94 ? Status::Up
                         : random.bounded(2) == 0 ? Status::Down
                                                  : Status::Degraded;
        if (random.bounded(200) == 0)
            d.state.override_ = Status::Down;
        d.position = {(i % columns) * 120.0 + random.bounded(-16, 17),
                      (i / columns) * 120.0 + random.bounded(-16, 17)};
        return d;
    };
    for (int i = 0; i < count; ++i)
        contents.devices.push_back(device(i));
    quint32 next = quint32(count) + 1;
    const auto port = [&](int owner, int number) {
        Interface p;
        p.id = makeId(0, next++);
        p.device = makeId(0, quint32(owner + 1));
        p.name = QStringLiteral("eth%1").arg(number);
        contents.interfaces.push_back(p);
        return p.id;
    };
    std::vector<int> used(size_t(count), 0);
    const auto link = [&](int a, int b) {
        Link l;
        l.a = port(a, used[size_t(a)]++);
        l.b = port(b, used[size_t(b)]++);
        l.id = makeId(0, next++);
        l.state.status = random.bounded(100) < 95 ? Status::Up : Status::Down;
        contents.links.push_back(l);
    };
    const int rows = (count + columns - 1) / columns;
    const int middle = std::min(count - 1, (rows / 2) * columns + columns / 2);
    for (int i = 0; i < 10; ++i)
        link(middle, std::clamp(middle + (i - 5) + (i % 3 - 1) * columns, 0, count - 1) == middle
                         ? middle + 7
                         : std::clamp(middle + (i - 5) + (i % 3 - 1) * columns, 0, count - 1));
    for (int i = 10; i < count; ++i) {
        const int a = random.bounded(count);
        int b = longLinks && random.bounded(50) == 0 ? random.bounded(count)
                : random.bounded(2) == 0             ? a + 1
                                                     : a + columns;
        if (b >= count || b == a)
            b = a > 0 ? a - 1 : a + 1;
        if (a == middle || b == middle) {
            --i;
            continue;
        }
        link(a, b);
    }
    if (sites) {
        // Every block of six by four devices is a site.
        std::vector<quint32> site(size_t((columns / 6 + 1) * (rows / 4 + 1)), 0);
        const size_t plain = contents.devices.size();
        for (size_t i = 0; i < plain; ++i) {
            const int x = int(i) % columns / 6;
            const int y = int(i) / columns / 4;
            quint32 &number = site[size_t(y * (columns / 6 + 1) + x)];
            if (number == 0) {
                Device box;
                number = next++;
                box.id = makeId(0, number);
                box.type = QStringLiteral("POP");
                box.name = QStringLiteral("POP %1/%2").arg(x).arg(y);
                box.state.status = Status::Up;
                box.position = contents.devices[i].position;
                contents.devices.push_back(box);
            }
            contents.devices[i].container = makeId(0, number);
            contents.devices[i].position += QPointF(x * 140, y * 160);
        }
    }
    return contents;
}

} // namespace patchboard::bench
