#include "app/ports.hpp"

#include <utility>

namespace vigie {

front_service::front_service(caf::actor_system& sys, front_actor front,
                             std::chrono::seconds deadline)
    : sys_(sys), front_(std::move(front)), deadline_(deadline) {
  // nop
}

outcome<submitted> front_service::submit(new_batch batch) {
  if (draining_)
    return problem{code::draining, "The server is stopping; try again soon"};
  outcome<submitted> answer =
      problem{code::timeout, "The server did not answer in time"};
  caf::scoped_actor self{sys_};
  self->request(front_, deadline_, submit_atom_v,
                std::make_shared<const new_batch>(std::move(batch)))
      .receive([&](const submitted_ptr& x) { answer = *x; },
               [](const caf::error&) {});
  return answer;
}

outcome<done> front_service::ready() {
  if (draining_)
    return problem{code::draining, "The server is stopping"};
  outcome<done> answer =
      problem{code::timeout, "The server did not answer in time"};
  caf::scoped_actor self{sys_};
  self->request(front_, std::chrono::seconds{5}, ready_atom_v)
      .receive(
          [&](bool admits) {
            if (admits)
              answer = done{};
            else
              answer = problem{code::busy, "Too many unfinished batches"};
          },
          [](const caf::error&) {});
  return answer;
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
  caf::scoped_actor self{sys_};
  self->request(broadcaster_, std::chrono::seconds{1}, stats_atom_v)
      .receive([&](const stream_stats& x) { n = x.clients; },
               [](const caf::error&) {});
  return n;
}

outcome<analysis_record> front_service::rerun(const batch_id& id,
                                              const std::string& requested_by) {
  if (draining_)
    return problem{code::draining, "The server is stopping; try again soon"};
  outcome<analysis_record> answer =
      problem{code::timeout, "The server did not answer in time"};
  caf::scoped_actor self{sys_};
  self->request(front_, deadline_, rerun_atom_v, id, requested_by)
      .receive([&](const record_ptr& x) { answer = *x; },
               [](const caf::error&) {});
  return answer;
}

template <class Atom>
outcome<done> front_service::command(Atom what, const batch_id& id) {
  if (draining_)
    return problem{code::draining, "The server is stopping; try again soon"};
  outcome<done> answer =
      problem{code::timeout, "The server did not answer in time"};
  caf::scoped_actor self{sys_};
  self->request(front_, deadline_, what, id)
      .receive([&](const done_ptr& x) { answer = *x; },
               [](const caf::error&) {});
  return answer;
}

outcome<done> front_service::cancel(const batch_id& id) {
  return command(cancel_atom_v, id);
}

outcome<done> front_service::retry(const batch_id& id) {
  return command(retry_atom_v, id);
}

outcome<done> front_service::erase(const batch_id& id) {
  return command(erase_atom_v, id);
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
  caf::scoped_actor self{sys_};
  self->request(desk_, std::chrono::seconds{5}, stats_atom_v)
      .receive([&](const boards_ptr& x) { answer = *x; },
               [](const caf::error&) {});
  return answer;
}

} // namespace vigie
