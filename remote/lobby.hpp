#pragma once

#include "remote/door_book.hpp"
#include "remote/refusal_limiter.hpp"
#include "remote/tls.hpp"
#include "remote/unique_fd.hpp"

#include <poll.h>

#include <chrono>
#include <functional>
#include <list>
#include <span>
#include <vector>

namespace vigie {

struct lobby_rules {
  std::chrono::milliseconds patience{5'000}; ///< First byte; then handshake.
  std::chrono::milliseconds brisk{1'000};    ///< When it is crowded.
  std::size_t most_guests = 256;             ///< Between accept and joined.
  /// Of one address, waiting for their handshake: fewer than the trickle
  /// serves within the patience, so that who is let wait gets his turn.
  std::size_t most_waiting = 100;
  refusal_rules limits;
};

/// A connection whose TLS handshake was good. The socket outlives the session.
struct newcomer {
  unique_fd socket;
  tls_session tls;
  std::string address;
};

/// Where connections wait until they have shown a certificate of ours. Cheap
/// things come first: no TLS before the first byte looks like TLS, no
/// handshake before the limiter agrees. Nothing here blocks, so that silent
/// and slow ones cost a socket each and delay nobody. Used by one thread.
class lobby {
public:
  using time = std::chrono::steady_clock::time_point;

  /// The references must outlive it.
  lobby(const tls_server& tls, door_book& book, lobby_rules rules,
        std::function<void(newcomer)> arrived);

  void enter(unique_fd socket, std::string address, time now);
  /// Appends a row per guest, in an order that `advance` knows.
  void watch(std::vector<pollfd>& rows) const;
  /// REQUIRES: nobody entered or left since `watch`.
  void advance(std::span<const pollfd> rows, time now);
  /// Lets in whose turn it is, sends away whose time is over.
  void tend(time now);
  /// When `tend` has to be called again at the latest.
  std::chrono::milliseconds next(time now) const;

private:
  enum class phase : uint8_t { silent, waiting, shaking, gone };

  struct guest {
    unique_fd socket;
    std::string address;
    time since; ///< Of the phase.
    phase at = phase::silent;
    short wants = POLLIN;
    tls_session tls;
  };

  void listen_to(guest& g, time now);
  void shake(guest& g, time now);
  void let_wait(guest& g, time now);
  void refuse(guest& g, refusal why, const std::string& detail = {});
  bool make_room(time now);

  const tls_server& tls_;
  door_book& book_;
  lobby_rules rules_;
  std::function<void(newcomer)> arrived_;
  refusal_limiter limiter_;
  std::list<guest> guests_; ///< In the order of their coming.
};

} // namespace vigie
