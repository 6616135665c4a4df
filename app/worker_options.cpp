#include "app/worker_options.hpp"

#include <cstdio>
#include <functional>
#include <map>
#include <string>

namespace vigie {

namespace {

using setter = std::function<void(worker_options&, const std::string&)>;

const std::map<std::string, setter>& flags() {
  static const std::map<std::string, setter> all{
      {"--connect",
       [](auto& o, auto& v) {
         auto colon = v.rfind(':');
         o.host = v.substr(0, colon);
         o.port = static_cast<uint16_t>(std::stoul(v.substr(colon + 1)));
       }},
      {"--certificate", [](auto& o, auto& v) { o.certificate = v; }},
      {"--key", [](auto& o, auto& v) { o.key = v; }},
      {"--ca", [](auto& o, auto& v) { o.ca = v; }},
      {"--parent", [](auto& o, auto& v) { o.parent = std::stoi(v); }},
      {"--job-timeout",
       [](auto& o, auto& v) {
         o.job_timeout = std::chrono::seconds{std::stol(v)};
       }},
      {"--memory", [](auto& o, auto& v) { o.memory_bytes = std::stoull(v); }},
      {"--languages", [](auto& o, auto& v) { o.analyzer.ocr_languages = v; }},
      {"--rules", [](auto& o, auto& v) { o.analyzer.rules_file = v; }},
      {"--vision-model", [](auto& o, auto& v) { o.analyzer.vision_model = v; }},
      {"--vision-classes",
       [](auto& o, auto& v) { o.analyzer.vision_classes_file = v; }},
      {"--temp", [](auto& o, auto& v) { o.analyzer.temp_dir = v; }},
      {"--slot", [](auto& o, auto& v) { o.name = "local-" + v; }},
  };
  return all;
}

} // namespace

std::optional<worker_options> worker_options::parse(int argc, char** argv) {
  worker_options o;
  for (int i = 1; i < argc; i += 2) {
    auto flag = flags().find(argv[i]);
    if (flag == flags().end() || i + 1 >= argc) {
      std::fprintf(stderr, "vigie-worker: bad flag or missing value: %s\n",
                   argv[i]);
      return std::nullopt;
    }
    try {
      flag->second(o, argv[i + 1]);
    } catch (const std::exception&) {
      std::fprintf(stderr, "vigie-worker: bad value of %s: %s\n", argv[i],
                   argv[i + 1]);
      return std::nullopt;
    }
  }
  if (o.certificate.empty() || o.key.empty() || o.ca.empty()) {
    std::fprintf(stderr, "vigie-worker: --certificate, --key and --ca are "
                         "needed: workers join over mutual TLS only\n");
    return std::nullopt;
  }
  return o;
}

} // namespace vigie
