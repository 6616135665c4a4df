#include "remote/cache_folder.hpp"

#include "remote/digest.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <string_view>
#include <system_error>

namespace vigie {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view lock_name = ".lock";
constexpr std::string_view mark_words =
    "A file cache of vigie-worker: what lies here may go at any time.\n";

problem refused(const fs::path& folder, const std::string& why) {
  return {code::bad_request, "--cache " + folder.string() + ": " + why};
}

std::string words_of(int error) {
  return std::generic_category().message(error);
}

bool made_here(const fs::directory_entry& e) {
  auto name = e.path().filename().string();
  std::error_code failed;
  return (name == lock_name || is_sha256(name) || is_unfinished(name))
         && fs::is_regular_file(e.symlink_status(failed));
}

/// Why it may not be ours.
outcome<done> look_at(const fs::path& folder) {
  std::error_code failed;
  if (fs::is_regular_file(fs::symlink_status(folder / cache_mark, failed)))
    return done{};
  fs::directory_iterator all{folder, failed};
  if (failed)
    return refused(folder, failed.message());
  if (std::all_of(begin(all), end(all), made_here))
    return done{};
  return refused(folder, "it is not empty and no cache of vigie-worker (it has "
                         "no "
                             + std::string{cache_mark}
                             + "): what lies there is left alone; name a new "
                               "or an empty folder");
}

outcome<done> put_mark(const fs::path& folder) {
  unique_fd mark{::open((folder / cache_mark).c_str(),
                        O_CREAT | O_WRONLY | O_CLOEXEC | O_NOFOLLOW, 0600)};
  if (!mark)
    return refused(folder, words_of(errno));
  if (::pwrite(mark.get(), mark_words.data(), mark_words.size(), 0) < 0)
    return done{}; // the disk is full: its name says enough
  return done{};
}

} // namespace

bool is_unfinished(const std::string& name) {
  constexpr std::string_view part = ".part", once = ".once";
  constexpr std::size_t hash = 64;
  if (name.size() <= hash || !is_sha256(name.substr(0, hash)))
    return false;
  auto tail = std::string_view{name}.substr(hash);
  if (tail == part)
    return true;
  auto number = tail.substr(std::min(tail.size(), once.size()));
  return tail.starts_with(once) && !number.empty()
         && std::all_of(number.begin(), number.end(),
                        [](char c) { return c >= '0' && c <= '9'; });
}

outcome<unique_fd> open_cache_folder(const fs::path& folder) {
  std::error_code failed;
  if (!fs::exists(folder, failed)) {
    fs::create_directories(folder, failed);
    if (failed)
      return refused(folder, failed.message());
    fs::permissions(folder, fs::perms::owner_all, failed);
  } else if (auto ours = look_at(folder); !ours) {
    return ours.why();
  }
  unique_fd lock{::open((folder / lock_name).c_str(),
                        O_CREAT | O_RDWR | O_CLOEXEC | O_NOFOLLOW, 0600)};
  if (!lock)
    return refused(folder, words_of(errno));
  if (::flock(lock.get(), LOCK_EX | LOCK_NB) != 0)
    return refused(folder, "another node uses it");
  if (auto marked = put_mark(folder); !marked)
    return marked.why();
  return lock;
}

void sweep_cache_folder(const fs::path& folder) {
  std::error_code failed;
  for (auto& e : fs::directory_iterator(folder, failed))
    if (is_unfinished(e.path().filename().string()))
      ::unlink(e.path().c_str());
}

} // namespace vigie
