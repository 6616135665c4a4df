#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace vigie {

/// What an actor is for; the names are those of docs/architecture.md.
enum class actor_kind : uint8_t {
  front,
  pipeline,
  metadata,
  vision,
  text,
  gemini,
  scoring,
  summary,
  report,
  worker_hub,
  gate,
  gate_keeper,
  depot,
  admin,
  looker,
  clerk,
  inspector,
  janitor,
  gemini_desk,
  gemini_caller,
  store_keeper,
  printer,
  replayer,
  broadcaster,
  node, // from here on: of nodes
  slot,
  file_cache,
};

inline constexpr std::size_t actor_kinds = 27;

/// In small letters, as in JSON: `store_keeper`.
const char* to_string(actor_kind x);

/// One live actor, as it is now. Crosses the network.
struct actor_view {
  std::string kind;     ///< See to_string(actor_kind).
  std::string node;     ///< Where it lives: `server`, or a node's name.
  std::string batch;    ///< Empty: of none.
  uint32_t number = 0;  ///< Among those of its kind (slots, callers); 0: alone.
  uint64_t id = 0;      ///< CAF's, unique in its process.
  uint64_t mailbox = 0; ///< Messages that wait.
  bool busy = false;    ///< It is in a message now.
  std::string message;  ///< The one it is in, or the last one; empty: none yet.
  std::chrono::milliseconds since{0}; ///< In it for so long, or idle.
  uint64_t handled = 0;               ///< Messages in its life.
  double per_second = 0;              ///< Of late.
  uint32_t restarts = 0;              ///< Lives before this one.
  /// It was asked and has not answered for so long.
  std::optional<std::chrono::milliseconds> silent;
};

/// All actors of one kind.
struct kind_total {
  std::string kind;
  uint64_t actors = 0;
  uint64_t busy = 0;
  uint64_t mailbox = 0; ///< Of all together.
};

/// The busiest actors, and how many there are. Crosses the network.
struct actor_sheet {
  std::vector<actor_view> rows;
  std::vector<kind_total> kinds;
  uint64_t total = 0;
};

/// Rows of one answer at most; the default is the same.
inline constexpr std::size_t most_actors = 1'000;
/// Of one node at most; what is more is not believed.
inline constexpr std::size_t most_node_actors = 256;

/// Adds the actors of a node; what it says of itself is cut to size.
void add_node(actor_sheet& to, actor_sheet from, const std::string& node);

/// The longest at work first, then the longest mailbox, then the most handled;
/// who does not answer before all others.
bool busier(const actor_view& a, const actor_view& b);

} // namespace vigie
