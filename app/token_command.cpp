#include "app/token_command.hpp"

#include "app/command_words.hpp"
#include "app/storage_owner.hpp"
#include "app/token_list.hpp"
#include "storage/token_register.hpp"

#include <charconv>
#include <cstdio>
#include <filesystem>
#include <vector>

namespace vigie {

namespace {

namespace fs = std::filesystem;

constexpr auto usage =
    "vigied token: who may use the API and the web page\n\n"
    "  vigied token add NAME --role reader|auditor|admin\n"
    "                         prints a new token; an older one of NAME is "
    "dead\n"
    "    --own-only           sees only the batches sent under NAME\n"
    "    --days N             1 to 3650; default: until it is revoked\n"
    "  vigied token list [--json]\n"
    "  vigied token revoke NAME\n\n"
    "The database is found as the server finds it: --storage, --database,\n"
    "--config, the environment. A running server follows at once; it ends\n"
    "streams of events within four seconds.";

outcome<new_token> wish_of(const command_words& w) {
  new_token t;
  t.name = w.words[1];
  if (!valid_token_name(t.name))
    return problem{code::bad_request, "NAME: 1 to 64 of [A-Za-z0-9._-], "
                                      "beginning with a letter or a digit"};
  auto role = parse_access_role(w.flag("--role"));
  if (!role)
    return problem{code::bad_request, "--role: reader, auditor or admin"};
  t.role = *role;
  t.own_only = w.has("--own-only");
  if (t.own_only && t.role == access_role::admin)
    return problem{code::bad_request, "--own-only: an admin sees everything"};
  auto text = w.flag("--days");
  if (text.empty())
    return t;
  auto days = 0;
  auto [end, failed] =
      std::from_chars(text.data(), text.data() + text.size(), days);
  if (failed != std::errc{} || *end != '\0' || days < 1 || days > 3'650)
    return problem{code::bad_request, "--days: a number from 1 to 3650"};
  t.valid = std::chrono::days{days};
  return t;
}

outcome<std::string> add(const settings& cfg, const command_words& w) {
  auto wish = wish_of(w);
  if (!wish)
    return wish.why();
  std::error_code failed;
  auto fresh = fs::create_directories(cfg.storage.path, failed);
  if (auto parent = cfg.storage.database.parent_path(); !parent.empty())
    fs::create_directories(parent, failed);
  auto made = token_register{cfg.storage.database}.add(wish.value(), utc_now());
  if (!made)
    return made.why();
  auto& m = made.value();
  std::printf("%s\n", m.secret.c_str());
  auto until = m.facts.expires_at
                   ? "expires " + rfc3339(*m.facts.expires_at).substr(0, 10)
                   : std::string{"does not expire"};
  return m.facts.name + " (" + w.flag("--role")
         + (m.facts.own_only ? ", own only" : "") + "): " + until
         + "; the token is not shown again"
         + (m.replaced ? "; the older token is dead" : "")
         + (fresh ? fresh_storage(cfg.storage.path) : "");
}

outcome<std::string> revoke(const settings& cfg, const std::string& name) {
  auto gone = token_register{cfg.storage.database}.revoke(name, utc_now());
  if (!gone)
    return gone.why();
  return name + ": revoked since " + rfc3339(*gone.value().revoked_at);
}

outcome<std::string> run(const command_words& w, const environment& env) {
  auto cfg = load_settings(w.settings, env);
  if (!cfg)
    return cfg.why();
  if (auto bad = foreign_owner(cfg.value().storage.path))
    return *bad;
  auto word = w.words.empty() ? std::string{} : w.words[0];
  if (word == "list" && w.words.size() == 1) {
    auto text = token_list(cfg.value().storage.database, w.has("--json"));
    if (text)
      std::fputs(text.value().c_str(), stdout);
    return text ? outcome<std::string>{std::string{}} : text.why();
  }
  if (word == "add" && w.words.size() == 2)
    return add(cfg.value(), w);
  if (word == "revoke" && w.words.size() == 2)
    return revoke(cfg.value(), w.words[1]);
  return problem{code::bad_request,
                 "token: add NAME, list, or revoke NAME; see "
                 "token --help"};
}

} // namespace

int token_command(std::span<const std::string> args, const environment& env) {
  auto w = read_words(args, {"--own-only", "--json"}, {"--role", "--days"});
  if (w && w.value().has("--help")) {
    std::puts(usage);
    return 0;
  }
  auto said = w ? run(w.value(), env) : outcome<std::string>{w.why()};
  auto& line = said ? said.value() : said.why().detail;
  if (!line.empty())
    std::fprintf(stderr, "vigied: %s\n", line.c_str());
  return said ? 0 : 2;
}

} // namespace vigie
