#include "core/model_files/model_import.h"

#include <string>
#include <system_error>
#include <vector>

#include "core/checkpoint/checkpoint_store.h"
#include "core/io/files.h"
#include "core/io/new_folder.h"
#include "core/model_files/tokenizer_files.h"

namespace z2 {

namespace fs = std::filesystem;

namespace {

constexpr int64_t kAnyBuckets = INT64_MAX;  // the layout is asked for names and shapes only

}  // namespace

Result<void> importModel(const ModelSource& source, const fs::path& folder) {
  const ModelDescription& description = source.description();
  if (source.adapters() != nullptr)
    return badInput(description.path.native(), "adapters are kept as they are, not imported",
                    "Name them in model.init_from, or merge them with `z2all model export`");
  Z2_TRY(const Json config, writeHfConfig(description.config, DType::kF32));
  Z2_TRY(NewFolder place, NewFolder::begin(folder));
  std::vector<TensorView> tensors;
  const ParameterLayout layout(source.config(), kAnyBuckets);
  for (const HfTensor& tensor : layout.hfTensors()) {
    TensorView view = source.view(tensor);
    view.name = std::string(kModelPrefix) + tensor.name;
    tensors.push_back(std::move(view));
  }
  const fs::path stage = place.path() / "ckpt";
  Z2_TRY(CheckpointStore store, CheckpointStore::open({.folder = stage}));
  const Json state = {{"hf_config", config}, {"imported_from", description.path.native()}};
  Z2_TRY(const CheckpointInfo saved, store.save(0, tensors, state, std::nullopt));
  std::error_code failure;
  for (const auto& file : fs::directory_iterator(saved.folder, failure))
    fs::rename(file.path(), place.path() / file.path().filename(), failure);
  if (!failure) fs::remove_all(stage, failure);
  if (failure) return systemError(failure.value(), "importing into", folder.native());
  if (description.tokenizer) {
    Z2_TRY_VOID(makeFolders(place.path() / kTokenizerFolder));
    Z2_TRY([[maybe_unused]] const auto names,
           copyTokenizerFiles(*description.tokenizer, place.path() / kTokenizerFolder));
  }
  return place.commit();
}

}  // namespace z2
