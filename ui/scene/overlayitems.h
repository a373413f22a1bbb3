#pragma once

#include "ui/scene/canvastheme.h"

#include <QGraphicsItem>
#include <QImage>
#include <QLineF>
#include <QList>

namespace patchboard::ui {

/// What is about to be: graphics items, few and kept for the next time, above the painted board.

/// A rubber band.
class BandItem : public QGraphicsItem
{
public:
    BandItem();
    void setColour(const QColor &colour) { m_colour = colour; }
    void setBand(const QRectF &band);
    [[nodiscard]] QRectF boundingRect() const override;
    void paint(QPainter *painter, const QStyleOptionGraphicsItem *option, QWidget *widget) override;

private:
    QRectF m_band;
    QColor m_colour;
};

/// Lines that say with what a dragged device is aligned, and where steps are equal.
class GuideItem : public QGraphicsItem
{
public:
    GuideItem();
    void setColour(const QColor &colour) { m_colour = colour; }
    void clear();
    /// The device is at @a x, as another at @a otherY.
    void setVertical(double x, double otherY);
    void setHorizontal(double y, double otherX);
    void setMoved(QPointF to);
    /// Lines between neighbours that are equally far apart, flat or upright.
    void addSteps(const QList<QLineF> &steps);
    [[nodiscard]] const QList<QLineF> &steps() const { return m_steps; }
    [[nodiscard]] QRectF boundingRect() const override;
    void paint(QPainter *painter, const QStyleOptionGraphicsItem *option, QWidget *widget) override;

private:
    QColor m_colour;
    QPointF m_moved;
    QList<QLineF> m_steps;
    bool m_vertical = false;
    bool m_horizontal = false;
    double m_otherY = 0;
    double m_otherX = 0;
};

/// A link that is being drawn.
class LinkDraftItem : public QGraphicsItem
{
public:
    enum class Mood { Open, Good, Advised, Refused };
    LinkDraftItem();
    void setTheme(const CanvasTheme &theme) { m_theme = theme; }
    void start(QPointF from);
    /// @a target is null if there is none.
    void aim(QPointF to, const QRectF &target, Mood mood, const QString &text);
    void stop();
    [[nodiscard]] QRectF boundingRect() const override;
    void paint(QPainter *painter, const QStyleOptionGraphicsItem *option, QWidget *widget) override;

private:
    [[nodiscard]] double unitsPerPixel() const;
    CanvasTheme m_theme;
    QPointF m_from;
    QPointF m_to;
    QRectF m_target;
    Mood m_mood = Mood::Open;
    QString m_text;
    QSizeF m_textSize; ///< pixels
};

/// A device that a click or drop would make.
class PlaceItem : public QGraphicsItem
{
public:
    PlaceItem();
    void setIcon(const QString &icon);
    [[nodiscard]] QRectF boundingRect() const override;
    void paint(QPainter *painter, const QStyleOptionGraphicsItem *option, QWidget *widget) override;

private:
    QString m_icon;
    QImage m_picture;
};

/// Where somebody else drags a device to.
class GhostItem : public QGraphicsItem
{
public:
    GhostItem();
    void show(QPointF at, const QImage &picture, const QColor &colour, const QString &name);
    [[nodiscard]] QRectF boundingRect() const override;
    void paint(QPainter *painter, const QStyleOptionGraphicsItem *option, QWidget *widget) override;

private:
    QImage m_picture;
    QColor m_colour;
    QString m_name;
};

/// Somebody else's pointer, always of one size.
class PointerItem : public QGraphicsItem
{
public:
    PointerItem();
    void show(QPointF at, const QColor &colour, const QString &name);
    [[nodiscard]] QRectF boundingRect() const override;
    void paint(QPainter *painter, const QStyleOptionGraphicsItem *option, QWidget *widget) override;

private:
    QColor m_colour;
    QString m_name;
    double m_width = 0;
};

} // namespace patchboard::ui
