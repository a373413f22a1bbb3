#pragma once

#include "ui/scene/canvastheme.h"

#include <QHash>
#include <QImage>
#include <QString>

#include <memory>

class QPainter;
class QSvgRenderer;

namespace patchboard::ui {

/// How a device's picture is drawn.
struct IconLook
{
    int size = 48; ///< side of the icon in pixels; one of IconCache::bucket()'s
    Status status = Status::Up;
    bool overridden = false;
    bool locked = false;
    bool selected = false;
    bool found = false;
    bool ghost = false; ///< half transparent, without badges
};

/// Ready pictures of devices with their badges, by type, size and state. One SVG is rendered once;
/// other sizes are scaled from that, and only the sizes of a ladder exist.
class IconCache
{
public:
    IconCache();
    ~IconCache();

    /// The size of the ladder that is nearest to @a pixels.
    static int bucket(double pixels);
    /// How far the ring of what is selected reaches beyond an icon of @a size pixels.
    static double ringReach(int size);

    void setTheme(const CanvasTheme &theme);
    /// The icon is in the middle of the picture, with room for ring and badges around it.
    const QImage &picture(const QString &icon, const IconLook &look);
    /// The shape of a status alone, @a radius pixels around the middle of the picture.
    const QImage &statusPicture(Status status, int radius);
    const QImage &overridePicture(int radius);
    /// Draws the icon as vectors.
    void drawVector(QPainter *painter, const QString &icon, const QRectF &rect);

    /// The shape of a status: dot, triangle, square; so that it can be told without its colour.
    static void drawStatus(QPainter *painter, QPointF middle, double radius, Status status,
                           const CanvasTheme &theme);
    /// The badge of a forced status.
    static void drawOverride(QPainter *painter, QPointF middle, double radius,
                             const CanvasTheme &theme);
    static void drawLock(QPainter *painter, QPointF middle, double radius,
                         const CanvasTheme &theme);
    /// Badges of a device around @a rect.
    static void drawBadges(QPainter *painter, const QRectF &rect, const IconLook &look,
                           const CanvasTheme &theme);

private:
    QImage base(const QString &icon, int size);
    QSvgRenderer *renderer(const QString &icon);

    CanvasTheme m_theme;
    QHash<QString, quint32> m_numbers;
    QHash<quint64, QImage> m_pictures;
    QHash<quint32, QImage> m_badges;
    QHash<std::pair<QString, int>, QImage> m_bases; ///< icons without badges, by their size
    QHash<QString, std::shared_ptr<QSvgRenderer>> m_renderers;
};

} // namespace patchboard::ui
