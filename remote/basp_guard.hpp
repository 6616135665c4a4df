#pragma once

#include "remote/basp_payload.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace vigie {

/// One kind of message that the published actor takes.
struct message_rule {
  uint64_t atom = 0;         ///< Its first element (`caf::atom`).
  std::string types;         ///< Of all, as BASP writes them: `@<>+@atom+@str`.
  uint32_t most = 64u << 10; ///< Bytes of its payload.
};

struct guard_rules {
  uint32_t most_payload = 16u << 20; ///< Bytes of any message.
  /// Empty: it may be told anything, an exit message too.
  std::vector<message_rule> messages;
  /// Actors of the peer that have spoken and not ended: CAF keeps a proxy of
  /// each.
  std::size_t most_speakers = 4'096;
};

/// Stands between a peer and CAF 0.17.6's parser, which trusts what it reads
/// (a handshake without payload ends the process). Reads what both sides say,
/// lets through what a worker needs, and says why not. CAF reads a message by
/// the types that it claims, one within another as deep as it is told, and
/// takes an answer to its own questions from anybody who guesses their number:
/// so only the types of a rule pass, and no answers. No socket, no clock; not
/// thread-safe. After a refusal the connection must be closed.
///
/// A frame is a header of 32 bytes, big endian: operation u8, two of padding,
/// flags u8, payload length u32, operation data u64, source and destination
/// actor u64; then the payload.
class basp_guard {
public:
  explicit basp_guard(guard_rules rules = {}) : rules_(std::move(rules)) {}

  /// What the server sends; only its handshake is read: who it is, and which
  /// actor it publishes.
  void heard(bytes_view from_server);
  /// Whether that handshake has come: before, nothing of the client should be
  /// fed, for it might claim to be the server.
  bool knows_server() const;

  /// Takes the next bytes of the client, split anywhere, and appends what may
  /// pass to `out`. Answers why the client must go.
  std::optional<std::string> feed(bytes_view from_client, byte_buffer& out);

  /// The node id of the client; empty until its handshake is whole.
  bytes_view client() const { return client_id_; }
  /// Frames of the client so far.
  uint64_t frames() const { return frames_; }

private:
  static constexpr std::size_t header_size = 32;
  /// CAF's default node id: kind (8), process (4), host (20). The payload of
  /// a client's handshake is exactly one.
  static constexpr std::size_t id_size = 32;

  enum class fate : uint8_t {
    stream,
    glance,  ///< The first bytes are read, the rest streams.
    inspect, ///< The whole is read before any of it passes.
    swallow,
  };

  std::optional<std::string> judge_header();
  std::optional<std::string> judge_handshake();
  std::optional<std::string> judge_direct();
  std::optional<std::string> judge_watch(bool down);
  std::optional<std::string> judge_heartbeat();
  std::optional<std::string> judge_payload();
  std::optional<std::string> judge_message();
  std::optional<std::string> judge_end();
  std::optional<std::string> note_speaker();
  bytes_view server_id() const;
  std::optional<std::string> pass(byte_buffer& out);
  std::optional<std::string> step(bytes_view& in, byte_buffer& out);
  uint64_t field(std::size_t at, std::size_t n) const;

  guard_rules rules_;
  byte_buffer head_;    ///< The header that is being read.
  byte_buffer payload_; ///< Kept only when it must be inspected.
  uint32_t left_ = 0;   ///< Of the payload.
  fate fate_ = fate::stream;
  byte_buffer server_; ///< Its handshake, or the first bytes of it.
  byte_buffer client_id_;
  std::set<uint64_t> speakers_;
  uint64_t frames_ = 0;
  int handshakes_ = 0;
  bool greeted_ = false;
  int answered_ = 0;
};

} // namespace vigie
