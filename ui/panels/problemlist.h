#pragma once

#include "model/optics/computedstatus.h"
#include "model/sync/session.h"

#include <QAbstractTableModel>
#include <QPointer>

#include <vector>

namespace patchboard::ui {

/// The problems of a board, the worst first, then by id. It asks for them when it is made, which
/// takes O(board), and follows by row signals; many at once are one reset.
class ProblemList : public QAbstractTableModel, public ComputedObserver
{
    Q_OBJECT
public:
    enum Column { What, Item, ColumnCount };

    /// Both must outlive it.
    ProblemList(Session &session, const ComputedStatus &computed, QObject *parent = nullptr);
    ~ProblemList() override;

    [[nodiscard]] EntityId idAt(int row) const;
    /// -1 if that has no problem.
    [[nodiscard]] int rowOf(EntityId id) const;
    [[nodiscard]] int errorCount() const { return m_errors; }

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation,
                        int role = Qt::DisplayRole) const override;

    void computedChanged(const ComputedStatus &computed, const QSet<EntityId> &ids) override;
    void computedReset(const ComputedStatus &computed) override;

Q_SIGNALS:
    void countChanged();

private:
    void post();
    void update();
    void rebuild();
    void take(EntityId id);
    [[nodiscard]] std::vector<Problem>::iterator placeOf(const Problem &problem);

    Session &m_session;
    const ComputedStatus &m_computed;
    std::vector<Problem> m_rows;
    QHash<EntityId, Problem::Kind> m_kinds; ///< of what has a row
    QSet<EntityId> m_stale;
    int m_errors = 0;
    bool m_staleAll = false;
    bool m_posted = false;
};

} // namespace patchboard::ui
