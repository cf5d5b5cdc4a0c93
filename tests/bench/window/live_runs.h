#pragma once

// Runs whose files grow as those of a trainer do, by another process.

#include <filesystem>
#include <string>

namespace z2::ui {

struct LiveRuns {
  int count = 4;
  int history = 20'000;  // rows that are there before
  double rate = 4;       // rows a second that each one gets
};

[[nodiscard]] std::string liveRunName(int number);
void makeLiveRuns(const std::filesystem::path& workspace, const LiveRuns& runs);
// Appends to them until the process that started it is gone.
void feedLiveRuns(const std::filesystem::path& workspace, const LiveRuns& runs);

// `count` runs at rest, of all states, each with a curve.
void makeRestingRuns(const std::filesystem::path& workspace, int count);

}  // namespace z2::ui
