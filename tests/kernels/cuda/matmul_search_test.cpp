// Which algorithm is taken, by a library that is none: what it has and how fast it is are tables.

#include "kernels/cuda/matmul_search.h"

#include <cstdint>
#include <cstring>
#include <map>

#include <gtest/gtest.h>

namespace z2::cuda {
namespace {

constexpr int kWideTile = CUBLASLT_MATMUL_TILE_256x168;

// Fields of a made-up algorithm.
struct Fields {
  uint64_t number;  // in the library's list
  uint64_t tile;    // 0: as listed
};
Fields& fieldsOf(cublasLtMatmulAlgo_t& algorithm) {
  static_assert(sizeof(Fields) <= sizeof(algorithm));
  return *reinterpret_cast<Fields*>(&algorithm);
}
Fields fieldsOf(const TunedAlgorithm& tuned) {
  Fields fields{};
  std::memcpy(&fields, tuned.algorithm.data(), sizeof(fields));
  return fields;
}

class MatmulSearch : public testing::Test {
 protected:
  MatmulSearch() {
    lt_.configSet = [](cublasLtMatmulAlgo_t* algorithm,
                       cublasLtMatmulAlgoConfigAttributes_t attribute, const void* value, size_t) {
      if (attribute == CUBLASLT_ALGO_CONFIG_TILE_ID) {
        int tile = 0;
        std::memcpy(&tile, value, sizeof(tile));
        fieldsOf(*algorithm).tile = static_cast<uint64_t>(tile);
      }
      return CUBLAS_STATUS_SUCCESS;
    };
    lt_.check = [](auto, auto, auto, auto, auto, auto, const cublasLtMatmulAlgo_t* algorithm,
                   cublasLtMatmulHeuristicResult_t*) {
      auto copy = *algorithm;
      return hasWideTile_ && fieldsOf(copy).tile == kWideTile ? CUBLAS_STATUS_SUCCESS
                                                              : CUBLAS_STATUS_NOT_SUPPORTED;
    };
    plan_.candidates.resize(8);
    for (uint64_t i = 0; i < plan_.candidates.size(); ++i)
      fieldsOf(plan_.candidates[i].algo) = {i, 0};
  }

  // Candidate i takes 100 + 10 i microseconds a call; over a long time what `lasting` says.
  TunedAlgorithm fastest(const std::map<uint64_t, double>& lasting) {
    measured_.clear();
    return fastestAlgorithm(lt_, nullptr, plan_, [&](const Candidate& candidate, int calls) {
      auto copy = candidate.algo;
      const Fields its = fieldsOf(copy);
      if (its.tile != 0) return 50.0;
      const double quick = 100.0 + 10.0 * static_cast<double>(its.number);
      if (calls < 50) return quick;
      ++measured_[its.number];
      const auto place = lasting.find(its.number);
      return place == lasting.end() ? quick + 200 : place->second;
    });
  }

  inline static bool hasWideTile_ = false;
  cublaslt::Functions lt_{};
  Plan plan_;
  std::map<uint64_t, int> measured_;  // long measurements, by candidate
};

TEST_F(MatmulSearch, TakesWhatIsFastestOverALongTime) {
  hasWideTile_ = false;
  const TunedAlgorithm tuned = fastest({{0, 180.0}, {3, 150.0}});
  EXPECT_EQ(fieldsOf(tuned).number, 3u);
  EXPECT_EQ(tuned.microseconds, 150.0);
  EXPECT_EQ(tuned.firstMicroseconds, 180.0);
  EXPECT_EQ(measured_.size(), 6u);                                    // the fastest few
  for (const auto& [number, times] : measured_) EXPECT_EQ(times, 2);  // heated, then measured
}

TEST_F(MatmulSearch, AlwaysMeasuresTheFirstChoice) {
  hasWideTile_ = false;
  fieldsOf(plan_.candidates[0].algo).number = 50;  // slow over a few calls
  const TunedAlgorithm tuned = fastest({{50, 90.0}});
  EXPECT_EQ(fieldsOf(tuned).number, 50u);
  EXPECT_EQ(tuned.firstMicroseconds, 90.0);
}

TEST_F(MatmulSearch, FindsATileThatTheListDoesNotHave) {
  hasWideTile_ = true;
  const TunedAlgorithm tuned = fastest({{0, 180.0}});
  EXPECT_EQ(fieldsOf(tuned).tile, static_cast<uint64_t>(kWideTile));
  EXPECT_EQ(tuned.microseconds, 50.0);
  EXPECT_EQ(tuned.firstMicroseconds, 180.0);
}

}  // namespace
}  // namespace z2::cuda
