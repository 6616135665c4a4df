#include "logs/logger.hpp"

#include <spdlog/async.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <utility>

namespace vigie {

namespace {

constexpr std::size_t most_noted = 8'192; ///< Lines that wait to be written.

spdlog::level::level_enum level_of(log_level x) {
  switch (x) {
  case log_level::debug:
    return spdlog::level::debug;
  case log_level::info:
    return spdlog::level::info;
  case log_level::warning:
    return spdlog::level::warn;
  case log_level::error:
    return spdlog::level::err;
  }
  return spdlog::level::info;
}

} // namespace

struct logger::impl {
  log_options options;
  std::shared_ptr<spdlog::sinks::stderr_sink_mt> sink =
      std::make_shared<spdlog::sinks::stderr_sink_mt>();
  std::shared_ptr<spdlog::details::thread_pool> pool =
      std::make_shared<spdlog::details::thread_pool>(most_noted, 1);
  spdlog::logger now{"now", sink};
  std::shared_ptr<spdlog::async_logger> soon =
      std::make_shared<spdlog::async_logger>(
          "soon", sink, pool, spdlog::async_overflow_policy::overrun_oldest);

  explicit impl(log_options o) : options(std::move(o)) {
    sink->set_pattern("%v"); // lines come ready made
    now.set_level(level_of(options.level));
    soon->set_level(level_of(options.level));
    // A reader that is gone is no reason to write about it.
    auto nothing = [](const std::string&) {};
    now.set_error_handler(nothing);
    soon->set_error_handler(nothing);
  }

  void write(spdlog::logger& to, const log_entry& entry) const {
    auto level = level_of(entry.level);
    if (to.should_log(level))
      to.log(level, "{}",
             render(options.format, options.program, entry, utc_now()));
  }
};

logger::logger(log_options options)
    : impl_(std::make_unique<impl>(std::move(options))) {}

logger::~logger() = default;

void logger::say(const log_entry& entry) { impl_->write(impl_->now, entry); }

void logger::note(const log_entry& entry) { impl_->write(*impl_->soon, entry); }

uint64_t logger::dropped() const { return impl_->pool->overrun_counter(); }

void logger::end() { impl_->pool.reset(); }

std::optional<log_format> parse_log_format(std::string_view text) {
  for (auto x : {log_format::text, log_format::json})
    if (text == (x == log_format::json ? "json" : "text"))
      return x;
  return std::nullopt;
}

std::optional<log_level> parse_log_level(std::string_view text) {
  for (auto x : {log_level::debug, log_level::info, log_level::warning,
                 log_level::error})
    if (text == to_string(x))
      return x;
  return std::nullopt;
}

} // namespace vigie
