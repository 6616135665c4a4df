#include "actors/gemini_desk.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace vigie {

namespace {

using std::chrono::duration_cast;
constexpr std::chrono::seconds call_grace{15};

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
  if (stage && watched.insert(stage.address()).second)
    self->monitor(stage);
  auto id = ++last_id;
  auto left =
      std::max(std::chrono::microseconds{0}, ask->deadline - args.now());
  due.emplace(self->clock().now() + left, id);
  if (due.begin()->second == id)
    arm_budgets();
  open_key question{ask->input_hash, ask->prompt_hash};
  if (auto same = open_keys.find(question); same != open_keys.end()) {
    auto& leader = asks.at(same->second); // never paid twice
    leader.followers.push_back({ask, std::move(stage), std::move(promise), id});
    return;
  }
  auto& mine = asks[id];
  mine.ask = ask;
  mine.stage = std::move(stage);
  mine.promise = std::move(promise);
  mine.sends = ask->sends;
  mine.cap = ask->request.max_output_tokens;
  open_keys.emplace(question, id);
  auto& its = batches[ask->batch.text];
  ++its.open;
  if (mine.stage)
    its.stage = mine.stage;
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
  move_on(gate);
}

desk_state::~desk_state() {
  for (auto& [id, open] : asks)
    if (open.flight)
      open.flight->request_stop();
}

void desk_state::tell(const hold_up& h) {
  auto one = batches.find(h.batch);
  if (one == batches.end() || !one->second.stage)
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
  if (!draining.empty())
    called.clear();
  while (!called.empty() && !idle.empty()) {
    auto next = called.front();
    called.pop_front();
    call(next);
  }
  auto i = asks.find(id);
  if (i == asks.end()) {
    tell_if_idle();
    return; // its budget was spent meanwhile
  }
  i->second.flight.reset();
  if (reply.kind == reply_kind::truncated)
    i->second.cap *= 2;
  auto gate = i->second.gate;
  if (!reply.notice.empty() && args.log)
    args.log("gemini " + gates[gate].model + ": " + reply.notice);
  gate_steps steps;
  gates[gate].rules.answered(id, reply, now(), steps);
  carry_out(gate, std::move(steps), &reply);
  tell_if_idle();
}

} // namespace vigie
