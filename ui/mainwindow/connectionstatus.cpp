#include "ui/mainwindow/connectionstatus.h"

#include "ui/actions/theme.h"
#include "ui/scene/canvastheme.h"

#include <QHelpEvent>
#include <QLabel>
#include <QMenu>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>
#include <QVBoxLayout>
#include <QWidgetAction>

namespace patchboard::ui {

namespace {

constexpr int kBadge = 22;
constexpr int kMostBadges = 6;

Status shapeOf(ConnectionState state)
{
    switch (state) {
    case ConnectionState::Live:
        return Status::Up;
    case ConnectionState::Reconnecting:
        return Status::Degraded;
    case ConnectionState::Offline:
        break;
    }
    return Status::Down;
}

} // namespace

ConnectionStatus::ConnectionStatus(QWidget *parent)
    : QToolButton(parent)
    , m_reconnect(new QAction(actionIcon(QStringLiteral("refresh")), tr("Reconnect Now"), this))
    , m_offline(new QAction(actionIcon(QStringLiteral("connect")), tr("Work Offline"), this))
{
    setObjectName(QStringLiteral("connectionStatus"));
    setProperty("quiet", true);
    setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    setIconSize({12, 12});
    setFocusPolicy(Qt::TabFocus);
    m_countdown.setInterval(500);
    connect(&m_countdown, &QTimer::timeout, this, &ConnectionStatus::refresh);
    connect(m_reconnect, &QAction::triggered, this, [this] {
        if (m_session)
            m_session->reconnectNow();
    });
    connect(m_offline, &QAction::triggered, this, [this] {
        if (m_session)
            m_session->workOffline();
    });
    connect(this, &QToolButton::clicked, this, &ConnectionStatus::explain);
    refresh();
}

void ConnectionStatus::setSession(Session *session)
{
    if (m_session)
        m_session->disconnect(this);
    m_session = session;
    if (session)
        connect(session, &Session::statusChanged, this, &ConnectionStatus::refresh);
    refresh();
}

QString ConnectionStatus::word(const SessionStatus &status)
{
    switch (status.state) {
    case ConnectionState::Live:
        return tr("Live");
    case ConnectionState::Reconnecting:
        if (status.retryInMs > 0)
            return tr("Reconnecting in %1 s").arg((status.retryInMs + 999) / 1000);
        return tr("Connecting…");
    case ConnectionState::Offline:
        if (status.retryInMs > 0)
            return tr("Offline, reconnecting in %1 s").arg((status.retryInMs + 999) / 1000);
        break;
    }
    return tr("Offline");
}

QString ConnectionStatus::explanation(const SessionStatus &status)
{
    const QString lost =
        tr("The connection to %1 is gone. You can go on editing; what you change is kept on "
           "this computer and sent as soon as the host answers.")
            .arg(status.server);
    QString text;
    switch (status.state) {
    case ConnectionState::Live:
        text = tr("Everything you change is on %1 and with everybody who has the board open.")
                   .arg(status.server);
        break;
    case ConnectionState::Reconnecting:
        text = lost;
        break;
    case ConnectionState::Offline:
        if (status.retryInMs > 0) {
            text = lost;
            break;
        }
        text = tr("You are working without %1. What you change is kept on this computer and sent "
                  "when you reconnect.")
                   .arg(status.server);
        break;
    }
    if (!status.detail.isEmpty())
        text += QStringLiteral("\n\n") + status.detail;
    if (status.pending > 0)
        text +=
            QStringLiteral("\n\n") + tr("%n change(s) not sent yet.", nullptr, int(status.pending));
    return text;
}

void ConnectionStatus::refresh()
{
    if (!m_session) {
        hide();
        m_countdown.stop();
        return;
    }
    const SessionStatus status = m_session->status();
    const QString text = word(status);
    setVisible(true);
    setText(text);
    setIcon(statusIcon(shapeOf(status.state)));
    setToolTip(tr("Connection: %1. Click for more.").arg(text));
    setAccessibleName(tr("Connection: %1").arg(text));
    const bool counting = status.state != ConnectionState::Live && status.retryInMs > 0;
    if (!counting)
        m_countdown.stop();
    else if (!m_countdown.isActive())
        m_countdown.start();
}

void ConnectionStatus::explain()
{
    if (!m_session)
        return;
    const SessionStatus status = m_session->status();
    QMenu menu(this);
    auto *label = new QLabel(explanation(status), &menu);
    label->setObjectName(QStringLiteral("connectionExplanation"));
    label->setWordWrap(true);
    label->setMargin(12);
    label->setFixedWidth(320);
    auto *text = new QWidgetAction(&menu);
    text->setDefaultWidget(label);
    menu.addAction(text);
    menu.addSeparator();
    m_reconnect->setEnabled(status.state != ConnectionState::Live);
    m_offline->setEnabled(status.state != ConnectionState::Offline);
    menu.addAction(m_reconnect);
    menu.addAction(m_offline);
    menu.exec(mapToGlobal(QPoint(0, -menu.sizeHint().height())));
}

PeopleStrip::PeopleStrip(QWidget *parent)
    : QWidget(parent)
{
    setObjectName(QStringLiteral("peopleStrip"));
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
}

void PeopleStrip::setPeople(const QList<Person> &people)
{
    m_people = people;
    QStringList names;
    for (const Person &person : people)
        names.append(person.name);
    setAccessibleName(tr("People here: %1").arg(names.join(QStringLiteral(", "))));
    updateGeometry();
    update();
}

QSize PeopleStrip::sizeHint() const
{
    const int shown = std::min<int>(int(m_people.size()), kMostBadges + 1);
    return {shown * (kBadge - 4) + (shown > 0 ? 4 : 0), kBadge};
}

QString PeopleStrip::initials(const QString &name)
{
    const QStringList words = name.simplified().split(u' ', Qt::SkipEmptyParts);
    if (words.isEmpty())
        return QStringLiteral("?");
    if (words.size() == 1)
        return words.first().left(2).toUpper();
    return (words.first().left(1) + words.last().left(1)).toUpper();
}

QPixmap personBadge(const Person &person, int size, qreal devicePixelRatio)
{
    QPixmap pixmap(QSize(size, size) * devicePixelRatio);
    pixmap.setDevicePixelRatio(devicePixelRatio);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setBrush(canvasPersonColour(person.colour));
    painter.setPen(Qt::NoPen);
    painter.drawEllipse(QRectF(0.5, 0.5, size - 1, size - 1));
    painter.setPen(Qt::white);
    QFont font = painter.font();
    font.setPixelSize(size * 9 / 20);
    font.setBold(true);
    painter.setFont(font);
    painter.drawText(QRectF(0, 0, size, size), Qt::AlignCenter, PeopleStrip::initials(person.name));
    return pixmap;
}

void PeopleStrip::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    int x = 0;
    for (qsizetype i = 0; i < m_people.size(); ++i, x += kBadge - 4) {
        if (i == kMostBadges && m_people.size() > kMostBadges + 1) {
            Person more;
            more.name = QStringLiteral("+%1").arg(m_people.size() - kMostBadges);
            painter.drawPixmap(x, 0, personBadge(more, kBadge, devicePixelRatioF()));
            break;
        }
        painter.drawPixmap(x, 0, personBadge(m_people.at(i), kBadge, devicePixelRatioF()));
    }
}

bool PeopleStrip::event(QEvent *event)
{
    if (event->type() == QEvent::ToolTip) {
        QStringList lines;
        for (const Person &person : std::as_const(m_people))
            lines.append(person.self ? tr("%1 (you)").arg(person.name) : person.name);
        QToolTip::showText(static_cast<QHelpEvent *>(event)->globalPos(), lines.join(u'\n'), this);
        return true;
    }
    return QWidget::event(event);
}

void PeopleStrip::mouseReleaseEvent(QMouseEvent *event)
{
    if (rect().contains(event->position().toPoint()))
        Q_EMIT clicked();
}

} // namespace patchboard::ui
