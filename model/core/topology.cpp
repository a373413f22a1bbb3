#include "model/core/topology.h"

#include "model/core/deltabuilder.h"
#include "model/core/mutant.h"

#include <QCoreApplication>

#include <bit>
#include <bitset>
#include <cmath>

namespace patchboard {

namespace {

constexpr qsizetype kMaxGraves = 200000;

/// The texts of this file; lupdate knows their context by it.
struct TopologyText
{
    Q_DECLARE_TR_FUNCTIONS(Topology)
};

Error noLinkRule(const QString &typeA, const QString &typeB)
{
    return {Errc::Conflict,
            TopologyText::tr("No valid link rule between %1 and %2").arg(typeA, typeB)};
}

EntityId parentInTree(const Entity &entity)
{
    if (const auto *device = std::get_if<Device>(&entity))
        return device->container;
    if (const auto *interface = std::get_if<Interface>(&entity))
        return interface->device;
    return 0;
}

// A stable 64-bit hash (splitmix64 finaliser over FNV-1a), the same in every process and release.
quint64 mix(quint64 x)
{
    x ^= x >> 30;
    x *= 0xbf58476d1ce4e5b9ULL;
    x ^= x >> 27;
    x *= 0x94d049bb133111ebULL;
    return x ^ (x >> 31);
}

quint64 textHash(const QString &text)
{
    quint64 h = 0xcbf29ce484222325ULL;
    for (const QChar c : text)
        h = (h ^ c.unicode()) * 0x100000001b3ULL;
    return h;
}

quint64 valueHash(const Value &value)
{
    const quint64 kind = value.index();
    return std::visit(
        [kind](const auto &v) -> quint64 {
            using V = std::decay_t<decltype(v)>;
            if constexpr (std::is_same_v<V, std::monostate>)
                return 0;
            else if constexpr (std::is_same_v<V, bool>)
                return kind * 31 + (v ? 1 : 2);
            else if constexpr (std::is_same_v<V, qint64>)
                return mix(kind * 31 + quint64(v));
            else if constexpr (std::is_same_v<V, double>)
                return mix(kind * 31 + std::bit_cast<quint64>(v == 0.0 ? 0.0 : v));
            else if constexpr (std::is_same_v<V, QPointF>)
                return mix(mix(kind * 31 + std::bit_cast<quint64>(v.x() == 0.0 ? 0.0 : v.x())) +
                           std::bit_cast<quint64>(v.y() == 0.0 ? 0.0 : v.y()));
            else
                return mix(kind * 31 + textHash(v));
        },
        value);
}

quint64 defaultHash(const FieldInfo &info)
{
    static const std::vector<quint64> hashes = [] {
        std::vector<quint64> out;
        for (const FieldInfo &row : fieldRegistry())
            out.push_back(valueHash(fieldOf(makeEntity(row.kind, 0), row.field)));
        return out;
    }();
    return hashes[size_t(&info - fieldRegistry().data())];
}

quint64 termOf(EntityId id, Field field, quint64 propertyHash, quint64 value)
{
    return mix(mix(id) + quint64(field) * 0x9e3779b97f4a7c15ULL + propertyHash + value);
}

/// What a field adds to the digest of a board; nothing while it has its default.
template <typename E>
quint64 fieldHash(const E &entity, const FieldInfo &info)
{
    const quint64 hash = valueHash(fieldOf(entity, info.field));
    return !info.required && hash == defaultHash(info)
               ? 0
               : termOf(entity.id, info.field, textHash({}), hash);
}

template <typename E>
quint64 fieldHash(const E &entity, EntityKind kind, const FieldKey &key)
{
    if (key.field != Field::Property) {
        const FieldInfo *info = fieldInfo(kind, key.field);
        return info ? fieldHash(entity, *info) : 0;
    }
    const Value value = fieldOf(entity, key);
    return isNull(value) ? 0
                         : termOf(entity.id, key.field, textHash(key.property), valueHash(value));
}

template <typename E>
quint64 entityHash(const E &entity, EntityKind kind)
{
    quint64 sum = mix(entity.id * 8 + quint64(kind) + 1);
    for (const FieldInfo &info : fieldsOf(kind))
        sum += fieldHash(entity, info);
    const Properties &properties = entity.remarks->properties;
    for (auto it = properties.cbegin(); it != properties.cend(); ++it)
        sum += termOf(entity.id, Field::Property, textHash(it.key()), valueHash(it.value()));
    return sum;
}

quint64 entityHash(const Entity &entity)
{
    return std::visit([&](const auto &e) { return entityHash(e, kindOf(entity)); }, entity);
}

} // namespace

/// One change in the making. Steps are applied as they come; reject() takes them all back.
class TopologyEditor
{
public:
    TopologyEditor(Topology &topology, const ApplyContext &context)
        : m_topology(topology)
        , m_context(context)
        , m_batch(topology)
        , m_mark(topology.m_batch->mark())
    {
        m_applied.confirmed = context.revision != 0;
    }

    /// Checked, literal application of expanded edits.
    Result<void> applyEdit(const Edit &edit);
    /// Resolves a user's edit against the rules, then applies it.
    Result<void> submitEdit(const Change &change, const Edit &edit);
    /// What can be said of the rules only when all edits are done. @a refused: the edit to blame.
    Result<void> checkAtEnd(qsizetype *refused) const;

    void reject();
    Expansion takeExpansion() { return std::move(m_expansion); }
    Applied takeApplied() { return std::move(m_applied); }
    [[nodiscard]] const Expansion &expansion() const { return m_expansion; }

private:
    Result<void> applyCreate(const CreateEntity &create);
    Result<void> applySet(const SetFields &set);
    Result<void> applyField(EntityId id, EntityKind kind, const FieldChange &field);
    Result<void> applyRemove(const RemoveEntities &remove);

    Result<void> submitCreate(const Change &change, CreateEntity create);
    Result<void> submitSet(const Change &change, const SetFields &set);
    Result<void> submitRemove(const Change &change, const RemoveEntities &remove);
    Result<void> submitRestore(const RestoreEntities &restore);

    /// Whether a link rule allows a link that is there.
    [[nodiscard]] bool isAllowed(EntityId link) const;
    Result<void> checkFields(EntityKind kind, const CreateEntity &create) const;
    Result<void> checkSetField(EntityId id, EntityKind kind, const FieldChange &field) const;
    Result<void> commitCreate(CreateEntity create);
    void collectContents(const Change &change, EntityId container, QSet<EntityId> &removing) const;
    [[nodiscard]] bool hasSeen(const Change &change, const Device &device) const;
    [[nodiscard]] EntityId livingContainer(EntityId container,
                                           const QSet<EntityId> &removing = {}) const;
    void notice(Notice::Kind kind, EntityId id, FieldKey key = {}, QString text = {},
                Value old = {}, quint64 revision = 0)
    {
        if (kind == Notice::Kind::Gone)
            m_skipped.insert(id);
        m_expansion.notices.append(
            {kind, id, std::move(key), std::move(text), std::move(old), revision, {}, 0});
    }
    /// The change before this one that removed something; 0 if none did.
    [[nodiscard]] quint64 removedAt(EntityId id) const
    {
        const RemovedEntity *grave = m_topology.removedEntity(id);
        return grave && grave->remover != m_context.writer ? grave->revision : 0;
    }

    Topology &m_topology;
    const ApplyContext &m_context;
    Topology::DeltaBatch m_batch;
    const size_t m_mark;
    QHash<SiteId, quint32> m_countersBefore;
    Expansion m_expansion;
    Applied m_applied;
    qsizetype m_edit = -1;    ///< the one that is being submitted
    QSet<EntityId> m_skipped; ///< what there is a notice of, that it is gone
    /// Links that a rule allowed until their end became another type; by which edit.
    QHash<EntityId, qsizetype> m_outOfRule;
};

Topology::Topology()
    : m_batch(std::make_unique<DeltaBuilder>())
{
}
Topology::~Topology() = default;

// Reading

std::optional<EntityKind> Topology::kindOf(EntityId id) const
{
    if (id == kBoardId)
        return EntityKind::Board;
    if (m_devices.find(id))
        return EntityKind::Device;
    if (m_interfaces.find(id))
        return EntityKind::Interface;
    if (m_links.find(id))
        return EntityKind::Link;
    if (m_types.find(id))
        return EntityKind::DeviceType;
    return std::nullopt;
}

std::optional<Entity> Topology::entity(EntityId id) const
{
    if (id == kBoardId)
        return m_board;
    if (const Device *device = m_devices.find(id))
        return *device;
    if (const Interface *interface = m_interfaces.find(id))
        return *interface;
    if (const Link *link = m_links.find(id))
        return *link;
    if (const CustomType *type = m_types.find(id))
        return *type;
    return std::nullopt;
}

Value Topology::value(EntityId id, const FieldKey &key) const
{
    if (id == kBoardId)
        return fieldOf(m_board, key);
    if (const Device *device = m_devices.find(id))
        return fieldOf(*device, key);
    if (const Interface *interface = m_interfaces.find(id))
        return fieldOf(*interface, key);
    if (const Link *link = m_links.find(id))
        return fieldOf(*link, key);
    if (const CustomType *type = m_types.find(id))
        return fieldOf(*type, key);
    return {};
}

Status Topology::effectiveStatus(EntityId id) const
{
    if (const Device *device = m_devices.find(id))
        return device->state.effective();
    if (const Interface *interface = m_interfaces.find(id))
        return interface->state.effective();
    if (const Link *link = m_links.find(id))
        return link->state.effective();
    return Status::Down;
}

EntityId Topology::parentOf(EntityId id) const
{
    if (const Device *device = m_devices.find(id))
        return device->container;
    if (const Interface *interface = m_interfaces.find(id))
        return interface->device;
    return 0;
}

std::span<const EntityId> Topology::interfacesOf(EntityId device) const
{
    const quint32 slot = m_devices.lookUp(device);
    return slot == SlotIndex::kNone ? std::span<const EntityId>()
                                    : m_deviceIndex[slot].interfaces.ids();
}

std::span<const EntityId> Topology::childrenOf(EntityId container) const
{
    const quint32 slot = m_devices.lookUp(container);
    return slot == SlotIndex::kNone ? std::span<const EntityId>()
                                    : m_deviceIndex[slot].children.ids();
}

std::span<const EntityId> Topology::linksOf(EntityId interface) const
{
    const quint32 slot = m_interfaces.lookUp(interface);
    return slot == SlotIndex::kNone ? std::span<const EntityId>() : m_linksOf[slot].ids();
}

QList<EntityId> Topology::linksOfDevice(EntityId device) const
{
    QList<EntityId> out;
    for (const EntityId interface : interfacesOf(device)) {
        for (const EntityId link : linksOf(interface))
            out.append(link);
    }
    std::sort(out.begin(), out.end());
    out.erase(std::unique(out.begin(), out.end()), out.end());
    return out;
}

std::pair<EntityId, EntityId> Topology::endsOf(EntityId link) const
{
    const Link *l = m_links.find(link);
    if (!l)
        return {0, 0};
    const Interface *a = m_interfaces.find(l->a);
    const Interface *b = m_interfaces.find(l->b);
    return {a ? a->device : 0, b ? b->device : 0};
}

quint64 Topology::nameHash(EntityId scope, const QString &name)
{
    return mix(qHash(name, size_t(idHash(scope + 1))));
}

EntityId Topology::deviceByName(const QString &name) const
{
    const quint32 slot = m_deviceNames.find(
        nameHash(0, name), [&](quint32 each) { return m_devices.m_slots[each].name == name; });
    return slot == SlotIndex::kNone ? 0 : m_devices.m_slots[slot].id;
}

EntityId Topology::interfaceByName(EntityId device, const QString &name) const
{
    const quint32 slot = m_interfaceNames.find(nameHash(device, name), [&](quint32 each) {
        const Interface &interface = m_interfaces.m_slots[each];
        return interface.device == device && interface.name == name;
    });
    return slot == SlotIndex::kNone ? 0 : m_interfaces.m_slots[slot].id;
}

DeviceTypeInfo Topology::typeInfo(const QString &key) const
{
    if (const DeviceTypeInfo *info = builtinType(key))
        return *info;
    DeviceTypeInfo info = *builtinType(QStringLiteral("GENERIC"));
    info.key = key;
    info.label = key;
    if (const CustomType *type = m_types.find(m_typeByKey.value(key))) {
        if (!type->label.isEmpty())
            info.label = type->label;
        if (const DeviceTypeInfo *lender = builtinType(type->icon))
            info.icon = lender->icon;
        info.isContainer = type->container;
        info.interfaces =
            parseDefaultInterfaces(type->interfaces, nullptr).value_or(QList<DefaultInterface>());
        info.namePrefix = key.toLower().replace(u'_', u'-') + u'-';
    }
    return info;
}

bool Topology::knowsType(const QString &key) const
{
    return builtinType(key) || m_typeByKey.contains(key);
}

QList<DeviceTypeInfo> Topology::allTypes() const
{
    QList<DeviceTypeInfo> out = builtinTypes();
    for (const EntityId id : m_types.ids())
        out.append(typeInfo(m_types.find(id)->key));
    return out;
}

bool Topology::isContainer(const Device &device) const
{
    if (const DeviceTypeInfo *info = builtinType(device.type))
        return info->isContainer;
    const CustomType *type = m_types.find(m_typeByKey.value(device.type));
    return type && type->container;
}

bool Topology::liesIn(EntityId id, EntityId ancestor) const
{
    // Containers never form a cycle, so this ends.
    while (id != 0) {
        if (id == ancestor)
            return true;
        const Device *device = m_devices.find(id);
        id = device ? device->container : 0;
    }
    return false;
}

QString Topology::freeDeviceName(const QString &name) const
{
    return freeName(0, name);
}

QString Topology::freeInterfaceName(EntityId device, const QString &name) const
{
    return freeName(device, name);
}

/// @a scope: a device, for its interfaces; 0 for the devices of the board.
QString Topology::freeName(EntityId scope, const QString &name) const
{
    const auto isFree = [&](const QString &text) {
        return (scope == 0 ? deviceByName(text) : interfaceByName(scope, text)) == 0;
    };
    if (isFree(name) || mutant(Mutant::NoNameFixUp))
        return name;
    // All numbers below the hint are taken, so a thousand things of one name cost a thousand
    // look-ups, not a million.
    for (int &number = m_suffixHints[{scope, name}];; ++number) {
        number = std::max(number, 2);
        const QString candidate = name + u'-' + QString::number(number);
        if (isFree(candidate))
            return candidate;
    }
}

std::optional<FieldWriter> Topology::writerOf(EntityId id, const FieldKey &key) const
{
    const auto it = m_writers.constFind(id);
    if (it != m_writers.cend()) {
        for (const FieldWriter &writer : *it) {
            if (writer.key == key)
                return writer;
        }
    }
    return std::nullopt;
}

const RemovedEntity *Topology::removedEntity(EntityId id) const
{
    return m_graves.value(id).get();
}

QList<std::shared_ptr<const RemovedEntity>> Topology::removedEntities() const
{
    return m_graves.values();
}

quint64 Topology::digest() const
{
    if (m_digest)
        return *m_digest;
    quint64 sum = entityHash(m_board, EntityKind::Board);
    const auto add = [&sum](const auto &table, EntityKind kind) {
        for (const auto &entity : table.slots()) {
            if (entity.id != 0)
                sum += entityHash(entity, kind);
        }
    };
    add(m_devices, EntityKind::Device);
    add(m_interfaces, EntityKind::Interface);
    add(m_links, EntityKind::Link);
    add(m_types, EntityKind::DeviceType);
    m_digest = sum;
    return sum;
}

quint64 Topology::digestOf(EntityId id, const FieldKey &key) const
{
    if (id == kBoardId)
        return fieldHash(m_board, EntityKind::Board, key);
    if (const Device *device = m_devices.find(id))
        return fieldHash(*device, EntityKind::Device, key);
    if (const Interface *interface = m_interfaces.find(id))
        return fieldHash(*interface, EntityKind::Interface, key);
    if (const Link *link = m_links.find(id))
        return fieldHash(*link, EntityKind::Link, key);
    if (const CustomType *type = m_types.find(id))
        return fieldHash(*type, EntityKind::DeviceType, key);
    return 0;
}

bool Topology::operator==(const Topology &other) const
{
    const auto same = [](const auto &mine, const auto &theirs) {
        if (mine.size() != theirs.size())
            return false;
        for (const auto &entity : mine.slots()) {
            if (entity.id == 0)
                continue;
            const auto *twin = theirs.find(entity.id);
            if (!twin || !(*twin == entity))
                return false;
        }
        return true;
    };
    return m_board == other.m_board && same(m_devices, other.m_devices) &&
           same(m_interfaces, other.m_interfaces) && same(m_links, other.m_links) &&
           same(m_types, other.m_types);
}

// Primitives

void Topology::dropInterfaceName(quint32 slot)
{
    const Interface &interface = m_interfaces.m_slots[slot];
    m_interfaceNames.remove(nameHash(interface.device, interface.name), slot);
    noteFreeName(interface.device, interface.name);
}

void Topology::dropDeviceName(quint32 slot)
{
    const QString &name = m_devices.m_slots[slot].name;
    m_deviceNames.remove(nameHash(0, name), slot);
    noteFreeName(0, name);
}

void Topology::noteFreeName(EntityId scope, const QString &name)
{
    if (m_suffixHints.isEmpty())
        return;
    const qsizetype dash = name.lastIndexOf(u'-');
    if (dash < 0)
        return;
    bool ok = false;
    const int number = QStringView(name).mid(dash + 1).toInt(&ok);
    const auto hint = ok ? m_suffixHints.find({scope, name.left(dash)}) : m_suffixHints.end();
    if (hint != m_suffixHints.end() && number < *hint)
        *hint = std::max(number, 2);
}

void Topology::noteCounter(EntityId id)
{
    quint32 &highest = m_counters[siteOf(id)];
    highest = std::max(highest, counterOf(id));
}

void Topology::setCounter(SiteId site, quint32 counter)
{
    if (counter == 0)
        m_counters.remove(site);
    else
        m_counters.insert(site, counter);
}

EntityBase *Topology::base(EntityId id)
{
    if (id == kBoardId)
        return &m_board;
    if (Device *device = m_devices.find(id))
        return device;
    if (Interface *interface = m_interfaces.find(id))
        return interface;
    if (Link *link = m_links.find(id))
        return link;
    return m_types.find(id);
}

void Topology::insertEntity(Entity entity, const QList<FieldWriter> &writers)
{
    const EntityId id = baseOf(entity).id;
    noteCounter(id);
    if (m_digest)
        *m_digest += entityHash(entity);
    if (!writers.isEmpty())
        m_writers.insert(id, writers);
    if (auto *device = std::get_if<Device>(&entity)) {
        // Types repeat: share the text of the catalogue.
        if (const DeviceTypeInfo *info = builtinType(device->type))
            device->type = info->key;
        ++m_typeCounts[device->type];
        const EntityId container = device->container;
        const quint64 hash = nameHash(0, device->name);
        const quint32 slot = m_devices.insert(std::move(*device));
        growTo(m_deviceIndex, m_devices.m_slots.size());
        m_deviceNames.insert(hash, slot);
        if (container != 0)
            m_deviceIndex[m_devices.lookUp(container)].children.insert(id);
    } else if (auto *interface = std::get_if<Interface>(&entity)) {
        const EntityId owner = interface->device;
        const quint64 hash = nameHash(owner, interface->name);
        const quint32 slot = m_interfaces.insert(std::move(*interface));
        growTo(m_linksOf, m_interfaces.m_slots.size());
        m_interfaceNames.insert(hash, slot);
        m_deviceIndex[m_devices.lookUp(owner)].interfaces.insert(id);
    } else if (auto *link = std::get_if<Link>(&entity)) {
        m_linksOf[m_interfaces.lookUp(link->a)].insert(id);
        if (link->b != link->a)
            m_linksOf[m_interfaces.lookUp(link->b)].insert(id);
        m_links.insert(std::move(*link));
    } else if (auto *type = std::get_if<CustomType>(&entity)) {
        m_typeByKey.insert(type->key, id);
        m_types.insert(std::move(*type));
    }
}

RemovedEntity Topology::takeEntity(EntityId id)
{
    RemovedEntity out;
    out.writers = m_writers.take(id);
    if (const quint32 slot = m_devices.lookUp(id); slot != SlotIndex::kNone) {
        dropDeviceName(slot);
        Device &device = m_devices.m_slots[slot];
        --m_typeCounts[device.type];
        if (device.container != 0)
            m_deviceIndex[m_devices.lookUp(device.container)].children.remove(id);
        out.entity = device;
        m_devices.remove(slot);
    } else if (const quint32 port = m_interfaces.lookUp(id); port != SlotIndex::kNone) {
        dropInterfaceName(port);
        const Interface &interface = m_interfaces.m_slots[port];
        m_deviceIndex[m_devices.lookUp(interface.device)].interfaces.remove(id);
        out.entity = interface;
        m_interfaces.remove(port);
    } else if (const Link *link = m_links.find(id)) {
        out.entity = *link;
        for (const EntityId end : {link->a, link->b})
            m_linksOf[m_interfaces.lookUp(end)].remove(id);
        m_links.remove(m_links.lookUp(id));
    } else if (const CustomType *type = m_types.find(id)) {
        out.entity = *type;
        m_typeByKey.remove(type->key, id);
        m_types.remove(m_types.lookUp(id));
    }
    if (m_digest && baseOf(out.entity).id == id)
        *m_digest -= entityHash(out.entity);
    return out;
}

void Topology::writeField(EntityId id, const FieldKey &key, const Value &value)
{
    if (m_digest)
        *m_digest -= digestOf(id, key);
    if (id == kBoardId) {
        setField(m_board, key, value);
    } else if (const quint32 slot = m_devices.lookUp(id); slot != SlotIndex::kNone) {
        Device *device = &m_devices.m_slots[slot];
        if (key.field == Field::Name) {
            dropDeviceName(slot);
            setField(*device, key, value);
            m_deviceNames.insert(nameHash(0, device->name), slot);
        } else if (key.field == Field::Container) {
            if (device->container != 0)
                m_deviceIndex[m_devices.lookUp(device->container)].children.remove(id);
            setField(*device, key, value);
            if (device->container != 0)
                m_deviceIndex[m_devices.lookUp(device->container)].children.insert(id);
        } else if (key.field == Field::DeviceType) {
            --m_typeCounts[device->type];
            setField(*device, key, value);
            ++m_typeCounts[device->type];
        } else {
            setField(*device, key, value);
        }
    } else if (const quint32 port = m_interfaces.lookUp(id); port != SlotIndex::kNone) {
        Interface *interface = &m_interfaces.m_slots[port];
        if (key.field == Field::Name) {
            dropInterfaceName(port);
            setField(*interface, key, value);
            m_interfaceNames.insert(nameHash(interface->device, interface->name), port);
        } else {
            setField(*interface, key, value);
        }
    } else if (Link *link = m_links.find(id)) {
        setField(*link, key, value);
    } else if (CustomType *type = m_types.find(id)) {
        if (key.field == Field::TypeKey)
            m_typeByKey.remove(type->key, id);
        setField(*type, key, value);
        if (key.field == Field::TypeKey)
            m_typeByKey.insert(type->key, id);
    }
    if (m_digest)
        *m_digest += digestOf(id, key);
}

void Topology::setWriter(EntityId id, const FieldWriter &writer)
{
    QList<FieldWriter> &writers = m_writers[id];
    for (FieldWriter &entry : writers) {
        if (entry.key == writer.key) {
            entry = writer;
            return;
        }
    }
    writers.append(writer);
}

void Topology::clearWriter(EntityId id, const FieldKey &key)
{
    const auto it = m_writers.find(id);
    if (it == m_writers.end())
        return;
    it->removeIf([&](const FieldWriter &entry) { return entry.key == key; });
    if (it->isEmpty())
        m_writers.erase(it);
}

void Topology::bury(const std::shared_ptr<const RemovedEntity> &removed)
{
    const EntityId id = baseOf(removed->entity).id;
    noteCounter(id);
    m_graves.insert(id, removed);
    m_graveOrder.append(id);
    if (const auto *interface = std::get_if<Interface>(&removed->entity)) {
        m_gravesOf.insert(interface->device, id);
    } else if (const auto *link = std::get_if<Link>(&removed->entity)) {
        m_gravesOf.insert(link->a, id);
        if (link->b != link->a)
            m_gravesOf.insert(link->b, id);
    }
    // The oldest are forgotten; entries of m_graveOrder whose grave was reopened count for nothing.
    while (m_graves.size() > kMaxGraves || m_graveOrder.size() > 2 * kMaxGraves) {
        const EntityId oldest = m_graveOrder.takeFirst();
        if (!m_graveOrder.isEmpty() && m_graves.contains(oldest) && m_graves.size() > kMaxGraves) {
            m_forgotten = std::max(m_forgotten, m_graves.value(oldest)->revision);
            exhume(oldest);
        }
    }
}

void Topology::exhume(EntityId id)
{
    const auto grave = m_graves.take(id);
    if (!grave)
        return;
    if (const auto *interface = std::get_if<Interface>(&grave->entity)) {
        m_gravesOf.remove(interface->device, id);
    } else if (const auto *link = std::get_if<Link>(&grave->entity)) {
        m_gravesOf.remove(link->a, id);
        m_gravesOf.remove(link->b, id);
    }
}

void Topology::clear()
{
    m_digest.reset();
    m_board = BoardInfo();
    m_devices = {};
    m_interfaces = {};
    m_links = {};
    m_types = {};
    m_deviceIndex.clear();
    m_linksOf.clear();
    m_deviceNames = {};
    m_interfaceNames = {};
    m_typeCounts.clear();
    m_typeByKey.clear();
    m_writers.clear();
    m_graves.clear();
    m_gravesOf.clear();
    m_graveOrder.clear();
    m_forgotten = 0;
    m_counters.clear();
    m_suffixHints.clear();
}

// Literal application

Result<void> TopologyEditor::applyEdit(const Edit &edit)
{
    if (const auto *create = std::get_if<CreateEntity>(&edit))
        return applyCreate(*create);
    if (const auto *set = std::get_if<SetFields>(&edit))
        return applySet(*set);
    if (const auto *remove = std::get_if<RemoveEntities>(&edit))
        return applyRemove(*remove);
    return Error{Errc::Protocol,
                 TopologyText::tr("A committed change holds an edit that is not expanded")};
}

Result<void> TopologyEditor::checkFields(EntityKind kind, const CreateEntity &create) const
{
    std::bitset<256> seen;
    QSet<QString> properties;
    const auto isNew = [&](const FieldKey &key) {
        if (key.field == Field::Property) {
            const qsizetype before = properties.size();
            properties.insert(key.property);
            return properties.size() > before;
        }
        const size_t number = size_t(key.field);
        if (number >= seen.size())
            return true; // unknown, as is said below
        const bool was = seen[number];
        seen[number] = true;
        return !was;
    };
    for (const FieldValue &field : create.fields) {
        if (!isNew(field.key))
            return Error{Errc::BadValue, TopologyText::tr("A field is given twice")};
        if (field.key.field == Field::Property) {
            if (auto ok = checkProperty(field.key.property, field.value); !ok)
                return ok;
            continue;
        }
        const FieldInfo *info = fieldInfo(kind, field.key.field);
        if (!info)
            return Error{Errc::BadValue, TopologyText::tr("Unknown field")};
        if (auto ok = checkValue(*info, field.value); !ok)
            return ok;
    }
    for (const FieldInfo &info : fieldsOf(kind)) {
        if (info.required && !seen[size_t(info.field)]) {
            return Error{Errc::BadValue,
                         TopologyText::tr("%1: a value is needed").arg(QLatin1String(info.key))};
        }
    }
    return {};
}

Result<void> TopologyEditor::applyCreate(const CreateEntity &create)
{
    if (create.id == 0 || create.id > kMaxEntityId || counterOf(create.id) == 0)
        return Error{Errc::BadValue, TopologyText::tr("Invalid id %1").arg(create.id)};
    if (m_topology.contains(create.id))
        return Error{Errc::Conflict, TopologyText::tr("The id %1 is in use").arg(create.id)};
    if (create.kind == EntityKind::Board || quint8(create.kind) > quint8(EntityKind::DeviceType))
        return Error{Errc::BadValue, TopologyText::tr("This kind of thing cannot be created")};
    if (auto ok = checkFields(create.kind, create); !ok)
        return ok;

    Entity entity = makeEntity(create.kind, create.id);
    for (const FieldValue &field : create.fields)
        setField(entity, field.key, field.value);
    EntityBase &base = baseOf(entity);
    if (m_applied.confirmed) {
        base.createdAt = create.createdAt != 0 ? create.createdAt : m_context.time;
        base.updatedAt = m_context.time;
        base.revision = m_context.revision;
        base.createdRevision = m_context.revision;
    }

    if (const auto *device = std::get_if<Device>(&entity)) {
        if (!m_topology.knowsType(device->type))
            return Error{Errc::BadValue,
                         TopologyText::tr("Unknown device type %1").arg(device->type)};
        if (m_topology.deviceByName(device->name) != 0) {
            return Error{
                Errc::Conflict,
                TopologyText::tr("Device with name '%1' already exists").arg(device->name)};
        }
        if (device->container != 0) {
            const Device *container = m_topology.device(device->container);
            if (!container)
                return Error{Errc::NotFound, TopologyText::tr("Container not found")};
            if (!m_topology.isContainer(*container))
                return Error{Errc::BadValue,
                             TopologyText::tr("%1 is not a container").arg(container->name)};
        }
    } else if (const auto *interface = std::get_if<Interface>(&entity)) {
        if (!m_topology.device(interface->device))
            return Error{Errc::NotFound, TopologyText::tr("Device not found")};
        if (m_topology.interfaceByName(interface->device, interface->name) != 0) {
            return Error{Errc::Conflict,
                         TopologyText::tr("Interface with name '%1' already exists on this device")
                             .arg(interface->name)};
        }
    } else if (const auto *link = std::get_if<Link>(&entity)) {
        if ((!m_topology.interface(link->a) || !m_topology.interface(link->b)) &&
            !mutant(Mutant::DanglingRestore))
            return Error{Errc::NotFound, TopologyText::tr("Interface not found")};
    } else if (const auto *type = std::get_if<CustomType>(&entity)) {
        int badLine = 0;
        if (m_topology.knowsType(type->key)) {
            return Error{Errc::Conflict,
                         TopologyText::tr("Device type '%1' already exists").arg(type->key)};
        }
        if (!parseDefaultInterfaces(type->interfaces, &badLine)) {
            return Error{Errc::BadValue,
                         TopologyText::tr(
                             "Default interfaces, line %1: expected a name, a type and a status")
                             .arg(badLine)};
        }
    }

    Applied::Step step;
    step.kind = Applied::Step::Kind::Created;
    step.before.id = create.id;
    step.removed = m_topology.m_graves.value(create.id);
    QList<FieldWriter> writers;
    if (step.removed) {
        writers = step.removed->writers;
        m_topology.exhume(create.id);
    }
    if (const SiteId site = siteOf(create.id); !m_countersBefore.contains(site))
        m_countersBefore.insert(site, m_topology.highestCounter(site));
    m_topology.insertEntity(std::move(entity), writers);
    m_topology.m_batch->created(create.kind, create.id);
    m_applied.steps.append(std::move(step));
    return {};
}

Result<void> TopologyEditor::checkSetField(EntityId id, EntityKind kind,
                                           const FieldChange &field) const
{
    if (field.key.field == Field::Property)
        return checkProperty(field.key.property, field.value);
    const FieldInfo *info = fieldInfo(kind, field.key.field);
    if (!info)
        return Error{Errc::BadValue, TopologyText::tr("Unknown field")};
    if (!info->editable) {
        return Error{Errc::BadValue,
                     TopologyText::tr("%1 cannot be changed").arg(QLatin1String(info->key))};
    }
    if (auto ok = checkValue(*info, field.value); !ok)
        return ok;

    switch (field.key.field) {
    case Field::Name: {
        const QString &name = std::get<QString>(field.value);
        if (kind == EntityKind::Device) {
            const EntityId owner = m_topology.deviceByName(name);
            if (owner != 0 && owner != id) {
                return Error{Errc::Conflict,
                             TopologyText::tr("Device with name '%1' already exists").arg(name)};
            }
        } else if (kind == EntityKind::Interface) {
            const EntityId owner =
                m_topology.interfaceByName(m_topology.interface(id)->device, name);
            if (owner != 0 && owner != id) {
                return Error{
                    Errc::Conflict,
                    TopologyText::tr("Interface with name '%1' already exists on this device")
                        .arg(name)};
            }
        }
        return {};
    }
    case Field::DeviceType: {
        const QString &type = std::get<QString>(field.value);
        if (!m_topology.knowsType(type))
            return Error{Errc::BadValue, TopologyText::tr("Unknown device type %1").arg(type)};
        if (!m_topology.childrenOf(id).empty() && !m_topology.typeInfo(type).isContainer) {
            return Error{Errc::Conflict,
                         TopologyText::tr("%1 holds devices, so it must stay a container")
                             .arg(m_topology.device(id)->name)};
        }
        return {};
    }
    case Field::Container: {
        if (isNull(field.value))
            return {};
        const Device *container = m_topology.device(EntityId(std::get<qint64>(field.value)));
        if (!container)
            return Error{Errc::NotFound, TopologyText::tr("Container not found")};
        if (!m_topology.isContainer(*container))
            return Error{Errc::BadValue,
                         TopologyText::tr("%1 is not a container").arg(container->name)};
        if (m_topology.liesIn(container->id, id) && !mutant(Mutant::CyclesAllowed)) {
            return Error{Errc::Conflict,
                         TopologyText::tr("%1 cannot lie in itself or in what it holds")
                             .arg(m_topology.device(id)->name)};
        }
        return {};
    }
    case Field::TypeKey: {
        const QString &key = std::get<QString>(field.value);
        const CustomType *type = m_topology.customType(id);
        if (key == type->key)
            return {};
        if (m_topology.knowsType(key))
            return Error{Errc::Conflict,
                         TopologyText::tr("Device type '%1' already exists").arg(key)};
        if (m_topology.countOfType(type->key) > 0)
            return Error{Errc::Conflict,
                         TopologyText::tr("Device type '%1' is in use").arg(type->key)};
        return {};
    }
    case Field::TypeContainer: {
        const CustomType *type = m_topology.customType(id);
        if (!type->container || std::get<bool>(field.value) ||
            m_topology.countOfType(type->key) == 0)
            return {};
        for (const Device &device : m_topology.devices().slots()) { // rare enough for all of them
            if (device.type == type->key && !m_topology.childrenOf(device.id).empty())
                return Error{Errc::Conflict,
                             TopologyText::tr("%1 holds devices, so it must stay a container")
                                 .arg(device.name)};
        }
        return {};
    }
    case Field::TypeInterfaces: {
        int badLine = 0;
        if (!parseDefaultInterfaces(std::get<QString>(field.value), &badLine)) {
            return Error{Errc::BadValue,
                         TopologyText::tr(
                             "Default interfaces, line %1: expected a name, a type and a status")
                             .arg(badLine)};
        }
        return {};
    }
    default:
        return {};
    }
}

Result<void> TopologyEditor::applySet(const SetFields &set)
{
    const auto kind = m_topology.kindOf(set.id);
    if (!kind)
        return Error{Errc::NotFound, TopologyText::tr("There is no item with id %1").arg(set.id)};
    for (const FieldChange &field : set.fields) {
        if (auto ok = applyField(set.id, *kind, field); !ok)
            return ok;
    }
    return {};
}

Result<void> TopologyEditor::applyField(EntityId id, EntityKind kind, const FieldChange &field)
{
    if (auto ok = checkSetField(id, kind, field); !ok)
        return ok;
    EntityBase *base = m_topology.base(id);
    Applied::Step step;
    step.kind = Applied::Step::Kind::Set;
    step.before = {id,
                   field.key,
                   m_topology.value(id, field.key),
                   m_topology.writerOf(id, field.key),
                   base->revision,
                   base->updatedAt};
    const EntityId parent = m_topology.parentOf(id);
    m_topology.writeField(id, field.key, field.value);
    m_topology.setWriter(id, {field.key, m_context.writer, m_context.revision});
    if (m_applied.confirmed) {
        base->revision = m_context.revision;
        base->updatedAt = m_context.time;
    }
    m_topology.m_batch->written(kind, id, field.key.field, parent);
    m_applied.steps.append(std::move(step));
    return {};
}

Result<void> TopologyEditor::applyRemove(const RemoveEntities &remove)
{
    for (const EntityId id : remove.ids) {
        const auto kind = m_topology.kindOf(id);
        if (!kind || *kind == EntityKind::Board)
            return Error{Errc::NotFound, TopologyText::tr("There is no item with id %1").arg(id)};
        if (!m_topology.interfacesOf(id).empty() || !m_topology.childrenOf(id).empty() ||
            (!m_topology.linksOf(id).empty() && !mutant(Mutant::NoCascade)))
            return Error{Errc::Conflict,
                         TopologyText::tr("Something still hangs on the item %1").arg(id)};
        if (const CustomType *type = m_topology.customType(id);
            type && m_topology.countOfType(type->key) > 0)
            return Error{Errc::Conflict,
                         TopologyText::tr("Device type '%1' is in use").arg(type->key)};

        auto removed = std::make_shared<RemovedEntity>(m_topology.takeEntity(id));
        removed->revision = m_context.revision;
        removed->remover = m_context.writer;
        m_topology.m_batch->removed(*kind, id, parentInTree(removed->entity));
        Applied::Step step;
        step.kind = Applied::Step::Kind::Removed;
        step.before.id = id;
        step.removed = removed;
        m_topology.bury(removed);
        m_applied.steps.append(std::move(step));
    }
    return {};
}

void TopologyEditor::reject()
{
    m_topology.rollback(m_applied);
    m_topology.m_batch->forgetSince(m_mark); // nobody hears of what never was
    for (auto it = m_countersBefore.cbegin(); it != m_countersBefore.cend(); ++it)
        m_topology.setCounter(it.key(), it.value());
    m_applied.steps.clear();
    m_expansion = {};
}

// Rules

Result<void> TopologyEditor::submitEdit(const Change &change, const Edit &edit)
{
    ++m_edit;
    if (const auto *create = std::get_if<CreateEntity>(&edit))
        return submitCreate(change, *create);
    if (const auto *set = std::get_if<SetFields>(&edit))
        return submitSet(change, *set);
    if (const auto *remove = std::get_if<RemoveEntities>(&edit))
        return submitRemove(change, *remove);
    return submitRestore(std::get<RestoreEntities>(edit));
}

Result<void> TopologyEditor::checkAtEnd(qsizetype *refused) const
{
    // The first of them, whatever the order of the table.
    std::optional<std::pair<qsizetype, EntityId>> first;
    for (auto it = m_outOfRule.cbegin(); it != m_outOfRule.cend(); ++it) {
        // Or it went too, or the other end has become what fits.
        const std::pair found(it.value(), it.key());
        if (m_topology.link(it.key()) && !isAllowed(it.key()) && (!first || found < *first))
            first = found;
    }
    if (!first)
        return {};
    *refused = first->first;
    const auto [a, b] = m_topology.endsOf(first->second);
    return noLinkRule(m_topology.device(a)->type, m_topology.device(b)->type);
}

bool TopologyEditor::isAllowed(EntityId link) const
{
    const auto [idA, idB] = m_topology.endsOf(link);
    const Device *a = m_topology.device(idA);
    const Device *b = m_topology.device(idB);
    return !a || !b || !linkRule(a->type, b->type).isEmpty();
}

EntityId TopologyEditor::livingContainer(EntityId container, const QSet<EntityId> &removing) const
{
    QSet<EntityId> visited; // graves may have formed a cycle over time
    while (container != 0 && !visited.contains(container)) {
        visited.insert(container);
        if (const Device *device = m_topology.device(container)) {
            if (!removing.contains(container) && m_topology.isContainer(*device))
                return container;
            container = device->container;
        } else if (const RemovedEntity *grave = m_topology.removedEntity(container)) {
            const auto *device2 = std::get_if<Device>(&grave->entity);
            container = device2 ? device2->container : 0;
        } else {
            return 0;
        }
    }
    return 0;
}

Result<void> TopologyEditor::commitCreate(CreateEntity create)
{
    if (auto ok = applyCreate(create); !ok)
        return ok;
    m_expansion.edits.append(std::move(create));
    return {};
}

Result<void> TopologyEditor::submitCreate(const Change &change, CreateEntity create)
{
    if (siteOf(create.id) != change.site) {
        return Error{Errc::Forbidden,
                     TopologyText::tr("The id %1 belongs to another site").arg(create.id)};
    }
    if (m_topology.removedEntity(create.id))
        return Error{Errc::Conflict, TopologyText::tr("The id %1 was used before").arg(create.id)};
    if (auto ok = checkFields(create.kind, create); !ok)
        return ok;
    const auto field = [&create](Field key) -> Value * {
        for (FieldValue &entry : create.fields) {
            if (entry.key.field == key)
                return &entry.value;
        }
        return nullptr;
    };
    const auto reference = [&field](Field key) {
        const Value *value = field(key);
        const qint64 *id = value ? std::get_if<qint64>(value) : nullptr;
        return id ? EntityId(*id) : EntityId(0);
    };
    switch (create.kind) {
    case EntityKind::Device: {
        QString &name = std::get<QString>(*field(Field::Name));
        if (const QString free = m_topology.freeDeviceName(name); free != name) {
            name = free;
            notice(Notice::Kind::Renamed, create.id, Field::Name, free);
        }
        const EntityId container = reference(Field::Container);
        if (container != 0 && !m_topology.device(container)) {
            if (!m_topology.removedEntity(container))
                return Error{Errc::NotFound, TopologyText::tr("Container not found")};
            const EntityId living = livingContainer(container);
            *field(Field::Container) = living == 0 ? Value() : Value(qint64(living));
            notice(Notice::Kind::Moved, create.id, Field::Container);
        }
        break;
    }
    case EntityKind::Interface: {
        const EntityId device = reference(Field::Device);
        if (!m_topology.device(device)) {
            if (!m_topology.removedEntity(device))
                return Error{Errc::NotFound, TopologyText::tr("Device not found")};
            notice(Notice::Kind::Gone, create.id, Field::Device, {}, {}, removedAt(device));
            return {};
        }
        QString &name = std::get<QString>(*field(Field::Name));
        if (const QString free = m_topology.freeInterfaceName(device, name); free != name) {
            name = free;
            notice(Notice::Kind::Renamed, create.id, Field::Name, free);
        }
        break;
    }
    case EntityKind::Link: {
        for (const Field end : {Field::AInterface, Field::BInterface}) {
            const EntityId id = reference(end);
            if (m_topology.interface(id))
                continue;
            // An end that went away, or that was not made because its device had, takes only this
            // link with it; an end that never was is a mistake.
            if (!m_topology.removedEntity(id) && !m_skipped.contains(id))
                return Error{Errc::NotFound, TopologyText::tr("Interface not found")};
            notice(Notice::Kind::Gone, create.id, end, {}, {}, removedAt(id));
            return {};
        }
        if (m_topology.board().linkPolicy == LinkPolicy::Enforce) {
            const Interface *a = m_topology.interface(reference(Field::AInterface));
            const Interface *b = m_topology.interface(reference(Field::BInterface));
            const QString typeA = m_topology.device(a->device)->type;
            const QString typeB = m_topology.device(b->device)->type;
            if (linkRule(typeA, typeB).isEmpty())
                return noLinkRule(typeA, typeB);
        }
        break;
    }
    default:
        break;
    }
    create.createdAt = 0;
    return commitCreate(std::move(create));
}

Result<void> TopologyEditor::submitSet(const Change &change, const SetFields &set)
{
    const auto kind = m_topology.kindOf(set.id);
    if (!kind) {
        if (!m_topology.removedEntity(set.id) && !m_skipped.contains(set.id))
            return Error{Errc::NotFound,
                         TopologyText::tr("There is no item with id %1").arg(set.id)};
        for (const FieldChange &field : set.fields)
            notice(Notice::Kind::Gone, set.id, field.key, {}, field.value, removedAt(set.id));
        if (set.fields.isEmpty())
            notice(Notice::Kind::Gone, set.id, {}, {}, {}, removedAt(set.id));
        return {};
    }
    SetFields resolved{set.id, {}};
    for (const FieldChange &field : set.fields) {
        const auto writer = m_topology.writerOf(set.id, field.key);
        // What this change itself has written it may write again: it has passed the guard.
        if (field.ifLast && !mutant(Mutant::UnguardedUndo) &&
            (!writer || (writer->writer != *field.ifLast && writer->writer != m_context.writer))) {
            notice(Notice::Kind::Skipped, set.id, field.key, {},
                   m_topology.value(set.id, field.key), writer ? writer->revision : 0);
            continue;
        }
        FieldChange change2{field.key, field.value, std::nullopt};
        if (const QString *name = std::get_if<QString>(&field.value);
            name && field.key.field == Field::Name && !name->isEmpty()) {
            QString free = *name;
            if (*kind == EntityKind::Device) {
                if (const EntityId owner = m_topology.deviceByName(*name); owner != set.id)
                    free = m_topology.freeDeviceName(*name);
            } else if (*kind == EntityKind::Interface) {
                const EntityId device = m_topology.interface(set.id)->device;
                if (const EntityId owner = m_topology.interfaceByName(device, *name);
                    owner != set.id)
                    free = m_topology.freeInterfaceName(device, *name);
            }
            if (free != *name) {
                change2.value = free;
                notice(Notice::Kind::Renamed, set.id, Field::Name, free);
            }
        }
        if (const qint64 *id = std::get_if<qint64>(&field.value);
            id && field.key.field == Field::Container && !m_topology.device(EntityId(*id)) &&
            m_topology.removedEntity(EntityId(*id))) {
            const EntityId living = livingContainer(EntityId(*id));
            change2.value = living == 0 ? Value() : Value(qint64(living));
            notice(Notice::Kind::Moved, set.id, Field::Container);
        }
        if (writer && writer->revision > change.base && writer->writer.site != change.site &&
            !mutant(Mutant::SilentConflict)) {
            if (const Value old = m_topology.value(set.id, field.key); old != change2.value)
                notice(Notice::Kind::Overwrote, set.id, field.key, {}, old, writer->revision);
        }
        // Two that are linked may become something else in one change, so the end is what counts.
        QList<EntityId> allowed;
        if (field.key.field == Field::DeviceType &&
            m_topology.board().linkPolicy == LinkPolicy::Enforce) {
            allowed = m_topology.linksOfDevice(set.id);
            allowed.removeIf([this](EntityId link) { return !isAllowed(link); });
        }
        if (auto ok = applyField(set.id, *kind, change2); !ok)
            return ok;
        for (const EntityId link : std::as_const(allowed)) {
            if (!isAllowed(link))
                m_outOfRule.insert(link, m_edit);
        }
        resolved.fields.append(std::move(change2));
    }
    if (!resolved.fields.isEmpty())
        m_expansion.edits.append(std::move(resolved));
    return {};
}

bool TopologyEditor::hasSeen(const Change &change, const Device &device) const
{
    if (mutant(Mutant::UnseenRemoved))
        return true;
    if (device.createdRevision > change.base && siteOf(device.id) != change.site)
        return false;
    const auto writer = m_topology.writerOf(device.id, Field::Container);
    return !writer || writer->revision <= change.base || writer->writer.site == change.site;
}

void TopologyEditor::collectContents(const Change &change, EntityId container,
                                     QSet<EntityId> &removing) const
{
    QList<EntityId> open{container};
    while (!open.isEmpty()) {
        for (const EntityId child : m_topology.childrenOf(open.takeLast())) {
            if (removing.contains(child) || !hasSeen(change, *m_topology.device(child)))
                continue;
            removing.insert(child);
            open.append(child);
        }
    }
}

Result<void> TopologyEditor::submitRemove(const Change &change, const RemoveEntities &remove)
{
    QSet<EntityId> devices;
    QSet<EntityId> interfaces;
    QSet<EntityId> links;
    QSet<EntityId> types;
    for (const EntityId id : remove.ids) {
        const auto kind = m_topology.kindOf(id);
        if (!kind) {
            if (!m_topology.removedEntity(id))
                return Error{Errc::NotFound,
                             TopologyText::tr("There is no item with id %1").arg(id)};
            notice(Notice::Kind::Gone, id, {}, {}, {}, removedAt(id));
            continue;
        }
        switch (*kind) {
        case EntityKind::Device:
            devices.insert(id);
            break;
        case EntityKind::Interface:
            interfaces.insert(id);
            break;
        case EntityKind::Link:
            links.insert(id);
            break;
        case EntityKind::DeviceType:
            types.insert(id);
            break;
        case EntityKind::Board:
            return Error{Errc::BadValue, TopologyText::tr("The board itself cannot be removed")};
        }
    }
    if (remove.withContents) {
        const QList<EntityId> roots(devices.cbegin(), devices.cend());
        for (const EntityId id : roots)
            collectContents(change, id, devices);
    }
    // What stays of a removed container's contents moves to the nearest container that stays.
    QList<EntityId> orphans;
    for (const EntityId id : std::as_const(devices)) {
        for (const EntityId child : m_topology.childrenOf(id)) {
            if (!devices.contains(child))
                orphans.append(child);
        }
    }
    std::sort(orphans.begin(), orphans.end());
    for (const EntityId child : std::as_const(orphans)) {
        const EntityId living = livingContainer(m_topology.device(child)->container, devices);
        SetFields move{
            child,
            {{Field::Container, living == 0 ? Value() : Value(qint64(living)), std::nullopt}}};
        if (auto ok = applySet(move); !ok)
            return ok;
        m_expansion.edits.append(std::move(move));
        if (remove.withContents)
            notice(Notice::Kind::Moved, child, Field::Container);
    }
    for (const EntityId id : std::as_const(devices)) {
        for (const EntityId interface : m_topology.interfacesOf(id))
            interfaces.insert(interface);
    }
    for (const EntityId id : std::as_const(interfaces)) {
        if (mutant(Mutant::NoCascade))
            break;
        for (const EntityId link : m_topology.linksOf(id))
            links.insert(link);
    }

    const auto sorted = [](const QSet<EntityId> &ids) {
        QList<EntityId> out(ids.cbegin(), ids.cend());
        std::sort(out.begin(), out.end());
        return out;
    };
    RemoveEntities resolved;
    resolved.ids = sorted(links) + sorted(interfaces);
    // Inner devices before the containers that hold them.
    QList<std::pair<int, EntityId>> byDepth;
    for (const EntityId id : std::as_const(devices)) {
        int depth = 0;
        for (EntityId up = m_topology.device(id)->container; up != 0;
             up = m_topology.device(up)->container)
            ++depth;
        byDepth.append({-depth, id});
    }
    std::sort(byDepth.begin(), byDepth.end());
    for (const auto &[depth, id] : std::as_const(byDepth))
        resolved.ids.append(id);
    resolved.ids += sorted(types);
    if (resolved.ids.isEmpty())
        return {};
    if (auto ok = applyRemove(resolved); !ok)
        return ok;
    m_expansion.edits.append(std::move(resolved));
    return {};
}

Result<void> TopologyEditor::submitRestore(const RestoreEntities &restore)
{
    // What went away together comes back together: a device's interfaces, an interface's links.
    QSet<EntityId> wanted;
    QList<EntityId> open = restore.ids;
    while (!open.isEmpty()) {
        const EntityId id = open.takeLast();
        if (wanted.contains(id) || m_topology.contains(id))
            continue;
        const RemovedEntity *grave = m_topology.removedEntity(id);
        if (!grave) {
            notice(Notice::Kind::NotRestored, id);
            continue;
        }
        wanted.insert(id);
        for (auto [it, end] = m_topology.m_gravesOf.equal_range(id); it != end; ++it) {
            const RemovedEntity *dependent = m_topology.removedEntity(*it);
            if (dependent && dependent->revision == grave->revision &&
                (grave->revision != 0 || dependent->remover == grave->remover))
                open.append(*it);
        }
    }
    QList<EntityId> order(wanted.cbegin(), wanted.cend());
    const auto rank = [this](EntityId id) {
        const Entity &entity = m_topology.removedEntity(id)->entity;
        if (const auto *device = std::get_if<Device>(&entity)) {
            // Containers before what they hold, so they are there to hold it.
            int depth = 10;
            EntityId up = device->container;
            while (up != 0 && depth < 1000) {
                ++depth;
                const RemovedEntity *grave = m_topology.removedEntity(up);
                const Device *container =
                    grave ? std::get_if<Device>(&grave->entity) : m_topology.device(up);
                up = container ? container->container : 0;
            }
            return depth;
        }
        switch (kindOf(entity)) {
        case EntityKind::Interface:
            return 2000;
        case EntityKind::Link:
            return 3000;
        default:
            return 0;
        }
    };
    QHash<EntityId, int> ranks;
    for (const EntityId id : std::as_const(order))
        ranks.insert(id, rank(id));
    std::sort(order.begin(), order.end(), [&ranks](EntityId a, EntityId b) {
        return std::pair(ranks.value(a), a) < std::pair(ranks.value(b), b);
    });
    for (const EntityId id : std::as_const(order)) {
        const auto grave = m_topology.m_graves.value(id);
        Entity entity = grave->entity;
        if (auto *device = std::get_if<Device>(&entity)) {
            if (!m_topology.knowsType(device->type)) {
                notice(Notice::Kind::NotRestored, id, Field::DeviceType);
                continue;
            }
            if (const QString free = m_topology.freeDeviceName(device->name);
                free != device->name) {
                device->name = free;
                notice(Notice::Kind::Renamed, id, Field::Name, free);
            }
            if (device->container != 0) {
                const EntityId living = livingContainer(device->container);
                if (living != device->container) {
                    device->container = living;
                    notice(Notice::Kind::Moved, id, Field::Container);
                }
            }
        } else if (auto *interface = std::get_if<Interface>(&entity)) {
            if (!m_topology.device(interface->device)) {
                notice(Notice::Kind::NotRestored, id, Field::Device);
                continue;
            }
            const QString free = m_topology.freeInterfaceName(interface->device, interface->name);
            if (free != interface->name) {
                interface->name = free;
                notice(Notice::Kind::Renamed, id, Field::Name, free);
            }
        } else if (const auto *link = std::get_if<Link>(&entity)) {
            if ((!m_topology.interface(link->a) || !m_topology.interface(link->b)) &&
                !mutant(Mutant::DanglingRestore)) {
                notice(Notice::Kind::NotRestored, id, Field::AInterface);
                continue;
            }
        } else if (const auto *type = std::get_if<CustomType>(&entity)) {
            if (m_topology.knowsType(type->key)) {
                notice(Notice::Kind::NotRestored, id, Field::TypeKey);
                continue;
            }
        }
        CreateEntity create{patchboard::kindOf(entity), id, fieldsOf(entity),
                            baseOf(entity).createdAt};
        if (auto ok = commitCreate(std::move(create)); !ok)
            return ok;
    }
    return {};
}

// Changing

Result<Topology::Outcome> Topology::submit(const Change &change, const ApplyContext &context,
                                           qsizetype *refused)
{
    TopologyEditor editor(*this, context);
    qsizetype index = 0;
    Result<void> ok;
    while (index < change.edits.size()) {
        ok = editor.submitEdit(change, change.edits.at(index));
        if (!ok)
            break;
        ++index;
    }
    if (ok)
        ok = editor.checkAtEnd(&index);
    if (!ok) {
        if (refused)
            *refused = index;
        editor.reject();
        return ok.error();
    }
    // A change that only makes things whose ends are gone would silently do nothing: say no
    // instead.
    const auto isCreate = [](const Edit &e) { return std::holds_alternative<CreateEntity>(e); };
    if (editor.expansion().edits.isEmpty() && !change.edits.isEmpty() &&
        std::all_of(change.edits.cbegin(), change.edits.cend(), isCreate)) {
        if (refused)
            *refused = 0;
        return Error{Errc::NotFound,
                     TopologyText::tr("What it was to be attached to has been removed")};
    }
    Outcome outcome;
    outcome.expansion = editor.takeExpansion();
    outcome.applied = editor.takeApplied();
    return outcome;
}

Result<Expansion> Topology::check(const Change &change, qsizetype *refused)
{
    const DeltaBatch quiet(*this);
    const size_t mark = m_batch->mark();
    const quint32 counter = highestCounter(change.site);
    auto outcome = submit(change, {{change.site, change.cseq}, 0, 0}, refused);
    if (!outcome)
        return outcome.error();
    rollback(outcome->applied);
    m_batch->forgetSince(mark);
    setCounter(change.site, counter); // a submitted create is always of the change's own site
    return std::move(outcome->expansion);
}

Result<Applied> Topology::apply(const QList<Edit> &edits, const ApplyContext &context)
{
    TopologyEditor editor(*this, context);
    for (const Edit &edit : edits) {
        if (auto ok = editor.applyEdit(edit); !ok) {
            editor.reject();
            return ok.error();
        }
    }
    return editor.takeApplied();
}

void Topology::undoStep(const Applied::Step &step, bool confirmed)
{
    const EntityId id = step.before.id;
    switch (step.kind) {
    case Applied::Step::Kind::Created: {
        const auto kind = kindOf(id);
        const RemovedEntity removed = takeEntity(id);
        m_batch->removed(kind.value_or(EntityKind::Device), id, parentInTree(removed.entity));
        if (step.removed)
            bury(step.removed);
        break;
    }
    case Applied::Step::Kind::Removed:
        exhume(id);
        insertEntity(step.removed->entity, step.removed->writers);
        m_batch->created(patchboard::kindOf(step.removed->entity), id);
        break;
    case Applied::Step::Kind::Set: {
        EntityBase *entity = base(id);
        const EntityId parent = parentOf(id);
        writeField(id, step.before.key, step.before.value);
        if (step.before.writer)
            setWriter(id, *step.before.writer);
        else
            clearWriter(id, step.before.key);
        if (confirmed) {
            entity->revision = step.before.entityRevision;
            entity->updatedAt = step.before.updatedAt;
        }
        m_batch->written(*kindOf(id), id, step.before.key.field, parent);
        break;
    }
    }
}

void Topology::rollback(const Applied &applied)
{
    const DeltaBatch batch(*this);
    for (auto it = applied.steps.crbegin(); it != applied.steps.crend(); ++it)
        undoStep(*it, applied.confirmed);
}

void Topology::confirm(const QList<Edit> &edits, const ApplyContext &context)
{
    // What a later pending change removed again is in its grave by now, and is dated there.
    const auto change = [this](EntityId id, const auto &write) {
        if (EntityBase *entity = base(id)) {
            const auto writers = m_writers.find(id);
            QList<FieldWriter> none;
            write(*entity, writers == m_writers.end() ? none : *writers);
        } else if (const auto grave = m_graves.find(id); grave != m_graves.end()) {
            auto dated = std::make_shared<RemovedEntity>(**grave);
            write(baseOf(dated->entity), dated->writers);
            *grave = std::move(dated);
        }
    };
    const auto date = [&context](EntityBase &entity) {
        entity.revision = context.revision;
        entity.updatedAt = context.time;
    };
    for (const Edit &edit : edits) {
        if (const auto *create = std::get_if<CreateEntity>(&edit)) {
            change(create->id, [&](EntityBase &entity, QList<FieldWriter> &) {
                date(entity);
                entity.createdAt = create->createdAt != 0 ? create->createdAt : context.time;
                entity.createdRevision = context.revision;
            });
        } else if (const auto *set = std::get_if<SetFields>(&edit)) {
            change(set->id, [&](EntityBase &entity, QList<FieldWriter> &writers) {
                date(entity);
                for (const FieldChange &field : set->fields) {
                    for (FieldWriter &writer : writers) {
                        if (writer.key == field.key && writer.writer == context.writer)
                            writer.revision = context.revision;
                    }
                }
            });
        } else if (const auto *remove = std::get_if<RemoveEntities>(&edit)) {
            for (const EntityId id : remove->ids) {
                const auto grave = m_graves.find(id);
                if (grave != m_graves.end() && (*grave)->revision == 0 &&
                    (*grave)->remover == context.writer) {
                    auto dated = std::make_shared<RemovedEntity>(**grave);
                    dated->revision = context.revision;
                    *grave = std::move(dated);
                }
            }
        }
    }
}

Result<void> Topology::load(Contents contents)
{
    // What an open batch has gathered is about another state; the reset says it all.
    m_batch->forgetSince(0);
    clear();
    auto loaded = adopt(contents);
    if (!loaded)
        clear();
    for (TopologyObserver *observer : m_observers)
        observer->topologyReset(*this);
    return loaded;
}

Result<void> Topology::replace(Contents contents)
{
    if (m_devices.size() == 0 && m_types.size() == 0)
        return load(std::move(contents));
    Topology next;
    if (auto loaded = next.adopt(contents); !loaded) {
        (void)load({});
        return loaded;
    }
    if (isAkinTo(next)) {
        const DeltaBatch batch(*this);
        become(next);
        return {};
    }
    contents.board = std::move(next.m_board);
    contents.devices = std::move(next.m_devices.m_slots);
    contents.interfaces = std::move(next.m_interfaces.m_slots);
    contents.links = std::move(next.m_links.m_slots);
    contents.types = std::move(next.m_types.m_slots);
    contents.writers = std::move(next.m_writers);
    contents.removed.clear();
    for (const auto &grave : next.removedEntities())
        contents.removed.push_back(grave);
    return load(std::move(contents));
}

bool Topology::isAkinTo(const Topology &other) const
{
    const auto rows = [](const auto &mine, const auto &theirs, const auto &fits) {
        return std::all_of(mine.slots().begin(), mine.slots().end(), [&](const auto &row) {
            return row.id == 0 || fits(row, theirs.find(row.id));
        });
    };
    const auto known = [&other](EntityId id) { return other.contains(id); };
    return rows(m_devices, other.m_devices,
                [&](const Device &mine, const Device *theirs) {
                    return theirs || !known(mine.id);
                }) &&
           rows(m_types, other.m_types,
                [&](const CustomType &mine, const CustomType *theirs) {
                    return theirs || !known(mine.id);
                }) &&
           rows(m_interfaces, other.m_interfaces,
                [&](const Interface &mine, const Interface *theirs) {
                    return theirs ? theirs->device == mine.device : !known(mine.id);
                }) &&
           rows(m_links, other.m_links, [&](const Link &mine, const Link *theirs) {
               return theirs ? theirs->a == mine.a && theirs->b == mine.b : !known(mine.id);
           });
}

/// Within a batch.
void Topology::become(Topology &other)
{
    Contents news;
    QList<EntityId> gone;
    const auto compare = [&gone](const auto &mine, const auto &theirs, auto &differing) {
        for (const auto &row : mine.slots()) {
            if (row.id != 0 && !theirs.find(row.id))
                gone.append(row.id);
        }
        for (const auto &row : theirs.slots()) {
            const auto *twin = row.id == 0 ? nullptr : mine.find(row.id);
            if (row.id != 0 && (!twin || !(*twin == row)))
                differing.push_back(row);
        }
    };
    compare(m_devices, other.m_devices, news.devices);
    compare(m_interfaces, other.m_interfaces, news.interfaces);
    compare(m_links, other.m_links, news.links);
    compare(m_types, other.m_types, news.types);
    news.board = other.m_board;
    patch(news, gone);
    m_writers = std::move(other.m_writers);
    m_graves = std::move(other.m_graves);
    m_gravesOf = std::move(other.m_gravesOf);
    m_graveOrder = std::move(other.m_graveOrder);
    m_forgotten = other.m_forgotten;
    m_counters = std::move(other.m_counters);
    m_suffixHints.clear();
}

/// Within a batch, of things that fit together. Links and contents go before what they stand on,
/// and come after it. Writers stay as they are.
void Topology::patch(const Contents &news, const QList<EntityId> &gone)
{
    const auto write = [this](EntityKind kind, EntityId id, const FieldKey &key,
                              const Value &value) {
        m_batch->written(kind, id, key.field, parentOf(id));
        writeField(id, key, value);
    };
    const FieldKey container(Field::Container);
    const auto takeOut = [&](EntityId id, EntityId then) {
        const Device *mine = m_devices.find(id);
        if (mine && mine->container != 0 && mine->container != then)
            write(EntityKind::Device, id, container, fieldOf(Device(), container));
    };
    for (const Device &device : news.devices)
        takeOut(device.id, device.container);
    for (const EntityId id : gone)
        takeOut(id, 0);
    const auto removeFrom = [&](const auto &mine, EntityKind kind) {
        for (const EntityId id : gone) {
            if (!mine.find(id))
                continue;
            m_batch->removed(kind, id, parentOf(id));
            (void)takeEntity(id);
        }
    };
    removeFrom(m_links, EntityKind::Link);
    removeFrom(m_interfaces, EntityKind::Interface);
    removeFrom(m_devices, EntityKind::Device);
    removeFrom(m_types, EntityKind::DeviceType);

    const auto writeAll = [&](EntityKind kind, const auto &mine, const auto &theirs) {
        const EntityId id = theirs.id;
        QList<FieldKey> differing;
        const auto compare = [&](const FieldKey &key) {
            if (fieldOf(mine, key) != fieldOf(theirs, key))
                differing.append(key);
        };
        for (const FieldInfo &info : fieldsOf(kind))
            compare(info.field);
        const Properties &now = mine.remarks->properties;
        const Properties &then = theirs.remarks->properties;
        for (auto it = now.cbegin(); it != now.cend(); ++it)
            compare({Field::Property, it.key()});
        for (auto it = then.cbegin(); it != then.cend(); ++it) {
            if (!now.contains(it.key()))
                compare({Field::Property, it.key()});
        }
        for (const FieldKey &key : std::as_const(differing))
            write(kind, id, key, fieldOf(theirs, key));
        EntityBase &dated = *base(id);
        dated.createdAt = theirs.createdAt;
        dated.updatedAt = theirs.updatedAt;
        dated.revision = theirs.revision;
        dated.createdRevision = theirs.createdRevision;
    };
    const auto takeOver = [&](const auto &mine, const auto &theirs, EntityKind kind) {
        for (const auto &row : theirs) {
            if (mine.find(row.id))
                continue;
            auto copy = row;
            if constexpr (std::is_same_v<decltype(copy), Device>)
                copy.container = 0; // it may come later
            insertEntity(std::move(copy), {});
            m_batch->created(kind, row.id);
        }
        for (const auto &row : theirs) {
            if (const auto copy = *mine.find(row.id); !(copy == row))
                writeAll(kind, copy, row);
        }
    };
    takeOver(m_types, news.types, EntityKind::DeviceType);
    takeOver(m_devices, news.devices, EntityKind::Device);
    takeOver(m_interfaces, news.interfaces, EntityKind::Interface);
    takeOver(m_links, news.links, EntityKind::Link);
    if (!(m_board == news.board))
        writeAll(EntityKind::Board, BoardInfo(m_board), news.board);
}

/// Whether nothing would be left that stands on what goes.
bool Topology::canLose(const Contents &news, const QSet<EntityId> &gone) const
{
    QHash<EntityId, EntityId> moved;
    for (const Device &device : news.devices)
        moved.insert(device.id, device.container);
    const auto go = [&gone](const auto &ids) {
        return std::all_of(ids.begin(), ids.end(), [&](EntityId id) { return gone.contains(id); });
    };
    return std::all_of(gone.cbegin(), gone.cend(), [&](EntityId id) {
        if (m_interfaces.find(id))
            return go(linksOf(id));
        if (!m_devices.find(id))
            return true;
        const auto children = childrenOf(id);
        return go(interfacesOf(id)) &&
               std::all_of(children.begin(), children.end(), [&](EntityId child) {
                   return gone.contains(child) || moved.value(child, id) != id;
               });
    });
}

/// Whether patch() may be done: ids are of one kind and place for ever, what a thing stands on is
/// here or comes along, and no name is there twice.
bool Topology::canPatch(const Contents &news, const QSet<EntityId> &gone) const
{
    QSet<EntityId> coming;
    const auto comes = [&](const auto &mine, const auto &row, const auto &same) {
        if (row.id > kMaxEntityId || counterOf(row.id) == 0 || gone.contains(row.id) ||
            coming.contains(row.id))
            return false;
        coming.insert(row.id);
        const auto *twin = mine.find(row.id);
        return twin ? same(*twin) : !contains(row.id);
    };
    const auto always = [](const auto &) { return true; };
    const auto stays = [&](const auto &mine, EntityId id) {
        return mine.find(id) ? !gone.contains(id) : coming.contains(id);
    };
    QSet<std::pair<EntityId, QString>> names;
    const auto isFree = [&](EntityId scope, const QString &name, EntityId id, EntityId holder,
                            const auto &others) {
        const std::pair<EntityId, QString> key(scope, name);
        if (name.isEmpty() || names.contains(key))
            return false;
        names.insert(key);
        // Who comes too has been looked at, or will be, under the name that it has then.
        return holder == 0 || holder == id || gone.contains(holder) || others.contains(holder);
    };
    const auto idsOf = [](const auto &rows) {
        QSet<EntityId> ids;
        for (const auto &row : rows)
            ids.insert(row.id);
        return ids;
    };
    const QSet<EntityId> devices = idsOf(news.devices);
    const QSet<EntityId> interfaces = idsOf(news.interfaces);
    const auto all = [](const auto &rows, const auto &holds) {
        return std::all_of(rows.begin(), rows.end(), holds);
    };
    return news.board.id == kBoardId && canLose(news, gone) &&
           all(news.types, [&](const CustomType &row) { return comes(m_types, row, always); }) &&
           all(news.devices,
               [&](const Device &row) {
                   return comes(m_devices, row, always) &&
                          isFree(0, row.name, row.id, deviceByName(row.name), devices) &&
                          std::isfinite(row.position.x()) && std::isfinite(row.position.y());
               }) &&
           all(news.devices,
               [&](const Device &row) {
                   return row.container == 0 || stays(m_devices, row.container);
               }) &&
           all(news.interfaces,
               [&](const Interface &row) {
                   return stays(m_devices, row.device) &&
                          comes(m_interfaces, row,
                                [&](const Interface &mine) { return mine.device == row.device; }) &&
                          isFree(row.device, row.name, row.id,
                                 interfaceByName(row.device, row.name), interfaces);
               }) &&
           all(news.links,
               [&](const Link &row) {
                   return stays(m_interfaces, row.a) && stays(m_interfaces, row.b) &&
                          comes(m_links, row, [&](const Link &mine) {
                              return mine.a == row.a && mine.b == row.b;
                          });
               }) &&
           all(news.writers.asKeyValueRange(), [&](const auto &writers) {
               return writers.first == kBoardId || coming.contains(writers.first);
           });
}

Result<void> Topology::merge(const Contents &news, const QList<EntityId> &gone)
{
    const auto refuse = [this] {
        (void)load({});
        return Error{Errc::Protocol,
                     TopologyText::tr("What is new on the board does not fit this copy")};
    };
    if (!canPatch(news, QSet<EntityId>(gone.cbegin(), gone.cend())))
        return refuse();
    const DeltaBatch batch(*this);
    QStringList keys; // of types, before
    for (const EntityId id : gone) {
        if (const CustomType *type = m_types.find(id))
            keys.append(type->key);
    }
    for (const CustomType &type : news.types) {
        if (const CustomType *mine = m_types.find(type.id))
            keys.append(mine->key);
    }
    patch(news, gone);
    m_suffixHints.clear();
    m_writers.remove(kBoardId);
    const auto comes = [this](const auto &rows) {
        for (const auto &row : rows) {
            exhume(row.id);
            m_writers.remove(row.id);
        }
    };
    comes(news.types);
    comes(news.devices);
    comes(news.interfaces);
    comes(news.links);
    m_writers.insert(news.writers);
    // What types and containers are is known only now.
    const bool sound =
        std::all_of(keys.cbegin(), keys.cend(),
                    [this](const QString &key) {
                        return knowsType(key) || m_typeCounts.value(key) == 0;
                    }) &&
        std::all_of(news.types.begin(), news.types.end(),
                    [this](const CustomType &type) {
                        return !type.key.isEmpty() && !builtinType(type.key) &&
                               m_typeByKey.count(type.key) == 1;
                    }) &&
        std::all_of(news.devices.begin(), news.devices.end(), [this](const Device &device) {
            const Device *container = m_devices.find(device.container);
            if (!knowsType(device.type) || (container && !isContainer(*container)))
                return false;
            qsizetype depth = 0;
            for (; container && depth <= m_devices.size(); ++depth)
                container = m_devices.find(container->container);
            return !container;
        });
    if (!sound)
        return refuse();
    return {};
}

/// Everything is taken over as it lies, and gets into each index once.
Result<void> Topology::adopt(Contents &contents)
{
    const auto refusal = [](const QString &text) { return Error{Errc::Protocol, text}; };
    const auto usable = [this](EntityId id) {
        return id <= kMaxEntityId && counterOf(id) != 0 && !contains(id);
    };
    const auto isPlace = [](QPointF place) {
        return std::isfinite(place.x()) && std::isfinite(place.y());
    };
    m_board = std::move(contents.board);
    if (m_board.id != kBoardId)
        return refusal(TopologyText::tr("The board cannot be loaded"));
    for (CustomType &type : contents.types) {
        if (!usable(type.id) || type.key.isEmpty() || knowsType(type.key))
            return refusal(TopologyText::tr("Device type %1 cannot be loaded").arg(type.id));
        insertEntity(std::move(type), {});
    }

    m_devices.adopt(std::move(contents.devices));
    m_deviceNames.reserve(m_devices.m_slots.size());
    m_deviceIndex.resize(m_devices.m_slots.size());
    for (quint32 slot = 0; slot < m_devices.m_slots.size(); ++slot) {
        Device &device = m_devices.m_slots[slot];
        if (!usable(device.id) || device.name.isEmpty() || device.type.isEmpty() ||
            deviceByName(device.name) != 0 || !isPlace(device.position))
            return refusal(TopologyText::tr("Device %1 cannot be loaded").arg(device.id));
        // Types repeat: share the text of the catalogue.
        if (const DeviceTypeInfo *info = builtinType(device.type))
            device.type = info->key;
        ++m_typeCounts[device.type];
        noteCounter(device.id);
        m_devices.m_index.insert(idHash(device.id), slot);
        m_deviceNames.insert(nameHash(0, device.name), slot);
    }
    // Containers may come after what they hold. Whoever lies in itself never comes up at an end.
    for (const Device &device : m_devices.m_slots) {
        if (device.container == 0)
            continue;
        const quint32 slot = m_devices.lookUp(device.container);
        if (slot == SlotIndex::kNone || !isContainer(m_devices.m_slots[slot]))
            return refusal(
                TopologyText::tr("Device %1 lies in an impossible container").arg(device.id));
        m_deviceIndex[slot].children.append(device.id);
    }
    if (const EntityId id = deviceInCycle(); id != 0)
        return refusal(TopologyText::tr("Device %1 lies in an impossible container").arg(id));

    m_interfaces.adopt(std::move(contents.interfaces));
    m_interfaceNames.reserve(m_interfaces.m_slots.size());
    m_linksOf.resize(m_interfaces.m_slots.size());
    for (quint32 slot = 0; slot < m_interfaces.m_slots.size(); ++slot) {
        const Interface &interface = m_interfaces.m_slots[slot];
        const quint32 device = m_devices.lookUp(interface.device);
        if (!usable(interface.id) || device == SlotIndex::kNone || interface.name.isEmpty() ||
            interfaceByName(interface.device, interface.name) != 0)
            return refusal(TopologyText::tr("Interface %1 cannot be loaded").arg(interface.id));
        noteCounter(interface.id);
        m_interfaces.m_index.insert(idHash(interface.id), slot);
        m_interfaceNames.insert(nameHash(interface.device, interface.name), slot);
        m_deviceIndex[device].interfaces.append(interface.id);
    }

    m_links.adopt(std::move(contents.links));
    for (quint32 slot = 0; slot < m_links.m_slots.size(); ++slot) {
        const Link &link = m_links.m_slots[slot];
        const quint32 a = m_interfaces.lookUp(link.a);
        const quint32 b = m_interfaces.lookUp(link.b);
        if (!usable(link.id) || a == SlotIndex::kNone || b == SlotIndex::kNone)
            return refusal(TopologyText::tr("Link %1 cannot be loaded").arg(link.id));
        noteCounter(link.id);
        m_links.m_index.insert(idHash(link.id), slot);
        m_linksOf[a].append(link.id);
        if (b != a)
            m_linksOf[b].append(link.id);
    }
    for (DeviceIndex &index : m_deviceIndex) {
        index.interfaces.sort();
        index.children.sort();
    }
    for (IdList<1> &links : m_linksOf)
        links.sort();

    m_writers = std::move(contents.writers);
    for (const auto &grave : contents.removed) {
        const EntityId id = grave ? baseOf(grave->entity).id : 0;
        if (!usable(id) || m_graves.contains(id))
            return refusal(TopologyText::tr("A removed item with id %1 cannot be loaded").arg(id));
        bury(grave);
    }
    return {};
}

/// Of a board that is being loaded: one that lies in itself, at whatever depth; else 0.
EntityId Topology::deviceInCycle() const
{
    enum class Mark : quint8 { Unknown, Open, Sound };
    std::vector<Mark> marks(m_devices.m_slots.size(), Mark::Unknown);
    std::vector<quint32> path;
    for (quint32 start = 0; start < marks.size(); ++start) {
        path.clear();
        quint32 slot = start;
        while (marks[slot] == Mark::Unknown) {
            marks[slot] = Mark::Open;
            path.push_back(slot);
            const EntityId container = m_devices.m_slots[slot].container;
            if (container == 0)
                break;
            slot = m_devices.lookUp(container);
            if (marks[slot] == Mark::Open)
                return m_devices.m_slots[slot].id;
        }
        for (const quint32 each : path)
            marks[each] = Mark::Sound;
    }
    return 0;
}

void Topology::addObserver(TopologyObserver *observer) const
{
    m_observers.push_back(observer);
}

void Topology::removeObserver(TopologyObserver *observer) const
{
    std::erase(m_observers, observer);
}

Topology::DeltaBatch::DeltaBatch(Topology &topology)
    : m_topology(topology)
{
    ++m_topology.m_batchDepth;
}

Topology::DeltaBatch::~DeltaBatch()
{
    if (--m_topology.m_batchDepth > 0)
        return;
    m_topology.m_devices.settle();
    m_topology.m_interfaces.settle();
    m_topology.m_links.settle();
    m_topology.m_types.settle();
    const Delta delta = m_topology.m_batch->take();
    if (delta.isEmpty())
        return;
    for (TopologyObserver *observer : m_topology.m_observers)
        observer->topologyChanged(m_topology, delta);
}

} // namespace patchboard
