#include "core/model_files/hf_config.h"

#include <cmath>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace z2 {

namespace {

enum class Architecture { kLlama, kQwen2 };

// transformers' defaults of the two classes, where they matter.
constexpr double kDefaultTheta = 10000.0;
constexpr double kDefaultEps = 1e-6;

// Typed access to one JSON object. The first failure is kept; later calls return a stand-in.
class Fields {
 public:
  Fields(const Json& object, std::string_view where, std::string prefix = {})
      : object_(object), where_(where), prefix_(std::move(prefix)) {}

  [[nodiscard]] bool has(const char* key) const {
    const auto found = object_.find(key);
    return found != object_.end() && !found->is_null();
  }
  [[nodiscard]] const Json& at(const char* key) const { return *object_.find(key); }

  int64_t integer(const char* key, std::optional<int64_t> fallback = {}) {
    if (!has(key)) {
      if (!fallback) fail(key, "is missing");
      return fallback.value_or(0);
    }
    const Json& value = at(key);
    if (!value.is_number_integer()) return fail(key, "must be a whole number"), 0;
    if (value.is_number_unsigned() && value.get<uint64_t>() > uint64_t{INT64_MAX})
      return fail(key, "is too large"), 0;
    return value.get<int64_t>();
  }

  double real(const char* key, double fallback) {
    if (!has(key)) return fallback;
    const Json& value = at(key);
    if (!value.is_number()) return fail(key, "must be a number"), fallback;
    return value.get<double>();
  }

  bool flag(const char* key, bool fallback) {
    if (!has(key)) return fallback;
    const Json& value = at(key);
    if (!value.is_boolean()) return fail(key, "must be true or false"), fallback;
    return value.get<bool>();
  }

  std::string text(const char* key, std::string fallback) {
    if (!has(key)) return fallback;
    const Json& value = at(key);
    if (!value.is_string()) return fail(key, "must be a text"), fallback;
    return value.get<std::string>();
  }

  // One id or a list of them.
  std::vector<int64_t> ids(const char* key) {
    std::vector<int64_t> all;
    if (!has(key)) return all;
    const Json& value = at(key);
    const Json list = value.is_array() ? value : Json::array({value});
    for (const Json& id : list) {
      if (!id.is_number_integer()) return fail(key, "must be a token id or a list of them"), all;
      all.push_back(id.get<int64_t>());
    }
    return all;
  }

  void fail(const char* key, std::string_view reason, std::string fix = {}) {
    if (error_) return;
    error_ = badInput(std::string(where_), fmt::format("\"{}{}\" {}", prefix_, key, reason),
                      std::move(fix))
                 .value();
  }
  [[nodiscard]] Result<void> outcome() const {
    if (error_) return tl::unexpected(*error_);
    return {};
  }

 private:
  const Json& object_;
  std::string_view where_;
  std::string prefix_;
  std::optional<Error> error_;
};

Result<Architecture> architectureOf(const Json& config, std::string_view where) {
  std::string name;
  const auto listed = config.find("architectures");
  if (listed != config.end() && listed->is_array() && !listed->empty() && (*listed)[0].is_string())
    name = (*listed)[0].get<std::string>();
  const auto type = config.find("model_type");
  if (name.empty() && type != config.end() && type->is_string()) name = type->get<std::string>();
  if (name == "LlamaForCausalLM" || name == "llama") return Architecture::kLlama;
  if (name == "Qwen2ForCausalLM" || name == "qwen2") return Architecture::kQwen2;
  return badInput(std::string(where),
                  name.empty() ? std::string("\"architectures\" is missing")
                               : fmt::format("\"architectures\" is {}", name),
                  "Models of LlamaForCausalLM and Qwen2ForCausalLM are read");
}

// RoPE's settings stand at the top (rope_theta, rope_scaling) or in rope_parameters.
Result<void> readRopeTable(const Json& table, const char* key, std::string_view where,
                           LlamaConfig& model) {
  if (!table.is_object())
    return badInput(std::string(where), fmt::format("\"{}\" must be an object", key));
  Fields fields(table, where, std::string(key) + ".");
  const std::string type = fields.text("rope_type", fields.text("type", "default"));
  model.ropeTheta = fields.real("rope_theta", model.ropeTheta);
  if (fields.real("partial_rotary_factor", 1.0) != 1.0)
    fields.fail("partial_rotary_factor", "other than 1 is not supported");
  if (type == "linear" || type == "dynamic") {
    model.ropeScaling = type == "linear" ? RopeScaling::kLinear : RopeScaling::kDynamic;
    if (!fields.has("factor")) fields.fail("factor", "is missing");
    model.ropeScalingFactor = fields.real("factor", 1.0);
    const int64_t original =
        fields.integer("original_max_position_embeddings", model.maxPositionEmbeddings);
    if (model.ropeScaling == RopeScaling::kDynamic && original != model.maxPositionEmbeddings)
      fields.fail("original_max_position_embeddings",
                  "other than max_position_embeddings is not supported");
  } else if (type != "default") {
    fields.fail("rope_type", fmt::format("\"{}\" is not supported", type),
                "RoPE scaling of the types linear and dynamic is read");
  }
  return fields.outcome();
}

Result<void> readRope(const Json& config, std::string_view where, LlamaConfig& model) {
  Fields fields(config, where);
  model.ropeTheta = fields.real("rope_theta", kDefaultTheta);
  Z2_TRY_VOID(fields.outcome());
  LlamaConfig bySpelling[2] = {model, model};
  bool isGiven[2] = {false, false};
  const char* spellings[2] = {"rope_scaling", "rope_parameters"};
  for (int i = 0; i < 2; ++i) {
    if (!fields.has(spellings[i])) continue;
    isGiven[i] = true;
    Z2_TRY_VOID(readRopeTable(fields.at(spellings[i]), spellings[i], where, bySpelling[i]));
  }
  const auto isSame = [](const LlamaConfig& a, const LlamaConfig& b) {
    return a.ropeTheta == b.ropeTheta && a.ropeScaling == b.ropeScaling &&
           a.ropeScalingFactor == b.ropeScalingFactor;
  };
  if (isGiven[0] && isGiven[1] && !isSame(bySpelling[0], bySpelling[1]))
    return badInput(std::string(where), "\"rope_scaling\" and \"rope_parameters\" disagree",
                    "Remove the one that is wrong");
  if (isGiven[1] && fields.has("rope_theta") && bySpelling[1].ropeTheta != model.ropeTheta)
    return badInput(std::string(where),
                    "\"rope_theta\" and \"rope_parameters.rope_theta\" disagree",
                    "Remove the one that is wrong");
  if (isGiven[0] || isGiven[1]) model = bySpelling[isGiven[1] ? 1 : 0];
  return {};
}

// Settings that would change the result and that the engine does not have.
void refuseUnsupported(Fields& fields, Architecture architecture, int64_t layers) {
  const std::string activation = fields.text("hidden_act", "silu");
  if (activation != "silu" && activation != "swish")
    fields.fail("hidden_act", fmt::format("\"{}\" is not supported", activation),
                "Models with SiLU (SwiGLU) are read");
  if (fields.flag("mlp_bias", false)) fields.fail("mlp_bias", "is not supported");
  if (fields.has("quantization_config"))
    fields.fail("quantization_config", "is not supported",
                "Export the model in bf16 or fp32 first");
  if (architecture == Architecture::kQwen2 && fields.flag("use_sliding_window", false) &&
      fields.has("sliding_window") && fields.integer("max_window_layers", 28) < layers)
    fields.fail("use_sliding_window", "is not supported");
  if (fields.has("layer_types") && fields.at("layer_types").is_array())
    for (const Json& type : fields.at("layer_types"))
      if (type != "full_attention")
        fields.fail("layer_types", fmt::format("holds {}, which is not supported", type.dump()));
}

Json ropeTable(const LlamaConfig& model, bool hasTheta) {
  Json table = Json::object();
  const char* type = model.ropeScaling == RopeScaling::kNone     ? "default"
                     : model.ropeScaling == RopeScaling::kLinear ? "linear"
                                                                 : "dynamic";
  table["rope_type"] = type;
  if (hasTheta) table["rope_theta"] = model.ropeTheta;
  if (model.ropeScaling != RopeScaling::kNone) table["factor"] = model.ropeScalingFactor;
  return table;
}

void addTokenIds(const HfConfig& config, Json& out) {
  out["bos_token_id"] = config.bosId ? Json(*config.bosId) : Json(nullptr);
  if (config.eosIds.empty()) out["eos_token_id"] = nullptr;
  if (config.eosIds.size() == 1) out["eos_token_id"] = config.eosIds[0];
  if (config.eosIds.size() > 1) out["eos_token_id"] = config.eosIds;
  out["pad_token_id"] = config.padId ? Json(*config.padId) : Json(nullptr);
}

constexpr std::string_view hfNameOf(DType type) {
  if (type == DType::kBF16) return "bfloat16";
  return type == DType::kF16 ? "float16" : "float32";
}

}  // namespace

Result<HfConfig> readHfConfig(const Json& config, std::string_view where) {
  if (!config.is_object()) return badInput(std::string(where), "this is not a JSON object");
  Z2_TRY(const Architecture architecture, architectureOf(config, where));
  const bool isQwen2 = architecture == Architecture::kQwen2;
  HfConfig read;
  LlamaConfig& model = read.model;
  Fields fields(config, where);
  model.vocabSize = fields.integer("vocab_size");
  model.hiddenSize = fields.integer("hidden_size");
  model.intermediateSize = fields.integer("intermediate_size");
  model.numHiddenLayers = fields.integer("num_hidden_layers");
  model.numAttentionHeads = fields.integer("num_attention_heads");
  model.numKeyValueHeads = fields.integer("num_key_value_heads", model.numAttentionHeads);
  model.maxPositionEmbeddings = fields.integer("max_position_embeddings", isQwen2 ? 32768 : 2048);
  model.rmsNormEps = fields.real("rms_norm_eps", kDefaultEps);
  model.tieWordEmbeddings = fields.flag("tie_word_embeddings", false);
  model.hasQkvBias = isQwen2 || fields.flag("attention_bias", false);
  model.hasOutputBias = !isQwen2 && fields.flag("attention_bias", false);
  model.attentionDropout = fields.real("attention_dropout", 0.0);
  model.initializerRange = fields.real("initializer_range", 0.02);
  refuseUnsupported(fields, architecture, model.numHiddenLayers);
  Z2_TRY_VOID(fields.outcome());
  if (model.numAttentionHeads < 1)
    return badInput(std::string(where), "\"num_attention_heads\" must be at least 1");
  model.headDim = fields.integer("head_dim", model.hiddenSize / model.numAttentionHeads);
  const std::vector<int64_t> bos = fields.ids("bos_token_id");
  const std::vector<int64_t> pad = fields.ids("pad_token_id");
  if (!bos.empty()) read.bosId = bos.front();
  if (!pad.empty()) read.padId = pad.front();
  read.eosIds = fields.ids("eos_token_id");
  Z2_TRY_VOID(fields.outcome());
  Z2_TRY_VOID(readRope(config, where, model));
  if (auto valid = model.validate(); !valid) {
    Error error = std::move(valid).error();
    error.where =
        std::string(where) + (error.where.empty() ? std::string() : " (" + error.where + ")");
    return tl::unexpected(std::move(error));
  }
  return read;
}

Result<Json> writeHfConfig(const HfConfig& config, DType type) {
  const LlamaConfig& model = config.model;
  if (model.hasOutputBias && !model.hasQkvBias)
    return badInput("model.attention_bias",
                    "Hugging Face has no architecture with a bias on o alone");
  const bool isQwen2 = model.hasQkvBias && !model.hasOutputBias;
  Json out = Json::object();
  out["architectures"] = Json::array({isQwen2 ? "Qwen2ForCausalLM" : "LlamaForCausalLM"});
  out["model_type"] = isQwen2 ? "qwen2" : "llama";
  out["torch_dtype"] = hfNameOf(type);
  out["vocab_size"] = model.vocabSize;
  out["hidden_size"] = model.hiddenSize;
  out["intermediate_size"] = model.intermediateSize;
  out["num_hidden_layers"] = model.numHiddenLayers;
  out["num_attention_heads"] = model.numAttentionHeads;
  out["num_key_value_heads"] = model.numKeyValueHeads;
  out["head_dim"] = model.headDim;
  out["hidden_act"] = "silu";
  out["max_position_embeddings"] = model.maxPositionEmbeddings;
  out["rms_norm_eps"] = model.rmsNormEps;
  out["rope_theta"] = model.ropeTheta;
  // transformers 5 takes rope_scaling, if any, instead of rope_parameters, and rope_theta with it.
  out["rope_scaling"] =
      model.ropeScaling == RopeScaling::kNone ? Json(nullptr) : ropeTable(model, false);
  out["rope_parameters"] = ropeTable(model, true);
  out["tie_word_embeddings"] = model.tieWordEmbeddings;
  if (isQwen2) {
    out["use_sliding_window"] = false;
  } else {
    out["attention_bias"] = model.hasQkvBias;
    out["mlp_bias"] = false;
  }
  out["attention_dropout"] = model.attentionDropout;
  out["initializer_range"] = model.initializerRange;
  out["use_cache"] = true;
  addTokenIds(config, out);
  return out;
}

Json writeHfGenerationConfig(const HfConfig& config) {
  Json out = {{"_from_model_config", true}};
  addTokenIds(config, out);
  return out;
}

}  // namespace z2
