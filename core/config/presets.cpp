#include <string_view>

#include "core/config/schema.h"

namespace z2 {

namespace {

Json shape(int64_t layers, int64_t hidden, int64_t heads, int64_t keyValueHeads, int64_t width,
           int64_t vocabulary, int64_t positions, bool isTied) {
  return {{"model.vocab_size", vocabulary},
          {"model.hidden_size", hidden},
          {"model.intermediate_size", width},
          {"model.num_hidden_layers", layers},
          {"model.num_attention_heads", heads},
          {"model.num_key_value_heads", keyValueHeads},
          {"model.max_position_embeddings", positions},
          {"model.tie_word_embeddings", isTied},
          {"data.seq_len", positions}};
}

// The larger ones are made for GPUs: bf16, and a learning rate that fits their size.
Json allPresets() {
  Json presets = {{"tiny", shape(6, 320, 5, 5, 864, 8000, 256, true)},
                  {"z2-124m", shape(12, 768, 12, 12, 2048, 50'304, 1024, true)},
                  {"z2-1.1b", shape(22, 2048, 32, 8, 5632, 64'320, 2048, false)},
                  {"z2-1.7b", shape(32, 2048, 16, 8, 5632, 64'320, 2048, false)},
                  {"custom", Json::object()}};
  for (const char* name : {"z2-124m", "z2-1.1b", "z2-1.7b"}) presets[name]["train.dtype"] = "bf16";
  presets["z2-1.7b"]["model.attention_bias"] = true;
  return presets;
}

}  // namespace

const Json& presetValues(std::string_view name) {
  static const Json presets = allPresets();
  static const Json none = Json::object();
  const auto found = presets.find(name);
  return found == presets.end() ? none : *found;
}

}  // namespace z2
