#include "tests/support/temporary_folder.h"

#include <filesystem>
#include <string>
#include <system_error>

#include <stdlib.h>

#include "core/base/check.h"

namespace z2 {

TemporaryFolder::TemporaryFolder() {
  std::string pattern = (std::filesystem::temp_directory_path() / "z2-test-XXXXXX").native();
  Z2_CHECK(::mkdtemp(pattern.data()) != nullptr, "no temporary folder could be made");
  path_ = pattern;
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

}  // namespace z2
