#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <thread>
#include <vector>

namespace vigie {

/// Keeps N worker processes alive: starts them, starts a dead one again (after
/// a growing pause when it dies at once), ends them by their own pid.
/// One thread owns the children: they ask the kernel to die with it.
class slot_keeper {
public:
  /// `command` is the program and its arguments, the same for every slot;
  /// the slot's number is appended.
  slot_keeper(std::vector<std::string> command, unsigned slots);
  ~slot_keeper();
  slot_keeper(const slot_keeper&) = delete;
  slot_keeper& operator=(const slot_keeper&) = delete;

  void start();
  void stop();

private:
  struct child;
  void run();
  void launch(child& c, unsigned number);

  std::vector<std::string> command_;
  unsigned slots_;
  std::atomic<bool> stopping_{false};
  std::thread thread_;
};

} // namespace vigie
