#include "ui/scene/raster.h"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace patchboard::ui {

namespace {

/// @a weight 0..256 of @a colour over @a under; both opaque.
inline QRgb mixPixels(QRgb under, QRgb colour, quint32 weight)
{
    const quint32 rb = under & 0x00ff00ffU;
    const quint32 g = under & 0x0000ff00U;
    const quint32 outRb = (rb * (256 - weight) + (colour & 0x00ff00ffU) * weight) >> 8;
    const quint32 outG = (g * (256 - weight) + (colour & 0x0000ff00U) * weight) >> 8;
    return 0xff000000U | (outRb & 0x00ff00ffU) | (outG & 0x0000ff00U);
}

/// Premultiplied @a over on top of @a under.
inline QRgb overPixels(QRgb under, QRgb over)
{
    const quint32 rest = 256 - ((over >> 24) + (over >> 31)); // 0..255 to 0..256
    const quint32 rb = (((under & 0x00ff00ffU) * rest) >> 8) & 0x00ff00ffU;
    const quint32 g = (((under & 0x0000ff00U) * rest) >> 8) & 0x0000ff00U;
    return 0xff000000U | (((over & 0x00ffffffU) + rb + g) & 0x00ffffffU);
}

} // namespace

bool clipLine(double &x0, double &y0, double &x1, double &y1, double left, double top, double right,
              double bottom)
{
    if ((x0 < left && x1 < left) || (x0 > right && x1 > right) || (y0 < top && y1 < top) ||
        (y0 > bottom && y1 > bottom))
        return false;
    if (x0 >= left && x0 <= right && x1 >= left && x1 <= right && y0 >= top && y0 <= bottom &&
        y1 >= top && y1 <= bottom)
        return true;
    const double dx = x1 - x0;
    const double dy = y1 - y0;
    double from = 0;
    double to = 1;
    const double p[4] = {-dx, dx, -dy, dy};
    const double q[4] = {x0 - left, right - x0, y0 - top, bottom - y0};
    for (int i = 0; i < 4; ++i) {
        if (p[i] == 0) {
            if (q[i] < 0)
                return false;
            continue;
        }
        const double t = q[i] / p[i];
        if (p[i] < 0)
            from = std::max(from, t);
        else
            to = std::min(to, t);
    }
    if (from > to)
        return false;
    x1 = x0 + to * dx;
    y1 = y0 + to * dy;
    x0 += from * dx;
    y0 += from * dy;
    return true;
}

Raster::Raster(QImage &image)
    : m_bits(reinterpret_cast<QRgb *>(image.bits()))
    , m_width(image.width())
    , m_height(image.height())
    , m_stride(image.bytesPerLine() / qptrdiff(sizeof(QRgb)))
{
}

void Raster::fill(QRgb colour)
{
    for (int y = 0; y < m_height; ++y)
        std::fill_n(m_bits + y * m_stride, m_width, colour | 0xff000000U);
}

void Raster::thinLine(double x0, double y0, double x1, double y1, QRgb colour)
{
    const double right = m_width - 0.001;
    const double bottom = m_height - 0.001;
    double cx0 = x0;
    double cy0 = y0;
    double cx1 = x1;
    double cy1 = y1;
    if (!clipLine(cx0, cy0, cx1, cy1, 0, 0, right, bottom))
        return;
    const double dx = x1 - x0;
    const double dy = y1 - y0;
    // Clipping only chooses the columns: a part of a line has the pixels of the whole line. Fixed
    // point 32.32.
    constexpr double kOne = 4294967296.0;
    if (std::abs(dx) >= std::abs(dy)) {
        const int from = int(std::min(cx0, cx1));
        const int to = int(std::max(cx0, cx1));
        const double slope = dx == 0 ? 0 : dy / dx;
        const auto step = qint64(slope * kOne);
        auto y = qint64((y0 + (from + 0.5 - x0) * slope) * kOne);
        const qint64 most = (qint64(m_height) << 32) - 1;
        for (int x = from; x <= to; ++x, y += step)
            m_bits[(std::clamp<qint64>(y, 0, most) >> 32) * m_stride + x] = colour;
        return;
    }
    const int from = int(std::min(cy0, cy1));
    const int to = int(std::max(cy0, cy1));
    const double slope = dx / dy;
    const auto step = qint64(slope * kOne);
    auto x = qint64((x0 + (from + 0.5 - y0) * slope) * kOne);
    const qint64 most = (qint64(m_width) << 32) - 1;
    QRgb *row = m_bits + from * m_stride;
    for (int y = from; y <= to; ++y, x += step, row += m_stride)
        row[std::clamp<qint64>(x, 0, most) >> 32] = colour;
}

void Raster::square(double x, double y, int side, QRgb colour)
{
    const int x0 = int(std::floor(x - side * 0.5 + 0.5));
    const int y0 = int(std::floor(y - side * 0.5 + 0.5));
    const int left = std::max(0, x0);
    const int right = std::min(m_width, x0 + side);
    const int bottom = std::min(m_height, y0 + side);
    for (int row = std::max(0, y0); row < bottom; ++row) {
        QRgb *at = m_bits + row * m_stride;
        for (int column = left; column < right; ++column)
            at[column] = colour;
    }
}

/// A line as columns (or rows, if it is steep) of its thickness, their ends weighed by how much of
/// the pixel they cover.
void Raster::solid(double x0, double y0, double x1, double y1, QRgb colour, double width)
{
    const double margin = width + 1;
    double cx0 = x0;
    double cy0 = y0;
    double cx1 = x1;
    double cy1 = y1;
    if (!clipLine(cx0, cy0, cx1, cy1, -margin, -margin, m_width + margin, m_height + margin))
        return;
    const bool steep = std::abs(y1 - y0) > std::abs(x1 - x0);
    if (steep) {
        std::swap(x0, y0);
        std::swap(x1, y1);
        std::swap(cx0, cy0);
        std::swap(cx1, cy1);
    }
    // Clipping only chooses the columns: a part of a line has the pixels of the whole line.
    if (cx0 > cx1)
        std::swap(cx0, cx1);
    const double slope = x1 == x0 ? 0 : (y1 - y0) / (x1 - x0);
    const qint32 half = qint32(0.5 * width * std::sqrt(1 + slope * slope) * 65536.0);
    const int columns = steep ? m_height : m_width;
    const int rows = steep ? m_width : m_height;
    const qptrdiff columnStep = steep ? m_stride : 1;
    const qptrdiff rowStep = steep ? 1 : m_stride;
    const int from = std::max(0, int(std::ceil(cx0 - 0.5)));
    const int to = std::min(columns - 1, int(std::ceil(cx1 - 0.5)) - 1);
    // Fixed point 32.32, so that steps add up to the same wherever they begin.
    auto at32 = qint64((y0 + (from + 0.5 - x0) * slope) * 4294967296.0);
    const auto step = qint64(slope * 4294967296.0);
    if (width <= 1.3) {
        // Two pixels share each column (Wu, 1991).
        at32 -= qint64(1) << 31;
        for (int x = from; x <= to; ++x, at32 += step) {
            const int row = int(at32 >> 32);
            const quint32 share = quint32(at32 >> 24) & 0xffU;
            QRgb *at = m_bits + x * columnStep + row * rowStep;
            if (row >= 0 && row < rows)
                *at = mixPixels(*at, colour, 256 - share);
            if (row + 1 >= 0 && row + 1 < rows)
                at[rowStep] = mixPixels(at[rowStep], colour, share);
        }
        return;
    }
    for (int x = from; x <= to; ++x, at32 += step) {
        const auto middle = qint32(at32 >> 16);
        const qint32 top = middle - half;
        const qint32 bottom = middle + half;
        int row = top >> 16;
        const int last = bottom >> 16;
        QRgb *at = m_bits + x * columnStep + row * rowStep;
        if (row == last) {
            if (row >= 0 && row < rows)
                *at = mixPixels(*at, colour, quint32(bottom - top) >> 8);
            continue;
        }
        if (row >= 0 && row < rows)
            *at = mixPixels(*at, colour, quint32(0x10000 - (top & 0xffff)) >> 8);
        for (++row, at += rowStep; row < last; ++row, at += rowStep) {
            if (row >= 0 && row < rows)
                *at = colour;
        }
        if (row >= 0 && row < rows)
            *at = mixPixels(*at, colour, quint32(bottom & 0xffff) >> 8);
    }
}

void Raster::line(QPointF from, QPointF to, QRgb colour, double width, double dash, double gap,
                  double phase)
{
    colour |= 0xff000000U;
    if (dash <= 0) {
        solid(from.x(), from.y(), to.x(), to.y(), colour, width);
        return;
    }
    const QPointF d = to - from;
    const double length = std::hypot(d.x(), d.y());
    if (length <= 0)
        return;
    // Only the dashes that can be seen; the pattern still begins at the line's own start.
    double x0 = from.x();
    double y0 = from.y();
    double x1 = to.x();
    double y1 = to.y();
    if (!clipLine(x0, y0, x1, y1, -width, -width, m_width + width, m_height + width))
        return;
    const QPointF unit = d / length;
    const double first = std::hypot(x0 - from.x(), y0 - from.y());
    const double last = std::hypot(x1 - from.x(), y1 - from.y());
    const double period = dash + gap;
    double at = std::floor((first + phase) / period) * period - phase;
    for (; at < last; at += period) {
        const double begin = std::max(at, 0.0);
        const double end = std::min(at + dash, length);
        if (end > begin) {
            const QPointF a = from + unit * begin;
            const QPointF b = from + unit * end;
            solid(a.x(), a.y(), b.x(), b.y(), colour, width);
        }
    }
}

void Raster::overlay(const quint8 *numbers, const QRgb (&palette)[256], bool opaque)
{
    for (int y = 0; y < m_height; ++y) {
        const quint8 *from = numbers + qptrdiff(y) * m_width;
        QRgb *to = m_bits + y * m_stride;
        int x = 0;
        if (opaque) {
            for (; x < m_width; ++x)
                to[x] = palette[from[x]];
            continue;
        }
        for (; x + 8 <= m_width; x += 8) {
            quint64 eight;
            std::memcpy(&eight, from + x, 8);
            if (eight == 0)
                continue;
            for (int k = x; k < x + 8; ++k)
                to[k] = from[k] != 0 ? palette[from[k]] : to[k];
        }
        for (; x < m_width; ++x)
            to[x] = from[x] != 0 ? palette[from[x]] : to[x];
    }
}

void Raster::picture(int x, int y, const QImage &image)
{
    const int left = std::max(0, x);
    const int top = std::max(0, y);
    const int right = std::min(m_width, x + image.width());
    const int bottom = std::min(m_height, y + image.height());
    if (left >= right)
        return;
    for (int row = top; row < bottom; ++row) {
        const auto *from =
            reinterpret_cast<const QRgb *>(image.constScanLine(row - y)) + (left - x);
        QRgb *to = m_bits + row * m_stride + left;
        for (int i = 0; i < right - left; ++i) {
            const QRgb over = from[i];
            if (over >= 0xff000000U)
                to[i] = over;
            else if (over != 0)
                to[i] = overPixels(to[i], over);
        }
    }
}

void Raster::blendRect(const QRect &rect, QRgb colour)
{
    const QRect r = rect & QRect(0, 0, m_width, m_height);
    const quint32 weight = quint32(qAlpha(colour)) + (quint32(qAlpha(colour)) >> 7);
    for (int y = r.top(); y <= r.bottom(); ++y) {
        QRgb *row = m_bits + y * m_stride;
        for (int x = r.left(); x <= r.right(); ++x)
            row[x] = mixPixels(row[x], colour, weight);
    }
}

} // namespace patchboard::ui
