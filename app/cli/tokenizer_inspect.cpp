// z2all tokenizer inspect: what a tokenizer is.

#include <memory>
#include <optional>
#include <string>

#include "app/cli/tokenizer_commands.h"
#include "core/tokenizer/tokenizer.h"

namespace z2::cli {

namespace {

struct Options {
  std::string tokenizer;
  bool asJson = false;
};

Json describe(const Tokenizer& tokenizer) {
  Json special = Json::object();
  for (const SpecialToken& token : tokenizer.specialTokens()) special[token.content] = token.id;
  const auto idOrNull = [](const std::optional<int32_t>& id) { return id ? Json(*id) : Json(); };
  return {{"type", tokenizer.type()},
          {"vocab_size", tokenizer.vocabSize()},
          {"special_tokens", std::move(special)},
          {"merges", tokenizer.mergeCount()},
          {"sha256", tokenizer.hash()},
          {"bos_id", idOrNull(tokenizer.bosId())},
          {"eos_id", idOrNull(tokenizer.eosId())},
          {"pad_id", idOrNull(tokenizer.padId())},
          {"unk_id", idOrNull(tokenizer.unkId())},
          {"end_of_text_id", idOrNull(tokenizer.endOfTextId())}};
}

Result<void> inspect(const Options& options) {
  Z2_TRY(const std::shared_ptr<const Tokenizer> tokenizer, Tokenizer::open(options.tokenizer));
  const Json description = describe(*tokenizer);
  if (options.asJson) {
    printJson(description);
    return {};
  }
  for (const auto& [key, value] : description.items()) {
    if (!value.is_object()) {
      fmt::print("{:<16}{}\n", key, value.is_string() ? value.get<std::string>() : value.dump());
      continue;
    }
    fmt::print("{}\n", key);
    for (const auto& [token, id] : value.items()) fmt::print("  {:>8}  {}\n", id.dump(), token);
  }
  return {};
}

}  // namespace

void addTokenizerInspect(CLI::App& group, Chosen& chosen) {
  const auto options = std::make_shared<Options>();
  CLI::App& command = *group.add_subcommand("inspect", "Show a tokenizer's kind, size and tokens");
  command
      .add_option("--tokenizer", options->tokenizer, "Tokenizer folder, tokenizer.json or .model")
      ->required();
  command.add_flag("--json", options->asJson, "Print one JSON object");
  onChosen(command, chosen, [options] { return inspect(*options); });
}

}  // namespace z2::cli
