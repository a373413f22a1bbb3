#pragma once

#include "model/core/value.h"

#include <QColor>

namespace patchboard::ui {

/// The colours of the canvas.
struct CanvasTheme
{
    bool dark = false;
    QColor background;
    QColor dot;     ///< of the grid
    QColor text;    ///< labels
    QColor faint;   ///< secondary labels, hints
    QColor plate;   ///< behind labels
    QColor accent;  ///< selection, hover, what is being made
    QColor find;    ///< what a search found
    QColor refuse;  ///< what cannot be done
    QColor advice;  ///< what can be done, but no rule of the board allows it
    QColor boxFill; ///< containers; its alpha adds up where they nest
    QColor boxEdge;
    QColor boxTitle;
    QColor status[3]; ///< of devices, by Status
    QColor link[3];   ///< of links, by Status

    [[nodiscard]] const QColor &of(Status s) const { return status[size_t(s)]; }
    [[nodiscard]] const QColor &ofLink(Status s) const { return link[size_t(s)]; }

    static CanvasTheme light();
    static CanvasTheme darkTheme();

    bool operator==(const CanvasTheme &) const = default;
};

/// The colour of a person, by Person::colour; white text is readable on it.
QColor canvasPersonColour(quint32 index);

} // namespace patchboard::ui
