#pragma once

// The chat template that a model of this program was trained with.

#include <optional>

#include "core/base/error.h"
#include "core/chat/template_source.h"
#include "core/model_files/model_source.h"

namespace z2 {

// Of a run that learnt from conversations, or one of its checkpoints: the template that its data's
// manifest names. Nothing for other models, and when the data is gone.
[[nodiscard]] std::optional<TemplateSource> trainedTemplate(const ModelDescription& model);

// That, or the template that lies beside the tokenizer; nothing when there is neither.
[[nodiscard]] Result<std::optional<TemplateSource>> templateOf(
    const ModelDescription& model, const std::filesystem::path& tokenizer);

}  // namespace z2
