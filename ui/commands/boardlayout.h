#pragma once

#include "model/layout/layoutjob.h"
#include "ui/mainwindow/board.h"

#include <QObject>
#include <QPointer>
#include <QSet>

#include <optional>

namespace patchboard::ui {

class CanvasView;

/// Lays a board out, or a part of it, in the background. What comes of it is one step of undo, and
/// waits for the end of a drag. Locked devices stay; what is made, moved or removed meanwhile by
/// anybody is left alone.
class BoardLayout : public QObject
{
    Q_OBJECT
public:
    explicit BoardLayout(QObject *parent = nullptr);

    /// Both nullptr: there is no board. Cancels what is under way.
    void setBoard(Board *board, CanvasView *canvas);
    /// Begins to lay out these devices and what they hold, or with fewer than two the whole board.
    /// What was under way is cancelled.
    void start(layout::Style style, const QList<EntityId> &ids);
    void cancel();
    /// True until the devices are at their new places.
    [[nodiscard]] bool isRunning() const { return m_run.has_value(); }

    static QString nameOf(layout::Style style);

Q_SIGNALS:
    void started(const QString &what);
    /// 0 to 1.
    void progress(double part);
    /// Done or cancelled.
    void ended();
    /// Something that people should know.
    void message(const QString &text);

private:
    /// What was asked for, by index of the job's nodes.
    struct Run
    {
        layout::Style style;
        bool wholeBoard;
        QList<EntityId> ids;
        layout::Graph graph;
        std::optional<layout::Points> points; ///< once they are there
    };
    void finished(const layout::Points &points, const QString &text);
    void apply();

    layout::LayoutJob m_job{this};
    QPointer<Board> m_board;
    QPointer<CanvasView> m_canvas;
    std::optional<Run> m_run;
};

/// Row of a device in a hierarchical picture by its type, else by what its name says; -1 = below
/// its neighbours.
int layoutRowOf(const Device &device);

} // namespace patchboard::ui
