// The section `workers`: one row for each option.

#include "config/table.hpp"

namespace vigie {

namespace {

option remote_listen() {
  return {"workers.remote_listen",
          [](settings& s, const std::string& text) {
            return address(s.workers.gate_host, s.workers.gate_port,
                           text.empty() ? "127.0.0.1:0" : text);
          },
          [](const settings& s) {
            return in_toml(s.workers.gate_host + ':'
                           + std::to_string(s.workers.gate_port));
          }};
}

} // namespace

std::vector<option> worker_options() {
  using workers = decltype(settings::workers);
  const section row{"workers", &settings::workers};
  constexpr auto most_mb = uint64_t{1} << 30;
  return {
      row("local", &workers::local, within(0u, 1'024u)),
      remote_listen(),
      row("job_timeout_seconds", &workers::job_timeout,
          seconds_within(1, 86'400)),
      row("job_cpu_seconds", &workers::job_cpu, seconds_within(0, 86'400)),
      row("max_broken_leases", &workers::max_broken_leases, within(1, 100)),
      row("memory_mb", &workers::memory_mb, within(uint64_t{0}, most_mb)),
      row("file_mb", &workers::file_mb, within(uint64_t{1}, most_mb)),
      row("recycle_after", &workers::recycle_after, within(1u, 1'000'000u)),
  };
}

} // namespace vigie
