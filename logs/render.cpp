#include "logs/render.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace vigie {

namespace {

using ordered = nlohmann::ordered_json;

bool plain(const std::string& text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) {
    return c > ' ' && c != '"' && c != '=' && c != '\\' && c < 0x7F;
  });
}

/// JSON's own quoting: nothing in it can end a line.
std::string quoted(const std::string& text) {
  return nlohmann::json(text).dump(-1, ' ', true,
                                   nlohmann::json::error_handler_t::replace);
}

std::string one_line(std::string text) {
  for (auto& c : text)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F)
      c = ' ';
  return text;
}

std::string as_text(std::string_view program, const log_entry& e,
                    utc_time now) {
  auto out = std::string{program} + ": " + one_line(e.text);
  if (e.level != log_level::info)
    out += " level=" + std::string{to_string(e.level)};
  for (auto& [key, value] : e.fields)
    out += ' ' + key + '=' + (plain(value) ? value : quoted(value));
  return out + " at=" + rfc3339(now);
}

/// Fields that are numbers wherever they stand. All others are words, or one
/// batch called 7 would give its field two types.
bool is_number(std::string_view key) {
  return key == "status" || key == "bytes" || key == "duration_seconds";
}

std::string as_json(std::string_view program, const log_entry& e,
                    utc_time now) {
  ordered out{{"time", rfc3339(now)},
              {"level", to_string(e.level)},
              {"program", program},
              {"message", e.text}};
  for (auto& [key, value] : e.fields)
    out[key] =
        is_number(key) ? ordered::parse(value, nullptr, false) : ordered(value);
  return out.dump(-1, ' ', false, ordered::error_handler_t::replace);
}

} // namespace

std::string_view to_string(log_level x) {
  switch (x) {
  case log_level::debug:
    return "debug";
  case log_level::info:
    return "info";
  case log_level::warning:
    return "warning";
  case log_level::error:
    return "error";
  }
  return "info";
}

std::string render(log_format format, std::string_view program,
                   const log_entry& entry, utc_time now) {
  return format == log_format::json ? as_json(program, entry, now)
                                    : as_text(program, entry, now);
}

} // namespace vigie
