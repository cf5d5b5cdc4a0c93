#include "core/config/run_config.h"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/config/schema.h"

namespace z2 {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::string errorOf(Task task, const Json& values, const std::vector<std::string>& settings = {}) {
  const auto made = RunConfig::make(task, values, settings);
  return made ? "" : made.error().text();
}

TEST(RunConfig, DefaultsAreTheTinyPreset) {
  const RunConfig config = RunConfig::make(Task::kPretrain, Json::object()).value();
  EXPECT_EQ(config.text("model.preset"), "tiny");
  EXPECT_EQ(config.integer("model.hidden_size"), 320);
  EXPECT_EQ(config.changedOnly(), Json::object());
  EXPECT_TRUE(config.flag("fused.adamw"));
}

TEST(RunConfig, NestedAndFlatMeanTheSame) {
  const Json nested = {{"model", {{"rope_scaling", {{"type", "linear"}, {"factor", 2}}}}}};
  const Json flat = {{"model.rope_scaling.type", "linear"}, {"model.rope_scaling.factor", 2.0}};
  const RunConfig a = RunConfig::make(Task::kPretrain, nested).value();
  const RunConfig b = RunConfig::make(Task::kPretrain, flat).value();
  EXPECT_EQ(a.toJson(), b.toJson());
  EXPECT_EQ(a.toJson()["model"]["rope_scaling"]["factor"], 2.0);
  EXPECT_DOUBLE_EQ(a.real("model.rope_scaling.factor"), 2.0);
}

TEST(RunConfig, SettingsWinOverValuesAndValuesOverThePreset) {
  const RunConfig config =
      RunConfig::make(Task::kPretrain, {{"model.preset", "z2-124m"}, {"train", {{"steps", 50}}}},
                      {"train.steps=60", "model.num_hidden_layers=2", "optim.lr=3e-4"})
          .value();
  EXPECT_EQ(config.integer("train.steps"), 60);
  EXPECT_EQ(config.integer("model.num_hidden_layers"), 2);
  EXPECT_EQ(config.integer("model.hidden_size"), 768);
  EXPECT_EQ(config.integer("data.seq_len"), 1024);
  EXPECT_EQ(config.text("train.dtype"), "bf16");
  EXPECT_DOUBLE_EQ(config.real("optim.lr"), 3e-4);
}

TEST(RunConfig, ThePresetCountsWhereverItIsSet) {
  const RunConfig config =
      RunConfig::make(Task::kPretrain, Json::object(), {"model.preset=z2-1.7b"}).value();
  EXPECT_EQ(config.integer("model.num_hidden_layers"), 32);
  EXPECT_TRUE(config.flag("model.attention_bias"));
}

TEST(RunConfig, DefaultsFollowTheTask) {
  const RunConfig sft = RunConfig::make(Task::kSft, Json()).value();
  EXPECT_DOUBLE_EQ(sft.real("optim.lr"), 2e-5);
  EXPECT_EQ(sft.text("data.packing"), "documents");
  EXPECT_THAT(sft.list("lora.targets"),
              ::testing::ElementsAre("q_proj", "k_proj", "v_proj", "o_proj"));
  EXPECT_FALSE(RunConfig::make(Task::kPretrain, Json()).value().toJson().contains("dpo"));
}

TEST(RunConfig, WarmUpFitsAShortRun) {
  const auto warmup = [](const std::vector<std::string>& settings) {
    return RunConfig::make(Task::kPretrain, Json(), settings).value().integer("optim.warmup_steps");
  };
  EXPECT_EQ(warmup({"train.steps=50"}), 5);
  EXPECT_EQ(warmup({"train.steps=100000"}), 100);
  EXPECT_EQ(warmup({"train.steps=50", "optim.warmup_steps=20"}), 20);
}

TEST(RunConfig, NamesEverythingThatIsWrongAtOnce) {
  const std::string error =
      errorOf(Task::kPretrain,
              {{"model", {{"hiden_size", 3}, {"num_hidden_layers", "six"}}}, {"dpo.beta", 0.2}},
              {"optim.lr=fast", "train.dtype=fp64", "train.steps=0", "nonsense"});
  EXPECT_THAT(error, HasSubstr("7 settings are wrong"));
  EXPECT_THAT(error, HasSubstr("Did you mean model.hidden_size?"));
  EXPECT_THAT(error,
              HasSubstr("model.num_hidden_layers: the value is \"six\" but must be a whole"));
  EXPECT_THAT(error, HasSubstr("dpo.beta: this key has no meaning for pretrain"));
  EXPECT_THAT(error, HasSubstr("optim.lr: the value is \"fast\" but must be a number"));
  EXPECT_THAT(error, HasSubstr("Use one of fp32, bf16, fp16"));
  EXPECT_THAT(error,
              HasSubstr("train.steps: 0 is outside of its range. Use a value between 1 and"));
  EXPECT_THAT(error, HasSubstr("\"nonsense\" is not of the form KEY=VALUE"));
}

TEST(RunConfig, ReadsNumbersAsPeopleWriteThem) {
  const RunConfig config =
      RunConfig::make(Task::kPretrain, {{"train.steps", 2e3}}, {"train.seed=1e3", "optim.lr=1"})
          .value();
  EXPECT_EQ(config.integer("train.steps"), 2000);
  EXPECT_EQ(config.integer("train.seed"), 1000);
  EXPECT_DOUBLE_EQ(config.real("optim.lr"), 1.0);
  EXPECT_THAT(errorOf(Task::kPretrain, {{"train.steps", 2.5}}), HasSubstr("whole number"));
  EXPECT_THAT(errorOf(Task::kPretrain, {{"train.steps", nullptr}}), HasSubstr("whole number"));
  EXPECT_THAT(errorOf(Task::kPretrain, Json(), {"optim.lr=nan"}), HasSubstr("must be a number"));
}

TEST(RunConfig, ChecksWhatMustHoldBetweenKeys) {
  const auto error = [](const std::vector<std::string>& settings) {
    return errorOf(Task::kPretrain, Json(), settings);
  };
  EXPECT_THAT(error({"model.num_attention_heads=7"}), HasSubstr("do not divide model.hidden_size"));
  EXPECT_THAT(
      error({"model.num_attention_heads=7", "model.head_dim=64", "model.num_key_value_heads=7"}),
      "");
  EXPECT_THAT(error({"model.num_key_value_heads=3"}),
              HasSubstr("do not divide model.num_attention_heads"));
  EXPECT_THAT(error({"model.head_dim=63"}), HasSubstr("even"));
  EXPECT_THAT(error({"data.seq_len=512"}), HasSubstr("model.max_position_embeddings"));
  EXPECT_THAT(
      error({"data.seq_len=512", "model.rope_scaling.type=dynamic", "model.rope_scaling.factor=2"}),
      "");
  EXPECT_THAT(error({"optim.warmup_steps=2000"}), HasSubstr("more than train.steps"));
  EXPECT_THAT(error({"optim.min_lr=1"}), HasSubstr("above optim.lr"));
  EXPECT_THAT(error({"optim.schedule=wsd", "optim.stable_steps=950"}),
              HasSubstr("optim.stable_steps"));
  EXPECT_THAT(error({"optim.stable_steps=10"}), HasSubstr("no effect"));
  EXPECT_THAT(error({"train.device=cpu", "dist.backend=nccl"}), HasSubstr("NCCL"));
  EXPECT_THAT(error({"dist.world_size=3", "dist.ranks_per_node=2"}), HasSubstr("divisor"));
}

TEST(RunConfig, ReportsOnlyWhatWasChanged) {
  const RunConfig config =
      RunConfig::make(Task::kSft, {{"model.preset", "z2-124m"}},
                      {"train.steps=7", "data.train=/data/x", "train.dtype=bf16"})
          .value();
  const Json expected = {{"model", {{"preset", "z2-124m"}}},
                         {"data", {{"train", "/data/x"}}},
                         {"train", {{"steps", 7}}}};
  EXPECT_EQ(config.changedOnly(), expected);
  EXPECT_TRUE(config.isDefault("train.dtype"));
  EXPECT_FALSE(config.isDefault("train.steps"));
  const RunConfig again = RunConfig::make(Task::kSft, config.changedOnly()).value();
  EXPECT_EQ(again.toJson(), config.toJson());
}

TEST(RunConfig, AFrozenConfigurationReadsBackTheSame) {
  const RunConfig config =
      RunConfig::make(Task::kDpo, Json(), {"model.preset=z2-1.1b", "lora.targets=q_proj,up_proj"})
          .value();
  const Json text = parseJson(config.toJson().dump(), "run.json").value();
  EXPECT_EQ(RunConfig::make(Task::kDpo, text).value().toJson(), config.toJson());
}

TEST(RunConfig, SaysWhatARunNeedsBeforeItStarts) {
  const RunConfig config = RunConfig::make(Task::kPretrain, Json()).value();
  ASSERT_FALSE(config.checkRequired());
  EXPECT_THAT(config.checkRequired().error().text(), HasSubstr("data.train"));
  EXPECT_TRUE(RunConfig::make(Task::kPretrain, Json(), {"data.train=x"}).value().checkRequired());
}

TEST(RunConfig, ListsTheDifferencesOfTwo) {
  const RunConfig a = RunConfig::make(Task::kPretrain, Json(), {"optim.lr=2e-3"}).value();
  const RunConfig b = RunConfig::make(Task::kPretrain, Json()).value();
  const auto all = differences(a, b);
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].key, "optim.lr");
  EXPECT_EQ(all[0].first, 2e-3);
  EXPECT_EQ(all[0].second, 1e-3);
}

TEST(RunConfig, RefusesWhatIsNotAnObject) {
  EXPECT_THAT(errorOf(Task::kPretrain, Json::array({1})), HasSubstr("must be a JSON object"));
  EXPECT_THAT(errorOf(Task::kPretrain, {{"model", 3}}), HasSubstr("model: there is no such key"));
  EXPECT_THAT(errorOf(Task::kPretrain, {{"modle", {{"x", 3}}}}), HasSubstr("modle.x"));
}

TEST(ConfigDraft, IsCompleteEvenWhereItIsWrong) {
  const ConfigDraft draft =
      draftConfig(Task::kPretrain, {{"model.hidden_size", 128}},
                  {"train.steps=many", "optim.lr=1e-4", "optim.min_lr=1", "model.preset=z2-124m"});
  EXPECT_EQ(draft.flat["train.steps"], 1000);
  EXPECT_EQ(draft.flat["optim.lr"], 1e-4);
  EXPECT_EQ(draft.usual["optim.lr"], 1e-3);
  EXPECT_EQ(draft.usual["model.preset"], "tiny");
  EXPECT_EQ(draft.usual["model.num_hidden_layers"], 12) << "as the chosen preset has it";
  EXPECT_EQ(draft.flat["model.hidden_size"], 128) << "of the values beneath";
  std::vector<std::string> keys;
  for (const ConfigIssue& issue : draft.issues) {
    keys.push_back(issue.key);
    EXPECT_FALSE(issue.en.empty() || issue.zh.empty());
    EXPECT_FALSE(issue.en.starts_with(issue.key)) << issue.en;
  }
  EXPECT_THAT(keys,
              ::testing::ElementsAre("train.steps", "model.num_attention_heads", "optim.min_lr"));
}

TEST(Task, HasItsNames) {
  EXPECT_EQ(parseTask("dpo").value(), Task::kDpo);
  EXPECT_THAT(parseTask("rlhf").error().text(), HasSubstr("pretrain, sft or dpo"));
}

}  // namespace
}  // namespace z2
