#include "ui/mainwindow/mainwindow.h"

#include "model/core/edits.h"
#include "model/topologymodel.h"
#include "ui/actions/actionset.h"
#include "ui/actions/theme.h"
#include "ui/commands/boardactions.h"
#include "ui/commands/boardcommands.h"
#include "ui/commands/boardlayout.h"
#include "ui/commands/undostack.h"
#include "ui/dialogs/sharedialog.h"
#include "ui/mainwindow/connectionstatus.h"
#include "ui/mainwindow/messagebar.h"
#include "ui/mainwindow/startpage.h"
#include "ui/mainwindow/taskstatus.h"
#include "ui/mainwindow/windows.h"
#include "ui/panels/conflictlist.h"
#include "ui/panels/conflictspanel.h"
#include "ui/panels/findbar.h"
#include "ui/panels/historypanel.h"
#include "ui/panels/peoplepanel.h"
#include "ui/panels/problemspanel.h"
#include "ui/panels/propertiespanel.h"
#include "ui/panels/tablespanel.h"
#include "ui/panels/treepanel.h"
#include "ui/panels/typepalette.h"
#include "ui/scene/canvasview.h"
#include "ui/scene/minimap.h"
#include "ui/scene/selection.h"

#include <QApplication>
#include <QClipboard>
#include <QCloseEvent>
#include <QDockWidget>
#include <QDragEnterEvent>
#include <QFileInfo>
#include <QLabel>
#include <QMimeData>
#include <QScreen>
#include <QSettings>
#include <QStackedWidget>
#include <QStatusBar>
#include <QToolBar>
#include <QToolButton>
#include <QUrl>
#include <QVBoxLayout>

namespace patchboard::ui {

namespace {

constexpr int kLayoutVersion = 3;

/// Docks that fit two screens side by side do not fit the one that is left: each set of screens has
/// a layout of its own.
QString screenSetup()
{
    QStringList parts;
    for (const QScreen *screen : QGuiApplication::screens()) {
        const QRect at = screen->geometry();
        parts.append(
            QStringLiteral("%1x%2+%3+%4").arg(at.width()).arg(at.height()).arg(at.x()).arg(at.y()));
    }
    parts.sort();
    return parts.join(u'_');
}

QString layoutSetting(const char *what)
{
    return QStringLiteral("layout/%1/%2").arg(screenSetup(), QLatin1String(what));
}

QStringList droppedLocations(const QMimeData *mime)
{
    QStringList locations;
    for (const QUrl &url : mime->urls()) {
        if (url.isLocalFile())
            locations.append(url.toLocalFile());
        else if (url.scheme() == QLatin1String("ws") || url.scheme() == QLatin1String("wss"))
            locations.append(url.toString());
    }
    return locations;
}

/// @a ids, and the devices and interfaces without which links among them cannot come back.
QList<EntityId> withLostEnds(const Topology &topology, QList<EntityId> ids)
{
    for (const EntityId id : QList<EntityId>(ids)) {
        const RemovedEntity *gone = topology.removedEntity(id);
        const Link *link = gone ? std::get_if<Link>(&gone->entity) : nullptr;
        for (const EntityId end : link ? QList<EntityId>{link->a, link->b} : QList<EntityId>()) {
            const RemovedEntity *lost =
                topology.interface(end) ? nullptr : topology.removedEntity(end);
            if (lost) {
                const EntityId device = std::get<Interface>(lost->entity).device;
                ids.prepend(topology.device(device) ? end : device);
            }
        }
    }
    return ids;
}

} // namespace

MainWindow::MainWindow(Windows &windows, QWidget *parent)
    : QMainWindow(parent)
    , m_windows(windows)
    , m_selection(std::make_unique<Selection>())
    , m_actions(new ActionSet(this))
    , m_edit(new BoardActions(this))
    , m_layout(new BoardLayout(this))
{
    setObjectName(QStringLiteral("mainWindow"));
    setWindowIcon(QIcon(QStringLiteral(":/icons/patchboard.svg")));
    setAcceptDrops(true);
    setDockOptions(AllowTabbedDocks | AllowNestedDocks | GroupedDragging);
    setTabPosition(Qt::AllDockWidgetAreas, QTabWidget::North);
    createCentre();
    createDocks();
    createStatusBar();
    createActions();
    createMenus();
    createToolBar();
    connect(m_selection.get(), &Selection::changed, this, [this] {
        m_properties->setSelection(m_selection->ids());
        if (m_board)
            m_board->session().setSelection(m_selection->ids());
        updateActions();
    });
    connect(QGuiApplication::clipboard(), &QClipboard::dataChanged, this,
            &MainWindow::updateActions);
    connect(m_edit, &BoardActions::message, this,
            [this](const QString &text) { m_bar->show(MessageBar::Kind::Notice, text); });
    connect(m_layout, &BoardLayout::message, this,
            [this](const QString &text) { m_bar->show(MessageBar::Kind::Notice, text); });
    connect(m_layout, &BoardLayout::started, m_task, &TaskStatus::start);
    connect(m_layout, &BoardLayout::started, this, &MainWindow::updateActions);
    connect(m_layout, &BoardLayout::progress, m_task, &TaskStatus::setProgress);
    connect(m_layout, &BoardLayout::ended, m_task, &TaskStatus::stop);
    connect(m_layout, &BoardLayout::ended, this, &MainWindow::updateActions);
    connect(m_task, &TaskStatus::cancelRequested, m_layout, &BoardLayout::cancel);
    connect(&m_windows, &Windows::recentChanged, this,
            [this] { m_start->setRecent(m_windows.recent()); });
    connect(&m_windows.theme(), &Theme::changed, this, &MainWindow::updateTheme);
    restoreLayout();
}

MainWindow::~MainWindow()
{
    m_leaving = true;
    disconnectBoard();
    // They still tell of their hiding when this is only a QWidget any more.
    for (QDockWidget *dock : std::as_const(m_docks))
        dock->disconnect(this);
}

CanvasView *MainWindow::canvas() const
{
    return m_canvas;
}

void MainWindow::createCentre()
{
    auto *centre = new QWidget(this);
    auto *layout = new QVBoxLayout(centre);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    m_bar = new MessageBar(centre);
    m_enterToken = new QAction(tr("Enter Token…"), this);
    m_enterToken->setObjectName(QStringLiteral("enterToken"));
    connect(m_enterToken, &QAction::triggered, this, &MainWindow::enterToken);
    m_showCertificate = new QAction(tr("Show the Certificate…"), this);
    m_showCertificate->setObjectName(QStringLiteral("showCertificate"));
    connect(m_showCertificate, &QAction::triggered, this, &MainWindow::showCertificate);
    m_stack = new QStackedWidget(centre);
    m_start = new StartPage([this] { return m_windows.service().browseHosts(); }, m_stack);
    m_start->setRecent(m_windows.recent());
    m_boardPage = new QWidget(m_stack);
    m_boardLayout = new QVBoxLayout(m_boardPage);
    m_boardLayout->setContentsMargins(0, 0, 0, 0);
    m_boardLayout->setSpacing(0);
    createPastBanner();
    createFollowing();
    m_find = new FindBar(m_boardPage);
    m_boardLayout->addWidget(m_find);
    m_stack->addWidget(m_start);
    m_stack->addWidget(m_boardPage);
    layout->addWidget(m_bar);
    layout->addWidget(m_stack, 1);
    setCentralWidget(centre);

    connect(m_start, &StartPage::newRequested, this, &MainWindow::newBoard);
    connect(m_start, &StartPage::openRequested, this, &MainWindow::openBoard);
    connect(m_start, &StartPage::demoRequested, this, &MainWindow::openDemo);
    connect(m_start, &StartPage::importRequested, this, &MainWindow::importFile);
    connect(m_start, &StartPage::connectRequested, this, &MainWindow::openLocation);
    connect(m_start, &StartPage::recentChosen, this, &MainWindow::openLocation);
    connect(m_find, &FindBar::changed, this, [this](const QList<EntityId> &ids, EntityId current) {
        if (m_canvas)
            m_canvas->highlight(ids, current);
    });
    connect(m_find, &FindBar::stepped, this, &MainWindow::goTo);
    connect(m_find, &FindBar::closed, this, [this] {
        if (m_canvas)
            m_canvas->setFocus();
    });
}

QDockWidget *MainWindow::addDock(const QString &name, const QString &title, const QString &icon,
                                 QWidget *widget, Qt::DockWidgetArea area)
{
    auto *dock = new QDockWidget(title, this);
    dock->setObjectName(name);
    dock->setWidget(widget);
    dock->toggleViewAction()->setIcon(actionIcon(icon));
    dock->toggleViewAction()->setObjectName(QStringLiteral("view.") + name);
    addDockWidget(area, dock);
    m_docks.append(dock);
    for (const auto signal : {&QDockWidget::topLevelChanged, &QDockWidget::visibilityChanged})
        connect(dock, signal, this, &MainWindow::updateTitleBars);
    connect(dock, &QDockWidget::dockLocationChanged, this, &MainWindow::updateTitleBars);
    return dock;
}

void MainWindow::createDocks()
{
    m_palette = new TypePalette(this);
    m_tree = new TreePanel(this);
    m_properties = new PropertiesPanel(this);
    m_tables = new TablesPanel(this);
    m_people = new PeoplePanel(this);
    m_conflicts = new ConflictsPanel(this);
    m_history = new HistoryPanel(this);
    m_problems = new ProblemsPanel(this);
    addDock(QStringLiteral("paletteDock"), tr("Devices to Add"), QStringLiteral("palette"),
            m_palette, Qt::LeftDockWidgetArea);
    addDock(QStringLiteral("treeDock"), tr("Tree"), QStringLiteral("tree"), m_tree,
            Qt::LeftDockWidgetArea);
    addDock(QStringLiteral("propertiesDock"), tr("Properties"), QStringLiteral("properties"),
            m_properties, Qt::RightDockWidgetArea);
    addDock(QStringLiteral("tablesDock"), tr("Tables"), QStringLiteral("table"), m_tables,
            Qt::BottomDockWidgetArea);
    addDock(QStringLiteral("peopleDock"), tr("People"), QStringLiteral("people"), m_people,
            Qt::BottomDockWidgetArea);
    m_overview = new QWidget(this);
    (new QVBoxLayout(m_overview))->setContentsMargins(0, 0, 0, 0);
    addDock(QStringLiteral("overviewDock"), tr("Overview"), QStringLiteral("zoom-fit"), m_overview,
            Qt::RightDockWidgetArea);
    addDock(QStringLiteral("conflictsDock"), tr("Conflicts"), QStringLiteral("warning"),
            m_conflicts, Qt::BottomDockWidgetArea);
    connect(m_docks.constLast(), &QDockWidget::visibilityChanged, m_conflicts,
            &ConflictsPanel::setInFront);
    addDock(QStringLiteral("historyDock"), tr("History"), QStringLiteral("history"), m_history,
            Qt::BottomDockWidgetArea);
    connect(m_docks.constLast(), &QDockWidget::visibilityChanged, m_history,
            &HistoryPanel::setInFront);
    addDock(QStringLiteral("problemsDock"), tr("Problems"), QStringLiteral("degraded"), m_problems,
            Qt::BottomDockWidgetArea);
    connect(m_docks.constLast(), &QDockWidget::visibilityChanged, m_problems,
            &ProblemsPanel::setInFront);
    connect(m_problems, &ProblemsPanel::activated, this, &MainWindow::goTo);
    connect(m_history, &HistoryPanel::revisionChosen, this, &MainWindow::lookAt);

    connect(m_palette, &TypePalette::armRequested, this, [this](const QString &key) {
        if (m_canvas) {
            m_canvas->armPlacing(key);
            m_palette->setArmed(key);
        }
    });
    connect(m_palette, &TypePalette::addRequested, this,
            [this](const QString &key) { m_edit->createDevice(key); });
    connect(m_palette, &TypePalette::leaveRequested, this, [this] {
        if (m_canvas) {
            m_canvas->cancel();
            m_canvas->setFocus();
        }
    });
    connect(m_tree, &TreePanel::activated, this, &MainWindow::goTo);
    connect(
        m_tree, &TreePanel::contextMenuRequested, this,
        [this](const QList<EntityId> &ids, QPoint at) { showContextMenu(ids, at, std::nullopt); });
    connect(m_tables, &TablesPanel::activated, this, &MainWindow::goTo);
    connect(
        m_tables, &TablesPanel::contextMenuRequested, this,
        [this](const QList<EntityId> &ids, QPoint at) { showContextMenu(ids, at, std::nullopt); });
    connect(m_properties, &PropertiesPanel::message, this, &MainWindow::showError);
    connect(m_properties, &PropertiesPanel::activated, this, &MainWindow::goTo);
    connect(m_properties, &PropertiesPanel::orphaned, this,
            [this](const PropertiesPanel::Orphan &orphan) {
                offerRestore(orphan.ids, orphan.key, orphan.label, orphan.text, orphan.value);
            });
    connect(m_properties, &PropertiesPanel::addInterfaceRequested, m_edit,
            &BoardActions::addInterface);
    connect(m_conflicts, &ConflictsPanel::activated, this, &MainWindow::goTo);
    connect(m_people, &PeoplePanel::followRequested, this, &MainWindow::follow);
    arrangeDocks();
}

void MainWindow::arrangeDocks()
{
    QDockWidget *const palette = m_docks.at(0);
    QDockWidget *const tree = m_docks.at(1);
    QDockWidget *const properties = m_docks.at(2);
    QDockWidget *const tables = m_docks.at(3);
    QDockWidget *const people = m_docks.at(4);
    QDockWidget *const overview = m_docks.at(5);
    QDockWidget *const conflicts = m_docks.at(6);
    QDockWidget *const history = m_docks.at(7);
    QDockWidget *const problems = m_docks.at(8);
    for (QDockWidget *dock : std::as_const(m_docks)) {
        dock->setFloating(false);
        dock->show();
    }
    addDockWidget(Qt::LeftDockWidgetArea, palette);
    addDockWidget(Qt::LeftDockWidgetArea, tree);
    addDockWidget(Qt::RightDockWidgetArea, properties);
    addDockWidget(Qt::RightDockWidgetArea, overview);
    addDockWidget(Qt::BottomDockWidgetArea, tables);
    addDockWidget(Qt::BottomDockWidgetArea, people);
    addDockWidget(Qt::BottomDockWidgetArea, conflicts);
    addDockWidget(Qt::BottomDockWidgetArea, history);
    addDockWidget(Qt::BottomDockWidgetArea, problems);
    tabifyDockWidget(palette, tree);
    tabifyDockWidget(tables, problems);
    tabifyDockWidget(problems, people);
    tabifyDockWidget(people, history);
    tabifyDockWidget(history, conflicts);
    setCorner(Qt::BottomLeftCorner, Qt::LeftDockWidgetArea);
    setCorner(Qt::BottomRightCorner, Qt::RightDockWidgetArea);
    palette->raise();
    tables->raise();
    resizeDocks({palette, properties}, {230, 300}, Qt::Horizontal);
    resizeDocks({tables}, {210}, Qt::Vertical);
    resizeDocks({properties, overview}, {600, 170}, Qt::Vertical);
}

/// Docks that are tabs have their titles on the tabs; a second one below would only take room.
void MainWindow::updateTitleBars()
{
    if (m_titlesPosted || m_leaving)
        return;
    m_titlesPosted = true;
    QMetaObject::invokeMethod(
        this,
        [this] {
            m_titlesPosted = false;
            for (QDockWidget *dock : std::as_const(m_docks)) {
                bool tabbed = false;
                for (const QDockWidget *other : tabifiedDockWidgets(dock))
                    tabbed = tabbed || !other->isHidden();
                tabbed = tabbed && !dock->isFloating();
                if (tabbed == (dock->titleBarWidget() != nullptr))
                    continue;
                QWidget *old = dock->titleBarWidget();
                dock->setTitleBarWidget(tabbed ? new QWidget(dock) : nullptr);
                delete old;
            }
        },
        Qt::QueuedConnection);
}

void MainWindow::createStatusBar()
{
    QStatusBar *bar = statusBar();
    bar->setSizeGripEnabled(false);
    m_connection = new ConnectionStatus(bar);
    m_boardLabel = new QLabel(bar);
    m_boardLabel->setObjectName(QStringLiteral("statusBoard"));
    m_boardLabel->setTextFormat(Qt::PlainText);
    m_boardLabel->setMinimumWidth(60); // a title may be long; it makes no window wider
    m_pending = new QLabel(bar);
    m_pending->setObjectName(QStringLiteral("statusPending"));
    m_conflictCount = new QToolButton(bar);
    m_conflictCount->setObjectName(QStringLiteral("statusConflicts"));
    m_conflictCount->setProperty("quiet", true);
    m_conflictCount->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_conflictCount->setIconSize({14, 14});
    m_conflictCount->setIcon(actionIcon(QStringLiteral("warning")));
    m_conflictCount->setFocusPolicy(Qt::TabFocus);
    m_conflictCount->setToolTip(tr("What of your changes met somebody else's; click for the list"));
    connect(m_conflictCount, &QToolButton::clicked, this,
            [this] { m_actions->action(QStringLiteral("view.conflicts"))->trigger(); });
    m_task = new TaskStatus(bar);
    m_peopleStrip = new PeopleStrip(bar);
    m_revision = new QLabel(bar);
    m_revision->setObjectName(QStringLiteral("statusRevision"));
    m_pointer = new QLabel(bar);
    m_pointer->setObjectName(QStringLiteral("statusPointer"));
    m_zoom = new QLabel(bar);
    m_zoom->setObjectName(QStringLiteral("statusZoom"));
    m_zoom->setToolTip(tr("Zoom"));
    m_revision->setToolTip(tr("Number of the newest change that is stored"));
    m_pointer->setToolTip(tr("Where the pointer is on the board"));
    m_pointer->setMinimumWidth(fontMetrics().horizontalAdvance(QStringLiteral("-99999, -99999")));
    m_pointer->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    m_zoom->setMinimumWidth(fontMetrics().horizontalAdvance(QStringLiteral("1000 %")));
    m_zoom->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    bar->addWidget(m_connection);
    bar->addWidget(m_boardLabel);
    bar->addWidget(m_pending);
    bar->addWidget(m_conflictCount);
    bar->addWidget(m_task);
    m_followers = new QLabel(bar);
    m_followers->setObjectName(QStringLiteral("statusFollowers"));
    m_followers->setTextFormat(Qt::PlainText);
    bar->addPermanentWidget(m_followers);
    bar->addPermanentWidget(m_peopleStrip);
    bar->addPermanentWidget(m_revision);
    bar->addPermanentWidget(m_pointer);
    bar->addPermanentWidget(m_zoom);
    bar->setContentsMargins(6, 0, 10, 0);
    connect(m_peopleStrip, &PeopleStrip::clicked, this, [this] {
        m_docks.at(4)->show();
        m_docks.at(4)->raise();
    });
}

void MainWindow::restoreLayout()
{
    const QSettings settings;
    const QByteArray geometry = settings.value(layoutSetting("geometry")).toByteArray();
    const QByteArray state = settings.value(layoutSetting("docks")).toByteArray();
    if (geometry.isEmpty() || !restoreGeometry(geometry))
        resize(1360, 860);
    if (!state.isEmpty())
        restoreState(state, kLayoutVersion);
}

void MainWindow::saveLayout()
{
    if (!m_board)
        return; // the start page hides the docks
    QSettings settings;
    settings.setValue(layoutSetting("geometry"), saveGeometry());
    settings.setValue(layoutSetting("docks"), saveState(kLayoutVersion));
}

void MainWindow::resetLayout()
{
    arrangeDocks();
    saveLayout();
}

void MainWindow::setBoard(std::shared_ptr<Board> board)
{
    disconnectBoard();
    m_present.reset();
    m_pastRequest = 0;
    m_board = std::move(board);
    connectBoard();
}

void MainWindow::disconnectBoard()
{
    if (m_board) {
        if (!m_leaving && !m_exchanging)
            saveLayout();
        if (m_present) {
            m_present->session().disconnect(this);
            m_present->conflicts().disconnect(this);
        }
        m_board->session().disconnect(this);
        m_board->session().model()->disconnect(this);
        m_board->undoStack().disconnect(this);
        m_board->conflicts().disconnect(this);
        m_board->session().setPointer(std::nullopt);
    }
    m_edit->setBoard(nullptr, nullptr, nullptr);
    m_layout->setBoard(nullptr, nullptr);
    m_find->setBoard(nullptr, nullptr);
    m_palette->setSession(nullptr);
    m_tree->setBoard(nullptr, nullptr, nullptr);
    m_tables->setBoard(nullptr, nullptr);
    m_properties->setBoard(nullptr, nullptr);
    m_problems->setBoard(nullptr);
    if (!m_exchanging) {
        m_people->setSession(nullptr);
        m_conflicts->setList(nullptr);
        m_history->setSession(nullptr);
        m_connection->setSession(nullptr);
    }
    m_selection->clear();
    delete m_minimap;
    delete m_canvas;
}

void MainWindow::connectBoard()
{
    delete findChild<ShareDialog *>(); // of another board
    m_stack->setCurrentWidget(m_board ? m_boardPage : m_start);
    m_toolBar->setVisible(m_board != nullptr);
    if (!m_board)
        m_start->setFocus();
    for (QDockWidget *dock : std::as_const(m_docks)) {
        if (!m_board)
            dock->hide();
    }
    if (m_board) {
        const QByteArray state = QSettings().value(layoutSetting("docks")).toByteArray();
        if (m_exchanging) {
            // Everything stays where it is.
        } else if (state.isEmpty() || !restoreState(state, kLayoutVersion))
            arrangeDocks();
        Session &session = m_board->session();
        UndoStack &undo = m_board->undoStack();
        m_canvas = new CanvasView(
            &session, m_selection.get(),
            [&undo](const QList<Edit> &edits, const QString &label, quint64 gesture) {
                return undo.push(edits, label, gesture);
            },
            m_boardPage);
        m_canvas->setObjectName(QStringLiteral("canvas"));
        m_canvas->setAccessibleName(tr("Canvas"));
        m_canvas->addAction(m_actions->action(QStringLiteral("insert.link")));
        m_canvas->setSnapToGrid(m_actions->action(QStringLiteral("view.snap"))->isChecked());
        m_boardLayout->addWidget(m_canvas, 1);
        m_minimap = new Minimap(m_canvas, m_overview);
        m_minimap->setAccessibleName(tr("Overview of the board"));
        m_overview->layout()->addWidget(m_minimap);
        updateTheme();
        m_edit->setBoard(m_board.get(), m_selection.get(), m_canvas);
        m_layout->setBoard(m_board.get(), m_canvas);
        m_find->setBoard(&session, &m_board->searchIndex());
        m_palette->setSession(&session);
        m_tree->setBoard(&session, &m_board->searchIndex(), m_selection.get());
        m_tables->setBoard(m_board.get(), m_selection.get());
        m_properties->setBoard(&session, &undo, &m_board->computed());
        m_problems->setBoard(m_board.get());
        Session &live = liveBoard()->session();
        connect(&liveBoard()->conflicts(), &ConflictList::unseenChanged, this,
                &MainWindow::updateConflicts);
        connect(&live, &Session::boardArrived, this,
                [this](quint64 request, quint64 revision, const std::shared_ptr<Topology> &board) {
                    if (request == m_pastRequest && request != 0)
                        showPast(revision, board);
                });
        connect(&live, &Session::askFailed, this, [this](quint64 request, const Error &error) {
            if (request == m_pastRequest)
                m_pastRequest = 0;
            m_bar->show(MessageBar::Kind::Warning, error.text);
        });
        if (!m_exchanging) {
            m_people->setSession(&live);
            m_conflicts->setList(&liveBoard()->conflicts());
            m_history->setSession(&live);
            m_connection->setSession(&live);
        }

        connect(&session, &Session::statusChanged, this, &MainWindow::updateStatus);
        connect(&session, &Session::peopleChanged, this, &MainWindow::updatePeople);
        connect(&session, &Session::refused, this,
                [this](quint64, const QString &label, const Error &error) {
                    showError(tr("“%1” was refused and taken back: %2").arg(label, error.text));
                });
        connect(&session, &Session::noticed, this,
                [this](quint64, const QString &label, const QList<Notice> &notices) {
                    showNotices(label, notices,
                                {m_actions->action(QStringLiteral("view.conflicts"))});
                });
        connect(session.model(), &TopologyModel::changed, this, [this](const Delta &delta) {
            QList<EntityId> gone;
            for (const Delta::Removed &each : delta.removed) {
                if (m_selection->contains(each.id))
                    gone.append(each.id);
            }
            if (!gone.isEmpty())
                m_selection->remove(gone);
            for (const Delta::Changed &each : delta.changed) {
                if (each.kind == EntityKind::Board) {
                    updateTitle();
                    updateStatus();
                }
            }
        });
        connect(session.model(), &TopologyModel::topologyWasReset, this, [this] {
            updateTitle();
            updateStatus();
            m_canvas->fitAll();
        });
        connect(m_board.get(), &Board::sharingChanged, this, &MainWindow::updateStatus);
        connect(&undo, &UndoStack::changed, this, &MainWindow::updateActions);
        connect(&undo, &UndoStack::failed, this, [this](const QString &label, const Error &error) {
            if (isActiveWindow() || m_windows.windows().size() == 1)
                showError(tr("“%1” could not be done: %2").arg(label, error.text));
        });
        connect(&undo, &UndoStack::noticed, this,
                [this](const QString &label, const QList<Notice> &notices) {
                    showNotices(label, notices);
                });
        connect(m_canvas, &CanvasView::followingChanged, this, &MainWindow::onFollowingChanged);
        connect(m_canvas, &CanvasView::zoomChanged, this, &MainWindow::updateZoom);
        connect(m_canvas, &CanvasView::pointerMoved, this, &MainWindow::updatePointer);
        connect(m_canvas, &CanvasView::toolChanged, this, [this] {
            if (m_canvas->tool() != CanvasView::ToolKind::Place)
                m_palette->setArmed({});
            updateActions();
        });
        connect(m_canvas, &CanvasView::message, this,
                [this](const QString &text) { m_bar->show(MessageBar::Kind::Notice, text); });
        connect(m_canvas, &CanvasView::contextMenuRequested, this,
                [this](const QList<EntityId> &ids, QPoint at, QPointF scene) {
                    showContextMenu(ids, at, scene);
                });
        connect(m_canvas, &CanvasView::createRequested, this, &MainWindow::showCreateMenu);
        connect(m_canvas, &CanvasView::activated, this, [this](EntityId) {
            m_docks.at(2)->show();
            m_docks.at(2)->raise();
            if (QWidget *name = m_properties->editor(Field::Name))
                name->setFocus();
        });
        connect(m_canvas, &CanvasView::renameOrphaned, this,
                [this](EntityId id, const QString &text) {
                    const RemovedEntity *gone = m_board->session().topology().removedEntity(id);
                    const EntityKind kind = gone ? kindOf(gone->entity) : EntityKind::Device;
                    const Field field = kind == EntityKind::Link ? Field::Label : Field::Name;
                    offerRestore({id}, field, fieldInfo(kind, field)->translatedLabel(), text,
                                 Value(text));
                });
        if (!m_exchanging)
            m_canvas->fitAll();
        m_canvas->setFocus();
        updateZoom(m_canvas->zoom());
    }
    updatePointer(std::nullopt);
    updatePeople();
    updateConflicts();
    updatePastBanner();
    updateTitle();
    updateStatus();
    updateActions();
}

bool MainWindow::openLocation(const QString &location)
{
    auto board = m_windows.open(location);
    if (!board) {
        showError(board.error().text);
        return false;
    }
    if (m_board) {
        m_windows.openWindow(*board)->show();
    } else {
        m_bar->dismiss();
        setBoard(*board);
    }
    return true;
}

void MainWindow::goTo(EntityId id)
{
    if (!m_canvas || id == 0)
        return;
    m_selection->set({id});
    const Topology &topology = m_board->session().topology();
    const Interface *port = topology.interface(id);
    m_canvas->reveal(port ? port->device : id);
}

void MainWindow::updateTitle()
{
    if (!m_board) {
        setWindowTitle(QStringLiteral("Patchboard"));
        return;
    }
    const QString title = m_board->title();
    setWindowTitle(m_present ? tr("%1, revision %2 – Patchboard")
                                   .arg(title)
                                   .arg(m_board->session().status().revision)
                             : tr("%1 – Patchboard").arg(title));
    if (m_board->isFile())
        setWindowFilePath(m_board->location());
    m_boardLabel->setText(title);
}

void MainWindow::updateStatus()
{
    const bool open = m_board != nullptr;
    for (QLabel *label : {m_boardLabel, m_revision, m_pointer, m_zoom})
        label->setVisible(open);
    if (!open) {
        m_pending->hide();
        return;
    }
    const SessionStatus status = m_board->session().status();
    const Sharing sharing = m_board->connection().sharing();
    // A hosted board without a title is called after its host.
    QString where = m_board->title() == status.server
                        ? status.server
                        : tr("%1 on %2").arg(m_board->title(), status.server);
    if (sharing.isOn()) {
        where = tr("%1, shared at %2")
                    .arg(where, splitToken(QUrl(sharing.addresses.value(0))).first.toString());
    } else if (status.readOnly) {
        where = tr("%1, to look at only").arg(where);
    }
    m_boardLabel->setText(where);
    if (status.asksForToken != m_tokenAsked) {
        m_tokenAsked = status.asksForToken;
        if (m_tokenAsked) {
            m_tokenText = tr("%1 lets nobody in without a valid token. %2.")
                              .arg(status.server, status.detail);
            m_bar->show(MessageBar::Kind::Warning, m_tokenText, {m_enterToken});
        } else if (m_bar->text() == m_tokenText) {
            m_bar->dismiss();
        }
    }
    const std::optional<Distrust> distrust = m_board->connection().distrust();
    const QByteArray wanting = distrust ? distrust->fingerprint : QByteArray();
    if (wanting != m_certificateAsked) {
        m_certificateAsked = wanting;
        if (distrust) {
            m_certificateText =
                distrust->isChanged()
                    ? tr("%1 shows another certificate than the one that you trust; it was not "
                         "connected to.")
                          .arg(distrust->address)
                    : tr("The certificate of %1 is not trusted; it was not connected to.")
                          .arg(distrust->address);
            m_bar->show(distrust->isChanged() ? MessageBar::Kind::Error : MessageBar::Kind::Warning,
                        m_certificateText, {m_showCertificate});
            // Not from within what the session tells.
            QMetaObject::invokeMethod(this, &MainWindow::showCertificate, Qt::QueuedConnection);
        } else if (m_bar->text() == m_certificateText) {
            m_bar->dismiss();
        }
    }
    m_boardLabel->setToolTip(m_board->location());
    m_pending->setVisible(status.pending > 0);
    m_pending->setText(tr("%n not sent yet", nullptr, int(status.pending)));
    m_pending->setToolTip(tr("Changes that are kept on this computer until the host has answered"));
    m_revision->setText(tr("Revision %1").arg(status.revision));
    m_canvas->setReadOnly(status.readOnly || !status.ready);
    if (!m_updatePosted) {
        m_updatePosted = true;
        QMetaObject::invokeMethod(
            this,
            [this] {
                m_updatePosted = false;
                updateActions();
            },
            Qt::QueuedConnection);
    }
}

void MainWindow::updatePeople()
{
    m_peopleStrip->setPeople(m_board ? m_board->session().people() : QList<Person>());
    updateFollowing();
}

void MainWindow::updateConflicts()
{
    const int count = m_board ? liveBoard()->conflicts().unseen() : 0;
    m_conflictCount->setVisible(count > 0);
    m_conflictCount->setText(tr("%n conflict(s)", nullptr, count));
    m_conflictCount->setAccessibleName(m_conflictCount->text());
}

void MainWindow::updateZoom(double zoom)
{
    m_zoom->setText(tr("%1 %").arg(qRound(zoom * 100)));
}

void MainWindow::updatePointer(std::optional<QPointF> scene)
{
    m_pointer->setText(
        scene ? QStringLiteral("%1, %2").arg(qRound(scene->x())).arg(qRound(scene->y()))
              : QString());
}

void MainWindow::updateTheme()
{
    if (m_canvas) {
        m_canvas->setTheme(m_windows.theme().isDark() ? CanvasTheme::darkTheme()
                                                      : CanvasTheme::light());
    }
}

void MainWindow::showNotices(const QString &label, const QList<Notice> &notices,
                             const QList<QAction *> &actions)
{
    constexpr qsizetype kMostShown = 3;
    QStringList lines;
    for (const Notice &notice : notices) {
        const QString text = commands::noticeText(m_board->session().topology(), notice);
        if (!text.isEmpty() && !lines.contains(text))
            lines.append(text);
    }
    if (lines.isEmpty())
        return;
    const qsizetype more = lines.size() - kMostShown;
    if (more > 0) {
        lines = lines.first(kMostShown);
        lines.append(tr("… and %n more", nullptr, int(more)));
    }
    const QString text = lines.join(u'\n');
    m_bar->show(MessageBar::Kind::Warning,
                label.isEmpty() ? text : QStringLiteral("%1: %2").arg(label, text), actions);
}

void MainWindow::showError(const QString &text)
{
    m_bar->show(MessageBar::Kind::Error, text);
}

void MainWindow::offerRestore(const QList<EntityId> &ids, const FieldKey &key, const QString &label,
                              const QString &text, const std::optional<Value> &value)
{
    const Topology &topology = m_board->session().topology();
    QList<EntityId> known;
    QString name;
    for (const EntityId id : ids) {
        if (const RemovedEntity *gone = topology.removedEntity(id)) {
            known.append(id);
            if (const auto *device = std::get_if<Device>(&gone->entity))
                name = device->name;
            else if (const auto *port = std::get_if<Interface>(&gone->entity))
                name = port->name;
        }
    }
    if (ids.size() != 1 || name.isEmpty())
        name = tr("What you were editing");
    delete m_restore;
    m_restore = new QAction(tr("Restore It"), this);
    const QString offer =
        tr("%1 was deleted by somebody. You had typed, for %2: %3").arg(name, label, text);
    connect(m_restore, &QAction::triggered, this, [this, known, key, value, offer] {
        QList<Edit> edits{RestoreEntities{withLostEnds(m_board->session().topology(), known)}};
        if (value) {
            for (const EntityId id : known)
                edits.append(edits::setField(id, key, *value));
        }
        if (m_edit->canEdit() && m_board->undoStack().push(
                                     edits, tr("Restore %n item(s)", nullptr, int(known.size())))) {
            m_selection->set(known);
            return;
        }
        // The text is not lost with the attempt; what was wrong with it stands before it.
        const QString why = m_edit->canEdit() ? messageText() : tr("The board is read-only now.");
        m_bar->show(MessageBar::Kind::Error, why.isEmpty() ? offer : why + u'\n' + offer,
                    {m_restore});
    });
    m_bar->show(MessageBar::Kind::Warning, offer,
                known.isEmpty() ? QList<QAction *>() : QList<QAction *>{m_restore});
}

void MainWindow::closeEvent(QCloseEvent *event)
{
    m_properties->commitPending();
    saveLayout();
    m_leaving = true;
    QMainWindow::closeEvent(event);
}

void MainWindow::dragEnterEvent(QDragEnterEvent *event)
{
    if (!droppedLocations(event->mimeData()).isEmpty())
        event->acceptProposedAction();
}

void MainWindow::dropEvent(QDropEvent *event)
{
    const QStringList locations = droppedLocations(event->mimeData());
    if (locations.isEmpty())
        return;
    event->acceptProposedAction();
    // The drop is over before a window or a dialog opens.
    QMetaObject::invokeMethod(
        this,
        [this, locations] {
            for (const QString &location : locations)
                openDropped(location);
        },
        Qt::QueuedConnection);
}

void MainWindow::changeEvent(QEvent *event)
{
    if (event->type() == QEvent::ActivationChange && isActiveWindow() && m_board) {
        m_board->session().setSelection(m_selection->ids());
        if (m_canvas)
            m_canvas->showView();
    }
    QMainWindow::changeEvent(event);
}

} // namespace patchboard::ui
