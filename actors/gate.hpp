#pragma once

#include "actors/protocol.hpp"
#include "actors/turnstile.hpp"
#include "domain/pacer.hpp"

#include <functional>
#include <map>
#include <string>
#include <unordered_map>

namespace vigie {

/// Whose token this is, or why it may not come in. `node` is the CAF node that
/// shows it, the 32 bytes of the wire: the token must be of the bundle whose
/// certificate opened that connection. Called on the scheduler: answers from
/// memory.
using token_check = std::function<outcome<member>(const std::string& token,
                                                  const std::string& node)>;

struct gate_args {
  hub_actor hub;
  depot_actor depot;
  admin_actor admin; ///< May be null.
  std::string version;
  token_check check;
  /// Bytes that a node's connection has taken so far.
  std::function<uint64_t(const std::string& node)> delivered;
  log_line log = [](const log_entry&) {};
  pace_rules joins{1, 10};    ///< Of one name.
  pace_rules refusals{1, 10}; ///< Lines of the log about who was refused.
};

/// Who has joined, and what is under way for them.
struct gate_state {
  struct guest {
    caf::actor_addr link;
    caf::node_id node;
    unsigned slots = 0;
    uint64_t answered = 0; ///< Bytes of files, beyond what `delivered` said.
    turnstile pulls, beats, answers, fetches, reports;
  };

  gate_actor::pointer self = nullptr;
  gate_args args;
  std::unordered_map<std::string, guest> guests; ///< By boot id.
  std::map<std::string, pacer> joins;            ///< By name.
  turnstile orders;                              ///< Of admins.
  std::map<std::string, std::string> looks;      ///< Said in the log, by name.
  std::optional<pacer> lines;
  uint64_t unsaid = 0; ///< Refusals that had no line.

  caf::result<welcome> join(const hello& who);
  caf::result<analysis_job> pull(const std::string& boot_id);
  caf::result<lease_list> beat(const std::string& boot_id,
                               const lease_list& held);
  caf::result<bool> took(const std::string& boot_id, uint64_t token,
                         const analysis_result& r);
  caf::result<file_chunk> fetch(const std::string& boot_id, uint64_t token,
                                uint64_t offset);
  caf::result<bool> report(const std::string& boot_id, uint64_t number,
                           const actor_sheet& sheet);
  caf::result<admin_answer> admin(const admin_ask& ask);
  void gone(const caf::actor_addr& which);
  void leave(const std::string& boot_id);
  /// Null: whoever says so has not joined under this boot id.
  guest* heard(const std::string& boot_id);
  bool takes_answers(const guest& from) const;
  outcome<member> owner_of(const std::string& token);
  caf::error turn_away(const std::string& why);
  void replace(const caf::node_id& node, const std::string& boot_id);

  static inline const char* name = "gate";
};

/// Relays by request and promise, never by delegate: a peer must not learn an
/// inner handle, for it could kill it. Only who joined with a good token is
/// heard, one boot id for each CAF node, with a bounded number of requests of
/// each kind under way: what is more is refused before anybody inside is
/// asked. Ignores exit messages.
gate_actor::behavior_type gate(gate_actor::stateful_pointer<gate_state> self,
                               gate_args args);

} // namespace vigie
