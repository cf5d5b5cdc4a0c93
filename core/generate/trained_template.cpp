#include "core/generate/trained_template.h"

#include <filesystem>
#include <string>

#include "core/data/data_manifest.h"
#include "core/data/data_mixture.h"
#include "core/run/run_directory.h"

namespace z2 {

namespace fs = std::filesystem;

namespace {

// The run itself, or the one that a checkpoint RUN/ckpt/step_N lies in.
std::optional<fs::path> runOf(const ModelDescription& model) {
  if (model.kind == ModelKind::kRun) return model.path;
  if (model.kind != ModelKind::kCheckpoint) return std::nullopt;
  const fs::path run = fs::weakly_canonical(model.path).parent_path().parent_path();
  if (!RunDirectory::exists(run)) return std::nullopt;
  return run;
}

}  // namespace

std::optional<TemplateSource> trainedTemplate(const ModelDescription& model) {
  const std::optional<fs::path> folder = runOf(model);
  if (!folder) return std::nullopt;
  const auto run = RunDirectory::open(*folder);
  if (!run) return std::nullopt;
  const auto sets = parseMixture(run->config().text("data.train"));
  if (!sets || sets->empty()) return std::nullopt;
  const auto manifest = DataManifest::read(sets->front().prefix);
  if (!manifest || !*manifest) return std::nullopt;
  const Json& options = (*manifest)->options;
  if (!options.is_object() || !options.contains("template_source") ||
      !options["template_source"].is_string())
    return std::nullopt;
  TemplateSource source;
  source.name = options.value("template", std::string("of the training data"));
  source.source = options["template_source"].get<std::string>();
  return source;
}

Result<std::optional<TemplateSource>> templateOf(const ModelDescription& model,
                                                 const fs::path& tokenizer) {
  if (std::optional<TemplateSource> trained = trainedTemplate(model)) return trained;
  return modelTemplate(tokenizer);
}

}  // namespace z2
