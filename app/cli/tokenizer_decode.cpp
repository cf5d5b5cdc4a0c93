// z2all tokenizer decode: arrays of ids to text, one JSON string a line.

#include <memory>
#include <string>
#include <vector>

#include "app/cli/line_input.h"
#include "app/cli/line_output.h"
#include "app/cli/tokenizer_commands.h"
#include "core/base/progress.h"
#include "core/tokenizer/tokenizer.h"

namespace z2::cli {

namespace {

struct Options {
  std::string tokenizer;
  std::string input = "-";
  bool skipsSpecial = false;
};

Result<void> readIds(const Json& array, int32_t vocabSize, const std::string& where,
                     std::vector<int32_t>& ids) {
  if (!array.is_array())
    return badInput(where, "this line is not a JSON array of ids",
                    "Give arrays as z2all tokenizer encode prints them");
  ids.clear();
  for (const Json& item : array) {
    if (!item.is_number_integer())
      return badInput(where, "the array holds " + item.dump() + ", which is not an id");
    const auto id = item.get<int64_t>();
    if (id < 0 || id >= vocabSize)
      return badInput(
          where,
          "the id " + item.dump() + " is outside of the vocabulary of " + std::to_string(vocabSize),
          "Use the tokenizer that made these ids");
    ids.push_back(static_cast<int32_t>(id));
  }
  return {};
}

Result<void> decode(const Options& options) {
  Z2_TRY(const std::shared_ptr<const Tokenizer> tokenizer, Tokenizer::open(options.tokenizer));
  Z2_TRY(LineInput input, LineInput::open(options.input));
  LineOutput output;
  std::vector<int32_t> ids;
  while (true) {
    if (stopRequested()) return interrupted("decoding was stopped");
    Z2_TRY(const std::optional<std::string_view> line, input.next());
    if (!line) return output.flush();
    if (line->find_first_not_of(" \t\r") == std::string_view::npos) continue;
    Z2_TRY(const Json array, parseJson(*line, input.where()));
    Z2_TRY_VOID(readIds(array, tokenizer->vocabSize(), input.where(), ids));
    output.text() += jsonLine(tokenizer->decode(ids, options.skipsSpecial));
    Z2_TRY_VOID(output.endLine());
  }
}

}  // namespace

void addTokenizerDecode(CLI::App& group, Chosen& chosen) {
  const auto options = std::make_shared<Options>();
  CLI::App& command =
      *group.add_subcommand("decode", "Turn arrays of token ids into text, one JSON string a line");
  command
      .add_option("--tokenizer", options->tokenizer, "Tokenizer folder, tokenizer.json or .model")
      ->required();
  command.add_option("--input", options->input, "File, or - for standard input")
      ->capture_default_str();
  command.add_flag("--skip-special", options->skipsSpecial, "Leave special tokens out");
  onChosen(command, chosen, [options] { return decode(*options); });
}

}  // namespace z2::cli
