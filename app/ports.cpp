#include "app/ports.hpp"

#include <algorithm>
#include <utility>

namespace vigie {

namespace {

const problem stopping{code::draining,
                       "The server is stopping; try again soon"};

/// Asks and waits on this thread, `most` by its own clock: each timeout of
/// CAF's wakes the thread of CAF's clock twice.
template <class Whom, class Then, class... What>
void ask_for(caf::actor_system& sys, const Whom& whom,
             std::chrono::milliseconds most, Then then, const What&... what) {
  caf::scoped_actor self{sys};
  auto asked = self->request(whom, caf::infinite, what...);
  caf::blocking_actor::accept_one_cond once;
  self->varargs_receive(
      once, asked.id(), std::move(then), [](const caf::error&) {},
      caf::after(most) >> [] {});
}

} // namespace

front_service::front_service(caf::actor_system& sys, front_actor front,
                             hub_actor hub, std::chrono::seconds deadline)
    : sys_(sys), front_(std::move(front)), hub_(std::move(hub)),
      deadline_(deadline) {
  // nop
}

template <class... What>
outcome<done> front_service::ask(const What&... what) {
  outcome<done> answer =
      problem{code::timeout, "The server did not answer in time"};
  ask_for(
      sys_, front_, deadline_, [&](const done_ptr& x) { answer = *x; },
      what...);
  return answer;
}

/// Room at FRONT for one upload.
class front_service::seat : public arrival {
public:
  seat(front_service& s, uint64_t bytes, bool counted)
      : service_(s), let_in_(bytes), counted_(counted) {
    // nop
  }
  ~seat() override {
    if (counted_)
      caf::anon_send(service_.front_, depart_atom_v, let_in_);
  }
  outcome<done> grow(uint64_t bytes) override {
    if (service_.draining_)
      return stopping;
    come_ += bytes;
    if (!counted_ || come_ <= let_in_)
      return done{};
    auto more = std::max(come_ - let_in_, step); // a hop to FRONT now and then
    auto answer = service_.ask(arrive_atom_v, more, false);
    if (answer)
      let_in_ += more;
    return answer;
  }

private:
  static constexpr uint64_t step = 4u << 20;

  front_service& service_;
  uint64_t let_in_ = 0, come_ = 0;
  bool counted_ = true;
};

outcome<std::unique_ptr<arrival>> front_service::arrive(uint64_t bytes,
                                                        bool known) {
  if (draining_)
    return stopping;
  if (!known)
    if (auto answer = ask(arrive_atom_v, bytes, true); !answer)
      return answer.why();
  return std::unique_ptr<arrival>{new seat{*this, bytes, !known}};
}

outcome<submitted> front_service::submit(new_batch batch) {
  if (draining_)
    return stopping;
  outcome<submitted> answer =
      problem{code::timeout, "The server did not answer in time"};
  ask_for(
      sys_, front_, deadline_, [&](const submitted_ptr& x) { answer = *x; },
      submit_atom_v, std::make_shared<const new_batch>(std::move(batch)));
  return answer;
}

outcome<done> front_service::ready() {
  return draining_ ? outcome<done>{stopping} : ask(ready_atom_v);
}

std::vector<std::string> front_service::waits_for() {
  std::vector<std::string> out;
  if (low_on_disk_ && low_on_disk_())
    out.emplace_back("disk-low");
  ask_for(
      sys_, hub_, std::chrono::seconds{1},
      [&](const hub_stats& x) {
        if (x.able == 0)
          out.emplace_back("no-worker");
      },
      stats_atom_v);
  return out;
}

broadcaster_streams::broadcaster_streams(caf::actor_system& sys,
                                         broadcaster_actor broadcaster)
    : sys_(sys), broadcaster_(std::move(broadcaster)) {
  // nop
}

void broadcaster_streams::adopt(subscription s) {
  caf::anon_send(broadcaster_, adopt_atom_v,
                 std::make_shared<socket_guard>(std::move(s)));
}

std::size_t broadcaster_streams::count() const {
  std::size_t n = 0;
  ask_for(
      sys_, broadcaster_, std::chrono::seconds{1},
      [&](const stream_stats& x) { n = x.clients; }, stats_atom_v);
  return n;
}

outcome<analysis_record> front_service::rerun(const batch_id& id,
                                              const std::string& requested_by) {
  if (draining_)
    return stopping;
  outcome<analysis_record> answer =
      problem{code::timeout, "The server did not answer in time"};
  ask_for(
      sys_, front_, deadline_, [&](const record_ptr& x) { answer = *x; },
      rerun_atom_v, id, requested_by);
  return answer;
}

outcome<done> front_service::cancel(const batch_id& id) {
  return ask(cancel_atom_v, id);
}

outcome<done> front_service::retry(const batch_id& id) {
  return draining_ ? outcome<done>{stopping} : ask(retry_atom_v, id);
}

outcome<done> front_service::erase(const batch_id& id) {
  return ask(erase_atom_v, id);
}

desk_board::desk_board(caf::actor_system& sys, desk_actor desk)
    : sys_(sys), desk_(std::move(desk)) {
  // nop
}

outcome<std::vector<gate_board>> desk_board::board() {
  if (!desk_)
    return std::vector<gate_board>{};
  outcome<std::vector<gate_board>> answer =
      problem{code::timeout, "The desk did not answer in time"};
  ask_for(
      sys_, desk_, std::chrono::seconds{5},
      [&](const boards_ptr& x) { answer = *x; }, stats_atom_v);
  return answer;
}

} // namespace vigie
