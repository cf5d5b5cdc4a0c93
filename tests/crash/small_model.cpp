#include "tests/crash/small_model.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

namespace z2 {

SmallModel::SmallModel(int64_t step) : step_(step) {
  struct Shape {
    const char* name;
    DType type;
    std::vector<int64_t> sizes;
  };
  const std::vector<Shape> shapes = {{"model:embed.weight", DType::kF32, {5, 3}},
                                     {"model:norm.weight", DType::kBF16, {7}},
                                     {"optim.m:flat", DType::kF32, {22}},
                                     {"optim.v:flat", DType::kF32, {22}},
                                     {"model:empty", DType::kF16, {0, 4}}};
  std::mt19937_64 random(static_cast<uint64_t>(step));
  for (const Shape& shape : shapes) {
    size_t size = sizeOf(shape.type);
    for (const int64_t n : shape.sizes) size *= static_cast<size_t>(n);
    auto& bytes = bytes_.emplace_back(size);
    for (std::byte& byte : bytes) byte = static_cast<std::byte>(random());
    views_.push_back({shape.name, shape.type, shape.sizes, bytes});
  }
}

Json SmallModel::state() const {
  return {{"cursor", step_ * 8}, {"note", "步 " + std::to_string(step_)}};
}

bool SmallModel::equals(const LoadedCheckpoint& loaded) const {
  if (loaded.info().step != step_ || loaded.info().state != state()) return false;
  if (loaded.tensors().size() != views_.size()) return false;
  return std::ranges::all_of(views_, [&](const TensorView& view) {
    const TensorView* found = loaded.find(view.name);
    return found != nullptr && found->type == view.type && found->shape == view.shape &&
           std::ranges::equal(found->bytes, view.bytes);
  });
}

}  // namespace z2
