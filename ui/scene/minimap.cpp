#include "ui/scene/minimap.h"

#include "ui/scene/boardmirror.h"
#include "ui/scene/boardpainter.h"
#include "ui/scene/canvasview.h"

#include <QMouseEvent>
#include <QPainter>

#include <algorithm>
#include <cmath>

namespace patchboard::ui {

namespace {

constexpr int kMapPause = 60; ///< ms between two looks at what changed
constexpr int kMapMargin = 6;
constexpr double kMostMapZoom = 0.15; ///< of a board of few devices

} // namespace

Minimap::Minimap(CanvasView *view, QWidget *parent)
    : QWidget(parent)
    , m_view(view)
    , m_painter(std::make_unique<BoardPainter>(view->mirror()))
{
    setAccessibleName(tr("Overview"));
    setToolTip(tr("Click or drag to move the view"));
    m_painter->setGrid(false);
    m_painter->setOverview(true);
    connect(view, &CanvasView::boardChanged, this, &Minimap::boardChanged);
    connect(view, &CanvasView::viewMoved, this, qOverload<>(&QWidget::update));
}

Minimap::~Minimap() = default;

QPointF Minimap::toMap(QPointF scene) const
{
    return (scene * m_scale - m_origin) / devicePixelRatioF();
}

QPointF Minimap::toScene(QPointF map) const
{
    return (map * devicePixelRatioF() + m_origin) / m_scale;
}

void Minimap::boardChanged(const QRectF &area)
{
    if (area.isNull())
        m_all = true;
    else
        m_dirty |= area;
    if (!m_timer.isActive())
        m_timer.start(kMapPause, this);
}

void Minimap::timerEvent(QTimerEvent *event)
{
    if (event->timerId() != m_timer.timerId())
        return QWidget::timerEvent(event);
    m_timer.stop();
    if (m_view && isVisible())
        update();
}

bool Minimap::frameBoard()
{
    // Framed with room to spare, so that it is seldom framed anew while things are moved about.
    const QRectF &extent = m_view->mirror().extent();
    const double ratio = devicePixelRatioF();
    const QSize size(std::max(1, int(width() * ratio)), std::max(1, int(height() * ratio)));
    const bool fits = !m_framed.isNull() && m_framed.contains(extent) &&
                      extent.width() * 3 > m_framed.width() - 2000;
    if (fits && m_picture.size() == size && !m_all)
        return false;
    if (!fits || m_all || m_framed.isNull()) {
        m_framed = extent.isNull() ? QRectF(-400, -300, 800, 600) : extent;
        const double spare = std::max(m_framed.width(), m_framed.height()) * 0.08 + 100;
        m_framed.adjust(-spare, -spare, spare, spare);
    }
    m_scale = std::min((size.width() - 2 * kMapMargin) / m_framed.width(),
                       (size.height() - 2 * kMapMargin) / m_framed.height());
    m_scale = std::min(m_scale, kMostMapZoom * ratio);
    m_origin = m_framed.center() * m_scale - QPointF(size.width(), size.height()) / 2;
    m_picture = QImage(size, QImage::Format_RGB32);
    m_picture.setDevicePixelRatio(ratio);
    m_all = true;
    return true;
}

void Minimap::paintArea(const QRect &devicePixels)
{
    const QRect area = devicePixels & QRect(QPoint(), m_picture.size());
    if (area.isEmpty())
        return;
    QImage part(m_picture.bits() + area.top() * m_picture.bytesPerLine() + area.left() * 4,
                area.width(), area.height(), m_picture.bytesPerLine(), QImage::Format_RGB32);
    m_painter->paintPicture(part, area.topLeft());
}

void Minimap::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    if (!m_view) {
        painter.fillRect(rect(), palette().window());
        return;
    }
    frameBoard();
    m_painter->setTheme(m_view->theme());
    m_painter->setCamera(m_scale, m_origin, devicePixelRatioF());
    if (m_all) {
        paintArea(QRect(QPoint(), m_picture.size()));
    } else if (!m_dirty.isNull()) {
        const QRectF pixels(m_dirty.topLeft() * m_scale - m_origin, m_dirty.size() * m_scale);
        paintArea(pixels.toAlignedRect().adjusted(-6, -6, 6, 6));
    }
    m_all = false;
    m_dirty = {};
    painter.drawImage(QPointF(), m_picture);

    const QRectF seen = m_view->visibleScene();
    const QRectF frame = QRectF(toMap(seen.topLeft()), toMap(seen.bottomRight()));
    QColor shade = m_view->theme().accent;
    shade.setAlpha(28);
    const QRectF shown = frame.intersected(QRectF(rect()).adjusted(0, 0, -1, -1));
    if (shown.isEmpty())
        return;
    painter.setBrush(shade);
    painter.setPen(QPen(m_view->theme().accent, 1.5));
    painter.drawRect(shown);
}

void Minimap::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    m_all = true;
}

void Minimap::lookAt(QPointF map)
{
    if (m_view)
        m_view->centreOnScene(toScene(map));
}

void Minimap::mousePressEvent(QMouseEvent *event)
{
    if (event->button() == Qt::LeftButton)
        lookAt(event->position());
}

void Minimap::mouseMoveEvent(QMouseEvent *event)
{
    if (event->buttons().testFlag(Qt::LeftButton))
        lookAt(event->position());
}

} // namespace patchboard::ui
