// What environment and flags are called.

#include "config/sources.hpp"

namespace vigie {

namespace {

constexpr variable all_variables[] = {
    {"VIGIE_LISTEN", "http.listen"},
    {"VIGIE_WORKERS", "workers.local"},
    {"VIGIE_REMOTE_LISTEN", "workers.remote_listen"},
    {"STORAGE_PATH", "storage.path"},
    {"DATABASE_URL", "storage.database"},
    {"BACKEND_CORS_ORIGINS", "http.cors_origins"},
    {"OCR_LANGUAGES", "analysis.ocr_languages"},
    {"VIGIE_LOG_FORMAT", "log.format"},
    {"VIGIE_LOG_LEVEL", "log.level"},
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

constexpr flag_row all_flags[] = {
    {"--listen", "http.listen", "HOST:PORT", "where HTTP is served"},
    {"--workers", "workers.local", "N", "slots of the node beside the server"},
    {"--remote-listen", "workers.remote_listen", "HOST:PORT",
     "where nodes join"},
    {"--storage", "storage.path", "DIR", "evidence and reports"},
    {"--database", "storage.database", "FILE", "SQLite file"},
    {"--log-format", "log.format", "FORMAT", "text or json, a line each"},
    {"--log-level", "log.level", "LEVEL", "debug, info, warning or error"},
};

} // namespace

std::span<const variable> variables() { return all_variables; }

std::span<const flag_row> flags() { return all_flags; }

} // namespace vigie
