#pragma once

// A queue in which no one client stands before all others: clients take turns, each with its oldest
// item.

#include <algorithm>
#include <cstddef>
#include <deque>
#include <list>
#include <string>
#include <utility>

namespace z2 {

template <typename Item>
class FairQueue {
 public:
  void push(const std::string& client, Item item) {
    const auto found = std::ranges::find(clients_, client, &Client::name);
    Client& its = found != clients_.end() ? *found : clients_.emplace_back(Client{client, {}});
    its.items.push_back(std::move(item));
    ++size_;
  }
  // Not when it is empty.
  Item pop() {
    Client& first = clients_.front();
    Item item = std::move(first.items.front());
    first.items.pop_front();
    --size_;
    // To the end of the line; away when it has nothing more.
    if (first.items.empty())
      clients_.pop_front();
    else
      clients_.splice(clients_.end(), clients_, clients_.begin());
    return item;
  }
  // Removes the first item that `isIt`.
  template <typename Predicate>
  bool remove(Predicate isIt) {
    for (auto client = clients_.begin(); client != clients_.end(); ++client) {
      const auto found = std::ranges::find_if(client->items, isIt);
      if (found == client->items.end()) continue;
      client->items.erase(found);
      if (client->items.empty()) clients_.erase(client);
      --size_;
      return true;
    }
    return false;
  }
  [[nodiscard]] size_t size() const { return size_; }
  [[nodiscard]] bool isEmpty() const { return size_ == 0; }

 private:
  struct Client {
    std::string name;
    std::deque<Item> items;
  };
  std::list<Client> clients_;  // in the order of their turns
  size_t size_ = 0;
};

}  // namespace z2
