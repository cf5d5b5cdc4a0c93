#pragma once

// The compared runs with their colours and line styles: a click shows or hides one, pointing at it
// or focusing it brings its curves forward.

#include <vector>

#include <QStringList>
#include <QWidget>

class QHBoxLayout;
class QPushButton;

namespace z2::ui {

class RunLegend : public QWidget {
  Q_OBJECT

 public:
  explicit RunLegend(QWidget* parent);

  void setRuns(const QStringList& titles);
  [[nodiscard]] bool isShown(int run) const;
  // -1: none.
  [[nodiscard]] int highlighted() const { return highlighted_; }

 Q_SIGNALS:
  void changed();

 protected:
  bool eventFilter(QObject* watched, QEvent* event) override;
  void changeEvent(QEvent* event) override;

 private:
  void highlight(int run);
  void drawIcons();

  QHBoxLayout* row_;
  std::vector<QPushButton*> buttons_;
  int highlighted_ = -1;
};

}  // namespace z2::ui
