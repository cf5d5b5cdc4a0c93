#pragma once

// What a file of conversations holds, by its records: the format, and the names of its fields.

#include <filesystem>
#include <string>
#include <vector>

#include "core/base/error.h"
#include "core/data/conversations/chat_builder.h"
#include "core/data/conversations/sample_format.h"
#include "core/data/records/record_format.h"

namespace z2 {

// The format of the first record that can be read, its columns named as the options say. kBadInput
// when it has no known shape, or there is no record.
[[nodiscard]] Result<SampleFormat> sampleFormatOf(const std::filesystem::path& path,
                                                  RecordFormat format,
                                                  const ChatBuildOptions& options);

struct RecordFields {
  std::vector<std::string> ofRecords;
  std::vector<std::string> ofMessages;  // of the objects in their lists
  void add(const RecordFields& others);
};
// Names as the file has them, in the order of their first appearance in its first records.
[[nodiscard]] Result<RecordFields> fieldsOf(const std::filesystem::path& path);

}  // namespace z2
