#include "tools/vigie_admin/server_call.hpp"

#include <openssl/err.h>

#include <future>
#include <memory>
#include <utility>

namespace vigie {

namespace {

/// The door knows a bundle two seconds after it was made: until then it hangs
/// up, as it does upon a revoked one.
constexpr int most_dials = 6;
constexpr auto between_dials = std::chrono::milliseconds{500};
/// A handshake that meets the tick of either side's CAF is cut off. The server
/// has heard nothing then: an end so soon is no refusal of what was asked.
constexpr auto soon = std::chrono::seconds{1};

/// One way from the connection to the answer; the first word said counts.
struct errand {
  std::string host;
  uint16_t port = 0;
  admin_ask what;
  std::chrono::seconds within{};
  std::promise<outcome<admin_answer>> told;
  bool over = false;
  int dials = 0, cut = 0; ///< How many; which one was cut off last.
  caf::actor_clock::time_point since{}; ///< Connected.

  void end(outcome<admin_answer> how) {
    if (!std::exchange(over, true))
      told.set_value(std::move(how));
  }
  void fail(std::string why) { end(problem{code::internal, std::move(why)}); }
  std::string where() const { return host + ":" + std::to_string(port); }
};

using errand_of_ours = std::shared_ptr<errand>;

std::string words_of(const caf::error& e) {
  auto& context = e.context();
  return context.match_elements<std::string>() ? context.get_as<std::string>(0)
                                               : to_string(e);
}

/// The connection is gone: tried again, once for each dial, if that was soon.
void cut_off(caf::event_based_actor* self, const errand_of_ours& e, int dial) {
  if (e->over || dial != e->dials || std::exchange(e->cut, dial) == dial)
    return;
  if (dial < most_dials && self->clock().now() - e->since < soon)
    self->delayed_send(self, between_dials, dial_atom_v);
  else
    e->fail(e->where() + " closed the connection; its standard error says why");
}

void connected(caf::event_based_actor* self, const errand_of_ours& e,
               const caf::strong_actor_ptr& to) {
  if (!to) {
    e->fail(e->where() + ": nobody receives operators there");
    return;
  }
  auto gate = caf::actor_cast<gate_actor>(to);
  e->since = self->clock().now();
  auto gone = [self, e, dial = e->dials] { cut_off(self, e, dial); };
  // A request to a peer that goes is answered by its deadline only, one to a
  // peer that has gone at once.
  self->set_down_handler([gone](const caf::down_msg&) { gone(); });
  self->monitor(gate);
  self->request(gate, e->within, admin_atom_v, e->what)
      .then([e](admin_answer& x) { e->end(std::move(x)); },
            [e, gone](const caf::error& why) {
              if (why == caf::sec::request_receiver_down)
                gone();
              else
                e->fail(words_of(why));
            });
}

void dial(caf::event_based_actor* self, const dialer_actor& dialer,
          const errand_of_ours& e) {
  ++e->dials;
  // A connection that was refused leaves an error in OpenSSL's queue of CAF's
  // I/O thread, which would fail the next one.
  self->system().middleman().backend().post([] { ERR_clear_error(); });
  self->request(dialer, e->within, caf::connect_atom_v, e->host, e->port)
      .then([self, e](const caf::node_id&, const caf::strong_actor_ptr& to,
                      const std::set<std::string>&) { connected(self, e, to); },
            [self, e](const caf::error& why) {
              if (why == caf::sec::disconnect_during_handshake
                  && e->dials < most_dials)
                self->delayed_send(self, between_dials, dial_atom_v);
              else
                e->fail(
                    "cannot reach " + e->where() + " (" + to_string(why)
                    + "): is it workers.remote_listen of the server, and is "
                      "the bundle one of that server's, and not revoked?");
            });
}

caf::behavior run(caf::event_based_actor* self, const dialer_actor& dialer,
                  const errand_of_ours& e) {
  dial(self, dialer, e);
  return {[=](dial_atom) { dial(self, dialer, e); }};
}

} // namespace

operator_config::operator_config(const bundle& mine) {
  add_message_types<caf::id_block::vigie>();
  load<caf::io::middleman>();
  load<caf::openssl::manager>();
  openssl_certificate = mine.files.certificate.string();
  openssl_key = mine.files.key.string();
  openssl_cafile = mine.files.ca.string();
  set("scheduler.max-threads", 1);
  // Often enough for the server's patience of twenty, and no tick of ours meets
  // the handshakes of the first seconds.
  set("middleman.heartbeat-interval", caf::timespan{std::chrono::seconds{9}});
}

server_call::server_call(const bundle& mine) : config_(mine), sys_(config_) {
  // nop
}

outcome<admin_answer> server_call::ask(const std::string& host, uint16_t port,
                                       admin_ask what,
                                       std::chrono::seconds within) {
  auto e = std::make_shared<errand>();
  e->host = host;
  e->port = port;
  e->what = std::move(what);
  e->within = within;
  auto answer = e->told.get_future();
  sys_.spawn(run, dialer_actor{sys_.openssl_manager().actor_handle()}, e);
  if (answer.wait_for(within) != std::future_status::ready)
    return problem{code::timeout, e->where() + " did not answer within "
                                      + std::to_string(within.count()) + " s"};
  return answer.get();
}

} // namespace vigie
