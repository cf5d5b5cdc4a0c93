#pragma once

// Draws lines of thousands of vertices in a millisecond or two.

#include <cstddef>
#include <vector>

#include <QPainter>
#include <QPen>
#include <QPointF>

namespace z2::ui {

// `starts`: the indices at which a line begins anew, the first among them. Where a line runs up and
// down within a pixel column, the column is filled from its least to its greatest y; elsewhere it
// is stroked with antialiasing, in short pieces: the cost of one long path grows with the square of
// its crossings. `isExact`: each line is one path, for vectors.
void strokeLines(QPainter& painter, const std::vector<QPointF>& points,
                 const std::vector<size_t>& starts, const QPen& pen, bool isExact);

}  // namespace z2::ui
