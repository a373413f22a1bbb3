#include "ui/panels/problemlist.h"

#include "model/topologymodel.h"
#include "ui/actions/theme.h"
#include "ui/commands/boardcommands.h"

#include <algorithm>

namespace patchboard::ui {

namespace {

/// More than these at once are a reset: views read their few visible rows faster again.
constexpr qsizetype kMostProblemSignals = 64;

bool comesBefore(const Problem &a, const Problem &b)
{
    return std::pair(a.kind, a.id) < std::pair(b.kind, b.id);
}

} // namespace

ProblemList::ProblemList(Session &session, const ComputedStatus &computed, QObject *parent)
    : QAbstractTableModel(parent)
    , m_session(session)
    , m_computed(computed)
{
    rebuild();
    m_computed.addObserver(this);
    // A row also shows names.
    connect(session.model(), &TopologyModel::changed, this, [this](const Delta &delta) {
        const bool renamed =
            std::any_of(delta.changed.cbegin(), delta.changed.cend(), [](const auto &each) {
                return each.fields.contains(Field::Name) || each.fields.contains(Field::Label);
            });
        if (renamed && !m_rows.empty())
            Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, ColumnCount - 1));
    });
}

ProblemList::~ProblemList()
{
    m_computed.removeObserver(this);
}

EntityId ProblemList::idAt(int row) const
{
    return row < 0 || row >= rowCount() ? 0 : m_rows[size_t(row)].id;
}

int ProblemList::rowOf(EntityId id) const
{
    const auto kind = m_kinds.constFind(id);
    if (kind == m_kinds.cend())
        return -1;
    return int(std::lower_bound(m_rows.begin(), m_rows.end(), Problem{*kind, id}, comesBefore) -
               m_rows.begin());
}

int ProblemList::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_rows.size());
}

int ProblemList::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(ColumnCount);
}

QVariant ProblemList::data(const QModelIndex &index, int role) const
{
    if (!index.isValid() || index.row() >= rowCount())
        return {};
    const Problem &problem = m_rows[size_t(index.row())];
    const Topology &topology = m_session.topology();
    if (!topology.contains(problem.id)) // its row is about to go
        return {};
    switch (role) {
    case Qt::DisplayRole:
    case Qt::ToolTipRole:
        return index.column() == What ? problemText(m_computed, problem)
                                      : commands::nameOf(topology, problem.id);
    case Qt::DecorationRole:
        if (index.column() == What) {
            return statusIcon(problem.isError() ? Status::Down : Status::Degraded);
        }
        if (const Device *device = topology.device(problem.id))
            return deviceIcon(topology.typeInfo(device->type).icon);
        return actionIcon(QStringLiteral("link"));
    case Qt::AccessibleTextRole:
        if (index.column() == What) {
            return QStringLiteral("%1: %2").arg(problem.isError() ? tr("Error") : tr("Warning"),
                                                problemText(m_computed, problem));
        }
        return {};
    default:
        return {};
    }
}

QVariant ProblemList::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    return section == What ? tr("Problem") : tr("Item");
}

void ProblemList::rebuild()
{
    m_rows.clear();
    m_kinds.clear();
    m_errors = 0;
    const QHash<EntityId, Problem> &problems = m_computed.problems();
    m_rows.reserve(size_t(problems.size()));
    m_kinds.reserve(problems.size());
    for (const Problem &problem : problems) {
        m_rows.push_back(problem);
        m_kinds.insert(problem.id, problem.kind);
        m_errors += problem.isError() ? 1 : 0;
    }
    std::sort(m_rows.begin(), m_rows.end(), comesBefore);
}

void ProblemList::computedChanged(const ComputedStatus &, const QSet<EntityId> &ids)
{
    m_stale.unite(ids);
    post();
}

void ProblemList::computedReset(const ComputedStatus &)
{
    m_staleAll = true;
    post();
}

/// It is told in the middle of a change; rows follow when everybody has heard of that.
void ProblemList::post()
{
    if (!std::exchange(m_posted, true))
        QMetaObject::invokeMethod(this, &ProblemList::update, Qt::QueuedConnection);
}

std::vector<Problem>::iterator ProblemList::placeOf(const Problem &problem)
{
    return std::lower_bound(m_rows.begin(), m_rows.end(), problem, comesBefore);
}

void ProblemList::take(EntityId id)
{
    const QHash<EntityId, Problem> &problems = m_computed.problems();
    const auto now = problems.constFind(id);
    const auto had = m_kinds.constFind(id);
    if (had != m_kinds.cend() && now != problems.cend() && now->kind == *had) {
        const int row = rowOf(id);
        Q_EMIT dataChanged(index(row, 0), index(row, ColumnCount - 1));
        return;
    }
    if (had != m_kinds.cend()) {
        const Problem before{*had, id};
        const auto place = placeOf(before);
        const int row = int(place - m_rows.begin());
        beginRemoveRows({}, row, row);
        m_rows.erase(place);
        m_kinds.remove(id);
        m_errors -= before.isError() ? 1 : 0;
        endRemoveRows();
    }
    if (now != problems.cend()) {
        const auto place = placeOf(*now);
        const int row = int(place - m_rows.begin());
        beginInsertRows({}, row, row);
        m_rows.insert(place, *now);
        m_kinds.insert(id, now->kind);
        m_errors += now->isError() ? 1 : 0;
        endInsertRows();
    }
}

void ProblemList::update()
{
    m_posted = false;
    QSet<EntityId> stale = std::exchange(m_stale, {});
    const QHash<EntityId, Problem> &problems = m_computed.problems();
    stale.removeIf([&](EntityId id) { return !problems.contains(id) && !m_kinds.contains(id); });
    if (std::exchange(m_staleAll, false) || stale.size() > kMostProblemSignals) {
        beginResetModel();
        rebuild();
        endResetModel();
    } else if (stale.isEmpty()) {
        return;
    } else {
        for (const EntityId id : std::as_const(stale))
            take(id);
    }
    Q_EMIT countChanged();
}

} // namespace patchboard::ui
