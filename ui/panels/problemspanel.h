#pragma once

#include "model/core/value.h"

#include <QPointer>
#include <QWidget>

class QLabel;
class QStackedWidget;
class QTreeView;

namespace patchboard::ui {

class Board;
class ProblemList;

/// Shows what somebody should look at; a click selects the thing. The list is made when it is first
/// looked at, and kept from then on.
class ProblemsPanel : public QWidget
{
    Q_OBJECT
public:
    explicit ProblemsPanel(QWidget *parent = nullptr);
    ~ProblemsPanel() override;

    /// nullptr: there is no board.
    void setBoard(Board *board);
    /// nullptr until it was looked at.
    [[nodiscard]] ProblemList *list() const { return m_list; }

public Q_SLOTS:
    /// It can be seen: docks behind another tab count as visible, too.
    void setInFront(bool inFront);

Q_SIGNALS:
    /// A row was clicked or activated: show the item that it is about.
    void activated(patchboard::EntityId id);

private:
    void setUp();
    void updateState();

    QPointer<Board> m_board;
    ProblemList *m_list = nullptr;
    QStackedWidget *m_stack;
    QLabel *m_empty;
    QLabel *m_count;
    QTreeView *m_view;
    bool m_inFront = false;
};

} // namespace patchboard::ui
