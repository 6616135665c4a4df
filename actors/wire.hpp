#pragma once
// Over budget: one short inspect per value that travels.

#include "actors/wire_bounds.hpp"
#include "domain/admin.hpp"

#include <caf/all.hpp>

#include <bit>
#include <cstdint>
#include <optional>
#include <string>
#include <type_traits>

// How our values cross the network. Doubles travel as their bits: CAF 0.17.6
// packs them by hand and an infinity would hang the I/O thread for ever.
namespace caf {

/// std::optional is unknown to CAF 0.17: a flag, then the value.
template <class F, class T>
typename F::result_type inspect(F& f, std::optional<T>& x) {
  bool has = x.has_value();
  if constexpr (std::is_same_v<typename F::result_type, void>) {
    std::string absent = "none";
    return has ? f(*x) : f(absent);
  } else if constexpr (F::reads_state) {
    return has ? f(has, *x) : f(has);
  } else {
    if (auto err = f(has))
      return err;
    x.reset();
    return has ? f(x.emplace()) : error{};
  }
}

namespace detail {
using caf::inspect; // the to_string inspector looks names up in here
}

} // namespace caf

namespace vigie {

/// A double on its way: exact, and safe for inf and NaN.
struct f64_ref {
  double& v;
};

template <class F>
typename F::result_type inspect(F& f, f64_ref& x) {
  if constexpr (std::is_same_v<typename F::result_type, void>) {
    return f(x.v);
  } else {
    auto bits = std::bit_cast<uint64_t>(x.v);
    auto err = f(bits);
    x.v = std::bit_cast<double>(bits);
    return err;
  }
}

/// The same for an optional double: the bits, if any.
struct maybe_f64_ref {
  std::optional<double>& v;
};

template <class F>
typename F::result_type inspect(F& f, maybe_f64_ref& x) {
  std::optional<uint64_t> bits;
  if (x.v)
    bits = std::bit_cast<uint64_t>(*x.v);
  if constexpr (std::is_same_v<typename F::result_type, void>) {
    return f(bits);
  } else {
    auto err = f(bits);
    x.v.reset();
    if (bits)
      x.v = std::bit_cast<double>(*bits);
    return err;
  }
}

// What a node may say of one kind; an honest one stays far below. The room of a
// text is that of its message.
inline constexpr std::size_t most_tokens = 8'192, most_abilities = 1'024,
                             most_facts = 64, most_warnings = 256,
                             most_seen = 8'192, most_words = 256;

template <class F>
auto inspect(F& f, batch_id& x) {
  return f(x.text);
}

template <class F>
auto inspect(F& f, file_id& x) {
  return f(x.n);
}

template <class F>
auto inspect(F& f, warning& x) {
  return f(x.code, x.message);
}

template <class F>
auto inspect(F& f, gps_point& x) {
  auto lat = f64_ref{x.latitude};
  auto lon = f64_ref{x.longitude};
  return f(lat, lon);
}

template <class F>
auto inspect(F& f, file_metadata& x) {
  auto extra = at_most(most_facts, x.extra);
  return f(x.captured_at, x.gps, x.camera, extra);
}

template <class F>
auto inspect(F& f, box& x) {
  auto a = f64_ref{x.x1};
  auto b = f64_ref{x.y1};
  auto c = f64_ref{x.x2};
  auto d = f64_ref{x.y2};
  return f(a, b, c, d);
}

template <class F>
auto inspect(F& f, observation& x) {
  auto confidence = maybe_f64_ref{x.confidence};
  auto extra = at_most(most_facts, x.extra);
  return f(x.filename, x.label, x.severity, confidence, x.where, x.source,
           x.class_name, extra, x.created_at);
}

template <class F>
auto inspect(F& f, ocr_text& x) {
  auto confidence = maybe_f64_ref{x.confidence};
  auto warnings = at_most(most_warnings, x.warnings);
  return f(x.filename, x.engine, x.content, confidence, warnings, x.error,
           x.created_at);
}

template <class F>
auto inspect(F& f, analysis_job& x) {
  return f(caf::meta::type_name("analysis_job"), x.id, x.token, x.batch, x.file,
           x.what, x.path, x.filename, x.content_type, x.sha256, x.bytes);
}

template <class F>
auto inspect(F& f, analysis_setup& x) {
  return f(x.ocr_languages, x.rules_json, x.vision_model, x.vision_classes_json,
           x.job_timeout, x.job_cpu, x.memory_bytes, x.file_bytes,
           x.recycle_after);
}

template <class F>
auto inspect(F& f, hello& x) {
  begin_message(f);
  auto abilities = at_most(most_abilities, x.abilities);
  return f(caf::meta::type_name("hello"), x.version, x.boot_id, x.token,
           x.slots, abilities, x.largest_file);
}

template <class F>
auto inspect(F& f, welcome& x) {
  return f(caf::meta::type_name("welcome"), x.name, x.setup);
}

template <class F>
auto inspect(F& f, lease_list& x) {
  begin_message(f);
  auto tokens = at_most(most_tokens, x.tokens);
  auto coming = at_most(most_tokens, x.coming);
  return f(caf::meta::type_name("lease_list"), tokens, coming);
}

template <class F>
auto inspect(F& f, file_chunk& x) {
  return f(caf::meta::type_name("file_chunk"), x.bytes);
}

template <class F>
auto inspect(F& f, admin_ask& x) {
  begin_message(f);
  auto args = at_most(most_words, x.args);
  return f(caf::meta::type_name("admin_ask"), x.version, x.token, x.command,
           args);
}

template <class F>
auto inspect(F& f, node_view& x) {
  return f(x.name, x.boot_id, x.version, x.slots, x.working, x.waiting,
           x.abilities, x.silent, x.draining, x.benched, x.on_trial);
}

template <class F>
auto inspect(F& f, quarantined_file& x) {
  return f(x.batch, x.file, x.filename, x.what, x.since, x.reason);
}

template <class F>
auto inspect(F& f, actor_view& x) {
  auto rate = f64_ref{x.per_second};
  return f(x.kind, x.node, x.batch, x.number, x.id, x.mailbox, x.busy,
           x.message, x.since, x.handled, rate, x.restarts, x.silent);
}

template <class F>
auto inspect(F& f, kind_total& x) {
  return f(x.kind, x.actors, x.busy, x.mailbox);
}

template <class F>
auto inspect(F& f, actor_sheet& x) {
  begin_message(f);
  auto rows = at_most(2 * most_actors, x.rows);
  auto kinds = at_most(most_words, x.kinds);
  return f(caf::meta::type_name("actor_sheet"), rows, kinds, x.total);
}

template <class F>
auto inspect(F& f, stage_queue& x) {
  return f(x.stage, x.waiting, x.working);
}

template <class F>
auto inspect(F& f, stream_figures& x) {
  return f(x.clients, x.pending_bytes, x.cut);
}

template <class F>
auto inspect(F& f, batch_row& x) {
  auto score = maybe_f64_ref{x.score};
  return f(x.id, x.status, x.stored_at, x.files, x.progress, score, x.gemini,
           x.error);
}

template <class F>
auto inspect(F& f, gate_row& x) {
  auto tokens = f64_ref{x.tokens_in_window};
  auto rpm = maybe_f64_ref{x.rpm};
  auto tpm = maybe_f64_ref{x.tpm};
  auto rpd = maybe_f64_ref{x.rpd};
  return f(x.model, x.state, x.reason, x.opens_in, x.opens_at, x.waiting,
           x.in_flight, x.requests_in_window, tokens, rpm, tpm, rpd,
           x.day_requests, x.day_resets_at);
}

template <class F>
auto inspect(F& f, verify_fault& x) {
  return f(x.batch, x.what, x.name, x.fault);
}

template <class F>
auto inspect(F& f, verify_page& x) {
  return f(x.files, x.reports, x.bytes, x.total, x.faults, x.next);
}

template <class F>
auto inspect(F& f, admin_answer& x) {
  return f(caf::meta::type_name("admin_answer"), x.nodes, x.queued, x.leased,
           x.quarantined, x.more, x.told, x.actors, x.stages, x.streams,
           x.gates, x.batches, x.verified);
}

template <class F>
auto inspect(F& f, analysis_result& x) {
  begin_message(f);
  auto observations = at_most(most_seen, x.observations);
  auto warnings = at_most(most_warnings, x.warnings);
  return f(caf::meta::type_name("analysis_result"), x.ok, x.error_code,
           x.error_message, x.metadata, observations, x.text, warnings,
           x.thumbnail_jpeg, x.perceptual_hash);
}

} // namespace vigie
