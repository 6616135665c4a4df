// The section `gemini`: one row for each option.

#include "config/table.hpp"
#include "config/texts.hpp"

#include <algorithm>
#include <cctype>

namespace vigie {

namespace {

verdict patience(std::chrono::seconds& to, const std::string& text) {
  // Old deployments write 60.0.
  auto dot = text.find('.');
  auto plain =
      dot != text.npos && text.find_first_not_of("0", dot + 1) == text.npos
          ? text.substr(0, dot)
          : text;
  return seconds(to, plain, 1, 600);
}

verdict quota(double& to, const std::string& text) {
  auto bad = number(to, text, 0.0, 1e12);
  return bad ? verdict{"\"" + text
                       + "\" is not a quota from 0 (learned) to 1e12"}
             : bad;
}

verdict web_address(std::string& to, const std::string& text) {
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
  auto out = list_of(text);
  for (auto& one : out)
    if (auto bad = name(one, std::string{one}))
      return bad;
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

} // namespace

std::vector<option> gemini_options() {
  using gemini = decltype(settings::gemini);
  using enum option::nature;
  const section row{"gemini", &settings::gemini};
  return {
      row("enabled", &gemini::enabled, flag),
      row("required", &gemini::required, flag),
      row("api_key", &gemini::api_key, key, secret),
      row("model", &gemini::model, name),
      row("fallback_models", &gemini::fallback_models, names),
      row("base_url", &gemini::base_url, web_address),
      row("call_timeout_seconds", &gemini::call_timeout, patience),
      row("budget_seconds", &gemini::budget, patience),
      row("max_retries", &gemini::max_retries, within(0, 11)),
      row("summary_enabled", &gemini::summary, flag),
      row("rpm", &gemini::rpm, quota),
      row("tpm", &gemini::tpm, quota),
      row("rpd", &gemini::rpd, quota),
      row("max_concurrent_calls", &gemini::max_calls, within(1u, 64u)),
      row("prompts_dir", &gemini::prompts_dir, any_path, path),
  };
}

} // namespace vigie
