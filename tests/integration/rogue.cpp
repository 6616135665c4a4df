// vigie-rogue HOST:PORT BUNDLE HOW: a peer with a good bundle and bad manners,
// for the tests. Joins, does HOW, and says what became of it on one line.

#include "actors/protocol.hpp"
#include "app/version.hpp"
#include "remote/bundle.hpp"

#include <caf/io/all.hpp>
#include <caf/openssl/all.hpp>

#include <signal.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <string>

namespace {

using namespace vigie;
using namespace std::chrono_literals;

struct config : caf::actor_system_config {
  explicit config(const bundle& mine) {
    add_message_types<caf::id_block::vigie>();
    load<caf::io::middleman>();
    load<caf::openssl::manager>();
    openssl_certificate = mine.files.certificate.string();
    openssl_key = mine.files.key.string();
    openssl_cafile = mine.files.ca.string();
  }
};

struct rogue {
  caf::scoped_actor self;
  gate_actor gate;
  std::string boot = std::string(32, 'r');

  /// The answer, or the error.
  template <class Answer, class... Ts>
  std::string say(Ts... what) {
    std::string out = "no answer";
    self->request(gate, 20s, std::move(what)...)
        .receive([&](Answer&) { out = "answered"; },
                 [&](caf::error& e) { out = to_string(e); });
    return out;
  }
  std::string join(const std::string& token) {
    hello who{version, boot, token, 4, {"ocr:eng", "ocr:fra"}};
    return say<welcome>(join_atom_v, who);
  }
  /// Asks for a file again and again, and reads nothing.
  void hoard() {
    self->request(gate, 20s, pull_atom_v, boot)
        .receive(
            [&](const analysis_job& j) {
              for (int i = 0; i < 3'000; ++i)
                self->send(gate, fetch_atom_v, boot, j.token, uint64_t{0});
            },
            [](const caf::error&) {});
    ::usleep(50'000);
    ::raise(SIGSTOP);
  }
  /// Many at once; what the last one was answered.
  template <class Answer, class... Ts>
  std::string flood(int n, Ts... what) {
    for (int i = 0; i < n; ++i)
      self->send(gate, what...);
    return say<Answer>(beat_atom_v, boot, lease_list{});
  }
};

std::string act(rogue& r, const std::string& how, const caf::actor& link) {
  auto to = caf::actor_cast<caf::actor>(r.gate);
  if (how == "kill")
    r.self->send(to, caf::exit_msg{r.self.address(),
                                   caf::make_error(caf::exit_reason::kill)});
  else if (how == "nested")
    r.self->send(to, pull_atom_v, caf::make_message(std::string{"deep"}));
  else if (how == "answer")
    to->enqueue(caf::actor_cast<caf::strong_actor_ptr>(r.self),
                caf::message_id{caf::message_id::response_flag_mask | 1},
                caf::make_message(lease_list{}), nullptr);
  else if (how == "down")
    r.self->send(to, caf::down_msg{link.address(), {}});
  else if (how == "pulls")
    return r.flood<lease_list>(200'000, pull_atom_v, r.boot);
  else if (how == "fetches")
    return r.flood<lease_list>(200'000, fetch_atom_v, r.boot, uint64_t{1},
                               uint64_t{0});
  else if (how == "hoard")
    r.hoard();
  std::string out = "connected";
  r.self->monitor(r.gate);
  r.self->receive([&](const caf::down_msg&) { out = "cut off"; },
                  caf::after(5s) >> [] {});
  return out;
}

} // namespace

int main(int argc, char** argv) {
  if (argc != 4)
    return 2;
  auto at = std::string{argv[1]};
  auto mine = vigie::read_bundle(argv[2]);
  if (!mine)
    return 2;
  config cfg{mine.value()};
  caf::actor_system sys{cfg};
  auto port = static_cast<uint16_t>(std::atoi(at.c_str() + at.find(':') + 1));
  auto found = caf::openssl::remote_actor<vigie::gate_actor>(
      sys, at.substr(0, at.find(':')), port);
  if (!found) {
    std::printf("not connected\n");
    return 1;
  }
  rogue r{caf::scoped_actor{sys}, *found};
  auto link = caf::actor{sys.spawn([](caf::event_based_actor*) {
    return caf::behavior{[](vigie::stop_atom, uint64_t) {},
                         [](vigie::drain_atom) {}};
  })};
  auto joined = r.join(mine.value().token);
  auto end = joined == "answered" ? act(r, argv[3], link) : joined;
  std::printf("%s\n", end.c_str());
  std::fflush(stdout);
  std::_Exit(0); // without the courtesies of an actor system
}
