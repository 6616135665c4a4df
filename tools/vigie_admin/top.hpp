#pragma once

#include "domain/admin.hpp"
#include "tools/vigie_admin/ink.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace vigie {

/// What actors are sorted by.
enum class top_order : uint8_t { work, mailbox, rate, kind, restarts };

/// A key as `top` knows it: a character, or one of these.
namespace key {
inline constexpr int up = 0x10000, down = 0x10001, page_up = 0x10002,
                     page_down = 0x10003, home = 0x10004, enter = 0x10005,
                     escape = 0x10006, backspace = 0x10007;
}

/// The live picture, without a terminal. What is on the screen is a function of
/// this and of the screen's size alone. Not thread-safe.
struct top_model {
  std::string server; ///< HOST:PORT
  std::string clock;  ///< Of the last picture, `12:00:01`.
  admin_answer last;
  bool any = false;    ///< There has been a picture.
  std::string trouble; ///< Why there is no newer one; empty: there is.
  std::chrono::milliseconds age{0}; ///< Of the picture, with a trouble.
  bool paused = false, helping = false;
  top_order order = top_order::work;
  std::string kind, batch; ///< Only actors whose words hold these.
  std::size_t first = 0;   ///< Row of the actors that is on top.
  char asking = 0;         ///< `k` or `b`: a filter is being typed.
  std::string typed;

  /// False: it is over.
  bool press(int which);
};

struct top_line {
  std::string text; ///< Printable, no wider than the screen.
  ink how = ink::plain;
  bool operator==(const top_line&) const = default;
};

/// At most `height` lines. Puts `first` of the model right, when the list has
/// become shorter.
std::vector<top_line> draw(top_model& m, std::size_t width, std::size_t height);

/// The actors that are shown, in order.
std::vector<actor_view> chosen(const top_model& m);

} // namespace vigie
