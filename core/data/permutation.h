#pragma once

// A pseudo-random order of 0 … n - 1 that needs no memory: a Feistel network of six rounds over the
// next even number of bits, walked until the value falls inside (Black and Rogaway, "Ciphers with
// Arbitrary Finite Domains", 2002). Any element is found without those before it, which is what
// makes one number a whole data cursor.

#include <cstdint>

namespace z2 {

// SplitMix64's finalizer (Steele, Lea, Flood 2014): well mixed bits of a counter.
[[nodiscard]] constexpr uint64_t mixBits(uint64_t value) {
  value += 0x9e3779b97f4a7c15U;
  value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9U;
  value = (value ^ (value >> 27)) * 0x94d049bb133111ebU;
  return value ^ (value >> 31);
}

// Immutable, a few words; the same size and key give the same order on every machine.
class Permutation {
 public:
  Permutation(uint64_t size, uint64_t key);

  // The element at place `index` < size.
  [[nodiscard]] uint64_t operator()(uint64_t index) const;
  [[nodiscard]] uint64_t size() const { return size_; }

 private:
  static constexpr int kRounds = 6;

  uint64_t size_;
  uint64_t roundKeys_[kRounds];
  int halfBits_;
};

}  // namespace z2
