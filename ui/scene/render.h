#pragma once

#include "model/core/result.h"
#include "model/core/topology.h"

#include <QImage>
#include <QRectF>
#include <QSize>

#include <memory>

class QIODevice;
class QPagedPaintDevice;

namespace patchboard::ui {

/// How a board is drawn to a picture. Needs a QGuiApplication, but no display (its platform may be
/// `offscreen`).
struct RenderOptions
{
    QSize size;         ///< pixels; empty = the board at `scale`, at most kMostPixels a side
    double scale = 1.0; ///< pixels for each scene unit, without a size; above 1 text grows too
    QRectF area;        ///< scene units; empty = the whole board
    bool dark = false;
    static constexpr int kMostPixels = 16384;
};

/// How many pixels that makes. BadValue if the size is out of bounds.
Result<QSize> pictureSize(const Topology &topology, const RenderOptions &options);
/// The board as pixels. BadValue if the size is out of bounds.
Result<QImage> renderImage(const Topology &topology, const RenderOptions &options);
/// The board as SVG, text as text.
Result<void> renderSvg(const Topology &topology, const RenderOptions &options, QIODevice *out);
/// The board as a page of PDF of its own size (a pixel is 1/96 inch), text as text.
Result<void> renderPdf(const Topology &topology, const RenderOptions &options, QIODevice *out);
/// Only some devices, what they hold and the links between them, as a board.
std::unique_ptr<Topology> partOf(const Topology &topology, const QList<EntityId> &devices);
/// To a file, by the ending of its name: .svg, .pdf or anything that Qt writes (.png). Storage if
/// the file cannot be written, BadValue if the ending is unknown.
Result<void> renderFile(const Topology &topology, const RenderOptions &options,
                        const QString &file);

/// How a board comes onto paper.
struct PrintOptions
{
    bool fitOnePage = true; ///< else at 100 % (a unit is 1/96 inch) over as many as it takes
    QRectF area;            ///< scene units; empty = the whole board
};
/// Pages that printBoard() would fill, across and down.
QSize pagesOf(const Topology &topology, const PrintOptions &options, const QSizeF &pageInches);
/// Fills pages, left to right and down, dark on white. BadValue where they are more than
/// kMostPages.
Result<void> printBoard(const Topology &topology, const PrintOptions &options,
                        QPagedPaintDevice *paper);
inline constexpr int kMostPages = 400;

} // namespace patchboard::ui
