// The names, helps and buckets: docs/operations.md and the files in
// config/grafana and config/prometheus speak of them.

#include "metrics/metrics_families.hpp"

#include <string>

namespace vigie {

const prometheus::Histogram::BucketBoundaries request_bounds{
    .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30, 60, 300};
const prometheus::Histogram::BucketBoundaries work_bounds{
    .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600};
const prometheus::Histogram::BucketBoundaries commit_bounds{
    .0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5};
const prometheus::Histogram::BucketBoundaries group_bounds{1,  2,  4,   8,  16,
                                                           32, 64, 128, 256};

namespace {

auto& counter(prometheus::Registry& in, const char* name, const char* help) {
  return prometheus::BuildCounter().Name(name).Help(help).Register(in);
}

auto& histogram(prometheus::Registry& in, const char* name, const char* help) {
  return prometheus::BuildHistogram().Name(name).Help(help).Register(in);
}

} // namespace

metrics_book::families::families()
    : requests(
        counter(registry, "vigie_http_requests_total", "Requests answered.")),
      request_seconds(
          histogram(registry, "vigie_http_request_duration_seconds",
                    "From a request's head to the end of its answer, or to the "
                    "hand-over of a stream.")),
      sent_bytes(counter(registry, "vigie_http_response_bytes_total",
                         "Bodies of answers, streams left out.")),
      batches_accepted(counter(registry, "vigie_batches_accepted_total",
                               "Batches that were stored.")),
      files_accepted(counter(registry, "vigie_files_accepted_total",
                             "Files of the batches that were stored.")),
      evidence_bytes(counter(registry, "vigie_evidence_bytes_total",
                             "Evidence uploaded and stored.")),
      batches_ended(counter(registry, "vigie_batches_ended_total",
                            "Batches by how they ended.")),
      stage_seconds(histogram(registry, "vigie_stage_duration_seconds",
                              "Time that a stage of one file had a slot; of "
                              "report: the drawing.")),
      stage_wait(histogram(registry, "vigie_stage_wait_seconds",
                           "Time in the queue before a slot.")),
      leases_broken(counter(registry, "vigie_leases_broken_total",
                            "Jobs whose slot or node was lost.")),
      files_quarantined(counter(registry, "vigie_files_quarantined_total",
                                "Files given up after broken leases.")),
      commit_seconds(histogram(registry, "vigie_store_commit_duration_seconds",
                               "One transaction, fsync included.")),
      commit_changes(histogram(registry, "vigie_store_commit_changes",
                               "Changes in one transaction.")),
      changes_refused(counter(registry, "vigie_store_changes_refused_total",
                              "Changes that the store could not keep.")),
      model_requests(counter(registry, "vigie_gemini_requests_total",
                             "Calls of the model by what came of them.")),
      model_seconds(histogram(registry, "vigie_gemini_request_duration_seconds",
                              "One call of the model.")),
      model_tokens(counter(registry, "vigie_gemini_tokens_total",
                           "Tokens as the model counted them.")),
      model_waited(counter(registry, "vigie_gemini_waited_seconds_total",
                           "Time that ended analyses were held up by a closed "
                           "gate.")) {
  begin_at_zero();
}

void metrics_book::families::begin_at_zero() {
  for (auto* one : {&batches_accepted, &files_accepted, &evidence_bytes,
                    &files_quarantined, &model_waited, &sent_bytes})
    one->Add({});
  for (auto status :
       {batch_status::completed, batch_status::failed, batch_status::cancelled})
    batches_ended.Add({{"status", std::string{to_string(status)}}});
  for (auto what :
       {stage::metadata, stage::vision, stage::text, stage::gemini}) {
    std::string name{to_string(what)};
    leases_broken.Add({{"stage", name}});
    stage_wait.Add({{"stage", name}}, work_bounds);
    for (auto end : {job_end::ok, job_end::failed})
      stage_seconds.Add(
          {{"stage", name}, {"outcome", std::string{to_string(end)}}},
          work_bounds);
  }
  for (auto* why : {"room", "other"})
    changes_refused.Add({{"reason", why}});
  for (auto i = 0; i <= static_cast<int>(reply_kind::model); ++i)
    model_requests.Add(
        {{"outcome", std::string{to_string(static_cast<reply_kind>(i))}}});
  for (auto* kind : {"prompt", "output", "thought"})
    model_tokens.Add({{"kind", kind}});
  commit_seconds.Add({}, commit_bounds);
  commit_changes.Add({}, group_bounds);
}

} // namespace vigie
