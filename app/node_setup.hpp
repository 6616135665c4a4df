#pragma once

#include "app/slot_frames.hpp"
#include "app/worker_options.hpp"
#include "domain/outcome.hpp"

#include <filesystem>
#include <set>
#include <string>

namespace vigie {

/// Where a node works and what this machine is able to do.
struct node_place {
  std::filesystem::path temp, cache;
  bool temp_is_ours = false; ///< Made by us: removed when we leave.
  std::set<std::string> abilities;

  static outcome<node_place> make(const worker_options& o);
  /// The server's word, and where things lie here.
  slot_setup setup(const analysis_setup& how, const worker_options& o) const;
};

std::string random_boot_id(); ///< 128 random bits, hex.
std::filesystem::path own_program();

} // namespace vigie
