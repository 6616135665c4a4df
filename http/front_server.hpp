#pragma once

#include "http/parking_lot.hpp"

#include <functional>
#include <string>

namespace vigie {

/// httplib's server with what the packaged 0.11.4 lacks: a real backlog,
/// TCP_NODELAY, idle connections parked, limits on heads and bodies, request
/// smuggling refused, sockets handed over after the head (SSE).
class front_server : public httplib::Server {
public:
  struct rules {
    std::size_t threads = 16;
    std::size_t head_limit = 32 * 1024;
    uint64_t body_limit = uint64_t{4} << 30;
  };

  /// `refuse` writes the body of an answer that is given before any route.
  front_server(
      rules r,
      std::function<void(const httplib::Request&, httplib::Response&, int)>
          refuse);

  /// Binds (port 0: any) and answers the port, or -1.
  int bind(const std::string& host, int port);
  bool run(); ///< Serves until stop().

  /// Runs before every route; false: the answer is written already.
  std::function<bool(const httplib::Request&, httplib::Response&)> before;

  /// From a handler: once the head is sent, `take` owns the socket.
  static void detach_after_head(std::function<void(int fd)> take);

private:
  struct pool;
  bool process_and_close_socket(socket_t fd) override;
  void serve(conn_ptr c);
  int screen(const httplib::Request& q) const;

  rules rules_;
  parking_lot lot_;
  httplib::TaskQueue* pool_ = nullptr;
};

} // namespace vigie
