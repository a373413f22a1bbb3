#include "ui/mainwindow/mainwindow.h"

#include "ui/actions/actionset.h"
#include "ui/actions/theme.h"
#include "ui/commands/boardactions.h"
#include "ui/commands/boardcommands.h"
#include "ui/commands/boardlayout.h"
#include "ui/commands/undostack.h"
#include "ui/mainwindow/windows.h"
#include "ui/panels/findbar.h"
#include "ui/panels/propertiespanel.h"
#include "ui/panels/tablespanel.h"
#include "ui/panels/treepanel.h"
#include "ui/panels/typepalette.h"
#include "ui/scene/canvasview.h"
#include "ui/scene/selection.h"

#include <QActionGroup>
#include <QApplication>
#include <QClipboard>
#include <QDockWidget>
#include <QFileInfo>
#include <QMenu>
#include <QMenuBar>
#include <QSettings>
#include <QTimer>
#include <QToolBar>
#include <QToolButton>

namespace patchboard::ui {

namespace {

constexpr qsizetype kMostSteps = 20; ///< that a menu of them shows

QList<QKeySequence> keys(const char *portable)
{
    return {QKeySequence(QString::fromLatin1(portable))};
}

QList<QKeySequence> standard(QKeySequence::StandardKey key)
{
    return QKeySequence::keyBindings(key);
}

/// As a menu shows it, ampersands and all.
QString escaped(QString text)
{
    return text.replace(QStringLiteral("&"), QStringLiteral("&&"));
}

/// The platform's keys, or ours where it has none.
QList<QKeySequence> standardOr(QKeySequence::StandardKey key, const char *portable)
{
    const QList<QKeySequence> bindings = QKeySequence::keyBindings(key);
    return bindings.isEmpty() ? keys(portable) : bindings;
}

} // namespace

void MainWindow::createActions()
{
    createFileActions();
    createEditActions();
    createViewActions();
    createDockActions();
    createInsertActions();
    createArrangeActions();
    createLayoutActions();
    createWindowActions();
}

void MainWindow::createFileActions()
{
    ActionSet &a = *m_actions;
    connect(a.add(QStringLiteral("file.new"), tr("&New Board"), QStringLiteral("new"),
                  standard(QKeySequence::New)),
            &QAction::triggered, this, &MainWindow::newBoard);
    connect(a.add(QStringLiteral("file.open"), tr("&Open…"), QStringLiteral("open"),
                  standard(QKeySequence::Open)),
            &QAction::triggered, this, &MainWindow::openBoard);
    connect(a.add(QStringLiteral("file.connect"), tr("&Connect to a Server…"),
                  QStringLiteral("connect"), keys("Ctrl+Shift+O")),
            &QAction::triggered, this, &MainWindow::connectToServer);
    connect(
        a.add(QStringLiteral("file.demo"), tr("Open the &Sample Board"), QStringLiteral("layout")),
        &QAction::triggered, this, &MainWindow::openDemo);
    connect(a.add(QStringLiteral("file.import"), tr("&Import into this Board…"),
                  QStringLiteral("import"), keys("Ctrl+I")),
            &QAction::triggered, this, &MainWindow::importFile);
    connect(a.add(QStringLiteral("file.saveCopy"), tr("Save a &Copy…"), QStringLiteral("copy"),
                  standardOr(QKeySequence::SaveAs, "Ctrl+Shift+S")),
            &QAction::triggered, this, &MainWindow::saveCopy);
    connect(a.add(QStringLiteral("file.export"), tr("Export as a &Picture…"),
                  QStringLiteral("export"), keys("Ctrl+E")),
            &QAction::triggered, this, [this] { exportPicture(false); });
    connect(a.add(QStringLiteral("file.exportSelection"), tr("Export the Se&lection…"),
                  QStringLiteral("export"), keys("Ctrl+Shift+E")),
            &QAction::triggered, this, [this] { exportPicture(true); });
    connect(a.add(QStringLiteral("file.print"), tr("&Print…"), {}, standard(QKeySequence::Print)),
            &QAction::triggered, this, [this] { printBoardOf(false); });
    connect(a.add(QStringLiteral("file.printSelection"), tr("P&rint the Selection…")),
            &QAction::triggered, this, [this] { printBoardOf(true); });
    connect(a.add(QStringLiteral("file.share"), tr("S&hare this Board…"), QStringLiteral("share")),
            &QAction::triggered, this, &MainWindow::shareBoard);
    connect(a.add(QStringLiteral("file.boardSettings"), tr("&Board Settings…"),
                  QStringLiteral("settings")),
            &QAction::triggered, this, &MainWindow::editBoardSettings);
    connect(a.add(QStringLiteral("file.close"), tr("Close &Window"), QStringLiteral("close"),
                  standard(QKeySequence::Close)),
            &QAction::triggered, this, &QWidget::close);
    QAction *quit = a.add(QStringLiteral("file.quit"), tr("&Quit"), {},
                          standardOr(QKeySequence::Quit, "Ctrl+Q"));
    quit->setMenuRole(QAction::QuitRole);
    connect(quit, &QAction::triggered, qApp, &QApplication::closeAllWindows);
}

void MainWindow::createEditActions()
{
    ActionSet &a = *m_actions;
    connect(a.add(QStringLiteral("edit.undo"), tr("&Undo"), QStringLiteral("undo"),
                  standard(QKeySequence::Undo)),
            &QAction::triggered, this, [this] {
                m_properties->commitPending();
                m_board->undoStack().undo();
            });
    connect(a.add(QStringLiteral("edit.redo"), tr("&Redo"), QStringLiteral("redo"),
                  standard(QKeySequence::Redo)),
            &QAction::triggered, this, [this] { m_board->undoStack().redo(); });
    connect(a.add(QStringLiteral("edit.cut"), tr("Cu&t"), QStringLiteral("cut"),
                  standard(QKeySequence::Cut)),
            &QAction::triggered, m_edit, &BoardActions::cut);
    connect(a.add(QStringLiteral("edit.copy"), tr("&Copy"), QStringLiteral("copy"),
                  standard(QKeySequence::Copy)),
            &QAction::triggered, m_edit, &BoardActions::copy);
    connect(a.add(QStringLiteral("edit.paste"), tr("&Paste"), QStringLiteral("paste"),
                  standard(QKeySequence::Paste)),
            &QAction::triggered, m_edit, [this] { m_edit->paste(); });
    connect(a.add(QStringLiteral("edit.duplicate"), tr("D&uplicate"), QStringLiteral("duplicate"),
                  keys("Ctrl+D")),
            &QAction::triggered, m_edit, &BoardActions::duplicate);
    connect(
        a.add(QStringLiteral("edit.delete"), tr("&Delete"), QStringLiteral("delete"), keys("Del")),
        &QAction::triggered, m_edit, [this] { m_edit->remove(); });
    connect(a.add(QStringLiteral("edit.deleteContents"), tr("Delete with Contents"),
                  QStringLiteral("delete"), keys("Ctrl+Del")),
            &QAction::triggered, m_edit, [this] { m_edit->remove(true); });
    connect(
        a.add(QStringLiteral("edit.rename"), tr("Re&name"), QStringLiteral("rename"), keys("F2")),
        &QAction::triggered, this, &MainWindow::rename);
    connect(a.add(QStringLiteral("edit.selectAll"), tr("Select &All"), QStringLiteral("select"),
                  standard(QKeySequence::SelectAll)),
            &QAction::triggered, this, [this] { m_canvas->selectAll(); });
    connect(a.add(QStringLiteral("edit.selectNone"), tr("Select N&othing"), {},
                  standardOr(QKeySequence::Deselect, "Ctrl+Shift+A")),
            &QAction::triggered, this, [this] { m_selection->clear(); });
    connect(a.add(QStringLiteral("edit.selectNeighbours"), tr("Select Nei&ghbours"),
                  QStringLiteral("link"), keys("Ctrl+]")),
            &QAction::triggered, this, [this] { m_canvas->selectNeighbours(); });
    connect(a.add(QStringLiteral("edit.selectType"), tr("Select All of this &Type"), {},
                  keys("Ctrl+Shift+T")),
            &QAction::triggered, m_edit, &BoardActions::selectSameType);
    connect(a.add(QStringLiteral("edit.find"), tr("&Find…"), QStringLiteral("find"),
                  standard(QKeySequence::Find)),
            &QAction::triggered, this, [this] { m_find->open(); });
    connect(a.add(QStringLiteral("edit.findNext"), tr("Find Ne&xt"), {}, keys("F3")),
            &QAction::triggered, m_find, &FindBar::next);
    connect(a.add(QStringLiteral("edit.findPrevious"), tr("Find Pre&vious"), {}, keys("Shift+F3")),
            &QAction::triggered, m_find, &FindBar::previous);
}

void MainWindow::createViewActions()
{
    ActionSet &a = *m_actions;
    connect(a.add(QStringLiteral("view.zoomIn"), tr("Zoom &In"), QStringLiteral("zoom-in"),
                  standard(QKeySequence::ZoomIn) + keys("Ctrl+=")),
            &QAction::triggered, this, [this] { m_canvas->zoomIn(); });
    connect(a.add(QStringLiteral("view.zoomOut"), tr("Zoom &Out"), QStringLiteral("zoom-out"),
                  standard(QKeySequence::ZoomOut)),
            &QAction::triggered, this, [this] { m_canvas->zoomOut(); });
    connect(a.add(QStringLiteral("view.zoomFit"), tr("&Fit the Board"), QStringLiteral("zoom-fit"),
                  keys("Ctrl+0")),
            &QAction::triggered, this, [this] { m_canvas->fitAll(); });
    connect(a.add(QStringLiteral("view.zoomSelection"), tr("Zoom to the &Selection"), {},
                  keys("Ctrl+2")),
            &QAction::triggered, this, [this] { m_canvas->zoomTo(m_selection->ids()); });
    connect(a.add(QStringLiteral("view.zoom100"), tr("&100 %"), {}, keys("Ctrl+1")),
            &QAction::triggered, this, [this] { m_canvas->setZoom(1.0); });
    QAction *snap = a.add(QStringLiteral("view.snap"), tr("Snap to the &Grid"),
                          QStringLiteral("grid"), keys("Ctrl+'"));
    snap->setCheckable(true);
    snap->setChecked(QSettings().value(QStringLiteral("snapToGrid"), true).toBool());
    connect(snap, &QAction::toggled, this, [this](bool on) {
        QSettings().setValue(QStringLiteral("snapToGrid"), on);
        if (m_canvas)
            m_canvas->setSnapToGrid(on);
    });
    auto *themes = new QActionGroup(this);
    const std::pair<ThemeMode, QString> modes[] = {{ThemeMode::System, tr("As the &System")},
                                                   {ThemeMode::Light, tr("&Light")},
                                                   {ThemeMode::Dark, tr("&Dark")}};
    const char *const names[] = {"view.themeSystem", "view.themeLight", "view.themeDark"};
    for (const auto &[mode, text] : modes) {
        QAction *action = a.add(QString::fromLatin1(names[size_t(mode)]), text);
        action->setCheckable(true);
        action->setChecked(m_windows.theme().mode() == mode);
        themes->addAction(action);
        connect(action, &QAction::triggered, this, [this, mode = mode] {
            static const char *const kWords[] = {"system", "light", "dark"};
            QSettings().setValue(QStringLiteral("theme"),
                                 QString::fromLatin1(kWords[size_t(mode)]));
            m_windows.theme().setMode(mode);
        });
        connect(&m_windows.theme(), &Theme::changed, action, [this, action, mode = mode] {
            action->setChecked(m_windows.theme().mode() == mode);
        });
    }
    connect(a.add(QStringLiteral("view.palette"), tr("Search Device &Types"),
                  QStringLiteral("palette"), keys("Ctrl+T")),
            &QAction::triggered, this, [this] {
                m_docks.at(0)->show();
                m_docks.at(0)->raise();
                m_palette->focusSearch();
            });
    connect(a.add(QStringLiteral("view.filterTree"), tr("Filter the T&ree"), QStringLiteral("tree"),
                  keys("Ctrl+Shift+F")),
            &QAction::triggered, this, [this] {
                m_docks.at(1)->show();
                m_docks.at(1)->raise();
                m_tree->focusFilter();
            });
    connect(a.add(QStringLiteral("view.filterTables"), tr("Filter the Ta&bles"),
                  QStringLiteral("table"), keys("Ctrl+Alt+F")),
            &QAction::triggered, this, [this] {
                m_docks.at(3)->show();
                m_docks.at(3)->raise();
                m_tables->focusFilter();
            });
}

void MainWindow::createDockActions()
{
    ActionSet &a = *m_actions;
    connect(a.add(QStringLiteral("view.conflicts"), tr("Show &Conflicts"),
                  QStringLiteral("warning"), keys("Ctrl+Alt+K")),
            &QAction::triggered, this, [this] {
                m_docks.at(6)->show();
                m_docks.at(6)->raise();
            });
    connect(a.add(QStringLiteral("view.problems"), tr("Show &Problems"), QStringLiteral("degraded"),
                  keys("Ctrl+Alt+P")),
            &QAction::triggered, this, [this] {
                m_docks.at(8)->show();
                m_docks.at(8)->raise();
            });
    connect(a.add(QStringLiteral("view.history"), tr("Show &History"), QStringLiteral("history"),
                  keys("Ctrl+Alt+H")),
            &QAction::triggered, this, [this] {
                m_docks.at(7)->show();
                m_docks.at(7)->raise();
            });
    connect(a.add(QStringLiteral("view.stopFollowing"), tr("Stop &Following"),
                  QStringLiteral("people")),
            &QAction::triggered, this, [this] { follow(0); });
    connect(a.add(QStringLiteral("view.now"), tr("Back to &Now"), QStringLiteral("undo")),
            &QAction::triggered, this, &MainWindow::backToNow);
}

void MainWindow::createInsertActions()
{
    ActionSet &a = *m_actions;
    connect(a.add(QStringLiteral("insert.link"), tr("&Link"), QStringLiteral("link"), keys("L")),
            &QAction::triggered, this, [this] { m_canvas->armLinking(); });
    // A letter alone is a key of the canvas only; elsewhere it is typed.
    QAction *link = a.action(QStringLiteral("insert.link"));
    link->setShortcutContext(Qt::WidgetShortcut);
    removeAction(link);
    connect(a.add(QStringLiteral("insert.interface"), tr("&Interface on this Device"),
                  QStringLiteral("add"), keys("Ctrl+Shift+I")),
            &QAction::triggered, this, [this] {
                const QList<EntityId> devices = m_edit->selectedDevices();
                if (devices.size() == 1)
                    m_edit->addInterface(devices.first());
            });
    connect(a.add(QStringLiteral("insert.types"), tr("This Board's Device &Types…"),
                  QStringLiteral("palette")),
            &QAction::triggered, this, &MainWindow::editDeviceTypes);
}

void MainWindow::createArrangeActions()
{
    ActionSet &a = *m_actions;
    connect(a.add(QStringLiteral("arrange.lock"), tr("&Lock"), {}, keys("Ctrl+L")),
            &QAction::triggered, m_edit, [this] { m_edit->setLocked(true); });
    connect(a.add(QStringLiteral("arrange.unlock"), tr("&Unlock"), {}, keys("Ctrl+Shift+L")),
            &QAction::triggered, m_edit, [this] { m_edit->setLocked(false); });
    connect(a.add(QStringLiteral("arrange.group"), tr("Put into a New &Group"),
                  QStringLiteral("group"), keys("Ctrl+G")),
            &QAction::triggered, m_edit,
            [this] { m_edit->intoNewContainer(QStringLiteral("GROUP")); });
    connect(a.add(QStringLiteral("arrange.takeOut"), tr("Take &out of the Container"), {},
                  keys("Ctrl+Shift+G")),
            &QAction::triggered, m_edit, [this] { m_edit->moveInto(0); });
    using commands::Alignment;
    const struct
    {
        const char *id;
        QString text;
        Alignment how;
    } alignments[] = {
        {"arrange.left", tr("Align Left"), Alignment::Left},
        {"arrange.centre", tr("Align Centres"), Alignment::Centre},
        {"arrange.right", tr("Align Right"), Alignment::Right},
        {"arrange.top", tr("Align Top"), Alignment::Top},
        {"arrange.middle", tr("Align Middles"), Alignment::Middle},
        {"arrange.bottom", tr("Align Bottom"), Alignment::Bottom},
        {"arrange.distributeAcross", tr("Distribute Horizontally"), Alignment::SpreadAcross},
        {"arrange.distributeDown", tr("Distribute Vertically"), Alignment::SpreadDown},
    };
    for (const auto &each : alignments) {
        connect(a.add(QString::fromLatin1(each.id), each.text), &QAction::triggered, m_edit,
                [this, how = each.how] { m_edit->align(how); });
    }
    const struct
    {
        const char *id;
        QString text;
        const char *icon;
        const char *shortcut;
        Status status;
    } overrides[] = {
        {"override.up", tr("Force &Up…"), "up", "Ctrl+Alt+U", Status::Up},
        {"override.degraded", tr("Force De&graded…"), "degraded", "Ctrl+Alt+G", Status::Degraded},
        {"override.down", tr("Force &Down…"), "down", "Ctrl+Alt+D", Status::Down},
    };
    for (const auto &each : overrides) {
        connect(a.add(QString::fromLatin1(each.id), each.text, QString::fromLatin1(each.icon),
                      keys(each.shortcut)),
                &QAction::triggered, m_edit,
                [this, status = each.status] { m_edit->overrideStatus(status); });
    }
    connect(a.add(QStringLiteral("override.clear"), tr("&Clear the Override"),
                  QStringLiteral("override"), keys("Ctrl+Alt+C")),
            &QAction::triggered, m_edit, &BoardActions::clearOverride);
}

void MainWindow::createLayoutActions()
{
    ActionSet &a = *m_actions;
    using layout::Style;
    const struct
    {
        const char *id;
        QString text;
        Style style;
        const char *shortcut;
    } styles[] = {
        {"layout.automatic", tr("&Automatic Layout"), Style::Automatic, "Alt+Shift+A"},
        {"layout.hierarchical", tr("&Hierarchical Layout"), Style::Hierarchical, "Alt+Shift+H"},
        {"layout.force", tr("&Force-Directed Layout"), Style::Force, "Alt+Shift+F"},
        {"layout.tree", tr("&Tree Layout"), Style::Tree, "Alt+Shift+T"},
        {"layout.circle", tr("&Circle Layout"), Style::Circle, "Alt+Shift+C"},
        {"layout.grid", tr("&Grid Layout"), Style::Grid, "Alt+Shift+G"},
    };
    for (const auto &each : styles) {
        const QString icon = each.style == Style::Automatic ? QStringLiteral("layout") : QString();
        connect(a.add(QString::fromLatin1(each.id), each.text, icon, keys(each.shortcut)),
                &QAction::triggered, m_layout,
                [this, style = each.style] { m_layout->start(style, m_selection->ids()); });
    }
    connect(a.add(QStringLiteral("layout.cancel"), tr("Cance&l the Layout"),
                  QStringLiteral("close"), keys("Ctrl+.")),
            &QAction::triggered, m_layout, &BoardLayout::cancel);
}

void MainWindow::createWindowActions()
{
    ActionSet &a = *m_actions;
    connect(a.add(QStringLiteral("window.new"), tr("&New Window"), QStringLiteral("window"),
                  keys("Ctrl+Shift+N")),
            &QAction::triggered, this,
            [this] { m_windows.openWindow(m_present ? m_present : m_board)->show(); });
    connect(a.add(QStringLiteral("window.resetLayout"), tr("&Reset the Layout")),
            &QAction::triggered, this, &MainWindow::resetLayout);
    connect(
        a.add(QStringLiteral("window.reconnect"), tr("Reconnect &Now"), QStringLiteral("refresh")),
        &QAction::triggered, this, [this] { m_board->session().reconnectNow(); });
    connect(a.add(QStringLiteral("window.offline"), tr("Work &Offline"), QStringLiteral("connect")),
            &QAction::triggered, this, [this] { m_board->session().workOffline(); });
    connect(a.add(QStringLiteral("help.commands"), tr("Find a &Command…"), QStringLiteral("help"),
                  keys("Ctrl+K")),
            &QAction::triggered, this, &MainWindow::showCommandPalette);
    connect(a.add(QStringLiteral("help.shortcuts"), tr("&Keyboard Shortcuts…"),
                  QStringLiteral("settings")),
            &QAction::triggered, this, &MainWindow::editShortcuts);
    QAction *about =
        a.add(QStringLiteral("help.about"), tr("&About Patchboard"), QStringLiteral("info"));
    about->setMenuRole(QAction::AboutRole);
    connect(about, &QAction::triggered, this, &MainWindow::showAbout);
}

void MainWindow::createMenus()
{
    const auto add = [this](QMenu *menu, std::initializer_list<const char *> ids) {
        for (const char *id : ids) {
            if (*id == '-')
                menu->addSeparator();
            else
                menu->addAction(m_actions->action(QString::fromLatin1(id)));
        }
    };
    QMenu *file = menuBar()->addMenu(tr("&File"));
    add(file, {"file.new", "file.open"});
    m_recentMenu = file->addMenu(tr("Open &Recent"));
    connect(m_recentMenu, &QMenu::aboutToShow, this, &MainWindow::fillRecentMenu);
    add(file, {"file.connect", "file.demo", "-", "file.import", "file.saveCopy", "file.export",
               "file.exportSelection", "-", "file.print", "file.printSelection", "-", "file.share",
               "file.boardSettings", "-", "file.close", "file.quit"});

    QMenu *edit = menuBar()->addMenu(tr("&Edit"));
    add(edit, {"edit.undo", "edit.redo", "-", "edit.cut", "edit.copy", "edit.paste",
               "edit.duplicate", "edit.delete", "edit.deleteContents", "edit.rename", "-",
               "edit.selectAll", "edit.selectNone", "edit.selectNeighbours", "edit.selectType", "-",
               "edit.find", "edit.findNext", "edit.findPrevious"});
    QAction *cut = m_actions->action(QStringLiteral("edit.cut"));
    edit->insertMenu(cut, stepsMenu(tr("Undo Se&veral"), false));
    edit->insertMenu(cut, stepsMenu(tr("Redo Severa&l"), true));
    edit->insertSeparator(cut);

    QMenu *view = menuBar()->addMenu(tr("&View"));
    add(view, {"view.zoomIn", "view.zoomOut", "view.zoom100", "view.zoomFit", "view.zoomSelection",
               "-", "view.snap", "-"});
    for (const QDockWidget *dock : std::as_const(m_docks))
        view->addAction(dock->toggleViewAction());
    add(view, {"-", "view.palette", "view.filterTree", "view.filterTables", "view.conflicts",
               "view.history", "view.now", "-"});
    QMenu *followed = view->addMenu(actionIcon(QStringLiteral("people")), tr("&Follow"));
    followed->setObjectName(QStringLiteral("followMenu"));
    connect(followed, &QMenu::aboutToShow, this, [this, followed] { fillFollowMenu(followed); });
    QMenu *theme = view->addMenu(actionIcon(QStringLiteral("theme")), tr("&Colours"));
    add(theme, {"view.themeSystem", "view.themeLight", "view.themeDark"});

    QMenu *insert = menuBar()->addMenu(tr("&Insert"));
    QMenu *device = insert->addMenu(actionIcon(QStringLiteral("add")), tr("&Device"));
    device->setObjectName(QStringLiteral("insertDeviceMenu"));
    connect(device, &QMenu::aboutToShow, this, [this, device] {
        fillTypeMenu(device, [this](const QString &key) { m_edit->createDevice(key); });
    });
    add(insert, {"insert.link", "insert.interface", "-", "insert.types"});

    QMenu *arrange = menuBar()->addMenu(tr("&Arrange"));
    add(arrange, {"arrange.left", "arrange.centre", "arrange.right", "-", "arrange.top",
                  "arrange.middle", "arrange.bottom", "-", "arrange.distributeAcross",
                  "arrange.distributeDown", "-", "arrange.group"});
    QMenu *into = arrange->addMenu(tr("&Move into"));
    connect(into, &QMenu::aboutToShow, this, [this, into] { fillContainerMenu(into); });
    add(arrange, {"arrange.takeOut", "-", "arrange.lock", "arrange.unlock", "-"});
    QMenu *status = arrange->addMenu(actionIcon(QStringLiteral("override")), tr("&Status"));
    add(status, {"override.up", "override.degraded", "override.down", "-", "override.clear"});

    addLayoutMenu(menuBar()->addMenu(tr("&Layout")));

    m_windowMenu = menuBar()->addMenu(tr("&Window"));
    connect(m_windowMenu, &QMenu::aboutToShow, this, &MainWindow::fillWindowMenu);
    fillWindowMenu();

    QMenu *help = menuBar()->addMenu(tr("&Help"));
    add(help, {"help.commands", "help.shortcuts", "-", "help.about"});
}

void MainWindow::addLayoutMenu(QMenu *into)
{
    for (const char *id : {"layout.automatic", "-", "layout.hierarchical", "layout.tree",
                           "layout.force", "layout.circle", "layout.grid", "-", "layout.cancel"}) {
        if (*id == '-')
            into->addSeparator();
        else
            into->addAction(m_actions->action(QString::fromLatin1(id)));
    }
}

void MainWindow::createToolBar()
{
    QToolBar *bar = addToolBar(tr("Tools"));
    m_toolBar = bar;
    bar->setObjectName(QStringLiteral("mainToolBar"));
    bar->setIconSize({20, 20});
    bar->setMovable(false);
    bar->toggleViewAction()->setObjectName(QStringLiteral("view.toolBar"));
    for (const char *id : {"edit.undo",
                           "edit.redo",
                           "-",
                           "edit.cut",
                           "edit.copy",
                           "edit.paste",
                           "edit.delete",
                           "-",
                           "insert.link",
                           "arrange.group",
                           "layout.automatic",
                           "-",
                           "view.zoomOut",
                           "view.zoomIn",
                           "view.zoomFit",
                           "view.snap",
                           "-",
                           "override.up",
                           "override.degraded",
                           "override.down",
                           "override.clear",
                           "-",
                           "edit.find",
                           "help.commands"}) {
        if (*id == '-')
            bar->addSeparator();
        else
            bar->addAction(m_actions->action(QString::fromLatin1(id)));
    }
    for (const bool redo : {false, true}) {
        auto *button = qobject_cast<QToolButton *>(bar->widgetForAction(
            m_actions->action(redo ? QStringLiteral("edit.redo") : QStringLiteral("edit.undo"))));
        button->setMenu(stepsMenu({}, redo));
        button->setPopupMode(QToolButton::MenuButtonPopup);
    }
}

void MainWindow::updateActions()
{
    const bool open = m_board != nullptr;
    const bool editable = m_edit->canEdit();
    const Topology *topology = open ? &m_board->session().topology() : nullptr;
    const QList<EntityId> ids = m_edit->selected();
    const QList<EntityId> devices = m_edit->selectedDevices();
    const auto enable = [this](const char *id, bool on) {
        m_actions->action(QString::fromLatin1(id))->setEnabled(on);
    };
    const UndoStack *undo = open ? &m_board->undoStack() : nullptr;
    enable("edit.undo", editable && undo->canUndo());
    enable("edit.redo", editable && undo->canRedo());
    const QString undoLabel = undo ? escaped(undo->undoLabel()) : QString();
    const QString redoLabel = undo ? escaped(undo->redoLabel()) : QString();
    m_actions->action(QStringLiteral("edit.undo"))
        ->setText(undoLabel.isEmpty() ? tr("&Undo") : tr("&Undo %1").arg(undoLabel));
    m_actions->action(QStringLiteral("edit.redo"))
        ->setText(redoLabel.isEmpty() ? tr("&Redo") : tr("&Redo %1").arg(redoLabel));
    enable("edit.cut", editable && !devices.isEmpty());
    enable("edit.copy", !devices.isEmpty());
    enable("edit.paste", editable && BoardActions::clipboardHasItems());
    enable("edit.duplicate", editable && !devices.isEmpty());
    enable("edit.delete", editable && !ids.isEmpty());
    bool anyContainer = false;
    for (qsizetype i = 0; i < devices.size() && !anyContainer; ++i)
        anyContainer = topology->isContainer(*topology->device(devices.at(i)));
    enable("edit.deleteContents", editable && anyContainer);
    enable("edit.rename", editable && ids.size() == 1);
    for (const char *id : {"edit.selectAll", "edit.find", "edit.findNext", "edit.findPrevious",
                           "view.zoomIn", "view.zoomOut", "view.zoomFit", "view.zoom100",
                           "view.palette", "view.filterTree", "view.filterTables", "view.conflicts",
                           "file.export", "file.print", "window.new", "window.resetLayout"})
        enable(id, open);
    enable("file.saveCopy", open && !m_present && m_board->session().status().ready);
    enable("file.share", open && !m_board->connection().shareAddresses().isEmpty());
    for (const char *id : {"edit.selectNone", "view.zoomSelection"})
        enable(id, !ids.isEmpty());
    for (const char *id : {"edit.selectNeighbours", "edit.selectType", "file.exportSelection",
                           "file.printSelection"})
        enable(id, !devices.isEmpty());
    for (const char *id : {"insert.link", "insert.types", "file.boardSettings"})
        enable(id, editable);
    enable("insert.interface", editable && devices.size() == 1);
    for (const char *id : {"arrange.lock", "arrange.unlock", "arrange.group", "arrange.takeOut"})
        enable(id, editable && !devices.isEmpty());
    for (const char *id : {"arrange.left", "arrange.centre", "arrange.right", "arrange.top",
                           "arrange.middle", "arrange.bottom"})
        enable(id, editable && devices.size() > 1);
    for (const char *id : {"arrange.distributeAcross", "arrange.distributeDown"})
        enable(id, editable && devices.size() > 2);
    for (const char *id : {"layout.automatic", "layout.hierarchical", "layout.force", "layout.tree",
                           "layout.circle", "layout.grid"})
        enable(id, editable);
    enable("layout.cancel", m_layout->isRunning());
    enable("view.now", m_present != nullptr);
    updatePastBanner();
    const bool withStatus = open && editable && !commands::withStatus(*topology, ids).isEmpty();
    for (const char *id : {"override.up", "override.degraded", "override.down"})
        enable(id, withStatus);
    bool overridden = false;
    for (qsizetype i = 0; withStatus && i < ids.size() && !overridden; ++i)
        overridden = !isNull(topology->value(ids.at(i), Field::StatusOverride));
    enable("override.clear", overridden);
    const ConnectionState state =
        open ? m_board->session().status().state : ConnectionState::Offline;
    enable("window.reconnect", open && state != ConnectionState::Live);
    enable("window.offline", open && state != ConnectionState::Offline);
    for (QDockWidget *dock : std::as_const(m_docks))
        dock->toggleViewAction()->setEnabled(open);
}

void MainWindow::fillRecentMenu()
{
    m_recentMenu->clear();
    const QStringList recent = m_windows.recent();
    for (const QString &location : recent) {
        const QString name = location.contains(QLatin1String("://"))
                                 ? location
                                 : QFileInfo(location).completeBaseName();
        QAction *action = m_recentMenu->addAction(escaped(name));
        action->setToolTip(location);
        connect(action, &QAction::triggered, this, [this, location] { openLocation(location); });
    }
    if (!recent.isEmpty())
        m_recentMenu->addSeparator();
    QAction *clear = m_recentMenu->addAction(tr("&Clear this List"));
    clear->setEnabled(!recent.isEmpty());
    connect(clear, &QAction::triggered, &m_windows, &Windows::clearRecent);
}

void MainWindow::fillContainerMenu(QMenu *menu)
{
    menu->clear();
    if (m_board) {
        const QList<EntityId> ids = m_edit->selectedDevices();
        for (const auto &[name, id] : commands::containers(m_board->session().topology())) {
            QAction *action = menu->addAction(escaped(name));
            action->setEnabled(m_edit->canEdit() && !ids.isEmpty() && !ids.contains(id));
            connect(action, &QAction::triggered, m_edit,
                    [this, container = id] { m_edit->moveInto(container); });
        }
    }
    if (menu->isEmpty())
        menu->addAction(tr("There is no container yet"))->setEnabled(false);
}

void MainWindow::fillTypeMenu(QMenu *menu, const std::function<void(const QString &)> &chosen)
{
    menu->clear();
    if (!m_board)
        return;
    QMenu *access = new QMenu(tr("&Access Network"), menu);
    QMenu *containers = new QMenu(tr("&Containers"), menu);
    for (const DeviceTypeInfo &type : m_board->session().topology().allTypes()) {
        QMenu *into = menu;
        if (type.isContainer)
            into = containers;
        else if (hasLinkRules(type.key))
            into = access;
        QAction *action = into->addAction(deviceIcon(type.icon), type.label);
        action->setEnabled(m_edit->canEdit());
        connect(action, &QAction::triggered, this, [chosen, key = type.key] { chosen(key); });
    }
    menu->addSeparator();
    menu->addMenu(access);
    menu->addMenu(containers);
}

void MainWindow::fillWindowMenu()
{
    m_windowMenu->clear();
    for (const char *id : {"window.new", "-", "window.reconnect", "window.offline", "-",
                           "window.resetLayout", "-"}) {
        if (*id == '-')
            m_windowMenu->addSeparator();
        else
            m_windowMenu->addAction(m_actions->action(QString::fromLatin1(id)));
    }
    for (MainWindow *window : m_windows.windows()) {
        QAction *action = m_windowMenu->addAction(escaped(window->windowTitle()));
        action->setCheckable(true);
        action->setChecked(window == this);
        connect(action, &QAction::triggered, window, [window] {
            window->raise();
            window->activateWindow();
        });
    }
}

void MainWindow::fillStepsMenu(QMenu *menu, bool redo)
{
    menu->clear();
    UndoStack *undo = m_board ? &m_board->undoStack() : nullptr;
    const QStringList labels = !undo  ? QStringList()
                               : redo ? undo->redoLabels(kMostSteps)
                                      : undo->undoLabels(kMostSteps);
    for (int i = 0; i < labels.size(); ++i) {
        QAction *action = menu->addAction(escaped(labels.at(i)));
        action->setEnabled(m_edit->canEdit());
        connect(action, &QAction::triggered, this, [this, redo, steps = i + 1] {
            if (!redo)
                m_properties->commitPending();
            UndoStack &stack = m_board->undoStack();
            for (int step = 0; step < steps; ++step)
                redo ? stack.redo() : stack.undo();
        });
    }
    const qsizetype all = !undo ? 0 : redo ? undo->redoCount() : undo->undoCount();
    if (all > labels.size())
        menu->addAction(tr("… and %n more", nullptr, int(all - labels.size())))->setEnabled(false);
    if (all == 0)
        menu->addAction(redo ? tr("Nothing to redo") : tr("Nothing to undo"))->setEnabled(false);
}

QMenu *MainWindow::stepsMenu(const QString &title, bool redo)
{
    auto *menu = new QMenu(title, this);
    if (!title.isEmpty())
        menu->setObjectName(redo ? QStringLiteral("redoSteps") : QStringLiteral("undoSteps"));
    connect(menu, &QMenu::aboutToShow, this, [this, menu, redo] { fillStepsMenu(menu, redo); });
    return menu;
}

void MainWindow::showContextMenu(const QList<EntityId> &ids, QPoint globalPosition,
                                 std::optional<QPointF> scene)
{
    updateActions();
    QMenu menu(this);
    const auto add = [this](QMenu *into, std::initializer_list<const char *> names) {
        for (const char *id : names) {
            if (*id == '-')
                into->addSeparator();
            else
                into->addAction(m_actions->action(QString::fromLatin1(id)));
        }
    };
    if (ids.isEmpty()) {
        QMenu *device = menu.addMenu(actionIcon(QStringLiteral("add")), tr("&Device"));
        fillTypeMenu(device, [this, scene](const QString &key) {
            if (scene)
                m_edit->createDevice(key, *scene);
            else
                m_edit->createDevice(key);
        });
        QAction *paste = menu.addAction(actionIcon(QStringLiteral("paste")), tr("&Paste Here"));
        paste->setEnabled(m_edit->canEdit() && BoardActions::clipboardHasItems());
        connect(paste, &QAction::triggered, m_edit, [this, scene] { m_edit->paste(scene); });
        add(&menu, {"-", "edit.selectAll", "view.zoomFit", "view.snap", "-"});
        addLayoutMenu(menu.addMenu(actionIcon(QStringLiteral("layout")), tr("&Layout")));
        add(&menu, {"file.boardSettings"});
    } else {
        const QList<EntityId> devices = m_edit->selectedDevices();
        add(&menu, {"edit.rename"});
        if (devices.size() == 1)
            add(&menu, {"insert.interface", "insert.link"});
        add(&menu, {"-"});
        QMenu *status = menu.addMenu(actionIcon(QStringLiteral("override")), tr("&Status"));
        add(status, {"override.up", "override.degraded", "override.down", "-", "override.clear"});
        if (!devices.isEmpty()) {
            QMenu *into = menu.addMenu(tr("&Move into"));
            fillContainerMenu(into);
            if (devices.size() > 1)
                addLayoutMenu(menu.addMenu(actionIcon(QStringLiteral("layout")), tr("&Layout")));
            add(&menu, {"arrange.group", "arrange.takeOut", "arrange.lock", "arrange.unlock", "-",
                        "edit.cut", "edit.copy", "edit.duplicate"});
        }
        add(&menu, {"edit.delete"});
        if (m_actions->action(QStringLiteral("edit.deleteContents"))->isEnabled())
            add(&menu, {"edit.deleteContents"});
        if (!devices.isEmpty())
            add(&menu, {"-", "edit.selectNeighbours", "edit.selectType"});
        add(&menu, {"view.zoomSelection"});
    }
    menu.exec(globalPosition);
}

void MainWindow::showCreateMenu(QPointF scene, QPoint globalPosition)
{
    QMenu menu(this);
    fillTypeMenu(&menu, [this, scene](const QString &key) { m_edit->createDevice(key, scene); });
    menu.exec(globalPosition);
}

void MainWindow::rename()
{
    const QList<EntityId> ids = m_selection->ids();
    if (ids.size() != 1)
        return;
    if (m_tree->isAncestorOf(focusWidget()) && m_tree->startRename(ids.first()))
        return;
    if (m_tables->isAncestorOf(focusWidget()) && m_tables->editCurrent())
        return;
    const Topology &topology = m_board->session().topology();
    if (topology.interface(ids.first())) {
        m_docks.at(2)->show();
        m_docks.at(2)->raise();
        if (QWidget *name = m_properties->editor(Field::Name))
            name->setFocus();
    } else {
        m_canvas->startRename(ids.first());
    }
}

} // namespace patchboard::ui
