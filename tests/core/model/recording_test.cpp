#include "core/model/recording.h"

#include <string>

#include <gtest/gtest.h>

#include "kernels/cpu_ops.h"

namespace z2 {
namespace {

// A table that writes down what is asked of it; its recordings are only names.
class RecordingDevice {
 public:
  RecordingDevice() : ops(cpuOps(1)) {
    log().clear();
    failsAtEnd() = false;
    ops.deviceInfo = [](Z2Context*, Z2DeviceInfo* info) {
      info->canRecord = 1;
      return Z2_OK;
    };
    ops.beginRecording = [](Z2Context*) { return note("begin"); };
    ops.endRecording = [](Z2Context*, Z2Recording** out) {
      note("end");
      *out = failsAtEnd() ? nullptr : reinterpret_cast<Z2Recording*>(&log());
      return failsAtEnd() ? Z2_FAILED : Z2_OK;
    };
    ops.replay = [](Z2Context*, Z2Recording*) { return note("replay"); };
    ops.releaseRecording = [](Z2Context*, Z2Recording*) { return note("release"); };
  }
  static Z2Status note(const char* what) {
    log() += std::string(what) + ' ';
    return Z2_OK;
  }
  static std::string& log() {
    static std::string text;
    return text;
  }
  static bool& failsAtEnd() {
    static bool fails = false;
    return fails;
  }
  Z2Ops ops;
};

Result<void> work() {
  RecordingDevice::note("work");
  return {};
}

TEST(Recording, RecordsAPassTheSecondTimeAndReplaysIt) {
  const RecordingDevice device;
  {
    Recording recording(device.ops, true);
    for (int i = 0; i < 4; ++i) ASSERT_TRUE(recording.run({.rows = 8, .columns = 16}, work));
    EXPECT_EQ(device.log(), "work begin work end replay replay replay ");
    // Another key: called, then recorded in the first one's place.
    device.log().clear();
    for (int i = 0; i < 3; ++i) ASSERT_TRUE(recording.run({.rows = 4, .columns = 16}, work));
    EXPECT_EQ(device.log(), "work release begin work end replay replay ");
    device.log().clear();
  }
  EXPECT_EQ(device.log(), "release ");
}

TEST(Recording, OnlyCallsPassesThatNeverRepeat) {
  const RecordingDevice device;
  Recording recording(device.ops, true);
  for (int i = 0; i < 3; ++i)
    ASSERT_TRUE(recording.run({.gradScale = static_cast<float>(i)}, work));
  EXPECT_EQ(device.log(), "work work work ");
}

TEST(Recording, StopsWhenItHelpsNot) {
  const RecordingDevice device;
  Recording recording(device.ops, true);
  for (int i = 0; i < 40; ++i)
    ASSERT_TRUE(recording.run({.gradScale = static_cast<float>(i / 2)}, work));
  EXPECT_FALSE(recording.isOn());
  device.log().clear();
  for (int i = 0; i < 2; ++i) ASSERT_TRUE(recording.run({.gradScale = 1}, work));
  EXPECT_EQ(device.log(), "work work ");
}

TEST(Recording, CallsThePassWhenTheDeviceFailsToRecordIt) {
  const RecordingDevice device;
  device.failsAtEnd() = true;
  Recording recording(device.ops, true);
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(recording.run({}, work));
  EXPECT_EQ(device.log(), "work begin work end work work ");
}

TEST(Recording, IsOffWhereItIsNotWantedOrCannotBe) {
  const RecordingDevice device;
  EXPECT_FALSE(Recording(device.ops, false).isOn());
  EXPECT_FALSE(Recording(cpuOps(1), true).isOn());
}

}  // namespace
}  // namespace z2
