// z2all tokenizer encode: text to ids, one JSON array a line.

#include <charconv>
#include <memory>
#include <string>
#include <string_view>
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
  std::string format = "lines";
  std::string field = "text";
  EncodeOptions encode;
};

void appendIds(const std::vector<int32_t>& ids, std::string& out) {
  constexpr size_t kLongestId = 12;
  out += '[';
  for (size_t i = 0; i < ids.size(); ++i) {
    if (i > 0) out += ',';
    char digits[kLongestId];
    const auto end = std::to_chars(digits, digits + kLongestId, ids[i]).ptr;
    out.append(digits, static_cast<size_t>(end - digits));
  }
  out += ']';
}

// Encodes texts one after another with the buffers they share.
class Encoding {
 public:
  Encoding(const Tokenizer& tokenizer, const EncodeOptions& options)
      : tokenizer_(tokenizer), options_(options) {}

  Result<void> add(std::string_view text) {
    ids_.clear();
    Z2_TRY_VOID(tokenizer_.encode(text, options_, scratch_, ids_));
    appendIds(ids_, output_.text());
    return output_.endLine();
  }
  Result<void> finish() { return output_.flush(); }

 private:
  const Tokenizer& tokenizer_;
  const EncodeOptions& options_;
  EncodeScratch scratch_;
  std::vector<int32_t> ids_;
  LineOutput output_;
};

Result<std::string> fieldOf(std::string_view line, const std::string& field,
                            const std::string& where) {
  Z2_TRY(const Json record, parseJson(line, where));
  if (!record.is_object())
    return badInput(where, "this line is not a JSON object", "Give one object a line");
  const auto found = record.find(field);
  if (found == record.end())
    return badInput(where, "the record has no field " + field,
                    "Name the text's field with --field");
  if (!found->is_string())
    return badInput(where, "the field " + field + " is not a string",
                    "Name a field that holds text with --field");
  return found->get<std::string>();
}

Result<void> encode(const Options& options) {
  Z2_TRY(const std::shared_ptr<const Tokenizer> tokenizer, Tokenizer::open(options.tokenizer));
  Z2_TRY(LineInput input, LineInput::open(options.input));
  Encoding encoding(*tokenizer, options.encode);
  if (options.format == "document") {
    Z2_TRY(const std::string text, input.rest());
    Z2_TRY_VOID(encoding.add(text));
    return encoding.finish();
  }
  while (true) {
    if (stopRequested()) return interrupted("encoding was stopped");
    Z2_TRY(const std::optional<std::string_view> line, input.next());
    if (!line) return encoding.finish();
    if (options.format == "lines") {
      Z2_TRY_VOID(encoding.add(*line));
      continue;
    }
    if (line->find_first_not_of(" \t\r") == std::string_view::npos) continue;
    Z2_TRY(const std::string text, fieldOf(*line, options.field, input.where()));
    Z2_TRY_VOID(encoding.add(text));
  }
}

}  // namespace

void addTokenizerEncode(CLI::App& group, Chosen& chosen) {
  const auto options = std::make_shared<Options>();
  CLI::App& command =
      *group.add_subcommand("encode", "Turn text into token ids, one JSON array a line");
  command
      .add_option("--tokenizer", options->tokenizer, "Tokenizer folder, tokenizer.json or .model")
      ->required();
  command.add_option("--input", options->input, "File, or - for standard input")
      ->capture_default_str();
  command
      .add_option("--format", options->format,
                  "lines: each line is a text; document: the whole input is one text; jsonl: a "
                  "field of each line's object")
      ->check(CLI::IsMember({"lines", "document", "jsonl"}))
      ->capture_default_str();
  command.add_option("--field", options->field, "jsonl: the field that holds the text")
      ->capture_default_str();
  command.add_flag("--allow-special", options->encode.allowSpecial,
                   "Let the spelling of a special token become that token");
  command.add_flag("--bos", options->encode.addBos, "Put the beginning-of-text token before");
  command.add_flag("--eos", options->encode.addEos, "Put the end-of-text token behind");
  onChosen(command, chosen, [options] { return encode(*options); });
}

}  // namespace z2::cli
