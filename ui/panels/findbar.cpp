#include "ui/panels/findbar.h"

#include "ui/actions/theme.h"
#include "ui/panels/foundlist.h"

#include <QHBoxLayout>
#include <QItemSelectionModel>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QToolButton>
#include <QVBoxLayout>

namespace patchboard::ui {

FindBar::FindBar(QWidget *parent)
    : QFrame(parent)
    , m_found(new FoundList(this))
    , m_line(new QLineEdit(this))
    , m_count(new QLabel(this))
    , m_list(new QListView(this))
    , m_previous(new QToolButton(this))
    , m_next(new QToolButton(this))
{
    setObjectName(QStringLiteral("findBar"));
    setAccessibleName(tr("Find"));
    m_line->setObjectName(QStringLiteral("findLine"));
    m_line->setPlaceholderText(tr("Find by name, type, address or any property"));
    m_line->setAccessibleName(m_line->placeholderText());
    m_line->setClearButtonEnabled(true);
    m_line->installEventFilter(this);
    m_count->setObjectName(QStringLiteral("findCount"));
    m_count->setMinimumWidth(fontMetrics().horizontalAdvance(tr("%1 of %2").arg(999).arg(9999)));
    const auto button = [this](QToolButton *tool, const QString &text, Qt::ArrowType arrow) {
        tool->setArrowType(arrow);
        tool->setProperty("quiet", true);
        tool->setToolTip(text);
        tool->setAccessibleName(text);
    };
    button(m_previous, tr("Previous match (Shift+Enter)"), Qt::UpArrow);
    button(m_next, tr("Next match (Enter)"), Qt::DownArrow);
    connect(m_previous, &QToolButton::clicked, this, &FindBar::previous);
    connect(m_next, &QToolButton::clicked, this, &FindBar::next);
    auto *closeButton = new QToolButton(this);
    closeButton->setIcon(actionIcon(QStringLiteral("close")));
    closeButton->setProperty("quiet", true);
    closeButton->setToolTip(tr("Close (Esc)"));
    closeButton->setAccessibleName(closeButton->toolTip());
    connect(closeButton, &QToolButton::clicked, this, &FindBar::close);
    m_list->setObjectName(QStringLiteral("findList"));
    m_list->setAccessibleName(tr("Matches"));
    m_list->setModel(m_found);
    m_list->setUniformItemSizes(true);
    m_list->setIconSize({18, 18});
    m_list->setFixedHeight(6 * (fontMetrics().height() + 8));
    connect(m_list->selectionModel(), &QItemSelectionModel::currentChanged, this, [this] {
        showCount();
        Q_EMIT changed(found(), current());
    });
    connect(m_list, &QListView::clicked, this, [this] { Q_EMIT stepped(current()); });
    connect(m_list, &QListView::activated, this, [this] { Q_EMIT stepped(current()); });
    m_timer.setSingleShot(true);
    m_timer.setInterval(0);
    connect(&m_timer, &QTimer::timeout, this, &FindBar::search);
    connect(m_line, &QLineEdit::textChanged, &m_timer, qOverload<>(&QTimer::start));
    connect(m_found, &QAbstractItemModel::rowsRemoved, this, [this] {
        showCount();
        Q_EMIT changed(found(), current());
    });

    auto *row = new QHBoxLayout;
    row->setContentsMargins(8, 6, 8, 6);
    row->setSpacing(6); // not that of the layout around it
    row->addWidget(m_line, 1);
    row->addWidget(m_count);
    row->addWidget(m_previous);
    row->addWidget(m_next);
    row->addWidget(closeButton);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addLayout(row);
    layout->addWidget(m_list);
    m_list->hide();
    hide();
}

void FindBar::setBoard(Session *session, SearchIndex *index)
{
    close();
    m_index = index;
    m_session = session;
    m_found->setSession(session);
}

void FindBar::open()
{
    show();
    m_line->setFocus(Qt::ShortcutFocusReason);
    m_line->selectAll();
    search();
}

void FindBar::close()
{
    if (isHidden())
        return;
    hide();
    m_found->setIds({});
    Q_EMIT changed({}, 0);
    Q_EMIT closed();
}

QList<EntityId> FindBar::found() const
{
    return m_found->ids();
}

EntityId FindBar::current() const
{
    return m_found->idAt(m_list->currentIndex());
}

void FindBar::search()
{
    m_timer.stop();
    const EntityId before = current();
    const QString text = m_line->text();
    m_found->setIds(m_index ? FoundList::search(*m_index, text) : QList<EntityId>());
    m_list->setVisible(!m_found->ids().isEmpty());
    const qsizetype row = std::max<qsizetype>(0, m_found->ids().indexOf(before));
    if (!m_found->ids().isEmpty())
        m_list->setCurrentIndex(m_found->index(int(row)));
    showCount();
    Q_EMIT changed(found(), current());
}

void FindBar::step(int by)
{
    if (m_timer.isActive())
        search();
    const int rows = m_found->rowCount();
    if (rows == 0)
        return;
    const int row = (m_list->currentIndex().row() + by + rows) % rows;
    m_list->setCurrentIndex(m_found->index(row));
    Q_EMIT stepped(current());
}

void FindBar::showCount()
{
    const int rows = m_found->rowCount();
    if (m_line->text().trimmed().isEmpty())
        m_count->clear();
    else if (rows == 0)
        m_count->setText(tr("Nothing found"));
    else
        m_count->setText(tr("%1 of %2").arg(m_list->currentIndex().row() + 1).arg(rows));
    m_previous->setEnabled(rows > 0);
    m_next->setEnabled(rows > 0);
}

void FindBar::keyPressEvent(QKeyEvent *event)
{
    if (event->key() == Qt::Key_Escape)
        close();
    else
        QFrame::keyPressEvent(event);
}

bool FindBar::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == m_line && event->type() == QEvent::KeyPress) {
        const auto *key = static_cast<QKeyEvent *>(event);
        switch (key->key()) {
        case Qt::Key_Return:
        case Qt::Key_Enter:
            if (m_timer.isActive()) {
                search();
                Q_EMIT stepped(current());
            } else {
                step(key->modifiers() & Qt::ShiftModifier ? -1 : 1);
            }
            return true;
        case Qt::Key_Down:
            step(1);
            return true;
        case Qt::Key_Up:
            step(-1);
            return true;
        default:
            break;
        }
    }
    return QFrame::eventFilter(watched, event);
}

} // namespace patchboard::ui
