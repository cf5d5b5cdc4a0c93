#pragma once

// The split of text into pre-tokens, inside of which BPE merges. Training and encoding share it.
//
// Semantics are those of the `tokenizers` library, whose regular expressions are Oniguruma's: the
// patterns of GPT-2, Llama 3 and Qwen2 run on hand-written scanners, any other on PCRE2's JIT, and
// both see the character classes of core/text/unicode.h, whatever version PCRE2 was built with.

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/error.h"

namespace z2 {

// What happens to the matches of a Split's pattern; names as in tokenizer.json.
enum class SplitBehavior {
  kRemoved,
  kIsolated,
  kMergedWithPrevious,
  kMergedWithNext,
  kContiguous,
};

enum class PrependScheme { kFirst, kNever, kAlways };

// One step of a pre-tokenizer; a Sequence is flattened into a vector of these.
struct PretokenizerStep {
  enum class Kind {
    kSplitRegex,
    kSplitString,
    kByteLevel,  // only as the last step
    kDigits,
    kMetaspace,
    kWhitespace,       // \w+|[^\w\s]+
    kWhitespaceSplit,  // White_Space removed
    kPunctuation,
  };
  Kind kind = Kind::kByteLevel;
  std::string pattern = {};  // of Split; Metaspace: the replacement character
  SplitBehavior behavior = SplitBehavior::kIsolated;
  bool isInverted = false;                        // Split
  bool addsPrefixSpace = false;                   // ByteLevel
  bool usesRegex = false;                         // ByteLevel: GPT-2's pattern
  bool trimsOffsets = true;                       // ByteLevel: kept for writing
  bool splitsEachDigit = false;                   // Digits
  PrependScheme prepend = PrependScheme::kNever;  // Metaspace
  bool splits = true;                             // Metaspace
};

// The patterns that have a name on the command line: "gpt2", "llama3", "qwen2".
inline constexpr std::array<std::string_view, 3> kPatternNames = {"gpt2", "llama3", "qwen2"};
// The regular expression of such a name as tokenizer.json spells it; nullopt for another name.
[[nodiscard]] std::optional<std::string_view> namedPattern(std::string_view name);
// The steps that a trained byte-level tokenizer of that name has: GPT-2 is ByteLevel with its own
// regex, the others are Split (isolated) and ByteLevel without.
[[nodiscard]] std::vector<PretokenizerStep> namedPretokenizer(std::string_view name);

// GPT-2's bijection of the 256 bytes to printable characters.
class ByteAlphabet {
 public:
  // The character of a byte, in UTF-8 (one or two bytes).
  [[nodiscard]] static std::string_view character(uint8_t byte);
  [[nodiscard]] static char32_t codePoint(uint8_t byte);
  // -1 when the code point stands for no byte.
  [[nodiscard]] static int byteOf(char32_t codePoint);

  // Any bytes to their spelling in a byte-level vocabulary, and back. The way back is nullopt when
  // a character stands for no byte.
  [[nodiscard]] static std::string spell(std::string_view bytes);
  [[nodiscard]] static std::optional<std::string> bytesOf(std::string_view spelling);
};

// Buffers that one thread reuses between calls.
class PretokenizerScratch {
 public:
  PretokenizerScratch();
  ~PretokenizerScratch();
  PretokenizerScratch(PretokenizerScratch&&) noexcept;
  PretokenizerScratch& operator=(PretokenizerScratch&&) noexcept;

 private:
  friend class Pretokenizer;
  struct Buffers;
  std::unique_ptr<Buffers> buffers_;
};

// Immutable and thread-safe; every thread brings its own scratch.
class Pretokenizer {
 public:
  // Refuses a pattern that does not compile, naming it, and ByteLevel before another step.
  [[nodiscard]] static Result<Pretokenizer> create(std::vector<PretokenizerStep> steps);
  ~Pretokenizer();
  Pretokenizer(Pretokenizer&&) noexcept;
  Pretokenizer& operator=(Pretokenizer&&) noexcept;

  // Appends the pre-tokens of `text`, which must be valid UTF-8 (replaceInvalidUtf8 in
  // core/text/utf8.h makes it so). They are never empty and point into `text` or into `scratch`,
  // and live until the next call with that scratch. Byte-level pre-tokens are plain bytes: they are
  // not respelled by ByteAlphabet. `isAtStart`: the text begins at the start of its document
  // (Metaspace with prepend_scheme "first"). Fails only when a foreign pattern exhausts PCRE2's
  // limits.
  [[nodiscard]] Result<void> split(std::string_view text, PretokenizerScratch& scratch,
                                   std::vector<std::string_view>& pieces,
                                   bool isAtStart = true) const;

  [[nodiscard]] const std::vector<PretokenizerStep>& steps() const;
  // Whether the last step is ByteLevel, so that tokens are made of bytes.
  [[nodiscard]] bool isByteLevel() const;

 private:
  struct Compiled;
  explicit Pretokenizer(std::unique_ptr<const Compiled> compiled);
  std::unique_ptr<const Compiled> compiled_;
};

}  // namespace z2
