#pragma once
// Over budget: every message and interface in one place.

#include "actors/wire.hpp"
#include "domain/actor_view.hpp"
#include "domain/log.hpp"
#include "domain/model_call.hpp"
#include "domain/ports.hpp"

#include <caf/all.hpp>

#include <unistd.h>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace vigie {

/// What BROADCASTER holds right now.
struct stream_stats {
  uint64_t clients = 0;
  uint64_t pending_bytes = 0;
  uint64_t cut = 0;  ///< Slow readers closed since the start.
  uint64_t sent = 0; ///< Events handed to sockets since the start.
};

template <class F>
auto inspect(F& f, stream_stats& x) {
  return f(x.clients, x.pending_bytes, x.cut, x.sent);
}

/// What WORKER_HUB holds right now.
struct hub_stats {
  uint64_t nodes = 0;
  uint64_t slots = 0;
  uint64_t queued = 0;
  uint64_t leased = 0;
  uint64_t able = 0; ///< Nodes that get work: not draining, heard lately.
};

template <class F>
auto inspect(F& f, hub_stats& x) {
  return f(x.nodes, x.slots, x.queued, x.leased, x.able);
}

/// What FRONT holds right now.
struct front_stats {
  uint64_t unfinished = 0; ///< Batches at work.
  uint64_t bytes = 0;      ///< Their evidence.
  uint64_t arriving = 0;   ///< Uploads under way.
};

template <class F>
auto inspect(F& f, front_stats& x) {
  return f(x.unfinished, x.bytes, x.arriving);
}

/// What became of a job in a slot.
struct slot_report {
  bool broke = false; ///< The slot ended; `why` says how.
  std::string why;
  analysis_result result;
};

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
using open_ptr = std::shared_ptr<const outcome<std::vector<open_batch>>>;
using pdf_ptr = std::shared_ptr<const outcome<report_result>>;
using slice_ptr = std::shared_ptr<const outcome<log_slice>>;
using new_batch_ptr = std::shared_ptr<const new_batch>;
using submitted_ptr = std::shared_ptr<const outcome<submitted>>;
using events_ptr = std::shared_ptr<const std::vector<committed_event>>;
/// Keys of identities that listen (domain/access.hpp).
using keys_ptr = std::shared_ptr<const std::vector<std::string>>;
using socket_ptr = std::shared_ptr<socket_guard>;
using ticket_ptr = std::shared_ptr<const ticket>;
using report_ptr = std::shared_ptr<const slot_report>;
using sheet_ptr = std::shared_ptr<const actor_sheet>;
using queues_ptr = std::shared_ptr<const std::vector<stage_queue>>;
using page_ptr = std::shared_ptr<const outcome<batch_page>>;
using verified_ptr = std::shared_ptr<const outcome<verify_page>>;
using nodes_ptr = std::shared_ptr<const std::vector<node_view>>;
using quarantine_ptr =
    std::shared_ptr<const outcome<std::vector<quarantined_file>>>;

} // namespace vigie

CAF_BEGIN_TYPE_ID_BLOCK(vigie, caf::first_custom_type_id)
CAF_ADD_TYPE_ID(vigie, (vigie::hello))
CAF_ADD_TYPE_ID(vigie, (vigie::welcome))
CAF_ADD_TYPE_ID(vigie, (vigie::lease_list))
CAF_ADD_TYPE_ID(vigie, (vigie::file_chunk))
CAF_ADD_TYPE_ID(vigie, (vigie::admin_ask))
CAF_ADD_TYPE_ID(vigie, (vigie::admin_answer))
CAF_ADD_TYPE_ID(vigie, (vigie::analysis_job))
CAF_ADD_TYPE_ID(vigie, (vigie::analysis_result))
CAF_ADD_TYPE_ID(vigie, (vigie::actor_sheet))
CAF_ADD_TYPE_ID(vigie, (vigie::stream_stats))
CAF_ADD_TYPE_ID(vigie, (vigie::hub_stats))
CAF_ADD_TYPE_ID(vigie, (vigie::front_stats))
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
CAF_ADD_ATOM(vigie, vigie, broken_atom, "broken")
CAF_ADD_ATOM(vigie, vigie, undone_atom, "undone")
CAF_ADD_ATOM(vigie, vigie, fetch_atom, "fetch")
CAF_ADD_ATOM(vigie, vigie, stop_atom, "stop")
CAF_ADD_ATOM(vigie, vigie, drain_atom, "drain")
CAF_ADD_ATOM(vigie, vigie, waits_atom, "waits")
CAF_ADD_ATOM(vigie, vigie, nodes_atom, "nodes")
CAF_ADD_ATOM(vigie, vigie, admin_atom, "admin")
CAF_ADD_ATOM(vigie, vigie, quarantine_atom, "quarantine")
CAF_ADD_ATOM(vigie, vigie, dial_atom, "dial")
CAF_ADD_ATOM(vigie, vigie, unpin_atom, "unpin")
CAF_ADD_ATOM(vigie, vigie, persist_atom, "persist")
CAF_ADD_ATOM(vigie, vigie, arrive_atom, "arrive")
CAF_ADD_ATOM(vigie, vigie, depart_atom, "depart")
CAF_ADD_ATOM(vigie, vigie, rights_atom, "rights")
CAF_ADD_ATOM(vigie, vigie, probe_atom, "probe")
CAF_ADD_ATOM(vigie, vigie, look_atom, "look")
CAF_ADD_ATOM(vigie, vigie, report_atom, "report")
CAF_ADD_ATOM(vigie, vigie, verify_atom, "verify")
CAF_ADD_ATOM(vigie, vigie, purge_atom, "purge")
CAF_ADD_ATOM(vigie, vigie, list_atom, "list")
CAF_END_TYPE_ID_BLOCK(vigie)

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(vigie::change_ptr)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(vigie::answer_ptr)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(vigie::state_ptr)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(vigie::view_ptr)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(vigie::open_ptr)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(vigie::pdf_ptr)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(vigie::slice_ptr)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(vigie::new_batch_ptr)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(vigie::submitted_ptr)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(vigie::events_ptr)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(vigie::socket_ptr)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(vigie::keys_ptr)
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
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(vigie::report_ptr)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(vigie::nodes_ptr)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(vigie::sheet_ptr)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(vigie::queues_ptr)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(vigie::page_ptr)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(vigie::verified_ptr)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(vigie::quarantine_ptr)

namespace vigie {

/// BROADCASTER: owns the SSE sockets.
using broadcaster_actor = caf::typed_actor<
    // Takes a socket: replay after its id, then live.
    caf::reacts_to<adopt_atom, socket_ptr>,
    // Sends committed events, in the order of their sequence numbers.
    caf::reacts_to<announce_atom, events_ptr>,
    // Tells everyone when to come back, closes; answers when all are gone.
    caf::replies_to<drain_atom>::with<bool>,
    // Answers what it holds.
    caf::replies_to<stats_atom>::with<stream_stats>>;

/// REPLAYER: reads the log for BROADCASTER, which may not block.
using replayer_actor = caf::typed_actor<
    // Answers the events after a sequence number, a bounded slice of them.
    caf::replies_to<replay_atom, int64_t>::with<slice_ptr>,
    // Answers which of the keys may listen no more.
    caf::replies_to<rights_atom, keys_ptr>::with<keys_ptr>>;

/// STORE_KEEPER: the one writer.
using store_keeper_actor = caf::typed_actor<
    // Commits a change with its neighbours; answers once it is durable.
    caf::replies_to<commit_atom, change_ptr>::with<answer_ptr>,
    // The same for work at hand, which a full disk must not end: answers once
    // there is room, however long that takes. Forgotten when the asker is gone.
    caf::replies_to<persist_atom, change_ptr>::with<answer_ptr>,
    // INTERNAL: commits what the mailbox held.
    caf::reacts_to<flush_atom>,
    // INTERNAL: tries again what waits for room.
    caf::reacts_to<caf::tick_atom>,
    // Answers false while something waits for room.
    caf::replies_to<ready_atom>::with<bool>,
    // Answers once what was asked before is durable, or waits for room.
    caf::replies_to<drain_atom>::with<bool>,
    // Answers what a pipeline needs to begin or to go on.
    caf::replies_to<load_atom, batch_id>::with<state_ptr>,
    // Answers everything about a batch, as committed.
    caf::replies_to<view_atom, batch_id>::with<view_ptr>,
    // Answers the batches that are not finished, oldest first.
    caf::replies_to<open_atom>::with<open_ptr>,
    // Answers what the model said already about these inputs.
    caf::replies_to<recall_atom, recall_ptr>::with<answers_ptr>>;

/// PRINTER: renders reports, one at a time, on a thread of its own.
using printer_actor = caf::typed_actor<
    // Answers the PDF of a batch as it is committed now, and its hash.
    caf::replies_to<print_atom, batch_id>::with<pdf_ptr>,
    // Answers once what was asked before is printed.
    caf::replies_to<drain_atom>::with<bool>>;

/// WORKER_HUB, seen by stages.
using jobs_actor = caf::typed_actor<
    // Answers the result; queues until a slot pulls. Never fails for want of
    // workers. `error_code` is `worker-broken` after too many broken leases.
    // The work of an asker that is gone is forgotten and called off.
    caf::replies_to<work_atom, analysis_job>::with<analysis_result>,
    caf::replies_to<stats_atom>::with<hub_stats>>;

/// WORKER_HUB, seen by GATE and ADMIN.
using hub_actor = jobs_actor::extend<
    // A node joins, or joins again; the handle takes `stop` and `drain`.
    caf::replies_to<join_atom, hello, std::string, caf::actor>::with<welcome>,
    // Answers a job, or one with id 0 when none came in time.
    caf::replies_to<pull_atom, std::string>::with<analysis_job>,
    // The node is alive and holds these; answers which it holds no longer.
    caf::replies_to<beat_atom, std::string, lease_list>::with<lease_list>,
    // Answers whether the lease still stood.
    caf::replies_to<result_atom, std::string, uint64_t,
                    analysis_result>::with<bool>,
    // The slot ended at this job; the text says how.
    caf::reacts_to<broken_atom, std::string, uint64_t, std::string>,
    // Given back untouched: costs no attempt.
    caf::reacts_to<undone_atom, std::string, uint64_t>,
    // Answers the path of the file that this lease is about.
    caf::replies_to<fetch_atom, std::string, uint64_t>::with<std::string>,
    // The node's connection is gone, or it has left.
    caf::reacts_to<lost_atom, std::string>,
    // From now on nothing is handed out.
    caf::reacts_to<drain_atom>,
    // Answers how many nodes of this name were told to finish and leave.
    caf::replies_to<drain_atom, std::string>::with<uint64_t>,
    // INTERNAL: looks for leases and pulls that ran out.
    caf::reacts_to<caf::tick_atom>,
    caf::replies_to<nodes_atom>::with<nodes_ptr>,
    // Answers how many jobs wait and are in work, by stage.
    caf::replies_to<list_atom>::with<queues_ptr>,
    // Asks every node for a report of this number; GATE has the answers.
    caf::reacts_to<report_atom, uint64_t>>;

/// DEPOT: reads evidence for nodes that have no disk in common with us.
using depot_actor = caf::typed_actor<
    // Answers up to a chunk of a stored file from an offset.
    caf::replies_to<fetch_atom, std::string, uint64_t>::with<file_chunk>>;

/// CLERK: reads the database for ADMIN, which may not block.
using clerk_actor = caf::typed_actor<
    // Answers the files in quarantine, newest first, up to a limit.
    caf::replies_to<quarantine_atom, uint64_t>::with<quarantine_ptr>,
    // Answers a page of the batches of one status, or of any.
    caf::replies_to<list_atom, std::string, uint64_t>::with<page_ptr>>;

/// INSPECTOR: holds what is stored against its hash.
using inspector_actor = caf::typed_actor<
    // Answers what it found from that place on; a page takes about a second.
    caf::replies_to<verify_atom, std::string>::with<verified_ptr>>;

/// LOOKER: one look at the actors of this process.
using looker_actor = caf::typed_actor<
    // Answers the busiest actors.
    caf::replies_to<look_atom>::with<sheet_ptr>,
    // INTERNAL: the sample is over, or not everybody has answered yet.
    caf::reacts_to<caf::tick_atom>>;

/// ADMIN: what an operator may ask.
using admin_actor = caf::typed_actor<
    // Answers what was asked for; an error says what was wrong, or who did not
    // answer.
    caf::replies_to<admin_atom, admin_ask>::with<admin_answer>,
    // The actors of a node (its boot id), for the look of this number.
    caf::replies_to<report_atom, std::string, uint64_t,
                    actor_sheet>::with<bool>,
    // INTERNAL: the deadline of a look.
    caf::reacts_to<expire_atom, uint64_t>>;

/// GATE: the only thing a peer ever sees.
using gate_actor = caf::typed_actor<
    // Who sends it takes `stop`, `drain` and `report` from now on: no handle
    // travels, for CAF would believe any. Answers the welcome, or an error that
    // names both versions or says what is wrong with the token.
    caf::replies_to<join_atom, hello>::with<welcome>,
    caf::replies_to<pull_atom, std::string>::with<analysis_job>,
    caf::replies_to<beat_atom, std::string, lease_list>::with<lease_list>,
    caf::replies_to<result_atom, std::string, uint64_t,
                    analysis_result>::with<bool>,
    caf::replies_to<broken_atom, std::string, uint64_t,
                    std::string>::with<bool>,
    caf::replies_to<undone_atom, std::string, uint64_t>::with<bool>,
    // A chunk of the file that a lease of the node is about.
    caf::replies_to<fetch_atom, std::string, uint64_t,
                    uint64_t>::with<file_chunk>,
    // The node leaves; what it held is done elsewhere.
    caf::replies_to<lost_atom, std::string>::with<bool>,
    // The node's actors, as they were asked for.
    caf::replies_to<report_atom, std::string, uint64_t,
                    actor_sheet>::with<bool>,
    // For operators; the token must be one of role `admin`.
    caf::replies_to<admin_atom, admin_ask>::with<admin_answer>>;

/// SLOT, in a node: one job at a time in a process of its own.
using slot_actor = caf::typed_actor<
    // Starts the process, so that the first job is quick.
    caf::reacts_to<begin_atom>,
    caf::replies_to<work_atom, analysis_job>::with<report_ptr>>;

/// FILE_CACHE, in a node: files by their SHA-256.
using cache_actor = caf::typed_actor<
    // Answers a path that holds the job's file; asks the gate for what is
    // missing. The file stays until its path is unpinned as often as it was
    // answered.
    caf::replies_to<fetch_atom, gate_actor, std::string,
                    analysis_job>::with<std::string>,
    caf::reacts_to<unpin_atom, std::string>>;

/// Opens connections to servers; CAF's middleman actor is one.
using dialer_actor = caf::typed_actor<
    caf::replies_to<caf::connect_atom, std::string, uint16_t>::with<
        caf::node_id, caf::strong_actor_ptr, std::set<std::string>>>;

/// NODE: one machine's slots, seen from the server as one peer.
using node_actor = caf::typed_actor<
    // INTERNAL: tries to reach the server.
    caf::reacts_to<dial_atom>,
    // The lease no longer stands: the slot is stopped.
    caf::reacts_to<stop_atom, uint64_t>,
    // Finish within the bound, give back the rest, leave.
    caf::reacts_to<drain_atom>,
    // Tells the server what its actors are at.
    caf::reacts_to<report_atom, uint64_t>,
    // INTERNAL: the bound of a drain is over.
    caf::reacts_to<expire_atom>,
    // INTERNAL: heartbeat.
    caf::reacts_to<caf::tick_atom>>;

/// METADATA, VISION, TEXT: one step of every file of one batch.
using file_stage_actor =
    caf::typed_actor<caf::reacts_to<ticket_atom, ticket_ptr>,
                     // Work waits for a node that can do it; the text says for
                     // what.
                     caf::reacts_to<waits_atom, std::string>,
                     // Begins nothing any more; what is under way is stored.
                     caf::reacts_to<drain_atom>>;

/// SCORING, SUMMARY, REPORT: one step of the whole batch, then the next.
using closing_actor =
    caf::typed_actor<caf::reacts_to<closing_atom>,
                     // Begins nothing any more; what is under way is stored.
                     caf::reacts_to<drain_atom>>;

/// GEMINI: the model's part of one batch.
using gemini_stage_actor = caf::typed_actor<
    // Begins, or goes on after a restart.
    caf::reacts_to<closing_atom>,
    // The desk makes this batch wait.
    caf::reacts_to<held_atom, held_ptr>,
    // The desk has sent one of its requests.
    caf::reacts_to<sent_atom>,
    // Work waits for a node that can do it; the text says for what.
    caf::reacts_to<waits_atom, std::string>>;

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
    // Sends nothing any more; answers once what is out is back and stored.
    caf::replies_to<drain_atom>::with<bool>,
    // Answers the quota board.
    caf::replies_to<stats_atom>::with<boards_ptr>>;

/// PIPELINE: the only one that decides what comes next in a batch.
using pipeline_actor = caf::typed_actor<
    // INTERNAL: begins, or goes on after a restart (true).
    caf::reacts_to<begin_atom, bool>,
    // A file has passed a stage; `stage` says which.
    caf::reacts_to<ticket_atom, ticket_ptr, stage>,
    // The last closing stage is through.
    caf::reacts_to<closing_atom>,
    // Begins no stage any more; what is under way is stored.
    caf::reacts_to<drain_atom>>;

/// FRONT: batch id -> PIPELINE.
using front_actor = caf::typed_actor<
    // Answers after the commit; the work then goes on by itself.
    caf::replies_to<submit_atom, new_batch_ptr>::with<submitted_ptr>,
    // Continues every unfinished batch; answers how many.
    caf::replies_to<begin_atom>::with<uint64_t>,
    // Answers why batches are not admitted, if so.
    caf::replies_to<ready_atom>::with<done_ptr>,
    // Answers what it holds.
    caf::replies_to<stats_atom>::with<front_stats>,
    // An upload begins (true), or is larger by so many bytes than it said.
    caf::replies_to<arrive_atom, uint64_t, bool>::with<done_ptr>,
    // It is over; so many bytes had been let in.
    caf::reacts_to<depart_atom, uint64_t>,
    // The server stops: nothing new; answers true once everything at work has
    // reached its next commit, false when that takes longer. Pipelines are gone
    // then.
    caf::replies_to<drain_atom, caf::timespan>::with<bool>,
    // INTERNAL: looks what the drain waits for.
    caf::reacts_to<caf::tick_atom>,
    // Begins the Gemini analysis of an ended batch again; answers the pending
    // record after its commit.
    caf::replies_to<rerun_atom, batch_id, std::string>::with<record_ptr>,
    // Ends a batch at work; answers when its pipeline and stages are gone.
    caf::replies_to<cancel_atom, batch_id>::with<done_ptr>,
    // Starts an ended batch again; answers after the commit.
    caf::replies_to<retry_atom, batch_id>::with<done_ptr>,
    // The same for one file in quarantine alone, by its name or id.
    caf::replies_to<retry_atom, batch_id, std::string>::with<done_ptr>,
    // Gives up a file in quarantine, by its name or id: its bytes are deleted.
    caf::replies_to<purge_atom, batch_id, std::string>::with<done_ptr>,
    // Deletes an ended batch; answers when its rows and files are gone.
    caf::replies_to<erase_atom, batch_id>::with<done_ptr>>;

/// JANITOR: retention.
using janitor_actor = caf::typed_actor<
    // INTERNAL: looks whether something is to go.
    caf::reacts_to<caf::tick_atom>>;

/// How long actors wait for one another.
struct deadlines {
  std::chrono::seconds store{60};
  std::chrono::seconds print{300};
};

} // namespace vigie
