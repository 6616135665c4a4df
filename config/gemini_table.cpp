// The section `gemini`: one row for each option.

#include "config/table.hpp"

#include <algorithm>
#include <charconv>
#include <map>
#include <sstream>

namespace vigie {

namespace {

using verdict = std::optional<std::string>;

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

template <class T>
verdict whole(T& to, const std::string& text, T least, T most) {
  T x{};
  auto end = text.data() + text.size();
  auto [stop, bad] = std::from_chars(text.data(), end, x);
  if (bad != std::errc{} || stop != end || x < least || x > most)
    return "\"" + text + "\" is not a number from " + std::to_string(least)
           + " to " + std::to_string(most);
  to = x;
  return std::nullopt;
}

verdict seconds(std::chrono::seconds& to, const std::string& text) {
  // Old deployments write 60.0.
  auto dot = text.find('.');
  auto plain =
      dot != text.npos && text.find_first_not_of("0", dot + 1) == text.npos
          ? text.substr(0, dot)
          : text;
  long n = 0;
  if (auto bad = whole(n, plain, 1L, 600L))
    return bad;
  to = std::chrono::seconds{n};
  return std::nullopt;
}

verdict quota(double& to, const std::string& text) {
  double x = 0;
  auto end = text.data() + text.size();
  auto [stop, bad] = std::from_chars(text.data(), end, x);
  if (bad != std::errc{} || stop != end || !(x >= 0) || x > 1e12)
    return "\"" + text + "\" is not a quota; 0: learned";
  to = x;
  return std::nullopt;
}

verdict address(std::string& to, const std::string& text) {
  if (!text.starts_with("http://") && !text.starts_with("https://"))
    return "needs http:// or https://";
  to = text;
  return std::nullopt;
}

verdict name(std::string& to, const std::string& text) {
  auto fits = [](unsigned char c) {
    return std::isalnum(c) || c == '.' || c == '-' || c == '_';
  };
  if (text.empty() || !std::all_of(text.begin(), text.end(), fits))
    return "\"" + text + "\" is not a model name";
  to = text;
  return std::nullopt;
}

verdict names(std::vector<std::string>& to, const std::string& text) {
  std::vector<std::string> out;
  std::istringstream in{text};
  for (std::string one; std::getline(in, one, ',');) {
    std::erase_if(one, [](char c) {
      return c == '[' || c == ']' || c == '"' || c == ' ';
    });
    if (one.empty())
      continue;
    if (auto bad = name(out.emplace_back(), one))
      return bad;
  }
  to = std::move(out);
  return std::nullopt;
}

/// Printable ASCII without spaces, or nothing; the value is never shown.
verdict key(std::string& to, const std::string& text) {
  if (std::any_of(text.begin(), text.end(),
                  [](unsigned char c) { return c <= ' ' || c > '~'; }))
    return "the key holds a character that no key has";
  to = text;
  return std::nullopt;
}

using setter = verdict (*)(settings&, const std::string&);

const std::map<std::string, setter>& rows() {
  using S = settings;
  using T = const std::string;
  static const std::map<std::string, setter> all{
      {"enabled", [](S& s, T& v) { return flag(s.gemini.enabled, v); }},
      {"required", [](S& s, T& v) { return flag(s.gemini.required, v); }},
      {"api_key", [](S& s, T& v) { return key(s.gemini.api_key, v); }},
      {"model", [](S& s, T& v) { return name(s.gemini.model, v); }},
      {"fallback_models",
       [](S& s, T& v) { return names(s.gemini.fallback_models, v); }},
      {"base_url", [](S& s, T& v) { return address(s.gemini.base_url, v); }},
      {"call_timeout_seconds",
       [](S& s, T& v) { return seconds(s.gemini.call_timeout, v); }},
      {"budget_seconds",
       [](S& s, T& v) { return seconds(s.gemini.budget, v); }},
      {"max_retries",
       [](S& s, T& v) { return whole(s.gemini.max_retries, v, 0, 11); }},
      {"summary_enabled", [](S& s, T& v) { return flag(s.gemini.summary, v); }},
      {"rpm", [](S& s, T& v) { return quota(s.gemini.rpm, v); }},
      {"tpm", [](S& s, T& v) { return quota(s.gemini.tpm, v); }},
      {"rpd", [](S& s, T& v) { return quota(s.gemini.rpd, v); }},
      {"max_concurrent_calls",
       [](S& s, T& v) { return whole(s.gemini.max_calls, v, 1u, 64u); }},
      {"prompts_dir",
       [](S& s, T& v) -> verdict {
         s.gemini.prompts_dir = v;
         return std::nullopt;
       }},
  };
  return all;
}

} // namespace

std::optional<std::string> set_gemini(settings& s, const std::string& key,
                                      const std::string& value) {
  constexpr std::string_view section = "gemini.";
  auto found = rows().find(key.substr(section.size()));
  if (found == rows().end())
    return "no such setting";
  return found->second(s, value);
}

} // namespace vigie
