#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <string_view>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <unistd.h>

#include "core/base/engine_program.h"
#include "core/base/libtorch_location.h"
#include "core/base/process.h"
#include "core/base/program_path.h"
#include "core/doctor/findings.h"
#include "core/io/files.h"

namespace z2 {

namespace fs = std::filesystem;

namespace {

constexpr std::chrono::seconds kPatience{20};

struct Answer {
  bool hasStarted = false;
  ProcessEnd end;
  std::string text;  // standard output and error
};

// Runs a program that should answer at once; ends it when it does not.
Answer ask(const fs::path& program, std::vector<std::string> arguments,
           std::vector<std::pair<std::string, std::string>> environment = {}) {
  std::string file = (fs::temp_directory_path() / "z2-doctor-XXXXXX").native();
  const FileHandle handle(::mkstemp(file.data()));
  Answer answer;
  if (!handle.isOpen()) return answer;
  auto child = ChildProcess::spawn({.program = program,
                                    .arguments = std::move(arguments),
                                    .environment = std::move(environment),
                                    .output = file,
                                    .newSession = true});
  if (child) {
    const auto deadline = std::chrono::steady_clock::now() + kPatience;
    while (!child->poll() && std::chrono::steady_clock::now() < deadline)
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    if (!child->poll()) endGroup(child->id(), std::chrono::milliseconds(0));
    answer.hasStarted = true;
    answer.end = child->wait();
    answer.text = readFile(file, 1 << 16).value_or("");
    while (!answer.text.empty() && answer.text.back() == '\n') answer.text.pop_back();
  }
  ::unlink(file.c_str());
  return answer;
}

// Reads "NAME, MiB, DRIVER" lines into `details`; returns them as one sentence.
std::string addGpus(const std::string& lines, Json& details) {
  std::string sentence;
  std::istringstream input(lines);
  for (std::string line; std::getline(input, line);) {
    const size_t first = line.find(", ");
    const size_t second = line.find(", ", first == std::string::npos ? first : first + 2);
    if (second == std::string::npos) continue;
    const std::string name = line.substr(0, first);
    const double gigabytes =
        std::strtod(line.substr(first + 2, second - first - 2).c_str(), nullptr) * 1048576 / 1e9;
    details["gpus"].push_back({{"name", name}, {"memory_gb", gigabytes}});
    details["driver"] = line.substr(second + 2);
    sentence += fmt::format("{}{} with {:.0f} GB", sentence.empty() ? "" : ", ", name, gigabytes);
  }
  return sentence + ", driver " + details["driver"].dump();
}

std::string firstLine(const std::string& text) { return text.substr(0, text.find('\n')); }

}  // namespace

Finding examineLibTorch(const fs::path& programs) {
  const auto torch = findLibTorch(programs);
  if (!torch)
    return {.name = "libtorch",
            .health = Health::kBroken,
            .found = torch.error().what,
            .fix = torch.error().fix,
            .details = {{"path", nullptr}, {"version", nullptr}}};
  return {.name = "libtorch",
          .health = Health::kGood,
          .found = fmt::format("LibTorch {} in {} ({})",
                               torch->version.empty() ? "of unknown version" : torch->version,
                               torch->libraries.native(), torch->source),
          .fix = "",
          .details = {{"path", torch->libraries.native()}, {"version", torch->version}}};
}

Finding examineTrainer(const fs::path& programs) {
  const fs::path trainer = programs / "z2all-train";
  Finding finding{.name = "trainer", .health = Health::kGood, .found = "", .fix = ""};
  finding.details = {{"path", trainer.native()}};
  if (::access(trainer.c_str(), X_OK) != 0) {
    finding.health = Health::kBroken;
    finding.found = "the engine, " + trainer.native() + ", is not there";
    finding.fix = "Build it with packaging/setup, or copy it beside z2all";
    return finding;
  }
  const auto engine = findEngine();
  const Answer answer =
      ask(trainer, {"--version"},
          engine ? engine->environment : std::vector<std::pair<std::string, std::string>>());
  if (answer.end.code == 0) {
    finding.found =
        fmt::format("the engine starts: {} {}", trainer.native(), firstLine(answer.text));
    finding.details["version"] = firstLine(answer.text);
    return finding;
  }
  finding.health = Health::kBroken;
  finding.found = fmt::format("the engine, {}, does not start ({}){}", trainer.native(),
                              answer.end.text(), answer.text.empty() ? "" : ": " + answer.text);
  finding.fix = "See the line above; a missing library is brought by packaging/setup";
  return finding;
}

Finding examineGpu(const fs::path& programs) {
  Finding finding{.name = "gpu", .health = Health::kNote, .found = "", .fix = ""};
  finding.details = {{"gpus", Json::array()}, {"driver", nullptr}};
  std::error_code ignored;
  std::ifstream driverFile("/proc/driver/nvidia/version");
  if (!fs::exists("/dev/nvidiactl", ignored) && !driverFile) {
    finding.found = "there is no NVIDIA GPU (no driver is loaded), so the CPU is used";
    return finding;
  }
  const auto tool = findOnPath("nvidia-smi");
  if (!tool) {
    finding.found = "an NVIDIA driver is loaded, but nvidia-smi is not on PATH";
    finding.fix = "Install the driver's tools to see what the GPU does";
    return finding;
  }
  const Answer answer =
      ask(*tool, {"--query-gpu=name,memory.total,driver_version", "--format=csv,noheader,nounits"});
  if (answer.end.code != 0) {
    finding.found = "nvidia-smi fails, so the CPU is used: " + firstLine(answer.text);
    finding.fix = "Mend the driver; a restart of the machine helps after an update";
    return finding;
  }
  finding.found = addGpus(answer.text, finding.details);
  const bool hasPlugin = fs::exists(programs / "libz2_cuda.so", ignored);
  finding.health = hasPlugin ? Health::kGood : Health::kNote;
  if (!hasPlugin) {
    finding.found += "; the CUDA plug-in is not beside this program, so the CPU is used";
    finding.fix = "Build libz2_cuda with a CUDA toolkit, or use the node bundle";
  }
  return finding;
}

Finding examinePlugins(const fs::path& programs) {
  // Each with what it is for, as it is said.
  constexpr std::string_view kKnown[] = {"libz2_parquet.so (parquet files)",
                                         "libz2_spm.so (sentencepiece training)",
                                         "libz2_curl.so (asking servers)"};
  Json all = Json::object();
  std::string present;
  std::string missing;
  for (const std::string_view plugin : kKnown) {
    const std::string file(plugin.substr(0, plugin.find(' ')));
    std::error_code ignored;
    const bool isThere = fs::exists(programs / file, ignored);
    all[file] = isThere;
    std::string& list = isThere ? present : missing;
    list += fmt::format("{}{}", list.empty() ? "" : ", ", plugin);
  }
  std::string found = present.empty() ? "no plug-ins" : "plug-ins: " + present;
  if (!missing.empty()) found += "; not there: " + missing;
  return {.name = "plugins",
          .health = missing.empty() ? Health::kGood : Health::kNote,
          .found = std::move(found),
          .fix = missing.empty() ? "" : "Build them with packaging/setup if you need what they do",
          .details = {{"plugins", std::move(all)}}};
}

}  // namespace z2
