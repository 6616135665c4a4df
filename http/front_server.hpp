#pragma once

#include "http/parking_lot.hpp"
#include "http/screen.hpp"

#include <atomic>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>

namespace vigie {

/// httplib's server with what the packaged 0.11.4 lacks: heads read strictly
/// before httplib sees them, limits on heads and bodies and on their pace, a
/// real backlog, TCP_NODELAY, idle connections parked, sockets handed over
/// after the head (SSE). Bodies have threads of their own, one each, and
/// some for every address: slow uploads hold up nobody.
class front_server : public httplib::Server {
public:
  struct rules {
    std::size_t threads = 16; ///< And eight times as many for bodies.
    std::size_t bodies_at_once() const { return 8 * threads; }
    /// Of one address; a proxy counts as one.
    std::size_t bodies_of_one() const { return 6 * threads; }
    std::size_t head_limit = 32 * 1024;
    std::chrono::milliseconds head_time{5'000};
    body_rules bodies;
    pace_rule pace;
    std::chrono::milliseconds linger{1'000}; ///< Reading on after a refusal.
  };
  using refusal = std::function<void(const httplib::Request&,
                                     httplib::Response&, const problem&)>;

  /// `refuse` fills the answer of a request that no route gets to see.
  front_server(rules r, refusal refuse);
  ~front_server() override;

  /// Binds (port 0: any) and answers the port, or -1. Clients may connect
  /// from then on; they are answered once run() is.
  int bind(const std::string& host, int port);
  void run();  ///< Serves until halt().
  void halt(); ///< At any time, from any thread.

  /// Last touches to every answer, whoever wrote it.
  std::function<void(const httplib::Request&, httplib::Response&)> dress;
  /// Runs before every route; false: the answer is written already.
  std::function<bool(const httplib::Request&, httplib::Response&)> before;

  /// Runs once per answer, after it was written; `took` is counted from the
  /// end of the head, and holds the wait for a thread.
  std::function<void(const httplib::Request&, const httplib::Response&,
                     std::chrono::duration<double> took)>
      after;

  /// From a handler: once the head is sent, `take` owns the socket.
  static void detach_after_head(std::function<void(int fd)> take);
  /// What is wrong with the body of the request in hand.
  static std::optional<problem> fault();
  /// Who is at the other end of the connection in hand.
  static ip_address peer();

private:
  enum class next : uint8_t { close, linger, wait, bodies };
  next serve_one(conn_stream& c);
  void serve(conn_ptr c);
  next serve_on(conn_ptr& c);
  bool asks_at_once(conn_stream& c) const;
  void linger(conn_ptr c);
  void give(httplib::TaskQueue& to, conn_ptr c, bool for_body);
  std::optional<problem> take_seat(conn_stream& c);
  void leave_seat(const std::string& who);
  next refuse_early(conn_stream& c, const request_head& h, const problem& why);

  rules rules_;
  refusal refuse_;
  std::atomic<bool> stopping_{false};
  std::mutex serving_mutex_;
  std::set<conn_stream*> serving_;           ///< In the hands of a pool thread.
  std::map<std::string, std::size_t> seats_; ///< Bodies at work, by address.
  std::size_t seated_ = 0;
  /// Connections that no thread has taken yet: of pool_, of bodies_.
  std::atomic<int> waiting_[2]{0, 0};
  int listener_ = -1;
  parking_lot lot_;
  std::unique_ptr<httplib::TaskQueue> pool_;
  std::unique_ptr<httplib::TaskQueue> bodies_; ///< For requests with a body.
};

} // namespace vigie
