#pragma once

// From a record to the text that is tokenized.

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/error.h"

namespace z2 {

struct FieldChoice {
  std::vector<std::string> fields;  // empty: "text", or the record itself when it is a string
  std::string join = "\n";          // between the fields that are not empty
};

// Why a record gives no text: a word for counting, and what is known of this one.
struct RecordProblem {
  std::string reason;  // "broken JSON", "missing field", "empty", …
  std::string detail;
};

// Owns a parser: one for each thread.
class RecordComposer {
 public:
  explicit RecordComposer(FieldChoice choice);
  ~RecordComposer();

  // The text of a JSON record: strings as they are, numbers and booleans as JSON writes them, lists
  // of them line by line; null and missing fields are left out, but one must be there.
  // `record` must be followed by RecordBlock::kPadding readable bytes. `text` is replaced.
  [[nodiscard]] tl::expected<void, RecordProblem> compose(std::string_view record,
                                                          std::string& text);

  // The same texts field by field, those that are not empty; a record that is a string is one part.
  [[nodiscard]] tl::expected<void, RecordProblem> composeParts(std::string_view record,
                                                               std::vector<std::string>& parts);

 private:
  struct Parser;
  // Calls `take` with the text of each field in turn.
  template <typename Take>
  tl::expected<void, RecordProblem> eachField(std::string_view record, const Take& take);

  FieldChoice choice_;
  std::unique_ptr<Parser> parser_;
};

}  // namespace z2
