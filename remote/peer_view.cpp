#include "remote/peer_view.hpp"

#include "remote/private_file.hpp"

#include <cerrno>
#include <utility>

namespace vigie {

namespace fs = std::filesystem;

peer_view::peer_view(fs::path pki, clock now, std::chrono::milliseconds every)
    : dir_(std::move(pki) / "peers"), now_(std::move(now)), every_(every) {}

outcome<peer> peer_view::by_serial(const std::string& serial) {
  return find(&peer::serial, serial, "certificate");
}

outcome<peer> peer_view::by_token(const std::string& token) {
  // By its hash: what leaks from here, time included, opens nothing.
  return find(&peer::token_sha256, sha256_hex_of(token), "join token");
}

outcome<peer> peer_view::find(std::string peer::*key, const std::string& value,
                              const char* what) {
  std::lock_guard lock{guard_};
  refresh();
  for (auto& [file, e] : files_) {
    if (!e.who || (*e.who).*key != value)
      continue;
    if (auto why = obstacle(*e.who, now_()))
      return *why;
    return *e.who;
  }
  return problem{code::bad_request,
                 std::string{"this "} + what
                     + " is not in the register: it was replaced by a newer "
                       "one, or is of another server"};
}

void peer_view::refresh() {
  auto now = std::chrono::steady_clock::now();
  if (now < next_look_)
    return;
  next_look_ = now + every_;
  std::error_code failed;
  fs::directory_iterator all{dir_, failed};
  if (failed && failed != std::errc::no_such_file_or_directory)
    return; // not ours to judge: what was known stays
  std::map<std::string, entry> found;
  if (!failed)
    for (; all != fs::directory_iterator{}; all.increment(failed)) {
      if (failed)
        return;
      if (all->path().extension() != ".json")
        continue;
      auto name = all->path().filename().string();
      auto known = files_.find(name);
      auto& e = found[name] = known == files_.end() ? entry{} : known->second;
      read(all->path(), e);
    }
  files_.swap(found);
}

void peer_view::read(const fs::path& path, entry& e) {
  struct stat now {};
  if (::stat(path.c_str(), &now) != 0)
    return;
  if (now.st_mtim.tv_sec == e.changed.tv_sec
      && now.st_mtim.tv_nsec == e.changed.tv_nsec && now.st_ino == e.inode
      && now.st_size == e.size)
    return;
  auto text = read_small(path);
  if (!text)
    return; // tried again at the next look
  e.changed = now.st_mtim;
  e.inode = now.st_ino;
  e.size = now.st_size;
  e.who = peer_from_json(text.value());
  // A copy under another name must not bring a revoked peer back.
  if (e.who && e.who->name + ".json" != path.filename())
    e.who.reset();
}

} // namespace vigie
