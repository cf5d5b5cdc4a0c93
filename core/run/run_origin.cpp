#include "core/run/run_origin.h"

#include <exception>
#include <string>
#include <string_view>
#include <vector>

namespace z2 {

Json toJson(const RunOrigin& origin) {
  Json renamed = Json::object();
  for (const auto& [name, original] : origin.renamed) renamed[name] = original;
  return {{"format", origin.format}, {"files", origin.files},     {"time", origin.time},
          {"keys", origin.keys},     {"details", origin.details}, {"renamed", std::move(renamed)}};
}

Result<RunOrigin> parseRunOrigin(const Json& value, std::string_view where) {
  try {
    RunOrigin origin;
    origin.format = value.at("format").get<std::string>();
    origin.files = value.at("files").get<std::vector<std::string>>();
    origin.time = value.value("time", std::string());
    origin.keys = value.value("keys", std::vector<std::string>());
    origin.details = value.value("details", Json::object());
    const Json renamed = value.value("renamed", Json::object());
    for (const auto& [name, original] : renamed.items())
      origin.renamed.emplace_back(name, original.get<std::string>());
    return origin;
  } catch (const std::exception&) {
    return corrupt(std::string(where), "its member \"imported\" is broken",
                   "Import the run again from its source");
  }
}

}  // namespace z2
