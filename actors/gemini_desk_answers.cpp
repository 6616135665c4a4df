// GEMINI_DESK: how analyses end, and who is told.

#include "actors/gemini_desk.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace vigie {

namespace {

constexpr std::size_t most_recent = 2'000;

std::string_view to_string(verdict_kind x) {
  constexpr std::array names{"answered",    "quota_exceeded", "blocked",
                             "bad_request", "provider_error", "malformed"};
  return names[static_cast<std::size_t>(x)];
}

/// A refusal that another model may not share (GEMINI.md 3.6). REQUIRES:
/// there is time left; a wait longer than that is worth another model.
bool another_model_may(const verdict& v) {
  auto too_long = v.scope == "minute" || v.scope == "budget";
  return v.scope == "day" || v.scope == "limit0" || v.scope == "model"
         || (too_long && v.what == verdict_kind::quota_exceeded);
}

} // namespace

void desk_state::end(std::size_t gate, const verdict& v,
                     const model_reply* in_hand) {
  auto i = asks.find(v.id);
  if (i == asks.end())
    return;
  if (i->second.flight)
    i->second.flight->request_stop();
  if (v.what == verdict_kind::answered && in_hand) {
    keep(v.id, *in_hand);
    return;
  }
  if (another_model_may(v) && try_next_gate(v.id, gate))
    return;
  model_told told;
  told.verdict = to_string(v.what);
  told.scope = v.scope;
  told.reset_at = v.reset_at;
  deliver(v.id, std::move(told));
}

bool desk_state::try_next_gate(uint64_t id, std::size_t gate) {
  if (asks.at(id).ask->deadline <= args.now())
    return false;
  for (auto next = gate + 1; next < gates.size(); ++next)
    if (gates[next].rules.takes_work(now())) {
      if (args.log && !std::exchange(gates[gate].fell_back, true))
        args.log("gemini " + gates[gate].model + ": falling back to "
                 + gates[next].model);
      gates[gate].rules.withdraw(id, now());
      enter_gate(id, next);
      return true;
    }
  return false;
}

/// The model does not answer for long: what it keeps waiting goes to the next.
void desk_state::move_on(std::size_t gate) {
  if (gate + 1 == gates.size())
    return;
  for (auto id : gates[gate].rules.stranded(now()))
    if (asks.count(id) > 0)
      try_next_gate(id, gate);
}

/// Stores a paid answer, then tells who asked: never paid twice.
void desk_state::keep(uint64_t id, const model_reply& reply) {
  auto& mine = asks.at(id);
  model_told told;
  told.answered = true;
  auto& a = told.answer;
  a.input_hash = mine.ask->input_hash;
  a.prompt_hash = mine.ask->prompt_hash;
  a.model = gates[mine.gate].model;
  gates[mine.gate].fell_back = false; // it answers again
  a.text = reply.text;
  if (mine.ask->subject.empty())
    a.batch = mine.ask->batch;
  a.model_version = reply.model_version;
  a.response_id = reply.response_id;
  a.prompt_tokens = reply.prompt_tokens;
  a.output_tokens = reply.output_tokens;
  a.thought_tokens = reply.thought_tokens;
  a.created_at = args.now();
  key k{a.input_hash, a.prompt_hash};
  recent.insert_or_assign(k, a);
  recent_order.push_back(k);
  if (recent_order.size() > most_recent) {
    recent.erase(recent_order.front());
    recent_order.pop_front();
  }
  if (!args.store) {
    deliver(id, std::move(told));
    return;
  }
  auto row = std::make_shared<change>();
  row->what = a;
  auto shared = std::make_shared<model_told>(std::move(told));
  ++storing;
  auto done = [this, id, shared] {
    --storing;
    deliver(id, std::move(*shared));
    tell_if_idle();
  };
  // Infinite: a full disk is waited out.
  self->request(args.store, caf::infinite, persist_atom_v, change_ptr{row})
      .then([done](const answer_ptr&) { done(); },
            [done](const caf::error&) { done(); });
}

void desk_state::deliver(uint64_t id, model_told told) {
  auto i = asks.find(id);
  if (i == asks.end())
    return;
  auto mine = std::move(i->second);
  asks.erase(i);
  auto its = batches.find(mine.ask->batch.text);
  if (--its->second.open == 0)
    batches.erase(its);
  auto open = open_keys.find({mine.ask->input_hash, mine.ask->prompt_hash});
  if (open != open_keys.end() && open->second == id)
    open_keys.erase(open);
  told.sends = mine.sends;
  auto shared = std::make_shared<const model_told>(std::move(told));
  mine.promise.deliver(shared);
  for (auto& f : mine.followers)
    if (shared->answered)
      f.promise.deliver(shared);
    else // they may have more time
      take(f.ask, f.stage, f.promise);
}

/// Its leader has more time and goes on. What held the leader up is what ended
/// this one.
void desk_state::expire_follower(uint64_t id) {
  auto mine = [id](auto& f) { return f.id == id; };
  for (auto& [leader, a] : asks) {
    auto f = std::find_if(a.followers.begin(), a.followers.end(), mine);
    if (f == a.followers.end())
      continue;
    auto& rules = gates[a.gate].rules;
    auto full = rules.limits().rpm
                && static_cast<double>(rules.ledger().count(now().t))
                       >= *rules.limits().rpm;
    auto quota = !a.flight && (rules.phase() != gate_phase::open || full);
    model_told told;
    told.verdict = to_string(quota ? verdict_kind::quota_exceeded
                                   : verdict_kind::provider_error);
    told.scope = "budget";
    f->promise.deliver(std::make_shared<const model_told>(std::move(told)));
    a.followers.erase(f);
    return;
  }
}

/// A batch is gone: what only it wanted is not sent any more. What another
/// batch wants too is asked for in that one's name, unless it is under way.
void desk_state::lost(const caf::actor_addr& stage) {
  watched.erase(stage);
  auto its = [&](auto& x) { return x.stage && x.stage.address() == stage; };
  std::vector<uint64_t> ids;
  for (auto& [id, a] : asks) {
    std::erase_if(a.followers, its);
    if (its(a) && (a.followers.empty() || !a.flight))
      ids.push_back(id);
  }
  std::set<std::size_t> touched;
  for (auto id : ids) {
    auto a = asks.find(id);
    if (a == asks.end())
      continue; // ended by what took another one's place
    if (a->second.flight)
      a->second.flight->request_stop();
    touched.insert(a->second.gate);
    gates[a->second.gate].rules.withdraw(id, now());
    deliver(id, {});
  }
  for (auto gate : touched) { // what it held back may go now
    gate_steps steps;
    gates[gate].rules.pump(now(), steps);
    carry_out(gate, std::move(steps));
  }
}

} // namespace vigie
