#include "ui/scene/iconcache.h"

#include <QFile>
#include <QPainter>
#include <QPainterPath>
#include <QSvgRenderer>

#include <algorithm>
#include <array>
#include <cmath>

namespace patchboard::ui {

namespace {

constexpr std::array kIconLadder{6,   7,   8,   9,   10,  11,  12,  13,  14,  16,  18,  20,  22, 24,
                                 27,  30,  33,  36,  40,  44,  48,  54,  60,  66,  72,  80,  88, 96,
                                 108, 120, 132, 144, 160, 176, 192, 224, 256, 320, 384, 448, 512};
constexpr int kMasterSize = 256;

/// From the icon to the middle of the ring's line, and how wide that is.
double ringOut(int size)
{
    return std::max(2.0, size * 0.09);
}
double ringPen(int size)
{
    return std::clamp(size * 0.05, 1.5, 3.0);
}

} // namespace

IconCache::IconCache() = default;
IconCache::~IconCache() = default;

int IconCache::bucket(double pixels)
{
    const auto above = std::lower_bound(kIconLadder.begin(), kIconLadder.end(), pixels);
    if (above == kIconLadder.begin())
        return kIconLadder.front();
    if (above == kIconLadder.end())
        return kIconLadder.back();
    return pixels - *(above - 1) < *above - pixels ? *(above - 1) : *above;
}

double IconCache::ringReach(int size)
{
    return ringOut(size) + ringPen(size) / 2;
}

void IconCache::setTheme(const CanvasTheme &theme)
{
    if (theme == m_theme)
        return;
    m_theme = theme;
    m_pictures.clear();
    m_badges.clear();
}

QSvgRenderer *IconCache::renderer(const QString &icon)
{
    auto it = m_renderers.constFind(icon);
    if (it == m_renderers.cend()) {
        const QString file = QStringLiteral(":/icons/devices/%1.svg").arg(icon);
        std::shared_ptr<QSvgRenderer> made;
        if (QFile::exists(file)) {
            made = std::make_shared<QSvgRenderer>(file);
            if (!made->isValid())
                made.reset();
        }
        it = m_renderers.insert(icon, made);
    }
    return it->get();
}

void IconCache::drawVector(QPainter *painter, const QString &icon, const QRectF &rect)
{
    if (QSvgRenderer *svg = renderer(icon)) {
        svg->render(painter, rect);
        return;
    }
    // No picture: a box with the type's initials.
    QString initials;
    for (const QString &word : icon.split(u'_', Qt::SkipEmptyParts)) {
        if (initials.size() < 3)
            initials += word.at(0).toUpper();
    }
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(Qt::NoPen);
    painter->setBrush(QColor(0x607086));
    const double inset = rect.width() * 0.06;
    painter->drawRoundedRect(rect.adjusted(inset, inset, -inset, -inset), rect.width() * 0.2,
                             rect.width() * 0.2);
    QFont font = painter->font();
    font.setBold(true);
    font.setPixelSize(std::max(1, int(rect.width() * 0.34)));
    painter->setFont(font);
    painter->setPen(Qt::white);
    painter->drawText(rect, Qt::AlignCenter, initials);
    painter->restore();
}

const QImage &IconCache::statusPicture(Status status, int radius)
{
    const quint32 key = (quint32(radius) << 2) | quint32(status);
    if (const auto it = m_badges.constFind(key); it != m_badges.cend())
        return *it;
    const int side = radius * 2 + 6;
    QImage image(side, side, QImage::Format_ARGB32_Premultiplied);
    image.fill(Qt::transparent);
    QPainter painter(&image);
    painter.setRenderHint(QPainter::Antialiasing);
    drawStatus(&painter, QPointF(side, side) / 2, radius, status, m_theme);
    painter.end();
    return *m_badges.insert(key, image);
}

const QImage &IconCache::overridePicture(int radius)
{
    const quint32 key = (quint32(radius) << 2) | 3U;
    if (const auto it = m_badges.constFind(key); it != m_badges.cend())
        return *it;
    const int side = radius * 2 + 6;
    QImage image(side, side, QImage::Format_ARGB32_Premultiplied);
    image.fill(Qt::transparent);
    QPainter painter(&image);
    painter.setRenderHint(QPainter::Antialiasing);
    drawOverride(&painter, QPointF(side, side) / 2, radius, m_theme);
    painter.end();
    return *m_badges.insert(key, image);
}

QImage IconCache::base(const QString &icon, int size)
{
    if (size > kMasterSize) {
        QImage image(size, size, QImage::Format_ARGB32_Premultiplied);
        image.fill(Qt::transparent);
        QPainter painter(&image);
        painter.setRenderHint(QPainter::Antialiasing);
        drawVector(&painter, icon, QRectF(0, 0, size, size));
        return image;
    }
    // Sizes halve from the largest, and the next larger one is cut down: all looks of an icon at a
    // size share one picture of it.
    const auto key = std::pair(icon, size);
    if (const auto it = m_bases.constFind(key); it != m_bases.cend())
        return *it;
    QImage image;
    if (size == kMasterSize) {
        image = QImage(size, size, QImage::Format_ARGB32_Premultiplied);
        image.fill(Qt::transparent);
        QPainter painter(&image);
        painter.setRenderHint(QPainter::Antialiasing);
        drawVector(&painter, icon, QRectF(0, 0, size, size));
    } else {
        int larger = kMasterSize;
        while (larger / 2 > size)
            larger /= 2;
        image = base(icon, larger)
                    .scaled(size, size, Qt::IgnoreAspectRatio, Qt::SmoothTransformation)
                    .convertToFormat(QImage::Format_ARGB32_Premultiplied);
    }
    m_bases.insert(key, image);
    return image;
}

void IconCache::drawStatus(QPainter *painter, QPointF middle, double radius, Status status,
                           const CanvasTheme &theme)
{
    painter->setBrush(theme.of(status));
    const double pen = std::max(1.0, radius * 0.3);
    painter->setPen(QPen(theme.background, pen, Qt::SolidLine, Qt::SquareCap, Qt::RoundJoin));
    switch (status) {
    case Status::Up:
        painter->drawEllipse(middle, radius, radius);
        break;
    case Status::Degraded: {
        const double r = radius * 1.25;
        painter->drawPolygon(QPolygonF{{middle + QPointF(0, -r), middle + QPointF(r, r * 0.8),
                                        middle + QPointF(-r, r * 0.8)}});
        break;
    }
    case Status::Down:
        painter->drawRect(QRectF(middle.x() - radius * 0.95, middle.y() - radius * 0.95,
                                 radius * 1.9, radius * 1.9));
        break;
    }
}

void IconCache::drawOverride(QPainter *painter, QPointF middle, double radius,
                             const CanvasTheme &theme)
{
    // A diamond: somebody's word, not a measurement.
    const double r = radius * 1.25;
    painter->setBrush(theme.accent);
    painter->setPen(QPen(theme.background, std::max(1.0, radius * 0.3), Qt::SolidLine,
                         Qt::SquareCap, Qt::MiterJoin));
    painter->drawPolygon(QPolygonF{{middle + QPointF(0, -r), middle + QPointF(r, 0),
                                    middle + QPointF(0, r), middle + QPointF(-r, 0)}});
}

void IconCache::drawLock(QPainter *painter, QPointF middle, double radius, const CanvasTheme &theme)
{
    painter->setBrush(Qt::NoBrush);
    painter->setPen(QPen(theme.faint, std::max(1.0, radius * 0.35)));
    painter->drawArc(
        QRectF(middle.x() - radius * 0.55, middle.y() - radius, radius * 1.1, radius * 1.4), 0,
        180 * 16);
    painter->setPen(Qt::NoPen);
    painter->setBrush(theme.faint);
    painter->drawRoundedRect(
        QRectF(middle.x() - radius * 0.85, middle.y() - radius * 0.25, radius * 1.7, radius * 1.25),
        radius * 0.2, radius * 0.2);
}

void IconCache::drawBadges(QPainter *painter, const QRectF &rect, const IconLook &look,
                           const CanvasTheme &theme)
{
    const double size = rect.width();
    // Far out only what is not as it should be has a badge.
    const double radius = std::max(2.6, size * 0.13);
    if (size >= 20 || look.status != Status::Up)
        drawStatus(painter, rect.bottomRight() - QPointF(radius, radius) * 0.8, radius, look.status,
                   theme);
    if (look.overridden && size >= 12)
        drawOverride(painter, rect.topRight() + QPointF(-radius, radius) * 0.8, radius, theme);
    if (look.locked && size >= 20)
        drawLock(painter, rect.bottomLeft() + QPointF(radius, -radius) * 0.8, radius, theme);
}

const QImage &IconCache::picture(const QString &icon, const IconLook &look)
{
    auto number = m_numbers.constFind(icon);
    if (number == m_numbers.cend())
        number = m_numbers.insert(icon, quint32(m_numbers.size()));
    const quint64 key = (quint64(*number) << 32) | (quint64(look.size) << 16) |
                        (quint64(look.status) << 5) | (look.overridden ? 16U : 0U) |
                        (look.locked ? 8U : 0U) | (look.selected ? 4U : 0U) |
                        (look.found ? 2U : 0U) | (look.ghost ? 1U : 0U);
    if (const auto it = m_pictures.constFind(key); it != m_pictures.cend())
        return *it;
    const int pad = std::max(4, look.size / 5);
    QImage image(look.size + 2 * pad, look.size + 2 * pad, QImage::Format_ARGB32_Premultiplied);
    image.fill(Qt::transparent);
    QPainter painter(&image);
    painter.setRenderHint(QPainter::Antialiasing);
    const QRectF rect(pad, pad, look.size, look.size);
    const double out = ringOut(look.size);
    if (look.selected || look.found) {
        const QColor colour = look.selected ? m_theme.accent : m_theme.find;
        QColor inner = colour;
        inner.setAlpha(m_theme.dark ? 60 : 40);
        painter.setPen(QPen(colour, ringPen(look.size)));
        painter.setBrush(inner);
        painter.drawRoundedRect(rect.adjusted(-out, -out, out, out), out * 2, out * 2);
    }
    if (look.ghost)
        painter.setOpacity(0.5);
    painter.drawImage(pad, pad, base(icon, look.size));
    if (!look.ghost)
        drawBadges(&painter, rect, look, m_theme);
    painter.end();
    return *m_pictures.insert(key, image);
}

} // namespace patchboard::ui
