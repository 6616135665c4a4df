#include "domain/actor_view.hpp"

#include "domain/cut.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <tuple>
#include <utility>

namespace vigie {

namespace {

constexpr std::array<const char*, actor_kinds> names{
    "front",        "pipeline",    "metadata", "vision",      "text",
    "gemini",       "scoring",     "summary",  "report",      "worker_hub",
    "gate",         "gate_keeper", "depot",    "admin",       "looker",
    "clerk",        "inspector",   "janitor",  "gemini_desk", "gemini_caller",
    "store_keeper", "printer",     "replayer", "broadcaster", "node",
    "slot",         "file_cache"};

constexpr std::size_t longest_word = 64;

} // namespace

const char* to_string(actor_kind x) {
  return names.at(static_cast<std::size_t>(x));
}

void add_node(actor_sheet& to, actor_sheet from, const std::string& node) {
  if (from.rows.size() > most_node_actors)
    from.rows.resize(most_node_actors);
  if (from.kinds.size() > actor_kinds)
    from.kinds.resize(actor_kinds);
  for (auto& row : from.rows) {
    row.node = node;
    if (!std::isfinite(row.per_second)) // it would have no order
      row.per_second = 0;
    for (auto* word : {&row.kind, &row.batch, &row.message})
      *word = cut(std::move(*word), longest_word);
    to.rows.push_back(std::move(row));
  }
  for (auto& k : from.kinds) {
    auto same = std::find_if(to.kinds.begin(), to.kinds.end(),
                             [&](auto& x) { return x.kind == k.kind; });
    if (same == to.kinds.end())
      same = to.kinds.insert(
          same, kind_total{cut(std::move(k.kind), longest_word), 0, 0, 0});
    same->actors += k.actors;
    same->busy += k.busy;
    same->mailbox += k.mailbox;
  }
  to.total += from.total;
}

bool busier(const actor_view& a, const actor_view& b) {
  auto key = [](const actor_view& x) {
    auto work = x.busy ? x.since.count() + 1 : 0;
    return std::tuple{x.silent.has_value(), work, x.mailbox, x.per_second,
                      x.handled};
  };
  if (key(a) != key(b))
    return key(a) > key(b);
  return std::tie(a.kind, a.node, a.id) < std::tie(b.kind, b.node, b.id);
}

} // namespace vigie
