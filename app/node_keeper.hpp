#pragma once

#include <atomic>
#include <functional>
#include <string>
#include <thread>
#include <vector>

namespace vigie {

/// Keeps the server's own node alive: starts it, starts it again when it has
/// died (after a growing pause when it dies at once), ends it by its own pid.
/// One that ended with 0 has left on an operator's word, by vigie-admin, and
/// stays away; one that a signal ended (node_comes_back) does not. One
/// thread owns the child: it asks the kernel to die with it.
class node_keeper {
public:
  /// `command` is the program and its arguments.
  node_keeper(std::vector<std::string> command,
              std::function<void(const std::string&)> log);
  ~node_keeper();
  node_keeper(const node_keeper&) = delete;
  node_keeper& operator=(const node_keeper&) = delete;

  void start();
  /// From now on none is started. Any thread.
  void retire() { retired_ = true; }
  void stop();

private:
  void run();
  int launch();

  std::vector<std::string> command_;
  std::function<void(const std::string&)> log_;
  std::atomic<bool> stopping_{false}, retired_{false};
  std::thread thread_;
};

} // namespace vigie
