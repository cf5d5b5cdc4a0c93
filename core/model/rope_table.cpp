#include "core/model/rope_table.h"

#include <cmath>

namespace z2 {

RopeTable makeRopeTable(const LlamaConfig& config, int64_t positions, int64_t sequenceLength) {
  const auto headDim = static_cast<double>(config.headDim);
  double theta = config.ropeTheta;
  if (isRopeDynamic(config) && sequenceLength > config.maxPositionEmbeddings) {
    const double stretch = config.ropeScalingFactor * static_cast<double>(sequenceLength) /
                               static_cast<double>(config.maxPositionEmbeddings) -
                           (config.ropeScalingFactor - 1.0);
    theta *= std::pow(stretch, headDim / (headDim - 2.0));
  }
  const float divisor = config.ropeScaling == RopeScaling::kLinear
                            ? static_cast<float>(config.ropeScalingFactor)
                            : 1.0f;
  const int64_t half = config.headDim / 2;
  RopeTable table;
  table.cosine.resize(static_cast<size_t>(positions * half));
  table.sine.resize(static_cast<size_t>(positions * half));
  for (int64_t i = 0; i < half; ++i) {
    const auto power = static_cast<float>(std::pow(theta, 2.0 * static_cast<double>(i) / headDim));
    const float frequency = 1.0f / power / divisor;
    for (int64_t position = 0; position < positions; ++position) {
      const float angle = static_cast<float>(position) * frequency;
      const auto at = static_cast<size_t>(position * half + i);
      table.cosine[at] = static_cast<float>(std::cos(static_cast<double>(angle)));
      table.sine[at] = static_cast<float>(std::sin(static_cast<double>(angle)));
    }
  }
  return table;
}

}  // namespace z2
