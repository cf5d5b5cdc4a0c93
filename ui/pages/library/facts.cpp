#include "ui/pages/library/facts.h"

#include <cmath>
#include <memory>

#include <QGridLayout>
#include <QLabel>
#include <QTextEdit>
#include <QWheelEvent>

#include "ui/base/child.h"
#include "ui/theme/theme.h"

namespace z2::ui {

namespace {

// As a label, but a path or a checksum, which has no spaces, is broken where the line ends.
class FactText : public QTextEdit {
 public:
  FactText(const QString& text, QWidget* parent) : QTextEdit(parent) {
    setProperty("role", QStringLiteral("message"));
    setReadOnly(true);
    setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    setTabChangesFocus(true);
    setFrameStyle(QFrame::NoFrame);
    setWordWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
    for (const auto policy :
         {&QTextEdit::setVerticalScrollBarPolicy, &QTextEdit::setHorizontalScrollBarPolicy})
      (this->*policy)(Qt::ScrollBarAlwaysOff);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    document()->setDocumentMargin(0);
    setPlainText(text);
  }
  QSize sizeHint() const override { return {kUsualWidth, height()}; }
  QSize minimumSizeHint() const override { return {kLeastWidth, height()}; }

 protected:
  void resizeEvent(QResizeEvent* event) override {
    QTextEdit::resizeEvent(event);
    setFixedHeight(static_cast<int>(std::ceil(document()->size().height())));
  }
  void wheelEvent(QWheelEvent* event) override { event->ignore(); }  // the pane scrolls

 private:
  static constexpr int kUsualWidth = 320;
  static constexpr int kLeastWidth = 120;
};

}  // namespace

Facts::Facts(QWidget* parent) : QWidget(parent), grid_(child<QGridLayout>(this)) {
  grid_->setContentsMargins(0, 0, 0, 0);
  grid_->setHorizontalSpacing(spacing::kSection);
  grid_->setVerticalSpacing(spacing::kGrid);
  grid_->setColumnStretch(1, 1);
}

void Facts::setFacts(const QList<QPair<QString, QString>>& facts) {
  while (const std::unique_ptr<QLayoutItem> item{grid_->takeAt(0)}) {
    item->widget()->hide();
    item->widget()->deleteLater();
  }
  int row = 0;
  for (const auto& [name, value] : facts) {
    auto* label = child<QLabel>(name, this);
    label->setProperty("role", QStringLiteral("secondary"));
    label->setAlignment(Qt::AlignLeft | Qt::AlignTop);
    auto* text = child<FactText>(value, this);
    text->setAccessibleName(name);
    grid_->addWidget(label, row, 0);
    grid_->addWidget(text, row, 1);
    ++row;
  }
}

}  // namespace z2::ui
