#include "remote/door.hpp"

#include "remote/doorman.hpp"
#include "remote/sockets.hpp"

#include <sys/un.h>

namespace vigie {

door::door(door_options options, peer_view& peers)
    : options_(std::move(options)), peers_(peers), book_(options_.log) {}

door::~door() { stop(); }

outcome<uint16_t> door::start() {
  // Told now, or every peer would find that nobody answers.
  if (options_.core_socket.native().size() >= sizeof(sockaddr_un::sun_path))
    return problem{code::internal, "the path of CAF's socket is too long: "
                                       + options_.core_socket.string()};
  auto tls = tls_server::make(options_.core);
  if (!tls)
    return tls.why();
  auto listening = listen_tcp(options_.host, options_.port);
  if (!listening)
    return listening.why();
  doorman_ = std::make_unique<doorman>(options_, peers_, book_, *roll_,
                                       std::move(tls).value(),
                                       std::move(listening.value().fd));
  return listening.value().port;
}

void door::stop() { doorman_.reset(); }

door_stats door::stats() const { return book_.stats(); }

} // namespace vigie
