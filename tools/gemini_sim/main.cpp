// gemini-sim: answers like generateContent, for tests and demonstrations.
// `gemini-sim explain` says what our classifier makes of strange answers.

#include "tools/gemini_sim/explain.hpp"
#include "tools/gemini_sim/server.hpp"

#include <httplib.h>

#include <signal.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <future>
#include <iostream>
#include <thread>
#include <vector>

namespace {

using namespace vigie::sim;

constexpr auto usage =
    "gemini-sim (a simulator): answers like Google's generateContent\n\n"
    "  gemini-sim [--listen 127.0.0.1:0] [--OPTION VALUE]...\n"
    "  gemini-sim explain    reads {\"http\": int, \"body\": str} lines\n\n"
    "  --rpm --tpm --rpd N     quotas of each model; 0: none\n"
    "  --window KIND           sliding, fixed or bucket; --phase SECONDS\n"
    "  --variant A..M          form of the 429: A as Google's page has it,\n"
    "                          B fractions, E no RetryInfo, F limit 0,\n"
    "                          G bare, H help only, I billing, J Vertex,\n"
    "                          K JSON in JSON, L gRPC text, M milliseconds\n"
    "  --p503 --p_blocked --p_truncated --p_empty P   0 to 1\n"
    "  --latency MIN-MAX       seconds; --foreign_share P\n"
    "  --honest_day true       daily refusals tell the time to the reset;\n"
    "                          --day_resets_at SECONDS after the start\n"
    "  --refusals_count true   refused requests use quota too\n"
    "  --findings N            0 to 2 in every image; else drawn\n"
    "  --sequence LIST         the first replies: ok, 503, bare, 429:DELAY,\n"
    "                          429-day:DELAY, hang:SECONDS, blocked, empty,\n"
    "                          truncated, malformed, bad-key, no-model,\n"
    "                          bad-image, internal\n"
    "  --models a,b            other models are 404\n"
    "  --time_scale K          quota windows run K times faster\n"
    "  --scenario FILE         the same as JSON; and \"storms\":\n"
    "                          [{\"from\": 60, \"to\": 240, \"p503\": 1}]\n"
    "  --seed N  --log FILE    one JSON line per arrival\n"
    "  --lifetime SECONDS      stops by itself\n";

struct options {
  scenario what;
  std::string host = "127.0.0.1";
  int port = 0;
  std::string log;
  double lifetime = 0;
};

bool read_listen(const std::string& value, options& o) {
  auto colon = value.rfind(':');
  if (colon == value.npos || colon == 0)
    return false;
  o.host = value.substr(0, colon);
  auto* begin = value.data() + colon + 1;
  auto* most = value.data() + value.size();
  auto [end, bad] = std::from_chars(begin, most, o.port);
  return bad == std::errc{} && begin != most && end == most && o.port >= 0
         && o.port <= 65'535;
}

std::optional<std::string> read_args(const std::vector<std::string>& args,
                                     options& o) {
  for (std::size_t i = 0; i < args.size(); i += 2) {
    if (!args[i].starts_with("--"))
      return args[i] + ": no such option";
    if (i + 1 == args.size() || args[i + 1].starts_with("--"))
      return args[i] + ": needs a value";
    auto key = args[i].substr(2);
    std::replace(key.begin(), key.end(), '-', '_');
    auto& value = args[i + 1];
    if (key == "listen") {
      if (!read_listen(value, o))
        return "listen: \"" + value + "\" is not HOST:PORT";
    } else if (key == "log") {
      o.log = value;
    } else if (key == "lifetime") {
      auto* most = value.data() + value.size();
      auto [end, bad] = std::from_chars(value.data(), most, o.lifetime);
      if (bad != std::errc{} || end != most || !(o.lifetime > 0)
          || o.lifetime > 1e9)
        return "lifetime: \"" + value + "\" does not fit";
    } else if (auto why = set_option(o.what, key, value)) {
      return why;
    }
  }
  return std::nullopt;
}

/// Until a signal comes, or its time is over.
void wait_for_the_end(const sigset_t& ends, double lifetime) {
  if (lifetime <= 0) {
    int received = 0;
    sigwait(&ends, &received);
    return;
  }
  auto whole = std::floor(lifetime);
  timespec most{static_cast<time_t>(whole),
                static_cast<long>((lifetime - whole) * 1e9)};
  sigtimedwait(&ends, nullptr, &most);
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
  std::promise<void> closed;
  std::thread listening{[&] {
    server.listen_after_bind();
    closed.set_value();
  }};
  std::printf("gemini-sim (simulator): ready on http://%s:%d\n", o.host.c_str(),
              port);
  std::fflush(stdout);
  wait_for_the_end(ends, o.lifetime);
  server.stop();
  sim.end();
  // A client that keeps its connection open does not hold us up.
  if (closed.get_future().wait_for(std::chrono::milliseconds{700})
      != std::future_status::ready) {
    std::fflush(nullptr);
    std::_Exit(0);
  }
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
  auto asked = [](auto& x) { return x == "--help" || x == "-h"; };
  if (std::any_of(args.begin(), args.end(), asked)) {
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
