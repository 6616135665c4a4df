// basp_guard: which frames a worker needs.

#include "remote/basp_guard.hpp"

#include <algorithm>

namespace vigie {

namespace {

// caf/io/basp/message_type.hpp
constexpr uint64_t client_handshake = 1, direct_message = 2,
                   monitor_message = 4, down_message = 5, heartbeat = 6;
// caf/io/basp/header.hpp
constexpr uint64_t named_receiver_flag = 1, select_connection_flag = 2;

// caf/message_id.hpp: an answer, one that is answered, a stream.
constexpr uint64_t no_question = 0xE000'0000'0000'0000;

/// More than the greeting to SpawnServ (45), less than anything useful.
constexpr uint32_t most_greeting = 256;
/// Two node ids and an error with its context.
constexpr uint32_t most_down = 64u << 10;

} // namespace

std::optional<std::string> basp_guard::judge_header() {
  auto operation = field(0, 1);
  if (field(4, 4) > rules_.most_payload)
    return "claims a message of " + std::to_string(field(4, 4))
           + " bytes; the limit is " + std::to_string(rules_.most_payload);
  if (operation != client_handshake && handshakes_ == 0)
    return "speaks before its handshake";
  switch (operation) {
  case client_handshake:
    return judge_handshake();
  case direct_message:
    return judge_direct();
  case monitor_message:
    return judge_watch(false);
  case down_message:
    return judge_watch(true);
  case heartbeat:
    return judge_heartbeat();
  // 0 is the server's handshake; 3 would be routed to another node.
  default:
    return "sends a message of kind " + std::to_string(operation)
           + ", which a worker never needs";
  }
}

/// CAF's client says it when it connects, and again, with the same payload
/// and select_connection_flag, when it has read the server's.
std::optional<std::string> basp_guard::judge_handshake() {
  if (++handshakes_ > 2)
    return "repeats its handshake";
  auto flags = handshakes_ == 1 ? 0 : select_connection_flag;
  if (field(4, 4) != id_size || (field(3, 1) | flags) != flags
      || field(16, 8) != 0 || field(24, 8) != 0)
    return "sends a handshake that no CAF 0.17.6 sends";
  fate_ = fate::inspect;
  return std::nullopt;
}

std::optional<std::string> basp_guard::judge_direct() {
  if (field(4, 4) == 0 || field(24, 8) == 0)
    return "sends a message without content or receiver";
  if (field(3, 1) == 0) {
    if (field(24, 8)
        == published_actor(bytes_view{server_}.subspan(
            std::min(server_.size(), header_size)))) {
      if ((field(8, 8) & no_question) != 0)
        return "answers what nobody asked it";
      fate_ = fate::glance;
      return note_speaker();
    }
    // The answer of its SpawnServ to our broker's, which is of no use to us.
    if (field(4, 4) > most_greeting || ++answered_ > 2)
      return "writes to an actor that it was not shown";
    fate_ = fate::swallow;
    return std::nullopt;
  }
  // CAF's client greets the server's SpawnServ by name, once, for the sake of
  // remote_spawn. We have none; the answer would hand out handles that a peer
  // could kill. So nobody gets the greeting, and nothing misses it.
  if (field(3, 1) != named_receiver_flag || greeted_
      || field(4, 4) > most_greeting)
    return "calls an actor by name";
  greeted_ = true;
  fate_ = fate::swallow;
  return std::nullopt;
}

std::optional<std::string> basp_guard::note_speaker() {
  auto who = field(16, 8);
  if (who != 0 && speakers_.insert(who).second
      && speakers_.size() > rules_.most_speakers)
    return "speaks with more than " + std::to_string(rules_.most_speakers)
           + " voices";
  return std::nullopt;
}

/// Monitor: it has a proxy of one of our actors. Down: an actor of its own,
/// of which we have a proxy, is gone. Both carry the ids of both nodes.
std::optional<std::string> basp_guard::judge_watch(bool down) {
  auto n = field(4, 4);
  auto fits = down ? n > 2 * id_size && n <= most_down && field(16, 8) != 0
                         && field(24, 8) == 0
                   : n == 2 * id_size;
  if (!fits || field(3, 1) != 0 || field(8, 8) != 0)
    return "sends a watch that no CAF 0.17.6 sends";
  fate_ = fate::inspect;
  return std::nullopt;
}

std::optional<std::string> basp_guard::judge_heartbeat() {
  auto zero = [](std::byte b) { return b == std::byte{0}; };
  if (!std::all_of(head_.begin() + 1, head_.end(), zero))
    return "sends a heartbeat with content";
  return std::nullopt;
}

/// CAF would take an exit message, or one that tells of an end, from anybody.
std::optional<std::string> basp_guard::judge_message() {
  auto m = read_message(payload_);
  if (!m)
    return "sends a message that no CAF 0.17.6 sends";
  if (rules_.messages.empty())
    return std::nullopt;
  auto rule = std::ranges::find_if(rules_.messages, [&](auto& r) {
    return r.types == m->types && r.atom == m->first;
  });
  if (rule == rules_.messages.end())
    return "sends a message that is no worker's: " + m->types.substr(0, 64);
  if (field(4, 4) > rule->most)
    return "sends a message of " + std::to_string(field(4, 4))
           + " bytes; the limit of its kind is " + std::to_string(rule->most);
  return std::nullopt;
}

/// The reason is an error, and its context a message as deep as it likes.
std::optional<std::string> basp_guard::judge_end() {
  if (!plain_error(bytes_view{payload_}.subspan(2 * id_size)))
    return "sends an end that no worker has";
  speakers_.erase(field(16, 8));
  return std::nullopt;
}

std::optional<std::string> basp_guard::judge_payload() {
  auto all = bytes_view{payload_};
  auto mine = all.first(id_size);
  if (field(0, 1) == client_handshake) {
    if (handshakes_ == 1)
      client_id_.assign(mine.begin(), mine.end());
    if (!std::ranges::equal(mine, client_id_))
      return "changes its node id";
    if (knows_server() && std::ranges::equal(mine, server_id()))
      return "claims to be this server";
    return std::nullopt;
  }
  // CAF takes the source as it stands and forwards what is for another node.
  if (!std::ranges::equal(mine, client_id_))
    return "speaks for another node";
  if (!knows_server()
      || !std::ranges::equal(all.subspan(id_size, id_size), server_id()))
    return "sends a watch for another node";
  return field(0, 1) == down_message ? judge_end() : std::nullopt;
}

} // namespace vigie
