#pragma once

#include "domain/actor_view.hpp"
#include "domain/batch.hpp"

#include <caf/all.hpp>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

namespace vigie {

/// Who an actor is, said once when it is spawned.
struct meter_tag {
  actor_kind kind = actor_kind::front;
  std::shared_ptr<const std::string> batch; ///< Null: of none.
  uint32_t number = 0;
  uint32_t restarts = 0;
};

/// What an actor is at, written as it goes and read by whoever looks, both
/// without waiting. Lives in its actor (see metered.hpp), and is in the
/// process's census as long as that is alive.
class meter {
public:
  using nanos = std::chrono::nanoseconds;

  explicit meter(meter_tag tag) : tag_(std::move(tag)) {}
  meter(const meter&) = delete;
  meter& operator=(const meter&) = delete;

  /// A message is on its way to the mailbox. Any thread.
  void arrives() { arrived_.fetch_add(1, std::memory_order_relaxed); }
  /// Nobody will ever handle it. Any thread.
  void returns() { arrived_.fetch_sub(1, std::memory_order_relaxed); }
  /// The actor's own thread: it begins with this message, ends with it.
  void begins(caf::atom_value what);
  void ends();
  /// The actor's own: it has heard the question of a looker.
  void hears();
  /// Its work was begun again after a failure. The actor's own thread.
  void restarts() { restarts_.fetch_add(1, std::memory_order_relaxed); }
  /// One question is out at a time: false while the last one is not heard.
  bool asks(nanos now);

  const meter_tag& tag() const { return tag_; }
  /// A coarse clock, a few milliseconds off: nobody reads finer.
  static nanos now();

private:
  friend class census;

  meter_tag tag_;
  std::atomic<uint64_t> arrived_{0}, handled_{0};
  std::atomic<caf::atom_value> what_{caf::atom_value{0}};
  std::atomic<int64_t> since_{0}; ///< Since the last change of `busy_`.
  std::atomic<int64_t> asked_{0}; ///< 0: no question is out.
  std::atomic<bool> busy_{false};
  std::atomic<uint32_t> restarts_{0};
  caf::actor_addr who_; ///< Guarded by the census.
  uint64_t id_ = 0;
  meter *before_ = nullptr, *after_ = nullptr; ///< In the census.
};

/// An actor that has a meter.
class has_meter {
public:
  virtual ~has_meter() = default;
  virtual meter& own_meter() = 0;
};

/// Null: it has none. The answer lives as long as the actor.
meter* meter_of(caf::abstract_actor* who);

/// The actor of a stage; their order is the same.
actor_kind kind_of(stage what);
/// PIPELINE's.
meter_tag batch_tag(const batch_id& id, bool resumed);
/// For a child: the batch of its parent.
meter_tag tag_below(caf::local_actor* parent, actor_kind kind);
/// The mark that the actor's work was begun again after a failure.
void count_restart(caf::local_actor* self);

} // namespace vigie
