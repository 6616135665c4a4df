#include "actors/depot.hpp"

#include <utility>

namespace vigie {

depot_actor::behavior_type depot(depot_actor::pointer,
                                 std::shared_ptr<chunk_source> files) {
  return {
      [files = std::move(files)](fetch_atom, const std::string& path,
                                 uint64_t offset) -> caf::result<file_chunk> {
        auto bytes = files->read(path, offset, chunk_bytes);
        // What cannot be read ends there: the file fails by its hash, and that
        // is the job's outcome. An error would be tried again for ever.
        return bytes ? file_chunk{std::move(bytes).value()} : file_chunk{};
      },
  };
}

} // namespace vigie
