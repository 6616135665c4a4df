#include "remote/joined_peer.hpp"

#include <utility>

namespace vigie {

joined_peer::joined_peer(pump::parts parts, std::string address,
                         door_book& book, peer_roll& roll)
    : address_(std::move(address)), name_(peer_name(parts.tls)),
      serial_(peer_serial(parts.tls)), book_(book),
      pump_(std::move(parts), serial_, book, roll) {
  book_.say(name_ + " joined from " + address_);
  ++book_.joined;
  ++book_.joined_now;
  try {
    thread_ = std::thread{[this] { run(); }};
  } catch (...) {
    --book_.joined_now;
    throw;
  }
}

joined_peer::~joined_peer() {
  cut({}, "");
  thread_.join();
}

void joined_peer::run() {
  pump_end end;
  try {
    end = pump_.run();
  } catch (const std::exception&) { // out of memory
    end = {refusal::stalled, "out of memory"};
  }
  --book_.joined_now;
  // A joined peer is known by name: its end is a line of its own.
  auto line = name_ + " (" + address_ + ")";
  if (!end.why)
    line += " left" + (end.detail.empty() ? "" : ": " + end.detail);
  else
    line += " was cut off: " + std::string{words_of(*end.why)}
            + (end.detail.empty() ? "" : " (" + end.detail + ")");
  book_.cut_off(end.why, line);
  over_ = true;
}

} // namespace vigie
