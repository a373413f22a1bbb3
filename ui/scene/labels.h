#pragma once

#include "ui/scene/canvastheme.h"

#include <QCache>
#include <QFont>
#include <QHash>
#include <QImage>
#include <QRectF>
#include <QString>

#include <array>
#include <cmath>
#include <vector>

namespace patchboard::ui {

enum class LabelStyle : quint8 { Device, Box, Link, Port };

/// Texts as pictures. Laying one out costs tens of microseconds, drawing the picture one: so only
/// so many are made in a frame, and all are kept (up to some megabytes).
class LabelPictures
{
public:
    LabelPictures();

    void setTheme(const CanvasTheme &theme);
    /// Device pixels per pixel.
    void setRatio(double ratio);
    [[nodiscard]] double ratio() const { return m_ratio; }

    static QFont font(LabelStyle style);
    /// About how wide a text will be in device pixels, its plate included; cheap.
    [[nodiscard]] double width(const QString &text, LabelStyle style) const;
    [[nodiscard]] double height(LabelStyle style) const;
    /// How wide a text may become before it is shortened, in device pixels.
    [[nodiscard]] double most(LabelStyle style) const;

    /// How many new pictures may be made until the next call.
    void setBudget(int pictures) { m_budget = pictures; }
    /// nullptr if it is not there yet and the budget is spent.
    const QImage *picture(const QString &text, LabelStyle style, double mostWidth = 0);

private:
    struct Key
    {
        QString text;
        LabelStyle style;
        int width;
        bool operator==(const Key &) const = default;
        friend size_t qHash(const Key &key, size_t seed)
        {
            return qHashMulti(seed, key.text, quint8(key.style), key.width);
        }
    };
    struct Metrics
    {
        std::array<float, 256> advance;
        double other = 8;
        double height = 16;
    };
    static constexpr qsizetype kCacheBytes = 24 * 1024 * 1024;
    static constexpr double kPlatePad = 3.0;

    void measure();

    CanvasTheme m_theme;
    double m_ratio = 1.0;
    int m_budget = 0;
    std::array<Metrics, 4> m_metrics;
    QCache<Key, QImage> m_pictures;
};

/// Which labels have room, at one scale. A label that was given its place keeps it while the view
/// moves; whatever comes later goes without where it would cover one. Rectangles are in pixels of
/// the scaled board: scene units times scale.
class LabelRoom
{
public:
    void clear();
    [[nodiscard]] bool knows(quint64 key) const { return m_numbers.contains(key); }
    /// Claims @a rect for a label; false if another has it, or if it is not @a allowed. Either way
    /// it is known from now on.
    bool claim(quint64 key, const QRectF &rect, const QString &text, bool allowed = true);
    /// Forgets a label, and the decisions on those that it kept from being shown; adds the keys of
    /// all of them to @a dropped. Returns where it was; null if it was not placed.
    QRectF forget(quint64 key, std::vector<quint64> &dropped);
    /// Calls visit(key, rect, text) for the placed labels that touch @a area.
    template <typename Visit>
    void visit(const QRectF &area, Visit visit) const
    {
        const Span span = spanOf(area);
        for (int y = span.top; y <= span.bottom; ++y) {
            for (int x = span.left; x <= span.right; ++x) {
                const auto it = m_cells.constFind(cellKey(x, y));
                if (it == m_cells.cend())
                    continue;
                for (const quint32 number : *it) {
                    const Entry &entry = m_entries[number];
                    if (!entry.placed || !entry.rect.intersects(area))
                        continue;
                    const Span own = spanOf(entry.rect); // in its first cell of the area only
                    if (x == std::max(own.left, span.left) && y == std::max(own.top, span.top))
                        visit(entry.key, entry.rect, entry.text);
                }
            }
        }
    }
    [[nodiscard]] qsizetype size() const { return m_numbers.size(); }

private:
    struct Entry
    {
        quint64 key = 0;
        QRectF rect;
        QString text; ///< kept, so that painting looks nothing up
        bool placed = false;
    };
    struct Span
    {
        int left, top, right, bottom;
    };
    static constexpr double kRoomCell = 128.0;
    static Span spanOf(const QRectF &rect)
    {
        return {int(std::floor(rect.left() / kRoomCell)), int(std::floor(rect.top() / kRoomCell)),
                int(std::floor(rect.right() / kRoomCell)),
                int(std::floor(rect.bottom() / kRoomCell))};
    }
    static quint64 cellKey(int x, int y) { return (quint64(quint32(x)) << 32) | quint32(y); }

    std::vector<Entry> m_entries;
    std::vector<quint32> m_free;
    QHash<quint64, quint32> m_numbers;
    QHash<quint64, std::vector<quint32>> m_cells;
};

} // namespace patchboard::ui
