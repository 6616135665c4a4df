// server_system: who is not always needed, and the operator's office.

#include "actors/gemini_caller.hpp"
#include "actors/metered.hpp"
#include "actors/warden.hpp"
#include "app/server_system.hpp"

#include <algorithm>
#include <cstdlib>
#include <utility>

namespace vigie {

/// ADMIN, and who works for it.
void server_system::hire_office(server_parts& parts) {
  clerk_ =
      spawn_metered<caf::detached>(sys_, {actor_kind::clerk, nullptr}, clerk,
                                   std::move(parts.quarantine), parts.reader);
  inspector_ =
      spawn_metered<caf::detached>(sys_, {actor_kind::inspector, nullptr},
                                   inspector, std::move(parts.vault));
  admin_args args;
  args.hub = hub_;
  args.front = front_;
  args.clerk = clerk_;
  args.broadcaster = broadcaster_;
  args.desk = desk_;
  args.inspector = inspector_;
  admin_ =
      spawn_metered(sys_, {actor_kind::admin, nullptr}, admin, std::move(args));
}

void server_system::hire_janitor(server_parts& parts) {
  auto& rules = parts.retention;
  if (rules.max_age.count() == 0 && rules.disk_high_percent == 0)
    return;
  janitor_args args;
  args.rules = rules;
  args.period = parts.retention_period;
  args.first = std::min(args.first, args.period);
  args.shelves = parts.shelves;
  args.front = front_;
  args.now = utc_now;
  args.log = log_;
  janitor_ = spawn_metered<caf::detached>(sys_, {actor_kind::janitor, nullptr},
                                          janitor, std::move(args));
}

/// Whatever broke one of them (no memory), a server that goes on without it
/// would only look alive. Unmetered: it has nothing to tell.
void server_system::hire_warden() {
  auto row = [](const char* name, const auto& who) {
    return watched_actor{name, caf::actor_cast<caf::actor>(who)};
  };
  std::vector<watched_actor> all{
      row("FRONT", front_),     row("STORE_KEEPER", store_),
      row("WORKER_HUB", hub_),  row("BROADCASTER", broadcaster_),
      row("PRINTER", printer_), row("REPLAYER", replayer_),
      row("DEPOT", depot_)};
  if (desk_)
    all.push_back(row("GEMINI_DESK", desk_));
  warden_ = sys_.spawn<
      caf::
          hidden>(warden, std::move(all), [log = log_](const std::string& why) {
    log({why + "; vigied ends, its next start goes on", {}, log_level::error});
    std::_Exit(3);
  });
}

void server_system::open_desk(gemini_parts& parts, const deadlines& wait) {
  for (unsigned i = 1; i <= parts.callers; ++i)
    callers_.push_back(spawn_metered<caf::detached>(
        sys_, {actor_kind::gemini_caller, nullptr, i}, gemini_caller,
        caller_args{parts.client, parts.plan.answers, utc_now}));
  if (callers_.empty())
    return;
  parts.desk.callers = callers_;
  parts.desk.store = store_;
  parts.desk.wait = wait;
  desk_ = spawn_metered(sys_, {actor_kind::gemini_desk, nullptr}, gemini_desk,
                        std::move(parts.desk));
}

} // namespace vigie
