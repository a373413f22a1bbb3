#pragma once

#include "model/sync/session.h"

#include <QFrame>
#include <QPointer>
#include <QTimer>

class QLabel;
class QLineEdit;
class QListView;
class QToolButton;

namespace patchboard {
class SearchIndex;
}

namespace patchboard::ui {

class FoundList;

/// Find: a line above the canvas, what it found as a list, and steps through it.
class FindBar : public QFrame
{
    Q_OBJECT
public:
    explicit FindBar(QWidget *parent = nullptr);

    /// Both nullptr: there is no board.
    void setBoard(Session *session, SearchIndex *index);
    /// Shows it with the keyboard in its line.
    void open();
    void close();
    [[nodiscard]] QList<EntityId> found() const;
    [[nodiscard]] EntityId current() const;

public Q_SLOTS:
    void next() { step(1); }
    void previous() { step(-1); }

Q_SIGNALS:
    /// What is found is another, or the current one of it; nothing found: empty and 0.
    void changed(const QList<patchboard::EntityId> &ids, patchboard::EntityId current);
    /// Go there.
    void stepped(patchboard::EntityId id);
    void closed();

protected:
    void keyPressEvent(QKeyEvent *event) override;
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void search();
    void step(int by);
    void showCount();

    QPointer<Session> m_session;
    SearchIndex *m_index = nullptr;
    FoundList *m_found;
    QLineEdit *m_line;
    QLabel *m_count;
    QListView *m_list;
    QToolButton *m_previous;
    QToolButton *m_next;
    QTimer m_timer;
};

} // namespace patchboard::ui
