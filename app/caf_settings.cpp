#include "app/caf_settings.hpp"

#include "actors/protocol.hpp"

#include <caf/io/all.hpp>

#include <chrono>

namespace vigie {

using namespace std::chrono_literals;

caf_settings::caf_settings() {
  add_message_types<caf::id_block::vigie>();
  load<caf::io::middleman>();
  set("scheduler.max-threads", 2);
  // One queue and a condition: threads that steal work look for it a hundred
  // times a second each, also in a server that nobody uses.
  set("scheduler.policy", caf::atom("sharing"));
  // A full mailbox must not starve its thread, nor keep a broker from writing.
  set("scheduler.max-throughput", 20);
  // A frozen peer is noticed by its silence.
  set("middleman.heartbeat-interval", caf::timespan{2s});
  set("middleman.connection-timeout", caf::timespan{20s});
}

} // namespace vigie
