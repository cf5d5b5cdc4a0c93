#include "ui/pages/data/histogram_view.h"

#include <algorithm>

#include <QHelpEvent>
#include <QLocale>
#include <QPainter>
#include <QToolTip>

#include "ui/base/plural.h"
#include "ui/base/text.h"
#include "ui/theme/theme.h"

namespace z2::ui {

namespace {

constexpr int kTop = 18;     // for the count above the highest bar
constexpr int kLimit = 14;   // for the words of the limit, above that
constexpr int kBottom = 34;  // for lengths and the axis' name
constexpr int kGap = 4;
constexpr int kWidest = 64;

QString countText(uint64_t count) { return shortCount(static_cast<double>(count)); }

}  // namespace

HistogramView::HistogramView(Of what, QWidget* parent) : QWidget(parent), what_(what) {
  setMinimumHeight(150);
}

void HistogramView::setBuckets(std::vector<LengthBucket> buckets, uint64_t longestAllowed) {
  buckets_ = std::move(buckets);
  longestAllowed_ = longestAllowed;
  describeAll();
  update();
}

void HistogramView::describeAll() {
  QStringList words;
  for (const LengthBucket& bucket : buckets_) words.append(describe(bucket));
  setAccessibleName(what_ == Of::kDocuments ? tr("Lengths of the documents")
                                            : tr("Lengths of the samples"));
  setAccessibleDescription(words.join(QStringLiteral("; ")));
}

QString HistogramView::describe(const LengthBucket& bucket) const {
  const QLocale locale;
  const int count = pluralOf(static_cast<int64_t>(bucket.documents));
  const QString words = what_ == Of::kDocuments
                            ? tr("%1 to %2 tokens: %3 documents", nullptr, count)
                            : tr("%1 to %2 tokens: %3 samples", nullptr, count);
  return words.arg(locale.toString(static_cast<qulonglong>(bucket.from)),
                   locale.toString(static_cast<qulonglong>(bucket.to)),
                   locale.toString(static_cast<qulonglong>(bucket.documents)));
}

QRect HistogramView::barArea() const {
  const int count = std::max(1, static_cast<int>(buckets_.size()));
  const int width = std::min(this->width(), count * kWidest);
  const int top = kTop + (longestAllowed_ > 0 ? kLimit : 0);
  return {0, top, width, height() - top - kBottom};
}

void HistogramView::paintEvent(QPaintEvent*) {
  if (buckets_.empty()) return;
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  QFont small = font();
  small.setPixelSize(11);
  painter.setFont(small);
  const QRect area = barArea();
  uint64_t most = 1;
  for (const LengthBucket& bucket : buckets_) most = std::max(most, bucket.documents);
  const double limit = limitX();
  const double step = static_cast<double>(area.width()) / static_cast<double>(buckets_.size());
  for (size_t i = 0; i < buckets_.size(); ++i) {
    const LengthBucket& bucket = buckets_[i];
    const double share = static_cast<double>(bucket.documents) / static_cast<double>(most);
    // A bar that is there is seen, however small.
    const double high = bucket.documents == 0 ? 0 : std::max(2.0, share * area.height());
    const double x = area.left() + step * static_cast<double>(i);
    const QRectF bar(x, area.bottom() + 1 - high, step - kGap, high);
    painter.setPen(Qt::NoPen);
    painter.setBrush(colors().accent);
    painter.drawRoundedRect(bar, 2, 2);
    if (limit < bar.right()) {
      painter.setBrush(mixed(colors().surface, colors().waiting, 0.6));
      painter.drawRoundedRect(bar.adjusted(std::max(0.0, limit - bar.left()), 0, 0, 0), 2, 2);
    }
    painter.setPen(colors().secondary);
    if (bucket.documents > 0)
      painter.drawText(QRectF(x - 6, bar.top() - 16, step - kGap + 12, 14), Qt::AlignCenter,
                       countText(bucket.documents));
    painter.drawText(QRectF(x - 6, area.bottom() + 3, step - kGap + 12, 14), Qt::AlignCenter,
                     countText(bucket.from));
  }
  painter.setPen(colors().border);
  painter.drawLine(area.left(), area.bottom() + 1, area.right(), area.bottom() + 1);
  painter.setPen(colors().secondary);
  painter.drawText(QRect(0, height() - 15, width(), 14), Qt::AlignLeft | Qt::AlignVCenter,
                   what_ == Of::kDocuments
                       ? tr("tokens in a document: each bar from its number up to the next")
                       : tr("tokens in a sample: each bar from its number up to the next"));
  paintLimit(painter);
}

double HistogramView::limitX() const {
  const QRect area = barArea();
  const double step = static_cast<double>(area.width()) / static_cast<double>(buckets_.size());
  for (size_t i = 0; longestAllowed_ > 0 && i < buckets_.size(); ++i) {
    const LengthBucket& bucket = buckets_[i];
    if (bucket.to <= longestAllowed_) continue;
    if (bucket.from > longestAllowed_) return area.left() + step * static_cast<double>(i);
    const double share = static_cast<double>(longestAllowed_ - bucket.from) /
                         static_cast<double>(bucket.to - bucket.from + 1);
    return area.left() + step * static_cast<double>(i) + share * (step - kGap);
  }
  return width() + 1.0;
}

void HistogramView::paintLimit(QPainter& painter) const {
  const double x = limitX();
  if (x > width()) return;
  const QRect area = barArea();
  painter.setPen(QPen(colors().text, 1, Qt::DashLine));
  painter.drawLine(QPointF(x, 0), QPointF(x, area.bottom()));
  const QString words =
      tr("at most %1").arg(QLocale().toString(static_cast<qulonglong>(longestAllowed_)));
  const int wide = painter.fontMetrics().horizontalAdvance(words) + 4;
  const bool isLeft = x + wide > width();
  painter.drawText(QRectF(isLeft ? x - wide : x + 4, 0, wide, kLimit),
                   Qt::AlignLeft | Qt::AlignVCenter, words);
}

bool HistogramView::event(QEvent* event) {
  if (event->type() != QEvent::ToolTip || buckets_.empty()) return QWidget::event(event);
  const auto* help = static_cast<QHelpEvent*>(event);
  const QRect area = barArea();
  const auto index = static_cast<size_t>(
      std::max(0, help->pos().x()) * static_cast<int>(buckets_.size()) / std::max(1, area.width()));
  if (index < buckets_.size())
    QToolTip::showText(help->globalPos(), describe(buckets_[index]), this);
  return true;
}

void HistogramView::changeEvent(QEvent* event) {
  if (event->type() == QEvent::LanguageChange) describeAll();
  QWidget::changeEvent(event);
}

}  // namespace z2::ui
