#pragma once

#include <caf/all.hpp>

#include <functional>
#include <string>
#include <vector>

namespace vigie {

struct watched_actor {
  std::string name;
  caf::actor who;
};

/// Watches actors without which nothing goes on and which never end by
/// themselves. The first end is told to `fail`, once; it should end the
/// process, for what is stored goes on at the next start. Send it an exit
/// message before them.
caf::behavior warden(caf::event_based_actor* self,
                     std::vector<watched_actor> all,
                     std::function<void(const std::string& why)> fail);

} // namespace vigie
