#include "app/trainer/check_command.h"

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "app/trainer/model_loading.h"
#include "core/io/json.h"
#include "core/model/check.h"

namespace z2 {

namespace {

struct CheckArguments : ModelChoice {
  std::string tokens;
};

using Rows = std::vector<std::vector<int32_t>>;

Result<Rows> readRows(const std::string& path, int64_t vocabSize) {
  Z2_TRY(const Json json, readJsonFile(path));
  const std::string fix = "Give a JSON array of arrays of token ids: [[1,2,3],[4,5]]";
  if (!json.is_array() || json.empty()) return badInput(path, "this is no list of rows", fix);
  Rows rows;
  for (size_t i = 0; i < json.size(); ++i) {
    const std::string where = fmt::format("{}, row {}", path, i);
    if (!json[i].is_array() || json[i].size() < 2)
      return badInput(where, "a row needs at least two token ids", fix);
    std::vector<int32_t>& row = rows.emplace_back();
    for (const Json& id : json[i]) {
      if (!id.is_number_integer()) return badInput(where, "a token id must be a whole number", fix);
      const auto value = id.get<int64_t>();
      if (value < 0 || value >= vocabSize)
        return badInput(
            where,
            fmt::format("token {} is outside of the model's vocabulary of {}", value, vocabSize),
            "Use the tokenizer that the model was trained with");
      row.push_back(static_cast<int32_t>(value));
    }
  }
  return rows;
}

Json toJson(const ModelCheck& check) {
  Json norms = Json::object();
  for (const auto& [name, norm] : check.gradNorms) norms[name] = norm;
  return {{"loss", check.loss},
          {"grad_norm", check.gradNorm},
          {"grad_norms", std::move(norms)},
          {"logits_last", check.lastLogits}};
}

Result<void> runCheck(const CheckArguments& arguments) {
  Z2_TRY(const DType type, parseComputeType(arguments.type));
  Z2_TRY(const ModelSource source, ModelSource::open(arguments.model));
  Z2_TRY(const Rows rows, readRows(arguments.tokens, source.config().vocabSize));
  Z2_TRY(const Device device, openDevice(arguments.device, arguments.threads));
  const auto longest = std::ranges::max_element(rows, {}, &std::vector<int32_t>::size);
  const LlamaOptions options{.columns = std::ssize(*longest), .type = type, .hasOptimizer = false};
  Z2_TRY(Llama model, loadModel(source, options, device));
  Z2_TRY(const ModelCheck check, checkModel(model, rows));
  std::puts(jsonLine(toJson(check)).c_str());
  return {};
}

}  // namespace

void addCheckCommand(CLI::App& app, std::function<Result<void>()>& action) {
  CLI::App* command =
      app.add_subcommand("check", "Loss and gradient norms on given tokens, as JSON");
  const auto arguments = std::make_shared<CheckArguments>();
  addModelChoice(*command, *arguments);
  command->add_option("--tokens", arguments->tokens, "JSON file: [[ids],…]")->required();
  command->callback(
      [arguments, &action] { action = [arguments] { return runCheck(*arguments); }; });
}

}  // namespace z2
