#include "actors/census.hpp"

#include "actors/protocol.hpp"

#include <time.h>

#include <algorithm>

namespace vigie {

namespace {

constexpr auto relaxed = std::memory_order_relaxed;

uint64_t waiting(uint64_t arrived, uint64_t handled, bool busy, bool asked) {
  // Read one after the other while the actor goes on: never below nothing.
  auto gone = handled + (busy ? 1 : 0) + (asked ? 1 : 0);
  return arrived > gone ? arrived - gone : 0;
}

} // namespace

meter::nanos meter::now() {
  timespec t{};
  ::clock_gettime(CLOCK_MONOTONIC_COARSE, &t);
  return std::chrono::seconds{t.tv_sec} + nanos{t.tv_nsec};
}

void meter::begins(caf::atom_value what) {
  what_.store(what, relaxed);
  since_.store(now().count(), relaxed);
  busy_.store(true, relaxed);
}

void meter::ends() {
  since_.store(now().count(), relaxed);
  busy_.store(false, relaxed);
  handled_.store(handled_.load(relaxed) + 1, relaxed); // one writer
}

void meter::hears() {
  asked_.store(0, relaxed);
  returns();
}

bool meter::asks(nanos now) {
  int64_t none = 0;
  return asked_.compare_exchange_strong(none, now.count(), relaxed);
}

meter* meter_of(caf::abstract_actor* who) {
  auto* it = dynamic_cast<has_meter*>(who);
  return it == nullptr ? nullptr : &it->own_meter();
}

actor_view meter_reading::view() const {
  actor_view v;
  v.kind = to_string(tag.kind);
  v.batch = tag.batch ? *tag.batch : "";
  v.number = tag.number;
  v.id = id;
  v.mailbox = mailbox;
  v.busy = busy;
  v.message = handled > 0 || busy ? caf::to_string(what) : "";
  auto ago = [](meter::nanos then) {
    return std::chrono::duration_cast<std::chrono::milliseconds>(
        std::max(meter::now() - then, meter::nanos{0}));
  };
  v.since = ago(since);
  v.handled = handled;
  v.restarts = restarts;
  if (asked.count() > 0)
    v.silent = ago(asked);
  return v;
}

census& census::here() {
  static census all;
  return all;
}

void census::add(meter& m, const caf::actor_addr& who) {
  m.who_ = who;
  m.id_ = who.id();
  m.since_.store(meter::now().count(), relaxed);
  m.restarts_.store(m.tag_.restarts, relaxed);
  auto& s = of(m);
  std::lock_guard guard{s.lock};
  m.after_ = s.first;
  if (s.first != nullptr)
    s.first->before_ = &m;
  s.first = &m;
}

void census::remove(meter& m) {
  auto& s = of(m);
  std::lock_guard guard{s.lock};
  if (!m.who_)
    return;
  m.who_ = nullptr;
  (m.before_ != nullptr ? m.before_->after_ : s.first) = m.after_;
  if (m.after_ != nullptr)
    m.after_->before_ = m.before_;
}

meter_reading census::read(const meter& m) {
  meter_reading r;
  r.tag = m.tag_;
  r.who = m.who_;
  r.id = m.id_;
  r.handled = m.handled_.load(relaxed);
  r.busy = m.busy_.load(relaxed);
  r.what = m.what_.load(relaxed);
  r.restarts = m.restarts_.load(relaxed);
  r.since = meter::nanos{m.since_.load(relaxed)};
  r.asked = meter::nanos{m.asked_.load(relaxed)};
  r.mailbox =
      waiting(m.arrived_.load(relaxed), r.handled, r.busy, r.asked.count() > 0);
  return r;
}

std::vector<meter_reading> census::read() {
  std::vector<meter_reading> out;
  for (auto& s : shards_) {
    std::lock_guard guard{s.lock};
    for (auto* m = s.first; m != nullptr; m = m->after_)
      out.push_back(read(*m));
  }
  return out;
}

std::vector<kind_total> census::totals() {
  std::array<kind_total, actor_kinds> all;
  for (auto& s : shards_) {
    std::lock_guard guard{s.lock};
    for (auto* m = s.first; m != nullptr; m = m->after_) {
      auto& t = all.at(static_cast<std::size_t>(m->tag_.kind));
      auto busy = m->busy_.load(relaxed);
      ++t.actors;
      t.busy += busy ? 1 : 0;
      t.mailbox += waiting(m->arrived_.load(relaxed), m->handled_.load(relaxed),
                           busy, m->asked_.load(relaxed) != 0);
    }
  }
  std::vector<kind_total> out;
  for (std::size_t i = 0; i < all.size(); ++i)
    if (all[i].actors > 0) {
      all[i].kind = to_string(static_cast<actor_kind>(i));
      out.push_back(std::move(all[i]));
    }
  return out;
}

void census::ask(const meter_reading& whom) {
  auto to = caf::actor_cast<caf::actor>(whom.who);
  auto* m = to ? meter_of(caf::actor_cast<caf::abstract_actor*>(to)) : nullptr;
  if (m != nullptr && m->asks(meter::now()))
    caf::anon_send<caf::message_priority::high>(to, probe_atom_v);
}

} // namespace vigie
