#include "ui/panels/fielddelegate.h"

#include "model/tablemodel.h"
#include "ui/actions/theme.h"

#include <QComboBox>
#include <QLineEdit>

namespace patchboard::ui {

namespace {

int effectiveColumn(const TableModel &model)
{
    for (int column = 0; column < model.columnCount(); ++column) {
        if (!model.fieldAt(column))
            return column;
    }
    return -1;
}

} // namespace

FieldDelegate::FieldDelegate(TableModel &model, const Topology &topology, QObject *parent)
    : ItemDelegate(0, effectiveColumn(model), parent)
    , m_model(model)
    , m_topology(topology)
{
}

QWidget *FieldDelegate::createEditor(QWidget *parent, const QStyleOptionViewItem &,
                                     const QModelIndex &index) const
{
    const FieldInfo *info = m_model.fieldAt(index.column());
    if (!info)
        return nullptr;
    QComboBox *combo = nullptr;
    if (info->type == ValueType::Enumeration) {
        combo = new QComboBox(parent);
        if (info->nullable)
            combo->addItem(tr("None"), QVariant());
        const bool isStatus = info->field == Field::Status || info->field == Field::StatusOverride;
        for (const EnumEntry &entry : info->entries) {
            combo->addItem(isStatus ? statusIcon(Status(entry.value)) : QIcon(),
                           patchboard::displayText(*info, entry.value), qlonglong(entry.value));
        }
    } else if (info->field == Field::DeviceType) {
        combo = new QComboBox(parent);
        for (const DeviceTypeInfo &type : m_topology.allTypes())
            combo->addItem(deviceIcon(type.icon), type.label, type.key);
    } else if (info->type == ValueType::Flag) {
        combo = new QComboBox(parent);
        combo->addItem(tr("No"), false);
        combo->addItem(tr("Yes"), true);
    }
    QWidget *editor = combo;
    if (combo) {
        auto *self = const_cast<FieldDelegate *>(this);
        connect(combo, &QComboBox::activated, self, [self, combo] {
            Q_EMIT self->commitData(combo);
            Q_EMIT self->closeEditor(combo);
        });
    } else {
        auto *line = new QLineEdit(parent);
        line->setFrame(false);
        if (info->type == ValueType::Text)
            line->setMaxLength(int(info->maximum));
        editor = line;
    }
    editor->setAccessibleName(info->labelWithUnit());
    editor->setAutoFillBackground(true);
    return editor;
}

void FieldDelegate::setEditorData(QWidget *editor, const QModelIndex &index) const
{
    const QVariant now = index.data(Qt::EditRole);
    if (auto *combo = qobject_cast<QComboBox *>(editor)) {
        combo->setCurrentIndex(std::max(0, combo->findData(now)));
    } else if (auto *line = qobject_cast<QLineEdit *>(editor); line && !line->isModified()) {
        line->setText(now.typeId() == QMetaType::Double ? index.data(Qt::DisplayRole).toString()
                                                        : now.toString());
        line->selectAll();
    }
}

void FieldDelegate::setModelData(QWidget *editor, QAbstractItemModel *model,
                                 const QModelIndex &index) const
{
    if (const auto *combo = qobject_cast<QComboBox *>(editor)) {
        model->setData(index, combo->currentData());
        return;
    }
    const auto *line = qobject_cast<QLineEdit *>(editor);
    const FieldInfo *info = m_model.fieldAt(index.column());
    if (!line || !info || !line->isModified())
        return;
    const QString text = line->text().trimmed();
    if (info->type == ValueType::Real && !text.isEmpty()) {
        bool ok = false;
        double number = QLocale().toDouble(text, &ok);
        if (!ok)
            number = QLocale::c().toDouble(text, &ok);
        if (ok)
            model->setData(index, number);
    } else if (text.isEmpty() && info->nullable) {
        model->setData(index, QVariant());
    } else {
        model->setData(index, text);
    }
}

} // namespace patchboard::ui
