#include "ui/charts/line_stroker.h"

#include <algorithm>
#include <cmath>
#include <span>

#include <QLineF>
#include <QPainterPath>

namespace z2::ui {

namespace {

// Vertices a column from which on columns are filled.
constexpr double kDense = 2.5;
// A piece of a stroked path. Dashes need longer ones to keep their rhythm.
constexpr size_t kPiece = 24;
constexpr size_t kDashedPiece = 2000;

class Stroker {
 public:
  Stroker(QPainter& painter, const QPen& pen) : painter_(painter), pen_(pen) {
    const double ratio = painter.device() != nullptr ? painter.device()->devicePixelRatioF() : 1;
    pixel_ = 1 / ratio;
  }

  void draw(std::span<const QPointF> line) {
    const double width = line.back().x() - line.front().x();
    const bool isDense =
        static_cast<double>(line.size()) > kDense * std::max(1.0, width / pixel_) && isRough(line);
    if (isDense)
      fillColumns(line);
    else
      stroke(line);
  }

 private:
  // Whether the line goes up and down by more than it is wide, so that columns show no steps.
  [[nodiscard]] bool isRough(std::span<const QPointF> line) const {
    double way = 0;
    for (size_t i = 1; i < line.size(); ++i) way += std::abs(line[i].y() - line[i - 1].y());
    const double width = std::max(pixel_, line.back().x() - line.front().x());
    return way / width > 3;
  }

  void fillColumns(std::span<const QPointF> line) {
    std::vector<QLineF> columns;
    double column = std::floor(line.front().x() / pixel_);
    double least = line.front().y();
    double most = least;
    double lastY = least;
    const auto flush = [&] {
      const double x = (column + 0.5) * pixel_;
      columns.emplace_back(x, least, x, std::max(most, least + pixel_));
    };
    for (const QPointF& point : line) {
      const double at = std::floor(point.x() / pixel_);
      if (at != column) {
        flush();
        column = at;
        least = most = lastY;  // connected with the column before
      }
      least = std::min(least, point.y());
      most = std::max(most, point.y());
      lastY = point.y();
    }
    flush();
    painter_.setRenderHint(QPainter::Antialiasing, false);
    QPen pen(pen_.color(), 0);
    pen.setCapStyle(Qt::FlatCap);
    painter_.setPen(pen);
    painter_.drawLines(columns.data(), static_cast<int>(columns.size()));
  }

  void stroke(std::span<const QPointF> line) {
    painter_.setRenderHint(QPainter::Antialiasing, true);
    // Pieces that overlap with transparency would show their joints.
    const bool isOpaque = pen_.color().alpha() == 255;
    QPen pen = pen_;
    pen.setJoinStyle(Qt::RoundJoin);
    pen.setCapStyle(isOpaque && pen.style() == Qt::SolidLine ? Qt::RoundCap : Qt::FlatCap);
    painter_.setPen(pen);
    const size_t piece = pen.style() == Qt::SolidLine ? kPiece : kDashedPiece;
    for (size_t start = 0; start + 1 < line.size(); start += piece) {
      const size_t count = std::min(piece + 1, line.size() - start);
      painter_.drawPolyline(line.data() + start, static_cast<int>(count));
    }
  }

  QPainter& painter_;
  const QPen& pen_;
  double pixel_ = 1;
};

}  // namespace

void strokeLines(QPainter& painter, const std::vector<QPointF>& points,
                 const std::vector<size_t>& starts, const QPen& pen, bool isExact) {
  Stroker stroker(painter, pen);
  for (size_t i = 0; i < starts.size(); ++i) {
    const size_t end = i + 1 < starts.size() ? starts[i + 1] : points.size();
    const std::span<const QPointF> line(points.data() + starts[i], end - starts[i]);
    if (line.empty()) continue;
    if (!isExact) {
      stroker.draw(line);
      continue;
    }
    painter.setRenderHint(QPainter::Antialiasing, true);
    painter.setPen(pen);
    painter.drawPolyline(line.data(), static_cast<int>(line.size()));
  }
}

}  // namespace z2::ui
