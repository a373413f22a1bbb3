#pragma once

#include <QBasicTimer>
#include <QImage>
#include <QPointer>
#include <QWidget>

namespace patchboard::ui {

class BoardPainter;
class CanvasView;

/// The whole board, small, and the part of it that a canvas shows; a click or drag moves that.
///
/// What changes is painted anew in the part where it changed; only when the board outgrows the
/// picture, or the widget is resized, everything is. For a dock or a corner beside the canvas, not
/// above it: what lies over the viewport makes scrolling slow.
class Minimap : public QWidget
{
    Q_OBJECT
public:
    /// Goes empty when the view is gone.
    explicit Minimap(CanvasView *view, QWidget *parent = nullptr);
    ~Minimap() override;

    [[nodiscard]] QSize sizeHint() const override { return {200, 140}; }
    [[nodiscard]] QSize minimumSizeHint() const override { return {80, 60}; }
    /// Where a place of the scene is in the widget.
    [[nodiscard]] QPointF toMap(QPointF scene) const;
    [[nodiscard]] QPointF toScene(QPointF map) const;

protected:
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void timerEvent(QTimerEvent *event) override;

private:
    void boardChanged(const QRectF &area);
    /// Chooses the scale; true if it is another now.
    bool frameBoard();
    void paintArea(const QRect &devicePixels);
    void lookAt(QPointF map);

    QPointer<CanvasView> m_view;
    std::unique_ptr<BoardPainter> m_painter;
    QImage m_picture;
    QRectF m_framed;    ///< scene units that the picture shows
    double m_scale = 1; ///< device pixels per scene unit
    QPointF m_origin;
    QRectF m_dirty; ///< scene units
    bool m_all = true;
    QBasicTimer m_timer;
};

} // namespace patchboard::ui
