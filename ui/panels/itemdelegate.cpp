#include "ui/panels/itemdelegate.h"

#include "model/topologymodel.h"
#include "ui/actions/theme.h"

namespace patchboard::ui {

ItemDelegate::ItemDelegate(int nameColumn, int statusColumn, QObject *parent)
    : QStyledItemDelegate(parent)
    , m_nameColumn(nameColumn)
    , m_statusColumn(statusColumn)
{
}

void ItemDelegate::initStyleOption(QStyleOptionViewItem *option, const QModelIndex &index) const
{
    QStyledItemDelegate::initStyleOption(option, index);
    if (index.column() == m_nameColumn) {
        const QString key = index.data(TopologyModel::IconRole).toString();
        if (!key.isEmpty()) {
            option->icon = entityIcon(key);
            option->features |= QStyleOptionViewItem::HasDecoration;
            option->decorationSize = {18, 18};
        }
    }
    const QVariant status = index.column() == m_statusColumn
                                ? index.data(TopologyModel::EffectiveStatusRole)
                                : QVariant();
    if (status.isValid() && index.data(TopologyModel::KindRole).isValid()) {
        option->icon = statusIcon(Status(status.toInt()));
        option->features |= QStyleOptionViewItem::HasDecoration;
        option->decorationSize = {12, 12};
        if (index.data(TopologyModel::OverriddenRole).toBool())
            option->text += QStringLiteral(" ⚑");
    }
}

} // namespace patchboard::ui
