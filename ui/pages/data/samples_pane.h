#pragma once

// Beside the form for new data: the samples that it would make, read anew when the form changes.

#include <QWidget>

#include "ui/pages/data/data_request.h"

class QPushButton;
class QTimer;

namespace z2::ui {

class LeaveChoice;
class SampleSetView;

class SamplesPane : public QWidget {
  Q_OBJECT

 public:
  explicit SamplesPane(QWidget* parent = nullptr);

  void setRequest(const DataRequest& request);
  // Why it cannot be tokenized so; empty: it can, as far as the samples were looked at.
  [[nodiscard]] QString problem() const;
  // What problem() has no room for.
  [[nodiscard]] QString problemDetail() const;
  [[nodiscard]] bool allowsCut() const;
  [[nodiscard]] bool allowsUntrained() const;
  [[nodiscard]] bool isSettled() const;

 Q_SIGNALS:
  void changed();  // what problem() says, or what is allowed

 protected:
  void changeEvent(QEvent* event) override;
  bool event(QEvent* event) override;

 private:
  void retranslate();
  void load();
  void judge();

  SampleSetView* samples_;
  QPushButton*
      again_;  // while there is a problem outside the form, which only the user can see end
  LeaveChoice* leave_;
  QTimer* soon_;
  DataRequest request_;
  QStringList key_;    // what decides the samples
  QStringList files_;  // of the samples that are shown
};

}  // namespace z2::ui
