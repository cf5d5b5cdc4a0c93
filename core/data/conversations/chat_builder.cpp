#include "core/data/conversations/chat_builder.h"

#include <ctime>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "core/data/conversations/chat_document_encoder.h"
#include "core/data/conversations/file_shape.h"

namespace z2 {

Result<BuildSummary> buildChatData(const ChatBuildOptions& given,
                                   std::shared_ptr<const Tokenizer> tokenizer) {
  ChatBuildOptions options = given;
  // Noon of the day, so that a build that goes on has the bytes of one that was not interrupted.
  constexpr int64_t kDay = 86'400;
  if (!options.now) options.now = int64_t{std::time(nullptr)} / kDay * kDay + kDay / 2;
  Z2_TRY(const std::vector<BuildInput> inputs, examineInputs(options));
  std::vector<SampleFormat> formats;
  std::vector<std::string> notices;
  for (size_t i = 0; i < inputs.size(); ++i) {
    Z2_TRY(const SampleFormat format, sampleFormatOf(options.inputs[i], inputs[i].format, options));
    formats.push_back(format);
    notices.push_back(fmt::format("{}: {}", options.inputs[i].native(), nameOf(format)));
  }
  Z2_TRY(const std::unique_ptr<ChatDocumentEncoder> encoder,
         ChatDocumentEncoder::create(options, std::move(tokenizer), std::move(formats)));
  for (const std::string& notice : encoder->samples().notices()) notices.push_back(notice);
  Z2_TRY(BuildSummary summary, buildData(options, inputs, *encoder));
  summary.notices.insert(summary.notices.begin(), notices.begin(), notices.end());
  return summary;
}

}  // namespace z2
