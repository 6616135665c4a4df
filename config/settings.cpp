#include "config/settings.hpp"

#include "config/table.hpp"

#include <thread>

namespace vigie {

namespace {

/// Environment name or flag -> key of the table (CONTRACT.md, Settings).
struct alias {
  const char* name;
  const char* key;
};

constexpr alias variables[] = {
    {"VIGIE_LISTEN", "http.listen"},
    {"VIGIE_WORKERS", "workers.local"},
    {"VIGIE_REMOTE_LISTEN", "workers.remote_listen"},
    {"STORAGE_PATH", "storage.path"},
    {"DATABASE_URL", "storage.database"},
    {"BACKEND_CORS_ORIGINS", "http.cors_origins"},
    {"OCR_LANGUAGES", "analysis.ocr_languages"},
    {"GEMINI_ENABLED", "gemini.enabled"},
    {"GEMINI_REQUIRED", "gemini.required"},
    {"GEMINI_API_KEY", "gemini.api_key"},
    {"GEMINI_MODEL", "gemini.model"},
    {"GEMINI_BASE_URL", "gemini.base_url"},
    {"GEMINI_TIMEOUT_SECONDS", "gemini.call_timeout_seconds"},
    {"GEMINI_MAX_RETRIES", "gemini.max_retries"},
    {"GEMINI_MAX_TOTAL_SECONDS", "gemini.budget_seconds"},
    {"GEMINI_TIMEOUT_SECONDS_TOTAL", "gemini.budget_seconds"},
    {"GEMINI_SUMMARY_ENABLED", "gemini.summary_enabled"},
};

constexpr alias flags[] = {
    {"--listen", "http.listen"},
    {"--workers", "workers.local"},
    {"--remote-listen", "workers.remote_listen"},
    {"--storage", "storage.path"},
    {"--database", "storage.database"},
};

std::optional<std::string> flag_value(std::span<const std::string> args,
                                      std::string_view name) {
  for (std::size_t i = 0; i + 1 < args.size(); i += 2)
    if (args[i] == name)
      return args[i + 1];
  return std::nullopt;
}

std::optional<problem> unknown_flag(std::span<const std::string> args) {
  for (std::size_t i = 0; i < args.size(); i += 2) {
    auto known = args[i] == "--config";
    for (auto& f : flags)
      known = known || args[i] == f.name;
    if (!known)
      return problem{code::bad_request, args[i] + ": no such flag"};
    if (i + 1 == args.size())
      return problem{code::bad_request, args[i] + ": needs a value"};
  }
  return std::nullopt;
}

} // namespace

outcome<settings> load_settings(std::span<const std::string> args,
                                const environment& env) {
  if (auto bad = unknown_flag(args))
    return *bad;
  settings s;
  s.workers.local = std::max(1u, std::thread::hardware_concurrency());
  auto file = flag_value(args, "--config");
  if (!file)
    file = env("VIGIE_CONFIG");
  if (file)
    if (auto bad = read_file(*file, s))
      return *bad;
  for (auto& v : variables)
    if (auto value = env(v.name))
      if (auto bad = set_text(s, v.key, *value))
        return problem{code::bad_request, std::string{v.name} + ": " + *bad};
  for (auto& f : flags)
    if (auto value = flag_value(args, f.name))
      if (auto bad = set_text(s, f.key, *value))
        return problem{code::bad_request, std::string{f.name} + ": " + *bad};
  if (s.storage.database.empty())
    s.storage.database = s.storage.path / "vigie.db";
  if (s.gemini.required && !s.gemini.enabled)
    return problem{code::bad_request,
                   "gemini.required: needs gemini.enabled, which is off"};
  return s;
}

} // namespace vigie
