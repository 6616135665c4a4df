#include "actors/admin.hpp"

#include "actors/admin_ask.hpp"
#include "domain/cut.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

namespace vigie {

caf::result<admin_answer> admin_state::obey(const admin_ask& ask) {
  auto& a = ask.args;
  auto& c = ask.command;
  if (c == "top" || c == "actors")
    return top(a, c == "top");
  if (c == "batches")
    return batches(a);
  if (c == "nodes" && a.empty())
    return nodes();
  if (c == "gemini" && a.empty())
    return gemini();
  if (c == "drain" && a.size() == 1)
    return drain(a[0]);
  if (c == "cancel" && a.size() == 1)
    return cancel({a[0]});
  if (c == "retry" && a.size() == 1)
    return retry({a[0]});
  if (c == "verify" && a.size() <= 1)
    return verify(a.empty() ? "" : a[0]);
  if (c == "quarantine" && a.size() == 1 && a[0] == "list")
    return list();
  if (c == "quarantine" && a.size() == 3 && a[0] == "release")
    return release({a[1]}, a[2]);
  if (c == "quarantine" && a.size() == 3 && a[0] == "purge")
    return purge({a[1]}, a[2]);
  return admin_refusal("no such command: " + cut(ask.command, 64));
}

caf::result<admin_answer> admin_state::nodes() {
  auto promise = self->make_response_promise<admin_answer>();
  auto count = [this, promise](const nodes_ptr& found) {
    ask(
        *this, promise, args.hub, args.answer_within, "the worker hub",
        [promise, found](const hub_stats& s) mutable {
          admin_answer out;
          out.nodes = *found; // by boot id, which means nothing to people
          std::sort(out.nodes.begin(), out.nodes.end(), [](auto& a, auto& b) {
            return std::tie(a.name, a.boot_id) < std::tie(b.name, b.boot_id);
          });
          out.queued = s.queued;
          out.leased = s.leased;
          promise.deliver(std::move(out));
        },
        stats_atom_v);
  };
  ask(*this, promise, args.hub, args.answer_within, "the worker hub", count,
      nodes_atom_v);
  return promise;
}

caf::result<admin_answer> admin_state::drain(const std::string& which) {
  auto promise = self->make_response_promise<admin_answer>();
  ask(
      *this, promise, args.hub, args.answer_within, "the worker hub",
      [promise, which](uint64_t told) mutable {
        admin_answer out;
        out.told = told;
        if (told > 0)
          promise.deliver(std::move(out));
        else
          promise.deliver(
              admin_refusal("no node of this name has joined: " + which));
      },
      drain_atom_v, which);
  return promise;
}

caf::result<admin_answer> admin_state::list() {
  auto promise = self->make_response_promise<admin_answer>();
  ask(
      *this, promise, args.clerk, args.answer_within, "the database",
      [promise](const quarantine_ptr& found) mutable {
        if (!*found) {
          promise.deliver(admin_refusal(found->why().detail));
          return;
        }
        admin_answer out;
        out.quarantined = found->value();
        out.more = out.quarantined.size() > most_quarantined;
        if (out.more)
          out.quarantined.resize(most_quarantined);
        promise.deliver(std::move(out));
      },
      quarantine_atom_v, uint64_t{most_quarantined + 1});
  return promise;
}

std::string wish(const std::vector<std::string>& words,
                 const std::string& key) {
  for (auto& word : words)
    if (word.starts_with(key + "="))
      return word.substr(key.size() + 1);
  return {};
}

std::size_t wish(const std::vector<std::string>& words, const std::string& key,
                 std::size_t most) {
  std::size_t n = 0;
  for (auto c : wish(words, key).substr(0, 9))
    n = c >= '0' && c <= '9' ? 10 * n + static_cast<std::size_t>(c - '0') : 0;
  return n == 0 ? most : std::min(n, most);
}

admin_actor::behavior_type
admin(admin_actor::stateful_pointer<admin_state> self, admin_args args) {
  self->state.self = self;
  self->state.args = std::move(args);
  return {
      [self](admin_atom, const admin_ask& ask) {
        return self->state.obey(ask);
      },
      [self](report_atom, const std::string& boot_id, uint64_t look,
             const actor_sheet& sheet) {
        return self->state.reported(boot_id, look, sheet);
      },
      [self](expire_atom, uint64_t look) { self->state.finish(look); },
  };
}

} // namespace vigie
