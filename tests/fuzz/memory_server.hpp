#pragma once

#include "tests/http/fixture.hpp"

#include "http/routes.hpp"
#include "http/screen.hpp"

#include <algorithm>
#include <string>
#include <string_view>

namespace vigie::fuzz {

/// A connection whose bytes are there already.
struct memory_stream final : httplib::Stream {
  std::string in, out;
  std::size_t at = 0;
  std::size_t step = SIZE_MAX; ///< Bytes of one read, at most.

  bool is_readable() const override { return at < in.size(); }
  bool is_writable() const override { return true; }
  ssize_t read(char* to, std::size_t n) override {
    n = std::min({n, step, in.size() - at});
    std::copy_n(in.data() + at, n, to);
    at += n;
    return static_cast<ssize_t>(n);
  }
  ssize_t write(const char* from, std::size_t n) override {
    out.append(from, n);
    return static_cast<ssize_t>(n);
  }
  void get_remote_ip_and_port(std::string&, int&) const override {}
  void get_local_ip_and_port(std::string&, int&) const override {}
  socket_t socket() const override { return 0; }
};

/// The real routes over fakes, on no socket: what front_server does once a head
/// has been read.
class memory_server : public httplib::Server {
public:
  memory_server() {
    options_.max_file_bytes = 1'000;
    options_.max_batch_bytes = 1'500;
    options_.max_files = 3;
    add_routes(routes_, options_, ports_);
    set_pre_routing_handler(
        [this](const httplib::Request& q, httplib::Response& res) {
          return routes_.admit(q, res) ? HandlerResponse::Unhandled
                                       : HandlerResponse::Handled;
        });
    set_exception_handler([](const httplib::Request&, httplib::Response& res,
                             std::exception_ptr) { res.status = 599; });
  }

  fakes behind;

  /// The whole answer, as it would be sent.
  std::string ask(const request_head& h, std::string_view body,
                  std::size_t step = SIZE_MAX) {
    memory_stream s;
    s.in = h.method + ' ' + h.target + " HTTP/1.1\r\n\r\n";
    s.in += body;
    s.step = step;
    auto closed = false;
    process_request(s, true, closed, [&](httplib::Request& q) {
      for (auto& [name, value] : h.fields)
        q.headers.emplace(name, value);
      if (h.body == framing::none)
        q.headers.emplace("Content-Length", "0");
    });
    return s.out;
  }

private:
  http_options options_;
  http_ports ports_{behind, behind, behind, behind,
                    behind, behind, behind, behind};
  router routes_{*this};
};

inline int status_of(const std::string& answer) {
  constexpr std::string_view version = "HTTP/1.1 ";
  return answer.starts_with(version)
             ? std::atoi(answer.c_str() + version.size())
             : 0;
}

inline std::string body_of(const std::string& answer) {
  auto end = answer.find("\r\n\r\n");
  return end == answer.npos ? std::string{} : answer.substr(end + 4);
}

} // namespace vigie::fuzz
