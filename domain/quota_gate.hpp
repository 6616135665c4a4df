#pragma once
// Over budget: one state machine, read together (GEMINI.md, part 3).

#include "domain/gate_words.hpp"
#include "domain/model_call.hpp"
#include "domain/send_ledger.hpp"

#include <algorithm>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <unordered_map>
#include <vector>

namespace vigie {

/// The same instant on both clocks: timers stand on `t`, days on `utc`.
struct moment {
  instant t{};
  utc_time utc{};
};

/// Start of the next quota day: midnight in America/Los_Angeles.
using day_end = std::function<utc_time(utc_time)>;

struct gate_rules {
  std::string model;
  quota_limits configured; ///< Absent: learned from the first refusal.
  std::optional<double> rpd;
  int most_in_flight = 16;
  int most_sends = 12; ///< Per analysis.
  day_end next_day;
  std::function<double()> draw; ///< U[0, 1)
};

/// One call to be made, for one image or one summary.
struct analysis {
  uint64_t id = 0;
  std::string batch;
  double tokens = 0; ///< Estimated input.
  instant deadline{};
  int sends = 0;
  // Set by the gate:
  instant arrived{};
  instant not_before{};
  int transient_tries = 0, internal_tries = 0, malformed_tries = 0;
  bool in_flight = false;
  bool held_by_quota = false; ///< Its own last obstacle was a quota.
  uint64_t send_serial = 0;
  bool told_limits = false; ///< A limit was known when it was sent.
};

enum class gate_phase : uint8_t { open, paused, probe, day_off, blocked };
std::string_view to_string(gate_phase x);

enum class verdict_kind : uint8_t {
  answered, ///< The reply in hand is its answer.
  quota_exceeded,
  blocked,
  bad_request,
  provider_error,
  malformed,
};

struct verdict {
  uint64_t id = 0;
  verdict_kind what = verdict_kind::answered;
  std::string scope; ///< minute | day | billing | limit0 | budget | key | …
  std::optional<utc_time> reset_at;
};

/// Why a batch has to wait, to be said once.
struct hold_up {
  std::string batch;
  bool quota = true; ///< false: the service is unavailable (5xx).
  seconds_f delay{};
  int attempt = 0;
  std::string quota_id, source;
  std::optional<int64_t> value;
};

/// What the desk has to do after a call into the gate.
struct gate_steps {
  std::vector<uint64_t> send;
  std::vector<verdict> ended;
  std::vector<hold_up> waiting;
  std::vector<std::string> log; ///< Transitions, for the log.
  std::optional<instant> wake;  ///< Call pump() then.
  bool changed = false;         ///< Worth persisting now.
};

/// The quota of one (key, model): what may be sent when. Pure: time and draws
/// are arguments. Not thread-safe; GEMINI_DESK owns it.
class quota_gate {
public:
  explicit quota_gate(gate_rules rules);
  quota_gate(quota_gate&&) = default; // no copies: deadlines_ points to lines_
  quota_gate& operator=(quota_gate&&) = default;

  void arrive(analysis a, moment now, gate_steps& out);
  /// The reply to a sent analysis. For `ok` (and final kinds) the analysis is
  /// among `ended`; otherwise it is queued again.
  void answered(uint64_t id, const model_reply& reply, moment now,
                gate_steps& out);
  /// The deadline of `id` has come; ends it unless it has ended already.
  void expire(uint64_t id, moment now, gate_steps& out);
  /// Nobody wants it any more.
  void withdraw(uint64_t id, moment now);
  /// Sends what fits; says when to be called again.
  void pump(moment now, gate_steps& out);
  /// From now on nothing is sent: the server stops.
  void stop() { stopped_ = true; }

  gate_memory save(moment now) const;
  /// Starts in PROBE, or stays off until the reset (GEMINI.md 3.7).
  void restore(const gate_memory& memory, moment now);
  gate_board board(moment now) const;
  /// false: an analysis that came now would not be sent (other model, then).
  bool takes_work(moment now) const;
  /// Queued here while the service is down for more than a minute: another
  /// model may have them, if there is one.
  std::vector<uint64_t> stranded(moment now) const;

  gate_phase phase() const { return phase_; }
  const quota_limits& limits() const { return limits_; }
  const send_ledger& ledger() const { return ledger_; }
  std::size_t queued() const { return queued_; }
  int in_flight() const { return in_flight_; }

private:
  /// What keeps the queue from being sent.
  enum class obstacle : uint8_t { none, quota, service };

  struct line { ///< What one batch has waiting.
    std::deque<uint64_t> ids;
    instant since{};
    instant deadline{};
    std::size_t open = 0; ///< Queued and in flight.
    instant told{};       ///< Last time it was told of a full minute.
    instant told_until{}; ///< When it was told to go on.
    int corrections = 0;  ///< Of what it was told.
    bool told_once = false;
    double rank = 0; ///< As it stands in turns_.
  };
  /// Least rank first, then the earlier deadline, then the name.
  using turn = std::tuple<double, instant, std::string>;

  // quota_gate.cpp
  void roll_day(moment now);
  void stand(const std::string& batch, line& l);
  void unstand(const std::string& batch, const line& l);
  void enqueue(analysis& a, bool head);
  void unqueue(const analysis& a);
  void finish(uint64_t id, verdict_kind what, std::string scope,
              gate_steps& out, std::optional<utc_time> reset = {});
  void forget(uint64_t serial, moment now);
  bool held_by_quota(const analysis& a) const;
  verdict_kind late_verdict(const analysis& a) const;
  // quota_gate_closed.cpp
  bool closed(moment now) const;
  seconds_f canary_pace() const;
  bool canary_due(moment now) const;
  void canary_back(uint64_t serial, moment now);
  void turn_away(uint64_t id, gate_steps& out);
  void finish_queued(gate_steps& out);
  bool down_for_long(moment now) const;
  verdict_kind blocked_verdict() const;
  void day_off(moment now, const model_reply& r, gate_steps& out);
  void block(std::string reason, moment now, gate_steps& out);
  void open(gate_steps& out);
  // quota_gate_dispatch.cpp
  bool shut(moment now, gate_steps& out);
  analysis* ready(const line& l, moment now,
                  std::optional<instant>& not_before);
  analysis* pick(moment now, std::optional<instant>& not_before);
  bool short_of_time(moment now) const;
  const line* urgent(moment now);
  bool all_in_time(moment now) const;
  void shed(moment now, gate_steps& out);
  void send(analysis& a, moment now, gate_steps& out);
  seconds_f hold(moment now, const analysis& a) const;
  void tell_held(moment now, seconds_f delay, gate_steps& out);
  bool told_enough(const line& l, moment now, instant until) const;
  void tell(const std::string& batch, line& l, moment now, hold_up what,
            gate_steps& out);
  void tell_all(moment now, const hold_up& what, gate_steps& out);
  int room() const;
  // quota_gate_reply.cpp
  void good(analysis& a, const model_reply& r, moment now, gate_steps& out);
  void once_more(analysis& a, moment now, gate_steps& out);
  void transient(analysis& a, const model_reply& r, moment now,
                 gate_steps& out);
  void refused(analysis& a, const model_reply& r, moment now, gate_steps& out);
  void refused_for_the_day(analysis& a, const model_reply& r, moment now,
                           gate_steps& out);
  void refused_for_a_minute(analysis& a, const model_reply& r, moment now,
                            gate_steps& out);
  void learn(const model_reply& r, moment now, gate_steps& out);
  void learn_window(const model_reply& r, moment now);
  void grow(moment now);
  void count_surprise(const analysis& a, moment now);
  void count_fault(const analysis& a, moment now, gate_steps& out);
  void uncount() { day_count_ = std::max<int64_t>(0, day_count_ - 1); }
  void requeue(analysis& a, moment now, gate_steps& out);

  gate_rules rules_;
  quota_limits limits_; ///< In force.
  quota_limits told_;   ///< As configured or told by the server.
  std::optional<double> rpd_;
  gate_phase phase_ = gate_phase::open;
  std::string reason_;
  instant paused_until_{};
  std::optional<uint64_t> probe_; ///< Serial of the one request out.
  instant probe_at_ = instant::min();
  bool confirming_ = false; ///< The probe asks whether the day is spent.
  utc_time off_until_{};
  std::optional<utc_time> off_reset_; ///< What clients are told.
  instant canary_at_{};
  uint64_t canary_serial_ = 0;
  bool day_label_distrusted_ = false;
  int64_t day_count_ = 0;
  utc_time day_ends_{};
  int strikes_ = 0;
  int bare_in_a_row_ = 0;
  bool rpm_inferred_ = false;
  instant grown_at_{};
  int faults_in_a_row_ = 0, breaker_level_ = 0;
  instant breaker_until_{};
  std::optional<instant> broken_since_; ///< No answer since.
  obstacle obstacle_ = obstacle::none;
  int64_t successes_ = 0;
  std::deque<instant> surprises_;
  bool window_locked_ = false;
  instant window_locked_until_{};
  int short_delays_ = 0;
  bool refunds_wrong_ = false;
  instant last_refund_{};
  instant last_send_{};
  uint64_t serial_ = 0;
  std::size_t queued_ = 0;
  bool stopped_ = false;
  int in_flight_ = 0;
  send_ledger ledger_;
  std::unordered_map<uint64_t, analysis> all_;
  std::map<std::string, line> lines_;
  std::set<turn> turns_; ///< Of all lines, as pick() wants them.
  std::map<std::pair<instant, std::string>, const line*>
      deadlines_;       ///< Of all.
  bool urgent_ = false; ///< As short_of_time() found it last.
  instant urgent_until_ = instant::min();
};

} // namespace vigie
