#pragma once

// From what a person asked for to a configuration that a run can start with.

#include <string>
#include <vector>

#include "core/base/error.h"
#include "core/config/run_config.h"
#include "core/io/json.h"

namespace z2 {

struct RunSetup {
  RunConfig config;
  std::vector<std::string> notes;  // what was chosen or deserves a look, a sentence each
};

// As RunConfig::make, and further: paths become absolute; model.init_from gives the model's shape
// (unless `settings` or `values` say otherwise) and the tokenizer that nobody named; the data's
// manifest must fit task and vocabulary, and raises a model.vocab_size that nobody set; data and
// tokenizer must be there; samples for fine-tuning must fit (sample_fit.h). Reads only.
[[nodiscard]] Result<RunSetup> prepareRun(Task task, const Json& values,
                                          const std::vector<std::string>& settings);

// The "model.*" keys of a run, a checkpoint within a run, a Hugging Face directory or adapters.
[[nodiscard]] Result<Json> shapeOf(const std::string& initFrom);

}  // namespace z2
