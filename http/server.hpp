#pragma once

#include "domain/access.hpp"
#include "domain/ports.hpp"
#include "domain/telemetry.hpp"
#include "http/access.hpp"
#include "http/pace.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace vigie {

struct http_options {
  std::string host = "127.0.0.1";
  int port = 8000; ///< 0: any.
  unsigned threads = 16;
  std::vector<std::string> cors_origins{"http://localhost:5173"};
  uint64_t max_file_bytes = uint64_t{1} << 30;
  uint64_t max_batch_bytes = uint64_t{4} << 30;
  std::size_t max_files = 2'000;
  std::size_t max_streams = 10'000;
  pace_rule pace;
  std::chrono::milliseconds head_time{5'000}; ///< For a whole request head.
  std::chrono::milliseconds linger{1'000};    ///< Reading on after a refusal.
  access_rules access;
};

/// What the routes ask for; each must outlive the server.
struct http_ports {
  batch_service& service;
  batch_reader& reader;
  file_reader& files;
  blob_store& blobs;
  content_sniffer& sniffer;
  event_streams& streams;
  quota_reader& quota;
  access_book& access;
  telemetry* meter = nullptr;        ///< Null: nobody is told.
  metrics_source* metrics = nullptr; ///< Null: no /metrics.
};

/// The REST and SSE door. start() returns once the port is open.
class http_server {
public:
  http_server(http_options options, http_ports ports);
  ~http_server();
  http_server(const http_server&) = delete;
  http_server& operator=(const http_server&) = delete;

  /// Answers the port, or a problem that names it.
  outcome<int> start();
  /// Lets running requests finish, then joins. Adopted sockets live on.
  void stop();
  /// `METHODS PATTERN` of every route.
  std::vector<std::string> routes() const;

private:
  struct impl;
  std::unique_ptr<impl> impl_;
};

} // namespace vigie
