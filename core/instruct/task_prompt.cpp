#include "core/instruct/task_prompt.h"

#include <algorithm>
#include <numeric>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "core/data/permutation.h"

namespace z2 {

namespace {

// How a prompt speaks, in one language. The parser of answers knows the same labels.
struct Words {
  const char* rules;
  const char* header;  // {}: number
  const char* instruction;
  const char* input;
  const char* output;
  const char* none;
  const char* request;  // {}: first, last number
};

constexpr Words kEnglish = {
    .rules =
        R"(You write training data for an assistant that reads and writes text. Each task has an
instruction that somebody might really give, an input where the instruction needs material to work
on, and the output: the answer of an expert who takes care.

What makes a set of tasks good:
- They differ from each other and from the examples in subject, in kind (explain, rewrite, compare,
  classify, extract, correct, plan, calculate, write, argue, code, converse), in tone, in length
  and in difficulty.
- An instruction is clear without further questions, one to three sentences in English, sometimes a
  question and sometimes a request.
- An input is real material (a text, a list, figures, code) of at most 120 words, never a
  placeholder. Where none is needed, write (none).
- An output is right and complete, says nothing about these rules, and is as long as the task asks.
- Nothing asks for pictures, sound, files, web pages or today's date.

Keep exactly to the form of the examples and write nothing but tasks.)",
    .header = "[Task {}]",
    .instruction = "Instruction:",
    .input = "Input:",
    .output = "Output:",
    .none = "(none)",
    .request = "Go on with tasks {} to {}."};

constexpr Words kChinese = {
    .rules =
        R"(请为一个只能读写文字的助手编写训练任务。每个任务包括：一条真实用户可能提出的指令；指令需要材料时给出的输入；
以及输出，即一位细心的专家会给出的回答。

一组好的任务应当：
- 彼此不同，也不同于示例：主题、类型（解释、改写、比较、分类、提取、纠错、规划、计算、写作、论证、编程、对话）、
  语气、篇幅和难度都要有变化。
- 指令用中文写成，一到三句话，不需要追问就能明白；有的是提问，有的是请求。
- 输入是具体的材料（一段文字、清单、数据、代码），不超过 200 字，不要用占位符；不需要输入时写（无）。
- 输出正确、完整，长短合乎任务，不提及以上要求。
- 不涉及图片、声音、文件、网页或今天的日期。

请严格按照示例的格式书写，除任务外不要写任何内容。)",
    .header = "【任务 {}】",
    .instruction = "指令：",
    .input = "输入：",
    .output = "输出：",
    .none = "（无）",
    .request = "请接着写任务 {} 到任务 {}。"};

std::string part(std::string_view label, std::string_view text) {
  const bool isOneLine = text.find('\n') == std::string_view::npos;
  const bool isSpaced = label.ends_with(':');
  return fmt::format("{}{}{}\n", label, isOneLine ? (isSpaced ? " " : "") : "\n", text);
}

}  // namespace

std::vector<InstructionTask> drawExamples(std::span<const InstructionTask> seeds, size_t count,
                                          uint64_t seed, uint64_t request) {
  std::vector<size_t> order(seeds.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::vector<InstructionTask> drawn;
  for (size_t i = 0; i < std::min(count, seeds.size()); ++i) {
    const uint64_t random = mixBits(mixBits(mixBits(seed) + request) + i);
    std::swap(order[i], order[i + random % (seeds.size() - i)]);
    drawn.push_back(seeds[order[i]]);
  }
  return drawn;
}

std::string makeTaskPrompt(std::span<const InstructionTask> examples, size_t wanted,
                           InstructionLanguage language) {
  const Words& words = language == InstructionLanguage::kChinese ? kChinese : kEnglish;
  std::string prompt = fmt::format("{}\n\n", words.rules);
  size_t number = 0;
  for (const InstructionTask& task : examples) {
    prompt += fmt::format(fmt::runtime(words.header), ++number) + "\n";
    prompt += part(words.instruction, task.instruction);
    prompt += part(words.input, task.input.empty() ? words.none : task.input);
    prompt += part(words.output, task.output) + "\n";
  }
  prompt += fmt::format(fmt::runtime(words.request), number + 1, number + wanted) + "\n";
  return prompt;
}

}  // namespace z2
