#pragma once

// The conversations of files, as `data tokenize` would make documents of them.

#include <memory>

#include "core/data/conversations/chat_builder.h"
#include "core/data/conversations/sample_preview.h"

namespace z2 {

// Of the options all but output, workers and what the result is judged by. Errors as of
// buildChatData: files that cannot be read, a shape that is not known, a template that is none.
// sample() reads on from the nearest place that is known, so going on is quick; memory: a record's
// block, and 40 bytes a megabyte of the files.
[[nodiscard]] Result<std::shared_ptr<const SampleSet>> openRecordSamples(
    const ChatBuildOptions& options, std::shared_ptr<const Tokenizer> tokenizer);

}  // namespace z2
