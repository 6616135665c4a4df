// NODE: what becomes of a job.

#include "actors/looker.hpp"
#include "actors/metered.hpp"
#include "actors/node.hpp"

#include <utility>

namespace vigie {

void node_state::pull_all() {
  auto free = std::exchange(idle, {});
  for (auto slot : free)
    pull(slot);
}

void node_state::pull(std::size_t slot) {
  if (!in || draining) {
    idle.insert(slot);
    leave_if_done();
    return;
  }
  pulling.insert(slot);
  self->request(gate, args.answer_within, pull_atom_v, args.who.boot_id)
      .then(
          [this, slot, now = life](const analysis_job& job) {
            if (now != life)
              return; // of a connection that is gone: a lease no more
            pulling.erase(slot);
            got(slot, job);
          },
          or_lost());
}

void node_state::got(std::size_t slot, const analysis_job& job) {
  if (job.id == 0) {
    pull(slot);
    return;
  }
  auto number = ++last_number;
  auto& h = holds[number];
  h.job = job;
  h.slot = slot;
  if (draining) {
    give_back(number);
    return;
  }
  if (!args.cache) {
    begin(number, args.storage + "/" + job.path);
    return;
  }
  // Infinite: each chunk has its deadline, and the fetcher ends with us.
  self->request(args.cache, caf::infinite, fetch_atom_v, gate, args.who.boot_id,
                job)
      .then([this, number](const std::string& path) { begin(number, path); },
            [this, number](const caf::error& e) { no_file(number, e); });
}

void node_state::begin(uint64_t number, const std::string& path) {
  auto i = holds.find(number);
  if (i == holds.end() || i->second.stopped) {
    unpin(path);
    give_back(number);
    return;
  }
  i->second.begun = true;
  auto job = i->second.job;
  job.token = number;
  job.path = path;
  // Infinite: the runner has a wall clock of its own.
  self->request(args.slots[i->second.slot].worker, caf::infinite, work_atom_v,
                std::move(job))
      .then([this, number, path](const report_ptr& r) {
        ended(number, path, r);
      });
}

/// The file cannot be had here (no room, a cut line): somebody else may. The
/// slot rests until the next beat, or it would get the same job at once.
void node_state::no_file(uint64_t number, const caf::error& why) {
  auto i = holds.find(number);
  if (i == holds.end() || i->second.stopped) {
    give_back(number);
    return;
  }
  args.log("cannot fetch a file: " + to_string(why));
  self->request(gate, args.answer_within, undone_atom_v, args.who.boot_id,
                i->second.job.token)
      .then([](bool) {}, or_lost());
  idle.insert(i->second.slot);
  holds.erase(i);
  leave_if_done();
}

void node_state::ended(uint64_t number, const std::string& path,
                       const report_ptr& r) {
  unpin(path);
  auto& h = holds.at(number); // what has begun stays until now
  auto slot = h.slot;
  if (h.stopped)
    holds.erase(number);
  else
    report(number, r);
  pull(slot);
}

/// The slot pulls on meanwhile; the lease is kept until the server has it.
void node_state::report(uint64_t number, const report_ptr& r) {
  auto& h = holds.at(number);
  h.told = true;
  auto taken = [this, number, now = life](bool) {
    if (now != life)
      return;
    holds.erase(number);
    leave_if_done();
  };
  auto& id = args.who.boot_id;
  auto token = h.job.token;
  if (r->broke && (r->why == "start" || r->why == "aborted"))
    self->request(gate, args.answer_within, undone_atom_v, id, token)
        .then(taken, or_lost());
  else if (r->broke)
    self->request(gate, args.answer_within, broken_atom_v, id, token, r->why)
        .then(taken, or_lost());
  else
    self->request(gate, args.answer_within, result_atom_v, id, token, r->result)
        .then(taken, or_lost());
}

/// What has been called off, or reported, is no lease of ours any more.
void node_state::stop(uint64_t token) {
  for (auto& [number, h] : holds)
    if (h.job.token == token)
      call_off(number);
}

void node_state::call_off(uint64_t number) {
  auto& h = holds.at(number);
  if (h.told || h.stopped)
    return;
  h.stopped = true;
  if (h.begun)
    args.slots[h.slot].runner->abort(number);
}

/// Costs no attempt. What has begun is aborted and stays until it has ended.
void node_state::give_back(uint64_t number) {
  auto i = holds.find(number);
  if (i == holds.end())
    return; // before its file came
  if (!i->second.stopped)
    self->request(gate, args.answer_within, undone_atom_v, args.who.boot_id,
                  i->second.job.token)
        .then([](bool) {}, or_lost());
  call_off(number);
  if (i->second.begun)
    return;
  auto slot = i->second.slot;
  holds.erase(i);
  pull(slot);
}

/// No answer is an answer, too: an operator sees that none came.
void node_state::tell_actors(uint64_t look) {
  if (!in)
    return;
  look_rules rules;
  rules.rows = most_node_actors;
  self->request(
          spawn_metered(self, {actor_kind::looker, nullptr}, looker, rules),
          args.answer_within, look_atom_v)
      .then(
          [this, look, now = life](const sheet_ptr& sheet) {
            if (now == life)
              self->request(gate, args.answer_within, report_atom_v,
                            args.who.boot_id, look, *sheet)
                  .then([](bool) {}, [](const caf::error&) {});
          },
          [](const caf::error&) {});
}

void node_state::unpin(const std::string& path) {
  if (args.cache)
    self->send(args.cache, unpin_atom_v, path);
}

} // namespace vigie
