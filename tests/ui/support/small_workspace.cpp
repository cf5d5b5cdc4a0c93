#include "tests/ui/support/small_workspace.h"

#include <random>

#include <QtTest>

#include "core/base/check.h"
#include "core/data/token_file_writer.h"

namespace z2::ui {

namespace {

constexpr int kPatience = 60'000;

void writeWalk(const std::filesystem::path& prefix, uint64_t seed) {
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

}  // namespace

SmallWorkspace::SmallWorkspace() {
  std::filesystem::create_directories(data().parent_path());
  std::filesystem::create_directories(path() / "runs");
  writeWalk(data(), 1);
  writeWalk(data().native() + ".valid", 2);
}

std::vector<std::string> SmallWorkspace::smallShape() {
  return {"model.vocab_size=64",
          "model.hidden_size=32",
          "model.intermediate_size=64",
          "model.num_hidden_layers=2",
          "model.num_attention_heads=2",
          "model.num_key_value_heads=1",
          "model.max_position_embeddings=32",
          "data.seq_len=32",
          "train.micro_batch_size=4",
          "train.device=cpu"};
}

RunDirectory SmallWorkspace::makeRun(const std::string& name,
                                     const std::vector<std::string>& settings) const {
  std::vector<std::string> all = smallShape();
  for (const char* setting : {"train.steps=40", "train.checkpoint_interval=7",
                              "train.eval_interval=20", "train.eval_batches=2"})
    all.emplace_back(setting);
  all.push_back("data.train=" + data().native());
  all.push_back("data.valid=" + data().native() + ".valid");
  all.insert(all.end(), settings.begin(), settings.end());
  const auto config = RunConfig::make(Task::kPretrain, Json(), all);
  Z2_CHECK(config.has_value(), config ? "" : config.error().text());
  auto run = RunDirectory::create(this->run(name), *config);
  Z2_CHECK(run.has_value(), run ? "" : run.error().text());
  return *run;
}

bool waitUntil(const std::function<bool()>& isDone) { return QTest::qWaitFor(isDone, kPatience); }

}  // namespace z2::ui
