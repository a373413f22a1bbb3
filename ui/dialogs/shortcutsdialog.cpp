#include "ui/dialogs/shortcutsdialog.h"

#include "ui/actions/actionset.h"
#include "ui/actions/theme.h"

#include <QDialogButtonBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QKeySequenceEdit>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QTreeWidget>
#include <QVBoxLayout>

namespace patchboard::ui {

namespace {

constexpr int kKeysRole = Qt::UserRole + 1;

QList<QKeySequence> keysOf(const QTreeWidgetItem *item)
{
    return QKeySequence::listFromString(item->data(1, kKeysRole).toString());
}

} // namespace

ShortcutsDialog::ShortcutsDialog(const ActionSet &actions, QWidget *parent)
    : QDialog(parent)
    , m_actions(actions)
    , m_search(new QLineEdit(this))
    , m_list(new QTreeWidget(this))
    , m_edit(new QKeySequenceEdit(this))
    , m_clash(new QLabel(this))
{
    setObjectName(QStringLiteral("shortcutsDialog"));
    setWindowTitle(tr("Keyboard Shortcuts"));
    m_search->setPlaceholderText(tr("Search commands"));
    m_search->setAccessibleName(m_search->placeholderText());
    m_search->setClearButtonEnabled(true);
    m_list->setHeaderLabels({tr("Command"), tr("Keys")});
    m_list->setRootIsDecorated(false);
    m_list->setUniformRowHeights(true);
    m_list->header()->setSectionResizeMode(0, QHeaderView::Stretch);
    m_list->header()->setStretchLastSection(false);
    m_list->header()->setSectionResizeMode(1, QHeaderView::ResizeToContents);
    for (QAction *action : actions.all()) {
        auto *item = new QTreeWidgetItem(m_list, {ActionSet::plainText(action->text()), QString()});
        item->setIcon(0, action->icon().isNull() ? blankIcon() : action->icon());
        item->setData(0, Qt::UserRole, action->objectName());
        put(item, action->shortcuts());
    }
    m_edit->setAccessibleName(tr("New keys"));
    m_clash->setWordWrap(true);
    auto *assignButton = new QPushButton(tr("&Assign"), this);
    auto *resetButton = new QPushButton(tr("&Default"), this);
    auto *row = new QHBoxLayout;
    row->addWidget(new QLabel(tr("New keys:"), this));
    row->addWidget(m_edit, 1);
    row->addWidget(assignButton);
    row->addWidget(resetButton);
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Ok | QDialogButtonBox::Cancel, this);
    connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(m_search, &QLineEdit::textChanged, this, &ShortcutsDialog::filter);
    connect(m_list, &QTreeWidget::currentItemChanged, this, &ShortcutsDialog::showCurrent);
    connect(assignButton, &QPushButton::clicked, this, &ShortcutsDialog::assign);
    connect(resetButton, &QPushButton::clicked, this, &ShortcutsDialog::reset);
    auto *layout = new QVBoxLayout(this);
    layout->addWidget(m_search);
    layout->addWidget(m_list, 1);
    layout->addLayout(row);
    layout->addWidget(m_clash);
    layout->addWidget(buttons);
    resize(640, 560);
    m_list->setCurrentItem(m_list->topLevelItem(0));
}

QList<std::pair<QString, QList<QKeySequence>>> ShortcutsDialog::shortcuts() const
{
    QList<std::pair<QString, QList<QKeySequence>>> out;
    for (int i = 0; i < m_list->topLevelItemCount(); ++i) {
        const QTreeWidgetItem *item = m_list->topLevelItem(i);
        const QString id = item->data(0, Qt::UserRole).toString();
        if (const QList<QKeySequence> keys = keysOf(item);
            keys != m_actions.action(id)->shortcuts())
            out.append({id, keys});
    }
    return out;
}

void ShortcutsDialog::filter(const QString &text)
{
    for (int i = 0; i < m_list->topLevelItemCount(); ++i) {
        QTreeWidgetItem *item = m_list->topLevelItem(i);
        item->setHidden(!item->text(0).contains(text.trimmed(), Qt::CaseInsensitive));
    }
}

void ShortcutsDialog::showCurrent()
{
    m_edit->clear();
    m_clash->clear();
}

void ShortcutsDialog::assign()
{
    QTreeWidgetItem *item = m_list->currentItem();
    if (!item)
        return;
    const QKeySequence keys = m_edit->keySequence();
    m_clash->clear();
    for (int i = 0; i < m_list->topLevelItemCount() && !keys.isEmpty(); ++i) {
        QTreeWidgetItem *other = m_list->topLevelItem(i);
        QList<QKeySequence> theirs = keysOf(other);
        if (other != item && theirs.removeAll(keys) > 0) {
            put(other, theirs);
            m_clash->setText(tr("%1 was on “%2”, which has it no more.")
                                 .arg(keys.toString(QKeySequence::NativeText), other->text(0)));
        }
    }
    put(item, keys.isEmpty() ? QList<QKeySequence>() : QList<QKeySequence>{keys});
}

void ShortcutsDialog::reset()
{
    if (QTreeWidgetItem *item = m_list->currentItem()) {
        put(item,
            m_actions.defaultShortcuts(m_actions.action(item->data(0, Qt::UserRole).toString())));
    }
}

void ShortcutsDialog::put(QTreeWidgetItem *item, const QList<QKeySequence> &keys)
{
    item->setData(1, kKeysRole, QKeySequence::listToString(keys));
    QStringList words;
    for (const QKeySequence &each : keys)
        words.append(each.toString(QKeySequence::NativeText));
    item->setText(1, words.join(QStringLiteral(", ")));
}

} // namespace patchboard::ui
