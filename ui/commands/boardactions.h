#pragma once

#include "ui/commands/boardcommands.h"
#include "ui/mainwindow/board.h"

#include <QObject>
#include <QPointF>
#include <QPointer>
#include <QRectF>

namespace patchboard::ui {

class CanvasView;
class Selection;

/// What a window's menus do to its board: each looks at the selection, makes one change and puts it
/// on the undo stack.
class BoardActions : public QObject
{
    Q_OBJECT
public:
    /// @a window is the parent of dialogs.
    explicit BoardActions(QWidget *window);

    /// All nullptr: there is no board.
    void setBoard(Board *board, Selection *selection, CanvasView *canvas);

    [[nodiscard]] bool canEdit() const;
    [[nodiscard]] QList<EntityId> selected() const;
    [[nodiscard]] QList<EntityId> selectedDevices() const;
    static bool clipboardHasItems();
    /// Around devices and their labels, in scene units; empty if there are none.
    static QRectF areaOf(const Topology &topology, const QList<EntityId> &devices);

    void remove(bool withContents = false);
    void copy();
    void cut();
    /// Into the middle of the view, or where the pointer is; selects what came.
    void paste(std::optional<QPointF> at = std::nullopt);
    void duplicate();
    void setLocked(bool locked);
    void moveInto(EntityId container);
    void intoNewContainer(const QString &typeKey);
    /// Asks for the reason.
    void overrideStatus(Status status);
    void clearOverride();
    void addInterface(EntityId device);
    void createDevice(const QString &typeKey, QPointF at);
    /// In the middle of the view, or as near to it as there is room.
    void createDevice(const QString &typeKey);
    void selectSameType();
    void align(commands::Alignment how);

Q_SIGNALS:
    void message(const QString &text);

private:
    Result<Submitted> push(const commands::Command &command);
    [[nodiscard]] QPointF freePlace() const;
    void insertPacked(const QByteArray &bytes, std::optional<QPointF> at, bool isDuplicate);

    QWidget *m_window;
    QPointer<Board> m_board;
    QPointer<Selection> m_selection;
    QPointer<CanvasView> m_canvas;
    QByteArray m_lastPasted;
    int m_timesPasted = 0;
};

} // namespace patchboard::ui
