// Of audit.h: how much texts differ from what lies behind them, as they were drawn.

#include <cmath>

#include <QAbstractButton>
#include <QHash>
#include <QImage>

#include "tests/ui/accessibility/audit.h"
#include "tests/ui/accessibility/widget_words.h"

namespace z2::ui {

namespace {

constexpr int kZoom = 3;  // so that the strokes of a letter have pixels of their colour alone
constexpr double kLeast = 4.5;
constexpr double kInk = 0.005;  // of what is not background: less is chance

double luminance(const QColor& color) {
  const auto linear = [](double c) {
    return c <= 0.03928 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4);
  };
  return 0.2126 * linear(color.redF()) + 0.7152 * linear(color.greenF()) +
         0.0722 * linear(color.blueF());
}

// The greatest contrast of a colour that is drawn there often enough; 0 where nothing is drawn.
double contrastIn(const QImage& picture, const QRect& place) {
  QHash<QRgb, int> counts;
  const QRect area = place & picture.rect();
  for (int y = area.top(); y <= area.bottom(); ++y) {
    const auto* line = reinterpret_cast<const QRgb*>(picture.constScanLine(y));
    for (int x = area.left(), run = 0; x <= area.right(); x = run) {
      for (run = x + 1; run <= area.right() && line[run] == line[x];) ++run;
      counts[line[x]] += run - x;
    }
  }
  QRgb back = 0;
  int most = 0, all = 0;
  for (auto at = counts.cbegin(); at != counts.cend(); ++at) {
    all += at.value();
    if (at.value() > most) back = at.key();
    most = std::max(most, at.value());
  }
  double greatest = 0;
  for (auto at = counts.cbegin(); at != counts.cend(); ++at)
    if (at.key() != back && at.value() >= kInk * (all - most))
      greatest = std::max(greatest, contrast(QColor(at.key()), QColor(back)));
  return greatest;
}

}  // namespace

double contrast(const QColor& a, const QColor& b) {
  const double x = luminance(a), y = luminance(b);
  return (std::max(x, y) + 0.05) / (std::min(x, y) + 0.05);
}

QStringList faintTexts(QWidget& root) {
  QImage picture(root.size() * kZoom, QImage::Format_RGB32);
  picture.setDevicePixelRatio(kZoom);
  picture.fill(root.palette().color(QPalette::Window));
  root.render(&picture);
  QStringList faults;
  for (const QWidget* widget : root.findChildren<QWidget*>()) {
    if (!widget->isVisible() || !widget->isEnabled()) continue;
    const QRect seen = visibleRect(*widget, root);
    const QPoint origin = widget->mapTo(&root, QPoint());
    for (const ShownText& shown : shownTexts(*widget)) {
      if (shown.text.trimmed().isEmpty()) continue;
      const QRect place = shown.place.translated(origin) & seen;
      if (place.size() != shown.place.size()) continue;  // scrolled out, in part
      const double found =
          contrastIn(picture, QRect(place.topLeft() * kZoom, place.size() * kZoom));
      if (found > 0 && found < kLeast)
        faults << QStringLiteral("faint, %1: “%2” in %3")
                      .arg(found, 0, 'f', 2)
                      .arg(shown.text.left(40), describe(*widget));
    }
  }
  return faults;
}

}  // namespace z2::ui
