#pragma once

// Where more than 5 % of the samples would be cut or train nothing, the work stops unless the user
// lets it go on.

#include <array>

#include <QWidget>

class QCheckBox;

namespace z2::ui {

class LeaveChoice : public QWidget {
  Q_OBJECT

 public:
  enum Leave { kCut, kUntrained };
  static constexpr int kLeaves = 2;

  // `flags`: of the command line, for the tool-tips.
  explicit LeaveChoice(const std::array<QString, kLeaves>& flags, QWidget* parent = nullptr);

  // One that is not offered is not given either.
  void offer(Leave leave, bool isOffered);
  [[nodiscard]] bool isOffered(Leave leave) const;
  void setGiven(Leave leave, bool isGiven);  // tells nobody
  [[nodiscard]] bool isGiven(Leave leave) const;

 Q_SIGNALS:
  void decided();  // by the user

 protected:
  void changeEvent(QEvent* event) override;

 private:
  void retranslate();

  std::array<QCheckBox*, kLeaves> boxes_;
};

}  // namespace z2::ui
