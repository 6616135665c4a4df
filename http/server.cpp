#include "http/server.hpp"

#include "http/answers.hpp"
#include "http/front_server.hpp"
#include "http/request_log.hpp"
#include "http/routes.hpp"

#include <thread>
#include <utility>

namespace vigie {

namespace {

/// Room for the boundaries and headers of a multipart body.
constexpr uint64_t multipart_margin = 1u << 20;

front_server::rules rules_for(const http_options& o) {
  front_server::rules r;
  r.threads = o.threads;
  r.bodies.upload_path = "/api/v1/ingestion/batches";
  r.bodies.upload_limit = o.max_batch_bytes + multipart_margin;
  r.pace = o.pace;
  r.head_time = o.head_time;
  r.linger = o.linger;
  return r;
}

} // namespace

struct http_server::impl {
  http_options options;
  http_ports ports;
  front_server server;
  router routes{server};
  access_guard guard{options.access, ports.access, options.cors_origins};
  std::thread thread;

  impl(http_options o, http_ports p)
      : options(std::move(o)), ports(p),
        server(rules_for(options),
               [this](const httplib::Request& q, httplib::Response& res,
                      const problem& why) {
                 name_request(q, res);
                 admit(q, res, options.cors_origins);
                 answer(q, res, why);
               }) {
    server.before = [this](const httplib::Request& q, httplib::Response& res) {
      name_request(q, res);
      return admit(q, res, options.cors_origins) && routes.admit(q, res)
             && guard.admit(q, res);
    };
    server.dress = dress;
    if (ports.meter)
      server.after = [this](const httplib::Request& q,
                            const httplib::Response& res, seconds_f took) {
        ports.meter->served(served(q, res, routes.route_of(q.path), took));
      };
    server.set_error_handler(
        [](const httplib::Request& q, httplib::Response& res) {
          if (auto why = front_server::fault())
            answer(q, res, *why);
          else if (res.body.empty())
            answer_status(q, res, res.status);
        });
    server.set_exception_handler([](const httplib::Request& q,
                                    httplib::Response& res,
                                    std::exception_ptr) {
      answer(q, res, {code::internal, "The request could not be served"});
    });
    add_routes(routes, options, ports);
  }
};

http_server::http_server(http_options options, http_ports ports)
    : impl_(std::make_unique<impl>(std::move(options), ports)) {
  // nop
}

http_server::~http_server() { stop(); }

outcome<int> http_server::start() {
  auto& o = impl_->options;
  auto port = impl_->server.bind(o.host, o.port);
  if (port <= 0)
    return problem{code::internal, "http.listen: cannot listen on " + o.host
                                       + ":" + std::to_string(o.port)};
  impl_->thread = std::thread([this] { impl_->server.run(); });
  return port;
}

std::vector<std::string> http_server::routes() const {
  return impl_->routes.list();
}

void http_server::stop() {
  impl_->server.halt();
  if (impl_->thread.joinable())
    impl_->thread.join();
}

} // namespace vigie
