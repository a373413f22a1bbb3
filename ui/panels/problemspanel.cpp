#include "ui/panels/problemspanel.h"

#include "model/optics/computedstatus.h"
#include "ui/mainwindow/board.h"
#include "ui/panels/problemlist.h"
#include "ui/panels/rowheight.h"

#include <QHeaderView>
#include <QLabel>
#include <QStackedWidget>
#include <QTreeView>
#include <QVBoxLayout>

namespace patchboard::ui {

ProblemsPanel::ProblemsPanel(QWidget *parent)
    : QWidget(parent)
    , m_stack(new QStackedWidget(this))
    , m_empty(new QLabel(this))
    , m_count(new QLabel(this))
    , m_view(new QTreeView(this))
{
    setObjectName(QStringLiteral("problemsPanel"));
    m_view->setObjectName(QStringLiteral("problemList"));
    m_view->setAccessibleName(tr("Problems"));
    m_view->setRootIsDecorated(false);
    m_view->setAlternatingRowColors(true);
    m_view->setUniformRowHeights(true);
    m_view->setSelectionMode(QAbstractItemView::SingleSelection);
    m_view->setItemDelegate(new RowHeight(fontMetrics().height() + 9, m_view));
    m_view->header()->setStretchLastSection(true);
    m_empty->setObjectName(QStringLiteral("noProblems"));
    m_empty->setAlignment(Qt::AlignCenter);
    m_empty->setWordWrap(true);
    m_empty->setForegroundRole(QPalette::PlaceholderText);
    m_count->setObjectName(QStringLiteral("problemCount"));
    m_count->setForegroundRole(QPalette::PlaceholderText);
    m_count->setContentsMargins(8, 4, 8, 4);
    const auto show = [this](const QModelIndex &at) {
        if (const EntityId id = m_list && at.isValid() ? m_list->idAt(at.row()) : 0; id != 0)
            Q_EMIT activated(id);
    };
    connect(m_view, &QTreeView::clicked, this, show);
    connect(m_view, &QTreeView::activated, this, show);
    auto *page = new QWidget(this);
    auto *pageLayout = new QVBoxLayout(page);
    pageLayout->setContentsMargins(0, 0, 0, 0);
    pageLayout->setSpacing(0);
    pageLayout->addWidget(m_count);
    pageLayout->addWidget(m_view);
    m_stack->addWidget(m_empty);
    m_stack->addWidget(page);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_stack);
    updateState();
}

ProblemsPanel::~ProblemsPanel() = default;

void ProblemsPanel::setBoard(Board *board)
{
    m_view->setModel(nullptr);
    delete m_list;
    m_list = nullptr;
    m_board = board;
    setUp();
}

void ProblemsPanel::setInFront(bool inFront)
{
    m_inFront = inFront;
    setUp();
}

void ProblemsPanel::setUp()
{
    if (m_inFront && m_board && !m_list) {
        m_list = new ProblemList(m_board->session(), m_board->computed(), this);
        m_view->setModel(m_list);
        m_view->setColumnWidth(ProblemList::What, fontMetrics().averageCharWidth() * 70);
        connect(m_list, &ProblemList::countChanged, this, &ProblemsPanel::updateState);
    }
    updateState();
}

void ProblemsPanel::updateState()
{
    const int count = m_list ? m_list->rowCount() : 0;
    m_stack->setCurrentIndex(count > 0 ? 1 : 0);
    if (count > 0) {
        m_count->setText(tr("%n error(s)", nullptr, m_list->errorCount()) + QStringLiteral(", ") +
                         tr("%n warning(s)", nullptr, count - m_list->errorCount()));
        return;
    }
    QString text = tr("No problems.");
    if (m_board && !m_board->computed().isOn()) {
        text +=
            u'\n' + tr("Optical budgets and the health of containers are computed once they are "
                       "switched on in File > Board Settings.");
    }
    m_empty->setText(text);
}

} // namespace patchboard::ui
