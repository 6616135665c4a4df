#include "app/cert_command.hpp"

#include "app/cert_list.hpp"
#include "app/command_words.hpp"
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
                           const command_words& w) {
  if (auto bad = reserved(name))
    return *bad;
  auto role_name = w.flags.contains("--role") ? w.flag("--role") : "node";
  auto role = role_from(role_name);
  if (!role)
    return problem{code::bad_request, "--role: node or admin"};
  auto text = w.flags.contains("--days") ? w.flag("--days") : "365";
  auto days = 0;
  auto [end, failed] =
      std::from_chars(text.data(), text.data() + text.size(), days);
  if (failed != std::errc{} || *end != '\0' || days < 1 || days > 3'650)
    return problem{code::bad_request, "--days: a number from 1 to 3650"};
  auto wanted = w.flag("--out");
  auto out = fs::path{wanted.empty() ? name + ".pem" : wanted};
  auto dir = out.has_parent_path() ? out.parent_path() : fs::path{"."};
  // Before the old one dies, not after.
  if (wanted != "-"
      && (::access(dir.c_str(), W_OK) != 0 || fs::is_directory(out)))
    return problem{code::bad_request,
                   "--out: " + out.string() + " cannot be written"};
  if (wanted != "-" && fs::exists(out)) {
    auto old = read_small(out);
    if (!old || old.value().find("-----BEGIN VIGIE") == std::string::npos)
      return problem{code::bad_request,
                     "--out: " + out.string() + " is there, and is no bundle"};
  }
  std::error_code unknown;
  auto fresh = !fs::exists(pki.parent_path(), unknown);
  auto made = peer_register{pki}.issue(name, *role, std::chrono::days{days});
  if (!made)
    return made.why();
  auto& m = made.value();
  if (wanted == "-")
    std::fputs(m.bundle.c_str(), stdout);
  else if (auto saved = write_private(out, m.bundle); !saved)
    return problem{code::internal, saved.why().detail + "; issue it again"};
  return name + " (" + role_name + "): "
         + (wanted == "-" ? "" : "bundle written to " + out.string() + ", ")
         + "expires " + rfc3339(m.who.expires_at).substr(0, 10)
         + (m.replaced ? "; the older certificate and token are dead" : "")
         + (fresh ? fresh_storage(pki.parent_path()) : "");
}

outcome<std::string> revoke(const fs::path& pki, const std::string& name) {
  auto gone = peer_register{pki}.revoke(name);
  if (!gone)
    return gone.why();
  return name + ": revoked since " + rfc3339(*gone.value().revoked_at)
         + (name == "local" ? "; the server makes a new one when it starts"
                            : "");
}

outcome<done> run(const command_words& w, const environment& env) {
  auto cfg = load_settings(w.settings, env);
  if (!cfg)
    return cfg.why();
  auto pki = cfg.value().storage.path / ".pki";
  for (auto& folder : {cfg.value().storage.path, pki})
    if (auto bad = foreign_owner(folder))
      return *bad;
  if (w.words.size() == 1 && w.words[0] == "list") {
    auto text = cert_list(pki, w.has("--json"));
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
  auto w = read_words(args, {"--json"}, {"--role", "--days", "--out"});
  if (w && w.value().has("--help")) {
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
