#pragma once

#include <QImage>
#include <QPointF>
#include <QRect>
#include <QRgb>

#include <algorithm>
#include <cmath>

namespace patchboard::ui {

/// Cuts a line to a rectangle; false if nothing is left (Liang and Barsky, 1984).
bool clipLine(double &x0, double &y0, double &x1, double &y1, double left, double top, double right,
              double bottom);

/// A line one pixel wide of one value, not smoothed, clipped to the picture.
template <typename Pixel>
void plainLine(Pixel *bits, qptrdiff stride, int width, int height, double x0, double y0, double x1,
               double y1, Pixel value)
{
    const double right = width - 0.001;
    const double bottom = height - 0.001;
    double cx0 = x0;
    double cy0 = y0;
    double cx1 = x1;
    double cy1 = y1;
    if (!(x0 >= 0 && x1 >= 0 && y0 >= 0 && y1 >= 0 && x0 <= right && x1 <= right && y0 <= bottom &&
          y1 <= bottom) &&
        !clipLine(cx0, cy0, cx1, cy1, 0, 0, right, bottom))
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
        const qint64 last = y + step * (to - from);
        const qint64 most = (qint64(height) << 32) - 1;
        if (std::min(y, last) >= 0 && std::max(y, last) <= most) {
            for (int x = from; x <= to; ++x, y += step)
                bits[(y >> 32) * stride + x] = value;
        } else {
            for (int x = from; x <= to; ++x, y += step)
                bits[(std::clamp<qint64>(y, 0, most) >> 32) * stride + x] = value;
        }
        return;
    }
    const int from = int(std::min(cy0, cy1));
    const int to = int(std::max(cy0, cy1));
    const double slope = dx / dy;
    const auto step = qint64(slope * kOne);
    auto x = qint64((x0 + (from + 0.5 - y0) * slope) * kOne);
    const qint64 most = (qint64(width) << 32) - 1;
    Pixel *row = bits + from * stride;
    for (int y = from; y <= to; ++y, x += step, row += stride)
        row[std::clamp<qint64>(x, 0, most) >> 32] = value;
}

/// A square of one value around a place, clipped to the picture.
template <typename Pixel>
void plainSquare(Pixel *bits, qptrdiff stride, int width, int height, double x, double y, int side,
                 Pixel value)
{
    const int x0 = int(std::floor(x - side * 0.5 + 0.5));
    const int y0 = int(std::floor(y - side * 0.5 + 0.5));
    const int left = std::max(0, x0);
    const int right = std::min(width, x0 + side);
    const int bottom = std::min(height, y0 + side);
    for (int row = std::max(0, y0); row < bottom; ++row) {
        Pixel *at = bits + row * stride;
        for (int column = left; column < right; ++column)
            at[column] = value;
    }
}

/// Lines, dots and pictures put straight into the pixels of an opaque image.
///
/// QPainter takes 13.9 µs for an antialiased line and 1.9 µs for a plain one; these take a tenth,
/// and a board has a hundred thousand. Coordinates are pixels of the image; everything is clipped
/// to it. Several may draw into different images at once; one image belongs to one thread.
class Raster
{
public:
    /// @a image must be of Format_RGB32 or Format_ARGB32_Premultiplied and outlive the raster.
    explicit Raster(QImage &image);

    [[nodiscard]] int width() const { return m_width; }
    [[nodiscard]] int height() const { return m_height; }

    void fill(QRgb colour);
    /// Opaque, one pixel wide, not smoothed.
    void thinLine(double x0, double y0, double x1, double y1, QRgb colour)
    {
        plainLine(m_bits, m_stride, m_width, m_height, x0, y0, x1, y1, colour);
    }
    /// Smoothed, @a width ≥ 1 pixels wide. With @a dash > 0 it is drawn for @a dash pixels and left
    /// out for @a gap, beginning @a phase pixels into that pattern.
    void line(QPointF from, QPointF to, QRgb colour, double width, double dash = 0, double gap = 0,
              double phase = 0);
    /// Like line() without smoothing, one pixel wide.
    void plain(QPointF from, QPointF to, QRgb colour)
    {
        thinLine(from.x(), from.y(), to.x(), to.y(), colour | 0xff000000U);
    }
    /// An opaque square of @a side pixels around a place.
    void square(double x, double y, int side, QRgb colour)
    {
        plainSquare(m_bits, m_stride, m_width, m_height, x, y, side, colour);
    }
    void pixel(int x, int y, QRgb colour)
    {
        if (x >= 0 && y >= 0 && x < m_width && y < m_height)
            m_bits[y * m_stride + x] = colour;
    }
    /// Lays a picture of width() × height() numbers over it: colours of @a palette; 0 is nothing,
    /// unless it is @a opaque.
    void overlay(const quint8 *numbers, const QRgb (&palette)[256], bool opaque);
    /// Puts a premultiplied picture over what is there.
    void picture(int x, int y, const QImage &image);
    /// A rectangle of one colour, blended with @a colour's alpha.
    void blendRect(const QRect &rect, QRgb colour);

private:
    void solid(double x0, double y0, double x1, double y1, QRgb colour, double width);

    QRgb *m_bits;
    int m_width;
    int m_height;
    qptrdiff m_stride;
};

} // namespace patchboard::ui
