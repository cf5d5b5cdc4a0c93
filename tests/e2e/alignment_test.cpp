// Fine-tuning and alignment, end to end in one process: a pretrained tiny model, SFT from it, DPO
// from that, adapters; and what must not work.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <initializer_list>
#include <optional>
#include <random>
#include <span>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "core/data/token_file_writer.h"
#include "core/model_files/adapter_files.h"
#include "core/model_files/model_source.h"
#include "core/run/metrics_history.h"
#include "core/run/metrics_reader.h"
#include "core/run_setup/create_run.h"
#include "core/train/trainer.h"
#include "tests/e2e/small_run.h"
#include "tests/support/temporary_folder.h"

namespace z2 {
namespace {

namespace fs = std::filesystem;

// A task with something to learn: an answer goes on from the question's last token, each token the
// one before times 5 plus 1, for three to six tokens; then the end. Wrong answers go anywhere.
constexpr int32_t kEnd = 63;

struct Sample {
  std::vector<int32_t> prompt;
  std::vector<int32_t> right;
  std::vector<int32_t> wrong;
};

Sample sampleOf(std::mt19937_64& random) {
  Sample sample;
  for (int i = 0; i < 3; ++i) sample.prompt.push_back(static_cast<int32_t>(random() % 60));
  const size_t length = 3 + random() % 4;
  for (size_t i = 0; i < length; ++i) {
    const int32_t before = i == 0 ? sample.prompt.back() : sample.right.back();
    sample.right.push_back((before * 5 + 1) % 60);
    sample.wrong.push_back(static_cast<int32_t>(random() % 60));
  }
  sample.right.push_back(kEnd);
  sample.wrong.push_back(kEnd);
  return sample;
}

std::vector<int32_t> joined(std::initializer_list<const std::vector<int32_t>*> parts) {
  std::vector<int32_t> all;
  for (const auto* part : parts) all.insert(all.end(), part->begin(), part->end());
  return all;
}

void commit(TokenFileWriter& writer, const char* task) {
  DataManifest manifest;
  manifest.task = task;
  manifest.vocabSize = 64;
  ASSERT_TRUE(writer.commit(manifest));
}

// `trained` 0: every mask is.
void writeSft(const fs::path& prefix, uint64_t seed, int count, uint8_t trained = 1) {
  auto writer = TokenFileWriter::create(prefix, TokenType::kUint16, {.hasMask = true});
  ASSERT_TRUE(writer) << writer.error().text();
  std::mt19937_64 random(seed);
  for (int i = 0; i < count; ++i) {
    const Sample sample = sampleOf(random);
    const std::vector<int32_t> ids = joined({&sample.prompt, &sample.right});
    std::vector<uint8_t> mask(ids.size(), trained);
    std::fill_n(mask.begin(), sample.prompt.size(), uint8_t{0});
    const std::vector<int32_t> lengths = {static_cast<int32_t>(ids.size())};
    ASSERT_TRUE(writer->append(ids, lengths, mask));
  }
  commit(*writer, "sft");
}

void writeDpo(const fs::path& prefix, uint64_t seed, int count) {
  auto writer = TokenFileWriter::create(prefix, TokenType::kUint16,
                                        {.sequencesPerDocument = 3, .hasMask = true});
  ASSERT_TRUE(writer) << writer.error().text();
  std::mt19937_64 random(seed);
  for (int i = 0; i < count; ++i) {
    const Sample sample = sampleOf(random);
    const std::vector<int32_t> ids = joined({&sample.prompt, &sample.right, &sample.wrong});
    std::vector<uint8_t> mask(ids.size(), 1);
    std::fill_n(mask.begin(), sample.prompt.size(), uint8_t{0});
    const std::vector<int32_t> lengths = {static_cast<int32_t>(sample.prompt.size()),
                                          static_cast<int32_t>(sample.right.size()),
                                          static_cast<int32_t>(sample.wrong.size())};
    ASSERT_TRUE(writer->append(ids, lengths, mask));
  }
  commit(*writer, "dpo");
}

MetricsHistory historyOf(const RunDirectory& run) {
  MetricsHistory history;
  MetricsReader reader(run.metrics());
  EXPECT_TRUE(reader.poll([&](const MetricsRow& row) { history.add(row); }));
  return history;
}

double lastOf(const RunDirectory& run, const char* name) {
  const MetricsHistory history = historyOf(run);
  const auto found = history.last(name);
  EXPECT_TRUE(found) << name;
  return found ? found->value : 0;
}

class Alignment : public testing::Test {
 protected:
  Alignment() {
    writeWalk(root() / "walk", 1);
    writeSft(root() / "sft", 2, 200);
    writeSft(root() / "sft_valid", 3, 40);
    writeDpo(root() / "dpo", 4, 120);
    writeDpo(root() / "dpo_valid", 5, 40);
  }

  [[nodiscard]] const fs::path& root() const { return folder_.path(); }

  // A pretrained model of two layers.
  RunDirectory pretrained(const std::string& name = "base", int seed = 1) {
    const RunDirectory run =
        makeRun(root() / name, root() / "walk",
                {"train.steps=10", "train.checkpoint_interval=5",
                 "model.max_position_embeddings=64", "train.seed=" + std::to_string(seed)});
    EXPECT_EQ(train({.run = run.path()}).exit, TrainerExit::kFinished);
    return run;
  }

  RunDirectory tuned(Task task, const std::string& name, const fs::path& from,
                     std::vector<std::string> settings) {
    const std::string data = (root() / std::string(nameOf(task))).native();
    std::vector<std::string> all = {"model.init_from=" + from.native(),
                                    "data.train=" + data,
                                    "data.valid=" + data + "_valid",
                                    "data.seq_len=32",
                                    "train.device=cpu",
                                    "train.threads=2",
                                    "train.micro_batch_size=4",
                                    "train.log_interval=1",
                                    "train.eval_interval=20",
                                    "train.eval_batches=100",
                                    "train.checkpoint_interval=7",
                                    "train.steps=40",
                                    "optim.warmup_steps=3",
                                    "optim.lr=0.01"};
    all.insert(all.end(), settings.begin(), settings.end());
    const auto setup = prepareRun(task, {}, all);
    EXPECT_TRUE(setup) << setup.error().text();
    auto run = createRun(root() / name, *setup);
    EXPECT_TRUE(run) << run.error().text();
    return *run;
  }

  TemporaryFolder folder_;
};

void expectFinished(const RunDirectory& run, std::optional<int64_t> steps = {}) {
  const TrainerEnd end = train({.run = run.path(), .steps = steps});
  ASSERT_EQ(end.exit, TrainerExit::kFinished) << end.words;
}

TEST_F(Alignment, SftFromAPretrainedRunLearnsTheAnswers) {
  const RunDirectory base = pretrained();
  const RunDirectory run = tuned(Task::kSft, "tuned", base.path(), {});
  // The base may go: the checkpoint that was begun from is kept with the run.
  EXPECT_EQ(countEvents(run, "forked"), 1);
  fs::remove_all(base.path());
  expectFinished(run);
  const auto valid = historyOf(run).series().at("valid/loss");
  ASSERT_EQ(valid.steps, (std::vector<int64_t>{20, 40}));
  EXPECT_GT(historyOf(run).series().at("loss").values.front(), 3.0);
  EXPECT_LT(valid.values.back(), 2.5);
}

TEST_F(Alignment, PackedLossIsThatOfTheSamplesOneByOne) {
  const RunDirectory base = pretrained();
  const RunDirectory packed = tuned(Task::kSft, "packed", base.path(), {"train.eval_only=true"});
  const RunDirectory apart =
      tuned(Task::kSft, "apart", base.path(), {"train.eval_only=true", "data.packing=none"});
  ASSERT_EQ(train({.run = packed.path()}).exit, TrainerExit::kFinished);
  ASSERT_EQ(train({.run = apart.path()}).exit, TrainerExit::kFinished);
  EXPECT_NEAR(lastOf(packed, "valid/loss"), lastOf(apart, "valid/loss"), 1e-5);
}

TEST_F(Alignment, ADpoRunGoesOnWithoutTheModelOfItsReference) {
  const RunDirectory base = pretrained();
  const RunDirectory run = tuned(Task::kDpo, "aligned", base.path(), {"train.steps=12"});
  const TrainerEnd first = train({.run = run.path(), .steps = 7});
  ASSERT_EQ(first.exit, TrainerExit::kFinished) << first.words;
  fs::remove_all(run.path() / "origin");
  const TrainerEnd second = train({.run = run.path()});
  EXPECT_EQ(second.exit, TrainerExit::kFinished) << second.words;
}

// A run that stopped and went on has the bits of one that did not.
void expectResumable(const RunDirectory& straight, const RunDirectory& stopped) {
  expectFinished(straight);
  expectFinished(stopped, 9);
  expectFinished(stopped);
  EXPECT_EQ(exactMetrics(straight), exactMetrics(stopped));
  const auto first = newestTensors(straight);
  EXPECT_GT(first.size(), 3u);
  EXPECT_TRUE(first == newestTensors(stopped));
}

TEST_F(Alignment, SftResumesToTheBit) {
  const RunDirectory base = pretrained();
  const std::vector<std::string> settings = {"train.steps=16", "train.log_interval=3"};
  expectResumable(tuned(Task::kSft, "straight", base.path(), settings),
                  tuned(Task::kSft, "stopped", base.path(), settings));
}

TEST_F(Alignment, DpoResumesToTheBitAlsoWithALossThatRemembers) {
  const RunDirectory base = pretrained();
  for (const char* loss : {"sigmoid", "bco_pair"}) {
    const std::vector<std::string> settings = {
        "train.steps=16",          "train.log_interval=3", std::string("dpo.loss=") + loss,
        "dpo.sft_weight=0.5",      "optim.lr=0.001",       "train.micro_batch_size=2",
        "train.grad_accum_steps=2"};
    expectResumable(tuned(Task::kDpo, std::string("straight-") + loss, base.path(), settings),
                    tuned(Task::kDpo, std::string("stopped-") + loss, base.path(), settings));
  }
}

TEST_F(Alignment, AdaptersResumeToTheBit) {
  const RunDirectory base = pretrained();
  const std::vector<std::string> settings = {"train.steps=16", "train.log_interval=3",
                                             "lora.rank=4", "lora.dropout=0.1"};
  expectResumable(tuned(Task::kSft, "straight", base.path(), settings),
                  tuned(Task::kSft, "stopped", base.path(), settings));
}

TEST_F(Alignment, DpoFromSftPrefersTheRightAnswersAndComputesItsReferenceOnce) {
  const RunDirectory sft =
      tuned(Task::kSft, "tuned", pretrained().path(), {"train.steps=15", "optim.lr=0.003"});
  expectFinished(sft);
  const std::vector<std::string> settings = {"optim.lr=0.001", "train.eval_interval=10",
                                             "train.steps=30"};
  const RunDirectory run = tuned(Task::kDpo, "aligned", sft.path(), settings);
  expectFinished(run);
  const MetricsHistory history = historyOf(run);
  for (const char* name : {"rewards/chosen", "rewards/rejected", "rewards/accuracies",
                           "rewards/margins", "logps/chosen", "logps/rejected"})
    EXPECT_TRUE(history.series().contains(name)) << name;
  // At the first step the model is its own reference.
  EXPECT_NEAR(history.series().at("rewards/margins").values.front(), 0.0, 1e-4);
  EXPECT_NEAR(history.series().at("loss").values.front(), std::log(2.0), 1e-4);
  EXPECT_GT(lastOf(run, "valid/rewards/accuracies"), 0.6);
  EXPECT_GT(lastOf(run, "valid/rewards/margins"), 0.0);
  EXPECT_LT(lastOf(run, "valid/loss"), std::log(2.0));
  EXPECT_EQ(countEvents(run, "reference"), 1);
  // Another run of the same model and data finds what this one computed.
  const RunDirectory second = tuned(Task::kDpo, "again", sft.path(), settings);
  expectFinished(second);
  EXPECT_EQ(countEvents(second, "reference"), 0);
  EXPECT_EQ(exactMetrics(second), exactMetrics(run));
}

// kto_pair and bco_pair look at all pairs of a step.
TEST_F(Alignment, DpoAccumulationEqualsALargeBatch) {
  const RunDirectory base = pretrained();
  for (const std::string loss : {"sigmoid", "kto_pair", "bco_pair"}) {
    const auto lossesOf = [&](const std::string& name, std::vector<std::string> settings) {
      settings.insert(settings.end(), {"train.steps=4", "optim.lr=0.001", "dpo.sft_weight=0.3",
                                       "dpo.beta=0.5", "dpo.loss=" + loss});
      const RunDirectory run = tuned(Task::kDpo, name + "-" + loss, base.path(), settings);
      expectFinished(run);
      return historyOf(run).series();
    };
    const auto large = lossesOf("large", {"train.micro_batch_size=8"});
    const auto small = lossesOf("small", {"train.micro_batch_size=2", "train.grad_accum_steps=4"});
    for (const char* name : {"loss", "grad_norm", "rewards/margins", "logps/chosen"}) {
      const std::vector<double>& expected = large.at(name).values;
      const std::vector<double>& values = small.at(name).values;
      ASSERT_EQ(expected.size(), 4u);
      ASSERT_EQ(values.size(), expected.size());
      for (size_t i = 0; i < expected.size(); ++i)
        EXPECT_NEAR(values[i], expected[i], 2e-4 * (std::abs(expected[i]) + 0.01))
            << loss << " " << name << " " << i;
    }
  }
}

TEST_F(Alignment, PackedPairsHaveTheLogProbabilitiesOfThoseOneByOne) {
  const RunDirectory base = pretrained();
  const RunDirectory packed = tuned(Task::kDpo, "packed", base.path(), {"train.eval_only=true"});
  const RunDirectory apart =
      tuned(Task::kDpo, "apart", base.path(), {"train.eval_only=true", "data.packing=none"});
  ASSERT_EQ(train({.run = packed.path()}).exit, TrainerExit::kFinished);
  ASSERT_EQ(train({.run = apart.path()}).exit, TrainerExit::kFinished);
  for (const char* name : {"valid/logps/chosen", "valid/logps/rejected", "valid/loss"})
    EXPECT_NEAR(lastOf(packed, name), lastOf(apart, name), 1e-4) << name;
}

TEST_F(Alignment, AdaptersAreTrainedAloneAndMergeIntoTheModelThatWasMeasured) {
  const RunDirectory base = pretrained();
  const RunDirectory run = tuned(Task::kSft, "adapted", base.path(),
                                 {"lora.rank=8", "lora.alpha=16",
                                  "lora.targets=q_proj,k_proj,v_proj,o_proj,gate_proj,up_proj,"
                                  "down_proj"});
  expectFinished(run);
  EXPECT_LT(lastOf(run, "valid/loss"), historyOf(run).series().at("loss").values.front() - 0.3);
  for (const auto& [name, bytes] : newestTensors(run))
    EXPECT_TRUE(name == "step" || name.starts_with("lora:base_model.model.model.layers.") ||
                name.starts_with("optim."))
        << name;
  // A run that begins from it begins from the merged weights, and measures the same.
  const RunDirectory merged = tuned(Task::kSft, "merged", run.path(), {"train.eval_only=true"});
  ASSERT_EQ(train({.run = merged.path()}).exit, TrainerExit::kFinished);
  EXPECT_NEAR(lastOf(merged, "valid/loss"), lastOf(run, "valid/loss"), 2e-5);
  // Out as PEFT's files, and in again as where training starts.
  const auto source = ModelSource::open(run.path());
  ASSERT_TRUE(source) << source.error().text();
  ASSERT_NE(source->adapters(), nullptr);
  const AdapterLayout layout(source->config(), source->adapters()->lora);
  const fs::path peft = root() / "peft";
  ASSERT_TRUE(writePeftDirectory(peft, *source->adapters(), layout,
                                 [&](const AdapterTensor& tensor, std::span<float> values) {
                                   return source->readAdapter(tensor, values);
                                 }));
  const std::vector<std::string> same = {"lora.rank=8", "lora.alpha=16",
                                         "lora.targets=q_proj,k_proj,v_proj,o_proj,gate_proj,"
                                         "up_proj,down_proj",
                                         "lora.init_from=" + peft.native(), "train.eval_only=true"};
  const RunDirectory again = tuned(Task::kSft, "again", base.path(), same);
  ASSERT_EQ(train({.run = again.path()}).exit, TrainerExit::kFinished);
  EXPECT_NEAR(lastOf(again, "valid/loss"), lastOf(run, "valid/loss"), 2e-5);
  // Of another base they are refused.
  const RunDirectory other = tuned(Task::kSft, "other", pretrained("base2", 2).path(), same);
  const TrainerEnd refused = train({.run = other.path()});
  EXPECT_EQ(refused.exit, TrainerExit::kBadInput);
  EXPECT_NE(refused.words.find("another model"), std::string::npos) << refused.words;
}

TEST_F(Alignment, AdaptersUponAdaptersNeedNoneOfTheRunsBeforeThem) {
  const std::vector<std::string> settings = {"lora.rank=4", "train.steps=10"};
  const RunDirectory base = pretrained();
  const RunDirectory first = tuned(Task::kSft, "first", base.path(), settings);
  expectFinished(first);
  fs::remove_all(base.path());
  const RunDirectory second = tuned(Task::kSft, "second", first.path(), settings);
  fs::remove_all(first.path());
  expectFinished(second);
  const RunDirectory third = tuned(Task::kSft, "third", second.path(), settings);
  fs::remove_all(second.path());
  expectFinished(third);
  EXPECT_TRUE(ModelSource::open(third.path()));
}

TEST_F(Alignment, AdaptersWhoseBaseWasChangedAreRefused) {
  const RunDirectory base = pretrained();
  const RunDirectory run =
      tuned(Task::kSft, "adapted", base.path(), {"lora.rank=4", "train.steps=20"});
  expectFinished(run, 5);
  const RunDirectory other = pretrained("base2", 2);
  const fs::path kept = run.path() / "origin" / "step_10";
  ASSERT_TRUE(fs::exists(kept));
  fs::remove_all(kept);
  fs::copy(other.path() / "ckpt" / "step_10", kept, fs::copy_options::recursive);
  const TrainerEnd refused = train({.run = run.path()});
  EXPECT_EQ(refused.exit, TrainerExit::kBadInput);
  EXPECT_NE(refused.words.find("trained on"), std::string::npos) << refused.words;
}

TEST_F(Alignment, DataWithoutATrainedTokenIsRefused) {
  const RunDirectory base = pretrained();
  writeSft(root() / "masked", 3, 20, 0);
  const auto setup = prepareRun(Task::kSft, {},
                                {"model.init_from=" + base.path().native(), "data.seq_len=32",
                                 "data.train=" + (root() / "masked").native()});
  ASSERT_FALSE(setup);
  EXPECT_EQ(setup.error().code, ErrorCode::kBadInput);
  EXPECT_NE(setup.error().text().find("trained token"), std::string::npos) << setup.error().text();
}

TEST_F(Alignment, AdaptersWithoutAModelAreRefused) {
  const auto setup =
      prepareRun(Task::kSft, {}, {"data.train=" + (root() / "sft").native(), "lora.rank=4"});
  ASSERT_FALSE(setup);
  EXPECT_NE(setup.error().text().find("model.init_from"), std::string::npos);
}

}  // namespace
}  // namespace z2
