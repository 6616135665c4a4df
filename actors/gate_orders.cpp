// GATE: what goes to ADMIN.

#include "actors/gate.hpp"
#include "actors/gate_relay.hpp"
#include "domain/cut.hpp"

#include <utility>

namespace vigie {

namespace {

constexpr unsigned most_orders = 16, most_reports = 4;

/// For the log: one line, and no longer than a person reads.
std::string words_of(const admin_ask& ask) {
  auto out = ask.command;
  for (auto& word : ask.args)
    out += " " + word;
  for (auto& c : out)
    if (static_cast<unsigned char>(c) < ' ' || c == 0x7F)
      c = '?';
  return cut(std::move(out), 256);
}

} // namespace

caf::result<bool> gate_state::report(const std::string& boot_id,
                                     uint64_t number,
                                     const actor_sheet& sheet) {
  auto* from = heard(boot_id);
  if (from == nullptr)
    return stranger();
  auto way = from->reports.enter(most_reports);
  if (!way || !args.admin)
    return too_many("reports");
  return relay<bool>(self, way, args.admin, report_atom_v, boot_id, number,
                     sheet);
}

caf::result<admin_answer> gate_state::admin(const admin_ask& ask) {
  auto owner = owner_of(ask.token);
  if (!owner)
    return turn_away("an admin was refused: " + owner.why().detail);
  if (!owner.value().admin)
    return refusal("a bundle of role node gives no orders");
  if (ask.version != args.version)
    return refusal("version " + ask.version.substr(0, 64)
                   + " may not command a server of version " + args.version);
  if (!args.admin)
    return refusal("no admin here");
  auto way = orders.enter(most_orders);
  if (!way)
    return too_many("orders");
  // A screen asks every second, a verification page by page: once is enough.
  auto& said = looks[owner.value().name];
  if (!(ask.command == said && (said == "top" || said == "verify")))
    args.log("admin " + owner.value().name + ": " + words_of(ask));
  said = ask.command;
  auto inner = ask;
  inner.token.clear();
  return relay<admin_answer>(self, way, args.admin, admin_atom_v,
                             std::move(inner));
}

} // namespace vigie
