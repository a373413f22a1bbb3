#pragma once

#include "model/core/catalogue.h"
#include "model/core/change.h"
#include "model/core/idlist.h"
#include "model/core/slotindex.h"

#include <QHash>
#include <QSet>

#include <algorithm>
#include <memory>
#include <span>
#include <vector>

namespace patchboard {

class DeltaBuilder;
class Topology;

/// Told of every change after it was made. Observers only look; they never change the topology from
/// here.
class TopologyObserver
{
public:
    virtual void topologyChanged(const Topology &topology, const Delta &delta) = 0;
    /// Everything was replaced (load).
    virtual void topologyReset(const Topology &topology) = 0;

protected:
    ~TopologyObserver() = default;
};

/// Who changes a board, and when. A revision of 0 means that the change is only pending: it does
/// not move times and revisions of entities.
struct ApplyContext
{
    Writer writer;
    quint64 revision = 0;
    qint64 time = 0; ///< ms since 1970 UTC
};

/// The entities of one board, their indices and rules: no history, no clock, no signals of its own.
///
/// Every operation costs O(what it touches). Entities lie in slots that stay the same for their
/// life, so that other arrays can run beside them; within one delta no slot changes its owner. Not
/// thread-safe: one thread owns a topology.
class Topology
{
public:
    /// A dense array with stable slots. A free slot holds an entity with id 0.
    template <typename E>
    class Table
    {
    public:
        [[nodiscard]] const E *find(EntityId id) const
        {
            const quint32 slot = lookUp(id);
            return slot == SlotIndex::kNone ? nullptr : &m_slots[slot];
        }
        [[nodiscard]] qsizetype size() const { return m_index.size(); }
        /// All slots, free ones (id 0) among them.
        [[nodiscard]] std::span<const E> slots() const { return m_slots; }
        /// The slot of an entity, or -1.
        [[nodiscard]] qsizetype slotOf(EntityId id) const
        {
            const quint32 slot = lookUp(id);
            return slot == SlotIndex::kNone ? -1 : qsizetype(slot);
        }
        /// All ids, ascending.
        [[nodiscard]] QList<EntityId> ids() const
        {
            QList<EntityId> out;
            out.reserve(m_index.size());
            for (const E &entity : m_slots) {
                if (entity.id != 0)
                    out.append(entity.id);
            }
            std::sort(out.begin(), out.end());
            return out;
        }

    private:
        friend class Topology;
        [[nodiscard]] quint32 lookUp(EntityId id) const
        {
            return m_index.find(idHash(id),
                                [this, id](quint32 slot) { return m_slots[slot].id == id; });
        }
        E *find(EntityId id)
        {
            const quint32 slot = lookUp(id);
            return slot == SlotIndex::kNone ? nullptr : &m_slots[slot];
        }
        /// Takes over what was just loaded, in its order; it gets into the index one by one.
        void adopt(std::vector<E> rows)
        {
            m_slots = std::move(rows);
            m_index.reserve(m_slots.size());
        }
        /// Its slot. What it was moved from is gone.
        quint32 insert(E &&entity)
        {
            quint32 slot;
            if (const auto kept = m_leaving.constFind(entity.id); kept != m_leaving.cend()) {
                slot = *kept; // back before anybody heard that it was gone
                m_leaving.erase(kept);
            } else if (m_free.empty()) {
                slot = quint32(m_slots.size());
                growTo(m_slots, m_slots.size() + 1);
            } else {
                slot = m_free.back();
                m_free.pop_back();
            }
            m_index.insert(idHash(entity.id), slot);
            m_slots[slot] = std::move(entity);
            return slot;
        }
        void remove(quint32 slot)
        {
            const EntityId id = m_slots[slot].id;
            m_index.remove(idHash(id), slot);
            m_slots[slot] = E();
            m_leaving.insert(id, slot);
        }
        /// The slots of what has gone are free for others from now on.
        void settle()
        {
            if (m_leaving.isEmpty())
                return;
            const auto first = std::ptrdiff_t(m_free.size());
            m_free.insert(m_free.end(), m_leaving.cbegin(), m_leaving.cend());
            std::sort(m_free.begin() + first, m_free.end()); // the same in every process
            m_leaving.clear();
        }
        std::vector<E> m_slots;
        std::vector<quint32> m_free;
        SlotIndex m_index;                  ///< by id
        QHash<EntityId, quint32> m_leaving; ///< slots of what the open batch removed
    };

    Topology();
    ~Topology();
    Topology(const Topology &) = delete;
    Topology &operator=(const Topology &) = delete;

    // Reading

    [[nodiscard]] const BoardInfo &board() const { return m_board; }
    [[nodiscard]] const Table<Device> &devices() const { return m_devices; }
    [[nodiscard]] const Table<Interface> &interfaces() const { return m_interfaces; }
    [[nodiscard]] const Table<Link> &links() const { return m_links; }
    [[nodiscard]] const Table<CustomType> &customTypes() const { return m_types; }
    [[nodiscard]] const Device *device(EntityId id) const { return m_devices.find(id); }
    [[nodiscard]] const Interface *interface(EntityId id) const { return m_interfaces.find(id); }
    [[nodiscard]] const Link *link(EntityId id) const { return m_links.find(id); }
    [[nodiscard]] const CustomType *customType(EntityId id) const { return m_types.find(id); }

    [[nodiscard]] std::optional<EntityKind> kindOf(EntityId id) const;
    [[nodiscard]] bool contains(EntityId id) const { return kindOf(id).has_value(); }
    /// A copy; nullopt if there is none.
    [[nodiscard]] std::optional<Entity> entity(EntityId id) const;
    /// Null also if there is no such entity.
    [[nodiscard]] Value value(EntityId id, const FieldKey &key) const;
    /// The effective status of a device, interface or link; Down if there is none.
    [[nodiscard]] Status effectiveStatus(EntityId id) const;

    /// The container of a device, the device of an interface; 0 of all else.
    [[nodiscard]] EntityId parentOf(EntityId id) const;
    /// Ascending by id. Empty if it has none or is none.
    [[nodiscard]] std::span<const EntityId> interfacesOf(EntityId device) const;
    [[nodiscard]] std::span<const EntityId> linksOf(EntityId interface) const;
    [[nodiscard]] std::span<const EntityId> childrenOf(EntityId container) const;
    /// All links that end on a device, each once.
    [[nodiscard]] QList<EntityId> linksOfDevice(EntityId device) const;
    /// The devices at the ends of a link; 0 if there is no such link.
    [[nodiscard]] std::pair<EntityId, EntityId> endsOf(EntityId link) const;
    /// 0 if there is none. Names compare code unit by code unit.
    [[nodiscard]] EntityId deviceByName(const QString &name) const;
    [[nodiscard]] EntityId interfaceByName(EntityId device, const QString &name) const;
    /// Number of devices of a type.
    [[nodiscard]] qsizetype countOfType(const QString &type) const
    {
        return m_typeCounts.value(type);
    }
    /// The built-in or the board's own type; for an unknown key one like GENERIC with that key.
    [[nodiscard]] DeviceTypeInfo typeInfo(const QString &key) const;
    [[nodiscard]] bool knowsType(const QString &key) const;
    /// Built-in types, then the board's own in the order of their ids.
    [[nodiscard]] QList<DeviceTypeInfo> allTypes() const;
    [[nodiscard]] bool isContainer(const Device &device) const;
    /// True if @a id is @a ancestor or lies in it at any depth.
    [[nodiscard]] bool liesIn(EntityId id, EntityId ancestor) const;
    /// `name`, or the first of name-2, name-3 ... that no device has.
    [[nodiscard]] QString freeDeviceName(const QString &name) const;
    [[nodiscard]] QString freeInterfaceName(EntityId device, const QString &name) const;
    /// Who last wrote a field; nullopt if nobody has since the entity was made.
    [[nodiscard]] std::optional<FieldWriter> writerOf(EntityId id, const FieldKey &key) const;
    /// Of all entities that have any.
    [[nodiscard]] const QHash<EntityId, QList<FieldWriter>> &writers() const { return m_writers; }
    [[nodiscard]] QList<FieldWriter> writersOf(EntityId id) const { return m_writers.value(id); }
    /// What was removed and could be restored; nullptr if unknown.
    [[nodiscard]] const RemovedEntity *removedEntity(EntityId id) const;
    /// Graves in no order, for stores.
    [[nodiscard]] QList<std::shared_ptr<const RemovedEntity>> removedEntities() const;
    /// The greatest counter that any id of @a site has had here, living or removed; 0 if none.
    [[nodiscard]] quint32 highestCounter(SiteId site) const { return m_counters.value(site); }

    /// A hash of all entities' ids, kinds and fields (not times, revisions, writers or graves),
    /// independent of order: equal boards have equal digests. O(board) the first time after a
    /// load; from then on every edit keeps it up to date.
    [[nodiscard]] quint64 digest() const;
    /// Equal in every field, time and revision of every entity. O(board).
    [[nodiscard]] bool operator==(const Topology &other) const;

    // Changing

    struct Outcome
    {
        Expansion expansion;
        Applied applied;
    };
    /// Checks a user's change against the rules, expands it and applies it: whole, or not at all.
    /// Observers hear of it once, after it is done. An outcome without edits (everything was gone)
    /// changes nothing.
    Result<Outcome> submit(const Change &change, const ApplyContext &context,
                           qsizetype *refused = nullptr);
    /// What submit() would do, without doing it. @a refused, if given: which of the edits it is for
    /// which all of them are refused.
    Result<Expansion> check(const Change &change, qsizetype *refused = nullptr);
    /// Applies expanded edits: whole, or not at all (they do not fit this board).
    Result<Applied> apply(const QList<Edit> &edits, const ApplyContext &context);
    /// Takes back exactly what was applied. Nothing that touches the same entities may have been
    /// applied since, unless it was rolled back before.
    void rollback(const Applied &applied);
    /// A pending change, applied with revision 0, was committed as it stands: moves the times,
    /// revisions and writers' revisions of what it touched.
    void confirm(const QList<Edit> &edits, const ApplyContext &context);

    /// Replaces everything, in any order; refuses what does not fit together (an end that is
    /// missing, a name twice, a cycle) and is then empty. Observers see one reset.
    struct Contents
    {
        BoardInfo board;
        std::vector<Device> devices;
        std::vector<Interface> interfaces;
        std::vector<Link> links;
        std::vector<CustomType> types;
        QHash<EntityId, QList<FieldWriter>> writers;
        std::vector<std::shared_ptr<const RemovedEntity>> removed;
    };
    Result<void> load(Contents contents);
    /// The same state in the end, but observers hear only of what differs, as of a change: for
    /// another state of a board that is being looked at. One reset if it was empty, is refused, or
    /// is another board altogether (an id that names a thing of another kind or place).
    Result<void> replace(Contents contents);
    /// Makes another, later state of this board of it: @a news, the board's own settings and every
    /// entity that differs or is new, as it is then, with its writers (`removed` is not looked at);
    /// @a gone is no longer there (ids that are not here count for nothing). O(news + gone).
    /// Observers hear of it as of a change. Refuses what does not fit together, and is then empty
    /// (one reset).
    Result<void> merge(const Contents &news, const QList<EntityId> &gone);

    /// Whether removedEntities() holds all that was removed after @a revision: the oldest are
    /// forgotten one day.
    [[nodiscard]] bool remembersRemovedSince(quint64 revision) const
    {
        return revision >= m_forgotten;
    }

    /// The observer must outlive the topology or be removed before.
    void addObserver(TopologyObserver *observer) const;
    void removeObserver(TopologyObserver *observer) const;

    /// While one lives, what several calls change reaches the observers as one net delta at its
    /// end.
    class DeltaBatch
    {
    public:
        explicit DeltaBatch(Topology &topology);
        ~DeltaBatch();
        DeltaBatch(const DeltaBatch &) = delete;
        DeltaBatch &operator=(const DeltaBatch &) = delete;

    private:
        Topology &m_topology;
    };

private:
    friend class TopologyEditor; // one change in the making; topology.cpp

    struct DeviceIndex
    {
        IdList<2> interfaces;
        IdList<1> children;
    };

    /// Like resize(), but with an eighth to spare, not half of it.
    template <typename V>
    static void growTo(V &rows, size_t size)
    {
        if (size > rows.capacity())
            rows.reserve(size + size / 8 + 16);
        if (size > rows.size())
            rows.resize(size);
    }
    /// Neighbours lie far apart, and evenly; nobody outside can know where.
    static quint64 idHash(EntityId id) { return (id ^ s_hashSeed) * 0x9e3779b97f4a7c15ULL; }

    // The primitives; all the indices are kept here and nowhere else. They do not check.
    void insertEntity(Entity entity, const QList<FieldWriter> &writers);
    RemovedEntity takeEntity(EntityId id);
    void writeField(EntityId id, const FieldKey &key, const Value &value);
    void setWriter(EntityId id, const FieldWriter &writer);
    void clearWriter(EntityId id, const FieldKey &key);
    EntityBase *base(EntityId id);

    void bury(const std::shared_ptr<const RemovedEntity> &removed);
    void exhume(EntityId id);
    void dropDeviceName(quint32 slot);
    void dropInterfaceName(quint32 slot);
    void noteFreeName(EntityId scope, const QString &name);
    [[nodiscard]] QString freeName(EntityId scope, const QString &name) const;
    [[nodiscard]] Result<void> adopt(Contents &contents);
    /// Whether everything with an id of both boards can be made the other's by writing fields.
    [[nodiscard]] bool isAkinTo(const Topology &other) const;
    void become(Topology &other);
    void patch(const Contents &news, const QList<EntityId> &gone);
    [[nodiscard]] bool canPatch(const Contents &news, const QSet<EntityId> &gone) const;
    [[nodiscard]] bool canLose(const Contents &news, const QSet<EntityId> &gone) const;
    [[nodiscard]] EntityId deviceInCycle() const;
    void noteCounter(EntityId id);
    void setCounter(SiteId site, quint32 counter);
    void undoStep(const Applied::Step &step, bool confirmed);
    void clear();

    [[nodiscard]] quint64 digestOf(EntityId id, const FieldKey &key) const;
    static quint64 nameHash(EntityId scope, const QString &name);

    static inline const quint64 s_hashSeed = QHashSeed::globalSeed();
    BoardInfo m_board;
    Table<Device> m_devices;
    Table<Interface> m_interfaces;
    Table<Link> m_links;
    Table<CustomType> m_types;
    std::vector<DeviceIndex> m_deviceIndex; ///< by slot of m_devices, and at least as long
    std::vector<IdList<1>> m_linksOf;       ///< by slot of m_interfaces, and at least as long
    // Several of one name only while rollbacks are under way: what is taken back may meet what came
    // since.
    SlotIndex m_deviceNames;
    SlotIndex m_interfaceNames; ///< of (device, name)
    QHash<QString, qsizetype> m_typeCounts;
    QMultiHash<QString, EntityId> m_typeByKey;
    QHash<EntityId, QList<FieldWriter>> m_writers;
    QHash<EntityId, std::shared_ptr<const RemovedEntity>> m_graves;
    QMultiHash<EntityId, EntityId> m_gravesOf; // by device of an interface, ends of a link
    QList<EntityId> m_graveOrder;
    quint64 m_forgotten = 0; ///< the newest revision of a grave that was forgotten
    QHash<SiteId, quint32> m_counters;
    mutable std::optional<quint64> m_digest;
    mutable QHash<std::pair<EntityId, QString>, int> m_suffixHints;
    mutable std::vector<TopologyObserver *> m_observers; ///< who looks is no part of the value

    int m_batchDepth = 0;
    std::unique_ptr<DeltaBuilder> m_batch;
};

} // namespace patchboard
