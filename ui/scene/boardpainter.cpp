#include "ui/scene/boardpainter.h"

#include "ui/scene/raster.h"

#include <QFontMetricsF>
#include <QPainter>
#include <QPainterPath>
#include <QSemaphore>
#include <QThread>
#include <QThreadPool>

#include <algorithm>
#include <cmath>

namespace patchboard::ui {

namespace {

constexpr double kGridUnits = 20.0;
constexpr int kDirtyTile = 64;
constexpr double kThicket = 0.18;            ///< of the pixels lie on lines
constexpr quint8 kFarRank[4] = {2, 0, 1, 0}; ///< by Status: the worst is on top
constexpr qsizetype kManyLinks = 20000;      ///< worth a second thread

QRgb blendOver(const QColor &over, const QColor &under, double share)
{
    const auto mix = [share](int a, int b) { return int(a * share + b * (1 - share) + 0.5); };
    return qRgb(mix(over.red(), under.red()), mix(over.green(), under.green()),
                mix(over.blue(), under.blue()));
}

/// Tiles of the viewport: what is marked becomes few rectangles however much was marked.
class DirtyTiles
{
public:
    explicit DirtyTiles(const QRect &viewport)
        : m_viewport(viewport)
        , m_columns(viewport.width() / kDirtyTile + 1)
        , m_rows(viewport.height() / kDirtyTile + 1)
        , m_bits(size_t(m_columns) * size_t(m_rows), false)
    {
    }
    void add(const QRectF &rect)
    {
        const double left = std::max(0.0, rect.left() - m_viewport.left());
        const double top = std::max(0.0, rect.top() - m_viewport.top());
        const double right = std::min(double(m_viewport.width()), rect.right() - m_viewport.left());
        const double bottom =
            std::min(double(m_viewport.height()), rect.bottom() - m_viewport.top());
        if (left > right || top > bottom)
            return;
        const int x1 = int(right) / kDirtyTile;
        const int y1 = int(bottom) / kDirtyTile;
        for (int y = int(top) / kDirtyTile; y <= y1; ++y) {
            for (int x = int(left) / kDirtyTile; x <= x1; ++x)
                m_bits[size_t(y * m_columns + x)] = true;
        }
    }
    [[nodiscard]] QRegion region() const
    {
        // One rectangle is painted faster than many that nearly fill it.
        QRect all;
        int marked = 0;
        for (int y = 0; y < m_rows; ++y) {
            for (int x = 0; x < m_columns; ++x) {
                if (m_bits[size_t(y * m_columns + x)]) {
                    all |= QRect(x, y, 1, 1);
                    ++marked;
                }
            }
        }
        if (marked * 10 > all.width() * all.height() * 6)
            return QRect(m_viewport.left() + all.left() * kDirtyTile,
                         m_viewport.top() + all.top() * kDirtyTile, all.width() * kDirtyTile,
                         all.height() * kDirtyTile) &
                   m_viewport;
        QRegion out;
        for (int y = 0; y < m_rows; ++y) {
            for (int x = 0; x < m_columns; ++x) {
                if (!m_bits[size_t(y * m_columns + x)])
                    continue;
                int end = x + 1;
                while (end < m_columns && m_bits[size_t(y * m_columns + end)])
                    ++end;
                out += QRect(m_viewport.left() + x * kDirtyTile, m_viewport.top() + y * kDirtyTile,
                             (end - x) * kDirtyTile, kDirtyTile);
                x = end;
            }
        }
        return out & m_viewport;
    }

private:
    QRect m_viewport;
    int m_columns;
    int m_rows;
    std::vector<bool> m_bits;
};

} // namespace

BoardPainter::BoardPainter(const BoardMirror &mirror)
    : m_mirror(mirror)
    , m_theme(CanvasTheme::light())
{
    m_icons.setTheme(m_theme);
}

void BoardPainter::setTheme(const CanvasTheme &theme)
{
    m_theme = theme;
    m_icons.setTheme(theme);
    m_labels.setTheme(theme);
}

void BoardPainter::setCamera(double scale, QPointF origin, double ratio)
{
    if (scale != m_scale || ratio != m_ratio) {
        m_scale = scale;
        m_ratio = ratio;
        forgetLabels();
        // In a thicket of lines nobody sees whether they are smooth. Decided for a scale, so that
        // a part that is painted again looks like the rest.
        m_smooth = m_lineShare < kThicket;
    }
    m_origin = origin;
    m_labels.setRatio(ratio);
}

void BoardPainter::forgetLabels()
{
    m_room.clear();
    m_decided.clear();
    // Decided for a scale, like smoothness, so that every part of a picture agrees.
    constexpr qsizetype kFew = 2000;
    constexpr double kRoomPixels = 24.0; ///< between devices, so that icons and names can be told
    m_leastIcon = 0;
    if (const qsizetype count = m_mirror.deviceCount(); count > 0 && count <= kFew && !m_overview) {
        const QSizeF all = m_mirror.extent().size() + QSizeF(1, 1) * 2 * BoardMirror::kIcon;
        const double apart = std::sqrt(all.width() * all.height() / double(count)) * zoom();
        if (apart >= kRoomPixels)
            m_leastIcon = std::clamp(apart * 0.38, 11.0, 20.0) * m_ratio;
    }
    m_showsIcons = !m_overview && (zoom() >= kIconsFrom || m_leastIcon > 0);
    m_showsNames = m_showsIcons && (zoom() >= kNamesFrom || m_leastIcon > 0);
}

void BoardPainter::beginFrame(int budget)
{
    m_labels.setBudget(budget);
    m_missing = {};
}

int BoardPainter::iconSize() const
{
    return IconCache::bucket(std::max(BoardMirror::kIcon * m_scale, m_leastIcon));
}

double BoardPainter::linkWidth() const
{
    return m_ratio * (zoom() < kNamesFrom ? 1.1 : std::clamp(1.8 * std::sqrt(zoom()), 1.4, 3.5));
}

IconLook BoardPainter::lookOf(const DeviceShape &d, int size) const
{
    IconLook look;
    look.size = size;
    look.status = d.status;
    look.overridden = d.is(BoardMirror::Overridden);
    look.locked = d.is(BoardMirror::Locked);
    look.selected = d.is(BoardMirror::Selected);
    look.found = d.is(BoardMirror::Found);
    return look;
}

Status BoardPainter::worst(const Box &box)
{
    if (box.count[size_t(Status::Down)] > 0)
        return Status::Down;
    return box.count[size_t(Status::Degraded)] > 0 ? Status::Degraded : Status::Up;
}

// The picture

void BoardPainter::paintPicture(QImage &target, QPoint corner)
{
    const bool far = !m_showsIcons;
    if (far && m_mirror.boxOrder().empty() && (!m_grid || gridStep() == 0)) {
        paintFar(target, corner, true);
        return;
    }
    Raster raster(target);
    raster.fill(m_theme.background.rgb());
    if (m_grid)
        paintGrid(raster, corner);
    paintBoxes(target, raster, corner);
    if (far) {
        paintFar(target, corner, false);
    } else {
        paintLinks(target, corner);
        paintDevices(target, corner);
    }
}

double BoardPainter::gridStep() const
{
    double step = kGridUnits * m_scale;
    if (step < 2.4 * m_ratio)
        return 0;
    while (step < 12 * m_ratio)
        step *= 5;
    return step;
}

void BoardPainter::paintGrid(Raster &raster, QPoint corner) const
{
    const double step = gridStep();
    if (step == 0)
        return;
    const QRgb colour = m_theme.dot.rgb();
    const int side = m_ratio >= 1.75 ? 2 : 1;
    const double x0 = corner.x() + m_origin.x();
    const double y0 = corner.y() + m_origin.y();
    for (double y = std::ceil(y0 / step) * step; y < y0 + raster.height(); y += step) {
        for (double x = std::ceil(x0 / step) * step; x < x0 + raster.width(); x += step) {
            const int px = int(std::floor(x)) - int(std::floor(x0));
            const int py = int(std::floor(y)) - int(std::floor(y0));
            if (side == 1)
                raster.pixel(px, py, colour);
            else
                raster.square(px, py, side, colour);
        }
    }
}

void BoardPainter::paintBoxes(QImage &target, Raster &raster, QPoint corner)
{
    const QRectF area(corner, target.size());
    for (const quint32 number : m_mirror.boxOrder()) {
        const Box &box = m_mirror.boxes()[number];
        const QRectF rect = toPixels(box.rect);
        if (!rect.intersects(area.adjusted(-4, -4, 4, 4)))
            continue;
        const DeviceShape &d = m_mirror.devices()[box.device];
        const bool marked = d.is(BoardMirror::Selected) || d.id == m_hovered;
        const bool target_ = d.id == m_dropTarget;
        QColor edge = m_theme.boxEdge;
        if (d.is(BoardMirror::Selected) || target_)
            edge = m_theme.accent;
        else if (d.is(BoardMirror::Found))
            edge = m_theme.find;
        else if (const auto other = m_others.constFind(d.id); other != m_others.cend())
            edge = *other;
        else if (d.id == m_hovered)
            edge = blendOver(m_theme.accent, m_theme.boxEdge, 0.5);
        if (rect.width() < 40 * m_ratio) {
            const QRect r = rect.translated(-corner).toAlignedRect();
            raster.blendRect(r, m_theme.boxFill.rgba());
            const QRgb colour = edge.rgb();
            raster.thinLine(r.left(), r.top(), r.right(), r.top(), colour);
            raster.thinLine(r.left(), r.bottom(), r.right(), r.bottom(), colour);
            raster.thinLine(r.left(), r.top(), r.left(), r.bottom(), colour);
            raster.thinLine(r.right(), r.top(), r.right(), r.bottom(), colour);
            continue;
        }
        QPainter painter(&target);
        painter.setRenderHint(QPainter::Antialiasing);
        painter.translate(-corner);
        QPainterPath path;
        const double radius = std::min(8.0 * m_ratio, 10.0 * m_scale);
        const QRectF body = rect.adjusted(0.5, 0.5, -0.5, -0.5);
        path.addRoundedRect(body, radius, radius);
        painter.fillPath(path, m_theme.boxFill);
        if (target_) {
            QColor tint = m_theme.accent;
            tint.setAlpha(36);
            painter.fillPath(path, tint);
        }
        const double title = BoardMirror::kTitle * m_scale;
        if (title >= 6 * m_ratio) {
            painter.save();
            painter.setClipRect(QRectF(rect.left(), rect.top(), rect.width(), title));
            painter.fillPath(path, m_theme.boxTitle);
            painter.restore();
        }
        painter.setPen(QPen(edge, (target_ ? 2.5 : marked ? 2.0 : 1.0) * m_ratio));
        painter.setBrush(Qt::NoBrush);
        painter.drawPath(path);
    }
}

/// Calls paint(band, part, first row) for the whole picture, or for its halves at once if that is
/// worth a second thread: each has its own pixels and marks, and all else is only read.
template <typename Paint>
void BoardPainter::inBands(QImage &target, bool many, Paint paint)
{
    constexpr int kLeastRows = 200;
    const auto band = [&](Band &own, int top, int height) {
        QImage part(target.bits() + qptrdiff(top) * target.bytesPerLine(), target.width(), height,
                    target.bytesPerLine(), QImage::Format_RGB32);
        paint(own, part, top);
    };
    if (!many || target.height() < kLeastRows || QThread::idealThreadCount() < 2)
        return band(m_bands[0], 0, target.height());
    const int half = target.height() / 2;
    QSemaphore done;
    QThreadPool::globalInstance()->start([&] {
        band(m_bands[1], half, target.height() - half);
        done.release();
    });
    band(m_bands[0], 0, half);
    done.acquire();
}

BoardPainter::FarPoint BoardPainter::farPoint(BoardMirror::Place place) const
{
    // Whole pixels of the board, so that a part that is painted again has the same pixels.
    // Shifted, cutting off is rounding down, which a plain processor has no instruction for.
    constexpr int kMost = 1 << 27;
    const auto down = [](double v) { return int(std::clamp(v + kMost, 0.0, 2.0 * kMost)) - kMost; };
    return {down(double(place.x) * m_scale - m_origin.x()),
            down(double(place.y) * m_scale - m_origin.y())};
}

/// First as numbers, a byte a pixel: a hundred thousand lines that jump from row to row then stay
/// in the processor's cache.
void BoardPainter::paintFarBand(Band &band, QPoint corner, QSize size) const
{
    const int width = size.width();
    const int height = size.height();
    band.numbers.assign(size_t(width) * size_t(height), 0);
    quint8 *bits = band.numbers.data();
    const double margin = 6 * m_ratio;
    const QRectF area = toScene(QRectF(corner, size).adjusted(-margin, -margin, margin, margin));
    const int side = farSide();
    const auto &ends = m_mirror.farEnds();
    const auto &links = m_mirror.farLinks();
    const auto &devices = m_mirror.farDevices();
    const auto drawLink = [&](quint8 look, FarPoint a, FarPoint b) {
        const int y0 = a.y - corner.y();
        const int y1 = b.y - corner.y();
        if ((y0 < 0 && y1 < 0) || (y0 >= height && y1 >= height))
            return;
        auto number = quint8(FarLink + kFarRank[look & BoardMirror::FarStatus]);
        if ((look & (BoardMirror::FarSelected | BoardMirror::FarFound)) != 0)
            number = (look & BoardMirror::FarSelected) != 0 ? FarLinkSelected : FarLinkFound;
        byteLine(bits, width, height, a.x - corner.x(), y0, b.x - corner.x(), y1, number);
    };
    const auto drawDevice = [&](quint8 look, FarPoint at) {
        int extent = side;
        auto number = quint8(FarDevice + kFarRank[look & BoardMirror::FarStatus]);
        if ((look & (BoardMirror::FarSelected | BoardMirror::FarFound)) != 0) {
            number = (look & BoardMirror::FarSelected) != 0 ? FarSelected : FarFound;
            extent += 2;
        }
        byteSquare(bits, width, height, at.x - corner.x() - extent / 2,
                   at.y - corner.y() - extent / 2, extent, number);
    };
    if (!m_farPoints.empty()) {
        for (size_t slot = 0; slot < links.size(); ++slot) {
            if ((links[slot] & BoardMirror::FarShown) != 0)
                drawLink(links[slot], m_farPoints[ends[slot].a], m_farPoints[ends[slot].b]);
        }
        for (size_t slot = 0; slot < devices.size(); ++slot) {
            if ((devices[slot] & BoardMirror::FarShown) != 0)
                drawDevice(devices[slot], m_farPoints[slot]);
        }
        return;
    }
    const auto &places = m_mirror.places();
    m_mirror.visitLinks(area, band.marks, [&](quint32 slot) {
        drawLink(links[slot], farPoint(places[ends[slot].a]), farPoint(places[ends[slot].b]));
    });
    m_mirror.visitDevices(area, [&](quint32 slot) {
        if ((devices[slot] & BoardMirror::FarShown) != 0)
            drawDevice(devices[slot], farPoint(places[slot]));
    });
}

int BoardPainter::farSide() const
{
    return std::clamp(int(BoardMirror::kIcon * m_scale * 0.8 + 0.5), int(2 * m_ratio),
                      int(7 * m_ratio));
}

void BoardPainter::paintFar(QImage &target, QPoint corner, bool plain)
{
    QRgb palette[256] = {};
    palette[FarNothing] = plain ? m_theme.background.rgb() : 0;
    constexpr double kShare[3] = {0.85, 0.5, 0.8}; // what is as it should be stays in the back
    for (size_t i = 0; i < 3; ++i) {
        palette[FarLink + kFarRank[i]] = blendOver(m_theme.link[i], m_theme.background, kShare[i]);
        palette[FarDevice + kFarRank[i]] = m_theme.status[i].rgb();
    }
    palette[FarLinkFound] = m_theme.find.rgb();
    palette[FarLinkSelected] = m_theme.accent.rgb();
    palette[FarFound] = m_theme.find.rgb();
    palette[FarSelected] = m_theme.accent.rgb();

    // Most of the board: where each device is, once for all the links that end there.
    m_farPoints.clear();
    if (m_mirror.scansLinks(toScene(QRectF(corner, target.size())))) {
        const auto &places = m_mirror.places();
        m_farPoints.resize(places.size());
        std::transform(places.cbegin(), places.cend(), m_farPoints.begin(),
                       [this](BoardMirror::Place place) { return farPoint(place); });
    }
    inBands(target, m_mirror.linkCount() >= kManyLinks, [&](Band &band, QImage &part, int top) {
        paintFarBand(band, corner + QPoint(0, top), part.size());
        Raster(part).overlay(band.numbers.data(), palette, plain);
    });
    if (m_others.isEmpty())
        return;
    Raster raster(target);
    const auto &devices = m_mirror.devices();
    for (auto it = m_others.cbegin(); it != m_others.cend(); ++it) {
        const quint32 slot = m_mirror.deviceSlot(it.key());
        if (slot == BoardMirror::kNone || devices[slot].box != BoardMirror::kNone)
            continue;
        const QPointF at = toPixels(devices[slot].pos) - corner;
        raster.square(at.x(), at.y(), farSide() + 2, it->rgb());
    }
}

void BoardPainter::paintLinkBand(Band &band, QImage &target, QPoint corner) const
{
    Raster raster(target);
    const double margin = 14 * m_ratio;
    const QRectF area =
        toScene(QRectF(corner, target.size()).adjusted(-margin, -margin, margin, margin));
    const double width = linkWidth();
    const QRgb colours[3] = {m_theme.link[0].rgb(), m_theme.link[1].rgb(), m_theme.link[2].rgb()};
    const bool smooth = m_smooth || zoom() >= kNamesFrom;
    // In one order whatever part is painted: where links cross the same one is on top.
    band.slots.clear();
    m_mirror.visitLinks(area, band.marks, [&](quint32 slot) { band.slots.push_back(slot); });
    std::sort(band.slots.begin(), band.slots.end());
    for (const quint32 slot : band.slots) {
        const LinkRecord &l = m_mirror.links()[slot];
        LinkShape shape = m_mirror.shapeOf(l);
        if (!shape.bounds().adjusted(-1, -1, 1, 1).intersects(area))
            continue;
        for (int i = 0; i < shape.count; ++i)
            shape.points[size_t(i)] = toPixels(shape.points[size_t(i)]) - corner;
        const QRectF seen = shape.bounds() & QRectF(QPointF(), target.size());
        band.length += std::max(seen.width(), seen.height());
        const auto draw = [&](QRgb colour, double w, bool dashed) {
            const double dash = !dashed || l.status == Status::Up ? 0
                                : l.status == Status::Down        ? 6 * m_ratio
                                                                  : 11 * m_ratio;
            const double gap = l.status == Status::Down ? 4 * m_ratio : 3.5 * m_ratio;
            double phase = 0;
            for (int i = 1; i < shape.count; ++i) {
                const QPointF &from = shape.points[size_t(i - 1)];
                const QPointF &to = shape.points[size_t(i)];
                if (!smooth && dash <= 0 && w < 2 * m_ratio) {
                    raster.plain(from, to, colour);
                    continue;
                }
                raster.line(from, to, colour, w, dash, gap, phase);
                if (dash > 0 && shape.count > 2)
                    phase += std::hypot(to.x() - from.x(), to.y() - from.y());
            }
        };
        const bool selected = l.is(BoardMirror::Selected);
        if (selected || l.is(BoardMirror::Found))
            draw((selected ? m_theme.accent : m_theme.find).rgb(), width + 3.5 * m_ratio, false);
        else if (l.id == m_hovered)
            draw(blendOver(m_theme.accent, m_theme.background, 0.4), width + 3.5 * m_ratio, false);
        else if (const auto other = m_others.constFind(l.id); other != m_others.cend())
            draw(other->rgb(), width + 3.5 * m_ratio, false);
        draw(selected ? blendOver(m_theme.ofLink(l.status), m_theme.background, 0.55)
                      : colours[size_t(l.status)],
             width, true);
        if (l.status != Status::Up || l.is(BoardMirror::Overridden))
            band.badged.push_back(slot);
    }
}

void BoardPainter::paintLinks(QImage &target, QPoint corner)
{
    for (Band &band : m_bands) {
        band.badged.clear();
        band.length = 0;
    }
    inBands(target, zoom() < kNamesFrom && m_mirror.linkCount() >= kManyLinks,
            [&](Band &band, QImage &part, int top) {
                paintLinkBand(band, part, corner + QPoint(0, top));
            });
    if (target.height() > 400 && target.width() > 400)
        m_lineShare =
            (m_bands[0].length + m_bands[1].length) / (double(target.width()) * target.height());
    if (zoom() < 0.35)
        return;
    // What lies on the border of the bands comes once.
    std::vector<quint32> &badged = m_bands[0].badged;
    badged.insert(badged.end(), m_bands[1].badged.cbegin(), m_bands[1].badged.cend());
    std::sort(badged.begin(), badged.end());
    badged.erase(std::unique(badged.begin(), badged.end()), badged.end());
    Raster raster(target);
    const int radius = int(std::clamp(5.0 * std::sqrt(zoom()), 3.5, 8.0) * m_ratio);
    for (const quint32 slot : badged) {
        const LinkRecord &l = m_mirror.links()[slot];
        const LinkShape shape = m_mirror.shapeOf(l);
        const double length = shape.length();
        if (length * m_scale < 5 * radius)
            continue;
        QPointF along;
        const QPointF middle = toPixels(shape.at(length / 2, &along));
        const auto put = [&](const QImage &picture, QPointF at) {
            raster.picture(int(std::lround(at.x() - picture.width() / 2.0)) - corner.x(),
                           int(std::lround(at.y() - picture.height() / 2.0)) - corner.y(), picture);
        };
        const bool both = l.status != Status::Up && l.is(BoardMirror::Overridden);
        const QPointF aside = both ? along * (radius * 1.4) : QPointF();
        if (l.status != Status::Up)
            put(m_icons.statusPicture(l.status, radius), middle - aside);
        if (l.is(BoardMirror::Overridden))
            put(m_icons.overridePicture(radius), middle + aside);
    }
}

void BoardPainter::paintDevices(QImage &target, QPoint corner)
{
    const int size = iconSize();
    const double margin = size * 0.75 + 6 * m_ratio;
    const QRectF area =
        toScene(QRectF(corner, target.size()).adjusted(-margin, -margin, margin, margin));
    const auto &devices = m_mirror.devices();
    std::vector<quint32> shown;
    m_mirror.visitDevices(area, [&](quint32 slot) {
        if (devices[slot].box == BoardMirror::kNone)
            shown.push_back(slot);
    });
    // In one order whatever part is painted: what is dragged is on top.
    std::sort(shown.begin(), shown.end(), [&](quint32 a, quint32 b) {
        const bool la = devices[a].is(BoardMirror::Lifted);
        const bool lb = devices[b].is(BoardMirror::Lifted);
        return la == lb ? a < b : lb;
    });
    struct Put
    {
        int x;
        int y;
        QImage picture;
    };
    std::vector<Put> puts;
    puts.reserve(shown.size());
    for (const quint32 slot : shown) {
        const DeviceShape &d = devices[slot];
        const QImage &picture = m_icons.picture(m_mirror.icons().at(d.icon), lookOf(d, size));
        const QPointF at = toPixels(d.pos);
        puts.push_back({int(std::floor(at.x() - picture.width() / 2.0 + 0.5)) - corner.x(),
                        int(std::floor(at.y() - picture.height() / 2.0 + 0.5)) - corner.y(),
                        picture});
    }
    constexpr size_t kWorthAThread = 400;
    inBands(target, puts.size() >= kWorthAThread, [&](Band &, QImage &part, int top) {
        Raster raster(part);
        for (const Put &put : puts)
            raster.picture(put.x, put.y - top, put.picture);
    });
}

// Labels

BoardPainter::LabelPlace BoardPainter::deviceLabel(quint32 slot) const
{
    const DeviceShape &d = m_mirror.devices()[slot];
    const Device *device = m_mirror.topology().device(d.id);
    if (!device)
        return {};
    const double width = m_labels.width(device->name, LabelStyle::Device);
    const double height = m_labels.height(LabelStyle::Device);
    const QPointF at = d.pos * m_scale;
    // Below the ring of what is selected, which its plate would cover.
    const double ring = IconCache::ringReach(iconSize());
    const double top = at.y() + iconSize() / 2.0 + std::max(4 * m_ratio, ring + m_ratio);
    return {device->name, QRectF(at.x() - width / 2, top, width, height)};
}

QString BoardPainter::endName(quint32 slot, int end) const
{
    const Link *link = m_mirror.topology().link(m_mirror.links()[slot].id);
    const Interface *interface =
        link ? m_mirror.topology().interface(end == 0 ? link->a : link->b) : nullptr;
    return interface ? interface->name : QString();
}

BoardPainter::LabelPlace BoardPainter::linkLabel(quint32 slot, int end,
                                                 const LinkShape &shape) const
{
    const LinkRecord &l = m_mirror.links()[slot];
    const double length = shape.length() * m_scale;
    if (end < 0) {
        const Link *link = m_mirror.topology().link(l.id);
        if (!link || link->details->label.isEmpty())
            return {};
        const double width = m_labels.width(link->details->label, LabelStyle::Link);
        const double height = m_labels.height(LabelStyle::Link);
        if (length < 60 * m_ratio)
            return {};
        QPointF middle = shape.at(shape.length() / 2) * m_scale;
        if (l.status != Status::Up || l.is(BoardMirror::Overridden))
            middle += QPointF(0, height * 0.5 + 8 * m_ratio);
        return {link->details->label,
                QRectF(middle.x() - width / 2, middle.y() - height / 2, width, height)};
    }
    if (l.is(BoardMirror::Loop))
        return {};
    const QString name = endName(slot, end);
    if (name.isEmpty())
        return {};
    const double width = m_labels.width(name, LabelStyle::Port);
    const double height = m_labels.height(LabelStyle::Port);
    QPointF along;
    (void)shape.at(end == 0 ? 0 : shape.length(), &along);
    // So far out that the plate clears the icon, whichever way the link goes.
    const double reach = std::abs(along.x()) * width / 2 + std::abs(along.y()) * height / 2;
    // A box around icon and name, or the box of a container, keeps it out.
    const QRectF body = m_mirror.rectOf(m_mirror.devices()[l.end[end]]);
    const bool downward = (end == 0 ? along.y() : -along.y()) > 0.35;
    double clear = (body.width() / 2 + 4) * m_scale;
    if (m_mirror.devices()[l.end[end]].box != BoardMirror::kNone) {
        clear =
            std::min(std::abs(along.x()) > 1e-6 ? body.width() / 2 / std::abs(along.x()) : 1e9,
                     std::abs(along.y()) > 1e-6 ? body.height() / 2 / std::abs(along.y()) : 1e9) *
                m_scale +
            4 * m_ratio;
    } else if (downward) {
        clear += m_labels.height(LabelStyle::Device) + 2 * m_ratio;
    }
    const double distance = clear + reach + 2 * m_ratio;
    if (length < 2 * (distance + reach) + 4 * m_ratio)
        return {};
    const double way = distance / m_scale;
    const QPointF at = shape.at(end == 0 ? way : shape.length() - way) * m_scale;
    return {name, QRectF(at.x() - width / 2, at.y() - height / 2, width, height)};
}

void BoardPainter::placeLabels(const QRectF &area)
{
    if (!m_showsNames)
        return;
    const double wide = m_labels.most(LabelStyle::Device);
    const QRectF scaled = area.translated(m_origin);
    const QRectF around = toScene(area.adjusted(-wide, -wide, wide, wide));
    const auto &devices = m_mirror.devices();
    const double half = iconSize() / 2.0;
    m_mirror.visitDevices(around, [&](quint32 slot) {
        const DeviceShape &d = devices[slot];
        const quint64 key = labelKey(slot, DevicePart);
        if (d.box != BoardMirror::kNone || m_room.knows(key))
            return;
        const LabelPlace place = deviceLabel(slot);
        if (place.text.isEmpty() || !place.rect.intersects(scaled))
            return;
        // Not over another device's icon.
        bool room = true;
        const QRectF near(place.rect.topLeft() - QPointF(half, half),
                          place.rect.size() + QSizeF(2 * half, 2 * half));
        m_mirror.visitDevices(QRectF(near.topLeft() / m_scale, near.size() / m_scale),
                              [&](quint32 other) {
                                  if (other != slot && devices[other].box == BoardMirror::kNone &&
                                      devices[other].pos != d.pos)
                                      room = false;
                              });
        m_room.claim(key, place.rect, place.text, room);
    });
    if (zoom() < kLinkNamesFrom)
        return;
    m_decided.resize(m_mirror.links().size(), 0);
    m_mirror.visitLinks(around, m_marks, [&](quint32 slot) {
        quint8 &decided = m_decided[slot];
        constexpr quint8 kAll = (1 << LinkPart) | (1 << EndPart) | (1 << (EndPart + 1));
        const LinkRecord &l = m_mirror.links()[slot];
        if (!l.is(BoardMirror::Labelled))
            decided |= 1 << LinkPart;
        if (decided == kAll)
            return;
        const LinkShape shape = m_mirror.shapeOf(l);
        for (int part = LinkPart; part <= EndPart + 1; ++part) {
            if ((decided & (1 << part)) != 0)
                continue;
            // Most of a long link's labels are far from here.
            if (part != LinkPart &&
                m_mirror.devices()[l.end[part - EndPart]].box == BoardMirror::kNone &&
                !around.contains(shape.points[size_t(part == EndPart ? 0 : shape.count - 1)]))
                continue;
            const LabelPlace place = linkLabel(slot, part == LinkPart ? -1 : part - EndPart, shape);
            if (!place.text.isEmpty()) {
                if (!place.rect.intersects(scaled))
                    continue;
                m_room.claim(labelKey(slot, part), place.rect, place.text);
            }
            decided |= quint8(1 << part);
        }
    });
}

LabelStyle BoardPainter::styleOf(quint64 key)
{
    const int part = int(key % 8);
    return part == DevicePart ? LabelStyle::Device
           : part == LinkPart ? LabelStyle::Link
                              : LabelStyle::Port;
}

void BoardPainter::drawLabel(QPainter *painter, const QString &text, LabelStyle style,
                             const QRectF &rect, double mostWidth)
{
    const QImage *picture = m_labels.picture(text, style, mostWidth);
    if (!picture) {
        m_missing += rect.toAlignedRect();
        return;
    }
    // On whole pixels, so that it stays sharp; the picture may be a little narrower than planned.
    const int x = style == LabelStyle::Box
                      ? int(std::floor(rect.left()))
                      : int(std::floor(rect.center().x() - picture->width() / 2.0 + 0.5));
    const int y = int(std::floor(rect.top() + 0.5));
    painter->drawImage(QRectF(x, y, picture->width(), picture->height()), *picture,
                       QRectF(picture->rect()));
}

void BoardPainter::paintBoxTitles(QPainter *painter, const QRegion &region)
{
    const QRect area = region.boundingRect();
    const double height = m_labels.height(LabelStyle::Box);
    for (const quint32 number : m_mirror.boxOrder()) {
        const Box &box = m_mirror.boxes()[number];
        const QRectF rect = toPixels(box.rect);
        if (rect.width() < 40 * m_ratio || rect.height() < height + 4 * m_ratio ||
            !rect.intersects(area) || !region.intersects(rect.toAlignedRect()))
            continue;
        const DeviceShape &d = m_mirror.devices()[box.device];
        const Device *device = m_mirror.topology().device(d.id);
        if (!device || d.id == m_edited)
            continue;
        const double bar = std::max(BoardMirror::kTitle * m_scale, height + 2 * m_ratio);
        const double middle = rect.top() + bar / 2;
        double left = rect.left() + 7 * m_ratio;
        double right = rect.right() - 7 * m_ratio;

        // What is inside: how many are up, degraded, down; far out only the worst.
        const bool counts = zoom() >= kNamesFrom && rect.width() > 150 * m_ratio;
        const int radius = int(3.5 * m_ratio);
        for (const Status status : {Status::Up, Status::Degraded, Status::Down}) {
            const int n = box.count[size_t(status)];
            if (n == 0 || (!counts && status != worst(box)))
                continue;
            if (counts) {
                const QString text = QString::number(n);
                const double w = m_labels.width(text, LabelStyle::Box);
                right -= w;
                drawLabel(painter, text, LabelStyle::Box,
                          QRectF(right, middle - height / 2, w, height));
            }
            const QImage &shape = m_icons.statusPicture(status, radius);
            right -= radius * 2 + 2 * m_ratio;
            painter->drawImage(QPoint(int(right + radius - shape.width() / 2.0),
                                      int(std::lround(middle - shape.height() / 2.0))),
                               shape);
            right -= 4 * m_ratio;
        }
        if (d.status != Status::Up || d.is(BoardMirror::Overridden)) {
            const QImage &own = m_icons.statusPicture(d.status, int(4 * m_ratio));
            painter->drawImage(QPoint(int(left), int(std::lround(middle - own.height() / 2.0))),
                               own);
            left += own.width() + 2 * m_ratio;
            if (d.is(BoardMirror::Overridden)) {
                const QImage &forced = m_icons.overridePicture(int(4 * m_ratio));
                painter->drawImage(
                    QPoint(int(left), int(std::lround(middle - forced.height() / 2.0))), forced);
                left += forced.width() + 2 * m_ratio;
            }
        }
        const double room = right - left;
        if (room > 24 * m_ratio)
            drawLabel(painter, device->name, LabelStyle::Box,
                      QRectF(left, middle - height / 2, room, height),
                      std::min(room, 400 * m_ratio));
    }
}

void BoardPainter::paintLabels(QPainter *painter, const QRegion &region)
{
    paintBoxTitles(painter, region);
    const QRect area = region.boundingRect();
    const auto &devices = m_mirror.devices();
    if (m_showsNames) {
        for (const QRect &rect : region)
            placeLabels(rect);
        const QRectF scaled = QRectF(area).translated(m_origin);
        m_room.visit(scaled, [&](quint64 key, const QRectF &rect, const QString &text) {
            if (!region.intersects(rect.translated(-m_origin).toAlignedRect()))
                return;
            const bool device = key % 8 == DevicePart;
            const EntityId id =
                device ? devices[quint32(key / 8)].id : m_mirror.links()[quint32(key / 8)].id;
            if (id == m_edited && (device || key % 8 == LinkPart))
                return;
            drawLabel(painter, text, styleOf(key), rect.translated(-m_origin));
        });
    }
    // The device under the pointer and the current match say their names at any zoom.
    for (const EntityId id : {m_hovered, m_current}) {
        const quint32 slot = m_mirror.deviceSlot(id);
        if (slot == BoardMirror::kNone || id == m_edited || devices[slot].box != BoardMirror::kNone)
            continue;
        const LabelPlace place = deviceLabel(slot);
        const QRectF rect = place.rect.translated(-m_origin);
        if (rect.intersects(area))
            drawLabel(painter, place.text, LabelStyle::Device, rect);
    }
    if (m_others.isEmpty() || !m_showsIcons)
        return;
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setBrush(Qt::NoBrush);
    for (auto it = m_others.cbegin(); it != m_others.cend(); ++it) {
        const quint32 slot = m_mirror.deviceSlot(it.key());
        if (slot == BoardMirror::kNone || devices[slot].box != BoardMirror::kNone)
            continue;
        const QRectF rect = toPixels(m_mirror.rectOf(devices[slot])).adjusted(-4, -4, 4, 4);
        if (!rect.intersects(area))
            continue;
        painter->setPen(QPen(*it, 2 * m_ratio));
        painter->drawRoundedRect(rect, 8 * m_ratio, 8 * m_ratio);
    }
    painter->restore();
}

// What has to be painted again

template <typename Add>
void BoardPainter::addLine(const LinkShape &shape, const QRectF &viewport, double margin,
                           Add add) const
{
    for (int i = 1; i < shape.count; ++i) {
        QPointF a = toPixels(shape.points[size_t(i - 1)]);
        QPointF b = toPixels(shape.points[size_t(i)]);
        const QRectF whole = QRectF(a, b).normalized().adjusted(-margin, -margin, margin, margin);
        if (!whole.intersects(viewport))
            continue;
        // In pieces, so that a diagonal does not cover the rectangle that it spans.
        const QPointF d = b - a;
        const double length = std::hypot(d.x(), d.y());
        double from = 0;
        double to = 1;
        if (length > 4000) { // only the part in view
            const double p[4] = {-d.x(), d.x(), -d.y(), d.y()};
            const QRectF v = viewport.adjusted(-margin, -margin, margin, margin);
            const double q[4] = {a.x() - v.left(), v.right() - a.x(), a.y() - v.top(),
                                 v.bottom() - a.y()};
            for (int k = 0; k < 4; ++k) {
                if (p[k] < 0)
                    from = std::max(from, q[k] / p[k]);
                else if (p[k] > 0)
                    to = std::min(to, q[k] / p[k]);
            }
            if (from > to)
                continue;
        }
        const int pieces = std::max(1, int(std::ceil((to - from) * length / kDirtyTile)));
        for (int k = 0; k < pieces; ++k) {
            const QPointF s = a + d * (from + (to - from) * k / pieces);
            const QPointF e = a + d * (from + (to - from) * (k + 1) / pieces);
            add(QRectF(s, e).normalized().adjusted(-margin, -margin, margin, margin));
        }
    }
}

QRegion BoardPainter::dirtyRegion(const BoardMirror::Dirty &dirty, const QRect &viewport)
{
    if (dirty.everything) {
        forgetLabels();
        return viewport;
    }
    DirtyTiles tiles(viewport);
    const QRectF view(viewport);
    const double size = !m_showsIcons ? 9 * m_ratio : iconSize() * 1.5 + 6 * m_ratio;
    const double wide = m_labels.most(LabelStyle::Device);
    const double high = m_labels.height(LabelStyle::Device);
    std::vector<quint64> dropped;
    const auto forget = [&](quint64 key) {
        dropped.clear();
        const QRectF was = m_room.forget(key, dropped);
        for (const quint64 other : dropped) {
            if (const size_t slot = size_t(other / 8); other % 8 != 0 && slot < m_decided.size())
                m_decided[slot] &= quint8(~(1U << (other % 8)));
        }
        if (!was.isNull())
            tiles.add(was.translated(-m_origin));
    };
    for (const auto &[slot, pos] : dirty.devices) {
        forget(labelKey(slot, DevicePart));
        const QPointF at = toPixels(pos);
        const QRectF rect(at.x() - size / 2, at.y() - size / 2, size, size);
        tiles.add(rect);
        if (m_showsNames || m_mirror.devices()[slot].id == m_hovered) {
            const Device *device = m_mirror.topology().device(m_mirror.devices()[slot].id);
            const double w = device ? m_labels.width(device->name, LabelStyle::Device) : wide;
            tiles.add(QRectF(at.x() - w / 2, at.y(), w, size / 2 + high + 4 * m_ratio));
        }
    }
    const double margin = !m_showsIcons ? 2 * m_ratio : linkWidth() + 9 * m_ratio;
    for (const auto &[slot, shape] : dirty.links) {
        if (zoom() >= kLinkNamesFrom) {
            if (slot < m_decided.size())
                m_decided[slot] = 0;
            for (int part = LinkPart; part <= EndPart + 1; ++part) {
                forget(labelKey(slot, part));
                if (!m_mirror.links()[slot].is(BoardMirror::Alive))
                    continue;
                const LabelPlace place =
                    linkLabel(slot, part == LinkPart ? -1 : part - EndPart, shape);
                if (!place.text.isEmpty())
                    tiles.add(place.rect.translated(-m_origin));
            }
        }
        addLine(shape, view, margin, [&tiles](const QRectF &rect) { tiles.add(rect); });
    }
    for (const QRectF &area : dirty.areas)
        tiles.add(toPixels(area).adjusted(-4, -4, 4, 4));
    return tiles.region();
}

QRegion BoardPainter::regionOf(const QList<EntityId> &ids, const QRect &viewport) const
{
    DirtyTiles tiles(viewport);
    const QRectF view = QRectF(viewport).adjusted(-200, -200, 200, 200);
    for (const EntityId id : ids) {
        if (const quint32 slot = m_mirror.deviceSlot(id); slot != BoardMirror::kNone) {
            const DeviceShape &d = m_mirror.devices()[slot];
            if (d.box != BoardMirror::kNone) {
                tiles.add(toPixels(m_mirror.rectOf(d)).adjusted(-4, -4, 4, 4));
                continue;
            }
            const QPointF at = toPixels(d.pos);
            if (!view.contains(at))
                continue;
            const double size = iconSize() * 1.5 + 44 * m_ratio; // with the handles around it
            tiles.add(QRectF(at.x() - size / 2, at.y() - size / 2, size, size));
            if (ids.size() == 1 || m_showsNames)
                tiles.add(deviceLabel(slot).rect.translated(-m_origin));
        } else if (const quint32 link = m_mirror.linkSlot(id); link != BoardMirror::kNone) {
            addLine(m_mirror.shapeOf(m_mirror.links()[link]), viewport, linkWidth() + 9 * m_ratio,
                    [&tiles](const QRectF &rect) { tiles.add(rect); });
        }
    }
    return tiles.region();
}

QRectF BoardPainter::labelRect(EntityId id) const
{
    if (const quint32 slot = m_mirror.deviceSlot(id); slot != BoardMirror::kNone) {
        const DeviceShape &d = m_mirror.devices()[slot];
        if (d.box == BoardMirror::kNone)
            return deviceLabel(slot).rect.translated(-m_origin);
        const QRectF rect = toPixels(m_mirror.rectOf(d));
        const double height = m_labels.height(LabelStyle::Box);
        const double bar = std::max(BoardMirror::kTitle * m_scale, height + 2 * m_ratio);
        return {rect.left() + 4 * m_ratio, rect.top() + (bar - height) / 2,
                std::max(60.0 * m_ratio, rect.width() * 0.7), height};
    }
    if (const quint32 link = m_mirror.linkSlot(id); link != BoardMirror::kNone) {
        const LinkShape shape = m_mirror.shapeOf(m_mirror.links()[link]);
        const LabelPlace place = linkLabel(link, -1, shape);
        if (!place.text.isEmpty())
            return place.rect.translated(-m_origin);
        const QPointF middle = toPixels(shape.at(shape.length() / 2));
        return {middle.x() - 40 * m_ratio, middle.y() - 9 * m_ratio, 80 * m_ratio, 18 * m_ratio};
    }
    return {};
}

// Vectors

void BoardPainter::paintVector(QPainter *painter, const QRectF &area)
{
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    const auto text = [&](const QString &words, LabelStyle style, QPointF middle,
                          Qt::Alignment alignment = Qt::AlignCenter) {
        if (words.isEmpty())
            return;
        const QFont font = LabelPictures::font(style);
        const QFontMetricsF metrics(font);
        const double width = metrics.horizontalAdvance(words) + 6;
        const double height = metrics.height();
        QRectF rect(middle.x() - width / 2, middle.y() - height / 2, width, height);
        if (alignment.testFlag(Qt::AlignLeft))
            rect.moveLeft(middle.x());
        else if (alignment.testFlag(Qt::AlignRight))
            rect.moveRight(middle.x());
        if (style != LabelStyle::Box) {
            QColor plate = m_theme.plate;
            plate.setAlpha(215);
            painter->setPen(Qt::NoPen);
            painter->setBrush(plate);
            painter->drawRoundedRect(rect, 3, 3);
        }
        painter->setFont(font);
        painter->setPen(style == LabelStyle::Port ? m_theme.faint : m_theme.text);
        painter->drawText(QPointF(rect.left() + 3, rect.top() + metrics.ascent()), words);
    };
    const auto &devices = m_mirror.devices();
    for (const quint32 number : m_mirror.boxOrder()) {
        const Box &box = m_mirror.boxes()[number];
        if (!box.rect.intersects(area))
            continue;
        QPainterPath path;
        path.addRoundedRect(box.rect, 8, 8);
        painter->fillPath(path, m_theme.boxFill);
        painter->fillRect(
            QRectF(box.rect.left(), box.rect.top(), box.rect.width(), BoardMirror::kTitle),
            m_theme.boxTitle);
        painter->setPen(QPen(m_theme.boxEdge, 1));
        painter->setBrush(Qt::NoBrush);
        painter->drawPath(path);
        const double middle = box.rect.top() + BoardMirror::kTitle / 2;
        double right = box.rect.right() - 8;
        for (const Status status : {Status::Up, Status::Degraded, Status::Down}) {
            const int n = box.count[size_t(status)];
            if (n == 0)
                continue;
            const QString count = QString::number(n);
            text(count, LabelStyle::Box, {right, middle}, Qt::AlignRight);
            right -=
                QFontMetricsF(LabelPictures::font(LabelStyle::Box)).horizontalAdvance(count) + 12;
            IconCache::drawStatus(painter, {right, middle}, 3.5, status, m_theme);
            right -= 10;
        }
        if (const Device *device = m_mirror.topology().device(devices[box.device].id))
            text(device->name, LabelStyle::Box, {box.rect.left() + 6, middle}, Qt::AlignLeft);
    }
    m_mirror.visitLinks(area, m_marks, [&](quint32 slot) {
        const LinkRecord &l = m_mirror.links()[slot];
        const LinkShape shape = m_mirror.shapeOf(l);
        if (!shape.bounds().adjusted(-1, -1, 1, 1).intersects(area))
            return;
        QPen pen(m_theme.ofLink(l.status), 1.8, Qt::SolidLine, Qt::FlatCap, Qt::RoundJoin);
        if (l.status == Status::Down)
            pen.setDashPattern({3.5, 2.5});
        else if (l.status == Status::Degraded)
            pen.setDashPattern({6, 2});
        painter->setPen(pen);
        painter->setBrush(Qt::NoBrush);
        painter->drawPolyline(shape.points.data(), shape.count);
        QPointF along;
        const QPointF middle = shape.at(shape.length() / 2, &along);
        const bool both = l.status != Status::Up && l.is(BoardMirror::Overridden);
        const QPointF aside = both ? along * 7.0 : QPointF();
        if (l.status != Status::Up)
            IconCache::drawStatus(painter, middle - aside, 5, l.status, m_theme);
        if (l.is(BoardMirror::Overridden))
            IconCache::drawOverride(painter, middle + aside, 5, m_theme);
    });
    std::vector<quint32> shown;
    m_mirror.visitDevices(area.adjusted(-60, -60, 60, 60), [&](quint32 slot) {
        if (devices[slot].box == BoardMirror::kNone)
            shown.push_back(slot);
    });
    std::sort(shown.begin(), shown.end());
    for (const quint32 slot : shown) {
        const DeviceShape &d = devices[slot];
        const QRectF rect = m_mirror.rectOf(d);
        m_icons.drawVector(painter, m_mirror.icons().at(d.icon), rect);
        IconLook look = lookOf(d, int(BoardMirror::kIcon));
        IconCache::drawBadges(painter, rect, look, m_theme);
    }
    // Labels take the places that they have at 100 %.
    const double scale = m_scale;
    const double ratio = m_ratio;
    const QPointF origin = m_origin;
    setCamera(1.0, {}, 1.0);
    forgetLabels();
    placeLabels(area);
    m_room.visit(area, [&](quint64 key, const QRectF &rect, const QString &words) {
        text(words, styleOf(key), rect.center());
    });
    forgetLabels();
    setCamera(scale, origin, ratio);
    painter->restore();
}

} // namespace patchboard::ui
