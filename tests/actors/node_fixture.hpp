#pragma once
// Over budget: one fixture, a node and all that is around it.

#include "actors/node.hpp"

#include "tests/actors/actor_fixture.hpp"
#include "tests/actors/fake_gate.hpp"
#include "tests/actors/fake_slot.hpp"

#include <deque>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace vigie {

/// A node, and around it what the test makes of its server, slots and cache.
struct NodeFixture : ActorTest {
  using server = fake_server;

  using bench = fake_bench;
  using store = fake_store;

  std::shared_ptr<server> server_ = std::make_shared<server>();
  std::shared_ptr<store> store_ = std::make_shared<store>();
  std::vector<std::shared_ptr<bench>> slots;
  gate_actor gate;
  bool up = true; ///< Who dials is put through.
  int dials = 0, left = 0, prepared = 0;
  std::vector<std::string> log;
  node_actor me;
  caf::actor dialer;

  void open_gate() { gate = track(sys.spawn(fake_gate, server_)); }

  slot_actor fake_slot(const std::shared_ptr<bench>& b) {
    return track(sys.spawn(working_at, b));
  }

  cache_actor fake_cache() { return track(sys.spawn(fetching_from, store_)); }

  dialer_actor fake_dialer() {
    using answer =
        caf::result<caf::node_id, caf::strong_actor_ptr, std::set<std::string>>;
    return track(sys.spawn([this]() -> dialer_actor::behavior_type {
      return {[this](caf::connect_atom, const std::string&,
                     uint16_t) -> answer {
        ++dials;
        if (!up)
          return caf::make_error(caf::sec::cannot_connect_to_node);
        return {caf::node_id{}, caf::actor_cast<caf::strong_actor_ptr>(gate),
                std::set<std::string>{}};
      }};
    }));
  }

  void start(std::size_t n, bool cached = false) {
    node_args args;
    args.who = {"1", std::string(32, 'a'), "token", uint32_t(n), {}};
    args.host = "h";
    args.port = 1;
    args.storage = "/store";
    if (!gate)
      open_gate();
    args.dialer = fake_dialer();
    slots.clear();
    for (std::size_t i = 0; i < n; ++i) {
      slots.push_back(std::make_shared<bench>());
      args.slots.push_back({fake_slot(slots.back()), slots.back()});
    }
    if (cached)
      args.cache = fake_cache();
    args.prepare = [this](const analysis_setup&) { ++prepared; };
    args.log = [this](const log_entry& line) { log.push_back(line.text); };
    args.left = [this] { ++left; };
    me = track(sys.spawn(node, std::move(args)));
    settle();
  }

  static analysis_job job(uint64_t token) {
    analysis_job j;
    j.id = token;
    j.token = token;
    j.path = "b/" + std::to_string(token);
    return j;
  }

  /// Answers the oldest pull.
  void give(const analysis_job& j) {
    ASSERT_FALSE(server_->pulls.empty());
    auto p = std::move(server_->pulls.front());
    server_->pulls.pop_front();
    p.deliver(j);
    settle();
  }

  /// The oldest fetch has its file.
  void fetched() {
    auto a = std::move(store_->asks.front());
    store_->asks.pop_front();
    auto path = "/cache/" + std::to_string(a.job.token);
    store_->pinned.insert(path);
    a.promise.deliver(path);
    settle();
  }

  void not_fetched() {
    auto a = std::move(store_->asks.front());
    store_->asks.pop_front();
    a.promise.deliver(caf::make_error(caf::sec::runtime_error, "no room"));
    settle();
  }

  /// The slot has ended; empty: with a result.
  void ends(std::size_t slot, const std::string& why = "") {
    ASSERT_FALSE(slots.at(slot)->work.empty());
    auto p = std::move(slots[slot]->work.front().second);
    slots[slot]->work.pop_front();
    auto r = std::make_shared<slot_report>();
    r->broke = !why.empty();
    r->why = why;
    p.deliver(report_ptr{std::move(r)});
    settle();
  }

  void stop(uint64_t token) {
    self->send(me, stop_atom_v, token);
    settle();
  }

  void drain() {
    self->send(me, drain_atom_v);
    settle();
  }

  /// The line is cut: what the server had not answered stays unanswered.
  void cut() {
    settle();
    caf::anon_send_exit(gate, caf::exit_reason::kill);
    settle();
    open_gate();
    server_->pulls.clear();
    server_->reports.clear();
  }

  std::size_t count(const std::string& what) const {
    return static_cast<std::size_t>(
        std::count(server_->heard.begin(), server_->heard.end(), what));
  }

  std::size_t said(const std::string& words) const {
    return static_cast<std::size_t>(
        std::count_if(log.begin(), log.end(), [&](auto& line) {
          return line.find(words) != std::string::npos;
        }));
  }

  node_state& state() {
    return static_cast<node_actor::stateful_pointer<node_state>>(
               caf::actor_cast<caf::abstract_actor*>(me))
        ->state;
  }

  /// Every slot is idle, pulls, or holds one job that it has not reported.
  std::string misplaced() {
    auto& s = state();
    for (std::size_t i = 0; i < slots.size(); ++i) {
      auto places = s.idle.count(i) + s.pulling.count(i);
      for (auto& [number, h] : s.holds)
        places += h.slot == i && !h.told ? 1 : 0;
      if (places != 1)
        return "slot " + std::to_string(i) + " is in " + std::to_string(places)
               + " places";
    }
    return {};
  }
};

} // namespace vigie
