#include "core/checkpoint/manifest.h"

#include <cmath>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>

#include "core/io/checksum.h"

namespace z2 {

namespace {

constexpr std::string_view kFormat = "z2-checkpoint";
constexpr std::string_view kSealStart = ",\n \"manifest_xxh3_128\": \"";
constexpr std::string_view kSealEnd = "\"\n}\n";

bool isPlainName(std::string_view name) {
  return !name.empty() && name.front() != '.' && name != kManifestName &&
         name.find_first_of(std::string_view("/\\\0", 3)) == std::string_view::npos;
}

Result<ManifestFile> parseFile(const Json& value, const std::string& where) {
  if (!value.is_object() || !value.contains("name") || !value["name"].is_string() ||
      !value.contains("bytes") || !value["bytes"].is_number_unsigned() ||
      !value.contains("xxh3_128") || !value["xxh3_128"].is_string())
    return corrupt(where, "an entry of \"files\" is not {name, bytes, xxh3_128}");
  ManifestFile file{value["name"].get<std::string>(), value["bytes"].get<uint64_t>(),
                    value["xxh3_128"].get<std::string>()};
  if (!isPlainName(file.name))
    return corrupt(where, "\"" + file.name + "\" is not the name of a file beside the manifest");
  return file;
}

}  // namespace

std::string toText(const Manifest& manifest) {
  Json files = Json::array();
  for (const ManifestFile& file : manifest.files)
    files.push_back({{"name", file.name}, {"bytes", file.bytes}, {"xxh3_128", file.checksum}});
  Json value = {{"format", kFormat}, {"schema_version", kManifestVersion}, {"step", manifest.step}};
  // JSON has no NaN and no infinity; such a score is none.
  if (manifest.score && std::isfinite(*manifest.score)) value["score"] = *manifest.score;
  value["files"] = std::move(files);
  value["state"] = manifest.state;
  std::string text = value.dump(1, ' ', false, Json::error_handler_t::replace);
  text.resize(text.size() - 2);  // the closing "\n}" comes after the seal
  const std::string seal = checksumOf(text);
  return text.append(kSealStart).append(seal).append(kSealEnd);
}

Result<Manifest> parseManifest(std::string_view text, const std::filesystem::path& path) {
  const std::string& where = path.native();
  const size_t seal = text.rfind(kSealStart);
  if (seal == std::string_view::npos) return corrupt(where, "the manifest has no checksum");
  std::string expected(kSealStart);
  expected.append(checksumOf(text.substr(0, seal))).append(kSealEnd);
  if (text.substr(seal) != expected) return corrupt(where, "the manifest fails its checksum");

  Z2_TRY(Json value, parseJson(text, where));
  if (!value.is_object() || value.value("format", "") != kFormat || !value.contains("step") ||
      !value["step"].is_number_integer() || !value.contains("files") ||
      !value["files"].is_array() || !value.contains("state"))
    return corrupt(where, "this is not the manifest of a checkpoint");
  if (!value.contains("schema_version") || value["schema_version"] != kManifestVersion)
    return badInput(where, "the checkpoint was written by another version of this program",
                    "Use the version that wrote it");
  Manifest manifest;
  manifest.step = value["step"].get<int64_t>();
  if (value.contains("score") && value["score"].is_number())
    manifest.score = value["score"].get<double>();
  for (const Json& entry : value["files"]) {
    Z2_TRY(ManifestFile file, parseFile(entry, where));
    manifest.files.push_back(std::move(file));
  }
  manifest.state = std::move(value["state"]);
  return manifest;
}

}  // namespace z2
