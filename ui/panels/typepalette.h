#pragma once

#include "model/sync/session.h"

#include <QPointer>
#include <QWidget>

class QLineEdit;
class QTreeWidget;
class QTreeWidgetItem;

namespace patchboard::ui {

/// The device types by group, with search. Drag one onto the canvas, or click one and then the
/// canvas; Enter makes one at once.
class TypePalette : public QWidget
{
    Q_OBJECT
public:
    explicit TypePalette(QWidget *parent = nullptr);

    void setSession(Session *session);
    /// Shows which type the next click places; empty: none.
    void setArmed(const QString &typeKey);
    void focusSearch();

Q_SIGNALS:
    void armRequested(const QString &typeKey);
    /// Enter: one of these, in the middle of what is seen.
    void addRequested(const QString &typeKey);
    /// Esc: back to the canvas, with nothing armed.
    void leaveRequested();

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void refill();
    void filter(const QString &text);
    void arm(QTreeWidgetItem *item);
    void step(bool down);

    QPointer<Session> m_session;
    QLineEdit *m_search;
    QTreeWidget *m_tree;
    QString m_armed;
};

} // namespace patchboard::ui
