#include "tests/e2e/small_run.h"

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <map>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <sys/resource.h>

#include "core/base/check.h"
#include "core/checkpoint/checkpoint_store.h"
#include "core/data/token_file_writer.h"
#include "core/run/metrics_reader.h"

namespace z2 {

namespace fs = std::filesystem;

void writeWalk(const fs::path& prefix, uint64_t seed) {
  auto writer = TokenFileWriter::create(prefix, TokenType::kUint16);
  Z2_CHECK(writer.has_value(), "the data cannot be written");
  std::mt19937_64 random(seed);
  for (int document = 0; document < 300; ++document) {
    std::vector<int32_t> ids(20 + random() % 60);
    auto at = static_cast<int32_t>(random() % 64);
    for (int32_t& id : ids) {
      id = at;
      at = static_cast<int32_t>((at * 5 + 1 + random() % 2) % 64);
    }
    Z2_CHECK(writer->append(ids).has_value(), "the data cannot be written");
  }
  DataManifest manifest;
  manifest.vocabSize = 64;
  Z2_CHECK(writer->commit(manifest).has_value(), "the data cannot be written");
}

RunDirectory makeRun(const fs::path& folder, const fs::path& data,
                     const std::vector<std::string>& settings) {
  const Json values = {{"model.vocab_size", 64},
                       {"model.hidden_size", 32},
                       {"model.intermediate_size", 64},
                       {"model.num_hidden_layers", 2},
                       {"model.num_attention_heads", 2},
                       {"model.num_key_value_heads", 1},
                       {"model.max_position_embeddings", 32},
                       {"data.train", data.native()},
                       {"data.valid", data.native()},
                       {"data.seq_len", 32},
                       {"train.steps", 40},
                       {"train.micro_batch_size", 4},
                       {"train.device", "cpu"},
                       {"train.threads", 2},
                       {"train.log_interval", 3},
                       {"train.eval_interval", 20},
                       {"train.eval_batches", 2},
                       {"train.checkpoint_interval", 7},
                       {"optim.lr", 0.01},
                       {"optim.warmup_steps", 5}};
  const auto config = RunConfig::make(Task::kPretrain, values, settings);
  Z2_CHECK(config.has_value(), config ? "" : config.error().text());
  auto run = RunDirectory::create(folder, *config);
  Z2_CHECK(run.has_value(), run ? "" : run.error().text());
  return *run;
}

ChildProcess startTrainer(const RunDirectory& run, const std::vector<std::string>& arguments,
                          uint64_t mostFileBytes) {
  ProcessSpec spec;
  spec.program = fs::path(Z2_BINARY_DIR) / "bin" / "z2all-train";
  spec.arguments = {"run", run.path().native()};
  spec.arguments.insert(spec.arguments.end(), arguments.begin(), arguments.end());
  spec.output = run.path() / "output.txt";
  if (mostFileBytes > 0) {
    spec.beforeStart = [mostFileBytes](const ProcessId& id) -> Result<void> {
      const rlimit limit{mostFileBytes, mostFileBytes};
      ::prlimit(static_cast<pid_t>(id.pid), RLIMIT_FSIZE, &limit, nullptr);
      return {};
    };
  }
  auto child = ChildProcess::spawn(spec);
  Z2_CHECK(child.has_value(), child ? "" : child.error().text());
  return std::move(*child);
}

std::map<int64_t, std::string> exactMetrics(const RunDirectory& run) {
  std::map<int64_t, std::string> exact;
  int attempt = 0;
  MetricsReader reader(run.metrics());
  const auto done = reader.poll([&](const MetricsRow& row) {
    if (row.attempt != attempt) exact.erase(exact.lower_bound(row.step), exact.end());
    attempt = row.attempt;
    Json kept;
    for (const char* name : {"loss", "lr", "grad_norm", "tokens", "valid/loss", "rewards/margins",
                             "rewards/accuracies", "logps/chosen", "nll_loss"})
      if (const auto value = row.number(name)) kept[name] = *value;
    exact[row.step] = kept.dump();
  });
  EXPECT_TRUE(done.has_value()) << done.error().text();
  return exact;
}

std::map<std::string, std::string> newestTensors(const RunDirectory& run) {
  std::map<std::string, std::string> tensors;
  const auto newest = CheckpointStore::findNewest(run.checkpoints());
  if (!newest || !*newest) return tensors;
  tensors["step"] = std::to_string((*newest)->info().step);
  for (const TensorView& tensor : (*newest)->tensors())
    tensors[tensor.name].assign(reinterpret_cast<const char*>(tensor.bytes.data()),
                                tensor.bytes.size());
  return tensors;
}

int countEvents(const RunDirectory& run, const std::string& name) {
  std::ifstream file(run.events());
  int count = 0;
  for (std::string line; std::getline(file, line);) {
    const auto event = parseJson(line, "events.jsonl");
    count += event && event->value("event", "") == name ? 1 : 0;
  }
  return count;
}

}  // namespace z2
