#pragma once

#include "ui/mainwindow/board.h"

#include <QMainWindow>
#include <QPointer>

#include <memory>

class QDockWidget;
class QFrame;
class QLabel;
class QToolButton;
class QMenu;
class QPushButton;
class QStackedWidget;
class QTabWidget;
class QToolBar;
class QVBoxLayout;

namespace patchboard::formats {
struct Document;
}

namespace patchboard::ui {

class ActionSet;
class BoardActions;
class BoardLayout;
class CanvasView;
class ConflictsPanel;
class ConnectionStatus;
class FindBar;
class FollowBanner;
class FollowFrame;
class HistoryPanel;
class MessageBar;
class Minimap;
class PeoplePanel;
class PeopleStrip;
class ProblemsPanel;
class PropertiesPanel;
class Selection;
class StartPage;
class TablesPanel;
class TaskStatus;
class TreePanel;
class TypePalette;
class Windows;

/// One window: docks and menus around one view of a board, or the start page.
class MainWindow : public QMainWindow
{
    Q_OBJECT
public:
    /// @a windows must outlive it.
    explicit MainWindow(Windows &windows, QWidget *parent = nullptr);
    ~MainWindow() override;

    /// nullptr: the start page.
    void setBoard(std::shared_ptr<Board> board);
    [[nodiscard]] Board *board() const { return m_board.get(); }
    /// nullptr on the start page.
    [[nodiscard]] CanvasView *canvas() const;
    [[nodiscard]] Selection *selection() const { return m_selection.get(); }
    [[nodiscard]] ActionSet *actionSet() const { return m_actions; }

    /// Here if this window has no board yet, else in a window of its own. False if it cannot be
    /// opened; the bar says why.
    bool openLocation(const QString &location);
    /// Shows what is in a file, and imports it into this board, or a new one; @a unasked: into this
    /// one at once. False if nothing was imported; the bar says why, unless people chose so.
    bool importPath(const QString &path, bool unasked = false);
    /// What the bar above the canvas says; empty if it is not shown.
    [[nodiscard]] QString messageText() const;
    /// Shows an item: selects it and brings it into view.
    void goTo(EntityId id);

protected:
    void closeEvent(QCloseEvent *event) override;
    void dragEnterEvent(QDragEnterEvent *event) override;
    void dropEvent(QDropEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    // mainwindow.cpp
    void createCentre();
    void createDocks();
    void createStatusBar();
    QDockWidget *addDock(const QString &name, const QString &title, const QString &icon,
                         QWidget *widget, Qt::DockWidgetArea area);
    void restoreLayout();
    void saveLayout();
    void resetLayout();
    void arrangeDocks();
    void updateTitleBars();
    void connectBoard();
    void disconnectBoard();
    void updateTitle();
    void updateStatus();
    void updatePeople();
    void updateConflicts();

    // following.cpp
    void createFollowing();
    void follow(quint64 person);
    void updateFollowing();
    void onFollowingChanged();
    void fillFollowMenu(QMenu *menu);

    void updateZoom(double zoom);
    void updatePointer(std::optional<QPointF> scene);
    void updateTheme();
    void showNotices(const QString &label, const QList<Notice> &notices,
                     const QList<QAction *> &actions = {});
    void showError(const QString &text);
    /// Says what was being typed for items that are gone, and offers to bring them back with it.
    void offerRestore(const QList<EntityId> &ids, const FieldKey &key, const QString &label,
                      const QString &text, const std::optional<Value> &value);

    // past.cpp
    void createPastBanner();
    void lookAt(quint64 revision);
    void showPast(quint64 revision, const std::shared_ptr<Topology> &topology);
    void backToNow();
    void restorePast(const QList<EntityId> &ids);
    void updatePastBanner();
    /// Shows another board in the same view: place, zoom and docks stay.
    void exchangeBoard(std::shared_ptr<Board> board);
    /// The board as it is now, whatever is looked at.
    [[nodiscard]] Board *liveBoard() const { return m_present ? m_present.get() : m_board.get(); }

    // menus.cpp
    void createActions();
    void createFileActions();
    void createEditActions();
    void createViewActions();
    void createDockActions();
    void createInsertActions();
    void createArrangeActions();
    void createLayoutActions();
    void createWindowActions();
    void createMenus();
    void createToolBar();
    void updateActions();
    void fillRecentMenu();
    void fillContainerMenu(QMenu *menu);
    void fillTypeMenu(QMenu *menu, const std::function<void(const QString &)> &chosen);
    void fillWindowMenu();
    /// The steps that can be undone or redone, the next one first; one that is chosen takes those
    /// above it along.
    void fillStepsMenu(QMenu *menu, bool redo);
    QMenu *stepsMenu(const QString &title, bool redo);
    void addLayoutMenu(QMenu *into);
    void showContextMenu(const QList<EntityId> &ids, QPoint globalPosition,
                         std::optional<QPointF> scene);
    void showCreateMenu(QPointF scene, QPoint globalPosition);
    void rename();

    // fileactions.cpp
    void newBoard();
    void openBoard();
    void openDemo();
    void connectToServer();
    void importFile();
    void openDropped(const QString &location);
    void insertDocument(const formats::Document &document, const QString &fileName);
    void saveCopy();
    void exportPicture(bool selectionOnly);
    void printBoardOf(bool selectionOnly);
    void shareBoard();
    void enterToken();
    void showCertificate();
    void editBoardSettings();
    void editDeviceTypes();
    void editShortcuts();
    void showCommandPalette();
    void showAbout();

    Windows &m_windows;
    std::shared_ptr<Board> m_board;
    std::shared_ptr<Board> m_present; ///< while m_board is one of the past
    quint64 m_pastRequest = 0;        ///< for a board of the past; 0 = none
    bool m_exchanging = false;
    std::unique_ptr<Selection> m_selection;
    ActionSet *m_actions;
    BoardActions *m_edit;
    BoardLayout *m_layout;

    QStackedWidget *m_stack = nullptr;
    StartPage *m_start = nullptr;
    QWidget *m_boardPage = nullptr;
    QVBoxLayout *m_boardLayout = nullptr;
    MessageBar *m_bar = nullptr;
    FindBar *m_find = nullptr;
    QPointer<CanvasView> m_canvas;

    QList<QDockWidget *> m_docks;
    TypePalette *m_palette = nullptr;
    TreePanel *m_tree = nullptr;
    PropertiesPanel *m_properties = nullptr;
    TablesPanel *m_tables = nullptr;
    PeoplePanel *m_people = nullptr;
    ConflictsPanel *m_conflicts = nullptr;
    HistoryPanel *m_history = nullptr;
    ProblemsPanel *m_problems = nullptr;
    FollowBanner *m_followBanner = nullptr;
    QPointer<FollowFrame> m_followFrame; ///< while somebody is followed
    QLabel *m_followers = nullptr;
    QString m_followedName;
    quint64 m_lastFollowed = 0;
    QFrame *m_pastBanner = nullptr;
    QLabel *m_pastText = nullptr;
    QPushButton *m_restoreItems = nullptr;
    QPushButton *m_restoreBoard = nullptr;
    QWidget *m_overview = nullptr;
    QPointer<Minimap> m_minimap;

    ConnectionStatus *m_connection = nullptr;
    TaskStatus *m_task = nullptr;
    PeopleStrip *m_peopleStrip = nullptr;
    QAction *m_restore = nullptr; ///< of the message that is shown
    QLabel *m_boardLabel = nullptr;
    QLabel *m_pending = nullptr;
    QToolButton *m_conflictCount = nullptr;
    QLabel *m_revision = nullptr;
    QLabel *m_pointer = nullptr;
    QLabel *m_zoom = nullptr;
    QMenu *m_recentMenu = nullptr;
    QMenu *m_windowMenu = nullptr;
    bool m_leaving = false;
    QToolBar *m_toolBar = nullptr;
    bool m_updatePosted = false;
    QAction *m_enterToken = nullptr;
    QAction *m_showCertificate = nullptr;
    QByteArray m_certificateAsked; ///< its fingerprint, while it is not trusted
    QString m_certificateText;     ///< what the bar says of it
    bool m_tokenAsked = false;     ///< for what the board's host asks
    QString m_tokenText;           ///< what the bar said then
    bool m_titlesPosted = false;
};

} // namespace patchboard::ui
