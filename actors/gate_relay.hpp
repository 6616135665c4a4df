#pragma once

#include "actors/gate.hpp"

#include <string>
#include <utility>

// What the parts of GATE share.
namespace vigie {

inline constexpr auto hub_deadline = std::chrono::seconds{60};

inline caf::error refusal(std::string why) {
  return caf::make_error(caf::sec::invalid_argument, std::move(why));
}

inline caf::error stranger() { return refusal("join first"); }

inline caf::error too_many(const char* what) {
  return refusal(std::string{"too many "} + what + " under way");
}

/// Asks an inner actor; its answer, or its refusal, goes to the peer.
template <class Answer, class Handle, class... Ts>
caf::result<Answer> relay(gate_actor::pointer self, turnstile::ticket way,
                          const Handle& to, Ts&&... what) {
  auto promise = self->make_response_promise<Answer>();
  self->request(to, hub_deadline, std::forward<Ts>(what)...)
      .then(
          [promise, way](Answer& x) mutable { promise.deliver(std::move(x)); },
          [promise, way](caf::error& e) mutable {
            promise.deliver(std::move(e));
          });
  return promise;
}

} // namespace vigie
