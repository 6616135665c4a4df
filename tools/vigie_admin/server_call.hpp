#pragma once

#include "actors/protocol.hpp"
#include "remote/bundle.hpp"

#include <caf/io/all.hpp>
#include <caf/openssl/all.hpp>

#include <chrono>
#include <string>

namespace vigie {

/// CAF with the certificate of a bundle.
struct operator_config : caf::actor_system_config {
  explicit operator_config(const bundle& mine);
};

/// Questions to a server, over one connection as long as it lasts. Its end may
/// wait for a connection that hangs: whoever is done calls _exit.
class server_call {
public:
  explicit server_call(const bundle& mine);

  /// The answer, or a sentence why there is none, after `within` at the latest.
  outcome<admin_answer> ask(const std::string& host, uint16_t port,
                            admin_ask what, std::chrono::seconds within);

private:
  operator_config config_;
  caf::actor_system sys_;
};

} // namespace vigie
