#include "core/tokenizer/spm_plugin/spm_plugin.h"

#include <exception>
#include <string>
#include <unordered_map>

#include <sentencepiece_trainer.h>

namespace {

// Pulls sentences through the boundary.
class Sentences : public sentencepiece::SentenceIterator {
 public:
  explicit Sentences(const Z2SpmTraining& training) : training_(training) { Next(); }

  bool done() const override { return state_ != 1; }
  void Next() override {
    const char* text = nullptr;
    size_t size = 0;
    state_ = training_.nextSentence(training_.context, &text, &size);
    if (state_ == 1) value_.assign(text, size);
  }
  const std::string& value() const override { return value_; }
  sentencepiece::util::Status status() const override {
    if (state_ >= 0) return {};
    return {sentencepiece::util::StatusCode::kCancelled, "the sentences could not be read"};
  }

 private:
  const Z2SpmTraining& training_;
  int32_t state_ = 0;
  std::string value_;
};

}  // namespace

extern "C" {

__attribute__((visibility("default"))) uint32_t z2SpmVersion(void);
__attribute__((visibility("default"))) void z2SpmTrain(const Z2SpmTraining* training);

uint32_t z2SpmVersion(void) { return Z2_SPM_VERSION; }

void z2SpmTrain(const Z2SpmTraining* training) {
  try {
    std::unordered_map<std::string, std::string> options;
    for (size_t i = 0; i < training->optionCount; ++i)
      options[training->names[i]] = training->values[i];
    Sentences sentences(*training);
    std::string model;
    const sentencepiece::util::Status status =
        sentencepiece::SentencePieceTrainer::Train(options, &sentences, &model);
    if (status.ok())
      training->onModel(training->context, model.data(), model.size());
    else
      training->onFailure(training->context, status.ToString().c_str());
  } catch (const std::exception& failure) {
    training->onFailure(training->context, failure.what());
  }
}

}  // extern "C"
