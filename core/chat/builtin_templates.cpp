#include "core/chat/builtin_templates.h"

#include <string>
#include <string_view>
#include <vector>

namespace z2 {

namespace {

// Every format writes tools and calls alike: JSON between tags. `answer` is what an assistant says,
// `instructions` what stands in the system's place, perhaps nothing.
constexpr std::string_view kMacros = R"({%- macro answer(message) -%}
{{- message.content -}}
{%- for call in message.tool_calls or [] -%}
{{- '' if loop.first and not message.content else '\n' -}}
{{- '<tool_call>\n' ~ call.function | tojson ~ '\n</tool_call>' -}}
{%- endfor -%}
{%- endmacro -%}
{%- macro instructions(initial) -%}
{{- messages[0].content if messages and messages[0].role == 'system' else initial -}}
{%- if tools -%}
{{- '\n\n' if (messages and messages[0].role == 'system') or initial -}}
{{- 'These functions can be called:\n<tools>\n' -}}
{%- for tool in tools -%}{{- tool | tojson ~ '\n' -}}{%- endfor -%}
{{- '</tools>\nA call is JSON with name and arguments between <tool_call> and </tool_call>.' -}}
{%- endif -%}
{%- endmacro -%}
{%- macro said(message) -%}
{{- '<tool_response>\n' ~ message.content ~ '\n</tool_response>' if message.role == 'tool' else message.content -}}
{%- endmacro -%}
{%- set turns = messages[1:] if messages and messages[0].role == 'system' else messages -%}
)";

// OpenAI's ChatML.
constexpr std::string_view kChatMl = R"({%- set system = instructions('') -%}
{%- if system -%}{{- '<|im_start|>system\n' ~ system ~ '<|im_end|>\n' -}}{%- endif -%}
{%- for message in turns -%}
{{- '<|im_start|>' ~ message.role ~ '\n' -}}
{%- if message.role == 'assistant' -%}
{%- generation -%}{{- answer(message) ~ '<|im_end|>' -}}{%- endgeneration -%}
{%- else -%}
{{- message.content ~ '<|im_end|>' -}}
{%- endif -%}
{{- '\n' -}}
{%- endfor -%}
{%- if add_generation_prompt -%}{{- '<|im_start|>assistant\n' -}}{%- endif -%})";

// Touvron et al., "Llama 2", 2023: the system's text inside of the first instruction.
constexpr std::string_view kLlama2 = R"({%- set system = instructions('') -%}
{%- set state = namespace(system='<<SYS>>\n' ~ system ~ '\n<</SYS>>\n\n' if system else '') -%}
{%- for message in turns -%}
{%- if message.role == 'assistant' -%}
{%- generation -%}{{- ' ' ~ answer(message) | trim ~ ' ' ~ eos_token -}}{%- endgeneration -%}
{%- else -%}
{{- bos_token ~ '[INST] ' ~ state.system ~ said(message) | trim ~ ' [/INST]' -}}
{%- set state.system = '' -%}
{%- endif -%}
{%- endfor -%})";

// Grattafiori et al., "The Llama 3 herd of models", 2024.
constexpr std::string_view kLlama3 = R"({{- bos_token -}}
{%- set system = instructions('') -%}
{%- if system -%}
{{- '<|start_header_id|>system<|end_header_id|>\n\n' ~ system | trim ~ '<|eot_id|>' -}}
{%- endif -%}
{%- for message in turns -%}
{%- set role = 'ipython' if message.role == 'tool' else message.role -%}
{{- '<|start_header_id|>' ~ role ~ '<|end_header_id|>\n\n' -}}
{%- if message.role == 'assistant' -%}
{%- generation -%}{{- answer(message) | trim ~ '<|eot_id|>' -}}{%- endgeneration -%}
{%- else -%}
{{- message.content | trim ~ '<|eot_id|>' -}}
{%- endif -%}
{%- endfor -%}
{%- if add_generation_prompt -%}
{{- '<|start_header_id|>assistant<|end_header_id|>\n\n' -}}
{%- endif -%})";

// Taori et al., "Stanford Alpaca", 2023; more turns follow in the same form.
constexpr std::string_view kAlpaca = R"({%- set first = turns[0] if turns else {} -%}
{%- set system = instructions('') -%}
{{- bos_token -}}
{%- if system -%}
{{- system ~ '\n\n' -}}
{%- elif first.input -%}
{{- 'Below is an instruction that describes a task, paired with an input that provides further context. ' -}}
{{- 'Write a response that appropriately completes the request.\n\n' -}}
{%- else -%}
{{- 'Below is an instruction that describes a task. ' -}}
{{- 'Write a response that appropriately completes the request.\n\n' -}}
{%- endif -%}
{%- for message in turns -%}
{%- if message.role == 'assistant' -%}
{%- generation -%}{{- answer(message) ~ eos_token -}}{%- endgeneration -%}
{{- '\n\n' if not loop.last -}}
{%- else -%}
{{- '### Instruction:\n' ~ (message.instruction if message.input else said(message)) ~ '\n\n' -}}
{%- if message.input -%}{{- '### Input:\n' ~ message.input ~ '\n\n' -}}{%- endif -%}
{%- set next = loop.nextitem -%}
{%- if (next is defined and next.role == 'assistant') or (loop.last and add_generation_prompt) -%}
{{- '### Response:\n' -}}
{%- endif -%}
{%- endif -%}
{%- endfor -%})";

// The study project's: no line ends between the parts, and a system message always.
constexpr std::string_view kZ2all =
    R"({%- if '<|beginoftext|>' in special_tokens -%}{{- '<|beginoftext|>' -}}{%- endif -%}
{{- '<|im_start|>system<|role_end|>' ~ instructions('You are a helpful assistant.') ~ '<|im_end|>' -}}
{%- for message in turns -%}
{{- '<|im_start|>' ~ message.role ~ '<|role_end|>' -}}
{%- if message.role == 'assistant' -%}
{%- generation -%}{{- answer(message) ~ '<|im_end|>' -}}{%- endgeneration -%}
{%- else -%}
{{- message.content ~ '<|im_end|>' -}}
{%- endif -%}
{%- endfor -%}
{%- if add_generation_prompt -%}{{- '<|im_start|>assistant<|role_end|>' -}}{%- endif -%})";

std::string withMacros(std::string_view source) { return std::string(kMacros).append(source); }

}  // namespace

const std::vector<BuiltinTemplate>& builtinTemplates() {
  static const std::vector<BuiltinTemplate> kTemplates = {
      {"chatml", withMacros(kChatMl), {"<|im_start|>", "<|im_end|>"}},
      {"llama2", withMacros(kLlama2), {}},
      {"llama3", withMacros(kLlama3), {"<|start_header_id|>", "<|end_header_id|>", "<|eot_id|>"}},
      {"alpaca", withMacros(kAlpaca), {}},
      {"z2all", withMacros(kZ2all), {"<|im_start|>", "<|role_end|>", "<|im_end|>"}},
  };
  return kTemplates;
}

const BuiltinTemplate* builtinTemplate(std::string_view name) {
  for (const BuiltinTemplate& one : builtinTemplates())
    if (one.name == name) return &one;
  return nullptr;
}

}  // namespace z2
