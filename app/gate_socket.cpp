#include "app/gate_socket.hpp"

#include <caf/io/all.hpp>
#include <caf/io/basp_broker.hpp>
#include <caf/io/network/default_multiplexer.hpp>
#include <caf/io/network/doorman_impl.hpp>

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <utility>

namespace vigie {

namespace {

namespace net = caf::io::network;

/// CAF names what is published by its port; a Unix socket has none.
class hatch : public net::doorman_impl {
public:
  hatch(net::default_multiplexer& mx, int fd, uint16_t number)
      : doorman_impl(mx, fd), number_(number) {}
  uint16_t port() const override { return number_; }
  std::string addr() const override { return "hatch"; }

private:
  uint16_t number_;
};

int listen_on(const std::filesystem::path& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.native().size() >= sizeof address.sun_path)
    return -1;
  std::strcpy(address.sun_path, path.c_str());
  auto fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd >= 0
      && ::bind(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0
      // The folder is ours alone; nobody else dials, should it be opened up.
      && ::chmod(path.c_str(), 0600) == 0 && ::listen(fd, 64) == 0)
    return fd;
  ::close(fd);
  return -1;
}

problem not_made() {
  return {code::internal, "The socket of the worker network cannot be made"};
}

} // namespace

gate_socket::~gate_socket() {
  std::error_code failed;
  std::filesystem::remove(path_, failed);
  if (!folder_.empty())
    std::filesystem::remove(folder_, failed);
}

/// The name of a socket has room for a hundred bytes: when the folder's is
/// longer, one is made where temporary files go.
outcome<std::filesystem::path>
gate_socket::place(const std::filesystem::path& folder) {
  std::error_code failed;
  path_ = std::filesystem::absolute(folder) / "gate";
  if (path_.native().size() < sizeof sockaddr_un{}.sun_path)
    return path_;
  auto base = std::filesystem::temp_directory_path(failed);
  auto pattern = (base / "vigied-XXXXXX").string();
  if (failed || ::mkdtemp(pattern.data()) == nullptr)
    return not_made();
  folder_ = pattern;
  path_ = folder_ / "gate";
  return path_;
}

std::optional<problem> gate_socket::publish(caf::actor_system& sys,
                                            const gate_actor& gate) {
  std::error_code failed;
  std::filesystem::remove(path_, failed); // of a life, or a gate, that ended
  auto fd = listen_on(path_);
  if (fd < 0)
    return not_made();
  auto broker =
      sys.middleman().named_broker<caf::io::basp_broker>(caf::atom("BASP"));
  if (published_)
    caf::anon_send(broker, caf::unpublish_atom::value, published_, port_);
  auto& mx = dynamic_cast<net::default_multiplexer&>(sys.middleman().backend());
  caf::io::doorman_ptr doorman = caf::make_counted<hatch>(mx, fd, ++port_);
  published_ = gate.address();
  caf::anon_send(broker, caf::publish_atom::value, std::move(doorman), port_,
                 caf::actor_cast<caf::strong_actor_ptr>(gate),
                 sys.message_types(gate));
  return std::nullopt;
}

} // namespace vigie
