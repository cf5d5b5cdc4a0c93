#pragma once

// What a good model would say to a prompt of core/instruct, made up from the prompt alone.

#include <cstddef>
#include <string>

#include "core/instruct/instruction_task.h"

namespace z2 {

// A task that is like no other one of another number.
[[nodiscard]] InstructionTask madeUpTask(size_t number);
// A reply of OpenAI's API with `count` tasks whose numbers follow from the request's body, so that
// the same request gets the same ones and others get others.
[[nodiscard]] std::string replyWithTasks(const std::string& requestBody, size_t count);
// A reply with this text.
[[nodiscard]] std::string replyWithText(const std::string& text,
                                        const std::string& finishReason = "stop");

}  // namespace z2
