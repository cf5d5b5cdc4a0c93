#pragma once

// A run's state: its shape and its word.

#include <optional>

#include <QWidget>

#include "core/run/run_status.h"

namespace z2::ui {

class StateLabel : public QWidget {
  Q_OBJECT

 public:
  using QWidget::QWidget;

  // Empty: the run cannot be read. `more` follows the word.
  void setState(std::optional<RunState> state, const QString& more = {});
  [[nodiscard]] QSize sizeHint() const override;

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  [[nodiscard]] QString text() const;

  std::optional<RunState> state_;
  QString more_;
};

}  // namespace z2::ui
