#include "core/run_setup/run_setup.h"

#include <filesystem>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/data/data_manifest.h"
#include "core/data/token_file_writer.h"
#include "core/run/run_directory.h"
#include "tests/support/temporary_folder.h"

namespace z2 {
namespace {

using ::testing::HasSubstr;

class Setup : public ::testing::Test {
 protected:
  std::string makeData(const std::string& name, int64_t vocabulary, const std::string& task) {
    const std::string prefix = (folder_.path() / name).native();
    if (task != "pretrain") return makeSamples(prefix, vocabulary, task);
    std::ofstream(prefix + ".bin") << "";
    std::ofstream(prefix + ".idx") << "";
    DataManifest manifest;
    manifest.task = task;
    manifest.vocabSize = vocabulary;
    std::ofstream(prefix + ".manifest.json") << manifest.toJson().dump();
    return prefix;
  }
  // One sample, which is opened as the training will.
  static std::string makeSamples(const std::string& prefix, int64_t vocabulary,
                                 const std::string& task) {
    const uint64_t sequences = task == "dpo" ? 3 : 1;
    auto writer = TokenFileWriter::create(prefix, TokenType::kUint16,
                                          {.sequencesPerDocument = sequences, .hasMask = true});
    const std::vector<int32_t> ids = {1, 2, 3, 4, 5, 6};
    const std::vector<int32_t> lengths =
        sequences == 3 ? std::vector<int32_t>{2, 2, 2} : std::vector<int32_t>{6};
    const std::vector<uint8_t> mask = {0, 0, 1, 1, 1, 1};
    EXPECT_TRUE(writer && writer->append(ids, lengths, mask));
    DataManifest manifest;
    manifest.task = task;
    manifest.vocabSize = vocabulary;
    EXPECT_TRUE(writer->commit(manifest));
    return prefix;
  }
  static std::string errorOf(Task task, const std::vector<std::string>& settings) {
    const auto made = prepareRun(task, Json::object(), settings);
    return made ? "" : made.error().text();
  }

  TemporaryFolder folder_;
};

TEST_F(Setup, ARunNeedsDataThatIsThere) {
  EXPECT_THAT(errorOf(Task::kPretrain, {}), HasSubstr("data.train"));
  EXPECT_THAT(errorOf(Task::kPretrain, {"data.train=/no/such"}), HasSubstr("/no/such.bin"));
  EXPECT_THAT(errorOf(Task::kPretrain, {"data.train=x:y:z,"}), HasSubstr("data.train"));
}

TEST_F(Setup, PathsBecomeAbsolute) {
  const std::string prefix = makeData("a", 100, "pretrain");
  const std::string relative =
      std::filesystem::relative(prefix, std::filesystem::current_path()).native();
  const RunConfig config =
      prepareRun(Task::kPretrain, {{"data", {{"train", "0.25:" + relative + ",0.75:" + prefix}}}},
                 {"data.valid=" + relative})
          .value()
          .config;
  EXPECT_EQ(config.text("data.train"), "0.25:" + prefix + ",0.75:" + prefix);
  EXPECT_EQ(config.text("data.valid"), prefix);
}

TEST_F(Setup, TheVocabularyFollowsTheDataUnlessItWasSet) {
  const std::string small = makeData("small", 6000, "pretrain");
  const std::string large = makeData("large", 12'000, "pretrain");
  const auto vocabulary = [&](const std::string& prefix) {
    return prepareRun(Task::kPretrain, Json(), {"data.train=" + prefix})
        .value()
        .config.integer("model.vocab_size");
  };
  EXPECT_EQ(vocabulary(small), 8000);
  EXPECT_EQ(vocabulary(large), 12'000);
  EXPECT_THAT(errorOf(Task::kPretrain, {"data.train=" + large, "model.vocab_size=9000"}),
              HasSubstr("12000 tokens"));
}

TEST_F(Setup, AVocabularyLargerThanTheTokenizersIsNoted) {
  const std::string prefix = makeData("a", 1000, "pretrain");
  const auto notesWith = [&](const char* size) {
    return prepareRun(Task::kPretrain, Json(),
                      {"data.train=" + prefix, std::string("model.vocab_size=") + size})
        .value()
        .notes;
  };
  EXPECT_TRUE(notesWith("1024").empty());
  ASSERT_EQ(notesWith("8000").size(), 1U);
  EXPECT_THAT(notesWith("8000").front(), HasSubstr("7000 rows of the embedding"));
}

TEST_F(Setup, DataOfAnotherTaskIsRefused) {
  const std::string prefix = makeData("a", 100, "sft");
  EXPECT_THAT(errorOf(Task::kPretrain, {"data.train=" + prefix}), HasSubstr("holds sft data"));
}

// Of `count` samples of 6 tokens, `longOnes` of 40, trained from `trainedFrom` on.
struct SampleMix {
  int count = 20;
  int longOnes = 0;
  size_t trainedFrom = 2;
};

std::string makeMix(const std::filesystem::path& prefix, const SampleMix& mix,
                    const std::string& task = "sft") {
  const bool isPair = task == "dpo";
  auto writer = TokenFileWriter::create(
      prefix, TokenType::kUint16,
      {.sequencesPerDocument = isPair ? uint64_t{3} : uint64_t{1}, .hasMask = true});
  EXPECT_TRUE(writer);
  for (int i = 0; i < mix.count; ++i) {
    const bool isLong = i < mix.longOnes;
    const size_t size = isLong ? 40 : 6;
    const std::vector<int32_t> ids(size, 5);
    std::vector<uint8_t> mask(size, 0);
    for (size_t at = isLong ? mix.trainedFrom : 2; at < size; ++at) mask[at] = 1;
    const auto rest = static_cast<int32_t>(size) - 4;
    const std::vector<int32_t> lengths =
        isPair ? std::vector<int32_t>{2, 2, rest} : std::vector<int32_t>{rest + 4};
    EXPECT_TRUE(writer->append(ids, lengths, mask));
  }
  DataManifest manifest;
  manifest.task = task;
  manifest.vocabSize = 100;
  EXPECT_TRUE(writer->commit(manifest));
  return prefix.native();
}

TEST_F(Setup, ARunWhoseSamplesAreCutNeedsLeave) {
  for (const auto& [task, name] : {std::pair(Task::kSft, "sft"), std::pair(Task::kDpo, "dpo")}) {
    const std::string one = makeMix(folder_.path() / (name + std::string("1")), {20, 1}, name);
    const std::string two = makeMix(folder_.path() / (name + std::string("2")), {20, 2}, name);
    EXPECT_EQ(errorOf(task, {"data.train=" + one, "data.seq_len=16"}), "");
    EXPECT_EQ(errorOf(task, {"data.train=" + two, "data.seq_len=64"}), "");
    const auto stopped = prepareRun(task, Json(), {"data.train=" + two, "data.seq_len=16"});
    ASSERT_FALSE(stopped);
    EXPECT_EQ(stopped.error().code, ErrorCode::kBadInput);
    EXPECT_EQ(stopped.error().where, "data.allow_cut");
    EXPECT_THAT(stopped.error().what, HasSubstr("2 of 20 samples (10.0 %)"));
    EXPECT_THAT(stopped.error().fix, HasSubstr("data.allow_cut=true"));
    const auto allowed =
        prepareRun(task, Json(), {"data.train=" + two, "data.seq_len=16", "data.allow_cut=true"});
    ASSERT_TRUE(allowed);
    EXPECT_THAT(allowed->notes, ::testing::Contains(HasSubstr("2 samples are longer")));
    EXPECT_THAT(errorOf(task, {"data.train=" + one, "data.valid=" + two, "data.seq_len=16"}),
                HasSubstr("3 of 40 samples"));
  }
}

TEST_F(Setup, ARunWhoseSamplesTrainNothingNeedsLeave) {
  const std::string prefix = makeMix(folder_.path() / "a", {20, 2, 30});
  const std::vector<std::string> settings = {"data.train=" + prefix, "data.seq_len=16"};
  const auto with = [&](std::vector<std::string> more) {
    more.insert(more.begin(), settings.begin(), settings.end());
    return errorOf(Task::kSft, more);
  };
  EXPECT_THAT(with({}), HasSubstr("2 of 20 samples (10.0 %) have no trained token"));
  EXPECT_THAT(with({"data.allow_cut=true"}), HasSubstr("data.allow_untrained=true"));
  EXPECT_EQ(with({"data.allow_untrained=true"}), "");
}

TEST_F(Setup, TheShapeComesFromTheModelItStartsFrom) {
  const std::string prefix = makeData("a", 100, "sft");
  const auto source = folder_.path() / "base";
  ASSERT_TRUE(RunDirectory::create(
      source, RunConfig::make(Task::kPretrain, Json(),
                              {"model.num_hidden_layers=3", "model.rope_theta=5e5"})
                  .value()));
  const auto prepare = [&](const std::filesystem::path& from) {
    return prepareRun(Task::kSft, Json(),
                      {"data.train=" + prefix, "model.init_from=" + from.native()})
        .value();
  };
  for (const auto& from : {source, source / "ckpt" / "step_5"}) {
    const RunSetup setup = prepare(from);
    EXPECT_EQ(setup.config.integer("model.num_hidden_layers"), 3);
    EXPECT_DOUBLE_EQ(setup.config.real("model.rope_theta"), 5e5);
    EXPECT_EQ(setup.config.text("model.preset"), "custom");
    ASSERT_EQ(setup.notes.size(), 2U);
    EXPECT_THAT(setup.notes[1], HasSubstr("1 samples in 1 rows"));
  }
}

TEST_F(Setup, TheShapeComesFromAHuggingFaceDirectory) {
  std::ofstream(folder_.path() / "config.json") << R"({
    "architectures":["Qwen2ForCausalLM"],"model_type":"qwen2","vocab_size":512,"hidden_size":64,
    "intermediate_size":128,"num_hidden_layers":2,"num_attention_heads":4,
    "num_key_value_heads":2,"max_position_embeddings":128,"rope_theta":1000000.0,
    "rms_norm_eps":1e-6,"tie_word_embeddings":false,"hidden_act":"silu"})";
  const Json shape = shapeOf(folder_.path().native()).value();
  EXPECT_EQ(shape["model.hidden_size"], 64);
  EXPECT_EQ(shape["model.qkv_bias"], true);
  EXPECT_EQ(shape["model.attention_bias"], false);
  const std::string prefix = makeData("a", 100, "dpo");
  const RunSetup setup =
      prepareRun(Task::kDpo, Json(),
                 {"data.train=" + prefix, "model.init_from=" + folder_.path().native()})
          .value();
  EXPECT_EQ(setup.config.integer("data.seq_len"), 128);
  EXPECT_THAT(errorOf(Task::kDpo, {"data.train=" + prefix, "model.init_from=/no/such"}),
              HasSubstr("model.init_from"));
}

}  // namespace
}  // namespace z2
