#pragma once

#include "model/core/topology.h"
#include "ui/scene/spatialgrid.h"

#include <QHash>
#include <QStringList>

#include <array>
#include <vector>

namespace patchboard::ui {

/// What a link looks like: a line of up to kMost points, in scene units, from its a end to its b
/// end.
struct LinkShape
{
    static constexpr int kMost = 25;
    std::array<QPointF, kMost> points;
    int count = 0;

    void add(QPointF p) { points[size_t(count++)] = p; }
    [[nodiscard]] std::span<const QPointF> line() const { return {points.data(), size_t(count)}; }
    [[nodiscard]] QRectF bounds() const;
    [[nodiscard]] double length() const;
    /// The place at @a distance from the first point along the line, and the direction there.
    [[nodiscard]] QPointF at(double distance, QPointF *direction = nullptr) const;
    [[nodiscard]] double distanceTo(QPointF p) const;
};

/// The shapes of a board, in plain arrays beside the topology: what painting and hit tests read.
///
/// Every device, link and container box has a number (slot) for its life; adjacency is a list
/// threaded through the links, and a SpatialGrid finds what is in a rectangle. apply() costs O(what
/// the delta touches). It mirrors facts and writes nothing. While things are lifted (dragged) their
/// places here are the dragged ones, boxes stand still, and nothing that arrives moves them.
class BoardMirror
{
public:
    static constexpr quint32 kNone = 0xffffffffU;
    static constexpr double kIcon = 48.0; ///< side of a device's picture, scene units
    static constexpr double kHalf = kIcon / 2;
    static constexpr double kTitle = 26.0; ///< height of a box's title bar, scene units

    enum Flag : quint8 {
        Alive = 1,
        Container = 2, ///< of devices
        Loop = 2,      ///< of links: both ends on one device
        Locked = 4,    ///< of devices
        Labelled = 4,  ///< of links: they have a label of their own
        Overridden = 8,
        Selected = 16,
        Found = 32,
        Lifted = 64,   ///< dragged just now; a link: one of its ends is. Not in the grid.
        Parallel = 128 ///< of links: others run between the same devices
    };
    struct DeviceShape
    {
        EntityId id = 0;
        QPointF pos;
        quint32 head = kNone;   ///< first half-edge (link * 2 + end)
        quint32 box = kNone;    ///< of containers
        quint32 parent = kNone; ///< slot of the container it lies in
        quint16 icon = 0;       ///< index of icons()
        Status status = Status::Down;
        quint8 flags = 0;
        [[nodiscard]] bool is(Flag flag) const { return (flags & flag) != 0; }
    };
    struct LinkRecord
    {
        EntityId id = 0;
        quint32 end[2] = {kNone, kNone};  ///< slots of devices
        quint32 next[2] = {kNone, kNone}; ///< half-edges
        quint32 prev[2] = {kNone, kNone};
        float lane = 0; ///< distance from the straight line between the devices, scene units
        Status status = Status::Down;
        quint8 flags = 0;
        [[nodiscard]] bool is(Flag flag) const { return (flags & flag) != 0; }
    };
    struct Box
    {
        quint32 device = kNone; ///< slot of the container; kNone = free
        QRectF rect;
        QRectF contents;          ///< what it holds; null if nothing
        int depth = 0;            ///< 0 = on the board itself
        int count[3] = {0, 0, 0}; ///< devices in it at any depth, by Status
    };
    /// Where links of a device end, in a form that many of fit into a processor's cache; for far
    /// out, where a pixel is many units.
    struct Place
    {
        float x;
        float y;
    };
    /// What is known of a device or link from far out, one byte each: Status and these.
    enum Far : quint8 {
        FarStatus = 3, ///< mask
        FarShown = 4,  ///< alive; of devices: no container
        FarSelected = 8,
        FarFound = 16
    };
    struct FarEnds
    {
        quint32 a;
        quint32 b;
    };
    /// What a change altered on the screen, before and after.
    struct Dirty
    {
        static constexpr size_t kMost = 3000;
        bool everything = false;
        bool boxes = false; ///< the boxes' titles or counts changed
        std::vector<std::pair<quint32, QPointF>> devices;
        std::vector<std::pair<quint32, LinkShape>> links;
        std::vector<QRectF> areas;
        [[nodiscard]] bool isEmpty() const
        {
            return !everything && devices.empty() && links.empty() && areas.empty();
        }
    };
    /// Marks of one pass over the links, so that each is seen once.
    struct Marks
    {
        std::vector<quint32> seen;
        quint32 pass = 0;
    };

    /// @a topology must outlive the mirror.
    explicit BoardMirror(const Topology &topology);

    /// Reads everything anew.
    void load();
    void apply(const Delta &delta, Dirty &dirty);

    [[nodiscard]] const Topology &topology() const { return m_topology; }
    [[nodiscard]] const std::vector<DeviceShape> &devices() const { return m_devices; }
    [[nodiscard]] const std::vector<LinkRecord> &links() const { return m_links; }
    /// For painting from far out, by slot of devices and links: small enough to stay in a
    /// processor's cache.
    [[nodiscard]] const std::vector<Place> &places() const { return m_places; }
    [[nodiscard]] const std::vector<quint8> &farDevices() const { return m_farDevices; }
    [[nodiscard]] const std::vector<FarEnds> &farEnds() const { return m_farEnds; }
    [[nodiscard]] const std::vector<quint8> &farLinks() const { return m_farLinks; }
    /// Whether looking at all links is cheaper than looking into the cells of @a area.
    [[nodiscard]] bool scansLinks(const QRectF &area) const
    {
        return m_grid.cellsIn(area) > double(m_links.size()) / 2 + 16 || holdsMost(area);
    }
    [[nodiscard]] bool scansDevices(const QRectF &area) const
    {
        return m_grid.cellsIn(area) > double(m_devices.size()) || holdsMost(area);
    }
    [[nodiscard]] const std::vector<Box> &boxes() const { return m_boxes; }
    /// Living boxes, those that hold others before those.
    [[nodiscard]] const std::vector<quint32> &boxOrder() const;
    /// Names below :/icons/devices/, by DeviceShape::icon.
    [[nodiscard]] const QStringList &icons() const { return m_icons; }
    [[nodiscard]] qsizetype deviceCount() const { return m_deviceOf.size(); }
    [[nodiscard]] qsizetype linkCount() const { return m_linkOf.size(); }

    /// kNone if there is none.
    [[nodiscard]] quint32 deviceSlot(EntityId id) const { return m_deviceOf.value(id, kNone); }
    [[nodiscard]] quint32 linkSlot(EntityId id) const { return m_linkOf.value(id, kNone); }

    [[nodiscard]] LinkShape shapeOf(const LinkRecord &link) const;
    /// Where links of a device end: its place, or the middle of its box.
    [[nodiscard]] QPointF anchor(const DeviceShape &device) const
    {
        return device.box == kNone ? device.pos : m_boxes[device.box].rect.center();
    }
    /// What it covers without its label.
    [[nodiscard]] QRectF rectOf(const DeviceShape &device) const
    {
        return device.box == kNone
                   ? QRectF(device.pos.x() - kHalf, device.pos.y() - kHalf, kIcon, kIcon)
                   : m_boxes[device.box].rect;
    }
    /// What everything covers. O(board).
    [[nodiscard]] QRectF bounds() const;
    /// Covers bounds(), and never shrinks but on load.
    [[nodiscard]] const QRectF &extent() const { return m_extent; }

    // Looking around

    /// Calls visit(slot) for every device (containers too) whose centre may be in @a area.
    template <typename Visit>
    void visitDevices(const QRectF &area, Visit visit) const
    {
        if (scansDevices(area)) {
            for (quint32 slot = 0; slot < m_devices.size(); ++slot) {
                const DeviceShape &d = m_devices[slot];
                if (d.is(Alive) && area.contains(d.pos))
                    visit(slot);
            }
            return;
        }
        m_grid.visitPoints(area, [&](quint32 slot) {
            if (area.contains(m_devices[slot].pos))
                visit(slot);
        });
        for (const quint32 slot : m_liftedDevices) {
            if (area.contains(m_devices[slot].pos))
                visit(slot);
        }
    }
    /// Calls visit(slot) once for every link that may touch @a area.
    template <typename Visit>
    void visitLinks(const QRectF &area, Marks &marks, Visit visit) const
    {
        if (scansLinks(area)) {
            for (quint32 slot = 0; slot < m_links.size(); ++slot) {
                if (m_links[slot].is(Alive))
                    visit(slot);
            }
            return;
        }
        marks.seen.resize(m_links.size(), 0);
        if (++marks.pass == 0) {
            std::fill(marks.seen.begin(), marks.seen.end(), 0);
            marks.pass = 1;
        }
        m_grid.visitLines(area, [&](quint32 slot) {
            if (marks.seen[slot] != marks.pass) {
                marks.seen[slot] = marks.pass;
                visit(slot);
            }
        });
        for (const quint32 slot : m_liftedLinks)
            visit(slot);
    }
    /// Calls visit(link slot, end) for every end of a link on a device.
    template <typename Visit>
    void visitEnds(quint32 device, Visit visit) const
    {
        quint32 half = m_devices[device].head;
        while (half != kNone) {
            const quint32 next = m_links[half >> 1].next[half & 1];
            visit(half >> 1, int(half & 1));
            half = next;
        }
    }

    /// The nearest device (no container) whose picture, grown to at least @a reach around its
    /// centre, holds @a at.
    [[nodiscard]] quint32 deviceAt(QPointF at, double reach) const;
    /// The nearest link within @a reach.
    [[nodiscard]] quint32 linkAt(QPointF at, double reach) const;
    /// The innermost box that holds @a at; kNone if there is none.
    [[nodiscard]] quint32 boxAt(QPointF at, const QSet<EntityId> &except = {}) const;
    /// What a rubber band catches: devices whose picture touches it and boxes that lie in it; if
    /// there are none, links that cross it.
    [[nodiscard]] QList<EntityId> inside(const QRectF &band) const;

    // State of the window

    void setFlag(EntityId id, Flag flag, bool on);

    /// Starts a drag: these devices (what containers hold must be among them) and their links
    /// follow shiftLifted().
    void lift(const QList<EntityId> &ids);
    [[nodiscard]] bool isLifted() const { return !m_liftedDevices.empty(); }
    [[nodiscard]] QPointF shift() const { return m_shift; }
    [[nodiscard]] const std::vector<quint32> &liftedDevices() const { return m_liftedDevices; }
    [[nodiscard]] const std::vector<quint32> &liftedLinks() const { return m_liftedLinks; }
    /// Where a lifted device was when it was lifted.
    [[nodiscard]] QPointF liftedFrom(quint32 device) const
    {
        return m_devices[device].pos - m_shift;
    }
    /// Moves what is lifted to @a shift from where it was.
    void shiftLifted(QPointF shift, Dirty &dirty);
    /// Ends the drag; everything is where the topology has it.
    void letGo(Dirty &dirty);

private:
    struct TypeLook
    {
        quint16 icon;
        bool container;
    };
    const TypeLook &lookOf(const QString &type);
    quint32 newDevice(EntityId id);
    void freeDevice(quint32 slot);
    quint32 newLink(EntityId id);
    void freeLink(quint32 slot);
    /// Copies facts.
    void syncDevice(quint32 slot, const Device &device, Dirty &dirty);
    void syncLink(quint32 slot, const Link &link, Dirty &dirty);
    void placeDevice(quint32 slot, QPointF to, Dirty &dirty);
    void setParent(quint32 slot, quint32 parent, Dirty &dirty);
    void countInto(quint32 parent, const int (&count)[3], int sign, Dirty &dirty);
    void makeBox(quint32 slot);
    void freeBox(quint32 slot);
    void threadLink(quint32 slot, int end);
    void unthreadLink(quint32 slot, int end);
    void enterLink(quint32 slot);
    void leaveLink(quint32 slot);
    /// Sets the lanes of all links between the ends of @a slot.
    void arrangeLanes(quint32 slot, Dirty *dirty);
    /// What a device holds or is has another rectangle: the boxes around it follow.
    void contentMoved(quint32 parent, const QRectF &before, const QRectF &after, Dirty &dirty);
    void recomputeBox(quint32 box, Dirty &dirty);
    void setBoxRect(quint32 box, const QRectF &rect, Dirty &dirty);
    [[nodiscard]] QRectF boxAround(const Box &box) const;
    [[nodiscard]] int depthOf(quint32 slot) const;
    void notePlace(quint32 slot)
    {
        const QPointF at = anchor(m_devices[slot]);
        m_places[slot] = {float(at.x()), float(at.y())};
    }
    static quint8 farLook(Status status, quint8 flags, bool shown)
    {
        return quint8(quint8(status) | (shown ? FarShown : 0) |
                      ((flags & Selected) != 0 ? FarSelected : 0) |
                      ((flags & Found) != 0 ? FarFound : 0));
    }
    void noteDevice(quint32 slot)
    {
        const DeviceShape &d = m_devices[slot];
        m_farDevices[slot] = farLook(d.status, d.flags, d.is(Alive) && d.box == kNone);
    }
    void noteLink(quint32 slot)
    {
        const LinkRecord &l = m_links[slot];
        m_farLinks[slot] = farLook(l.status, l.flags, l.is(Alive));
        m_farEnds[slot] = {l.end[0], l.end[1]};
    }
    void markDevice(quint32 slot, Dirty &dirty) const;
    void markLink(quint32 slot, Dirty &dirty) const;
    void markEnds(quint32 device, Dirty &dirty) const;
    void cover(const QRectF &rect);
    void refreshTypes();

    /// Whether @a area covers so much of the board that going through the rows of everything is
    /// faster than through cells, which come in no order of memory.
    [[nodiscard]] bool holdsMost(const QRectF &area) const
    {
        constexpr double kMost = 0.25;
        const QRectF both = area & m_extent;
        return both.width() * both.height() >= kMost * m_extent.width() * m_extent.height();
    }

    const Topology &m_topology;
    std::vector<DeviceShape> m_devices;
    std::vector<LinkRecord> m_links;
    std::vector<Place> m_places;
    std::vector<quint8> m_farDevices;
    std::vector<FarEnds> m_farEnds;
    std::vector<quint8> m_farLinks;
    std::vector<Box> m_boxes;
    std::vector<quint32> m_freeDevices;
    std::vector<quint32> m_freeLinks;
    std::vector<quint32> m_freeBoxes;
    QHash<EntityId, quint32> m_deviceOf;
    QHash<EntityId, quint32> m_linkOf;
    QHash<QString, TypeLook> m_looks;
    QStringList m_icons;
    SpatialGrid m_grid;
    QRectF m_extent;
    std::vector<quint32> m_liftedDevices;
    std::vector<quint32> m_liftedLinks;
    std::vector<quint32> m_lateBoxes; ///< to be computed again after the drag
    QPointF m_shift;
    bool m_frozen = false;
    bool m_loading = false;
    mutable std::vector<quint32> m_boxOrder;
    mutable bool m_boxOrderStale = false;
    mutable Marks m_marks;
};

} // namespace patchboard::ui
