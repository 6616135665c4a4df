#include "domain/batch.hpp"

#include <array>
#include <cstddef>
#include <string_view>

namespace vigie {

namespace {

using std::string_view;

constexpr std::array<string_view, 4> batch_names{"processing", "completed",
                                                 "failed", "cancelled"};
constexpr std::array<string_view, 4> file_names{"pending", "done", "failed",
                                                "quarantined"};
constexpr std::array<string_view, 4> kind_names{"info", "success", "warning",
                                                "error"};
constexpr std::array<string_view, 5> severity_names{
    "negligible", "low", "medium", "high", "critical"};
constexpr std::array<string_view, 7> stage_names{
    "metadata", "vision", "text", "gemini", "scoring", "summary", "report"};

template <class Enum, std::size_t N>
std::optional<Enum> find(const std::array<string_view, N>& names,
                         string_view text) {
  for (std::size_t i = 0; i < N; ++i)
    if (names[i] == text)
      return static_cast<Enum>(i);
  return std::nullopt;
}

template <class Enum, std::size_t N>
string_view name(const std::array<string_view, N>& names, Enum x) {
  auto i = static_cast<std::size_t>(x);
  return i < N ? names[i] : string_view{"unknown"};
}

} // namespace

string_view to_string(batch_status x) { return name(batch_names, x); }
string_view to_string(file_status x) { return name(file_names, x); }
string_view to_string(event_kind x) { return name(kind_names, x); }
string_view to_string(severity x) { return name(severity_names, x); }
string_view to_string(stage x) { return name(stage_names, x); }

std::optional<batch_status> parse_batch_status(string_view text) {
  return find<batch_status>(batch_names, text);
}

std::optional<file_status> parse_file_status(string_view text) {
  return find<file_status>(file_names, text);
}

std::optional<event_kind> parse_event_kind(string_view text) {
  return find<event_kind>(kind_names, text);
}

std::optional<severity> parse_severity(string_view text) {
  return find<severity>(severity_names, text);
}

std::optional<stage> parse_stage(string_view text) {
  return find<stage>(stage_names, text);
}

} // namespace vigie
