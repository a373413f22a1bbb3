#pragma once

#include "ui/panels/itemdelegate.h"

namespace patchboard {
class TableModel;
class Topology;
} // namespace patchboard

namespace patchboard::ui {

/// Edits the cells of a table of entities: a choice where a field has one, else a line.
class FieldDelegate : public ItemDelegate
{
    Q_OBJECT
public:
    /// Both must outlive it.
    FieldDelegate(TableModel &model, const Topology &topology, QObject *parent);

    QWidget *createEditor(QWidget *parent, const QStyleOptionViewItem &option,
                          const QModelIndex &index) const override;
    void setEditorData(QWidget *editor, const QModelIndex &index) const override;
    void setModelData(QWidget *editor, QAbstractItemModel *model,
                      const QModelIndex &index) const override;

private:
    TableModel &m_model;
    const Topology &m_topology;
};

} // namespace patchboard::ui
