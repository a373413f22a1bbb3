#pragma once

#include <QStyledItemDelegate>

namespace patchboard::ui {

/// Paints names with their icons, statuses with their shapes, and a badge on a forced status, in
/// every view of a TopologyModel or a table of it.
class ItemDelegate : public QStyledItemDelegate
{
    Q_OBJECT
public:
    /// @a statusColumn has a status' word; -1 if there is none.
    ItemDelegate(int nameColumn, int statusColumn, QObject *parent);

    void initStyleOption(QStyleOptionViewItem *option, const QModelIndex &index) const override;

private:
    int m_nameColumn;
    int m_statusColumn;
};

} // namespace patchboard::ui
