#pragma once

#include "domain/access.hpp"
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
    std::vector<std::string> trusted_proxies; ///< Addresses and networks.
  } http;
  struct {
    access_mode required = access_mode::automatic;
    std::chrono::seconds session{12 * 3'600};
    double token_rate = 100,
           token_burst = 1'000; ///< A second, at once; 0: any.
    double address_rate = 200, address_burst = 2'000;
    double failures_per_minute = 10; ///< Wrong tokens of one address.
  } access;
  struct {
    std::filesystem::path path = "var/storage";
    std::filesystem::path database; ///< Default: `{path}/vigie.db`.
  } storage;
  struct {
    unsigned local = 0; ///< Default: one per core.
    std::string gate_host = "127.0.0.1";
    uint16_t gate_port = 4711;             ///< 0: any.
    std::chrono::seconds job_timeout{300}; ///< Wall clock.
    std::chrono::seconds job_cpu{0};       ///< 0: as job_timeout.
    int max_broken_leases = 3;
    uint64_t memory_mb = 4'096;    ///< Address space of a slot; 0: no limit.
    uint64_t file_mb = 1'024;      ///< Largest file that a slot may write.
    unsigned recycle_after = 200;  ///< Jobs; then a slot starts afresh.
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
    uint64_t max_unfinished_bytes = uint64_t{20} << 30; ///< 0: no limit.
  } admission;
  struct {
    std::chrono::seconds drain{20}; ///< 0: at once.
  } server;
  struct {
    std::string format = "text"; ///< text | json
    std::string level = "info";  ///< debug | info | warning | error
  } log;
  struct {
    uint64_t disk_free_mb = 16; ///< Less: not ready. 0: never.
  } ready;
  struct {
    std::chrono::seconds max_age{0}; ///< 0: off. Given in days.
    int disk_high_percent = 0;       ///< 0: off.
    int disk_low_percent = 0;        ///< Default: high - 10.
    std::chrono::seconds period{600};
  } retention;
};

using environment =
    std::function<std::optional<std::string>(const std::string& name)>;

struct settings_reading; // config/sources.hpp

/// Flags win over the environment, that over the file, that over defaults.
/// `present`: names of the environment; those that begin with VIGIE_ must be
/// known. Every bad or unknown setting is named with the reason.
settings_reading read_settings(std::span<const std::string> args,
                               const environment& env,
                               std::span<const std::string> present = {});

/// The same for a program that only wants to go on: the values, or a problem
/// whose detail has all faults, a line each.
outcome<settings> load_settings(std::span<const std::string> args,
                                const environment& env,
                                std::span<const std::string> present = {});

} // namespace vigie
