#pragma once
// Over budget: one short inspect per value that travels.

#include "domain/job.hpp"

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
  return f(x.captured_at, x.gps, x.camera, x.extra);
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
  return f(x.filename, x.label, x.severity, confidence, x.where, x.source,
           x.class_name, x.extra, x.created_at);
}

template <class F>
auto inspect(F& f, ocr_text& x) {
  auto confidence = maybe_f64_ref{x.confidence};
  return f(x.filename, x.engine, x.content, confidence, x.warnings, x.error,
           x.created_at);
}

template <class F>
auto inspect(F& f, analysis_job& x) {
  return f(caf::meta::type_name("analysis_job"), x.id, x.token, x.batch, x.file,
           x.what, x.path, x.filename, x.content_type, x.sha256);
}

template <class F>
auto inspect(F& f, analysis_result& x) {
  return f(caf::meta::type_name("analysis_result"), x.ok, x.error_code,
           x.error_message, x.metadata, x.observations, x.text, x.warnings,
           x.thumbnail_jpeg, x.perceptual_hash);
}

} // namespace vigie
