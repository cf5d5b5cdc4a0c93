#pragma once

// The pieces that begin at one place of a text, byte by byte: a trie in a double array (Aoe, 1989).

#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

namespace z2 {

// Immutable once built and thread-safe. Memory: 12 bytes a node, a byte of a distinct prefix being
// one.
class PieceTrie {
 public:
  using Node = int32_t;
  static constexpr Node kRoot = 0;
  static constexpr Node kNone = -1;

  PieceTrie() = default;
  // Pieces with their ids, none empty and none twice; the ids are not negative.
  explicit PieceTrie(std::vector<std::pair<std::string_view, int32_t>> pieces);

  [[nodiscard]] Node child(Node parent, char byte) const {
    const Node at = units_[static_cast<size_t>(parent)].base + static_cast<uint8_t>(byte);
    return units_[static_cast<size_t>(at)].parent == parent ? at : kNone;
  }
  // The id of the piece that ends at the node; -1: none does.
  [[nodiscard]] int32_t idAt(Node node) const { return units_[static_cast<size_t>(node)].id; }

 private:
  static constexpr Node kAboveRoot = -2;
  struct Unit {
    Node base = 0;        // children stand at base + byte
    Node parent = kNone;  // kNone: the place is free
    int32_t id = -1;
  };
  [[nodiscard]] Node placeFor(const std::vector<uint8_t>& bytes);

  std::vector<Unit> units_;  // 256 free ones behind the last node
  Node firstFree_ = 1;
};

}  // namespace z2
