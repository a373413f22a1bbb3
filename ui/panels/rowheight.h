#pragma once

#include <QStyledItemDelegate>

namespace patchboard::ui {

/// Rows of at least a height, in pixels: as high as their buttons, or easy to hit.
class RowHeight : public QStyledItemDelegate
{
public:
    RowHeight(int height, QObject *parent)
        : QStyledItemDelegate(parent)
        , m_height(height)
    {
    }
    QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override
    {
        return QStyledItemDelegate::sizeHint(option, index).expandedTo({0, m_height});
    }

private:
    int m_height;
};

} // namespace patchboard::ui
