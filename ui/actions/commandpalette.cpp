#include "ui/actions/commandpalette.h"

#include "ui/actions/actionset.h"
#include "ui/actions/theme.h"

#include <QCoreApplication>
#include <QKeyEvent>
#include <QLineEdit>
#include <QListWidget>
#include <QVBoxLayout>

#include <algorithm>

namespace patchboard::ui {

namespace {

constexpr int kIndexRole = Qt::UserRole;

} // namespace

CommandPalette::CommandPalette(const QList<QAction *> &actions, QWidget *parent)
    : QDialog(parent, Qt::Dialog | Qt::FramelessWindowHint)
    , m_line(new QLineEdit(this))
    , m_list(new QListWidget(this))
{
    setObjectName(QStringLiteral("commandPalette"));
    setWindowTitle(tr("Find a Command"));
    for (QAction *action : actions)
        m_actions.append(action);
    m_line->setObjectName(QStringLiteral("commandLine"));
    m_line->setPlaceholderText(tr("Type what you want to do"));
    m_line->setAccessibleName(m_line->placeholderText());
    m_line->installEventFilter(this);
    m_list->setObjectName(QStringLiteral("commandList"));
    m_list->setAccessibleName(tr("Commands"));
    m_list->setFocusPolicy(Qt::NoFocus);
    m_list->setUniformItemSizes(true);
    m_list->setIconSize({20, 20});
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(8, 8, 8, 8);
    layout->addWidget(m_line);
    layout->addWidget(m_list);
    connect(m_line, &QLineEdit::textChanged, this, &CommandPalette::filter);
    connect(m_list, &QListWidget::itemClicked, this, &CommandPalette::choose);
    resize(520, 380);
    if (parent) {
        const QPoint middle = parent->mapToGlobal(QPoint(parent->width() / 2, 0));
        move(middle.x() - width() / 2, middle.y() + 90);
    }
    filter();
}

int CommandPalette::score(const QString &name, const QString &typed)
{
    if (typed.isEmpty())
        return 0;
    if (const qsizetype at = name.indexOf(typed, 0, Qt::CaseInsensitive); at >= 0) {
        const bool wordStart = at == 0 || !name.at(at - 1).isLetterOrNumber();
        return 1000 - int(std::min<qsizetype>(at, 200)) + (wordStart ? 500 : 0);
    }
    int points = 0;
    qsizetype at = 0;
    for (const QChar letter : typed) {
        if (letter.isSpace())
            continue;
        qsizetype next = at;
        while (next < name.size() && name.at(next).toCaseFolded() != letter.toCaseFolded())
            ++next;
        if (next == name.size())
            return -1;
        const bool wordStart = next == 0 || !name.at(next - 1).isLetterOrNumber();
        points += (wordStart ? 20 : 0) + (next == at ? 10 : 0);
        at = next + 1;
    }
    return points;
}

void CommandPalette::filter()
{
    const QString typed = m_line->text().trimmed();
    struct Hit
    {
        int score;
        int index;
    };
    QList<Hit> hits;
    for (int i = 0; i < m_actions.size(); ++i) {
        const QAction *action = m_actions.at(i);
        if (!action || !action->isEnabled() || !action->isVisible())
            continue;
        const int points = score(ActionSet::plainText(action->text()), typed);
        if (points >= 0)
            hits.append({points, i});
    }
    std::stable_sort(hits.begin(), hits.end(),
                     [](const Hit &a, const Hit &b) { return a.score > b.score; });
    m_list->clear();
    for (const Hit &hit : std::as_const(hits)) {
        const QAction *action = m_actions.at(hit.index);
        QString text = ActionSet::plainText(action->text());
        if (!action->shortcut().isEmpty()) {
            text +=
                QStringLiteral("   ·   ") + action->shortcut().toString(QKeySequence::NativeText);
        }
        auto *item = new QListWidgetItem(action->icon().isNull() ? blankIcon() : action->icon(),
                                         text, m_list);
        item->setData(kIndexRole, hit.index);
    }
    if (m_list->count() > 0)
        m_list->setCurrentRow(0);
}

void CommandPalette::choose()
{
    if (const QListWidgetItem *item = m_list->currentItem())
        m_chosen = m_actions.at(item->data(kIndexRole).toInt());
    accept();
}

bool CommandPalette::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == m_line && event->type() == QEvent::KeyPress) {
        switch (static_cast<QKeyEvent *>(event)->key()) {
        case Qt::Key_Down:
        case Qt::Key_Up:
        case Qt::Key_PageDown:
        case Qt::Key_PageUp:
            QCoreApplication::sendEvent(m_list, event);
            return true;
        case Qt::Key_Return:
        case Qt::Key_Enter:
            choose();
            return true;
        default:
            break;
        }
    }
    return QDialog::eventFilter(watched, event);
}

} // namespace patchboard::ui
