#pragma once

#include "model/sync/session.h"

#include <QPointer>
#include <QWidget>

class QListWidget;

namespace patchboard::ui {

/// Who is on the board; a click follows somebody's view.
class PeoplePanel : public QWidget
{
    Q_OBJECT
public:
    explicit PeoplePanel(QWidget *parent = nullptr);

    void setSession(Session *session);
    /// Shows whom the view follows; 0 = nobody.
    void setFollowed(quint64 person);

Q_SIGNALS:
    void followRequested(quint64 person);

private:
    void refill();

    QPointer<Session> m_session;
    QListWidget *m_list;
    quint64 m_followed = 0;
};

} // namespace patchboard::ui
