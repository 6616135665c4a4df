#pragma once

#include "actors/protocol.hpp"
#include "domain/access.hpp"

#include <caf/io/all.hpp>

#include <chrono>
#include <cstdint>
#include <deque>
#include <optional>
#include <unordered_map>
#include <vector>

namespace vigie {

struct stream_rules {
  std::chrono::seconds keepalive{15};
  std::chrono::seconds stalled{60};    ///< No byte taken so long: cut.
  std::size_t most_pending = 1u << 20; ///< Unsent bytes of one reader.
  std::size_t ring = 4'096;            ///< Recent events kept in memory.
};

/// SSE sockets and the recent log. Lives on CAF's one I/O thread: never blocks.
struct broadcaster_state {
  using handle = caf::io::connection_handle;
  using instant = caf::actor_clock::time_point;

  struct client {
    int64_t at = 0;     ///< Everything up to this number is sent.
    bool live = false;  ///< false: a replay is under way.
    bool asked = false; ///< REPLAYER has our question.
    std::size_t pending = 0;
    instant spoken, moved;
    std::optional<batch_id> only;
    std::optional<std::string> owner; ///< Sees only what it sent.
    std::string key;                  ///< Of the identity that listens.

    bool sees(const committed_event& e) const {
      return (!only || e.batch == *only) && (!owner || e.owner == owner);
    }
  };

  caf::io::broker* self = nullptr;
  stream_rules rules;
  replayer_actor replayer;
  std::vector<committed_event> fresh; ///< Committed, not announced yet.
  std::deque<committed_event> ring;
  int64_t last = 0; ///< The newest announced.
  uint64_t cut = 0;
  uint64_t told_events = 0; ///< By reader: two readers count twice.
  std::unordered_map<handle, client> clients;
  std::optional<instant> leaving; ///< Who has not taken all by then is cut.
  std::vector<caf::typed_response_promise<bool>> told;
  instant checked{};     ///< When rights were asked for last.
  bool checking = false; ///< REPLAYER has that question.
  bool ticking = false;  ///< A tick is on its way.

  void adopt(socket_guard& socket);
  void take(const std::vector<committed_event>& events);
  void flush();
  void announce(const std::vector<committed_event>& events);
  void replay(handle h);
  void replayed(handle h, int64_t after, const outcome<log_slice>& found);
  bool catch_up_from_ring(handle h, client& c);
  void write(handle h, client& c, const std::string& bytes,
             uint64_t events = 0);
  void drop(handle h);
  void tick_soon();
  void tick();
  void check_rights();
  void end_streams_of(const std::vector<std::string>& keys);
  void say_goodbye();
  void sent(handle h, std::size_t remaining);
  void part(handle h);
  void tell_if_alone();

  static inline const char* name = "broadcaster";
};

/// Spawn with middleman().spawn_broker. `last` is the newest number stored.
caf::behavior broadcaster(caf::io::stateful_broker<broadcaster_state>* self,
                          stream_rules rules, replayer_actor replayer,
                          int64_t last);

/// Spawn detached: it reads log and rights from disk.
replayer_actor::behavior_type replayer(replayer_actor::pointer self,
                                       std::shared_ptr<batch_reader> reader,
                                       std::shared_ptr<access_book> access);

} // namespace vigie
