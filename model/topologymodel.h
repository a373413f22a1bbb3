#pragma once

#include "model/core/topology.h"

#include <QAbstractItemModel>

#include <limits>
#include <vector>

namespace patchboard {

/// A topology as a tree: a section of devices (those in a container below it, then the device's
/// interfaces) and a section of links. Rows stand in the order of their ids.
///
/// It reports and never writes: setData() emits editRequested(), and the row changes when the
/// topology has. Every change of the topology becomes exact, batched row signals; a reset comes
/// only with a load. An id that is gone has no index and no data, also while the signals of the
/// change that removed it are being sent. Not thread-safe: it lives where the topology does.
///
/// Costs: index() and parent() O(1); id to index O(1), and O(log rows) the first time after rows
/// before it came or went; a row that comes or goes moves 4 bytes per later row, nothing else.
class TopologyModel : public QAbstractItemModel, public TopologyObserver
{
    Q_OBJECT
public:
    enum class Section { Devices = 0, Links = 1 };
    enum Column { NameColumn, TypeColumn, StatusColumn, AddressColumn, ColumnCount };
    enum Role {
        IdRole = Qt::UserRole + 1, ///< quint64; 0 of a section
        KindRole,                  ///< int of EntityKind; none of a section
        StatusRole,                ///< int of Status, as reported
        EffectiveStatusRole,       ///< int of Status, with the override
        TypeRole,                  ///< QString: key of a device's type; word of an interface's
        IconRole,                  ///< QString: see iconKey()
        OverriddenRole,            ///< bool: a status is forced
        PositionRole,              ///< QPointF of a device, scene units
        ContainerRole              ///< bool: devices can lie in it
    };

    /// @a topology must outlive the model.
    explicit TopologyModel(Topology &topology, QObject *parent = nullptr);
    ~TopologyModel() override;

    [[nodiscard]] const Topology &topology() const { return m_topology; }

    /// Invalid if there is no such device, interface or link.
    [[nodiscard]] QModelIndex indexOf(EntityId id, int column = NameColumn) const;
    [[nodiscard]] QModelIndex indexOf(Section section) const;
    /// 0 of a section, and of an index that is invalid or out of date.
    [[nodiscard]] EntityId idAt(const QModelIndex &index) const;

    /// Read-only models have no editable cells.
    void setReadOnly(bool readOnly) { m_readOnly = readOnly; }

    QModelIndex index(int row, int column, const QModelIndex &parent = {}) const override;
    QModelIndex parent(const QModelIndex &index) const override;
    QModelIndex sibling(int row, int column, const QModelIndex &index) const override;
    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation,
                        int role = Qt::DisplayRole) const override;
    Qt::ItemFlags flags(const QModelIndex &index) const override;
    /// Asks for a change of a name, label or address; true if it was asked.
    bool setData(const QModelIndex &index, const QVariant &value, int role = Qt::EditRole) override;

    void topologyChanged(const Topology &topology, const Delta &delta) override;
    void topologyReset(const Topology &topology) override;

Q_SIGNALS:
    /// A change is through, and all row signals of it have been sent.
    void changed(const patchboard::Delta &delta);
    /// Another board, or another state of it, was loaded; the model has been reset.
    void topologyWasReset();
    void editRequested(patchboard::EntityId id, const patchboard::FieldKey &key,
                       const patchboard::Value &value);

private:
    // A section, device or link. Children are device nodes (link nodes below the links' section),
    // ordered by id; a device's interfaces follow them without nodes of their own: they are the
    // topology's own sorted array. An index carries the number of its parent node plus one, so
    // that parent() needs no search; 0 stands for the sections.
    struct Node
    {
        EntityId id = 0; ///< 0 of a section or of a free node
        quint32 parent = 0;
        mutable quint32 row = 0; ///< where it was last seen; see rowOf()
        quint32 interfaces = 0;  ///< rows of them that have been announced
        quint32 children = kNoChildren;
    };
    using Rows = std::vector<quint32>; ///< numbers of nodes
    struct RowChange
    {
        quint32 parent;
        quint32 row;
        bool onlyPosition;
    };
    static constexpr quint32 kNoChildren = std::numeric_limits<quint32>::max();
    static constexpr quint32 kDevices = 0;
    static constexpr quint32 kLinks = 1;

    [[nodiscard]] const Node *parentNode(const QModelIndex &index) const;
    [[nodiscard]] std::span<const quint32> children(const Node &node) const;
    [[nodiscard]] std::span<const EntityId> interfaces(quint32 node) const;
    [[nodiscard]] quint32 rowOf(quint32 node) const;
    [[nodiscard]] quint32 positionIn(std::span<const quint32> rows, EntityId id) const;
    [[nodiscard]] QModelIndex indexOfNode(quint32 node, int column = 0) const;
    [[nodiscard]] quint32 containerNode(EntityId device) const;
    [[nodiscard]] int depthOf(EntityId device) const;

    void rebuild();
    quint32 addNode(EntityId id, quint32 parent);
    void freeNode(quint32 node);
    void freeSubtree(quint32 node);
    Rows &childrenOf(quint32 node);

    void noteInterfaceRows(const Delta &delta);
    void insertNodes(std::vector<std::pair<quint32, EntityId>> rows);
    void insertDevices(const Delta &delta);
    void moveDevices(const Delta &delta);
    void updateInterfaces();
    void removeNodes(const Delta &delta, EntityKind kind);
    void reportChanges(const Delta &delta);
    void reportRows(std::vector<RowChange> rows);

    Topology &m_topology;
    std::vector<Node> m_nodes;
    std::vector<quint32> m_freeNodes;
    std::vector<Rows> m_children; ///< by Node::children
    std::vector<quint32> m_freeChildren;
    QHash<EntityId, quint32> m_nodeOf; ///< of devices and links
    /// While a change is being reported: the interfaces of a device as announced so far.
    QHash<quint32, std::vector<EntityId>> m_announced;
    bool m_readOnly = false;
};

} // namespace patchboard
