#include "ui/widgets/icon.h"

#include <QFile>
#include <QIconEngine>
#include <QPainter>
#include <QSvgRenderer>

#include "ui/theme/theme.h"

namespace z2::ui {

namespace {

QColor colorOf(IconTone tone) {
  switch (tone) {
    case IconTone::kText:
      return colors().text;
    case IconTone::kAccent:
      return colors().accent;
    case IconTone::kOnAccent:
      return colors().onAccent;
    case IconTone::kGood:
      return colors().finished;
    case IconTone::kWarning:
      return colors().waiting;
    case IconTone::kFailed:
      return colors().failed;
    case IconTone::kSecondary:
      break;
  }
  return colors().secondary;
}

class LineIconEngine : public QIconEngine {
 public:
  LineIconEngine(QByteArray drawing, IconTone tone) : drawing_(std::move(drawing)), tone_(tone) {}

  void paint(QPainter* painter, const QRect& rect, QIcon::Mode mode, QIcon::State state) override {
    QColor color = state == QIcon::On ? colors().accent : colorOf(tone_);
    if (mode == QIcon::Disabled) color.setAlphaF(0.5F);
    QByteArray tinted = drawing_;
    tinted.replace("currentColor", color.name().toLatin1());
    QSvgRenderer renderer(tinted);
    painter->save();
    painter->setOpacity(color.alphaF());
    renderer.render(painter, rect);
    painter->restore();
  }

  QPixmap pixmap(const QSize& size, QIcon::Mode mode, QIcon::State state) override {
    QPixmap picture(size);
    picture.fill(Qt::transparent);
    QPainter painter(&picture);
    paint(&painter, QRect(QPoint(0, 0), size), mode, state);
    return picture;
  }

  [[nodiscard]] QIconEngine* clone() const override {
    return std::make_unique<LineIconEngine>(drawing_, tone_).release();
  }

 private:
  const QByteArray drawing_;
  const IconTone tone_;
};

}  // namespace

QIcon lineIcon(const QString& name, IconTone tone) {
  QFile file(QStringLiteral(":/icons/") + name + QStringLiteral(".svg"));
  if (!file.open(QIODevice::ReadOnly)) return {};
  return QIcon(std::make_unique<LineIconEngine>(file.readAll(), tone).release());
}

}  // namespace z2::ui
