// gemini-sim: answers like generateContent, for tests and demonstrations.
// `gemini-sim explain` says what our classifier makes of strange answers.

#include "tools/gemini_sim/explain.hpp"
#include "tools/gemini_sim/server.hpp"

#include <httplib.h>

#include <signal.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <thread>
#include <vector>

namespace {

using namespace vigie::sim;

constexpr auto usage =
    "gemini-sim (a simulator): answers like Google's generateContent\n\n"
    "  gemini-sim [--listen 127.0.0.1:0] [--OPTION VALUE]...\n"
    "  gemini-sim explain    reads {\"http\": int, \"body\": str} lines\n\n"
    "  --rpm --tpm --rpd N     quotas; 0: none (tpm, rpd)\n"
    "  --window KIND           sliding, fixed or bucket; --phase SECONDS\n"
    "  --variant A..M          form of the 429 (GEMINI.md 1.5)\n"
    "  --p503 --p_blocked --p_truncated --p_empty P\n"
    "  --latency MIN-MAX       seconds; --foreign_share P\n"
    "  --honest_day true       daily refusals tell the time to the reset\n"
    "  --refusals_count true   refused requests use quota too\n"
    "  --sequence ok,503,429:37.2,429-day:36,bare,hang:5,blocked\n"
    "  --models a,b            other models are 404\n"
    "  --time_scale K          quota windows run K times faster\n"
    "  --scenario FILE         the same as JSON; and \"storms\"\n"
    "  --seed N  --log FILE    one JSON line per arrival\n"
    "  --lifetime SECONDS      stops by itself\n";

struct options {
  scenario what;
  std::string host = "127.0.0.1";
  int port = 0;
  std::string log;
  double lifetime = 0;
};

std::optional<std::string> read_args(const std::vector<std::string>& args,
                                     options& o) {
  for (std::size_t i = 0; i < args.size(); i += 2) {
    if (!args[i].starts_with("--") || i + 1 == args.size())
      return args[i] + ": needs a name and a value";
    auto key = args[i].substr(2);
    std::replace(key.begin(), key.end(), '-', '_');
    auto& value = args[i + 1];
    if (key == "listen") {
      auto colon = value.rfind(':');
      o.host = value.substr(0, colon);
      o.port = colon == value.npos ? 0 : std::atoi(value.c_str() + colon + 1);
    } else if (key == "log") {
      o.log = value;
    } else if (key == "lifetime") {
      o.lifetime = std::atof(value.c_str());
    } else if (auto why = set_option(o.what, key, value)) {
      return why;
    }
  }
  return std::nullopt;
}

int run(options& o, const sigset_t& ends) {
  auto* log = o.log.empty() ? nullptr : std::fopen(o.log.c_str(), "a");
  if (!o.log.empty() && !log) {
    std::fprintf(stderr, "gemini-sim: --log %s: cannot write\n", o.log.c_str());
    return 2;
  }
  httplib::Server server;
  simulator sim{o.what, log};
  sim.serve(server);
  auto port = o.port;
  if (port == 0)
    port = server.bind_to_any_port(o.host.c_str());
  else if (!server.bind_to_port(o.host.c_str(), port))
    port = -1;
  if (port <= 0) {
    std::fprintf(stderr, "gemini-sim: cannot listen on %s\n", o.host.c_str());
    return 2;
  }
  std::thread listening{[&] { server.listen_after_bind(); }};
  std::printf("gemini-sim (simulator): ready on http://%s:%d\n", o.host.c_str(),
              port);
  std::fflush(stdout);
  if (o.lifetime > 0) {
    timespec most{static_cast<time_t>(o.lifetime), 0};
    sigtimedwait(&ends, nullptr, &most);
  } else {
    int received = 0;
    sigwait(&ends, &received);
  }
  server.stop();
  listening.join();
  if (log)
    std::fclose(log);
  return 0;
}

} // namespace

int main(int argc, char** argv) {
  sigset_t ends;
  sigemptyset(&ends);
  sigaddset(&ends, SIGTERM);
  sigaddset(&ends, SIGINT);
  pthread_sigmask(SIG_BLOCK, &ends, nullptr);
  std::vector<std::string> args(argv + 1, argv + argc);
  if (!args.empty() && args[0] == "explain") {
    std::ios::sync_with_stdio(false);
    return explain(std::cin, std::cout);
  }
  if (!args.empty() && (args[0] == "--help" || args[0] == "-h")) {
    std::fputs(usage, stdout);
    return 0;
  }
  options o;
  if (auto why = read_args(args, o)) {
    std::fprintf(stderr, "gemini-sim: %s\n", why->c_str());
    return 2;
  }
  return run(o, ends);
}
