#pragma once

#include "actors/protocol.hpp"
#include "domain/ports.hpp"

#include <atomic>
#include <chrono>
#include <functional>
#include <utility>

namespace vigie {

/// batch_service over FRONT. Thread-safe: one scoped actor per call.
class front_service : public batch_service {
public:
  front_service(caf::actor_system& sys, front_actor front, hub_actor hub,
                std::chrono::seconds deadline);
  outcome<std::unique_ptr<arrival>> arrive(uint64_t bytes, bool known) override;
  outcome<submitted> submit(new_batch batch) override;
  outcome<done> ready() override;
  std::vector<std::string> waits_for() override;
  /// Before anybody asks.
  void watch_disk(std::function<bool()> low) { low_on_disk_ = std::move(low); }
  outcome<analysis_record> rerun(const batch_id& id,
                                 const std::string& requested_by) override;
  outcome<done> cancel(const batch_id& id) override;
  outcome<done> retry(const batch_id& id) override;
  outcome<done> erase(const batch_id& id) override;
  /// From now on nothing begins; who asks is told so. Batches may still be
  /// cancelled and deleted: that is less to do, not more.
  void drain() { draining_ = true; }

private:
  class seat;

  template <class... What>
  outcome<done> ask(const What&... what);

  caf::actor_system& sys_;
  front_actor front_;
  hub_actor hub_;
  std::chrono::seconds deadline_;
  std::atomic<bool> draining_{false};
  std::function<bool()> low_on_disk_;
};

/// event_streams over BROADCASTER. Thread-safe.
class broadcaster_streams : public event_streams {
public:
  broadcaster_streams(caf::actor_system& sys, broadcaster_actor broadcaster);
  void adopt(subscription s) override;
  /// Asks BROADCASTER; 0 when it does not answer within a second.
  std::size_t count() const override;

private:
  caf::actor_system& sys_;
  broadcaster_actor broadcaster_;
};

/// quota_reader over GEMINI_DESK; without one the board is empty. Thread-safe.
class desk_board : public quota_reader {
public:
  desk_board(caf::actor_system& sys, desk_actor desk);
  outcome<std::vector<gate_board>> board() override;

private:
  caf::actor_system& sys_;
  desk_actor desk_;
};

} // namespace vigie
