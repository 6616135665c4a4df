// FRONT: the server stops. Nothing begins any more; what is out comes back and
// is committed, within a bound; then the pipelines go, and the next start goes
// on from there.

#include "actors/front.hpp"

#include <utility>

namespace vigie {

namespace {

using namespace std::chrono_literals;

constexpr auto look_again = 100ms;
constexpr auto last_commits = 2s;

} // namespace

void front_state::drain(caf::timespan bound,
                        caf::typed_response_promise<bool> told) {
  if (draining) {
    told.deliver(false); // once is enough
    return;
  }
  draining = farewell{};
  draining->told = std::move(told);
  draining->until = self->clock().now() + bound;
  for (auto& [id, child] : running)
    self->send(child, drain_atom_v);
  auto ask = [&](const auto& whom, bool farewell::*idle) {
    auto over = [this, idle] { (*draining).*idle = true; };
    self->request(whom, bound + last_commits, drain_atom_v)
        .then([over](bool) { over(); }, [over](const caf::error&) { over(); });
  };
  ask(args.printer, &farewell::printer);
  if (args.plan->desk)
    ask(args.plan->desk, &farewell::desk);
  else
    draining->desk = true;
  look();
}

void front_state::look() {
  if (!draining || draining->going)
    return;
  self->request(args.hub, 2s, stats_atom_v)
      .then([this](const hub_stats& workers) { look(workers); },
            [this](const caf::error&) { look(hub_stats{}); });
}

/// What waits for a worker or for quota does not hold the drain up.
void front_state::look(const hub_stats& workers) {
  auto& d = *draining;
  std::string out;
  auto add = [&](const std::string& what) {
    out += (out.empty() ? "" : ", ") + what;
  };
  if (workers.leased > 0)
    add(std::to_string(workers.leased) + " jobs of workers");
  if (!d.desk)
    add("calls of Gemini");
  if (!d.printer)
    add("a report");
  if (out.empty() || self->clock().now() >= d.until) {
    d.good = out.empty();
    if (log && !d.good)
      log("given up, to be done again: " + out);
    send_away();
    return;
  }
  if (std::exchange(d.looked, true) && log && std::exchange(d.said, out) != out)
    log("waiting for " + out);
  self->delayed_send(front_actor{self}, look_again, caf::tick_atom_v);
}

/// What STORE_KEEPER holds is answered first, so that stages which looked at
/// their batch can store what they made of it. An exit message queues behind
/// the results that its stage has.
void front_state::send_away() {
  draining->going = true;
  auto go = [this] {
    for (auto& [id, child] : running)
      self->send_exit(child, caf::exit_reason::user_shutdown);
    gone();
  };
  self->request(args.store, last_commits, drain_atom_v)
      .then([go](bool) { go(); }, [go](const caf::error&) { go(); });
}

void front_state::gone() {
  if (!draining || !draining->going || !running.empty())
    return;
  auto tell = [this](bool stored) {
    draining->told.deliver(stored && draining->good);
  };
  self->request(args.store, last_commits, drain_atom_v)
      .then([tell](bool) { tell(true); },
            [tell](const caf::error&) { tell(false); });
}

} // namespace vigie
