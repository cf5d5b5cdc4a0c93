#include "ui/charts/curve_view.h"

#include <algorithm>
#include <cmath>

#include <QAccessible>
#include <QContextMenuEvent>
#include <QKeyEvent>
#include <QLocale>
#include <QMouseEvent>
#include <QPainter>
#include <QSvgGenerator>
#include <QWheelEvent>

#include "ui/base/accessible_role.h"
#include "ui/base/text.h"
#include "ui/charts/axis_ticks.h"
#include "ui/theme/theme.h"

namespace z2::ui {

namespace {

constexpr double kZoomStep = 1.25;
constexpr double kLeastBox = 8;  // pixels; less was a click

}  // namespace

CurveView::CurveView(ChartGroup& group, QWidget* parent)
    : QWidget(parent), group_(group), livingGroup_(&group) {
  tellRole<CurveView>(QAccessible::Chart);
  setMouseTracking(true);
  setFocusPolicy(Qt::StrongFocus);
  setAttribute(Qt::WA_OpaquePaintEvent);
  connect(&group_, &ChartGroup::viewChanged, this, &CurveView::refresh);
  connect(&group_, &ChartGroup::crosshairMoved, this, qOverload<>(&QWidget::update));
}

CurveView::~CurveView() {
  if (livingGroup_ != nullptr) group_.forget(this);
}

void CurveView::setTitle(const QString& title) {
  scene_.title = title;
  setAccessibleName(tr("Chart: %1").arg(title));
  refresh();
}

void CurveView::setNamesCurves(bool namesCurves) {
  scene_.namesCurves = namesCurves;
  refresh();
}

void CurveView::setEmptyText(const QString& text) {
  scene_.emptyText = text;
  refresh();
}

void CurveView::setItems(std::vector<CurveItem> items) {
  scene_.items = std::move(items);
  refresh();
}

void CurveView::setMarks(std::vector<CurveMark> marks) {
  scene_.marks = std::move(marks);
  refresh();
}

void CurveView::setBaseline(std::optional<size_t> item) {
  baseline_ = item;
  update();
}

void CurveView::setLogY(std::optional<bool> isLog) {
  isLogY_ = isLog;
  scene_.y.reset();
  refresh();
}

void CurveView::refresh() {
  isDirty_ = true;
  if (isVisible() && !visibleRegion().isEmpty())
    group_.schedule(this);
  else
    update();
}

CurveScene CurveView::currentScene() const {
  CurveScene scene = scene_;
  scene.options = group_.options();
  scene.options.isLogY = isLogY_.value_or(scene.options.isLogY);
  scene.x = group_.shown();
  return scene;
}

void CurveView::renderNow() {
  isDirty_ = false;
  const double ratio = devicePixelRatioF();
  const QSize pixels = size() * ratio;
  if (pixels.isEmpty()) return;
  if (picture_.size() != pixels) picture_ = QPixmap(pixels);
  picture_.setDevicePixelRatio(ratio);
  picture_.fill(colors().surface);
  QPainter painter(&picture_);
  painter.setFont(font());
  frame_ = paintCurves(painter, size(), currentScene());
  update();
}

void CurveView::paintEvent(QPaintEvent* event) {
  Q_UNUSED(event);
  // Scrolled into sight, or asked for before its turn.
  if (isDirty_ && (picture_.isNull() || picture_.size() != size() * devicePixelRatioF()))
    renderNow();
  else if (isDirty_)
    group_.schedule(this);
  QPainter painter(this);
  painter.drawPixmap(0, 0, picture_);
  if (boxStart_) {
    QColor fill = colors().accent;
    fill.setAlphaF(0.15F);
    const QRectF box = chosenBox();
    painter.fillRect(box, fill);
    painter.setPen(colors().accent);
    painter.drawRect(box);
  }
  if (!frame_.isEmpty && group_.crosshair()) drawCrosshair(painter);
  painter.setRenderHint(QPainter::Antialiasing, true);
  painter.setPen(QPen(hasFocus() ? colors().accent : colors().border, hasFocus() ? 2 : 1));
  painter.setBrush(Qt::NoBrush);
  painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6);
}

QString CurveView::placeText(double x) const {
  switch (group_.options().xAxis) {
    case XAxis::kStep:
      return tr("step %1").arg(QLocale().toString(std::llround(x)));
    case XAxis::kTokens:
      return tr("%1 tokens").arg(shortCount(x));
    case XAxis::kWallTime:
    case XAxis::kRunTime:
      break;
  }
  return axisDuration(x, 1);
}

std::vector<CurveReading> CurveView::readingsAt(double x) const {
  return ui::readingsAt(scene_.items, baseline_, group_.options(), frame_, x);
}

void CurveView::drawCrosshair(QPainter& painter) const {
  const double x = frame_.pixelOfX(*group_.crosshair());
  if (x < frame_.plot.left() - 1 || x > frame_.plot.right() + 1) return;
  const auto readings = readingsAt(*group_.crosshair());
  const QString place = readings.empty() ? QString() : placeText(readings.front().x);
  paintCrosshair(painter, frame_, *group_.crosshair(), place, readings);
}

void CurveView::zoomX(double factor, double about) {
  const AxisRange& shown = group_.shown();
  group_.show({about - (about - shown.begin) / factor, about + (shown.end - about) / factor});
}

void CurveView::moveBy(double fraction) {
  const AxisRange& shown = group_.shown();
  const double way = shown.span() * fraction;
  group_.show({shown.begin + way, shown.end + way});
}

// A flat box chooses x alone.
QRectF CurveView::chosenBox() const {
  const QRectF& plot = frame_.plot;
  QRectF box = QRectF(*boxStart_, pointer_).normalized();
  if (box.height() < kLeastBox * 2) {
    box.setTop(plot.top());
    box.setBottom(plot.bottom());
  }
  return box.intersected(plot);
}

void CurveView::zoomInto(const QRectF& box) {
  const bool hasHeight = box.height() < frame_.plot.height();
  const double top = frame_.yAt(box.top());
  const double bottom = frame_.yAt(box.bottom());
  if (hasHeight) scene_.y = AxisRange{bottom, top};
  group_.show({frame_.xAt(box.left()), frame_.xAt(box.right())});
  refresh();
}

void CurveView::stepCrosshair(int direction) {
  const double from = group_.crosshair().value_or(group_.shown().end);
  const double pixel = group_.shown().span() / std::max(1.0, frame_.plot.width());
  const auto found = nextPoint(scene_.items, group_.options().xAxis, from, direction, pixel);
  if (found) group_.setCrosshair(found);
  speak();
}

// The reading, for those who hear the window.
void CurveView::speak() {
  if (!group_.crosshair()) return;
  QStringList parts;
  const auto readings = readingsAt(*group_.crosshair());
  if (!readings.empty()) parts.append(placeText(readings.front().x));
  for (const CurveReading& reading : readings) parts.append(reading.text);
  setAccessibleDescription(parts.join(QStringLiteral(", ")));
  QAccessibleEvent event(this, QAccessible::DescriptionChanged);
  QAccessible::updateAccessibility(&event);
}

bool CurveView::savePng(const QString& file, double scale) const {
  QImage image(size() * scale, QImage::Format_ARGB32_Premultiplied);
  image.setDevicePixelRatio(scale);
  image.fill(colors().surface);
  QPainter painter(&image);
  painter.setFont(font());
  paintCurves(painter, size(), currentScene());
  painter.end();
  return image.save(file);
}

bool CurveView::saveSvg(const QString& file) const {
  QSvgGenerator svg;
  svg.setFileName(file);
  svg.setSize(size());
  svg.setViewBox(rect());
  svg.setTitle(scene_.title);
  QPainter painter;
  if (!painter.begin(&svg)) return false;
  painter.setFont(font());
  painter.fillRect(rect(), colors().surface);
  paintCurves(painter, size(), currentScene(), true);
  return painter.end();
}

void CurveView::resizeEvent(QResizeEvent* event) {
  QWidget::resizeEvent(event);
  refresh();
}

void CurveView::showEvent(QShowEvent* event) {
  QWidget::showEvent(event);
  if (isDirty_) group_.schedule(this);
}

void CurveView::changeEvent(QEvent* event) {
  if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange) refresh();
  QWidget::changeEvent(event);
}

void CurveView::wheelEvent(QWheelEvent* event) {
  // Over a page that scrolls, the wheel zooms once the chart has the focus or with a modifier.
  const double notches = event->angleDelta().y() / 120.0;
  if (notches == 0 || frame_.isEmpty || (!hasFocus() && event->modifiers() == Qt::NoModifier)) {
    event->ignore();
    return;
  }
  const double factor = std::pow(kZoomStep, notches);
  if (event->modifiers().testFlag(Qt::ControlModifier)) {
    const double about = frame_.yAt(event->position().y());
    scene_.y = AxisRange{about - (about - frame_.y.begin) / factor,
                         about + (frame_.y.end - about) / factor};
    refresh();
  } else {
    zoomX(factor, frame_.xAt(event->position().x()));
  }
  event->accept();
}

void CurveView::mousePressEvent(QMouseEvent* event) {
  pointer_ = event->position();
  const bool isMove =
      event->button() == Qt::MiddleButton ||
      (event->button() == Qt::LeftButton && event->modifiers().testFlag(Qt::ShiftModifier));
  if (isMove) {
    panFrom_ = pointer_;
    panRange_ = group_.shown();
  } else if (event->button() == Qt::LeftButton && frame_.plot.contains(pointer_)) {
    boxStart_ = pointer_;
  }
}

void CurveView::mouseMoveEvent(QMouseEvent* event) {
  pointer_ = event->position();
  if (panFrom_) {
    const double way = (panFrom_->x() - pointer_.x()) / frame_.plot.width() * panRange_.span();
    group_.show({panRange_.begin + way, panRange_.end + way});
    return;
  }
  const bool isInside = pointer_.x() >= frame_.plot.left() && pointer_.x() <= frame_.plot.right();
  group_.setCrosshair(isInside ? std::optional(frame_.xAt(pointer_.x())) : std::nullopt);
  update();
}

void CurveView::mouseReleaseEvent(QMouseEvent* event) {
  pointer_ = event->position();
  panFrom_.reset();
  if (!boxStart_) return;
  const QRectF box = chosenBox();
  boxStart_.reset();
  if (box.width() >= kLeastBox) zoomInto(box);
  update();
}

void CurveView::mouseDoubleClickEvent(QMouseEvent* event) {
  Q_UNUSED(event);
  boxStart_.reset();
  scene_.y.reset();
  group_.showAll();
  refresh();
}

void CurveView::leaveEvent(QEvent* event) {
  Q_UNUSED(event);
  group_.setCrosshair(std::nullopt);
}

void CurveView::keyPressEvent(QKeyEvent* event) {
  const bool isControl = event->modifiers().testFlag(Qt::ControlModifier);
  const double about = group_.crosshair().value_or((group_.shown().begin + group_.shown().end) / 2);
  switch (event->key()) {
    case Qt::Key_Left:
      isControl ? moveBy(-0.2) : stepCrosshair(-1);
      return;
    case Qt::Key_Right:
      isControl ? moveBy(0.2) : stepCrosshair(1);
      return;
    case Qt::Key_Plus:
    case Qt::Key_Equal:
      zoomX(kZoomStep, about);
      return;
    case Qt::Key_Minus:
      zoomX(1 / kZoomStep, about);
      return;
    case Qt::Key_Home:
      scene_.y.reset();
      group_.showAll();
      return;
    case Qt::Key_End:
      group_.goLive();
      return;
    default:
      QWidget::keyPressEvent(event);
  }
}

void CurveView::contextMenuEvent(QContextMenuEvent* event) { Q_EMIT menuAsked(event->globalPos()); }

}  // namespace z2::ui
