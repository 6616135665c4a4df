#include "remote/pump.hpp"

#include <openssl/err.h>

#include <sys/eventfd.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>

namespace vigie {

namespace {

constexpr std::size_t part_size = 16u << 10;
constexpr std::size_t compact_after = 64u << 10;

bool try_again() { return errno == EAGAIN || errno == EINTR; }

} // namespace

pump::pump(parts p, std::string serial, door_book& book, peer_roll& roll)
    : p_(std::move(p)), serial_(std::move(serial)), book_(book), roll_(roll),
      guard_(p_.rules), pace_(p_.pace, clock::now()),
      bytes_pace_(p_.bytes, clock::now()),
      wake_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  in_.moved = out_.moved = clock::now();
}

pump::~pump() { leave_roll(); }

void pump::lane::sent(std::size_t n) {
  from += n;
  moved = clock::now();
  // Not at every step, or a slow reader costs a copy of all that waits.
  if (from < bytes.size() && from < compact_after)
    return;
  bytes.erase(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(from));
  from = 0;
}

void pump::cut(std::optional<refusal> why, std::string detail) {
  {
    std::lock_guard lock{cut_guard_};
    if (cut_)
      return;
    cut_why_ = {why, std::move(detail)};
    cut_ = true;
  }
  uint64_t one = 1;
  (void)!::write(wake_.get(), &one, sizeof one);
}

pump_end pump::run() {
  while (!end_) {
    if (cut_) {
      std::lock_guard lock{cut_guard_};
      end_ = cut_why_;
      break;
    }
    // No short circuit: each direction gets its turn.
    auto moved = read_client();
    moved |= !end_ && write_core();
    moved |= !end_ && read_core();
    moved |= !end_ && write_client();
    if (end_)
      break;
    if (finished())
      stop({}, {});
    else if (!moved)
      wait();
  }
  ERR_clear_error();
  if (!end_->why)
    SSL_shutdown(p_.tls.ssl.get());
  ERR_clear_error();
  p_.tls.ssl.reset();
  p_.client.reset();
  p_.core.reset();
  leave_roll();
  return *end_;
}

/// What one side said before it closed still reaches the other.
bool pump::finished() const {
  return (in_.ended && in_.pending() == 0)
         || (out_.ended && out_.pending() == 0);
}

void pump::stop(std::optional<refusal> why, std::string detail) {
  end_ = pump_end{why, std::move(detail)};
}

/// Notes what TLS waits for; false: the connection is at its end.
bool pump::tls_wants(int result, short& direction) {
  switch (SSL_get_error(p_.tls.ssl.get(), result)) {
  case SSL_ERROR_WANT_READ:
    direction = POLLIN;
    return true;
  case SSL_ERROR_WANT_WRITE:
    direction = POLLOUT;
    return true;
  default:
    return false;
  }
}

bool pump::read_client() {
  read_wants_ = 0;
  if (!may_read())
    return false;
  std::byte part[part_size];
  ERR_clear_error();
  auto n = SSL_read(p_.tls.ssl.get(), part, sizeof part);
  if (n <= 0) {
    in_.ended = !tls_wants(n, read_wants_);
    return in_.ended;
  }
  book_.bytes_in += static_cast<uint64_t>(n);
  if (in_.pending() == 0)
    in_.moved = clock::now();
  auto bytes = bytes_view{part, static_cast<std::size_t>(n)};
  auto before = guard_.frames();
  if (auto why = guard_.feed(bytes, in_.bytes)) {
    stop(refusal::bad_frame, *why);
    return true;
  }
  pace_.spend(static_cast<double>(guard_.frames() - before));
  bytes_pace_.spend(static_cast<double>(n));
  return greeted();
}

bool pump::write_client() {
  write_wants_ = 0;
  if (out_.pending() == 0)
    return false;
  ERR_clear_error();
  auto n = SSL_write(p_.tls.ssl.get(), out_.bytes.data() + out_.from,
                     static_cast<int>(out_.pending()));
  if (n <= 0) {
    if (!tls_wants(n, write_wants_))
      stop({}, "connection lost");
    return false;
  }
  book_.bytes_out += static_cast<uint64_t>(n);
  sent_ += static_cast<uint64_t>(n);
  out_.sent(static_cast<std::size_t>(n));
  return true;
}

bool pump::read_core() {
  if (out_.ended || !out_.room())
    return false;
  std::byte part[part_size];
  auto n = ::recv(p_.core.get(), part, sizeof part, 0);
  if (n < 0 && try_again())
    return false;
  if (n <= 0) {
    out_.ended = true;
    return true;
  }
  if (out_.pending() == 0)
    out_.moved = clock::now();
  guard_.heard({part, static_cast<std::size_t>(n)});
  out_.bytes.insert(out_.bytes.end(), part, part + n);
  return true;
}

bool pump::write_core() {
  if (in_.pending() == 0)
    return false;
  auto n = ::send(p_.core.get(), in_.bytes.data() + in_.from, in_.pending(),
                  MSG_NOSIGNAL);
  if (n < 0 && try_again())
    return false;
  if (n <= 0) {
    stop({}, "the actor system closed");
    return false;
  }
  in_.sent(static_cast<std::size_t>(n));
  return true;
}

} // namespace vigie
