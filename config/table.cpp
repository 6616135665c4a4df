// Over budget: one row for each option, and how its text is read.
#include "config/table.hpp"

#include <toml++/toml.h>

#include <charconv>
#include <map>
#include <sstream>

namespace vigie {

namespace {

/// Answers what is wrong with the value, if anything.
using setter = std::optional<std::string> (*)(settings&, const std::string&);
using verdict = std::optional<std::string>;

template <class T>
verdict number(T& to, const std::string& text, T least, T most) {
  T x{};
  auto end = text.data() + text.size();
  auto [stop, bad] = std::from_chars(text.data(), end, x);
  if (bad != std::errc{} || stop != end || x < least || x > most)
    return "\"" + text + "\" is not a number from " + std::to_string(least)
           + " to " + std::to_string(most);
  to = x;
  return std::nullopt;
}

verdict address(std::string& host, auto& port, const std::string& text) {
  auto colon = text.rfind(':');
  if (colon == text.npos || colon == 0)
    return "\"" + text + "\" is not host:port";
  int n = 0;
  if (auto bad = number(n, text.substr(colon + 1), 0, 65'535))
    return bad;
  host = text.substr(0, colon);
  port = static_cast<std::remove_reference_t<decltype(port)>>(n);
  return std::nullopt;
}

verdict duration(std::chrono::seconds& to, const std::string& text) {
  long n = 0;
  if (auto bad = number(n, text, 1L, 86'400L))
    return bad;
  to = std::chrono::seconds{n};
  return std::nullopt;
}

verdict weight(double& to, const std::string& text) {
  double x = 0;
  auto end = text.data() + text.size();
  auto [stop, bad] = std::from_chars(text.data(), end, x);
  if (bad != std::errc{} || stop != end || !(x >= 0) || x > 1'000)
    return "\"" + text + "\" is not a weight from 0 to 1000";
  to = x;
  return std::nullopt;
}

/// scoring.severity.NAME and scoring.label.NAME.
verdict named_weight(scoring_weights& w, const std::string& key,
                     const std::string& text) {
  constexpr std::string_view severities = "scoring.severity.";
  constexpr std::string_view labels = "scoring.label.";
  if (key.starts_with(severities)) {
    if (auto s = parse_severity(key.substr(severities.size())))
      return weight(w.by_severity[*s], text);
    return "no such severity";
  }
  if (key.starts_with(labels) && key.size() > labels.size())
    return weight(w.by_label[key.substr(labels.size())], text);
  return "no such setting";
}

/// `["a","b"]` as in the old deployments, or `a,b`.
std::vector<std::string> list(const std::string& text) {
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

/// `fr,en` as in the old deployments, or Tesseract's own `fra+eng`.
std::string languages(const std::string& text) {
  static const std::map<std::string, std::string> known{{"fr", "fra"},
                                                        {"en", "eng"}};
  std::string out;
  for (auto& one : list(text)) {
    auto found = known.find(one);
    out +=
        (out.empty() ? "" : "+") + (found == known.end() ? one : found->second);
  }
  return out;
}

const std::map<std::string, setter>& table() {
  using S = settings;
  using T = const std::string;
  static const std::map<std::string, setter> all{
      {"http.listen",
       [](S& s, T& v) { return address(s.http.host, s.http.port, v); }},
      {"http.threads",
       [](S& s, T& v) { return number(s.http.threads, v, 1u, 256u); }},
      {"http.max_file_bytes",
       [](S& s, T& v) {
         return number(s.http.max_file_bytes, v, uint64_t{1}, UINT64_MAX / 4);
       }},
      {"http.max_batch_bytes",
       [](S& s, T& v) {
         return number(s.http.max_batch_bytes, v, uint64_t{1}, UINT64_MAX / 4);
       }},
      {"http.max_files",
       [](S& s, T& v) {
         return number(s.http.max_files, v, std::size_t{1}, SIZE_MAX);
       }},
      {"http.max_streams",
       [](S& s, T& v) {
         return number(s.http.max_streams, v, std::size_t{0}, SIZE_MAX);
       }},
      {"http.cors_origins",
       [](S& s, T& v) -> verdict {
         s.http.cors_origins = list(v);
         return {};
       }},
      {"storage.path",
       [](S& s, T& v) -> verdict {
         s.storage.path = v;
         return {};
       }},
      {"storage.database",
       [](S& s, T& v) -> verdict {
         constexpr std::string_view scheme = "sqlite:///";
         if (v.find("://") != v.npos && !v.starts_with(scheme))
           return "only sqlite:/// is served";
         s.storage.database =
             v.starts_with(scheme) ? v.substr(scheme.size()) : v;
         return {};
       }},
      {"workers.local",
       [](S& s, T& v) { return number(s.workers.local, v, 0u, 1'024u); }},
      {"workers.remote_listen",
       [](S& s, T& v) {
         return v.empty()
                    ? address(s.workers.gate_host, s.workers.gate_port,
                              "127.0.0.1:0")
                    : address(s.workers.gate_host, s.workers.gate_port, v);
       }},
      {"workers.job_timeout_seconds",
       [](S& s, T& v) { return duration(s.workers.job_timeout, v); }},
      {"workers.max_broken_leases",
       [](S& s, T& v) {
         return number(s.workers.max_broken_leases, v, 1, 100);
       }},
      {"workers.memory_mb",
       [](S& s, T& v) {
         return number(s.workers.memory_mb, v, uint64_t{0}, uint64_t{1} << 30);
       }},
      {"analysis.ocr_languages",
       [](S& s, T& v) -> verdict {
         s.analysis.ocr_languages = languages(v);
         return {};
       }},
      {"analysis.rules_file",
       [](S& s, T& v) -> verdict {
         s.analysis.rules_file = v;
         return {};
       }},
      {"analysis.vision_model",
       [](S& s, T& v) -> verdict {
         s.analysis.vision_model = v;
         return {};
       }},
      {"analysis.vision_classes_file",
       [](S& s, T& v) -> verdict {
         s.analysis.vision_classes_file = v;
         return {};
       }},
      {"scoring.other_label",
       [](S& s, T& v) { return weight(s.scoring.other_label, v); }},
      {"sse.keepalive_seconds",
       [](S& s, T& v) { return duration(s.sse.keepalive, v); }},
      {"sse.max_pending_bytes",
       [](S& s, T& v) {
         return number(s.sse.max_pending_bytes, v, std::size_t{65'536},
                       SIZE_MAX);
       }},
      {"admission.max_unfinished",
       [](S& s, T& v) {
         return number(s.admission.max_unfinished, v, std::size_t{1}, SIZE_MAX);
       }},
  };
  return all;
}

bool is_path(const std::string& key) {
  return key == "storage.path" || key.ends_with("_file")
         || key == "analysis.vision_model" || key == "gemini.prompts_dir";
}

/// A TOML value as the text that environment and flags would carry.
std::string as_text(const toml::node& node) {
  std::ostringstream out;
  if (auto text = node.value_exact<std::string>())
    return *text;
  if (auto* array = node.as_array()) {
    for (auto& one : *array)
      out << as_text(one) << ',';
    return out.str();
  }
  out << toml::node_view<const toml::node>{node};
  return out.str();
}

} // namespace

std::optional<std::string> set_text(settings& s, const std::string& key,
                                    const std::string& value) {
  if (key.starts_with("gemini."))
    return set_gemini(s, key, value);
  auto found = table().find(key);
  if (found == table().end())
    return named_weight(s.scoring, key, value);
  return found->second(s, value);
}

namespace {

std::optional<problem> read_section(const toml::table& section,
                                    const std::string& prefix,
                                    const std::filesystem::path& folder,
                                    settings& s) {
  for (auto& [name, value] : section) {
    auto key = prefix + std::string{name.str()};
    if (auto* inner = value.as_table()) {
      if (auto bad = read_section(*inner, key + ".", folder, s))
        return bad;
      continue;
    }
    auto text = as_text(value);
    if (is_path(key) && !text.empty())
      text = (folder / text).lexically_normal().string();
    if (auto bad = set_text(s, key, text))
      return problem{code::bad_request, key + ": " + *bad};
  }
  return std::nullopt;
}

} // namespace

std::optional<problem> read_file(const std::filesystem::path& file,
                                 settings& s) {
  try {
    auto all = toml::parse_file(file.string());
    return read_section(all, "", std::filesystem::absolute(file).parent_path(),
                        s);
  } catch (const toml::parse_error& e) {
    return problem{code::bad_request, "--config " + file.string() + ": "
                                          + std::string{e.description()}};
  }
}

} // namespace vigie
