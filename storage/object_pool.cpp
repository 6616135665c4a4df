#include "storage/object_pool.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace vigie {

namespace fs = std::filesystem;

namespace {

problem cannot(const fs::path& what, int error) {
  return {code::storage_down, what.string() + ": " + std::strerror(error)};
}

} // namespace

object_pool::object_pool(fs::path dest)
    : dest_(std::move(dest)), objects_(dest_ / "objects") {
  // nop
}

fs::path object_pool::at(const std::string& sha256) const {
  return objects_ / sha256.substr(0, 2) / sha256;
}

bool object_pool::holds(const std::string& sha256) {
  if (sha256.size() != 64 || held_.contains(sha256))
    return sha256.size() == 64;
  std::error_code absent;
  if (!fs::is_regular_file(at(sha256), absent) || !whole(sha256))
    return false;
  held_.insert(sha256);
  return true;
}

/// What came after the last complete backup may be torn: a power cut leaves
/// names before bytes. So it is read again.
bool object_pool::whole(const std::string& sha256) const {
  std::error_code none, failed;
  auto complete = fs::last_write_time(dest_ / "manifest.jsonl", none);
  auto made = fs::last_write_time(at(sha256), failed);
  if (!none && !failed && made < complete)
    return true;
  auto from = open_file::read(at(sha256));
  auto what = from ? copy_hashed(from.fd(), -1) : outcome<hashed>{problem{}};
  return what && what.value().sha256 == sha256;
}

uint64_t object_pool::size(const std::string& sha256) const {
  std::error_code absent;
  auto n = fs::file_size(at(sha256), absent);
  return absent ? 0 : n;
}

fs::path object_pool::draft() const {
  return objects_ / (".draft-" + std::to_string(::getpid()));
}

outcome<hashed> object_pool::take(int from) {
  std::error_code ignored;
  fs::create_directories(objects_, ignored);
  fs::remove(draft(), ignored);
  auto to = open_file::create(draft(), 0600);
  if (!to)
    return cannot(draft(), errno);
  auto what = copy_hashed(from, to.fd());
  if (!what)
    return what.why();
  return keep(draft(), what.value());
}

outcome<hashed> object_pool::adopt(const fs::path& file) {
  auto from = open_file::read(file);
  if (!from)
    return cannot(file, errno);
  auto what = copy_hashed(from.fd(), -1);
  return what ? keep(file, what.value()) : what;
}

outcome<hashed> object_pool::keep(const fs::path& draft, hashed what) {
  auto home = at(what.sha256);
  std::error_code failed;
  fs::create_directories(home.parent_path(), failed);
  if (::rename(draft.c_str(), home.c_str()) != 0)
    return cannot(home, errno);
  held_.insert(what.sha256);
  return what;
}

outcome<done> object_pool::sync() const {
  open_file dir{::open(dest_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
  if (!dir || ::syncfs(dir.fd()) != 0)
    return cannot(dest_, errno);
  return done{};
}

void object_pool::sweep(const std::set<std::string>& named) {
  std::error_code ignored; // what stays is swept the next time
  for (auto& entry : fs::recursive_directory_iterator(objects_, ignored))
    if (!entry.is_directory(ignored)
        && !named.contains(entry.path().filename().string()))
      fs::remove(entry.path(), ignored);
}

} // namespace vigie
