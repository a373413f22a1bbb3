#pragma once

#include "model/sync/session.h"

#include <QAbstractListModel>
#include <QPointer>

namespace patchboard {
class SearchIndex;
}

namespace patchboard::ui {

/// A list of items of a board by id, in a given order; what a search found. Items that are removed
/// leave it.
class FoundList : public QAbstractListModel
{
    Q_OBJECT
public:
    using QAbstractListModel::QAbstractListModel;

    /// Devices, then links, then interfaces that match.
    static QList<EntityId> search(SearchIndex &index, const QString &text);

    void setSession(Session *session);
    void setIds(const QList<EntityId> &ids);
    [[nodiscard]] const QList<EntityId> &ids() const { return m_ids; }
    [[nodiscard]] EntityId idAt(const QModelIndex &index) const;

    int rowCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;

private:
    QPointer<Session> m_session;
    QList<EntityId> m_ids;
};

} // namespace patchboard::ui
