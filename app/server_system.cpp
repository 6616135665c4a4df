#include "app/server_system.hpp"

#include "actors/gemini_caller.hpp"
#include "app/version.hpp"

#include <utility>

namespace vigie {

using namespace std::chrono_literals;

server_config::server_config(const identity& core) {
  add_message_types<caf::id_block::vigie>();
  load<caf::io::middleman>();
  load<caf::openssl::manager>();
  openssl_certificate = core.certificate.string();
  openssl_key = core.key.string();
  openssl_cafile = core.ca.string();
  set("scheduler.max-threads", 2);
  // A full mailbox must not starve its thread, nor keep a broker from writing.
  set("scheduler.max-throughput", 20);
  set("middleman.heartbeat-interval", caf::timespan{2s});
  set("middleman.connection-timeout", caf::timespan{20s});
}

server_system::server_system(caf::actor_system& sys, server_parts parts)
    : sys_(sys), gate_host_(std::move(parts.gate_host)),
      gate_port_(parts.gate_port) {
  auto last = parts.reader->last_seq();
  replayer_ = sys.spawn<caf::detached>(replayer, parts.reader);
  broadcaster_ =
      caf::actor_cast<broadcaster_actor>(sys.middleman().spawn_broker(
          vigie::broadcaster, parts.streams, replayer_, last));
  store_ = sys.spawn<caf::detached>(store_keeper, parts.store, parts.reader,
                                    broadcaster_);
  printer_ = sys.spawn<caf::detached>(printer, std::move(parts.printing));
  hub_ = sys.spawn(worker_hub, parts.hub);
  gate_ = sys.spawn(gate, hub_, std::string{version});
  auto args = std::move(parts.pipelines);
  open_desk(parts.gemini, args.wait);
  parts.gemini.plan.desk = desk_;
  args.plan = std::make_shared<const gemini_plan>(std::move(parts.gemini.plan));
  args.store = store_;
  args.hub = hub_;
  args.printer = printer_;
  front_ = sys.spawn(vigie::front, std::move(args), parts.most_unfinished);
}

void server_system::open_desk(gemini_parts& parts, const deadlines& wait) {
  for (unsigned i = 0; i < parts.callers; ++i)
    callers_.push_back(sys_.spawn<caf::detached>(
        gemini_caller, caller_args{parts.client, parts.plan.answers, utc_now}));
  if (callers_.empty())
    return;
  parts.desk.callers = callers_;
  parts.desk.store = store_;
  parts.desk.wait = wait;
  desk_ = sys_.spawn(gemini_desk, std::move(parts.desk));
}

server_system::~server_system() {
  // Kill overtakes what is queued: a batch in work goes on at the next start.
  auto end = [](const auto& a) {
    caf::anon_send<caf::message_priority::high>(
        caf::actor_cast<caf::actor>(a),
        caf::exit_msg{caf::actor_addr{},
                      caf::make_error(caf::exit_reason::kill)});
  };
  if (gate_port_ != 0)
    (void)sys_.middleman().unpublish(gate_, gate_port_);
  // FRONT takes its pipelines with it, so it is asked and not killed.
  caf::anon_send<caf::message_priority::high>(
      caf::actor_cast<caf::actor>(front_),
      caf::exit_msg{caf::actor_addr{},
                    caf::make_error(caf::exit_reason::user_shutdown)});
  end(gate_);
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

outcome<uint16_t> server_system::open_gate() {
  auto port =
      caf::openssl::publish(gate_, gate_port_, gate_host_.c_str(), true);
  if (!port)
    return problem{code::internal, "workers.remote_listen: cannot listen on "
                                       + gate_host_ + ":"
                                       + std::to_string(gate_port_)};
  gate_port_ = *port;
  return *port;
}

outcome<uint64_t> server_system::resume() {
  outcome<uint64_t> answer =
      problem{code::storage_down, "Unfinished batches cannot be read"};
  caf::scoped_actor self{sys_};
  self->request(front_, 60s, begin_atom_v)
      .receive([&](uint64_t n) { answer = n; }, [](const caf::error&) {});
  return answer;
}

} // namespace vigie
