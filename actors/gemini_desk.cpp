#include "actors/gemini_desk.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace vigie {

namespace {

using std::chrono::duration_cast;
constexpr std::chrono::seconds call_grace{15};
constexpr std::size_t most_recent = 2'000;

std::string_view to_string(verdict_kind x) {
  constexpr std::array names{"answered",    "quota_exceeded", "blocked",
                             "bad_request", "provider_error", "malformed"};
  return names[static_cast<std::size_t>(x)];
}

/// A refusal that another model may not share (GEMINI.md 3.6).
bool another_model_may(const std::string& scope) {
  return scope == "day" || scope == "limit0" || scope == "model";
}

} // namespace

moment desk_state::now() const {
  return {instant{self->clock().now().time_since_epoch()}, args.now()};
}

void desk_state::take(const ask_ptr& ask, gemini_stage_actor stage,
                      caf::typed_response_promise<told_ptr> promise) {
  key k{ask->input_hash, ask->prompt_hash};
  if (auto known = recent.find(k); known != recent.end()) {
    model_told told;
    told.answered = true;
    told.answer = known->second;
    promise.deliver(std::make_shared<const model_told>(std::move(told)));
    return;
  }
  if (auto same = open_keys.find(k); same != open_keys.end()) {
    asks.at(same->second).promises.push_back(std::move(promise));
    return;
  }
  auto id = ++last_id;
  auto& mine = asks[id];
  mine.ask = ask;
  mine.stage = std::move(stage);
  mine.promises.push_back(std::move(promise));
  mine.sends = ask->sends;
  mine.cap = ask->request.max_output_tokens;
  open_keys.emplace(k, id);
  auto left =
      std::max(std::chrono::microseconds{0}, ask->deadline - args.now());
  self->delayed_send(self, left, expire_atom_v, id);
  enter_gate(id, 0);
}

/// Into the first gate from `first` on that would send it, else into `first`.
void desk_state::enter_gate(uint64_t id, std::size_t first) {
  auto at = now();
  auto& mine = asks.at(id);
  mine.gate = first;
  for (auto i = first; i < gates.size(); ++i)
    if (gates[i].rules.takes_work(at)) {
      mine.gate = i;
      break;
    }
  analysis a;
  a.id = id;
  a.batch = mine.ask->batch.text;
  a.tokens = mine.ask->tokens;
  a.deadline = at.t + (mine.ask->deadline - at.utc);
  a.sends = mine.sends;
  gate_steps steps;
  auto g = mine.gate;
  gates[g].rules.arrive(std::move(a), at, steps);
  gates[g].rules.pump(at, steps);
  carry_out(g, std::move(steps));
}

void desk_state::carry_out(std::size_t gate, gate_steps steps,
                           const model_reply* in_hand) {
  auto& g = gates[gate];
  for (auto& line : steps.log)
    if (args.log)
      args.log("gemini " + g.model + ": " + line);
  for (auto& h : steps.waiting)
    tell(h);
  for (auto id : steps.send)
    call(id);
  if (steps.wake) {
    auto dt = std::max(seconds_f{0}, *steps.wake - now().t);
    // Rounded up: a timer that comes early would find nothing to do.
    auto wait = std::chrono::ceil<std::chrono::microseconds>(dt);
    self->delayed_send(self, wait, caf::tick_atom_v, uint64_t{gate},
                       ++g.generation);
  } else {
    ++g.generation;
  }
  if (steps.changed || !steps.send.empty())
    save_soon(gate, steps.changed);
  for (auto& v : steps.ended)
    end(gate, v, in_hand);
}

void desk_state::tell(const hold_up& h) {
  // One stage per batch: any of its asks leads to it.
  auto one = std::find_if(asks.begin(), asks.end(), [&](auto& entry) {
    return entry.second.ask->batch.text == h.batch;
  });
  if (one == asks.end() || !one->second.stage)
    return;
  held_up out;
  out.quota = h.quota;
  out.delay = h.delay;
  out.resume_at =
      args.now() + duration_cast<std::chrono::microseconds>(h.delay);
  out.attempt = h.attempt;
  out.quota_id = h.quota_id;
  out.source = h.source;
  out.value = h.value;
  self->send(one->second.stage, held_atom_v,
             std::make_shared<const held_up>(std::move(out)));
}

void desk_state::call(uint64_t id) {
  auto i = asks.find(id);
  if (i == asks.end())
    return;
  if (idle.empty()) {
    called.push_back(id);
    return;
  }
  auto& mine = i->second;
  auto errand = std::make_shared<model_errand>();
  errand->request = mine.ask->request;
  errand->request.model = gates[mine.gate].model;
  errand->request.max_output_tokens = mine.cap;
  auto left =
      duration_cast<std::chrono::milliseconds>(mine.ask->deadline - args.now());
  errand->request.timeout =
      std::clamp(left, std::chrono::milliseconds{1}, args.call_timeout);
  errand->subject = mine.ask->subject;
  mine.flight = errand->stop;
  ++mine.sends;
  if (mine.stage)
    self->send(mine.stage, sent_atom_v);
  auto caller = idle.front();
  idle.pop_front();
  self->request(caller, errand->request.timeout + call_grace, call_atom_v,
                errand_ptr{errand})
      .then([this, id,
             caller](const reply_ptr& reply) { back(id, caller, *reply); },
            [this, id, caller](const caf::error&) {
              back(id, caller, model_reply{});
            });
}

void desk_state::back(uint64_t id, const caller_actor& caller,
                      const model_reply& reply) {
  idle.push_back(caller);
  if (!called.empty()) {
    auto next = called.front();
    called.pop_front();
    call(next);
  }
  auto i = asks.find(id);
  if (i == asks.end())
    return; // its budget was spent meanwhile
  i->second.flight.reset();
  if (reply.kind == reply_kind::truncated)
    i->second.cap *= 2;
  auto gate = i->second.gate;
  if (!reply.notice.empty() && args.log)
    args.log("gemini " + gates[gate].model + ": " + reply.notice);
  gate_steps steps;
  gates[gate].rules.answered(id, reply, now(), steps);
  carry_out(gate, std::move(steps), &reply);
}

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
  if (try_next_gate(v.id, gate, v.scope))
    return;
  model_told told;
  told.verdict = to_string(v.what);
  told.scope = v.scope;
  told.reset_at = v.reset_at;
  deliver(v.id, std::move(told));
}

bool desk_state::try_next_gate(uint64_t id, std::size_t gate,
                               const std::string& scope) {
  if (!another_model_may(scope))
    return false;
  for (auto next = gate + 1; next < gates.size(); ++next)
    if (gates[next].rules.takes_work(now())) {
      if (args.log)
        args.log("gemini " + gates[gate].model + ": falling back to "
                 + gates[next].model);
      enter_gate(id, next);
      return true;
    }
  return false;
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
  a.text = reply.text;
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
  auto done = [this, id, shared] { deliver(id, std::move(*shared)); };
  self->request(args.store, args.wait.store, commit_atom_v, change_ptr{row})
      .then([done](const answer_ptr&) { done(); },
            [done](const caf::error&) { done(); });
}

void desk_state::deliver(uint64_t id, model_told told) {
  auto i = asks.find(id);
  if (i == asks.end())
    return;
  auto mine = std::move(i->second);
  asks.erase(i);
  open_keys.erase({mine.ask->input_hash, mine.ask->prompt_hash});
  told.sends = mine.sends;
  auto shared = std::make_shared<const model_told>(std::move(told));
  for (auto& p : mine.promises)
    p.deliver(shared);
}

} // namespace vigie
