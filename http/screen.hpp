#pragma once

#include "http/head.hpp"

#include <cstdint>
#include <string>

namespace vigie {

struct body_rules {
  std::string upload_path;                   ///< POST there may be large:
  uint64_t upload_limit = uint64_t{4} << 30; ///< at most so many bytes.
  uint64_t other_limit = 64 * 1024;          ///< Everywhere else.
};

/// Refuses what httplib would read to its end, wait for or misread; else
/// answers how many bytes the body may have. Pure.
outcome<uint64_t> screen(const request_head& h, const body_rules& rules);

} // namespace vigie
