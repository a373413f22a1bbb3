#pragma once

#include "model/sync/session.h"

#include <QIcon>
#include <QPointer>
#include <QTimer>
#include <QToolButton>

class QLabel;

namespace patchboard::ui {

/// How the board stands to its host: a coloured shape and a word. A click explains it and offers to
/// reconnect or to work offline.
class ConnectionStatus : public QToolButton
{
    Q_OBJECT
public:
    explicit ConnectionStatus(QWidget *parent = nullptr);

    /// nullptr: nothing is open, and nothing is shown.
    void setSession(Session *session);
    /// "Live", "Connecting…", "Offline, reconnecting in 3 s", "Offline".
    static QString word(const SessionStatus &status);
    /// What that means for the person, in a sentence or two.
    static QString explanation(const SessionStatus &status);

private:
    void refresh();
    void explain();

    QPointer<Session> m_session;
    QTimer m_countdown{this};
    QAction *m_reconnect;
    QAction *m_offline;
};

/// The people on a board: their initials on their colours.
class PeopleStrip : public QWidget
{
    Q_OBJECT
public:
    explicit PeopleStrip(QWidget *parent = nullptr);

    void setPeople(const QList<Person> &people);
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override { return sizeHint(); }
    /// "AB" from "Ana Brandt".
    static QString initials(const QString &name);

Q_SIGNALS:
    void clicked();

protected:
    void paintEvent(QPaintEvent *event) override;
    bool event(QEvent *event) override;
    void mouseReleaseEvent(QMouseEvent *event) override;

private:
    QList<Person> m_people;
};

/// A person's initials on a disc of their colour.
QPixmap personBadge(const Person &person, int size, qreal devicePixelRatio);

} // namespace patchboard::ui
