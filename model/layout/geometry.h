#pragma once

#include "model/core/control.h"
#include "model/layout/graph.h"

#include <QRectF>

#include <vector>

namespace patchboard::layout {

/// Smallest rectangle around the centres; null if there are none.
QRectF boundsOf(const Points &points);

/// Distance to the nearest other point that @a part (0 to 1) of the points do not exceed; 0 if
/// there are fewer than two.
double nearestDistance(const Points &points, double part);

/// Moves points as little as it can so that no two are closer than @a spacingX and @a spacingY at
/// once. What is apart already stays where it is, unless it stands in the way of a crowd. When
/// cancelled, ends with what there is.
void separate(Points &points, const Control &control = {}, double spacingX = SpacingX,
              double spacingY = SpacingY);

/// The same, but the first of those that are too close stays exactly where it is and the later ones
/// go to the nearest free cell of a lattice.
void settle(Points &points, const Control &control = {}, double spacingX = SpacingX,
            double spacingY = SpacingY);

/// Moves points apart like separate(), and keeps who stands left of and above whom as far as it
/// can: for places that mean something. Lines of @a links through a crowd stay lines as far as they
/// can. Takes more rounds for small crowds.
void spreadOut(Points &points, const Adjacency &links, const Control &control = {},
               double spacingX = SpacingX, double spacingY = SpacingY);

/// Whether any two are closer than @a spacingX and @a spacingY at once.
bool anyCloser(const Points &points, double spacingX, double spacingY);

/// Puts rectangles of these sizes side by side in a shape of about 16:10, largest first, with @a
/// gap between them; returns their centres.
Points pack(const std::vector<QSizeF> &sizes, double gap);

} // namespace patchboard::layout
