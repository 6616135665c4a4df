#include "app/server_system.hpp"

#include "actors/metered.hpp"
#include "app/peer_messages.hpp"
#include "app/version.hpp"

#include <utility>

namespace vigie {

using namespace std::chrono_literals;

template <caf::spawn_options Os, class F, class... Ts>
auto server_system::hire(actor_kind kind, F fun, Ts&&... args) {
  return spawn_metered<Os>(sys_, {kind, nullptr}, fun,
                           std::forward<Ts>(args)...);
}

server_system::server_system(caf::actor_system& sys, server_parts parts)
    : sys_(sys), log_(std::move(parts.log)), pki_(parts.pki),
      peers_(std::make_shared<peer_view>(parts.pki)),
      door_options_(std::move(parts.door)) {
  auto last = parts.reader->last_seq();
  replayer_ = hire<caf::detached>(actor_kind::replayer, replayer, parts.reader,
                                  parts.access);
  broadcaster_ = caf::actor_cast<broadcaster_actor>(
      spawn_metered_broker(sys, {actor_kind::broadcaster, nullptr},
                           vigie::broadcaster, parts.streams, replayer_, last));
  store_ = hire<caf::detached>(actor_kind::store_keeper, store_keeper,
                               parts.store, parts.reader, broadcaster_, log_);
  printer_ = hire<caf::detached>(actor_kind::printer, printer,
                                 std::move(parts.printing));
  hub_ = hire(actor_kind::worker_hub, worker_hub, parts.hub);
  depot_ =
      hire<caf::detached>(actor_kind::depot, depot, std::move(parts.evidence));
  auto args = std::move(parts.pipelines);
  open_desk(parts.gemini, args.wait);
  parts.gemini.plan.desk = desk_;
  args.plan = std::make_shared<const gemini_plan>(std::move(parts.gemini.plan));
  args.store = store_;
  args.hub = hub_;
  args.printer = printer_;
  front_ = hire(actor_kind::front, vigie::front,
                front_args{std::move(args), parts.admission, log_});
  hire_office(parts);
  hire_janitor(parts);
  hire_warden();
}

server_system::~server_system() {
  // Kill overtakes what is queued: a batch in work goes on at the next start.
  auto end = [](const auto& a) {
    caf::anon_send<caf::message_priority::high>(
        caf::actor_cast<caf::actor>(a),
        caf::exit_msg{caf::actor_addr{},
                      caf::make_error(caf::exit_reason::kill)});
  };
  end(warden_);
  caf::scoped_actor { sys_ } -> wait_for(warden_);
  door_.reset();
  // FRONT takes its pipelines with it, so it is asked and not killed.
  caf::anon_send<caf::message_priority::high>(
      caf::actor_cast<caf::actor>(front_),
      caf::exit_msg{caf::actor_addr{},
                    caf::make_error(caf::exit_reason::user_shutdown)});
  if (keeper_) {
    end(keeper_);                                    // and its gate
    caf::scoped_actor { sys_ } -> wait_for(keeper_); // it uses our socket
  }
  end(admin_);
  end(clerk_);
  end(inspector_);
  end(depot_);
  if (janitor_)
    end(janitor_);
  if (desk_)
    end(desk_);
  for (auto& caller : callers_)
    end(caller);
  end(hub_);
  end(printer_);
  end(store_);
  end(broadcaster_);
  end(replayer_);
}

gate_args server_system::gate_parts() {
  gate_args args;
  args.hub = hub_;
  args.depot = depot_;
  args.admin = admin_;
  args.version = version;
  args.log = log_; // with its fields
  args.check = [peers = peers_, roll = door_->roll()](
                   const std::string& token,
                   const std::string& node) -> outcome<member> {
    auto found = peers->by_token(token);
    if (!found)
      return found.why();
    if (roll->serial_of(node) != found.value().serial)
      return problem{code::bad_request,
                     found.value().name + ": the join token of another bundle"};
    return member{found.value().name, found.value().role == peer_role::admin};
  };
  args.delivered = [roll = door_->roll()](const std::string& node) {
    return roll->sent_to(node);
  };
  return args;
}

outcome<uint16_t> server_system::open_gate() {
  auto path = socket_.place(pki_);
  if (!path)
    return path.why();
  door_options_.core_socket = path.value();
  door_options_.guard.messages = peer_messages(sys_);
  door_ = std::make_unique<door>(door_options_, *peers_);
  keeper_ = hire(actor_kind::gate_keeper, gate_keeper,
                 gate_keeper_args{gate_parts(), [this](const gate_actor& gate) {
                                    return socket_.publish(sys_, gate);
                                  }});
  auto port = door_->start();
  if (!port)
    return problem{code::internal, "workers.remote_listen: cannot listen on "
                                       + door_options_.host + ":"
                                       + std::to_string(door_options_.port)
                                       + "; if another program has that port, "
                                         "give --remote-listen HOST:PORT"};
  return port;
}

outcome<uint64_t> server_system::resume() {
  outcome<uint64_t> answer =
      problem{code::storage_down, "Unfinished batches cannot be read"};
  caf::scoped_actor self{sys_};
  self->request(front_, 60s, begin_atom_v)
      .receive([&](uint64_t n) { answer = n; }, [](const caf::error&) {});
  return answer;
}

void server_system::drain(std::chrono::seconds bound) {
  if (janitor_)
    caf::anon_send_exit(janitor_, caf::exit_reason::user_shutdown);
  caf::scoped_actor self{sys_};
  caf::anon_send(hub_, drain_atom_v);
  auto good = false;
  self->request(front_, bound + 10s, drain_atom_v, caf::timespan{bound})
      .receive([&](bool x) { good = x; }, [](const caf::error&) {});
  log_(good ? "drained: everything under way is stored"
            : "drained: the next start does the rest again");
  self->request(broadcaster_, 3s, drain_atom_v)
      .receive([](bool) {}, [](const caf::error&) {});
}

} // namespace vigie
