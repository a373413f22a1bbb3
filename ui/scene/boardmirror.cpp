#include "ui/scene/boardmirror.h"

#include <algorithm>
#include <numbers>

namespace patchboard::ui {

namespace {

constexpr double kBoxPad = 28.0;
constexpr double kBoxLabelRoom = 16.0; ///< below the devices in it, for their names
constexpr double kEmptyBoxWidth = 200.0;
constexpr double kEmptyBoxHeight = 120.0;
constexpr double kLaneStep = 10.0;
constexpr double kLaneLeast = 4.0;
constexpr double kLaneRoom = 36.0; ///< lanes that fit here end on the picture; others fan out
constexpr double kLoopRadius = 15.0;

double segmentDistance(QPointF p, QPointF a, QPointF b)
{
    const QPointF d = b - a;
    const double square = QPointF::dotProduct(d, d);
    const double t = square == 0 ? 0 : std::clamp(QPointF::dotProduct(p - a, d) / square, 0.0, 1.0);
    const QPointF gap = p - (a + d * t);
    return std::hypot(gap.x(), gap.y());
}

bool segmentTouches(QPointF a, QPointF b, const QRectF &rect)
{
    // Clips the segment to the rectangle (Liang and Barsky, 1984).
    double from = 0;
    double to = 1;
    const QPointF d = b - a;
    const double p[4] = {-d.x(), d.x(), -d.y(), d.y()};
    const double q[4] = {a.x() - rect.left(), rect.right() - a.x(), a.y() - rect.top(),
                         rect.bottom() - a.y()};
    for (int i = 0; i < 4; ++i) {
        if (p[i] == 0) {
            if (q[i] < 0)
                return false;
            continue;
        }
        const double t = q[i] / p[i];
        if (p[i] < 0)
            from = std::max(from, t);
        else
            to = std::min(to, t);
    }
    return from <= to;
}

} // namespace

// LinkShape

QRectF LinkShape::bounds() const
{
    if (count == 0)
        return {};
    double left = points[0].x();
    double right = left;
    double top = points[0].y();
    double bottom = top;
    for (int i = 1; i < count; ++i) {
        const QPointF p = points[size_t(i)];
        left = std::min(left, p.x());
        right = std::max(right, p.x());
        top = std::min(top, p.y());
        bottom = std::max(bottom, p.y());
    }
    return {left, top, right - left, bottom - top};
}

double LinkShape::length() const
{
    double sum = 0;
    for (int i = 1; i < count; ++i) {
        const QPointF d = points[size_t(i)] - points[size_t(i - 1)];
        sum += std::hypot(d.x(), d.y());
    }
    return sum;
}

QPointF LinkShape::at(double distance, QPointF *direction) const
{
    for (int i = 1; i < count; ++i) {
        const QPointF d = points[size_t(i)] - points[size_t(i - 1)];
        const double length = std::hypot(d.x(), d.y());
        if ((distance <= length || i + 1 == count) && length > 0) {
            if (direction)
                *direction = d / length;
            return points[size_t(i - 1)] + d * std::min(1.0, distance / length);
        }
        distance -= length;
    }
    if (direction)
        *direction = {1, 0};
    return count > 0 ? points[size_t(count - 1)] : QPointF();
}

double LinkShape::distanceTo(QPointF p) const
{
    double best = std::numeric_limits<double>::infinity();
    for (int i = 1; i < count; ++i)
        best = std::min(best, segmentDistance(p, points[size_t(i - 1)], points[size_t(i)]));
    return best;
}

// Building

BoardMirror::BoardMirror(const Topology &topology)
    : m_topology(topology)
{
}

void BoardMirror::load()
{
    m_loading = true;
    m_devices.clear();
    m_places.clear();
    m_farDevices.clear();
    m_farEnds.clear();
    m_farLinks.clear();
    m_links.clear();
    m_boxes.clear();
    m_freeDevices.clear();
    m_freeLinks.clear();
    m_freeBoxes.clear();
    m_deviceOf.clear();
    m_linkOf.clear();
    m_looks.clear();
    m_icons.clear();
    m_grid.clear();
    m_extent = {};
    m_liftedDevices.clear();
    m_liftedLinks.clear();
    m_lateBoxes.clear();
    m_frozen = false;
    m_shift = {};
    m_boxOrder.clear();

    Dirty unused;
    const auto &devices = m_topology.devices();
    const auto &links = m_topology.links();
    m_devices.reserve(size_t(devices.size()));
    m_places.reserve(size_t(devices.size()));
    m_links.reserve(size_t(links.size()));
    m_farDevices.reserve(size_t(devices.size()));
    m_farEnds.reserve(size_t(links.size()));
    m_farLinks.reserve(size_t(links.size()));
    m_deviceOf.reserve(devices.size());
    m_linkOf.reserve(links.size());

    bool nested = false;
    for (const Device &device : devices.slots()) {
        if (device.id == 0)
            continue;
        const quint32 slot = newDevice(device.id);
        syncDevice(slot, device, unused);
        nested = nested || device.container != 0;
    }
    if (nested) {
        for (const Device &device : devices.slots()) {
            if (device.id != 0 && device.container != 0)
                setParent(deviceSlot(device.id), deviceSlot(device.container), unused);
        }
    }
    for (Box &box : m_boxes)
        box.depth = depthOf(box.device);
    m_boxOrderStale = true;
    const std::vector<quint32> order = boxOrder();
    for (auto it = order.rbegin(); it != order.rend(); ++it)
        recomputeBox(*it, unused);

    for (const Link &link : links.slots()) {
        if (link.id != 0)
            syncLink(newLink(link.id), link, unused);
    }
    for (quint32 slot = 0; slot < m_links.size(); ++slot)
        arrangeLanes(slot, nullptr);
    for (quint32 slot = 0; slot < m_links.size(); ++slot)
        enterLink(slot);
    m_loading = false;
}

const BoardMirror::TypeLook &BoardMirror::lookOf(const QString &type)
{
    auto it = m_looks.find(type);
    if (it == m_looks.end()) {
        const DeviceTypeInfo info = m_topology.typeInfo(type);
        qsizetype icon = m_icons.indexOf(info.icon);
        if (icon < 0) {
            icon = m_icons.size();
            m_icons.append(info.icon);
        }
        it = m_looks.insert(type, {quint16(icon), info.isContainer});
    }
    return *it;
}

quint32 BoardMirror::newDevice(EntityId id)
{
    quint32 slot;
    if (m_freeDevices.empty()) {
        slot = quint32(m_devices.size());
        m_devices.emplace_back();
        m_places.emplace_back();
        m_farDevices.emplace_back();
    } else {
        slot = m_freeDevices.back();
        m_freeDevices.pop_back();
    }
    m_devices[slot].id = id;
    m_deviceOf.insert(id, slot);
    return slot;
}

void BoardMirror::freeDevice(quint32 slot)
{
    DeviceShape &d = m_devices[slot];
    while (d.head != kNone)
        freeLink(d.head >> 1);
    if (d.is(Lifted))
        std::erase(m_liftedDevices, slot);
    else
        m_grid.removePoint(slot, d.pos);
    if (d.box != kNone)
        freeBox(slot);
    m_deviceOf.remove(d.id);
    d = DeviceShape();
    noteDevice(slot);
    m_freeDevices.push_back(slot);
    if (m_liftedDevices.empty() && m_liftedLinks.empty())
        m_shift = {};
}

quint32 BoardMirror::newLink(EntityId id)
{
    quint32 slot;
    if (m_freeLinks.empty()) {
        slot = quint32(m_links.size());
        m_links.emplace_back();
        m_farEnds.emplace_back();
        m_farLinks.emplace_back();
    } else {
        slot = m_freeLinks.back();
        m_freeLinks.pop_back();
    }
    m_links[slot].id = id;
    m_linkOf.insert(id, slot);
    return slot;
}

void BoardMirror::freeLink(quint32 slot)
{
    LinkRecord &l = m_links[slot];
    if (l.is(Alive)) {
        leaveLink(slot);
        unthreadLink(slot, 0);
        unthreadLink(slot, 1);
    }
    m_linkOf.remove(l.id);
    l = LinkRecord();
    noteLink(slot);
    m_freeLinks.push_back(slot);
}

void BoardMirror::makeBox(quint32 slot)
{
    quint32 number;
    if (m_freeBoxes.empty()) {
        number = quint32(m_boxes.size());
        m_boxes.emplace_back();
    } else {
        number = m_freeBoxes.back();
        m_freeBoxes.pop_back();
    }
    Box &box = m_boxes[number];
    box.device = slot;
    m_devices[slot].box = number;
    box.rect = boxAround(box);
    notePlace(slot);
    box.depth = depthOf(slot);
    m_boxOrderStale = true;
    cover(box.rect);
}

void BoardMirror::freeBox(quint32 slot)
{
    const quint32 number = m_devices[slot].box;
    m_boxes[number] = Box();
    m_devices[slot].box = kNone;
    notePlace(slot);
    m_freeBoxes.push_back(number);
    std::erase(m_lateBoxes, number);
    m_boxOrderStale = true;
}

int BoardMirror::depthOf(quint32 slot) const
{
    int depth = 0;
    for (quint32 up = m_devices[slot].parent; up != kNone && depth < 1000;
         up = m_devices[up].parent)
        ++depth;
    return depth;
}

const std::vector<quint32> &BoardMirror::boxOrder() const
{
    if (m_boxOrderStale) {
        m_boxOrderStale = false;
        m_boxOrder.clear();
        for (quint32 number = 0; number < m_boxes.size(); ++number) {
            if (m_boxes[number].device != kNone)
                m_boxOrder.push_back(number);
        }
        std::stable_sort(m_boxOrder.begin(), m_boxOrder.end(), [this](quint32 a, quint32 b) {
            return m_boxes[a].depth < m_boxes[b].depth;
        });
    }
    return m_boxOrder;
}

void BoardMirror::cover(const QRectF &rect)
{
    m_extent = m_extent.isNull() ? rect : m_extent | rect;
}

QRectF BoardMirror::bounds() const
{
    QRectF all;
    for (const DeviceShape &d : m_devices) {
        if (d.is(Alive)) {
            const QRectF rect = rectOf(d);
            all = all.isNull() ? rect : all | rect;
        }
    }
    return all;
}

// Marks

void BoardMirror::markDevice(quint32 slot, Dirty &dirty) const
{
    if (m_loading || dirty.everything)
        return;
    const DeviceShape &d = m_devices[slot];
    if (d.box != kNone) {
        dirty.areas.push_back(m_boxes[d.box].rect);
        dirty.boxes = true;
    } else {
        dirty.devices.emplace_back(slot, d.pos);
    }
    if (dirty.devices.size() > Dirty::kMost || dirty.areas.size() > Dirty::kMost)
        dirty.everything = true;
}

void BoardMirror::markLink(quint32 slot, Dirty &dirty) const
{
    if (m_loading || dirty.everything)
        return;
    dirty.links.emplace_back(slot, shapeOf(m_links[slot]));
    if (dirty.links.size() > Dirty::kMost)
        dirty.everything = true;
}

void BoardMirror::markEnds(quint32 device, Dirty &dirty) const
{
    visitEnds(device, [&](quint32 link, int) { markLink(link, dirty); });
}

// Links

void BoardMirror::threadLink(quint32 slot, int end)
{
    LinkRecord &l = m_links[slot];
    DeviceShape &d = m_devices[l.end[end]];
    const quint32 half = slot * 2 + quint32(end);
    l.prev[end] = kNone;
    l.next[end] = d.head;
    if (d.head != kNone)
        m_links[d.head >> 1].prev[d.head & 1] = half;
    d.head = half;
}

void BoardMirror::unthreadLink(quint32 slot, int end)
{
    LinkRecord &l = m_links[slot];
    const quint32 next = l.next[end];
    const quint32 prev = l.prev[end];
    if (prev != kNone)
        m_links[prev >> 1].next[prev & 1] = next;
    else
        m_devices[l.end[end]].head = next;
    if (next != kNone)
        m_links[next >> 1].prev[next & 1] = prev;
    l.next[end] = kNone;
    l.prev[end] = kNone;
}

void BoardMirror::enterLink(quint32 slot)
{
    LinkRecord &l = m_links[slot];
    if (!l.is(Alive))
        return;
    if (m_devices[l.end[0]].is(Lifted) || m_devices[l.end[1]].is(Lifted)) {
        l.flags |= Lifted;
        m_liftedLinks.push_back(slot);
        return;
    }
    m_grid.insertLine(slot, shapeOf(l).line());
}

void BoardMirror::leaveLink(quint32 slot)
{
    LinkRecord &l = m_links[slot];
    if (l.is(Lifted)) {
        l.flags &= quint8(~Lifted);
        std::erase(m_liftedLinks, slot);
        return;
    }
    m_grid.removeLine(slot, shapeOf(l).line());
}

void BoardMirror::arrangeLanes(quint32 slot, Dirty *dirty)
{
    const LinkRecord &l = m_links[slot];
    if (!l.is(Alive))
        return;
    // The siblings are found from the end that has fewer links; both lists are walked in step until
    // the shorter one ends.
    const quint32 a = l.end[0];
    const quint32 b = l.end[1];
    quint32 from = a;
    quint32 to = b;
    for (quint32 ha = m_devices[a].head, hb = m_devices[b].head; ha != kNone;
         ha = m_links[ha >> 1].next[ha & 1], hb = m_links[hb >> 1].next[hb & 1]) {
        if (hb == kNone) {
            from = b;
            to = a;
            break;
        }
    }
    std::vector<quint32> siblings;
    for (quint32 half = m_devices[from].head; half != kNone;
         half = m_links[half >> 1].next[half & 1]) {
        const LinkRecord &other = m_links[half >> 1];
        if (other.end[1 - (half & 1)] != to)
            continue;
        if (a == b && (half & 1) == 1)
            continue; // a loop comes by both its ends
        siblings.push_back(half >> 1);
    }
    if (siblings.size() < 2)
        m_links[slot].flags = quint8(l.flags & ~Parallel);
    if (siblings.size() < 2 && l.lane == 0.0F)
        return;
    if (m_loading && siblings.front() != slot && siblings.size() > 1) {
        // All of them were arranged when the one that comes first in the list was.
        return;
    }
    std::sort(siblings.begin(), siblings.end(),
              [this](quint32 x, quint32 y) { return m_links[x].id < m_links[y].id; });
    const double count = double(siblings.size());
    const double step =
        a == b ? 1.0
               : std::max(kLaneLeast, count > 1 ? std::min(kLaneStep, kLaneRoom / (count - 1)) : 0);
    for (size_t i = 0; i < siblings.size(); ++i) {
        const double lane = a == b ? double(i) : (double(i) - (count - 1) / 2) * step;
        LinkRecord &sibling = m_links[siblings[i]];
        sibling.flags =
            quint8(siblings.size() > 1 ? sibling.flags | Parallel : sibling.flags & ~Parallel);
        if (sibling.lane == float(lane))
            continue;
        if (!m_loading && dirty) {
            markLink(siblings[i], *dirty);
            leaveLink(siblings[i]);
        }
        sibling.lane = float(lane);
        if (!m_loading && dirty) {
            enterLink(siblings[i]);
            markLink(siblings[i], *dirty);
        }
    }
}

LinkShape BoardMirror::shapeOf(const LinkRecord &link) const
{
    LinkShape shape;
    const DeviceShape &da = m_devices[link.end[0]];
    const QPointF a = anchor(da);
    if (link.is(Loop)) {
        // A ring at the upper right corner, one inside the other.
        const double radius = kLoopRadius + 5.0 * double(link.lane);
        const QRectF body = rectOf(da);
        const QPointF middle(body.right() - 4 + radius * 0.5, body.top() + 4 - radius * 0.5);
        constexpr int kSides = LinkShape::kMost - 1;
        for (int i = 0; i <= kSides; ++i) {
            const double turn = 2.0 * std::numbers::pi * i / kSides + 2.2;
            shape.add(middle + QPointF(std::cos(turn), std::sin(turn)) * radius);
        }
        return shape;
    }
    const QPointF b = anchor(m_devices[link.end[1]]);
    const double lane = double(link.lane);
    if (lane == 0) {
        shape.add(a);
        shape.add(b);
        return shape;
    }
    // Sideways is the same side whichever end is called a.
    QPointF along = b - a;
    const double length = std::hypot(along.x(), along.y());
    along = length > 0 ? along / length : QPointF(1, 0);
    const QPointF side =
        (link.end[0] < link.end[1] ? lane : -lane) * QPointF(-along.y(), along.x());
    if (std::abs(lane) <= kLaneRoom / 2) {
        shape.add(a + side);
        shape.add(b + side);
        return shape;
    }
    const double reach = std::min(length * 0.3, kHalf + std::abs(lane) * 0.8);
    shape.add(a);
    shape.add(a + along * reach + side);
    shape.add(b - along * reach + side);
    shape.add(b);
    return shape;
}

void BoardMirror::syncLink(quint32 slot, const Link &link, Dirty &dirty)
{
    LinkRecord &l = m_links[slot];
    const auto deviceOf = [this](EntityId interface) {
        const Interface *i = m_topology.interface(interface);
        return i ? deviceSlot(i->device) : kNone;
    };
    const quint32 a = deviceOf(link.a);
    const quint32 b = deviceOf(link.b);
    if (a == kNone || b == kNone) {
        freeLink(slot);
        return;
    }
    if (l.is(Alive))
        markLink(slot, dirty);
    const bool rewire = !l.is(Alive) || l.end[0] != a || l.end[1] != b;
    if (rewire) {
        quint32 left = kNone;
        if (l.is(Alive)) {
            leaveLink(slot);
            unthreadLink(slot, 0);
            unthreadLink(slot, 1);
            if (l.is(Parallel)) { // those that were beside it close up
                visitEnds(l.end[0], [&](quint32 other, int end) {
                    if (m_links[other].end[1 - end] == l.end[1])
                        left = other;
                });
            }
        }
        l.end[0] = a;
        l.end[1] = b;
        l.flags = quint8((l.flags & (Selected | Found)) | Alive | (a == b ? Loop : 0));
        l.lane = 0;
        threadLink(slot, 0);
        threadLink(slot, 1);
        if (!m_loading) {
            enterLink(slot);
            arrangeLanes(slot, &dirty);
            if (left != kNone)
                arrangeLanes(left, &dirty);
        }
    }
    l.status = link.state.effective();
    l.flags = quint8(link.state.override_ ? l.flags | Overridden : l.flags & ~Overridden);
    l.flags = quint8(link.details->label.isEmpty() ? l.flags & ~Labelled : l.flags | Labelled);
    noteLink(slot);
    markLink(slot, dirty);
}

// Devices

void BoardMirror::placeDevice(quint32 slot, QPointF to, Dirty &dirty)
{
    DeviceShape &d = m_devices[slot];
    const bool fresh = !d.is(Alive);
    if (!fresh && d.pos == to)
        return;
    if (fresh) {
        d.flags |= Alive;
        d.pos = to;
        notePlace(slot);
        m_grid.insertPoint(slot, to);
        cover(QRectF(to.x() - kHalf, to.y() - kHalf, kIcon, kIcon));
        return;
    }
    const QRectF before = rectOf(d);
    markDevice(slot, dirty);
    markEnds(slot, dirty);
    if (d.box == kNone)
        visitEnds(slot, [this](quint32 link, int end) {
            if (end == 0 || !m_links[link].is(Loop))
                leaveLink(link);
        });
    m_grid.removePoint(slot, d.pos);
    d.pos = to;
    notePlace(slot);
    m_grid.insertPoint(slot, to);
    cover(QRectF(to.x() - kHalf, to.y() - kHalf, kIcon, kIcon));
    if (d.box == kNone) {
        visitEnds(slot, [this](quint32 link, int end) {
            if (end == 0 || !m_links[link].is(Loop))
                enterLink(link);
        });
        contentMoved(d.parent, before, rectOf(d), dirty);
    } else if (m_boxes[d.box].contents.isNull()) {
        setBoxRect(d.box, boxAround(m_boxes[d.box]), dirty);
    }
    markDevice(slot, dirty);
    markEnds(slot, dirty);
}

void BoardMirror::syncDevice(quint32 slot, const Device &device, Dirty &dirty)
{
    DeviceShape &d = m_devices[slot];
    const bool fresh = !d.is(Alive);
    if (!fresh)
        markDevice(slot, dirty);
    const TypeLook look = lookOf(device.type);
    d.icon = look.icon;
    if (!d.is(Lifted))
        placeDevice(slot, device.position, dirty);
    const Status status = device.state.effective();
    if (d.status != status && d.parent != kNone && d.box == kNone) {
        int count[3] = {0, 0, 0};
        count[size_t(d.status)] = -1;
        count[size_t(status)] = 1;
        countInto(d.parent, count, 1, dirty);
    }
    d.status = status;
    if (look.container != d.is(Container)) {
        const quint32 parent = d.parent;
        setParent(slot, kNone, dirty);
        visitEnds(slot, [this](quint32 link, int end) {
            if (end == 0 || !m_links[link].is(Loop))
                leaveLink(link);
        });
        d.flags = quint8(d.flags ^ Container);
        if (look.container)
            makeBox(slot);
        else
            freeBox(slot);
        visitEnds(slot, [this](quint32 link, int end) {
            if (end == 0 || !m_links[link].is(Loop))
                enterLink(link);
        });
        setParent(slot, parent, dirty);
    }
    d.flags = quint8(device.locked ? d.flags | Locked : d.flags & ~Locked);
    d.flags = quint8(device.state.override_ ? d.flags | Overridden : d.flags & ~Overridden);
    noteDevice(slot);
    markDevice(slot, dirty);
}

void BoardMirror::countInto(quint32 parent, const int (&count)[3], int sign, Dirty &dirty)
{
    for (quint32 up = parent; up != kNone; up = m_devices[up].parent) {
        const quint32 number = m_devices[up].box;
        if (number == kNone)
            continue;
        for (int i = 0; i < 3; ++i)
            m_boxes[number].count[i] += sign * count[i];
        if (!m_loading) {
            const QRectF &rect = m_boxes[number].rect;
            dirty.areas.emplace_back(rect.left(), rect.top(), rect.width(), kTitle);
            dirty.boxes = true;
        }
    }
}

void BoardMirror::setParent(quint32 slot, quint32 parent, Dirty &dirty)
{
    DeviceShape &d = m_devices[slot];
    if (d.parent == parent)
        return;
    int count[3] = {0, 0, 0};
    if (d.box != kNone)
        std::copy(std::begin(m_boxes[d.box].count), std::end(m_boxes[d.box].count), count);
    else
        count[size_t(d.status)] = 1;
    countInto(d.parent, count, -1, dirty);
    const quint32 old = d.parent;
    d.parent = parent;
    countInto(parent, count, 1, dirty);
    if (m_loading)
        return;
    if (d.box != kNone) {
        // What is in it lies deeper or higher now.
        for (Box &box : m_boxes) {
            if (box.device != kNone)
                box.depth = depthOf(box.device);
        }
        m_boxOrderStale = true;
    }
    for (const quint32 container : {old, parent}) {
        if (container != kNone && m_devices[container].box != kNone)
            recomputeBox(m_devices[container].box, dirty);
    }
}

// Boxes

QRectF BoardMirror::boxAround(const Box &box) const
{
    if (box.contents.isNull()) {
        const QPointF at = m_devices[box.device].pos;
        return {at.x() - kEmptyBoxWidth / 2, at.y() - kEmptyBoxHeight / 2, kEmptyBoxWidth,
                kEmptyBoxHeight};
    }
    return box.contents.adjusted(-kBoxPad, -kBoxPad - kTitle, kBoxPad, kBoxPad + kBoxLabelRoom);
}

void BoardMirror::contentMoved(quint32 parent, const QRectF &before, const QRectF &after,
                               Dirty &dirty)
{
    if (parent == kNone || m_devices[parent].box == kNone)
        return;
    const quint32 number = m_devices[parent].box;
    Box &box = m_boxes[number];
    if (m_frozen) {
        m_lateBoxes.push_back(number);
        return;
    }
    // Only what touched the edge can let the box shrink; the rest is found without looking at what
    // else is in it.
    const QRectF &c = box.contents;
    const bool wasInside = !c.isNull() && before.left() > c.left() && before.right() < c.right() &&
                           before.top() > c.top() && before.bottom() < c.bottom();
    if (!wasInside) {
        recomputeBox(number, dirty);
        return;
    }
    if (c.contains(after))
        return;
    box.contents |= after;
    setBoxRect(number, boxAround(box), dirty);
}

void BoardMirror::recomputeBox(quint32 number, Dirty &dirty)
{
    if (m_frozen) {
        m_lateBoxes.push_back(number);
        return;
    }
    Box &box = m_boxes[number];
    QRectF contents;
    for (const EntityId child : m_topology.childrenOf(m_devices[box.device].id)) {
        const quint32 slot = deviceSlot(child);
        if (slot == kNone || !m_devices[slot].is(Alive))
            continue;
        const QRectF rect = rectOf(m_devices[slot]);
        contents = contents.isNull() ? rect : contents | rect;
    }
    box.contents = contents;
    setBoxRect(number, boxAround(box), dirty);
}

void BoardMirror::setBoxRect(quint32 number, const QRectF &rect, Dirty &dirty)
{
    Box &box = m_boxes[number];
    if (box.rect == rect)
        return;
    const QRectF before = box.rect;
    const quint32 slot = box.device;
    const auto ends = [&](auto &&act) {
        visitEnds(slot, [&](quint32 link, int end) {
            if (end == 0 || !m_links[link].is(Loop))
                act(link);
        });
    };
    if (!m_loading) {
        dirty.areas.push_back(before);
        dirty.boxes = true;
        markEnds(slot, dirty);
        ends([this](quint32 link) { leaveLink(link); });
    }
    box.rect = rect;
    notePlace(slot);
    cover(rect);
    if (!m_loading) {
        ends([this](quint32 link) { enterLink(link); });
        markEnds(slot, dirty);
        dirty.areas.push_back(rect);
        contentMoved(m_devices[slot].parent, before, rect, dirty);
    }
}

// Changes

void BoardMirror::refreshTypes()
{
    m_looks.clear();
}

void BoardMirror::apply(const Delta &delta, Dirty &dirty)
{
    bool types = false;
    const auto isType = [&types](const auto &entry) {
        types = types || entry.kind == EntityKind::DeviceType;
    };
    std::for_each(delta.removed.cbegin(), delta.removed.cend(), isType);
    std::for_each(delta.created.cbegin(), delta.created.cend(), isType);
    std::for_each(delta.changed.cbegin(), delta.changed.cend(), isType);
    if (types)
        refreshTypes();

    for (const Delta::Removed &gone : delta.removed) {
        if (gone.kind != EntityKind::Link)
            continue;
        const quint32 slot = linkSlot(gone.id);
        if (slot == kNone)
            continue;
        markLink(slot, dirty);
        quint32 sibling = kNone;
        const LinkRecord &l = m_links[slot];
        const quint32 from = l.end[0];
        const quint32 to = l.end[1];
        const bool parallel = l.is(Parallel);
        freeLink(slot);
        if (parallel) {
            visitEnds(from, [&](quint32 link, int end) {
                if (m_links[link].end[1 - end] == to)
                    sibling = link;
            });
        }
        if (sibling != kNone)
            arrangeLanes(sibling, &dirty);
    }

    std::vector<quint32> made;
    for (const Delta::Created &created : delta.created) {
        if (created.kind != EntityKind::Device)
            continue;
        const Device *device = m_topology.device(created.id);
        if (!device)
            continue;
        quint32 slot = deviceSlot(created.id);
        if (slot == kNone)
            slot = newDevice(created.id);
        syncDevice(slot, *device, dirty);
        made.push_back(slot);
    }
    const auto adopt = [&](quint32 slot) {
        const Device *device = m_topology.device(m_devices[slot].id);
        if (device)
            setParent(slot, device->container == 0 ? kNone : deviceSlot(device->container), dirty);
    };
    for (const quint32 slot : made)
        adopt(slot);
    for (const Delta::Changed &changed : delta.changed) {
        if (changed.kind != EntityKind::Device)
            continue;
        const quint32 slot = deviceSlot(changed.id);
        const Device *device = m_topology.device(changed.id);
        if (slot == kNone || !device)
            continue;
        syncDevice(slot, *device, dirty);
        adopt(slot);
    }
    for (const Delta::Removed &gone : delta.removed) {
        if (gone.kind != EntityKind::Device)
            continue;
        const quint32 slot = deviceSlot(gone.id);
        if (slot == kNone)
            continue;
        markDevice(slot, dirty);
        setParent(slot, kNone, dirty);
        freeDevice(slot);
    }
    if (types) {
        for (quint32 slot = 0; slot < m_devices.size(); ++slot) {
            if (!m_devices[slot].is(Alive))
                continue;
            if (const Device *device = m_topology.device(m_devices[slot].id))
                syncDevice(slot, *device, dirty);
        }
        dirty.everything = true;
    }

    for (const Delta::Created &created : delta.created) {
        if (created.kind != EntityKind::Link)
            continue;
        const Link *link = m_topology.link(created.id);
        if (!link)
            continue;
        quint32 slot = linkSlot(created.id);
        if (slot == kNone)
            slot = newLink(created.id);
        syncLink(slot, *link, dirty);
    }
    for (const Delta::Changed &changed : delta.changed) {
        if (changed.kind == EntityKind::Link) {
            const quint32 slot = linkSlot(changed.id);
            const Link *link = m_topology.link(changed.id);
            if (slot != kNone && link)
                syncLink(slot, *link, dirty);
        } else if (changed.kind == EntityKind::Interface) {
            // Its name is on the ends of its links.
            for (const EntityId link : m_topology.linksOf(changed.id)) {
                if (const quint32 slot = linkSlot(link); slot != kNone)
                    markLink(slot, dirty);
            }
        }
    }
}

// Looking around

quint32 BoardMirror::deviceAt(QPointF at, double reach) const
{
    const double half = std::max(kHalf, reach);
    quint32 best = kNone;
    double bestDistance = std::numeric_limits<double>::infinity();
    visitDevices(QRectF(at.x() - half, at.y() - half, half * 2, half * 2), [&](quint32 slot) {
        const DeviceShape &d = m_devices[slot];
        if (d.box != kNone)
            return;
        const double distance = std::hypot(d.pos.x() - at.x(), d.pos.y() - at.y());
        // Of those at one place the one that is painted last is on top.
        if (distance < bestDistance || (distance == bestDistance && slot > best)) {
            best = slot;
            bestDistance = distance;
        }
    });
    return best;
}

quint32 BoardMirror::linkAt(QPointF at, double reach) const
{
    quint32 best = kNone;
    double bestDistance = reach;
    visitLinks(QRectF(at.x() - reach, at.y() - reach, reach * 2, reach * 2), m_marks,
               [&](quint32 slot) {
                   const double distance = shapeOf(m_links[slot]).distanceTo(at);
                   if (distance < bestDistance ||
                       (distance == bestDistance && (best == kNone || slot < best))) {
                       best = slot;
                       bestDistance = distance;
                   }
               });
    return best;
}

quint32 BoardMirror::boxAt(QPointF at, const QSet<EntityId> &except) const
{
    const std::vector<quint32> &order = boxOrder();
    for (auto it = order.rbegin(); it != order.rend(); ++it) {
        const Box &box = m_boxes[*it];
        if (box.rect.contains(at) && !except.contains(m_devices[box.device].id))
            return *it;
    }
    return kNone;
}

QList<EntityId> BoardMirror::inside(const QRectF &band) const
{
    QList<EntityId> found;
    visitDevices(band.adjusted(-kHalf, -kHalf, kHalf, kHalf), [&](quint32 slot) {
        if (m_devices[slot].box == kNone)
            found.append(m_devices[slot].id);
    });
    for (const quint32 number : boxOrder()) {
        if (band.contains(m_boxes[number].rect))
            found.append(m_devices[m_boxes[number].device].id);
    }
    if (!found.isEmpty())
        return found;
    visitLinks(band, m_marks, [&](quint32 slot) {
        const LinkShape shape = shapeOf(m_links[slot]);
        for (int i = 1; i < shape.count; ++i) {
            if (segmentTouches(shape.points[size_t(i - 1)], shape.points[size_t(i)], band)) {
                found.append(m_links[slot].id);
                return;
            }
        }
    });
    return found;
}

// State of the window

void BoardMirror::setFlag(EntityId id, Flag flag, bool on)
{
    const auto set = [&](quint8 &flags) { flags = quint8(on ? flags | flag : flags & ~flag); };
    if (const quint32 slot = deviceSlot(id); slot != kNone) {
        set(m_devices[slot].flags);
        noteDevice(slot);
    } else if (const quint32 link = linkSlot(id); link != kNone) {
        set(m_links[link].flags);
        noteLink(link);
    }
}

void BoardMirror::lift(const QList<EntityId> &ids)
{
    Q_ASSERT(!isLifted());
    m_shift = {};
    m_frozen = true;
    std::vector<quint32> links;
    for (const EntityId id : ids) {
        const quint32 slot = deviceSlot(id);
        if (slot == kNone || m_devices[slot].is(Lifted))
            continue;
        visitEnds(slot, [&](quint32 link, int) {
            if (!m_links[link].is(Lifted)) {
                leaveLink(link);
                m_links[link].flags |= Lifted;
                m_liftedLinks.push_back(link);
            }
        });
        m_grid.removePoint(slot, m_devices[slot].pos);
        m_devices[slot].flags |= Lifted;
        m_liftedDevices.push_back(slot);
    }
}

void BoardMirror::shiftLifted(QPointF shift, Dirty &dirty)
{
    const QPointF by = shift - m_shift;
    if (by.isNull())
        return;
    for (const quint32 link : m_liftedLinks)
        markLink(link, dirty);
    for (const quint32 slot : m_liftedDevices) {
        markDevice(slot, dirty);
        DeviceShape &d = m_devices[slot];
        d.pos += by;
        if (d.box != kNone)
            m_boxes[d.box].rect.translate(by);
        notePlace(slot);
        cover(rectOf(d));
        markDevice(slot, dirty);
    }
    m_shift = shift;
    for (const quint32 link : m_liftedLinks)
        markLink(link, dirty);
}

void BoardMirror::letGo(Dirty &dirty)
{
    std::vector<quint32> devices;
    std::vector<quint32> links;
    devices.swap(m_liftedDevices);
    links.swap(m_liftedLinks);
    for (const quint32 link : links)
        markLink(link, dirty);
    for (const quint32 slot : devices) {
        markDevice(slot, dirty);
        DeviceShape &d = m_devices[slot];
        if (d.box != kNone) {
            m_boxes[d.box].rect.translate(-m_shift);
            m_lateBoxes.push_back(d.box);
        }
        if (d.parent != kNone && m_devices[d.parent].box != kNone)
            m_lateBoxes.push_back(m_devices[d.parent].box);
        d.flags = quint8(d.flags & ~Lifted);
        const Device *device = m_topology.device(d.id);
        d.pos = device ? device->position : d.pos - m_shift;
        notePlace(slot);
        m_grid.insertPoint(slot, d.pos);
        cover(QRectF(d.pos.x() - kHalf, d.pos.y() - kHalf, kIcon, kIcon));
        markDevice(slot, dirty);
    }
    m_shift = {};
    for (const quint32 link : links) {
        m_links[link].flags = quint8(m_links[link].flags & ~Lifted);
        enterLink(link);
        markLink(link, dirty);
    }
    m_frozen = false;
    std::vector<quint32> late;
    late.swap(m_lateBoxes);
    std::sort(late.begin(), late.end(), [this](quint32 a, quint32 b) {
        return std::pair(-m_boxes[a].depth, a) < std::pair(-m_boxes[b].depth, b);
    });
    late.erase(std::unique(late.begin(), late.end()), late.end());
    for (const quint32 number : late) {
        if (m_boxes[number].device != kNone)
            recomputeBox(number, dirty);
    }
}

} // namespace patchboard::ui
