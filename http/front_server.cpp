// Over budget: one request, from its head to the next one.
#include "http/front_server.hpp"

#include <poll.h>

#include <utility>

namespace vigie {

namespace {

/// State of the request that this pool thread is serving.
struct running {
  conn_stream* connection = nullptr;
  bool close = false;
  std::function<void(int)> take;
  std::chrono::steady_clock::time_point since{};
};

thread_local running current;
thread_local bool may_read_body = false;

std::chrono::duration<double> so_far() {
  return std::chrono::steady_clock::now() - current.since;
}

/// Headers as they were read here: httplib would percent-decode them.
void give_fields(const request_head& h, httplib::Request& q) {
  for (auto& [name, value] : h.fields)
    q.headers.emplace(name, value);
  if (h.body == framing::chunked) // conn_stream takes the coding off
    q.headers.erase("Transfer-Encoding");
  if (h.body == framing::none) // httplib would read on until the end
    q.headers.emplace("Content-Length", "0");
}

/// Why a head that is not complete is refused.
problem cut_short(conn_stream::head_end how, const std::string& raw) {
  if (how == conn_stream::head_end::slow)
    return {code::request_timeout, "The head comes too slowly"};
  if (raw.find('\n') == raw.npos)
    return {code::uri_too_long, "The request line is too long"};
  return {code::head_too_large, "The head is too large"};
}

/// Last touches to every answer that httplib writes.
void finish(const httplib::Request&, httplib::Response& res) {
  res.headers.erase("Keep-Alive"); // httplib's figures are not ours
  if (res.status == 304 || res.status == 204)
    res.headers.erase("Content-Length");
  // What is left of a body would be parsed as the next request.
  if (!current.connection->body_read() || res.has_header("Connection")) {
    current.close = true;
    res.headers.erase("Connection");
    res.set_header("Connection", "close");
  }
}

} // namespace

front_server::front_server(rules r, refusal refuse)
    : rules_(std::move(r)), refuse_(std::move(refuse)),
      lot_([this](conn_ptr c) { give(*pool_, std::move(c), false); }) {
  set_pre_routing_handler(
      [this](const httplib::Request& q, httplib::Response& res) {
        return before && !before(q, res) ? HandlerResponse::Handled
                                         : HandlerResponse::Unhandled;
      });
  set_post_routing_handler(
      [this](const httplib::Request& q, httplib::Response& res) {
        if (dress)
          dress(q, res);
        finish(q, res);
      });
  set_logger([this](const httplib::Request& q, const httplib::Response& res) {
    if (after)
      after(q, res, so_far());
  });
}

void front_server::detach_after_head(std::function<void(int)> take) {
  current.take = std::move(take);
}

std::optional<problem> front_server::fault() {
  return current.connection ? current.connection->fault() : std::nullopt;
}

ip_address front_server::peer() { return current.connection->peer(); }

front_server::next front_server::refuse_early(conn_stream& c,
                                              const request_head& h,
                                              const problem& why) {
  httplib::Request q;
  httplib::Response res;
  q.method = h.method;
  q.path = h.path;
  give_fields(h, q);
  refuse_(q, res, why);
  if (dress)
    dress(q, res);
  auto text = "HTTP/1.1 " + std::to_string(res.status) + ' '
              + std::string{row(why.id).title_en} + "\r\n";
  for (auto& [name, value] : res.headers)
    text += name + ": " + value + "\r\n";
  text += "Content-Length: " + std::to_string(res.body.size())
          + "\r\nConnection: close\r\n\r\n";
  if (h.method != "HEAD")
    text += res.body;
  c.write(text.data(), text.size());
  auto sent = c.flush();
  if (after)
    after(q, res, so_far());
  return sent ? next::linger : next::close;
}

front_server::next front_server::serve_one(conn_stream& c) {
  using end = conn_stream::head_end;
  request_head h;
  auto ended = c.read_head(rules_.head_limit, rules_.head_time);
  if (ended == end::partial)
    return next::wait; // in the lot, where it costs no thread
  if (ended == end::gone || c.head().empty())
    return next::close;
  current.since = c.head_whole();
  std::string_view text{c.head()};
  text.remove_prefix(text.starts_with("\r\n") ? 2 : 0); // RFC 9112, 2.2
  auto read = parse_head(text, h);
  if (ended != end::complete)
    return refuse_early(c, h, cut_short(ended, c.head()));
  if (!read)
    return refuse_early(c, h, read.why());
  auto limit = screen(h, rules_.bodies);
  if (!limit)
    return refuse_early(c, h, limit.why());
  if (h.has_body() && !may_read_body) {
    auto full = take_seat(c);
    return full ? refuse_early(c, h, *full) : next::bodies;
  }
  c.forget_head();
  auto head = h.method + ' ' + h.target + " HTTP/1.1\r\n"
              + (h.close ? "Connection: close\r\n\r\n" : "\r\n");
  c.begin_request(std::move(head), h, limit.value(), rules_.pace);
  current = {&c, h.close, nullptr, current.since};
  auto closed = false;
  auto good = process_request(c, false, closed,
                              [&](httplib::Request& q) { give_fields(h, q); });
  return c.flush() && good ? next::wait : next::close;
}

front_server::next front_server::serve_on(conn_ptr& c) {
  do {
    current = {};
    auto then = serve_one(*c);
    auto done = std::exchange(current, {});
    if (then == next::bodies || then == next::linger)
      return then;
    auto good = then == next::wait;
    if (good && done.take) {
      done.take(c->release());
      return next::close;
    }
    if (good && done.close && (!c->body_read() || c->buffered()))
      return next::linger;
    if (!good || done.close || stopping_)
      return next::close;
  } while (c->buffered() || asks_at_once(*c));
  return next::wait;
}

/// Whether the next request of a client that has just been answered is there in
/// a moment: then it needs no way through the lot to another thread. Only while
/// nobody else waits for this one.
bool front_server::asks_at_once(conn_stream& c) const {
  constexpr int moment = 2; // ms
  if (stopping_ || !c.head().empty() || waiting_[may_read_body] > 0)
    return false;
  pollfd row{c.fd(), POLLIN, 0};
  return ::poll(&row, 1, moment) > 0;
}

void front_server::give(httplib::TaskQueue& to, conn_ptr c, bool for_body) {
  auto seat = for_body ? counting_key(c->peer()) : std::string{};
  auto shared = std::make_shared<conn_ptr>(std::move(c));
  ++waiting_[for_body];
  to.enqueue([this, shared, for_body, seat] {
    --waiting_[for_body];
    may_read_body = for_body;
    serve(std::move(*shared));
    if (for_body)
      leave_seat(seat);
  });
}

void front_server::serve(conn_ptr c) {
  {
    std::lock_guard guard{serving_mutex_};
    if (stopping_)
      return;
    serving_.insert(c.get());
  }
  auto then = serve_on(c);
  {
    std::lock_guard guard{serving_mutex_};
    serving_.erase(c.get());
  }
  if (then == next::wait)
    lot_.park(std::move(c));
  else if (then == next::linger)
    linger(std::move(c));
  else if (then == next::bodies)
    give(*bodies_, std::move(c), true);
}

} // namespace vigie
