#pragma once
// Over budget: one class template and its helpers.

#include "domain/batch.hpp"

#include <algorithm>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>

namespace vigie {

/// Work of many batches, handed out in turns: a batch of one file waits for one
/// job of a batch of a thousand, not for a thousand. Within a batch the oldest
/// goes first among what the taker is able to do. Not thread-safe.
template <class T>
class fair_queue {
public:
  using needs = std::set<std::string>;
  /// Whether the taker has all of these.
  using able = std::function<bool(const needs&)>;

  /// `order` is the work's place in its batch: what comes back after a broken
  /// lease keeps the one that it had.
  void push(const batch_id& batch, const needs& wants, uint64_t order, T item) {
    auto& lines = batches_[batch];
    if (lines.empty())
      turns_.push_back(batch);
    lines[wants].emplace(order, std::move(item));
    ++size_;
  }

  /// The next item that the taker is able to do; its batch goes to the back.
  std::optional<T> take(const able& can) {
    for (auto turn = turns_.begin(); turn != turns_.end(); ++turn) {
      auto batch = batches_.find(*turn);
      auto line = oldest(batch->second, can);
      if (line == batch->second.end())
        continue;
      auto first = line->second.begin();
      std::optional<T> out{std::move(first->second)};
      remove(line, first, batch->second);
      auto id = *turn;
      turns_.erase(turn);
      if (batch->second.empty())
        batches_.erase(batch);
      else
        turns_.push_back(std::move(id));
      return out;
    }
    return std::nullopt;
  }

  /// Calls `use(needs, item)` for the oldest item of each kind of need of each
  /// batch.
  template <class F>
  void heads(F use) {
    for (auto& [batch, lines] : batches_)
      for (auto& [wants, line] : lines)
        use(wants, line.begin()->second);
  }

  /// Calls `use(item)` for each.
  template <class F>
  void each(F use) const {
    for (auto& [batch, lines] : batches_)
      for (auto& [wants, line] : lines)
        for (auto& [order, item] : line)
          use(item);
  }

  template <class Predicate>
  void erase_if(Predicate gone) {
    for (auto batch = batches_.begin(); batch != batches_.end();) {
      auto& lines = batch->second;
      for (auto line = lines.begin(); line != lines.end();) {
        size_ -= std::erase_if(line->second,
                               [&](auto& x) { return gone(x.second); });
        line = line->second.empty() ? lines.erase(line) : std::next(line);
      }
      if (lines.empty()) {
        std::erase(turns_, batch->first);
        batch = batches_.erase(batch);
      } else {
        ++batch;
      }
    }
  }

  std::size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }

private:
  using line_t = std::map<uint64_t, T>; ///< By order.
  using lines_t = std::map<needs, line_t>;

  static typename lines_t::iterator oldest(lines_t& all, const able& can) {
    auto best = all.end();
    for (auto i = all.begin(); i != all.end(); ++i)
      if ((best == all.end()
           || i->second.begin()->first < best->second.begin()->first)
          && can(i->first))
        best = i;
    return best;
  }

  void remove(typename lines_t::iterator from, typename line_t::iterator what,
              lines_t& all) {
    from->second.erase(what);
    if (from->second.empty())
      all.erase(from);
    --size_;
  }

  std::map<batch_id, lines_t> batches_; ///< Never an empty one.
  std::deque<batch_id> turns_;
  std::size_t size_ = 0;
};

} // namespace vigie
