#pragma once

#include "actors/protocol.hpp"

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace vigie {

struct node_slot {
  slot_actor worker;
  std::shared_ptr<job_runner> runner; ///< The same; for abort().
};

struct node_args {
  hello who;
  std::string host; ///< Of the server.
  uint16_t port = 0;
  dialer_actor dialer;
  std::vector<node_slot> slots;
  cache_actor cache;   ///< Null: the server's disk is ours, too.
  std::string storage; ///< Its root, then.
  std::chrono::milliseconds beat{2'000};
  /// Doubles up to ten seconds. Out of step with CAF's tick of two seconds,
  /// which ends a connection that it meets in its handshake.
  std::chrono::milliseconds redial{350};
  std::chrono::seconds answer_within{90};
  std::chrono::seconds drain_within{20};
  /// Before the first job of a connection: how files are analysed.
  std::function<void(const analysis_setup&)> prepare;
  log_line log;
  std::function<void()> dials; ///< Before each attempt to connect.
  std::function<void()> left;  ///< The node has left the server for good.
};

/// One connection after another to the server; what each slot is at.
struct node_state {
  struct hold {
    analysis_job job; ///< With the server's token.
    std::size_t slot = 0;
    bool begun = false;   ///< In the slot; else its file is on its way.
    bool stopped = false; ///< Called off: its report is for nobody.
    bool told = false;    ///< The report is on its way to the server.
  };

  node_actor::pointer self = nullptr;
  node_args args;
  gate_actor gate;   ///< Null: not connected.
  bool in = false;   ///< It has welcomed us.
  uint64_t life = 0; ///< Of the connection; answers of an older one are void.
  std::chrono::milliseconds pause{0};
  /// By a number of our own, which is the token that the slot sees: a server
  /// that was started again counts its tokens from the start.
  std::map<uint64_t, hold> holds;
  uint64_t last_number = 0;
  std::set<std::size_t> idle; ///< Slots; neither pulling nor at work.
  std::set<std::size_t> pulling;
  std::string said; ///< Why not joined, logged last.
  bool draining = false, leaving = false;

  void dial();
  void redial(const std::string& why);
  void connected(const caf::strong_actor_ptr& to);
  void joined(const welcome& w);
  void lost(const std::string& why);
  void pull_all();
  void pull(std::size_t slot);
  void got(std::size_t slot, const analysis_job& job);
  void begin(uint64_t number, const std::string& path);
  void no_file(uint64_t number, const caf::error& why);
  void ended(uint64_t number, const std::string& path, const report_ptr& r);
  void report(uint64_t number, const report_ptr& r);
  void stop(uint64_t token);
  void call_off(uint64_t number);
  void give_back(uint64_t number);
  void unpin(const std::string& path);
  void tick();
  void tell_actors(uint64_t look);
  void beat();
  void drain();
  void drain_ended();
  void leave_if_done();
  /// For requests to the gate: an error ends the connection.
  std::function<void(const caf::error&)> or_lost();

  static inline const char* name = "node";
};

/// Joins, pulls for every idle slot, beats, and joins again whenever the
/// connection is lost; what it held then is called off. Never ends by itself
/// but after a drain.
node_actor::behavior_type node(node_actor::stateful_pointer<node_state> self,
                               node_args args);

} // namespace vigie
