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

  /// Whether an item suits the taker, by more than its needs.
  enum class fit { no, if_need_be, yes };

  /// The next item that the taker is able to do and that suits it; its batch
  /// goes to the back. One that suits if need be goes after the others of its
  /// batch.
  template <class Judge>
  std::optional<T> take(const able& can, Judge suits) {
    for (auto turn = turns_.begin(); turn != turns_.end(); ++turn) {
      auto batch = batches_.find(*turn);
      auto found = best(batch->second, can, suits);
      if (found.how == fit::no)
        continue;
      std::optional<T> out{std::move(found.what->second)};
      remove(found.line, found.what, batch->second);
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
  std::optional<T> take(const able& can) {
    return take(can, [](const T&) { return fit::yes; });
  }

  /// Calls `use(needs, item)` for each; it may change the item.
  template <class F>
  void visit(F use) {
    for (auto& [batch, lines] : batches_)
      for (auto& [wants, line] : lines)
        for (auto& [order, item] : line)
          use(wants, item);
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

  struct pick {
    fit how = fit::no;
    typename lines_t::iterator line;
    typename line_t::iterator what;
  };

  /// The oldest that suits, else the oldest that suits if need be.
  template <class Judge>
  static pick best(lines_t& all, const able& can, Judge& suits) {
    pick out;
    for (auto line = all.begin(); line != all.end(); ++line) {
      auto& items = line->second;
      auto late = [&](auto item) {
        return out.how == fit::yes && out.what->first < item->first;
      };
      if (late(items.begin()) || !can(line->first))
        continue;
      for (auto i = items.begin(); i != items.end() && !late(i); ++i) {
        auto how = suits(std::as_const(i->second));
        if (how > out.how
            || (how == out.how && how != fit::no && i->first < out.what->first))
          out = {how, line, i};
        if (how == fit::yes)
          break;
      }
    }
    return out;
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
