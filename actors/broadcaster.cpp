#include "actors/broadcaster.hpp"

#include "domain/sse.hpp"

#include <sys/socket.h>

#include <algorithm>
#include <utility>

namespace vigie {

namespace {

using client = broadcaster_state::client;

struct framed {
  std::string bytes;
  uint64_t events = 0;
};

/// What `c` has not had yet and may see.
framed frames(const auto& events, const client& c) {
  framed out;
  for (auto& e : events)
    if (e.seq > c.at && c.sees(e)) {
      out.bytes += sse_frame(e.seq, e.data);
      ++out.events;
    }
  return out;
}

/// One system call; what is not taken, or wrong, is the multiplexer's.
std::size_t send_now(broadcaster_state::handle h, const std::string& bytes) {
  auto n = ::send(static_cast<int>(h.id()), bytes.data(), bytes.size(),
                  MSG_DONTWAIT | MSG_NOSIGNAL);
  return n > 0 ? static_cast<std::size_t>(n) : 0;
}

std::string snapshot_url(const std::optional<batch_id>& only) {
  auto base = std::string{"/api/v1/ingestion/batches"};
  return only ? base + "/" + only->text : base;
}

} // namespace

void broadcaster_state::adopt(socket_guard& socket) {
  if (leaving)
    return; // its guard closes it
  auto& wish = socket.what();
  auto h = self->add_scribe(socket.release());
  self->configure_read(h, caf::io::receive_policy::at_most(256));
  self->ack_writes(h, true);
  auto now = self->clock().now();
  auto& c = clients[h] = {};
  c.at = wish.after.value_or(last);
  c.spoken = c.moved = now;
  c.only = wish.only;
  c.owner = wish.owner;
  c.key = wish.key;
  tick_soon();
  write(h, c, sse_hello(c.at));
  if (wish.bad_id) {
    write(h, c, sse_reset(snapshot_url(c.only)));
    c.at = last;
  }
  c.live = c.at == last;
  if (!c.live)
    replay(h);
}

void broadcaster_state::announce(const std::vector<committed_event>& events) {
  client anybody;
  anybody.at = last;
  auto all = frames(events, anybody);
  std::vector<handle> slow;
  for (auto& [h, c] : clients) {
    if (!c.live)
      continue;
    auto plain = !c.only && !c.owner && c.at <= last;
    auto mine = plain ? framed{} : frames(events, c);
    auto& out = plain ? all : mine;
    if (c.pending + out.bytes.size() > rules.most_pending)
      slow.push_back(h);
    else if (out.events > 0)
      write(h, c, out.bytes, out.events);
    c.at = std::max(c.at, events.back().seq);
  }
  for (auto h : slow)
    drop(h);
  for (auto& e : events)
    ring.push_back(e);
  while (ring.size() > rules.ring)
    ring.pop_front();
  last = std::max(last, events.back().seq);
}

bool broadcaster_state::catch_up_from_ring(handle h, client& c) {
  if (c.at > last || ring.empty() || c.at + 1 < ring.front().seq)
    return c.at == last;
  auto out = frames(ring, c);
  if (c.pending + out.bytes.size() > rules.most_pending)
    return false; // in slices from disk, as fast as the reader takes them
  c.at = last;
  if (out.events > 0)
    write(h, c, out.bytes, out.events);
  return true;
}

void broadcaster_state::replay(handle h) {
  auto& c = clients.at(h);
  if (c.asked || leaving)
    return;
  if (catch_up_from_ring(h, c)) {
    c.live = true;
    return;
  }
  c.asked = true;
  self->request(replayer, std::chrono::seconds{60}, replay_atom_v, c.at)
      .then([this, h, after = c.at](
                const slice_ptr& found) { replayed(h, after, *found); },
            [this, h](const caf::error&) { drop(h); });
}

void broadcaster_state::replayed(handle h, int64_t after,
                                 const outcome<log_slice>& found) {
  auto i = clients.find(h);
  if (i == clients.end() || !i->second.asked || i->second.at != after)
    return; // gone; the handle may even be somebody else's by now
  auto& c = i->second;
  c.asked = false;
  if (!found) {
    drop(h);
    return;
  }
  auto& slice_found = found.value();
  if (!slice_found.complete) {
    write(h, c, sse_reset(snapshot_url(c.only)));
    c.at = last;
    c.live = true;
    return;
  }
  if (slice_found.events.empty()) {
    // Ahead of what was announced when we asked; what has been announced since
    // then passed this client by.
    c.live = c.at >= last;
    if (!c.live)
      replay(h);
    return;
  }
  auto out = frames(slice_found.events, c);
  c.at = slice_found.events.back().seq;
  if (out.events > 0)
    write(h, c, out.bytes, out.events);
  if (c.pending < rules.most_pending / 4)
    replay(h); // else the next slice follows when the reader has taken this
}

void broadcaster_state::write(handle h, client& c, const std::string& bytes,
                              uint64_t events) {
  told_events += events;
  if (c.pending == 0)
    c.moved = self->clock().now();
  c.spoken = self->clock().now();
  auto gone = c.pending == 0 ? send_now(h, bytes) : 0; // else it would overtake
  if (gone == bytes.size())
    return;
  c.pending += bytes.size() - gone;
  self->write(h, bytes.size() - gone, bytes.data() + gone);
  self->flush(h);
}

void broadcaster_state::drop(handle h) {
  if (clients.erase(h) == 0)
    return;
  // close() alone would wait until the stalled peer drains.
  ::shutdown(static_cast<int>(h.id()), SHUT_RDWR);
  self->close(h);
  ++cut;
}

void broadcaster_state::tick() {
  auto now = self->clock().now();
  auto late = leaving && now >= *leaving;
  std::vector<handle> stalled;
  for (auto& [h, c] : clients) {
    if (late || (c.pending > 0 && now - c.moved > rules.stalled))
      stalled.push_back(h);
    else if (now - c.spoken >= rules.keepalive)
      write(h, c, std::string{sse_keepalive()});
  }
  for (auto h : stalled)
    drop(h);
  check_rights();
  tell_if_alone();
}

} // namespace vigie
