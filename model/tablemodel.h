#pragma once

#include "model/optics/computedstatus.h"
#include "model/searchindex.h"

#include <QAbstractTableModel>

#include <string>
#include <vector>

namespace patchboard {

/// All devices, all interfaces or all links of a topology as a flat table, sorted by one column
/// and filtered by text.
///
/// Columns are the visible fields of the registry, with the effective status before the reported
/// one, and names instead of ids (an interface's device, a link's ends); then, if somebody computes
/// it, what is computed. Sorting is natural (R2 before R10), without case; what is empty comes
/// last, equal cells stand by id.
///
/// It reports and never writes: setData() emits editRequested(). Changes of the topology become
/// exact row signals, and so does a filter that keeps its rows in few runs. A load, and a filter or
/// change that would need hundreds of signals, is one reset. Not thread-safe.
class TableModel : public QAbstractTableModel, public TopologyObserver, public ComputedObserver
{
    Q_OBJECT
public:
    enum Role {
        IdRole = Qt::UserRole + 1, ///< quint64
        KindRole,                  ///< int of EntityKind
        StatusRole,                ///< int of Status, as reported
        EffectiveStatusRole,       ///< int of Status, with the override
        TypeRole,                  ///< QString: key of a device's type; word of an interface's
        IconRole,                  ///< QString: see iconKey()
        OverriddenRole,            ///< bool: a status is forced
        FieldRole                  ///< int of Field of the cell; -1 if it is not one field
    };

    /// What is computed of devices and links.
    enum class Computed : quint8 { None, Signal, Received, Margin, PathLoss, Health, LinkLoss };

    /// @a topology, @a index and @a computed must outlive the model. @a kind: Device, Interface or
    /// Link.
    TableModel(const Topology &topology, SearchIndex &index, EntityKind kind,
               QObject *parent = nullptr, const ComputedStatus *computed = nullptr);
    ~TableModel() override;

    [[nodiscard]] EntityKind kind() const { return m_kind; }
    /// nullptr for the column of the effective status, and for what is computed.
    [[nodiscard]] const FieldInfo *fieldAt(int column) const;
    [[nodiscard]] Computed computedAt(int column) const;
    /// The name of a column that stays the same in every language and version, for settings.
    [[nodiscard]] QString columnKey(int column) const;
    [[nodiscard]] int columnOf(Field field) const;

    /// Invalid if there is no such row, or the filter hides it.
    [[nodiscard]] QModelIndex indexOf(EntityId id, int column = 0) const;
    [[nodiscard]] EntityId idAt(int row) const;
    [[nodiscard]] EntityId idAt(const QModelIndex &index) const { return idAt(index.row()); }
    /// Rows with and without the filter.
    [[nodiscard]] int totalCount() const { return int(m_entryOf.size()); }

    /// Shows only rows that hold all words of @a text; empty shows all.
    void setFilter(const QString &text);
    [[nodiscard]] QString filter() const { return m_filterText; }
    void setReadOnly(bool readOnly) { m_readOnly = readOnly; }
    [[nodiscard]] int sortColumn() const { return m_sortColumn; }
    [[nodiscard]] Qt::SortOrder sortOrder() const { return m_sortOrder; }

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation,
                        int role = Qt::DisplayRole) const override;
    Qt::ItemFlags flags(const QModelIndex &index) const override;
    /// Asks for a change; true if the value fits the field, and it was asked.
    bool setData(const QModelIndex &index, const QVariant &value, int role = Qt::EditRole) override;
    void sort(int column, Qt::SortOrder order = Qt::AscendingOrder) override;

    void topologyChanged(const Topology &topology, const Delta &delta) override;
    void topologyReset(const Topology &topology) override;
    void computedChanged(const ComputedStatus &computed, const QSet<EntityId> &ids) override;
    void computedReset(const ComputedStatus &computed) override;

Q_SIGNALS:
    void editRequested(patchboard::EntityId id, const patchboard::FieldKey &key,
                       const patchboard::Value &value);

private:
    struct Entry
    {
        EntityId id = 0; ///< 0: free
        std::string key; ///< of the cell in the sort column; bytes in the order of the cells
        mutable quint32 row = 0; ///< where it was last seen; see rowOf()
        quint32 slot = 0;        ///< of the topology's table
        bool visible = false;
    };

    [[nodiscard]] QString computedText(EntityId id, Computed what) const;
    [[nodiscard]] std::string computedKey(EntityId id, Computed what) const;
    [[nodiscard]] std::optional<double> computedNumber(EntityId id, Computed what) const;
    void postStale();
    void updateStale();
    [[nodiscard]] std::string sortKey(EntityId id) const;
    [[nodiscard]] QString cellText(EntityId id, int column) const;
    [[nodiscard]] bool before(const Entry &a, const Entry &b) const;
    [[nodiscard]] quint32 positionIn(const std::vector<quint32> &rows, quint32 entry) const;
    [[nodiscard]] quint32 rowOf(quint32 entry) const;
    [[nodiscard]] bool isEditable(int column) const;
    [[nodiscard]] std::vector<EntityId> dependentsOf(const Delta &delta) const;

    quint32 addEntry(EntityId id);
    void rebuild();
    void sortAll();
    void takeRows(); ///< m_rows from m_order
    void applyFilter();
    void removeFromOrder(std::vector<quint32> entries);
    void insertIntoOrder(std::vector<quint32> entries);
    void hideRows(const std::vector<quint32> &entries);
    void showRows(std::vector<quint32> entries);
    void reorderRows(const std::vector<std::pair<quint32, std::string>> &keys);
    void reportRows(const std::vector<quint32> &entries);

    const Topology &m_topology;
    SearchIndex &m_index;
    const EntityKind m_kind;
    std::vector<const FieldInfo *> m_columns; ///< nullptr: the effective status
    std::vector<Computed> m_computedColumns;  ///< beside m_columns
    const ComputedStatus *m_computed;
    QSet<EntityId> m_stale; ///< computed anew; their rows follow when the change is through
    bool m_staleAll = false;
    bool m_stalePosted = false;
    std::vector<Entry> m_entries;
    std::vector<quint32> m_freeEntries;
    QHash<EntityId, quint32> m_entryOf;
    std::vector<quint32> m_order; ///< all entries, sorted
    std::vector<quint32> m_rows;  ///< those of them that are visible
    int m_sortColumn = 0;
    Qt::SortOrder m_sortOrder = Qt::AscendingOrder;
    QString m_filterText;
    SearchIndex::Query m_filter;
    bool m_readOnly = false;
};

} // namespace patchboard
