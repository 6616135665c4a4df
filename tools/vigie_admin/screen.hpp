#pragma once

#include "tools/vigie_admin/top.hpp"

#include <memory>
#include <optional>

namespace vigie {

/// The terminal as ncurses has it; as it was before, once this is gone. One in
/// a process, one thread.
class screen {
public:
  /// Null: standard output is no terminal that is known.
  static std::unique_ptr<screen> open(bool colour);
  ~screen();
  screen(const screen&) = delete;
  screen& operator=(const screen&) = delete;

  void show(top_model& m);
  /// The terminal has another size now.
  void resized();
  /// The next key that has been pressed, if any. Never waits.
  std::optional<int> next_key();

private:
  explicit screen(bool colour);

  bool colour_;
};

} // namespace vigie
