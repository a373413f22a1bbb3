#include "ui/scene/labels.h"

#include <QFontMetricsF>
#include <QPainter>
#include <QTextLayout>

#include <algorithm>
#include <cmath>

namespace patchboard::ui {

LabelPictures::LabelPictures()
    : m_theme(CanvasTheme::light())
    , m_pictures(kCacheBytes)
{
    measure();
}

QFont LabelPictures::font(LabelStyle style)
{
    QFont font;
    switch (style) {
    case LabelStyle::Device:
        font.setPixelSize(12);
        break;
    case LabelStyle::Box:
        font.setPixelSize(12);
        font.setWeight(QFont::DemiBold);
        break;
    case LabelStyle::Link:
        font.setPixelSize(11);
        break;
    case LabelStyle::Port:
        font.setPixelSize(10);
        break;
    }
    return font;
}

void LabelPictures::measure()
{
    for (size_t i = 0; i < m_metrics.size(); ++i) {
        const QFontMetricsF metrics(font(LabelStyle(i)));
        for (size_t c = 0; c < m_metrics[i].advance.size(); ++c)
            m_metrics[i].advance[c] = float(metrics.horizontalAdvance(QChar(ushort(c))));
        m_metrics[i].other = metrics.horizontalAdvance(QChar(u'\u6c34'));
        m_metrics[i].height = std::ceil(metrics.height());
    }
}

void LabelPictures::setTheme(const CanvasTheme &theme)
{
    if (theme == m_theme)
        return;
    m_theme = theme;
    m_pictures.clear();
}

void LabelPictures::setRatio(double ratio)
{
    if (ratio == m_ratio)
        return;
    m_ratio = ratio;
    m_pictures.clear();
}

double LabelPictures::most(LabelStyle style) const
{
    return (style == LabelStyle::Port ? 90.0 : 170.0) * m_ratio;
}

double LabelPictures::width(const QString &text, LabelStyle style) const
{
    const Metrics &metrics = m_metrics[size_t(style)];
    double sum = 2 * kPlatePad;
    for (const QChar c : text)
        sum += c.unicode() < 256 ? double(metrics.advance[c.unicode()]) : metrics.other;
    return std::min(std::ceil(sum) * m_ratio, most(style));
}

double LabelPictures::height(LabelStyle style) const
{
    return m_metrics[size_t(style)].height * m_ratio;
}

const QImage *LabelPictures::picture(const QString &text, LabelStyle style, double mostWidth)
{
    const double limit = mostWidth > 0 ? mostWidth : most(style);
    const Key key{text, style,
                  mostWidth > 0 && width(text, style) > mostWidth ? int(mostWidth) : 0};
    if (const QImage *found = m_pictures.object(key))
        return found;
    if (m_budget <= 0)
        return nullptr;
    --m_budget;
    QString shown = text;
    for (QChar &c : shown) {
        if (c.category() == QChar::Other_Control)
            c = u' ';
    }
    const QFont face = font(style);
    const double room = limit / m_ratio - 2 * kPlatePad;
    // Shaping is most of the work: once, and again only for what does not fit.
    QTextLayout layout;
    layout.setFont(face);
    const auto shape = [&layout](const QString &line) {
        layout.setText(line);
        layout.beginLayout();
        QTextLine all = layout.createLine();
        if (all.isValid())
            all.setLineWidth(1e6);
        layout.endLayout();
        return all.isValid() ? all.naturalTextWidth() : 0.0;
    };
    double advance = shape(shown);
    if (advance > room)
        advance = shape(QFontMetricsF(face).elidedText(shown, Qt::ElideMiddle, room));
    const double height = m_metrics[size_t(style)].height;
    const double width = std::ceil(advance) + 2 * kPlatePad;
    auto *image = new QImage(std::max(1, int(std::ceil(width * m_ratio))),
                             std::max(1, int(std::ceil(height * m_ratio))),
                             QImage::Format_ARGB32_Premultiplied);
    image->setDevicePixelRatio(m_ratio);
    image->fill(Qt::transparent);
    QPainter painter(image);
    painter.setRenderHint(QPainter::Antialiasing);
    if (style != LabelStyle::Box) {
        QColor plate = m_theme.plate;
        plate.setAlpha(style == LabelStyle::Device ? 232 : 240);
        painter.setPen(Qt::NoPen);
        painter.setBrush(plate);
        painter.drawRoundedRect(QRectF(0, 0, width, height), 3, 3);
    }
    painter.setPen(style == LabelStyle::Port ? m_theme.faint : m_theme.text);
    layout.draw(&painter,
                QPointF((width - advance) / 2, (height - layout.boundingRect().height()) / 2));
    painter.end();
    if (!m_pictures.insert(key, image, image->sizeInBytes()))
        return nullptr;
    return image;
}

void LabelRoom::clear()
{
    m_entries.clear();
    m_free.clear();
    m_numbers.clear();
    m_cells.clear();
}

bool LabelRoom::claim(quint64 key, const QRectF &rect, const QString &text, bool allowed)
{
    const Span span = spanOf(rect);
    bool placed = allowed;
    for (int y = span.top; placed && y <= span.bottom; ++y) {
        for (int x = span.left; placed && x <= span.right; ++x) {
            const auto it = m_cells.constFind(cellKey(x, y));
            if (it == m_cells.cend())
                continue;
            for (const quint32 number : *it) {
                if (m_entries[number].placed && m_entries[number].rect.intersects(rect)) {
                    placed = false;
                    break;
                }
            }
        }
    }
    quint32 number;
    if (m_free.empty()) {
        number = quint32(m_entries.size());
        m_entries.emplace_back();
    } else {
        number = m_free.back();
        m_free.pop_back();
    }
    m_entries[number] = {key, rect, placed ? text : QString(), placed};
    m_numbers.insert(key, number);
    for (int y = span.top; y <= span.bottom; ++y) {
        for (int x = span.left; x <= span.right; ++x)
            m_cells[cellKey(x, y)].push_back(number);
    }
    return placed;
}

QRectF LabelRoom::forget(quint64 key, std::vector<quint64> &dropped)
{
    const auto found = m_numbers.constFind(key);
    if (found == m_numbers.cend())
        return {};
    std::vector<quint32> gone{*found};
    const Entry entry = m_entries[*found];
    const Span span = spanOf(entry.rect);
    if (entry.placed) {
        for (int y = span.top; y <= span.bottom; ++y) {
            for (int x = span.left; x <= span.right; ++x) {
                for (const quint32 number : m_cells.value(cellKey(x, y))) {
                    const Entry &other = m_entries[number];
                    if (!other.placed && other.rect.intersects(entry.rect))
                        gone.push_back(number);
                }
            }
        }
    }
    std::sort(gone.begin(), gone.end());
    gone.erase(std::unique(gone.begin(), gone.end()), gone.end());
    for (const quint32 number : gone) {
        const Span own = spanOf(m_entries[number].rect);
        for (int y = own.top; y <= own.bottom; ++y) {
            for (int x = own.left; x <= own.right; ++x) {
                const auto cell = m_cells.find(cellKey(x, y));
                if (cell == m_cells.end())
                    continue;
                std::erase(*cell, number);
                if (cell->empty())
                    m_cells.erase(cell);
            }
        }
        m_numbers.remove(m_entries[number].key);
        dropped.push_back(m_entries[number].key);
        m_entries[number] = Entry();
        m_free.push_back(number);
    }
    return entry.placed ? entry.rect : QRectF();
}

} // namespace patchboard::ui
