// BROADCASTER: who listens may lose the right to (ADR 12).

#include "actors/broadcaster.hpp"

#include <sys/socket.h>

#include <algorithm>
#include <set>
#include <utility>

namespace vigie {

namespace {

constexpr std::chrono::seconds between_checks{2};

} // namespace

/// Asks for each identity once, however many streams it has. While REPLAYER
/// cannot tell, streams go on: nobody could be let in anew either.
void broadcaster_state::check_rights() {
  auto now = self->clock().now();
  if (checking || leaving || clients.empty() || now - checked < between_checks)
    return;
  std::set<std::string> keys;
  for (auto& [h, c] : clients)
    keys.insert(c.key);
  checked = now;
  checking = true;
  auto asked = std::make_shared<const std::vector<std::string>>(keys.begin(),
                                                                keys.end());
  self->request(replayer, std::chrono::seconds{60}, rights_atom_v, asked)
      .then(
          [this](const keys_ptr& ended) {
            checking = false;
            end_streams_of(*ended);
          },
          [this](const caf::error&) { checking = false; });
}

void broadcaster_state::end_streams_of(const std::vector<std::string>& keys) {
  std::vector<handle> over;
  for (auto& [h, c] : clients)
    if (std::find(keys.begin(), keys.end(), c.key) != keys.end())
      over.push_back(h);
  for (auto h : over)
    drop(h);
}

} // namespace vigie
