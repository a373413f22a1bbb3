#include "ui/actions/actionset.h"
#include "ui/mainwindow/connectionstatus.h"
#include "ui/mainwindow/followbanner.h"
#include "ui/mainwindow/mainwindow.h"
#include "ui/mainwindow/messagebar.h"
#include "ui/panels/peoplepanel.h"
#include "ui/scene/canvastheme.h"
#include "ui/scene/canvasview.h"

#include <QLabel>
#include <QMenu>
#include <QTextDocument>
#include <QVBoxLayout>

namespace patchboard::ui {

void MainWindow::createFollowing()
{
    m_followBanner = new FollowBanner(m_boardPage);
    m_boardLayout->addWidget(m_followBanner);
    connect(m_followBanner, &FollowBanner::stopRequested, this, [this] { follow(0); });
}

void MainWindow::follow(quint64 person)
{
    if (m_canvas)
        m_canvas->followPerson(person);
}

/// Who is followed here, and who follows.
void MainWindow::updateFollowing()
{
    const QList<Person> people = m_board ? m_board->session().people() : QList<Person>();
    const quint64 followed = m_canvas ? m_canvas->followedPerson() : 0;
    const Person *whom = nullptr;
    quint64 self = 0;
    for (const Person &person : people) {
        if (person.id == followed && followed != 0)
            whom = &person;
        if (person.self)
            self = person.id;
    }
    QStringList followers;
    for (const Person &person : people) {
        if (self != 0 && person.following == self && !person.self)
            followers.append(person.name);
    }
    m_people->setFollowed(followed);
    m_actions->action(QStringLiteral("view.stopFollowing"))->setEnabled(followed != 0);

    if (whom) {
        const QColor colour = canvasPersonColour(whom->colour);
        m_followBanner->show(
            whom->following == self
                ? tr("You and %1 follow each other: neither view moves by itself.").arg(whom->name)
                : tr("You follow %1: your view moves with theirs until you move it.")
                      .arg(whom->name),
            colour);
        if (!m_followFrame)
            m_followFrame = new FollowFrame(m_canvas->viewport());
        m_followFrame->setColour(colour);
        m_followFrame->show();
        m_followedName = whom->name;
    } else {
        m_followBanner->hide();
        delete m_followFrame;
    }

    m_followers->setVisible(!followers.isEmpty());
    m_followers->setText(followers.size() == 1
                             ? tr("%1 follows you").arg(followers.first())
                             : tr("%n people follow you", nullptr, int(followers.size())));
    m_followers->setToolTip(Qt::convertFromPlainText(followers.join(u'\n')));
}

void MainWindow::onFollowingChanged()
{
    if (m_canvas->followedPerson() == 0) {
        bool isHere = false;
        for (const Person &person : m_board->session().people())
            isHere = isHere || person.id == m_lastFollowed;
        if (!isHere && m_lastFollowed != 0) {
            m_bar->show(
                MessageBar::Kind::Notice,
                tr("%1 is no longer here; your view stays where it is.").arg(m_followedName));
        }
    }
    m_lastFollowed = m_canvas->followedPerson();
    updateFollowing();
}

void MainWindow::fillFollowMenu(QMenu *menu)
{
    menu->clear();
    if (m_board && m_canvas) {
        for (const Person &person : m_board->session().people()) {
            if (person.self)
                continue;
            QAction *action =
                menu->addAction(QIcon(personBadge(person, 20, devicePixelRatioF())),
                                QString(person.name).replace(u'&', QStringLiteral("&&")));
            action->setCheckable(true);
            action->setChecked(person.id == m_canvas->followedPerson());
            connect(action, &QAction::triggered, this, [this, id = person.id] { follow(id); });
        }
    }
    if (menu->isEmpty())
        menu->addAction(tr("Nobody else is here"))->setEnabled(false);
    menu->addSeparator();
    menu->addAction(m_actions->action(QStringLiteral("view.stopFollowing")));
}

} // namespace patchboard::ui
