#pragma once

#include <vector>

#include <QWidget>

class QLabel;

namespace z2::ui {

// The keys of the window, a row each.
class ShortcutList : public QWidget {
  Q_OBJECT

 public:
  explicit ShortcutList(QWidget* parent = nullptr);
  void retranslate();

 private:
  std::vector<QLabel*> texts_;
};

}  // namespace z2::ui
