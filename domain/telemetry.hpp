#pragma once

#include "domain/batch.hpp"
#include "domain/log.hpp"
#include "domain/model_call.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace vigie {

/// A request that was answered. `route` is a template (`/batches/{batch_id}`)
/// or `other`, `method` one of HTTP's own or `OTHER`: both are closed lists.
struct served_request {
  std::string method, route;
  int status = 0;
  uint64_t bytes = 0; ///< Of the answer's body, as announced.
  seconds_f took{};   ///< From its head to the answer's last byte, or the
                      ///< hand-over of a stream.
  std::string id;     ///< X-Request-Id: the client's, or made here.
  std::string trace;  ///< `traceparent` of the answer; empty: none came.
  std::string batch;  ///< That it was about, if it was found.
};

/// What became of a job in a slot.
enum class job_end : uint8_t {
  ok,
  failed,      ///< The file could not be done.
  broken,      ///< The lease was lost; it goes back to the queue.
  quarantined, ///< The same, for the last time.
  undone       ///< Given back untouched.
};

std::string_view to_string(job_end x);

/// What rooms tell of their work. Thread-safe; no call blocks longer than a
/// short lock. Every argument that becomes a label is of a closed list.
class telemetry {
public:
  virtual ~telemetry() = default;
  virtual void served(const served_request&) {}
  /// A job was taken from the queue after so long.
  virtual void waited(stage, seconds_f) {}
  /// It ended after so long.
  virtual void worked(stage, job_end, seconds_f) {}
  /// A batch was taken in.
  virtual void accepted(std::size_t /*files*/, uint64_t /*bytes*/) {}
  virtual void ended(batch_status) {}
  /// A group of changes was committed, or was not.
  virtual void committed(std::size_t /*changes*/, seconds_f) {}
  /// Of them, the store could not keep one: for want of room, or else.
  virtual void unkept(bool /*room*/) {}
  virtual void printed(bool /*good*/, seconds_f) {}
  virtual void asked_model(const model_reply&, seconds_f) {}
  /// A run of Gemini ended; it was held up so long by closed gates.
  virtual void held_up(seconds_f) {}
};

/// Everything that is measured, as text. Thread-safe; asks actors with a
/// deadline and leaves out who does not answer.
class metrics_source {
public:
  virtual ~metrics_source() = default;
  /// Prometheus' text format, version 0.0.4.
  virtual std::string exposition() = 0;
};

} // namespace vigie
