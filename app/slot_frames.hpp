#pragma once

#include "actors/wire.hpp"
#include "app/frugal_reader.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace vigie {

/// Between a node and its slots: frames of a length (four bytes, little endian)
/// and a value as it would cross the network. On pipes; both sides are ours,
/// but what a slot says may be what a hostile file wants it to say.

/// What a slot must know before its first job.
struct slot_setup {
  analysis_setup how;
  std::string scratch;               ///< Private; emptied by the node.
  std::string rules_file;            ///< Empty: none.
  std::string classes_file;          ///< The same.
  std::string vision_model;          ///< The same.
  std::vector<std::string> readable; ///< Folder where evidence lies.
};

template <class F>
auto inspect(F& f, slot_setup& x) {
  return f(x.how, x.scratch, x.rules_file, x.classes_file, x.vision_model,
           x.readable);
}

/// A slot is in its sandbox, or says why it cannot work.
struct slot_ready {
  std::string trouble; ///< Empty: none.
  int32_t landlock = 0;
};

template <class F>
auto inspect(F& f, slot_ready& x) {
  return f(x.trouble, x.landlock);
}

/// What a slot answers to a job: with the job's token, so that what it says too
/// late, or twice, is never taken for the answer to another.
struct slot_answer {
  uint64_t token = 0;
  analysis_result result;
};

template <class F>
auto inspect(F& f, slot_answer& x) {
  return f(x.token, x.result);
}

/// Longest frame a node takes from a slot.
inline constexpr uint32_t longest_frame = 16u << 20;

template <class T>
std::string to_frame(const T& value) {
  caf::binary_serializer::container_type bytes;
  caf::binary_serializer out{nullptr, bytes};
  if (out(const_cast<T&>(value)))
    return {};
  auto n = static_cast<uint32_t>(bytes.size());
  std::string frame;
  for (int shift = 0; shift < 32; shift += 8)
    frame += static_cast<char>(n >> shift & 0xFF);
  frame.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  return frame;
}

/// Nothing when the bytes are no T, or more than one. Enumerators may be out of
/// range: see acceptable().
template <class T>
std::optional<T> from_bytes(const std::string& bytes) {
  T value;
  frugal_reader in{bytes};
  if (in(value) || !in.at_end())
    return std::nullopt;
  return value;
}

/// Blocks until all is written; false when the other side is gone.
bool write_frame(int fd, const std::string& frame);
/// Blocks for a whole frame; nothing at the end, or when it is too long.
std::optional<std::string> read_frame(int fd, uint32_t longest);
/// Of the first four bytes.
uint32_t frame_length(const std::string& head);

} // namespace vigie
