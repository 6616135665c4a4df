#include "app/storage_owner.hpp"

#include <sys/stat.h>
#include <unistd.h>

namespace vigie {

std::optional<problem> foreign_owner(const std::filesystem::path& folder) {
  struct stat is {};
  if (::stat(folder.c_str(), &is) != 0 || is.st_uid == ::geteuid())
    return std::nullopt;
  return problem{code::bad_request, "storage.path belongs to another user: run "
                                    "this as the user who runs the server"};
}

std::string fresh_storage(const std::filesystem::path& folder) {
  std::error_code failed;
  auto whole = std::filesystem::absolute(folder, failed);
  return "\nvigied: made a new storage folder, "
         + whole.lexically_normal().string()
         + ": if a server uses another one, say so with --config or --storage";
}

} // namespace vigie
