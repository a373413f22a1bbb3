#include "ui/panels/treepanel.h"

#include "model/topologymodel.h"
#include "ui/panels/foundlist.h"
#include "ui/panels/itemdelegate.h"
#include "ui/scene/selection.h"

#include <QHeaderView>
#include <QItemSelectionModel>
#include <QLineEdit>
#include <QListView>
#include <QStackedLayout>
#include <QTreeView>
#include <QVBoxLayout>

namespace patchboard::ui {

namespace {

/// A selection larger than this is not shown row by row in the tree.
constexpr qsizetype kMostShown = 2000;

} // namespace

TreePanel::TreePanel(QWidget *parent)
    : QWidget(parent)
    , m_filter(new QLineEdit(this))
    , m_stack(new QStackedLayout)
    , m_tree(new QTreeView(this))
    , m_list(new QListView(this))
    , m_found(new FoundList(this))
{
    setObjectName(QStringLiteral("treePanel"));
    m_filter->setPlaceholderText(tr("Filter by name, type or address"));
    m_filter->setAccessibleName(m_filter->placeholderText());
    m_filter->setClearButtonEnabled(true);
    m_filter->setObjectName(QStringLiteral("treeFilter"));
    m_tree->setObjectName(QStringLiteral("boardTree"));
    m_tree->setAccessibleName(tr("Tree of the board"));
    m_tree->setUniformRowHeights(true);
    m_tree->setSelectionMode(QAbstractItemView::ExtendedSelection);
    m_tree->setEditTriggers(QAbstractItemView::EditKeyPressed);
    m_tree->setContextMenuPolicy(Qt::CustomContextMenu);
    m_tree->setItemDelegate(
        new ItemDelegate(TopologyModel::NameColumn, TopologyModel::StatusColumn, m_tree));
    m_tree->setIndentation(16);
    m_tree->setExpandsOnDoubleClick(false);
    m_tree->header()->setStretchLastSection(false);
    m_list->setObjectName(QStringLiteral("foundList"));
    m_list->setAccessibleName(tr("Items that match the filter"));
    m_list->setModel(m_found);
    m_list->setUniformItemSizes(true);
    m_list->setSelectionMode(QAbstractItemView::ExtendedSelection);
    m_list->setContextMenuPolicy(Qt::CustomContextMenu);
    m_list->setIconSize({18, 18});
    m_stack->addWidget(m_tree);
    m_stack->addWidget(m_list);
    m_filterTimer.setSingleShot(true);
    m_filterTimer.setInterval(0);
    connect(&m_filterTimer, &QTimer::timeout, this, &TreePanel::filter);
    connect(m_filter, &QLineEdit::textChanged, &m_filterTimer, qOverload<>(&QTimer::start));
    connect(m_tree, &QTreeView::customContextMenuRequested, this,
            [this](QPoint at) { showMenu(m_tree, at); });
    connect(m_list, &QListView::customContextMenuRequested, this,
            [this](QPoint at) { showMenu(m_list, at); });
    connect(m_tree, &QTreeView::activated, this, [this](const QModelIndex &index) {
        if (const EntityId id = index.data(TopologyModel::IdRole).toULongLong())
            Q_EMIT activated(id);
        else
            m_tree->setExpanded(index, !m_tree->isExpanded(index));
    });
    connect(m_list, &QListView::activated, this,
            [this](const QModelIndex &index) { Q_EMIT activated(m_found->idAt(index)); });
    connect(m_list->selectionModel(), &QItemSelectionModel::selectionChanged, this,
            &TreePanel::takeSelection);
    auto *top = new QVBoxLayout;
    top->setContentsMargins(8, 8, 8, 8);
    top->addWidget(m_filter);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addLayout(top);
    layout->addLayout(m_stack, 1);
}

void TreePanel::setBoard(Session *session, SearchIndex *index, Selection *selection)
{
    m_index = index;
    if (m_selection)
        m_selection->disconnect(this);
    if (m_session)
        m_session->model()->disconnect(this);
    m_session = session;
    m_selection = selection;
    m_found->setSession(session);
    m_filter->clear();
    if (QItemSelectionModel *old = m_tree->selectionModel())
        old->disconnect(this);
    if (!session) {
        m_tree->setModel(nullptr);
        return;
    }
    TopologyModel *model = session->model();
    m_tree->setModel(model);
    const auto openSections = [this, model] {
        m_tree->expand(model->indexOf(TopologyModel::Section::Devices));
    };
    openSections();
    connect(model, &TopologyModel::topologyWasReset, this, openSections);
    m_tree->header()->setSectionResizeMode(TopologyModel::NameColumn, QHeaderView::Stretch);
    m_tree->header()->setSectionResizeMode(TopologyModel::StatusColumn,
                                           QHeaderView::ResizeToContents);
    m_tree->hideColumn(TopologyModel::TypeColumn);
    m_tree->hideColumn(TopologyModel::AddressColumn);
    connect(m_tree->selectionModel(), &QItemSelectionModel::selectionChanged, this,
            &TreePanel::takeSelection);
    connect(selection, &Selection::changed, this, &TreePanel::showSelection);
    showSelection();
}

void TreePanel::focusFilter()
{
    m_filter->setFocus(Qt::ShortcutFocusReason);
    m_filter->selectAll();
}

bool TreePanel::startRename(EntityId id)
{
    if (!m_session || m_stack->currentWidget() != m_tree)
        return false;
    const QModelIndex index = m_session->model()->indexOf(id);
    if (!index.isValid())
        return false;
    m_tree->setCurrentIndex(index);
    m_tree->edit(index);
    return true;
}

void TreePanel::filter()
{
    const QString text = m_filter->text().trimmed();
    if (text.isEmpty() || !m_session) {
        m_stack->setCurrentWidget(m_tree);
        m_found->setIds({});
        showSelection();
        return;
    }
    m_syncing = true;
    m_found->setIds(FoundList::search(*m_index, text));
    m_syncing = false;
    m_stack->setCurrentWidget(m_list);
}

void TreePanel::takeSelection()
{
    if (m_syncing || !m_selection)
        return;
    QList<EntityId> ids;
    if (m_stack->currentWidget() == m_list) {
        for (const QModelIndex &index : m_list->selectionModel()->selectedRows())
            ids.append(m_found->idAt(index));
    } else {
        for (const QModelIndex &index : m_tree->selectionModel()->selectedRows()) {
            if (const EntityId id = index.data(TopologyModel::IdRole).toULongLong())
                ids.append(id);
        }
    }
    m_syncing = true;
    m_selection->set(ids);
    m_syncing = false;
}

void TreePanel::showSelection()
{
    if (m_syncing || !m_session || !m_selection || !m_tree->selectionModel())
        return;
    m_syncing = true;
    QItemSelection rows;
    QModelIndex last;
    if (m_selection->size() <= kMostShown) {
        for (const EntityId id : m_selection->ids()) {
            const QModelIndex index = m_session->model()->indexOf(id);
            if (index.isValid()) {
                rows.select(index, index.siblingAtColumn(TopologyModel::ColumnCount - 1));
                last = index;
            }
        }
    }
    m_tree->selectionModel()->select(rows, QItemSelectionModel::ClearAndSelect);
    if (last.isValid() && m_selection->size() == 1) {
        m_tree->selectionModel()->setCurrentIndex(last, QItemSelectionModel::NoUpdate);
        m_tree->scrollTo(last);
    }
    m_syncing = false;
}

void TreePanel::showMenu(QWidget *view, QPoint position)
{
    auto *area = static_cast<QAbstractItemView *>(view);
    if (m_selection && !m_selection->isEmpty())
        Q_EMIT contextMenuRequested(m_selection->ids(), area->viewport()->mapToGlobal(position));
}

} // namespace patchboard::ui
