#pragma once

// What a page is built in: parts, each in an event of its own, one after the other, so that the
// window answers in between. What is seen first is added first.

#include <deque>
#include <functional>

#include <QTimer>

namespace z2::ui {

// Lives in the GUI thread.
class Parts : public QObject {
  Q_OBJECT

 public:
  using Call = std::function<void()>;

  explicit Parts(QObject* parent = nullptr);

  // `build` runs in an event of its own, behind what was added before. What is added while a part
  // is built comes right behind that part.
  void add(Call build);
  // For who needs all of them: `call` runs at once when they are built, else as soon as they are,
  // in the order of asking.
  void whenBuilt(Call call);
  // Whether there is nothing left to build or to call.
  [[nodiscard]] bool isBuilt() const { return parts_.empty() && calls_.empty() && !isBuilding_; }

 private:
  void next();

  std::deque<Call> parts_;
  std::deque<Call> calls_;  // that wait for the last part
  QTimer turn_;
  std::ptrdiff_t place_ = 0;  // in parts_, of what the part that is being built adds
  bool isBuilding_ = false;
};

}  // namespace z2::ui
