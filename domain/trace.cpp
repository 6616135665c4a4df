#include "domain/trace.hpp"

#include <algorithm>
#include <cstdio>
#include <random>

namespace vigie {

namespace {

bool hex(std::string_view text) {
  return std::ranges::all_of(text, [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
  });
}

bool zero(std::string_view text) {
  return text.find_first_not_of('0') == text.npos;
}

} // namespace

std::optional<trace_context> parse_traceparent(std::string_view text) {
  constexpr std::size_t length = 55; // 00-{32}-{16}-{2}
  if (text.size() < length || text[2] != '-' || text[35] != '-'
      || text[52] != '-')
    return std::nullopt;
  auto version = text.substr(0, 2), trace = text.substr(3, 32),
       parent = text.substr(36, 16), flags = text.substr(53, 2);
  if (!hex(version) || !hex(trace) || !hex(parent) || !hex(flags)
      || version == "ff" || zero(trace) || zero(parent))
    return std::nullopt;
  if (text.size() > length && (version == "00" || text[length] != '-'))
    return std::nullopt;
  return trace_context{std::string{trace}, std::string{parent},
                       std::string{flags}};
}

std::string traceparent(const trace_context& of, std::string_view span_id) {
  return "00-" + of.trace_id + '-' + std::string{span_id} + '-' + of.flags;
}

bool sane_request_id(std::string_view id) {
  return !id.empty() && id.size() <= 128 && std::ranges::all_of(id, [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z')
           || (c >= 'A' && c <= 'Z') || c == '.' || c == '_' || c == '-';
  });
}

std::string random_hex(int digits) {
  static thread_local std::mt19937_64 engine{[] {
    std::random_device source;
    return uint64_t{source()} << 32 | source();
  }()};
  std::string out;
  for (int done = 0; done < digits; done += 16) {
    char text[17];
    std::snprintf(text, sizeof text, "%016llx",
                  static_cast<unsigned long long>(engine()));
    out += text;
  }
  return out.substr(0, static_cast<std::size_t>(digits));
}

} // namespace vigie
