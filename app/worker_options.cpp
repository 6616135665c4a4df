#include "app/worker_options.hpp"

#include <charconv>
#include <cstdio>
#include <functional>
#include <map>
#include <string>
#include <thread>

namespace vigie {

const char* const worker_usage =
    "vigie-worker: lends this machine's cores to a vigied\n\n"
    "  --connect HOST:PORT   workers.remote_listen of the server\n"
    "  --bundle FILE         made there by `vigied cert NAME`\n"
    "  --slots N             files worked on at a time; default: one per core\n"
    "  --cache DIR           evidence that came from the server; default: in "
    "--temp\n"
    "  --cache-mb N          its limit, MiB; default: 4096\n"
    "  --file-mb N           largest file taken, MiB; default: 4096. One that "
    "is larger\n                        than the cache stays for its job only\n"
    "  --temp DIR            scratch of the slots; default: a new folder in "
    "TMPDIR\n"
    "  --vision-model FILE   the detector, when the server uses one\n"
    "  --drain-seconds N     SIGTERM: time to finish what runs; default: 20\n"
    "  --log-format text|json, --log-level debug|info|warning|error\n"
    "  --help, --version\n\n"
    "SIGTERM finishes or gives back what runs and ends with 0. Exit code 2: a "
    "bad flag\nor bundle, which is named.";

namespace {

/// Answers what is wrong with the value, if anything.
using verdict = std::optional<std::string>;
using setter = std::function<verdict(worker_options&, const std::string&)>;

verdict number(auto& to, const std::string& text, uint64_t least,
               uint64_t most) {
  uint64_t x = 0;
  auto end = text.data() + text.size();
  auto [stop, bad] = std::from_chars(text.data(), end, x);
  if (bad != std::errc{} || stop != end || x < least || x > most)
    return "not a number from " + std::to_string(least) + " to "
           + std::to_string(most);
  to = static_cast<std::remove_reference_t<decltype(to)>>(x);
  return std::nullopt;
}

verdict address(worker_options& o, const std::string& text) {
  auto colon = text.rfind(':');
  if (colon == std::string::npos || colon == 0)
    return "not host:port";
  o.host = text.substr(0, colon);
  if (o.host.front() == '[' && o.host.back() == ']')
    o.host = o.host.substr(1, o.host.size() - 2);
  if (o.host.empty())
    return "not host:port";
  return number(o.port, text.substr(colon + 1), 1, 65'535);
}

verdict path(std::filesystem::path& to, const std::string& text) {
  if (text.empty())
    return "empty";
  to = std::filesystem::absolute(text);
  return std::nullopt;
}

verdict seconds(std::chrono::seconds& to, const std::string& text) {
  long n = 0;
  auto bad = number(n, text, 0, 86'400);
  to = std::chrono::seconds{n};
  return bad;
}

verdict mebibytes(uint64_t& to, const std::string& text) {
  auto bad = number(to, text, 1, uint64_t{1} << 30);
  to <<= 20;
  return bad;
}

template <class X>
verdict word(X& to, std::optional<X> found, const char* words) {
  if (!found)
    return "not " + std::string{words};
  to = *found;
  return std::nullopt;
}

const std::map<std::string, setter>& flags() {
  using O = worker_options;
  using T = const std::string;
  static const std::map<std::string, setter> all{
      {"--connect", [](O& o, T& v) { return address(o, v); }},
      {"--bundle", [](O& o, T& v) { return path(o.bundle, v); }},
      {"--slots", [](O& o, T& v) { return number(o.slots, v, 1, 1'024); }},
      {"--cache", [](O& o, T& v) { return path(o.cache, v); }},
      {"--cache-mb", [](O& o, T& v) { return mebibytes(o.cache_bytes, v); }},
      {"--file-mb", [](O& o, T& v) { return mebibytes(o.largest_file, v); }},
      {"--temp", [](O& o, T& v) { return path(o.temp, v); }},
      {"--vision-model", [](O& o, T& v) { return path(o.vision_model, v); }},
      {"--drain-seconds", [](O& o, T& v) { return seconds(o.drain, v); }},
      {"--log-format",
       [](O& o, T& v) {
         return word(o.log.format, parse_log_format(v), "text or json");
       }},
      {"--log-level",
       [](O& o, T& v) {
         return word(o.log.level, parse_log_level(v),
                     "debug, info, warning or error");
       }},
      {"--storage", [](O& o, T& v) { return path(o.storage, v); }},
      {"--parent",
       [](O& o, T& v) { return number(o.parent, v, 1, INT32_MAX); }},
  };
  return all;
}

} // namespace

std::optional<worker_options> worker_options::parse(int argc, char** argv) {
  worker_options o;
  o.slots = std::max(1u, std::thread::hardware_concurrency());
  for (int i = 1; i < argc; i += 2) {
    auto flag = flags().find(argv[i]);
    if (flag == flags().end() || i + 1 >= argc) {
      std::fprintf(stderr, "vigie-worker: %s: %s\n", argv[i],
                   flag == flags().end() ? "no such flag" : "needs a value");
      return std::nullopt;
    }
    if (auto bad = flag->second(o, argv[i + 1])) {
      std::fprintf(stderr, "vigie-worker: %s \"%s\": %s\n", argv[i],
                   argv[i + 1], bad->c_str());
      return std::nullopt;
    }
  }
  if (o.host.empty() || o.bundle.empty()) {
    std::fprintf(stderr, "vigie-worker: --connect and --bundle are needed; "
                         "see --help\n");
    return std::nullopt;
  }
  return o;
}

} // namespace vigie
