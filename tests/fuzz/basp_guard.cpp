// What peers of the worker network say to CAF, through its guard: whole or byte
// by byte, the same passes; nothing passes after a refusal.

#include "remote/basp_guard.hpp"
#include "target.hpp"

#include <algorithm>
#include <optional>
#include <string>

using namespace vigie;
using fuzz::hold;

namespace {

constexpr uint32_t limit = 4'096;
constexpr std::size_t hello_size = 32 + 32 + 8;

/// What CAF's server says first; only its node id counts.
byte_buffer server_hello() {
  byte_buffer out(hello_size, std::byte{9});
  std::fill_n(out.begin(), 32, std::byte{0});
  out[7] = std::byte{40};
  out[15] = std::byte{3};
  return out;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t n) {
  bytes_view all{reinterpret_cast<const std::byte*>(data), n};
  basp_guard whole{{limit, {}}}, split{{limit, {}}};
  byte_buffer passed, passed_split;
  whole.heard(server_hello());
  split.heard(server_hello());
  auto refused = whole.feed(all, passed);
  std::optional<std::string> refused_split;
  for (std::size_t i = 0; i < n && !refused_split; ++i)
    refused_split = split.feed(all.subspan(i, 1), passed_split);
  hold(refused == refused_split, "splits do not matter to the verdict");
  hold(refused || passed == passed_split, "nor to what passes");
  hold(passed.size() <= n, "nothing is added");
  if (!passed.empty())
    hold(passed.size() >= 32 && passed[0] == std::byte{1},
         "a handshake comes first");
  return 0;
}
