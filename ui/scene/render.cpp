#include "ui/scene/render.h"

#include "ui/scene/boardpainter.h"

#include <QCoreApplication>
#include <QFileInfo>
#include <QImageWriter>
#include <QPainter>
#include <QSaveFile>
#include <QSvgGenerator>

#include <cmath>
#include <limits>

namespace patchboard::ui {

namespace {

constexpr double kRenderMargin = 48.0; ///< scene units around the board; room for names

QString trRender(const char *text)
{
    return QCoreApplication::translate("Render", text);
}

/// What is drawn, and into how many pixels.
struct RenderPlan
{
    QRectF area;
    QSize size;
    double scale;
};

Result<RenderPlan> planRender(const BoardMirror &mirror, const RenderOptions &options)
{
    QRectF area = options.area;
    if (area.isEmpty()) {
        area = mirror.bounds();
        area = area.isNull()
                   ? QRectF(-320, -180, 640, 360)
                   : area.adjusted(-kRenderMargin, -kRenderMargin, kRenderMargin, kRenderMargin);
    }
    QSize size = options.size;
    double scale = 1.0;
    if (size.isEmpty()) {
        scale = std::min(1.0, RenderOptions::kMostPixels / std::max(area.width(), area.height()));
        size = {std::max(1, int(std::ceil(area.width() * scale))),
                std::max(1, int(std::ceil(area.height() * scale)))};
    } else {
        if (size.width() > RenderOptions::kMostPixels || size.height() > RenderOptions::kMostPixels)
            return Error{
                Errc::BadValue,
                trRender(QT_TRANSLATE_NOOP("Render", "A picture has at most %1 pixels a side"))
                    .arg(RenderOptions::kMostPixels)};
        scale = std::min(size.width() / area.width(), size.height() / area.height());
    }
    return RenderPlan{area, size, scale};
}

} // namespace

Result<QImage> renderImage(const Topology &topology, const RenderOptions &options)
{
    BoardMirror mirror(topology);
    mirror.load();
    const auto plan = planRender(mirror, options);
    if (!plan)
        return plan.error();
    QImage image(plan->size, QImage::Format_RGB32);
    if (image.isNull())
        return Error{Errc::TooLarge, trRender(QT_TRANSLATE_NOOP(
                                         "Render", "There is not enough memory for the picture"))};
    BoardPainter painter(mirror);
    painter.setTheme(options.dark ? CanvasTheme::darkTheme() : CanvasTheme::light());
    painter.setGrid(false);
    const QPointF half(plan->size.width() / 2.0, plan->size.height() / 2.0);
    painter.setCamera(plan->scale, plan->area.center() * plan->scale - half);
    painter.beginFrame(std::numeric_limits<int>::max());
    painter.paintPicture(image, {0, 0});
    QPainter labels(&image);
    painter.paintLabels(&labels, QRegion(image.rect()));
    labels.end();
    return image;
}

Result<void> renderSvg(const Topology &topology, const RenderOptions &options, QIODevice *out)
{
    BoardMirror mirror(topology);
    mirror.load();
    const auto plan = planRender(mirror, options);
    if (!plan)
        return plan.error();
    BoardPainter painter(mirror);
    painter.setTheme(options.dark ? CanvasTheme::darkTheme() : CanvasTheme::light());
    QSvgGenerator generator;
    generator.setOutputDevice(out);
    generator.setSize(plan->size);
    generator.setViewBox(QRect(QPoint(0, 0), plan->size));
    generator.setResolution(96);
    generator.setTitle(topology.board().title);
    QPainter svg;
    if (!svg.begin(&generator))
        return Error{Errc::Storage,
                     trRender(QT_TRANSLATE_NOOP("Render", "The picture cannot be written"))};
    svg.fillRect(QRect(QPoint(0, 0), plan->size), painter.theme().background);
    svg.translate(plan->size.width() / 2.0, plan->size.height() / 2.0);
    svg.scale(plan->scale, plan->scale);
    svg.translate(-plan->area.center());
    painter.paintVector(&svg, plan->area);
    svg.end();
    return {};
}

Result<void> renderFile(const Topology &topology, const RenderOptions &options, const QString &file)
{
    const QByteArray format = QFileInfo(file).suffix().toLower().toLatin1();
    const bool svg = format == "svg";
    if (!svg && !QImageWriter::supportedImageFormats().contains(format)) {
        return Error{
            Errc::BadValue,
            trRender(QT_TRANSLATE_NOOP("Render", "%1 is no picture format; use .png or .svg"))
                .arg(QFileInfo(file).fileName())};
    }
    QSaveFile out(file);
    const auto failed = [&]() -> Error {
        return {Errc::Storage, trRender(QT_TRANSLATE_NOOP("Render", "%1 cannot be written: %2"))
                                   .arg(file, out.errorString())};
    };
    if (!out.open(QIODevice::WriteOnly))
        return failed();
    if (svg) {
        if (auto done = renderSvg(topology, options, &out); !done)
            return done;
    } else {
        const auto image = renderImage(topology, options);
        if (!image)
            return image.error();
        QImageWriter writer(&out, format);
        if (!writer.write(*image))
            return failed();
    }
    if (!out.commit())
        return failed();
    return {};
}

} // namespace patchboard::ui
