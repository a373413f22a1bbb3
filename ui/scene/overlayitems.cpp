#include "ui/scene/overlayitems.h"

#include "ui/scene/boardmirror.h"
#include "ui/scene/iconcache.h"

#include <QFontMetricsF>
#include <QGraphicsScene>
#include <QGraphicsView>
#include <QPainter>
#include <QPainterPath>
#include <QStyleOptionGraphicsItem>

namespace patchboard::ui {

namespace {

constexpr double kGuideOverhang = 40.0; ///< scene units beyond the devices that are in line
constexpr double kStepMark = 6.0;       ///< half the bar at the end of an equal step
constexpr double kFarAway = 1e7;

QFont overlayFont(bool bold)
{
    QFont font;
    font.setPixelSize(12);
    font.setBold(bold);
    return font;
}

QImage overlayIcon(const QString &icon)
{
    QImage image(96, 96, QImage::Format_ARGB32_Premultiplied);
    image.fill(Qt::transparent);
    QPainter painter(&image);
    painter.setRenderHint(QPainter::Antialiasing);
    IconCache().drawVector(&painter, icon, QRectF(0, 0, 96, 96));
    return image;
}

} // namespace

// BandItem

BandItem::BandItem()
{
    setZValue(50);
    setVisible(false);
}

void BandItem::setBand(const QRectF &band)
{
    prepareGeometryChange();
    m_band = band;
}

QRectF BandItem::boundingRect() const
{
    return m_band;
}

void BandItem::paint(QPainter *painter, const QStyleOptionGraphicsItem *, QWidget *)
{
    QColor fill = m_colour;
    fill.setAlpha(32);
    QPen pen(m_colour, 1);
    pen.setCosmetic(true);
    painter->setPen(pen);
    painter->setBrush(fill);
    painter->drawRect(m_band);
}

// GuideItem

GuideItem::GuideItem()
{
    setZValue(40);
    setVisible(false);
}

void GuideItem::clear()
{
    if (!isVisible())
        return;
    prepareGeometryChange();
    m_vertical = false;
    m_horizontal = false;
    m_steps.clear();
    setVisible(false);
}

void GuideItem::addSteps(const QList<QLineF> &steps)
{
    prepareGeometryChange();
    m_steps += steps;
    setVisible(!m_steps.isEmpty() || m_vertical || m_horizontal);
}

void GuideItem::setVertical(double x, double otherY)
{
    prepareGeometryChange();
    m_vertical = true;
    m_moved.setX(x);
    m_otherY = otherY;
    setVisible(true);
}

void GuideItem::setHorizontal(double y, double otherX)
{
    prepareGeometryChange();
    m_horizontal = true;
    m_moved.setY(y);
    m_otherX = otherX;
    setVisible(true);
}

void GuideItem::setMoved(QPointF to)
{
    if (!m_vertical && !m_horizontal)
        return;
    prepareGeometryChange();
    m_moved = to;
}

QRectF GuideItem::boundingRect() const
{
    QRectF rect;
    if (m_vertical)
        rect |= QRectF(m_moved.x() - 2, std::min(m_moved.y(), m_otherY) - kGuideOverhang, 4,
                       std::abs(m_moved.y() - m_otherY) + 2 * kGuideOverhang);
    if (m_horizontal)
        rect |= QRectF(std::min(m_moved.x(), m_otherX) - kGuideOverhang, m_moved.y() - 2,
                       std::abs(m_moved.x() - m_otherX) + 2 * kGuideOverhang, 4);
    for (const QLineF &step : m_steps)
        rect |= QRectF(step.p1(), step.p2())
                    .normalized()
                    .adjusted(-kStepMark - 2, -kStepMark - 2, kStepMark + 2, kStepMark + 2);
    return rect;
}

void GuideItem::paint(QPainter *painter, const QStyleOptionGraphicsItem *, QWidget *)
{
    QPen pen(m_colour, 1, Qt::DashLine);
    pen.setCosmetic(true);
    painter->setPen(pen);
    if (m_vertical)
        painter->drawLine(QPointF(m_moved.x(), std::min(m_moved.y(), m_otherY) - kGuideOverhang),
                          QPointF(m_moved.x(), std::max(m_moved.y(), m_otherY) + kGuideOverhang));
    if (m_horizontal)
        painter->drawLine(QPointF(std::min(m_moved.x(), m_otherX) - kGuideOverhang, m_moved.y()),
                          QPointF(std::max(m_moved.x(), m_otherX) + kGuideOverhang, m_moved.y()));
    pen.setStyle(Qt::SolidLine);
    pen.setWidth(2);
    painter->setPen(pen);
    for (const QLineF &step : m_steps) {
        const bool flat = std::abs(step.dx()) > std::abs(step.dy());
        const QPointF mark = flat ? QPointF(0, kStepMark) : QPointF(kStepMark, 0);
        painter->drawLine(step);
        painter->drawLine(step.p1() - mark, step.p1() + mark);
        painter->drawLine(step.p2() - mark, step.p2() + mark);
    }
}

// LinkDraftItem

LinkDraftItem::LinkDraftItem()
{
    setZValue(60);
    setVisible(false);
}

void LinkDraftItem::start(QPointF from)
{
    prepareGeometryChange();
    m_from = from;
}

void LinkDraftItem::aim(QPointF to, const QRectF &target, Mood mood, const QString &text)
{
    prepareGeometryChange();
    m_to = to;
    m_target = target;
    m_mood = mood;
    m_text = text;
    m_textSize = QFontMetricsF(overlayFont(false))
                     .boundingRect(QRectF(0, 0, 420, kFarAway), Qt::TextWordWrap, text)
                     .size() +
                 QSizeF(16, 10);
    setVisible(true);
}

void LinkDraftItem::stop()
{
    setVisible(false);
}

double LinkDraftItem::unitsPerPixel() const
{
    const QList<QGraphicsView *> views = scene() ? scene()->views() : QList<QGraphicsView *>();
    return views.isEmpty() ? 1.0 : 1.0 / views.first()->transform().m11();
}

QRectF LinkDraftItem::boundingRect() const
{
    const double unit = unitsPerPixel();
    QRectF rect =
        QRectF(m_from, m_to).normalized().adjusted(-6 * unit, -6 * unit, 6 * unit, 6 * unit);
    if (!m_target.isNull())
        rect |= m_target.adjusted(-12 * unit, -12 * unit, 12 * unit, 12 * unit);
    if (!m_text.isEmpty())
        rect |= QRectF(m_to + QPointF(14, 14) * unit, m_textSize * unit);
    return rect;
}

void LinkDraftItem::paint(QPainter *painter, const QStyleOptionGraphicsItem *, QWidget *)
{
    const double unit = unitsPerPixel();
    QColor colour = m_theme.accent;
    if (m_mood == Mood::Good)
        colour = m_theme.of(Status::Up);
    else if (m_mood == Mood::Advised)
        colour = m_theme.advice;
    else if (m_mood == Mood::Refused)
        colour = m_theme.refuse;
    painter->setRenderHint(QPainter::Antialiasing);
    QPen pen(colour, 2, m_mood == Mood::Good ? Qt::SolidLine : Qt::DashLine, Qt::RoundCap);
    pen.setCosmetic(true);
    painter->setPen(pen);
    const QPointF end = m_target.isNull() ? m_to : m_target.center();
    painter->drawLine(m_from, end);
    if (!m_target.isNull()) {
        QColor fill = colour;
        fill.setAlpha(40);
        painter->setBrush(fill);
        QPen ring(colour, 2.5);
        ring.setCosmetic(true);
        painter->setPen(ring);
        painter->drawRoundedRect(m_target.adjusted(-5, -5, 5, 5), 9, 9);
    }
    if (m_text.isEmpty())
        return;
    painter->save();
    painter->translate(m_to + QPointF(14, 14) * unit);
    painter->scale(unit, unit);
    const QRectF bubble(QPointF(), m_textSize);
    painter->setPen(QPen(colour, 1));
    painter->setBrush(m_theme.background);
    painter->drawRoundedRect(bubble.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4);
    painter->setFont(overlayFont(false));
    painter->setPen(m_mood == Mood::Refused ? colour : m_theme.text);
    painter->drawText(bubble.adjusted(8, 5, -6, -5), Qt::TextWordWrap, m_text);
    painter->restore();
}

// PlaceItem

PlaceItem::PlaceItem()
{
    setZValue(45);
    setVisible(false);
}

void PlaceItem::setIcon(const QString &icon)
{
    if (icon == m_icon)
        return;
    m_icon = icon;
    m_picture = overlayIcon(icon);
    update();
}

QRectF PlaceItem::boundingRect() const
{
    return {-BoardMirror::kHalf, -BoardMirror::kHalf, BoardMirror::kIcon, BoardMirror::kIcon};
}

void PlaceItem::paint(QPainter *painter, const QStyleOptionGraphicsItem *, QWidget *)
{
    painter->setOpacity(0.65);
    painter->setRenderHint(QPainter::SmoothPixmapTransform);
    painter->drawImage(boundingRect(), m_picture);
}

// GhostItem

GhostItem::GhostItem()
{
    setZValue(30);
}

void GhostItem::show(QPointF at, const QImage &picture, const QColor &colour, const QString &name)
{
    if (name != m_name)
        prepareGeometryChange();
    if (name != m_name || colour != m_colour || picture.cacheKey() != m_picture.cacheKey())
        update();
    m_picture = picture;
    m_colour = colour;
    m_name = name;
    setPos(at);
    setVisible(true);
}

QRectF GhostItem::boundingRect() const
{
    constexpr double half = BoardMirror::kHalf + 6;
    return {-half, -half - (m_name.isEmpty() ? 0 : 20), 2 * half + (m_name.isEmpty() ? 0 : 120),
            2 * half + (m_name.isEmpty() ? 0 : 20)};
}

void GhostItem::paint(QPainter *painter, const QStyleOptionGraphicsItem *, QWidget *)
{
    constexpr double half = BoardMirror::kHalf;
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setRenderHint(QPainter::SmoothPixmapTransform);
    QColor fill = m_colour;
    fill.setAlpha(36);
    painter->setBrush(fill);
    painter->setPen(QPen(m_colour, 2, Qt::DashLine));
    painter->drawRoundedRect(QRectF(-half - 4, -half - 4, 2 * half + 8, 2 * half + 8), 8, 8);
    painter->setOpacity(0.5);
    painter->drawImage(QRectF(-half, -half, 2 * half, 2 * half), m_picture);
    painter->setOpacity(1);
    if (!m_name.isEmpty()) {
        painter->setFont(overlayFont(true));
        painter->setPen(m_colour);
        painter->drawText(QPointF(-half - 4, -half - 9), m_name);
    }
}

// PointerItem

PointerItem::PointerItem()
{
    setZValue(100);
    setFlag(ItemIgnoresTransformations);
}

void PointerItem::show(QPointF at, const QColor &colour, const QString &name)
{
    if (name != m_name || colour != m_colour) {
        prepareGeometryChange();
        m_name = name;
        m_colour = colour;
        m_width = QFontMetricsF(overlayFont(true)).horizontalAdvance(name) + 12;
        update();
    }
    setPos(at);
    setVisible(true);
}

QRectF PointerItem::boundingRect() const
{
    return {-2, -2, 16 + m_width, 40};
}

void PointerItem::paint(QPainter *painter, const QStyleOptionGraphicsItem *, QWidget *)
{
    painter->setRenderHint(QPainter::Antialiasing);
    QPainterPath arrow;
    arrow.addPolygon(
        QPolygonF{{{0, 0}, {0, 16}, {4.4, 12}, {7.4, 18.5}, {10, 17.3}, {7, 11}, {12.5, 11}}});
    arrow.closeSubpath();
    painter->setPen(QPen(Qt::white, 1.2));
    painter->setBrush(m_colour);
    painter->drawPath(arrow);
    if (m_name.isEmpty())
        return;
    const QRectF tag(12, 18, m_width, 18);
    painter->setPen(Qt::NoPen);
    painter->drawRoundedRect(tag, 5, 5);
    painter->setFont(overlayFont(true));
    painter->setPen(Qt::white);
    painter->drawText(tag, Qt::AlignCenter, m_name);
}

} // namespace patchboard::ui
