#include "ui/panels/foundlist.h"

#include "model/entitytext.h"
#include "model/searchindex.h"
#include "model/topologymodel.h"
#include "ui/actions/theme.h"
#include "ui/commands/boardcommands.h"

#include <QSet>

namespace patchboard::ui {

QList<EntityId> FoundList::search(SearchIndex &index, const QString &text)
{
    return index.find(EntityKind::Device, text) + index.find(EntityKind::Link, text) +
           index.find(EntityKind::Interface, text);
}

void FoundList::setSession(Session *session)
{
    if (m_session)
        m_session->model()->disconnect(this);
    m_session = session;
    setIds({});
    if (!session)
        return;
    connect(session->model(), &TopologyModel::topologyWasReset, this, [this] { setIds({}); });
    connect(session->model(), &TopologyModel::changed, this, [this](const Delta &delta) {
        if (m_ids.isEmpty())
            return;
        if (!delta.removed.isEmpty()) {
            QSet<EntityId> gone;
            for (const Delta::Removed &each : delta.removed)
                gone.insert(each.id);
            for (qsizetype row = m_ids.size() - 1; row >= 0; --row) {
                if (!gone.contains(m_ids.at(row)))
                    continue;
                beginRemoveRows({}, int(row), int(row));
                m_ids.removeAt(row);
                endRemoveRows();
            }
        }
        if (!delta.changed.isEmpty() && !m_ids.isEmpty())
            Q_EMIT dataChanged(index(0), index(int(m_ids.size()) - 1));
    });
}

void FoundList::setIds(const QList<EntityId> &ids)
{
    beginResetModel();
    m_ids = ids;
    endResetModel();
}

EntityId FoundList::idAt(const QModelIndex &index) const
{
    return index.isValid() && index.row() < m_ids.size() ? m_ids.at(index.row()) : 0;
}

int FoundList::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_ids.size());
}

QVariant FoundList::data(const QModelIndex &index, int role) const
{
    const EntityId id = idAt(index);
    if (id == 0 || !m_session)
        return {};
    const Topology &topology = m_session->topology();
    switch (role) {
    case Qt::DisplayRole:
    case Qt::AccessibleTextRole:
        return commands::nameOf(topology, id);
    case Qt::DecorationRole:
        return entityIcon(iconKey(topology, id));
    case Qt::ToolTipRole:
        return entityToolTip(topology, id);
    default:
        return {};
    }
}

} // namespace patchboard::ui
