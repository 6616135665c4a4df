#include "http/front_server.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <utility>

namespace vigie {

namespace {

/// State of the request that this pool thread is serving.
struct running {
  conn_stream* connection = nullptr;
  bool close = false;
  std::function<void(int)> take;
};

thread_local running current;

bool carries_body(const httplib::Request& q) {
  return q.method == "POST" || q.method == "PUT" || q.method == "PATCH"
         || q.method == "DELETE";
}

constexpr auto head_time = std::chrono::seconds{5};

} // namespace

/// Parked connections are closed before the threads are joined.
struct front_server::pool : httplib::ThreadPool {
  parking_lot& lot;
  pool(std::size_t n, parking_lot& l) : ThreadPool(n), lot(l) {}
  void shutdown() override {
    lot.stop();
    ThreadPool::shutdown();
  }
};

front_server::front_server(
    rules r,
    std::function<void(const httplib::Request&, httplib::Response&, int)>
        refuse)
    : rules_(r), lot_([this](conn_ptr c) {
        auto shared = std::make_shared<conn_ptr>(std::move(c));
        pool_->enqueue([this, shared] { serve(std::move(*shared)); });
      }) {
  new_task_queue = [this]() -> httplib::TaskQueue* {
    return pool_ = new pool(rules_.threads, lot_);
  };
  // httplib's default is SO_REUSEPORT: two servers would share a port unseen.
  set_socket_options([](socket_t s) {
    int one = 1;
    ::setsockopt(s, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
  });
  set_pre_routing_handler(
      [this, refuse](const httplib::Request& q, httplib::Response& res) {
        current.connection->begin_body(rules_.body_limit + 64 * 1024);
        if (auto status = screen(q)) {
          refuse(q, res, status);
          return HandlerResponse::Handled;
        }
        if (before && !before(q, res))
          return HandlerResponse::Handled;
        return HandlerResponse::Unhandled;
      });
  set_expect_100_continue_handler(
      [this, refuse](const httplib::Request& q, httplib::Response& res) {
        if (q.get_header_value<uint64_t>("Content-Length") <= rules_.body_limit)
          return 100;
        refuse(q, res, 413);
        return res.status = 413; // the return value alone is not copied
      });
  // What a refusal leaves unread would be parsed as the next request.
  set_post_routing_handler(
      [](const httplib::Request& q, httplib::Response& res) {
        if (res.status >= 400 && carries_body(q)) {
          current.close = true;
          res.set_header("Connection", "close");
        }
      });
}

int front_server::screen(const httplib::Request& q) const {
  if (!carries_body(q))
    return 0;
  auto sized = q.has_header("Content-Length");
  auto chunked = q.has_header("Transfer-Encoding");
  if ((sized && chunked) || q.get_header_value_count("Content-Length") > 1)
    return 400; // request smuggling (RFC 9112, 6.3)
  if (!sized && !chunked)
    return q.method == "DELETE" ? 0 : 411;
  if (sized
      && q.get_header_value<uint64_t>("Content-Length") > rules_.body_limit)
    return 413;
  return q.has_header("Content-Encoding") ? 415 : 0;
}

int front_server::bind(const std::string& host, int port) {
  if (port == 0)
    port = bind_to_any_port(host);
  else if (!bind_to_port(host, port))
    port = -1;
  if (port > 0)
    ::listen(svr_sock_, 4'096); // the library was built with a backlog of 5
  return port;
}

bool front_server::run() {
  lot_.start();
  return listen_after_bind();
}

void front_server::detach_after_head(std::function<void(int)> take) {
  current.take = std::move(take);
}

bool front_server::process_and_close_socket(socket_t fd) {
  int one = 1;
  ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  lot_.park(std::make_unique<conn_stream>(fd));
  return true;
}

void front_server::serve(conn_ptr c) {
  do {
    current = {c.get(), false, nullptr};
    c->begin_head(rules_.head_limit, head_time);
    auto closed = false;
    auto good = process_request(*c, false, closed, nullptr);
    good = c->flush() && good;
    auto take = std::exchange(current.take, nullptr);
    current.connection = nullptr;
    if (take && good) {
      take(c->release());
      return;
    }
    if (!good || closed || current.close || svr_sock_ == INVALID_SOCKET)
      return;
  } while (c->buffered());
  lot_.park(std::move(c));
}

} // namespace vigie
