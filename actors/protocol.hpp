#pragma once
// Over budget: every message and interface in one place.

#include "actors/wire.hpp"
#include "domain/model_call.hpp"
#include "domain/ports.hpp"

#include <caf/all.hpp>

#include <unistd.h>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace vigie {

/// How a worker slot introduces itself. Crosses the network.
struct hello {
  std::string version; ///< Must equal the server's.
  std::string boot_id; ///< Random per process: tells lives apart.
  std::string name;    ///< For people: host and slot.
};

template <class F>
auto inspect(F& f, hello& x) {
  return f(caf::meta::type_name("hello"), x.version, x.boot_id, x.name);
}

/// What BROADCASTER holds right now.
struct stream_stats {
  uint64_t clients = 0;
  uint64_t pending_bytes = 0;
  uint64_t cut = 0; ///< Slow readers closed since the start.
};

template <class F>
auto inspect(F& f, stream_stats& x) {
  return f(x.clients, x.pending_bytes, x.cut);
}

/// What WORKER_HUB holds right now.
struct hub_stats {
  uint64_t slots = 0;
  uint64_t queued = 0;
  uint64_t leased = 0;
};

template <class F>
auto inspect(F& f, hub_stats& x) {
  return f(x.slots, x.queued, x.leased);
}

/// One file on its way through METADATA, VISION and TEXT.
struct ticket {
  batch_id batch;
  file_record file;
  std::size_t position = 0; ///< 1-based within the batch.
  std::size_t total = 0;
  std::vector<stage> done; ///< Stages whose result is stored already.
  bool has_metadata = false;
  bool quarantined = false; ///< Broke its worker too often: skip the rest.
  std::optional<uint64_t> perceptual_hash;
};

/// A subscription on its way to BROADCASTER; closed if nobody takes it.
class socket_guard {
public:
  explicit socket_guard(event_streams::subscription s) : s_(std::move(s)) {}
  socket_guard(const socket_guard&) = delete;
  socket_guard& operator=(const socket_guard&) = delete;
  ~socket_guard() {
    if (s_.fd >= 0)
      ::close(s_.fd);
  }
  const event_streams::subscription& what() const { return s_; }
  int release() { return std::exchange(s_.fd, -1); }

private:
  event_streams::subscription s_;
};

/// One call for GEMINI_DESK: an image, or the summary, of a batch.
struct model_ask {
  batch_id batch;
  std::string subject; ///< File name; empty: the summary.
  std::string input_hash, prompt_hash;
  model_request request; ///< `model` is filled in by the desk.
  double tokens = 0;     ///< Estimated input.
  utc_time deadline{};
  int sends = 0; ///< Before a restart, as far as is known.
};

/// How an analysis ended.
struct model_told {
  bool answered = false;
  std::string verdict; ///< quota_exceeded, blocked, bad_request, …
  std::string scope;   ///< minute, day, billing, limit0, budget, key, …
  std::optional<utc_time> reset_at;
  model_answer answer; ///< When answered; stored already.
  int sends = 0;
};

/// Why a batch waits, for its timeline.
struct held_up {
  bool quota = true; ///< false: the service is unavailable.
  seconds_f delay{};
  utc_time resume_at{};
  int attempt = 0;
  std::string quota_id, source;
  std::optional<int64_t> value;
};

/// A request on its way to a caller, and how to call it off.
struct model_errand {
  model_request request;
  std::string subject;
  std::stop_source stop;
};

// Local only: shared, immutable, never serialised (unsafe message types).
using ask_ptr = std::shared_ptr<const model_ask>;
using told_ptr = std::shared_ptr<const model_told>;
using held_ptr = std::shared_ptr<const held_up>;
using errand_ptr = std::shared_ptr<const model_errand>;
using reply_ptr = std::shared_ptr<const model_reply>;
using boards_ptr = std::shared_ptr<const std::vector<gate_board>>;
using recall = std::pair<std::string, std::vector<std::string>>;
using recall_ptr = std::shared_ptr<const recall>; ///< Prompt hash, inputs.
using answers_ptr = std::shared_ptr<const outcome<std::vector<model_answer>>>;
using done_ptr = std::shared_ptr<const outcome<done>>;
using record_ptr = std::shared_ptr<const outcome<analysis_record>>;
using change_ptr = std::shared_ptr<const change>;
using answer_ptr = std::shared_ptr<const outcome<change_answer>>;
using state_ptr = std::shared_ptr<const outcome<batch_state>>;
using view_ptr = std::shared_ptr<const outcome<batch_view>>;
using ids_ptr = std::shared_ptr<const outcome<std::vector<batch_id>>>;
using pdf_ptr = std::shared_ptr<const outcome<report_result>>;
using slice_ptr = std::shared_ptr<const outcome<log_slice>>;
using new_batch_ptr = std::shared_ptr<const new_batch>;
using submitted_ptr = std::shared_ptr<const outcome<submitted>>;
using events_ptr = std::shared_ptr<const std::vector<committed_event>>;
using socket_ptr = std::shared_ptr<socket_guard>;
using ticket_ptr = std::shared_ptr<const ticket>;

} // namespace vigie

CAF_BEGIN_TYPE_ID_BLOCK(vigie, caf::first_custom_type_id)
CAF_ADD_TYPE_ID(vigie, (vigie::hello))
CAF_ADD_TYPE_ID(vigie, (vigie::analysis_job))
CAF_ADD_TYPE_ID(vigie, (vigie::analysis_result))
CAF_ADD_TYPE_ID(vigie, (vigie::stream_stats))
CAF_ADD_TYPE_ID(vigie, (vigie::hub_stats))
CAF_ADD_ATOM(vigie, vigie, adopt_atom, "adopt")
CAF_ADD_ATOM(vigie, vigie, announce_atom, "announce")
CAF_ADD_ATOM(vigie, vigie, commit_atom, "commit")
CAF_ADD_ATOM(vigie, vigie, flush_atom, "flush")
CAF_ADD_ATOM(vigie, vigie, load_atom, "load")
CAF_ADD_ATOM(vigie, vigie, view_atom, "view")
CAF_ADD_ATOM(vigie, vigie, open_atom, "open")
CAF_ADD_ATOM(vigie, vigie, print_atom, "print")
CAF_ADD_ATOM(vigie, vigie, replay_atom, "replay")
CAF_ADD_ATOM(vigie, vigie, submit_atom, "submit")
CAF_ADD_ATOM(vigie, vigie, ready_atom, "ready")
CAF_ADD_ATOM(vigie, vigie, begin_atom, "begin")
CAF_ADD_ATOM(vigie, vigie, ticket_atom, "ticket")
CAF_ADD_ATOM(vigie, vigie, closing_atom, "closing")
CAF_ADD_ATOM(vigie, vigie, work_atom, "work")
CAF_ADD_ATOM(vigie, vigie, join_atom, "join")
CAF_ADD_ATOM(vigie, vigie, pull_atom, "pull")
CAF_ADD_ATOM(vigie, vigie, beat_atom, "beat")
CAF_ADD_ATOM(vigie, vigie, result_atom, "result")
CAF_ADD_ATOM(vigie, vigie, lost_atom, "lost")
CAF_ADD_ATOM(vigie, vigie, stats_atom, "stats")
CAF_ADD_ATOM(vigie, vigie, ask_atom, "ask")
CAF_ADD_ATOM(vigie, vigie, call_atom, "call")
CAF_ADD_ATOM(vigie, vigie, held_atom, "held")
CAF_ADD_ATOM(vigie, vigie, sent_atom, "sent")
CAF_ADD_ATOM(vigie, vigie, expire_atom, "expire")
CAF_ADD_ATOM(vigie, vigie, save_atom, "save")
CAF_ADD_ATOM(vigie, vigie, recall_atom, "recall")
CAF_ADD_ATOM(vigie, vigie, rerun_atom, "rerun")
CAF_ADD_ATOM(vigie, vigie, cancel_atom, "cancel")
CAF_ADD_ATOM(vigie, vigie, retry_atom, "retry")
CAF_ADD_ATOM(vigie, vigie, erase_atom, "erase")
CAF_END_TYPE_ID_BLOCK(vigie)

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(vigie::change_ptr)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(vigie::answer_ptr)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(vigie::state_ptr)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(vigie::view_ptr)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(vigie::ids_ptr)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(vigie::pdf_ptr)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(vigie::slice_ptr)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(vigie::new_batch_ptr)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(vigie::submitted_ptr)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(vigie::events_ptr)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(vigie::socket_ptr)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(vigie::ticket_ptr)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(vigie::ask_ptr)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(vigie::told_ptr)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(vigie::held_ptr)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(vigie::errand_ptr)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(vigie::reply_ptr)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(vigie::boards_ptr)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(vigie::recall_ptr)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(vigie::answers_ptr)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(vigie::record_ptr)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(vigie::done_ptr)

namespace vigie {

/// BROADCASTER: owns the SSE sockets.
using broadcaster_actor = caf::typed_actor<
    // Takes a socket: replay after its id, then live.
    caf::reacts_to<adopt_atom, socket_ptr>,
    // Sends committed events, in the order of their sequence numbers.
    caf::reacts_to<announce_atom, events_ptr>,
    // Answers what it holds.
    caf::replies_to<stats_atom>::with<stream_stats>>;

/// REPLAYER: reads the log for BROADCASTER, which may not block.
using replayer_actor = caf::typed_actor<
    // Answers the events after a sequence number, a bounded slice of them.
    caf::replies_to<replay_atom, int64_t>::with<slice_ptr>>;

/// STORE_KEEPER: the one writer.
using store_keeper_actor = caf::typed_actor<
    // Commits a change with its neighbours; answers once it is durable.
    caf::replies_to<commit_atom, change_ptr>::with<answer_ptr>,
    // INTERNAL: commits what the mailbox held.
    caf::reacts_to<flush_atom>,
    // Answers what a pipeline needs to begin or to go on.
    caf::replies_to<load_atom, batch_id>::with<state_ptr>,
    // Answers everything about a batch, as committed.
    caf::replies_to<view_atom, batch_id>::with<view_ptr>,
    // Answers the batches that are not finished, oldest first.
    caf::replies_to<open_atom>::with<ids_ptr>,
    // Answers what the model said already about these inputs.
    caf::replies_to<recall_atom, recall_ptr>::with<answers_ptr>>;

/// PRINTER: renders reports, one at a time, on a thread of its own.
using printer_actor = caf::typed_actor<
    // Answers the PDF of a batch as it is committed now, and its hash.
    caf::replies_to<print_atom, batch_id>::with<pdf_ptr>>;

/// WORKER_HUB, seen by stages and by the gate.
using hub_actor = caf::typed_actor<
    // Answers the result; queues until a slot pulls. Never fails for want of
    // workers. `error_code` is `worker-broken` after too many broken leases.
    // The work of an asker that is gone is forgotten, its late result dropped.
    caf::replies_to<work_atom, analysis_job>::with<analysis_result>,
    // A slot joins, or joins again.
    caf::reacts_to<join_atom, hello>,
    // Answers a job, or one with id 0 when none came in time.
    caf::replies_to<pull_atom, std::string>::with<analysis_job>,
    // The slot is alive and holds this job (0: none).
    caf::reacts_to<beat_atom, std::string, uint64_t>,
    // The slot is done with a lease; a stale token is dropped.
    caf::reacts_to<result_atom, std::string, uint64_t, analysis_result>,
    // The slot's connection is gone.
    caf::reacts_to<lost_atom, std::string>,
    // INTERNAL: looks for leases and pulls that ran out.
    caf::reacts_to<caf::tick_atom>,
    caf::replies_to<stats_atom>::with<hub_stats>>;

/// GATE: the only thing a worker ever sees.
using gate_actor = caf::typed_actor<
    // Answers true, or an error that names both versions.
    caf::replies_to<join_atom, hello>::with<bool>,
    caf::replies_to<pull_atom, std::string>::with<analysis_job>,
    caf::replies_to<beat_atom, std::string, uint64_t>::with<bool>,
    // Answers true once the hub has it: the slot may forget the job.
    caf::replies_to<result_atom, std::string, uint64_t,
                    analysis_result>::with<bool>>;

/// METADATA, VISION, TEXT: one step of every file of one batch.
using file_stage_actor =
    caf::typed_actor<caf::reacts_to<ticket_atom, ticket_ptr>>;

/// SCORING, SUMMARY, REPORT: one step of the whole batch, then the next.
using closing_actor = caf::typed_actor<caf::reacts_to<closing_atom>>;

/// GEMINI: the model's part of one batch.
using gemini_stage_actor = caf::typed_actor<
    // Begins, or goes on after a restart.
    caf::reacts_to<closing_atom>,
    // The desk makes this batch wait.
    caf::reacts_to<held_atom, held_ptr>,
    // The desk has sent one of its requests.
    caf::reacts_to<sent_atom>>;

/// GEMINI_CALLER: one request at a time, on a thread of its own.
using caller_actor = caf::typed_actor<
    // Answers the reply, classified and checked against its schema.
    caf::replies_to<call_atom, errand_ptr>::with<reply_ptr>>;

/// GEMINI_DESK: what is sent to the model, and when.
using desk_actor = caf::typed_actor<
    // Answers when the analysis has ended; tells the stage why it waits.
    caf::replies_to<ask_atom, ask_ptr, gemini_stage_actor>::with<told_ptr>,
    // INTERNAL: a gate's timer; a stale generation is ignored.
    caf::reacts_to<caf::tick_atom, uint64_t, uint64_t>,
    // INTERNAL: the budget of an analysis is spent.
    caf::reacts_to<expire_atom, uint64_t>,
    // INTERNAL: persists what changed.
    caf::reacts_to<save_atom>,
    // Answers the quota board.
    caf::replies_to<stats_atom>::with<boards_ptr>>;

/// PIPELINE: the only one that decides what comes next in a batch.
using pipeline_actor = caf::typed_actor<
    // INTERNAL: begins, or goes on after a restart (true).
    caf::reacts_to<begin_atom, bool>,
    // A file has passed a stage; `stage` says which.
    caf::reacts_to<ticket_atom, ticket_ptr, stage>,
    // The last closing stage is through.
    caf::reacts_to<closing_atom>>;

/// FRONT: batch id -> PIPELINE.
using front_actor = caf::typed_actor<
    // Answers after the commit; the work then goes on by itself.
    caf::replies_to<submit_atom, new_batch_ptr>::with<submitted_ptr>,
    // Continues every unfinished batch; answers how many.
    caf::replies_to<begin_atom>::with<uint64_t>,
    // Answers true while batches are admitted.
    caf::replies_to<ready_atom>::with<bool>,
    // Begins the Gemini analysis of an ended batch again; answers the pending
    // record after its commit.
    caf::replies_to<rerun_atom, batch_id, std::string>::with<record_ptr>,
    // Ends a batch at work; answers when its pipeline and stages are gone.
    caf::replies_to<cancel_atom, batch_id>::with<done_ptr>,
    // Starts an ended batch again; answers after the commit.
    caf::replies_to<retry_atom, batch_id>::with<done_ptr>,
    // Deletes an ended batch; answers when its rows and files are gone.
    caf::replies_to<erase_atom, batch_id>::with<done_ptr>>;

/// How long actors wait for one another.
struct deadlines {
  std::chrono::seconds store{60};
  std::chrono::seconds print{300};
};

} // namespace vigie
