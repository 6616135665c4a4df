#pragma once

#include "remote/pump.hpp"

#include <atomic>
#include <string>
#include <thread>

namespace vigie {

/// A peer that got in, and the thread that carries its bytes. Born running;
/// its end is told to the book. Destroying it cuts it.
class joined_peer {
public:
  joined_peer(pump::parts parts, std::string address, door_book& book,
              peer_roll& roll);
  ~joined_peer();

  const std::string& serial() const { return serial_; }
  bool over() const { return over_; }
  void cut(std::optional<refusal> why, std::string detail) {
    pump_.cut(why, detail);
  }

private:
  void run();

  std::string address_, name_, serial_;
  door_book& book_;
  pump pump_;
  std::atomic<bool> over_{false};
  std::thread thread_; ///< Last: it uses all of the above.
};

} // namespace vigie
