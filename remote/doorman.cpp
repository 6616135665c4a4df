#include "remote/doorman.hpp"

#include "remote/bundle.hpp"

#include <signal.h>
#include <sys/eventfd.h>

#include <cerrno>

namespace vigie {

namespace {

using namespace std::chrono_literals;

/// Between two looks at those who wait, joined peers not to be forgotten.
constexpr int most_at_once = 64;

/// Connections: the one that is there, and the next before that has ended.
constexpr std::size_t kept_for_local = 2;

/// OpenSSL writes with write(2): a peer that is gone raises SIGPIPE in the
/// thread that writes. Threads started from here inherit the mask.
void block_sigpipe() {
  sigset_t pipe;
  sigemptyset(&pipe);
  sigaddset(&pipe, SIGPIPE);
  pthread_sigmask(SIG_BLOCK, &pipe, nullptr);
}

} // namespace

door::doorman::doorman(const door_options& options, peer_view& peers,
                       door_book& book, peer_roll& roll, tls_server tls,
                       unique_fd listening)
    : options_(options), peers_(peers), book_(book), roll_(roll),
      tls_(std::move(tls)), listening_(std::move(listening)),
      wake_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
      lobby_(tls_, book, options.lobby,
             [this](newcomer guest) { welcome(std::move(guest)); }),
      thread_([this] { run(); }) {}

door::doorman::~doorman() {
  stop_ = true;
  uint64_t one = 1;
  (void)!::write(wake_.get(), &one, sizeof one);
  thread_.join();
}

void door::doorman::run() {
  block_sigpipe();
  while (!stop_) {
    try {
      turn();
    } catch (const std::exception& e) { // out of memory or of threads
      book_.say(std::string{"the door stumbled: "} + e.what());
    }
  }
  for (auto& peer : joined_) // all at once, then one by one
    peer.cut({}, "the server is stopping");
  joined_.clear();
}

void door::doorman::turn() {
  auto now = std::chrono::steady_clock::now();
  std::vector<pollfd> rows{
      {wake_.get(), POLLIN, 0},
      {now < accept_again_ ? -1 : listening_.get(), POLLIN, 0}};
  lobby_.watch(rows);
  auto pause =
      std::min(lobby_.next(now), now < accept_again_ ? 100ms : 1'000ms);
  ::poll(rows.data(), rows.size(), static_cast<int>(pause.count()));
  now = std::chrono::steady_clock::now();
  lobby_.advance(std::span{rows}.subspan(2), now);
  if (rows[1].revents != 0)
    take_in(now);
  lobby_.tend(now);
  if (now >= next_look_)
    look_after(now);
}

void door::doorman::take_in(time now) {
  for (int i = 0; i < most_at_once; ++i) {
    sockaddr_storage from{};
    socklen_t n = sizeof from;
    unique_fd fd{::accept4(listening_.get(), reinterpret_cast<sockaddr*>(&from),
                           &n, SOCK_NONBLOCK | SOCK_CLOEXEC)};
    if (!fd) {
      // Out of descriptors: the queue stays readable and must not spin us.
      if (errno == EMFILE || errno == ENFILE || errno == ENOMEM
          || errno == ENOBUFS)
        accept_again_ = now + 100ms;
      return;
    }
    ++book_.accepted;
    tune_peer(fd.get());
    lobby_.enter(std::move(fd), address_of(from), now);
  }
}

void door::doorman::welcome(newcomer guest) {
  auto refuse = [&](refusal why, const std::string& detail) {
    book_.refused(guest.address, why, detail);
  };
  auto who = peers_.by_serial(peer_serial(guest.tls));
  if (!who)
    return refuse(refusal::not_registered,
                  "shown by " + peer_name(guest.tls) + ": " + who.why().detail);
  if (auto why = obstacle_for(who.value()))
    return refuse(*why, who.value().name);
  auto core = connect_unix(options_.core_socket);
  if (!core)
    return refuse(refusal::no_core, who.value().name);
  joined_.emplace_back(pump::parts{std::move(guest.socket),
                                   std::move(guest.tls), std::move(core),
                                   options_.guard, options_.pace,
                                   options_.bytes, 30s, options_.greet_in},
                       guest.address, book_, roll_);
}

/// One bundle cannot take the places of the others, nor all bundles together
/// that of the server's own node. Its oldest connection goes, and the place is
/// free when it comes again.
std::optional<refusal> door::doorman::obstacle_for(const peer& who) {
  joined_.remove_if([](auto& p) { return p.over(); });
  auto now = std::chrono::steady_clock::now();
  auto& pace =
      joins_.try_emplace(who.serial, options_.joins, now).first->second;
  if (pace.rest(now).count() > 0)
    return refusal::hasty;
  pace.spend(1);
  auto same = [&](auto& p) { return p.serial() == who.serial; };
  if (static_cast<std::size_t>(std::ranges::count_if(joined_, same))
      >= options_.max_of_one) {
    std::ranges::find_if(joined_, same)->cut(refusal::replaced, {});
    return refusal::replaced;
  }
  auto spare = who.name == local_name ? 0 : kept_for_local;
  if (joined_.size() + spare >= options_.max_peers)
    return refusal::full;
  return std::nullopt;
}

void door::doorman::look_after(time now) {
  next_look_ = now + 1s;
  if (joins_.size() > 1'000) // of serials that were replaced since
    joins_.clear();
  joined_.remove_if([](auto& peer) { return peer.over(); });
  for (auto& peer : joined_)
    if (auto who = peers_.by_serial(peer.serial()); !who)
      peer.cut(refusal::withdrawn, who.why().detail);
  book_.tick();
}

} // namespace vigie
