#include "ui/panels/peoplepanel.h"

#include "ui/commands/boardcommands.h"
#include "ui/mainwindow/connectionstatus.h"

#include <QLabel>
#include <QListWidget>
#include <QVBoxLayout>

namespace patchboard::ui {

PeoplePanel::PeoplePanel(QWidget *parent)
    : QWidget(parent)
    , m_list(new QListWidget(this))
{
    setObjectName(QStringLiteral("peoplePanel"));
    m_list->setObjectName(QStringLiteral("peopleList"));
    m_list->setAccessibleName(tr("People on this board"));
    m_list->setIconSize({24, 24});
    m_list->setToolTip(tr("Click somebody to follow their view"));
    const auto follow = [this](const QListWidgetItem *item) {
        const quint64 id = item->data(Qt::UserRole).toULongLong();
        if (id != 0 && id != m_followed)
            Q_EMIT followRequested(id);
    };
    connect(m_list, &QListWidget::itemClicked, this, follow);
    connect(m_list, &QListWidget::itemActivated, this, follow);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_list);
}

void PeoplePanel::setSession(Session *session)
{
    if (m_session)
        m_session->disconnect(this);
    m_session = session;
    if (session)
        connect(session, &Session::peopleChanged, this, &PeoplePanel::refill);
    refill();
}

void PeoplePanel::setFollowed(quint64 person)
{
    if (person != m_followed) {
        m_followed = person;
        refill();
    }
}

void PeoplePanel::refill()
{
    // Pointers move many times a second; the list shows names and selections only.
    const QList<Person> people = m_session ? m_session->people() : QList<Person>();
    quint64 self = 0;
    for (const Person &person : people) {
        if (person.self)
            self = person.id;
    }
    while (m_list->count() > people.size())
        delete m_list->takeItem(m_list->count() - 1);
    for (int row = 0; row < people.size(); ++row) {
        const Person &person = people.at(row);
        QString text = person.self ? tr("%1 (you)").arg(person.name) : person.name;
        if (person.id == m_followed && !person.self)
            text += QStringLiteral(" · ") + tr("followed");
        if (person.following == self && self != 0 && !person.self)
            text += QStringLiteral(" · ") + tr("follows you");
        if (!person.self && !person.selection.isEmpty()) {
            text +=
                QStringLiteral(" · ") + commands::describe(m_session->topology(), person.selection);
        }
        QListWidgetItem *item = m_list->item(row);
        if (!item)
            item = new QListWidgetItem(m_list);
        const quint64 id = person.self ? 0 : person.id;
        if (item->text() != text)
            item->setText(text);
        const QVariant look = QStringLiteral("%1/%2").arg(person.name).arg(person.colour);
        if (item->data(Qt::UserRole + 1) != look) {
            item->setData(Qt::UserRole + 1, look);
            item->setIcon(personBadge(person, 24, devicePixelRatioF()));
        }
        item->setData(Qt::UserRole, qulonglong(id));
    }
}

} // namespace patchboard::ui
