#pragma once

#include "model/sync/session.h"

#include <QPointer>
#include <QTimer>
#include <QWidget>

class QLineEdit;
class QListView;
class QStackedLayout;
class QTreeView;

namespace patchboard {
class SearchIndex;
}

namespace patchboard::ui {

class FoundList;
class Selection;

/// The board as a tree: containers, devices, interfaces, links; with a filter as you type. Its
/// selection is the window's.
class TreePanel : public QWidget
{
    Q_OBJECT
public:
    explicit TreePanel(QWidget *parent = nullptr);

    /// All nullptr: there is no board.
    void setBoard(Session *session, SearchIndex *index, Selection *selection);
    void focusFilter();
    /// Opens the editor of an item's name; false if it has none here.
    bool startRename(EntityId id);

Q_SIGNALS:
    /// A double-click or Enter: show it.
    void activated(patchboard::EntityId id);
    void contextMenuRequested(const QList<patchboard::EntityId> &ids, QPoint globalPosition);

private:
    void filter();
    void takeSelection();
    void showSelection();
    void showMenu(QWidget *view, QPoint position);

    QPointer<Session> m_session;
    SearchIndex *m_index = nullptr;
    QPointer<Selection> m_selection;
    QLineEdit *m_filter;
    QStackedLayout *m_stack;
    QTreeView *m_tree;
    QListView *m_list;
    FoundList *m_found;
    QTimer m_filterTimer;
    bool m_syncing = false;
};

} // namespace patchboard::ui
