#include "ui/panels/tablespanel.h"

#include "model/tablemodel.h"
#include "model/topologymodel.h"
#include "ui/actions/theme.h"
#include "ui/mainwindow/board.h"
#include "ui/panels/fielddelegate.h"
#include "ui/scene/selection.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QItemSelectionModel>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QSettings>
#include <QTabWidget>
#include <QTableView>
#include <QToolButton>
#include <QVBoxLayout>

namespace patchboard::ui {

namespace {

/// A selection larger than this is not shown row by row.
constexpr qsizetype kMostShownRows = 2000;

QString columnSetting(EntityKind kind, const QString &key)
{
    return QStringLiteral("tables/%1/%2").arg(int(kind)).arg(key);
}

} // namespace

TablesPanel::TablesPanel(QWidget *parent)
    : QWidget(parent)
    , m_tabs(new QTabWidget(this))
    , m_filter(new QLineEdit(this))
    , m_count(new QLabel(this))
{
    setObjectName(QStringLiteral("tablesPanel"));
    m_tabs->setObjectName(QStringLiteral("tablesTabs"));
    const QString titles[] = {tr("Devices"), tr("Interfaces"), tr("Links")};
    const char *const names[] = {"deviceTable", "interfaceTable", "linkTable"};
    for (size_t i = 0; i < m_pages.size(); ++i) {
        Page &page = m_pages[i];
        page.view = new QTableView(m_tabs);
        page.view->setObjectName(QString::fromLatin1(names[i]));
        page.view->setAccessibleName(titles[i]);
        page.view->setSelectionBehavior(QAbstractItemView::SelectRows);
        page.view->setSelectionMode(QAbstractItemView::ExtendedSelection);
        page.view->setEditTriggers(QAbstractItemView::EditKeyPressed |
                                   QAbstractItemView::AnyKeyPressed);
        page.view->setShowGrid(false);
        page.view->setAlternatingRowColors(true);
        page.view->setWordWrap(false);
        page.view->setTabKeyNavigation(false);
        page.view->setContextMenuPolicy(Qt::CustomContextMenu);
        page.view->verticalHeader()->hide();
        page.view->verticalHeader()->setDefaultSectionSize(fontMetrics().height() + 9);
        page.view->horizontalHeader()->setHighlightSections(false);
        page.view->horizontalHeader()->setSectionsMovable(true);
        page.view->horizontalHeader()->setContextMenuPolicy(Qt::CustomContextMenu);
        connect(page.view->horizontalHeader(), &QHeaderView::customContextMenuRequested, this,
                [&page, this](QPoint at) {
                    chooseColumns(page.view->horizontalHeader()->mapToGlobal(at));
                });
        page.view->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
        m_tabs->addTab(page.view, titles[i]);
        // A double click, or Enter.
        connect(page.view, &QTableView::activated, this,
                [&page, this](const QModelIndex &at) { Q_EMIT activated(page.model->idAt(at)); });
        connect(page.view, &QTableView::customContextMenuRequested, this, [&page, this](QPoint at) {
            if (m_selection && !m_selection->isEmpty()) {
                Q_EMIT contextMenuRequested(m_selection->ids(),
                                            page.view->viewport()->mapToGlobal(at));
            }
        });
    }
    m_filter->setObjectName(QStringLiteral("tableFilter"));
    m_filter->setPlaceholderText(tr("Filter"));
    m_filter->setAccessibleName(tr("Filter the table"));
    m_filter->setClearButtonEnabled(true);
    m_filter->setMaximumWidth(220);
    m_count->setObjectName(QStringLiteral("tableCount"));
    m_count->setForegroundRole(QPalette::PlaceholderText);
    auto *columns = new QToolButton(this);
    columns->setObjectName(QStringLiteral("tableColumns"));
    columns->setIcon(actionIcon(QStringLiteral("table")));
    columns->setProperty("quiet", true);
    columns->setToolTip(tr("Choose the columns; also by a right click on their titles"));
    columns->setAccessibleName(tr("Choose the columns"));
    connect(columns, &QToolButton::clicked, this,
            [this, columns] { chooseColumns(columns->mapToGlobal(QPoint(0, columns->height()))); });
    auto *corner = new QWidget(this);
    auto *cornerLayout = new QHBoxLayout(corner);
    cornerLayout->setContentsMargins(4, 2, 8, 2);
    cornerLayout->addWidget(m_count);
    cornerLayout->addWidget(m_filter);
    cornerLayout->addWidget(columns);
    m_tabs->setCornerWidget(corner);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_tabs);
    connect(m_filter, &QLineEdit::textChanged, this, &TablesPanel::filter);
    connect(m_tabs, &QTabWidget::currentChanged, this, [this] {
        setUp(current());
        filter();
        showSelection();
    });
}

TablesPanel::~TablesPanel() = default;

TablesPanel::Page &TablesPanel::current()
{
    return m_pages[size_t(std::max(0, m_tabs->currentIndex()))];
}

QTableView *TablesPanel::table(EntityKind kind) const
{
    for (const Page &page : m_pages) {
        if (page.kind == kind)
            return page.view;
    }
    return nullptr;
}

void TablesPanel::setBoard(Board *board, Selection *selection)
{
    if (m_selection)
        m_selection->disconnect(this);
    disconnect(m_boardChanged);
    for (Page &page : m_pages) {
        page.view->setModel(nullptr);
        delete page.model;
        page.model = nullptr;
    }
    m_board = board;
    m_selection = selection;
    m_filter->clear();
    if (!board) {
        showCount();
        return;
    }
    connect(selection, &Selection::changed, this, &TablesPanel::showSelection);
    m_boardChanged = connect(board->session().model(), &TopologyModel::changed, this,
                             [this](const Delta &delta) {
                                 if (!delta.created.empty() || !delta.removed.empty())
                                     postCount();
                             });
    setUp(current());
    showCount();
    showSelection();
}

/// Models are made when their tab is first looked at: on a large board each sorts and holds much.
void TablesPanel::setUp(Page &page)
{
    if (page.model || !m_board)
        return;
    Session &session = m_board->session();
    page.model = new TableModel(session.topology(), m_board->searchIndex(), page.kind, page.view,
                                &m_board->computed());
    page.model->setReadOnly(session.status().readOnly);
    page.model->sort(0);
    page.view->setModel(page.model);
    page.view->setSortingEnabled(true);
    page.view->sortByColumn(0, Qt::AscendingOrder);
    page.view->setItemDelegate(new FieldDelegate(*page.model, session.topology(), page.view));
    for (int column = 0; column < page.model->columnCount(); ++column) {
        const FieldInfo *info = page.model->fieldAt(column);
        const int width = fontMetrics().averageCharWidth() *
                          (!info || info->type == ValueType::Enumeration       ? 14
                           : column == 0 || info->type == ValueType::Reference ? 24
                                                                               : 18);
        const int header = page.view->horizontalHeader()->sectionSizeHint(column);
        page.view->setColumnWidth(column, std::max(width, header + 6));
    }
    showColumns(page);
    connect(page.model, &TableModel::editRequested, m_board, &Board::edit);
    connect(page.view->selectionModel(), &QItemSelectionModel::selectionChanged, this,
            [this, &page] { takeSelection(page); });
    for (const auto signal : {&QAbstractItemModel::rowsInserted, &QAbstractItemModel::rowsRemoved})
        connect(page.model, signal, this, &TablesPanel::postCount);
    connect(page.model, &QAbstractItemModel::modelReset, this, [this] {
        showCount();
        showSelection();
    });
    connect(&session, &Session::statusChanged, page.model,
            [&session, model = page.model] { model->setReadOnly(session.status().readOnly); });
}

/// What is computed is hidden until somebody wants it; what was chosen is remembered.
void TablesPanel::showColumns(const Page &page)
{
    const QSettings settings;
    for (int column = 0; column < page.model->columnCount(); ++column) {
        const bool usual = page.model->computedAt(column) == TableModel::Computed::None;
        page.view->setColumnHidden(
            column, !settings.value(columnSetting(page.kind, page.model->columnKey(column)), usual)
                         .toBool());
    }
}

void TablesPanel::chooseColumns(QPoint globalPosition)
{
    Page &page = current();
    if (!page.model)
        return;
    QMenu menu(this);
    menu.setObjectName(QStringLiteral("columnMenu"));
    for (int column = 0; column < page.model->columnCount(); ++column) {
        QAction *action = menu.addAction(page.model->headerData(column, Qt::Horizontal)
                                             .toString()
                                             .replace(u'&', QStringLiteral("&&")));
        action->setCheckable(true);
        action->setChecked(!page.view->isColumnHidden(column));
        // The first names the thing, and is always there.
        action->setEnabled(column > 0);
        connect(action, &QAction::toggled, this, [this, &page, column](bool on) {
            QSettings().setValue(columnSetting(page.kind, page.model->columnKey(column)), on);
            showColumns(page);
        });
    }
    menu.exec(globalPosition);
}

void TablesPanel::focusFilter()
{
    m_filter->setFocus(Qt::ShortcutFocusReason);
    m_filter->selectAll();
}

void TablesPanel::showTable(EntityKind kind)
{
    m_tabs->setCurrentWidget(table(kind));
}

bool TablesPanel::editCurrent()
{
    QTableView *view = current().view;
    const QModelIndex cell = view->currentIndex();
    if (!cell.isValid() || !(cell.flags() & Qt::ItemIsEditable))
        return false;
    view->edit(cell);
    return true;
}

void TablesPanel::filter()
{
    if (TableModel *model = current().model) {
        model->setFilter(m_filter->text());
        showCount();
    }
}

/// Rows come and go before the table has counted what is there in all.
void TablesPanel::postCount()
{
    if (std::exchange(m_countPosted, true))
        return;
    QMetaObject::invokeMethod(
        this,
        [this] {
            m_countPosted = false;
            showCount();
        },
        Qt::QueuedConnection);
}

void TablesPanel::showCount()
{
    const TableModel *model = current().model;
    if (!model)
        m_count->clear();
    else if (model->rowCount() == model->totalCount())
        m_count->setText(QLocale().toString(model->totalCount()));
    else
        m_count->setText(tr("%1 of %2")
                             .arg(QLocale().toString(model->rowCount()),
                                  QLocale().toString(model->totalCount())));
}

void TablesPanel::takeSelection(const Page &page)
{
    if (m_syncing || !m_selection || &page != &current())
        return;
    QList<EntityId> ids;
    for (const QModelIndex &index : page.view->selectionModel()->selectedRows())
        ids.append(page.model->idAt(index));
    m_syncing = true;
    m_selection->set(ids);
    m_syncing = false;
}

void TablesPanel::showSelection()
{
    const Page &page = current();
    if (m_syncing || !m_selection || !page.model)
        return;
    m_syncing = true;
    QItemSelection rows;
    QModelIndex last;
    if (m_selection->size() <= kMostShownRows) {
        for (const EntityId id : m_selection->ids()) {
            const QModelIndex index = page.model->indexOf(id);
            if (index.isValid()) {
                rows.select(index, index.siblingAtColumn(page.model->columnCount() - 1));
                last = index;
            }
        }
    }
    page.view->selectionModel()->select(rows, QItemSelectionModel::ClearAndSelect);
    if (last.isValid() && m_selection->size() == 1) {
        const QModelIndex now = page.view->currentIndex();
        const QModelIndex cell = now.isValid() ? last.siblingAtColumn(now.column()) : last;
        page.view->selectionModel()->setCurrentIndex(cell, QItemSelectionModel::NoUpdate);
        page.view->scrollTo(cell);
    }
    m_syncing = false;
}

} // namespace patchboard::ui
