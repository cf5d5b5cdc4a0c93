#include "core/tokenizer/split_regex.h"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "core/io/limits.h"
#include "core/text/unicode.h"
#include "core/text/utf8.h"

namespace z2 {

namespace {

template <auto free>
struct Free {
  template <typename T>
  void operator()(T* object) const {
    free(object);
  }
};

using CodePointer = std::unique_ptr<pcre2_code, Free<pcre2_code_free>>;
using MatchData = std::unique_ptr<pcre2_match_data, Free<pcre2_match_data_free>>;
using MatchContext = std::unique_ptr<pcre2_match_context, Free<pcre2_match_context_free>>;
using CompileContext = std::unique_ptr<pcre2_compile_context, Free<pcre2_compile_context_free>>;
using JitStack = std::unique_ptr<pcre2_jit_stack, Free<pcre2_jit_stack_free>>;

constexpr size_t kJitStackBytes = size_t{8} << 20;
constexpr uint32_t kMatchLimit = 20'000'000;
constexpr uint32_t kHeapLimitKiB = 256 * 1024;

std::string messageOf(int code) {
  std::string message(256, '\0');
  const int length =
      pcre2_get_error_message(code, reinterpret_cast<PCRE2_UCHAR*>(message.data()), message.size());
  message.resize(length > 0 ? static_cast<size_t>(length) : 0);
  return message;
}

}  // namespace

struct SplitRegex::Code {
  CodePointer compiled;
  std::string source;
};

struct SplitRegex::Workspace::State {
  MatchData data{pcre2_match_data_create(1, nullptr)};
  MatchContext context{pcre2_match_context_create(nullptr)};
  JitStack stack{pcre2_jit_stack_create(32 * 1024, kJitStackBytes, nullptr)};
  std::string standIns;
};

SplitRegex::Workspace::Workspace() : state_(std::make_unique<State>()) {
  pcre2_jit_stack_assign(state_->context.get(), nullptr, state_->stack.get());
  pcre2_set_match_limit(state_->context.get(), kMatchLimit);
  pcre2_set_heap_limit(state_->context.get(), kHeapLimitKiB);
}
SplitRegex::Workspace::~Workspace() = default;
SplitRegex::Workspace::Workspace(Workspace&&) noexcept = default;
SplitRegex::Workspace& SplitRegex::Workspace::operator=(Workspace&&) noexcept = default;

SplitRegex::SplitRegex(std::unique_ptr<const Code> code) : code_(std::move(code)) {}
SplitRegex::~SplitRegex() = default;
SplitRegex::SplitRegex(SplitRegex&&) noexcept = default;
SplitRegex& SplitRegex::operator=(SplitRegex&&) noexcept = default;

Result<SplitRegex> SplitRegex::compile(std::string_view pattern) {
  if (pattern.size() > limits::kRegexBytes)
    return badInput("regular expression",
                    "it is longer than " + std::to_string(limits::kRegexBytes) + " bytes");
  if (!isValidUtf8(pattern)) return badInput("regular expression", "it is not valid UTF-8");
  Z2_TRY(const std::string translated, translateOniguruma(pattern));
  const CompileContext context(pcre2_compile_context_create(nullptr));
  // Ruby's syntax: ^ and $ match at lines, the dot excludes the line feed alone.
  pcre2_set_newline(context.get(), PCRE2_NEWLINE_LF);
  pcre2_set_parens_nest_limit(context.get(), 64);
  int error = 0;
  PCRE2_SIZE at = 0;
  auto code = std::make_unique<Code>();
  code->source = pattern;
  code->compiled.reset(pcre2_compile(
      reinterpret_cast<PCRE2_SPTR>(translated.data()), translated.size(),
      PCRE2_UTF | PCRE2_UCP | PCRE2_MULTILINE | PCRE2_NEVER_BACKSLASH_C | PCRE2_NO_AUTO_CAPTURE,
      &error, &at, context.get()));
  if (!code->compiled)
    return badInput("regular expression " + std::string(pattern), messageOf(error),
                    "Correct the pattern");
  // Without JIT (a kernel that forbids executable memory) PCRE2 interprets: slower, the same.
  pcre2_jit_compile(code->compiled.get(), PCRE2_JIT_COMPLETE);
  return SplitRegex(std::move(code));
}

Result<void> SplitRegex::findAll(std::string_view text, Workspace& workspace,
                                 std::vector<MatchRange>& matches) const {
  matches.clear();
  Workspace::State& state = *workspace.state_;
  const std::string_view subject = withStandIns(text, state.standIns);
  const PCRE2_SIZE* bounds = pcre2_get_ovector_pointer(state.data.get());
  size_t from = 0;
  while (from <= subject.size()) {
    const auto match = [&](uint32_t extra) {
      return pcre2_match(code_->compiled.get(), reinterpret_cast<PCRE2_SPTR>(subject.data()),
                         subject.size(), from, PCRE2_NO_UTF_CHECK | extra, state.data.get(),
                         state.context.get());
    };
    int outcome = match(0);
    if (outcome == PCRE2_ERROR_JIT_STACKLIMIT) outcome = match(PCRE2_NO_JIT);
    if (outcome == PCRE2_ERROR_NOMATCH) break;
    if (outcome < 0)
      return badInput("regular expression " + code_->source,
                      "it needs too much work on this text: " + messageOf(outcome),
                      "Use a simpler pattern, or cut the text into documents");
    matches.push_back({bounds[0], bounds[1]});
    from = bounds[1];
    if (bounds[0] == bounds[1]) {
      if (from >= subject.size()) break;
      from += utf8Length(subject[from]);
    }
  }
  return {};
}

}  // namespace z2
