#include "model/topologymodel.h"

#include "model/entitytext.h"

#include <QSet>

#include <algorithm>
#include <iterator>
#include <numeric>

namespace patchboard {

namespace {

quintptr insideOf(quint32 node)
{
    return quintptr(node) + 1;
}

const StatusFields *statusOf(const Topology &topology, EntityId id)
{
    if (const Device *device = topology.device(id))
        return &device->state;
    if (const Interface *interface = topology.interface(id))
        return &interface->state;
    if (const Link *link = topology.link(id))
        return &link->state;
    return nullptr;
}

/// The field behind an editable cell.
std::optional<Field> editableField(EntityKind kind, int column)
{
    if (column == TopologyModel::NameColumn)
        return kind == EntityKind::Link ? Field::Label : Field::Name;
    if (column == TopologyModel::AddressColumn && kind != EntityKind::Link)
        return Field::Address;
    return std::nullopt;
}

} // namespace

TopologyModel::TopologyModel(Topology &topology, QObject *parent)
    : QAbstractItemModel(parent)
    , m_topology(topology)
{
    rebuild();
    m_topology.addObserver(this);
}

TopologyModel::~TopologyModel()
{
    m_topology.removeObserver(this);
}

// Nodes

std::span<const quint32> TopologyModel::children(const Node &node) const
{
    if (node.children == kNoChildren)
        return {};
    return m_children[node.children];
}

std::span<const EntityId> TopologyModel::interfaces(quint32 node) const
{
    if (!m_announced.isEmpty()) {
        if (const auto it = m_announced.constFind(node); it != m_announced.cend())
            return *it;
    }
    return m_topology.interfacesOf(m_nodes[node].id);
}

quint32 TopologyModel::positionIn(std::span<const quint32> rows, EntityId id) const
{
    if (rows.empty() || m_nodes[rows.back()].id < id)
        return quint32(rows.size());
    const auto it =
        std::lower_bound(rows.begin(), rows.end(), id, [this](quint32 node, EntityId wanted) {
            return m_nodes[node].id < wanted;
        });
    return quint32(it - rows.begin());
}

quint32 TopologyModel::rowOf(quint32 node) const
{
    const Node &entry = m_nodes[node];
    const auto rows = children(m_nodes[entry.parent]);
    // Rows before it may have come or gone since it was last asked for.
    if (entry.row >= rows.size() || rows[entry.row] != node)
        entry.row = positionIn(rows, entry.id);
    return entry.row;
}

TopologyModel::Rows &TopologyModel::childrenOf(quint32 node)
{
    quint32 &list = m_nodes[node].children;
    if (list == kNoChildren) {
        if (m_freeChildren.empty()) {
            list = quint32(m_children.size());
            m_children.emplace_back();
        } else {
            list = m_freeChildren.back();
            m_freeChildren.pop_back();
        }
    }
    return m_children[list];
}

quint32 TopologyModel::addNode(EntityId id, quint32 parent)
{
    quint32 node;
    if (m_freeNodes.empty()) {
        node = quint32(m_nodes.size());
        m_nodes.emplace_back();
    } else {
        node = m_freeNodes.back();
        m_freeNodes.pop_back();
    }
    Node &entry = m_nodes[node];
    entry.id = id;
    entry.parent = parent;
    entry.interfaces = quint32(m_topology.interfacesOf(id).size());
    m_nodeOf.insert(id, node);
    return node;
}

void TopologyModel::freeNode(quint32 node)
{
    Node &entry = m_nodes[node];
    m_nodeOf.remove(entry.id);
    m_announced.remove(node);
    if (entry.children != kNoChildren) {
        m_children[entry.children] = {};
        m_freeChildren.push_back(entry.children);
    }
    entry = Node();
    m_freeNodes.push_back(node);
}

void TopologyModel::freeSubtree(quint32 node)
{
    std::vector<quint32> open{node};
    while (!open.empty()) {
        const quint32 next = open.back();
        open.pop_back();
        const auto below = children(m_nodes[next]);
        open.insert(open.end(), below.begin(), below.end());
        freeNode(next);
    }
}

quint32 TopologyModel::containerNode(EntityId device) const
{
    const Device *entry = m_topology.device(device);
    return entry && entry->container != 0 ? m_nodeOf.value(entry->container, kDevices) : kDevices;
}

int TopologyModel::depthOf(EntityId device) const
{
    int depth = -1;
    for (const Device *up = m_topology.device(device); up; up = m_topology.device(up->container))
        ++depth;
    return depth;
}

void TopologyModel::rebuild()
{
    m_nodes.clear();
    m_freeNodes.clear();
    m_children.clear();
    m_freeChildren.clear();
    m_nodeOf.clear();
    m_announced.clear();

    const size_t count = size_t(m_topology.devices().size() + m_topology.links().size());
    m_nodes.reserve(count + 2);
    m_nodeOf.reserve(qsizetype(count));
    m_nodes.resize(2); // kDevices, kLinks
    childrenOf(kDevices).reserve(size_t(m_topology.devices().size()));
    childrenOf(kLinks).reserve(size_t(m_topology.links().size()));
    for (const Device &device : m_topology.devices().slots()) {
        if (device.id != 0)
            addNode(device.id, kDevices);
    }
    const quint32 firstLink = quint32(m_nodes.size());
    for (const Link &link : m_topology.links().slots()) {
        if (link.id != 0)
            addNode(link.id, kLinks);
    }
    for (quint32 node = 2; node < quint32(m_nodes.size()); ++node) {
        if (node < firstLink)
            m_nodes[node].parent = containerNode(m_nodes[node].id);
        childrenOf(m_nodes[node].parent).push_back(node);
    }
    const auto byId = [this](quint32 a, quint32 b) { return m_nodes[a].id < m_nodes[b].id; };
    for (Rows &rows : m_children) {
        if (!std::is_sorted(rows.begin(), rows.end(), byId))
            std::sort(rows.begin(), rows.end(), byId);
        for (quint32 row = 0; row < quint32(rows.size()); ++row)
            m_nodes[rows[row]].row = row;
    }
}

// Indexes

const TopologyModel::Node *TopologyModel::parentNode(const QModelIndex &index) const
{
    if (!index.isValid() || index.model() != this || index.internalId() == 0 ||
        index.internalId() > m_nodes.size())
        return nullptr;
    return &m_nodes[index.internalId() - 1];
}

QModelIndex TopologyModel::indexOfNode(quint32 node, int column) const
{
    if (node == kDevices || node == kLinks)
        return createIndex(int(node), column, quintptr(0));
    return createIndex(int(rowOf(node)), column, insideOf(m_nodes[node].parent));
}

QModelIndex TopologyModel::indexOf(Section section) const
{
    return indexOfNode(section == Section::Devices ? kDevices : kLinks);
}

QModelIndex TopologyModel::indexOf(EntityId id, int column) const
{
    if (id == 0 || column < 0 || column >= ColumnCount)
        return {};
    if (const auto it = m_nodeOf.constFind(id); it != m_nodeOf.cend())
        return indexOfNode(*it, column);
    const Interface *interface = m_topology.interface(id);
    const auto device = interface ? m_nodeOf.constFind(interface->device) : m_nodeOf.cend();
    if (device == m_nodeOf.cend())
        return {};
    const auto rows = interfaces(*device);
    const auto it = std::lower_bound(rows.begin(), rows.end(), id);
    if (it == rows.end() || *it != id)
        return {};
    const size_t row = children(m_nodes[*device]).size() + size_t(it - rows.begin());
    return createIndex(int(row), column, insideOf(*device));
}

EntityId TopologyModel::idAt(const QModelIndex &index) const
{
    const Node *parent = parentNode(index);
    if (!parent)
        return 0;
    const auto rows = children(*parent);
    const size_t row = size_t(index.row());
    if (row < rows.size())
        return m_nodes[rows[row]].id;
    if (parent->interfaces == 0)
        return 0;
    const auto ports = interfaces(quint32(index.internalId() - 1));
    return row - rows.size() < ports.size() ? ports[row - rows.size()] : 0;
}

QModelIndex TopologyModel::index(int row, int column, const QModelIndex &parent) const
{
    if (row < 0 || column < 0 || column >= ColumnCount)
        return {};
    if (!parent.isValid())
        return row < 2 ? createIndex(row, column, quintptr(0)) : QModelIndex();
    if (parent.column() != 0)
        return {};
    quint32 node = quint32(parent.row()); // of a section
    if (const Node *above = parentNode(parent)) {
        const auto rows = children(*above);
        if (size_t(parent.row()) >= rows.size()) // an interface: nothing is below
            return {};
        node = rows[size_t(parent.row())];
    }
    const Node &entry = m_nodes[node];
    if (size_t(row) >= children(entry).size() + entry.interfaces)
        return {};
    return createIndex(row, column, insideOf(node));
}

QModelIndex TopologyModel::parent(const QModelIndex &index) const
{
    if (!parentNode(index))
        return {};
    return indexOfNode(quint32(index.internalId() - 1));
}

QModelIndex TopologyModel::sibling(int row, int column, const QModelIndex &index) const
{
    if (row < 0 || column < 0 || column >= ColumnCount || !index.isValid())
        return {};
    if (row == index.row())
        return createIndex(row, column, index.internalId());
    const Node *above = parentNode(index);
    const size_t rows = above ? children(*above).size() + above->interfaces : 2;
    return size_t(row) < rows ? createIndex(row, column, index.internalId()) : QModelIndex();
}

int TopologyModel::rowCount(const QModelIndex &parent) const
{
    if (!parent.isValid())
        return 2;
    if (parent.column() != 0)
        return 0;
    quint32 node = quint32(parent.row());
    if (const Node *above = parentNode(parent)) {
        const auto rows = children(*above);
        if (size_t(parent.row()) >= rows.size())
            return 0;
        node = rows[size_t(parent.row())];
    }
    const Node &entry = m_nodes[node];
    return int(children(entry).size() + entry.interfaces);
}

int TopologyModel::columnCount(const QModelIndex &) const
{
    return ColumnCount;
}

// Cells

QVariant TopologyModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid() || index.model() != this)
        return {};
    if (index.internalId() == 0) {
        if (role == IdRole)
            return QVariant::fromValue(EntityId(0));
        if (role == Qt::DisplayRole && index.column() == NameColumn)
            return index.row() == 0 ? tr("Devices") : tr("Links");
        return {};
    }
    const EntityId id = idAt(index);
    const auto kind = id == 0 ? std::nullopt : m_topology.kindOf(id);
    if (!kind)
        return {};
    const auto text = [](const QString &words) {
        return words.isEmpty() ? QVariant() : QVariant(words);
    };
    switch (role) {
    case Qt::DisplayRole:
        switch (index.column()) {
        case NameColumn:
            return entityTitle(m_topology, id);
        case TypeColumn:
            return text(typeTitle(m_topology, id));
        case StatusColumn:
            return statusLabel(m_topology.effectiveStatus(id));
        case AddressColumn:
            return text(displayText(*fieldInfo(EntityKind::Device, Field::Address),
                                    m_topology.value(id, Field::Address)));
        default:
            return {};
        }
    case Qt::EditRole:
        if (const auto field = editableField(*kind, index.column())) {
            const Value value = m_topology.value(id, *field);
            const QString *words = std::get_if<QString>(&value);
            return words ? *words : QString();
        }
        return data(index, Qt::DisplayRole);
    case Qt::ToolTipRole:
        return entityToolTip(m_topology, id);
    case IdRole:
        return QVariant::fromValue(id);
    case KindRole:
        return int(*kind);
    case StatusRole:
        if (const StatusFields *state = statusOf(m_topology, id))
            return int(state->status);
        return {};
    case EffectiveStatusRole:
        return int(m_topology.effectiveStatus(id));
    case OverriddenRole:
        if (const StatusFields *state = statusOf(m_topology, id))
            return state->override_.has_value();
        return {};
    case TypeRole:
        if (const Device *device = m_topology.device(id))
            return device->type;
        if (const Interface *interface = m_topology.interface(id))
            return interfaceTypeKey(interface->type);
        return {};
    case IconRole:
        return iconKey(m_topology, id);
    case PositionRole:
        if (const Device *device = m_topology.device(id))
            return device->position;
        return {};
    case ContainerRole:
        if (const Device *device = m_topology.device(id))
            return m_topology.isContainer(*device);
        return false;
    default:
        return {};
    }
}

QVariant TopologyModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    constexpr Field fields[ColumnCount] = {Field::Name, Field::DeviceType, Field::Status,
                                           Field::Address};
    if (section < 0 || section >= ColumnCount)
        return {};
    return fieldInfo(EntityKind::Device, fields[section])->translatedLabel();
}

Qt::ItemFlags TopologyModel::flags(const QModelIndex &index) const
{
    if (!index.isValid())
        return Qt::NoItemFlags;
    Qt::ItemFlags flags = Qt::ItemIsEnabled | Qt::ItemIsSelectable;
    const EntityId id = idAt(index);
    if (id == 0)
        return flags;
    const auto kind = m_topology.kindOf(id);
    if (kind && !m_readOnly && editableField(*kind, index.column()))
        flags |= Qt::ItemIsEditable;
    if (kind != EntityKind::Device)
        flags |= Qt::ItemNeverHasChildren;
    return flags;
}

bool TopologyModel::setData(const QModelIndex &index, const QVariant &value, int role)
{
    const EntityId id = idAt(index);
    const auto kind = id == 0 ? std::nullopt : m_topology.kindOf(id);
    if (!kind || role != Qt::EditRole || m_readOnly)
        return false;
    const auto field = editableField(*kind, index.column());
    if (!field)
        return false;
    const QString text = value.toString();
    const Value wanted = text.isEmpty() ? Value() : Value(text);
    if (m_topology.value(id, *field) != wanted)
        Q_EMIT editRequested(id, *field, wanted);
    return true;
}

// Changes
//
// The topology has changed already; the rows follow in steps that each keep the tree whole. What
// is new comes first (it may be where others move to), then what moves (to ancestors first, so
// that nothing ever moves below itself), then interfaces, then what is gone: by now nothing alive
// lies in it.

void TopologyModel::topologyReset(const Topology &)
{
    beginResetModel();
    rebuild();
    endResetModel();
    Q_EMIT topologyWasReset();
}

void TopologyModel::topologyChanged(const Topology &, const Delta &delta)
{
    noteInterfaceRows(delta);
    insertDevices(delta);
    moveDevices(delta);
    updateInterfaces();
    removeNodes(delta, EntityKind::Device);
    m_announced.clear();
    removeNodes(delta, EntityKind::Link);
    std::vector<std::pair<quint32, EntityId>> links;
    for (const Delta::Created &created : delta.created) {
        if (created.kind == EntityKind::Link)
            links.emplace_back(kLinks, created.id);
    }
    insertNodes(std::move(links));
    reportChanges(delta);
    Q_EMIT changed(delta);
}

/// Rebuilds what interfaces() said before the change, for the devices whose interfaces it touched.
void TopologyModel::noteInterfaceRows(const Delta &delta)
{
    QHash<quint32, std::vector<EntityId>> gone;
    QHash<quint32, std::vector<EntityId>> come;
    const auto note = [this](QHash<quint32, std::vector<EntityId>> &ids, EntityId device,
                             EntityId id) {
        if (const auto node = m_nodeOf.constFind(device); node != m_nodeOf.cend())
            ids[*node].push_back(id);
    };
    for (const Delta::Removed &removed : delta.removed) {
        if (removed.kind == EntityKind::Interface)
            note(gone, removed.parent, removed.id);
    }
    for (const Delta::Created &created : delta.created) {
        if (created.kind == EntityKind::Interface)
            note(come, m_topology.interface(created.id)->device, created.id);
    }
    for (const Delta::Changed &changed : delta.changed) {
        if (changed.kind != EntityKind::Interface || !changed.fields.contains(Field::Device))
            continue;
        const EntityId device = m_topology.interface(changed.id)->device;
        if (device != changed.oldParent) {
            note(gone, changed.oldParent, changed.id);
            note(come, device, changed.id);
        }
    }
    const auto sorted = [](std::vector<EntityId> ids) {
        std::sort(ids.begin(), ids.end());
        return ids;
    };
    const auto before = [&](quint32 node) {
        const auto now = m_topology.interfacesOf(m_nodes[node].id);
        const std::vector<EntityId> added = sorted(come.value(node));
        const std::vector<EntityId> removed = sorted(gone.value(node));
        std::vector<EntityId> kept;
        kept.reserve(now.size() + removed.size());
        std::set_difference(now.begin(), now.end(), added.begin(), added.end(),
                            std::back_inserter(kept));
        std::vector<EntityId> all;
        all.reserve(kept.size() + removed.size());
        std::merge(kept.begin(), kept.end(), removed.begin(), removed.end(),
                   std::back_inserter(all));
        return all;
    };
    for (auto it = gone.cbegin(); it != gone.cend(); ++it)
        m_announced.insert(it.key(), before(it.key()));
    for (auto it = come.cbegin(); it != come.cend(); ++it) {
        if (!m_announced.contains(it.key()))
            m_announced.insert(it.key(), before(it.key()));
    }
}

/// New rows, as pairs of the parent's node and the id; whole runs at once.
void TopologyModel::insertNodes(std::vector<std::pair<quint32, EntityId>> rows)
{
    std::sort(rows.begin(), rows.end());
    for (size_t first = 0; first < rows.size();) {
        const quint32 parent = rows[first].first;
        const auto siblings = children(m_nodes[parent]);
        const quint32 position = positionIn(siblings, rows[first].second);
        const EntityId next = position < siblings.size() ? m_nodes[siblings[position]].id
                                                         : std::numeric_limits<EntityId>::max();
        size_t last = first + 1;
        while (last < rows.size() && rows[last].first == parent && rows[last].second < next)
            ++last;
        const quint32 count = quint32(last - first);
        beginInsertRows(indexOfNode(parent), int(position), int(position + count - 1));
        Rows run;
        run.reserve(count);
        for (quint32 i = 0; i < count; ++i) {
            run.push_back(addNode(rows[first + i].second, parent));
            m_nodes[run.back()].row = position + i;
        }
        Rows &list = childrenOf(parent);
        list.insert(list.begin() + position, run.begin(), run.end());
        endInsertRows();
        first = last;
    }
}

void TopologyModel::insertDevices(const Delta &delta)
{
    // Level by level: a container's row is there before the rows in it.
    std::vector<std::pair<int, EntityId>> byDepth;
    for (const Delta::Created &created : delta.created) {
        if (created.kind == EntityKind::Device)
            byDepth.emplace_back(depthOf(created.id), created.id);
    }
    std::sort(byDepth.begin(), byDepth.end());
    for (size_t first = 0; first < byDepth.size();) {
        std::vector<std::pair<quint32, EntityId>> level;
        const int depth = byDepth[first].first;
        for (; first < byDepth.size() && byDepth[first].first == depth; ++first)
            level.emplace_back(containerNode(byDepth[first].second), byDepth[first].second);
        insertNodes(std::move(level));
    }
}

void TopologyModel::moveDevices(const Delta &delta)
{
    struct Move
    {
        int depth;
        quint32 from;
        quint32 to;
        EntityId id;
        quint32 node;
        auto operator<=>(const Move &) const = default;
    };
    std::vector<Move> moves;
    for (const Delta::Changed &changed : delta.changed) {
        if (changed.kind != EntityKind::Device || !changed.fields.contains(Field::Container))
            continue;
        const quint32 node = m_nodeOf.value(changed.id);
        const quint32 to = containerNode(changed.id);
        if (m_nodes[node].parent != to)
            moves.push_back({depthOf(changed.id), m_nodes[node].parent, to, changed.id, node});
    }
    std::sort(moves.begin(), moves.end());
    for (size_t first = 0; first < moves.size();) {
        const auto &[depth, from, to, id, node] = moves[first];
        const quint32 source = rowOf(node);
        const auto target = children(m_nodes[to]);
        const quint32 position = positionIn(target, id);
        const EntityId next = position < target.size() ? m_nodes[target[position]].id
                                                       : std::numeric_limits<EntityId>::max();
        // Rows that lie together and come to lie together.
        size_t last = first + 1;
        while (last < moves.size() && moves[last].depth == depth && moves[last].from == from &&
               moves[last].to == to && moves[last].id < next &&
               rowOf(moves[last].node) == source + quint32(last - first))
            ++last;
        const quint32 count = quint32(last - first);
        beginMoveRows(indexOfNode(from), int(source), int(source + count - 1), indexOfNode(to),
                      int(position));
        Rows &oldRows = childrenOf(from);
        const auto begin = oldRows.begin() + source;
        const Rows run(begin, begin + count);
        oldRows.erase(begin, begin + count);
        Rows &newRows = childrenOf(to);
        newRows.insert(newRows.begin() + position, run.begin(), run.end());
        for (quint32 i = 0; i < count; ++i) {
            m_nodes[run[i]].parent = to;
            m_nodes[run[i]].row = position + i;
        }
        endMoveRows();
        first = last;
    }
}

/// Brings the announced interfaces of each touched device that is still there up to date.
void TopologyModel::updateInterfaces()
{
    QList<quint32> touched = m_announced.keys();
    std::sort(touched.begin(), touched.end());
    for (const quint32 node : std::as_const(touched)) {
        const EntityId device = m_nodes[node].id;
        if (!m_topology.device(device))
            continue; // goes as a whole
        const auto now = m_topology.interfacesOf(device);
        std::vector<EntityId> &shown = m_announced[node];
        const int above = int(children(m_nodes[node]).size());
        for (size_t end = shown.size(); end > 0;) {
            const auto isGone = [&](size_t row) {
                return !std::binary_search(now.begin(), now.end(), shown[row]);
            };
            if (!isGone(end - 1)) {
                --end;
                continue;
            }
            size_t first = end - 1;
            while (first > 0 && isGone(first - 1))
                --first;
            beginRemoveRows(indexOfNode(node), above + int(first), above + int(end) - 1);
            shown.erase(shown.begin() + std::ptrdiff_t(first), shown.begin() + std::ptrdiff_t(end));
            m_nodes[node].interfaces = quint32(shown.size());
            endRemoveRows();
            end = first;
        }
        for (size_t first = 0; first < now.size(); ++first) {
            if (first < shown.size() && shown[first] == now[first])
                continue;
            size_t last = first + 1;
            while (last < now.size() && (first == shown.size() || now[last] < shown[first]))
                ++last;
            beginInsertRows(indexOfNode(node), above + int(first), above + int(last) - 1);
            shown.insert(shown.begin() + std::ptrdiff_t(first), now.begin() + std::ptrdiff_t(first),
                         now.begin() + std::ptrdiff_t(last));
            m_nodes[node].interfaces = quint32(shown.size());
            endInsertRows();
            first = last - 1;
        }
        m_announced.remove(node); // the topology's own array says the same now
    }
}

void TopologyModel::removeNodes(const Delta &delta, EntityKind kind)
{
    QSet<quint32> nodes;
    for (const Delta::Removed &removed : delta.removed) {
        if (removed.kind != kind)
            continue;
        if (const auto it = m_nodeOf.constFind(removed.id); it != m_nodeOf.cend())
            nodes.insert(*it);
    }
    // What lies in something that goes goes with it.
    std::vector<std::pair<quint32, quint32>> rows;
    for (const quint32 node : std::as_const(nodes)) {
        if (!nodes.contains(m_nodes[node].parent))
            rows.emplace_back(m_nodes[node].parent, rowOf(node));
    }
    std::sort(rows.begin(), rows.end());
    for (size_t end = rows.size(); end > 0;) {
        const auto [parent, bottom] = rows[end - 1];
        size_t first = end - 1;
        while (first > 0 && rows[first - 1].first == parent &&
               rows[first - 1].second + 1 == rows[first].second)
            --first;
        const quint32 top = rows[first].second;
        beginRemoveRows(indexOfNode(parent), int(top), int(bottom));
        Rows &list = childrenOf(parent);
        const auto begin = list.begin() + top;
        const Rows run(begin, list.begin() + bottom + 1);
        list.erase(begin, list.begin() + bottom + 1);
        for (const quint32 node : run)
            freeSubtree(node);
        endRemoveRows();
        end = first;
    }
}

void TopologyModel::reportChanges(const Delta &delta)
{
    if (delta.changed.isEmpty() &&
        std::none_of(delta.removed.cbegin(), delta.removed.cend(),
                     [](const auto &entry) { return entry.kind == EntityKind::DeviceType; }) &&
        std::none_of(delta.created.cbegin(), delta.created.cend(),
                     [](const auto &entry) { return entry.kind == EntityKind::DeviceType; }))
        return;

    std::vector<RowChange> rows;
    rows.reserve(size_t(delta.changed.size()));
    const auto addNodeRow = [&](EntityId id, bool onlyPosition) {
        if (const auto it = m_nodeOf.constFind(id); it != m_nodeOf.cend())
            rows.push_back({m_nodes[*it].parent, rowOf(*it), onlyPosition});
    };
    const auto addLinksOf = [&](EntityId interface) {
        for (const EntityId link : m_topology.linksOf(interface))
            addNodeRow(link, false);
    };
    bool typesChanged = false;
    for (const Delta::Changed &changed : delta.changed) {
        switch (changed.kind) {
        case EntityKind::Device:
            addNodeRow(changed.id, changed.fields.size() == 1 &&
                                       changed.fields.constFirst() == Field::Position);
            if (changed.fields.contains(Field::Name)) { // links are called after their ends
                for (const EntityId port : m_topology.interfacesOf(changed.id))
                    addLinksOf(port);
            }
            break;
        case EntityKind::Interface: {
            const QModelIndex index = indexOf(changed.id);
            if (index.isValid())
                rows.push_back({quint32(index.internalId() - 1), quint32(index.row()), false});
            if (changed.fields.contains(Field::Name))
                addLinksOf(changed.id);
            break;
        }
        case EntityKind::Link:
            addNodeRow(changed.id, false);
            break;
        case EntityKind::DeviceType:
            typesChanged = true;
            break;
        case EntityKind::Board:
            break;
        }
    }
    const auto isType = [](const auto &entry) { return entry.kind == EntityKind::DeviceType; };
    typesChanged = typesChanged ||
                   std::any_of(delta.created.cbegin(), delta.created.cend(), isType) ||
                   std::any_of(delta.removed.cbegin(), delta.removed.cend(), isType);
    if (typesChanged) { // the icon and label of devices of the board's own types; rare
        for (const Device &device : m_topology.devices().slots()) {
            if (device.id != 0 && !builtinType(device.type))
                addNodeRow(device.id, false);
        }
    }
    reportRows(std::move(rows));
}

void TopologyModel::reportRows(std::vector<RowChange> rows)
{
    const auto place = [](const RowChange &change) {
        return std::tuple(change.parent, change.row, change.onlyPosition);
    };
    std::sort(rows.begin(), rows.end(),
              [&place](const RowChange &a, const RowChange &b) { return place(a) < place(b); });
    // Of a row that is listed twice, the one with more to say comes first.
    rows.erase(std::unique(rows.begin(), rows.end(),
                           [](const RowChange &a, const RowChange &b) {
                               return a.parent == b.parent && a.row == b.row;
                           }),
               rows.end());
    static const QList<int> positionRoles{PositionRole};
    for (size_t first = 0; first < rows.size();) {
        size_t last = first;
        while (last + 1 < rows.size() && rows[last + 1].parent == rows[first].parent &&
               rows[last + 1].row == rows[last].row + 1 &&
               rows[last + 1].onlyPosition == rows[first].onlyPosition)
            ++last;
        const quintptr above = insideOf(rows[first].parent);
        Q_EMIT dataChanged(createIndex(int(rows[first].row), 0, above),
                           createIndex(int(rows[last].row), ColumnCount - 1, above),
                           rows[first].onlyPosition ? positionRoles : QList<int>());
        first = last + 1;
    }
}

} // namespace patchboard
