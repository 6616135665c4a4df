#include "metrics/metrics_book.hpp"

#include "metrics/metrics_families.hpp"

#include <string>

namespace vigie {

namespace {

std::string status_class(int status) {
  return status >= 100 && status < 600 ? std::to_string(status / 100) + "xx"
                                       : "other";
}

std::string name(auto x) { return std::string{to_string(x)}; }

} // namespace

metrics_book::metrics_book() : all_(std::make_unique<families>()) {}

metrics_book::~metrics_book() = default;

void metrics_book::served(const served_request& r) {
  all_->requests
      .Add({{"route", r.route},
            {"method", r.method},
            {"status", status_class(r.status)}})
      .Increment();
  all_->request_seconds
      .Add({{"route", r.route}, {"method", r.method}}, request_bounds)
      .Observe(r.took.count());
  all_->sent_bytes.Add({}).Increment(static_cast<double>(r.bytes));
}

void metrics_book::waited(stage what, seconds_f how_long) {
  all_->stage_wait.Add({{"stage", name(what)}}, work_bounds)
      .Observe(how_long.count());
}

void metrics_book::worked(stage what, job_end end, seconds_f how_long) {
  all_->stage_seconds
      .Add({{"stage", name(what)}, {"outcome", name(end)}}, work_bounds)
      .Observe(how_long.count());
  if (end == job_end::broken || end == job_end::quarantined)
    all_->leases_broken.Add({{"stage", name(what)}}).Increment();
  if (end == job_end::quarantined)
    all_->files_quarantined.Add({}).Increment();
}

void metrics_book::accepted(std::size_t files, uint64_t bytes) {
  all_->batches_accepted.Add({}).Increment();
  all_->files_accepted.Add({}).Increment(static_cast<double>(files));
  all_->evidence_bytes.Add({}).Increment(static_cast<double>(bytes));
}

void metrics_book::ended(batch_status status) {
  all_->batches_ended.Add({{"status", name(status)}}).Increment();
}

void metrics_book::committed(std::size_t changes, seconds_f took) {
  all_->commit_seconds.Add({}, commit_bounds).Observe(took.count());
  all_->commit_changes.Add({}, group_bounds)
      .Observe(static_cast<double>(changes));
}

void metrics_book::unkept(bool room) {
  all_->changes_refused.Add({{"reason", room ? "room" : "other"}}).Increment();
}

void metrics_book::printed(bool good, seconds_f took) {
  all_->stage_seconds
      .Add({{"stage", name(stage::report)},
            {"outcome", name(good ? job_end::ok : job_end::failed)}},
           work_bounds)
      .Observe(took.count());
}

void metrics_book::asked_model(const model_reply& reply, seconds_f took) {
  all_->model_requests.Add({{"outcome", name(reply.kind)}}).Increment();
  all_->model_seconds.Add({}, request_bounds).Observe(took.count());
  auto count = [&](const char* kind, int64_t n) {
    if (n > 0)
      all_->model_tokens.Add({{"kind", kind}})
          .Increment(static_cast<double>(n));
  };
  count("prompt", reply.prompt_tokens);
  count("output", reply.output_tokens);
  count("thought", reply.thought_tokens);
}

void metrics_book::held_up(seconds_f how_long) {
  if (how_long.count() > 0)
    all_->model_waited.Add({}).Increment(how_long.count());
}

std::vector<prometheus::MetricFamily> metrics_book::collect() const {
  return all_->registry.Collect();
}

} // namespace vigie
