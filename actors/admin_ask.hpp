#pragma once

#include "actors/admin.hpp"

#include <string>
#include <utility>

// What the parts of ADMIN share.
namespace vigie {

inline caf::error admin_refusal(std::string why) {
  return caf::make_error(caf::sec::invalid_argument, std::move(why));
}

/// Asks an inner actor; its silence is told with its name.
template <class Handle, class Use, class... Ts>
void ask(admin_state& st, admin_state::promise_t promise, const Handle& whom,
         std::chrono::seconds within, std::string called, Use use,
         Ts&&... what) {
  st.self->request(whom, within, std::forward<Ts>(what)...)
      .then(std::move(use), [promise, called](const caf::error&) mutable {
        promise.deliver(admin_refusal(called + " does not answer"));
      });
}

/// The value of a word `key=value`; empty: there is none.
std::string wish(const std::vector<std::string>& words, const std::string& key);
/// The same for a number from 1 to `most`, which is also the default.
std::size_t wish(const std::vector<std::string>& words, const std::string& key,
                 std::size_t most);

} // namespace vigie
