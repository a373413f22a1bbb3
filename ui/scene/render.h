#pragma once

#include "model/core/result.h"
#include "model/core/topology.h"

#include <QImage>
#include <QRectF>
#include <QSize>

class QIODevice;

namespace patchboard::ui {

/// How a board is drawn to a picture. Needs a QGuiApplication, but no display (its platform may be
/// `offscreen`).
struct RenderOptions
{
    QSize size;  ///< pixels; empty = the board at 100 %, at most kMostPixels a side
    QRectF area; ///< scene units; empty = the whole board
    bool dark = false;
    static constexpr int kMostPixels = 16384;
};

/// The board as pixels. BadValue if the size is out of bounds.
Result<QImage> renderImage(const Topology &topology, const RenderOptions &options);
/// The board as SVG, text as text.
Result<void> renderSvg(const Topology &topology, const RenderOptions &options, QIODevice *out);
/// To a file, by the ending of its name: .svg or anything that Qt writes (.png). Storage if the
/// file cannot be written, BadValue if the ending is unknown.
Result<void> renderFile(const Topology &topology, const RenderOptions &options,
                        const QString &file);

} // namespace patchboard::ui
