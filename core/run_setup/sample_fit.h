#pragma once

// Whether the samples for fine-tuning or alignment fit into the rows of a run.

#include <string>
#include <vector>

#include "core/base/error.h"
#include "core/config/run_config.h"

namespace z2 {

// Packs data.train and data.valid as the trainer will, and notes what comes of it, a sentence each.
// kBadInput where nothing would be trained; and where more than kMostUnfitSamples of the training
// set, or of both sets together, would be cut at data.seq_len or have no trained token within it.
// Then `where` is the key that allows it, data.allow_cut or data.allow_untrained. O(tokens).
[[nodiscard]] Result<void> checkSamples(const RunConfig& config, std::vector<std::string>& notes);

}  // namespace z2
