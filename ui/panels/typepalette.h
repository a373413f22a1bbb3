#pragma once

#include "model/sync/session.h"

#include <QPointer>
#include <QWidget>

class QLineEdit;
class QTreeWidget;
class QTreeWidgetItem;

namespace patchboard::ui {

/// The device types by group, with search. Drag one onto the canvas, or click one and then the
/// canvas.
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

private:
    void refill();
    void filter(const QString &text);
    void arm(QTreeWidgetItem *item);

    QPointer<Session> m_session;
    QLineEdit *m_search;
    QTreeWidget *m_tree;
    QString m_armed;
};

} // namespace patchboard::ui
