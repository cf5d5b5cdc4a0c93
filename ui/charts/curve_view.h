#pragma once

// The chart of the window: curves of millions of points, live, to be zoomed and read.
//
// Mouse: the wheel zooms x (with Ctrl: y), dragging with the left button zooms into a box, with the
// middle one (or with Shift) moves, a double click shows all. Keys: left and right move the
// crosshair from point to point, with Ctrl the picture; plus and minus zoom; Home shows all; End
// follows the newest point.

#include <optional>
#include <vector>

#include <QPixmap>
#include <QPointer>
#include <QWidget>

#include "ui/charts/chart_group.h"
#include "ui/charts/curve_painter.h"
#include "ui/charts/curve_readings.h"

namespace z2::ui {

class CurveView : public QWidget {
  Q_OBJECT

 public:
  explicit CurveView(ChartGroup& group, QWidget* parent = nullptr);
  ~CurveView() override;

  void setTitle(const QString& title);
  [[nodiscard]] const QString& title() const { return scene_.title; }
  // Several curves are named beside the title; else what they are stands elsewhere on the page.
  void setNamesCurves(bool namesCurves);
  // What stands in place of curves while there are none.
  void setEmptyText(const QString& text);
  void setItems(std::vector<CurveItem> items);
  [[nodiscard]] const std::vector<CurveItem>& items() const { return scene_.items; }
  void setMarks(std::vector<CurveMark> marks);
  // The item against which the crosshair gives differences; none by default.
  void setBaseline(std::optional<size_t> item);
  // The chart's own choice of axis; empty: the group's.
  void setLogY(std::optional<bool> isLog);

  // The data have grown: draws anew in its turn, when it can be seen.
  void refresh();
  // Draws into the picture that paintEvent shows. The group calls it.
  void renderNow();
  [[nodiscard]] const CurveFrame& frame() const { return frame_; }

  // What the crosshair says at `x`: its place, then a line for each curve that has a point there.
  [[nodiscard]] QString placeText(double x) const;
  [[nodiscard]] std::vector<CurveReading> readingsAt(double x) const;

  // The chart as it is, at `scale` times its size; false: the file cannot be written.
  [[nodiscard]] bool savePng(const QString& file, double scale) const;
  [[nodiscard]] bool saveSvg(const QString& file) const;

  [[nodiscard]] QSize sizeHint() const override { return {480, 220}; }
  [[nodiscard]] QSize minimumSizeHint() const override { return {220, 140}; }

 Q_SIGNALS:
  void menuAsked(const QPoint& globalPosition);

 protected:
  void paintEvent(QPaintEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;
  void showEvent(QShowEvent* event) override;
  void changeEvent(QEvent* event) override;
  void wheelEvent(QWheelEvent* event) override;
  void mousePressEvent(QMouseEvent* event) override;
  void mouseMoveEvent(QMouseEvent* event) override;
  void mouseReleaseEvent(QMouseEvent* event) override;
  void mouseDoubleClickEvent(QMouseEvent* event) override;
  void leaveEvent(QEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;
  void contextMenuEvent(QContextMenuEvent* event) override;

 private:
  [[nodiscard]] CurveScene currentScene() const;
  void drawCrosshair(QPainter& painter) const;
  void zoomX(double factor, double about);
  void moveBy(double fraction);
  void stepCrosshair(int direction);
  [[nodiscard]] QRectF chosenBox() const;
  void zoomInto(const QRectF& box);
  void speak();

  ChartGroup& group_;
  const QPointer<ChartGroup> livingGroup_;  // a page's members end before its children
  CurveScene scene_;
  CurveFrame frame_;
  QPixmap picture_;
  std::optional<size_t> baseline_;
  std::optional<bool> isLogY_;
  bool isDirty_ = true;
  std::optional<QPointF> boxStart_;
  QPointF pointer_;
  std::optional<QPointF> panFrom_;
  AxisRange panRange_;
};

}  // namespace z2::ui
