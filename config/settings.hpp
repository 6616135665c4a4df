#pragma once

#include "domain/outcome.hpp"
#include "domain/scoring.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace vigie {

/// Every option of the server; config/vigie.toml says what each one means.
struct settings {
  struct {
    std::string host = "127.0.0.1";
    int port = 8000; ///< 0: any.
    unsigned threads = 16;
    uint64_t max_file_bytes = uint64_t{1} << 30;
    uint64_t max_batch_bytes = uint64_t{4} << 30;
    std::size_t max_files = 2'000;
    std::size_t max_streams = 10'000;
    std::vector<std::string> cors_origins{"http://localhost:5173"};
  } http;
  struct {
    std::filesystem::path path = "var/storage";
    std::filesystem::path database; ///< Default: `{path}/vigie.db`.
  } storage;
  struct {
    unsigned local = 0; ///< Default: one per core.
    std::string gate_host = "127.0.0.1";
    uint16_t gate_port = 4711; ///< 0: any.
    std::chrono::seconds job_timeout{300};
    int max_broken_leases = 3;
    uint64_t memory_mb = 4'096;    ///< Address space of a slot; 0: no limit.
    std::filesystem::path program; ///< Default: beside vigied.
  } workers;
  struct {
    std::string ocr_languages = "fra+eng";
    std::filesystem::path rules_file, vision_model, vision_classes_file;
  } analysis;
  struct {
    bool enabled = true;
    bool required = false; ///< A batch fails without its Gemini analysis.
    std::string api_key;   ///< Never printed.
    std::string model = "gemini-3.8-flash";
    std::vector<std::string> fallback_models; ///< Empty: none is used.
    std::string base_url = "https://generativelanguage.googleapis.com";
    std::chrono::seconds call_timeout{120};
    std::chrono::seconds budget{600}; ///< Per batch, waiting included.
    int max_retries = 11;             ///< Requests of one analysis, less one.
    bool summary = true;
    double rpm = 0, tpm = 0, rpd = 0; ///< 0: learned from the API.
    unsigned max_calls = 16;
    std::filesystem::path prompts_dir; ///< Default: beside the program.
  } gemini;
  scoring_weights scoring;
  struct {
    std::chrono::seconds keepalive{15};
    std::size_t max_pending_bytes = 1u << 20;
  } sse;
  struct {
    std::size_t max_unfinished = 1'000;
  } admission;
};

using environment =
    std::function<std::optional<std::string>(const std::string& name)>;

/// Flags win over the environment, that over the file, that over defaults.
/// A bad or unknown setting is a problem that names it and says why.
outcome<settings> load_settings(std::span<const std::string> args,
                                const environment& env);

} // namespace vigie
