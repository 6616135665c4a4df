#include "remote/disk_cache.hpp"

#include "remote/cache_folder.hpp"
#include "remote/digest.hpp"

#include <fcntl.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <system_error>

namespace vigie {

namespace {

namespace fs = std::filesystem;

problem cannot(const char* what, int error) {
  auto id =
      error == ENOSPC || error == EDQUOT ? code::disk_full : code::internal;
  return {id, std::string{"the file cache cannot "} + what + ": "
                  + std::generic_category().message(error)};
}

} // namespace

outcome<std::unique_ptr<disk_cache>> disk_cache::open(const fs::path& folder,
                                                      uint64_t most_bytes,
                                                      uint64_t largest) {
  auto lock = open_cache_folder(folder);
  if (!lock)
    return lock.why();
  auto cache = std::unique_ptr<disk_cache>{
      new disk_cache{folder, most_bytes, largest, std::move(lock).value()}};
  cache->scan();
  return cache;
}

disk_cache::disk_cache(fs::path folder, uint64_t most, uint64_t largest,
                       unique_fd lock)
    : folder_(std::move(folder)), most_(most), largest_(largest),
      lock_(std::move(lock)) {}

/// What is whole is kept, what is not is thrown away.
void disk_cache::scan() {
  sweep_cache_folder(folder_);
  std::error_code failed;
  for (auto& e : fs::directory_iterator(folder_, failed)) {
    auto name = e.path().filename().string();
    if (is_sha256(name) && fs::is_regular_file(e.symlink_status(failed)))
      keep(name, e.file_size(failed), false);
  }
  make_room(0);
}

std::string disk_cache::path_of(const std::string& sha256) const {
  return (folder_ / sha256).string();
}

std::string disk_cache::part_of(const std::string& sha256) const {
  return path_of(sha256) + ".part";
}

void disk_cache::keep(const std::string& sha256, uint64_t size, bool believed) {
  uses_.push_back(sha256);
  files_[sha256] = {size, 0, believed, std::prev(uses_.end())};
  bytes_ += size;
}

void disk_cache::remove(const std::string& sha256) {
  auto i = files_.find(sha256);
  std::error_code failed;
  fs::remove(path_of(sha256), failed);
  bytes_ -= i->second.bytes;
  uses_.erase(i->second.use);
  files_.erase(i);
}

/// What is on its way counts as if it were here, if it is to be kept.
void disk_cache::make_room(uint64_t for_bytes) {
  for (auto& [sha256, c] : parts_)
    for_bytes += c.expected <= most_ ? c.expected : 0;
  for (auto i = uses_.begin();
       i != uses_.end() && bytes_ + for_bytes > most_;) {
    auto sha256 = *i++;
    if (files_.at(sha256).pins == 0)
      remove(sha256);
  }
}

std::optional<std::string> disk_cache::find(const std::string& sha256) {
  auto i = files_.find(sha256);
  if (i == files_.end())
    return std::nullopt;
  std::error_code failed; // somebody may have tidied up
  auto size = fs::file_size(path_of(sha256), failed);
  if (failed || size != i->second.bytes
      || (!i->second.believed && digest_of(path_of(sha256)) != sha256)) {
    remove(sha256);
    return std::nullopt;
  }
  i->second.believed = true;
  ++i->second.pins;
  uses_.splice(uses_.end(), uses_, i->second.use);
  return path_of(sha256);
}

outcome<done> disk_cache::begin(const std::string& sha256, uint64_t bytes) {
  if (!is_sha256(sha256))
    return problem{code::bad_request, "not a SHA-256"};
  if (bytes > largest_)
    return problem{code::file_too_large,
                   "a file of " + std::to_string(bytes)
                       + " bytes is larger than the largest taken here, "
                       + std::to_string(largest_)};
  parts_.erase(sha256); // begun again
  make_room(bytes <= most_ ? bytes : 0);
  coming c;
  c.file = unique_fd{::open(part_of(sha256).c_str(),
                            O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0600)};
  if (!c.file)
    return cannot("begin a file", errno);
  c.hash = begin_digest();
  c.expected = bytes;
  parts_[sha256] = std::move(c);
  return done{};
}

outcome<done> disk_cache::append(const std::string& sha256,
                                 std::string_view bytes) {
  auto& c = parts_.at(sha256);
  // What grew on the server is cut: it fails by its hash, as it would there.
  bytes = bytes.substr(0, c.expected + 1 - std::min(c.written, c.expected + 1));
  c.written += bytes.size();
  EVP_DigestUpdate(c.hash.get(), bytes.data(), bytes.size());
  while (!bytes.empty()) {
    auto n = ::write(c.file.get(), bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR)
      continue;
    if (n <= 0)
      return cannot("write", errno);
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
  return done{};
}

outcome<std::string> disk_cache::seal(const std::string& sha256,
                                      bool as_it_is) {
  auto c = std::move(parts_.at(sha256));
  parts_.erase(sha256);
  auto fits = end_digest(c.hash.get()) == sha256;
  if (!fits && !as_it_is) {
    ::unlink(part_of(sha256).c_str());
    return problem{code::internal, "a file does not fit its SHA-256"};
  }
  auto kept = fits && c.expected <= most_;
  auto path = kept ? path_of(sha256)
                   : path_of(sha256) + ".once" + std::to_string(++once_count_);
  if (::rename(part_of(sha256).c_str(), path.c_str()) != 0) {
    auto error = errno;
    ::unlink(part_of(sha256).c_str());
    return cannot("keep a file", error);
  }
  if (!kept) {
    once_.insert(path);
    return path;
  }
  keep(sha256, c.written, true);
  ++files_.at(sha256).pins;
  return path;
}

void disk_cache::drop(const std::string& sha256) {
  if (parts_.erase(sha256) > 0)
    ::unlink(part_of(sha256).c_str());
}

void disk_cache::unpin(const std::string& path) {
  if (once_.erase(path) > 0) {
    ::unlink(path.c_str());
    return;
  }
  auto i = files_.find(fs::path{path}.filename().string());
  if (i != files_.end() && i->second.pins > 0)
    --i->second.pins;
  make_room(0);
}

} // namespace vigie
