#pragma once

// What a task puts between reading records and writing a token file.

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/error.h"
#include "core/data/records/record_composer.h"
#include "core/data/token_file_writer.h"
#include "core/io/json.h"

namespace z2 {

// Documents of a token file, end to end.
struct EncodedDocuments {
  std::vector<int32_t> ids;
  std::vector<uint8_t> mask;     // as many, where the layout has one
  std::vector<int32_t> lengths;  // of sequences: as many a document as the layout says
  uint64_t truncatedDocuments = 0;
  uint64_t truncatedTokens = 0;
};

// What a build came to.
struct BuildCounts {
  uint64_t documents = 0;
  uint64_t truncatedDocuments = 0;
  std::map<std::string, uint64_t> dropped;  // reason → records
};

// Thread-safe; each thread takes a session of its own.
class DocumentEncoder {
 public:
  struct About {
    std::string task;           // pretrain, sft, dpo
    std::string tokenizerPath;  // empty: not known
    std::string tokenizerHash;
    int64_t vocabSize = 0;
    int32_t endOfText = -1;  // -1: none
    TokenLayout layout;
    Json options;  // all that decides the bytes besides tokenizer and inputs; goes to the manifest
  };
  class Session {
   public:
    virtual ~Session() = default;
    // Appends one document, or nothing and says why. `record` is a value of JSON (with
    // RecordBlock::kPadding readable bytes behind it) or plain text, of the input `file`.
    [[nodiscard]] virtual tl::expected<void, RecordProblem> encode(std::string_view record,
                                                                   bool isJson, uint64_t file,
                                                                   EncodedDocuments& out) = 0;
  };

  virtual ~DocumentEncoder() = default;
  [[nodiscard]] virtual const About& about() const = 0;
  [[nodiscard]] virtual std::unique_ptr<Session> session() const = 0;
  // Asked once everything is read: whether the result is fit for use.
  [[nodiscard]] virtual Result<void> judge(const BuildCounts& counts) const {
    static_cast<void>(counts);
    return {};
  }
};

}  // namespace z2
