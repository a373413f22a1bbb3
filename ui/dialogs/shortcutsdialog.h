#pragma once

#include <QDialog>
#include <QKeySequence>
#include <QList>

class QAction;
class QLabel;
class QLineEdit;
class QTreeWidget;
class QTreeWidgetItem;
class QKeySequenceEdit;

namespace patchboard::ui {

class ActionSet;

/// Gives commands other keys.
class ShortcutsDialog : public QDialog
{
    Q_OBJECT
public:
    explicit ShortcutsDialog(const ActionSet &actions, QWidget *parent = nullptr);

    /// Commands by id, and the keys that they are to have; only those that changed.
    [[nodiscard]] QList<std::pair<QString, QList<QKeySequence>>> shortcuts() const;

private:
    void filter(const QString &text);
    void showCurrent();
    void assign();
    void reset();
    void put(QTreeWidgetItem *item, const QList<QKeySequence> &keys);

    const ActionSet &m_actions;
    QLineEdit *m_search;
    QTreeWidget *m_list;
    QKeySequenceEdit *m_edit;
    QLabel *m_clash;
};

} // namespace patchboard::ui
