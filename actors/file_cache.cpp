#include "actors/file_cache.hpp"

#include <algorithm>

namespace vigie {

namespace {

constexpr auto chunk_deadline = std::chrono::seconds{60};

caf::error failure(const std::string& why) {
  return caf::make_error(caf::sec::runtime_error, why);
}

} // namespace

void file_cache_state::fetch(const gate_actor& gate, const std::string& boot_id,
                             const analysis_job& job, promise told) {
  if (auto path = files->find(job.sha256)) {
    told.deliver(*path);
    return;
  }
  watch(gate);
  auto& f = fetches[job.sha256];
  f.waiters.emplace_back(job, std::move(told));
  auto first = f.waiters.size() == 1;
  f.gate = gate;
  f.boot_id = boot_id;
  if (first)
    begin(job.sha256);
}

void file_cache_state::begin(const std::string& sha256) {
  auto& f = fetches.at(sha256);
  f.offset = 0;
  f.life = ++lives;
  auto begun = files->begin(sha256, f.waiters.front().first.bytes);
  if (begun)
    next(sha256);
  else
    refuse_all(sha256, begun.why());
}

void file_cache_state::next(const std::string& sha256) {
  auto& f = fetches.at(sha256);
  auto still = [this, sha256, now = f.life] {
    auto i = fetches.find(sha256);
    return i != fetches.end() && i->second.life == now;
  };
  self->request(f.gate, chunk_deadline, fetch_atom_v, f.boot_id,
                f.waiters.front().first.token, f.offset)
      .then(
          [this, sha256, still](const file_chunk& chunk) {
            if (still())
              take(sha256, chunk);
          },
          [this, sha256, still](const caf::error& e) {
            if (still())
              refuse_first(sha256, e);
          });
}

void file_cache_state::watch(const gate_actor& gate) {
  if (watched == gate.address())
    return;
  watched = gate.address();
  self->monitor(gate);
}

/// What was asked of it is never answered.
void file_cache_state::gate_gone(const caf::actor_addr& which) {
  std::vector<std::string> cut;
  for (auto& [sha256, f] : fetches)
    if (f.gate.address() == which)
      cut.push_back(sha256);
  for (auto& sha256 : cut)
    refuse_all(sha256, {code::internal, "the connection is gone"});
  if (watched == which)
    watched = {};
}

void file_cache_state::take(const std::string& sha256,
                            const file_chunk& chunk) {
  auto& f = fetches.at(sha256);
  if (chunk.bytes.empty()) {
    finish(sha256);
    return;
  }
  auto written = files->append(sha256, chunk.bytes);
  if (!written) {
    refuse_all(sha256, written.why());
    return;
  }
  f.offset += chunk.bytes.size();
  next(sha256);
}

/// Bytes that do not fit their hash are asked for once more. If they come
/// again, that is what the server has: the analysis says so, as it would there.
void file_cache_state::finish(const std::string& sha256) {
  auto& f = fetches.at(sha256);
  auto path = files->seal(sha256, f.again);
  if (!path && !f.again) {
    f.again = true;
    begin(sha256);
    return;
  }
  if (!path) {
    refuse_all(sha256, path.why());
    return;
  }
  auto node = fetches.extract(sha256);
  auto& waiters = node.mapped().waiters;
  waiters.front().second.deliver(path.value());
  for (std::size_t i = 1; i < waiters.size(); ++i)
    fetch(node.mapped().gate, node.mapped().boot_id, waiters[i].first,
          std::move(waiters[i].second));
}

/// Its lease is gone, or the connection: others may have a good one.
void file_cache_state::refuse_first(const std::string& sha256,
                                    const caf::error& why) {
  auto& f = fetches.at(sha256);
  f.waiters.front().second.deliver(why);
  f.waiters.erase(f.waiters.begin());
  if (!f.waiters.empty()) {
    next(sha256);
    return;
  }
  files->drop(sha256);
  fetches.erase(sha256);
}

void file_cache_state::refuse_all(const std::string& sha256,
                                  const problem& why) {
  files->drop(sha256);
  auto node = fetches.extract(sha256);
  for (auto& [job, told] : node.mapped().waiters)
    told.deliver(failure(why.detail));
}

cache_actor::behavior_type
file_fetcher(cache_actor::stateful_pointer<file_cache_state> self,
             std::shared_ptr<file_cache> files) {
  self->state.self = self;
  self->state.files = std::move(files);
  self->set_down_handler([self](const caf::down_msg& down) {
    self->state.gate_gone(down.source);
  });
  return {
      [self](fetch_atom, const gate_actor& gate, const std::string& boot_id,
             const analysis_job& job) {
        auto told = self->make_response_promise<std::string>();
        self->state.fetch(gate, boot_id, job, told);
        return told;
      },
      [self](unpin_atom, const std::string& path) {
        self->state.files->unpin(path);
      },
  };
}

} // namespace vigie
