#include "core/model/recording.h"

#include "core/model/operations.h"

namespace z2 {

namespace {

// A recording costs more than the calls that it saves in a few passes; passes that differ so often
// are better called.
constexpr int kMostRecordings = 8;

bool canRecord(const Z2Ops& ops) {
  Z2DeviceInfo info = {};
  return ops.deviceInfo(ops.context, &info) == Z2_OK && info.canRecord != 0;
}

}  // namespace

Recording::Recording(const Z2Ops& ops, bool isWanted)
    : ops_(ops), isOn_(isWanted && canRecord(ops)) {}

Recording::~Recording() { release(); }

void Recording::release() {
  if (recording_ != nullptr) ops_.releaseRecording(ops_.context, recording_);
  recording_ = nullptr;
  recorded_.reset();
}

Result<void> Recording::run(const Key& key, const std::function<Result<void>()>& work) {
  if (!isOn_) return work();
  if (recorded_ == key)
    return checkStatus(ops_, ops_.replay(ops_.context, recording_), "running a recorded pass");
  const bool isRepeated = last_ == key;
  last_ = key;
  return isRepeated ? record(key, work) : work();
}

Result<void> Recording::record(const Key& key, const std::function<Result<void>()>& work) {
  release();
  isOn_ = ++recordings_ < kMostRecordings && ops_.beginRecording(ops_.context) == Z2_OK;
  if (!isOn_) return work();
  const Result<void> done = work();
  isOn_ = ops_.endRecording(ops_.context, &recording_) == Z2_OK;
  if (!done) return done;
  if (!isOn_) return work();
  recorded_ = key;
  return checkStatus(ops_, ops_.replay(ops_.context, recording_), "running a recorded pass");
}

}  // namespace z2
