#pragma once

#include "model/core/topology.h"

#include <QFrame>

class QListWidget;

namespace patchboard::ui {

/// A small pop-up: which port of either device a new link uses. Used ports are shown as used and
/// can be chosen nevertheless.
class PortPicker : public QFrame
{
    Q_OBJECT
public:
    PortPicker(const Topology &topology, EntityId from, EntityId to, QWidget *parent);
    void popUp(QPoint global);

    /// For tests: the lists, the source's first.
    [[nodiscard]] QListWidget *list(int end) const { return m_lists[end]; }
    void accept();

Q_SIGNALS:
    /// 0 = the first free one, or a new one.
    void chosen(patchboard::EntityId portFrom, patchboard::EntityId portTo);

private:
    QListWidget *m_lists[2];
};

} // namespace patchboard::ui
