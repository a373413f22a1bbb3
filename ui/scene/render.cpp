#include "ui/scene/render.h"

#include "model/core/edits.h"
#include "ui/commands/clipboard.h"
#include "ui/scene/boardpainter.h"

#include <QCoreApplication>
#include <QFileInfo>
#include <QImageWriter>
#include <QPagedPaintDevice>
#include <QPainter>
#include <QPdfWriter>
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
        scale = std::min(options.scale,
                         RenderOptions::kMostPixels / std::max(area.width(), area.height()));
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

Result<QSize> pictureSize(const Topology &topology, const RenderOptions &options)
{
    BoardMirror mirror(topology);
    mirror.load();
    const auto plan = planRender(mirror, options);
    if (!plan)
        return plan.error();
    return plan->size;
}

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
    // Enlarged, it is the same picture with more pixels: names are as large beside their devices.
    painter.setCamera(plan->scale, plan->area.center() * plan->scale - half,
                      std::max(1.0, plan->scale));
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

Result<void> renderPdf(const Topology &topology, const RenderOptions &options, QIODevice *out)
{
    BoardMirror mirror(topology);
    mirror.load();
    const auto plan = planRender(mirror, options);
    if (!plan)
        return plan.error();
    BoardPainter painter(mirror);
    painter.setTheme(options.dark ? CanvasTheme::darkTheme() : CanvasTheme::light());
    QPdfWriter writer(out);
    constexpr double kDotsPerInch = 96.0;
    constexpr double kPointsPerInch = 72.0;
    writer.setPageSize(QPageSize(QSizeF(plan->size) * kPointsPerInch / kDotsPerInch,
                                 QPageSize::Point, {}, QPageSize::ExactMatch));
    writer.setPageMargins(QMarginsF());
    writer.setTitle(topology.board().title);
    writer.setCreator(QStringLiteral("Patchboard"));
    QPainter pdf;
    if (!pdf.begin(&writer))
        return Error{Errc::Storage,
                     trRender(QT_TRANSLATE_NOOP("Render", "The picture cannot be written"))};
    const double dots = writer.resolution() / kDotsPerInch;
    pdf.scale(dots, dots);
    pdf.fillRect(QRect(QPoint(0, 0), plan->size), painter.theme().background);
    pdf.translate(plan->size.width() / 2.0, plan->size.height() / 2.0);
    pdf.scale(plan->scale, plan->scale);
    pdf.translate(-plan->area.center());
    painter.paintVector(&pdf, plan->area);
    pdf.end();
    return {};
}

namespace {

struct PrintPlan
{
    QRectF area;
    double scale; ///< dots of paper for each scene unit
    int across;
    int down;
};

PrintPlan planPrint(const BoardMirror &mirror, const PrintOptions &options, const QSizeF &page,
                    double dotsPerInch)
{
    RenderOptions whole;
    whole.area = options.area;
    const QRectF area = planRender(mirror, whole)->area;
    const double natural = dotsPerInch / 96.0;
    const double fits = std::min(page.width() / area.width(), page.height() / area.height());
    if (options.fitOnePage)
        return {area, std::min(fits, 2 * natural), 1, 1};
    // A hair more than a page is a page.
    const auto pages = [](double units, double room) {
        return std::max(1, int(std::ceil(units / room - 0.01)));
    };
    return {area, natural, pages(area.width() * natural, page.width()),
            pages(area.height() * natural, page.height())};
}

} // namespace

QSize pagesOf(const Topology &topology, const PrintOptions &options, const QSizeF &pageInches)
{
    BoardMirror mirror(topology);
    mirror.load();
    const PrintPlan plan = planPrint(mirror, options, pageInches * 96.0, 96.0);
    return {plan.across, plan.down};
}

Result<void> printBoard(const Topology &topology, const PrintOptions &options,
                        QPagedPaintDevice *paper)
{
    BoardMirror mirror(topology);
    mirror.load();
    BoardPainter painter(mirror);
    CanvasTheme theme = CanvasTheme::light();
    theme.background = Qt::white;
    painter.setTheme(theme);
    QPainter print;
    if (!print.begin(paper))
        return Error{Errc::Storage,
                     trRender(QT_TRANSLATE_NOOP("Render", "The printer cannot be used"))};
    const QSizeF page(print.viewport().size());
    const PrintPlan plan = planPrint(mirror, options, page, paper->logicalDpiX());
    if (plan.across > kMostPages || plan.down > kMostPages || plan.across * plan.down > kMostPages)
        return Error{Errc::BadValue,
                     trRender(QT_TRANSLATE_NOOP("Render", "That would be more than %1 pages"))
                         .arg(kMostPages)};
    // In the middle of all the paper.
    const QSizeF all(page.width() * plan.across, page.height() * plan.down);
    const QPointF corner =
        plan.area.center() - QPointF(all.width() / 2 / plan.scale, all.height() / 2 / plan.scale);
    for (int row = 0; row < plan.down; ++row) {
        for (int column = 0; column < plan.across; ++column) {
            if ((row != 0 || column != 0) && !paper->newPage())
                return Error{Errc::Storage,
                             trRender(QT_TRANSLATE_NOOP("Render", "The printer cannot be used"))};
            const QRectF part(corner + QPointF(column * page.width() / plan.scale,
                                               row * page.height() / plan.scale),
                              page / plan.scale);
            print.save();
            print.setClipRect(QRectF(QPointF(0, 0), page));
            print.scale(plan.scale, plan.scale);
            print.translate(-part.topLeft());
            painter.paintVector(&print, part);
            print.restore();
        }
    }
    return {};
}

std::unique_ptr<Topology> partOf(const Topology &topology, const QList<EntityId> &devices)
{
    auto part = std::make_unique<Topology>();
    quint32 counter = 0;
    const auto newId = [&counter] { return makeId(0, ++counter); };
    const auto bytes = clipboard::pack(topology, devices);
    quint64 cseq = 0;
    const auto apply = [&part, &cseq](const QList<Edit> &edits) {
        Change change;
        change.cseq = ++cseq;
        change.edits = edits;
        (void)part->submit(change, {{0, change.cseq}, change.cseq, 1});
    };
    // Types of the board's own are no part of what is packed.
    QList<Edit> types{edits::setField(kBoardId, Field::Title, topology.board().title)};
    for (const CustomType &type : topology.customTypes().slots()) {
        if (type.id == 0)
            continue;
        QList<FieldValue> fields;
        for (const FieldInfo &info : fieldsOf(EntityKind::DeviceType)) {
            if (Value value = topology.value(type.id, info.field); !isNull(value))
                fields.append({info.field, value});
        }
        types.append(CreateEntity{EntityKind::DeviceType, newId(), fields});
    }
    apply(types);
    if (const auto unpacked = clipboard::unpack(*part, bytes, newId, {}))
        apply(unpacked->edits);
    return part;
}

Result<void> renderFile(const Topology &topology, const RenderOptions &options, const QString &file)
{
    const QByteArray format = QFileInfo(file).suffix().toLower().toLatin1();
    const bool svg = format == "svg";
    const bool pdf = format == "pdf";
    if (!svg && !pdf && !QImageWriter::supportedImageFormats().contains(format)) {
        return Error{
            Errc::BadValue,
            trRender(QT_TRANSLATE_NOOP("Render", "%1 is no picture format; use .png, .svg or .pdf"))
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
    } else if (pdf) {
        if (auto done = renderPdf(topology, options, &out); !done)
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
