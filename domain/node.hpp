#pragma once

#include "domain/worker.hpp"

#include <chrono>
#include <cstdint>
#include <set>
#include <string>
#include <vector>

namespace vigie {

/// How a node introduces itself. Crosses the network.
struct hello {
  std::string version; ///< Must equal the server's.
  std::string boot_id; ///< Random per process: tells lives apart.
  std::string token;   ///< Of its bundle: who it is.
  uint32_t slots = 0;
  std::set<std::string> abilities; ///< See abilities_of().
  uint64_t largest_file = 0;       ///< Bytes of a file that it takes; 0: any.
};

/// What a node is told when it joins.
struct welcome {
  std::string name; ///< As its bundle says.
  analysis_setup setup;
};

/// Leases by token: what a node holds; answered with what it no longer does.
struct lease_list {
  std::vector<uint64_t> tokens; ///< In a slot.
  std::vector<uint64_t> coming; ///< Held, but the file is still on its way.
};

/// A piece of a file on its way to a node; at most `chunk_bytes`.
struct file_chunk {
  std::string bytes; ///< Empty at the end of the file.
};

inline constexpr std::size_t chunk_bytes = 1u << 20;

/// A node as WORKER_HUB sees it.
struct node_view {
  std::string name, boot_id, version;
  uint32_t slots = 0;
  uint64_t working = 0; ///< Leases it holds.
  uint64_t waiting = 0; ///< Slots that asked for work.
  std::set<std::string> abilities;
  std::chrono::milliseconds silent{0}; ///< Since it was heard last.
  bool draining = false;
  /// No work for so long: its slots ended at one file after another.
  std::chrono::milliseconds benched{0};
  bool on_trial = false; ///< After that: one job at a time, until one is done.
};

/// A bundle's owner, as the server knows it.
struct member {
  std::string name;
  bool admin = false;
};

} // namespace vigie
