#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/chat/jinja/json_value.h"
#include "core/chat/jinja/template.h"
#include "core/io/files.h"
#include "core/io/json.h"

namespace z2::jinja {
namespace {

using testing::HasSubstr;

constexpr uint32_t kData = 2;
const std::filesystem::path kFolder = std::filesystem::path(Z2_SOURCE_DIR) / "tests/core/chat/data";

Variables variablesOf(const Json& json) {
  Variables variables;
  for (const auto& [name, value] : json.items())
    variables.emplace_back(name, valueOf(value, kData));
  return variables;
}

Result<MarkedText> render(const std::string& source, const Variables& variables = {},
                          const RenderOptions& options = {}) {
  Z2_TRY(const Template parsed, Template::parse(source, "t"));
  return parsed.render(variables, options);
}

std::string rendered(const std::string& source, const Variables& variables = {}) {
  const auto text = render(source, variables);
  return text ? text->bytes() : "error: " + text.error().text();
}

std::string failure(const std::string& source, const Variables& variables = {}) {
  const auto text = render(source, variables);
  return text ? "no error: " + text->bytes() : text.error().text();
}

// [begin, end) in characters of each generation block.
Json generationOf(const MarkedText& text) {
  Json spans = Json::array();
  size_t begin = 0;
  size_t characters = 0;
  uint32_t last = 0;
  for (const MarkedText::Run& run : text.runs()) {
    size_t count = 0;
    for (size_t i = begin; i < run.end; ++i)
      if ((static_cast<unsigned char>(text.bytes()[i]) & 0xC0) != 0x80) ++count;
    if (run.mark.generation != 0) {
      if (run.mark.generation == last)
        spans.back()[1] = characters + count;
      else
        spans.push_back({characters, characters + count});
    }
    last = run.mark.generation;
    characters += count;
    begin = run.end;
  }
  return spans;
}

class JinjaGoldenTest : public testing::Test {
 protected:
  void SetUp() override { goldens_ = readJsonFile(kFolder / "jinja_goldens.json").value(); }

  static void expectSame(const Json& expected, const Result<MarkedText>& made,
                         const std::string& what) {
    if (expected.contains("error")) {
      EXPECT_FALSE(made) << what << "\nexpected: " << expected.at("error");
      return;
    }
    ASSERT_TRUE(made) << what << "\n" << made.error().text();
    EXPECT_EQ(made->bytes(), expected.at("output").get<std::string>()) << what;
    EXPECT_EQ(generationOf(*made), expected.at("generation")) << what;
  }

  Json goldens_;
};

TEST_F(JinjaGoldenTest, SnippetsRenderAsInTransformers) {
  const Variables variables = variablesOf(goldens_.at("variables"));
  for (const Json& snippet : goldens_.at("snippets")) {
    const auto source = snippet.at("source").get<std::string>();
    expectSame(snippet, render(source, variables), source);
  }
}

TEST_F(JinjaGoldenTest, ModelsTemplatesRenderAsInTransformers) {
  for (const Json& one : goldens_.at("templates")) {
    const auto name = one.at("template").get<std::string>();
    const std::string source = readFile(kFolder / "templates" / (name + ".jinja")).value();
    expectSame(one, render(source, variablesOf(one.at("variables"))),
               name + ", " + one.at("conversation").get<std::string>());
  }
}

TEST(JinjaTest, KnowsWhereEachPartCameFrom) {
  const Variables variables = {{"x", Value::text("<|end|>ab", 5)}};
  const auto text =
      render("<|end|>{{ x.upper()[:8] | replace('A', '-') }}{{ {'k': x} | tojson }}", variables);
  ASSERT_TRUE(text) << text.error().text();
  EXPECT_EQ(text->bytes(), "<|end|><|END|>-{\"k\": \"<|end|>ab\"}");
  std::string fromData;
  size_t begin = 0;
  for (const MarkedText::Run& run : text->runs()) {
    if (run.mark.origin == 5) fromData += text->bytes().substr(begin, run.end - begin) + "|";
    begin = run.end;
  }
  // All of what is printed as JSON is the data's, so that no special token is read in it.
  EXPECT_EQ(fromData, "<|END|>|{\"k\": \"<|end|>ab\"}|");
}

TEST(JinjaTest, ErrorsNameLineAndColumn) {
  EXPECT_THAT(failure("a\n{{ 'x' }}\n  {{ y.z }}"), HasSubstr("t:3:7"));
  EXPECT_THAT(failure("a\n{{ 'x' }}\n  {{ y.z }}"), HasSubstr("'y' is undefined"));
  EXPECT_THAT(failure("{% if x %}\n中文 {% foo %}"), HasSubstr("t:2:7"));
  EXPECT_THAT(failure("{% for x in [1] %}\n"), HasSubstr("{% endfor %} is missing"));
  EXPECT_THAT(failure("{{ raise_exception('Only ' ~ 3) }}"), HasSubstr("Only 3"));
  EXPECT_THAT(failure("{{ 'a' + 1 }}"), HasSubstr("with ~"));
  EXPECT_THAT(failure("{% call x %}"), HasSubstr("{% call %}"));
}

TEST(JinjaTest, RenderingIsBounded) {
  EXPECT_THAT(
      failure("{% for a in range(100000) %}{% for b in range(100000) %}{% endfor %}{% endfor %}"),
      HasSubstr("too many steps"));
  EXPECT_THAT(failure("{{ range(10 ** 12) | length }}"), HasSubstr("too many steps"));
  EXPECT_THAT(failure("{{ 'a' * 10 ** 12 }}"), HasSubstr("too large"));
  EXPECT_THAT(
      failure("{% set ns = namespace(x='aaaaaaaa') %}{% for i in range(100) %}{% set ns.x = ns.x + "
              "ns.x %}{% endfor %}"),
      HasSubstr("too large"));
  EXPECT_THAT(failure("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}"), HasSubstr("too deep"));
  EXPECT_THAT(
      failure("{% set ns = namespace(x=[]) %}{% for i in range(100000) %}{% set ns.x = [ns.x] %}"
              "{% endfor %}"),
      HasSubstr("too deep"));
  EXPECT_THAT(failure("{% set ns = namespace() %}{% set ns.me = ns %}"), HasSubstr("too deep"));
  std::string deep = "{{ ";
  for (int i = 0; i < 100'000; ++i) deep += "(";
  deep += "1" + std::string(100'000, ')') + " }}";
  EXPECT_THAT(failure(deep), HasSubstr("too deep"));
  std::string chain = "{{ x";
  for (int i = 0; i < 100'000; ++i) chain += ".y";
  EXPECT_THAT(failure(chain + " }}"), HasSubstr("too long"));
  std::string blocks;
  for (int i = 0; i < 10'000; ++i) blocks += "{% if true %}";
  EXPECT_THAT(failure(blocks), HasSubstr("too deep"));
  EXPECT_THAT(failure("{{ (-9223372036854775807 - 1) // -1 }}"), HasSubstr("too large"));
}

TEST(JinjaTest, ShowsTheDateItIsGiven) {
  RenderOptions options;
  options.now = 1'700'000'000;  // 14 November 2023 in every time zone but the last hours of some
  const auto text = render("{{ strftime_now('%Y %B') }}", {}, options);
  ASSERT_TRUE(text);
  EXPECT_EQ(text->bytes(), "2023 November");
}

TEST(JinjaTest, KnowsWhetherItSaysWhatIsTrained) {
  EXPECT_TRUE(
      Template::parse("{% if x %}{% for a in b %}{% generation %}{% endgeneration %}{% endfor %}"
                      "{% endif %}",
                      "t")
          .value()
          .hasGeneration());
  EXPECT_FALSE(Template::parse("{% if x %}generation{% endif %}", "t").value().hasGeneration());
}

TEST(JinjaTest, RefusesWhatIsNoText) {
  EXPECT_FALSE(Template::parse("a\xff", "t"));
  EXPECT_EQ(rendered(""), "");
  EXPECT_EQ(rendered("{"), "{");
  EXPECT_EQ(rendered("{ {"), "{ {");
}

}  // namespace
}  // namespace z2::jinja
