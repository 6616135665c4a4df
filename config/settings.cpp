#include "config/settings.hpp"

#include "config/sources.hpp"
#include "config/table.hpp"

#include <algorithm>
#include <thread>

namespace vigie {

void set_text(settings_reading& r, const std::string& key,
              const std::string& value, const std::string& named,
              const std::string& origin) {
  auto row = option_of(key);
  if (!row) {
    std::vector<std::string> known;
    for (auto& one : all_options())
      known.push_back(one.key);
    r.faults.push_back(named + ": no such setting" + suggestion(key, known));
    return;
  }
  if (auto bad = row->read(r.values, value))
    r.faults.push_back(named + ": " + *bad);
  else
    r.origins[key] = origin;
}

namespace {

/// `--name value` or `--name=value`; the last one of a name wins.
using pairs = std::map<std::string, std::string>;

pairs pairs_of(std::span<const std::string> args,
               std::vector<std::string>& faults) {
  std::vector<std::string> known{"--config"};
  for (auto& f : flags())
    known.emplace_back(f.name);
  auto listed = known;
  for (auto* other :
       {"--check-config", "--print-config", "--help", "--version"})
    listed.emplace_back(other);
  pairs out;
  for (std::size_t i = 0; i < args.size(); ++i) {
    auto equals = std::min(args[i].find('='), args[i].size());
    auto name = args[i].substr(0, equals);
    auto inside = equals < args[i].size();
    auto follows = i + 1 < args.size() && !args[i + 1].starts_with("--");
    if (std::ranges::find(known, name) == known.end()) {
      faults.push_back(name + ": no such flag" + suggestion(name, listed));
      i += !inside && follows;
    } else if (!inside && !follows) {
      faults.push_back(name + ": needs a value");
    } else {
      out[name] = inside ? args[i].substr(equals + 1) : args[++i];
    }
  }
  return out;
}

/// What else may be set beside ours: names of tests and, for a service called
/// vigie, those that Kubernetes and container links put everywhere.
bool of_others(const std::string& name) {
  return name == "VIGIE_CONFIG" || name == "VIGIE_FAULT" || name == "VIGIE_PORT"
         || name.starts_with("VIGIE_PORT_")
         || name.starts_with("VIGIE_SERVICE_");
}

void complain_of_strangers(std::span<const std::string> present,
                           settings_reading& r) {
  std::vector<std::string> known{"VIGIE_CONFIG"};
  for (auto& v : variables())
    known.emplace_back(v.name);
  for (auto& name : present)
    if (name.starts_with("VIGIE_") && !of_others(name)
        && std::ranges::find(known, name) == known.end())
      r.faults.push_back(name + ": no such variable" + suggestion(name, known));
}

/// What only the settings together can say.
void settle(settings_reading& r) {
  auto& s = r.values;
  if (s.storage.database.empty())
    s.storage.database = s.storage.path / "vigie.db";
  auto& keep = s.retention;
  if (keep.disk_high_percent > 0 && keep.disk_low_percent == 0)
    keep.disk_low_percent = std::max(1, keep.disk_high_percent - 10);
  if (keep.disk_low_percent > 0
      && keep.disk_low_percent >= keep.disk_high_percent)
    r.faults.push_back("retention.disk_low_percent: must be below "
                       "retention.disk_high_percent");
  if (s.gemini.required && !s.gemini.enabled)
    r.faults.push_back("gemini.required: needs gemini.enabled, which is off");
}

} // namespace

settings_reading read_settings(std::span<const std::string> args,
                               const environment& env,
                               std::span<const std::string> present) {
  settings_reading r;
  r.values.workers.local = std::max(1u, std::thread::hardware_concurrency());
  auto given = pairs_of(args, r.faults);
  auto file = env("VIGIE_CONFIG");
  if (auto named = given.find("--config"); named != given.end())
    file = named->second;
  if (file)
    read_file(*file, r);
  complain_of_strangers(present, r);
  for (auto& v : variables())
    if (auto value = env(v.name))
      set_text(r, v.key, *value, v.name, std::string{"environment "} + v.name);
  for (auto& f : flags())
    if (auto value = given.find(f.name); value != given.end())
      set_text(r, f.key, value->second, f.name, std::string{"flag "} + f.name);
  settle(r);
  return r;
}

outcome<settings> load_settings(std::span<const std::string> args,
                                const environment& env,
                                std::span<const std::string> present) {
  auto r = read_settings(args, env, present);
  if (r.faults.empty())
    return std::move(r.values);
  std::string all;
  for (auto& one : r.faults)
    all += (all.empty() ? "" : "\n") + one;
  return problem{code::bad_request, all};
}

} // namespace vigie
