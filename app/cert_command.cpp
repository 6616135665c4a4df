#include "app/cert_command.hpp"

#include "app/cert_list.hpp"
#include "app/flag_words.hpp"
#include "app/storage_owner.hpp"
#include "remote/peer_register.hpp"
#include "remote/private_file.hpp"

#include <unistd.h>

#include <charconv>
#include <cstdio>

namespace vigie {

namespace {

namespace fs = std::filesystem;

constexpr auto usage =
    "vigied cert: who may join the worker network\n\n"
    "  vigied cert NAME       issues a bundle; an older one of NAME is dead\n"
    "    --role node|admin    default: node\n"
    "    --days N             1 to 3650, default: 365\n"
    "    --out FILE           default: NAME.pem; -: standard output\n"
    "  vigied cert list [--json]\n"
    "  vigied cert revoke NAME\n\n"
    "The storage folder is found as the server finds it: --storage, --config,\n"
    "the environment. A running server follows within two seconds.";

struct wishes {
  std::vector<std::string> words, settings;
  std::string role = "node", days = "365", out;
  bool json = false, help = false;
};

outcome<wishes> read_wishes(std::span<const std::string> args) {
  wishes w;
  for (std::size_t i = 0; i < args.size(); ++i) {
    auto& a = args[i];
    if (a == "--json" || a == "--help") {
      (a == "--json" ? w.json : w.help) = true;
      continue;
    }
    if (!a.starts_with("--")) {
      w.words.push_back(a);
      continue;
    }
    auto flag = flag_at(args, i);
    if (!flag)
      return flag.why();
    auto& [name, value] = flag.value();
    if (name == "--role")
      w.role = value;
    else if (name == "--days")
      w.days = value;
    else if (name == "--out")
      w.out = value;
    else
      w.settings.insert(w.settings.end(), {name, value});
  }
  return w;
}

std::optional<problem> reserved(const std::string& name) {
  if (name == "local")
    return problem{code::bad_request,
                   "local: is the server's own; it makes that bundle itself"};
  for (auto* taken : {"core", "ca", "list", "revoke"})
    if (name == taken)
      return problem{code::bad_request, name + ": is no name for a peer"};
  return std::nullopt;
}

outcome<std::string> issue(const fs::path& pki, const std::string& name,
                           const wishes& w) {
  if (auto bad = reserved(name))
    return *bad;
  auto role = role_from(w.role);
  if (!role)
    return problem{code::bad_request, "--role: node or admin"};
  auto days = 0;
  auto [end, failed] =
      std::from_chars(w.days.data(), w.days.data() + w.days.size(), days);
  if (failed != std::errc{} || *end != '\0' || days < 1 || days > 3'650)
    return problem{code::bad_request, "--days: a number from 1 to 3650"};
  auto out = fs::path{w.out.empty() ? name + ".pem" : w.out};
  auto dir = out.has_parent_path() ? out.parent_path() : fs::path{"."};
  // Before the old one dies, not after.
  if (w.out != "-"
      && (::access(dir.c_str(), W_OK) != 0 || fs::is_directory(out)))
    return problem{code::bad_request,
                   "--out: " + out.string() + " cannot be written"};
  auto made = peer_register{pki}.issue(name, *role, std::chrono::days{days});
  if (!made)
    return made.why();
  auto& m = made.value();
  if (w.out == "-")
    std::fputs(m.bundle.c_str(), stdout);
  else if (auto saved = write_private(out, m.bundle); !saved)
    return problem{code::internal, saved.why().detail + "; issue it again"};
  return name + " (" + w.role + "): "
         + (w.out == "-" ? "" : "bundle written to " + out.string() + ", ")
         + "expires " + rfc3339(m.who.expires_at).substr(0, 10)
         + (m.replaced ? "; the older certificate and token are dead" : "");
}

outcome<std::string> revoke(const fs::path& pki, const std::string& name) {
  auto gone = peer_register{pki}.revoke(name);
  if (!gone)
    return gone.why();
  return name + ": revoked since " + rfc3339(*gone.value().revoked_at)
         + (name == "local" ? "; the server makes a new one when it starts"
                            : "");
}

outcome<done> run(const wishes& w, const environment& env) {
  auto cfg = load_settings(w.settings, env);
  if (!cfg)
    return cfg.why();
  auto pki = cfg.value().storage.path / ".pki";
  for (auto& folder : {cfg.value().storage.path, pki})
    if (auto bad = foreign_owner(folder))
      return *bad;
  if (w.words.size() == 1 && w.words[0] == "list") {
    auto text = cert_list(pki, w.json);
    if (!text)
      return text.why();
    std::fputs(text.value().c_str(), stdout);
    return done{};
  }
  auto revoking = w.words.size() == 2 && w.words[0] == "revoke";
  if (!revoking && w.words.size() != 1)
    return problem{code::bad_request,
                   "cert: a NAME, list, or revoke NAME; see cert --help"};
  auto said = revoking ? revoke(pki, w.words[1]) : issue(pki, w.words[0], w);
  if (!said)
    return said.why();
  std::fprintf(stderr, "vigied: %s\n", said.value().c_str());
  return done{};
}

} // namespace

int cert_command(std::span<const std::string> args, const environment& env) {
  auto w = read_wishes(args);
  if (w && w.value().help) {
    std::puts(usage);
    return 0;
  }
  auto result = w ? run(w.value(), env) : outcome<done>{w.why()};
  if (result)
    return 0;
  std::fprintf(stderr, "vigied: %s\n", result.why().detail.c_str());
  return 2;
}

} // namespace vigie
