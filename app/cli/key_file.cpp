#include "app/cli/key_file.h"

#include <optional>
#include <string_view>

#include "app/cli/line_input.h"
#include "core/base/progress.h"
#include "core/http/keychain.h"

namespace z2::cli {

Result<std::string> readKey(const std::string& source) {
  // Ctrl-C ends the wait for somebody to open the keychain.
  if (source.starts_with(kKeychainPrefix))
    return readFromKeychain(source.substr(kKeychainPrefix.size()), stopRequested);
  const std::string where = source == "-" ? "standard input" : source;
  Z2_TRY(LineInput input, LineInput::open(source));
  Z2_TRY(const std::optional<std::string_view> line, input.next());
  return checkedKey(std::string(line.value_or(std::string_view())), where);
}

}  // namespace z2::cli
