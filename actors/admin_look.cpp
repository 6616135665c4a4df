// ADMIN: one picture of everything that lives.

#include "actors/admin.hpp"
#include "actors/admin_ask.hpp"
#include "actors/looker.hpp"
#include "actors/metered.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

namespace vigie {

namespace {

constexpr auto own_name = "server";

/// docs/architecture.md writes kinds in capitals.
std::string lower(std::string kind) {
  for (auto& c : kind)
    if (c >= 'A' && c <= 'Z')
      c = static_cast<char>(c - 'A' + 'a');
  return kind;
}

stage_queue report_queue(const actor_sheet& sheet) {
  stage_queue out{"report", 0, 0};
  for (auto& k : sheet.kinds)
    if (k.kind == to_string(actor_kind::printer)) {
      out.waiting = k.mailbox;
      out.working = k.busy;
    }
  return out;
}

stage_queue model_queue(const std::vector<gate_row>& gates) {
  stage_queue out{"gemini", 0, 0};
  for (auto& g : gates) {
    out.waiting += static_cast<uint64_t>(std::max<int64_t>(g.waiting, 0));
    out.working += static_cast<uint64_t>(std::max<int64_t>(g.in_flight, 0));
  }
  return out;
}

/// The same as a row: a node that says nothing at all.
actor_view mute_node(const std::string& name, std::chrono::milliseconds time) {
  actor_view v;
  v.kind = to_string(actor_kind::node);
  v.node = name;
  v.silent = time;
  return v;
}

} // namespace

/// Asks everybody at once and waits for no one longer than for the deadline.
admin_state::answer admin_state::top(const std::vector<std::string>& wishes,
                                     bool all) {
  auto number = ++last_look;
  auto& l = looks[number];
  l.told = self->make_response_promise<admin_answer>();
  l.kind = lower(wish(wishes, "kind"));
  l.batch = wish(wishes, "batch");
  l.rows = wish(wishes, "limit", most_actors);
  look_rules rules;
  rules.kind = l.kind;
  rules.batch = l.batch;
  rules.rows = l.rows;
  ++l.open;
  self->request(
          spawn_metered(self, {actor_kind::looker, nullptr}, looker, rules),
          args.look_within, look_atom_v)
      .then(
          [this, number](const sheet_ptr& sheet) {
            if (auto i = looks.find(number); i != looks.end()) {
              auto& out = i->second.out.actors;
              auto mine = *sheet;
              for (auto& row : mine.rows)
                row.node = own_name;
              out.kinds.insert(out.kinds.begin(), mine.kinds.begin(),
                               mine.kinds.end());
              out.rows.insert(out.rows.end(), mine.rows.begin(),
                              mine.rows.end());
              out.total += mine.total;
            }
            closed(number);
          },
          [this, number](const caf::error&) { closed(number); });
  look_at_nodes(number);
  if (all)
    look_at_rest(number);
  self->delayed_send(admin_actor{self}, args.look_within, expire_atom_v,
                     number);
  return looks.at(number).told;
}

void admin_state::look_at_nodes(uint64_t number) {
  ++looks.at(number).open;
  self->request(args.hub, args.look_within, nodes_atom_v)
      .then(
          [this, number](const nodes_ptr& found) {
            auto i = looks.find(number);
            if (i == looks.end())
              return;
            i->second.out.nodes = *found;
            for (auto& n : *found)
              i->second.awaited.emplace(n.boot_id, n.name);
            self->send(args.hub, report_atom_v, number);
            closed(number);
          },
          [this, number](const caf::error&) { closed(number); });
}

void admin_state::look_at_rest(uint64_t number) {
  auto part = [this, number](auto use) {
    ++looks.at(number).open;
    return [this, number, use](const auto& x) {
      if (auto i = looks.find(number); i != looks.end())
        use(i->second.out, x);
      closed(number);
    };
  };
  auto silent = [this, number](const caf::error&) { closed(number); };
  auto hub = part([](admin_answer& out, const hub_stats& s) {
    out.queued = s.queued;
    out.leased = s.leased;
  });
  self->request(args.hub, args.look_within, stats_atom_v)
      .then([hub](const hub_stats& x) { hub(x); }, silent);
  auto queues = part([](admin_answer& out, const queues_ptr& q) {
    out.stages.insert(out.stages.begin(), q->begin(), q->end());
  });
  self->request(args.hub, args.look_within, list_atom_v)
      .then([queues](const queues_ptr& x) { queues(x); }, silent);
  auto streams = part([](admin_answer& out, const stream_stats& s) {
    out.streams = stream_figures{s.clients, s.pending_bytes, s.cut};
  });
  self->request(args.broadcaster, args.look_within, stats_atom_v)
      .then([streams](const stream_stats& x) { streams(x); }, silent);
  if (!args.desk)
    return;
  auto gates = part([this](admin_answer& out, const boards_ptr& b) {
    out.gates = gate_rows(*b, args.now());
    out.stages.push_back(model_queue(out.gates));
  });
  self->request(args.desk, args.look_within, stats_atom_v)
      .then([gates](const boards_ptr& x) { gates(x); }, silent);
}

bool admin_state::reported(const std::string& boot_id, uint64_t number,
                           const actor_sheet& sheet) {
  auto i = looks.find(number);
  if (i == looks.end() || i->second.awaited.count(boot_id) == 0)
    return false; // too late, or never asked
  auto& l = i->second;
  add_node(l.out.actors, sheet, l.awaited.at(boot_id));
  l.awaited.erase(boot_id);
  if (l.open == 0 && l.awaited.empty())
    finish(number);
  return true;
}

void admin_state::closed(uint64_t number) {
  auto i = looks.find(number);
  if (i != looks.end() && --i->second.open == 0 && i->second.awaited.empty())
    finish(number);
}

/// All is in, or the time is over: what is missing then is told as missing.
void admin_state::finish(uint64_t number) {
  auto ended = looks.extract(number);
  if (!ended)
    return;
  auto& l = ended.mapped();
  auto& sheet = l.out.actors;
  for (auto& [boot_id, owner] : l.awaited)
    sheet.rows.push_back(mute_node(owner, args.look_within));
  std::erase_if(sheet.rows, [&](auto& row) {
    return (!l.kind.empty() && row.kind != l.kind)
           || (!l.batch.empty() && row.batch != l.batch);
  });
  std::sort(sheet.rows.begin(), sheet.rows.end(), busier);
  if (sheet.rows.size() > l.rows)
    sheet.rows.resize(l.rows);
  std::sort(l.out.nodes.begin(), l.out.nodes.end(), [](auto& a, auto& b) {
    return std::tie(a.name, a.boot_id) < std::tie(b.name, b.boot_id);
  });
  l.out.stages.push_back(report_queue(sheet));
  l.told.deliver(std::move(l.out));
}

} // namespace vigie
