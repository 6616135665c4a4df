#pragma once

#include "domain/actor_view.hpp"
#include "domain/batch.hpp"
#include "domain/node.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace vigie {

/// One command of an operator. Crosses the network.
struct admin_ask {
  std::string version; ///< Must equal the server's.
  std::string token;   ///< Of a bundle of role `admin`.
  std::string command; ///< See vigie-admin --help.
  std::vector<std::string> args;
};

/// A file that broke its workers too often, and where.
struct quarantined_file {
  batch_id batch;
  file_id file;
  std::string filename;
  stage what = stage::metadata;
  utc_time since{};
  std::string reason; ///< French sentence, as in the file's warnings.
};

/// Listed at most; the newest.
inline constexpr std::size_t most_quarantined = 200;

/// What waits for one stage, and what is in it. Of all batches together.
struct stage_queue {
  std::string stage;
  uint64_t waiting = 0, working = 0;
};

/// Who listens to events, and what they have not taken yet.
struct stream_figures {
  uint64_t clients = 0, pending_bytes = 0;
  uint64_t cut = 0; ///< Slow readers closed since the start.
};

struct batch_row {
  std::string id, status;
  utc_time stored_at{};
  int64_t files = 0;
  int progress = 0;            ///< Percent.
  std::optional<double> score; ///< 0 to 100.
  std::string gemini, error;   ///< May be empty.
};

/// Listed at most.
inline constexpr std::size_t most_batches = 200;

/// What is sent to one model, and when. See gate_board.
struct gate_row {
  std::string model, state, reason;
  std::optional<std::chrono::milliseconds> opens_in; ///< By the server's clock.
  std::optional<utc_time> opens_at;
  int64_t waiting = 0, in_flight = 0;
  int64_t requests_in_window = 0;
  double tokens_in_window = 0;
  std::optional<double> rpm, tpm, rpd; ///< Of which the window has so much.
  int64_t day_requests = 0;
  std::optional<utc_time> day_resets_at;
};

/// A file or report that is not what was stored.
struct verify_fault {
  std::string batch, what, name; ///< `what`: file | report.
  std::string fault;             ///< missing | changed | unreadable
};

/// A stretch of what is stored, held against its hashes.
struct verify_page {
  uint64_t files = 0, reports = 0, bytes = 0; ///< Looked at.
  uint64_t total = 0; ///< Files and reports there are, on the first page.
  std::vector<verify_fault> faults;
  std::string next; ///< Where the next page begins; empty: that was all.
};

/// What an operator is told: of these only what was asked for. Crosses the
/// network; whoever shows it makes tables or JSON of it.
struct admin_answer {
  std::vector<node_view> nodes;
  uint64_t queued = 0, leased = 0;           ///< Jobs: waiting, and in work.
  std::vector<quarantined_file> quarantined; ///< Newest first.
  bool more = false;                         ///< There are older ones.
  uint64_t told = 0;                         ///< Nodes that were told to leave.
  actor_sheet actors;
  std::vector<stage_queue> stages; ///< In the order of the stages.
  std::optional<stream_figures> streams;
  std::vector<gate_row> gates;
  std::vector<batch_row> batches; ///< Newest first.
  verify_page verified;
};

} // namespace vigie
