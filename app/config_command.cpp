#include "app/config_command.hpp"

#include "app/access_wiring.hpp"
#include "app/gemini_wiring.hpp"
#include "app/node_wiring.hpp"
#include "config/print.hpp"
#include "config/sources.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>

namespace vigie {

namespace {

namespace fs = std::filesystem;

constexpr int bad_setting = 2;

/// A file that comes with the program: in the source tree or installed.
fs::path shipped(const std::string& name) {
  auto own = fs::read_symlink("/proc/self/exe").parent_path();
  for (auto& dir : {own / "../../config", own / "../config",
                    own / "../share/vigie", fs::path{"/etc/vigie"}})
    if (fs::exists(dir / name))
      return fs::weakly_canonical(dir / name);
  return {};
}

/// Files that settings name are read as at a start.
void check_files(settings_reading& r) {
  if (auto hub = hub_from(r.values); !hub)
    r.faults.push_back(hub.why().detail);
  if (auto gemini = gemini_from(r.values, {}); !gemini)
    r.faults.push_back(gemini.why().detail);
  if (auto why = too_open(r.values, usable_token(r.values)))
    r.faults.push_back(why->detail);
}

int complain(const std::vector<std::string>& faults) {
  for (auto& one : faults)
    std::fprintf(stderr, "vigied: %s\n", one.c_str());
  return bad_setting;
}

std::string summary(const settings& s) {
  auto at = [](const std::string& host, auto port) {
    return host + ':' + (port == 0 ? "any port" : std::to_string(port));
  };
  auto storage = std::filesystem::absolute(s.storage.path).lexically_normal();
  return "The settings are good: HTTP on " + at(s.http.host, s.http.port)
         + ", nodes on " + at(s.workers.gate_host, s.workers.gate_port)
         + ", storage in " + storage.string()
         + ".\nWhether they are free and writable is seen at the start.\n";
}

} // namespace

std::vector<std::string> environment_names() {
  std::vector<std::string> out;
  for (auto** each = ::environ; *each; ++each) {
    std::string_view pair{*each};
    out.emplace_back(pair.substr(0, pair.find('=')));
  }
  return out;
}

void add_shipped(settings& s) {
  if (s.analysis.rules_file.empty())
    s.analysis.rules_file = shipped("observation_rules.json");
  if (s.gemini.prompts_dir.empty())
    s.gemini.prompts_dir = shipped("prompts");
}

std::optional<int> config_command(std::span<const std::string> args,
                                  const environment& env) {
  auto rest = std::vector<std::string>(args.begin(), args.end());
  auto check = std::erase(rest, "--check-config") > 0;
  auto print = std::erase(rest, "--print-config") > 0;
  if (!check && !print)
    return std::nullopt;
  auto r = read_settings(rest, env, environment_names());
  add_shipped(r.values);
  if (check)
    check_files(r);
  if (!r.faults.empty())
    return complain(r.faults);
  std::fputs(print ? printed(r).c_str() : summary(r.values).c_str(), stdout);
  return 0;
}

} // namespace vigie
