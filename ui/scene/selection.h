#pragma once

#include "model/core/value.h"

#include <QList>
#include <QObject>
#include <QSet>

namespace patchboard::ui {

/// The devices and links that are selected in one window, in the order in which they were. It holds
/// ids only; whoever sees a removal prunes it.
class Selection : public QObject
{
    Q_OBJECT
public:
    using QObject::QObject;

    [[nodiscard]] const QList<EntityId> &ids() const { return m_ids; }
    [[nodiscard]] bool contains(EntityId id) const { return m_set.contains(id); }
    [[nodiscard]] bool isEmpty() const { return m_ids.isEmpty(); }
    [[nodiscard]] qsizetype size() const { return m_ids.size(); }

    /// Replaces it. Repeated ids count once. Emits nothing if nothing changed.
    void set(const QList<EntityId> &ids);
    void clear() { set({}); }
    void add(const QList<EntityId> &ids);
    void remove(const QList<EntityId> &ids);
    void toggle(EntityId id);

Q_SIGNALS:
    /// What came and what went; never both empty.
    void changed(const QList<patchboard::EntityId> &added,
                 const QList<patchboard::EntityId> &removed);

private:
    QList<EntityId> m_ids;
    QSet<EntityId> m_set;
};

} // namespace patchboard::ui
