#pragma once

#include "remote/door.hpp"
#include "remote/joined_peer.hpp"
#include "remote/sockets.hpp"

#include <atomic>
#include <list>
#include <map>
#include <string>
#include <thread>

namespace vigie {

/// The thread of the door: takes connections in, leads them through the
/// lobby, looks after those who joined once a second.
class door::doorman {
public:
  doorman(const door_options& options, peer_view& peers, door_book& book,
          peer_roll& roll, tls_server tls, unique_fd listening);
  ~doorman();

private:
  using time = lobby::time;

  void run();
  void turn();
  void take_in(time now);
  void welcome(newcomer guest);
  std::optional<refusal> obstacle_for(const peer& who);
  void look_after(time now);

  const door_options& options_;
  peer_view& peers_;
  door_book& book_;
  peer_roll& roll_;
  tls_server tls_;
  unique_fd listening_, wake_;
  time next_look_, accept_again_;
  lobby lobby_;
  std::list<joined_peer> joined_;
  std::map<std::string, pacer> joins_; ///< By serial.
  std::atomic<bool> stop_{false};
  std::thread thread_; ///< Last: it uses all of the above.
};

} // namespace vigie
