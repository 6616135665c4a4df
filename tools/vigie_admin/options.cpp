#include "tools/vigie_admin/options.hpp"

#include "domain/batch.hpp"
#include "tools/vigie_admin/commands.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

namespace vigie {

namespace {

problem bad(std::string why) { return {code::bad_request, std::move(why)}; }

/// `[::1]:8700`, too.
std::optional<problem> address(admin_options& o, const std::string& text) {
  auto colon = text.rfind(':');
  auto wrong = bad("--connect \"" + text + "\": not host:port");
  if (colon == text.npos || colon == 0)
    return wrong;
  o.host = text.substr(0, colon);
  if (o.host.size() > 2 && o.host.front() == '[' && o.host.back() == ']')
    o.host = o.host.substr(1, o.host.size() - 2);
  auto* last = text.data() + text.size();
  auto [end, failed] = std::from_chars(text.data() + colon + 1, last, o.port);
  if (failed != std::errc{} || end != last || o.port == 0)
    return wrong;
  return std::nullopt;
}

bool is_wish(const std::string& flag) {
  for (auto& c : commands())
    if (std::find(c.flags.begin(), c.flags.end(), flag) != c.flags.end())
      return true;
  return false;
}

/// Answers how many arguments were taken.
outcome<std::size_t> take(admin_options& o, const std::string& flag,
                          const std::string* value) {
  for (auto [name, wish] : {std::pair{"--json", &admin_options::json},
                            {"--help", &admin_options::help},
                            {"--version", &admin_options::version}})
    if (flag == name) {
      o.*wish = true;
      return std::size_t{1};
    }
  if (flag != "--connect" && flag != "--bundle" && !is_wish(flag))
    return bad(flag + ": no such flag; see --help");
  if (value == nullptr || value->empty())
    return bad(flag + ": needs a value");
  if (is_wish(flag))
    o.wishes[flag.substr(2)] = *value;
  else if (flag == "--bundle")
    o.bundle = std::filesystem::absolute(*value);
  else if (auto wrong = address(o, *value))
    return *wrong;
  return std::size_t{2};
}

/// 0: not a whole number of that.
std::size_t number(const std::string& text) {
  std::size_t n = 0;
  auto* last = text.data() + text.size();
  auto [end, failed] = std::from_chars(text.data(), last, n);
  return failed == std::errc{} && end == last ? n : 0;
}

std::optional<problem> judge_wishes(admin_options& o, const command_form& c) {
  for (auto& [name, value] : o.wishes) {
    auto flag = "--" + name;
    if (std::find(c.flags.begin(), c.flags.end(), flag) == c.flags.end())
      return bad(flag + ": not for " + c.form());
    auto n = number(value);
    if (name == "limit" && (n == 0 || n > c.most))
      return bad(flag + " " + value + ": from 1 to " + std::to_string(c.most));
    if (name == "interval" && (n == 0 || n > 3'600))
      return bad(flag + " " + value + ": from 1 to 3600 seconds");
    if (name == "interval")
      o.interval = std::chrono::seconds{n};
    if (name == "status" && value != "all" && !parse_batch_status(value))
      return bad(flag + " " + value
                 + ": processing, completed, failed, cancelled or all");
  }
  if (o.words[0] == "completion" && o.words[1] != "bash")
    return bad("completion " + o.words[1] + ": bash is the one there is");
  return std::nullopt;
}

} // namespace

outcome<admin_options>
admin_options::parse(const std::vector<std::string>& args) {
  admin_options o;
  auto flags = true;
  for (std::size_t i = 0; i < args.size();) {
    if (!flags || !args[i].starts_with("--")) {
      o.words.push_back(args[i++]);
    } else if (args[i] == "--") {
      flags = false;
      ++i;
    } else {
      auto taken =
          take(o, args[i], i + 1 < args.size() ? &args[i + 1] : nullptr);
      if (!taken)
        return taken.why();
      i += taken.value();
    }
  }
  if (o.help || o.version)
    return o;
  problem why{code::bad_request, ""};
  auto* form = command_of(o.words, why);
  if (form == nullptr)
    return why;
  if (auto wrong = judge_wishes(o, *form))
    return *wrong;
  if (o.words[0] == "completion")
    return o;
  if (o.host.empty() || o.bundle.empty())
    return bad("--connect and --bundle are needed; see --help");
  return o;
}

std::vector<std::string> admin_options::args() const {
  std::vector<std::string> out(words.begin() + 1, words.end());
  for (auto& [name, value] : wishes)
    if (name != "interval")
      out.push_back(name + "=" + value);
  if (words[0] == "batches" && wishes.count("status") == 0)
    out.push_back("status=processing");
  return out;
}

} // namespace vigie
