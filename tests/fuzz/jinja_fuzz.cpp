// Any bytes as a chat template: parsed and rendered with a conversation, which ends within its
// bounds; the output's parts lie end to end.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "core/chat/jinja/json_value.h"
#include "core/chat/jinja/template.h"

namespace {

const z2::jinja::Variables& variables() {
  static const z2::jinja::Variables kVariables = [] {
    const auto json = z2::Json::parse(R"({"messages": [
        {"role": "system", "content": "S\u4f60"}, {"role": "user", "content": "Q\n"},
        {"role": "assistant", "content": "", "tool_calls": [
          {"type": "function", "function": {"name": "f", "arguments": {"a": [1, 2.5, null, true]}}}]},
        {"role": "tool", "content": "[1]"}, {"role": "assistant", "content": "<think>\nx</think>A"}],
        "tools": [{"type": "function", "function": {"name": "f", "parameters": {"properties": {}}}}],
        "bos_token": "<s>", "eos_token": "</s>", "add_generation_prompt": true})");
    z2::jinja::Variables made;
    for (const auto& [name, value] : json.items())
      made.emplace_back(name, z2::jinja::valueOf(value, 2));
    return made;
  }();
  return kVariables;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view source(reinterpret_cast<const char*>(data), size);
  const auto parsed = z2::jinja::Template::parse(source, "fuzz");
  if (!parsed) return 0;
  const z2::jinja::RenderOptions options{.limits = {.steps = 50'000, .textBytes = size_t{1} << 20},
                                         .now = 1'700'000'000};
  const auto text = parsed->render(variables(), options);
  if (!text) return 0;
  size_t end = 0;
  for (const auto& run : text->runs()) {
    if (run.end <= end) std::abort();
    end = run.end;
  }
  if (end != text->size()) std::abort();
  return 0;
}
