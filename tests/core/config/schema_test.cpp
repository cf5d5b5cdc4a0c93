#include "core/config/schema.h"

#include <set>
#include <string>

#include <gtest/gtest.h>

#include "core/config/run_config.h"
#include "core/config/values.h"

namespace z2 {
namespace {

bool hasChinese(std::string_view text) {
  for (const char c : text)
    if (static_cast<unsigned char>(c) >= 0xE4) return true;
  return false;
}

TEST(Schema, EachKeyStandsOnceAndIsDescribedInBothLanguages) {
  std::set<std::string_view> keys;
  for (const Field& field : schema()) {
    EXPECT_TRUE(keys.insert(field.key).second) << field.key;
    EXPECT_FALSE(field.label.en.empty()) << field.key;
    EXPECT_FALSE(field.label.zh.empty()) << field.key;
    EXPECT_GT(field.help.en.size(), 10U) << field.key;
    EXPECT_TRUE(hasChinese(field.help.zh)) << field.key;
    EXPECT_FALSE(hasChinese(field.help.en)) << field.key;
    EXPECT_EQ(findField(field.key), &field);
  }
}

TEST(Schema, EveryDefaultIsValid) {
  for (const Field& field : schema())
    for (const Task task : {Task::kPretrain, Task::kSft, Task::kDpo}) {
      const auto value = checkedValue(field, field.initialFor(task));
      ASSERT_TRUE(value) << value.error().text();
      EXPECT_EQ(*value, field.initialFor(task)) << field.key;
      EXPECT_EQ(value->type(), field.initialFor(task).type()) << field.key;
    }
}

TEST(Schema, ABeginnerSeesTenFields) {
  int simple = 0;
  for (const Field& field : schema()) simple += field.isSimple ? 1 : 0;
  EXPECT_EQ(simple, 10);
}

TEST(Schema, HasTheKeysThatOthersRelyOn) {
  for (const char* key :
       {"model.preset", "model.vocab_size", "model.rope_scaling.type", "model.init_from",
        "tokenizer.path", "data.train", "data.packing", "train.steps", "train.keep_best",
        "optim.stable_steps", "lora.targets", "dpo.reference", "fused.adamw", "dist.comm_hook",
        "dist.powersgd.error_feedback"})
    EXPECT_NE(findField(key), nullptr) << key;
}

TEST(Schema, OffersTheNearestKey) {
  EXPECT_EQ(nearestKey("model.hiden_size"), "model.hidden_size");
  EXPECT_EQ(nearestKey("hidden_size"), "model.hidden_size");
  EXPECT_EQ(nearestKey("train.learning_rat"), "");
  EXPECT_EQ(nearestKey("optim.warmup"), "optim.warmup_steps");
}

TEST(Schema, EveryPresetIsValidAndHasItsSize) {
  const Field* field = findField("model.preset");
  for (const std::string_view name : field->choices)
    for (const auto& [key, value] : presetValues(name).items()) {
      ASSERT_NE(findField(key), nullptr) << key;
      EXPECT_EQ(checkedValue(*findField(key), value).value(), value) << name << " " << key;
    }
  EXPECT_EQ(presetValues("z2-1.7b").at("model.num_hidden_layers"), 32);
  EXPECT_EQ(presetValues("none such"), Json::object());
}

TEST(Schema, JsonNamesEverythingAboutAKey) {
  const Json keys = schemaToJson();
  ASSERT_EQ(keys.size(), schema().size());
  for (const Json& key : keys)
    if (key["key"] == "optim.lr") {
      EXPECT_EQ(key["type"], "real");
      EXPECT_EQ(key["default"], 1e-3);
      EXPECT_EQ(key["default_by_task"]["sft"], 2e-5);
      EXPECT_EQ(key["label"]["zh"], "学习率");
      EXPECT_EQ(key["tasks"], Json({"pretrain", "sft", "dpo"}));
      EXPECT_EQ(key["simple"], true);
    }
}

}  // namespace
}  // namespace z2
