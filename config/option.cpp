#include "config/option.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cstdio>
#include <sstream>

namespace vigie {

std::string in_toml(bool x) { return x ? "true" : "false"; }

std::string in_toml(int64_t x) { return std::to_string(x); }

/// The shortest text that reads as the same number.
std::string in_toml(double x) {
  char text[64];
  auto end = std::to_chars(text, text + sizeof text, x).ptr;
  return {text, end};
}

std::string in_toml(const std::string& x) {
  std::string out = "\"";
  for (auto c : x) {
    auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\')
      out += '\\';
    if (byte >= 0x20 && byte != 0x7F) {
      out += c;
      continue;
    }
    char code[8];
    std::snprintf(code, sizeof code, "\\u%04X", byte);
    out += code;
  }
  return out + '"';
}

std::string in_toml(const std::filesystem::path& x) {
  if (x.empty())
    return in_toml(std::string{});
  return in_toml(std::filesystem::absolute(x).lexically_normal().string());
}

std::string in_toml(const std::vector<std::string>& x) {
  std::string out;
  for (auto& one : x)
    out += (out.empty() ? "" : ", ") + in_toml(one);
  return '[' + out + ']';
}

verdict flag(bool& to, std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return std::tolower(c); });
  if (text == "true" || text == "1" || text == "yes" || text == "on")
    to = true;
  else if (text == "false" || text == "0" || text == "no" || text == "off")
    to = false;
  else
    return "\"" + text + "\" is neither true nor false";
  return std::nullopt;
}

verdict any_path(std::filesystem::path& to, const std::string& text) {
  to = text;
  return std::nullopt;
}

std::vector<std::string> list_of(const std::string& text) {
  std::vector<std::string> out;
  std::istringstream in{text};
  for (std::string one; std::getline(in, one, ',');) {
    std::erase_if(one, [](char c) {
      return c == '[' || c == ']' || c == '"' || c == ' ';
    });
    if (!one.empty())
      out.push_back(one);
  }
  return out;
}

} // namespace vigie
