// What a person reads when records for fine-tuning or alignment are wrong: which file and line,
// what is wrong there, what to do; and that nothing half-written is left.

#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/io/files.h"
#include "core/io/json.h"
#include "tests/app/cli/program.h"
#include "tests/support/temporary_folder.h"

namespace z2 {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class BadData : public testing::Test {
 protected:
  [[nodiscard]] ProgramRun tokenize(const std::string& task, const std::string& name,
                                    const std::vector<std::string>& more = {}) const {
    std::vector<std::string> arguments = {"data",        "tokenize",  "--task",  task,
                                          "--tokenizer", tokenizer_,  "--input", path(name),
                                          "--output",    path("made")};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return runProgram("z2all", arguments);
  }
  [[nodiscard]] std::string path(const std::string& name) const {
    return (folder_.path() / name).native();
  }
  void write(const std::string& name, const std::string& text) const {
    ASSERT_TRUE(replaceFile(folder_.path() / name, text));
  }
  // Names in the folder.
  [[nodiscard]] std::set<std::string> files() const {
    std::set<std::string> names;
    for (const auto& entry : fs::directory_iterator(folder_.path()))
      names.insert(entry.path().filename().native());
    return names;
  }
  // Exit status 3, these words, and the folder as before.
  void expectRefused(const std::string& task, const std::string& name,
                     const std::vector<std::string>& words,
                     const std::vector<std::string>& more = {}) const {
    const std::set<std::string> before = files();
    const ProgramRun run = tokenize(task, name, more);
    EXPECT_EQ(run.exitCode, 3) << run.errors;
    EXPECT_EQ(run.output, "");
    for (const std::string& word : words) EXPECT_THAT(run.errors, HasSubstr(word));
    EXPECT_EQ(files(), before) << name;
  }

  TemporaryFolder folder_;
  std::string tokenizer_ =
      (fs::path(Z2_SOURCE_DIR) / "tests/core/chat/data/tokenizers/qwen2.json").native();
};

struct BadRecord {
  const char* bad;
  const char* words;  // of the line that names it
};
struct Shape {
  const char* task;
  const char* good;
  std::vector<BadRecord> records;
};

const std::vector<Shape>& shapes() {
  static const std::vector<Shape> kAll = {
      // Alpaca.
      {"sft",
       R"({"instruction":"q","input":"","output":"a"})",
       {{R"({"instruction":"q"})", R"(missing field: the record has no "output")"},
        {R"({"output":"a"})", R"(missing field: the record has no "instruction")"},
        {R"({"instruction":"q","output":"  "})", R"(empty answer: "output" is empty)"},
        {R"({"instruction":"q","output":null})", R"(empty answer: "output" is empty)"},
        {R"({"instruction":{"a":1},"output":"a"})", R"(wrong type: "instruction" is no text)"},
        {R"({"instruction":"q","output":"a","history":[["only one"]]})",
         R"(wrong type: "history" is no list of pairs of texts)"},
        {R"({"instruction":"q","output":)", "broken JSON: this is not valid JSON (at byte"},
        {R"(["q","a"])", "wrong type: the record is no object"}}},
      // ShareGPT.
      {"sft",
       R"({"conversations":[{"from":"human","value":"q"},{"from":"gpt","value":"a"}]})",
       {{R"({"conversations":[{"from":"alien","value":"q"},{"from":"gpt","value":"a"}]})",
         R"(unknown role: conversations[0] has the role "alien"; known are system, user)"},
        {R"({"conversations":[{"from":"human","value":"q"},{"from":"gpt"}]})",
         R"(missing field: conversations[1] has no content ("content" or "value"))"},
        {R"({"conversations":[{"value":"q"},{"from":"gpt","value":"a"}]})",
         R"(missing field: conversations[0] has no role ("role" or "from"))"},
        {R"({"conversations":[{"from":"human","value":"q"}]})",
         "no answer: no assistant speaks in the conversation"},
        {R"({"conversations":[]})", "no answer: no assistant speaks in the conversation"},
        {R"({"conversations":[{"from":"human","value":"q"},{"from":"gpt","value":""}]})",
         "empty answer: message 2 of the conversation, an assistant's, is empty"},
        {R"({"conversations":"q"})", R"(missing field: the record has no list "conversations")"},
        {R"({"conversations":["q","a"]})", "wrong type: conversations[0] is no object"}}},
      // The study project's form: ShareGPT's list with OpenAI's names.
      {"sft",
       R"({"conversations":[{"role":"user","content":"q"},{"role":"assistant","content":"a"}]})",
       {{R"({"conversations":[{"role":"robot","content":"q"}]})",
         R"(unknown role: conversations[0] has the role "robot")"},
        {R"({"conversations":[{"role":"user"},{"role":"assistant","content":"a"}]})",
         "missing field: conversations[0] has no content"}}},
      // OpenAI's messages, with tools.
      {"sft",
       R"({"messages":[{"role":"user","content":"q"},{"role":"assistant","content":"a"}]})",
       {{R"({"messages":[{"role":"user","content":{"text":"q"}}]})",
         "wrong type: messages[0] is no text but an object"},
        {R"({"messages":[{"role":"user","content":[{"type":"image_url"}]}]})",
         "wrong type: messages[0] has a part that is no text"},
        {R"({"messages":[{"role":"user","content":"q"},{"role":"assistant","content":null,)"
         R"("tool_calls":[{"id":"1"}]}]})",
         R"(wrong type: messages[1] has "tool_calls" that are no list of functions)"},
        {R"({"messages":[{"role":"user","content":"q"},{"role":"assistant","content":"a"}],)"
         R"("tools":"{broken"})",
         R"(wrong type: "tools" is text that is no JSON)"},
        {R"({"messages":[{"role":"user","content":"q"},{"role":"assistant","content":"a"}],)"
         R"("tools":[1]})",
         R"(wrong type: "tools" is no list of functions)"},
        {R"({"messages":[{"role":"user","content":"q"},{"role":"assistant","content":null}]})",
         "empty answer: message 2 of the conversation"}}},
      // Prompt and completion.
      {"sft",
       R"({"prompt":"q","completion":"a"})",
       {{R"({"prompt":"q"})", R"(missing field: the record has no "completion")"},
        {R"({"completion":"a"})", R"(missing field: the record has no "prompt")"},
        {R"({"prompt":"q","completion":""})", R"(empty answer: "completion" is empty)"},
        {R"({"prompt":"q","completion":[{"role":"user","content":"a"}]})",
         "no answer: no assistant speaks in the conversation"}}},
      // Preferences as texts.
      {"dpo",
       R"({"prompt":"q","chosen":"a","rejected":"b"})",
       {{R"({"prompt":"q","chosen":"a"})", R"(missing field: the record has no "rejected")"},
        {R"({"chosen":"a","rejected":"b"})",
         R"(no prompt: chosen and rejected have nothing in common, and no "prompt")"},
        {R"({"prompt":"q","chosen":"a","rejected":" "})",
         "empty answer: the rejected answer is empty"},
        {R"({"prompt":"q","chosen":"a","rejected":"a"})",
         "same answers: chosen and rejected are the same"},
        {R"({"prompt":"q","chosen":5,"rejected":"a"})", "wrong type: chosen[0] is no object"}}},
      // Preferences as messages.
      {"dpo",
       R"({"prompt":[{"role":"user","content":"q"}],"chosen":[{"role":"assistant","content":"a"}],)"
       R"("rejected":[{"role":"assistant","content":"b"}]})",
       {{R"({"prompt":[{"role":"user","content":"q"}],"chosen":[{"role":"alien","content":"a"}],)"
         R"("rejected":[{"role":"assistant","content":"b"}]})",
         R"(unknown role: chosen[0] has the role "alien")"},
        {R"({"prompt":[{"role":"user","content":"q"}],"chosen":[{"role":"user","content":"a"}],)"
         R"("rejected":[{"role":"assistant","content":"b"}]})",
         "no answer: no assistant speaks in the chosen answer"}}},
      // ShareGPT's chosen and rejected as objects.
      {"dpo",
       R"({"conversations":[{"from":"human","value":"q"}],"chosen":{"from":"gpt","value":"a"},)"
       R"("rejected":{"from":"gpt","value":"b"}})",
       {{R"({"conversations":[{"from":"human","value":"q"}],"chosen":{"from":"gpt"},)"
         R"("rejected":{"from":"gpt","value":"b"}})",
         "missing field: chosen[0] has no content"},
        {R"({"conversations":[{"from":"human","value":"q"}],"chosen":{"from":"gpt","value":"a"}})",
         R"(missing field: the record has no "rejected")"},
        {R"({"conversations":[],"chosen":{"from":"gpt","value":"a"},)"
         R"("rejected":{"from":"gpt","value":"b"}})",
         "no prompt: chosen and rejected have nothing in common"}}},
      // Alpaca with a ranking.
      {"dpo",
       R"({"instruction":"q","input":"","output":["a","b"]})",
       {{R"({"instruction":"q","output":["a"]})",
         R"(missing field: "output" is no list of two answers)"},
        {R"({"instruction":"q","output":["","b"]})", "empty answer: the chosen answer is empty"}}},
      // hh-rlhf.
      {"dpo",
       R"({"chosen":"\n\nHuman: q\n\nAssistant: a","rejected":"\n\nHuman: q\n\nAssistant: b"})",
       {{R"({"chosen":"a","rejected":"b"})",
         R"(no transcript: "chosen" does not begin with Human: or Assistant:)"},
        {R"({"chosen":"\n\nHuman: q\n\nAssistant:","rejected":"\n\nHuman: q\n\nAssistant: b"})",
         "empty answer: the chosen answer is empty"},
        {R"({"chosen":"\n\nHuman: p\n\nAssistant: a","rejected":"\n\nHuman: q\n\nAssistant: b"})",
         "no prompt: chosen and rejected have nothing in common"}}}};
  return kAll;
}

TEST_F(BadData, EachRecordIsNamedWithItsLineAndWhatIsWrong) {
  for (const Shape& shape : shapes()) {
    std::string lines = std::string(shape.good) + "\n";
    for (const BadRecord& record : shape.records) lines += std::string(record.bad) + "\n";
    write("mixed.jsonl", lines);
    const ProgramRun run = tokenize(shape.task, "mixed.jsonl", {"--overwrite", "--json"});
    ASSERT_EQ(run.exitCode, 0) << run.errors;
    EXPECT_EQ(parseJson(run.output, "")->at("dropped_records"), shape.records.size());
    size_t line = 1;
    for (const BadRecord& record : shape.records)
      EXPECT_THAT(run.errors, HasSubstr("left out: " + path("mixed.jsonl") + ":" +
                                        std::to_string(++line) + ": " + record.words));
    const auto dropped = readFile(folder_.path() / "made.dropped.jsonl");
    ASSERT_TRUE(dropped);
    EXPECT_EQ(std::ranges::count(*dropped, '\n'), std::ssize(shape.records));
  }
}

TEST_F(BadData, WhereNoRecordCanBeUsedTheFirstOneIsNamedAndNothingIsLeft) {
  for (const Shape& shape : shapes()) {
    const BadRecord& first = shape.records.front();
    write("bad.jsonl", std::string(first.bad) + "\n");
    // Some are told from their first record already.
    expectRefused(shape.task, "bad.jsonl", {path("bad.jsonl")});
  }
  write("roles.jsonl", R"({"messages":[{"role":"alien","content":"q"}]})"
                       "\n");
  expectRefused("sft", "roles.jsonl",
                {"no record could be used; the first one left out: " + path("roles.jsonl") + ":1: ",
                 "Mend the records"});
}

TEST_F(BadData, FilesThatAreNotWhatTheySeem) {
  write("table.csv", "prompt,completion\nq,a\n");
  expectRefused("sft", "table.csv", {"table.csv: this is plain text", "Use JSON"});
  write("empty.jsonl", "\n\n");
  expectRefused("sft", "empty.jsonl", {"empty.jsonl: there is no record in this file"});
  write("pretty.jsonl", "[\n {\n  \"prompt\": \"q\",\n  \"completion\": \"a\"\n }\n]\n");
  expectRefused("sft", "pretty.jsonl", {"pretty.jsonl:1: ", "--format json"});
  write("cut.json", R"([{"prompt":"q","completion":"a"},{"prompt":"q","compl)");
  expectRefused("sft", "cut.json", {"cut.json:1: the file ends inside of this record"});
  write("open.json", R"([{"prompt":"q","completion":"a"},)");
  expectRefused("sft", "open.json", {"open.json:1: the array of records has no end"});
  write("packed.jsonl.gz", "\x1F\x8B\x08");
  expectRefused("sft", "packed.jsonl.gz", {"this file is compressed", "gunzip"});
  write("wide.jsonl", std::string("\xFF\xFE{\0}\0", 6));
  expectRefused("sft", "wide.jsonl", {"this file is UTF-16", "iconv"});
  // GB18030, as many Chinese files are.
  write("gbk.jsonl", "{\"prompt\":\"\xC4\xE3\xBA\xC3\",\"completion\":\"a\"}\n");
  expectRefused("sft", "gbk.jsonl", {"gbk.jsonl:1: ", "this is not UTF-8", "iconv -f GB18030"});
  expectRefused("sft", ".", {"this is a folder", "Name the files in it"});
  expectRefused("sft", "nowhere.jsonl", {"nowhere.jsonl", "no such file"});
}

TEST_F(BadData, BrokenParquet) {
  const auto whole =
      readFile(fs::path(Z2_SOURCE_DIR) / "tests/core/data/conversations/chats.parquet");
  ASSERT_TRUE(whole);
  write("cut.parquet", whole->substr(0, whole->size() / 2));
  expectRefused(
      "sft", "cut.parquet",
      {"cut.parquet: this is no parquet file: it does not end with PAR1", "Copy the file again"});
  std::string damaged = *whole;
  for (size_t i = 4; i < 200; ++i) damaged[i] = '\x7F';
  write("damaged.parquet", damaged);
  expectRefused("sft", "damaged.parquet", {"damaged.parquet, row 1: ", "Copy the file again"});
  write("short.parquet", "PAR1");
  expectRefused("sft", "short.parquet", {"short.parquet: the file is too short"});
}

// The second file breaks when the first one has been written already.
TEST_F(BadData, AFileThatBreaksLateLeavesNothingBehind) {
  std::string lines;
  for (int i = 0; i < 2000; ++i)
    lines += R"({"prompt":"q","completion":"a"})"
             "\n";
  write("good.jsonl", lines);
  write("late.json", R"([{"prompt":"q","completion":"a"},{"prompt":"q","compl)");
  const std::set<std::string> before = files();
  const ProgramRun run = runProgram(
      "z2all", {"data", "tokenize", "--task", "sft", "--tokenizer", tokenizer_, "--input",
                path("good.jsonl"), path("late.json"), "--output", path("new/made")});
  EXPECT_EQ(run.exitCode, 3) << run.errors;
  EXPECT_THAT(run.errors, HasSubstr("late.json:1: the file ends inside of this record"));
  EXPECT_EQ(files(), before);
}

TEST_F(BadData, Templates) {
  write("chats.jsonl", R"({"messages":[{"role":"user","content":"q"},)"
                       R"({"role":"assistant","content":"a"}]})"
                       "\n");
  write("open.jinja", "{% for message in messages %}\n{{ message.content }\n{% endfor %}");
  expectRefused("sft", "chats.jsonl", {"open.jinja:2:"}, {"--template", path("open.jinja")});
  write("raises.jinja", "{{ raise_exception('roles must alternate') }}");
  expectRefused("sft", "chats.jsonl",
                {"chats.jsonl:1: template: ", "roles must alternate",
                 "raises.jinja:1:", "choose another one with --template"},
                {"--template", path("raises.jinja")});
  write("silent.jinja", "{% for message in messages %}x{% endfor %}");
  expectRefused("sft", "chats.jsonl", {"no trained token", "--train-on"},
                {"--template", path("silent.jinja")});
  expectRefused("sft", "chats.jsonl", {"nowhere.jinja"}, {"--template", path("nowhere.jinja")});
}

TEST_F(BadData, OverLongSamples) {
  std::string lines;
  for (int i = 0; i < 10; ++i)
    lines += R"({"prompt":"q","completion":")" + std::string(i < 9 ? 1 : 900, 'a') + "\"}\n";
  write("long.jsonl", lines);
  const std::vector<std::string> limit = {"--max-length", "24"};
  const ProgramRun cut = tokenize("sft", "long.jsonl", limit);
  EXPECT_EQ(cut.exitCode, 3);
  for (const char* word :
       {"1 of 10 samples (10.0 %) are longer than --max-length 24", "--allow-cut", "--dry-run"})
    EXPECT_THAT(cut.errors, HasSubstr(word));
  EXPECT_FALSE(fs::exists(path("made.bin")) || fs::exists(path("made.manifest.json")));
  // A word of consent goes on with what was read; nothing but the data is left in the end.
  std::vector<std::string> allowed = limit;
  allowed.emplace_back("--allow-cut");
  const ProgramRun done = tokenize("sft", "long.jsonl", allowed);
  EXPECT_EQ(done.exitCode, 0) << done.errors;
  EXPECT_EQ(files(), (std::set<std::string>{"long.jsonl", "made.bin", "made.idx",
                                            "made.manifest.json", "made.mask"}));

  write("prompts.jsonl", R"({"prompt":")" + std::string(900, 'q') +
                             R"(","completion":"a"})"
                             "\n");
  expectRefused("sft", "prompts.jsonl",
                {"prompts.jsonl:1: no trained token: what is trained lies behind --max-length",
                 "Look at template, --train-on and --max-length"},
                {"--max-length", "24", "--overwrite"});
  write("pairs.jsonl", R"({"prompt":")" + std::string(900, 'q') +
                           R"(","chosen":"a","rejected":"b"})"
                           "\n");
  expectRefused("dpo", "pairs.jsonl",
                {"pairs.jsonl:1: no trained token: an answer lies behind --max-length"},
                {"--max-length", "24", "--overwrite"});
}

}  // namespace
}  // namespace z2
