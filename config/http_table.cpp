// The sections `http` and `sse`: one row for each option.

#include "config/table.hpp"
#include "domain/network.hpp"

namespace vigie {

namespace {

verdict origins(std::vector<std::string>& to, const std::string& text) {
  to = list_of(text);
  return std::nullopt;
}

/// `["10.0.0.0/8", "::1"]`, or `10.0.0.0/8,::1`.
verdict networks(std::vector<std::string>& to, const std::string& text) {
  auto all = list_of(text);
  for (auto& one : all)
    if (!parse_network(one))
      return "\"" + one + "\" is not an address or a network like 10.0.0.0/8";
  to = all;
  return std::nullopt;
}

option listen() {
  return {"http.listen",
          [](settings& s, const std::string& text) {
            return address(s.http.host, s.http.port, text);
          },
          [](const settings& s) {
            return in_toml(s.http.host + ':' + std::to_string(s.http.port));
          }};
}

} // namespace

std::vector<option> http_options() {
  using http = decltype(settings::http);
  using sse = decltype(settings::sse);
  const section row{"http", &settings::http};
  const section stream{"sse", &settings::sse};
  return {
      listen(),
      row("threads", &http::threads, within(1u, 256u)),
      row("max_file_bytes", &http::max_file_bytes,
          within(uint64_t{1}, most_bytes)),
      row("max_batch_bytes", &http::max_batch_bytes,
          within(uint64_t{1}, most_bytes)),
      row("max_files", &http::max_files, within(std::size_t{1}, most_things)),
      row("max_streams", &http::max_streams,
          within(std::size_t{0}, most_things)),
      row("cors_origins", &http::cors_origins, origins),
      row("trusted_proxies", &http::trusted_proxies, networks),
      stream("keepalive_seconds", &sse::keepalive, seconds_within(1, 86'400)),
      stream("max_pending_bytes", &sse::max_pending_bytes,
             within(std::size_t{65'536}, most_things)),
  };
}

} // namespace vigie
