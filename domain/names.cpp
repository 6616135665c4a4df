#include "domain/names.hpp"

#include "domain/utf8.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstddef>

namespace vigie {

namespace {

constexpr std::size_t longest_name = 255;

bool plain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')
         || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
}

std::string lower(std::string text) {
  for (auto& c : text)
    if (c >= 'A' && c <= 'Z')
      c = static_cast<char>(c - 'A' + 'a');
  return text;
}

/// Cuts to `most` bytes between two characters.
std::string cut(const std::string& s, std::size_t most) {
  std::size_t end = 0;
  while (end < s.size()) {
    auto n = std::max<std::size_t>(utf8_sequence(s, end), 1);
    if (end + n > most)
      break;
    end += n;
  }
  return s.substr(0, end);
}

/// Base name without, extension with its dot (empty when there is none).
std::pair<std::string, std::string> split(const std::string& name) {
  auto dot = name.rfind('.');
  if (dot == std::string::npos || dot == 0 || name.size() - dot > 16)
    return {name, ""};
  return {name.substr(0, dot), name.substr(dot)};
}

} // namespace

bool valid_batch_id(std::string_view text) {
  return !text.empty() && text.size() <= 128 && text.front() != '.'
         && std::all_of(text.begin(), text.end(), plain);
}

bool reserved_batch_id(std::string_view text) {
  auto name = lower(std::string{text});
  return name == "reports" || named_after(name, "vigie.db");
}

bool named_after(std::string_view text, std::string_view file) {
  return lower(std::string{text}).starts_with(lower(std::string{file}));
}

std::string clean_filename(std::string_view raw) {
  if (auto slash = raw.find_last_of("/\\"); slash != raw.npos)
    raw.remove_prefix(slash + 1);
  std::string out;
  for (std::size_t i = 0; i < raw.size();) {
    auto n = utf8_sequence(raw, i);
    auto c = static_cast<unsigned char>(raw[i]);
    if (n == 0)
      out += "\xEF\xBF\xBD"; // U+FFFD
    else if (!(n == 1 && (c < 0x20 || c == 0x7F))
             && !(n == 2 && c == 0xC2
                  && static_cast<unsigned char>(raw[i + 1]) < 0xA0))
      out.append(raw.substr(i, n));
    i += std::max<std::size_t>(n, 1);
  }
  out.erase(0, std::min(out.find_first_not_of('.'), out.size()));
  if (out.size() > longest_name) {
    auto [base, ext] = split(out);
    out = cut(base, longest_name - ext.size()) + ext;
  }
  return out.empty() ? "file" : out;
}

std::string unique_filename(const std::string& name,
                            std::set<std::string>& taken) {
  if (taken.insert(lower(name)).second)
    return name;
  auto [base, ext] = split(name);
  for (auto n = 2;; ++n) {
    auto tail = " (" + std::to_string(n) + ")" + ext;
    auto candidate = cut(base, longest_name - tail.size()) + tail;
    if (taken.insert(lower(candidate)).second)
      return candidate;
  }
}

bool accepted_content_type(std::string_view type) {
  static constexpr std::array<std::string_view, 9> exact{
      "image/jpeg",
      "image/png",
      "image/webp",
      "image/tiff",
      "image/bmp",
      "image/gif",
      "application/pdf",
      "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
      "application/msword"};
  if (std::find(exact.begin(), exact.end(), type) != exact.end())
    return true;
  return type.starts_with("text/") || type == "application/csv"
         || type == "application/json" || type == "application/x-ndjson";
}

} // namespace vigie
