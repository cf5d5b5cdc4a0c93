#include "core/data/conversations/sample_reader.h"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/data/conversations/message_reader.h"

namespace z2 {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

// "role: content" of each message; a call's function and arguments.
std::vector<std::string> linesOf(const std::vector<ChatMessage>& messages) {
  std::vector<std::string> lines;
  for (const ChatMessage& message : messages) {
    std::string line = message.role + ": " + message.content;
    if (!message.toolCalls.is_null())
      for (const Json& call : message.toolCalls)
        line += "[" + call.at("function").at("name").get<std::string>() + " " +
                call.at("function").at("arguments").dump() + "]";
    lines.push_back(line);
  }
  return lines;
}

ChatSample read(const char* record, SampleFormat expected, SampleTask task = SampleTask::kSft) {
  const Json json = Json::parse(record);
  const auto format = detectSampleFormat(json, task);
  EXPECT_TRUE(format) << record;
  if (!format) return {};
  EXPECT_EQ(nameOf(*format), nameOf(expected)) << record;
  auto sample = readSample(json, *format);
  EXPECT_TRUE(sample) << sample.error().reason << ": " << sample.error().detail;
  return sample ? *sample : ChatSample{};
}

RecordProblem problemOf(const char* record, SampleFormat format) {
  auto sample = readSample(Json::parse(record), format);
  EXPECT_FALSE(sample) << record;
  return sample ? RecordProblem{} : sample.error();
}

TEST(SampleReaderTest, ReadsAlpaca) {
  const ChatSample sample = read(R"({"instruction":"Add","input":"1 2","output":"3","system":"S",
      "history":[["q","a"]]})",
                                 SampleFormat::kAlpaca);
  EXPECT_THAT(
      linesOf(sample.conversation.messages),
      ElementsAre("system: S", "user: q", "assistant: a", "user: Add\n1 2", "assistant: 3"));
  EXPECT_EQ(sample.conversation.messages[3].extra.at("input"), "1 2");
  EXPECT_THAT(
      linesOf(read(R"({"instruction":"Hi","input":"","output":"Ho"})", SampleFormat::kAlpaca)
                  .conversation.messages),
      ElementsAre("user: Hi", "assistant: Ho"));
}

TEST(SampleReaderTest, ReadsShareGptWithCallsAndTheStudyProjectsForm) {
  const ChatSample sample = read(R"({"conversations":[
      {"from":"human","value":"Time?"},
      {"from":"function_call","value":"{\"name\":\"now\",\"arguments\":{\"z\":1}}"},
      {"from":"observation","value":"12:30"},{"from":"gpt","value":"Half past."}],
      "tools":"[{\"name\":\"now\"}]","system":"S"})",
                                 SampleFormat::kShareGpt);
  EXPECT_THAT(linesOf(sample.conversation.messages),
              ElementsAre("system: S", "user: Time?", "assistant: [now {\"z\":1}]", "tool: 12:30",
                          "assistant: Half past."));
  EXPECT_EQ(sample.conversation.tools.dump(), R"([{"type":"function","function":{"name":"now"}}])");
  EXPECT_THAT(linesOf(read(R"({"id":"identity_0","conversations":[
      {"from":"human","value":"Who are you?"},{"from":"assistant","value":"A model."}]})",
                           SampleFormat::kShareGpt)
                          .conversation.messages),
              ElementsAre("user: Who are you?", "assistant: A model."));
}

TEST(SampleReaderTest, ReadsOpenAiMessages) {
  const ChatSample sample = read(R"({"messages":[
      {"role":"developer","content":[{"type":"text","text":"Be "},{"type":"text","text":"kind."}]},
      {"role":"user","content":"Time?"},
      {"role":"assistant","content":null,"weight":0,"tool_calls":[
        {"id":"c1","type":"function","function":{"name":"now","arguments":"{\"z\": 1}"}}]},
      {"role":"tool","tool_call_id":"c1","content":"12:30"},
      {"role":"assistant","content":"Half past.","reasoning_content":"hm"}],
      "tools":[{"type":"function","function":{"name":"now"}}]})",
                                 SampleFormat::kMessages);
  EXPECT_THAT(linesOf(sample.conversation.messages),
              ElementsAre("system: Be kind.", "user: Time?", "assistant: [now {\"z\":1}]",
                          "tool: 12:30", "assistant: Half past."));
  EXPECT_TRUE(sample.conversation.messages[2].isLeftUntrained);
  EXPECT_FALSE(sample.conversation.messages[4].isLeftUntrained);
  EXPECT_EQ(sample.conversation.messages[4].extra.at("reasoning_content"), "hm");
}

TEST(SampleReaderTest, ReadsPromptAndCompletion) {
  EXPECT_THAT(linesOf(read(R"({"prompt":"Q","completion":"A","system":"S"})",
                           SampleFormat::kPromptCompletion)
                          .conversation.messages),
              ElementsAre("system: S", "user: Q", "assistant: A"));
  EXPECT_THAT(linesOf(read(R"({"prompt":"Add","query":"1 2","response":"3"})",
                           SampleFormat::kPromptCompletion)
                          .conversation.messages),
              ElementsAre("user: Add\n1 2", "assistant: 3"));
  const ChatSample sample = read(R"({"prompt":[{"role":"user","content":"Q"},
      {"role":"assistant","content":"old"},{"role":"user","content":"Q2"}],
      "completion":[{"role":"assistant","content":"A"}]})",
                                 SampleFormat::kPromptCompletion);
  EXPECT_THAT(linesOf(sample.conversation.messages),
              ElementsAre("user: Q", "assistant: old", "user: Q2", "assistant: A"));
  EXPECT_TRUE(sample.conversation.messages[1].isLeftUntrained);
}

TEST(SampleReaderTest, ReadsPreferences) {
  const auto expectPair = [](const ChatSample& sample, const std::vector<std::string>& prompt) {
    EXPECT_EQ(linesOf(sample.conversation.messages), prompt);
    EXPECT_THAT(linesOf(sample.chosen), ElementsAre("assistant: good"));
    EXPECT_THAT(linesOf(sample.rejected), ElementsAre("assistant: bad"));
  };
  constexpr SampleTask kDpo = SampleTask::kDpo;
  expectPair(
      read(R"({"prompt":"Q","chosen":"good","rejected":"bad"})", SampleFormat::kPreference, kDpo),
      {"user: Q"});
  expectPair(read(R"({"prompt":[{"role":"user","content":"Q"}],
      "chosen":[{"role":"assistant","content":"good"}],"rejected":{"role":"assistant","content":"bad"}})",
                  SampleFormat::kPreference, kDpo),
             {"user: Q"});
  // The prompt is what both begin with.
  expectPair(
      read(
          R"({"prompt":"Q","chosen":[{"role":"user","content":"Q"},{"role":"assistant","content":"good"}],
      "rejected":[{"role":"user","content":"Q"},{"role":"assistant","content":"bad"}]})",
          SampleFormat::kPreference, kDpo),
      {"user: Q"});
  expectPair(read(R"({"conversations":[{"from":"system","value":"S"},{"from":"human","value":"Q"}],
      "chosen":{"from":"gpt","value":"good"},"rejected":{"from":"gpt","value":"bad"}})",
                  SampleFormat::kShareGptPreference, kDpo),
             {"system: S", "user: Q"});
  expectPair(read(R"({"instruction":"I","input":"x","chosen":"good","rejected":"bad"})",
                  SampleFormat::kAlpacaRanking, kDpo),
             {"user: I\nx"});
  expectPair(
      read(R"({"instruction":"I","output":["good","bad"]})", SampleFormat::kAlpacaRanking, kDpo),
      {"user: I"});
  expectPair(read(R"({"chosen":"\n\nHuman: Q\n\nAssistant: A\n\nHuman: more\n\nAssistant: good",
      "rejected":"\n\nHuman: Q\n\nAssistant: A\n\nHuman: more\n\nAssistant: bad"})",
                  SampleFormat::kTranscripts, kDpo),
             {"user: Q", "assistant: A", "user: more"});
}

TEST(SampleReaderTest, ColumnsGiveFieldsTheirNames) {
  const auto columns = parseColumns({"conversations=dialog", "from=speaker", "value=text"}).value();
  const Json named = withColumns(Json::parse(R"({"dialog":[{"speaker":"user","text":"Q"},
      {"speaker":"bot","text":"A"}],"other":1})"),
                                 columns);
  ASSERT_EQ(detectSampleFormat(named, SampleTask::kSft), SampleFormat::kShareGpt);
  EXPECT_THAT(linesOf(readSample(named, SampleFormat::kShareGpt)->conversation.messages),
              ElementsAre("user: Q", "assistant: A"));
  EXPECT_FALSE(parseColumns({"prompt"}));
  EXPECT_FALSE(parseColumns({"=x"}));
  const auto unknown = parseColumns({"promt=x"});
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().code, ErrorCode::kUsage);
  EXPECT_THAT(unknown.error().text(), HasSubstr("promt"));
}

TEST(SampleReaderTest, SaysWhatIsWrongWithARecord) {
  EXPECT_EQ(
      problemOf(R"({"conversations":[{"from":"alien","value":"x"}]})", SampleFormat::kShareGpt)
          .reason,
      "unknown role");
  EXPECT_THAT(
      problemOf(R"({"conversations":[{"from":"human","value":"x"},{"from":"alien","value":"x"}]})",
                SampleFormat::kShareGpt)
          .detail,
      HasSubstr("conversations[1] has the role \"alien\""));
  EXPECT_EQ(problemOf(R"({"messages":[{"role":"user"}]})", SampleFormat::kMessages).reason,
            "missing field");
  EXPECT_EQ(
      problemOf(R"({"messages":[{"role":"user","content":"x"}]})", SampleFormat::kMessages).reason,
      "no answer");
  EXPECT_EQ(problemOf(R"({"instruction":"x","output":" "})", SampleFormat::kAlpaca).reason,
            "empty answer");
  EXPECT_EQ(problemOf(R"({"instruction":"x"})", SampleFormat::kAlpaca).reason, "missing field");
  EXPECT_EQ(problemOf(R"({"instruction":{},"output":"x"})", SampleFormat::kAlpaca).reason,
            "wrong type");
  EXPECT_EQ(problemOf(R"([])", SampleFormat::kAlpaca).reason, "wrong type");
  EXPECT_EQ(
      problemOf(R"({"prompt":"q","chosen":"x","rejected":"x"})", SampleFormat::kPreference).reason,
      "same answers");
  EXPECT_EQ(
      problemOf(R"({"prompt":"q","chosen":"x","rejected":""})", SampleFormat::kPreference).reason,
      "empty answer");
  EXPECT_EQ(problemOf(R"({"chosen":"x","rejected":"y"})", SampleFormat::kTranscripts).reason,
            "no transcript");
  EXPECT_EQ(problemOf(R"({"messages":[{"role":"user","content":[{"type":"image_url"}]}]})",
                      SampleFormat::kMessages)
                .reason,
            "wrong type");
}

TEST(SampleReaderTest, ShapesThatAreNoneAreNotGuessed) {
  for (const char* record :
       {R"({"text":"x"})", R"({"instruction":"x"})", R"("x")", R"({"messages":"x"})"})
    EXPECT_FALSE(detectSampleFormat(Json::parse(record), SampleTask::kSft)) << record;
  for (const char* record : {R"({"prompt":"x","chosen":"y"})", R"({"chosen":1,"rejected":2})"})
    EXPECT_FALSE(detectSampleFormat(Json::parse(record), SampleTask::kDpo)) << record;
}

}  // namespace
}  // namespace z2
