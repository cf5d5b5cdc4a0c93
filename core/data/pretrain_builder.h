#pragma once

// Text files to a token file for pretraining: `z2all data tokenize --task pretrain`. Each record is
// a document that ends with the end-of-text token.

#include <string>

#include "core/base/error.h"
#include "core/data/data_builder.h"
#include "core/data/records/record_composer.h"
#include "core/data/text_encoder.h"

namespace z2 {

struct PretrainOptions : BuildOptions {
  FieldChoice fields;
  int64_t maxLength = 0;  // tokens of a document, with its end; what is over is cut. 0: no limit
  std::string tokenizerPath;  // for the manifest; empty: not known
};

using PretrainSummary = BuildSummary;

// As buildData.
[[nodiscard]] Result<PretrainSummary> buildPretrainData(const PretrainOptions& options,
                                                        const TextEncoder& encoder);

}  // namespace z2
