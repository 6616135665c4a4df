#include "actors/clerk.hpp"

#include <utility>

namespace vigie {

clerk_actor::behavior_type clerk(clerk_actor::pointer,
                                 std::shared_ptr<quarantine_reader> rows,
                                 std::shared_ptr<batch_reader> batches) {
  return {
      [rows = std::move(rows)](quarantine_atom, uint64_t limit) {
        return std::make_shared<const outcome<std::vector<quarantined_file>>>(
            rows->quarantined(limit));
      },
      [batches = std::move(batches)](list_atom, const std::string& status,
                                     uint64_t limit) {
        list_query q;
        q.limit = limit;
        q.status = parse_batch_status(status); // else: all
        return std::make_shared<const outcome<batch_page>>(batches->list(q));
      },
  };
}

inspector_actor::behavior_type
inspector(inspector_actor::pointer, std::shared_ptr<evidence_check> vault) {
  return {
      [vault = std::move(vault)](verify_atom, const std::string& from) {
        return std::make_shared<const outcome<verify_page>>(
            vault->verify(from));
      },
  };
}

} // namespace vigie
