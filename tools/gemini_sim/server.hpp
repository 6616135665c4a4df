#pragma once

#include "tools/gemini_sim/scenario.hpp"

#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <map>
#include <memory>
#include <mutex>
#include <random>
#include <string>

namespace httplib {
class Server;
struct Request;
struct Response;
} // namespace httplib

namespace vigie::sim {

/// The simulator behind HTTP. Thread-safe; every arrival is one line of the
/// log: {"t","model","http","outcome","hash","key"}; never the key itself.
class simulator {
public:
  simulator(scenario s, std::FILE* log);
  void serve(httplib::Server& server);
  /// Replies that still wait are given at once.
  void end();

private:
  void generate(const httplib::Request& q, httplib::Response& res);
  struct outcome {
    int http = 200;
    std::string what, body;
    double latency = 0;
  };
  outcome decide(const std::string& model, const std::string& key,
                 const std::string& body);
  outcome scripted(const std::string& what, const std::string& model,
                   const std::string& body);
  void note(const std::string& model, const outcome& o, const std::string& body,
            const std::string& key);
  double draw();

  scenario s_;
  std::FILE* log_;
  std::mutex lock_;
  std::condition_variable over_;
  bool ended_ = false;
  quota_model& quota_of(const std::string& model);

  std::map<std::string, quota_model> quotas_; ///< Per model, as at Google.
  std::mt19937_64 engine_;
  std::chrono::steady_clock::time_point begun_;
  std::size_t arrivals_ = 0;
};

} // namespace vigie::sim
