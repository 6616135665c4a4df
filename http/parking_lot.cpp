#include "http/parking_lot.hpp"

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <utility>

namespace vigie {

namespace {

using clock = std::chrono::steady_clock;

constexpr auto idle_limit = std::chrono::seconds{30};
constexpr auto between_sweeps = std::chrono::milliseconds{500};
constexpr int most_events = 128;

} // namespace

parking_lot::parking_lot(std::function<void(conn_ptr)> on_readable)
    : on_readable_(std::move(on_readable)),
      epoll_(::epoll_create1(EPOLL_CLOEXEC)), wake_(::eventfd(0, EFD_CLOEXEC)) {
  epoll_event e{};
  e.events = EPOLLIN;
  e.data.fd = -1;
  ::epoll_ctl(epoll_, EPOLL_CTL_ADD, wake_, &e);
}

parking_lot::~parking_lot() {
  stop();
  ::close(epoll_);
  ::close(wake_);
}

void parking_lot::start() {
  thread_ = std::thread([this] { loop(); });
}

void parking_lot::stop() {
  if (!thread_.joinable())
    return;
  {
    std::lock_guard guard{mutex_};
    stopping_ = true;
  }
  wake();
  thread_.join();
  std::lock_guard guard{mutex_};
  cars_.clear();
}

void parking_lot::wake() {
  uint64_t one = 1;
  [[maybe_unused]] auto n = ::write(wake_, &one, sizeof one);
}

void parking_lot::park(conn_ptr c) {
  std::lock_guard guard{mutex_};
  if (stopping_)
    return;
  if (std::exchange(asleep_, false))
    wake();
  auto fd = c->fd();
  cars_.insert_or_assign(fd, car{std::move(c), clock::now()});
  epoll_event e{};
  e.events = EPOLLIN | EPOLLRDHUP | EPOLLONESHOT;
  e.data.fd = fd;
  if (::epoll_ctl(epoll_, EPOLL_CTL_ADD, fd, &e) != 0)
    cars_.erase(fd);
}

void parking_lot::sweep(std::vector<conn_ptr>& dead,
                        std::vector<conn_ptr>& late) {
  auto now = clock::now();
  for (auto i = cars_.begin(); i != cars_.end();) {
    auto due = i->second.connection->head_due();
    if (due && now >= *due) {
      ::epoll_ctl(epoll_, EPOLL_CTL_DEL, i->first, nullptr);
      late.push_back(std::move(i->second.connection));
    } else if (!due && now - i->second.since > idle_limit) {
      dead.push_back(std::move(i->second.connection));
    } else {
      ++i;
      continue;
    }
    i = cars_.erase(i);
  }
}

void parking_lot::loop() {
  epoll_event events[most_events];
  auto swept = clock::now();
  auto forever = false;
  for (;;) {
    auto n = ::epoll_wait(epoll_, events, most_events, forever ? -1 : 500);
    std::vector<conn_ptr> ready, dead; // closed outside of the lock
    {
      std::lock_guard guard{mutex_};
      if (stopping_)
        return;
      forever = asleep_ = n == 0 && cars_.empty(); // until somebody parks
      for (int i = 0; i < n; ++i) {
        if (events[i].data.fd == -1) {
          uint64_t ignored = 0;
          [[maybe_unused]] auto got = ::read(wake_, &ignored, sizeof ignored);
        }
        auto found = cars_.find(events[i].data.fd);
        if (found == cars_.end())
          continue;
        ::epoll_ctl(epoll_, EPOLL_CTL_DEL, found->first, nullptr);
        ready.push_back(std::move(found->second.connection));
        cars_.erase(found);
      }
      if (clock::now() - swept >= between_sweeps) {
        swept = clock::now();
        sweep(dead, ready);
      }
    }
    for (auto& c : ready)
      on_readable_(std::move(c));
  }
}

} // namespace vigie
