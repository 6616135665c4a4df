#pragma once

#include "actors/worker_hub.hpp"

#include "tests/actors/actor_fixture.hpp"

#include <memory>
#include <set>
#include <string>
#include <vector>

namespace vigie {

/// A hub, and nodes that do what the test says.
struct HubFixture : ActorTest {
  struct orders {
    std::vector<uint64_t> stopped;
    int drains = 0;
    std::vector<uint64_t> reports; ///< Numbers of the looks.
  };

  hub_actor hub;
  std::map<std::string, std::shared_ptr<orders>> told; ///< By boot id.
  std::map<std::string, caf::actor> links;

  void start_hub(hub_rules rules) {
    hub = track(sys.spawn(worker_hub, std::move(rules)));
  }

  void join(const std::string& boot_id,
            std::set<std::string> abilities = {"ocr:eng", "ocr:fra"},
            uint32_t slots = 4, uint64_t largest_file = 0,
            const std::string& owner = "") {
    auto heard = told[boot_id] = std::make_shared<orders>();
    if (!links[boot_id])
      links[boot_id] =
          track(caf::actor{sys.spawn([heard](caf::event_based_actor*) {
            return caf::behavior{
                [heard](stop_atom, uint64_t t) { heard->stopped.push_back(t); },
                [heard](drain_atom) { ++heard->drains; },
                [heard](report_atom, uint64_t n) {
                  heard->reports.push_back(n);
                }};
          })});
    auto r = self->request(
        hub, caf::infinite, join_atom_v,
        hello{"1", boot_id, "", slots, std::move(abilities), largest_file},
        owner.empty() ? "node-" + boot_id : owner, links[boot_id]);
    settle();
    r.receive([](const welcome&) {},
              [](const caf::error& e) { FAIL() << to_string(e); });
  }

  analysis_job job(std::string batch, std::string name) {
    analysis_job j;
    j.batch = {std::move(batch)};
    j.filename = std::move(name);
    j.content_type = "text/plain";
    return j;
  }

  auto ask(analysis_job j) {
    auto r = self->request(hub, caf::infinite, work_atom_v, std::move(j));
    settle();
    return r;
  }

  /// What a node gets that joins if it must; id 0 when nothing came in 10 s.
  analysis_job pull(const std::string& boot_id) {
    if (!told.count(boot_id))
      join(boot_id);
    caf::scoped_actor slot{sys};
    analysis_job got;
    auto r = slot->request(hub, caf::infinite, pull_atom_v, boot_id);
    settle();
    for (int s = 0; !slot->has_next_message() && s < 11; ++s) {
      beat(boot_id, {});
      pass(std::chrono::seconds{1});
    }
    r.receive([&](analysis_job& j) { got = j; }, [](const caf::error&) {});
    return got;
  }

  /// The leases that the node no longer holds. By an actor of its own: the
  /// answer to a pull may come first.
  std::vector<uint64_t> beat(const std::string& boot_id,
                             std::vector<uint64_t> held) {
    caf::scoped_actor heart{sys};
    std::vector<uint64_t> stale;
    auto r = heart->request(hub, caf::infinite, beat_atom_v, boot_id,
                            lease_list{std::move(held), {}});
    settle();
    r.receive([&](const lease_list& x) { stale = x.tokens; },
              [](const caf::error& e) { FAIL() << to_string(e); });
    return stale;
  }

  /// Beats every two seconds for that long.
  void hold(const std::string& boot_id, const analysis_job& j,
            std::chrono::seconds how_long) {
    for (auto t = how_long; t.count() > 0; t -= std::chrono::seconds{2}) {
      beat(boot_id, {j.token});
      pass(std::chrono::seconds{2});
    }
  }

  void lose(const std::string& boot_id) {
    self->send(hub, lost_atom_v, boot_id);
    settle();
  }

  /// Whether the lease still stood.
  bool finish(const std::string& boot_id, const analysis_job& j,
              analysis_result r = {}) {
    caf::scoped_actor worker{sys};
    auto stood = false;
    auto told_so = worker->request(hub, caf::infinite, result_atom_v, boot_id,
                                   j.token, std::move(r));
    settle();
    told_so.receive([&](bool x) { stood = x; },
                    [](const caf::error& e) { FAIL() << to_string(e); });
    return stood;
  }

  void broke(const std::string& boot_id, const analysis_job& j,
             const std::string& why) {
    self->send(hub, broken_atom_v, boot_id, j.token, why);
    settle();
  }
};

} // namespace vigie
