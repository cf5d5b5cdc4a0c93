#include "core/generate/model_tokenizer.h"

#include <algorithm>

#include <fmt/format.h>

namespace z2 {

Result<std::shared_ptr<const Tokenizer>> openModelTokenizer(const ModelDescription& model,
                                                            const std::string& named) {
  if (named.empty() && !model.tokenizer)
    return usageError("nothing says which tokenizer " + model.path.native() + " uses",
                      "Name it with --tokenizer");
  const std::filesystem::path path = tokenizerPathOf(model, named);
  Z2_TRY(std::shared_ptr<const Tokenizer> tokenizer, Tokenizer::open(path));
  if (tokenizer->vocabSize() > model.config.model.vocabSize)
    return badInput(path.native(),
                    fmt::format("the tokenizer has {} tokens, the model {}", tokenizer->vocabSize(),
                                model.config.model.vocabSize),
                    "Name the tokenizer that the model was trained with");
  return tokenizer;
}

std::filesystem::path tokenizerPathOf(const ModelDescription& model, const std::string& named) {
  return named.empty() ? model.tokenizer.value_or(std::filesystem::path())
                       : std::filesystem::path(named);
}

std::vector<int64_t> stopIdsOf(const ModelDescription& model, const Tokenizer& tokenizer) {
  std::vector<int64_t> ids = model.config.eosIds;
  const auto end = tokenizer.endOfTextId();
  if (end && std::ranges::find(ids, *end) == ids.end()) ids.push_back(*end);
  return ids;
}

}  // namespace z2
