#pragma once

#include "remote/door.hpp"
#include "tests/remote/echo_core.hpp"
#include "tests/remote/fixture.hpp"
#include "tests/remote/tls_client.hpp"

#include <poll.h>

#include <mutex>

namespace vigie {

/// A door on a real port, an echo behind it, and a log to look into.
class door_fixture : public pki_fixture {
protected:
  using ms = std::chrono::milliseconds;

  door_fixture() {
    options.core_socket = root / "core.sock";
    options.joins = {1'000, 100'000}; // tests come and go
    options.log = [this](const std::string& line) {
      std::lock_guard lock{log_guard};
      log += line + "\n";
    };
  }
  /// Opens the door and the echo.
  void open(bool core_reads = true) {
    core = std::make_unique<echo_core>(options.core_socket, core_reads);
    open_without_core();
  }
  void open_without_core() {
    options.core = provide_core(pki, now).value();
    gate = std::make_unique<door>(options, peers);
    auto started = gate->start();
    ASSERT_TRUE(started) << started.why().detail;
    port = started.value();
  }
  /// A client that joined and was greeted, or not.
  std::unique_ptr<tls_client> join(const std::filesystem::path& bundle,
                                   int patience_ms = 5'000) {
    auto c = std::make_unique<tls_client>(port, patience_ms);
    nodes += nodes == 8 ? 2 : 1; // each one a node of its own; 9: the server
    auto hello = client_hello(nodes);
    if (!c->shake_hands(bundle) || !is_greeted(*c) || !c->send(hello)
        || c->receive(64) != hello)
      return nullptr;
    return c;
  }
  static bool is_greeted(tls_client& c) {
    return c.receive(server_hello().size()) == server_hello();
  }
  static bool echoes(tls_client& c, std::size_t n = 100) {
    auto m = message_of(n);
    return c.send(m) && c.receive(m.size()) == m;
  }
  static bool soon(auto condition, ms patience = ms{5'000}) {
    auto end = std::chrono::steady_clock::now() + patience;
    while (!condition()) {
      if (std::chrono::steady_clock::now() > end)
        return false;
      ::poll(nullptr, 0, 5);
    }
    return true;
  }
  uint64_t refused(refusal why) {
    return gate->stats().refused[static_cast<std::size_t>(why)];
  }
  bool refused_soon(refusal why, uint64_t n = 1) {
    return soon([&] { return refused(why) >= n; });
  }
  bool logged(const std::string& text) {
    std::lock_guard lock{log_guard};
    return log.find(text) != std::string::npos;
  }
  bool logged_soon(const std::string& text) {
    return soon([&] { return logged(text); });
  }
  static ms time_of(auto what) {
    auto begin = std::chrono::steady_clock::now();
    what();
    return std::chrono::duration_cast<ms>(std::chrono::steady_clock::now()
                                          - begin);
  }

  std::atomic<int> nodes{0};
  std::mutex log_guard;
  std::string log;
  door_options options;
  peer_view peers{pki, utc_now, ms{0}};
  std::unique_ptr<echo_core> core;
  std::unique_ptr<door> gate;
  uint16_t port = 0;
};

} // namespace vigie
