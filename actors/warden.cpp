#include "actors/warden.hpp"

#include <algorithm>
#include <utility>

namespace vigie {

caf::behavior warden(caf::event_based_actor* self,
                     std::vector<watched_actor> all,
                     std::function<void(const std::string& why)> fail) {
  for (auto& one : all)
    self->monitor(one.who);
  self->set_down_handler([self, all = std::move(all),
                          fail = std::move(fail)](const caf::down_msg& down) {
    auto one = std::find_if(all.begin(), all.end(), [&](auto& x) {
      return x.who.address() == down.source;
    });
    fail((one == all.end() ? "an actor" : one->name)
         + " has ended: " + to_string(down.reason));
    self->quit();
  });
  return {[](caf::unit_t) {}};
}

} // namespace vigie
