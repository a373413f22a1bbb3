#pragma once

#include "model/core/value.h"

#include <QPointer>
#include <QWidget>

class QLabel;
class QPushButton;
class QStackedWidget;
class QTreeView;

namespace patchboard::ui {

class ConflictList;

/// Shows a ConflictList, with a button for each row that something can be done about.
class ConflictsPanel : public QWidget
{
    Q_OBJECT
public:
    explicit ConflictsPanel(QWidget *parent = nullptr);

    void setList(ConflictList *list);

public Q_SLOTS:
    /// It can be seen: docks behind another tab count as visible, too.
    void setInFront(bool inFront);

Q_SIGNALS:
    /// A row was activated: show the item that it is about.
    void activated(EntityId id);

private:
    void placeButtons(int first, int last);
    void updateButtons();
    void updateState();
    [[nodiscard]] QSize buttonSize() const;

    QPointer<ConflictList> m_list;
    QStackedWidget *m_stack;
    QLabel *m_empty;
    QTreeView *m_view;
    QPushButton *m_clear;
    bool m_inFront = false;
};

} // namespace patchboard::ui
