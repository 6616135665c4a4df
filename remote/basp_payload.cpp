#include "remote/basp_payload.hpp"

#include <string_view>

namespace vigie {

namespace {

/// CAF's binary_deserializer, as far as we need it.
class cursor {
public:
  explicit cursor(bytes_view all) : left_(all) {}

  std::optional<uint64_t> fixed(std::size_t n) {
    if (left_.size() < n)
      return std::nullopt;
    uint64_t x = 0;
    for (auto b : left_.first(n))
      x = x << 8 | std::to_integer<uint64_t>(b);
    left_ = left_.subspan(n);
    return x;
  }
  /// Seven bits a byte, the lowest first.
  std::optional<std::size_t> length() {
    std::size_t x = 0;
    for (int shift = 0; shift < 28; shift += 7) {
      auto b = fixed(1);
      if (!b)
        return std::nullopt;
      x |= static_cast<std::size_t>(*b & 0x7F) << shift;
      if ((*b & 0x80) == 0)
        return x;
    }
    return std::nullopt;
  }
  std::optional<std::string> text() {
    auto n = length();
    if (!n || *n > left_.size())
      return std::nullopt;
    std::string out(reinterpret_cast<const char*>(left_.data()), *n);
    left_ = left_.subspan(*n);
    return out;
  }

private:
  bytes_view left_;
};

} // namespace

std::optional<basp_message> read_message(bytes_view begin) {
  cursor at{begin.first(std::min(begin.size(), message_glance))};
  if (at.length() != 0u || at.fixed(2) != 0u)
    return std::nullopt;
  auto types = at.text();
  if (!types || !types->starts_with("@<>"))
    return std::nullopt;
  basp_message m{std::move(*types), {}};
  if (m.types == "@<>+@atom" || m.types.starts_with("@<>+@atom+"))
    m.first = at.fixed(8);
  return m;
}

bool plain_error(bytes_view all) {
  cursor at{all};
  if (!at.fixed(1) || !at.fixed(8) || at.fixed(2) != 0u)
    return false;
  auto types = at.text();
  if (!types || !types->starts_with("@<>"))
    return false;
  std::string_view rest{*types};
  for (rest.remove_prefix(3); rest.starts_with("+@str");)
    rest.remove_prefix(5);
  return rest.empty();
}

uint64_t published_actor(bytes_view payload) {
  cursor at{payload};
  constexpr std::size_t id_size = 32; // the server's node id
  for (std::size_t i = 0; i < id_size; i += 8)
    if (!at.fixed(8))
      return 0;
  auto names = at.length();
  if (!names || *names > 16)
    return 0;
  for (std::size_t i = 0; i < *names; ++i)
    if (!at.text())
      return 0;
  return at.fixed(8).value_or(0);
}

} // namespace vigie
