#pragma once

#include "domain/outcome.hpp"
#include "domain/pacer.hpp"
#include "remote/basp_guard.hpp"
#include "remote/door_book.hpp"
#include "remote/lobby.hpp"
#include "remote/peer_roll.hpp"
#include "remote/peer_view.hpp"
#include "remote/pki.hpp"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

namespace vigie {

struct door_options {
  std::string host = "127.0.0.1";
  uint16_t port = 0; ///< 0: any.
  identity core;
  std::filesystem::path core_socket;         ///< Where CAF's broker listens.
  guard_rules guard;                         ///< What a peer may say.
  pace_rules pace;                           ///< Messages a second.
  pace_rules bytes{8e6, 32e6};               ///< And bytes.
  std::chrono::milliseconds greet_in{5'000}; ///< Joined, to BASP handshake.
  std::size_t max_peers = 256; ///< Connections; the last few are for `local`.
  std::size_t max_of_one = 4;  ///< Of one bundle; then its oldest one is cut.
  /// Of one bundle: CAF keeps a kilobyte of each node id that ever came.
  pace_rules joins{2, 30};
  lobby_rules lobby;
  door_book::log_function log; ///< Called from many threads, one at a time.
};

/// The door of the worker network (docs/adr/0009): accepts TCP, asks for a
/// certificate that is ours and in the register, guards what peers say, and
/// carries it to CAF's broker on a Unix socket. One thread for all that have
/// not joined, one for each that has. Blocks SIGPIPE in its threads only.
class door {
public:
  /// `peers` must outlive it.
  door(door_options options, peer_view& peers);
  ~door(); ///< Stops.
  door(const door&) = delete;
  door& operator=(const door&) = delete;

  /// Listens; answers the port. Once only.
  outcome<uint16_t> start();
  /// Closes all connections, ends all threads. May be called twice.
  void stop();
  door_stats stats() const; ///< Thread-safe.
  /// Whose certificate stands behind a BASP node id.
  std::shared_ptr<const peer_roll> roll() const { return roll_; }

private:
  class doorman;

  door_options options_;
  peer_view& peers_;
  door_book book_;
  std::shared_ptr<peer_roll> roll_ = std::make_shared<peer_roll>();
  std::unique_ptr<doorman> doorman_;
};

} // namespace vigie
