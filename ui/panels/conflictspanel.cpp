#include "ui/panels/conflictspanel.h"

#include "ui/panels/conflictlist.h"
#include "ui/panels/rowheight.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QPersistentModelIndex>
#include <QPushButton>
#include <QStackedWidget>
#include <QTreeView>
#include <QVBoxLayout>

namespace patchboard::ui {

namespace {

/// The button of a row; the list's index may move.
class RemedyButton : public QPushButton
{
public:
    RemedyButton(const QPersistentModelIndex &at, const QString &text, QWidget *parent)
        : QPushButton(text, parent)
        , row(at)
    {
    }
    QPersistentModelIndex row;
};

} // namespace

ConflictsPanel::ConflictsPanel(QWidget *parent)
    : QWidget(parent)
    , m_stack(new QStackedWidget(this))
    , m_empty(new QLabel(tr("Nothing that you changed has met somebody else's change."), this))
    , m_view(new QTreeView(this))
    , m_clear(new QPushButton(tr("Clear the List"), this))
{
    setObjectName(QStringLiteral("conflictsPanel"));
    m_view->setObjectName(QStringLiteral("conflictList"));
    m_view->setAccessibleName(tr("Conflicts"));
    m_view->setRootIsDecorated(false);
    m_view->setAlternatingRowColors(true);
    m_view->setUniformRowHeights(true);
    m_view->setSelectionMode(QAbstractItemView::SingleSelection);
    m_view->header()->setStretchLastSection(false);
    m_view->setItemDelegate(new RowHeight(buttonSize().height() + 2, m_view));
    m_empty->setAlignment(Qt::AlignCenter);
    m_empty->setWordWrap(true);
    m_empty->setForegroundRole(QPalette::PlaceholderText);
    m_clear->setObjectName(QStringLiteral("clearConflicts"));
    connect(m_view, &QTreeView::activated, this, [this](const QModelIndex &at) {
        if (const EntityId id = m_list ? m_list->idAt(at.row()) : 0; id != 0)
            Q_EMIT activated(id);
    });
    auto *page = new QWidget(this);
    auto *pageLayout = new QVBoxLayout(page);
    pageLayout->setContentsMargins(0, 0, 0, 0);
    pageLayout->addWidget(m_view);
    auto *row = new QHBoxLayout;
    row->setContentsMargins(6, 0, 6, 6);
    row->addStretch();
    row->addWidget(m_clear);
    pageLayout->addLayout(row);
    m_stack->addWidget(m_empty);
    m_stack->addWidget(page);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_stack);
}

/// Of the widest of the rows' buttons.
QSize ConflictsPanel::buttonSize() const
{
    QSize size;
    for (const auto remedy : {ConflictList::Remedy::TakeTheirs, ConflictList::Remedy::TakeMine,
                              ConflictList::Remedy::Restore})
        size = size.expandedTo(QPushButton(ConflictList::remedyText(remedy)).sizeHint());
    return size;
}

void ConflictsPanel::setList(ConflictList *list)
{
    if (m_list) {
        m_list->disconnect(this);
        m_clear->disconnect(m_list);
    }
    m_list = list;
    m_view->setModel(list);
    if (list) {
        m_view->header()->setSectionResizeMode(ConflictList::What, QHeaderView::Stretch);
        m_view->setColumnWidth(ConflictList::When, fontMetrics().averageCharWidth() * 18);
        m_view->setColumnWidth(ConflictList::Who, fontMetrics().averageCharWidth() * 18);
        m_view->setColumnWidth(ConflictList::Action, buttonSize().width());
        connect(list, &ConflictList::rowsInserted, this,
                [this](const QModelIndex &, int first, int last) {
                    placeButtons(first, last);
                    updateState();
                });
        connect(list, &ConflictList::rowsRemoved, this, &ConflictsPanel::updateState);
        connect(list, &ConflictList::remediesChanged, this, &ConflictsPanel::updateButtons);
        connect(m_clear, &QPushButton::clicked, list, &ConflictList::clear);
        placeButtons(0, list->rowCount() - 1);
    }
    updateState();
}

void ConflictsPanel::placeButtons(int first, int last)
{
    for (int row = first; row <= last; ++row) {
        const QString text = ConflictList::remedyText(m_list->remedyAt(row));
        if (text.isEmpty())
            continue;
        const QModelIndex at = m_list->index(row, ConflictList::Action);
        auto *button = new RemedyButton(at, text, m_view);
        const QString what = at.siblingAtColumn(ConflictList::What).data().toString();
        button->setAccessibleName(QStringLiteral("%1: %2").arg(text, what));
        button->setToolTip(what);
        connect(button, &QPushButton::clicked, this, [this, button] {
            if (m_list && button->row.isValid())
                (void)m_list->remedy(button->row.row());
        });
        m_view->setIndexWidget(at, button);
    }
    updateButtons();
}

void ConflictsPanel::updateButtons()
{
    if (!m_inFront || !m_list)
        return;
    const auto buttons = m_view->findChildren<QPushButton *>();
    for (QPushButton *button : buttons) {
        if (const auto *remedy = dynamic_cast<RemedyButton *>(button))
            button->setEnabled(m_list->canRemedy(remedy->row.row()));
    }
}

void ConflictsPanel::updateState()
{
    const bool any = m_list && m_list->rowCount() > 0;
    m_stack->setCurrentIndex(any ? 1 : 0);
    if (any && m_inFront)
        m_list->markSeen();
}

void ConflictsPanel::setInFront(bool inFront)
{
    m_inFront = inFront;
    updateButtons();
    updateState();
}

} // namespace patchboard::ui
