#include "ui/base/parts.h"

#include <utility>

namespace z2::ui {

Parts::Parts(QObject* parent) : QObject(parent) {
  // Without an interval it comes when nothing else waits: what was built is drawn, and keys and
  // clicks are answered, before the next part.
  turn_.setSingleShot(true);
  turn_.setInterval(0);
  connect(&turn_, &QTimer::timeout, this, &Parts::next);
}

void Parts::add(Call build) {
  const auto place = isBuilding_ ? parts_.begin() + place_++ : parts_.end();
  parts_.insert(place, std::move(build));
  turn_.start();
}

void Parts::whenBuilt(Call call) {
  if (isBuilt()) return call();
  calls_.push_back(std::move(call));
  turn_.start();
}

void Parts::next() {
  const bool isPart = !parts_.empty();
  std::deque<Call>& waiting = isPart ? parts_ : calls_;
  if (waiting.empty()) return;
  const Call call = std::move(waiting.front());
  waiting.pop_front();
  place_ = 0;
  isBuilding_ = isPart;
  call();
  isBuilding_ = false;
  if (!isBuilt()) turn_.start();
}

}  // namespace z2::ui
