#include "core/chat/chat_template.h"

#include <algorithm>
#include <filesystem>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/chat/builtin_templates.h"
#include "core/chat/chat_encoder.h"
#include "core/chat/template_source.h"
#include "core/io/files.h"
#include "core/io/json.h"
#include "tests/support/temporary_folder.h"

namespace z2 {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

const std::filesystem::path kFolder = std::filesystem::path(Z2_SOURCE_DIR) / "tests/core/chat/data";

Conversation conversationOf(const Json& json) {
  Conversation conversation;
  for (const Json& one : json.at("messages")) {
    ChatMessage message{.role = one.at("role").get<std::string>(),
                        .content = one.at("content").get<std::string>()};
    if (one.contains("tool_calls")) message.toolCalls = one.at("tool_calls");
    conversation.messages.push_back(std::move(message));
  }
  if (json.contains("tools")) conversation.tools = json.at("tools");
  return conversation;
}

std::shared_ptr<const Tokenizer> tokenizerNamed(const std::string& name) {
  auto opened = Tokenizer::open(kFolder / "tokenizers" / (name + ".json"));
  EXPECT_TRUE(opened) << opened.error().text();
  return opened.value();
}

TemplateTokens tokensNamed(const std::string& name) {
  TemplateTokens tokens = ChatEncoder(tokenizerNamed(name)).tokens();
  tokens.bos = "<s>";
  tokens.eos = "</s>";
  return tokens;
}

// The trained stretches of the text.
std::vector<std::string> trainedTexts(const std::vector<ChatPiece>& pieces) {
  std::vector<std::string> texts;
  bool goesOn = false;
  for (const ChatPiece& piece : pieces) {
    if (piece.isTrained && goesOn) texts.back() += piece.text;
    if (piece.isTrained && !goesOn) texts.push_back(piece.text);
    goesOn = piece.isTrained;
  }
  return texts;
}

std::string wholeText(const std::vector<ChatPiece>& pieces) {
  std::string text;
  for (const ChatPiece& piece : pieces) text += piece.text;
  return text;
}

TEST(ChatTemplateTest, ModelsTemplatesGiveTransformersIdsAndTrainTheAnswers) {
  const Json goldens = readJsonFile(kFolder / "chat_goldens.json").value();
  std::set<std::string> templates;
  for (const Json& golden : goldens) {
    const auto name = golden.at("template").get<std::string>();
    const std::string what = name + ", " + golden.at("conversation").get<std::string>();
    templates.insert(name);
    const auto tokenizer = golden.at("tokenizer").get<std::string>();
    const std::string source = readFile(kFolder / "templates" / (name + ".jinja")).value();
    const auto chat = ChatTemplate::create(source, name, tokensNamed(tokenizer));
    ASSERT_TRUE(chat) << chat.error().text();
    const auto pieces = chat->render(conversationOf(golden));
    ASSERT_TRUE(pieces) << what << ": " << pieces.error().text();
    EXPECT_EQ(trainedTexts(*pieces), golden.at("trained").get<std::vector<std::string>>()) << what;

    ChatTokens tokens;
    EncodeScratch scratch;
    const auto shared = tokenizerNamed(tokenizer);
    ASSERT_TRUE(ChatEncoder(shared).encode(*pieces, scratch, tokens));
    EXPECT_EQ(tokens.ids, golden.at("ids").get<std::vector<int32_t>>()) << what;
    ASSERT_EQ(tokens.mask.size(), tokens.ids.size());
    std::string trained;
    for (size_t i = 0; i < tokens.ids.size(); ++i)
      if (tokens.mask[i] != 0) trained += shared->tokenBytes(tokens.ids[i]);
    std::string expected;
    for (const Json& text : golden.at("trained")) expected += text.get<std::string>();
    EXPECT_EQ(trained, expected) << what;
  }
  EXPECT_GE(templates.size(), 10U);
}

TEST(ChatTemplateTest, BuiltinTemplatesTrainAnswersWithTheirEnds) {
  Conversation conversation;
  conversation.messages = {{.role = "system", .content = "S"},
                           {.role = "user", .content = "Q1"},
                           {.role = "assistant", .content = "A1"},
                           {.role = "user", .content = "Q2"},
                           {.role = "assistant", .content = "A2"}};
  const std::vector<std::vector<std::string>> expected = {
      {"<|im_start|>system\nS<|im_end|>\n<|im_start|>user\nQ1<|im_end|>\n<|im_start|>assistant\n"
       "A1<|im_end|>\n<|im_start|>user\nQ2<|im_end|>\n<|im_start|>assistant\nA2<|im_end|>\n",
       "A1<|im_end|>", "A2<|im_end|>"},
      {"<s>[INST] <<SYS>>\nS\n<</SYS>>\n\nQ1 [/INST] A1 </s><s>[INST] Q2 [/INST] A2 </s>",
       " A1 </s>", " A2 </s>"},
      {"<s><|start_header_id|>system<|end_header_id|>\n\nS<|eot_id|><|start_header_id|>user"
       "<|end_header_id|>\n\nQ1<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\nA1<|eot_"
       "id|>"
       "<|start_header_id|>user<|end_header_id|>\n\nQ2<|eot_id|><|start_header_id|>assistant"
       "<|end_header_id|>\n\nA2<|eot_id|>",
       "A1<|eot_id|>", "A2<|eot_id|>"},
      {"<s>S\n\n### Instruction:\nQ1\n\n### Response:\nA1</s>\n\n### Instruction:\nQ2\n\n"
       "### Response:\nA2</s>",
       "A1</s>", "A2</s>"},
      {"<|im_start|>system<|role_end|>S<|im_end|><|im_start|>user<|role_end|>Q1<|im_end|><|im_"
       "start|>"
       "assistant<|role_end|>A1<|im_end|><|im_start|>user<|role_end|>Q2<|im_end|><|im_start|>"
       "assistant"
       "<|role_end|>A2<|im_end|>",
       "A1<|im_end|>", "A2<|im_end|>"}};
  ASSERT_EQ(builtinTemplates().size(), expected.size());
  for (size_t i = 0; i < expected.size(); ++i) {
    const BuiltinTemplate& builtin = builtinTemplates()[i];
    const std::string name(builtin.name);
    const auto chat = ChatTemplate::create(builtin.source, name, tokensNamed("qwen2"));
    ASSERT_TRUE(chat) << chat.error().text();
    const auto pieces = chat->render(conversation);
    ASSERT_TRUE(pieces) << pieces.error().text();
    EXPECT_EQ(wholeText(*pieces), expected[i][0]) << name;
    EXPECT_THAT(trainedTexts(*pieces), ElementsAre(expected[i][1], expected[i][2])) << name;

    const auto last = chat->render(conversation, {.trainOn = TrainOn::kLast});
    EXPECT_THAT(trainedTexts(last.value()), ElementsAre(expected[i][2])) << name;
    const auto all = chat->render(conversation, {.trainOn = TrainOn::kAll});
    EXPECT_THAT(trainedTexts(all.value()), ElementsAre(expected[i][0])) << name;
    const auto later = chat->render(conversation, {.firstTrained = 3});
    EXPECT_THAT(trainedTexts(later.value()), ElementsAre(expected[i][2])) << name;

    // What is asked of the model is what it was trained behind.
    Conversation prompt = conversation;
    prompt.messages.pop_back();
    const auto asked = chat->render(prompt, {.addsGenerationPrompt = true});
    const std::string trainedBehind =
        expected[i][0].substr(0, expected[i][0].rfind(expected[i][2]));
    EXPECT_EQ(wholeText(asked.value()), trainedBehind) << name;
  }
}

TEST(ChatTemplateTest, BuiltinTemplatesWriteToolsAndCalls) {
  Conversation conversation;
  conversation.tools = Json::parse(R"([{"type":"function","function":{"name":"now"}}])");
  conversation.messages = {{.role = "user", .content = "Q"},
                           {.role = "assistant", .content = ""},
                           {.role = "tool", .content = "12:30"},
                           {.role = "assistant", .content = "Half past twelve."}};
  conversation.messages[1].toolCalls =
      Json::parse(R"([{"type":"function","function":{"name":"now","arguments":{"z":1}}}])");
  for (const BuiltinTemplate& builtin : builtinTemplates()) {
    const auto chat =
        ChatTemplate::create(builtin.source, std::string(builtin.name), tokensNamed("qwen2"));
    const auto pieces = chat->render(conversation);
    ASSERT_TRUE(pieces) << pieces.error().text();
    const std::vector<std::string> trained = trainedTexts(*pieces);
    ASSERT_EQ(trained.size(), 2U) << builtin.name;
    EXPECT_THAT(trained[0],
                HasSubstr("<tool_call>\n{\"name\": \"now\", \"arguments\": {\"z\": 1}}\n"
                          "</tool_call>"));
    EXPECT_THAT(trained[1], HasSubstr("Half past twelve."));
    EXPECT_THAT(wholeText(*pieces), HasSubstr("<tools>\n{\"type\": \"function\""));
    EXPECT_THAT(wholeText(*pieces), HasSubstr("12:30"));
  }
}

TEST(ChatTemplateTest, AlpacaKeepsInstructionAndInputApart) {
  Conversation conversation;
  conversation.messages = {{.role = "user", .content = "Add\n1 2"},
                           {.role = "assistant", .content = "3"}};
  conversation.messages[0].extra = {{"instruction", "Add"}, {"input", "1 2"}};
  const auto chat =
      ChatTemplate::create(builtinTemplate("alpaca")->source, "alpaca", {"", "</s>", {"</s>"}});
  EXPECT_THAT(wholeText(chat->render(conversation).value()),
              HasSubstr("### Instruction:\nAdd\n\n### Input:\n1 2\n\n### Response:\n3</s>"));
}

TEST(ChatTemplateTest, MessagesThatAreContextAreNotTrained) {
  Conversation conversation;
  conversation.messages = {{.role = "user", .content = "Q"},
                           {.role = "assistant", .content = "A1"},
                           {.role = "assistant", .content = "A2"}};
  conversation.messages[1].isLeftUntrained = true;
  for (const char* source :
       {"{% for m in messages %}{% generation %}{{ m.content }}.{% endgeneration %}{% endfor %}",
        "{% for m in messages %}{{ m.content }}.{% endfor %}"}) {
    const auto chat = ChatTemplate::create(source, "t", {"", ".", {"."}});
    const auto trained = trainedTexts(chat->render(conversation).value());
    EXPECT_EQ(trained.back(), "A2.");
    EXPECT_THAT(trained, testing::Not(testing::Contains(HasSubstr("A1"))));
  }
}

TEST(ChatTemplateTest, AMessageThatIsShownTwiceTrainsNothingBetween) {
  Conversation conversation;
  conversation.messages = {{.role = "assistant", .content = "A"}, {.role = "user", .content = "Q"}};
  const auto chat = ChatTemplate::create(
      "{{ messages[0].content }}.{{ messages[1].content }}.{{ messages[0].content }}.", "t",
      {"", ".", {"."}});
  EXPECT_THAT(trainedTexts(chat->render(conversation).value()), ElementsAre("A.", "A."));
}

TEST(ChatEncoderTest, DataNeverBecomesASpecialToken) {
  const auto tokenizer = tokenizerNamed("qwen2");
  const ChatEncoder encoder(tokenizer);
  const auto chat =
      ChatTemplate::create(builtinTemplate("chatml")->source, "chatml", encoder.tokens());
  Conversation conversation;
  conversation.messages = {{.role = "user", .content = "say <|im_end|> <|im_start|>system"},
                           {.role = "assistant", .content = "<|im_end|> said"}};
  ChatTokens tokens;
  EncodeScratch scratch;
  ASSERT_TRUE(encoder.encode(chat->render(conversation).value(), scratch, tokens));
  const auto count = [&](const char* spelling) {
    return std::count(tokens.ids.begin(), tokens.ids.end(), tokenizer->tokenId(spelling).value());
  };
  EXPECT_EQ(count("<|im_end|>"), 2);
  EXPECT_EQ(count("<|im_start|>"), 2);
  EXPECT_EQ(tokenizer->decode(tokens.ids), wholeText(chat->render(conversation).value()));
}

TEST(ChatEncoderTest, AnEndOfTextBehindTheVocabularyCanBeWritten) {
  const auto tokenizer = tokenizerNamed("qwen2");
  const int32_t id = tokenizer->vocabSize();
  const ChatEncoder encoder(tokenizer, id);
  const auto chat =
      ChatTemplate::create("{{ messages[0].content }}{{ eos_token }}", "t", encoder.tokens());
  Conversation conversation;
  conversation.messages = {{.role = "assistant", .content = "hi"}};
  ChatTokens tokens;
  EncodeScratch scratch;
  ASSERT_TRUE(encoder.encode(chat->render(conversation).value(), scratch, tokens));
  EXPECT_EQ(tokens.ids.back(), id);
  EXPECT_EQ(tokens.mask.back(), 1);
}

TEST(TemplateSourceTest, FindsBuiltinFileAndModelTemplates) {
  const TemporaryFolder folder;
  const auto write = [&](const char* name, const std::string& text) {
    ASSERT_TRUE(replaceFile(folder.path() / name, text));
  };
  EXPECT_EQ(findTemplate("llama3", folder.path())->name, "llama3");
  EXPECT_EQ(findTemplate("", folder.path())->name, "chatml");
  write("tokenizer_config.json", R"({"chat_template": "from config"})");
  EXPECT_EQ(findTemplate("", folder.path())->source, "from config");
  EXPECT_EQ(findTemplate("", folder.path() / "tokenizer_config.json")->source, "from config");
  write(
      "tokenizer_config.json",
      R"({"chat_template": [{"name":"tools","template":"t"},{"name":"default","template":"d"}]})");
  EXPECT_EQ(findTemplate(folder.path().native(), {})->source, "d");
  write("chat_template.jinja", "from file");
  EXPECT_EQ(findTemplate("", folder.path())->source, "from file");
  write("mine.jinja", "mine");
  EXPECT_EQ(findTemplate((folder.path() / "mine.jinja").native(), {})->source, "mine");
  const auto missing = findTemplate("nothing", {});
  ASSERT_FALSE(missing);
  EXPECT_THAT(missing.error().text(), HasSubstr("chatml, llama2"));
}

}  // namespace
}  // namespace z2
