// The listening half of front_server: bind, accept, halt.

#include "http/front_server.hpp"

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <thread>

namespace vigie {

namespace {

void on_listener(socket_t s) {
  // httplib's default is SO_REUSEPORT: two servers would share a port unseen.
  int one = 1;
  ::setsockopt(s, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
  ::fcntl(s, F_SETFD, FD_CLOEXEC); // worker processes must not hold the port
}

} // namespace

front_server::~front_server() {
  if (listener_ >= 0)
    ::close(listener_);
}

int front_server::bind(const std::string& host, int port) {
  set_socket_options(on_listener);
  if (port == 0)
    port = bind_to_any_port(host);
  else if (!bind_to_port(host, port))
    port = -1;
  if (port > 0) {
    listener_ = svr_sock_;
    ::listen(listener_, 4'096); // the library was built with a backlog of 5
  }
  return port;
}

// Not httplib's loop: it gives up the port on an aborted connection, and its
// sockets would be inherited by worker processes.
void front_server::run() {
  pool_ = std::make_unique<httplib::ThreadPool>(rules_.threads);
  bodies_ = std::make_unique<httplib::ThreadPool>(rules_.bodies_at_once());
  lot_.start();
  while (!stopping_) {
    auto fd = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (fd >= 0) {
      int one = 1;
      ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
      lot_.park(std::make_unique<conn_stream>(fd));
    } else if (errno == EMFILE || errno == ENFILE || errno == ENOMEM) {
      std::this_thread::sleep_for(std::chrono::milliseconds{10});
    } else if (errno == EBADF || errno == EINVAL) {
      break;
    }
  }
  lot_.stop(); // parked connections are closed before the threads are joined
  pool_->shutdown();
  bodies_->shutdown();
}

void front_server::halt() {
  stopping_ = true;
  svr_sock_ = INVALID_SOCKET; // ends httplib's loops over long answers
  if (listener_ >= 0)
    ::shutdown(listener_, SHUT_RDWR); // wakes accept()
  std::lock_guard guard{serving_mutex_};
  for (auto* c : serving_)
    c->interrupt();
}

/// A thread for each body, however slowly it comes, and some for everybody: who
/// is one too many is told at once instead of being kept waiting.
std::optional<problem> front_server::take_seat(conn_stream& c) {
  auto who = counting_key(c.peer());
  std::lock_guard guard{serving_mutex_};
  auto& its = seats_[who];
  if (seated_ < rules_.bodies_at_once() && its < rules_.bodies_of_one()) {
    ++its;
    ++seated_;
    return std::nullopt;
  }
  auto mine = its >= rules_.bodies_of_one();
  if (its == 0)
    seats_.erase(who);
  auto most = mine ? rules_.bodies_of_one() : rules_.bodies_at_once();
  return problem{code::rate_limited,
                 "Too many requests with a body at once"
                     + std::string{mine ? " from this address" : ""}
                     + ": the limit is " + std::to_string(most),
                 std::chrono::seconds{5}};
}

void front_server::leave_seat(const std::string& who) {
  std::lock_guard guard{serving_mutex_};
  auto i = seats_.find(who);
  if (--i->second == 0)
    seats_.erase(i);
  --seated_;
}

/// On the threads that wait for clients anyway.
void front_server::linger(conn_ptr c) {
  auto shared = std::make_shared<conn_ptr>(std::move(c));
  bodies_->enqueue([this, shared] {
    if (!stopping_)
      (*shared)->linger(rules_.linger);
    shared->reset();
  });
}

} // namespace vigie
