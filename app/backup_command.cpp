#include "app/backup_command.hpp"

#include "app/command_words.hpp"
#include "app/storage_owner.hpp"
#include "app/version.hpp"
#include "storage/backup.hpp"

#include <cstdio>
#include <vector>

namespace vigie {

namespace {

namespace fs = std::filesystem;

constexpr auto usage =
    "vigied backup: a copy of all batches, beside the running server\n\n"
    "  vigied backup DEST     makes or renews the backup in folder DEST; what\n"
    "                         DEST has already is not copied again\n"
    "    --with-keys          .pki as well: who may join the worker network\n"
    "  vigied backup --verify DEST   reads every byte of it\n"
    "  vigied restore SRC     into an empty storage folder; no server may use\n"
    "                         it yet\n"
    "    --despite-damage     leaves out files that are damaged in SRC\n\n"
    "The storage folder is found as the server finds it: --storage,\n"
    "--database, --config, the environment. Exit code 1: done, but for the\n"
    "files named on standard error.";

outcome<backup_tale> run(const std::string& what, const command_words& w,
                         const environment& env) {
  if (w.words.size() != 1)
    return problem{code::bad_request,
                   what + ": one folder; see " + what + " --help"};
  auto making = what == "backup";
  if (making ? w.has("--despite-damage")
             : w.has("--with-keys") || w.has("--verify"))
    return problem{code::bad_request, what
                                          + ": that flag is not of this "
                                            "command; see backup --help"};
  if (w.has("--verify"))
    return verify_backup(w.words[0]);
  auto cfg = load_settings(w.settings, env);
  if (!cfg)
    return cfg.why();
  auto& where = cfg.value().storage;
  if (auto bad = foreign_owner(where.path))
    return *bad;
  if (making)
    return make_backup({where.path, where.database, w.words[0],
                        w.has("--with-keys"), version, utc_now()});
  return restore_backup(
      {w.words[0], where.path, where.database, w.has("--despite-damage")});
}

std::string told(const std::string& what, const command_words& w,
                 const backup_tale& t) {
  auto n = [](auto x, const char* one, const char* many) {
    return std::to_string(x) + (x == 1 ? one : many);
  };
  auto all = n(t.batches, " batch, ", " batches, ")
             + n(t.files, " file, ", " files, ")
             + n(t.bytes, " byte", " bytes");
  if (w.has("--verify"))
    return "backup of " + t.made_at + ": " + all;
  if (what == "restore")
    return "restored from the backup of " + t.made_at + ": " + all;
  return "backup: " + all
         + "; copied now: " + n(t.copied, " file, ", " files, ")
         + n(t.copied_bytes, " byte", " bytes");
}

} // namespace

std::optional<int> backup_command(std::span<const std::string> args,
                                  const environment& env) {
  if (args.empty() || (args[0] != "backup" && args[0] != "restore"))
    return std::nullopt;
  auto w = read_words(args.subspan(1),
                      {"--with-keys", "--verify", "--despite-damage"}, {});
  if (w && w.value().has("--help")) {
    std::puts(usage);
    return 0;
  }
  auto tale = w ? run(args[0], w.value(), env) : outcome<backup_tale>{w.why()};
  if (!tale) {
    std::fprintf(stderr, "vigied: %s\n", tale.why().detail.c_str());
    return 2;
  }
  for (auto& fault : tale.value().faults)
    std::fprintf(stderr, "vigied: %s\n", fault.c_str());
  std::fprintf(stderr, "vigied: %s\n",
               told(args[0], w.value(), tale.value()).c_str());
  return tale.value().faults.empty() ? 0 : 1;
}

} // namespace vigie
