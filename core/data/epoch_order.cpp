#include "core/data/epoch_order.h"

#include <algorithm>
#include <cstdint>

namespace z2 {

EpochOrder::EpochOrder(const TokenIndex& index, std::optional<uint64_t> key) : index_(&index) {
  if (!key) return;
  order_.emplace(index.documents(), *key);
  groupStarts_.reserve(index.documents() / kGroup + 1);
  uint64_t position = 0;
  for (uint64_t rank = 0; rank < index.documents(); ++rank) {
    if (rank % kGroup == 0) groupStarts_.push_back(position);
    position += index.documentTokens((*order_)(rank));
  }
}

EpochOrder::Place EpochOrder::find(uint64_t position) const {
  if (!order_) {
    const uint64_t document = index_->documentAt(position);
    return {document, position - index_->documentStart(document)};
  }
  const auto after = std::upper_bound(groupStarts_.begin(), groupStarts_.end(), position);
  const auto group = static_cast<uint64_t>(after - groupStarts_.begin()) - 1;
  Place place{group * kGroup, position - groupStarts_[group]};
  for (;; ++place.rank) {
    const uint64_t tokens = index_->documentTokens((*order_)(place.rank));
    if (place.offset < tokens) return place;
    place.offset -= tokens;
  }
}

uint64_t EpochOrder::documentAt(uint64_t rank) const { return order_ ? (*order_)(rank) : rank; }

}  // namespace z2
