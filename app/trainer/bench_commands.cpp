#include "app/trainer/bench_commands.h"

#include <cstdint>
#include <cstdio>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <CLI/App.hpp>

#include "core/generate/bench_generate.h"
#include "core/io/json.h"
#include "core/train/bench_ablation.h"
#include "core/train/bench_checkpoint.h"
#include "core/train/bench_step.h"
#include "core/train/device.h"
#include "kernels/bench/bench_kernels.h"

namespace z2 {

namespace {

void print(const Json& result, bool asJson) {
  if (asJson) {
    std::printf("%s\n", jsonLine(result).c_str());
    return;
  }
  for (const auto& [name, value] : result.items())
    std::printf("%-16s %s\n", name.c_str(), value.dump().c_str());
}

void addCheckpoint(CLI::App& bench, std::function<Result<void>()>& action) {
  struct Options {
    int64_t parameters = 100'000'000;
    int rounds = 3;
    std::string folder = ".";
    bool asJson = false;
  };
  auto options = std::make_shared<Options>();
  CLI::App* command = bench.add_subcommand(
      "checkpoint",
      "How long a step stands still for a checkpoint, and how long it takes to write");
  command->add_option("--parameters", options->parameters, "Parameters; 12 bytes each")
      ->check(CLI::Range(int64_t{1}, int64_t{10'000'000'000}))
      ->capture_default_str();
  command->add_option("--rounds", options->rounds, "Saves")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
  command->add_option("--folder", options->folder, "Where to write; everything is removed again")
      ->check(CLI::ExistingDirectory)
      ->capture_default_str();
  command->add_flag("--json", options->asJson, "Print one JSON object");
  command->callback([options, &action] {
    action = [options]() -> Result<void> {
      Z2_TRY(const Json result,
             benchCheckpoint(options->parameters, options->rounds, options->folder));
      print(result, options->asJson);
      return {};
    };
  });
}

void printKernels(const Json& rows) {
  std::printf("%-22s %-20s %-5s %10s %10s %10s %7s\n", "kernel", "shape", "dtype", "ms", "speed",
              "ceiling", "%");
  for (const Json& row : rows) {
    const bool isCompute = row.contains("tflop_s");
    std::printf("%-22s %-20s %-5s %10.3f %10.3f %10.3f %7.1f  %s\n",
                row["name"].get<std::string>().c_str(), row["shape"].get<std::string>().c_str(),
                row["dtype"].get<std::string>().c_str(), row["ms"].get<double>(),
                row[isCompute ? "tflop_s" : "gb_s"].get<double>(), row["ceiling"].get<double>(),
                row["percent"].get<double>(), isCompute ? "TFLOP/s" : "GB/s");
  }
}

// Where an operation or a model is measured, and what of it is printed.
struct Place {
  std::string device = "auto";
  std::string dtype = "fp32";
  int threads = 0;
  bool asJson = false;

  // fp8 is a matter of products; the rest is bf16.
  [[nodiscard]] DType type() const {
    for (const DType type : {DType::kF32, DType::kF16})
      if (nameOf(type) == dtype) return type;
    return DType::kBF16;
  }
  [[nodiscard]] Result<Device> open() const { return openDevice(device, threads); }
};

void addPlace(CLI::App& command, Place& place, const char* typeHelp,
              const std::vector<std::string>& types) {
  command.add_option("--device", place.device, "As train.device")->capture_default_str();
  command.add_option("--dtype", place.dtype, typeHelp)
      ->check(CLI::IsMember(types))
      ->capture_default_str();
  command.add_option("--threads", place.threads, "CPU threads; 0: all cores")
      ->check(CLI::Range(0, 1024))
      ->capture_default_str();
  command.add_flag("--json", place.asJson, "Print JSON");
}

void addKernels(CLI::App& bench, std::function<Result<void>()>& action) {
  struct Options {
    KernelBenchOptions kernels;
    Place place;
  };
  auto options = std::make_shared<Options>();
  CLI::App* command = bench.add_subcommand(
      "kernels", "Every operation on the shapes of one model, against the device's own ceilings");
  addPlace(*command, options->place, "Element type; fp8: bf16, and products of 8 bits",
           {"fp32", "bf16", "fp16", "fp8"});
  const auto size = [command](const char* name, int64_t& value, const char* help) {
    command->add_option(name, value, help)
        ->check(CLI::Range(int64_t{1}, int64_t{1} << 24))
        ->capture_default_str();
  };
  size("--batch", options->kernels.batch, "Sequences");
  size("--seq", options->kernels.length, "Tokens of a sequence");
  size("--hidden", options->kernels.hidden, "Hidden size");
  size("--heads", options->kernels.heads, "Query heads");
  size("--kv-heads", options->kernels.kvHeads, "Key/value heads");
  size("--head-size", options->kernels.headSize, "Size of a head");
  size("--intermediate", options->kernels.intermediate, "Intermediate size");
  size("--vocab", options->kernels.vocabulary, "Vocabulary");
  command->callback([options, &action] {
    action = [options]() -> Result<void> {
      options->kernels.hasFp8 = options->place.dtype == "fp8";
      options->kernels.type = options->place.type();
      Z2_TRY(const Device device, options->place.open());
      Z2_TRY(const Json rows, benchKernels(*device.ops, options->kernels));
      if (options->place.asJson) {
        std::printf("%s\n", jsonLine(rows).c_str());
      } else {
        printKernels(rows);
      }
      return {};
    };
  });
}

// What the commands over training steps share.
void addStepOptions(CLI::App& command, BenchStepOptions& options) {
  command.add_option("--model", options.model, "A preset: tiny, z2-124m, z2-1.1b or z2-1.7b")
      ->capture_default_str();
  const auto count = [&command](const char* name, int64_t& value, const char* help) {
    command.add_option(name, value, help)->check(CLI::Range(int64_t{1}, int64_t{1} << 30));
  };
  count("--micro-batch", options.microBatch, "Sequences of a micro-batch");
  count("--seq", options.sequence, "Tokens of a sequence; by default the preset's");
  count("--accum", options.accumulation, "Micro-batches of a step; by default 1");
  count("--steps", options.steps, "Steps to measure, after one to warm up; by default 8");
  count("--documents", options.documentLength,
        "Tokens of a document: a row then holds several, which do not see each other");
  command.add_option("--device", options.device, "auto, cpu or cuda")->capture_default_str();
  command.add_option("--threads", options.threads, "Threads of the CPU; by default all")
      ->check(CLI::Range(1, 4096));
  command.add_option("--set", options.settings, "KEY=VALUE, as of a run; may be repeated")
      ->take_all();
}

void printProfile(const Json& profile) {
  double all = 0;
  for (const Json& seconds : profile) all += seconds.get<double>();
  for (const auto& [name, seconds] : profile.items())
    std::printf("%-34s %10.3f ms a step %5.1f %%\n", name.c_str(), seconds.get<double>() * 1e3,
                seconds.get<double>() / all * 100);
}

void addStep(CLI::App& bench, std::function<Result<void>()>& action) {
  auto options = std::make_shared<BenchStepOptions>();
  auto asJson = std::make_shared<bool>(false);
  CLI::App* command =
      bench.add_subcommand("step", "Tokens a second and MFU of training steps on random tokens");
  addStepOptions(*command, *options);
  command->add_flag("--profile", options->isProfiled, "Also tell the seconds of each operation");
  command->add_option("--timeline", options->timeline,
                      "Write the last step's operations to this file, for chrome://tracing or "
                      "ui.perfetto.dev");
  command->add_flag("--json", *asJson, "Print one JSON object");
  command->callback([options, asJson, &action] {
    action = [options, asJson]() -> Result<void> {
      Z2_TRY(Json result, benchStep(*options));
      const Json profile = result.value("profile", Json::object());
      if (!*asJson) result.erase("profile");
      print(result, *asJson);
      if (!*asJson) printProfile(profile);
      return {};
    };
  });
}

void printAblationRow(const Json& row) {
  const std::string off = row["off"].get<std::string>();
  if (row.contains("error")) {
    std::printf("%-22s %s\n", off.c_str(), row["error"].get<std::string>().c_str());
  } else {
    std::printf("%-22s %12.0f %6.1f%% %8.2f %6.1f%%\n", off.empty() ? "nothing" : off.c_str(),
                row["tok_s"].get<double>(), 100 * row["mfu"].get<double>(),
                row["mem_gb"].get<double>(), 100 * row["share"].get<double>());
  }
  std::fflush(stdout);  // the next row takes a while
}

void addAblation(CLI::App& bench, std::function<Result<void>()>& action) {
  auto options = std::make_shared<BenchStepOptions>();
  auto asJson = std::make_shared<bool>(false);
  CLI::App* command = bench.add_subcommand(
      "ablation", "What each fused operation is worth: the step with one of them off at a time");
  addStepOptions(*command, *options);
  command->add_flag("--json", *asJson, "Print one JSON array");
  command->callback([options, asJson, &action] {
    action = [options, asJson]() -> Result<void> {
      if (!*asJson) std::printf("%-22s %12s %7s %8s %7s\n", "off", "tok/s", "MFU", "GB", "share");
      Z2_TRY(const Json rows, benchAblation(*options, [asJson](const Json& row) {
               if (!*asJson) printAblationRow(row);
             }));
      if (*asJson) std::printf("%s\n", jsonLine(rows).c_str());
      return {};
    };
  });
}

void addGenerate(CLI::App& bench, std::function<Result<void>()>& action) {
  struct Options {
    BenchGenerateOptions bench;
    Place place;
  };
  auto options = std::make_shared<Options>();
  CLI::App* command = bench.add_subcommand(
      "generate", "Tokens a second of answers, beside the speed of the device's memory");
  BenchGenerateOptions& its = options->bench;
  command->add_option("--model", its.model, "A preset: tiny, z2-124m, z2-1.1b or z2-1.7b")
      ->capture_default_str();
  const auto count = [command](const char* name, int64_t& value, const char* help) {
    command->add_option(name, value, help)
        ->check(CLI::Range(int64_t{1}, int64_t{1} << 20))
        ->capture_default_str();
  };
  count("--prompt", its.prompt, "Tokens of a prompt");
  count("--tokens", its.tokens, "Tokens of an answer");
  count("--rows", its.rows, "Answers at once");
  count("--rounds", its.rounds, "Rounds to measure, after one to warm up");
  command->add_option("--temperature", its.sampling.temperature, "0: the most likely token")
      ->capture_default_str();
  command->add_option("--top-k", its.sampling.topK, "Only the k most likely; 0: all")
      ->capture_default_str();
  command->add_option("--top-p", its.sampling.topP, "Only the most likely of this sum; 1: all")
      ->capture_default_str();
  addPlace(*command, options->place, "Element type", {"fp32", "bf16", "fp16"});
  command->callback([options, &action] {
    action = [options]() -> Result<void> {
      options->bench.type = options->place.type();
      Z2_TRY_VOID(validate(options->bench.sampling));
      Z2_TRY(const Device device, options->place.open());
      Z2_TRY(Json result, benchGenerate(*device.ops, options->bench));
      result["device"] = device.name;
      print(result, options->place.asJson);
      return {};
    };
  });
}

}  // namespace

void addBenchCommands(CLI::App& bench, std::function<Result<void>()>& action) {
  addCheckpoint(bench, action);
  addKernels(bench, action);
  addStep(bench, action);
  addAblation(bench, action);
  addGenerate(bench, action);
}

}  // namespace z2
