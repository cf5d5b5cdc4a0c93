#include "core/io/json.h"

#include <string>

#include <gtest/gtest.h>

namespace z2 {
namespace {

TEST(Json, ParsesAndKeepsTheOrderOfKeys) {
  const Json value = parseJson(R"({"b":1,"a":[true,null]})", "here").value();
  EXPECT_EQ(jsonLine(value), R"({"b":1,"a":[true,null]})");
}

TEST(Json, SaysWhereTheTextIsBroken) {
  const auto broken = parseJson(R"({"a":)", "config.json");
  ASSERT_FALSE(broken);
  EXPECT_EQ(broken.error().where, "config.json");
}

TEST(Json, RefusesDeepNesting) {
  EXPECT_TRUE(parseJson(std::string(64, '[') + std::string(64, ']'), "x"));
  EXPECT_FALSE(parseJson(std::string(65, '[') + std::string(65, ']'), "x"));
  EXPECT_FALSE(parseJson(std::string(1 << 20, '['), "x"));
}

TEST(Json, InvalidUtf8BecomesReplacementCharacters) {
  EXPECT_EQ(jsonLine(Json("a\xff")), "\"a\xEF\xBF\xBD\"");
}

}  // namespace
}  // namespace z2
